// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * base64.c - undo base64 as mail and forms carry it.
 *
 * In:   a part with the coding base64, in lines or in one; or one that is
 *       nothing but the base64 of text or of a packed file.
 * Out:  one part with its bytes.
 * Not:  checks nothing: junk around digits is passed over, among them it is
 *       taken for a damaged one; padding ends a group only. Behind a hole it
 *       goes on where lines of one width, or one line, must have a group;
 *       else at the next line.
 * Spec: RFC 4648 4, RFC 2045 6.8.
 */
#include "decode/format/base64.h"

#include "outflow/compiler.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum {
    JUNK = 0xff,
    PAD = 0xfe,
    BASE64_ROOM = 8 << 10, /* bytes undone at a time */
    STEADY = 3, /* lines as wide as the one in front show where all end */
    HELD = 96,  /* of a line, from what is no digit on */
};

struct base64 {
    uint32_t bits;  /* of the group not yet complete */
    uint8_t digits; /* of that group, 0 to 3 */
    uint8_t skip;   /* digits to pass over: their group began in a hole */
    bool lost;      /* behind a hole: wait for a line end */
    bool holed;     /* the next line end begins a group */
    bool guess;     /* nothing declares it: other text ends it */
    uint64_t seen;  /* coded bytes, those being taken included */
    uint64_t line;  /* place of the newest line; 0: the first */
    uint64_t width; /* of the line before it, with its end */
    uint32_t whole; /* lines of whole groups */
    uint32_t torn;  /* lines that end within a group */
    uint8_t count;  /* digits of the line modulo 4 */
    uint8_t steady; /* and of so many lines before that */
    bool returns;   /* which ended with CR and LF */
    bool returned;  /* a CR was the last byte */
    bool inside;    /* the line has digits */
    uint8_t len;    /* bytes held: junk stands among the line's digits */
    uint8_t held[HELD];
    bool owed;   /* the line before lacks a digit */
    bool mended; /* and this one began with it */
};

const uint8_t base64_values[256] = {
#define J8 JUNK, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK
    J8,
    J8,
    J8,
    J8,
    J8,
    JUNK,
    JUNK,
    JUNK,
    62,
    JUNK,
    62,
    JUNK,
    63,
    /* '0' */ 52,
    53,
    54,
    55,
    56,
    57,
    58,
    59,
    60,
    61,
    JUNK,
    JUNK,
    JUNK,
    PAD,
    JUNK,
    JUNK,
    JUNK,
    /* 'A' */ 0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    JUNK,
    JUNK,
    JUNK,
    JUNK,
    63,
    JUNK,
    /* 'a' */ 26,
    27,
    28,
    29,
    30,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    38,
    39,
    40,
    41,
    42,
    43,
    44,
    45,
    46,
    47,
    48,
    49,
    50,
    51,
    JUNK,
    JUNK,
    JUNK,
    JUNK,
    JUNK,
    /* 0x80 */ J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
    J8,
#undef J8
};

/* Four digits at once while there is nothing else; gives groups done. */
static size_t fast_groups(struct span in, uint8_t *out, size_t room)
{
    size_t groups = in.len / 4 < room / 3 ? in.len / 4 : room / 3;
    const uint8_t *from = in.ptr;

    for (size_t i = 0; i < groups; i++, from += 4, out += 3) {
        uint32_t a = base64_values[from[0]], b = base64_values[from[1]];
        uint32_t c = base64_values[from[2]], d = base64_values[from[3]];
        if (((a | b | c | d) & 0xc0) != 0)
            return i;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
    }
    return groups;
}

/* What is left of a group that padding or the end cut short. */
static size_t group_flush(struct base64 *b, uint8_t *out)
{
    size_t made = 0;

    if (b->digits >= 2)
        out[made++] = (uint8_t)(b->bits >> (b->digits == 2 ? 4 : 10));
    if (b->digits == 3)
        out[made++] = (uint8_t)(b->bits >> 2);
    b->digits = 0;
    b->bits = 0;
    return made;
}

static size_t one_digit(struct base64 *b, uint8_t value, uint8_t *out)
{
    b->count = (uint8_t)((b->count + 1) % 4);
    b->inside = true;
    if (b->skip > 0) {
        b->skip--;
        return 0;
    }
    b->bits = (b->bits << 6 | value) & 0xffffff;
    if (++b->digits < 4)
        return 0;
    out[0] = (uint8_t)(b->bits >> 16);
    out[1] = (uint8_t)(b->bits >> 8);
    out[2] = (uint8_t)b->bits;
    b->digits = 0;
    return 3;
}

