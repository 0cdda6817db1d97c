// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp.c - decode SMTP sessions down to the messages they carry.
 *
 * In:   both directions of a TCP flow; either alone gives what it can.
 * Out:  one transfer per mail (envelope sender and recipients, the message),
 *       the accepted log-in, where TLS begins; lines that are no command as
 *       text.
 * Not:  opens no message: the mime decoder does. What STARTTLS hides is the
 *       tls decoder's to count.
 * Spec: RFC 5321, RFC 2920 (pipelining), RFC 3030 (BDAT), RFC 4954 (AUTH),
 *       RFC 3207 (STARTTLS).
 *
 *     C: MAIL FROM:<a> RCPT TO:<b> DATA      S: 250 250 354
 *     C: message CRLF . CRLF                 S: 250 (or 5xx: refused)
 */
#include "decode/proto/smtp.h"

#include "decode/params.h"

/* What a command does to the session. */
enum verb_kind {
    VERB_NONE = 0, /* nothing to follow */
    VERB_SAYS,     /* nothing either, but its argument may say anything */
    VERB_RESET,
    VERB_MAIL,
    VERB_RCPT,
    VERB_DATA,
    VERB_BDAT,
    VERB_AUTH,
    VERB_STARTTLS,
    VERB_UNKNOWN,
};

/* With a colon: it ends the verb; else a blank or the line's end does. */
static const struct verb {
    struct span word;
    enum verb_kind kind;
    bool alone; /* it has no argument */
} verbs[] = {
    {SPAN_INIT("MAIL FROM:"), VERB_MAIL, false},
    {SPAN_INIT("RCPT TO:"), VERB_RCPT, false},
    {SPAN_INIT("DATA"), VERB_DATA, true},
    {SPAN_INIT("BDAT"), VERB_BDAT, false},
    {SPAN_INIT("RSET"), VERB_RESET, true},
    {SPAN_INIT("EHLO"), VERB_RESET, false},
    {SPAN_INIT("HELO"), VERB_RESET, false},
    {SPAN_INIT("LHLO"), VERB_RESET, false},
    {SPAN_INIT("QUIT"), VERB_NONE, true},
    {SPAN_INIT("AUTH"), VERB_AUTH, false},
    {SPAN_INIT("STARTTLS"), VERB_STARTTLS, true},
    {SPAN_INIT("NOOP"), VERB_SAYS, false},
    {SPAN_INIT("HELP"), VERB_SAYS, false},
    {SPAN_INIT("VRFY"), VERB_SAYS, false},
    {SPAN_INIT("EXPN"), VERB_SAYS, false},
    {SPAN_INIT("ETRN"), VERB_SAYS, false},
    {SPAN_INIT("XCLIENT"), VERB_NONE, false},
    {SPAN_INIT("XFORWARD"), VERB_NONE, false},
};

static enum verb_kind verb_of(struct span line)
{
    for (size_t i = 0; i < COUNT(verbs); i++) {
        const struct verb *v = &verbs[i];
        bool here = v->word.ptr[v->word.len - 1] == ':'
                        ? span_starts_nocase(line, v->word)
                        : line_is(line, v->word);
        if (here && (!v->alone || span_trim(line).len == v->word.len))
            return v->kind;
    }
    return VERB_UNKNOWN;
}

/* --- recognising --- */

static enum match probe_client(struct span head)
{
    static const struct span sure[] = {
        SPAN_INIT("EHLO "), SPAN_INIT("HELO "), SPAN_INIT("LHLO "),
        SPAN_INIT("MAIL FROM:"), SPAN_INIT("RCPT TO:")};
    enum match best = MATCH_NO;

    for (size_t i = 0; i < COUNT(sure); i++) {
        if (span_starts_nocase(head, sure[i]))
            return MATCH_YES;
        if (span_starts_nocase(sure[i], head))
            best = MATCH_MORE;
    }
    return best;
}

/*
 * "220 host ESMTP". FTP greets with 220 too: where the greeting's own words
 * do not tell, the next reply does (EHLO gets 250, USER 331 or 230).
 */
static enum match probe_server(struct span head)
{
    struct span rest = head, line = {0};

    if (!span_starts(head, span_head(SPAN("220"), head.len)))
        return MATCH_NO;
    while (span_find(rest, '\n') < rest.len && span_cut(&rest, '\n', &line)) {
        if (span_find_run(line, SPAN("SMTP")) < line.len)
            return MATCH_YES;
        if (span_find_run(line, SPAN("FTP")) < line.len ||
            (!span_starts(line, SPAN("220")) && !span_starts(line, SPAN("2"))))
            return MATCH_NO;
    }
    return MATCH_MORE;
}

