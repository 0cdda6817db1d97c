// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * zip_reader.c - walk a zip from record to record, undo its entries.
 *
 * Deflate knows its own end, so its sizes are not believed; other methods
 * end by the header's size or by the descriptor behind the data, which is
 * recognised by the sizes it tells. What breaks off is lost until the next
 * record that makes sense.
 *
 * It must not keep data, nor believe the central directory.
 */
#include "decode/archive/zip_reader.h"

#include <string.h>

#include "outflow/reader.h"

#define SIZE_MOST (UINT64_C(1) << 40) /* of an entry, in bytes */

enum {
    ROOM = 32 << 10,       /* bytes undone at a time, on the stack */
    TELL = 1 << 20,        /* closed bytes told at a time */
    RECORD_MOST = 46,      /* fixed bytes of any record */
    TAIL_BEFORE = 20,      /* of an unsigned descriptor in front of a record */
    LZMA_HEAD = 9,         /* version, size of properties, properties */
    FIELD_HEAD = 4,        /* of an extra field */
    EXPAND_FREE = 8 << 20, /* an entry's share of LIMIT_EXPAND_FREE */
};

enum stage {
    STAGE_SEEK = 0, /* a record, here or later */
    STAGE_NAME,
    STAGE_FIELDS,
    STAGE_DATA,
    STAGE_TAIL, /* behind data: its descriptor */
    STAGE_PASS, /* bytes of a record that tell nothing */
};

enum method {
    METHOD_STORED = 0,
    METHOD_DEFLATE = 8,
    METHOD_BZIP2 = 12,
    METHOD_LZMA = 14,
    METHOD_ZSTD_OLD = 20,
    METHOD_ZSTD = 93,
    METHOD_XZ = 95,
    METHOD_AES = 99,
};

/* --- telling --- */

static bool tell_odd(struct zip_reader *z)
{
    bool first = !z->told;

    z->told = true;
    return !first || z->events->odd(z->ctx);
}

static bool tell_skipped(struct zip_reader *z)
{
    uint64_t len = z->skipped;

    z->skipped = 0;
    return len == 0 || z->events->closed(z->ctx, z->why, len);
}

/* len bytes stay closed. */
static bool skip(struct zip_reader *z, uint64_t len)
{
    z->skipped += len;
    return z->skipped < TELL || tell_skipped(z);
}

static bool entry_end(struct zip_reader *z, enum part_end how)
{
    unpack_free(z->unpack);
    z->unpack = NULL;
    z->open = false;
    return z->events->end(z->ctx, how);
}

/* What the broken entry misses, in its own bytes. */
static uint64_t missing_of(const struct zip_reader *z)
{
    double each = z->coded > 0 ? (double)z->made / (double)z->coded : 0;

    if (z->entry.loose)
        return z->missing;
    if (z->entry.sized && z->entry.size > z->made)
        return z->entry.size - z->made;
    return (uint64_t)(each * (double)z->missing + 0.5);
}

/* A record was found: what was open before it ends. */
static bool settle(struct zip_reader *z)
{
    bool lost = z->lost, fine = tell_skipped(z);
    uint64_t missing = lost && z->open ? missing_of(z) : 0;

    z->lost = false;
    z->missing = 0;
    if (!z->open)
        return fine;
    return fine && (missing == 0 || z->events->gap(z->ctx, missing)) &&
           entry_end(z, lost ? PART_CUT : PART_WHOLE);
}

/* It breaks off here: bytes are closed until the next record. */
static void lose(struct zip_reader *z, enum why why)
{
    unpack_free(z->unpack);
    z->unpack = NULL;
    z->lost = true;
    z->why = why;
    z->stage = STAGE_SEEK;
}

/* --- between entries --- */

static bool blank(uint8_t byte)
{
    return byte <= ' ' || byte == 0xff;
}