/*
 * A line ended in front of place. Where nearly all lines hold whole groups, a
 * digit of one that ends within a group is damaged: it may have become a
 * blank or this very line end, so another stands in for it. What ends within
 * a group even then is given up, and the next line begins one.
 */
static void line_ended(struct base64 *b, uint64_t place)
{
    bool torn = b->count % 4 != 0 && b->digits > 0;

    b->steady = b->width != place - b->line ? 0
                : b->steady < STEADY        ? (uint8_t)(b->steady + 1)
                                            : STEADY;
    b->width = place - b->line;
    b->line = place;
    b->returns = b->returned;
    b->inside = false;
    b->owed = torn && b->whole > b->torn && !b->mended && !b->holed;
    b->mended = false;
    if (b->owed)
        return;
    if (b->count % 4 == 0)
        b->whole++;
    else if (b->digits > 0)
        b->torn++;
    b->count = 0;
    if (b->holed || (b->digits > 0 && b->whole > b->torn))
        b->bits = b->digits = b->skip = 0;
    b->holed = false;
}

/* Bytes from place on to the end that lines of one width have. */
static uint64_t line_left(const struct base64 *b, uint64_t place)
{
    uint64_t end = b->line + b->width - 1 - b->returns;

    if (b->steady < STEADY || b->width < 4)
        return UINT64_MAX;
    return place < end ? end - place : 0;
}

/* A digit where all lines end is a damaged line end. */
static bool is_line_end(struct base64 *b, uint8_t byte, uint64_t place)
{
    if (byte == '\n')
        return true;
    return b->digits == 0 && b->skip == 0 && line_left(b, place) == 0 &&
           place - b->line == b->width - 1;
}

/* Take the byte at place; gives bytes made, at most 3. */
static size_t one_byte(struct base64 *b, uint8_t byte, uint64_t place,
                       uint8_t *out)
{
    uint8_t value = base64_values[byte];
    bool at_end = b->digits == 0 && line_left(b, place) == 0;
    size_t made = 0;

    if (is_line_end(b, byte, place)) {
        line_ended(b, place + 1);
        return 0;
    }
    b->returned = byte == '\r' || (at_end && b->returns);
    if (value == PAD) {
        b->owed = false;
        return group_flush(b, out);
    }
    if (value == JUNK || (at_end && b->skip == 0))
        return 0;
    if (b->owed) {
        b->owed = false;
        b->mended = true;
        made = one_digit(b, 0, out);
    }
    return made + one_digit(b, value, out + made);
}

/*
 * The line goes on with junk and what is held: do its groups lack one digit
 * without the junk? Then it was that. Gives bytes made.
 */
static size_t release(struct base64 *b, uint64_t place, uint8_t *out)
{
    unsigned count = b->count;
    size_t made = 0;

    for (size_t i = 0; i < b->len; i++)
        count += base64_values[b->held[i]] != JUNK;
    if (count % 4 == 3)
        made += one_digit(b, 0, out);
    for (size_t i = 1; i < b->len; i++)
        made += one_byte(b, b->held[i], place - b->len + i, out + made);
    b->len = 0;
    return made;
}

/* Is the byte at place junk among digits? */
static bool is_odd(const struct base64 *b, uint8_t byte, uint64_t place)
{
    return base64_values[byte] == JUNK && byte > ' ' && b->inside &&
           b->skip == 0 && (b->digits > 0 || line_left(b, place) > 0);
}

/* Fill out from *in, which is moved on; gives bytes made. */
static size_t fill(struct base64 *b, struct span *in, uint8_t *out, size_t room)
{
    size_t made = 0;

    while (in->len > 0 && room - made >= 3) {
        uint64_t place = b->seen - in->len;
        if (b->len > 0 && (*in->ptr == '\n' || b->len == HELD)) {
            if (room - made < HELD)
                break;
            made += release(b, place, out + made);
            continue;
        }
        if (b->len > 0 || is_odd(b, *in->ptr, place)) {
            b->held[b->len++] = *in->ptr;
            *in = span_skip(*in, 1);
            continue;
        }
        if (b->digits == 0 && b->skip == 0 && !b->owed) {
            uint64_t left = line_left(b, place);
            struct span line = left < in->len ? span_head(*in, left) : *in;
            size_t groups = fast_groups(line, out + made, room - made);
            *in = span_skip(*in, groups * 4);
            made += groups * 3;
            b->inside = b->inside || groups > 0;
            if (groups > 0)
                continue;
        }
        made += one_byte(b, *in->ptr, place, out + made);
        *in = span_skip(*in, 1);
    }
    return made;
}

