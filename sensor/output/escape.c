// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * escape.c - the quoting of every format over one cleaning of names.
 */
#include "output/escape.h"

#include <string.h>

#include "util/text.h"

/* Characters that take a backslash, by enum escape. */
static const char *const quoted[] = {
    [ESCAPE_PLAIN] = "",       [ESCAPE_JSON] = "\"\\",
    [ESCAPE_CEF_HEAD] = "|\\", [ESCAPE_CEF_VALUE] = "=\\",
    [ESCAPE_PARAM] = "\"\\]",  [ESCAPE_LEEF_HEAD] = "",
    [ESCAPE_LEEF] = "",        [ESCAPE_ITEM] = "",
    [ESCAPE_LABEL] = "\"\\",
};

/* The character that is written as \xHH, where there is no quoting. */
static const struct {
    char sign;
    const char *text;
} written[] = {
    [ESCAPE_LEEF_HEAD] = {'|', "\\x7C"},
    [ESCAPE_LEEF] = {'^', "\\x5E"},
    [ESCAPE_ITEM] = {';', "\\x3B"},
    [ESCAPE_LABEL] = {'\0', NULL},
};

void escape_put(struct put *p, enum escape how, const char *name, size_t cut)
{
    char clean[ESCAPE_LONGEST + 1];
    size_t room = cut < ESCAPE_LONGEST ? cut + 1 : sizeof(clean);
    size_t len = text_escape(span_of(name), clean, room), from = 0;

    for (size_t i = 0; i < len; i++) {
        bool hex = written[how].text && clean[i] == written[how].sign;
        bool sign = quoted[how][0] != '\0' && strchr(quoted[how], clean[i]);
        if (!hex && !sign)
            continue;
        put_bytes(p, (struct span){(uint8_t *)clean + from, i - from});
        put_text(p, hex ? written[how].text : "\\");
        from = hex ? i + 1 : i;
    }
    put_bytes(p, (struct span){(uint8_t *)clean + from, len - from});
}

/* The first byte a spreadsheet would look at, blanks and quotes passed. */
static bool is_formula(struct span cell)
{
    size_t at = 0;

    while (at < cell.len && (cell.ptr[at] == ' ' || cell.ptr[at] == '"'))
        at++;
    return at < cell.len && strchr("=+-@\t\r", cell.ptr[at]) != NULL &&
           cell.ptr[at] != '\0';
}

void escape_cell(struct put *p, struct span cell)
{
    bool quote = false;

    for (size_t i = 0; i < cell.len; i++) {
        uint8_t c = cell.ptr[i];
        quote = quote || c == '"' || c == ',' || c == '\r' || c == '\n';
    }
    if (quote)
        put_byte(p, '"');
    if (is_formula(cell))
        put_byte(p, '\'');
    while (cell.len > 0) {
        size_t plain = span_find(cell, '"');
        put_bytes(p, span_head(cell, plain));
        if (plain < cell.len)
            put_text(p, "\"\"");
        cell = span_skip(cell, plain + 1);
    }
    if (quote)
        put_byte(p, '"');
}
