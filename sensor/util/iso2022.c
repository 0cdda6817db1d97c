// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * iso2022.c - ISO-2022-JP and its relatives, a line at a time.
 *
 * Escapes choose what bytes 21-7E mean (RFC 1468, RFC 1554, RFC 2237, JIS X
 * 0213:2004); SO and SI, or the eighth bit, give JIS X 0201 katakana. Each
 * line begins in ASCII (RFC 1468), so a damaged escape costs its line.
 */
#include <string.h>

#include "util/charset.h"
#include "util/unicode.h"

enum {
    ESC = 0x1B,
    SO = 0x0E,
    SI = 0x0F,
    KANA = 0xFF61, /* first half-width katakana, at 0x21 */
};

/* What G0 is. */
enum mode {
    MODE_ASCII = 0, /* also JIS X 0201 Latin: the yen sign is a backslash */
    MODE_KANA,
    MODE_PAIRS, /* from here on plus enum iso2022_set */
};

static const struct escape {
    const char *bytes;
    uint8_t mode;
} escapes[] = {
    {"\033(B", MODE_ASCII},
    {"\033(J", MODE_ASCII},
    {"\033(H", MODE_ASCII}, /* what old programs wrote for (J */
    {"\033(I", MODE_KANA},
    {"\033$@", MODE_PAIRS + SET_JISX0208},
    {"\033$B", MODE_PAIRS + SET_JISX0208},
    {"\033&@\033$B", MODE_PAIRS + SET_JISX0208},
    {"\033$(@", MODE_PAIRS + SET_JISX0208},
    {"\033$(B", MODE_PAIRS + SET_JISX0208},
    {"\033$(D", MODE_PAIRS + SET_JISX0212},
    {"\033$(O", MODE_PAIRS + SET_JISX0213_1},
    {"\033$(Q", MODE_PAIRS + SET_JISX0213_1},
    {"\033$(P", MODE_PAIRS + SET_JISX0213_2},
    {"\033$A", MODE_PAIRS + SET_GB2312},
    {"\033$(A", MODE_PAIRS + SET_GB2312},
    {"\033$(C", MODE_PAIRS + SET_KSX1001},
};

static const struct escape *escape_at(struct span s)
{
    for (size_t i = 0; i < COUNT(escapes); i++)
        if (span_starts(s, span_of(escapes[i].bytes)))
            return &escapes[i];
    return NULL;
}

size_t iso2022_escape(struct span s)
{
    const struct escape *e = escape_at(s);

    return e ? strlen(e->bytes) : 0;
}

struct line {
    uint8_t mode; /* enum mode, or a set behind it */
    bool shifted; /* behind SO */
};

/* The character at the front of s, which is no escape; gives its bytes. */
static size_t line_decode(const struct line *l, struct span s, uint32_t *code)
{
    uint8_t byte = s.ptr[0], low = byte & 0x7F;
    bool plain = low < 0x21 || low > 0x7E;

    *code = byte;
    if (plain && byte < 0x80)
        return 1;
    *code = CHARSET_BAD;
    if (byte >= 0x80 || l->shifted || l->mode == MODE_KANA) {
        if (low >= 0x21 && low <= 0x5F)
            *code = (uint32_t)KANA + low - 0x21u;
        return 1;
    }
    if (l->mode == MODE_ASCII) {
        *code = byte;
        return 1;
    }
    if (s.len < 2 || s.ptr[1] < 0x21 || s.ptr[1] > 0x7E)
        return 1;
    *code = charset_set_code((enum iso2022_set)(l->mode - MODE_PAIRS), byte,
                             s.ptr[1]);
    return 2;
}

/* Take what shifts or begins a line; gives its bytes, 0 for a character. */
static size_t line_turn(struct line *l, struct span s)
{
    const struct escape *e = s.ptr[0] == ESC ? escape_at(s) : NULL;

    if (e) {
        l->mode = e->mode;
        return strlen(e->bytes);
    }
    if (s.ptr[0] == '\n' || s.ptr[0] == '\r') {
        *l = (struct line){MODE_ASCII, false};
        return 0;
    }
    if (s.ptr[0] != SO && s.ptr[0] != SI)
        return 0;
    l->shifted = s.ptr[0] == SO;
    return 1;
}

bool iso2022_convert(struct span in, struct buf *out, size_t *bad)
{
    struct line line = {MODE_ASCII, false};
    uint8_t utf8[8] = {0};

    while (in.len > 0) {
        size_t used = line_turn(&line, in);
        if (used == 0) {
            uint32_t code;
            used = line_decode(&line, in, &code);
            if (code == CHARSET_BAD) {
                *bad += 1;
                code = 0xFFFD;
            }
            if (!buf_add(out, (struct span){utf8, charset_put(code, utf8)}))
                return false;
        }
        in = span_skip(in, used);
    }
    return true;
}
