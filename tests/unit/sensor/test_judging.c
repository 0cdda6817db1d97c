// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_judging.c - judging.c and incidents.c: alerts that live.
 *
 * Each row is a life: exposures and looks in the order of packet time, and
 * what is told. It must not depend on our own clock.
 */
#include "rule/law.h"
#include "support/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judging/judging.h"
#include "outflow/buf.h"
#include "outflow/state.h"

#define S(s) ((int64_t)(s)*1000000000)

/* A batch is taken, or a look is had, in the order of lines. */
struct life_case {
    const char *name;
    const char *lines; /* as in world.h */
    const char *looks; /* behind how many batches, at which second */
    const char *want;
    bool end; /* the sensor ends */
};

static struct rule rules[] = {
    {.id = (char[]){"bulk"}, .customers = 3, .within_ns = S(1000)},
    {.id = (char[]){"dark"},
     .unread = UNREAD_ALL,
     .why = WHY_ENCRYPTED,
     .bytes = 100,
     .within_ns = S(1000)},
};

static const struct life_case cases[] = {
    {
        .name = "an incident opens, is final after 30 s, and stays so",
        .lines = "10 taro > drop http : a1-3\n",
        .looks = "1@10 1@39.9 1@40 1@41 1@900",
        .want = "10 open 1 customers=3\n"
                "40 final 2 customers=3\n",
    },
    {
        .name = "fewer than the number are not told",
        .lines = "10 taro > drop http : a1-2\n",
        .looks = "1@10 1@50",
        .want = "",
    },
    {
        .name = "each doubling is an update, one a minute at most",
        .lines = "10 taro > drop http : a1-3\n"
                 "11 taro > drop http : a1-5\n"
                 "12 taro > drop http : a1-6\n"
                 "20 taro > drop http : a1-100\n"
                 "45 taro > drop http : a1-101\n"
                 "71 taro > drop http : a1-102\n"
                 "72 taro > drop http : a1-103\n",
        .looks = "1@10 2@11 3@12 4@20 5@45 6@71 6@72 7@73 7@101 7@102",
        .want = "10 open 1 customers=3\n"
                "12 update 2 customers=6\n"
                "72 update 3 customers=102\n"
                "102 final 4 customers=103\n",
    },
    {
        .name = "a new field type is an update",
        .lines = "10 taro > drop http : a1-3\n"
                 "11 taro > drop http : a1+N\n",
        .looks = "1@10 2@11",
        .want = "10 open 1 customers=3\n"
                "11 update 2 customers=3\n",
    },
    {
        .name = "a new party is an update",
        .lines = "10 taro > drop http : a1-3\n"
                 "11 taro > box http : a1\n",
        .looks = "1@10 2@11",
        .want = "10 open 1 customers=3\n"
                "11 update 2 customers=3\n",
    },
    {
        .name = "more behind the final reopens: update, then final",
        .lines = "10 taro > drop http : a1-3\n"
                 "100 taro > drop http : a4\n",
        .looks = "1@10 1@40 2@100 2@129 2@130 2@200",
        .want = "10 open 1 customers=3\n"
                "40 final 2 customers=3\n"
                "100 update 3 customers=4\n"
                "130 final 4 customers=4\n",
    },
    {
        .name = "a window later it is another incident",
        .lines = "10 taro > drop http : a1-3\n"
                 "1010 taro > drop http : a1-3\n",
        .looks = "1@10 1@40 2@1010 2@1040",
        .want = "10 open 1 customers=3\n"
                "40 final 2 customers=3\n"
                "1010 open 1 customers=3 id=2\n"
                "1040 final 2 customers=3 id=2\n",
    },
    {
        .name = "an older record that comes late keeps the id",
        .lines = "10 taro > drop http : a1-3\n"
                 "5 taro > drop http : a4\n",
        .looks = "1@10 2@20 2@40 2@50",
        .want = "10 open 1 customers=3\n"
                "50 final 2 customers=4\n",
    },
    {
        .name = "the same rows again tell nothing new",
        .lines = "10 taro > drop http flow=1 : a1-3\n"
                 "10 taro > drop http flow=1 : a1-3\n",
        .looks = "1@10 2@20 2@40 2@90",
        .want = "10 open 1 customers=3\n"
                "40 final 2 customers=3\n",
    },
    {
        .name = "bytes are told as they double",
        .lines = "10 taro > drop https flow=1 tls=150 :\n"
                 "20 taro > drop https flow=1 b=1 tls=299 :\n"
                 "30 taro > drop https flow=1 b=2 tls=300 :\n",
        .looks = "1@10 2@20 3@30 3@60",
        .want = "10 open 1 bytes=150\n"
                "30 update 2 bytes=300\n"
                "60 final 3 bytes=300\n",
    },
    {
        .name = "two employees are two incidents",
        .lines = "10 taro > drop http : a1-3\n"
                 "10 jiro > drop http : a1-3\n",
        .looks = "2@10 2@40",
        .want = "10 open 1 customers=3\n"
                "10 open 1 customers=3 id=2\n"
                "40 final 2 customers=3\n"
                "40 final 2 customers=3 id=2\n",
    },
    {
        .name = "the end of the sensor is the final of every open incident",
        .lines = "10 taro > drop http : a1-3\n"
                 "10 jiro > drop http : a1-3\n"
                 "11 saburo > drop http : a1-3\n",
        .looks = "1@10 2@39 2@40",
        .end = true,
        .want = "10 open 1 customers=3\n"
                "39 open 1 customers=3 id=2\n"
                "40 final 2 customers=3\n"
                "40 final 2 customers=3 id=2\n"
                "end open 1 customers=3 id=3\n"
                "end final 2 customers=3 id=3\n",
    },
};

