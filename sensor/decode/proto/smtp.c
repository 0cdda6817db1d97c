// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp.c - decode SMTP sessions down to the messages they carry.
 *
 * In:   both directions of a TCP flow; either alone gives what it can.
 * Out:  one transfer per mail (envelope sender and recipients, the message),
 *       the accepted log-in, and where TLS begins.
 * Not:  opens no message: the mime decoder does. What STARTTLS hides is the
 *       tls decoder's to count.
 * Spec: RFC 5321, RFC 2920 (pipelining), RFC 3030 (BDAT), RFC 4954 (AUTH),
 *       RFC 3207 (STARTTLS).
 *
 *     C: MAIL FROM:<a> RCPT TO:<b> DATA      S: 250 250 354
 *     C: message CRLF . CRLF                 S: 250 (or 5xx: refused)
 */
#include "decode/proto/smtp.h"

/* Commands of a client, and what their reply will answer. */
static const struct {
    struct span verb;
    enum smtp_asked asked;
} verbs[] = {
    {SPAN_INIT("EHLO"), ASKED_OTHER},
    {SPAN_INIT("HELO"), ASKED_OTHER},
    {SPAN_INIT("LHLO"), ASKED_OTHER},
    {SPAN_INIT("MAIL"), ASKED_OTHER},
    {SPAN_INIT("RCPT"), ASKED_RCPT},
    {SPAN_INIT("DATA"), ASKED_DATA},
    {SPAN_INIT("BDAT"), ASKED_OTHER},
    {SPAN_INIT("RSET"), ASKED_OTHER},
    {SPAN_INIT("NOOP"), ASKED_OTHER},
    {SPAN_INIT("QUIT"), ASKED_OTHER},
    {SPAN_INIT("AUTH"), ASKED_AUTH},
    {SPAN_INIT("STARTTLS"), ASKED_STARTTLS},
    {SPAN_INIT("VRFY"), ASKED_OTHER},
    {SPAN_INIT("EXPN"), ASKED_OTHER},
    {SPAN_INIT("HELP"), ASKED_OTHER},
    {SPAN_INIT("ETRN"), ASKED_OTHER},
    {SPAN_INIT("XCLIENT"), ASKED_OTHER},
    {SPAN_INIT("XFORWARD"), ASKED_OTHER},
};

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

/* "220 host ESMTP": FTP greets with 220 too, so the word decides. */
static enum match probe_server(struct span head)
{
    struct span greeting = SPAN("220");
    struct span line = span_head(head, span_find(head, '\n'));

    if (!span_starts(head, span_head(greeting, head.len)))
        return MATCH_NO;
    if (head.len < 4 || line.len == head.len)
        return MATCH_MORE;
    if (span_find_run(line, SPAN("SMTP")) < line.len)
        return MATCH_YES;
    return span_find_run(line, SPAN("FTP")) < line.len ? MATCH_NO : MATCH_MORE;
}

static enum match smtp_probe(struct span head, const struct hint *hint)
{
    enum match found =
        hint->dir == DIR_CLIENT ? probe_client(head) : probe_server(head);

    return found == MATCH_MORE && (hint->ended || head.len >= LIMIT_PROBE)
               ? MATCH_NO
               : found;
}

static bool smtp_open(void *state, const struct hint *hint)
{
    struct smtp *s = state;

    (void)hint;
    buf_init(&s->from, LIMIT_NAME);
    buf_init(&s->to, SMTP_NAMES);
    return true;
}

static void ask(struct smtp *s, enum smtp_asked what)
{
    if (s->asked_count == SMTP_ASKED) {
        s->asked_first = (s->asked_first + 1) % SMTP_ASKED;
        s->asked_count--;
    }
    unsigned at = (s->asked_first + s->asked_count++) % SMTP_ASKED;
    s->asked[at] = (uint8_t)what;
    s->asked_at[at] = (uint16_t)s->to.len;
}

