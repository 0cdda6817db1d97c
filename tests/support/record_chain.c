// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * record_chain.c - the owner of a chain that only writes down.
 */
#include "support/record_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_MAX = 64 << 20 };

struct record_transfer {
    struct record_chain *all;
    struct buf head;
    struct buf body;
    char *user;
    struct unread channel; /* sum of what the channel hid; kind "": none */
    struct unread object;  /* the newest line of the body, if it is one */
    size_t object_at, object_end;
    char object_kind[32];
    char kind[TALLY_NAME];
    bool refused;
};

struct record_text {
    struct record_transfer *transfer;
    struct buf text;
};

static void add(struct buf *b, const char *text)
{
    if (!buf_add(b, span_of(text)))
        abort();
}

static void add_escaped(struct buf *b, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.ptr[i];
        bool fine = c == '\n'              ? buf_add_byte(b, '|')
                    : c == '\r'            ? buf_add(b, SPAN("\\r"))
                    : c < ' ' || c >= 0x7f ? buf_printf(b, "\\x%02x", c)
                                           : buf_add_byte(b, c);
        if (!fine)
            abort();
    }
}

static void *transfer_open(void *ctx, struct flow *flow, enum dir sender,
                           const struct transfer_info *info)
{
    struct record_chain *r = ctx;
    struct record_transfer *t;

    (void)flow;
    if (r->refuse_transfers)
        return NULL;
    t = calloc(1, sizeof(*t));
    t->all = r;
    buf_init(&t->head, LOG_MAX);
    buf_init(&t->body, LOG_MAX);
    add(&t->head, sender == DIR_CLIENT ? "> " : "< ");
    add(&t->head, info->channel);
    add(&t->head, " [");
    add_escaped(&t->head, info->step);
    add(&t->head, "]");
    if (info->host.len > 0) {
        add(&t->head, " host=");
        add_escaped(&t->head, info->host);
    }
    if (info->proxied)
        add(&t->head, " proxied");
    if (info->mail_from.len > 0) {
        add(&t->head, " from=");
        add_escaped(&t->head, info->mail_from);
    }
    for (size_t i = 0; i < info->mail_to_count; i++) {
        add(&t->head, " to=");
        add_escaped(&t->head, info->mail_to[i]);
    }
    r->open_transfers++;
    return t;
}

static void transfer_note(void *ctx, void *transfer, const struct note *note)
{
    struct record_transfer *t = transfer;

    (void)ctx;
    if (note->kind == NOTE_REFUSED)
        t->refused = true;
    if (note->kind == NOTE_USER && note->number != 0) {
        free(t->user);
        t->user = strndup((const char *)note->text.ptr, note->text.len);
    }
    if (note->kind == NOTE_NOT_TO) {
        add(&t->head, " not-to=");
        add_escaped(&t->head, note->text);
    }
    if (note->kind == NOTE_SAME)
        add(&t->body, note->number == SAME_YES ? "  = same\n" : "  = doubt\n");
    if (note->kind == NOTE_ANOMALY) {
        add(&t->body, "  ! ");
        add_escaped(&t->body, note->text);
        add(&t->body, "\n");
    }
}

static void write_unread(struct buf *out, const struct unread *what)
{
    if (what->bytes > 0 &&
        !buf_printf(out, "  ? %s %s %llu%s\n", what->kind, why_name(what->why),
                    (unsigned long long)what->bytes,
                    what->object ? "" : " channel"))
        abort();
}

/* One line for notes in a row that differ in nothing but their bytes. */
static void object_unread(struct record_transfer *t, const struct unread *what)
{
    bool same = t->body.len == t->object_end && t->object.why == what->why &&
                strcmp(t->object_kind, what->kind) == 0 && t->object_end > 0;
    uint64_t before = same ? t->object.bytes : 0;

    if (same)
        t->body.len = t->object_at;
    t->object_at = t->body.len;
    (void)snprintf(t->object_kind, sizeof(t->object_kind), "%s", what->kind);
    t->object = *what;
    t->object.kind = t->object_kind;
    t->object.bytes += before;
    write_unread(&t->body, &t->object);
    t->object_end = t->body.len;
}

static void transfer_unread(void *ctx, void *transfer,
                            const struct unread *what)
{
    struct record_transfer *t = transfer;

    (void)ctx;
    if (what->object) {
        object_unread(t, what);
        return;
    }
    /* As many notes as pieces: only their sum is the same for every cut. */
    uint64_t before = t->channel.bytes;
    (void)snprintf(t->kind, sizeof(t->kind), "%s", what->kind);
    t->channel = *what;
    t->channel.kind = t->kind;
    t->channel.bytes += before;
}

