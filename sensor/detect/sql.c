// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sql.c - the tuples of INSERT statements as rows.
 *
 *     CREATE TABLE customers (name text, card_no varchar(20), ...);
 *     INSERT INTO customers (name, card_no) VALUES ('Anna', '4111...'),
 *     ('Mary O''Hara', '3530...');
 *
 * Columns are named by the statement, else by CREATE TABLE in front of it,
 * else by what they hold. Blocks of COPY are tables parted by tabs: sample.c
 * reads them.
 *
 * It must not hold more than one tuple.
 */
#include <string.h>

#include "detect/cell.h"
#include "detect/gather.h"
#include "detect/readers.h"
#include "detect/split.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    HEAD_MAX = 4 << 10, /* up to VALUES, or the columns of CREATE TABLE */
    IDLE_LINES = 64,    /* lines without a tuple, then others read on */
    OUTSIDE = 0,        /* of tuples */
    TUPLES,
};

static struct span skip_blanks(struct span s)
{
    size_t n = 0;

    while (n < s.len && cell_is_blank(s.ptr[n]))
        n++;
    return span_skip(s, n);
}

/* CREATE TABLE names what all rows have: one byte of it may be damaged. */
static bool creates(struct span s)
{
    static const struct span words = SPAN_INIT("create table ");
    size_t wrong = 0;

    if (s.len < words.len)
        return false;
    for (size_t i = 0; i < words.len && wrong < 2; i++)
        wrong += (s.ptr[i] | 0x20) != words.ptr[i];
    return wrong < 2;
}

bool sql_begins(struct span line)
{
    line = skip_blanks(line);
    return span_starts_nocase(line, SPAN("insert ")) ||
           span_starts_nocase(line, SPAN("replace into ")) || creates(line);
}

/* Where the statement begins that a line of tuples goes on with, or from. */
static uint32_t statement_before(const struct rows *r, uint32_t from)
{
    uint32_t floor = seek_reach(r), found = from;

    floor = floor > r->paired ? floor : r->paired;
    struct span text = rows_span(r, floor, from);
    for (size_t at = 0; at < text.len;) {
        struct span rest = span_skip(text, at);
        if (creates(rest))
            found = floor + (uint32_t)at;
        at += span_find(rest, '\n') + 1;
    }
    return found;
}

/* Does the line in front of row end as one does that tuples follow? */
static bool follows_tuple(const struct rows *r)
{
    uint32_t floor = seek_reach(r), at = r->row;
    struct span front;

    while (at > floor && cell_is_blank(r->bytes[at - 1]))
        at--;
    front = rows_span(r, floor, at);
    if (front.len < 6)
        return false;
    return span_eq(span_skip(front, front.len - 2), SPAN("),")) ||
           span_eq_nocase(span_skip(front, front.len - 6), SPAN("values"));
}

bool sql_begin(struct rows *r)
{
    struct span line = rows_span(r, r->row, r->len);
    bool tuple;

    line = skip_blanks(line);
    tuple = line.len > 0 && line.ptr[0] == '(' && follows_tuple(r);
    if (!tuple && !sql_begins(line))
        return false;
    uint32_t from = statement_before(r, r->row);
    r->inside = tuple && from == r->row ? TUPLES : OUTSIDE;
    r->row = r->at = from;
    r->depth = 0;
    r->reading = READ_SQL;
    return true;
}

/* A name without the quotes that databases put around it. */
static struct span bare_name(struct span s)
{
    s = skip_blanks(s);
    if (s.len > 0 && strchr("`\"[", s.ptr[0])) {
        uint8_t close = s.ptr[0] == '[' ? ']' : s.ptr[0];
        s = span_skip(s, 1);
        return span_head(s, span_find(s, close));
    }
    size_t n = 0;
    while (n < s.len && !cell_is_blank(s.ptr[n]) && s.ptr[n] != ',')
        n++;
    return span_head(s, n);
}

/* Lines of CREATE TABLE that are no columns. */
static bool is_constraint(struct span name)
{
    static const char *const words[] = {"primary", "key",        "unique",
                                        "index",   "constraint", "foreign",
                                        "check",   "fulltext",   "exclude"};

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq_nocase(name, span_of(words[i])))
            return true;
    }
    return false;
}

/* The names in a list in brackets (list begins behind the first). */
static void take_names(struct rows *r, struct span list)
{
    struct claim claims[GATHER_COLUMNS];
    size_t count = 0, from = 0;
    unsigned depth = 1;

    for (size_t i = 0; i < list.len && depth > 0; i++) {
        uint8_t c = list.ptr[i];
        depth += c == '(';
        depth -= c == ')';
        if (depth > 1 || (depth == 1 && c != ','))
            continue;
        struct span item = skip_blanks(span_slice(list, from, i));
        struct span name = bare_name(item);
        from = i + 1;
        bool quoted = item.len > 0 && name.ptr != item.ptr;
        if (name.len > 0 && count < GATHER_COLUMNS &&
            (quoted || !is_constraint(name)))
            claims[count++] = header_find(r->detect->header, name);
    }
    if (count > 0)
        gather_names(r, claims, count);
}

