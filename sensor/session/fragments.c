// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fragments.c - put the fragments of datagrams together, v4 and v6.
 *
 * In:   fragments in packet order.
 * Out:  whole datagrams; what the capture lacks of one is cut off its end.
 * Not:  no checksum, no policy: where copies differ, the first is the
 *       datagram, and a second one is made of the last (fragments_other).
 * Spec: RFC 791 3.2, RFC 8200 4.5; RFC 5722 and 3128 say what to doubt.
 *
 * Fragments stay in a list as they came until every byte is there. All of
 * them share one cap; the datagram that waits longest leaves first. Time is
 * packet time, so a replay does what the wire did.
 *
 * A fragment that the receiver never got may be what made a datagram whole: a
 * false end, or a last piece of junk. So the newest whole datagrams are kept
 * for a while, and are given again when a fragment says otherwise.
 */
#include <stdlib.h>
#include <string.h>

#include "outflow/limits.h"
#include "outflow/session.h"
#include "session/since.h"
#include "util/hash.h"

enum {
    FRAGMENT_BUCKETS = 16384,
    DATAGRAM_TOP = 65535, /* largest payload of a datagram */
    GIVEN_KEPT = 64,      /* whole ones: fragments come in a row */
    GIVEN_TIMES = 64,     /* and how often each is given */
};

static const int64_t ns_of_s = 1000000000;
static const int64_t ns_of_ms = 1000000;

/* One fragment; sorted by place, those of one place as they came. */
struct part {
    struct part *prev, *next;   /* by place */
    struct part *older, *newer; /* by arrival */
    uint32_t at;                /* place in the datagram */
    uint32_t len;               /* bytes captured */
    uint32_t cut;               /* and behind them not */
    bool last;                  /* it says that the datagram ends here, */
    bool told;                  /* and one that does was given */
    uint8_t bytes[];
};

/* A datagram that is not whole yet. */
struct partial {
    struct partial *chain;        /* in its bucket */
    struct partial *prev, *next;  /* by age, younger first */
    struct datagram head;         /* of its first fragment; payload unset */
    struct part *first, *last;    /* by place */
    struct part *oldest, *newest; /* by arrival */
    uint32_t parts;
    uint32_t counted; /* packets counted by this worker */
    uint32_t bytes;   /* sum of all parts */
    uint32_t total;   /* length it was given with, 0: never */
    uint32_t least;   /* least length a part told, 0: none did */
    uint32_t times;   /* given so often */
    size_t kept;      /* place among those kept, from 1; 0: none */
    uint64_t size;    /* memory */
};

struct fragments {
    struct hash_key key;
    struct counters *counters;
    uint64_t memory; /* cap */
    uint64_t held;   /* memory of all partials */
    struct partial *youngest;
    struct partial *oldest;
    struct partial *given[GIVEN_KEPT]; /* whole ones */
    size_t turn;                       /* whose place is next */
    uint8_t *whole;                    /* what the last call gave */
    uint8_t *other;                    /* its differing copy, or NULL */
    struct datagram other_head;        /* the datagram it makes */
    struct partial *bucket[FRAGMENT_BUCKETS];
};

struct fragments *fragments_new(uint64_t memory, struct counters *counters)
{
    struct fragments *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return NULL;
    f->key = hash_key_new();
    f->memory = memory;
    f->counters = counters;
    return f;
}

/* Source, destination, identification and, in v4, protocol (RFC 791). */
static struct partial **fragments_bucket(struct fragments *f,
                                         const struct datagram *d)
{
    uint64_t h = hash_mix(&f->key, d->frag_id, d->tenant);
    uint64_t word[4];

    memcpy(word, d->src.b, sizeof(d->src.b));
    memcpy(word + 2, d->dst.b, sizeof(d->dst.b));
    for (size_t i = 0; i < COUNT(word); i++)
        h = hash_mix(&f->key, h, word[i]);
    return &f->bucket[h % FRAGMENT_BUCKETS];
}

