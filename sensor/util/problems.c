// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * problems.c - the operator's errors, collected to be shown at once.
 *
 * It must not print on its own or end the program.
 */
#include "outflow/err.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"
#include "util/text.h"

/* Append an owned line. */
static bool keep(struct problems *p, char *line)
{
    char **lines = NULL;

    if (p->count < LIMIT_PROBLEMS)
        lines = realloc(p->lines, (p->count + 1) * sizeof(*lines));
    if (!lines)
        return false;
    p->lines = lines;
    p->lines[p->count++] = line;
    return true;
}

void problems_add(struct problems *p, const char *fmt, ...)
{
    char raw[1024], safe[2048];
    va_list args;

    va_start(args, fmt);
    vsnprintf(raw, sizeof(raw), fmt, args);
    va_end(args);
    text_escape(span_of(raw), safe, sizeof(safe));

    char *line = strdup(safe);
    if (!line || !keep(p, line)) {
        free(line);
        p->lost++;
    }
}

size_t problems_print(const struct problems *p, FILE *out)
{
    for (size_t i = 0; i < p->count; i++)
        fprintf(out, "outflow: %s\n", p->lines[i]);
    if (p->lost > 0)
        fprintf(out, "outflow: %zu more problems are not shown\n", p->lost);
    return p->count + p->lost;
}

void problems_clear(struct problems *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->lines[i]);
    free(p->lines);
    *p = (struct problems){0};
}
