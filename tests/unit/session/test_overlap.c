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
        if (len > 0 && !heard_has(h, line, len))
            fail_msg("line at %zu not heard", (size_t)(line - text));
        line = stop + 1;
    }
}

struct run {
    const struct row *row;
    const char *engine;
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

    struct session *s = heard_new(&h, run->engine, MEMORY);
    talk_play(&t, run->engine, s, 1);
    heard_end(&h, run->engine, s);

    assert_int_equal(h.flows, 1);
    assert_int_equal(h.counters.missing_bytes, 0);
    const uint8_t *first = row->reversed ? second : t.text[DIR_CLIENT];
    assert_int_equal(
        heard_is(&h.flow[0]->stream[DIR_CLIENT], first, row->len, 0), row->len);
    check_lines(&h, t.text[DIR_CLIENT], 0, row->len);
    check_lines(&h, second, 0, row->len);
    heard_clear(&h);
    talk_clear(&t);
    free(second);
}

int main(void)
{
    static const char *const engines[] = {"native", "nids"};
    static struct run runs[COUNT(rows) * COUNT(engines)];
    static struct CMUnitTest tests[COUNT(runs)];
    static char names[COUNT(runs)][96];

    for (size_t i = 0; i < COUNT(runs); i++) {
        runs[i] =
            (struct run){&rows[i % COUNT(rows)], engines[i / COUNT(rows)]};
        (void)snprintf(names[i], sizeof(names[i]), "%s: %s", runs[i].engine,
                       runs[i].row->name);
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = test_row, .initial_state = &runs[i]};
    }
    return cmocka_run_group_tests_name("session/overlap", tests, NULL, NULL);
}
