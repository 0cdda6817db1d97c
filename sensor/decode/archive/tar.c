// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * tar.c - open a tar: each file is a part.
 *
 * In:   a part that begins with a header whose sum is right: v7, ustar, pax,
 *       GNU and star.
 * Out:  a part for each file with data, named with its long name where there
 *       is one; bytes that no header tells of as a part "rest".
 * Not:  puts no holes into sparse files: only what was stored.
 * Spec: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format".
 *
 * Behind a hole the next header is the next run of 512 bytes whose sum is
 * right: at blocks, and wherever "ustar" stands, for a hole in a compression
 * around it has no certain length.
 */
#include <string.h>

#include "decode/archive/member.h"
#include "outflow/decoder.h"
#include "outflow/reader.h"

enum {
    BLOCK = 512,
    SUM_AT = 148, /* its eight bytes count as blanks */
    MAGIC_AT = 257,
    RECORD_MAX = 2 << 10, /* of pax; a longer one tells nothing we want */
    DIGITS_MAX = 20,
    RECORDS_MAX = 1 << 20, /* more is no name, nor records */
};

enum stage {
    STAGE_HEADER = 0,
    STAGE_DATA,   /* of a member */
    STAGE_NAME,   /* of the long name of the next one */
    STAGE_PAX,    /* of records about the next one */
    STAGE_SPARSE, /* more of a sparse file's map */
    STAGE_LOST,   /* where is a header? */
};

struct tar {
    struct member member;
    uint64_t left; /* bytes of the stage: names, records */
    uint64_t skip; /* of a record, to pass over */
    uint64_t size; /* of the next member, by its records */
    uint32_t pad;  /* behind them */
    uint16_t at;   /* place in its block of the next byte */
    uint16_t next; /* length of the next member's name */
    uint8_t stage; /* enum stage */
    bool sized;    /* size holds */
    uint8_t name[LIMIT_NAME];
};

/* --- headers --- */

struct header {
    struct span name, prefix;
    uint64_t size;
    uint8_t type;
    bool sparse; /* more of its map follows */
};

/* Is the sum of the block the one it tells? Old ones added signed bytes. */
static bool sum_is_right(struct span block)
{
    uint64_t told;
    int64_t sum = 0, sign = 0;

    if (!member_number(span_slice(block, SUM_AT, SUM_AT + 8), 8, &told))
        return false;
    for (size_t i = 0; i < BLOCK; i++) {
        bool own = i >= SUM_AT && i < SUM_AT + 8;
        uint8_t byte = own ? ' ' : block.ptr[i];
        sum += byte;
        sign += (int8_t)byte;
    }
    return (int64_t)told == sum || (int64_t)told == sign;
}

/* Octal, or a first bit set and the number itself behind it. */
static bool size_of(struct span field, uint64_t *size)
{
    struct reader r = reader_over(field);

    if ((reader_peek(&r, 0) & 0x80) == 0)
        return member_number(field, 8, size) ||
               (*size = 0, member_word(span_trim(field)).len == 0);
    reader_skip(&r, field.len - 8);
    *size = reader_u64be(&r);
    return *size <= INT64_MAX;
}

static bool header_read(struct span block, struct header *h)
{
    enum { GNU_MORE_AT = 482 };
    struct span magic = span_slice(block, MAGIC_AT, MAGIC_AT + 8);

    if (block.len < BLOCK || !sum_is_right(block) || *block.ptr == '\0')
        return false;
    h->name = member_word(span_head(block, 100));
    h->prefix = (struct span){0};
    h->type = block.ptr[156];
    h->sparse = h->type == 'S' && block.ptr[GNU_MORE_AT] != 0;
    if (span_starts(magic, SPAN("ustar")) && !span_eq(magic, SPAN("ustar  ")))
        h->prefix = member_word(span_slice(block, 345, 500));
    if (span_eq(span_head(magic, 7), SPAN("ustar  ")))
        h->prefix = (struct span){0};
    return size_of(span_slice(block, 124, 136), &h->size);
}

/* Can head begin a tar, as far as it goes? Says no early. */
static bool may_begin(struct span head)
{
    struct span name = member_word(span_head(head, 100));
    struct span mode = span_slice(head, 100, 108);

    if (name.len == 0 || span_find(name, '\n') < name.len)
        return false;
    for (size_t i = name.len; i < head.len && i < 100; i++)
        if (head.ptr[i] != '\0')
            return false;
    for (size_t i = 0; i < mode.len; i++) {
        uint8_t byte = mode.ptr[i];
        bool octal = byte >= '0' && byte <= '7';
        if (!octal && byte != ' ' && byte != '\0')
            return false;
    }
    return true;
}

static enum match tar_probe(struct span head, const struct hint *hint)
{
    struct header h;

