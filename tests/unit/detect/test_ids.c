// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_ids.c - national identifiers in tables of every country: under a
 * header in English, in the country's language, and with names alone.
 */
#include <stdio.h>
#include <string.h>

#include "detect/check.h"
#include "detect/national.h"
#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

enum { ROWS = 40, VALUE = 64, LINE = 256 };

/*
 * How values are made: 9 a digit, A a letter, D a day (yymmdd), S one
 * (yyyymmdd), ? what the check wants; anything else is itself.
 */
struct id_case {
    const char *name; /* as made */
    enum national id;
    const char *english, *own; /* header words */
    bool bare;                 /* found beside names without a header */
};

#define R(n) make_below(seed, n)

/* clang-format off */
static const struct id_case cases[] = {
    {"299-99-999?", NATIONAL_US_SSN, "SSN", "Social Security Number", true},
    {"999-70-9999", NATIONAL_US_ITIN, "ITIN", "Tax ID", true},
    {"29999999?", NATIONAL_CA_SIN, "SIN", "Numéro d'assurance sociale", true},
    {"AB999999C", NATIONAL_GB_NINO, "National Insurance No", "NINO", true},
    {"AB 99 99 99 D", NATIONAL_GB_NINO, "NI Number", "nino", false},
    {"999 999 999?", NATIONAL_GB_NHS, "NHS Number", "nhs_no", true},
    {"99999999999?", NATIONAL_JP_MYNUMBER, "My Number", "個人番号", true},
    {"9999-9999-999?", NATIONAL_JP_MYNUMBER, "mynumber", "マイナンバー", true},
    {"3099999999?0", NATIONAL_JP_LICENCE, "driver_licence_no",
     "運転免許証番号", false},
    {"9999-999999", NATIONAL_JP_PENSION, "Basic Pension Number",
     "基礎年金番号", false},
    {"AB99999999CD", NATIONAL_JP_RESIDENCE, "Residence Card No",
     "在留カード番号", true},
    {"8999999999?", NATIONAL_DE_STEUER, "German Tax ID", "Steuer-ID", true},
    {"1990799999999 ??", NATIONAL_FR_NIR, "NIR",
     "Numéro de sécurité sociale", true},
    {"199072A999999??", NATIONAL_FR_NIR, "insee", "N° de sécurité sociale",
     true},
    {"AAAAAA99A19A999?", NATIONAL_IT_CF, "Tax Code", "Codice Fiscale", false},
    {"99999999?", NATIONAL_ES_DNI, "DNI", "Número de DNI", true},
    {"X9999999?", NATIONAL_ES_NIE, "NIE", "NIF/NIE", true},
    {"99999999?", NATIONAL_NL_BSN, "BSN", "Burgerservicenummer", true},
    {"D-999?", NATIONAL_SE_PNR, "Personal Identity Number", "Personnummer",
     true},
    {"S-999?", NATIONAL_SE_PNR, "personnr", "Personnummer", true},
    {"756.9999.9999.9?", NATIONAL_CH_AHV, "AHV Number", "AHV-Nr.", true},
    {"D9999?", NATIONAL_PL_PESEL, "PESEL number", "Numer PESEL", true},
    {"29999999?", NATIONAL_PT_NIF, "Tax number", "Número de contribuinte",
     true},
    {"D999??", NATIONAL_BE_NN, "National Register Number",
     "Rijksregisternummer", true},
    {"999.999.999-??", NATIONAL_BR_CPF, "CPF", "Nº CPF", false},
    {"999999999??", NATIONAL_BR_CPF, "CPF no.", "CPF/CNPJ", true},
    {"99.999.999/0001-??", NATIONAL_BR_CNPJ, "CNPJ", "CPF/CNPJ", true},
    {"9999 9999 999?", NATIONAL_IN_AADHAAR, "Aadhaar No", "आधार संख्या", true},
    {"AAAPA9999A", NATIONAL_IN_PAN, "PAN", "पैन", true},
    {"110101S999?", NATIONAL_CN_ID, "Resident ID No", "身份证号码", true},
    {"D-199999?", NATIONAL_KR_RRN, "Resident Registration Number",
     "주민등록번호", true},
    {"A19999999?", NATIONAL_TW_ID, "National ID", "身分證字號", true},
    {"A999999(?)", NATIONAL_HK_ID, "HKID", "香港身份證號碼", true},
    {"S9999999?", NATIONAL_SG_NRIC, "NRIC", "NRIC/FIN", true},
    {"99999999?", NATIONAL_AU_TFN, "TFN", "Tax File Number", true},
    {"2999 99999 1", NATIONAL_AU_MEDICARE, "Medicare No",
     "Medicare card number", true},
    {"04999999?", NATIONAL_NZ_IRD, "IRD", "IRD number", true},
    {"D 9999 08 ?", NATIONAL_ZA_ID, "RSA ID No", "SA ID Number", true},
    {"BOXWDHNERXN0?", NATIONAL_MX_CURP, "CURP", "Clave CURP", true},
    {"BOXWD9B?", NATIONAL_MX_RFC, "RFC", "RFC con homoclave", true},
    {"TK9999999", NATIONAL_PASSPORT, "Passport No", "旅券番号", false},
    {"D9999999", NATIONAL_LICENCE, "Driver's License", "DL No.", false},
};
/* clang-format on */

