// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * join.c - an affected list joined back to the customer table.
 *
 * The table is read row by row; a row one of whose names is in the list is
 * written as it stood, with what was exposed behind it. This is the one place
 * that handles values in the clear, and it runs where the table lives: only
 * the rows asked for are written, nothing else says a value.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/customer.h"
#include "outflow/output.h"
#include "output/csv.h"
#include "output/escape.h"
#include "output/marks.h"
#include "util/unicode.h"

enum {
    CELLS = 1024, /* columns of a table that are looked at */
    NAMES = 256,  /* names of one row */
    CONVERTED = 3 * LIMIT_TABLE_ROW + 16,
};

enum charset { CHARSET_UTF8 = 0, CHARSET_CP932, CHARSET_BY_ROW };

struct join {
    const struct join_settings *settings;
    FILE *out;
    struct join_result *result;
    struct problems *problems;
    struct marks marks;
    struct csv csv;
    enum charset charset;
    struct buf text;    /* a row as UTF-8 */
    struct buf scratch; /* its cells */
    struct buf line;    /* a row to be written */
    struct span cells[CELLS];
    size_t cell_count;
    size_t column[FIELDS_MAX]; /* where each column of the schema stands */
    size_t columns;
    bool header;
    bool broken; /* out could not be written */
    bool short_; /* a row found no memory */
};

static const struct span bom = {(const uint8_t *)"\xEF\xBB\xBF", 3};

/* The row as UTF-8 without line end and byte order mark. */
static struct span to_text(struct join *j, struct span row)
{
    struct span line = csv_line(row);
    bool utf8 = j->charset == CHARSET_UTF8;

    if (span_starts(line, bom))
        return span_skip(line, bom.len);
    if (j->charset == CHARSET_BY_ROW)
        utf8 = unicode_utf8_valid(line);
    if (utf8 || unicode_ascii(line))
        return line;
    buf_reset(&j->text);
    if (!unicode_from_cp932(line, &j->text, NULL))
        j->short_ = true;
    return buf_span(&j->text);
}

static void split(struct join *j, struct span row)
{
    struct span text = to_text(j, row);

    j->cell_count = csv_cells(text, j->csv.sep, &j->scratch, j->cells, CELLS);
    if (text.len > 0 && j->cell_count == 0)
        j->short_ = true;
}

static bool same_name(struct span cell, struct span name)
{
    uint8_t a[256], b[256];
    size_t left = unicode_short(span_trim(cell), UNICODE_FOLD, a, sizeof(a));
    size_t right = unicode_short(span_trim(name), UNICODE_FOLD, b, sizeof(b));

    return left != SIZE_MAX && left == right && memcmp(a, b, left) == 0;
}

static size_t find_header(const struct join *j, const char *name)
{
    size_t at = 0;

    while (at < j->cell_count && !same_name(j->cells[at], span_of(name)))
        at++;
    return at;
}

/* Columns of the schema that the first row names, were it cut by sep. */
static size_t count_columns(struct join *j, struct span first)
{
    const struct schema *s = j->settings->schema;
    size_t found = 0;

    split(j, first);
    for (size_t i = 0; i < s->column_count; i++) {
        if (s->columns[i].name)
            found += find_header(j, s->columns[i].name) < j->cell_count;
        else
            found += s->columns[i].number <= j->cell_count;
    }
    return found * CELLS + j->cell_count;
}

/* What stands between cells: what finds most columns in the first row. */
static void choose_separator(struct join *j, struct span first)
{
    static const uint8_t known[] = {',', '\t', ';', '|'};
    size_t best = 0;
    uint8_t chosen = ',';

    for (size_t i = 0; i < sizeof(known); i++) {
        j->csv.sep = known[i];
        size_t score = count_columns(j, first);
        if (score > best) {
            best = score;
            chosen = known[i];
        }
    }
    j->csv.sep = chosen;
}

