// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * feed.c - decoders and detectors alone, fed one direction of a flow at a
 * time, for the scripts beside it.
 *
 * Commands, a line each, on standard input:
 *
 *     load LEN        then LEN bytes: what a client sends
 *     read STEP       the records of it, fed in pieces of STEP bytes
 *     hit AT VALUE    what changes when byte AT has that value
 *     cut AT STEP     what changes when it comes in two pieces (STEP 0), or
 *                     in a piece of AT bytes and then in pieces of STEP
 *
 * Each of the last three answers with a line a record and a line ".":
 *
 *     SIGN FIRST LAST FIELDS KIND:PSEUDONYM ...
 *
 * SIGN is = for read, and - or + for a record lost or new. FIRST and LAST
 * count the bytes fed when the row was complete. It must not judge.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/buf.h"
#include "outflow/chain.h"
#include "outflow/detect.h"
#include "outflow/err.h"

enum { PIECE = 64, DEPTH = 16, LINE = 128 };

/* Records of one run, in the order they came. */
struct seen {
    struct record *record;
    size_t count, room;
};

struct feeder {
    struct detect *detect;
    struct chains *chains;
    struct moment now;
    struct seen *into; /* where records go */
};

static void *must(void *memory)
{
    if (!memory) {
        fputs("feed: no memory\n", stderr);
        exit(2);
    }
    return memory;
}

static bool keep(void *ctx, const struct record *record)
{
    struct seen *s = ctx;

    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 1024;
        s->record = must(realloc(s->record, s->room * sizeof(*s->record)));
    }
    s->record[s->count++] = *record;
    return true;
}

static void *transfer_open(void *ctx, struct flow *flow, enum dir sender,
                           const struct transfer_info *info)
{
    (void)flow;
    (void)sender;
    (void)info;
    return ctx;
}

static void transfer_note(void *ctx, void *transfer, const struct note *note)
{
    (void)ctx;
    (void)transfer;
    (void)note;
}

static void transfer_unread(void *ctx, void *transfer,
                            const struct unread *what)
{
    (void)ctx;
    (void)transfer;
    (void)what;
}

static void transfer_close(void *ctx, void *transfer)
{
    (void)ctx;
    (void)transfer;
}

static void *text_open(void *ctx, void *transfer, const struct part *part)
{
    struct feeder *f = ctx;
    const struct record_sink sink = {f->into, keep};

    (void)transfer;
    return rows_open(f->detect, part, &sink);
}

static void text_put(void *ctx, void *text, struct span bytes)
{
    struct feeder *f = ctx;

    rows_feed(text, bytes, &f->now);
}

static void text_gap(void *ctx, void *text, uint64_t len)
{
    (void)ctx;
    rows_gap(text, len);
}

static void text_close(void *ctx, void *text)
{
    (void)ctx;
    rows_close(text);
}

static const struct chain_events events = {
    .transfer_open = transfer_open,
    .transfer_note = transfer_note,
    .transfer_unread = transfer_unread,
    .transfer_close = transfer_close,
    .text_open = text_open,
    .text_put = text_put,
    .text_gap = text_gap,
    .text_close = text_close,
};

/* Feed all, a first piece of cut bytes and then pieces of step (0: all). */
static void feed(struct feeder *f, struct span all, size_t cut, size_t step)
{
    static const uint8_t from[4] = {10, 20, 0, 7}, to[4] = {203, 0, 113, 9};
    struct flow flow = {
        .addr = {addr_v4(from), addr_v4(to)}, .port = {40112, 80}, .proto = 6};
    struct chain *c = must(chain_new(f->chains, &flow));

    f->now = (struct moment){0, 0, 0};
    while (all.len > 0) {
        size_t want = cut > 0 ? cut : step > 0 ? step : all.len;
        struct span piece = span_head(all, want);
        f->now.number += (uint32_t)piece.len;
        chain_feed(c, DIR_CLIENT, piece);
        all = span_skip(all, piece.len);
        cut = 0;
    }
    chain_end(c, DIR_CLIENT);
    chain_free(c);
}

