// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sheet.c - rows of a comma-separated file of the operator.
 *
 * Spec: RFC 4180.
 * It must not hold more than one row.
 */
#include "identity/sheet.h"

#include "outflow/limits.h"

void sheet_open(struct sheet *c, FILE *in)
{
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
    unsigned char head[sizeof(mark)];

    *c = (struct sheet){.in = in, .next = 1};
    buf_init(&c->text, LIMIT_EMPLOYEE_LINE);
    size_t got = fread(head, 1, sizeof(head), in);
    for (size_t i = 0; i < sizeof(mark); i++) {
        if (got == sizeof(mark) && head[i] == mark[i])
            continue;
        rewind(in);
        break;
    }
}

/* The next byte, any line end as '\n', or EOF. */
static int get(struct sheet *c)
{
    int byte = getc(c->in);

    if (byte == '\r') {
        int behind = getc(c->in);
        if (behind != '\n' && behind != EOF)
            ungetc(behind, c->in);
        byte = '\n';
    }
    if (byte == '\n')
        c->next++;
    return byte;
}

static enum sheet_row add(struct sheet *c, int byte)
{
    if (c->text.len == c->text.cap)
        return SHEET_LONG;
    return buf_add_byte(&c->text, (uint8_t)byte) ? SHEET_ROW : SHEET_MEMORY;
}

/* The rest of a quoted cell; *behind is the byte behind it. */
static enum sheet_row quoted(struct sheet *c, int *behind)
{
    enum sheet_row row = SHEET_ROW;

    while (row == SHEET_ROW) {
        int byte = get(c);
        if (byte == EOF)
            return SHEET_QUOTE;
        if (byte == '"') {
            byte = get(c);
            if (byte != '"') {
                *behind = byte;
                break;
            }
        }
        row = add(c, byte);
    }
    if (row == SHEET_ROW && *behind != ',' && *behind != '\n' && *behind != EOF)
        return SHEET_QUOTE;
    return row;
}

/* One cell that begins with byte; *behind is the byte behind it. */
static enum sheet_row cell(struct sheet *c, int byte, int *behind)
{
    enum sheet_row row = SHEET_ROW;

    if (c->count == SHEET_CELLS)
        return SHEET_LONG;
    if (byte == '"') {
        row = quoted(c, behind);
    } else {
        for (; row == SHEET_ROW && byte != ',' && byte != '\n' && byte != EOF;
             byte = get(c))
            row = add(c, byte);
        *behind = byte;
    }
    c->ends[c->count++] = c->text.len;
    return row;
}

/* Pass over the rest of a line that cannot be read. */
static void skip_line(struct sheet *c, int behind)
{
    while (behind != '\n' && behind != EOF)
        behind = get(c);
}

static enum sheet_row read_row(struct sheet *c, int byte)
{
    enum sheet_row row = SHEET_ROW;
    int behind = byte;

    for (;;) {
        row = cell(c, byte, &behind);
        if (row != SHEET_ROW) {
            skip_line(c, behind);
            return row;
        }
        if (behind != ',')
            break;
        byte = get(c);
    }
    c->whole = behind == '\n';

    size_t from = 0;
    for (size_t i = 0; i < c->count; i++) {
        c->cells[i] =
            span_trim(span_slice(buf_span(&c->text), from, c->ends[i]));
        from = c->ends[i];
    }
    return SHEET_ROW;
}

enum sheet_row sheet_next(struct sheet *c)
{
    for (;;) {
        c->line = c->next;
        c->count = 0;
        buf_reset(&c->text);
        int byte = get(c);
        if (byte == EOF)
            return SHEET_END;
        enum sheet_row row = read_row(c, byte);
        if (row != SHEET_ROW || c->count > 1 || c->cells[0].len > 0)
            return row;
    }
}

void sheet_close(struct sheet *c)
{
    buf_clear(&c->text);
}
