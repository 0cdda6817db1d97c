// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * entry.h - an alert or event as bytes, and back.
 *
 * The spool keeps entries and not messages, so that an output that is added
 * later, or asks for another format, gets what is waiting, too.
 *
 * It must not hold a value of a customer: alerts have none.
 */
#ifndef OUTFLOW_OUTPUT_ENTRY_H
#define OUTFLOW_OUTPUT_ENTRY_H

#include "outflow/output.h"

enum { ENTRY_UNREAD = 64, ENTRY_ATTACK = 64 };

/* What entry_read gives; its texts are borrowed from the bytes. */
struct entry {
    bool is_event;
    struct event event; /* either this */
    struct alert alert; /* or this, with its rule and its captures */
    struct rule rule;
    struct run_info run; /* captures; the observer is the caller's */
    const char *captures[LIMIT_EVIDENCE];
    const char *mail_to[LIMIT_ADDRESSES];
    const char *documents[LIMIT_DOCUMENTS];
    struct alert_party parties[LIMIT_PARTIES];
    struct alert_unread unread[ENTRY_UNREAD];
    struct alert_evidence evidence[LIMIT_EVIDENCE];
    char *attack[ENTRY_ATTACK];
};

/*
 * Append an entry. Lists longer than an entry holds are cut, and what is
 * left out is counted. False: out is full.
 */
bool entry_put_alert(struct buf *out, const struct alert *a,
                     const struct run_info *run);
bool entry_put_event(struct buf *out, const struct event *e);

/* False: the bytes are no entry of this version. */
bool entry_read(struct entry *e, struct span bytes);

#endif
