// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * books.c - names and their numbers: books, captures, partners.
 *
 * A number is never given twice. It must not look into a book.
 */
#include "state/store.h"

#include <stdlib.h>
#include <string.h>

/* --- short lists of names ------------------------------------------------ */

uint32_t names_find(struct names *n, const char *name)
{
    size_t room = n->room > 0 ? n->room * 2 : 16;
    char **list, *copy;

    for (size_t i = n->count; i > 0; i--) {
        if (strcmp(n->list[i - 1], name) == 0)
            return (uint32_t)(i - 1);
    }
    if (n->count == n->room) {
        list = reallocarray(n->list, room, sizeof(*list));
        if (!list)
            return STATE_NONE;
        n->list = list;
        n->room = room;
    }
    copy = strdup(name);
    if (!copy)
        return STATE_NONE;
    n->list[n->count] = copy;
    return (uint32_t)n->count++;
}

static void names_clear(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->list[i]);
    free(n->list);
    *n = (struct names){.list = NULL};
}

static bool names_read(struct state *st, struct names *n, const char *text)
{
    struct sql_query *q = sql_query(st->db, text);
    enum sql_step step = SQL_FAILED;

    while (q && (step = sql_step(q)) == SQL_ROW) {
        if (names_find(n, sql_get_text(q, 0)) == STATE_NONE)
            break;
    }
    sql_query_free(q);
    n->stored = n->count;
    return step == SQL_DONE;
}

static bool names_write(struct state *st, const struct names *n,
                        const char *text)
{
    struct sql_query *q;
    bool ok;

    if (n->stored == n->count)
        return true;
    q = sql_query(st->db, text);
    ok = q != NULL;
    for (size_t i = n->stored; ok && i < n->count; i++) {
        sql_set(q, 1, (int64_t)i);
        sql_set_text(q, 2, n->list[i]);
        ok = sql_step(q) == SQL_DONE;
    }
    sql_query_free(q);
    return ok;
}

uint32_t state_capture(struct state *st, const char *name)
{
    return names_find(&st->captures, name);
}

const char *const *state_captures(const struct state *st, size_t *count)
{
    *count = st->captures.count;
    return (const char *const *)st->captures.list;
}

/* --- books --------------------------------------------------------------- */

static size_t book_slot(const struct state *st, enum book_kind kind,
                        const char *name)
{
    uint64_t hash = hash_bytes(&st->key, span_of(name)) + kind;
    size_t at = (size_t)hash & (st->book_slot_count - 1);

    for (; st->book_slots[at] != 0; at = (at + 1) & (st->book_slot_count - 1)) {
        const struct book *b = &st->books[st->book_slots[at] - 1];
        if (b->kind == kind && strcmp(b->name, name) == 0)
            break;
    }
    return at;
}

/* Room for one more book and its slot. */
static bool reserve(struct state *st)
{
    size_t slots = st->book_slot_count > 0 ? st->book_slot_count * 2 : 64;
    uint32_t room = st->book_room > 0 ? st->book_room * 2 : 32;
    uint32_t *fresh;
    struct book *books;

    if (st->book_count < st->book_room)
        return true;
    if (st->book_count >= (UINT32_C(1) << 31) - 1)
        return false;
    books = reallocarray(st->books, room, sizeof(*books));
    if (!books)
        return false;
    st->books = books;
    fresh = calloc(slots, sizeof(*fresh));
    if (!fresh)
        return false;
    free(st->book_slots);
    st->book_slots = fresh;
    st->book_slot_count = slots;
    st->book_room = room;
    for (uint32_t i = 0; i < st->book_count; i++)
        fresh[book_slot(st, books[i].kind, books[i].name)] = i + 1;
    return true;
}

uint32_t state_book(struct state *st, enum book_kind kind, const char *name)
{
    struct book b = {.kind = kind, .first = INT64_MAX, .last = INT64_MIN};
    size_t at;

    if (!reserve(st))
        return STATE_NONE;
    at = book_slot(st, kind, name);
    if (st->book_slots[at] != 0)
        return st->book_slots[at] - 1;
    b.name = strdup(name);
    if (!b.name)
        return STATE_NONE;
    st->books[st->book_count] = b;
    st->book_slots[at] = ++st->book_count;
    return st->book_count - 1;
}

