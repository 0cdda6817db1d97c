// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_columns.c - detect/columns.c: tables without a header whose columns
 * only their values tell, and tables much like them that name nobody.
 */
#include <stdio.h>
#include <string.h>

#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

enum { ROWS = 40 };

struct column_case {
    const char *name;
    void (*line)(uint32_t *seed, char *out, size_t room);
    void (*other)(uint32_t *seed, char *out, size_t room); /* every second */
    const char *header;                                    /* or NULL */
    size_t records;
    const char *fields;
};

#define PICK(list) (list)[make_below(seed, COUNT(list))]
#define R(n)       make_below(seed, n)

static const char *const given[] = {"Jerry", "Mary",  "Helen", "Oscar",
                                    "Anna",  "Peter", "Laura", "Frank"};
static const char *const family[] = {"Price", "Reed", "Smith", "Nakamura",
                                     "Weber", "Diaz", "Hayes", "Zzyzx"};
static const char *const jp_family[] = {"佐藤", "鈴木", "高橋", "田中",
                                        "渡辺", "髙木", "曖昧", "長谷川"};
static const char *const jp_given[] = {"太郎", "花子", "茂", "恵子", "一郎"};
static const char *const things[] = {"Garden", "Summer", "Table", "Window",
                                     "Yellow", "Marble", "Quiet", "River"};

static void english(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room,
             "%s %s,\"%u Cedar St, Dallas, TX 752%02u\",%u-%02u-%02u",
             PICK(given), PICK(family), 1 + R(9000), R(100), 1930 + R(60),
             1 + R(12), 1 + R(28));
}

static void german(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s;Bahnhofstraße %u, %05u Köln;%02u.%02u.%u",
             PICK(given), PICK(family), 1 + R(90), 50000 + R(999), 1 + R(28),
             1 + R(12), 1930 + R(60));
}

static void spanish(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s;Calle Mayor %u, Madrid;%02u/%02u/%u",
             PICK(given), PICK(family), 1 + R(90), 1 + R(28), 1 + R(12),
             1930 + R(60));
}

static void japanese(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s,東京都港区芝浦%u-%u-%u,%u/%u/%u",
             PICK(jp_family), PICK(jp_given), 1 + R(5), 1 + R(30), 1 + R(20),
             1930 + R(60), 1 + R(12), 1 + R(28));
}

static void parted(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s,%s,%s%u@mail.example,%u Oak Ave Reno NV 895%02u",
             PICK(given), PICK(family), "user", R(100000), 1 + R(900), R(100));
}

/* No four digits in a row: the scan has nothing to stop at. */
static void short_numbers(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s,東京都港区芝浦%u-%u-%u,昭和%u年%u月%u日",
             PICK(jp_family), PICK(jp_given), 1 + R(5), 1 + R(30), 1 + R(20),
             20 + R(43), 1 + R(12), 1 + R(28));
}

static void british(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s|%u High Street, Leeds, LS1 4DY|07700 9%05u",
             PICK(given), PICK(family), 1 + R(90), R(100000));
}

static void campaign(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s,%u minutes free,wave %u", PICK(things),
             PICK(things), R(900), R(9));
}

static void company(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room,
             "%s %s Inc,\"%u Cedar St, Dallas, TX 752%02u\",%u-05-%02u",
             PICK(family), PICK(things), 1 + R(9000), R(100), 1930 + R(60),
             1 + R(28));
}

static void shop(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s製作所,東京都港区芝浦%u-%u,%u/%u/%u",
             PICK(jp_family), 1 + R(5), 1 + R(30), 1930 + R(60), 1 + R(12),
             1 + R(28));
}

static void film(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "The %s %s,%s %s,%u-%02u-%02u,Drama,%u", PICK(things),
             PICK(things), PICK(given), PICK(family), 1930 + R(60), 1 + R(12),
             1 + R(28), 60 + R(90));
}

static void sight(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s,Via %s %u,%u-%02u-%02u", PICK(things),
             PICK(things), PICK(things), 1 + R(90), 1850 + R(150), 1 + R(12),
             1 + R(28));
}

