// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_schema.c - conf/schema.c: the columns of a customer table.
 */
#include "conf/conf.h"
#include "said.h"

struct bad_case {
    const char *name;
    const char *text;
    const char *said;
};

#define COLUMN "{ name = \"a\"; type = \"account_number\"; }"

static const struct bad_case bad[] = {
    {"one column is enough", "columns = ( " COLUMN " );", NULL},
    {"no columns", "",
     "s:1: columns: want this setting of a schema, have none\n"},
    {"an empty list of columns", "columns = ();",
     "s:1: columns: want columns, have none\n"},
    {"a column of an unknown type",
     "columns = ( { name = \"a\"; type = \"acount_number\"; } );",
     "s:1: type: want a field type, have \"acount_number\"; did you mean "
     "\"account_number\"?\n"},
    {"a column without type", "columns = ( { name = \"a\"; } );",
     "s:1: type: want this setting of a column, have none\n"},
    {"a column without place", "columns = ( { type = \"phone\"; } );",
     "s:1: columns: want name or number of a column, have neither\n"},
    {"a column with two places",
     "columns = ( { name = \"a\"; number = 1; type = \"phone\"; } );",
     "s:1: columns: want name or number of a column, have both\n"},
    {"columns count from one",
     "columns = ( { number = 0; type = \"phone\"; } );",
     "s:1: number: want a number from 1 to 16384, have 0\n"},
    {"a key that identifies nobody",
     "columns = ( { name = \"a\"; type = \"other\"; key = true; } );",
     "s:1: key: want a column that identifies, have type \"other\"\n"},
    {"a key that is a number",
     "columns = ( { name = \"a\"; type = \"phone\"; key = 1; } );",
     "s:1: key: want true or false, have 1\n"},
    {"a combination that is no list",
     "columns = ( " COLUMN " );\nmatch = [ \"account_number\" ];",
     "s:2: match: want lists of types such as ( [ \"account_number\" ] ), "
     "have \"account_number\"\n"},
    {"a combination of a column there is not",
     "columns = ( " COLUMN " );\nmatch = ( [ \"phone\" ] );",
     "s:1: match: want types of columns, have \"phone\"\n"},
    {"an unknown setting", "colums = ();",
     "s:1: colums: want a setting of a schema, have \"colums\"; did you mean "
     "\"columns\"?\n"
     "s:1: columns: want this setting of a schema, have none\n"},
};

static void test_bad(void **state)
{
    const struct bad_case *c = *state;
    struct script script;
    struct schema schema;
    struct problems problems = {0};

    assert_true(script_from("s", span_of(c->text), &script));
    bool good = schema_from(&script, &schema, &problems);
    script_clear(&script);
    schema_clear(&schema);
    assert_int_equal(good, c->said == NULL);
    said_expect(&problems, c->said);
}

static void test_good(void **state)
{
    static const char text[] =
        "columns = ( { name = \"account_no\"; type = \"account_number\"; key "
        "= true; }, { number = 3; type = \"person_name\"; }, { name = "
        "\"phone\"; type = \"phone\"; }, { name = \"note\"; type = \"other\"; "
        "} );\n"
        "match = ( [ \"account_number\" ], [ \"person_name\", \"phone\" ] );";
    struct script script;
    struct schema s;
    struct problems problems = {0};

    (void)state;
    assert_true(script_from("s", SPAN(text), &script));
    assert_true(schema_from(&script, &s, &problems));
    script_clear(&script);
    assert_int_equal(s.column_count, 4);
    assert_string_equal(s.columns[0].name, "account_no");
    assert_true(s.columns[0].key);
    assert_int_equal(s.columns[0].number, 0);
    assert_null(s.columns[1].name);
    assert_int_equal(s.columns[1].number, 3);
    assert_int_equal(s.columns[3].type, FIELD_OTHER);
    assert_int_equal(s.match_count, 2);
    assert_int_equal(s.match[1],
                     FIELD_BIT(FIELD_PERSON_NAME) | FIELD_BIT(FIELD_PHONE));
    schema_clear(&s);
    said_expect(&problems, NULL);
}

static void test_missing(void **state)
{
    struct schema s;
    struct problems problems = {0};

    (void)state;
    assert_false(schema_read("/nonexistent/s", &s, &problems));
    said_expect(&problems, "/nonexistent/s: cannot be opened: No such file or "
                           "directory\n");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(bad) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, bad, test_bad);
    tests[count++] = (struct CMUnitTest){"every setting of a schema", test_good,
                                         NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"a schema that is not there",
                                         test_missing, NULL, NULL, NULL};
    return SPEC_RUN("conf/schema", tests, count);
}