static void transfer_close(void *ctx, void *transfer)
{
    struct record_chain *r = ctx;
    struct record_transfer *t = transfer;

    if (!buf_add(&r->log, buf_span(&t->head)))
        abort();
    if (t->user != NULL) {
        add(&r->log, " user=");
        add(&r->log, t->user);
    }
    if (t->refused)
        add(&r->log, " refused");
    add(&r->log, "\n");
    if (t->channel.bytes > 0)
        write_unread(&r->log, &t->channel);
    if (!buf_add(&r->log, buf_span(&t->body)))
        abort();
    buf_clear(&t->head);
    buf_clear(&t->body);
    free(t->user);
    free(t);
    r->open_transfers--;
}

static void *text_open(void *ctx, void *transfer, const struct part *part)
{
    struct record_chain *r = ctx;
    struct record_text *text;

    if (r->refuse_texts)
        return NULL;
    text = calloc(1, sizeof(*text));
    text->transfer = transfer;
    buf_init(&text->text, LOG_MAX);
    add(&text->text, "  [");
    add_escaped(&text->text, span_of(part->trail));
    add(&text->text, part->overlap ? "] overlap " : "] ");
    if (r->names && part->name.len > 0) {
        add(&text->text, "name=");
        add_escaped(&text->text, part->name);
        add(&text->text, " ");
    }
    r->open_texts++;
    return text;
}

static void text_put(void *ctx, void *text, struct span bytes)
{
    (void)ctx;
    add_escaped(&((struct record_text *)text)->text, bytes);
}

static void text_gap(void *ctx, void *text, uint64_t len)
{
    (void)ctx;
    if (!buf_printf(&((struct record_text *)text)->text, "{~%llu}",
                    (unsigned long long)len))
        abort();
}

static void text_close(void *ctx, void *text)
{
    struct record_chain *r = ctx;
    struct record_text *t = text;

    add(&t->text, "\n");
    if (!buf_add(&t->transfer->body, buf_span(&t->text)))
        abort();
    buf_clear(&t->text);
    free(t);
    r->open_texts--;
}

static const struct chain_events events = {
    .transfer_open = transfer_open,
    .transfer_note = transfer_note,
    .transfer_unread = transfer_unread,
    .transfer_close = transfer_close,
    .text_open = text_open,
    .text_put = text_put,
    .text_gap = text_gap,
    .text_close = text_close,
};

void record_chain_init(struct record_chain *r, unsigned depth)
{
    const struct chain_settings settings = {
        .events = &events, .ctx = r, .counters = &r->counters, .depth = depth};

    memset(r, 0, sizeof(*r));
    buf_init(&r->log, LOG_MAX);
    r->chains = chains_new(&settings);
}

void record_chain_clear(struct record_chain *r)
{
    chains_free(r->chains);
    buf_clear(&r->log);
}

struct flow record_flow(void)
{
    static const uint8_t client[4] = {10, 20, 0, 7};
    static const uint8_t server[4] = {203, 0, 113, 9};

    return (struct flow){
        .addr = {addr_v4(client), addr_v4(server)},
        .port = {40112, 8080},
        .proto = 6,
    };
}

static void feed_pieces(struct chain *c, const struct feed *f, size_t cut,
                        size_t step)
{
    struct span rest = f->bytes;
    size_t len = cut < rest.len ? cut : rest.len;

    if (len > 0)
        chain_feed(c, f->dir, span_head(rest, len));
    rest = span_skip(rest, len);
    while (rest.len > 0) {
        struct span piece = span_head(rest, step > 0 ? step : rest.len);
        uint8_t *copy = malloc(piece.len); /* so that overreads are seen */
        memcpy(copy, piece.ptr, piece.len);
        chain_feed(c, f->dir, (struct span){copy, piece.len});
        free(copy);
        rest = span_skip(rest, piece.len);
    }
}

const char *record_chain_run(struct record_chain *r, struct flow *flow,
                             const struct feed *feeds, size_t cut, size_t step)
{
    struct chain *c = chain_new(r->chains, flow);

    for (; feeds->kind != FEED_END_OF_TABLE; feeds++) {
        if (feeds->kind == FEED_BYTES)
            feed_pieces(c, feeds, cut, step);
        else if (feeds->kind == FEED_GAP)
            chain_gap(c, feeds->dir, feeds->len);
        else if (feeds->kind == FEED_END)
            chain_end(c, feeds->dir);
        else
            chain_message(c, feeds->dir, feeds->bytes, (uint32_t)feeds->len);
    }
    chain_free(c);
    if (!buf_add_byte(&r->log, 0))
        abort();
    r->log.len--;
    return (const char *)r->log.ptr;
}

uint64_t record_fed(const struct feed *feeds)
{
    uint64_t fed = 0;

    for (; feeds->kind != FEED_END_OF_TABLE; feeds++)
        fed += feeds->bytes.len;
    return fed;
}

bool record_adds_up(const struct record_chain *r, uint64_t fed)
{
    uint64_t sum = r->counters.inspected_bytes;

    for (size_t i = 0; i < WHY_REASONS; i++)
        sum += r->counters.unread[i];
    return sum == fed;
}
