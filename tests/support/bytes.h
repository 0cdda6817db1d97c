// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * bytes.h - spans of literals for the tables of tests.
 *
 * SPAN is a compound literal, which a static table may not hold.
 */
#ifndef TESTS_SUPPORT_BYTES_H
#define TESTS_SUPPORT_BYTES_H

#include "outflow/compiler.h"
#include "outflow/span.h"

/* The bytes of a string literal, without its NUL, in an initialiser. */
#define BYTES(literal)                                                         \
    {                                                                          \
        (const uint8_t *)(literal), sizeof(literal) - 1                        \
    }

#endif
