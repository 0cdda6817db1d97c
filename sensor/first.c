// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * first.c - the first bytes of a flow, kept until something follows them.
 *
 * One allocation of little more than the bytes. It must not look into them.
 */
#include "first.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"

struct first *first_keep(enum dir dir, const struct message *message,
                         const struct moment *seen)
{
    struct span bytes = message->bytes;

    if (bytes.len == 0 || bytes.len > LIMIT_FIRST)
        return NULL;
    struct first *f = malloc(offsetof(struct first, bytes) + bytes.len);
    if (!f)
        return NULL;
    f->time_ns = seen->time_ns;
    f->number = seen->number;
    f->capture = seen->capture;
    f->cut = message->cut;
    f->len = (uint16_t)bytes.len;
    f->dir = (uint8_t)dir;
    memcpy(f->bytes, bytes.ptr, bytes.len);
    return f;
}

struct message first_message(const struct first *f)
{
    return (struct message){{f->bytes, f->len}, f->cut};
}

struct moment first_moment(const struct first *f)
{
    return (struct moment){f->time_ns, f->number, f->capture};
}
