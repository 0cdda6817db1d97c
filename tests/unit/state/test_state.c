// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_state.c - what is committed is there again, and only that.
 */
#include "state/room.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/store.h"

static int setup(void **state)
{
    static struct room room;

    room_open(&room);
    *state = &room;
    return 0;
}

static int teardown(void **state)
{
    room_close(*state);
    return 0;
}

static void test_what_was_committed_is_there(void **state)
{
    static const char lines[] =
        "10 taro > drop http pkt=3-9 cap=1 : a1-20+N+e1-20*2\n"
        "90000 taro > box ftp trail=x.csv file=x read=9 missing=3 lack=4 odd"
        " span=3 : a15-30+N\n"
        "90001 taro > box ftp tls=700 : \n";
    struct ledger *plain = room_ledger(lines), *again;
    struct state *st = room_state(*state);
    char want[8192];

    snprintf(want, sizeof(want), "%s", room_verdict(plain, 5));
    assert_int_not_equal(strlen(want), 0);
    ledger_free(plain);
    room_put(st, "taro", lines);
    assert_true(state_waiting(st));
    assert_int_equal(state_commit(st), ERR_OK);
    assert_false(state_waiting(st));
    state_close(st);
    st = room_state(*state);
    again = room_load(st, "taro");
    assert_string_equal(room_verdict(again, 5), want);
    ledger_free(again);
    state_close(st);
}

static void test_what_was_not_committed_is_not(void **state)
{
    struct state *st = room_state(*state);

    room_put(st, "taro", "10 taro > drop http : a1-3");
    assert_int_equal(state_commit(st), ERR_OK);
    room_put(st, "taro", "11 taro > drop http flow=7 : a4-5");
    assert_int_equal(room_customers(st, "taro"), 5); /* it waits */
    state_close(st);
    st = room_state(*state);
    assert_int_equal(room_customers(st, "taro"), 3);
    state_close(st);
}

static void test_books_keep_their_numbers_and_days(void **state)
{
    struct state *st = room_state(*state);
    struct state_book b;
    char name[16];

    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof(name), "user%d", i);
        assert_int_equal(state_book(st, i % 2, name), i);
    }
    room_put(st, "user8",
             "86400 u > drop http : a1\n259200 u > drop http : a1");
    assert_int_equal(state_commit(st), ERR_OK);
    state_close(st);
    st = room_state(*state);
    assert_int_equal(state_books(st), 200);
    assert_int_equal(state_book(st, BOOK_PARTY, "user7"), 7);
    assert_int_equal(state_book(st, BOOK_EMPLOYEE, "user7"), 200);
    b = state_book_at(st, 8);
    assert_string_equal(b.name, "user8");
    assert_int_equal(b.first, 1);
    assert_int_equal(b.last, 3);
    b = state_book_at(st, 9);
    assert_true(b.first > b.last);
    state_close(st);
}

static void test_captures_have_one_number_in_all_runs(void **state)
{
    struct state *st = room_state(*state);
    const char *const *names;
    size_t count;

    assert_int_equal(state_capture(st, "monday.pcap"), 0);
    assert_int_equal(state_capture(st, "tuesday.pcap"), 1);
    assert_int_equal(state_commit(st), ERR_OK);
    state_close(st);
    st = room_state(*state);
    assert_int_equal(state_capture(st, "tuesday.pcap"), 1);
    assert_int_equal(state_capture(st, "wednesday.pcap"), 2);
    names = state_captures(st, &count);
    assert_int_equal(count, 3);
    assert_string_equal(names[0], "monday.pcap");
    state_close(st);
}

