// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * incidents.c - what was told of each incident, over runs.
 *
 * A put or a drop waits as the newest word on its id. It must not judge.
 */
#include "state/store.h"

#include <stdlib.h>
#include <string.h>

static void incident_clear(struct waiting_incident *w)
{
    free((void *)(uintptr_t)w->in.rule);
    free((void *)(uintptr_t)w->in.subject);
    free((void *)(uintptr_t)w->in.figures.ptr);
    *w = (struct waiting_incident){.dropped = false};
}

/* Own copies of what the caller's points to. */
static bool incident_copy(struct waiting_incident *w,
                          const struct state_incident *in)
{
    uint8_t *figures = malloc(in->figures.len + 1);

    *w = (struct waiting_incident){.in = *in};
    w->in.rule = strdup(in->rule);
    w->in.subject = strdup(in->subject);
    w->in.figures = (struct span){figures, in->figures.len};
    if (figures && w->in.rule && w->in.subject) {
        if (in->figures.len > 0)
            memcpy(figures, in->figures.ptr, in->figures.len);
        /* cppcheck-suppress memleak ; w has it */
        return true;
    }
    incident_clear(w);
    return false;
}

static struct waiting_incident *find_waiting(struct state *st, const char *id)
{
    for (size_t i = 0; i < st->incident_count; i++) {
        if (strcmp(st->incidents[i].in.id, id) == 0)
            return &st->incidents[i];
    }
    return NULL;
}

/* The place for what is said of an id. */
static struct waiting_incident *place_of(struct state *st, const char *id)
{
    struct waiting_incident *w = find_waiting(st, id), *list;
    size_t room = st->incident_room > 0 ? st->incident_room * 2 : 16;

    if (w)
        return w;
    if (st->incident_count == st->incident_room) {
        list = reallocarray(st->incidents, room, sizeof(*list));
        if (!list)
            return NULL;
        st->incidents = list;
        st->incident_room = room;
    }
    w = &st->incidents[st->incident_count++];
    *w = (struct waiting_incident){.dropped = false};
    return w;
}

enum err state_incident_put(struct state *st, const struct state_incident *in)
{
    struct waiting_incident copy, *w;

    if (!incident_copy(&copy, in))
        return ERR_MEMORY;
    w = place_of(st, in->id);
    if (!w) {
        incident_clear(&copy);
        return ERR_MEMORY;
    }
    incident_clear(w);
    *w = copy;
    return ERR_OK;
}

enum err state_incident_drop(struct state *st, const char *id)
{
    struct waiting_incident *w = place_of(st, id);

    if (!w)
        return ERR_MEMORY;
    incident_clear(w);
    w->dropped = true;
    snprintf(w->in.id, sizeof(w->in.id), "%s", id);
    return ERR_OK;
}

static void take(struct sql_query *q, struct state_incident *in)
{
    *in = (struct state_incident){
        .rule = sql_get_text(q, 1),
        .subject = sql_get_text(q, 2),
        .start_ns = sql_get(q, 3),
        .end_ns = sql_get(q, 4),
        .told_ns = sql_get(q, 5),
        .sequence = (uint32_t)sql_get(q, 6),
        .status = (uint8_t)sql_get(q, 7),
        .figures = sql_get_bytes(q, 8),
    };
    snprintf(in->id, sizeof(in->id), "%s", sql_get_text(q, 0));
}

static bool each_waiting(const struct state *st,
                         bool (*visit)(void *ctx,
                                       const struct state_incident *in),
                         void *ctx)
{
    for (size_t i = 0; i < st->incident_count; i++) {
        if (!st->incidents[i].dropped && !visit(ctx, &st->incidents[i].in))
            return false;
    }
    return true;
}

bool state_incident_each(struct state *st,
                         bool (*visit)(void *ctx,
                                       const struct state_incident *in),
                         void *ctx)
{
    struct sql_query *q = sql_query(
        st->db, "SELECT id, rule, subject, start, finish, told, sequence,"
                " status, figures FROM incidents ORDER BY start, id");
    enum sql_step step = SQL_FAILED;
    struct state_incident in;
    bool ok = q != NULL;

    while (ok && (step = sql_step(q)) == SQL_ROW) {
        take(q, &in);
        ok = find_waiting(st, in.id) || visit(ctx, &in);
    }
    if (ok && step == SQL_FAILED)
        state_failed(st);
    sql_query_free(q);
    return ok && step == SQL_DONE && each_waiting(st, visit, ctx);
}

static bool write_one(struct sql_query *put, struct sql_query *drop,
                      const struct waiting_incident *w)
{
    const struct state_incident *in = &w->in;

    if (w->dropped) {
        sql_set_text(drop, 1, in->id);
        return sql_step(drop) == SQL_DONE;
    }
    sql_set_text(put, 1, in->id);
    sql_set_text(put, 2, in->rule);
    sql_set_text(put, 3, in->subject);
    sql_set(put, 4, in->start_ns);
    sql_set(put, 5, in->end_ns);
    sql_set(put, 6, in->told_ns);
    sql_set(put, 7, in->sequence);
    sql_set(put, 8, in->status);
    sql_set_bytes(put, 9, in->figures);
    return sql_step(put) == SQL_DONE;
}

bool incidents_write(struct state *st)
{
    struct sql_query *put, *drop;
    bool ok;

    if (st->incident_count == 0)
        return true;
    put = sql_query(st->db, "INSERT OR REPLACE INTO incidents VALUES"
                            " (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    drop = sql_query(st->db, "DELETE FROM incidents WHERE id = ?");
    ok = put && drop;
    for (size_t i = 0; ok && i < st->incident_count; i++)
        ok = write_one(put, drop, &st->incidents[i]);
    sql_query_free(put);
    sql_query_free(drop);
    return ok;
}

void state_incidents_clear(struct state *st)
{
    for (size_t i = 0; i < st->incident_count; i++)
        incident_clear(&st->incidents[i]);
    free(st->incidents);
    st->incidents = NULL;
    st->incident_count = st->incident_room = 0;
}
