// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * watch.c - the command outflow watch: what its processes need, made ready.
 *
 * Everything that only the operator's user may do is done here, before any
 * child is forked. It must not read a packet.
 */
#include "watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outflow/log.h"
#include "outflow/spool.h"
#include "privs.h"
#include "watch/parent.h"
#include "watch/worker.h"

enum {
    PIPE_BYTES = 1 << 20,
    WORKER_STILL_MS = 10000, /* waiting for the judge, it shows that */
    JUDGE_CPU_MS = 20000,
    JUDGE_STILL_MS = 120000, /* a disk may take its time */
};

bool watch_settings(const struct options *o, struct settings *out,
                    struct identity **identity, struct problems *problems)
{
    size_t before = problems->count + problems->lost;
    bool good =
        settings_read(o->config, o->rules, o->rule_count, out, problems);

    *identity = identity_new(out, problems);
    good = detect_check(out->numbers, out->numbers_count, problems) && good;
    if (o->state) {
        free(out->state);
        out->state = strdup(o->state);
        good = out->state && good;
    }
    return good && *identity && problems->count + problems->lost == before;
}

/* The key of -k, or one that nobody will know again. */
static bool make_key(struct watch *w, struct problems *problems)
{
    uint8_t bytes[KEY_BYTES];
    bool good = w->o->key ? key_read(w->o->key, bytes, problems)
                          : getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes);

    if (good)
        w->key = keyed_new(bytes);
    explicit_bzero(bytes, sizeof(bytes));
    if (!w->key && problems->count == 0)
        problems_add(problems, "cannot make a key: %s", strerror(errno));
    if (w->settings.state && !w->o->key)
        problems_add(problems,
                     "-s %s: want -k KEY: what is kept is kept under "
                     "a key",
                     w->settings.state);
    return w->key && problems->count == 0;
}

static struct live_settings live_of(const struct watch *w, unsigned index)
{
    return (struct live_settings){
        .filter = w->o->filter ? w->o->filter : w->settings.filter,
        .ring = w->settings.ring,
        .promiscuous = true,
        .fixed = true,
        .share = {w->share_key, index, w->workers},
    };
}

/* Give a folder that we just made to the user of the children. */
static bool give_away(const char *path, const char *user)
{
    const struct passwd *who = getpwnam(user);

    if (geteuid() != 0)
        return true;
    if (!who && strcmp(user, "outflow") == 0)
        who = getpwnam("nobody");
    return who && chown(path, who->pw_uid, who->pw_gid) == 0;
}

/* The folder of the state, made when it is not there. */
static bool make_state(const struct settings *s, struct problems *problems)
{
    if (!s->state || (mkdir(s->state, 0700) != 0 && errno == EEXIST))
        return true;
    struct stat made;
    if (stat(s->state, &made) == 0 && give_away(s->state, s->user))
        return true;
    problems_add(problems, "%s: cannot make it: %s", s->state, strerror(errno));
    return false;
}

/* Where alerts wait for the outputs: in the state, or for this run only. */
static bool make_spool(struct watch *w, struct problems *problems)
{
    char passing[] = "/tmp/outflow-spool-XXXXXX";
    const struct settings *s = &w->settings;

    w->spool_memory = -1;
    if (s->output_count == 0)
        return true;
    if (s->state) {
        if (asprintf(&w->spool, "%s/spool", s->state) < 0)
            w->spool = NULL;
    } else if (mkdtemp(passing) && give_away(passing, s->user)) {
        w->spool = strdup(passing);
        w->spool_passing = true;
        log_note("without a state (-s), alerts that no output took by the "
                 "end are lost");
    }
    if (!w->spool) {
        problems_add(problems, "cannot make a spool: %s", strerror(errno));
        return false;
    }
    w->spool_memory = spool_memory();
    return true;
}

static int run_worker(void *ctx, struct child *c)
{
    const struct post *post = ctx;
    const struct watch *w = post->watch;
    const struct watch_worker one = {
        .settings = &w->settings,
        .key = w->key,
        .interfaces = w->o->interfaces,
        .interface_count = w->o->interface_count,
        .live = live_of(w, post->index),
        .judge = {.fd = post->ends[1], .seal = w->seal},
        .number = c->number,
        .pulse = c->pulse,
    };

    for (size_t i = 0; i < 2 * (size_t)w->workers; i++) {
        (void)close(w->posts[i].ends[0]);
        if (&w->posts[i] == post)
            continue;
        (void)close(w->posts[i].ends[1]);
        pulse_free(w->posts[i].child.pulse);
    }
    pulse_free(w->judge.pulse);
    pulse_free(w->sender.pulse);
    for (size_t i = 0; i < 2; i++) {
        (void)close(w->orders[i]);
        (void)close(w->said[i]);
    }
    return watch_worker_run(&one);
}

static int run_judge(void *ctx, struct child *c)
{
    return watch_judge_run(ctx, c->pulse);
}

