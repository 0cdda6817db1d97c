// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * law_mails.h - examples of mailboxes, winmail.dat and yEnc, as literals.
 *
 * Written from the specifications, small enough to be cut everywhere. It
 * must not hold anything but literals.
 */
#ifndef TESTS_SUPPORT_LAW_MAILS_H
#define TESTS_SUPPORT_LAW_MAILS_H

/* [MS-OXTNEF]: texts as properties, attachments as data and object. */
#define LAW_TNEF                                                               \
    "x\237>\042\001\000\001\007\220\006\000\010\000\000\000\244"               \
    "\003\000\000\000\000\000\000\247\000\001\004\200\001\000\005"             \
    "\000\000\000list\000\274\001\001\003\220\006\000p\000\000"                \
    "\000\005\000\000\000\003\000\0010\007\000\000\000\036\000"                \
    "\001\200GGGGGGGGGGGGGGGG\001\000\000\000\006\000\000\000a"                \
    "\000b\000\000\000\000\000\001\000\000\000\003\000\000\000xyz"             \
    "\000\036\000\000\020\001\000\000\000\007\000\000\000taro,03"              \
    "\000\002\001\023\020\001\000\000\000\010\000\000\000<b>x</b>"             \
    "@\0009\000\005\000\000\000\000\000\000\000\017\015\002\002"               \
    "\220\006\000\002\000\000\000\001\000\001\000\002\020\200\001"             \
    "\000\006\000\000\000c.csv\000\335\001\002\017\200\006\000"                \
    "\004\000\000\000c,d\012\375\000\002\005\220\006\000$\000\000"             \
    "\000\001\000\000\000\015\000\0017\001\000\000\000\024\000"                \
    "\000\000IIIIIIIIIIIIIIIIa,b\012\344\005"
/* RFC 4155: quoted lines, a line that only looks so, two mails. */
#define LAW_MBOX                                                               \
    "From taro@bank.example Fri Aug  5 01:02:03 2011\012Subject: "             \
    "a\012\012>From x\012a,b\012>>From y\012\012From me\012\012Fr"             \
    "om - Fri Aug  5 01:02:04 2011\015\012MIME-Version: 1.0\015"               \
    "\012\015\012c,d\015\012From 12:34 in 2011\012"
/* yEnc 1.3: dots doubled, one in two parts. */
#define LAW_YENC                                                               \
    "=ybegin line=16 size=30 name=c d.csv\015\012...\236\213=}"                \
    "\234\231VZ][W\134]^\015\012=J.\2424\015\012=yend size=30\015"             \
    "\012see below\015\012=ybegin part=1 total=2 line=32 size=20 "             \
    "name=e.csv\015\012=ypart begin=1 end=4\015\012\213V\2144\015"             \
    "\012=yend size=4 part=1\015\012Path: x\015\012\015\012=ybegi"             \
    "n part=2 total=2 line=32 size=20 name=e.csv\015\012=ypart be"             \
    "gin=5 end=9\015\012\215V\2164\015\012=yend size=4 part=2\015"             \
    "\012bye\015\012"
/* [MS-OXRTFCP]: bytes, a copy, the end. */
#define LAW_LZFU                                                               \
    "\033\000\000\000\015\000\000\000LZFu\000\000\000\000\000{"                \
    "\134rtf1 x\006}\014\362\015\300"

#endif
