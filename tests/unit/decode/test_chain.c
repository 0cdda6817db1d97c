// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_chain.c - decode/chain: flows no protocol claims, datagrams, copies,
 * announced flows, limits, memory.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "decode/expect.h"
#include "decode/stack.h"
#include "outflow/limits.h"
#include "support/chain_case.h"

#define POST_1 "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\na,b"

static const struct chain_case cases[] = {
    {
        .name = "nobody's bytes are raw, one transfer a direction",
        .feeds = {CLIENT("taro,031\n"), SERVER("ok\n"), CLIENT("jiro,032\n")},
        .log = "> raw [raw]\n  [raw] taro,031|jiro,032|\n"
               "< raw [raw]\n  [raw] ok|\n",
    },
    {
        .name = "a flow without bytes tells nothing",
        .feeds = {END(DIR_CLIENT), END(DIR_SERVER)},
        .log = "",
    },
    {
        .name = "a hole in raw is told",
        .feeds = {CLIENT("a,b\nc,"), HOLE(DIR_CLIENT, 9), CLIENT("\ne,f\n")},
        .log = "> raw [raw]\n  [raw] a,b|c,{~9}|e,f|\n",
    },
    {
        .name = "bytes in front of a protocol are raw",
        .feeds = {CLIENT("PROXY TCP4 10.0.0.1 10.0.0.2 1 80\r\n" POST_1)},
        .log = "> raw [raw]\n  [raw] PROXY TCP4 10.0.0.1 10.0.0.2 1 80\\r|\n"
               "> http [POST /a]\n  [POST /a] a,b\n",
    },
    {
        .name = "one direction alone is enough",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na,b")},
        .log = "< http [response]\n  [response] a,b\n",
    },
    {
        .name = "a packed file is opened on any stream",
        .feeds = {CLIENT(
            "\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\327"
            "\121\310\100\242\270\000\347\102\156\122\024\000\000\000")},
        .log = "> raw [raw]\n  [raw > gzip] hello, hello, hello|\n",
    },
    {
        .name = "bytes behind the end of a packed file are read",
        .feeds = {CLIENT(
            "\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\327"
            "\121\310\100\242\270\000\347\102\156\122\024\000\000\000"
            "\n\ntaro,031\n")},
        .log = "> raw [raw]\n  [raw > gzip] hello, hello, hello|\n"
               "  [raw > rest] taro,031|\n",
    },
    {
        .name = "parts deeper than the settings allow are unread",
        .feeds = {CLIENT("POST /d HTTP/1.1\r\nContent-Type: multipart/mixed; "
                         "boundary=a\r\nContent-Length: 73\r\n\r\n"
                         "--a\r\nContent-Type: multipart/mixed; boundary=b"
                         "\r\n\r\n--b\r\n\r\nin\r\n--b--\r\n--a--")},
        .log = "> http [POST /d]\n  ? multipart limit 16\n",
        .depth = 2,
    },
    {
        .name = "undoing one coding is no step deeper, a coding inside is",
        .feeds = {CLIENT(
            "\037\213\010\000\000\000\000\000\002\377\223\357\346\140"
            "\000\001\246\377\332\236\072\247\256\033\032\230\075\141"
            "\142\220\273\372\126\221\023\050\010\000\226\251\076\260"
            "\035\000\000\000")},
        .log = "> raw [raw]\n  [raw > gzip > gzip] taro,031|\n",
        .depth = 2,
    },
    {
        .name = "codings inside codings end at the depth of the settings",
        .feeds = {CLIENT(
            "\037\213\010\000\000\000\000\000\002\377\223\357\346\140"
            "\000\001\246\377\223\337\077\113\140\140\134\366\377\326"
            "\074\253\345\353\244\245\146\330\046\046\115\330\375\053"
            "\154\242\260\006\007\303\264\225\166\033\144\201\252\000"
            "\342\074\023\217\056\000\000\000")},
        .log = "> raw [raw]\n  ? gzip limit 29\n",
        .depth = 2,
    },
    {
        .name = "datagrams are rows of one transfer a direction",
        .feeds = {MESSAGE(DIR_CLIENT, "taro,031", 0),
                  MESSAGE(DIR_SERVER, "ok", 0),
                  MESSAGE(DIR_CLIENT, "jiro,032", 0)},
        .log = "> raw [raw]\n  [raw] taro,031|jiro,032\n"
               "< raw [raw]\n  [raw] ok\n",
    },
    {
        .name = "a datagram cut short leaves a hole",
        .feeds = {MESSAGE(DIR_CLIENT, "taro", 10),
                  MESSAGE(DIR_CLIENT, "jiro", 0)},
        .log = "> raw [raw]\n  [raw] taro{~10}|jiro\n",
    },
};

