// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pcapng.c - read the pcapng capture format.
 *
 * In:   a source at the first byte of the file.
 * Out:  one packet an enhanced, simple or (obsolete) packet block, the frame
 *       in place in the source's window; sections and interfaces are kept.
 * Not:  blocks that hold no packet (names, statistics, secrets, whatever is
 *       to come) are passed over by their length, never held.
 * Spec: draft-ietf-opsawg-pcapng.
 *
 *     +------+--------+---------------------+--------+
 *     | type | length | body, padded to 4   | length |
 *     +------+--------+---------------------+--------+
 */
#include <inttypes.h>
#include <stdlib.h>

#include "capture/file.h"
#include "capture/units.h"
#include "outflow/limits.h"
#include "outflow/reader.h"

static const uint32_t SECTION = 0x0a0d0d0a; /* the same in both orders */
static const uint32_t ORDER_MARK = 0x1a2b3c4d;

enum {
    INTERFACE = 1,
    PACKET_OLD = 2,
    SIMPLE = 3,
    STATISTICS = 5,
    ENHANCED = 6,

    BLOCK = 12,         /* bytes of a block around its body */
    BLOCK_HEAD = 8,     /* type and length */
    OPTION_TSRESOL = 9, /* if_tsresol */
    OPTION_TSOFFSET = 14,
    OPTION_IFDROP = 5, /* isb_ifdrop: for want of room in the interface */
    OPTION_OSDROP = 7, /* isb_osdrop: in the operating system */
};

struct block {
    uint32_t type;
    uint32_t length;    /* as it says, all of it */
    uint64_t place;     /* where it begins */
    struct reader body; /* behind its head; empty when it was skipped */
};

static uint16_t take_u16(struct reader *r, bool big)
{
    return big ? reader_u16be(r) : reader_u16le(r);
}

static uint32_t take_u32(struct reader *r, bool big)
{
    return big ? reader_u32be(r) : reader_u32le(r);
}

static bool pcapng_probe(struct span head)
{
    struct reader r = reader_over(head);

    return reader_u32be(&r) == SECTION;
}

/* Does the length at the end of a block, there at at, agree with it? */
static bool pcapng_trailer(const struct file *f, const struct block *b,
                           uint64_t at)
{
    struct reader r = reader_over(span_skip(f->source.window, at));

    return take_u32(&r, f->pcapng.big) == b->length && reader_ok(&r);
}

/* Take a block that is wanted: all of it into the window. */
static enum step pcapng_hold(struct file *f, struct block *b)
{
    struct source *s = &f->source;
    size_t padded = ((size_t)b->length + 3) & ~(size_t)3;
    size_t end = b->length;

    if (b->length > LIMIT_BLOCK)
        return file_damage(f, b->place,
                           "want a block of at most %d bytes, "
                           "have %u",
                           LIMIT_BLOCK, b->length);
    if (!source_has(s, end))
        return file_short(f, end, "a block");
    if (!pcapng_trailer(f, b, end - 4)) {
        /* some writers count the body without its padding */
        if (padded == end || !source_has(s, padded) ||
            !pcapng_trailer(f, b, padded - 4))
            return file_damage(f, b->place + end - 4,
                               "want the block's length %u repeated at its "
                               "end, have another",
                               b->length);
        end = padded;
    }
    b->body = reader_over(span_slice(s->window, BLOCK_HEAD, end - 4));
    source_take(s, end);
    return STEP_PACKET;
}

/* Pass over a block that is not wanted, however long it says it is. */
static enum step pcapng_pass(struct file *f, const struct block *b)
{
    struct source *s = &f->source;
    uint64_t end = s->taken + b->length;

    if (!source_skip(s, b->length - 4)) {
        (void)file_damage(f, b->place,
                          "want a block of %u bytes, have %" PRIu64, b->length,
                          s->taken - b->place);
        f->cut = true;
        return STEP_DAMAGE;
    }
    if (!source_has(s, 4))
        return file_short(f, 4, "a block's end");
    if (!pcapng_trailer(f, b, 0)) {
        uint64_t pad = (4 - b->length % 4) % 4;
        if (pad == 0 || !source_has(s, pad + 4) || !pcapng_trailer(f, b, pad))
            return file_damage(f, end - 4,
                               "want the block's length %u repeated at its "
                               "end, have another",
                               b->length);
        source_take(s, pad);
    }
    source_take(s, 4);
    return STEP_PACKET;
}

/*
 * The byte order of a section stands behind its length: look ahead. False
 * when it is neither.
 */
static bool pcapng_order(struct file *f)
{
    struct reader big = reader_over(span_skip(f->source.window, BLOCK_HEAD));
    struct reader little = big;

    f->pcapng.big = reader_u32be(&big) == ORDER_MARK;
    return f->pcapng.big || reader_u32le(&little) == ORDER_MARK;
}

/* Read the head of the next block; STEP_END where the file may end. */
static enum step pcapng_head(struct file *f, struct block *b)
{
    struct source *s = &f->source;

