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
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

void privs_no_dumps(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

bool privs_drop(const char *user, struct problems *problems)
{
    if (geteuid() != 0)
        return true;

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
    privs_no_dumps();
    return true;
}

#ifdef OUTFLOW_NO_SANDBOX

bool privs_confine(unsigned long long memory, struct problems *problems)
{
    (void)memory;
    (void)problems;
    return true;
}

#else

/* What reading files, memory and ending need; open only for reading. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(getdents64),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(write),
    SCMP_SYS(writev),
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
    SCMP_SYS(fadvise64),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(poll),
};

static bool filter_rules(scmp_filter_ctx filter)
{
    bool ok = true;

    for (size_t i = 0; ok && i < COUNT(allowed); i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT,
                                        O_RDONLY)) == 0;
    ok = ok && seccomp_rule_add(
                   filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                   SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0)) == 0;
    return ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0)) == 0;
}

bool privs_confine(unsigned long long memory, struct problems *problems)
{
    const struct rlimit space = {memory, memory};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

    bool ok = filter && setrlimit(RLIMIT_AS, &space) == 0 &&
              prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              filter_rules(filter) && seccomp_load(filter) == 0;
    if (!ok)
        problems_add(problems, "cannot confine a worker: %s", strerror(errno));
    seccomp_release(filter);
    return ok;
}

#endif
