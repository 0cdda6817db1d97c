// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpacker.h - unpacking at work: what its two steps share.
 */
#ifndef OUTFLOW_LEDGER_UNPACKER_H
#define OUTFLOW_LEDGER_UNPACKER_H

#include "ledger/format.h"

struct numbers {
    uint32_t *list; /* owned */
    size_t count, room;
};

struct unpacker {
    struct ledger *l;
    const struct ledger_codec *codec;
    struct bits_in in; /* failed: the blob makes no sense */
    bool full;         /* the ledger, or memory, is at its end */
    int64_t from_ns, unit;
    struct numbers names;  /* of texts, in the ledger's names */
    struct numbers pieces; /* of parts, in the ledger's */
    struct exposure e;     /* the route so far */
    struct resolved who;
    struct party *parties; /* owned: who.parties */
    const char **mail_to;  /* owned: e.mail_to */
    uint32_t route;        /* its number in the ledger */
    struct ledger_packets packets;
    char text[PACK_TEXT + 1];
};

/* Customers and their rows (unpack_rows.c). */
void unpacker_rows(struct unpacker *u);

#endif
