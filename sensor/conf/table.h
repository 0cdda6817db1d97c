// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * table.h - groups of settings read by tables: one row per setting.
 *
 * A row says what a setting is called, how it is read, within which bounds
 * and where its value goes. Unknown names, wrong types and bad values are
 * reported as "FILE:LINE: setting: want X, have Y" with the nearest known
 * word, and reading goes on.
 *
 * It must not know any setting by name.
 */
#ifndef OUTFLOW_CONF_TABLE_H
#define OUTFLOW_CONF_TABLE_H

#include "conf/tree.h"

/* A file being read. */
struct reading {
    const struct script *script;
    struct problems *problems;
};

struct row;
struct table;

/* Read node into the field of item that row names; false when reported. */
typedef bool row_reader(const struct reading *r, const struct row *row,
                        const struct node *node, void *item);

struct row {
    const char *name; /* of the setting in its group */
    const char *path; /* as messages call it; NULL: name */
    row_reader *read;
    size_t at;                 /* offset of the value in the item */
    size_t count_at;           /* offset of its count, for lists */
    uint64_t min, max;         /* bounds of a number, length of a text */
    const char *const *words;  /* NULL ended; what it may be */
    const struct table *table; /* of its members, for groups */
    bool required;
};

struct table {
    const char *what; /* "a rule": whose settings these are */
    const char *path; /* of its members: "limits." or "" */
    const struct row *rows;
    size_t count;
    size_t size; /* of one item, for lists of groups */
    /* What rows cannot say alone; given has bit i for row i. May be NULL. */
    bool (*check)(const struct reading *r, const struct node *group, void *item,
                  uint64_t given);
};

#define TABLE(what_, path_, rows_, item, check_)                               \
    {                                                                          \
        .what = (what_), .path = (path_), .rows = (rows_),                     \
        .count = COUNT(rows_), .size = sizeof(item), .check = (check_)         \
    }

/* Read the members of group into item; false when anything was reported. */
bool table_fill(const struct reading *r, const struct table *table,
                const struct node *group, void *item);

/* Readers of a group, and of a list of groups (array and count in item). */
row_reader table_group, table_groups;

/* Report "FILE:LINE: setting: want WANT, have what node is"; gives false. */
bool table_want(const struct reading *r, const struct node *node,
                const struct row *row, const char *fmt, ...) PRINTF(4, 5);

/* The same where no row stands for it: "FILE:LINE: LINE"; gives false. */
bool table_complain(const struct reading *r, const struct node *node,
                    const char *fmt, ...) PRINTF(3, 4);

/* As a message calls the setting. */
const char *row_path(const struct row *row);

/* "; did you mean "x"?", or "; known: ..." when none is near. Gives out. */
enum { HINT_ROOM = 400 };
const char *table_hint(const char *word, const char *const *words,
                       char out[HINT_ROOM]);

/* "a, b, c"; words are NULL ended. Gives out. */
const char *table_join(const char *const *words, char out[HINT_ROOM]);

/* The nearest of words (NULL ended), or NULL. */
const char *table_nearest(const char *word, const char *const *words);

/*
 * One more item of size bytes, zeroed, at the end of the array whose pointer
 * stands at items; NULL without memory.
 */
void *table_grow(void *items, size_t *count, size_t size);

#endif
