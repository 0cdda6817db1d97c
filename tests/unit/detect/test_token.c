// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_token.c - detect/token.c: numbers and addresses in running text.
 *
 * The sign of interest is the first '@' or the fourth digit of the first run
 * of four.
 */
#include <stdio.h>
#include <string.h>

#include "detect/token.h"
#include "support/spec.h"

struct token_case {
    const char *name;
    const char *text;
    const char *want; /* NULL: nothing */
    bool card, phone, cell, alone;
};

static const struct token_case cases[] = {
    {"a plain card", "4111111111111111", "4111111111111111", true, false, true,
     true},
    {"a card in words", "card 4111 1111 1111 1111, thanks",
     "4111 1111 1111 1111", true, false, true, false},
    {"dashes of a card", "x,4111-1111-1111-1111,y", "4111-1111-1111-1111", true,
     false, true, true},
    {"a card of fifteen digits", "3782 822463 10005", "3782 822463 10005", true,
     false, true, true},
    {"a card beside a phone", "4111111111111111 2125550100",
     "4111111111111111 2125550100", true, false, true, true},
    {"Luhn fails", "4111111111111112", "4111111111111112", false, false, true,
     true},
    {"no issuer begins with 1", "1312506123123456", "1312506123123456", false,
     false, true, true},
    {"an American phone", "(212) 555-0100", "(212) 555-0100", false, true, true,
     true},
    {"a Japanese phone", "tel 03-1234-5678", "03-1234-5678", false, true, true,
     false},
    {"a mobile", "090-1234-5678", "090-1234-5678", false, true, true, true},
    {"an international phone", "+81 3 1234 5678", "+81 3 1234 5678", false,
     true, true, true},
    {"brackets behind a country", "+46 (0)8 465 0042", "+46 (0)8 465 0042",
     false, true, true, true},
    {"a slash behind brackets", "(06)/301-6613", "(06)/301-6613", false, false,
     false, true},
    {"brackets behind a card", "4111111111111111 (212) 555-0100",
     "4111111111111111", true, false, true, false},
    {"an extension", "m,212.555.0100x2319,f", "212.555.0100x2319", false, true,
     true, true},
    {"an extension of plain digits", "2125550100x23190", "2125550100x23190",
     false, false, true, true},
    {"too long for an extension", "2125550100x2319012", NULL, false, false,
     false, false},
    {"a day", "a,1955-03-03,b", "1955-03-03", false, false, true, true},
    {"glued to letters", "x4111111111111111", NULL, false, false, false, false},
    {"glued behind", "4111111111111111x", NULL, false, false, false, false},
    {"a hexadecimal number", "0x12345678", NULL, false, false, false, false},
    {"few digits", "in 2011 it", NULL, false, false, false, false},
    {"a fraction is no cell", "3.14159265", "3.14159265", false, false, false,
     true},
    {"an address", "mail taro@bank.example now", "taro@bank.example", false,
     false, false, false},
    {"an address in brackets", "<a.b+c@x-y.example.com>",
     "a.b+c@x-y.example.com", false, false, false, false},
    {"an address at the end of a sentence", "to a@b.example.", "a@b.example",
     false, false, false, false},
    {"a sign before the at", "m,a+@b.example", NULL, false, false, false,
     false},
    {"no domain", "a@b", NULL, false, false, false, false},
    {"an image for fine screens", "logo@2x.png", NULL, false, false, false,
     false},
    {"behind a Japanese sign in CP932",
     "\x81\x46"
     "4111111111111111",
     "4111111111111111", true, false, true, false},
};

static size_t sign_of(const char *text)
{
    const char *at = strchr(text, '@');
    size_t run = 0;

    if (at)
        return (size_t)(at - text);
    for (size_t i = 0; text[i]; i++) {
        run = text[i] >= '0' && text[i] <= '9' ? run + 1 : 0;
        if (run == 4)
            return i;
    }
    return 0;
}

static enum token_find find(struct span text, size_t at, bool last,
                            struct token *t)
{
    return text.ptr[at] == '@' ? token_email(text, at, last, t)
                               : token_number(text, at, last, t);
}

