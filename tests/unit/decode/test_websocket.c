// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_websocket.c - decode/proto/{websocket,http_socket}: frames of a
 * WebSocket, however cut, masked, packed or missing.
 */
#include <stdlib.h>
#include <string.h>

#include "support/chain_case.h"

#define ASK                                                                    \
    "GET /chat HTTP/1.1\r\nHost: drop.example\r\nUpgrade: WebSocket\r\n"       \
    "Connection: Upgrade\r\n\r\n"
#define SWITCH "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
#define GO     SWITCH "\r\n"
#define FRESH                                                                  \
    SWITCH "Sec-WebSocket-Extensions: permessage-deflate; "                    \
           "client_no_context_takeover; server_no_context_takeover\r\n\r\n"

/* A client's frames, masked with zeros; len as one byte with the mask bit. */
#define TEXT(len, text)   "\x81" len "\0\0\0\0" text
#define BEGIN(len, text)  "\x01" len "\0\0\0\0" text
#define GO_ON(len, text)  "\x00" len "\0\0\0\0" text
#define LAST(len, text)   "\x80" len "\0\0\0\0" text
#define BINARY(len, text) "\x82" len "\0\0\0\0" text
#define PACKED(len, text) "\xc1" len "\0\0\0\0" text

#define SENT "> http [GET /chat] host=drop.example\n"
#define GOT  "< http [GET /chat] host=drop.example\n"

