// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_address.c - customer/address.c: the ways to write one address.
 */
#include "form_case.h"

#define ADDRESS(text, want)                                                    \
    {                                                                          \
        FIELD_ADDRESS, text, want                                              \
    }

static const struct form_case cases[] = {
    ADDRESS("東京都港区芝浦2-21-9", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦２－２１－９", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦2丁目21番9号", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦二丁目21番9号", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦二丁目二十一番九号", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦二-二一-九", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦２丁目２１番地９", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦2丁目21番地の9", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦2ー21ー9", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都 港区　芝浦 2−21−9", "東京都港区芝浦2-21-9"),
    ADDRESS("〒108-0023 東京都港区芝浦2-21-9", "東京都港区芝浦2-21-9"),
    ADDRESS("東京都港区芝浦2-21-9 コーポ山田 101号室",
            "東京都港区芝浦2-21-9コーポ山田101"),
    ADDRESS("東京都港区芝浦2丁目21番9号コーポ山田101",
            "東京都港区芝浦2-21-9コーポ山田101"),
    ADDRESS("東京都港区芝浦2-21-9-101", "東京都港区芝浦2-21-9-101"),
    ADDRESS("東京都港区芝浦2丁目21番9号 101号室", "東京都港区芝浦2-21-9-101"),
    ADDRESS("東京都中央区八重洲一丁目9番1号", "東京都中央区八重洲1-9-1"),
    ADDRESS("千葉県千葉市中央区富士見二丁目3番1号",
            "千葉県千葉市中央区富士見2-3-1"),
    ADDRESS("北海道札幌市中央区北一条西二丁目", "北海道札幌市中央区北1条西2"),
    ADDRESS("北海道札幌市中央区北1条西2丁目", "北海道札幌市中央区北1条西2"),
    ADDRESS("123 Main St., Apt. 4", "123mainstapt4"),
    ADDRESS("123 MAIN ST APT 4", "123mainstapt4"),
    ADDRESS("10 Stratford-upon-Avon Rd", "10stratford-upon-avonrd"),
    ADDRESS("-", NULL),
    ADDRESS("", NULL),
};

int main(void)
{
    return run_forms("customer/address", cases, COUNT(cases));
}
