// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * settings.h - everything the operator chose, as plain structs.
 *
 * Filled by conf/ from a settings file, rule files and defaults; read by
 * pipeline, which hands each layer its part.
 */
#ifndef OUTFLOW_SETTINGS_H
#define OUTFLOW_SETTINGS_H

#include "outflow/compiler.h"
#include "outflow/detect.h"
#include "outflow/err.h"
#include "outflow/rule.h"

/* Where alerts go besides the command line's output. */
struct output_settings {
    char *type;      /* "syslog" "file" */
    char *transport; /* "unix" "udp" "tcp" "tls"; syslog only */
    char *host;
    uint16_t port;
    char *path;       /* of the socket or file */
    char *format;     /* "json" "cef" "table" "leef" "ocsf" */
    char *ca;         /* path of the CA's certificate, or NULL; tls only */
    char *cert;       /* path of our own certificate, or NULL; tls only */
    char *key;        /* path of its key; tls only */
    size_t max_bytes; /* of a syslog message; 0: the default */
    char *file;       /* where the setting stands */
    unsigned line;
};

struct settings {
    struct network *inside;
    size_t inside_count;
    char **domains;
    size_t domain_count;
    char *employees; /* path, or NULL */
    struct partner *partners;
    size_t partner_count;
    struct rule *rules;
    size_t rule_count;
    char *state;   /* folder of the ledger, or NULL */
    char *metrics; /* file that `watch` writes its metrics to, or NULL */
    char *filter;  /* of packets that `watch` reads, pcap-filter(7), or NULL */
    char *session; /* "native" or "nids" */
    char *user;    /* workers run as, when started as root */
    struct output_settings *outputs;
    size_t output_count;
    struct number_rule *numbers;
    size_t numbers_count;
    uint64_t memory;    /* limits.memory, bytes */
    uint64_t document;  /* limits.document, bytes */
    uint64_t ring;      /* limits.ring, bytes; 0: the default of live.h */
    uint64_t spool;     /* limits.spool, bytes; 0: LIMIT_SPOOL */
    int64_t silence_ns; /* without a packet, until that is told */
    unsigned depth;     /* limits.depth */
};

/* A customer table's schema (interface.md 2.2). */
struct schema_column {
    char *name;    /* owned, or NULL */
    size_t number; /* from 1, 0 when named */
    enum field_type type;
    bool key;
};

struct schema {
    struct schema_column *columns;
    size_t column_count;
    uint32_t *match; /* FIELD_BITs of each combination */
    size_t match_count;
};

/*
 * Read a settings file (NULL: built-in defaults) and rule files (none: the
 * settings', else the shipped ones, compiled in). Every error is added to
 * problems; false when there is any. out then holds the path of employees
 * alone, so that identity_new can tell its errors in the same run.
 */
bool settings_read(const char *config, const char *const *rules, size_t count,
                   struct settings *out, struct problems *problems);
void settings_clear(struct settings *s);

/*
 * Read a secret key: 64 hex digits in a file closed to group and others.
 * The caller wipes out. False and a problem otherwise.
 */
bool key_read(const char *path, uint8_t out[KEY_BYTES],
              struct problems *problems);

/* Read a schema file; false and problems on any error. */
bool schema_read(const char *path, struct schema *out,
                 struct problems *problems);
void schema_clear(struct schema *s);

/* The identity of those settings; employees.csv is read here. */
struct identity *identity_new(const struct settings *settings,
                              struct problems *problems);
void identity_free(struct identity *id);

#endif
