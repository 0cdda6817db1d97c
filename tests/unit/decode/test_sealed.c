// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_sealed.c - decode/sealed: what is closed is told, the rest is opened.
 *
 * Each row is the body of a response, so that it comes to its decoder as on
 * the wire.
 */
#include <string.h>

#include "support/chain_case.h"
#include "support/law_sealed.h"

#define BODY(head, body)                                                       \
    {                                                                          \
        SERVER("HTTP/1.1 200 OK\r\n" head "\r\n" body), END(DIR_SERVER)        \
    }
#define TAKEN "< http [response]\n"

static const struct chain_case cases[] = {
    {
        .name = "age is encrypted",
        .feeds = BODY("", "age-encryption.org/v1\n-> X25519 abc\nxyz"),
        .log = TAKEN "  ? age encrypted 39\n",
    },
    {
        .name = "LUKS is encrypted, also when it is called something else",
        .feeds = BODY("Content-Type: text/csv\r\n", "LUKS\xba\xbe\0\2rest"),
        .log = TAKEN "  ? luks encrypted 12\n",
    },
    {
        .name = "Parquet and Access are not supported",
        .feeds = {SERVER(
            "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nPAR1\x15\0\0\0"
            "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n"
            "\0\1\0\0Standard ACE DB\0data")},
        .log = TAKEN "  ? parquet unsupported 8\n" TAKEN
                     "  ? access unsupported 24\n",
    },
    {
        .name = "text that begins like a magic is text",
        .feeds = BODY("", "PAR100,name\n"),
        .log = TAKEN "  [response] PAR100,name|\n",
    },
    {
        .name = "a hole in what is closed does no harm",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n\r\nLUKS\xba\xbe\0\1rest"),
                  HOLE(DIR_SERVER, 9), SERVER("more"), END(DIR_SERVER)},
        .log = TAKEN "  ? luks encrypted 16\n",
    },
    {
        .name = "OpenPGP with a session key is encrypted to its end",
        .feeds = BODY("", LAW_SESSION_KEY "\xd2\x06\1close"),
        .log = TAKEN "  ? openpgp encrypted 42\n",
    },
    {
        .name = "OpenPGP that is only signed is opened, by its name",
        .feeds = BODY("", LAW_ONE_PASS LAW_LITERAL "\x88\3sig"),
        .log = TAKEN "  [response > openpgp > a.csv] a,b\n",
    },
    {
        .name = "OpenPGP in pieces is one part",
        .feeds = BODY("", LAW_PIECES),
        .log = TAKEN "  [response > openpgp] taro,031-234|x|\n",
    },
    {
        .name = "a signature alone is none of its affair",
        .feeds = BODY("", "\x88\x05"
                          "abcde"),
        .log = TAKEN "  [response] \\xe2\\x82\\xac\\x05"
                     "abcde\n",
    },
    {
        .name = "S/MIME that is enveloped is encrypted",
        .feeds = BODY("", LAW_ENVELOPED "closed"),
        .log = TAKEN "  ? smime encrypted 26\n",
    },
    {
        .name = "S/MIME that is signed is opened, in pieces or not",
        .feeds = BODY("", LAW_SIGNED),
        .log = TAKEN "  [response > smime] taro,031|\n",
    },
    {
        .name = "a mail in S/MIME is a mail",
        .feeds = BODY("", LAW_SIGNED_MAIL),
        .log = TAKEN "  [response > smime] x,y\n",
    },
    {
        .name = "DER that is nothing of CMS is text as ever",
        .feeds = BODY("", "\x30\x0c\x06\x03\x55\x04\x03taro,03"),
        .log = TAKEN "  [response] 0\\x0c\\x06\\x03U\\x04\\x03taro,03\n",
    },
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    return SPEC_RUN("decode/sealed", tests, count);
}
