// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * address.c - one form for an address, above all a Japanese one.
 *
 * 二丁目21番9号, ２丁目２１－９ and 2-21-9 are one place. Signs that part two
 * numbers (hyphens of any kind, 丁目 番地 番 号 の, a blank) become one '-';
 * behind the last number they vanish. Blanks, commas and stops vanish too.
 * Old kanji become new, hiragana katakana, and the ways to write the "ga" and
 * "no" between two kanji (霞が関 霞ヶ関, 丸の内 丸ノ内) one.
 *
 * It must not add what is not there: a prefecture left out stays out.
 * Several cells of one address are appended one after the other.
 */
#include "customer/kanji.h"
#include "customer/normal.h"
#include "customer/numeral.h"
#include "util/unicode.h"

enum gap {
    GAP_NONE = 0,
    GAP_SIGN,   /* a blank or a word such as 番: counts between numbers */
    GAP_HYPHEN, /* counts between letters too */
};

struct walk {
    struct normal *out;
    struct span rest;
    size_t start;    /* where this address begins in out */
    enum gap gap;    /* met, and not yet written */
    uint32_t before; /* the letter right before, 0: none */
    bool after_number;
};

static uint32_t code_at(struct span s, size_t *len)
{
    uint32_t code = 0;

    *len = 0;
    if (s.len == 0)
        return 0;
    code = s.ptr[0];
    *len = code < 0x80 ? 1 : unicode_decode(s, &code);
    return code;
}

