// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite.c - SQLite databases, and their write-ahead logs.
 *
 * In:   a part that begins as a database (held whole) or as a log.
 * Out:  a part for each table: the names of its columns, and its rows as
 *       CSV. Of pages that nothing leads to, of logs, and of databases too
 *       large to be held: rows page by page, with the names of the only
 *       table met so far that has as many columns.
 * Not:  no index is read but those that are tables; nothing deleted. An
 *       encrypted database has no magic and is not known here.
 * Spec: https://www.sqlite.org/fileformat2.html
 */
#include <stdlib.h>
#include <string.h>

#include "decode/document/sqlite_record.h"
#include "decode/document/sqlite_schema.h"
#include "decode/document/sqlite_tree.h"
#include "outflow/decoder.h"

enum {
    FILE_HEAD = 100, /* bytes that tell what all pages have in common */
    LOG_HEAD = 32,   /* bytes in front of a log's frames */
    FRAME_HEAD = 24, /* bytes in front of a frame's page */
    TABLES_MOST = 65536,
    MET_MOST = 256,            /* of them known page by page */
    STATEMENT_MOST = 16 << 10, /* bytes of what made each of those */
    TEXT_MOST = 128 << 20,     /* of a text in UTF-16: the longest row's */
};

enum stage {
    STAGE_HELD = 0,
    STAGE_PAGES, /* too large: page by page */
    STAGE_LOG,
};

/* A table that sqlite_schema told of. */
struct listed {
    uint32_t root;
    uint32_t columns; /* 0: not known yet */
};

struct sqlite {
    struct held held;
    uint8_t stage;    /* enum stage */
    struct buf unit;  /* a page, or a frame, that is not whole yet */
    uint64_t at;      /* place of the next byte in the file */
    uint64_t skip;    /* bytes up to the next whole unit */
    uint32_t columns; /* of the rows of the open part */
    bool begun;       /* rows is in use */
    struct sqlite_base base;
    struct cells rows;
    struct sqlite_writer writer;
    struct sqlite_tree tree;          /* while a held one is read */
    struct strings names, statements; /* of tables */
    struct listed *tables;            /* owned, by number of their name */
    uint32_t count;
    struct sqlite_table table; /* the one whose rows are put, or none */
};

static const uint8_t magic[16] = "SQLite format 3";

static enum match sqlite_probe(struct span head, const struct hint *hint)
{
    static const uint8_t log[] = {0x37, 0x7f, 0x06};
    struct span wants[] = {{magic, sizeof(magic)}, {log, sizeof(log)}};

    (void)hint;
    for (size_t i = 0; i < COUNT(wants); i++) {
        struct span want = span_head(wants[i], head.len);
        if (head.len > 0 && span_starts(head, want))
            return want.len == wants[i].len ? MATCH_YES : MATCH_MORE;
    }
    return MATCH_NO;
}

static bool sqlite_open(void *state, const struct hint *hint)
{
    struct sqlite *s = state;

    held_open(&s->held, hint);
    strings_init(&s->names, s->held.share);
    strings_init(&s->statements, s->held.share);
    return true;
}

static void writer_begin(struct sqlite *s, struct sink *out)
{
    if (!s->begun)
        cells_init(&s->rows, out);
    s->rows.out = out;
    s->writer.rows = &s->rows;
    s->writer.charset = s->base.charset;
    if (!s->begun)
        buf_init(&s->writer.text, TEXT_MOST);
    s->begun = true;
}

/* --- tables and their rows --- */

/* Add a table to the list; false at a limit or without memory. */
static bool table_add(struct sqlite *s, const struct sqlite_value *name,
                      const struct sqlite_value *statement, struct listed it)
{
    struct sqlite_writer *w = &s->writer;

    if (s->count == TABLES_MOST)
        return false;
    if ((s->count & (s->count - 1)) == 0) { /* full: double it */
        size_t room = s->count > 0 ? s->count * 2 : 1;
        struct listed *tables = realloc(s->tables, room * sizeof(*tables));
        if (tables == NULL)
            return false;
        s->tables = tables;
    }
    if (!strings_add(&s->names, sqlite_value_text(w, name)) ||
        !strings_add(&s->statements, sqlite_value_text(w, statement)))
        return false;
    s->tables[s->count++] = it;
    return true;
}

