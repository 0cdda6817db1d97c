// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_closed.c - decode/proto/{tls,ssh,quic,dtls,wireguard,closed}: what
 * stays closed is counted, and nothing that is open.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/proto/tls_hello.h"
#include "support/chain_case.h"

#define DATA(len, text) "\x17\x03\x03\x00" len text

/* A ClientHello for drop.example: 73 bytes, and its record's header. */
#define HELLO_BODY                                                             \
    "\x01\x00\x00\x45\x03\x03"                                                 \
    "01234567890123456789012345678901"                                         \
    "\x00\x00\x02\x13\x01\x01\x00\x00\x1a"                                     \
    "\xff\x01\x00\x01\x00"                                                     \
    "\x00\x00\x00\x11\x00\x0f\x00\x00\x0c"                                     \
    "drop.example"
#define HELLO_RECORD "\x16\x03\x01\x00\x49" HELLO_BODY

static const struct chain_case cases[] = {
    {
        .name = "TLS is unread, its server named by the hello",
        .feeds = {CLIENT(HELLO_RECORD DATA("\x04", "data")),
                  SERVER("\x16\x03\x03\x00\x05\x02\x00\x00\x01z")},
        .log = "> tls [tls] host=drop.example\n"
               "  ? tls encrypted 87 channel\n"
               "< tls [tls] host=drop.example\n"
               "  ? tls encrypted 10 channel\n",
    },
    {
        .name = "a hello cut over records names its server too",
        .feeds = {CLIENT("\x16\x03\x01\x00\x01\x01\x16\x03\x01\x00\x30"
                         "\x00\x00\x45\x03\x03"
                         "01234567890123456789012345678901"
                         "\x00\x00\x02\x13\x01\x01\x00\x00\x1a\xff\x01"
                         "\x16\x03\x01\x00\x18"
                         "\x00\x01\x00\x00\x00\x00\x11\x00\x0f\x00\x00\x0c"
                         "drop.example")},
        .log = "> tls [tls] host=drop.example\n"
               "  ? tls encrypted 88 channel\n",
    },
    {
        .name = "TLS joined at a record is unread",
        .midstream = true,
        .feeds = {CLIENT(DATA("\x04", "data") DATA("\x02", "zz")),
                  SERVER("taro,03\n" DATA("\x02", "zz"))},
        .log = "> tls [tls]\n  ? tls encrypted 16 channel\n"
               "  ! midstream\n"
               "< tls [tls]\n  ? tls encrypted 15 channel\n"
               "  ! midstream\n",
    },
    {
        .name = "TLS joined inside a record is found at the next but one",
        .midstream = true,
        .feeds = {CLIENT("\x02\x17\x01" DATA("\x04", "data")
                             DATA("\x02", "zz"))},
        .log = "> raw [raw]\n  ! midstream\n  [raw] \\x02\\x17\\x01\n"
               "> tls [tls]\n  ? tls encrypted 16 channel\n",
    },
    {
        .name = "TLS behind another protocol's STARTTLS",
        .feeds = {SERVER("* OK IMAP ready\r\n"), CLIENT("a STARTTLS\r\n"),
                  SERVER("a OK go\r\n"), CLIENT(HELLO_RECORD),
                  SERVER("\x16\x03\x03\x00\x07\x02\x00\x00\x03\x03\x03z")},
        .log = "> raw [raw]\n  [raw] a STARTTLS\\r|\n"
               "< raw [raw]\n  [raw] * OK IMAP ready\\r|a OK go\\r|\n"
               "> tls [tls] host=drop.example\n"
               "  ? tls encrypted 78 channel\n"
               "< tls [tls] host=drop.example\n"
               "  ? tls encrypted 12 channel\n",
    },
    {
        .name = "TLS inside a tunnel goes where the tunnel leads",
        .feeds = {CLIENT("CONNECT far.example:443 HTTP/1.1\r\n\r\n"),
                  SERVER("HTTP/1.1 200 OK\r\n\r\n"), CLIENT(HELLO_RECORD)},
        .log = "> tls [tls] host=far.example proxied\n"
               "  ? tls encrypted 78 channel\n",
    },
    {
        .name = "what follows the last record is read",
        .feeds = {CLIENT(HELLO_RECORD DATA("\x04", "data") "taro,03\n")},
        .log = "> tls [tls] host=drop.example\n"
               "  ? tls encrypted 87 channel\n"
               "> raw [raw]\n  [raw] taro,03|\n",
    },
    {
        .name = "a hole inside a record leaves the next known",
        .feeds = {CLIENT(HELLO_RECORD "\x17\x03\x03\x00\x08"
                                      "aa"),
                  HOLE(DIR_CLIENT, 4),
                  CLIENT("zz" DATA("\x01", "z") "row,1\n")},
        .log = "> tls [tls] host=drop.example\n"
               "  ? tls encrypted 93 channel\n"
               "> raw [raw]\n  [raw] row,1|\n",
    },
    {
        .name = "a hole over records leaves all unread",
        .feeds = {CLIENT(HELLO_RECORD), HOLE(DIR_CLIENT, 4000),
                  CLIENT("row,1\n")},
        .log = "> tls [tls] host=drop.example\n"
               "  ? tls encrypted 84 channel\n",
    },
    {
        .name = "a hello with a hole names nobody",
        .feeds = {CLIENT("\x16\x03\x01\x00\x49\x01"), HOLE(DIR_CLIENT, 20),
                  CLIENT("zzzz")},
        .log = "> tls [tls]\n  ? tls encrypted 4 channel\n",
    },
    {
        .name = "bytes that are no TLS are read",
        .feeds = {CLIENT("\x16\x03\x01\xff\xff\x01"),
                  SERVER("\x16\x03\x09\x00\x05\x02")},
        .log = "> raw [raw]\n  [raw] \\x16\\x03\\x01\\xff\\xff\\x01\n"
               "< raw [raw]\n  [raw] \\x16\\x03\\x09\\x00\\x05\\x02\n",
    },
    {
        .name = "SSH is unread from its first byte",
        .feeds = {SERVER("SSH-2.0-OpenSSH_9.2\r\n\1\2\3"),
                  CLIENT("SSH-2.0-OpenSSH_9.2\r\n\1\2")},
        .log = "> ssh [ssh]\n  ? ssh encrypted 23 channel\n"
               "< ssh [ssh]\n  ? ssh encrypted 24 channel\n",
    },
    {
        .name = "a word that begins like SSH is read",
        .feeds = {CLIENT("SSH-key,taro\n"), SERVER("SSH")},
        .log = "> raw [raw]\n  [raw] SSH-key,taro|\n"
               "< raw [raw]\n  [raw] SSH\n",
    },
};

