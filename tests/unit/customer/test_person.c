// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_person.c - customer/person.c: the ways to write one name.
 */
#include "form_case.h"

#define NAME(text, want)                                                       \
    {                                                                          \
        FIELD_PERSON_NAME, text, want                                          \
    }

static const struct form_case cases[] = {
    NAME("山田 太郎", "山田太郎"),
    NAME("山田　太郎", "山田太郎"),
    NAME("山田太郎", "山田太郎"),
    NAME("山田・太郎", "山田太郎"),
    NAME("山田･太郎", "山田太郎"),
    NAME("山田 太郎 様", "山田太郎"),
    NAME("山田太郎殿", "山田太郎"),
    NAME("山田 太郎さん", "山田太郎"),
    NAME("山田 太郎（ヤマダ タロウ）", "山田太郎"),
    NAME("山田 太郎(やまだ たろう)", "山田太郎"),
    NAME("山田 太郎(本店)", "山田太郎(本店)"),
    NAME("様", "様"),
    NAME("髙橋 惠", "高橋恵"),
    NAME("高橋 恵", "高橋恵"),
    NAME("渡邉 眞一", "渡辺真一"),
    NAME("渡邊 真一", "渡辺真一"),
    NAME("齋藤 學", "斎藤学"),
    NAME("齊藤 学", "斎藤学"),
    NAME("山﨑 豐", "山崎豊"),
    NAME("𠮷田 壽", "吉田寿"),
    NAME("佐佐木 茂", "佐佐木茂"),
    NAME("佐々木 茂", "佐佐木茂"),
    NAME("サトウ シゲル", "サトウシゲル"),
    NAME("ｻﾄｳ ｼｹﾞﾙ", "サトウシゲル"),
    NAME("さとう しげる", "サトウシゲル"),
    NAME("キョウコ", "キヨウコ"),
    NAME("ｷﾖｳｺ", "キヨウコ"),
    NAME("ロ-マ", "ローマ"),
    NAME("Jerry Price", "jerryprice"),
    NAME("PRICE, JERRY", "jerryprice"),
    NAME("Mr. Jerry Price", "jerryprice"),
    NAME("Dr Jerry  Price", "jerryprice"),
    NAME("Price, Jr.", "pricejr"),
    NAME("Mary O'Brien", "maryobrien"),
    NAME("Mary O’Brien", "maryobrien"),
    NAME("Anne-Marie Lee", "annemarielee"),
    NAME("J. R. Price", "jrprice"),
    NAME("Drew Barry", "drewbarry"),
    NAME("Dr.", "dr"),
    NAME("田中 一郎", "田中一郎"),
    NAME("中田 一郎", "中田一郎"),
    NAME("Price Jerry", "pricejerry"),
    NAME("--", NULL),
    NAME("", NULL),
};

int main(void)
{
    return run_forms("customer/person", cases, COUNT(cases));
}
