// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * state.c - how large a state is, and how fast.
 *
 *     state DIR [EMPLOYEES [PAIRS [DAYS [WEAKER [ROWS]]]]]
 *
 * Makes a state in DIR (or takes the one that it made there) of so many
 * employees, each with so many customers over so many days, ROWS of them
 * with one packet, every record with so many weaker names. Then says the bytes
 * a pair takes, what a commit of a second's work takes, and how long it takes
 * to load a book and to judge it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "outflow/state.h"
#include "util/hash.h"

enum { BINS = 40, POPULATION = 5000000, SECOND = 10000 };

static const int64_t day_ns = INT64_C(86400) * 1000000000;
static const struct ledger_codec codec = {NULL, 0};

struct plan {
    const char *dir;
    uint32_t employees, pairs, days, weaker, rows;
};

static struct hash_key key;

/* By the clock, for what waits for a disk; of this process, for the rest. */
static double now_ms(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fill_record(struct record *r, uint64_t customer, uint32_t weaker)
{
    uint64_t mix = hash_mix(&key, 2, customer);

    *r = (struct record){
        .name = {hash_mix(&key, 1, customer), NAME_CARD},
        .weaker_count = (uint8_t)weaker,
        .fields = FIELD_BIT(FIELD_CARD_NUMBER) | FIELD_BIT(FIELD_PERSON_NAME) |
                  (customer % 9 == 0 ? 0 : FIELD_BIT(FIELD_PHONE)),
        .rows = 1,
    };
    snprintf(r->mask, sizeof(r->mask), "%06u******%04u",
             352800 + (unsigned)(mix % BINS), (unsigned)(mix >> 32) % 10000);
    for (uint32_t i = 0; i < weaker; i++)
        r->weaker[i] = (struct name){hash_mix(&key, 10 + i, customer),
                                     (uint8_t)(NAME_EMAIL + i)};
}

/* One upload: customers of one employee from first on. */
struct upload {
    uint32_t who, first, count;
    int64_t time_ns;
};

static void add_upload(struct ledger *l, const struct plan *p,
                       const struct upload *u)
{
    uint32_t who = u->who, first = u->first, count = u->count;
    int64_t time_ns = u->time_ns;
    struct party party = {
        .name = "drop.example", .has_domain = true, .partner = -1};
    struct resolved resolved = {.known = true,
                                .group = "employees",
                                .parties = &party,
                                .party_count = 1,
                                .sender_inside = true};
    struct record records[LIMIT_BATCH_RECORDS];
    struct exposure e = {.flow = hash_mix(&key, who, first),
                         .time_ns = time_ns,
                         .begun_ns = time_ns,
                         .proto = 6,
                         .port = {40112, 80},
                         .channel = "http",
                         .trail = "POST /upload > customers.csv",
                         .file = "customers.csv",
                         .mail_from = "",
                         .first_packet = first,
                         .part_read = (uint64_t)count * 90,
                         .records = records};

    snprintf(resolved.employee, sizeof(resolved.employee), "user%05u", who);
    for (uint32_t done = 0; done < count; e.batch++) {
        uint32_t n = 0;
        for (; n < LIMIT_BATCH_RECORDS && done < count; n++, done++) {
            uint64_t customer =
                hash_mix(&key, 5 + who, first + done) % POPULATION;
            int64_t at = time_ns + done / p->rows * INT64_C(1203000);
            fill_record(&records[n], customer, p->weaker);
            records[n].first.time_ns = records[n].last.time_ns = at;
            e.time_ns = at;
        }
        e.record_count = n;
        e.last = done == count;
        e.last_packet = e.first_packet + done / p->rows;
        e.bytes = (uint64_t)done * 90;
        if (ledger_add(l, &e, &resolved) != ERR_OK)
            abort();
    }
}

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static void put(struct state *st, const struct plan *p, uint32_t who,
                uint32_t day, uint32_t count)
{
    struct ledger *l = ledger_new(UINT64_MAX);
    int64_t s = (18000 + (int64_t)day) * 86400 +
                (int64_t)(hash_mix(&key, who, day) % 80000);
    struct upload u = {who, day * (p->pairs / p->days), count, s * 1000000000};
    uint32_t book;
    char name[32];

    check(l != NULL, "ledger_new");
    add_upload(l, p, &u);
    snprintf(name, sizeof(name), "user%05u", who);
    book = state_book(st, BOOK_EMPLOYEE, name);
    check(state_put(st, book, l, &codec) == ERR_OK, "state_put");
    check(p->weaker == 0 || state_tie_put(st, l) == ERR_OK, "state_tie_put");
    ledger_free(l);
}

static void build(struct state *st, const struct plan *p)
{
    double begun = now_ms(CLOCK_MONOTONIC), commits = 0, most = 0;

    for (uint32_t day = 0; day < p->days; day++) {
        for (uint32_t who = 0; who < p->employees; who++) {
            put(st, p, who, day, p->pairs / p->days);
            if (who % 50 != 49 && who + 1 < p->employees)
                continue;
            double at = now_ms(CLOCK_MONOTONIC);
            check(state_commit(st) == ERR_OK, "state_commit");
            commits += now_ms(CLOCK_MONOTONIC) - at;
            most = now_ms(CLOCK_MONOTONIC) - at > most
                       ? now_ms(CLOCK_MONOTONIC) - at
                       : most;
        }
        while (state_tend(st, 0, 18000 + (int64_t)day))
            continue;
    }
    printf("build: %.1f s, commits %.1f s, slowest %.1f ms\n",
           (now_ms(CLOCK_MONOTONIC) - begun) / 1e3, commits / 1e3, most);
}

static uint64_t file_bytes(const char *dir)
{
    char path[512];
    struct stat st;

    snprintf(path, sizeof(path), "%s/state.db", dir);
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* A second's work: so many records over a hundred books. */
static void measure_commit(struct state *st, const struct plan *p,
                           uint32_t records)
{
    double sum = 0, most = 0;

    for (uint32_t n = 0; n < 20; n++) {
        for (uint32_t who = 0; who < 100 && who < p->employees; who++) {
            struct plan one = *p;
            one.pairs = p->pairs + p->days * 10 * n;
            put(st, &one, who, p->days, records / 100);
        }
        double at = now_ms(CLOCK_MONOTONIC);
        check(state_commit(st) == ERR_OK, "state_commit");
        at = now_ms(CLOCK_MONOTONIC) - at;
        sum += at;
        most = at > most ? at : most;
        while (state_tend(st, 0, 18000 + (int64_t)p->days))
            continue;
    }
    printf("commit of %u records in 100 books: %.1f ms, slowest %.1f ms\n",
           records, sum / 20, most);
}

static bool count_alert(void *ctx, const struct alert *a)
{
    *(uint64_t *)ctx += a->customers;
    return true;
}

static void measure_judge(struct state *st, const struct plan *p)
{
    static const int64_t all[2] = {INT64_MIN, INT64_MAX};
    struct rule rule = {
        .id = (char[]){"month"}, .customers = 300, .within_ns = 30 * day_ns};
    const struct judge_settings settings = {.rules = &rule, .rule_count = 1};
    double load = 0, ties = 0, settle = 0, judge = 0;
    uint64_t told = 0;
    const struct verdict_sink sink = {&told, count_alert, NULL};
    enum { BOOKS = 40 };

    for (uint32_t n = 0; n < BOOKS; n++) {
        struct ledger *l = ledger_new(UINT64_MAX);
        double at[5] = {now_ms(CLOCK_PROCESS_CPUTIME_ID)};
        check(state_load(st, n * 37 % p->employees, all, l, &codec) == ERR_OK,
              "state_load");
        at[1] = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        check(state_tie_load(st, l, 0) == ERR_OK, "state_tie_load");
        at[2] = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        check(ledger_settle(l) == ERR_OK, "ledger_settle");
        at[3] = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        check(judge_run(&settings, l, &sink) == ERR_OK, "judge_run");
        at[4] = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        load += at[1] - at[0];
        ties += at[2] - at[1];
        settle += at[3] - at[2];
        judge += at[4] - at[3];
        ledger_free(l);
    }
    printf("a book: load %.2f ms, ties %.2f ms, settle %.2f ms,"
           " a rule judged %.2f ms (%llu customers told)\n",
           load / BOOKS, ties / BOOKS, settle / BOOKS, judge / BOOKS,
           (unsigned long long)told / BOOKS);
}

static uint32_t number(int argc, char **argv, int i, uint32_t otherwise)
{
    return argc > i ? (uint32_t)strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    static const uint8_t bytes[KEY_BYTES] = {1};
    struct plan p = {.dir = argc > 1 ? argv[1] : NULL,
                     .employees = number(argc, argv, 2, 1000),
                     .pairs = number(argc, argv, 3, 20000),
                     .days = number(argc, argv, 4, 30),
                     .weaker = number(argc, argv, 5, 0),
                     .rows = number(argc, argv, 6, 15)};
    struct problems problems = {0};
    struct keyed *secret = keyed_new(bytes);
    struct state *st;
    uint64_t pairs;
    double at;

    key = hash_key_from(42);
    if (!p.dir || !secret || p.weaker > RECORD_WEAKER || p.rows == 0)
        return 2;
    st = state_open(p.dir, secret, UINT64_C(1) << 30, &problems);
    if (!st) {
        (void)problems_print(&problems, stderr);
        return 1;
    }
    pairs = (uint64_t)p.employees * (p.pairs / p.days * p.days);
    if (state_books(st) == 0)
        build(st, &p);
    state_close(st);
    printf("%llu pairs, %u weaker names: %.2f bytes a pair\n",
           (unsigned long long)pairs, p.weaker,
           (double)file_bytes(p.dir) / (double)pairs);
    at = now_ms(CLOCK_MONOTONIC);
    st = state_open(p.dir, secret, UINT64_C(1) << 30, &problems);
    check(st != NULL, "state_open");
    printf("open: %.1f ms\n", now_ms(CLOCK_MONOTONIC) - at);
    measure_judge(st, &p);
    measure_commit(st, &p, SECOND / 10);
    measure_commit(st, &p, SECOND);
    state_close(st);
    keyed_free(secret);
    problems_clear(&problems);
    return 0;
}
