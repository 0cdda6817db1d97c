// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * keyed.c - HMAC-SHA-256 by nettle with the key state set up once.
 *
 * The two blocks that depend on the key alone are hashed when the key comes;
 * a value copies that state, so a short one costs two compressions and
 * nothing else: nettle is given whole blocks only, padded here. The
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

/* The last bytes of a message as padded blocks (FIPS 180-4 5.1.1). */
static void finish(struct sha256_ctx *ctx, struct span rest, uint64_t length)
{
    uint8_t blocks[2 * SHA256_BLOCK_SIZE] = {0};
    size_t all = rest.len + 9 > SHA256_BLOCK_SIZE ? 2 * SHA256_BLOCK_SIZE
                                                  : SHA256_BLOCK_SIZE;

    if (rest.len > 0)
        memcpy(blocks, rest.ptr, rest.len);
    blocks[rest.len] = 0x80;
    for (size_t i = 0; i < 8; i++)
        blocks[all - 1 - i] = (uint8_t)(length * 8 >> (8 * i));
    sha256_update(ctx, all, blocks);
}

static void copy_state(struct sha256_ctx *to, const struct sha256_ctx *from)
{
    memcpy(to->state, from->state, sizeof(to->state));
    to->count = 0;
    to->index = 0;
}

uint64_t keyed_pseudonym(const struct keyed *k, struct span message)
{
    size_t whole = message.len - message.len % SHA256_BLOCK_SIZE;
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx work;

    copy_state(&work, &k->inner);
    if (whole > 0)
        sha256_update(&work, whole, message.ptr);
    finish(&work, span_skip(message, whole), SHA256_BLOCK_SIZE + message.len);
    for (size_t i = 0; i < sizeof(digest); i++)
        digest[i] = (uint8_t)(work.state[i / 4] >> (24 - i % 4 * 8));
    copy_state(&work, &k->outer);
    finish(&work, (struct span){digest, sizeof(digest)},
           SHA256_BLOCK_SIZE + sizeof(digest));
    return (uint64_t)work.state[0] << 32 | work.state[1];
}
