// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_claims.c - identity/claims.c: whose something was at a time.
 */
#include "identity/claims.h"
#include "support/spec.h"

enum { NOBODY = 99 };

/* key, from, until, reach, person, group, line */
static const struct claim claims[] = {
    {7, 100, 200, 0, 1, 0, 2}, {7, 200, 300, 0, 2, 0, 3},
    {7, 250, 400, 0, 3, 0, 4}, {8, INT64_MIN, INT64_MAX, 0, 4, 0, 5},
    {8, 500, 600, 0, 5, 0, 6}, {9, 10, 20, 0, 6, 0, 8},
    {9, 10, 20, 0, 7, 0, 7},   {9, 10, 20, 0, 7, 0, 9},
};

struct claim_case {
    const char *name;
    uint64_t key;
    int64_t time;
    unsigned person, rival;
};

static const struct claim_case cases[] = {
    {"before the first it is nobody's", 7, 99, NOBODY, NOBODY},
    {"from is in it", 7, 100, 1, NOBODY},
    {"until is not", 7, 200, 2, NOBODY},
    {"of two the later begin wins and the other is named", 7, 260, 3, 2},
    {"when one is over there is no rival", 7, 300, 3, NOBODY},
    {"after the last it is nobody's", 7, 400, NOBODY, NOBODY},
    {"one without end is found behind one that ended", 8, 700, 4, NOBODY},
    {"a time of its own is nearer than always", 8, 550, 5, 4},
    {"of equal begins the first line wins", 9, 15, 7, 6},
    {"another key is nobody's", 10, 15, NOBODY, NOBODY},
    {"a smaller key is nobody's", 6, 150, NOBODY, NOBODY},
};

static void test_case(void **state)
{
    const struct claim_case *c = *state;
    struct claims all = {0};
    const struct claim *rival = NULL;

    for (size_t i = 0; i < COUNT(claims); i++)
        assert_true(claims_add(&all, &claims[i]));
    claims_sort(&all);
    const struct claim *found = claims_find(&all, c->key, c->time, &rival);
    assert_int_equal(found ? found->person : NOBODY, c->person);
    assert_int_equal(rival ? rival->person : NOBODY, c->rival);
    claims_clear(&all);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    return SPEC_RUN("identity/claims", tests, count);
}
