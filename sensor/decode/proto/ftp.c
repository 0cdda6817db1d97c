// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ftp.c - decode FTP control connections.
 *
 * In:   both directions of a control connection.
 * Out:  the accepted user; for every data connection who will listen and
 *       what the file is called; lines that are no command as text.
 * Not:  carries no file: the data connection is a flow of its own, matched
 *       by expect.c.
 * Spec: RFC 959, RFC 2428 (EPRT, EPSV), RFC 3659, RFC 4217 (AUTH TLS),
 *       RFC 1123 4.1.2.9 (the name that STOU chose).
 *
 *     C: PASV                 S: 227 ... (h1,h2,h3,h4,p1,p2)
 *     C: STOR customers.csv   S: 150   the client sends on that connection
 */
#include <string.h>

#include "decode/params.h"
#include "decode/proto/ftp_address.h"
#include "decode/proto/lines.h"
#include "decode/proto/talk.h"
#include "outflow/limits.h"

enum { FTP_USER = 128, FTP_FILE = LIMIT_NAME };

struct ftp {
    struct talk talk;
    struct addr side[2];        /* of the control connection, by enum dir */
    struct ftp_address address; /* newest announcement; port 0: none */
    enum dir listens;           /* whose side announced it */
    uint16_t user_len, file_len;
    bool user_tried;    /* USER was sent, no answer yet */
    bool passive_asked; /* PASV or EPSV was sent, no answer yet */
    bool tls_asked, tls;
    bool replied;    /* the server spoke like one of FTP */
    bool listing;    /* inside a reply of several lines */
    bool moves;      /* a command that moves data was seen */
    enum dir sender; /* of that command */
    uint8_t user[FTP_USER];
    uint8_t file[FTP_FILE]; /* "STOR name": the trail's step */
};

enum verb_kind {
    VERB_UNKNOWN = 0,
    VERB_PASS,
    VERB_SURE,
    VERB_SAYS,
    VERB_USER,
    VERB_PASV,
    VERB_PORT,
    VERB_EPRT,
    VERB_AUTH,
    VERB_UP,
    VERB_DOWN,
};

static const struct verb {
    struct span word;
    enum verb_kind kind;
} verbs[] = {
#define VERB(word, kind) {SPAN_INIT(word), VERB_##kind},
#include "decode/proto/ftp_verbs.def"
#undef VERB
};

static const struct verb *verb_of(struct span line)
{
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (line_is(line, verbs[i].word))
            return &verbs[i];
    return NULL;
}

/* --- recognising --- */

/* POP3 has USER, RETR, LIST, STAT and more: what does only FTP say? */
static enum match probe_line(struct span line)
{
    const struct verb *v = verb_of(line);
    struct span argument = line_argument(line);
    uint64_t number = 0;

    if (v == NULL)
        return MATCH_NO;
    switch (v->kind) {
    case VERB_UNKNOWN:
    case VERB_PASS:
    case VERB_SAYS:
    case VERB_USER:
        return MATCH_MORE;
    case VERB_AUTH:
        return span_eq_nocase(argument, SPAN("TLS")) ||
                       span_eq_nocase(argument, SPAN("SSL"))
                   ? MATCH_YES
                   : MATCH_NO;
    case VERB_DOWN:
        return argument.len == 0 || span_number(argument, &number) ? MATCH_MORE
                                                                   : MATCH_YES;
    case VERB_SURE:
    case VERB_PASV:
    case VERB_PORT:
    case VERB_EPRT:
    case VERB_UP:
        break;
    }
    return MATCH_YES;
}

/* May an unfinished line become a command? */
static bool verb_begins(struct span line)
{
    line = span_head(line, span_find(line, '\r'));
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (span_starts_nocase(verbs[i].word, line) ||
            line_is(line, verbs[i].word))
            return true;
    return false;
}

static enum match probe_client(struct span head)
{
    struct reader r = reader_over(head);
    struct span line;

    while (line_take(&r, &line) == LINE_WHOLE) {
        enum match match = probe_line(line);
        if (match != MATCH_MORE)
            return match;
    }
    return verb_begins(r.rest) ? MATCH_MORE : MATCH_NO;
}

/* "220 ... FTP ...", or 227, 229 and 331, which only FTP says. */
static enum match probe_server(struct span head)
{
    struct reader r = reader_over(head);
    struct span line;

