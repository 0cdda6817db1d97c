// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * timeline.c - merge captures by packet time into one timeline.
 *
 * A heap holds the captures by the time of their next packet. At the start
 * each is opened for its first packet, which orders them; then only those
 * whose turn has come hold memory. When too many are at work at once, the
 * one whose next packet is farthest away is parked: it gives up its buffers
 * and, when descriptors are short, its descriptor.
 *
 * It must not look into frames or change the order inside a capture.
 */
#include "outflow/capture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/paths.h"
#include "outflow/limits.h"

enum {
    SPARE_FDS = 64, /* left for what the program opens besides */
    AT_START = 8,   /* captures that keep their buffers after the start */
};

struct capture {
    char *name;         /* owned */
    uint64_t size;      /* bytes of the file; 0: unknown */
    uint32_t number;    /* in the timeline */
    uint64_t weight;    /* bytes of memory it is counted with */
    bool parked;        /* next is void until file_again */
    struct packet next; /* read, not given yet */
    struct file file;
};

struct timeline {
    struct capture *captures; /* owned; in order of their numbers */
    size_t count;
    struct capture **heap; /* owned; captures with packets left */
    size_t left;           /* elements of heap */
    struct capture *given; /* whose packet was given last */
    uint64_t weight;       /* bytes the captures at work hold */
    size_t fds;            /* descriptors held */
    size_t most_fds;       /* that may be held */
    struct problems notes; /* remarks on sound captures */
};

/* Descriptors that captures may hold, the soft limit raised when it helps. */
static size_t timeline_fds(size_t captures)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return SPARE_FDS;
    rlim_t want = (rlim_t)captures + 2 * SPARE_FDS;
    if (limit.rlim_cur < want && limit.rlim_cur < limit.rlim_max) {
        struct rlimit more = limit;
        more.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            limit = more;
    }
    return limit.rlim_cur > 2 * SPARE_FDS ? (size_t)(limit.rlim_cur - SPARE_FDS)
                                          : (size_t)(limit.rlim_cur / 2);
}

/* Does a come before b? By time, then by the order of first packets. */
static bool capture_before(const struct capture *a, const struct capture *b)
{
    if (a->next.time_ns != b->next.time_ns)
        return a->next.time_ns < b->next.time_ns;
    return a->number < b->number;
}

/* Let the element at place at sink to where it belongs. */
static void heap_sink(struct timeline *t, size_t at)
{
    struct capture *c = t->heap[at];

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= t->left)
            break;
        if (child + 1 < t->left &&
            capture_before(t->heap[child + 1], t->heap[child]))
            child++;
        if (!capture_before(t->heap[child], c))
            break;
        t->heap[at] = t->heap[child];
        at = child;
    }
    t->heap[at] = c;
}

/* Forget a capture's resources; its name stays. */
static void capture_end(struct timeline *t, struct capture *c)
{
    t->weight -= c->weight;
    c->weight = 0;
    if (c->file.source.fd >= 0)
        t->fds--;
    file_close(&c->file);
}

static void capture_park(struct timeline *t, struct capture *c)
{
    bool keep_fd = t->fds < t->most_fds;

    t->weight -= c->weight;
    c->weight = 0;
    file_park(&c->file, keep_fd);
    if (!keep_fd)
        t->fds--;
    c->parked = true;
}

/* Close the descriptor of a parked capture, so that another can open. */
static void timeline_spare_fd(struct timeline *t)
{
    for (size_t i = t->count; i-- > 0 && t->fds >= t->most_fds;) {
        struct capture *c = &t->captures[i];
        if (c->parked && c->file.source.fd >= 0) {
            file_park(&c->file, false);
            t->fds--;
        }
    }
}

/* Park captures, the farthest first, until another finds room. */
static void timeline_make_room(struct timeline *t, const struct capture *keep)
{
    while (t->weight > LIMIT_CAPTURES || t->fds >= t->most_fds) {
        struct capture *farthest = NULL;

        timeline_spare_fd(t);
        if (t->weight <= LIMIT_CAPTURES && t->fds < t->most_fds)
            return;
        for (size_t i = 0; i < t->left; i++) {
            struct capture *c = t->heap[i]; /* set below left */
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
            if (c != keep && !c->parked && c->file.source.can_park &&
                (farthest == NULL || capture_before(farthest, c)))
                farthest = c;
        }
        if (farthest == NULL)
            return;
        capture_park(t, farthest);
    }
}

/* Take a parked capture up again, its next packet read anew. */
static bool capture_wake(struct timeline *t, struct capture *c,
                         struct problems *problems)
{
    bool closed = c->file.source.fd < 0;

    timeline_make_room(t, c);
    bool good = file_again(&c->file, &c->next, problems);
    c->parked = false;
    c->weight = source_weight(&c->file.source);
    t->weight += c->weight;
    if (closed && c->file.source.fd >= 0)
        t->fds++;
    return good;
}

/* The capture on top of the heap is at its end. */
static void heap_drop(struct timeline *t)
{
    struct capture *c = t->heap[0];

    t->heap[0] = t->heap[--t->left];
    if (t->left > 0)
        heap_sink(t, 0);
    capture_end(t, c);
}

