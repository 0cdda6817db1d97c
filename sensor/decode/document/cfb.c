// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cfb.c - sectors, chains and the directory of compound files.
 */
#include "decode/document/cfb.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/reader.h"
#include "util/charset.h"

enum {
    HEAD = 512,
    HEAD_FAT = 109, /* FAT sectors that the header names */
    ENTRY = 128,    /* bytes of a directory entry */
    MINI_SHIFT = 6, /* sectors of the mini stream */
    BUDGET = 8,     /* all chains together: times the file's sectors */
};

#define SECTOR_END     UINT32_C(0xfffffffe)
#define SECTOR_HIGHEST UINT32_C(0xfffffffa) /* beyond: no sector */

static const uint8_t magic[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};

enum match cfb_begins(struct span head)
{
    struct span want = span_head((struct span){magic, sizeof(magic)}, head.len);

    if (!span_starts(head, want))
        return MATCH_NO;
    return want.len == sizeof(magic) ? MATCH_YES : MATCH_MORE;
}

/* --- bytes of a stream --- */

static uint64_t place_of(const struct cfb_stream *s, uint64_t at)
{
    uint64_t inside = at & ((UINT64_C(1) << s->shift) - 1);

    if (s->place == NULL)
        return s->base + at;
    return s->base + ((uint64_t)s->place[at >> s->shift] << s->shift) + inside;
}

struct span cfb_run(const struct cfb_stream *s, uint64_t at, size_t len)
{
    uint64_t sector = UINT64_C(1) << s->shift;

    if (at >= s->size || len == 0)
        return (struct span){NULL, 0};
    if (len > s->size - at)
        len = (size_t)(s->size - at);
    uint64_t from = place_of(s, at);
    uint64_t run = s->place == NULL ? len : sector - (at & (sector - 1));
    while (run < len && place_of(s, at + run) == from + run)
        run += sector;
    if (run > len)
        run = len;
    return span_slice(held_span(s->held), (size_t)from, (size_t)(from + run));
}

size_t cfb_read(const struct cfb_stream *s, uint64_t at, void *out, size_t len)
{
    uint8_t *to = out;
    size_t have = 0;

    while (have < len) {
        struct span run = cfb_run(s, at + have, len - have);
        if (run.len == 0)
            break;
        memcpy(to + have, run.ptr, run.len);
        have += run.len;
    }
    return have;
}

bool cfb_whole(const struct cfb_stream *s, uint64_t at, uint64_t len)
{
    while (len > 0) {
        struct span run = cfb_run(s, at, (size_t)len);
        if (run.len == 0 || !held_whole(s->held, place_of(s, at), run.len))
            return false;
        at += run.len;
        len -= run.len;
    }
    return true;
}

void cfb_put(const struct cfb_stream *s, uint64_t at, uint64_t len,
             struct cells *rows)
{
    enum { PIECE = 512 }; /* holes are told this exactly */

    while (len > 0 && !rows->refused) {
        size_t want = len < PIECE ? (size_t)len : PIECE;
        struct span run = cfb_run(s, at, want);
        if (run.len == 0)
            break;
        if (cfb_whole(s, at, run.len))
            cells_text(rows, run);
        else
            cells_gap(rows, run.len);
        at += run.len;
        len -= run.len;
    }
}

void cfb_stream_close(struct cfb_stream *s)
{
    free(s->place);
    s->place = NULL;
    s->size = 0;
}

/* --- chains --- */

/* A list of sectors: those a chain has, at most most of them. */
struct chain_of {
    const uint32_t *next; /* of each sector */
    uint32_t sectors;
    uint32_t start;
    uint64_t most;
};

