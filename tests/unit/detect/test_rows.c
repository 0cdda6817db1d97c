// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_rows.c - detect/rows.c, sample.c, columns.c, table.c, lines.c,
 * labels.c, pairs.c, json.c, page.c, waiting.c: what records a text gives.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/state.h"
#include "support/spec.h"
#include "unit/detect/collect.h"
#include "unit/detect/make.h"

#define CARD1 "4539148803436467"
#define CARD2 "3530111333300000"

struct text_case {
    const char *name;
    const char *text;
    size_t records;
    const char *fields;  /* of every record */
    enum name_kind kind; /* of the first */
};

static const struct text_case texts[] = {
    {"one customer under a header",
     "name,account_no,phone\nJerry Price,7348770443,(214) 555-0142\n", 1,
     "person_name account_number phone", NAME_ACCOUNT},
    {"a header in Japanese",
     "氏名,カード番号,住所\n佐藤 茂," CARD2 ",東京都港区芝浦1-2-3\n", 1,
     "person_name card_number address", NAME_CARD},
    {"a live card under a member number is a card",
     "会員番号,氏名\n" CARD2 ",佐藤 茂\n" CARD1 ",鈴木 花子\n", 2,
     "person_name card_number", NAME_CARD},
    {"other numbers under a member number are accounts",
     "会員番号,氏名\n1234567,佐藤 茂\n7654321,鈴木 花子\n", 2,
     "person_name account_number", NAME_ACCOUNT},
    {"a separator of the header that became a line end",
     "name,mail\naccount_no,tint\nJerry Price,j@example.com,7348770443,Rome\n"
     "Mary Reed,m@example.com,7348770451,Bern\n",
     2, "person_name email account_number", NAME_ACCOUNT},
    {"a sign of the header that became a line end",
     "name,mail,account\nno,tint\nJerry Price,j@example.com,7348770443,Rome\n"
     "Mary Reed,m@example.com,7348770451,Bern\n",
     2, "person_name email account_number", NAME_ACCOUNT},
    {"values below their labels, the first of them damaged",
     "Account no:\n  73487,0443\nName:\n  Jerry Price\nCard:\n  " CARD1
     "\n\nName:\n  Mary Reed\nCard:\n  " CARD2 "\n",
     2, "person_name card_number", NAME_CARD},
    {"CREATE TABLE with a damaged byte",
     "CREATE T,BLE c (name text, account_no text);\nINSERT INTO c VALUES "
     "('Jerry Price', '7348770443');\nINSERT INTO c VALUES ('Mary Reed', "
     "'7348770451');\n",
     2, "person_name account_number", NAME_ACCOUNT},
    {"a tuple whose end became another sign",
     "INSERT INTO c (name, card_no) VALUES ('Ann Hall', '12' ;\nINSERT INTO c "
     "(name, card_no) VALUES ('Jerry Price', '" CARD1
     "');\nINSERT INTO c (name, card_no) VALUES ('Mary Reed', '" CARD2 "');\n",
     2, "person_name card_number", NAME_CARD},
    {"rows numbered as R writes them",
     "\"name\" \"account_no\" \"mail\"\n\"1\" \"Jerry Price\" \"7348770443\" "
     "\"j@example.com\"\n\"2\" \"Mary Reed\" \"7348770451\" "
     "\"m@example.com\"\n",
     2, "person_name account_number email", NAME_ACCOUNT},
    {"values under the names of their types",
     "{\"Items\":[{\"name\":{\"S\":\"Jerry Price\"},\"card_no\":{\"S\":\"" CARD1
     "\"}},{\"name\":{\"S\":\"Mary Reed\"},\"card_no\":{\"S\":\"" CARD2
     "\"}}]}",
     2, "person_name card_number", NAME_CARD},
    {"messages of lines with labels",
     "[{\"type\":\"message\",\"text\":\"Name: Jerry Price\\nCard: " CARD1
     "\"},{\"type\":\"message\",\"text\":\"Name: Mary Reed\\nCard: " CARD2
     "\"}]",
     2, "person_name card_number", NAME_CARD},
    {"two customers in one message",
     "{\"text\":\"Name: Jerry Price\\nCard: " CARD1
     "\\n\\nName: Mary Reed\\nCard: " CARD2 "\"}",
     2, "person_name card_number", NAME_CARD},
    {"labels in bold with the colon behind",
     "<html><p><b>Name</b>: Jerry Price<br><b>Card</b>: " CARD1
     "</p><p><b>Name</b>: Mary Reed<br><b>Card</b>: " CARD2 "</p></html>",
     2, "person_name card_number", NAME_CARD},
    {"one statement that inserts all",
     "INSERT ALL\n  INTO C (NAME, ACCOUNT_NO) VALUES ('Jerry Price', "
     "'7348770443')\n  INTO C (NAME, ACCOUNT_NO) VALUES ('Mary Reed', "
     "'7348770451')\nSELECT * FROM DUAL;\n",
     2, "person_name account_number", NAME_ACCOUNT},
    {"a number in the note of an address book",
     "BEGIN:VCARD\nFN:Jerry Price\nNOTE:Account no.: 7348770443\nEND:VCARD\n"
     "BEGIN:VCARD\nFN:Mary Reed\nNOTE:Account no.: 7348770451\nEND:VCARD\n",
     2, "person_name account_number", NAME_ACCOUNT},
    {"letters written as octal bytes",
     "\"\\346\\260\\217\\345\\220\\215\",\"card_no\"\n"
     "\"\\344\\275\\220\\350\\227\\244 \\350\\214\\202\",\"" CARD2 "\"\n",
     1, "person_name card_number", NAME_CARD},
    {"fields of objects as PowerShell writes them",
     "<Objs Version=\"1.1\"><Obj RefId=\"0\"><MS><S N=\"name\">Jerry Price</S>"
     "<S N=\"card_no\">" CARD1
     "</S></MS></Obj><Obj RefId=\"1\"><MS><S N=\"name\">Mary Reed</S>"
     "<S N=\"card_no\">" CARD2 "</S></MS></Obj></Objs>",
     2, "person_name card_number", NAME_CARD},
    {"the last row needs no line end",
     "name,email\nJerry Price,jerry@example.com", 1, "person_name email",
     NAME_EMAIL},
    {"a title before the header",
     "Customers of 2011\n\nname;email\nJerry Price;jerry@example.com\n", 1,
     "person_name email", NAME_EMAIL},
    {"a quoted address over two lines",
     "name,address,phone\nJerry Price,\"2238 Cedar St\nDallas, TX 75202\","
     "(214) 555-0142\n",
     1, "person_name address phone", NAME_PHONE},
    {"an address with its own commas, not quoted",
     "name,address,phone\n"
     "Jerry Price,2238 Cedar St, Dallas, TX 75202,(214) 555-0142\n"
     "Mary Reed,17 Oak Ave, Denver, CO 80201,(303) 555-0111\n",
     2, "person_name address phone", NAME_PHONE},
    {"name, address and birth without any number",
     "name,address,dob\nJerry Price,\"2238 Cedar St, Dallas\",1955-03-03\n", 1,
     "person_name address date_of_birth", NAME_BIRTH},
    {"given and family name in two columns",
     "first_name,last_name,address,dob,sex\n"
     "Jerry,Price,\"2238 Cedar St, Dallas\",1955-03-03,M\n",
     1, "person_name address date_of_birth gender", NAME_BIRTH},
    {"marketing rows between customers name nobody",
     "name,address,phone,contract_date\n"
     "Jerry Price,\"2238 Cedar St, Dallas\",(214) 555-0142,2005-01-02\n"
     "summer light,garden stone window,segment 12,wave 3\n"
     "Family Plan,500 minutes free,59.99,2006-05-01\n"
     "Mary Reed,\"17 Oak Ave, Denver\",(303) 555-0111,2006-05-01\n",
     2, "person_name address phone account_opened", NAME_PHONE},
    {"a birth makes an odd address beside it a person's, card or none",
     "name,address,card,dob\n"
     "Ann Hall,\"Studio 2\nSouth Ann\nKW0N 6AL\",,1955-03-03\n"
     "Joe Dale,\"Flat 9\nNew Ian\nL5 1RR\",none,1961-12-30\n",
     2, "person_name address date_of_birth", NAME_BIRTH},
    {"without a birth it is anybody's",
     "name,address,card,opened\n"
     "Ann Hall,\"Studio 2\nSouth Ann\"," CARD1 ",2005-03-03\n"
     "Family Plan,\"Studio 9\nSouth Ann\",,2006-03-03\n",
     1, "person_name address card_number account_opened", NAME_CARD},
    {"empty cells are no fields",
     "name,email,phone\nJerry Price,,(214) 555-0142\n,,\n", 1,
     "person_name phone", NAME_PHONE},
    {"a security code and a PIN are told",
     "card_no,cvv,pin,name\n" CARD1 ",123,4321,Jerry Price\n", 1,
     "card_number security_code pin person_name", NAME_CARD},
    {"a card beside an e-mail, no header", CARD1 ",jerry@example.com\n", 1,
     "card_number email", NAME_CARD},
    {"an e-mail beside a day is nobody", "2011-08-05,jerry@example.com,m\n", 0,
     "", 0},
    {"a header without customers is no table",
     "id,name,price\n1,Garden Table,129\n2,Blue Chair,59\n", 0, "", 0},
    {"one row of an unknown table is nobody", "2011-08-05,12345678,ok\n", 0, "",
     0},
    {"a card in prose, written as a card",
     "my card is 4539 1488 0343 6467, thanks\n", 1, "card_number", NAME_CARD},
    {"one bare number in prose is no card", "order " CARD1 " was sent\n", 0, "",
     0},
    {"a bare card beside a phone is one", "Jerry " CARD1 " (214) 555-0142\n", 1,
     "card_number phone", NAME_CARD},
    {"lines of label and value",
     "Name: Jerry Price\nAccount number: 7348770443\n"
     "Phone: (214) 555-0142\n",
     1, "person_name account_number phone", NAME_ACCOUNT},
    {"two blocks of labels are two rows",
     "Name: Jerry Price\nAccount: 7348770443\n\n"
     "Name: Mary Reed\nAccount: 7348770444\n",
     2, "person_name account_number", NAME_ACCOUNT},
    {"Japanese labels", "氏名：佐藤 茂\n口座番号：7348770\n", 1,
     "person_name account_number", NAME_ACCOUNT},
    {"a form of one purchase",
     "item=table&name=Jerry+Price&card_number=" CARD1
     "&exp=09%2F13&phone=%28214%29+555-0142",
     1, "person_name card_number phone", NAME_CARD},
    {"a footer with a phone is nobody",
     "Call us!\nPhone: (214) 555-0142\nEmail: info@shop.example\n", 0, "", 0},
    {"an object",
     "{\"name\":\"Jerry Price\",\"account_number\":\"7348770443\","
     "\"card_number\":\"" CARD1 "\"}",
     1, "person_name account_number card_number", NAME_ACCOUNT},
    {"objects of an array, with objects inside",
     "{\"page\":1,\"customers\":[{\"name\":\"Jerry Price\",\"card\":"
     "{\"number\":\"" CARD1 "\"}},{\"name\":\"Mary Reed\",\"card\":"
     "{\"number\":\"" CARD2 "\"}}]}",
     2, "person_name card_number", NAME_CARD},
    {"keys and values written as escapes",
     "[{\"\\u6c0f\\u540d\":\"\\u4f50\\u85e4 \\u8302\","
     "\"\\u53e3\\u5ea7\\u756a\\u53f7\":\"7348770\"}]",
     1, "person_name account_number", NAME_ACCOUNT},
    {"phones of a list of objects",
     "[{\"phone\":\"(214) 555-0101\"},{\"phone\":\"(214) 555-0102\"},"
     "{\"phone\":\"(214) 555-0103\"},{\"phone\":\"(214) 555-0104\"},"
     "{\"phone\":\"(214) 555-0105\"},{\"phone\":\"(214) 555-0106\"},"
     "{\"phone\":\"(214) 555-0107\"},{\"phone\":\"(214) 555-0108\"},"
     "{\"phone\":\"(214) 555-0109\"}]",
     9, "phone", NAME_PHONE},
    {"one phone in an object is anybody's", "{\"phone\":\"(214) 555-0101\"}", 0,
     "", 0},
    {"a Maestro card of twelve digits under its header",
     "name,Card Number\nJerry Price,501800000009\nMary Reed,675940000002\n", 2,
     "person_name card_number", NAME_CARD},
    {"a national id under its label",
     "Name: Jerry Price\nNI number: AB123456C\n", 1, "person_name national_id",
     NAME_NATIONAL_ID},
    {"a national id alone in an object, by its key",
     "{\"nom\":\"Marie Curie\",\"nir\":\"295109912611193\"}", 1,
     "person_name national_id", NAME_NATIONAL_ID},
    {"a header in Dutch", "naam;bsn\nJan Smit;111222333\n", 1,
     "person_name national_id", NAME_NATIONAL_ID},
    {"a header in Polish, out of order",
     "pesel;imię;nazwisko;data urodzenia\n"
     "44051401359;Anna;Nowak;1944-05-14\n",
     1, "person_name national_id date_of_birth", NAME_NATIONAL_ID},
    {"a national id whose check fails is none",
     "Name: Jerry Price\nSIN: 046 454 287\n", 0, "", 0},
    {"a passport's zone gives its number",
     "name,mrz\nAnna Eriksson,L898902C36UTO7408122F1204159ZE184226B<<<<<10\n",
     1, "person_name national_id", NAME_NATIONAL_ID},
    {"an account number is stronger than a national id",
     "name,account_no,bsn\nJan Smit,7348770443,111222333\n", 1,
     "person_name account_number national_id", NAME_ACCOUNT},
    {"a national id is stronger than an IBAN",
     "name,iban,bsn\nJan Smit,NL91ABNA0417164300,111222333\n", 1,
     "person_name iban national_id", NAME_NATIONAL_ID},
    {"an IBAN under its header",
     "name,iban\nJerry Price,DE89370400440532013000\n", 1, "person_name iban",
     NAME_IBAN},
    {"an order number in an object is no card",
     "{\"order_no\":\"" CARD1 "\",\"name\":\"Garden Table\"}", 0, "", 0},
    {"a page",
     "<html><body><table><tr><th>Name</th><td>Jerry O&#39;Brien</td></tr>\n"
     "<tr><th>Account number</th><td>7348770443</td></tr></table></html>",
     1, "person_name account_number", NAME_ACCOUNT},
    {"a page of terms and definitions",
     "<!DOCTYPE html><dl><dt>氏名</dt><dd>佐藤 茂</dd><dt>カード番号</dt>"
     "<dd>3530-1113-3330-0000</dd></dl>",
     1, "person_name card_number", NAME_CARD},
    {"a page with a table of customers",
     "<html><table><tr><th>Name</th><th>Phone</th></tr>"
     "<tr><td>Jerry Price</td><td>(214) 555-0142</td></tr>"
     "<tr><td>Mary Reed</td><td>(303) 555-0111</td></tr></table></html>",
     2, "person_name phone", NAME_PHONE},
    {"a form's input fields",
     "<html><form><input name=\"name\" value=\"Jerry Price\">"
     "<input type=text name=account_no value=\"7348770443\"></form></html>",
     1, "person_name account_number", NAME_ACCOUNT},
    {"an empty part", "", 0, "", 0},
    {"a byte order mark before the header",
     "\xEF\xBB\xBFname,email\nJerry Price,jerry@example.com\n", 1,
     "person_name email", NAME_EMAIL},
};

