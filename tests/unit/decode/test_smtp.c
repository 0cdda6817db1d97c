// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_smtp.c - decode/proto/smtp: what sessions become, however cut.
 */
#include <stdlib.h>
#include <string.h>

#include "support/chain_case.h"

#define HELLO                                                                  \
    SERVER("220 mail.example ESMTP\r\n"), CLIENT("EHLO pc7\r\n"),              \
        SERVER("250-mail.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n")

#define ENVELOPE                                                               \
    "MAIL FROM:<taro@bank.example> SIZE=99\r\nRCPT TO:<a@x.example>\r\n"

#define NEXT "MAIL FROM:<jiro@bank.example>\r\nRCPT TO:<b@y.example>\r\n"

static const struct chain_case cases[] = {
    {
        .name = "a mail is a transfer to its recipients",
        .feeds = {HELLO, CLIENT("MAIL FROM:<taro@bank.example> SIZE=99\r\n"),
                  SERVER("250 ok\r\n"), CLIENT("RCPT TO:<a@x.example>\r\n"),
                  SERVER("250 ok\r\n"), CLIENT("DATA\r\n"),
                  SERVER("354 go\r\n"),
                  CLIENT("Subject: q3\r\n\r\nname,phone\r\n.\r\n"),
                  SERVER("250 queued\r\n"), CLIENT("QUIT\r\n"),
                  SERVER("221 bye\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message > headers] q3|\n"
               "  [mail > message] name,phone\\r|\n",
    },
    {
        .name = "a pipelined envelope, several mails a session",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n.\r\n" NEXT "DATA\r\n"),
                  SERVER("250 queued\r\n250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n3,4\r\n.\r\nQUIT\r\n"),
                  SERVER("554 no\r\n221 bye\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example refused\n"
               "  [mail > message] 3,4\\r|\n",
    },
    {
        .name = "a recipient refused when all was sent at once gets nothing",
        .feeds = {HELLO,
                  CLIENT("MAIL FROM:<taro@bank.example>\r\n"
                         "RCPT TO:<a@x.example>\r\nRCPT TO:<b@y.example>\r\n"
                         "BDAT 6 LAST\r\n\r\n1,2\n"),
                  SERVER("250 ok\r\n550 no\r\n250 ok\r\n250 queued\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example "
               "to=b@y.example not-to=a@x.example\n"
               "  [mail > message] 1,2|\n",
    },
    {
        .name = "a quoted name may hold a bracket",
        .feeds = {CLIENT("EHLO a\r\nMAIL FROM:<\"t>a \\\"b\"@bank.example>\r\n"
                         "RCPT TO:<\"x>y\"@x.example> NOTIFY=NEVER\r\n"
                         "DATA\r\n\r\n1,2\r\n.\r\n")},
        .log = "> smtp [mail] from=\"t>a \\\"b\"@bank.example "
               "to=\"x>y\"@x.example\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a mail refused after its end says so",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n.\r\n"), SERVER("550 no\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example refused\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a mail refused before its end says so",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n"), SERVER("552 too much\r\n"),
                  CLIENT("3,4\r\n"), END(DIR_CLIENT)},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example refused\n"
               "  [mail > message] 1,2\\r|3,4\\r|\n",
    },
    {
        .name = "a reply that overtakes the end belongs to the mail",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n"), SERVER("550 no\r\n"),
                  CLIENT(".\r\n" NEXT "DATA\r\n"),
                  SERVER("250 ok\r\n550 b\r\n354 go\r\n"),
                  CLIENT("\r\n3\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example refused\n"
               "  [mail > message] 1,2\\r|\n"
               "> smtp [mail] from=jiro@bank.example\n"
               "  [mail > message] 3\\r|\n",
    },
    {
        .name = "recipients that the server refuses get nothing",
        .feeds = {HELLO,
                  CLIENT("MAIL FROM:<taro@bank.example>\r\n"
                         "RCPT TO:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n"
                         "RCPT TO: c@x.example\r\nDATA\r\n"),
                  SERVER("250 ok\r\n550-nobody\r\n550 nobody\r\n250 ok\r\n"
                         "452 later\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=b@x.example\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a refused DATA has no message",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n451 later\r\n"),
                  CLIENT("RSET\r\n" NEXT "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 1\\r|\n",
    },
    {
        .name = "RSET forgets whom the mail was for",
        .feeds = {HELLO, CLIENT(ENVELOPE "RSET\r\n" NEXT "DATA\r\n"),
                  SERVER("250 ok\r\n550 a\r\n250 ok\r\n250 ok\r\n250 ok\r\n"
                         "354 go\r\n"),
                  CLIENT("\r\n1,2\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "BDAT in chunks is one mail",
        .feeds = {HELLO, CLIENT(ENVELOPE "BDAT 5\r\n\r\n1,2"),
                  SERVER("250 ok\r\n250 ok\r\n250 5\r\n"),
                  CLIENT("BDAT 5\r\n\r\n.\r\nBDAT 3 LAST\r\nx,yQUIT\r\n"),
                  SERVER("250 5\r\n550 no\r\n221 bye\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example refused\n"
               "  [mail > message] 1,2\\r|.\\r|x,y\n",
    },
    {
        .name = "an empty last chunk ends the mail",
        .feeds = {HELLO,
                  CLIENT(ENVELOPE "BDAT 5\r\n\r\n1,2BDAT 0 LAST\r\n" NEXT
                                  "BDAT 3 LAST\r\n\r\n3"),
                  SERVER("250 ok\r\n250 ok\r\n250 5\r\n550 no\r\n250 ok\r\n"
                         "250 ok\r\n250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "a chunk that is not the last is refused",
        .feeds = {HELLO, CLIENT(ENVELOPE "BDAT 5\r\n\r\n1,2"),
                  SERVER("250 ok\r\n250 ok\r\n552 no\r\n"),
                  CLIENT("RSET\r\n" NEXT "BDAT 3 LAST\r\n\r\n3"),
                  SERVER("250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example refused\n"
               "  [mail > message] 1,2\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "a chunk of negative size is read to the next command",
        .feeds = {HELLO, CLIENT(ENVELOPE "BDAT -1 LAST\r\n\r\n1,2\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n501 what\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example refused\n"
               "  ! malformed\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a chunk of 2^64 bytes is read to the next command",
        .feeds = {HELLO,
                  CLIENT(ENVELOPE "BDAT 18446744073709551616\r\n\r\n1,2\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  ! malformed\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a mail behind a chunk of no size",
        .feeds = {HELLO, CLIENT(ENVELOPE "BDAT x\r\n\r\n1,2\r\n" NEXT
                                         "DATA\r\n\r\n3,4\r\n.\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  ! malformed\n"
               "  [mail > message] 1,2\\r|\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3,4\\r|\n",
    },
    {
        .name = "a chunk of no size, then one that has one",
        .feeds = {CLIENT(ENVELOPE "BDAT -1\r\n\r\n1,2\r\n.\r\nBDAT 5 LAST\r\n"
                                  "3,4\r\nQUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  ! malformed\n"
               "  [mail > message] 1,2\\r|.\\r|3,4\\r|\n",
    },
    {
        .name = "dots are unstuffed",
        .feeds = {CLIENT("EHLO pc7\r\n" ENVELOPE "DATA\r\n\r\n..1\r\n...\r\n"
                         ". x\r\na.\r\n.\r\nQUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] .1\\r|..\\r| x\\r|a.\\r|\n",
    },
    {
        .name = "a message with a dot alone at once is empty",
        .feeds = {CLIENT("EHLO pc7\r\n" ENVELOPE "DATA\r\n.\r\nQUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n",
    },
    {
        .name = "line ends of LF alone",
        .feeds = {CLIENT("HELO pc7\nMAIL FROM:taro@bank.example\n"
                         "RCPT TO:a@x.example\nDATA\n\n1,2\n.\nQUIT\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2|\n",
    },
    {
        .name = "a message without its final dot is read to the end",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n3,4\r\n."), END(DIR_CLIENT)},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|3,4\\r|.\n",
    },
    {
        .name = "a log-in by PLAIN that the server accepts names the user",
        .feeds = {HELLO, CLIENT("AUTH PLAIN AHRhcm8Ac2VjcmV0\r\n"),
                  SERVER("235 in\r\n"), CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n.\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example user=taro\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "PLAIN in a line of its own, refused then accepted",
        .feeds = {HELLO, CLIENT("AUTH PLAIN\r\n"), SERVER("334 \r\n"),
                  CLIENT("AGppcm8AeA==\r\n"), SERVER("535 no\r\n"),
                  CLIENT("auth plain\r\n"), SERVER("334 \r\n"),
                  CLIENT("AHRhcm8Ac2VjcmV0\r\n"), SERVER("235 in\r\n"),
                  CLIENT(NEXT "BDAT 3 LAST\r\n\r\n3")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example user=taro\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "a log-in by LOGIN names the user",
        .feeds = {HELLO, CLIENT("AUTH LOGIN\r\n"), SERVER("334 VXNlcg==\r\n"),
                  CLIENT("dGFybw==\r\n"), SERVER("334 UGFzcw==\r\n"),
                  CLIENT("c2VjcmV0\r\n"), SERVER("235 in\r\n"),
                  CLIENT(NEXT "BDAT 3 LAST\r\n\r\n3")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example user=taro\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "a log-in that the server refuses names nobody",
        .feeds = {HELLO, CLIENT("AUTH LOGIN dGFybw==\r\n"),
                  SERVER("334 UGFzcw==\r\n"), CLIENT("c2VjcmV0\r\n"),
                  SERVER("535 no\r\n"), CLIENT(NEXT "BDAT 3 LAST\r\n\r\n3")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "a log-in by CRAM-MD5 names the user",
        .feeds = {HELLO, CLIENT("AUTH CRAM-MD5\r\n"),
                  SERVER("334 PDFAeD4=\r\n"),
                  CLIENT("dGFybyBiOTEzYTYwMmM3ZWRhN2E0\r\n"),
                  SERVER("235 in\r\n"), CLIENT(NEXT "BDAT 3 LAST\r\n\r\n3")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example user=taro\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "the lines of another log-in are no commands",
        .feeds = {HELLO, CLIENT("AUTH XOAUTH2 dXNlcj10YXJv\r\n"),
                  SERVER("334 eyJzdGF0dXMi\r\n"), CLIENT("\r\n"),
                  SERVER("535 no\r\n"),
                  CLIENT("MAIL FROM:<taro@bank.example>\r\n"
                         "RCPT TO:<a@x.example>\r\nRCPT TO:<b@x.example>\r\n"
                         "DATA\r\n"),
                  SERVER("250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1\r\n.\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=b@x.example\n"
               "  [mail > message] 1\\r|\n",
    },
    {
        .name = "a log-in given up with a star",
        .feeds = {HELLO, CLIENT("AUTH LOGIN\r\n"), SERVER("334 VXNlcg==\r\n"),
                  CLIENT("*\r\n"), SERVER("501 fine\r\n"),
                  CLIENT(NEXT "BDAT 3 LAST\r\n\r\n3")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "behind STARTTLS all is unread",
        .feeds = {HELLO, CLIENT("STARTTLS\r\n"), SERVER("220 ready\r\n"),
                  CLIENT("\x16\x03\x01\x00\x05\x01\x00\x00\x01z\x17\x03\x03"
                         "\x00\x04"
                         "data"),
                  SERVER("\x16\x03\x03\x00\x05\x02\x00\x00\x01z")},
        .log = "> tls [tls]\n"
               "  ? tls encrypted 19 channel\n"
               "< tls [tls]\n"
               "  ? tls encrypted 10 channel\n",
    },
    {
        .name = "a refused STARTTLS changes nothing",
        .feeds = {HELLO, CLIENT("STARTTLS\r\n"), SERVER("454 no\r\n"),
                  CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "the client alone tells the mail",
        .feeds = {CLIENT("EHLO pc7\r\nAUTH PLAIN AHRhcm8Ac2VjcmV0\r\n" ENVELOPE
                         "DATA\r\n\r\n1,2\r\n.\r\n" NEXT
                         "DATA\r\n\r\n3,4\r\n.\r\nQUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3,4\\r|\n",
    },
    {
        .name = "the server alone tells nothing",
        .feeds = {SERVER("220 mail.example ESMTP\r\n250 ok\r\n250 ok\r\n"
                         "250 ok\r\n354 go\r\n250 queued\r\n")},
        .log = "",
    },
    {
        .name = "a session joined in a mail is found again at the next",
        .midstream = true,
        .feeds = {CLIENT("1,2\r\n3,4\r\n.\r\n"), SERVER("250 queued\r\n"),
                  CLIENT(NEXT "DATA\r\n"),
                  SERVER("250 ok\r\n550 no\r\n354 go\r\n"),
                  CLIENT("\r\n5,6\r\n.\r\n"), SERVER("550 no\r\n")},
        .log = "> raw [raw]\n"
               "  ! midstream\n"
               "  [raw] 1,2\\r|3,4\\r|.\\r|\n"
               "< raw [raw]\n"
               "  ! midstream\n"
               "  [raw] 250 queued\\r|\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example refused\n"
               "  [mail > message] 5,6\\r|\n",
    },
    {
        .name = "a session joined at a mail",
        .midstream = true,
        .feeds = {CLIENT(NEXT "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n5,6\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  ! midstream\n"
               "  [mail > message] 5,6\\r|\n",
    },
    {
        .name = "a hole in a message is a gap in it",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n3,"), HOLE(DIR_CLIENT, 100),
                  CLIENT(".\r\n5,6\r\n.\r\n"), SERVER("550 no\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|3,{~100}.\\r|5,6\\r|\n",
    },
    {
        .name = "a hole over the end of a message, the reply tells",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n"), SERVER("250 queued\r\n"),
                  HOLE(DIR_CLIENT, 100),
                  CLIENT("a@b>\r\n" NEXT "DATA\r\n\r\n3,4\r\n.\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|{~100}a@b>\\r|\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3,4\\r|\n",
    },
    {
        .name = "a hole over the end of a message, the client alone",
        .feeds = {CLIENT("EHLO a\r\n" ENVELOPE "DATA\r\n\r\n1,2\r\n"),
                  HOLE(DIR_CLIENT, 100),
                  CLIENT("x>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n\r\n3\r\n.\r\n"
                         "QUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|{~100}x>\\r|\n"
               "> smtp [mail] to=b@y.example\n"
               "  [mail > message] 3\\r|\n",
    },
    {
        .name = "commands in a message with a hole are no commands by a reply",
        .feeds = {HELLO, CLIENT(ENVELOPE "DATA\r\n"),
                  SERVER("250 ok\r\n250 ok\r\n354 go\r\n"),
                  CLIENT("\r\n1,2\r\n"), HOLE(DIR_CLIENT, 100),
                  CLIENT("x\r\nQUIT\r\n3\r\n.\r\n"), SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|{~100}x\\r|QUIT\\r|3\\r|\n",
    },
    {
        .name = "a hole over DATA, the reply tells",
        .feeds = {HELLO, CLIENT(ENVELOPE), SERVER("250 ok\r\n250 ok\r\n"),
                  HOLE(DIR_CLIENT, 6), SERVER("354 go\r\n"),
                  CLIENT("a,4111111111111111\r\n1,2\r\n.\r\n"),
                  SERVER("250 ok\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message > headers] a,4111111111111111\\r|\n",
    },
    {
        .name = "a hole over DATA, the header tells",
        .feeds = {CLIENT("EHLO pc7\r\n" ENVELOPE), HOLE(DIR_CLIENT, 6),
                  CLIENT("From: taro\r\n\r\n1,2\r\n.\r\nQUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a hole over DATA and the header",
        .feeds = {CLIENT("EHLO pc7\r\n" ENVELOPE), HOLE(DIR_CLIENT, 600),
                  CLIENT("a,4111111111111111\r\n.\r\nQUIT\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message > headers] a,4111111111111111\\r|\n",
    },
    {
        .name = "a hole in the commands makes refusals uncertain",
        .feeds = {HELLO, CLIENT("MAIL FROM:<taro@bank.example>\r\n"),
                  HOLE(DIR_CLIENT, 24), CLIENT("RCPT TO:<b@x.example>\r\n"),
                  SERVER("250 ok\r\n550 no\r\n250 ok\r\n"), CLIENT("DATA\r\n"),
                  SERVER("354 go\r\n"), CLIENT("\r\n1,2\r\n.\r\n"),
                  SERVER("550 no\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=b@x.example refused\n"
               "  [mail > message] 1,2\\r|\n",
    },
    {
        .name = "a hole in a chunk, and one over its end",
        .feeds = {CLIENT("EHLO a\r\n" ENVELOPE "BDAT 9\r\n\r\n1"),
                  HOLE(DIR_CLIENT, 4), CLIENT(",2BDAT 5 LAST\r\n3,"),
                  HOLE(DIR_CLIENT, 20),
                  CLIENT("x\r\n" NEXT "DATA\r\n\r\n5\r\n"
                         ".\r\n")},
        .log = "> smtp [mail] from=taro@bank.example to=a@x.example\n"
               "  [mail > message] 1{~4},23,{~3}\n"
               "> smtp [session]\n"
               "  [session] x|\n"
               "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 5\\r|\n",
    },
    {
        .name = "a hole in a log-in",
        .feeds = {HELLO, CLIENT("AUTH LOGIN\r\n"), SERVER("334 VXNlcg==\r\n"),
                  HOLE(DIR_CLIENT, 10), SERVER("334 UGFzcw==\r\n"),
                  CLIENT("c2VjcmV0\r\n"), SERVER("235 in\r\n"),
                  CLIENT(NEXT "BDAT 3 LAST\r\n\r\n3")},
        .log = "> smtp [mail] from=jiro@bank.example to=b@y.example\n"
               "  [mail > message] 3\n",
    },
    {
        .name = "rows between commands are read",
        .feeds =
            {CLIENT(
                 "EHLO pc7\r\nname,phone\r\ntaro,03\r\nNOOP jiro,0412345678\r\n"
                 "NOOP\r\nDATABASE\r\nQUIT\r\n"),
             SERVER("220 mail ESMTP\r\nname,phone\r\n250 ok\r\n")},
        .log = "> smtp [session]\n"
               "  [session] name,phone|taro,03|NOOP jiro,0412345678|\n"
               "> smtp [session]\n"
               "  [session] DATABASE|\n"
               "< smtp [session]\n"
               "  [session] name,phone|\n",
    },
    {
        .name = "bytes behind the last line end are read",
        .feeds = {CLIENT("EHLO pc7\r\ntaro,03"), SERVER("220 a ESMTP\r\n25")},
        .log = "> smtp [session]\n"
               "  [session] taro,03|\n"
               "< smtp [session]\n"
               "  [session] 25|\n",
    },
    {
        .name = "an archive that begins like a mail command",
        .feeds = {CLIENT("MAIL FROM: everybody\nname,phone\n")},
        .log = "> smtp [session]\n"
               "  [session] name,phone|\n",
    },
};

/* --- long ones --- */

static char *line_of(size_t len, const char *before, const char *after)
{
    char *text = malloc(strlen(before) + len + strlen(after) + 1);
    char *at = text + strlen(before);

    memcpy(text, before, strlen(before));
    memset(at, 'a', len);
    memcpy(at + len, after, strlen(after) + 1);
    return text;
}

static void run_long(const char *text, size_t step, const char *expected)
{
    struct record_chain r;
    struct flow flow = record_flow();
    const struct feed feeds[] = {{FEED_BYTES, DIR_CLIENT, span_of(text), 0},
                                 {0}};

    record_chain_init(&r, 16);
    const char *log = record_chain_run(&r, &flow, feeds, 0, step);
    assert_non_null(strstr(log, expected));
    assert_true(record_adds_up(&r, record_fed(feeds)));
    record_chain_clear(&r);
}

static void a_line_of_8_mb_does_not_hide_the_next_mail(void **state)
{
    (void)state;
    char *text =
        line_of(8 << 20, "EHLO a\r\n", "\r\n" NEXT "DATA\r\n\r\n3,4\r\n.\r\n");
    run_long(text, 0, "> smtp [mail] from=jiro@bank.example to=b@y.example");
    run_long(text, 1448, "> smtp [mail] from=jiro@bank.example to=b@y.example");
    free(text);
}

static void a_message_of_8_mb_in_one_line_is_whole(void **state)
{
    (void)state;
    char *text = line_of(8 << 20, "EHLO a\r\n" ENVELOPE "DATA\r\n\r\n",
                         "1,2\r\n.\r\n" NEXT "DATA\r\n\r\n3,4\r\n.\r\n");
    run_long(text, 0, "aaaa1,2");
    run_long(text, 1448, "> smtp [mail] from=jiro@bank.example to=b@y.example");
    free(text);
}

static void recipients_past_the_limit_do_not_hurt(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 20);
    assert_true(buf_add(&text, SPAN("EHLO a\r\nMAIL FROM:<t@b.example>\r\n")));
    for (int i = 0; i < 2000; i++)
        assert_true(buf_printf(&text, "RCPT TO:<n%d@x.example>\r\n", i));
    assert_true(buf_add(&text, SPAN("DATA\r\n\r\n1,2\r\n.\r\n")));
    assert_true(buf_add_byte(&text, 0));
    run_long((const char *)text.ptr, 1448, " to=n99@x.example\n");
    buf_clear(&text);
}

static void raw_rows_are_not_held_back(void **state)
{
    const struct decoder *smtp = decoder_find(SPAN("smtp"));
    size_t keep = 0;

    (void)state;
    assert_int_equal(smtp->sync(SPAN("taro,03\n"), DIR_CLIENT, &keep), 8);
    assert_int_equal(keep, 8);
    assert_int_equal(smtp->sync(SPAN("x\nMAIL F"), DIR_CLIENT, &keep), 8);
    assert_int_equal(keep, 2);
    assert_int_equal(smtp->sync(SPAN("x\nmail from:<a"), DIR_CLIENT, &keep),
                     14);
    assert_int_equal(keep, 2);
    assert_int_equal(smtp->sync(SPAN("MAIL FROM:<a>\r\n"), DIR_SERVER, &keep),
                     15);
    assert_int_equal(keep, 15);
    assert_int_equal(smtp->sync(SPAN("<MAIL FROM:<a>\r\n"), DIR_CLIENT, &keep),
                     1);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_line_of_8_mb_does_not_hide_the_next_mail);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_message_of_8_mb_in_one_line_is_whole);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        recipients_past_the_limit_do_not_hurt);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(raw_rows_are_not_held_back);
    return SPEC_RUN("decode/smtp", tests, count);
}