/* The sectors of a chain, owned by the caller; NULL: none, or no memory. */
static uint32_t *chain_list(struct cfb *c, const struct chain_of *chain,
                            size_t *count)
{
    uint32_t at = chain->start, mark = SECTOR_END, *list = NULL;
    size_t n = 0, room = 0, turn = 1;

    for (; at < chain->sectors && n < chain->most; at = chain->next[at]) {
        if (at == mark || c->budget == 0) /* a loop */
            break;
        if (n == turn) { /* Brent: compare with a mark ever farther on */
            mark = at;
            turn *= 2;
        }
        if (n == room) {
            room = room > 0 ? room * 2 : 16;
            uint32_t *more = realloc(list, room * sizeof(*list));
            if (more == NULL)
                break;
            list = more;
        }
        list[n++] = at;
        c->budget--;
    }
    if (n < chain->most && at != SECTOR_END)
        c->damaged = true;
    *count = n;
    return list;
}

/* A stream of whole sectors of the file: at most size bytes. */
static struct cfb_stream stream_of(struct cfb *c, uint32_t start, uint64_t size)
{
    uint64_t mask = (UINT64_C(1) << c->shift) - 1;
    const struct chain_of chain = {c->fat, c->sectors, start,
                                   (size >> c->shift) + ((size & mask) > 0)};
    struct cfb_stream s = {
        .held = c->held, .shift = c->shift, .base = UINT64_C(1) << c->shift};
    size_t count = 0;

    s.place = chain_list(c, &chain, &count);
    s.size = (uint64_t)count << c->shift;
    if (count > 0) { /* the last sector of a file may be cut short */
        uint64_t end = place_of(&s, s.size - 1) + 1;
        uint64_t len = c->held->len;
        s.size -= end > len ? end - len : 0;
    }
    if (s.size > size)
        s.size = size;
    return s;
}

/* A stream of mini sectors: their places in the file. */
static bool mini_of(struct cfb *c, const struct cfb_entry *e,
                    struct cfb_stream *s)
{
    uint64_t want = (e->size >> MINI_SHIFT) + ((e->size & 63) > 0);
    const struct chain_of chain = {c->mini, c->mini_sectors, e->start, want};
    size_t count = 0;

    *s = (struct cfb_stream){.held = c->held, .shift = MINI_SHIFT};
    s->place = chain_list(c, &chain, &count);
    for (size_t i = 0; i < count; i++) {
        uint64_t at = (uint64_t)s->place[i] << MINI_SHIFT;
        if (at >= c->small.size) {
            count = i;
            break;
        }
        s->place[i] = (uint32_t)(place_of(&c->small, at) >> MINI_SHIFT);
    }
    s->size = (uint64_t)count << MINI_SHIFT;
    if (s->size > e->size)
        s->size = e->size;
    return true;
}

bool cfb_stream_open(struct cfb *c, const struct cfb_entry *e,
                     struct cfb_stream *s)
{
    if (e->size < c->mini_below && e->kind == CFB_STREAM)
        (void)mini_of(c, e, s);
    else
        *s = stream_of(c, e->start, e->size);
    s->missing = e->size - s->size;
    if (s->missing > c->held->len) /* a size that lies */
        s->missing = 0;
    return s->place != NULL || e->size == 0;
}

/* --- tables --- */

/* A table that says nothing: each sector is followed by the next one. */
static uint32_t *table_new(uint32_t count)
{
    uint32_t *table = malloc(((size_t)count + 1) * sizeof(*table));

    for (uint32_t i = 0; table != NULL && i < count; i++)
        table[i] = i + 1;
    return table;
}

/* Entries of a table from one sector of it; what is missing stays. */
static void table_fill(const struct held *held, uint64_t place,
                       struct span sector, uint32_t *table, uint32_t left)
{
    struct reader r = reader_over(sector);
    bool whole = held_whole(held, place, sector.len);

    for (uint32_t i = 0; i < left && reader_left(&r) >= 4; i++) {
        uint32_t next = reader_u32le(&r);
        if (whole || held_whole(held, place + (uint64_t)i * 4, 4))
            table[i] = next;
    }
}

static struct span sector_at(const struct cfb *c, uint32_t sector,
                             uint64_t *place)
{
    *place = ((uint64_t)sector + 1) << c->shift;
    return span_head(span_skip(held_span(c->held), (size_t)*place),
                     (size_t)1 << c->shift);
}

