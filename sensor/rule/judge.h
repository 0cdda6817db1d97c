// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * judge.h - the steps of judging, and what they share.
 *
 *     contract  when partners were outside their contracts
 *     scope     per rule: subjects, and the transfers of each
 *     window    per subject: incidents
 *     figures   per incident: its alert
 *     affected  all incidents: the list of customers
 *
 * Everything is read through outflow/ledger.h; numbers of the ledger never
 * reach a result.
 */
#ifndef OUTFLOW_RULE_JUDGE_H
#define OUTFLOW_RULE_JUDGE_H

#include "outflow/judge.h"
#include "rule/list.h"

enum clause { CLAUSE_CUSTOMERS = 0, CLAUSE_FIELDS, CLAUSE_OTHERS };

/* A time in which a contract was broken. */
struct broken {
    int64_t after_ns, until_ns; /* (after, until] */
    enum clause clause;         /* what broke it first */
};

/* Transfers of one subject that share a route, or one transfer. */
struct item {
    const char *key, *further; /* of the subject, by address; may be NULL */
    uint32_t first, count;     /* transfers */
    uint32_t route;
    int32_t party; /* the subject's, as number in the route; -1: all */
    bool always;   /* a receiver that the rule means has no contract */
};

/* What `by` names: a run of items. */
struct subject {
    size_t item, count;
};

/* A rule and its subjects. */
struct scope {
    const struct rule *rule;
    struct list items;    /* struct item, of one subject side by side */
    struct list subjects; /* struct subject */
    uint8_t *walked;      /* by transfer: counts for walk; or NULL */
};

struct incident {
    size_t rule;   /* number in the settings */
    bool left_out; /* of the list of affected customers */
    unsigned sequence;
    enum alert_status status;
    struct subject subject;
    int64_t start_ns, end_ns; /* of its first and last record */
    char *text;               /* the subject; owned */
    uint64_t flow;            /* by transfer: tells twins apart */
    char id[33];
};

struct judge {
    const struct judge_settings *settings;
    struct ledger *ledger;
    enum judge_book book;
    const char *party; /* of JUDGE_PARTY */
    const struct contracts *contracts;
    struct contracts *own; /* contracts when they are the judge's */
    struct scope *scopes;  /* per rule */
    struct list incidents;
    uint32_t *mark;   /* by customer; zero between users */
    uint32_t *fields; /* by customer; zero between users */
    uint32_t stamp;   /* newest in mark, for figures */
};

/* A time with both ends in it. */
struct range {
    int64_t from_ns, to_ns;
};

/* An entry of a subject that a rule matches. */
struct hit {
    const struct item *item;
    const struct ledger_transfer *transfer;
    size_t transfer_at;
    const struct ledger_entry *entry; /* or NULL: unread is set */
    const struct ledger_unread *unread;
    size_t entry_at;
    uint32_t customer;      /* LEDGER_NOBODY: none can be told */
    bool at_first, at_last; /* which of its moments count */
    int64_t from_ns, to_ns; /* they are */
};

struct visitor {
    bool (*visit)(void *ctx, const struct hit *hit); /* false stops */
    void *ctx;
};

/* A window's length: a day where none is given. */
static inline int64_t judge_within(int64_t within_ns)
{
    return within_ns > 0 ? within_ns : INT64_C(86400) * 1000000000;
}

/* When that contract was broken around t, or NULL. (contract.c) */
const struct broken *contract_broken(const struct contracts *c, int32_t partner,
                                     int64_t t);
const char *clause_name(enum clause clause);

/* Fill scope i of judge; false without memory. (scope.c) */
bool scope_build(struct judge *j, size_t i) MUST_USE;
void scope_clear(struct scope *s);

/* Every hit of a subject in that time; false when the visitor stopped. */
bool scope_each(const struct judge *j, const struct scope *s,
                const struct subject *subject, struct range range,
                const struct visitor *visitor);

/* The same for one item. */
bool scope_each_of(const struct judge *j, const struct scope *s,
                   const struct item *item, struct range range,
                   const struct visitor *visitor);

/* Does the rule see this party of an item's route at that time? */
bool scope_sees(const struct judge *j, const struct scope *s,
                const struct item *item, size_t party, int64_t t);

bool scope_sees_party(const struct judge *j, const struct scope *s,
                      const struct ledger_party *party, int64_t t);

/* Add the incidents of a rule to judge; false without memory. (window.c) */
bool windows_judge(struct judge *j, size_t rule) MUST_USE;

/* What an alert's lists are gathered in; see evidence.c and figures.c. */
struct figures;

/* Make an incident's alert and hand it over. (figures.c) */
enum err figures_tell(struct judge *j, const struct incident *in,
                      const struct verdict_sink *sink) MUST_USE;

#endif
