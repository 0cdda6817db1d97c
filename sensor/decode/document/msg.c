// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * msg.c - properties are streams named after their number and type.
 *
 *     __substg1.0_1000001F     number 1000 (body), type 001F (UTF-16)
 *     __properties_version1.0  those of fixed length, 16 bytes each
 */
#include "decode/document/msg.h"

#include <stdio.h>
#include <string.h>

#include "decode/document/codepage.h"
#include "decode/document/lzfu.h"
#include "outflow/reader.h"

enum {
    PROP_SUBJECT = 0x0037,
    PROP_BODY = 0x1000,
    PROP_RICH = 0x1009,
    PROP_HTML = 0x1013,
    PROP_DATA = 0x3701,
    PROP_SHORT = 0x3704, /* file names */
    PROP_LONG = 0x3707,
    PROP_MEDIA = 0x370e,
    PROP_CODEPAGE = 0x3ffd, /* of texts that are not UTF-16 */
    TYPE_BYTES = 0x0102,
    TYPE_NARROW = 0x001e,
    TYPE_WIDE = 0x001f,
    TEXT_MOST = 64 << 10, /* of a text that is held: a name, a subject */
};

/* Streams of a storage that matter; kind CFB_NONE: not there. */
struct msg {
    struct cfb_entry subject, body, rich, html;
    struct cfb_entry data, name_short, name_long, media;
    unsigned codepage;
};

bool msg_is(struct span name)
{
    return span_starts_nocase(name, SPAN("__substg1.0_")) ||
           span_starts_nocase(name, SPAN("__properties_version"));
}

/* Number and type of a property; false when the stream is none. */
static bool property_of(struct span name, uint32_t *number, uint32_t *type)
{
    struct span head = SPAN("__substg1.0_");
    uint64_t value;

    if (!span_starts_nocase(name, head) ||
        !span_hex(span_slice(name, head.len, head.len + 8), &value))
        return false;
    *number = (uint32_t)(value >> 16);
    *type = (uint32_t)(value & 0xffff);
    return true;
}

/* The code page among the properties of fixed length. */
static unsigned codepage_in(struct cfb *file, const struct cfb_entry *e)
{
    enum { EACH = 16, STEP = 8, MOST = 8192 };
    struct cfb_stream s;
    unsigned found = 0;
    uint8_t bytes[EACH];

    if (cfb_stream_open(file, e, &s))
        for (uint64_t at = 0; at < s.size && at < MOST; at += STEP) {
            struct reader r = reader_over((struct span){bytes, EACH});
            if (cfb_read(&s, at, bytes, EACH) < EACH)
                break;
            uint32_t type = reader_u16le(&r);
            uint32_t number = reader_u16le(&r);
            reader_skip(&r, 4);
            if (type == 3 && number == PROP_CODEPAGE)
                found = reader_u32le(&r);
        }
    cfb_stream_close(&s);
    return found;
}

static void property_take(struct msg *m, const struct cfb_entry *e,
                          uint32_t number, uint32_t type)
{
    const struct {
        uint32_t number;
        struct cfb_entry *to;
    } wanted[] = {
        {PROP_SUBJECT, &m->subject}, {PROP_BODY, &m->body},
        {PROP_RICH, &m->rich},       {PROP_HTML, &m->html},
        {PROP_DATA, &m->data},       {PROP_SHORT, &m->name_short},
        {PROP_LONG, &m->name_long},  {PROP_MEDIA, &m->media},
    };

    if (type != TYPE_BYTES && type != TYPE_NARROW && type != TYPE_WIDE)
        return;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        if (wanted[i].number != number)
            continue;
        *wanted[i].to = *e;
        wanted[i].to->link[2] = type; /* a stream has no child */
        wanted[i].to->name = (struct span){NULL, 0};
    }
}

static void message_find(struct cfb *file, uint32_t storage, struct msg *m)
{
    uint32_t from, to, number, type;
    struct cfb_entry e;

    memset(m, 0, sizeof(*m));
    cfb_inside(file, storage, &from, &to);
    for (; from < to; from++) {
        if (!cfb_entry(file, file->order[from], &e) || e.kind != CFB_STREAM)
            continue;
        if (property_of(e.name, &number, &type))
            property_take(m, &e, number, type);
        else if (span_starts_nocase(e.name, SPAN("__properties_version")))
            m->codepage = codepage_in(file, &e);
    }
}

/* --- texts --- */

