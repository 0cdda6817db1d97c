// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_recode.c - decode/recode.c: text in any charset comes out as UTF-8.
 *
 * Each table of customers is written by iconv in every charset that can
 * write it, as CSV, as tab-separated values and as plain lines, declared,
 * undeclared and wrongly declared, and cut at many places: what comes out
 * must be the same text. The other rows are one behaviour each.
 */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/recode.h"
#include "outflow/limits.h"
#include "support/bytes.h"
#include "support/spec.h"

enum { ROOM = 1 << 20, REPEATS = 4 };

/* --- text going through --- */

struct joined {
    uint8_t bytes[ROOM];
    size_t len;
    uint64_t last; /* packet of the last byte */
};

static struct joined *got, *whole;
static struct buf work;

static void joined_put(void *ctx, struct span utf8, const struct moment *seen)
{
    struct joined *j = ctx;

    assert_true(j->len + utf8.len <= ROOM);
    memcpy(j->bytes + j->len, utf8.ptr, utf8.len);
    j->len += utf8.len;
    assert_true(seen->number >= j->last); /* time never goes back */
    j->last = seen->number;
}

static struct recode_out out_of(struct joined *j)
{
    j->len = 0;
    j->last = 0;
    return (struct recode_out){j, joined_put, &work};
}

/* Feed in pieces: the first of cut bytes, the rest of step bytes. */
static void put_pieces(struct recode *r, struct span in, size_t cut,
                       size_t step, const struct recode_out *out)
{
    struct moment seen = {.number = got->last + 1};

    recode_put(r, span_head(in, cut), &seen, out);
    in = span_skip(in, cut);
    while (in.len > 0) {
        struct span piece = span_head(in, step > 0 ? step : in.len);
        uint8_t *copy = malloc(piece.len); /* so that overreads are seen */

        memcpy(copy, piece.ptr, piece.len);
        seen.number++;
        recode_put(r, (struct span){copy, piece.len}, &seen, out);
        free(copy);
        in = span_skip(in, piece.len);
    }
}

static void recode_all(struct span in, enum charset declared, size_t cut,
                       size_t step)
{
    const struct recode_out out = out_of(got);
    struct recode *r = recode_new(declared, RECODE_FIRST);

    put_pieces(r, in, cut, step, &out);
    recode_end(r, &out);
    recode_free(r);
}

/* U+FEFF at the front says how to read, not what. */
static struct span without_mark(struct span utf8)
{
    return span_starts(utf8, SPAN("\xEF\xBB\xBF")) ? span_skip(utf8, 3) : utf8;
}

static void assert_text(struct span want, const char *what)
{
    struct span have = without_mark((struct span){got->bytes, got->len});

    if (span_eq(have, want))
        return;
    print_message(
        "%s gives:\n%.*s\ninstead of:\n%.*s\n", what,
        (int)(have.len < 300 ? have.len : 300), (const char *)have.ptr,
        (int)(want.len < 300 ? want.len : 300), (const char *)want.ptr);
    assert_true(false);
}

/* --- tables of customers --- */

struct people {
    const char *name;
    const char *charsets; /* that can write it, by their names in iconv */
    const char *rows;     /* cells set off by |, rows by newlines */
};

