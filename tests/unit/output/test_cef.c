// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_cef.c - output/cef.c: one line, escaped, of bounded length.
 */
#include "fixture.h"
#include "output/cef.h"

static void test_the_example(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    assert_true(output_format_find(SPAN("cef"))->alert(&a, &fixture_run, &out));
    assert_string_equal(
        text_of(&out),
        "CEF:0|outflow|outflow|" OUTFLOW_VERSION "|bulk-outbound|Bulk "
        "customer records to an outside party|10|cat=outflow.alert "
        "rt=1312506185123 start=1312506123123 end=1312506185123 "
        "externalId=0123456789abcdef0123456789abcdef "
        "act=customer-data-exposed src=10.20.0.7 spt=40112 dst=203.0.113.9 "
        "dpt=80 dhost=drop.example suser=taro proto=tcp app=http "
        "deviceDirection=1 cnt=92408 msg=92,408 customers' card_number and "
        "person_name left from taro to drop.example by http "
        "cs1Label=fields cs1=card_number:92408 person_name:92408 "
        "cs2Label=parties cs2=drop.example cs3Label=documents cs3=POST "
        "/upload > customers.csv cs6Label=status cs6=final cn1Label=records "
        "cn1=92408 cn2Label=missing_bytes cn2=0 "
        "cn3Label=customers_estimated cn3=92408 dvchost=sensor1\n");
    buf_clear(&out);
}

static void test_hostile_names_stay_values(void **state)
{
    static char id[] = "a|b\\c";
    struct rule rule = fixture_rule;
    struct alert a = fixture_alert();
    const uint8_t v6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
    struct buf out;

    (void)state;
    rule.id = id;
    a.rule = &rule;
    a.user = "x\ny= act=none\\";
    a.source = addr_v6(v6);
    buf_init(&out, LIMIT_ALERT);
    assert_true(cef_alert(&a, &fixture_run, words_caps(0), &out));
    const char *text = text_of(&out);
    assert_non_null(strstr(text, "|a\\|b\\\\c|"));
    assert_non_null(strstr(text, "suser=x\\\\x0Ay\\= act\\=none\\\\ proto="));
    assert_non_null(strstr(text, "c6a2Label=Source IPv6 Address "
                                 "c6a2=2001:db8::1 spt=40112"));
    assert_null(strchr(text, '\n'));
    buf_clear(&out);
}

static void test_a_full_alert_is_shortened_and_says_so(void **state)
{
    struct fixture_full full;
    struct alert a = fixture_full_alert(&full);
    struct buf out;

    (void)state;
    a.action = ACTION_UNREADABLE;
    buf_init(&out, LIMIT_ALERT);
    assert_true(output_format_find(SPAN("cef"))->alert(&a, &fixture_run, &out));
    assert_true(out.len <= LIMIT_FRAME_SYSLOG + 1);
    const char *text = text_of(&out);
    assert_non_null(strstr(text, "flexNumber1Label=shortened flexNumber1="));
    assert_int_equal(text[out.len - 1], '\n');
    assert_ptr_equal(strchr(text, '\n'), text + out.len - 1);
    assert_true(cef_alert(&a, &fixture_run, words_caps(99), &out));
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example),
        cmocka_unit_test(test_hostile_names_stay_values),
        cmocka_unit_test(test_a_full_alert_is_shortened_and_says_so),
    };
    return cmocka_run_group_tests_name("output/cef", tests, NULL, NULL);
}
