// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_names.c - detect/names.c: words that are names, and words that are not.
 */
#include <string.h>

#include "detect/names.h"
#include "support/spec.h"

struct name_case {
    const char *name; /* the cell itself */
    bool known, single;
};

static const struct name_case cases[] = {
    {"Jerry Price", true, false},
    {"Price, J.", true, false},
    {"JERRY PRICE", true, false},
    {"José Núñez", true, false},
    {"Łukasz Żak", true, false},
    {"Jürgen Schröder", true, false},
    {"Mary O'Brien", true, false},
    {"Garden Table", false, false},
    {"Summer Light", false, false},
    {"Jerry", true, true},
    {"table", false, false},
    {"Hiroshi Tanaka", true, false},
    {"佐藤 茂", true, false},
    {"佐藤茂", true, false},
    {"佐藤", false, true},
    {"髙橋 惠", true, false},
    {"渡邉真一", true, false},
    {"長谷川大輔", true, false},
    {"電子辞書", false, false},
    {"김재호", true, false},
    {"王小明", true, false},
    {"가나다", false, false},
    {"扈金凤", true, false},
    {"冀娟", true, false},
    {"通信费", false, false},
    {"Martina Kučerová", true, false},
    {"Vytautas Petrauskas", true, false},
    {"Anda Ozoliņa", true, false},
    {"Aino Virtanen", true, false},
    {"Adrianna Wiśniewska", true, false},
    {"Božo Šalić", true, false},
    {"Зорян Зінченко", true, false},
    {"Αλέξης Παπαδόπουλος", true, false},
    {"Hafıza Yıldırım", true, false},
    {"Urša Blažič", true, false},
    {"विजय अग्रवाल", true, false},
    {"יצחק כהן", true, false},
    {"علی محمدی", true, false},
    {"لال میز", false, false},
    {"नीली कुर्सी", false, false},
    {"Linen Ová", false, false},
    {"Синій стіл", false, false},
    {"Ефимова Александра Кузьминична", true, false},
    {"Зеленый стол", false, false},
    {"サトウ シゲル", true, false},
    {"ｻﾄｳ ｼｹﾞﾙ", true, false},
    {"さとう しげる", true, false},
    {"テレビ セット", false, false},
    {"Price 12", false, false},
    {"jerry@example.com", false, false},
    {"", false, false},
};

static void test_name(void **state)
{
    const struct name_case *c = *state;
    uint8_t room[CELL_ROOM];
    struct cell cell;

    cell_make(&cell, span_of(c->name), room);
    assert_int_equal(names_known(&cell), c->known);
    assert_int_equal(names_single(&cell), c->single);
}

static void test_things_and_houses(void **state)
{
    (void)state;
    assert_true(names_thing(SPAN("Corp")) && names_thing(SPAN("MUSEUM")));
    assert_false(names_thing(SPAN("Price")) || names_thing(SPAN("")));
    assert_true(names_house(SPAN("横浜銀行")));
    assert_true(names_house(SPAN("株式会社山田")));
    assert_false(names_house(SPAN("高橋孝行")));
}

/* A search by halves finds nothing in a list out of order. */
static void test_the_lists_are_in_order(void **state)
{
    static const char *const words[] = {
#define NAME(word)  "1" word,
#define KANJI(word) "2" word,
#define KANA(word)  "3" word,
#define THING(word) "4" word,
#define SIGN(word)  "5" word,
#define HOUSE(word)
#define END(word)
#define TAIL(word)
#include "detect/names.def"
    };

    (void)state;
    for (size_t i = 1; i < COUNT(words); i++)
        assert_true(strcmp(words[i - 1], words[i]) < 0);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_name);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_things_and_houses);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_the_lists_are_in_order);
    return SPEC_RUN("detect/names", tests, count);
}
