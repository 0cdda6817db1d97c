// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_office.c - decode/document/office.c and its readers: one row per
 * behaviour, the entries in pieces of every size.
 *
 * What is put is written as text: "[step]" where a part is opened, its text,
 * "{~n}" for a hole of n bytes, "]" where it is cut off, "!kind why n".
 */
#include "support/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/document/office.h"
#include "decode/held.h"
#include "outflow/compiler.h"
#include "outflow/limits.h"

enum { ENTRIES = 6, ROOM = 8192 };

#define MAIN                                                                   \
    "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define WORD "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\""
#define ODF  "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
#define STYLES(xfs)                                                            \
    "<styleSheet " MAIN "><numFmts><numFmt numFmtId=\"170\" formatCode=\""     \
    "yyyy\\-mm\\-dd;@\"/><numFmt numFmtId=\"171\" formatCode=\"000\\-0000\"/>" \
    "<numFmt numFmtId='172' formatCode='&quot;No.&quot;0.00'/></numFmts>"      \
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs>" xfs            \
    "</cellXfs><dxfs><dxf><numFmt numFmtId='0' formatCode='d'/></dxf></dxfs>"  \
    "</styleSheet>"
#define XF(id) "<xf numFmtId=\"" id "\"/>"
#define BOOK(more, sheets)                                                     \
    "<workbook " MAIN ">" more "<sheets>" sheets "</sheets></workbook>"

struct entry {
    const char *name;
    const char *text; /* '~' in it: a hole of 8 bytes */
    bool cut;         /* its end is missing */
};

struct office_case {
    const char *name;
    struct entry entries[ENTRIES];
    const char *out;
    uint64_t held; /* bytes that may be held; 0: enough */
};

