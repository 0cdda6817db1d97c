// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * expect.h - flows that a control connection announced (FTP data).
 *
 * The announcement names a listener; the command that says which file may
 * come before or after the connection. An entry is claimed by the flow that
 * connects and lives as long as it.
 *
 * It must not know FTP.
 */
#ifndef DECODE_EXPECT_H
#define DECODE_EXPECT_H

#include "outflow/chain.h"

struct expects;
struct expect;

/* NULL without memory. */
struct expects *expects_new(void);
void expects_free(struct expects *all);

/* A control connection tells of a data flow, or forgets it. */
void expect_announce(struct chain *control, const struct expected *what);

/* The entry that announced this flow, now claimed by it; NULL: none. */
struct expect *expect_claim(struct expects *all, const struct flow *flow);

/* The flow that claimed it is gone; takes NULL. */
void expect_release(struct expects *all, struct expect *e);

/* What is known of it by now; valid until more is announced. */
struct span expect_step(const struct expect *e);
struct span expect_name(const struct expect *e);
const char *expect_user(const struct expect *e); /* or NULL */

#endif
