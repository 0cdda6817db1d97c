// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ledger.h - what has been exposed so far, as the judge reads it.
 *
 * ledger/ keeps it, rule/ reads it through these functions only, so that
 * another store can stand behind them. Numbers of routes, transfers, entries
 * and customers depend on the order of ledger_add: they must never reach a
 * result. It must not hold a value of a customer.
 */
#ifndef OUTFLOW_LEDGER_H
#define OUTFLOW_LEDGER_H

#include "outflow/alert.h"

/* A customer that cannot be told: several stronger names share the name. */
enum { LEDGER_NOBODY = 0x0FFFFFFF };

/* Equal texts of a ledger are one pointer: compare names by address. */
struct ledger_party {
    const char *name;
    struct addr addr;  /* receiving side of the flow */
    int32_t partner;   /* index into the settings' partners, or -1 */
    uint8_t direction; /* enum direction */
    bool has_domain;   /* name is a domain */
    bool by_name_only; /* addr is a relay's */
    bool inside;
};

struct ledger_mails {
    size_t count, more; /* addresses told, and not */
    const char *to[];
};

/* Who sends to whom, over which flow; shared by transfers alike in that. */
struct ledger_route {
    struct addr addr[2]; /* by enum dir */
    uint16_t port[2];
    uint8_t proto;
    uint8_t sender; /* enum dir */
    uint8_t from;   /* enum identity_from */
    bool known;     /* employee is in employees.csv */
    bool low;       /* two sources of the identity disagree */
    bool sender_inside;
    struct addr sender_addr;
    const char *channel;
    const char *employee;
    const char *group;
    const char *other;     /* what the other source said, "" none */
    const char *mail_from; /* "" none */
    const struct ledger_mails *mails;
    size_t party_count;
    struct ledger_party parties[]; /* by name, each once */
};

struct ledger_transfer {
    uint64_t flow; /* with number: which transfer */
    uint32_t number;
    const struct ledger_route *route;
    size_t route_at;             /* the route's number */
    size_t entry, entry_count;   /* its entries, by number */
    size_t unread, unread_count; /* its unread bytes, by number */
    uint64_t read, missing;      /* bytes of parts that held rows */
    uint32_t anomalies;          /* bits of enum anomaly */
    bool separate;               /* a response of its own */
    uint32_t capture;            /* where its packets begin: */
    uint64_t first_packet;
};

/* Rows of one customer in one part, within a second of packet time. */
struct ledger_entry {
    int64_t first_ns;  /* packet time of the first row */
    uint32_t span_ns;  /* the last row came so much later */
    uint32_t customer; /* as the rows name it: see ledger_whose */
    uint32_t part;
    uint32_t fields; /* FIELD_BITs */
    uint32_t rows;
    uint32_t older; /* the ledger's own */
};

/* Bytes of a transfer that stayed closed, as they came. */
struct ledger_unread {
    int64_t time_ns; /* packet time */
    uint64_t bytes;  /* since the one before of its kind */
    const char *kind;
    enum why why;
    bool object; /* a file or part; else a channel */
};

/* Packets of a transfer in one capture. */
struct ledger_packets {
    uint32_t capture;
    uint64_t first, last;
};

/*
 * Bring everything added into one form that does not depend on order: to be
 * called before reading, again after every ledger_add. ERR_MEMORY leaves
 * nothing to be read.
 */
enum err ledger_settle(struct ledger *l) MUST_USE;

/* Routes, and the run of transfers each has. */
size_t ledger_routes(const struct ledger *l);
const struct ledger_route *ledger_route_at(const struct ledger *l, size_t i);
void ledger_route_transfers(const struct ledger *l, size_t i, size_t *first,
                            size_t *count);

size_t ledger_transfers(const struct ledger *l);
void ledger_transfer_at(const struct ledger *l, size_t i,
                        struct ledger_transfer *out);

/* The k-th capture of a transfer's packets; false past the last. */
bool ledger_packets_at(const struct ledger *l, size_t transfer, size_t k,
                       struct ledger_packets *out) MUST_USE;

/*
 * Trail and file name of a part of a transfer, in no order; *cursor is 0 for
 * the first and moved on. False when there are no more.
 */
bool ledger_next_part(const struct ledger *l, size_t transfer, size_t *cursor,
                      const char **trail, const char **file) MUST_USE;

size_t ledger_entries(const struct ledger *l);
const struct ledger_entry *ledger_entry_at(const struct ledger *l, size_t i);
const struct ledger_unread *ledger_unread_at(const struct ledger *l, size_t i);

/* Of an entry: its transfer's route, its part's trail and file. */
const struct ledger_route *ledger_entry_route(const struct ledger *l,
                                              const struct ledger_entry *e);
const char *ledger_entry_trail(const struct ledger *l,
                               const struct ledger_entry *e);
const char *ledger_entry_file(const struct ledger *l,
                              const struct ledger_entry *e);

/* Bytes missing in the stream of that sender, at its newest. */
uint64_t ledger_missing(const struct ledger *l, uint64_t flow, enum dir sender);

/* Names of customers held: numbers of customers are below. */
size_t ledger_names(const struct ledger *l);

/* The customer a name stands for (interface.md 3.1), or LEDGER_NOBODY. */
uint32_t ledger_whose(const struct ledger *l, uint32_t customer);

uint64_t ledger_pseudonym(const struct ledger *l, uint32_t customer);
/* Its strongest name, and the mask of it; ask: that comes soon. */
void ledger_customer_at(const struct ledger *l, uint32_t customer,
                        struct name *name, char mask[RECORD_MASK]);
void ledger_customer_ask(const struct ledger *l, uint32_t customer);

#endif
