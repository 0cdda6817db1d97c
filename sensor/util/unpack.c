// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack.c - push decompression: members in a row, memory, libraries.
 *
 * unpack_run moves a stream through members: at the end of one it looks at
 * the next bytes, and either begins another or says that the stream is done.
 * The codecs of brotli, zstd, xz and bzip2 stand here, the others beside.
 *
 * It must not look at what comes out.
 */
#include "util/unpack.h"

#include <stdlib.h>
#include <string.h>

#include <brotli/decode.h>
#include <bzlib.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "util/unpack_codec.h"

enum stage {
    STAGE_MEMBER = 0, /* inside a member, or before the first */
    STAGE_BETWEEN,    /* behind one: another may follow */
    STAGE_DONE,
};

enum {
    HEAD_MAX = 4,      /* bytes that tell a member from other bytes */
    BLOCK_HEADER = 16, /* keeps what we hand out aligned */
};

struct unpack {
    const struct unpack_codec *codec;
    void *state;      /* the library's */
    uint64_t *shared; /* memory left for several, or NULL */
    uint64_t memory;  /* bytes it may still take */
    uint64_t counted; /* bytes taken behind our back (zstd) */
    size_t back;      /* bytes of earlier calls that were not needed */
    enum unpack_kind kind;
    enum stage stage;
    bool begun;             /* the member's begin was called */
    bool starved;           /* an allocation was refused */
    uint8_t head[HEAD_MAX]; /* first bytes of a member that may follow */
    size_t head_len;
};

void **unpack_state(struct unpack *u)
{
    return &u->state;
}

enum unpack_kind unpack_kind(const struct unpack *u)
{
    return u->kind;
}

void unpack_back(struct unpack *u, size_t len)
{
    u->back = len;
}

bool unpack_charge(struct unpack *u, uint64_t len)
{
    if (u->memory < len || (u->shared != NULL && *u->shared < len)) {
        u->starved = true;
        return false;
    }
    u->memory -= len;
    if (u->shared != NULL)
        *u->shared -= len;
    return true;
}

void unpack_uncharge(struct unpack *u, uint64_t len)
{
    u->memory += len;
    if (u->shared != NULL)
        *u->shared += len;
}

void *unpack_take(struct unpack *u, size_t len)
{
    if (len > SIZE_MAX - BLOCK_HEADER || !unpack_charge(u, len))
        return NULL;
    uint8_t *block = malloc(len + BLOCK_HEADER);
    if (block == NULL) {
        unpack_uncharge(u, len);
        u->starved = true;
        return NULL;
    }
    memcpy(block, &len, sizeof(len));
    return block + BLOCK_HEADER;
}

void unpack_drop(struct unpack *u, void *memory)
{
    if (memory == NULL)
        return;
    uint8_t *block = (uint8_t *)memory - BLOCK_HEADER;
    size_t len;
    memcpy(&len, block, sizeof(len));
    unpack_uncharge(u, len);
    free(block);
}

/* The allocator of liblzma and bzip2: so many items of so many bytes. */
static void *take_items(void *u, size_t items, size_t size)
{
    if (size != 0 && items > SIZE_MAX / size)
        return NULL;
    return unpack_take(u, items * size);
}

static void *take_ints(void *u, int items, int size)
{
    return items < 0 || size < 0 ? NULL
                                 : take_items(u, (size_t)items, (size_t)size);
}

static void *take_bytes(void *u, size_t len)
{
    return unpack_take(u, len);
}

static void drop_any(void *u, void *memory)
{
    unpack_drop(u, memory);
}

/* --- brotli --- */

static bool brotli_begin(struct unpack *u)
{
    u->state = BrotliDecoderCreateInstance(take_bytes, drop_any, u);
    return u->state != NULL;
}

static enum unpack_turn brotli_turn(struct unpack *u, struct unpack_io *io)
{
    size_t in_left = io->in.len;
    const uint8_t *in = io->in.ptr;
    size_t out_left = io->room;
    uint8_t *out = io->out;
    BrotliDecoderResult result = BrotliDecoderDecompressStream(
        u->state, &in_left, &in, &out_left, &out, NULL);