static void sentence(uint32_t *seed, char *out, size_t room)
{
    snprintf(
        out, room,
        "%s %s,the house at %u Baker Street was let to somebody,%u-05-%02u",
        PICK(given), PICK(family), 1 + R(900), 1900 + R(90), 1 + R(28));
}

static void day_first(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "Jerry Price,M,%02u/04/1980", 1 + R(28));
}

/* Days as machines count them: only the header says what they are. */
static void counted(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s,%u,M", PICK(given), PICK(family),
             10000 + R(20000));
}

static void stamped(uint32_t *seed, char *out, size_t room)
{
    snprintf(out, room, "%s %s,%u-0%u-1%uT00:00:00.000+09:00,M", PICK(given),
             PICK(family), 1930 + R(60), 1 + R(9), R(9));
}

#define BORN "person_name address date_of_birth"

static const struct column_case cases[] = {
    {"English names, addresses and births", english, NULL, NULL, ROWS, BORN},
    {"the same between marketing rows", english, campaign, NULL, ROWS, BORN},
    {"German ones", german, NULL, NULL, ROWS, BORN},
    {"Spanish ones", spanish, NULL, NULL, ROWS, BORN},
    {"Japanese ones", japanese, NULL, NULL, ROWS, BORN},
    {"Japanese ones with short numbers", short_numbers, NULL, NULL, ROWS, BORN},
    {"British ones with their phones", british, NULL, NULL, ROWS,
     "person_name address phone"},
    {"given and family name apart, beside an e-mail", parted, NULL, NULL, ROWS,
     "person_name email address"},
    {"days of a spreadsheet under their header", counted, NULL, "name,dob,sex",
     ROWS, "person_name date_of_birth gender"},
    {"the same under another header", counted, NULL, "name,score,sex", 0, ""},
    {"the same without one", counted, NULL, NULL, 0, ""},
    {"moments under their header", stamped, NULL, "name,dob,sex", ROWS,
     "person_name date_of_birth gender"},
    {"marketing rows alone", campaign, NULL, NULL, 0, ""},
    {"companies with street and founding", company, NULL, NULL, 0, ""},
    {"companies of families in Japan", shop, NULL, NULL, 0, ""},
    {"films with their directors", film, NULL, NULL, 0, ""},
    {"sights with street and opening", sight, NULL, NULL, 0, ""},
    {"sentences that name a street", sentence, NULL, NULL, 0, ""},
};

static void make_text(const struct column_case *c, struct buf *text)
{
    uint32_t seed = 11;
    char line[300];

    buf_init(text, MAKE_CAP);
    if (c->header)
        assert_true(buf_printf(text, "%s\n", c->header));
    for (size_t i = 0; i < ROWS; i++) {
        c->line(&seed, line, sizeof(line));
        assert_true(buf_printf(text, "%s\n", line));
        if (!c->other)
            continue;
        c->other(&seed, line, sizeof(line));
        assert_true(buf_printf(text, "%s\n", line));
    }
}

static void test_columns(void **state)
{
    static struct collected got;
    const struct column_case *c = *state;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    make_text(c, &text);
    collect(d, buf_span(&text), 1460, &got);
    assert_int_equal(got.count, c->records);
    for (size_t i = 0; i < got.count; i++)
        assert_int_equal(got.record[i].fields, collect_fields(c->fields));
    buf_clear(&text);
    collect_end(d);
}

/* 12/04/1980 in a column with 31/12/1980 is what 1980-04-12 is elsewhere. */
static void test_a_column_tells_the_order_of_its_days(void **state)
{
    static struct collected got, other;
    const struct column_case c = {.line = day_first, .header = "name,sex,dob"};
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;
    bool found = false;

    (void)state;
    make_text(&c, &text);
    collect(d, buf_span(&text), 1460, &got);
    assert_int_equal(got.count, ROWS);
    collect(d, SPAN("name,sex,dob\nJerry Price,M,1980-04-05\n"), 99, &other);
    assert_int_equal(other.count, 1);
    for (size_t i = 0; i < got.count; i++)
        found = found ||
                got.record[i].name.pseudonym == other.record[0].name.pseudonym;
    assert_true(found);
    buf_clear(&text);
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_columns);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_a_column_tells_the_order_of_its_days);
    return SPEC_RUN("detect/columns", tests, count);
}
