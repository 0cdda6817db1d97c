// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * biff.c - records one after the other, and found again behind holes.
 */
#include "decode/document/biff.h"

#include <string.h>

#include "outflow/compiler.h"

enum {
    HEAD = 4,
    CONTINUE = 0x3c,
    STRINGS = 0xfc, /* SST: long, and read as far as it is there */
    IN_A_ROW = 4,   /* records that look like cells: no accident */
    FLAG_WIDE = 1,
    FLAG_PHONETIC = 4,
    FLAG_RUNS = 8,
    RUN = 4, /* bytes of a formatting run */
};

void biff_open(struct biff *b, const struct cfb_stream *s, uint64_t at)
{
    b->s = s;
    b->next = at;
    b->from = at;
    b->type = 0;
    b->body = (struct span){NULL, 0};
    b->lost = 0;
    b->unread = 0;
}

/* --- found again --- */

static bool head_read(const struct cfb_stream *s, uint64_t at, uint16_t *type,
                      uint16_t *len)
{
    uint8_t head[HEAD];
    struct reader r = reader_over((struct span){head, sizeof(head)});

    if (cfb_read(s, at, head, HEAD) < HEAD)
        return false;
    *type = reader_u16le(&r);
    *len = reader_u16le(&r);
    return true;
}

static bool looks_like_cell(uint16_t type, uint16_t len)
{
    static const struct {
        uint16_t type, least, most;
    } cells[] = {
#define CELL(type_, least_, most_) {type_, least_, most_},
#include "decode/document/biff_cells.def"
#undef CELL
    };

    for (size_t i = 0; i < COUNT(cells); i++)
        if (cells[i].type == type)
            return len >= cells[i].least && len <= cells[i].most;
    return false;
}

/* Do records begin at at? */
static bool records_at(const struct cfb_stream *s, uint64_t at)
{
    enum { END = 0x0a };
    uint16_t type, len;

    for (int i = 0; i < IN_A_ROW; i++) {
        if (!head_read(s, at, &type, &len) || !looks_like_cell(type, len))
            return false;
        if (type == END && i > 0)
            return true;
        at += HEAD + (uint64_t)len;
    }
    return true;
}

/* Pass bytes up to the next records; false: there are none. */
static bool biff_sync(struct biff *b)
{
    while (b->next < b->s->size) {
        struct span byte = cfb_run(b->s, b->next, 1);
        bool whole = cfb_whole(b->s, b->next, 1);
        if (whole && records_at(b->s, b->next))
            return true;
        b->lost += !whole;
        b->unread += whole && byte.len > 0 && byte.ptr[0] != 0; /* padding */
        b->next++;
    }
    return false;
}

bool biff_next(struct biff *b)
{
    uint16_t len;

    while (head_read(b->s, b->next, &b->type, &len)) {
        bool whole = cfb_whole(b->s, b->next, HEAD);
        bool sense = len <= BIFF_BODY && (b->type != 0 || len != 0);
        if (!whole || !sense) {
            if (!biff_sync(b))
                return false;
            continue;
        }
        b->from = b->next;
        b->next += HEAD + (uint64_t)len;
        if (b->type != STRINGS && !cfb_whole(b->s, b->from + HEAD, len)) {
            b->lost += len;
            continue;
        }
        b->body = (struct span){b->room,
                                cfb_read(b->s, b->from + HEAD, b->room, len)};
        return true;
    }
    return false;
}

/* --- text --- */

struct biff_text biff_text_of(const struct biff *b, uint32_t skip)
{
    bool there = skip <= b->body.len;

    return (struct biff_text){
        .s = b->s,
        .at = b->from + HEAD + skip,
        .left = there ? (uint32_t)b->body.len - skip : 0,
        .failed = !there,
    };
}

/* Go on in the next record, if this one is used up. */
static bool text_goes_on(struct biff_text *t)
{
    uint16_t type, len;

    while (!t->failed && t->left == 0) {
        t->failed = !head_read(t->s, t->at, &type, &len) || type != CONTINUE ||
                    !cfb_whole(t->s, t->at, HEAD + (uint64_t)len);
        if (t->failed)
            break;
        t->at += HEAD;
        t->left = len;
    }
    return !t->failed;
}