static void test_case(void **state)
{
    const struct token_case *c = *state;
    struct span text = span_of(c->text), card;
    struct token t;
    enum token_find found = find(text, sign_of(c->text), true, &t);

    assert_int_equal(found, c->want ? TOKEN_FOUND : TOKEN_NONE);
    if (!c->want)
        return;
    assert_true(span_eq(span_slice(text, t.from, t.to), span_of(c->want)));
    assert_int_equal(token_card(text, &t, &card), c->card);
    if (t.digits == 0)
        return;
    assert_int_equal(token_phone(text, &t), c->phone);
    assert_int_equal(token_cell(text, &t), c->cell);
    assert_int_equal(token_alone(text, &t), c->alone);
}

/* A token that the end of the bytes may have cut is not judged. */
static void test_cut(void **state)
{
    const struct token_case *c = *state;
    struct span text = span_of(c->text);
    size_t at = sign_of(c->text);
    struct token whole, t;

    if (find(text, at, true, &whole) != TOKEN_FOUND)
        return;
    for (size_t cut = at + 1; cut <= whole.to; cut++)
        assert_int_equal(find(span_head(text, cut), at, false, &t), TOKEN_MORE);
}

struct label_case {
    const char *name;
    const char *text; /* the value begins at its last 7 bytes */
    const char *want;
};

static const struct label_case labels[] = {
    {"a colon", "Account number: 1234567", "Account number"},
    {"an equals sign", "a=1&acct=1234567", "acct"},
    {"a key of JSON", "{\"name\":\"x\",\"acct_no\": \"1234567", "acct_no"},
    {"tags between", "<tr><th>Account</th>\n <td>1234567", "Account"},
    {"a wide colon", "口座番号：1234567", "口座番号"},
    {"a wide colon in CP932",
     "\x8C\xFB\x8D\xC0\x81\x46"
     "1234567",
     "\x8C\xFB\x8D\xC0"},
    {"nothing", "the number 1234567", ""},
};

static void test_label(void **state)
{
    const struct label_case *c = *state;
    struct span text = span_of(c->text);

    assert_true(span_eq(token_label(text, text.len - 7), span_of(c->want)));
}

struct member_case {
    const char *name;
    const char *text; /* behind twenty signs that are nobody's */
    const char *label;
    const char *digits; /* NULL: it is no member, or not surely one */
};

static const struct member_case members[] = {
    {"a time among members", "{\"ts\":1700000000123,\"x\"", "ts",
     "1700000000123"},
    {"the last member", "\"user_id\":123456789}\n", "user_id", "123456789"},
    {"with a blank in front", "\"ts\": 1700000000123, ", NULL, NULL},
    {"in quotes", "\"ts\":\"1700000000123\",", NULL, NULL},
    {"a label of words", "\"my ts\":1700000000123,x", NULL, NULL},
    {"a long label", "\"seventeen_letters\":1234567,x", NULL, NULL},
    {"no label", "[1700000000123,1700000000124]", NULL, NULL},
    {"with digits behind the point", "\"v\":1234567.5,x", NULL, NULL},
    {"whose end is not there", "\"ts\":1700000000123", NULL, NULL},
    {"whose next sign is not there", "\"ts\":1700000000123,", NULL, NULL},
    {"too long for a number", "\"n\":12345678901234567890123,x", NULL, NULL},
};

static void test_member(void **state)
{
    const struct member_case *c = *state;
    char room[128];
    struct member m;

    (void)snprintf(room, sizeof(room), "....................%s", c->text);
    struct span text = span_of(room);
    size_t pos = strcspn(room, "0123456789") + 3;
    bool found = token_member(text, pos, &m);
    assert_int_equal(found, c->digits != NULL);
    if (!found)
        return;
    assert_true(span_eq(m.label, span_of(c->label)));
    assert_true(span_eq(span_slice(text, m.from, m.to), span_of(c->digits)));
    assert_true(span_eq(token_label(text, m.from), m.label));
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases) + COUNT(labels) + COUNT(members)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, cases, test_cut);
    SPEC_TABLE(tests, count, labels, test_label);
    SPEC_TABLE(tests, count, members, test_member);
    return SPEC_RUN("detect/token", tests, count);
}
