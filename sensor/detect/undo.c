// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * undo.c - values written in a code, as they were before it.
 *
 * In front stands what the row has no signs of, so plain cells cost nothing.
 * Each code must read as one throughout the cell: 5% off is no code, a cell
 * that becomes no text was none.
 *
 * It must not look beyond the cell.
 */
#include "detect/undo.h"

#include <string.h>

#include "detect/cell.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

enum {
    DEPTH = 8, /* codes over one another */
    CODED_MAX = 4 << 10,
    ENTITY_MAX = 10,
    BASE64_MIN = 8, /* fewer letters are words */
};

/* Two hex digits at place at of s; 256: none. */
static unsigned hex_byte(struct span s, size_t at)
{
    if (at + 2 > s.len)
        return 256;
    unsigned high = span_hex_digit(s.ptr[at]),
             low = span_hex_digit(s.ptr[at + 1]);
    return high < 16 && low < 16 ? high << 4 | low : 256;
}

unsigned undo_signs(struct span row)
{
    static const struct {
        uint8_t sign, bit;
    } known[] = {{'"', UNDO_QUOTE},   {'%', UNDO_PERCENT}, {'&', UNDO_ENTITY},
                 {'\\', UNDO_ESCAPE}, {'=', UNDO_EQUALS},  {'\'', UNDO_SINGLE}};
    unsigned signs = 0;

    for (size_t i = 0; i < COUNT(known); i++) {
        if (row.len > 0 && memchr(row.ptr, known[i].sign, row.len))
            signs |= known[i].bit;
    }
    if (!(signs & UNDO_PERCENT) || memchr(row.ptr, ' ', row.len))
        return signs;
    size_t at = span_find(row, '%');
    return hex_byte(row, at + 1) < 256 ? signs | UNDO_PLUS : signs;
}

/* A code being undone: where it goes. */
struct undone {
    struct buf *plain;
    size_t start;
    bool full; /* no room: keep what there was */
};

static void put(struct undone *u, struct span bytes)
{
    u->full = u->full || !buf_add(u->plain, bytes);
}

static void put_byte(struct undone *u, uint8_t byte)
{
    u->full = u->full || !buf_add_byte(u->plain, byte);
}

/* What was put, if it is a text; else cell. */
static struct span settle(struct undone *u, struct span cell)
{
    struct span made = span_skip(buf_span(u->plain), u->start);
    size_t from = u->plain->len, bad = 0;

    if (u->full)
        return cell;
    if (unicode_utf8_valid(made))
        return made;
    if (!unicode_from_cp932(made, u->plain, &bad) || bad > 0)
        return cell;
    return span_skip(buf_span(u->plain), from);
}

/* ="4111" is how a spreadsheet is told that digits are text; '4111 too. */
static struct span bare(struct span cell, unsigned signs)
{
    if ((signs & UNDO_EQUALS) && cell.len > 3 && cell.ptr[0] == '=' &&
        cell.ptr[1] == '"' && cell.ptr[cell.len - 1] == '"')
        return span_slice(cell, 2, cell.len - 1);
    if ((signs & UNDO_SINGLE) && cell.len > 2 && cell.ptr[0] == '\'' &&
        (cell_is_digit(cell.ptr[1]) || cell.ptr[1] == '+'))
        return span_skip(cell, 1);
    return cell;
}

static struct span single_quotes(struct buf *plain, struct span cell)
{
    struct undone u = {plain, plain->len, false};

    if (span_find_run(cell, SPAN("\"\"")) == cell.len)
        return cell;
    for (size_t i = 0; i < cell.len; i++) {
        put_byte(&u, cell.ptr[i]);
        if (cell.ptr[i] == '"' && i + 1 < cell.len && cell.ptr[i + 1] == '"')
            i++;
    }
    return u.full ? cell : span_skip(buf_span(plain), u.start);
}

static struct span percents(struct buf *plain, struct span cell, unsigned signs)
{
    struct undone u = {plain, plain->len, false};
    bool plus = signs & UNDO_PLUS;
    bool any = plus && span_find(cell, '+') < cell.len;