size_t base64_decode(struct span in, uint8_t *out, size_t room)
{
    struct base64 b = {.seen = in.len};
    size_t made = fill(&b, &in, out, room);

    if (in.len == 0 && b.len > 0 && room - made >= HELD)
        made += release(&b, b.seen, out + made);
    if (in.len == 0 && room - made >= 2)
        made += group_flush(&b, out + made);
    return made;
}

/* --- is it base64? --- */

/* A type whose bytes are lines of letters cannot be declared as coded. */
static bool is_container(const struct hint *hint)
{
    return span_starts_nocase(hint->part->media, SPAN("multipart/")) ||
           span_starts_nocase(hint->part->media, SPAN("message/"));
}

/* Bytes in front that are base64 in lines of one width, at least wide. */
static size_t lines_here(struct span head, size_t wide)
{
    size_t at = 0, width = 0;

    while (at < head.len && (head.ptr[at] == '\r' || head.ptr[at] == '\n'))
        at++;
    while (at < head.len) {
        struct span line = span_skip(head, at);
        size_t end = span_find(line, '\n');
        bool whole = end < line.len;
        struct span text = span_trim(span_head(line, end));
        size_t digits = 0;
        while (digits < text.len && base64_values[text.ptr[digits]] < JUNK - 1)
            digits++;
        if (digits < text.len && base64_values[text.ptr[digits]] == JUNK)
            return 0;
        if (whole && (text.len < wide || (width > 0 && text.len > width)))
            return width > 0 ? at : 0; /* the last one is shorter */
        width = text.len;
        at += end + whole;
    }
    return at;
}

/*
 * Bytes in front that are still base64; *text: what follows is something
 * else. A line is taken as a whole unless it is long.
 */
static size_t guess_len(const struct base64 *b, struct span s, bool *text)
{
    enum { LONG = 1 << 10 };
    uint64_t taken = b->seen - b->line; /* of the first line */
    size_t line = 0, at = 0;

    while (at < s.len &&
           (base64_values[s.ptr[at]] != JUNK || s.ptr[at] <= ' ')) {
        at++;
        if (s.ptr[at - 1] != '\n')
            continue;
        line = at;
        taken = 0;
    }
    *text = at < s.len;
    return taken + (at - line) < LONG ? line : at;
}

/* Letters of either case, for lists of numbers and words are no base64. */
static bool is_mixed(struct span s)
{
    bool small = false, large = false, digit = false;

    for (size_t i = 0; i < s.len; i++) {
        small = small || (s.ptr[i] >= 'a' && s.ptr[i] <= 'z');
        large = large || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z');
        digit = digit || (s.ptr[i] >= '0' && s.ptr[i] <= '9');
    }
    return small && large && digit;
}

/* Text, or a file packed as coding.c undoes it? */
static bool is_content(struct span s)
{
    static const struct span packed[] = {
        SPAN_INIT("\x1f\x8b\x08"), SPAN_INIT("BZh"), SPAN_INIT("\xfd\x37zXZ"),
        SPAN_INIT("\x28\xb5\x2f\xfd")};

    for (size_t i = 0; i < COUNT(packed); i++)
        if (span_starts(s, packed[i]))
            return true;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t byte = s.ptr[i];
        if (byte == 0x7f || (byte < ' ' && byte != '\t' && byte != '\r' &&
                             byte != '\n' && byte != 0x1b))
            return false;
    }
    return true;
}

enum match base64_begins(struct span bytes)
{
    enum { LINES = 3, WIDE = 60, WIDEST = 256 };
    uint8_t room[LINES * WIDEST];
    size_t at = 0, width = 0;

    for (size_t i = 0; i < LINES; i++) {
        struct span rest = span_skip(bytes, at);
        struct span seen = span_head(rest, WIDEST);
        size_t digits = 0;
        while (digits < seen.len && base64_values[seen.ptr[digits]] < PAD)
            digits++;
        if (digits == rest.len && digits < WIDEST)
            return MATCH_MORE;
        size_t end = digits + (digits < seen.len && seen.ptr[digits] == '\r');
        if (digits < WIDE || digits % 4 != 0 || (i > 0 && digits != width))
            return MATCH_NO;
        if (end == rest.len)
            return MATCH_MORE;
        if (rest.ptr[end] != '\n')
            return MATCH_NO;
        width = digits;
        at += end + 1;
    }
    size_t made = base64_decode(span_head(bytes, at), room, sizeof(room));
    return is_mixed(span_head(bytes, at)) &&
                   is_content((struct span){room, made})
               ? MATCH_YES
               : MATCH_NO;
}

