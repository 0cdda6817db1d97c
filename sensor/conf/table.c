// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * table.c - read groups of settings by tables, and word their errors.
 *
 * It must not know any setting by name.
 */
#include "conf/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

const char *row_path(const struct row *row)
{
    return row->path ? row->path : row->name;
}

bool table_want(const struct reading *r, const struct node *node,
                const struct row *row, const char *fmt, ...)
{
    char text[640], have[NODE_SHOWN];
    va_list args;

    if (node_kind(node) == NODE_SPENT)
        return false;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    /* a hint stands behind what was found */
    char *behind = strchr(text, ';');
    if (behind)
        *behind = '\0';
    problems_add(r->problems, "%s:%u: %s: want %s, have %s%s%s",
                 r->script->name, node_line(node), row_path(row), text,
                 node_show(node, have), behind ? ";" : "",
                 behind ? behind + 1 : "");
    return false;
}

bool table_complain(const struct reading *r, const struct node *node,
                    const char *fmt, ...)
{
    char text[900];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    problems_add(r->problems, "%s:%u: %s", r->script->name, node_line(node),
                 text);
    return false;
}

/* Far enough to be another word? A short word allows for less. */
static unsigned too_far(size_t len)
{
    return len < 4 ? 2 : len < 8 ? 3 : 4;
}

/* The word that begins most like it: "acount" is an account_number. */
static const char *nearest_head(struct span word, const char *const *words)
{
    unsigned best = word.len < 4 ? 0 : 2; /* must be less */
    const char *found = NULL;

    for (size_t i = 0; words[i]; i++) {
        for (size_t len = word.len; len <= word.len + 1; len++) {
            struct span head = span_head(span_of(words[i]), len);
            unsigned far = text_distance(word, head);
            if (far >= best)
                continue;
            best = far;
            found = words[i];
        }
    }
    return found;
}

const char *table_nearest(const char *word, const char *const *words)
{
    unsigned best = too_far(strlen(word));
    const char *found = NULL;

    for (size_t i = 0; words[i]; i++) {
        unsigned far = text_distance(span_of(word), span_of(words[i]));
        if (far < best) {
            best = far;
            found = words[i];
        }
    }
    return found ? found : nearest_head(span_of(word), words);
}

const char *table_join(const char *const *words, char out[HINT_ROOM])
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; words[i] && len < HINT_ROOM; i++)
        len += (size_t)snprintf(out + len, HINT_ROOM - len, "%s%s",
                                i == 0 ? "" : ", ", words[i]);
    return out;
}

const char *table_hint(const char *word, const char *const *words,
                       char out[HINT_ROOM])
{
    const char *near = table_nearest(word, words);
    char known[HINT_ROOM];

    if (near)
        snprintf(out, HINT_ROOM, "; did you mean \"%s\"?", near);
    else
        snprintf(out, HINT_ROOM, "; known: %.380s", table_join(words, known));
    return out;
}

void *table_grow(void *items, size_t *count, size_t size)
{
    char *old = NULL;

    /* copied, for the pointer there may be to any type */
    memcpy(&old, items, sizeof(old));
    char *grown = realloc(old, (*count + 1) * size);
    if (!grown)
        return NULL;
    memcpy(items, &grown, sizeof(grown));
    return memset(grown + size * (*count)++, 0, size);
}

/* Report a name that no row has. */
static bool unknown(const struct reading *r, const struct table *table,
                    const struct node *node)
{
    enum { MOST = 64 };
    const char *words[MOST + 1] = {0};
    char text[HINT_ROOM];

    for (size_t i = 0; i < table->count && i < MOST; i++)
        words[i] = table->rows[i].name;
    return table_complain(r, node, "%s%s: want a setting of %s, have \"%s\"%s",
                          table->path, node_name(node), table->what,
                          node_name(node),
                          table_hint(node_name(node), words, text));
}

static const struct row *row_of(const struct table *table,
                                const struct node *node)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->rows[i].name, node_name(node)) == 0)
            return &table->rows[i];
    }
    return NULL;
}

bool table_fill(const struct reading *r, const struct table *table,
                const struct node *group, void *item)
{
    uint64_t given = 0;
    bool good = true;

    for (size_t i = 0; i < node_count(group); i++) {
        const struct node *node = node_at(group, i);
        const struct row *row = row_of(table, node);
        if (!row) {
            good = unknown(r, table, node);
            continue;
        }
        given |= UINT64_C(1) << (row - table->rows);
        if (!row->read(r, row, node, item))
            good = false;
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].required && !(given >> i & 1))
            good = table_complain(r, group,
                                  "%s: want this setting of %s, have none",
                                  row_path(&table->rows[i]), table->what);
    }
    if (table->check && !table->check(r, group, item, given))
        good = false;
    return good;
}

bool table_group(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    if (node_kind(node) != NODE_GROUP)
        return table_want(r, node, row, "a group { }");
    return table_fill(r, row->table, node, (char *)item + row->at);
}

bool table_groups(const struct reading *r, const struct row *row,
                  const struct node *node, void *item)
{
    void *items = (char *)item + row->at;
    size_t *count = (void *)((char *)item + row->count_at);
    bool good = true;

    if (node_kind(node) != NODE_LIST)
        return table_want(r, node, row, "a list of groups ( { } )");
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *group = node_at(node, i);
        if (node_kind(group) != NODE_GROUP) {
            good = table_want(r, group, row, "a group { }");
            continue;
        }
        void *one = table_grow(items, count, row->table->size);
        if (!one)
            return table_complain(r, node, "%s: no memory", row_path(row));
        if (!table_fill(r, row->table, group, one))
            good = false;
    }
    return good;
}
