// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * node.c - a part is opened: its words, and what it has of its parent's.
 *
 * It must not know any format.
 */
#include "decode/node.h"

#include <stdlib.h>
#include <string.h>

#include "decode/stack.h"
#include "outflow/limits.h"

struct span node_word(const struct node *n, enum node_word which)
{
    size_t at = 0;

    for (size_t i = 0; i < which; i++)
        at += n->word[i];
    return (struct span){n->store + at, n->word[which]};
}

struct part_info node_info(const struct node *n, struct span coding)
{
    return (struct part_info){node_word(n, NODE_STEP),
                              node_word(n, NODE_NAME),
                              node_word(n, NODE_MEDIA),
                              node_word(n, NODE_CHARSET),
                              coding,
                              n->amid,
                              n->aside,
                              n->passed};
}

static size_t kept_len(struct span text)
{
    return span_head(text, LIMIT_NAME).len;
}

/* Copy text behind what the store holds. */
static uint16_t keep(struct node *n, size_t *at, struct span text)
{
    size_t len = kept_len(text);

    if (len > 0 && text.ptr != NULL)
        memcpy(n->store + *at, text.ptr, len);
    *at += len;
    return (uint16_t)len;
}

/* "q3.csv.gz" without what its coding put behind it. */
static struct span name_inside(struct span name)
{
    static const char *const ends[] = {".gz",  ".tgz", ".zst", ".xz", ".lzma",
                                       ".bz2", ".br",  ".lz4", ".z"};

    for (size_t i = 0; i < COUNT(ends); i++) {
        struct span end = span_of(ends[i]);
        if (name.len > end.len &&
            span_eq_nocase(span_skip(name, name.len - end.len), end))
            return span_head(name, name.len - end.len);
    }
    return (struct span){0};
}

/* Text that was looked through for parts is the part itself. */
static struct part_info info_same(const struct node *n)
{
    struct part_info info = node_info(n, (struct span){0});

    info.step = (struct span){0};
    info.amid = false;
    info.aside = false;
    info.passed = true;
    return info;
}

/* What a coding's decoder puts is the same part, only undone. */
static struct part_info info_undone(const struct node *n)
{
    struct part_info info = {.name = name_inside(node_word(n, NODE_NAME))};

    if (!n->declared) {
        info.step = span_of(n->decoder->name);
        return info;
    }
    info.name = node_word(n, NODE_NAME);
    info.media = node_word(n, NODE_MEDIA);
    info.charset = node_word(n, NODE_CHARSET);
    info.coding = node_word(n, NODE_CODING);
    return info;
}

static bool is_coding(const struct node *n)
{
    return n != NULL && n->decoder->coding != NULL;
}

/*
 * Looking through a part makes nothing deeper, nor does undoing its one
 * coding: tar.gz is one step down. A coding inside of another is.
 */
static uint16_t depth_in(const struct node *parent)
{
    if (parent == NULL)
        return 1;
    const struct node *above = parent->parent;
    while (above != NULL && above->decoder->through)
        above = above->parent;
    bool same =
        parent->decoder->through || (is_coding(parent) && !is_coding(above));
    return (uint16_t)(parent->depth + !same);
}

bool node_open(struct side *side, struct node *parent,
               const struct part_info *given)
{
    struct part_info info = *given;
    bool undoes = parent != NULL && parent->decoder->coding != NULL;

    if (undoes && info.step.len == 0)
        info = info_undone(parent);
    if (parent != NULL && parent->decoder->through && info.step.len == 0 &&
        info.coding.len == 0)
        info = info_same(parent);
    const struct span words[NODE_WORDS] = {info.step, info.name, info.media,
                                           info.charset, info.coding};
    size_t at = 0;
    for (size_t i = 0; i < NODE_WORDS; i++)
        at += kept_len(words[i]);
    struct node *n = calloc(1, sizeof(*n) + at);
    if (n == NULL)
        return false;
    at = 0;
    for (size_t i = 0; i < NODE_WORDS; i++)
        n->word[i] = keep(n, &at, words[i]);
    n->side = side;
    n->parent = parent;
    n->amid = info.amid;
    n->passed = info.passed;
    n->aside = info.aside || (parent != NULL && parent->aside);
    n->depth = depth_in(parent);
    n->recoded =
        parent != NULL && (parent->recoded || parent->decoder->recodes);
    if (parent != NULL && info.aside)
        parent->beside = n;
    else if (parent != NULL)
        parent->child = n;
    else
        side->part = n;
    return true;
}
