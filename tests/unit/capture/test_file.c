// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_file.c - capture/file.c: what is told of a file, and nothing of what
 * is in it.
 */
#include <string.h>

#include "make.h"

struct refusal {
    const char *name;
    struct span bytes;
    const char *problem;
};

static const struct refusal refusals[] = {
    {"an empty file", BYTES(""),
     "FILE: is empty; want a pcap or pcapng capture"},
    {"a customer table by mistake",
     BYTES("name,card\nJo Doe,4111111111111111\n"),
     "FILE: is not a capture; want pcap or pcapng, plain or packed by gzip, "
     "zstd, xz or bzip2"},
    {"three bytes", BYTES("\xd4\xc3\xb2"),
     "FILE: is not a capture; want pcap or pcapng, plain or packed by gzip, "
     "zstd, xz or bzip2"},
    {"a pcap head that is cut", BYTES("\xd4\xc3\xb2\xa1\2\0\4\0"),
     "FILE: cut short after packet 0 (byte 0): want 24 bytes of the file's "
     "head, have 8"},
    {"a pcapng head that is cut", BYTES("\x0a\x0d\x0d\x0a\x1c\0"),
     "FILE: cut short after packet 0 (byte 0): want 12 bytes of a block, "
     "have 6"},
    {"Solaris' snoop", BYTES("snoop\0\0\0\0\0\0\2\0\0\0\4"),
     "FILE: format not supported: snoop; convert it: editcap -F pcapng FILE "
     "OUT"},
    {"a zip archive", BYTES("PK\3\4\x14\0"),
     "FILE: format not supported: a zip archive; unpack it first"},
    {"Mesquita's pcap", BYTES("\xcd\x34\xb2\xa1\2\0\4\0"),
     "FILE: format not supported: Mesquita's pcap; convert it: editcap -F "
     "pcapng FILE OUT"},
    {"gzip that is cut", BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3"),
     "FILE: not read: the gzip data ends early"},
    {"gzip that is none", BYTES("\x1f\x8b\xff\xff\xff\xff\xff\xff\xff\xff"),
     "FILE: not read: the gzip data is damaged"},
    {"bzip2 that is none", BYTES("BZh9 this is a text"),
     "FILE: not read: the bzip2 data is damaged"},
    {"a text packed by gzip",
     BYTES("\x1f\x8b\x08\0\0\0\0\0\2\3\xcb\xcc\x53\xc8\x4f\x53\x28\x49"
           "\xad\x28\1\0\x38\xf8\xf2\xdb\x0a\0\0\0"),
     "FILE: is packed by gzip and holds no capture; want pcap or pcapng"},
};

static void test_refusal(void **state)
{
    const struct refusal *r = *state;
    struct seen seen;

    make_read(r->bytes, 512, &seen);
    assert_int_not_equal(seen.begin, ERR_OK);
    assert_int_equal(seen.packets, 0);
    assert_string_equal(seen_problem(&seen), r->problem);
    assert_int_equal(seen.problems.count, 1);
    assert_null(strstr(seen_problem(&seen), "4111"));
    seen_clear(&seen);
}

/* In a directory, what is no capture and does not say so is passed over. */
struct stranger {
    const char *name;
    const char *file;
    struct span bytes;
    bool problem; /* else a note */
};

static const struct stranger strangers[] = {
    {"a text beside captures", "dir/README", BYTES("read me"), false},
    {"an empty file beside captures", "dir/done", BYTES(""), false},
    {"an archive beside captures", "dir/src.zip", BYTES("PK\3\4\x14\0"), false},
    {"a text under a capture's name", "dir/a.pcap", BYTES("read me"), true},
    {"an empty file under one", "dir/a.pcapng.gz", BYTES(""), true},
    {"the name in capitals", "dir/A.CAP", BYTES("read me"), true},
    {"a directory of that name does not count", "d.pcap/x", BYTES("x"), false},
    {"a capture that is not read", "dir/x", BYTES("snoop\0\0\0\0\0\0\2"), true},
};

