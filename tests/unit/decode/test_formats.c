// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_formats.c - decode/format: what bodies become, however cut.
 *
 * Each row is the body of an upload with its header lines, so that it comes
 * to its decoder as on the wire.
 */
#include <stdlib.h>
#include <string.h>

#include "support/chain_case.h"

#define HELLO "hello, hello, hello\n"
#define GZIP                                                                   \
    "\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\327\121\310" \
    "\100\242\270\000\347\102\156\122\024\000\000\000"
#define ZLIB                                                                   \
    "\170\234\313\110\315\311\311\327\121\310\100\242\270\000\113\007\006\337"
#define DEFLATE "\313\110\315\311\311\327\121\310\100\242\270\000"
#define BROTLI                                                                 \
    "\213\011\200\150\145\154\154\157\054\040\150\145\154\154\157\054\040\150" \
    "\145\154\154\157\012\003"
#define ZSTD                                                                   \
    "\050\265\057\375\004\130\165\000\000\100\150\145\154\154\157\054\040\012" \
    "\001\000\342\212\021\041\151\235\207"
#define BZIP2                                                                  \
    "\102\132\150\071\061\101\131\046\123\131\313\122\345\147\000\000\005\121" \
    "\000\000\020\100\004\002\104\240\000\041\044\061\010\140\057\030\104\307" \
    "\025\027\213\271\042\234\050\110\145\251\162\263\200"

/* A response until the end of its stream: no length to write. */
#define ZSTD_ROW                                                               \
    "\050\265\057\375\000\130\101\000\000\164\141"                             \
    "\162\157\054\060\063\012"
/* A block and the end of a stream of bzip2, and the same five bits later. */
#define BLOCK                                                                  \
    "\061\101\131\046\123\131\000\207\222\127\000"                             \
    "\000\003\331\200\000\020\000\004\110\000\040"                             \
    "\000\224\000\040\000\042\032\150\172\020\300"                             \
    "\207\317\100\040\273\222\051\302\204\200\004"                             \
    "\074\222\270"
#define BLOCK_SHIFTED                                                          \
    "\001\212\012\311\062\232\310\004\074\222\270"                             \
    "\000\000\036\314\000\000\200\000\042\100\001"                             \
    "\000\004\240\001\000\001\020\323\103\320\206"                             \
    "\004\076\172\001\005\334\221\116\024\044\000"                             \
    "\041\344\225\300"
#define BODY(head, body)                                                       \
    {                                                                          \
        SERVER("HTTP/1.1 200 OK\r\n" head "\r\n" body), END(DIR_SERVER)        \
    }
#define MIXED "Content-Type: multipart/mixed; boundary=\"=_b\"\r\n"
#define FORM  "Content-Type: multipart/form-data; boundary=B\r\n"
#define MAIL  "Content-Type: message/rfc822\r\n"
#define TAKEN "< http [response]\n"

