// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sample.c - lines held until it is certain whether they are a table.
 *
 * From a header or from the first line with a value alone in its cell,
 * LIMIT_SAMPLE_ROWS lines stay in the window. Then the separator is the one
 * that cuts most of them alike, the header is looked for in the first lines,
 * columns.c decides, and the rows are read again as rows of the table.
 *
 * It must not put records.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/readers.h"
#include "detect/split.h"
#include "detect/table.h"
#include "outflow/reader.h"

enum {
    HEADER_LINES = 6, /* lines of a sample that may be its header */
    ALIKE = 40, /* percent of the lines cut alike: others may stand between */
    REST_MOST = 4096, /* lines that weak signs wait after failures */
    REST_FIRST = 8,
};

static const uint8_t separators[] = {'\t', ',', ';', '|'};

struct sample {
    size_t lines;
    struct {
        uint32_t end;       /* behind its line end */
        struct moment seen; /* the packet that brought it */
    } line[LIMIT_SAMPLE_ROWS];
};

bool sample_begin(struct rows *r, uint32_t from)
{
    if (!r->sample)
        r->sample = malloc(sizeof(*r->sample));
    if (!r->sample)
        return false;
    r->sample->lines = 0;
    r->hold = r->row = r->at = from;
    r->reading = READ_SAMPLE;
    return true;
}

void sample_free(struct rows *r)
{
    free(r->sample);
    r->sample = NULL;
}

void sample_move(struct rows *r, uint32_t by)
{
    struct sample *s = r->sample;

    for (size_t i = 0; s && i < s->lines; i++)
        s->line[i].end = s->line[i].end > by ? s->line[i].end - by : 0;
}

const struct moment *sample_moment(const struct rows *r, uint32_t end)
{
    const struct sample *s = r->sample;

    for (size_t i = 0; s && i < s->lines; i++) {
        if (end <= s->line[i].end)
            return &s->line[i].seen;
    }
    return NULL;
}

/* How a line reads as a header. */
struct heading {
    size_t cells;
    size_t firm;  /* cells that claim a field */
    size_t known; /* cells the dictionary knows */
};

static struct heading heading_of(struct rows *r, struct span line,
                                 uint8_t separator)
{
    struct span *cells = r->detect->grid->cells;
    struct heading h = {0, 0, 0};
    struct split_cells found =
        split_cells(line, separator, cells, LIMIT_COLUMNS);

    h.cells = found.count;
    for (size_t i = 0; i < found.count && i < LIMIT_COLUMNS; i++) {
        struct claim c = header_find(r->detect->header, span_trim(cells[i]));
        h.firm += c.force == CLAIM_FIRM;
        h.known += c.force != CLAIM_NONE;
    }
    return h;
}

/* A header names two fields, or most of its cells are words we know. */
static bool heads(const struct heading *h)
{
    if (h->cells == 1)
        return h->firm == 1;
    return h->firm >= 2 || (h->firm == 1 && h->known * 2 >= h->cells);
}

/* Long runs of digits and addresses stand in values, not in headers. */
static bool has_values(struct span line)
{
    size_t run = 0;

    for (size_t i = 0; i < line.len; i++) {
        run = (uint8_t)(line.ptr[i] - '0') <= 9 ? run + 1 : 0;
        if (run >= 5 || line.ptr[i] == '@')
            return true;
    }
    return false;
}

/* Bytes that no line of text has; ESC shifts charsets (ISO 2022). */
static bool has_controls(struct span line)
{
    struct reader rest = reader_over(line);

    while (reader_left(&rest) > 0) {
        uint8_t c = reader_u8(&rest);
        if ((c < 0x20 && c != '\t' && c != '\r' && c != 0x1B) || c == 0x7F)
            return true;
    }
    return false;
}

bool sample_header(struct rows *r, struct span line)
{
    if (has_controls(line) || has_values(line))
        return false;
    for (size_t i = 0; i < sizeof(separators); i++) {
        if (!memchr(line.ptr, separators[i], line.len))
            continue;
        struct heading h = heading_of(r, line, separators[i]);
        if (h.cells >= 2 && heads(&h))
            return true;
    }
    return false;
}

/* What the lines of a sample say together. */
struct shape {
    uint8_t separator;
    size_t cells;   /* of a row */
    size_t header;  /* bytes up to the end of the header line; 0: none */
    size_t heading; /* where that line begins */
};

/* The next line of text; false when there is none. */
static bool next_line(struct span *text, struct span *line)
{
    struct split_row cut;

    if (!split_line(*text, true, &cut))
        return false;
    *line = span_head(*text, cut.len);
    *text = span_skip(*text, cut.next);
    return true;
}