/* A row of sqlite_schema: type, name, table, root page, statement. */
enum { SCHEMA_NAME = 1, SCHEMA_ROOT = 3, SCHEMA_STATEMENT = 4, SCHEMA = 5 };

/* Its values, if it is about a table with rows. */
static bool schema_values(struct sqlite *s, const struct sqlite_row *row,
                          struct sqlite_value v[SCHEMA])
{
    struct sqlite_record rec;

    if (!sqlite_record_open(&rec, row->record, row->len) ||
        sqlite_record_count(&rec) != SCHEMA)
        return false;
    for (size_t i = 0; i < SCHEMA; i++)
        (void)sqlite_record_next(&rec, &v[i]);
    int64_t root = sqlite_value_number(&v[SCHEMA_ROOT]);
    return root > 1 && root <= UINT32_MAX &&
           span_eq(sqlite_value_text(&s->writer, &v[0]), SPAN("table"));
}

static bool schema_row(void *ctx, const struct sqlite_row *row)
{
    struct sqlite *s = ctx;
    struct sqlite_value v[SCHEMA];

    if (!schema_values(s, row, v))
        return true;
    int64_t root = sqlite_value_number(&v[SCHEMA_ROOT]);
    return table_add(s, &v[SCHEMA_NAME], &v[SCHEMA_STATEMENT],
                     (struct listed){.root = (uint32_t)root});
}

/* Is it such a row, met on a page by itself? Then its table is known. */
static bool schema_met(struct sqlite *s, const struct sqlite_row *row)
{
    struct sqlite_value v[SCHEMA];
    struct sqlite_table table;

    if (!schema_values(s, row, v))
        return false;
    struct span sql = sqlite_value_text(&s->writer, &v[SCHEMA_STATEMENT]);
    for (uint32_t i = 0; i < s->count; i++)
        if (span_eq(strings_at(&s->statements, i), sql))
            return true;
    if (!sqlite_table_read(sql, &table))
        return false;
    if (s->count < MET_MOST && sql.len < STATEMENT_MOST)
        (void)table_add(s, &v[SCHEMA_NAME], &v[SCHEMA_STATEMENT],
                        (struct listed){.columns = table.columns.count});
    sqlite_table_clear(&table);
    return true;
}

/* The names of the columns, as the first line. */
static void names_put(struct sqlite *s, uint32_t i)
{
    struct sqlite_writer *w = &s->writer;

    cells_open(w->rows, strings_at(&s->names, i), "text/csv");
    for (uint32_t k = 0; k < s->table.columns.count; k++)
        cells_cell(w->rows, w->line, k, strings_at(&s->table.columns, k));
    w->line++;
}

static bool table_row(void *ctx, const struct sqlite_row *row)
{
    struct sqlite *s = ctx;
    struct sqlite_writer *w = &s->writer;
    struct sqlite_record rec;
    struct sqlite_value value;

    if (!sqlite_record_open(&rec, row->record, row->len)) {
        s->tree.lost += row->record.len;
        return true;
    }
    for (uint32_t i = 0; sqlite_record_next(&rec, &value); i++) {
        if (i == s->table.rowid && value.type == 0)
            sqlite_number_put(w, i, (int64_t)row->rowid);
        else
            sqlite_value_put(w, i, &value);
    }
    w->line++;
    return !w->rows->refused;
}

