// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sink.h - where a decoder puts what it finds: transfers, parts, notes.
 *
 * Spans in these structs are borrowed until the call returns. It must not
 * know any decoder.
 */
#ifndef OUTFLOW_SINK_H
#define OUTFLOW_SINK_H

#include "outflow/counters.h"
#include "outflow/session.h"

/* What a transfer is, as its protocol tells; texts as on the wire. */
struct transfer_info {
    const char *channel;        /* "http"; static */
    struct span step;           /* first step of the trail: "POST /upload" */
    struct span host;           /* receiver (of a request) or sender (of a
                                   response) by name, no port; may be empty */
    bool proxied;               /* host, not the flow's address, is the peer */
    struct span mail_from;      /* envelope sender */
    const struct span *mail_to; /* envelope recipients */
    size_t mail_to_count;
    size_t mail_to_more; /* recipients past LIMIT_RECIPIENTS */
    bool answered;       /* the other side will take or refuse it: a
                            NOTE_ACCEPTED or NOTE_REFUSED follows */
};

/* One part of a transfer, or of another part. */
struct part_info {
    struct span step;    /* its step of the trail: "form:file", "q3.csv" */
    struct span name;    /* file name, may be empty */
    struct span media;   /* declared media type with its parameters */
    struct span charset; /* declared charset, may be empty */
    struct span coding;  /* codings to undo, outermost last as in HTTP:
                            "gzip", "base64", "gzip, br" */
    bool amid;           /* its beginning was not seen, or not believed */
    bool aside;          /* the open part goes on behind it */
    bool passed;         /* no file: what text was looked through for */
};

/* Of a transfer of a second reading (reading.h). */
enum same {
    SAME_NO = 0,
    SAME_YES,   /* its records are not to be told, nor those kept back */
    SAME_DOUBT, /* not known yet: they are to be kept back for a while */
};

enum note_kind {
    NOTE_USER = 0, /* text: log-in; number 1 when the server accepted it */
    NOTE_REFUSED,  /* the receiver refused the last transfer of dir */
    NOTE_UNREAD,   /* number bytes of this direction (or part) stay closed:
                      why, text is the kind ("tls", "zip") */
    NOTE_ANOMALY,  /* text: a word of docs/alerts.md, e.g. "smuggling" */
    NOTE_EXPECT,   /* expect: a data flow was announced */
    NOTE_ACCEPTED, /* the receiver took the last transfer of dir */
    NOTE_TUNNEL,   /* text: host the flow leads to from DECODE_RAW on */
    NOTE_NOT_TO,   /* text: one of mail_to that was refused after all */
    NOTE_SAME,     /* (the chain's own) number, an enum same: is what the
                      transfer gives given by another one, too? */
};

/* A data connection announced by a control connection (FTP). */
struct expected {
    struct addr listener; /* who will be connected to */
    uint16_t port;        /* 0: forget it */
    bool named;           /* step, sender hold: the command was seen */
    enum dir control_dir; /* who sends the data, as a side of the control */
    struct span step;     /* "STOR q3.csv" */
    struct span name;     /* file name */
};

struct note {
    enum note_kind kind;
    enum dir dir; /* whose transfer or bytes it is about */
    struct span text;
    struct span step; /* NOTE_UNREAD of formats: the name of what stays closed
                         inside the part; empty: the part itself */
    uint64_t number;
    enum why why;
    const struct expected *expect;
};

enum part_end {
    PART_WHOLE = 0, /* its end was seen */
    PART_CUT,       /* the stream ended or a hole swallowed the end */
};

/*
 * Where a decoder puts what it finds. Every call gives false to refuse: the
 * decoder then returns DECODE_REFUSED at once. A sink has at most one open
 * transfer and one open part; protocols open a transfer before a part,
 * formats never open one. A part that formats open aside leaves the open one
 * as it is: what follows is the new part's until that is closed. What is left
 * open is closed by the chain.
 */
struct sink {
    void *ctx;
    const struct sink_ops *ops;
};

struct sink_ops {
    bool (*transfer_open)(void *ctx, const struct transfer_info *info);
    bool (*transfer_close)(void *ctx);
    bool (*part_open)(void *ctx, const struct part_info *info);
    bool (*put)(void *ctx, struct span bytes);
    bool (*gap)(void *ctx, uint64_t len); /* a hole inside the open part */
    bool (*part_close)(void *ctx, enum part_end how);
    bool (*note)(void *ctx, const struct note *note);
};

#endif
