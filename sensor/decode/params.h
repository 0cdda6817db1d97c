// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * params.h - header fields of HTTP and MIME, and their parameters.
 *
 * Walks a block of header lines, and takes "; name=value" apart: quoted
 * strings, RFC 2231 continuations and charsets, RFC 2047 encoded words. All
 * spans point into what was given, decoded texts go to the caller's room.
 *
 * It must not know what a field means.
 */
#ifndef DECODE_PARAMS_H
#define DECODE_PARAMS_H

#include "outflow/span.h"

/* One header field: its name, and its value with folded lines. */
struct field_line {
    struct span name;
    struct span value; /* trimmed */
};

/*
 * Take the next field off *block, folded lines included. False at the end.
 * A line without a colon has an empty name.
 */
bool fields_next(struct span *block, struct field_line *line);

/* "Name: value", or a line that goes on with the one before it. */
bool fields_is(struct span line);

/*
 * Length of a header block at the front of bytes with the empty line that
 * ends it (LF or CRLF), or in front of three lines behind its first field that
 * are no fields; 0 when neither is there.
 */
size_t fields_end(struct span bytes);

/* The value in front of the parameters: "text/csv" of a media type. */
struct span params_value(struct span value);

/*
 * The parameter of that name as UTF-8 as far as its charset allows, at most
 * room bytes; gives its length, 0 when there is none.
 */
size_t params_text(struct span value, struct span name, uint8_t *out,
                   size_t room);

/* The same without decoding: what stands between the quotes. */
struct span params_raw(struct span value, struct span name);

/* A name in a charset that nothing tells, as UTF-8; gives its length. */
size_t params_name(struct span bytes, uint8_t *out, size_t room);

/* A file name: the same of `filename` (or `name`), without its folders. */
size_t params_file(struct span value, struct span name, uint8_t *out,
                   size_t room);

/* A field's text with its encoded words undone, as UTF-8; its length. */
size_t fields_text(struct span value, uint8_t *out, size_t room);

/*
 * Could rows hide in these header lines? True when there are e-mail signs,
 * bytes beyond ASCII, or nine digits with at most one separator between two.
 */
bool fields_tell(struct span block);

#endif