/* --- datagrams --- */

enum { DATAGRAMS = 4, ROOM = 1500 };

struct datagram_case {
    const char *name;
    struct {
        enum dir dir;
        struct span head;
        size_t len; /* filled up with bytes that are no text */
        uint32_t cut;
    } datagrams[DATAGRAMS];
    const char *log;
};

#define IDS   "\x08\1\2\3\4\5\6\7\x08\0"
#define TOKEN "\x02tk"
#define V1    "\0\0\0\1"

static const struct datagram_case datagrams[] = {
    {
        .name = "QUIC is unread, short headers too",
        .datagrams = {{DIR_CLIENT, BYTES("\xc3" V1 IDS "\0\x44\x00"), 1200},
                      {DIR_SERVER, BYTES("\xc1" V1 IDS "\0\x44\x00"), 1200},
                      {DIR_CLIENT, BYTES("\x41\1\2"), 40}},
        .log = "> quic [quic]\n  ? quic encrypted 1240 channel\n"
               "< quic [quic]\n  ? quic encrypted 1200 channel\n",
    },
    {
        .name = "QUIC version 2, with a token",
        .datagrams = {{DIR_CLIENT,
                       BYTES("\xd3\x6b\x33\x43\xcf" IDS TOKEN "\x44\x00"),
                       1200}},
        .log = "> quic [quic]\n  ? quic encrypted 1200 channel\n",
    },
    {
        .name = "QUIC joined at a handshake packet",
        .datagrams = {{DIR_SERVER, BYTES("\xe3" V1 IDS "\x40\x40"), 100}},
        .log = "< quic [quic]\n  ? quic encrypted 100 channel\n",
    },
    {
        .name = "QUIC that negotiates its version",
        .datagrams = {{DIR_CLIENT, BYTES("\xc3\x1a\x2a\x3a\x4a" IDS), 1200},
                      {DIR_SERVER, BYTES("\x80\0\0\0\0" IDS V1), 19}},
        .log = "> quic [quic]\n  ? quic encrypted 1200 channel\n"
               "< quic [quic]\n  ? quic encrypted 19 channel\n",
    },
    {
        .name = "QUIC joined where the server names its versions",
        .datagrams = {{DIR_SERVER, BYTES("\x80\0\0\0\0" IDS V1), 19}},
        .log = "< quic [quic]\n  ? quic encrypted 19 channel\n",
    },
    {
        .name = "datagrams cut by the capture are known all the same",
        .datagrams = {{DIR_CLIENT, BYTES("\xc3" V1 IDS "\0\x44\x90"), 24, 1200},
                      {DIR_SERVER, BYTES("\x41\1\2"), 24, 900}},
        .log = "> quic [quic]\n  ? quic encrypted 24 channel\n"
               "< quic [quic]\n  ? quic encrypted 24 channel\n",
    },
    {
        .name = "cut inside a token, too",
        .datagrams = {{DIR_CLIENT, BYTES("\xc3" V1 IDS "\x40\x60"), 24, 1200}},
        .log = "> quic [quic]\n  ? quic encrypted 24 channel\n",
    },
    {
        .name = "a DTLS record cut by the capture",
        .datagrams = {{DIR_CLIENT, BYTES("\x16\xfe\xff\0\0\0\0\0\0\0\0\1\0zz"),
                       15, 300}},
        .log = "> dtls [dtls]\n  ? dtls encrypted 15 channel\n",
    },
    {
        .name = "a WireGuard handshake cut by the capture",
        .datagrams = {{DIR_CLIENT, BYTES("\1\0\0\0"), 24, 124}},
        .log = "> wireguard [wireguard]\n"
               "  ? wireguard encrypted 24 channel\n",
    },
    {
        .name = "an Initial in a small datagram is none",
        .datagrams = {{DIR_CLIENT, BYTES("\xc3" V1 "\0\0\0\x01z"), 10}},
        .log = "> raw [raw]\n  [raw] \\xc3\\x00\\x00\\x00\\x01\\x00\\x00\\x00"
               "\\x01z\n",
    },
    {
        .name = "a length past the datagram is no QUIC",
        .datagrams = {{DIR_CLIENT, BYTES("\xe3" V1 "\0\0\x02z"), 9}},
        .log = "> raw [raw]\n  [raw] \\xe3\\x00\\x00\\x00\\x01\\x00\\x00\\x02z"
               "\n",
    },
    {
        .name = "an id of 21 bytes is no QUIC",
        .datagrams = {{DIR_CLIENT,
                       BYTES("\xe3" V1 "\x15"
                             "012345678901234567890\0\1z"),
                       30}},
        .log = "> raw [raw]\n  [raw] \\xe3\\x00\\x00\\x00\\x01\\x15"
               "012345678901234567890\\x00\\x01z\n",
    },
    {
        .name = "plain text behind a QUIC header is read",
        .datagrams = {{DIR_CLIENT, BYTES("\xe3" V1 IDS "\1z"), 17},
                      {DIR_CLIENT, BYTES("Suzuki Taro,0312345678\n"), 23}},
        .log = "> quic [quic]\n  ? quic encrypted 17 channel\n"
               "  ! malformed\n"
               "> raw [raw]\n  ! malformed\n"
               "  [raw] Suzuki Taro,0312345678|\n",
    },
    {
        .name = "DTLS is unread",
        .datagrams = {{DIR_CLIENT, BYTES("\x16\xfe\xff\0\0\0\0\0\0\0\0\0\2zz"),
                       15},
                      {DIR_SERVER, BYTES("\x17\xfe\xfd\0\1\0\0\0\0\0\1\0\2zz"),
                       15}},
        .log = "> dtls [dtls]\n  ? dtls encrypted 15 channel\n"
               "< dtls [dtls]\n  ? dtls encrypted 15 channel\n",
    },
    {
        .name = "a record longer than its datagram is no DTLS",
        .datagrams = {{DIR_CLIENT, BYTES("\x16\xfe\xff\0\0\0\0\0\0\0\0\0\3zz"),
                       15}},
        .log = "> raw [raw]\n  [raw] \\x16\\xfe\\xff\\x00\\x00\\x00\\x00\\x00"
               "\\x00\\x00\\x00\\x00\\x03zz\n",
    },
    {
        .name = "WireGuard is unread",
        .datagrams = {{DIR_CLIENT, BYTES("\1\0\0\0"), 148},
                      {DIR_SERVER, BYTES("\2\0\0\0"), 92},
                      {DIR_CLIENT, BYTES("\4\0\0\0"), 96}},
        .log = "> wireguard [wireguard]\n"
               "  ? wireguard encrypted 244 channel\n"
               "< wireguard [wireguard]\n"
               "  ? wireguard encrypted 92 channel\n",
    },
    {
        .name = "rows in datagrams are read",
        .datagrams = {{DIR_CLIENT, BYTES("taro,03\n"), 8},
                      {DIR_SERVER, BYTES("ok\n"), 3}},
        .log = "> raw [raw]\n  [raw] taro,03|\n< raw [raw]\n  [raw] ok|\n",
    },
};

