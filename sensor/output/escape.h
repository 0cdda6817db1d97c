// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * escape.h - what the wire chose, made safe for each format.
 *
 * Two steps in one place: text_escape writes out what could move a cursor, a
 * line or the reading direction, and cuts; then the format's own quoting.
 * Every name in an output goes through here.
 */
#ifndef OUTFLOW_OUTPUT_ESCAPE_H
#define OUTFLOW_OUTPUT_ESCAPE_H

#include "output/put.h"

enum escape {
    ESCAPE_PLAIN = 0, /* as for a terminal */
    ESCAPE_JSON,      /* inside "": RFC 8259 */
    ESCAPE_CEF_HEAD,  /* a header field of CEF: | and \ */
    ESCAPE_CEF_VALUE, /* an extension's value of CEF: = and \ */
    ESCAPE_PARAM,     /* a PARAM-VALUE: RFC 5424 6.3.3 */
    ESCAPE_LEEF_HEAD, /* a header field of LEEF: | as \x7C */
    ESCAPE_LEEF,      /* a value of LEEF: its delimiter ^ as \x5E */
    ESCAPE_ITEM,      /* one of a list inside a cell: ; */
    ESCAPE_LABEL,     /* a label's value of Prometheus: " and \ */
};

enum { ESCAPE_LONGEST = 4096 }; /* no name is longer, not even a path */

/* Append name (NULL: nothing) in at most cut bytes before the quoting. */
void escape_put(struct put *p, enum escape how, const char *name, size_t cut);

/* Append a cell of CSV (RFC 4180) that no spreadsheet takes for a formula. */
void escape_cell(struct put *p, struct span cell);

#endif