/* The address between < and >, or the first word when there are none. */
static struct span address_of(struct span argument)
{
    size_t colon = span_find(argument, ':');
    struct span rest = span_trim(span_skip(argument, colon + 1));
    size_t begin = span_find(rest, '<');

    if (begin < rest.len) {
        rest = span_skip(rest, begin + 1);
        return span_trim(span_head(rest, span_find(rest, '>')));
    }
    return span_head(rest, span_find(rest, ' '));
}

static void take_from(struct smtp *s, struct span argument)
{
    buf_reset(&s->from);
    buf_reset(&s->to);
    s->to_count = s->to_more = 0;
    if (!buf_add(&s->from, span_head(address_of(argument), s->from.cap)))
        buf_reset(&s->from);
}

static void take_to(struct smtp *s, struct span argument)
{
    struct span address = span_head(address_of(argument), LIMIT_NAME);
    size_t before = s->to.len;

    if (s->to_count == LIMIT_RECIPIENTS || !buf_add_byte(&s->to, '+') ||
        !buf_add(&s->to, address) || !buf_add_byte(&s->to, '\n')) {
        s->to.len = before;
        s->to_more++;
        return;
    }
    s->to_count++;
}

/* BDAT size [LAST]; anything else is not SMTP any more. */
static bool take_chunk(struct smtp *s, struct span argument, struct sink *out)
{
    struct span rest = argument, size = {0};
    const uint64_t largest = UINT64_C(1) << 62;

    if (!span_cut(&rest, ' ', &size) || !span_number(size, &s->chunk_left) ||
        s->chunk_left > largest)
        return false;
    s->last_chunk = span_eq_nocase(span_trim(rest), SPAN("LAST"));
    ask(s, s->last_chunk ? ASKED_MESSAGE : ASKED_OTHER);
    s->mode = SMTP_CHUNK;
    return smtp_mail_begin(s, out);
}

static enum smtp_asked asked_by(struct span line, bool *known)
{
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (line_is(line, verbs[i].verb)) {
            *known = true;
            return verbs[i].asked;
        }
    }
    *known = false;
    return ASKED_OTHER;
}

/* One command line; false when the sink refuses or it cannot be SMTP. */
static bool take_command(struct smtp *s, struct span line, struct sink *out)
{
    bool known = false;
    enum smtp_asked asked = asked_by(line, &known);
    struct span argument = line_argument(line);

    if (line_is(line, SPAN("BDAT")))
        return take_chunk(s, argument, out);
    ask(s, asked);
    if (line_is(line, SPAN("MAIL")))
        take_from(s, argument);
    else if (asked == ASKED_RCPT)
        take_to(s, argument);
    else if (asked == ASKED_AUTH)
        smtp_auth_command(s, argument);
    else if (asked == ASKED_DATA) {
        s->mode = SMTP_MESSAGE;
        s->data_refused = false;
    }
    return known || s->server_seen || line.len < LIMIT_NAME;
}

/* Client bytes in DATA mode: the message, unless the server refused it. */
static enum decode_status feed_message(struct smtp *s, struct reader *r,
                                       struct sink *out)
{
    if (s->data_refused && !s->part_open) {
        s->mode = SMTP_COMMANDS;
        s->data_refused = false;
        return DECODE_DONE;
    }
    if (!smtp_mail_begin(s, out))
        return DECODE_REFUSED;
    enum decode_status status = smtp_mail_data(s, r, out);
    if (status == DECODE_DONE)
        ask(s, ASKED_MESSAGE);
    return status;
}

/* Client bytes between messages: one line. */
static enum decode_status feed_line(struct smtp *s, struct reader *r,
                                    struct sink *out)
{
    struct span line;

