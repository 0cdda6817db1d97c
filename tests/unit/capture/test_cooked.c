// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_cooked.c - capture/cooked.c: one row per header of a capturing system.
 */
#include "peel_case.h"

#define MAC8 "\2\0\0\0\0\2\0\0"
#define PKTAP_HEAD(link)                                                       \
    "\x10\0\0\0\1\0\0\0" link "\0\0\0"                                         \
    "name"

static const struct peel_case cases[] = {
    {.name = "loopback of a little-endian host",
     .frame = BYTES("\2\0\0\0" DATA4),
     .link = 0},
    {.name = "loopback of a big-endian host",
     .frame = BYTES("\0\0\0\2" DATA4),
     .link = 0},
    {.name = "OpenBSD's loopback is in network order",
     .frame = BYTES("\0\0\0\x18" DATA6),
     .link = 108,
     .src = "2001:db8::1"},
    {.name = "IPv6 on macOS' loopback",
     .frame = BYTES("\x1e\0\0\0" DATA6),
     .link = 0,
     .src = "2001:db8::1"},
    {.name = "another family is not IP",
     .frame = BYTES("\7\0\0\0" DATA4),
     .link = 0,
     .skip = SKIP_NOT_IP},
    {.name = "a loopback of three bytes is malformed",
     .frame = BYTES("\2\0\0"),
     .link = 0,
     .skip = SKIP_MALFORMED},
    {.name = "Linux' cooked header tells the sender's MAC",
     .frame = BYTES("\0\0\0\1\0\6" MAC8 IP4 DATA4),
     .link = 113},
    {.name = "a VLAN stands in a cooked packet",
     .frame = BYTES("\0\0\0\1\0\6" MAC8 "\x81\0\0\5" IP4 DATA4),
     .link = 113,
     .tenant = true},
    {.name = "LLC stands in a cooked packet",
     .frame = BYTES("\0\0\0\1\0\6" MAC8 "\0\4\xaa\xaa\3\0\0\0" IP4 DATA4),
     .link = 113},
    {.name = "a cooked packet of another protocol is not IP",
     .frame = BYTES("\0\0\0\1\0\6" MAC8 "\0\x0c" DATA4),
     .link = 113,
     .skip = SKIP_NOT_IP},
    {.name = "the second version of it",
     .frame = BYTES(IP6 "\0\0\0\0\0\1\0\1\0\6" MAC8 DATA6),
     .link = 276,
     .src = "2001:db8::1"},
    {.name = "a packet of the kernel's log",
     .frame = BYTES("\2\0\0\1\5\0\1\0x\0\0\0\x20\0\x09\0" DATA4),
     .link = 239},
    {.name = "a log attribute of length two is malformed",
     .frame = BYTES("\2\0\0\1\2\0\1\0" DATA4),
     .link = 239,
     .skip = SKIP_MALFORMED},
    {.name = "a log without a packet is malformed",
     .frame = BYTES("\2\0\0\1\5\0\1\0x\0\0\0"),
     .link = 239,
     .skip = SKIP_MALFORMED},
    {.name = "macOS' tap holds another link type",
     .frame = BYTES(PKTAP_HEAD("\1") MACS IP4 DATA4),
     .link = 258},
    {.name = "a tap in a tap is peeled",
     .frame = BYTES("\x0c\0\0\0\1\0\0\0\2\1\0\0" PKTAP_HEAD("\x65") DATA4),
     .link = 258},
    {.name = "a tap of a link type that is not read",
     .frame = BYTES(PKTAP_HEAD("\x93") DATA4),
     .link = 258,
     .skip = SKIP_LINK_TYPE},
    {.name = "a tap that is shorter than itself is malformed",
     .frame = BYTES("\2\0\0\0\1\0\0\0\1\0\0\0" DATA4),
     .link = 258,
     .skip = SKIP_MALFORMED},
    {.name = "OpenBSD's packet filter log",
     .frame = BYTES("\x3d\2\0\0"
                    "em0."
                    "12345678901234567890123456789012"
                    "123456789012345678901234" DATA4),
     .link = 117},
    {.name = "a packet filter log of no length is malformed",
     .frame = BYTES("\0\2\0\0" DATA4),
     .link = 117,
     .skip = SKIP_MALFORMED},
    {.name = "token ring without a route",
     .frame =
         BYTES("\x10\x40\2\0\0\0\0\1\2\0\0\0\0\2\xaa\xaa\3\0\0\0" IP4 DATA4),
     .link = 6},
    {.name = "token ring with a route of six bytes",
     .frame = BYTES("\x10\x40\2\0\0\0\0\1\x82\0\0\0\0\2\6\x20rout"
                    "\xaa\xaa\3\0\0\0" IP4 DATA4),
     .link = 6},
    {.name = "FDDI",
     .frame = BYTES("\x50" MACS "\xaa\xaa\3\0\0\0" IP4 DATA4),
     .link = 10},
    {.name = "ARCnet by RFC 1051",
     .frame = BYTES("\1\2\0\0\xf0" DATA4),
     .link = 129},
    {.name = "ARCnet by RFC 1201",
     .frame = BYTES("\1\2\0\0\xd4\0\0\1" DATA4),
     .link = 129},
    {.name = "IPv6 in ARCnet",
     .frame = BYTES("\1\2\0\0\xc4\0\7\1" DATA6),
     .link = 129,
     .src = "2001:db8::1"},
    {.name = "a piece of an ARCnet packet stays closed",
     .frame = BYTES("\1\2\0\0\xd4\1\0\1" DATA4),
     .link = 129,
     .skip = SKIP_NOT_IP},
    {.name = "SLIP with its direction and header",
     .frame = BYTES("\0\x45"
                    "compressed tcp" DATA4),
     .link = 8},
    {.name = "ENC", .frame = BYTES("\2\0\0\0spi.flag" DATA4), .link = 109},
    {.name = "ATM with LLC",
     .frame = BYTES("\xaa\xaa\3\0\0\0" IP4 DATA4),
     .link = 100},
    {.name = "SunATM",
     .frame = BYTES("\2\0\0\x64\xaa\xaa\3\0\0\0" IP4 DATA4),
     .link = 123},
    {.name = "IPNET",
     .frame = BYTES("\2\2\0\0"
                    "12345678901234567890" DATA4),
     .link = 226},
    {.name = "netANALYZER", .frame = BYTES("head" MACS IP4 DATA4), .link = 240},
    {.name = "netANALYZER with the preamble",
     .frame = BYTES("headUUUUUUU\xd5" MACS IP4 DATA4),
     .link = 241},
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t at = 0;

    SPEC_TABLE(tests, at, cases, peel_check);
    return SPEC_RUN("capture/cooked", tests, at);
}
