// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * undo.h - values written in a code, as they were before it.
 *
 *     Anna%20Smith   O&#39;Brien   \u4f50\u85e4   =E4=BD=90   ="4111..."
 *
 * Codes may lie one over the other, eight deep. It must not guess: what does
 * not read as a code from its first sign to its last stays as it is.
 */
#ifndef OUTFLOW_DETECT_UNDO_H
#define OUTFLOW_DETECT_UNDO_H

#include "outflow/buf.h"

/* Signs of codes that a row has at all. */
enum {
    UNDO_QUOTE = 1,    /* a quote */
    UNDO_PERCENT = 2,  /* %41 */
    UNDO_ENTITY = 4,   /* &amp; */
    UNDO_ESCAPE = 8,   /* \u4f50 */
    UNDO_EQUALS = 16,  /* =E4 and ="41" */
    UNDO_SINGLE = 32,  /* ' in front of a number */
    UNDO_PLUS = 64,    /* + stands for a blank here */
    UNDO_BASE64 = 128, /* asked for by the caller, never by a sign */
};

/* The signs in row: what its cells need not be looked through for. */
unsigned undo_signs(struct span row);

/*
 * cell without its codes, in plain (which keeps it) or cell itself. Doubled
 * quotes become single ones.
 */
struct span undo_cell(struct buf *plain, struct span cell, unsigned signs);

/* Is it Base64 of a text? */
bool undo_is_base64(struct span cell);

/* Quoted-printable and Base64 that are declared, as text; s itself if not. */
struct span undo_printable(struct buf *plain, struct span s);
struct span undo_base64(struct buf *plain, struct span s);

/* Does s hold word, small or capital? */
bool undo_has_word(struct span s, struct span word);

/* The sign of an entity at the front of s; gives its bytes, 0: none. */
size_t undo_entity(struct span s, uint8_t out[4], size_t *len);

/* \uXXXX and its kin at the front of s; gives its bytes, 0: none. */
size_t undo_escape(struct span s, uint8_t out[4], size_t *len);

/* Append raw without its backslashes to plain; the text appended. */
struct span undo_escapes(struct buf *plain, struct span raw);

#endif
