// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * transfers.c - from a chain's events to exposures on the pipe.
 *
 * A transfer owns its words (already masked by the detectors) and the
 * encoded records of its current batch. It must not keep a value.
 */
#include "transfers.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"

enum {
    RECORDS_CAP = 160 << 10, /* a full batch of the longest records */
    FIRST_MOST = 128,        /* bytes of a part kept back before its rows */
    SEND_UNREAD = 1 << 20,   /* unread bytes that are worth a batch */
    TELL_UNREAD = 64 << 10,  /* and those worth one after a while */
};

/* What a transfer has to tell, in the list of all that wait, by age. */
struct waiting {
    struct waiting *older, *younger;
    struct transfer *transfer; /* NULL: not in the list */
    int64_t since_ns;          /* as clock_ns of struct transfers */
};

/* The envelope of a mail; other transfers have none. */
struct envelope {
    char *from;      /* owned, masked */
    char **to;       /* owned, masked */
    size_t to_count; /* of them */
    size_t to_more;  /* recipients past the limit */
};

/* What could not be looked into; most transfers have nothing of it. */
struct closed {
    struct waiting waiting;
    struct exposed_unread kind[LIMIT_BATCH_UNREAD];
    size_t kinds;
    uint64_t sum;  /* bytes in all */
    uint64_t told; /* of them at the last batch */
};

/* Records on their way; a transfer has one from its first record on. */
struct batch {
    struct waiting waiting;
    struct buf records; /* encoded */
    size_t count;       /* of them */
    int64_t begun_ns;   /* packet time of the first */
    uint64_t read;      /* bytes of closed parts that held rows */
    uint64_t missing;   /* of them, not seen */
};

/* Small on purpose: every half-open session may have one. */
struct transfer {
    struct transfers *all;
    struct flow *flow;
    struct envelope *mail;  /* owned, or NULL */
    struct closed *closed;  /* owned; NULL: nothing stayed closed */
    struct batch *gathered; /* owned, or NULL */
    struct text *open;      /* the part being read, or NULL */
    const char *channel;
    char *user, *host, *trail, *file; /* owned, masked; NULL: empty */
    int64_t begun_ns;                 /* packet time it began */
    int64_t touched_ns;               /* of what it gave last: record, unread */
    uint64_t first_packet;            /* in the capture of this batch */
    uint64_t last_packet;
    uint32_t number;     /* in its flow */
    uint32_t sent : 27;  /* batches sent */
    uint32_t sender : 1; /* enum dir */
    uint32_t proxied : 1;
    uint32_t refused : 1;
    uint32_t same : 2; /* enum same: are its records another's, too? */
    uint32_t capture;
    uint32_t anomalies; /* bits of enum anomaly */
};

/* The first few bytes of a part and the packet that brought them. */
struct first {
    int64_t time_ns; /* the moment, its capture at the end: */
    uint64_t number; /* struct moment would pad */
    uint32_t capture;
    uint8_t len;
    uint8_t bytes[];
};

enum text_state {
    TEXT_NEW = 0, /* nothing came yet */
    TEXT_FIRST,   /* its first bytes are kept back */
    TEXT_ROWS,
    TEXT_PASSED, /* no memory: its bytes are passed over */
};

/*
 * A part at the bottom: its rows, and how much of it was there. Rows begin
 * with the second bytes: many a session stays half open after the first.
 */
struct text {
    struct transfer *transfer;
    union {
        struct rows *rows;   /* TEXT_ROWS */
        struct first *first; /* TEXT_FIRST; owned */
    };
    uint64_t read, missing; /* bytes of this part */
    bool held_rows;         /* gave a record */
    bool gone;              /* its transfer was closed before it */
    uint8_t state;          /* enum text_state */
};

/* A masked copy of what the wire chose; NULL: empty, or no memory. */
static char *masked(const struct transfers *all, struct span name)
{
    char out[LIMIT_NAME];

    if (name.len == 0)
        return NULL;
    detect_mask(all->detect, name, out, sizeof(out));
    return strdup(out);
}

/*
 * A masked copy of who sends, receives or logs in. A mail address is what an
 * alert is to name, so its two halves are masked, not the whole.
 */