static void test_a_weak_name_is_known_from_another_book(void **state)
{
    struct state *st = room_state(*state);

    /* The same customers: by account in one book, by phone in another. */
    room_put(st, "taro", "10 taro > drop http : a1-9+p1-9");
    assert_int_equal(state_commit(st), ERR_OK);
    room_put(st, "jiro", "20 jiro > drop http flow=8 : a1-9 p1-9");
    assert_int_equal(room_customers(st, "jiro"), 9);
    assert_int_equal(state_commit(st), ERR_OK);
    assert_int_equal(room_customers(st, "jiro"), 9);
    /* And to the end: a phone of an e-mail of an account. */
    room_put(st, "saburo", "30 s > drop http flow=9 : e5+p40");
    room_put(st, "shiro", "30 s > drop http flow=10 : a5+e5");
    room_put(st, "goro", "40 g > drop http flow=11 : p40 a5 p41");
    assert_int_equal(room_customers(st, "goro"), 2);
    assert_int_equal(state_commit(st), ERR_OK);
    state_close(st);
    st = room_state(*state);
    assert_int_equal(room_customers(st, "goro"), 2);
    state_close(st);
}

/* Ties of many commits: joined, moved to the table, still what they were. */
static void test_ties_are_the_same_wherever_they_stand(void **state)
{
    struct state *st = room_state(*state);
    char lines[96];

    st->ties_recent = 150;
    for (unsigned i = 0; i < 40; i++) {
        snprintf(lines, sizeof(lines),
                 "%u taro > drop http flow=%u : a%u-%u+p%u-%u", 10 + i, i + 1,
                 i * 5, i * 5 + 7, i * 5, i * 5 + 7);
        room_put(st, "taro", lines);
        assert_int_equal(state_commit(st), ERR_OK);
        if (i % 3 == 0)
            (void)state_tend(st, 0, 1);
        if (i == 17) { /* in the middle of things */
            state_close(st);
            st = room_state(*state);
            st->ties_recent = 150;
        }
    }
    while (state_tend(st, 0, 1))
        continue;
    assert_true(st->tie_count < 150);
    assert_true(st->recent_count < 12);
    assert_true(sql_number_of(st->db, "SELECT count(*) FROM ties", 0) > 50);
    room_put(st, "jiro", "99 jiro > drop http flow=99 : a0-202 p0-202");
    assert_int_equal(room_customers(st, "jiro"), 203);
    state_close(st);
}

static void test_old_days_and_ties_are_dropped(void **state)
{
    struct state *st = room_state(*state);
    char lines[96];

    for (unsigned day = 0; day < 100; day++) {
        snprintf(lines, sizeof(lines), "%u taro > drop http flow=%u : a%u+p%u",
                 day * 86400 + 5, day + 1, day, day);
        room_put(st, "taro", lines);
        assert_int_equal(state_commit(st), ERR_OK);
    }
    while (state_tend(st, 70, 99))
        continue;
    assert_int_equal(room_customers(st, "taro"), 30);
    assert_int_equal(state_book_at(st, 0).first, 70);
    assert_in_range(st->tie_count, 30, 64);
    state_close(st);
    st = room_state(*state);
    assert_int_equal(room_customers(st, "taro"), 30);
    state_close(st);
}

static void put_incident(struct state *st, const char *id, uint32_t sequence,
                         enum alert_status status);

static void test_what_an_open_incident_holds_is_kept(void **state)
{
    struct state *st = room_state(*state);

    room_put(st, "taro",
             "5 taro > drop http : a1\n"
             "864000 taro > drop http : a2");
    put_incident(st, "aa", 1, ALERT_OPEN);
    assert_int_equal(state_commit(st), ERR_OK);
    while (state_tend(st, 10, 10))
        continue;
    assert_int_equal(room_customers(st, "taro"), 2);
    put_incident(st, "aa", 2, ALERT_FINAL);
    assert_int_equal(state_commit(st), ERR_OK);
    while (state_tend(st, 10, 10))
        continue;
    assert_int_equal(room_customers(st, "taro"), 1);
    state_close(st);
}

