// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_ftp.c - decode/proto/ftp and expect: control connections, and the
 * data connections they announce.
 */
#include <string.h>

#include "decode/proto/ftp_address.h"
#include "support/chain_case.h"

/* --- a control connection alone --- */

static const struct chain_case cases[] = {
    {
        .name = "a session holds nothing of its own",
        .feeds = {SERVER("220 FTP server\r\n"), CLIENT("USER taro\r\n"),
                  SERVER("331 password\r\n"), CLIENT("PASS secret99\r\n"),
                  SERVER("230-hello\r\n230 in\r\n"),
                  CLIENT("TYPE I\r\nCWD /up\r\nNOOP\r\n"
                         "MFMT 20261122154317 q.csv\r\nQUIT\r\n"),
                  SERVER(
                      "200 ok\r\n250 ok\r\n200 ok\r\n213 ok\r\n221 bye\r\n")},
        .log = "",
    },
    {
        .name = "lines that are no commands are read",
        .feeds =
            {SERVER("220 FTP server\r\n"),
             CLIENT(
                 "name,phone\r\ntaro,03\r\nCLNT lftp/4.9\r\nname,phone\r\nSITE "
                 "taro,0412345678\r\nQUIT\r\n"),
             SERVER("211-status:\r\n a.csv\r\n taro 0312345678\r\n"
                    "211 end\r\nrow,1\r\n")},
        .log = "> ftp [session]\n"
               "  [session] name,phone|taro,03|\n"
               "> ftp [session]\n  [session] name,phone|SITE taro,0412345678|\n"
               "< ftp [session]\n  [session]  taro 0312345678|\n"
               "< ftp [session]\n  [session] row,1|\n",
    },
    {
        .name = "bytes behind the last line end are read, a password is not",
        .feeds = {SERVER("220 FTP server\r\n331 pass"),
                  CLIENT("USER a\r\nPASS secret99")},
        .log = "< ftp [session]\n  [session] 331 pass|\n",
    },
    {
        .name = "behind AUTH TLS all is unread",
        .feeds = {SERVER("220 FTP server\r\n"), CLIENT("AUTH TLS\r\n"),
                  SERVER("234 go\r\n"),
                  CLIENT("\x17\x03\x03\x00\x04"
                         "data"),
                  SERVER("\x17\x03\x03\x00\x02zz")},
        .log = "> tls [tls]\n  ? tls encrypted 9 channel\n"
               "< tls [tls]\n  ? tls encrypted 7 channel\n",
    },
    {
        .name = "a refused AUTH TLS changes nothing",
        .feeds = {SERVER("220 FTP server\r\n"), CLIENT("AUTH TLS\r\n"),
                  SERVER("502 no\r\n"), CLIENT("USER taro\r\nrow,1\r\n")},
        .log = "> ftp [session]\n  [session] row,1|\n",
    },
    {
        .name = "a greeting without a word of FTP",
        .feeds = {SERVER("220 Welcome\r\n"), CLIENT("USER taro\r\n"),
                  SERVER("331 password\r\n"), CLIENT("PASS x\r\nrow,1\r\n")},
        .log = "> ftp [session]\n  [session] row,1|\n",
    },
    {
        .name = "the client alone is known by what only FTP says",
        .feeds = {CLIENT("USER taro\r\nPASS x\r\nSYST\r\nrow,1\r\n")},
        .log = "> ftp [session]\n  [session] row,1|\n",
    },
    {
        .name = "POP3 is not FTP",
        .feeds = {SERVER("+OK ready\r\n"), CLIENT("USER taro\r\nPASS x\r\n"),
                  SERVER("+OK\r\n+OK\r\n"), CLIENT("STAT\r\nRETR 1\r\n"),
                  SERVER("+OK\r\ntaro,03\r\n.\r\n"), CLIENT("QUIT\r\n")},
        .log = "> raw [raw]\n"
               "  [raw] USER taro\\r|PASS x\\r|STAT\\r|RETR 1\\r|QUIT\\r|\n"
               "< raw [raw]\n"
               "  [raw] +OK ready\\r|+OK\\r|+OK\\r|+OK\\r|taro,03\\r|.\\r|\n",
    },
    {
        .name = "a list of processes is not FTP",
        .feeds = {CLIENT("USER       PID %CPU\ntaro      1234  0.1\n")},
        .log = "> raw [raw]\n"
               "  [raw] USER       PID %CPU|taro      1234  0.1|\n",
    },
    {
        .name = "another protocol that speaks like FTP is left to raw",
        .feeds = {CLIENT("TYPE x\r\n"), SERVER("hello\r\n")},
        .log = "< raw [raw]\n  ! malformed\n  [raw] hello\\r|\n",
    },
    {
        .name = "a line without end is read as it is",
        .feeds = {SERVER("220 FTP server\r\n"), HOLE(DIR_CLIENT, 100),
                  CLIENT("R x.csv\r\nQUIT\r\n")},
        .log = "> ftp [session]\n  [session] R x.csv|\n",
    },
};

