// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * gender.c - what is written for a person's gender.
 *
 * In: a cell. Out: one of the words. Not: titles (Mr, Ms).
 */
#include "detect/detectors.h"

#include <string.h>

#include "outflow/compiler.h"

enum { LONGEST = 10 }; /* bytes of the longest word */

static bool is_word(struct span s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (span_eq_nocase(s, span_of(words[i])))
            return true;
    }
    return false;
}

static bool gender_sure(const struct cell *c)
{
    static const char *const words[] = {"m",    "f",     "male", "female",
                                        "man",  "woman", "男",   "女",
                                        "男性", "女性",  "男子", "女子"};

    return c->narrow.len <= 9 && c->narrow.len > 0 &&
           is_word(c->narrow, words, COUNT(words));
}

/* Coded (ISO/IEC 5218), unknown, or otherwise, when a header says so. */
static bool gender_fits(const struct cell *c)
{
    static const char *const words[] = {
        "0",      "1",    "2",       "9",          "x",        "u",
        "o",      "d",    "n",       "w",          "other",    "unknown",
        "その他", "不明", "diverse", "non-binary", "nonbinary"};

    return gender_sure(c) || (c->narrow.len <= LONGEST &&
                              is_word(c->narrow, words, COUNT(words)));
}

const struct detector detector_GENDER = {gender_sure, gender_fits};
