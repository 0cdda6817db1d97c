// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * page.c - from characters to words, lines, cells and columns.
 *
 * Everything is sorted once and swept once; no step is more than n log n.
 */
#include "helper/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS = 128,      /* of a line; more are one */
    CJK_FROM = 0x2e80 /* from here on characters are as wide as high */
};

/* As parts of the height of a line, which is about an em. */
static const double joint = 0.22;    /* within a word, at most */
static const double cell_gap = 0.45; /* one and a half blanks */
static const double wide_gap = 1.15; /* the same between wide characters */

struct word {
    double x0, y0, x1, y1;
    size_t from, count; /* its characters */
    bool even;          /* all of them are equally wide */
};

/* A run of words of one line; words are sorted by line and place. */
struct cell {
    double x0, x1;
    size_t from, count; /* words */
};

struct line {
    double y;           /* its middle */
    double height;      /* of its highest word */
    size_t from, count; /* cells */
    size_t into;        /* the line that it is a part of, or itself */
};

struct column {
    double x0, x1;
};

struct page {
    struct glyph *glyph;
    size_t glyphs, glyph_room;
    struct word *word;
    size_t words;
    struct cell *cell;
    size_t cells;
    struct line *line;
    size_t lines;
    struct column column[CELLS];
    size_t columns; /* 0: no table was made out */
};

struct page *page_new(void)
{
    return calloc(1, sizeof(struct page));
}

static void forget(struct page *p)
{
    free(p->word);
    free(p->cell);
    free(p->line);
    p->word = NULL;
    p->cell = NULL;
    p->line = NULL;
    p->words = p->cells = p->lines = p->columns = 0;
}

void page_free(struct page *p)
{
    if (!p)
        return;
    forget(p);
    free(p->glyph);
    free(p);
}

static bool sound(const struct glyph *g)
{
    return isfinite(g->x0) && isfinite(g->x1) && isfinite(g->y0) &&
           isfinite(g->y1) && g->x0 <= g->x1 && g->y0 < g->y1;
}

bool page_add(struct page *p, const struct glyph *g)
{
    if (p->glyphs == p->glyph_room) {
        size_t room = p->glyph_room > 0 ? p->glyph_room * 2 : 1024;
        struct glyph *more = realloc(p->glyph, room * sizeof(*more));
        if (!more)
            return false;
        p->glyph = more;
        p->glyph_room = room;
    }
    if (sound(g))
        p->glyph[p->glyphs++] = *g;
    return true;
}

/* --- words --- */

static bool is_wide(const struct glyph *g)
{
    return g->code >= CJK_FROM;
}

/* Does b stand right behind a, in one word? */
static bool joined(const struct glyph *a, const struct glyph *b)
{
    double height = a->y1 - a->y0, gap = b->x0 - a->x1;

    return !b->blank && fabs(b->y0 - a->y0) < height * joint &&
           gap < height * joint && gap > -height;
}

static void word_extend(struct word *w, const struct glyph *g)
{
    w->x0 = g->x0 < w->x0 ? g->x0 : w->x0;
    w->x1 = g->x1 > w->x1 ? g->x1 : w->x1;
    w->y0 = g->y0 < w->y0 ? g->y0 : w->y0;
    w->y1 = g->y1 > w->y1 ? g->y1 : w->y1;
}

static void make_words(struct page *p)
{
    struct word *w = NULL;

    for (size_t i = 0; i < p->glyphs; i++) {
        const struct glyph *g = &p->glyph[i];
        if (w && joined(g - 1, g)) {
            double before = (g - 1)->x1 - (g - 1)->x0;
            w->even = w->even && fabs(g->x1 - g->x0 - before) < before / 50;
            word_extend(w, g);
            w->count++;
            continue;
        }
        w = &p->word[p->words++];
        *w = (struct word){g->x0, g->y0, g->x1, g->y1, i, 1, true};
    }
}

/* --- lines --- */

static double middle(const struct word *w)
{
    return (w->y0 + w->y1) / 2;
}

static int by_height(const void *a, const void *b)
{
    double one = middle(a), other = middle(b);

    return one < other ? -1 : one > other;
}

static int by_place(const void *a, const void *b)
{
    const struct word *one = a, *other = b;

    return one->x0 < other->x0 ? -1 : one->x0 > other->x0;
}

/* Words from `from` on that stand in one line; they are sorted by height. */
static size_t line_end(const struct page *p, size_t from)
{
    const struct word *first = &p->word[from];
    double height = first->y1 - first->y0;
    size_t to = from + 1;

    while (to < p->words) {
        const struct word *w = &p->word[to];
        double lower = w->y1 - w->y0 < height ? w->y1 - w->y0 : height;
        if (middle(w) - middle(first) > lower * 0.45)
            break;
        to++;
    }
    return to;
}

/* --- cells --- */

static bool wide_edge(const struct page *p, const struct word *w, bool last)
{
    return is_wide(&p->glyph[w->from + (last ? w->count - 1 : 0)]);
}