/* --- control and data --- */

enum { FTP_STEPS = 16, FTP_FLOWS = 3 };

/* Bytes of one of several flows: 0 is the control connection. */
struct ftp_step {
    int flow;
    bool opens; /* it begins here */
    struct feed feed;
};

struct ftp_end {
    const char *addr;
    uint16_t port;
};

struct ftp_case {
    const char *name;
    const char *client, *server;           /* of the control connection */
    struct ftp_end data[FTP_FLOWS - 1][2]; /* client, server of data flows */
    struct ftp_step steps[FTP_STEPS];
    const char *log;
};

#define C(text)                                                                \
    {                                                                          \
        0, false, CLIENT(text)                                                 \
    }
#define S(text)                                                                \
    {                                                                          \
        0, false, SERVER(text)                                                 \
    }
#define OPEN(n)                                                                \
    {                                                                          \
        n, true,                                                               \
        {                                                                      \
            0                                                                  \
        }                                                                      \
    }
#define UP(n, text)                                                            \
    {                                                                          \
        n, false, CLIENT(text)                                                 \
    }
#define DOWN(n, text)                                                          \
    {                                                                          \
        n, false, SERVER(text)                                                 \
    }
#define LOGIN                                                                  \
    S("220 FTP server\r\n"), C("USER taro\r\nPASS x\r\n"),                     \
        S("331 password\r\n230 in\r\n")

#define PC    "10.20.0.7"
#define DROP  "203.0.113.9"
#define PC6   "2001:db8::7"
#define DROP6 "2001:db8:9::9"
#define TO(port)                                                               \
    {                                                                          \
        {PC, 40113},                                                           \
        {                                                                      \
            DROP, port                                                         \
        }                                                                      \
    }
#define FROM(port)                                                             \
    {                                                                          \
        {DROP, 20},                                                            \
        {                                                                      \
            PC, port                                                           \
        }                                                                      \
    }

