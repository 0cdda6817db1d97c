// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * outlet.h - one output at work in a process of its own.
 *
 * It reads the spool from its cursor on and hands frame after frame to its
 * drain: a syslog receiver or a file. A break, a receiver that takes
 * nothing, a full disk: it waits, and begins again where all is certain.
 */
#ifndef OUTFLOW_OUTPUT_OUTLET_H
#define OUTFLOW_OUTPUT_OUTLET_H

#include "outflow/spool.h"
#include "output/cursor.h"
#include "output/entry.h"
#include "output/link.h"
#include "output/message.h"
#include "output/past.h"
#include "output/pull.h"

enum {
    OUTLET_STUCK_MS = 10000, /* it takes nothing: that is told */
};

struct outlet;

/* Where frames go. Reasons of a failure are put into o->why. */
struct drain {
    bool (*open)(struct outlet *o);
    /* Hand over o->entry; false: broken, or the outlet is to end. */
    bool (*send)(struct outlet *o);
    /* Wait for at most wait_ms with nothing to send; false: broken. */
    bool (*rest)(struct outlet *o, int wait_ms);
    /* Make certain what was handed over, before the cursor says so. */
    bool (*settle)(struct outlet *o);
    void (*close)(struct outlet *o, bool polite);
    bool certain; /* what was settled has arrived */
};

extern const struct drain drain_syslog, drain_file;

struct outlet {
    const struct sender_settings *sender; /* borrowed */
    const struct output_settings *to;
    const struct drain *drain;
    char label[OUTPUT_NAME];
    int lock;    /* held: the only process of this output */
    int signals; /* signalfd: SIGTERM SIGINT SIGHUP */
    struct pull pull;
    struct frame frame; /* at work, and its entry */
    struct entry entry;
    struct cursor cursor;
    struct cursor saved; /* as it is on disk */
    struct past past;
    uint64_t high; /* frames below were sent before */
    struct message_writer message;
    struct link link; /* drain_syslog */
    int file;         /* drain_file; -1 closed */
    bool connected, down_told;
    bool stuck; /* it has taken nothing for OUTLET_STUCK_MS */
    bool stop;  /* to end when there is nothing more to send */
    int64_t stop_ms;
    int64_t failed_ms; /* since when it is down, 0: it is not */
    int64_t saved_ms, opened_ms;
    int64_t resume_ms; /* not to be connected before */
    int pause_ms;      /* after the next failure */
    char why[TLS_WHY];
};

int64_t outlet_now_ms(void); /* monotonic */

/* Take signals that came; SIGHUP closes what is to be opened anew. */
void outlet_signals(struct outlet *o);

/* Is it to end now? */
bool outlet_over(const struct outlet *o);

/* The receiver took nothing for so long. */
void outlet_stuck(struct outlet *o, int64_t ms);

/* Run one output until a signal ends it; gives the exit status. */
int outlet_run(const struct sender_settings *sender, size_t output);

#endif
