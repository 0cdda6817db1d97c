// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_text.c - util/text.c, clock.c, buf.c, problems.c, hash.c, counters.c.
 */
#include "support/spec.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/buf.h"
#include "outflow/err.h"
#include "outflow/exposure.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/text.h"

struct escape_case {
    const char *name;
    const char *in;
    const char *out;
    size_t room; /* 0: enough */
};

static const struct escape_case escapes[] = {
    {"plain text stays", "report.csv", "report.csv", 0},
    {"UTF-8 stays", "\xE9\xA1\xA7\xE5\xAE\xA2.csv",
     "\xE9\xA1\xA7\xE5\xAE\xA2.csv", 0},
    {"a newline is written out", "a\nb", "a\\x0Ab", 0},
    {"ESC and DEL are written out", "\x1B[m\x7F", "\\x1B[m\\x7F", 0},
    {"C1 controls are written out", "\xC2\x85", "\\xC2\\x85", 0},
    {"a line separator is written out", "\xE2\x80\xA8", "\\xE2\\x80\\xA8", 0},
    {"a bidi override is written out", "\xE2\x80\xAE", "\\xE2\\x80\\xAE", 0},
    {"bytes that are no UTF-8 are written out", "\x83\xFFz", "\\x83\\xFFz", 0},
    {"an overlong form is no UTF-8", "\xC0\xAF", "\\xC0\\xAF", 0},
    {"a surrogate is no UTF-8", "\xED\xA0\x80", "\\xED\\xA0\\x80", 0},
    {"what does not fit is cut before a character", "ab\xE9\xA1\xA7", "ab", 5},
    {"and before an escape", "ab\n", "ab", 6},
    {"no room but for the end gives nothing", "ab", "", 1},
};

static void test_escape(void **state)
{
    const struct escape_case *c = *state;
    char out[128];

    size_t len = text_escape(span_of(c->in), out, c->room ? c->room : 128);
    assert_string_equal(out, c->out);
    assert_int_equal(len, strlen(c->out));
}

struct time_case {
    const char *name;
    const char *in;
    const char *out; /* NULL: refused */
};

static const struct time_case times[] = {
    {"UTC comes back", "2011-08-05T01:02:03.123456Z",
     "2011-08-05T01:02:03.123456Z"},
    {"nanoseconds are cut, not rounded", "2011-08-05T01:02:03.123456999Z",
     "2011-08-05T01:02:03.123456Z"},
    {"an offset is taken off", "2011-08-05T10:02:03+09:00",
     "2011-08-05T01:02:03.000000Z"},
    {"a day before 1970", "1969-12-31T23:59:59.5Z",
     "1969-12-31T23:59:59.500000Z"},
    {"a leap day", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"},
    {"no leap day in 2023", "2023-02-29T00:00:00Z", NULL},
    {"a thirteenth month", "2023-13-01T00:00:00Z", NULL},
    {"no offset at all", "2023-01-01T00:00:00", NULL},
    {"something behind it", "2023-01-01T00:00:00Zx", NULL},
    {"an hour too many", "2023-01-01T24:00:00Z", NULL},
    {"no digits behind the point", "2023-01-01T00:00:00.Z", NULL},
};

static void test_time(void **state)
{
    const struct time_case *c = *state;
    char out[CLOCK_TEXT];
    int64_t ns = 0;

    bool good = clock_parse(span_of(c->in), &ns);
    assert_int_equal(good, c->out != NULL);
    if (good)
        assert_string_equal(clock_text(ns, out), c->out);
}

static void distances_count_single_letters(void **state)
{
    (void)state;
    assert_int_equal(text_distance(SPAN("smtp"), SPAN("sntp")), 1);
    assert_int_equal(text_distance(SPAN("fields"), SPAN("feilds")), 2);
    assert_int_equal(text_distance(SPAN(""), SPAN("abc")), 3);
    assert_int_equal(text_distance(SPAN("abc"), SPAN("abc")), 0);
}

static void a_buf_never_passes_its_cap(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 100);
    for (int i = 0; i < 100; i++)
        assert_true(buf_add_byte(&b, 'a'));
    assert_false(buf_add_byte(&b, 'b'));
    assert_int_equal(b.len, 100);
    buf_drop(&b, 60);
    assert_true(buf_add(&b, SPAN("0123456789")));
    assert_int_equal(b.len, 50);
    assert_int_equal(b.ptr[49], '9');
    buf_drop(&b, 999);
    assert_int_equal(b.len, 0);
    buf_clear(&b);
    assert_true(buf_printf(&b, "%d-%s", 7, "x"));
    assert_true(span_eq(buf_span(&b), SPAN("7-x")));
    buf_clear(&b);
}