static const struct ftp_case transfers[] = {
    {
        .name = "STOR behind PASV",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"),
                  S("227 Entering Passive Mode (203,0,113,9,200,1).\r\n"),
                  OPEN(1), C("STOR customers.csv\r\n"), S("150 ok\r\n"),
                  UP(1, "a,b\n")},
        .log = "> ftp [STOR customers.csv] user=taro\n"
               "  [STOR customers.csv] name=customers.csv a,b|\n",
    },
    {
        .name = "a path names its last part, in any case of the verb",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("appe /up/q3 list.csv\r\n"), OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [APPE /up/q3 list.csv] user=taro\n"
               "  [APPE /up/q3 list.csv] name=q3 list.csv a,b|\n",
    },
    {
        .name = "the name that the server chose for STOU",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("STOU\r\n"), OPEN(1), S("150 FILE: u17.csv\r\n"),
                  UP(1, "a,b\n")},
        .log = "> ftp [STOU u17.csv] user=taro\n"
               "  [STOU u17.csv] name=u17.csv a,b|\n",
    },
    {
        .name = "RETR with REST: the server sends",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  OPEN(1), C("REST 100\r\nRETR q.csv\r\n"),
                  S("350 ok\r\n150 ok\r\n"), DOWN(1, "a,b\n")},
        .log = "< ftp [RETR q.csv] user=taro\n"
               "  [RETR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "a listing has no name",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("LIST\r\n"), OPEN(1), DOWN(1, "q.csv\n")},
        .log = "< ftp [LIST] user=taro\n  [LIST] q.csv|\n",
    },
    {
        .name = "PORT: the server connects",
        .client = PC,
        .server = DROP,
        .data = {FROM(1025)},
        .steps = {LOGIN, C("PORT 10,20,0,7,4,1\r\n"), S("200 ok\r\n"),
                  C("STOR q.csv\r\n"), OPEN(1), DOWN(1, "a,b\n")},
        .log = "< ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "neither PORT nor PASV: the port the client speaks from",
        .client = PC,
        .server = DROP,
        .data = {FROM(40112)},
        .steps = {LOGIN, C("STOR q.csv\r\n"), OPEN(1), DOWN(1, "a,b\n")},
        .log = "< ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "EPRT over IPv4",
        .client = PC,
        .server = DROP,
        .data = {FROM(5001)},
        .steps = {LOGIN, C("EPRT |1|10.20.0.7|5001|\r\n"), C("RETR q.csv\r\n"),
                  OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [RETR q.csv] user=taro\n"
               "  [RETR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "EPRT over IPv6",
        .client = PC6,
        .server = DROP6,
        .data = {{{DROP6, 20}, {PC6, 5001}}},
        .steps = {LOGIN, C("EPRT |2|2001:db8::7|5001|\r\nSTOR q.csv\r\n"),
                  OPEN(1), DOWN(1, "a,b\n")},
        .log = "< ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "EPSV over IPv6",
        .client = PC6,
        .server = DROP6,
        .data = {{{PC6, 40113}, {DROP6, 6446}}},
        .steps = {LOGIN, C("EPSV\r\n"),
                  S("229 Entering Extended Passive Mode (|||6446|)\r\n"),
                  C("STOR q.csv\r\n"), OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "an address behind a translator is not the one seen",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (192,168,1,5,200,1)\r\n"),
                  C("STOR q.csv\r\n"), OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "two transfers at once keep their names",
        .client = PC,
        .server = DROP,
        .data = {TO(51201), {{PC, 40114}, {DROP, 51202}}},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("STOR a.csv\r\n"), OPEN(1), UP(1, "a,"), C("PASV\r\n"),
                  S("227 x (203,0,113,9,200,2)\r\n"), C("STOR b.csv\r\n"),
                  OPEN(2), UP(2, "x,y\n"), UP(1, "b\n")},
        .log = "> ftp [STOR a.csv] user=taro\n"
               "  [STOR a.csv] name=a.csv a,b|\n"
               "> ftp [STOR b.csv] user=taro\n"
               "  [STOR b.csv] name=b.csv x,y|\n",
    },
    {
        .name = "PASV and STOR in one segment",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\nSTOR q.csv\r\n"),
                  S("227 x (203,0,113,9,200,1)\r\n"), OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "a connection seen before it was announced",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, OPEN(1), C("PASV\r\n"),
                  S("227 x (203,0,113,9,200,1)\r\n"), C("STOR q.csv\r\n"),
                  UP(1, "a,b\n")},
        .log = "> ftp [STOR q.csv] user=taro\n"
               "  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "data before STOR was seen is data of the session",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  OPEN(1), UP(1, "a,"), C("STOR q.csv\r\n"), UP(1, "b\n")},
        .log = "> ftp [data] user=taro\n  [data] a,b|\n",
    },
    {
        .name = "a second file on the same port has its own name",
        .client = PC,
        .server = DROP,
        .data = {TO(51201), {{PC, 40114}, {DROP, 51201}}},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("STOR a.csv\r\n"), OPEN(1), UP(1, "a\n"), C("PASV\r\n"),
                  S("227 x (203,0,113,9,200,1)\r\n"), C("STOR b.csv\r\n"),
                  OPEN(2), UP(2, "b\n")},
        .log = "> ftp [STOR a.csv] user=taro\n"
               "  [STOR a.csv] name=a.csv a|\n"
               "> ftp [STOR b.csv] user=taro\n"
               "  [STOR b.csv] name=b.csv b|\n",
    },
    {
        .name = "a log-in that the server refuses names nobody",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {S("220 FTP\r\n"), C("USER taro\r\nPASS x\r\n"),
                  S("331 pass\r\n530 no\r\n"), C("PASV\r\n"),
                  S("227 x (203,0,113,9,200,1)\r\n"), C("STOR q.csv\r\n"),
                  OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [STOR q.csv]\n  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "of two log-ins the accepted one counts",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {S("220 FTP\r\n"),
                  C("USER jiro\r\nPASS x\r\nUSER taro\r\nPASS y\r\n"),
                  S("331 pass\r\n530 no\r\n331 pass\r\n230 in\r\n"),
                  C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("STOR q.csv\r\n"), OPEN(1), UP(1, "a,b\n")},
        .log = "> ftp [STOR q.csv]\n  [STOR q.csv] name=q.csv a,b|\n",
    },
    {
        .name = "a lost STOR leaves the data untied to a file",
        .client = PC,
        .server = DROP,
        .data = {TO(51201), {{PC, 40114}, {DROP, 51202}}},
        .steps = {LOGIN,
                  C("PASV\r\n"),
                  S("227 x (203,0,113,9,200,1)\r\n"),
                  C("STOR a.csv\r\n"),
                  OPEN(1),
                  UP(1, "a\n"),
                  {0, false, HOLE(DIR_CLIENT, 20)},
                  S("227 x (203,0,113,9,200,2)\r\n"),
                  OPEN(2),
                  UP(2, "b\n")},
        .log = "> ftp [STOR a.csv] user=taro\n"
               "  [STOR a.csv] name=a.csv a|\n"
               "> ftp [data] user=taro\n  [data] b|\n",
    },
    {
        .name = "a data connection under TLS is unread",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PROT P\r\nPASV\r\n"),
                  S("200 ok\r\n227 x (203,0,113,9,200,1)\r\n"),
                  C("STOR q.csv\r\n"), OPEN(1),
                  UP(1, "\x16\x03\x01\x00\x06\x01\x00\x00\x02zz")},
        .log = "> tls [STOR q.csv] user=taro\n"
               "  ? tls encrypted 11 channel\n",
    },
    {
        .name = "data that looks like a protocol is a file all the same",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {LOGIN, C("PASV\r\n"), S("227 x (203,0,113,9,200,1)\r\n"),
                  C("STOR mail.txt\r\n"), OPEN(1),
                  UP(1, "MAIL FROM:<a@b>\r\n1,2\r\n")},
        .log = "> ftp [STOR mail.txt] user=taro\n"
               "  [STOR mail.txt] name=mail.txt MAIL FROM:<a@b>\\r|1,2\\r|\n",
    },
    {
        .name = "without its control a data connection is raw",
        .client = PC,
        .server = DROP,
        .data = {TO(51201)},
        .steps = {OPEN(1), UP(1, "a,b\n")},
        .log = "> raw [raw]\n  [raw] a,b|\n",
    },
};