static bool is_hyphen(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
           c == 0x2500 || c == 0x2501 || c == 0x2043 || c == 0x301C || c == '~';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_number_sign(uint32_t c)
{
    return c == 0x4E01 || c == 0x756A || c == 0x53F7; /* 丁 番 号 */
}

/* Does a number, in digits or kanji, begin here? */
static bool number_begins(struct span s)
{
    size_t len;
    unsigned value;

    return is_digit(code_at(s, &len)) || numeral_read(s, &value) > 0;
}

static void put_number(struct walk *w, unsigned value)
{
    unsigned unit = 1;

    while (value / unit >= 10)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        normal_byte(w->out, (uint8_t)('0' + value / unit % 10));
}

static void begin_number(struct walk *w)
{
    if (w->gap != GAP_NONE && w->out->len > w->start)
        normal_byte(w->out, '-');
    w->gap = GAP_NONE;
    w->before = 0;
    w->after_number = true;
}

/* "no", or a long vowel mark, typed between two numbers. */
static bool is_joining(uint32_t c)
{
    return c == 0x306E || c == 0x30CE || c == 0x30FC;
}

/* A kanji number, when what follows shows that it is one. */
static bool take_kanji_number(struct walk *w)
{
    unsigned value;
    size_t len = numeral_read(w->rest, &value), next;

    if (len == 0)
        return false;
    struct span behind = span_skip(w->rest, len);
    uint32_t code = code_at(behind, &next);
    bool part = is_number_sign(code) || code == 0x6761 /* 条 */ ||
                ((is_hyphen(code) || is_joining(code)) &&
                 number_begins(span_skip(behind, next))) ||
                (w->gap != GAP_NONE && w->after_number);
    if (!part)
        return false;
    begin_number(w);
    put_number(w, value);
    w->rest = behind;
    return true;
}

static void take_digits(struct walk *w)
{
    begin_number(w);
    while (w->rest.len > 0 && is_digit(w->rest.ptr[0])) {
        normal_byte(w->out, w->rest.ptr[0]);
        w->rest = span_skip(w->rest, 1);
    }
}

/* A sign behind a number: 丁目 番地 番 号室 号 室 の ノ ー. */
static bool take_sign(struct walk *w, uint32_t code, size_t len)
{
    size_t next;
    struct span behind = span_skip(w->rest, len);
    uint32_t second = code_at(behind, &next);

    if (!w->after_number)
        return false;
    if (is_joining(code)) {
        if (!number_begins(behind))
            return false;
    } else if (code == 0x4E01 || code == 0x756A || code == 0x53F7) {
        bool pair = (code == 0x4E01 && second == 0x76EE) ||
                    (code == 0x756A && second == 0x5730) ||
                    (code == 0x53F7 && second == 0x5BA4);
        behind = pair ? span_skip(behind, next) : behind;
    } else if (code != 0x5BA4) {
        return false;
    }
    w->gap = w->gap == GAP_NONE ? GAP_SIGN : w->gap;
    w->rest = behind;
    return true;
}

/*
 * The letter in its one form. Between two kanji 0x30AC (ga) and 0x30B1 (ke)
 * are the same word of a place's name, and so are 0x4E4B and 0x30CE (no).
 */
static uint32_t letter_form(const struct walk *w, uint32_t code, size_t len)
{
    size_t next;
    uint32_t form = kanji_usual(code);

    if (form != 0x30AC && form != 0x30AB && form != 0x4E4B)
        return form;
    if (!kanji_is(w->before) ||
        !kanji_is(code_at(span_skip(w->rest, len), &next)))
        return form;
    return form == 0x4E4B ? 0x30CE : 0x30B1;
}

static void take_letter(struct walk *w, uint32_t code, size_t len)
{
    uint8_t bytes[4] = {0};
    bool ascii = code < 0x80;

    if (w->gap == GAP_HYPHEN && ascii && w->out->len > w->start)
        normal_byte(w->out, '-');
    if (ascii) {
        normal_byte(w->out, (uint8_t)code);
    } else {
        size_t used = unicode_encode(letter_form(w, code, len), bytes);
        normal_bytes(w->out, (struct span){bytes, used});
    }
    w->gap = GAP_NONE;
    w->before = code;
    w->after_number = false;
    w->rest = span_skip(w->rest, len);
}

/* Signs without a meaning of their own. */
static bool is_mark(uint32_t c)
{
    return c == ',' || c == '.' || c == '#' || c == '(' || c == ')' ||
           c == '\'' || c == '"' || c == ':' || c == ';' || c == 0x3001 ||
           c == 0x3002 || c == 0x300C || c == 0x300D || c == 0x30FB ||
           unicode_is_space(c);
}

static void take_one(struct walk *w)
{
    size_t len;
    uint32_t code = code_at(w->rest, &len);

    if (is_digit(code)) {
        take_digits(w);
        return;
    }
    if (code >= 0x3000 && (take_sign(w, code, len) || take_kanji_number(w)))
        return;
    if (is_hyphen(code)) {
        w->gap = GAP_HYPHEN;
    } else if (is_mark(code)) {
        if (w->gap == GAP_NONE && w->after_number)
            w->gap = GAP_SIGN;
    } else {
        take_letter(w, code, len);
        return;
    }
    w->rest = span_skip(w->rest, len);
}

/* 〒105-0023 in front is a field of its own. */
static struct span without_postal(struct span s)
{
    size_t len;

    if (code_at(s, &len) != 0x3012)
        return s;
    s = span_skip(s, len);
    while (s.len > 0) {
        uint32_t code = code_at(s, &len);
        if (!is_digit(code) && !is_hyphen(code) && !unicode_is_space(code))
            break;
        s = span_skip(s, len);
    }
    return s;
}

bool normal_address(struct normal *n, struct span text)
{
    uint8_t room[NORMAL_TEXT];
    bool goes_on = n->len > 0 && is_digit(n->bytes[n->len - 1]);
    struct walk w = {.out = n,
                     .rest = without_postal(normal_folded(text, room)),
                     .start = goes_on ? n->len - 1 : n->len,
                     .gap = goes_on ? GAP_SIGN : GAP_NONE};

    while (w.rest.len > 0 && !n->full)
        take_one(&w);
    return true;
}
