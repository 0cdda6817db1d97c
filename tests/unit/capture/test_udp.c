// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_udp.c - capture/udp.c: one row per tunnel in UDP, and what only looks
 * like one.
 */
#include "peel_case.h"

#define VXLAN     UDP("\x12\xb5", "\0\x3a") "\x08\0\0\0\0\0\5\0"
#define GENEVE(v) UDP("\x17\xc1", "\0\x34") v
#define PLAIN(x)  BYTES(x)

static const struct peel_case cases[] = {
    {.name = "VXLAN; its VNI makes a tenant",
     .frame = BYTES(OUTER4("\x4e", UDP_) VXLAN MACS IP4 DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true,
     .guess = true},
    {.name = "VXLAN at Linux' port",
     .frame = BYTES(OUTER4("\x4e", UDP_) UDP(
         "\x21\x18", "\0\x3a") "\x08\0\0\0\0\0\5\0" MACS IP4 DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true,
     .guess = true},
    {.name = "VXLAN with a group policy",
     .frame = BYTES(OUTER4("\x4e", UDP_) UDP(
         "\x12\xb5", "\0\x3a") "\x88\0\0\7\0\0\5\0" MACS IP4 DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true,
     .guess = true},
    {.name = "a datagram to VXLAN's port without its flag is plain",
     .frame = BYTES(OUTER4("\x4e", UDP_) UDP(
         "\x12\xb5", "\0\x3a") "\0\0\0\0\0\0\5\0" MACS IP4 DATA4),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload =
         BYTES(UDP("\x12\xb5", "\0\x3a") "\0\0\0\0\0\0\5\0" MACS IP4 DATA4)},
    {.name = "VXLAN around no frame is plain",
     .frame = BYTES(OUTER4("\x34", UDP_)
                        UDP("\x12\xb5", "\0\x20") "\x08\0\0\0\0\0\5\0"
                                                  "some text here!!"),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload = BYTES(UDP("\x12\xb5", "\0\x20") "\x08\0\0\0\0\0\5\0"
                                                "some text here!!")},
    {.name = "VXLAN around a broken datagram is plain, with no tenant",
     .frame = BYTES(OUTER4("\x4e", UDP_) VXLAN MACS IP4
                    "\x41"
                    "234567890123456789012345678"),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload = BYTES(VXLAN MACS IP4 "\x41"
                                     "234567890123456789012345678"),
     .guess = true},
    {.name = "ARP in VXLAN is not IP",
     .frame = BYTES(OUTER4("\x3c", UDP_) VXLAN MACS "\x08\x06"
                                                    "who has?"),
     .link = 101,
     .skip = SKIP_NOT_IP},
    {.name = "VXLAN of VXLAN of VXLAN",
     .frame = BYTES(
         OUTER4("\xb2", UDP_) VXLAN OTHER_MACS IP4 OUTER4("\x80", UDP_)
             VXLAN OTHER_MACS IP4 OUTER4("\x4e", UDP_) VXLAN MACS IP4 DATA4),
     .link = 101,
     .depth = 3,
     .tenant = true,
     .guess = true},
    {.name = "VXLAN-GPE names IPv4",
     .frame = BYTES(OUTER4("\x40", UDP_)
                        UDP("\x12\xb6", "\0\x2c") "\x0c\0\0\1\0\0\5\0" DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true,
     .guess = true},
    {.name = "VXLAN-GPE around a service header",
     .frame = BYTES(OUTER4("\x48", UDP_) UDP(
         "\x12\xb6", "\0\x34") "\x0c\0\0\4\0\0\5\0\0\2\2\1path" DATA4),
     .link = 101,
     .depth = 2,
     .tenant = true,
     .guess = true},
    {.name = "GENEVE around a frame",
     .frame = BYTES(OUTER4("\x4e", UDP_) GENEVE("\0\0\x65\x58\0\0\5\0")
                        MACS IP4 DATA4),
     .link = 101,
     .depth = 2,
     .tenant = true,
     .guess = true},
    {.name = "GENEVE with options around IPv4",
     .frame = BYTES(OUTER4("\x48", UDP_)
                        GENEVE("\2\0\x08\0\0\0\5\0") "options!" DATA4),
     .link = 101,
     .depth = 1,
     .tenant = true,
     .guess = true},
    {.name = "GENEVE of another version is plain",
     .frame = BYTES(OUTER4("\x40", UDP_) GENEVE("\x40\0\x08\0\0\0\5\0") DATA4),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload = BYTES(GENEVE("\x40\0\x08\0\0\0\5\0") DATA4)},
    {.name = "MPLS in UDP",
     .frame = BYTES(OUTER4("\x3c", UDP_)
                        UDP("\x19\xeb", "\0\x28") "\0\1\1\x40" DATA4),
     .link = 101,
     .depth = 1,
     .guess = true},
    {.name = "Teredo",
     .frame = BYTES(OUTER4("\x4c", UDP_) UDP("\x0d\xd8", "\0\x38") DATA6),
     .link = 101,
     .src = "2001:db8::1",
     .depth = 1,
     .guess = true},
    {.name = "Teredo with authentication and origin",
     .frame = BYTES(OUTER4("\x61", UDP_)
                        UDP("\x0d\xd8", "\0\x4d") "\0\1\0\0nonce888\0"
                                                  "\0\0ptaddr" DATA6),
     .link = 101,
     .src = "2001:db8::1",
     .depth = 1,
     .guess = true},
    {.name = "GTP-U",
     .frame = BYTES(OUTER4("\x40", UDP_)
                        UDP("\x08\x68", "\0\x2c") "\x30\xff\0\x1cteid" DATA4),
     .link = 101,
     .depth = 1,
     .guess = true},
    {.name = "GTP-U with a sequence number and an extension",
     .frame = BYTES(OUTER4("\x48", UDP_) UDP(
         "\x08\x68", "\0\x34") "\x36\xff\0\x24teid\0\1\0\x85\1\0\0\0" DATA4),
     .link = 101,
     .depth = 1,
     .guess = true},
    {.name = "GTP-U that carries no data is plain",
     .frame =
         BYTES(OUTER4("\x24", UDP_) UDP("\x08\x68", "\0\x10") "\x30\1\0\0teid"),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload = BYTES(UDP("\x08\x68", "\0\x10") "\x30\1\0\0teid")},
    {.name = "a GTP-U extension of no length is plain",
     .frame = BYTES(OUTER4("\x2c", UDP_) UDP(
         "\x08\x68", "\0\x18") "\x34\xff\0\0teid\0\1\0\x85\0\0\0\0"),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload =
         BYTES(UDP("\x08\x68", "\0\x18") "\x34\xff\0\0teid\0\1\0\x85\0\0\0\0"),
     .guess = true},
    {.name = "L2TP",
     .frame = BYTES(OUTER4("\x44", UDP_) UDP(
         "\6\xa5", "\0\x30") "\x40\2\0\x26\0\1\0\1\xff\3\0\x21" DATA4),
     .link = 101,
     .depth = 1,
     .guess = true},
    {.name = "L2TP with numbers and an offset",
     .frame = BYTES(OUTER4("\x48", UDP_) UDP(
         "\6\xa5", "\0\x34") "\x0a\2\0\1\0\1seq.\0\2xx\0\x21" DATA4),
     .link = 101,
     .depth = 1,
     .guess = true},
    {.name = "L2TP's control is plain",
     .frame = BYTES(OUTER4("\x28", UDP_)
                        UDP("\6\xa5", "\0\x14") "\xc8\2\0\x0c\0\1\0\0\0\0\0\0"),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload = BYTES(UDP("\6\xa5", "\0\x14") "\xc8\2\0\x0c\0\1\0\0\0\0\0\0")},
    {.name = "any other port is plain",
     .frame = BYTES(OUTER4("\x1f", UDP_) UDP("\0\x35", "\0\x0b") "dns"),
     .link = 101,
     .src = "192.0.2.1",
     .proto = 17,
     .payload = BYTES(UDP("\0\x35", "\0\x0b") "dns")},
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t at = 0;

    SPEC_TABLE(tests, at, cases, peel_check);
    return SPEC_RUN("capture/udp", tests, at);
}
