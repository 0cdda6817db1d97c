// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_exchange.c - exchange.c: what a worker sends is what the judge gets,
 * and nothing a broken worker sends is believed.
 */
#include "support/spec.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exchange.h"

static const struct record sample = {
    .name = {UINT64_C(0x0123456789ABCDEF), NAME_CARD},
    .weaker = {{7, NAME_EMAIL}, {8, NAME_PHONE}},
    .weaker_count = 2,
    .mask = "352801******1234",
    .fields = FIELD_BIT(FIELD_CARD_NUMBER) | FIELD_BIT(FIELD_PHONE),
    .rows = 3,
    .first = {1000, 4, 0},
    .last = {2000, 9, 1},
};

static const char *const to[] = {"a@drop.example", "b@mail.example"};
static const struct exposed_unread closed[] = {
    {"tls", WHY_ENCRYPTED, false, 99},
};

static struct exposure exposure_of(void)
{
    struct exposure e = {
        .flow = 5,
        .flow_ns = -3,
        .transfer = 6,
        .batch = 7,
        .last = true,
        .begun_ns = -1,
        .time_ns = 12,
        .port = {40112, 80},
        .proto = 6,
        .sender = DIR_SERVER,
        .channel = "http",
        .user = "taro",
        .host = "drop.example",
        .proxied = true,
        .mail_from = "",
        .mail_to = to,
        .mail_to_count = 2,
        .mail_to_more = 3,
        .trail = "POST /up > a.csv",
        .file = "a.csv",
        .separate = true,
        .capture = 2,
        .first_packet = 12,
        .last_packet = 8123,
        .stream_missing = 1448,
        .part_read = 100,
        .part_missing = 10,
        .bytes = 110,
        .anomalies = 1,
        .unread = closed,
        .unread_count = 1,
    };

    e.addr[0].b[15] = 1;
    e.mac[1][5] = 9;
    return e;
}

/* Send one exposure with two records through a pipe; the payload as got. */
static struct span through_pipe(struct exchange *x, int ends[2])
{
    struct exposure e = exposure_of();
    struct buf records;
    struct frame f;

    buf_init(&records, 4096);
    assert_int_equal(pipe(ends), 0);
    assert_true(exchange_add_record(&records, &sample));
    assert_true(exchange_add_record(&records, &sample));
    assert_true(exchange_send_exposure(ends[1], &e, buf_span(&records), 2));
    buf_clear(&records);
    exchange_init(x);
    assert_true(exchange_fill(x, ends[0]));
    assert_true(exchange_next(x, &f));
    assert_int_equal(f.type, FRAME_EXPOSURE);
    return f.payload;
}

static void close_pipe(struct exchange *x, int ends[2])
{
    exchange_clear(x);
    close(ends[0]);
    close(ends[1]);
}

static void an_exposure_comes_back_as_sent(void **state)
{
    struct exposure_room *room = calloc(1, sizeof(*room));
    struct exposure got, want = exposure_of();
    struct exchange x;
    int ends[2];

    (void)state;
    assert_non_null(room);
    assert_true(exchange_decode_exposure(through_pipe(&x, ends), &got, room));
    assert_true(got.flow == want.flow && got.transfer == want.transfer);
    assert_true(got.flow_ns == want.flow_ns);
    assert_true(got.batch == want.batch && got.last && got.begun_ns == -1);
    assert_memory_equal(got.addr, want.addr, sizeof(got.addr));
    assert_memory_equal(got.mac, want.mac, sizeof(got.mac));
    assert_int_equal(got.port[0], 40112);
    assert_int_equal(got.sender, DIR_SERVER);
    assert_string_equal(got.channel, "http");
    assert_string_equal(got.host, "drop.example");
    assert_true(got.proxied && !got.refused && got.separate);
    assert_int_equal(got.mail_to_count, 2);
    assert_string_equal(got.mail_to[1], "b@mail.example");
    assert_int_equal(got.mail_to_more, 3);
    assert_string_equal(got.trail, "POST /up > a.csv");
    assert_int_equal(got.last_packet, 8123);
    assert_string_equal(got.unread[0].kind, "tls");
    assert_int_equal(got.unread[0].bytes, 99);
    assert_int_equal(got.record_count, 2);
    assert_true(got.records[1].name.pseudonym == sample.name.pseudonym);
    assert_int_equal(got.records[1].weaker[1].kind, NAME_PHONE);
    assert_string_equal(got.records[0].mask, sample.mask);
    assert_int_equal(got.records[0].last.number, 9);
    close_pipe(&x, ends);
    free(room);
}