/* Order of records that say the same of the same customer; not of when. */
static int compare(const void *one, const void *other)
{
    const struct record *a = one, *b = other;

    if (a->name.pseudonym != b->name.pseudonym)
        return a->name.pseudonym < b->name.pseudonym ? -1 : 1;
    if (a->fields != b->fields)
        return a->fields < b->fields ? -1 : 1;
    if (a->weaker_count != b->weaker_count)
        return a->weaker_count < b->weaker_count ? -1 : 1;
    for (size_t i = 0; i < a->weaker_count; i++) {
        uint64_t x = a->weaker[i].pseudonym, y = b->weaker[i].pseudonym;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static void put_record(char sign, const struct record *r)
{
    printf("%c %" PRIu64 " %" PRIu64 " %x %u:%016" PRIx64, sign,
           (uint64_t)r->first.number, (uint64_t)r->last.number, r->fields,
           (unsigned)r->name.kind, r->name.pseudonym);
    for (size_t i = 0; i < r->weaker_count; i++)
        printf(" %u:%016" PRIx64, (unsigned)r->weaker[i].kind,
               r->weaker[i].pseudonym);
    (void)putchar('\n');
}

static void put_all(const struct seen *s)
{
    for (size_t i = 0; i < s->count; i++)
        put_record('=', &s->record[i]);
    puts(".");
}

/* What base has and s has not, and the other way round; sorts both. */
static void put_changes(struct seen *base, struct seen *s)
{
    size_t i = 0, k = 0;

    if (base->count > 0)
        qsort(base->record, base->count, sizeof(*base->record), compare);
    if (s->count > 0)
        qsort(s->record, s->count, sizeof(*s->record), compare);
    while (i < base->count || k < s->count) {
        int order = i == base->count ? 1
                    : k == s->count  ? -1
                                     : compare(&base->record[i], &s->record[k]);
        if (order < 0)
            put_record('-', &base->record[i]);
        if (order > 0)
            put_record('+', &s->record[k]);
        i += order <= 0;
        k += order >= 0;
    }
    puts(".");
}

/* What one command line asks for; false when it is none. */
static bool obey(struct feeder *f, const char *line, struct buf *bytes)
{
    static struct seen base, now;
    struct span all = buf_span(bytes);
    size_t a, b;

    now.count = 0;
    f->into = &now;
    if (sscanf(line, "read %zu", &a) == 1) {
        base.count = 0;
        f->into = &base;
        feed(f, all, 0, a);
        put_all(&base);
    } else if (sscanf(line, "hit %zu %zu", &a, &b) == 2 && a < all.len) {
        uint8_t before = bytes->ptr[a];
        bytes->ptr[a] = (uint8_t)b;
        feed(f, all, 0, PIECE);
        bytes->ptr[a] = before;
        put_changes(&base, &now);
    } else if (sscanf(line, "cut %zu %zu", &a, &b) == 2) {
        feed(f, all, a, b);
        put_changes(&base, &now);
    } else {
        return false;
    }
    return true;
}

/* The bytes behind a load command; false when they are not all there. */
static bool load(struct buf *bytes, size_t len)
{
    uint8_t *room = must(malloc(len + 1));

    buf_clear(bytes);
    buf_init(bytes, len + 1);
    bool whole = fread(room, 1, len, stdin) == len &&
                 buf_add(bytes, (struct span){room, len});
    free(room);
    return whole;
}

/* Commands until the end; false when one is not understood. */
static bool run(struct feeder *f, struct buf *bytes)
{
    char line[LINE];
    size_t len;

    while (fgets(line, sizeof(line), stdin)) {
        bool done = sscanf(line, "load %zu", &len) == 1 ? load(bytes, len)
                                                        : obey(f, line, bytes);
        if (!done)
            return false;
        (void)fflush(stdout);
    }
    return true;
}

int main(void)
{
    static struct counters counters;
    uint8_t secret[KEY_BYTES];
    struct problems problems = {0};
    struct feeder f = {0};
    struct buf bytes;

    for (size_t i = 0; i < KEY_BYTES; i++)
        secret[i] = (uint8_t)i;
    struct keyed *key = must(keyed_new(secret));
    const struct detect_settings settings = {.key = key, .counters = &counters};
    const struct chain_settings chain = {.events = &events,
                                         .ctx = &f,
                                         .counters = &counters,
                                         .depth = DEPTH,
                                         .now = &f.now};
    buf_init(&bytes, 1);
    f.detect = must(detect_new(&settings, &problems));
    f.chains = must(chains_new(&chain));
    bool done = run(&f, &bytes);
    if (!done)
        fputs("feed: a command that is not understood\n", stderr);
    chains_free(f.chains);
    detect_free(f.detect);
    keyed_free(key);
    buf_clear(&bytes);
    problems_clear(&problems);
    return done ? 0 : 2;
}
