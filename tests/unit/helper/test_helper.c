// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_helper.c - the helper end to end: objects in, parts and notes out,
 * and what becomes of one that crashes, spins, hoards or lies.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper/client.h"
#include "outflow/buf.h"
#include "outflow/limits.h"
#include "support/bytes.h"
#include "support/spec.h"

enum { OBJECT = 1 << 20 };

/* What was put, as text: "<name|bytes>" a part, "(why kind number)". */
struct heard {
    struct buf text;
    uint64_t bytes;
    unsigned parts;
    unsigned refuse_at; /* this part, from 1; 0: none */
};

static bool part_open(void *ctx, const struct part_info *info)
{
    struct heard *h = ctx;

    h->parts++;
    (void)!buf_printf(&h->text, "<%.*s|", (int)info->name.len, info->name.ptr);
    return h->parts != h->refuse_at;
}

static bool put(void *ctx, struct span bytes)
{
    struct heard *h = ctx;

    h->bytes += bytes.len;
    (void)!buf_add(&h->text, bytes);
    return true;
}

static bool gap(void *ctx, uint64_t len)
{
    struct heard *h = ctx;

    return buf_printf(&h->text, "[%llu]", (unsigned long long)len);
}

static bool part_close(void *ctx, enum part_end how)
{
    struct heard *h = ctx;

    (void)!buf_printf(&h->text, "%s>", how == PART_WHOLE ? "" : "...");
    return true;
}

static bool note(void *ctx, const struct note *n)
{
    struct heard *h = ctx;

    (void)!buf_printf(&h->text, "(%s %.*s %llu)", why_name(n->why),
                      (int)n->text.len, n->text.ptr,
                      (unsigned long long)n->number);
    return true;
}

static const struct sink_ops ops = {
    .part_open = part_open,
    .put = put,
    .gap = gap,
    .part_close = part_close,
    .note = note,
};

/* A helper, and all that it said of the newest object. */
struct bench {
    struct helper_client *client;
    const struct helper *helper;
    struct counters counters;
    struct heard heard;
    uint64_t read;
};

static void bench_open(struct bench *b, const char *program)
{
    const struct helper_start how = {
        .path = program, .document = OBJECT, .cpu_ms = 300};

    *b = (struct bench){0};
    b->client = helper_open(&how);
    assert_non_null(b->client);
    b->helper = helper_use(b->client, &b->counters);
    buf_init(&b->heard.text, 1 << 20);
}

static void bench_close(struct bench *b)
{
    helper_close(b->client);
    buf_clear(&b->heard.text);
}

static enum helper_end bench_read(struct bench *b, const char *format,
                                  struct span bytes)
{
    const struct helper_object object = {.format = format, .bytes = bytes};
    struct sink sink = {&b->heard, &ops};

    buf_reset(&b->heard.text);
    b->heard.parts = 0;
    b->heard.bytes = 0;
    return b->helper->read(b->helper->ctx, &object, &sink, &b->read);
}

static struct span object_of(const char *name, uint8_t *room, size_t size)
{
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/tests/unit/helper/objects/%s",
                   TEST_SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t len = fread(room, 1, size, f);
    (void)fclose(f);
    return (struct span){room, len};
}

static bool heard_has(const struct bench *b, const char *text)
{
    struct span all = buf_span(&b->heard.text);

    return span_find_run(all, span_of(text)) < all.len;
}

static void assert_heard(const struct bench *b, const char *text)
{
    if (!heard_has(b, text))
        print_message("want %s, have %.*s\n", text, (int)b->heard.text.len,
                      b->heard.text.ptr ? (char *)b->heard.text.ptr : "");
    assert_true(heard_has(b, text));
}

/* --- archives --- */

struct archive_case {
    const char *name;
    const char *file;
    const char *format;
    const char *wants[3]; /* in what is heard */
    size_t bytes;         /* put; 0: none */
};

#define TWO "two.csv|card_number,name,address,phone,date_of_birth\n"

