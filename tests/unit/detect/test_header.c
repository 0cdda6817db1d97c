// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_header.c - detect/header.c: words of every family, as people write
 * them, and the dictionary's own form.
 */
#include "detect/header.h"
#include "support/spec.h"

struct word_case {
    const char *name; /* the header word itself */
    enum field_type type;
};

static const struct word_case firm[] = {
    {"Account Number", FIELD_ACCOUNT_NUMBER},
    {"ACCOUNT_NO", FIELD_ACCOUNT_NUMBER},
    {"acct #", FIELD_ACCOUNT_NUMBER},
    {"accountNumber", FIELD_ACCOUNT_NUMBER},
    {"\"Customer No.\"", FIELD_ACCOUNT_NUMBER},
    {"口座番号", FIELD_ACCOUNT_NUMBER},
    {"口座番号（普通）", FIELD_ACCOUNT_NUMBER},
    {"会員番号", FIELD_ACCOUNT_NUMBER},
    {"お客様番号", FIELD_ACCOUNT_NUMBER},
    {"card_number", FIELD_CARD_NUMBER},
    {"Credit Card No", FIELD_CARD_NUMBER},
    {"PAN", FIELD_CARD_NUMBER},
    {"カード番号", FIELD_CARD_NUMBER},
    {"ｶｰﾄﾞ番号", FIELD_CARD_NUMBER},
    {"Name", FIELD_PERSON_NAME},
    {"customer_name", FIELD_PERSON_NAME},
    {"First Name", FIELD_PERSON_NAME},
    {"氏名", FIELD_PERSON_NAME},
    {"氏 名", FIELD_PERSON_NAME},
    {"契約者氏名", FIELD_PERSON_NAME},
    {"ﾌﾘｶﾞﾅ", FIELD_PERSON_NAME},
    {"Address", FIELD_ADDRESS},
    {"Address 1", FIELD_ADDRESS},
    {"billing_address", FIELD_ADDRESS},
    {"City", FIELD_ADDRESS},
    {"住所", FIELD_ADDRESS},
    {"ご住所", FIELD_ADDRESS},
    {"自宅住所", FIELD_ADDRESS},
    {"ZIP Code", FIELD_POSTAL_CODE},
    {"郵便番号", FIELD_POSTAL_CODE},
    {"Phone", FIELD_PHONE},
    {"Mobile Phone", FIELD_PHONE},
    {"Tel.", FIELD_PHONE},
    {"ＴＥＬ", FIELD_PHONE},
    {"電話番号", FIELD_PHONE},
    {"連絡先電話番号", FIELD_PHONE},
    {"携帯電話", FIELD_PHONE},
    {"E-Mail", FIELD_EMAIL},
    {"email_address", FIELD_EMAIL},
    {"contact email", FIELD_EMAIL},
    {"メールアドレス", FIELD_EMAIL},
    {"DOB", FIELD_DATE_OF_BIRTH},
    {"Date of Birth", FIELD_DATE_OF_BIRTH},
    {"birthDate", FIELD_DATE_OF_BIRTH},
    {"生年月日", FIELD_DATE_OF_BIRTH},
    {"生年月日(西暦)", FIELD_DATE_OF_BIRTH},
    {"Gender", FIELD_GENDER},
    {"性別", FIELD_GENDER},
    {"contract_date", FIELD_ACCOUNT_OPENED},
    {"Member Since", FIELD_ACCOUNT_OPENED},
    {"入会日", FIELD_ACCOUNT_OPENED},
    {"契約日", FIELD_ACCOUNT_OPENED},
    {"口座開設日", FIELD_ACCOUNT_OPENED},
    {"CVV2", FIELD_SECURITY_CODE},
    {"セキュリティコード", FIELD_SECURITY_CODE},
    {"PIN", FIELD_PIN},
    {"暗証番号", FIELD_PIN},
    {"\\u53e3\\u5ea7\\u756a\\u53f7", FIELD_ACCOUNT_NUMBER},
    {"\x8E\x81\x96\xBC", FIELD_PERSON_NAME}, /* 氏名 in CP932 */
    {"\xEF\xBB\xBFname", FIELD_PERSON_NAME}, /* behind a byte order mark */
};

static const struct word_case not_ours[] = {
    {"order_no", FIELD_NONE},     {"Order Number", FIELD_NONE},
    {"invoice", FIELD_NONE},      {"tracking number", FIELD_NONE},
    {"IP Address", FIELD_NONE},   {"mac_address", FIELD_NONE},
    {"Product Name", FIELD_NONE}, {"file name", FIELD_NONE},
    {"id", FIELD_NONE},           {"created_at", FIELD_NONE},
    {"account_type", FIELD_NONE}, {"商品名", FIELD_NONE},
    {"注文番号", FIELD_NONE},     {"会社名", FIELD_NONE},
    {"host name", FIELD_NONE},    {"timestamp", FIELD_NONE},
};

static const struct word_case unknown[] = {
    {"hotel", FIELD_NONE}, {"the weather was fine", FIELD_NONE},
    {"", FIELD_NONE},      {"1234567", FIELD_NONE},
    {"!!!", FIELD_NONE},
};

static void check_word(const struct word_case *c, enum claim_force force)
{
    struct header *h = header_new();

    assert_non_null(h);
    for (int again = 0; again < 2; again++) {
        struct claim claim = header_find(h, span_of(c->name));
        assert_int_equal(claim.force, force);
        assert_int_equal(claim.type, c->type);
    }
    header_free(h);
}

static void test_firm(void **state)
{
    check_word(*state, CLAIM_FIRM);
}

static void test_not(void **state)
{
    check_word(*state, CLAIM_NOT);
}

static void test_unknown(void **state)
{
    check_word(*state, CLAIM_NONE);
}

/* A word that is not in normal form could never be found. */
static void test_dictionary_is_normal(void **state)
{
    static const char *const words[] = {
#define WORD(type, word) word,
#define WEAK(type, word) word,
#define PART(type, word) word,
#define NOT(word)        word,
#define BANK(word)       word,
#define NOTPART(word)    word,
#define FRONT(word)      word,
#include "detect/headers.def"
#undef WORD
#undef WEAK
#undef PART
#undef NOT
#undef BANK
#undef NOTPART
#undef FRONT
    };
    uint8_t normal[HEADER_ROOM];

    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        struct span word = span_of(words[i]);
        struct span have = {normal, header_normal(word, normal)};
        if (!span_eq(word, have))
            print_error("%s is not in normal form\n", words[i]);
        assert_true(span_eq(word, have));
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(firm) + COUNT(not_ours) + COUNT(unknown) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, firm, test_firm);
    SPEC_TABLE(tests, count, not_ours, test_not);
    SPEC_TABLE(tests, count, unknown, test_unknown);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_dictionary_is_normal);
    return SPEC_RUN("detect/header", tests, count);
}
