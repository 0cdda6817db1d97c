// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * compiler.h - the attributes and builtins we use, as macros.
 *
 * Everything that is not plain C17 is named here and nowhere else.
 * It must not hold types or functions.
 */
#ifndef OUTFLOW_COMPILER_H
#define OUTFLOW_COMPILER_H

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define LIKELY(x)         __builtin_expect(!!(x), 1)
#define UNLIKELY(x)       __builtin_expect(!!(x), 0)
#define PREFETCH(p)       __builtin_prefetch(p)
#define TARGET(isa)       __attribute__((target(isa)))
#define ALWAYS_INLINE     inline __attribute__((always_inline))

/*
 * A loop over many bytes is an ALWAYS_INLINE function that two others call: a
 * VECTOR one, to be called only where HAS_VECTOR, and one for any machine.
 */
#if defined(__x86_64__)
#define VECTOR       TARGET("avx2")
#define HAS_VECTOR() (__builtin_cpu_supports("avx2") != 0)
#else
#define VECTOR
#define HAS_VECTOR() 0
#endif

/* Number of elements of an array. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