bool timeline_next(struct timeline *t, struct packet *out,
                   struct problems *problems)
{
    if (LIKELY(t->given != NULL)) {
        struct capture *c = t->given;
        if (LIKELY(file_next(&c->file, &c->next, problems, &t->notes)))
            heap_sink(t, 0);
        else
            heap_drop(t);
        t->given = NULL;
    }
    while (t->left > 0 && UNLIKELY(t->heap[0]->parked)) {
        if (!capture_wake(t, t->heap[0], problems))
            heap_drop(t);
    }
    if (t->left == 0)
        return false;
    t->given = t->heap[0];
    t->given->next.capture = t->given->number;
    *out = t->given->next;
    return true;
}

/* Open one file and read its first packet; false when it is no capture. */
static bool timeline_open_one(struct timeline *t, struct path *path,
                              size_t block, struct problems *problems)
{
    struct capture *c = &t->captures[t->count];
    struct source *s = &c->file.source;

    *c = (struct capture){.name = path->name, .size = path->size};
    c->file.name = c->name;
    c->file.found = path->found;
    timeline_make_room(t, c);
    if (strcmp(c->name, "-") == 0) {
        int fd = dup(STDIN_FILENO);
        source_open_fd(s, fd, block);
    } else if (source_open(s, c->name, block) != ERR_OK) {
        problems_add(problems, "%s: cannot open: %s", c->name,
                     strerror(s->error));
        return false;
    }
    t->fds++;
    if (file_begin(&c->file, problems, &t->notes) != ERR_OK) {
        capture_end(t, c);
        return false;
    }
    c->weight = source_weight(s);
    t->weight += c->weight;
    path->name = NULL; /* the capture has it now */
    t->count++;
    if (!file_next(&c->file, &c->next, problems, &t->notes)) {
        capture_end(t, c);
        c->next.time_ns = INT64_MAX; /* behind all that have packets */
        return true;
    }
    t->heap[t->left++] = c;
    if (t->left > AT_START && s->can_park)
        capture_park(t, c);
    return true;
}

static int capture_by_start(const void *a, const void *b)
{
    const struct capture *x = a;
    const struct capture *y = b;

    if (x->next.time_ns != y->next.time_ns)
        return x->next.time_ns < y->next.time_ns ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Number the captures and make them a heap. */
static void timeline_order(struct timeline *t)
{
    if (t->count > 0)
        qsort(t->captures, t->count, sizeof(*t->captures), capture_by_start);
    t->left = 0;
    for (size_t i = 0; i < t->count; i++) {
        struct capture *c = &t->captures[i];
        c->number = (uint32_t)i;
        c->file.name = c->name;
        if (c->file.format != NULL)
            t->heap[t->left++] = c; /* sorted, so a heap already */
    }
}

/* Bytes read at a time: less when many captures may be at work at once. */
static size_t timeline_block(size_t captures)
{
    size_t block = LIMIT_READ_ALL / (captures + 1);

    if (block > LIMIT_READ)
        return LIMIT_READ;
    return block < LIMIT_READ / 8 ? LIMIT_READ / 8 : block;
}

struct timeline *timeline_open(const char *const *paths, size_t count,
                               struct problems *problems)
{
    struct paths list = {.path = NULL};
    struct timeline *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return NULL;
    if (paths_collect(&list, paths, count, problems, &t->notes) != ERR_OK)
        goto fail;
    t->captures = calloc(list.count + 1, sizeof(*t->captures));
    t->heap = calloc(list.count + 1, sizeof(struct capture *));
    if (t->captures == NULL || t->heap == NULL)
        goto fail;
    t->most_fds = timeline_fds(list.count);
    for (size_t i = 0; i < list.count; i++)
        (void)timeline_open_one(t, &list.path[i], timeline_block(list.count),
                                problems);
    timeline_order(t);
    paths_clear(&list);
    return t;
fail:
    paths_clear(&list);
    timeline_close(t);
    return NULL;
}

size_t timeline_captures(const struct timeline *t)
{
    return t->count;
}

const char *timeline_name(const struct timeline *t, size_t capture)
{
    return t->captures[capture].name;
}

const struct problems *timeline_notes(const struct timeline *t)
{
    return &t->notes;
}

uint64_t timeline_dropped(const struct timeline *t)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < t->count; i++)
        sum += t->captures[i].file.dropped;
    return sum;
}

uint64_t timeline_read(const struct timeline *t)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < t->count; i++)
        sum += t->captures[i].file.source.used;
    return sum;
}

uint64_t timeline_size(const struct timeline *t)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < t->count; i++) {
        if (t->captures[i].size == 0)
            return 0;
        sum += t->captures[i].size;
    }
    return sum;
}

void timeline_close(struct timeline *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->count; i++) {
        file_close(&t->captures[i].file);
        /* count is 0 without them: NOLINTNEXTLINE(*NullDereference) */
        free(t->captures[i].name);
    }
    problems_clear(&t->notes);
    free(t->captures);
    free(t->heap);
    free(t);
}