    unpack_used(io, in_left);
    unpack_made(io, out_left);
    if (result == BROTLI_DECODER_RESULT_SUCCESS)
        return TURN_END;
    return result == BROTLI_DECODER_RESULT_ERROR ? TURN_BAD : TURN_MORE;
}

static void brotli_end(struct unpack *u)
{
    BrotliDecoderDestroyInstance(u->state);
}

static const struct unpack_codec unpack_brotli = {
    .begin = brotli_begin,
    .turn = brotli_turn,
    .end = brotli_end,
};

/* --- zstd --- */

/* The largest window, as a power of two, that memory has room for. */
static int zstd_window(const struct unpack *u)
{
    int log = 10; /* RFC 8878 3.1.1.1.2: the least */

    while (log < 27 && (UINT64_C(2) << log) <= u->memory)
        log++;
    return log;
}

static bool zstd_begin(struct unpack *u)
{
    if (u->state != NULL)
        return !ZSTD_isError(
            ZSTD_DCtx_reset(u->state, ZSTD_reset_session_only));
    u->state = ZSTD_createDStream();
    if (u->state == NULL)
        return false;
    return !ZSTD_isError(
        ZSTD_DCtx_setParameter(u->state, ZSTD_d_windowLogMax, zstd_window(u)));
}

/* zstd's own allocator is not ours: count what it holds by asking it. */
static bool zstd_charge(struct unpack *u)
{
    uint64_t held = ZSTD_sizeof_DStream(u->state);

    if (held <= u->counted)
        return true;
    uint64_t more = held - u->counted;
    if (!unpack_charge(u, more))
        return false;
    u->counted = held;
    return true;
}

static enum unpack_turn zstd_turn(struct unpack *u, struct unpack_io *io)
{
    ZSTD_inBuffer in = {io->in.ptr, io->in.len, 0};
    ZSTD_outBuffer out = {io->out, io->room, 0};
    size_t result = ZSTD_decompressStream(u->state, &out, &in);

    unpack_used(io, in.size - in.pos);
    unpack_made(io, out.size - out.pos);
    if (!zstd_charge(u))
        return TURN_LIMIT;
    if (!ZSTD_isError(result))
        return result == 0 ? TURN_END : TURN_MORE;
    ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    return code == ZSTD_error_frameParameter_windowTooLarge ||
                   code == ZSTD_error_memory_allocation
               ? TURN_LIMIT
               : TURN_BAD;
}

static void zstd_end(struct unpack *u)
{
    ZSTD_freeDStream(u->state);
    unpack_uncharge(u, u->counted);
}

static const struct unpack_codec unpack_zstd = {
    .begin = zstd_begin,
    .turn = zstd_turn,
    .end = zstd_end,
};

/* --- xz and lzma --- */

struct xz {
    lzma_stream stream;
    lzma_allocator memory;
};

static bool xz_begin(struct unpack *u)
{
    struct xz *xz = u->state;

    if (xz == NULL)
        xz = unpack_take(u, sizeof(*xz));
    if (xz == NULL)
        return false;
    if (u->state == NULL) {
        u->state = xz;
        xz->stream = (lzma_stream)LZMA_STREAM_INIT;
        xz->memory = (lzma_allocator){take_items, drop_any, u};
        xz->stream.allocator = &xz->memory;
    }
    uint64_t limit = u->memory > 0 ? u->memory : 1; /* 0 reads as 1 */
    if (u->kind == UNPACK_LZMA)
        return lzma_alone_decoder(&xz->stream, limit) == LZMA_OK;
    return lzma_auto_decoder(&xz->stream, limit, 0) == LZMA_OK;
}

static enum unpack_turn xz_turn(struct unpack *u, struct unpack_io *io)
{
    struct xz *xz = u->state;

    xz->stream.next_in = io->in.ptr;
    xz->stream.avail_in = io->in.len;
    xz->stream.next_out = io->out;
    xz->stream.avail_out = io->room;
    lzma_ret result = lzma_code(&xz->stream, LZMA_RUN);

    unpack_used(io, xz->stream.avail_in);
    unpack_made(io, xz->stream.avail_out);
    if (result == LZMA_STREAM_END)
        return TURN_END;
    if (result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR)
        return TURN_LIMIT;
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? TURN_MORE : TURN_BAD;
}

