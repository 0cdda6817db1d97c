// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * trail.c - the way to a part as text: "POST /up > form:file > q3.csv".
 *
 * Steps come from the transfer, from each part, and from file names. It
 * must not escape: outputs do.
 */
#include "decode/stack.h"

#include <string.h>

struct trail {
    char *out;
    size_t len;
    size_t room; /* with the NUL */
};

static char shown(uint8_t byte)
{
    return (char)(byte != 0 ? byte : ' ');
}

static void trail_text(struct trail *t, struct span text)
{
    text = span_head(text, t->room - 1 - t->len);
    for (size_t i = 0; i < text.len; i++)
        t->out[t->len++] = shown(text.ptr[i]);
    t->out[t->len] = '\0';
}

static void trail_step(struct trail *t, struct span step)
{
    if (step.len == 0)
        return;
    if (t->len > 0)
        trail_text(t, SPAN(" > "));
    trail_text(t, step);
}

/* A name is a step of its own, unless the last one ends in it. */
static void trail_name(struct trail *t, struct span name)
{
    size_t same = 0;

    if (t->len >= name.len)
        while (same < name.len &&
               t->out[t->len - name.len + same] == shown(name.ptr[same]))
            same++;
    if (same == name.len)
        return;
    trail_step(t, name);
}

void trail_write(const struct side *s, const struct node *n, char *out,
                 size_t room)
{
    trail_write_step(s, n, s->chain->again ? "overlap" : NULL, out, room);
}

void trail_write_step(const struct side *s, const struct node *n,
                      const char *step, char *out, size_t room)
{
    trail_write_inside(s, n, span_of(step), out, room);
}

void trail_write_inside(const struct side *s, const struct node *n,
                        struct span step, char *out, size_t room)
{
    const struct node *way[UINT8_MAX];
    struct trail t = {out, 0, room};
    size_t steps = 0;

    out[0] = '\0';
    for (; n != NULL && steps < COUNT(way); n = n->parent)
        way[steps++] = n;
    trail_step(&t, span_of(s->step));
    while (steps > 0) {
        const struct node *at = way[--steps];
        trail_step(&t, node_word(at, NODE_STEP));
        trail_name(&t, node_word(at, NODE_NAME));
        if (at->rest)
            trail_step(&t, SPAN("rest"));
    }
    trail_step(&t, step);
}
