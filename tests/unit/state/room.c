// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * room.c - a directory for a state, and books told as lines of world.h.
 */
#include "state/room.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { VERDICT = 1 << 22 };

static const struct ledger_codec no_partners = {NULL, 0};

void room_open(struct room *r)
{
    static const uint8_t bytes[KEY_BYTES] = {7, 1, 2};
    /* What a disk takes for a sync is not what is tested. */
    const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    *r = (struct room){.key = keyed_new(bytes)};
    assert_non_null(r->key);
    snprintf(r->dir, sizeof(r->dir), "%s/state-XXXXXX", tmp);
    assert_non_null(mkdtemp(r->dir));
}

void room_close(struct room *r)
{
    DIR *dir = opendir(r->dir);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.')
            assert_int_equal(unlinkat(dirfd(dir), entry->d_name, 0), 0);
    }
    closedir(dir);
    assert_int_equal(rmdir(r->dir), 0);
    keyed_free(r->key);
    problems_clear(&r->problems);
}

struct state *room_state(struct room *r)
{
    struct state *st = state_open(r->dir, r->key, 64 << 20, &r->problems);

    if (!st)
        (void)problems_print(&r->problems, stderr);
    assert_non_null(st);
    return st;
}

struct ledger *room_ledger(const char *lines)
{
    struct ledger *l = ledger_new(UINT64_MAX);
    struct world w;

    assert_non_null(l);
    world_read(&w, lines);
    for (size_t i = 0; i < w.count; i++)
        assert_int_equal(world_add(&w, i, l), ERR_OK);
    world_clear(&w);
    return l;
}

void room_put(struct state *st, const char *book, const char *lines)
{
    struct ledger *l = room_ledger(lines);
    uint32_t number = state_book(st, BOOK_EMPLOYEE, book);

    assert_int_not_equal(number, STATE_NONE);
    assert_int_equal(state_put(st, number, l, &no_partners), ERR_OK);
    assert_int_equal(state_tie_put(st, l), ERR_OK);
    ledger_free(l);
}

struct ledger *room_load(struct state *st, const char *book)
{
    static const int64_t all[2] = {INT64_MIN, INT64_MAX};
    struct ledger *l = ledger_new(UINT64_MAX);
    uint32_t number = state_book(st, BOOK_EMPLOYEE, book);

    assert_non_null(l);
    assert_int_equal(state_load(st, number, all, l, &no_partners), ERR_OK);
    assert_int_equal(state_tie_load(st, l, 0), ERR_OK);
    return l;
}

const char *room_verdict(struct ledger *l, uint64_t customers)
{
    static char text[VERDICT];
    struct rule rule = {.id = (char[]){"year"},
                        .customers = customers,
                        .within_ns = INT64_C(400) * 86400 * 1000000000};
    const struct judge_settings settings = {.rules = &rule, .rule_count = 1};
    struct buf out;

    buf_init(&out, sizeof(text) - 1);
    assert_int_equal(world_judge(&settings, l, true, &out), ERR_OK);
    snprintf(text, sizeof(text), "%.*s", (int)out.len, (const char *)out.ptr);
    buf_clear(&out);
    return text;
}

uint64_t room_customers(struct state *st, const char *book)
{
    struct ledger *l = room_load(st, book);
    uint64_t count = ledger_customers(l);

    ledger_free(l);
    return count;
}
