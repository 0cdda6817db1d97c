// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * addr.c - IP addresses and networks as text and bytes.
 *
 * It must not resolve names.
 */
#include "outflow/addr.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

struct addr addr_v4(const uint8_t bytes[4])
{
    struct addr a;

    memcpy(a.b, v4_prefix, sizeof(v4_prefix));
    memcpy(a.b + 12, bytes, 4);
    return a;
}

struct addr addr_v6(const uint8_t bytes[16])
{
    struct addr a;

    memcpy(a.b, bytes, 16);
    return a;
}

bool addr_is_v4(const struct addr *a)
{
    return memcmp(a->b, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool addr_eq(const struct addr *a, const struct addr *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

int addr_compare(const struct addr *a, const struct addr *b)
{
    return memcmp(a->b, b->b, sizeof(a->b));
}

const char *addr_text(const struct addr *a, char out[ADDR_TEXT])
{
    const char *text = addr_is_v4(a)
                           ? inet_ntop(AF_INET, a->b + 12, out, ADDR_TEXT)
                           : inet_ntop(AF_INET6, a->b, out, ADDR_TEXT);

    return text ? text : "";
}

bool addr_parse(struct span text, struct addr *out)
{
    char copy[ADDR_TEXT];
    uint8_t bytes[4];

    if (text.len > 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
        text = span_slice(text, 1, text.len - 1);
    if (text.len == 0 || text.len >= sizeof(copy))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (strlen(copy) != text.len)
        return false;
    if (inet_pton(AF_INET, copy, bytes) == 1) {
        *out = addr_v4(bytes);
        return true;
    }
    return inet_pton(AF_INET6, copy, out->b) == 1;
}

/* Clear the bits of a behind the prefix. */
static void clear_host(struct addr *a, unsigned bits)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned keep = bits > i * 8 ? bits - i * 8 : 0;
        if (keep < 8)
            a->b[i] = (uint8_t)(a->b[i] & (0xFF00u >> keep));
    }
}

bool network_parse(struct span text, struct network *out)
{
    struct span rest = text, address = {0};
    uint64_t bits = 128;

    if (!span_cut(&rest, '/', &address) || !addr_parse(address, &out->addr))
        return false;

    bool v4 = addr_is_v4(&out->addr) && span_find(address, ':') == address.len;
    if (address.len < text.len) {
        if (!span_number(rest, &bits) || bits > (v4 ? 32 : 128))
            return false;
        bits += v4 ? 96 : 0;
    }
    out->bits = (uint8_t)bits;
    clear_host(&out->addr, out->bits);
    return true;
}

bool network_has(const struct network *n, const struct addr *a)
{
    unsigned whole = n->bits / 8, left = n->bits % 8;

    if (memcmp(n->addr.b, a->b, whole) != 0)
        return false;
    return left == 0 ||
           ((n->addr.b[whole] ^ a->b[whole]) & (0xFF00u >> left) & 0xFF) == 0;
}
