// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * put.c - text and numbers into a buf, with one check at the end.
 */
#include "output/put.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER = 32 };

void put_bytes(struct put *p, struct span bytes)
{
    p->ok = p->ok && buf_add(p->buf, bytes);
}

void put_text(struct put *p, const char *text)
{
    put_bytes(p, span_of(text));
}

void put_byte(struct put *p, char byte)
{
    p->ok = p->ok && buf_add_byte(p->buf, (uint8_t)byte);
}

static size_t digits_of(uint64_t value, char out[NUMBER])
{
    return (size_t)snprintf(out, NUMBER, "%llu", (unsigned long long)value);
}

void put_number(struct put *p, uint64_t value)
{
    char digits[NUMBER];

    (void)digits_of(value, digits);
    put_text(p, digits);
}

void put_count(struct put *p, uint64_t value)
{
    char digits[NUMBER];
    size_t len = digits_of(value, digits);

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            put_byte(p, ',');
        put_byte(p, digits[i]);
    }
}

void put_counted(struct put *p, uint64_t value, const char *word)
{
    put_count(p, value);
    put_byte(p, ' ');
    put_text(p, word);
    if (value != 1)
        put_byte(p, 's');
}
