// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_pcapng.c - capture/pcapng.c: blocks, sections, times, damage.
 */
#include <string.h>

#include "make.h"

#define NONE SPAN("")
#define NOW  1500000000123456

/* Options by byte order: if_tsresol and if_tsoffset. */
static struct span resolution(bool big, const char *value)
{
    static uint8_t bytes[12] = {0, 9, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};

    bytes[0] = big ? 0 : 9;
    bytes[1] = big ? 9 : 0;
    bytes[2] = big ? 0 : 1;
    bytes[3] = big ? 1 : 0;
    bytes[4] = (uint8_t)value[0];
    return (struct span){bytes, sizeof(bytes)};
}

/* A capture with everything in it, in one byte order. */
static void everything(struct make *m)
{
    make_section(m);
    make_block(m, 0xa, SPAN("tls keys, never looked at"));
    make_interface(m, 1, 65535, NONE);
    make_interface(m, 101, 0, resolution(m->big, "\x9"));
    make_packet(m, 0, NOW, SPAN("one"));
    make_block(m, 5, SPAN("statistics"));
    make_packet(m, 1, 1500000000123456789, SPAN("two by nanoseconds"));
    make_block(m, 4, SPAN("names"));
    make_packet(m, 7, NOW, SPAN("of an interface nobody described"));
    make_block(m, 0x0bad, SPAN(""));
    make_packet(m, 0, NOW + 1, SPAN(""));
}

static void check_everything(const struct seen *s, size_t from)
{
    assert_int_equal(s->packet[from].time_ns, NOW * 1000);
    assert_int_equal(s->packet[from].link, 1);
    assert_int_equal(s->packet[from + 1].time_ns, 1500000000123456789);
    assert_int_equal(s->packet[from + 1].link, 101);
    assert_int_equal(s->packet[from + 2].link, LINK_UNDESCRIBED);
    assert_int_equal(s->packet[from + 3].time_ns, NOW * 1000 + 1000);
}

static void both_orders(void **state)
{
    static const bool orders[] = {false, true};
    struct seen seen;
    struct make m;

    (void)state;
    for (size_t i = 0; i < COUNT(orders); i++) {
        make_init(&m, orders[i]);
        everything(&m);
        make_read(buf_span(&m.bytes), 4096, &seen);
        assert_int_equal(seen.packets, 4);
        check_everything(&seen, 0);
        assert_string_equal(seen_problem(&seen),
                            "FILE: interface 7 is not described: 1 packets "
                            "not read");
        seen_clear(&seen);
        make_check_cuts(buf_span(&m.bytes));
        make_clear(&m);
    }
}

/* Sections of different order; interfaces are numbered anew in each. */
static void sections(void **state)
{
    struct seen seen;
    struct make m;

    (void)state;
    make_init(&m, false);
    everything(&m);
    m.big = true;
    everything(&m);
    m.big = false;
    make_section(&m);
    make_interface(&m, 113, 96, NONE);
    make_packet(&m, 0, NOW, SPAN("cooked"));
    make_read(buf_span(&m.bytes), 100, &seen);
    assert_int_equal(seen.packets, 9);
    check_everything(&seen, 0);
    check_everything(&seen, 4);
    assert_int_equal(seen.packet[8].link, 113);
    seen_clear(&seen);
    make_check_cuts(buf_span(&m.bytes));
    make_clear(&m);
}

static void times(void **state)
{
    struct seen seen;
    struct make m;

    (void)state;
    make_init(&m, false);
    make_section(&m);
    make_interface(&m, 1, 0, resolution(false, "\xa0"));
    make_interface(&m, 1, 0,
                   SPAN("\x0e\0\x08\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"
                        "\x9\0\1\0\0"));
    make_interface(&m, 1, 0, SPAN("\2\0\3\0abc\0\x9\0\1\0\0\0\0\0"));
    make_interface(&m, 1, 0, SPAN("\x9\0\2\0\1\1\0\0\x0e\0\x40\0\1"));
    make_packet(&m, 0, 0x180000000, SPAN("1.5 s in 2^-32"));
    make_packet(&m, 1, 5000000, SPAN("a second before"));
    make_packet(&m, 2, 7, SPAN("7 s, behind a name"));
    make_packet(&m, 3, 5000000, SPAN("options that are wrong are ignored"));
    make_packet(&m, 0, UINT64_MAX, SPAN("far away"));
    make_packet(&m, 3, UINT64_MAX, SPAN("farther"));
    make_read(buf_span(&m.bytes), 4096, &seen);
    assert_int_equal(seen.packets, 6);
    assert_int_equal(seen.packet[0].time_ns, 1500000000);
    assert_int_equal(seen.packet[1].time_ns, 4000000000);
    assert_int_equal(seen.packet[2].time_ns, 7000000000);
    assert_int_equal(seen.packet[3].time_ns, 5000000000);
    assert_int_equal(seen.packet[4].time_ns, 4294967295999999999);
    assert_true(seen.packet[5].time_ns > 9000000000000000000);
    assert_string_equal(seen_problem(&seen), "");
    seen_clear(&seen);
    make_clear(&m);
}

