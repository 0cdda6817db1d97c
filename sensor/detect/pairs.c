// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pairs.c - lines of label and value, a block of them per customer.
 *
 *     Name: Jerry Price            name=Jerry+Price&card=2545...
 *     Account number: 7348770443   口座番号：7348770443
 *
 * Begins at the block around the first labelled value and ends after some
 * lines without a known label; these are then read again by others. Lines of
 * address books go on where a blank begins the next one.
 *
 * It must not look at values.
 */
#include <string.h>

#include "detect/cell.h"
#include "detect/labels.h"
#include "detect/pair.h"
#include "detect/readers.h"
#include "detect/split.h"
#include "detect/token.h"
#include "detect/undo.h"

enum { IDLE_LINES = 12, IDLE_CONTENT = 64, FORM_VALUE = 512, BEFORE_MAX = 96 };

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

/* The label on the line in front, when the value has its own. */
static struct span label_above(const struct rows *r)
{
    uint32_t floor = seek_reach(r), end = r->row;

    while (end > floor && strchr("\r\n ", r->bytes[end - 1]))
        end--;
    uint32_t from = end;
    while (from > floor && r->bytes[from - 1] != '\n' &&
           r->bytes[from - 1] != '\r')
        from--;
    struct span line = span_trim(rows_span(r, from, end));
    if (line.len < 2 || line.len > BEFORE_MAX)
        return span_head(line, 0);
    if (line.ptr[line.len - 1] == ':')
        return span_head(line, line.len - 1);
    if (line.len > 3 &&
        span_eq(span_skip(line, line.len - 3), SPAN("\xEF\xBC\x9A")))
        return span_head(line, line.len - 3);
    return span_head(line, 0);
}

bool pairs_sign(struct rows *r, uint32_t at)
{
    struct header *h = r->detect->header;
    struct span label;

    if (r->kind != TEXT_LINES || r->row < r->paired)
        return false;
    struct span line = rows_span(r, r->row, at);
    while (line.len > 0 && strchr(" \t\"'(+", line.ptr[line.len - 1]))
        line.len--;
    if (line.len == 0) {
        label = label_above(r);
        return label.len > 0 && header_find(h, label).force == CLAIM_FIRM;
    }
    /* the last byte of a mark: of a bracket, of は, of "is" */
    uint8_t last = line.ptr[line.len - 1];
    if (!strchr("|.:s\x91\xAF", last))
        return false;
    struct pair pairs[PAIRS_MAX];
    struct buf *plain = &r->detect->plain;
    buf_reset(plain);
    if (last == ':')
        return span_find(span_head(line, BEFORE_MAX), ';') < line.len &&
               cell_is_letter(line.ptr[0]) &&
               pair_content(h, plain, rows_span(r, r->row, at + 1), pairs) &&
               pairs[0].claim.force == CLAIM_FIRM;
    struct span near = line;
    if (line.len > BEFORE_MAX)
        near = span_skip(line, line.len - BEFORE_MAX);
    if (pair_before(h, plain, near).force == CLAIM_FIRM)
        return true;
    return near.len == line.len && pair_take(h, plain, line, pairs) > 0 &&
           pairs[0].claim.force == CLAIM_FIRM;
}

void pairs_begin(struct rows *r)
{
    r->row = r->at = r->hold = block_start(r);
    r->reading = READ_PAIRS;
}

/* application/x-www-form-urlencoded into room. */
static struct span form_value(struct span s, uint8_t *room)
{
    size_t len = 0;

