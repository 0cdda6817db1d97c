// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_kanji.c - customer/kanji.c: the usual form of a letter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "customer/kanji.h"
#include "outflow/compiler.h"
#include "util/unicode.h"

static const uint32_t others[] = {
#define USUAL(other, usual) other,
#define FAR(other, usual)   other,
#include "customer/variants.def"
#undef USUAL
#undef FAR
};

static void test_letters(void **state)
{
    static const struct {
        uint32_t from, to;
    } cases[] = {
        {0x9AD9, 0x9AD8}, /* the ladder high */
        {0xFA11, 0x5D0E}, /* cape, beyond the table */
        {0x9089, 0x8FBA}, {0x9F4B, 0x658E}, {0x20BB7, 0x5409},
        {0x3055, 0x30B5}, /* hiragana sa */
        {0x30E7, 0x30E8}, /* small yo */
        {0x30F6, 0x30B1}, {0x4E00, 0x4E00}, {0x30FC, 0x30FC},
        {'a', 'a'},       {0xAC00, 0xAC00}, {0x10FFFF, 0x10FFFF},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(kanji_usual(cases[i].from), cases[i].to);
}

/* Else two ways to write a name could still differ. */
static void test_a_usual_form_is_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        uint32_t usual = kanji_usual(others[i]);
        assert_int_not_equal(usual, others[i]);
        assert_int_equal(kanji_usual(usual), usual);
    }
}

/* What is looked up is NFKC already: another form would never be found. */
static void test_both_sides_are_nfkc(void **state)
{
    uint8_t text[4], form[16];

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        struct span s = {text, unicode_encode(others[i], text)};
        size_t len = unicode_short(s, UNICODE_NFKC, form, sizeof(form));
        assert_true(span_eq(s, (struct span){form, len}));
    }
}

static void test_kinds(void **state)
{
    (void)state;
    assert_true(kanji_is(0x4E00) && kanji_is(0x3005) && kanji_is(0xFA11));
    assert_false(kanji_is(0x30A2) || kanji_is('a'));
    assert_true(kanji_is_kana(0x3042) && kanji_is_kana(0x30FC));
    assert_false(kanji_is_kana(0x4E00) || kanji_is_kana(' '));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_a_usual_form_is_its_own),
        cmocka_unit_test(test_both_sides_are_nfkc),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests_name("customer/kanji", tests, NULL, NULL);
}
