// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * opening.c - does one of the first lines of a text look like a customer?
 *
 *     佐藤 茂,東京都港区芝浦2-21-9,昭和55年3月3日
 *     Mary Reed|17 Oak Ave, Denver|3/3/55
 *     TWFyeSBSZWVk,MTcgT2FrIEF2ZQ==,bUBiLmV4YW1wbGU=
 *
 *     1 Mary Reed   35301113333000001961-01-01
 *
 * Rows whose numbers are short have no sign that the scan would stop at, so
 * the first lines are looked at as rows. It must not decide what the columns
 * are: that takes a sample.
 */
#include <string.h>

#include "detect/detectors.h"
#include "detect/names.h"
#include "detect/readers.h"
#include "detect/shape.h"
#include "detect/split.h"
#include "detect/undo.h"
#include "util/unicode.h"

enum {
    LINE_MOST = 600, /* bytes of a line that is looked at */
    CELLS_LEAST = 3, /* a name and two things more */
    CELLS_MOST = 40,
    CODED_LEAST = 2, /* cells that show a code */
};

/* What the cells of a line are by themselves. */
struct signs {
    bool name, address, day;
    unsigned further; /* of address, day, phone, gender, postal code */
};

static void see_cell(struct signs *s, struct span text)
{
    uint8_t room[CELL_ROOM];
    struct cell c;

    cell_make(&c, text, room);
    if (c.text.len == 0)
        return;
    if (!s->name && names_known(&c) && detector_at(LOOK_PERSON)->sure(&c)) {
        s->name = true;
    } else if (!s->address && detector_at(LOOK_ADDRESS)->sure(&c)) {
        s->address = true;
        s->further++;
    } else if (!s->day && detector_at(LOOK_DATES)->sure(&c)) {
        s->day = true;
        s->further++;
    } else if (detector_at(LOOK_PHONE)->sure(&c) ||
               detector_at(LOOK_GENDER)->sure(&c) ||
               detector_at(LOOK_POSTAL)->sure(&c)) {
        s->further++;
    }
}

/* A name or a day: without one of them the rest says nothing. */
static bool may_be(struct span text)
{
    uint8_t room[CELL_ROOM];
    struct cell c;

    cell_make(&c, text, room);
    return c.text.len > 0 &&
           (detector_at(LOOK_DATES)->sure(&c) ||
            (names_known(&c) && detector_at(LOOK_PERSON)->sure(&c)));
}

/* Are the cells Base64 of texts? Short ones may be anything. */
static bool is_coded(const struct span *cells, size_t count)
{
    size_t filled = 0, coded = 0;

    for (size_t i = 0; i < count; i++) {
        filled += cells[i].len > 0;
        coded += undo_is_base64(cells[i]);
        if (filled == CODED_LEAST && coded == 0)
            return false;
    }
    return coded >= CODED_LEAST && coded * 2 > filled;
}

static bool names_somebody(struct rows *r, struct span line, uint8_t separator)
{
    const struct dialect how = {.separator = separator, .quote = '"'};
    struct span *cells = r->detect->grid->cells;
    struct signs s = {.further = 0};
    size_t count = split_cells(line, &how, cells, CELLS_MOST + 1).count;

    bool maybe = false;

    if (count > CELLS_MOST)
        return false;
    if (is_coded(cells, count))
        return true;
    if (count < CELLS_LEAST)
        return false;
    for (size_t i = 0; i < count && !maybe; i++)
        maybe = may_be(cells[i]);
    if (!maybe)
        return false;
    for (size_t i = 0; i < count; i++)
        see_cell(&s, cells[i]);
    return s.name ? s.further >= 2 : s.address && s.day;
}

/* Bytes that no line of a list holds are the cheapest to look for. */
static bool is_binary(struct span line)
{
    unsigned low = 0;

    for (size_t i = 0; i < line.len; i++)
        low |= line.ptr[i] < ' ' && line.ptr[i] != '\t';
    return low != 0;
}

/* Is the line in front as long, with digits in the same places? */
static bool is_even(struct rows *r, struct span line)
{
    uint32_t end = r->row;

    while (end > 0 && r->row - end < 2 && r->bytes[end - 1] &&
           strchr("\r\n", r->bytes[end - 1]))
        end--;
    uint32_t from = end > line.len ? end - (uint32_t)line.len : 0;
    bool same = from == 0 || r->bytes[from - 1] == '\n';
    if (!same && unicode_ascii(line))
        return false;
    from = end;
    while (from > 0 && end - from < LINE_MOST && r->bytes[from - 1] != '\n')
        from--;
    if (!borders_even(line, rows_span(r, from, end)))
        return false;
    if (r->lines == 1 && r->settled == r->row) { /* its card waits alone */
        r->settled = from;
        waiting_free(r);
    }
    return true;
}

bool opening_person(struct rows *r, struct span line)
{
    static const uint8_t separators[] = {'\t', ',', ';', '|'};

    if (line.len > LINE_MOST || is_binary(line))
        return false;
    if (is_even(r, line))
        return true;
    struct span text = line; /* as UTF-8, once it is asked for */
    bool ready = false;
    for (size_t i = 0; i < sizeof(separators); i++) {
        const uint8_t *first = memchr(line.ptr, separators[i], line.len);
        if (!first)
            continue;
        size_t behind = (size_t)(first - line.ptr) + 1;
        if (!memchr(line.ptr + behind, separators[i], line.len - behind) &&
            memchr(line.ptr, ' ', line.len))
            continue;
        if (!ready)
            text = rows_utf8(r, line);
        ready = true;
        if (names_somebody(r, text, separators[i]))
            return true;
    }
    return false;
}
