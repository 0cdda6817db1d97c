// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * community.c - Community ID v1, the flow id other sensors share.
 *
 * Spec: github.com/corelight/community-id-spec, version 1, seed 0:
 *   "1:" base64(SHA-1(seed, saddr, daddr, proto, 0, sport, dport))
 * with the smaller (address, port) first, addresses at their own length.
 * It must not be given port-less protocols: we follow TCP and UDP only.
 */
#include <string.h>

#include <nettle/base64.h>
#include <nettle/sha1.h>

#include "outflow/session.h"

/* Add an address in its own length: 4 bytes for IPv4. */
static void add_addr(struct sha1_ctx *sha, const struct addr *a)
{
    if (addr_is_v4(a))
        sha1_update(sha, 4, a->b + 12);
    else
        sha1_update(sha, 16, a->b);
}

static void add_port(struct sha1_ctx *sha, uint16_t port)
{
    const uint8_t bytes[2] = {(uint8_t)(port >> 8), (uint8_t)port};

    sha1_update(sha, sizeof(bytes), bytes);
}

void community_id(const struct addr addr[2], const uint16_t port[2],
                  uint8_t proto, char out[COMMUNITY_ID])
{
    int order = addr_compare(&addr[0], &addr[1]);
    unsigned low = order < 0 || (order == 0 && port[0] <= port[1]) ? 0 : 1;
    const uint8_t seed[2] = {0, 0}, middle[2] = {proto, 0};
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx sha;

    sha1_init(&sha);
    sha1_update(&sha, sizeof(seed), seed);
    add_addr(&sha, &addr[low]);
    add_addr(&sha, &addr[1 - low]);
    sha1_update(&sha, sizeof(middle), middle);
    add_port(&sha, port[low]);
    add_port(&sha, port[1 - low]);
    sha1_digest(&sha, sizeof(digest), digest);

    char text[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE)];
    base64_encode_raw(text, sizeof(digest), digest);
    memcpy(out, "1:", 2);
    memcpy(out + 2, text, sizeof(text));
    out[2 + sizeof(text)] = '\0';
}
