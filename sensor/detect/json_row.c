// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * json_row.c - the values of a JSON object or array as the cells of a row.
 *
 * Objects inside an object belong to it, under both keys; objects in arrays
 * inside it are rows of their own. Values of an array that is a row stand at
 * their places, named by an array of names in front of them:
 *
 *     [["name","card"],["Anna Smith","4111..."]]
 *     {"columns":["name","card"],"data":[["Anna Smith","4111..."]]}
 *     {"fields":[{"name":"name"},{"name":"card"}],"rows":[[...]]}
 *     {name: 'Anna Smith', card: "4111..."}
 *     {"name"=>"Anna Smith", :card=>"4111..."}
 *     {"fields":[{"name":"name","value":"Anna Smith"},{"name":"card",...}]}
 *     {"name":{"S":"Anna Smith"}}   {"text":"name: Anna Smith\\ncard: 4111..."}
 *
 * It must not hold anything between rows.
 */
#include <string.h>

#include "detect/cell.h"
#include "detect/gather.h"
#include "detect/labels.h"
#include "detect/pair.h"
#include "detect/readers.h"
#include "detect/undo.h"
#include "outflow/compiler.h"

enum { DEPTH = 16, LABEL_MAX = 96, LEVELS = 8, NAMES_LEAST = 2 };

/* The object being taken apart. */
struct object {
    struct rows *r;
    struct span all, rest;
    struct span key;           /* of the value to come */
    struct span parent[DEPTH]; /* key of each open brace or bracket */
    bool array[DEPTH];
    size_t depth;
    size_t place;   /* of the value to come in a row that is an array */
    size_t skipped; /* where the first object of an array begins */
    uint64_t first; /* of the columns that objects name; 0: none yet */
    const struct moment *seen;
};

/* The string behind an opening quote, escapes as they stand. */
static bool take_string(struct object *o, uint8_t quote, struct span *raw,
                        bool *escaped)
{
    *escaped = false;
    for (size_t i = 0; i < o->rest.len; i++) {
        uint8_t c = o->rest.ptr[i];
        if (c == '\\') {
            *escaped = true;
            i++;
        } else if (c == quote) {
            *raw = span_head(o->rest, i);
            o->rest = span_skip(o->rest, i + 1);
            return true;
        }
    }
    o->rest.len = 0;
    return false;
}

bool json_wraps(struct span key)
{
    static const char *const words[] = {"s",
                                        "n",
                                        "value",
                                        "text",
                                        "#text",
                                        "$t",
                                        "stringvalue",
                                        "integervalue",
                                        "doublevalue",
                                        "$date",
                                        "timestampvalue",
                                        "$numberlong",
                                        "$numberint",
                                        "$numberdecimal"};

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq_nocase(key, span_of(words[i])))
            return true;
    }
    return false;
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
    return header_find(h,
                       json_wraps(o->key) && parent.len > 0 ? parent : o->key);
}

/* Of the keys from the row down: the column of the value. */
static uint64_t path_of(const struct object *o)
{
    uint64_t hash = labels_hash(o->key);

    for (size_t i = 1; i < o->depth && i < DEPTH; i++)
        hash = hash * 31 + labels_hash(o->parent[i]);
    return hash;
}

/*
 * A text of lines with labels, as people write into messages: what is known
 * for sure is of the row, and a label that comes again begins the next.
 */
static bool take_lines(struct object *o, struct span text)
{
    enum { LEAST = 2, MOST = 4 << 10 };
    struct pair pairs[PAIRS_MAX];
    struct rows *r = o->r;
    struct span line, rest = span_head(text, MOST);
    size_t firm = 0;

    for (int round = 0; round < 2; round++, rest = span_head(text, MOST)) {
        while (span_cut(&rest, '\n', &line)) {
            if (pair_take(r->detect->header, &r->detect->plain, line, pairs) !=
                    1 ||
                pairs[0].claim.force != CLAIM_FIRM || pairs[0].said)
                continue;
            firm += round == 0;
            if (round == 0)
                continue;
            uint64_t label = labels_hash(pairs[0].label);
            if (label == o->first)
                gather_row(r, o->seen);
            else if (o->first == 0)
                o->first = label;
            gather_cell(r, label, pairs[0].claim, pairs[0].value);
        }
        if (firm < LEAST)
            return false;
    }
    return true;
}

static void take_value(struct object *o, struct span value)
{
    if (o->depth == 1 && o->array[0]) {
        gather_place(o->r, o->place++, value);
        return;
    }
    if (o->depth == 0 || o->key.len == 0 || value.len == 0)
        return;
    struct claim claim = claim_of(o);
    if (claim.force == CLAIM_NONE && span_find(value, '\n') < value.len &&
        take_lines(o, value))
        return;
    gather_cell(o->r, path_of(o), claim, value);
}

