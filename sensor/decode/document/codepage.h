// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * codepage.h - code pages by number, as Microsoft's formats write them.
 *
 * It must not convert anything: util/charset.h does.
 */
#ifndef DECODE_DOCUMENT_CODEPAGE_H
#define DECODE_DOCUMENT_CODEPAGE_H

#include "util/charset.h"

/* The charset of a Windows code page; CP1252 when it is none we know. */
enum charset codepage_find(unsigned number);

/* The code page of a font's character set (\fcharset of RTF); 0: any. */
unsigned codepage_of_font(unsigned set);

#endif
