// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_registry.c - output/registry.c: formats are found by name.
 */
#include "fixture.h"

static void test_known_and_unknown_formats(void **state)
{
    static const char *const known[] = {"table", "json", "cef"};

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct output_format *f = output_format_find(span_of(known[i]));
        assert_non_null(f);
        assert_string_equal(f->name, known[i]);
        assert_non_null(f->alert);
    }
    assert_null(output_format_find(SPAN("xml")));
    assert_null(output_format_find(SPAN("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_and_unknown_formats)};
    return cmocka_run_group_tests_name("output/registry", tests, NULL, NULL);
}
