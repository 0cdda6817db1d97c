// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_pack.c - a day packed is the same day unpacked; anything else is no
 * day. (Rows of rules that are judged from packed days: rule/test_judge.c.)
 *
 *     test_ledger_pack DIR      writes the seeds of fuzz_pack there
 */
#include "rule/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ledger/format.h"
#include "outflow/pack.h"

enum { CAP = 1 << 22, SEEDS = 60, LINES = 14 };

#define S(s) ((int64_t)(s)*1000000000)

static const struct ledger_codec no_partners = {NULL, 0};

static struct ledger *ledger_of(const char *lines)
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

static void pack(struct ledger *l, int64_t day, struct buf *out)
{
    buf_reset(out);
    assert_int_equal(ledger_pack_day(l, day, &no_partners, out, NULL), ERR_OK);
}

/* --- random ledgers ---------------------------------------------------------
 */

static uint32_t next(uint32_t *random, uint32_t below)
{
    *random = *random * 1664525 + 1013904223;
    return (*random >> 8) % below;
}

/*
 * A batch of one transfer or another: few flows, so that they meet;
 * a flow has one pair of addresses.
 */
static void random_line(uint32_t *r, unsigned batch, char *to, size_t room)
{
    static const char *const senders[] = {"taro", "jiro", "10.3.2.1", "*far"};
    static const char *const parties[] = {"drop", "box,drop", "print@0",
                                          "198.51.100.7", "print@0,drop"};
    static const char *const options[] = {
        "",         "sep",          "odd",     "read=900 missing=70",
        "lack=55",  "tls=90000",    "zip=512", "mail=a@x>b@y;c@z",
        "span=3",   "step=0.0001",  "step=1",  "trail=up>q.zip file=q",
        "limit=77", "cap=1 pkt=4-9"};
    static const char *const records[] = {
        "a%u-%u+p%u-%u", "k%u-%u+N*3",    "p%u-%u", "e%u-%u+p%u-%u+A",
        "b%u-%u",        "i%u-%u+a%u-%u", "s%u-%u"};
    uint32_t from = next(r, 40), many = next(r, 12), flow = next(r, 6);
    int len =
        snprintf(to, room, "%u.%03u %s > %s %s flow=%u x=%u b=%u %s : ",
                 next(r, 4) * 86400 + next(r, 3) * 43000 + next(r, 4),
                 next(r, 1000), senders[flow % COUNT(senders)],
                 parties[flow % COUNT(parties)], next(r, 2) ? "http" : "smtp",
                 flow, next(r, 2), batch, options[next(r, COUNT(options))]);

    if (next(r, 9) == 0)
        return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(to + len, room - (size_t)len, records[next(r, COUNT(records))],
             from, from + many, from, from + many);
#pragma GCC diagnostic pop
}

static struct rule rules[] = {
    {.id = (char[]){"employee"}, .customers = 4, .within_ns = S(100000)},
    {.id = (char[]){"party"},
     .customers = 4,
     .within_ns = S(400000),
     .direction = RULE_ANY,
     .by = BY_PARTY},
    {.id = (char[]){"pair"}, .customers = 3, .by = BY_PAIR},
    {.id = (char[]){"transfer"}, .customers = 5, .by = BY_TRANSFER},
    {.id = (char[]){"closed"},
     .bytes = 600,
     .unread = UNREAD_ALL,
     .why = WHY_ENCRYPTED},
    {.id = (char[]){"walk"}, .customers = 4, .walk = true, .by = BY_PARTY},
};
static struct partner print[] = {
    {.name = (char[]){"Print"}, .customers = 6, .within_ns = S(86400)}};

static void judge(struct ledger *l, struct buf *out)
{
    const struct judge_settings settings = {rules, COUNT(rules), print, 1};

    buf_reset(out);
    assert_int_equal(world_judge(&settings, l, true, out), ERR_OK);
    assert_true(buf_add_byte(out, '\0'));
}

static bool tie(void *ctx, const struct ledger_tie *t)
{
    return ledger_tie(ctx, t) == ERR_OK;
}

static void hand_over(struct ledger *from, struct ledger *to, struct buf *blob)
{
    const struct ledger_codec codec = {print, 1};
    int64_t *days;
    size_t count;

    assert_int_equal(ledger_days(from, &days, &count), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        buf_reset(blob);
        assert_int_equal(ledger_pack_day(from, days[i], &codec, blob, NULL),
                         ERR_OK);
        assert_int_equal(ledger_unpack(to, buf_span(blob), &codec), ERR_OK);
    }
    assert_true(ledger_each_tie(from, tie, to));
    free(days);
}

