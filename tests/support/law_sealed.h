// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * law_sealed.h - examples of closed files and mail formats, as literals.
 *
 * Written from the specifications, small enough to be cut everywhere. It
 * must not hold anything but literals.
 */
#ifndef TESTS_SUPPORT_LAW_SEALED_H
#define TESTS_SUPPORT_LAW_SEALED_H

/* RFC 9580 5.9: a literal packet, whole; then one in two pieces. */
#define LAW_LITERAL                                                            \
    "\xcb\x0e"                                                                 \
    "b\5a.csv\x4e\x3b\x40\x8b"                                                 \
    "a,b"
#define LAW_PIECES                                                             \
    "\xcb\xe4"                                                                 \
    "t\0\x4e\x3b\x40\x8b"                                                      \
    "taro,031-2\x05"                                                           \
    "34\nx\n"
/* RFC 9580 5.4, 5.1: a signature in one pass, a session key. */
#define LAW_ONE_PASS "\x90\x0d\x03\0\x08\1ABCDEFGH\1"
#define LAW_SESSION_KEY                                                        \
    "\x84\x20\x03"                                                             \
    "ABCDEFGH\1\0\x80"                                                         \
    "abcdefghijklmnopqrst"

/* RFC 5652: signed data of two pieces, lengths indefinite (BER). */
#define LAW_SIGNED                                                             \
    "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\1\7\2\xa0\x80\x30\x80"           \
    "\2\1\1\x31\x80\x30\2\5\0\0\0\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d"     \
    "\1\7\1\xa0\x80\x24\x80\4\5taro,\4\4"                                      \
    "031\n\0\0\0\0\0\0\xa0\3\2\1\5\0\0\0\0\0\0"
/* The same in DER, the content a mail. */
#define LAW_SIGNED_MAIL                                                        \
    "\x30\x3d\x06\x09\x2a\x86\x48\x86\xf7\x0d\1\7\2\xa0\x30\x30\x2e\2\1\1"     \
    "\x31\0\x30\x27\x06\x09\x2a\x86\x48\x86\xf7\x0d\1\7\1\xa0\x1a\4\x18"       \
    "Content-Type: a/b\r\n\r\nx,y"
#define LAW_ENVELOPED                                                          \
    "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\1\7\3\xa0\x80\x30\x80\2\1\2"

#endif