    if (s->tls || span_starts(r->rest, SPAN("\x16\x03")))
        return DECODE_RAW;
    switch (line_take(r, &line)) {
    case LINE_MORE:
        return DECODE_MORE;
    case LINE_ENDLESS:
        return DECODE_BAD;
    case LINE_WHOLE:
        break;
    }
    if (s->mode != SMTP_COMMANDS) {
        smtp_auth_line(s, line);
        return DECODE_DONE;
    }
    return take_command(s, line, out) ? DECODE_DONE : DECODE_BAD;
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

/* The server says what becomes of the mail, or who has logged in. */
static bool tell(enum note_kind kind, struct span text, struct sink *out)
{
    const struct note note = {
        .kind = kind, .dir = DIR_CLIENT, .text = text, .number = 1};

    return out->ops->note(out->ctx, &note);
}

/* What a final reply means for what was asked, the asker at place at. */
static bool take_answer(struct smtp *s, unsigned at, unsigned code,
                        struct sink *out)
{
    bool good = code < 400;

    switch ((enum smtp_asked)s->asked[at]) {
    case ASKED_AUTH:
        if (!good && s->mode != SMTP_MESSAGE && s->mode != SMTP_CHUNK)
            s->mode = SMTP_COMMANDS;
        return code != 235 || s->user_len == 0 ||
               tell(NOTE_USER, (struct span){s->user, s->user_len}, out);
    case ASKED_RCPT:
        if (!good && s->asked_at[at] < s->to.len && !s->part_open)
            s->to.ptr[s->asked_at[at]] = '-';
        return true;
    case ASKED_DATA:
        s->data_refused = !good;
        return true;
    case ASKED_MESSAGE:
        return tell(good ? NOTE_ACCEPTED : NOTE_REFUSED, SPAN(""), out);
    case ASKED_STARTTLS:
        s->tls = good;
        return true;
    case ASKED_OTHER:
        break;
    }
    return true;
}

static bool take_reply(struct smtp *s, const struct reply *reply,
                       struct sink *out)
{
    unsigned at = s->asked_first;

    if (s->asked_count == 0 ||
        (s->asked[at] == ASKED_AUTH && reply->code == 334))
        return true;
    s->asked_first = (at + 1) % SMTP_ASKED;
    s->asked_count--;
    return take_answer(s, at, reply->code, out);
}

static enum decode_status feed_server(struct smtp *s, struct reader *r,
                                      struct sink *out)
{
    struct span line;
    struct reply reply;

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
    if (line_reply(line, &reply) && reply.last && !take_reply(s, &reply, out))
        return DECODE_REFUSED;
    return DECODE_DONE;
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
    if (status == DECODE_BAD && s->part_open)
        (void)smtp_mail_end(s, PART_CUT, out);
    return (struct progress){status, bytes.len - reader_left(&r)};
}

static struct progress smtp_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct smtp *s = state;
    bool ok = true;

    s->asked_count = 0;
    if (dir == DIR_SERVER)
        return (struct progress){DECODE_MORE, 0};
    if (s->mode == SMTP_CHUNK) {
        uint64_t inside = len < s->chunk_left ? len : s->chunk_left;
        ok = out->ops->gap(out->ctx, inside);
        s->chunk_left -= inside;
        if (s->chunk_left == 0)
            s->mode = SMTP_COMMANDS;
    } else if (s->mode == SMTP_MESSAGE) {
        ok = smtp_mail_begin(s, out) && out->ops->gap(out->ctx, len);
        s->line_start = false;
    } else if (s->from.len > 0 && len > LIMIT_NAME) {
        /* DATA itself was lost: what follows is the message. */
        s->mode = SMTP_MESSAGE;
        ok = smtp_mail_begin(s, out) && out->ops->gap(out->ctx, len);
        s->line_start = false;
    }
    return (struct progress){ok ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status smtp_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct smtp *s = state;
    bool ok = true;

    if (dir == DIR_SERVER)
        return DECODE_DONE;
    if (s->part_open) {
        if (rest.len > 0)
            ok = out->ops->put(out->ctx, rest);
        ok = smtp_mail_end(s, PART_CUT, out) && ok;
    }
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
    .open = smtp_open,
    .feed = smtp_feed,
    .gap = smtp_gap,
    .end = smtp_end,
    .close = smtp_close,
};