/* Writes alerts as lines; ids by the order in which they came. */
struct teller {
    struct buf out;
    char when[16];
    char ids[8][33];
    size_t id_count;
};

static size_t number_of(struct teller *t, const char *id)
{
    for (size_t i = 0; i < t->id_count; i++) {
        if (strcmp(t->ids[i], id) == 0)
            return i + 1;
    }
    assert_true(t->id_count < COUNT(t->ids));
    memcpy(t->ids[t->id_count], id, 33);
    return ++t->id_count;
}

static bool tell(void *ctx, const struct alert *a)
{
    static const char *const words[] = {"open", "update", "final"};
    struct teller *t = ctx;
    bool bytes = a->action == ACTION_UNREADABLE;
    size_t id = number_of(t, a->id);

    assert_true(
        buf_printf(&t->out, "%s %s %u %s=%llu", t->when, words[a->status],
                   a->sequence, bytes ? "bytes" : "customers",
                   (unsigned long long)(bytes ? a->bytes : a->customers)));
    return (id == 1 || buf_printf(&t->out, " id=%zu", id)) &&
           buf_printf(&t->out, "\n");
}

static void keep(const struct world *w, size_t i, struct judging *j)
{
    const struct resolved *who;
    const struct exposure *e = world_batch(w, i, &who);

    assert_int_equal(judging_keep(j, e, who), ERR_OK);
}

/* A judge, and what it needs to be begun again. */
struct sensor {
    struct settings settings;
    struct keyed *key;
    const char *dir; /* of its state, or NULL */
    struct state *state;
    struct judging *judging;
};

static void begin(struct sensor *s)
{
    struct problems problems = {0};
    struct judging_settings set = {
        .settings = &s->settings, .key = s->key, .at_once = true};

    if (s->dir) {
        s->state = state_open(s->dir, s->key, 1 << 24, &problems);
        assert_non_null(s->state);
        set.state = s->state;
    }
    s->judging = judging_new(&set, &problems);
    assert_non_null(s->judging);
    assert_int_equal(problems.count, 0);
}

static void end(struct sensor *s)
{
    judging_free(s->judging);
    state_close(s->state);
    s->state = NULL;
}

/* Look; with a state the judge dies behind it, and another goes on. */
static void look(struct sensor *s, double at, struct teller *t)
{
    const struct verdict_sink sink = {t, tell, NULL};

    snprintf(t->when, sizeof(t->when), "%g", at);
    assert_int_equal(judging_look(s->judging, (int64_t)(at * 1e9), &sink),
                     ERR_OK);
    assert_int_equal(judging_commit(s->judging), ERR_OK);
    if (!s->dir)
        return;
    end(s);
    begin(s);
}

