// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_scan.c - conf/scan.c and conf/tree.c: errors that libconfig hides, and
 * the lines of values.
 */
#include "conf/scan.h"
#include "conf/tree.h"
#include "outflow/limits.h"
#include "said.h"

struct scan_case {
    const char *name;
    const char *text;
    const char *said;  /* problems; NULL: none */
    const char *lines; /* of all values, parents first; NULL: not parsed */
};

static const struct scan_case cases[] = {
    {"an empty file has no values", "", NULL, ""},
    {"every kind of value has its line",
     "a = 1;\nb = [\"x\",\n\"y\"];\nc = (\n{ d = true; },\n7 );", NULL,
     "1 2 2 3 4 5 5 6 "},
    {"a text over lines begins on its first", "a = \"x\"\n\"y\";b=1", NULL,
     "1 2 "},
    {"a colon, no end signs and commas are libconfig too",
     "a : 1 b : 2, c = (), d = [], e = {}", NULL, "1 1 1 1 1 "},
    {"a repeated name is told and the rest is read",
     "a = 1;\na = { b = 2;\n};\nc = 3;",
     "t:2: a: want it once, have it again; it stands on line 1 already\n",
     "1 4 "},
    {"a name may stand again in another group",
     "a = { x = 1; }; b = { x = 2; }; l = ( { x = 1; }, { x = 2; } );", NULL,
     "1 1 1 1 1 1 1 1 1 "},
    {"three times is told twice", "a=1;\na=2;\na=3;",
     "t:2: a: want it once, have it again; it stands on line 1 already\n"
     "t:3: a: want it once, have it again; it stands on line 1 already\n",
     "1 "},
    {"a large number is told with its path",
     "limits = { memory = 5000000000; };",
     "t:1: limits.memory: want numbers over 2147483647 as a text such as "
     "\"5GiB\" or \"5000000000\", have 5000000000\n",
     "1 1 "},
    {"paths begin anew in groups of a list",
     "rules = ( { f = { n = -9999999999; }; } );",
     "t:1: f.n: want numbers over 2147483647 as a text such as \"5GiB\" or "
     "\"5000000000\", have -9999999999\n",
     "1 1 1 1 "},
    {"a large number in an array", "a = [ 1, 0xFFFFFFFF ];",
     "t:1: a: want numbers over 2147483647 as a text such as \"5GiB\" or "
     "\"5000000000\", have 0xFFFFFFFF\n",
     "1 1 1 "},
    {"an include is told and passed over",
     "a = 1;\n@include \"/etc/passwd\"\nb = 2;",
     "t:2: @include: want every setting in this file, have an include\n",
     "1 3 "},
    {"another charset is told and the rest is read", "a = \"\x83R\";\nb = 2;",
     "t:1: text: want UTF-8, have bytes of another charset\n", "1 2 "},
    {"a name without value", "a = 1;\nb;",
     "t:2: syntax: want \"=\" behind a name, have \";\"\n", NULL},
    {"a value without quotes", "a = native;",
     "t:1: syntax: want a value, have \"native\"\n", NULL},
    {"a bracket that is not closed", "a = { b = 1;\n",
     "t:2: syntax: want a setting or \"}\", have the end of the file\n", NULL},
    {"a bracket too many", "a = 1; }",
     "t:1: syntax: want a setting, have \"}\"\n", NULL},
    {"a comma at the end of an array", "a = [ 1, ];",
     "t:1: syntax: want a value behind \",\", have \"]\"\n", NULL},
    {"a comma at the end of a list", "a = ( 1, );",
     "t:1: syntax: want a value behind \",\", have \")\"\n", NULL},
    {"a missing comma", "a = [ \"x\", 1 \"y\" ];",
     "t:1: syntax: want \",\" or \"]\", have \"y\"\n", NULL},
    {"a list without comma", "a = ( 1 2 );",
     "t:1: syntax: want \",\" or \")\", have 2\n", NULL},
    {"an array of two types is left to its reader", "a = [ \"x\",\n1 ];", NULL,
     "1 1 2 "},
    {"a group in an array", "a = [ { } ];",
     "t:1: syntax: want a value, have \"{\"\n", NULL},
    {"a text that is not closed", "a = \"x;\nb = 1;\n",
     "t:1: syntax: want a value, have a text without closing quote\n", NULL},
    {"a number that is none", "a = 12x;",
     "t:1: syntax: want a number, a text in quotes, true or false, have "
     "12x\n",
     NULL},
    {"only the first syntax error is told", "a = ;\nb = ;",
     "t:1: syntax: want a value, have \";\"\n", NULL},
    {"a syntax error and what came before it", "a = 1;\na = 2;\nb = ;",
     "t:2: a: want it once, have it again; it stands on line 1 already\n"
     "t:3: syntax: want a value, have \";\"\n",
     NULL},
    {"brackets in brackets end somewhere",
     "a = (((((((((((((((((1)))))))))))))))));",
     "t:1: syntax: want fewer brackets in one another, have \"(\"\n", NULL},
    {"a byte that is no text", "a = 1;\n$",
     "t:2: syntax: want a setting, have \"$\"\n", NULL},
};

