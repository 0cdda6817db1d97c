// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_exchange.c - exchange.c: what a worker sends is what the judge gets,
 * and nothing a broken worker sends is believed.
 */
#include "support/spec.h"

#include <fcntl.h>
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

static const struct hash_key seal = {{1, 2, 3, 4}};

static struct outlet outlet_to(int fd)
{
    return (struct outlet){.fd = fd, .seal = seal};
}

static const char *const mails[] = {"a@drop.example", "b@mail.example"};
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
        .mail_to = mails,
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
    const struct outlet to = outlet_to(ends[1]);
    assert_true(exchange_add_record(&records, &sample));
    assert_true(exchange_add_record(&records, &sample));
    assert_true(exchange_send_exposure(&to, &e, buf_span(&records), 2));
    buf_clear(&records);
    exchange_init(x, &seal);
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
    exchange_init(&x, &seal);
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
    const struct outlet to = outlet_to(ends[1]);
    assert_true(exchange_send_progress(&to, 3, 4));
    assert_true(
        exchange_send(&to, FRAME_COUNTERS,
                      (struct span){(const uint8_t *)sent, sizeof(*sent)}));
    exchange_init(&x, &seal);
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

/*
 * A pipe that outlives its worker: half of its last frame stands there, and
 * behind it the frames of the worker that took its place.
 */
static void half_a_frame_of_a_dead_worker_is_passed_over(void **state)
{
    (void)state;
    for (size_t cut = 1; cut < FRAME_HEAD + 300; cut += 7) {
        struct exchange x;
        struct frame f;
        struct buf half;
        uint64_t number = 0;
        int ends[2];

        struct span payload = through_pipe(&x, ends);
        buf_init(&half, 1 << 16);
        assert_true(
            buf_add(&half, span_head((struct span){payload.ptr - FRAME_HEAD,
                                                   payload.len + FRAME_HEAD},
                                     cut)));
        exchange_clear(&x);
        exchange_init(&x, &seal);
        x.lasting = true;
        const struct outlet to = outlet_to(ends[1]);
        assert_int_equal(write(ends[1], half.ptr, half.len), half.len);
        assert_true(exchange_send_number(&to, FRAME_HELLO, 77));
        assert_true(exchange_send_number(&to, FRAME_CLOCK, 78));
        assert_true(exchange_fill(&x, ends[0]));
        assert_true(exchange_next(&x, &f));
        assert_int_equal(f.type, FRAME_HELLO);
        assert_true(exchange_decode_number(f.payload, &number));
        assert_true(number == 77 && x.passed == half.len);
        assert_true(exchange_next(&x, &f) && f.type == FRAME_CLOCK);
        assert_false(exchange_next(&x, &f));
        buf_clear(&half);
        close_pipe(&x, ends);
    }
}

/* A judge that took another's place begins to read inside a frame. */
static void a_pipe_read_from_the_middle_gives_the_next_frame(void **state)
{
    struct exchange x, rest;
    struct frame f;
    int ends[2];

    (void)state;
    struct span payload = through_pipe(&x, ends);
    for (size_t from = 1; from < payload.len; from++) {
        const struct outlet to = outlet_to(ends[1]);
        struct span tail = span_skip(payload, from - 1);
        exchange_init(&rest, &seal);
        rest.lasting = true;
        assert_int_equal(write(ends[1], tail.ptr, tail.len), tail.len);
        assert_true(exchange_send_number(&to, FRAME_CLOCK, 78));
        assert_true(exchange_fill(&rest, ends[0]));
        assert_true(exchange_next(&rest, &f));
        assert_int_equal(f.type, FRAME_CLOCK);
        assert_true(rest.passed == tail.len);
        exchange_clear(&rest);
    }
    close_pipe(&x, ends);
}

/* The wire may choose a name that looks like a frame, not one like ours. */
static void a_frame_under_another_seal_is_none(void **state)
{
    const struct outlet forged = {.seal = {{9, 9, 9, 9}}};
    struct exchange x;
    struct frame f;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    struct outlet to = forged;
    to.fd = ends[1];
    assert_true(exchange_send_number(&to, FRAME_HELLO, 1));
    exchange_init(&x, &seal);
    x.lasting = true;
    assert_true(exchange_fill(&x, ends[0]));
    assert_false(exchange_next(&x, &f));
    assert_int_equal(x.passed, FRAME_HEAD + 8);
    close_pipe(&x, ends);
}

struct waited {
    int pipe;
    unsigned times;
};

static void count_wait(void *ctx)
{
    struct waited *w = ctx;
    static char sink[1 << 16];

    if (++w->times == 3)
        assert_true(read(w->pipe, sink, sizeof(sink)) > 0);
}

static void a_full_pipe_is_waited_for_and_said(void **state)
{
    struct waited waited = {0};
    int ends[2];

    (void)state;
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    static uint8_t much[1 << 17];
    struct outlet to = outlet_to(ends[1]);
    waited.pipe = ends[0];
    to.wait = count_wait;
    to.ctx = &waited;
    while (write(ends[1], much, 4096) > 0)
        continue;
    assert_true(exchange_send(&to, FRAME_NOTE, (struct span){much, 1024}));
    assert_int_equal(waited.times, 3);
    close(ends[0]);
    close(ends[1]);
}

static void a_tap_comes_back_and_a_wrong_one_does_not(void **state)
{
    struct tap sent = {1, LIVE_DOWN, {100, 2, 3}}, got;
    struct exchange x;
    struct frame f;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    const struct outlet to = outlet_to(ends[1]);
    assert_true(exchange_send_tap(&to, &sent));
    exchange_init(&x, &seal);
    assert_true(exchange_fill(&x, ends[0]));
    assert_true(exchange_next(&x, &f));
    assert_true(exchange_decode_tap(f.payload, &got));
    assert_memory_equal(&got, &sent, sizeof(sent));
    assert_false(exchange_decode_tap(span_skip(f.payload, 1), &got));
    sent.state = LIVE_LOST + 1;
    assert_false(exchange_decode_tap(
        (struct span){(const uint8_t *)&sent, sizeof(sent)}, &got));
    close_pipe(&x, ends);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exposure_comes_back_as_sent),
        cmocka_unit_test(a_cut_exposure_is_refused_at_every_length),
        cmocka_unit_test(any_changed_byte_is_survived),
        cmocka_unit_test(a_stream_that_is_not_frames_is_broken),
        cmocka_unit_test(progress_and_counters_come_back),
        cmocka_unit_test(half_a_frame_of_a_dead_worker_is_passed_over),
        cmocka_unit_test(a_pipe_read_from_the_middle_gives_the_next_frame),
        cmocka_unit_test(a_frame_under_another_seal_is_none),
        cmocka_unit_test(a_full_pipe_is_waited_for_and_said),
        cmocka_unit_test(a_tap_comes_back_and_a_wrong_one_does_not),
    };

    return cmocka_run_group_tests_name("sensor/exchange", tests, NULL, NULL);
}
