// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_unpack.c - util/unpack: one row per stream, cut at every place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <zlib.h>

#include "support/bytes.h"
#include "util/unpack.h"

#define HELLO "hello, hello, hello\n"
#define GZIP                                                                   \
    "\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\327\121\310" \
    "\100\242\270\000\347\102\156\122\024\000\000\000"
#define ZLIB                                                                   \
    "\170\234\313\110\315\311\311\327\121\310\100\242\270\000\113\007\006\337"
#define DEFLATE "\313\110\315\311\311\327\121\310\100\242\270\000"
#define BROTLI                                                                 \
    "\213\011\200\150\145\154\154\157\054\040\150\145\154\154\157\054\040\150" \
    "\145\154\154\157\012\003"
#define ZSTD                                                                   \
    "\050\265\057\375\004\130\165\000\000\100\150\145\154\154\157\054\040\012" \
    "\001\000\342\212\021\041\151\235\207"
#define ZSTD_SKIPPABLE "\125\052\115\030\003\000\000\000abc"
#define XZ                                                                     \
    "\375\067\172\130\132\000\000\004\346\326\264\106\002\000\041\001\026\000" \
    "\000\000\164\057\345\243\340\000\023\000\016\135\000\064\031\111\356\215" \
    "\357\214\207\061\365\057\144\000\000\000\000\000\260\110\205\131\327\251" \
    "\256\113\000\001\052\024\176\255\067\125\037\266\363\175\001\000\000\000" \
    "\000\004\131\132"
#define LZMA                                                                   \
    "\135\000\000\200\000\377\377\377\377\377\377\377\377\000\064\031\111\356" \
    "\215\357\214\207\061\365\171\211\277\377\377\335\044\000\000"
#define BZIP2                                                                  \
    "\102\132\150\071\061\101\131\046\123\131\313\122\345\147\000\000\005\121" \
    "\000\000\020\100\004\002\104\240\000\041\044\061\010\140\057\030\104\307" \
    "\025\027\213\271\042\234\050\110\145\251\162\263\200"

struct unpack_case {
    const char *name;
    enum unpack_kind kind;
    struct span in;
    struct span out;
    enum unpack_status status; /* after the last byte */
    size_t left;               /* bytes behind the end of the stream */
    bool part;                 /* the stream is not whole at the end */
    uint64_t memory;           /* default 80 MiB */
};

static const struct unpack_case cases[] = {
    {.name = "gzip is undone", UNPACK_GZIP, BYTES(GZIP), BYTES(HELLO)},
    {.name = "gzip members are one stream",
     UNPACK_GZIP,
     BYTES(GZIP GZIP),
     BYTES(HELLO HELLO)},
    {.name = "zeros may stand between gzip members",
     UNPACK_GZIP,
     BYTES(GZIP "\0\0\0" GZIP "\0"),
     BYTES(HELLO HELLO)},
    {.name = "bytes behind gzip are left",
     UNPACK_GZIP,
     BYTES(GZIP "name,phone"),
     BYTES(HELLO),
     UNPACK_DONE,
     10},
    {.name = "a gzip cut short is not whole",
     UNPACK_GZIP,
     {(const uint8_t *)GZIP, 27},
     BYTES(HELLO),
     .part = true},
    {.name = "a wrong gzip checksum is told",
     UNPACK_GZIP,
     BYTES("\037\213\010\000\000\000\000\000\002\003\313\110\315\311\311\327"
           "\121\310\100\242\270\000\347\102\156\123\024\000\000\000"),
     BYTES(HELLO),
     UNPACK_BAD,
     .part = true},
    {.name = "what is no gzip is bad",
     UNPACK_GZIP,
     BYTES("name,phone,address"),
     BYTES(""),
     UNPACK_BAD,
     .part = true},
    {.name = "zlib is undone",
     UNPACK_ZLIB,
     BYTES(ZLIB),
     BYTES(HELLO),
     UNPACK_DONE},
    {.name = "raw deflate is undone",
     UNPACK_DEFLATE,
     BYTES(DEFLATE),
     BYTES(HELLO),
     UNPACK_DONE},
    {.name = "brotli is undone",
     UNPACK_BROTLI,
     BYTES(BROTLI),
     BYTES(HELLO),
     UNPACK_DONE},
    {.name = "zstd is undone", UNPACK_ZSTD, BYTES(ZSTD), BYTES(HELLO)},
    {.name = "zstd frames are one stream",
     UNPACK_ZSTD,
     BYTES(ZSTD ZSTD_SKIPPABLE ZSTD),
     BYTES(HELLO HELLO)},
    {.name = "a leading skippable frame is passed",
     UNPACK_ZSTD,
     BYTES(ZSTD_SKIPPABLE ZSTD),
     BYTES(HELLO)},
    {.name = "xz is undone", UNPACK_XZ, BYTES(XZ), BYTES(HELLO)},
    {.name = "xz streams are one stream",
     UNPACK_XZ,
     BYTES(XZ "\0\0\0\0" XZ),
     BYTES(HELLO HELLO)},
    {.name = "xz beyond its memory is a limit",
     UNPACK_XZ,
     BYTES(XZ),
     BYTES(""),
     UNPACK_LIMIT,
     .part = true,
     .memory = 100000},
    {.name = "lzma is undone", UNPACK_XZ, BYTES(LZMA), BYTES(HELLO)},
    {.name = "bzip2 is undone", UNPACK_BZIP2, BYTES(BZIP2), BYTES(HELLO)},
    {.name = "bzip2 streams are one stream",
     UNPACK_BZIP2,
     BYTES(BZIP2 BZIP2),
     BYTES(HELLO HELLO)},
    {.name = "bzip2 beyond its memory is a limit",
     UNPACK_BZIP2,
     BYTES(BZIP2),
     BYTES(""),
     UNPACK_LIMIT,
     .part = true,
     .memory = 200000},
    {.name = "inflate beyond its memory is a limit",
     UNPACK_GZIP,
     BYTES(GZIP),
     BYTES(""),
     UNPACK_LIMIT,
     .part = true,
     .memory = 1000},
};

