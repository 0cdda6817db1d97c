// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_reassembly.c - what a tap does to an upload, and what is heard of it.
 *
 * One row per behaviour, played to every engine. The bar: every captured
 * byte in its place, every hole told with its length, nothing else missing.
 */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    UPLOAD = 400000,
    SEGMENT = 1448,
    MEMORY = 1 << 28,
};

static const int64_t ns_of_ms = 1000000;
static const int64_t ns_of_s = 1000000000;

struct row {
    const char *name;
    void (*mutate)(struct talk *t);
    uint64_t missing; /* bytes of the upload */
    uint64_t from;    /* place of its first byte heard */
    uint64_t last;    /* bytes of its end not heard and not proven */
    size_t flows;     /* default 1 */
    bool copies;      /* differing copies are told */
    bool midstream;
    bool answer_lost; /* the server's bytes are not heard */
    uint64_t answer_missing;
    size_t len;  /* of the upload; default UPLOAD */
    bool second; /* the upload stands in the second flow, too */
};

static void drop_place(struct talk *t, size_t place)
{
    talk_drop(t, talk_at(t, place));
}

static void lose_early(struct talk *t)
{
    drop_place(t, SEGMENT * 3);
}

static void lose_middle(struct talk *t)
{
    drop_place(t, UPLOAD / 2);
}

static void lose_last(struct talk *t)
{
    drop_place(t, UPLOAD - 1);
}

static void lose_last_and_fin(struct talk *t)
{
    drop_place(t, UPLOAD - 1);
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].dir == DIR_CLIENT && (t->p[i].flags & WIRE_FIN)) {
            talk_drop(t, i);
            return;
        }
    }
}

static void lose_first(struct talk *t)
{
    drop_place(t, 0);
}

static void lose_every_tenth(struct talk *t)
{
    for (size_t n = 0; n < UPLOAD / SEGMENT; n += 10)
        drop_place(t, n * SEGMENT);
}

static void swap_adjacent(struct talk *t)
{
    for (size_t i = t->first_data; i + 1 < t->count; i += 2)
        talk_move(t, i, i + 1);
    talk_pace(t, 100000);
}

static void jitter(struct talk *t, uint32_t slots)
{
    uint64_t state = 5;
    size_t *key = calloc(t->count, sizeof(*key));

    for (size_t i = 0; i < t->count; i++)
        key[i] = i + wire_random(&state) % slots;
    for (size_t i = 1; i < t->count; i++) { /* stable insertion sort */
        for (size_t k = i; k > 0 && key[k - 1] > key[k]; k--) {
            struct talk_packet p = t->p[k];
            size_t was = key[k];
            t->p[k] = t->p[k - 1];
            t->p[k - 1] = p;
            key[k] = key[k - 1];
            key[k - 1] = was;
        }
    }
    free(key);
    talk_pace(t, 100000);
}

static void jitter_8(struct talk *t)
{
    jitter(t, 8);
}

static void jitter_64(struct talk *t)
{
    jitter(t, 64);
}

static void acks_first(struct talk *t)
{
    for (size_t i = 20; i < t->count; i++) {
        if (t->p[i].dir == DIR_SERVER)
            talk_move(t, i, i - 16);
    }
    talk_pace(t, 100000);
}

static void twice(struct talk *t)
{
    for (size_t i = 0; i < t->count; i += 2)
        talk_insert(t, i, t->p[i]);
}

static void drop_flags(struct talk *t, uint8_t flags)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].flags == flags)
            talk_drop(t, i--);
    }
}

static void no_syn(struct talk *t)
{
    drop_flags(t, WIRE_SYN);
}

static void no_syn_ack(struct talk *t)
{
    drop_flags(t, WIRE_SYN | WIRE_ACK);
}

static void no_handshake(struct talk *t)
{
    talk_drop(t, 0);
    talk_drop(t, 0);
    talk_drop(t, 0);
}

