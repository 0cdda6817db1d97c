// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_overlap.c - two versions of one stream: the rows of both are heard.
 *
 * A receiver takes either the first copy of a byte or the last. So every
 * line of the version that came first must stand in the stream, and every
 * line of the other in what was told of differing copies.
 */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"

#include <cmocka.h>

enum {
    MEMORY = 1 << 28,
};

static uint8_t *second; /* the other version of the upload */

struct row {
    const char *name;
    size_t len;
    size_t segment;
    size_t distance; /* packets between the copies */
    size_t from, to; /* segments that have a second copy */
    bool shuffled;   /* packets in random order, first copies first */
    bool reversed;   /* second version first */
};

static const struct row rows[] = {
    {.name = "every segment of 64 bytes twice",
     .len = 100000,
     .segment = 64,
     .distance = 1,
     .to = 10000},
    {.name = "the other version first",
     .len = 100000,
     .segment = 64,
     .distance = 1,
     .to = 10000,
     .reversed = true},
    {.name = "in random order",
     .len = 40000,
     .segment = 64,
     .distance = 1,
     .to = 10000,
     .shuffled = true},
    {.name = "full segments",
     .len = 300000,
     .segment = 1448,
     .distance = 1,
     .to = 10000},
    {.name = "copies some segments later",
     .len = 300000,
     .segment = 1448,
     .distance = 4,
     .to = 10000},
    {.name = "large segments",
     .len = 400000,
     .segment = 40000,
     .distance = 1,
     .to = 10000},
    {.name = "one segment in the middle",
     .len = 100000,
     .segment = 1448,
     .distance = 1,
     .from = 30,
     .to = 31},
    {.name = "the first segment",
     .len = 20000,
     .segment = 1448,
     .distance = 1,
     .from = 0,
     .to = 1},
    {.name = "the last segment",
     .len = 14480,
     .segment = 1448,
     .distance = 1,
     .from = 9,
     .to = 10},
    {.name = "one-byte segments",
     .len = 5000,
     .segment = 1,
     .distance = 1,
     .from = 1000,
     .to = 1400},
};

/* Give each segment its second copy. */
static void add_copies(struct talk *t, const struct row *row)
{
    for (size_t n = row->from; n < row->to && n * row->segment < row->len;
         n++) {
        size_t i = talk_at(t, n * row->segment);
        struct talk_packet p = t->p[i];
        size_t to = i + row->distance < t->count ? i + row->distance : t->count;

        p.bytes = second + n * row->segment;
        if (row->reversed) {
            struct talk_packet first = t->p[i];
            t->p[i] = p;
            p = first;
        }
        talk_insert(t, to, p);
    }
    talk_pace(t, 1000);
}

/* Packets with bytes in random order; a copy stays behind its first. */
static void shuffle(struct talk *t)
{
    uint64_t state = 3;
    size_t last = t->count - 8;

    for (size_t i = t->first_data; i + 2 < last; i++) {
        size_t k = i + wire_random(&state) % (last - i);
        if (t->p[i].seq == t->p[k].seq || t->p[k].dir == DIR_SERVER ||
            t->p[i].dir == DIR_SERVER)
            continue;
        struct talk_packet p = t->p[i];
        t->p[i] = t->p[k];
        t->p[k] = p;
    }
    for (size_t i = 0; i < t->count; i++) {
        for (size_t k = i + 1; k < t->count && t->p[i].len > 0; k++) {
            if (t->p[k].len > 0 && t->p[k].seq == t->p[i].seq &&
                t->p[i].bytes >= second && t->p[i].bytes < second + t->len[0]) {
                const uint8_t *held = t->p[i].bytes;
                t->p[i].bytes = t->p[k].bytes;
                t->p[k].bytes = held;
                break;
            }
        }
    }
    for (size_t i = t->first_data; i < t->count - 8; i++) {
        if (t->p[i].dir == DIR_SERVER)
            t->p[i].ack = t->isn[DIR_CLIENT];
    }
    talk_pace(t, 1000);
}

/* What the consumer does when it is offered a second reading. */
enum answer {
    NONE_WANTED = 0, /* it is not asked */
    DECLINES,
    ACCEPTS,
    ACCEPTS_LATER, /* from the first line behind 2,000 bytes on */
    ACCEPTS_PLAIN, /* but copies are to be told, too */
    ANSWERS,
};

static const char *const answers[ANSWERS] = {
    "", ", no second reading", ", a second reading",
    ", a second reading from inside", ", a second reading for nothing"};

/* The second readings of a run. */
static struct {
    enum answer answer;
    uint8_t bytes[500000];
    size_t len;
    size_t begun, ended, doubts;
    uint64_t number; /* packet of the newest bytes */
    bool late;
} again;

static void on_doubt(void *ctx, struct flow *flow, enum dir dir)
{
    (void)ctx;
    assert_non_null(flow->user);
    assert_int_equal(dir, DIR_CLIENT);
    again.doubts++;
}

static size_t on_begin(void *ctx, struct second_reading *r, struct span head)
{
    size_t at = 0;

    (void)ctx;
    assert_true(head.len > 0 && head.len <= LIMIT_READING_HEAD);
    assert_int_equal(r->dir, DIR_CLIENT);
    if (again.answer == ACCEPTS_LATER)
        at = 2001 + span_find(span_skip(head, 2000), '\n');
    if (again.answer == DECLINES || at >= head.len || again.begun > 0)
        return head.len;
    again.begun++;
    again.late = r->late || at > 0;
    r->user = &again;
    return at;
}

