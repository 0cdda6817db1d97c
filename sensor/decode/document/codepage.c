// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * codepage.c - the charset labels of code pages.
 */
#include "decode/document/codepage.h"

#include <stdio.h>

#include "outflow/compiler.h"

enum charset codepage_find(unsigned number)
{
    static const struct {
        unsigned number;
        const char *label;
    } odd[] = {
        {1200, "utf-16le"},     {1201, "utf-16be"},
        {10000, "macintosh"},   {10001, "cp932"},
        {20932, "euc-jp"},      {51932, "euc-jp"},
        {50220, "iso-2022-jp"}, {50221, "iso-2022-jp"},
        {50222, "iso-2022-jp"}, {51949, "euc-kr"},
        {54936, "gb18030"},     {65001, "utf-8"},
        {20866, "koi8-r"},      {21866, "koi8-u"},
        {32768, "macintosh"},   {10007, "x-mac-cyrillic"},
    };
    char label[32] = "";
    enum charset found;

    for (size_t i = 0; i < COUNT(odd); i++)
        if (odd[i].number == number)
            (void)snprintf(label, sizeof(label), "%s", odd[i].label);
    if (number > 28590 && number < 28610)
        (void)snprintf(label, sizeof(label), "iso-8859-%u", number - 28590);
    if (label[0] == '\0')
        (void)snprintf(label, sizeof(label), "cp%u", number);
    found = charset_find(span_of(label));
    return found == CHARSET_NONE ? CHARSET_CP1252 : found;
}

unsigned codepage_of_font(unsigned set)
{
    static const struct {
        uint16_t set, codepage;
    } sets[] = {
        {0, 1252},   {77, 10000}, {128, 932},  {129, 949},  {134, 936},
        {136, 950},  {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255},
        {178, 1256}, {186, 1257}, {204, 1251}, {222, 874},  {238, 1250},
    };

    for (size_t i = 0; i < COUNT(sets); i++)
        if (sets[i].set == set)
            return sets[i].codepage;
    return 0;
}
