// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * charset.c - characters of charsets by tables made at build time.
 *
 * Stateless: a stream may be cut in front of any character. It must not
 * guess which charset the bytes are in.
 */
#include "util/charset.h"

#include "util/unicode.h"

enum {
    LEAD_FIRST = 0x81,
    LEAD_LAST = 0xFE,
    TRAIL_FIRST = 0x40,
    TRAIL_LAST = 0xFE,
    TRAILS = TRAIL_LAST - TRAIL_FIRST + 1,
    CELLS = 94,
    FIRST_SINGLE = CHARSET_CP1252,
    FOURS = 39420,             /* GB 18030: four bytes below U+10000 */
    FOURS_SUPPLEMENT = 189000, /* and from here on above it */
    CHUNK = 512, /* bytes of UTF-8 gathered before they go to the buf */
};

#include "charsets.inc"

struct label {
    const char *words;
    enum charset charset;
};

static const struct label labels[] = {
#define WIDE(id, iconv, words)   {words, CHARSET_##id},
#define MULTI(id, iconv, words)  {words, CHARSET_##id},
#define SINGLE(id, iconv, words) {words, CHARSET_##id},
#include "util/charsets.def"
};

enum charset charset_find(struct span label)
{
    label = span_trim(label);
    if (label.len > 1 && (label.ptr[0] == '"' || label.ptr[0] == '\''))
        label = span_head(span_skip(label, 1), label.len - 2);
    for (size_t i = 0; label.len > 0 && i < COUNT(labels); i++) {
        struct span words = span_of(labels[i].words), word;
        while (span_cut(&words, ' ', &word))
            if (span_eq_nocase(word, label))
                return labels[i].charset;
    }
    return CHARSET_NONE;
}

bool charset_is_wide(enum charset charset)
{
    return charset >= CHARSET_UTF16LE && charset <= CHARSET_UTF32BE;
}

bool charset_is_single(enum charset charset)
{
    return (int)charset >= FIRST_SINGLE && charset < CHARSETS;
}

/* --- sets of pairs --- */

static size_t pair_at(uint8_t lead, uint8_t trail)
{
    return (size_t)(lead - LEAD_FIRST) * TRAILS + (trail - TRAIL_FIRST);
}

/* A pair of a set; code is that of its table. */
static size_t pair(uint32_t code, uint32_t *out)
{
    *out = code;
    return code != CHARSET_BAD ? 2 : 1;
}

static bool is_pair(struct span s)
{
    return s.ptr[0] >= LEAD_FIRST && s.ptr[0] <= LEAD_LAST &&
           s.ptr[1] >= TRAIL_FIRST && s.ptr[1] <= TRAIL_LAST;
}

uint32_t charset_set_code(enum iso2022_set set, uint8_t row, uint8_t cell)
{
    uint8_t high[2] = {row | 0x80, cell | 0x80};

    if (high[0] < 0xA1 || high[0] > 0xFE || high[1] < 0xA1 || high[1] > 0xFE)
        return CHARSET_BAD;
    size_t at = (size_t)(high[0] - 0xA1) * CELLS + (high[1] - 0xA1);
    switch (set) {
    case SET_JISX0208:
        return jisx0208[at];
    case SET_JISX0212:
        return jisx0212[at];
    case SET_JISX0213_1:
        return jisx0213_1[at];
    case SET_JISX0213_2:
        return jisx0213_2[at];
    case SET_GB2312:
        return gbk[pair_at(high[0], high[1])];
    case SET_KSX1001:
        return cp949[pair_at(high[0], high[1])];
    }
    return CHARSET_BAD;
}

static size_t cp932_decode(struct span s, uint32_t *code)
{
    uint8_t lead = s.ptr[0];

    *code = CHARSET_BAD;
    if (lead >= 0xA1 && lead <= 0xDF) {
        *code = 0xFF61u + lead - 0xA1u; /* half-width katakana */
        return 1;
    }
    if (!unicode_cp932_lead(lead))
        return 1;
    if (s.len < 2)
        return 0;
    return is_pair(s) ? pair(cp932[pair_at(lead, s.ptr[1])], code) : 1;
}

