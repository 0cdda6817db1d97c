// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * compound.c - OLE compound files: workbooks, documents, mails, and others.
 *
 * In:   a part that begins with the magic of a compound file, held whole.
 * Out:  sheets as CSV, text of documents, bodies and attachments of mails;
 *       files inside as they are. Of a kind not known every stream is one.
 * Not:  nothing that is encrypted is opened: told with its kind and bytes.
 * Spec: [MS-CFB]; of what is inside: xls.h, doc.h, ppt.h, msg.h.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/document/cfb.h"
#include "decode/document/cells.h"
#include "decode/document/doc.h"
#include "decode/document/msg.h"
#include "decode/document/ppt.h"
#include "decode/document/xls.h"
#include "outflow/reader.h"

enum { DOCS_MOST = 64 }; /* Word documents in one file: its objects */

struct compound {
    struct held held;
};

/* What is read of a file: which kinds were met. */
struct reading {
    struct cfb file;
    struct cells rows;
    bool known;       /* a stream we understand was met */
    bool mail;        /* its streams are properties of mails */
    uint32_t at;      /* the entry being read */
    uint32_t docs;    /* Word documents met */
    uint32_t streams; /* that the directory lists */
};

static enum match compound_probe(struct span head, const struct hint *hint)
{
    (void)hint;
    return cfb_begins(head);
}

static bool compound_open(void *state, const struct hint *hint)
{
    struct compound *c = state;

    held_open(&c->held, hint);
    return true;
}

static struct progress compound_feed(void *state, enum dir dir,
                                     struct span bytes, struct sink *out)
{
    struct compound *c = state;