/* Bytes that belong to no record. */
static bool put_loose(struct zip_reader *z, struct span bytes)
{
    if (!z->open) {
        while (bytes.len > 0 && blank(*bytes.ptr))
            bytes = span_skip(bytes, 1);
        if (bytes.len == 0)
            return true;
        z->entry = (struct zip_entry){.loose = true};
        z->open = true;
        if (!z->events->begin(z->ctx, &z->entry))
            return false;
    }
    return z->events->bytes(z->ctx, bytes);
}

static bool between(struct zip_reader *z, struct span *rest, size_t len)
{
    struct span bytes = span_head(*rest, len);

    *rest = span_skip(*rest, len);
    z->missing += z->lost ? bytes.len : 0;
    return z->lost ? skip(z, bytes.len) : put_loose(z, bytes);
}

/* --- records --- */

static bool record_begin(struct zip_reader *z)
{
    static const uint64_t fnv = 0xcbf29ce484222325;

    if (!settle(z))
        return false;
    z->left = z->head.behind;
    z->stage = STAGE_PASS;
    if (z->head.kind == ZIP_END) {
        bool differ = z->names != 0 && !z->gone;
        z->names = 0;
        z->gone = false;
        return !differ || tell_odd(z);
    }
    if (z->head.kind == ZIP_OTHER)
        return true;
    z->extra =
        (struct zip_extra){.packed = z->head.packed, .size = z->head.size};
    z->stage = STAGE_NAME;
    z->left = z->head.name;
    z->name_len = 0;
    z->name_hash = fnv;
    return true;
}

static enum decode_status step_seek(struct zip_reader *z, struct span *rest)
{
    size_t at = zip_head_seek(*rest);

    if (at > 0)
        return between(z, rest, at) ? DECODE_MORE : DECODE_REFUSED;
    if (zip_head_read(*rest, &z->head) == ZIP_PART) {
        bool fine = !z->ended || rest->len == 0 || between(z, rest, 1);
        return fine ? DECODE_MORE : DECODE_REFUSED;
    }
    *rest = span_skip(*rest, z->head.len);
    return record_begin(z) ? DECODE_MORE : DECODE_REFUSED;
}

static void name_keep(struct zip_reader *z, struct span bytes)
{
    struct span kept = span_head(bytes, sizeof(z->name) - z->name_len);

    if (kept.len > 0)
        memcpy(z->name + z->name_len, kept.ptr, kept.len);
    z->name_len = (uint16_t)(z->name_len + kept.len);
}

/* Of the name, and its sum over the archive: local less central. */
static enum decode_status step_name(struct zip_reader *z, struct span *rest)
{
    struct span bytes = span_head(*rest, (size_t)z->left);
    bool local = z->head.kind == ZIP_LOCAL;

    name_keep(z, bytes);
    for (size_t i = 0; i < bytes.len; i++)
        z->name_hash = (z->name_hash ^ bytes.ptr[i]) * 0x100000001b3;
    z->left -= bytes.len;
    *rest = span_skip(*rest, bytes.len);
    if (z->left > 0)
        return DECODE_MORE;
    z->names += local ? z->name_hash : -z->name_hash;
    z->field = 0;
    z->stage = local ? STAGE_FIELDS : STAGE_PASS;
    z->left = local ? z->head.extra : z->head.behind;
    return DECODE_MORE;
}

static enum decode_status step_pass(struct zip_reader *z, struct span *rest)
{
    struct span bytes = span_head(*rest, (size_t)z->left);

    z->left -= bytes.len;
    *rest = span_skip(*rest, bytes.len);
    if (z->left == 0)
        z->stage = STAGE_SEEK;
    return DECODE_MORE;
}

/* --- the beginning of an entry --- */

static bool is_encrypted(const struct zip_reader *z)
{
    static const uint16_t flags =
        ZIP_FLAG_ENCRYPTED | ZIP_FLAG_STRONG | ZIP_FLAG_MASKED;

    return (z->head.flags & flags) != 0 || z->head.method == METHOD_AES ||
           z->extra.aes;
}

