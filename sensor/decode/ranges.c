// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ranges.c - the table of seams between ranges.
 *
 * A ring of files, the oldest makes room; each has its first line and a ring
 * of halves of lines. Keys are hashes: two files under one would join lines
 * that are not one, which no detector takes for more than a wrong row.
 *
 * It must not allocate before a range is seen.
 */
#include "decode/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"
#include "util/hash.h"

enum { SEAMS = 16 }; /* halves of lines of one file that wait */

struct seam {
    uint64_t place;
    uint8_t part; /* enum range_part */
    bool used;
    struct buf bytes;
};

struct file {
    uint64_t key;
    struct buf header;
    struct seam seam[SEAMS];
    unsigned next; /* seam to use */
};

struct ranges {
    struct file *file[LIMIT_RANGES];
    unsigned next; /* file to use */
};

struct ranges *ranges_new(void)
{
    return calloc(1, sizeof(struct ranges));
}

static void file_clear(struct file *f)
{
    buf_clear(&f->header);
    for (size_t i = 0; i < SEAMS; i++)
        buf_clear(&f->seam[i].bytes);
    memset(f, 0, sizeof(*f));
}

void ranges_free(struct ranges *all)
{
    if (all == NULL)
        return;
    for (size_t i = 0; i < LIMIT_RANGES; i++) {
        if (all->file[i] != NULL)
            file_clear(all->file[i]);
        free(all->file[i]);
    }
    free(all);
}

uint64_t ranges_key(const struct flow *flow, enum dir sender, struct span host,
                    struct span path)
{
    /* not a secret of this run: a result may hang on it */
    static const struct hash_key key = {
        {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 9110}};
    uint64_t state = hash_mix(&key, flow->tenant, sender);

    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        state =
            hash_mix(&key, state,
                     hash_bytes(&key, (struct span){flow->addr[dir].b, 16}));
    state = hash_mix(&key, state, hash_bytes(&key, host));
    return hash_mix(&key, state, hash_bytes(&key, path));
}

static struct file *file_find(struct ranges *all, uint64_t key)
{
    for (size_t i = 0; i < LIMIT_RANGES && all->file[i] != NULL; i++)
        if (all->file[i]->key == key)
            return all->file[i];
    return NULL;
}

/* A file's place, the oldest's if need be; NULL without memory. */
static struct file *file_new(struct ranges *all, uint64_t key)
{
    struct file **at = &all->file[all->next];

    if (*at == NULL)
        *at = calloc(1, sizeof(**at));
    else
        file_clear(*at);
    if (*at == NULL)
        return NULL;
    all->next = (all->next + 1) % LIMIT_RANGES;
    (*at)->key = key;
    return *at;
}

void ranges_keep(struct ranges *all, uint64_t key, enum range_part part,
                 uint64_t place, struct span bytes)
{
    struct file *f = file_find(all, key);
    struct buf *into;

    if (bytes.len > LIMIT_SEAM)
        return;
    if (f == NULL)
        f = file_new(all, key);
    if (f == NULL)
        return;
    if (part == RANGE_HEADER) {
        into = &f->header;
    } else {
        struct seam *seam = &f->seam[f->next];
        f->next = (f->next + 1) % SEAMS;
        seam->place = place;
        seam->used = true;
        seam->part = (uint8_t)part;
        into = &seam->bytes;
    }
    buf_clear(into);
    buf_init(into, LIMIT_SEAM);
    if (!buf_add(into, bytes))
        buf_clear(into);
}

bool ranges_find(struct ranges *all, uint64_t key, enum range_part part,
                 uint64_t place, struct span *bytes)
{
    const struct file *f = file_find(all, key);
    const struct seam *found = NULL;

    if (f == NULL)
        return false;
    if (part == RANGE_HEADER) {
        *bytes = buf_span(&f->header);
        return bytes->len > 0;
    }
    for (size_t i = 0; i < SEAMS; i++) {
        const struct seam *s = &f->seam[i];
        if (s->used && s->part == part && s->place == place)
            found = s;
    }
    if (found != NULL)
        *bytes = buf_span(&found->bytes);
    return found != NULL;
}
