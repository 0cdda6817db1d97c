// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan_avx2.c - the scan with AVX2, 32 bytes a step.
 *
 * A named hot loop: indexes the bytes its caller has checked.
 */
#include "detect/scan.h"

#include "outflow/compiler.h"

extern const struct scan_isa scan_avx2;

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>

static bool avx2_usable(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

/* A block: two vectors. */
struct pair {
    __m256i low, high;
};

TARGET("avx2")
static uint64_t bits(__m256i low, __m256i high)
{
    uint32_t first = (uint32_t)_mm256_movemask_epi8(low);
    uint32_t second = (uint32_t)_mm256_movemask_epi8(high);

    return first | (uint64_t)second << 32;
}

/* Which bytes are c? */
TARGET("avx2")
static uint64_t is_sign(struct pair v, int c)
{
    __m256i sign = _mm256_set1_epi8((char)c);

    return bits(_mm256_cmpeq_epi8(v.low, sign),
                _mm256_cmpeq_epi8(v.high, sign));
}

TARGET("avx2")
static __m256i within(__m256i v, int first, int span)
{
    __m256i d = _mm256_sub_epi8(v, _mm256_set1_epi8((char)first));

    return _mm256_cmpeq_epi8(_mm256_min_epu8(d, _mm256_set1_epi8((char)span)),
                             d);
}

/* Which bytes are from first to first + span? */
TARGET("avx2")
static uint64_t is_within(struct pair v, int first, int span)
{
    return bits(within(v.low, first, span), within(v.high, first, span));
}

/* Letters, digits, _ and -: what stands beside an @. */
TARGET("avx2")
static uint64_t is_inner(struct pair v, uint64_t digit)
{
    __m256i bit = _mm256_set1_epi8(0x20);
    struct pair small = {_mm256_or_si256(v.low, bit),
                         _mm256_or_si256(v.high, bit)};

    return digit | is_within(small, 'a', 25) | is_sign(v, '_') |
           is_sign(v, '-');
}

TARGET("avx2")
static void one_block(const uint8_t *p, struct scan_before *before,
                      struct scan_block *b)
{
    const void *low = p, *high = p + SCAN_BLOCK / 2;
    struct pair v = {_mm256_loadu_si256(low), _mm256_loadu_si256(high)};
    struct scan_masks m = {0, 0, 0, 0, 0, 0, 0, 0};

    m.digit = is_within(v, '0', 9);
    m.at = is_sign(v, '@');
    b->cr = is_sign(v, '\r');
    b->newline = b->cr | is_sign(v, '\n');
    if (scan_second(m.digit, before) != 0)
        m.mark = is_sign(v, ' ') | is_within(v, '-', 2);
    if (m.at != 0)
        m.inner = is_inner(v, m.digit);
    if (bits(v.low, v.high) != 0) {
        m.ef = is_sign(v, 0xEF);
        m.bc = is_sign(v, 0xBC);
        m.s82 = is_sign(v, 0x82);
        m.wide = is_within(v, 0x4F, 9);
    }
    b->signs = scan_signs(&m, before);
}

TARGET("avx2")
static void avx2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_before *before, struct scan_block *out)
{
    struct scan_before now = *before; /* in registers */

    for (size_t i = 0; i < count; i++)
        one_block(bytes + i * SCAN_BLOCK, &now, &out[i]);
    *before = now;
}

const struct scan_isa scan_avx2 = {"avx2", avx2_usable, avx2_blocks};

#endif
