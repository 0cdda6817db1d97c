// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_incidents.c - incidents.c and incident_state.c: what was told is
 * found again, kept, and read back, or refused when it is damaged.
 */
#include "support/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judging/incidents.h"

#define S(s) ((int64_t)(s)*1000000000)

static struct rule bulk = {.id = (char[]){"bulk"}, .within_ns = S(100)};

static struct judged judged_of(const char *id, int64_t from, int64_t to)
{
    return (struct judged){.rule = &bulk,
                           .subject = "taro",
                           .id = id,
                           .start_ns = from,
                           .end_ns = to,
                           .customers = 3,
                           .records = 4};
}

static struct incident_told *found(struct incidents *all,
                                   const struct judged *is,
                                   struct incident_told **lost)
{
    struct incident_told *told = incidents_find(all, is, lost);

    assert_non_null(told);
    incident_note(told, is, is->end_ns);
    return told;
}

static void two_that_grow_into_one_leave_the_earlier(void **state)
{
    const struct judged first = judged_of("first", S(1000), S(1010));
    const struct judged later = judged_of("later", S(1150), S(1160));
    const struct judged both = judged_of("first", S(1000), S(1160));
    struct incident_told *a, *b, *lost;
    struct incidents all;

    (void)state;
    incidents_init(&all);
    b = found(&all, &later, &lost);
    assert_null(lost);
    a = found(&all, &first, &lost);
    assert_true(a != b && !lost);
    assert_ptr_equal(found(&all, &both, &lost), a);
    assert_ptr_equal(lost, b);
    incidents_remove(&all, lost);
    assert_int_equal(all.count, 1);
    incidents_forget(&all);
}

static void many_are_found_again(void **state)
{
    struct incidents all;
    struct incident_told *lost;

    (void)state;
    incidents_init(&all);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < 1000; i++) {
            struct judged is = judged_of("id", S(1), S(2));
            char subject[16];
            snprintf(subject, sizeof(subject), "user%u", i);
            is.subject = subject;
            is.flow = i;
            (void)found(&all, &is, &lost);
        }
        assert_int_equal(all.count, 1000);
    }
    incidents_forget(&all);
}

static struct incident_told sample(void)
{
    static char rule[] = "bulk", subject[] = "taro", home[] = "etaro";
    struct incident_told told = {.rule = rule,
                                 .subject = subject,
                                 .home = home,
                                 .flow = 77,
                                 .id = "0123456789abcdef0123456789abcdef",
                                 .sequence = 9,
                                 .status = ALERT_UPDATE,
                                 .within_ns = S(100),
                                 .moved_ns = -5,
                                 .update_ns = INT64_MIN,
                                 .stirred = true};

    told.now = (struct extent){-1, 2, 3, 4, 5, 6, 7};
    told.said = (struct extent){1, 2, 3, 4, 5, 6, 8};
    return told;
}

static bool same(const struct extent *a, const struct extent *b)
{
    return a->start_ns == b->start_ns && a->end_ns == b->end_ns &&
           a->customers == b->customers && a->records == b->records &&
           a->bytes == b->bytes && a->fields == b->fields &&
           a->parties == b->parties;
}

static void what_is_kept_comes_back(void **state)
{
    const struct incident_told told = sample();
    struct incident_told back;
    struct state_incident row;
    struct buf figures;

    (void)state;
    buf_init(&figures, 4096);
    assert_true(incident_save(&told, &figures, &row));
    assert_int_equal(row.sequence, 9);
    assert_true(incident_restore(&row, &back));
    assert_string_equal(back.home, "etaro");
    assert_string_equal(back.id, told.id);
    assert_true(back.flow == 77 && back.stirred && back.moved_ns == -5);
    assert_true(back.update_ns == INT64_MIN && back.within_ns == S(100));
    assert_int_equal(back.status, ALERT_UPDATE);
    assert_true(same(&back.now, &told.now) && same(&back.said, &told.said));
    buf_clear(&figures);
}

static void what_is_cut_or_strange_is_refused(void **state)
{
    const struct incident_told told = sample();
    struct incident_told back;
    struct state_incident row;
    struct buf figures;

    (void)state;
    buf_init(&figures, 4096);
    assert_true(incident_save(&told, &figures, &row));
    for (size_t len = 0; len < figures.len; len++) {
        uint8_t *cut = malloc(len + 1); /* as long as it is, for asan */
        struct state_incident other = row;
        assert_non_null(cut);
        memcpy(cut, figures.ptr, len);
        other.figures = (struct span){cut, len};
        assert_false(incident_restore(&other, &back));
        free(cut);
    }
    figures.ptr[0]++;
    assert_false(incident_restore(&row, &back));
    figures.ptr[0]--;
    row.status = ALERT_FINAL + 1;
    assert_false(incident_restore(&row, &back));
    buf_clear(&figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_that_grow_into_one_leave_the_earlier),
        cmocka_unit_test(many_are_found_again),
        cmocka_unit_test(what_is_kept_comes_back),
        cmocka_unit_test(what_is_cut_or_strange_is_refused),
    };

    return cmocka_run_group_tests_name("sensor/incidents", tests, NULL, NULL);
}
