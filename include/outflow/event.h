// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * event.h - what the sensor says of its own health (interface.md 1).
 *
 * No alert: it never changes what was found. One flat struct below PIPE_BUF
 * bytes, so that a process hands it to another by one write to a pipe.
 * Kinds, severities and sentences stand in events.def.
 *
 * It must not hold a value of a customer, nor what the wire chose.
 */
#ifndef OUTFLOW_EVENT_H
#define OUTFLOW_EVENT_H

#include "outflow/rule.h"

enum event_kind {
    EVENT_NONE = 0,
#define EVENT(id, name, severity, sentence) EVENT_##id,
#include "outflow/events.def"
#undef EVENT
    EVENT_KINDS,
};

enum {
    EVENT_SUBJECT = 256, /* bytes of a subject with its NUL */
    EVENT_TEXT = 512,    /* and of a text */
};

struct event {
    enum event_kind kind;
    int64_t time_ns;             /* by the clock of the machine, UTC */
    uint64_t count, total;       /* what they count: the sentence says */
    char subject[EVENT_SUBJECT]; /* interface, worker, output; or empty */
    char text[EVENT_TEXT];       /* why, in the system's words; or empty */
};

/* "interface-down": event.action of every format. */
const char *event_name(enum event_kind kind);
const char *event_sentence(enum event_kind kind);
enum severity event_severity(enum event_kind kind);

/*
 * An event of now. subject and text may be NULL; they are cut to their room.
 */
struct event event_now(enum event_kind kind, const char *subject,
                       const char *text);

/* Is what came through a pipe an event: a known kind, ended texts? */
bool event_sound(const struct event *e);

#endif