    (void)dir;
    (void)out;
    if (!held_add(&c->held, bytes))
        return (struct progress){DECODE_LIMIT, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

static struct progress compound_gap(void *state, enum dir dir, uint64_t len,
                                    struct sink *out)
{
    struct compound *c = state;

    (void)dir;
    (void)out;
    bool fine = held_gap(&c->held, len);
    return (struct progress){fine ? DECODE_MORE : DECODE_LIMIT, 0};
}

/* --- streams --- */

typedef void stream_reader(struct reading *r, const struct cfb_entry *e,
                           struct cfb_stream *s);

static void read_xls(struct reading *r, const struct cfb_entry *e,
                     struct cfb_stream *s)
{
    (void)e;
    xls_read(s, &r->rows);
}

/* A stream of the same storage; an empty one if there is none. */
static struct cfb_stream stream_beside(struct reading *r, struct span name)
{
    struct cfb_stream s = {.held = r->file.held};
    struct cfb_entry e;

    if (cfb_find(&r->file, r->file.parent[r->at], name, &e) &&
        !cfb_stream_open(&r->file, &e, &s))
        cfb_stream_close(&s);
    return s;
}

static void read_doc(struct reading *r, const struct cfb_entry *e,
                     struct cfb_stream *s)
{
    struct doc_streams streams = {.main = *s};

    (void)e;
    if (r->docs++ >= DOCS_MOST)
        return;
    streams.table = stream_beside(r, doc_table(s));
    streams.data = stream_beside(r, SPAN("Data"));
    doc_read(&streams, &r->rows);
    cfb_stream_close(&streams.table);
    cfb_stream_close(&streams.data);
}

static void read_ppt(struct reading *r, const struct cfb_entry *e,
                     struct cfb_stream *s)
{
    (void)e;
    ppt_read(s, &r->rows);
}

static void read_closed(struct reading *r, const struct cfb_entry *e,
                        struct cfb_stream *s)
{
    (void)s;
    cells_unread(&r->rows, "ooxml", WHY_ENCRYPTED, e->size);
}

/* The bytes of a stream as a part named after it. */
static void read_file(struct reading *r, const struct cfb_entry *e,
                      struct cfb_stream *s)
{
    const struct part_info info = {.step = e->name, .name = e->name};

    cells_file(&r->rows, &info);
    cfb_put(s, 0, s->size, &r->rows);
    cells_close(&r->rows, s->missing > 0 ? PART_CUT : PART_WHOLE);
}

/* A text that ends with NUL, at place *at, which moves behind it. */
static struct span text_take(const struct cfb_stream *s, uint64_t *at,
                             uint8_t room[LIMIT_NAME])
{
    size_t have = cfb_read(s, *at, room, LIMIT_NAME);
    size_t len = span_find((struct span){room, have}, 0);

    *at += len + 1;
    return (struct span){room, len};
}

/*
 * A file that was put into a document: size, flags (2), its name, its path,
 * flags (4), length and path of a copy; length and bytes of the file.
 */
static void read_native(struct reading *r, const struct cfb_entry *e,
                        struct cfb_stream *s)
{
    uint8_t name[LIMIT_NAME], path[LIMIT_NAME], lens[8];
    uint64_t at = 6;

    (void)e;
    struct span label = text_take(s, &at, name);
    (void)text_take(s, &at, path);
    struct reader r4 = reader_over((struct span){lens, sizeof(lens)});
    if (cfb_read(s, at, lens, sizeof(lens)) < sizeof(lens))
        return;
    reader_skip(&r4, 4);
    at += sizeof(lens) + (uint64_t)reader_u32le(&r4);
    r4 = reader_over((struct span){lens, 4});
    if (cfb_read(s, at, lens, 4) < 4)
        return;
    const struct part_info info = {.step = label, .name = label};
    cells_file(&r->rows, &info);
    cfb_put(s, at + 4, reader_u32le(&r4), &r->rows);
    cells_close(&r->rows, PART_WHOLE);
}

static const struct {
    struct span name;
    stream_reader *read;
} streams[] = {
    {SPAN_INIT("Workbook"), read_xls},
    {SPAN_INIT("Book"), read_xls},
    {SPAN_INIT("WordDocument"), read_doc},
    {SPAN_INIT("PowerPoint Document"), read_ppt},
    {SPAN_INIT("\1Ole10Native"), read_native},
    {SPAN_INIT("EncryptedPackage"), read_closed},
    {SPAN_INIT("Package"), read_file},
    {SPAN_INIT("CONTENTS"), read_file},
};

/* Read a stream by its name; false when nobody knows it. */
static bool reading_stream(struct reading *r, const struct cfb_entry *e)
{
    struct cfb_stream s;

    for (size_t i = 0; i < COUNT(streams); i++) {
        if (!span_eq_nocase(e->name, streams[i].name))
            continue;
        if (cfb_stream_open(&r->file, e, &s))
            streams[i].read(r, e, &s);
        cfb_stream_close(&s);
        return true;
    }
    return false;
}

/* Streams nobody knows: all but lists of properties. */
static void reading_unknown(struct reading *r, const struct cfb_entry *e)
{
    struct cfb_stream s;

    if (e->name.len == 0 || e->name.ptr[0] <= 5)
        return;
    if (cfb_stream_open(&r->file, e, &s))
        read_file(r, e, &s);
    cfb_stream_close(&s);
}

static void reading_all(struct reading *r)
{
    struct cfb_entry e;

    for (r->at = 0; r->at < r->file.count && !r->rows.refused; r->at++) {
        if (!cfb_entry(&r->file, r->at, &e) || e.kind != CFB_STREAM)
            continue;
        r->streams++;
        r->mail |= msg_is(e.name);
        r->known |= reading_stream(r, &e) || r->mail;
    }
    if (r->mail)
        msg_read(&r->file, &r->rows);
    for (r->at = 0; r->at < r->file.count && !r->known; r->at++)
        if (cfb_entry(&r->file, r->at, &e) && e.kind == CFB_STREAM)
            reading_unknown(r, &e);
}

static enum decode_status compound_end(void *state, enum dir dir,
                                       struct span rest, struct sink *out)
{
    struct compound *c = state;
    struct reading r = {0};

    (void)dir;
    (void)rest;
    cells_init(&r.rows, out);
    bool fine = cfb_open(&r.file, &c->held);
    if (fine)
        reading_all(&r);
    cells_close(&r.rows, PART_CUT);
    if (!r.rows.told && (r.file.damaged || r.streams == 0))
        cells_unread(&r.rows, "cfb", WHY_DAMAGED, held_known(&c->held));
    bool refused = r.rows.refused;
    cells_clear(&r.rows);
    cfb_close(&r.file);
    if (refused)
        return DECODE_REFUSED;
    return fine ? DECODE_DONE : DECODE_BAD;
}

static void compound_close(void *state)
{
    struct compound *c = state;

    held_clear(&c->held);
}

const struct decoder decoder_cfb = {
    .name = "cfb",
    .state_size = sizeof(struct compound),
    .recodes = true,
    .probe = compound_probe,
    .open = compound_open,
    .feed = compound_feed,
    .gap = compound_gap,
    .end = compound_end,
    .close = compound_close,
};
