// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_oracle.c - plain libnids, as its makers meant it, agrees with us.
 *
 * On clean IPv4 conversations (reassembly.md 8) libnids needs none of our
 * conditioning, so it is an opinion of its own: the bytes it hands out of
 * whole packets must be those the native engine tells. A program of its
 * own, for libnids keeps its state in the process.
 */
#include "talk.h"

#include <nids.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MEMORY = 1 << 26,
    ROUNDS = 40,
};

static uint8_t *given[2]; /* what libnids handed out, by enum dir */
static size_t given_len[2];
static bool given_end;

static void keep(enum dir dir, const struct half_stream *half)
{
    size_t fresh = (size_t)half->count_new;

    given[dir] = realloc(given[dir], given_len[dir] + fresh + 1);
    assert_non_null(given[dir]);
    memcpy(given[dir] + given_len[dir],
           half->data + (half->count - half->offset - half->count_new), fresh);
    given_len[dir] += fresh;
}

static void on_tcp(struct tcp_stream *a, void **unused)
{
    (void)unused;
    if (a->nids_state == NIDS_JUST_EST) {
        a->client.collect = 1;
        a->server.collect = 1;
    } else if (a->nids_state == NIDS_DATA) {
        if (a->server.count_new > 0)
            keep(DIR_CLIENT, &a->server);
        if (a->client.count_new > 0)
            keep(DIR_SERVER, &a->client);
    } else if (a->nids_state == NIDS_CLOSE) {
        given_end = true;
    }
}

static void on_syslog(int type, int code, struct ip *ip, void *data)
{
    (void)type;
    (void)code;
    (void)ip;
    (void)data;
}

static uint16_t header_sum(const uint8_t *p)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < 20; i += 2)
        sum += (uint32_t)(p[i] << 8 | p[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t) ~((sum & 0xffff) + (sum >> 16));
}

/* One packet, with its IPv4 header and checksums, to libnids. */
static void feed(const struct talk *t, const struct talk_packet *p)
{
    static uint8_t frame[WIRE_ROOM + 20];
    const struct wire_end ends[2] = {{"10.20.0.7", t->port},
                                     {"203.0.113.9", 80}};
    const struct wire_plan plan = {.from = ends[p->dir],
                                   .to = ends[1 - p->dir],
                                   .seq = p->seq,
                                   .ack = p->ack,
                                   .flags = p->flags,
                                   .bytes = {p->bytes, p->len},
                                   .options = p->options};
    struct datagram d;

    wire_tcp(&plan, frame + 20, &d);
    uint32_t len = (uint32_t)d.payload.len + 20;
    const uint8_t head[12] = {
        0x45, 0, (uint8_t)(len >> 8), (uint8_t)len, 0, 0, 0, 0, 64, 6, 0, 0};
    memcpy(frame, head, sizeof(head));
    memcpy(frame + 12, d.src.b + 12, 4);
    memcpy(frame + 16, d.dst.b + 12, 4);
    uint16_t sum = header_sum(frame);
    frame[10] = (uint8_t)(sum >> 8);
    frame[11] = (uint8_t)sum;

    struct pcap_pkthdr header = {
        .caplen = len,
        .len = len,
        .ts = {.tv_sec = (time_t)(p->time_ns / 1000000000)}};
    nids_pcap_handler(NULL, &header, frame);
}

static void start_oracle(void)
{
    const union {
        void (*call)(struct tcp_stream *, void **);
        void *pointer;
    } heard = {.call = on_tcp};

    nids_params.pcap_desc = pcap_open_dead(DLT_RAW, 262144);
    nids_params.scan_num_hosts = 0;
    nids_params.syslog = on_syslog;
    assert_int_equal(nids_init(), 1);
    nids_register_tcp(heard.pointer);
}

static void check_talk(const struct talk *t)
{
    struct heard h;
    struct session *s = heard_new(&h, "native", MEMORY);

    talk_play(t, "native", s, 1);
    heard_end(&h, "native", s);
    memset(given_len, 0, sizeof(given_len));
    given_end = false;
    for (size_t i = 0; i < t->count; i++)
        feed(t, &t->p[i]);

    assert_true(given_end);
    for (int dir = 0; dir < 2; dir++) {
        const struct heard_stream *st = &h.flow[0]->stream[dir];
        assert_int_equal(st->len, given_len[dir]);
        assert_memory_equal(st->bytes, given[dir], given_len[dir]);
    }
    heard_clear(&h);
}

static void test_clean(void **state)
{
    uint64_t rnd = 1;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct talk t;

        talk_upload(&t, 1000 + wire_random(&rnd) % 100000,
                    1 + wire_random(&rnd) % 1460);
        t.port = (uint16_t)(30000 + round);
        check_talk(&t);
        talk_clear(&t);
    }
}

/* Repetition and a little disorder are clean enough for it. */
static void test_twice_and_swapped(void **state)
{
    uint64_t rnd = 2;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct talk t;

        talk_upload(&t, 50000, 1448);
        t.port = (uint16_t)(20000 + round);
        for (size_t i = t.first_data; i + 6 < t.count; i++) {
            if (wire_random(&rnd) % 5 == 0)
                talk_insert(&t, i, t.p[i]);
            if (t.p[i].len > 0 && t.p[i + 1].len > 0 &&
                wire_random(&rnd) % 5 == 0)
                talk_move(&t, i, i + 1);
        }
        check_talk(&t);
        talk_clear(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_twice_and_swapped),
    };

    start_oracle();
    int failed =
        cmocka_run_group_tests_name("session/oracle", tests, NULL, NULL);
    nids_exit();
    pcap_close(nids_params.pcap_desc);
    free(given[0]);
    free(given[1]);
    return failed;
}