/* --- memory --- */

static void an_idle_chain_is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct chain) <= 400);
}

static void a_half_open_upload_is_small(void **state)
{
    (void)state;
    enum { FLOWS = 1000, HEAD = 170 };
    struct record_chain r;
    struct chain *chains[FLOWS];
    struct flow flow = record_flow();
    static const char start[] = "POST /upload HTTP/1.1\r\nHost: a.example\r\n";
    char head[HEAD];

    memset(head, 'x', sizeof(head));
    memcpy(head, start, sizeof(start) - 1);
    record_chain_init(&r, 16);
    size_t before = mallinfo2().uordblks;
    for (size_t i = 0; i < FLOWS; i++) {
        chains[i] = chain_new(r.chains, &flow);
        chain_feed(chains[i], DIR_CLIENT,
                   (struct span){(const uint8_t *)head, HEAD});
    }
    size_t each = (mallinfo2().uordblks - before) / FLOWS;
    for (size_t i = 0; i < FLOWS; i++)
        chain_free(chains[i]);
    print_message("a half-open upload takes %zu bytes\n", each);
    /* of 1,500 a session may take; 0 where a sanitizer allocates */
    assert_true(each <= 1000);
    record_chain_clear(&r);
}

/* --- may first bytes wait? --- */

struct wait_case {
    const char *name;
    enum dir dir;
    const char *first;
    bool waits;
};

static struct wait_case waits[] = {
    {"an unfinished upload may wait", DIR_CLIENT,
     "POST /u HTTP/1.1\r\nContent-Length: 9\r\n\r\na,b", true},
    {"bytes of no protocol may wait", DIR_CLIENT, "\1\2\3hello", true},
    {"an FTP client may announce a flow in its first bytes", DIR_CLIENT,
     "PORT 10,0,0,1,7,208\r\nSTOR a.csv\r\n", false},
    {"so may an FTP server", DIR_SERVER,
     "227 Entering Passive Mode (10,0,0,1,7,208)\r\n", false},
};

static void first_bytes_may_wait(void **state)
{
    const struct wait_case *c = *state;
    struct flow flow = record_flow();

    assert_int_equal(chain_can_wait(&flow, c->dir, span_of(c->first)),
                     c->waits);
}

/* --- copies --- */

static void a_differing_copy_is_a_part_of_its_own(void **state)
{
    (void)state;
    struct record_chain r;
    struct flow flow = record_flow();
    const struct overlap copy = {.before = SPAN("a,b\nta"),
                                 .bytes = SPAN("ro,032"),
                                 .after = SPAN("\njiro")};

    record_chain_init(&r, 16);
    struct chain *c = chain_new(r.chains, &flow);
    chain_feed(c, DIR_CLIENT,
               SPAN("POST /o HTTP/1.1\r\nContent-Length: 12"
                    "\r\n\r\na,b\nta"));
    chain_overlap(c, DIR_CLIENT, &copy);
    chain_feed(c, DIR_CLIENT, SPAN("ko,99\n"));
    chain_free(c);
    assert_true(buf_add_byte(&r.log, 0));
    assert_string_equal((const char *)r.log.ptr,
                        "> http [POST /o]\n"
                        "  [POST /o > overlap] overlap taro,032|\n"
                        "  [POST /o] a,b|tako,99|\n");
    record_chain_clear(&r);
}

static void a_copy_outside_any_transfer_gets_one(void **state)
{
    (void)state;
    struct record_chain r;
    struct flow flow = record_flow();
    const struct overlap copy = {.bytes = SPAN("taro,031\n")};

    record_chain_init(&r, 16);
    struct chain *c = chain_new(r.chains, &flow);
    chain_overlap(c, DIR_SERVER, &copy);
    chain_free(c);
    assert_true(buf_add_byte(&r.log, 0));
    assert_string_equal((const char *)r.log.ptr,
                        "< raw [stream]\n"
                        "  [stream > overlap] overlap taro,031|\n");
    record_chain_clear(&r);
}

/* --- announced flows --- */

