// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * message.h - an alert or event as one RFC 5424 message.
 */
#ifndef OUTFLOW_OUTPUT_MESSAGE_H
#define OUTFLOW_OUTPUT_MESSAGE_H

#include "outflow/output.h"

struct message_writer {
    const struct output_format *format;
    const struct run_info *run; /* borrowed */
    size_t limit;               /* bytes that a message may have */
    uint32_t sequence;          /* of the last message; RFC 5424 7.3.1 */
    struct buf bytes;           /* the last message */
};

/*
 * Of an output: its format and its limit. False: this format has no line,
 * so it is none for syslog.
 */
bool message_init(struct message_writer *m,
                  const struct output_settings *output,
                  const struct run_info *run);
void message_clear(struct message_writer *m);

/*
 * Write one into m->bytes. An alert is shortened until it fits. ERR_LIMIT:
 * it does not even then; m->bytes is the shortest.
 */
enum err message_alert(struct message_writer *m, const struct alert *a);
enum err message_event(struct message_writer *m, const struct event *e);

#endif
