// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_mails.c - mailboxes, winmail.dat, yEnc, and bytes like chance.
 *
 * Each row is the body of a response, so that it comes to its decoder as on
 * the wire.
 */
#include <stdlib.h>
#include <string.h>

#include "support/chain_case.h"
#include "support/law_mails.h"

#define BODY(body)                                                             \
    {                                                                          \
        SERVER("HTTP/1.1 200 OK\r\n\r\n" body), END(DIR_SERVER)                \
    }
#define TAKEN "< http [response]\n"

static const struct chain_case cases[] = {
    {
        .name = "a mailbox is its mails; a line that looks so is text",
        .feeds = BODY(LAW_MBOX),
        .log = TAKEN "  [response > mail 1 > headers] a|\n"
                     "  [response > mail 1] From x|a,b|>From y||From me||\n"
                     "  [response > mail 2] c,d\\r|From 12:34 in 2011|\n",
    },
    {
        .name = "a hole in a mailbox: the next mail is one again",
        .feeds = {SERVER("HTTP/1.1 200 OK\r\n\r\nFrom a Fri Aug  5 01:02:03 "
                         "2011\nMIME-Version: 1\n\na,b\n"),
                  HOLE(DIR_SERVER, 9),
                  SERVER("x\n\nFrom a Fri Aug  5 01:02:03 2011\n"
                         "MIME-Version: 1\n\nc,d\n"),
                  END(DIR_SERVER)},
        .log = TAKEN "  [response > mail 1] a,b|{~9}x||\n"
                     "  [response > mail 2] c,d|\n",
    },
    {
        .name = "winmail.dat: subject, texts, attachments",
        .feeds = BODY(LAW_TNEF),
        .log = TAKEN "  [response > subject] list\\x00\n"
                     "  [response > body] taro,03\n"
                     "  [response > html] <b>x</b>\n"
                     "  [response > c.csv] c,d|\n"
                     "  [response > c.csv] a,b|\n",
    },
    {
        .name = "yEnc: dots, parts that follow one another, text around",
        .feeds = BODY(LAW_YENC),
        .log = TAKEN "  [response > c d.csv] "
                     "\\x04\\x04ta\\x13ro,031-234\\xe0\\x04x|\n"
                     "  [response > text] see below\\r|\n"
                     "  [response > text] Path: x\\r|\\r|\n"
                     "  [response > e.csv] a,b|c,d|\n"
                     "  [response > text] bye\\r|\n",
    },
};

/* --- chance --- */

enum { ROOM = 100 << 10 };

/* As many bytes like chance, the same every time. */
static void fill(uint8_t *out, size_t len)
{
    uint64_t seed = 88172645463325252u;

    for (size_t i = 0; i < len; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        out[i] = (uint8_t)(seed >> 32);
    }
}

/* Send len bytes behind a header in pieces; gives the log. */
static const char *send(struct record_chain *r, const char *head,
                        struct span bytes, size_t step)
{
    struct flow flow = record_flow();
    struct feed feeds[] = {{FEED_BYTES, DIR_SERVER, span_of(head), 0},
                           {FEED_BYTES, DIR_SERVER, bytes, 0},
                           {FEED_END, DIR_SERVER, {NULL, 0}, 0},
                           {FEED_END_OF_TABLE, DIR_SERVER, {NULL, 0}, 0}};

    record_chain_init(r, 16);
    const char *log = record_chain_run(r, &flow, feeds, 0, step);
    assert_true(record_adds_up(r, record_fed(feeds)));
    return log;
}

static void bytes_like_chance_are_encrypted(void **state)
{
    static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
    static const size_t steps[] = {0, 1460, 100, 65536};
    uint8_t *bytes = malloc(ROOM);
    struct record_chain r;

    (void)state;
    fill(bytes, ROOM);
    for (size_t i = 0; i < COUNT(steps); i++) {
        const char *log = send(&r, head, (struct span){bytes, ROOM}, steps[i]);
        assert_string_equal(log, TAKEN "  ? blob encrypted 102400\n");
        record_chain_clear(&r);
    }
    free(bytes);
}

static void few_bytes_like_chance_are_not(void **state)
{
    static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
    uint8_t bytes[6 << 10];
    struct record_chain r;

    (void)state;
    fill(bytes, sizeof(bytes));
    const char *log = send(&r, head, (struct span){bytes, sizeof(bytes)}, 1460);
    assert_null(strstr(log, "encrypted"));
    record_chain_clear(&r);
}

static void pictures_and_what_is_only_packed_are_not(void **state)
{
    static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
    uint8_t *bytes = malloc(ROOM);
    struct record_chain r;

    (void)state;
    fill(bytes, ROOM);
    memcpy(bytes, "\xff\xd8\xff\xe0", 4);
    const char *log = send(&r, head, (struct span){bytes, ROOM}, 1460);
    assert_null(strstr(log, "encrypted"));
    record_chain_clear(&r);
    bytes[0] = 1;
    for (size_t i = 0; i < ROOM; i += 32) /* each value as often, but one */
        bytes[i] = 0x55;
    log = send(&r, head, (struct span){bytes, ROOM}, 1460);
    assert_null(strstr(log, "encrypted"));
    record_chain_clear(&r);
    free(bytes);
}

static void a_protocol_nobody_knows_is_not(void **state)
{
    uint8_t *bytes = malloc(ROOM);
    struct record_chain r;

    (void)state;
    fill(bytes, ROOM);
    const char *log = send(&r, "", (struct span){bytes, ROOM}, 1460);
    assert_null(strstr(log, "encrypted"));
    record_chain_clear(&r);
    free(bytes);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, chain_case_run);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(bytes_like_chance_are_encrypted);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(few_bytes_like_chance_are_not);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        pictures_and_what_is_only_packed_are_not);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_protocol_nobody_knows_is_not);
    return SPEC_RUN("decode/mails", tests, count);
}