static void run_datagrams(void **state)
{
    const struct datagram_case *c = *state;
    struct record_chain r;
    struct flow flow = record_flow();
    uint64_t fed = 0;

    flow.proto = 17;
    record_chain_init(&r, 16);
    struct chain *chain = chain_new(r.chains, &flow);
    for (size_t i = 0; i < DATAGRAMS && c->datagrams[i].len > 0; i++) {
        uint8_t *bytes = malloc(c->datagrams[i].len);
        struct span head = c->datagrams[i].head;
        memset(bytes, 0x91, c->datagrams[i].len);
        memcpy(bytes, head.ptr, head.len);
        chain_message(chain, c->datagrams[i].dir,
                      (struct span){bytes, c->datagrams[i].len},
                      c->datagrams[i].cut);
        fed += c->datagrams[i].len;
        free(bytes);
    }
    chain_free(chain);
    assert_true(buf_add_byte(&r.log, 0));
    if (strcmp((const char *)r.log.ptr, c->log) != 0)
        print_message("gives:\n%s\n", (char *)r.log.ptr);
    assert_string_equal((const char *)r.log.ptr, c->log);
    assert_true(record_adds_up(&r, fed));
    record_chain_clear(&r);
}

/* --- names --- */

/* A ClientHello of any length with one extension, in one record. */
static struct span hello_with(uint8_t *out, struct span extension)
{
    static const uint8_t fixed[] = {0x16, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3};
    size_t body = 32 + 1 + 4 + 2 + 2 + extension.len;
    size_t at = sizeof(fixed);