static char *masked_address(const struct transfers *all, struct span address)
{
    char out[2 * LIMIT_NAME];
    size_t at = span_find(address, '@');

    detect_mask(all->detect, span_head(address, at), out, LIMIT_NAME);
    if (at < address.len) {
        size_t used = strlen(out);
        out[used++] = '@';
        detect_mask(all->detect, span_skip(address, at + 1), out + used,
                    LIMIT_NAME);
    }
    return strndup(out, LIMIT_NAME - 1);
}

/* Put another text in place of an owned one. */
static void replace(char **owned, char *text)
{
    free(*owned);
    *owned = text;
}

static const char *word(const char *owned)
{
    return owned ? owned : "";
}

static struct envelope *keep_envelope(const struct transfers *all,
                                      const struct transfer_info *info)
{
    size_t count = info->mail_to_count;
    struct envelope *mail = calloc(1, sizeof(*mail));

    if (!mail)
        return NULL;
    if (count > LIMIT_RECIPIENTS)
        count = LIMIT_RECIPIENTS;
    mail->from = masked_address(all, info->mail_from);
    mail->to_more = info->mail_to_more + (info->mail_to_count - count);
    mail->to = count > 0 ? calloc(count, sizeof(*mail->to)) : NULL;
    for (size_t i = 0; mail->to && i < count; i++) {
        mail->to[i] = masked_address(all, info->mail_to[i]);
        if (!mail->to[i])
            break;
        mail->to_count++;
    }
    return mail;
}

static void envelope_free(struct envelope *mail)
{
    if (!mail)
        return;
    for (size_t i = 0; i < mail->to_count; i++)
        free(mail->to[i]);
    free(mail->to);
    free(mail->from);
    free(mail);
}

static void *transfer_open(void *ctx, struct flow *flow, enum dir sender,
                           const struct transfer_info *info)
{
    struct transfers *all = ctx;
    struct transfer *t = calloc(1, sizeof(*t));

    if (!t) {
        all->lost++;
        return NULL;
    }
    t->all = all;
    t->flow = flow;
    t->number = flow->transfers++;
    t->sender = sender == DIR_SERVER;
    t->channel = info->channel;
    t->proxied = info->proxied;
    t->begun_ns = t->touched_ns = all->now.time_ns;
    t->capture = all->now.capture;
    t->first_packet = t->last_packet = all->now.number;
    if (flow->midstream)
        t->anomalies |= 1u << ANOMALY_MIDSTREAM;
    t->host = masked(all, info->host);
    t->trail = masked(all, info->step);
    if (info->mail_from.len > 0 || info->mail_to_count > 0)
        t->mail = keep_envelope(all, info);
    return t;
}

/* Of parts that held rows: those closed and the open one. */
static uint64_t part_read(const struct transfer *t)
{
    bool open = t->open && t->open->held_rows;

    return (t->gathered ? t->gathered->read : 0) + (open ? t->open->read : 0);
}

static uint64_t part_missing(const struct transfer *t)
{
    bool open = t->open && t->open->held_rows;

    return (t->gathered ? t->gathered->missing : 0) +
           (open ? t->open->missing : 0);
}

/* What is known of the transfer by now; strings stay its own. */
static struct exposure exposure_of(const struct transfer *t)
{
    const struct flow *flow = t->flow;
    struct exposure e = {
        .flow = flow->id,
        .flow_ns = flow->opened_ns,
        .transfer = t->number,
        .batch = t->sent,
        .begun_ns = t->begun_ns,
        .time_ns = t->touched_ns,
        .proto = flow->proto,
        .sender = (enum dir)t->sender,
        .separate = t->sender == DIR_SERVER,
        .channel = t->channel,
        .user = word(t->user),
        .host = word(t->host),
        .proxied = t->proxied,
        .refused = t->refused,
        .mail_from = "",
        .trail = word(t->trail),
        .file = word(t->file),
        .capture = t->capture,
        .first_packet = t->first_packet,
        .last_packet = t->last_packet,
        .stream_missing = flow->missing[t->sender],
        .part_read = part_read(t),
        .part_missing = part_missing(t),
        .anomalies = t->anomalies,
    };

