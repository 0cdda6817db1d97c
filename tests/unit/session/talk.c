// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * talk.c - a TCP conversation as a list of packets, to be mutated.
 */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    STEP_NS = 100000,
    ANSWER = 700,
};

struct talk_packet *talk_insert(struct talk *t, size_t i, struct talk_packet p)
{
    if (t->count == t->room) {
        t->room = t->room * 2 + 64;
        t->p = realloc(t->p, t->room * sizeof(*t->p));
        assert_non_null(t->p);
    }
    memmove(t->p + i + 1, t->p + i, (t->count - i) * sizeof(*t->p));
    t->p[i] = p;
    t->count++;
    return &t->p[i];
}

void talk_drop(struct talk *t, size_t i)
{
    t->count--;
    memmove(t->p + i, t->p + i + 1, (t->count - i) * sizeof(*t->p));
}

void talk_move(struct talk *t, size_t i, size_t to)
{
    struct talk_packet p = t->p[i];

    talk_drop(t, i);
    talk_insert(t, to < t->count ? to : t->count, p);
}

void talk_pace(struct talk *t, int64_t step_ns)
{
    for (size_t i = 0; i < t->count; i++)
        t->p[i].time_ns = 1300000000000000000 + (int64_t)i * step_ns;
}

/* Say bytes [from, from + len) of a side. */
static void say(struct talk *t, enum dir dir, size_t place[2],
                const struct talk_packet *more)
{
    struct talk_packet p = *more;
    enum dir to = dir == DIR_CLIENT ? DIR_SERVER : DIR_CLIENT;

    p.dir = dir;
    p.seq = t->isn[dir] + (uint32_t)place[dir];
    p.ack = (p.flags & WIRE_ACK) ? t->isn[to] + (uint32_t)place[to] : 0;
    if (p.flags & WIRE_SYN)
        p.seq--;
    p.bytes = t->text[dir] + (p.len > 0 ? place[dir] : 0);
    talk_insert(t, t->count, p);
    place[dir] += p.len + ((p.flags & WIRE_FIN) ? 1 : 0);
}

static void say_all(struct talk *t, size_t segment)
{
    const struct talk_packet ack = {.flags = WIRE_ACK};
    size_t place[2] = {0, 0};

    say(t, DIR_CLIENT, place, &(struct talk_packet){.flags = WIRE_SYN});
    say(t, DIR_SERVER, place,
        &(struct talk_packet){.flags = WIRE_SYN | WIRE_ACK});
    say(t, DIR_CLIENT, place, &ack);
    t->first_data = t->count;
    for (size_t n = 1; place[DIR_CLIENT] < t->len[DIR_CLIENT]; n++) {
        size_t left = t->len[DIR_CLIENT] - place[DIR_CLIENT];
        say(t, DIR_CLIENT, place,
            &(struct talk_packet){
                .flags = WIRE_ACK,
                .len = (uint32_t)(left < segment ? left : segment)});
        if (n % 2 == 0 || left <= segment)
            say(t, DIR_SERVER, place, &ack);
    }
    say(t, DIR_SERVER, place,
        &(struct talk_packet){.flags = WIRE_ACK | WIRE_PSH,
                              .len = (uint32_t)t->len[DIR_SERVER]});
    say(t, DIR_CLIENT, place, &ack);
    say(t, DIR_CLIENT, place,
        &(struct talk_packet){.flags = WIRE_ACK | WIRE_FIN});
    say(t, DIR_SERVER, place,
        &(struct talk_packet){.flags = WIRE_ACK | WIRE_FIN});
    say(t, DIR_CLIENT, place, &ack);
}

void talk_upload(struct talk *t, size_t len, size_t segment)
{
    *t = (struct talk){
        .len = {len, ANSWER}, .isn = {0xfffff000u, 0x7ffffe00u}, .port = 40000};
    for (int dir = 0; dir < 2; dir++) {
        t->text[dir] = malloc(t->len[dir] + 1);
        assert_non_null(t->text[dir]);
        wire_text(t->text[dir], t->len[dir], 7u + (unsigned)dir);
    }
    say_all(t, segment);
    talk_pace(t, STEP_NS);
}

void talk_again(struct talk *t, uint32_t isn)
{
    t->isn[DIR_CLIENT] = isn;
    t->isn[DIR_SERVER] = isn * 3u;
    say_all(t, 1448);
    talk_pace(t, STEP_NS);
}

void talk_clear(struct talk *t)
{
    free(t->p);
    free(t->text[0]);
    free(t->text[1]);
}

size_t talk_at(const struct talk *t, size_t place)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct talk_packet *p = &t->p[i];
        uint32_t off = t->isn[DIR_CLIENT] + (uint32_t)place - p->seq;

        if (p->dir == DIR_CLIENT && off < p->len)
            return i;
    }
    fail();
    return 0;
}

void talk_drop_place(struct talk *t, size_t place)
{
    talk_drop(t, talk_at(t, place));
}

void talk_drop_flags(struct talk *t, uint8_t flags)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].flags == flags)
            talk_drop(t, i--);
    }
}

void talk_drop_side(struct talk *t, enum dir dir)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->p[i].dir == dir)
            talk_drop(t, i--);
    }
}

void talk_play(const struct talk *t, const char *engine, struct session *s,
               uint64_t number)
{
    uint8_t *room = malloc(WIRE_ROOM);
    const struct wire_end ends[2] = {
        {t->v6 ? "2001:db8::7" : "10.20.0.7", t->port},
        {t->v6 ? "2001:db8:1::9" : "203.0.113.9", 80},
    };

    assert_non_null(room);
    for (size_t i = 0; i < t->count; i++) {
        const struct talk_packet *p = &t->p[i];
        const struct wire_plan plan = {
            .from = ends[p->dir],
            .to = ends[1 - p->dir],
            .seen = {p->time_ns, number + i, 0},
            .seq = p->seq,
            .ack = p->ack,
            .flags = p->flags,
            .bytes = {p->bytes, p->len},
            .cut = p->cut,
            .options = p->options,
            .wrong_sum = p->wrong_sum,
            .tenant = p->tenant,
        };
        struct datagram d;

        wire_tcp(&plan, room, &d);
        /* a copy of its own size: reading past it is seen */
        uint8_t *exact = malloc(d.payload.len);
        assert_non_null(exact);
        memcpy(exact, d.payload.ptr, d.payload.len);
        d.payload.ptr = exact;
        assert_int_equal(heard_engine(engine)->take(s, &d), SKIP_NONE);
        free(exact);
    }
    free(room);
}
