// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * mime.c - a mail message: its header, and its body as one part.
 *
 * In:   a part of type message/rfc822.
 * Out:  a part "headers" with the subject and the lines that could hold
 *       rows, then one part for the body with its type, name and coding.
 * Not:  takes no addresses: the envelope names the receivers.
 * Spec: RFC 5322, RFC 2045.
 *
 * Lines are read one by one, so a header may be of any length; those that
 * describe the body are held.
 */
#include "decode/format/entity.h"
#include "decode/params.h"
#include "outflow/buf.h"
#include "outflow/compiler.h"

enum {
    HELD_MAX = 16 << 10, /* bytes of the lines that are held */
    TEXT_MAX = 1 << 10,  /* bytes of a subject */
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
};

static enum match mime_probe(struct span head, const struct hint *hint)
{
    struct span media = params_value(hint->part->media);

    (void)head;
    if (hint->part->coding.len > 0)
        return MATCH_NO;
    return span_eq_nocase(media, SPAN("message/rfc822")) ||
                   span_eq_nocase(media, SPAN("message/global"))
               ? MATCH_YES
               : MATCH_NO;
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
    if (rest.len > 0 && status == DECODE_MORE) {
        if (!out->ops->put(out->ctx, rest))
            status = DECODE_REFUSED;
        rest.len = 0;
    }
    return (struct progress){status, bytes.len - rest.len};
}

/* A hole in the header: what was read of it describes the body. */
static struct progress mime_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct mime *m = state;

    (void)dir;
    if (m->body && !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status mime_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct mime *m = state;

    (void)dir;
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
