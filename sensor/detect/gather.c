// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * gather.c - rows that come value by value, held until it is certain what
 * their columns are.
 *
 * As in sample.c: so many rows, then columns.c decides. Few rows, and rows of
 * columns that say nothing together, are judged one by one by their labels.
 *
 * It must not hold more than LIMIT_SAMPLE_ROWS rows.
 */
#include "detect/gather.h"

#include <stdlib.h>
#include <string.h>

#include "detect/detectors.h"
#include "detect/labels.h"
#include "detect/readers.h"
#include "detect/table.h"
#include "detect/undo.h"

enum {
    FEW = 8,        /* fewer rows show no columns */
    REST_MORE = 64, /* weak signs more to pass over after nothing */
    IDLE_ROWS = 64, /* without a record: the columns are others by now */
    AGAIN = 4,      /* values under the same label in a row */
    TEXT_ROOM = LIMIT_SAMPLE + LIMIT_ROW,
};

struct gather {
    struct buf text; /* of the cells held */
    struct column_name {
        uint64_t label;
        struct claim claim;
    } column[GATHER_COLUMNS];
    struct claim name[GATHER_COLUMNS]; /* of places */
    size_t columns, names, rows;
    struct {
        uint32_t at, len;
    } cell[LIMIT_SAMPLE_ROWS][GATHER_COLUMNS];
    struct moment seen[LIMIT_SAMPLE_ROWS];
    struct table *table;
    struct labels *labels; /* of a row held; the part's own may be at work */
    bool filled;           /* the row has a cell */
};

static bool ready(struct rows *r)
{
    if (r->gather)
        return true;
    r->gather = calloc(1, sizeof(*r->gather));
    if (!r->gather)
        return false;
    buf_init(&r->gather->text, TEXT_ROOM);
    return true;
}

static void swap_labels(struct rows *r)
{
    struct labels *mine = r->gather->labels;

    r->gather->labels = r->labels;
    r->labels = mine;
}

void gather_free(struct rows *r)
{
    if (!r->gather)
        return;
    buf_clear(&r->gather->text);
    free(r->gather->table);
    swap_labels(r);
    labels_free(r);
    swap_labels(r);
    free(r->gather);
    r->gather = NULL;
}

void gather_drop(struct rows *r)
{
    struct gather *g = r->gather;

    if (!g)
        return;
    memset(g->cell[g->rows], 0, sizeof(g->cell[g->rows]));
    g->filled = false;
}

/* Nothing held any more; columns known by name stay. */
static void forget_rows(struct gather *g)
{
    memset(g->cell, 0, sizeof(g->cell));
    buf_reset(&g->text);
    g->rows = 0;
    g->filled = false;
}

static void forget_columns(struct gather *g)
{
    free(g->table);
    g->table = NULL;
    g->columns = 0;
}

static size_t cells_of(struct gather *g, size_t row, struct span *cells)
{
    struct span text = buf_span(&g->text);

    for (size_t i = 0; i < g->columns; i++)
        cells[i] = span_slice(text, g->cell[row][i].at,
                              g->cell[row][i].at + g->cell[row][i].len);
    return g->columns;
}

static unsigned signs_of(const struct span *cells, size_t count)
{
    unsigned signs = 0;

    for (size_t i = 0; i < count; i++)
        signs |= undo_signs(cells[i]);
    return signs & ~(unsigned)(UNDO_QUOTE | UNDO_PLUS);
}

/* A row by what its labels say alone. */
static bool put_labels(struct rows *r, size_t row)
{
    struct gather *g = r->gather;
    struct span cells[GATHER_COLUMNS];
    size_t count = cells_of(g, row, cells);
    struct buf *plain = &r->detect->plain;
    unsigned signs = signs_of(cells, count);

    swap_labels(r);
    labels_drop(r);
    buf_reset(plain);
    for (size_t i = 0; i < count; i++) {
        if (cells[i].len > 0)
            labels_add(r, g->column[i].claim, i + 1,
                       undo_cell(plain, cells[i], signs), &g->seen[row]);
    }
    bool found = r->labels && labels_flush_element(r);
    swap_labels(r);
    return found;
}

/* A row whose columns are known. */
static bool put_row(struct rows *r, size_t row)
{
    struct gather *g = r->gather;
    struct span cells[GATHER_COLUMNS];
    struct detect *d = r->detect;
    size_t count = cells_of(g, row, cells);

    d->signs = signs_of(cells, count);
    count = table_fields(d, g->table, cells,
                         g->table->count < count ? g->table->count : count,
                         d->grid->fields);
    if (rows_put(r, d->grid->fields, count, &g->seen[row]))
        return true;
    return put_labels(r, row);
}

/* Facts of the rows held, until they are hopeless; gives how many rows. */
static size_t count_facts(struct rows *r, const struct table *t,
                          struct facts *facts)
{
    struct gather *g = r->gather;
    struct detect *d = r->detect;
    struct span cells[GATHER_COLUMNS];

    for (size_t row = 0; row < g->rows; row++) {
        size_t count = cells_of(g, row, cells);
        unsigned signs = signs_of(cells, count);
        buf_reset(&d->plain);
        for (size_t i = 0; i < count; i++)
            cells[i] = undo_cell(&d->plain, cells[i], signs);
        facts_add(d, facts, row, cells, count);
        if (facts_hopeless(t, facts, row + 1))
            return 0;
    }
    return g->rows;
}

