// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * series.c - JSON objects whose members are the columns of a table.
 *
 *     {"name": ["Anna Smith", "Bo Lee"], "card": ["4111...", "5500..."]}
 *     {"name": {"0": "Anna Smith", "1": "Bo Lee"}, "card": {"0": ...}}
 *
 * A column may be as long as the document, so nothing near a value shows its
 * row: the first bytes of a document, or those behind such an object, tell.
 * A short object that turns out to be another is read again by json.c.
 *
 * It must not look beyond FRONT bytes of other documents.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/cell.h"
#include "detect/labels.h"
#include "detect/packed.h"
#include "detect/readers.h"
#include "detect/series.h"
#include "outflow/compiler.h"

enum {
    FRONT = 512,     /* bytes in front of the first column */
    FRONT_DEPTH = 8, /* objects around it */
    PLAIN_MOST = 64, /* of a number or a word */
    NEAR = 64,       /* bytes that show what a damaged one was */
    SURE = 16,       /* cells that show a column when no end does */
    KEPT = 64,       /* bytes behind a hole that may show where a cell ends */
};

enum phase {
    PHASE_FRONT = 0, /* do columns begin here? */
    PHASE_MEMBER,    /* between columns */
    PHASE_CELLS,     /* in one */
    PHASE_LOST,      /* behind a hole: where does a cell end? */
};

enum step {
    STEP_MORE = 0, /* more bytes are needed */
    STEP_ON,
    STEP_END, /* of the object, or of what can be read of it */
    STEP_NOT, /* it was none */
};

struct series {
    struct packed packed;
    uint32_t lost; /* bytes passed over behind a hole */
    uint8_t phase; /* enum phase */
    uint8_t depth; /* of PHASE_FRONT */
    bool keyed;    /* the cells of the column have keys */
    bool filled;   /* a cell stands behind the newest comma */
    bool texts;    /* the newest cell was a string */
    bool sure;     /* it is too long to be read again */
    bool scalars;  /* a value beside the columns names something */
    bool once;     /* rows were given: other signs may be in front */
};

/* A sign, a string or a word of JSON. */
struct piece {
    enum { PIECE_MORE, PIECE_SIGN, PIECE_TEXT, PIECE_PLAIN } kind;
    uint8_t sign;     /* 0: no JSON */
    struct span text; /* without its quotes, escapes as they stand */
    uint32_t next;
};

/* Place of the quote that ends a string; the window's end: not there. */
static uint32_t string_end(const struct rows *r, uint32_t at, uint8_t quote)
{
    uint32_t from = at;

    while (at < r->len) {
        const uint8_t *end = memchr(r->bytes + at, quote, r->len - at);
        uint32_t stop = end ? (uint32_t)(end - r->bytes) : r->len;
        uint32_t slashes = 0;
        while (stop - slashes > from && r->bytes[stop - slashes - 1] == '\\')
            slashes++;
        if (!end || slashes % 2 == 0)
            return stop;
        at = stop + 1;
    }
    return r->len;
}

static struct piece piece_at(const struct rows *r, uint32_t at)
{
    static const struct piece more = {.kind = PIECE_MORE};
    uint32_t end;

    while (at < r->len && cell_is_blank(r->bytes[at]))
        at++;
    if (at == r->len)
        return more;
    uint8_t c = r->bytes[at];
    if (memchr("{}[],:", c, 6))
        return (struct piece){PIECE_SIGN, c, rows_span(r, at, at), at + 1};
    if (c == '"' || c == '\'') {
        end = string_end(r, at + 1, c);
        if (end - at > LIMIT_ROW)
            return (struct piece){PIECE_SIGN, 0, rows_span(r, at, at), at};
        if (end == r->len)
            return more;
        return (struct piece){PIECE_TEXT, c, rows_span(r, at + 1, end),
                              end + 1};
    }
    for (end = at; end < r->len && !cell_is_blank(r->bytes[end]) &&
                   !memchr("{}[],:\"'", r->bytes[end], 8);)
        end++;
    if (end - at > PLAIN_MOST)
        return (struct piece){PIECE_SIGN, 0, rows_span(r, at, at), at};
    if (end == r->len)
        return more;
    return (struct piece){PIECE_PLAIN, c, rows_span(r, at, end), end};
}

