// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_plans.c - detect/plans.c, bank.c: columns of phones that only the plan
 * of their country tells, banks beside accounts, and numbers as long as
 * those that are neither.
 */
#include <stdio.h>
#include <string.h>

#include "detect/bank.h"
#include "detect/plans.h"
#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

enum { ROWS = 40 };

struct table_case {
    const char *name;
    void (*number)(uint32_t *seed, char *out, size_t room);
    const char *front, *behind; /* other cells: see fill */
    const char *header;         /* or NULL */
    const char *fields;         /* NULL: no records */
};

#define PICK(list) (list)[make_below(seed, COUNT(list))]
#define R(n)       make_below(seed, n)

static const char *const given[] = {"Jerry", "Mary",  "Helen", "Oscar",
                                    "Anna",  "Peter", "Laura", "Frank"};
static const char *const family[] = {"Price",    "Reed",  "Smith",
                                     "Nakamura", "Weber", "Diaz"};
static const char *const chinese[] = {"张", "王", "李", "刘", "陈", "杨"};
static const char *const chinese_given[] = {"伟", "芳",   "娜", "洋",
                                            "静", "建国", "敏", "秀英"};
static const char *const things[] = {"Garden", "Summer", "Table",  "Window",
                                     "Yellow", "Marble", "Quiet",  "River",
                                     "Copper", "Silver", "Harbor", "Meadow"};

#define NUMBER(name, ...)                                                      \
    static void name(uint32_t *seed, char *out, size_t room)                   \
    {                                                                          \
        snprintf(out, room, __VA_ARGS__);                                      \
    }

NUMBER(french, "%s%u %02u %02u %02u %02u", R(3) ? "0" : "+33 (0)", 1 + R(9),
       R(100), R(100), R(100), R(100))
NUMBER(czech, "%u%02u %03u %03u", 6 + R(2), R(9), R(1000), R(1000))
NUMBER(norwegian, "%u%u %02u %02u %02u", 2 + R(8), R(10), R(100), R(100),
       R(100))
NUMBER(hungarian, "(%u)/%03u-%04u", 20 + R(80), 100 + R(900), R(10000))
NUMBER(chinese_mobile, "1%u%09u", 3 + R(7), R(1000000000))
NUMBER(taiwanese, "09%02u-%06u", R(100), R(1000000))
NUMBER(polish, "%s%u %03u %03u", R(2) ? "+48 " : "", 500 + R(400), R(1000),
       R(1000))
NUMBER(plain_polish, "%u%u%07u", 5 + R(4), 1 + R(3), R(10000000))
NUMBER(australian, "%s", R(2) ? "+61.425.102.734" : "9069 5848")
NUMBER(lettered, "%u59%05u (work)", 2 + R(8), R(100000))
NUMBER(order, "2024%06u", R(1000000))
NUMBER(order_long, "10%09u", R(1000000000))
NUMBER(stamp, "13%08u", R(100000000))
NUMBER(millis, "1312%09u", R(1000000000))
NUMBER(ean, "40%011llu", (unsigned long long)R(1000000000) * 71 % 100000000000)
NUMBER(parcel, "1Z%06u%09u", R(1000000), R(1000000000))
NUMBER(product, "SKU-%07u", R(10000000))
NUMBER(member, "7%08u", R(100000000))
NUMBER(membership, "%u %04u", 1000 + R(9000), R(10000))
NUMBER(employer, "%02u-%07u", 1 + R(99), R(10000000))
NUMBER(tax_polish, "%03u-%03u-%02u-%02u", 100 + R(900), R(1000), R(100), R(100))
NUMBER(octets, "%u.%u.%u.%u", 40 + R(60), 10 + R(90), 10 + R(90), 10 + R(90))

/* 3 7 1 over nine digits, the last of which is told by the others. */
static void routing(uint32_t *seed, char *out, size_t room)
{
    static const unsigned weights[] = {3, 7, 1};
    unsigned sum = 0;

    snprintf(out, room, "%02u%06u0,%u", 1 + R(12), R(1000000),
             100000 + R(900000000));
    for (size_t i = 0; i < 8; i++)
        sum += weights[i % 3] * (unsigned)(out[i] - '0');
    out[8] = (char)('0' + (10 - sum % 10) % 10);
}