static void a_cut_exposure_is_refused_at_every_length(void **state)
{
    struct exposure_room *room = calloc(1, sizeof(*room));
    struct exposure got;
    struct exchange x;
    int ends[2];

    (void)state;
    assert_non_null(room);
    struct span whole = through_pipe(&x, ends);
    for (size_t len = 0; len < whole.len; len++)
        assert_false(
            exchange_decode_exposure(span_head(whole, len), &got, room));
    close_pipe(&x, ends);
    free(room);
}

static void any_changed_byte_is_survived(void **state)
{
    struct exposure_room *room = calloc(1, sizeof(*room));
    struct exposure got;
    struct exchange x;
    int ends[2];

    (void)state;
    assert_non_null(room);
    struct span whole = through_pipe(&x, ends);
    uint8_t *copy = malloc(whole.len);
    assert_non_null(copy);
    for (size_t i = 0; i < whole.len; i++) {
        memcpy(copy, whole.ptr, whole.len);
        copy[i] ^= 0xFF;
        (void)exchange_decode_exposure((struct span){copy, whole.len}, &got,
                                       room);
    }
    free(copy);
    close_pipe(&x, ends);
    free(room);
}

static void a_stream_that_is_not_frames_is_broken(void **state)
{
    struct exchange x;
    struct frame f;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "HTTP/1.1 200 OK\r\n", 17), 17);
    exchange_init(&x);
    assert_true(exchange_fill(&x, ends[0]));
    assert_false(exchange_next(&x, &f));
    assert_true(x.broken);
    close_pipe(&x, ends);
}

static void progress_and_counters_come_back(void **state)
{
    struct counters *sent = calloc(1, sizeof(*sent));
    struct counters *got = calloc(1, sizeof(*got));
    struct exchange x;
    struct frame f;
    uint64_t done = 0, all = 0;
    int ends[2];

    (void)state;
    assert_true(sent && got);
    sent->packets = 9;
    assert_int_equal(pipe(ends), 0);
    assert_true(exchange_send_progress(ends[1], 3, 4));
    assert_true(
        exchange_send(ends[1], FRAME_COUNTERS,
                      (struct span){(const uint8_t *)sent, sizeof(*sent)}));
    exchange_init(&x);
    assert_true(exchange_fill(&x, ends[0]));
    assert_true(exchange_next(&x, &f));
    assert_true(exchange_decode_progress(f.payload, &done, &all));
    assert_true(done == 3 && all == 4);
    assert_true(exchange_next(&x, &f));
    assert_true(exchange_decode_counters(f.payload, got));
    assert_int_equal(got->packets, 9);
    assert_false(exchange_decode_counters(span_head(f.payload, 8), got));
    got->documents.rows = 1;
    memset(got->documents.row[0].name, 'x', TALLY_NAME);
    assert_false(exchange_decode_counters(
        (struct span){(const uint8_t *)got, sizeof(*got)}, sent));
    close_pipe(&x, ends);
    free(sent);
    free(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exposure_comes_back_as_sent),
        cmocka_unit_test(a_cut_exposure_is_refused_at_every_length),
        cmocka_unit_test(any_changed_byte_is_survived),
        cmocka_unit_test(a_stream_that_is_not_frames_is_broken),
        cmocka_unit_test(progress_and_counters_come_back),
    };

    return cmocka_run_group_tests_name("sensor/exchange", tests, NULL, NULL);
}
