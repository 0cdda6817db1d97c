// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * said.h - problems as one text, to be compared with what a row expects.
 *
 * It must not know which layer said them.
 */
#ifndef TESTS_UNIT_CONF_SAID_H
#define TESTS_UNIT_CONF_SAID_H

#include <stdlib.h>
#include <string.h>

#include "outflow/err.h"
#include "support/spec.h"

/* All lines of p, each with a newline; owned by the caller. */
static inline char *said_text(const struct problems *p)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    for (size_t i = 0; i < p->count; i++)
        fprintf(out, "%s\n", p->lines[i]);
    fclose(out);
    return text;
}

/* p says exactly that; p is released. */
static inline void said_expect(struct problems *p, const char *want)
{
    char *text = said_text(p);

    problems_clear(p);
    assert_string_equal(text, want ? want : "");
    free(text);
}

#endif