static void test_random_ledgers_are_judged_the_same(void **state)
{
    char lines[LINES * 256];
    struct buf want, got, blob;
    size_t told = 0;

    (void)state;
    buf_init(&want, CAP);
    buf_init(&got, CAP);
    buf_init(&blob, CAP);
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        uint32_t random = seed * 2654435761u;
        struct ledger *all = ledger_new(UINT64_MAX);
        struct ledger *fresh = ledger_new(UINT64_MAX);
        struct ledger *to = ledger_new(UINT64_MAX);
        struct world w;
        size_t len = 0;
        for (unsigned i = 0; i < LINES; i++) {
            random_line(&random, i, lines + len, 256);
            len += strlen(lines + len);
            lines[len++] = '\n';
        }
        lines[len] = '\0';
        world_read(&w, lines);
        for (size_t i = 0; i < w.count; i++) {
            assert_int_equal(world_add_both(&w, i, all, fresh), ERR_OK);
            if (next(&random, 3) > 0)
                continue;
            hand_over(fresh, to, &blob);
            ledger_free(fresh);
            fresh = ledger_new(UINT64_MAX);
        }
        hand_over(fresh, to, &blob);
        judge(all, &want);
        judge(to, &got);
        told += want.len > 1;
        assert_string_equal((char *)want.ptr, (char *)got.ptr);
        world_clear(&w);
        ledger_free(all);
        ledger_free(fresh);
        ledger_free(to);
    }
    assert_true(told > SEEDS / 2); /* or nothing was compared */
    buf_clear(&want);
    buf_clear(&got);
    buf_clear(&blob);
}

/* --- what is no day
 * ----------------------------------------------------------- */

static const char some[] =
    "10 taro > drop http pkt=3-9 cap=1 step=0.01 : a1-20+N+e1-20*2\n"
    "11 taro > box,drop smtp mail=a@x>b@y;c@z read=9 missing=3 lack=4 odd"
    " span=3 : k15-30+N i3 b9\n"
    "12 10.0.0.9 > 2001:db8::9 ftp flow=1 x=3 b=4 tls=700 zip=3 : \n"
    "12 *far > inside! http flow=9 sep trail=x file=y : e7 p9*400\n";

static enum err unpack(struct span blob)
{
    struct ledger *l = ledger_new(UINT64_MAX);
    enum err err;

    assert_non_null(l);
    err = ledger_unpack(l, blob, &no_partners);
    if (err == ERR_OK)
        assert_int_equal(ledger_settle(l), ERR_OK);
    ledger_free(l);
    return err;
}

