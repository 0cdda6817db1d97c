// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_values.c - conf/values.c and conf/table.c: sizes, times, domains and
 * the nearest word.
 */
#include "conf/values.h"
#include "support/spec.h"

#include <stdlib.h>

struct measure_case {
    const char *name;
    const char *text;
    bool size, time; /* is it one? */
    uint64_t value;  /* bytes, or seconds */
};

static const struct measure_case measures[] = {
    {"plain digits are bytes", "1000", true, false, 1000},
    {"KiB is 1024", "3KiB", true, false, 3072},
    {"MiB", "20MiB", true, false, 20971520},
    {"GiB", "5GiB", true, false, 5368709120},
    {"TiB", "1TiB", true, false, 1099511627776},
    {"GB is decimal", "5GB", true, false, 5000000000},
    {"units in any case", "2gib", true, false, 2147483648},
    {"a size beyond 2^63", "9999999999TiB", false, false, 0},
    {"digits beyond 2^64", "99999999999999999999", false, false, 0},
    {"a fraction", "1.5GiB", false, false, 0},
    {"a blank in it", "5 GiB", false, false, 0},
    {"a negative", "-5", false, false, 0},
    {"no digits", "MiB", false, false, 0},
    {"seconds", "90s", false, true, 90},
    {"minutes", "10m", false, true, 600},
    {"hours", "24h", false, true, 86400},
    {"days", "365d", false, true, 31536000},
    {"weeks", "2w", false, true, 1209600},
    {"an unknown unit", "5y", false, false, 0},
    {"two units", "1h30m", false, false, 0},
    {"nothing", "", false, false, 0},
};

static void test_measure(void **state)
{
    const struct measure_case *c = *state;
    uint64_t value = 0;

    assert_int_equal(value_parse_size(c->text, &value), c->size);
    if (c->size)
        assert_int_equal(value, c->value);
    assert_int_equal(value_parse_time(c->text, &value), c->time);
    if (c->time)
        assert_int_equal(value, c->value);
}

struct domain_case {
    const char *name;
    const char *text;
    const char *domain; /* NULL: none */
};

static const struct domain_case domains[] = {
    {"a domain is itself", "bank.example", "bank.example"},
    {"it is compared in lower case", "Bank.EXAMPLE", "bank.example"},
    {"a dot at the end goes", "bank.example.", "bank.example"},
    {"a single label is one", "intranet", "intranet"},
    {"a leading dot is none", ".bank.example", NULL},
    {"a star is none", "*.bank.example", NULL},
    {"an URL is none", "http://bank.example", NULL},
    {"a mail address is none", "a@bank.example", NULL},
    {"a port is none", "bank.example:80", NULL},
    {"two dots are none", "bank..example", NULL},
    {"a dot alone is none", ".", NULL},
    {"nothing is none", "", NULL},
};

static void test_domain(void **state)
{
    const struct domain_case *c = *state;
    char *domain = value_domain(c->text);

    if (c->domain)
        assert_string_equal(domain, c->domain);
    else
        assert_null(domain);
    free(domain);
}

struct near_case {
    const char *name;
    const char *word;
    const char *hint;
};

static const struct near_case nears[] = {
    {"a letter too many", "custommers", "; did you mean \"customers\"?"},
    {"a letter left out", "custmers", "; did you mean \"customers\"?"},
    {"the beginning of a longer word", "acount",
     "; did you mean \"account_number\"?"},
    {"a short word allows for one letter", "bi", "; did you mean \"by\"?"},
    {"nothing near lists what is known", "zzz",
     "; known: customers, account_number, by"},
    {"the empty word lists what is known", "",
     "; known: customers, account_number, by"},
};

static void test_near(void **state)
{
    static const char *const words[] = {"customers", "account_number", "by",
                                        NULL};
    const struct near_case *c = *state;
    char out[HINT_ROOM];

    assert_string_equal(table_hint(c->word, words, out), c->hint);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(measures) + COUNT(domains) + COUNT(nears)];
    size_t count = 0;

    SPEC_TABLE(tests, count, measures, test_measure);
    SPEC_TABLE(tests, count, domains, test_domain);
    SPEC_TABLE(tests, count, nears, test_near);
    return SPEC_RUN("conf/values", tests, count);
}
