// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_tunnels.c - capture/tunnels.c: one row per tunnel in IP.
 *
 * Lengths of outer headers are written out: 20 or 40 bytes of header, the
 * tunnel's own, and the datagram's 28 inside.
 */
#include "peel_case.h"

#define GRE_     "\x2f"
#define TWICE(x) x x
#define IN4      "\x45\0\0\0\0\7\0\0\x40\4\0\0\xc0\0\2\1\xc0\0\2\2"
#define IN4_16   TWICE(TWICE(TWICE(TWICE(IN4))))

static const struct peel_case cases[] = {
    {.name = "IPv4 in IPv4",
     .frame = BYTES(MACS IP4 OUTER4("\x30", "\4") DATA4),
     .link = 1,
     .depth = 1},
    {.name = "IPv6 in IPv4",
     .frame = BYTES(MACS IP4 OUTER4("\x44", "\x29") DATA6),
     .link = 1,
     .src = "2001:db8::1",
     .depth = 1},
    {.name = "IPv4 in IPv6",
     .frame = BYTES(MACS IP6 IPV6("\x1c", "\4") DATA4),
     .link = 1,
     .depth = 1},
    {.name = "IPv6 in IPv6 behind extension headers",
     .frame = BYTES(IPV6("\x38", "\x3c") "\x29\0\1\4\0\0\0\0" DATA6),
     .link = 101,
     .src = "2001:db8::1",
     .depth = 1},
    {.name = "sixteen tunnels are passed",
     .frame = BYTES(IN4_16 DATA4),
     .link = 101,
     .depth = 16},
    {.name = "seventeen are too many",
     .frame = BYTES(IN4 IN4_16 DATA4),
     .link = 101,
     .skip = SKIP_DEPTH},
    {.name = "padding outside does not reach the inside",
     .frame = BYTES(MACS IP4 OUTER4("\x30", "\4") DATA4 "padding"),
     .link = 1,
     .depth = 1},
    {.name = "GRE",
     .frame = BYTES(OUTER4("\x34", GRE_) "\0\0\x08\0" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "GRE with checksum, key and sequence number",
     .frame = BYTES(OUTER4("\x40", GRE_) "\xb0\0\x08\0sum.key.seq." DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true},
    {.name = "a GRE key of 0 makes no tenant",
     .frame = BYTES(OUTER4("\x38", GRE_) "\x20\0\x08\0\0\0\0\0" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "GRE with source routes",
     .frame = BYTES(OUTER4("\x44", GRE_) "\x40\0\x08\0sum.\0\2\0\4rout"
                                         "\0\0\0\0" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "GRE with IPv6",
     .frame = BYTES(OUTER4("\x48", GRE_) "\0\0\x86\xdd" DATA6),
     .link = 101,
     .src = "2001:db8::1",
     .depth = 1},
    {.name = "GRE with MPLS",
     .frame = BYTES(OUTER4("\x38", GRE_) "\0\0\x88\x47\0\1\1\x40" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "a whole frame in GRE",
     .frame = BYTES(
         MACS IP4 OUTER4("\x42", GRE_) "\0\0\x65\x58" OTHER_MACS IP4 DATA4),
     .link = 1,
     .depth = 2,
     .other_mac = true},
    {.name = "ERSPAN type I",
     .frame = BYTES(OUTER4("\x42", GRE_) "\0\0\x88\xbe" MACS IP4 DATA4),
     .link = 101,
     .depth = 1},
    {.name = "ERSPAN type II; its session makes no tenant",
     .frame = BYTES(OUTER4("\x4e", GRE_) "\x10\0\x88\xbe"
                                         "seq."
                                         "\x10\5\0\x64\0\0\0\1" MACS IP4 DATA4),
     .link = 101,
     .depth = 1},
    {.name = "ERSPAN type II of a trunk has the frame's VLAN",
     .frame = BYTES(OUTER4("\x52", GRE_) "\x10\0\x88\xbe"
                                         "seq."
                                         "\x10\5\0\x64\0\0\0\1" MACS
                                         "\x81\0\0\5" IP4 DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true},
    {.name = "ERSPAN type III",
     .frame =
         BYTES(OUTER4("\x52", GRE_) "\x10\0\x22\xeb"
                                    "seq."
                                    "\x20\5\0\x64timegr\0\0" MACS IP4 DATA4),
     .link = 101,
     .depth = 1},
    {.name = "ERSPAN type III with the platform's header",
     .frame = BYTES(
         OUTER4("\x5a", GRE_) "\x10\0\x22\xeb"
                              "seq."
                              "\x20\5\0\x64timegr\0\1platform" MACS IP4 DATA4),
     .link = 101,
     .depth = 1},
    {.name = "ERSPAN type III without a frame",
     .frame = BYTES(OUTER4("\x44", GRE_) "\x10\0\x22\xeb"
                                         "seq."
                                         "\x20\5\0\x64timegr\x08\0" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "ERSPAN type III of another medium is not IP",
     .frame = BYTES(OUTER4("\x44", GRE_) "\x10\0\x22\xeb"
                                         "seq."
                                         "\x20\5\0\x64timegr\x04\0" DATA4),
     .link = 101,
     .skip = SKIP_NOT_IP},
    {.name = "PPTP",
     .frame = BYTES(OUTER4("\x40", GRE_) "\x30\1\x88\x0b\0\x20\0\1seq."
                                         "\xff\3\0\x21" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "PPTP with an acknowledgement",
     .frame = BYTES(OUTER4("\x42", GRE_) "\x30\x81\x88\x0b\0\x1e\0\1"
                                         "seq.ack.\0\x21" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "PPTP's acknowledgement alone is not IP",
     .frame = BYTES(OUTER4("\x20", GRE_) "\x20\x81\x88\x0b\0\0\0\1"
                                         "ack."),
     .link = 101,
     .skip = SKIP_NOT_IP},
    {.name = "a web cache's GRE, first version",
     .frame = BYTES(OUTER4("\x34", GRE_) "\0\0\x88\x3e" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "a web cache's GRE, second version",
     .frame = BYTES(OUTER4("\x38", GRE_) "\0\0\x88\x3e\0\0\0\0" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "GRE of an unknown version is not IP",
     .frame = BYTES(OUTER4("\x34", GRE_) "\0\2\x08\0" DATA4),
     .link = 101,
     .skip = SKIP_NOT_IP},
    {.name = "GRE that keeps alive is not IP",
     .frame = BYTES(OUTER4("\x18", GRE_) "\0\0\0\0"),
     .link = 101,
     .skip = SKIP_NOT_IP},
    {.name = "GRE that stops is malformed",
     .frame = BYTES(OUTER4("\x18", GRE_) "\x20\0\x08\0"),
     .link = 101,
     .skip = SKIP_MALFORMED},
    {.name = "a frame in EtherIP",
     .frame = BYTES(OUTER4("\x40", "\x61") "\x30\0" MACS IP4 DATA4),
     .link = 101,
     .depth = 1},
    {.name = "EtherIP of another version is malformed",
     .frame = BYTES(OUTER4("\x40", "\x61") "\x20\0" MACS IP4 DATA4),
     .link = 101,
     .skip = SKIP_MALFORMED},
    {.name = "MPLS in IP",
     .frame = BYTES(OUTER4("\x34", "\x89") "\0\1\1\x40" DATA4),
     .link = 101,
     .depth = 1},
    {.name = "a service header in Ethernet",
     .frame = BYTES(MACS "\x89\x4f\0\2\2\1path" DATA4),
     .link = 1,
     .depth = 1},
    {.name = "a service header of one word is malformed",
     .frame = BYTES(MACS "\x89\x4f\0\1\2\1path" DATA4),
     .link = 1,
     .skip = SKIP_MALFORMED},
    {.name = "a service header of an unknown protocol is not IP",
     .frame = BYTES(MACS "\x89\x4f\0\2\2\x9path" DATA4),
     .link = 1,
     .skip = SKIP_NOT_IP},
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t at = 0;

    SPEC_TABLE(tests, at, cases, peel_check);
    return SPEC_RUN("capture/tunnels", tests, at);
}