static void test_a_changed_bit_is_refused(void **state)
{
    struct ledger *l = ledger_of(some);
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    pack(l, 0, &blob);
    assert_int_equal(unpack(buf_span(&blob)), ERR_OK);
    for (size_t i = 0; i < blob.len * 8; i++) {
        blob.ptr[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_int_equal(unpack(buf_span(&blob)), ERR_FORMAT);
        blob.ptr[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    buf_clear(&blob);
    ledger_free(l);
}

static void test_a_short_blob_is_refused(void **state)
{
    struct ledger *l = ledger_of(some);
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    pack(l, 0, &blob);
    for (size_t len = 0; len < blob.len; len++)
        assert_int_equal(unpack((struct span){blob.ptr, len}), ERR_FORMAT);
    buf_clear(&blob);
    ledger_free(l);
}

/* Somebody who can write files can make a checksum good. */
static void seal(struct buf *blob)
{
    uint32_t sum = pack_sum(span_skip(buf_span(blob), PACK_HEAD));

    for (unsigned i = 0; i < 4; i++)
        blob->ptr[1 + i] = (uint8_t)(sum >> 8 * i);
}

static void test_nothing_is_believed_for_its_checksum(void **state)
{
    struct ledger *l = ledger_of(some);
    struct buf blob, whole;
    size_t refused = 0;

    (void)state;
    buf_init(&blob, CAP);
    buf_init(&whole, CAP);
    pack(l, 0, &whole);
    for (size_t i = PACK_HEAD * 8; i < whole.len * 8; i++) {
        buf_reset(&blob);
        assert_true(buf_add(&blob, buf_span(&whole)));
        blob.ptr[i / 8] ^= (uint8_t)(1 << i % 8);
        seal(&blob);
        refused += unpack(buf_span(&blob)) != ERR_OK;
        blob.len = i / 8;
        seal(&blob);
        assert_int_not_equal(unpack(buf_span(&blob)), ERR_OK);
    }
    assert_true(refused > 0);
    buf_clear(&blob);
    buf_clear(&whole);
    ledger_free(l);
}

static void test_a_newer_version_is_refused(void **state)
{
    struct ledger *l = ledger_of(some);
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    pack(l, 0, &blob);
    blob.ptr[0]++;
    assert_int_equal(unpack(buf_span(&blob)), ERR_FORMAT);
    buf_clear(&blob);
    ledger_free(l);
}

struct told {
    struct ledger_tie list[64];
    size_t count;
};

static bool hear(void *ctx, const struct ledger_tie *t)
{
    struct told *told = ctx;

    if (told->count == COUNT(told->list))
        return false;
    told->list[told->count++] = *t;
    return true;
}

static bool has(const struct told *told, const struct ledger_tie *t)
{
    for (size_t i = 0; i < told->count; i++) {
        const struct ledger_tie *x = &told->list[i];
        if (x->weak.pseudonym == t->weak.pseudonym &&
            x->weak.kind == t->weak.kind &&
            x->strong.pseudonym == t->strong.pseudonym &&
            x->strong.kind == t->strong.kind && strcmp(x->mask, t->mask) == 0)
            return true;
    }
    return false;
}

static void pack_some_ties(struct told *put, struct buf *blob)
{
    struct ledger *l = ledger_of("1 taro > drop http : a1-9+e1-9+p1-9 k20+p3"
                                 " e1+p7");

    put->count = 0;
    assert_true(ledger_each_tie(l, hear, put));
    for (size_t i = 0; i < put->count; i++) {
        if (put->list[i].strong.pseudonym == put->list[3].strong.pseudonym)
            snprintf(put->list[i].mask, RECORD_MASK, "******7890");
    }
    assert_int_equal(ledger_pack_ties(put->list, put->count, blob), ERR_OK);
    ledger_free(l);
}

static void test_ties_come_back(void **state)
{
    struct told put, got = {.count = 0};
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    pack_some_ties(&put, &blob);
    assert_true(put.count >= 20);
    assert_int_equal(ledger_unpack_ties(buf_span(&blob), hear, &got), ERR_OK);
    assert_int_equal(got.count, put.count);
    for (size_t i = 0; i < put.count; i++)
        assert_true(has(&got, &put.list[i]));
    buf_clear(&blob);
}

static void test_damaged_ties_are_refused(void **state)
{
    struct told put, got;
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    pack_some_ties(&put, &blob);
    for (size_t i = 0; i < blob.len * 8; i++) {
        blob.ptr[i / 8] ^= (uint8_t)(1 << i % 8);
        got.count = 0;
        assert_int_equal(ledger_unpack_ties(buf_span(&blob), hear, &got),
                         ERR_FORMAT);
        assert_int_equal(got.count, 0);
        if (i >= PACK_HEAD * 8) {
            seal(&blob); /* and now it may be anything, but must end */
            assert_int_not_equal(
                ledger_unpack_ties(buf_span(&blob), hear, &got), ERR_LIMIT);
        }
        blob.ptr[i / 8] ^= (uint8_t)(1 << i % 8);
        seal(&blob);
    }
    buf_clear(&blob);
}

static void test_no_room_is_said_and_leaves_nothing(void **state)
{
    struct ledger *l = ledger_of(some), *small = ledger_new(4000);
    struct buf blob, tight;

    (void)state;
    buf_init(&blob, CAP);
    pack(l, 0, &blob);
    buf_init(&tight, blob.len - 1);
    assert_true(buf_add_byte(&tight, 'x'));
    assert_int_equal(ledger_pack_day(l, 0, &no_partners, &tight, NULL),
                     ERR_LIMIT);
    assert_int_equal(tight.len, 1);
    assert_int_equal(ledger_unpack(small, buf_span(&blob), &no_partners),
                     ERR_LIMIT);
    ledger_free(small);
    ledger_free(l);
    buf_clear(&blob);
    buf_clear(&tight);
}

/* --- days
 * ------------------------------------------------------------------------ */

static void test_days_are_those_of_rows_bytes_and_batches(void **state)
{
    struct ledger *l = ledger_of("10 taro > drop http : a1\n"
                                 "86399.9 taro > drop http span=1 : a2\n"
                                 "86400 taro > drop http : a3\n"
                                 "259200 taro > drop http tls=9 : \n"
                                 "-5 taro > drop http : a4");
    int64_t *days;
    size_t count;

    (void)state;
    assert_int_equal(ledger_days(l, &days, &count), ERR_OK);
    assert_int_equal(count, 4);
    assert_int_equal(days[0], -1);
    assert_int_equal(days[1], 0);
    assert_int_equal(days[2], 1);
    assert_int_equal(days[3], 3);
    free(days);
    ledger_free(l);
}

static void test_a_day_holds_nothing_of_another(void **state)
{
    struct ledger *l = ledger_of("10 taro > drop http flow=1 : a1-5\n"
                                 "86400 taro > drop http flow=1 b=1 : a4-7");
    struct ledger *one = ledger_new(UINT64_MAX);
    struct buf blob;
    size_t pairs = 0;

    (void)state;
    buf_init(&blob, CAP);
    assert_int_equal(ledger_pack_day(l, 1, &no_partners, &blob, &pairs),
                     ERR_OK);
    assert_int_equal(pairs, 4);
    assert_int_equal(ledger_unpack(one, buf_span(&blob), &no_partners), ERR_OK);
    assert_int_equal(ledger_customers(one), 4);
    assert_int_equal(ledger_transfers(one), 1);
    buf_clear(&blob);
    ledger_free(l);
    ledger_free(one);
}

static void test_partners_are_known_by_name(void **state)
{
    struct partner was[] = {{.name = (char[]){"A"}}, {.name = (char[]){"B"}}};
    struct partner is[] = {{.name = (char[]){"B"}}};
    const struct ledger_codec before = {was, 2}, now = {is, 1};
    struct ledger *l = ledger_of("10 taro > x@1,y@0 http : a1");
    struct ledger *to = ledger_new(UINT64_MAX);
    const struct ledger_route *r;
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    assert_int_equal(ledger_pack_day(l, 0, &before, &blob, NULL), ERR_OK);
    assert_int_equal(ledger_unpack(to, buf_span(&blob), &now), ERR_OK);
    assert_int_equal(ledger_settle(to), ERR_OK);
    r = ledger_route_at(to, 0);
    assert_int_equal(r->parties[0].partner, 0);
    assert_int_equal(r->parties[1].partner, -1);
    buf_clear(&blob);
    ledger_free(l);
    ledger_free(to);
}

static void test_a_day_of_a_bulk_upload_takes_little(void **state)
{
    struct ledger *l =
        ledger_of("10 taro > drop http step=0.0001 : a100000-100667+N");
    struct buf blob;

    (void)state;
    buf_init(&blob, CAP);
    pack(l, 0, &blob);
    assert_in_range(blob.len, 1, 668 * 25 / 2);
    buf_clear(&blob);
    ledger_free(l);
}

/* --- what a ledger knows
 * ------------------------------------------------------------ */

static void test_a_complete_transfer_is_known(void **state)
{
    struct ledger *l = ledger_new(UINT64_MAX);
    struct resolved who = {.employee = "taro"};
    struct exposure e = {.flow = 5, .channel = "http", .bytes = 100};

    (void)state;
    assert_false(ledger_knows(l, &e));
    assert_int_equal(ledger_add(l, &e, &who), ERR_OK);
    assert_true(ledger_knows(l, &e));
    e.batch = 1;
    assert_false(ledger_knows(l, &e));
    e.last = true;
    e.bytes = 200;
    assert_int_equal(ledger_add(l, &e, &who), ERR_OK);
    e.batch = 2; /* cut otherwise, in another run */
    assert_true(ledger_knows(l, &e));
    e.bytes = 201; /* the capture has grown */
    assert_false(ledger_knows(l, &e));
    e.batch = 1;
    assert_false(ledger_knows(l, &e));
    e.transfer = 1;
    e.bytes = 0;
    assert_false(ledger_knows(l, &e));
    ledger_free(l);
}

static void test_a_batch_that_has_grown_adds_what_is_new(void **state)
{
    struct ledger *l = ledger_new(UINT64_MAX), *fresh = ledger_new(UINT64_MAX);
    struct resolved who = {.employee = "taro"};
    struct record records[2] = {
        {.name = {1, NAME_CARD}, .rows = 1, .last = {.time_ns = 5}},
        {.name = {2, NAME_CARD}, .rows = 1, .last = {.time_ns = 9}}};
    struct exposure e = {.channel = "http",
                         .records = records,
                         .record_count = 1,
                         .time_ns = 5,
                         .bytes = 10,
                         .last = true};

    (void)state;
    assert_int_equal(ledger_add_both(l, fresh, &e, &who), ERR_OK);
    ledger_free(fresh);
    fresh = ledger_new(UINT64_MAX);
    e.record_count = 2;
    e.time_ns = 9;
    e.bytes = 20;
    assert_int_equal(ledger_add_both(l, fresh, &e, &who), ERR_OK);
    assert_int_equal(ledger_add_both(l, fresh, &e, &who), ERR_OK);
    assert_int_equal(ledger_settle(l), ERR_OK);
    assert_int_equal(ledger_entries(l), 2);
    assert_int_equal(ledger_entry_at(l, 0)->rows, 1);
    assert_int_equal(ledger_entry_at(l, 1)->rows, 1);
    assert_int_equal(ledger_customers(fresh), 1);
    ledger_free(l);
    ledger_free(fresh);
}

static void test_a_flow_has_one_key_in_all_runs(void **state)
{
    static const uint8_t bytes[KEY_BYTES] = {1}, other[KEY_BYTES] = {2};
    struct keyed *key = keyed_new(bytes), *wrong = keyed_new(other);
    struct exposure e = {.flow = 1, .flow_ns = 1234567999, .port = {9, 80}};
    uint64_t want = ledger_flow_key(key, &e);

    (void)state;
    e.flow = 2;
    e.transfer = e.batch = 3;
    e.flow_ns = 1234567000; /* captured in microseconds */
    assert_int_equal(ledger_flow_key(key, &e), want);
    assert_int_not_equal(ledger_flow_key(wrong, &e), want);
    e.flow_ns -= 1;
    assert_int_not_equal(ledger_flow_key(key, &e), want);
    e.flow_ns += 1;
    e.port[0]++;
    assert_int_not_equal(ledger_flow_key(key, &e), want);
    keyed_free(key);
    keyed_free(wrong);
}

/* --- seeds
 * ----------------------------------------------------------------------------
 */

static int write_seeds(const char *dir)
{
    static const char *const lines[] = {
        some, "10 taro > drop http : a1",
        "10 taro > print@0,drop http step=0.0001 : a100-180+N+p100-180",
        "10 taro > drop http flow=1 sep : a1\n10 taro > drop http flow=2 sep"
        " : a2\n10 taro > drop http flow=2 x=1 b=3 sep : a3*7"};
    const struct ledger_codec codec = {print, 1};
    char path[256];

    for (size_t i = 0; i < COUNT(lines); i++) {
        struct ledger *l = ledger_of(lines[i]);
        struct buf blob;
        FILE *f;
        snprintf(path, sizeof(path), "%s/day-%zu", dir, i);
        buf_init(&blob, CAP);
        f = fopen(path, "w");
        if (!f || ledger_pack_day(l, 0, &codec, &blob, NULL) != ERR_OK)
            return 1;
        fwrite(blob.ptr + PACK_HEAD, 1, blob.len - PACK_HEAD, f);
        fclose(f);
        buf_clear(&blob);
        ledger_free(l);
    }
    struct told put;
    struct buf blob;
    FILE *f;
    buf_init(&blob, CAP);
    pack_some_ties(&put, &blob);
    snprintf(path, sizeof(path), "%s/ties", dir);
    f = fopen(path, "w");
    if (!f)
        return 1;
    fwrite(blob.ptr + PACK_HEAD, 1, blob.len - PACK_HEAD, f);
    fclose(f);
    buf_clear(&blob);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_ledgers_are_judged_the_same),
        cmocka_unit_test(test_a_changed_bit_is_refused),
        cmocka_unit_test(test_a_short_blob_is_refused),
        cmocka_unit_test(test_nothing_is_believed_for_its_checksum),
        cmocka_unit_test(test_a_newer_version_is_refused),
        cmocka_unit_test(test_no_room_is_said_and_leaves_nothing),
        cmocka_unit_test(test_ties_come_back),
        cmocka_unit_test(test_damaged_ties_are_refused),
        cmocka_unit_test(test_days_are_those_of_rows_bytes_and_batches),
        cmocka_unit_test(test_a_day_holds_nothing_of_another),
        cmocka_unit_test(test_partners_are_known_by_name),
        cmocka_unit_test(test_a_day_of_a_bulk_upload_takes_little),
        cmocka_unit_test(test_a_complete_transfer_is_known),
        cmocka_unit_test(test_a_batch_that_has_grown_adds_what_is_new),
        cmocka_unit_test(test_a_flow_has_one_key_in_all_runs),
    };

    if (argc > 1)
        return write_seeds(argv[1]);
    return cmocka_run_group_tests_name("ledger/pack", tests, NULL, NULL);
}