    for (size_t i = 0; i < cell.len; i++) {
        unsigned byte = cell.ptr[i];
        if (byte == '%') {
            byte = hex_byte(cell, i + 1);
            if (byte == 256)
                return cell;
            i += 2;
            any = true;
        } else if (byte == '+' && plus) {
            byte = ' ';
        }
        put_byte(&u, (uint8_t)byte);
    }
    return any ? settle(&u, cell) : cell;
}

size_t undo_entity(struct span s, uint8_t out[4], size_t *len)
{
    static const struct {
        const char *name;
        uint32_t code;
    } known[] = {{"amp", '&'},   {"lt", '<'},     {"gt", '>'},
                 {"quot", '"'},  {"apos", '\''},  {"nbsp", ' '},
                 {"ndash", '-'}, {"hyphen", '-'}, {"commat", '@'}};
    size_t end = span_find(span_head(s, ENTITY_MAX), ';');
    struct span name = span_slice(s, 1, end);
    uint64_t code = 0;

    if (end >= s.len || end >= ENTITY_MAX || name.len == 0)
        return 0;
    if (span_starts_nocase(name, SPAN("#x"))) {
        if (!span_hex(span_skip(name, 2), &code))
            return 0;
    } else if (name.ptr[0] == '#') {
        if (!span_number(span_skip(name, 1), &code))
            return 0;
    } else {
        for (size_t i = 0; i < COUNT(known); i++) {
            if (span_eq(name, span_of(known[i].name)))
                code = known[i].code;
        }
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return 0;
    *len = unicode_encode((uint32_t)code, out);
    return end + 1;
}

/* \uXXXX at s, with its second half where it has one; gives bytes used. */
static size_t escape_code(struct span s, uint8_t out[4], size_t *len)
{
    uint64_t high, low;
    size_t used = 6;

    if (s.len < 6 || !span_hex(span_slice(s, 2, 6), &high))
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

/* \345 or \xE5, a byte that is not ASCII; gives bytes used. */
static size_t escape_byte(struct span s, uint8_t *out)
{
    unsigned byte = 0;

    if (s.len < 4)
        return 0;
    if (s.ptr[1] == 'x') {
        byte = hex_byte(s, 2);
    } else {
        for (size_t i = 1; i < 4; i++) {
            unsigned digit = (unsigned)s.ptr[i] - '0';
            if (digit > 7)
                return 0;
            byte = byte * 8 + digit;
        }
    }
    *out = (uint8_t)byte;
    return byte >= 0x80 && byte < 256 ? 4 : 0;
}

size_t undo_escape(struct span s, uint8_t out[4], size_t *len)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";

    if (s.len < 2 || s.ptr[0] != '\\')
        return 0;
    if (s.ptr[1] == 'u')
        return escape_code(s, out, len);
    size_t used = escape_byte(s, out);
    *len = 1;
    if (used > 0)
        return used;
    const char *at = s.ptr[1] ? strchr(from, s.ptr[1]) : NULL;
    out[0] = at ? (uint8_t)to[at - from] : s.ptr[1];
    return 2;
}

/* Every code that step finds in cell, undone. */
static struct span each(struct buf *plain, struct span cell, uint8_t sign,
                        size_t (*step)(struct span, uint8_t[4], size_t *))
{
    struct undone u = {plain, plain->len, false};
    struct span rest = cell;
    bool any = false;

    while (rest.len > 0) {
        uint8_t out[4] = {rest.ptr[0], 0, 0, 0};
        size_t len = 1, used = out[0] == sign ? step(rest, out, &len) : 0;
        any = any || used > 0;
        if (used == 0)
            len = 1;
        put(&u, (struct span){used ? out : rest.ptr, len});
        rest = span_skip(rest, used ? used : 1);
    }
    return any && !u.full ? span_skip(buf_span(plain), u.start) : cell;
}

struct span undo_escapes(struct buf *plain, struct span raw)
{
    return each(plain, raw, '\\', undo_escape);
}

/* =E4=BD=90 of quoted-printable: it must make signs that are not ASCII. */
static struct span printables(struct buf *plain, struct span cell)
{
    struct undone u = {plain, plain->len, false};
    bool any = false;

    for (size_t i = 0; i < cell.len; i++) {
        unsigned byte = cell.ptr[i];
        if (byte == '=') {
            byte = hex_byte(cell, i + 1);
            if (byte == 256 || (byte < 0x80 && byte != '=' && byte > ' '))
                return cell;
            any = any || byte >= 0x80;
            i += 2;
        }
        put_byte(&u, (uint8_t)byte);
    }
    return any ? settle(&u, cell) : cell;
}

static unsigned base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26U;
    if (cell_is_digit(c))
        return c - '0' + 52U;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : 64;
}

