// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_options.c - options.c: the command line, its errors word for word.
 */
#include "support/spec.h"

#include <string.h>

#include "options.h"

enum { MOST = 12 };

struct bad_case {
    const char *name;
    const char *argv[MOST];
    const char *want; /* first problem */
};

static struct bad_case bads[] = {
    {"no command",
     {"outflow"},
     "want a command, have none; see \"outflow help\""},
    {"a command misspelt",
     {"outflow", "raed", "x"},
     "unknown command \"raed\"; did you mean \"read\"?; see \"outflow help\""},
    {"a command nobody knows",
     {"outflow", "frobnicate"},
     "unknown command \"frobnicate\"; see \"outflow help\""},
    {"read without a capture",
     {"outflow", "read"},
     "read: want at least one CAPTURE, have none; see \"outflow help read\""},
    {"a format that is not one",
     {"outflow", "read", "-f", "xml", "x"},
     "-f: want table, json, cef, leef or ocsf, have \"xml\""},
    {"no workers at all",
     {"outflow", "read", "-j", "0", "x"},
     "-j: want a number from 1 to 64, have \"0\""},
    {"an option without its value",
     {"outflow", "read", "x", "-k"},
     "-k: want a value behind it, have none"},
    {"an option of another command",
     {"outflow", "check", "-a", "list.csv"},
     "-a: not an option of this command"},
    {"an option of a later version",
     {"outflow", "read", "-x", "customers.idx", "x"},
     "-x: the exact-match index is not in this version of outflow"},
    {"a command of a later version",
     {"outflow", "index", "table.csv"},
     "index: not in this version of outflow; see \"outflow help\""},
    {"watch without an interface",
     {"outflow", "watch", "-j", "2"},
     "watch: want at least one -i INTERFACE, have none; see \"outflow help "
     "watch\""},
    {"watch with a capture",
     {"outflow", "watch", "-i", "eth0", "x.pcap"},
     "watch: want no arguments, have \"x.pcap\""},
    {"an unknown option",
     {"outflow", "read", "--colour", "x"},
     "--colour: want an option of \"outflow help read\""},
    {"affected without its key",
     {"outflow", "affected", "-s", "s.conf", "t.csv", "l.csv"},
     "affected: want -k KEY, the key the list was made with"},
};

static int count_of(const char *const *argv)
{
    int argc = 0;

    while (argc < MOST && argv[argc])
        argc++;
    return argc;
}

/* The words of main are not const, though nothing writes to them. */
static bool parse(const char *const *argv, int count, struct options *o,
                  struct problems *p)
{
    return options_parse(count, (char **)(uintptr_t)argv, o, p);
}

static void test_bad(void **state)
{
    struct bad_case *c = *state;
    struct problems p = {0};
    struct options o;

    assert_false(parse(c->argv, count_of(c->argv), &o, &p));
    assert_true(p.count > 0);
    assert_string_equal(p.lines[0], c->want);
    problems_clear(&p);
    options_clear(&o);
}

static void all_options_of_read_are_understood(void **state)
{
    const char *argv[] = {"outflow", "read",     "-c",      "a.conf",  "-R",
                          "r1",      "-R",       "r2",      "-k",      "key",
                          "-f",      "json",     "-o",      "out",     "-a",
                          "list",    "-j",       "2",       "--stats", "stats",
                          "-q",      "one.pcap", "two.pcap"};
    struct problems p = {0};
    struct options o;

    (void)state;
    assert_true(parse(argv, (int)COUNT(argv), &o, &p));
    assert_int_equal(o.command, COMMAND_READ);
    assert_string_equal(o.config, "a.conf");
    assert_int_equal(o.rule_count, 2);
    assert_string_equal(o.rules[1], "r2");
    assert_string_equal(o.format, "json");
    assert_string_equal(o.affected, "list");
    assert_int_equal(o.workers, 2);
    assert_string_equal(o.stats, "stats");
    assert_int_equal(o.talk, -1);
    assert_int_equal(o.arg_count, 2);
    assert_string_equal(o.args[1], "two.pcap");
    options_clear(&o);
}

static void every_command_has_its_help(void **state)
{
    (void)state;
    assert_non_null(strstr(options_help(COMMAND_READ), "--affected"));
    assert_non_null(strstr(options_help(COMMAND_AFFECTED), "--schema"));
    assert_non_null(strstr(options_help(COMMAND_CHECK), "--rules"));
    assert_non_null(strstr(options_help(COMMAND_NONE), "outflow read"));
}

int main(void)
{
    struct CMUnitTest tests[32] = {
        cmocka_unit_test(all_options_of_read_are_understood),
        cmocka_unit_test(every_command_has_its_help),
    };
    size_t count = 2;

    SPEC_TABLE(tests, count, bads, test_bad);
    return SPEC_RUN("sensor/options", tests, count);
}
