// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * keyed.c - HMAC-SHA-256 by nettle with the key state set up once.
 *
 * The two blocks that depend on the key alone are hashed when the key comes;
 * a value copies that state, so a short one costs two compressions. The
 * state is as good as the key: it lies in its own pages, kept out of core
 * files and, where the system allows it, out of swap, and is wiped at the end.
 */
#include "util/keyed.h"

#include <string.h>
#include <sys/mman.h>

#include <nettle/sha2.h>

struct keyed {
    struct sha256_ctx inner; /* key ^ ipad hashed */
    struct sha256_ctx outer; /* key ^ opad hashed */
};

static void start(struct sha256_ctx *ctx, const uint8_t *bytes, uint8_t pad)
{
    uint8_t block[SHA256_BLOCK_SIZE];

    for (size_t i = 0; i < sizeof(block); i++)
        block[i] = (uint8_t)((i < KEY_BYTES ? bytes[i] : 0) ^ pad);
    sha256_init(ctx);
    sha256_update(ctx, sizeof(block), block);
    explicit_bzero(block, sizeof(block));
}

struct keyed *keyed_new(const uint8_t bytes[KEY_BYTES])
{
    struct keyed *k = mmap(NULL, sizeof(*k), PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (k == MAP_FAILED)
        return NULL;
    /* Both may be refused by limits of the system: the key still works. */
    (void)mlock(k, sizeof(*k));
    (void)madvise(k, sizeof(*k), MADV_DONTDUMP);
    start(&k->inner, bytes, 0x36);
    start(&k->outer, bytes, 0x5C);
    return k;
}

void keyed_free(struct keyed *k)
{
    if (!k)
        return;
    explicit_bzero(k, sizeof(*k));
    (void)munmap(k, sizeof(*k));
}

uint64_t keyed_pseudonym(const struct keyed *k, struct span message)
{
    struct sha256_ctx work = k->inner;
    uint8_t digest[SHA256_DIGEST_SIZE];
    uint64_t first = 0;

    sha256_update(&work, message.len, message.ptr);
    sha256_digest(&work, sizeof(digest), digest);
    work = k->outer;
    sha256_update(&work, sizeof(digest), digest);
    sha256_digest(&work, sizeof(digest), digest);
    for (size_t i = 0; i < 8; i++)
        first = first << 8 | digest[i];
    return first;
}