static bool same_datagram(const struct datagram *a, const struct datagram *b)
{
    return a->frag_id == b->frag_id && a->v6 == b->v6 &&
           a->tenant == b->tenant && (a->v6 || a->proto == b->proto) &&
           memcmp(&a->src, &b->src, sizeof(a->src)) == 0 &&
           memcmp(&a->dst, &b->dst, sizeof(a->dst)) == 0;
}

static struct partial *fragments_find(struct fragments *f,
                                      const struct datagram *d)
{
    struct partial *p = *fragments_bucket(f, d);

    while (p != NULL && !same_datagram(&p->head, d))
        p = p->chain;
    return p;
}

/* Take p out of the table and release it. */
static void fragments_remove(struct fragments *f, struct partial *p)
{
    struct partial **link = fragments_bucket(f, &p->head);

    while (*link != p)
        link = &(*link)->chain;
    *link = p->chain;
    if (p->prev != NULL)
        p->prev->next = p->next;
    else
        f->youngest = p->next;
    if (p->next != NULL)
        p->next->prev = p->prev;
    else
        f->oldest = p->prev;
    if (p->kept > 0)
        f->given[p->kept - 1] = NULL;
    f->held -= p->size;
    while (p->first != NULL) {
        struct part *behind = p->first->next;
        free(p->first);
        p->first = behind;
    }
    free(p);
}

/* Give p up and count its packets. */
static void fragments_drop(struct fragments *f, struct partial *p,
                           enum skip why)
{
    f->counters->packets_skipped[why] += p->counted;
    fragments_remove(f, p);
}

static struct partial *fragments_add(struct fragments *f,
                                     const struct datagram *d)
{
    struct partial *p = calloc(1, sizeof(*p));

    if (p == NULL)
        return NULL;
    p->head = *d;
    p->size = sizeof(*p);
    struct partial **bucket = fragments_bucket(f, d);
    p->chain = *bucket;
    *bucket = p;
    p->next = f->youngest;
    if (f->youngest != NULL)
        f->youngest->prev = p;
    else
        f->oldest = p;
    f->youngest = p;
    f->held += p->size;
    return p;
}

static uint32_t part_end(const struct part *a)
{
    return a->at + a->len + a->cut;
}

/* Put a fragment behind those of its place; false without memory. */
static bool partial_add(struct partial *p, const struct datagram *d)
{
    struct part *fresh = malloc(sizeof(*fresh) + d->payload.len);

    if (fresh == NULL)
        return false;
    *fresh = (struct part){.at = d->frag_at,
                           .len = (uint32_t)d->payload.len,
                           .cut = d->cut,
                           .last = !d->frag_more,
                           .older = p->newest};
    if (d->payload.len > 0)
        memcpy(fresh->bytes, d->payload.ptr, d->payload.len);

    struct part *before = p->last;
    if (p->first != NULL && p->first->at > fresh->at)
        before = NULL;
    while (before != NULL && before->at > fresh->at)
        before = before->prev;
    fresh->prev = before;
    fresh->next = before == NULL ? p->first : before->next;
    if (fresh->next != NULL)
        fresh->next->prev = fresh;
    else
        p->last = fresh;
    if (before != NULL)
        before->next = fresh;
    else
        p->first = fresh;
    if (p->newest != NULL)
        p->newest->newer = fresh;
    else
        p->oldest = fresh;
    p->newest = fresh;
    p->parts++;
    if (fresh->last && (p->least == 0 || part_end(fresh) < p->least))
        p->least = part_end(fresh);
    p->bytes += fresh->len + fresh->cut;
    p->size += sizeof(*fresh) + fresh->len;
    return true;
}

/* Bytes in a row from the beginning; *have: of them without a lack. */
static uint32_t partial_cover(const struct partial *p, uint32_t *have)
{
    uint32_t covered = 0;
    bool lacks = false;

    *have = 0;
    for (const struct part *a = p->first; a != NULL; a = a->next) {
        if (a->at > covered)
            break;
        if (a->at > *have)
            lacks = true;
        if (!lacks && a->at + a->len > *have)
            *have = a->at + a->len;
        if (part_end(a) > covered)
            covered = part_end(a);
    }
    return covered;
}

