// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rtf_object.c - from digits to the file inside.
 *
 *     version, format: 4 bytes each
 *     class, topic, item: length (4 bytes) and text each
 *     length (4 bytes) and native data
 */
#include "decode/document/rtf_object.h"

#include <stddef.h>
#include <string.h>

enum {
    FIELD_FORMAT = 1,
    FIELD_DATA = 5, /* behind three texts */
    FIELD_INSIDE,
};

void rtf_object_begin(struct rtf_object *o)
{
    memset(o, 0, offsetof(struct rtf_object, room));
}

static void object_flush(struct rtf_object *o, struct cells *out)
{
    if (o->len > 0 && !o->open) {
        cells_aside_open(out, SPAN("object"));
        o->open = true;
    }
    cells_aside_put(out, (struct span){o->room, o->len});
    o->len = 0;
}

/* A field's length is known. */
static void field_known(struct rtf_object *o)
{
    if (o->field <= FIELD_FORMAT)
        o->value = 0;
    o->left = o->value;
    o->field++;
    o->have = 0;
    o->value = 0;
}

static void object_byte(struct rtf_object *o, uint8_t byte, struct cells *out)
{
    if (o->left > 0) { /* of a text, or of the data */
        o->left--;
        if (o->field == FIELD_INSIDE)
            o->room[o->len++] = byte;
        if (o->len == sizeof(o->room))
            object_flush(o, out);
        return;
    }
    if (o->field > FIELD_DATA)
        return;
    o->value |= (uint32_t)byte << (8 * o->have++);
    if (o->have == 4)
        field_known(o);
}

void rtf_object_digit(struct rtf_object *o, uint8_t byte, struct cells *out)
{
    unsigned digit = span_hex_digit(byte);

    if (digit > 15)
        return;
    if (o->half)
        object_byte(o, (uint8_t)((unsigned)o->digit << 4 | digit), out);
    o->digit = (uint8_t)digit;
    o->half = !o->half;
}

void rtf_object_bytes(struct rtf_object *o, struct span bytes,
                      struct cells *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        object_byte(o, bytes.ptr[i], out);
}

void rtf_object_end(struct rtf_object *o, struct cells *out)
{
    if (o->len > 0)
        object_flush(o, out);
    if (o->open)
        cells_aside_close(out, o->left > 0 ? PART_CUT : PART_WHOLE);
    rtf_object_begin(o);
}