/* How wide a gap sets two words apart, that may stand in one cell? */
static double apart(const struct page *p, const struct word *a,
                    const struct word *b)
{
    double height = a->y1 - a->y0;

    if (wide_edge(p, a, true) && wide_edge(p, b, false))
        return height * wide_gap;
    if (a->even && b->even && a->count > 1 && b->count > 1) {
        double one = (a->x1 - a->x0) / (double)a->count;
        double other = (b->x1 - b->x0) / (double)b->count;
        if (fabs(one - other) < one / 50) /* typewriter, or digits alone */
            return one * 1.5;
    }
    return height * cell_gap;
}

static void make_cells(struct page *p, struct line *l, size_t from, size_t to)
{
    struct cell *c = NULL;

    l->from = p->cells;
    for (size_t i = from; i < to; i++) {
        const struct word *w = &p->word[i];
        if (w->y1 - w->y0 > l->height)
            l->height = w->y1 - w->y0;
        if (c && (w->x0 - c->x1 <= apart(p, w - 1, w) || l->count == CELLS)) {
            c->x1 = w->x1 > c->x1 ? w->x1 : c->x1;
            c->count++;
            continue;
        }
        c = &p->cell[p->cells++];
        *c = (struct cell){w->x0, w->x1, i, 1};
        l->count++;
    }
}

static void make_lines(struct page *p)
{
    qsort(p->word, p->words, sizeof(*p->word), by_height);
    for (size_t from = 0; from < p->words;) {
        size_t to = line_end(p, from);
        struct line *l = &p->line[p->lines];
        *l = (struct line){.y = middle(&p->word[from]), .into = p->lines};
        p->lines++;
        qsort(p->word + from, to - from, sizeof(*p->word), by_place);
        make_cells(p, l, from, to);
        from = to;
    }
}

/* --- columns --- */

/* A place on the page where a cell begins (1) or ends (-1). */
struct edge {
    double x;
    int step;
};

static int by_x(const void *a, const void *b)
{
    const struct edge *one = a, *other = b;

    if (one->x != other->x)
        return one->x < other->x ? -1 : 1;
    return one->step - other->step;
}

/* Edges of the cells of all lines that have several. */
static size_t make_edges(const struct page *p, struct edge *edge,
                         size_t *tables)
{
    size_t edges = 0;

    *tables = 0;
    for (size_t i = 0; i < p->lines; i++) {
        const struct line *l = &p->line[i];
        if (l->count < 2)
            continue;
        ++*tables;
        for (size_t k = 0; k < l->count; k++) {
            edge[edges++] = (struct edge){p->cell[l->from + k].x0, 1};
            edge[edges++] = (struct edge){p->cell[l->from + k].x1, -1};
        }
    }
    qsort(edge, edges, sizeof(*edge), by_x);
    return edges;
}

/*
 * Columns are where cells stand, and between them is what next to none
 * covers: a title or a footer may run over several.
 */
static bool make_columns(struct page *p)
{
    enum { FEW = 25 }; /* one line in so many */
    struct edge *edge = calloc(p->cells, 2 * sizeof(*edge));
    size_t tables = 0, covers = 0;

    if (!edge)
        return false;
    size_t edges = make_edges(p, edge, &tables), few = tables / FEW;
    for (size_t i = 0; i < edges && p->columns < CELLS; i++) {
        bool was = covers > few;
        covers = edge[i].step > 0 ? covers + 1 : covers - 1;
        if (!was && covers > few)
            p->column[p->columns].x0 = edge[i].x;
        else if (was && covers <= few)
            p->column[p->columns++].x1 = edge[i].x;
    }
    free(edge);
    return true;
}

/* The column that a cell stands beside, for one that is in none. */
static size_t column_near(const struct page *p, const struct cell *c)
{
    size_t k = 0;

    while (k + 1 < p->columns &&
           p->column[k + 1].x0 - c->x1 < c->x0 - p->column[k].x1)
        k++;
    return k;
}

/* The one column that a cell stands in; p->columns: several. */
static size_t column_of(const struct page *p, const struct cell *c)
{
    size_t found = p->columns;

    for (size_t k = 0; k < p->columns; k++) {
        const struct column *col = &p->column[k];
        if (c->x0 >= col->x1 || c->x1 <= col->x0)
            continue;
        if (found < p->columns)
            return p->columns;
        found = k;
    }
    return found < p->columns ? found : column_near(p, c);
}

/* Does the whole line fit into the columns, no two cells into one? */
static bool fits(const struct page *p, const struct line *l)
{
    size_t before = p->columns;

    for (size_t i = 0; i < l->count; i++) {
        size_t k = column_of(p, &p->cell[l->from + i]);
        if (k == p->columns || (i > 0 && k <= before))
            return false;
        before = k;
    }
    return p->columns > 1 &&
           (l->count > 1 || column_of(p, &p->cell[l->from]) > 0);
}

/* --- wrapped cells --- */