static void start_at_half(struct talk *t)
{
    size_t half = talk_at(t, SEGMENT * 100);

    while (half-- > 0)
        talk_drop(t, 0);
}

static void no_third_ack(struct talk *t)
{
    talk_drop(t, 2);
}

static void drop_side(struct talk *t, enum dir dir)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].dir == dir)
            talk_drop(t, i--);
    }
}

static void client_only(struct talk *t)
{
    drop_side(t, DIR_SERVER);
}

static void client_only_with_loss(struct talk *t)
{
    drop_side(t, DIR_SERVER);
    drop_place(t, UPLOAD / 2);
}

static void server_only(struct talk *t)
{
    drop_side(t, DIR_CLIENT);
}

static void no_fin(struct talk *t)
{
    drop_flags(t, WIRE_FIN | WIRE_ACK);
}

/* A forged packet in front of the middle. */
static struct talk_packet *forge(struct talk *t)
{
    size_t i = talk_at(t, SEGMENT * 100);
    struct talk_packet p = t->p[i];

    p.len = 0;
    return talk_insert(t, i, p);
}

static void forged_rst(struct talk *t)
{
    struct talk_packet *p = forge(t);

    p->flags = WIRE_RST;
    p->seq += 1000;
}

static void forged_exact_rst(struct talk *t)
{
    forge(t)->flags = WIRE_RST | WIRE_ACK;
}

static void forged_ack(struct talk *t)
{
    struct talk_packet *p = forge(t);

    p->dir = DIR_SERVER;
    p->ack = p->seq + 500000000;
    p->seq = t->isn[DIR_SERVER];
}

static void forged_ack_near(struct talk *t)
{
    struct talk_packet *p = forge(t);

    p->dir = DIR_SERVER;
    p->ack = p->seq + 10000000;
    p->seq = t->isn[DIR_SERVER];
}

static void forged_syn(struct talk *t)
{
    struct talk_packet *p = forge(t);

    p->flags = WIRE_SYN;
    p->seq += 0x30000000;
}

static void forged_syn_from_server(struct talk *t)
{
    struct talk_packet *p = forge(t);

    p->dir = DIR_SERVER;
    p->flags = WIRE_SYN | WIRE_ACK;
    p->seq = 0x30000000;
    p->ack = 0x12345678;
}

static void forged_fin(struct talk *t)
{
    forge(t)->flags = WIRE_FIN | WIRE_ACK;
}

static void forged_far_data(struct talk *t)
{
    static const uint8_t junk[SEGMENT] = "junk";

    for (uint32_t n = 1; n < 40; n++) {
        struct talk_packet *p = forge(t);
        p->bytes = junk;
        p->len = sizeof(junk);
        p->seq += n * 0x05a5a5a5u + 0x08000000u;
    }
}

static void wrong_sum_chaff(struct talk *t)
{
    static const uint8_t junk[SEGMENT] = "junk";

    for (size_t n = 1; n < UPLOAD / SEGMENT; n++) {
        size_t i = talk_at(t, n * SEGMENT);
        struct talk_packet p = t->p[i];
        p.wrong_sum = true;
        p.bytes = junk;
        talk_insert(t, n % 2 == 0 ? i : i + 1, p);
    }
}

static void offload(struct talk *t)
{
    for (size_t i = 0; i < t->count; i++)
        t->p[i].wrong_sum = t->p[i].dir == DIR_CLIENT;
}

static void offload_data_only(struct talk *t)
{
    for (size_t i = t->first_data; i < t->count; i++)
        t->p[i].wrong_sum = t->p[i].dir == DIR_CLIENT;
}

static void one_damaged(struct talk *t)
{
    t->p[talk_at(t, UPLOAD / 2)].wrong_sum = true;
}

static void later_by(struct talk *t, size_t from, int64_t ns)
{
    for (size_t i = from; i < t->count; i++)
        t->p[i].time_ns += ns;
}

static void clock_forward(struct talk *t)
{
    later_by(t, t->count / 2, 7200 * ns_of_s);
}

