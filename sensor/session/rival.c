// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rival.c - segments on a live flow that could be a new connection.
 *
 * It must not touch the flow's own streams: a forged rival costs nothing
 * but its own bytes, which are looked at as strays.
 */
#include "session/rival.h"

#include <stdlib.h>
#include <string.h>

#include "session/stream.h"

enum {
    RIVAL_PROOF = 3, /* segments in sequence, where ACKs are not seen */
};

struct tentative {
    enum dir dir;       /* who sent what is held */
    bool syn;           /* it began with a SYN */
    uint32_t from;      /* sequence number of its first byte */
    uint32_t to;        /* and behind its last */
    unsigned in_row;    /* segments with bytes in sequence */
    unsigned count;     /* datagrams held */
    uint64_t size;      /* memory */
    struct held *first; /* owned, oldest first */
    struct held *last;
};

struct held *rival_take(struct session *s, struct tracked *t)
{
    struct tentative *r = t->rival;

    if (r == NULL)
        return NULL;
    struct held *first = r->first;
    s->held -= r->size;
    free(r);
    t->rival = NULL;
    return first;
}

void rival_turn(struct tracked *t)
{
    if (t->rival != NULL)
        t->rival->dir = dir_other(t->rival->dir);
}

void rival_drop(struct session *s, struct tracked *t)
{
    if (t->rival == NULL)
        return;
    const struct side on = side_of(s, t, t->rival->dir);
    struct held *h = rival_take(s, t);

    while (h != NULL) {
        struct held *behind = h->next;
        struct segment seg;

        if (tcp_parse(&h->d, &seg) == SKIP_NONE)
            stream_stray(&on, seg.bytes, &h->d.seen);
        free(h);
        h = behind;
    }
}

/* Keep a copy of a datagram. False without memory. */
static bool rival_keep(struct session *s, struct tentative *r,
                       const struct segment *seg)
{
    const struct datagram *d = seg->e.d;
    struct held *h = malloc(sizeof(*h) + d->payload.len);

    if (h == NULL)
        return false;
    h->next = NULL;
    h->d = *d;
    memcpy(h->bytes, d->payload.ptr, d->payload.len);
    h->d.payload.ptr = h->bytes;
    if (r->last != NULL)
        r->last->next = h;
    else
        r->first = h;
    r->last = h;
    r->count++;
    r->size += sizeof(*h) + d->payload.len;
    s->held += sizeof(*h) + d->payload.len;
    return true;
}

static uint32_t segment_len(const struct segment *seg)
{
    return (uint32_t)seg->bytes.len + seg->cut;
}

/* Forget an older rival and hold seg. */
static enum rival_says rival_begin(struct session *s, struct tracked *t,
                                   enum dir dir, const struct segment *seg)
{
    rival_drop(s, t);
    struct tentative *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return RIVAL_HELD;
    r->dir = dir;
    r->syn = (seg->flags & TCP_SYN) != 0;
    r->from = seg->seq;
    r->to = seg->seq + segment_len(seg);
    r->in_row = segment_len(seg) > 0;
    r->size = sizeof(*r);
    s->held += r->size;
    t->rival = r;
    (void)rival_keep(s, r, seg); /* without memory it stays unproven */
    return RIVAL_HELD;
}

/* Is a number within [from, to]? */
static bool seq_within(uint32_t seq, uint32_t from, uint32_t to)
{
    return seq - from <= to - from;
}

/* How far a sequence number lies from where a stream goes on. */
static int64_t stream_off(const struct stream *st, uint32_t seq)
{
    return (int32_t)(seq - stream_seq(st, st->next));
}

/* Nearer than anything a live stream sends, retransmits or loses? */
static bool stream_near(const struct stream *st, uint32_t seq, uint32_t len)
{
    int64_t off = stream_off(st, seq);

    return off <= LIMIT_QUEUE && off + len >= -LIMIT_HISTORY;
}

static bool stream_far(const struct stream *st, uint32_t seq, uint32_t len)
{
    int64_t off = stream_off(st, seq);

    return off > LIMIT_GAP || off + len < -LIMIT_GAP;
}

/*
 * Does an ACK answer what that stream never sent? Nothing of a flow has one in
 * front of its beginning, nor far beyond all that was met.
 */
