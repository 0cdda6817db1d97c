// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * numeral.h - numbers written with kanji.
 *
 * It must not decide where a kanji stands for a number: callers look at what
 * follows (二丁目 is one, 八重洲 is not).
 */
#ifndef OUTFLOW_CUSTOMER_NUMERAL_H
#define OUTFLOW_CUSTOMER_NUMERAL_H

#include "outflow/span.h"

/*
 * The kanji number at the front of s (UTF-8): 十二, 二十一, 百五 or digit by
 * digit 一二〇. Gives its bytes, 0 when there is none; below 10,000 only.
 */
size_t numeral_read(struct span s, unsigned *value);

#endif
