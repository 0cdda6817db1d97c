// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_judging_memory.c - the n-th allocation fails, for every n.
 *
 * Nothing may leak or crash, and a judge that found no memory once goes on:
 * what it is asked later it answers.
 */
#include "rule/law.h"
#include "support/spec.h"

#include <stdlib.h>
#include <string.h>

#include "judging/judging.h"
#include "outflow/state.h"

#define S(s) ((int64_t)(s)*1000000000)

void *__real_calloc(size_t count, size_t size);
void *__real_malloc(size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t count, size_t size);
char *__real_strdup(const char *text);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void *__wrap_reallocarray(void *ptr, size_t count, size_t size);
char *__wrap_strdup(const char *text);

static long left; /* allocations until one fails; 0: none does */

static bool fails(void)
{
    bool now = left == 1;

    left -= left > 0;
    return now;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
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
    {.id = (char[]){"bulk"}, .customers = 3, .within_ns = S(100)},
    {.id = (char[]){"party"},
     .customers = 3,
     .within_ns = S(100),
     .by = BY_PARTY},
};

static struct partner partners[] = {
    {.name = (char[]){"Print"}, .customers = 2, .within_ns = S(100)}};

static const char lines[] = "0 taro > drop,box http : a1-3+e1-3\n"
                            "1 jiro > print@0 smtp : a1-4\n"
                            "2 jiro > drop http : e1 e2 p7\n";

static bool count(void *ctx, const struct alert *a)
{
    (void)a;
    ++*(unsigned *)ctx;
    return true;
}

/* A life with a state; true when the n-th allocation was never reached. */
static bool run(const struct world *w, const struct keyed *key, long n)
{
    const struct settings settings = {.rules = rules,
                                      .rule_count = COUNT(rules),
                                      .partners = partners,
                                      .partner_count = COUNT(partners),
                                      .memory = 1 << 30};
    char *dir = law_folder();
    struct problems problems = {0};
    struct judging_settings set = {
        .settings = &settings, .key = key, .at_once = true};
    unsigned told = 0;
    const struct verdict_sink sink = {&told, count, NULL};
    struct judging *j;
    bool whole;

    set.state = state_open(dir, key, 1 << 24, &problems);
    assert_non_null(set.state);
    left = n;
    j = judging_new(&set, &problems);
    for (size_t i = 0; j && i < w->count; i++) {
        const struct resolved *who;
        const struct exposure *e = world_batch(w, i, &who);
        (void)judging_keep(j, e, who);
        (void)judging_look(j, S(i), &sink);
        (void)judging_commit(j);
    }
    if (j)
        (void)judging_reload(j, &settings, NULL);
    whole = left != 0 || n == 0;
    left = 0;
    for (unsigned i = 0; j && i < 2; i++) {
        (void)judging_look(j, S(3), &sink);
        assert_int_equal(judging_end(j, &sink), ERR_OK);
        assert_int_equal(judging_commit(j), ERR_OK);
    }
    if (n == 0)
        assert_true(told > 0);
    judging_free(j);
    state_close(set.state);
    problems_clear(&problems);
    law_folder_gone(dir);
    return whole;
}

static void every_allocation_may_fail(void **state)
{
    static const uint8_t bytes[KEY_BYTES] = {1};
    struct keyed *key = keyed_new(bytes);
    struct world w;
    long n = 1;

    (void)state;
    world_read(&w, lines);
    assert_true(run(&w, key, 0));
    while (!run(&w, key, n))
        n += n < 40 ? 1 : 13;
    assert_true(n > 200);
    world_clear(&w);
    keyed_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("sensor/judging_memory", tests, NULL,
                                       NULL);
}
