// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_key.c - conf/key.c: what is a key, and who may read it.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "outflow/settings.h"
#include "said.h"

#define DIGITS                                                                 \
    "00112233445566778899AABBCCDDEEFFffeeddccbbaa99887766554433221100"
#define WANT64                                                                 \
    "key: want a key of 64 hex digits, have something else; make one with: "   \
    "openssl rand -hex 32\n"

struct key_case {
    const char *name;
    const char *text;
    unsigned mode;
    const char *said;
};

static const struct key_case cases[] = {
    {"64 digits are a key", DIGITS, 0600, NULL},
    {"a line end behind them does no harm", DIGITS "\n", 0400, NULL},
    {"CRLF does no harm", DIGITS "\r\n", 0400, NULL},
    {"63 digits", &("0" DIGITS)[2], 0600, WANT64},
    {"65 digits", "0" DIGITS, 0600, WANT64},
    {"a letter that is no digit",
     "x0112233445566778899AABBCCDDEEFFffeeddccbbaa99887766554433221100", 0600,
     WANT64},
    {"two lines", DIGITS "\n" DIGITS "\n", 0600, WANT64},
    {"an empty file", "", 0600, WANT64},
    {"a key the group may read", DIGITS, 0640,
     "key: want a key closed to group and others, have mode 0640; mend it "
     "with: chmod 600 key\n"},
    {"a key all may read", DIGITS, 0644,
     "key: want a key closed to group and others, have mode 0644; mend it "
     "with: chmod 600 key\n"},
    {"a key others may write", DIGITS, 0602,
     "key: want a key closed to group and others, have mode 0602; mend it "
     "with: chmod 600 key\n"},
};

static char folder[] = "/tmp/outflow-key-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    (void)remove("key");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void test_case(void **state)
{
    const struct key_case *c = *state;
    struct problems problems = {0};
    uint8_t key[KEY_BYTES];
    static const uint8_t zero[KEY_BYTES];
    FILE *out = fopen("key", "we");

    assert_non_null(out);
    fputs(c->text, out);
    fclose(out);
    assert_int_equal(chmod("key", c->mode), 0);
    bool good = key_read("key", key, &problems);
    assert_int_equal(chmod("key", 0600), 0);
    said_expect(&problems, c->said);
    assert_int_equal(good, c->said == NULL);
    if (good)
        assert_int_equal(key[10] << 8 | key[31], 0xAA00);
    else
        assert_memory_equal(key, zero, KEY_BYTES);
}

static void test_missing(void **state)
{
    struct problems problems = {0};
    uint8_t key[KEY_BYTES];

    (void)state;
    assert_false(key_read("nope", key, &problems));
    assert_false(key_read(".", key, &problems));
    said_expect(&problems, "nope: cannot be opened: No such file or directory\n"
                           ".: want a key file, have a folder\n");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    tests[count++] =
        (struct CMUnitTest){"no key there", test_missing, NULL, NULL, NULL};
    return _cmocka_run_group_tests("conf/key", tests, count, enter, leave);
}
