// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * smtp_mail.c - the message of a mail transaction.
 *
 * In:   client bytes behind DATA or BDAT.
 * Out:  one transfer with one message/rfc822 part, dots unstuffed.
 * Not:  reads no header: the mime decoder does.
 * Spec: RFC 5321 4.5.2 (transparency), RFC 3030 (BDAT).
 */
#include "decode/proto/smtp.h"

/* The recipients that were not refused, as spans over s->to. */
static size_t list_recipients(const struct smtp *s, struct span *out)
{
    struct span rest = buf_span(&s->to), line;
    size_t count = 0;

    while (count < LIMIT_RECIPIENTS && span_cut(&rest, '\n', &line)) {
        if (span_starts(line, SPAN("+")))
            out[count++] = span_skip(line, 1);
    }
    return count;
}

static bool mail_open(struct smtp *s, struct sink *out)
{
    struct span to[LIMIT_RECIPIENTS];
    const struct transfer_info mail = {
        .channel = "smtp",
        .step = SPAN("mail"),
        .mail_from = buf_span(&s->from),
        .mail_to = to,
        .mail_to_count = list_recipients(s, to),
        .mail_to_more = s->to_more,
        .answered = s->server_seen,
    };
    const struct part_info message = {
        .step = SPAN("message"),
        .media = SPAN("message/rfc822"),
    };

    s->line_start = true;
    s->mails++;
    if (!talk_end(&s->talk, DIR_CLIENT, out) ||
        !out->ops->transfer_open(out->ctx, &mail) ||
        !out->ops->part_open(out->ctx, &message))
        return false;
    s->part_open = true;
    return true;
}

bool smtp_mail_begin(struct smtp *s, struct sink *out)
{
    if (s->part_open)
        return true;
    if (s->over) /* a message nobody was named for */
        smtp_forget(s);
    return mail_open(s, out);
}

bool smtp_mail_end(struct smtp *s, enum part_end how, struct sink *out)
{
    bool ok = !s->part_open || (out->ops->part_close(out->ctx, how) &&
                                out->ops->transfer_close(out->ctx));

    s->part_open = false;
    s->mode = SMTP_COMMANDS;
    s->mail = s->go_ahead = s->data_refused = false;
    s->holed = s->unsized = false;
    s->early = 0;
    s->over = true;
    return ok;
}

/* The message's end was seen: its reply comes, or came before it. */
static bool end_message(struct smtp *s, struct sink *out)
{
    unsigned early = s->early;

    if (!smtp_mail_end(s, PART_WHOLE, out))
        return false;
    if (early > 0)
        return smtp_outcome(early, out);
    smtp_ask(s, ASKED_MESSAGE, 0);
    return true;
}

/* Length of the end mark (dot and line end) at the start of s; 0: none. */
static size_t end_mark(struct span s)
{
    if (span_starts(s, SPAN(".\r\n")))
        return 3;
    return span_starts(s, SPAN(".\n")) ? 2 : 0;
}

/* A dot at a line start: the end, a stuffed dot, or not known yet. */
static enum decode_status take_dot(struct smtp *s, struct reader *r,
                                   struct sink *out)
{
    size_t mark = end_mark(r->rest);

    if (mark == 0 && r->rest.len < 3)
        return DECODE_MORE;
    s->line_start = false;
    if (mark == 0) {
        reader_skip(r, 1);
        return DECODE_MORE;
    }
    reader_skip(r, mark);
    return end_message(s, out) ? DECODE_DONE : DECODE_REFUSED;
}

/*
 * Behind a hole that may have swallowed the message's end, or in a chunk
 * without a size: does a command stand here? 1 yes, 0 no, -1 not yet known.
 */
static int command_here(const struct smtp *s, struct span rest)
{
    static const struct span words[] = {
        SPAN_INIT("BDAT "),    SPAN_INIT("MAIL FROM:<"), SPAN_INIT("RCPT TO:<"),
        SPAN_INIT("RSET\r\n"), SPAN_INIT("QUIT\r\n"),    SPAN_INIT("DATA\r\n"),
        SPAN_INIT("EHLO ")};
    int here = 0;

    bool lost = s->holed && (!s->server_seen || s->early > 0);

    if (!lost && !s->unsized)
        return 0;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_starts_nocase(rest, words[i]))
            return 1;
        if (span_starts_nocase(words[i], rest))
            here = -1;
    }
    return here;
}

