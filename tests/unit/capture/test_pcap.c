// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_pcap.c - capture/pcap.c: every variant, cut anywhere, and damage.
 */
#include <string.h>

#include "make.h"

#define MICRO     0xa1b2c3d4
#define NANO      0xa1b23c4d
#define KUZNETZOV 0xa1b2cd34

struct variant {
    const char *name;
    uint32_t magic;
    bool big;
    uint32_t link;
    uint32_t want_link;
    int64_t unit; /* nanoseconds */
};

static const struct variant variants[] = {
    {"microseconds, little-endian", MICRO, false, 1, 1, 1000},
    {"microseconds, big-endian", MICRO, true, 101, 101, 1000},
    {"nanoseconds, little-endian", NANO, false, 113, 113, 1},
    {"nanoseconds, big-endian", NANO, true, 1, 1, 1},
    {"Kuznetzov's, little-endian", KUZNETZOV, false, 1, 1, 1000},
    {"Kuznetzov's, big-endian", KUZNETZOV, true, 1, 1, 1000},
    {"checksum bits in the link type", MICRO, false, 0x44000001, 1, 1000},
};

static void kuznetzov_record(struct make *m, uint32_t seconds,
                             uint32_t fraction, struct span frame)
{
    make_u32(m, seconds);
    make_u32(m, fraction);
    make_u32(m, (uint32_t)frame.len);
    make_u32(m, (uint32_t)frame.len);
    make_u32(m, 1);
    make_u32(m, 0x08000000);
    make_bytes(m, frame);
}

static void test_variant(void **state)
{
    const struct variant *v = *state;
    void (*record)(struct make *, uint32_t, uint32_t, struct span) =
        v->magic == KUZNETZOV ? kuznetzov_record : make_record;
    struct make m;
    struct seen seen;

    make_init(&m, v->big);
    make_pcap(&m, v->magic, v->link);
    record(&m, 1500000000, 123456, SPAN("first"));
    record(&m, 0, 0, SPAN(""));
    record(&m, 0xffffffff, 999999, SPAN("a longer third frame"));
    make_read(buf_span(&m.bytes), 4096, &seen);
    assert_int_equal(seen.packets, 3);
    assert_string_equal(seen_problem(&seen), "");
    assert_int_equal(seen.packet[0].time_ns,
                     1500000000000000000 + 123456 * v->unit);
    assert_int_equal(seen.packet[0].link, v->want_link);
    assert_int_equal(seen.packet[1].time_ns, 0);
    assert_int_equal(seen.packet[1].frame.len, 0);
    assert_int_equal(seen.packet[2].time_ns,
                     4294967295000000000 + 999999 * v->unit);
    assert_int_equal(seen.frames.len, 25);
    assert_memory_equal(seen.frames.ptr, "firsta longer third frame", 25);
    seen_clear(&seen);
    make_check_cuts(buf_span(&m.bytes));
    make_clear(&m);
}

/* One record with a strange head, between two that are sound. */
struct damage {
    const char *name;
    uint32_t captured, wire;
    size_t frame; /* bytes of it that are there */
    bool next;    /* a sound record follows */
    size_t packets;
    const char *problem;
};

static const struct damage damages[] = {
    {"captured short", 20, 1500, 20, true, 3, ""},
    {"a length of 0xffffffff", 0xffffffff, 60, 60, true, 1,
     "FILE: damaged after packet 1 (byte 44): want a frame of at most 65535 "
     "bytes, have 4294967295"},
    {"a length past every frame", 262145, 262145, 60, true, 1,
     "FILE: damaged after packet 1 (byte 44): want a frame of at most 65535 "
     "bytes, have 262145"},
    {"a length past the snap length that is a lie", 70000, 70000, 60, true, 1,
     "FILE: damaged after packet 1 (byte 44): want a frame of at most 65535 "
     "bytes, have 70000"},
    {"a length past the snap length that is true", 70000, 70000, 70000, true, 3,
     ""},
    {"the same at the end of the file", 70000, 70000, 70000, false, 2, ""},
    {"a length above that on the wire that is a lie", 70, 60, 60, true, 1,
     "FILE: damaged after packet 1 (byte 44): want a frame of at most 60 "
     "bytes, have 70"},
    {"a length above that on the wire, with zeros behind", 70, 60, 100, false,
     1,
     "FILE: damaged after packet 1 (byte 44): want a frame of at most 60 "
     "bytes, have 70"},
    {"a length above that on the wire that is true", 100, 60, 100, true, 3, ""},
    {"a length above that on the wire, no more bytes", 100, 60, 60, false, 1,
     "FILE: cut short after packet 1 (byte 44): want 116 bytes of a record, "
     "have 76"},
    {"a frame that ends early", 100, 100, 60, false, 1,
     "FILE: cut short after packet 1 (byte 44): want 116 bytes of a record, "
     "have 76"},
};

