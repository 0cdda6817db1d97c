// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * checksum.c - is a TCP segment's checksum right, and does it matter?
 *
 * The sum is taken over 64-bit words in two lanes, a loop compilers turn
 * into vector code: it also brings the payload into the cache in order. It
 * must not share what it learnt between flows.
 */
#include "session/checksum.h"

#include <arpa/inet.h>
#include <string.h>

#include "outflow/compiler.h"

enum {
    TRUST_TOP = 250,  /* counts are halved here */
    TRUST_RATIO = 8,  /* wrong ones to right ones that turn the rule */
    TRUST_SLACK = 16, /* wrong ones in addition */
    PROTO_TCP = 6,
};

/* Sum of the halves of 64-bit words. */
static ALWAYS_INLINE uint64_t add_words(const uint8_t *p, size_t words)
{
    uint64_t low = 0;
    uint64_t high = 0;

    for (size_t i = 0; i < words; i++) {
        uint64_t word;

        memcpy(&word, p + i * 8, sizeof(word));
        low += word & 0xffffffff;
        high += word >> 32;
    }
    return low + high;
}

VECTOR static uint64_t add_wide(const uint8_t *p, size_t words)
{
    return add_words(p, words);
}

/* Sum of 16-bit words in the machine's order, not folded. */
static uint64_t sum_bytes(const uint8_t *p, size_t len)
{
    size_t words = len / 8;
    uint64_t sum = HAS_VECTOR() ? add_wide(p, words) : add_words(p, words);
    uint64_t rest = 0;

    if (len % 8 > 0)
        memcpy(&rest, p + words * 8, len % 8);
    return sum + (rest & 0xffffffff) + (rest >> 32);
}

static uint64_t sum_addr(const struct datagram *d, const struct addr *addr)
{
    uint32_t v4;

    if (d->v6)
        return add_words(addr->b, sizeof(addr->b) / 8);
    memcpy(&v4, addr->b + sizeof(addr->b) - sizeof(v4), sizeof(v4));
    return v4; /* addr.h: v4 is the last four bytes */
}

bool checksum_ok(const struct datagram *d)
{
    uint64_t sum = sum_addr(d, &d->src) + sum_addr(d, &d->dst);

    sum += htons(PROTO_TCP);
    sum += htonl((uint32_t)d->payload.len);
    sum += sum_bytes(d->payload.ptr, d->payload.len);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

void trust_learn(struct trust *t, bool ok)
{
    if (ok)
        t->good++;
    else
        t->bad++;
    if (t->good < TRUST_TOP && t->bad < TRUST_TOP)
        return;
    /* a right one that was seen once is never forgotten */
    t->good = (uint8_t)((t->good + 1) / 2);
    t->bad = (uint8_t)(t->bad / 2);
}

bool trust_anyway(const struct trust *t)
{
    return t->good == 0 || t->bad > t->good * TRUST_RATIO + TRUST_SLACK;
}