static void not_routing(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%09u,%u", R(1000000000), 100000 + R(900000000));
}

static void bic(uint32_t *seed, char *out, size_t room)
{
    static const char *const banks[] = {"DEUTDEFF", "COBADEFFXXX", "CHASUS33",
                                        "BARCGB22", "UBSWCHZH80A"};

    snprintf(out, room, "%s,%u", PICK(banks), 1000000 + R(90000000));
}

/* n a name, a an address, b a birth, c a Chinese name, t a thing, e e-mail */
static void fill(uint32_t *seed, const char *cells, struct buf *text)
{
    for (; *cells; cells++) {
        bool fits = true;
        if (*cells == 'n')
            fits = buf_printf(text, "%s %s", PICK(given), PICK(family));
        else if (*cells == 'c')
            fits = buf_printf(text, "%s%s", PICK(chinese), PICK(chinese_given));
        else if (*cells == 't')
            fits = buf_printf(text, "%s %s", PICK(things), PICK(things));
        else if (*cells == 'e')
            fits = buf_printf(text, "user%u@mail.example", R(100000));
        else if (*cells == 'a')
            fits = buf_printf(text, "%u Oak Ave Reno NV 895%02u", 1 + R(900),
                              R(100));
        else if (*cells == 'b')
            fits = buf_printf(text, "%u-%02u-%02u", 1930 + R(60), 1 + R(12),
                              1 + R(28));
        else
            fits = buf_printf(text, "%u", R(90));
        assert_true(fits && buf_add_byte(text, ','));
    }
}

#define PERSON "person_name address date_of_birth"

static const struct table_case cases[] = {
    {"French", french, "na", "b", NULL, PERSON " phone"},
    {"Czech", czech, "na", "b", NULL, PERSON " phone"},
    {"Norwegian", norwegian, "na", "b", NULL, PERSON " phone"},
    {"Hungarian", hungarian, "na", "b", NULL, PERSON " phone"},
    {"Chinese mobiles", chinese_mobile, "na", "b", NULL, PERSON " phone"},
    {"Taiwanese", taiwanese, "na", "b", NULL, PERSON " phone"},
    {"Polish, half with their code", polish, "na", "b", NULL, PERSON " phone"},
    {"Czech behind a name alone", czech, "n", "b", NULL,
     "person_name date_of_birth phone"},
    {"Chinese names and mobiles alone", chinese_mobile, "c", "", NULL,
     "person_name phone"},
    {"Czech beside an e-mail", czech, "e", "", NULL, "email phone"},
    {"Australian under a header", australian, "n", "", "name,mobile",
     "person_name phone"},
    {"Polish ones without blanks under one", plain_polish, "n", "",
     "name,telefon", "person_name phone"},
    {"words behind them under one", lettered, "n", "", "name,phone",
     "person_name phone"},
    {"things with Czech numbers", czech, "t", "x", NULL, NULL},
    {"things with mobiles' digits", norwegian, "tx", "", NULL, NULL},
    {"orders of persons", order, "na", "b", NULL, PERSON " account_number"},
    {"orders of eleven digits", order_long, "na", "b", NULL,
     PERSON " account_number"},
    {"orders of things", order_long, "t", "x", NULL, NULL},
    {"seconds beside persons", stamp, "na", "b", NULL,
     PERSON " account_number"},
    {"seconds of things", stamp, "t", "x", NULL, NULL},
    {"milliseconds", millis, "na", "b", NULL, PERSON},
    {"EANs beside persons", ean, "na", "b", NULL, PERSON},
    {"EANs of things", ean, "t", "x", NULL, NULL},
    {"parcels", parcel, "na", "b", NULL, PERSON},
    {"products", product, "na", "b", NULL, PERSON},
    {"members' numbers", member, "na", "b", NULL, PERSON " account_number"},
    {"members' numbers in fours", membership, "na", "b", NULL,
     PERSON " account_number"},
    {"employers' numbers", employer, "na", "b", NULL, PERSON " account_number"},
    {"tax numbers of Poland", tax_polish, "na", "b", NULL,
     PERSON " account_number"},
    {"addresses of IPv4", octets, "na", "b", NULL, PERSON},
    {"orders called so", czech, "n", "b", "name,order no,birthday", NULL},
    {"orders of one length called so", order, "n", "b",
     "name,order no,birthday", NULL},
    {"routing numbers and accounts", routing, "", "", NULL, "account_number"},
    {"the same behind names", routing, "n", "", NULL,
     "person_name account_number"},
    {"the same under headers that do not say account", routing, "n", "",
     "name,routing,dda", "person_name account_number"},
    {"numbers that miss the check", not_routing, "", "", NULL, NULL},
    {"the same under a header of banks", not_routing, "n", "",
     "name,routing,dda", NULL},
    {"SWIFT codes and accounts", bic, "n", "", NULL,
     "person_name account_number"},
};