static struct expected announcement(const struct flow *data, bool named)
{
    return (struct expected){.listener = data->addr[DIR_SERVER],
                             .port = data->port[DIR_SERVER],
                             .named = named,
                             .step = SPAN("STOR q3.csv"),
                             .name = SPAN("q3.csv")};
}

static const char *announced(bool before, bool after)
{
    static struct record_chain r;
    struct flow control_flow = record_flow();
    struct flow data_flow = record_flow();

    data_flow.port[DIR_SERVER] = 50001;
    record_chain_init(&r, 16);
    struct chain *control = chain_new(r.chains, &control_flow);
    struct expected what = announcement(&data_flow, before);
    control->user = strdup("taro");
    expect_announce(control, &what);
    struct chain *data = chain_new(r.chains, &data_flow);
    what = announcement(&data_flow, true);
    if (after)
        expect_announce(control, &what);
    chain_feed(data, DIR_CLIENT, SPAN("POST / is a row, too\na,b\n"));
    chain_free(data);
    chain_free(control);
    assert_true(buf_add_byte(&r.log, 0));
    static char log[512];
    snprintf(log, sizeof(log), "%s", (const char *)r.log.ptr);
    record_chain_clear(&r);
    return log;
}

static void an_announced_flow_knows_its_command(void **state)
{
    (void)state;
    static const char expected[] =
        "> ftp [STOR q3.csv] user=taro\n"
        "  [STOR q3.csv] POST / is a row, too|a,b|\n";

    assert_string_equal(announced(true, false), expected);
    assert_string_equal(announced(false, true), expected);
    assert_string_equal(announced(false, false),
                        "> ftp [data] user=taro\n"
                        "  [data] POST / is a row, too|a,b|\n");
}

static void announcements_are_bounded(void **state)
{
    (void)state;
    struct record_chain r;
    struct flow flow = record_flow();
    struct flow first = record_flow(), last = record_flow();

    record_chain_init(&r, 16);
    struct chain *control = chain_new(r.chains, &flow);
    for (uint32_t i = 0; i < LIMIT_EXPECTED + 10; i++) {
        flow.port[DIR_SERVER] = (uint16_t)(i + 1);
        struct expected what = announcement(&flow, true);
        expect_announce(control, &what);
    }
    first.port[DIR_SERVER] = 1;
    last.port[DIR_SERVER] = LIMIT_EXPECTED + 10;
    assert_null(expect_claim(r.chains->expects, &first));
    assert_non_null(expect_claim(r.chains->expects, &last));
    chain_free(control);
    record_chain_clear(&r);
}

/* --- owners that refuse --- */

static void what_its_owner_refuses_is_unread(void **state)
{
    (void)state;
    const struct feed feeds[] = {CLIENT(POST_1), {0}};

    for (int kind = 0; kind < 2; kind++) {
        struct record_chain r;
        struct flow flow = record_flow();
        record_chain_init(&r, 16);
        r.refuse_transfers = kind == 0;
        r.refuse_texts = kind == 1;
        (void)record_chain_run(&r, &flow, feeds, 0, 0);
        assert_int_equal(r.counters.unread[WHY_LIMIT], 3);
        assert_true(record_adds_up(&r, record_fed(feeds)));
        record_chain_clear(&r);
    }
}

/* --- bombs --- */

/* len zero bytes, packed so many times. */
static struct buf bomb(size_t len, unsigned times)
{
    struct buf in;
    uint8_t zeros[4096] = {0};
    struct buf out;