static void xz_end(struct unpack *u)
{
    struct xz *xz = u->state;

    lzma_end(&xz->stream);
    unpack_drop(u, xz);
}

static const struct unpack_codec unpack_xz = {
    .begin = xz_begin,
    .turn = xz_turn,
    .end = xz_end,
};

/* --- bzip2 --- */

static void bzip2_end(struct unpack *u)
{
    BZ2_bzDecompressEnd(u->state);
    unpack_drop(u, u->state);
    u->state = NULL;
}

static bool bzip2_begin(struct unpack *u)
{
    if (u->state != NULL)
        bzip2_end(u);
    bz_stream *z = unpack_take(u, sizeof(*z));
    if (z == NULL)
        return false;
    *z = (bz_stream){.bzalloc = take_ints, .bzfree = drop_any, .opaque = u};
    if (BZ2_bzDecompressInit(z, 0, 0) != BZ_OK) {
        unpack_drop(u, z);
        return false;
    }
    u->state = z;
    return true;
}

static enum unpack_turn bzip2_turn(struct unpack *u, struct unpack_io *io)
{
    bz_stream *z = u->state;
    unsigned given =
        (unsigned)(io->in.len < UINT32_MAX ? io->in.len : UINT32_MAX);
    unsigned room = (unsigned)(io->room < UINT32_MAX ? io->room : UINT32_MAX);

    z->next_in = (char *)(uintptr_t)io->in.ptr;
    z->avail_in = given;
    z->next_out = (char *)io->out;
    z->avail_out = room;
    int result = BZ2_bzDecompress(z);

    unpack_used(io, io->in.len - given + z->avail_in);
    unpack_made(io, io->room - room + z->avail_out);
    if (result == BZ_STREAM_END)
        return TURN_END;
    if (result == BZ_MEM_ERROR)
        return TURN_LIMIT;
    return result == BZ_OK ? TURN_MORE : TURN_BAD;
}

static const struct unpack_codec unpack_bzip2 = {
    .begin = bzip2_begin,
    .turn = bzip2_turn,
    .end = bzip2_end,
};

/* --- members --- */

static const struct unpack_codec *const codecs[] = {
    [UNPACK_GZIP] = &unpack_inflate,    [UNPACK_ZLIB] = &unpack_inflate,
    [UNPACK_DEFLATE] = &unpack_inflate, [UNPACK_BROTLI] = &unpack_brotli,
    [UNPACK_ZSTD] = &unpack_zstd,       [UNPACK_XZ] = &unpack_xz,
    [UNPACK_LZMA] = &unpack_xz,         [UNPACK_BZIP2] = &unpack_bzip2,
    [UNPACK_LZ4] = &unpack_lz4,         [UNPACK_LZW] = &unpack_lzw,
};

/* The first bytes of a member that may follow another; zstd has two. */
static const struct {
    enum unpack_kind kind;
    uint8_t mask; /* of the first byte */
    bool padded;  /* zero bytes may stand between */
    size_t len;
    uint8_t bytes[HEAD_MAX];
} heads[] = {
    {UNPACK_GZIP, 0xff, true, 2, {0x1f, 0x8b}},
    {UNPACK_ZSTD, 0xff, false, 4, {0x28, 0xb5, 0x2f, 0xfd}},
    {UNPACK_ZSTD, 0xf0, false, 4, {0x50, 0x2a, 0x4d, 0x18}}, /* skippable */
    {UNPACK_XZ, 0xff, true, 4, {0xfd, 0x37, 0x7a, 0x58}},
    {UNPACK_BZIP2, 0xff, false, 3, {'B', 'Z', 'h'}},
    {UNPACK_LZ4, 0xff, false, 4, {0x04, 0x22, 0x4d, 0x18}},
    {UNPACK_LZ4, 0xff, false, 4, {0x02, 0x21, 0x4c, 0x18}}, /* legacy */
};

enum head_match { HEAD_NO = 0, HEAD_PART, HEAD_WHOLE };

static bool head_byte(size_t row, size_t at, uint8_t byte)
{
    uint8_t mask = at == 0 ? heads[row].mask : 0xff;
    return (byte & mask) == heads[row].bytes[at];
}

