// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * recode_lines.c - text of 8-bit charsets and ISO 2022, line by line.
 *
 * A line is converted when it is whole: then it is seen whether it decodes,
 * and a line that does not, or that is plain UTF-8, may be in another
 * charset than those in front. A line longer than LIMIT_CHARSET is cut
 * between characters.
 */
#include <string.h>

#include "decode/recode_state.h"
#include "outflow/limits.h"
#include "util/guess.h"
#include "util/unicode.h"

enum {
    SOME = 8,     /* signs that a line alone does not outweigh */
    ENOUGH = 100, /* signs read rightly: no more doubts */
    MANY = 32,    /* doubtful lines that were all looked at */
    FEW = 16,     /* of more, one in so many */
};

static bool is_latin(enum charset charset)
{
    return charset == CHARSET_CP1252 || charset == CHARSET_CP1250 ||
           charset == CHARSET_CP1254 || charset == CHARSET_CP1257 ||
           charset == CHARSET_LATIN2 || charset == CHARSET_LATIN9;
}

/* Letters above ASCII side by side: rare in Latin text. */
static bool in_rows(struct span line)
{
    for (size_t i = 1; i < line.len; i++)
        if (line.ptr[i] >= 0x80 && line.ptr[i - 1] >= 0x80)
            return true;
    return false;
}

static bool is_doubtful(struct recode *r, struct span line)
{
    enum charset charset = (enum charset)r->charset;
    bool odd = charset == CHARSET_ISO2022 || r->trust < ENOUGH ||
               charset_bad(charset, line, false) > 0 ||
               (is_latin(charset) && in_rows(line));

    if (!odd)
        return false;
    if (r->doubts < UINT16_MAX)
        r->doubts++;
    return r->doubts <= MANY || r->doubts % FEW == 0;
}

/* Three bytes of UTF-8 are no accident; in one-byte charsets two are none. */
static bool is_utf8(const struct recode *r, struct span line)
{
    bool threes = false;

    if (!unicode_utf8_valid(line))
        return false;
    for (size_t i = 0; i < line.len && !threes; i++)
        threes = line.ptr[i] >= 0xE0;
    return threes || charset_is_single((enum charset)r->charset);
}

/* What a line with bytes from 0x80 on is in; may change for good. */
static enum charset line_charset(struct recode *r, struct span line)
{
    enum charset charset = (enum charset)r->charset;

    if (is_utf8(r, line))
        return CHARSET_UTF8;
    if (r->torn || !is_doubtful(r, line))
        return charset;
    const struct guess_text text = {.bytes = line,
                                    .declared = (enum charset)r->declared,
                                    .current = charset,
                                    .trusted = r->trust >= SOME};
    struct guess guess = guess_charset(&text);
    if (guess.charset == charset) {
        r->trust = (uint16_t)(r->trust +
                              (guess.signs < ENOUGH ? guess.signs : ENOUGH));
        r->doubts = charset_bad(charset, line, false) > 0 ? r->doubts : 0;
        return charset;
    }
    if (guess.charset != CHARSET_UTF8 && charset != CHARSET_ISO2022) {
        r->charset = (uint8_t)guess.charset;
        r->trust = 0;
    }
    return guess.charset;
}

static bool has_high(struct span line)
{
    return !unicode_ascii(line);
}

/* Escapes that designate something. */
static bool has_escape(struct span line)
{
    while (line.len > 0) {
        line = span_skip(line, span_find(line, 0x1B));
        if (line.len > 0 && iso2022_escape(line) > 0)
            return true;
        line = span_skip(line, 1);
    }
    return false;
}

static void put_line(struct recode *r, struct span line,
                     const struct moment *seen, const struct recode_out *out)
{
    enum charset charset = CHARSET_UTF8;
    size_t bad = 0;
    bool shifts = memchr(line.ptr, 0x0E, line.len) != NULL;

    if (has_escape(line) || (r->charset == CHARSET_ISO2022 && shifts))
        charset = CHARSET_ISO2022;
    else if (has_high(line))
        charset = line_charset(r, line);
    r->torn = false;
    if (charset == CHARSET_UTF8) {
        recode_emit(r, line, seen, out);
        return;
    }
    buf_reset(out->work);
    bool ok = charset == CHARSET_ISO2022
                  ? iso2022_convert(line, out->work, &bad)
                  : charset_convert(charset, line, out->work, &bad);
    recode_emit(r, ok ? buf_span(out->work) : line, seen, out);
}

/* Place where a line without end can be cut. */
static size_t cut_place(const struct recode *r, struct span line)
{
    size_t at = 0;

    for (size_t i = line.len - 1; i > 1; i--)
        if (line.ptr[i - 1] == 0x1B && line.ptr[i] == '$')
            return i - 1;
    while (at < line.len && r->charset != CHARSET_ISO2022) {
        uint32_t code;
        size_t used = charset_decode((enum charset)r->charset,
                                     span_skip(line, at), &code);
        if (used == 0)
            break;
        at += used;
    }
    return at > 0 ? at : line.len;
}

/* Put the first LIMIT_CHARSET bytes of a line that is longer. */
static size_t put_long(struct recode *r, struct span line,
                       const struct moment *seen, const struct recode_out *out)
{
    size_t cut = cut_place(r, line);

    put_line(r, span_head(line, cut), seen, out);
    return cut;
}

/* A line by pointer, as nothing of it is held; gives what is left. */
static struct span from_bytes(struct recode *r, struct span bytes,
                              const struct moment *seen,
                              const struct recode_out *out)
{
    size_t end = span_find(span_head(bytes, LIMIT_CHARSET), '\n');

    if (end < bytes.len && end < LIMIT_CHARSET) {
        put_line(r, span_head(bytes, end + 1), seen, out);
        return span_skip(bytes, end + 1);
    }
    if (bytes.len >= LIMIT_CHARSET)
        return span_skip(
            bytes, put_long(r, span_head(bytes, LIMIT_CHARSET), seen, out));
    if (!recode_hold(r, bytes, seen))
        put_line(r, bytes, seen, out);
    return (struct span){NULL, 0};
}

struct span recode_lines(struct recode *r, struct span bytes,
                         const struct moment *seen,
                         const struct recode_out *out)
{
    if (r->len == 0)
        return from_bytes(r, bytes, seen, out);
    struct span some = span_head(bytes, LIMIT_CHARSET - r->len);
    size_t end = span_find(some, '\n');
    bool ended = end < some.len;
    if (ended)
        some = span_head(some, end + 1);
    if (!recode_hold(r, some, seen)) {
        recode_lines_flush(r, out);
        return bytes;
    }
    bytes = span_skip(bytes, some.len);
    struct span line = {r->held, r->len};
    if (ended) {
        put_line(r, line, seen, out);
        r->len = r->count = 0;
    } else if (r->len == LIMIT_CHARSET) {
        size_t cut = put_long(r, line, seen, out);
        r->len -= (uint32_t)cut;
        memmove(r->held, r->held + cut, r->len);
        r->marks[0].end = r->len;
        r->count = r->len > 0;
    }
    return bytes;
}

void recode_lines_flush(struct recode *r, const struct recode_out *out)
{
    if (r->count == 0) /* nothing is held: there was no memory for it */
        return;
    const struct moment seen = r->marks[r->count - 1].seen;

    put_line(r, (struct span){r->held, r->len}, &seen, out);
    r->len = r->count = 0;
}