static enum match smtp_probe(struct span head, const struct hint *hint)
{
    enum match found =
        hint->dir == DIR_CLIENT ? probe_client(head) : probe_server(head);

    return found == MATCH_MORE && (hint->ended || head.len >= LIMIT_PROBE)
               ? MATCH_NO
               : found;
}

static const struct span mail_mark = SPAN_INIT("MAIL FROM:<");

/* "MAIL FROM:<address> ..." to a line's end: 1 yes, 0 no, -1 not yet. */
static int begins_mail(struct span s)
{
    struct span line = span_head(s, LIMIT_PROBE);
    size_t end = span_find(line, '\n');

    if (!span_starts_nocase(s, mail_mark))
        return 0;
    if (end == line.len)
        return line.len < LIMIT_PROBE ? -1 : 0;
    line = span_head(line, end);
    return span_find(line, '>') < end && line.ptr[end - 1] == '\r' ? 1 : 0;
}

/* Where a mark begins that the end of s cuts off, or s.len. */
static size_t mark_begun(struct span s)
{
    size_t at = s.len < mail_mark.len ? 0 : s.len - mail_mark.len + 1;

    while (at < s.len && !span_starts_nocase(mail_mark, span_skip(s, at)))
        at++;
    return at;
}

/*
 * A mail begins, in a session joined in the middle. It stands at the start
 * of a line, but the line end before it may be gone: to wait behind each
 * would hold back every row's.
 */
static size_t smtp_sync(struct span bytes, enum dir dir, size_t *keep)
{
    size_t before = mail_mark.len - 1; /* letters in front of its '<' */

    *keep = bytes.len;
    if (dir != DIR_CLIENT)
        return bytes.len;
    *keep = mark_begun(bytes);
    for (size_t at = before; at < bytes.len; at++) {
        at += span_find(span_skip(bytes, at), '<');
        int begins =
            at < bytes.len ? begins_mail(span_skip(bytes, at - before)) : 0;
        if (begins > 0)
            return at - before;
        if (begins < 0) {
            *keep = at - before;
            break;
        }
    }
    return bytes.len;
}

static bool smtp_open(void *state, const struct hint *hint)
{
    struct smtp *s = state;

    buf_init(&s->from, LIMIT_NAME);
    buf_init(&s->to, SMTP_NAMES);
    s->talk.channel = "smtp";
    s->adrift = hint->late[DIR_CLIENT] || hint->late[DIR_SERVER];
    return true;
}

/* --- the client --- */

/* Place of the '>' that ends an address; a quoted name may hold others. */
static size_t address_end(struct span s)
{
    bool quoted = false;
    size_t at = 0;

    for (; at < s.len && (quoted || s.ptr[at] != '>'); at++) {
        if (s.ptr[at] == '"')
            quoted = !quoted;
        else if (quoted && s.ptr[at] == '\\')
            at++;
    }
    return at < s.len ? at : span_find(s, '>');
}

/* The address between < and >, or the first word when there are none. */
static struct span address_of(struct span line)
{
    struct span rest = span_trim(span_skip(line, span_find(line, ':') + 1));
    size_t begin = span_find(rest, '<');

    if (begin < rest.len) {
        rest = span_skip(rest, begin + 1);
        return span_trim(span_head(rest, address_end(rest)));
    }
    return span_head(rest, span_find(rest, ' '));
}

void smtp_forget(struct smtp *s)
{
    buf_reset(&s->from);
    buf_reset(&s->to);
    s->to_count = s->to_more = 0;
    s->mail = s->go_ahead = s->data_refused = false;
    s->holed = s->unsized = s->over = false;
    s->early = 0;
    s->round++;
}

/* A message that BDAT left open ends here. */
static bool drop_mail(struct smtp *s, struct sink *out)
{
    bool ok = !s->part_open || smtp_mail_end(s, PART_CUT, out);

    smtp_forget(s);
    return ok;
}

static bool take_from(struct smtp *s, struct span line, struct sink *out)
{
    bool ok = drop_mail(s, out);

    s->mail = true;
    if (!buf_add(&s->from, span_head(address_of(line), LIMIT_NAME)))
        buf_reset(&s->from);
    return ok;
}