static const struct people tables[] = {
    {"Japanese",
     "CP932 EUC-JP-MS EUC-JP ISO-2022-JP ISO-2022-JP-3 GB18030 UTF-16LE "
     "UTF-16BE UTF-32LE UTF-32BE UTF-8 SHIFT_JISX0213 EUC-JISX0213",
     "会員番号|氏名|フリガナ|住所|電話番号|生年月日\n"
     "3530111333300000|山田 太郎|ヤマダ タロウ|東京都港区芝浦2-21-9|"
     "03-1234-5678|1955/03/03\n"
     "3530222266660001|能登 ソノ|ノト ソノ|石川県能美市表町十番地|"
     "0761-22-3344|1961/12/24\n"
     "3530333344440002|渡辺 浩|ワタナベ ヒロシ|大阪府堺市堺区南瓦町3-1|"
     "072-233-1101|1948/07/19\n"},
    {"half-width Japanese", "CP932 EUC-JP-MS ISO-2022-JP-3 UTF-8 UTF-16LE",
     "会員番号|氏名|カナ|住所\n"
     "3530111333300000|山田 太郎|ﾔﾏﾀﾞ ﾀﾛｳ|東京都港区芝浦2-21-9\n"
     "3530222266660001|後藤 ぺこ|ｺﾞﾄｳ ﾍﾟｺ|神奈川県横浜市港北区日吉4-1-1\n"},
    {"simplified Chinese",
     "GB18030 GBK GB2312 UTF-16LE UTF-16BE UTF-32BE UTF-8",
     "客户编号|姓名|手机|地址\n"
     "6222021001116245702|王伟|13812345678|北京市海淀区中关村大街27号\n"
     "6222021001116245710|李娜|13987654321|上海市浦东新区世纪大道100号\n"
     "6222021001116245728|张秀英|13700001111|广东省深圳市南山区科技园路\n"},
    {"traditional Chinese",
     "BIG5 BIG5-HKSCS CP950 GB18030 UTF-16LE UTF-16BE UTF-8",
     "客戶編號|姓名|電話|地址\n"
     "4000123412341234|陳怡君|02-2345-6789|臺北市信義區市府路1號\n"
     "4000123412341235|林志明|07-3456-7890|高雄市左營區博愛二路777號\n"
     "4000123412341236|許功蓋|04-2222-3333|臺中市西屯區臺灣大道三段99號\n"},
    {"Korean", "EUC-KR CP949 UTF-16LE UTF-16BE UTF-32LE UTF-8",
     "고객번호|이름|전화번호|주소\n"
     "9410123412341234|김민준|010-1234-5678|서울특별시 강남구 테헤란로 152\n"
     "9410123412341235|이서연|010-2345-6789|부산광역시 해운대구 센텀로 45\n"
     "9410123412341236|박지훈|010-3456-7890|대전광역시 유성구 대학로 99\n"},
    {"Western",
     "CP1252 ISO-8859-1 ISO-8859-15 CP850 MACINTOSH UTF-16LE UTF-16BE UTF-8",
     "Kontonummer|Name|Straße|Ort\n"
     "1234567890|Jörg Müller|Hauptstraße 12|Köln\n"
     "1234567891|François Lefèvre|12 rue de l'Église|Nîmes\n"
     "1234567892|José Muñoz Peña|Calle de Alcalá 5|Málaga\n"
     "1234567893|Søren Ågård|Ærøvej 3|Århus\n"},
    {"Polish", "CP1250 ISO-8859-2 UTF-16LE UTF-8",
     "Numer konta|Imię i nazwisko|Ulica|Miasto\n"
     "1234567890|Małgorzata Wiśniewska|ul. Świętokrzyska 12|Łódź\n"
     "1234567891|Zbigniew Żółkiewski|ul. Żeromskiego 3|Gdańsk\n"
     "1234567892|Paweł Dąbrowski|ul. Kościuszki 77|Wrocław\n"},
    {"Czech", "CP1250 ISO-8859-2 UTF-16LE UTF-8",
     "Číslo účtu|Jméno a příjmení|Ulice|Město\n"
     "1234567890|Jiří Dvořák|Náměstí Míru 5|Plzeň\n"
     "1234567891|Božena Němcová|Šumavská 12|České Budějovice\n"
     "1234567892|Tomáš Růžička|Příčná 3|Ústí nad Labem\n"},
    {"Hungarian", "CP1250 ISO-8859-2 UTF-8",
     "Számlaszám|Név|Cím|Város\n"
     "1234567890|Erdős Gergő|Petőfi Sándor utca 12|Győr\n"
     "1234567891|Szűcs Ágnes|Rákóczi út 3|Gödöllő\n"
     "1234567892|Kővári Özséb|Fő tér 1|Székesfehérvár\n"},
    {"Turkish", "CP1254 ISO-8859-9 UTF-8",
     "Hesap no|Adı soyadı|Adres|Şehir\n"
     "1234567890|Ayşe Yılmaz|Atatürk Caddesi 12|İstanbul\n"
     "1234567891|Çağrı Öztürk|Gazi Mustafa Kemal Bulvarı 3|Eskişehir\n"
     "1234567892|İbrahim Şahin|Barış Sokağı 5|Diyarbakır\n"},
    {"Russian", "CP1251 KOI8-R ISO-8859-5 CP866 UTF-16LE UTF-16BE UTF-8",
     "Номер счёта|Фамилия и имя|Адрес|Город\n"
     "1234567890|Иванов Пётр|улица Ленина, дом 5|Москва\n"
     "1234567891|Смирнова Ольга|проспект Мира, дом 12|Санкт-Петербург\n"
     "1234567892|КУЗНЕЦОВ АЛЕКСЕЙ|ул. Гагарина 3|Новосибирск\n"},
    {"Greek", "CP1253 ISO-8859-7 UTF-8",
     "Αριθμός|Ονοματεπώνυμο|Διεύθυνση|Πόλη\n"
     "1234567890|Γιώργος Παπαδόπουλος|Οδός Ερμού 12|Αθήνα\n"
     "1234567891|Μαρία Νικολάου|Λεωφόρος Συγγρού 3|Θεσσαλονίκη\n"},
};