/* The least length that was told, is covered and was not given yet; or 0. */
static uint32_t partial_untold(const struct partial *p, uint32_t covered)
{
    uint32_t least = 0;

    for (const struct part *a = p->first; a != NULL; a = a->next) {
        uint32_t end = part_end(a);

        if (a->last && !a->told && end <= covered &&
            (least == 0 || end < least))
            least = end;
    }
    return least;
}

/*
 * The length that the newest part makes p whole with; 0: it does not. Parts
 * that say they are the last may differ in it: all have to be looked at.
 */
static uint32_t partial_whole(const struct partial *p, uint32_t *have)
{
    const struct part *fresh = p->newest;

    if (p->least == 0 || p->bytes < p->least || p->times >= GIVEN_TIMES)
        return 0;
    uint32_t covered = partial_cover(p, have);
    uint32_t total = partial_untold(p, covered);
    if (fresh->last && part_end(fresh) <= covered)
        total = part_end(fresh);
    if (total == 0 && part_end(fresh) <= p->total)
        total = p->total;
    if (*have > total)
        *have = total;
    return total;
}

static void lay_part(const struct part *a, uint8_t *out)
{
    if (a->len > 0)
        memcpy(out + a->at, a->bytes, a->len);
}

/*
 * Make both datagrams: of the first copies, and of the last. Without memory
 * none is made. The buffers have room for every part.
 */
static bool partial_join(struct fragments *f, const struct partial *p)
{
    size_t top = 1;

    for (const struct part *a = p->first; a != NULL; a = a->next) {
        if (a->at + a->len > top)
            top = a->at + a->len;
    }
    free(f->whole);
    free(f->other);
    f->whole = calloc(1, top);
    f->other = calloc(1, top);
    if (f->whole == NULL || f->other == NULL)
        return false;
    for (const struct part *a = p->newest; a != NULL; a = a->older)
        lay_part(a, f->whole);
    for (const struct part *a = p->oldest; a != NULL; a = a->newer)
        lay_part(a, f->other);
    return true;
}

/* Keep p, which was given, in place of the one that was kept longest. */
static void fragments_hold(struct fragments *f, struct partial *p)
{
    if (p->kept > 0)
        return;
    if (f->given[f->turn] != NULL)
        fragments_drop(f, f->given[f->turn], SKIP_FRAGMENT);
    f->given[f->turn] = p;
    f->turn = (f->turn + 1) % GIVEN_KEPT;
    p->kept = f->turn == 0 ? GIVEN_KEPT : f->turn;
}

/* Parts that told this length need not tell it again. */
static void partial_tell(struct partial *p, uint32_t total)
{
    for (struct part *a = p->first; a != NULL; a = a->next)
        a->told |= a->last && part_end(a) == total;
    p->total = total;
    p->times++;
}

/*
 * Hand out the datagram of that length p makes, and keep the other if it
 * differs. Of a length that was given before only the last copies are new.
 */
static bool fragments_give(struct fragments *f, struct partial *p,
                           uint32_t total, uint32_t have,
                           struct datagram *whole)
{
    bool made = partial_join(f, p);

    *whole = p->head;
    whole->fragment = whole->frag_more = false;
    whole->frag_at = 0;
    whole->cut = total - have;
    whole->payload = (struct span){f->whole, have};
    f->other_head = *whole;
    f->other_head.payload.ptr = f->other;
    bool same = made && memcmp(f->whole, f->other, have) == 0;
    if (made && (same || total == p->total)) {
        free(same ? f->other : f->whole);
        f->whole = same ? f->whole : f->other;
        whole->payload.ptr = f->whole;
        f->other = NULL;
    }
    if (made)
        f->counters->packets_used += p->counted;
    else
        f->counters->packets_skipped[SKIP_FRAGMENT_LIMIT] += p->counted;
    p->counted = 0;
    partial_tell(p, total);
    fragments_hold(f, p);
    return made;
}