/* The bytes that cell codes into out; gives how many, 0: it is none. */
static size_t base64_bytes(struct span cell, uint8_t *out, size_t least,
                           size_t room)
{
    size_t len = 0, end = cell.len;
    uint32_t bits = 0;

    while (end > 0 && cell.len - end < 2 && cell.ptr[end - 1] == '=')
        end--;
    if (cell.len < least || cell.len % 4 || cell.len / 4 * 3 > room)
        return 0;
    for (size_t i = 0; i < end; i++) {
        unsigned value = base64_value(cell.ptr[i]);
        if (value > 63)
            return 0;
        bits = bits << 6 | value;
        if (i % 4 > 0)
            out[len++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    return len;
}

struct span undo_base64(struct buf *plain, struct span s)
{
    struct undone u = {plain, plain->len, false};
    uint8_t bytes[CODED_MAX];
    size_t len = base64_bytes(s, bytes, 4, sizeof(bytes));

    put(&u, (struct span){bytes, len});
    return len > 0 ? settle(&u, s) : s;
}

struct span undo_printable(struct buf *plain, struct span s)
{
    struct undone u = {plain, plain->len, false};

    for (size_t i = 0; i < s.len; i++) {
        unsigned byte = s.ptr[i] == '=' ? hex_byte(s, i + 1) : 256;
        put_byte(&u, byte < 256 ? (uint8_t)byte : s.ptr[i]);
        i += byte < 256 ? 2 : 0;
    }
    return settle(&u, s);
}

bool undo_has_word(struct span s, struct span word)
{
    for (; s.len >= word.len; s = span_skip(s, 1)) {
        if (span_starts_nocase(s, word))
            return true;
    }
    return false;
}

bool undo_is_base64(struct span cell)
{
    uint8_t bytes[CODED_MAX];
    size_t len = base64_bytes(cell, bytes, 4, sizeof(bytes)), wide = 0;

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < ' ' || bytes[i] == 0x7F)
            return false;
        wide += bytes[i] >= 0x80;
    }
    /* short words may be anything, but for signs beyond ASCII */
    return len > 0 && (cell.len >= BASE64_MIN || wide == len) &&
           unicode_utf8_valid((struct span){bytes, len});
}

/* One code off; cell itself when there is none. */
static struct span undo_once(struct buf *plain, struct span cell,
                             unsigned signs)
{
    struct span was = cell;

    cell = bare(cell, signs);
    if (signs & UNDO_PERCENT)
        cell = percents(plain, cell, signs);
    if (cell.ptr == was.ptr && (signs & UNDO_ENTITY))
        cell = each(plain, cell, '&', undo_entity);
    if (cell.ptr == was.ptr && (signs & UNDO_ESCAPE))
        cell = each(plain, cell, '\\', undo_escape);
    if (cell.ptr == was.ptr && (signs & UNDO_EQUALS))
        cell = printables(plain, cell);
    return cell;
}

struct span undo_cell(struct buf *plain, struct span cell, unsigned signs)
{
    if (signs == 0 || cell.len == 0 || cell.len > CODED_MAX)
        return cell;
    if (signs & UNDO_QUOTE)
        cell = single_quotes(plain, cell);
    if (signs & UNDO_BASE64)
        cell = undo_base64(plain, cell);
    for (int depth = 0; depth < DEPTH; depth++) {
        struct span was = cell;
        cell = undo_once(plain, cell, signs);
        if (cell.ptr == was.ptr)
            break;
        signs = undo_signs(cell) | (signs & UNDO_PLUS);
    }
    return cell;
}
