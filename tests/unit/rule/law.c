// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * law.c - the law of books, for any rules and any exposures.
 *
 * It must not know how books are kept.
 */
#include "rule/law.h"

#include "support/spec.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judging/judging.h"
#include "outflow/state.h"

enum { MOST_LINES = 512 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

void order_shuffle(struct order *order, size_t count, uint32_t *random)
{
    order->count = count;
    for (size_t i = 0; i < count; i++)
        order->at[i] = i;
    for (size_t i = 0; i < count; i++) {
        if (next_random(random) % 2 == 0)
            order->at[order->count++] = i;
    }
    for (size_t i = order->count; i > 1; i--) {
        size_t k = next_random(random) % i, held = order->at[i - 1];
        order->at[i - 1] = order->at[k];
        order->at[k] = held;
    }
}

static bool put(void *ctx, const struct alert *a)
{
    return world_alert(a, ctx);
}

/* Only what an incident ends with: figures before it are not whole. */
static bool put_final(void *ctx, const struct alert *a)
{
    return a->status != ALERT_FINAL || world_alert(a, ctx);
}

static bool put_none(void *ctx, const struct alert *a)
{
    (void)ctx;
    (void)a;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* An incident that was told keeps its id: it is no figure. */
static void cut_ids(char *text)
{
    static const char word[] = " id=";
    char *at = text;

    while ((at = strstr(at, word)) != NULL) {
        char *rest = at + strlen(word) + 32;
        memmove(at, rest, strlen(rest) + 1);
    }
}

/* The lines of out in an order of their own. */
static void sort_lines(struct buf *out, bool ids)
{
    char *lines[MOST_LINES], *text, *rest, *line;
    size_t count = 0;

    assert_true(buf_add_byte(out, '\0'));
    text = rest = strdup((const char *)out->ptr);
    assert_non_null(text);
    if (!ids)
        cut_ids(text);
    while ((line = strsep(&rest, "\n")) != NULL) {
        assert_true(count < MOST_LINES);
        if (*line != '\0')
            lines[count++] = line;
    }
    qsort(lines, count, sizeof(char *), by_text);
    buf_reset(out);
    for (size_t i = 0; i < count; i++)
        assert_true(buf_printf(out, "%s\n", lines[i]));
    assert_true(buf_add_byte(out, '\0'));
    free(text);
}

static void judge_whole(const struct judge_settings *settings,
                        const struct world *w, const struct order *order,
                        struct buf *out)
{
    const struct verdict_sink sink = {out, put, NULL};
    struct ledger *l = ledger_new(UINT64_MAX);

    assert_non_null(l);
    for (size_t i = 0; i < order->count; i++)
        assert_int_equal(world_add(w, order->at[i], l), ERR_OK);
    assert_int_equal(judge_run(settings, l, &sink), ERR_OK);
    ledger_free(l);
}

char *law_folder(void)
{
    char *dir = strdup("/tmp/outflow-state-XXXXXX");

    assert_non_null(dir);
    assert_non_null(mkdtemp(dir));
    return dir;
}

static int remove_one(const char *path, const struct stat *about, int kind,
                      struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

void law_folder_gone(char *dir)
{
    assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(dir);
}

/* A judge with its state, when it has one. */
struct sensor {
    struct judging_settings set;
    const char *dir;
};

static struct judging *begin(struct sensor *s)
{
    struct problems problems = {0};
    struct judging *j;

    if (s->dir) {
        s->set.state = state_open(s->dir, s->set.key, 1 << 26, &problems);
        assert_non_null(s->set.state);
    }
    j = judging_new(&s->set, &problems);
    assert_non_null(j);
    return j;
}

static void end(struct sensor *s, struct judging *j)
{
    judging_free(j);
    state_close(s->set.state);
    s->set.state = NULL;
}

static struct judging *go_on(struct sensor *s, struct judging *j)
{
    assert_int_equal(judging_commit(j), ERR_OK);
    end(s, j);
    return begin(s);
}

static void take_all(struct sensor *s, const struct world *w,
                     const struct order *order, enum law_way way,
                     struct buf *out)
{
    const struct verdict_sink none = {out, put_none, NULL};
    const struct verdict_sink last = {out, put_final, NULL};
    struct judging *j = begin(s);

    for (size_t i = 0; i < order->count; i++) {
        const struct resolved *who;
        const struct exposure *e = world_batch(w, order->at[i], &who);
        assert_int_equal(judging_keep(j, e, who), ERR_OK);
        if (way != LAW_ONCE)
            assert_int_equal(judging_look(j, 0, &none), ERR_OK);
        if (way == LAW_AGAIN && i % 13 == 6)
            j = go_on(s, j);
    }
    assert_int_equal(judging_end(j, &last), ERR_OK);
    end(s, j);
}

static void judge_books(const struct judge_settings *rules,
                        const struct world *w, const struct order *order,
                        enum law_way way, struct buf *out)
{
    static const uint8_t bytes[KEY_BYTES] = {1};
    const struct settings settings = {
        .rules = (struct rule *)(uintptr_t)rules->rules,
        .rule_count = rules->rule_count,
        .partners = (struct partner *)(uintptr_t)rules->partners,
        .partner_count = rules->partner_count,
        .memory = UINT64_C(1) << 40,
    };
    struct keyed *key = keyed_new(bytes);
    char *dir = way == LAW_AGAIN ? law_folder() : NULL;
    struct sensor s = {
        .set = {.settings = &settings, .key = key, .at_once = true},
        .dir = dir};

    assert_non_null(key);
    take_all(&s, w, order, way, out);
    if (dir)
        law_folder_gone(dir);
    keyed_free(key);
}

void law_books(const struct judge_settings *settings, const struct world *w,
               const struct order *order, enum law_way way)
{
    struct buf whole, books;

    buf_init(&whole, 1 << 22);
    buf_init(&books, 1 << 22);
    judge_whole(settings, w, order, &whole);
    judge_books(settings, w, order, way, &books);
    sort_lines(&whole, way == LAW_ONCE);
    sort_lines(&books, way == LAW_ONCE);
    assert_string_equal((const char *)books.ptr, (const char *)whole.ptr);
    buf_clear(&whole);
    buf_clear(&books);
}