static void check_records(const struct collected *got, const char *fields,
                          size_t records)
{
    assert_int_equal(got->count, records);
    for (size_t i = 0; i < got->count; i++)
        assert_int_equal(got->record[i].fields, collect_fields(fields));
}

/* The text, whole and in bytes. */
static void test_text(void **state)
{
    static struct collected got, cut;
    const struct text_case *c = *state;
    struct detect *d = collect_detect(NULL, 0, NULL);

    collect(d, span_of(c->text), 1 << 20, &got);
    check_records(&got, c->fields, c->records);
    if (c->records > 0)
        assert_int_equal(got.record[0].name.kind, c->kind);
    collect(d, span_of(c->text), 1, &cut);
    assert_true(collected_same(&got, &cut));
    collect_end(d);
}

struct table_case {
    const char *name;
    struct make how;
    const char *fields;
};

#define CITI "card name address phone dob gender opened"
#define CITI_FIELDS                                                            \
    "card_number person_name address phone date_of_birth gender "              \
    "account_opened"

static const struct table_case tables[] = {
    {"Citi Cards Japan",
     {.seed = 1,
      .japanese = true,
      .cp932 = true,
      .newline = "\r\n",
      .columns = CITI,
      .rows = 300},
     CITI_FIELDS},
    {"the same without a header",
     {.seed = 2,
      .japanese = true,
      .cp932 = true,
      .no_header = true,
      .columns = CITI,
      .rows = 300},
     CITI_FIELDS},
    {"the same in bars, where trail bytes look like bars",
     {.seed = 3,
      .japanese = true,
      .cp932 = true,
      .separator = '|',
      .columns = CITI,
      .rows = 300},
     CITI_FIELDS},
    {"accounts in tabs",
     {.seed = 4,
      .separator = '\t',
      .newline = "\r",
      .columns = "quantity name account card address phone email dob",
      .rows = 100},
     "person_name account_number card_number address phone email "
     "date_of_birth"},
    {"accounts by their shape",
     {.seed = 5,
      .no_header = true,
      .quoted = true,
      .separator = ';',
      .columns = "name account email dob",
      .rows = 64},
     "person_name account_number email date_of_birth"},
    {"T-Mobile",
     {.seed = 6, .columns = "name address phone opened", .rows = 200},
     "person_name address phone account_opened"},
    {"T-Mobile without a header",
     {.seed = 7,
      .no_header = true,
      .columns = "name address phone opened",
      .rows = 200},
     "person_name address phone account_opened"},
    {"a list of e-mail addresses",
     {.seed = 8, .no_header = true, .columns = "email", .rows = 50},
     "email"},
    {"order numbers beside customers are no cards",
     {.seed = 9, .columns = "order name email", .rows = 100},
     "person_name email"},
    {"order numbers beside customers without a header",
     {.seed = 10,
      .no_header = true,
      .columns = "order name email",
      .rows = 100},
     "person_name email"},
};