/* One FAT sector: the n-th. */
static void fat_fill(struct cfb *c, uint32_t n, uint32_t sector)
{
    uint32_t each = UINT32_C(1) << (c->shift - 2);
    uint64_t first = (uint64_t)n * each, place;

    if (sector >= c->sectors || first >= c->sectors) {
        c->damaged |= sector < SECTOR_HIGHEST && first < c->sectors;
        return;
    }
    struct span bytes = sector_at(c, sector, &place);
    table_fill(c->held, place, bytes, c->fat + first,
               c->sectors - (uint32_t)first);
}

/* The FAT: its sectors are named by the header, then by a chain. */
static bool fat_read(struct cfb *c, struct reader head)
{
    uint32_t each = UINT32_C(1) << (c->shift - 2), n = 0, next;
    uint64_t place;

    reader_skip(&head, 68);
    next = reader_u32le(&head);
    reader_skip(&head, 4);
    c->fat = table_new(c->sectors);
    if (c->fat == NULL)
        return false;
    for (; n < HEAD_FAT; n++)
        fat_fill(c, n, reader_u32le(&head));
    while (next < c->sectors && (uint64_t)n * each < c->sectors) {
        struct reader r = reader_over(sector_at(c, next, &place));
        for (uint32_t i = 1; i < each; i++)
            fat_fill(c, n++, reader_u32le(&r));
        uint32_t after = reader_u32le(&r);
        next = held_whole(c->held, place, (size_t)each * 4) ? after : next + 1;
    }
    c->damaged |= next < c->sectors; /* a chain that does not end */
    return true;
}

/* The mini stream is the root's; its FAT is a chain. */
static bool mini_read(struct cfb *c, uint32_t start, uint32_t count)
{
    struct cfb_entry root;

    if (!cfb_entry(c, 0, &root) || root.size == 0)
        return true;
    c->small = stream_of(c, root.start, root.size);
    c->mini_sectors = (uint32_t)(c->small.size >> MINI_SHIFT);
    c->mini = table_new(c->mini_sectors);
    if (c->mini == NULL)
        return false;
    struct cfb_stream s = stream_of(c, start, (uint64_t)count << c->shift);
    for (uint64_t at = 0; at < s.size && at / 4 < c->mini_sectors;) {
        struct span run = cfb_run(&s, at, (size_t)1 << c->shift);
        uint32_t first = (uint32_t)(at / 4);
        table_fill(c->held, place_of(&s, at), run, c->mini + first,
                   c->mini_sectors - first);
        at += run.len;
    }
    cfb_stream_close(&s);
    return true;
}

/* --- the directory --- */

static struct span name_of(struct reader name, size_t len, uint8_t *room)
{
    size_t at = 0;
    uint32_t code;

    for (size_t i = 0; i + 2 < len && at + 3 <= CFB_NAME; i += 2) {
        code = reader_u16le(&name);
        if (code != 0)
            at += charset_put(code, room + at);
    }
    return (struct span){room, at};
}

bool cfb_entry(const struct cfb *c, uint32_t i, struct cfb_entry *e)
{
    uint8_t bytes[ENTRY];
    struct reader r = reader_over((struct span){bytes, sizeof(bytes)});

    if (cfb_read(&c->entries, (uint64_t)i * ENTRY, bytes, ENTRY) < ENTRY)
        return false;
    struct reader name = r;
    reader_skip(&r, 64);
    size_t len = reader_u16le(&r);
    e->kind = (enum cfb_kind)reader_u8(&r);
    reader_skip(&r, 1);
    for (size_t k = 0; k < 3; k++)
        e->link[k] = reader_u32le(&r);
    memcpy(e->class_id, reader_take(&r, 16).ptr, 16);
    reader_skip(&r, 20);
    e->start = reader_u32le(&r);
    e->size = reader_u64le(&r);
    if (!c->wide)
        e->size &= UINT32_MAX;
    e->name = name_of(name, len <= 64 ? len : 64, e->room);
    return (e->kind == CFB_STORAGE || e->kind == CFB_STREAM ||
            e->kind == CFB_ROOT) &&
           len > 0 && len <= 64;
}

