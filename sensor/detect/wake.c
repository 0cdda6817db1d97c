// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wake.c - a known table that sleeps is woken by a row of its shape.
 *
 * Where rows of customers stand among other lines, most samples would be
 * taken for one row. So a row that has as many cells as the sleeping table,
 * a value that fits in each column the table knows, and no header above it,
 * is read as a row of the table; after a few other lines it sleeps again.
 *
 * It must not decide what a column is.
 */
#include "detect/readers.h"
#include "detect/table.h"
#include "detect/undo.h"

enum { DROWSY = 4 }; /* records until it is awake for good */

/* Columns of a type whose cells hold something. */
static size_t typed(const struct table *t, const struct span *cells)
{
    size_t found = 0;

    for (size_t i = 0; i < t->count; i++)
        found += t->column[i].type != FIELD_NONE &&
                 t->column[i].type != FIELD_OTHER && cells[i].len > 0;
    return found;
}

/* Does each of its cells fit the column, and is there no other one? */
static bool fits(struct rows *r, struct span raw)
{
    struct detect *d = r->detect;
    struct table *t = r->table;
    struct span row = rows_utf8(r, raw);

    d->signs = undo_signs(row);
    struct split_cells found =
        split_cells(row, &t->how, d->grid->cells, LIMIT_COLUMNS);
    if (found.count != t->count || found.damaged)
        return false;
    size_t want = typed(t, d->grid->cells);
    return want > 1 && table_fields(d, t, d->grid->cells, found.count,
                                    d->grid->fields) == want;
}

enum wake wake_judge(struct rows *r)
{
    bool last;
    struct span text = rows_ahead(r, r->row, &last);
    struct split_row cut;

    if (!r->table || r->kind != TEXT_LINES || r->wary)
        return WAKE_NOT;
    if (!split_row(text, &r->table->how, last, &cut))
        return text.len < LIMIT_ROW ? WAKE_WAITS : WAKE_NOT;
    return fits(r, span_head(text, cut.len)) ? WAKE_UP : WAKE_NOT;
}

void wake_up(struct rows *r)
{
    r->table->idle = 0;
    r->table->drowsy = DROWSY;
    r->at = r->row;
    r->card = false;
    r->reading = READ_TABLE;
}
