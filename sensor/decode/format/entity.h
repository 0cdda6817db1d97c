// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * entity.h - the header of a MIME entity: what its body is.
 *
 * Used by multipart.c for its parts and by mime.c for messages. It must not
 * look at bodies.
 */
#ifndef DECODE_FORMAT_ENTITY_H
#define DECODE_FORMAT_ENTITY_H

#include "outflow/decoder.h"
#include "outflow/limits.h"

/* A body's description, and the texts that were made for it. */
struct entity {
    struct part_info info; /* spans into the header or into this */
    struct span field;     /* name of a form field, empty: none */
    bool file;             /* a file name was given */
    uint8_t step[LIMIT_NAME + 8];
    uint8_t name[LIMIT_NAME];
    uint8_t form[LIMIT_NAME];
    uint8_t charset[64];
    uint8_t coding[128];
};

/* Read a header block; *e is overwritten. */
void entity_read(struct span block, struct entity *e);

/* Does entity_read look at this header line? */
bool entity_wants(struct span line);

#endif
