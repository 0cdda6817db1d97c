// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * talk.h - what stands on a command connection and is no command.
 *
 * Lines that no verb or reply code begins may be rows like any other bytes:
 * they are put into a part of their own, one until the next command. It must
 * not know which lines those are.
 */
#ifndef OUTFLOW_DECODE_PROTO_TALK_H
#define OUTFLOW_DECODE_PROTO_TALK_H

#include "outflow/decoder.h"

struct talk {
    const char *channel; /* of the protocol; static */
    bool open[2];        /* by enum dir */
};

/* One line without its end; false when the sink refuses. */
bool talk_line(struct talk *t, enum dir dir, struct span line,
               struct sink *out);

/*
 * A line of the server that is no reply. Inside a reply of several lines
 * (listing) most are only words: it is read when it could be a row.
 */
bool talk_answer(struct talk *t, struct span line, bool listing,
                 struct sink *out);

/* A command follows, or the direction ended: close what is open. */
bool talk_end(struct talk *t, enum dir dir, struct sink *out);

#endif
