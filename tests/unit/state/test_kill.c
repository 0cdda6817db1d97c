// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_kill.c - a writer is killed at any moment, again and again.
 *
 *     test_state_kill [TIMES]        default 50; 200 and more to be sure
 *
 * Each life opens the state, puts one customer a commit and says so when the
 * commit returned; housekeeping goes on in between. After each death the
 * state opens, has every customer that was said, at most one more (of the
 * commit that nobody heard of), and each of them once.
 */
#include "state/room.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static unsigned times = 50;

/* Put customer i, which has a transfer of its own. */
static void put_one(struct state *st, uint64_t i)
{
    char lines[96];

    snprintf(lines, sizeof(lines),
             "%llu taro > drop http flow=%llu : a%llu+e%llu",
             (unsigned long long)(10 + i * 977), (unsigned long long)(i + 1),
             (unsigned long long)i, (unsigned long long)i);
    room_put(st, "taro", lines);
}

/* Until killed: customers from `next` on; their numbers to fd. */
static void live(struct room *room, uint64_t next, int fd)
{
    struct state *st = room_state(room);

    for (;; next++) {
        put_one(st, next);
        if (state_commit(st) != ERR_OK ||
            write(fd, &next, sizeof(next)) != sizeof(next))
            _exit(1);
        if (next % 3 == 0)
            (void)state_tend(st, (int64_t)(next * 977 / 86400) - 3, 1 << 18);
    }
}

/* Customers that stand in the state from the oldest day on, each once. */
static uint64_t count(struct room *room, uint64_t *first)
{
    struct state *st = room_state(room);
    struct ledger *l = room_load(st, "taro");
    uint64_t rows = 0, plain, customers = ledger_customers(l);
    char name[32];

    *first = UINT64_MAX;
    for (size_t i = 0; i < ledger_entries(l); i++) {
        const struct ledger_entry *e = ledger_entry_at(l, i);
        rows += e->rows;
        (void)world_name(ledger_pseudonym(l, e->customer), name);
        plain = strtoull(name + 1, NULL, 10);
        *first = plain < *first ? plain : *first;
    }
    assert_int_equal(rows, customers);
    ledger_free(l);
    state_close(st);
    return customers;
}

static void sleep_us(unsigned us)
{
    const struct timespec t = {0, (long)us * 1000};

    (void)nanosleep(&t, NULL);
}

/* One life; *next is the customer behind the last that is there. */
static void die_once(struct room *room, uint64_t *next, unsigned us)
{
    uint64_t said = *next, one, first, have;
    int pipes[2], status;
    pid_t pid;

    assert_int_equal(pipe(pipes), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(pipes[0]);
        live(room, *next, pipes[1]);
    }
    close(pipes[1]);
    sleep_us(us);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    while (read(pipes[0], &one, sizeof(one)) == sizeof(one))
        said = one + 1;
    close(pipes[0]);
    have = count(room, &first);
    if (have > 0)
        have += first;
    assert_in_range(have, said, said + 1);
    *next = have;
}

static void test_a_killed_writer_loses_nothing(void **state)
{
    struct room room;
    uint64_t next = 0;
    uint32_t random = 12345;

    (void)state;
    room_open(&room);
    for (unsigned i = 0; i < times; i++) {
        random = random * 1664525 + 1013904223;
        die_once(&room, &next, 500 + (random >> 8) % 40000);
    }
    assert_true(next > 0);
    room_close(&room);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_killed_writer_loses_nothing),
    };

    if (argc > 1)
        times = (unsigned)strtoul(argv[1], NULL, 10);
    return cmocka_run_group_tests_name("state/kill", tests, NULL, NULL);
}
