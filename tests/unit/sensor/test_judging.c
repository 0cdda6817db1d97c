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

#include "judging.h"
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

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_life);
    SPEC_TABLE(tests, count, cases, test_lives);
    return SPEC_RUN("sensor/judging", tests, count);
}