static void live(const struct life_case *c, const char *dir)
{
    static const uint8_t bytes[KEY_BYTES] = {1};
    struct sensor s = {.settings = {.rules = rules,
                                    .rule_count = COUNT(rules),
                                    .memory = 1 << 30},
                       .key = keyed_new(bytes),
                       .dir = dir};
    struct teller t = {.id_count = 0};
    const struct verdict_sink sink = {&t, tell, NULL};
    struct world w;
    size_t taken = 0;
    char *next = (char *)(uintptr_t)c->looks;

    begin(&s);
    buf_init(&t.out, 1 << 16);
    world_read(&w, c->lines);
    while (*next != '\0') {
        size_t upto = strtoull(next, &next, 10);
        double at = strtod(next + 1, &next);
        for (; taken < upto; taken++)
            keep(&w, taken, s.judging);
        look(&s, at, &t);
    }
    for (; taken < w.count; taken++)
        keep(&w, taken, s.judging);
    snprintf(t.when, sizeof(t.when), "end");
    if (c->end)
        assert_int_equal(judging_end(s.judging, &sink), ERR_OK);
    assert_true(buf_add_byte(&t.out, '\0'));
    assert_string_equal((const char *)t.out.ptr, c->want);
    world_clear(&w);
    buf_clear(&t.out);
    end(&s);
    keyed_free(s.key);
}

static void test_life(void **state)
{
    live(*state, NULL);
}

/* The same life, when the judge is begun again after every look. */
static void test_lives(void **state)
{
    char *dir = law_folder();

    live(*state, dir);
    law_folder_gone(dir);
}

/* --- memory and settings ----------------------------------------------- */

static struct sensor sensor_of(uint64_t memory, const char *dir)
{
    static const uint8_t bytes[KEY_BYTES] = {1};
    struct sensor s = {.settings = {.rules = rules,
                                    .rule_count = COUNT(rules),
                                    .memory = memory},
                       .key = keyed_new(bytes),
                       .dir = dir};

    begin(&s);
    return s;
}

static void sensor_end(struct sensor *s)
{
    end(s);
    keyed_free(s->key);
}

/* Take one line, look and commit at a time in seconds; gives its verdict. */
static enum err say(struct sensor *s, const char *line, double at,
                    struct teller *t)
{
    const struct verdict_sink sink = {t, tell, NULL};
    const struct resolved *who;
    struct world w;
    enum err err;

    world_read(&w, line);
    const struct exposure *e = world_batch(&w, 0, &who);
    err = judging_keep(s->judging, e, who);
    world_clear(&w);
    snprintf(t->when, sizeof(t->when), "%g", at);
    assert_int_equal(judging_look(s->judging, (int64_t)(at * 1e9), &sink),
                     ERR_OK);
    assert_int_equal(judging_commit(s->judging), ERR_OK);
    return err;
}

static uint64_t memory_of(const struct sensor *s)
{
    struct judging_totals totals;

    judging_totals(s->judging, &totals);
    return totals.memory;
}

/* A year of days with a hundred other customers each. */
static void check_days(const char *dir)
{
    struct sensor s = sensor_of(1 << 30, dir);
    struct teller t = {.id_count = 0};
    uint64_t early = 0;
    char line[100];

    buf_init(&t.out, 1 << 20);
    for (unsigned day = 1; day <= 120; day++) {
        snprintf(line, sizeof(line), "%ud taro > drop http flow=%u : a%u-%u",
                 day, day, day * 100, day * 100 + 1);
        (void)say(&s, line, day * 86400.0, &t);
        if (day == 10)
            early = memory_of(&s);
    }
    assert_true(memory_of(&s) <= 2 * early);
    assert_int_equal(t.out.len, 0);
    buf_clear(&t.out);
    sensor_end(&s);
}

static void days_that_no_window_reaches_are_left_behind(void **state)
{
    char *dir = law_folder();

    (void)state;
    check_days(NULL);
    check_days(dir);
    law_folder_gone(dir);
}

static void memory_has_an_end_and_judging_goes_on(void **state)
{
    struct sensor s = sensor_of(4 << 20, NULL);
    struct teller t = {.id_count = 0};
    struct judging_totals totals;
    char line[100];
    enum err err = ERR_OK;

    (void)state;
    buf_init(&t.out, 1 << 16);
    assert_int_equal(say(&s, "1 taro > drop http flow=1 : a1-3", 1, &t),
                     ERR_OK);
    for (unsigned n = 1; n < 200 && err == ERR_OK; n++) {
        snprintf(line, sizeof(line), "2 user%u > drop http flow=%u : k%u-%u", n,
                 n + 1, n * 1000, n * 1000 + 1);
        err = say(&s, line, 2, &t);
    }
    assert_int_equal(err, ERR_LIMIT);
    judging_totals(s.judging, &totals);
    assert_true(totals.lost > 0);
    assert_true(totals.memory <= (4 << 20) / 4 + (64 << 10));
    (void)say(&s, "40 jiro > drop http flow=500 : a9", 40, &t);
    assert_true(buf_add_byte(&t.out, '\0'));
    assert_string_equal((const char *)t.out.ptr, "1 open 1 customers=3\n"
                                                 "40 final 2 customers=3\n");
    buf_clear(&t.out);
    sensor_end(&s);
}

