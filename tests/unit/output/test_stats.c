// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_stats.c - output/stats.c: every counter of the interface by name.
 */
#include "fixture.h"

static void test_counters_by_name(void **state)
{
    static struct counters c;
    const struct run_totals t = {3, 1, 12345678, 1.2349, NULL};
    struct buf out;

    (void)state;
    c.packets = 10;
    c.packets_used = 9;
    c.packets_skipped[SKIP_NOT_IP] = 1;
    c.payload_bytes = 100;
    c.inspected_bytes = 60;
    c.unread[WHY_ENCRYPTED] = 40;
    tally_add(&c.transfers, "smtp", 2);
    tally_add(&c.transfers, "http", 1);
    tally_add(&c.documents, "csv", 1);
    buf_init(&out, 1 << 16);
    assert_true(stats_write(&c, &t, &out));
    assert_string_equal(
        text_of(&out),
        "{\"packets\":10,\"packets_used\":9,\"packets_skipped\":{"
        "\"link_type\":0,\"truncated\":0,\"not_ip\":1,\"malformed\":0,"
        "\"tunnel_depth\":0,\"fragment_incomplete\":0,\"fragment_limit\":0,"
        "\"protocol\":0,\"flow_limit\":0},\"packets_dropped\":0,"
        "\"packets_cut\":0,\"silence_seconds\":0,\"bytes\":0,"
        "\"flows\":0,\"flows_evicted\":0,"
        "\"flows_one_way\":0,\"payload_bytes\":100,\"inspected_bytes\":60,"
        "\"unread\":{\"encrypted\":40,\"limit\":0,\"damaged\":0,"
        "\"unsupported\":0},\"unread_inside\":0,\"duplicate_bytes\":0,"
        "\"missing_bytes\":0,\"bad_checksums\":0,"
        "\"transfers\":{\"http\":1,\"smtp\":2},\"documents\":{\"csv\":1},"
        "\"records\":0,\"customers\":3,\"alerts\":1,\"seconds\":1.234,"
        "\"peak_memory\":12345678}\n");
    buf_clear(&out);
}

/* What a sensor adds stands behind the rest, and only there. */
static void test_a_sensor_adds_how_it_stands(void **state)
{
    static struct counters c;
    const struct sensor_interface taps[] = {{"span0", true, 9, 2, 1, 3}};
    const struct sensor_output outputs[] = {
        {"tcp a\"b:514", false, 5, 1, 0, 4, 2}};
    const struct sensor_status s = {
        .interfaces = taps,
        .interface_count = 1,
        .outputs = outputs,
        .output_count = 1,
        .workers = 2,
        .restarts = {[SENSOR_JUDGE] = 1},
        .incidents_open = 7,
    };
    const struct run_totals t = {.sensor = &s};
    struct buf out;

    (void)state;
    buf_init(&out, 1 << 16);
    assert_true(stats_write(&c, &t, &out));
    const char *at = strstr(text_of(&out), ",\"sensor\":");
    assert_non_null(at);
    assert_string_equal(
        at, ",\"sensor\":{\"started\":0,\"workers\":2,\"restarts\":{"
            "\"worker\":0,\"judge\":1,\"sender\":0},\"reloads\":0,"
            "\"reloads_refused\":0,\"incidents_open\":7,\"spool_records\":0,"
            "\"spool_bytes\":0,\"spool_dropped\":0,\"state_bytes\":0,"
            "\"state_failed\":0,\"state_unstored\":0,\"records_lost\":0,"
            "\"ties_lost\":0,\"health_events\":0,"
            "\"interfaces\":[{\"name\":\"span0\",\"up\":true,\"received\":9,"
            "\"dropped\":2,\"lost\":1,\"returns\":3}],"
            "\"outputs\":[{\"name\":\"tcp a\\\"b:514\",\"up\":false,"
            "\"sent\":5,\"repeated\":1,\"dropped\":0,\"waiting\":4,"
            "\"failures\":2}]}}\n");
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counters_by_name),
        cmocka_unit_test(test_a_sensor_adds_how_it_stands),
    };
    return cmocka_run_group_tests_name("output/stats", tests, NULL, NULL);
}
