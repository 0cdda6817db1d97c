// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * quoted.c - undo quoted-printable.
 *
 * In:   a part with the coding quoted-printable, or one whose first lines can
 *       be nothing else: folded with "=", and "=" is used for nothing more.
 * Out:  one part with its bytes; lines joined where they were folded.
 * Not:  checks nothing: a wrong "=" stands for itself.
 * Spec: RFC 2045 6.7.
 */
#include "decode/format/base64.h"
#include "outflow/limits.h"

enum { FOLD_MAX = 64 }; /* blanks between "=" and the end of its line */

/* Is the sign at this place the padding of base64? */
static bool pads_base64(struct span line, size_t at)
{
    enum { LEAST = 40 };
    size_t digits = 0;

    while (digits < at && digits < LEAST &&
           base64_values[line.ptr[at - 1 - digits]] < 64)
        digits++;
    return digits == LEAST;
}

/* May the line be quoted-printable? Adds to *signs: it folds, or has "=3D". */
static bool line_may(struct span line, bool whole, size_t *signs)
{
    enum { LINE_MAX = 78, FOLDED_MIN = 60 };
    uint64_t value;

    line = whole ? span_trim(line) : line;
    if (line.len > LINE_MAX)
        return false;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] >= 0x80 || line.ptr[i] == 0)
            return false;
        if (line.ptr[i] != '=')
            continue;
        struct span code = span_slice(line, i + 1, i + 3);
        bool folds = whole && code.len == 0 && line.len >= FOLDED_MIN &&
                     !pads_base64(line, i);
        if (!folds && !span_hex(code, &value) && (whole || code.len > 1))
            return false;
        *signs += folds || (code.len == 2 && value == '=');
    }
    return true;
}

/* Nothing says so, but lines are folded and signs written as nowhere else. */
static enum match undeclared(struct span head, const struct hint *hint)
{
    enum { LINES = 24, ENOUGH = 2 };
    struct span seen = span_head(head, LIMIT_PROBE);
    size_t at = 0, signs = 0;

    while (at < seen.len && (seen.ptr[at] == '\r' || seen.ptr[at] == '\n'))
        at++;
    for (size_t lines = 0; signs > 0 || lines < LINES; lines++) {
        struct span rest = span_skip(seen, at);
        size_t end = span_find(rest, '\n');
        if (!line_may(span_head(rest, end), end < rest.len, &signs))
            return MATCH_NO;
        if (end == rest.len)
            return hint->ended || head.len >= LIMIT_PROBE ? MATCH_NO
                                                          : MATCH_MORE;
        if (signs >= ENOUGH)
            return MATCH_YES;
        at += end + 1;
    }
    return MATCH_NO;
}

static enum match quoted_probe(struct span head, const struct hint *hint)
{
    bool container = span_starts_nocase(hint->part->media, SPAN("multipart/"));

    /* RFC 2045 6.4 forbids it there, and "=" is in boundaries */
    if (hint->part->coding.len == 0)
        return undeclared(head, hint);
    return container ? MATCH_NO : MATCH_YES;
}

/* Blanks and the line end behind "=": their length, or 0; *more: not yet. */
static size_t fold_len(struct span s, bool *more)
{
    size_t at = 1;

    while (at < s.len && at < FOLD_MAX &&
           (s.ptr[at] == ' ' || s.ptr[at] == '\t'))
        at++;
    *more = at == s.len;
    if (at < s.len && s.ptr[at] == '\r') {
        *more = at + 1 == s.len;
        at++;
    }
    return at < s.len && s.ptr[at] == '\n' ? at + 1 : 0;
}

/* What "=" at the front of s means: bytes it takes, 0 for more needed. */
static size_t quoted_take(struct span s, struct span *means, uint8_t *byte)
{
    uint64_t value;
    bool more;
    size_t fold = fold_len(s, &more);

    *means = (struct span){NULL, 0};
    if (fold > 0)
        return fold;
    if (more)
        return 0;
    if (s.len < 3 && span_hex(span_slice(s, 1, 2), &value))
        return 0;
    *means = span_head(s, 1);
    if (s.len < 3 || !span_hex(span_slice(s, 1, 3), &value))
        return 1;
    *byte = (uint8_t)value;
    *means = (struct span){byte, 1};
    return 3;
}

static bool put(struct sink *out, struct span bytes)
{
    return bytes.len == 0 || out->ops->put(out->ctx, bytes);
}

static struct progress quoted_feed(void *state, enum dir dir, struct span bytes,
                                   struct sink *out)
{
    enum { ROOM = 4096 };
    uint8_t room[ROOM];
    size_t made = 0;
    struct span rest = bytes;

    (void)state;
    (void)dir;
    while (rest.len > 0) {
        size_t plain = span_find(rest, '=');
        if (plain > ROOM / 4 || made + plain >= ROOM) {
            if (!put(out, (struct span){room, made}) ||
                !put(out, span_head(rest, plain)))
                return (struct progress){DECODE_REFUSED, 0};
            made = 0;
            rest = span_skip(rest, plain);
            continue;
        }
        for (size_t i = 0; i < plain; i++)
            room[made++] = rest.ptr[i];
        rest = span_skip(rest, plain);
        struct span means;
        uint8_t byte;
        size_t taken = rest.len > 0 ? quoted_take(rest, &means, &byte) : 0;
        if (taken == 0)
            break;
        if (means.len > 0)
            room[made++] = *means.ptr;
        rest = span_skip(rest, taken);
    }
    if (!put(out, (struct span){room, made}))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len - rest.len};
}

static struct progress quoted_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    (void)state;
    (void)dir;
    if (!out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status quoted_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    (void)state;
    (void)dir;
    return put(out, rest) ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_quoted = {
    .name = "quoted-printable",
    .state_size = 1,
    .coding = "quoted-printable",
    .recodes = true,
    .probe = quoted_probe,
    .feed = quoted_feed,
    .gap = quoted_gap,
    .end = quoted_end,
};