/* Does a string begin with c? Scripts and Python have both. */
static bool opens(uint8_t c)
{
    return c == '"' || c == '\'';
}

/* Does what stands between key and value follow? Its length, or 0. */
static size_t colon_len(struct span behind)
{
    if (span_starts(behind, SPAN("=>")))
        return 2;
    return behind.len > 0 && behind.ptr[0] == ':';
}

static void take_text(struct object *o, uint8_t quote)
{
    struct span raw, behind;
    bool escaped;

    if (!take_string(o, quote, &raw, &escaped))
        return;
    struct span text = escaped ? undo_escapes(&o->r->detect->plain, raw) : raw;
    behind = span_trim(o->rest);
    size_t colon = colon_len(behind);
    if (o->depth > 0 && !o->array[o->depth - 1] && colon > 0) {
        o->key = text;
        o->rest = span_skip(behind, colon);
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

    if (o->skipped == SIZE_MAX)
        o->skipped = (size_t)(o->rest.ptr - o->all.ptr) - 1;
    while (o->rest.len > 0 && depth > 0) {
        uint8_t c = o->rest.ptr[0];
        o->rest = span_skip(o->rest, 1);
        if (opens(c))
            take_string(o, c, &raw, &escaped);
        else if (c == '{')
            depth++;
        else if (c == '}')
            depth--;
    }
}

/* A key without quotes, as scripts write it. */
static bool take_key(struct object *o)
{
    size_t n = 0;

    while (n < o->rest.len && cell_is_word(o->rest.ptr[n]))
        n++;
    struct span behind = span_trim(span_skip(o->rest, n));
    size_t colon = colon_len(behind);
    if (n == 0 || colon == 0)
        return false;
    o->key = span_head(o->rest, n);
    o->rest = span_skip(behind, colon);
    return true;
}

/* Does the key say that its value is the name of a column? */
static bool names_column(struct span key)
{
    static const char *const words[] = {
        "name", "field",  "column",   "title",     "label",
        "key",  "header", "property", "attribute", "question"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (span_eq_nocase(key, span_of(words[i])))
            return true;
    }
    return false;
}

/* And that it is the value of a column named beside it? */
static bool holds_value(struct span key)
{
    static const char *const words[] = {"value", "val", "answer", "text"};

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq_nocase(key, span_of(words[i])))
            return true;
    }
    return false;
}

/* A string or a plain word, escapes undone; false: it is neither. */
static bool take_scalar(struct object *o, struct span *out)
{
    bool escaped = false;

    o->rest = span_trim(o->rest);
    if (o->rest.len == 0 || memchr("{}[],:", o->rest.ptr[0], 6))
        return false;
    uint8_t c = o->rest.ptr[0];
    if (opens(c)) {
        o->rest = span_skip(o->rest, 1);
        if (!take_string(o, c, out, &escaped))
            return false;
        if (escaped)
            *out = undo_escapes(&o->r->detect->plain, *out);
        return true;
    }
    size_t n = 0;
    while (n < o->rest.len && !cell_is_blank(o->rest.ptr[n]) &&
           !memchr(",:}]=", o->rest.ptr[n], 5))
        n++;
    *out = span_head(o->rest, n);
    o->rest = span_skip(o->rest, n);
    return n > 0;
}

/* {"name": a column, "value": what it holds}, behind its brace. */
static bool take_property(struct object *o, struct span *name,
                          struct span *value)
{
    struct span key, held;

    *name = *value = (struct span){o->rest.ptr, 0};
    for (unsigned n = 0; n < LEVELS; n++) {
        if (!take_scalar(o, &key))
            return false;
        o->rest = span_trim(o->rest);
        size_t colon = colon_len(o->rest);
        o->rest = span_skip(o->rest, colon);
        if (colon == 0 || !take_scalar(o, &held))
            return false;
        if (names_column(key))
            *name = held;
        else if (holds_value(key))
            *value = held;
        o->rest = span_trim(o->rest);
        if (o->rest.len == 0 || !memchr(",}", o->rest.ptr[0], 2))
            return false;
        bool ends = o->rest.ptr[0] == '}';
        o->rest = span_skip(o->rest, 1);
        if (ends)
            return name->len > 0 && value->len > 0;
    }
    return false;
}

bool json_property(struct rows *r, struct span text)
{
    struct object o = {.r = r};
    struct span name, value;

    buf_reset(&r->detect->plain);
    o.rest = o.all = span_skip(rows_utf8(r, text), 1);
    return take_property(&o, &name, &value) &&
           header_find(r->detect->header, name).force == CLAIM_FIRM;
}

