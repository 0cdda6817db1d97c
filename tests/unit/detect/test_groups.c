// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_groups.c - values whose digits stand in groups of two and three, so
 * that no run of four shows them, and rows without such a value beside rows
 * with one. However the bytes are cut, the records are the same.
 */
#include "support/spec.h"
#include "unit/detect/collect.h"

struct group_case {
    const char *name;
    const char *text;
    size_t records;
    const char *fields; /* of every record */
};

#define BOTH "person_name phone"

static const struct group_case cases[] = {
    {"threes in objects",
     "[{\"name\":\"Jan Novak\",\"phone\":\"605 825 979\"},"
     "{\"name\":\"Eva Mala\",\"phone\":\"731 204 118\"}]",
     2, BOTH},
    {"twos in objects",
     "[{\"nom\":\"Luc Roux\",\"phone\":\"06 39 98 12 34\"},"
     "{\"nom\":\"Lea Petit\",\"phone\":\"06 39 98 56 07\"}]",
     2, BOTH},
    {"four twos, a line an object",
     "{\"name\":\"Ola Berg\",\"phone\":\"12 34 56 78\"}\n"
     "{\"name\":\"Kari Lie\",\"phone\":\"22 86 41 09\"}\n",
     2, BOTH},
    {"points", "{\"name\":\"Luc Roux\",\"phone\":\"01.99.00.12.34\"}", 1, BOTH},
    {"a slash behind the area",
     "{\"name\":\"Jan Peeters\",\"phone\":\"02/123.45.67\"}", 1, BOTH},
    {"a country and a nought in brackets",
     "{\"name\":\"Bo Lund\",\"phone\":\"+46 (0)8 465 004 20\"}", 1, BOTH},
    {"a bracket and a slash",
     "{\"name\":\"Feher Andras\",\"phone\":\"(06)/20 301 66\"}", 1, BOTH},
    {"an extension", "{\"name\":\"Mary Reed\",\"phone\":\"303.555.0143x2319\"}",
     1, BOTH},
    {"an extension of plain digits",
     "{\"name\":\"Mary Reed\",\"phone\":\"3035550143x2319\"}", 1, BOTH},
    {"arrays",
     "[[\"name\",\"phone\"],[\"Jan Novak\",\"605 825 979\"],"
     "[\"Eva Mala\",\"731 204 118\"]]",
     2, BOTH},
    {"labels",
     "Name: Jan Novak\nPhone: 605 825 979\n\nName: Eva Mala\n"
     "Phone: 731 204 118\n",
     2, BOTH},
    {"a log",
     "10:01:00 saved name=\"Jan Novak\" phone=\"605 825 979\"\n"
     "10:01:09 saved name=\"Eva Mala\" phone=\"731 204 118\"\n",
     2, BOTH},
    {"a sentence", "The name is Jan Novak. The phone is 605 825 979.\n", 1,
     BOTH},
    {"a page",
     "<html><table><tr><th>Name</th><th>Phone</th></tr>"
     "<tr><td>Jan Novak</td><td>605 825 979</td></tr>"
     "<tr><td>Eva Mala</td><td>731 204 118</td></tr></table></html>",
     2, BOTH},
    {"elements",
     "<?xml version=\"1.0\"?><all><c><name>Jan Novak</name>"
     "<phone>605 825 979</phone></c><c><name>Eva Mala</name>"
     "<phone>731 204 118</phone></c></all>",
     2, BOTH},
    {"a national identifier",
     "{\"name\":\"Ana Souza\",\"cpf\":\"390.533.447-05\"}", 1,
     "person_name national_id"},
    {"a row that names nobody beside others",
     "[{\"name\":\"Mary Reed\",\"account_no\":\"7348770443\"},\n"
     " {\"name\":\"Jan Novak\",\"account_no\":\"none\"},\n"
     " {\"name\":\"Bo Lund\",\"account_no\":\"7348770449\"}]",
     2, "person_name account_number"},
    {"keyed rows, the second without a sign",
     "{\"a\":{\"name\":\"Mary Reed\",\"phone\":\"(303) 555-0143\"},"
     "\"b\":{\"name\":\"Bo Lund\",\"phone\":\"5 550 143\"},"
     "\"c\":{\"name\":\"Eva Mala\",\"phone\":\"(303) 555-0144\"}}",
     3, BOTH},
    {"a long object beside a row is looked into",
     "[{\"name\":\"Mary Reed\",\"phone\":\"(303) 555-0143\"},"
     "{\"all\":[{\"name\":\"Eva Mala\",\"phone\":\"731 204 118\"}]}]",
     2, BOTH},
    {"addresses of machines are no phones",
     "{\"name\":\"Jan Novak\",\"host\":\"101.202.103.204\"}", 0, ""},
    {"short days are no phones",
     "{\"name\":\"Jan Novak\",\"seen\":\"11-08-05 01:02\"}", 0, ""},
    {"versions are no phones",
     "{\"name\":\"Garden Tool\",\"version\":\"12.34.56.78\"}", 0, ""},
    {"a row of figures is nobody", "12 34 56 78 90 12 34 56\n", 0, ""},
    {"a size is no extension", "{\"name\":\"Big Screen\",\"s\":\"1920x1080\"}",
     0, ""},
};

static void test_case(void **state)
{
    const struct group_case *c = *state;

    collect_expect(span_of(c->text), c->records, c->fields);
}

static void test_cuts(void **state)
{
    const struct group_case *c = *state;

    collect_cuts(span_of(c->text));
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, cases, test_cuts);
    return SPEC_RUN("detect/groups", tests, count);
}