    for (size_t i = 0; i < s.len && len < FORM_VALUE; i++) {
        uint8_t c = s.ptr[i];
        if (c == '%' && i + 2 < s.len) {
            unsigned high = span_hex_digit(s.ptr[i + 1]);
            unsigned low = span_hex_digit(s.ptr[i + 2]);
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

static bool take_pair(struct rows *r, const struct pair *p,
                      const struct moment *seen)
{
    if (p->claim.force == CLAIM_NONE || p->claim.force == CLAIM_NOT)
        return false;
    if (p->value.len == 0) {
        labels_pend(r, p->claim, labels_hash(p->label));
        return p->claim.force == CLAIM_FIRM;
    }
    struct span value = undo_cell(&r->detect->plain, p->value,
                                  undo_signs(p->value) & ~(unsigned)UNDO_QUOTE);
    bool added = labels_add(r, p->claim, labels_hash(p->label), value, seen);
    if (added && p->spare)
        labels_spare(r);
    return p->claim.force == CLAIM_FIRM && (added || !p->said);
}

/* a=b&c=d; gives whether a known label stood there. */
static bool take_form(struct rows *r, struct span line,
                      const struct moment *seen)
{
    uint8_t names[FORM_VALUE], values[FORM_VALUE];
    struct span piece;
    bool known = false;

    while (span_cut(&line, '&', &piece)) {
        size_t equals = span_find(piece, '=');
        struct pair p = {.label = form_value(span_head(piece, equals), names),
                         .value =
                             form_value(span_skip(piece, equals + 1), values)};
        p.claim = header_find(r->detect->header, p.label);
        if (p.value.len > 0)
            known = take_pair(r, &p, seen) || known;
    }
    if (r->labels)
        labels_flush(r);
    return known;
}

/* A line of an address book that was folded, in one piece. */
static struct span unfolded(struct buf *plain, struct span line)
{
    size_t from = plain->len;
    bool fits = true, quoted = undo_has_word(line, SPAN("quoted-printable"));

    if (span_find(line, '\n') == line.len && span_find(line, '\r') == line.len)
        return line;
    for (size_t i = 0; i < line.len && fits; i++) {
        uint8_t c = line.ptr[i];
        bool soft = quoted && c == '=' && i + 1 < line.len &&
                    (line.ptr[i + 1] == '\r' || line.ptr[i + 1] == '\n');
        if (!soft && c != '\r' && c != '\n') {
            fits = buf_add_byte(plain, c);
            continue;
        }
        i += soft;
        i += i + 1 < line.len && line.ptr[i] == '\r' && line.ptr[i + 1] == '\n';
        bool blank = i + 1 < line.len &&
                     (line.ptr[i + 1] == ' ' || line.ptr[i + 1] == '\t');
        i += blank && !soft;
    }
    return fits ? span_skip(buf_span(plain), from) : line;
}

static struct span unquoted_line(struct span line)
{
    line = cell_trim(line);
    if (line.len > 1 && (line.ptr[0] == '"' || line.ptr[0] == '\'') &&
        line.ptr[line.len - 1] == line.ptr[0])
        return span_slice(line, 1, line.len - 1);
    return line;
}

/* Cards, phones and e-mails in a sentence that no label stands before. */
static void take_tokens(struct rows *r, struct span line,
                        const struct pair *pairs, size_t count,
                        const struct moment *seen)
{
    for (size_t i = 0; i < line.len;) {
        struct claim claim = {.type = FIELD_NONE, .force = CLAIM_NONE};
        struct span text = {line.ptr, 0};
        struct token t;
        size_t held = 0;
        enum token_find found =
            line.ptr[i] == '@'           ? token_email(line, i, true, &t)
            : cell_is_digit(line.ptr[i]) ? token_number(line, i, true, &t)
                                         : TOKEN_NONE;
        if (found != TOKEN_FOUND) {
            i++;
            continue;
        }
        i = t.to > i ? t.to : i + 1;
        text = span_slice(line, t.from, t.to);
        if (token_card(line, &t, &text))
            claim =
                (struct claim){.type = FIELD_CARD_NUMBER, .force = CLAIM_FIRM};
        while (held < count &&
               (text.ptr < pairs[held].value.ptr ||
                text.ptr >= pairs[held].value.ptr + pairs[held].value.len))
            held++;
        if (held == count)
            labels_add(r, claim, 0, text, seen);
    }
}

static bool take_line(struct rows *r, struct span raw,
                      const struct moment *seen)
{
    struct span line = rows_utf8(r, raw);
    struct pair pairs[PAIRS_MAX];
    struct buf *plain = &r->detect->plain;
    struct header *h = r->detect->header;
    bool known = false;

    buf_reset(plain);
    if (span_trim(line).len == 0)
        labels_apart(r);
    if (pair_is_border(line) && r->labels)
        labels_flush(r);
    if (pair_begins_content(line))
        r->content = true;
    size_t equals = span_find(line, '='), and = span_find(line, '&');
    if (!r->content && equals < and&&and < line.len &&
        span_find(line, ' ') == line.len)
        return take_form(r, line, seen);
    size_t count = r->content
                       ? pair_content(h, plain, unfolded(plain, line), pairs)
                       : pair_take(h, plain, line, pairs);
    if (count > 1 && r->labels && pairs[0].claim.force != CLAIM_FIRM)
        labels_flush(r); /* a line of a log is a row of its own */
    for (size_t i = 0; i < count; i++)
        known = take_pair(r, &pairs[i], seen) || known;
    if (!known && span_trim(line).len > 0)
        known = labels_pended(r, unquoted_line(line), seen);
    if (known ? count > 1 : labels_held(r) && r->depth == 0)
        take_tokens(r, line, pairs, count, seen);
    return known;
}

/* Where the line at row goes on in those behind it; false: not known yet. */
static bool fold(struct rows *r, struct span text, bool last,
                 struct split_row *cut)
{
    struct split_row more;

    while (r->content) {
        struct span rest = span_skip(text, cut->next);
        struct span line = span_head(text, cut->len);
        bool soft = line.len > 0 && line.ptr[line.len - 1] == '=' &&
                    undo_has_word(line, SPAN("quoted-printable"));
        if (rest.len == 0)
            return last || text.len == LIMIT_ROW;
        if (!soft && rest.ptr[0] != ' ' && rest.ptr[0] != '\t')
            return true;
        if (!split_line(rest, last, &more))
            return text.len == LIMIT_ROW;
        cut->len = cut->next + more.len;
        cut->next += more.next;
    }
    return true;
}

static void leave(struct rows *r, uint32_t end)
{
    if (r->labels)
        labels_flush(r);
    r->paired = end;
    r->row = r->at = r->hold;
    r->judged = 0;
    r->depth = 0;
    r->content = false;
    r->reading = READ_SEEK;
}

bool pairs_read(struct rows *r)
{
    struct split_row cut;

    while (r->row < r->len) {
        bool last;
        struct span text = rows_ahead(r, r->row, &last);
        bool whole = split_line(text, last, &cut);
        whole = whole && fold(r, text, last, &cut);
        if (!whole && text.len < LIMIT_ROW && !r->last)
            return false;
        if (!whole) {
            leave(r, r->row + (uint32_t)text.len);
            return true;
        }
        uint32_t next = r->row + (uint32_t)cut.next;
        bool known =
            take_line(r, span_head(text, cut.len), rows_moment(r, next));
        r->row = r->at = next;
        r->depth = known ? 0 : (uint16_t)(r->depth + 1);
        if (known)
            r->hold = next;
        if (r->depth >= (r->content ? IDLE_CONTENT : IDLE_LINES)) {
            leave(r, next);
            return true;
        }
    }
    if (!r->last || r->depth == 0)
        return false;
    leave(r, r->row);
    return true;
}
