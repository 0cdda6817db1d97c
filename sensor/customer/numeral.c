// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * numeral.c - numbers written with kanji, by unit or digit by digit;
 * the forms of deeds (壱 弐 参 拾) too.
 */
#include "customer/numeral.h"

#include "util/unicode.h"

enum { NUMERAL_END = 10000 };

/* A digit 0 to 9, a unit 10 to 1000, or -1. */
static int worth(uint32_t c)
{
    switch (c) {
    case 0x3007: /* 〇 */
    case 0x96F6: /* 零 */
        return 0;
    case 0x4E00: /* 一 */
    case 0x58F1: /* 壱 */
        return 1;
    case 0x4E8C: /* 二 */
    case 0x5F10: /* 弐 */
        return 2;
    case 0x4E09: /* 三 */
    case 0x53C2: /* 参 */
        return 3;
    case 0x56DB: /* 四 */
        return 4;
    case 0x4E94: /* 五 */
        return 5;
    case 0x516D: /* 六 */
        return 6;
    case 0x4E03: /* 七 */
        return 7;
    case 0x516B: /* 八 */
        return 8;
    case 0x4E5D: /* 九 */
        return 9;
    case 0x5341: /* 十 */
    case 0x62FE: /* 拾 */
        return 10;
    case 0x767E: /* 百 */
        return 100;
    case 0x5343: /* 千 */
        return 1000;
    default:
        return -1;
    }
}

size_t numeral_read(struct span s, unsigned *value)
{
    unsigned sum = 0, digit = 0;
    size_t used = 0;

    while (used < s.len) {
        uint32_t code;
        size_t len = unicode_decode(span_skip(s, used), &code);
        int w = worth(code);
        if (w < 0)
            break;
        if (w >= 10) {
            sum += (digit > 0 ? digit : 1) * (unsigned)w;
            digit = 0;
        } else {
            digit = digit * 10 + (unsigned)w;
        }
        if (digit >= NUMERAL_END || sum >= NUMERAL_END)
            return 0;
        used += len;
    }
    *value = sum + digit;
    return used;
}
