// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * incident_state.c - incidents as a state keeps them, and back.
 *
 *     version  flow  moved  update  within  stirred  extent now
 *     extent said  home NUL
 *
 * numbers but the version in eight bytes, little endian. It must not hold a
 * value of a customer: these are counts and times.
 */
#include <string.h>

#include "judging/incidents.h"
#include "outflow/reader.h"

enum { VERSION = 1 };

static bool put(struct buf *b, uint64_t value)
{
    bool ok = true;

    for (unsigned i = 0; ok && i < 8; i++)
        ok = buf_add_byte(b, (uint8_t)(value >> 8 * i));
    return ok;
}

static bool put_extent(struct buf *b, const struct extent *e)
{
    return put(b, (uint64_t)e->start_ns) && put(b, (uint64_t)e->end_ns) &&
           put(b, e->customers) && put(b, e->records) && put(b, e->bytes) &&
           put(b, e->fields) && put(b, e->parties);
}

static struct extent take_extent(struct reader *r)
{
    struct extent e;

    e.start_ns = (int64_t)reader_u64le(r);
    e.end_ns = (int64_t)reader_u64le(r);
    e.customers = reader_u64le(r);
    e.records = reader_u64le(r);
    e.bytes = reader_u64le(r);
    e.fields = (uint32_t)reader_u64le(r);
    e.parties = reader_u64le(r);
    return e;
}

bool incident_save(const struct incident_told *told, struct buf *figures,
                   struct state_incident *out)
{
    const char *home = told->home ? told->home : "";

    buf_reset(figures);
    if (!buf_add_byte(figures, VERSION) || !put(figures, told->flow) ||
        !put(figures, (uint64_t)told->moved_ns) ||
        !put(figures, (uint64_t)told->update_ns) ||
        !put(figures, (uint64_t)told->within_ns) ||
        !put(figures, told->stirred) || !put_extent(figures, &told->now) ||
        !put_extent(figures, &told->said) || !buf_add(figures, span_of(home)) ||
        !buf_add_byte(figures, '\0'))
        return false;
    *out = (struct state_incident){.rule = told->rule,
                                   .subject = told->subject,
                                   .start_ns = told->now.start_ns,
                                   .end_ns = told->now.end_ns,
                                   .told_ns = told->moved_ns,
                                   .sequence = told->sequence,
                                   .status = (uint8_t)told->status,
                                   .figures = buf_span(figures)};
    memcpy(out->id, told->id, sizeof(out->id));
    return true;
}

bool incident_restore(const struct state_incident *from,
                      struct incident_told *out)
{
    struct reader r = reader_over(from->figures);

    if (reader_u8(&r) != VERSION || from->status > ALERT_FINAL)
        return false;
    *out = (struct incident_told){
        .rule = (char *)(uintptr_t)from->rule,
        .subject = (char *)(uintptr_t)from->subject,
        .sequence = from->sequence,
        .status = (enum alert_status)from->status,
        .book = UINT32_MAX,
    };
    memcpy(out->id, from->id, sizeof(out->id));
    out->id[sizeof(out->id) - 1] = '\0';
    out->flow = reader_u64le(&r);
    out->moved_ns = (int64_t)reader_u64le(&r);
    out->update_ns = (int64_t)reader_u64le(&r);
    out->within_ns = (int64_t)reader_u64le(&r);
    out->stirred = reader_u64le(&r) != 0;
    out->now = take_extent(&r);
    out->said = take_extent(&r);
    out->home = (char *)(uintptr_t)r.rest.ptr;
    return reader_ok(&r) && out->within_ns > 0 && r.rest.len > 0 &&
           r.rest.ptr[r.rest.len - 1] == '\0';
}