static size_t fill(uint32_t *seed, char way, char *out)
{
    unsigned year = 1950 + R(50), month = 1 + R(12), day = 1 + R(28);

    if (way == 'D')
        return (size_t)snprintf(out, 16, "%02u%02u%02u", year % 100, month,
                                day);
    if (way == 'S')
        return (size_t)snprintf(out, 16, "%04u%02u%02u", year, month, day);
    *out = way == '9' ? (char)('0' + R(10)) : (char)('A' + R(26));
    return 1;
}

/* Put signs for each '?' until the check holds. */
static bool complete(char *value, enum national id)
{
    static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char *first = strchr(value, '?');
    char *second = first ? strchr(first + 1, '?') : NULL;
    uint8_t room[CELL_ROOM];
    struct cell c;

    for (size_t i = 0; i < (first ? 36U : 1U); i++) {
        for (size_t k = 0; k < (second ? 36U : 1U); k++) {
            if (first)
                *first = signs[i];
            if (second)
                *second = signs[k];
            cell_make(&c, span_of(value), room);
            if (national_valid(&c, id))
                return true;
        }
    }
    return false;
}

static void make_id(uint32_t *seed, const struct id_case *c, char *value)
{
    const char *fixed =
        c->id == NATIONAL_GB_NINO || c->id == NATIONAL_PASSPORT ? "ABCDTK" : "";
    unsigned tries = 0;

    do {
        size_t len = 0;
        for (const char *at = c->name; *at; at++) {
            bool made =
                strchr("9ADS", *at) && !(strchr(fixed, *at) && *at != '9') &&
                !(*at == 'S' && c->id == NATIONAL_SG_NRIC) &&
                !(*at == 'D' && at[1] == '9' && c->id == NATIONAL_LICENCE) &&
                !(*at == 'D' && c->id == NATIONAL_JP_RESIDENCE);
            if (made)
                len += fill(seed, *at, value + len);
            else
                value[len++] = *at;
        }
        value[len] = 0;
        assert_true(tries++ < 100000);
    } while (!complete(value, c->id));
}

static void add_line(struct buf *b, const char *line)
{
    assert_true(buf_add(b, span_of(line)));
    assert_true(buf_add_byte(b, '\n'));
}

static void make_ids(const struct id_case *c, const char *header,
                     struct buf *out)
{
    static const char *const first[] = {"Jerry", "Mary", "Anna", "Hugo",
                                        "Ines",  "Omar", "Lena", "Paul"};
    static const char *const last[] = {"Price", "Reed", "Lopez", "Berg",
                                       "Costa", "Wong", "Haas",  "Novak"};
    char line[LINE], value[VALUE];
    uint32_t state = 7, *seed = &state;

