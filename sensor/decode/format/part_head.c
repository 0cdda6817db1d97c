// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * part_head.c - where the header of a part begins and ends, damaged or not.
 *
 * Spec: RFC 2046 5.1. One damaged byte spoils a line, splits one in two or
 * makes an empty line: none of that ends a header. It must not read fields.
 */
#include "decode/format/part_head.h"

#include "decode/params.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"

enum {
    LINE_MAX = 256,  /* of a line that may go on with a header */
    STRANGE_MAX = 3, /* lines in a row that are no fields end it */
};

/* Lines that describe a part begin here, as the first of them shows. */
enum match part_head_begins(struct span bytes)
{
    static const struct span fields[] = {
        SPAN_INIT("Content-Disposition:"), SPAN_INIT("Content-Type:"),
        SPAN_INIT("Content-Transfer-Encoding:")};

    for (size_t i = 0; i < COUNT(fields); i++)
        if (span_eq_nocase(span_head(bytes, fields[i].len),
                           span_head(fields[i], bytes.len)))
            return bytes.len < fields[i].len ? MATCH_MORE : MATCH_YES;
    return MATCH_NO;
}

bool part_head_blank(struct span s)
{
    return span_trim(s).len == 0;
}

/* Do header lines go on behind an empty line that a damaged byte made? */
static enum match header_goes_on(struct span bytes)
{
    enum { LINES = 3 };

    for (size_t i = 0; i < LINES; i++) {
        size_t end = span_find(bytes, '\n');
        if (part_head_begins(bytes) == MATCH_YES)
            return MATCH_YES;
        if (end == bytes.len)
            return MATCH_MORE;
        if (!fields_is(span_head(bytes, end)))
            return i > 0 && part_head_blank(span_head(bytes, end)) ? MATCH_YES
                                                                   : MATCH_NO;
        bytes = span_skip(bytes, end + 1);
    }
    return MATCH_NO;
}

size_t part_head_end(struct span bytes, struct span dashes, bool *body)
{
    struct span seen = span_head(bytes, LIMIT_HEAD);
    size_t at = 0, strange = 0, from = 0, ends[2] = {0, 0};

    *body = true;
    for (;;) {
        struct span rest = span_skip(seen, at);
        size_t line = span_find(rest, '\n');
        if (dashes.len > 0 && span_starts(rest, dashes)) {
            *body = false;
            return at;
        }
        if (line == rest.len)
            return seen.len < LIMIT_HEAD ? SIZE_MAX : at;
        bool bare = line == 0 || rest.ptr[line - 1] != '\r';
        ends[bare]++;
        if (part_head_blank(span_head(rest, line))) {
            struct span next = span_skip(rest, line + 1);
            size_t other = span_find(next, '\n');
            bool mixed = ends[0] > 0 ? ends[1] > 0
                                     : other > 0 && other < next.len &&
                                           next.ptr[other - 1] == '\r';
            if (ends[0] == 0 && other == next.len && other < LINE_MAX)
                return SIZE_MAX;
            enum match more = mixed ? header_goes_on(next) : MATCH_NO;
            if (more == MATCH_MORE && seen.len < LIMIT_HEAD)
                return SIZE_MAX;
            if (more == MATCH_NO)
                return at + line + 1;
        }
        from = strange == 0 ? at : from;
        strange = fields_is(span_head(rest, line)) ? 0 : strange + 1;
        if (strange == STRANGE_MAX)
            return from;
        at += line + 1;
    }
}
