// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_spool.c - output/spool.c and pull.c: what goes in comes out, once.
 */
#include "spooling.h"

static void test_an_alert_comes_out_as_it_went_in(void **state)
{
    struct fixture_full full;
    struct alert alerts[] = {fixture_alert(), fixture_full_alert(&full)};
    struct spooling t;

    (void)state;
    spooling_begin(&t);
    memcpy(alerts[1].id, "ffffffffffffffffffffffffffffffff", 33);
    for (size_t i = 0; i < COUNT(alerts); i++) {
        assert_int_equal(spool_alert(t.spool, &alerts[i], NULL), ERR_OK);
        assert_false(spooling_next(&t)); /* not before the sync */
        assert_int_equal(spool_sync(t.spool), ERR_OK);
        assert_true(spooling_next(&t));
        assert_false(t.entry.is_event);
        spooling_same(&t, &alerts[i]);
    }
    assert_false(spooling_next(&t));
    spooling_end(&t);
}

static void test_an_event_comes_out_as_it_went_in(void **state)
{
    struct event e = event_now(EVENT_INTERFACE_GONE, "span0", "why");
    struct spooling t;

    (void)state;
    spooling_begin(&t);
    e.count = 7;
    assert_int_equal(spool_event(t.spool, &e), ERR_OK);
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    assert_true(spooling_next(&t));
    assert_true(t.entry.is_event);
    assert_memory_equal(&t.entry.event, &e, sizeof(e));
    spooling_end(&t);
}

static void test_a_repeat_is_ignored_another_text_gets_a_number(void **state)
{
    struct alert a = fixture_alert();
    struct spooling t;
    unsigned used = 0;

    (void)state;
    spooling_begin(&t);
    a.sequence = 3;
    assert_int_equal(spool_sequence(t.spool, a.id), 0);
    assert_int_equal(spool_alert(t.spool, &a, NULL), ERR_OK);
    spooling_restart(&t);
    assert_int_equal(spool_sequence(t.spool, a.id), 3);
    assert_int_equal(spool_alert(t.spool, &a, &used), ERR_OK);
    assert_int_equal(used, 3);
    a.sequence = 2; /* older than what the spool has */
    assert_int_equal(spool_alert(t.spool, &a, NULL), ERR_OK);
    a.sequence = 3;
    a.customers++; /* the same sequence, but more is known */
    assert_int_equal(spool_alert(t.spool, &a, &used), ERR_OK);
    assert_int_equal(used, 4);
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    assert_true(spooling_next(&t));
    assert_int_equal(t.frame.sequence, 3);
    assert_true(spooling_next(&t));
    assert_int_equal(t.frame.sequence, 4);
    assert_int_equal(t.entry.alert.sequence, 4);
    assert_int_equal(t.entry.alert.customers, a.customers);
    assert_false(spooling_next(&t));
    spooling_end(&t);
}

static void test_numbers_go_on_after_a_restart(void **state)
{
    struct spooling t;

    (void)state;
    spooling_begin(&t);
    for (unsigned i = 0; i < 50; i++) {
        spooling_put(&t, i, ALERT_OPEN);
        if (i % 7 == 0)
            spooling_restart(&t);
    }
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    for (unsigned i = 0; i < 50; i++) {
        assert_true(spooling_next(&t));
        assert_int_equal(t.frame.number, i + 1);
        assert_int_equal(t.entry.alert.customers, i);
    }
    assert_false(spooling_next(&t));
    spooling_end(&t);
}

/* Every cut of the file: whole frames stay, the rest is cut off and told. */
static void test_a_torn_tail_is_cut_off_and_told(void **state)
{
    struct spooling t;

    (void)state;
    spooling_begin(&t);
    for (unsigned i = 0; i < 3; i++)
        spooling_put(&t, i, ALERT_OPEN);
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    off_t size = spooling_size(&t);
    for (off_t cut = 1; cut < size; cut += 37) {
        struct spooling u;
        spooling_begin(&u);
        for (unsigned i = 0; i < 3; i++)
            spooling_put(&u, i, ALERT_OPEN);
        assert_int_equal(spool_sync(u.spool), ERR_OK);
        spool_close(u.spool);
        u.spool = NULL;
        spooling_cut(&u, cut);
        spooling_restart(&u);
        unsigned whole = (unsigned)(cut / (size / 3));
        for (unsigned i = 0; i < whole; i++) {
            assert_true(spooling_next(&u));
            assert_int_equal(u.entry.alert.customers, i);
        }
        spooling_put(&u, 9, ALERT_OPEN);
        assert_int_equal(spool_sync(u.spool), ERR_OK);
        bool told = false, behind = false;
        while (spooling_next(&u)) {
            told = told || u.entry.is_event;
            behind =
                behind || (!u.entry.is_event && u.entry.alert.customers == 9);
        }
        assert_true(behind);
        assert_true(told == (cut % (size / 3) != 0));
        spooling_end(&u);
    }
    spooling_end(&t);
}