    if (span_starts(head, SPAN("227 ")) || span_starts(head, SPAN("229 ")))
        return MATCH_YES;
    if (!span_starts(head, span_head(SPAN("220"), head.len)))
        return MATCH_NO;
    while (line_take(&r, &line) == LINE_WHOLE) {
        if (span_find_run(line, SPAN("SMTP")) < line.len)
            return MATCH_NO;
        if (span_find_run(line, SPAN("FTP")) < line.len ||
            span_find_run(line, SPAN("ftp")) < line.len ||
            span_starts(line, SPAN("331 ")))
            return MATCH_YES;
    }
    return MATCH_MORE;
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

    f->talk.channel = "ftp";
    f->replied = hint->late[DIR_SERVER];
    if (hint->flow == NULL)
        return true;
    memcpy(f->side, hint->flow->addr, sizeof(f->side));
    /* Without PORT the client listens where it speaks (RFC 959 3.2). */
    f->address.host = f->side[DIR_CLIENT];
    f->address.port = hint->flow->port[DIR_CLIENT];
    return true;
}

/* --- announcements --- */

/* What stands behind the last slash of a path. */
static struct span name_of(struct span path)
{
    size_t at = path.len;

    while (at > 0 && path.ptr[at - 1] != '/' && path.ptr[at - 1] != '\\')
        at--;
    return at < path.len ? span_skip(path, at) : path;
}

/* Tell of the newest announcement, with the command when it is known. */
static bool announce(const struct ftp *f, const struct addr *listener,
                     struct sink *out)
{
    struct span step = {f->file, f->moves ? f->file_len : 0};
    const struct expected expect = {
        .listener = *listener,
        .port = f->address.port,
        .named = f->moves,
        .control_dir = f->sender,
        .step = step,
        .name = name_of(line_argument(step)),
    };
    const struct note note = {.kind = NOTE_EXPECT, .expect = &expect};

    return out->ops->note(out->ctx, &note);
}

/* The address given and the one seen differ behind a translator: both. */
static bool announce_both(const struct ftp *f, struct sink *out)
{
    const struct addr *seen = &f->side[f->listens];

    if (f->address.port == 0)
        return true;
    return announce(f, &f->address.host, out) &&
           (addr_eq(&f->address.host, seen) || announce(f, seen, out));
}

static size_t keep(uint8_t *out, size_t room, struct span text)
{
    text = span_head(text, room);
    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    return text.len;
}

/* "STOR name": the verb as in the table, then what it was given. */
static void keep_file(struct ftp *f, struct span verb, struct span name)
{
    size_t at = keep(f->file, sizeof(f->file), verb);

    if (name.len > 0) {
        f->file[at++] = ' ';
        at += keep(f->file + at, sizeof(f->file) - at, name);
    }
    f->file_len = (uint16_t)at;
}

/* --- the client --- */

/* The client listens, when it says where. */
static bool take_active(struct ftp *f, bool understood, struct sink *out)
{
    if (!understood)
        return true;
    f->moves = false;
    f->listens = DIR_CLIENT;
    return announce_both(f, out);
}

/* The server will choose its name: told with the reply. */
static bool is_stou(const struct ftp *f)
{
    return f->moves &&
           span_starts((struct span){f->file, f->file_len}, SPAN("STOU"));
}

static bool take_verb(struct ftp *f, const struct verb *v, struct span line,
                      struct sink *out)
{
    struct span argument = line_argument(line);

    switch (v->kind) {
    case VERB_USER:
        f->user_len = (uint16_t)keep(f->user, sizeof(f->user), argument);
        f->user_tried = true;
        return true;
    case VERB_AUTH:
        f->tls_asked = true;
        return true;
    case VERB_PASV:
        f->listens = DIR_SERVER;
        f->passive_asked = true;
        f->moves = false;
        f->address.port = 0;
        return true;
    case VERB_PORT:
        return take_active(f, ftp_six(argument, &f->address), out);
    case VERB_EPRT:
        return take_active(
            f, ftp_extended(argument, &f->side[DIR_CLIENT], &f->address), out);
    case VERB_UP:
    case VERB_DOWN:
        f->moves = true;
        f->sender = v->kind == VERB_UP ? DIR_CLIENT : DIR_SERVER;
        keep_file(f, v->word, argument);
        return is_stou(f) || announce_both(f, out);
    case VERB_UNKNOWN:
    case VERB_PASS:
    case VERB_SURE:
    case VERB_SAYS:
        break;
    }
    return true;
}

