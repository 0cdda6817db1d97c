// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * json.c - the JSON object around a value that may name a customer.
 *
 * From a sign found in passing, back to the brace of the object that is an
 * element of an array or stands alone, on to its end, and then its members as
 * labels and values. Objects inside it belong to it ({"card":{"number":...}});
 * objects in arrays inside it are rows of their own.
 *
 * It must not look at objects without a sign.
 */
#include <string.h>

#include "detect/cell.h"
#include "detect/readers.h"
#include "util/unicode.h"

enum { DEPTH = 16, LABEL_MAX = 96 };

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The sign in front of place at that is not blank, 0 at the floor. */
static uint8_t sign_before(const struct rows *r, uint32_t at, uint32_t floor)
{
    while (at > floor && is_blank(r->bytes[at - 1]))
        at--;
    return at > floor ? r->bytes[at - 1] : 0;
}

/* Back to the object's brace; false when none is in reach. */
static bool find_start(const struct rows *r, uint32_t at, uint32_t *start)
{
    uint32_t floor = at > LIMIT_LOOKBACK ? at - LIMIT_LOOKBACK : 0;
    unsigned depth = 0;
    bool found = false;

    floor = floor > r->paired ? floor : r->paired;
    while (at > floor) {
        uint8_t c = r->bytes[--at];
        if (c == '}' || c == ']') {
            depth++;
        } else if ((c == '{' || c == '[') && depth > 0) {
            depth--;
        } else if (c == '{' || c == '[') {
            if (c == '{') {
                *start = at;
                found = true;
            }
            if (sign_before(r, at, floor) != ':')
                return found;
        }
    }
    return found;
}

bool object_begin(struct rows *r, uint32_t at)
{
    uint32_t start;

    if (!find_start(r, at, &start))
        return false;
    r->hold = r->at = start;
    r->depth = 0;
    r->inside = r->escaped = false;
    r->reading = READ_OBJECT;
    return true;
}

/* One more byte; true when the object ends with it. */
static bool ends_with(struct rows *r, uint8_t c)
{
    if (r->inside) {
        if (r->escaped)
            r->escaped = false;
        else if (c == '\\')
            r->escaped = true;
        else if (c == '"')
            r->inside = false;
        return false;
    }
    if (c == '"')
        r->inside = true;
    else if (c == '{' || c == '[')
        r->depth++;
    else if (c == '}' || c == ']')
        return --r->depth == 0;
    return false;
}

/* The object being taken apart. */
struct object {
    struct rows *r;
    const struct moment *seen;
    struct span rest;
    struct span key;           /* of the value to come */
    struct span parent[DEPTH]; /* key of each open brace or bracket */
    bool array[DEPTH];
    size_t depth;
};

/* The string behind an opening quote, escapes as they stand. */
static bool take_string(struct object *o, struct span *raw, bool *escaped)
{
    *escaped = false;
    for (size_t i = 0; i < o->rest.len; i++) {
        uint8_t c = o->rest.ptr[i];
        if (c == '\\') {
            *escaped = true;
            i++;
        } else if (c == '"') {
            *raw = span_head(o->rest, i);
            o->rest = span_skip(o->rest, i + 1);
            return true;
        }
    }
    o->rest.len = 0;
    return false;
}

/* \uXXXX at s, with its second half where it has one; gives bytes used. */
static size_t unescape_code(struct span s, uint8_t out[4], size_t *len)
{
    uint64_t high, low;
    size_t used = 6;

    if (!span_hex(span_slice(s, 2, 6), &high) || s.len < 6)
        return 0;
    if (high >= 0xD800 && high < 0xDC00 && s.len >= 12 && s.ptr[6] == '\\' &&
        span_hex(span_slice(s, 8, 12), &low) && low >= 0xDC00 && low < 0xE000) {
        high = 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF));
        used = 12;
    }
    if (high >= 0xD800 && high < 0xE000)
        high = 0xFFFD;
    *len = unicode_encode((uint32_t)high, out);
    return used;
}

static uint8_t unescape_sign(uint8_t c)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *at = c ? strchr(from, c) : NULL;

    return at ? (uint8_t)to[at - from] : c;
}

static struct span unescape(struct object *o, struct span raw)
{
    struct buf *plain = &o->r->detect->plain;
    size_t start = plain->len;

    while (raw.len > 0) {
        uint8_t out[4] = {raw.ptr[0], 0, 0, 0};
        size_t used = 1, len = 1;
        if (raw.ptr[0] == '\\' && raw.len > 1) {
            used = raw.ptr[1] == 'u' ? unescape_code(raw, out, &len) : 2;
            if (used == 2)
                out[0] = unescape_sign(raw.ptr[1]);
            used = used ? used : 1;
        }
        if (!buf_add(plain, (struct span){out, len}))
            break;
        raw = span_skip(raw, used);
    }
    return span_skip(buf_span(plain), start);
}