/* What undoes the method; false: nothing here does. */
static bool method_find(uint16_t method, enum unpack_kind *kind)
{
    static const struct {
        uint16_t method;
        enum unpack_kind kind;
    } known[] = {
        {METHOD_DEFLATE, UNPACK_DEFLATE}, {METHOD_BZIP2, UNPACK_BZIP2},
        {METHOD_LZMA, UNPACK_LZMA},       {METHOD_ZSTD, UNPACK_ZSTD},
        {METHOD_ZSTD_OLD, UNPACK_ZSTD},   {METHOD_XZ, UNPACK_XZ},
    };

    for (size_t i = 0; i < COUNT(known); i++) {
        if (known[i].method != method)
            continue;
        *kind = known[i].kind;
        return true;
    }
    return false;
}

static bool is_sized(const struct zip_reader *z)
{
    bool known = z->extra.packed != UINT32_MAX || z->extra.zip64;

    if ((z->head.flags & ZIP_FLAG_DEFERRED) != 0)
        return known && z->extra.packed > 0;
    return known;
}

/* Stored data are as long as they say, or the header lies. */
static bool is_doubtful(const struct zip_reader *z)
{
    bool stored = z->entry.method == METHOD_STORED && !z->entry.closed;

    return z->entry.sized && (z->entry.packed > SIZE_MOST ||
                              (stored && z->entry.packed != z->entry.size));
}

static enum decode_status entry_begin(struct zip_reader *z)
{
    enum unpack_kind kind = UNPACK_DEFLATE;
    bool stored = z->head.method == METHOD_STORED;
    bool opens = stored || method_find(z->head.method, &kind);

    z->entry = (struct zip_entry){
        .name = {z->name, z->name_len},
        .utf8 = (z->head.flags & ZIP_FLAG_UTF8) != 0 || z->extra.name.len > 0,
        .sized = is_sized(z),
        .packed = z->extra.packed,
        .size = z->extra.size,
        .method = z->head.method,
        .closed = is_encrypted(z) || !opens,
        .why = is_encrypted(z) ? WHY_ENCRYPTED : WHY_UNSUPPORTED,
    };
    z->why = z->entry.why;
    z->left = z->entry.packed;
    z->coded = z->made = 0;
    z->crc = 0;
    z->holed = is_doubtful(z); /* then the next header ends them */
    z->entry.sized &= !z->holed;
    if (z->holed && !tell_odd(z))
        return DECODE_REFUSED;
    z->open = true;
    z->stage = STAGE_DATA;
    if (!z->entry.closed && !stored) {
        z->unpack = unpack_new(kind, LIMIT_CODING);
        if (z->unpack == NULL)
            return DECODE_REFUSED;
        if (z->memory != NULL)
            unpack_share(z->unpack, z->memory);
    }
    return z->events->begin(z->ctx, &z->entry) ? DECODE_MORE : DECODE_REFUSED;
}

/* The extra field at the front of *rest. */
static void field_take(struct zip_reader *z, struct span *rest)
{
    struct reader r = reader_over(*rest);
    uint16_t id = reader_u16le(&r);
    size_t len = reader_u16le(&r);

    if (!reader_ok(&r) || len > z->left - FIELD_HEAD) {
        z->field = reader_ok(&r) ? (uint32_t)z->left : 0;
        return;
    }
    if (!zip_field_known(id, len)) {
        z->field = (uint32_t)(FIELD_HEAD + len);
        return;
    }
    struct span field = reader_take(&r, len);
    if (!reader_ok(&r))
        return; /* not all there */
    zip_field_read(id, field, &z->head, &z->extra);
    if (z->extra.name.len > 0) {
        z->name_len = 0;
        name_keep(z, z->extra.name);
        z->extra.name = (struct span){z->name, z->name_len};
    }
    z->field = (uint32_t)(FIELD_HEAD + len);
}

