// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fixed.c - where the columns of lines of fixed width begin.
 *
 *     Name            Account     Phone
 *     --------------- ----------- ---------------
 *     Jerry Price     7348770443  (214) 555-0142
 *     佐藤 茂           7348770444  03-5555-0101
 *
 * By the line of dashes when there is one, else by what is blank in nearly
 * all lines. Full-width signs may count once or twice: callers try both.
 *
 * It must not look at what the columns hold.
 */
#include <string.h>

#include "detect/shape.h"
#include "util/unicode.h"

enum {
    PLACES_MAX = 512, /* columns of a line looked at */
    LINES_LEAST = 4,  /* without a header fewer lines show no columns */
    STRAY = 10,       /* percent of lines that may cross a gap */
    REACH = 40,       /* percent of lines that have a second column */
};

/* How many of the lines have something at each column. */
struct marks {
    unsigned lines;
    uint8_t filled[PLACES_MAX];
    uint8_t names[PLACES_MAX]; /* has the header something there? */
    unsigned end;              /* behind the last column */
};

static void mark_line(struct marks *m, const struct dialect *how,
                      struct span line, uint8_t *filled)
{
    unsigned column = 0;

    while (line.len > 0 && column + 2 < PLACES_MAX) {
        uint32_t code;
        size_t used = unicode_decode(line, &code);
        unsigned width = split_width(how, code);
        for (unsigned i = 0; i < width; i++) {
            if (code != ' ' && code != 0x3000)
                filled[column + i]++;
        }
        column += width;
        line = span_skip(line, used);
    }
    m->end = column > m->end ? column : m->end;
}

bool shape_rule(struct span line)
{
    size_t dashes = 0;

    while (line.len > 0) {
        uint32_t code;
        size_t used = unicode_decode(line, &code);
        bool dash = code == '-' || code == '=' ||
                    (code >= 0x2500 && code <= 0x257F); /* box drawing */
        if (!dash && (code >= 0x80 || !strchr(" +|:>", (int)code)))
            return false;
        dashes += dash;
        line = span_skip(line, used);
    }
    return dashes >= 4;
}

static bool add_place(struct dialect *how, unsigned place, unsigned gap)
{
    if (how->places == DIALECT_PLACES)
        return false;
    how->place[how->places] = (uint16_t)place;
    how->gap[how->places++] = (uint16_t)gap;
    return true;
}

/* Each run of dashes is a column. */
static bool by_rule(struct span line, struct dialect *how)
{
    size_t gap = 0;

    for (size_t i = 0; i < line.len; i++) {
        bool begins = line.ptr[i] != ' ' && (i == 0 || line.ptr[i - 1] == ' ');
        if (line.ptr[i] == ' ' && (i == 0 || line.ptr[i - 1] != ' '))
            gap = i;
        if (begins &&
            !add_place(how, how->places ? (unsigned)i : 0, (unsigned)gap))
            return false;
    }
    return how->places >= 2;
}

/* Characters of the lines that stand between columns, in that width. */
static unsigned astray(struct span text, const struct dialect *how, bool wide)
{
    const struct dialect as = {.how = SPLIT_PLACES, .wide = wide};
    struct marks m = {.lines = 0};
    struct span line;
    unsigned count = 0;

    while (shape_line(&text, &line) && m.lines++ < UINT8_MAX)
        mark_line(&m, &as, line, m.filled);
    for (size_t i = 1; i < how->places; i++) {
        for (unsigned at = how->gap[i]; at < how->place[i]; at++)
            count += at < PLACES_MAX ? m.filled[at] : 0;
    }
    return count;
}

/* Has the header a name from one column up to another? */
static bool is_named(const struct marks *m, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        if (m->names[i])
            return true;
    }
    return false;
}

static bool is_gap(const struct marks *m, unsigned column)
{
    return m->filled[column] * 100U <= m->lines * STRAY && !m->names[column];
}

/*
 * Do enough lines reach the column behind the first gap? Lines of any kind
 * have gaps where only the longest of them end.
 */
static bool is_reached(const struct marks *m, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        if (m->filled[i] * 100U >= m->lines * REACH)
            return true;
    }
    return false;
}

/* Behind each gap a column begins; without a name it belongs to the last. */
static bool by_gaps(const struct marks *m, bool named, unsigned least,
                    struct dialect *how)
{
    unsigned gap = 0, column = 0;

    while (column < m->end && is_gap(m, column))
        column++;
    if (!add_place(how, 0, 0))
        return false;
    while (column < m->end) {
        while (column < m->end && !is_gap(m, column))
            column++;
        gap = column;
        while (column < m->end && is_gap(m, column))
            column++;
        unsigned next = column;
        while (next < m->end && !is_gap(m, next))
            next++;
        if (column >= m->end || column - gap < least ||
            (named && !is_named(m, column, next)))
            continue;
        if (how->places == 1 && !named && !is_reached(m, column, next))
            return false;
        if (!add_place(how, column, gap))
            return false;
    }
    return how->places >= 2;
}

bool fixed_find(struct span text, const struct shape *shape, unsigned least,
                bool wide, struct dialect *how)
{
    struct marks m = {.lines = 0};
    struct span rest = text, line;
    bool named = shape->header > 0;

    *how = (struct dialect){.how = SPLIT_PLACES, .wide = wide};
    if (named) {
        rest = span_skip(text, shape->heading);
        if (shape_line(&rest, &line))
            mark_line(&m, how, line, m.names);
    }
    while (shape_line(&rest, &line)) {
        if (shape_rule(line) && m.lines == 0 && named)
            return by_rule(line, how) &&
                   astray(rest, how, wide) <= astray(rest, how, !wide);
        if (line.len == 0 || shape_rule(line) || m.lines == UINT8_MAX)
            continue;
        mark_line(&m, how, line, m.filled);
        m.lines++;
    }
    if (m.lines < (named ? 1 : LINES_LEAST))
        return false;
    return by_gaps(&m, named, least, how);
}