/* Books for a fifth of them fit: the others wait on disk. */
static void idle_books_are_released_and_loaded_again(void **state)
{
    enum { USERS = 200 };
    char *dir = law_folder();
    struct sensor s = sensor_of(8 << 20, dir);
    struct teller t = {.id_count = 0};
    char line[100];

    (void)state;
    buf_init(&t.out, 1 << 16);
    for (unsigned n = 0; n < 2 * USERS; n++) {
        unsigned user = n % USERS, from = n < USERS ? 1 : 3;
        snprintf(line, sizeof(line), "%u user%u > drop http flow=%u : a%u-%u",
                 n + 1, user, n + 1, from, from + 1);
        t.id_count = 0;
        assert_int_equal(say(&s, line, 2, &t), ERR_OK);
        assert_true(memory_of(&s) <= 2 << 20);
        assert_int_equal(t.out.len > 0, n >= USERS);
        buf_reset(&t.out);
    }
    buf_clear(&t.out);
    sensor_end(&s);
    law_folder_gone(dir);
}

static struct partner partners[] = {
    {.name = (char[]){"Post"}, .customers = 100, .within_ns = S(900)},
    {.name = (char[]){"Print"}, .customers = 5, .within_ns = S(900)},
};

/* The contract is the same when its partner has another number. */
static void check_reload(const char *dir)
{
    struct sensor s = sensor_of(1 << 30, dir);
    struct settings old = s.settings, new = s.settings;
    struct teller t = {.id_count = 0};

    old.partners = &partners[1];
    old.partner_count = 1;
    new.partners = partners;
    new.partner_count = 2;
    buf_init(&t.out, 1 << 16);
    assert_int_equal(judging_reload(s.judging, &old, NULL), ERR_OK);
    (void)say(&s, "10 taro > print@0 http flow=1 : a1-4", 10, &t);
    assert_int_equal(t.out.len, 0);
    assert_int_equal(judging_reload(s.judging, &new, NULL), ERR_OK);
    (void)say(&s, "20 taro > print@1 http flow=2 : a5", 20, &t);
    assert_int_equal(t.out.len, 0);
    (void)say(&s, "21 taro > print@1 http flow=3 : a6", 21, &t);
    assert_true(buf_add_byte(&t.out, '\0'));
    assert_string_equal((const char *)t.out.ptr, "21 open 1 customers=6\n");
    buf_clear(&t.out);
    sensor_end(&s);
}

static void new_settings_number_partners_anew(void **state)
{
    char *dir = law_folder();

    (void)state;
    check_reload(NULL);
    check_reload(dir);
    law_folder_gone(dir);
}

/* What the sink refuses is told again, under the same number. */
static bool refuse(void *ctx, const struct alert *a)
{
    unsigned *sequence = ctx;

    *sequence = a->sequence;
    return false;
}

static void what_could_not_be_spooled_is_told_again(void **state)
{
    struct sensor s = sensor_of(1 << 30, NULL);
    struct teller t = {.id_count = 0};
    unsigned sequence = 0;
    const struct verdict_sink full = {&sequence, refuse, NULL};
    const struct verdict_sink sink = {&t, tell, NULL};
    struct world w;

    (void)state;
    buf_init(&t.out, 1 << 16);
    world_read(&w, "10 taro > drop http : a1-3");
    keep(&w, 0, s.judging);
    assert_int_equal(judging_look(s.judging, S(10), &full), ERR_IO);
    assert_int_equal(sequence, 1);
    snprintf(t.when, sizeof(t.when), "11");
    assert_int_equal(judging_look(s.judging, S(11), &sink), ERR_OK);
    assert_true(buf_add_byte(&t.out, '\0'));
    assert_string_equal((const char *)t.out.ptr, "11 open 1 customers=3\n");
    world_clear(&w);
    buf_clear(&t.out);
    sensor_end(&s);
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases) + 5] = {
        cmocka_unit_test(days_that_no_window_reaches_are_left_behind),
        cmocka_unit_test(memory_has_an_end_and_judging_goes_on),
        cmocka_unit_test(idle_books_are_released_and_loaded_again),
        cmocka_unit_test(new_settings_number_partners_anew),
        cmocka_unit_test(what_could_not_be_spooled_is_told_again),
    };
    size_t count = 5;

    SPEC_TABLE(tests, count, cases, test_life);
    SPEC_TABLE(tests, count, cases, test_lives);
    return SPEC_RUN("sensor/judging", tests, count);
}
