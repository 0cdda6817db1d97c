// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_table.c - output/table.c: what a person reads.
 */
#include "fixture.h"
#include "util/unicode.h"

static void test_the_block(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("table"))->alert(&a, &fixture_run, &out));
    assert_string_equal(
        text_of(&out),
        "CRITICAL  Bulk customer records to an outside party  "
        "[bulk-outbound]\n"
        "              92,408 customers' card_number and person_name left "
        "from taro to\n"
        "              drop.example by http\n"
        "  who         taro (employees) at 10.20.0.7:40112, found by ip\n"
        "  whose       92,408 customers in 92,408 records\n"
        "  what        card_number 92,408, person_name 92,408\n"
        "  to whom     drop.example at 203.0.113.9:80\n"
        "  when        2011-08-05 01:02:03 to 2011-08-05 01:03:05 UTC "
        "(1 minute)\n"
        "  how         http, outbound, 1 transfer: POST /upload > "
        "customers.csv\n"
        "  not seen    nothing: all of it was seen and read\n"
        "  where       incident.pcap packets 12 to 8,123\n"
        "  id          0123456789abcdef0123456789abcdef\n"
        "\n");
    buf_clear(&out);
}

/* Columns of the longest line; Japanese takes two a character. */
static int widest(const char *text)
{
    struct span all = span_of(text), line;
    int most = 0;

    while (span_cut(&all, '\n', &line)) {
        int width = 0;
        while (line.len > 0) {
            uint32_t code;
            size_t len = unicode_decode(line, &code);
            width += unicode_width(code);
            line = span_skip(line, len);
        }
        most = width > most ? width : most;
    }
    return most;
}

static void test_long_and_wide_names_stay_in_the_width(void **state)
{
    static const char *const documents[] = {
        "POST /アップロード/顧客情報一覧表顧客情報一覧表顧客情報一覧表顧客情報"
        "一覧表顧客情報一覧表 > 顧客.csv",
        HOSTILE, "c", "d", "e"};
    static const struct alert_unread unread[] = {{"zip", WHY_ENCRYPTED, 10},
                                                 {"gzip", WHY_DAMAGED, 1}};
    static const struct alert_party parties[] = {
        {"a.example", 2}, {"b.example", 1}, {"c.example", 1}, {"d.example", 1}};
    const uint8_t v6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    a.documents = documents;
    a.document_count = 5;
    a.document_more = 1;
    a.parties = parties;
    a.party_count = 4;
    a.unread = unread;
    a.unread_count = 2;
    a.missing_bytes = 1460;
    a.customers_estimated = 93000;
    a.anomalies = 3;
    a.user = NULL;
    a.low_confidence = true;
    a.identity_other = "jiro";
    a.partner = "Print Shop KK";
    a.clause = "others";
    a.destination = addr_v6(v6);
    a.exact = true;
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("table"))->alert(&a, &fixture_run, &out));
    const char *text = text_of(&out);
    assert_true(widest(text) <= 80);
    assert_non_null(strstr(text, "nobody known, at 10.20.0.7:40112 (low "
                                 "confidence); another"));
    assert_non_null(strstr(text, "a.example (2 customers), b.example (1 "
                                 "customer)"));
    assert_non_null(strstr(text, "and 1 more at"));
    assert_non_null(strstr(text, "[2001:db8::1]:80"));
    assert_non_null(strstr(text, "1,460 bytes missing from the capture, 10 "
                                 "bytes of zip not read:\n"));
    assert_non_null(strstr(text, "odd         overlap, refused"));
    assert_non_null(strstr(text, "\\x1B[2J"));
    assert_null(strchr(text, '\x1b'));
    buf_clear(&out);
}

static void test_bytes_that_could_not_be_read(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    a.action = ACTION_UNREADABLE;
    a.bytes = 457000;
    a.end_ns = a.start_ns;
    a.party_count = a.document_count = a.evidence_count = 0;
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("table"))->alert(&a, &fixture_run, &out));
    const char *text = text_of(&out);
    assert_non_null(strstr(text, "whose       457,000 bytes that could not "
                                 "be read\n"));
    assert_non_null(strstr(text, "when        2011-08-05 01:02:03 UTC\n"));
    assert_null(strstr(text, "where"));
    buf_clear(&out);
}

static void test_the_closing_summary(void **state)
{
    struct counters c = {.packets = 1000,
                         .packets_used = 998,
                         .flows = 1,
                         .records = 20,
                         .payload_bytes = 12345,
                         .inspected_bytes = 12000,
                         .missing_bytes = 1};
    struct buf out;

    (void)state;
    c.packets_skipped[SKIP_NOT_IP] = 2;
    c.unread[WHY_ENCRYPTED] = 300;
    c.unread[WHY_LIMIT] = 45;
    buf_init(&out, LIMIT_ALERT);
    assert_true(output_format_find(SPAN("table"))->end(0, &c, &out));
    assert_string_equal(text_of(&out),
                        "0 alerts; 1,000 packets, 1 flow, 20 customer "
                        "records\n12,000 of 12,345 payload bytes read; not "
                        "read: encrypted 300 bytes, limit 45 bytes; missing: "
                        "1 byte\n2 packets skipped: not_ip 2\n");
    buf_clear(&out);
}

/* A sensor tells an incident more than once: the first line says where. */
static void test_a_sensor_says_the_status(void **state)
{
    struct alert a = fixture_alert();
    struct buf out;

    (void)state;
    a.status = ALERT_UPDATE;
    a.sequence = 3;
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("table"))->alert(&a, &fixture_run, &out));
    assert_non_null(
        strstr(text_of(&out), "party  [bulk-outbound]  update, alert 3\n"));
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_block),
        cmocka_unit_test(test_long_and_wide_names_stay_in_the_width),
        cmocka_unit_test(test_bytes_that_could_not_be_read),
        cmocka_unit_test(test_the_closing_summary),
        cmocka_unit_test(test_a_sensor_says_the_status),
    };
    return cmocka_run_group_tests_name("output/table", tests, NULL, NULL);
}
