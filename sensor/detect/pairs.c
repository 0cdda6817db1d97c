// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pairs.c - lines of label and value, a block of them per customer.
 *
 *     Name: Jerry Price            name=Jerry+Price&card=2545...
 *     Account number: 7348770443   口座番号：7348770443
 *
 * Begins at the block around the first labelled value and ends after some
 * lines without a known label; these are then read again by others.
 *
 * It must not look at values.
 */
#include <string.h>

#include "detect/split.h"
#include "detect/readers.h"
#include "detect/cell.h"

enum { IDLE_LINES = 12, LABEL_MAX = 64, FORM_VALUE = 512 };

/* Start of the block of lines that the line at row belongs to. */
static uint32_t block_start(const struct rows *r)
{
    uint32_t floor = r->row > LIMIT_LINES ? r->row - LIMIT_LINES : 0;
    uint32_t at = r->row, line = r->row;

    floor = floor > r->paired ? floor : r->paired;
    while (at > floor) {
        uint32_t end = at - 1; /* the line end in front of at */
        if (end > floor && r->bytes[end] == '\n' && r->bytes[end - 1] == '\r')
            end--;
        uint32_t from = end;
        while (from > floor && r->bytes[from - 1] != '\n' &&
               r->bytes[from - 1] != '\r')
            from--;
        bool whole = from > floor || from == 0 || from == r->paired;
        if (from == end || !whole)
            break;
        line = at = from;
    }
    return line;
}

void pairs_begin(struct rows *r)
{
    r->row = r->at = r->hold = block_start(r);
    r->reading = READ_PAIRS;
}

/* Split a line at its first ':', '=', full-width colon or tab. */
static bool split_pair(struct span line, struct span *label, struct span *value)
{
    static const struct span colon = {(const uint8_t *)"\xEF\xBC\x9A", 3};

    for (size_t i = 0; i < line.len && i < LABEL_MAX; i++) {
        uint8_t c = line.ptr[i];
        size_t len = c == ':' || c == '=' || c == '\t' ? 1 : 0;
        if (c == 0xEF && span_starts(span_skip(line, i), colon))
            len = 3;
        if (len == 0)
            continue;
        *label = span_trim(span_head(line, i));
        *value = span_trim(span_skip(line, i + len));
        return label->len > 0;
    }
    return false;
}

static unsigned hex_digit(uint8_t c)
{
    if (cell_is_digit(c))
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* application/x-www-form-urlencoded into room. */
static struct span form_value(struct span s, uint8_t *room)
{
    size_t len = 0;

    for (size_t i = 0; i < s.len && len < FORM_VALUE; i++) {
        uint8_t c = s.ptr[i];
        if (c == '%' && i + 2 < s.len) {
            unsigned high = hex_digit(s.ptr[i + 1]);
            unsigned low = hex_digit(s.ptr[i + 2]);
            if (high < 16 && low < 16) {
                c = (uint8_t)(high << 4 | low);
                i += 2;
            }
        } else if (c == '+') {
            c = ' ';
        }
        room[len++] = c;
    }
    return (struct span){room, len};
}

static bool take_pair(struct rows *r, struct span label, struct span value,
                      const struct moment *seen)
{
    struct claim claim = header_find(r->detect->header, label);

    if (claim.force == CLAIM_NONE || claim.force == CLAIM_NOT)
        return false;
    labels_add(r, claim, labels_hash(label), value, seen);
    return claim.force == CLAIM_FIRM;
}

/* a=b&c=d; gives whether a known label stood there. */
static bool take_form(struct rows *r, struct span line,
                      const struct moment *seen)
{
    uint8_t names[FORM_VALUE], values[FORM_VALUE];
    struct span pair, label, value;
    bool known = false;

    while (span_cut(&line, '&', &pair)) {
        if (!split_pair(pair, &label, &value))
            continue;
        label = form_value(label, names);
        value = form_value(value, values);
        known = take_pair(r, label, value, seen) || known;
    }
    if (r->labels)
        labels_flush(r);
    return known;
}

static bool take_line(struct rows *r, struct span raw,
                      const struct moment *seen)
{
    struct span line = rows_utf8(r, raw), label, value;
    size_t equals = span_find(line, '=');

    if (equals < line.len && span_find(line, '&') < line.len)
        return take_form(r, line, seen);
    if (!split_pair(line, &label, &value))
        return false;
    if (value.len > 1 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
        value = span_slice(value, 1, value.len - 1);
    return take_pair(r, label, value, seen);
}

static void leave(struct rows *r, uint32_t end)
{
    if (r->labels)
        labels_flush(r);
    r->paired = end;
    r->row = r->at = r->hold;
    r->judged = 0;
    r->depth = 0;
    r->reading = READ_SEEK;
}

bool pairs_read(struct rows *r)
{
    struct split_row cut;

    while (r->row < r->len) {
        uint32_t end =
            r->len - r->row < LIMIT_ROW ? r->len : r->row + LIMIT_ROW;
        struct span text = rows_span(r, r->row, end);
        bool last = (r->ended || (r->last && !r->overlap)) && end == r->len;
        bool whole = split_line(text, last, &cut);
        if (!whole && text.len < LIMIT_ROW && !r->last)
            return false;
        if (!whole) {
            leave(r, end);
            return true;
        }
        uint32_t next = r->row + (uint32_t)cut.next;
        bool known =
            take_line(r, span_head(text, cut.len), rows_moment(r, next));
        r->row = r->at = next;
        r->depth = known ? 0 : (uint16_t)(r->depth + 1);
        if (known)
            r->hold = next;
        if (r->depth >= IDLE_LINES || (r->depth > 0 && r->last)) {
            leave(r, next);
            return true;
        }
    }
    return false;
}
