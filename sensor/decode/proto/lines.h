// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lines.h - command lines and reply lines of text protocols.
 *
 * What SMTP and FTP share: lines ended by LF or CRLF, verbs in either case,
 * three-digit replies. It must not know a verb.
 */
#ifndef OUTFLOW_DECODE_PROTO_LINES_H
#define OUTFLOW_DECODE_PROTO_LINES_H

#include "outflow/reader.h"

/* A longer line is no command: RFC 4954 allows 12,288 for AUTH. */
enum { LINE_LONGEST = 16 << 10 };

enum line_found {
    LINE_MORE = 0, /* its end is not there yet */
    LINE_WHOLE,
    LINE_ENDLESS, /* longer than LINE_LONGEST */
};

/* Take the next line off r, without its CR and LF. */
enum line_found line_take(struct reader *r, struct span *line);

/* Does the line begin with this verb, then a blank or nothing? */
bool line_is(struct span line, struct span verb);

/* What stands behind the verb, blanks at both ends dropped. */
struct span line_argument(struct span line);

struct reply {
    unsigned code;    /* 100 to 599 */
    bool last;        /* no further line of this reply follows */
    struct span text; /* behind the code */
};

/* "250-text", "250 text", "250"; false on anything else. */
bool line_reply(struct span line, struct reply *out);

/*
 * Decode base64 (RFC 4648) of a log-in into out, at most room bytes; gives
 * how many, 0 when it is not base64.
 */
size_t line_base64(struct span text, uint8_t *out, size_t room);

#endif
