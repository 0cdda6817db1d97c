// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_json.c - output/json.c: whole alerts, byte for byte.
 */
#include "fixture.h"
#include "output/json.h"

static void test_the_example_of_the_interface(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("json"))->alert(&a, &fixture_run, &out));
    assert_string_equal(
        text_of(&out),
        "{\"@timestamp\":\"2011-08-05T01:03:05.123457Z\","
        "\"ecs\":{\"version\":\"8.11\"},"
        "\"event\":{\"kind\":\"alert\",\"category\":[\"network\"],"
        "\"type\":[\"info\"],\"module\":\"outflow\","
        "\"dataset\":\"outflow.alert\","
        "\"action\":\"customer-data-exposed\","
        "\"id\":\"0123456789abcdef0123456789abcdef\",\"sequence\":1,"
        "\"start\":\"2011-08-05T01:02:03.123456Z\","
        "\"end\":\"2011-08-05T01:03:05.123457Z\",\"severity\":99,"
        "\"reason\":\"92,408 customers' card_number and person_name left "
        "from taro to drop.example by http\"},"
        "\"rule\":{\"id\":\"bulk-outbound\","
        "\"name\":\"Bulk customer records to an outside party\"},"
        "\"user\":{\"name\":\"taro\",\"group\":{\"name\":\"employees\"}},"
        "\"source\":{\"ip\":\"10.20.0.7\",\"port\":40112},"
        "\"destination\":{\"ip\":\"203.0.113.9\",\"port\":80,"
        "\"domain\":\"drop.example\"},"
        "\"client\":{\"ip\":\"10.20.0.7\",\"port\":40112},"
        "\"server\":{\"ip\":\"203.0.113.9\",\"port\":80},"
        "\"network\":{\"transport\":\"tcp\",\"protocol\":\"http\","
        "\"direction\":\"outbound\","
        "\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\"},"
        "\"threat\":{\"technique\":{\"id\":[\"T1048.003\"]}},"
        "\"observer\":{\"name\":\"sensor1\",\"product\":\"outflow\","
        "\"version\":\"" OUTFLOW_VERSION "\"},"
        "\"outflow\":{\"status\":\"final\",\"severity\":\"critical\","
        "\"party\":\"drop.example\",\"channel\":\"http\","
        "\"customers\":92408,\"records\":92408,"
        "\"customers_estimated\":92408,"
        "\"fields\":{\"card_number\":92408,\"person_name\":92408},"
        "\"transfers\":1,\"documents\":[\"POST /upload > customers.csv\"],"
        "\"missing_bytes\":0,\"unread\":[],\"anomalies\":[],"
        "\"exact\":false,\"index\":null,"
        "\"identity\":{\"from\":\"ip\",\"confidence\":\"high\"},"
        "\"evidence\":[{\"capture\":\"incident.pcap\",\"first_packet\":12,"
        "\"last_packet\":8123,"
        "\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\"}]}}\n");
    buf_clear(&out);
}

static bool has(const char *text, const char *part)
{
    if (strstr(text, part))
        return true;
    print_message("not in %s: %s\n", text, part);
    return false;
}

static void test_a_mail_that_breaks_a_contract(void **state)
{
    static const char *const to[] = {"a@out.example", "b@other.example"};
    static const struct alert_party parties[] = {{"out.example", 90},
                                                 {"other.example", 10}};
    static const struct alert_unread unread[] = {
        {"tls", WHY_ENCRYPTED, 457000}};
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    a.user = NULL;
    a.channel = "smtp";
    a.mail_from = "taro@bank.example";
    a.mail_to = to;
    a.mail_to_count = 2;
    a.mail_to_more = 7;
    a.file = "q3.zip";
    a.parties = parties;
    a.party_count = 2;
    a.document_more = 4;
    a.unread = unread;
    a.unread_count = 1;
    a.anomalies = 1u << ANOMALY_OVERLAP;
    a.missing_bytes = 1460;
    a.customers_estimated = 93000;
    a.identity = IDENTITY_ADDRESS;
    a.low_confidence = true;
    a.identity_other = "jiro";
    a.partner = "Print Shop KK";
    a.clause = "others";
    a.domain = NULL;
    a.client_sends = false;
    buf_init(&out, LIMIT_ALERT);
    assert_true(json_alert(&a, &fixture_run, words_caps(0), &out));
    const char *text = text_of(&out);
    assert_null(strstr(text, "\"user\""));
    assert_null(strstr(text, "\"domain\""));
    assert_true(has(text, "\"email\":{\"from\":{\"address\":[\"taro@bank."
                          "example\"]},\"to\":{\"address\":[\"a@out.example"
                          "\",\"b@other.example\"]}},\"file\":{\"name\":\"q3."
                          "zip\"},\"threat\""));
    assert_true(has(text, "\"client\":{\"ip\":\"203.0.113.9\",\"port\":80},"
                          "\"server\":{\"ip\":\"10.20.0.7\""));
    assert_true(has(text, "\"party\":\"out.example\",\"parties\":"
                          "[\"out.example\",\"other.example\"],\"channel\""));
    assert_true(has(text, "\"missing_bytes\":1460,\"unread\":[{\"kind\":"
                          "\"tls\",\"bytes\":457000,\"why\":\"encrypted\"}],"
                          "\"anomalies\":[\"overlap\"],"));
    assert_true(has(text, "\"identity\":{\"from\":\"address\","
                          "\"confidence\":\"low\",\"other\":\"jiro\"}"));
    assert_true(has(text, "\"partner\":{\"name\":\"Print Shop KK\","
                          "\"clause\":\"others\"},"
                          "\"more\":{\"documents\":4,\"addresses\":7}}}"));
    assert_true(has(text, "\"reason\":\"at least 92,408 customers' card_number"
                          " and person_name left from 10.20.0.7 to "
                          "out.example and 1 other by smtp\""));
    buf_clear(&out);
}

