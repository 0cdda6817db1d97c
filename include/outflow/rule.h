// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rule.h - a rule and a partner's contract, as plain structs.
 *
 * conf/ fills them, rule/ judges by them. See interface.md 2 and 3.
 */
#ifndef OUTFLOW_RULE_H
#define OUTFLOW_RULE_H

#include "outflow/compiler.h"
#include "outflow/party.h"

enum severity {
    SEVERITY_LOW = 0,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL
};
enum rule_direction {
    RULE_OUTBOUND = 0,
    RULE_INBOUND,
    RULE_INTERNAL,
    RULE_ANY
};
enum rule_by { BY_EMPLOYEE = 0, BY_PARTY, BY_PAIR, BY_TRANSFER };
enum rule_unread { UNREAD_NOT = 0, UNREAD_ALL, UNREAD_OBJECT, UNREAD_CHANNEL };

/* An entry of from or to. */
enum match_kind {
    MATCH_USER = 0,
    MATCH_GROUP,
    MATCH_NETWORK,
    MATCH_PARTY,
    MATCH_DOMAIN,
    MATCH_PARTNERS
};

struct rule_match {
    enum match_kind kind;
    bool negated;           /* "!..." */
    char *text;             /* owned; user, group, party, domain */
    struct network network; /* MATCH_NETWORK */
    unsigned line;          /* where it stands in the rule's file */
};

struct rule {
    char *id, *name; /* owned */
    char *file;      /* where it stands */
    unsigned line;
    enum severity severity;
    enum rule_direction direction;
    struct rule_match *from, *to; /* owned */
    size_t from_count, to_count;
    char **channels; /* owned; none: all */
    size_t channel_count;
    uint32_t any;       /* FIELD_BITs; 0: any record counts */
    unsigned also;      /* further types beside one of any */
    uint64_t customers; /* 0: counts bytes */
    bool walk;
    enum rule_unread unread;
    enum why why;   /* with unread */
    uint64_t bytes; /* with unread */
    int64_t within_ns;
    enum rule_by by;
    char **attack; /* owned; ATT&CK technique ids */
    size_t attack_count;
};

struct partner {
    char *name; /* owned */
    char **domains;
    size_t domain_count;
    struct network *networks;
    size_t network_count;
    uint64_t customers; /* 0: no bound */
    int64_t within_ns;
    uint32_t fields; /* FIELD_BITs allowed; 0: all */
};

#endif