static void test_table(void **state)
{
    static struct collected got;
    const struct table_case *c = *state;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    buf_init(&text, MAKE_CAP);
    make_table(&c->how, &text);
    collect(d, buf_span(&text), 1460, &got);
    check_records(&got, c->fields, c->how.rows);
    assert_int_equal(collected_customers(&got), c->how.rows);
    buf_clear(&text);
    collect_end(d);
}

static void test_two_tables_with_prose_between(void **state)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct make one = {.seed = 11, .columns = "name phone", .rows = 90};
    struct make two = {
        .seed = 12, .columns = "email card name", .rows = 80, .separator = ';'};
    struct buf text;

    (void)state;
    buf_init(&text, MAKE_CAP);
    make_table(&one, &text);
    for (int i = 0; i < 100; i++)
        assert_true(buf_add(&text, SPAN("and so on, as before.\n")));
    make_table(&two, &text);
    collect(d, buf_span(&text), 700, &got);
    assert_int_equal(got.count, 170);
    assert_int_equal(got.record[89].fields,
                     collect_fields("person_name phone"));
    assert_int_equal(got.record[90].fields,
                     collect_fields("email card_number person_name"));
    buf_clear(&text);
    collect_end(d);
}

static void test_numbers_of_the_settings(void **state)
{
    static const struct number_rule rule = {.name = "savings",
                                            .type = FIELD_ACCOUNT_NUMBER,
                                            .pattern = "7[0-9]{9}",
                                            .check = "mod11"};
    static struct collected got;
    struct detect *d = collect_detect(&rule, 1, NULL);

    (void)state;
    collect(d, SPAN("x;7123456780;a\ny;7123456798;b\n"), 7, &got);
    check_records(&got, "account_number", 2);
    assert_int_equal(got.record[0].name.kind, NAME_ACCOUNT);
    collect(d, SPAN("on 7123456780 and\nthen 7123456798 and\n7123456801."), 7,
            &got);
    check_records(&got, "account_number", 3);
    assert_int_equal(got.record[0].name.kind, NAME_ACCOUNT);
    collect(d, SPAN("on 7123456780 and\nthen 7123456799 and\n7123456802."), 7,
            &got);
    assert_int_equal(got.count, 0);
    collect(d, SPAN("x;7123456781;a\ny;7123456797;b\n"), 7, &got);
    assert_int_equal(got.count, 0);
    collect_end(d);
}