static bool is_sign(const struct piece *p, uint8_t sign)
{
    return p->kind == PIECE_SIGN && p->sign == sign;
}

static bool is_value(const struct piece *p)
{
    return p->kind == PIECE_TEXT || p->kind == PIECE_PLAIN;
}

/* Keys of rows are their numbers. */
static bool is_number(const struct piece *p)
{
    for (size_t i = 0; i < p->text.len; i++) {
        if (!cell_is_digit(p->text.ptr[i]))
            return false;
    }
    return is_value(p) && p->text.len > 0;
}

/* "key": and what stands behind it. */
struct member {
    struct piece key, value;
    bool column, keyed; /* the value is a column */
};

/* The pieces of a member behind its key; STEP_NOT: it is none. */
static enum step member_at(const struct rows *r, const struct piece *key,
                           struct member *m)
{
    struct piece colon = piece_at(r, key->next), first;

    *m = (struct member){.key = *key};
    if (colon.kind == PIECE_MORE)
        return STEP_MORE;
    if (!is_sign(&colon, ':'))
        return STEP_NOT;
    m->value = piece_at(r, colon.next);
    if (m->value.kind != PIECE_SIGN)
        return m->value.kind == PIECE_MORE ? STEP_MORE : STEP_ON;
    m->keyed = m->value.sign == '{';
    if (!m->keyed && m->value.sign != '[')
        return STEP_NOT;
    first = piece_at(r, m->value.next);
    if (first.kind == PIECE_MORE)
        return STEP_MORE;
    m->column = m->keyed ? is_number(&first) : is_value(&first);
    return STEP_ON;
}

static struct claim claim_of(struct rows *r, struct span key)
{
    return header_find(r->detect->header, packed_text(r, key));
}

/* Has the column at value a second cell? One alone is no column. */
static enum step has_second(const struct rows *r, const struct member *m)
{
    struct piece p = piece_at(r, m->value.next);

    if (m->keyed) {
        p = piece_at(r, p.next);
        if (is_sign(&p, ':'))
            p = piece_at(r, p.next);
    }
    if (p.kind == PIECE_MORE)
        return STEP_MORE;
    if (!is_value(&p))
        return STEP_NOT;
    p = piece_at(r, p.next);
    if (p.kind == PIECE_MORE)
        return STEP_MORE;
    return is_sign(&p, ',') ? STEP_ON : STEP_NOT;
}

/* Signs that may stand in front of the first column. */
static enum step front_sign(struct rows *r, const struct piece *p)
{
    struct series *s = r->series;
    bool between = s->once && p->sign && strchr("}],", p->sign);

    if (p->sign == '{')
        s->depth++;
    else if (p->sign != ',' && !between)
        return STEP_NOT;
    r->at = p->next;
    return s->depth > FRONT_DEPTH ? STEP_NOT : STEP_ON;
}

static enum step read_front(struct rows *r)
{
    struct series *s = r->series;
    struct piece p = piece_at(r, r->at);
    struct member m;

    if (r->at - r->hold > FRONT)
        return STEP_NOT;
    if (p.kind == PIECE_SIGN)
        return front_sign(r, &p);
    if (p.kind != PIECE_TEXT)
        return p.kind == PIECE_MORE ? STEP_MORE : STEP_NOT;
    enum step step = member_at(r, &p, &m);
    if (step != STEP_ON)
        return step;
    if (m.column) {
        step = has_second(r, &m);
        s->phase = step == STEP_ON ? PHASE_MEMBER : s->phase;
        return step;
    }
    if (m.value.kind == PIECE_SIGN && !m.keyed)
        return STEP_NOT;
    s->depth = (uint8_t)(s->depth + m.keyed);
    r->at = m.value.next;
    return STEP_ON;
}