/* Blocks written by hand: type, body behind type and length. */
static void simple_and_obsolete(void **state)
{
    struct seen seen;
    struct make m;

    (void)state;
    make_init(&m, false);
    make_section(&m);
    make_interface(&m, 1, 6, NONE);
    make_interface(&m, 101, 0, NONE);
    make_packet(&m, 1, NOW, SPAN("sets the time"));
    make_block(&m, 3, SPAN("\x14\0\0\0simple"));
    make_block(&m, 3, SPAN("\4\0\0\0whole"));
    make_block(&m, 2,
               SPAN("\1\0\3\0\0\0\0\0\x40\x42\x0f\0\4\0\0\0\x20\0\0\0old!"));
    make_read(buf_span(&m.bytes), 4096, &seen);
    assert_string_equal(seen_problem(&seen), "");
    assert_int_equal(seen.packets, 4);
    assert_int_equal(seen.packet[1].time_ns, NOW * 1000);
    assert_int_equal(seen.packet[1].link, 1);
    assert_int_equal(seen.packet[1].frame.len, 6);
    assert_int_equal(seen.packet[1].wire_len, 20);
    assert_int_equal(seen.packet[2].frame.len, 4);
    assert_int_equal(seen.packet[3].time_ns, 1000000000);
    assert_int_equal(seen.packet[3].link, 101);
    assert_int_equal(seen.packet[3].wire_len, 32);
    seen_clear(&seen);
    make_check_cuts(buf_span(&m.bytes));
    make_clear(&m);
}

/* Statistics are sums: of each interface's the largest, of each section. */
static void dropped_packets(void **state)
{
    struct seen seen;
    struct make m;

    (void)state;
    make_init(&m, false);
    for (int i = 0; i < 2; i++) {
        make_section(&m);
        make_interface(&m, 1, 0, NONE);
        make_interface(&m, 1, 0, NONE);
        make_block(&m, 5, SPAN("\0\0\0\0time8888\5\0\x8\0\3\0\0\0\0\0\0\0"));
        make_block(&m, 5,
                   SPAN("\0\0\0\0time8888\4\0\x8\0received\5\0\x8\0"
                        "\5\0\0\0\0\0\0\0\7\0\x8\0\2\0\0\0\0\0\0\0\0\0\0\0"));
        make_block(&m, 5, SPAN("\1\0\0\0time8888\5\0\x8\0\0\1\0\0\0\0\0\0"));
        make_block(&m, 5, SPAN("\7\0\0\0time8888\5\0\x8\0\0\1\0\0\0\0\0\0"));
        make_block(&m, 5, SPAN("odd"));
    }
    make_read(buf_span(&m.bytes), 4096, &seen);
    assert_string_equal(seen_problem(&seen), "");
    assert_int_equal(seen.dropped, 2 * (7 + 256));
    assert_int_equal(seen.notes.count, 2);
    assert_string_equal(seen.notes.lines[1],
                        "FILE: 526 packets were dropped while capturing");
    seen_clear(&seen);
    make_check_cuts(buf_span(&m.bytes));
    make_clear(&m);
}

struct damage {
    const char *name;
    struct span block; /* behind a section, an interface and a packet */
    size_t packets;
    const char *problem;
};

#define AT "FILE: damaged after packet 1 (byte "