    memcpy(e.addr, flow->addr, sizeof(e.addr));
    memcpy(e.port, flow->port, sizeof(e.port));
    memcpy(e.mac, flow->mac, sizeof(e.mac));
    if (t->mail) {
        e.mail_from = word(t->mail->from);
        e.mail_to = (const char *const *)t->mail->to;
        e.mail_to_count = t->mail->to_count;
        e.mail_to_more = t->mail->to_more;
    }
    e.bytes = e.part_read + e.part_missing;
    if (t->closed) {
        e.bytes += t->closed->sum;
        e.unread = t->closed->kind;
        e.unread_count = t->closed->kinds;
    }
    return e;
}

static void waits(struct transfer *t, struct waiting *w)
{
    struct transfers *all = t->all;

    if (w->transfer)
        return;
    *w = (struct waiting){all->newest, NULL, t, all->clock_ns};
    if (all->newest)
        all->newest->younger = w;
    else
        all->oldest = w;
    all->newest = w;
}

static void waits_no_more(struct transfers *all, struct waiting *w)
{
    if (!w->transfer)
        return;
    if (w->older)
        w->older->younger = w->younger;
    else
        all->oldest = w->younger;
    if (w->younger)
        w->younger->older = w->older;
    else
        all->newest = w->older;
    *w = (struct waiting){0};
}

/* Nothing of t is left to be told, or t is. */
static void told(struct transfer *t)
{
    if (t->gathered)
        waits_no_more(t->all, &t->gathered->waiting);
    if (t->closed)
        waits_no_more(t->all, &t->closed->waiting);
}

/* Send what was gathered; the last batch of a silent transfer is not sent. */
static void send_batch(struct transfer *t, bool last)
{
    struct batch *b = t->gathered;
    size_t count = b ? b->count : 0;
    bool silent = t->sent == 0 && count == 0 && !t->closed;

    told(t);
    if (silent || t->all->failed)
        return;
    struct exposure e = exposure_of(t);
    e.last = last;
    if (!exchange_send_exposure(t->all->judge, &e,
                                b ? buf_span(&b->records) : (struct span){0},
                                count))
        t->all->failed = true;
    t->sent++;
    if (b) {
        buf_reset(&b->records);
        b->count = 0;
    }
    if (t->closed)
        t->closed->told = t->closed->sum;
}

/* Is what waits worth a batch by now? */
static bool worth_telling(const struct transfer *t)
{
    const struct closed *c = t->closed;

    return (t->gathered && t->gathered->count > 0 && t->same == SAME_NO) ||
           (c && c->sum - c->told >= TELL_UNREAD);
}

void transfers_tell(struct transfers *all, int64_t before_ns)
{
    struct waiting *w = all->oldest;

    while (w && w->since_ns < before_ns && !all->failed) {
        struct waiting *next = w->younger;
        struct transfer *t = w->transfer;
        if (next && next->transfer == t)
            next = next->younger; /* it goes with the same batch */
        if (worth_telling(t))
            send_batch(t, false);
        w = next;
    }
}

static bool has_records(const struct transfer *t)
{
    return t->gathered && t->gathered->count > 0;
}

/* Packets of this transfer are named within one capture each. */
static void touch(struct transfer *t)
{
    const struct moment *now = &t->all->now;

    if (now->capture != t->capture) {
        if (has_records(t))
            send_batch(t, false);
        t->capture = now->capture;
        t->first_packet = now->number;
    }
    t->last_packet = now->number;
    /* Not that of closing: an idle flow may close an hour later. */
    t->touched_ns = now->time_ns;
}

static struct batch *batch_of(struct transfer *t)
{
    if (!t->gathered) {
        t->gathered = calloc(1, sizeof(*t->gathered));
        if (t->gathered)
            buf_init(&t->gathered->records, RECORDS_CAP);
    }
    return t->gathered;
}

