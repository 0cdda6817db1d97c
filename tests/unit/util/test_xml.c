// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_xml.c - util/xml.c: one row per behaviour, cut at every place.
 *
 * What is found is written as text: "<name a=v>", "</name>", the text.
 */
#include "support/spec.h"

#include <string.h>

#include "outflow/compiler.h"
#include "util/xml.h"

struct xml_case {
    const char *name;
    const char *in;
    const char *out;
    size_t len; /* of in, when it holds zeros */
};

static const struct xml_case cases[] = {
    {"elements, text, ends", "<a><b>x</b>y</a>", "<a><b>x</b>y</a>", 0},
    {"an element without content is closed", "<a/><b />", "<a></a><b></b>", 0},
    {"prefixes are set apart", "<w:p w:id='1'>x</w:p>", "<p id=1>x</p>", 0},
    {"values in either quote, blanks around", "<a b = \"1'\" c='>\"' >",
     "<a b=1' c=>\">", 0},
    {"the five names and characters", "&lt;&amp;&gt;&quot;&apos;&#65;&#x3042;",
     "<&>\"'A\xe3\x81\x82", 0},
    {"other names stay as they are", "a&b;&lol9;&#0;&#xD800;& c&",
     "a&b;&lol9;&#0;&#xD800;& c", 0},
    {"comments, instructions, DTDs are passed over",
     "<?xml version='1.0'?><!-- <b> --><!DOCTYPE a [<!ENTITY b \"<c>\">"
     "<!-- don't ]> -->]><a/>",
     "<a></a>", 0},
    {"CDATA is text", "<a><![CDATA[<b>&amp;]]]]></a>", "<a><b>&amp;]]</a>", 0},
    {"a tag that never ends costs itself", "<a b=\"<c>x</c>", "<c>x</c>", 0},
    {"UTF-16", "", "", 1},
    {"a document may begin with a mark", "\xef\xbb\xbf<a/>",
     "\xef\xbb\xbf<a></a>", 0},
};

struct got {
    char text[512];
    size_t len;
};

static void got_add(struct got *g, struct span s)
{
    assert_true(g->len + s.len < sizeof(g->text));
    memcpy(g->text + g->len, s.ptr, s.len);
    g->len += s.len;
    g->text[g->len] = '\0';
}

static bool on_open(void *ctx, const struct xml_tag *tag)
{
    struct span rest = tag->rest;
    struct xml_attribute a;

    got_add(ctx, SPAN("<"));
    got_add(ctx, tag->name);
    while (xml_next(&rest, &a)) {
        got_add(ctx, SPAN(" "));
        got_add(ctx, a.name);
        got_add(ctx, SPAN("="));
        got_add(ctx, a.value);
    }
    got_add(ctx, SPAN(">"));
    return true;
}

static bool on_close(void *ctx, struct span name)
{
    got_add(ctx, SPAN("</"));
    got_add(ctx, name);
    got_add(ctx, SPAN(">"));
    return true;
}

static bool on_text(void *ctx, struct span text)
{
    got_add(ctx, text);
    return true;
}

static const struct xml_events events = {on_open, on_close, on_text};

/* in, cut at two places; a hole at the first one when it is to be. */
static void run(struct span in, size_t one, size_t two, struct got *g)
{
    struct xml x;

    g->len = 0;
    g->text[0] = '\0';
    xml_init(&x, &events, g);
    assert_true(xml_feed(&x, span_head(in, one)));
    assert_true(xml_feed(&x, span_slice(in, one, two)));
    assert_true(xml_feed(&x, span_skip(in, two)));
    xml_clear(&x);
}

static void test_case(void **state)
{
    const struct xml_case *c = *state;
    struct span in = span_of(c->in);
    const char *out = c->out;
    struct got g;

    if (c->len > 0) {
        in = SPAN("\xff\xfe<\0a\0>\0B0=\xd8\0\xde<\0/\0a\0>\0");
        out = "<a>\xe3\x81\x82\xf0\x9f\x98\x80</a>";
    }
    for (size_t one = 0; one <= in.len; one++)
        for (size_t two = one; two <= in.len; two++) {
            run(in, one, two, &g);
            assert_string_equal(g.text, out);
        }
}

static void test_gap(void **state)
{
    static const char *const befores[] = {"<a><b c='1", "<a>te", "<a>x&am",
                                          "<a><!-- c", "<a><![CDATA[x"};
    struct got g;
    struct xml x;

    (void)state;
    for (size_t i = 0; i < COUNT(befores); i++) {
        g.len = 0;
        xml_init(&x, &events, &g);
        assert_true(xml_feed(&x, span_of(befores[i])));
        xml_gap(&x);
        assert_true(xml_feed(&x, SPAN("2' d=\"3\">y&lt;</b><e f='4'>z</e>")));
        xml_clear(&x);
        assert_non_null(strstr(g.text, "</b><e f=4>z</e>"));
        assert_null(strstr(g.text, "y"));
    }
}

static bool on_nothing(void *ctx, const struct xml_tag *tag)
{
    (void)ctx;
    return tag->name.len == 1;
}

static void test_long_tag(void **state)
{
    static const struct xml_events quiet = {on_nothing, on_close, on_text};
    struct got g = {.len = 0};
    struct xml x;

    (void)state;
    xml_init(&x, &quiet, &g);
    assert_true(xml_feed(&x, SPAN("<a b='1' c='")));
    for (size_t i = 0; i < 100000; i++)
        assert_true(xml_feed(&x, SPAN("0123456789")));
    assert_true(x.held.len <= LIMIT_XML_TAG);
    assert_true(xml_feed(&x, SPAN("'>x</a>")));
    assert_string_equal(g.text, "x</a>");
    xml_clear(&x);
}

static void test_plain(void **state)
{
    uint8_t room[8];

    (void)state;
    assert_true(span_eq(xml_plain(SPAN("ab"), room, 8), SPAN("ab")));
    assert_true(span_eq(xml_plain(SPAN("a&amp;b"), room, 8), SPAN("a&b")));
    assert_true(span_eq(xml_plain(SPAN("a&no;"), room, 8), SPAN("a&no;")));
    assert_true(xml_plain(SPAN("&#x3042;&#x3042;&#x3042;"), room, 8).len <= 8);
}

static void test_root(void **state)
{
    struct xml_head h;

    (void)state;
    assert_int_equal(xml_root(SPAN("\xef\xbb\xbf<?xml?>\n<x:a b='1'>"), &h), 1);
    assert_true(span_eq(h.tag.name, SPAN("a")));
    assert_true(span_eq(h.tag.prefix, SPAN("x")));
    assert_int_equal(xml_root(SPAN("<?xml?><a xmlns='aa"), &h), 1);
    assert_true(span_eq(h.tag.name, SPAN("a")));
    assert_int_equal(xml_root(SPAN("<?xml?><wor"), &h), 0);
    assert_int_equal(xml_root(SPAN("<!-- "), &h), 0);
    assert_int_equal(xml_root(SPAN("name,phone\n<a>"), &h), -1);
    assert_int_equal(xml_root(SPAN("\xff\xfe<\0a\0>\0"), &h), 1);
    assert_true(span_eq(h.tag.name, SPAN("a")));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_gap),
        cmocka_unit_test(test_long_tag),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_root),
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = test_case,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    return cmocka_run_group_tests_name("util/xml", tests, NULL, NULL) +
           cmocka_run_group_tests_name("util/xml", others, NULL, NULL);
}
