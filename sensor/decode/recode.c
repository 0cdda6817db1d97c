// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * recode.c - holds bytes until their charset is certain, and passes on.
 *
 * Whatever is decided hangs on how many bytes there were, never on how they
 * came: bytes are judged when exactly so many are there. It must not know
 * any charset but UTF-8.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/recode_state.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"

enum {
    FIRST = 64, /* bytes that tell plain text from the start of wide text */
    MARKS = 64, /* packets told apart among held bytes */
    BLOCK = 64,
};

/* Bytes held when they are judged. */
static const uint32_t steps[] = {FIRST, 512, LIMIT_CHARSET};

/* --- plain ASCII --- */

/* NUL: wide text or none; ESC: ISO 2022; from 0x80 on: some charset. */
static bool is_special(uint8_t c)
{
    return c >= 0x80 || c == 0 || c == 0x1B;
}

/* Whole blocks of plain bytes at the front, in bytes. */
static ALWAYS_INLINE size_t plain_blocks(struct span bytes)
{
    size_t i = 0;

    for (; i + BLOCK <= bytes.len; i += BLOCK) {
        const uint8_t *p = bytes.ptr + i;
        uint8_t any = 0;
        for (size_t k = 0; k < BLOCK; k++)
            any |= (uint8_t)((p[k] & 0x80) | (p[k] == 0) | (p[k] == 0x1B));
        if (any != 0)
            break;
    }
    return i;
}

VECTOR static size_t plain_wide(struct span bytes)
{
    return plain_blocks(bytes);
}

size_t recode_plain(struct span bytes)
{
    size_t i = HAS_VECTOR() ? plain_wide(bytes) : plain_blocks(bytes);

    while (i < bytes.len && !is_special(bytes.ptr[i]))
        i++;
    return i;
}

/* --- what is held --- */

struct recode *recode_new(enum charset declared, enum recode_from from)
{
    struct recode *r = calloc(1, sizeof(*r));

    if (r == NULL)
        return NULL;
    r->declared = (uint8_t)declared;
    r->mode = from == RECODE_BEHIND ? RECODE_PLAIN : RECODE_START;
    r->head = from == RECODE_FIRST && declared == CHARSET_NONE;
    r->torn = from == RECODE_AMID;
    return r;
}

void recode_free(struct recode *r)
{
    if (r == NULL)
        return;
    free(r->held);
    free(r->marks);
    free(r);
}

static void forget(struct recode *r)
{
    free(r->held);
    free(r->marks);
    r->held = NULL;
    r->marks = NULL;
    r->len = r->room = 0;
    r->count = r->marks_room = 0;
}

void recode_emit(struct recode *r, struct span utf8, const struct moment *seen,
                 const struct recode_out *out)
{
    if (utf8.len == 0)
        return;
    r->out += utf8.len;
    out->put(out->ctx, utf8, seen);
}

static bool same(const struct moment *a, const struct moment *b)
{
    return a->number == b->number && a->capture == b->capture &&
           a->time_ns == b->time_ns;
}

/* A line comes with its last packet; a sample is told apart by packets. */
static bool mark(struct recode *r, const struct moment *seen)
{
    bool last = r->mode == RECODE_LINES || r->count == MARKS ||
                (r->count > 0 && same(&r->marks[r->count - 1].seen, seen));

    if (r->count == 0 || !last) {
        if (r->count == r->marks_room) {
            size_t room = r->marks_room == 0 ? 1 : (size_t)r->marks_room * 4;
            struct recode_mark *marks =
                realloc(r->marks, room * sizeof(*marks));
            if (marks == NULL)
                return false;
            r->marks = marks;
            r->marks_room = (uint16_t)room;
        }
        r->count++;
    }
    r->marks[r->count - 1] = (struct recode_mark){r->len, *seen};
    return true;
}

bool recode_hold(struct recode *r, struct span bytes, const struct moment *seen)
{
    size_t want = r->len + bytes.len;

    if (bytes.len == 0)
        return true;
    if (want > r->room) {
        size_t room = want < FIRST ? FIRST : want < 512 ? 512 : LIMIT_CHARSET;
        uint8_t *held = realloc(r->held, room);
        if (held == NULL)
            return false;
        r->held = held;
        r->room = (uint32_t)room;
    }
    memcpy(r->held + r->len, bytes.ptr, bytes.len);
    r->len += (uint32_t)bytes.len;
    return mark(r, seen);
}

static void feed(struct recode *r, struct span bytes, const struct moment *seen,
                 const struct recode_out *out);

