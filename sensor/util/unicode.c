// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unicode.c - normal forms over utf8proc, with a short way for what is
 * plain already.
 *
 * A text is taken in pieces: runs of characters that are their own normal
 * form and never join with a neighbour are copied; what stands between two
 * such runs goes to utf8proc, piece by piece, on the stack.
 */
#include "util/unicode.h"

#include <string.h>

#include <utf8proc.h>

#include "outflow/limits.h"
#include "util/text.h"

enum {
    PIECE = 256,             /* bytes handed to utf8proc at once */
    PIECE_CODES = PIECE * 8, /* no character grows by more than 18 codes
                                for 3 bytes (U+FDFA) */
    PIECE_OUT = PIECE_CODES * 4,
    SPLIT = 128, /* from here on a piece ends when it can */
};

/* Where normal form goes: an array, or a buf through an array. */
struct form {
    bool fold;
    uint8_t *out;
    size_t len, room;
    struct buf *drain; /* NULL: what does not fit fails */
    bool failed;
};

bool unicode_ascii(struct span s)
{
    uint64_t any = 0;
    size_t i = 0;

    for (; i + 8 <= s.len; i += 8) {
        uint64_t word;
        memcpy(&word, s.ptr + i, 8);
        any |= word;
    }
    for (; i < s.len; i++)
        any |= s.ptr[i];
    return (any & UINT64_C(0x8080808080808080)) == 0;
}

bool unicode_utf8_valid(struct span s)
{
    uint32_t code;

    while (s.len > 0) {
        size_t len = s.ptr[0] < 0x80 ? 1 : text_character(s, &code);
        if (len == 0)
            return false;
        s = (struct span){s.ptr + len, s.len - len};
    }
    return true;
}

size_t unicode_decode(struct span s, uint32_t *code)
{
    size_t len = text_character(s, code);

    if (len > 0)
        return len;
    *code = 0xFFFD;
    return 1;
}

size_t unicode_encode(uint32_t code, uint8_t out[4])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xC0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (code & 0x3F));
    return 4;
}

/*
 * Its normal form when that is one character and it joins no neighbour, or
 * 0: ASCII, kana without the marks, kanji, full-width ASCII, the blank.
 */
static uint32_t plain_form(uint32_t c)
{
    if (c < 0x80)
        return c;
    if (c >= 0x4E00 && c <= 0x9FEF)
        return c;
    if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FE))
        return c;
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    if (c == 0x3000)
        return ' ';
    if (c >= 0x3001 && c <= 0x3003)
        return c;
    return 0;
}

static void form_put(struct form *f, const uint8_t *bytes, size_t len)
{
    if (f->drain && f->len + len > f->room) {
        if (!buf_add(f->drain, (struct span){f->out, f->len}))
            f->failed = true;
        f->len = 0;
    }
    if (f->failed || len > f->room - f->len) {
        f->failed = true;
        return;
    }
    memcpy(f->out + f->len, bytes, len);
    f->len += len;
}

static void form_code(struct form *f, uint32_t code)
{
    uint8_t bytes[4] = {0};

    if (f->fold && code >= 'A' && code <= 'Z')
        code |= 0x20;
    size_t len = unicode_encode(code, bytes);
    form_put(f, bytes, len);
}

/* One piece, at most PIECE bytes of anything, by utf8proc. */
static void form_piece(struct form *f, struct span piece)
{
    uint8_t clean[3 * PIECE];
    union {
        utf8proc_int32_t code[PIECE_CODES];
        uint8_t bytes[PIECE_OUT];
    } work;
    size_t len = 0;
    uint32_t code;

    while (piece.len > 0) {
        size_t used = unicode_decode(piece, &code);
        len += unicode_encode(code, clean + len);
        piece = span_skip(piece, used);
    }
    utf8proc_option_t how =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    if (f->fold)
        how |= UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_ssize_t codes = utf8proc_decompose(
        clean, (utf8proc_ssize_t)len, work.code, PIECE_CODES - 1, how);
    if (codes > 0 && codes < PIECE_CODES)
        codes = utf8proc_reencode(work.code, codes, how);
    if (codes > 0 && codes <= PIECE_OUT)
        form_put(f, work.bytes, (size_t)codes);
}

