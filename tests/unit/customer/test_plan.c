// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_plan.c - customer/plan.c: what countries dial, and what of it is
 * dialled only inside of them.
 */
#include <stdlib.h>
#include <string.h>

#include "customer/normal.h"
#include "customer/plan.h"
#include "outflow/compiler.h"
#include "support/spec.h"

struct plan_case {
    const char *name; /* digits */
    enum plan plan;
    const char *national; /* NULL: the plan has no room for them */
};

static const struct plan_case cases[] = {
    {"0123456789", PLAN_FR, "123456789"},
    {"33123456789", PLAN_FR, "123456789"},
    {"0023456789", PLAN_FR, NULL},
    {"012345678", PLAN_FR, NULL},
    {"01214960123", PLAN_GB, "1214960123"},
    {"447700900123", PLAN_GB, "7700900123"},
    {"04214960123", PLAN_GB, NULL},
    {"612345678", PLAN_ES, "612345678"},
    {"512345678", PLAN_ES, NULL},
    {"34612345678", PLAN_ES, "612345678"},
    {"912345678", PLAN_PT, "912345678"},
    {"351912345678", PLAN_PT, "912345678"},
    {"698259791", PLAN_PL, "698259791"},
    {"108259791", PLAN_PL, NULL},
    {"605825979", PLAN_CZ, "605825979"},
    {"615825979", PLAN_CZ, NULL},
    {"06201234567", PLAN_HU, "201234567"},
    {"0612345678", PLAN_HU, "12345678"},
    {"36201234567", PLAN_HU, "201234567"},
    {"0712345678", PLAN_HU, NULL},
    {"82597919", PLAN_NO, "82597919"},
    {"4782597919", PLAN_NO, "82597919"},
    {"12597919", PLAN_NO, NULL},
    {"0612345678", PLAN_NL, "612345678"},
    {"89261234567", PLAN_RU, "9261234567"},
    {"79261234567", PLAN_RU, "9261234567"},
    {"80291234567", PLAN_BY, "291234567"},
    {"861234567", PLAN_LT, "61234567"},
    {"13812345678", PLAN_CN, "13812345678"},
    {"8613812345678", PLAN_CN, "13812345678"},
    {"12812345678", PLAN_CN, NULL},
    {"01012345678", PLAN_CN, "1012345678"},
    {"0912345678", PLAN_TW, "912345678"},
    {"01012345678", PLAN_KR, "1012345678"},
    {"0312345678", PLAN_JP, "312345678"},
    {"09012345678", PLAN_JP, "9012345678"},
    {"08001234567", PLAN_JP, "8001234567"},
    {"00312345678", PLAN_JP, NULL},
    {"9876543210", PLAN_IN, "9876543210"},
    {"919876543210", PLAN_IN, "9876543210"},
    {"1876543210", PLAN_IN, NULL},
    {"11987654321", PLAN_BR, "11987654321"},
    {"1134567890", PLAN_BR, "1134567890"},
    {"10987654321", PLAN_BR, NULL},
    {"015512345678", PLAN_MX, "5512345678"},
    {"0412345678", PLAN_AU, "412345678"},
    {"2125550100", PLAN_XX, "2125550100"},
    {"12125550100", PLAN_XX, "2125550100"},
    {"2120550100", PLAN_XX, NULL},
    {"0612345678", PLAN_IT, "0612345678"},
    {"042345678", PLAN_AE, "42345678"},
    {"0501234567", PLAN_AE, "501234567"},
    {"052345678", PLAN_AE, NULL},
    {"46123456", PLAN_HK, "46123456"},
    {"41123456", PLAN_HK, NULL},
    {"0851234567", PLAN_IE, "851234567"},
    {"353851234567", PLAN_IE, "851234567"},
    {"012345678", PLAN_IE, "12345678"},
    {"0811234567", PLAN_IE, NULL},
    {"081212345678", PLAN_ID, "81212345678"},
    {"02112345678", PLAN_ID, "2112345678"},
    {"081012345678", PLAN_ID, NULL},
    {"0878123456", PLAN_BG, "878123456"},
    {"029123456", PLAN_BG, "29123456"},
    {"0828123456", PLAN_BG, NULL},
    {"621123456", PLAN_LU, "621123456"},
    {"652123456", PLAN_LU, NULL},
    {"0551234567", PLAN_DZ, "551234567"},
    {"0812345678", PLAN_DZ, NULL},
    {"0241234567", PLAN_GH, "241234567"},
    {"0441234567", PLAN_GH, NULL},
    {"0790123456", PLAN_JO, "790123456"},
    {"0712345678", PLAN_JO, NULL},
    {"07701234567", PLAN_IQ, "7701234567"},
    {"07001234567", PLAN_IQ, NULL},
    {"50012345", PLAN_KW, "50012345"},
    {"30012345", PLAN_KW, NULL},
    {"33123456", PLAN_QA, "33123456"},
    {"83123456", PLAN_QA, NULL},
    {"0991234567", PLAN_EC, "991234567"},
    {"022345678", PLAN_EC, "22345678"},
    {"04121234567", PLAN_VE, "4121234567"},
    {"04321234567", PLAN_VE, NULL},
    {"094231234", PLAN_UY, "94231234"},
    {"090231234", PLAN_UY, NULL},
    {"96123456", PLAN_CY, "96123456"},
    {"91123456", PLAN_CY, NULL},
    {"062112345", PLAN_MD, "62112345"},
    {"061123456", PLAN_BA, "61123456"},
    {"072345678", PLAN_MK, "72345678"},
    {"0672123456", PLAN_AL, "672123456"},
    {"0621234567", PLAN_TZ, "621234567"},
    {"0712345678", PLAN_UG, "712345678"},
    {"9841234567", PLAN_NP, "9841234567"},
    {"9541234567", PLAN_NP, NULL},
    {"0911234567", PLAN_ET, "911234567"},
    {"1", PLAN_FR, NULL},
    {"", PLAN_FR, NULL},
    {"123456789012345", PLAN_DE, NULL},
};