    if (!may_begin(head))
        return MATCH_NO;
    if (head.len < BLOCK)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    return header_read(head, &h) ? MATCH_YES : MATCH_NO;
}

/* --- members --- */

static void next_name(struct tar *t, struct span name)
{
    name = span_head(name, sizeof(t->name) - t->next);
    if (name.len > 0)
        memcpy(t->name + t->next, name.ptr, name.len);
    t->next = (uint16_t)(t->next + name.len);
}

static uint32_t padding(uint64_t size)
{
    return (uint32_t)((BLOCK - size % BLOCK) % BLOCK);
}

static bool file_begin(struct tar *t, const struct header *h, struct sink *out)
{
    static const char none[] = "123456"; /* links, devices, folders, pipes */
    uint64_t size = t->sized ? t->size : h->size;

    if (t->next == 0 && h->prefix.len > 0) {
        next_name(t, h->prefix);
        next_name(t, SPAN("/"));
        next_name(t, h->name);
    } else if (t->next == 0) {
        next_name(t, h->name);
    }
    if (h->type != 0 && strchr(none, h->type) != NULL)
        size = 0;
    if (!member_begin(&t->member, (struct span){t->name, t->next}, out))
        return false;
    t->member.left = size;
    t->member.pass = padding(size);
    t->next = 0;
    t->sized = false;
    t->stage = h->sparse ? STAGE_SPARSE : STAGE_DATA;
    return true;
}

static bool header_take(struct tar *t, const struct header *h, struct sink *out)
{
    t->left = h->size;
    t->pad = padding(h->size);
    t->skip = 0;
    if (h->size > RECORDS_MAX)
        return file_begin(t, h, out);
    switch (h->type) {
    case 'L':
        t->next = 0;
        t->stage = STAGE_NAME;
        return true;
    case 'K': /* of a link */
        t->skip = h->size + t->pad;
        t->left = t->skip;
        t->pad = 0;
        t->stage = STAGE_PAX;
        return true;
    case 'x':
    case 'X':
    case 'g':
        t->stage = STAGE_PAX;
        return true;
    default:
        return file_begin(t, h, out);
    }
}

/* --- stages --- */

static void pass(struct tar *t, struct span *rest, size_t len)
{
    *rest = span_skip(*rest, len);
    t->at = (uint16_t)((t->at + len) % BLOCK);
}

static bool step_header(struct tar *t, struct span *rest, struct sink *out)
{
    struct span block = span_head(*rest, BLOCK);
    struct header h;

    if (block.len < BLOCK)
        return true;
    size_t zeros = 0;
    while (zeros < BLOCK && block.ptr[zeros] == 0)
        zeros++;
    if (zeros == BLOCK) { /* its end; another may follow */
        pass(t, rest, BLOCK);
        return true;
    }
    if (!header_read(block, &h)) {
        t->stage = STAGE_LOST;
        return true;
    }
    pass(t, rest, BLOCK);
    return header_take(t, &h, out);
}

static bool step_data(struct tar *t, struct span *rest, struct sink *out)
{
    size_t left = rest->len;
    bool fine = member_feed(&t->member, rest, out);

    t->at = (uint16_t)((t->at + left - rest->len) % BLOCK);
    if (!member_going(&t->member))
        t->stage = STAGE_HEADER;
    return fine;
}

static void step_name(struct tar *t, struct span *rest)
{
    struct span bytes = span_head(*rest, t->left);
    bool ended = t->next > 0 && t->name[t->next - 1] == '\0';

    if (!ended)
        next_name(t, bytes);
    t->left -= bytes.len;
    pass(t, rest, bytes.len);
    if (t->left > 0)
        return;
    t->next = (uint16_t)member_word((struct span){t->name, t->next}).len;
    t->left = t->skip = t->pad;
    t->pad = 0;
    t->stage = STAGE_PAX;
}

static void record_take(struct tar *t, struct span record)
{
    size_t at = span_find(record, '=');
    struct span key = span_head(record, at);
    struct span value = span_skip(record, at + 1);

    if (value.len > 0)
        value.len--; /* the line's end */
    if (span_eq(key, SPAN("path")) || span_eq(key, SPAN("GNU.sparse.name"))) {
        t->next = 0;
        next_name(t, value);
    }
    if (span_eq(key, SPAN("size")))
        t->sized = span_number(value, &t->size) && t->size <= INT64_MAX;
}

/* The record "LEN KEY=VALUE\n" at the front of *rest. */
static void record_read(struct tar *t, struct span rest)
{
    struct span seen = span_head(rest, DIGITS_MAX);
    size_t blank = span_find(seen, ' ');
    uint64_t len;

    if (blank == seen.len && seen.len < DIGITS_MAX && rest.len < t->left)
        return;
    if (!span_number(span_head(seen, blank), &len) || len <= blank ||
        len > t->left) {
        t->skip = t->left;
        return;
    }
    if (len > RECORD_MAX) {
        t->skip = len;
        return;
    }
    if (rest.len < len)
        return;
    record_take(t, span_slice(rest, blank + 1, (size_t)len));
    t->skip = len;
}

