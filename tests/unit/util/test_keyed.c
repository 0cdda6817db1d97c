// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_keyed.c - util/keyed.c against nettle's own HMAC over many lengths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <nettle/hmac.h>

#include "util/keyed.h"

static uint64_t by_nettle(const uint8_t *key, const uint8_t *text, size_t len)
{
    struct hmac_sha256_ctx ctx;
    uint8_t digest[8];
    uint64_t first = 0;

    hmac_sha256_set_key(&ctx, KEY_BYTES, key);
    hmac_sha256_update(&ctx, len, text);
    hmac_sha256_digest(&ctx, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        first = first << 8 | digest[i];
    return first;
}

static void test_every_length_matches_nettle(void **state)
{
    uint8_t key[KEY_BYTES], text[300];

    (void)state;
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (uint8_t)(i * 13);
    struct keyed *k = keyed_new(key);
    assert_non_null(k);
    for (size_t len = 0; len <= sizeof(text); len++)
        assert_true(keyed_pseudonym(k, (struct span){text, len}) ==
                    by_nettle(key, text, len));
    keyed_free(k);
}

static void test_another_key_gives_another_pseudonym(void **state)
{
    uint8_t one[KEY_BYTES] = {1}, two[KEY_BYTES] = {2};
    struct keyed *a = keyed_new(one), *b = keyed_new(two);

    (void)state;
    assert_true(keyed_pseudonym(a, SPAN("x")) != keyed_pseudonym(b, SPAN("x")));
    keyed_free(a);
    keyed_free(b);
    keyed_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_length_matches_nettle),
        cmocka_unit_test(test_another_key_gives_another_pseudonym),
    };
    return cmocka_run_group_tests_name("util/keyed", tests, NULL, NULL);
}
