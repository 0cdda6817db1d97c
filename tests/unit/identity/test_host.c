// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_host.c - identity/host.c: hosts as the wire writes them.
 */
#include <string.h>

#include "identity/identity.h"
#include "support/spec.h"

struct host_case {
    const char *name;
    const char *text;
    const char *host; /* NULL: none */
    bool literal;
};

static const struct host_case cases[] = {
    {"a name is itself", "drop.example", "drop.example", false},
    {"lower case, no dot at the end", "Drop.EXAMPLE.", "drop.example", false},
    {"a port goes", "drop.example:8080", "drop.example", false},
    {"an address", "203.0.113.9", "203.0.113.9", true},
    {"an address with port", "203.0.113.9:80", "203.0.113.9", true},
    {"brackets go", "[2001:DB8::1]", "2001:db8::1", true},
    {"brackets with port", "[2001:db8::1]:443", "2001:db8::1", true},
    {"version 6 without brackets", "2001:db8::1", "2001:db8::1", true},
    {"a literal of mail", "[IPv6:2001:db8::1]", "2001:db8::1", true},
    {"version 4 in version 6", "[::ffff:10.0.0.1]", "10.0.0.1", true},
    {"blanks around it go", " drop.example ", "drop.example", false},
    {"a number is a name, not an address", "167772161", "167772161", false},
    {"nothing", "", NULL, false},
    {"a dot", ".", NULL, false},
    {"a port alone", ":80", NULL, false},
    {"brackets around nothing", "[]", NULL, false},
};

static void test_case(void **state)
{
    const struct host_case *c = *state;
    struct host host;

    assert_int_equal(host_read(span_of(c->text), &host), c->host != NULL);
    if (!c->host)
        return;
    assert_string_equal(host.name, c->host);
    assert_int_equal(host.literal, c->literal);
}

static void test_long(void **state)
{
    char text[1000];
    struct host host;

    (void)state;
    memset(text, 'A', sizeof(text));
    struct span all = {(const uint8_t *)text, sizeof(text)};
    assert_true(host_read(all, &host));
    assert_int_equal(strlen(host.name), LIMIT_NAME - 1);
}

struct domain_case {
    const char *name;
    const char *host;
    uint32_t found;
};

static const struct domain_case domains[] = {
    {"the domain itself", "bank.example", 0},
    {"a subdomain", "mail.tokyo.bank.example", 0},
    {"the longest that fits", "a.print.bank.example", 1},
    {"a name that only ends alike", "notbank.example", WORD_NONE},
    {"a parent", "example", WORD_NONE},
    {"the domain as a subdomain of another", "bank.example.drop.test",
     WORD_NONE},
};

static void test_domain(void **state)
{
    const struct domain_case *c = *state;
    struct words w = {0};

    assert_int_equal(words_put(&w, SPAN("bank.example")), 0);
    assert_int_equal(words_put(&w, SPAN("print.bank.example")), 1);
    uint32_t found = domain_find(&w, c->host);
    words_clear(&w);
    assert_int_equal(found, c->found);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(domains) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, domains, test_domain);
    tests[count++] = (struct CMUnitTest){"a name too long is cut", test_long,
                                         NULL, NULL, NULL};
    return SPEC_RUN("identity/host", tests, count);
}
