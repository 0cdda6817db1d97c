// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rows.c - tables of mutations of one upload, played to every engine.
 */
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ROWS_TOP = 80,
    MEMORY = 1 << 28,
};

struct run {
    const struct row *row;
    const char *engine;
};

/* The upload in flow f, whole but for what the row says. */
static void check_upload(const struct heard_flow *f, const struct talk *t,
                         const struct row *row)
{
    const struct heard_stream *up = &f->stream[DIR_CLIENT];
    uint64_t end =
        heard_is(up, t->text[DIR_CLIENT], t->len[DIR_CLIENT], row->from);

    assert_int_equal(end + (row->last == UPLOAD ? 0 : row->last),
                     t->len[DIR_CLIENT]);
    assert_int_equal(f->flow.missing[DIR_CLIENT], row->missing);
    assert_int_equal(f->flow.missing[DIR_SERVER], row->answer_missing);
    if (!row->answer_lost) {
        assert_int_equal(f->stream[DIR_SERVER].len, t->len[DIR_SERVER]);
        assert_memory_equal(f->stream[DIR_SERVER].bytes, t->text[DIR_SERVER],
                            t->len[DIR_SERVER]);
    }
    assert_int_equal(f->flow.midstream, row->midstream);
    assert_int_equal(f->flow.port[DIR_CLIENT], t->port);
}

/* Two flows that hold one upload between them. */
static void check_halves(const struct heard *h, const struct talk *t)
{
    const struct heard_stream *a = &h->flow[0]->stream[DIR_CLIENT];
    const struct heard_stream *b = &h->flow[1]->stream[DIR_CLIENT];

    assert_int_equal(a->len + b->len, t->len[DIR_CLIENT]);
    assert_memory_equal(a->bytes, t->text[DIR_CLIENT], a->len);
    assert_memory_equal(b->bytes, t->text[DIR_CLIENT] + a->len, b->len);
    assert_int_equal(h->flow[0]->why, CLOSE_IDLE);
    assert_true(h->flow[1]->flow.midstream);
}

static void test_row(void **state)
{
    const struct run *run = *state;
    const struct row *row = run->row;
    struct heard h;
    struct talk t;

    talk_upload(&t, row->len > 0 ? row->len : UPLOAD, SEGMENT);
    row->mutate(&t);
    struct session *s = heard_new(&h, run->engine, MEMORY);
    talk_play(&t, run->engine, s, 1);
    heard_end(&h, run->engine, s);

    assert_int_equal(h.flows, row->flows > 0 ? row->flows : 1);
    assert_int_equal(h.counters.flows, h.flows);
    assert_int_equal(h.copies > 0, row->copies);
    assert_int_equal(h.counters.unread[WHY_LIMIT], 0);
    if (row->second) {
        check_halves(&h, &t);
    } else {
        struct row plain = *row;
        for (size_t i = 0; i < h.flows; i++) {
            if (i > 0)
                plain.midstream = h.flow[i]->flow.midstream;
            check_upload(h.flow[i], &t, &plain);
        }
    }
    heard_clear(&h);
    talk_clear(&t);
}

int rows_run(const char *group, const struct row *rows, size_t count)
{
    static const char *const engines[] = {"native", "nids"};
    static struct run runs[ROWS_TOP * COUNT(engines)];
    static struct CMUnitTest tests[COUNT(runs)];
    static char names[COUNT(runs)][96];
    size_t total = count * COUNT(engines);

    assert_true(count <= ROWS_TOP);
    for (size_t i = 0; i < total; i++) {
        runs[i] = (struct run){&rows[i % count], engines[i / count]};
        (void)snprintf(names[i], sizeof(names[i]), "%s: %s", runs[i].engine,
                       runs[i].row->name);
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = test_row, .initial_state = &runs[i]};
    }
    return _cmocka_run_group_tests(group, tests, total, NULL, NULL);
}