static bool record_put(void *ctx, const struct record *record)
{
    struct text *text = ctx;
    struct transfer *t = text->transfer;
    const int64_t most_ns = (int64_t)LIMIT_BATCH_MS * 1000000;

    if (text->gone)
        return false;
    if (t->same == SAME_YES) {
        t->all->counters->records--;
        return true;
    }
    struct batch *b = batch_of(t);
    if (!b) {
        t->all->lost++;
        return false;
    }
    text->held_rows = true;
    touch(t);
    if (b->count > 0 && t->same == SAME_NO &&
        record->last.time_ns - b->begun_ns >= most_ns)
        send_batch(t, false);
    if (b->count == 0) {
        b->begun_ns = record->last.time_ns;
        waits(t, &b->waiting);
    }
    if (!exchange_add_record(&b->records, record)) {
        send_batch(t, false);
        if (!exchange_add_record(&b->records, record)) {
            t->all->lost++;
            return false;
        }
    }
    if (++b->count < LIMIT_BATCH_RECORDS)
        return true;
    t->same = SAME_NO; /* junk in a coding does not give so many */
    send_batch(t, false);
    return true;
}

static void note_anomaly(struct transfer *t, struct span name)
{
    enum anomaly a = anomaly_find(name);

    if (a < ANOMALIES)
        t->anomalies |= 1u << a;
}

/* A recipient was refused: nobody gets it there, if nobody was told yet. */
static void drop_recipient(struct transfer *t, struct span address)
{
    struct envelope *mail = t->mail;
    char *masked =
        mail && t->sent == 0 ? masked_address(t->all, address) : NULL;
    size_t kept = 0;

    if (!masked)
        return;
    for (size_t i = 0; i < mail->to_count; i++) {
        if (strcmp(mail->to[i], masked) == 0)
            free(mail->to[i]);
        else
            mail->to[kept++] = mail->to[i];
    }
    mail->to_count = kept;
    free(masked);
}

static void note_same(struct transfer *t, enum same same)
{
    struct batch *b = t->gathered;

    if (b && same == SAME_YES && t->same == SAME_DOUBT) {
        t->all->counters->records -= b->count;
        buf_reset(&b->records);
        b->count = 0;
    }
    t->same = same;
}

static void transfer_note(void *ctx, void *transfer, const struct note *note)
{
    struct transfer *t = transfer;

    (void)ctx;
    switch (note->kind) {
    case NOTE_USER:
        if (note->number != 0)
            replace(&t->user, masked_address(t->all, note->text));
        break;
    case NOTE_REFUSED:
        t->refused = true;
        t->anomalies |= 1u << ANOMALY_REFUSED;
        break;
    case NOTE_ANOMALY:
        note_anomaly(t, note->text);
        break;
    case NOTE_NOT_TO:
        drop_recipient(t, note->text);
        break;
    case NOTE_SAME:
        note_same(t, (enum same)note->number);
        break;
    case NOTE_UNREAD:
    case NOTE_EXPECT:
    case NOTE_ACCEPTED:
    case NOTE_TUNNEL:
        break;
    }
}

/* The row of this kind; the last one serves for all when it is full. */
static struct exposed_unread *closed_row(struct closed *c,
                                         const struct unread *what)
{
    struct span kind =
        span_head(span_of(what->kind), sizeof(c->kind->kind) - 1);
    size_t i = 0;

    for (; i < c->kinds; i++) {
        struct exposed_unread *row = &c->kind[i];
        if (row->why == what->why && row->object == what->object &&
            span_eq(span_of(row->kind), kind))
            return row;
    }
    if (i == LIMIT_BATCH_UNREAD)
        return &c->kind[i - 1];
    c->kind[i] =
        (struct exposed_unread){.why = what->why, .object = what->object};
    memcpy(c->kind[i].kind, kind.ptr, kind.len);
    c->kinds++;
    return &c->kind[i];
}

static void transfer_unread(void *ctx, void *transfer,
                            const struct unread *what)
{
    struct transfer *t = transfer;

    (void)ctx;
    if (!t->closed)
        t->closed = calloc(1, sizeof(*t->closed));
    if (!t->closed)
        return;
    closed_row(t->closed, what)->bytes += what->bytes;
    t->closed->sum += what->bytes;
    touch(t);
    waits(t, &t->closed->waiting);
    if (t->closed->sum - t->closed->told >= SEND_UNREAD)
        send_batch(t, false);
}