/* Which storage is each entry in? Every entry is visited once. */
static bool parents_find(struct cfb *c)
{
    uint32_t *stack = malloc(((size_t)c->count + 1) * sizeof(*stack));
    uint32_t depth = 0;
    struct cfb_entry e;

    if (stack == NULL)
        return false;
    for (uint32_t i = 0; i < c->count; i++)
        c->parent[i] = c->count;
    if (c->count > 0)
        c->parent[0] = 0;
    if (c->count > 0)
        stack[depth++] = 0;
    while (depth > 0) {
        uint32_t at = stack[--depth];
        if (!cfb_entry(c, at, &e))
            continue;
        for (size_t k = 0; k < 3; k++) {
            uint32_t to = e.link[k];
            if (to >= c->count || (k == 2 && e.kind == CFB_STREAM))
                continue;
            c->damaged |= c->parent[to] != c->count;
            if (c->parent[to] != c->count)
                continue;
            c->parent[to] = k == 2 ? at : c->parent[at];
            stack[depth++] = to;
        }
    }
    free(stack);
    return true;
}

/* Entries by their storage; those in none come last. */
static void order_make(struct cfb *c)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < c->count; i++)
        c->first[c->parent[i]]++;
    for (uint32_t i = 0; i <= c->count; i++) {
        uint32_t len = c->first[i];
        c->first[i] = sum;
        sum += len;
    }
    for (uint32_t i = 0; i < c->count; i++)
        c->order[c->first[c->parent[i]]++] = i;
}

static bool directory_read(struct cfb *c, uint32_t start)
{
    c->entries = stream_of(c, start, (uint64_t)c->sectors << c->shift);
    c->count = (uint32_t)(c->entries.size / ENTRY);
    size_t room = ((size_t)c->count + 1) * sizeof(uint32_t);
    c->parent = malloc(room);
    c->order = malloc(room);
    c->first = calloc(1, room);
    if (c->parent == NULL || c->order == NULL || c->first == NULL ||
        !parents_find(c))
        return false;
    order_make(c);
    return true;
}

void cfb_inside(const struct cfb *c, uint32_t storage, uint32_t *from,
                uint32_t *to)
{
    *from = storage > 0 ? c->first[storage - 1] : 0;
    *to = c->first[storage];
}

bool cfb_find(const struct cfb *c, uint32_t storage, struct span name,
              struct cfb_entry *e)
{
    uint32_t from, to;

    cfb_inside(c, storage, &from, &to);
    for (; from < to; from++)
        if (cfb_entry(c, c->order[from], e) && e->kind == CFB_STREAM &&
            span_eq_nocase(e->name, name))
            return true;
    return false;
}

bool cfb_open(struct cfb *c, const struct held *held)
{
    struct reader head = reader_over(span_head(held_span(held), HEAD));
    struct reader r = head;

    *c = (struct cfb){.held = held};
    reader_skip(&r, 26);
    c->wide = reader_u16le(&r) >= 4;
    reader_skip(&r, 2);
    c->shift = reader_u16le(&r);
    reader_skip(&r, 16);
    uint32_t directory = reader_u32le(&r);
    reader_skip(&r, 4);
    c->mini_below = reader_u32le(&r);
    uint32_t mini = reader_u32le(&r);
    uint32_t mini_count = reader_u32le(&r);
    if (cfb_begins(held_span(held)) != MATCH_YES || !reader_ok(&r) ||
        c->shift < 7 || c->shift > 16)
        return false;
    uint64_t sectors = (held->len - 1) >> c->shift;
    if (sectors >= SECTOR_HIGHEST)
        return false;
    c->sectors = (uint32_t)sectors;
    c->budget = (sectors + 64) * BUDGET;
    return fat_read(c, head) && directory_read(c, directory) &&
           mini_read(c, mini, mini_count);
}

void cfb_close(struct cfb *c)
{
    cfb_stream_close(&c->entries);
    cfb_stream_close(&c->small);
    free(c->fat);
    free(c->mini);
    free(c->parent);
    free(c->order);
    free(c->first);
    *c = (struct cfb){0};
}
