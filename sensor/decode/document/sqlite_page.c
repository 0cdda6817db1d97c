// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_page.c - headers of databases and pages, and their cells.
 */
#include "decode/document/sqlite_page.h"

enum {
    FILE_HEAD = 100,
    SIZE_LEAST = 512,
    USABLE_LEAST = 480,
    LEAF_HEAD = 8,
    INNER_HEAD = 12,
};

bool sqlite_base_read(struct span head, struct sqlite_base *base)
{
    static const enum charset charsets[] = {CHARSET_UTF8, CHARSET_UTF8,
                                            CHARSET_UTF16LE, CHARSET_UTF16BE};
    struct reader r = reader_over(span_head(head, FILE_HEAD));

    reader_skip(&r, 16);
    base->size = reader_u16be(&r);
    base->size = base->size == 1 ? UINT32_C(65536) : base->size;
    reader_skip(&r, 2);
    base->usable = base->size - reader_u8(&r);
    reader_skip(&r, 35);
    base->charset = charsets[reader_u32be(&r) & 3];
    return reader_ok(&r) && base->size >= SIZE_LEAST &&
           (base->size & (base->size - 1)) == 0 && base->usable >= USABLE_LEAST;
}

static bool inner(uint8_t kind)
{
    return kind == SQLITE_INDEX_INNER || kind == SQLITE_TABLE_INNER;
}

bool sqlite_page_read(const struct sqlite_base *base, struct span bytes,
                      bool first, struct sqlite_page *page)
{
    uint32_t head = first ? FILE_HEAD : 0;
    struct reader r = reader_over(span_skip(bytes, head));

    *page = (struct sqlite_page){.bytes = bytes, .head = head};
    page->kind = reader_u8(&r);
    reader_skip(&r, 2);
    page->cells = reader_u16be(&r);
    reader_skip(&r, 3);
    if (inner(page->kind))
        page->right = reader_u32be(&r);
    else if (page->kind != SQLITE_TABLE_LEAF && page->kind != SQLITE_INDEX_LEAF)
        return false;
    return bytes.len == base->size && reader_ok(&r) &&
           page->cells * UINT32_C(2) <= reader_left(&r);
}

uint64_t sqlite_varint(struct reader *r)
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++) {
        uint8_t byte = reader_u8(r);
        value = value << 7 | (byte & 0x7f);
        if ((byte & 0x80) == 0)
            return value;
    }
    return value << 8 | reader_u8(r);
}

/* Bytes of a record that stay on the page. */
static uint64_t local_len(const struct sqlite_base *base, uint8_t kind,
                          uint64_t len)
{
    uint64_t usable = base->usable;
    uint64_t least = (usable - 12) * 32 / 255 - 23;
    uint64_t most =
        kind == SQLITE_TABLE_LEAF ? usable - 35 : (usable - 12) * 64 / 255 - 23;

    if (len <= most)
        return len;
    uint64_t fits = least + (len - least) % (usable - 4);
    return fits <= most ? fits : least;
}

bool sqlite_cell_read(const struct sqlite_base *base,
                      const struct sqlite_page *page, uint32_t i,
                      struct sqlite_cell *cell)
{
    uint32_t list = page->head + (inner(page->kind) ? INNER_HEAD : LEAF_HEAD);
    struct reader r = reader_over(span_skip(page->bytes, list + i * 2U));

    *cell = (struct sqlite_cell){.from = reader_u16be(&r)};
    if (i >= page->cells || cell->from < list + page->cells * 2U)
        return false;
    r = reader_over(
        span_skip(span_head(page->bytes, base->usable), cell->from));
    if (inner(page->kind))
        cell->child = reader_u32be(&r);
    if (page->kind != SQLITE_TABLE_INNER)
        cell->len = sqlite_varint(&r);
    if (page->kind == SQLITE_TABLE_LEAF || page->kind == SQLITE_TABLE_INNER)
        cell->rowid = sqlite_varint(&r);
    uint64_t local = local_len(base, page->kind, cell->len);
    cell->local = reader_take(&r, (size_t)local);
    if (local < cell->len)
        cell->overflow = reader_u32be(&r);
    cell->to = base->usable - (uint32_t)reader_left(&r);
    return reader_ok(&r);
}
