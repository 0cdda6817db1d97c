// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_late.c - session/late.c: bytes that come when their hole was over.
 */
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MEMORY = 1 << 26,
};

static void play(struct heard *h, const struct talk *t)
{
    struct session *s = heard_new(h, "native", MEMORY);

    talk_play(t, "native", s, 1);
    heard_end(h, "native", s);
}

/* The bytes at place stand in a copy, and only there. */
static void check_late(const struct heard *h, const struct talk *t,
                       size_t place, size_t len)
{
    const uint8_t *bytes = t->text[DIR_CLIENT] + place;
    const struct heard_stream *up = &h->flow[0]->stream[DIR_CLIENT];

    assert_true(heard_has(h, bytes, len));
    assert_null(memmem(up->bytes, up->len, bytes, len));
    assert_int_equal(heard_is(up, t->text[DIR_CLIENT], UPLOAD,
                              h->flow[0]->flow.midstream ? place + len : 0),
                     UPLOAD);
}

/* A segment of a hole that ACKs passed comes 200 packets later. */
static void test_hole(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, UPLOAD, SEGMENT);
    size_t i = talk_at(&t, SEGMENT * 50);
    talk_move(&t, i, i + 200);
    play(&h, &t);
    assert_int_equal(h.flow[0]->stream[DIR_CLIENT].gap_bytes, SEGMENT);
    assert_int_equal(h.flow[0]->flow.missing[DIR_CLIENT], 0);
    assert_int_equal(h.counters.missing_bytes, 0);
    assert_int_equal(h.counters.duplicate_bytes, SEGMENT);
    check_late(&h, &t, SEGMENT * 50, SEGMENT);
    heard_clear(&h);
    talk_clear(&t);
}

/* Only the middle of a hole of three comes, and comes twice. */
static void test_part_of_a_hole(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, UPLOAD, SEGMENT);
    struct talk_packet late = t.p[talk_at(&t, SEGMENT * 51)];
    for (size_t n = 50; n < 53; n++)
        talk_drop_place(&t, SEGMENT * n);
    size_t to = talk_at(&t, SEGMENT * 200);
    talk_insert(&t, to, late);
    talk_insert(&t, to, late);
    talk_pace(&t, 100000);
    play(&h, &t);
    assert_int_equal(h.flow[0]->flow.missing[DIR_CLIENT], SEGMENT * 2);
    assert_int_equal(h.counters.missing_bytes, SEGMENT * 2);
    assert_int_equal(h.copies, 1);
    check_late(&h, &t, SEGMENT * 51, SEGMENT);
    heard_clear(&h);
    talk_clear(&t);
}

/* The capture begins in the middle; what was sent before is sent again. */
static void test_before_the_beginning(void **state)
{
    struct heard h;
    struct talk t;

    (void)state;
    talk_upload(&t, UPLOAD, SEGMENT);
    size_t i = talk_at(&t, SEGMENT * 99);
    struct talk_packet late = t.p[i];
    while (i-- > 0)
        talk_drop(&t, 0);
    talk_drop(&t, 0);
    talk_insert(&t, talk_at(&t, SEGMENT * 250), late);
    talk_pace(&t, 100000);
    play(&h, &t);
    assert_true(h.flow[0]->flow.midstream);
    assert_int_equal(h.counters.missing_bytes, 0);
    check_late(&h, &t, SEGMENT * 99, SEGMENT);
    heard_clear(&h);
    talk_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hole),
        cmocka_unit_test(test_part_of_a_hole),
        cmocka_unit_test(test_before_the_beginning),
    };
    return cmocka_run_group_tests_name("session/late", tests, NULL, NULL);
}
