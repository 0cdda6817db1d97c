// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * buf.c - the growing byte buffer with a cap.
 *
 * It must not grow past its cap, whatever is asked.
 */
#include "outflow/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name or two; many small bufs live at once. */
enum { FIRST_ROOM = 40 };

void buf_init(struct buf *b, size_t cap)
{
    *b = (struct buf){.cap = cap};
}

/* Make room for more bytes behind those held. */
static bool reserve(struct buf *b, size_t more)
{
    if (more > b->cap - b->len)
        return false;
    if (b->room - b->len >= more)
        return true;

    size_t room = b->room > 0 ? b->room : FIRST_ROOM;
    while (room - b->len < more)
        room = room > b->cap / 2 ? b->cap : room * 2;
    if (room > b->cap)
        room = b->cap;
    uint8_t *ptr = realloc(b->ptr, room);
    if (!ptr)
        return false;
    b->ptr = ptr;
    b->room = room;
    return true;
}

bool buf_add(struct buf *b, struct span bytes)
{
    if (bytes.len == 0)
        return true;
    if (!reserve(b, bytes.len))
        return false;
    memcpy(b->ptr + b->len, bytes.ptr, bytes.len);
    b->len += bytes.len;
    return true;
}

bool buf_add_byte(struct buf *b, uint8_t byte)
{
    return buf_add(b, (struct span){&byte, 1});
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    int need = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (need < 0 || !reserve(b, (size_t)need + 1))
        return false;
    va_start(args, fmt);
    vsnprintf((char *)b->ptr + b->len, (size_t)need + 1, fmt, args);
    va_end(args);
    b->len += (size_t)need;
    return true;
}

void buf_drop(struct buf *b, size_t len)
{
    if (len >= b->len) {
        b->len = 0;
        return;
    }
    if (len > 0)
        memmove(b->ptr, b->ptr + len, b->len - len);
    b->len -= len;
}

void buf_reset(struct buf *b)
{
    b->len = 0;
}

void buf_clear(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){.cap = b->cap};
}

struct span buf_span(const struct buf *b)
{
    return (struct span){b->ptr, b->len};
}