static const struct office_case cases[] = {
    {
        "strings behind the sheet: rich text, readings, escapes",
        {{"xl/worksheets/sheet1.xml",
          "<worksheet " MAIN "><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0"
          "</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row><row r=\"2\"><c "
          "r='A2' "
          "t='s'><v>2</v></c><c r='C2' t='b'><v>1</v></c><c t='e'><v>#N/A</v>"
          "</c></row></sheetData></worksheet>",
          false},
         {"xl/sharedStrings.xml",
          "<sst " MAIN " count='3'><si><t>na</t></si><si><r><rPr><b/></rPr><t>"
          "\xe5\xb1\xb1</t></r><r><t xml:space='preserve'> \"x\"</t></r><rPh "
          "sb='0' eb='1'><t>YAMA</t></rPh></si><si><t>a_x000D_&#10;b,_x0041_"
          "_x00</t></si></sst>",
          false}},
        "[sheet1]na,\"\xe5\xb1\xb1 \"\"x\"\"\"\n\"a\r\nb,A_x00\",,TRUE,#N/A\n",
        0,
    },
    {
        "strings and styles in front: cells pass as they come",
        {{"a",
          "<x:sst xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'>"
          "<x:si><x:t>n</x:t></x:si></x:sst>",
          false},
         {"b", STYLES(XF("0") XF("170") XF("171") XF("14") XF("172")), false},
         {"c",
          "<worksheet " MAIN
          "><sheetData><row><c s='1'><v>40760</v></c><c s='2'>"
          "<v>1234567</v></c><c s='3'><v>1</v></c><c><v>4.111111111111111E15"
          "</v></c><c><v>12345678901234567890</v></c><c><v>0.10000000000000001"
          "</v></c><c s='4'><v>7</v></c><c t='s'><v>0</v></c><c t='inlineStr'>"
          "<is><t>i</t></is></c><c t='str'><f>A1</f><v>f</v></c><c t='n'/>"
          "</row></sheetData><headerFooter><oddHeader>&amp;Cx</oddHeader>"
          "</headerFooter></worksheet>",
          false}},
        "[c]2011-08-05,123-4567,1900-01-01,4111111111111111,"
        "12345678901234567890,0.1,7,n,i,f\n&Cx\n",
        0,
    },
    {
        "sheets have the names of the workbook, days may count from 1904",
        {{"xl/worksheets/sheet2.xml",
          "<worksheet " MAIN
          "><row><c s='1'><v>39298</v></c></row></worksheet>",
          false},
         {"xl/worksheets/sheet1.xml",
          "<worksheet " MAIN "><row><c><v>-5</v></c></row></worksheet>", false},
         {"xl/styles.xml", STYLES(XF("0") XF("14")), false},
         {"xl/workbook.xml",
          BOOK("<workbookPr date1904='1'/>",
               "<sheet name='A&amp;B' sheetId='1' r:id='r9'/>"
               "<sheet name='hid' state='hidden' sheetId='2' r:id='r7'/>"),
          false},
         {"xl/_rels/workbook.xml.rels",
          "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006"
          "/relationships'><Relationship Id='r9' Type='http://x/worksheet' "
          "Target='/xl/worksheets/sheet2.xml'/><Relationship Id='r7' "
          "Type='http:"
          "//x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
          false}},
        "[A&B]2011-08-05\n[hid]-5\n",
        0,
    },
    {
        "links to the outside are text, days may be ISO",
        {{"xl/worksheets/_rels/s.xml.rels",
          "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006"
          "/relationships'><Relationship Id='r1' Type='http://x/hyperlink' "
          "Target='mailto:a@b.example?x&amp;y' TargetMode='External'/>"
          "</Relationships>",
          false},
         {"s.xml",
          "<worksheet " MAIN
          "><row><c t='d'><v>2011-08-05T00:00:00</v></c></row>"
          "</worksheet>",
          false}},
        "[links]mailto:a@b.example?x&y\n[s]2011-08-05\n",
        0,
    },
    {
        "names in a workbook are text",
        {{"xl/workbook.xml",
          "<workbook " MAIN "><definedNames><definedName name='n'>\"4111\""
          "</definedName></definedNames></workbook>",
          false}},
        "[workbook]\"4111\"\n",
        0,
    },
    {
        "strings that are lost: numbers stay, the rest is a hole",
        {{"s.xml",
          "<worksheet " MAIN "><row><c t='s'><v>0</v></c><c><v>5</v></c></row>"
          "<row><c t='s'><v>9</v></c></row></worksheet>",
          false}},
        "[s],5\n{~24}]",
        0,
    },
    {
        "behind a hole in the strings none is believed",
        {{"s.xml",
          "<worksheet " MAIN "><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c>"
          "</row></worksheet>",
          false},
         {"t.xml",
          "<sst " MAIN "><si><t>abc</t></si><si><t>x~</t></si><si><t>y</t></si>"
          "</sst>",
          false}},
        "[s]abc\n{~4}]",
        0,
    },
    {
        "a hole in a sheet costs the row it is in",
        {{"t.xml", "<sst " MAIN "/>", false},
         {"u.xml", STYLES(""), false},
         {"s.xml",
          "<worksheet " MAIN
          "><row><c><v>1</v></c><c r='B1'><v>2~</v></c></row>"
          "<row><c r='B9'><v>3</v></c></row></worksheet>",
          true}},
        "[s]1\n{~1},3\n]",
        0,
    },
    {
        "without memory a sheet gives what it has, and says so",
        {{"s.xml",
          "<worksheet " MAIN "><row><c t='s'><v>0</v></c><c><v>5</v></c></row>"
          "</worksheet>",
          false},
         {"t.xml", "<sst " MAIN "><si><t>abc</t></si></sst>", false}},
        "[s],5\n{~12}]!xlsx limit 12\n",
        1,
    },
    {
        "rows that a pivot table keeps, its columns behind or in front",
        {{"xl/pivotCache/pivotCacheRecords1.xml",
          "<pivotCacheRecords " MAIN "><r><x v='1'/><n v='4.1E3'/><s v='a&amp;"
          "b'/></r><r><x v='0'/><m/><d v='2011-08-05T00:00:00'/></r>"
          "</pivotCacheRecords>",
          false},
         {"xl/pivotCache/pivotCacheDefinition1.xml",
          "<pivotCacheDefinition " MAIN "><cacheFields><cacheField name='who'>"
          "<sharedItems><s v='x'/><s v='y'/></sharedItems><fieldGroup><s v='z'"
          "/></fieldGroup></cacheField><cacheField name='how'><sharedItems/>"
          "</cacheField><cacheField name='c'/></cacheFields>"
          "</pivotCacheDefinition>",
          false},
         {"xl/pivotCache/pivotCacheDefinition2.xml",
          "<pivotCacheDefinition " MAIN "><cacheField name='n'><sharedItems><n "
          "v='7'/></sharedItems></cacheField></pivotCacheDefinition>",
          false},
         {"xl/pivotCache/pivotCacheRecords2.xml",
          "<pivotCacheRecords " MAIN "><r><x v='0'/></r><r><x v='1'/></r>"
          "</pivotCacheRecords>",
          false}},
        "[pivotCacheRecords1]who,how,c\ny,4100,a&b\nx,,2011-08-05\n"
        "[pivotCacheRecords2]n\n7\n{~2}]",
        0,
    },
    {
        "a document: lines, rows, boxes once, what was deleted",
        {{"word/document.xml",
          "<?xml version='1.0'?><w:document " WORD
          "><w:body><w:p><w:pPr><w:tabs>"
          "<w:tab w:pos='1'/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b"
          "</w:t></w:r><w:del><w:r><w:delText>c</w:delText></w:r></w:del></w:p>"
          "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>n,1</w:t></w:r></w:p></w:tc><w:tc>"
          "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r>"
          "</w:p><w:p><w:r><w:t>y</w:t></w:r></w:p></"
          "w:tc><w:tc><w:p><w:r><w:t>z"
          "</w:t></w:r></w:p></w:tc></w:tr></w:tbl><mc:AlternateContent><mc:"
          "Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:"
          "txbxContent></mc:Choice><mc:Fallback><w:t>box</w:t></mc:Fallback>"
          "</mc:AlternateContent></w:body></w:document>",
          false}},
        "[document]a\tbc\n\"n,1\",\"x\ny\",,z\nbox\n",
        0,
    },
    {
        "a frame of one cell is no table; tables in cells have their rows",
        {{"d.xml",
          "<w:document " WORD "><w:tbl><w:tr><w:tc><w:p><w:t>a</w:t></w:p><w:p>"
          "<w:t>b,c</w:t></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:t>o</w:t></"
          "w:p>"
          "<w:tbl><w:tr><w:tc><w:t>i</w:t></w:tc><w:tc><w:t>j</w:t></w:tc>"
          "</w:tr></w:tbl></w:tc><w:tc><w:t>p</w:t></w:tc></w:tr></w:tbl>"
          "</w:document>",
          false}},
        "[d]a\nb,c\no\ni,j\n,p\n",
        0,
    },
    {
        "a slide: its text, its tables",
        {{"ppt/slides/slide7.xml",
          "<p:sld "
          "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main"
          "'><a:p><a:r><a:t>T</a:t></a:r><a:br/><a:r><a:t>u</a:t></a:r></a:p>"
          "<a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p>"
          "</a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>2</a:t></a:r></a:p>"
          "</a:txBody></a:tc></a:tr></a:tbl></p:sld>",
          false}},
        "[slide7]T\nu\n1,2\n",
        0,
    },
    {
        "a spreadsheet of OpenDocument: values, repeats, notes",
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", false},
         {"content.xml",
          "<office:document-content " ODF "><office:spreadsheet><table:table "
          "table:name='S &lt;1'><table:table-row><table:table-cell "
          "office:value-"
          "type='float' office:value='12345'><text:p>012-345</text:p></table:"
          "table-cell><table:table-cell table:number-columns-repeated='2'/>"
          "<table:table-cell office:value-type='float' office:value="
          "'4.11111111111111E+015'><office:annotation><text:p>note</text:p>"
          "</office:annotation><text:p>4.11E+15</text:p></table:table-cell>"
          "<table:table-cell office:value-type='date' office:date-value="
          "'1980-01-31'><text:p>31.01.80</text:p></table:table-cell>"
          "<table:table-cell table:number-columns-repeated='2' "
          "office:value-type"
          "='string'><text:p>a<text:s/>b</text:p></table:table-cell>"
          "<table:table-cell table:number-columns-repeated='16000'/>"
          "</table:table-row><table:table-row table:number-rows-repeated="
          "'1048000'><table:table-cell/></table:table-row></table:table><table:"
          "table table:name='two'><table:table-row><table:table-cell><text:p>z"
          "</text:p></table:table-cell></table:table-row></table:table>"
          "</office:spreadsheet></office:document-content>",
          false}},
        "[S <1]012-345,,,4111111111111110,1980-01-31,a b,a b\nnote\n\n[two]z\n",
        0,
    },
    {
        "a text of OpenDocument",
        {{"content.xml",
          "<office:document-content " ODF "><office:text><text:h>H</text:h>"
          "<text:p>a<text:tab/><text:span>b</text:span><text:s text:c='2'/>c"
          "</text:p><table:table><table:table-row><table:table-cell><text:p>1"
          "</text:p></table:table-cell><table:covered-table-cell/><table:table-"
          "cell><text:p>2</text:p></table:table-cell></table:table-row>"
          "</table:table></office:text></office:document-content>",
          false}},
        "[content]H\na\tb  c\n1,,2\n",
        0,
    },
    {
        "entries of an encrypted OpenDocument are told",
        {{"mimetype", "application/vnd.oasis.opendocument.text", false},
         {"content.xml", "\x91\x02\xf3gh\x80", false},
         {"Pictures/1.png", "\x11\x02\xf3", false},
         {"META-INF/manifest.xml", "<manifest:manifest/>", false}},
        "!odf encrypted 6\n!odf encrypted 3\n-META-INF/manifest.xml\n",
        0,
    },
    {
        "what is another's is not taken",
        {{"a.xml", "<document><t>x</t></document>", false},
         {"b.csv", "name,phone\n", false},
         {"c.xml", "<worksheet><row/></worksheet>", false},
         {"d.bin", "\x89PNG", false}},
        "-a.xml\n-b.csv\n-c.xml\n-d.bin\n",
        0,
    },
    {
        "no entity is replaced by what a DTD says",
        {{"s.xml",
          "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/"
          "passwd\">]><worksheet " MAIN "><row><c t='str'><v>&a;&b;</v></c>"
          "</row></worksheet>",
          false}},
        "[s]&a;&b;\n",
        0,
    },
};

