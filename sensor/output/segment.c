// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * segment.c - the files of a spool: frames, one behind the other.
 */
#include "output/segment.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outflow/limits.h"
#include "outflow/reader.h"
#include "output/put.h"
#include "util/hash.h"

static const char suffix[] = ".spool";
#define MAGIC UINT64_C(0x314c4f4f5053464f) /* "OFSPOOL1" */

enum { ID_BYTES = 16, DIGITS = 16 };

static uint64_t sum(struct span a, struct span b)
{
    const struct hash_key key = hash_key_from(MAGIC);

    return hash_mix(&key, hash_bytes(&key, a), hash_bytes(&key, b));
}

uint64_t frame_tag(struct span entry)
{
    const struct hash_key key = hash_key_from(MAGIC + 1);

    return hash_bytes(&key, entry);
}

static void put_le(uint8_t *out, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static void id_to_bytes(const char *id, uint8_t out[ID_BYTES])
{
    struct span s = span_of(id);

    for (size_t i = 0; i < ID_BYTES; i++) {
        struct span two = span_slice(s, 2 * i, 2 * i + 2);
        uint64_t value = 0;
        (void)span_hex(two, &value);
        out[i] = (uint8_t)value;
    }
}

static void id_to_text(struct span bytes, char out[SEGMENT_ID])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        out[2 * i] = digits[bytes.ptr[i] >> 4];
        out[2 * i + 1] = digits[bytes.ptr[i] & 15];
    }
    out[2 * bytes.len] = '\0';
}

/*
 *  sum 8 | length 4 | grade 4 | number 8 | tag 8 | sequence 4 | magic 4 |
 *  id 16 | entry; the sum is of all that stands behind it
 */
bool frame_put(struct buf *out, const struct frame *f)
{
    uint8_t head[SEGMENT_HEAD];
    size_t from = out->len;

    put_le(head + 8, f->entry.len, 4);
    put_le(head + 12, (uint64_t)f->grade, 4);
    put_le(head + 16, f->number, 8);
    put_le(head + 24, f->tag, 8);
    put_le(head + 32, f->sequence, 4);
    put_le(head + 36, MAGIC, 4);
    id_to_bytes(f->id, head + 40);
    put_le(head, sum((struct span){head + 8, SEGMENT_HEAD - 8}, f->entry), 8);
    if (buf_add(out, (struct span){head, sizeof(head)}) &&
        buf_add(out, f->entry))
        return true;
    out->len = from;
    return false;
}

enum frame_got frame_take(struct span bytes, struct frame *f, size_t *size)
{
    struct reader r = reader_over(span_skip(bytes, 8));
    struct reader front = reader_over(bytes);

    if (bytes.len < SEGMENT_HEAD)
        return FRAME_PART;
    uint64_t want = reader_u64le(&front);
    size_t len = reader_u32le(&r);
    uint32_t grade = reader_u32le(&r);
    f->number = reader_u64le(&r);
    f->tag = reader_u64le(&r);
    f->sequence = reader_u32le(&r);
    if (reader_u32le(&r) != (uint32_t)MAGIC || len > LIMIT_ALERT ||
        grade >= GRADES)
        return FRAME_BAD;
    f->grade = (enum grade)grade;
    id_to_text(reader_take(&r, ID_BYTES), f->id);
    if (reader_left(&r) < len)
        return FRAME_PART;
    f->entry = reader_take(&r, len);
    *size = SEGMENT_HEAD + len;
    return sum(span_slice(bytes, 8, SEGMENT_HEAD), f->entry) == want
               ? FRAME_ONE
               : FRAME_BAD;
}

const char *segment_name(uint64_t first, char out[SEGMENT_NAME])
{
    (void)snprintf(out, SEGMENT_NAME, "%016llx%s", (unsigned long long)first,
                   suffix);
    return out;
}

uint64_t segment_number(const char *name)
{
    struct span s = span_of(name);
    uint64_t first = 0;

    if (s.len != DIGITS + sizeof(suffix) - 1 ||
        strcmp(name + DIGITS, suffix) != 0 ||
        !span_hex(span_head(s, DIGITS), &first))
        return 0;
    return first;
}

static int rising(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right ? 1 : 0;
}

static bool add(uint64_t **numbers, size_t *count, uint64_t first)
{
    uint64_t *grown = reallocarray(*numbers, *count + 1, sizeof(*grown));

    if (!grown)
        return false;
    grown[(*count)++] = first;
    *numbers = grown;
    return true;
}

bool segment_list(int folder, uint64_t **numbers, size_t *count)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    bool good = dir != NULL;

    *numbers = NULL;
    *count = 0;
    if (!dir && fd >= 0)
        (void)close(fd);
    for (struct dirent *at = NULL; good && (at = readdir(dir)) != NULL;) {
        uint64_t first = segment_number(at->d_name);
        good = first == 0 || add(numbers, count, first);
    }
    if (dir)
        (void)closedir(dir);
    if (*count > 0)
        qsort(*numbers, *count, sizeof(**numbers), rising);
    return good;
}
