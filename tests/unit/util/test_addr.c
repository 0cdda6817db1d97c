// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_addr.c - util/addr.c and util/community.c.
 */
#include "support/spec.h"

#include <string.h>

#include "outflow/session.h"

struct text_case {
    const char *name;
    const char *in;
    const char *out; /* NULL: refused */
};

static const struct text_case texts[] = {
    {"an IPv4 address comes back as written", "192.0.2.1", "192.0.2.1"},
    {"an IPv6 address is shortened", "2001:0db8:0:0::1", "2001:db8::1"},
    {"brackets are taken off", "[2001:db8::1]", "2001:db8::1"},
    {"a mapped address is its IPv4", "::ffff:192.0.2.1", "192.0.2.1"},
    {"a name is no address", "example", NULL},
    {"four numbers are needed", "192.0.2", NULL},
    {"nothing is no address", "", NULL},
};

static void test_text(void **state)
{
    const struct text_case *c = *state;
    char out[ADDR_TEXT];
    struct addr a;

    bool good = addr_parse(span_of(c->in), &a);
    assert_int_equal(good, c->out != NULL);
    if (good)
        assert_string_equal(addr_text(&a, out), c->out);
}

struct network_case {
    const char *name;
    const char *network;
    const char *address;
    bool has;
};

static const struct network_case networks[] = {
    {"an address inside", "10.0.0.0/8", "10.255.1.2", true},
    {"an address outside", "10.0.0.0/8", "11.0.0.1", false},
    {"a prefix inside a byte", "172.16.0.0/12", "172.31.255.255", true},
    {"just past such a prefix", "172.16.0.0/12", "172.32.0.0", false},
    {"host bits do not count", "10.1.2.3/8", "10.9.9.9", true},
    {"an address alone is a network of one", "10.1.2.3", "10.1.2.3", true},
    {"and of no other", "10.1.2.3", "10.1.2.4", false},
    {"everything in IPv4 is not IPv6", "0.0.0.0/0", "2001:db8::1", false},
    {"IPv6 prefixes", "fc00::/7", "fd12::1", true},
    {"IPv4 is not in an IPv6 prefix", "fc00::/7", "10.0.0.1", false},
};

static void test_network(void **state)
{
    const struct network_case *c = *state;
    struct network n;
    struct addr a;

    assert_true(network_parse(span_of(c->network), &n));
    assert_true(addr_parse(span_of(c->address), &a));
    assert_int_equal(network_has(&n, &a), c->has);
}

static void bad_networks_are_refused(void **state)
{
    static const char *const bad[] = {"10.0.0.0/33", "10.0.0.0/x", "10/8",
                                      "2001:db8::/129", "/8"};
    struct network n;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(network_parse(span_of(bad[i]), &n));
}

struct id_case {
    const char *name;
    const char *addr[2];
    uint16_t port[2];
    uint8_t proto;
    const char *want;
};

/* From the specification's baseline for seed 0. */
static const struct id_case ids[] = {
    {"a TCP flow over IPv4",
     {"128.232.110.120", "66.35.250.204"},
     {34855, 80},
     6,
     "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {"the same flow from the other side",
     {"66.35.250.204", "128.232.110.120"},
     {80, 34855},
     6,
     "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {"a UDP flow over IPv4",
     {"192.168.1.52", "8.8.8.8"},
     {54585, 53},
     17,
     "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
};

static void test_id(void **state)
{
    const struct id_case *c = *state;
    struct addr addr[2];
    char out[COMMUNITY_ID];

    assert_true(addr_parse(span_of(c->addr[0]), &addr[0]));
    assert_true(addr_parse(span_of(c->addr[1]), &addr[1]));
    community_id(addr, c->port, c->proto, out);
    assert_string_equal(out, c->want);
}

int main(void)
{
    struct CMUnitTest tests[64] = {
        cmocka_unit_test(bad_networks_are_refused),
    };
    size_t count = 1;

    SPEC_TABLE(tests, count, texts, test_text);
    SPEC_TABLE(tests, count, networks, test_network);
    SPEC_TABLE(tests, count, ids, test_id);
    return SPEC_RUN("util/addr", tests, count);
}