/* The table that the rows held make, or NULL. */
static struct table *decide(struct rows *r)
{
    static const struct dialect none = {.separator = 0};
    struct gather *g = r->gather;
    struct table *t = table_new(&none, g->columns);
    struct facts *facts = calloc(g->columns, sizeof(*facts));
    unsigned says = 0;

    for (size_t i = 0; t && i < g->columns; i++) {
        t->column[i].claim = g->column[i].claim;
        t->header = t->header || t->column[i].claim.force == CLAIM_FIRM;
    }
    size_t rows = t && facts ? count_facts(r, t, facts) : 0;
    if (rows > 0)
        says = columns_decide(r->detect->grid, t, facts, rows);
    free(facts);
    if (says > 0)
        return t;
    free(t);
    return NULL;
}

/* What the rows held are, and the records they make. */
static bool judge(struct rows *r)
{
    struct gather *g = r->gather;
    bool any = false;

    if (g->rows == 0)
        return false;
    if (g->rows >= FEW)
        g->table = decide(r);
    for (size_t row = 0; row < g->rows; row++)
        any = (g->table ? put_row(r, row) : put_labels(r, row)) || any;
    forget_rows(g);
    if (any)
        r->failed = 0;
    else
        r->rest = rows_rest(&r->failed, REST_MORE);
    if (!g->table)
        g->columns = 0;
    return any;
}

static size_t column_of(struct gather *g, uint64_t label, struct claim claim)
{
    const size_t row = g->rows;

    for (unsigned again = 0; again < AGAIN; again++, label = label * 31 + 1) {
        size_t i = 0;
        while (i < g->columns && g->column[i].label != label)
            i++;
        if (i < g->columns && g->cell[row][i].len > 0)
            continue;
        if (i == GATHER_COLUMNS)
            break;
        if (i == g->columns)
            g->column[g->columns++] = (struct column_name){label, claim};
        return i;
    }
    return GATHER_COLUMNS;
}

void gather_cell(struct rows *r, uint64_t label, struct claim claim,
                 struct span value)
{
    if (value.len == 0 || !ready(r))
        return;
    struct gather *g = r->gather;
    uint32_t at = (uint32_t)g->text.len;
    size_t i = column_of(g, label, claim);

    if (i == GATHER_COLUMNS || value.len > LIMIT_ROW / 4 ||
        !buf_add(&g->text, value))
        return;
    g->cell[g->rows][i].at = at;
    g->cell[g->rows][i].len = (uint32_t)value.len;
    g->filled = true;
}

void gather_place(struct rows *r, size_t place, struct span value)
{
    struct claim claim = {.type = FIELD_NONE};

    if (r->gather && place < r->gather->names)
        claim = r->gather->name[place];
    if (place < GATHER_COLUMNS)
        gather_cell(r, place + 1, claim, value);
}

/* Are they the names that the places have already? */
static bool are_named(const struct gather *g, const struct claim *names,
                      size_t count)
{
    if (!g || g->names != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (g->name[i].type != names[i].type ||
            g->name[i].force != names[i].force)
            return false;
    }
    return true;
}

void gather_names(struct rows *r, const struct claim *names, size_t count)
{
    count = count < GATHER_COLUMNS ? count : GATHER_COLUMNS;
    if (are_named(r->gather, names, count))
        return;
    gather_flush(r);
    if (!ready(r))
        return;
    memcpy(r->gather->name, names, count * sizeof(*names));
    r->gather->names = count;
}

bool gather_named(const struct rows *r)
{
    return r->gather && (r->gather->names > 0 || r->gather->columns > 0);
}

bool gather_certain(const struct rows *r)
{
    return r->gather && r->gather->table;
}

bool gather_held(const struct rows *r)
{
    return gather_certain(r) || (r->gather && r->gather->rows > 0);
}

/* Has a new column turned up that a known table does not have? */
static bool is_other(const struct gather *g)
{
    for (size_t i = g->table->count; i < g->columns; i++) {
        if (g->column[i].claim.force == CLAIM_FIRM)
            return true;
    }
    return false;
}

bool gather_row(struct rows *r, const struct moment *seen)
{
    struct gather *g = r->gather;

    if (!g || !g->filled)
        return false;
    g->filled = false;
    g->seen[g->rows] = *seen;
    if (g->table && is_other(g)) {
        free(g->table);
        g->table = NULL;
    }
    if (!g->table) {
        g->rows++;
        bool full = g->rows == LIMIT_SAMPLE_ROWS ||
                    g->text.len >= LIMIT_SAMPLE || g->columns == GATHER_COLUMNS;
        return full ? judge(r) : true;
    }
    bool found = put_row(r, 0);
    g->table->idle = found ? 0 : g->table->idle + 1;
    forget_rows(g);
    if (g->table->idle >= IDLE_ROWS)
        forget_columns(g);
    return found;
}

void gather_flush(struct rows *r)
{
    struct gather *g = r->gather;

    if (!g)
        return;
    gather_drop(r);
    judge(r);
    forget_rows(g);
    forget_columns(g);
    g->names = 0;
}
