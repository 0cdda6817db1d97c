// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * looks.c - what a look costs: bench_looks [EMPLOYEES [PAIRS]].
 *
 * Every employee exposes so many customers to one party over 30 days; then
 * one of them sends one more and is looked at, nobody does, and a storm of
 * a million events of one record each comes. Times are CPU milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judging/judging.h"

static const int64_t SECOND = 1000000000;

enum { BATCH = 1000, STORM = 1000000 };

static struct rule one_rule[] = {
    {.id = (char[]){"slow"},
     .customers = 1000000,
     .within_ns = INT64_C(30) * 86400 * 1000000000}};

static double cpu_ms(void)
{
    return (double)clock() * 1000 / CLOCKS_PER_SEC;
}

static bool put(void *ctx, const struct alert *a)
{
    (void)a;
    ++*(uint64_t *)ctx;
    return true;
}

/* A batch of one transfer of one employee, with records from first on. */
struct feed {
    struct exposure e;
    struct resolved who;
    struct party party;
    struct record *records;
};

static void feed_init(struct feed *f)
{
    *f = (struct feed){.records = calloc(BATCH, sizeof(struct record))};
    f->party = (struct party){.name = "drop.example",
                              .has_domain = true,
                              .partner = -1,
                              .direction = DIRECTION_OUTBOUND};
    f->e = (struct exposure){.channel = "http",
                             .trail = "POST /up",
                             .file = "",
                             .mail_from = "",
                             .proto = 6,
                             .records = f->records};
    f->who = (struct resolved){.group = "employees",
                               .known = true,
                               .sender_inside = true,
                               .parties = &f->party,
                               .party_count = 1};
}

static void give(struct judging *j, struct feed *f, uint64_t first,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct record *r = &f->records[i];
        uint64_t n = (first + i + 1) * UINT64_C(0x9E3779B97F4A7C15);
        *r = (struct record){.name = {n, NAME_CARD},
                             .weaker = {{n ^ 1, NAME_EMAIL}},
                             .weaker_count = 1,
                             .mask = "353011******1234",
                             .fields = FIELD_BIT(FIELD_CARD_NUMBER),
                             .rows = 1};
        r->first.time_ns = r->last.time_ns = f->e.time_ns;
    }
    f->e.record_count = count;
    if (judging_keep(j, &f->e, &f->who) != ERR_OK)
        fprintf(stderr, "not kept\n");
}

static void fill(struct judging *j, struct feed *f, size_t employee,
                 size_t pairs)
{
    snprintf(f->who.employee, sizeof(f->who.employee), "user%zu", employee);
    for (size_t done = 0; done < pairs; done += BATCH) {
        size_t count = pairs - done < BATCH ? pairs - done : BATCH;
        f->e.flow++;
        f->e.time_ns = (int64_t)(done * 30 * 86400 / pairs) * SECOND + SECOND;
        give(j, f, (uint64_t)employee * pairs + done, count);
    }
}

static double look(struct judging *j, int64_t now, uint64_t *alerts)
{
    const struct verdict_sink sink = {alerts, put, NULL};
    double begun = cpu_ms();

    (void)judging_look(j, now, &sink);
    return cpu_ms() - begun;
}

static void storm(struct judging *j, struct feed *f, int64_t now)
{
    uint64_t alerts = 0;
    double begun = cpu_ms(), looks = 0;

    one_rule[0].customers = 100;
    snprintf(f->who.employee, sizeof(f->who.employee), "storm");
    for (size_t i = 0; i < STORM; i++) {
        f->e.flow++;
        f->e.time_ns = now + (int64_t)i * 10000;
        give(j, f, UINT64_C(1) << 40 | i, 1);
        if (i % 25000 == 0)
            looks += look(j, f->e.time_ns, &alerts);
    }
    looks += look(j, now + 60 * SECOND, &alerts);
    printf("storm of %d events: %.0f ms, %.0f of them looks, %llu alerts\n",
           STORM, cpu_ms() - begun, looks, (unsigned long long)alerts);
}

int main(int argc, char **argv)
{
    size_t employees = argc > 1 ? strtoull(argv[1], NULL, 10) : 100;
    size_t pairs = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000;
    const struct settings settings = {
        .rules = one_rule, .rule_count = 1, .memory = UINT64_C(16) << 30};
    const struct judging_settings set = {.settings = &settings,
                                         .at_once = true};
    const int64_t now = INT64_C(30) * 86400 * SECOND;
    struct problems problems = {0};
    struct judging *j = judging_new(&set, &problems);
    struct judging_totals totals;
    uint64_t alerts = 0;
    struct feed f;

    if (!j)
        return 2;
    one_rule[0].customers = pairs / 2; /* each is an incident */
    feed_init(&f);
    for (size_t i = 0; i < employees; i++)
        fill(j, &f, i, pairs);
    printf("first look at all: %.1f ms\n", look(j, now, &alerts));
    for (unsigned n = 0; n < 3; n++) {
        f.e.flow++;
        f.e.time_ns = now;
        give(j, &f, UINT64_C(1) << 50 | n, 1);
        printf("one of %zu pairs touched: %.2f ms\n", pairs,
               look(j, now, &alerts));
    }
    printf("nobody touched: %.3f ms\n", look(j, now, &alerts));
    judging_totals(j, &totals);
    printf("%llu books, %llu names, %.0f bytes a pair\n",
           (unsigned long long)totals.books,
           (unsigned long long)totals.customers,
           (double)totals.memory / (double)(employees * pairs));
    storm(j, &f, now);
    judging_free(j);
    free(f.records);
    return 0;
}