static struct addr addr_of(const char *text)
{
    struct addr a;

    assert_true(addr_parse(span_of(text), &a));
    return a;
}

static void feed_one(struct chain *c, const struct feed *f, size_t step)
{
    struct span rest = f->bytes;

    if (f->kind == FEED_GAP)
        chain_gap(c, f->dir, f->len);
    while (rest.len > 0) {
        chain_feed(c, f->dir, span_head(rest, step));
        rest = span_skip(rest, step);
    }
}

static void transfer_once(const struct ftp_case *c, size_t step)
{
    struct record_chain r;
    struct flow flows[FTP_FLOWS] = {0};
    struct chain *chains[FTP_FLOWS] = {NULL};

    record_chain_init(&r, 16);
    r.names = true;
    flows[0] = record_flow();
    flows[0].addr[DIR_CLIENT] = addr_of(c->client);
    flows[0].addr[DIR_SERVER] = addr_of(c->server);
    chains[0] = chain_new(r.chains, &flows[0]);
    for (const struct ftp_step *s = c->steps;
         s < c->steps + FTP_STEPS && (s->opens || s->feed.kind != 0); s++) {
        if (!s->opens) {
            feed_one(chains[s->flow], &s->feed, step);
            continue;
        }
        flows[s->flow].proto = 6;
        for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
            const struct ftp_end *end = &c->data[s->flow - 1][dir];
            flows[s->flow].addr[dir] = addr_of(end->addr);
            flows[s->flow].port[dir] = end->port;
        }
        chains[s->flow] = chain_new(r.chains, &flows[s->flow]);
    }
    for (int i = 0; i < FTP_FLOWS; i++)
        chain_free(chains[i]);
    assert_true(buf_add_byte(&r.log, 0));
    if (strcmp((const char *)r.log.ptr, c->log) != 0)
        print_message("step %zu gives:\n%s\n", step, (char *)r.log.ptr);
    assert_string_equal((const char *)r.log.ptr, c->log);
    record_chain_clear(&r);
}