/* Has it no cell in the first column, but some in others? */
static bool goes_on(const struct page *p, const struct line *l)
{
    return l->count < p->columns && fits(p, l) &&
           column_of(p, &p->cell[l->from]) > 0;
}

static double step(const struct page *p, size_t from, size_t to)
{
    if (to >= p->lines)
        return INFINITY;
    return p->line[to].y - p->line[from].y;
}

/*
 * A line that begins no row belongs to the nearer one of its neighbours:
 * between rows there is more room than between the lines of a cell.
 */
static void join_lines(struct page *p)
{
    size_t back = 0; /* lines that belong to the next one that is none */

    for (size_t i = 0; i < p->lines; i++) {
        struct line *l = &p->line[i];
        double above = i > 0 ? step(p, i - 1, i) : INFINITY;
        double below = step(p, i, i + 1);
        bool near_ = above < l->height * 2 || below < l->height * 2;
        if (!goes_on(p, l) || !near_) {
            for (size_t k = 1; k <= back && fits(p, l); k++)
                p->line[i - k].into = i;
            back = 0;
        } else if (above <= below * 1.02) {
            l->into = back > 0 ? i : p->line[i - 1].into;
            back += back > 0;
        } else {
            back++;
        }
    }
}

/* --- out --- */

struct out {
    void (*put)(void *ctx, const char *text, size_t len);
    void *ctx;
};

static void put_code(const struct out *o, uint32_t code)
{
    char text[4];
    size_t len = 0;

    if (code < 0x80) {
        text[len++] = (char)(code < 0x20 ? ' ' : code);
    } else if (code < 0x800) {
        text[len++] = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        text[len++] = (char)(0xe0 | code >> 12);
        text[len++] = (char)(0x80 | (code >> 6 & 0x3f));
    } else {
        text[len++] = (char)(0xf0 | (code >> 18 & 7));
        text[len++] = (char)(0x80 | (code >> 12 & 0x3f));
        text[len++] = (char)(0x80 | (code >> 6 & 0x3f));
    }
    if (code >= 0x80)
        text[len++] = (char)(0x80 | (code & 0x3f));
    o->put(o->ctx, text, len);
}

static void put_word(const struct page *p, const struct word *w,
                     const struct out *o)
{
    for (size_t i = 0; i < w->count; i++)
        put_code(o, p->glyph[w->from + i].code);
}

/* Words of a cell: a blank between them, if there is one on the page. */
static void put_cell(const struct page *p, const struct cell *c,
                     const struct out *o)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct word *w = &p->word[c->from + i];
        if (i > 0 && w->x0 - w[-1].x1 > (w->y1 - w->y0) * joint / 2)
            o->put(o->ctx, " ", 1);
        put_word(p, w, o);
    }
}

static void put_plain(const struct page *p, const struct line *l,
                      const struct out *o)
{
    for (size_t i = 0; i < l->count; i++) {
        if (i > 0)
            o->put(o->ctx, "\t", 1);
        put_cell(p, &p->cell[l->from + i], o);
    }
    o->put(o->ctx, "\n", 1);
}

/* The lines of a row, [from, to], column by column. */
static void put_row(const struct page *p, size_t from, size_t to,
                    const struct out *o)
{
    size_t row = p->line[from].into;

    for (size_t k = 0; k < p->columns; k++) {
        bool first = true;
        if (k > 0)
            o->put(o->ctx, "\t", 1);
        for (size_t i = from; i <= to; i++) {
            const struct line *l = &p->line[i];
            for (size_t n = 0; l->into == row && n < l->count; n++) {
                const struct cell *c = &p->cell[l->from + n];
                if (column_of(p, c) != k)
                    continue;
                bool wide = wide_edge(p, &p->word[c->from], false);
                if (!first && !wide)
                    o->put(o->ctx, " ", 1);
                put_cell(p, c, o);
                first = false;
            }
        }
    }
    o->put(o->ctx, "\n", 1);
}

static void put_lines(const struct page *p, const struct out *o)
{
    for (size_t from = 0; from < p->lines;) {
        size_t to = from;
        while (to + 1 < p->lines && p->line[to + 1].into == p->line[from].into)
            to++;
        if (fits(p, &p->line[p->line[from].into]))
            put_row(p, from, to, o);
        else
            put_plain(p, &p->line[from], o);
        from = to + 1;
    }
}

bool page_write(struct page *p, void (*put)(void *ctx, const char *, size_t),
                void *ctx)
{
    const struct out out = {put, ctx};

    forget(p);
    if (p->glyphs == 0)
        return true;
    p->word = calloc(p->glyphs, sizeof(*p->word));
    if (!p->word)
        return false;
    make_words(p);
    p->cell = calloc(p->words, sizeof(*p->cell));
    p->line = calloc(p->words, sizeof(*p->line));
    if (!p->cell || !p->line)
        return false;
    make_lines(p);
    if (!make_columns(p))
        return false;
    join_lines(p);
    put_lines(p, &out);
    p->glyphs = 0;
    return true;
}
