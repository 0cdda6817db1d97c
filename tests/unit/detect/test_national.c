// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_national.c - detect/national.c, national_check.c, mod.c, mrz.c: one
 * row per value and identifier; the values are invented or published as
 * examples by those who issue them.
 */
#include <string.h>

#include "detect/mod.h"
#include "detect/mrz.h"
#include "detect/national.h"
#include "detect/national_check.h"
#include "support/spec.h"

struct value_case {
    const char *name; /* the value */
    enum national id;
    bool valid;
    bool sure;
};

#define GOOD(id, value)                                                        \
    {                                                                          \
        value, NATIONAL_##id, true, false                                      \
    }
#define SURE(id, value)                                                        \
    {                                                                          \
        value, NATIONAL_##id, true, true                                       \
    }
#define BAD(id, value)                                                         \
    {                                                                          \
        value, NATIONAL_##id, false, false                                     \
    }

/* clang-format off */
static const struct value_case cases[] = {
    GOOD(US_SSN, "526018159"), SURE(US_SSN, "536-90-4399"),
    BAD(US_SSN, "000-12-3456"), BAD(US_SSN, "666-12-3456"),
    BAD(US_SSN, "900-12-3456"), BAD(US_SSN, "536-00-4399"),
    BAD(US_SSN, "536-90-0000"), BAD(US_SSN, "078-05-1120"),
    BAD(US_SSN, "219-09-9999"), BAD(US_SSN, "53690439"),
    BAD(US_SSN, "111111111"), BAD(US_SSN, "5369043990"),
    GOOD(US_ITIN, "912903456"), SURE(US_ITIN, "957-97-5432"),
    BAD(US_ITIN, "912-93-4567"), BAD(US_ITIN, "912-89-4567"),
    BAD(US_ITIN, "912-49-4567"), BAD(US_ITIN, "812-70-4567"),
    GOOD(CA_SIN, "046 454 286"), GOOD(CA_SIN, "123-456-782"),
    GOOD(CA_SIN, "761760313"), BAD(CA_SIN, "046 454 287"),
    BAD(CA_SIN, "8" "61760310"), BAD(CA_SIN, "76176031"),
    GOOD(GB_NINO, "AB123456C"), GOOD(GB_NINO, "ab 12 34 56 c"),
    BAD(GB_NINO, "QQ123456C"), BAD(GB_NINO, "GB123456C"),
    BAD(GB_NINO, "AO123456C"), BAD(GB_NINO, "AB123456E"),
    BAD(GB_NINO, "AB12345C"),
    GOOD(GB_NHS, "943 476 5919"), GOOD(GB_NHS, "4782450400"),
    BAD(GB_NHS, "943 476 5918"), BAD(GB_NHS, "943 467 5919"),
    BAD(GB_NHS, "94347659"),
    GOOD(JP_MYNUMBER, "123456789018"), GOOD(JP_MYNUMBER, "1234 5678 9018"),
    GOOD(JP_MYNUMBER, "1234-5678-9018"), BAD(JP_MYNUMBER, "123456789019"),
    BAD(JP_MYNUMBER, "123456798018"), BAD(JP_MYNUMBER, "12345678901"),
    BAD(JP_MYNUMBER, "000000000000"),
    GOOD(JP_LICENCE, "309012345620"), BAD(JP_LICENCE, "309012345630"),
    BAD(JP_LICENCE, "989012345620"), BAD(JP_LICENCE, "30901234562"),
    GOOD(JP_PENSION, "1234-567890"), BAD(JP_PENSION, "123456789"),
    GOOD(JP_RESIDENCE, "AB12345678CD"), BAD(JP_RESIDENCE, "AB1234567CD"),
    GOOD(DE_STEUER, "86 095 742 719"), GOOD(DE_STEUER, "36574261809"),
    GOOD(DE_STEUER, "47036892816"), GOOD(DE_STEUER, "65929970489"),
    BAD(DE_STEUER, "36574261890"), BAD(DE_STEUER, "36554266806"),
    BAD(DE_STEUER, "06574261809"), BAD(DE_STEUER, "3657426180"),
    SURE(FR_NIR, "2 95 10 99 126 111 93"), SURE(FR_NIR, "253072B07300470"),
    SURE(FR_NIR, "253072A07300443"), SURE(FR_NIR, "254079528914947"),
    BAD(FR_NIR, "253072C07300443"), BAD(FR_NIR, "295109912611199"),
    BAD(FR_NIR, "253072A07300470"), BAD(FR_NIR, "295139912611193"),
    BAD(FR_NIR, "2951099126111"),
    SURE(IT_CF, "RCCMNL83S18D969H"), SURE(IT_CF, "rccmnl83s18d969h"),
    SURE(IT_CF, "RCCMNL83S18D96VW"), /* omocodia: V for 9 */
    BAD(IT_CF, "RCCMNL83S18D969"), BAD(IT_CF, "RCCMNL83S18D967H"),
    BAD(IT_CF, "CNTCHR83T41D969D" "X"), SURE(IT_CF, "CNTCHR83T41D969D"),
    BAD(IT_CF, "RCCMNL83F18D969H"), BAD(IT_CF, "RCCMNLA3S18D969H"),
    GOOD(ES_DNI, "54362315-K"), GOOD(ES_DNI, "54362315K"),
    GOOD(ES_DNI, "12345678Z"), GOOD(ES_DNI, "12.345.678-z"),
    BAD(ES_DNI, "54362315Z"), BAD(ES_DNI, "543623158K"),
    GOOD(ES_NIE, "X-2482300W"), GOOD(ES_NIE, "Y6426710H"),
    GOOD(ES_NIE, "Z9682568X"), BAD(ES_NIE, "X2482300A"),
    BAD(ES_NIE, "A2482300W"),
    GOOD(NL_BSN, "111222333"), GOOD(NL_BSN, "1112.22.333"),
    GOOD(NL_BSN, "553098962"), BAD(NL_BSN, "111252333"),
    BAD(NL_BSN, "000000000"), BAD(NL_BSN, "11122233"),
    GOOD(SE_PNR, "8803200016"), SURE(SE_PNR, "880320-0016"),
    SURE(SE_PNR, "19880320-0016"), GOOD(SE_PNR, "198803200016"),
    SURE(SE_PNR, "811228-9874"), SURE(SE_PNR, "701063-2391"),
    BAD(SE_PNR, "880320-0018"), BAD(SE_PNR, "881320-0016"),
    BAD(SE_PNR, "556036-0793"), BAD(SE_PNR, "171228-98741"),
    SURE(CH_AHV, "756.9217.0769.85"), SURE(CH_AHV, "7569217076985"),
    BAD(CH_AHV, "756.9217.0769.84"), BAD(CH_AHV, "7579217076985"),
    BAD(CH_AHV, "4006381333931"),
    GOOD(PL_PESEL, "44051401359"), GOOD(PL_PESEL, "02070803628"),
    GOOD(PL_PESEL, "85010264073"), BAD(PL_PESEL, "44051401358"),
    BAD(PL_PESEL, "44131401359"), BAD(PL_PESEL, "4405140135"),
    GOOD(PT_NIF, "123456789"), GOOD(PT_NIF, "180342711"),
    GOOD(PT_NIF, "999999990"), BAD(PT_NIF, "123456788"),
    BAD(PT_NIF, "12345678"),
    SURE(BE_NN, "85.07.30-033.28"), GOOD(BE_NN, "85073003328"),
    GOOD(BE_NN, "17073003384"), BAD(BE_NN, "85073003329"),
    BAD(BE_NN, "85133003328"),
    SURE(BR_CPF, "390.533.447-05"), GOOD(BR_CPF, "05375487268"),
    BAD(BR_CPF, "23100299900"),
    BAD(BR_CPF, "231.002.999-01"), BAD(BR_CPF, "111.111.111-11"),
    SURE(BR_CNPJ, "16.727.230/0001-97"), GOOD(BR_CNPJ, "16727230000197"),
    SURE(BR_CNPJ, "12.ABC.345/01DE-35"), BAD(BR_CNPJ, "16.727.230.0001-98"),
    GOOD(IN_AADHAAR, "234123412346"), GOOD(IN_AADHAAR, "4291 7710 7478"),
    BAD(IN_AADHAAR, "234123412347"), BAD(IN_AADHAAR, "123412341234"),
    BAD(IN_AADHAAR, "23412341234"),
    GOOD(IN_PAN, "ACUPA7085R"), BAD(IN_PAN, "ABMXA3211G"),
    BAD(IN_PAN, "ACUPA0000R"), BAD(IN_PAN, "ABMPA32111"),
    SURE(CN_ID, "11010519491231002X"), SURE(CN_ID, "360426199101010071"),
    BAD(CN_ID, "360426199101010072"), BAD(CN_ID, "110105194912310021"),
    BAD(CN_ID, "990426199101010071"), BAD(CN_ID, "360426199113010079"),
    SURE(KR_RRN, "971013-9019902"), GOOD(KR_RRN, "5706281538110"),
    SURE(KR_RRN, "201105-3123456"), BAD(KR_RRN, "971013-9019903"),
    BAD(KR_RRN, "971313-9019902"), BAD(KR_RRN, "200905-3123456"),
    GOOD(TW_ID, "A123456789"), GOOD(TW_ID, "F131104093"),
    GOOD(TW_ID, "A800000014"), BAD(TW_ID, "A123456788"),
    BAD(TW_ID, "A323456789"), BAD(TW_ID, "A12345678"),
    SURE(HK_ID, "A123456(3)"), GOOD(HK_ID, "A1234563"),
    GOOD(HK_ID, "AB9876543"), SURE(HK_ID, "G123456(A)"),
    BAD(HK_ID, "A123456(4)"), BAD(HK_ID, "A123456(B)"),
    GOOD(SG_NRIC, "S1234567D"), GOOD(SG_NRIC, "T1234567J"),
    GOOD(SG_NRIC, "F1234567N"), GOOD(SG_NRIC, "G1234567X"),
    GOOD(SG_NRIC, "M1234567K"), BAD(SG_NRIC, "S1234567A"),
    BAD(SG_NRIC, "A1234567D"),
    GOOD(AU_TFN, "123 456 782"), GOOD(AU_TFN, "725105670"),
    BAD(AU_TFN, "123 456 783"), BAD(AU_TFN, "72510567"),
    GOOD(AU_MEDICARE, "2123456701"), GOOD(AU_MEDICARE, "2123 45670 1"),
    GOOD(AU_MEDICARE, "21234567011"), BAD(AU_MEDICARE, "2123456711"),
    BAD(AU_MEDICARE, "1123456701"),
    GOOD(NZ_IRD, "49-091-850"), GOOD(NZ_IRD, "35901981"),
    GOOD(NZ_IRD, "49-098-576"), GOOD(NZ_IRD, "136-410-132"),
    BAD(NZ_IRD, "136410133"), BAD(NZ_IRD, "9125568"),
    BAD(NZ_IRD, "350011982"), BAD(NZ_IRD, "950130310"),
    GOOD(ZA_ID, "7503305044089"), GOOD(ZA_ID, "750330 5044 08 9"),
    BAD(ZA_ID, "8503305044089"), BAD(ZA_ID, "7513305044089"),
    SURE(MX_CURP, "BOXW310820HNERXN09"), SURE(MX_CURP, "HEGG560427MVZRRL04"),
    BAD(MX_CURP, "BOXW310820HNERXN08"), BAD(MX_CURP, "BOXW310820HXXRXN09"),
    BAD(MX_CURP, "BOXW311320HNERXN09"),
    GOOD(MX_RFC, "GODE561231GR8"), GOOD(MX_RFC, "GODE-561231-GR8"),
    GOOD(MX_RFC, "MAB9307148T4"), BAD(MX_RFC, "VACE460910SX6"),
    BAD(MX_RFC, "GODE561331GR8"),
    GOOD(PASSPORT, "L898902C3"), GOOD(PASSPORT, "TK1234567"),
    BAD(PASSPORT, "yes"), BAD(PASSPORT, "L898902C36UTO"),
    GOOD(LICENCE, "D1234567"), GOOD(LICENCE, "MORGA657054SM9IJ"),
    BAD(LICENCE, "none"), BAD(LICENCE, "full"),
    SURE(MRZ, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
              "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    SURE(MRZ, "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    BAD(MRZ, "L898902C36UTO7408122F1204159ZE184226B<<<<<11"),
    BAD(MRZ, "L898902C35UTO7408122F1204159ZE184226B<<<<<10"),
    SURE(MRZ, "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
              "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    SURE(MRZ, "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
              "D231458907UTO7408122F1204159<<<<<<<6"),
    BAD(MRZ, "D231458907UTO7408122F1204159<<<<<<<7"),
    BAD(ANY_OF, "2011-08-06"), BAD(ANY_OF, "Jerry Price"),
    BAD(ANY_OF, "4111111111111111"), BAD(ANY_OF, "1Z999AA10123456784"),
    BAD(ANY_OF, "490154203237518"), BAD(ANY_OF, "1312506123123"),
    BAD(ANY_OF, "1,234,567.89"), BAD(ANY_OF, "INV-2011-00042"),
};
/* clang-format on */

static struct cell look_over(const char *text, uint8_t *room)
{
    struct cell c;

    cell_make(&c, span_of(text), room);
    return c;
}

static void test_value(void **state)
{
    const struct value_case *c = *state;
    uint8_t room[CELL_ROOM];
    struct cell cell = look_over(c->name, room);
    struct national_look look = national_look(&cell);

    assert_int_equal(national_valid(&cell, c->id), c->valid);
    if (c->id == NATIONAL_ANY_OF)
        return;
    assert_int_equal((look.valid & NATIONAL_BIT(c->id)) != 0, c->valid);
    assert_int_equal((look.sure & NATIONAL_BIT(c->id)) != 0, c->sure);
}

/* Of a value's signs one changed, or two exchanged. */
static unsigned count_near(const struct value_case *c, unsigned *all)
{
    unsigned valid = 0;
    size_t len = strlen(c->name);
    char near[96];
    uint8_t room[CELL_ROOM];

    for (size_t i = 0; i < len; i++) {
        if (!cell_is_digit((uint8_t)c->name[i]))
            continue;
        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(near, c->name, len + 1);
            near[i] = digit;
            if (digit == c->name[i])
                continue;
            struct cell cell = look_over(near, room);
            valid += national_valid(&cell, c->id);
            (*all)++;
        }
    }
    return valid;
}