static void transfer_close(void *ctx, void *transfer)
{
    struct transfer *t = transfer;

    (void)ctx;
    if (t->open)
        t->open->gone = true;
    send_batch(t, true);
    envelope_free(t->mail);
    free(t->user);
    free(t->host);
    free(t->trail);
    free(t->file);
    free(t->closed);
    if (t->gathered)
        buf_clear(&t->gathered->records);
    free(t->gathered);
    free(t);
}

/* Another part: what is gathered belongs to the part before. */
static void name_part(struct transfer *t, const struct part *part)
{
    char *trail = masked(t->all, span_of(part->trail));

    if (has_records(t) && strcmp(word(trail), word(t->trail)) != 0)
        send_batch(t, false);
    replace(&t->trail, trail);
    replace(&t->file, masked(t->all, part->name));
    if (part->overlap)
        t->anomalies |= 1u << ANOMALY_OVERLAP;
}

/* Begin to read rows, with what was kept back of the part's start. */
static bool text_begin(struct text *text, const struct part *part)
{
    struct transfers *all = text->transfer->all;
    const struct record_sink sink = {text, record_put};
    struct first *first = text->state == TEXT_FIRST ? text->first : NULL;

    if (text->state == TEXT_ROWS || text->state == TEXT_PASSED)
        return text->state == TEXT_ROWS;
    text->rows = rows_open(all->detect, part, &sink);
    text->state = text->rows ? TEXT_ROWS : TEXT_PASSED;
    if (!text->rows) {
        all->lost++;
    } else if (first) {
        const struct moment seen = {first->time_ns, first->number,
                                    first->capture};
        rows_feed(text->rows, (struct span){first->bytes, first->len}, &seen);
    }
    free(first);
    return text->state == TEXT_ROWS;
}

/* Keep the first bytes back; false when they are too many for that. */
static bool text_keep(struct text *text, struct span bytes)
{
    const struct moment *now = &text->transfer->all->now;

    if (text->state != TEXT_NEW || bytes.len > FIRST_MOST)
        return false;
    text->first = malloc(offsetof(struct first, bytes) + bytes.len);
    if (!text->first)
        return false;
    text->state = TEXT_FIRST;
    text->first->time_ns = now->time_ns;
    text->first->number = now->number;
    text->first->capture = now->capture;
    text->first->len = (uint8_t)bytes.len;
    if (bytes.len > 0)
        memcpy(text->first->bytes, bytes.ptr, bytes.len);
    return true;
}

static void *text_open(void *ctx, void *transfer, const struct part *part)
{
    struct transfers *all = ctx;
    struct transfer *t = transfer;
    struct text *text = calloc(1, sizeof(*text));

    if (!text) {
        all->lost++;
        return NULL;
    }
    text->transfer = t;
    name_part(t, part);
    t->open = text;
    /* What a part declares has to be told at its begin. */
    if (part->charset.len > 0 || part->overlap)
        (void)text_begin(text, part);
    return text;
}

static void text_put(void *ctx, void *text, struct span bytes)
{
    struct transfers *all = ctx;
    struct text *part = text;
    const struct part plain = {.trail = ""};

    part->read += bytes.len;
    if (!text_keep(part, bytes) && text_begin(part, &plain))
        rows_feed(part->rows, bytes, &all->now);
}

static void text_gap(void *ctx, void *text, uint64_t len)
{
    struct text *part = text;
    const struct part plain = {.trail = ""};

    (void)ctx;
    part->missing += len;
    if (text_begin(part, &plain))
        rows_gap(part->rows, len);
}

static void text_close(void *ctx, void *text)
{
    struct text *part = text;
    struct transfer *t = part->transfer;
    const struct part plain = {.trail = ""};

    (void)ctx;
    if (part->state == TEXT_FIRST)
        (void)text_begin(part, &plain);
    if (part->state == TEXT_ROWS)
        rows_close(part->rows);
    if (!part->gone) {
        if (part->held_rows) {
            t->gathered->read += part->read;
            t->gathered->missing += part->missing;
        }
        if (t->open == part)
            t->open = NULL;
    }
    free(part);
}

const struct chain_events transfers_events = {
    .transfer_open = transfer_open,
    .transfer_note = transfer_note,
    .transfer_unread = transfer_unread,
    .transfer_close = transfer_close,
    .text_open = text_open,
    .text_put = text_put,
    .text_gap = text_gap,
    .text_close = text_close,
};
