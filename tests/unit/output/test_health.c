// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_health.c - output/health.c and util/event.c: events in every format.
 */
#include "fixture.h"
#include "output/words.h"

static struct event fixture_event(enum event_kind kind)
{
    struct event e = event_now(kind, "span0", "why\n=|");

    e.time_ns = FIXTURE_TIME;
    e.count = 1234;
    e.total = 5678;
    return e;
}

static void test_a_sentence_names_subject_counts_and_text(void **state)
{
    static const struct {
        enum event_kind kind;
        const char *want;
    } rows[] = {
        {EVENT_INTERFACE_DOWN, "interface span0 is down: why\\x0A=|"},
        {EVENT_KERNEL_DROPS,
         "1,234 packets on span0 were dropped by the kernel, 5,678 since the "
         "start: why\\x0A=|"},
        {EVENT_STARTED, "the sensor has started: why\\x0A=|"},
    };
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct event e = fixture_event(rows[i].kind);
        struct put p = put_to(&out);
        buf_reset(&out);
        words_event(&p, ESCAPE_PLAIN, &e);
        assert_string_equal(text_of(&out), rows[i].want);
    }
    buf_clear(&out);
}

static void test_every_kind_has_words_in_every_format(void **state)
{
    static const char *const formats[] = {"table", "json", "cef", "leef",
                                          "ocsf"};
    struct buf out;

    (void)state;
    buf_init(&out, LIMIT_ALERT);
    for (unsigned k = 1; k < EVENT_KINDS; k++) {
        struct event e = fixture_event((enum event_kind)k);
        assert_true(event_sound(&e));
        for (size_t i = 0; i < COUNT(formats); i++) {
            buf_reset(&out);
            assert_true(output_format_find(span_of(formats[i]))
                            ->event(&e, &fixture_run, &out));
            const char *text = text_of(&out);
            assert_null(strchr(text, '\n'));
            assert_null(strchr(text, '$'));
            if (i > 0)
                assert_non_null(strstr(text, event_name(e.kind)));
        }
    }
    buf_clear(&out);
}

static void test_every_kind_stands_in_the_documents(void **state)
{
    FILE *f = fopen(TEST_SOURCE_DIR "/docs/alerts.md", "re");
    struct buf text;
    int c;

    (void)state;
    assert_non_null(f);
    buf_init(&text, LIMIT_ALERT);
    while ((c = fgetc(f)) != EOF)
        assert_true(buf_add_byte(&text, (uint8_t)c));
    (void)fclose(f);
    for (unsigned k = 1; k < EVENT_KINDS; k++) {
        char want[64];
        (void)snprintf(want, sizeof(want), "| `%s` | %s |",
                       event_name((enum event_kind)k),
                       words_severity(event_severity((enum event_kind)k)));
        if (!strstr(text_of(&text), want))
            fail_msg("docs/alerts.md: want %s", want);
    }
    buf_clear(&text);
}

static void test_an_event_as_json(void **state)
{
    struct event e = fixture_event(EVENT_SILENCE);
    struct buf out;

    (void)state;
    e.text[0] = '\0';
    buf_init(&out, LIMIT_ALERT);
    assert_true(
        output_format_find(SPAN("json"))->event(&e, &fixture_run, &out));
    assert_string_equal(
        text_of(&out),
        "{\"@timestamp\":\"2011-08-05T01:02:03.123456Z\",\"ecs\":{\"version\":"
        "\"8.11\"},\"event\":{\"kind\":\"event\",\"category\":[\"host\"],"
        "\"type\":[\"info\"],\"module\":\"outflow\",\"dataset\":"
        "\"outflow.health\",\"action\":\"silence\",\"id\":"
        "\"4446376c3359f2196dea023424ffd7f9\",\"sequence\":1,\"severity\":47,"
        "\"reason\":\"no packet on span0 for 1,234 seconds\"},\"observer\":{"
        "\"name\":\"sensor1\",\"product\":\"outflow\",\"version\":"
        "\"" OUTFLOW_VERSION "\"},\"outflow\":{\"severity\":\"medium\","
        "\"subject\":\"span0\",\"count\":1234,\"total\":5678}}");
    buf_clear(&out);
}

static void test_what_a_pipe_gave_is_looked_at(void **state)
{
    struct event e = fixture_event(EVENT_SILENCE);

    (void)state;
    assert_true(sizeof(e) <= 4096); /* PIPE_BUF: one write is whole */
    assert_true(event_sound(&e));
    e.kind = EVENT_KINDS;
    assert_false(event_sound(&e));
    assert_string_equal(event_name(e.kind), "none");
    e = fixture_event(EVENT_SILENCE);
    memset(e.text, 'x', sizeof(e.text));
    assert_false(event_sound(&e));
    e = fixture_event(EVENT_SILENCE);
    memset(e.subject, 'x', sizeof(e.subject));
    assert_false(event_sound(&e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sentence_names_subject_counts_and_text),
        cmocka_unit_test(test_every_kind_has_words_in_every_format),
        cmocka_unit_test(test_every_kind_stands_in_the_documents),
        cmocka_unit_test(test_an_event_as_json),
        cmocka_unit_test(test_what_a_pipe_gave_is_looked_at),
    };
    return cmocka_run_group_tests_name("output/health", tests, NULL, NULL);
}
