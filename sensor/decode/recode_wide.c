// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * recode_wide.c - UTF-16 and UTF-32, unit by unit.
 *
 * Where units begin is counted, also over holes. When they turn odd the
 * count is wrong, or it is no wide text any more: what follows is judged
 * anew.
 */
#include "decode/recode_state.h"
#include "util/unicode.h"

enum {
    MOST = 4, /* bytes of a character */
    BAD = 8,  /* what an odd unit adds, a good one taking one away */
    ODD = 2,
    TOO_ODD = 64,
    PIECE = 3 << 10, /* bytes of UTF-8 put at once */
};

static bool is_bad(uint32_t code)
{
    return code < '\t' || (code > '\r' && code < 0x1C) || code > 0x10FFFF ||
           (code >= 0xD800 && code < 0xF900) || code == 0xFFFE ||
           code == 0xFFFF;
}

/* Units out of place have their zero byte on the other side. */
static bool is_turned(uint32_t code)
{
    return code > 0xFF && (code & 0xFF) == 0 && code != 0x2500 &&
           code != 0x3000 && code != 0x4E00;
}

static void weigh(struct recode *r, uint32_t code)
{
    if (is_bad(code))
        r->wrong = (uint16_t)(r->wrong + BAD);
    else if (is_turned(code))
        r->wrong = (uint16_t)(r->wrong + ODD);
    else if (r->wrong > 0)
        r->wrong--;
}

/* Add a character; gives false when units are too odd to go on. */
static bool add(struct recode *r, uint32_t code, const struct recode_out *out)
{
    uint8_t utf8[8] = {0};

    weigh(r, code);
    bool lone = code >= 0xD800 && code < 0xE000;
    if (lone || code > 0x10FFFF || code == 0)
        code = 0xFFFD;
    if (code != 0xFEFF && code != 0xFFFE &&
        !buf_add(out->work, (struct span){utf8, charset_put(code, utf8)}))
        return false;
    return r->wrong < TOO_ODD;
}

/* The units at the front of bytes; gives how many bytes they are. */
static size_t convert(struct recode *r, struct span bytes,
                      const struct moment *seen, const struct recode_out *out)
{
    size_t at = 0;
    bool good = true;

    buf_reset(out->work);
    while (good && at < bytes.len && out->work->len < PIECE) {
        uint32_t code;
        size_t used =
            charset_wide((enum charset)r->charset, span_skip(bytes, at), &code);
        if (used == 0)
            break;
        good = add(r, code, out);
        at += used;
    }
    recode_emit(r, buf_span(out->work), seen, out);
    if (!good) {
        r->mode = RECODE_SAMPLE;
        r->torn = true;
    }
    return at;
}

/* The character that the last packet cut. */
static struct span complete(struct recode *r, struct span bytes,
                            const struct moment *seen,
                            const struct recode_out *out)
{
    while (r->len > 0 && r->len < MOST && bytes.len > 0) {
        if (!recode_hold(r, span_head(bytes, 1), seen)) {
            r->len = r->count = 0;
            break;
        }
        bytes = span_skip(bytes, 1);
        size_t used = convert(r, (struct span){r->held, r->len}, seen, out);
        r->len -= (uint32_t)used;
        for (size_t i = 0; i < r->len; i++)
            r->held[i] = r->held[used + i];
        r->marks[0] = (struct recode_mark){r->len, *seen};
        r->count = r->len > 0;
        if (r->mode != RECODE_WIDE)
            break;
    }
    return bytes;
}

struct span recode_wide(struct recode *r, struct span bytes,
                        const struct moment *seen, const struct recode_out *out)
{
    struct span some = span_head(bytes, r->skip);

    r->skip = (uint8_t)(r->skip - some.len);
    bytes = span_skip(bytes, some.len);
    if (r->len > 0)
        bytes = complete(r, bytes, seen, out);
    if (bytes.len == 0 || r->len > 0 || r->mode != RECODE_WIDE)
        return bytes;
    size_t used = convert(r, bytes, seen, out);
    bytes = span_skip(bytes, used);
    if (used > 0 || r->mode != RECODE_WIDE)
        return bytes;
    if (!recode_hold(r, bytes, seen))
        r->mode = RECODE_SAMPLE;
    return (struct span){NULL, 0};
}

void recode_wide_gap(struct recode *r, uint64_t len)
{
    size_t unit = charset_unit((enum charset)r->charset);
    uint64_t at = (unit - r->skip) % unit + r->len + len;

    r->skip = (uint8_t)((unit - at % unit) % unit);
    r->len = r->count = 0;
}
