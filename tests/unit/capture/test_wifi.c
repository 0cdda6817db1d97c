// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_wifi.c - capture/wifi.c: one row per kind of 802.11 frame.
 */
#include "peel_case.h"

#define HEAD(control, flags, a1, a2, a3) control flags "\0\0" a1 a2 a3 "\x10\0"
#define STATION                          "\2\0\0\0\0\2"
#define POINT                            "\2\0\0\0\0\3"
#define OTHER                            "\2\0\0\0\0\4"
#define SNAP                             "\xaa\xaa\3\0\0\0" IP4

static const struct peel_case cases[] = {
    {.name = "a frame to the access point",
     .frame = BYTES(HEAD("\x08", "\1", POINT, STATION, OTHER) SNAP DATA4),
     .link = 105},
    {.name = "a frame from the access point",
     .frame = BYTES(HEAD("\x08", "\2", OTHER, POINT, STATION) SNAP DATA4),
     .link = 105},
    {.name = "a frame between access points",
     .frame = BYTES(HEAD("\x08", "\3", POINT, OTHER, POINT) STATION SNAP DATA4),
     .link = 105},
    {.name = "a frame with quality of service",
     .frame =
         BYTES(HEAD("\x88", "\1", POINT, STATION, OTHER) "\0\0" SNAP DATA4),
     .link = 105},
    {.name = "a frame with the field of high throughput",
     .frame = BYTES(
         HEAD("\x88", "\x81", POINT, STATION, OTHER) "\0\0abcd" SNAP DATA4),
     .link = 105},
    {.name = "an aggregate stays closed",
     .frame =
         BYTES(HEAD("\x88", "\1", POINT, STATION, OTHER) "\x80\0" SNAP DATA4),
     .link = 105,
     .skip = SKIP_NOT_IP},
    {.name = "an encrypted frame stays closed",
     .frame = BYTES(HEAD("\x08", "\x41", POINT, STATION, OTHER) SNAP DATA4),
     .link = 105,
     .skip = SKIP_NOT_IP},
    {.name = "a first fragment stays closed",
     .frame = BYTES(HEAD("\x08", "\5", POINT, STATION, OTHER) SNAP DATA4),
     .link = 105,
     .skip = SKIP_NOT_IP},
    {.name = "a last fragment stays closed",
     .frame = BYTES("\x08\1\0\0" POINT STATION OTHER "\x11\0" SNAP DATA4),
     .link = 105,
     .skip = SKIP_NOT_IP},
    {.name = "a frame without data is not IP",
     .frame = BYTES(HEAD("\x48", "\1", POINT, STATION, OTHER)),
     .link = 105,
     .skip = SKIP_NOT_IP},
    {.name = "a beacon is not IP",
     .frame = BYTES(HEAD("\x80", "\0", POINT, STATION, OTHER) "beacon"),
     .link = 105,
     .skip = SKIP_NOT_IP},
    {.name = "a frame cut inside its head is malformed",
     .frame = BYTES("\x08\1\0\0" POINT STATION),
     .link = 105,
     .skip = SKIP_MALFORMED},
    {.name = "radiotap is passed",
     .frame = BYTES("\0\0\x09\0\2\0\0\0\0" HEAD("\x08", "\1", POINT, STATION,
                                                OTHER) SNAP DATA4),
     .link = 127},
    {.name = "radiotap says that the header is padded",
     .frame = BYTES("\0\0\x09\0\2\0\0\0\x20" HEAD("\x88", "\1", POINT, STATION,
                                                  OTHER) "\0\0pd" SNAP DATA4),
     .link = 127},
    {.name = "radiotap's flags stand behind a time and a second map",
     .frame = BYTES("\0\0\x19\0\3\0\0\x80\0\0\0\0padstime8888\x20" HEAD(
         "\x88", "\1", POINT, STATION, OTHER) "\0\0pd" SNAP DATA4),
     .link = 127},
    {.name = "radiotap shorter than itself is malformed",
     .frame = BYTES("\0\0\4\0\0\0\0\0" SNAP DATA4),
     .link = 127,
     .skip = SKIP_MALFORMED},
    {.name = "AVS is passed by its length",
     .frame =
         BYTES("\x80\x21\x10\1\0\0\0\x10"
               "12345678" HEAD("\x08", "\1", POINT, STATION, OTHER) SNAP DATA4),
     .link = 163},
    {.name = "Prism is passed",
     .frame = BYTES("\0\0\0\x44\0\0\0\x90"
                    "12345678"
                    "1234567890123456"
                    "1234567890123456"
                    "1234567890123456"
                    "1234567890123456"
                    "1234567890123456"
                    "1234567890123456"
                    "1234567890123456"
                    "1234567890123456" HEAD("\x08", "\1", POINT, STATION, OTHER)
                        SNAP DATA4),
     .link = 119},
    {.name = "PPI names the link type",
     .frame =
         BYTES("\0\0\x0c\0\x69\0\0\0"
               "tags" HEAD("\x08", "\1", POINT, STATION, OTHER) SNAP DATA4),
     .link = 192},
    {.name = "PPI shorter than itself is malformed",
     .frame = BYTES("\0\0\4\0\x69\0\0\0"
                    "tags"),
     .link = 192,
     .skip = SKIP_MALFORMED},
};

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];
    size_t at = 0;

    SPEC_TABLE(tests, at, cases, peel_check);
    return SPEC_RUN("capture/wifi", tests, at);
}