static const struct archive_case archives[] = {
    {"a 7z gives its files", "tiny.7z", "7z", {"<customers.csv|", TWO}, 1717},
    {"a cab gives its files",
     "tiny.cab",
     "cab",
     {"<customers.csv|", TWO},
     1717},
    {"a xar gives its files",
     "tiny.xar",
     "xar",
     {"<customers.csv|", TWO},
     1717},
    {"an lha gives its files",
     "tiny.lzh",
     "lha",
     {"<customers.csv|", TWO},
     1717},
    {"a PDF gives its rows, cells set off by tabs",
     "tiny.pdf",
     "pdf",
     {"card_number\tname\taddress\tphone\tdate_of_birth\n",
      "\n4532010000079325\tMary Wilson\t2 High Street 1\t"},
     1524},
    {"a PDF that only restricts its use is read",
     "owner.pdf",
     "pdf",
     {"card_number\tname\taddress\tphone\tdate_of_birth\n"},
     1524},
    {"a PDF that wants a password stays closed",
     "sealed.pdf",
     "pdf",
     {"(encrypted pdf 3039)"},
     0},
    {"an encrypted 7z tells its names, and stays closed",
     "sealed.7z",
     "7z",
     {"<customers.csv|...>", "<two.csv|...>", "(encrypted 7z "},
     0},
    {"a 7z with encrypted names stays closed",
     "sealed-names.7z",
     "7z",
     {"(encrypted 7z "},
     0},
};

static void an_archive(void **state)
{
    const struct archive_case *c = *state;
    static uint8_t room[OBJECT];
    struct bench b;

    bench_open(&b, HELPER);
    struct span object = object_of(c->file, room, sizeof(room));
    assert_int_equal(bench_read(&b, c->format, object), HELPER_DONE);
    for (size_t i = 0; i < COUNT(c->wants) && c->wants[i]; i++)
        assert_heard(&b, c->wants[i]);
    if (c->bytes == 0)
        assert_int_equal(b.heard.bytes, 0);
    else
        assert_in_range(b.heard.bytes, c->bytes, c->bytes + 200);
    if (c->bytes > 0)
        assert_false(heard_has(&b, "("));
    assert_int_equal(b.counters.helper_objects, 1);
    assert_int_equal(b.counters.helper_died, 0);
    bench_close(&b);
}

static void a_cut_archive_is_damaged(void **state)
{
    static uint8_t room[OBJECT];
    struct bench b;

    (void)state;
    bench_open(&b, HELPER);
    struct span object = object_of("tiny.7z", room, sizeof(room));
    for (size_t len = 1; len < object.len; len += 97) {
        assert_int_equal(bench_read(&b, "7z", span_head(object, len)),
                         HELPER_DONE);
        assert_heard(&b, "(damaged 7z ");
        assert_int_equal(b.heard.bytes, 0);
    }
    bench_close(&b);
}

/* --- what misbehaves --- */

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whatever it does: it ends, is counted once, and the next is read. */
static void survives(const char *object, enum helper_end want)
{
    static uint8_t room[OBJECT];
    struct bench b;
    double begun = seconds();

    bench_open(&b, HELPER_HOOKED);
    assert_int_equal(bench_read(&b, "7z", span_of(object)), want);
    assert_true(seconds() - begun < 10);
    struct span good = object_of("tiny.7z", room, sizeof(room));
    assert_int_equal(bench_read(&b, "7z", good), HELPER_DONE);
    assert_heard(&b, TWO);
    uint64_t asked = b.counters.helper_objects;
    assert_int_equal(bench_read(&b, "7z", span_of(object)), HELPER_DIED);
    assert_int_equal(b.counters.helper_objects, asked); /* not again */
    assert_int_equal(b.counters.helper_died + b.counters.helper_late, 1);
    bench_close(&b);
}

static void a_crash_is_told(void **state)
{
    (void)state;
    survives("HOOK:crash", HELPER_DIED);
}

static void an_endless_loop_is_ended(void **state)
{
    (void)state;
    survives("HOOK:spin", HELPER_LIMIT);
}

static void nonsense_is_not_believed(void **state)
{
    (void)state;
    survives("HOOK:babble", HELPER_DIED);
    survives("HOOK:end", HELPER_DIED);
}

#ifndef OUTFLOW_NO_SANDBOX
static void memory_has_its_limit(void **state)
{
    (void)state;
    survives("HOOK:hoard", HELPER_DIED);
}

static void a_socket_is_its_end(void **state)
{
    (void)state;
    survives("HOOK:connect", HELPER_DIED);
}
#endif

static void parts_have_a_number(void **state)
{
    struct bench b;

    (void)state;
    bench_open(&b, HELPER_HOOKED);
    assert_int_equal(bench_read(&b, "7z", SPAN("HOOK:parts")), HELPER_LIMIT);
    assert_int_equal(b.heard.parts, LIMIT_HELPER_PARTS);
    bench_close(&b);
}

