// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_books.c - the law of books over random exposures.
 *
 * Names are drawn from few, weaker ones beside stronger ones, so that much
 * of what a name stands for is said in the books of others.
 */
#include "rule/law.h"

#include "support/spec.h"

#include <stdio.h>
#include <string.h>

#define S(s) ((int64_t)(s)*1000000000)

enum { WORLDS = 45, LINES = 24, LINE = 200 };

static struct rule_match not_partners = {.kind = MATCH_PARTNERS,
                                         .negated = true};
static struct rule_match partners_only = {.kind = MATCH_PARTNERS};

static struct rule rules[] = {
    {.id = (char[]){"bulk"}, .customers = 3, .within_ns = S(100)},
    {.id = (char[]){"long"},
     .customers = 6,
     .within_ns = S(10000),
     .direction = RULE_ANY},
    {.id = (char[]){"party"},
     .customers = 4,
     .within_ns = S(60),
     .by = BY_PARTY},
    {.id = (char[]){"pair"},
     .customers = 2,
     .within_ns = S(60),
     .by = BY_PAIR,
     .to = &not_partners,
     .to_count = 1},
    {.id = (char[]){"each"},
     .customers = 2,
     .within_ns = S(60),
     .by = BY_TRANSFER},
    {.id = (char[]){"walk"},
     .customers = 3,
     .within_ns = S(200),
     .walk = true,
     .by = BY_PARTY,
     .direction = RULE_ANY},
    {.id = (char[]){"broken"},
     .customers = 2,
     .within_ns = S(100),
     .to = &partners_only,
     .to_count = 1},
    {.id = (char[]){"dark"},
     .unread = UNREAD_ALL,
     .why = WHY_ENCRYPTED,
     .bytes = 100,
     .within_ns = S(100)},
};

static struct partner partners[] = {
    {.name = (char[]){"Print"}, .customers = 4, .within_ns = S(100)},
    {.name = (char[]){"Post"},
     .within_ns = S(50),
     .fields = FIELD_BIT(FIELD_ACCOUNT_NUMBER) | FIELD_BIT(FIELD_PERSON_NAME)},
};

static uint32_t draw(uint32_t *random, uint32_t count)
{
    *random = *random * 1664525 + 1013904223;
    return (*random >> 8) % count;
}

static const char *one_of(uint32_t *random, const char *const *list,
                          uint32_t count)
{
    return list[draw(random, count)];
}

/* One record: a stronger name, some weaker ones behind it, some types. */
static size_t write_record(char *to, size_t room, uint32_t *random)
{
    static const char kinds[] = "akisepb";
    unsigned kind = draw(random, 7), names = 0;
    size_t len = 0;

    for (; kind < 7 && names < 4; kind += 1 + draw(random, 4), names++)
        len += (size_t)snprintf(to + len, room - len, "%s%c%u",
                                names > 0 ? "+" : " ", kinds[kind],
                                1 + draw(random, 9));
    if (draw(random, 3) == 0)
        len += (size_t)snprintf(to + len, room - len, "+N");
    if (draw(random, 4) == 0)
        len += (size_t)snprintf(to + len, room - len, "*2");
    return len;
}

static size_t write_line(char *to, size_t room, uint32_t *random)
{
    static const char *const senders[] = {"taro", "jiro/contractors",
                                          "10.0.0.9", "*198.51.100.9"};
    static const char *const parties[] = {
        "drop",         "box",    "print@0",         "post@1",
        "print@0,drop", "staff!", "drop,box,post@1",
    };
    static const char *const options[] = {"", " sep", " tls=70", " zip=40",
                                          " read=100 missing=30"};
    size_t len = (size_t)snprintf(
        to, room, "%u.%u %s > %s http%s :", draw(random, 300), draw(random, 10),
        one_of(random, senders, 4), one_of(random, parties, 7),
        one_of(random, options, 5));

    for (uint32_t n = draw(random, 4); n > 0; n--)
        len += write_record(to + len, room - len, random);
    return len + (size_t)snprintf(to + len, room - len, "\n");
}

static void test_random_worlds(void **state)
{
    const struct judge_settings settings = {rules, COUNT(rules), partners,
                                            COUNT(partners)};
    uint32_t random = 1;

    (void)state;
    for (unsigned n = 0; n < WORLDS; n++) {
        char text[LINES * LINE];
        struct order order;
        struct world w;
        size_t len = 0;
        for (unsigned i = 0; i < LINES; i++)
            len += write_line(text + len, sizeof(text) - len, &random);
        world_read(&w, text);
        order_shuffle(&order, w.count, &random);
        law_books(&settings, &w, &order, n % 3);
        world_clear(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_worlds),
    };

    return cmocka_run_group_tests_name("rule/books", tests, NULL, NULL);
}