    memcpy(out, fixed, at);
    memset(out + at, 7, 32);
    at += 32;
    const uint8_t rest[] = {0,
                            0,
                            2,
                            0x13,
                            1,
                            1,
                            0,
                            (uint8_t)(extension.len >> 8),
                            (uint8_t)extension.len};
    memcpy(out + at, rest, sizeof(rest));
    at += sizeof(rest);
    memcpy(out + at, extension.ptr, extension.len);
    out[8] = (uint8_t)(body + 2);
    out[4] = (uint8_t)(body + 6);
    return (struct span){out, at + extension.len};
}

struct name_case {
    const char *name;
    struct span extension;
    const char *host;
};

static const struct name_case names[] = {
    {"a name", BYTES("\0\0\0\x08\0\6\0\0\3a.b"), "a.b"},
    {"no extension", BYTES(""), ""},
    {"another extension", BYTES("\0\1\0\1z"), ""},
    {"a name longer than its list is cut off",
     BYTES("\0\0\0\x08\0\6\0\0\x09a.b"), ""},
    {"a name of another kind", BYTES("\0\0\0\x08\0\6\1\0\3a.b"), ""},
    {"a name with a blank names nobody", BYTES("\0\0\0\x08\0\6\0\0\3a b"), ""},
    {"a name with a zero names nobody", BYTES("\0\0\0\x08\0\6\0\0\3a\0b"), ""},
};

static void run_name(void **state)
{
    const struct name_case *c = *state;
    uint8_t bytes[256];
    struct span hello = hello_with(bytes, c->extension);

    for (size_t len = 0; len < hello.len; len++) {
        struct tls_name name = {0};
        assert_int_equal(tls_hello_name(span_head(hello, len), &name),
                         TLS_MORE);
    }
    struct tls_name name = {0};
    assert_int_equal(tls_hello_name(hello, &name),
                     c->host[0] != 0 ? TLS_YES : TLS_NO);
    assert_true(span_eq(tls_name_span(&name), span_of(c->host)));
}

static void a_hello_that_claims_16_mb_is_not_waited_for(void **state)
{
    struct tls_name name = {0};

    (void)state;
    assert_int_equal(
        tls_hello_name(SPAN("\x16\x03\x01\x40\x00\x01\xff\xff\xff"), &name),
        TLS_NO);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(datagrams) + COUNT(names) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    SPEC_TABLE(tests, count, datagrams, run_datagrams);
    SPEC_TABLE(tests, count, names, run_name);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_hello_that_claims_16_mb_is_not_waited_for);
    return SPEC_RUN("decode/closed", tests, count);
}
