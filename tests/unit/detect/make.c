// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make.c - tables of invented customers, the same on every run.
 *
 * It must not make a real person's data.
 */
#include "unit/detect/make.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/spec.h"

enum { CELL = 128 };

uint32_t make_below(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (uint32_t)((uint64_t)(*seed >> 8) * below >> 24);
}

static const char *pick(uint32_t *seed, const char *const *words, size_t count)
{
    return words[make_below(seed, (uint32_t)count)];
}

#define PICK(seed, words) pick(seed, words, COUNT(words))

void make_card(uint32_t *seed, const char *prefix, char out[20])
{
    unsigned sum = 0;
    size_t len = strlen(prefix);

    memcpy(out, prefix, len);
    while (len < 15)
        out[len++] = (char)('0' + make_below(seed, 10));
    for (size_t i = 0; i < 15; i++) {
        unsigned digit = (unsigned)(out[14 - i] - '0');
        if (i % 2 == 0)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    out[15] = (char)('0' + (10 - sum % 10) % 10);
    out[16] = 0;
}

static void make_name(uint32_t *s, bool japanese, char *out)
{
    static const char *const first[] = {"James", "Mary", "Robert", "Linda",
                                        "Karen", "Paul", "Emily",  "Scott",
                                        "Helen", "Frank"};
    static const char *const last[] = {"Smith",   "Jones",  "Garcia", "Miller",
                                       "O'Brien", "Nguyen", "Baker",  "Reed",
                                       "Ward",    "Price"};
    static const char *const family[] = {"佐藤", "鈴木",   "高橋", "能登",
                                         "十河", "長谷川", "表",   "森"};
    static const char *const given[] = {"茂",   "花子",   "健一", "ソノ",
                                        "大輔", "真由美", "十三", "翔"};

    if (japanese)
        snprintf(out, CELL, "%s %s", PICK(s, family), PICK(s, given));
    else
        snprintf(out, CELL, "%s %s", PICK(s, first), PICK(s, last));
}

static void make_address(uint32_t *s, bool japanese, char *out)
{
    static const char *const streets[] = {"Cedar St", "Oak Ave", "Mill Rd"};
    static const char *const cities[] = {"Dallas, TX", "Denver, CO",
                                         "Boston, MA"};
    static const char *const places[] = {"東京都港区芝浦", "大阪府堺市表町",
                                         "神奈川県横浜市中区山下町",
                                         "秋田県能代市上町"};

    if (japanese)
        snprintf(out, CELL, "%s%u-%u-%u", PICK(s, places), 1 + make_below(s, 9),
                 1 + make_below(s, 30), 1 + make_below(s, 20));
    else
        snprintf(out, CELL, "%u %s, %s %05u", 1 + make_below(s, 9000),
                 PICK(s, streets), PICK(s, cities), make_below(s, 99999));
}

static void make_date(uint32_t *s, unsigned first, unsigned years, char *out)
{
    snprintf(out, CELL, "%u-%02u-%02u", first + make_below(s, years),
             1 + make_below(s, 12), 1 + make_below(s, 28));
}

static void make_cell(const struct make *how, struct span column, uint32_t *s,
                      char *out)
{
    bool jp = how->japanese;

    if (span_eq(column, SPAN("name")))
        make_name(s, jp, out);
    else if (span_eq(column, SPAN("account")))
        snprintf(out, CELL, "%u%06u", 1000 + make_below(s, 9000),
                 make_below(s, 1000000));
    else if (span_eq(column, SPAN("card")))
        make_card(s, jp ? "3540" : "4539", out);
    else if (span_eq(column, SPAN("address")))
        make_address(s, jp, out);
    else if (span_eq(column, SPAN("phone")))
        snprintf(out, CELL, jp ? "090-%04u-%04u" : "(212) %03u-%04u",
                 (jp ? 1000 : 200) + make_below(s, jp ? 9000 : 800),
                 make_below(s, 10000));
    else if (span_eq(column, SPAN("email")))
        snprintf(out, CELL, "u%u@mail.example", make_below(s, 1U << 24));
    else if (span_eq(column, SPAN("dob")))
        make_date(s, 1935, 60, out);
    else if (span_eq(column, SPAN("opened")))
        make_date(s, 1998, 12, out);
    else if (span_eq(column, SPAN("gender")))
        snprintf(out, CELL, "%s",
                 make_below(s, 2) ? (jp ? "男" : "M") : (jp ? "女" : "F"));
    else if (span_eq(column, SPAN("order")))
        snprintf(out, CELL, "%08u%08u", make_below(s, 100000000),
                 make_below(s, 100000000));
    else
        snprintf(out, CELL, "%u", make_below(s, 1000));
}

static const char *heading(const struct make *how, struct span column)
{
    static const struct {
        const char *column, *english, *japanese;
    } words[] = {
        {"name", "Name", "氏名"},
        {"account", "account_number", "口座番号"},
        {"card", "Card No", "カード番号"},
        {"address", "Address", "住所"},
        {"phone", "phone", "電話番号"},
        {"email", "E-Mail", "メールアドレス"},
        {"dob", "date_of_birth", "生年月日"},
        {"opened", "contract_date", "入会日"},
        {"gender", "sex", "性別"},
        {"order", "order_no", "注文番号"},
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_eq(column, span_of(words[i].column)))
            return how->japanese ? words[i].japanese : words[i].english;
    }
    return "quantity";
}

static void add(struct buf *out, const char *text)
{
    assert_true(buf_add(out, span_of(text)));
}

static void add_cell(const struct make *how, const char *text, bool first,
                     struct buf *out)
{
    char separator[2] = {how->separator ? how->separator : ',', 0};
    bool quoted = how->quoted || strchr(text, separator[0]);

    if (!first)
        add(out, separator);
    if (quoted)
        add(out, "\"");
    add(out, text);
    if (quoted)
        add(out, "\"");
}

static void add_row(const struct make *how, uint32_t *seed, struct buf *out)
{
    struct span rest = span_of(how->columns), column;
    char text[CELL];

    for (bool first = true; span_cut(&rest, ' ', &column); first = false) {
        if (seed)
            make_cell(how, column, seed, text);
        else
            snprintf(text, sizeof(text), "%s", heading(how, column));
        add_cell(how, text, first, out);
    }
    add(out, how->newline ? how->newline : "\n");
}

/* Move what out holds from place from on into CP932. */
static void to_cp932(struct buf *out, size_t from)
{
    size_t in_left = out->len - from, room = in_left + 16, room_left = room;
    char *made = malloc(room), *to = made;
    char *in = (char *)out->ptr + from;
    iconv_t cd = iconv_open("CP932", "UTF-8");

    assert_non_null(made);
    assert_true(iconv(cd, &in, &in_left, &to, &room_left) == 0);
    iconv_close(cd);
    memcpy(out->ptr + from, made, room - room_left);
    out->len = from + room - room_left;
    free(made);
}

void make_table(const struct make *how, struct buf *out)
{
    uint32_t seed = how->seed;
    size_t from = out->len;

    if (!how->no_header)
        add_row(how, NULL, out);
    if (how->cp932 && !how->no_header)
        to_cp932(out, from);
    for (size_t i = 0; i < how->rows; i++) {
        from = out->len;
        add_row(how, &seed, out);
        if (how->cp932)
            to_cp932(out, from);
        if (how->row_end)
            how->row_end[i] = out->len;
    }
}