static void clock_back(struct talk *t)
{
    later_by(t, t->count / 2, -7200 * ns_of_s);
}

static void clock_ten_years(struct talk *t)
{
    t->p[t->count / 2].time_ns += 10ll * 365 * 86400 * ns_of_s;
}

static void clock_ten_years_on(struct talk *t)
{
    later_by(t, t->count / 2, 10ll * 365 * 86400 * ns_of_s);
}

static void clock_zero(struct talk *t)
{
    for (size_t i = 0; i < t->count; i += 3)
        t->p[i].time_ns = 0;
}

static void six_hours_idle(struct talk *t)
{
    later_by(t, talk_at(t, SEGMENT * 100), 6 * 3600 * ns_of_s);
}

static void urgent(struct talk *t)
{
    for (size_t i = t->first_data; i < t->count; i += 10)
        t->p[i].flags |= WIRE_URG;
}

static void new_syn_later(struct talk *t)
{
    size_t half = t->count;

    talk_again(t, 0x12345678);
    later_by(t, half, 3700 * ns_of_s);
}

static void reuse_fin_lost(struct talk *t)
{
    drop_flags(t, WIRE_FIN | WIRE_ACK);
    talk_again(t, 0x12345678);
}

/* Without FINs and without a second handshake. */
static void reuse_all_lost(struct talk *t)
{
    drop_flags(t, WIRE_FIN | WIRE_ACK);
    size_t half = t->count;
    talk_again(t, 0x62345678);
    talk_drop(t, half);
    talk_drop(t, half);
    talk_drop(t, half);
}

static void reuse_syn_lost_client_only(struct talk *t)
{
    size_t half = t->count;

    talk_again(t, 0x62345678);
    talk_drop(t, half);
    talk_drop(t, half);
    talk_drop(t, half);
    drop_side(t, DIR_SERVER);
}

static void reuse_after_close(struct talk *t)
{
    talk_again(t, 0x12345678);
}

static void reuse_after_rst(struct talk *t)
{
    drop_flags(t, WIRE_FIN | WIRE_ACK);
    struct talk_packet p = t->p[t->count - 1];
    p.flags = WIRE_RST;
    talk_insert(t, t->count, p);
    talk_again(t, 0x12345678);
}

/* Ten segments come late_by packets later; ACKs stay at the hole. */
static void retransmit_late(struct talk *t, size_t late_by)
{
    size_t first = talk_at(t, SEGMENT * 50);
    uint32_t held = t->p[first].seq;
    struct talk_packet lost[10];

    for (size_t n = 0; n < 10; n++) {
        size_t i = talk_at(t, SEGMENT * (50 + n));
        lost[n] = t->p[i];
        talk_drop(t, i);
    }
    for (size_t i = first; i < first + late_by; i++) {
        if (t->p[i].dir == DIR_SERVER)
            t->p[i].ack = held;
    }
    for (size_t n = 0; n < 10; n++)
        talk_insert(t, first + late_by + n, lost[n]);
    talk_pace(t, ns_of_ms / 2);
}

static void retransmit_40(struct talk *t)
{
    retransmit_late(t, 40);
}

static void retransmit_2000(struct talk *t)
{
    retransmit_late(t, 2000);
}

static void snap_length(struct talk *t)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].len > 1000)
            t->p[i].cut = t->p[i].len - 1000;
    }
}

static void fast_open(struct talk *t)
{
    struct talk_packet *syn = &t->p[0];

    syn->bytes = t->text[DIR_CLIENT];
    syn->len = SEGMENT;
    t->p[1].ack += SEGMENT;
    drop_place(t, SEGMENT / 2); /* the copy behind the handshake, or the SYN */
    talk_insert(t, 0,
                (struct talk_packet){
                    .dir = DIR_CLIENT,
                    .time_ns = t->p[0].time_ns,
                    .flags = WIRE_SYN,
                    .seq = t->isn[DIR_CLIENT] - 1,
                    .bytes = t->text[DIR_CLIENT],
                    .len = SEGMENT,
                });
}

