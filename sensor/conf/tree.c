// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tree.c - a settings text as a tree, by libconfig.
 *
 * Lines come from the scan, for libconfig has read ahead when it notes them.
 * It must not hand out a libconfig type.
 */
#include "conf/tree.h"

#include <libconfig.h>
#include <stdlib.h>

#include "conf/scan.h"

struct tree {
    config_t config;
};

static const config_setting_t *setting_of(const struct node *n)
{
    return (const config_setting_t *)(const void *)n;
}

static const struct node *node_of(const config_setting_t *s)
{
    return (const struct node *)(const void *)s;
}

/* Note the line of s and of what is in it, parents first. */
static void number_lines(config_setting_t *s, const struct lines *lines,
                         size_t *next)
{
    int count = config_setting_is_aggregate(s) ? config_setting_length(s) : 0;

    for (int i = 0; i < count; i++) {
        config_setting_t *child = config_setting_get_elem(s, (unsigned)i);
        uintptr_t line = *next < lines->count
                             ? lines->at[*next]
                             : config_setting_source_line(child);
        (*next)++;
        config_setting_set_hook(child, (void *)line);
        number_lines(child, lines, next);
    }
}

struct tree *tree_new(struct script *s, struct problems *problems)
{
    struct lines lines = {0};
    size_t next = 0;

    if (!scan_text(s, &lines, problems))
        return NULL;

    struct tree *t = calloc(1, sizeof(*t));
    if (!t) {
        problems_add(problems, "%s: no memory to read it", s->name);
        goto out;
    }
    config_init(&t->config);
    if (config_read_string(&t->config, s->text)) {
        number_lines(config_root_setting(&t->config), &lines, &next);
    } else {
        problems_add(problems, "%s:%d: syntax: want NAME = VALUE, have a %s",
                     s->name, config_error_line(&t->config),
                     config_error_text(&t->config));
        tree_free(t);
        t = NULL;
    }
out:
    free(lines.at);
    return t;
}

void tree_free(struct tree *t)
{
    if (!t)
        return;
    config_destroy(&t->config);
    free(t);
}

const struct node *tree_root(const struct tree *t)
{
    return node_of(config_root_setting(&t->config));
}

/* libconfig gives a hexadecimal beyond 2^31-1 as a negative or as 64 bits. */
static bool spent(const config_setting_t *s)
{
    long long v = config_setting_get_int64(s);

    return v == INT32_MIN || v == (long long)INT32_MAX + 1;
}

enum node_kind node_kind(const struct node *n)
{
    const config_setting_t *s = setting_of(n);

    switch (config_setting_type(s)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return spent(s) ? NODE_SPENT : NODE_NUMBER;
    case CONFIG_TYPE_FLOAT:
        return NODE_FLOAT;
    case CONFIG_TYPE_BOOL:
        return NODE_FLAG;
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST:
        return NODE_LIST;
    case CONFIG_TYPE_GROUP:
        return NODE_GROUP;
    default:
        return NODE_TEXT;
    }
}

const char *node_name(const struct node *n)
{
    return config_setting_name(setting_of(n));
}

unsigned node_line(const struct node *n)
{
    uintptr_t line = (uintptr_t)config_setting_get_hook(setting_of(n));

    return line ? (unsigned)line : 1;
}

size_t node_count(const struct node *n)
{
    const config_setting_t *s = setting_of(n);

    return config_setting_is_aggregate(s) ? (size_t)config_setting_length(s)
                                          : 0;
}

const struct node *node_at(const struct node *n, size_t i)
{
    return node_of(config_setting_get_elem(setting_of(n), (unsigned)i));
}

const char *node_text(const struct node *n)
{
    const char *text = config_setting_get_string(setting_of(n));

    return text ? text : "";
}

int64_t node_number(const struct node *n)
{
    return config_setting_get_int64(setting_of(n));
}

bool node_flag(const struct node *n)
{
    return config_setting_get_bool(setting_of(n)) != 0;
}

const char *node_show(const struct node *n, char out[NODE_SHOWN])
{
    switch (node_kind(n)) {
    case NODE_TEXT:
        snprintf(out, NODE_SHOWN, "\"%.80s\"", node_text(n));
        break;
    case NODE_NUMBER:
    case NODE_SPENT:
        snprintf(out, NODE_SHOWN, "%lld", (long long)node_number(n));
        break;
    case NODE_FLOAT:
        snprintf(out, NODE_SHOWN, "%g",
                 config_setting_get_float(setting_of(n)));
        break;
    case NODE_FLAG:
        snprintf(out, NODE_SHOWN, "%s", node_flag(n) ? "true" : "false");
        break;
    case NODE_LIST:
        snprintf(out, NODE_SHOWN, "%s",
                 node_count(n) > 0 ? "a list" : "an empty list");
        break;
    case NODE_GROUP:
        snprintf(out, NODE_SHOWN, "a group { }");
        break;
    }
    return out;
}
