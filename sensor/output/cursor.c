// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cursor.c - places in a spool, each a small file.
 */
#include "output/cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "outflow/reader.h"
#include "output/put.h"
#include "util/digest.h"
#include "util/hash.h"

enum {
    NUMBERS = 6,               /* of a cursor */
    NAME_DIGITS = 16,          /* of a cursor's file */
    NAME_ROOM = 32,            /* the same with its suffix */
    BYTES = 8 * (2 + NUMBERS), /* magic, numbers, sum */
};

#define MAGIC_CURSOR UINT64_C(0x31524f535255434f) /* "OCURSOR1" */
#define MAGIC_HEAD   UINT64_C(0x3144414548504c4f) /* "OLPHEAD1" */

static const char head_name[] = "head";

bool place_write(int fd, struct span bytes, uint64_t at)
{
    while (bytes.len > 0) {
        ssize_t done = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes = span_skip(bytes, (size_t)done);
        at += (uint64_t)done;
    }
    return true;
}

size_t place_read(int fd, uint8_t *to, size_t len, uint64_t at)
{
    size_t have = 0;

    while (have < len) {
        ssize_t got = pread(fd, to + have, len - have, (off_t)(at + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return have;
}

static void put_le(uint8_t *out, uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_le(const uint8_t *from)
{
    struct reader r = reader_over((struct span){from, 8});

    return reader_u64le(&r);
}

/* magic, numbers, sum of both; gives the bytes. */
static size_t pack(uint64_t magic, const uint64_t *numbers, size_t count,
                   uint8_t out[BYTES])
{
    const struct hash_key key = hash_key_from(magic);
    size_t len = 8 * (count + 1);

    put_le(out, magic);
    for (size_t i = 0; i < count; i++)
        put_le(out + 8 * (i + 1), numbers[i]);
    put_le(out + len, hash_bytes(&key, (struct span){out, len}));
    return len + 8;
}

static bool unpack(uint64_t magic, const uint8_t *bytes, uint64_t *numbers,
                   size_t count)
{
    uint8_t again[BYTES] = {0};

    for (size_t i = 0; i < count; i++)
        numbers[i] = get_le(bytes + 8 * (i + 1));
    size_t len = pack(magic, numbers, count, again);
    return memcmp(again, bytes, len) == 0;
}

/* A name that stands for where the output goes and how. */
static void cursor_name(const struct output_settings *o, char out[NAME_ROOM])
{
    char port[8], id[NAME_DIGITS + 1];
    const struct span zero = {(const uint8_t *)"", 1};
    const char *const parts[] = {o->type, o->transport, o->host, o->path,
                                 o->format};
    struct span all[2 * COUNT(parts) + 1];

    (void)snprintf(port, sizeof(port), "%u", o->port);
    for (size_t i = 0; i < COUNT(parts); i++) {
        all[2 * i] = span_of(parts[i]);
        all[2 * i + 1] = zero;
    }
    all[2 * COUNT(parts)] = span_of(port);
    digest_hex(all, COUNT(all), id, NAME_DIGITS);
    (void)snprintf(out, NAME_ROOM, "%s.cursor", id);
}

bool cursor_read(int folder, const struct output_settings *o, struct cursor *c)
{
    uint8_t bytes[BYTES];
    uint64_t n[NUMBERS] = {0};
    char name[NAME_ROOM];

    cursor_name(o, name);
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 &&
                place_read(fd, bytes, sizeof(bytes), 0) == sizeof(bytes) &&
                unpack(MAGIC_CURSOR, bytes, n, NUMBERS);
    if (fd >= 0)
        (void)close(fd);
    *c = (struct cursor){0};
    if (good)
        *c = (struct cursor){n[0], n[1], n[2], n[3], n[4], n[5]};
    return good;
}

bool cursor_write(int folder, const struct output_settings *o,
                  const struct cursor *c)
{
    const uint64_t n[NUMBERS] = {c->next,     c->back,     c->sent,
                                 c->repeated, c->failures, c->up};
    uint8_t bytes[BYTES];
    char name[NAME_ROOM], fresh[NAME_ROOM + 4];

    cursor_name(o, name);
    (void)snprintf(fresh, sizeof(fresh), "%s.new", name);
    size_t len = pack(MAGIC_CURSOR, n, NUMBERS, bytes);
    int fd =
        openat(folder, fresh,
               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool good =
        place_write(fd, (struct span){bytes, len}, 0) && fdatasync(fd) == 0;
    good = close(fd) == 0 && good;
    return good && renameat(folder, fresh, folder, name) == 0;
}

int cursor_lock(int folder, const struct output_settings *o)
{
    char name[NAME_ROOM], lock[NAME_ROOM + 5];

    cursor_name(o, name);
    (void)snprintf(lock, sizeof(lock), "%s.lock", name);
    int fd =
        openat(folder, lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

uint64_t head_read(int folder)
{
    enum { TRIES = 3 }; /* a read beside a write may see half of it */
    uint64_t number = 0;
    uint8_t bytes[24];
    bool good = false;
    int fd = openat(folder, head_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    for (int i = 0; fd >= 0 && i < TRIES && !good; i++)
        good = place_read(fd, bytes, sizeof(bytes), 0) == sizeof(bytes) &&
               unpack(MAGIC_HEAD, bytes, &number, 1);
    if (fd >= 0)
        (void)close(fd);
    return good ? number : 0;
}

bool head_write(int folder, uint64_t number)
{
    uint8_t bytes[BYTES];
    size_t len = pack(MAGIC_HEAD, &number, 1, bytes);
    int fd = openat(folder, head_name,
                    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && place_write(fd, (struct span){bytes, len}, 0);

    if (fd >= 0)
        good = close(fd) == 0 && good;
    return good;
}

bool memory_read(int fd, struct memory *m)
{
    uint8_t bytes[MEMORY_HEAD];

    *m = (struct memory){0};
    if (fd < 0 || place_read(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
        return false;
    m->age = get_le(bytes);
    m->size = get_le(bytes + 8);
    return true;
}

static bool memory_write(int fd, const struct memory *m)
{
    uint8_t bytes[MEMORY_HEAD];

    put_le(bytes, m->age);
    put_le(bytes + 8, m->size);
    return place_write(fd, (struct span){bytes, sizeof(bytes)}, 0);
}

bool memory_append(int fd, struct span frames)
{
    struct memory m;

    (void)memory_read(fd, &m);
    if (fd < 0 || !place_write(fd, frames, MEMORY_HEAD + m.size))
        return false;
    m.size += frames.len;
    return memory_write(fd, &m);
}

bool memory_empty(int fd)
{
    struct memory m;

    if (!memory_read(fd, &m) || m.size == 0)
        return true;
    m.age++;
    m.size = 0;
    return memory_write(fd, &m) && ftruncate(fd, MEMORY_HEAD) == 0;
}