static int run_sender(void *ctx, struct child *c)
{
    struct watch *w = ctx;
    struct problems problems = {0};
    char observer[256] = "";

    (void)gethostname(observer, sizeof(observer) - 1);
    const struct run_info run = {.observer = observer};
    const struct sender_settings set = {
        .folder = w->spool,
        .memory = w->spool_memory,
        .events = w->said[1],
        .outputs = w->settings.outputs,
        .output_count = w->settings.output_count,
        .run = &run,
    };
    bool good = privs_drop(w->settings.user, &problems) &&
                privs_seclude(PRIVS_SENDER, &problems);
    problems_print(&problems, stderr);
    problems_clear(&problems);
    pulse_set(&c->pulse->ready, 1);
    return good ? sender_run(&set) : 2;
}

static bool make_post(struct watch *w, size_t i)
{
    struct post *p = &w->posts[i];

    p->watch = w;
    p->index = (unsigned)(i % w->workers);
    (void)snprintf(p->name, sizeof(p->name), "%u", p->index + 1);
    p->child = (struct child){
        .name = p->name,
        .title = "outflow-worker",
        .run = run_worker,
        .ctx = p,
        .cpu_ms = SUPERVISE_CPU_MS,
        .still_ms = WORKER_STILL_MS,
        .pulse = pulse_new(),
    };
    if (!p->child.pulse || pipe2(p->ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    (void)fcntl(p->ends[1], F_SETPIPE_SZ, PIPE_BYTES);
    return true;
}

static bool make_children(struct watch *w)
{
    w->judge = (struct child){
        .name = "judge",
        .title = "outflow-judge",
        .run = run_judge,
        .ctx = w,
        .cpu_ms = JUDGE_CPU_MS,
        .still_ms = JUDGE_STILL_MS,
        .pulse = pulse_new(),
    };
    w->sender = (struct child){
        .name = "sender",
        .title = "outflow-sender",
        .run = run_sender,
        .ctx = w,
        .pulse = pulse_new(),
    };
    w->posts = calloc(2 * (size_t)w->workers, sizeof(*w->posts));
    if (!w->posts || !w->judge.pulse || !w->sender.pulse)
        return false;
    for (size_t i = 0; i < 2 * (size_t)w->workers; i++) {
        if (!make_post(w, i))
            return false;
    }
    return true;
}

/* Files of the command line may lie where only the operator may write. */
static bool open_file(const char *option, const char *path, int how, int *out,
                      struct problems *problems)
{
    *out = -1;
    if (!path || strcmp(path, "-") == 0)
        return true;
    *out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0640);
    if (*out < 0)
        problems_add(problems, "%s %s: cannot write: %s", option, path,
                     strerror(errno));
    return *out >= 0;
}

static bool open_files(struct watch *w, struct problems *problems)
{
    bool good = open_file("-o", w->o->output, O_APPEND, &w->out, problems);

    good = open_file("--stats", w->o->stats, 0, &w->stats, problems) && good;
    return open_file("metrics", w->settings.metrics, 0, &w->metrics,
                     problems) &&
           good;
}

static struct watch_shown *shown_new(void)
{
    void *page = mmap(NULL, sizeof(struct watch_shown), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? NULL : page;
}

static bool make_processes(struct watch *w, struct problems *problems)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    w->workers = w->o->workers ? w->o->workers
                 : cores > 0   ? (unsigned)cores
                               : 1;
    w->seal = hash_key_new();
    w->share_key = hash_key_new().k[0];
    w->kept = intake_kept(2 * (size_t)w->workers, w->o->interface_count);
    w->shown = shown_new();
    if (w->kept && w->shown && make_children(w) &&
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
                   w->orders) == 0 &&
        pipe2(w->said, O_CLOEXEC | O_NONBLOCK) == 0)
        return true;
    problems_add(problems, "cannot start: %s", strerror(errno));
    return false;
}

static bool prepare(struct watch *w, struct problems *problems)
{
    struct identity *identity = NULL;
    bool good = watch_settings(w->o, &w->settings, &identity, problems);
    const struct live_settings live = live_of(w, 0);

    identity_free(identity); /* the judge makes its own */
    good =
        live_check(w->o->interfaces, w->o->interface_count, &live, problems) &&
        good;
    return good && make_key(w, problems) &&
           make_state(&w->settings, problems) && make_spool(w, problems) &&
           open_files(w, problems) && make_processes(w, problems);
}

static int remove_one(const char *path, const struct stat *about, int kind,
                      struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static void clean_up(struct watch *w)
{
    if (w->spool_passing)
        (void)nftw(w->spool, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; w->posts && i < 2 * (size_t)w->workers; i++)
        pulse_free(w->posts[i].child.pulse);
    pulse_free(w->judge.pulse);
    pulse_free(w->sender.pulse);
    free(w->posts);
    free(w->spool);
    keyed_free(w->key);
    settings_clear(&w->settings);
}

int watch_run(const struct options *o)
{
    struct watch w = {.o = o, .started_s = time(NULL)};
    struct problems problems = {0};
    int status = 2;

    bool ready = prepare(&w, &problems);
    if (ready && privs_landlock() == 0)
        log_note("this kernel has no Landlock: that workers open no file is "
                 "up to the filter of system calls alone");
    if (problems_print(&problems, stderr) > 0 || !ready)
        log_error("%zu errors; nothing was started",
                  problems.count + problems.lost);
    else {
        privs_lessen(o->output || w.spool_passing);
        status = parent_run(&w);
    }
    problems_clear(&problems);
    clean_up(&w);
    return status;
}
