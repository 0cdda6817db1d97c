// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * marks.h - an affected list in memory, to be asked by pseudonym.
 *
 * It holds no value: the list has none.
 */
#ifndef OUTFLOW_OUTPUT_MARKS_H
#define OUTFLOW_OUTPUT_MARKS_H

#include "outflow/err.h"
#include "outflow/field.h"

enum { MARK_TIME = 28 }; /* an RFC 3339 time with its NUL */

struct mark {
    uint64_t pseudonym;
    uint32_t fields;       /* FIELD_BITs of the types exposed */
    bool found;            /* a row of the table had this name */
    char first[MARK_TIME]; /* as in the list: six decimals, UTC */
    char last[MARK_TIME];
};

struct marks {
    struct mark *list; /* owned; sorted by pseudonym, each once */
    size_t count, room;
};

/* Read a list; ERR_IO or ERR_FORMAT with problems. */
enum err marks_read(struct marks *m, const char *path,
                    struct problems *problems);
void marks_clear(struct marks *m);

/* The mark of that pseudonym, or NULL. */
struct mark *marks_find(const struct marks *m, uint64_t pseudonym);

#endif