static enum decode_status step_fields(struct zip_reader *z, struct span *rest)
{
    if (z->left == 0)
        return entry_begin(z);
    if (z->field == 0 && z->left < FIELD_HEAD)
        z->field = (uint32_t)z->left;
    if (z->field == 0)
        field_take(z, rest);
    struct span bytes = span_head(*rest, z->field);
    z->field -= (uint32_t)bytes.len;
    z->left -= bytes.len;
    *rest = span_skip(*rest, bytes.len);
    return DECODE_MORE;
}

/* --- data --- */

/* Its data end here. */
static enum decode_status data_end(struct zip_reader *z, enum part_end how)
{
    bool later = (z->head.flags & ZIP_FLAG_DEFERRED) != 0;
    bool wrong = !later && !z->entry.closed && !z->holed &&
                 (z->crc != z->head.crc || z->made != z->entry.size ||
                  z->coded != z->entry.packed);

    z->stage = later ? STAGE_TAIL : STAGE_SEEK;
    bool fine = tell_skipped(z) && entry_end(z, how) && (!wrong || tell_odd(z));
    return fine ? DECODE_MORE : DECODE_REFUSED;
}

/* Bytes as they stand in the archive: stored ones, or closed ones. */
static bool data_plain(struct zip_reader *z, struct span *rest, size_t len)
{
    struct span bytes = span_head(*rest, len);

    *rest = span_skip(*rest, len);
    if (bytes.len == 0)
        return true;
    z->coded += bytes.len;
    if (z->entry.closed)
        return skip(z, bytes.len);
    z->made += bytes.len;
    z->crc = unpack_crc(z->crc, bytes);
    return z->events->bytes(z->ctx, bytes);
}

static enum decode_status data_sized(struct zip_reader *z, struct span *rest)
{
    size_t len = rest->len < z->left ? rest->len : (size_t)z->left;

    z->left -= len;
    if (!data_plain(z, rest, len))
        return DECODE_REFUSED;
    return z->left == 0 ? data_end(z, PART_WHOLE) : DECODE_MORE;
}

/*
 * Do the data end in front of place at of bytes, where "PK" stands? *len
 * bytes of them are data.
 */
static bool ends_at(const struct zip_reader *z, struct span bytes, size_t at,
                    size_t *len)
{
    static const size_t before[] = {0, 12, TAIL_BEFORE};
    struct zip_head head;

    for (size_t i = 0; i < COUNT(before); i++) {
        if (before[i] > at)
            break;
        *len = at - before[i];
        uint64_t packed = z->coded + *len;
        struct zip_tail tail =
            zip_tail_read(span_skip(bytes, *len), packed,
                          z->entry.closed ? UINT64_MAX : packed);
        if (tail.len > 0 && (i == 0 || tail.len == before[i]))
            return true;
    }
    *len = at;
    enum zip_record kind = zip_head_read(span_skip(bytes, at), &head);
    return z->holed && (kind == ZIP_LOCAL || kind == ZIP_CENTRAL);
}

/* Data of a size that the bytes behind them tell. */
static enum decode_status data_search(struct zip_reader *z, struct span *rest)
{
    struct span bytes = *rest;
    size_t at = span_find_run(bytes, SPAN("PK")), len;

    while (at < bytes.len && (z->ended || bytes.len - at >= RECORD_MOST)) {
        if (ends_at(z, bytes, at, &len)) {
            if (!data_plain(z, rest, len))
                return DECODE_REFUSED;
            return data_end(z, z->holed ? PART_CUT : PART_WHOLE);
        }
        at += 2;
        at += span_find_run(span_skip(bytes, at), SPAN("PK"));
    }
    len = at > TAIL_BEFORE ? at - TAIL_BEFORE : 0;
    if (z->ended)
        len = bytes.len;
    return data_plain(z, rest, len) ? DECODE_MORE : DECODE_REFUSED;
}

