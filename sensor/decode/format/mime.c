// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mime.c - a mail message: its header, and its body as one part.
 *
 * In:   a part of type message/rfc822, or one that begins as a mail does.
 * Out:  a part "headers" with the subject and the lines that could hold
 *       rows, then one part for the body with its type, name and coding.
 * Not:  takes no addresses: the envelope names the receivers.
 * Spec: RFC 5322, RFC 2045; a file that stands in plain text between "begin"
 *       and "end" (uuencode) is a part of its own.
 *
 * Lines are read one by one, so a header may be of any length; those that
 * describe the body are held.
 */
#include <ctype.h>

#include "decode/format/entity.h"
#include "decode/format/uuencode.h"
#include "decode/params.h"
#include "outflow/buf.h"
#include "outflow/compiler.h"

enum {
    HELD_MAX = 16 << 10, /* bytes of the lines that are held */
    TEXT_MAX = 1 << 10,  /* bytes of a subject */
    BEGIN_MAX = 256,     /* bytes of a line that begins a file */
};

enum line_kind {
    LINE_OTHER = 0, /* put when it could hold rows */
    LINE_HELD,      /* describes the body, or is text in encoded words */
    LINE_PASSED,    /* addresses and traces */
};

struct mime {
    struct buf held; /* lines that matter */
    uint8_t kind;    /* enum line_kind of the field being read */
    bool inside;     /* inside a line longer than LIMIT_HEAD */
    bool part;       /* the part "headers" is open */
    bool body;       /* the body has begun */
    bool holed;      /* lines of the header are missing */
    bool plain;      /* the body is plain text: a file may begin in it */
    bool fresh;      /* and its last byte ended a line */
};

/* "Name: value", or what may become one; blanks go on with the last. */
static enum match field_here(struct span line, bool whole)
{
    size_t at = 0;

    if (line.len > 0 && (*line.ptr == ' ' || *line.ptr == '\t'))
        return MATCH_YES;
    while (at < line.len && (isalnum(line.ptr[at]) || line.ptr[at] == '-' ||
                             line.ptr[at] == '_'))
        at++;
    if (at == line.len)
        return whole ? MATCH_NO : MATCH_MORE;
    return at > 0 && line.ptr[at] == ':' ? MATCH_YES : MATCH_NO;
}

/* Fields that only a mail has. */
static bool is_sure(struct span line)
{
    static const struct span sure[] = {
        SPAN_INIT("MIME-Version:"), SPAN_INIT("Message-ID:"),
        SPAN_INIT("Received:"), SPAN_INIT("Return-Path:"),
        SPAN_INIT("Delivered-To:")};

    for (size_t i = 0; i < COUNT(sure); i++)
        if (span_starts_nocase(line, sure[i]))
            return true;
    return false;
}

/* A mail as a file of its own, whatever it is said to be. */
static enum match begins_mail(struct span head)
{
    struct span rest = head, line;
    enum match match = MATCH_YES;

    if (head.len > 0 && (*head.ptr == ' ' || *head.ptr == '\t'))
        return MATCH_NO;                  /* goes on with nothing */
    if (span_starts(head, SPAN("From "))) /* of a mailbox file */
        rest = span_skip(head, span_find(head, '\n') + 1);
    while (match == MATCH_YES && rest.len > 0) {
        bool whole = span_find(rest, '\n') < rest.len;
        (void)span_cut(&rest, '\n', &line);
        if (whole && is_sure(line))
            return MATCH_YES;
        match = field_here(line, whole);
    }
    return match == MATCH_NO ? MATCH_NO : MATCH_MORE;
}

static enum match mime_probe(struct span head, const struct hint *hint)
{
    struct span media = params_value(hint->part->media);

    if (hint->part->coding.len > 0)
        return MATCH_NO;
    if (span_eq_nocase(media, SPAN("message/rfc822")) ||
        span_eq_nocase(media, SPAN("message/global")))
        return MATCH_YES;
    if (span_eq(hint->part->step, SPAN("headers"))) /* of something else */
        return MATCH_NO;
    enum match match = begins_mail(head);
    bool last = hint->ended || head.len >= LIMIT_PROBE;
    return match == MATCH_MORE && last ? MATCH_NO : match;
}

/* Fields whose text people write. */
static bool is_text(struct span name)
{
    return span_eq_nocase(name, SPAN("Subject")) ||
           span_eq_nocase(name, SPAN("Comments")) ||
           span_eq_nocase(name, SPAN("Keywords"));
}

