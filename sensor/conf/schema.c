// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * schema.c - what the columns of a customer table are (interface.md 2.2).
 *
 * It must not open the table.
 */
#include <stdlib.h>

#include "conf/conf.h"
#include "conf/values.h"

enum { COLUMN_MOST = 16384, CELL_MOST = 1024 };

static const struct row column_rows[] = {
    {.name = "name",
     .read = value_text,
     .max = CELL_MOST,
     .at = offsetof(struct schema_column, name)},
    {.name = "number",
     .read = value_place,
     .min = 1,
     .max = COLUMN_MOST,
     .at = offsetof(struct schema_column, number)},
    {.name = "type",
     .read = value_field,
     .required = true,
     .at = offsetof(struct schema_column, type)},
    {.name = "key",
     .read = value_flag,
     .at = offsetof(struct schema_column, key)},
};

/* A column is found by its header or by its place, one of them. */
static bool column_check(const struct reading *r, const struct node *group,
                         void *item, uint64_t given)
{
    const struct schema_column *c = item;
    bool named = given & 1, numbered = given & 2;

    if (named == numbered)
        return table_complain(
            r, group, "columns: want name or number of a column, have %s",
            named ? "both" : "neither");
    if (c->key && c->type == FIELD_OTHER)
        return table_complain(r, group,
                              "key: want a column that identifies, have type "
                              "\"other\"");
    return true;
}

static const struct table column_table =
    TABLE("a column", "", column_rows, struct schema_column, column_check);

/* One combination: the types of a list, as bits. */
static bool read_match(const struct reading *r, const struct row *row,
                       const struct node *node, void *item)
{
    struct schema *s = item;
    struct row bits = *row;

    if (node_kind(node) != NODE_LIST || node_count(node) == 0)
        return table_want(r, node, row,
                          "lists of types such as ( [ \"account_number\" ] )");
    uint32_t *at = table_grow(&s->match, &s->match_count, sizeof(*at));
    if (!at)
        return table_complain(r, node, "match: no memory");
    bits.at = 0;
    return value_fields(r, &bits, node, at);
}

static bool read_matches(const struct reading *r, const struct row *row,
                         const struct node *node, void *item)
{
    bool good = true;

    if (node_kind(node) != NODE_LIST)
        return table_want(r, node, row,
                          "lists of types such as ( [ \"account_number\" ] )");
    for (size_t i = 0; i < node_count(node); i++) {
        if (!read_match(r, row, node_at(node, i), item))
            good = false;
    }
    return good;
}

static const struct row schema_rows[] = {
    {.name = "columns",
     .read = table_groups,
     .table = &column_table,
     .required = true,
     .at = offsetof(struct schema, columns),
     .count_at = offsetof(struct schema, column_count)},
    {.name = "match", .read = read_matches},
};

/* Combinations must be of columns there are. */
static bool schema_check(const struct reading *r, const struct node *group,
                         void *item, uint64_t given)
{
    const struct schema *s = item;
    uint32_t have = 0;
    bool good = true;

    if ((given & 1) && s->column_count == 0)
        good = table_complain(r, group, "columns: want columns, have none");
    for (size_t i = 0; i < s->column_count; i++) {
        if (s->columns[i].type < FIELD_NONE)
            have |= FIELD_BIT(s->columns[i].type);
    }
    for (unsigned t = 0; t < FIELD_TYPES; t++) {
        bool used = false;
        for (size_t i = 0; i < s->match_count; i++)
            used = used || (s->match[i] & FIELD_BIT(t) & ~have);
        if (used)
            good = table_complain(r, group,
                                  "match: want types of columns, have \"%s\"",
                                  field_name((enum field_type)t));
    }
    return good;
}

static const struct table schema_table =
    TABLE("a schema", "", schema_rows, struct schema, schema_check);

bool schema_from(struct script *script, struct schema *out,
                 struct problems *problems)
{
    struct reading r = {script, problems};
    size_t before = problems->count + problems->lost;
    struct tree *tree = tree_new(script, problems);

    *out = (struct schema){0};
    if (tree)
        table_fill(&r, &schema_table, tree_root(tree), out);
    tree_free(tree);
    if (problems->count + problems->lost == before)
        return true;
    schema_clear(out);
    return false;
}

bool schema_read(const char *path, struct schema *out,
                 struct problems *problems)
{
    struct script script = {0};
    bool good = false;

    *out = (struct schema){0};
    if (script_read(path, &script, problems))
        good = schema_from(&script, out, problems);
    script_clear(&script);
    return good;
}

void schema_clear(struct schema *s)
{
    for (size_t i = 0; i < s->column_count; i++)
        free(s->columns[i].name);
    free(s->columns);
    free(s->match);
    *s = (struct schema){0};
}
