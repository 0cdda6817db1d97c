// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * laws.h - what every decoder of the table keeps, checked for any of them.
 *
 *   - cutting the bytes anywhere changes nothing of what is put;
 *   - never more is used than was given, never too much is left;
 *   - a sink that refuses is obeyed at once, whichever call it is;
 *   - it ends anywhere, and a hole anywhere does no harm;
 *   - whatever happened, close gives everything back (the sanitizer sees).
 */
#ifndef TESTS_SUPPORT_LAWS_H
#define TESTS_SUPPORT_LAWS_H

#include "outflow/decoder.h"

enum { LAWS_PIECES = 10 };

struct laws_piece {
    enum dir dir;
    struct span bytes; /* empty: the end of the pieces */
};

/* Bytes a decoder is at home with. */
struct laws_case {
    const char *name;
    const char *decoder;
    struct part_info part; /* formats: media type, coding */
    struct laws_piece pieces[LAWS_PIECES];
};

/* Check all laws; fails the running cmocka test. */
void laws_check(const struct laws_case *c);

#endif