/* Those that wait for longer than a receiver would are given up. */
static void fragments_age(struct fragments *f, int64_t now_ns)
{
    while (f->oldest != NULL) {
        int64_t age = time_since(now_ns, f->oldest->head.seen.time_ns);

        if (age <= LIMIT_FRAGMENT_S * ns_of_s)
            return;
        fragments_drop(f, f->oldest, SKIP_FRAGMENT);
    }
}

/* Could a receiver accept this fragment at all? */
static bool part_sound(const struct datagram *d, const struct partial *p)
{
    uint64_t end = d->frag_at + d->payload.len + (uint64_t)d->cut;

    if (end > DATAGRAM_TOP || (d->payload.len == 0 && d->cut == 0))
        return false;
    return p == NULL || p->parts < LIMIT_FRAGMENT_PARTS;
}

/* Is d one of the parts of p once more? */
static bool part_repeats(const struct datagram *d, const struct partial *p)
{
    for (const struct part *a = p->first; a != NULL; a = a->next) {
        if (a->at == d->frag_at && a->len == d->payload.len &&
            a->cut == d->cut && a->last != d->frag_more &&
            (a->len == 0 || memcmp(a->bytes, d->payload.ptr, a->len) == 0))
            return true;
    }
    return false;
}

/* Is d of a datagram other than p, which was whole a while ago? */
static bool part_begins(const struct datagram *d, const struct partial *p)
{
    int64_t since = time_since(d->seen.time_ns, p->head.seen.time_ns);

    return p->kept > 0 &&
           (d->frag_at == 0 || since > LIMIT_FRAGMENT_AGAIN_MS * ns_of_ms);
}

/* Keep d with its datagram; NULL when that is not possible, or not needed. */
static struct partial *fragments_keep(struct fragments *f,
                                      const struct datagram *d, bool counted)
{
    struct partial *p = fragments_find(f, d);

    if (p != NULL && part_begins(d, p))
        p = NULL;
    if (!part_sound(d, p)) {
        f->counters->packets_skipped[SKIP_MALFORMED] += counted;
        return NULL;
    }
    if (p != NULL && p->kept > 0 && part_repeats(d, p)) {
        f->counters->packets_used += counted;
        return NULL;
    }
    if (p == NULL)
        p = fragments_add(f, d);
    uint64_t before = p == NULL ? 0 : p->size;
    if (p == NULL || !partial_add(p, d)) {
        f->counters->packets_skipped[SKIP_FRAGMENT_LIMIT] += counted;
        return NULL;
    }
    f->held += p->size - before;
    p->counted += counted;
    if (d->frag_at == 0) { /* the first fragment speaks for all */
        p->head.proto = d->proto;
        p->head.depth = d->depth;
    }
    return p;
}

/* Those that wait longest leave when all need more than they may. */
static void fragments_trim(struct fragments *f)
{
    while (f->held > f->memory && f->oldest != NULL)
        fragments_drop(f, f->oldest, SKIP_FRAGMENT_LIMIT);
}

bool fragments_take(struct fragments *f, const struct datagram *part,
                    bool counted, struct datagram *whole)
{
    uint32_t have = 0;

    fragments_age(f, part->seen.time_ns);
    struct partial *p = fragments_keep(f, part, counted);
    if (p == NULL)
        return false;
    uint32_t total = partial_whole(p, &have);
    bool made = false;
    if (total > 0) {
        p->head.seen = part->seen; /* whole with this packet */
        made = fragments_give(f, p, total, have, whole);
    }
    fragments_trim(f);
    return made;
}

bool fragments_other(struct fragments *f, struct datagram *whole)
{
    if (f->other == NULL)
        return false;
    free(f->whole);
    f->whole = f->other;
    f->other = NULL;
    *whole = f->other_head;
    return true;
}

void fragments_flush(struct fragments *f)
{
    while (f->oldest != NULL)
        fragments_drop(f, f->oldest, SKIP_FRAGMENT);
}

void fragments_free(struct fragments *f)
{
    if (f == NULL)
        return;
    fragments_flush(f);
    free(f->whole);
    free(f->other);
    free(f);
}