/* 8E: half-width katakana; 8F: the supplementary set; else JIS X 0208. */
static size_t eucjp_decode(struct span s, uint32_t *code)
{
    uint8_t lead = s.ptr[0];

    *code = CHARSET_BAD;
    if (lead != 0x8E && lead != 0x8F && (lead < 0xA1 || lead > 0xFE))
        return 1;
    if (s.len < 2)
        return 0;
    uint8_t second = s.ptr[1];
    if (lead == 0x8E) {
        bool kana = second >= 0xA1 && second <= 0xDF;
        return pair(kana ? 0xFF61u + second - 0xA1u : CHARSET_BAD, code);
    }
    if (second < 0xA1)
        return 1;
    if (lead != 0x8F) {
        uint32_t found = charset_set_code(SET_JISX0208, lead, second);
        if (found == CHARSET_BAD)
            found = charset_set_code(SET_JISX0213_1, lead, second);
        return pair(found, code);
    }
    if (s.len < 3)
        return 0;
    if (s.ptr[2] < 0xA1)
        return 1;
    *code = charset_set_code(SET_JISX0212, second, s.ptr[2]);
    if (*code == CHARSET_BAD)
        *code = charset_set_code(SET_JISX0213_2, second, s.ptr[2]);
    return *code != CHARSET_BAD ? 3 : 1;
}

