// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_docs.c - every example of rules/README.md, docs/rules.md and
 * docs/settings.md is read as an operator would run it.
 *
 * Blocks fenced as "conf" are files: rules when they begin with rules, else
 * settings.
 */
#include "conf/conf.h"
#include "said.h"

struct page {
    const char *name;
    const char *path;
    size_t least; /* examples it has */
};

static const struct page pages[] = {
    {"the examples of rules/README.md", "rules/README.md", 1},
    {"the examples of docs/rules.md", "docs/rules.md", 6},
    {"the example of docs/settings.md", "docs/settings.md", 1},
};

/* Read one example; it must be good. */
static void read_example(struct span text)
{
    struct script script;
    struct draft draft;
    struct problems problems = {0};

    assert_true(draft_default(&draft));
    assert_true(script_from("example", text, &script));
    if (span_starts(text, SPAN("rules"))) {
        rules_read(&script, &draft.settings, &problems);
        rules_check_all(&draft.settings, &problems);
    } else {
        draft_read(&script, &draft, &problems);
    }
    script_clear(&script);
    draft_clear(&draft);
    said_expect(&problems, NULL);
}

/* A page of the source tree, whoever may write it there. */
static void read_page(const char *path, struct script *out)
{
    char whole[512];
    static uint8_t text[1 << 16];

    snprintf(whole, sizeof(whole), "%s/%s", TEST_SOURCE_DIR, path);
    FILE *in = fopen(whole, "re");
    assert_non_null(in);
    size_t len = fread(text, 1, sizeof(text), in);
    fclose(in);
    assert_true(len < sizeof(text));
    assert_true(script_from(path, (struct span){text, len}, out));
}

static void test_page(void **state)
{
    const struct page *page = *state;
    struct script file;
    size_t count = 0;

    read_page(page->path, &file);
    struct span rest = {(const uint8_t *)file.text, file.len};
    for (;;) {
        size_t begin = span_find_run(rest, SPAN("```conf\n"));
        rest = span_skip(rest, begin + 8);
        if (rest.len == 0)
            break;
        size_t end = span_find_run(rest, SPAN("```\n"));
        read_example(span_head(rest, end));
        rest = span_skip(rest, end + 4);
        count++;
    }
    script_clear(&file);
    assert_true(count >= page->least);
}

/* Every key and word of the grammar stands on the page operators read. */
static void test_words(void **state)
{
    static const char *const words[] = {
        "`id`",       "`name`",    "`severity`",   "`direction`", "`from`",
        "`to`",       "`fields`",  "`channels`",   "`customers`", "`within`",
        "`by`",       "`walk`",    "`unread`",     "`bytes`",     "`attack`",
        "`internal`", "`any`",     "`partners`",   "`pair`",      "`transfer`",
        "`critical`", "`damaged`", "`party:NAME`",
#define CHANNEL(name) "`" #name "`",
#include "conf/channels.def"
#undef CHANNEL
#define FIELD(id, name, identifies) "`" name "`",
#include "outflow/field_types.def"
#undef FIELD
    };
    struct script file;

    (void)state;
    read_page("rules/README.md", &file);
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *told = strstr(file.text, words[i]) ? words[i] : "nothing";
        assert_string_equal(told, words[i]);
    }
    script_clear(&file);
}

/* Every event of the sensor's health stands on the page of those who run
 * it, so does every metric (test_metrics). */
static void test_events(void **state)
{
    static const char *const words[] = {
#define EVENT(id, name, severity, sentence) "`" name "`",
#include "outflow/events.def"
#undef EVENT
    };
    struct script file;

    (void)state;
    read_page("docs/sensor.md", &file);
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *told = strstr(file.text, words[i]) ? words[i] : "nothing";
        assert_string_equal(told, words[i]);
    }
    script_clear(&file);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(pages) + 2];
    size_t count = 0;

    SPEC_TABLE(tests, count, pages, test_page);
    tests[count++] = (struct CMUnitTest){"every word of the grammar is told",
                                         test_words, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"every event of health is told",
                                         test_events, NULL, NULL, NULL};
    return SPEC_RUN("conf/docs", tests, count);
}