/* A row of a table of which only the number of columns is known. */
static bool nameless_row(void *ctx, const struct sqlite_row *row)
{
    struct sqlite *s = ctx;
    struct sqlite_record rec;
    struct sqlite_value value;

    if (!sqlite_record_open(&rec, row->record, row->len))
        return true;
    uint32_t columns = sqlite_record_count(&rec);
    if (columns != s->columns)
        cells_open(&s->rows, SPAN("rows"), "text/csv");
    s->columns = columns;
    for (uint32_t i = 0; sqlite_record_next(&rec, &value); i++) {
        if (i == 0 && value.type == 0) /* its column is the row's number */
            sqlite_number_put(&s->writer, 0, (int64_t)row->rowid);
        else
            sqlite_value_put(&s->writer, i, &value);
    }
    s->writer.line++;
    return !s->rows.refused;
}

/* Do two tables have columns of the same names? */
static bool same_columns(const struct sqlite *s, uint32_t i, uint32_t k)
{
    struct sqlite_table a, b;
    bool same = sqlite_table_read(strings_at(&s->statements, i), &a);

    same = sqlite_table_read(strings_at(&s->statements, k), &b) && same;
    for (uint32_t n = 0; same && n < a.columns.count; n++)
        same = span_eq(strings_at(&a.columns, n), strings_at(&b.columns, n));
    sqlite_table_clear(&a);
    sqlite_table_clear(&b);
    return same;
}

/* The table with so many columns, or s->count: there are several, or none. */
static uint32_t table_alike(const struct sqlite *s, uint32_t columns)
{
    uint32_t found = s->count;

    for (uint32_t i = 0; i < s->count; i++) {
        if (s->tables[i].columns != columns)
            continue;
        if (found < s->count && !same_columns(s, found, i))
            return s->count;
        found = found < s->count ? found : i;
    }
    return found;
}

/* A row on a page that no tree led to: which table may it be of? */
static bool rest_row(void *ctx, const struct sqlite_row *row)
{
    struct sqlite *s = ctx;
    struct sqlite_record rec;

    if (!sqlite_record_open(&rec, row->record, row->len))
        return true;
    uint32_t columns = sqlite_record_count(&rec);
    if (columns != s->columns) {
        uint32_t i = table_alike(s, columns);
        sqlite_table_clear(&s->table);
        if (i < s->count &&
            sqlite_table_read(strings_at(&s->statements, i), &s->table)) {
            names_put(s, i);
            s->columns = columns;
        }
    }
    return s->table.columns.count > 0 ? table_row(s, row)
                                      : nameless_row(s, row);
}

static void page_put(struct sqlite *s, struct span bytes, bool first)
{
    struct sqlite_page page;
    struct sqlite_cell cell;
    size_t used = 0;

    if (!sqlite_page_read(&s->base, bytes, first, &page) ||
        page.kind != SQLITE_TABLE_LEAF)
        return;
    for (uint32_t i = 0; i < page.cells && used <= bytes.len; i++) {
        if (!sqlite_cell_read(&s->base, &page, i, &cell))
            continue;
        used += cell.local.len;
        const struct sqlite_row row = {cell.rowid, cell.local, cell.len};
        if (!schema_met(s, &row) && !rest_row(s, &row))
            return;
    }
    if (first) /* rows of the schema are of no other table */
        s->columns = 0;
}

/* --- page by page --- */

static size_t unit_len(const struct sqlite *s)
{
    return s->base.size + (s->stage == STAGE_LOG ? FRAME_HEAD : 0);
}

static void unit_put(struct sqlite *s, struct span unit)
{
    if (s->stage != STAGE_LOG) {
        page_put(s, unit, s->at == 0);
        return;
    }
    struct reader r = reader_over(unit);
    bool first = reader_u32be(&r) == 1;
    struct span page = span_skip(unit, FRAME_HEAD);
    struct sqlite_base base;
    if (first && sqlite_base_read(page, &base) && base.size == s->base.size)
        s->base = base;
    s->writer.charset = s->base.charset;
    page_put(s, page, first);
}

/* Bytes in front of the first unit. */
static uint64_t front_len(const struct sqlite *s)
{
    return s->stage == STAGE_LOG ? LOG_HEAD : 0;
}

