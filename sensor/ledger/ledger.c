// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ledger.c - take exposures in.
 *
 * A batch is looked at once; its header, records and unread bytes go to
 * their tables. It must not judge.
 */
#include "ledger/format.h"

#include <stdlib.h>

enum {
    LOOK_BACK = 4, /* newest entries that a row may be merged with */
    AHEAD = 8,     /* records whose customers are asked for before */
};

struct ledger *ledger_new(uint64_t memory)
{
    struct ledger *l = calloc(1, sizeof(*l));

    if (!l)
        return NULL;
    l->memory.cap = memory;
    customers_init(&l->customers, &l->memory);
    moves_init(&l->moves, &l->memory);
    pool_init(&l->entries, &l->memory, sizeof(struct ledger_entry));
    return l;
}

void ledger_free(struct ledger *l)
{
    if (!l)
        return;
    reading_clear(&l->reading);
    customers_clear(&l->customers);
    moves_clear(&l->moves);
    pool_clear(&l->entries);
    free(l);
}

bool entry_is_short(const struct ledger_entry *e)
{
    return ledger_second(e->first_ns) ==
           ledger_second(e->first_ns + e->span_ns);
}

bool entry_same(const struct ledger_entry *a, const struct ledger_entry *b)
{
    if (a->part != b->part || a->fields != b->fields)
        return false;
    if (a->first_ns == b->first_ns && a->span_ns == b->span_ns)
        return true;
    return ledger_second(a->first_ns) == ledger_second(b->first_ns) &&
           entry_is_short(a) && entry_is_short(b);
}

void entry_merge(struct ledger_entry *into, const struct ledger_entry *from)
{
    int64_t first = into->first_ns, last = first + into->span_ns;

    if (from->first_ns < first)
        first = from->first_ns;
    if (from->first_ns + from->span_ns > last)
        last = from->first_ns + from->span_ns;
    into->first_ns = first;
    into->span_ns = (uint32_t)(last - first);
    into->rows = from->rows > UINT32_MAX - into->rows ? UINT32_MAX
                                                      : into->rows + from->rows;
}

bool ledger_add_entry(struct ledger *l, const struct ledger_entry *e)
{
    struct customer *who = customers_at(&l->customers, e->customer);
    struct ledger_entry *to;
    uint32_t i = who->newest;

    for (unsigned n = 0; n < LOOK_BACK && i != 0; n++) {
        to = pool_at(&l->entries, i - 1);
        if (entry_same(to, e)) {
            entry_merge(to, e);
            return true;
        }
        i = to->older;
    }
    i = pool_add(&l->entries);
    if (i == POOL_NONE)
        return false;
    to = pool_at(&l->entries, i);
    *to = *e;
    to->older = who->newest;
    who->newest = i + 1;
    return true;
}

/* Records cross a pipe from where hostile bytes are read. */
static bool record_is_sound(const struct record *r)
{
    bool sound = r->name.kind < NAME_KINDS && r->weaker_count <= RECORD_WEAKER;

    for (unsigned i = 0; sound && i < r->weaker_count; i++)
        sound = r->weaker[i].kind < NAME_KINDS;
    return sound && r->fields < FIELD_BIT(FIELD_TYPES);
}

static bool add_record(struct ledger *l, uint32_t part, const struct record *r)
{
    int64_t first = r->first.time_ns, last = r->last.time_ns;
    struct ledger_entry e = {.first_ns = first < last ? first : last,
                             .part = part,
                             .fields = r->fields,
                             .rows = r->rows > 0 ? r->rows : 1};
    int64_t span = first < last ? last - first : first - last;

    if (!record_is_sound(r))
        return false;
    e.customer = customers_add(&l->customers, r);
    if (e.customer == POOL_NONE)
        return false;
    if (span <= UINT32_MAX) {
        e.span_ns = (uint32_t)span;
        return ledger_add_entry(l, &e);
    }
    /* Rows far apart: the last of them is an entry of its own. */
    e.rows -= e.rows > 1;
    if (!ledger_add_entry(l, &e))
        return false;
    e.first_ns += span;
    e.rows = r->rows > 1;
    return ledger_add_entry(l, &e);
}

