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
static __m256i either(__m256i v, char a, char b)
{
    return _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(a)),
                           _mm256_cmpeq_epi8(v, _mm256_set1_epi8(b)));
}

TARGET("avx2")
static void avx2_blocks(const uint8_t *bytes, size_t count,
                        struct scan_block *out)
{
    const __m256i nine = _mm256_set1_epi8(9);

    for (size_t i = 0; i < count; i++) {
        struct scan_block b = {0, 0, 0, 0};
        for (unsigned k = 0; k < SCAN_BLOCK; k += 32) {
            const void *p = bytes + i * SCAN_BLOCK + k;
            __m256i v = _mm256_loadu_si256(p);
            __m256i d = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
            d = _mm256_cmpeq_epi8(_mm256_min_epu8(d, nine), d);
            b.digit |= bits(d, k);
            b.newline |= bits(either(v, '\n', '\r'), k);
            b.at |= bits(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('@')), k);
            b.lead |= bits(either(v, (char)0xEF, (char)0x82), k);
        }
        out[i] = b;
    }
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
