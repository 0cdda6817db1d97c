// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_front.c - detect/front.c: the label in front of a value.
 */
#include <stdio.h>

#include "detect/front.h"
#include "outflow/limits.h"
#include "support/spec.h"

struct fixture {
    struct fronts *fronts;
    struct header *header;
    struct buf plain;
};

static void set_up(struct fixture *f)
{
    f->fronts = fronts_new();
    f->header = header_new();
    assert_non_null(f->fronts);
    assert_non_null(f->header);
    buf_init(&f->plain, LIMIT_ROW);
}

static void tear_down(struct fixture *f)
{
    fronts_free(f->fronts);
    header_free(f->header);
    buf_clear(&f->plain);
}

static struct front look(struct fixture *f, struct span text)
{
    return front_of(f->fronts, f->header, &f->plain, text, text.len);
}

struct front_case {
    const char *says;
    struct span text; /* up to the value */
    enum field_type type;
    enum claim_force force;
    char sign;
};

static const struct front_case cases[] = {
    {"a key of JSON", SPAN_INIT("{\"id\":7,\"phone\": "), FIELD_PHONE,
     CLAIM_FIRM, '"'},
    {"a key at the very start", SPAN_INIT("phone="), FIELD_PHONE, CLAIM_FIRM,
     '='},
    {"tags between", SPAN_INIT("<tr><th>Phone</th>\n<td>"), FIELD_PHONE,
     CLAIM_FIRM, '<'},
    {"a label of two words", SPAN_INIT("some text, account number: "),
     FIELD_ACCOUNT_NUMBER, CLAIM_FIRM, ':'},
    {"a label longer than those remembered",
     SPAN_INIT("some text, customer account number: "), FIELD_ACCOUNT_NUMBER,
     CLAIM_FIRM, ':'},
    {"one that says the value is nobody's", SPAN_INIT("{\"order_id\": "),
     FIELD_NONE, CLAIM_NOT, '"'},
    {"one that says nothing", SPAN_INIT("{\"weight\": "), FIELD_NONE,
     CLAIM_NONE, '"'},
    {"no label", SPAN_INIT("a sentence with "), FIELD_NONE, CLAIM_NONE, 0},
    {"the last word of a dotted one", SPAN_INIT("{\"customer.3.phone\": "),
     FIELD_PHONE, CLAIM_FIRM, '"'},
    {"a percent-coded one", SPAN_INIT("&a=1&ph%6fne="), FIELD_PHONE, CLAIM_FIRM,
     '='},
    {"a zero byte in front is another label", SPAN_INIT(",,,,\0phon: "),
     FIELD_NONE, CLAIM_NONE, ':'},
};

static void assert_front(const struct front_case *c, struct front front)
{
    if (front.claim.force != c->force || front.claim.type != c->type ||
        front.sign != (uint8_t)c->sign)
        print_error("%s\n", c->says);
    assert_int_equal(front.claim.force, c->force);
    assert_int_equal(front.claim.type, c->type);
    assert_int_equal(front.sign, (uint8_t)c->sign);
}

static void test_a_label_claims_what_the_dictionary_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fixture f;
        set_up(&f);
        assert_front(&cases[i], look(&f, cases[i].text));
        tear_down(&f);
    }
}

/* In any order, and again and again. */
static void test_what_was_seen_before_changes_nothing(void **state)
{
    struct fixture f;

    (void)state;
    set_up(&f);
    for (size_t round = 0; round < 50; round++) {
        for (size_t i = 0; i < COUNT(cases); i++) {
            const struct front_case *c = &cases[i * (round + 1) % COUNT(cases)];
            assert_front(c, look(&f, c->text));
        }
    }
    tear_down(&f);
}

/* More labels than are remembered, so that they push one another out. */
static void test_many_labels_stay_apart(void **state)
{
    struct fixture f, fresh;
    char text[64];

    (void)state;
    set_up(&f);
    for (unsigned i = 0; i < 2000; i++) {
        unsigned which = i * 7919 % 1000;
        int len = snprintf(text, sizeof(text), "padding of some bytes, %s%u: ",
                           which % 3 ? "phone" : "field", which);
        struct span all = {(const uint8_t *)text, (size_t)len};
        struct front have = look(&f, all);
        set_up(&fresh);
        struct front want = look(&fresh, all);
        tear_down(&fresh);
        assert_int_equal(have.claim.force, want.claim.force);
        assert_int_equal(have.claim.type, want.claim.type);
    }
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_label_claims_what_the_dictionary_says),
        cmocka_unit_test(test_what_was_seen_before_changes_nothing),
        cmocka_unit_test(test_many_labels_stay_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