static void test_numbers_with_letters(void **state)
{
    static const struct number_rule rule = {.name = "contract",
                                            .type = FIELD_ACCOUNT_NUMBER,
                                            .pattern = "(AB|CD)-?\\d{6}",
                                            .check = "none"};
    static struct collected got;
    struct detect *d = collect_detect(&rule, 1, NULL);

    (void)state;
    for (size_t piece = 1; piece < 20; piece++) {
        collect(d, SPAN("x;AB-123456;a\ny;CD-654321;b\n"), piece, &got);
        check_records(&got, "account_number", 2);
        collect(d, SPAN("on AB123456 and\nthen CD-654321 and\nAB222222."),
                piece, &got);
        check_records(&got, "account_number", 3);
        assert_int_equal(got.record[0].name.kind, NAME_ACCOUNT);
        collect(d, SPAN("on AC123456 and\nthen CD-6543217 and\nXAB222222."),
                piece, &got);
        assert_int_equal(got.count, 0);
        collect(d, SPAN("{\"ref\":\"AB123456\",\"name\":\"Ann Lee\"}"), piece,
                &got);
        check_records(&got, "account_number person_name", 1);
    }
    collect_end(d);
}

static void test_a_row_has_the_moment_of_its_last_byte(void **state)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct span text = SPAN("name,email\r\nAnn Lee,a@b.example\r\n"
                            "Bob Ray,b@b.example\r\n");

    (void)state;
    for (size_t cut = 1; cut < text.len; cut++) {
        got.count = 0;
        struct rows *r = collect_open(d, &got);
        rows_feed(r, span_head(text, cut), &(struct moment){10, 1, 0});
        rows_feed(r, span_skip(text, cut), &(struct moment){20, 2, 0});
        rows_close(r);
        assert_int_equal(got.count, 2);
        assert_int_equal(got.record[0].last.number, cut >= 33 ? 1 : 2);
        assert_int_equal(got.record[1].last.number, 2);
        assert_int_equal(got.record[1].first.time_ns, 20);
    }
    collect_end(d);
}

