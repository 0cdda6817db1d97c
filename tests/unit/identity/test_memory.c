// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_memory.c - who is who with the n-th allocation failing: nothing
 * leaks, nothing crashes, nobody is left out silently.
 */
#include "outflow/settings.h"
#include "scratch.h"
#include "unit/conf/starve.h"

static const char staff[] =
    "user,name,group,ip,mac,mail,from,until\n"
    "taro,,contractors,10.20.0.7,00:16:3e:00:00:07,taro@bank.example,,\n"
    "hanako,,,10.20.0.0/24,00:16:3e:00:00:08,hanako@bank.example,,\n"
    "Taro,,temps,2001:db8::1,,,,\n";

static bool make(void)
{
    static char file[] = "e.csv", domain[] = "bank.example";
    static char *domains[] = {domain};
    struct network network = {.bits = 104};
    struct partner partner = {.domains = domains,
                              .domain_count = 1,
                              .networks = &network,
                              .network_count = 1};
    struct settings s = {.inside = &network,
                         .inside_count = 1,
                         .domains = domains,
                         .domain_count = 1,
                         .employees = file,
                         .partners = &partner,
                         .partner_count = 1};
    struct problems problems = {0};
    struct identity *id = identity_new(&s, &problems);

    problems_clear(&problems);
    identity_free(id);
    return id != NULL;
}

static void test_make(void **state)
{
    (void)state;
    scratch_write(staff);
    assert_true(starve_all(make) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"employees and partners without memory", test_make, NULL, NULL, NULL},
    };
    return _cmocka_run_group_tests("identity/memory", tests, COUNT(tests),
                                   scratch_enter, scratch_leave);
}