static void test_damage(void **state)
{
    static uint8_t frame[70000]; /* zeros are no head of a record */
    const struct damage *d = *state;
    struct make m;
    struct seen seen;

    make_init(&m, false);
    make_pcap(&m, MICRO, 1);
    make_record(&m, 1500000000, 1, SPAN("1234"));
    make_u32(&m, 1500000001);
    make_u32(&m, 2);
    make_u32(&m, d->captured);
    make_u32(&m, d->wire);
    make_bytes(&m, (struct span){frame, d->frame});
    if (d->next)
        make_record(&m, 1500000002, 3, SPAN("56"));
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.packets, d->packets);
    assert_string_equal(seen_problem(&seen), d->problem);
    if (d->packets == 3)
        assert_int_equal(seen.packet[1].wire_len,
                         d->wire > d->captured ? d->wire : d->captured);
    seen_clear(&seen);
    make_clear(&m);
}

/* Versions before 2.4 wrote the two lengths the other way round. */
static void old_versions(void **state)
{
    static const uint16_t minors[] = {2, 3};
    struct make m;
    struct seen seen;

    (void)state;
    for (size_t i = 0; i < COUNT(minors); i++) {
        make_init(&m, false);
        make_pcap(&m, MICRO, 1);
        m.bytes.ptr[6] = (uint8_t)minors[i];
        make_u32(&m, 1);
        make_u32(&m, 0);
        make_u32(&m, 60); /* on the wire */
        make_u32(&m, 4);  /* captured */
        make_bytes(&m, SPAN("abcd"));
        make_read(buf_span(&m.bytes), 512, &seen);
        assert_int_equal(seen.packets, 1);
        assert_int_equal(seen.packet[0].frame.len, 4);
        assert_int_equal(seen.packet[0].wire_len, 60);
        seen_clear(&seen);
        make_clear(&m);
    }
}

static void other_versions(void **state)
{
    struct make m;
    struct seen seen;

    (void)state;
    make_init(&m, false);
    make_pcap(&m, MICRO, 1);
    m.bytes.ptr[4] = 3;
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.begin, ERR_FORMAT);
    assert_string_equal(seen_problem(&seen),
                        "FILE: damaged after packet 0 (byte 4): want pcap "
                        "version 2.4, have 3.4");
    seen_clear(&seen);
    m.bytes.ptr[4] = 0x1f; /* 543.0, as DG/UX wrote it */
    m.bytes.ptr[5] = 0x02;
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.begin, ERR_OK);
    seen_clear(&seen);
    make_clear(&m);
}

/* A fraction of a second above one is added, not refused. */
static void strange_times(void **state)
{
    struct make m;
    struct seen seen;

    (void)state;
    make_init(&m, false);
    make_pcap(&m, NANO, 1);
    make_record(&m, 5, 0xffffffff, SPAN("late"));
    make_record(&m, 3, 0, SPAN("before"));
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.packets, 2);
    assert_int_equal(seen.packet[0].time_ns, 9294967295);
    assert_int_equal(seen.packet[1].time_ns, 3000000000);
    assert_string_equal(seen_problem(&seen), "");
    seen_clear(&seen);
    make_clear(&m);
}

/* cat a.pcap b.pcap: heads between the records, with a link type each. */
static void joined_captures(void **state)
{
    struct make m;
    struct seen seen;

    (void)state;
    make_init(&m, true);
    make_pcap(&m, MICRO, 1);
    make_record(&m, 1, 0, SPAN("one"));
    make_pcap(&m, MICRO, 1);
    make_pcap(&m, MICRO, 113);
    make_record(&m, 2, 0, SPAN("two"));
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.packets, 2);
    assert_int_equal(seen.packet[0].link, 1);
    assert_int_equal(seen.packet[1].link, 113);
    assert_string_equal(seen_problem(&seen), "");
    seen_clear(&seen);
    make_check_cuts(buf_span(&m.bytes));
    make_clear(&m);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(variants) + COUNT(damages) + 4];
    size_t at = 0;

    SPEC_TABLE(tests, at, variants, test_variant);
    SPEC_TABLE(tests, at, damages, test_damage);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(old_versions);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(other_versions);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(strange_times);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(joined_captures);
    return SPEC_RUN("capture/pcap", tests, at);
}