static bool on_read(void *ctx, struct second_reading *r, struct span bytes,
                    const struct moment *seen)
{
    (void)ctx;
    assert_ptr_equal(r->user, &again);
    assert_true(bytes.len > 0 && again.len + bytes.len <= sizeof(again.bytes));
    assert_true(seen->number > 0);
    memcpy(again.bytes + again.len, bytes.ptr, bytes.len);
    again.len += bytes.len;
    again.number = seen->number;
    return again.answer != ACCEPTS_PLAIN;
}

static void on_read_gap(void *ctx, struct second_reading *r, uint64_t len,
                        const struct moment *seen)
{
    (void)ctx;
    (void)r;
    (void)len;
    (void)seen;
    fail_msg("no byte is missing");
}

static void on_read_end(void *ctx, struct second_reading *r)
{
    (void)ctx;
    assert_ptr_equal(r->user, &again);
    again.ended++;
}

static const struct reading_events readings = {
    .doubt = on_doubt,
    .begin = on_begin,
    .data = on_read,
    .gap = on_read_gap,
    .end = on_read_end,
};

/* The second reading is the other version, to its last byte. */
static void check_reading(const uint8_t *other, size_t len)
{
    assert_int_equal(again.ended, again.begun);
    assert_true(again.len <= len);
    assert_memory_equal(again.bytes, other + (len - again.len), again.len);
    if (again.begun > 0 && !again.late)
        assert_int_equal(again.len, len);
}

/* Is the line, whole, in the second reading? */
static bool again_has(const uint8_t *line, size_t len)
{
    return again.answer != ACCEPTS_PLAIN &&
           memmem(again.bytes, again.len, line, len) != NULL;
}

/* Every whole line of text[from, to) was heard. */
static void check_lines(const struct heard *h, const uint8_t *text, size_t from,
                        size_t to)
{
    const uint8_t *line = text + from;
    const uint8_t *end = text + to;

    while (line < end) {
        const uint8_t *stop = memchr(line, '\n', (size_t)(end - line));
        if (stop == NULL)
            stop = end;
        size_t len = (size_t)(stop - line);
        if (len > 0 && !heard_has(h, line, len) && !again_has(line, len))
            fail_msg("line at %zu not heard", (size_t)(line - text));
        line = stop + 1;
    }
}

struct run {
    const struct row *row;
    const char *engine;
    enum answer answer;
};

static void test_row(void **state)
{
    const struct run *run = *state;
    const struct row *row = run->row;
    struct heard h;
    struct talk t;

    talk_upload(&t, row->len, row->segment);
    second = malloc(row->len);
    assert_non_null(second);
    memcpy(second, t.text[DIR_CLIENT], row->len);
    size_t from = row->from * row->segment;
    size_t to = row->to * row->segment;
    to = to > row->len ? row->len : to;
    wire_text(second + from, to - from, 99);
    add_copies(&t, row);
    if (row->shuffled)
        shuffle(&t);

    memset(&again, 0, sizeof(again));
    again.answer = run->answer;
    struct session *s = heard_again(
        &h, run->engine, MEMORY, run->answer == NONE_WANTED ? NULL : &readings);
    talk_play(&t, run->engine, s, 1);
    heard_end(&h, run->engine, s);

    assert_int_equal(h.flows, 1);
    assert_int_equal(h.counters.missing_bytes, 0);
    const uint8_t *first = row->reversed ? second : t.text[DIR_CLIENT];
    assert_int_equal(
        heard_is(&h.flow[0]->stream[DIR_CLIENT], first, row->len, 0), row->len);
    check_lines(&h, t.text[DIR_CLIENT], 0, row->len);
    check_lines(&h, second, 0, row->len);
    check_reading(row->reversed ? t.text[DIR_CLIENT] : second, row->len);
    if (run->answer != NONE_WANTED)
        assert_true(again.doubts > 0);
    if (run->answer == ACCEPTS || run->answer == ACCEPTS_PLAIN)
        assert_true(again.begun == 1 && again.len > 0);
    heard_clear(&h);
    talk_clear(&t);
    free(second);
}

int main(void)
{
    static const char *const engines[] = {"native", "nids"};
    static struct run runs[COUNT(rows) * COUNT(engines) * ANSWERS];
    static struct CMUnitTest tests[COUNT(runs)];
    static char names[COUNT(runs)][96];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(runs); i++) {
        size_t way = i / COUNT(rows);
        struct run *run = &runs[count];
        *run =
            (struct run){&rows[i % COUNT(rows)], engines[way % COUNT(engines)],
                         (enum answer)(way / COUNT(engines))};
        if (way % COUNT(engines) > 0 && run->answer != NONE_WANTED &&
            run->answer != ACCEPTS)
            continue; /* takes time, and is the same for either engine */
        (void)snprintf(names[count], sizeof(names[count]), "%s: %s%s",
                       run->engine, run->row->name, answers[run->answer]);
        tests[count] = (struct CMUnitTest){
            .name = names[count], .test_func = test_row, .initial_state = run};
        count++;
    }
    return _cmocka_run_group_tests("session/overlap", tests, count, NULL, NULL);
}
