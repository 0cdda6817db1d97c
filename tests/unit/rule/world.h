// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * world.h - exposures written as lines, and verdicts written as lines.
 *
 * One line is one batch of one transfer:
 *
 *     TIME SENDER[/GROUP] > PARTY[,PARTY] CHANNEL [OPTION ...] : RECORDS
 *
 * TIME in seconds (10, 0.5) or with s, m, h, d. A SENDER that begins with a
 * digit is an unknown address; one behind * is outside. A PARTY may end in
 * @N (partner N), ! (inside), ^ (by name only). Options: flow=N (default: the
 * line's number), x=N transfer, b=N batch, sep, read=N, missing=N, lack=N,
 * tls=N zip=N limit=N (unread so far), trail=T, file=T, cap=N, pkt=A-B,
 * mail=FROM>TO;TO, odd (anomaly), step=S (between records), span=S.
 *
 * A RECORD is names joined by +, strongest first, with a number or a range:
 * a account, k card, i national id, s account by shape, e e-mail, p phone,
 * b birth; then types alone: N name, A address, G gender, O other, P pin. *R
 * at the end: R rows. "a1-3+p11-13+N*2" are three records of two rows.
 */
#ifndef TESTS_RULE_WORLD_H
#define TESTS_RULE_WORLD_H

#include "outflow/alert.h"
#include "outflow/buf.h"

struct batch; /* one line */

struct world {
    struct batch **batches; /* owned */
    size_t count;
};

/* Lines to batches; fails the test on a line it cannot read. */
void world_read(struct world *w, const char *lines);
void world_clear(struct world *w);

/* One batch, and who is behind it; valid until world_clear. */
const struct exposure *world_batch(const struct world *w, size_t i,
                                   const struct resolved **who);

/* Add one batch to a ledger. */
enum err world_add(const struct world *w, size_t i, struct ledger *l);

/* The same to all that is known, and beside it to what is fresh. */
enum err world_add_both(const struct world *w, size_t i, struct ledger *all,
                        struct ledger *fresh);

/* An alert as a long line. */
bool world_alert(const struct alert *a, struct buf *out);

/* The name a pseudonym was made of: "a17". */
const char *world_name(uint64_t pseudonym, char out[32]);

/*
 * Judge and write verdicts: one line an alert, then one line a customer of
 * the list. Short: what tables compare; long: everything there is.
 */
enum err world_judge(const struct judge_settings *settings, struct ledger *l,
                     bool full, struct buf *out);

#endif
