// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * join.c - several parts of a day become one.
 *
 * A busy day gets a part with every commit. Parts of much the same size are
 * joined, so that what is written again stays a small multiple of what came;
 * when the day is over, all of them are. A part that cannot be read is left
 * where it is. It must not lose a row.
 */
#include "state/store.h"

#include <stdlib.h>

enum { LEAST = 4 }; /* parts of one size that are worth joining */

struct part {
    int64_t id;
    uint64_t bytes;
};

struct parts {
    struct part list[PARTS];
    size_t count;
};

static bool read_parts(struct state *st, uint32_t book, int64_t day,
                       struct parts *p)
{
    struct sql_query *q =
        sql_query(st->db, "SELECT id, length(blob) FROM days WHERE id BETWEEN"
                          " ? AND ? ORDER BY id");
    enum sql_step step = SQL_FAILED;

    p->count = 0;
    if (q) {
        sql_set(q, 1, day_row(book, day, 0));
        sql_set(q, 2, day_row(book, day, PARTS - 1));
        while ((step = sql_step(q)) == SQL_ROW && p->count < PARTS)
            p->list[p->count++] =
                (struct part){sql_get(q, 0), (uint64_t)sql_get(q, 1)};
    }
    sql_query_free(q);
    return step == SQL_DONE;
}

/* The first of the newest parts that are much of one size. */
static size_t choose(const struct parts *p)
{
    size_t first = p->count;
    uint64_t sum = 0;

    while (first > 0 && (sum == 0 || p->list[first - 1].bytes <= 2 * sum))
        sum += p->list[--first].bytes;
    return p->count - first >= LEAST ? first : p->count;
}

/* Unpack those parts into one ledger; false when one cannot be. */
static bool gather(struct state *st, const struct part *from,
                   const struct part *to, const struct ledger_codec *codec,
                   struct ledger *l)
{
    struct sql_query *q = sql_query(
        st->db, "SELECT blob FROM days WHERE id BETWEEN ? AND ? ORDER BY id");
    enum sql_step step = SQL_FAILED;
    bool ok = q != NULL;

    if (ok) {
        sql_set(q, 1, from->id);
        sql_set(q, 2, to->id);
    }
    while (ok && (step = sql_step(q)) == SQL_ROW)
        ok = ledger_unpack(l, sql_get_bytes(q, 0), codec) == ERR_OK;
    sql_query_free(q);
    return ok && step == SQL_DONE;
}

static bool replace(struct state *st, const struct part *from,
                    const struct part *to, const struct buf *blob, size_t rows)
{
    const int64_t ids[] = {from->id, to->id};

    if (!sql_run(st->db, "DELETE FROM days WHERE id BETWEEN ? AND ?", ids, 2))
        return false;
    sql_set(st->put_day, 1, from->id);
    sql_set(st->put_day, 2, (int64_t)rows);
    sql_set_bytes(st->put_day, 3, buf_span(blob));
    return sql_step(st->put_day) == SQL_DONE;
}

/* Every partner that any blob names, so that none is forgotten. */
static struct partner *all_partners(const struct state *st)
{
    struct partner *list = calloc(st->partners.count + 1, sizeof(*list));

    for (size_t i = 0; list && i < st->partners.count; i++)
        list[i].name = st->partners.list[i];
    return list;
}

static bool join(struct state *st, const struct part *from,
                 const struct part *to, int64_t day)
{
    struct partner *partners = all_partners(st);
    struct ledger *l = ledger_new(LIMIT_STATE_JOIN);
    const struct ledger_codec codec = {partners, st->partners.count};
    struct buf blob;
    size_t rows;
    bool ok = true;

    buf_init(&blob, LIMIT_STATE_BLOB);
    if (partners && l && gather(st, from, to, &codec, l) &&
        ledger_pack_day(l, day, &codec, &blob, &rows) == ERR_OK)
        ok = replace(st, from, to, &blob, rows);
    buf_clear(&blob);
    ledger_free(l);
    free(partners);
    return ok;
}

static bool forget_loose(struct state *st, uint32_t book, int64_t day)
{
    const int64_t id = day_row(book, day, 0) >> PART_BITS;

    return sql_run(st->db, "DELETE FROM loose WHERE id = ?", &id, 1);
}

bool days_join(struct state *st, uint32_t book, int64_t day, bool all)
{
    struct parts *p = calloc(1, sizeof(*p));
    bool ok = p && read_parts(st, book, day, p);
    size_t first;

    if (!ok) {
        free(p);
        return false;
    }
    first = all ? 0 : choose(p);
    if (p->count - first > 1)
        ok = join(st, &p->list[first], &p->list[p->count - 1], day);
    if (ok && all)
        ok = forget_loose(st, book, day);
    free(p);
    return ok;
}