static void test_plans(void **state)
{
    const struct plan_case *c = *state;
    struct span digits = span_of(c->name);
    struct span national = plan_national(c->plan, digits);

    assert_true(span_eq(national, span_of(c->national)));
    struct plan_set inside = plan_inside(digits);
    if (!c->national)
        assert_false(inside.bits[c->plan / 64] >> c->plan % 64 & 1);
}

struct row {
    const char *name;
    uint32_t lengths, firsts;
    const char *numbers;
};

#define BITS(least, most) ((2U << (most)) - (1U << (least)))

static const struct row rows[] = {
#define PLAN(id, code, trunk, lengths, firsts, numbers)                        \
    {#id, lengths, firsts, numbers},
#include "customer/plans.def"
#undef PLAN
};

/* Does the lead begin with that digit? "[2-57]" is 2, 3, 4, 5 or 7. */
static bool begins(const char *lead, char digit)
{
    if (*lead != '[')
        return *lead == digit;
    for (lead++; *lead != ']'; lead++) {
        if (lead[1] == '-' && digit >= lead[0] && digit <= lead[2])
            return true;
        if (*lead == digit)
            return true;
    }
    return false;
}

/* What passes over rows must leave out nothing that they have. */
static void test_rows(void **state)
{
    const struct row *row = *state;
    uint32_t lengths = 0, firsts = 0;
    char *at = (char *)(uintptr_t)row->numbers;

    while (*at) {
        for (char c = '0'; c <= '9'; c++)
            firsts |= begins(at, c) ? 1U << (c - '0') : 0;
        unsigned long least = strtoul(strchr(at, ':') + 1, &at, 10);
        unsigned long most = *at == '-' ? strtoul(at + 1, &at, 10) : least;
        lengths |= BITS(least, most);
        at += *at == ' ';
    }
    assert_int_equal(lengths, row->lengths);
    assert_int_equal(firsts, row->firsts);
}

static void test_a_code_tells_its_plan(void **state)
{
    (void)state;
    assert_int_equal(plan_behind_plus(SPAN("33123456789")), PLAN_FR);
    assert_int_equal(plan_behind_plus(SPAN("351912345678")), PLAN_PT);
    assert_int_equal(plan_behind_plus(SPAN("12125550100")), PLAN_XX);
    assert_int_equal(plan_behind_plus(SPAN("99912345678")), PLAN_NONE);
    assert_int_equal(plan_behind_plus(SPAN("")), PLAN_NONE);
    assert_int_equal(plan_code(PLAN_PT), 351);
    assert_int_equal(plan_width(PLAN_PT), 3);
}

static void test_room_is_counted_behind_what_was_met(void **state)
{
    static const struct plan_leads mobiles = {.met = {1U << 1, 0x3F8, 0x3FF},
                                              .pairs = {UINT64_C(0x7F) << 13}};
    /* 50 51 60 */
    static const struct plan_leads polish = {.met = {3U << 5, 3, 0x3FF},
                                             .pairs = {UINT64_C(0x100C) << 48}};
    struct plan_place room[PLAN_PLACES];

    (void)state;
    plan_room(PLAN_CN, 11, &mobiles, room);
    assert_int_equal(room[0].some, 2); /* 0 and 1 */
    assert_int_equal(room[0].all, 10);
    assert_int_equal(room[1].some, 7); /* 13 to 19 */
    assert_int_equal(room[1].all, 10);
    assert_int_equal(room[2].some, 70);
    assert_int_equal(room[2].all, 70);
    plan_room(PLAN_PL, 9, &polish, room);
    assert_int_equal(room[0].some, 5); /* 4 to 8: of mobiles alone */
    assert_int_equal(room[1].some, 7);
    assert_int_equal(room[1].all, 20);
}

struct other_case {
    const char *name; /* as written */
    const char *want; /* NULL: there is no other reading */
};

static const struct other_case others[] = {
    {"06 20 123 4567", "201234567"},
    {"06-1/234-5678", "12345678"},
    {"33 1 23 45 67 89", "123456789"},
    {"8 612 34567", "61234567"},
    {"80291234567", "291234567"},
    {"+36 20 123 4567", NULL},
    {"03-1234-5678", NULL},
    {"090-1234-5678", NULL},
    {"415-555-0100", NULL},
    {"1-415-555-0100", NULL},
    {"81-3-1234-5678", NULL},
    {"8 (495) 123-45-67", NULL},
    {"n/a", NULL},
};

static void test_others(void **state)
{
    const struct other_case *c = *state;
    struct normal n = {.len = 0};
    bool some = normal_phone_other(&n, span_of(c->name));

    assert_int_equal(some, c->want != NULL);
    assert_true(span_eq((struct span){n.bytes, n.len}, span_of(c->want)));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(others) + COUNT(rows) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_plans);
    SPEC_TABLE(tests, count, others, test_others);
    SPEC_TABLE(tests, count, rows, test_rows);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_code_tells_its_plan);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_room_is_counted_behind_what_was_met);
    return SPEC_RUN("customer/plan", tests, count);
}
