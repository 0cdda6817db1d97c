// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * intake.c - frames of all workers, and the sums of what they count.
 *
 * Counters come as sums since the worker's begin: the newest of a process
 * replaces the one before, and is added to the past when the process ends.
 */
#include "watch/intake.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { TURN_FILLS = 4 }; /* of one slot, before the others' turn */

static const size_t NOBODY = SIZE_MAX;

/* What a slot's process has told of itself. */
struct told {
    uint64_t number; /* 0: none */
    struct counters counters;
};

/* What outlives a judge: two copies, of which one is whole at any time. */
struct kept {
    _Atomic uint32_t whole; /* which */
    uint32_t size;          /* of a copy */
    uint8_t copies[];
};

/* A copy: sums of processes that ended, taps of them and of the others. */
struct sums {
    uint64_t broken;
    struct counters past;
    struct told told[]; /* by slot; then struct tap past and now */
};

struct slot {
    struct exchange exchange;
    int pipe;
    bool speaks; /* a process is at the other end */
    int64_t clock_ns;
    uint64_t passed; /* of the exchange, when last looked at */
};

struct intake {
    struct intake_settings set;
    struct slot *slots;
    struct kept *kept;
    struct sums *sums; /* owned; the copy at work */
    struct tap *past;  /* by interface, in sums */
    struct tap *now;   /* by slot and interface, in sums */
    struct exposure_room *room;
    size_t teller; /* slot whose word on interfaces counts; or NOBODY */
};

static size_t sums_size(size_t slots, size_t interfaces)
{
    return sizeof(struct sums) + slots * sizeof(struct told) +
           (slots + 1) * interfaces * sizeof(struct tap);
}