static bool units_put(struct sqlite *s, struct span bytes)
{
    size_t len = unit_len(s);

    while (bytes.len > 0 && !s->rows.refused) {
        if (s->skip > 0) {
            size_t pass = span_head(bytes, (size_t)s->skip).len;
            s->skip -= pass;
            s->at += pass;
            bytes = span_skip(bytes, pass);
            continue;
        }
        struct span unit = span_head(bytes, len - s->unit.len);
        bytes = span_skip(bytes, unit.len);
        bool whole = s->unit.len == 0 && unit.len == len;
        if (!whole && !buf_add(&s->unit, unit))
            return false;
        if (!whole && s->unit.len < len)
            break;
        unit_put(s, whole ? unit : buf_span(&s->unit));
        s->at += len;
        buf_reset(&s->unit);
    }
    return !s->rows.refused;
}

static void units_gap(struct sqlite *s, uint64_t len)
{
    uint64_t size = unit_len(s);

    cells_unread(&s->rows, "sqlite", WHY_DAMAGED, s->unit.len);
    cells_gap(&s->rows, len);
    s->at += s->unit.len + len;
    buf_reset(&s->unit);
    uint64_t front = front_len(s);
    uint64_t past = s->at > front ? (s->at - front) % size : 0;
    if (s->at < front)
        s->skip = front - s->at;
    else
        s->skip = past > 0 ? size - past : 0;
}

/* It cannot be held: what is held is put page by page, and what follows. */
static bool units_begin(struct sqlite *s)
{
    struct span all = held_span(&s->held);

    s->stage = STAGE_PAGES;
    strings_init(&s->names, NULL);
    strings_init(&s->statements, NULL);
    buf_init(&s->unit, unit_len(s));
    while (all.len > 0 && !s->rows.refused) {
        struct span page = span_head(all, s->base.size);
        if (!held_whole(&s->held, s->at, page.len))
            units_gap(s, page.len);
        else if (!units_put(s, page))
            break;
        all = span_skip(all, page.len);
    }
    held_clear(&s->held);
    return !s->rows.refused;
}

static bool log_begin(struct sqlite *s, struct span head)
{
    struct reader r = reader_over(head);

    reader_skip(&r, 8);
    s->base.size = reader_u32be(&r);
    s->base.usable = s->base.size;
    s->base.charset = CHARSET_UTF8;
    s->stage = STAGE_LOG;
    strings_init(&s->names, NULL);
    strings_init(&s->statements, NULL);
    s->skip = LOG_HEAD;
    bool fine = s->base.size >= 512 && s->base.size <= 65536;
    buf_init(&s->unit, fine ? unit_len(s) : 0);
    return fine;
}

/* Is it a database, or a log? */
static bool sqlite_begin(struct sqlite *s, struct span head)
{
    bool fine = head.ptr[0] == magic[0] ? sqlite_base_read(head, &s->base)
                                        : log_begin(s, head);

    s->writer.charset = s->base.charset;
    return fine;
}

static struct progress sqlite_feed(void *state, enum dir dir, struct span bytes,
                                   struct sink *out)
{
    struct sqlite *s = state;
    struct progress more = {DECODE_MORE, bytes.len};

    (void)dir;
    writer_begin(s, out);
    if (s->stage == STAGE_HELD && s->held.len == 0) {
        if (bytes.len < FILE_HEAD)
            return (struct progress){DECODE_MORE, 0};
        if (!sqlite_begin(s, bytes))
            return (struct progress){DECODE_BAD, 0};
    }
    if (s->stage == STAGE_HELD) {
        if (held_add(&s->held, bytes))
            return more;
        if (!units_begin(s))
            return (struct progress){DECODE_REFUSED, 0};
    }
    if (!units_put(s, bytes))
        more.status = DECODE_REFUSED;
    return more;
}

/* A hole that cannot be held, or need not be. */
static bool sqlite_lose(struct sqlite *s, uint64_t len)
{
    if (s->stage == STAGE_HELD && !units_begin(s))
        return false;
    units_gap(s, len);
    return !s->rows.refused;
}

