// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * kanji.h - the usual form of a Japanese letter.
 *
 * It must not know what the letter stands in.
 */
#ifndef OUTFLOW_CUSTOMER_KANJI_H
#define OUTFLOW_CUSTOMER_KANJI_H

#include "outflow/span.h"

/*
 * The form in use for a kanji (U+9AD9 gives U+9AD8), katakana for hiragana
 * (readings come in either), large kana for small ones (bank files have no
 * small ones); every other character itself. code is NFKC.
 */
uint32_t kanji_usual(uint32_t code);

/* A kanji, also the sign that repeats one? */
bool kanji_is(uint32_t code);

/* Hiragana or katakana, also the long vowel mark? */
bool kanji_is_kana(uint32_t code);

#endif