static bool find_columns(struct join *j)
{
    const struct schema *s = j->settings->schema;
    bool good = true;

    for (size_t i = 0; i < s->column_count && i < FIELDS_MAX; i++) {
        const struct schema_column *c = &s->columns[i];
        j->columns = i + 1;
        j->column[i] = c->name ? find_header(j, c->name) : c->number - 1;
        if (j->column[i] < j->cell_count)
            continue;
        good = false;
        if (c->name)
            problems_add(j->problems,
                         "%s: no column named \"%s\" in the "
                         "first row; want the schema's names",
                         j->settings->table, c->name);
        else
            problems_add(j->problems, "%s: column %zu: the table has %zu",
                         j->settings->table, c->number, j->cell_count);
    }
    return good;
}

/*
 * All of the file UTF-8, or all of it CP932? Where it is neither, and in a
 * pipe, which cannot be read twice, each row is asked.
 */
static enum charset find_charset(struct join *j)
{
    struct span row;
    bool utf8 = true, cp932 = true, first = true;

    if (!csv_rewind(&j->csv))
        return CHARSET_BY_ROW;
    while ((utf8 || cp932) && csv_row(&j->csv, &row)) {
        if (first && span_starts(row, bom))
            cp932 = false;
        first = false;
        if (unicode_ascii(row))
            continue;
        utf8 = utf8 && unicode_utf8_valid(row);
        cp932 = cp932 && unicode_cp932_bad(row) == 0;
    }
    if (csv_failed(&j->csv) || !csv_rewind(&j->csv))
        return CHARSET_BY_ROW;
    return utf8 ? CHARSET_UTF8 : cp932 ? CHARSET_CP932 : CHARSET_BY_ROW;
}

/* Write row and the three cells in front of its own line end. */
static void write_row(struct join *j, struct span row, const char *fields,
                      const char *first, const char *last)
{
    struct span line = csv_line(row);
    struct span end = span_skip(row, line.len);
    struct put p = put_to(&j->line);
    const char *const cells[] = {fields, first, last};

    buf_reset(&j->line);
    put_bytes(&p, line);
    for (size_t i = 0; i < COUNT(cells); i++) {
        bool quote = strchr(cells[i], j->csv.sep) != NULL;
        put_byte(&p, (char)j->csv.sep);
        put_text(&p, quote ? "\"" : "");
        put_text(&p, cells[i]);
        put_text(&p, quote ? "\"" : "");
    }
    put_bytes(&p, end.len > 0 ? end : SPAN("\r\n"));
    struct span all = buf_span(&j->line);
    if (!p.ok || fwrite(all.ptr, 1, all.len, j->out) != all.len)
        j->broken = true;
}

/* A leading apostrophe that keeps a spreadsheet from calculating. */
static struct span without_guard(struct span cell)
{
    if (cell.len >= 2 && cell.ptr[0] == '\'' &&
        memchr("=+-@", cell.ptr[1], 4) != NULL)
        return span_skip(cell, 1);
    return cell;
}

static size_t name_row(struct join *j, struct name *names)
{
    struct field fields[FIELDS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < j->columns; i++) {
        if (j->column[i] >= j->cell_count)
            continue;
        struct span text = without_guard(j->cells[j->column[i]]);
        if (text.len == 0)
            continue;
        fields[count++] = (struct field){j->settings->schema->columns[i].type,
                                         PROOF_HEADER, text};
    }
    return customer_names(j->settings->key, fields, count, names, NAMES);
}

/* A row may be several customers of the list: what any of them lost. */
static void merge(struct mark *into, const struct mark *m)
{
    if (into->fields == 0 || strcmp(m->first, into->first) < 0)
        memcpy(into->first, m->first, MARK_TIME);
    if (into->fields == 0 || strcmp(m->last, into->last) > 0)
        memcpy(into->last, m->last, MARK_TIME);
    into->fields |= m->fields;
}

static void put_fields(struct put *p, uint32_t fields)
{
    bool any = false;

    for (unsigned i = 0; i < FIELD_TYPES; i++) {
        if (!(fields & FIELD_BIT(i)))
            continue;
        put_text(p, any ? ";" : "");
        any = true;
        put_text(p, field_name((enum field_type)i));
    }
    put_byte(p, '\0');
}

