// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_checksum.c - session/checksum.c against the plain loop of wire.c.
 */
#include "session/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/wire.h"

static void check(const struct wire_end *from, const struct wire_end *to,
                  size_t len)
{
    uint8_t *room = malloc(WIRE_ROOM);
    uint8_t *text = malloc(len + 1);
    struct datagram d;

    wire_text(text, len, len);
    const struct wire_plan plan = {
        .from = *from, .to = *to, .seq = 77, .bytes = {text, len}};
    wire_tcp(&plan, room, &d);
    assert_true(checksum_ok(&d));
    for (size_t bit = 0; bit < 8; bit++) {
        size_t at = (len * 7 + bit) % d.payload.len;
        room[at] ^= (uint8_t)(1u << bit);
        assert_false(checksum_ok(&d));
        room[at] ^= (uint8_t)(1u << bit);
    }
    d.src.b[15] ^= 1;
    assert_false(checksum_ok(&d));
    free(text);
    free(room);
}

static void test_every_length(void **state)
{
    const struct wire_end v4[2] = {{"10.1.2.3", 1}, {"192.0.2.9", 65535}};
    const struct wire_end v6[2] = {{"2001:db8::1", 1}, {"fe80::9:8", 80}};

    (void)state;
    for (size_t len = 0; len < 200; len++) {
        check(&v4[0], &v4[1], len);
        check(&v6[0], &v6[1], len);
    }
    check(&v4[0], &v4[1], 65000);
    check(&v6[0], &v6[1], 65001);
}

static void learn(struct trust *t, unsigned good, unsigned bad)
{
    while (good-- > 0)
        trust_learn(t, true);
    while (bad-- > 0)
        trust_learn(t, false);
}

static void test_trust(void **state)
{
    struct trust t = {0};

    (void)state;
    assert_true(trust_anyway(&t));
    learn(&t, 0, 1000); /* a card fills them in */
    assert_true(trust_anyway(&t));

    t = (struct trust){0};
    learn(&t, 1, 10); /* a right one shows that they mean something */
    assert_false(trust_anyway(&t));
    learn(&t, 0, 100); /* but for that one, none is right */
    assert_true(trust_anyway(&t));

    t = (struct trust){0};
    learn(&t, 1000, 0);
    for (unsigned i = 0; i < 5000; i++) {
        learn(&t, 1, 3);
        assert_false(trust_anyway(&t));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_length),
        cmocka_unit_test(test_trust),
    };
    return cmocka_run_group_tests_name("session/checksum", tests, NULL, NULL);
}
