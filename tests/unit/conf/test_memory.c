// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_memory.c - settings, rules and schemas with the n-th allocation
 * failing: nothing leaks, nothing crashes, nothing starts half read.
 */
#include "conf/conf.h"
#include "unit/conf/said.h"
#include "unit/conf/starve.h"

static const char settings[] =
    "inside = [ \"10.0.0.0/8\" ]; domains = [ \"bank.example\" ];\n"
    "employees = \"employees.csv\"; state = \"s\"; session = \"nids\";\n"
    "partners = ( { name = \"x\"; domains = [ \"print.example\" ];"
    " networks = [ \"198.51.100.0/28\" ]; customers = 5; } );\n"
    "outputs = ( { type = \"syslog\"; }, { type = \"file\"; path = \"x\"; } "
    ");\n"
    "numbers = ( { name = \"x\"; type = \"account_number\"; pattern = \"1\"; "
    "} );\n"
    "limits = { depth = 8; };\n";

static const char rules[] =
    "rules = ( { id = \"a\"; from = [ \"user:taro\", \"network:10.0.0.0/8\" "
    "]; to = [ \"party:::1\", \"domain:x.example\", \"!partners\" ]; channels "
    "= [ \"http\" ]; attack = [ \"T1048\" ]; customers = 5; },"
    " { id = \"b\"; unread = \"limit\"; bytes = 5; } );\n";

static const char schema[] =
    "columns = ( { name = \"a\"; type = \"phone\"; } );"
    " match = ( [ \"phone\" ] );";

static bool read_settings(void)
{
    struct script script = {0};
    struct draft draft;
    struct problems problems = {0};
    bool good = draft_default(&draft) &&
                script_from("etc/s", SPAN(settings), &script) &&
                draft_read(&script, &draft, &problems);

    script_clear(&script);
    draft_clear(&draft);
    problems_clear(&problems);
    return good;
}

static bool read_rules(void)
{
    struct script script = {0};
    struct settings s = {0};
    struct problems problems = {0};
    bool good = script_from("r", SPAN(rules), &script) &&
                rules_read(&script, &s, &problems) &&
                rules_check_all(&s, &problems);

    script_clear(&script);
    settings_clear(&s);
    problems_clear(&problems);
    return good;
}

static bool read_schema(void)
{
    struct script script = {0};
    struct schema s = {0};
    struct problems problems = {0};
    bool good = script_from("s", SPAN(schema), &script) &&
                schema_from(&script, &s, &problems);

    script_clear(&script);
    schema_clear(&s);
    problems_clear(&problems);
    return good;
}

static bool read_shipped(void)
{
    struct settings s;
    struct problems problems = {0};
    bool good = settings_read(NULL, NULL, 0, &s, &problems);

    settings_clear(&s);
    problems_clear(&problems);
    return good;
}

static void test_settings(void **state)
{
    (void)state;
    assert_true(starve_all(read_settings) > 20);
}

static void test_rules(void **state)
{
    (void)state;
    assert_true(starve_all(read_rules) > 20);
}

static void test_schema(void **state)
{
    (void)state;
    assert_true(starve_all(read_schema) > 5);
}

static void test_shipped(void **state)
{
    (void)state;
    assert_true(starve_all(read_shipped) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"settings without memory", test_settings, NULL, NULL, NULL},
        {"rules without memory", test_rules, NULL, NULL, NULL},
        {"a schema without memory", test_schema, NULL, NULL, NULL},
        {"the shipped rules without memory", test_shipped, NULL, NULL, NULL},
    };
    return SPEC_RUN("conf/memory", tests, COUNT(tests));
}
