// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * json.c - the JSON object or array around a value that may name a customer.
 *
 * From a sign found in passing, back to its object, on to that one's end.
 * When it is a member of another object, that one is the row ({"name":...,
 * "card":{"number":...}}), unless its neighbour is alike: then they are a
 * collection ({"id1":{...},"id2":{...}}) and each is a row. An array inside
 * an array is a row of its own, as is one that stands alone on its line; one
 * of names and values ([{"name":"phone","value":"..."},...]) is a row, too.
 * Beside rows that are held or found, the next one is read without a sign.
 *
 * It must not look at other objects without a sign.
 */
#include <string.h>

#include "detect/cell.h"
#include "detect/gather.h"
#include "detect/readers.h"

enum {
    KEY_MAX = 128,
    BETWEEN_MAX = 256, /* bytes between a row and the next one beside it */
};

/* Is the object read for the row in front of it, without a sign? */
enum { BESIDE_NOT = 0, BESIDE_SOUGHT, BESIDE_READ };

/* The sign in front of place at that is not blank, 0 at the floor. */
static uint8_t sign_before(const struct rows *r, uint32_t at, uint32_t floor)
{
    while (at > floor && cell_is_blank(r->bytes[at - 1]))
        at--;
    return at > floor ? r->bytes[at - 1] : 0;
}

/* How far back a reader may look that reads at r->at. */
static uint32_t floor_of(const struct rows *r)
{
    uint32_t reach = seek_reach(r);

    return reach > r->paired ? reach : r->paired;
}

/* Back to the bracket that is open at place at; false: none in reach. */
static bool open_before(const struct rows *r, uint32_t at, uint32_t *open)
{
    uint32_t floor = floor_of(r);
    unsigned depth = 0;

    while (at > floor) {
        uint8_t c = r->bytes[--at];
        if (c == '}' || c == ']')
            depth++;
        else if (c == '{' || c == '[') {
            if (depth == 0) {
                *open = at;
                return true;
            }
            depth--;
        }
    }
    return false;
}

/* Is the array there a row of values: an element of another, or alone? */
static bool is_row(const struct rows *r, uint32_t open)
{
    uint8_t before = sign_before(r, open, seek_reach(r));

    return before == '[' || before == ',' || before == ']' || before == 0;
}

static void frame(struct rows *r, uint32_t start)
{
    r->hold = r->at = start;
    r->depth = 0;
    r->inside = 0;
    r->escaped = false;
    r->beside = BESIDE_NOT;
    r->reading = READ_OBJECT;
}

bool object_literal(const struct rows *r, uint32_t at)
{
    uint32_t open;

    if (!open_before(r, at, &open))
        return false;
    uint32_t key = open + 1;
    while (key < at && cell_is_blank(r->bytes[key]))
        key++;
    uint32_t end = key;
    while (end < at && cell_is_word(r->bytes[end]))
        end++;
    if (end == key) /* a quote, or nothing in front of a value */
        return key == at || strchr("\"'[{", r->bytes[key]);
    while (end < at && cell_is_blank(r->bytes[end]))
        end++;
    return end < at && strchr(":,", r->bytes[end]);
}

bool object_begin(struct rows *r, uint32_t at)
{
    uint32_t open = at;

    do {
        if (!open_before(r, open, &open))
            return false;
        if (r->bytes[open] == '[' && is_row(r, open)) {
            if (!gather_named(r))
                json_names(r, rows_span(r, seek_reach(r), open));
            break;
        }
    } while (r->bytes[open] == '[');
    r->inner = r->behind = 0;
    frame(r, open);
    return true;
}

/*
 * Is what is framed JSON in a string of JSON? Its quotes have backslashes and
 * open nothing.
 */
static bool is_in_string(const struct rows *r)
{
    uint32_t at = r->hold + 1;

    while (at < r->at && (cell_is_blank(r->bytes[at]) || r->bytes[at] == '['))
        at++;
    return at < r->at && r->bytes[at] == '\\';
}

/* Is the ' just read an apostrophe? Not in u'name', as Python 2 writes. */
static bool is_apostrophe(const struct rows *r)
{
    uint32_t at = r->at - 1;

    if (at < 2 || !cell_is_letter(r->bytes[at - 1]))
        return false;
    return (r->bytes[at - 1] | 0x20) != 'u' || cell_is_letter(r->bytes[at - 2]);
}

/* One more byte; true when the object ends with it. */
static bool ends_with(struct rows *r, uint8_t c)
{
    if (r->inside) {
        if (r->escaped)
            r->escaped = false;
        else if (c == '\\')
            r->escaped = true;
        else if (c == r->inside)
            r->inside = 0;
        return false;
    }
    if (c == '"' || (c == '\'' && !is_apostrophe(r)))
        r->inside = is_in_string(r) ? 0 : c;
    else if (c == '{' || c == '[')
        r->depth++;
    else if (c == '}' || c == ']')
        return --r->depth == 0;
    return false;
}

/* The key at the front of s behind quote and blanks; 0: cut off, or none. */
static size_t key_len(struct span s, struct span *key)
{
    size_t at = 0;

    while (at < s.len && cell_is_blank(s.ptr[at]))
        at++;
    if (at == s.len || (s.ptr[at] != '"' && s.ptr[at] != '\''))
        return 0;
    struct span rest = span_skip(s, at + 1);
    *key = span_head(rest, span_find(span_head(rest, KEY_MAX), s.ptr[at]));
    return key->len < rest.len ? at + key->len + 2 : 0;
}

enum alike { ALIKE_NOT = 0, ALIKE_YES, ALIKE_MORE };

