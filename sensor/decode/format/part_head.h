// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * part_head.h - where the header of a part begins and ends.
 *
 * Used by multipart.c. It must not read the fields: entity.h does.
 */
#ifndef DECODE_FORMAT_PART_HEAD_H
#define DECODE_FORMAT_PART_HEAD_H

#include "outflow/decoder.h"

/* Do bytes begin with a line that describes a part? */
enum match part_head_begins(struct span bytes);

bool part_head_blank(struct span line);

/*
 * End of the header block in bytes: behind its empty line, in front of lines
 * that are no fields, or of a delimiter (dashes; may be empty). SIZE_MAX: not
 * there yet. *body: a body follows. An empty line that ends otherwise than
 * the others may be none.
 */
size_t part_head_end(struct span bytes, struct span dashes, bool *body);

#endif