enum form { FORM_CSV = 0, FORM_TSV, FORM_PLAIN, FORMS };

/* The table in a form, with Windows line ends; some rows more than once. */
static size_t write_form(const char *rows, enum form form, char *out)
{
    const char *header_end = strchr(rows, '\n') + 1;
    const char sep = form == FORM_CSV ? ',' : form == FORM_TSV ? '\t' : ' ';
    size_t len = 0;

    for (int i = 0; i < REPEATS; i++) {
        const char *p = i == 0 && form != FORM_PLAIN ? rows : header_end;
        for (; *p; p++) {
            if (*p == '\n')
                out[len++] = '\r';
            out[len++] = *p == '|' ? sep : *p;
        }
    }
    return len;
}

/* Text in a charset; 0 when it cannot be written in it. */
static size_t write_charset(struct span utf8, const char *charset, char *out)
{
    iconv_t cd = iconv_open(charset, "UTF-8");
    char *from = (char *)(uintptr_t)utf8.ptr, *to = out;
    size_t left = utf8.len, room = ROOM;

    assert_true(cd != (iconv_t)-1);
    bool ok = iconv(cd, &from, &left, &to, &room) != (size_t)-1;
    ok = iconv(cd, NULL, NULL, &to, &room) != (size_t)-1 && ok;
    (void)iconv_close(cd);
    return ok ? ROOM - room : 0;
}

/* How it is declared: as what it is, not at all, or as something else. */
static const char *const declared[] = {"",           "utf-8", "iso-8859-1",
                                       "shift_jis",  "gbk",   "euc-kr",
                                       "iso-8859-2", "itself"};

/* One Latin charset declared as another may be believed. */
static bool misleads(const char *said, const char *is)
{
    bool one_byte = strncmp(is, "ISO-8859", 8) == 0 ||
                    strncmp(is, "CP125", 5) == 0 || strcmp(is, "CP850") == 0 ||
                    strcmp(is, "MACINTOSH") == 0;

    return one_byte && strcmp(said, "iso-8859-2") == 0;
}

static void check_declared(struct span in, struct span want, const char *is,
                           const char *said)
{
    const char *label = strcmp(said, "itself") == 0 ? is : said;
    enum charset charset = charset_find(span_of(label));
    char what[100];

    (void)snprintf(what, sizeof(what), "%s declared \"%s\"", is, label);
    recode_all(in, charset, 0, 0);
    assert_text(want, what);
}

static void check_charset(const char *text, size_t len, const char *charset)
{
    static char encoded[ROOM];
    const struct span want = {(const uint8_t *)text, len};
    size_t size = write_charset(want, charset, encoded);
    const struct span in = {(const uint8_t *)encoded, size};

    if (size == 0)
        print_message("%s cannot write it\n", charset);
    assert_true(size > 0);
    for (size_t i = 0; i < COUNT(declared); i++)
        if (!misleads(declared[i], charset))
            check_declared(in, want, charset, declared[i]);
    for (size_t cut = 0; cut < in.len; cut += cut < 20 ? 1 : 97) {
        recode_all(in, CHARSET_NONE, cut, 0);
        assert_text(want, charset);
    }
    for (size_t step = 1; step < 300; step += step < 2 ? 1 : 149) {
        recode_all(in, CHARSET_NONE, 0, step);
        assert_text(want, charset);
    }
}

