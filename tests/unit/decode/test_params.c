// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_params.c - decode/params: header fields, parameters, encoded words.
 */
#include <string.h>

#include "decode/params.h"
#include "support/bytes.h"
#include "support/spec.h"

/* --- parameters --- */

struct param_case {
    const char *name;
    struct span value; /* of the field */
    struct span param; /* its name */
    struct span text;  /* expected, UTF-8 */
    bool file;         /* read as a file name */
};

static const struct param_case params[] = {
    {
        .name = "a plain value",
        .value = BYTES("text/csv; charset=utf-8"),
        .param = BYTES("charset"),
        .text = BYTES("utf-8"),
    },
    {
        .name = "names in either case, blanks around",
        .value = BYTES("text/csv ;\tCharSet = \"utf-8\" ; x=y"),
        .param = BYTES("charset"),
        .text = BYTES("utf-8"),
    },
    {
        .name = "quotes hide semicolons and quotes",
        .value = BYTES("form-data; name=\"a;b\\\"c\\\\d\"; filename=x"),
        .param = BYTES("name"),
        .text = BYTES("a;b\"c\\d"),
    },
    {
        .name = "a name that ends in another is not it",
        .value = BYTES("form-data; filename=x; name=y"),
        .param = BYTES("name"),
        .text = BYTES("y"),
    },
    {
        .name = "a missing one is empty",
        .value = BYTES("form-data; x"),
        .param = BYTES("name"),
        .text = BYTES(""),
    },
    {
        .name = "an open quote ends with the field",
        .value = BYTES("form-data; name=\"abc"),
        .param = BYTES("name"),
        .text = BYTES("abc"),
    },
    {
        .name = "a charset and percents, RFC 5987",
        .value = BYTES("attachment; filename=x; filename*=UTF-8''%e2%82%ac%20"),
        .param = BYTES("filename"),
        .text = BYTES("\xe2\x82\xac "),
    },
    {
        .name = "Latin-1 becomes UTF-8",
        .value = BYTES("attachment; filename*=iso-8859-1'en'%A3"),
        .param = BYTES("filename"),
        .text = BYTES("\xc2\xa3"),
    },
    {
        .name = "an encoded word in ISO-2022-JP",
        .value = BYTES("a; n=\"=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?=.csv\""),
        .param = BYTES("n"),
        .text = BYTES("山田.csv"),
    },
    {
        .name = "an encoded word in GB 2312",
        .value = BYTES("a; n=\"=?gb2312?B?v827pw==?=.csv\""),
        .param = BYTES("n"),
        .text = BYTES("客户.csv"),
    },
    {
        .name = "an encoded word in KOI8-R",
        .value = BYTES("a; n==?koi8-r?Q?=EB=CC=C9=C5=CE=D4=D9?="),
        .param = BYTES("n"),
        .text = BYTES("Клиенты"),
    },
    {
        .name = "percents in EUC-KR, RFC 5987",
        .value = BYTES("attachment; filename*=euc-kr''%B0%ED%B0%B4.csv"),
        .param = BYTES("filename"),
        .text = BYTES("고객.csv"),
    },
    {
        .name = "a charset that is not the declared one",
        .value = BYTES("a; n==?utf-8?Q?=8C=DA=8Bq=88=EA=97=97?="),
        .param = BYTES("n"),
        .text = BYTES("顧客一覧"),
    },
    {
        .name = "bare bytes of CP932",
        .value = BYTES("a; n=\"\x8c\xda\x8bq\x88\xea\x97\x97.csv\""),
        .param = BYTES("n"),
        .text = BYTES("顧客一覧.csv"),
    },
    {
        .name = "pieces in any order, RFC 2231",
        .value = BYTES("a; n*1=b; n*0*=utf-8''%41; n*2*=%43"),
        .param = BYTES("n"),
        .text = BYTES("AbC"),
    },
    {
        .name = "an encoded word in base64",
        .value = BYTES("a; n=\"=?UTF-8?B?5ZCN?=.csv\""),
        .param = BYTES("n"),
        .text = BYTES("\xe5\x90\x8d.csv"),
    },
    {
        .name = "blanks between encoded words do not count",
        .value = BYTES("a; n=\"=?utf-8?q?a_b?= \r\n =?UTF-8*ja?Q?=63?= d\""),
        .param = BYTES("n"),
        .text = BYTES("a bc d"),
    },
    {
        .name = "half an encoded word stands for itself",
        .value = BYTES("a; n=\"=?utf-8?q?abc\""),
        .param = BYTES("n"),
        .text = BYTES("=?utf-8?q?abc"),
    },
    {
        .name = "folders are no part of a file name",
        .value = BYTES("a; filename=\"..\\/dir\\\\q3.csv\""),
        .param = BYTES("filename"),
        .text = BYTES("q3.csv"),
        .file = true,
    },
    {
        .name = "a file name that is only folders stays",
        .value = BYTES("a; filename=\"dir/\""),
        .param = BYTES("filename"),
        .text = BYTES("dir/"),
        .file = true,
    },
};

