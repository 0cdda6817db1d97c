// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * known.c - the last sequence of each incident that a spool has.
 */
#include "output/known.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/span.h"

enum {
    ROWS = 1 << 17,     /* 24 bytes each, in two tables */
    MOST = ROWS / 4 * 3 /* then the table becomes the old one */
};

bool known_init(struct known *k)
{
    k->young = calloc(ROWS, sizeof(*k->young));
    k->old = calloc(ROWS, sizeof(*k->old));
    k->count = 0;
    if (k->young && k->old)
        return true;
    known_clear(k);
    return false;
}

void known_clear(struct known *k)
{
    free(k->young);
    free(k->old);
    *k = (struct known){0};
}

static uint64_t id_of(const char *id)
{
    uint64_t value = 0;

    (void)span_hex(span_head(span_of(id), 16), &value);
    return value;
}

/* The row of id, or the free one where it belongs. */
static struct known_row *place(struct known_row *table, uint64_t id)
{
    size_t at = (size_t)id & (ROWS - 1);

    while (table[at].sequence != 0 && table[at].id != id)
        at = (at + 1) & (ROWS - 1);
    return &table[at];
}

const struct known_row *known_find(const struct known *k, const char *id)
{
    const struct known_row *row = place(k->young, id_of(id));

    if (row->sequence == 0)
        row = place(k->old, id_of(id));
    return row->sequence != 0 ? row : NULL;
}

void known_add(struct known *k, const char *id, uint32_t sequence, uint64_t tag)
{
    const struct known_row *have = known_find(k, id);

    if (sequence == 0 || (have && have->sequence > sequence))
        return;
    struct known_row *row = place(k->young, id_of(id));
    if (row->sequence == 0 && k->count == MOST) {
        struct known_row *old = k->old;
        k->old = k->young;
        k->young = old;
        memset(k->young, 0, ROWS * sizeof(*k->young));
        k->count = 0;
        row = place(k->young, id_of(id));
    }
    k->count += row->sequence == 0 ? 1 : 0;
    *row = (struct known_row){id_of(id), tag, sequence};
}
