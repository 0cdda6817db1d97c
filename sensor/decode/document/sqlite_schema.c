// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_schema.c - CREATE TABLE, word by word.
 *
 *     CREATE [TEMP] TABLE [IF NOT EXISTS] [schema.]name
 *         ( column type constraints, ..., table constraints ) options
 */
#include "decode/document/sqlite_schema.h"

#include <stdlib.h>

enum { COLUMNS_MOST = 2000 }; /* SQLite's own default limit */

/* A word of SQL: a name, a quoted name, or a single other character. */
struct word {
    struct span text; /* without its quotes */
    bool quoted;
};

static bool name_byte(uint8_t c)
{
    return c == '_' || c == '$' || c >= 0x80 || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Pass blanks and comments. */
static void pass_blanks(struct span *sql)
{
    for (;;) {
        while (sql->len > 0 && *sql->ptr <= ' ')
            *sql = span_skip(*sql, 1);
        if (span_starts(*sql, SPAN("--")))
            *sql = span_skip(*sql, span_find(*sql, '\n'));
        else if (span_starts(*sql, SPAN("/*")))
            *sql = span_skip(*sql, span_find_run(*sql, SPAN("*/")) + 2);
        else
            return;
    }
}

/* A doubled quote inside a name is left as it stands. */
static size_t quoted_len(struct span s, uint8_t end)
{
    size_t at = 1;

    while (at < s.len) {
        at += span_find(span_skip(s, at), end) + 1;
        if (end == ']' || at >= s.len || s.ptr[at] != end)
            break;
        at++;
    }
    return at < s.len ? at : s.len;
}

static bool word_next(struct span *sql, struct word *w)
{
    size_t len = 0;

    pass_blanks(sql);
    if (sql->len == 0)
        return false;
    uint8_t first = *sql->ptr;
    w->quoted = first == '"' || first == '`' || first == '[' || first == '\'';
    if (w->quoted) {
        len = quoted_len(*sql, first == '[' ? ']' : first);
        w->text = span_slice(*sql, 1, len - 1);
    } else {
        while (len < sql->len && name_byte(sql->ptr[len]))
            len++;
        len = len > 0 ? len : 1;
        w->text = span_head(*sql, len);
    }
    *sql = span_skip(*sql, len);
    return true;
}

static bool is(const struct word *w, const char *text)
{
    return !w->quoted && span_eq_nocase(w->text, span_of(text));
}

/* The text up to the next comma of this depth, or the bracket that ends it. */
static struct span piece_take(struct span *sql, bool *last)
{
    const uint8_t *from = sql->ptr;
    struct span all = *sql;
    unsigned depth = 0;
    struct word w;

    *last = true;
    while (word_next(sql, &w)) {
        size_t at = (size_t)(sql->ptr - from) - 1;
        if (is(&w, "("))
            depth++;
        if (depth == 0 && (is(&w, ",") || is(&w, ")"))) {
            *last = is(&w, ")");
            return span_head(all, at);
        }
        if (is(&w, ")"))
            depth--;
    }
    return all;
}

static bool begins_constraint(const struct word *w)
{
    return is(w, "constraint") || is(w, "primary") || is(w, "unique") ||
           is(w, "check") || is(w, "foreign");
}

/* What a definition says of its column. */
struct column {
    struct span name;
    bool integer; /* its type is INTEGER and nothing else */
    bool primary;
    bool descends; /* PRIMARY KEY DESC is no row number */
    bool absent;   /* calculated when it is read */
};

/* The words behind the name and type of a column. */
static void constraints_read(struct span rest, struct column *c)
{
    struct word w, before = {SPAN(""), false};
    bool made = false, stored = false;
    unsigned depth = 0;

    while (word_next(&rest, &w)) {
        depth += is(&w, "(");
        depth -= is(&w, ")") && depth > 0;
        if (depth > 0)
            continue;
        c->primary |= is(&w, "key") && is(&before, "primary");
        c->descends |= is(&w, "desc") && is(&before, "key");
        made |= is(&w, "as");
        stored |= is(&w, "stored");
        before = w;
    }
    c->absent = made && !stored;
}

static bool column_read(struct span piece, struct column *c)
{
    struct word name, type = {SPAN(""), false}, next = {SPAN(""), false};

    *c = (struct column){0};
    if (!word_next(&piece, &name) || begins_constraint(&name))
        return false;
    c->name = name.text;
    struct span rest = piece;
    if (word_next(&piece, &type)) {
        struct span behind = piece;
        bool more = word_next(&behind, &next);
        c->integer = span_eq_nocase(type.text, SPAN("integer")) &&
                     (!more || begins_constraint(&next) || is(&next, "not") ||
                      is(&next, "default") || is(&next, "collate"));
    }
    constraints_read(rest, c);
    return true;
}

/* --- the table --- */

/* Columns in the order they are declared in, and those of the key. */
struct columns {
    struct column all[COLUMNS_MOST];
    uint32_t count;
    struct span key; /* PRIMARY KEY ( this ) */
};

/* PRIMARY KEY (a, b) of the table. */
static void key_read(struct span piece, struct columns *c)
{
    struct word w, before = {SPAN(""), false};

    while (word_next(&piece, &w)) {
        if (is(&w, "(") && is(&before, "key")) {
            c->key = piece;
            return;
        }
        if (is(&w, "foreign") || is(&w, "unique") || is(&w, "check"))
            return;
        before = w;
    }
}

static void columns_read(struct span *sql, struct columns *c)
{
    bool last = false;

    while (!last && c->count < COLUMNS_MOST) {
        struct span piece = piece_take(sql, &last);
        if (column_read(piece, &c->all[c->count]))
            c->count++;
        else
            key_read(piece, c);
    }
}

static struct column *column_find(struct columns *c, struct span name)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (span_eq_nocase(c->all[i].name, name))
            return &c->all[i];
    return NULL;
}

