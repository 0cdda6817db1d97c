// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ties.c - which name stands for which, over all books.
 *
 * Ties that are put wait in a table by their weaker name, each once. It must
 * not settle what a name stands for: a ledger does, given its ties.
 */
#include "state/store.h"

#include <stdlib.h>
#include <string.h>

enum { MONTH = 32 }; /* days of which one is noted when a tie was seen */

/* Two kinds in one number of the table. */
static int64_t kinds_of(const struct ledger_tie *t)
{
    return t->weak.kind | t->strong.kind << 4;
}

/* One tie told twice: the strongest kinds, and the mask that goes with it. */
static void merge(struct ledger_tie *into, const struct ledger_tie *from)
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

static uint32_t *slot_of(const struct state *st, uint64_t weak)
{
    uint64_t hash = hash_mix(&st->key, 1, weak);

    return &st->tie_slots[(size_t)hash & (st->tie_slot_count - 1)];
}

/* Room for one more tie, and buckets for all. */
static bool reserve(struct state *st)
{
    size_t room = st->tie_room > 0 ? st->tie_room * 2 : 256;
    struct waiting_tie *ties;
    uint32_t *slots;

    if (st->tie_count < st->tie_room)
        return true;
    if (room * sizeof(*ties) + st->held > st->memory)
        return false;
    ties = reallocarray(st->ties, room, sizeof(*ties));
    if (!ties)
        return false;
    st->ties = ties;
    slots = calloc(room, sizeof(*slots));
    if (!slots)
        return false;
    free(st->tie_slots);
    st->tie_slots = slots;
    st->tie_slot_count = st->tie_room = room;
    for (uint32_t i = 0; i < st->tie_count; i++) {
        uint32_t *slot = slot_of(st, ties[i].tie.weak.pseudonym);
        ties[i].next = *slot;
        *slot = i + 1;
    }
    return true;
}

static bool put(void *ctx, const struct ledger_tie *tie)
{
    struct state *st = ctx;
    uint32_t *slot;

    if (!reserve(st))
        return false;
    slot = slot_of(st, tie->weak.pseudonym);
    for (uint32_t i = *slot; i != 0; i = st->ties[i - 1].next) {
        struct ledger_tie *have = &st->ties[i - 1].tie;
        if (have->weak.pseudonym != tie->weak.pseudonym ||
            have->strong.pseudonym != tie->strong.pseudonym)
            continue;
        merge(have, tie);
        return true;
    }
    st->ties[st->tie_count] = (struct waiting_tie){*tie, *slot};
    *slot = (uint32_t)++st->tie_count;
    st->weak |= kind_class(tie->weak.kind);
    return true;
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

static void take(struct sql_query *q, uint64_t weak, struct ledger_tie *tie)
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
        take(st->get_tie, weak, &tie);
        err = ledger_tie(into, &tie);
    }
    sql_reset(st->get_tie);
    if (step == SQL_FAILED) {
        state_failed(st);
        return ERR_IO;
    }
    if (st->tie_count == 0)
        return err;
    for (uint32_t i = *slot_of(st, weak); err == ERR_OK && i != 0;
         i = st->ties[i - 1].next) {
        if (st->ties[i - 1].tie.weak.pseudonym == weak)
            err = ledger_tie(into, &st->ties[i - 1].tie);
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

/* --- writing ---------------------------------------------------------------
 */

static int64_t month_of(const struct state *st)
{
    return st->today == INT64_MIN ? 0 : (st->today + DAY_ZERO) / MONTH;
}

/* Is it there already, so that nothing is to be written? Else merge it. */
static bool is_stored(struct state *st, struct ledger_tie *tie, int64_t month,
                      bool *ok)
{
    struct ledger_tie have;
    enum sql_step step;
    bool stored = false;

    sql_set(st->get_tie, 1, (int64_t)tie->weak.pseudonym);
    while ((step = sql_step(st->get_tie)) == SQL_ROW) {
        if ((uint64_t)sql_get(st->get_tie, 0) != tie->strong.pseudonym)
            continue;
        take(st->get_tie, tie->weak.pseudonym, &have);
        merge(tie, &have);
        stored = sql_get(st->get_tie, 2) >= month &&
                 kinds_of(tie) == kinds_of(&have) &&
                 strcmp(tie->mask, have.mask) == 0;
        break;
    }
    sql_reset(st->get_tie);
    *ok = step != SQL_FAILED;
    return stored;
}

static bool write_one(struct state *st, struct ledger_tie tie, int64_t month)
{
    bool ok;

    if (is_stored(st, &tie, month, &ok) || !ok)
        return ok;
    sql_set(st->put_tie, 1, (int64_t)tie.weak.pseudonym);
    sql_set(st->put_tie, 2, (int64_t)tie.strong.pseudonym);
    sql_set(st->put_tie, 3, kinds_of(&tie));
    sql_set(st->put_tie, 4, month);
    sql_set_text(st->put_tie, 5, tie.mask);
    return sql_step(st->put_tie) == SQL_DONE;
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
    int64_t month = month_of(st);
    bool ok = write_weak(st);

    for (size_t i = 0; ok && i < st->tie_count; i++)
        ok = write_one(st, st->ties[i].tie, month);
    return ok;
}

void ties_clear(struct state *st)
{
    free(st->ties);
    free(st->tie_slots);
    st->ties = NULL;
    st->tie_slots = NULL;
    st->tie_count = st->tie_room = st->tie_slot_count = 0;
}