/* Records that came to their end after that time. */
static bool add_records(struct ledger *l, uint32_t move,
                        const struct exposure *e, int64_t after_ns)
{
    uint32_t part = moves_piece(&l->moves, move, e->trail, e->file);
    uint64_t lost = 0;

    if (part == POOL_NONE) {
        l->lost += e->record_count;
        return false;
    }
    for (size_t i = 0; i < e->record_count; i++) {
        if (i + AHEAD < e->record_count)
            customers_ask(&l->customers, e->records[i + AHEAD].name.pseudonym);
        if (e->records[i].last.time_ns > after_ns)
            lost += !add_record(l, part, &e->records[i]);
    }
    l->lost += lost;
    return lost == 0;
}

/* The later batch of one second tells what there was. */
bool ledger_add_point(struct ledger *l, struct move *move,
                      const struct point *p)
{
    uint32_t i = move->point;
    struct point *to;

    for (unsigned n = 0; n < LIMIT_BATCH_UNREAD && i != POOL_NONE; n++) {
        to = pool_at(&l->moves.points, i);
        i = to->next;
        if (to->kind != p->kind || to->why != p->why ||
            to->object != p->object ||
            ledger_second(to->time_ns) != ledger_second(p->time_ns))
            continue;
        if (p->batch > to->batch ||
            (p->batch == to->batch && p->bytes > to->bytes)) {
            to->time_ns = p->time_ns;
            to->bytes = p->bytes;
            to->batch = p->batch;
        }
        return true;
    }
    i = pool_add(&l->moves.points);
    if (i == POOL_NONE)
        return false;
    to = pool_at(&l->moves.points, i);
    *to = *p;
    to->next = move->point;
    move->point = i;
    return true;
}

static bool add_points(struct ledger *l, uint32_t move,
                       const struct exposure *e)
{
    for (size_t i = 0; i < e->unread_count; i++) {
        const struct exposed_unread *u = &e->unread[i];
        struct point p = {.time_ns = e->time_ns,
                          .bytes = u->bytes,
                          .batch = e->batch,
                          .kind = intern_text(&l->moves.names, u->kind),
                          .why = (uint8_t)u->why,
                          .object = u->object};
        if (u->bytes == 0)
            continue;
        if (p.kind == POOL_NONE ||
            !ledger_add_point(l, moves_at(&l->moves, move), &p))
            return false;
    }
    return true;
}

static enum err add(struct ledger *l, const struct exposure *e,
                    const struct resolved *who, int64_t after_ns)
{
    bool fresh = false, ok;
    uint32_t move = moves_add(&l->moves, e, who, &fresh);

    l->settled = false;
    if (move == POOL_NONE) {
        l->lost += e->record_count;
        return ERR_LIMIT;
    }
    ok = moves_lack(&l->moves, e->flow, e->sender, e->stream_missing);
    if (!fresh)
        return ok ? ERR_OK : ERR_LIMIT;
    ok &= add_points(l, move, e);
    /* An unread part has a trail too. */
    if (e->record_count > 0 || e->unread_count > 0)
        ok &= add_records(l, move, e, after_ns);
    return ok ? ERR_OK : ERR_LIMIT;
}

/* A last batch that has grown since: its rows up to there are counted. */
static int64_t counted_until(const struct ledger *l, const struct exposure *e)
{
    uint32_t i = moves_find(&l->moves, e->flow, e->transfer);
    const struct move *move;

    if (i == POOL_NONE)
        return INT64_MIN;
    move = moves_at(&l->moves, i);
    return e->batch + 1 == move->top ? move->time_ns : INT64_MIN;
}

enum err ledger_add(struct ledger *l, const struct exposure *e,
                    const struct resolved *who)
{
    return add(l, e, who, counted_until(l, e));
}

enum err ledger_add_both(struct ledger *all, struct ledger *fresh,
                         const struct exposure *e, const struct resolved *who)
{
    int64_t after_ns = counted_until(all, e);
    enum err err = ERR_OK;

    if (!ledger_knows(all, e))
        err = add(fresh, e, who, after_ns);
    return add(all, e, who, after_ns) == ERR_OK ? err : ERR_LIMIT;
}

uint64_t ledger_lost(const struct ledger *l)
{
    return l->lost;
}