/* 16 employees, 20 days, 300 customers on each: the whole file is counted. */
static void test_a_pair_takes_few_bytes(void **state)
{
    enum { BOOKS = 16, DAYS = 20, ROWS = 300 };
    const struct room *r = *state;
    struct state *st = room_state(*state);
    char lines[128], name[16], path[96];
    struct stat file;

    for (unsigned day = 0; day < DAYS; day++) {
        for (unsigned book = 0; book < BOOKS; book++) {
            unsigned from = (book * DAYS + day) * 977;
            snprintf(name, sizeof(name), "user%u", book);
            snprintf(lines, sizeof(lines),
                     "%u %s > drop http flow=%u step=0.003 : i%u-%u+N",
                     day * 86400 + book, name, day + 1, from, from + ROWS - 1);
            room_put(st, name, lines);
        }
        assert_int_equal(state_commit(st), ERR_OK);
    }
    while (state_tend(st, 0, DAYS))
        continue;
    state_close(st);
    snprintf(path, sizeof(path), "%s/state.db", r->dir);
    assert_int_equal(stat(path, &file), 0);
    assert_in_range(file.st_size, 1, 17 * BOOKS * DAYS * ROWS);
}

/* Many commits of a day: few rows of the table, and nothing twice. */
static void test_parts_of_a_day_are_joined(void **state)
{
    struct state *st = room_state(*state);
    char lines[96];

    for (unsigned i = 0; i < 200; i++) {
        snprintf(lines, sizeof(lines), "%u taro > drop@0 http flow=%u : a%u*3",
                 10 + i, i + 1, i);
        room_put(st, "taro", lines);
        assert_int_equal(state_commit(st), ERR_OK);
        while (state_tend(st, 0, 0))
            continue;
        assert_in_range(sql_number_of(st->db, "SELECT count(*) FROM days", -1),
                        1, 24);
    }
    while (state_tend(st, 0, 1))
        continue;
    assert_int_equal(sql_number_of(st->db, "SELECT count(*) FROM days", -1), 1);
    assert_int_equal(sql_number_of(st->db, "SELECT count(*) FROM loose", -1),
                     0);
    assert_int_equal(room_customers(st, "taro"), 200);
    state_close(st);
}

static void test_two_that_share_a_phone_make_nobody_of_it(void **state)
{
    struct state *st = room_state(*state);

    room_put(st, "taro", "10 taro > drop http : a1+p7");
    room_put(st, "jiro", "10 jiro > drop http : a2+p7");
    assert_int_equal(state_commit(st), ERR_OK);
    room_put(st, "goro", "40 g > drop http flow=11 : p7 p8");
    assert_int_equal(room_customers(st, "goro"), 1);
    state_close(st);
}

/* --- incidents -------------------------------------------------------------
 */

static bool tell(void *ctx, const struct state_incident *in)
{
    char *text = ctx;
    size_t len = strlen(text);

    snprintf(text + len, 512 - len, "%s %s %s %lld-%lld %u %u %.*s\n", in->id,
             in->rule, in->subject, (long long)in->start_ns,
             (long long)in->end_ns, in->sequence, in->status,
             (int)in->figures.len, (const char *)in->figures.ptr);
    return true;
}

static void put_incident(struct state *st, const char *id, uint32_t sequence,
                         enum alert_status status)
{
    struct state_incident in = {.rule = "bulk",
                                .subject = "taro",
                                .start_ns = 5,
                                .end_ns = 9,
                                .sequence = sequence,
                                .status = (uint8_t)status,
                                .figures = SPAN("xyz")};

    snprintf(in.id, sizeof(in.id), "%s", id);
    assert_int_equal(state_incident_put(st, &in), ERR_OK);
}

static void test_incidents_are_told_as_they_were_last_put(void **state)
{
    struct state *st = room_state(*state);
    char text[512] = "";

    put_incident(st, "aa", 1, ALERT_OPEN);
    put_incident(st, "bb", 1, ALERT_OPEN);
    put_incident(st, "aa", 2, ALERT_OPEN);
    assert_true(state_incident_each(st, tell, text));
    assert_string_equal(text, "aa bulk taro 5-9 2 0 xyz\n"
                              "bb bulk taro 5-9 1 0 xyz\n");
    assert_int_equal(state_commit(st), ERR_OK);
    put_incident(st, "aa", 3, ALERT_OPEN);
    assert_int_equal(state_incident_drop(st, "bb"), ERR_OK);
    assert_int_equal(state_commit(st), ERR_OK);
    state_close(st);
    st = room_state(*state);
    text[0] = '\0';
    assert_true(state_incident_each(st, tell, text));
    assert_string_equal(text, "aa bulk taro 5-9 3 0 xyz\n");
    state_close(st);
}