static void test_table(void **state)
{
    const struct people *p = *state;
    static char text[ROOM];
    struct span names, name;

    for (int form = 0; form < FORMS; form++) {
        size_t len = write_form(p->rows, (enum form)form, text);
        for (names = span_of(p->charsets); span_cut(&names, ' ', &name);) {
            char charset[32] = {0};
            memcpy(charset, name.ptr, name.len);
            check_charset(text, len, charset);
        }
    }
}

/* --- single behaviours --- */

struct behaviour {
    const char *name;
    const char *declared;
    struct span before, in; /* before: a hundred times in front of in */
    struct span out;        /* of in; default: in as it is */
    uint64_t gap;           /* missing between in and behind */
    struct span behind;
    struct span out_behind;
};

#define JIS_YAMADA "\x1b$B;3ED\x1b(B"
#define SJIS_YAMADA                                                            \
    "\x8eR\x93"                                                                \
    "c"
#define LOREM "The quick brown fox jumps over the lazy dog 0123456789.\n"

static const struct behaviour behaviours[] = {
    {.name = "ASCII passes", .in = BYTES("name,phone\nTaro,03-1234\n")},
    {.name = "nothing gives nothing", .in = BYTES("")},
    {.name = "a UTF-8 mark stays",
     .in = BYTES("\xef\xbb\xbfname\n\xe5\xb1\xb1,1\n")},
    {.name = "colours of a terminal pass",
     .in = BYTES("\x1b[31mred\x1b[0m plain text that is long enough to be "
                 "looked at as a whole\n")},
    {.name = "a zero byte in plain text passes",
     .in = BYTES("one\0two three four five six seven eight nine ten eleven "
                 "twelve thirteen\n")},
    {.name = "CP932 behind much ASCII is known",
     .before = BYTES(LOREM),
     .in = BYTES(SJIS_YAMADA ",\x91\xbe\x98Y\n" SJIS_YAMADA "\n"),
     .out = BYTES("山田,太郎\n山田\n")},
    {.name = "a line of UTF-8 in CP932 is one",
     .in = BYTES(SJIS_YAMADA ",\x91\xbe\x98Y\n山田,花子\n" SJIS_YAMADA "\n"),
     .out = BYTES("山田,太郎\n山田,花子\n山田\n")},
    {.name = "CP932 behind UTF-8 is known",
     .in = BYTES("山田太郎,東京都\n" SJIS_YAMADA ",\x91\xbe\x98Y\n"),
     .out = BYTES("山田太郎,東京都\n山田,太郎\n")},
    {.name = "one damaged byte in UTF-8 costs itself",
     .in = BYTES("山田太郎,東京都港区芝浦\n山\xff田,東京都港区芝浦\n"
                 "佐藤花子,大阪府\n"),
     .out = BYTES("山田太郎,東京都港区芝浦\n山\xef\xbf\xbd田,東京都港区芝浦\n"
                  "佐藤花子,大阪府\n")},
    {.name = "a table drawn in a charset of DOS",
     .in = BYTES("\xDA\xC4\xC4\xC4\xC4\xC4\xC4\xC2\xC4\xC4\xC4\xC4\xBF\n"
                 "\xB3 Jiro \xB3 01 \xB3\n\xB3 Taro \xB3 02 \xB3\n"
                 "\xC0\xC4\xC4\xC4\xC4\xC4\xC4\xC1\xC4\xC4\xC4\xC4\xD9\n"),
     .out = BYTES("┌──────┬────┐\n│ Jiro │ 01 │\n│ Taro │ 02 │\n"
                  "└──────┴────┘\n")},
    {.name = "a table drawn in KOI8-R",
     .in = BYTES("\x82\x80\x80\x80\x80\x80\x80\x83\n"
                 "\x81 \xF0\xC5\xD4\xD2 \x81\n"
                 "\x84\x80\x80\x80\x80\x80\x80\x85\n"),
     .out = BYTES("┌──────┐\n│ Петр │\n└──────┘\n")},
    {.name = "a block is no letter's neighbour",
     .in = BYTES("Emily Hill G\xA2mez,1\nLisa M\x81ller,2\n"
                 "Fran\x87ois,3\nBj\x94rk,4\n"),
     .out = BYTES("Emily Hill Gómez,1\nLisa Müller,2\nFrançois,3\nBjörk,4\n")},
    {.name = "a mark in GB 18030",
     .in = BYTES("\x84\x31\x95\x33name,id\nTaro,1\n"),
     .out = BYTES("name,id\nTaro,1\n")},
    {.name = "ISO 2022 begins anew with each line",
     .in = BYTES(JIS_YAMADA "\n\x1b$B;3ED\nplain\n" JIS_YAMADA "\n"),
     .out = BYTES("山田\n山田\nplain\n山田\n")},
    {.name = "7-bit katakana by escape and by shift",
     .in = BYTES("\x1b(I3E\x1b(B\n\x1b$B;3\x1b(B\n\x0e\x54\x0f x\n"),
     .out = BYTES("ｳﾅ\n山\nﾔ x\n")},
    {.name = "HTML says its charset",
     .in =
         BYTES("<html><meta charset=\"iso-8859-2\"><p>Wa\xb3\xeasa \xb1</p>\n"),
     .out = BYTES("<html><meta charset=\"iso-8859-2\"><p>Wałęsa ą</p>\n")},
    {.name = "XML says its charset",
     .in = BYTES("<?xml version='1.0' encoding='koi8-r'?><n>\xe9\xd7\xc1\xce"
                 "</n>\n"),
     .out = BYTES("<?xml version='1.0' encoding='koi8-r'?><n>Иван</n>\n")},
    {.name = "UTF-16 goes on behind a hole of odd size",
     .in = BYTES("\xff\xfe"
                 "n\0a\0m\0e\0,\0i\0d\0\n\0T\0a\0r\0o\0,\0001\0\n\0"),
     .out = BYTES("name,id\nTaro,1\n"),
     .gap = 5,
     .behind = BYTES("\0J\0i\0r\0o\0,\0002\0\n\0"),
     .out_behind = BYTES("Jiro,2\n")},
    {.name = "CP932 goes on behind a hole in a character",
     .in = BYTES(SJIS_YAMADA ",\x91\xbe\x98Y\n" SJIS_YAMADA "\n"),
     .out = BYTES("山田,太郎\n山田\n"),
     .gap = 3,
     .behind = BYTES("c\n" SJIS_YAMADA "\n"),
     .out_behind = BYTES("c\n山田\n")},
    {.name = "UTF-8 goes on behind a hole in a character",
     .in = BYTES("山田太郎,東京都港区芝浦\n"),
     .gap = 3,
     .behind = BYTES("\xb0,x\n山田\n"),
     .out_behind = BYTES(",x\n山田\n")},
};

