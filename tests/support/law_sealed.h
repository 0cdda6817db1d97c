// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * law_sealed.h - examples of closed files and mail formats, as literals.
 *
 * Written from the specifications, small enough to be cut everywhere. It
 * must not be included but by test_laws.c and test_sealed.c.
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

/* RFC 4648 in JSON: a token, rows, a file with escaped digits. */
#define LAW_MEMBERS                                                            \
    "{\"sig\":\"pKvURIxJVi2CgRXROh/M6pJ/UrTVRZKX+LQ+QtqJI4vBNibkP"             \
    "cs43bCCSIkn7JBPtCBXRDmD6IWFF51QVRr+Yg==\",\"file\":\"bmFtZSx"             \
    "waG9uZQp0YXJvMCwwMzEyMzQ1MDAwCnRhcm8xLDAzMTIzNDUwMzcKdGFybzI"             \
    "sMDMxMjM0NTA3NAp0YXJvMywwMzEyMzQ1MTExCnRhcm80LDAzMTIzNDUxNDg"             \
    "KdGFybzUsMDMxMjM0NTE4NQp0YXJvNiwwMzEyMzQ1MjIyCnRhcm83LDAzMTI"             \
    "zNDUyNTkKdGFybzgsMDMxMjM0NTI5Ngo=\",\"n\":1,\"z\":\"H4sIAAAA"             \
    "AAAA\\/ygpKissLS4vMDEyMzQ1Njc4OTo7PD0\\u002bP0BBQkNERUZHSElK"             \
    "S0xNTk9QUVJTVFVWV1hZ\"}"
/* The same rows as lines in a letter. */
#define LAW_LINES                                                              \
    "see:\n"                                                                   \
    "\n"                                                                       \
    "bmFtZSxwaG9uZQp0YXJvMCwwMzEyMzQ1MDAwCnRhcm8xLDAzMTIzNDUwMzcK"             \
    "dGFy\n"                                                                   \
    "bzIsMDMxMjM0NTA3NAp0YXJvMywwMzEyMzQ1MTExCnRhcm80LDAzMTIzNDUx"             \
    "NDgK\n"                                                                   \
    "dGFybzUsMDMxMjM0NTE4NQp0YXJvNiwwMzEyMzQ1MjIyCnRhcm83LDAzMTIz"             \
    "NDUy\n"                                                                   \
    "NTkKdGFybzgsMDMxMjM0NTI5Ngo=\n"                                           \
    "=abcd\n"                                                                  \
    "-----END\n"

#define LAW_SEALED_CASES                                                       \
    {.name = "tnef keeps the laws",                                            \
     .decoder = "tnef",                                                        \
     .pieces = {{DIR_CLIENT, BYTES(LAW_TNEF)}}},                               \
        {.name = "mbox keeps the laws",                                        \
         .decoder = "mbox",                                                    \
         .pieces = {{DIR_CLIENT, BYTES(LAW_MBOX)}}},                           \
        {.name = "yenc keeps the laws",                                        \
         .decoder = "yenc",                                                    \
         .pieces = {{DIR_CLIENT, BYTES(LAW_YENC)}}},                           \
        {.name = "lzfu keeps the laws",                                        \
         .decoder = "lzfu",                                                    \
         .part = {.coding = BYTES("lzfu")},                                    \
         .pieces = {{DIR_CLIENT, BYTES(LAW_LZFU)}}},                           \
        {.name = "blob keeps the laws: too short for one",                     \
         .decoder = "blob",                                                    \
         .pieces = {{DIR_CLIENT, BYTES("\1\xfe\x93\x12\xf0")}}},               \
        {                                                                      \
            .name = "sealed keeps the laws",                                   \
            .decoder = "sealed",                                               \
            .pieces = {{DIR_CLIENT,                                            \
                        BYTES("age-encryption.org/v1\n-> X25519\n")}},         \
        },                                                                     \
        {                                                                      \
            .name = "openpgp keeps the laws: packets whole and in pieces",     \
            .decoder = "openpgp",                                              \
            .pieces = {{DIR_CLIENT, BYTES(LAW_ONE_PASS LAW_LITERAL LAW_PIECES  \
                                              LAW_SESSION_KEY "closed")}},     \
        },                                                                     \
        {                                                                      \
            .name = "openpgp keeps the laws: compressed, to the end",          \
            .decoder = "openpgp",                                              \
            .pieces = {{DIR_CLIENT,                                            \
                        BYTES("\xa3\2\x78\x9c\x4b\xd4\x49\x02\0")}},           \
        },                                                                     \
        {                                                                      \
            .name = "smime keeps the laws: pieces of indefinite length",       \
            .decoder = "smime",                                                \
            .pieces = {{DIR_CLIENT, BYTES(LAW_SIGNED)}},                       \
        },                                                                     \
        {                                                                      \
            .name = "smime keeps the laws: a mail that is signed",             \
            .decoder = "smime",                                                \
            .pieces = {{DIR_CLIENT, BYTES(LAW_SIGNED_MAIL)}},                  \
        },                                                                     \
        {                                                                      \
            .name = "smime keeps the laws: enveloped",                         \
            .decoder = "smime",                                                \
            .pieces = {{DIR_CLIENT, BYTES(LAW_ENVELOPED "closed")}},           \
        },                                                                     \
        {                                                                      \
            .name = "embed keeps the laws: members, tokens, escapes",          \
            .decoder = "embed",                                                \
            .pieces = {{DIR_CLIENT, BYTES(LAW_MEMBERS)}},                      \
        },                                                                     \
    {                                                                          \
        .name = "embed keeps the laws: lines", .decoder = "embed",             \
        .pieces = {{DIR_CLIENT, BYTES(LAW_LINES)}},                            \
    }

#endif