static void fast_open_refused(struct talk *t)
{
    t->p[0].bytes = t->text[DIR_CLIENT];
    t->p[0].len = SEGMENT;
}

static void simultaneous_open(struct talk *t)
{
    struct talk_packet syn = t->p[1];

    syn.flags = WIRE_SYN;
    syn.ack = 0;
    talk_insert(t, 1, syn);
}

static void split_handshake(struct talk *t)
{
    struct talk_packet ack = t->p[1];

    ack.flags = WIRE_ACK;
    ack.seq++;
    t->p[1].flags = WIRE_SYN;
    talk_insert(t, 1, ack);
    t->p[3].flags = WIRE_SYN | WIRE_ACK;
    t->p[3].seq--;
}

static void keep_alive(struct talk *t)
{
    static const uint8_t zero[1] = {0};

    for (size_t n = 10; n < 200; n += 10) {
        size_t i = talk_at(t, n * SEGMENT);
        struct talk_packet p = t->p[i];
        p.seq--;
        p.bytes = zero;
        p.len = 1;
        talk_insert(t, i, p);
    }
}

static void one_byte_segments(struct talk *t)
{
    for (size_t n = 0; n < 3; n++) {
        size_t i = talk_at(t, n * SEGMENT);
        struct talk_packet p = t->p[i];
        talk_drop(t, i);
        for (uint32_t k = 0; k < p.len; k++) {
            struct talk_packet one = p;
            one.seq += k;
            one.bytes += k;
            one.len = 1;
            talk_insert(t, i + k, one);
        }
    }
}

static void reverse_order(struct talk *t)
{
    size_t first = t->first_data;
    size_t last = talk_at(t, UPLOAD - 1);

    for (size_t i = first; i < last; i++)
        talk_move(t, last, i);
    for (size_t i = first; i < last; i++) {
        if (t->p[i].dir == DIR_SERVER)
            t->p[i].ack = t->isn[DIR_CLIENT];
    }
    talk_pace(t, 1000);
}

static void differs_later(struct talk *t)
{
    static const uint8_t other[SEGMENT] = "other";
    size_t i = talk_at(t, SEGMENT * 100);
    struct talk_packet p = t->p[i];

    p.bytes = other;
    talk_insert(t, i + 1, p);
}

static void differs_behind_hole(struct talk *t)
{
    differs_later(t);
    talk_move(t, talk_at(t, SEGMENT * 99), talk_at(t, SEGMENT * 110));
    talk_pace(t, 1000);
}

static void syn_after_data(struct talk *t)
{
    talk_move(t, 0, 30);
    talk_move(t, 0, 20);
    talk_pace(t, 1000);
}

static void header_options(struct talk *t)
{
    for (size_t i = 0; i < t->count; i++)
        t->p[i].options = (uint8_t)(i % 11);
}

static void over_ipv6(struct talk *t)
{
    t->v6 = true;
}

static void nothing(struct talk *t)
{
    (void)t;
}