static void step_pax(struct tar *t, struct span *rest)
{
    if (t->left == 0 && t->pad > 0) {
        t->left = t->skip = t->pad;
        t->pad = 0;
    }
    if (t->left == 0) {
        t->stage = STAGE_HEADER;
        return;
    }
    if (t->skip == 0)
        record_read(t, *rest);
    struct span bytes = span_head(*rest, t->skip);
    t->skip -= bytes.len;
    t->left -= bytes.len;
    pass(t, rest, bytes.len);
}

static void step_sparse(struct tar *t, struct span *rest)
{
    enum { MORE_AT = 504 };

    if (rest->len < BLOCK)
        return;
    if (rest->ptr[MORE_AT] == 0)
        t->stage = STAGE_DATA;
    pass(t, rest, BLOCK);
}

/* Place from which "ustar" stands where a header has it, or bytes.len. */
static size_t mark_find(struct span bytes, size_t from)
{
    struct span rest = span_skip(bytes, from + MAGIC_AT);
    size_t at = span_find_run(rest, SPAN("ustar"));

    return at < rest.len ? from + at : bytes.len;
}

/* Place of the next header, or of the first byte that may be in one. */
static size_t header_seek(const struct tar *t, struct span bytes, bool *found)
{
    size_t block = (size_t)(BLOCK - t->at) % BLOCK;
    size_t marked = mark_find(bytes, 0);
    struct header h;

    while (true) {
        size_t at = block < marked ? block : marked;
        *found = header_read(span_slice(bytes, at, at + BLOCK), &h);
        if (*found)
            return at;
        if (bytes.len < BLOCK + at)
            return bytes.len < BLOCK ? 0 : bytes.len - BLOCK + 1;
        if (at == block)
            block += BLOCK;
        if (at == marked)
            marked = mark_find(bytes, at + 1);
    }
}

static bool step_lost(struct tar *t, struct span *rest, struct sink *out)
{
    bool found;
    size_t at = header_seek(t, *rest, &found);
    struct span bytes = span_head(*rest, at);

    pass(t, rest, at);
    if (found) {
        t->stage = STAGE_HEADER;
        t->at = 0;
    }
    return member_loose(&t->member, bytes, out);
}

/* --- the decoder --- */

static bool step(struct tar *t, struct span *rest, struct sink *out)
{
    switch ((enum stage)t->stage) {
    case STAGE_HEADER:
        return step_header(t, rest, out);
    case STAGE_DATA:
        return step_data(t, rest, out);
    case STAGE_NAME:
        step_name(t, rest);
        return true;
    case STAGE_PAX:
        step_pax(t, rest);
        return true;
    case STAGE_SPARSE:
        step_sparse(t, rest);
        return true;
    case STAGE_LOST:
        return step_lost(t, rest, out);
    }
    return false;
}

static struct progress tar_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct tar *t = state;
    struct span rest = bytes;
    uint8_t stage;
    size_t left;
    bool fine;

    (void)dir;
    do {
        left = rest.len;
        stage = t->stage;
        fine = step(t, &rest, out);
    } while (fine && (rest.len != left || t->stage != stage));
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

static struct progress tar_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    struct tar *t = state;
    uint64_t left = len;
    bool fine = true;

    (void)dir;
    if (t->stage == STAGE_DATA)
        fine = member_gap(&t->member, &left, out);
    t->at = (uint16_t)((t->at + len % BLOCK) % BLOCK);
    if (t->stage == STAGE_DATA && left == 0 && member_going(&t->member)) {
        return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
    }
    if (left > 0 && t->member.open)
        fine = fine && out->ops->gap(out->ctx, left);
    t->stage = STAGE_LOST;
    t->next = 0;
    t->sized = false;
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
}

static enum decode_status tar_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct tar *t = state;
    bool known = t->stage == STAGE_NAME || t->stage == STAGE_PAX;
    bool whole = !member_going(&t->member) && !known;

    (void)dir;
    if (!known && !member_loose(&t->member, rest, out))
        return DECODE_REFUSED;
    if (!member_end(&t->member, out))
        return DECODE_REFUSED;
    return whole ? DECODE_DONE : DECODE_BAD;
}

const struct decoder decoder_tar = {
    .name = "tar",
    .state_size = sizeof(struct tar),
    .probe = tar_probe,
    .feed = tar_feed,
    .gap = tar_gap,
    .end = tar_end,
};
