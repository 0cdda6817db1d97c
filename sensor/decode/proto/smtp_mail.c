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

bool smtp_mail_begin(struct smtp *s, struct sink *out)
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

    if (s->part_open)
        return true;
    s->line_start = true;
    if (!out->ops->transfer_open(out->ctx, &mail))
        return false;
    if (!out->ops->part_open(out->ctx, &message))
        return false;
    s->part_open = true;
    return true;
}

bool smtp_mail_end(struct smtp *s, enum part_end how, struct sink *out)
{
    bool ok = !s->part_open || (out->ops->part_close(out->ctx, how) &&
                                out->ops->transfer_close(out->ctx));

    s->part_open = false;
    s->mode = SMTP_COMMANDS;
    buf_reset(&s->from);
    buf_reset(&s->to);
    s->to_count = s->to_more = 0;
    return ok;
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
    return smtp_mail_end(s, PART_WHOLE, out) ? DECODE_DONE : DECODE_REFUSED;
}

/*
 * Puts message bytes until the end mark. DECODE_DONE: the message is over;
 * DECODE_MORE: all that can be used was used.
 */
enum decode_status smtp_mail_data(struct smtp *s, struct reader *r,
                                  struct sink *out)
{
    while (reader_left(r) > 0) {
        if (s->line_start && reader_peek(r, 0) == '.') {
            size_t before = reader_left(r);
            enum decode_status status = take_dot(s, r, out);
            if (status != DECODE_MORE || reader_left(r) == before)
                return status;
            continue;
        }
        size_t dot = span_find_run(r->rest, SPAN("\n."));
        bool found = dot < r->rest.len;
        struct span piece = reader_take(r, found ? dot + 1 : r->rest.len);
        s->line_start = piece.ptr[piece.len - 1] == '\n';
        if (!out->ops->put(out->ctx, piece))
            return DECODE_REFUSED;
    }
    return DECODE_MORE;
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
    s->mode = SMTP_COMMANDS;
    if (s->last_chunk && !smtp_mail_end(s, PART_WHOLE, out))
        return DECODE_REFUSED;
    return DECODE_DONE;
}