uint32_t state_books(const struct state *st)
{
    return st->book_count;
}

struct state_book state_book_at(const struct state *st, uint32_t book)
{
    const struct book *b = &st->books[book];

    return (struct state_book){b->kind, b->name, b->first, b->last};
}

void book_note_day(struct state *st, uint32_t book, int64_t day)
{
    struct book *b = &st->books[book];

    b->first = day < b->first ? day : b->first;
    b->last = day > b->last ? day : b->last;
    st->today = day > st->today ? day : st->today;
}

/* The first and last day of each book, by two looks at its rows. */
static bool read_ranges(struct state *st)
{
    struct sql_query *q = sql_query(
        st->db, "SELECT min(id), max(id), count(*) > 0 FROM (SELECT * FROM"
                " (SELECT id FROM days WHERE id BETWEEN ?1 AND ?2 ORDER BY id"
                " LIMIT 1) UNION ALL SELECT * FROM (SELECT id FROM days WHERE"
                " id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1))");
    const int64_t mask = (INT64_C(1) << DAY_BITS) - 1;
    bool ok = q != NULL;

    for (uint32_t i = 0; ok && i < st->book_count; i++) {
        sql_set(q, 1, day_row(i, -DAY_ZERO, 0));
        sql_set(q, 2, day_row(i, DAY_ZERO - 1, PARTS - 1));
        ok = sql_step(q) == SQL_ROW;
        if (ok && sql_get(q, 2) != 0) {
            book_note_day(st, i,
                          (sql_get(q, 0) >> PART_BITS & mask) - DAY_ZERO);
            book_note_day(st, i,
                          (sql_get(q, 1) >> PART_BITS & mask) - DAY_ZERO);
        }
        sql_reset(q);
    }
    sql_query_free(q);
    return ok;
}

bool books_read(struct state *st)
{
    struct sql_query *q =
        sql_query(st->db, "SELECT id, kind, name FROM books ORDER BY id");
    enum sql_step step = SQL_FAILED;

    while (q && (step = sql_step(q)) == SQL_ROW) {
        enum book_kind kind =
            sql_get(q, 1) == BOOK_PARTY ? BOOK_PARTY : BOOK_EMPLOYEE;
        uint32_t number = state_book(st, kind, sql_get_text(q, 2));
        if (number == STATE_NONE || number != (uint64_t)sql_get(q, 0))
            break;
    }
    sql_query_free(q);
    st->books_stored = st->book_count;
    return step == SQL_DONE && read_ranges(st) &&
           names_read(st, &st->captures,
                      "SELECT name FROM captures ORDER BY id") &&
           names_read(st, &st->partners,
                      "SELECT name FROM partners ORDER BY id");
}

bool books_write(struct state *st)
{
    struct sql_query *q = NULL;
    bool ok = true;

    if (st->books_stored < st->book_count) {
        q = sql_query(st->db, "INSERT OR REPLACE INTO books VALUES (?, ?, ?)");
        ok = q != NULL;
    }
    for (uint32_t i = st->books_stored; ok && i < st->book_count; i++) {
        sql_set(q, 1, i);
        sql_set(q, 2, st->books[i].kind);
        sql_set_text(q, 3, st->books[i].name);
        ok = sql_step(q) == SQL_DONE;
    }
    sql_query_free(q);
    return ok &&
           names_write(st, &st->captures,
                       "INSERT OR REPLACE INTO captures VALUES (?, ?)") &&
           names_write(st, &st->partners,
                       "INSERT OR REPLACE INTO partners VALUES (?, ?)");
}

void state_books_clear(struct state *st)
{
    for (uint32_t i = 0; i < st->book_count; i++)
        free(st->books[i].name);
    free(st->books);
    free(st->book_slots);
    names_clear(&st->captures);
    names_clear(&st->partners);
}