/* Where the word stands in s, blanks or brackets around it; s.len: none. */
static size_t find_word(struct span s, struct span word)
{
    for (size_t i = 1; i + word.len <= s.len; i++) {
        if ((cell_is_blank(s.ptr[i - 1]) || s.ptr[i - 1] == ')') &&
            span_starts_nocase(span_skip(s, i), word) &&
            (i + word.len == s.len || cell_is_blank(s.ptr[i + word.len]) ||
             s.ptr[i + word.len] == '('))
            return i;
    }
    return s.len;
}

/* What a statement's head asks for. */
enum head { HEAD_NONE = 0, HEAD_TAKEN, HEAD_MORE };

/* INSERT up to VALUES, or all of CREATE TABLE; *used of text were read. */
static enum head take_head(struct rows *r, struct span text, size_t *used)
{
    static const struct span close = {(const uint8_t *)";", 1};
    bool create = creates(skip_blanks(text));
    struct span head = span_head(text, HEAD_MAX);
    size_t end =
        create ? span_find_run(head, close) : find_word(head, SPAN("values"));

    if (end == head.len)
        return head.len < HEAD_MAX && !r->last ? HEAD_MORE : HEAD_NONE;
    if (!create && end + 7 > text.len && !r->last)
        return HEAD_MORE;
    struct span list = rows_utf8(r, span_head(head, end));
    size_t open = span_find(list, '(');
    if (open < list.len)
        take_names(r, span_skip(list, open + 1));
    *used = create ? end + 1 : end + 6;
    if (!create)
        r->inside = TUPLES;
    return HEAD_TAKEN;
}

/* A backslash that is no second byte of a Japanese sign. */
static bool is_escape(const struct rows *r, struct span s, size_t at)
{
    return s.ptr[at] == '\\' &&
           (at == 0 || r->jp <= r->utf || !unicode_cp932_lead(s.ptr[at - 1]));
}

/*
 * In a string: does the bracket at the front of s end a tuple all the same,
 * as another or a statement follows it? A quote is lost or too many then.
 */
static bool ends_tuple(struct span s)
{
    struct span rest = span_skip(s, 1);

    if (rest.len == 0 || (rest.ptr[0] != ',' && rest.ptr[0] != ';'))
        return false;
    bool more = rest.ptr[0] == ',';
    size_t n = 1;
    while (n < rest.len && cell_is_blank(rest.ptr[n]))
        n++;
    rest = span_skip(rest, n);
    if (!more)
        return sql_begins(rest) || span_starts_nocase(rest, SPAN("go\n"));
    return rest.len > 1 && rest.ptr[0] == '(' &&
           (rest.ptr[1] == '\'' || cell_is_digit(rest.ptr[1]));
}

/* Outside of strings: does another tuple begin at place i of this one? */
static bool begins_next(struct span s, size_t i)
{
    size_t from = i;

    while (from > 0 && cell_is_blank(s.ptr[from - 1]))
        from--;
    return from > 0 && s.ptr[from - 1] == ',' && i + 1 < s.len &&
           (s.ptr[i + 1] == '\'' || cell_is_digit(s.ptr[i + 1]));
}

/* Outside of strings: a statement's end, so a tuple's is lost. */
static bool ends_statement(struct span s)
{
    struct span rest = skip_blanks(span_skip(s, 1));

    return sql_begins(rest) || span_starts_nocase(rest, SPAN("commit")) ||
           (rest.len > 0 && rest.ptr[0] == '-');
}

/*
 * Bytes of the tuple at the front of s; 0: its end is not there. Not *sound:
 * it ends in a string, or where the next begins, or with the statement.
 */
