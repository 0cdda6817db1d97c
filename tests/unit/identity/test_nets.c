// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_nets.c - identity/nets.c: which networks an address is in.
 */
#include <stdio.h>

#include "identity/nets.h"
#include "support/spec.h"

struct net_case {
    const char *name;
    const char *addr;
    const char *owners; /* in the order given */
};

/* Added in this order; the owner is the place. */
static const char *const networks[] = {
    "10.0.0.0/8",    "10.1.0.0/16", "10.1.2.3",       "2001:db8::/32",
    "10.1.2.0/24",   "10.1.2.3",    "192.168.0.0/16", "2001:db8::1",
    "172.16.0.0/12", "::/0",
};

static const struct net_case cases[] = {
    {"the longest prefix comes first", "10.1.2.3", "254109"},
    {"shorter ones only when none is longer", "10.9.9.9", "09"},
    {"the last address of a network", "10.1.255.255", "109"},
    {"the first address behind a network", "172.32.0.0", "9"},
    {"the last address of an odd prefix", "172.31.255.255", "89"},
    {"version 6", "2001:db8::1", "739"},
    {"version 6 elsewhere", "2001:db9::1", "9"},
};

static void test_case(void **state)
{
    const struct net_case *c = *state;
    struct nets n = {0};
    struct addr addr;
    char owners[16] = "";
    size_t step = 0, count = 0;
    const struct net *net = NULL;

    for (size_t i = 0; i < COUNT(networks); i++) {
        struct network network;
        assert_true(network_parse(span_of(networks[i]), &network));
        assert_true(nets_add(&n, &network, i));
    }
    nets_sort(&n);
    assert_true(addr_parse(span_of(c->addr), &addr));
    while ((net = nets_next(&n, &addr, &step)) && count < sizeof(owners) - 1)
        owners[count++] = (char)('0' + net->owner);
    nets_clear(&n);
    assert_string_equal(owners, c->owners);
}

static void test_empty(void **state)
{
    struct nets n = {0};
    struct addr addr;

    (void)state;
    assert_true(addr_parse(SPAN("10.0.0.1"), &addr));
    assert_false(nets_have(&n, &addr));
    nets_sort(&n);
    assert_false(nets_have(&n, &addr));
    nets_clear(&n);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    tests[count++] = (struct CMUnitTest){"no networks have nothing", test_empty,
                                         NULL, NULL, NULL};
    return SPEC_RUN("identity/nets", tests, count);
}
