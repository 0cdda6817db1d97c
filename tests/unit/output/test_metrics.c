// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_metrics.c - output/metrics.c: the text format of Prometheus, said good
 * by its own checker where that is installed.
 */
#include "fixture.h"

#include <stdio.h>
#include <unistd.h>

static const struct sensor_interface taps[] = {
    {"span0", true, 900, 20, 1, 0},
    {"span1", false, 7, 0, 0, 2},
};
static const struct sensor_output outputs[] = {
    {"tls siem.bank.example:6514", true, 12, 3, 0, 0, 1},
    {"file /var/log/a\"b\\c", false, 5, 0, 1, 4, 2},
};
static const struct sensor_status sensor = {
    .interfaces = taps,
    .interface_count = COUNT(taps),
    .outputs = outputs,
    .output_count = COUNT(outputs),
    .started_s = 1312506123,
    .workers = 2,
    .restarts = {[SENSOR_WORKER] = 3, [SENSOR_SENDER] = 1},
    .incidents_open = 7,
    .spool_records = 4,
    .spool_bytes = 4096,
};

/* The counters of a run with one of everything. */
static const struct counters *seen(void)
{
    static struct counters c;

    c = (struct counters){0};
    c.packets = 10;
    c.packets_used = 9;
    c.packets_skipped[SKIP_NOT_IP] = 1;
    c.packets_dropped = 20;
    c.bytes = UINT64_C(1) << 53;
    c.unread[WHY_ENCRYPTED] = 40;
    c.records = 300;
    c.last_ns = FIXTURE_TIME;
    tally_add(&c.transfers, "smtp", 2);
    tally_add(&c.transfers, "http", 1);
    tally_add(&c.documents, "csv", 1);
    return &c;
}

static void write_page(const struct sensor_status *s, struct buf *out)
{
    const struct run_totals t = {150, 1, 12345678, 1.2349, s};

    buf_init(out, 1 << 16);
    assert_true(metrics_write(seen(), &t, out));
}

static void expect_line(const char *text, const char *line)
{
    char whole[256];

    snprintf(whole, sizeof(whole), "\n%s\n", line);
    assert_string_equal(strstr(text, whole) ? line : "nothing", line);
}

static void test_every_number_has_its_name(void **state)
{
    static const char *const lines[] = {
        "outflow_packets_total 10",
        "outflow_packets_used_total 9",
        "outflow_packets_skipped_total{reason=\"not_ip\"} 1",
        "outflow_packets_skipped_total{reason=\"flow_limit\"} 0",
        "outflow_packets_dropped_total 20",
        "outflow_wire_bytes_total 9007199254740992",
        "outflow_unread_bytes_total{reason=\"encrypted\"} 40",
        "outflow_unread_bytes_total{reason=\"limit\"} 0",
        "outflow_records_total 300",
        "outflow_transfers_total{channel=\"http\"} 1",
        "outflow_transfers_total{channel=\"smtp\"} 2",
        "outflow_documents_total{kind=\"csv\"} 1",
        "outflow_alerts_total 1",
        "outflow_cpu_seconds_total 1.234",
        "outflow_customers 150",
        "outflow_peak_memory_bytes 12345678",
        "outflow_last_packet_timestamp_seconds 1312506123",
        "outflow_start_time_seconds 1312506123",
        "outflow_workers 2",
        "outflow_restarts_total{process=\"worker\"} 3",
        "outflow_restarts_total{process=\"judge\"} 0",
        "outflow_incidents_open 7",
        "outflow_spool_records 4",
        "outflow_spool_bytes 4096",
        "outflow_interface_up{interface=\"span0\"} 1",
        "outflow_interface_up{interface=\"span1\"} 0",
        "outflow_interface_packets_received_total{interface=\"span0\"} 900",
        "outflow_interface_packets_dropped_total{interface=\"span0\"} 20",
        "outflow_interface_packets_lost_total{interface=\"span0\"} 1",
        "outflow_interface_returns_total{interface=\"span1\"} 2",
        "outflow_output_up{output=\"tls siem.bank.example:6514\"} 1",
        "outflow_output_waiting{output=\"file /var/log/a\\\"b\\\\c\"} 4",
    };
    struct buf out;

    (void)state;
    write_page(&sensor, &out);
    for (size_t i = 0; i < COUNT(lines); i++)
        expect_line(text_of(&out), lines[i]);
    buf_clear(&out);
}

/* Each metric: HELP, TYPE, values, in one block; no metric twice. */
static void test_every_metric_is_explained_once(void **state)
{
    char seen_before[1 << 13] = "\n", name[128], key[140];
    struct buf out;
    unsigned metrics = 0;

    (void)state;
    write_page(&sensor, &out);
    for (const char *at = text_of(&out); *at; at = strchr(at, '\n') + 1) {
        const char *from = at + (*at == '#' ? strlen("# HELP ") : 0);
        assert_int_equal(sscanf(from, "%127[a-z_]", name), 1);
        snprintf(key, sizeof(key), "\n%s\n", name);
        if (strncmp(at, "# HELP ", 7) == 0) {
            assert_null(strstr(seen_before, key));
            assert_true(strlen(seen_before) + 130 < sizeof(seen_before));
            strcat(seen_before, key + 1);
            metrics++;
        }
        const char *last = strstr(seen_before, key);
        assert_non_null(last);                       /* explained before */
        assert_int_equal(strlen(last), strlen(key)); /* and just before */
    }
    assert_true(metrics >= 40);
    buf_clear(&out);
}

/* Every metric stands on the page of those who run a sensor. */
static void test_every_metric_is_on_its_page(void **state)
{
    static char page[1 << 16];
    char name[128], word[140];
    struct buf out;

    (void)state;
    FILE *in = fopen(TEST_SOURCE_DIR "/docs/sensor.md", "re");
    assert_non_null(in);
    page[fread(page, 1, sizeof(page) - 1, in)] = '\0';
    fclose(in);
    write_page(&sensor, &out);
    const char *at = text_of(&out);
    while ((at = strstr(at, "# HELP ")) != NULL) {
        at += strlen("# HELP ");
        assert_int_equal(sscanf(at, "%127[a-z_]", name), 1);
        snprintf(word, sizeof(word), "`%s`", name);
        assert_string_equal(strstr(page, word) ? word : "nothing", word);
    }
    buf_clear(&out);
}

static void test_a_run_without_a_sensor_has_no_sensor(void **state)
{
    struct buf out;

    (void)state;
    write_page(NULL, &out);
    assert_null(strstr(text_of(&out), "interface"));
    expect_line(text_of(&out), "outflow_packets_total 10");
    buf_clear(&out);
}

static void test_promtool_finds_nothing(void **state)
{
    char path[] = "/tmp/outflow-metrics-XXXXXX", words[128];
    struct buf out;

    (void)state;
    if (system("command -v promtool >/dev/null") != 0)
        skip();
    write_page(&sensor, &out);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, out.ptr, out.len), (ssize_t)out.len);
    close(fd);
    snprintf(words, sizeof(words), "promtool check metrics < %s", path);
    int status = system(words);
    unlink(path);
    assert_int_equal(status, 0);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_number_has_its_name),
        cmocka_unit_test(test_every_metric_is_explained_once),
        cmocka_unit_test(test_every_metric_is_on_its_page),
        cmocka_unit_test(test_a_run_without_a_sensor_has_no_sensor),
        cmocka_unit_test(test_promtool_finds_nothing),
    };
    return cmocka_run_group_tests_name("output/metrics", tests, NULL, NULL);
}