static void test_a_full_spool_gives_up_in_order_and_says_so(void **state)
{
    struct output_settings out = spooling_output;
    struct spooling t;
    unsigned opens = 0, updates = 0;
    uint64_t told = 0;

    (void)state;
    spooling_begin(&t);
    spooling_limit(&t, 1 << 20, &out);
    for (unsigned i = 0; i < 4000; i++) {
        spooling_put(&t, i, i % 2 == 0 ? ALERT_OPEN : ALERT_UPDATE);
        if (i % 10 == 0)
            assert_int_equal(spool_sync(t.spool), ERR_OK);
    }
    spooling_restart(&t); /* what was not told is told at the end */
    struct spool_figures figures;
    spool_figures(t.spool, &figures);
    assert_true(figures.bytes <= (1 << 20));
    while (spooling_next(&t)) {
        if (t.entry.is_event) {
            assert_int_equal(t.entry.event.kind, EVENT_SPOOL_FULL);
            told += t.entry.event.count;
            continue;
        }
        opens += t.entry.alert.status == ALERT_OPEN;
        updates += t.entry.alert.status == ALERT_UPDATE;
    }
    assert_true(opens > updates);
    assert_true(told > 0);
    spooling_end(&t);
}

static void test_delivered_segments_go_first(void **state)
{
    struct output_settings out = spooling_output;
    struct spooling t;
    struct spool_figures figures;

    (void)state;
    spooling_begin(&t);
    spooling_limit(&t, 1 << 20, &out);
    for (unsigned i = 0; i < 4000; i++) {
        struct cursor c = {.next = i + 1, .back = i + 1};
        spooling_put(&t, i, ALERT_UPDATE);
        if (i % 50 != 0)
            continue;
        assert_int_equal(spool_sync(t.spool), ERR_OK);
        assert_true(cursor_write(t.pull.folder, &out, &c));
    }
    spool_figures(t.spool, &figures);
    assert_int_equal(figures.dropped, 0);
    assert_true(figures.bytes <= (1 << 20));
    spooling_end(&t);
}

static void test_an_output_stands_as_its_cursor_says(void **state)
{
    static char host[] = "siem.example";
    struct output_settings to = spooling_output;
    struct sensor_output out;
    char name[OUTPUT_NAME];
    struct spooling t;

    (void)state;
    spooling_begin(&t);
    to.host = host;
    for (unsigned i = 0; i < 5; i++)
        spooling_put(&t, i, ALERT_OPEN);
    assert_int_equal(spool_sync(t.spool), ERR_OK);
    assert_false(output_standing(t.folder, &to, name, &out));
    assert_string_equal(out.name, "tcp siem.example:1");
    assert_int_equal(out.waiting, 5);
    const struct cursor c = {4, 1, 7, 2, 3, 1};
    assert_true(cursor_write(t.pull.folder, &to, &c));
    assert_true(output_standing(t.folder, &to, name, &out));
    assert_true(out.up);
    assert_int_equal(out.sent, 7);
    assert_int_equal(out.repeated, 2);
    assert_int_equal(out.failures, 3);
    assert_int_equal(out.waiting, 2);
    spooling_end(&t);
}

static void test_two_writers_are_refused(void **state)
{
    struct spooling t;
    struct problems problems = {0};

    (void)state;
    spooling_begin(&t);
    assert_null(spool_open(&t.settings, &problems));
    assert_int_equal(problems.count, 1);
    assert_non_null(strstr(problems.lines[0], "another outflow writes it"));
    problems_clear(&problems);
    spooling_end(&t);
}

static void test_a_folder_open_to_others_is_refused(void **state)
{
    struct spooling t;
    struct problems problems = {0};

    (void)state;
    spooling_begin(&t);
    spool_close(t.spool);
    t.spool = NULL;
    assert_int_equal(chmod(t.folder, 0755), 0);
    assert_null(spool_open(&t.settings, &problems));
    assert_non_null(strstr(problems.lines[0], "mode 755"));
    problems_clear(&problems);
    assert_int_equal(chmod(t.folder, 0700), 0);
    spooling_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_alert_comes_out_as_it_went_in),
        cmocka_unit_test(test_an_event_comes_out_as_it_went_in),
        cmocka_unit_test(test_a_repeat_is_ignored_another_text_gets_a_number),
        cmocka_unit_test(test_numbers_go_on_after_a_restart),
        cmocka_unit_test(test_a_torn_tail_is_cut_off_and_told),
        cmocka_unit_test(test_a_full_spool_gives_up_in_order_and_says_so),
        cmocka_unit_test(test_delivered_segments_go_first),
        cmocka_unit_test(test_an_output_stands_as_its_cursor_says),
        cmocka_unit_test(test_two_writers_are_refused),
        cmocka_unit_test(test_a_folder_open_to_others_is_refused),
    };
    return cmocka_run_group_tests_name("output/spool", tests, NULL, NULL);
}
