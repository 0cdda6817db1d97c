// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * zip.c - open a zip: each entry is a part.
 *
 * In:   a part that begins as a zip does, a split one's first volume too.
 * Out:  a part for each entry, named as in its local header; bytes between
 *       entries as a part "rest". Entries of office files become text.
 * Not:  opens no encrypted entry, nor Deflate64, PPMd and older methods:
 *       those are told as unread under their name.
 * Spec: PKWARE APPNOTE 6.3.10; zip_reader.c walks its records.
 */
#include <string.h>

#include "decode/archive/zip_reader.h"
#include "decode/document/office.h"
#include "decode/params.h"

struct zip {
    struct zip_reader reader;
    struct sink *out;              /* while it is fed */
    const struct zip_entry *entry; /* the open one */
    uint16_t head_len;             /* bytes held of it */
    struct office *office;         /* owned: what it may be a file of */
    bool decided;                  /* it is known whose it is: */
    bool offices;                  /* the office file's */
    uint8_t head[LIMIT_PROBE];
};

static enum match zip_probe(struct span head, const struct hint *hint)
{
    struct zip_head record;

    if (span_starts(head, SPAN("PK\7\10")) || span_starts(head, SPAN("PK00")))
        head = span_skip(head, 4);
    switch (zip_head_read(head, &record)) {
    case ZIP_LOCAL:
    case ZIP_END:
        return MATCH_YES;
    case ZIP_PART:
        return hint->ended ? MATCH_NO : MATCH_MORE;
    default:
        return MATCH_NO;
    }
}

/* --- entries --- */

static bool part_open(struct zip *z)
{
    uint8_t room[LIMIT_NAME];
    struct span name = z->entry->name;
    struct part_info info = {.step = SPAN("rest")};

    if (!z->entry->utf8)
        name = (struct span){room, params_name(name, room, sizeof(room))};
    if (!z->entry->loose)
        info = (struct part_info){.step = name, .name = name};

    z->decided = true;
    return z->out->ops->part_open(z->out->ctx, &info);
}

/* Bytes of the open entry, to whom it belongs. */
static bool entry_put(struct zip *z, struct span bytes)
{
    if (z->offices)
        return office_put(z->office, bytes, z->out);
    return bytes.len == 0 || z->out->ops->put(z->out->ctx, bytes);
}

/* Its first bytes are there, or all: whose is it? */
static bool entry_decide(struct zip *z)
{
    const struct span head = {z->head, z->head_len};

    z->head_len = 0;
    if (head.len == 0)
        return true;
    z->decided = true;
    z->offices =
        !z->entry->loose && z->office != NULL &&
        office_take(z->office, z->entry->name, head, true) == MATCH_YES;
    return (z->offices || part_open(z)) && entry_put(z, head);
}

static bool on_begin(void *ctx, const struct zip_entry *entry)
{
    struct zip *z = ctx;

    z->entry = entry;
    z->head_len = 0;
    z->decided = z->offices = false;
    return !entry->closed || part_open(z);
}

static bool on_bytes(void *ctx, struct span bytes)
{
    struct zip *z = ctx;

    if (!z->decided) {
        struct span first = span_head(bytes, sizeof(z->head) - z->head_len);
        memcpy(z->head + z->head_len, first.ptr, first.len);
        z->head_len = (uint16_t)(z->head_len + first.len);
        bytes = span_skip(bytes, first.len);
        if (z->head_len < sizeof(z->head))
            return true;
        if (!entry_decide(z))
            return false;
    }
    return entry_put(z, bytes);
}

static bool on_gap(void *ctx, uint64_t len)
{
    struct zip *z = ctx;

    if (!z->decided && !(z->head_len > 0 ? entry_decide(z) : part_open(z)))
        return false;
    if (z->offices)
        return office_gap(z->office, len, z->out);
    return z->out->ops->gap(z->out->ctx, len);
}

static bool on_closed(void *ctx, enum why why, uint64_t packed)
{
    struct zip *z = ctx;
    const struct note note = {
        .kind = NOTE_UNREAD, .text = SPAN("zip"), .number = packed, .why = why};

    return z->out->ops->note(z->out->ctx, &note);
}

static bool on_end(void *ctx, enum part_end how)
{
    struct zip *z = ctx;

    if (!z->decided && !entry_decide(z))
        return false;
    if (z->offices)
        return office_close(z->office, how, z->out);
    return !z->decided || z->out->ops->part_close(z->out->ctx, how);
}

static bool on_odd(void *ctx)
{
    struct zip *z = ctx;
    const struct note note = {.kind = NOTE_ANOMALY,
                              .text = SPAN("inconsistent")};

    return z->out->ops->note(z->out->ctx, &note);
}

/* --- the decoder --- */

static bool zip_open(void *state, const struct hint *hint)
{
    static const struct zip_events events = {
        .begin = on_begin,
        .bytes = on_bytes,
        .gap = on_gap,
        .closed = on_closed,
        .end = on_end,
        .odd = on_odd,
    };
    struct zip *z = state;

    zip_reader_open(&z->reader, &events, z, hint->memory);
    z->reader.gone = hint->part->passed; /* entries may stand in front */
    z->office = office_new(hint);
    return z->office != NULL;
}

/* Nothing more is read: what waited in the office file is put. */
static struct progress zip_stop(struct zip *z, struct progress p)
{
    bool more = p.status == DECODE_MORE || p.status == DECODE_REFUSED;

    if (!more && !office_end(z->office, z->out))
        p.status = DECODE_REFUSED;
    return p;
}

static struct progress zip_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct zip *z = state;

    (void)dir;
    z->out = out;
    return zip_stop(z, zip_reader_feed(&z->reader, bytes));
}

static struct progress zip_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct zip *z = state;

    (void)dir;
    z->out = out;
    return zip_stop(z, zip_reader_gap(&z->reader, len));
}

static enum decode_status zip_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct zip *z = state;

    (void)dir;
    z->out = out;
    enum decode_status status = zip_reader_end(&z->reader, rest);
    if (status != DECODE_REFUSED && !office_end(z->office, out))
        status = DECODE_REFUSED;
    return status;
}

static void zip_close(void *state)
{
    struct zip *z = state;

    zip_reader_close(&z->reader);
    office_free(z->office);
}

const struct decoder decoder_zip = {
    .name = "zip",
    .state_size = sizeof(struct zip),
    .recodes = true,
    .probe = zip_probe,
    .open = zip_open,
    .feed = zip_feed,
    .gap = zip_gap,
    .end = zip_end,
    .close = zip_close,
};
