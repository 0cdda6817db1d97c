// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_source.c - capture/source.c: the same bytes, however they are packed
 * and in blocks of any size.
 */
#include "capture/source.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "folder.h"
#include "outflow/limits.h"
#include "support/spec.h"

enum { TEXT = 200000, PACKED = 300000 };

static uint8_t text[TEXT];
static uint8_t packed[PACKED];

/* Bytes that pack badly enough to need many blocks, the same in each run. */
static void make_text(void)
{
    uint32_t state = 1;

    for (size_t i = 0; i < TEXT; i++) {
        state = state * 1664525 + 1013904223;
        text[i] = (uint8_t)(state >> 28 | (i & 0x30));
    }
}

static size_t pack_plain(void)
{
    memcpy(packed, text, TEXT);
    return TEXT;
}

/* One gzip member of part of the text. */
static size_t gzip_member(size_t from, size_t to, size_t at)
{
    z_stream z = {.next_in = text + from, .avail_in = (uInt)(to - from)};

    z.next_out = packed + at;
    z.avail_out = (uInt)(PACKED - at);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, 0), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t made = z.total_out;
    deflateEnd(&z);
    return made;
}

static size_t pack_gzip(void)
{
    return gzip_member(0, TEXT, 0);
}

static size_t pack_gzip_members(void)
{
    size_t first = gzip_member(0, 1000, 0);

    return first + gzip_member(1000, TEXT, first);
}

static size_t pack_zstd(void)
{
    return ZSTD_compress(packed, PACKED, text, TEXT, 3);
}

static size_t pack_zstd_frames(void)
{
    size_t first = ZSTD_compress(packed, PACKED, text, 70000, 3);

    return first + ZSTD_compress(packed + first, PACKED - first, text + 70000,
                                 TEXT - 70000, 1);
}

static size_t pack_xz(void)
{
    size_t made = 0;

    assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, text,
                                             TEXT, packed, &made, PACKED),
                     LZMA_OK);
    return made;
}

static size_t pack_bzip2(void)
{
    unsigned made = PACKED;

    assert_int_equal(BZ2_bzBuffToBuffCompress((char *)packed, &made,
                                              (char *)text, TEXT, 9, 0, 0),
                     BZ_OK);
    return made;
}

struct packing_case {
    const char *name;
    size_t (*pack)(void);
    const char *packing;
};

static const struct packing_case packings[] = {
    {"plain", pack_plain, NULL},
    {"gzip", pack_gzip, "gzip"},
    {"gzip in two members", pack_gzip_members, "gzip"},
    {"zstd", pack_zstd, "zstd"},
    {"zstd in two frames", pack_zstd_frames, "zstd"},
    {"xz", pack_xz, "xz"},
    {"bzip2", pack_bzip2, "bzip2"},
};

/* Take everything, want bytes at a time; gives how much there was. */
static size_t take_all(struct source *s, size_t want)
{
    size_t taken = 0;

    while (source_has(s, want) || s->window.len > 0) {
        size_t piece = s->window.len < want ? s->window.len : want;
        assert_true(taken + piece <= TEXT);
        assert_memory_equal(s->window.ptr, text + taken, piece);
        source_take(s, piece);
        taken += piece;
        assert_int_equal(s->taken, taken);
    }
    return taken;
}

static void test_packing(void **state)
{
    static const size_t blocks[] = {100, 4096, 262144};
    const struct packing_case *c = *state;
    size_t len = c->pack();

    for (size_t i = 0; i < COUNT(blocks); i++) {
        struct source s;
        source_open_memory(&s, (struct span){packed, len}, blocks[i]);
        assert_int_equal(take_all(&s, 777), TEXT);
        assert_int_equal(s.end, SOURCE_DONE);
        assert_int_equal(s.used, len);
        assert_false(s.trailing);
        if (c->packing == NULL)
            assert_null(source_packing(&s));
        else
            assert_string_equal(source_packing(&s), c->packing);
        assert_true(source_weight(&s) >= blocks[i]);
        source_close(&s);
    }
}

