// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * addr.h - an IP address, version 4 or 6, and networks of them.
 *
 * IPv4 stands as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so that one comparison
 * serves both.
 */
#ifndef OUTFLOW_ADDR_H
#define OUTFLOW_ADDR_H

#include "outflow/span.h"

struct addr {
    uint8_t b[16]; /* network order */
};

struct network {
    struct addr addr; /* host bits zero */
    uint8_t bits;     /* prefix length over the 16 bytes: /8 of v4 is 104 */
};

enum { ADDR_TEXT = 46 }; /* room for the text of any address and its NUL */

/* From 4 or 16 bytes in network order. */
struct addr addr_v4(const uint8_t bytes[4]);
struct addr addr_v6(const uint8_t bytes[16]);

bool addr_is_v4(const struct addr *a);
bool addr_eq(const struct addr *a, const struct addr *b);
int addr_compare(const struct addr *a, const struct addr *b);

/* Text form (RFC 5952 for IPv6); out has ADDR_TEXT bytes. Gives out. */
const char *addr_text(const struct addr *a, char out[ADDR_TEXT]);

/* Parse "10.0.0.1", "2001:db8::1", also "[2001:db8::1]". */
bool addr_parse(struct span text, struct addr *out);

/* Parse an address or CIDR; host bits are cleared. */
bool network_parse(struct span text, struct network *out);
bool network_has(const struct network *n, const struct addr *a);

#endif
