// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * token_label.c - the label in front of a value.
 *
 * A named hot loop: called for every number on the wire that scan.h shows, it
 * indexes inside the span it is given. It must not know what labels mean.
 */
#include "detect/cell.h"
#include "detect/token.h"
#include "detect/token_signs.h"

enum { LABEL_BACK = 256 }; /* bytes of tags between a label and its value */

/* Back over tags and blanks to the end of the text in front of them. */
static size_t skip_tags(struct span text, size_t at, size_t floor)
{
    while (at > floor) {
        uint8_t c = text.ptr[at - 1];
        if (c == '>') {
            while (at > floor && text.ptr[at - 1] != '<')
                at--;
            at -= at > floor;
        } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            at--;
        } else {
            break;
        }
    }
    return at;
}

struct span token_label(struct span text, size_t from)
{
    static const struct span wide = {(const uint8_t *)"\xEF\xBC\x9A", 3};
    static const struct span sjis = {(const uint8_t *)"\x81\x46", 2};
    size_t floor = from > LABEL_BACK ? from - LABEL_BACK : 0;
    struct span nothing = {text.ptr, 0};
    size_t at = from;

    while (at > floor && is(text.ptr[at - 1], BETWEEN))
        at--;
    struct span front = span_head(text, at);
    if (at > floor && (text.ptr[at - 1] == ':' || text.ptr[at - 1] == '='))
        at--;
    else if (at > floor + 1 && span_eq(span_skip(front, at - 2), SPAN("=>")))
        at -= 2;
    else if (at > floor && text.ptr[at - 1] == '>')
        at = skip_tags(text, at, floor);
    else if (at >= floor + 3 && span_eq(span_skip(front, at - 3), wide))
        at -= 3;
    else if (at >= floor + 2 && span_eq(span_skip(front, at - 2), sjis))
        at -= 2;
    else
        return nothing;
    while (at > floor && is(text.ptr[at - 1], TAIL))
        at--;
    size_t begin = at;
    while (begin > floor && !is(text.ptr[begin - 1], BORDER))
        begin--;
    while (begin < at && cell_is_blank(text.ptr[begin]))
        begin++;
    while (at > begin && cell_is_blank(text.ptr[at - 1]))
        at--;
    return (struct span){text.ptr + begin, at - begin};
}

bool token_member(struct span text, size_t pos, struct member *m)
{
    enum { BACK = 8, LABEL = 16, DIGITS = 19 };
    const uint8_t *p = text.ptr;
    size_t from = pos;

    while (from > 0 && pos - from < BACK && cell_is_digit(p[from - 1]))
        from--;
    if (from < LABEL + 3 || p[from - 1] != ':' || p[from - 2] != '"')
        return false;
    size_t end = from - 2, at = end;
    while (end - at < LABEL && is(p[at - 1], WORD))
        at--;
    if (at == end || p[at - 1] != '"')
        return false;
    size_t to = pos;
    while (to < text.len && to - from <= DIGITS && cell_is_digit(p[to]))
        to++;
    if (to + 2 > text.len || (p[to] != ',' && p[to] != '}'))
        return false;
    *m = (struct member){span_slice(text, at, end), from, to};
    return true;
}