/* lzma stands behind a head of zip's own: make it that of a .lzma. */
static bool lzma_begin(struct zip_reader *z, struct span *rest)
{
    enum { PROPERTIES = 4, HEAD = 13 };
    uint8_t head[HEAD], none;
    bool sized = z->entry.sized && (z->head.flags & ZIP_FLAG_MARKED) == 0;
    uint64_t size = sized ? z->entry.size : UINT64_MAX;

    if (rest->len < LZMA_HEAD)
        return false;
    memcpy(head, rest->ptr + PROPERTIES, LZMA_HEAD - PROPERTIES);
    for (size_t i = LZMA_HEAD - PROPERTIES; i < HEAD; i++, size >>= 8)
        head[i] = (uint8_t)size;
    /* no byte comes of a head, but without room none of it is taken */
    (void)unpack_run(z->unpack, (struct span){head, HEAD}, &none, 1);
    z->coded = LZMA_HEAD;
    z->left -= z->left < LZMA_HEAD ? z->left : LZMA_HEAD;
    *rest = span_skip(*rest, LZMA_HEAD);
    return true;
}

/* Does it grow beyond what data grow to? Then the rest stays closed. */
static bool expands(struct zip_reader *z)
{
    if (z->made <= EXPAND_FREE ||
        (z->made - EXPAND_FREE) / LIMIT_EXPAND_ENTRY <= z->coded)
        return false;
    if (!z->entry.sized || z->left == 0) {
        lose(z, WHY_LIMIT);
        return true;
    }
    unpack_free(z->unpack);
    z->unpack = NULL;
    z->entry.closed = true;
    z->entry.why = z->why = WHY_LIMIT;
    return true;
}

/* One run of the unpacker over *in. */
static bool unpack_once(struct zip_reader *z, struct span *in,
                        struct unpack_step *step)
{
    uint8_t room[ROOM];

    *step = unpack_run(z->unpack, *in, room, sizeof(room));
    *in = span_skip(*in, step->used);
    in->ptr -= step->back; /* of what was used before, of the same bytes */
    in->len += step->back;
    z->made += step->made;
    if (step->made == 0)
        return true;
    const struct span made = {room, step->made};
    z->crc = unpack_crc(z->crc, made);
    return z->events->bytes(z->ctx, made);
}

static enum decode_status data_turn(struct zip_reader *z,
                                    enum unpack_status status)
{
    bool over = z->entry.sized && z->left == 0;

    if (status == UNPACK_BAD || status == UNPACK_LIMIT) {
        lose(z, status == UNPACK_BAD ? WHY_DAMAGED : WHY_LIMIT);
        return DECODE_MORE;
    }
    if (status == UNPACK_DONE)
        return data_end(z, PART_WHOLE);
    if (over && z->head.method != METHOD_DEFLATE)
        return data_end(z, unpack_whole(z->unpack) ? PART_WHOLE : PART_CUT);
    return DECODE_MORE;
}

static enum decode_status data_unpack(struct zip_reader *z, struct span *rest)
{
    bool bounded = z->entry.sized && z->head.method != METHOD_DEFLATE;
    struct unpack_step step;

    if (z->head.method == METHOD_LZMA && z->coded == 0 && !lzma_begin(z, rest))
        return DECODE_MORE;
    bool within = rest->len < z->left;
    struct span all =
        bounded && !within ? span_head(*rest, (size_t)z->left) : *rest;
    struct span in = all;
    uint64_t coded = z->coded, left = z->left;
    do {
        if (!unpack_once(z, &in, &step))
            return DECODE_REFUSED;
        size_t used = all.len - in.len;
        z->coded = coded + used;
        z->left = left > used ? left - used : 0;
    } while (step.status == UNPACK_MORE && !expands(z) &&
             (step.made == ROOM || in.len > 0));
    *rest = span_skip(*rest, all.len - in.len);
    return z->unpack == NULL ? DECODE_MORE : data_turn(z, step.status);
}

static enum decode_status step_data(struct zip_reader *z, struct span *rest)
{
    if (z->unpack != NULL)
        return data_unpack(z, rest);
    return z->entry.sized ? data_sized(z, rest) : data_search(z, rest);
}

