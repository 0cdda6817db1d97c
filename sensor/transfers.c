// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * transfers.c - from a chain's events to exposures on the pipe.
 *
 * A transfer owns its words (already masked by the detectors) and the
 * encoded records of its current batch. It must not keep a value.
 */
#include "transfers_in.h"

#include <stdlib.h>
#include <string.h>

enum {
    RECORDS_CAP = 160 << 10, /* a full batch of the longest records */
    SEND_UNREAD = 1 << 20,   /* unread bytes that are worth a batch */
    TELL_UNREAD = 64 << 10,  /* and those worth one after a while */
    BATCH_FIRST = 64,        /* records of a first batch, then doubled */
};

/* A masked copy of what the wire chose; NULL: empty, or no memory. */
char *transfer_masked(const struct transfers *all, struct span name)
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
    t->host = transfer_masked(all, info->host);
    t->trail = transfer_masked(all, info->step);
    if (info->mail_from.len > 0 || info->mail_to_count > 0)
        t->mail = keep_envelope(all, info);
    return t;
}

static const struct text *outer_of(const struct text *text)
{
    return text->outer ? text->outer->text : NULL;
}

/* Of parts that held rows: those closed and the open ones. */
static uint64_t part_read(const struct transfer *t)
{
    uint64_t sum = t->gathered ? t->gathered->read : 0;

    for (const struct text *at = t->open; at; at = outer_of(at))
        sum += at->held_rows ? at->read : 0;
    return sum;
}

static uint64_t part_missing(const struct transfer *t)
{
    uint64_t sum = t->gathered ? t->gathered->missing : 0;

    for (const struct text *at = t->open; at; at = outer_of(at))
        sum += at->held_rows ? at->missing : 0;
    return sum;
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

/*
 * Records that make a batch full. The first ones of a transfer are small: at
 * line speed an upload is over before so many batches of full size are
 * judged. What may turn out to be another's is held back as long as may be.
 */
static size_t batch_most(const struct transfer *t)
{
    size_t most = BATCH_FIRST;

    if (t->same != SAME_NO)
        return LIMIT_BATCH_RECORDS;
    for (uint32_t i = 0; i < t->sent && most < LIMIT_BATCH_RECORDS; i++)
        most *= 2;
    return most < LIMIT_BATCH_RECORDS ? most : LIMIT_BATCH_RECORDS;
}

bool transfer_record(void *ctx, const struct record *record)
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
    if (++b->count < batch_most(t))
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

void transfer_name(struct transfer *t, char *trail, char *file)
{
    bool other = strcmp(word(trail), word(t->trail)) != 0;

    if (other && has_records(t) && t->same != SAME_DOUBT) /* junk has parts */
        send_batch(t, false);
    replace(&t->trail, trail);
    replace(&t->file, file);
}

/* The name of a closed part is told, as far as a person reads names. */
static void name_closed(struct transfer *t, const struct unread *what)
{
    struct closed *c = t->closed;

    if (!what->trail || c->names == LIMIT_DOCUMENTS)
        return;
    char *trail = transfer_masked(t->all, span_of(what->trail));
    if (strcmp(word(trail), word(t->trail)) == 0) {
        free(trail);
        return;
    }
    if (c->sum > c->told) /* that was the part before */
        send_batch(t, false);
    transfer_name(t, trail, transfer_masked(t->all, what->name));
    c->names++;
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
    name_closed(t, what);
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
    for (struct text *at = t->open; at; at = at->outer ? at->outer->text : NULL)
        at->gone = true;
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

const struct chain_events transfers_events = {
    .transfer_open = transfer_open,
    .transfer_note = transfer_note,
    .transfer_unread = transfer_unread,
    .transfer_close = transfer_close,
    .text_open = transfer_text_open,
    .text_put = transfer_text_put,
    .text_gap = transfer_text_gap,
    .text_close = transfer_text_close,
};
