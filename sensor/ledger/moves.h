// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * moves.h - the transfers of a ledger: header, parts, packets, batches.
 *
 * A move is a transfer as the ledger keeps it. Its header is that of the
 * highest batch seen; everything else is a set that batches add to.
 */
#ifndef OUTFLOW_LEDGER_MOVES_H
#define OUTFLOW_LEDGER_MOVES_H

#include "ledger/intern.h"
#include "outflow/ledger.h"

struct move {
    uint64_t flow;
    uint32_t number;  /* of the transfer in its flow */
    uint32_t top;     /* highest batch, + 1; 0 before any */
    uint32_t seen;    /* batches below it are all there */
    uint32_t apart;   /* batches above, as a chain of struct apart */
    uint32_t route;   /* number in routes */
    uint32_t part;    /* newest of its parts */
    uint32_t point;   /* newest of its unread bytes */
    uint32_t packets; /* newest of its further captures */
    uint32_t capture; /* packets in the capture of its first batch */
    uint32_t anomalies;
    uint64_t first_packet, last_packet;
    uint64_t read, missing;
    uint64_t bytes;    /* payload bytes when the highest batch came */
    int64_t time_ns;   /* and its packet time */
    uint32_t ended;    /* last batch, + 1; 0 while it is not known */
    uint32_t separate; /* 0 or 1 */
};

/* Batches from .. to - 1 that came before those in front of them. */
struct apart {
    uint32_t from, to;
    uint32_t next;
};

/* Decoded bytes with a trail, in which rows stood. */
struct piece {
    uint32_t move;
    uint32_t trail, file; /* numbers in names */
    uint32_t next;        /* of the same move */
};

/* Packets of a move in a capture other than its first. */
struct more_packets {
    uint64_t first, last;
    uint32_t capture;
    uint32_t next;
};

/* Unread bytes so far, of one kind, as a batch told them. */
struct point {
    int64_t time_ns;
    uint64_t bytes;
    uint32_t batch;
    uint32_t next; /* of the same move */
    uint32_t kind; /* number in names */
    uint8_t why;
    uint8_t object;
};

/* A stream that lacks bytes. */
struct lack {
    uint64_t flow, bytes;
    uint32_t sender;
};

struct moves {
    struct memory *memory;
    struct hash_key key;
    struct intern names;  /* texts and lists of mail addresses */
    struct intern routes; /* struct ledger_route */
    struct pool items, aparts, pieces, more, points, lacks;
    struct index index, piece_index, lack_index;
};

void moves_init(struct moves *m, struct memory *memory);
void moves_clear(struct moves *m);

static inline struct move *moves_at(const struct moves *m, uint32_t i)
{
    return pool_at(&m->items, i);
}

/*
 * The move of an exposure, with its header merged in; *fresh says that this
 * batch was not seen before. POOL_NONE without memory.
 */
uint32_t moves_add(struct moves *m, const struct exposure *e,
                   const struct resolved *who, bool *fresh);

/* The move of that flow and number, or POOL_NONE. */
uint32_t moves_find(const struct moves *m, uint64_t flow, uint32_t number);

/* Is this batch of a move known, or beyond its end? */
bool move_knows(const struct moves *m, const struct move *move,
                const struct exposure *e);

/*
 * Remember batches from .. to - 1, and packets of one capture: the first of
 * these before top is set. False without memory.
 */
bool moves_note_batches(struct moves *m, struct move *move, uint32_t from,
                        uint32_t to) MUST_USE;
bool moves_note_packets(struct moves *m, struct move *move,
                        const struct ledger_packets *packets) MUST_USE;

/* The part of a move with this trail and file; POOL_NONE: no memory. */
uint32_t moves_piece(struct moves *m, uint32_t move, const char *trail,
                     const char *file);

/* Bytes that the stream of a sender lacks; false without memory. */
bool moves_lack(struct moves *m, uint64_t flow, enum dir sender,
                uint64_t bytes) MUST_USE;
uint64_t moves_lacking(const struct moves *m, uint64_t flow, enum dir sender);

/* The move of a key, made if there is none; POOL_NONE without memory. */
uint32_t moves_make(struct moves *m, uint64_t flow, uint32_t number);

/* Keep who sent what to whom; its number, or POOL_NONE. (route.c) */
uint32_t moves_route(struct moves *m, const struct exposure *e,
                     const struct resolved *who);

#endif
