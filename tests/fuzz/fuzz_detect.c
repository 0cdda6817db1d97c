// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_detect.c - bytes as a text part, as a name and as a pattern.
 *
 * The first byte chooses what the part is, the second seeds where it is cut
 * and where holes are. Any cut must give the same records; holes must not
 * give more rows than there are bytes; a mask must end and stay UTF-8.
 */
#include <stdlib.h>
#include <string.h>

#include "outflow/counters.h"
#include "outflow/detect.h"
#include "outflow/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OVERLAP = 1, DECLARED = 2, HOLES = 4, PATTERN = 8 };

struct sum {
    uint64_t value;
    uint64_t count;
};

static bool put(void *ctx, const struct record *record)
{
    struct sum *sum = ctx;

    sum->count++;
    sum->value = (sum->value ^ record->name.pseudonym) * 1099511628211U;
    sum->value = (sum->value ^ record->fields) * 1099511628211U;
    sum->value = (sum->value ^ record->weaker_count) * 1099511628211U;
    return true;
}

static uint32_t next(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

/* Feed text in pieces of up to most bytes, with holes or without. */
static struct sum run(struct detect *d, struct span text, uint8_t flags,
                      uint32_t seed, uint32_t most)
{
    struct part part = {.trail = "fuzz", .overlap = (flags & OVERLAP) != 0};
    struct sum sum = {1, 0};
    struct record_sink sink = {&sum, put};
    struct moment seen = {0, 0, 0};

    if (flags & DECLARED)
        part.charset = SPAN("Shift_JIS");
    struct rows *r = rows_open(d, &part, &sink);
    if (!r)
        abort();
    while (text.len > 0) {
        struct span piece = span_head(text, 1 + next(&seed, most));
        text = span_skip(text, piece.len);
        seen.number++;
        if ((flags & HOLES) && next(&seed, 8) == 0)
            rows_gap(r, piece.len);
        else
            rows_feed(r, piece, &seen);
    }
    rows_close(r);
    return sum;
}

static void check_mask(const struct detect *d, struct span name)
{
    char out[LIMIT_NAME + 1];

    detect_mask(d, name, out, sizeof(out));
    if (!memchr(out, 0, sizeof(out)))
        abort();
}

static void check_pattern(struct span text)
{
    struct problems problems = {NULL, 0, 0};
    char pattern[64] = "";

    for (size_t i = 0; i < text.len && i < sizeof(pattern) - 1; i++)
        pattern[i] = (char)text.ptr[i];
    struct number_rule rule = {.name = "fuzz",
                               .type = FIELD_ACCOUNT_NUMBER,
                               .pattern = pattern,
                               .check = "none"};
    (void)detect_check(&rule, 1, &problems);
    problems_clear(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct counters counters;
    static struct keyed *key;
    static struct detect *d;
    static const uint8_t bytes[KEY_BYTES] = {7};
    static const struct number_rule own = {.name = "own",
                                           .type = FIELD_ACCOUNT_NUMBER,
                                           .pattern = "7[0-9]{9}",
                                           .check = "mod11"};
    struct problems problems = {NULL, 0, 0};

    if (size < 2)
        return 0;
    if (!d) {
        key = keyed_new(bytes);
        struct detect_settings settings = {key, &own, 1, &counters};
        d = detect_new(&settings, &problems);
    }
    if (!d)
        abort();
    struct span text = {data + 2, size - 2};
    uint8_t flags = data[0] & (OVERLAP | DECLARED);
    struct sum whole = run(d, text, flags, 0, UINT32_MAX);
    struct sum cut = run(d, text, flags, data[1], 1 + data[1] % 97U * 8);
    if (whole.count != cut.count || whole.value != cut.value)
        abort();
    if (data[0] & HOLES) {
        struct sum holed = run(d, text, flags | HOLES, data[1], 64);
        if (holed.count > size)
            abort();
    }
    check_mask(d, text);
    if (data[0] & PATTERN)
        check_pattern(text);
    return 0;
}
