// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pcap.c - read the classic capture format of libpcap.
 *
 * In:   a source at the first byte of the file.
 * Out:  one packet a record, the frame in place in the source's window.
 * Not:  does not search for the next record after a damaged one.
 * Spec: draft-ietf-opsawg-pcap; Kuznetzov's longer record head and the
 *       swapped lengths of old versions as libpcap reads them.
 *
 *     head:   magic u32, major u16, minor u16, zone, sigfigs, snaplen, link
 *     record: seconds u32, fraction u32, captured u32, on the wire u32, frame
 */
#include <endian.h>
#include <string.h>

#include "capture/file.h"
#include "outflow/limits.h"
#include "outflow/reader.h"

enum {
    HEAD = 24,              /* bytes of the file's head */
    RECORD = 16,            /* bytes of a record's head */
    RECORD_KUZNETZOV = 24,  /* with interface, protocol, packet type */
    LINK_MASK = 0x03ffffff, /* the bits above tell of checksums at the end */
    SECOND_SLACK = 1 << 28, /* 8 years: no true neighbour is so far away */
};

static const uint32_t MICRO = 0xa1b2c3d4;
static const uint32_t NANO = 0xa1b23c4d;
static const uint32_t KUZNETZOV = 0xa1b2cd34;

static bool pcap_magic(uint32_t magic)
{
    return magic == MICRO || magic == NANO || magic == KUZNETZOV;
}

static bool pcap_probe(struct span head)
{
    struct reader big = reader_over(head);
    struct reader little = big;

    return pcap_magic(reader_u32be(&big)) || pcap_magic(reader_u32le(&little));
}

static uint32_t pcap_u32(struct reader *r, bool big)
{
    return big ? reader_u32be(r) : reader_u32le(r);
}

static uint16_t pcap_u16(struct reader *r, bool big)
{
    return big ? reader_u16be(r) : reader_u16le(r);
}

static enum step pcap_begin(struct file *f)
{
    struct pcap *p = &f->pcap;

    if (!source_has(&f->source, HEAD))
        return file_short(f, HEAD, "the file's head");

    struct reader r = reader_over(span_head(f->source.window, HEAD));
    struct reader ahead = r;
    memcpy(p->mark, r.rest.ptr, sizeof(p->mark));
    p->big = pcap_magic(reader_u32be(&ahead));
    uint32_t magic = pcap_u32(&r, p->big);
    uint16_t major = pcap_u16(&r, p->big);
    p->minor = pcap_u16(&r, p->big);
    reader_skip(&r, 8); /* time zone, accuracy: zero in every real file */
    p->snaplen = pcap_u32(&r, p->big);
    p->link = pcap_u32(&r, p->big) & LINK_MASK;
    p->fraction = magic == NANO ? 1 : 1000;
    p->head = magic == KUZNETZOV ? RECORD_KUZNETZOV : RECORD;
    /* 543 is AIX's way to write 2; its lengths are not swapped */
    if (major == 543)
        p->minor = 4;
    else if (major != 2)
        return file_damage(f, f->source.taken + 4,
                           "want pcap version 2.4, have %u.%u", major,
                           p->minor);
    if (p->snaplen == 0 || p->snaplen > LIMIT_FRAME)
        p->snaplen = LIMIT_FRAME;
    source_take(&f->source, HEAD);
    return STEP_PACKET;
}

struct record {
    uint32_t seconds, fraction, captured, wire;
};

/*
 * The head of a record, RECORD bytes at at. A named hot loop: the caller has
 * seen to it that the bytes are there; one load each instead of four checks.
 */
static struct record pcap_record(const struct pcap *p, const uint8_t *at)
{
    uint32_t word[4];

    memcpy(word, at, sizeof(word));
    for (size_t i = 0; i < COUNT(word); i++)
        word[i] = p->big ? be32toh(word[i]) : le32toh(word[i]);
    struct record r = {word[0], word[1], word[2], word[3]};
    /* up to version 2.3 the lengths stood the other way round */
    if (p->minor == 2 || (p->minor == 3 && r.captured > r.wire))
        r = (struct record){word[0], word[1], word[3], word[2]};
    return r;
}

/* Could the record behind this one be one? Asked of doubtful records only. */
static bool pcap_plausible(struct file *f, const struct record *now)
{
    struct source *s = &f->source;
    const struct pcap *p = &f->pcap;
    size_t size = p->head + now->captured;

    if (now->captured > LIMIT_FRAME || !source_has(s, size))
        return false;
    if (!source_has(s, size + RECORD))
        return s->window.len == size;
    struct record next = pcap_record(p, s->window.ptr + size);
    uint32_t apart = next.seconds - now->seconds;
    bool near = apart < SECOND_SLACK || -apart < SECOND_SLACK;
    bool fits = next.captured <= next.wire && next.wire <= LIMIT_FRAME;
    return next.captured > 0 && next.captured <= LIMIT_FRAME &&
           next.fraction < 1000000000 && (near || fits);
}

/* Say what is wrong with a record that cannot be read. */
static enum step pcap_fault(struct file *f, const struct record *r)
{
    const struct pcap *p = &f->pcap;
    uint32_t most = r->captured > p->snaplen ? p->snaplen : r->wire;

    if (r->captured <= LIMIT_FRAME && r->captured <= p->snaplen &&
        !source_has(&f->source, p->head + r->captured))
        return file_short(f, p->head + (uint64_t)r->captured, "a record");
    return file_damage(f, f->source.taken,
                       "want a frame of at most %u bytes, have %u", most,
                       r->captured);
}

static enum step pcap_frame(struct file *f, struct packet *out)
{
    const struct pcap *p = &f->pcap;
    struct source *s = &f->source;

    if (!source_has(s, p->head))
        return s->window.len == 0 ? STEP_END
                                  : file_short(f, p->head, "a record's head");
    struct record r = pcap_record(p, s->window.ptr);
    /* some writers go past their own limit: believe the next record */
    if (UNLIKELY(r.captured > p->snaplen || r.captured > r.wire) &&
        !pcap_plausible(f, &r))
        return pcap_fault(f, &r);
    if (!source_has(s, p->head + r.captured))
        return pcap_fault(f, &r);

    f->record = s->taken;
    out->time_ns =
        (int64_t)r.seconds * 1000000000 + (int64_t)r.fraction * p->fraction;
    out->link = p->link;
    out->wire_len = r.wire > r.captured ? r.wire : r.captured;
    out->frame = (struct span){s->window.ptr + p->head, r.captured};
    source_take(s, p->head + r.captured);
    return STEP_PACKET;
}

/* Were captures joined by cat: a head where a record would be? */
static bool pcap_joined(struct file *f)
{
    return LIKELY(source_has(&f->source, RECORD)) &&
           memcmp(f->source.window.ptr, f->pcap.mark, sizeof(f->pcap.mark)) ==
               0;
}

static enum step pcap_next(struct file *f, struct packet *out)
{
    while (UNLIKELY(pcap_joined(f))) {
        enum step step = pcap_begin(f);
        if (step != STEP_PACKET)
            return step;
    }
    return pcap_frame(f, out);
}

static uint32_t pcap_interface(const struct file *f)
{
    (void)f;
    return 0;
}

static void pcap_end(struct file *f)
{
    (void)f;
}

const struct format format_pcap = {
    .name = "pcap",
    .probe = pcap_probe,
    .begin = pcap_begin,
    .next = pcap_next,
    .interface = pcap_interface,
    .end = pcap_end,
};
