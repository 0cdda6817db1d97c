// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_files.c - conf/files.c and conf/script.c: files and folders, their
 * modes, and rules that stand in several of them.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "outflow/limits.h"
#include "said.h"

/* A fresh folder that is the working directory of the test. */
static char folder[] = "/tmp/outflow-conf-XXXXXX";

static int enter(void **state)
{
    (void)state;
    umask(022);
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    static const char *const left[] = {
        "a.conf",        "b.conf",           "x.conf",
        "rules/b.conf",  "rules/a.conf",     "rules/.c.conf",
        "rules/a.conf~", "rules/note.txt",   "rules",
        "empty",         "etc/rules/r.conf", "etc/rules",
        "etc/s.conf",    "etc/e.csv",        "etc",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(left); i++)
        (void)remove(left[i]);
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "we");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

#define RULE(id) "rules = ( { id = \"" id "\"; customers = 5; } );\n"

static void test_folder(void **state)
{
    struct settings s;
    struct problems problems = {0};
    const char *rules[] = {"rules"};

    (void)state;
    assert_int_equal(mkdir("rules", 0755), 0);
    write_file("rules/b.conf", RULE("b"));
    write_file("rules/a.conf", RULE("a"));
    write_file("rules/.c.conf", "nonsense");
    write_file("rules/a.conf~", "nonsense");
    write_file("rules/note.txt", "nonsense");
    settings_read(NULL, rules, 1, &s, &problems);
    said_expect(&problems, NULL);
    assert_int_equal(s.rule_count, 2);
    assert_string_equal(s.rules[0].id, "a");
    assert_string_equal(s.rules[0].file, "rules/a.conf");
    assert_string_equal(s.rules[1].id, "b");
    settings_clear(&s);
}

static void test_several(void **state)
{
    struct settings s;
    struct problems problems = {0};
    const char *rules[] = {"b.conf", "a.conf", "nope.conf"};

    (void)state;
    write_file("a.conf", "\n" RULE("x"));
    write_file("b.conf", RULE("x"));
    assert_false(settings_read(NULL, rules, 3, &s, &problems));
    said_expect(&problems,
                "nope.conf: cannot be opened: No such file or directory\n"
                "a.conf:2: id: want an id of its own, have \"x\"; b.conf:1 "
                "has it already\n");
    settings_clear(&s);
}

static void test_empty_folder(void **state)
{
    struct settings s;
    struct problems problems = {0};
    const char *rules[] = {"empty/"};

    (void)state;
    assert_int_equal(mkdir("empty", 0755), 0);
    assert_false(settings_read(NULL, rules, 1, &s, &problems));
    said_expect(&problems,
                "empty/: want rule files in it (*.conf), have none\n");
    settings_clear(&s);
}

static void test_relative(void **state)
{
    struct settings s;
    struct problems problems = {0};

    (void)state;
    assert_int_equal(mkdir("etc", 0755), 0);
    assert_int_equal(mkdir("etc/rules", 0755), 0);
    write_file("etc/rules/r.conf", RULE("r"));
    write_file("etc/s.conf",
               "rules = [ \"rules\" ];\r\nemployees = \"e.csv\";\r\n");
    assert_true(settings_read("etc/s.conf", NULL, 0, &s, &problems));
    assert_int_equal(s.rule_count, 1);
    assert_string_equal(s.rules[0].file, "etc/rules/r.conf");
    assert_string_equal(s.employees, "etc/e.csv");
    settings_clear(&s);
    said_expect(&problems, NULL);
}

static void test_command_line_wins(void **state)
{
    struct settings s;
    struct problems problems = {0};
    const char *rules[] = {"b.conf"};

    (void)state;
    write_file("b.conf", RULE("x"));
    assert_true(settings_read("etc/s.conf", rules, 1, &s, &problems));
    assert_int_equal(s.rule_count, 1);
    assert_string_equal(s.rules[0].id, "x");
    settings_clear(&s);
    said_expect(&problems, NULL);
}

static void test_all_at_once(void **state)
{
    struct settings s;
    struct problems problems = {0};
    const char *rules[] = {"a.conf"};

    (void)state;
    write_file("x.conf", "session = 5;\nemployees = \"who.csv\";\n");
    write_file("a.conf", "rules = ( { id = 5; customers = 5; } );");
    assert_false(settings_read("x.conf", rules, 1, &s, &problems));
    said_expect(&problems, "x.conf:1: session: want one of native, nids, have "
                           "5\n"
                           "a.conf:1: id: want a text, have 5\n");
    assert_string_equal(s.employees, "who.csv");
    assert_null(identity_new(&s, &problems));
    said_expect(&problems,
                "who.csv: cannot be opened: No such file or directory\n");
    settings_clear(&s);
}

struct mode_case {
    const char *name;
    unsigned mode;
    const char *said;
};

