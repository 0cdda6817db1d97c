// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * recode_judge.c - what the first bytes of a part, or odd ones in it, are.
 *
 * In the order of the design: mark, strict UTF-8, ISO 2022, wide units, and
 * then whatever reads best, a declaration counted in. It must not put or
 * hold bytes.
 */
#include <string.h>

#include "decode/recode_state.h"
#include "outflow/limits.h"
#include "util/guess.h"

enum {
    HEAD = 1024, /* bytes of markup that may declare a charset */
    TRUST = 1000,
    LEAST_WIDE = 32, /* bytes that wide text without a doubt has */
    FEW = 64,        /* wide text of these alone may have no zero byte */
};

static void become(struct recode *r, enum charset charset)
{
    r->charset = (uint8_t)charset;
    r->mode = charset == CHARSET_UTF8    ? RECODE_UTF8
              : charset_is_wide(charset) ? RECODE_WIDE
                                         : RECODE_LINES;
    r->wrong = r->doubts = 0;
}

static void pass(struct recode *r, enum recode_mode mode, size_t len)
{
    r->mode = (uint8_t)mode;
    r->left = (uint32_t)len;
}

void recode_begin(struct recode *r, struct span bytes)
{
    size_t len;
    enum charset marked = guess_mark(bytes, &len);

    r->mode = RECODE_PLAIN;
    if (recode_plain(bytes) < bytes.len)
        r->mode = RECODE_SAMPLE;
    if (marked == CHARSET_NONE)
        return;
    /* two bytes of a mark are soon met by accident: units have to follow */
    struct guess_wide wide = guess_wide(bytes, true);
    if (marked == CHARSET_UTF8 || wide.charset == marked ||
        !guess_is_binary(bytes)) {
        become(r, marked);
        r->trust = TRUST;
    }
}

/* --- wide text --- */

/* Where units begin is not known behind a hole alone. */
static struct guess_wide find_wide(const struct recode *r, struct span bytes)
{
    struct guess_wide wide = guess_wide(bytes, true);

    return wide.charset == CHARSET_NONE && r->torn ? guess_wide(bytes, false)
                                                   : wide;
}

static bool judge_wide(struct recode *r, struct span bytes, bool full,
                       const struct guess_wide *wide)
{
    bool said = charset_is_wide((enum charset)r->declared);
    bool enough = full && (bytes.len >= LEAST_WIDE || said);

    if (wide->charset == CHARSET_NONE || (!enough && !wide->sure))
        return false;
    become(r, wide->charset);
    r->skip = wide->skip;
    return true;
}

/* --- everything --- */

static bool has_high(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] >= 0x80)
            return true;
    return false;
}

/* Odd ASCII up to the next byte that may be something else. */
static size_t odd_ascii(struct span bytes)
{
    size_t at = 1;

    while (bytes.ptr[0] != 0x1B && at < bytes.len && bytes.ptr[at] != 0x1B)
        at++;
    return at;
}

/* Bytes behind a hole: those of the line it cut do not count. */
static struct span whole_lines(const struct recode *r, struct span bytes)
{
    size_t at = span_find(bytes, '\n');

    return r->torn && at + 1 < bytes.len ? span_skip(bytes, at + 1) : bytes;
}

/* The reading that is best; always decides. */
static void judge_all(struct recode *r, struct span bytes, bool ended)
{
    struct guess_text text = {whole_lines(r, bytes), (enum charset)r->declared,
                              (enum charset)r->charset, !ended, false};
    struct guess guess = guess_charset(&text);

    r->trust = (uint16_t)(guess.signs < TRUST ? guess.signs : TRUST);
    become(r, guess.charset);
    /* the first byte is what led here: no UTF-8, whatever else is */
    uint32_t code;
    r->broken =
        guess.charset == CHARSET_UTF8 && !r->torn && bytes.ptr[0] >= 0x80 &&
        charset_decode(CHARSET_UTF8, bytes, &code) > 0 && code == CHARSET_BAD;
}

bool recode_judge(struct recode *r, struct span bytes, bool ended)
{
    bool full = ended || bytes.len >= LIMIT_CHARSET;

    if (iso2022_escape(bytes) > 0) {
        become(r, CHARSET_ISO2022);
        return true;
    }
    if (bytes.ptr[0] == 0x1B) {
        pass(r, RECODE_PLAIN, 1);
        return true;
    }
    if (guess_is_utf8(bytes, !ended)) {
        become(r, CHARSET_UTF8);
        return true;
    }
    const struct guess_wide wide = find_wide(r, bytes);
    if (judge_wide(r, bytes, full, &wide))
        return true;
    bool settled = full || (!wide.maybe && bytes.len > FEW);
    if (settled && guess_is_binary(bytes)) {
        pass(r, RECODE_BINARY, LIMIT_NO_TEXT);
        return true;
    }
    if (settled && !has_high(bytes)) {
        pass(r, RECODE_PLAIN, odd_ascii(bytes));
        return true;
    }
    if (full)
        judge_all(r, bytes, ended);
    return full;
}

/* --- declarations in the text itself --- */

static bool in_label(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '-' || c == '_' || c == '.' || c == ':';
}

/* One byte behind "charset=" or "encoding=". */
static void head_word(struct recode *r, uint8_t c)
{
    if (in_label(c) && r->worded < sizeof(r->word)) {
        r->word[r->worded++] = (char)c;
        return;
    }
    if (r->worded == 0 && (c == '"' || c == '\'' || c == ' '))
        return;
    struct span word = {(const uint8_t *)r->word, r->worded};
    enum charset found = charset_find(word);
    if (found != CHARSET_NONE && !charset_is_wide(found))
        r->declared = (uint8_t)found;
    r->head = found == CHARSET_NONE;
    r->matched = false;
    r->worded = 0;
}

/* Keep the last bytes of what is passed: a word may begin there. */
static void head_pass(struct recode *r, struct span bytes)
{
    size_t most = sizeof(r->last);
    size_t old = bytes.len < most ? most - bytes.len : 0;

    memmove(r->last, r->last + most - old, old);
    memcpy(r->last + old, bytes.ptr + bytes.len - (most - old), most - old);
}

/* Does a declaration end with what was passed? */
static bool head_declares(const struct recode *r)
{
    const struct span last = {(const uint8_t *)r->last, sizeof(r->last)};

    return span_eq_nocase(last, SPAN("encoding")) ||
           span_eq_nocase(span_skip(last, 1), SPAN("charset"));
}

void recode_head(struct recode *r, struct span bytes)
{
    for (; r->seen == 0 && bytes.len > 0; bytes = span_skip(bytes, 1)) {
        r->head = *bytes.ptr == '<' || *bytes.ptr <= ' ' || *bytes.ptr >= 0xBB;
        r->seen = *bytes.ptr > ' ';
        if (!r->head)
            return;
    }
    bytes = span_head(bytes, HEAD - r->seen);
    r->seen = (uint16_t)(r->seen + bytes.len);
    while (bytes.len > 0 && r->head) {
        if (r->matched) {
            head_word(r, *bytes.ptr);
            bytes = span_skip(bytes, 1);
            continue;
        }
        size_t at = span_find(bytes, '=');
        head_pass(r, span_head(bytes, at));
        r->matched = at < bytes.len && head_declares(r);
        if (at < bytes.len && !r->matched)
            head_pass(r, SPAN("="));
        bytes = span_skip(bytes, at + 1);
    }
    if (r->seen >= HEAD)
        r->head = false;
}