/* The object is whole. */
static enum step object_ends(const struct series *s)
{
    uint32_t rows;
    size_t alike = packed_alike(&s->packed, &rows);

    return s->sure || (alike >= 2 && rows >= 2 && !s->scalars) ? STEP_END
                                                               : STEP_NOT;
}

static enum step begin_column(struct rows *r, const struct member *m)
{
    struct series *s = r->series;
    struct span key = m->key.text;

    if (!packed_begin(&s->packed, labels_hash(key), claim_of(r, key)))
        return object_ends(s);
    s->keyed = m->keyed;
    s->filled = s->texts = false;
    s->phase = PHASE_CELLS;
    r->at = m->value.next;
    return STEP_ON;
}

static enum step read_member(struct rows *r)
{
    struct series *s = r->series;
    struct piece p = piece_at(r, r->at);
    struct member m;

    if (p.kind == PIECE_MORE)
        return STEP_MORE;
    if (is_sign(&p, ',')) {
        r->at = p.next;
        return STEP_ON;
    }
    if (is_sign(&p, '}')) {
        r->at = p.next;
        return object_ends(s);
    }
    enum step step = p.kind == PIECE_TEXT ? member_at(r, &p, &m) : STEP_NOT;
    if (step == STEP_NOT)
        return object_ends(s);
    if (step == STEP_MORE)
        return STEP_MORE;
    if (m.column)
        return begin_column(r, &m);
    if (m.value.kind == PIECE_SIGN || (s->packed.runs < 2 && !s->sure))
        return object_ends(s);
    s->scalars = s->scalars || claim_of(r, m.key.text).force == CLAIM_FIRM;
    r->at = m.value.next;
    return STEP_ON;
}

static void put_cell(struct rows *r, const struct piece *value)
{
    struct series *s = r->series;
    struct span none = {value->text.ptr, 0};
    bool filled = value->kind == PIECE_TEXT || cell_is_digit(value->sign);

    packed_cell(r, &s->packed, filled ? value->text : none);
    r->at = value->next;
    s->filled = true;
    s->texts = value->kind == PIECE_TEXT;
}

static enum step read_keyed(struct rows *r, const struct piece *key)
{
    struct member m;
    enum step step = member_at(r, key, &m);

    if (step == STEP_ON && (!is_number(key) || m.value.kind == PIECE_SIGN))
        step = STEP_NOT;
    if (step == STEP_ON)
        put_cell(r, &m.value);
    return step == STEP_NOT ? object_ends(r->series) : step;
}

static enum step column_ends(struct series *s)
{
    packed_end(&s->packed);
    s->phase = PHASE_MEMBER;
    return STEP_ON;
}

/* The first byte from place at on that is no blank; 0: not there. */
static uint8_t sign_at(const struct rows *r, uint32_t at)
{
    while (at < r->len && cell_is_blank(r->bytes[at]))
        at++;
    return at < r->len ? r->bytes[at] : 0;
}

/* The string from place at up to a quote that ends a cell: its own is lost. */
static enum step read_unopened(struct rows *r, uint32_t at, bool put)
{
    struct series *s = r->series;

    for (uint32_t end = at; end < r->len; end++) {
        uint8_t c = r->bytes[end], behind = sign_at(r, end + 1);
        if ((c != '"' && c != '\'') || r->bytes[end - 1] == '\\')
            continue;
        if (behind == 0 && !r->last)
            return STEP_MORE;
        if (behind != ',' && behind != ']')
            continue;
        const struct piece cell = {PIECE_TEXT, c, rows_span(r, at, end),
                                   end + 1};
        if (put)
            put_cell(r, &cell);
        r->at = end + 1;
        s->filled = true;
        return STEP_ON;
    }
    return r->len - at < LIMIT_ROW ? STEP_MORE : object_ends(s);
}

