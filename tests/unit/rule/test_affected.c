// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_affected.c - rule/affected: the list, and alerts in full.
 */
#include "rule/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static struct rule rules[] = {
    {.id = (char[]){"bulk"}, .customers = 3, .within_ns = 100 * SECOND},
    {.id = (char[]){"pair"},
     .customers = 3,
     .within_ns = 100 * SECOND,
     .by = BY_PAIR},
    {.id = (char[]){"party"},
     .customers = 3,
     .within_ns = 100 * SECOND,
     .by = BY_PARTY},
};

/* Judge lines in full; the caller clears out. */
static void judge(const char *lines, size_t count, struct buf *out)
{
    const struct judge_settings settings = {.rules = rules,
                                            .rule_count = count};
    struct ledger *l = ledger_new(UINT64_MAX);
    struct world w;

    buf_init(out, 1 << 20);
    world_read(&w, lines);
    for (size_t i = 0; i < w.count; i++)
        assert_int_equal(world_add(&w, i, l), ERR_OK);
    assert_int_equal(world_judge(&settings, l, true, out), ERR_OK);
    assert_true(buf_add_byte(out, '\0'));
    world_clear(&w);
    ledger_free(l);
}

static bool has(const struct buf *out, const char *text)
{
    return strstr((const char *)out->ptr, text) != NULL;
}

static void test_an_alert_in_full(void **state)
{
    struct buf out;

    (void)state;
    judge("7 taro > drop.example http trail=up>a.csv file=a.csv pkt=12-90 odd"
          " step=1 : a1-3+p1-3+N\n"
          "3 jiro > box http : a4\n",
          1, &out);
    assert_string_equal(
        (const char *)out.ptr,
        "bulk [taro] 7..9 customers=3 to=drop.example doc=up>a.csv file=a.csv"
        " account_number=3 person_name=3 phone=3"
        " id=917e00e56403f8e32f267c386818b287 source=10.0.138.235:40001"
        " destination=203.0.251.236:80 1:JCDCd6zuReVgXL9UwPAn50kw8H0="
        " user=taro group=employees domain=drop.example 0 1 http"
        " packets=0:12-90:1:JCDCd6zuReVgXL9UwPAn50kw8H0= evidence=0"
        " anomalies=1\n"
        "a1 kind=0 a***01 records=1 7..7 taro drop.example account_number"
        " person_name phone 917e00e56403f8e32f267c386818b287\n"
        "a3 kind=0 a***03 records=1 9..9 taro drop.example account_number"
        " person_name phone 917e00e56403f8e32f267c386818b287\n"
        "a2 kind=0 a***02 records=1 8..8 taro drop.example account_number"
        " person_name phone 917e00e56403f8e32f267c386818b287\n");
    buf_clear(&out);
}

static void test_a_customer_stands_once_with_all_that_is_told(void **state)
{
    struct buf out;

    (void)state;
    judge("0 taro > drop,box http : a1-3+N*2\n"
          "5 jiro > drop http : p1 a2-4\n"
          "6 jiro > share! smb : a1+p1+G\n",
          3, &out);
    assert_true(has(&out, "a1 kind=0 a***01 records=3 0..5 jiro,taro box,drop"
                          " account_number person_name phone "));
    assert_true(has(&out, "a4 kind=0 a***04 records=1 5..5 jiro drop"
                          " account_number "));
    assert_false(has(&out, "\np1"));
    assert_false(has(&out, "gender"));
    buf_clear(&out);
}

static void test_lists_of_an_alert_are_cut_and_the_rest_counted(void **state)
{
    char *lines = calloc(130, 64), *at = lines;
    struct buf out;

    (void)state;
    for (int i = 0; i < 125; i++)
        at += snprintf(at, 128,
                       "%d taro > p%03d smtp trail=t%d mail=x>m%d : "
                       "a%d-%d\n",
                       i % 50, i, i, i, 1, 3 + i % 2);
    judge(lines, 1, &out);
    assert_true(has(&out, " docs=125"));
    assert_true(has(&out, " mails=125"));
    assert_true(has(&out, " to=p001:4,p003:4,"));
    assert_true(has(&out, ",p074:3+25 "));
    assert_true(has(&out, " evidence=25"));
    buf_clear(&out);
    free(lines);
}

enum { MANY = 180000 };

/* What many customers are checked by. */
struct told {
    uint64_t customers, before;
};

static bool no_alert(void *ctx, const struct alert *a)
{
    (void)ctx;
    return a->customers == MANY;
}

static bool check_one(void *ctx, const struct affected *c)
{
    struct told *told = ctx;

    assert_true(told->customers == 0 || c->name.pseudonym > told->before);
    assert_int_equal(c->alert_count, 3);
    assert_int_equal(c->records, 1);
    told->before = c->name.pseudonym;
    told->customers++;
    return true;
}

/* More than is gathered at once: three rounds over three rules. */
static void test_a_long_list_is_complete_and_in_order(void **state)
{
    static struct record r[LIMIT_BATCH_RECORDS];
    static struct party drop = {.name = "drop", .partner = -1};
    const struct resolved who = {.employee = "taro",
                                 .group = "employees",
                                 .parties = &drop,
                                 .party_count = 1};
    const struct judge_settings settings = {.rules = rules, .rule_count = 3};
    struct told told = {0, 0};
    const struct verdict_sink sink = {&told, no_alert, check_one};
    struct ledger *l = ledger_new(UINT64_MAX);
    struct exposure e = {.channel = "http", .records = r};

    (void)state;
    for (uint64_t id = 0; id < MANY; e.batch++) {
        for (e.record_count = 0;
             e.record_count < LIMIT_BATCH_RECORDS && id < MANY; id++)
            r[e.record_count++] = (struct record){
                .name = {(id + 1) * UINT64_C(0x9E3779B97F4A7C15), NAME_PHONE},
                .fields = 1,
                .rows = 1};
        assert_int_equal(ledger_add(l, &e, &who), ERR_OK);
    }
    assert_int_equal(judge_run(&settings, l, &sink), ERR_OK);
    assert_int_equal(told.customers, MANY);
    ledger_free(l);
}

static bool refuse_alert(void *ctx, const struct alert *a)
{
    (void)ctx;
    (void)a;
    return false;
}

static void test_a_sink_that_refuses_ends_it(void **state)
{
    const struct judge_settings settings = {.rules = rules, .rule_count = 1};
    const struct verdict_sink sink = {NULL, refuse_alert, NULL};
    struct ledger *l = ledger_new(UINT64_MAX);
    struct world w;

    (void)state;
    world_read(&w, "0 taro > drop http : a1-3\n");
    assert_int_equal(world_add(&w, 0, l), ERR_OK);
    assert_int_equal(judge_run(&settings, l, &sink), ERR_IO);
    world_clear(&w);
    ledger_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_alert_in_full),
        cmocka_unit_test(test_a_customer_stands_once_with_all_that_is_told),
        cmocka_unit_test(test_lists_of_an_alert_are_cut_and_the_rest_counted),
        cmocka_unit_test(test_a_long_list_is_complete_and_in_order),
        cmocka_unit_test(test_a_sink_that_refuses_ends_it),
    };

    return cmocka_run_group_tests_name("rule/affected", tests, NULL, NULL);
}