static bool refuse_third(void *ctx, const struct record *record)
{
    size_t *count = ctx;

    (void)record;
    return ++*count < 3;
}

static void test_a_sink_that_refuses_gets_no_more(void **state)
{
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct make how = {.seed = 13, .columns = "name phone", .rows = 100};
    struct part part = {.trail = "test"};
    size_t count = 0;
    struct record_sink sink = {&count, refuse_third};
    struct buf text;

    (void)state;
    buf_init(&text, MAKE_CAP);
    make_table(&how, &text);
    struct rows *r = rows_open(d, &part, &sink);
    assert_non_null(r);
    collect_feed(r, buf_span(&text), 300);
    rows_close(r);
    assert_int_equal(count, 3);
    buf_clear(&text);
    collect_end(d);
}

static void test_records_are_counted(void **state)
{
    static struct counters counters;
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, &counters);

    (void)state;
    collect(d, SPAN("name,email\nAnn Lee,a@b.example\n"), 5, &got);
    assert_int_equal(counters.records, 1);
    collect_end(d);
}

/* Bytes without any line end, as long as the part. */
static void test_one_endless_line_stays_small(void **state)
{
    static struct counters counters;
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, &counters);
    struct rows *r;
    uint8_t piece[4096];

    (void)state;
    memset(piece, 'x', sizeof(piece));
    got.count = 0;
    r = collect_open(d, &got);
    rows_feed(r, SPAN("name,email\nAnn Lee,a@b.example\n"),
              &(struct moment){1, 1, 0});
    for (int i = 0; i < 1024; i++)
        collect_feed(r, (struct span){piece, sizeof(piece)}, 1460);
    rows_feed(r, SPAN("\nBob Ray,b@b.example\n"), &(struct moment){1, 1, 0});
    rows_close(r);
    assert_int_equal(got.count, 2);
    collect_end(d);
}

