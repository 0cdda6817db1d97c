// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rtf_object.h - an object embedded in rich text: hexadecimal digits of an
 * OLE 1.0 object, whose native data are the file.
 *
 * Its header is passed; the rest becomes a part beside the text, as it
 * comes. It must not know control words.
 * Spec: [MS-OLEDS] 2.2.4, 2.2.5.
 */
#ifndef DECODE_DOCUMENT_RTF_OBJECT_H
#define DECODE_DOCUMENT_RTF_OBJECT_H

#include "decode/document/cells.h"

struct rtf_object {
    bool open; /* the part is open */
    bool half; /* a digit waits for the other */
    uint8_t digit;
    uint8_t field;  /* of the header, from 0; beyond: native data */
    uint8_t have;   /* bytes of a length */
    uint32_t value; /* of it */
    uint64_t left;  /* bytes of a text, or of the data */
    uint16_t len;   /* bytes of room not put yet */
    uint8_t room[1024];
};

/* An object begins. */
void rtf_object_begin(struct rtf_object *o);

/* A character of it: digits count, all else is passed. */
void rtf_object_digit(struct rtf_object *o, uint8_t byte, struct cells *out);

/* Bytes of it. */
void rtf_object_bytes(struct rtf_object *o, struct span bytes,
                      struct cells *out);

/* It ended; harmless when none began. */
void rtf_object_end(struct rtf_object *o, struct cells *out);

#endif