static void run_behaviour(const struct behaviour *b, size_t cut, size_t step)
{
    const struct recode_out out = out_of(got);
    struct recode *r = recode_new(
        charset_find(span_of(b->declared ? b->declared : "")), RECODE_FIRST);
    struct span want = b->out.ptr != NULL ? b->out : b->in;
    struct moment seen = {.number = 9};
    size_t at = 0;

    for (int i = 0; i < 100; i++)
        recode_put(r, b->before, &seen, &out);
    put_pieces(r, b->in, cut, step, &out);
    if (b->gap > 0) {
        (void)recode_gap(r, b->gap, &out);
        at = got->len;
        put_pieces(r, b->behind, cut, step, &out);
    }
    recode_end(r, &out);
    recode_free(r);
    if (b->gap > 0) {
        struct span behind = {got->bytes + at, got->len - at};
        assert_true(span_eq(behind, b->out_behind));
        got->len = at;
    }
    memmove(got->bytes, got->bytes + 100 * b->before.len,
            got->len - 100 * b->before.len);
    got->len -= 100 * b->before.len;
    if (b->in.len > 2 && b->in.ptr[0] == 0xEF)
        want = without_mark(want);
    assert_text(want, b->name);
}

static void test_behaviour(void **state)
{
    const struct behaviour *b = *state;

    run_behaviour(b, 0, 0);
    run_behaviour(b, 0, 1);
    run_behaviour(b, 0, 3);
    for (size_t cut = 1; cut < b->in.len; cut++)
        run_behaviour(b, cut, 0);
}