/* May a piece end in front of this character? */
static bool begins_anew(uint32_t c)
{
    if (c >= 0x1160 && c <= 0x11FF)
        return false; /* Hangul vowels and finals join the letter before */
    if (c == 0xFF9E || c == 0xFF9F)
        return false; /* half-width voicing marks */
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return false;
    default:
        return true;
    }
}

/* Bytes at the front of s up to where plain characters go on, or a cut. */
static size_t piece_length(struct span s)
{
    size_t len = 0;
    uint32_t code;

    while (len < s.len && len < PIECE - 4) {
        struct span rest = {s.ptr + len, s.len - len};
        size_t used = unicode_decode(rest, &code);
        bool plain = plain_form(code) != 0 && len > 0;
        if (plain || (len >= SPLIT && begins_anew(code)))
            break;
        len += used;
    }
    return len;
}

/* Bytes at the front of s that are ASCII. */
static size_t ascii_run(struct span s)
{
    size_t len = 0;

    while (len < s.len && s.ptr[len] < 0x80)
        len++;
    return len;
}

static void form_ascii(struct form *f, struct span s)
{
    uint8_t lower[SPLIT];

    while (s.len > 0 && !f->failed) {
        struct span some = span_head(s, sizeof(lower));
        for (size_t i = 0; f->fold && i < some.len; i++) {
            uint8_t c = some.ptr[i];
            lower[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
        }
        form_put(f, f->fold ? lower : some.ptr, some.len);
        s = (struct span){s.ptr + some.len, s.len - some.len};
    }
}

static void form_text(struct form *f, struct span s)
{
    while (s.len > 0 && !f->failed) {
        /* The last character of a run may join what follows it. */
        size_t run = ascii_run(s);
        if (run == s.len || run > 1) {
            run -= run < s.len ? 1 : 0;
            form_ascii(f, span_head(s, run));
            s = span_skip(s, run);
            continue;
        }
        uint32_t code, next = 'x';
        size_t used = unicode_decode(s, &code);
        uint32_t plain = plain_form(code);
        if (used < s.len)
            (void)unicode_decode(span_skip(s, used), &next);
        if (plain != 0 && plain_form(next) != 0) {
            form_code(f, plain);
        } else {
            used = piece_length(s);
            form_piece(f, span_head(s, used));
        }
        s = span_skip(s, used);
    }
}

static bool form_buf(struct span utf8, bool fold, struct buf *out)
{
    uint8_t room[PIECE_OUT];
    struct form f = {fold, room, 0, sizeof(room), out, false};

    form_text(&f, utf8);
    return !f.failed && buf_add(out, (struct span){f.out, f.len});
}

bool unicode_nfkc(struct span utf8, struct buf *out)
{
    if (unicode_ascii(utf8))
        return buf_add(out, utf8);
    return form_buf(utf8, false, out);
}

bool unicode_nfkc_fold(struct span utf8, struct buf *out)
{
    return form_buf(utf8, true, out);
}

size_t unicode_short(struct span utf8, enum unicode_form form, uint8_t *out,
                     size_t room)
{
    struct form f = {form == UNICODE_FOLD, out, 0, room, NULL, false};

    form_text(&f, utf8);
    return f.failed ? SIZE_MAX : f.len;
}

bool unicode_is_word(uint32_t code)
{
    if (code < 0x80)
        return (code >= '0' && code <= '9') ||
               ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)code);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO;
}

bool unicode_is_space(uint32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    return code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200B) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x2060 || code == 0x3000 || code == 0xFEFF;
}

int unicode_width(uint32_t code)
{
    if (code < 0x80)
        return code >= 0x20 && code != 0x7F ? 1 : 0;
    return utf8proc_charwidth((utf8proc_int32_t)code);
}

uint32_t unicode_lower(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? code | 0x20 : code;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}