static void test_a_million_columns_are_a_limit(void **state)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    size_t len = 1000000;
    uint8_t *text = malloc(len);

    (void)state;
    assert_non_null(text);
    memset(text, ',', len);
    memcpy(text, "name,email", 10);
    memcpy(text + 500000, "\nAnn Lee,a@b.example", 20);
    collect(d, (struct span){text, len}, 1460, &got);
    assert_true(got.count <= 1);
    free(text);
    collect_end(d);
}

/* The first 256 are looked at, header and cells. */
static void test_three_hundred_columns_are_a_table(void **state)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct buf text;

    (void)state;
    buf_init(&text, MAKE_CAP);
    assert_true(buf_add(&text, SPAN("name,email")));
    for (int i = 0; i < 298; i++)
        assert_true(buf_add(&text, SPAN(",x")));
    for (int row = 0; row < 20; row++) {
        assert_true(buf_printf(&text, "\nAnn Lee,a%d@b.example", row));
        for (int i = 0; i < 298; i++)
            assert_true(buf_add(&text, SPAN(",7")));
    }
    collect(d, buf_span(&text), 1000, &got);
    check_records(&got, "person_name email", 20);
    buf_clear(&text);
    collect_end(d);
}

static void test_an_object_with_a_hole_is_lost_alone(void **state)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct part part = {.trail = "hole", .media = SPAN("application/json")};
    struct record_sink sink = {&got, collect_keep};
    struct moment seen = {0, 0, 0};

    (void)state;
    got.count = 0;
    struct rows *r = rows_open(d, &part, &sink);
    assert_non_null(r);
    rows_gap(r, 50);
    rows_feed(r, SPAN("y\",\"acct\":\"1234567\"},{\"acct\":\"1234568\"},"),
              &seen);
    rows_feed(r, SPAN("{\"acct\":\"12345"), &seen);
    rows_gap(r, 20);
    rows_feed(r, SPAN("4\"},{\"acct\":\"1234569\"}]"), &seen);
    rows_close(r);
    check_records(&got, "account_number", 2);
    collect_end(d);
}

