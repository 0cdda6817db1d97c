// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cells.h - write the cells of a sheet or table as lines of CSV into a sink.
 *
 * A part is opened with its first byte, so an empty sheet is none. Cells are
 * quoted as RFC 4180 says; columns without a cell stay empty. Once the sink
 * refuses, or memory ends, nothing more is written and refused is set: ask
 * for it whenever it suits.
 *
 * It must not know where cells come from.
 */
#ifndef DECODE_DOCUMENT_CELLS_H
#define DECODE_DOCUMENT_CELLS_H

#include "outflow/buf.h"
#include "outflow/limits.h"
#include "outflow/sink.h"

struct cells {
    struct sink *out;  /* borrowed */
    struct buf work;   /* bytes not put yet */
    uint64_t row;      /* of the line being written */
    uint32_t column;   /* of the next cell */
    bool open;         /* the part is open */
    bool begun;        /* the line has a cell */
    bool refused;      /* the sink said no, or no memory */
    bool told;         /* a part or a note was given */
    uint8_t name_len;  /* of name, less than LIMIT_NAME */
    const char *media; /* of the part; static */
    uint8_t name[LIMIT_NAME];
};

/* Nothing open yet; takes no memory. */
void cells_init(struct cells *r, struct sink *out);

/* From here on text of a part: its step (UTF-8, copied) and media type. */
void cells_open(struct cells *r, struct span step, const char *media);

/*
 * A cell (UTF-8) of a table. Another row ends the line; a column that is not
 * behind the last one of its row stands behind it all the same.
 */
void cells_cell(struct cells *r, uint64_t row, uint32_t column,
                struct span utf8);

/* The line is complete. */
void cells_line(struct cells *r);

/* Open a part at once, for bytes of any kind; info is copied by the sink. */
void cells_file(struct cells *r, const struct part_info *info);

/* Bytes as they are: UTF-8, but for files. */
void cells_text(struct cells *r, struct span utf8);

/*
 * A part of its own beside this one: bytes of a cell that may be a file.
 * Nothing else is written before it is closed.
 */
void cells_aside_open(struct cells *r, struct span step);
void cells_aside_put(struct cells *r, struct span bytes);
void cells_aside_close(struct cells *r, enum part_end how);

/* len bytes are missing here; the line is complete. */
void cells_gap(struct cells *r, uint64_t len);

/* No more of this part. */
void cells_close(struct cells *r, enum part_end how);

/* Bytes of the kind stay closed. */
void cells_unread(struct cells *r, const char *kind, enum why why,
                  uint64_t bytes);

/* Give back the memory. */
void cells_clear(struct cells *r);

#endif