/* Does a comma follow a sign, or a quote that begins a cell, not ends one? */
static bool is_comma(const struct rows *r, uint32_t at)
{
    while (at < r->len && cell_is_blank(r->bytes[at]))
        at++;
    uint8_t sign = at < r->len ? r->bytes[at] : 0;
    uint8_t behind = sign_at(r, at + 1);

    return sign == ',' ||
           ((sign == '"' || sign == '\'') && behind != ',' && behind != ']');
}

/*
 * A cell right behind another: a damaged byte put a quote, or took one or the
 * comma. What the bytes between them look like tells where the next begins.
 */
static enum step read_damaged(struct rows *r, const struct piece *p)
{
    struct series *s = r->series;
    uint32_t end = r->at - 1; /* the quote behind the newest cell */
    uint32_t from = (uint32_t)(p->text.ptr - r->bytes);
    struct span text = span_trim(p->text);
    uint8_t behind = sign_at(r, p->next);

    if (r->len - p->next < NEAR && !r->last)
        return STEP_MORE;
    if (p->kind == PIECE_TEXT && (text.len == 0 || span_eq(text, SPAN(","))))
        return read_unopened(r, p->next, true);
    if (p->kind == PIECE_TEXT && behind == ',') {
        put_cell(r, p);
        return STEP_ON;
    }
    if (p->kind != PIECE_TEXT && p->next - from <= 1 && is_comma(r, p->next)) {
        s->filled = behind == ',';
        r->at = p->next;
        return STEP_ON;
    }
    while (end > 0 && cell_is_blank(r->bytes[end - 1]))
        end--;
    if (!s->texts || end == 0 || r->bytes[end - 1] != ',')
        return read_unopened(r, from, false);
    end--;
    while (end > 0 && cell_is_blank(r->bytes[end - 1]))
        end--;
    if (end == 0 || r->bytes[end - 1] != ']')
        return read_unopened(r, r->at, true);
    r->at--; /* the quote of the next key */
    return column_ends(s);
}

/* Is the piece a word that no JSON has, in a column of strings? */
static bool is_unopened(const struct series *s, const struct piece *p)
{
    static const char *const words[] = {"null", "true", "false", "nan", "none"};

    if (!s->texts || p->kind == PIECE_TEXT)
        return false;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq_nocase(p->text, span_of(words[i])))
            return false;
    }
    return p->kind == PIECE_SIGN || !cell_is_digit(p->sign);
}

static enum step read_cells(struct rows *r)
{
    struct series *s = r->series;
    struct piece p = piece_at(r, r->at);

    if (p.kind == PIECE_MORE)
        return STEP_MORE;
    if (is_sign(&p, ',')) {
        s->filled = false;
        r->at = p.next;
        return STEP_ON;
    }
    if (is_sign(&p, s->keyed ? '}' : ']')) {
        r->at = p.next;
        return column_ends(s);
    }
    if (s->keyed)
        return p.kind == PIECE_SIGN ? object_ends(s) : read_keyed(r, &p);
    uint8_t behind = p.kind == PIECE_TEXT ? sign_at(r, p.next) : ',';
    if (behind == 0 && !r->last)
        return STEP_MORE;
    if (behind == ':') /* a key: the column's end is lost */
        return column_ends(s);
    if (s->filled)
        return read_damaged(r, &p);
    if (is_unopened(s, &p))
        return read_unopened(
            r, (uint32_t)(p.text.ptr - r->bytes) + (p.kind == PIECE_SIGN),
            true);
    if (p.kind == PIECE_SIGN)
        return object_ends(s);
    put_cell(r, &p);
    return STEP_ON;
}