/* Feed what was held once more, each byte with the packet it came with. */
static void replay(struct recode *r, const struct recode_out *out)
{
    uint8_t *held = r->held;
    struct recode_mark *marks = r->marks;
    struct span all = {held, r->len};
    size_t count = r->count;
    uint32_t at = 0;

    r->held = NULL;
    r->marks = NULL;
    forget(r);
    for (size_t i = 0; i < count; i++) {
        feed(r, span_slice(all, at, marks[i].end), &marks[i].seen, out);
        at = marks[i].end;
    }
    free(held);
    free(marks);
}

/* There is no memory to hold bytes: they pass as they are. */
static void give_up(struct recode *r, struct span bytes,
                    const struct moment *seen, const struct recode_out *out)
{
    recode_emit(r, (struct span){r->held, r->len}, seen, out);
    recode_emit(r, bytes, seen, out);
    forget(r);
    r->mode = RECODE_BINARY;
    r->left = LIMIT_NO_TEXT;
}

/* --- modes --- */

static struct span in_start(struct recode *r, struct span bytes,
                            const struct moment *seen,
                            const struct recode_out *out)
{
    if (r->len == 0 && bytes.len >= FIRST) {
        recode_begin(r, span_head(bytes, FIRST));
        return bytes;
    }
    struct span some = span_head(bytes, FIRST - r->len);
    if (!recode_hold(r, some, seen)) {
        give_up(r, span_skip(bytes, some.len), seen, out);
        return (struct span){NULL, 0};
    }
    if (r->len == FIRST) {
        recode_begin(r, (struct span){r->held, r->len});
        replay(r, out);
    }
    return span_skip(bytes, some.len);
}

static struct span in_plain(struct recode *r, struct span bytes,
                            const struct moment *seen,
                            const struct recode_out *out)
{
    size_t pass = r->left < bytes.len ? r->left : bytes.len;

    r->left -= (uint32_t)pass;
    if (r->left == 0) {
        pass += recode_plain(span_skip(bytes, pass));
        if (pass < bytes.len)
            r->mode = RECODE_SAMPLE;
    }
    r->torn = r->torn && pass == 0;
    recode_emit(r, span_head(bytes, pass), seen, out);
    return span_skip(bytes, pass);
}

static struct span in_binary(struct recode *r, struct span bytes,
                             const struct moment *seen,
                             const struct recode_out *out)
{
    struct span some = span_head(bytes, r->left);

    recode_emit(r, some, seen, out);
    r->left -= (uint32_t)some.len;
    if (r->left == 0)
        r->mode = RECODE_PLAIN;
    return span_skip(bytes, some.len);
}

/* The next number of bytes at which they are judged. */
static uint32_t next_step(uint32_t len)
{
    size_t i = 0;

    while (i + 1 < COUNT(steps) && steps[i] <= len)
        i++;
    return steps[i];
}

static struct span in_sample(struct recode *r, struct span bytes,
                             const struct moment *seen,
                             const struct recode_out *out)
{
    for (size_t i = 0; r->len == 0 && i < COUNT(steps); i++)
        if (bytes.len >= steps[i] &&
            recode_judge(r, span_head(bytes, steps[i]), false))
            return bytes;
    while (bytes.len > 0) {
        uint32_t step = next_step(r->len);
        struct span some = span_head(bytes, step - r->len);
        bytes = span_skip(bytes, some.len);
        if (!recode_hold(r, some, seen)) {
            give_up(r, bytes, seen, out);
            return (struct span){NULL, 0};
        }
        if (r->len == step &&
            recode_judge(r, (struct span){r->held, r->len}, false)) {
            replay(r, out);
            break;
        }
    }
    return bytes;
}

/* --- UTF-8 --- */

/* Bytes of whole characters at the front. */
static size_t utf8_run(struct span s)
{
    size_t at = 0;

    while (at < s.len) {
        uint32_t code;
        at += recode_plain(span_skip(s, at));
        /* NUL and ESC are odd, but characters */
        size_t used =
            at < s.len ? charset_decode(CHARSET_UTF8, span_skip(s, at), &code)
                       : 0;
        if (used == 0 || (code == CHARSET_BAD && s.ptr[at] != 0))
            break;
        at += used;
    }
    return at;
}

/* A byte that begins no character: one that a hole cut, or damage. */
static struct span broken(struct recode *r, struct span bytes,
                          const struct moment *seen,
                          const struct recode_out *out)
{
    if (r->torn) {
        while (bytes.len > 0 && (*bytes.ptr & 0xC0) == 0x80)
            bytes = span_skip(bytes, 1);
        r->torn = bytes.len == 0;
    }
    if (r->broken && bytes.len > 0) {
        recode_emit(r, SPAN("\xEF\xBF\xBD"), seen, out);
        bytes = span_skip(bytes, 1);
        r->broken = false;
    }
    return bytes;
}