/* 50,000 half-open uploads must not cost more than their bytes. */
static void test_an_idle_part_is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct rows) <= 200);
}

static void test_an_overlap_has_cut_rows_at_both_ends(void **state)
{
    static struct collected got;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct part part = {.trail = "overlap", .overlap = true};
    struct record_sink sink = {&got, collect_keep};
    struct span text = SPAN("e,a@b.example," CARD1 "\n"
                            "Ann Lee,a@b.example," CARD2 "\n"
                            "Bob Ray,b@b.example," CARD1 "\n"
                            "Cid Poe,c@b.exam");

    (void)state;
    got.count = 0;
    struct rows *r = rows_open(d, &part, &sink);
    assert_non_null(r);
    collect_feed(r, text, 9);
    rows_close(r);
    assert_int_equal(got.count, 2);
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(texts) + COUNT(tables) + 16];
    size_t count = 0;
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_two_tables_with_prose_between),
        cmocka_unit_test(test_numbers_of_the_settings),
        cmocka_unit_test(test_numbers_with_letters),
        cmocka_unit_test(test_a_row_has_the_moment_of_its_last_byte),
        cmocka_unit_test(test_a_sink_that_refuses_gets_no_more),
        cmocka_unit_test(test_records_are_counted),
        cmocka_unit_test(test_one_endless_line_stays_small),
        cmocka_unit_test(test_a_million_columns_are_a_limit),
        cmocka_unit_test(test_three_hundred_columns_are_a_table),
        cmocka_unit_test(test_an_object_with_a_hole_is_lost_alone),
        cmocka_unit_test(test_an_idle_part_is_small),
        cmocka_unit_test(test_an_overlap_has_cut_rows_at_both_ends),
    };

    SPEC_TABLE(tests, count, texts, test_text);
    SPEC_TABLE(tests, count, tables, test_table);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return SPEC_RUN("detect/rows", tests, count);
}