static void run_param(void **state)
{
    const struct param_case *c = *state;
    uint8_t out[64];

    for (size_t room = 0; room <= sizeof(out); room++) {
        size_t len = c->file ? params_file(c->value, c->param, out, room)
                             : params_text(c->value, c->param, out, room);
        assert_true(len <= room);
        if (room < sizeof(out))
            continue;
        assert_int_equal(len, c->text.len);
        assert_memory_equal(out, c->text.ptr, len);
    }
}

/* --- lines --- */

static void folded_lines_are_one_field(void **state)
{
    struct span block = SPAN("A: 1\r\n 2\r\nno colon\r\nB :3\n\r\n");
    struct field_line line;

    (void)state;
    assert_true(fields_next(&block, &line));
    assert_true(span_eq(line.name, SPAN("A")));
    assert_true(span_eq(line.value, SPAN("1\r\n 2")));
    assert_true(fields_next(&block, &line));
    assert_int_equal(line.name.len, 0);
    assert_true(span_eq(line.value, SPAN("no colon")));
    assert_true(fields_next(&block, &line));
    assert_true(span_eq(line.name, SPAN("B")));
    assert_true(span_eq(line.value, SPAN("3")));
    assert_true(fields_next(&block, &line));
    assert_int_equal(line.value.len, 0);
    assert_false(fields_next(&block, &line));
}

static void a_block_ends_with_its_empty_line(void **state)
{
    (void)state;
    assert_int_equal(fields_end(SPAN("A: 1\r\n\r\nbody")), 8);
    assert_int_equal(fields_end(SPAN("A: 1\n\nbody\r\n\r\n")), 6);
    assert_int_equal(fields_end(SPAN("\r\nbody")), 2);
    assert_int_equal(fields_end(SPAN("A: 1\r\n\r")), 0);
    assert_int_equal(fields_end(SPAN("")), 0);
}

/* --- could rows hide here? --- */

struct tell_case {
    const char *name;
    struct span block;
    bool tells;
};

static const struct tell_case tells[] = {
    {"a date tells nothing", BYTES("Date: Tue, 15 Nov 1994 08:12:31 GMT\r\n"),
     false},
    {"a browser tells nothing", BYTES("Chrome/120.0.0.0 Safari/537.36"), false},
    {"nine digits tell", BYTES("X: 123456789"), true},
    {"eight digits do not", BYTES("X: 12345678 a"), false},
    {"single blanks join digits", BYTES("4111 1111-1"), true},
    {"two blanks do not", BYTES("4111  1111  1"), false},
    {"an e-mail sign tells", BYTES("a@b"), true},
    {"bytes beyond ASCII tell", BYTES("name: \xe5\x90\x8d"), true},
    {"nothing tells nothing", BYTES(""), false},
};

static void run_tell(void **state)
{
    const struct tell_case *c = *state;
    uint8_t moved[128];

    for (size_t at = 0; at < 16; at++) { /* wherever its eighths fall */
        memset(moved, 'x', sizeof(moved));
        if (c->block.len > 0)
            memcpy(moved + at, c->block.ptr, c->block.len);
        assert_int_equal(fields_tell((struct span){moved, at + c->block.len}),
                         c->tells);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(params) + COUNT(tells) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, params, run_param);
    SPEC_TABLE(tests, count, tells, run_tell);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(folded_lines_are_one_field);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_block_ends_with_its_empty_line);
    return SPEC_RUN("decode/params", tests, count);
}