/* Only these have no check digit, or one that stands for more than one. */
static bool is_unchecked(enum national id)
{
    return id == NATIONAL_US_SSN || id == NATIONAL_US_ITIN ||
           id == NATIONAL_GB_NINO || id == NATIONAL_JP_PENSION ||
           id == NATIONAL_JP_RESIDENCE || id == NATIONAL_IN_PAN ||
           id == NATIONAL_PASSPORT || id == NATIONAL_LICENCE;
}

static void test_a_wrong_digit_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned all = 0;
        if (!cases[i].valid || is_unchecked(cases[i].id) ||
            strcmp(cases[i].name, "201105-3123456") == 0)
            continue;
        unsigned valid = count_near(&cases[i], &all);
        if (valid * 5 > all)
            print_error("%s: %u of %u\n", cases[i].name, valid, all);
        assert_true(valid * 5 <= all);
    }
}

static void test_every_row_has_values(void **state)
{
    bool good[NATIONALS] = {true}, bad[NATIONALS] = {true};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        good[cases[i].id] = good[cases[i].id] || cases[i].valid;
        bad[cases[i].id] = bad[cases[i].id] || !cases[i].valid;
    }
    for (unsigned id = 0; id < NATIONALS; id++)
        assert_true(good[id] && bad[id]);
}

