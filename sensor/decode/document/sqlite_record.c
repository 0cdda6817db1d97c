// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * sqlite_record.c - types, values, and how they are written.
 */
#include "decode/document/sqlite_record.h"

#include <string.h>

#include "decode/document/number.h"
#include "util/unicode.h"

enum {
    TYPE_NULL = 0,
    TYPE_INTEGER = 6, /* 1 to 6 */
    TYPE_DOUBLE = 7,
    TYPE_ZERO = 8,
    TYPE_ONE = 9,
    TYPE_BLOB = 12,  /* even: blobs, odd: texts */
    FILE_LEAST = 64, /* bytes of a blob that may be a file */
};

static uint64_t type_len(uint64_t type)
{
    static const uint8_t lens[TYPE_BLOB] = {0, 1, 2, 3, 4, 6, 8, 8};

    return type < TYPE_BLOB ? lens[type] : (type - TYPE_BLOB) / 2;
}

bool sqlite_record_open(struct sqlite_record *rec, struct span bytes,
                        uint64_t len)
{
    struct reader r = reader_over(bytes);
    uint64_t head = sqlite_varint(&r);
    size_t own = bytes.len - reader_left(&r);
    uint64_t sum = head;

    if (head < own || head > bytes.len || !reader_ok(&r))
        return false;
    rec->types = reader_over(span_slice(bytes, own, (size_t)head));
    rec->values = reader_over(span_skip(bytes, (size_t)head));
    rec->cut = false;
    struct reader types = rec->types;
    while (reader_left(&types) > 0 && sum <= len) {
        uint64_t each = type_len(sqlite_varint(&types));
        sum = each <= len ? sum + each : UINT64_MAX;
    }
    return reader_ok(&types) && sum <= len;
}

uint32_t sqlite_record_count(const struct sqlite_record *rec)
{
    struct reader types = rec->types;
    uint32_t count = 0;

    for (; reader_left(&types) > 0; count++)
        (void)sqlite_varint(&types);
    return count;
}

bool sqlite_record_next(struct sqlite_record *rec, struct sqlite_value *value)
{
    if (reader_left(&rec->types) == 0)
        return false;
    value->type = sqlite_varint(&rec->types);
    uint64_t len = type_len(value->type);
    if (len <= reader_left(&rec->values)) {
        value->bytes = reader_take(&rec->values, (size_t)len);
        return true;
    }
    rec->cut = true; /* its end is in pages that are missing */
    if (value->type < TYPE_BLOB)
        value->type = TYPE_NULL;
    value->bytes = reader_upto(&rec->values, (size_t)len);
    return true;
}

int64_t sqlite_value_number(const struct sqlite_value *value)
{
    struct reader r = reader_over(value->bytes);
    size_t len = value->bytes.len;

    if (value->type == TYPE_ONE)
        return 1;
    if (value->type == TYPE_NULL || value->type > TYPE_INTEGER)
        return 0;
    uint64_t bits = reader_be(&r, len);
    if (len < 8 && (bits >> (len * 8 - 1)) != 0) /* negative */
        bits |= UINT64_MAX << (len * 8);
    return (int64_t)bits;
}

struct span sqlite_value_text(struct sqlite_writer *w,
                              const struct sqlite_value *value)
{
    if (value->type < TYPE_BLOB || (value->type & 1) == 0)
        return (struct span){NULL, 0};
    if (w->charset == CHARSET_UTF8)
        return value->bytes;
    buf_reset(&w->text);
    if (!charset_text(w->charset, value->bytes, &w->text))
        w->rows->refused = true;
    return buf_span(&w->text);
}

/* Is a blob text that a program stored so? */
static bool readable(struct span blob)
{
    for (size_t i = 0; i < blob.len; i++)
        if (blob.ptr[i] < 0x20 && blob.ptr[i] != '\t' && blob.ptr[i] != '\n' &&
            blob.ptr[i] != '\r')
            return false;
    return unicode_utf8_valid(blob);
}

static void put_blob(struct sqlite_writer *w, uint32_t column, struct span blob)
{
    bool text = readable(blob);

    cells_cell(w->rows, w->line, column, text ? blob : (struct span){NULL, 0});
    if (text || blob.len < FILE_LEAST)
        return;
    cells_aside_open(w->rows, SPAN("blob"));
    cells_aside_put(w->rows, blob);
    cells_aside_close(w->rows, PART_WHOLE);
}

void sqlite_number_put(struct sqlite_writer *w, uint32_t column, int64_t value)
{
    uint8_t digits[24];
    size_t at = sizeof(digits);
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (uint8_t)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        digits[--at] = '-';
    cells_cell(w->rows, w->line, column,
               (struct span){digits + at, sizeof(digits) - at});
}

static void put_double(struct sqlite_writer *w, uint32_t column,
                       struct span bytes)
{
    static const struct number_format plain;
    struct reader r = reader_over(bytes);
    uint64_t bits = reader_u64be(&r);
    char text[NUMBER_ROOM];
    double value;

    memcpy(&value, &bits, sizeof(value));
    size_t len = number_write(value, &plain, false, text);
    cells_cell(w->rows, w->line, column,
               (struct span){(const uint8_t *)text, len});
}

void sqlite_value_put(struct sqlite_writer *w, uint32_t column,
                      const struct sqlite_value *value)
{
    if (value->type == TYPE_DOUBLE)
        put_double(w, column, value->bytes);
    else if (value->type != TYPE_NULL && value->type <= TYPE_ONE)
        sqlite_number_put(w, column, sqlite_value_number(value));
    else if (value->type < TYPE_BLOB)
        cells_cell(w->rows, w->line, column, (struct span){NULL, 0});
    else if ((value->type & 1) == 0)
        put_blob(w, column, value->bytes);
    else
        cells_cell(w->rows, w->line, column, sqlite_value_text(w, value));
}