/* The code point of the at-th character of four bytes. */
static uint32_t four_code(uint32_t at)
{
    size_t low = 0, high = COUNT(fours);

    if (at >= FOURS_SUPPLEMENT && at - FOURS_SUPPLEMENT < 0x100000)
        return at - FOURS_SUPPLEMENT + 0x10000;
    if (at >= FOURS)
        return CHARSET_BAD;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (fours[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    if (fours[low].code == 0)
        return CHARSET_BAD;
    return fours[low].code + (at - fours[low].at);
}

static size_t gb18030_decode(struct span s, uint32_t *code)
{
    uint8_t lead = s.ptr[0];

    *code = CHARSET_BAD;
    if (lead == 0x80) { /* as Windows writes it */
        *code = 0x20AC;
        return 1;
    }
    if (lead == 0xFF)
        return 1;
    if (s.len < 2)
        return 0;
    if (s.ptr[1] < 0x30 || s.ptr[1] > 0x39)
        return is_pair(s) ? pair(gbk[pair_at(lead, s.ptr[1])], code) : 1;
    if (s.len < 3)
        return 0;
    if (s.ptr[2] < LEAD_FIRST || s.ptr[2] > LEAD_LAST)
        return 1;
    if (s.len < 4)
        return 0;
    if (s.ptr[3] < 0x30 || s.ptr[3] > 0x39)
        return 1;
    uint32_t at = ((lead - 0x81u) * 10 + (s.ptr[1] - 0x30u)) * 1260 +
                  (s.ptr[2] - 0x81u) * 10 + (s.ptr[3] - 0x30u);
    *code = four_code(at);
    return *code != CHARSET_BAD ? 4 : 1;
}

static size_t plain_pair(struct span s, enum charset charset, uint32_t *code)
{
    *code = CHARSET_BAD;
    if (s.ptr[0] < LEAD_FIRST || s.ptr[0] > LEAD_LAST)
        return 1;
    if (s.len < 2)
        return 0;
    if (!is_pair(s))
        return 1;
    size_t at = pair_at(s.ptr[0], s.ptr[1]);
    return pair(charset == CHARSET_BIG5 ? big5[at] : cp949[at], code);
}

/* --- wide units --- */

size_t charset_unit(enum charset charset)
{
    return charset >= CHARSET_UTF32LE ? 4 : 2;
}

size_t charset_wide(enum charset charset, struct span s, uint32_t *code)
{
    bool big = charset == CHARSET_UTF16BE || charset == CHARSET_UTF32BE;
    size_t unit = charset_unit(charset);
    uint32_t value = 0;

    if (s.len < unit)
        return 0;
    for (size_t i = 0; i < unit; i++)
        value = value << 8 | s.ptr[big ? i : unit - 1 - i];
    *code = value;
    if (unit == 4 || (value & 0xFC00) != 0xD800)
        return unit;
    if (s.len < 4)
        return 0;
    uint32_t low = big ? (uint32_t)s.ptr[2] << 8 | s.ptr[3]
                       : (uint32_t)s.ptr[3] << 8 | s.ptr[2];
    if ((low & 0xFC00) != 0xDC00)
        return unit;
    *code = 0x10000 + ((value & 0x3FF) << 10) + (low & 0x3FF);
    return 4;
}

/* --- 8-bit charsets --- */

/* UTF-8: 0 when what is there may begin a character and is cut. */
static size_t utf8_decode(struct span s, uint32_t *code)
{
    static const uint8_t least[] = {0xC2, 0xE0, 0xF0, 0xF5};
    size_t want = 1, have = 1;

    for (size_t i = 0; i < COUNT(least); i++)
        want += s.ptr[0] >= least[i] ? 1 : 0;
    *code = CHARSET_BAD;
    if (want == 1 || want > 4)
        return 1;
    if (s.len >= want) {
        size_t used = unicode_decode(s, code);
        if (used == 1)
            *code = CHARSET_BAD;
        return used;
    }
    while (have < s.len && (s.ptr[have] & 0xC0) == 0x80)
        have++;
    return have == s.len ? 0 : 1;
}

size_t charset_decode(enum charset charset, struct span s, uint32_t *code)
{
    if (s.ptr[0] < 0x80) {
        *code = s.ptr[0];
        return 1;
    }
    switch (charset) {
    case CHARSET_UTF8:
        return utf8_decode(s, code);
    case CHARSET_CP932:
        return cp932_decode(s, code);
    case CHARSET_EUCJP:
        return eucjp_decode(s, code);
    case CHARSET_GB18030:
        return gb18030_decode(s, code);
    case CHARSET_BIG5:
    case CHARSET_CP949:
        return plain_pair(s, charset, code);
    default:
        *code = CHARSET_BAD;
        if (charset_is_single(charset))
            *code = singles[(int)charset - FIRST_SINGLE][s.ptr[0] & 0x7F];
        /* the five that Windows-1252 leaves out are controls */
        if (charset == CHARSET_CP1252 && *code == CHARSET_BAD)
            *code = s.ptr[0];
        return 1;
    }
}

size_t charset_put(uint32_t code, uint8_t out[8])
{
    if ((code & UINT32_C(0x80000000)) == 0)
        return unicode_encode(code, out);
    size_t first = unicode_encode(code & 0xFFFF, out);
    return first + unicode_encode(code >> 16 & 0x7FFF, out + first);
}

/* --- whole texts --- */

static size_t ascii_head(struct span s)
{
    size_t len = 0;

    while (len < s.len && s.ptr[len] < 0x80)
        len++;
    return len;
}

bool charset_convert(enum charset charset, struct span in, struct buf *out,
                     size_t *bad)
{
    uint8_t chunk[CHUNK];
    size_t len = 0, lost = 0;
    bool ok = true;

    while (in.len > 0 && ok) {
        size_t used = ascii_head(in);
        if (used > 0) {
            ok = buf_add(out, (struct span){chunk, len}) &&
                 buf_add(out, span_head(in, used));
            len = 0;
            in = span_skip(in, used);
            continue;
        }
        uint32_t code;
        used = charset_decode(charset, in, &code);
        if (used == 0 || code == CHARSET_BAD) {
            lost++;
            code = 0xFFFD;
            used = used == 0 ? in.len : used;
        }
        len += charset_put(code, chunk + len);
        in = span_skip(in, used);
        if (len + 8 > CHUNK) {
            ok = buf_add(out, (struct span){chunk, len});
            len = 0;
        }
    }
    if (bad)
        *bad += lost;
    return ok && buf_add(out, (struct span){chunk, len});
}

/* Wide text; half a unit at the end is dropped. */
static bool convert_wide(enum charset charset, struct span in, struct buf *out)
{
    uint8_t utf8[8] = {0};
    uint32_t code;
    size_t used;

    while ((used = charset_wide(charset, in, &code)) > 0) {
        bool lone = code >= 0xD800 && code < 0xE000;
        if (lone || code > 0x10FFFF)
            code = 0xFFFD;
        struct span put = {utf8, charset_put(code, utf8)};
        if (code != 0xFEFF && !buf_add(out, put))
            return false;
        in = span_skip(in, used);
    }
    return true;
}

bool charset_text(enum charset charset, struct span in, struct buf *out)
{
    size_t bad = 0;

    if (charset_is_wide(charset))
        return convert_wide(charset, in, out);
    if (charset == CHARSET_ISO2022)
        return iso2022_convert(in, out, &bad);
    return charset_convert(charset, in, out, &bad);
}

size_t charset_bad(enum charset charset, struct span in, bool cut)
{
    size_t bad = 0;

    while (in.len > 0) {
        uint32_t code = 1;
        size_t used = ascii_head(in);
        if (used == 0)
            used = charset_decode(charset, in, &code);
        if (used == 0)
            return cut ? bad : bad + 1;
        bad += code == CHARSET_BAD ? 1 : 0;
        in = span_skip(in, used);
    }
    return bad;
}

/* --- CP932 by its old names --- */

bool unicode_cp932_lead(uint8_t byte)
{
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

bool unicode_from_cp932(struct span in, struct buf *out, size_t *bad)
{
    return charset_convert(CHARSET_CP932, in, out, bad);
}

size_t unicode_cp932_bad(struct span in)
{
    size_t bad = 0;

    while (in.len > 0) { /* many rows of no text come here */
        uint32_t code = 1;
        size_t used = in.ptr[0] < 0x80 ? 1 : cp932_decode(in, &code);
        bad += code == CHARSET_BAD ? 1 : 0;
        used = used > 0 ? used : 1;
        in = (struct span){in.ptr + used, in.len - used};
    }
    return bad;
}