/* The end was lost: what follows are commands again. */
static bool end_lost(struct smtp *s, struct sink *out)
{
    unsigned early = s->early;

    if (s->unsized) { /* another chunk may follow */
        s->unsized = false;
        s->mode = SMTP_COMMANDS;
        return true;
    }
    return smtp_mail_end(s, PART_CUT, out) &&
           (early == 0 || smtp_outcome(early, out));
}

/* Bytes up to the next line that begins with a dot, or with anything. */
static bool put_lines(struct smtp *s, struct reader *r, struct sink *out)
{
    struct span stop = s->holed || s->unsized ? SPAN("\n") : SPAN("\n.");
    size_t at = span_find_run(r->rest, stop);
    bool found = at < r->rest.len;
    struct span piece = reader_take(r, found ? at + 1 : r->rest.len);

    s->line_start = piece.ptr[piece.len - 1] == '\n';
    return out->ops->put(out->ctx, piece);
}

/*
 * Puts message bytes until the end mark. DECODE_DONE: the message is over;
 * DECODE_MORE: all that can be used was used.
 */
enum decode_status smtp_mail_data(struct smtp *s, struct reader *r,
                                  struct sink *out)
{
    while (reader_left(r) > 0) {
        if (s->line_start && !s->unsized && reader_peek(r, 0) == '.') {
            size_t before = reader_left(r);
            enum decode_status status = take_dot(s, r, out);
            if (status != DECODE_MORE || reader_left(r) == before)
                return status;
            continue;
        }
        int command = s->line_start ? command_here(s, r->rest) : 0;
        if (command < 0)
            return DECODE_MORE;
        if (command > 0)
            return end_lost(s, out) ? DECODE_DONE : DECODE_REFUSED;
        if (!put_lines(s, r, out))
            return DECODE_REFUSED;
    }
    return DECODE_MORE;
}

/* A chunk is over, and with the last one the message. */
static bool end_chunk(struct smtp *s, enum part_end how, struct sink *out)
{
    s->mode = SMTP_COMMANDS;
    return !s->last_chunk || smtp_mail_end(s, how, out);
}

enum decode_status smtp_mail_chunk(struct smtp *s, struct reader *r,
                                   struct sink *out)
{
    size_t most = s->chunk_left < SIZE_MAX ? (size_t)s->chunk_left : SIZE_MAX;
    struct span piece = reader_upto(r, most);

    s->chunk_left -= piece.len;
    if (piece.len > 0 && !out->ops->put(out->ctx, piece))
        return DECODE_REFUSED;
    if (s->chunk_left > 0)
        return DECODE_MORE;
    return end_chunk(s, PART_WHOLE, out) ? DECODE_DONE : DECODE_REFUSED;
}

static bool gap_in_chunk(struct smtp *s, uint64_t len, struct sink *out)
{
    uint64_t inside = len < s->chunk_left ? len : s->chunk_left;

    s->chunk_left -= inside;
    if (!out->ops->gap(out->ctx, inside))
        return false;
    return s->chunk_left > 0 || end_chunk(s, PART_CUT, out);
}

bool smtp_mail_gap(struct smtp *s, uint64_t len, struct sink *out)
{
    /* More than a few lines in a transaction: DATA itself was lost. */
    bool begun = s->mode == SMTP_COMMANDS && s->mail && !s->part_open &&
                 len > LIMIT_NAME;

    if (s->mode == SMTP_CHUNK)
        return gap_in_chunk(s, len, out);
    if (s->mode != SMTP_MESSAGE && !begun) {
        s->mode = SMTP_COMMANDS;
        return true;
    }
    s->mode = SMTP_MESSAGE;
    if (!smtp_mail_begin(s, out))
        return false;
    s->line_start = false;
    s->holed = true;
    return out->ops->gap(out->ctx, len);
}
