// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * talk.h - a TCP conversation as a list of packets, to be mutated.
 *
 * talk_upload writes what two hosts would say; tests drop, move, repeat and
 * forge packets of the list, and play it to an engine.
 */
#ifndef OUTFLOW_TESTS_TALK_H
#define OUTFLOW_TESTS_TALK_H

#include "heard.h"
#include "support/wire.h"

struct talk_packet {
    enum dir dir;
    int64_t time_ns;
    uint32_t seq, ack;
    uint8_t flags;
    const uint8_t *bytes; /* borrowed, usually from text */
    uint32_t len;
    uint32_t cut; /* of len, bytes the capture lacks */
    bool wrong_sum;
    uint8_t options;
    uint64_t tenant;
};

struct talk {
    struct talk_packet *p;
    size_t count, room;
    uint8_t *text[2]; /* what each side says */
    size_t len[2];
    uint32_t isn[2]; /* sequence number of the first byte */
    uint16_t port;   /* the client's */
    bool v6;
    size_t first_data; /* packet of the first client bytes */
};

/* A new talk: handshake, len bytes up, a short answer, FINs. */
void talk_upload(struct talk *t, size_t len, size_t segment);

/* The same over another beginning, added behind what is there. */
void talk_again(struct talk *t, uint32_t isn);
void talk_clear(struct talk *t);

/* Packets at index i: forget one, put one in, move one to index to. */
void talk_drop(struct talk *t, size_t i);
struct talk_packet *talk_insert(struct talk *t, size_t i, struct talk_packet p);
void talk_move(struct talk *t, size_t i, size_t to);

/* Give packets new times in order, step apart. */
void talk_pace(struct talk *t, int64_t step_ns);

/* Index of the packet that carries the client's byte at place. */
size_t talk_at(const struct talk *t, size_t place);

/* Forget the packet with the client's byte at place; all of some flags; all
 * of one side. */
void talk_drop_place(struct talk *t, size_t place);
void talk_drop_flags(struct talk *t, uint8_t flags);
void talk_drop_side(struct talk *t, enum dir dir);

/* Play it: number is that of its first packet. */
void talk_play(const struct talk *t, const char *engine, struct session *s,
               uint64_t number);

#endif