bool base64_goes_on(struct span line)
{
    enum { DAMAGED = 2 };
    size_t strange = 0;

    line = span_trim(line);
    for (size_t i = 0; i < line.len && strange <= DAMAGED; i++)
        strange += base64_values[line.ptr[i]] == JUNK;
    return line.len > DAMAGED && strange <= DAMAGED;
}

/* Nothing says so, but it is nothing else. */
static enum match undeclared(struct span head, const struct hint *hint)
{
    enum { WIDE = 60, LEAST = 96 };
    uint8_t room[LIMIT_PROBE];
    struct span seen = span_head(head, LIMIT_PROBE);
    size_t len = lines_here(seen, WIDE);
    bool all = hint->ended || head.len >= LIMIT_PROBE;

    if (len < seen.len)
        return MATCH_NO;
    if (!all)
        return MATCH_MORE;
    seen = span_head(seen, len);
    size_t made = base64_decode(seen, room, sizeof(room));
    bool is = made >= LEAST && is_mixed(seen) &&
              is_content((struct span){room, made - 3});
    return is ? MATCH_YES : MATCH_NO;
}

static enum match base64_probe(struct span head, const struct hint *hint)
{
    if (hint->part->coding.len == 0)
        return undeclared(head, hint);
    if (!is_container(hint))
        return MATCH_YES;
    if (span_find(head, '\n') == head.len && head.len < LIMIT_PROBE &&
        !hint->ended)
        return MATCH_MORE;
    struct span line = span_head(head, span_find(head, '\n'));
    bool is = lines_here(line, 0) > 0 && !span_starts(line, SPAN("--"));
    return is ? MATCH_YES : MATCH_NO;
}

/* --- undoing --- */

static bool base64_open(void *state, const struct hint *hint)
{
    struct base64 *b = state;

    b->guess = hint->part->coding.len == 0;
    return true;
}

static struct progress base64_feed(void *state, enum dir dir, struct span bytes,
                                   struct sink *out)
{
    struct base64 *b = state;
    uint8_t room[BASE64_ROOM];
    bool text = false;

    (void)dir;
    if (b->guess)
        bytes = span_head(bytes, guess_len(b, bytes, &text));
    struct span rest = bytes;
    b->seen += bytes.len;
    if (b->lost) {
        size_t end = span_find(rest, '\n');
        b->lost = end == rest.len;
        rest = span_skip(rest, end);
    }
    while (rest.len > 0) {
        size_t made = fill(b, &rest, room, sizeof(room));
        if (made > 0 && !out->ops->put(out->ctx, (struct span){room, made}))
            return (struct progress){DECODE_REFUSED, bytes.len - rest.len};
    }
    return (struct progress){text ? DECODE_DONE : DECODE_MORE, bytes.len};
}

/* Lines of one width: where in a line does the hole end? */
static void gap_in_lines(struct base64 *b)
{
    uint64_t whole = (b->seen - b->line) / b->width * b->width;
    uint64_t ends = b->width % 4; /* LF, or CR and LF */

    b->line += whole;
    /* A line that was guessed waited for its end: where it was is unknown. */
    b->lost = b->guess || (ends != 1 && ends != 2);
    b->skip = (uint8_t)((b->line - b->seen) % 4);
}

static struct progress base64_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    struct base64 *b = state;
    uint8_t room[HELD];
    size_t made = b->len > 0 ? release(b, b->seen, room) : 0;

    (void)dir;
    if (made > 0 && !out->ops->put(out->ctx, (struct span){room, made}))
        return (struct progress){DECODE_REFUSED, 0};
    b->bits = 0;
    b->digits = 0;
    b->seen += len;
    b->holed = true;
    if (b->width > 0)
        gap_in_lines(b);
    else
        b->skip = (uint8_t)((0 - b->seen) % 4);
    if (!out->ops->gap(out->ctx, len / 4 * 3 + len % 4))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status base64_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    struct base64 *b = state;
    uint8_t last[HELD + 2];

    b->guess = false; /* what is left is a line without an end */
    if (base64_feed(state, dir, rest, out).status != DECODE_MORE)
        return DECODE_REFUSED;
    size_t made = b->len > 0 ? release(b, b->seen, last) : 0;
    made += group_flush(b, last + made);
    if (made > 0 && !out->ops->put(out->ctx, (struct span){last, made}))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

const struct decoder decoder_base64 = {
    .name = "base64",
    .state_size = sizeof(struct base64),
    .coding = "base64",
    .recodes = true,
    .probe = base64_probe,
    .open = base64_open,
    .feed = base64_feed,
    .gap = base64_gap,
    .end = base64_end,
};
