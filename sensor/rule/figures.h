// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * figures.h - one alert being made.
 *
 * figures.c walks the incident and counts; carriers.c gathers what the
 * transfers that carried it tell; receivers.c the parties.
 */
#ifndef OUTFLOW_RULE_FIGURES_H
#define OUTFLOW_RULE_FIGURES_H

#include "rule/judge.h"

/* A place in packet order. */
struct when {
    int64_t time_ns;
    uint32_t capture;
    uint64_t first_packet; /* of the transfer */
    uint64_t flow;
    uint32_t number; /* of the transfer */
};

/* Decoded bytes that carried the incident, and when they first did. */
struct document {
    const char *trail, *file;
    struct when when;
};

struct carrier {
    uint32_t capture;
    uint64_t flow, first, last;
    const struct ledger_route *route;
};

struct stream {
    uint64_t flow;
    uint32_t sender;
};

struct figures {
    struct judge *j;
    const struct scope *scope;
    const struct incident *incident;
    struct alert alert;
    bool begun;        /* first_* hold */
    struct when first; /* of the incident, in packet order */
    const struct ledger_route *first_route;
    const struct item *first_item;
    size_t transfer_at; /* being walked; SIZE_MAX before the first */
    uint64_t transfer_customers;
    uint64_t transfer_read, transfer_missing;
    /* customers of all transfers, and what the estimate adds to them in
       wholes and in 2^-32: integers, so that order does not matter */
    uint64_t told, more, more_parts;
    bool has_mail, has_file, has_partner;
    struct when mail_when, file_when, partner_when;
    struct list documents; /* struct document */
    struct list trails;    /* const char *, in order */
    struct list carriers;  /* struct carrier */
    struct list evidence;  /* struct alert_evidence */
    struct list streams;   /* struct stream */
    struct list unread;    /* struct alert_unread */
    struct list mails;     /* const char * */
    struct list parties;   /* struct alert_party */
};

struct when when_of(const struct hit *hit);
int when_compare(const struct when *a, const struct when *b);

/* Of every transfer once, at its first hit; false without memory. */
bool carriers_note_transfer(struct figures *f, const struct hit *hit) MUST_USE;
/* Of every hit. */
bool carriers_note(struct figures *f, const struct hit *hit) MUST_USE;
/* Add to the unread list. */
bool carriers_note_unread(struct figures *f,
                          const struct ledger_unread *u) MUST_USE;
/* Sort, cut and put all of it into the alert. */
bool carriers_finish(struct figures *f) MUST_USE;

/* Parties with their customers, and who stands for them in the alert. */
bool receivers_finish(struct figures *f) MUST_USE;

#endif