/* Is what u->head holds the head of a member, or the beginning of one? */
static enum head_match head_match(const struct unpack *u)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        size_t same = 0;

        if (heads[i].kind != u->kind)
            continue;
        while (same < u->head_len && same < heads[i].len &&
               head_byte(i, same, u->head[same]))
            same++;
        if (same == heads[i].len)
            return HEAD_WHOLE;
        if (same == u->head_len)
            return HEAD_PART;
    }
    return HEAD_NO;
}

static bool head_padding(const struct unpack *u, uint8_t byte)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        if (heads[i].kind == u->kind && heads[i].padded)
            return byte == 0 && u->head_len == 0;
    }
    return false;
}

static bool member_begin(struct unpack *u)
{
    if (!u->codec->begin(u))
        return false;
    u->begun = true;
    u->stage = STAGE_MEMBER;
    struct unpack_io io = {{u->head, u->head_len}, u->head, 0};
    bool fine = u->head_len == 0 || u->codec->turn(u, &io) == TURN_MORE;
    u->head_len = 0;
    return fine && io.in.len == 0;
}

/* Behind a member: find the head of the next one. */
static enum unpack_status between(struct unpack *u, struct unpack_io *io)
{
    while (io->in.len > 0) {
        uint8_t byte = *io->in.ptr;

        if (!head_padding(u, byte)) {
            u->head[u->head_len++] = byte;
            enum head_match match = head_match(u);
            if (match == HEAD_NO) {
                u->head_len = 0;
                u->stage = STAGE_DONE;
                return UNPACK_DONE;
            }
            io->in = span_skip(io->in, 1);
            if (match == HEAD_WHOLE)
                return member_begin(u) ? UNPACK_MORE : UNPACK_LIMIT;
            continue;
        }
        io->in = span_skip(io->in, 1);
    }
    return UNPACK_MORE;
}

/* One turn of the codec, and what its answer means for the stream. */
static enum unpack_status member(struct unpack *u, struct unpack_io *io)
{
    if (!u->begun && !member_begin(u))
        return UNPACK_LIMIT;
    switch (u->codec->turn(u, io)) {
    case TURN_MORE:
        return UNPACK_MORE;
    case TURN_END:
        u->stage = STAGE_BETWEEN;
        if (u->kind == UNPACK_ZLIB || u->kind == UNPACK_DEFLATE ||
            u->kind == UNPACK_BROTLI || u->kind == UNPACK_LZMA)
            u->stage = STAGE_DONE;
        return u->stage == STAGE_DONE ? UNPACK_DONE : UNPACK_MORE;
    case TURN_LIMIT:
        return UNPACK_LIMIT;
    default:
        return u->starved ? UNPACK_LIMIT : UNPACK_BAD;
    }
}

struct unpack *unpack_new(enum unpack_kind kind, uint64_t memory)
{
    struct unpack *u = calloc(1, sizeof(*u));

    if (u == NULL)
        return NULL;
    u->codec = codecs[kind];
    u->kind = kind;
    u->memory = memory;
    return u;
}

void unpack_share(struct unpack *u, uint64_t *left)
{
    u->shared = left;
}

struct unpack_step unpack_run(struct unpack *u, struct span in, uint8_t *out,
                              size_t room)
{
    struct unpack_io io = {in, out, room};
    enum unpack_status status =
        u->stage == STAGE_DONE ? UNPACK_DONE : UNPACK_MORE;

    while (status == UNPACK_MORE) {
        size_t before = io.in.len + io.room;
        enum stage stage = u->stage;

        status = stage == STAGE_MEMBER ? member(u, &io) : between(u, &io);
        if (io.in.len + io.room == before && u->stage == stage)
            break;
    }
    size_t back =
        u->kind == UNPACK_DEFLATE && status == UNPACK_DONE ? u->back : 0;
    u->back = 0;
    return (struct unpack_step){status, in.len - io.in.len, room - io.room,
                                back};
}

bool unpack_whole(struct unpack *u)
{
    if (u->stage != STAGE_MEMBER)
        return true;
    return u->begun && u->codec->whole != NULL && u->codec->whole(u);
}

void unpack_free(struct unpack *u)
{
    if (u == NULL)
        return;
    if (u->state != NULL)
        u->codec->end(u);
    free(u);
}
