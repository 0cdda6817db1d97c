// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_hostile.c - what hosts, clocks and attackers do to an upload.
 *
 * Forged packets, wrong checksums, jumping clocks, ports used again.
 */
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const int64_t ns_of_s = 1000000000;

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

/* Far away and in sequence, one with each segment of the upload. */
static void forged_in_sequence(struct talk *t)
{
    static const uint8_t junk[SEGMENT] = "junk";

    for (size_t n = 20; n < UPLOAD / SEGMENT; n++) {
        size_t i = talk_at(t, n * SEGMENT);
        struct talk_packet p = t->p[i];
        p.bytes = junk;
        p.seq += 1u << 30;
        talk_insert(t, i, p);
    }
}

static void forged_in_sequence_one_way(struct talk *t)
{
    forged_in_sequence(t);
    talk_drop_side(t, DIR_SERVER);
}

/* Within what a hole may span, each alone. */
static void forged_ahead(struct talk *t)
{
    static const uint8_t junk[SEGMENT] = "junk";

    for (uint32_t n = 1; n < 40; n++) {
        struct talk_packet *p = forge(t);
        p->bytes = junk;
        p->len = sizeof(junk);
        p->seq += n * 1300000u + 5000000u;
    }
}

static void forged_wild_wrong_sum(struct talk *t)
{
    size_t before = t->count;

    forged_far_data(t);
    forged_ahead(t);
    for (size_t i = 0; i < t->count - before; i++)
        t->p[talk_at(t, SEGMENT * 100) - i - 1].wrong_sum = true;
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
    talk_drop_flags(t, WIRE_FIN | WIRE_ACK);
    talk_again(t, 0x12345678);
}

/* Without FINs and without a second handshake. */
static void reuse_all_lost_by(struct talk *t, uint32_t jump)
{
    talk_drop_flags(t, WIRE_FIN | WIRE_ACK);
    size_t half = t->count;
    talk_again(t, jump);
    talk_drop(t, half);
    talk_drop(t, half);
    talk_drop(t, half);
}

static void reuse_all_lost(struct talk *t)
{
    reuse_all_lost_by(t, 0x62345678);
}

/* Linux adds 16 MB a second to its first number. */
static void reuse_two_seconds_later(struct talk *t)
{
    reuse_all_lost_by(t, 31 << 20);
}

static void reuse_with_lower_numbers(struct talk *t)
{
    reuse_all_lost_by(t, 0u - (30 << 20));
}

static void reuse_syn_lost_client_only(struct talk *t)
{
    size_t half = t->count;

    talk_again(t, 0x62345678);
    talk_drop(t, half);
    talk_drop(t, half);
    talk_drop(t, half);
    talk_drop_side(t, DIR_SERVER);
}

static void reuse_after_close(struct talk *t)
{
    talk_again(t, 0x12345678);
}

static void reuse_after_rst(struct talk *t)
{
    talk_drop_flags(t, WIRE_FIN | WIRE_ACK);
    struct talk_packet p = t->p[t->count - 1];
    p.flags = WIRE_RST;
    talk_insert(t, t->count, p);
    talk_again(t, 0x12345678);
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

static const struct row rows[] = {
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
    {.name = "forged data out of window in sequence",
     .mutate = forged_in_sequence,
     .copies = true},
    {.name = "the same, client side only",
     .mutate = forged_in_sequence_one_way,
     .copies = true,
     .answer_lost = true,
     .answer_missing = 700},
    {.name = "forged data far ahead in window",
     .mutate = forged_ahead,
     .copies = true},
    {.name = "the same and wilder with wrong checksums",
     .mutate = forged_wild_wrong_sum,
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
    {.name = "the same, numbers two seconds on",
     .mutate = reuse_two_seconds_later,
     .flows = 2},
    {.name = "the same, numbers a little lower",
     .mutate = reuse_with_lower_numbers,
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
    {.name = "keep-alive probes", .mutate = keep_alive},
    {.name = "a later copy differs", .mutate = differs_later, .copies = true},
    {.name = "a later copy differs behind a hole",
     .mutate = differs_behind_hole,
     .copies = true},
};

int main(void)
{
    return rows_run("session/hostile", rows, COUNT(rows));
}