static void test_tables(void **state)
{
    static struct collected got;
    const struct table_case *c = *state;
    struct detect *d = collect_detect(NULL, 0, NULL);
    uint32_t seed = 5;
    char number[64];
    struct buf text;

    buf_init(&text, MAKE_CAP);
    if (c->header)
        assert_true(buf_printf(&text, "%s\n", c->header));
    for (size_t i = 0; i < ROWS; i++) {
        fill(&seed, c->front, &text);
        c->number(&seed, number, sizeof(number));
        assert_true(buf_printf(&text, "%s%s", number, *c->behind ? "," : ""));
        fill(&seed, c->behind, &text);
        if (*c->behind)
            text.len--;
        assert_true(buf_add_byte(&text, '\n'));
    }
    collect(d, buf_span(&text), 1460, &got);
    assert_int_equal(got.count, c->fields ? ROWS : 0);
    for (size_t i = 0; i < got.count; i++)
        assert_int_equal(got.record[i].fields, collect_fields(c->fields));
    buf_clear(&text);
    collect_end(d);
}

/* The customers of a table, once each form of a phone is one. */
static size_t customers_of(const char *rows)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);

    collect(d, span_of(rows), 99, &got);
    collect_end(d);
    return collected_customers(&got);
}

static void test_one_phone_however_it_is_written(void **state)
{
    (void)state;
    assert_int_equal(customers_of("phone,note\n+33 1 23 45 67 89,a\n"
                                  "0033 1 23 45 67 89,b\n"
                                  "01 23 45 67 89,c\n0123456789,d\n"
                                  "+33 (0)1 23 45 67 89,e\n33123456789,f\n"),
                     1);
    assert_int_equal(customers_of("phone,note\n+36 20 123 4567,a\n"
                                  "06 20 123 4567,b\n06-20/123 4567,c\n"
                                  "+36 (20) 123-4567,d\n0036201234567,e\n"),
                     1);
    /* of which country 06 is nothing says */
    assert_int_equal(customers_of("phone,note\n06 20 123 4567,a\n"
                                  "06 20 123 4567,b\n"),
                     1);
}

static const struct {
    const char *name;
    bool routing, bic;
} banks[] = {
    {"021000021", true, false},    {"011401533", true, false},
    {"021000022", false, false},   {"131000020", false, false},
    {"000000000", false, false},   {"0210000211", false, false},
    {"021-00-0021", false, false}, {"DEUTDEFF", false, true},
    {"DEUTDEFF500", false, true},  {"DEUTXXFF", false, false},
    {"deutdeff", false, false},    {"DEUTDEF", false, false},
    {"DEUT1EFF", false, false},    {"DEUTDEFF5", false, false},
    {"CHASUS33", false, true},     {"12345678", false, false},
};

static void test_banks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(banks); i++) {
        uint8_t room[CELL_ROOM];
        struct cell c;
        cell_make(&c, span_of(banks[i].name), room);
        assert_int_equal(bank_is_routing(&c), banks[i].routing);
        assert_int_equal(bank_is_bic(&c), banks[i].bic);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_tables);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_one_phone_however_it_is_written);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_banks);
    return SPEC_RUN("detect/plans", tests, count);
}
