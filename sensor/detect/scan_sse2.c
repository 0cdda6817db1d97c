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
static __m128i either(__m128i v, char a, char b)
{
    return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(a)),
                        _mm_cmpeq_epi8(v, _mm_set1_epi8(b)));
}

TARGET("sse2")
static void sse2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_block *out)
{
    const __m128i nine = _mm_set1_epi8(9);

    for (size_t i = 0; i < count; i++) {
        struct scan_block b = {0, 0, 0, 0};
        for (unsigned k = 0; k < SCAN_BLOCK; k += 16) {
            const void *p = bytes + i * SCAN_BLOCK + k;
            __m128i v = _mm_loadu_si128(p);
            __m128i d = _mm_sub_epi8(v, _mm_set1_epi8('0'));
            d = _mm_cmpeq_epi8(_mm_min_epu8(d, nine), d);
            b.digit |= bits(d, k);
            b.newline |= bits(either(v, '\n', '\r'), k);
            b.at |= bits(_mm_cmpeq_epi8(v, _mm_set1_epi8('@')), k);
            b.lead |= bits(either(v, (char)0xEF, (char)0x82), k);
        }
        out[i] = b;
    }
}

#else

static bool sse2_usable(void)
{
    return false;
}

static void sse2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_block *out)
{
    (void)bytes;
    (void)count;
    (void)out;
}

#endif

const struct scan_isa scan_sse2 = {"sse2", sse2_usable, sse2_blocks};