static const struct chain_case cases[] = {
    {
        .name = "gzip, zlib, raw deflate, brotli, zstd and bzip2 are undone",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\n"
                         "Content-Length: 30\r\n\r\n" GZIP
                         "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n"
                         "Content-Length: 18\r\n\r\n" ZLIB
                         "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n"
                         "Content-Length: 12\r\n\r\n" DEFLATE
                         "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n"
                         "Content-Length: 24\r\n\r\n" BROTLI
                         "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n"
                         "Content-Length: 27\r\n\r\n" ZSTD
                         "HTTP/1.1 200 OK\r\nContent-Encoding: bzip2\r\n"
                         "Content-Length: 49\r\n\r\n" BZIP2)},
        .log = TAKEN "  [response] hello, hello, hello|\n" TAKEN
                     "  [response] hello, hello, hello|\n" TAKEN
                     "  [response] hello, hello, hello|\n" TAKEN
                     "  [response] hello, hello, hello|\n" TAKEN
                     "  [response] hello, hello, hello|\n" TAKEN
                     "  [response] hello, hello, hello|\n",
    },
    {
        .name = "packed files are opened by their content and named",
        .feeds = BODY("Content-Disposition: attachment; "
                      "filename=\"q3.csv.gz\"\r\n",
                      GZIP),
        .log = TAKEN "  [response > q3.csv.gz > gzip > q3.csv] "
                     "hello, hello, hello|\n",
    },
    {
        .name = "zlib that nothing declares is tried",
        .feeds = BODY("", ZLIB),
        .log = TAKEN "  [response > zlib] hello, hello, hello|\n",
    },
    {
        .name = "text that begins like zlib is text",
        .feeds = BODY("", "x^y,name\n"),
        .log = TAKEN "  [response] x^y,name|\n",
    },
    {
        .name = "a wrong checksum keeps what came out",
        .feeds = BODY("Content-Encoding: gzip\r\n",
                      "\037\213\010\000\000\000\000\000\002\003\313\110\315"
                      "\311\311\327\121\310\100\242\270\000\347\102\156\123"
                      "\024\000\000\000more"),
        .log = TAKEN "  ? gzip damaged 4\n"
                     "  [response] hello, hello, hello|{~3}\n",
    },
    {
        .name = "behind a hole gzip goes on at its next member",
        .feeds = {SERVER(
                      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" GZIP),
                  HOLE(DIR_SERVER, 20), SERVER("\1\2" GZIP), END(DIR_SERVER)},
        .log = TAKEN "  ? gzip damaged 2\n  [response] hello, hello, hello|"
                     "{~15}hello, hello, hello|\n",
    },
    {
        .name = "behind damage too",
        .feeds = BODY("Content-Encoding: gzip\r\n",
                      "\037\213\010\000\000\000\000\000\002\003\313\110\315"
                      "\311\311\327\121\310\100\242\270\000\347\102\156\123"
                      "\024\000\000\000more" GZIP),
        .log = TAKEN "  ? gzip damaged 4\n  [response] hello, hello, hello|"
                     "{~3}hello, hello, hello|\n",
    },
    {
        .name = "or at a block that was flushed",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
                         "\037\213\010\000\000\000\000\000\002\003\312"),
                  HOLE(DIR_SERVER, 9),
                  SERVER("\345\002\000\000\000\377\377"
                         "\053\111\054\312\327\061\060\346\002\000\115"
                         "\124\152\004\023\000\000\000"),
                  END(DIR_SERVER)},
        .log = TAKEN "  ? gzip damaged 7\n  [response] taro,03|\n",
    },
    {
        .name = "behind a hole zstd goes on at its next frame",
        .feeds = {SERVER(
                      "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n" ZSTD),
                  HOLE(DIR_SERVER, 9), SERVER("\1\2" ZSTD_ROW),
                  END(DIR_SERVER)},
        .log = TAKEN "  ? zstd damaged 2\n  [response] hello, hello, hello|"
                     "{~8}taro,03|\n",
    },
    {
        .name = "behind a hole bzip2 goes on at its next block",
        .feeds =
            {SERVER("HTTP/1.1 200 OK\r\nContent-Encoding: bzip2\r\n\r\n" BZIP2),
             HOLE(DIR_SERVER, 49), SERVER("\1\2" BLOCK), END(DIR_SERVER)},
        .log = TAKEN "  ? bzip2 damaged 2\n  [response] hello, hello, hello|"
                     "{~21}taro,03|\n",
    },
    {
        .name = "which begins at any bit",
        .feeds =
            {SERVER("HTTP/1.1 200 OK\r\nContent-Encoding: bzip2\r\n\r\n" BZIP2),
             HOLE(DIR_SERVER, 49), SERVER("\1\2" BLOCK_SHIFTED "row" BLOCK),
             END(DIR_SERVER)},
        .log = TAKEN "  ? bzip2 damaged 5\n"
                     "  [response] hello, hello, hello|"
                     "{~21}taro,03|{~1}taro,03|\n",
    },
    {
        .name = "base64 with junk, padding and line ends is undone",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Transfer-Encoding: base64"
                             "\r\nContent-Disposition: attachment; "
                             "filename=q.csv\r\n\r\n"
                             "bmFt\r\nZSxw!aG9u\r\nZQ==\r\ncg==\r\n--=_b--"),
        .log = TAKEN "  [response > q.csv] name,phoner\n",
    },
    {
        .name = "a coding is its word, whatever is around it",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Transfer-Encoding: \"base64\""
                             "\r\n\r\nbmFtZQ==\r\n--=_b\r\n"
                             "Content-Transfer-Encoding: Base64 (c)\r\n\r\n"
                             "cGhvbmU=\r\n--=_b--"),
        .log = TAKEN "  [response > part] name\n  [response > part] phone\n",
    },
    {
        .name = "a multipart cannot be base64 itself",
        .feeds = BODY(MAIL, MIXED "Content-Transfer-Encoding: base64\r\n\r\n"
                                  "--=_b\r\n\r\na,b\r\n--=_b--"),
        .log = TAKEN "  ! mislabelled\n  [response > part] a,b\n",
    },
    {
        .name = "base64 that nothing declares is undone up to other text",
        .feeds = BODY("", "dGFybzAsMDMtMTIzNC0wMDAwCnRhcm8xLDAzLTEyMzQtMDAzNwp0"
                          "YXJvMiwwMy0xMjM0LTAwNzQK\r\n"
                          "dGFybzMsMDMtMTIzNC0wMTExCnRhcm80LDAzLTEyMzQtMDE0OAp0"
                          "YXJvNSwwMy0xMjM0LTAxODUK\r\n"
                          "dGFybzYsMDMtMTIzNC0wMjIyCnRhcm83LDAzLTEyMzQtMDI1OQp0"
                          "YXJvOCwwMy0xMjM0LTAyOTYK\r\n"
                          "== a,b =="),
        .log =
            TAKEN "  [response > base64] "
                  "taro0,03-1234-0000|taro1,03-1234-0037|taro2,03-1234-0074|"
                  "taro3,03-1234-0111|taro4,03-1234-0148|taro5,03-1234-0185|"
                  "taro6,03-1234-0222|taro7,03-1234-0259|taro8,03-1234-0296|\n"
                  "  [response > rest] == a,b ==\n",
    },
    {
        .name = "lists of numbers are no base64",
        .feeds = BODY("", "4111111111111111550000000000000441111111111111115500"
                          "0000000000040000\r\n"
                          "4111111111111111550000000000000441111111111111115500"
                          "0000000000040001\r\n"
                          "4111111111111111550000000000000441111111111111115500"
                          "0000000000040002\r\n"
                          "4111111111111111550000000000000441111111111111115500"
                          "0000000000040003\r\n"
                          "4111111111111111550000000000000441111111111111115500"
                          "0000000000040004\r\n"
                          "4111111111111111550000000000000441111111111111115500"
                          "0000000000040005\r\n"),
        .log = TAKEN "  [response] "
                     "411111111111111155000000000000044111111111111111550000000"
                     "00000040000\\r|"
                     "411111111111111155000000000000044111111111111111550000000"
                     "00000040001\\r|"
                     "411111111111111155000000000000044111111111111111550000000"
                     "00000040002\\r|"
                     "411111111111111155000000000000044111111111111111550000000"
                     "00000040003\\r|"
                     "411111111111111155000000000000044111111111111111550000000"
                     "00000040004\\r|"
                     "411111111111111155000000000000044111111111111111550000000"
                     "00000040005\\r|\n",
    },
    {
        .name = "a hole in base64 lines of one width: the next group",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n" MIXED
                         "\r\n--=_b\r\nContent-Transfer-Encoding: base64\r\n"
                         "\r\nbmFtZSxw\r\naG9uZSwx\r\n"),
                  HOLE(DIR_SERVER, 22), SERVER("SxaG9u\r\nZSxw\r\n--=_b--"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > part] name,phone,1{~17}hone,p\n",
    },
    {
        .name = "files in a mail's text are opened",
        .feeds = BODY(MAIL, "Subject: q3\r\n\r\nsee\r\nbegin with this\r\n"
                            "begin 644 c.csv\r\n*;F%M92QP:&]N90\r\n`\r\n"
                            "end\r\nmore\r\nbegin-base64 644 d.csv\r\n"
                            "YSxi\r\n====\r\n"),
        .log = TAKEN "  [response > headers] q3|\n"
                     "  [response] see\\r|begin with this\\r|\n"
                     "  [response > c.csv] name,phone\n"
                     "  [response > text] more\\r|\n"
                     "  [response > d.csv] a,b\n",
    },
    {
        .name = "a mail is known by its fields",
        .feeds = BODY("Content-Type: application/octet-stream\r\n",
                      "From: a@b.example\r\nSubject: in\r\nMIME-Version: 1.0"
                      "\r\nContent-Transfer-Encoding: base64\r\n\r\nbmFtZQ=="),
        .log = TAKEN "  [response > headers] in|\n  [response] name\n",
    },
    {
        .name = "fields without such are text",
        .feeds = BODY("", "Name: taro\r\nPhone: 031234567\r\n\r\nmore"),
        .log =
            TAKEN "  [response] Name: taro\\r|Phone: 031234567\\r|\\r|more\n",
    },
    {
        .name = "a hole over the end of a header: rows are its body",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n" MAIL "\r\nSubject: q3\r\nX-A"),
                  HOLE(DIR_SERVER, 90),
                  SERVER("ro,Osaka\r\nhana,Kyoto\r\nX-B: c\r\n"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > headers] ro,Osaka\\r|q3|\n"
                     "  [response] hana,Kyoto\\r|X-B: c\\r|\n",
    },
    {
        .name = "quoted-printable is undone, folded lines joined",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Transfer-Encoding: "
                             "quoted-printable\r\n\r\n"
                             "na=6De,=\r\nphone=2c = \r\nx=ZZ=\r\n--=_b--"),
        .log = TAKEN "  [response > part] name,phone, x=ZZ=\n",
    },
    {
        .name = "preamble and epilogue are read, blanks are not",
        .feeds = BODY(MIXED, "before\r\n--=_b\r\n\r\na\r\n--=_b--\r\nafter"),
        .log = TAKEN "  [response > preamble] before\n"
                     "  [response > part] a\n"
                     "  [response > epilogue] after\n",
    },
    {
        .name = "a boundary that begins another is not taken for it",
        .feeds = BODY(MIXED, "--=_b\r\n\r\na\r\n--=_bc\r\nb\r\n--=_b\r\n\r\nc"
                             "\r\n--=_b-\r\n--=_b--"),
        .log = TAKEN "  [response > part] a\\r|--=_bc\\r|b\n"
                     "  [response > part] c\\r|--=_b-\n",
    },
    {
        .name = "almost a delimiter is data",
        .feeds = BODY(MIXED, "--=_b\r\n\r\na\r\n-\r\n--\r\r\n--=_\r\n\r\n"
                             "\r\n--=_b--"),
        .log = TAKEN "  [response > part] a\\r|-\\r|--\\r\\r|--=_\\r|\\r|\n",
    },
    {
        .name = "a delimiter with a damaged byte in front of a header is one",
        .feeds = BODY(MIXED, "--=_b\r\n\r\na\r\n--=X"
                             "b\r\n"
                             "Content-Type: text/csv\r\n\r\nb\r\n--=_b--"),
        .log = TAKEN "  [response > part] a\\r|--=X"
                     "b\\r|\n"
                     "  [response > text/csv] b\n",
    },
    {
        .name = "a delimiter with a damaged byte in front of no fields",
        .feeds = BODY(MIXED, "--=_b\r\n\r\na\r\n--=Xb\r\nContent-A\r\nb\r\n"
                             "c\r\nd\r\n--=_b--"),
        .log = TAKEN "  [response > part] a\\r|--=Xb\\r|\n"
                     "  [response > part] Content-A\\r|b\\r|c\\r|d\n",
    },
    {
        .name = "a boundary that is not the declared one is found",
        .feeds = BODY(MIXED, "--other\r\nContent-Type: text/csv\r\n\r\na\r\n"
                             "--other\r\n\r\nb\r\n--other--"),
        .log = TAKEN "  [response > preamble] --other\\r|\n"
                     "  [response > text/csv] a\n"
                     "  [response > part] b\n",
    },
    {
        .name = "an empty line that a damaged byte made ends no part's header",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Type: text/csv\n\r\n"
                             "Content-Transfer-Encoding: base64\r\n\r\nYSxi"
                             "\r\n--=_b--"),
        .log = TAKEN "  [response > text/csv] a,b\n",
    },
    {
        .name = "quoted-printable that nothing declared is undone",
        .feeds = BODY("Content-Type: text/plain\r\n",
                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                      "aaaaa=3D=\r\n"
                      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                      "bbbbbbbb=\r\nc"),
        .log =
            TAKEN "  [response > quoted-printable] aaaaaaaaaaaaaaaaaaaaaaaaaa"
                  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=bbbbbbbbbbbbbbbbbbbbb"
                  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc\n",
    },
    {
        .name = "line ends without CR delimit, too",
        .feeds = BODY(MIXED, "--=_b\nContent-Type: text/csv\n\na,b\n--=_b\n"
                             "\nc\n--=_b--\n"),
        .log = TAKEN "  [response > text/csv] a,b\n"
                     "  [response > part] c\n",
    },
    {
        .name = "a missing end is no loss",
        .feeds = BODY(MIXED, "--=_b\r\n\r\na,b\r\nc"),
        .log = TAKEN "  [response > part] a,b\\r|c\n",
    },
    {
        .name = "a part without header or body",
        .feeds = BODY(MIXED, "--=_b\r\nX: 1\r\n--=_b\r\n\r\n--=_b--"),
        .log = TAKEN,
    },
    {
        .name = "multiparts in a multipart",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Type: multipart/alternative; "
                             "boundary=c\r\n\r\n--c\r\n\r\na\r\n--c\r\n"
                             "Content-Type: text/html\r\n\r\nb\r\n--c--\r\n"
                             "--=_b\r\n\r\nd\r\n--=_b--"),
        .log = TAKEN "  [response > multipart/alternative > part] a\n"
                     "  [response > multipart/alternative > text/html] b\n"
                     "  [response > part] d\n",
    },
    {
        .name = "a multipart nobody declared is known by its beginning",
        .feeds = BODY("", "--zz\r\nContent-Disposition: form-data; "
                          "name=a\r\n\r\n1\r\n--zz--\r\n"),
        .log = TAKEN "  [response > form] a|1|\n",
    },
    {
        .name = "names in encoded words and in percent are undone",
        .feeds =
            BODY(MIXED, "--=_b\r\nContent-Disposition: attachment; filename="
                        "\"=?UTF-8?B?5ZCN?= =?utf-8?q?=E7=B0=BF?=.csv\"\r\n\r\n"
                        "a\r\n--=_b\r\nContent-Disposition: attachment;\r\n"
                        " filename*0*=UTF-8''%E5%90;\r\n"
                        " filename*1*=%8D;\r\n filename*2=\".csv\"\r\n\r\n"
                        "b\r\n--=_b\r\nContent-Disposition: attachment; "
                        "filename=\"C:\\dir\\q.csv\"\r\n\r\nc\r\n--=_b--"),
        .log = TAKEN "  [response > \\xe5\\x90\\x8d\\xe7\\xb0\\xbf.csv] a\n"
                     "  [response > \\xe5\\x90\\x8d.csv] b\n"
                     "  [response > q.csv] c\n",
    },
    {
        .name = "a name in Shift_JIS is told in UTF-8",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Disposition: attachment; "
                             "filename=\"=?Shift_JIS?B?lrw=?=\"\r\n\r\n"
                             "a\r\n--=_b--"),
        .log = TAKEN "  [response > \\xe5\\x90\\x8d] a\n",
    },
    {
        .name = "fields of a form are a row, long and many-line ones parts",
        .feeds =
            BODY(FORM, "--B\r\nContent-Disposition: form-data; name=\"na,me\""
                       "\r\n\r\nTa\"ro\r\n--B\r\nContent-Disposition: "
                       "form-data; name=rows\r\n\r\na,b\r\nc,d\r\n--B\r\n"
                       "Content-Disposition: form-data; name=empty\r\n\r\n\r\n"
                       "--B\r\nContent-Disposition: form-data; name=tel\r\n\r\n"
                       "031\r\n--B--\r\n"),
        .log = TAKEN "  [response > form:rows] a,b\\r|c,d\n"
                     "  [response > form] \"na,me\",empty,tel|"
                     "\"Ta\"\"ro\",,031|\n",
    },
    {
        .name = "repeated fields of a form are further rows",
        .feeds = BODY("Content-Type: application/x-www-form-urlencoded\r\n",
                      "r[0][n]=a&r[0][t]=1&r[1][n]=b&r[1][t]=2&other=x"),
        .log = TAKEN "  [response > form] r[][n],r[][t]|a,1|\n"
                     "  [response > form] r[][n],r[][t],other|b,2,x|\n",
    },
    {
        .name = "values of several lines in a form are parts",
        .feeds = BODY("Content-Type: application/x-www-form-urlencoded\r\n",
                      "id=7&csv=a%2Cb%0D%0Ac%2cd%0A&z=%zz%4"),
        .log = TAKEN "  [response > form:csv] a,b\\r|c,d|\n"
                     "  [response > form] id,z|7,%zz%4|\n",
    },
    {
        .name = "a hole in a part: the next part is whole",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n" MIXED
                         "\r\n--=_b\r\n\r\na,b\r\n"),
                  HOLE(DIR_SERVER, 50),
                  SERVER("c,d\r\n--=_b\r\n\r\nnext\r\n--=_b--"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > part] a,b\\r|{~50}c,d\n"
                     "  [response > part] next\n",
    },
    {
        .name = "a hole in a part's header: its body is read",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n" MIXED "\r\n--=_b\r\nContent-"),
                  HOLE(DIR_SERVER, 50), SERVER("a,b\r\n--=_b--"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > part] a,b\n",
    },
    {
        .name = "a hole in base64 lines: the next line is whole",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n" MIXED
                         "\r\n--=_b\r\nContent-Transfer-Encoding: base64\r\n"
                         "\r\nbmFt\r\nbm"),
                  HOLE(DIR_SERVER, 8), SERVER("Ft\r\nbmFt\r\n--=_b--"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > part] nam{~6}nam\n",
    },
    {
        .name = "a damaged digit of base64 costs what it was of",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Transfer-Encoding: base64"
                             "\r\n\r\nbmFtZSxw\r\naG9uZQpU\r\nYX!vLDEK\r\n"
                             "SmlybywyCg==\r\n--=_b--"),
        .log = TAKEN "  [response > part] name,phone|Tap/,1|Jiro,2|\n",
    },
    {
        .name = "a damaged line end of base64 is one all the same",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Transfer-Encoding: base64"
                             "\r\n\r\n"
                             "bmFtZSxw\r\n"
                             "aG9uZQpU\r\n"
                             "YXJvLDEK\r\n"
                             "Smlybywy\r\n"
                             "ClNhYnUs\r7"
                             "MwpHb3Jv\r\n"
                             "LDQK\r\n"
                             "--=_b--"),
        .log = TAKEN
        "  [response > part] name,phone|Taro,1|Jiro,2|Sabu,3|Goro,4|\n",
    },
    {
        .name = "lines of base64 that end within a group go on in the next",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Transfer-Encoding: base64"
                             "\r\n\r\nbmFtZ\r\nSxwaG\r\n9uZQ==\r\n--=_b--"),
        .log = TAKEN "  [response > part] name,phone\n",
    },
    {
        .name = "a hole in one line of base64 keeps its groups",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n" MIXED
                         "\r\n--=_b\r\nContent-Transfer-Encoding: base64\r\n"
                         "\r\nbmFt"),
                  HOLE(DIR_SERVER, 8), SERVER("bmFt\r\n--=_b--"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > part] nam{~6}nam\n",
    },
    {
        .name = "a mail: subject and body, addresses are nobody's",
        .feeds = BODY(MAIL, "From: taro@bank.example\r\nSubject: "
                            "=?UTF-8?Q?card_4111?=\r\n =?utf-8?q?_1111?=\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: base64\r\n\r\n"
                            "bmFtZQ==\r\n"),
        .log = TAKEN "  [response > headers] card 4111 1111|\n"
                     "  [response] name\n",
    },
    {
        .name = "a mail with an attachment that is a mail",
        .feeds = BODY(MAIL, "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
                            "--x\r\nContent-Type: message/rfc822\r\n\r\n"
                            "Subject: in\r\n\r\ndeep\r\n--x--\r\n"),
        .log = TAKEN "  [response > message/rfc822 > headers] in|\n"
                     "  [response > message/rfc822] deep\n",
    },
    {
        .name = "a mail without a body",
        .feeds = BODY(MAIL, "Subject: only\r\nX-Cut: 1"),
        .log = TAKEN "  [response > headers] X-Cut: 1only|\n",
    },
    {
        .name = "a part with two codings",
        .feeds = BODY(MIXED, "--=_b\r\nContent-Encoding: gzip\r\n"
                             "Content-Transfer-Encoding: base64\r\n\r\n"
                             "H4sIAAAAAAACA8tIzcnJ11HIQKK4AOdCblIUAAAA\r\n"
                             "--=_b--"),
        .log = TAKEN "  [response > part] hello, hello, hello|\n",
    },
};