static bool find_header(struct rows *r, struct span text, struct shape *shape)
{
    struct span rest = text, line;
    size_t best = 0;

    for (size_t n = 0; n < HEADER_LINES && next_line(&rest, &line); n++) {
        if (line.len == 0 || has_values(line))
            continue;
        for (size_t i = 0; i <= sizeof(separators); i++) {
            uint8_t sep = i < sizeof(separators) ? separators[i] : 0;
            if (sep ? !memchr(line.ptr, sep, line.len) : best > 0)
                continue;
            struct heading h = heading_of(r, line, sep);
            if (!heads(&h) || h.firm * 16 + h.known <= best)
                continue;
            best = h.firm * 16 + h.known;
            *shape = (struct shape){sep, h.cells, text.len - rest.len,
                                    (size_t)(line.ptr - text.ptr)};
        }
    }
    return best > 0;
}

/* Numbers of cells that separator cuts the rows into; gives the rows. */
static size_t count_cells(struct rows *r, struct span text, uint8_t separator,
                          size_t counts[LIMIT_SAMPLE_ROWS])
{
    struct split_row cut;
    size_t rows = 0;

    while (rows < LIMIT_SAMPLE_ROWS && text.len > 0 &&
           split_row(text, separator, true, &cut)) {
        struct span row = span_head(text, cut.len);
        text = span_skip(text, cut.next);
        if (row.len > 0)
            counts[rows++] = split_cells(row, separator, r->detect->grid->cells,
                                         LIMIT_COLUMNS)
                                 .count;
    }
    return rows;
}

/* The usual one of counts but not besides; gives how often it comes. */
static size_t usual(const size_t *counts, size_t rows, size_t besides,
                    size_t *cells)
{
    size_t best = 0;

    *cells = 0;
    for (size_t i = 0; i < rows; i++) {
        size_t same = 0;
        for (size_t k = 0; k < rows; k++)
            same += counts[k] == counts[i];
        if (counts[i] != besides &&
            (same > best || (same == best && counts[i] > *cells))) {
            best = same;
            *cells = counts[i];
        }
    }
    return best;
}

/* Is it the known table's shape that most lines have? */
static bool find_known(struct rows *r, struct span text, struct shape *shape)
{
    size_t counts[LIMIT_SAMPLE_ROWS], cells;

    if (!r->table)
        return false;
    size_t rows = count_cells(r, text, r->table->separator, counts);
    size_t same = usual(counts, rows, 0, &cells);
    if (cells != r->table->count || same * 100 < rows * ALIKE)
        return false;
    *shape = (struct shape){r->table->separator, cells, 0, 0};
    return true;
}

/* Rows with too many cells say nothing of columns; *odd counts them. */
static size_t add_facts(struct rows *r, const struct table *t,
                        struct facts *facts, struct span text, size_t *odd)
{
    struct grid *grid = r->detect->grid;
    struct split_row cut;
    size_t rows = 0;

    while (rows < LIMIT_SAMPLE_ROWS && text.len > 0 &&
           split_row(text, t->separator, true, &cut)) {
        struct span row = span_head(text, cut.len);
        text = span_skip(text, cut.next);
        struct split_cells found =
            split_cells(row, t->separator, grid->cells, LIMIT_COLUMNS);
        size_t count =
            found.count < LIMIT_COLUMNS ? found.count : LIMIT_COLUMNS;
        if (count == (size_t)t->count + 1 && t->header &&
            count <= LIMIT_COLUMNS && grid->cells[t->count].len == 0)
            count--;
        *odd += count > t->count && t->header;
        if (row.len > 0 &&
            (count == t->count || (t->header && count < t->count)))
            facts_add(r->detect, facts, rows++, grid->cells, count);
    }
    return rows;
}

static void take_claims(struct rows *r, struct table *t, struct span line)
{
    struct span *cells = r->detect->grid->cells;

    split_cells(line, t->separator, cells, LIMIT_COLUMNS);
    for (size_t i = 0; i < t->count; i++)
        t->column[i].claim =
            header_find(r->detect->header, span_trim(cells[i]));
    t->header = true;
}

/*
 * Make a table of that shape out of the lines and keep it when its columns
 * say more than those of the best so far.
 */
