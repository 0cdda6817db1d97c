// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * client.c - objects into the window, answers into a sink.
 *
 * What comes back is believed as little as what came over the wire: every
 * message is taken apart by parcel_decode, parts are counted, and the sink is
 * told nothing out of order.
 */
#include "helper/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/keeper.h"
#include "helper/parcel.h"
#include "outflow/buf.h"
#include "outflow/limits.h"
#include "util/digest.h"

enum {
    BEAT_MS = 100, /* between two words that all is well */
    HOLES_ALIGN = 16,
    LENGTH = sizeof(uint32_t), /* in front of a message that waits */
    DIGITS = 32, /* of a digest: nobody finds two objects with one */
};

/*
 * An answer that is being put. What is put may hold an object for the helper
 * itself, which is asked for in the midst: what is still to come of this
 * answer is taken off the pipe first and waits.
 */
struct hearing {
    uint32_t number;    /* of the object */
    bool ended;         /* all of it waits, or is put */
    struct buf waiting; /* messages, each behind its length */
    size_t put;         /* bytes of them that are done with */
};

struct helper_client {
    struct helper api;
    struct helper_start how;
    struct counters *counters; /* borrowed */
    int fd;                    /* to the keeper; -1: there is none */
    pid_t keeper;
    uint8_t *window; /* shared; written here, never read */
    size_t room;
    uint32_t number;         /* of the newest object */
    struct hearing *hearing; /* the innermost answer; NULL: none */
    char known[LIMIT_HELPER_KNOWN][DIGITS + 1]; /* objects that killed */
    size_t known_count;
};

/* What is put while one object is read. */
struct answer {
    struct sink *out;
    uint64_t seen; /* bytes of the object */
    size_t parts;
    bool open;    /* a part is */
    bool refused; /* the sink wants no more */
    bool over;    /* more parts than there may be */
};

/* --- begin and end --- */

/* The program beside this one, or where installing puts it. */
static int program_near(void)
{
    static const char *const places[] = {"outflow-helper",
                                         "../libexec/outflow/outflow-helper"};
    char path[4096];
    int fd = -1;
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 64);

    while (n > 0 && path[n - 1] != '/')
        n--;
    for (size_t i = 0; n > 0 && fd < 0 && i < COUNT(places); i++) {
        memcpy(path + n, places[i], strlen(places[i]) + 1);
        fd = open(path, O_PATH | O_CLOEXEC);
    }
    return fd;
}

static int program_open(const char *path)
{
    if (path)
        return open(path, O_PATH | O_CLOEXEC);
    int fd = program_near();
    return fd >= 0
               ? fd
               : open(OUTFLOW_LIBEXEC "/outflow-helper", O_PATH | O_CLOEXEC);
}