/* Bytes that lie in a row: at most len, at least one. */
static struct span text_run(struct biff_text *t, uint32_t len)
{
    struct span run = {NULL, 0};

    if (text_goes_on(t))
        run = cfb_run(t->s, t->at, len < t->left ? len : t->left);
    if (run.len == 0 || !cfb_whole(t->s, t->at, run.len)) {
        t->failed = true;
        return (struct span){NULL, 0};
    }
    t->at += run.len;
    t->left -= (uint32_t)run.len;
    return run;
}

uint32_t biff_number(struct biff_text *t, unsigned len)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < len; i++) {
        struct span one = text_run(t, 1);
        if (one.len > 0)
            value |= (uint32_t)one.ptr[0] << (8 * i);
    }
    return t->failed ? 0 : value;
}

static void text_skip(struct biff_text *t, uint32_t len)
{
    while (len > 0 && !t->failed)
        len -= (uint32_t)text_run(t, len).len;
}

/* A unit of UTF-16; the first half of a pair waits in *high. */
static bool unit_add(struct buf *out, uint16_t unit, uint32_t *high)
{
    uint8_t utf8[8];
    uint32_t code = unit;

    if ((unit & 0xfc00) == 0xd800) {
        *high = unit;
        return true;
    }
    if ((unit & 0xfc00) == 0xdc00 && *high != 0)
        code = 0x10000 + ((*high & 0x3ff) << 10) + (unit & 0x3ffU);
    *high = 0;
    if (code == 0 || (code & 0xfffff800) == 0xd800)
        return true;
    return buf_add(out, (struct span){utf8, charset_put(code, utf8)});
}

static bool run_add(struct buf *out, struct span run, uint32_t *high)
{
    bool fine = true;

    for (size_t i = 0; i < run.len && fine; i++)
        fine = unit_add(out, run.ptr[i], high);
    return fine;
}

bool biff_chars(struct biff_text *t, uint32_t len, bool wide, struct buf *out)
{
    uint32_t high = 0;
    bool fine = true;

    while (len > 0 && fine && !t->failed) {
        if (t->left == 0) { /* it goes on, maybe in the other width */
            wide = (biff_number(t, 1) & FLAG_WIDE) != 0;
            continue;
        }
        if (wide) {
            uint32_t unit = biff_number(t, 2);
            fine = t->failed || unit_add(out, (uint16_t)unit, &high);
            len--;
            continue;
        }
        struct span run = text_run(t, len);
        fine = run_add(out, run, &high);
        len -= (uint32_t)run.len;
    }
    return fine;
}

bool biff_string(struct biff_text *t, uint32_t len, struct buf *out)
{
    uint32_t flags = biff_number(t, 1);
    uint32_t runs = (flags & FLAG_RUNS) != 0 ? biff_number(t, 2) : 0;
    uint32_t phonetic = (flags & FLAG_PHONETIC) != 0 ? biff_number(t, 4) : 0;

    if (!biff_chars(t, len, (flags & FLAG_WIDE) != 0, out))
        return false;
    text_skip(t, runs * RUN);
    text_skip(t, phonetic);
    return true;
}

bool biff_bytes(struct biff_text *t, uint32_t len, enum charset charset,
                struct buf *out)
{
    uint8_t room[512];
    bool fine = true;

    while (len > 0 && fine && !t->failed) {
        size_t have = 0;
        while (have < sizeof(room) && have < len && !t->failed) {
            uint32_t more = (uint32_t)(sizeof(room) - have);
            struct span run =
                text_run(t, more < len - have ? more : len - (uint32_t)have);
            if (run.len > 0)
                memcpy(room + have, run.ptr, run.len);
            have += run.len;
        }
        fine = charset_convert(charset, (struct span){room, have}, out, NULL);
        len -= (uint32_t)have;
    }
    return fine;
}
