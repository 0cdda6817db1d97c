// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ftp.c - decode FTP control connections.
 *
 * In:   both directions of a control connection.
 * Out:  the accepted user, and for every data connection who will listen,
 *       who sends and what the file is called.
 * Not:  carries no file: the data connection is a flow of its own, matched
 *       by expect.c. Commands themselves hold no rows; their text is read
 *       here and nowhere else.
 * Spec: RFC 959, RFC 2428 (EPRT, EPSV), RFC 3659, RFC 4217 (AUTH TLS).
 *
 *     C: PASV                 S: 227 ... (h1,h2,h3,h4,p1,p2)
 *     C: STOR customers.csv   S: 150   the client sends on that connection
 */
#include <string.h>

#include "decode/proto/lines.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum { FTP_USER = 128, FTP_FILE = LIMIT_NAME };

struct ftp {
    struct addr side[2];  /* of the control connection, by enum dir */
    struct addr listener; /* of the newest announcement */
    uint16_t port;        /* of it; 0: none */
    uint16_t user_len, file_len;
    bool user_tried;  /* USER was sent, no answer yet */
    enum dir listens; /* whose side announced it */
    bool tls_asked, tls;
    bool moves;      /* a command that moves data was seen */
    enum dir sender; /* of that command */
    uint8_t user[FTP_USER];
    uint8_t file[FTP_FILE]; /* "STOR name": the trail's step */
};

/* Commands that move a file or a listing, and who sends. */
static const struct {
    struct span verb;
    enum dir sender;
} movers[] = {
    {SPAN_INIT("STOR"), DIR_CLIENT}, {SPAN_INIT("APPE"), DIR_CLIENT},
    {SPAN_INIT("STOU"), DIR_CLIENT}, {SPAN_INIT("RETR"), DIR_SERVER},
    {SPAN_INIT("LIST"), DIR_SERVER}, {SPAN_INIT("NLST"), DIR_SERVER},
    {SPAN_INIT("MLSD"), DIR_SERVER},
};

/* First commands a client may send when its login was not seen. */
static const struct span sure[] = {
    SPAN_INIT("USER "), SPAN_INIT("PASV\r\n"), SPAN_INIT("EPSV\r\n"),
    SPAN_INIT("EPSV "), SPAN_INIT("PORT "),    SPAN_INIT("EPRT "),
    SPAN_INIT("STOR "), SPAN_INIT("RETR "),    SPAN_INIT("APPE "),
    SPAN_INIT("TYPE "), SPAN_INIT("AUTH TLS"), SPAN_INIT("FEAT\r\n"),
};

static enum match probe_client(struct span head)
{
    enum match best = MATCH_NO;

    for (size_t i = 0; i < COUNT(sure); i++) {
        if (span_starts_nocase(head, sure[i]))
            return MATCH_YES;
        if (span_starts_nocase(sure[i], head))
            best = MATCH_MORE;
    }
    return best;
}

/* "220 ... FTP ...", or 227 and 229, which only FTP says. */
static enum match probe_server(struct span head)
{
    struct span line = span_head(head, span_find(head, '\n'));

    if (span_starts(head, SPAN("227 ")) || span_starts(head, SPAN("229 ")))
        return MATCH_YES;
    if (!span_starts(head, span_head(SPAN("220"), head.len)))
        return MATCH_NO;
    if (head.len < 4 || line.len == head.len)
        return MATCH_MORE;
    if (span_find_run(line, SPAN("SMTP")) < line.len)
        return MATCH_NO;
    return span_find_run(line, SPAN("FTP")) < line.len ||
                   span_find_run(line, SPAN("ftp")) < line.len
               ? MATCH_YES
               : MATCH_MORE;
}

static enum match ftp_probe(struct span head, const struct hint *hint)
{
    enum match found =
        hint->dir == DIR_CLIENT ? probe_client(head) : probe_server(head);

    return found == MATCH_MORE && (hint->ended || head.len >= LIMIT_PROBE)
               ? MATCH_NO
               : found;
}

static bool ftp_open(void *state, const struct hint *hint)
{
    struct ftp *f = state;

    if (hint->flow)
        memcpy(f->side, hint->flow->addr, sizeof(f->side));
    return true;
}

/* Tell of the newest announcement, with the command when it is known. */
static bool announce(const struct ftp *f, const struct addr *listener,
                     struct sink *out)
{
    struct span step = {f->file, f->moves ? f->file_len : 0};
    const struct expected expect = {
        .listener = *listener,
        .port = f->port,
        .named = f->moves,
        .control_dir = f->sender,
        .step = step,
        .name = line_argument(step),
    };
    const struct note note = {.kind = NOTE_EXPECT, .expect = &expect};

    return f->port == 0 || out->ops->note(out->ctx, &note);
}

/* The address given and the one seen differ behind a translator: both. */
static bool announce_both(const struct ftp *f, struct sink *out)
{
    bool ok = announce(f, &f->listener, out);

    if (ok && !addr_eq(&f->listener, &f->side[f->listens]))
        ok = announce(f, &f->side[f->listens], out);
    return ok;
}