/* Behind the data: sum and sizes, should they be told here. */
static enum decode_status step_tail(struct zip_reader *z, struct span *rest)
{
    if (rest->len < ZIP_TAIL_MAX + 2 && !z->ended)
        return DECODE_MORE;
    bool known = !z->entry.closed && !z->holed;
    struct zip_tail tail =
        zip_tail_read(*rest, z->coded, known ? z->made : UINT64_MAX);
    bool odd = tail.len > 0 && known && tail.crc != z->crc;
    if (tail.len == 0) {
        tail = zip_tail_guess(*rest);
        odd = tail.len > 0 && !z->holed;
    }
    *rest = span_skip(*rest, tail.len);
    z->stage = STAGE_SEEK;
    return !odd || tell_odd(z) ? DECODE_MORE : DECODE_REFUSED;
}

/* --- from outside --- */

void zip_reader_open(struct zip_reader *z, const struct zip_events *events,
                     void *ctx, uint64_t *memory)
{
    memset(z, 0, sizeof(*z));
    z->events = events;
    z->ctx = ctx;
    z->memory = memory;
}

static enum decode_status step(struct zip_reader *z, struct span *rest)
{
    switch ((enum stage)z->stage) {
    case STAGE_SEEK:
        return step_seek(z, rest);
    case STAGE_NAME:
        return step_name(z, rest);
    case STAGE_FIELDS:
        return step_fields(z, rest);
    case STAGE_DATA:
        return step_data(z, rest);
    case STAGE_TAIL:
        return step_tail(z, rest);
    case STAGE_PASS:
        return step_pass(z, rest);
    }
    return DECODE_BAD;
}

struct progress zip_reader_feed(struct zip_reader *z, struct span bytes)
{
    struct span rest = bytes;
    enum decode_status status;
    const struct unpack *unpack;
    size_t left;
    uint8_t stage;

    do {
        left = rest.len;
        stage = z->stage;
        unpack = z->unpack;
        status = step(z, &rest);
    } while (status == DECODE_MORE &&
             (rest.len != left || z->stage != stage || z->unpack != unpack));
    return (struct progress){status, bytes.len - rest.len};
}

/* Holes in bytes whose number is known do no harm behind them. */
static bool gap_within(struct zip_reader *z, uint64_t len)
{
    bool data = z->stage == STAGE_DATA && z->unpack == NULL;
    bool known = data ? z->entry.sized : z->stage == STAGE_PASS;

    if (known && len < z->left)
        z->left -= len;
    else if (known || !data)
        return false;
    z->holed = true;
    z->coded += len;
    z->made += len;
    return true;
}

struct progress zip_reader_gap(struct zip_reader *z, uint64_t len)
{
    bool plain = z->open && !z->lost && z->unpack == NULL && !z->entry.closed;
    bool fine = true;

    z->gone = true;
    if (gap_within(z, len)) {
        fine = !plain || z->stage != STAGE_DATA || z->events->gap(z->ctx, len);
        return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED, 0};
    }
    z->missing += len;
    lose(z, WHY_DAMAGED);
    return (struct progress){DECODE_MORE, 0};
}

enum decode_status zip_reader_end(struct zip_reader *z, struct span rest)
{
    z->ended = true;
    enum decode_status status = zip_reader_feed(z, rest).status;
    bool cut = z->open && !z->entry.loose;

    if (status != DECODE_MORE)
        return status;
    if (z->open && z->unpack != NULL && unpack_whole(z->unpack))
        cut = false;
    if (z->open && z->lost)
        return settle(z) ? DECODE_BAD : DECODE_REFUSED;
    bool whole = !cut && !z->lost && !z->gone;
    if (!tell_skipped(z))
        return DECODE_REFUSED;
    if (z->open && !entry_end(z, cut ? PART_CUT : PART_WHOLE))
        return DECODE_REFUSED;
    return whole ? DECODE_DONE : DECODE_BAD;
}

void zip_reader_close(struct zip_reader *z)
{
    unpack_free(z->unpack);
    z->unpack = NULL;
}
