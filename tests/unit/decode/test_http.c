// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_http.c - decode/proto/http: what messages become, however cut.
 */
#include <stdlib.h>
#include <string.h>

#include "support/chain_case.h"

#define CRLF     "\r\n"
#define PREFACE  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

static const struct chain_case cases[] = {
    {
        .name = "a body of known length is a transfer",
        .feeds = {CLIENT("POST /up HTTP/1.1\r\nHost: drop.example:80\r\n"
                         "Content-Length: 10\r\n\r\nname,phone"),
                  SERVER(OK_EMPTY)},
        .log = "> http [POST /up] host=drop.example\n"
               "  [POST /up] name,phone\n",
    },
    {
        .name = "a response belongs to its request",
        .feeds = {CLIENT("GET /list?x=1 HTTP/1.1\r\nHost: a.example\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n"
                         "Content-Type: text/csv\r\n\r\na,b\n"),
                  CLIENT("GET /b.csv HTTP/1.1\r\nHost: a.example\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nc,d\n")},
        .log = "< http [GET /list] host=a.example\n"
               "  [GET /list] a,b|\n"
               "< http [GET /b.csv] host=a.example\n"
               "  [GET /b.csv] c,d|\n",
    },
    {
        .name = "a refused upload says so",
        .feeds = {CLIENT("PUT /q3.csv HTTP/1.1\r\nHost: a.example\r\n"
                         "Content-Length: 3\r\n\r\na,b"),
                  SERVER("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n"
                         "no")},
        .log = "> http [PUT /q3.csv] host=a.example refused\n"
               "  [PUT /q3.csv] a,b\n"
               "< http [PUT /q3.csv] host=a.example\n"
               "  [PUT /q3.csv] no\n",
    },
    {
        .name = "an upload refused before its end says so",
        .feeds = {CLIENT("POST /q HTTP/1.1\r\nContent-Length: 6\r\n\r\na,b"),
                  SERVER("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n"
                         "\r\n"),
                  CLIENT("\nc,")},
        .log = "> http [POST /q] refused\n  [POST /q] a,b|c,\n",
    },
    {
        .name = "chunks are joined",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                         "\r\n5\r\nname,\r\n6;x=1\r\nphone\n\r\n0\r\n"
                         "X-Trailer: 1\r\n\r\n"
                         "GET /next?data=1 HTTP/1.1\r\n\r\n")},
        .log = "> http [POST /c]\n  [POST /c] name,phone|\n"
               "> http [GET /next]\n  [GET /next > query > form] data|1|\n",
    },
    {
        .name = "a response without length ends with its stream",
        .feeds = {CLIENT("GET /r HTTP/1.0\r\n\r\n"),
                  SERVER("HTTP/1.0 200 OK\r\n\r\na,b\nc"), END(DIR_SERVER)},
        .log = "< http [GET /r]\n  [GET /r] a,b|c\n",
    },
    {
        .name = "responses to HEAD, 204 and 304 have no body",
        .feeds = {CLIENT("HEAD /h HTTP/1.1\r\n\r\nGET /1 HTTP/1.1\r\n\r\n"
                         "GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                         "HTTP/1.1 204 None\r\nContent-Length: 99\r\n\r\n"
                         "HTTP/1.1 304 Same\r\nContent-Length: 99\r\n\r\n"
                         "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nx,y")},
        .log = "< http [GET /3]\n  [GET /3] x,y\n",
    },
    {
        .name = "an expected body that was refused never comes",
        .feeds = {CLIENT("POST /e HTTP/1.1\r\nExpect: 100-continue\r\n"
                         "Content-Length: 3\r\n\r\n"),
                  SERVER("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"),
                  CLIENT("POST /f HTTP/1.1\r\nContent-Length: 3\r\n\r\na,b"),
                  SERVER(OK_EMPTY)},
        .log = "> http [POST /e] refused\n> http [POST /f]\n"
               "  [POST /f] a,b\n",
    },
    {
        .name = "an expected body may come without being asked for",
        .feeds = {CLIENT("POST /e HTTP/1.1\r\nExpect: 100-continue\r\n"
                         "Content-Length: 3\r\n\r\na,b"
                         "POST /f HTTP/1.1\r\nContent-Length: 3\r\n\r\nc,d")},
        .log = "> http [POST /e]\n  [POST /e] a,b\n"
               "> http [POST /f]\n  [POST /f] c,d\n",
    },
    {
        .name = "control bytes do not hide that a body comes in chunks",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nTransfer-Encoding: \x0b"
                         "chunked\r\n\r\n3\r\na,b\r\n0\r\n\r\n"
                         "POST /d HTTP/1.1\r\nTransfer-Encoding: chunked, "
                         "identity\r\n\r\n3\r\nc,d\r\n0\r\n\r\n")},
        .log = "> http [POST /c]\n  [POST /c] a,b\n"
               "> http [POST /d]\n  [POST /d] c,d\n",
    },
    {
        .name = "a damaged byte of a start line leaves the message",
        .feeds = {CLIENT("PXST /c HTTP/1.1\r\nHost: a.example\r\n"
                         "Content-Length: 3\r\n\r\na,b"
                         "POST /d HT\nP/1.1\r\nContent-Length: 3\r\n\r\n"
                         "c,d")},
        .log = "> http [PXST /c] host=a.example\n  [PXST /c] a,b\n"
               "> http [POST /d]\n  [POST /d] c,d\n",
    },
    {
        .name = "an empty line that a damaged byte made ends no head",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nHost: a.example\r\n"
                         "\nontent-Type: text/csv\r\n"
                         "Content-Length: 3\r\n\r\na,b")},
        .log = "> http [body] host=a.example\n  [body] a,b\n",
    },
    {
        .name = "lines that are no fields end a head",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nContent-Length: 19\r\n\r"
                         "Xa,b\nc,d\ne,f\ng,h\n")},
        .log = "> http [POST /c]\n  [POST /c] \\rXa,b|c,d|e,f|g,h|\n",
    },
    {
        .name = "chunks are joined that nothing announced",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nContent-Type: text/csv\r\n"
                         "TransferXEncoding: chunked\r\n\r\n"
                         "5\r\nname,\r\n6\r\nphone\n\r\n0\r\n\r\n")},
        .log = "> http [POST /c]\n  [POST /c] name,phone|\n",
    },
    {
        .name = "behind a damaged chunk's size the next chunk is found",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                         "\r\n5\r\nname,\r\nX\r\nphone\n\r\n"
                         "4\r\na,b\n\r\n0\r\n\r\n")},
        .log = "> http [POST /c]\n  ! smuggling\n"
               "  [POST /c] name,X\\r|phone|a,b|\n",
    },
    {
        .name = "pieces of a file share the line at their seam",
        .feeds = {CLIENT("PUT /c HTTP/1.1\r\nContent-Range: bytes 0-7/30\r\n"
                         "Content-Length: 8\r\n\r\na,b\nc,d\n"
                         "PUT /c HTTP/1.1\r\nContent-Range: bytes 8-15/30\r\n"
                         "Content-Length: 8\r\n\r\ne,f\ngggg"
                         "PUT /c HTTP/1.1\r\nContent-Range: bytes 16-29/30"
                         "\r\nContent-Length: 14\r\n\r\nhhhh,iii\nj,k,l")},
        .log = "> http [PUT /c]\n  [PUT /c] a,b|c,d|\n"
               "> http [PUT /c]\n  [PUT /c] a,b|e,f|gggg{~1}\n"
               "> http [PUT /c]\n  [PUT /c] a,b|gggghhhh,iii|j,k,l\n",
    },
    {
        .name = "the later piece may come first",
        .feeds = {CLIENT("PUT /c HTTP/1.1\r\nContent-Range: bytes 8-15/16\r\n"
                         "Content-Length: 8\r\n\r\ncc\ne,f\ng"
                         "PUT /c HTTP/1.1\r\nContent-Range: bytes 0-7/16\r\n"
                         "Content-Length: 8\r\n\r\na,b\nc,cc"
                         "PUT /d HTTP/1.1\r\nContent-Range: bytes 8-15/16\r\n"
                         "Content-Length: 8\r\n\r\ncc\ne,f\ng")},
        .log = "> http [PUT /c]\n  [PUT /c] {~1}cc|e,f|g\n"
               "> http [PUT /c]\n  [PUT /c] a,b|c,cccc|\n"
               "> http [PUT /d]\n  [PUT /d] {~1}cc|e,f|g\n",
    },
    {
        .name = "an upload that goes on says where",
        .feeds = {CLIENT("PATCH /t HTTP/1.1\r\nUpload-Offset: 0\r\n"
                         "Content-Length: 8\r\n\r\na,b\nc,cc"
                         "PATCH /t HTTP/1.1\r\nUpload-Offset: 8\r\n"
                         "Content-Length: 4\r\n\r\nd,e\n")},
        .log = "> http [PATCH /t]\n  [PATCH /t] a,b|c,cc{~1}\n"
               "> http [PATCH /t]\n  [PATCH /t] a,b|c,ccd,e|\n",
    },
    {
        .name = "100 Continue is no response",
        .feeds = {CLIENT("POST /e HTTP/1.1\r\nExpect: 100-continue\r\n"
                         "Content-Length: 3\r\n\r\n"),
                  SERVER("HTTP/1.1 100 Continue\r\n\r\n"), CLIENT("a,b"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")},
        .log = "> http [POST /e]\n  [POST /e] a,b\n"
               "< http [POST /e]\n  [POST /e] ok\n",
    },
    {
        .name = "an absolute URI names the receiver behind the proxy",
        .feeds = {CLIENT("POST http://u:p@drop.example:8080/x?q=longer "
                         "HTTP/1.1\r\nHost: proxy.bank.example\r\n"
                         "Content-Length: 1\r\n\r\na")},
        .log = "> http [POST /x] host=drop.example proxied\n"
               "  [POST /x > query > form] q|longer|\n"
               "  [POST /x > headers] POST http://u:p@drop.example:8080/x"
               "?q=longer HTTP/1.1\\r|Host: proxy.bank.example\\r|"
               "Content-Length: 1\\r|\\r|\n"
               "  [POST /x] a\n",
    },
    {
        .name = "an address in brackets loses them and the port",
        .feeds = {CLIENT("POST / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n"
                         "Content-Length: 1\r\n\r\na")},
        .log = "> http [POST /] host=2001:db8::1\n  [POST /] a\n",
    },
    {
        .name = "inside CONNECT the far end is the receiver",
        .feeds = {CLIENT("CONNECT drop.example:80 HTTP/1.1\r\n"
                         "Host: drop.example:80\r\n\r\n"),
                  SERVER("HTTP/1.1 200 Established\r\n\r\n"),
                  CLIENT("POST /in HTTP/1.1\r\nHost: other.example\r\n"
                         "Content-Length: 3\r\n\r\na,b"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")},
        .log = "> http [POST /in] host=drop.example proxied\n"
               "  [POST /in] a,b\n"
               "< http [POST /in] host=drop.example proxied\n"
               "  [POST /in] ok\n",
    },
    {
        .name = "what is inside CONNECT and nobody's is raw",
        .feeds = {CLIENT("CONNECT drop.example:99 HTTP/1.1\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\n\r\n"),
                  CLIENT("taro,0312345678\n")},
        .log = "> raw [raw] host=drop.example proxied\n"
               "  [raw] taro,0312345678|\n",
    },
    {
        .name = "a refused CONNECT leaves HTTP",
        .feeds = {CLIENT("CONNECT d.example:80 HTTP/1.1\r\n\r\n"),
                  SERVER("HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n"),
                  CLIENT("POST /x HTTP/1.1\r\nContent-Length: 1\r\n\r\na")},
        .log = "> http [POST /x]\n  [POST /x] a\n",
    },
    {
        .name = "an upgrade leaves HTTP",
        .feeds = {CLIENT("GET /chat HTTP/1.1\r\nUpgrade: x\r\n\r\n"),
                  SERVER("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"
                         "server speaks\n"),
                  CLIENT("client speaks\n")},
        .log = "> raw [raw]\n  [raw] client speaks|\n"
               "< raw [raw]\n  [raw] server speaks|\n",
    },
    {
        .name = "codings are undone, the transfer's first",
        .feeds = {CLIENT("POST /g HTTP/1.1\r\nContent-Encoding: gzip\r\n"
                         "Content-Length: 30\r\n\r\n"
                         "\037\213\010\000\000\000\000\000\002\003\313\110\315"
                         "\311\311\327\121\310\100\242\270\000\347\102\156\122"
                         "\024\000\000\000")},
        .log = "> http [POST /g]\n  [POST /g] hello, hello, hello|\n",
    },
    {
        .name = "what is not in its coding is read as it is",
        .feeds = {CLIENT("POST /g HTTP/1.1\r\nContent-Encoding: gzip\r\n"
                         "Content-Length: 10\r\n\r\nname,phone")},
        .log = "> http [POST /g]\n  ! mislabelled\n  [POST /g] name,phone\n",
    },
    {
        .name = "text that claims brotli is read as it is",
        .feeds = {CLIENT("POST /g HTTP/1.1\r\nContent-Encoding: br\r\n"
                         "Content-Length: 10\r\n\r\nname,phone")},
        .log = "> http [POST /g]\n  ! mislabelled\n  [POST /g] name,phone\n",
    },
    {
        .name = "an unknown coding is unread",
        .feeds = {CLIENT("POST /g HTTP/1.1\r\nContent-Encoding: exi\r\n"
                         "Content-Length: 5\r\n\r\n\1\2\3\4\5")},
        .log = "> http [POST /g]\n  ? coding unsupported 5\n",
    },
    {
        .name = "a form is a row",
        .feeds = {CLIENT("POST /f HTTP/1.1\r\nContent-Type: "
                         "application/x-www-form-urlencoded\r\n"
                         "Content-Length: 48\r\n\r\n"
                         "name=Suzuki+Taro&phone=%2B81312345678&note=a%2Cb")},
        .log = "> http [POST /f]\n  [POST /f > form] name,phone,note|"
               "Suzuki Taro,+81312345678,\"a,b\"|\n",
    },
    {
        .name = "a file sent as a form is read as it is",
        .feeds = {CLIENT("POST /f HTTP/1.1\r\nContent-Type: "
                         "application/x-www-form-urlencoded\r\n"
                         "Content-Length: 16\r\n\r\nname,phone\n1,+2\n")},
        .log = "> http [POST /f]\n  [POST /f] name,phone|1,+2|\n",
    },
    {
        .name = "rows in header lines are found",
        .feeds = {CLIENT("GET / HTTP/1.1\r\nX-Data: 4111 1111 1111 1111\r\n"
                         "\r\n")},
        .log = "> http [GET /]\n  [GET / > headers] GET / HTTP/1.1\\r|"
               "X-Data: 4111 1111 1111 1111\\r|\\r|\n",
    },
    {
        .name = "both lengths are smuggling, read as chunks",
        .feeds = {CLIENT("POST /s HTTP/1.1\r\nContent-Length: 4\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n"
                         "3\r\na,b\r\n0\r\n\r\n")},
        .log = "> http [POST /s]\n  ! smuggling\n  [POST /s] a,b\n",
    },
    {
        .name = "both lengths without chunks are read by length",
        .feeds = {CLIENT("POST /s HTTP/1.1\r\nContent-Length: 4\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n"
                         "x,y\nGET /n?data=1 HTTP/1.1\r\n\r\n")},
        .log = "> http [POST /s]\n  ! smuggling\n  ! smuggling\n"
               "  [POST /s] x,y|\n"
               "> http [GET /n]\n  [GET /n > query > form] data|1|\n",
    },
    {
        .name = "lengths that differ: the next head ends the body",
        .feeds = {CLIENT("POST /s HTTP/1.1\r\nContent-Length: 4\r\n"
                         "Content-Length: 9\r\n\r\nname,x"
                         "POST /n HTTP/1.1\r\nContent-Length: 1\r\n\r\na")},
        .log = "> http [POST /s]\n  ! smuggling\n  [POST /s] name,x\n"
               "> http [POST /n]\n  [POST /n] a\n",
    },
    {
        .name = "a length of 2^63 ends with the stream",
        .feeds = {CLIENT("POST /s HTTP/1.1\r\nContent-Length: "
                         "9223372036854775808\r\n\r\na,b\nc,d\n")},
        .log = "> http [POST /s]\n  [POST /s > headers] POST /s HTTP/1.1\\r|"
               "Content-Length: 9223372036854775808\\r|\\r|\n"
               "  ! smuggling\n  [POST /s] a,b|c,d|\n",
    },
    {
        .name = "a broken chunk is body up to the next head",
        .feeds = {CLIENT("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                         "\r\n3\r\na,b\r\nzz\r\nmore\n"
                         "POST /n HTTP/1.1\r\nContent-Length: 1\r\n\r\na")},
        .log = "> http [POST /s]\n  ! smuggling\n"
               "  [POST /s] a,bzz\\r|more|\n"
               "> http [POST /n]\n  [POST /n] a\n",
    },
    {
        .name = "a hole inside a body is passed by length",
        .feeds = {CLIENT("POST /h HTTP/1.1\r\nContent-Length: 12\r\n\r\na,b\n"),
                  HOLE(DIR_CLIENT, 4),
                  CLIENT("e,f\nPOST /n HTTP/1.1\r\nContent-Length: 1\r\n\r\n"
                         "x")},
        .log = "> http [POST /h]\n  [POST /h] a,b|{~4}e,f|\n"
               "> http [POST /n]\n  [POST /n] x\n",
    },
    {
        .name = "a hole over a head: the next one is found",
        .feeds = {CLIENT("POST /h HTTP/1.1\r\nHost: h.example\r\n"
                         "Content-Length: 8\r\n\r\na,b\n"),
                  HOLE(DIR_CLIENT, 100),
                  CLIENT("e,f}POST /n HTTP/1.1\r\nContent-Length: 1\r\n\r\n"
                         "x")},
        .log = "> http [POST /h] host=h.example\n  [POST /h] a,b|{~4}\n"
               "> http [body] host=h.example\n  [body] e,f}\n"
               "> http [POST /n]\n  [POST /n] x\n",
    },
    {
        .name = "a hole over chunks: the next chunk is found",
        .feeds = {CLIENT("POST /h HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                         "\r\n8\r\na,b\n"),
                  HOLE(DIR_CLIENT, 20),
                  CLIENT("c,d\r\n4\r\ne,f\n\r\n0\r\n\r\n"
                         "POST /n HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")},
        .log = "> http [POST /h]\n  [POST /h] a,b|{~20}c,de,f|\n"
               "> http [POST /n]\n  [POST /n] x\n",
    },
    {
        .name = "a hole over codings keeps what came before",
        .feeds = {CLIENT("POST /g HTTP/1.1\r\nContent-Encoding: gzip\r\n"
                         "Content-Length: 60\r\n\r\n"
                         "\037\213\010\000\000\000\000\000\002\003\313\110\315"
                         "\311\311\327\121\310\100\242\270\000\347\102\156\122"
                         "\024\000\000\000"),
                  HOLE(DIR_CLIENT, 20), CLIENT("0123456789")},
        .log = "> http [POST /g]\n  ? gzip damaged 10\n"
               "  [POST /g] hello, hello, hello|{~20}\n",
    },
    {
        .name = "a stream seen from its middle: raw, then the next head",
        .feeds = {CLIENT("taro,031\njiro,032\n"
                         "POST /n HTTP/1.1\r\nContent-Length: 3\r\n\r\na,b"),
                  SERVER("tail}HTTP/1.1 200 OK\r\n"
                         "Content-Length: 2\r\n\r\nok")},
        .log = "> raw [raw]\n  ! midstream\n  [raw] taro,031|jiro,032|\n"
               "< http [body]\n  ! midstream\n  [body] tail}\n"
               "> http [POST /n]\n  [POST /n] a,b\n"
               "< http [POST /n]\n  [POST /n] ok\n",
        .midstream = true,
    },
    {
        .name = "a response found in mid-stream",
        .feeds = {SERVER("a,b\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                         "ok")},
        .log = "< raw [raw]\n  ! midstream\n  [raw] a,b|\n"
               "< http [response]\n  [response] ok\n",
        .midstream = true,
    },
    {
        .name = "a log-in the server accepts is a user",
        .feeds = {CLIENT("POST /u HTTP/1.1\r\nAuthorization: Basic "
                         "dGFybzpzZWNyZXQ=\r\nContent-Length: 1\r\n\r\na"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb")},
        .log = "> http [POST /u] user=taro\n  [POST /u] a\n"
               "< http [POST /u] user=taro\n  [POST /u] b\n",
    },
    {
        .name = "a log-in the server refuses is none",
        .feeds = {CLIENT("POST /u HTTP/1.1\r\nAuthorization: Basic "
                         "dGFybzpzZWNyZXQ=\r\nContent-Length: 1\r\n\r\na"),
                  SERVER("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")},
        .log = "> http [POST /u] refused\n  [POST /u] a\n",
    },
    {
        .name = "files of a form are parts, its fields a row",
        .feeds = {CLIENT(
            "POST /m HTTP/1.1\r\nContent-Type: multipart/form-data; "
            "boundary=B\r\nContent-Length: 231\r\n\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n"
            "Taro\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; "
            "filename=\"customers.csv\"\r\n\r\na,b\r\nc,d\r\n\r\n"
            "--B\r\nContent-Disposition: form-data; name=phone\r\n\r\n"
            "0312\r\n--B--\r\n")},
        .log = "> http [POST /m]\n"
               "  [POST /m > form:file > customers.csv] a,b\\r|c,d\\r|\n"
               "  [POST /m > form] name,phone|Taro,0312|\n",
    },
    {
        .name = "a half head at the end is not lost",
        .feeds = {CLIENT("POST /half HTTP/1.1\r\nX-Card: 41111")},
        .log = "> http [body]\n"
               "  [body] POST /half HTTP/1.1\\r|X-Card: 41111\n",
    },
    {
        .name = "a version that is no number begins no message",
        .feeds = {CLIENT("x\nGET /a HTTP/1. \nmore\nGET /b HTTP/1.1\r\n\r\n"
                         "PUT /c HTTP/1.\n\n")},
        .log = "> raw [raw]\n  ! midstream\n"
               "  [raw] x|GET /a HTTP/1. |more|\n"
               "> http [body]\n  [body] PUT /c HTTP/1.||\n",
        .midstream = true,
    },
    {
        .name = "messages quoted in a log begin none",
        .feeds = {CLIENT("1.2.3.4 \"GET /a HTTP/1.1\" 200 7\n"
                         "GET /b HTTP/1.1 HTTP/1.1 200 H HTTP/1.1 20\n")},
        .log = "> raw [raw]\n  [raw] 1.2.3.4 \"GET /a HTTP/1.1\" 200 7|"
               "GET /b HTTP/1.1 HTTP/1.1 200 H HTTP/1.1 20|\n",
    },
    {
        .name = "a method nobody knows is a request",
        .feeds = {CLIENT("SMUGGLE /x HTTP/1.1\r\nContent-Length: 1\r\n\r\na")},
        .log = "> http [SMUGGLE /x]\n  [SMUGGLE /x] a\n",
    },
    {
        .name = "HTTP/2 in the clear: bodies are read, headers counted",
        .feeds = {CLIENT(PREFACE "\0\0\0\4\0\0\0\0\0"
                                 "\0\0\3\1\4\0\0\0\1\x82\x86\x84"
                                 "\0\0\4\0\0\0\0\0\1"
                                 "a,b\n"
                                 "\0\0\6\0\x9\0\0\0\1\2"
                                 "c,d\0\0"),
                  SERVER("\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64"
                         "\0\0\1\1\5\0\0\0\1\x88"
                         "\0\0\1\1\4\0\0\0\3\x88"
                         "\0\0\3\0\1\0\0\0\3x,y")},
        .log = "> http [HTTP/2]\n  ? http2-header unsupported 3 channel\n"
               "  [HTTP/2] a,b|c,d\n"
               "< http [HTTP/2]\n  ? http2-header unsupported 1 channel\n"
               "< http [HTTP/2]\n  ? http2-header unsupported 1 channel\n"
               "  [HTTP/2] x,y\n",
    },
    {
        .name = "bodies of HTTP/2 that take turns, and a hole in one",
        .feeds = {CLIENT(PREFACE "\0\0\3\0\0\0\0\0\1"
                                 "a,b\0\0\3\0\0\0\0\0\3"
                                 "c,d\0\0\x9\0\0\0\0\0\3"
                                 "e,f"),
                  HOLE(DIR_CLIENT, 4), CLIENT("zz\0\0\1\0\0\0\0\0\3y"),
                  HOLE(DIR_CLIENT, 4), CLIENT("row,1\n")},
        .log = "> http [HTTP/2]\n  [HTTP/2] a,b\n"
               "> http [HTTP/2]\n  [HTTP/2] c,de,f{~4}zzy{~4}row,1|\n",
    },
    {
        .name = "behind an upgrade to h2c",
        .feeds = {CLIENT("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n"),
                  SERVER("HTTP/1.1 101 Go\r\nUpgrade: h2c\r\n\r\n"
                         "\0\0\0\4\0\0\0\0\0\0\0\3\0\1\0\0\0\1x,y"),
                  CLIENT(PREFACE)},
        .log = "< http [HTTP/2]\n  [HTTP/2] x,y\n",
    },
    {
        .name = "what is no frame any more is raw",
        .feeds = {CLIENT(PREFACE "\0\0\3\0\0\0\0\0\1"
                                 "a,btaro,0312345\n")},
        .log = "> http [HTTP/2]\n  ! malformed\n  [HTTP/2] a,b\n"
               "> raw [raw]\n  ! malformed\n  [raw] taro,0312345|\n",
    },
    {
        .name = "long chunk extensions are said to be unread",
        .feeds = {CLIENT("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                         "\r\n1;0123456789012345678901234567890123456789\r\n"
                         "a\r\n0\r\n\r\n")},
        .log = "> http [POST /c]\n  ? chunk-extension unsupported 43 channel\n"
               "  [POST /c] a\n",
    },
};

/* --- what no table row holds --- */

static char *repeat(const char *head, const char *line, size_t count,
                    const char *end)
{
    size_t one = strlen(line);
    char *text = malloc(strlen(head) + one * count + strlen(end) + 1);
    char *at = stpcpy(text, head);

    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, line);
    memcpy(at, end, strlen(end) + 1);
    return text;
}

/* Is the request behind a head of any size found? */
static void next_is_found(const char *text, size_t step)
{
    struct record_chain r;
    struct flow flow = record_flow();
    const struct feed feeds[] = {{FEED_BYTES, DIR_CLIENT, span_of(text), 0},
                                 {0}};

    record_chain_init(&r, 16);
    const char *log = record_chain_run(&r, &flow, feeds, 0, step);
    assert_non_null(strstr(log, "[POST /next] name,phone"));
    assert_non_null(strstr(log, "[POST /long] body of it"));
    assert_true(record_adds_up(&r, strlen(text)));
    record_chain_clear(&r);
}

#define NEXT                                                                   \
    "Content-Length: 10\r\n\r\nbody of it"                                     \
    "POST /next HTTP/1.1\r\nContent-Length: 10\r\n\r\nname,phone"

static void a_million_headers_do_not_hide_the_next(void **state)
{
    (void)state;
    char *text =
        repeat("POST /long HTTP/1.1\r\n", "X-Any: thing\r\n", 1000000, NEXT);

    next_is_found(text, 0);
    next_is_found(text, 1448);
    free(text);
}

static void a_line_of_ten_megabytes_does_not_hide_the_next(void **state)
{
    (void)state;
    char *text = repeat("POST /long HTTP/1.1\r\nX-Any: ", "thing thing ",
                        1000000, "\r\n" NEXT);

    next_is_found(text, 0);
    next_is_found(text, 1448);
    free(text);
}

static void a_query_of_ten_megabytes_is_read(void **state)
{
    (void)state;
    char *text = repeat("POST /long?data=", "taro%2C0312%0A", 700000,
                        " HTTP/1.1\r\n" NEXT);

    next_is_found(text, 0);
    next_is_found(text, 1448);
    free(text);
}

static void ten_thousand_pipelined_requests_have_their_responses(void **state)
{
    (void)state;
    char *requests = repeat("", "GET /some/path HTTP/1.1\r\n\r\n", 10000,
                            "HEAD /end HTTP/1.1\r\n\r\n");
    char *responses =
        repeat("", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na,b", 10000,
               "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
               "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast");
    struct record_chain r;
    struct flow flow = record_flow();
    const struct feed feeds[] = {
        {FEED_BYTES, DIR_CLIENT, span_of(requests), 0},
        {FEED_BYTES, DIR_SERVER, span_of(responses), 0},
        {0}};

    record_chain_init(&r, 16);
    const char *log = record_chain_run(&r, &flow, feeds, 0, 1448);
    assert_memory_equal(log, "< http [GET /some/path]\n", 24);
    assert_non_null(strstr(log, "[response] last"));
    assert_int_equal(r.counters.transfers.row[0].count, 10001);
    record_chain_clear(&r);
    free(requests);
    free(responses);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_million_headers_do_not_hide_the_next);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_line_of_ten_megabytes_does_not_hide_the_next);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_query_of_ten_megabytes_is_read);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        ten_thousand_pipelined_requests_have_their_responses);
    return SPEC_RUN("decode/http", tests, count);
}
