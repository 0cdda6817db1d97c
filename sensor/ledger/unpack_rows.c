// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack_rows.c - a blob's customers into a ledger.
 *
 * It must not use a place before it is held against its set.
 */
#include <stdlib.h>

#include "ledger/unpacker.h"

struct set {
    uint64_t *list; /* owned */
    size_t count;
    unsigned width;
};

struct rows {
    struct set kinds, masks, fields, times, pseudonyms;
    char (*texts)[RECORD_MASK]; /* owned; masks that do not pack */
    size_t text_count;
    bool single, spans, counts;
    struct ledger_entry *list; /* owned; as they were read */
    size_t count, room;
    uint64_t most; /* rows that so many bits can tell */
};

static void get_set(struct unpacker *u, struct set *s)
{
    bool memory = true;

    s->list = bits_get_set(&u->in, &s->count, &memory);
    s->width = bits_width(s->count);
    u->full |= !memory;
}

static void get_texts(struct unpacker *u, struct rows *rows)
{
    uint64_t count = bits_get_number(&u->in);

    if (u->in.failed || count > bits_left(&u->in)) {
        u->in.failed = true;
        return;
    }
    rows->texts = calloc((size_t)count + 1, RECORD_MASK);
    if (!rows->texts) {
        u->full = true;
        return;
    }
    rows->text_count = (size_t)count;
    for (size_t i = 0; i < count; i++)
        (void)bits_get_bytes(&u->in, rows->texts[i], RECORD_MASK - 1);
}

static uint64_t get_place(struct unpacker *u, const struct set *s)
{
    uint64_t at = bits_get(&u->in, s->width);

    if (at < s->count)
        return s->list[at];
    u->in.failed = true;
    return 0;
}

/* The customer at its pseudonym, or POOL_NONE. */
static uint32_t get_customer(struct unpacker *u, const struct rows *rows,
                             uint64_t pseudonym)
{
    struct record r = {.name = {pseudonym, 0}};
    uint64_t at, mask;

    r.name.kind = (uint8_t)get_place(u, &rows->kinds);
    if (rows->text_count > 0 && bits_get(&u->in, 1)) {
        at = bits_get(&u->in, bits_width(rows->text_count));
        if (at >= rows->text_count)
            u->in.failed = true;
        else
            memcpy(r.mask, rows->texts[at], RECORD_MASK);
    } else if (pack_mask_read(&u->in, get_place(u, &rows->masks), &mask)) {
        mask_unpack(mask, r.mask);
    } else {
        u->in.failed = true;
    }
    if (u->in.failed || r.name.kind >= NAME_KINDS) {
        u->in.failed = true;
        return POOL_NONE;
    }
    return customers_add(&u->l->customers, &r);
}

/* A time, and its place among all (place may be NULL). */
static int64_t get_time(struct unpacker *u, const struct rows *rows,
                        uint32_t *place)
{
    uint64_t at = bits_get(&u->in, rows->times.width), time = 0;

    if (at < rows->times.count)
        time = rows->times.list[at] * (uint64_t)u->unit;
    if (at >= rows->times.count || time >= 2 * (uint64_t)PACK_DAY_NS)
        u->in.failed = true;
    if (place)
        *place = (uint32_t)at;
    return u->in.failed ? 0 : u->from_ns + (int64_t)time;
}

/* A row; what is older than it stands for the place of its time. */
static void get_row(struct unpacker *u, const struct rows *rows,
                    struct ledger_entry *e)
{
    uint64_t piece = bits_get(&u->in, bits_width(u->pieces.count));
    uint64_t fields = get_place(u, &rows->fields);

    e->rows = 1;
    e->first_ns = get_time(u, rows, &e->older);
    if (rows->spans && bits_get(&u->in, 1)) {
        int64_t last = get_time(u, rows, NULL);
        if (last < e->first_ns || last - e->first_ns > UINT32_MAX)
            u->in.failed = true;
        else
            e->span_ns = (uint32_t)(last - e->first_ns);
    }
    if (rows->counts)
        e->rows = bits_get_count(&u->in);
    if (piece >= u->pieces.count || fields >= FIELD_BIT(FIELD_TYPES))
        u->in.failed = true;
    if (u->in.failed)
        return;
    e->part = u->pieces.list[piece];
    e->fields = (uint32_t)fields;
}

enum { AHEAD = 8 }; /* customers whose places are asked for before */

/* Room for one more row. Each takes a bit at least, or it is no row. */
static struct ledger_entry *next_row(struct unpacker *u, struct rows *rows)
{
    size_t room = rows->room > 0 ? rows->room * 2 : rows->pseudonyms.count;
    struct ledger_entry *list;

    if (rows->count >= rows->most) {
        u->in.failed = true;
        return NULL;
    }
    if (rows->count == rows->room) {
        list = reallocarray(rows->list, room, sizeof(*list));
        if (!list) {
            u->full = true;
            return NULL;
        }
        rows->list = list;
        rows->room = room;
    }
    rows->list[rows->count] = (struct ledger_entry){.rows = 1};
    return &rows->list[rows->count++];
}

static void get_rows(struct unpacker *u, struct rows *rows)
{
    const struct set *all = &rows->pseudonyms;

    for (size_t i = 0; i < all->count && !u->in.failed && !u->full; i++) {
        uint32_t customer, count;
        if (i + AHEAD < all->count)
            customers_ask(&u->l->customers, all->list[i + AHEAD]);
        customer = get_customer(u, rows, all->list[i]);
        count = rows->single ? 1 : bits_get_count(&u->in);
        u->full |= customer == POOL_NONE && !u->in.failed;
        for (; count > 0 && !u->in.failed && !u->full; count--) {
            struct ledger_entry *e = next_row(u, rows);
            if (!e)
                return;
            e->customer = customer;
            get_row(u, rows, e);
        }
    }
}

/* In the order of time, so that who judges need not sort. */
static void add_rows(struct unpacker *u, const struct rows *rows)
{
    size_t times = rows->times.count;
    uint32_t *first = calloc(times + 1, sizeof(*first));
    uint32_t *order = calloc(rows->count + 1, sizeof(*order));

    u->full |= !first || !order;
    for (size_t i = 0; !u->full && i < rows->count; i++)
        first[rows->list[i].older + 1]++;
    for (size_t i = 0; !u->full && i < times; i++)
        first[i + 1] += first[i];
    for (uint32_t i = 0; !u->full && i < rows->count; i++)
        order[first[rows->list[i].older]++] = i;
    for (size_t i = 0; !u->full && i < rows->count; i++)
        u->full |= !ledger_add_entry(u->l, &rows->list[order[i]]);
    free(first);
    free(order);
}

void unpacker_rows(struct unpacker *u)
{
    struct rows rows = {.texts = NULL};

    get_set(u, &rows.kinds);
    get_set(u, &rows.masks);
    get_texts(u, &rows);
    get_set(u, &rows.fields);
    get_set(u, &rows.times);
    get_set(u, &rows.pseudonyms);
    rows.single = bits_get(&u->in, 1);
    rows.spans = bits_get(&u->in, 1);
    rows.counts = bits_get(&u->in, 1);
    rows.most = bits_left(&u->in) + rows.pseudonyms.count;
    if (!u->in.failed && !u->full)
        get_rows(u, &rows);
    if (!u->in.failed && !u->full)
        add_rows(u, &rows);
    free(rows.list);
    free(rows.kinds.list);
    free(rows.masks.list);
    free(rows.texts);
    free(rows.fields.list);
    free(rows.times.list);
    free(rows.pseudonyms.list);
}