/* Does a cell end in front of the sign at place at, and what is behind it? */
static bool ends_cell(const struct rows *r, uint32_t from, uint32_t at)
{
    uint32_t end = at, next = at + 1;

    while (end > from && cell_is_blank(r->bytes[end - 1]))
        end--;
    while (next < r->len && cell_is_blank(r->bytes[next]))
        next++;
    if (end < from + 2 || next == r->len || r->bytes[end - 2] == '\\')
        return false;
    uint8_t quote = r->bytes[end - 1];
    if (quote != '"' && quote != '\'')
        return false;
    return r->bytes[at] == ',' ? r->bytes[next] == quote
                               : memchr(",}", r->bytes[next], 2) != NULL;
}

/* Behind a hole: on to the next cell, or the column's end. */
static enum step read_lost(struct rows *r)
{
    struct series *s = r->series;

    for (uint32_t at = r->at; at < r->len; at++) {
        uint8_t c = r->bytes[at];
        bool sign = c == ',' || c == (s->keyed ? '}' : ']');
        if (!sign || !ends_cell(r, r->at, at))
            continue;
        s->phase = PHASE_CELLS;
        r->at = at;
        return STEP_ON;
    }
    if (r->len - r->at > KEPT) {
        s->lost += r->len - r->at - KEPT;
        r->at = r->len - KEPT;
    }
    return s->lost > LIMIT_ROW ? STEP_END : STEP_MORE;
}

/* Too long to be read again: are these columns, as far as it shows? */
static bool decide(struct rows *r)
{
    struct series *s = r->series;
    uint32_t rows;

    s->sure = packed_alike(&s->packed, &rows) >= 2 && rows >= 2;
    for (size_t i = 0; i < s->packed.runs; i++)
        s->sure = s->sure || s->packed.run[i].rows >= SURE;
    return s->sure;
}

bool series_begin(struct rows *r, uint32_t at)
{
    if (r->page)
        return false;
    r->series = calloc(1, sizeof(*r->series));
    if (!r->series)
        return false;
    packed_init(&r->series->packed);
    r->hold = r->at = at;
    r->reading = READ_SERIES;
    return true;
}

void series_free(struct rows *r)
{
    if (r->series)
        packed_forget(r, &r->series->packed);
    free(r->series);
    r->series = NULL;
}

/* Others read on, at a place. */
static void leave(struct rows *r, uint32_t at)
{
    series_free(r);
    r->row = r->at = at;
    r->reading = READ_SEEK;
}

/* The rows are known; other objects of columns may follow. */
static void end_object(struct rows *r)
{
    struct series *s = r->series;

    packed_give(r, &s->packed, rows_moment(r, r->at));
    r->paired = r->judged = r->hold = r->at;
    *s = (struct series){.packed = s->packed, .once = true};
}

static enum step read_step(struct rows *r)
{
    switch ((enum phase)r->series->phase) {
    case PHASE_FRONT:
        return read_front(r);
    case PHASE_MEMBER:
        return read_member(r);
    case PHASE_CELLS:
        return read_cells(r);
    case PHASE_LOST:
        return read_lost(r);
    }
    return STEP_NOT;
}

bool series_read(struct rows *r)
{
    struct series *s = r->series;

    while (!r->refused) {
        enum step step = read_step(r);
        if (step == STEP_MORE && !r->last)
            return false;
        if (step == STEP_MORE)
            step = s->sure && s->phase != PHASE_FRONT ? STEP_END : STEP_NOT;
        bool held = step == STEP_ON && s->phase != PHASE_FRONT && !s->sure;
        if (held && r->at - r->hold >= LIMIT_ROW && !decide(r))
            step = STEP_NOT;
        if (s->sure)
            r->hold = r->at;
        if (step == STEP_NOT) {
            leave(r, r->hold);
            return true;
        }
        if (step == STEP_END)
            end_object(r);
    }
    return false;
}

bool series_gap(struct rows *r)
{
    struct series *s = r->series;

    if (r->reading != READ_SERIES)
        return false;
    if (s->phase == PHASE_FRONT || (!s->sure && !decide(r))) {
        series_free(r);
        return false;
    }
    packed_gap(&s->packed);
    s->phase = PHASE_LOST;
    s->lost = 0;
    return true;
}
