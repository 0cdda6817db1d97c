// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * privs.c - users, limits and the system call filter.
 *
 * libseccomp is known here and nowhere else.
 */
#include "privs.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

void privs_no_dumps(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static bool become(const char *user, struct problems *problems)
{
    const struct passwd *who = getpwnam(user);

    if (!who && strcmp(user, "outflow") == 0)
        who = getpwnam("nobody");
    if (!who) {
        problems_add(problems, "user: no user \"%s\" on this machine", user);
        return false;
    }
    if (setgroups(0, NULL) != 0 || setgid(who->pw_gid) != 0 ||
        setuid(who->pw_uid) != 0) {
        problems_add(problems, "user: cannot become \"%s\": %s", user,
                     strerror(errno));
        return false;
    }
    return true;
}

/* A service may have been given capabilities without being root. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct head = {.version =
                                                _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[2] = {{0}, {0}};

    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &head, none) == 0;
}

bool privs_drop(const char *user, struct problems *problems)
{
    int with_parent = 0; /* another user forgets that */

    (void)prctl(PR_GET_PDEATHSIG, &with_parent);
    if (geteuid() == 0 && !become(user, problems))
        return false;
    if (!drop_capabilities()) {
        problems_add(problems, "cannot drop capabilities: %s", strerror(errno));
        return false;
    }
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (with_parent > 0)
        (void)prctl(PR_SET_PDEATHSIG, with_parent);
    privs_no_dumps();
    return true;
}

void privs_lessen(bool files)
{
    struct __user_cap_header_struct head = {.version =
                                                _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct have[2] = {{0}, {0}};
    uint32_t keep = 1u << CAP_NET_RAW | 1u << CAP_SETUID | 1u << CAP_SETGID |
                    1u << CAP_KILL | 1u << CAP_DAC_READ_SEARCH;

    if (files)
        keep |= 1u << CAP_DAC_OVERRIDE;
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_capget, &head, have) != 0)
        return;
    have[0].permitted &= keep;
    have[0].effective = have[0].permitted;
    have[0].inheritable &= have[0].permitted; /* ambient ones lean on it */
    have[1] = (struct __user_cap_data_struct){0};
    (void)syscall(SYS_capset, &head, have);
}

int privs_landlock(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
                       LANDLOCK_CREATE_RULESET_VERSION);

    return abi > 0 ? (int)abi : 0;
}

#ifdef OUTFLOW_NO_SANDBOX

bool privs_confine(const struct confinement *how, struct problems *problems)
{
    (void)how;
    (void)problems;
    return true;
}

bool privs_seclude(enum privs_role role, struct problems *problems)
{
    (void)role;
    (void)problems;
    return true;
}

#else

enum { POLLED = 256 }; /* interfaces a live worker may wait for */

/* What memory, clocks, the pipe and ending need. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(close),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(getrusage),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo), /* qsort asks how much memory there is */
    SCMP_SYS(restart_syscall),
    SCMP_SYS(poll),
    SCMP_SYS(pread64),
};

/* What reading capture files needs besides; open only for reading. */
static const int allowed_files[] = {
    SCMP_SYS(readv),      SCMP_SYS(lseek),      SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(getdents64), SCMP_SYS(fadvise64),
};

/* And packet sockets; never to bind them to another interface. */
static const int allowed_sockets[] = {
    SCMP_SYS(getsockopt),
    SCMP_SYS(getsockname),
};

/* SIOCGIFNAME, SIOCGIFFLAGS, SIOCGIFINDEX: what an interface is. */
static const unsigned asked[] = {0x8910, 0x8913, 0x8933};

static const unsigned ring_of[] = {263 /* SOL_PACKET */, 5 /* RX_RING */};

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    return ok;
}

/* A system call of which one argument is that, under the mask. */
static bool allow_if(scmp_filter_ctx filter, int call, unsigned argument,
                     uint64_t mask, uint64_t value)
{
    const struct scmp_arg_cmp is = {argument, SCMP_CMP_MASKED_EQ, mask, value};

    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &is) == 0;
}

/* What judge and sender have beside `allowed`: files. */
static const int allowed_long[] = {
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(pwritev),
    SCMP_SYS(preadv),
    SCMP_SYS(lseek),
    SCMP_SYS(openat),
    SCMP_SYS(open),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fcntl),
    SCMP_SYS(flock),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(sync_file_range),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(fadvise64),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(fchown),
    SCMP_SYS(umask),
    SCMP_SYS(utimensat),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(ioctl),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    SCMP_SYS(msync),
    SCMP_SYS(uname),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(times),
    SCMP_SYS(prlimit64),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(membarrier),
    SCMP_SYS(rt_sigpending),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
};

/* What the sender has besides: connections, signals by descriptor. */
static const int allowed_output[] = {
    SCMP_SYS(connect),     SCMP_SYS(sendto),        SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),    SCMP_SYS(recvmmsg),      SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),  SCMP_SYS(setsockopt),    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(bind),          SCMP_SYS(signalfd4),
    SCMP_SYS(signalfd),    SCMP_SYS(inotify_init1), SCMP_SYS(inotify_add_watch),
    SCMP_SYS(eventfd2),    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),  SCMP_SYS(memfd_create),
};

/* And processes, one for each output. */
static const int allowed_sender[] = {
    SCMP_SYS(clone),  SCMP_SYS(clone3), SCMP_SYS(fork),  SCMP_SYS(wait4),
    SCMP_SYS(waitid), SCMP_SYS(kill),   SCMP_SYS(prctl), SCMP_SYS(seccomp),
};

/* Names and addresses, never packets. */
static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