static void join_row(struct join *j, struct span row)
{
    struct name names[NAMES];
    struct mark found = {0};
    struct buf fields;
    struct put p = put_to(&fields);

    split(j, row);
    size_t count = name_row(j, names);
    for (size_t i = 0; i < count; i++) {
        struct mark *m = marks_find(&j->marks, names[i].pseudonym);
        if (!m)
            continue;
        m->found = true;
        merge(&found, m);
        found.found = true;
    }
    if (!found.found)
        return;
    j->result->matched++;
    buf_init(&fields, 1024);
    put_fields(&p, found.fields);
    if (p.ok)
        write_row(j, row, (const char *)fields.ptr, found.first, found.last);
    j->broken = j->broken || !p.ok;
    buf_clear(&fields);
}

static void join_rows(struct join *j)
{
    struct span row;

    while (!j->broken && !j->short_ && csv_row(&j->csv, &row)) {
        if (csv_line(row).len == 0)
            continue;
        j->result->rows++;
        join_row(j, row);
    }
}

/* The header, or the first row where the schema has numbers. */
static bool begin_table(struct join *j)
{
    const struct schema *s = j->settings->schema;
    struct span row;

    for (size_t i = 0; i < s->column_count; i++)
        j->header = j->header || s->columns[i].name;
    j->charset = find_charset(j);
    if (!csv_row(&j->csv, &row)) {
        problems_add(j->problems, "%s: the table is empty", j->settings->table);
        return false;
    }
    if (span_starts(row, SPAN("\xFF\xFE")) ||
        span_starts(row, SPAN("\xFE\xFF"))) {
        problems_add(j->problems,
                     "%s: the table is UTF-16; want UTF-8 or CP932",
                     j->settings->table);
        return false;
    }
    choose_separator(j, row);
    split(j, row);
    if (!find_columns(j))
        return false;
    if (j->header) {
        write_row(j, row, "fields", "first_seen", "last_seen");
    } else {
        j->result->rows++;
        join_row(j, row);
    }
    return true;
}

static enum err join_table(struct join *j)
{
    enum err err = ERR_OK;

    if (!csv_open(&j->csv, j->settings->table)) {
        problems_add(j->problems, "%s: cannot read: %s", j->settings->table,
                     strerror(errno));
        return ERR_IO;
    }
    if (begin_table(j))
        join_rows(j);
    else
        err = ERR_FORMAT;
    if (csv_failed(&j->csv)) {
        problems_add(j->problems, "%s: cannot be read to its end: %s",
                     j->settings->table, strerror(errno));
        err = ERR_IO;
    }
    if (j->short_) {
        problems_add(j->problems, "affected: out of memory");
        err = ERR_MEMORY;
    }
    if (j->broken) {
        problems_add(j->problems, "affected: cannot write: %s",
                     strerror(errno));
        err = ERR_IO;
    }
    csv_close(&j->csv);
    return err;
}

static void count_missed(struct join *j)
{
    j->result->lines = j->marks.count;
    for (size_t i = 0; i < j->marks.count; i++)
        j->result->missed += j->marks.list[i].found ? 0 : 1;
}

enum err list_join(const struct join_settings *settings, FILE *out,
                   struct join_result *result, struct problems *problems)
{
    struct join *j = calloc(1, sizeof(*j));
    enum err err;

    *result = (struct join_result){0};
    if (!j) {
        problems_add(problems, "affected: out of memory");
        return ERR_MEMORY;
    }
    j->settings = settings;
    j->out = out;
    j->result = result;
    j->problems = problems;
    buf_init(&j->text, CONVERTED);
    buf_init(&j->scratch, CONVERTED);
    buf_init(&j->line, CONVERTED);
    err = marks_read(&j->marks, settings->list, problems);
    if (err == ERR_OK)
        err = join_table(j);
    count_missed(j);
    marks_clear(&j->marks);
    buf_clear(&j->text);
    buf_clear(&j->scratch);
    buf_clear(&j->line);
    free(j);
    return err;
}