static void a_header_of_megabytes_keeps_the_body(void **state)
{
    (void)state;
    enum { LINES = 100000 };
    static const char line[] = "X-Any: a line of a header\r\n";
    static const char end[] =
        "Content-Transfer-Encoding: base64\r\n\r\nbmFtZQ==";
    char *text = malloc(sizeof(line) * LINES + sizeof(end));
    char *at = text;
    struct record_chain r;
    struct flow flow = record_flow();

    for (size_t i = 0; i < LINES; i++)
        at = stpcpy(at, line);
    at = stpcpy(at, end);
    const struct feed feeds[] = {SERVER("HTTP/1.1 200 OK\r\n" MAIL "\r\n"),
                                 {FEED_BYTES, DIR_SERVER, span_of(text), 0},
                                 {0}};
    record_chain_init(&r, 16);
    assert_string_equal(record_chain_run(&r, &flow, feeds, 0, 1448),
                        TAKEN "  [response] name\n");
    record_chain_clear(&r);
    free(text);
}

static void a_million_parts_are_read(void **state)
{
    (void)state;
    enum { PARTS = 1000000 };
    static const char part[] = "--=_b\r\n\r\n\r\n";
    static const char end[] = "--=_b\r\n\r\nname,phone\r\n--=_b--";
    char *text = malloc(sizeof(part) * PARTS + sizeof(end));
    char *at = text;
    struct record_chain r;
    struct flow flow = record_flow();

    for (size_t i = 0; i < PARTS; i++)
        at = stpcpy(at, part);
    at = stpcpy(at, end);
    const struct feed feeds[] = {SERVER("HTTP/1.1 200 OK\r\n" MIXED "\r\n"),
                                 {FEED_BYTES, DIR_SERVER, span_of(text), 0},
                                 {0}};
    record_chain_init(&r, 16);
    assert_string_equal(record_chain_run(&r, &flow, feeds, 0, 1448),
                        TAKEN "  [response > part] name,phone\n");
    record_chain_clear(&r);
    free(text);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_header_of_megabytes_keeps_the_body);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_million_parts_are_read);
    return SPEC_RUN("decode/formats", tests, count);
}
