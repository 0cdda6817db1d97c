// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * token.c - cut a settings text into words and signs, as libconfig does.
 *
 * Spec: libconfig manual, "Configuration Files" and "Configuration Grammar".
 * It must not read past the text.
 */
#include "conf/token.h"

#include <stdio.h>
#include <string.h>

#include "outflow/limits.h"
#include "util/text.h"

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\n';
}

/* The byte ahead bytes on; NUL behind the end. */
static char peek(const struct tokens *t, size_t ahead)
{
    return t->len - t->at > ahead ? t->text[t->at + ahead] : '\0';
}

static void step(struct tokens *t)
{
    if (t->text[t->at] == '\n')
        t->line++;
    t->at++;
}

static void skip_line(struct tokens *t)
{
    while (t->at < t->len && t->text[t->at] != '\n')
        t->at++;
}

/* Behind the first end of a C comment, or at the end of the text. */
static void skip_comment(struct tokens *t)
{
    t->at += 2;
    while (t->at < t->len && !(peek(t, 0) == '*' && peek(t, 1) == '/'))
        step(t);
    t->at += t->at < t->len ? 2 : 0;
}

static void skip_blank(struct tokens *t)
{
    while (t->at < t->len) {
        char c = peek(t, 0), next = peek(t, 1);
        if (is_blank(c))
            step(t);
        else if (c == '#' || (c == '/' && next == '/'))
            skip_line(t);
        else if (c == '/' && next == '*')
            skip_comment(t);
        else
            return;
    }
}

/* Behind the closing quote; false without one. */
static bool skip_text(struct tokens *t)
{
    t->at++;
    while (t->at < t->len && t->text[t->at] != '"') {
        if (t->text[t->at] == '\\' && t->at + 1 < t->len)
            step(t);
        step(t);
    }
    if (t->at == t->len)
        return false;
    t->at++;
    return true;
}

static void skip_name(struct tokens *t)
{
    while (t->at < t->len && (is_letter(peek(t, 0)) || is_digit(peek(t, 0)) ||
                              peek(t, 0) == '-' || peek(t, 0) == '_'))
        t->at++;
}

/* Everything that sticks to a number, so that 12x is one wrong word. */
static void skip_number(struct tokens *t)
{
    while (t->at < t->len && (is_letter(peek(t, 0)) || is_digit(peek(t, 0)) ||
                              peek(t, 0) == '-' || peek(t, 0) == '+' ||
                              peek(t, 0) == '.' || peek(t, 0) == '_'))
        t->at++;
}

/* Take the word or sign at the place; gives what it is. */
static enum token_kind take(struct tokens *t)
{
    char c = peek(t, 0);

    if (is_letter(c)) {
        size_t from = t->at;
        skip_name(t);
        struct span word = {(const uint8_t *)t->text + from, t->at - from};
        bool flag = span_eq_nocase(word, SPAN("true")) ||
                    span_eq_nocase(word, SPAN("false"));
        return flag ? TOKEN_FLAG : TOKEN_NAME;
    }
    if (is_digit(c) || c == '-' || c == '+' || c == '.') {
        skip_number(t);
        return TOKEN_NUMBER;
    }
    if (c == '"')
        return skip_text(t) ? TOKEN_TEXT : TOKEN_BAD;
    if (c == '@') {
        skip_line(t);
        return TOKEN_INCLUDE;
    }
    t->at++;
    return c != '\0' && strchr("=:;,()[]{}", c) ? TOKEN_MARK : TOKEN_BAD;
}

struct token tokens_next(struct tokens *t)
{
    struct token token = {.kind = TOKEN_END};

    skip_blank(t);
    token.from = t->at;
    token.line = t->line;
    if (t->at < t->len)
        token.kind = take(t);
    token.to = t->at;
    return token;
}

void tokens_blank(struct tokens *t, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (t->text[i] != '\n')
            t->text[i] = ' ';
    }
}

unsigned tokens_not_utf8(const struct tokens *t)
{
    struct span rest = {(const uint8_t *)t->text, t->len};
    unsigned line = 1;

    while (rest.len > 0) {
        uint32_t code = 0;
        size_t len = text_character(rest, &code);
        if (len == 0)
            return line;
        line += code == '\n' ? 1 : 0;
        rest = span_skip(rest, len);
    }
    return 0;
}

struct span token_span(const struct tokens *t, const struct token *token)
{
    return (struct span){(const uint8_t *)t->text + token->from,
                         token->to - token->from};
}

const char *token_text(const struct tokens *t, const struct token *token,
                       char out[TOKEN_SHOWN])
{
    struct span s = token_span(t, token);
    size_t line = span_find(s, '\n');
    int len = (int)(line < 40 ? line : 40);

    if (token->kind == TOKEN_END)
        snprintf(out, TOKEN_SHOWN, "the end of the file");
    else if (token->kind == TOKEN_BAD && s.len > 0 && s.ptr[0] == '"')
        snprintf(out, TOKEN_SHOWN, "a text without closing quote");
    else if (token->kind == TOKEN_TEXT || token->kind == TOKEN_NUMBER)
        snprintf(out, TOKEN_SHOWN, "%.*s", len, (const char *)s.ptr);
    else
        snprintf(out, TOKEN_SHOWN, "\"%.*s\"", len, (const char *)s.ptr);
    return out;
}

/* Digits of base, a sum that stops growing far beyond the limit. */
static size_t digits(struct span s, bool hex, uint64_t *sum)
{
    size_t n = 0;

    for (*sum = 0; n < s.len; n++) {
        uint64_t digit = 0;
        if (!span_hex(span_slice(s, n, n + 1), &digit) || (!hex && digit > 9))
            break;
        if (*sum <= INT32_MAX)
            *sum = *sum * (hex ? 16 : 10) + digit;
    }
    return n;
}

/* [sign] digits [. digits] [e [sign] digits], something before the e. */
static bool is_float(struct span s)
{
    uint64_t sum = 0;
    size_t whole = digits(s, false, &sum), part = 0;

    s = span_skip(s, whole);
    if (span_starts(s, SPAN("."))) {
        s = span_skip(s, 1);
        part = digits(s, false, &sum);
        s = span_skip(s, part);
    }
    if (whole + part == 0)
        return false;
    if (!span_starts_nocase(s, SPAN("e")))
        return s.len == 0;
    s = span_skip(s, 1);
    if (span_starts(s, SPAN("+")) || span_starts(s, SPAN("-")))
        s = span_skip(s, 1);
    return s.len > 0 && digits(s, false, &sum) == s.len;
}

enum number_kind tokens_number(const struct tokens *t,
                               const struct token *token)
{
    struct span s = token_span(t, token);
    uint64_t sum = 0;
    bool hex = span_starts_nocase(s, SPAN("0x"));

    if (span_starts(s, SPAN("+")) || span_starts(s, SPAN("-")))
        s = span_skip(s, 1);
    s = span_skip(s, hex ? 2 : 0);

    size_t n = digits(s, hex, &sum);
    struct span suffix = span_skip(s, n);
    bool whole = n > 0 && (suffix.len == 0 || span_eq(suffix, SPAN("L")) ||
                           span_eq(suffix, SPAN("LL")));
    if (whole)
        return sum > INT32_MAX ? NUMBER_LARGE : NUMBER_FITS;
    return !hex && is_float(s) ? NUMBER_FITS : NUMBER_BAD;
}