static void try_table(struct rows *r, struct span text,
                      const struct shape *shape, struct table **best,
                      unsigned *most)
{
    size_t count = shape->cells < LIMIT_COLUMNS ? shape->cells : LIMIT_COLUMNS;
    struct table *t = table_new(shape->separator, count);
    struct facts *facts = calloc(count, sizeof(*facts));
    size_t rows, odd = 0;
    unsigned says = 0;

    if (!t || !facts)
        goto out;
    if (shape->header > 0) {
        struct span line = span_slice(text, shape->heading, shape->header);
        struct split_row cut;
        if (split_line(line, true, &cut))
            take_claims(r, t, span_head(line, cut.len));
    }
    rows = add_facts(r, t, facts, span_skip(text, shape->header), &odd);
    if (rows + odd > 0)
        says = columns_decide(r->detect->grid, t, facts, rows);
out:
    free(facts);
    if (says > *most) {
        struct table *worse = *best;
        *most = says;
        *best = t;
        t = worse;
    }
    free(t);
}

/* Lines up to the header's end are passed over. */
static uint32_t raw_place(const struct rows *r, struct span text, size_t at)
{
    struct span raw = rows_span(r, r->hold, r->at), line;
    struct span front = span_head(text, at);

    for (struct span rest = raw; front.len > 0; raw = rest) {
        if (!next_line(&front, &line) || !next_line(&rest, &line))
            break;
    }
    return r->at - (uint32_t)raw.len;
}

static void found_nothing(struct rows *r)
{
    uint32_t rest = (uint32_t)REST_FIRST << (r->failed < 9 ? r->failed : 9);

    r->failed = (uint16_t)(r->failed + (r->failed < 100));
    r->rest = rest < REST_MOST ? rest : REST_MOST;
    r->settled = r->at;
    r->rest += (uint32_t)r->sample->lines;
    r->row = r->at = r->hold;
    r->judged = 0;
    r->card = false;
    r->reading = READ_SEEK;
}

/* Tables of the two usual numbers of cells; false when rows are too uneven. */
static bool try_separator(struct rows *r, struct span text, uint8_t separator,
                          struct table **best, unsigned *most)
{
    size_t counts[LIMIT_SAMPLE_ROWS], cells, besides = 1;
    size_t rows = count_cells(r, text, separator, counts);
    bool cut = false;

    for (int round = 0; round < 2; round++) {
        size_t same = usual(counts, rows, besides, &cells);
        if (cells < 2 || same * 100 < rows * ALIKE)
            return cut;
        struct shape shape = {separator, cells, 0, 0};
        try_table(r, text, &shape, best, most);
        besides = cells;
        cut = true;
    }
    return cut;
}

/* The best table without a header; one cell a row when nothing cuts. */
static struct table *try_separators(struct rows *r, struct span text)
{
    const struct shape whole = {0, 1, 0, 0};
    struct table *best = NULL;
    unsigned most = 0;
    bool cut = false;

    for (size_t i = 0; i < sizeof(separators); i++)
        cut = try_separator(r, text, separators[i], &best, &most) || cut;
    if (!cut)
        try_table(r, text, &whole, &best, &most);
    return best;
}

static void judge(struct rows *r)
{
    struct span text = rows_utf8(r, rows_span(r, r->hold, r->at));
    struct shape shape = {0, 1, 0, 0};
    struct table *found = NULL;
    unsigned most = 0;
    bool known = false;

    if (find_header(r, text, &shape))
        try_table(r, text, &shape, &found, &most);
    if (!found) {
        shape.header = 0;
        known = find_known(r, text, &shape);
    }
    if (!found && !known)
        found = try_separators(r, text);
    if (!found && !known) {
        found_nothing(r);
        return;
    }
    if (found) {
        free(r->table);
        r->table = found;
    }
    r->table->idle = 0;
    r->failed = 0;
    r->settled = r->at;
    r->row = r->at = raw_place(r, text, shape.header);
    r->reading = READ_TABLE;
}

/* Take the next line into the sample; false when there is none as yet. */
static bool hold_line(struct rows *r, bool *too_long)
{
    struct sample *s = r->sample;
    uint32_t end = r->len - r->at < LIMIT_ROW ? r->len : r->at + LIMIT_ROW;
    struct span text = rows_span(r, r->at, end);
    bool last = (r->ended || (r->last && !r->overlap)) && end == r->len;
    struct split_row line;

    *too_long = false;
    if (!split_line(text, last, &line)) {
        *too_long = text.len == LIMIT_ROW;
        return false;
    }
    r->at += (uint32_t)line.next;
    s->line[s->lines].end = r->at;
    const struct moment seen = *rows_moment(r, r->at);
    s->line[s->lines++].seen = seen;
    return true;
}

bool sample_read(struct rows *r)
{
    bool too_long = false;

    while (r->sample->lines < LIMIT_SAMPLE_ROWS &&
           r->at - r->hold < LIMIT_SAMPLE) {
        if (hold_line(r, &too_long))
            continue;
        if (!too_long && !r->last)
            return false;
        break;
    }
    judge(r);
    return true;
}
