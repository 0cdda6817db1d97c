// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * names.c - the words for directions and for how somebody was found.
 *
 * It must hold no other logic.
 */
#include "outflow/compiler.h"
#include "outflow/party.h"

const char *direction_name(enum direction d)
{
    static const char *const names[] = {"outbound", "inbound", "internal",
                                        "external"};

    return d < COUNT(names) ? names[d] : "unknown";
}

const char *identity_from_name(enum identity_from f)
{
    static const char *const names[] = {"login", "ip", "mac", "mail",
                                        "address"};

    return f < COUNT(names) ? names[f] : "unknown";
}