void *intake_kept(size_t slots, size_t interfaces)
{
    size_t size = sums_size(slots, interfaces);
    void *memory =
        mmap(NULL, sizeof(struct kept) + 2 * size, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    ((struct kept *)memory)->size = (uint32_t)size;
    return memory;
}

/* Put the copy at work where another judge finds it. */
static void keep(struct intake *in)
{
    struct kept *k = in->kept;
    uint32_t other = 1 - (atomic_load(&k->whole) & 1);

    memcpy(k->copies + other * (size_t)k->size, in->sums, k->size);
    atomic_store(&k->whole, other);
}

static bool make_room(struct intake *in)
{
    const size_t slots = in->set.slots;
    struct kept *k = in->kept;

    in->slots = calloc(slots, sizeof(*in->slots));
    in->room = malloc(sizeof(*in->room));
    in->sums = malloc(k->size);
    if (!in->slots || !in->room || !in->sums)
        return false;
    memcpy(in->sums, k->copies + (atomic_load(&k->whole) & 1) * (size_t)k->size,
           k->size);
    in->past = (struct tap *)(void *)(in->sums->told + slots);
    in->now = in->past + in->set.interfaces;
    for (size_t i = 0; i < slots; i++) {
        struct slot *s = &in->slots[i];
        exchange_init(&s->exchange, &in->set.seal);
        s->exchange.lasting = true;
        s->pipe = in->set.pipes[i];
        s->clock_ns = INT64_MIN;
    }
    return true;
}

struct intake *intake_new(const struct intake_settings *settings)
{
    struct intake *in = calloc(1, sizeof(*in));

    if (!in)
        return NULL;
    in->set = *settings;
    in->kept = settings->kept;
    in->teller = NOBODY;
    if (make_room(in))
        return in;
    intake_free(in);
    return NULL;
}

void intake_free(struct intake *in)
{
    if (!in)
        return;
    for (size_t i = 0; in->slots && i < in->set.slots; i++)
        exchange_clear(&in->slots[i].exchange);
    free(in->slots);
    free(in->room);
    free(in->sums);
    free(in);
}

static struct tap *taps_of(const struct intake *in, size_t slot)
{
    return in->now + slot * in->set.interfaces;
}

static void tap_add(struct tap *to, const struct tap *from)
{
    to->stats.given += from->stats.given;
    to->stats.dropped += from->stats.dropped;
    to->stats.dropped_interface += from->stats.dropped_interface;
}

/* The slot's process has ended: what it counted is of the past. */
static void fold(struct intake *in, size_t slot)
{
    struct told *told = &in->sums->told[slot];
    struct tap *taps = taps_of(in, slot);

    told->counters.flows_open = 0;
    counters_add(&in->sums->past, &told->counters);
    *told = (struct told){0};
    for (size_t i = 0; i < in->set.interfaces; i++) {
        tap_add(&in->past[i], &taps[i]);
        taps[i] = (struct tap){0};
    }
    in->slots[slot].speaks = false;
}

static void begin(struct intake *in, size_t slot, struct span payload)
{
    uint64_t number = 0;

    if (!exchange_decode_number(payload, &number))
        return;
    fold(in, slot);
    in->sums->told[slot].number = number;
    in->slots[slot].speaks = true;
    in->slots[slot].clock_ns = INT64_MIN;
    if (slot % in->set.workers == 0)
        in->teller = slot;
    keep(in);
}

static void take_counters(struct intake *in, size_t slot, struct span payload)
{
    if (exchange_decode_counters(payload, &in->sums->told[slot].counters))
        keep(in);
    else
        in->sums->broken++;
}

static void take_clock(struct intake *in, size_t slot, struct span payload)
{
    uint64_t number = 0;

    if (!exchange_decode_number(payload, &number))
        return;
    in->slots[slot].clock_ns = (int64_t)number;
    in->slots[slot].speaks = true;
}

/*
 * Every worker sees an interface go; the first one says it, and of two
 * generations that of the younger.
 */
static void tell_state(struct intake *in, size_t slot, const struct tap *tap)
{
    struct tap *past = &in->past[tap->interface];
    const uint32_t was = past->state;

    if (in->teller == NOBODY && slot % in->set.workers == 0)
        in->teller = slot;
    if (slot != in->teller || was == tap->state)
        return;
    past->state = tap->state;
    in->set.events.tap(in->set.events.ctx, tap->interface, (enum live_state)was,
                       (enum live_state)tap->state);
}

static void take_tap(struct intake *in, size_t slot, struct span payload)
{
    struct tap tap;

    if (!exchange_decode_tap(payload, &tap) ||
        tap.interface >= in->set.interfaces)
        return;
    taps_of(in, slot)[tap.interface] = tap;
    tell_state(in, slot, &tap);
    keep(in);
}

static void take_exposure(struct intake *in, struct span payload)
{
    struct exposure e;

    if (!exchange_decode_exposure(payload, &e, in->room) ||
        e.capture >= in->set.interfaces)
        in->sums->broken++;
    else
        in->set.events.exposure(in->set.events.ctx, &e);
}

static void take_frame(struct intake *in, size_t slot, const struct frame *f)
{
    switch (f->type) {
    case FRAME_EXPOSURE:
        take_exposure(in, f->payload);
        break;
    case FRAME_COUNTERS:
        take_counters(in, slot, f->payload);
        break;
    case FRAME_HELLO:
        begin(in, slot, f->payload);
        break;
    case FRAME_CLOCK:
        take_clock(in, slot, f->payload);
        break;
    case FRAME_TAP:
        take_tap(in, slot, f->payload);
        break;
    case FRAME_PROBLEM:
        in->set.events.problem(in->set.events.ctx, f->payload);
        break;
    case FRAME_DONE:
        in->slots[slot].speaks = false;
        break;
    case FRAME_PROGRESS:
    case FRAME_NOTE:
    case FRAME_CAPTURE:
        break;
    }
}

bool intake_read(struct intake *in, size_t slot)
{
    struct slot *s = &in->slots[slot];
    struct frame f;
    size_t before = 1;

    for (unsigned i = 0; i < TURN_FILLS && before > 0; i++) {
        before = s->exchange.bytes.len - s->exchange.used;
        if (!exchange_fill(&s->exchange, s->pipe))
            return false;
        before = s->exchange.bytes.len - before;
        while (exchange_next(&s->exchange, &f))
            take_frame(in, slot, &f);
    }
    if (s->exchange.passed > s->passed)
        in->sums->broken++;
    s->passed = s->exchange.passed;
    return before > 0;
}

uint64_t intake_ended(struct intake *in, size_t slot,
                      const struct intake_end *end)
{
    struct told *told = &in->sums->told[slot];
    struct counters *c = &told->counters;
    uint64_t unread = c->inspected_bytes;

    while (intake_read(in, slot))
        continue;
    if (in->teller == slot && told->number == end->number)
        in->teller = NOBODY;
    if (told->number != end->number)
        return 0; /* another one speaks already; or it never did */
    if (end->packets > c->packets) {
        c->packets_skipped[SKIP_WORKER] += end->packets - c->packets;
        c->packets = end->packets;
    }
    if (end->payload > c->payload_bytes)
        c->payload_bytes = end->payload;
    unread = c->inspected_bytes;
    for (size_t i = 0; i < WHY_REASONS; i++)
        unread += c->unread[i];
    unread = c->payload_bytes > unread ? c->payload_bytes - unread : 0;
    c->unread[WHY_WORKER] += unread;
    fold(in, slot);
    keep(in);
    return unread;
}

int64_t intake_clock(const struct intake *in)
{
    int64_t slowest = INT64_MAX;

    for (size_t i = 0; i < in->set.slots; i++) {
        const struct slot *s = &in->slots[i];
        if (s->speaks && s->clock_ns < slowest)
            slowest = s->clock_ns;
    }
    return slowest == INT64_MAX ? INT64_MIN : slowest;
}

void intake_counters(const struct intake *in, struct counters *out)
{
    *out = in->sums->past;
    for (size_t i = 0; i < in->set.slots; i++)
        counters_add(out, &in->sums->told[i].counters);
}

void intake_tap(const struct intake *in, size_t interface, struct tap *out)
{
    *out = in->past[interface];
    out->interface = (uint32_t)interface;
    for (size_t i = 0; i < in->set.slots; i++) {
        const struct tap *tap = &taps_of(in, i)[interface];
        tap_add(out, tap);
    }
}

size_t intake_workers(const struct intake *in)
{
    size_t speak = 0;

    for (size_t i = 0; i < in->set.slots; i++)
        speak += in->slots[i].speaks;
    return speak;
}

uint64_t intake_broken(const struct intake *in)
{
    return in->sums->broken;
}
