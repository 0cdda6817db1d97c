// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan_sse2.c - the scan with SSE2, 16 bytes a step.
 *
 * A named hot loop: indexes the bytes its caller has checked.
 */
#include "detect/scan.h"

#include "outflow/compiler.h"

extern const struct scan_isa scan_sse2;

#if defined(__x86_64__) || defined(__i386__)
#include <emmintrin.h>

static bool sse2_usable(void)
{
    return __builtin_cpu_supports("sse2") != 0;
}

TARGET("sse2")
static uint64_t bits(__m128i mask, unsigned shift)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(mask) << shift;
}

TARGET("sse2")
static __m128i is_sign(__m128i v, int c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
}

/* Which bytes are from first to first + span? */
TARGET("sse2")
static __m128i is_within(__m128i v, int first, int span)
{
    __m128i d = _mm_sub_epi8(v, _mm_set1_epi8((char)first));

    return _mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8((char)span)), d);
}

/* Letters, digits, _ and -: what stands beside an @. */
TARGET("sse2")
static __m128i is_inner(__m128i v, __m128i digit)
{
    __m128i small = _mm_or_si128(v, _mm_set1_epi8(0x20));
    __m128i letter = is_within(small, 'a', 25);
    __m128i mark = _mm_or_si128(is_sign(v, '_'), is_sign(v, '-'));

    return _mm_or_si128(_mm_or_si128(letter, digit), mark);
}

/* Masks that few blocks need; of all the block: pairs lie across vectors. */
TARGET("sse2")
static void see_wide(struct scan_masks *m, const uint8_t *p)
{
    for (unsigned k = 0; k < SCAN_BLOCK; k += 16) {
        const void *at = p + k;
        __m128i v = _mm_loadu_si128(at);
        m->ef |= bits(is_sign(v, 0xEF), k);
        m->bc |= bits(is_sign(v, 0xBC), k);
        m->s82 |= bits(is_sign(v, 0x82), k);
        m->wide |= bits(is_within(v, 0x4F, 9), k);
    }
}

TARGET("sse2")
static void see_inner(struct scan_masks *m, const uint8_t *p)
{
    for (unsigned k = 0; k < SCAN_BLOCK; k += 16) {
        const void *at = p + k;
        __m128i v = _mm_loadu_si128(at);
        m->inner |= bits(is_inner(v, is_within(v, '0', 9)), k);
    }
}

TARGET("sse2")
static void see_marks(struct scan_masks *m, const uint8_t *p)
{
    for (unsigned k = 0; k < SCAN_BLOCK; k += 16) {
        const void *at = p + k;
        __m128i v = _mm_loadu_si128(at);
        m->mark |= bits(_mm_or_si128(is_sign(v, ' '), is_within(v, '-', 2)), k);
    }
}

TARGET("sse2")
static void one_block(const uint8_t *p, struct scan_before *before,
                      struct scan_block *b)
{
    struct scan_masks m = {0, 0, 0, 0, 0, 0, 0, 0};
    uint64_t lf = 0, cr = 0, high = 0;

    for (unsigned k = 0; k < SCAN_BLOCK; k += 16) {
        const void *at = p + k;
        __m128i v = _mm_loadu_si128(at);
        m.digit |= bits(is_within(v, '0', 9), k);
        lf |= bits(is_sign(v, '\n'), k);
        cr |= bits(is_sign(v, '\r'), k);
        m.at |= bits(is_sign(v, '@'), k);
        high |= bits(v, 0);
    }
    if (high != 0)
        see_wide(&m, p);
    if (m.at != 0)
        see_inner(&m, p);
    if (scan_second(m.digit, before) != 0)
        see_marks(&m, p);
    b->newline = lf | cr;
    b->cr = cr;
    b->signs = scan_signs(&m, before);
}

TARGET("sse2")
static void sse2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_before *before, struct scan_block *out)
{
    struct scan_before now = *before; /* in registers */

    for (size_t i = 0; i < count; i++)
        one_block(bytes + i * SCAN_BLOCK, &now, &out[i]);
    *before = now;
}

const struct scan_isa scan_sse2 = {"sse2", sse2_usable, sse2_blocks};

#endif