static bool filter_long(scmp_filter_ctx filter, enum privs_role role)
{
    bool ok = allow(filter, allowed, COUNT(allowed)) &&
              allow(filter, allowed_long, COUNT(allowed_long));

    if (ok && role == PRIVS_JUDGE)
        return allow_if(filter, SCMP_SYS(mmap), 2, 4 /* PROT_EXEC */, 0) &&
               allow_if(filter, SCMP_SYS(mprotect), 2, 4, 0) &&
               /* to ask whether an interface is there; it cannot connect */
               allow_if(filter, SCMP_SYS(socket), 0, UINT32_MAX, AF_UNIX);
    /* Resolvers and certificate stores are libraries that are loaded. */
    ok = ok && allow(filter, allowed_output, COUNT(allowed_output)) &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 0) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 0) == 0;
    for (size_t i = 0; ok && i < COUNT(families); i++)
        ok = allow_if(filter, SCMP_SYS(socket), 0, UINT32_MAX,
                      (unsigned)families[i]);
    return ok && allow(filter, allowed_sender, COUNT(allowed_sender));
}

bool privs_seclude(enum privs_role role, struct problems *problems)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = filter && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              filter_long(filter, role) && seccomp_load(filter) == 0;

    if (!ok)
        problems_add(problems, "cannot filter system calls: %s",
                     strerror(errno));
    seccomp_release(filter);
    return ok;
}

/* Libraries that look for files of theirs are told that there are none. */
static const int missed[] = {
    SCMP_SYS(openat),     SCMP_SYS(open),  SCMP_SYS(access),
    SCMP_SYS(newfstatat), SCMP_SYS(stat),  SCMP_SYS(readlink),
    SCMP_SYS(faccessat),  SCMP_SYS(ioctl), SCMP_SYS(fstat),
    SCMP_SYS(lseek),      SCMP_SYS(statx), SCMP_SYS(prlimit64),
};

static bool filter_helper(scmp_filter_ctx filter)
{
    bool ok = true;

    for (size_t i = 0; ok && i < COUNT(missed); i++)
        ok =
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), missed[i], 0) == 0;
    return ok;
}

static bool filter_rules(scmp_filter_ctx filter, const struct confinement *how)
{
    const uint64_t exec = 4 /* PROT_EXEC */, fd = UINT32_MAX;
    const int written[] = {how->pipe, STDERR_FILENO,
                           how->helper_fd > 0 ? how->helper_fd : how->pipe};
    bool ok = allow(filter, allowed, COUNT(allowed)) &&
              allow_if(filter, SCMP_SYS(mmap), 2, exec, 0) &&
              allow_if(filter, SCMP_SYS(mprotect), 2, exec, 0);

    /* To write to a packet socket is to send a frame. */
    for (size_t i = 0; ok && i < COUNT(written); i++)
        ok = allow_if(filter, SCMP_SYS(write), 0, fd, (unsigned)written[i]) &&
             allow_if(filter, SCMP_SYS(writev), 0, fd, (unsigned)written[i]);
    if (!ok || how->helper)
        return ok && filter_helper(filter);
    if (how->helper_fd > 0 &&
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(wait4), 0) != 0)
        return false;
    if (!how->live)
        return allow(filter, allowed_files, COUNT(allowed_files)) &&
               allow_if(filter, SCMP_SYS(openat), 2, O_ACCMODE | O_CREAT,
                        O_RDONLY);
    for (size_t i = 0; ok && i < COUNT(asked); i++)
        ok = allow_if(filter, SCMP_SYS(ioctl), 1, UINT32_MAX, asked[i]);
    const struct scmp_arg_cmp ring[] = {
        {1, SCMP_CMP_MASKED_EQ, UINT32_MAX, ring_of[0]},
        {2, SCMP_CMP_MASKED_EQ, UINT32_MAX, ring_of[1]},
    };
    return ok && allow(filter, allowed_sockets, COUNT(allowed_sockets)) &&
           /* a handle that is closed gives its ring back */
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt),
                                  COUNT(ring), ring) == 0;
}

/* What Landlock handles and no rule allows is denied: all that it knows. */
static bool landlock_nothing(int abi)
{
    static const unsigned files[] = {13, 14, 15, 15, 16}; /* rights by ABI */
    const size_t newest = COUNT(files) - 1;
    const size_t at = (size_t)abi - 1 < newest ? (size_t)abi - 1 : newest;
    const struct {
        uint64_t files, net, scoped;
    } denied = {
        (UINT64_C(1) << files[at]) - 1,
        abi >= 4 ? 3 : 0, /* TCP: bind, connect */
        abi >= 6 ? 3 : 0, /* abstract sockets and signals of others */
    };
    size_t known = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    long rules = syscall(SYS_landlock_create_ruleset, &denied, known, 0);

    if (rules < 0)
        return false;
    bool ok = syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
    (void)close((int)rules);
    return ok;
}

static bool limits_set(const struct confinement *how)
{
    const struct rlimit space = {how->memory, how->memory}, none = {0, 0};
    const struct rlimit files = {POLLED, POLLED}; /* poll asks for it, too */

    return setrlimit(RLIMIT_AS, &space) == 0 &&
           setrlimit(RLIMIT_NPROC, &none) == 0 &&
           (!how->live || setrlimit(RLIMIT_NOFILE, &files) == 0);
}

bool privs_confine(const struct confinement *how, struct problems *problems)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int abi = how->live || how->helper ? privs_landlock() : 0;

    bool ok = filter && limits_set(how) &&
              prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              (abi == 0 || landlock_nothing(abi)) &&
              filter_rules(filter, how) && seccomp_load(filter) == 0;
    if (!ok)
        problems_add(problems, "cannot confine a worker: %s", strerror(errno));
    seccomp_release(filter);
    return ok;
}

#endif
