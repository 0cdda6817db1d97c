// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_syslog.c - output/syslog.c: messages as a receiver sees them.
 */
#include "fixture.h"
#include "receiver.h"

static char unix_word[] = "unix", tcp_word[] = "tcp", cef_word[] = "cef",
            json_word[] = "json", loopback[] = "127.0.0.1";

static const char head[] =
    "<130>1 2011-08-05T01:03:05.123457Z sensor1 outflow - "
    "customer-data-exposed [meta sequenceId=\"1\"][outflow@32473 "
    "id=\"0123456789abcdef0123456789abcdef\" sequence=\"1\" "
    "status=\"final\" rule=\"bulk-outbound\" severity=\"critical\" "
    "customers=\"92408\" employee=\"taro\" party=\"drop.example\"] "
    "\xEF\xBB\xBF";

static void test_cef_over_a_unix_socket(void **state)
{
    struct alert a = fixture_alert();
    struct receiver r = {0};
    struct problems problems = {0};

    (void)state;
    receiver_unix(&r, SOCK_DGRAM);
    const struct output_settings to = {
        .transport = unix_word, .path = r.path, .format = cef_word};
    struct syslog *s = syslog_open(&to, &fixture_run, &problems);
    assert_non_null(s);
    assert_int_equal(syslog_send(s, &a), ERR_OK);
    const char *text = receiver_read(&r, r.fd);
    assert_memory_equal(text, head, sizeof(head) - 1);
    assert_memory_equal(text + sizeof(head) - 1, "CEF:0|", 6);
    assert_int_equal(syslog_send(s, &a), ERR_OK);
    assert_non_null(strstr(receiver_read(&r, r.fd), "[meta sequenceId=\"2\"]"));
    syslog_close(s);
    receiver_close(&r);
}

static void test_json_over_tcp_is_one_counted_frame(void **state)
{
    struct alert a = fixture_alert();
    struct receiver r = {0};
    struct problems problems = {0};

    (void)state;
    receiver_inet(&r, SOCK_STREAM, 0);
    const struct output_settings to = {.transport = tcp_word,
                                       .host = loopback,
                                       .port = r.port,
                                       .format = json_word};
    struct syslog *s = syslog_open(&to, &fixture_run, &problems);
    assert_non_null(s);
    int fd = receiver_accept(&r);
    assert_int_equal(syslog_send(s, &a), ERR_OK);
    syslog_close(s);
    const char *text = receiver_read(&r, fd);
    char *rest;
    unsigned long len = strtoul(text, &rest, 10);
    assert_int_equal(*rest, ' ');
    assert_int_equal(len, r.len - (size_t)(rest + 1 - text));
    assert_memory_equal(rest + 1, head, sizeof(head) - 1);
    assert_memory_equal(rest + sizeof(head), "{\"@timestamp\"", 13);
    assert_int_equal(text[r.len - 1], '}');
    (void)close(fd);
    receiver_close(&r);
}

static void test_a_full_alert_fits_and_stays_whole(void **state)
{
    static char *const formats[] = {cef_word, json_word};
    struct fixture_full full;
    struct alert a = fixture_full_alert(&full);

    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct receiver r = {0};
        struct problems problems = {0};
        receiver_unix(&r, SOCK_DGRAM);
        const struct output_settings to = {
            .transport = unix_word, .path = r.path, .format = formats[i]};
        struct syslog *s = syslog_open(&to, &fixture_run, &problems);
        assert_non_null(s);
        assert_int_equal(syslog_send(s, &a), ERR_OK);
        const char *text = receiver_read(&r, r.fd);
        assert_true(r.len <= LIMIT_FRAME_SYSLOG);
        assert_null(strchr(text, '\n'));
        if (i == 1)
            assert_string_equal(text + r.len - 3, "}}}");
        syslog_close(s);
        receiver_close(&r);
    }
}

static void test_hostile_names_stay_in_their_parameter(void **state)
{
    static const struct alert_party parties[] = {{HOSTILE, 1}};
    struct alert a = fixture_alert();
    struct receiver r = {0};
    struct problems problems = {0};
    const struct run_info run = {fixture_captures, 1, "bad host\n"};

    (void)state;
    a.parties = parties;
    receiver_unix(&r, SOCK_DGRAM);
    const struct output_settings to = {.path = r.path};
    struct syslog *s = syslog_open(&to, &run, &problems);
    assert_non_null(s);
    assert_int_equal(syslog_send(s, &a), ERR_OK);
    const char *text = receiver_read(&r, r.fd);
    assert_non_null(strstr(text, "Z badhost outflow - "));
    assert_non_null(strstr(text, " party=\"a\\\"b\\\\c=d|e\\]f;\\\\x0Ag\\\\x1B"
                                 "[2Jh\\\\xE2\\\\x80\\\\xAEi\\\\xFF\"] "));
    assert_null(strchr(text, '\n'));
    syslog_close(s);
    receiver_close(&r);
}

static void test_settings_that_cannot_be_are_said(void **state)
{
    static char table[] = "table", file[] = "o.conf",
                nowhere[] = "/nonexistent/log";
    const struct output_settings bad[] = {
        {.transport = tcp_word, .file = file, .line = 8},
        {.path = nowhere, .format = table, .file = file, .line = 9},
        {.path = nowhere, .file = file, .line = 10},
    };
    static const char *const want[] = {
        "o.conf:8: host: want the receiver's name",
        "o.conf:9: format: want one of lines for syslog, have table",
        "o.conf:10: outputs: cannot reach syslog at /nonexistent/log: No such "
        "file or directory",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct problems problems = {0};
        assert_null(syslog_open(&bad[i], &fixture_run, &problems));
        assert_int_equal(problems.count, 1);
        assert_string_equal(problems.lines[0], want[i]);
        problems_clear(&problems);
    }
    syslog_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cef_over_a_unix_socket),
        cmocka_unit_test(test_json_over_tcp_is_one_counted_frame),
        cmocka_unit_test(test_a_full_alert_fits_and_stays_whole),
        cmocka_unit_test(test_hostile_names_stay_in_their_parameter),
        cmocka_unit_test(test_settings_that_cannot_be_are_said),
    };
    return cmocka_run_group_tests_name("output/syslog", tests, NULL, NULL);
}
