// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judge.h - a ledger judged step by step, for alerts that live.
 *
 * judge_run (alert.h) does all of it at once. Here the incidents are found
 * first, then measured, and told one by one with the id, sequence and status
 * that the caller knows. A book holds what one subject did: judging books
 * gives what judging one whole ledger gives. rule/ makes all of it.
 */
#ifndef OUTFLOW_JUDGE_H
#define OUTFLOW_JUDGE_H

#include "outflow/ledger.h"

/* When each partner was outside its contract. */
struct contracts;

/* Nobody was yet; NULL without memory. The settings are borrowed. */
struct contracts *contracts_new(const struct judge_settings *settings);

/*
 * Judge one partner's contract by a ledger that holds everything it got;
 * *changed says that it was broken at other times before. False: no memory.
 */
bool contracts_judge(struct contracts *c, size_t partner, struct ledger *l,
                     bool *changed) MUST_USE;
void contracts_free(struct contracts *c);

/* Which subjects a ledger holds whole. */
enum judge_book {
    JUDGE_ALL = 0,  /* all of them */
    JUDGE_EMPLOYEE, /* one sender: rules by employee, pair and transfer */
    JUDGE_PARTY,    /* one receiver: rules by party */
};

struct judge_task {
    const struct judge_settings *settings;
    struct ledger *ledger;
    enum judge_book book;
    const char *party;                 /* of JUDGE_PARTY: its name */
    const struct contracts *contracts; /* of JUDGE_ALL NULL: by this ledger */
};

struct judge; /* a ledger with its incidents */

/* Settle the ledger and find its incidents; NULL without memory. */
struct judge *judge_open(const struct judge_task *task);
size_t judge_incidents(const struct judge *j);

/* An incident as it stands now; texts are valid until judge_close. */
struct judged {
    const struct rule *rule;
    const char *subject;
    const char *id; /* by its start; 32 hex digits */
    int64_t start_ns, end_ns;
    uint64_t customers, records, bytes;
    uint64_t fresh;  /* customers it got after ledger_mark */
    uint32_t fields; /* FIELD_BITs */
    size_t parties;
    uint64_t flow; /* by transfer: which of two of one name */
};
void judge_measure(struct judge *j, size_t i, struct judged *out);

/*
 * How incident i is told: its id (32 hex digits), sequence and status. Told
 * for nobody (id NULL) it is left out of the list of affected customers.
 */
void judge_name(struct judge *j, size_t i, const char *id, unsigned sequence,
                enum alert_status status);

/* Hand the alert of incident i over; ERR_MEMORY, ERR_IO: the sink's no. */
enum err judge_tell(struct judge *j, size_t i,
                    const struct verdict_sink *sink) MUST_USE;

/* Hand the affected customers of all incidents that are told over. */
enum err judge_affected(struct judge *j,
                        const struct verdict_sink *sink) MUST_USE;
void judge_close(struct judge *j);

#endif
