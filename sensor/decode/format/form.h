// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * form.h - the fields of a form as one row of a table.
 *
 * A form describes one customer with a field for each of its cells, so its
 * short values are put as a header line and a line of values (RFC 4180).
 * When the first name comes again a new row begins; a form with other names
 * is a table of its own. Used by urlencoded.c and multipart.c.
 *
 * It must not decode anything.
 */
#ifndef DECODE_FORMAT_FORM_H
#define DECODE_FORMAT_FORM_H

#include "outflow/buf.h"
#include "outflow/decoder.h"

struct form {
    struct buf names;  /* of the row, as a CSV line without its end */
    struct buf values; /* the same of its values */
    struct buf header; /* the names that were put last */
    uint32_t first;    /* length of the first name in names */
    uint32_t cells;    /* in the row */
    bool open;         /* the part is open */
};

/*
 * Add a field. A row that is complete or too long is put to out first;
 * false when out refuses or memory is out.
 */
bool form_add(struct form *form, struct span name, struct span value,
              struct sink *out);

/* Put what is held and close the part; false when out refuses. */
bool form_end(struct form *form, struct sink *out);

/* Close the part so that another can be opened; the row stays held. */
bool form_pause(struct form *form, struct sink *out);

/* Is this value short and of one line, so that a row can hold it? */
bool form_is_cell(struct span value);

void form_clear(struct form *form);

#endif
