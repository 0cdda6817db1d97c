// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_memory.c - the n-th allocation fails, for every n.
 *
 * Nothing may leak, crash or go on half done: the ledger counts what it
 * could not keep, judging says that it could not be finished.
 */
#include "rule/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t count, size_t size);
char *__real_strdup(const char *text);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void *__wrap_reallocarray(void *ptr, size_t count, size_t size);
char *__wrap_strdup(const char *text);

static long left;   /* allocations until one fails; 0: none does */
static bool struck; /* it did */

static bool fails(void)
{
    bool now = left == 1;

    left -= left > 0;
    struck |= now;
    return now;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return fails() ? NULL : __real_realloc(ptr, size);
}

void *__wrap_reallocarray(void *ptr, size_t count, size_t size)
{
    return fails() ? NULL : __real_reallocarray(ptr, count, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

static struct rule rules[] = {
    {.id = (char[]){"bulk"}, .customers = 3, .within_ns = 100 * SECOND},
    {.id = (char[]){"each"},
     .customers = 3,
     .within_ns = 100 * SECOND,
     .by = BY_TRANSFER},
    {.id = (char[]){"walk"},
     .customers = 2,
     .walk = true,
     .within_ns = 100 * SECOND,
     .by = BY_PARTY},
    {.id = (char[]){"dark"},
     .unread = UNREAD_ALL,
     .why = WHY_ENCRYPTED,
     .bytes = 100,
     .within_ns = 100 * SECOND},
};

static struct partner partners[] = {
    {.name = (char[]){"Print"}, .customers = 2, .within_ns = 100 * SECOND}};

static const char lines[] =
    "0 taro > drop,box http trail=a file=b : a1-40+p1-40\n"
    "1 taro > print@0 smtp mail=x>y;z : a1-5+e1-5\n"
    "1 taro > print@0 smtp flow=2 b=3 cap=1 lack=9 : a1+p7 p1 a1+p9+e9 a1*2\n"
    "1 taro > print@0 smtp flow=2 b=1 cap=2 : s1 e1\n"
    "2 web > 198.51.100.7 http sep : a1\n"
    "3 web > 198.51.100.7 http sep : a2\n"
    "4 taro > drop https tls=400 zip=7 :\n";

/* A buffer that will not have to grow. */
static void make_room(struct buf *b)
{
    static const uint8_t zeros[1 << 16];

    buf_init(b, 1 << 20);
    assert_true(buf_add(b, (struct span){zeros, sizeof(zeros)}));
    buf_reset(b);
}

/* Add, then judge, with the n-th allocation failing; true when none did. */
static bool run(const struct world *w, long n, struct buf *out)
{
    const struct judge_settings settings = {rules, COUNT(rules), partners,
                                            COUNT(partners)};
    bool kept = true, late;
    struct ledger *l;
    enum err err;

    struck = false;
    left = n;
    l = ledger_new(UINT64_MAX);
    for (size_t i = 0; l && i < w->count; i++)
        kept &= world_add(w, i, l) == ERR_OK;
    assert_int_equal(l && kept, !struck);
    late = !struck;
    err = l ? world_judge(&settings, l, true, out) : ERR_MEMORY;
    left = 0;
    if (l)
        assert_int_equal(err, late && struck ? ERR_MEMORY : ERR_OK);
    ledger_free(l);
    return !struck;
}

static void test_every_allocation_may_fail(void **state)
{
    struct buf want, got;
    struct world w;
    long n = 1;

    (void)state;
    world_read(&w, lines);
    make_room(&want);
    assert_true(run(&w, 0, &want));
    for (bool whole = false; !whole; n++) {
        make_room(&got);
        whole = run(&w, n, &got);
        if (whole) {
            assert_int_equal(got.len, want.len);
            assert_memory_equal(got.ptr, want.ptr, want.len);
        }
        buf_clear(&got);
    }
    assert_true(n > 60);
    buf_clear(&want);
    world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("rule/memory", tests, NULL, NULL);
}