/* Does ,"key":{"first key" follow, with the first key of this object? */
static enum alike is_alike(const struct rows *r)
{
    struct span here = rows_span(r, r->hold + 1, r->at), mine, key;
    struct span rest = rows_span(r, r->at, r->len);
    bool cut = rest.len < 3 * KEY_MAX && !r->last;
    const char *marks = ",k:{k";

    if (key_len(here, &mine) == 0 || json_wraps(mine))
        return ALIKE_NOT;
    for (; *marks; marks++) {
        size_t at = 0;
        while (at < rest.len && cell_is_blank(rest.ptr[at]))
            at++;
        rest = span_skip(rest, at);
        if (rest.len == 0)
            return cut ? ALIKE_MORE : ALIKE_NOT;
        if (*marks == 'k') {
            size_t len = key_len(rest, &key);
            if (len == 0)
                return strchr("\"'", rest.ptr[0]) && cut ? ALIKE_MORE
                                                         : ALIKE_NOT;
            rest = span_skip(rest, len);
        } else if (rest.ptr[0] != (uint8_t)*marks) {
            return ALIKE_NOT;
        } else {
            rest = span_skip(rest, 1);
        }
    }
    return span_eq(mine, key) ? ALIKE_YES : ALIKE_NOT;
}

/*
 * The row [from, to) is whole: it is taken, and passing over goes on, or
 * the row beside it is looked for, which may have no sign of its own.
 */
static void take(struct rows *r, uint32_t from, uint32_t to)
{
    size_t skipped = json_row(r, rows_span(r, from, to), rows_moment(r, to));
    bool inner = skipped < to - from;

    if (inner)
        to = from + (uint32_t)skipped;
    r->paired = r->at = r->judged = to;
    r->reading = READ_SEEK;
    if (!inner && gather_held(r)) {
        r->hold = to;
        r->depth = 0;
        r->beside = BESIDE_SOUGHT;
        r->reading = READ_OBJECT;
    }
}

/* Past blanks from place at on. */
static size_t past_blanks(struct span s, size_t at)
{
    while (at < s.len && cell_is_blank(s.ptr[at]))
        at++;
    return at;
}

/* Behind a row: does another one follow, by itself or under a key? */
static enum alike look_beside(struct rows *r)
{
    struct span rest = span_head(rows_span(r, r->hold, r->len), BETWEEN_MAX);
    enum alike cut =
        rest.len < BETWEEN_MAX && !r->last ? ALIKE_MORE : ALIKE_NOT;
    size_t at = past_blanks(rest, 0);
    struct span key;

    if (at < rest.len && rest.ptr[at] == ',')
        at = past_blanks(rest, at + 1);
    if (at < rest.len && (rest.ptr[at] == '"' || rest.ptr[at] == '\'')) {
        size_t len = key_len(span_skip(rest, at), &key);
        if (len == 0)
            return cut;
        at = past_blanks(rest, at + len);
        if (at < rest.len && rest.ptr[at] != ':')
            return ALIKE_NOT;
        at = past_blanks(rest, at + 1);
        if (at < rest.len && rest.ptr[at] == '[')
            return ALIKE_NOT;
    }
    if (at >= rest.len)
        return cut;
    if (rest.ptr[at] != '{' && rest.ptr[at] != '[')
        return ALIKE_NOT;
    r->inner = r->behind = 0;
    frame(r, r->hold + (uint32_t)at);
    r->beside = BESIDE_READ;
    return ALIKE_YES;
}

/* The array of names and values around the object framed, or its object. */
static bool climb_columns(struct rows *r)
{
    uint32_t open, outer;

    if (!open_before(r, r->hold, &open) || r->bytes[open] != '[' ||
        !json_property(r, rows_span(r, r->hold, r->at)))
        return false;
    bool member = sign_before(r, open, floor_of(r)) == ':' &&
                  open_before(r, open, &outer) && r->bytes[outer] == '{';
    r->inner = r->hold;
    r->behind = r->at;
    frame(r, member ? outer : open);
    return true;
}

/* The object framed is whole: is it the row, or the one around it? */
static bool climb(struct rows *r)
{
    uint32_t open;

    uint8_t before = sign_before(r, r->hold, floor_of(r));
    if (r->bytes[r->hold] == '{' && (before == '[' || before == ','))
        return climb_columns(r);

    if (r->bytes[r->hold] == '[' || before != ':' ||
        !open_before(r, r->hold, &open) || r->bytes[open] != '{')
        return false;
    r->inner = r->hold;
    r->behind = r->at;
    frame(r, open);
    return true;
}

/* Nothing beside the row: on behind it. */
static void pass_on(struct rows *r)
{
    r->at = r->hold;
    r->reading = READ_SEEK;
}

bool object_read(struct rows *r)
{
    if (r->beside == BESIDE_SOUGHT) {
        enum alike alike = look_beside(r);
        if (alike == ALIKE_NOT)
            pass_on(r);
        if (alike != ALIKE_YES)
            return alike == ALIKE_NOT;
    }
    for (;;) {
        bool ended = r->depth == 0 && r->at > r->hold;
        while (r->at < r->len && !ended && r->at - r->hold < LIMIT_ROW)
            ended = ends_with(r, r->bytes[r->at++]);
        if (!ended) {
            if (!r->last && r->at - r->hold < LIMIT_ROW)
                return false;
            if (r->beside == BESIDE_READ)
                pass_on(r);
            else if (r->behind > 0)
                take(r, r->inner, r->behind);
            else
                take(r, r->bytes[r->hold] == '[' ? r->at : r->hold, r->at);
            return true;
        }
        enum alike alike = r->bytes[r->hold] == '{' ? is_alike(r) : ALIKE_NOT;
        if (alike == ALIKE_MORE)
            return false;
        if (alike == ALIKE_YES || !climb(r)) {
            take(r, r->hold, r->at);
            return true;
        }
    }
}
