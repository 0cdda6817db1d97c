// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_lines.c - decode/proto/lines: lines, verbs, replies, base64.
 */
#include <string.h>

#include "decode/proto/lines.h"
#include "support/bytes.h"
#include "support/spec.h"

struct line_case {
    const char *name;
    struct span bytes;
    enum line_found found;
    struct span line;
    size_t left;
};

static const struct line_case lines[] = {
    {"CR LF ends a line", BYTES("QUIT\r\nx"), LINE_WHOLE, BYTES("QUIT"), 1},
    {"LF alone ends a line", BYTES("QUIT\nx"), LINE_WHOLE, BYTES("QUIT"), 1},
    {"a line may be empty", BYTES("\r\n"), LINE_WHOLE, BYTES(""), 0},
    {"a CR inside stays", BYTES("a\rb\r\n"), LINE_WHOLE, BYTES("a\rb"), 0},
    {"a line without end waits", BYTES("QUIT\r"), LINE_MORE, BYTES(""), 5},
    {"nothing waits", BYTES(""), LINE_MORE, BYTES(""), 0},
};

static void run_line(void **state)
{
    const struct line_case *c = *state;
    struct reader r = reader_over(c->bytes);
    struct span line = {NULL, 0};

    assert_int_equal(line_take(&r, &line), c->found);
    assert_int_equal(reader_left(&r), c->left);
    if (c->found == LINE_WHOLE)
        assert_true(span_eq(line, c->line));
}

/* Whole or in pieces: the same line is endless. */
static void a_line_is_endless_with_or_without_its_end(void **state)
{
    static uint8_t bytes[LINE_LONGEST + 1];
    struct span line;

    (void)state;
    memset(bytes, 'a', sizeof(bytes));
    bytes[LINE_LONGEST] = '\n';
    for (size_t len = LINE_LONGEST - 1; len <= sizeof(bytes); len++) {
        struct reader r = reader_over((struct span){bytes, len});
        assert_int_equal(line_take(&r, &line),
                         len < LINE_LONGEST ? LINE_MORE : LINE_ENDLESS);
    }
    bytes[LINE_LONGEST - 1] = '\n';
    struct reader r = reader_over((struct span){bytes, LINE_LONGEST});
    assert_int_equal(line_take(&r, &line), LINE_WHOLE);
}

struct verb_case {
    const char *name;
    struct span line, verb;
    bool is;
    struct span argument;
};

static const struct verb_case verbs[] = {
    {"a verb alone", BYTES("QUIT"), BYTES("QUIT"), true, BYTES("")},
    {"a verb in lower case", BYTES("quit"), BYTES("QUIT"), true, BYTES("")},
    {"a verb and its argument", BYTES("STOR  a b.csv "), BYTES("STOR"), true,
     BYTES("a b.csv")},
    {"a longer word is another", BYTES("DATABASE x"), BYTES("DATA"), false,
     BYTES("x")},
    {"a shorter word is another", BYTES("DAT"), BYTES("DATA"), false,
     BYTES("")},
    {"a tab ends a verb", BYTES("HELO\tx"), BYTES("HELO"), true, BYTES("")},
};

static void run_verb(void **state)
{
    const struct verb_case *c = *state;

    assert_int_equal(line_is(c->line, c->verb), c->is);
    assert_true(span_eq(line_argument(c->line), c->argument));
}

struct reply_case {
    const char *name;
    struct span line;
    bool is;
    unsigned code;
    bool last;
    struct span text;
};

static const struct reply_case replies[] = {
    {"a reply", BYTES("250 ok"), true, 250, true, BYTES("ok")},
    {"a code alone", BYTES("354"), true, 354, true, BYTES("")},
    {"a line that others follow", BYTES("250-SIZE"), true, 250, false,
     BYTES("SIZE")},
    {"text is no reply", BYTES("taro,03"), false, 0, false, BYTES("")},
    {"four digits are no code", BYTES("2501 x"), false, 0, false, BYTES("")},
    {"a code below 100 is none", BYTES("099 x"), false, 0, false, BYTES("")},
    {"a code above 599 is none", BYTES("600 x"), false, 0, false, BYTES("")},
    {"two digits are no code", BYTES("25"), false, 0, false, BYTES("")},
    {"nothing is no reply", BYTES(""), false, 0, false, BYTES("")},
};

static void run_reply(void **state)
{
    const struct reply_case *c = *state;
    struct reply reply;

    assert_int_equal(line_reply(c->line, &reply), c->is);
    if (!c->is)
        return;
    assert_int_equal(reply.code, c->code);
    assert_int_equal(reply.last, c->last);
    assert_true(span_eq(reply.text, c->text));
}

struct base64_case {
    const char *name;
    struct span text, bytes;
};

static const struct base64_case base64s[] = {
    {"three bytes", BYTES("dGFy"), BYTES("tar")},
    {"four bytes, padded", BYTES("dGFybw=="), BYTES("taro")},
    {"padding may be missing", BYTES("dGFybw"), BYTES("taro")},
    {"a zero byte", BYTES("AGEAYg=="), BYTES("\0a\0b")},
    {"blanks around are dropped", BYTES(" dGFy\r"), BYTES("tar")},
    {"anything else is nothing", BYTES("dG*y"), BYTES("")},
    {"nothing", BYTES(""), BYTES("")},
    {"no more than there is room for", BYTES("YWJjZGVmZ2hpamtsbW5vcA=="),
     BYTES("abcdefgh")},
};

static void run_base64(void **state)
{
    const struct base64_case *c = *state;
    uint8_t out[8];
    size_t len = line_base64(c->text, out, sizeof(out));

    assert_true(span_eq((struct span){out, len}, c->bytes));
}

int main(void)
{
    struct CMUnitTest tests[64];
    size_t count = 0;

    SPEC_TABLE(tests, count, lines, run_line);
    SPEC_TABLE(tests, count, verbs, run_verb);
    SPEC_TABLE(tests, count, replies, run_reply);
    SPEC_TABLE(tests, count, base64s, run_base64);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_line_is_endless_with_or_without_its_end);
    return SPEC_RUN("decode/lines", tests, count);
}
