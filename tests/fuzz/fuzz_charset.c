// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_charset.c - bytes as a text in some charset.
 *
 * The first byte is the declared charset, the second seeds the cuts, the
 * third a hole. However the bytes are cut the same must come out, and time
 * never goes back.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/recode.h"
#include "outflow/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PREFIX = 3, HOLE = 4, ROOM = 1 << 20 };

struct joined {
    struct buf text;
    uint64_t last; /* packet of the last byte */
};

static void joined_put(void *ctx, struct span utf8, const struct moment *seen)
{
    struct joined *j = ctx;

    if (utf8.len == 0 || seen->number < j->last)
        abort();
    j->last = seen->number;
    if (!buf_add(&j->text, utf8))
        abort();
}

/* Pieces of up to step bytes, drawn from seed; step 0: all at once. */
static void put(struct recode *r, struct span in, uint32_t step,
                const struct recode_out *out, struct moment *seen)
{
    uint32_t random = step;

    while (in.len > 0) {
        random = random * 1664525 + 1013904223;
        size_t len = step == 0 ? in.len : 1 + (random >> 16) % step;
        struct span piece = span_head(in, len);
        uint8_t *copy = malloc(piece.len); /* so that overreads are seen */
        if (copy == NULL)
            abort();
        memcpy(copy, piece.ptr, piece.len);
        seen->number++;
        recode_put(r, (struct span){copy, piece.len}, seen, out);
        free(copy);
        in = span_skip(in, piece.len);
    }
}

static void run(const uint8_t *data, size_t size, uint32_t step,
                struct joined *to)
{
    struct buf work;
    const struct recode_out out = {to, joined_put, &work};
    struct moment seen = {.number = 1};
    const struct span in = {data + PREFIX, size - PREFIX};
    size_t hole = data[2] == 0 ? in.len : data[2] * in.len / 256;
    enum recode_from from = data[1] & 1 ? RECODE_AMID : RECODE_FIRST;

    buf_init(&work, LIMIT_RECODED);
    buf_init(&to->text, ROOM);
    to->last = 0;
    struct recode *r = recode_new((enum charset)(data[0] % CHARSETS), from);
    if (r == NULL)
        abort();
    put(r, span_head(in, hole), step, &out, &seen);
    if (hole < in.len && recode_gap(r, 1 + data[2] % HOLE, &out) == 0)
        abort();
    put(r, span_skip(in, hole), step, &out, &seen);
    recode_end(r, &out);
    recode_free(r);
    buf_clear(&work);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct joined whole, cut;

    if (size <= PREFIX)
        return 0;
    run(data, size, 0, &whole);
    run(data, size, 1 + data[1], &cut);
    if (!span_eq(buf_span(&whole.text), buf_span(&cut.text)))
        abort();
    buf_clear(&cut.text);
    buf_clear(&whole.text);
    return 0;
}