static void a_sink_that_refuses_ends_it(void **state)
{
    static uint8_t room[OBJECT];
    struct bench b;

    (void)state;
    bench_open(&b, HELPER_HOOKED);
    b.heard.refuse_at = 1;
    double begun = seconds();
    assert_int_equal(bench_read(&b, "7z", SPAN("HOOK:bytes")), HELPER_REFUSED);
    assert_true(seconds() - begun < 5);
    b.heard.refuse_at = 0;
    struct span good = object_of("tiny.7z", room, sizeof(room));
    assert_int_equal(bench_read(&b, "7z", good), HELPER_DONE);
    assert_int_equal(b.counters.helper_died, 0);
    bench_close(&b);
}

static void without_the_program_there_is_no_helper(void **state)
{
    struct bench b;

    (void)state;
    bench_open(&b, "/nonexistent/outflow-helper");
    assert_int_equal(bench_read(&b, "7z", SPAN("x")), HELPER_NONE);
    assert_int_equal(b.counters.helper_none, 1);
    bench_close(&b);
    bench_open(&b, "/dev/null"); /* one that cannot be run */
    assert_int_not_equal(bench_read(&b, "7z", SPAN("x")), HELPER_DONE);
    bench_close(&b);
}

static void an_object_has_its_limit(void **state)
{
    static uint8_t room[OBJECT + 1];
    struct bench b;

    (void)state;
    bench_open(&b, HELPER);
    assert_int_equal(bench_read(&b, "7z", (struct span){room, sizeof(room)}),
                     HELPER_LIMIT);
    bench_close(&b);
}

/* A sink that has another object read when a part is closed. */
struct nested {
    struct bench *outer, *inner;
    struct helper_object object;
    enum helper_end end;
};

static bool close_and_read(void *ctx, enum part_end how)
{
    struct nested *n = ctx;
    struct sink sink = {&n->inner->heard, &ops};

    n->end = n->outer->helper->read(n->outer->helper->ctx, &n->object, &sink,
                                    &n->inner->read);
    return part_close(&n->outer->heard, how);
}

static bool nested_open(void *ctx, const struct part_info *info)
{
    return part_open(&((struct nested *)ctx)->outer->heard, info);
}

static bool nested_put(void *ctx, struct span bytes)
{
    return put(&((struct nested *)ctx)->outer->heard, bytes);
}

static bool nested_note(void *ctx, const struct note *n)
{
    return note(&((struct nested *)ctx)->outer->heard, n);
}

static void an_archive_inside_of_an_archive_is_read(void **state)
{
    static const struct sink_ops nested_ops = {
        .part_open = nested_open,
        .put = nested_put,
        .gap = gap,
        .part_close = close_and_read,
        .note = nested_note,
    };
    static uint8_t rooms[2][OBJECT];
    struct bench b, inner = {0};

    (void)state;
    bench_open(&b, HELPER);
    buf_init(&inner.heard.text, 1 << 20);
    struct nested n = {.outer = &b, .inner = &inner};
    n.object.format = "cab";
    n.object.bytes = object_of("tiny.cab", rooms[0], OBJECT);
    const struct helper_object object = {
        .format = "7z", .bytes = object_of("tiny.7z", rooms[1], OBJECT)};
    struct sink sink = {&n, &nested_ops};
    assert_int_equal(b.helper->read(b.helper->ctx, &object, &sink, &b.read),
                     HELPER_DONE);
    assert_int_equal(n.end, HELPER_DONE);
    assert_int_not_equal(b.heard.parts, 0);
    assert_int_equal(inner.heard.parts, b.heard.parts * b.heard.parts);
    assert_int_equal(b.counters.helper_died, 0);
    assert_int_equal(bench_read(&b, "7z", object.bytes), HELPER_DONE);
    buf_clear(&inner.heard.text);
    bench_close(&b);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(archives) + 16];
    size_t count = 0;
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_cut_archive_is_damaged),
        cmocka_unit_test(a_crash_is_told),
        cmocka_unit_test(an_endless_loop_is_ended),
        cmocka_unit_test(nonsense_is_not_believed),
#ifndef OUTFLOW_NO_SANDBOX
        cmocka_unit_test(memory_has_its_limit),
        cmocka_unit_test(a_socket_is_its_end),
#endif
        cmocka_unit_test(parts_have_a_number),
        cmocka_unit_test(a_sink_that_refuses_ends_it),
        cmocka_unit_test(without_the_program_there_is_no_helper),
        cmocka_unit_test(an_object_has_its_limit),
        cmocka_unit_test(an_archive_inside_of_an_archive_is_read),
    };

    SPEC_TABLE(tests, count, archives, an_archive);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return SPEC_RUN("helper", tests, count);
}
