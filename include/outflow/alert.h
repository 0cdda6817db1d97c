// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * alert.h - what is said when a rule is broken, and the affected list.
 *
 * rule/ makes them, output/ writes them (interface.md 4 and 5). Strings are
 * borrowed from the ledger until it is freed, arrays and masks until the
 * sink returns; escaping is the output's.
 */
#ifndef OUTFLOW_ALERT_H
#define OUTFLOW_ALERT_H

#include "outflow/err.h"
#include "outflow/compiler.h"
#include "outflow/rule.h"

struct alert_evidence {
    uint32_t capture; /* index into the run's captures */
    uint64_t first_packet, last_packet;
    char community_id[COMMUNITY_ID];
};

struct alert_unread {
    char kind[16];
    enum why why;
    uint64_t bytes;
};

/* One party of the incident. */
struct alert_party {
    const char *name;
    uint64_t customers;
};

enum alert_status { ALERT_OPEN = 0, ALERT_UPDATE, ALERT_FINAL };
enum alert_action { ACTION_EXPOSED = 0, ACTION_UNREADABLE, ACTION_WALKED };

struct alert {
    const struct rule *rule;
    enum alert_action action;
    enum alert_status status;
    unsigned sequence;
    char id[33];                  /* 32 hex digits */
    int64_t start_ns, end_ns;     /* packet times of first and last record */
    char subject[2 * LIMIT_NAME]; /* what by names */

    const char *user; /* NULL when nobody was found */
    const char *group;
    enum identity_from identity;
    bool low_confidence;
    const char *identity_other; /* NULL when none */
    struct addr source, destination;
    uint16_t source_port, destination_port;
    const char *domain; /* of the destination, NULL none */
    bool client_sends;  /* the source opened the connection */
    uint8_t proto;
    enum direction direction;
    char community_id[COMMUNITY_ID];
    const char *channel;
    const char *mail_from; /* NULL none */
    const char *const *mail_to;
    size_t mail_to_count, mail_to_more;
    const char *file; /* NULL none */

    const struct alert_party *parties; /* most customers first */
    size_t party_count, party_more;
    uint64_t customers, records, customers_estimated;
    uint64_t fields[FIELD_TYPES]; /* distinct customers by type */
    uint64_t transfers;
    const char *const *documents;
    size_t document_count, document_more;
    uint64_t missing_bytes;
    uint64_t bytes; /* counted by an unread rule */
    const struct alert_unread *unread;
    size_t unread_count;
    uint32_t anomalies;
    bool exact;
    const struct alert_evidence *evidence;
    size_t evidence_count, evidence_more;
    const char *partner; /* whose contract was broken, NULL none */
    const char *clause;  /* "customers", "fields", "others" */
};

/* One line of the affected list. */
struct affected {
    struct name name; /* pseudonym and what named it */
    const char *mask;
    uint32_t fields;
    uint64_t records;
    int64_t first_ns, last_ns;
    const char *const *employees;
    size_t employee_count;
    const char *const *parties;
    size_t party_count;
    const char *const *alerts; /* event ids */
    size_t alert_count;
};

/*
 * Where judge_run puts alerts in order, then affected customers in order;
 * affected is NULL when nobody wants these.
 */
struct verdict_sink {
    void *ctx;
    bool (*alert)(void *ctx, const struct alert *a);
    bool (*affected)(void *ctx, const struct affected *c);
};

struct ledger; /* what was exposed so far */

/* An empty ledger holding at most memory bytes; NULL without memory. */
struct ledger *ledger_new(uint64_t memory);

/*
 * Merge an exposure. Repeating one changes nothing; order does not matter.
 * ERR_LIMIT when memory is at its end: what was not stored is counted.
 */
enum err ledger_add(struct ledger *l, const struct exposure *e,
                    const struct resolved *who);
uint64_t ledger_customers(struct ledger *l);  /* distinct, all; settles */
uint64_t ledger_lost(const struct ledger *l); /* records not stored */
void ledger_free(struct ledger *l);

struct judge_settings {
    const struct rule *rules;
    size_t rule_count;
    const struct partner *partners;
    size_t partner_count;
};

/*
 * Judge everything in the ledger: alerts sorted by start, rule id, subject;
 * then the affected customers sorted by pseudonym. ERR_MEMORY when it could
 * not be finished, ERR_IO when the sink said no. Rules as in interface.md 3;
 * event ids are SHA-256 over rule id, NUL, subject, NUL, event.start as text.
 */
enum err judge_run(const struct judge_settings *settings, struct ledger *l,
                   const struct verdict_sink *sink);

#endif
