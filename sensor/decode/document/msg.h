// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * msg.h - a mail as Outlook saves it: bodies and attachments.
 *
 * Every storage of the file that has properties is a message, a recipient or
 * an attachment; mails attached to mails are storages like any other.
 *
 * It must not know what attachments hold.
 * Spec: [MS-OXMSG] 2.2.
 */
#ifndef DECODE_DOCUMENT_MSG_H
#define DECODE_DOCUMENT_MSG_H

#include "decode/document/cells.h"
#include "decode/document/cfb.h"

/* Is the stream of that name one of a mail's properties? */
bool msg_is(struct span name);

/* Put all bodies and attachments as parts. */
void msg_read(struct cfb *file, struct cells *cells);

#endif
