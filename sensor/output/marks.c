// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * marks.c - read an affected list and find its customers again.
 *
 * Columns are found by their header names, so a list that gained columns
 * still reads.
 */
#include "output/marks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/compiler.h"
#include "outflow/limits.h"
#include "output/csv.h"

enum { COLUMNS = 64, PSEUDONYM = 16 };

static const char *const names[] = {"customer", "fields", "first_seen",
                                    "last_seen"};

enum { CUSTOMER = 0, FIELDS, FIRST, LAST, WANTED };

/* A list at work. */
struct reading {
    struct csv csv;
    struct buf scratch;
    struct span cells[COLUMNS];
    size_t count;          /* cells of the row */
    size_t column[WANTED]; /* where each stands */
    uint64_t line;
    const char *path;
    struct problems *problems;
};

static bool next(struct reading *r)
{
    struct span row;

    if (!csv_row(&r->csv, &row))
        return false;
    r->line++;
    if (r->line == 1 && span_starts(row, SPAN("\xEF\xBB\xBF")))
        row = span_skip(row, 3);
    r->count = csv_cells(csv_line(row), ',', &r->scratch, r->cells, COLUMNS);
    return true;
}

static bool read_header(struct reading *r)
{
    bool have = next(r);

    for (size_t i = 0; i < WANTED && have; i++) {
        size_t at = 0;
        while (at < r->count && !span_eq(r->cells[at], span_of(names[i])))
            at++;
        have = at < r->count;
        r->column[i] = at;
    }
    if (!have)
        problems_add(r->problems,
                     "%s:1: want the header of an affected list "
                     "(customer,identifier,masked,fields,...)",
                     r->path);
    return have;
}

static struct span cell(const struct reading *r, size_t what)
{
    size_t at = r->column[what];

    return at < r->count ? r->cells[at] : (struct span){NULL, 0};
}

static uint32_t read_fields(struct span cell_text)
{
    uint32_t fields = 0;
    struct span piece;

    while (span_cut(&cell_text, ';', &piece)) {
        enum field_type type = field_find(span_trim(piece));
        if (type != FIELD_NONE)
            fields |= FIELD_BIT(type);
    }
    return fields;
}

static void read_time(struct span text, char out[MARK_TIME])
{
    struct span s = span_head(text, MARK_TIME - 1);

    memset(out, 0, MARK_TIME);
    if (s.len > 0)
        memcpy(out, s.ptr, s.len);
}

static struct mark *add_mark(struct marks *m)
{
    if (m->count == m->room) {
        size_t room = m->room > 0 ? 2 * m->room : 1024;
        struct mark *list = reallocarray(m->list, room, sizeof(*list));
        if (!list)
            return NULL;
        m->list = list;
        m->room = room;
    }
    return &m->list[m->count++];
}

static enum err read_mark(struct reading *r, struct marks *m)
{
    uint64_t pseudonym;
    struct span customer = cell(r, CUSTOMER);

    if (r->count == 1 && r->cells[0].len == 0)
        return ERR_OK; /* an empty line */
    if (customer.len != PSEUDONYM || !span_hex(customer, &pseudonym)) {
        problems_add(r->problems, "%s:%llu: customer: want 16 hex digits",
                     r->path, (unsigned long long)r->line);
        return ERR_FORMAT;
    }
    struct mark *mark = add_mark(m);
    if (!mark)
        return ERR_MEMORY;
    *mark = (struct mark){.pseudonym = pseudonym,
                          .fields = read_fields(cell(r, FIELDS))};
    read_time(cell(r, FIRST), mark->first);
    read_time(cell(r, LAST), mark->last);
    return ERR_OK;
}

static int by_pseudonym(const void *a, const void *b)
{
    const struct mark *left = a, *right = b;

    return left->pseudonym < right->pseudonym   ? -1
           : left->pseudonym > right->pseudonym ? 1
                                                : 0;
}

static void sort(struct marks *m)
{
    size_t kept = 0;

    if (m->count == 0)
        return;
    qsort(m->list, m->count, sizeof(*m->list), by_pseudonym);
    for (size_t i = 1; i < m->count; i++) {
        if (m->list[i].pseudonym != m->list[kept].pseudonym)
            m->list[++kept] = m->list[i];
    }
    m->count = kept + 1;
}

enum err marks_read(struct marks *m, const char *path,
                    struct problems *problems)
{
    struct reading r = {.path = path, .problems = problems};
    enum err err = ERR_OK;

    *m = (struct marks){0};
    if (!csv_open(&r.csv, path)) {
        problems_add(problems, "%s: cannot read: %s", path, strerror(errno));
        return ERR_IO;
    }
    buf_init(&r.scratch, LIMIT_TABLE_ROW + 1);
    if (!read_header(&r))
        err = ERR_FORMAT;
    while (err == ERR_OK && next(&r))
        err = read_mark(&r, m);
    if (err == ERR_MEMORY)
        problems_add(problems, "%s: out of memory", path);
    if (csv_failed(&r.csv)) {
        problems_add(problems, "%s: cannot read: %s", path, strerror(errno));
        err = ERR_IO;
    }
    csv_close(&r.csv);
    buf_clear(&r.scratch);
    sort(m);
    return err;
}

void marks_clear(struct marks *m)
{
    free(m->list);
    *m = (struct marks){0};
}

struct mark *marks_find(const struct marks *m, uint64_t pseudonym)
{
    const struct mark want = {.pseudonym = pseudonym};

    if (m->count == 0)
        return NULL;
    return bsearch(&want, m->list, m->count, sizeof(*m->list), by_pseudonym);
}