    if (!source_has(s, BLOCK))
        return s->window.len == 0 ? STEP_END : file_short(f, BLOCK, "a block");
    struct reader r = reader_over(s->window);
    b->place = s->taken;
    b->type = take_u32(&r, f->pcapng.big);
    if (b->type == SECTION && !pcapng_order(f))
        return file_damage(f, b->place + BLOCK_HEAD,
                           "want the byte-order mark of a section, have "
                           "another value");
    b->length = take_u32(&r, f->pcapng.big);
    if (b->length < BLOCK)
        return file_damage(f, b->place + 4,
                           "want a block of at least %d bytes, have %u", BLOCK,
                           b->length);
    return STEP_PACKET;
}

/* Forget the interfaces of a section; what they dropped stays counted. */
static void pcapng_forget(struct file *f)
{
    struct pcapng *ng = &f->pcapng;

    for (uint32_t i = 0; i < ng->interfaces; i++)
        f->dropped += ng->interface[i].dropped;
    ng->interfaces = 0;
}

/* A section begins: what interfaces were is forgotten. */
static enum step pcapng_section(struct file *f, struct block *b)
{
    reader_skip(&b->body, 4); /* the byte-order mark, seen before */
    uint16_t major = take_u16(&b->body, f->pcapng.big);

    pcapng_forget(f);
    if (!reader_ok(&b->body) || major != 1)
        return file_damage(f, b->place, "want pcapng version 1, have %u",
                           major);
    return STEP_PACKET;
}

/* Read the options of an interface that change how its times are read. */
static void pcapng_options(struct interface *i, struct reader *r, bool big)
{
    while (reader_left(r) >= 4) {
        uint16_t code = take_u16(r, big);
        uint16_t len = take_u16(r, big);
        struct reader value = reader_over(reader_upto(r, len));

        if (code == 0)
            return;
        if (code == OPTION_TSRESOL && len == 1)
            i->resolution = reader_u8(&value);
        if (code == OPTION_TSOFFSET && len == 8)
            i->offset_s =
                (int64_t)(big ? reader_u64be(&value) : reader_u64le(&value));
        (void)reader_upto(r, (4U - len % 4U) % 4U);
    }
}

/* Room for one interface more. */
static bool pcapng_room(struct pcapng *ng)
{
    if (ng->interfaces < ng->room)
        return true;
    uint32_t room = ng->room == 0 ? 4 : ng->room * 2;
    struct interface *grown =
        realloc(ng->interface, room * sizeof(*ng->interface));
    if (grown == NULL)
        return false;
    ng->interface = grown;
    ng->room = room;
    return true;
}

static enum step pcapng_interface_block(struct file *f, struct block *b)
{
    struct pcapng *ng = &f->pcapng;
    struct interface i = {.resolution = 6};

    i.link = take_u16(&b->body, ng->big);
    reader_skip(&b->body, 2);
    i.snaplen = take_u32(&b->body, ng->big);
    if (!reader_ok(&b->body))
        return file_damage(f, b->place,
                           "want an interface of at least 20 "
                           "bytes, have %u",
                           b->length);
    if (ng->interfaces == LIMIT_INTERFACES || !pcapng_room(ng))
        return file_damage(f, b->place,
                           "want at most %d interfaces in a "
                           "section, have more",
                           LIMIT_INTERFACES);
    pcapng_options(&i, &b->body, ng->big);
    i.multiply = units_multiplier(i.resolution);
    if (i.multiply != 0 && i.offset_s == 0)
        i.most = INT64_MAX / i.multiply;
    ng->interface[ng->interfaces++] = i;
    return STEP_PACKET;
}

/* Statistics of an interface: sums so far, the last block has them all. */
static void pcapng_statistics(struct file *f, struct block *b)
{
    struct pcapng *ng = &f->pcapng;
    struct reader *r = &b->body;
    uint32_t interface = take_u32(r, ng->big);
    uint64_t dropped = 0;

    reader_skip(r, 8); /* time */
    while (reader_left(r) >= 4) {
        uint16_t code = take_u16(r, ng->big);
        uint16_t len = take_u16(r, ng->big);
        struct reader value = reader_over(reader_upto(r, len));

        if ((code == OPTION_IFDROP || code == OPTION_OSDROP) && len == 8)
            dropped += ng->big ? reader_u64be(&value) : reader_u64le(&value);
        (void)reader_upto(r, (4U - len % 4U) % 4U);
    }
    if (interface < ng->interfaces &&
        dropped > ng->interface[interface].dropped)
        ng->interface[interface].dropped = dropped;
}

/* Packet time of a count of units of an interface. */
static int64_t pcapng_time(const struct interface *i, uint64_t units)
{
    if (LIKELY(units <= i->most))
        return (int64_t)(units * i->multiply);
    return units_time(units, i->resolution, i->offset_s);
}

