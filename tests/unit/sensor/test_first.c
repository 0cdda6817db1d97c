// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_first.c - first.c: what waits comes back as it was.
 */
#include "support/spec.h"

#include <stdlib.h>
#include <string.h>

#include "first.h"
#include "outflow/limits.h"

struct first_case {
    const char *name;
    size_t len;
    uint32_t cut;
    bool waits;
};

static struct first_case cases[] = {
    {"one byte waits", 1, 0, true},
    {"a datagram that was cut waits with what it lacks", 170, 1330, true},
    {"a full segment waits", LIMIT_FIRST, 0, true},
    {"several segments in one do not wait", LIMIT_FIRST + 1, 0, false},
    {"nothing does not wait", 0, 0, false},
};

static void first_comes_back(void **state)
{
    const struct first_case *c = *state;
    uint8_t bytes[LIMIT_FIRST + 1];
    const struct moment seen = {1700000000000000001, 1234567, 3};

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    const struct message message = {{bytes, c->len}, c->cut};
    struct first *f = first_keep(DIR_SERVER, &message, &seen);
    assert_int_equal(f != NULL, c->waits);
    if (!f)
        return;
    const struct message back = first_message(f);
    const struct moment then = first_moment(f);
    assert_int_equal(f->dir, DIR_SERVER);
    assert_int_equal(back.bytes.len, c->len);
    assert_int_equal(back.cut, c->cut);
    assert_memory_equal(back.bytes.ptr, bytes, c->len);
    assert_true(then.time_ns == seen.time_ns && then.number == seen.number &&
                then.capture == seen.capture);
    free(f);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t n = 0;

    SPEC_TABLE(tests, n, cases, first_comes_back);
    return SPEC_RUN("first", tests, n);
}
