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

TARGET("avx2")
static uint64_t bits(__m256i mask, unsigned shift)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(mask) << shift;
}

TARGET("avx2")
static __m256i is_sign(__m256i v, int c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)c));
}

/* Which bytes are from first to first + span? */
TARGET("avx2")
static __m256i is_within(__m256i v, int first, int span)
{
    __m256i d = _mm256_sub_epi8(v, _mm256_set1_epi8((char)first));

    return _mm256_cmpeq_epi8(_mm256_min_epu8(d, _mm256_set1_epi8((char)span)),
                             d);
}

/* Letters, digits, _ and -: what stands beside an @. */
TARGET("avx2")
static __m256i is_inner(__m256i v, __m256i digit)
{
    __m256i small = _mm256_or_si256(v, _mm256_set1_epi8(0x20));
    __m256i letter = is_within(small, 'a', 25);
    __m256i mark = _mm256_or_si256(is_sign(v, '_'), is_sign(v, '-'));

    return _mm256_or_si256(_mm256_or_si256(letter, digit), mark);
}

/* Masks that few blocks need. */
struct rare {
    uint64_t inner, ef, bc, s82, wide;
};

TARGET("avx2")
static void see_wide(struct rare *r, __m256i v, unsigned k)
{
    r->ef |= bits(is_sign(v, 0xEF), k);
    r->bc |= bits(is_sign(v, 0xBC), k);
    r->s82 |= bits(is_sign(v, 0x82), k);
    r->wide |= bits(is_within(v, 0x4F, 9), k);
}

TARGET("avx2")
static void see_inner(struct rare *r, const uint8_t *p)
{
    for (unsigned k = 0; k < SCAN_BLOCK; k += 32) {
        const void *at = p + k;
        __m256i v = _mm256_loadu_si256(at);
        r->inner |= bits(is_inner(v, is_within(v, '0', 9)), k);
    }
}

TARGET("avx2")
static struct scan_block one_block(const uint8_t *p)
{
    struct scan_block b = {0, 0, 0, 0, 0};
    struct rare r = {0, 0, 0, 0, 0};

    for (unsigned k = 0; k < SCAN_BLOCK; k += 32) {
        const void *at = p + k;
        __m256i v = _mm256_loadu_si256(at);
        b.digit |= bits(is_within(v, '0', 9), k);
        b.newline |= bits(is_sign(v, '\n'), k);
        b.cr |= bits(is_sign(v, '\r'), k);
        b.at |= bits(is_sign(v, '@'), k);
        if (bits(v, 0) != 0)
            see_wide(&r, v, k);
    }
    b.newline |= b.cr;
    if (b.at != 0) {
        see_inner(&r, p);
        b.at = scan_at_signs(b.at, r.inner);
    }
    b.lead = scan_wide(r.ef, r.bc, r.s82, r.wide);
    return b;
}

TARGET("avx2")
static void avx2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_block *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = one_block(bytes + i * SCAN_BLOCK);
}

#else

static bool avx2_usable(void)
{
    return false;
}

static void avx2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_block *out)
{
    (void)bytes;
    (void)count;
    (void)out;
}

#endif

const struct scan_isa scan_avx2 = {"avx2", avx2_usable, avx2_blocks};