static void take_to(struct smtp *s, struct span line)
{
    struct span address = span_head(address_of(line), LIMIT_NAME);
    size_t before = s->to.len;

    s->mail = true;
    if (s->to_count == LIMIT_RECIPIENTS || !buf_add_byte(&s->to, '+') ||
        !buf_add(&s->to, address) || !buf_add_byte(&s->to, '\n')) {
        s->to.len = before;
        s->to_more++;
        return;
    }
    s->to_count++;
}

static void take_data(struct smtp *s)
{
    s->mode = SMTP_MESSAGE;
    s->data_refused = false;
    if (!s->go_ahead) /* else its reply came before it */
        smtp_ask(s, ASKED_DATA, 0);
}

/* The size of a chunk; false when nobody could send as much. */
static bool chunk_size(struct span argument, uint64_t *size, bool *last)
{
    const uint64_t largest = UINT64_C(1) << 62;
    struct span rest = argument, number = {0};
    bool fine = span_cut(&rest, ' ', &number) && span_number(number, size) &&
                *size <= largest;

    *last = span_eq_nocase(span_trim(rest), SPAN("LAST"));
    return fine;
}

/* BDAT size [LAST]: what has no size goes on until the next command. */
static enum decode_status take_chunk(struct smtp *s, struct span line,
                                     struct sink *out)
{
    const struct note odd = {
        .kind = NOTE_ANOMALY, .dir = DIR_CLIENT, .text = SPAN("malformed")};
    struct reader none = reader_over((struct span){NULL, 0});
    bool sized =
        chunk_size(line_argument(line), &s->chunk_left, &s->last_chunk);

    s->mode = sized ? SMTP_CHUNK : SMTP_MESSAGE;
    if (!smtp_mail_begin(s, out))
        return DECODE_REFUSED;
    smtp_ask(s, s->last_chunk ? ASKED_MESSAGE : ASKED_CHUNK, 0);
    if (!sized) {
        s->unsized = true;
        return out->ops->note(out->ctx, &odd) ? DECODE_DONE : DECODE_REFUSED;
    }
    return s->chunk_left > 0 ? DECODE_DONE : smtp_mail_chunk(s, &none, out);
}

/* No command: the first line of a message whose DATA was lost? */
static bool begins_message(const struct smtp *s, struct span line)
{
    size_t colon = span_find(line, ':');
    bool header = colon > 0 && colon < line.len &&
                  span_find(span_head(line, colon), ' ') == colon;

    return s->mail && !s->part_open &&
           (s->go_ahead || (s->adrift && s->to_count > 0 && header));
}

/* A command line that s knows. DECODE_BAD: it cannot be SMTP. */
static enum decode_status take_verb(struct smtp *s, enum verb_kind kind,
                                    struct span line, struct sink *out)
{
    bool ok = true;

    switch (kind) {
    case VERB_BDAT:
        return take_chunk(s, line, out);
    case VERB_DATA:
        take_data(s);
        return DECODE_DONE;
    case VERB_RCPT:
        if (s->over)
            smtp_forget(s);
        smtp_ask(s, ASKED_RCPT, s->to.len);
        take_to(s, line);
        return DECODE_DONE;
    case VERB_AUTH:
        smtp_ask(s, ASKED_AUTH, 0);
        smtp_auth_command(s, line_argument(line));
        return DECODE_DONE;
    case VERB_STARTTLS:
        smtp_ask(s, ASKED_STARTTLS, 0);
        return DECODE_DONE;
    case VERB_MAIL:
        ok = take_from(s, line, out);
        break;
    case VERB_RESET:
        ok = drop_mail(s, out);
        break;
    case VERB_NONE:
    case VERB_SAYS:
    case VERB_UNKNOWN:
        break;
    }
    smtp_ask(s, ASKED_OTHER, 0);
    return ok ? DECODE_DONE : DECODE_REFUSED;
}

/* One line between messages. */
static enum decode_status take_line(struct smtp *s, struct span line,
                                    struct sink *out)
{
    enum verb_kind kind = verb_of(line);
    bool says =
        kind == VERB_UNKNOWN || (kind == VERB_SAYS && fields_tell(line));

    if (!says && !talk_end(&s->talk, DIR_CLIENT, out))
        return DECODE_REFUSED;
    if (says && ((s->part_open && !smtp_mail_end(s, PART_CUT, out)) ||
                 !talk_line(&s->talk, DIR_CLIENT, line, out)))
        return DECODE_REFUSED;
    return take_verb(s, kind, line, out);
}