static void run_transfer(void **state)
{
    transfer_once(*state, SIZE_MAX);
    transfer_once(*state, 1);
    transfer_once(*state, 3);
}

/* --- addresses --- */

struct address_case {
    const char *name;
    struct span text;
    const char *addr; /* NULL: none */
    uint16_t port;
};

static const struct address_case sixes[] = {
    {"six numbers in brackets", BYTES("Passive Mode (10,0,0,1,200,1)."),
     "10.0.0.1", 51201},
    {"six numbers alone", BYTES("10,0,0,1,0,21"), "10.0.0.1", 21},
    {"a number before them", BYTES("v2 mode 10,0,0,1,4,1"), "10.0.0.1", 1025},
    {"five numbers", BYTES("(10,0,0,1,200)"), NULL, 0},
    {"a number over 255", BYTES("(10,0,0,256,200,1)"), NULL, 0},
    {"a number of 30 digits",
     BYTES("(10,0,0,100000000000000000000000000000,2,1)"), NULL, 0},
    {"port 0", BYTES("(10,0,0,1,0,0)"), NULL, 0},
    {"blanks between", BYTES("(10, 0, 0, 1, 200, 1)"), NULL, 0},
    {"nothing", BYTES(""), NULL, 0},
};

static const struct address_case extendeds[] = {
    {"a port alone", BYTES("Mode (|||6446|)"), "192.0.2.9", 6446},
    {"another bar", BYTES("!1!10.0.0.1!5001!"), "10.0.0.1", 5001},
    {"IPv6", BYTES("|2|2001:db8::1|5001|"), "2001:db8::1", 5001},
    {"port 0", BYTES("(|||0|)"), NULL, 0},
    {"a port over 65535", BYTES("(|||65536|)"), NULL, 0},
    {"no address", BYTES("|1|x|5001|"), NULL, 0},
    {"no bars", BYTES("(6446)"), NULL, 0},
    {"cut", BYTES("(|||"), NULL, 0},
    {"nothing", BYTES(""), NULL, 0},
};

static void check_address(const struct address_case *c, bool found,
                          const struct ftp_address *a)
{
    assert_int_equal(found, c->addr != NULL);
    if (c->addr == NULL)
        return;
    struct addr want = addr_of(c->addr);
    assert_true(addr_eq(&a->host, &want));
    assert_int_equal(a->port, c->port);
}

static void run_six(void **state)
{
    const struct address_case *c = *state;
    struct ftp_address a = {0};

    check_address(c, ftp_six(c->text, &a), &a);
}

static void run_extended(void **state)
{
    const struct address_case *c = *state;
    struct ftp_address a = {0};
    struct addr other = addr_of("192.0.2.9");

    check_address(c, ftp_extended(c->text, &other, &a), &a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(transfers) + COUNT(sixes) +
                            COUNT(extendeds)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    SPEC_TABLE(tests, count, transfers, run_transfer);
    SPEC_TABLE(tests, count, sixes, run_six);
    SPEC_TABLE(tests, count, extendeds, run_extended);
    return SPEC_RUN("decode/ftp", tests, count);
}