/* --- what is put --- */

struct told {
    char text[ROOM];
    size_t len;
};

static void tell(struct told *t, const void *text, size_t len)
{
    assert_true(t->len + len < ROOM);
    memcpy(t->text + t->len, text, len);
    t->len += len;
    t->text[t->len] = '\0';
}

static bool on_open(void *ctx, const struct part_info *info)
{
    tell(ctx, "[", 1);
    tell(ctx, info->step.ptr, info->step.len);
    tell(ctx, "]", 1);
    return true;
}

static bool on_put(void *ctx, struct span bytes)
{
    tell(ctx, bytes.ptr, bytes.len);
    return true;
}

static bool on_gap(void *ctx, uint64_t len)
{
    char text[32];
    int made = snprintf(text, sizeof(text), "{~%u}", (unsigned)len);

    tell(ctx, text, (size_t)made);
    return true;
}

static bool on_close(void *ctx, enum part_end how)
{
    tell(ctx, "]", how == PART_CUT);
    return true;
}

static bool on_note(void *ctx, const struct note *note)
{
    char text[64];
    int made = snprintf(text, sizeof(text), "!%.*s %s %u\n",
                        (int)note->text.len, (const char *)note->text.ptr,
                        note->why == WHY_LIMIT ? "limit" : "encrypted",
                        (unsigned)note->number);

    tell(ctx, text, (size_t)made);
    return true;
}