static size_t tuple_len(const struct rows *r, struct span s, bool *sound)
{
    uint8_t quote = 0;
    unsigned depth = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        *sound = !quote;
        if (quote) {
            if (c == ')' && ends_tuple(span_skip(s, i)))
                return i + 1;
            if (is_escape(r, s, i))
                i++;
            else if (c == quote)
                quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if ((c == '(' && depth > 0 && begins_next(s, i)) ||
                   (c == ';' && ends_statement(span_skip(s, i)))) {
            *sound = false;
            return i;
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* The string behind an opening quote; *rest goes on behind it. */
static struct span take_string(struct rows *r, struct span *rest, uint8_t quote)
{
    struct buf *plain = &r->detect->plain;
    size_t from = plain->len, i = 0;
    bool fits = true;

    for (; i < rest->len && fits; i++) {
        uint8_t c = rest->ptr[i];
        uint8_t next = i + 1 < rest->len ? rest->ptr[i + 1] : 0;
        if (c == quote && next != quote)
            break;
        if (c == quote || (c == '\\' && (next == quote || next == '\\'))) {
            c = next;
            i++;
        }
        fits = buf_add_byte(plain, c);
    }
    *rest = span_skip(*rest, i + 1);
    return span_skip(buf_span(plain), from);
}

/* One value; functions and casts around a string are passed over. */
static struct span take_value(struct rows *r, struct span *rest)
{
    struct span value = {rest->ptr, 0};
    unsigned depth = 0;
    size_t n = 0;

    while (n < rest->len) {
        uint8_t c = rest->ptr[n];
        if (c == '\'' || c == '"') {
            *rest = span_skip(*rest, n + 1);
            value = take_string(r, rest, c);
            n = 0;
            continue;
        }
        if (depth == 0 && (c == ',' || c == ')'))
            break;
        depth += c == '(';
        depth -= c == ')';
        n++;
    }
    struct span bare = span_trim(span_head(*rest, n));
    *rest = span_skip(*rest, n + 1);
    if (value.len > 0 || bare.len == 0 || !cell_is_digit(bare.ptr[0]))
        return value;
    return bare;
}

static void take_tuple(struct rows *r, struct span raw,
                       const struct moment *seen)
{
    struct span text = rows_utf8(r, raw);
    struct span rest = span_slice(text, 1, text.len);

    buf_reset(&r->detect->plain);
    for (size_t place = 0; rest.len > 0; place++)
        gather_place(r, place, take_value(r, &rest));
    gather_row(r, seen);
}

/* Passing over goes on; the head of a COPY block is looked for again. */
static bool leave(struct rows *r)
{
    r->lines = 0;
    r->paired = r->settled = r->judged = r->row;
    r->inside = 0;
    rows_seek(r, r->row);
    return true;
}

/* A line between statements; false when more bytes are needed. */
static bool take_line(struct rows *r, bool *left)
{
    struct span text = rows_span(r, r->row, r->len);
    struct split_row line;
    size_t used;

    bool into = span_starts_nocase(skip_blanks(text), SPAN("into "));
    if (into || sql_begins(text)) { /* INSERT ALL INTO ... INTO ... */
        enum head head = take_head(r, text, &used);
        if (head == HEAD_MORE)
            return false;
        if (head == HEAD_TAKEN) {
            r->row = r->at = r->row + (uint32_t)used;
            return true;
        }
    }
    if (!split_line(span_head(text, LIMIT_ROW), r->last, &line)) {
        *left = text.len >= LIMIT_ROW || r->last;
        return *left;
    }
    *left = span_starts_nocase(text, SPAN("copy ")) || r->depth >= IDLE_LINES;
    r->depth++;
    if (!*left)
        r->row = r->at = r->row + (uint32_t)line.next;
    return true;
}

/*
 * No tuple stands where one has to: a damaged byte. Go on at the bracket that
 * is near, else behind the next end of one; false when more bytes are needed.
 */
static bool find_next(struct rows *r, struct span text)
{
    enum { NEAR = 3 };
    struct span seen = span_head(text, LIMIT_ROW);
    size_t i = span_find(span_head(text, NEAR), '(');

    if (text.len < NEAR && !r->last)
        return false;
    if (cell_is_letter(text.ptr[0]) &&
        (text.len == 1 || cell_is_letter(text.ptr[1]))) {
        r->inside = OUTSIDE; /* another word of the statement, or the next */
        return true;
    }
    if (i < NEAR && i < text.len) {
        r->row = r->at = r->row + (uint32_t)i;
        return true;
    }
    for (i = 0; i < seen.len; i++) {
        bool line = seen.ptr[i] == '\n';
        if (!line && (seen.ptr[i] != ')' || !ends_tuple(span_skip(text, i))))
            continue;
        r->row = r->at = r->row + (uint32_t)i + !line;
        r->inside = line ? OUTSIDE : r->inside;
        return true;
    }
    if (seen.len < LIMIT_ROW && !r->last)
        return false;
    r->inside = OUTSIDE;
    return true;
}

/* The next tuple of a statement; false when more bytes are needed. */
static bool take_next(struct rows *r, bool *left)
{
    struct span text = rows_span(r, r->row, r->len);
    size_t n = 0;

    while (n < text.len && (cell_is_blank(text.ptr[n]) || text.ptr[n] == ','))
        n++;
    r->row = r->at = r->row + (uint32_t)n;
    text = span_skip(text, n);
    if (text.len == 0)
        return false;
    if (text.ptr[0] == ';') {
        r->inside = OUTSIDE;
        return true;
    }
    if (text.ptr[0] != '(')
        return find_next(r, text);
    bool sound = true;
    size_t len = tuple_len(r, span_head(text, LIMIT_ROW), &sound);
    *left = len == 0 && (text.len >= LIMIT_ROW || r->last);
    if (*left) /* not to be begun again at this place */
        r->row = r->at = r->row + 1;
    if (len == 0)
        return *left;
    if (sound)
        take_tuple(r, span_head(text, len),
                   rows_moment(r, r->row + (uint32_t)len));
    r->row = r->at = r->row + (uint32_t)len;
    r->depth = 0;
    return true;
}

bool sql_read(struct rows *r)
{
    bool left = false;

    while (r->row < r->len && !r->refused) {
        bool whole =
            r->inside == TUPLES ? take_next(r, &left) : take_line(r, &left);
        if (left)
            return leave(r);
        if (!whole)
            return false;
    }
    return false;
}