static const struct chain_case cases[] = {
    {
        .name = "messages are rows of one text, unmasked",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
                         "\x81\x83\x01\x01\x01\x01`-c"),
                  SERVER("\x81\x02ok\x81\x03yes")},
        .log = SENT "  [GET /chat > text] Hello|a,b\n" GOT
                    "  [GET /chat > text] ok|yes\n",
    },
    {
        .name = "fragments are one message, a control frame between them",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(BEGIN("\x83", "tar") "\x89\x80\0\0\0\0" GO_ON(
                      "\x80", "") LAST("\x84", "o,03") TEXT("\x81", "x"))},
        .log = SENT "  [GET /chat > text] taro,03|x\n",
    },
    {
        .name = "a binary message is a part of its own",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(TEXT("\x81", "n") BINARY("\x83", "a,b")
                             BINARY("\x83", "c,d") TEXT("\x81", "e"))},
        .log = SENT "  [GET /chat > text] n\n"
                    "  [GET /chat > binary] a,b|c,d\n"
                    "  [GET /chat > text] e\n",
    },
    {
        .name = "a long ping is read, a short one passed",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT("\x89\x8a\0\0\0\0taro,03123\x8a\x82\0\0\0\0hi" TEXT(
                      "\x81", "x"))},
        .log = SENT "  [GET /chat > text] taro,03123|x\n",
    },
    {
        .name = "a long ping inside a message is counted",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(BEGIN("\x81", "a") "\x89\x8a\0\0\0\0taro,03123" LAST(
                      "\x81", "b"))},
        .log = SENT "  ? websocket unsupported 10 channel\n"
                    "  [GET /chat > text] ab\n",
    },
    {
        .name = "compressed messages share what came before",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00") PACKED(
                      "\x85", "\xf2\x00\x11\x00\x00") TEXT("\x81", "x")),
                  SERVER("\xc1\x0b\x00\x05\x00\xfa\xffHello\x00")},
        .log = SENT "  [GET /chat > text] Hello|Hello|x\n" GOT
                    "  [GET /chat > text] Hello\n",
    },
    {
        .name = "a compressed message in fragments, with a final block",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT("\x41\x83\0\0\0\0\xf2\x48\xcd" LAST("\x84",
                                                             "\xc9\xc9\x07\x00")
                             PACKED("\x88", "\xf3\x48\xcd\xc9\xc9\x07\x00\x00")
                                 PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07"
                                                "\x00"))},
        .log = SENT "  [GET /chat > text] Hello|Hello|Hello\n",
    },
    {
        .name = "damaged compression is counted to the end",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00")
                             PACKED("\x83", "\xff\xff\xff")
                                 PACKED("\x85", "\xf2\x00\x11\x00\x00"))},
        .log = SENT "  ? websocket damaged 8 channel\n"
                    "  [GET /chat > text] Hello|\n",
    },
    {
        .name = "behind a hole compressed messages that stand alone go on",
        .feeds = {CLIENT(ASK), SERVER(FRESH),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00")
                             PACKED("\x87", "\xf2\x48")),
                  HOLE(DIR_CLIENT, 5),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00"))},
        .log = SENT "  [GET /chat > text] Hello|H{~5}|Hello\n",
    },
    {
        .name = "behind a hole others that are compressed are counted",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00")
                             PACKED("\x87", "\xf2\x48")),
                  HOLE(DIR_CLIENT, 5),
                  CLIENT(PACKED("\x85", "\xf2\x00\x11\x00\x00"))},
        .log = SENT "  ? websocket damaged 5 channel\n"
                    "  [GET /chat > text] Hello|H{~5}|\n",
    },
    {
        .name = "a hole inside a frame loses only itself",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT("\x81\x8a\x01\x02\x03\x04`.a"), HOLE(DIR_CLIENT, 3),
                  CLIENT("/g-f"
                         "\x81\x83\0\0\0\0x,y")},
        .log = SENT "  [GET /chat > text] a,b{~3},c,d|x,y\n",
    },
    {
        .name = "behind a hole over frames the next are found by their text",
        .feeds = {CLIENT(ASK), SERVER(GO), CLIENT(TEXT("\x83", "a,b")),
                  HOLE(DIR_CLIENT, 500),
                  CLIENT("\xee\x81" TEXT("\x90", "taro,03-1234-567")
                             TEXT("\x81", "x"))},
        .log = SENT "  ? websocket damaged 2 channel\n"
                    "  [GET /chat > text] a,b|{~500}|taro,03-1234-567|x\n",
    },
    {
        .name = "or by their headers, one behind the other",
        .feeds = {CLIENT(ASK), SERVER(GO), CLIENT(TEXT("\x83", "a,b")),
                  HOLE(DIR_CLIENT, 500),
                  CLIENT("\xee\x81" TEXT("\x82", "c,") TEXT("\x82", "d,")
                             TEXT("\x82", "e,") TEXT("\x81", "x"))},
        .log = SENT "  ? websocket damaged 2 channel\n"
                    "  [GET /chat > text] a,b|{~500}|c,|d,|e,|x\n",
    },
    {
        .name = "a hole over whole frames leaves the rows around it whole",
        .feeds = {CLIENT(ASK), SERVER(FRESH),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00")),
                  HOLE(DIR_CLIENT, 13),
                  CLIENT(PACKED("\x87", "\xf2\x48\xcd\xc9\xc9\x07\x00")
                             TEXT("\x81", "x") TEXT("\x81", "y"))},
        .log = SENT "  [GET /chat > text] Hello|{~13}|Hello|x|y\n",
    },
    {
        .name = "what a server sent between is scanned as it is",
        .feeds = {CLIENT(ASK),
                  SERVER(GO "\x81\x03"
                            "a,b"),
                  HOLE(DIR_SERVER, 500), SERVER("row,1\nrow,2\n")},
        .log = GOT "  [GET /chat > text] a,b|{~500}row,1|row,2|\n",
    },
    {
        .name = "a client alone: its frames tell what it became",
        .feeds = {CLIENT(ASK TEXT("\x83", "a,b"))},
        .log = SENT "  [GET /chat > text] a,b\n",
    },
    {
        .name = "the answer is missing",
        .feeds = {CLIENT("GET /a HTTP/1.1\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                  CLIENT(ASK), HOLE(DIR_SERVER, 90),
                  CLIENT(TEXT("\x83", "a,b"))},
        .log = SENT "  [GET /chat > text] a,b\n",
    },
    {
        .name = "the request is missing",
        .midstream = true,
        .feeds = {SERVER(GO), CLIENT(TEXT("\x90", "taro,03-1234-567"))},
        .log = "> http [websocket]\n"
               "  ! midstream\n"
               "  [websocket > text] taro,03-1234-567\n",
    },
    {
        .name = "what is no frame is nobody's, and scanned raw",
        .feeds = {CLIENT(ASK), SERVER(GO), CLIENT("taro,03\n")},
        .log = "> raw [raw]\n  [raw] taro,03|\n",
    },
    {
        .name = "bytes that are no frame any more are scanned raw",
        .feeds = {CLIENT(ASK), SERVER(GO),
                  CLIENT(TEXT("\x83", "a,b") "taro,03\n")},
        .log = SENT "  ! malformed\n"
                    "  [GET /chat > text] a,b\n"
                    "> raw [raw]\n  [raw] taro,03|\n",
    },
    {
        .name = "an upgrade that was refused leaves HTTP",
        .feeds = {CLIENT(ASK),
                  SERVER("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
                  CLIENT("POST /up HTTP/1.1\r\nContent-Length: 3\r\n\r\na,b")},
        .log = "> http [POST /up]\n  [POST /up] a,b\n",
    },
};

/* The same bytes again and again, behind what is there. */
static size_t repeat(uint8_t *out, size_t at, struct span bytes, size_t times)
{
    for (; times > 0; times--) {
        memcpy(out + at, bytes.ptr, bytes.len);
        at += bytes.len;
    }
    return at;
}

/* A file in messages of one size is one text; lengths of two bytes. */
static void pieces_of_a_file_are_joined(void **state)
{
    static uint8_t wire[3 * 600];
    struct record_chain r;
    struct flow flow = record_flow();
    size_t len = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        len = repeat(wire, len, SPAN("\x81\xfe\x02\x00\0\0\0\0"), 1);
        len = repeat(wire, len, SPAN("abcdefgh"), 512 / 8);
    }
    len = repeat(wire, len, SPAN("\x81\x81\0\0\0\0!"), 1);
    const struct feed feeds[] = {{FEED_BYTES, DIR_CLIENT, SPAN(ASK), 0},
                                 {FEED_BYTES, DIR_SERVER, SPAN(GO), 0},
                                 {FEED_BYTES, DIR_CLIENT, {wire, len}, 0},
                                 {0}};
    record_chain_init(&r, 16);
    const char *log = record_chain_run(&r, &flow, feeds, 0, 100);
    assert_null(strchr(log, '|'));
    assert_non_null(strstr(log, "ghabcdefgh!"));
    record_chain_clear(&r);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(pieces_of_a_file_are_joined);
    return SPEC_RUN("decode/websocket", tests, count);
}
