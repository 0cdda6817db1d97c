// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_message.c - output/message.c and shorten.c: whole, and never longer
 * than they may be, in every format.
 */
#include "fixture.h"
#include "output/message.h"
#include "output/shorten.h"
#include "output/words.h"

static char json_word[] = "json", cef_word[] = "cef", leef_word[] = "leef",
            ocsf_word[] = "ocsf", table_word[] = "table";
static char *const formats[] = {json_word, cef_word, leef_word, ocsf_word};

static struct message_writer writer(char *format, size_t limit)
{
    const struct output_settings to = {.format = format, .max_bytes = limit};
    struct message_writer m;

    assert_true(message_init(&m, &to, &fixture_run));
    return m;
}

/* No escape and no number is cut: a sign that begins one has its end. */
static void assert_whole(const char *text)
{
    size_t backslashes = 0;

    for (const char *at = text; *at; at++)
        backslashes += *at == '\\' ? 1 : 0;
    assert_int_equal(backslashes % 2, 0);
}

static void test_the_fullest_alert_fits_every_limit(void **state)
{
    static const size_t limits[] = {0, 6000, 65000};
    struct fixture_full full;
    struct alert a = fixture_full_alert(&full);

    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        for (size_t k = 0; k < COUNT(limits); k++) {
            struct message_writer m = writer(formats[i], limits[k]);
            assert_int_equal(message_alert(&m, &a), ERR_OK);
            assert_true(m.bytes.len <= m.limit);
            const char *text = text_of(&m.bytes);
            assert_null(strchr(text, '\n'));
            assert_whole(text);
            message_clear(&m);
        }
    }
}

static void test_the_longest_event_fits_the_least_limit(void **state)
{
    struct event e = event_now(EVENT_OUTPUT_DOWN, "", "");

    (void)state;
    memset(e.subject, '\\', sizeof(e.subject) - 1);
    memset(e.text, '"', sizeof(e.text) - 1);
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct message_writer m = writer(formats[i], 6000);
        assert_int_equal(message_event(&m, &e), ERR_OK);
        assert_true(m.bytes.len <= 6000);
        message_clear(&m);
    }
}

static void test_sequence_ids_rise_and_begin_anew(void **state)
{
    struct alert a = fixture_alert();
    struct message_writer m = writer(json_word, 0);

    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        char want[48];
        (void)snprintf(want, sizeof(want), "[meta sequenceId=\"%u\"]", i);
        assert_int_equal(message_alert(&m, &a), ERR_OK);
        assert_non_null(strstr(text_of(&m.bytes), want));
    }
    m.sequence = INT32_MAX; /* RFC 5424 7.3.1 */
    assert_int_equal(message_alert(&m, &a), ERR_OK);
    assert_non_null(strstr(text_of(&m.bytes), "[meta sequenceId=\"1\"]"));
    message_clear(&m);
}

static void test_a_format_without_lines_is_none_for_syslog(void **state)
{
    const struct output_settings to = {.format = table_word};
    struct message_writer m;

    (void)state;
    assert_false(message_init(&m, &to, &fixture_run));
}

static void test_leef_of_the_example(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("leef"))->alert(&a, &fixture_run, &out));
    assert_string_equal(
        text_of(&out),
        "LEEF:2.0|outflow|outflow|" OUTFLOW_VERSION "|bulk-outbound|^|"
        "cat=customer-data-exposed^devTime=2011-08-05T01:03:05.123+0000^"
        "devTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ^sev=10^src=10.20.0.7^"
        "srcPort=40112^dst=203.0.113.9^dstPort=80^proto=tcp^usrName=taro^"
        "groupName=employees^domain=drop.example^channel=http^"
        "direction=outbound^policy=Bulk customer records to an outside "
        "party^eventId=0123456789abcdef0123456789abcdef^sequence=1^"
        "status=final^startTime=2011-08-05T01:02:03.123+0000^"
        "endTime=2011-08-05T01:03:05.123+0000^customers=92408^"
        "records=92408^customersEstimated=92408^fields=card_number:92408 "
        "person_name:92408^transfers=1^missingBytes=0^reason=92,408 "
        "customers' card_number and person_name left from taro to "
        "drop.example by http^parties=drop.example^documents=POST /upload > "
        "customers.csv^sensor=sensor1\n");
    buf_clear(&out);
}

static void test_ocsf_of_the_example(void **state)
{
    static const char *const want[] = {
        "{\"activity_id\":1,\"activity_name\":\"Create\",\"category_uid\":2,"
        "\"category_name\":\"Findings\",\"class_uid\":2006,",
        "\"type_uid\":200601,\"type_name\":\"Data Security Finding: "
        "Create\",\"time\":1312506185123,",
        "\"severity_id\":5,\"severity\":\"Critical\",",
        "\"category_id\":99,\"category\":\"Personal, Financial\",",
        "\"attacks\":[{\"sub_technique\":{\"uid\":\"T1048.003\"}}]",
        "\"dst_endpoint\":{\"ip\":\"203.0.113.9\",\"port\":80,"
        "\"hostname\":\"drop.example\"}",
        "\"actor\":{\"user\":{\"name\":\"taro\",\"groups\":[{\"name\":"
        "\"employees\"}]}}",
    };
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    const struct output_format *ocsf = output_format_find(SPAN("ocsf"));
    assert_true(ocsf->alert(&a, &fixture_run, &out));
    for (size_t i = 0; i < COUNT(want); i++)
        assert_non_null(strstr(text_of(&out), want[i]));
    buf_reset(&out);
    a.sequence = 2; /* final, but nobody has closed it */
    a.domain = "no-.host";
    assert_true(ocsf->alert(&a, &fixture_run, &out));
    assert_non_null(strstr(text_of(&out), "\"type_uid\":200602,"));
    assert_non_null(strstr(text_of(&out), "\"name\":\"no-.host\""));
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_fullest_alert_fits_every_limit),
        cmocka_unit_test(test_the_longest_event_fits_the_least_limit),
        cmocka_unit_test(test_sequence_ids_rise_and_begin_anew),
        cmocka_unit_test(test_a_format_without_lines_is_none_for_syslog),
        cmocka_unit_test(test_leef_of_the_example),
        cmocka_unit_test(test_ocsf_of_the_example),
    };
    return cmocka_run_group_tests_name("output/message", tests, NULL, NULL);
}
