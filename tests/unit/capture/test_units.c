// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_units.c - capture/units.c: one row per size of a unit.
 */
#include "capture/units.h"

#include "support/spec.h"

struct units_case {
    const char *name;
    uint64_t units;
    uint8_t resolution;
    int64_t offset_s;
    int64_t ns;
};

#define MOST (INT64_MAX / 1000000000 - 1)

static const struct units_case cases[] = {
    {"microseconds", 1500000000123456, 6, 0, 1500000000123456000},
    {"nanoseconds", 1500000000123456789, 9, 0, 1500000000123456789},
    {"seconds", 1500000000, 0, 0, 1500000000000000000},
    {"milliseconds", 1500000000123, 3, 0, 1500000000123000000},
    {"picoseconds", 1500000000123, 12, 0, 1500000000},
    {"10^-18 s", 5000000000000000001, 18, 0, 5000000000},
    {"10^-19 s", 18446744073709551615U, 19, 0, 1844674407},
    {"10^-28 s", 18446744073709551615U, 28, 0, 1},
    {"10^-29 s are nothing", 18446744073709551615U, 29, 0, 0},
    {"10^-127 s are nothing", 18446744073709551615U, 127, 0, 0},
    {"whole seconds in powers of two", 1500000000, 0x80, 0,
     1500000000000000000},
    {"quarters of a second", 6000000001, 0x82, 0, 1500000000250000000},
    {"2^-32 s (NTP)", 0x8000000080000000, 0xa0, 0, 2147483648500000000},
    {"2^-33 s", 0x300000001, 0xa1, 0, 1500000000},
    {"2^-63 s", 0xc000000000000000, 0xbf, 0, 1500000000},
    {"2^-64 s", 0x8000000000000000, 0xc0, 0, 500000000},
    {"2^-90 s", 18446744073709551615U, 0xda, 0, 14},
    {"2^-96 s are nothing", 18446744073709551615U, 0xe0, 0, 0},
    {"2^-127 s are nothing", 18446744073709551615U, 0xff, 0, 0},
    {"an offset is added", 5000000, 6, 1500000000, 1500000005000000000},
    {"a negative offset is taken away", 1500000005000000, 6, -1500000000,
     5000000000},
    {"before 1970", 0, 6, -1, -1000000000},
    {"2106", 4294967295999999, 6, 0, 4294967295999999000},
    {"too late becomes the latest", 18446744073709551615U, 0, 0,
     MOST * 1000000000},
    {"an offset too late becomes the latest", 0, 6, INT64_MAX,
     MOST * 1000000000},
    {"an offset too early becomes the earliest", 0, 6, INT64_MIN,
     -MOST * 1000000000},
};

static void test_case(void **state)
{
    const struct units_case *c = *state;
    uint64_t multiply = units_multiplier(c->resolution);

    assert_int_equal(units_time(c->units, c->resolution, c->offset_s), c->ns);
    /* the short way agrees where it is taken */
    if (multiply != 0 && c->offset_s == 0 && c->units <= INT64_MAX / multiply &&
        c->ns < MOST * 1000000000)
        assert_int_equal(c->units * multiply, c->ns);
}

static void multipliers(void **state)
{
    (void)state;
    assert_int_equal(units_multiplier(0), 1000000000);
    assert_int_equal(units_multiplier(3), 1000000);
    assert_int_equal(units_multiplier(9), 1);
    assert_int_equal(units_multiplier(10), 0);
    assert_int_equal(units_multiplier(0x80), 1000000000);
    assert_int_equal(units_multiplier(0x81), 0);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t at = 0;

    SPEC_TABLE(tests, at, cases, test_case);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(multipliers);
    return SPEC_RUN("capture/units", tests, at);
}