static bool ack_foreign(const struct stream *st, uint32_t ack)
{
    uint64_t place = stream_place(st, ack);
    uint64_t begin = st->syn ? STREAM_START : STREAM_START - LIMIT_HISTORY;

    return st->known && (place < begin || place > st->end + LIMIT_QUEUE);
}

bool segment_wild(const struct tracked *t, enum dir dir,
                  const struct segment *seg)
{
    const struct stream *st = &t->stream[dir];
    const struct stream *other = &t->stream[dir_other(dir)];
    uint32_t len = segment_len(seg);

    if (!st->known || stream_near(st, seg->seq, len))
        return false;
    if (stream_far(st, seg->seq, len))
        return true;
    return (seg->flags & TCP_ACK) != 0 && ack_foreign(other, seg->ack);
}

/* Does what the other side says confirm the rival? */
static bool rival_answered(const struct tracked *t, enum dir dir,
                           const struct segment *seg)
{
    const struct tentative *r = t->rival;
    const struct stream *st = &t->stream[r->dir];

    if (dir == r->dir || (seg->flags & TCP_ACK) == 0 ||
        (seg->flags & TCP_RST) != 0 || !seq_within(seg->ack, r->from, r->to))
        return false;
    return (seg->flags & TCP_SYN) != 0 || !st->known ||
           !stream_near(st, seg->ack, 0);
}

/* Does more of the rival's own data confirm its SYN? */
static bool rival_went_on(const struct tracked *t, enum dir dir,
                          const struct segment *seg)
{
    const struct tentative *r = t->rival;
    const struct stream *st = &t->stream[dir];

    if (dir != r->dir || !r->syn || segment_len(seg) == 0 ||
        (seg->seq != r->from && seg->seq != r->to))
        return false;
    return !st->known || !stream_near(st, seg->seq, segment_len(seg)) ||
           (!st->moved && stream_off(st, seg->seq) != 0);
}

/*
 * Hold one more wild segment. Where the other side is seen, its ACKs are to
 * prove the connection; else enough of them in sequence do, while the flow
 * itself is silent.
 */
static enum rival_says rival_add(struct session *s, struct tracked *t,
                                 enum dir dir, const struct segment *seg)
{
    struct tentative *r = t->rival;

    if (r == NULL || r->dir != dir || r->count >= LIMIT_RIVAL ||
        !seq_within(seg->seq, r->from, r->from + LIMIT_QUEUE))
        return rival_begin(s, t, dir, seg);
    if (!rival_keep(s, r, seg))
        return RIVAL_HELD;
    if (seg->seq == r->to || r->syn)
        r->in_row++;
    if (seq_within(r->to, r->from, seg->seq + segment_len(seg)))
        r->to = seg->seq + segment_len(seg);
    if (t->stream[dir_other(dir)].seen)
        return RIVAL_HELD;
    return r->in_row >= RIVAL_PROOF ? RIVAL_WINS : RIVAL_HELD;
}
enum rival_says rival_judge(struct session *s, struct tracked *t, enum dir dir,
                            const struct segment *seg)
{
    uint32_t len = segment_len(seg);

    if (t->rival != NULL) {
        if (rival_answered(t, dir, seg) || rival_went_on(t, dir, seg))
            return rival_keep(s, t->rival, seg) ? RIVAL_WINS : RIVAL_HELD;
    }
    if (len == 0 && (seg->flags & TCP_FIN) == 0)
        return RIVAL_NO;
    if (!segment_wild(t, dir, seg)) {
        if (t->rival != NULL && t->rival->dir == dir)
            t->rival->in_row = 0; /* the flow goes on */
        return RIVAL_NO;
    }
    return len == 0 ? RIVAL_HELD : rival_add(s, t, dir, seg);
}

enum rival_says rival_syn(struct session *s, struct tracked *t, enum dir dir,
                          const struct segment *seg)
{
    struct tentative *r = t->rival;

    /* its data came first, or it is sent again */
    if (r != NULL && r->dir == dir && r->from == seg->seq) {
        if (r->syn)
            return RIVAL_HELD;
        return rival_keep(s, r, seg) ? RIVAL_WINS : RIVAL_HELD;
    }
    return rival_begin(s, t, dir, seg);
}