static struct progress sqlite_gap(void *state, enum dir dir, uint64_t len,
                                  struct sink *out)
{
    struct sqlite *s = state;
    struct progress more = {DECODE_MORE, 0};

    (void)dir;
    writer_begin(s, out);
    if (s->stage == STAGE_HELD && s->held.len == 0)
        more.status = DECODE_BAD; /* its head is missing */
    else if (s->stage != STAGE_HELD || !held_gap(&s->held, len))
        more.status = sqlite_lose(s, len) ? DECODE_MORE : DECODE_REFUSED;
    return more;
}

/* --- a database that is held --- */

static bool schema_gap(void *ctx, uint64_t len)
{
    (void)ctx;
    (void)len;
    return true;
}

static bool table_gap(void *ctx, uint64_t len)
{
    struct sqlite *s = ctx;

    cells_gap(s->writer.rows, len);
    return !s->writer.rows->refused;
}

static bool table_put(struct sqlite *s, uint32_t i)
{
    const struct sqlite_visitor v = {s, table_row, table_gap};

    if (!sqlite_table_read(strings_at(&s->statements, i), &s->table))
        return true;
    s->tables[i].columns = s->table.columns.count;
    names_put(s, i);
    bool going = sqlite_tree_walk(&s->tree, s->tables[i].root, &v);
    cells_close(s->writer.rows, PART_WHOLE);
    sqlite_table_clear(&s->table);
    return going;
}

static void reading_all(struct sqlite *s)
{
    const struct sqlite_visitor schema = {s, schema_row, schema_gap};
    const struct sqlite_visitor rest = {s, rest_row, table_gap};
    struct cells *rows = s->writer.rows;
    bool going = sqlite_tree_walk(&s->tree, 1, &schema);

    for (uint32_t i = 0; i < s->count && going; i++)
        going = table_put(s, i);
    if (going && s->tree.holes)
        going = sqlite_tree_rest(&s->tree, &rest);
    sqlite_table_clear(&s->table);
    cells_unread(rows, "sqlite", WHY_DAMAGED, s->tree.lost);
    if (!going && !rows->refused) /* no memory */
        cells_unread(rows, "sqlite", WHY_LIMIT, held_known(&s->held));
}

static bool database_read(struct sqlite *s)
{
    bool fine = sqlite_tree_open(&s->tree, &s->held);

    s->base = s->tree.base;
    s->writer.charset = s->base.charset;
    if (fine)
        reading_all(s);
    else
        cells_unread(&s->rows, "sqlite", WHY_DAMAGED, held_known(&s->held));
    sqlite_tree_close(&s->tree);
    return fine;
}

static enum decode_status sqlite_end(void *state, enum dir dir,
                                     struct span rest, struct sink *out)
{
    struct sqlite *s = state;
    bool fine = true;

    (void)dir;
    writer_begin(s, out);
    if (s->stage == STAGE_HELD) {
        fine = s->held.len > 0 && database_read(s);
        if (s->held.len == 0)
            cells_unread(&s->rows, "sqlite", WHY_DAMAGED, rest.len);
    } else {
        cells_unread(&s->rows, "sqlite", WHY_DAMAGED, s->unit.len);
    }
    cells_close(&s->rows, PART_WHOLE);
    if (s->rows.refused)
        return DECODE_REFUSED;
    return fine ? DECODE_DONE : DECODE_BAD;
}

static void sqlite_close(void *state)
{
    struct sqlite *s = state;

    held_clear(&s->held);
    buf_clear(&s->unit);
    strings_clear(&s->names);
    strings_clear(&s->statements);
    sqlite_table_clear(&s->table);
    free(s->tables);
    if (s->begun) {
        buf_clear(&s->writer.text);
        cells_clear(&s->rows);
    }
}

const struct decoder decoder_sqlite = {
    .name = "sqlite",
    .state_size = sizeof(struct sqlite),
    .recodes = true,
    .probe = sqlite_probe,
    .open = sqlite_open,
    .feed = sqlite_feed,
    .gap = sqlite_gap,
    .end = sqlite_end,
    .close = sqlite_close,
};
