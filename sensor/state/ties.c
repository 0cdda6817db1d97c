// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ties.c - which name stands for which, over all books.
 *
 * Recent ties stand in memory by their weaker name, each once, and on disk
 * as blobs in the order they came; spill.c moves them to a table by name
 * when they are many. It must not settle what a name stands for: a ledger
 * does, given its ties.
 */
#include "state/store.h"

#include <stdlib.h>
#include <string.h>

#include "state/tie.h"

void tie_merge(struct ledger_tie *into, const struct ledger_tie *from)
{
    if (from->weak.kind < into->weak.kind)
        into->weak.kind = from->weak.kind;
    if (from->strong.kind > into->strong.kind)
        return;
    if (from->strong.kind < into->strong.kind ||
        strcmp(from->mask, into->mask) < 0)
        memcpy(into->mask, from->mask, sizeof(into->mask));
    into->strong.kind = from->strong.kind;
}

uint32_t tie_month(const struct state *st)
{
    return st->today == INT64_MIN ? 0
                                  : (uint32_t)((st->today + DAY_ZERO) / MONTH);
}

static uint32_t *slot_of(const struct state *st, uint64_t weak)
{
    uint64_t hash = hash_mix(&st->key, 1, weak);

    return &st->tie_slots[(size_t)hash & (st->tie_slot_count - 1)];
}

void ties_index(struct state *st)
{
    memset(st->tie_slots, 0, st->tie_slot_count * sizeof(*st->tie_slots));
    for (uint32_t i = 0; i < st->tie_count; i++) {
        uint32_t *slot = slot_of(st, st->ties[i].weak.pseudonym);
        st->tie_links[i].next = *slot;
        *slot = i + 1;
    }
}

/* Room for one more tie, and buckets for all. */
static bool reserve(struct state *st)
{
    size_t room = st->tie_room > 0 ? st->tie_room * 2 : 256;
    struct ledger_tie *ties;
    struct tie_link *links;
    uint32_t *slots;

    if (st->tie_count < st->tie_room)
        return true;
    if (room > TIES_MOST)
        return false;
    ties = reallocarray(st->ties, room, sizeof(*ties));
    if (ties)
        st->ties = ties;
    links = reallocarray(st->tie_links, room, sizeof(*links));
    if (links)
        st->tie_links = links;
    slots = calloc(room, sizeof(*slots));
    if (!ties || !links || !slots) {
        free(slots);
        return false;
    }
    free(st->tie_slots);
    st->tie_slots = slots;
    st->tie_slot_count = st->tie_room = room;
    ties_index(st);
    return true;
}

static bool add(struct state *st, const struct ledger_tie *tie, uint32_t month)
{
    uint32_t *slot;

    if (!reserve(st))
        return false;
    slot = slot_of(st, tie->weak.pseudonym);
    st->ties[st->tie_count] = *tie;
    st->tie_links[st->tie_count] = (struct tie_link){*slot, month};
    *slot = (uint32_t)++st->tie_count;
    st->weak |= kind_class(tie->weak.kind);
    return true;
}

/* What is on disk already is not changed: what is new stands beside it. */
static bool put(void *ctx, const struct ledger_tie *tie)
{
    struct state *st = ctx;
    struct ledger_tie merged = *tie;
    uint32_t month = tie_month(st), i;

    i = st->tie_slot_count > 0 ? *slot_of(st, tie->weak.pseudonym) : 0;
    for (; i != 0; i = st->tie_links[i - 1].next) {
        struct ledger_tie *have = &st->ties[i - 1];
        if (have->weak.pseudonym != tie->weak.pseudonym ||
            have->strong.pseudonym != tie->strong.pseudonym)
            continue;
        tie_merge(&merged, have);
        if (i > st->tie_stored) {
            *have = merged;
            return true;
        }
        if (st->tie_links[i - 1].month >= month && tie_same(&merged, have))
            return true;
        break;
    }
    return add(st, &merged, month);
}

enum err state_tie_put(struct state *st, struct ledger *fresh)
{
    if (ledger_each_tie(fresh, put, st))
        return ERR_OK;
    st->health.lost_days++;
    return ERR_LIMIT;
}

/* --- loading ---------------------------------------------------------------
 */

void tie_take(struct sql_query *q, uint64_t weak, struct ledger_tie *tie)
{
    const char *mask = sql_get_text(q, 3);
    int64_t kinds = sql_get(q, 1);

    *tie = (struct ledger_tie){
        .weak = {weak, (uint8_t)(kinds & 15)},
        .strong = {(uint64_t)sql_get(q, 0), (uint8_t)(kinds >> 4 & 15)},
    };
    for (size_t i = 0; i < sizeof(tie->mask) - 1 && mask[i] != '\0'; i++)
        tie->mask[i] = mask[i];
}