/* "h1,h2,h3,h4,p1,p2" anywhere in text. */
static bool take_six(struct ftp *f, struct span text)
{
    uint8_t v[6];
    struct span rest = text, piece;
    uint64_t n = 0;

    while (rest.len > 0 && (*rest.ptr < '0' || *rest.ptr > '9'))
        rest = span_skip(rest, 1);
    for (size_t i = 0; i < sizeof(v); i++) {
        struct reader r = reader_over(rest);
        size_t digits = 0;
        while (reader_peek(&r, digits) >= '0' && reader_peek(&r, digits) <= '9')
            digits++;
        piece = reader_take(&r, digits);
        if (!span_number(piece, &n) || n > 255)
            return false;
        v[i] = (uint8_t)n;
        if (i < 5 && reader_u8(&r) != ',')
            return false;
        rest = r.rest;
    }
    f->listener = addr_v4(v);
    f->port = (uint16_t)(v[4] << 8 | v[5]);
    return true;
}

/* "|1|192.0.2.1|5001|", or "|||5001|" with the address left out. */
static bool take_extended(struct ftp *f, struct span text,
                          const struct addr *other)
{
    struct reader r = reader_over(text);
    uint8_t bar = reader_u8(&r);
    struct span rest = r.rest, family = {0}, address = {0}, port = {0};
    uint64_t n = 0;

    if (!span_cut(&rest, bar, &family) || !span_cut(&rest, bar, &address) ||
        !span_cut(&rest, bar, &port) || !span_number(port, &n) || n == 0 ||
        n > UINT16_MAX)
        return false;
    f->listener = *other;
    if (address.len > 0 && !addr_parse(address, &f->listener))
        return false;
    f->port = (uint16_t)n;
    return true;
}

static size_t keep(uint8_t *out, size_t room, struct span text)
{
    text = span_head(text, room);
    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    return text.len;
}

static bool take_mover(struct ftp *f, struct span line, struct sink *out)
{
    for (size_t i = 0; i < COUNT(movers); i++) {
        if (!line_is(line, movers[i].verb))
            continue;
        f->moves = true;
        f->sender = movers[i].sender;
        f->file_len = (uint16_t)keep(f->file, sizeof(f->file), line);
        return announce_both(f, out);
    }
    return true;
}

static bool take_command(struct ftp *f, struct span line, struct sink *out)
{
    struct span argument = line_argument(line);

    if (line_is(line, SPAN("USER"))) {
        f->user_len = (uint16_t)keep(f->user, sizeof(f->user), argument);
        f->user_tried = true;
        return true;
    }
    if (line_is(line, SPAN("AUTH")))
        f->tls_asked = true;
    if (line_is(line, SPAN("PASV")) || line_is(line, SPAN("EPSV"))) {
        f->listens = DIR_SERVER;
        f->moves = false;
        f->port = 0;
    }
    bool active = (line_is(line, SPAN("PORT")) && take_six(f, argument)) ||
                  (line_is(line, SPAN("EPRT")) &&
                   take_extended(f, argument, &f->side[DIR_CLIENT]));
    if (active) {
        f->moves = false;
        f->listens = DIR_CLIENT;
        return announce_both(f, out);
    }
    return take_mover(f, line, out);
}

/* What stands in the brackets of a 227 or 229 reply. */
static struct span bracketed(struct span text)
{
    struct span inside = span_skip(text, span_find(text, '(') + 1);

    if (inside.len == 0)
        return text;
    return span_head(inside, span_find(inside, ')'));
}

static bool take_reply(struct ftp *f, const struct reply *reply,
                       struct sink *out)
{
    const struct note user = {
        .kind = NOTE_USER,
        .dir = DIR_CLIENT,
        .text = {f->user, f->user_len},
        .number = 1,
    };
    bool passive =
        (reply->code == 227 && take_six(f, reply->text)) ||
        (reply->code == 229 &&
         take_extended(f, bracketed(reply->text), &f->side[DIR_SERVER]));

    if (passive) {
        f->listens = DIR_SERVER;
        return announce_both(f, out);
    }
    if (reply->code == 234 && f->tls_asked)
        f->tls = true;
    if ((reply->code != 230 && reply->code != 232) || !f->user_tried)
        return true;
    f->user_tried = false;
    return out->ops->note(out->ctx, &user);
}

static struct progress ftp_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct ftp *f = state;
    struct reader r = reader_over(bytes);
    enum decode_status status = DECODE_MORE;
    struct span line;
    struct reply reply;

    while (reader_left(&r) > 0 && status == DECODE_MORE) {
        if (f->tls || span_starts(r.rest, SPAN("\x16\x03"))) {
            status = DECODE_RAW;
            break;
        }
        enum line_found found = line_take(&r, &line);
        if (found == LINE_MORE)
            break;
        bool ok = true;
        if (found == LINE_ENDLESS)
            status = DECODE_BAD;
        else if (dir == DIR_CLIENT)
            ok = take_command(f, line, out);
        else if (line_reply(line, &reply) && reply.last)
            ok = take_reply(f, &reply, out);
        if (!ok)
            status = DECODE_REFUSED;
    }
    return (struct progress){status, bytes.len - reader_left(&r)};
}

static struct progress ftp_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    (void)state;
    (void)dir;
    (void)len;
    (void)out;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status ftp_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    (void)state;
    (void)dir;
    (void)rest;
    (void)out;
    return DECODE_DONE;
}

const struct decoder decoder_ftp = {
    .name = "ftp",
    .state_size = sizeof(struct ftp),
    .protocol = true,
    .probe = ftp_probe,
    .open = ftp_open,
    .feed = ftp_feed,
    .gap = ftp_gap,
    .end = ftp_end,
};
