// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan_avx512.c - the scan with AVX-512, a block a step.
 *
 * A named hot loop: indexes the bytes its caller has checked.
 */
#include "detect/scan.h"

#include "outflow/compiler.h"

extern const struct scan_isa scan_avx512;

#if defined(__x86_64__)
#include <immintrin.h>

#define ISA "avx512f,avx512bw"

static bool avx512_usable(void)
{
    return __builtin_cpu_supports("avx512f") != 0 &&
           __builtin_cpu_supports("avx512bw") != 0;
}

/* Which bytes are c? */
TARGET(ISA)
static uint64_t is_sign(__m512i v, int c)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)c));
}

/* Which bytes are from first to first + span? */
TARGET(ISA)
static uint64_t is_within(__m512i v, int first, int span)
{
    __m512i d = _mm512_sub_epi8(v, _mm512_set1_epi8((char)first));

    return _mm512_cmple_epu8_mask(d, _mm512_set1_epi8((char)span));
}

/* Letters, digits, _ and -: what stands beside an @. */
TARGET(ISA)
static uint64_t is_inner(__m512i v, uint64_t digit)
{
    __m512i small = _mm512_or_si512(v, _mm512_set1_epi8(0x20));

    return digit | is_within(small, 'a', 25) | is_sign(v, '_') |
           is_sign(v, '-');
}

TARGET(ISA)
static void one_block(const uint8_t *p, struct scan_before *before,
                      struct scan_block *b)
{
    __m512i v = _mm512_loadu_si512(p);
    struct scan_masks m = {0, 0, 0, 0, 0, 0, 0, 0};

    m.digit = is_within(v, '0', 9);
    m.at = is_sign(v, '@');
    b->cr = is_sign(v, '\r');
    b->newline = b->cr | is_sign(v, '\n');
    if (scan_second(m.digit, before) != 0)
        m.mark = is_sign(v, ' ') | is_within(v, '-', 2);
    if (m.at != 0)
        m.inner = is_inner(v, m.digit);
    if (_mm512_movepi8_mask(v) != 0) {
        m.ef = is_sign(v, 0xEF);
        m.bc = is_sign(v, 0xBC);
        m.s82 = is_sign(v, 0x82);
        m.wide = is_within(v, 0x4F, 9);
    }
    b->signs = scan_signs(&m, before);
}

TARGET(ISA)
static void avx512_blocks(const uint8_t *bytes, size_t count,
                          struct scan_before *before, struct scan_block *out)
{
    struct scan_before now = *before; /* in registers */

    for (size_t i = 0; i < count; i++)
        one_block(bytes + i * SCAN_BLOCK, &now, &out[i]);
    *before = now;
}

const struct scan_isa scan_avx512 = {"avx512", avx512_usable, avx512_blocks};

#endif