static bool take_command(struct ftp *f, struct span line, struct sink *out)
{
    const struct verb *v = verb_of(line);

    if (v == NULL || (v->kind == VERB_SAYS && fields_tell(line)))
        return talk_line(&f->talk, DIR_CLIENT, line, out);
    return talk_end(&f->talk, DIR_CLIENT, out) && take_verb(f, v, line, out);
}

/* --- the server --- */

static bool take_passive(struct ftp *f, struct sink *out)
{
    f->listens = DIR_SERVER;
    if (!f->passive_asked) /* what was asked is lost, and what moves now */
        f->moves = false;
    f->passive_asked = false;
    return announce_both(f, out);
}

/* 150 to STOU: "FILE: name". */
static bool take_started(struct ftp *f, struct span text, struct sink *out)
{
    struct span mark = SPAN("FILE: ");
    size_t at = span_find_run(text, mark);

    if (!is_stou(f))
        return true;
    if (at < text.len)
        keep_file(f, SPAN("STOU"), span_trim(span_skip(text, at + mark.len)));
    return announce_both(f, out);
}

static bool take_accepted(struct ftp *f, struct sink *out)
{
    const struct note user = {
        .kind = NOTE_USER,
        .dir = DIR_CLIENT,
        .text = {f->user, f->user_len},
        .number = 1,
    };
    bool known = f->user_tried && f->user_len > 0;

    f->user_tried = false;
    return !known || out->ops->note(out->ctx, &user);
}

static bool take_reply(struct ftp *f, const struct reply *reply,
                       struct sink *out)
{
    switch (reply->code) {
    case 125:
    case 150:
        return take_started(f, reply->text, out);
    case 227:
        return !ftp_six(reply->text, &f->address) || take_passive(f, out);
    case 229:
        return !ftp_extended(reply->text, &f->side[DIR_SERVER], &f->address) ||
               take_passive(f, out);
    case 230:
    case 232:
        return take_accepted(f, out);
    case 234:
        f->tls = f->tls_asked;
        return true;
    case 530:
        f->user_tried = false;
        return true;
    default:
        return true;
    }
}

/* --- both --- */

static enum decode_status take_answer(struct ftp *f, struct span line,
                                      struct sink *out)
{
    struct reply reply;
    bool is = line_reply(line, &reply);

    if (!is && !f->replied)
        return DECODE_BAD; /* another protocol that has USER */
    f->replied = true;
    if (!is)
        return talk_answer(&f->talk, line, f->listing, out) ? DECODE_MORE
                                                            : DECODE_REFUSED;
    f->listing = !reply.last;
    bool ok = talk_end(&f->talk, DIR_SERVER, out) &&
              (!reply.last || take_reply(f, &reply, out));
    return ok ? DECODE_MORE : DECODE_REFUSED;
}

static struct progress ftp_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct ftp *f = state;
    struct reader r = reader_over(bytes);
    enum decode_status status = DECODE_MORE;
    struct span line;

    while (reader_left(&r) > 0 && status == DECODE_MORE) {
        struct reader ahead = r;
        if (f->tls || span_starts(r.rest, SPAN("\x16\x03"))) {
            status = DECODE_RAW;
            break;
        }
        enum line_found found = line_take(&ahead, &line);
        if (found == LINE_MORE)
            break;
        if (found == LINE_ENDLESS)
            status = DECODE_BAD;
        else if (dir == DIR_SERVER)
            status = take_answer(f, line, out);
        else if (!take_command(f, line, out))
            status = DECODE_REFUSED;
        if (status == DECODE_MORE)
            r = ahead;
    }
    return (struct progress){status, bytes.len - reader_left(&r)};
}

static struct progress ftp_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct ftp *f = state;

    (void)len;
    f->replied = true;
    if (dir == DIR_CLIENT)
        f->moves = false;
    bool ok = talk_end(&f->talk, dir, out);
    return (struct progress){ok ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status ftp_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct ftp *f = state;
    bool secret = dir == DIR_CLIENT && verb_of(rest) != NULL;
    bool ok =
        (rest.len == 0 || secret || talk_line(&f->talk, dir, rest, out)) &&
        talk_end(&f->talk, dir, out);

    return ok ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_ftp = {
    .name = "ftp",
    .state_size = sizeof(struct ftp),
    .protocol = true,
    .announces = true,
    .probe = ftp_probe,
    .open = ftp_open,
    .feed = ftp_feed,
    .gap = ftp_gap,
    .end = ftp_end,
};
