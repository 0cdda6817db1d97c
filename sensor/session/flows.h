// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * flows.h - the table of flows: find, make, age, close.
 *
 * Least recently used ones leave first, those that never got an answer
 * before all others. It must not look at payload.
 */
#ifndef OUTFLOW_SESSION_FLOWS_H
#define OUTFLOW_SESSION_FLOWS_H

#include "session/core.h"

/* The two endpoints of a packet, sender first. */
struct endpoints {
    const struct datagram *d;
    uint16_t src, dst; /* ports */
};

/* The flow of a packet, and which way the packet goes; or NULL. */
struct tracked *flows_find(struct session *s, const struct endpoints *e,
                           enum dir *dir);

/*
 * A new flow whose opener sends in direction dir_of_sender of e. NULL when
 * memory does not allow another.
 */
struct tracked *flows_add(struct session *s, const struct endpoints *e,
                          enum dir dir_of_sender);

/* The sender of e was met on t: note time, place and card. */
void flows_touch(struct session *s, struct tracked *t, const struct datagram *d,
                 enum dir dir);

/* Put t into another list. */
void flows_move(struct session *s, struct tracked *t, enum flow_list list);

/* Make the sides of a flow that was not opened yet change places. */
void flows_turn(struct tracked *t);

/* Tell the consumer of t, if it does not know it yet. */
static inline void flows_open(struct session *s, struct tracked *t)
{
    if (LIKELY(t->opened))
        return;
    t->opened = true;
    s->set.events->open(s->set.ctx, &t->flow);
}

/* Count t among the flows, once. */
static inline void flows_count(struct session *s, struct tracked *t)
{
    if (!t->counted) {
        t->counted = true;
        s->set.counters->flows++;
    }
}

/*
 * Deliver what waits, tell why it ends, keep t only to know stragglers by.
 * Does nothing to a flow that is closed.
 */
void flows_close(struct session *s, struct tracked *t, enum close_reason why);

/* Close t if need be and take it out of the table; t is not valid after. */
void flows_forget(struct session *s, struct tracked *t, enum close_reason why);

/* Was t quiet for so long at the time of d that it is over? */
bool flows_quiet(const struct session *s, const struct tracked *t,
                 int64_t time_ns, enum close_reason *why);

/* Release flows other than keep until bytes more fit the memory. */
bool flows_room(struct session *s, uint64_t bytes, const struct tracked *keep);

/* Release that many flows; false when there was none. */
bool flows_shed(struct session *s, size_t count);

/* Follow packet time; look after holes and quiet flows now and then. */
void flows_tick(struct session *s, int64_t time_ns);

/* An empty table; false without memory. */
bool flows_init(struct session *s);

/* Close and forget every flow: the capture ended. */
void flows_flush(struct session *s);

/* Release the table; every flow must be forgotten. */
void flows_clear(struct session *s);

#endif