/* The lines of all values below n, parents first. */
static void put_lines(const struct node *n, FILE *out)
{
    for (size_t i = 0; i < node_count(n); i++) {
        const struct node *child = node_at(n, i);
        fprintf(out, "%u ", node_line(child));
        put_lines(child, out);
    }
}

static void test_case(void **state)
{
    const struct scan_case *c = *state;
    struct script s;
    struct problems problems = {0};
    char *lines = NULL;
    size_t len = 0;

    assert_true(script_from("t", span_of(c->text), &s));
    struct tree *tree = tree_new(&s, &problems);
    if (tree) {
        FILE *out = open_memstream(&lines, &len);
        put_lines(tree_root(tree), out);
        fclose(out);
    }
    tree_free(tree);
    script_clear(&s);
    said_expect(&problems, c->said);
    assert_int_equal(lines != NULL, c->lines != NULL);
    if (lines)
        assert_string_equal(lines, c->lines);
    free(lines);
}

/*
 * head, middle many times, tail; scanned. middle is a value, or a name that
 * gets a number. Gives what was said.
 */
static char *repeated(const char *head, const char *middle, size_t times,
                      const char *tail)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct script s;
    struct problems problems = {0};
    bool numbered = middle[0] == 'a';

    fputs(head, out);
    for (size_t i = 0; i < times; i++)
        fprintf(out, "%s%.0zu%s", middle, numbered ? i + 1 : 0,
                numbered ? " = 1;" : "");
    fputs(tail, out);
    fclose(out);
    assert_true(script_from("t", (struct span){(uint8_t *)text, len}, &s));
    free(text);
    tree_free(tree_new(&s, &problems));
    script_clear(&s);
    text = said_text(&problems);
    problems_clear(&problems);
    return text;
}

static void test_many_names(void **state)
{
    (void)state;
    char *said = repeated("", "a", LIMIT_SETTINGS_NAMES, "");
    assert_string_equal(said, "");
    free(said);
    said = repeated("", "a", LIMIT_SETTINGS_NAMES + 1, "");
    assert_non_null(strstr(said, "want fewer settings in a group"));
    free(said);
}

static void test_many_values(void **state)
{
    (void)state;
    char *said = repeated("a = [ 1", ",1", LIMIT_SETTINGS_VALUES, "];");
    assert_non_null(strstr(said, "want fewer values in a file"));
    free(said);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    tests[count++] =
        (struct CMUnitTest){"a group holds no more names than the limit",
                            test_many_names, NULL, NULL, NULL};
    tests[count++] =
        (struct CMUnitTest){"a file holds no more values than the limit",
                            test_many_values, NULL, NULL, NULL};
    return SPEC_RUN("conf/scan", tests, count);
}