/* An object of an array that is a column of the row around it? */
static bool take_column(struct object *o)
{
    struct object ahead = *o;
    struct span name, value;

    if (!take_property(&ahead, &name, &value))
        return false;
    struct claim claim = header_find(o->r->detect->header, name);
    if (claim.force == CLAIM_NONE)
        return false;
    uint64_t label = labels_hash(name);
    if (label == o->first) /* it comes again: the next row */
        gather_row(o->r, o->seen);
    else if (o->first == 0)
        o->first = label;
    gather_cell(o->r, label, claim, value);
    o->rest = ahead.rest;
    return true;
}

static void take_plain(struct object *o)
{
    size_t n = 0;

    if (o->depth > 0 && !o->array[o->depth - 1] &&
        !cell_is_digit(o->rest.ptr[0]) && take_key(o))
        return;
    while (n < o->rest.len && !cell_is_blank(o->rest.ptr[n]) &&
           !memchr(",]}", o->rest.ptr[n], 3) &&
           (n > 1 || !opens(o->rest.ptr[n])))
        n++;
    if (cell_is_digit(o->rest.ptr[0]))
        take_value(o, span_head(o->rest, n));
    else if (o->depth == 1 && o->array[0])
        o->place++;
    o->rest = span_skip(o->rest, n ? n : 1);
}

static void take_sign(struct object *o, uint8_t c)
{
    o->rest = span_skip(o->rest, 1);
    if (opens(c))
        take_text(o, c);
    else if (c == '{' && o->depth > 0 && o->array[o->depth - 1]) {
        if (!take_column(o))
            skip_object(o);
    } else if (c == '{' || c == '[')
        open_level(o, c == '[');
    else if (c == '}' || c == ']')
        o->depth -= o->depth > 0;
}

/* JSON in a string of JSON: its backslashes off, as often as it is one. */
static struct span without_levels(struct buf *plain, struct span text)
{
    for (int level = 0; level < LEVELS; level++) {
        size_t quote = span_find(text, '"');
        if (quote == 0 || quote == text.len || text.ptr[quote - 1] != '\\')
            break;
        text = undo_escapes(plain, text);
    }
    return text;
}

size_t json_row(struct rows *r, struct span text, const struct moment *seen)
{
    struct object o = {.r = r, .skipped = SIZE_MAX, .seen = seen};

    buf_reset(&r->detect->plain);
    o.all = rows_utf8(r, text);
    bool same = o.all.ptr == text.ptr;
    o.rest = without_levels(&r->detect->plain, o.all);
    same = same && o.rest.ptr == o.all.ptr;
    gather_drop(r);
    while (o.rest.len > 0) {
        uint8_t c = o.rest.ptr[0];
        if (cell_is_blank(c) || c == ',' || c == ':')
            o.rest = span_skip(o.rest, 1);
        else if (opens(c) || (strchr("{}[]", c) && c))
            take_sign(&o, c);
        else
            take_plain(&o);
    }
    gather_row(r, seen);
    return same ? o.skipped : SIZE_MAX;
}

/* Names of columns being read from an array. */
struct names {
    struct claim claim[GATHER_COLUMNS];
    size_t count, firm;
};

static void add_name(struct rows *r, struct names *names, struct span name)
{
    if (names->count == GATHER_COLUMNS)
        return;
    struct claim claim = header_find(r->detect->header, name);
    names->firm += claim.force == CLAIM_FIRM;
    names->claim[names->count++] = claim;
}

/* A string of an array of names, or of one of its objects. */
static void take_name(struct object *o, struct names *names)
{
    struct span raw;
    bool escaped;

    if (!take_string(o, '"', &raw, &escaped))
        return;
    if (escaped)
        raw = undo_escapes(&o->r->detect->plain, raw);
    struct span behind = span_trim(o->rest);
    bool member = o->depth > 0 && !o->array[o->depth - 1];
    if (member && behind.len > 0 && behind.ptr[0] == ':')
        o->key = raw;
    else if (!member || names_column(o->key))
        add_name(o->r, names, raw);
}

void json_names(struct rows *r, struct span text)
{
    struct object o = {.r = r};
    struct names names = {.count = 0}, best = {.count = 0};

    buf_reset(&r->detect->plain);
    o.rest = o.all = rows_utf8(r, text);
    while (o.rest.len > 0) {
        uint8_t c = o.rest.ptr[0];
        o.rest = span_skip(o.rest, 1);
        if (c == '"') {
            take_name(&o, &names);
        } else if (c == '{' || c == '[') {
            if (c == '[')
                names.count = names.firm = 0;
            open_level(&o, c == '[');
        } else if (c == '}' || c == ']') {
            o.depth -= o.depth > 0;
            if (c == ']' && names.firm >= NAMES_LEAST)
                best = names;
            if (c == ']')
                names.count = names.firm = 0;
        }
    }
    if (best.count > 0)
        gather_names(r, best.claim, best.count);
}
