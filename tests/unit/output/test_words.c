// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_words.c - output/words.c: the sentence of an alert, and the levels.
 */
#include "fixture.h"
#include "output/words.h"

static void check(const struct alert *a, const char *want)
{
    struct buf out;
    struct put p = put_to(&out);

    buf_init(&out, 4096);
    words_reason(&p, ESCAPE_PLAIN, a, LIMIT_NAME);
    assert_string_equal(text_of(&out), want);
    buf_clear(&out);
}

static void test_the_sentence_follows_the_direction(void **state)
{
    struct alert a = fixture_alert();

    (void)state;
    check(&a, "92,408 customers' card_number and person_name left from taro "
              "to drop.example by http");
    a.direction = DIRECTION_INBOUND;
    a.fields[FIELD_PHONE] = 1;
    check(&a, "92,408 customers' card_number, person_name and phone came in "
              "from taro to drop.example by http");
    a.direction = DIRECTION_INTERNAL;
    a.customers = a.customers_estimated = 1;
    memset(a.fields, 0, sizeof(a.fields));
    check(&a, "1 customer's records moved inside from taro to drop.example "
              "by http");
    a.direction = DIRECTION_EXTERNAL;
    a.channel = NULL;
    a.party_more = 2;
    check(&a, "1 customer's records passed from taro to drop.example and 2 "
              "others");
}

static void test_walks_refusals_and_estimates(void **state)
{
    struct alert a = fixture_alert();

    (void)state;
    a.action = ACTION_WALKED;
    a.user = NULL;
    check(&a, "92,408 customers' card_number and person_name were served one "
              "by one from 10.20.0.7 to drop.example by http");
    a.action = ACTION_EXPOSED;
    a.customers_estimated++;
    a.anomalies = 1u << ANOMALY_REFUSED;
    check(&a, "at least 92,408 customers' card_number and person_name left "
              "from 10.20.0.7 to drop.example by http; the receiver refused "
              "at least a part");
}

static void test_one_byte_not_readable(void **state)
{
    struct alert a = fixture_alert();

    (void)state;
    a.action = ACTION_UNREADABLE;
    a.bytes = 1;
    check(&a, "1 byte that was not readable left from taro to drop.example "
              "by http");
}

static void test_fixed_words(void **state)
{
    (void)state;
    assert_int_equal(words_severity_number(SEVERITY_LOW), 21);
    assert_int_equal(words_severity_number(SEVERITY_MEDIUM), 47);
    assert_int_equal(words_severity_number(SEVERITY_HIGH), 73);
    assert_int_equal(words_severity_number(SEVERITY_CRITICAL), 99);
    assert_string_equal(words_severity(SEVERITY_HIGH), "high");
    assert_string_equal(words_status(ALERT_OPEN), "open");
    assert_string_equal(words_action(ACTION_WALKED), "customers-walked");
    assert_string_equal(words_transport(17), "udp");
    assert_null(words_transport(200));
}

static void test_levels_only_shrink(void **state)
{
    (void)state;
    assert_int_equal(words_caps(0)->documents, 20);
    assert_int_equal(words_caps(0)->evidence, 100);
    assert_int_equal(words_caps(0)->name, 256);
    for (size_t i = 1; i < CAPS_LEVELS; i++) {
        assert_true(words_caps(i)->name <= words_caps(i - 1)->name);
        assert_true(words_caps(i)->parties <= words_caps(i - 1)->parties);
    }
    assert_ptr_equal(words_caps(99), words_caps(CAPS_LEVELS - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sentence_follows_the_direction),
        cmocka_unit_test(test_walks_refusals_and_estimates),
        cmocka_unit_test(test_one_byte_not_readable),
        cmocka_unit_test(test_fixed_words),
        cmocka_unit_test(test_levels_only_shrink),
    };
    return cmocka_run_group_tests_name("output/words", tests, NULL, NULL);
}