/* A short text as UTF-8; empty when it is not there. */
static void text_get(struct cfb *file, const struct msg *m,
                     const struct cfb_entry *e, struct buf *out)
{
    struct buf raw;
    struct cfb_stream s = {0};

    buf_reset(out);
    if (e->kind != CFB_STREAM)
        return;
    buf_init(&raw, TEXT_MOST);
    bool fine = cfb_stream_open(file, e, &s);
    for (uint64_t at = 0; fine && at < s.size;) {
        struct span run = cfb_run(&s, at, 512);
        fine = run.len > 0 && buf_add(&raw, run);
        at += run.len;
    }
    enum charset charset =
        e->link[2] == TYPE_WIDE ? CHARSET_UTF16LE : codepage_find(m->codepage);
    if (!charset_text(charset, buf_span(&raw), out))
        buf_reset(out);
    cfb_stream_close(&s);
    buf_clear(&raw);
}

/* --- parts --- */

/* The charset of a text as the chain reads it. */
static struct span charset_of(const struct msg *m, const struct cfb_entry *e,
                              char room[16])
{
    if (e->link[2] == TYPE_WIDE)
        return SPAN("utf-16le");
    if (m->codepage == 0 || e->link[2] != TYPE_NARROW)
        return (struct span){NULL, 0};
    int len = snprintf(room, 16, "cp%u", m->codepage);
    return (struct span){(const uint8_t *)room, len > 0 ? (size_t)len : 0};
}

/* A stream as a part. */
static void part_put(struct cfb *file, const struct cfb_entry *e,
                     const struct part_info *info, struct cells *cells)
{
    struct cfb_stream s = {0};

    if (e->kind != CFB_STREAM || e->size == 0)
        return;
    if (cfb_stream_open(file, e, &s)) {
        cells_file(cells, info);
        cfb_put(&s, 0, s.size, cells);
        cells_close(cells, s.missing > 0 ? PART_CUT : PART_WHOLE);
    }
    cfb_stream_close(&s);
}

static void text_part(struct cfb *file, const struct msg *m,
                      const struct cfb_entry *e, struct cells *cells,
                      struct part_info info)
{
    char room[16];

    info.charset = charset_of(m, e, room);
    part_put(file, e, &info, cells);
}

static void rich_put(struct cfb *file, const struct cfb_entry *e,
                     struct cells *cells)
{
    const struct part_info info = {.step = SPAN("body.rtf"),
                                   .media = SPAN("text/rtf")};
    struct cfb_stream s = {0};

    if (e->kind != CFB_STREAM || e->size == 0)
        return;
    if (cfb_stream_open(file, e, &s)) {
        cells_file(cells, &info);
        bool whole = lzfu_put(&s, cells);
        cells_close(cells, whole ? PART_WHOLE : PART_CUT);
    }
    cfb_stream_close(&s);
}

static void bodies_put(struct cfb *file, const struct msg *m,
                       struct cells *cells)
{
    text_part(file, m, &m->subject, cells,
              (struct part_info){.step = SPAN("subject"),
                                 .media = SPAN("text/plain")});
    text_part(
        file, m, &m->body, cells,
        (struct part_info){.step = SPAN("body"), .media = SPAN("text/plain")});
    text_part(file, m, &m->html, cells,
              (struct part_info){.step = SPAN("body.html"),
                                 .media = SPAN("text/html")});
    rich_put(file, &m->rich, cells);
}

static void attachment_put(struct cfb *file, const struct msg *m,
                           struct cells *cells)
{
    struct buf name, media;

    buf_init(&name, TEXT_MOST * 2);
    buf_init(&media, TEXT_MOST * 2);
    text_get(file, m, &m->name_long, &name);
    if (name.len == 0)
        text_get(file, m, &m->name_short, &name);
    text_get(file, m, &m->media, &media);
    const struct part_info info = {.step = name.len > 0 ? buf_span(&name)
                                                        : SPAN("attachment"),
                                   .name = buf_span(&name),
                                   .media = buf_span(&media)};
    part_put(file, &m->data, &info, cells);
    buf_clear(&name);
    buf_clear(&media);
}

/* The last round is for streams whose storage a hole swallowed. */
void msg_read(struct cfb *file, struct cells *cells)
{
    struct cfb_entry e;
    struct msg m;

    for (uint32_t i = 0; i <= file->count && !cells->refused; i++) {
        uint32_t from, to;
        cfb_inside(file, i, &from, &to);
        if (from == to || (cfb_entry(file, i, &e) && e.kind == CFB_STREAM))
            continue;
        message_find(file, i, &m);
        bodies_put(file, &m, cells);
        attachment_put(file, &m, cells);
    }
}