/* Ties of one weaker name. */
static enum err load_of(struct state *st, uint64_t weak, struct ledger *into)
{
    enum sql_step step;
    struct ledger_tie tie;
    enum err err = ERR_OK;

    sql_set(st->get_tie, 1, (int64_t)weak);
    while ((step = sql_step(st->get_tie)) == SQL_ROW && err == ERR_OK) {
        tie_take(st->get_tie, weak, &tie);
        err = ledger_tie(into, &tie);
    }
    sql_reset(st->get_tie);
    if (step == SQL_FAILED) {
        state_failed(st);
        return ERR_IO;
    }
    if (st->tie_slot_count == 0)
        return err;
    for (uint32_t i = *slot_of(st, weak); err == ERR_OK && i != 0;
         i = st->tie_links[i - 1].next) {
        if (st->ties[i - 1].weak.pseudonym == weak)
            err = ledger_tie(into, &st->ties[i - 1]);
    }
    return err;
}

/* What is added stands at the end and is looked up in its turn. */
enum err state_tie_load(struct state *st, struct ledger *into, size_t from)
{
    enum err err = ERR_OK;

    for (size_t i = from; err == ERR_OK && i < ledger_names(into); i++) {
        struct name name = ledger_name_at(into, i);
        if ((kind_class(name.kind) & st->weak) != 0)
            err = load_of(st, name.pseudonym, into);
    }
    return err;
}

/* --- recent rows
 * --------------------------------------------------------------- */

struct reading {
    struct state *st;
    uint32_t month;
};

static bool take_recent(void *ctx, const struct ledger_tie *tie)
{
    const struct reading *r = ctx;

    return add(r->st, tie, r->month);
}

bool recent_add(struct state *st, const struct recent *row)
{
    size_t room = st->recent_room > 0 ? st->recent_room * 2 : 16;
    struct recent *list;

    if (st->recent_count == st->recent_room) {
        list = reallocarray(st->recents, room, sizeof(*list));
        if (!list)
            return false;
        st->recents = list;
        st->recent_room = room;
    }
    st->recents[st->recent_count++] = *row;
    return true;
}

/* A row that is damaged is counted, and stays where it is. */
bool ties_read(struct state *st)
{
    struct sql_query *q =
        sql_query(st->db, "SELECT id, month, blob FROM recent ORDER BY id");
    enum sql_step step = SQL_FAILED;
    bool ok = true;

    while (q && ok && (step = sql_step(q)) == SQL_ROW) {
        struct reading r = {st, (uint32_t)sql_get(q, 1)};
        struct span blob = sql_get_bytes(q, 2);
        struct recent row = {sql_get(q, 0), st->tie_count, blob.len, r.month};
        enum err err = ledger_unpack_ties(blob, take_recent, &r);
        st->health.lost_days += err == ERR_FORMAT;
        ok = err != ERR_MEMORY && recent_add(st, &row);
    }
    sql_query_free(q);
    st->tie_stored = st->tie_count;
    return ok && step == SQL_DONE;
}

int64_t recent_next(const struct state *st)
{
    return st->recent_count > 0 ? st->recents[st->recent_count - 1].id + 1 : 1;
}

bool recent_put(struct state *st, const struct recent *row, size_t end)
{
    struct sql_query *q =
        sql_query(st->db, "INSERT OR REPLACE INTO recent VALUES (?, ?, ?)");
    struct buf blob;
    bool ok;

    buf_init(&blob, LIMIT_STATE_BLOB);
    ok = q && ledger_pack_ties(st->ties + row->first, end - row->first,
                               &blob) == ERR_OK;
    if (ok) {
        sql_set(q, 1, row->id);
        sql_set(q, 2, row->month);
        sql_set_bytes(q, 3, buf_span(&blob));
        ok = sql_step(q) == SQL_DONE;
    }
    st->recent_bytes = blob.len;
    sql_query_free(q);
    buf_clear(&blob);
    return ok;
}

static bool write_weak(struct state *st)
{
    char text[96];

    snprintf(text, sizeof(text),
             "INSERT OR REPLACE INTO meta VALUES ('weak', %u)", st->weak);
    return st->weak == st->weak_stored || sql_do(st->db, text);
}

bool ties_write(struct state *st)
{
    struct recent row = {recent_next(st), st->tie_stored, 0, tie_month(st)};

    return write_weak(st) && (st->tie_stored == st->tie_count ||
                              recent_put(st, &row, st->tie_count));
}

void ties_written(struct state *st)
{
    struct recent row = {recent_next(st), st->tie_stored, st->recent_bytes,
                         tie_month(st)};

    if (st->tie_stored == st->tie_count)
        return;
    /* Without memory for this the row is one with the next. */
    if (recent_add(st, &row))
        st->tie_stored = st->tie_count;
}

void ties_clear(struct state *st)
{
    free(st->ties);
    free(st->tie_links);
    free(st->tie_slots);
    free(st->recents);
    free(st->spill);
}