    buf_init(&in, (size_t)1 << 30);
    buf_init(&out, (size_t)1 << 30);
    for (size_t i = 0; i < len / sizeof(zeros); i++)
        assert_true(buf_add(&in, (struct span){zeros, sizeof(zeros)}));
    while (times-- > 0) {
        z_stream z = {0};
        assert_int_equal(
            deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
        size_t room = deflateBound(&z, in.len);
        uint8_t *packed = malloc(room);
        z.next_in = in.ptr;
        z.avail_in = (uInt)in.len;
        z.next_out = packed;
        z.avail_out = (uInt)room;
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        buf_reset(&in);
        assert_true(buf_add(&in, (struct span){packed, z.total_out}));
        deflateEnd(&z);
        free(packed);
    }
    buf_clear(&out);
    return in;
}

/* The text is not kept: only how much there was. */
struct silent {
    uint64_t put;
};

static void *silent_transfer(void *ctx, struct flow *flow, enum dir sender,
                             const struct transfer_info *info)
{
    (void)flow;
    (void)sender;
    (void)info;
    return ctx;
}

static void silent_note(void *ctx, void *transfer, const struct note *note)
{
    (void)ctx;
    (void)transfer;
    (void)note;
}

static void silent_unread(void *ctx, void *transfer, const struct unread *what)
{
    (void)ctx;
    (void)transfer;
    (void)what;
}

static void silent_close(void *ctx, void *thing)
{
    (void)ctx;
    (void)thing;
}

static void *silent_text(void *ctx, void *transfer, const struct part *part)
{
    (void)transfer;
    (void)part;
    return ctx;
}

static void silent_put(void *ctx, void *text, struct span bytes)
{
    (void)text;
    ((struct silent *)ctx)->put += bytes.len;
}

static void silent_gap(void *ctx, void *text, uint64_t len)
{
    (void)ctx;
    (void)text;
    (void)len;
}

static const struct chain_events silent_events = {
    .transfer_open = silent_transfer,
    .transfer_note = silent_note,
    .transfer_unread = silent_unread,
    .transfer_close = silent_close,
    .text_open = silent_text,
    .text_put = silent_put,
    .text_gap = silent_gap,
    .text_close = silent_close,
};

static void bombs_are_limited(void **state)
{
    (void)state;
    for (unsigned times = 1; times <= 3; times++) {
        struct buf packed = bomb(200 << 20, times);
        struct silent silent = {0};
        struct counters counters = {0};
        const struct chain_settings settings = {.events = &silent_events,
                                                .ctx = &silent,
                                                .counters = &counters,
                                                .depth = 16};
        struct chains *chains = chains_new(&settings);
        struct flow flow = record_flow();
        struct chain *c = chain_new(chains, &flow);

        for (size_t at = 0; at < packed.len; at += 1448)
            chain_feed(c, DIR_CLIENT,
                       span_head(span_skip(buf_span(&packed), at), 1448));
        chain_free(c);
        assert_true(silent.put < (uint64_t)LIMIT_EXPAND_FREE +
                                     packed.len * LIMIT_EXPAND + (1 << 20));
        assert_true(counters.unread[WHY_LIMIT] + counters.unread_inside > 0);
        assert_int_equal(counters.unread[WHY_LIMIT] + counters.inspected_bytes,
                         packed.len);
        chains_free(chains);
        buf_clear(&packed);
    }
}

static void a_hundred_thousand_levels_are_iterated(void **state)
{
    (void)state;
    static const char level[] =
        "--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n";
    enum { LEVELS = 100000 };
    char *text = malloc((sizeof(level) - 1) * LEVELS + 1);
    char *at = text;
    struct record_chain r;
    struct flow flow = record_flow();

    for (size_t i = 0; i < LEVELS; i++)
        at = stpcpy(at, level);
    const struct feed feeds[] = {
        CLIENT("POST /m HTTP/1.1\r\nContent-Type: multipart/mixed; boundary=a"
               "\r\nContent-Length: 99999999\r\n\r\n"),
        {FEED_BYTES, DIR_CLIENT, span_of(text), 0},
        {0}};
    record_chain_init(&r, 16);
    (void)record_chain_run(&r, &flow, feeds, 0, 1448);
    assert_true(record_adds_up(&r, record_fed(feeds)));
    record_chain_clear(&r);
    free(text);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(waits) + 9];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    SPEC_TABLE(tests, count, waits, first_bytes_may_wait);
    const struct CMUnitTest more[] = {
        cmocka_unit_test(an_idle_chain_is_small),
        cmocka_unit_test(a_half_open_upload_is_small),
        cmocka_unit_test(a_differing_copy_is_a_part_of_its_own),
        cmocka_unit_test(a_copy_outside_any_transfer_gets_one),
        cmocka_unit_test(an_announced_flow_knows_its_command),
        cmocka_unit_test(announcements_are_bounded),
        cmocka_unit_test(what_its_owner_refuses_is_unread),
        cmocka_unit_test(bombs_are_limited),
        cmocka_unit_test(a_hundred_thousand_levels_are_iterated),
    };
    for (size_t i = 0; i < COUNT(more); i++)
        tests[count++] = more[i];
    return SPEC_RUN("decode/chain", tests, count);
}
