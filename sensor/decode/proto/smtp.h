// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp.h - the state of one SMTP session, shared by its sources.
 *
 * smtp.c follows commands and replies, smtp_mail.c the message itself,
 * smtp_auth.c the log-in. Zeroed bytes are the valid start.
 */
#ifndef OUTFLOW_DECODE_PROTO_SMTP_H
#define OUTFLOW_DECODE_PROTO_SMTP_H

#include "decode/proto/lines.h"
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
    ASKED_MESSAGE, /* the end of DATA or the last BDAT */
    ASKED_STARTTLS,
};

enum { SMTP_ASKED = 64, SMTP_USER = 256, SMTP_NAMES = 32 << 10 };

struct smtp {
    enum smtp_mode mode;
    struct buf from; /* MAIL FROM address */
    struct buf to;   /* recipients: '+' or '-' (refused), address, LF */
    size_t to_count; /* addresses in it */
    size_t to_more;  /* past LIMIT_RECIPIENTS */
    bool part_open;
    bool line_start;     /* of the message: a dot may end it */
    bool last_chunk;     /* BDAT ... LAST */
    uint64_t chunk_left; /* bytes of this BDAT still to come */
    bool data_refused;   /* the server refused DATA itself */
    bool tls;            /* the server agreed to STARTTLS */
    bool server_seen;
    uint8_t user_len;
    uint8_t user[SMTP_USER - 1];   /* last log-in tried */
    uint8_t asked[SMTP_ASKED];     /* commands not answered yet, a ring */
    uint16_t asked_at[SMTP_ASKED]; /* RCPT: place in to */
    unsigned asked_first, asked_count;
};

/* Begin, go on with and end the message; false when the sink refuses. */
bool smtp_mail_begin(struct smtp *s, struct sink *out);
enum decode_status smtp_mail_data(struct smtp *s, struct reader *r,
                                  struct sink *out);
enum decode_status smtp_mail_chunk(struct smtp *s, struct reader *r,
                                   struct sink *out);
bool smtp_mail_end(struct smtp *s, enum part_end how, struct sink *out);

/* A line of the log-in, or the AUTH command itself. */
void smtp_auth_command(struct smtp *s, struct span argument);
void smtp_auth_line(struct smtp *s, struct span line);

#endif
