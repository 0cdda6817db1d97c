// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_reassembly.c - what a tap does to an upload.
 *
 * Loss, disorder, repetition, missing ends and sides.
 */
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const int64_t ns_of_ms = 1000000;

static void lose_early(struct talk *t)
{
    talk_drop_place(t, SEGMENT * 3);
}

static void lose_middle(struct talk *t)
{
    talk_drop_place(t, UPLOAD / 2);
}

static void lose_last(struct talk *t)
{
    talk_drop_place(t, UPLOAD - 1);
}

static void lose_last_and_fin(struct talk *t)
{
    talk_drop_place(t, UPLOAD - 1);
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].dir == DIR_CLIENT && (t->p[i].flags & WIRE_FIN)) {
            talk_drop(t, i);
            return;
        }
    }
}

static void lose_first(struct talk *t)
{
    talk_drop_place(t, 0);
}

static void lose_every_tenth(struct talk *t)
{
    for (size_t n = 0; n < UPLOAD / SEGMENT; n += 10)
        talk_drop_place(t, n * SEGMENT);
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

static void no_syn(struct talk *t)
{
    talk_drop_flags(t, WIRE_SYN);
}

static void no_syn_ack(struct talk *t)
{
    talk_drop_flags(t, WIRE_SYN | WIRE_ACK);
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

static void client_only(struct talk *t)
{
    talk_drop_side(t, DIR_SERVER);
}

static void client_only_with_loss(struct talk *t)
{
    talk_drop_side(t, DIR_SERVER);
    talk_drop_place(t, UPLOAD / 2);
}

static void server_only(struct talk *t)
{
    talk_drop_side(t, DIR_CLIENT);
}

static void no_fin(struct talk *t)
{
    talk_drop_flags(t, WIRE_FIN | WIRE_ACK);
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
    talk_drop_place(t, SEGMENT /
                           2); /* the copy behind the handshake, or the SYN */
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
    {.name = "one-byte segments", .mutate = one_byte_segments},
    {.name = "all in reverse order", .mutate = reverse_order},
    {.name = "SYN and SYN/ACK recorded after data", .mutate = syn_after_data},
};

int main(void)
{
    return rows_run("session/reassembly", rows, COUNT(rows));
}
