// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp.h - the state of one SMTP session, shared by its sources.
 *
 * smtp.c follows the client's commands, smtp_reply.c what the server
 * answers, smtp_mail.c the message itself, smtp_auth.c the log-in. Zeroed
 * bytes and smtp_open are the valid start.
 */
#ifndef OUTFLOW_DECODE_PROTO_SMTP_H
#define OUTFLOW_DECODE_PROTO_SMTP_H

#include "decode/proto/lines.h"
#include "decode/proto/talk.h"
#include "outflow/buf.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum smtp_mode {
    SMTP_COMMANDS = 0,
    SMTP_AUTH_USER,   /* the next client line is a log-in, base64 */
    SMTP_AUTH_SECRET, /* the next client line is a secret: passed over */
    SMTP_AUTH_PLAIN,  /* the next client line is a PLAIN response */
    SMTP_AUTH_DIGEST, /* the next client line is a CRAM-MD5 response */
    SMTP_MESSAGE,     /* inside DATA */
    SMTP_CHUNK,       /* inside BDAT */
};

/* What a reply will answer. */
enum smtp_asked {
    ASKED_OTHER = 0,
    ASKED_AUTH,
    ASKED_RCPT,
    ASKED_DATA,
    ASKED_CHUNK,   /* BDAT without LAST */
    ASKED_MESSAGE, /* the end of DATA or the last BDAT */
    ASKED_STARTTLS,
};

enum { SMTP_ASKED = 64, SMTP_USER = 255, SMTP_NAMES = 32 << 10 };

struct smtp_ask {
    uint8_t what;  /* enum smtp_asked */
    uint8_t about; /* RCPT: its round; else its mail */
    uint16_t name; /* RCPT: place of its '+' in to */
};

struct smtp {
    enum smtp_mode mode;
    struct talk talk;
    struct buf from; /* MAIL FROM address */
    struct buf to;   /* recipients: '+' or '-' (refused), address, LF */
    size_t to_count; /* addresses in it */
    size_t to_more;  /* past LIMIT_RECIPIENTS */
    bool mail;       /* MAIL FROM was said, the message is not over */
    bool over;       /* it is; who got it is kept for late replies */
    bool part_open;
    bool line_start;     /* of the message: a dot may end it */
    bool holed;          /* bytes of the message are missing */
    bool unsized;        /* a chunk of no known size: it ends at a command */
    bool last_chunk;     /* BDAT ... LAST */
    uint64_t chunk_left; /* bytes of this BDAT still to come */
    bool data_refused;   /* the server refused DATA itself */
    bool go_ahead;       /* the server waits for a message: 354 */
    bool tls;            /* the server agreed to STARTTLS */
    bool server_seen;
    bool listing;   /* inside a reply of several lines */
    bool adrift;    /* replies cannot be told apart until one that
                       answers only one command */
    unsigned early; /* reply to a message whose end is not seen yet;
                       0: none */
    uint8_t mails;  /* low bits of the number of mails */
    uint8_t round;  /* the same of lists of recipients */
    uint8_t user_len;
    uint8_t user[SMTP_USER];           /* last log-in tried */
    struct smtp_ask asked[SMTP_ASKED]; /* not answered yet, a ring */
    unsigned asked_first, asked_count;
};

/* A command was sent: its reply will answer what. */
void smtp_ask(struct smtp *s, enum smtp_asked what, size_t name);

/* One line of the server; false when the sink refuses. */
bool smtp_reply(struct smtp *s, struct span line, struct sink *out);

/* Tell what became of the last mail: a final reply's code. */
bool smtp_outcome(unsigned code, struct sink *out);

/* The transaction is dropped or done: who it was from and to is forgotten. */
void smtp_forget(struct smtp *s);

/* Begin, go on with and end the message; false when the sink refuses. */
bool smtp_mail_begin(struct smtp *s, struct sink *out);
enum decode_status smtp_mail_data(struct smtp *s, struct reader *r,
                                  struct sink *out);
enum decode_status smtp_mail_chunk(struct smtp *s, struct reader *r,
                                   struct sink *out);
bool smtp_mail_end(struct smtp *s, enum part_end how, struct sink *out);

/* len bytes of the client are missing; false when the sink refuses. */
bool smtp_mail_gap(struct smtp *s, uint64_t len, struct sink *out);

/* A line of the log-in, or the AUTH command itself. */
bool smtp_auth_waits(const struct smtp *s);
void smtp_auth_command(struct smtp *s, struct span argument);
void smtp_auth_line(struct smtp *s, struct span line);

#endif