/* Finish a packet: frame off the body, link and time of its interface. */
static enum step pcapng_frame(struct file *f, struct block *b,
                              struct packet *out, uint32_t captured)
{
    struct pcapng *ng = &f->pcapng;

    if (captured > LIMIT_FRAME || captured > reader_left(&b->body))
        return file_damage(f, b->place,
                           "want a frame of at most %zu bytes, have %u",
                           reader_left(&b->body), captured);
    out->frame = reader_take(&b->body, captured);
    out->wire_len = out->wire_len > captured ? out->wire_len : captured;
    out->link = ng->last < ng->interfaces ? ng->interface[ng->last].link
                                          : LINK_UNDESCRIBED;
    out->time_ns = ng->last_ns;
    f->record = b->place;
    return STEP_PACKET;
}

/* An enhanced packet block, or the obsolete one that differs in its front. */
static enum step pcapng_enhanced(struct file *f, struct block *b,
                                 struct packet *out)
{
    static const struct interface unknown = {.resolution = 6};
    struct pcapng *ng = &f->pcapng;
    struct reader *r = &b->body;

    if (b->type == PACKET_OLD) {
        ng->last = take_u16(r, ng->big);
        reader_skip(r, 2); /* drops */
    } else {
        ng->last = take_u32(r, ng->big);
    }
    uint64_t high = take_u32(r, ng->big);
    uint64_t units = high << 32 | take_u32(r, ng->big);
    uint32_t captured = take_u32(r, ng->big);
    out->wire_len = take_u32(r, ng->big);
    if (!reader_ok(r))
        return file_damage(f, b->place,
                           "want a packet block of at least 32 "
                           "bytes, have %u",
                           b->length);
    ng->last_ns = pcapng_time(
        ng->last < ng->interfaces ? &ng->interface[ng->last] : &unknown, units);
    return pcapng_frame(f, b, out, captured);
}

/* A simple packet block: no time, of the first interface. */
static enum step pcapng_simple(struct file *f, struct block *b,
                               struct packet *out)
{
    struct pcapng *ng = &f->pcapng;
    uint32_t captured = take_u32(&b->body, ng->big);
    uint32_t most = ng->interfaces > 0 ? ng->interface[0].snaplen : 0;

    if (!reader_ok(&b->body))
        return file_damage(f, b->place,
                           "want a packet block of at least 16 "
                           "bytes, have %u",
                           b->length);
    ng->last = 0;
    out->wire_len = captured;
    if (most > 0 && captured > most)
        captured = most;
    if (captured > reader_left(&b->body))
        captured = (uint32_t)reader_left(&b->body);
    return pcapng_frame(f, b, out, captured);
}

/* Is what stands in such a block of use? Others are passed by length. */
static bool pcapng_wanted(const struct block *b)
{
    switch (b->type) {
    case INTERFACE:
    case PACKET_OLD:
    case SIMPLE:
    case ENHANCED:
        return true;
    case STATISTICS: /* a frill: too long a one is no damage */
        return b->length <= LIMIT_BLOCK;
    default:
        return b->type == SECTION;
    }
}

/* Read one block; *packet tells whether it was one. */
static enum step pcapng_block(struct file *f, struct packet *out, bool *packet)
{
    struct block b = {.type = 0};
    enum step step = pcapng_head(f, &b);

    if (step != STEP_PACKET)
        return step;
    if (!pcapng_wanted(&b))
        return pcapng_pass(f, &b);
    step = pcapng_hold(f, &b);
    if (step != STEP_PACKET)
        return step;
    switch (b.type) {
    case ENHANCED:
    case PACKET_OLD:
        *packet = true;
        return pcapng_enhanced(f, &b, out);
    case SIMPLE:
        *packet = true;
        return pcapng_simple(f, &b, out);
    case INTERFACE:
        return pcapng_interface_block(f, &b);
    case STATISTICS:
        pcapng_statistics(f, &b);
        return STEP_PACKET;
    default:
        return pcapng_section(f, &b);
    }
}

static enum step pcapng_begin(struct file *f)
{
    struct packet none;
    bool packet = false;

    enum step step = pcapng_block(f, &none, &packet);
    return step == STEP_END ? file_short(f, BLOCK, "the file's head") : step;
}

static enum step pcapng_next(struct file *f, struct packet *out)
{
    bool packet = false;
    enum step step = STEP_PACKET;

    while (step == STEP_PACKET && !packet)
        step = pcapng_block(f, out, &packet);
    if (step != STEP_PACKET)
        pcapng_forget(f);
    return step;
}

static uint32_t pcapng_interface(const struct file *f)
{
    return f->pcapng.last;
}

static void pcapng_end(struct file *f)
{
    free(f->pcapng.interface);
    f->pcapng = (struct pcapng){.interface = NULL};
}

const struct format format_pcapng = {
    .name = "pcapng",
    .probe = pcapng_probe,
    .begin = pcapng_begin,
    .next = pcapng_next,
    .interface = pcapng_interface,
    .end = pcapng_end,
};