static const struct sink_ops ops = {
    .part_open = on_open,
    .put = on_put,
    .gap = on_gap,
    .part_close = on_close,
    .note = on_note,
};

/* --- running --- */

/* An entry's bytes in pieces of size, with its holes. */
static void entry_give(struct office *o, struct span text, size_t size,
                       struct sink *out)
{
    enum { HOLE = 8 };

    while (text.len > 0) {
        size_t hole = span_find(text, '~');
        struct span piece = span_head(text, hole < size ? hole : size);

        assert_true(office_put(o, piece, out));
        text = span_skip(text, piece.len);
        if (text.len == 0 || *text.ptr != '~')
            continue;
        assert_true(office_gap(o, HOLE, out));
        text = span_skip(text, 1);
    }
}

static void case_run(const struct office_case *c, size_t size, struct told *t)
{
    struct held_share share = {LIMIT_HELD, c->held > 0 ? c->held : LIMIT_HELD};
    const struct hint hint = {.held = &share};
    struct office *o = office_new(&hint);
    struct sink out = {t, &ops};
    uint64_t before = share.left;

    t->len = 0;
    t->text[0] = '\0';
    for (size_t i = 0; i < ENTRIES && c->entries[i].name != NULL; i++) {
        const struct entry *e = &c->entries[i];
        struct span text = span_of(e->text);

        if (office_take(o, span_of(e->name), span_head(text, LIMIT_PROBE),
                        true) != MATCH_YES) {
            tell(t, "-", 1);
            tell(t, e->name, strlen(e->name));
            tell(t, "\n", 1);
            continue;
        }
        entry_give(o, text, size, &out);
        assert_true(office_close(o, e->cut ? PART_CUT : PART_WHOLE, &out));
    }
    assert_true(office_end(o, &out));
    office_free(o);
    assert_int_equal(share.left, before);
}