static const struct row rows[] = {
    {.name = "a clean upload", .mutate = nothing},
    {.name = "IPv6", .mutate = over_ipv6},
    {.name = "header options", .mutate = header_options},
    {.name = "one packet lost early", .mutate = lose_early, .missing = SEGMENT},
    {.name = "one packet lost in the middle",
     .mutate = lose_middle,
     .missing = SEGMENT},
    {.name = "the first packet lost", .mutate = lose_first, .missing = SEGMENT},
    {.name = "the last packet lost is proven by the ACK",
     .mutate = lose_last,
     .missing = UPLOAD % SEGMENT},
    {.name = "the last packet and the FIN lost",
     .mutate = lose_last_and_fin,
     .missing = UPLOAD % SEGMENT},
    {.name = "every tenth packet lost",
     .mutate = lose_every_tenth,
     .missing = 28 * SEGMENT},
    {.name = "adjacent packets swapped", .mutate = swap_adjacent},
    {.name = "capture jitter of 8 packets", .mutate = jitter_8},
    {.name = "capture jitter of 64 packets", .mutate = jitter_64},
    {.name = "ACKs recorded before the data", .mutate = acks_first},
    {.name = "every packet twice", .mutate = twice},
    {.name = "no SYN", .mutate = no_syn},
    {.name = "no SYN/ACK", .mutate = no_syn_ack},
    {.name = "no handshake", .mutate = no_handshake, .midstream = true},
    {.name = "start at half",
     .mutate = start_at_half,
     .from = SEGMENT * 100,
     .midstream = true},
    {.name = "no third ACK", .mutate = no_third_ack},
    {.name = "client side only",
     .mutate = client_only,
     .answer_lost = true,
     .answer_missing = 700},
    {.name = "client side only, one packet lost",
     .mutate = client_only_with_loss,
     .missing = SEGMENT,
     .answer_lost = true,
     .answer_missing = 700},
    {.name = "server side only",
     .mutate = server_only,
     .missing = UPLOAD,
     .last = UPLOAD},
    {.name = "no FIN", .mutate = no_fin},
    {.name = "forged RST at half", .mutate = forged_rst},
    {.name = "forged RST with the right number", .mutate = forged_exact_rst},
    {.name = "forged ACK 500 MB ahead", .mutate = forged_ack},
    {.name = "forged ACK 10 MB ahead", .mutate = forged_ack_near},
    {.name = "forged SYN at half", .mutate = forged_syn},
    {.name = "forged SYN/ACK at half", .mutate = forged_syn_from_server},
    {.name = "forged FIN at half", .mutate = forged_fin},
    {.name = "forged data out of window",
     .mutate = forged_far_data,
     .copies = true},
    {.name = "chaff with wrong checksums",
     .mutate = wrong_sum_chaff,
     .copies = true},
    {.name = "checksums left to the card", .mutate = offload},
    {.name = "checksums left to the card but for the SYN",
     .mutate = offload_data_only},
    {.name = "one damaged segment no better copy comes of",
     .mutate = one_damaged},
    {.name = "clock jumps two hours", .mutate = clock_forward},
    {.name = "clock jumps two hours back", .mutate = clock_back},
    {.name = "one packet ten years ahead", .mutate = clock_ten_years},
    {.name = "clock jumps ten years", .mutate = clock_ten_years_on},
    {.name = "every third packet of 1970", .mutate = clock_zero},
    {.name = "six hours idle",
     .mutate = six_hours_idle,
     .flows = 2,
     .second = true},
    {.name = "URG on every tenth packet", .mutate = urgent},
    {.name = "a new SYN after an hour", .mutate = new_syn_later, .flows = 2},
    {.name = "ports used again, FINs lost",
     .mutate = reuse_fin_lost,
     .flows = 2},
    {.name = "ports used again, FINs and handshake lost",
     .mutate = reuse_all_lost,
     .flows = 2},
    {.name = "ports used again, client side only, no SYN",
     .mutate = reuse_syn_lost_client_only,
     .flows = 2,
     .answer_lost = true,
     .answer_missing = 700},
    {.name = "ports used again after a close",
     .mutate = reuse_after_close,
     .flows = 2},
    {.name = "ports used again after a RST",
     .mutate = reuse_after_rst,
     .flows = 2},
    {.name = "ten segments again 40 packets later", .mutate = retransmit_40},
    {.name = "ten segments again 2000 packets later",
     .mutate = retransmit_2000,
     .len = 4000000},
    {.name = "snap length",
     .mutate = snap_length,
     .missing = 276 * (SEGMENT - 1000)},
    {.name = "data in the SYN", .mutate = fast_open},
    {.name = "data in the SYN, sent again", .mutate = fast_open_refused},
    {.name = "simultaneous open", .mutate = simultaneous_open},
    {.name = "four-way handshake", .mutate = split_handshake},
    {.name = "keep-alive probes", .mutate = keep_alive},
    {.name = "one-byte segments", .mutate = one_byte_segments},
    {.name = "all in reverse order", .mutate = reverse_order},
    {.name = "a later copy differs", .mutate = differs_later, .copies = true},
    {.name = "a later copy differs behind a hole",
     .mutate = differs_behind_hole,
     .copies = true},
    {.name = "SYN and SYN/ACK recorded after data", .mutate = syn_after_data},
};