static void test_stranger(void **state)
{
    const struct stranger *c = *state;
    struct problems problems = {.count = 0};
    struct problems notes = {.count = 0};
    struct file file = {.name = c->file, .found = true};

    source_open_memory(&file.source, c->bytes, 512);
    assert_int_equal(file_begin(&file, &problems, &notes), ERR_FORMAT);
    assert_int_equal(problems.count, c->problem);
    assert_int_equal(notes.count, !c->problem);
    file_close(&file);
    problems_clear(&problems);
    problems_clear(&notes);
}

static void no_packets_is_a_note(void **state)
{
    struct make m;
    struct seen seen;

    (void)state;
    make_init(&m, false);
    make_pcap(&m, 0xa1b2c3d4, 1);
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.begin, ERR_OK);
    assert_string_equal(seen_problem(&seen), "");
    assert_string_equal(seen_note(&seen), "FILE: 0 packets");
    seen_clear(&seen);
    make_clear(&m);
}

/* Link types: all of a file unknown is a problem, some of it a remark. */
static void unknown_links(void **state)
{
    struct make m;
    struct seen seen;

    (void)state;
    make_init(&m, false);
    make_pcap(&m, 0xa1b2c3d4, 147);
    make_record(&m, 1, 1, SPAN("user"));
    make_record(&m, 2, 1, SPAN("user"));
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.packets, 2);
    assert_string_equal(seen_problem(&seen),
                        "FILE: link type 147 on interface 0 not supported: "
                        "2 packets not read");
    assert_string_equal(seen_note(&seen), "");
    seen_clear(&seen);
    make_clear(&m);

    make_init(&m, false);
    make_section(&m);
    make_interface(&m, 1, 0, SPAN(""));
    make_interface(&m, 147, 0, SPAN(""));
    make_packet(&m, 0, 1, SPAN("ethernet"));
    make_packet(&m, 1, 2, SPAN("user"));
    make_read(buf_span(&m.bytes), 512, &seen);
    assert_int_equal(seen.packets, 2);
    assert_string_equal(seen_problem(&seen), "");
    assert_string_equal(seen_note(&seen),
                        "FILE: link type 147 on interface 1 not supported: "
                        "1 packets not read");
    seen_clear(&seen);
    make_clear(&m);
}

/* More unknown link types than rows: the last row counts the rest. */
static void many_unknown_links(void **state)
{
    struct make m;
    struct file file = {.name = "FILE"};
    struct problems problems = {.count = 0};
    struct problems notes = {.count = 0};
    struct packet p;

    (void)state;
    make_init(&m, true);
    make_section(&m);
    for (uint16_t i = 0; i < 40; i++)
        make_interface(&m, (uint16_t)(2000 + i), 0, SPAN(""));
    for (uint32_t i = 0; i < 40; i++)
        make_packet(&m, i, i, SPAN("x"));
    source_open_memory(&file.source, buf_span(&m.bytes), 512);
    assert_int_equal(file_begin(&file, &problems, &notes), ERR_OK);
    while (file_next(&file, &p, &problems, &notes))
        assert_true(p.link >= 2000);
    assert_int_equal(problems.count, FILE_LINKS);
    assert_non_null(strstr(problems.lines[FILE_LINKS - 1], "25 packets"));
    file_close(&file);
    problems_clear(&problems);
    problems_clear(&notes);
    make_clear(&m);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(refusals) + COUNT(strangers) + 3];
    size_t at = 0;

    SPEC_TABLE(tests, at, refusals, test_refusal);
    SPEC_TABLE(tests, at, strangers, test_stranger);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(no_packets_is_a_note);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(unknown_links);
    tests[at++] = (struct CMUnitTest)cmocka_unit_test(many_unknown_links);
    return SPEC_RUN("capture/file", tests, at);
}
