// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_token.c - conf/token.c: words and signs, their lines, their numbers.
 */
#include "conf/token.h"
#include "support/spec.h"

#include <stdio.h>
#include <string.h>

struct kind_case {
    const char *name;
    const char *text;
    const char *kinds; /* one letter a token, see letter() */
    unsigned last;     /* line of the last token */
};

static const struct kind_case kind_cases[] = {
    {"a setting is a name, a sign, a value, a sign", "a = 1;", "n=1;", 1},
    {"comments of three kinds are passed over",
     "# a = 1\n// b = 2\n/* c\n= 3 */ d", "n", 4},
    {"signs of comments inside texts are text", "a = \"# // /*\"", "n=t", 1},
    {"an escaped quote does not end a text", "\"a\\\"b\" c", "tn", 1},
    {"a text without end is bad", "\"abc", "b", 1},
    {"a comment without end ends with the text", "a /* b", "n", 1},
    {"true and false in any case are flags", "TRUE false True", "fff", 1},
    {"a name may hold digits, dashes and underscores", "a-1_b *", "nn", 1},
    {"an include takes its line", "@include \"x\"\na", "in", 2},
    {"a number takes all that sticks to it", "12x 1-2", "11", 1},
    {"a byte that begins nothing is bad", "a $ \x01", "nbb", 1},
    {"lines count newlines inside texts", "\"a\nb\" c", "tn", 2},
    {"nothing is the end", "  \n", "", 0},
};

/* What kind_case calls a token; numbers are 1, signs themselves. */
static char letter(const struct tokens *t, const struct token *token)
{
    static const char letters[] = {'$', 'n', 't', '1', 'f', '?', 'i', 'b'};

    return token->kind == TOKEN_MARK ? t->text[token->from]
                                     : letters[token->kind];
}

static void test_kinds(void **state)
{
    const struct kind_case *c = *state;
    char text[128], kinds[32] = "";
    unsigned last = 0;

    snprintf(text, sizeof(text), "%s", c->text);
    struct tokens t = {.text = text, .len = strlen(text), .line = 1};
    for (size_t i = 0; i + 1 < sizeof(kinds); i++) {
        struct token token = tokens_next(&t);
        if (token.kind == TOKEN_END)
            break;
        kinds[i] = letter(&t, &token);
        last = token.line;
    }
    assert_string_equal(kinds, c->kinds);
    assert_int_equal(last, c->last);
}

struct number_case {
    const char *name;
    const char *text;
    enum number_kind kind;
};

static const struct number_case number_cases[] = {
    {"zero fits", "0", NUMBER_FITS},
    {"2^31-1 fits", "2147483647", NUMBER_FITS},
    {"2^31 is large", "2147483648", NUMBER_LARGE},
    {"-2^31 is large, for its digits are", "-2147483648", NUMBER_LARGE},
    {"thirty digits are large", "999999999999999999999999999999", NUMBER_LARGE},
    {"leading zeros do not make it large", "000000000005", NUMBER_FITS},
    {"a suffix L fits", "5L", NUMBER_FITS},
    {"a large one with L is large", "5000000000L", NUMBER_LARGE},
    {"hexadecimal fits", "0x7fffffff", NUMBER_FITS},
    {"hexadecimal 2^31 is large", "0x80000000", NUMBER_LARGE},
    {"a point makes it fit", "5000000000.5", NUMBER_FITS},
    {"an exponent makes it fit", "1e30", NUMBER_FITS},
    {"letters behind it are bad", "12x", NUMBER_BAD},
    {"two numbers in one are bad", "1-2", NUMBER_BAD},
    {"a sign alone is bad", "-", NUMBER_BAD},
    {"a point alone is bad", ".", NUMBER_BAD},
    {"0x alone is bad", "0x", NUMBER_BAD},
    {"an exponent without digits is bad", "1e", NUMBER_BAD},
};

static void test_numbers(void **state)
{
    const struct number_case *c = *state;
    char text[64];

    snprintf(text, sizeof(text), "%s", c->text);
    struct tokens t = {.text = text, .len = strlen(text), .line = 1};
    struct token token = tokens_next(&t);
    assert_int_equal(token.kind, TOKEN_NUMBER);
    assert_int_equal(tokens_number(&t, &token), c->kind);
}

static void test_not_utf8(void **state)
{
    char good[] = "a = 1;\n# \xE5\xB1\xB1\n", bad[] = "a = 1;\n# \x83R\n";
    struct tokens t = {.text = good, .len = strlen(good)};

    (void)state;
    assert_int_equal(tokens_not_utf8(&t), 0);
    t = (struct tokens){.text = bad, .len = strlen(bad)};
    assert_int_equal(tokens_not_utf8(&t), 2);
}

static void test_blank(void **state)
{
    char text[] = "ab\ncd";
    struct tokens t = {.text = text, .len = strlen(text)};

    (void)state;
    tokens_blank(&t, 1, 4);
    assert_string_equal(text, "a \n d");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(kind_cases) + COUNT(number_cases) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, kind_cases, test_kinds);
    SPEC_TABLE(tests, count, number_cases, test_numbers);
    tests[count++] =
        (struct CMUnitTest){"the line of the first byte that is no UTF-8",
                            test_not_utf8, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"blanking keeps newlines", test_blank,
                                         NULL, NULL, NULL};
    return SPEC_RUN("conf/token", tests, count);
}
