// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_values.c - the detectors of fields.def: what a value is by itself and
 * what it may be under a header.
 */
#include "detect/detectors.h"
#include "support/spec.h"

enum verdict { NO, FITS, SURE };

struct value_case {
    const char *name; /* the value itself */
    enum field_type type;
    enum verdict verdict;
};

static const struct value_case cases[] = {
    {"4111111111111111", FIELD_CARD_NUMBER, SURE},
    {"4111 1111 1111 1111", FIELD_CARD_NUMBER, SURE},
    {"5555-5555-5555-4444", FIELD_CARD_NUMBER, SURE},
    {"2223003122003222", FIELD_CARD_NUMBER, SURE},
    {"3782 822463 10005", FIELD_CARD_NUMBER, SURE},
    {"3530111333300000", FIELD_CARD_NUMBER, SURE},
    {"30569309025904", FIELD_CARD_NUMBER, SURE},
    {"6011111111111117", FIELD_CARD_NUMBER, SURE},
    {"6200000000000005", FIELD_CARD_NUMBER, SURE},
    {"6759649826438453", FIELD_CARD_NUMBER, SURE},
    {"４１１１１１１１１１１１１１１１", FIELD_CARD_NUMBER, SURE},
    {"4111 1111-1111 1111", FIELD_CARD_NUMBER, NO},
    {"41111111 11111111", FIELD_CARD_NUMBER, NO},
    {"4111111111111112", FIELD_CARD_NUMBER, NO},
    {"490154203237518", FIELD_CARD_NUMBER, NO}, /* an IMEI passes Luhn */
    {"1000000000000008", FIELD_CARD_NUMBER, NO},
    {"4111111111111111x", FIELD_CARD_NUMBER, NO},
    {"213101234567898", FIELD_CARD_NUMBER, SURE},
    {"676770123450", FIELD_CARD_NUMBER, SURE},
    {"3519538917147800", FIELD_CARD_NUMBER, FITS}, /* not issued as yet */
    {"3519538917147801", FIELD_CARD_NUMBER, NO},
    {"9519538917147807", FIELD_CARD_NUMBER, NO},
    {"GB82 WEST 1234 5698 7654 32", FIELD_IBAN, SURE},
    {"DE89370400440532013000", FIELD_IBAN, SURE},
    {"DE89370400440532013001", FIELD_IBAN, NO},
    {"0012 3456 7890 1234", FIELD_IBAN, NO},
    {"NO93 8601 1117 947", FIELD_IBAN, SURE},
    {"MT84MALT011000012345MTLCAST001S", FIELD_IBAN, SURE},
    {"FR1420041010050500013M02606", FIELD_IBAN, SURE},
    {"br97 0036 0305 0000 1000 9795 493p 1", FIELD_IBAN, SURE},
    {"DE5137040044053201300", FIELD_IBAN, NO},
    {"XX57WEST12345698765432", FIELD_IBAN, NO},
    {"GB88WEST1234569876543", FIELD_IBAN, NO},
    {"taro@bank.example", FIELD_EMAIL, SURE},
    {"o'brien+x@mail.example.co.jp", FIELD_EMAIL, SURE},
    {"taro＠bank.example", FIELD_EMAIL, SURE},
    {"taro@bank", FIELD_EMAIL, NO},
    {"@bank.example", FIELD_EMAIL, NO},
    {"a b@bank.example", FIELD_EMAIL, NO},
    {"(212) 555-0100", FIELD_PHONE, SURE},
    {"212-555-0100", FIELD_PHONE, SURE},
    {"+1 212 555 0100", FIELD_PHONE, SURE},
    {"1-212-555-0100", FIELD_PHONE, SURE},
    {"03-1234-5678", FIELD_PHONE, SURE},
    {"(03)1234-5678", FIELD_PHONE, SURE},
    {"０３－１２３４－５６７８", FIELD_PHONE, SURE},
    {"0120-123-456", FIELD_PHONE, SURE},
    {"090-1234-5678", FIELD_PHONE, SURE},
    {"+81 3 1234 5678", FIELD_PHONE, SURE},
    {"+819012345678", FIELD_PHONE, SURE},
    {"tel:+81-90-1234-5678", FIELD_PHONE, SURE},
    {"TEL 090-1234-5678", FIELD_PHONE, SURE},
    {"telnet 090-1234-5678", FIELD_PHONE, NO},
    {"07700 900123", FIELD_PHONE, SURE},
    {"020 7946 0018", FIELD_PHONE, SURE},
    {"01 44 22 10 31", FIELD_PHONE, SURE},
    {"0412 345 678", FIELD_PHONE, SURE},
    {"+33 (0)6 75 00 47 43", FIELD_PHONE, SURE},
    {"00 44 22 10 31", FIELD_PHONE, FITS},
    {"2011 08 05 01", FIELD_PHONE, FITS},
    {"+404251-0740023", FIELD_PHONE, FITS},
    {"0312345678", FIELD_PHONE, FITS},
    {"2125550100", FIELD_PHONE, FITS},
    {"81-3-1234-5678", FIELD_PHONE, FITS},
    {"555-0100 x12", FIELD_PHONE, FITS},
    {"(212)555-0100x1234", FIELD_PHONE, SURE},
    {"001-212-555-0100", FIELD_PHONE, SURE},
    {"212.555.0100 ext. 7", FIELD_PHONE, SURE},
    {"011-2345-6789", FIELD_PHONE, SURE},
    {"112-555-0100", FIELD_PHONE, FITS},
    {"segment 12", FIELD_PHONE, NO},
    {"(23)/286-0129", FIELD_PHONE, FITS},
    {"(06)82/597-9190", FIELD_PHONE, FITS},
    {"06-74/833 7887", FIELD_PHONE, FITS},
    {"82 59 79 19", FIELD_PHONE, FITS},
    {"+(370) 23286012", FIELD_PHONE, SURE},
    {"415-555-0100 (mobile)", FIELD_PHONE, FITS},
    {"415-555-0100 extension 12", FIELD_PHONE, FITS},
    {"03-1234-5678 / 090-1111-2222", FIELD_PHONE, FITS},
    {"see page 1234567", FIELD_PHONE, NO},
    {"12:34:56.789", FIELD_PHONE, NO},
    {"10.20.0.7", FIELD_PHONE, NO},
    {"1312506123123456", FIELD_PHONE, NO},
    {"1955-03-03", FIELD_DATE_OF_BIRTH, SURE},
    {"3/3/1955", FIELD_DATE_OF_BIRTH, SURE},
    {"19550303", FIELD_DATE_OF_BIRTH, SURE},
    {"1955年3月3日", FIELD_DATE_OF_BIRTH, SURE},
    {"昭和30年3月3日", FIELD_DATE_OF_BIRTH, SURE},
    {"S30.3.3", FIELD_DATE_OF_BIRTH, SURE},
    {"2011-08-05T01:02:03", FIELD_ACCOUNT_OPENED, FITS},
    {"2011-08-05 00:00:00", FIELD_ACCOUNT_OPENED, SURE},
    {"昭55.3.3", FIELD_DATE_OF_BIRTH, SURE},
    {"March 3rd, 1980", FIELD_DATE_OF_BIRTH, SURE},
    {"20151", FIELD_DATE_OF_BIRTH, FITS},
    {"-468115200", FIELD_DATE_OF_BIRTH, FITS},
    {"320889600000", FIELD_DATE_OF_BIRTH, FITS},
    {"1955-13-41", FIELD_DATE_OF_BIRTH, NO},
    {"segment 5", FIELD_ACCOUNT_OPENED, NO},
    {"Jerry Price", FIELD_PERSON_NAME, SURE},
    {"Price, Jerry", FIELD_PERSON_NAME, SURE},
    {"JERRY A. O'BRIEN", FIELD_PERSON_NAME, SURE},
    {"José van der Meer", FIELD_PERSON_NAME, SURE},
    {"佐藤 茂", FIELD_PERSON_NAME, SURE},
    {"佐藤　茂", FIELD_PERSON_NAME, SURE},
    {"長谷川大輔", FIELD_PERSON_NAME, SURE},
    {"サトウ シゲル", FIELD_PERSON_NAME, SURE},
    {"高橋孝行", FIELD_PERSON_NAME, SURE},
    {"ﾜﾀﾅﾍﾞ ﾘｭｳｲﾁﾛｳ", FIELD_PERSON_NAME, SURE},
    {"김재호", FIELD_PERSON_NAME, SURE},
    {"Ефимова Александра Кузьминична", FIELD_PERSON_NAME, SURE},
    {"山田製作所", FIELD_PERSON_NAME, FITS},
    {"横浜銀行", FIELD_PERSON_NAME, FITS},
    {"Price Holdings Inc", FIELD_PERSON_NAME, FITS},
    {"Family Plan", FIELD_PERSON_NAME, FITS},
    {"jerry price", FIELD_PERSON_NAME, FITS},
    {"Jerry", FIELD_PERSON_NAME, FITS},
    {"中央支店", FIELD_PERSON_NAME, FITS},
    {"room 7", FIELD_PERSON_NAME, NO},
    {"n/a", FIELD_PERSON_NAME, NO},
    {"pan Tadeusz Iwanow", FIELD_PERSON_NAME, SURE},
    {"пані Тереза Іващенко", FIELD_PERSON_NAME, SURE},
    {"יצחק שוויקי", FIELD_PERSON_NAME, SURE},
    {"علی اشرفی", FIELD_PERSON_NAME, SURE},
    {"जितेन्द्र चौहान", FIELD_PERSON_NAME, SURE},
    {"pan and bowl", FIELD_PERSON_NAME, FITS},
    {"2238 Cedar St, Dallas, TX 75202", FIELD_ADDRESS, SURE},
    {"P.O. Box 12, Reno", FIELD_ADDRESS, SURE},
    {"12 Rue de Lyon", FIELD_ADDRESS, SURE},
    {"Hauptstraße 5", FIELD_ADDRESS, SURE},
    {"Bahnhofstr. 12a, 10115 Berlin", FIELD_ADDRESS, SURE},
    {"12 rue de la Paix, 75002 Paris", FIELD_ADDRESS, SURE},
    {"Calle Mayor 3", FIELD_ADDRESS, SURE},
    {"Via Roma 1", FIELD_ADDRESS, SURE},
    {"Piazza Garibaldi 7, 80133 Napoli", FIELD_ADDRESS, SURE},
    {"Keizersgracht 12, 1015 CN Amsterdam", FIELD_ADDRESS, SURE},
    {"Flat 2, 10 High Street, Leeds LS1 4DY", FIELD_ADDRESS, SURE},
    {"The Old Mill, Bath, BA1 1LZ", FIELD_ADDRESS, SURE},
    {"200 King, Toronto ON M5V 3L9", FIELD_ADDRESS, SURE},
    {"5 George Parade, Sydney NSW 2000", FIELD_ADDRESS, SURE},
    {"2-21-9 Shibaura, Minato-ku, Tokyo", FIELD_ADDRESS, SURE},
    {"100 Congress, Austin, Texas 78701", FIELD_ADDRESS, SURE},
    {"Lisabaan 75 2491 AI Heiligerlee", FIELD_ADDRESS, SURE},
    {"Ecrinsingel 819 7378OY Westzaan", FIELD_ADDRESS, SURE},
    {"ul. Lwowska 62 27-601 Giżycko", FIELD_ADDRESS, SURE},
    {"Callejón Juana Arias 62 La Coruña, 18955", FIELD_ADDRESS, SURE},
    {"г. Гудермес, ул. Радужная, д. 43, 319487", FIELD_ADDRESS, SURE},
    {"울산광역시 용산구 삼성길 5", FIELD_ADDRESS, SURE},
    {"52319 卑南縣雙連路727號1樓", FIELD_ADDRESS, SURE},
    {"Pod Průsekem 879\n174 21 Vysoké nad Jizerou", FIELD_ADDRESS, SURE},
    {"Λατσίδας 916, 461 00 Δράμα", FIELD_ADDRESS, SURE},
    {"전라북도 과천시 영동대거리", FIELD_ADDRESS, SURE},
    {"Pasaje Flores 061, Nueva Kenya, QRO 83266", FIELD_ADDRESS, SURE},
    {"вулиця Артема, 283, місто Віолетта, 27868", FIELD_ADDRESS, SURE},
    {"גיבתון חנוך 99, שתולים, 4095461", FIELD_ADDRESS, SURE},
    {"6 पुष्कर\nमोतिहारी-972997", FIELD_ADDRESS, SURE},
    {"Set 3 Toner-972997", FIELD_ADDRESS, FITS},
    {"Sold 174 21 Garden", FIELD_ADDRESS, FITS},
    {"경기도 사람", FIELD_ADDRESS, FITS},
    {"Schillerplatz", FIELD_ADDRESS, FITS},
    {"RFC 2616 HTTP Protocol", FIELD_ADDRESS, FITS},
    {"Build 12345 Release", FIELD_ADDRESS, FITS},
    {"via 3 routers and 2 switches in the lab", FIELD_ADDRESS, FITS},
    {"he went to 12 Baker Street and then he left", FIELD_ADDRESS, FITS},
    {"string 5 of table", FIELD_ADDRESS, FITS},
    {"Windows 10", FIELD_ADDRESS, FITS},
    {"その町村には3つの学校がありました", FIELD_ADDRESS, FITS},
    {"東京都の人口は1300万人であった。", FIELD_ADDRESS, FITS},
    {"東京都港区芝浦1-2-3", FIELD_ADDRESS, SURE},
    {"〒108-0023 東京都港区芝浦", FIELD_ADDRESS, SURE},
    {"横浜市中区山下町１－２", FIELD_ADDRESS, SURE},
    {"Dallas", FIELD_ADDRESS, FITS},
    {"500 minutes free", FIELD_ADDRESS, FITS},
    {"10.20.0.7", FIELD_ADDRESS, NO},
    {"108-0023", FIELD_POSTAL_CODE, SURE},
    {"〒1080023", FIELD_POSTAL_CODE, SURE},
    {"75202", FIELD_POSTAL_CODE, FITS},
    {"75202-1234", FIELD_POSTAL_CODE, FITS},
    {"SW1A 1AA", FIELD_POSTAL_CODE, FITS},
    {"Dallas", FIELD_POSTAL_CODE, NO},
    {"M", FIELD_GENDER, SURE},
    {"Female", FIELD_GENDER, SURE},
    {"男", FIELD_GENDER, SURE},
    {"女性", FIELD_GENDER, SURE},
    {"1", FIELD_GENDER, FITS},
    {"7", FIELD_GENDER, NO},
    {"7348770443", FIELD_ACCOUNT_NUMBER, FITS},
    {"123-4567890", FIELD_ACCOUNT_NUMBER, FITS},
    {"AB123456", FIELD_ACCOUNT_NUMBER, FITS},
    {"current", FIELD_ACCOUNT_NUMBER, NO},
    {"123", FIELD_SECURITY_CODE, FITS},
    {"12", FIELD_SECURITY_CODE, NO},
    {"1234", FIELD_PIN, FITS},
    {"none", FIELD_PIN, NO},
};

