// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_customers.c - ledger/customers and ledger/resolve: which customer a
 * name stands for.
 *
 * Beside rows, records made at random are resolved by a slow and plain
 * reading of interface.md 3.1, and must come out alike in any order.
 */
#include "ledger/customers.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { NAMES = 40, RECORDS = 60, ROUNDS = 300 };

static struct record record_of(struct name name, const struct name *weaker,
                               unsigned count)
{
    struct record r = {.name = name, .rows = 1, .mask = "***"};

    for (unsigned i = 0; i < count; i++)
        r.weaker[r.weaker_count++] = weaker[i];
    return r;
}

/* Rows of "strong weak weak ...", a letter and a digit each. */
struct resolve_case {
    const char *name;
    const char *records;
    uint64_t customers;
    const char *asked; /* a name ... */
    const char *whose; /* ... and whose it is; "" for nobody */
};

static const struct resolve_case cases[] = {
    {"one record is one customer", "a1", 1, "a1", "a1"},
    {"a weaker name is the stronger's", "a1p1,p1", 1, "p1", "a1"},
    {"also when it came first", "p1,a1p1", 1, "p1", "a1"},
    {"names are followed to the end", "p1,e1p1,a1e1", 1, "p1", "a1"},
    {"several ends are nobody", "p1,a1p1,a2p1", 2, "p1", ""},
    {"several ends behind one step", "p1,e1p1,a1e1,a2e1", 2, "p1", ""},
    {"two ways to one end", "p1,e1p1,e2p1,a1e1,a1e2", 1, "p1", "a1"},
    {"one of two ways ends in several", "p1,e1p1,e2p1,a1e1,a2e2,a3e2", 3, "p1",
     ""},
    {"a shared phone joins nobody", "a1p1,a2p1", 2, "a1", "a1"},
    {"equals lead nowhere", "p1p2,p2", 2, "p2", "p2"},
    {"a name is as strong as it was ever seen", "k1s2,a2,s2", 2, "s2", "s2"},
    {"an account by shape is the card's", "k1s2,s2", 1, "s2", "k1"},
    {"weaker names add up over records", "a1p1,a1p2,p1,p2", 1, "p2", "a1"},
    {"more of them than a record holds", "a1p1p2p3p4p5,a1p6p7p8p9,p9,p6", 1,
     "p9", "a1"},
};

static struct name name_of(const char *text)
{
    static const struct {
        char letter;
        uint8_t kind, class;
    } kinds[] = {{'a', NAME_ACCOUNT, 1},
                 {'k', NAME_CARD, 1},
                 {'s', NAME_ACCOUNT_SHAPE, 1},
                 {'e', NAME_EMAIL, 2},
                 {'p', NAME_PHONE, 3}};
    size_t i = 0;

    while (kinds[i].letter != text[0])
        i++;
    return (struct name){(uint64_t)kinds[i].class << 32 |
                             (uint64_t)(text[1] - '0'),
                         kinds[i].kind};
}

/* Add the records one after another, or from the last to the first. */
static void add_all(struct customers *c, const char *text, bool backwards)
{
    const char *starts[32];
    size_t count = 0;

    starts[count++] = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == ',')
            starts[count++] = at + 1;
    }
    for (size_t i = 0; i < count; i++) {
        const char *at = starts[backwards ? count - 1 - i : i];
        struct name weaker[RECORD_WEAKER];
        unsigned n = 0;
        struct record r;
        struct name strong = name_of(at);
        for (at += 2; *at != ',' && *at != '\0'; at += 2)
            weaker[n++] = name_of(at);
        r = record_of(strong, weaker, n);
        assert_int_not_equal(customers_add(c, &r), POOL_NONE);
    }
}

static void test_case(void **state)
{
    const struct resolve_case *c = *state;

    for (int backwards = 0; backwards < 2; backwards++) {
        struct memory memory = {0, UINT64_MAX};
        struct customers customers;
        uint32_t asked, whose = LEDGER_NOBODY;
        customers_init(&customers, &memory);
        add_all(&customers, c->records, backwards != 0);
        assert_true(customers_settle(&customers));
        assert_int_equal(customers.settled, c->customers);
        asked = customers_find(&customers, name_of(c->asked).pseudonym);
        if (c->whose[0] != '\0')
            whose = customers_find(&customers, name_of(c->whose).pseudonym);
        assert_int_equal(customers_at(&customers, asked)->whose, whose);
        customers_clear(&customers);
        assert_int_equal(memory.held, 0);
    }
}

/* --- against a slow and plain reading ---------------------------------- */

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % n;
}

/* Number n has a kind of its own, now and then another of its class. */
static struct name random_name(void)
{
    uint32_t n = random_below(NAMES);
    uint8_t kind = (uint8_t)(n % NAME_KINDS);

    if (kind == NAME_ACCOUNT_SHAPE && random_below(4) == 0)
        kind = NAME_ACCOUNT;
    return (struct name){n + 1, kind};
}

static int name_compare(const void *a, const void *b)
{
    return ((const struct name *)a)->kind - ((const struct name *)b)->kind;
}