static const struct damage damages[] = {
    {"a block of length 0", BYTES("\6\0\0\0\0\0\0\0\0\0\0\0"), 1,
     AT "88): want a block of at least 12 bytes, have 0"},
    {"a block of length 11", BYTES("\6\0\0\0\x0b\0\0\0\0\0\0\0"), 1,
     AT "88): want a block of at least 12 bytes, have 11"},
    {"a packet block of 4 GiB", BYTES("\6\0\0\0\xfc\xff\xff\xff\0\0\0\0"), 1,
     AT "84): want a block of at most 1048576 bytes, have 4294967292"},
    {"an unknown block of 4 GiB", BYTES("\x63\0\0\0\xfc\xff\xff\xff\0\0\0\0"),
     1,
     "FILE: cut short after packet 1 (byte 84): want a block of 4294967292 "
     "bytes, have 12"},
    {"a trailer that differs", BYTES("\x63\0\0\0\x10\0\0\0body\x14\0\0\0"), 1,
     AT "96): want the block's length 16 repeated at its end, have another"},
    {"a packet block with a trailer that differs",
     BYTES("\3\0\0\0\x14\0\0\0\4\0\0\0body\x10\0\0\0"), 1,
     AT "100): want the block's length 20 repeated at its end, have another"},
    {"a length that is no multiple of four",
     BYTES("\x63\0\0\0\x0f\0\0\0abc\x0f\0\0\0"), 1, ""},
    {"the same with padding that is not counted",
     BYTES("\x63\0\0\0\x0f\0\0\0abc\0\x0f\0\0\0"), 1, ""},
    {"neither way to end such a block",
     BYTES("\x63\0\0\0\x0f\0\0\0abc\0\x0e\0\0\0more"), 1,
     AT "95): want the block's length 15 repeated at its end, have another"},
    {"a packet block with padding that is not counted",
     BYTES("\3\0\0\0\x13\0\0\0\3\0\0\0abc\0\x13\0\0\0"), 2, ""},
    {"a frame longer than its block",
     BYTES("\6\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\5\0\0\0\5\0\0\0abcd"
           "\x24\0\0\0"),
     1, AT "84): want a frame of at most 4 bytes, have 5"},
    {"a packet block without room for its head",
     BYTES("\6\0\0\0\x10\0\0\0abcd\x10\0\0\0"), 1,
     AT "84): want a packet block of at least 32 bytes, have 16"},
    {"a simple block without room for its head",
     BYTES("\3\0\0\0\x0c\0\0\0\x0c\0\0\0"), 1,
     AT "84): want a packet block of at least 16 bytes, have 12"},
    {"an interface without room for its head",
     BYTES("\1\0\0\0\x10\0\0\0abcd\x10\0\0\0"), 1,
     AT "84): want an interface of at least 20 bytes, have 16"},
    {"a section of another version",
     BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\2\0\0\0"
           "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"),
     1, AT "84): want pcapng version 1, have 2"},
    {"a section without its mark",
     BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1b\1\0\0\0"
           "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"),
     1, AT "92): want the byte-order mark of a section, have another value"},
    {"a block's head that is cut", BYTES("\6\0\0\0\x24"), 1,
     "FILE: cut short after packet 1 (byte 84): want 12 bytes of a block, "
     "have 5"},
};

static void test_damage(void **state)
{
    const struct damage *d = *state;
    struct make m;
    struct seen seen;

    make_init(&m, false);
    make_section(&m);
    make_interface(&m, 1, 0, NONE);
    make_packet(&m, 0, NOW, SPAN("1234"));
    make_bytes(&m, d->block);
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.packets, d->packets);
    assert_string_equal(seen_problem(&seen), d->problem);
    seen_clear(&seen);
    make_check_cuts(buf_span(&m.bytes));
    make_clear(&m);
}

/* More interfaces than anything has: a limit, told. */
static void too_many_interfaces(void **state)
{
    struct make m;
    struct seen seen;

    (void)state;
    make_init(&m, false);
    make_section(&m);
    for (int i = 0; i < 65537; i++)
        make_interface(&m, 1, 0, NONE);
    make_read(buf_span(&m.bytes), 4096, &seen);
    assert_string_equal(seen_problem(&seen),
                        "FILE: damaged after packet 0 (byte 1310748): want "
                        "at most 65536 interfaces in a section, have more");
    seen_clear(&seen);
    make_clear(&m);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(damages) + 6];
    size_t at = 0;

    tests[at++] = (struct CMUnitTest)cmocka_unit_test(both_orders);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(sections);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(times);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(simple_and_obsolete);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(dropped_packets);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(too_many_interfaces);
    SPEC_TABLE(tests, at, damages, test_damage);
    return SPEC_RUN("capture/pcapng", tests, at);
}
