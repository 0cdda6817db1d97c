// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * words.h - the words and sentences of alerts, and how long they may get.
 *
 * docs/alerts.md lists them; they are part of the public interface. Shared
 * by every format.
 */
#ifndef OUTFLOW_OUTPUT_WORDS_H
#define OUTFLOW_OUTPUT_WORDS_H

#include "outflow/alert.h"
#include "outflow/event.h"
#include "output/escape.h"

/*
 * How much of an alert is shown: the first level is what interface.md says,
 * each further one is shorter, for channels that bound a message. What is
 * left out of a list is counted.
 */
struct caps {
    size_t name;    /* bytes of a name the wire or the operator chose */
    size_t trail;   /* bytes of a document's trail */
    size_t capture; /* bytes of a capture's path */
    size_t documents, parties, addresses, evidence, unread; /* entries */
};

enum { CAPS_LEVELS = 6 };

/* How many entries of a list are shown. */
static inline size_t words_shown(size_t held, size_t cap)
{
    return held < cap ? held : cap;
}

/* The same of parties, of which the first always is. */
static inline size_t words_shown_parties(size_t held, const struct caps *caps)
{
    return words_shown(held, caps->parties > 0 ? caps->parties : 1);
}

/* From 0, the fullest, to CAPS_LEVELS - 1, which fits LIMIT_FRAME_SYSLOG. */
const struct caps *words_caps(size_t level);

const char *words_severity(enum severity severity);     /* "critical" */
unsigned words_severity_number(enum severity severity); /* 21 47 73 99 */
const char *words_action(enum alert_action action);
const char *words_status(enum alert_status status);
const char *words_transport(uint8_t proto); /* "tcp", NULL unknown */

/* The incident in one sentence: event.reason. */
void words_reason(struct put *p, enum escape how, const struct alert *a,
                  size_t cut);

/*
 * Lists of an alert as one value, for formats that have no lists: names set
 * off by blanks, trails by "; ", "zip:encrypted:4711 tls:encrypted:80".
 */
void words_parties(struct put *p, enum escape how, const struct alert *a,
                   const struct caps *caps);
void words_documents(struct put *p, enum escape how, const struct alert *a,
                     const struct caps *caps);
void words_unread(struct put *p, enum escape how, const struct alert *a,
                  const struct caps *caps);
void words_anomalies(struct put *p, const struct alert *a);

/* What an event says, in one sentence; "interface down", its name. */
void words_event(struct put *p, enum escape how, const struct event *e);
void words_event_name(struct put *p, const struct event *e);

/* 32 hex digits, the same whenever the event is written. Gives out. */
enum { WORDS_ID = 33 };
const char *words_event_id(const struct event *e, char out[WORDS_ID]);

/* The sender: user name or address, in text. */
const char *words_sender(const struct alert *a, char address[ADDR_TEXT]);

/* Has this address been set? */
bool words_has(const struct addr *a);

#endif