static void random_record(struct record *r)
{
    struct name names[1 + RECORD_WEAKER];
    unsigned count = 1 + random_below(3);

    for (unsigned i = 0; i < count; i++)
        names[i] = random_name();
    qsort(names, count, sizeof(names[0]), name_compare);
    *r = record_of(names[0], names + 1, count - 1);
}

/* Every name by number: how strong, what it leads to, where it ends. */
struct plain {
    uint8_t best[NAMES + 1];
    bool named[NAMES + 1];
    bool leads[NAMES + 1][NAMES + 1];
    bool ends[NAMES + 1][NAMES + 1];
};

static void plain_links(struct plain *p, const struct record *records)
{
    memset(p, 0, sizeof(*p));
    memset(p->best, NAME_KINDS, sizeof(p->best));
    for (unsigned i = 0; i < RECORDS; i++) {
        const struct record *r = &records[i];
        p->named[r->name.pseudonym] = true;
        if (r->name.kind < p->best[r->name.pseudonym])
            p->best[r->name.pseudonym] = r->name.kind;
        for (unsigned k = 0; k < r->weaker_count; k++) {
            uint8_t *best = &p->best[r->weaker[k].pseudonym];
            *best = r->weaker[k].kind < *best ? r->weaker[k].kind : *best;
            p->leads[r->weaker[k].pseudonym][r->name.pseudonym] = true;
        }
    }
    for (unsigned i = 1; i <= NAMES; i++) {
        for (unsigned k = 1; k <= NAMES; k++)
            p->leads[i][k] &= p->best[k] < p->best[i];
    }
}

/* The names at the end of all ways from i; depth is bounded by kinds. */
static void plain_ends(struct plain *p, unsigned i, unsigned from)
{
    bool any = false;

    for (unsigned k = 1; k <= NAMES; k++) {
        if (p->leads[i][k]) {
            any = true;
            plain_ends(p, k, from);
        }
    }
    if (!any)
        p->ends[from][i] = true;
}

static uint32_t plain_whose(const struct plain *p, unsigned i)
{
    uint32_t found = 0, count = 0;

    for (uint32_t k = 1; k <= NAMES; k++) {
        if (p->ends[i][k]) {
            found = k;
            count++;
        }
    }
    return count == 1 ? found : 0;
}

static void check_round(const struct record *records)
{
    struct memory memory = {0, UINT64_MAX};
    struct customers c;
    static struct plain p;

    plain_links(&p, records);
    customers_init(&c, &memory);
    for (unsigned i = 0; i < RECORDS; i++)
        assert_int_not_equal(customers_add(&c, &records[i]), POOL_NONE);
    assert_true(customers_settle(&c));
    for (unsigned i = 1; i <= NAMES; i++) {
        uint32_t at = customers_find(&c, i), want, whose;
        if (!p.named[i]) {
            assert_int_equal(at, POOL_NONE);
            continue;
        }
        plain_ends(&p, i, i);
        want = plain_whose(&p, i);
        whose = customers_at(&c, at)->whose;
        if (want == 0)
            assert_int_equal(whose, LEDGER_NOBODY);
        else
            assert_int_equal(customers_at(&c, whose)->pseudonym, want);
    }
    customers_clear(&c);
}

static void test_any_set_in_any_order(void **state)
{
    struct record records[RECORDS];

    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        random_state = round;
        for (unsigned i = 0; i < RECORDS; i++)
            random_record(&records[i]);
        check_round(records);
        for (unsigned i = RECORDS; i > 1; i--) {
            unsigned k = random_below(i);
            struct record held = records[i - 1];
            records[i - 1] = records[k];
            records[k] = held;
        }
        check_round(records);
    }
}

static void test_masks_do_not_depend_on_order(void **state)
{
    static const struct {
        uint8_t kind;
        const char *mask;
    } seen[] = {{NAME_ACCOUNT, "****12"},
                {NAME_CARD, "353011******1234"},
                {NAME_ACCOUNT, "****11"},
                {NAME_ACCOUNT_SHAPE, "0"},
                {NAME_ACCOUNT, "a mask of 23 characters"}};

    (void)state;
    for (size_t first = 0; first < COUNT(seen); first++) {
        struct memory memory = {0, UINT64_MAX};
        struct customers c;
        char mask[RECORD_MASK];
        customers_init(&c, &memory);
        for (size_t i = 0; i < COUNT(seen); i++) {
            size_t k = (first + i * 2) % COUNT(seen);
            struct record r = {.name = {7, seen[k].kind}};
            memcpy(r.mask, seen[k].mask, strlen(seen[k].mask) + 1);
            assert_int_equal(customers_add(&c, &r), 0);
        }
        customers_mask(&c, 0, mask);
        assert_string_equal(mask, "****11");
        assert_int_equal(customers_at(&c, 0)->kind, NAME_ACCOUNT);
        customers_clear(&c);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2] = {
        cmocka_unit_test(test_any_set_in_any_order),
        cmocka_unit_test(test_masks_do_not_depend_on_order),
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        tests[i + 2] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    return cmocka_run_group_tests_name("ledger/customers", tests, NULL, NULL);
}