/* The claim of a value's key, with the key of its object in front first. */
static struct claim claim_of(struct object *o)
{
    uint8_t both[LABEL_MAX];
    struct span parent = o->parent[o->depth - 1];
    struct header *h = o->r->detect->header;

    if (parent.len > 0 && o->key.len > 0 && parent.ptr != o->key.ptr &&
        parent.len + o->key.len + 1 <= LABEL_MAX) {
        memcpy(both, parent.ptr, parent.len);
        both[parent.len] = ' ';
        memcpy(both + parent.len + 1, o->key.ptr, o->key.len);
        struct claim c =
            header_find(h, (struct span){both, parent.len + o->key.len + 1});
        if (c.force != CLAIM_NONE)
            return c;
    }
    return header_find(h, o->key);
}

static void take_value(struct object *o, struct span value)
{
    if (o->depth == 0 || o->key.len == 0 || value.len == 0)
        return;
    /* a place of its own: labels do not repeat inside an object */
    uint64_t place = (uint64_t)(uintptr_t)value.ptr;
    labels_add(o->r, claim_of(o), place, value, o->seen);
}

static void take_text(struct object *o)
{
    struct span raw, behind;
    bool escaped;

    if (!take_string(o, &raw, &escaped))
        return;
    struct span text = escaped ? unescape(o, raw) : raw;
    behind = span_trim(o->rest);
    if (o->depth > 0 && !o->array[o->depth - 1] && behind.len > 0 &&
        behind.ptr[0] == ':') {
        o->key = text;
        o->rest = span_skip(behind, 1);
        return;
    }
    take_value(o, text);
}

static void open_level(struct object *o, bool array)
{
    if (o->depth < DEPTH) {
        o->array[o->depth] = array;
        o->parent[o->depth] = o->key;
    }
    o->depth += o->depth < DEPTH;
    if (!array)
        o->key = (struct span){o->rest.ptr, 0};
}

/* An object in an array is a row of its own: pass over it. */
static void skip_object(struct object *o)
{
    unsigned depth = 1;
    struct span raw;
    bool escaped;

    while (o->rest.len > 0 && depth > 0) {
        uint8_t c = o->rest.ptr[0];
        o->rest = span_skip(o->rest, 1);
        if (c == '"')
            take_string(o, &raw, &escaped);
        else if (c == '{')
            depth++;
        else if (c == '}')
            depth--;
    }
}

static void take_plain(struct object *o)
{
    size_t n = 0;

    while (n < o->rest.len && !is_blank(o->rest.ptr[n]) &&
           !memchr(",]}\"", o->rest.ptr[n], 4))
        n++;
    if (cell_is_digit(o->rest.ptr[0]))
        take_value(o, span_head(o->rest, n));
    o->rest = span_skip(o->rest, n ? n : 1);
}

static void take_object(struct rows *r, struct span text,
                        const struct moment *seen)
{
    struct object o = {.r = r, .seen = seen, .rest = rows_utf8(r, text)};

    buf_reset(&r->detect->plain);
    labels_drop(r);
    while (o.rest.len > 0) {
        uint8_t c = o.rest.ptr[0];
        if (is_blank(c) || c == ',' || c == ':') {
            o.rest = span_skip(o.rest, 1);
        } else if (c == '"') {
            o.rest = span_skip(o.rest, 1);
            take_text(&o);
        } else if (c == '{' || c == '[') {
            o.rest = span_skip(o.rest, 1);
            if (c == '{' && o.depth > 0 && o.array[o.depth - 1])
                skip_object(&o);
            else
                open_level(&o, c == '[');
        } else if (c == '}' || c == ']') {
            o.rest = span_skip(o.rest, 1);
            o.depth -= o.depth > 0;
        } else {
            take_plain(&o);
        }
    }
    if (r->labels)
        labels_flush_element(r);
}

bool object_read(struct rows *r)
{
    bool ended = false;

    while (r->at < r->len && !ended && r->at - r->hold < LIMIT_ROW)
        ended = ends_with(r, r->bytes[r->at++]);
    if (!ended && !r->last && r->at - r->hold < LIMIT_ROW)
        return false;
    take_object(r, rows_span(r, r->hold, r->at), rows_moment(r, r->at));
    r->paired = r->at;
    r->judged = r->at;
    r->reading = READ_SEEK;
    return true;
}
