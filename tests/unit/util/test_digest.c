// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_digest.c - util/digest: known sums, and cuts that do not matter.
 */
#include "util/digest.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* FIPS 180-4, example "abc". */
static const char abc[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void test_parts_are_one_text(void **state)
{
    const struct span whole[] = {SPAN("abc")};
    const struct span parts[] = {SPAN("a"), SPAN(""), SPAN("bc")};
    char out[DIGEST_HEX + 1];

    (void)state;
    digest_hex(whole, 1, out, DIGEST_HEX);
    assert_string_equal(out, abc);
    digest_hex(parts, 3, out, DIGEST_HEX);
    assert_string_equal(out, abc);
}

static void test_as_many_digits_as_asked(void **state)
{
    const struct span whole[] = {SPAN("abc")};
    char out[DIGEST_HEX + 1];

    (void)state;
    for (size_t digits = 0; digits <= DIGEST_HEX; digits++) {
        digest_hex(whole, 1, out, digits);
        assert_int_equal(strlen(out), digits);
        assert_memory_equal(out, abc, digits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_one_text),
        cmocka_unit_test(test_as_many_digits_as_asked),
    };

    return cmocka_run_group_tests_name("util/digest", tests, NULL, NULL);
}
