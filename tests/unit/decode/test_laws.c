// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_laws.c - the laws of decoders over the whole table.
 *
 * Every decoder has an example here; one without fails the last test.
 */
#include <string.h>

#include "support/bytes.h"
#include "support/law_documents.h"
#include "support/law_mails.h"
#include "support/law_sealed.h"
#include "support/laws.h"
#include "support/spec.h"

#define NUL8  "\0\0\0\0\0\0\0\0"
#define NUL64 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8

static const struct laws_case cases[] = {
    LAW_SEALED_CASES,
    {
        .name = "cfb keeps the laws",
        .decoder = "cfb",
        .pieces = {{DIR_CLIENT, BYTES(LAW_COMPOUND)}},
    },
    {
        .name = "rtf keeps the laws",
        .decoder = "rtf",
        .pieces = {{DIR_CLIENT,
                    BYTES("{\\rtf1\\ansicpg932{\\fonttbl{\\f1\\fcharset204 C;}"
                          "}\\'8e\\'52 \\u-10179?\\u-8703 ?a{\\f1\\'cf}"
                          "{\\pict\\bin4 {}}}ff}\\intbl b\\cell c\\cell\\row\n"
                          "{\\*\\objdata 01050000020000000000000000000000"
                          "0000000004000000612c620a}{\\*\\none x}\\par}z")}},
    },
    {
        .name = "sqlite keeps the laws",
        .decoder = "sqlite",
        .pieces = {{DIR_CLIENT, BYTES(LAW_DATABASE)}},
    },
    {
        .name = "http keeps the laws: bodies, chunks, queries",
        .decoder = "http",
        .pieces = {{DIR_CLIENT,
                    BYTES("POST /up?name=taro%20a&tel=031 HTTP/1.1\r\nHost: "
                          "a.example\r\nContent-Length: 8\r\n\r\na,b\nc,d\n"
                          "PUT /x.csv HTTP/1.1\r\nTransfer-Encoding: "
                          "chunked\r\nAuthorization: Basic dGFybzp4\r\n\r\n"
                          "4\r\na,b\n\r\n4;x=y\r\nc,d\n\r\n0\r\nX: 1\r\n\r\n")},
                   {DIR_SERVER,
                    BYTES("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 No\r\n"
                          "Content-Length: 2\r\n\r\nnoHTTP/1.1 200 OK\r\n"
                          "\r\nuntil the end")}},
    },
    {
        .name = "http keeps the laws: broken lengths",
        .decoder = "http",
        .pieces = {{DIR_CLIENT,
                    BYTES("POST /s HTTP/1.1\r\nContent-Length: 5\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n3\r\na,b\r\nzz\r\n"
                          "more\nPOST /t HTTP/1.1\r\nContent-Length: -1\r\n"
                          "\r\nbody\n GET /n HTTP/1.1\r\n\r\nrubbish\n"
                          "GET http://h/?q=123456 HTTP/1.0\r\n\r\n")},
                   {DIR_SERVER, BYTES("rubbish\nHTTP/1.1 200 OK\r\n"
                                      "Content-Length: 1\r\n\r\nx")}},
    },
    {
        .name = "http keeps the laws: tunnels",
        .decoder = "http",
        .pieces = {{DIR_CLIENT, BYTES("CONNECT h.example:443 HTTP/1.1\r\n"
                                      "Host: h\r\n\r\n\x16\x03\x01")},
                   {DIR_SERVER, BYTES("HTTP/1.1 200 OK\r\n\r\n\x16\x03")}},
    },
    {
        .name = "http keeps the laws: sockets",
        .decoder = "http",
        .pieces = {{DIR_CLIENT, BYTES("GET /c HTTP/1.1\r\nUpgrade: "
                                      "websocket\r\n\r\n")},
                   {DIR_SERVER, BYTES("HTTP/1.1 101 Go\r\nUpgrade: "
                                      "websocket\r\n\r\n\x81\x02ok"
                                      "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07"
                                      "\x00")},
                   {DIR_CLIENT,
                    BYTES("\x01\x83\1\2\3\4`.a\x89\x80\0\0\0\0\x80\x82"
                          "\0\0\0\0,d\xc1\x87\0\0\0\0\xf2\x48\xcd\xc9"
                          "\xc9\x07\x00\x82\x90\0\0\0\0taro,03-1234-567")}},
    },
    {
        .name = "http2 keeps the laws",
        .decoder = "http2",
        .pieces = {{DIR_CLIENT,
                    BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                          "\0\0\0\4\0\0\0\0\0\0\0\3\1\4\0\0\0\1\x82\x86\x84"
                          "\0\0\6\0\x9\0\0\0\1\2"
                          "c,d\0\0")},
                   {DIR_SERVER, BYTES("\0\0\0\4\0\0\0\0\0"
                                      "\0\0\3\0\1\0\0\0\3x,y")}},
    },
    {
        .name = "raw keeps the laws",
        .decoder = "raw",
        .pieces = {{DIR_CLIENT, BYTES("taro,031\n")},
                   {DIR_SERVER, BYTES("ok\n")}},
    },
    {
        .name = "smtp keeps the laws",
        .decoder = "smtp",
        .pieces = {{DIR_SERVER, BYTES("220 mail.example ESMTP\r\n")},
                   {DIR_CLIENT, BYTES("EHLO a\r\n")},
                   {DIR_SERVER, BYTES("250-mail\r\n250 CHUNKING\r\n")},
                   {DIR_CLIENT, BYTES("MAIL FROM:<a@bank.example>\r\n"
                                      "RCPT TO:<b@x.example>\r\nDATA\r\n")},
                   {DIR_SERVER, BYTES("250 ok\r\n250 ok\r\n354 go\r\n")},
                   {DIR_CLIENT,
                    BYTES("Subject: q3\r\n\r\na,b\r\n..c,d\r\n.\r\n"
                          "MAIL FROM:<a@bank.example>\r\n"
                          "RCPT TO:<c@x.example>\r\nBDAT 6 LAST\r\na,b\r\n\n"
                          "QUIT\r\n")},
                   {DIR_SERVER, BYTES("250 ok\r\n250 ok\r\n250 ok\r\n"
                                      "550 no\r\n221 bye\r\n")}},
    },
    {
        .name = "ftp keeps the laws",
        .decoder = "ftp",
        .pieces = {{DIR_SERVER, BYTES("220 FTP server ready\r\n")},
                   {DIR_CLIENT, BYTES("USER taro\r\nPASS x\r\n")},
                   {DIR_SERVER, BYTES("331 password\r\n230 in\r\n")},
                   {DIR_CLIENT, BYTES("PASV\r\n")},
                   {DIR_SERVER, BYTES("227 Entering (10,0,0,1,200,1)\r\n")},
                   {DIR_CLIENT, BYTES("STOR q3.csv\r\nPORT 10,0,0,2,4,1\r\n"
                                      "RETR x.csv\r\nQUIT\r\n")},
                   {DIR_SERVER, BYTES("150 ok\r\n226 done\r\n200 ok\r\n")}},
    },
    {
        .name = "tls keeps the laws",
        .decoder = "tls",
        .pieces = {{DIR_CLIENT, BYTES("\x16\x03\x01\x00\x05\x01\x00\x00\x01z"
                                      "\x17\x03\x03\x00\x04"
                                      "data")},
                   {DIR_SERVER, BYTES("\x16\x03\x03\x00\x02\x02z")}},
    },
    {
        .name = "ssh keeps the laws",
        .decoder = "ssh",
        .pieces = {{DIR_CLIENT, BYTES("SSH-2.0-client\r\n\1\2\3\4\5\6")},
                   {DIR_SERVER, BYTES("SSH-2.0-server\r\n\1\2\3\4")}},
    },
    {
        .name = "quic keeps the laws",
        .decoder = "quic",
        .pieces = {{DIR_CLIENT, BYTES("\xe3\0\0\0\1\x08\1\2\3\4\5\6\7\x08"
                                      "\0\x40\x04\1\2\3\4")},
                   {DIR_SERVER, BYTES("\x41\1\2\3\4\5\6\7\x08\x09")}},
    },
    {
        .name = "dtls keeps the laws",
        .decoder = "dtls",
        .pieces = {{DIR_CLIENT, BYTES("\x17\xfe\xfd\0\1\0\0\0\0\0\1\0\4zzzz")},
                   {DIR_SERVER, BYTES("\x15\xfe\xfd\0\1\0\0\0\0\0\1\0\2zz")}},
    },
    {
        .name = "wireguard keeps the laws",
        .decoder = "wireguard",
        .pieces = {{DIR_SERVER,
                    BYTES("\2\0\0\0"
                          "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
                          "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
                          "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
                          "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1")},
                   {DIR_CLIENT, BYTES("\4\0\0\0\1\1\1\1\1\1\1\1")}},
    },
    {
        .name = "7z keeps the laws",
        .decoder = "7z",
        .pieces = {{DIR_CLIENT, BYTES("7z\xbc\xaf\x27\x1c\0\4rest")}},
    },
    {
        .name = "rar keeps the laws",
        .decoder = "rar",
        .pieces = {{DIR_CLIENT, BYTES("Rar!\x1a\x07\0rest")}},
    },
    {
        .name = "rar5 keeps the laws",
        .decoder = "rar5",
        .pieces = {{DIR_CLIENT, BYTES("Rar!\x1a\x07\1\0rest")}},
    },
    {
        .name = "cab keeps the laws",
        .decoder = "cab",
        .pieces = {{DIR_CLIENT, BYTES("MSCF\0\0\0\0rest")}},
    },
    {
        .name = "xar keeps the laws",
        .decoder = "xar",
        .pieces = {{DIR_CLIENT, BYTES("xar!\0\x1c\0\1rest")}},
    },
    {
        .name = "lha keeps the laws",
        .decoder = "lha",
        .pieces = {{DIR_CLIENT, BYTES("\x20\0-lh5-rest rest rest rest")}},
    },
    {
        .name = "iso keeps the laws: zeros that are none",
        .decoder = "iso",
        .pieces = {{DIR_CLIENT, BYTES("\0\0\0\0\0a,b\nc,d\n")}},
    },
    {
        .name = "pdf keeps the laws",
        .decoder = "pdf",
        .pieces = {{DIR_CLIENT, BYTES("%PDF-1.4\n%%EOF\n")}},
    },
    {
        .name = "gzip keeps the laws",
        .decoder = "gzip",
        .part = {.coding = BYTES("gzip")},
        .pieces =
            {{DIR_CLIENT,
              BYTES("\037\213\010\000\000\000\000\000\002\003\065\316\061\016"
                    "\203\060\020"
                    "\104\321\236\263\020\311\353\365\170\274\307\241\100\242"
                    "\011\104\210"
                    "\373\053\312\146\374\313\127\375\163\173\357\353\347\270"
                    "\316\175\171"
                    "\266\373\052\153\361\127\121\051\066\205\141\221\122\045"
                    "\206\341\043"
                    "\305\045\325\011\246\064\211\133\147\117\301\224\100\040"
                    "\245\113\032"
                    "\141\055\205\022\240\271\247\014\111\167\107\115\011\011"
                    "\255\322\376"
                    "\207\163\372\167\250\351\171\075\150\045\226\057\160\220"
                    "\315\321\345"
                    "\000\000\000\037\213\010\000\000\000\000\000\002\003\053"
                    "\116\115\316"
                    "\317\113\341\002\000\176\300\017\006\007\000\000\000")}},
    },
    {
        .name = "deflate keeps the laws",
        .decoder = "deflate",
        .part = {.coding = BYTES("deflate")},
        .pieces = {{DIR_CLIENT, BYTES("\065\316\061\016\203\060\020\104\321\236"
                                      "\263\020\311\353\365\170\274"
                                      "\307\241\100\242\011\104\210\373\053\312"
                                      "\146\374\313\127\375\163\173"
                                      "\357\353\347\270\316\175\171\266\373\052"
                                      "\153\361\127\121\051\066\205"
                                      "\141\221\122\045\206\341\043\305\045\325"
                                      "\011\246\064\211\133\147\117"
                                      "\301\224\100\040\245\113\032\141\055\205"
                                      "\022\240\271\247\014\111\167"
                                      "\107\115\011\011\255\322\376\207\163\372"
                                      "\167\250\351\171\075\150\045"
                                      "\226\057")}},
    },
    {
        .name = "xz keeps the laws",
        .decoder = "xz",
        .part = {.coding = BYTES("xz")},
        .pieces = {{DIR_CLIENT, BYTES("\375\067\172\130\132\000\000\004\346\326"
                                      "\264\106\002\000\041\001\026"
                                      "\000\000\000\164\057\345\243\340\000\344"
                                      "\000\150\135\000\067\030\111"
                                      "\375\372\142\340\141\215\144\204\172\064"
                                      "\114\070\334\275\240\172\157"
                                      "\122\247\111\153\025\334\115\134\041\102"
                                      "\063\263\243\356\341\272\313"
                                      "\162\371\345\275\332\055\341\345\233\373"
                                      "\166\235\267\077\233\074\212"
                                      "\113\023\263\077\265\335\320\107\103\033"
                                      "\341\217\337\337\000\244\047"
                                      "\151\137\170\003\273\134\216\311\050\015"
                                      "\304\034\236\143\261\103\167"
                                      "\030\302\342\031\146\353\212\262\144\146"
                                      "\162\233\306\322\136\100\000"
                                      "\307\213\026\265\347\104\034\214\000\001"
                                      "\204\001\345\001\000\000\236"
                                      "\160\167\233\261\304\147\373\002\000\000"
                                      "\000\000\004\131\132")}},
    },
    {
        .name = "bzip2 keeps the laws",
        .decoder = "bzip2",
        .part = {.coding = BYTES("bzip2")},
        .pieces = {{DIR_CLIENT, BYTES("\102\132\150\071\061\101\131\046\123\131"
                                      "\122\215\065\220\000\000\135"
                                      "\331\200\104\020\000\006\177\340\042\103"
                                      "\324\000\040\000\160\120\150"
                                      "\321\240\310\015\006\221\351\250\311\011"
                                      "\372\220\311\242\036\271\170"
                                      "\167\252\252\252\251\233\227\130\314\114"
                                      "\116\322\003\020\375\042\007"
                                      "\040\065\200\156\100\153\000\014\253\332"
                                      "\366\266\317\020\012\174\042"
                                      "\130\066\373\277\034\054\346\014\235\102"
                                      "\107\030\276\035\321\210\132"
                                      "\235\123\234\301\022\155\240\353\257\000"
                                      "\153\167\373\276\365\340\015"
                                      "\347\110\006\100\067\361\167\044\123\205"
                                      "\011\005\050\323\131\000")}},
    },
    {
        .name = "zstd keeps the laws",
        .decoder = "zstd",
        .part = {.coding = BYTES("zstd")},
        .pieces = {{DIR_CLIENT, BYTES("\050\265\057\375\044\345\235\003\000\002"
                                      "\305\017\024\300\045\035\315"
                                      "\064\202\032\253\377\067\162\047\231\144"
                                      "\222\221\363\227\007\041\344"
                                      "\206\057\344\211\077\162\153\245\055\373"
                                      "\105\277\314\347\263\335\330"
                                      "\272\137\152\151\061\351\170\347\000\072"
                                      "\303\034\004\242\100\012\343"
                                      "\010\014\206\102\100\030\001\030\000\071"
                                      "\103\000\022\112\146\001\147"
                                      "\350\202\253\040\031\150\017\070\001\204"
                                      "\202\144\240\075\340\004\020"
                                      "\004\350\202\253\040\031\150\017\070\001"
                                      "\204\202\144\240\045\170\134"
                                      "\123\330\031\140\002\024\303\042\071")}},
    },
    {
        .name = "zlib keeps the laws",
        .decoder = "zlib",
        .pieces = {{DIR_CLIENT,
                    BYTES("\170\234\313\110\315\311\311\327\121\310\100"
                          "\242\270\000\113\007\006\337")}},
    },
    {
        .name = "brotli keeps the laws",
        .decoder = "brotli",
        .part = {.coding = BYTES("br")},
        .pieces = {{DIR_CLIENT, BYTES("\033\344\000\240\214\324\126\263\245\067"
                                      "\233\123\247\237\322\173\122"
                                      "\112\051\303\332\147\330\033\035\304\362"
                                      "\200\076\221\262\007\261\302"
                                      "\144\067\030\240\015\066\306\226\340\270"
                                      "\125\175\336\273\371\235\375"
                                      "\325\055\176\345\004\201\164\020\132\350"
                                      "\361\101\233\226\031\211\365"
                                      "\042\031\105\254\143\141\260\322\220\074"
                                      "\227\124\023\215\066\036\212"
                                      "\012\122\340\074\227\067\007")}},
    },
    {
        .name = "base64 keeps the laws",
        .decoder = "base64",
        .part = {.coding = BYTES("base64")},
        .pieces = {{DIR_CLIENT, BYTES("bmFt\r\nZSxw!aG9u\r\nZQ==\r\ncg==\r\n"
                                      "bmFtZSxwaG9uZQ==")}},
    },
    {
        .name = "base64 that is not declared keeps the laws",
        .decoder = "base64",
        .pieces = {{DIR_CLIENT,
                    BYTES("bmFtZSxwaG9uZQ0KdGFybyBzdXp1a2ksMDMtMTIzNC01Njc4DQpo"
                          "YW5ha28gc2F0byww\r\nMy0yMzQ1LTY3ODkNCg==\r\n"
                          "taro,03-1234\nx")}},
    },
    {
        .name = "zip keeps the laws: descriptors, bytes between archives",
        .decoder = "zip",
        .pieces = {{DIR_CLIENT,
                    BYTES(
                        "PK\003\004\024\000\010\000\010\000n!w]\000\000\000\000"
                        "\000\000\000\000\000\000\000\000\005\000\000\000a.csv"
                        "\313K\314M\325)\310\310\317K\325\311Cer\001\000PK\007"
                        "\010\011c\264=\021\000\000\000\033\000\000\000PK\003"
                        "\004\024\000\010\000\000\000\000\000!\000\000\000\000"
                        "\000\000\000\000\000\000\000\000\000\005\000\000\000b."
                        "txtstored\012PK\007\010\342\234S\245\007\000\000\000"
                        "\007\000\000\000PK\001\002\024\003\024\000\010\000\010"
                        "\000n!w]\011c\264=\021\000\000\000\033\000\000\000\005"
                        "\000\000\000\000\000\000\000\000\000\000\000\200\001"
                        "\000\000\000\000a.csvPK\001\002\024\003\024\000\010"
                        "\000\000\000\000\000!\000\342\234S\245\007\000\000\000"
                        "\007\000\000\000\005\000\000\000\000\000\000\000\000"
                        "\000\000\000\200\001D\000\000\000b.txtPK\005\006\000"
                        "\000\000\000\002\000\002\000f\000\000\000~\000\000\000"
                        "\000\000rest of itPK\003\004\024\000\000\000\000\000n!"
                        "w]\340\260\230\236\016\000\000\000\016\000\000\000\005"
                        "\000\000\000c.txtsized PK text\012PK\001\002\024\003"
                        "\024\000\000\000\000\000n!w]\340\260\230\236\016\000"
                        "\000\000\016\000\000\000\005\000\000\000\000\000\000"
                        "\000\000\000\000\000\200\001\000\000\000\000c.txtPK"
                        "\005\006\000\000\000\000\001\000\001\0003\000\000\0001"
                        "\000\000\000\000\000")}},
    },
    {
        .name = "tar keeps the laws: records of pax, two formats",
        .decoder = "tar",
        .pieces =
            {{DIR_CLIENT,
              BYTES(
                  "././@PaxHeader" NUL64 NUL8 NUL8
                  "\000\000\000\000\000\0000000000\0000000000\0000000"
                  "000\00000000000020\00000000000000\000010205\000 x" NUL64 NUL8
                      NUL8 NUL8 NUL8 "\000\000\000\000ustar\00000" NUL64 NUL64
                          NUL64 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8
                  "\000\000\000\000\000\000\00016 path=p/a.csv\012" NUL64 NUL64
                      NUL64 NUL64 NUL64 NUL64 NUL64 NUL8 NUL8 NUL8 NUL8 NUL8
                          NUL8 "a.csv" NUL64 NUL8 NUL8 NUL8
                  "\000\000\000\000\000\000\0000000644\0000000000\000"
                  "0000000\00000000000004\00000000000000\000006674"
                  "\000 0" NUL64 NUL8 NUL8 NUL8 NUL8
                  "\000\000\000\000ustar\00000" NUL64 NUL64 NUL64 NUL8 NUL8 NUL8
                      NUL8 NUL8 NUL8
                  "\000\000\000\000\000\000\000a,b\012" NUL64 NUL64 NUL64 NUL64
                      NUL64 NUL64 NUL64 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8
                  "\000\000\000\000c.csv" NUL64 NUL8 NUL8 NUL8
                  "\000\000\000\000\000\000\0000000644\0000000000\000"
                  "0000000\00000000000004\00000000000000\000006636"
                  "\000 0" NUL64 NUL8 NUL8 NUL8 NUL8
                  "\000\000\000\000ustar  " NUL64 NUL64 NUL64 NUL8 NUL8 NUL8
                      NUL8 NUL8 NUL8 NUL8 "c,d\012" NUL64 NUL64 NUL64 NUL64
                          NUL64 NUL64 NUL64 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8 NUL8
                  "\000\000\000\000")}},
    },
    {
        .name = "cpio keeps the laws: newc, odc, binary, what stands behind",
        .decoder = "cpio",
        .pieces = {{DIR_CLIENT,
                    BYTES("07070100cc65a6000081a40000000000000000000000010000"
                          "000000000006000000fe000000000000000000000000000000"
                          "0600000000a.csv\000a,b\012c\012\000\00007070707071"
                          "77000062647100644000000000000000001000000000000000"
                          "0000000600000000004b.csv\000d,e\012\307q\001\000"
                          "\002\000\244\201\000\000\000\000\001\000\000\000"
                          "\000\000\000\000\006\000\000\000\004\000b.csv\000d"
                          ",e\012tail")}},
    },
    {
        .name = "ar keeps the laws: long names of both kinds",
        .decoder = "ar",
        .pieces = {{DIR_CLIENT,
                    BYTES(
                        "!<arch>\012//              0           0     0    "
                        " 0       14        `\012longer_name/\012\012/0    "
                        "          0           0     0     644     5       "
                        "  `\012a,b\012c\012#1/8            0           0  "
                        "   0     644     12        `\012bsd.csv\000d,e\012")}},
    },
    {
        .name = "lz4 keeps the laws: two frames",
        .decoder = "lz4",
        .pieces = {{DIR_CLIENT,
                    BYTES("\004\042M\030d@\247\020\000\000\000thello, \007"
                          "\000Pello\012\000\000\000\000'{z\237\004\042M\030d"
                          "@\247\020\000\000\000thello, \007\000Pello\012\000"
                          "\000\000\000'{z\237")}},
    },
    {
        .name = "lz4 keeps the laws: the legacy form",
        .decoder = "lz4",
        .pieces = {{DIR_CLIENT,
                    BYTES("\002!L\030\020\000\000\000thello, \007\000Pello"
                          "\012")}},
    },
    {
        .name = "compress keeps the laws",
        .decoder = "compress",
        .pieces = {{DIR_CLIENT,
                    BYTES("\037\235\220h\312\260a\363\206\005\210\200\003\013"
                          "\036\024HP\001B\202\006\037*\224\350\220\341D\213"
                          "\021-*\000")}},
    },
    {
        .name = "flat keeps the laws: sheets, tables, references",
        .decoder = "flat",
        .pieces =
            {{DIR_CLIENT,
              BYTES("<?xml version='1.0'?><Workbook xmlns='urn:schemas-"
                    "microsoft-com:office:spreadsheet'><Worksheet ss:Name="
                    "'a&amp;b'><Table><Row><Cell><Data ss:Type='String'>x&#65;"
                    "</Data></Cell><Cell ss:Index='4'><Data ss:Type='Number'>"
                    "4.1E3</Data><Comment><Data>n</Data></Comment></Cell></Row>"
                    "</Table></Worksheet><!-- c --></Workbook>")}},
    },
    {
        .name = "flat keeps the laws: text and tables",
        .decoder = "flat",
        .pieces =
            {{DIR_CLIENT,
              BYTES("<office:document xmlns:office='urn:oasis:names:tc:"
                    "opendocument:xmlns:office:1.0'><office:body><office:text>"
                    "<text:p>a<text:s text:c='2'/>b<text:tab/>c</text:p>"
                    "<table:table><table:table-row><table:table-cell office:"
                    "value-type='float' office:value='12'><text:p>012</text:p>"
                    "</table:table-cell><table:table-cell table:number-columns-"
                    "repeated='3'><text:p>y</text:p></table:table-cell>"
                    "</table:table-row></table:table></office:text>")}},
    },
    {
        .name = "a program with a zip behind it keeps the laws",
        .decoder = "inside",
        .pieces = {{DIR_CLIENT,
                    BYTES("MZ\220\000PK and PK\003\004 but no header "
                          "PK\003\004\024\000\000\000\000\000\000\000\000\000"
                          "\000\000\000\000\004\000\000\000\004\000\000\000"
                          "\001\000\000\000xa,b\nand more")}},
    },
    {
        .name = "uuencode keeps the laws",
        .decoder = "uuencode",
        .pieces = {{DIR_CLIENT,
                    BYTES("see\nbegin 644 c.csv\r\n*;F%M92QP:&]N90\n`\nend\n"
                          "more\nbegin-base64 644 d.csv\nYSxi\n====\n")}},
    },
    {
        .name = "quoted-printable keeps the laws",
        .decoder = "quoted-printable",
        .part = {.coding = BYTES("quoted-printable")},
        .pieces = {{DIR_CLIENT, BYTES("na=6De,=\r\nphone=2c = \r\nx=ZZ==3D=\n"
                                      "y= z=E5=90=8D=\r\n=")}},
    },
    {
        .name = "multipart keeps the laws",
        .decoder = "multipart",
        .part = {.media = BYTES("multipart/form-data; boundary=B")},
        .pieces = {{DIR_CLIENT,
                    BYTES("pre\r\n--B\r\nContent-Disposition: form-data; "
                          "name=a\r\n\r\n1\r\n--B\r\nContent-Disposition: "
                          "form-data; name=f; filename=x.csv\r\n"
                          "X: 4111111111\r\n\r\na,b\r\n--Bc\r\n-\r\n--\r\r\n"
                          "\r\n--B  \r\nContent-Disposition: form-data; "
                          "name=rows\r\n\r\na\nb\r\n--B\r\n--B\r\n\r\nz\r\n"
                          "--B--\r\nepilogue\r\n--B")}},
    },
    {
        .name = "mime keeps the laws",
        .decoder = "mime",
        .part = {.media = BYTES("message/rfc822")},
        .pieces = {{DIR_CLIENT,
                    BYTES(
                        "From: a@b\r\nSubject: =?UTF-8?B?5ZCN?=\r\n x\r\n"
                        "X-Data: 4111 1111 1111\r\nContent-Type: text/csv;\r\n"
                        " charset=utf-8; name=q.csv\r\n\r\na,b\r\n\r\nc\r\n")}},
    },
    {
        .name = "text in which a part begins keeps the laws",
        .decoder = "amid",
        .part = {.amid = true},
        .pieces = {{DIR_CLIENT,
                    BYTES("4111 and more\r\ncontent of it\r\n--a b\r\n"
                          "Content-Type: text/csv\r\n\r\na,b\r\n--a b\r\n"
                          "\r\nc\r\n--a b--\r\n"
                          "bmFtZSxwaG9uZSxjaXR5CnRhcm8sMDkwMTIzNDU2NzgsVG9r"
                          "eW8KamlybywwODAx\r\n"
                          "MjM0NTY3OCxPc2FrYQpoYW5ha28sMDcwMTIzNDU2NzgsS3lv"
                          "dG8KYWtpcmEsMDYw\r\n"
                          "MTIzNDU2NzgsTmFyYQp5dWtpLDA1MDEyMzQ1Njc4LEtvYmUK"
                          "bWFpLDA0MDEyMzQ1\r\nNjc4LEF\r\nend of it\r\n")}},
    },
    {
        .name = "urlencoded keeps the laws",
        .decoder = "urlencoded",
        .part = {.media = BYTES("application/x-www-form-urlencoded")},
        .pieces = {{DIR_CLIENT,
                    BYTES("name=Suzuki+Taro&tel=%2B81&x&=y&&csv=a%0Ab"
                          "%zz&name=b&tel=%4&%6eame=%e5%90%8d%")}},
    },
};