/* The columns of the key are stored first; they are then done. */
static bool key_columns(struct columns *c, struct sqlite_table *t)
{
    bool last = c->key.len == 0, fine = true;
    struct word w;

    while (!last && fine) {
        struct span piece = piece_take(&c->key, &last);
        struct column *one =
            word_next(&piece, &w) ? column_find(c, w.text) : NULL;
        if (one == NULL || one->absent)
            continue;
        fine = strings_add(&t->columns, one->name);
        one->absent = true;
    }
    for (uint32_t i = 0; i < c->count && fine; i++) {
        if (!c->all[i].primary || c->all[i].absent)
            continue;
        fine = strings_add(&t->columns, c->all[i].name);
        c->all[i].absent = true;
    }
    return fine;
}

static uint32_t rowid_of(struct columns *c)
{
    struct column *key = NULL;
    bool last = true;
    struct word w;

    if (c->key.len > 0) {
        struct span piece = piece_take(&c->key, &last);
        key = word_next(&piece, &w) && last ? column_find(c, w.text) : NULL;
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct column *one = &c->all[i];
        if (one->integer && ((one->primary && !one->descends) || one == key))
            return at;
        at += !one->absent;
    }
    return SQLITE_NO_COLUMN;
}

static bool keyed_of(struct span sql)
{
    struct word w, before = {SPAN(""), false};

    while (word_next(&sql, &w)) {
        if (is(&w, "rowid") && is(&before, "without"))
            return true;
        before = w;
    }
    return false;
}

/* Up to the bracket behind the table's name. */
static bool table_begins(struct span *sql)
{
    struct word w;

    if (!word_next(sql, &w) || !is(&w, "create"))
        return false;
    while (word_next(sql, &w)) {
        if (is(&w, "virtual") || is(&w, "as"))
            return false;
        if (is(&w, "("))
            return true;
    }
    return false;
}

bool sqlite_table_read(struct span sql, struct sqlite_table *table)
{
    struct columns *c = malloc(sizeof(*c));
    bool fine = c != NULL && table_begins(&sql);

    *table = (struct sqlite_table){.rowid = SQLITE_NO_COLUMN};
    strings_init(&table->columns, NULL);
    if (fine) {
        c->count = 0;
        c->key = (struct span){NULL, 0};
        columns_read(&sql, c);
        table->keyed = keyed_of(sql);
        if (table->keyed)
            fine = key_columns(c, table);
        else
            table->rowid = rowid_of(c);
        for (uint32_t i = 0; i < c->count && fine; i++)
            if (!c->all[i].absent)
                fine = strings_add(&table->columns, c->all[i].name);
    }
    free(c);
    if (!fine)
        sqlite_table_clear(table);
    return fine && table->columns.count > 0;
}

void sqlite_table_clear(struct sqlite_table *table)
{
    strings_clear(&table->columns);
}
