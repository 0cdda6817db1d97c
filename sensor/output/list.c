// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * list.c - the affected-customers list as CSV (interface.md 4).
 *
 * Formula-safe: a cell that a spreadsheet would run gets an apostrophe. It
 * holds pseudonyms and masks, never values.
 */
#include <inttypes.h>
#include <stdio.h>

#include "outflow/output.h"
#include "output/escape.h"
#include "util/clock.h"

bool list_header(struct buf *out)
{
    return buf_add(out, SPAN("customer,identifier,masked,fields,records,"
                             "first_seen,last_seen,employees,parties,"
                             "alerts\r\n"));
}

static void put_time(struct put *p, int64_t ns)
{
    char text[CLOCK_TEXT];

    put_byte(p, ',');
    put_text(p, clock_text(ns, text));
}

static void put_fields(struct put *p, uint32_t fields)
{
    bool any = false;

    put_byte(p, ',');
    for (unsigned i = 0; i < FIELD_TYPES; i++) {
        if (!(fields & FIELD_BIT(i)))
            continue;
        if (any)
            put_byte(p, ';');
        any = true;
        put_text(p, field_name((enum field_type)i));
    }
}

/* Names the wire chose, cleaned and joined; the cell is quoted after. */
static void put_names(struct put *p, const char *const *names, size_t count)
{
    struct buf cell;
    struct put inner = put_to(&cell);

    buf_init(&cell, LIMIT_ALERT);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put_byte(&inner, ';');
        escape_put(&inner, ESCAPE_ITEM, names[i], LIMIT_NAME);
    }
    put_byte(p, ',');
    escape_cell(p, buf_span(&cell));
    p->ok = p->ok && inner.ok;
    buf_clear(&cell);
}

bool list_line(const struct affected *c, struct buf *out)
{
    struct put p = put_to(out);
    char customer[20];

    (void)snprintf(customer, sizeof(customer), "%016" PRIx64,
                   c->name.pseudonym);
    put_text(&p, customer);
    put_byte(&p, ',');
    put_text(&p, field_name(name_field((enum name_kind)c->name.kind)));
    put_byte(&p, ',');
    escape_cell(&p, span_of(c->mask));
    put_fields(&p, c->fields);
    put_byte(&p, ',');
    put_number(&p, c->records);
    put_time(&p, c->first_ns);
    put_time(&p, c->last_ns);
    put_names(&p, c->employees, c->employee_count);
    put_names(&p, c->parties, c->party_count);
    put_names(&p, c->alerts, c->alert_count);
    put_text(&p, "\r\n");
    return p.ok;
}