    buf_reset(out);
    if (header) {
        snprintf(line, sizeof(line), "Name;%s", header);
        add_line(out, line);
    }
    for (unsigned i = 0; i < ROWS; i++) {
        make_id(seed, c, value);
        snprintf(line, sizeof(line), "%s %s;%s", first[i % 8], last[i / 8],
                 value);
        add_line(out, line);
    }
}

static void expect(const struct id_case *c, const char *header,
                   const char *fields)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    buf_init(&text, MAKE_CAP);
    make_ids(c, header, &text);
    collect(d, buf_span(&text), 700, &got);
    if (got.count != ROWS)
        print_error("under %s\n", header ? header : "no header");
    assert_int_equal(got.count, ROWS);
    for (size_t i = 0; i < got.count; i++)
        assert_int_equal(got.record[i].fields, collect_fields(fields));
    assert_int_equal(got.record[0].name.kind, NAME_NATIONAL_ID);
    assert_int_equal(collected_customers(&got), ROWS);
    buf_clear(&text);
    collect_end(d);
}

static void test_id(void **state)
{
    const struct id_case *c = *state;

    expect(c, c->english, "person_name national_id");
    expect(c, c->own, "person_name national_id");
    if (c->bare)
        expect(c, NULL, "person_name national_id");
}

/* Numbers beside names that are no ids, as above; a check may be wanted. */
struct quiet_case {
    const char *name; /* as made */
    const char *header;
    bool (*check)(struct span s);
};

static const struct quiet_case quiet[] = {
    {"999999999", "Order No", NULL},
    {"9999999999", "Invoice No", NULL},
    {"99999999999", "Ref", NULL},
    {"999999999999", "FedEx", NULL},
    {"9999999999999", "Timestamp", NULL},
    {"999-999-999", "Batch", NULL},
    {"999.999.999", "Volume", NULL},
    {"49999999999?", "UPC", check_mod10},
    {"400999999999?", "EAN", check_mod10},
    {"97899999999?", "ISBN", check_mod10},
    {"3599999999999?", "IMEI", check_luhn},
    {"1Z999AA1099999999", "Tracking Number", NULL},
    {"INV20119999", "Invoice", NULL},
    {"RX9999999A", "Batch", NULL},
    {"AAA99999", "Part", NULL},
    {"S", "Date", NULL},
    {"S9999", "Batch", NULL},
};

static void make_quiet(uint32_t *seed, const struct quiet_case *c, char *value)
{
    size_t len;

    do {
        len = 0;
        for (const char *at = c->name; *at; at++) {
            bool made =
                *at == '9' || *at == 'S' || (*at == 'A' && c->name[0] == 'A');
            if (made)
                len += fill(seed, *at, value + len);
            else
                value[len++] = *at == '?' ? (char)('0' + R(10)) : *at;
        }
        value[len] = 0;
    } while (c->check && !c->check(span_of(value)));
}

/* What they are may be anything but an id of a country. */
static void test_quiet(void **state)
{
    static struct collected got;
    const struct quiet_case *c = *state;
    char line[LINE], value[VALUE];
    uint32_t state_of = 11, *seed = &state_of;
    struct buf text;

    buf_init(&text, MAKE_CAP);
    for (unsigned round = 0; round < 8; round++) {
        struct detect *d = collect_detect(NULL, 0, NULL);
        buf_reset(&text);
        snprintf(line, sizeof(line), "Name,%s", c->header);
        if (round % 2 == 0)
            add_line(&text, line);
        for (unsigned i = 0; i < 400; i++) {
            make_quiet(seed, c, value);
            snprintf(line, sizeof(line), "Jerry %c%c,%s", 'A' + (char)R(26),
                     'a' + (char)R(26), value);
            add_line(&text, line);
        }
        collect(d, buf_span(&text), 900, &got);
        for (size_t i = 0; i < got.count; i++)
            assert_false(got.record[i].fields & FIELD_BIT(FIELD_NATIONAL_ID));
        collect_end(d);
    }
    buf_clear(&text);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(quiet)];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_id);
    SPEC_TABLE(tests, count, quiet, test_quiet);
    return SPEC_RUN("detect/ids", tests, count);
}