struct run {
    const struct row *row;
    const char *engine;
};

/* The upload in flow f, whole but for what the row says. */
static void check_upload(const struct heard_flow *f, const struct talk *t,
                         const struct row *row)
{
    const struct heard_stream *up = &f->stream[DIR_CLIENT];
    uint64_t end =
        heard_is(up, t->text[DIR_CLIENT], t->len[DIR_CLIENT], row->from);

    assert_int_equal(end + (row->last == UPLOAD ? 0 : row->last),
                     t->len[DIR_CLIENT]);
    assert_int_equal(f->flow.missing[DIR_CLIENT], row->missing);
    assert_int_equal(f->flow.missing[DIR_SERVER], row->answer_missing);
    if (!row->answer_lost) {
        assert_int_equal(f->stream[DIR_SERVER].len, t->len[DIR_SERVER]);
        assert_memory_equal(f->stream[DIR_SERVER].bytes, t->text[DIR_SERVER],
                            t->len[DIR_SERVER]);
    }
    assert_int_equal(f->flow.midstream, row->midstream);
    assert_int_equal(f->flow.port[DIR_CLIENT], t->port);
}

/* Two flows that hold one upload between them. */
static void check_halves(const struct heard *h, const struct talk *t)
{
    const struct heard_stream *a = &h->flow[0]->stream[DIR_CLIENT];
    const struct heard_stream *b = &h->flow[1]->stream[DIR_CLIENT];

    assert_int_equal(a->len + b->len, t->len[DIR_CLIENT]);
    assert_memory_equal(a->bytes, t->text[DIR_CLIENT], a->len);
    assert_memory_equal(b->bytes, t->text[DIR_CLIENT] + a->len, b->len);
    assert_int_equal(h->flow[0]->why, CLOSE_IDLE);
    assert_true(h->flow[1]->flow.midstream);
}

static void test_row(void **state)
{
    const struct run *run = *state;
    const struct row *row = run->row;
    struct heard h;
    struct talk t;

    talk_upload(&t, row->len > 0 ? row->len : UPLOAD, SEGMENT);
    row->mutate(&t);
    struct session *s = heard_new(&h, run->engine, MEMORY);
    talk_play(&t, run->engine, s, 1);
    heard_end(&h, run->engine, s);

    assert_int_equal(h.flows, row->flows > 0 ? row->flows : 1);
    assert_int_equal(h.counters.flows, h.flows);
    assert_int_equal(h.copies > 0, row->copies);
    assert_int_equal(h.counters.unread[WHY_LIMIT], 0);
    if (row->second) {
        check_halves(&h, &t);
    } else {
        struct row plain = *row;
        for (size_t i = 0; i < h.flows; i++) {
            if (i > 0)
                plain.midstream = h.flow[i]->flow.midstream;
            check_upload(h.flow[i], &t, &plain);
        }
    }
    heard_clear(&h);
    talk_clear(&t);
}

int main(void)
{
    static const char *const engines[] = {"native", "nids"};
    static struct run runs[COUNT(rows) * COUNT(engines)];
    static struct CMUnitTest tests[COUNT(runs)];
    static char names[COUNT(runs)][96];

    for (size_t i = 0; i < COUNT(runs); i++) {
        runs[i] =
            (struct run){&rows[i % COUNT(rows)], engines[i / COUNT(rows)]};
        (void)snprintf(names[i], sizeof(names[i]), "%s: %s", runs[i].engine,
                       runs[i].row->name);
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = test_row, .initial_state = &runs[i]};
    }
    return cmocka_run_group_tests_name("session/reassembly", tests, NULL, NULL);
}
