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
#include "detect/shape.h"
#include "detect/table.h"
#include "detect/undo.h"

enum {
    ALIKE = 40, /* percent of the lines cut alike: others may stand between */
    CODED = 90, /* percent of the cells that are Base64 */
};

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
    r->words = r->afresh = false;
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

/* Numbers of cells that how cuts the rows into; gives the rows. */
static size_t count_cells(struct rows *r, struct span text,
                          const struct dialect *how,
                          size_t counts[LIMIT_SAMPLE_ROWS])
{
    struct split_row cut;
    size_t rows = 0;

    while (rows < LIMIT_SAMPLE_ROWS && text.len > 0 &&
           split_row(text, how, true, &cut)) {
        struct span row = span_head(text, cut.len);
        text = span_skip(text, cut.next);
        if (row.len > 0)
            counts[rows++] =
                split_cells(row, how, r->detect->grid->cells, LIMIT_COLUMNS)
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

/* The next row of a sample that is not empty, in cells. */
static bool next_row(struct rows *r, const struct table *t, struct span *text,
                     size_t *count)
{
    struct grid *grid = r->detect->grid;
    struct split_row cut;

    while (text->len > 0 && split_row(*text, &t->how, true, &cut)) {
        struct span row = span_head(*text, cut.len);
        *text = span_skip(*text, cut.next);
        if (row.len == 0 || shape_rule(row))
            continue;
        r->detect->signs = undo_signs(row);
        *count = split_cells(row, &t->how, grid->cells, LIMIT_COLUMNS).count;
        *count = *count < LIMIT_COLUMNS ? *count : LIMIT_COLUMNS;
        if (*count == (size_t)t->count + 1 && t->header &&
            grid->cells[t->count].len == 0)
            (*count)--;
        return true;
    }
    return false;
}

/* Has any row of the sample fields of the known table? */
static bool bears_out(struct rows *r, struct span text)
{
    struct detect *d = r->detect;
    size_t count;

    while (next_row(r, r->table, &text, &count)) {
        if (count == r->table->count &&
            table_fields(d, r->table, d->grid->cells, count, d->grid->fields) >
                0)
            return true;
    }
    return false;
}

/* Is it the known table's shape that most lines have? */
static bool find_known(struct rows *r, struct span text, struct shape *shape)
{
    size_t counts[LIMIT_SAMPLE_ROWS], cells;

    if (!r->table)
        return false;
    size_t rows = count_cells(r, text, &r->table->how, counts);
    size_t same = usual(counts, rows, 0, &cells);
    if (cells != r->table->count || same * 100 < rows * ALIKE)
        return false;
    *shape = (struct shape){.how = r->table->how, .cells = cells};
    return bears_out(r, text);
}

/* Rows of far fewer cells are another table's, or a total. */
static bool may_count(const struct table *t, size_t count)
{
    return count == t->count ||
           (t->header && count < t->count && count * 2 >= t->count);
}

/* Columns whose cells are nearly all Base64 of a text. */
static void find_base64(struct rows *r, struct table *t, struct span text)
{
    uint16_t coded[LIMIT_COLUMNS] = {0}, filled[LIMIT_COLUMNS] = {0};
    const struct span *cells = r->detect->grid->cells;
    size_t count;

    while (next_row(r, t, &text, &count)) {
        for (size_t i = 0; may_count(t, count) && i < count; i++) {
            filled[i] = (uint16_t)(filled[i] + (cells[i].len > 0));
            coded[i] = (uint16_t)(coded[i] + undo_is_base64(cells[i]));
        }
    }
    for (size_t i = 0; i < t->count; i++)
        t->column[i].base64 =
            coded[i] > 0 && coded[i] * 100U >= filled[i] * CODED;
}

/* Rows with too many cells say nothing of columns; *odd counts them. */
static size_t add_facts(struct rows *r, const struct table *t,
                        struct facts *facts, struct span text, size_t *odd)
{
    struct detect *d = r->detect;
    size_t rows = 0, count;

    while (rows < LIMIT_SAMPLE_ROWS && next_row(r, t, &text, &count)) {
        *odd += count > t->count && t->header;
        if (!may_count(t, count))
            continue;
        buf_reset(&d->plain);
        for (size_t i = 0; i < count; i++)
            d->grid->cells[i] =
                undo_cell(&d->plain, d->grid->cells[i],
                          d->signs | (t->column[i].base64 ? UNDO_BASE64 : 0));
        facts_add(d, facts, rows++, d->grid->cells, count);
    }
    return rows;
}

static void take_claims(struct rows *r, struct table *t, struct span text,
                        const struct shape *shape)
{
    struct span line = span_slice(text, shape->heading, shape->header);
    struct claim claims[LIMIT_COLUMNS];
    struct split_row cut;

    if (shape->torn) {
        line = heading_mended(&r->detect->plain, line, shape);
    } else if (split_line(line, true, &cut)) {
        line = span_head(line, cut.len);
    } else {
        return;
    }
    if (span_find(line, ')') < line.len && shape->how.separator == '\t')
        line = span_head(line, span_find(line, ')')); /* of COPY */
    claims[0] = (struct claim){.type = FIELD_NONE};
    heading_claims(r, line, &shape->names, claims + shape->numbered,
                   t->count - shape->numbered);
    for (size_t i = 0; i < t->count; i++)
        t->column[i].claim = claims[i];
    t->header = true;
}

/* The table that says most so far. */
struct best {
    struct table *table;
    unsigned says;
    size_t header; /* bytes up to the end of its header */
};

/*
 * Make a table of that shape out of the lines and keep it when its columns
 * say more than those of the best so far.
 */
static void try_table(struct rows *r, struct span text,
                      const struct shape *shape, struct best *best)
{
    size_t count = shape->cells < LIMIT_COLUMNS ? shape->cells : LIMIT_COLUMNS;
    struct table *t = table_new(&shape->how, count);
    struct facts *facts = calloc(count, sizeof(*facts));
    size_t rows, odd = 0;
    unsigned says = 0;

    if (!t || !facts)
        goto out;
    if (shape->header > 0)
        take_claims(r, t, text, shape);
    find_base64(r, t, span_skip(text, shape->header));
    rows = add_facts(r, t, facts, span_skip(text, shape->header), &odd);
    if (rows + odd > 0)
        says = columns_decide(r->detect->grid, t, facts, rows);
out:
    free(facts);
    if (says > best->says) {
        struct table *worse = best->table;
        *best = (struct best){t, says, shape->header};
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
        if (!shape_line(&front, &line) || !shape_line(&rest, &line))
            break;
    }
    return r->at - (uint32_t)raw.len;
}

/* Does nothing but a cut line stand behind the sample? */
static bool is_rest_cut(const struct rows *r)
{
    return r->last && r->sample->lines < LIMIT_SAMPLE_ROWS &&
           r->at - r->hold < LIMIT_SAMPLE && r->len - r->at < LIMIT_ROW;
}

static void found_nothing(struct rows *r)
{
    uint32_t lines = (uint32_t)r->sample->lines;

    if (r->words) {
        r->rest_words = rows_rest(&r->failed_words, lines);
    } else {
        r->rest = rows_rest(&r->failed, lines);
        r->settled = is_rest_cut(r) ? r->len : r->at;
    }
    r->row = r->at = r->hold;
    r->judged = 0;
    r->card = false;
    r->reading = READ_SEEK;
}

/* ["a", "b"] or ("a", "b"), with a dash in front and a comma behind. */
static bool is_wrapped(struct span line)
{
    if (span_starts(line, SPAN("- ")))
        line = span_skip(line, 2);
    while (line.len > 0 && memchr(",;", line.ptr[line.len - 1], 2))
        line = span_head(line, line.len - 1);
    return line.len > 2 &&
           ((line.ptr[0] == '[' && line.ptr[line.len - 1] == ']') ||
            (line.ptr[0] == '(' && line.ptr[line.len - 1] == ')') ||
            (line.ptr[0] == '{' && line.ptr[line.len - 1] == '}'));
}

/* Quotes and escapes as the lines of the sample use them. */
static struct dialect dialect_of(struct span text, const struct dialect *usual)
{
    struct dialect how = *usual;
    const uint8_t hidden[2] = {'\\', how.separator};
    struct span rest = text, line;
    size_t lines = 0, single = 0, wrapped = 0;

    if (how.how != SPLIT_SIGN || how.separator == 0)
        return how;
    while (shape_line(&rest, &line)) {
        line = span_trim(line);
        lines += line.len > 0;
        wrapped += is_wrapped(line);
        single += line.len > 2 && line.ptr[0] == '\'' &&
                  memchr(line.ptr + 1, '\'', line.len - 1);
    }
    how.wrapped = wrapped * 2 > lines;
    if (single * 2 > lines)
        how.quote = '\'';
    how.escapes = span_find(text, '\\') < text.len &&
                  span_find_run(text, (struct span){hidden, 2}) < text.len;
    return how;
}

/* Is there a separator at all? */
static bool may_split(struct span text, const struct dialect *how)
{
    return how->how != SPLIT_SIGN || how->separator == 0 ||
           span_find(text, how->separator) < text.len;
}

/* Are there lines that name the value on the next one, "phone:"? */
static bool names_values(struct rows *r, struct span text)
{
    enum { LEAST = 2 };
    struct span line;
    size_t names = 0;

    while (names < LEAST && shape_line(&text, &line)) {
        line = span_trim(line);
        names += line.len > 1 && line.ptr[line.len - 1] == ':' &&
                 header_find(r->detect->header, span_head(line, line.len - 1))
                         .force == CLAIM_FIRM;
    }
    return names == LEAST;
}

/* Tables of the two usual numbers of cells; false when rows are too uneven. */
static bool try_dialect(struct rows *r, struct span text,
                        const struct dialect *how, struct best *best)
{
    size_t counts[LIMIT_SAMPLE_ROWS], cells, besides = 1;
    size_t rows = count_cells(r, text, how, counts);
    size_t least = how->separator == ':' ? SHAPE_COLONS : 2;
    bool cut = false;

    for (int round = 0; round < 2; round++) {
        size_t same = usual(counts, rows, besides, &cells);
        if (cells < least || same * 100 < rows * ALIKE)
            return cut;
        try_table(r, text, &(struct shape){.how = *how, .cells = cells}, best);
        besides = cells;
        cut = true;
    }
    return cut;
}

/* The lines without one of the places: a blank inside of values. */
static void try_fewer(struct rows *r, struct span text,
                      const struct shape *place, struct best *best)
{
    for (unsigned i = 1; best->table && i < best->table->how.places; i++) {
        struct shape shape = *place;
        struct dialect *how = &shape.how;
        *how = best->table->how;
        unsigned behind = how->places - i - 1U;
        memmove(&how->place[i], &how->place[i + 1],
                behind * sizeof(how->place[0]));
        memmove(&how->gap[i], &how->gap[i + 1], behind * sizeof(how->gap[0]));
        how->places--;
        shape.cells = how->places;
        unsigned said = best->says;
        try_table(r, text, &shape, best);
        i -= best->says > said;
    }
}

/* Columns that begin at their places, or stand two blanks apart. */
static void try_places(struct rows *r, struct span text,
                       const struct shape *place, struct best *best)
{
    static const struct dialect blanks = {.how = SPLIT_BLANKS};
    struct shape shape = *place;

    for (unsigned i = 0; i < 4; i++) {
        if (!fixed_find(text, place, 2 - i / 2, i % 2 == 0, &shape.how))
            continue;
        shape.names = shape.how;
        shape.cells = shape.how.places;
        try_table(r, text, &shape, best);
    }
    if (place->header == 0) {
        try_fewer(r, text, place, best);
        try_dialect(r, text, &blanks, best);
        return;
    }
    struct span line = span_slice(text, place->heading, place->header);
    shape.how = shape.names = blanks;
    shape.cells =
        split_cells(line, &blanks, r->detect->grid->cells, LIMIT_COLUMNS).count;
    if (shape.cells > 1)
        try_table(r, text, &shape, best);
}

/* Lines as long as one another, perhaps with nothing between columns. */
static void try_borders(struct rows *r, struct span text, struct best *best)
{
    struct shape shape = {.cells = 0};

    if (!borders_find(text, &shape.how))
        return;
    shape.cells = shape.how.places;
    unsigned said = best->says;
    try_table(r, text, &shape, best);
    if (best->says > said)
        try_fewer(r, text, &shape, best);
}

/* The best table without a header; one cell a row when nothing cuts. */
static void try_dialects(struct rows *r, struct span text, struct best *best)
{
    const struct shape whole = {.cells = 1};
    const struct dialect *usual;
    bool cut = false;

    for (size_t i = 0; (usual = shape_dialect(i)) != NULL; i++) {
        if (!may_split(text, usual))
            continue;
        struct dialect how = dialect_of(text, usual);
        cut = try_dialect(r, text, &how, best) || cut;
    }
    if (!best->table && !r->overlap) /* a few lines show no places */
        try_places(r, text, &(struct shape){.cells = 0}, best);
    if (!r->overlap)
        try_borders(r, text, best);
    if (!cut && !best->table && !names_values(r, text))
        try_table(r, text, &whole, best);
}

/* Do rows begin with a number that the header has no name for, as R's? */
static bool is_numbered(struct rows *r, struct span body,
                        const struct dialect *how)
{
    struct span *cells = r->detect->grid->cells, line;
    uint64_t number;

    for (size_t i = 0; i < 2; i++) {
        if (!shape_line(&body, &line) ||
            split_cells(line, how, cells, LIMIT_COLUMNS).count == 0 ||
            !span_number(cells[0], &number) || number > i + 1)
            return false;
    }
    return true;
}

/* A header with fewer cells than the rows: numbered ones, or two lines. */
static void try_torn(struct rows *r, struct span text,
                     const struct shape *shape, struct best *best)
{
    size_t counts[LIMIT_SAMPLE_ROWS], cells;
    struct span body = span_skip(text, shape->header);
    size_t rows = count_cells(r, body, &shape->how, counts);
    size_t same = usual(counts, rows, 0, &cells);

    if (cells <= shape->cells || same * 100 < rows * ALIKE)
        return;
    struct shape fuller = *shape;
    fuller.numbered = cells == shape->cells + 1 && cells <= LIMIT_COLUMNS &&
                      is_numbered(r, body, &shape->how);
    fuller.cells = fuller.numbered ? cells : shape->cells;
    if (fuller.numbered || heading_torn(text, cells, &fuller))
        try_table(r, text, &fuller, best);
}

/* The table that the first lines name, if its rows bear them out. */
static void try_header(struct rows *r, struct span text, struct best *best)
{
    struct shape shape;

    if (heading_find(r, text, &shape) &&
        (shape.cells > 1 || !names_values(r, text))) {
        if (shape.names.separator != ',' || shape.how.separator != '\t')
            shape.how = shape.names = dialect_of(text, &shape.how);
        try_torn(r, text, &shape, best);
        try_table(r, text, &shape, best);
    }
    if (!best->table && !r->overlap && heading_words(r, text, &shape))
        try_places(r, text, &shape, best);
}

static void judge(struct rows *r)
{
    struct span text = rows_utf8(r, rows_span(r, r->hold, r->at));
    struct best best = {.table = NULL};
    struct shape known;

    try_header(r, text, &best);
    if (!best.table && r->afresh)
        try_dialects(r, text, &best);
    if (!best.table && !find_known(r, text, &known)) {
        if (!r->afresh)
            try_dialects(r, text, &best);
        if (!best.table) {
            found_nothing(r);
            return;
        }
    }
    if (best.table) {
        free(r->table);
        r->table = best.table;
        r->failed = r->failed_words = 0;
    }
    r->table->idle = 0;
    r->settled = r->at;
    r->row = r->at = raw_place(r, text, best.header);
    r->reading = READ_TABLE;
}

/* Take the next line into the sample; false when there is none as yet. */
static bool hold_line(struct rows *r, bool *too_long)
{
    struct sample *s = r->sample;
    bool last;
    struct span text = rows_ahead(r, r->at, &last);
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