/* --- whose it is -----------------------------------------------------------
 */

/* Refused, with a word on why. */
static void refused(struct room *r, const struct keyed *key, const char *dir,
                    const char *why)
{
    struct problems p = {0};

    assert_null(state_open(dir, key, 1 << 20, &p));
    assert_int_equal(p.count, 1);
    if (!strstr(p.lines[0], why))
        fail_msg("want %s, have %s", why, p.lines[0]);
    problems_clear(&p);
    (void)r;
}

static void test_one_at_a_time(void **state)
{
    struct room *r = *state;
    struct state *st = room_state(r);

    refused(r, r->key, r->dir, "in use by another outflow (process ");
    state_close(st);
    state_close(room_state(r));
}

static void test_another_key_is_refused(void **state)
{
    static const uint8_t bytes[KEY_BYTES] = {8};
    struct room *r = *state;
    struct keyed *other = keyed_new(bytes);

    state_close(room_state(r));
    refused(r, other, r->dir, "made with another key");
    keyed_free(other);
    state_close(room_state(r));
}

static void test_a_directory_open_to_others_is_refused(void **state)
{
    struct room *r = *state;

    assert_int_equal(chmod(r->dir, 0770), 0);
    refused(r, r->key, r->dir, "want mode 0700, have 0770");
    assert_int_equal(chmod(r->dir, 0702), 0);
    refused(r, r->key, r->dir, "have 0702");
    assert_int_equal(chmod(r->dir, 0700), 0);
}

static void test_links_and_files_are_refused(void **state)
{
    struct room *r = *state;
    char path[96], inner[128];

    snprintf(path, sizeof(path), "%s/link", r->dir);
    assert_int_equal(symlink(r->dir, path), 0);
    refused(r, r->key, path, "have a symbolic link");
    snprintf(inner, sizeof(inner), "%s/state.db", r->dir);
    assert_int_equal(symlink("/dev/null", inner), 0);
    refused(r, r->key, r->dir, "state.db");
    assert_int_equal(unlink(inner), 0);
    refused(r, r->key, "/dev/null", "have a file");
    refused(r, r->key, "/dev/null/x", "cannot make it");
}

static void test_the_directory_is_made_for_us_alone(void **state)
{
    struct room *r = *state;
    struct stat st;
    char path[96];

    assert_int_equal(rmdir(r->dir), 0);
    state_close(room_state(r));
    assert_int_equal(stat(r->dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    snprintf(path, sizeof(path), "%s/state.db", r->dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_something_else_is_refused(void **state)
{
    struct room *r = *state;
    char path[96];
    FILE *f;

    snprintf(path, sizeof(path), "%s/state.db", r->dir);
    f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < 4096; i++)
        fputc('x', f);
    fclose(f);
    refused(r, r->key, r->dir, "state.db");
}

#define TEST(f) cmocka_unit_test_setup_teardown(test_##f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_committed_is_there),
        TEST(what_was_not_committed_is_not),
        TEST(books_keep_their_numbers_and_days),
        TEST(captures_have_one_number_in_all_runs),
        TEST(a_weak_name_is_known_from_another_book),
        TEST(ties_are_the_same_wherever_they_stand),
        TEST(old_days_and_ties_are_dropped),
        TEST(what_an_open_incident_holds_is_kept),
        TEST(a_pair_takes_few_bytes),
        TEST(parts_of_a_day_are_joined),
        TEST(two_that_share_a_phone_make_nobody_of_it),
        TEST(incidents_are_told_as_they_were_last_put),
        TEST(one_at_a_time),
        TEST(another_key_is_refused),
        TEST(a_directory_open_to_others_is_refused),
        TEST(links_and_files_are_refused),
        TEST(the_directory_is_made_for_us_alone),
        TEST(something_else_is_refused),
    };

    return cmocka_run_group_tests_name("state/state", tests, NULL, NULL);
}