/* Bytes of a character that the last packet cut. */
static struct span complete(struct recode *r, struct span bytes,
                            const struct moment *seen,
                            const struct recode_out *out)
{
    while (r->len > 0 && bytes.len > 0) {
        struct span held = {r->held, r->len};
        uint32_t code;
        if (charset_decode(CHARSET_UTF8, held, &code) == 0) {
            if (!recode_hold(r, span_head(bytes, 1), seen)) {
                give_up(r, span_skip(bytes, 1), seen, out);
                return (struct span){NULL, 0};
            }
            bytes = span_skip(bytes, 1);
            held = (struct span){r->held, r->len};
        }
        size_t used = charset_decode(CHARSET_UTF8, held, &code);
        if (used == 0)
            continue;
        if (code == CHARSET_BAD) {
            r->mode = RECODE_SAMPLE;
            return bytes;
        }
        recode_emit(r, held, seen, out);
        r->len = r->count = 0;
    }
    return bytes;
}

static struct span in_utf8(struct recode *r, struct span bytes,
                           const struct moment *seen,
                           const struct recode_out *out)
{
    uint32_t code;

    if (r->torn || r->broken)
        bytes = broken(r, bytes, seen, out);
    if (r->len > 0)
        bytes = complete(r, bytes, seen, out);
    if (bytes.len == 0 || r->mode != RECODE_UTF8)
        return bytes;
    size_t run = utf8_run(bytes);
    recode_emit(r, span_head(bytes, run), seen, out);
    bytes = span_skip(bytes, run);
    if (bytes.len == 0)
        return bytes;
    if (charset_decode(CHARSET_UTF8, bytes, &code) > 0) {
        r->mode = RECODE_SAMPLE;
        return bytes;
    }
    if (!recode_hold(r, bytes, seen))
        give_up(r, bytes, seen, out);
    return (struct span){NULL, 0};
}

/* --- all of it --- */

static void feed(struct recode *r, struct span bytes, const struct moment *seen,
                 const struct recode_out *out)
{
    while (bytes.len > 0) {
        switch ((enum recode_mode)r->mode) {
        case RECODE_START:
            bytes = in_start(r, bytes, seen, out);
            break;
        case RECODE_PLAIN:
            bytes = in_plain(r, bytes, seen, out);
            break;
        case RECODE_SAMPLE:
            bytes = in_sample(r, bytes, seen, out);
            break;
        case RECODE_UTF8:
            bytes = in_utf8(r, bytes, seen, out);
            break;
        case RECODE_LINES:
            bytes = recode_lines(r, bytes, seen, out);
            break;
        case RECODE_WIDE:
            bytes = recode_wide(r, bytes, seen, out);
            break;
        case RECODE_BINARY:
            bytes = in_binary(r, bytes, seen, out);
            break;
        }
    }
}

void recode_put(struct recode *r, struct span bytes, const struct moment *seen,
                const struct recode_out *out)
{
    r->in += bytes.len;
    if (r->head)
        recode_head(r, bytes);
    feed(r, bytes, seen, out);
}

/* No more bytes come before a hole or the end: decide on what there is. */
static void settle(struct recode *r, const struct recode_out *out)
{
    while (r->len > 0 &&
           (r->mode == RECODE_START || r->mode == RECODE_SAMPLE)) {
        if (r->mode == RECODE_START)
            recode_begin(r, (struct span){r->held, r->len});
        if (r->mode == RECODE_SAMPLE)
            (void)recode_judge(r, (struct span){r->held, r->len}, true);
        replay(r, out);
    }
}

/* Put what is held, be it whole or not. */
static void flush(struct recode *r, const struct recode_out *out)
{
    if (r->len > 0 && r->mode == RECODE_LINES)
        recode_lines_flush(r, out);
    else if (r->len > 0)
        recode_emit(r, SPAN("\xEF\xBF\xBD"), &r->marks[r->count - 1].seen, out);
    forget(r);
}

uint64_t recode_gap(struct recode *r, uint64_t len,
                    const struct recode_out *out)
{
    settle(r, out);
    if (r->mode == RECODE_WIDE)
        recode_wide_gap(r, len);
    flush(r, out);
    r->torn = true;
    r->broken = false;
    r->left = r->mode == RECODE_PLAIN ? 0 : r->left;
    r->head = false;
    if (r->in == 0 || r->mode == RECODE_BINARY)
        return len;
    double each = (double)r->out / (double)r->in;
    uint64_t scaled = (uint64_t)((double)len * each + 0.5);
    return scaled > 0 ? scaled : 1;
}

void recode_end(struct recode *r, const struct recode_out *out)
{
    settle(r, out);
    flush(r, out);
}
