// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_mask.c - customer/mask.c: what may be shown of each kind of name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "customer/mask.h"
#include "outflow/compiler.h"

struct mask_case {
    enum name_kind kind;
    const char *normal, *want;
};

static const struct mask_case cases[] = {
    {NAME_CARD, "3530111333300000", "353011******0000"},
    {NAME_CARD, "378282246310005", "378282*****0005"},
    {NAME_CARD, "6759649826438453123", "675964*********3123"},
    {NAME_CARD, "501812345678", "**********78"},
    {NAME_ACCOUNT, "3530111333300000", "**************00"},
    {NAME_ACCOUNT, "1234567", "*****67"},
    {NAME_ACCOUNT_SHAPE, "1234", "**34"},
    {NAME_ACCOUNT, "123", "***"},
    {NAME_ACCOUNT, "会員12", "**12"},
    {NAME_ACCOUNT, "12会員", "****"},
    {NAME_IBAN, "DE89370400440532013000", "********************00"},
    {NAME_IBAN, "MT84MALT011000012345MTLCAST001S", "*********************1S"},
    {NAME_NATIONAL_ID, "078051120", "*******20"},
    {NAME_PHONE, "312345678", "*******78"},
    {NAME_EMAIL, "taro@example.com", "***"},
    {NAME_BIRTH, "山田太郎", "***"},
    {NAME_ADDRESS, "x", "***"},
    {NAME_POSTAL, "", "***"},
};

static void test_masks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char mask[RECORD_MASK];
        mask_make(cases[i].kind, span_of(cases[i].normal), mask);
        assert_string_equal(mask, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_masks)};
    return cmocka_run_group_tests_name("customer/mask", tests, NULL, NULL);
}
