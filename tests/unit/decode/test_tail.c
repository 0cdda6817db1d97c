// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_tail.c - decode/tail: what was not used waits, with few copies.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/tail.h"
#include "outflow/limits.h"
#include "support/bytes.h"
#include "support/spec.h"

/* Takes lines; remembers what it was given and stops at a given line. */
struct liner {
    char taken[256];
    size_t len;
    unsigned calls;
    unsigned stop_at; /* stop at this line, from 1; 0: never */
    unsigned lines;
};

static struct progress take_lines(void *ctx, struct span bytes)
{
    struct liner *l = ctx;
    size_t used = 0;

    l->calls++;
    for (;;) {
        struct span rest = span_skip(bytes, used);
        size_t end = span_find(rest, '\n');
        if (end == rest.len)
            return (struct progress){DECODE_MORE, used};
        memcpy(l->taken + l->len, rest.ptr, end + 1);
        l->len += end + 1;
        used += end + 1;
        if (++l->lines == l->stop_at)
            return (struct progress){DECODE_DONE, used};
    }
}

static void lines_cut_anywhere_are_whole(void **state)
{
    static const char text[] = "one\ntwo\nthree\n";
    enum { LEN = sizeof(text) - 1 };

    (void)state;
    for (size_t step = 1; step <= LEN; step++) {
        struct tail tail = {NULL, 0, 0};
        struct liner l = {.len = 0};
        const struct tail_taker taker = {take_lines, &l};

        for (size_t at = 0; at < LEN; at += step) {
            struct span piece = span_head(span_skip(SPAN(text), at), step);
            piece = span_head(piece, LEN - at);
            assert_int_equal(tail_feed(&tail, &piece, &taker), DECODE_MORE);
            assert_int_equal(piece.len, 0);
        }
        assert_int_equal(l.len, LEN);
        assert_memory_equal(l.taken, text, LEN);
        assert_null(tail.ptr); /* nothing waits: nothing is held */
    }
}

static void what_follows_the_end_is_left_in_order(void **state)
{
    struct tail tail = {NULL, 0, 0};
    struct liner l = {.stop_at = 2};
    const struct tail_taker taker = {take_lines, &l};
    struct span first = SPAN("one\ntw");
    struct span second = SPAN("o\nthree\nfour");

    (void)state;
    assert_int_equal(tail_feed(&tail, &first, &taker), DECODE_MORE);
    assert_int_equal(tail.len, 2);
    assert_int_equal(tail_feed(&tail, &second, &taker), DECODE_DONE);
    assert_true(span_eq(second, SPAN("three\nfour")));
    assert_int_equal(tail.len, 0);
    tail_clear(&tail);
}

static void no_bytes_offer_the_tail_alone(void **state)
{
    struct tail tail = {NULL, 0, 0};
    struct liner l = {.len = 0};
    const struct tail_taker taker = {take_lines, &l};
    struct span piece = SPAN("half");
    struct span none = {NULL, 0};

    (void)state;
    assert_int_equal(tail_feed(&tail, &piece, &taker), DECODE_MORE);
    unsigned calls = l.calls;
    assert_int_equal(tail_feed(&tail, &none, &taker), DECODE_MORE);
    assert_int_equal(l.calls, calls + 1);
    assert_true(span_eq(tail_span(&tail), SPAN("half")));
    tail_clear(&tail);
}

static void too_much_unused_is_a_limit(void **state)
{
    enum { LEN = LIMIT_TAIL + 1 };
    uint8_t *text = malloc(LEN);

    (void)state;
    memset(text, 'x', LEN);
    for (size_t step = 1000; step <= LEN; step += LEN - 1000) {
        struct tail tail = {NULL, 0, 0};
        struct liner l = {.len = 0};
        const struct tail_taker taker = {take_lines, &l};
        enum decode_status status = DECODE_MORE;
        size_t at = 0;

        for (; at < LEN && status == DECODE_MORE; at += step) {
            struct span piece =
                span_head((struct span){text + at, LEN - at}, step);
            status = tail_feed(&tail, &piece, &taker);
        }
        assert_int_equal(status, DECODE_LIMIT);
        assert_true(at >= LEN);
        tail_clear(&tail);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_cut_anywhere_are_whole),
        cmocka_unit_test(what_follows_the_end_is_left_in_order),
        cmocka_unit_test(no_bytes_offer_the_tail_alone),
        cmocka_unit_test(too_much_unused_is_a_limit),
    };

    return cmocka_run_group_tests_name("decode/tail", tests, NULL, NULL);
}
