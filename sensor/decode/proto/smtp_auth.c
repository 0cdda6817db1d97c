// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp_auth.c - who logs in to a mail server.
 *
 * In:   the AUTH command and the client's lines behind it.
 * Out:  the user's name in the session's state; never a secret.
 * Not:  checks no password; whether the server accepted is smtp.c's.
 * Spec: RFC 4954; PLAIN RFC 4616, CRAM-MD5 RFC 2195, LOGIN as used.
 */
#include "decode/proto/smtp.h"

#include <string.h>

static void keep_user(struct smtp *s, struct span user)
{
    user = span_head(user, sizeof(s->user));
    if (user.len > 0)
        memcpy(s->user, user.ptr, user.len);
    s->user_len = (uint8_t)user.len;
}

/* authzid NUL authcid NUL password */
static void take_plain(struct smtp *s, struct span line)
{
    uint8_t raw[1024];
    struct span all = {raw, line_base64(line, raw, sizeof(raw))}, piece;

    struct span rest = span_skip(all, span_find(all, 0) + 1);
    if (span_cut(&rest, 0, &piece))
        keep_user(s, piece);
    explicit_bzero(raw, sizeof(raw));
}

/* user SP digest */
static void take_digest(struct smtp *s, struct span line)
{
    uint8_t raw[512];
    struct span all = {raw, line_base64(line, raw, sizeof(raw))};
    size_t blank = span_find(all, ' ');

    if (blank < all.len)
        keep_user(s, span_head(all, blank));
}

static void take_user(struct smtp *s, struct span line)
{
    uint8_t raw[512];

    keep_user(s, (struct span){raw, line_base64(line, raw, sizeof(raw))});
}

bool smtp_auth_waits(const struct smtp *s)
{
    return s->mode != SMTP_COMMANDS && s->mode != SMTP_MESSAGE &&
           s->mode != SMTP_CHUNK;
}

void smtp_auth_command(struct smtp *s, struct span argument)
{
    struct span initial = line_argument(argument);
    bool given = initial.len > 0 && !span_eq(initial, SPAN("="));

    s->user_len = 0;
    if (line_is(argument, SPAN("PLAIN"))) {
        s->mode = given ? SMTP_COMMANDS : SMTP_AUTH_PLAIN;
        if (given)
            take_plain(s, initial);
    } else if (line_is(argument, SPAN("LOGIN"))) {
        s->mode = given ? SMTP_AUTH_SECRET : SMTP_AUTH_USER;
        if (given)
            take_user(s, initial);
    } else if (line_is(argument, SPAN("CRAM-MD5"))) {
        s->mode = SMTP_AUTH_DIGEST;
    } else {
        s->mode = given ? SMTP_COMMANDS : SMTP_AUTH_SECRET;
    }
}

void smtp_auth_line(struct smtp *s, struct span line)
{
    enum smtp_mode mode = s->mode;

    s->mode = SMTP_COMMANDS;
    if (span_eq(line, SPAN("*")))
        s->user_len = 0;
    else if (mode == SMTP_AUTH_PLAIN)
        take_plain(s, line);
    else if (mode == SMTP_AUTH_DIGEST)
        take_digest(s, line);
    else if (mode == SMTP_AUTH_USER) {
        take_user(s, line);
        s->mode = SMTP_AUTH_SECRET;
    }
}
