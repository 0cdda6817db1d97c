// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * doc.h - the text of a Word document (97 to 2003; 6 and 95 where plain).
 *
 * It must not know compound files beyond the streams it is given.
 * Spec: [MS-DOC] 2.4.1, 2.5, 2.9.38 (Clx), 2.9.75 (FKP of paragraphs).
 */
#ifndef DECODE_DOCUMENT_DOC_H
#define DECODE_DOCUMENT_DOC_H

#include "decode/document/cells.h"
#include "decode/document/cfb.h"

/* The name of the table stream that the document's header points to. */
struct span doc_table(const struct cfb_stream *main);

/* Streams of a document; those that are missing are empty. */
struct doc_streams {
    struct cfb_stream main;  /* "WordDocument" */
    struct cfb_stream table; /* the one of doc_table */
    struct cfb_stream data;  /* "Data": properties too long for their page */
};

/*
 * Put the text as a part, cells of tables set off by tabs. What is encrypted
 * is told, and not read.
 */
void doc_read(const struct doc_streams *streams, struct cells *cells);

#endif