static const struct mode_case modes[] = {
    {"a file anybody may write", 0666,
     "x.conf: want it writable by its owner only, have mode 0666; mend it "
     "with: chmod go-w x.conf\n"},
    {"a file the group may write", 0664,
     "x.conf: want it writable by its owner only, have mode 0664; mend it "
     "with: chmod go-w x.conf\n"},
    {"a file all may read", 0644, NULL},
    {"a file of its owner", 0600, NULL},
};

static void test_mode(void **state)
{
    const struct mode_case *c = *state;
    struct script s = {0};
    struct problems problems = {0};

    write_file("x.conf", "");
    assert_int_equal(chmod("x.conf", c->mode), 0);
    assert_int_equal(script_read("x.conf", &s, &problems), c->said == NULL);
    script_clear(&s);
    said_expect(&problems, c->said);
    assert_int_equal(chmod("x.conf", 0644), 0);
}

static void test_folder_mode(void **state)
{
    struct settings s;
    struct problems problems = {0};
    const char *rules[] = {"rules"};

    (void)state;
    assert_int_equal(chmod("rules", 0777), 0);
    assert_false(settings_read(NULL, rules, 1, &s, &problems));
    said_expect(&problems,
                "rules: want it writable by its owner only, have mode 0777; "
                "mend it with: chmod go-w rules\n");
    assert_int_equal(chmod("rules", 0755), 0);
    settings_clear(&s);
}

static void test_not_a_file(void **state)
{
    struct script s = {0};
    struct problems problems = {0};

    (void)state;
    assert_false(script_read("rules", &s, &problems));
    assert_false(script_read("nope/x", &s, &problems));
    said_expect(&problems,
                "rules: want a file, have a folder\n"
                "nope/x: cannot be opened: No such file or directory\n");
}

static void test_too_long(void **state)
{
    struct script s = {0};
    struct problems problems = {0};

    (void)state;
    write_file("x.conf", "");
    assert_int_equal(truncate("x.conf", LIMIT_SETTINGS_FILE + 1), 0);
    assert_false(script_read("x.conf", &s, &problems));
    said_expect(&problems, "x.conf: want at most 16777216 bytes, have more\n");
}

/* 10 MB that are legal cost a moment and nothing else. */
static void test_ten_megabytes(void **state)
{
    struct settings s;
    struct problems problems = {0};
    FILE *out = fopen("x.conf", "we");

    (void)state;
    assert_non_null(out);
    for (int i = 0; i < 10 << 14; i++)
        fprintf(out, "# %060d\n", i);
    fputs("sesion = 1;\n", out);
    fclose(out);
    assert_false(settings_read("x.conf", NULL, 0, &s, &problems));
    said_expect(&problems,
                "x.conf:163841: sesion: want a setting of the settings, have "
                "\"sesion\"; did you mean \"session\"?\n");
    settings_clear(&s);
}

/* Every shipped rule is good on its own and as a set. */
static void test_shipped(void **state)
{
    struct settings s = {0};
    struct problems problems = {0};

    (void)state;
    assert_true(rules_shipped(&s, &problems));
    assert_true(rules_check_all(&s, &problems));
    said_expect(&problems, NULL);
    assert_true(s.rule_count >= 5);
    for (size_t i = 0; i < s.rule_count; i++) {
        assert_int_equal(strncmp(s.rules[i].file, "rules/", 6), 0);
        assert_true(s.rules[i].attack_count > 0);
        assert_int_equal(s.rules[i].direction, RULE_OUTBOUND);
        assert_true(s.rules[i].customers > 20 || s.rules[i].bytes > 0);
        assert_true(s.rules[i].unread != UNREAD_ALL &&
                    s.rules[i].unread != UNREAD_CHANNEL);
    }
    settings_clear(&s);
}

#define TEST(name, run) ((struct CMUnitTest){name, run, NULL, NULL, NULL})

int main(void)
{
    struct CMUnitTest tests[COUNT(modes) + 11];
    size_t count = 0;

    tests[count++] =
        TEST("a folder gives its *.conf, sorted by name", test_folder);
    tests[count++] =
        TEST("several files: what is missing, which id is twice", test_several);
    tests[count++] = TEST("a folder without rules", test_empty_folder);
    tests[count++] =
        TEST("paths in settings are relative to them", test_relative);
    tests[count++] =
        TEST("rules of the command line win", test_command_line_wins);
    tests[count++] = TEST("errors of settings, rules and employees in one run",
                          test_all_at_once);
    SPEC_TABLE(tests, count, modes, test_mode);
    tests[count++] = TEST("a folder anybody may write", test_folder_mode);
    tests[count++] = TEST("folders and missing files", test_not_a_file);
    tests[count++] = TEST("a file beyond the limit", test_too_long);
    tests[count++] = TEST("ten megabytes of comments", test_ten_megabytes);
    tests[count++] = TEST("the shipped rules are good", test_shipped);
    return _cmocka_run_group_tests("conf/files", tests, count, enter, leave);
}