/* Shared memory that nobody can make shorter under its readers. */
static int window_open(struct helper_client *c)
{
    int fd = memfd_create("outflow-object", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return -1;
    if (ftruncate(fd, (off_t)c->room) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        c->window = mmap(NULL, c->room, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (c->window != NULL && c->window != MAP_FAILED)
        return fd;
    c->window = NULL;
    (void)close(fd);
    return -1;
}

/* In the child. */
static void become_keeper(const struct keeper *k, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    _exit(keeper_run(k));
}

static void keeper_start(struct helper_client *c)
{
    struct keeper k = {-1, -1, -1, c->how.user};
    const pid_t parent = getpid();
    int ends[2] = {-1, -1};

    k.program = program_open(c->how.path);
    k.window = k.program >= 0 ? window_open(c) : -1;
    if (k.window >= 0 &&
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0) {
        k.worker = ends[1];
        c->keeper = fork();
        if (c->keeper == 0)
            become_keeper(&k, parent);
        (void)close(ends[1]);
        if (c->keeper > 0)
            c->fd = ends[0];
        else
            (void)close(ends[0]);
    }
    if (k.window >= 0)
        (void)close(k.window);
    if (k.program >= 0)
        (void)close(k.program);
}

static enum helper_end client_read(void *ctx,
                                   const struct helper_object *object,
                                   struct sink *out, uint64_t *read);

struct helper_client *helper_open(const struct helper_start *how)
{
    struct helper_client *c = calloc(1, sizeof(*c));

    if (!c)
        return NULL;
    c->how = *how;
    c->api = (struct helper){c, client_read};
    c->fd = -1;
    c->room = (size_t)how->document + LIMIT_HELD_HOLES * sizeof(struct hole) +
              HOLES_ALIGN;
    keeper_start(c);
    return c;
}

const struct helper *helper_use(struct helper_client *c,
                                struct counters *counters)
{
    if (!c)
        return NULL;
    c->counters = counters;
    return &c->api;
}

int helper_pipe(const struct helper_client *c)
{
    return c ? c->fd : -1;
}

uint64_t helper_space(const struct helper_client *c)
{
    return c && c->window ? c->room : 0;
}

static void keeper_left(struct helper_client *c)
{
    if (c->fd >= 0)
        (void)close(c->fd);
    c->fd = -1;
    if (c->keeper > 0)
        while (waitpid(c->keeper, NULL, 0) < 0 && errno == EINTR)
            continue;
    c->keeper = 0;
}

void helper_close(struct helper_client *c)
{
    if (!c)
        return;
    keeper_left(c);
    if (c->window)
        (void)munmap(c->window, c->room);
    free(c);
}

/* --- objects that killed it --- */

static bool is_known(const struct helper_client *c, const char *digest)
{
    size_t count = c->known_count < LIMIT_HELPER_KNOWN ? c->known_count
                                                       : LIMIT_HELPER_KNOWN;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(c->known[i], digest) == 0)
            return true;
    }
    return false;
}

static void remember(struct helper_client *c, const struct helper_object *o)
{
    digest_hex(&o->bytes, 1, c->known[c->known_count++ % LIMIT_HELPER_KNOWN],
               DIGITS);
}

/* --- one object --- */

/* CPU time grows with the object, so that a small one cannot take long. */
static uint32_t cpu_of(const struct helper_client *c, uint64_t len)
{
    const uint64_t free_ = UINT64_C(1) << 20;
    uint64_t more = len > free_ ? len - free_ : 0;
    uint64_t ms =
        LIMIT_HELPER_CPU_MS + (more >> 10) * LIMIT_HELPER_CPU_MIB_MS / 1024;

    return ms < c->how.cpu_ms ? (uint32_t)ms : c->how.cpu_ms;
}

static bool ask(struct helper_client *c, const struct helper_object *o)
{
    size_t holes = o->hole_count * sizeof(*o->holes);
    size_t at = (o->bytes.len + HOLES_ALIGN - 1) / HOLES_ALIGN * HOLES_ALIGN;
    const struct parcel m = {.type = PARCEL_ASK,
                             .number = ++c->number,
                             .extra = (uint32_t)o->hole_count,
                             .ms = cpu_of(c, o->bytes.len),
                             .bytes = o->bytes.len,
                             .text = span_of(o->format)};

    memcpy(c->window, o->bytes.ptr, o->bytes.len);
    if (holes > 0)
        memcpy(c->window + at, o->holes, holes);
    return parcel_send(c->fd, &m, -1);
}

static bool close_part(struct answer *a, enum part_end how)
{
    bool was = a->open;

    a->open = false;
    return !was || a->out->ops->part_close(a->out->ctx, how);
}

static bool open_part(struct answer *a, const struct parcel *m)
{
    const struct part_info info = {.step = m->text, .name = m->text};

    if (!close_part(a, PART_CUT))
        return false;
    if (a->parts++ >= LIMIT_HELPER_PARTS) {
        a->over = true;
        return false;
    }
    a->open = true;
    return a->out->ops->part_open(a->out->ctx, &info);
}

static bool tell_unread(struct answer *a, const struct parcel *m,
                        const struct helper_object *o)
{
    const struct note note = {.kind = NOTE_UNREAD,
                              .text = span_of(o->format),
                              .number = m->bytes < o->bytes.len ? m->bytes
                                                                : o->bytes.len,
                              .why = (enum why)m->why};

    return a->out->ops->note(a->out->ctx, &note);
}

/* Put one message into the sink; false: it wants no more. */
static bool take(struct answer *a, const struct parcel *m,
                 const struct helper_object *o)
{
    const struct sink *out = a->out;

    switch (m->type) {
    case PARCEL_OPEN:
        return open_part(a, m);
    case PARCEL_BYTES:
        return !a->open || out->ops->put(out->ctx, m->body);
    case PARCEL_GAP:
        return !a->open || out->ops->gap(out->ctx, m->bytes);
    case PARCEL_CLOSE:
        if (m->bytes > a->seen && m->bytes <= o->bytes.len)
            a->seen = m->bytes;
        return close_part(a, m->why != 0 ? PART_WHOLE : PART_CUT);
    case PARCEL_UNREAD:
        return tell_unread(a, m, o);
    default:
        return true;
    }
}

/* A message off the pipe: its length, 0 when the keeper is gone. */
static size_t receive(struct helper_client *c, uint8_t *room)
{
    while (c->fd >= 0) {
        struct pollfd on = {c->fd, POLLIN, 0};
        int ready = poll(&on, 1, BEAT_MS);
        if (c->how.beat)
            c->how.beat(c->how.ctx);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t n = read(c->fd, room, PARCEL_ROOM);
        if (n < 0 && errno == EINTR)
            continue;
        if (n > 0)
            return (size_t)n;
        keeper_left(c);
    }
    return 0;
}

/* Let what is still to come of an answer wait; false: it is too much. */
static bool set_aside(struct helper_client *c, struct hearing *h)
{
    uint8_t room[PARCEL_ROOM];
    struct parcel m;

    buf_drop(&h->waiting, h->put);
    h->put = 0;
    while (!h->ended) {
        if (h->waiting.cap - h->waiting.len < LENGTH + PARCEL_ROOM)
            return false;
        uint32_t len = (uint32_t)receive(c, room);
        const struct span prefix = {(const uint8_t *)&len, LENGTH};
        const struct span message = {room, len};
        if (len == 0)
            return false;
        if (!buf_add(&h->waiting, prefix) || !buf_add(&h->waiting, message)) {
            keeper_left(c); /* no memory: the message is lost */
            return false;
        }
        h->ended = parcel_decode(message, &m) && m.type == PARCEL_END &&
                   m.number == h->number;
    }
    return true;
}

/* The next message of an answer, waiting or new; 0: there is none. */
static size_t next(struct helper_client *c, struct hearing *h, uint8_t *room)
{
    uint32_t len = 0;

    if (h->waiting.len - h->put <= LENGTH)
        return h->ended ? 0 : receive(c, room);
    memcpy(&len, h->waiting.ptr + h->put, LENGTH);
    memcpy(room, h->waiting.ptr + h->put + LENGTH, len);
    h->put += LENGTH + len;
    return len;
}

static void stop(struct helper_client *c, const struct hearing *h)
{
    const struct parcel m = {.type = PARCEL_STOP, .number = h->number};

    if (!h->ended && c->fd >= 0)
        (void)parcel_send(c->fd, &m, -1);
}

/* Take all that is said of the object, to its end. */
static enum helper_end hear(struct helper_client *c, struct answer *a,
                            const struct helper_object *o)
{
    struct hearing h = {.number = c->number};
    struct hearing *outer = c->hearing;
    enum helper_end how = HELPER_DIED;
    uint8_t room[PARCEL_ROOM];
    struct parcel m;
    size_t len;

    buf_init(&h.waiting, LIMIT_HELPER_WAITING);
    c->hearing = &h;
    while ((len = next(c, &h, room)) > 0 &&
           parcel_decode((struct span){room, len}, &m)) {
        if (m.type == PARCEL_END && m.number == h.number) {
            if (m.bytes > c->counters->helper_memory)
                c->counters->helper_memory = m.bytes;
            how = m.why <= HELPER_DIED ? (enum helper_end)m.why : HELPER_DIED;
            h.ended = true;
            break;
        }
        if (a->refused || take(a, &m, o))
            continue;
        a->refused = true; /* what is on its way is still taken off it */
        stop(c, &h);
    }
    if (!h.ended)
        keeper_left(c); /* it is gone, or says what nobody understands */
    c->hearing = outer;
    buf_clear(&h.waiting);
    return how;
}

/* What becomes of it, counted; an object that killed is not tried again. */
static enum helper_end settle(struct helper_client *c, struct answer *a,
                              const struct helper_object *o,
                              enum helper_end how)
{
    (void)close_part(a, PART_CUT);
    if (a->refused)
        how = a->over ? HELPER_LIMIT : HELPER_REFUSED;
    else if (how == HELPER_DIED || how == HELPER_LIMIT)
        remember(c, o);
    c->counters->helper_objects++;
    c->counters->helper_died += how == HELPER_DIED;
    c->counters->helper_late += how == HELPER_LIMIT && !a->over;
    return how;
}

static enum helper_end client_read(void *ctx,
                                   const struct helper_object *object,
                                   struct sink *out, uint64_t *read)
{
    struct helper_client *c = ctx;
    struct answer a = {.out = out};
    char digest[DIGITS + 1];

    *read = 0;
    if (c->fd < 0) {
        c->counters->helper_none++;
        return HELPER_NONE;
    }
    if (object->bytes.len > c->how.document ||
        object->hole_count > LIMIT_HELD_HOLES)
        return HELPER_LIMIT;
    if (c->known_count > 0) {
        digest_hex(&object->bytes, 1, digest, DIGITS);
        if (is_known(c, digest))
            return HELPER_DIED;
    }
    if (c->hearing && !set_aside(c, c->hearing))
        return HELPER_LIMIT;
    enum helper_end how = HELPER_DIED;
    if (ask(c, object))
        how = hear(c, &a, object);
    else
        keeper_left(c);
    (void)madvise(c->window, c->room, MADV_REMOVE);
    how = settle(c, &a, object, how);
    *read = a.seen;
    if (how == HELPER_NONE)
        c->counters->helper_none++;
    return how;
}