struct joined {
    uint8_t bytes[256];
    size_t len;
};

/* Push in through u, taking the output room bytes at a time. */
static struct unpack_step push(struct unpack *u, struct span in, size_t room,
                               struct joined *got)
{
    struct unpack_step step;
    size_t used = 0;

    do {
        step = unpack_run(u, span_skip(in, used), got->bytes + got->len, room);
        used += step.used;
        got->len += step.made;
        assert_true(got->len + room <= sizeof(got->bytes));
    } while (step.status == UNPACK_MORE &&
             (step.made == room || used < in.len));
    step.used = used;
    return step;
}

static void check_cut(const struct unpack_case *c, size_t cut, size_t room)
{
    uint64_t shared = UINT64_C(100) << 20;
    struct unpack *u =
        unpack_new(c->kind, c->memory != 0 ? c->memory : 80U << 20);
    struct joined got = {.len = 0};

    unpack_share(u, &shared);
    struct unpack_step step = push(u, span_head(c->in, cut), room, &got);
    size_t used = step.used;
    if (step.status == UNPACK_MORE) {
        step = push(u, span_skip(c->in, used), room, &got);
        used += step.used;
    }
    bool whole = unpack_whole(u);
    unpack_free(u);

    assert_int_equal(step.status, c->status);
    assert_int_equal(whole, !c->part);
    assert_int_equal(got.len, c->out.len);
    assert_memory_equal(got.bytes, c->out.ptr, c->out.len);
    if (c->status == UNPACK_MORE || c->status == UNPACK_DONE)
        assert_int_equal(c->in.len - used, c->left);
    assert_int_equal(shared, UINT64_C(100) << 20);
}

static void test_case(void **state)
{
    const struct unpack_case *c = *state;

    for (size_t cut = 0; cut <= c->in.len; cut++) {
        check_cut(c, cut, 64);
        check_cut(c, cut, 7);
    }
}

static void shared_memory_is_a_limit(void **state)
{
    (void)state;
    uint64_t shared = 100;
    uint8_t out[64];
    struct unpack *u = unpack_new(UNPACK_GZIP, 1U << 20);

    unpack_share(u, &shared);
    struct unpack_step step = unpack_run(u, SPAN(GZIP), out, sizeof(out));
    assert_int_equal(step.status, UNPACK_LIMIT);
    unpack_free(u);
    assert_int_equal(shared, 100);
}

/* Rows as a leak has them, enough of them to pass every buffer inside. */
static size_t rows_of_text(uint8_t *out, size_t room)
{
    size_t len = 0;
    uint32_t seed = 1;

    while (len + 32 < room) {
        for (size_t i = 0; i < 31; i++) {
            seed = seed * 1664525 + 1013904223;
            out[len++] = (uint8_t)('0' + (seed >> 24) % 40);
        }
        out[len++] = '\n';
    }
    return len;
}

static void a_long_stream_comes_out_in_packets(void **state)
{
    (void)state;
    enum { ROOM = 600000 };
    static const size_t pieces[] = {1448, 17, 65536, ROOM};
    uint8_t *plain = malloc(ROOM);
    uint8_t *packed = malloc(ROOM * 2);
    uint8_t *out = malloc(ROOM + 32768);
    size_t len = rows_of_text(plain, ROOM);
    uLongf packed_len = ROOM * 2;
    assert_int_equal(compress(packed, &packed_len, plain, len), Z_OK);

    for (size_t p = 0; p < COUNT(pieces); p++) {
        struct unpack *u = unpack_new(UNPACK_ZLIB, 1U << 20);
        struct span rest = {packed, packed_len};
        struct unpack_step step = {0};
        size_t made = 0;

        while (rest.len > 0 && step.status == UNPACK_MORE) {
            struct span piece = span_head(rest, pieces[p]);
            do {
                step = unpack_run(u, piece, out + made, 32768);
                made += step.made;
                piece = span_skip(piece, step.used);
                rest = span_skip(rest, step.used);
            } while (step.status == UNPACK_MORE &&
                     (piece.len > 0 || step.made == 32768));
        }
        unpack_free(u);
        assert_int_equal(step.status, UNPACK_DONE);
        assert_int_equal(made, len);
        assert_memory_equal(out, plain, len);
    }
    free(plain);
    free(packed);
    free(out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];

    for (size_t i = 0; i < COUNT(cases); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    tests[COUNT(cases)] =
        (struct CMUnitTest)cmocka_unit_test(shared_memory_is_a_limit);
    tests[COUNT(cases) + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_long_stream_comes_out_in_packets);
    return cmocka_run_group_tests_name("util/unpack", tests, NULL, NULL);
}
