// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * put.h - append to a buf and check once at the end.
 *
 * The error is sticky: after the first append that found no room, nothing
 * more is written and ok stays false.
 */
#ifndef OUTFLOW_OUTPUT_PUT_H
#define OUTFLOW_OUTPUT_PUT_H

#include "outflow/buf.h"

struct put {
    struct buf *buf; /* borrowed */
    bool ok;
};

static inline struct put put_to(struct buf *buf)
{
    return (struct put){buf, true};
}

void put_bytes(struct put *p, struct span bytes);
void put_text(struct put *p, const char *text);
void put_byte(struct put *p, char byte);

/* A decimal number; put_count parts thousands by commas. */
void put_number(struct put *p, uint64_t value);
void put_count(struct put *p, uint64_t value);

/* "1 mail", "2 mails": the plural is word and an s. */
void put_counted(struct put *p, uint64_t value, const char *word);

#endif