static void test_value(void **state)
{
    const struct value_case *c = *state;
    const struct detector *d = detector_at(detector_look(c->type));
    uint8_t room[CELL_ROOM];
    struct cell cell;

    cell_make(&cell, span_of(c->name), room);
    assert_int_equal(d->fits(&cell), c->verdict != NO);
    assert_int_equal(d->sure(&cell), c->verdict == SURE);
}

static void test_every_look_has_a_detector(void **state)
{
    (void)state;
    for (unsigned look = 0; look < LOOKS; look++) {
        assert_non_null(detector_at((enum look)look)->sure);
        assert_non_null(detector_at((enum look)look)->fits);
    }
    assert_int_equal(detector_look(FIELD_OTHER), LOOKS);
    assert_int_equal(detector_look(FIELD_ACCOUNT_OPENED), LOOK_DATES);
}

static void test_a_cell_is_counted(void **state)
{
    uint8_t room[CELL_ROOM];
    struct cell c;

    (void)state;
    cell_make(&c, span_of("  ａｂ１２ 東@　"), room);
    assert_int_equal(c.letters, 2);
    assert_int_equal(c.digits, 2);
    assert_int_equal(c.wide, 3);
    assert_int_equal(c.blanks, 1);
    assert_true(c.at);
    assert_true(span_eq(c.narrow, SPAN("ab12 東@")));
    assert_true(span_eq(c.text, SPAN("ａｂ１２ 東@")));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_value);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_every_look_has_a_detector);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_a_cell_is_counted);
    return SPEC_RUN("detect/values", tests, count);
}