static void problems_are_kept_in_order_and_bounded(void **state)
{
    struct problems p = {0};

    (void)state;
    problems_add(&p, "%s:%d: bad\n", "a.conf", 7);
    assert_string_equal(p.lines[0], "a.conf:7: bad\\x0A");
    for (int i = 0; i < LIMIT_PROBLEMS + 5; i++)
        problems_add(&p, "again");
    assert_int_equal(p.count, LIMIT_PROBLEMS);
    assert_int_equal(p.lost, 6);
    problems_clear(&p);
    assert_int_equal(p.count + p.lost, 0);
}

static void hashes_depend_on_every_byte_and_the_key(void **state)
{
    struct hash_key a = hash_key_from(1), b = hash_key_from(2);

    (void)state;
    assert_true(hash_bytes(&a, SPAN("abcdefghi")) ==
                hash_bytes(&a, SPAN("abcdefghi")));
    assert_true(hash_bytes(&a, SPAN("abcdefghi")) !=
                hash_bytes(&a, SPAN("abcdefghj")));
    assert_true(hash_bytes(&a, SPAN("a")) != hash_bytes(&a, SPAN("a\0")));
    assert_true(hash_bytes(&a, SPAN("a")) != hash_bytes(&b, SPAN("a")));
}

static void counters_add_up(void **state)
{
    struct counters *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));

    (void)state;
    assert_true(a && b);
    a->packets = 2;
    b->packets = 3;
    b->first_ns = 5;
    b->last_ns = 9;
    b->unread[WHY_LIMIT] = 4;
    tally_add(&a->transfers, "http", 1);
    tally_add(&b->transfers, "smtp", 2);
    tally_add(&b->transfers, "http", 2);
    counters_add(a, b);
    assert_int_equal(a->packets, 5);
    assert_int_equal(a->unread[WHY_LIMIT], 4);
    assert_int_equal(a->first_ns, 5);
    assert_int_equal(a->last_ns, 9);
    assert_string_equal(a->transfers.row[0].name, "http");
    assert_int_equal(a->transfers.row[0].count, 3);
    assert_int_equal(a->transfers.row[1].count, 2);
    free(a);
    free(b);
}

static void a_tally_past_its_room_counts_as_other(void **state)
{
    struct tally *t = calloc(1, sizeof(*t));
    char name[8] = "k00";

    (void)state;
    assert_non_null(t);
    for (int i = 0; i < TALLY_NAMES + 10; i++) {
        name[1] = (char)('0' + i / 20);
        name[2] = (char)('A' + i % 20);
        tally_add(t, name, 1);
    }
    assert_int_equal(t->rows, TALLY_NAMES);
    assert_string_equal(t->row[TALLY_NAMES - 1].name, "other");
    assert_int_equal(t->row[TALLY_NAMES - 1].count, 11);
    free(t);
}

static void words_of_the_tables_are_found(void **state)
{
    (void)state;
    assert_string_equal(why_name(WHY_ENCRYPTED), "encrypted");
    assert_string_equal(skip_name(SKIP_NOT_IP), "not_ip");
    assert_string_equal(anomaly_name(ANOMALY_OVERLAP), "overlap");
    assert_int_equal(anomaly_find(SPAN("overlap")), ANOMALY_OVERLAP);
    assert_int_equal(anomaly_find(SPAN("nothing")), ANOMALIES);
    assert_int_equal(field_find(SPAN("phone")), FIELD_PHONE);
    assert_int_equal(field_find(SPAN("fax")), FIELD_NONE);
    assert_string_equal(field_name(FIELD_NONE), "none");
    assert_true(field_identifies(FIELD_EMAIL));
    assert_false(field_identifies(FIELD_ADDRESS));
}

int main(void)
{
    struct CMUnitTest tests[64] = {
        cmocka_unit_test(distances_count_single_letters),
        cmocka_unit_test(a_buf_never_passes_its_cap),
        cmocka_unit_test(problems_are_kept_in_order_and_bounded),
        cmocka_unit_test(hashes_depend_on_every_byte_and_the_key),
        cmocka_unit_test(counters_add_up),
        cmocka_unit_test(a_tally_past_its_room_counts_as_other),
        cmocka_unit_test(words_of_the_tables_are_found),
    };
    size_t count = 7;

    SPEC_TABLE(tests, count, escapes, test_escape);
    SPEC_TABLE(tests, count, times, test_time);
    return SPEC_RUN("util/text", tests, count);
}