static void run_case(void **state)
{
    static const size_t sizes[] = {100000, 1, 2, 3, 5, 7, 11, 64, 301};
    static struct told t;

    for (size_t i = 0; i < COUNT(sizes); i++) {
        case_run(*state, sizes[i], &t);
        assert_string_equal(t.text, ((const struct office_case *)*state)->out);
    }
}

/* Change some bytes of a copy of text; the same ones for the same seed. */
static void damage(char *text, uint32_t *seed)
{
    static const char bytes[] = "<>/\"'&;=:! \n~01sabcrtx?-[]\x80\xff";
    size_t len = strlen(text);

    for (size_t i = 0; i < 4 && len > 0; i++) {
        *seed = *seed * 1664525 + 1013904223;
        size_t at = (*seed >> 8) % len;
        *seed = *seed * 1664525 + 1013904223;
        text[at] = bytes[(*seed >> 8) % (sizeof(bytes) - 1)];
    }
}

/* Whatever the bytes are, where they are cut changes nothing. */
static void damage_is_read_the_same_in_any_pieces(void **state)
{
    enum { ROUNDS = 150, LONGEST = 2048 };
    static char copy[ENTRIES][LONGEST];
    static struct told whole, pieces;
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < COUNT(cases) * ROUNDS; i++) {
        struct office_case c = cases[i / ROUNDS];
        for (size_t k = 0; k < ENTRIES && c.entries[k].name != NULL; k++) {
            assert_true(strlen(c.entries[k].text) < LONGEST);
            memcpy(copy[k], c.entries[k].text, strlen(c.entries[k].text) + 1);
            damage(copy[k], &seed);
            c.entries[k].text = copy[k];
        }
        case_run(&c, LONGEST, &whole);
        case_run(&c, 1 + i % 13, &pieces);
        assert_string_equal(pieces.text, whole.text);
    }
}

/* A root that is not there yet is waited for, but not for long. */
static void a_root_is_waited_for(void **state)
{
    const struct hint hint = {0};
    struct office *o = office_new(&hint);

    (void)state;
    assert_int_equal(office_take(o, SPAN("a"), SPAN("<?xml"), false),
                     MATCH_MORE);
    assert_int_equal(office_take(o, SPAN("a"), SPAN("<?xml?><wor"), false),
                     MATCH_MORE);
    assert_int_equal(office_take(o, SPAN("a"), SPAN("<?xml?><wor"), true),
                     MATCH_NO);
    assert_int_equal(office_take(o, SPAN("a"), SPAN("applic"), false),
                     MATCH_MORE);
    assert_int_equal(office_take(o, SPAN("a"), SPAN("apples"), false),
                     MATCH_NO);
    office_free(o);
    office_free(NULL);
}

/* A sink that refuses is obeyed, wherever it does. */
static bool refuse_put(void *ctx, struct span bytes)
{
    (void)ctx;
    (void)bytes;
    return false;
}

static void a_refusal_is_obeyed(void **state)
{
    struct sink_ops no = ops;
    static struct told t;
    struct sink out = {&t, &no};
    const struct hint hint = {0};
    struct office *o = office_new(&hint);

    (void)state;
    no.put = refuse_put;
    assert_int_equal(
        office_take(o, SPAN("s"), span_of(cases[0].entries[0].text), true),
        MATCH_YES);
    assert_true(office_put(o, span_of(cases[0].entries[0].text), &out));
    assert_true(office_close(o, PART_WHOLE, &out));
    assert_int_equal(
        office_take(o, SPAN("t"), span_of(cases[0].entries[1].text), true),
        MATCH_YES);
    assert_true(office_put(o, span_of(cases[0].entries[1].text), &out));
    assert_true(office_close(o, PART_WHOLE, &out));
    assert_false(office_end(o, &out));
    office_free(o);
}

int main(void)
{
    enum { OTHERS = 3 };
    struct CMUnitTest tests[COUNT(cases) + OTHERS];

    for (size_t i = 0; i < COUNT(cases); i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = run_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    tests[COUNT(cases)] =
        (struct CMUnitTest)cmocka_unit_test(a_root_is_waited_for);
    tests[COUNT(cases) + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_refusal_is_obeyed);
    tests[COUNT(cases) + 2] = (struct CMUnitTest)cmocka_unit_test(
        damage_is_read_the_same_in_any_pieces);
    return cmocka_run_group_tests_name("decode/document/office", tests, NULL,
                                       NULL);
}
