// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tree.h - a settings text as a tree of nodes.
 *
 * The only door to libconfig: no other file of the project includes it.
 * It must not know any setting.
 */
#ifndef OUTFLOW_CONF_TREE_H
#define OUTFLOW_CONF_TREE_H

#include "conf/script.h"

enum node_kind {
    NODE_TEXT = 0,
    NODE_NUMBER, /* whole */
    NODE_FLOAT,
    NODE_FLAG,
    NODE_LIST,  /* ( ) or [ ] */
    NODE_GROUP, /* { }, and the file itself */
    NODE_SPENT, /* was reported already (see SCAN_SPENT) */
};

struct tree; /* a parsed file */
struct node; /* one value of it; borrowed from the tree */

/*
 * Parse s, whose text is mended in place. NULL when there is nothing to go
 * on with; that and all that was mended is in problems.
 */
struct tree *tree_new(struct script *s, struct problems *problems);
void tree_free(struct tree *t);

/* The group of all settings of the file. */
const struct node *tree_root(const struct tree *t);

enum node_kind node_kind(const struct node *n);

/* Its name, or NULL in a list. */
const char *node_name(const struct node *n);

/* The line it begins on, from 1; 1 for the file itself. */
unsigned node_line(const struct node *n);

/* Members of a group or list, 0 for all else; the i-th of them. */
size_t node_count(const struct node *n);
const struct node *node_at(const struct node *n, size_t i);

/* The value; only for a node of that kind. */
const char *node_text(const struct node *n);
int64_t node_number(const struct node *n);
bool node_flag(const struct node *n);

/* The value as a message shows it, cut. Gives out. */
enum { NODE_SHOWN = 128 };
const char *node_show(const struct node *n, char out[NODE_SHOWN]);

#endif