/* --- what is no text --- */

/* The same bytes on every machine. */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 24;
}

static void test_random_bytes_pass(void **state)
{
    static uint8_t bytes[300000];
    uint32_t seed = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)next_random(&seed);
    recode_all((struct span){bytes, sizeof(bytes)}, CHARSET_NONE, 0, 1448);
    assert_int_equal(got->len, sizeof(bytes));
    assert_memory_equal(got->bytes, bytes, sizeof(bytes));
}

static void test_any_cut_of_anything_gives_the_same(void **state)
{
    static uint8_t bytes[9000];
    static const struct span bits[] = {
        BYTES("\x1b$B;3ED"),   BYTES("\x1b(B"),   BYTES("\n"),
        BYTES("a\0b\0"),       BYTES("\0c\0d"),   BYTES("\x8eR\x93\x63"),
        BYTES("\xe5\xb1\xb1"), BYTES("\xa4\xa2"), BYTES("\xd8\xd8\xd8"),
        BYTES("abc,def\n"),    BYTES("\xc3\xa9"), BYTES("\0\0\0a")};

    (void)state;
    for (uint32_t seed = 1; seed < 40; seed++) {
        uint32_t random = seed;
        size_t len = 0;
        while (len + 8 <= sizeof(bytes)) {
            size_t few = seed % 3 == 0 ? COUNT(bits) : 1 + seed % 7;
            size_t which = next_random(&random) % few;
            if (seed % 3 == 1)
                which = COUNT(bits) - 1 - which;
            memcpy(bytes + len, bits[which].ptr, bits[which].len);
            len += bits[which].len;
        }
        struct span in = {bytes, len};
        recode_all(in, CHARSET_NONE, 0, 0);
        memcpy(whole->bytes, got->bytes, got->len);
        whole->len = got->len;
        for (size_t step = 1; step < 3000; step = step * 3 + seed % 5) {
            recode_all(in, CHARSET_NONE, seed, step);
            assert_int_equal(got->len, whole->len);
            assert_memory_equal(got->bytes, whole->bytes, whole->len);
        }
    }
}

/* A row that waited for its charset has the moment of its own packet. */
static void test_held_bytes_keep_their_moment(void **state)
{
    const struct recode_out out = out_of(got);
    struct recode *r = recode_new(CHARSET_NONE, RECODE_FIRST);
    const struct moment first = {.number = 5}, later = {.number = 6};

    (void)state;
    recode_put(r, SPAN(SJIS_YAMADA ",\x91\xbe\x98Y\n"), &first, &out);
    assert_int_equal(got->len, 0);
    recode_end(r, &out);
    assert_int_equal(got->last, 5);
    recode_free(r);
    r = recode_new(CHARSET_CP932, RECODE_FIRST);
    recode_put(r, SPAN(SJIS_YAMADA "\n"), &first, &out);
    for (int i = 0; i < 200; i++)
        recode_put(r, SPAN(LOREM), &later, &out);
    recode_end(r, &out);
    assert_int_equal(got->last, 6);
    recode_free(r);
}

static int setup(void **state)
{
    (void)state;
    got = calloc(1, sizeof(*got));
    whole = calloc(1, sizeof(*whole));
    buf_init(&work, LIMIT_RECODED);
    return got == NULL || whole == NULL;
}

static int teardown(void **state)
{
    (void)state;
    buf_clear(&work);
    free(got);
    free(whole);
    return 0;
}

int main(void)
{
    struct CMUnitTest tests[COUNT(tables) + COUNT(behaviours) + 3];
    size_t count = 0;

    SPEC_TABLE(tests, count, tables, test_table);
    SPEC_TABLE(tests, count, behaviours, test_behaviour);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_random_bytes_pass);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_any_cut_of_anything_gives_the_same);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_held_bytes_keep_their_moment);
    return _cmocka_run_group_tests("decode/recode", tests, count, setup,
                                   teardown);
}