/* Client bytes in DATA mode: the message, unless the server refused it. */
static enum decode_status feed_message(struct smtp *s, struct reader *r,
                                       struct sink *out)
{
    if (s->data_refused && !s->part_open) {
        s->mode = SMTP_COMMANDS;
        return DECODE_DONE;
    }
    if (!smtp_mail_begin(s, out))
        return DECODE_REFUSED;
    return smtp_mail_data(s, r, out);
}

/* Client bytes between messages: one line. */
static enum decode_status feed_line(struct smtp *s, struct reader *r,
                                    struct sink *out)
{
    struct reader ahead = *r;
    struct span line;

    if (s->tls || span_starts(r->rest, SPAN("\x16\x03")))
        return DECODE_RAW;
    switch (line_take(&ahead, &line)) {
    case LINE_MORE:
        return DECODE_MORE;
    case LINE_ENDLESS:
        return DECODE_BAD;
    case LINE_WHOLE:
        break;
    }
    if (smtp_auth_waits(s)) {
        smtp_auth_line(s, line);
    } else if (verb_of(line) == VERB_UNKNOWN && begins_message(s, line)) {
        s->mode = SMTP_MESSAGE;
        return DECODE_DONE;
    } else {
        enum decode_status status = take_line(s, line, out);
        if (status != DECODE_DONE)
            return status;
    }
    *r = ahead;
    return DECODE_DONE;
}

/* One step of the client's side; DECODE_DONE: there may be another. */
static enum decode_status feed_client(struct smtp *s, struct reader *r,
                                      struct sink *out)
{
    if (s->mode == SMTP_MESSAGE)
        return feed_message(s, r, out);
    if (s->mode == SMTP_CHUNK)
        return smtp_mail_chunk(s, r, out);
    return feed_line(s, r, out);
}

/* --- the server, and both --- */

static enum decode_status feed_server(struct smtp *s, struct reader *r,
                                      struct sink *out)
{
    struct span line;

    s->server_seen = true;
    if (span_starts(r->rest, SPAN("\x16\x03")))
        return DECODE_RAW;
    switch (line_take(r, &line)) {
    case LINE_MORE:
        return DECODE_MORE;
    case LINE_ENDLESS:
        return DECODE_BAD;
    case LINE_WHOLE:
        break;
    }
    return smtp_reply(s, line, out) ? DECODE_DONE : DECODE_REFUSED;
}

static struct progress smtp_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct smtp *s = state;
    struct reader r = reader_over(bytes);
    enum decode_status status = DECODE_DONE;

    while (status == DECODE_DONE && reader_left(&r) > 0)
        status = dir == DIR_CLIENT ? feed_client(s, &r, out)
                                   : feed_server(s, &r, out);
    if (status == DECODE_DONE)
        status = DECODE_MORE;
    return (struct progress){status, bytes.len - reader_left(&r)};
}

static struct progress smtp_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct smtp *s = state;
    bool ok = talk_end(&s->talk, dir, out);

    s->adrift = true;
    if (ok && dir == DIR_CLIENT)
        ok = smtp_mail_gap(s, len, out);
    return (struct progress){ok ? DECODE_MORE : DECODE_REFUSED, 0};
}

/* An unfinished line: of the message, or text like any other. */
static bool take_rest(struct smtp *s, enum dir dir, struct span rest,
                      struct sink *out)
{
    if (rest.len == 0)
        return true;
    if (dir == DIR_CLIENT && s->part_open)
        return out->ops->put(out->ctx, rest);
    if (dir == DIR_CLIENT && smtp_auth_waits(s))
        return true;
    return talk_line(&s->talk, dir, rest, out);
}

static enum decode_status smtp_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct smtp *s = state;
    unsigned early = s->early;
    bool ok = take_rest(s, dir, rest, out) && talk_end(&s->talk, dir, out);

    if (ok && dir == DIR_CLIENT && s->part_open)
        ok = smtp_mail_end(s, PART_CUT, out) &&
             (early < 400 || smtp_outcome(early, out));
    return ok ? DECODE_DONE : DECODE_REFUSED;
}

static void smtp_close(void *state)
{
    struct smtp *s = state;

    buf_clear(&s->from);
    buf_clear(&s->to);
}

const struct decoder decoder_smtp = {
    .name = "smtp",
    .state_size = sizeof(struct smtp),
    .protocol = true,
    .probe = smtp_probe,
    .sync = smtp_sync,
    .open = smtp_open,
    .feed = smtp_feed,
    .gap = smtp_gap,
    .end = smtp_end,
    .close = smtp_close,
};