/* Packed bytes that end early give what they hold, and say so. */
static void test_cut(void **state)
{
    const struct packing_case *c = *state;
    size_t len = c->pack();

    for (size_t cut = 7; c->packing != NULL && cut < len; cut += len / 23) {
        struct source s;
        source_open_memory(&s, (struct span){packed, cut}, 512);
        assert_true(take_all(&s, 777) <= TEXT);
        assert_int_equal(s.end, SOURCE_CUT);
        source_close(&s);
    }
}

/* A parked file goes on where it was. */
static void test_park(void **state)
{
    const struct packing_case *c = *state;
    struct folder folder;
    struct source s;

    folder_make(&folder);
    folder_write(&folder, "x", (struct span){packed, c->pack()});
    char *path = strdup(folder_path(&folder, "x"));
    for (int keep = 0; keep < 2; keep++) {
        assert_int_equal(source_open(&s, path, 512), ERR_OK);
        assert_true(s.can_park);
        assert_true(source_skip(&s, 150000));
        source_park(&s, 123456, keep == 1);
        assert_int_equal(s.fd >= 0, keep == 1);
        assert_true(source_resume(&s));
        assert_int_equal(s.taken, 123456);
        assert_true(source_fill(&s, 1000));
        assert_memory_equal(s.window.ptr, text + 123456, 1000);
        assert_false(source_skip(&s, TEXT));
        assert_int_equal(s.taken, TEXT);
        source_close(&s);
    }
    free(path);
    folder_remove(&folder);
}

static void bytes_behind_the_packing(void **state)
{
    struct source s;
    size_t len = pack_gzip();

    (void)state;
    memcpy(packed + len, "behind", 6);
    source_open_memory(&s, (struct span){packed, len + 6}, 4096);
    assert_int_equal(take_all(&s, 777), TEXT);
    assert_int_equal(s.end, SOURCE_DONE);
    assert_true(s.trailing);
    source_close(&s);
}

static void damage_inside_the_packing(void **state)
{
    struct source s;
    size_t len = pack_zstd();

    (void)state;
    packed[len / 2] ^= 0xff;
    packed[len - 1] ^= 0xff;
    source_open_memory(&s, (struct span){packed, len}, 4096);
    while (source_has(&s, 1))
        source_take(&s, s.window.len);
    assert_int_equal(s.end, SOURCE_BAD);
    source_close(&s);
}

/* A window of 2 GiB asked for by a packed file is refused, not allocated. */
static void packing_that_wants_too_much(void **state)
{
    static const uint8_t greedy[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8,
                                     0x01, 0x00, 0x00, 0x00, 0x00, 0x00};
    struct source s;

    (void)state;
    source_open_memory(&s, (struct span){greedy, sizeof(greedy)}, 4096);
    assert_false(source_has(&s, 1));
    assert_int_equal(s.end, SOURCE_LIMIT);
    source_close(&s);
}

static void a_file_that_is_not_there(void **state)
{
    struct source s;

    (void)state;
    assert_int_equal(source_open(&s, "/nonexistent/x", 512), ERR_IO);
    assert_int_not_equal(s.error, 0);
    source_close(&s);
}

static void a_directory_cannot_be_read(void **state)
{
    struct source s;

    (void)state;
    assert_int_equal(source_open(&s, "/", 512), ERR_OK);
    assert_false(source_has(&s, 1));
    assert_int_equal(s.end, SOURCE_FAILED);
    assert_int_not_equal(s.error, 0);
    source_close(&s);
}

int main(void)
{
    struct CMUnitTest tests[3 * COUNT(packings) + 5];
    size_t at = 0;

    make_text();
    SPEC_TABLE(tests, at, packings, test_packing);
    SPEC_TABLE(tests, at, packings, test_cut);
    SPEC_TABLE(tests, at, packings, test_park);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(bytes_behind_the_packing);
    tests[at++] =
        (struct CMUnitTest)cmocka_unit_test(damage_inside_the_packing);
    tests[at++] =
        (struct CMUnitTest)cmocka_unit_test(packing_that_wants_too_much);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(a_file_that_is_not_there);
    tests[at++] =
        (struct CMUnitTest)cmocka_unit_test(a_directory_cannot_be_read);
    return SPEC_RUN("capture/source", tests, at);
}
