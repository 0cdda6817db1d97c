// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan.c - chooses the version of the scan for this machine.
 *
 * It must not hold any scanning itself.
 */
#include "detect/scan.h"

#include "outflow/compiler.h"

extern const struct scan_isa scan_plain, scan_sse2, scan_avx2, scan_avx512;

static const struct scan_isa *const versions[] = {
    &scan_plain,
#if defined(__x86_64__) || defined(__i386__)
    &scan_sse2,
    &scan_avx2,
#endif
#if defined(__x86_64__)
    &scan_avx512,
#endif
};

const struct scan_isa *scan_at(size_t i)
{
    return i < COUNT(versions) ? versions[i] : NULL;
}

const struct scan_isa *scan_best(void)
{
    for (size_t i = COUNT(versions) - 1; i > 0; i--) {
        if (versions[i]->usable())
            return versions[i];
    }
    return versions[0];
}
