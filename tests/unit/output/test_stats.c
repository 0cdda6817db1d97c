// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_stats.c - output/stats.c: every counter of the interface by name.
 */
#include "fixture.h"

static void test_counters_by_name(void **state)
{
    static struct counters c;
    const struct run_totals t = {3, 1, 12345678, 1.2349};
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counters_by_name)};
    return cmocka_run_group_tests_name("output/stats", tests, NULL, NULL);
}
