// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_memory.c - the n-th allocation fails, for every n.
 *
 * Nothing leaks or crashes; what every call said to have taken is there
 * afterwards, and nothing is there twice. (SQLite's own memory is its own.)
 */
#include "state/room.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t count, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
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

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
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

static const struct ledger_codec none = {NULL, 0};

static bool put(struct state *st, struct ledger *fresh)
{
    uint32_t book = state_book(st, BOOK_EMPLOYEE, "taro");
    struct state_incident in = {.id = "aa", .rule = "r", .subject = "s"};

    return book != STATE_NONE && state_put(st, book, fresh, &none) == ERR_OK &&
           state_tie_put(st, fresh) == ERR_OK &&
           state_incident_put(st, &in) == ERR_OK &&
           state_capture(st, "x.pcap") != STATE_NONE &&
           state_commit(st) == ERR_OK;
}

static bool load(struct state *st)
{
    static const int64_t all[2] = {INT64_MIN, INT64_MAX};
    struct ledger *l = ledger_new(UINT64_MAX);
    bool ok = l && state_load(st, 0, all, l, &none) == ERR_OK &&
              state_tie_load(st, l, 0) == ERR_OK && ledger_settle(l) == ERR_OK;

    ledger_free(l);
    return ok;
}

/* With the n-th allocation failing; true when none did. */
static bool run(struct ledger *const fresh[2], long n)
{
    struct room room;
    struct state *st;
    uint64_t sure = 0, found;

    room_open(&room);
    struck = false;
    left = n;
    st = state_open(room.dir, room.key, 1 << 20, &room.problems);
    if (st && put(st, fresh[0]))
        sure = 9;
    if (sure > 0 && put(st, fresh[1]))
        sure = 14;
    if (sure == 14)
        (void)load(st);
    for (int i = 0; st && i < 20 && state_tend(st, 0, 9); i++)
        continue;
    left = 0;
    assert_true(st || struck);
    assert_true(sure == 14 || struck);
    if (st && sure == 14)
        assert_true(load(st));
    state_close(st);
    problems_clear(&room.problems);
    st = room_state(&room);
    found = room_customers(st, "taro");
    assert_true(found >= sure && found <= 14);
    state_close(st);
    room_close(&room);
    return !struck;
}

static void test_every_allocation_may_fail(void **state)
{
    struct ledger *fresh[2] = {
        room_ledger("10 taro > drop,box http trail=a file=b : a1-9+p1-9\n"
                    "90000 taro > drop smtp mail=x>y;z tls=5 : a1-2+e1-2"),
        room_ledger("11 taro > drop http flow=7 span=1 : a10-14+e3-7"),
    };
    long n = 1;

    (void)state;
    assert_true(run(fresh, 0));
    while (!run(fresh, n))
        n++;
    assert_true(n > 60);
    ledger_free(fresh[0]);
    ledger_free(fresh[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("state/memory", tests, NULL, NULL);
}
