// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_entry.c - output/entry.c, segment.c: damage is told, never believed.
 */
#include "fixture.h"
#include "output/entry.h"
#include "output/segment.h"

static struct entry entry;

/* What is read of damaged bytes, if it is, can be written. */
static void write_all(void)
{
    static const char *const formats[] = {"table", "json", "cef", "leef",
                                          "ocsf"};
    struct buf out;

    buf_init(&out, LIMIT_ALERT);
    entry.run.observer = "sensor1";
    for (size_t i = 0; i < COUNT(formats); i++) {
        const struct output_format *f = output_format_find(span_of(formats[i]));
        if (entry.is_event)
            (void)f->event(&entry.event, &entry.run, &out);
        else
            (void)f->alert(&entry.alert, &entry.run, &out);
    }
    buf_clear(&out);
}

static void damage(struct buf *bytes, size_t step)
{
    static const uint8_t values[] = {0x00, 0x01, 0x7f, 0xff};

    for (size_t at = 0; at < bytes->len; at += step) {
        uint8_t was = bytes->ptr[at];
        for (size_t i = 0; i < COUNT(values); i++) {
            bytes->ptr[at] = values[i];
            if (entry_read(&entry, buf_span(bytes)))
                write_all();
        }
        bytes->ptr[at] = was;
    }
    for (size_t len = 0; len < bytes->len; len += step)
        assert_false(entry_read(&entry, span_head(buf_span(bytes), len)));
    assert_true(entry_read(&entry, buf_span(bytes)));
}

static void test_damaged_entries_are_refused_or_can_be_written(void **state)
{
    struct event e = event_now(EVENT_SILENCE, "span0", "why");
    struct fixture_full full;
    struct alert a = fixture_alert();
    struct buf bytes;

    (void)state;
    buf_init(&bytes, LIMIT_ALERT);
    assert_true(entry_put_alert(&bytes, &a, &fixture_run));
    damage(&bytes, 1);
    buf_reset(&bytes);
    assert_true(entry_put_event(&bytes, &e));
    damage(&bytes, 1);
    buf_reset(&bytes);
    a = fixture_full_alert(&full);
    assert_true(entry_put_alert(&bytes, &a, &fixture_run));
    damage(&bytes, 997);
    buf_clear(&bytes);
}

static void test_a_frame_of_which_any_byte_changed_is_none(void **state)
{
    static const struct frame frame = {
        .number = 7,
        .tag = 8,
        .sequence = 9,
        .grade = GRADE_FIRM,
        .id = "0123456789abcdef0123456789abcdef",
        .entry = SPAN_INIT("some entry"),
    };
    struct frame got;
    struct buf bytes;
    size_t size = 0;

    (void)state;
    buf_init(&bytes, 1000);
    assert_true(frame_put(&bytes, &frame));
    assert_int_equal(frame_take(buf_span(&bytes), &got, &size), FRAME_ONE);
    assert_int_equal(size, bytes.len);
    assert_int_equal(got.number, 7);
    assert_int_equal(got.sequence, 9);
    assert_string_equal(got.id, frame.id);
    for (size_t at = 0; at < bytes.len; at++) {
        bytes.ptr[at] ^= 0x10;
        assert_int_not_equal(frame_take(buf_span(&bytes), &got, &size),
                             FRAME_ONE);
        bytes.ptr[at] ^= 0x10;
        assert_int_equal(
            frame_take(span_head(buf_span(&bytes), at), &got, &size),
            FRAME_PART);
    }
    buf_clear(&bytes);
}

static void test_names_of_segments(void **state)
{
    static const char *const none[] = {"",
                                       "head",
                                       "1.spool",
                                       "000000000000000g.spool",
                                       "0000000000000001.spoo",
                                       "0000000000000001.spool2"};
    char name[SEGMENT_NAME];

    (void)state;
    assert_string_equal(segment_name(0xabc, name), "0000000000000abc.spool");
    assert_int_equal(segment_number(name), 0xabc);
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(segment_number(none[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_entries_are_refused_or_can_be_written),
        cmocka_unit_test(test_a_frame_of_which_any_byte_changed_is_none),
        cmocka_unit_test(test_names_of_segments),
    };
    return cmocka_run_group_tests_name("output/entry", tests, NULL, NULL);
}