static void test_bytes_that_could_not_be_read(void **state)
{
    struct rule rule = fixture_rule;
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    rule.why = WHY_ENCRYPTED;
    rule.attack_count = 0;
    a.rule = &rule;
    a.action = ACTION_UNREADABLE;
    a.bytes = (UINT64_C(1) << 53) + 1;
    a.customers = a.records = a.customers_estimated = 0;
    memset(a.fields, 0, sizeof(a.fields));
    buf_init(&out, LIMIT_ALERT);
    assert_true(json_alert(&a, &fixture_run, words_caps(0), &out));
    const char *text = text_of(&out);
    assert_true(has(text, "\"action\":\"unreadable-data-sent\""));
    assert_true(has(text, "\"reason\":\"9,007,199,254,740,993 bytes that were "
                          "not readable (encrypted) left from taro to "
                          "drop.example by http\""));
    assert_true(has(text, "\"unread\":[],\"bytes\":\"9007199254740993\","));
    assert_true(has(text, "\"fields\":{}"));
    assert_null(strstr(text, "\"threat\""));
    buf_clear(&out);
}

static void test_hostile_names_are_written_out(void **state)
{
    static const struct alert_party parties[] = {{HOSTILE, 1}};
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    a.user = a.file = a.domain = HOSTILE;
    a.parties = parties;
    buf_init(&out, LIMIT_ALERT);
    assert_true(json_alert(&a, &fixture_run, words_caps(0), &out));
    const char *text = text_of(&out);
    assert_true(has(text, "\"file\":{\"name\":\"a\\\"b\\\\c=d|e]f;\\\\x0Ag"
                          "\\\\x1B[2Jh\\\\xE2\\\\x80\\\\xAEi\\\\xFF\"}"));
    for (const char *c = text; *c; c++)
        assert_true((unsigned char)*c >= ' ' && (unsigned char)*c < 0x7F);
    buf_clear(&out);
}

static void test_an_alert_without_ends_leaves_them_out(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    memset(&a.source, 0, sizeof(a.source));
    memset(&a.destination, 0, sizeof(a.destination));
    a.domain = a.user = NULL;
    a.channel = "";
    a.community_id[0] = '\0';
    a.proto = 200;
    a.party_count = 0;
    a.evidence_count = 0;
    buf_init(&out, LIMIT_ALERT);
    assert_true(json_alert(&a, &fixture_run, words_caps(0), &out));
    const char *text = text_of(&out);
    assert_null(strstr(text, "\"source\""));
    assert_null(strstr(text, "\"server\""));
    assert_null(strstr(text, "\"party\""));
    assert_true(has(text, "\"network\":{\"direction\":\"outbound\"},"));
    assert_true(has(text, "left from an unknown sender\""));
    buf_clear(&out);
}

/* The last level must fit, or an alert could not be sent at all. */
static void test_each_level_is_shorter_and_the_last_fits(void **state)
{
    struct fixture_full full;
    struct alert a = fixture_full_alert(&full);
    size_t before = SIZE_MAX;
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    for (size_t level = 0; level < CAPS_LEVELS; level++) {
        buf_reset(&out);
        assert_true(json_alert(&a, &fixture_run, words_caps(level), &out));
        assert_true(out.len < before);
        before = out.len;
    }
    assert_true(before + 1000 < LIMIT_FRAME_SYSLOG);
    assert_true(has(text_of(&out), "\"more\":{\"documents\":20,\"parties\":99,"
                                   "\"addresses\":100,\"evidence\":100,"
                                   "\"unread\":15}"));
    buf_clear(&out);
}

static void test_no_room_is_said(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    buf_init(&out, 200);
    assert_false(json_alert(&a, &fixture_run, words_caps(0), &out));
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_interface),
        cmocka_unit_test(test_a_mail_that_breaks_a_contract),
        cmocka_unit_test(test_bytes_that_could_not_be_read),
        cmocka_unit_test(test_hostile_names_are_written_out),
        cmocka_unit_test(test_an_alert_without_ends_leaves_them_out),
        cmocka_unit_test(test_each_level_is_shorter_and_the_last_fits),
        cmocka_unit_test(test_no_room_is_said),
    };
    return cmocka_run_group_tests_name("output/json", tests, NULL, NULL);
}
