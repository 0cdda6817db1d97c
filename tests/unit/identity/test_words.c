// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_words.c - identity/words.c: texts numbered, each once.
 */
#include <stdio.h>

#include "identity/words.h"
#include "support/spec.h"

static void test_none(void **state)
{
    struct words w = {0};

    (void)state;
    assert_int_equal(words_find(&w, SPAN("a")), WORD_NONE);
    words_clear(&w);
}

static void test_few(void **state)
{
    struct words w = {0};

    (void)state;
    assert_int_equal(words_put(&w, SPAN("taro")), 0);
    assert_int_equal(words_put(&w, SPAN("")), 1);
    assert_int_equal(words_put(&w, SPAN("tar")), 2);
    assert_int_equal(words_put(&w, SPAN("taro")), 0);
    assert_int_equal(words_find(&w, SPAN("tar")), 2);
    assert_int_equal(words_find(&w, SPAN("")), 1);
    assert_int_equal(words_find(&w, SPAN("Taro")), WORD_NONE);
    assert_string_equal(words_at(&w, 2), "tar");
    words_clear(&w);
}

static void test_many(void **state)
{
    enum { MANY = 20000 };
    struct words w = {0};
    char text[16];

    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(text, sizeof(text), "user%u", i);
        assert_int_equal(words_put(&w, span_of(text)), i);
    }
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(text, sizeof(text), "user%u", i);
        assert_int_equal(words_find(&w, span_of(text)), i);
        assert_string_equal(words_at(&w, i), text);
    }
    assert_int_equal(words_find(&w, SPAN("user20000")), WORD_NONE);
    words_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an empty table finds nothing", test_none, NULL, NULL, NULL},
        {"a word has one number", test_few, NULL, NULL, NULL},
        {"numbers stay while the table grows", test_many, NULL, NULL, NULL},
    };
    return SPEC_RUN("identity/words", tests, COUNT(tests));
}