static void test_a_zone_gives_its_number(void **state)
{
    struct span text = SPAN("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< "
                            "L898902C36UTO7408122F1204159ZE184226B<<<<<10");

    (void)state;
    assert_true(span_eq(national_value(text), SPAN("L898902C3")));
    text = SPAN("I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6"
                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<");
    assert_true(span_eq(national_value(text), SPAN("D23145890")));
    text = SPAN("756.9217.0769.85");
    assert_true(span_eq(national_value(text), text));
}

static void test_days(void **state)
{
    (void)state;
    assert_true(mod_date(2000, 2, 29));
    assert_false(mod_date(1900, 2, 29));
    assert_false(mod_date(2011, 2, 29));
    assert_false(mod_date(2011, 0, 1));
    assert_false(mod_date(2011, 13, 1));
    assert_false(mod_date(2011, 4, 31));
    assert_false(mod_date(2011, 4, 0));
}

static void test_a_row_tells_country_and_share(void **state)
{
    (void)state;
    assert_string_equal(national_country(NATIONAL_NL_BSN), "NL");
    assert_string_equal(national_country(NATIONAL_ANY_OF), "");
    assert_true(national_shares(NATIONAL_NL_BSN));
    assert_false(national_shares(NATIONAL_PASSPORT));
    assert_false(national_shares(NATIONAL_JP_LICENCE));
    assert_false(national_shares(NATIONAL_US_SSN));
    assert_true(national_marked(NATIONAL_US_SSN));
    assert_false(national_marked(NATIONAL_NL_BSN));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 5];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_value);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_wrong_digit_is_seen);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_every_row_has_values);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_zone_gives_its_number);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_days);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_row_tells_country_and_share);
    return SPEC_RUN("detect/national", tests, count);
}
