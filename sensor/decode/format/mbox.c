// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mbox.c - a mailbox file: mails one behind the other.
 *
 * In:   a part that begins with a From_ line and a header field behind it.
 * Out:  a part for each mail, of type message/rfc822.
 * Not:  believes no Content-Length (mboxcl): a From_ line counts when a
 *       header follows it. One ">" of ">From " is taken off (mboxo, mboxrd).
 * Spec: RFC 4155.
 *
 *     From taro@bank.example Fri Aug  5 01:02:03 2011 LF header, body, LF
 */
#include <ctype.h>
#include <stdio.h>

#include "decode/params.h"
#include "outflow/decoder.h"
#include "outflow/limits.h"

enum {
    LINE_MOST = 400, /* bytes of a From_ line */
    QUOTES = 16,     /* ">" in front of one */
    FIELD_MOST = 80, /* bytes of a field that tell it */
};

struct mbox {
    uint32_t mails;
    bool part;  /* a part is open */
    bool fresh; /* the next byte begins a line */
};

/* "12:34" and a year: a From_ line has a date in any of many forms. */
static bool has_date(struct span line)
{
    bool hour = false, year = false;

    for (size_t i = 0; i + 4 < line.len; i++) {
        const uint8_t *p = line.ptr + i;
        hour |= isdigit(p[0]) && isdigit(p[1]) && p[2] == ':' &&
                isdigit(p[3]) && isdigit(p[4]);
        year |=
            p[0] == ' ' &&
            ((p[1] == '1' && p[2] == '9') || (p[1] == '2' && p[2] == '0')) &&
            isdigit(p[3]) && isdigit(p[4]);
    }
    return hour && year;
}

/* "Name:" at the front of bytes? */
static enum match field_here(struct span bytes, bool ended)
{
    struct span seen = span_head(bytes, FIELD_MOST);
    size_t at = 0;

    while (at < seen.len && (isalnum(seen.ptr[at]) || seen.ptr[at] == '-'))
        at++;
    if (at == seen.len && seen.len < FIELD_MOST && !ended)
        return MATCH_MORE;
    return at > 0 && at < seen.len && seen.ptr[at] == ':' ? MATCH_YES
                                                          : MATCH_NO;
}

/* Does a mail begin here? *len: of its From_ line. */
static enum match mail_here(struct span bytes, bool ended, size_t *len)
{
    struct span from = SPAN("From ");
    struct span seen = span_head(bytes, LINE_MOST);
    size_t end = span_find(seen, '\n');

    if (!span_starts(bytes, span_head(from, bytes.len)))
        return MATCH_NO;
    if (end == seen.len)
        return seen.len < LINE_MOST && !ended ? MATCH_MORE : MATCH_NO;
    if (end <= from.len || !has_date(span_head(seen, end)))
        return MATCH_NO;
    *len = end + 1;
    struct span next = span_skip(bytes, end + 1);
    if (span_starts(next, SPAN(">From ")))
        return MATCH_YES; /* of a mail that was moved */
    return field_here(next, ended);
}

static enum match mbox_probe(struct span head, const struct hint *hint)
{
    bool ended = hint->ended || head.len >= LIMIT_PROBE;
    size_t len;

    if (hint->part->coding.len > 0)
        return MATCH_NO;
    return mail_here(head, ended, &len);
}

static bool mail_open(struct mbox *m, struct sink *out)
{
    char step[32];
    struct part_info info = {.media = SPAN("message/rfc822")};
    int len = snprintf(step, sizeof(step), "mail %u", (unsigned)++m->mails);

    info.step = (struct span){(const uint8_t *)step, (size_t)len};
    bool fine = !m->part || out->ops->part_close(out->ctx, PART_WHOLE);
    m->part = true;
    return fine && out->ops->part_open(out->ctx, &info);
}

/* Bytes up to the next line that a From_ line or a quoted one could be. */
static size_t plain_len(struct span bytes)
{
    size_t at = 0;

    for (;;) {
        at += span_find(span_skip(bytes, at), '\n') + 1;
        if (at >= bytes.len)
            return bytes.len;
        if (bytes.ptr[at] == 'F' || bytes.ptr[at] == '>')
            return at;
    }
}

/* Is a quoted From_ line here? */
static enum match quoted_here(struct span bytes, bool ended)
{
    struct span from = SPAN("From ");
    size_t at = 0;

    while (at < bytes.len && at < QUOTES && bytes.ptr[at] == '>')
        at++;
    struct span rest = span_head(span_skip(bytes, at), from.len);
    if (at == 0 || !span_starts(from, rest))
        return MATCH_NO;
    if (rest.len < from.len)
        return ended ? MATCH_NO : MATCH_MORE;
    return MATCH_YES;
}

/* Take what begins a line; gives bytes used, SIZE_MAX: not there yet. */
static size_t line_begin(struct mbox *m, struct span bytes, bool ended,
                         struct sink *out, bool *fine)
{
    size_t len = 0;
    enum match quoted = quoted_here(bytes, ended);
    enum match mail = mail_here(bytes, ended, &len);

    if (quoted == MATCH_MORE || mail == MATCH_MORE)
        return SIZE_MAX;
    if (mail == MATCH_YES) {
        *fine = mail_open(m, out);
        return len;
    }
    m->fresh = false;
    return quoted == MATCH_YES;
}

static struct progress run(struct mbox *m, struct span bytes, bool ended,
                           struct sink *out)
{
    struct span rest = bytes;
    bool fine = true;

    while (fine && rest.len > 0) {
        if (m->fresh || m->mails == 0) {
            size_t used = line_begin(m, rest, ended, out, &fine);
            if (used == SIZE_MAX)
                break;
            rest = span_skip(rest, used);
            if (m->mails == 0)
                return (struct progress){DECODE_BAD, 0};
            continue;
        }
        size_t len = plain_len(rest);
        m->fresh = rest.ptr[len - 1] == '\n';
        fine = out->ops->put(out->ctx, span_head(rest, len));
        rest = span_skip(rest, len);
    }
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

static struct progress mbox_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    (void)dir;
    return run(state, bytes, false, out);
}

static struct progress mbox_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct mbox *m = state;

    (void)dir;
    m->fresh = false;
    if (!m->part)
        return (struct progress){DECODE_BAD, 0};
    if (!out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status mbox_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct mbox *m = state;
    struct progress p = run(m, rest, true, out);

    (void)dir;
    if (p.status != DECODE_MORE)
        return p.status;
    bool fine = !m->part || out->ops->part_close(out->ctx, PART_WHOLE);
    m->part = false;
    return fine ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_mbox = {
    .name = "mbox",
    .state_size = sizeof(struct mbox),
    .probe = mbox_probe,
    .feed = mbox_feed,
    .gap = mbox_gap,
    .end = mbox_end,
};