static void run_case(void **state)
{
    laws_check(*state);
}

static void every_decoder_has_an_example(void **state)
{
    const struct decoder *d;

    (void)state;
    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++) {
        size_t at = 0;
        while (at < COUNT(cases) && strcmp(cases[at].decoder, d->name) != 0)
            at++;
        if (at == COUNT(cases))
            print_message("no example of %s\n", d->name);
        assert_true(at < COUNT(cases));
    }
}

static void every_decoder_is_found_by_its_name(void **state)
{
    const struct decoder *d;

    (void)state;
    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++)
        assert_ptr_equal(decoder_find(span_of(d->name)), d);
    assert_null(decoder_find(SPAN("nothing")));
}

/* No bytes make a probe read past them or ask past LIMIT_PROBE. */
static void probes_decide_within_their_limit(void **state)
{
    const struct flow flow = {.proto = 6};
    const struct decoder *d;

    (void)state;
    for (size_t i = 0; (d = decoder_at(i)) != NULL; i++)
        for (size_t c = 0; c < COUNT(cases); c++) {
            const struct laws_piece *first = &cases[c].pieces[0];
            const struct hint hint = {
                .flow = &flow, .dir = first->dir, .part = &cases[c].part};
            for (size_t len = 0; len <= first->bytes.len; len++)
                (void)d->probe(span_head(first->bytes, len), &hint);
            bool own = strcmp(cases[c].decoder, d->name) == 0;
            if (!own || !d->protocol || strcmp(d->name, "raw") == 0)
                continue;
            if (d->probe(first->bytes, &hint) != MATCH_YES)
                print_message("%s: not its own\n", cases[c].name);
            assert_int_equal(d->probe(first->bytes, &hint), MATCH_YES);
        }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 3];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, run_case);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(every_decoder_has_an_example);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(every_decoder_is_found_by_its_name);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(probes_decide_within_their_limit);
    return SPEC_RUN("decode/laws", tests, count);
}
