// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cp932.c - CP932 to UTF-8 by a table made at build time (make_cp932.c).
 *
 * Stateless, so that a stream may be cut in front of any character. It must
 * not guess whether the bytes are CP932.
 */
#include "util/unicode.h"

enum {
    TRAIL_FIRST = 0x40,
    TRAILS = 0xFC - TRAIL_FIRST + 1,
    LOW_LEADS = 0x9F - 0x81 + 1,
    CHUNK = 512, /* bytes of UTF-8 gathered before they go to the buf */
};

static const uint16_t cp932[] = {
#include "cp932.inc"
};

bool unicode_cp932_lead(uint8_t byte)
{
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

/* The code point of a pair, 0 when there is none. */
static uint32_t pair_code(uint8_t lead, uint8_t trail)
{
    if (trail < TRAIL_FIRST || trail > 0xFC)
        return 0;
    size_t row = lead <= 0x9F ? lead - 0x81u : lead - 0xE0u + LOW_LEADS;
    return cp932[row * TRAILS + (trail - TRAIL_FIRST)];
}

/* Bytes of the character at the front of s; *code is 0 when it has none. */
static size_t cp932_decode(struct span s, uint32_t *code)
{
    uint8_t byte = s.ptr[0];

    *code = 0;
    if (byte >= 0xA1 && byte <= 0xDF) {
        *code = 0xFF61u + byte - 0xA1u; /* half-width katakana */
        return 1;
    }
    if (!unicode_cp932_lead(byte) || s.len < 2)
        return 1;
    *code = pair_code(byte, s.ptr[1]);
    return *code != 0 ? 2 : 1;
}

static size_t ascii_head(struct span s)
{
    size_t len = 0;

    while (len < s.len && s.ptr[len] < 0x80)
        len++;
    return len;
}

bool unicode_from_cp932(struct span in, struct buf *out, size_t *bad)
{
    uint8_t chunk[CHUNK];
    size_t len = 0, lost = 0;
    bool ok = true;

    while (in.len > 0 && ok) {
        if (in.ptr[0] < 0x80) {
            size_t plain = ascii_head(in);
            ok = buf_add(out, (struct span){chunk, len}) &&
                 buf_add(out, span_head(in, plain));
            len = 0;
            in = span_skip(in, plain);
            continue;
        }
        uint32_t code;
        size_t used = cp932_decode(in, &code);
        lost += code == 0 ? 1 : 0;
        len += unicode_encode(code != 0 ? code : 0xFFFD, chunk + len);
        in = (struct span){in.ptr + used, in.len - used};
        if (len + 4 > CHUNK) {
            ok = buf_add(out, (struct span){chunk, len});
            len = 0;
        }
    }
    if (bad)
        *bad += lost;
    return ok && buf_add(out, (struct span){chunk, len});
}

size_t unicode_cp932_bad(struct span in)
{
    size_t bad = 0;

    while (in.len > 0) {
        size_t used = ascii_head(in);
        if (used == 0) {
            uint32_t code;
            used = cp932_decode(in, &code);
            bad += code == 0 ? 1 : 0;
        }
        in = (struct span){in.ptr + used, in.len - used};
    }
    return bad;
}