/* Fields full of addresses and numbers that are nobody's customers. */
static bool is_passed(struct span name)
{
    static const char *const names[] = {
        "From",        "To",         "Cc",           "Bcc",
        "Sender",      "Reply-To",   "Return-Path",  "Delivered-To",
        "Message-ID",  "References", "In-Reply-To",  "Received",
        "Date",        "Errors-To",  "Thread-Index", "Authentication-Results",
        "Received-SPF"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (span_eq_nocase(name, span_of(names[i])))
            return true;
    return span_starts_nocase(name, SPAN("DKIM-")) ||
           span_starts_nocase(name, SPAN("ARC-")) ||
           span_starts_nocase(name, SPAN("List-")) ||
           span_starts_nocase(name, SPAN("Resent-"));
}

static enum line_kind kind_of(struct span line)
{
    struct field_line field = {{NULL, 0}, {NULL, 0}};
    struct span rest = line;

    (void)fields_next(&rest, &field);
    if (is_text(field.name) || entity_wants(line))
        return LINE_HELD;
    return is_passed(field.name) ? LINE_PASSED : LINE_OTHER;
}

static bool header_put(struct mime *m, struct span bytes, struct sink *out)
{
    const struct part_info info = {.step = SPAN("headers")};

    if (!m->part && !out->ops->part_open(out->ctx, &info))
        return false;
    m->part = true;
    return out->ops->put(out->ctx, bytes);
}

static bool take_line(struct mime *m, struct span line, struct sink *out)
{
    bool folded = *line.ptr == ' ' || *line.ptr == '\t';

    if (!folded)
        m->kind = (uint8_t)kind_of(line);
    if (m->kind == LINE_HELD) {
        if (m->held.cap == 0)
            buf_init(&m->held, HELD_MAX);
        if (buf_add(&m->held, line))
            return true;
    }
    if (m->kind == LINE_PASSED || !fields_tell(line))
        return true;
    return header_put(m, line, out);
}

/* The subject and its like, with their encoded words undone. */
static bool put_texts(struct mime *m, struct sink *out)
{
    uint8_t text[TEXT_MAX];
    struct span block = buf_span(&m->held);
    struct field_line line;

    while (fields_next(&block, &line)) {
        if (!is_text(line.name))
            continue;
        size_t len = fields_text(line.value, text, sizeof(text) - 1);
        text[len] = '\n';
        if (len > 0 && !header_put(m, (struct span){text, len + 1}, out))
            return false;
    }
    return true;
}

/* Is it any coding but those that change nothing? */
static bool is_recoded(struct span coding)
{
    return !span_eq_nocase(coding, SPAN("7bit")) &&
           !span_eq_nocase(coding, SPAN("8bit")) &&
           !span_eq_nocase(coding, SPAN("binary"));
}

static bool body_begin(struct mime *m, struct sink *out)
{
    struct entity e;

    if (!put_texts(m, out))
        return false;
    if (m->part && !out->ops->part_close(out->ctx, PART_WHOLE))
        return false;
    entity_read(buf_span(&m->held), &e);
    if (!e.file)
        e.info.step = (struct span){NULL, 0};
    m->body = true;
    struct span media = params_value(e.info.media);
    m->plain = e.info.coding.len == 0 || !is_recoded(e.info.coding);
    m->plain = m->plain &&
               (media.len == 0 || span_eq_nocase(media, SPAN("text/plain")));
    m->fresh = true;
    bool open = out->ops->part_open(out->ctx, &e.info);
    buf_clear(&m->held); /* e borrows from it */
    return open;
}

/* Take one header line; gives bytes used, SIZE_MAX: not there yet. */
static size_t header(struct mime *m, struct span bytes, struct sink *out,
                     enum decode_status *status)
{
    struct span seen = span_head(bytes, LIMIT_HEAD);
    size_t end = span_find(seen, '\n');
    bool whole = end < seen.len;
    struct span line = span_head(seen, end + whole);
    bool fine = true;

    if (!whole && seen.len < LIMIT_HEAD && !m->inside)
        return SIZE_MAX;
    bool strange = m->holed && !m->inside && field_here(line, true) == MATCH_NO;

    if (strange && span_trim(line).len > 0) { /* the hole took the end */
        *status = body_begin(m, out) ? DECODE_MORE : DECODE_REFUSED;
        return 0;
    }
    if (m->inside || !whole)
        fine = header_put(m, line, out);
    else if (span_trim(line).len == 0)
        fine = body_begin(m, out);
    else
        fine = take_line(m, line, out);
    m->inside = !whole;
    if (!fine)
        *status = DECODE_REFUSED;
    return line.len;
}

/* The next line behind from that may begin a file, or bytes.len. */
static size_t next_begin(struct span bytes, size_t from)
{
    struct span mark = SPAN("\nbegin");
    size_t found = from + span_find_run(span_skip(bytes, from), mark);
    size_t at = bytes.len < mark.len ? 0 : bytes.len - mark.len + 1;

    if (found < bytes.len)
        return found + 1;
    at = at > from ? at : from; /* the end may cut it off */
    at += span_find(span_skip(bytes, at), '\n');
    return at < bytes.len ? at + 1 : at;
}

/* Place of a line that begins a file, *whole of it; or of its beginning. */
static size_t find_file(const struct mime *m, struct span bytes, bool *whole)
{
    struct span mark = SPAN("begin");
    size_t at = m->fresh ? 0 : next_begin(bytes, 0);

    *whole = false;
    for (; at < bytes.len; at = next_begin(bytes, at)) {
        struct span rest = span_skip(bytes, at);
        if (!span_starts(rest, span_head(mark, rest.len)))
            continue;
        struct span seen = span_head(rest, BEGIN_MAX);
        size_t end = span_find(seen, '\n');
        if (end == seen.len && seen.len < BEGIN_MAX)
            return at; /* it may become one */
        *whole = end < seen.len && uuencode_begins(span_head(rest, end));
        if (*whole)
            return at;
    }
    return bytes.len;
}

/* Take body bytes; gives bytes used. */
static size_t body(struct mime *m, struct span bytes, struct sink *out,
                   enum decode_status *status)
{
    const struct part_info info = {.step = {NULL, 0}};
    bool file = false;
    size_t at = m->plain ? find_file(m, bytes, &file) : bytes.len;
    bool fine = at == 0 || out->ops->put(out->ctx, span_head(bytes, at));

    if (at > 0)
        m->fresh = bytes.ptr[at - 1] == '\n';
    if (file) { /* all that follows is a part of its own */
        m->plain = false;
        fine = fine && out->ops->part_close(out->ctx, PART_WHOLE) &&
               out->ops->part_open(out->ctx, &info) &&
               out->ops->put(out->ctx, span_skip(bytes, at));
        at = bytes.len;
    }
    if (!fine)
        *status = DECODE_REFUSED;
    return at;
}

static struct progress mime_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    struct mime *m = state;
    enum decode_status status = DECODE_MORE;
    struct span rest = bytes;

    (void)dir;
    while (rest.len > 0 && status == DECODE_MORE && !m->body) {
        size_t used = header(m, rest, out, &status);
        if (used == SIZE_MAX)
            return (struct progress){status, bytes.len - rest.len};
        rest = span_skip(rest, used);
    }
    while (rest.len > 0 && status == DECODE_MORE) {
        size_t used = body(m, rest, out, &status);
        if (used == 0)
            break;
        rest = span_skip(rest, used);
    }
    return (struct progress){status, bytes.len - rest.len};
}

/* A hole in the header: what was read of it describes the body. */
static struct progress mime_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct mime *m = state;

    (void)dir;
    m->fresh = false;
    if (!m->body) {
        m->holed = true;
        m->inside = true;
        m->kind = LINE_OTHER;
    }
    if (m->body && !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status mime_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct mime *m = state;

    (void)dir;
    if (m->body && rest.len > 0)
        return out->ops->put(out->ctx, rest) ? DECODE_DONE : DECODE_REFUSED;
    if (rest.len > 0 && !header_put(m, rest, out))
        return DECODE_REFUSED;
    if (!m->body && !put_texts(m, out))
        return DECODE_REFUSED;
    return DECODE_DONE;
}

static void mime_close(void *state)
{
    struct mime *m = state;

    buf_clear(&m->held);
}

const struct decoder decoder_mime = {
    .name = "mime",
    .state_size = sizeof(struct mime),
    .probe = mime_probe,
    .feed = mime_feed,
    .gap = mime_gap,
    .end = mime_end,
    .close = mime_close,
};
