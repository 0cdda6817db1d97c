// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_put.c - output/put.c: numbers, and the error that sticks.
 */
#include "fixture.h"
#include "output/put.h"

static void test_thousands_are_parted(void **state)
{
    static const struct {
        uint64_t value;
        const char *want;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {92408, "92,408"},
                 {1234567, "1,234,567"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};
    struct buf out;

    (void)state;
    buf_init(&out, 100);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct put p = put_to(&out);
        buf_reset(&out);
        put_count(&p, cases[i].value);
        assert_string_equal(text_of(&out), cases[i].want);
    }
    buf_clear(&out);
}

static void test_one_is_singular(void **state)
{
    struct buf out;
    struct put p = put_to(&out);

    (void)state;
    buf_init(&out, 100);
    put_counted(&p, 1, "byte");
    put_byte(&p, ' ');
    put_counted(&p, 2, "byte");
    assert_string_equal(text_of(&out), "1 byte 2 bytes");
    buf_clear(&out);
}

static void test_the_error_sticks(void **state)
{
    struct buf out;
    struct put p = put_to(&out);

    (void)state;
    buf_init(&out, 4);
    put_text(&p, "12345");
    assert_false(p.ok);
    put_text(&p, "1");
    assert_false(p.ok);
    assert_int_equal(out.len, 0);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thousands_are_parted),
        cmocka_unit_test(test_one_is_singular),
        cmocka_unit_test(test_the_error_sticks),
    };
    return cmocka_run_group_tests_name("output/put", tests, NULL, NULL);
}
