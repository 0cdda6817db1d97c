// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_share.c - capture/share.c: the kernel's program and the worker agree.
 *
 * Every packet of every capture in pcaps/ (and, to try others, of those the
 * pattern in the variable CAPTURES matches) is dealt to 1 to 8 workers by
 * libpcap's interpreter: the worker it belongs to always gets it.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "capture/share.h"
#include "outflow/capture.h"
#include "outflow/limits.h"
#include "peel_case.h"

enum { WORKERS = 8, LINKS = 300, HEADERS = 120 };

#define KEY UINT64_C(0x5ea1ed0f0da7a5e7)

/* The programs of one link type for a number of workers. */
struct deal {
    bool made;
    struct bpf_insn *to_all[WORKERS];
    struct bpf_insn *to_first[WORKERS];
};

struct dealt {
    size_t packets, passed, all;
};

/* What means something somewhere in a header. */
static const uint8_t values[] = {
    0x00, 0x01, 0x02, 0x04, 0x06, 0x08, 0x11, 0x14, 0x20, 0x21, 0x29,
    0x2c, 0x2f, 0x30, 0x32, 0x33, 0x3c, 0x40, 0x45, 0x46, 0x4f, 0x57,
    0x58, 0x60, 0x61, 0x64, 0x65, 0x68, 0x80, 0x81, 0x84, 0x86, 0x88,
    0xb5, 0xbe, 0xc1, 0xdd, 0xff, 0x12, 0xb5, 0x17, 0xc1, 0x84, 0xff,
};

static uint32_t number(void)
{
    static uint32_t state = 1;

    state = state * 1664525 + 1013904223;
    return state >> 8;
}

static struct deal deals[WORKERS + 1][LINKS];

static struct bpf_insn *program(const struct share *share, uint32_t link,
                                enum share_doubt doubt)
{
    static struct share_step steps[SHARE_STEPS];
    size_t count = share_program(share, link, doubt, steps);
    struct bpf_insn *out = calloc(count + 1, sizeof(*out));

    assert_true(count < SHARE_STEPS);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct bpf_insn){steps[i].code, steps[i].jt, steps[i].jf,
                                   steps[i].k};
    out[count] = (struct bpf_insn)BPF_STMT(BPF_RET | BPF_K, 1);
    assert_true(bpf_validate(out, (int)count + 1));
    return out;
}

static const struct deal *deal_for(unsigned count, uint32_t link)
{
    struct deal *d = &deals[count][link];

    for (unsigned i = 0; i < count && !d->made; i++) {
        const struct share share = {KEY, i, count};
        d->to_all[i] = program(&share, link, SHARE_TO_ALL);
        d->to_first[i] = program(&share, link, SHARE_TO_FIRST);
    }
    d->made = true;
    return d;
}

static bool runs(const struct bpf_insn *program, const struct packet *p)
{
    unsigned len = (unsigned)p->frame.len;

    return bpf_filter(program, p->frame.ptr, len, len) != 0;
}

static void tell(const struct packet *p, unsigned worker, unsigned count)
{
    print_error("capture %u packet %llu, link %u: worker %u of %u misses it:",
                p->capture, (unsigned long long)p->number, p->link, worker,
                count);
    for (size_t i = 0; i < p->frame.len && i < HEADERS + 40; i++)
        print_error(" %02x", p->frame.ptr[i]);
    print_error("\n");
}

/* Workers that have a packet as their own, and those the kernel gives it. */
static void check_packet(const struct packet *p, unsigned count,
                         struct dealt *dealt)
{
    const struct deal *deal = deal_for(count, p->link);
    struct datagram d;
    enum skip skip = links_peel(p, &d);
    unsigned owners = 0, given = 0;

    for (unsigned i = 0; i < count; i++) {
        const struct share share = {KEY, i, count};
        bool gets = runs(deal->to_all[i], p);
        bool mine = skip == SKIP_NONE ? share_has(&share, &d.src, &d.dst)
                                      : runs(deal->to_first[i], p);
        owners += mine;
        given += gets;
        if (mine && !gets)
            tell(p, i, count);
        assert_true(gets || !mine);
        assert_true(gets || skip != SKIP_NONE || !d.fragment);
    }
    assert_int_equal(owners, 1);
    dealt->packets++;
    dealt->passed += given;
    dealt->all += given == count && count > 1;
}

/* The same with bytes of its headers changed, or its end cut off. */
static void check_mutants(const struct packet *p, unsigned mutants,
                          struct dealt *dealt)
{
    static uint8_t bytes[LIMIT_FRAME];
    struct packet mutant = *p;

    mutant.frame.ptr = bytes;
    for (unsigned i = 0; i < mutants; i++) {
        size_t len = p->frame.len < HEADERS ? p->frame.len : HEADERS;
        memcpy(bytes, p->frame.ptr, p->frame.len);
        for (unsigned hits = number() % 4; hits > 0 && len > 0; hits--)
            bytes[number() % len] = values[number() % COUNT(values)];
        mutant.frame.len = p->frame.len;
        if (number() % 4 == 0 && len > 0)
            mutant.frame.len = number() % len;
        mutant.wire_len = (uint32_t)mutant.frame.len;
        check_packet(&mutant, WORKERS, dealt);
    }
}

static void check_captures(const char *pattern, unsigned mutants,
                           struct dealt dealt[WORKERS + 1])
{
    struct problems problems = {0};
    struct packet p;
    glob_t found;

    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    struct timeline *t = timeline_open((const char *const *)found.gl_pathv,
                                       found.gl_pathc, &problems);
    while (timeline_next(t, &p, &problems)) {
        for (unsigned n = 1; n <= WORKERS && p.link < LINKS; n++)
            check_packet(&p, n, &dealt[n]);
        if (p.link < LINKS)
            check_mutants(&p, mutants, &dealt[WORKERS]);
    }
    timeline_close(t);
    problems_clear(&problems);
    globfree(&found);
}

#define TAG(id)    "\x81\0\0" id
#define VXLAN      UDP("\x12\xb5", "\0\x3a") "\x08\0\0\0\0\0\5\0"
#define GENEVE     UDP("\x17\xc1", "\0\x34") "\0\0\x65\x58\0\0\5\0"
#define GTP(flags) UDP("\x08\x68", "\0\x2c") flags "\xff\0\x1c\0\0\0\7"
#define HOP(next)  next "\0\1\4\0\0\0\0"

/* What the kernel's program follows to the end, and what it does not. */
struct frame_case {
    const char *name;
    struct span frame;
    uint32_t link;
    bool all; /* every worker gets it */
};

static const struct frame_case frames[] = {
    {"TCP in IPv4", BYTES(MACS IP4 DATA4), 1, false},
    {"TCP in IPv6", BYTES(MACS IP6 DATA6), 1, false},
    {"UDP", BYTES(MACS IP4 IPV4("\x24", UDP_) UDP("\0\x35", "\0\x10") DATA), 1,
     false},
    {"three tags", BYTES(MACS TAG("\5") TAG("\6") TAG("\7") IP4 DATA4), 1,
     false},
    {"MPLS", BYTES(MACS "\x88\x47\0\1\0\x40\0\2\1\x40" DATA4), 1, false},
    {"PPPoE", BYTES(MACS "\x88\x64\x11\0\0\7\0\x1e\0\x21" DATA4), 1, false},
    {"IPv6 extension headers",
     BYTES(MACS IP6 IPV6("\x20", "\0") HOP("\x3c")
               HOP("\x2c") "\6\0\0\0\0\0\0\7" DATA),
     1, false},
    {"IPv4 in IPv4", BYTES(MACS IP4 OUTER4("\x30", "\4") DATA4), 1, false},
    {"IPv6 in IPv4", BYTES(MACS IP4 OUTER4("\x44", "\x29") DATA6), 1, false},
    {"GRE with key",
     BYTES(MACS IP4 OUTER4("\x38", "\x2f") "\x20\0\x08\0\0\0\0\5" DATA4), 1,
     false},
    {"a frame in GRE",
     BYTES(MACS IP4 OUTER4("\x42", "\x2f") "\0\0\x65\x58" MACS IP4 DATA4), 1,
     false},
    {"ERSPAN",
     BYTES(MACS IP4 OUTER4(
         "\x4e",
         "\x2f") "\x10\0\x88\xbe\0\0\0\1\x10\0\0\0\0\0\0\0" MACS IP4 DATA4),
     1, false},
    {"VXLAN", BYTES(MACS IP4 OUTER4("\x4e", UDP_) VXLAN MACS IP4 DATA4), 1,
     false},
    {"VXLAN in IPv6", BYTES(MACS IP6 IPV6("\x3a", UDP_) VXLAN MACS IP4 DATA4),
     1, false},
    {"GENEVE", BYTES(MACS IP4 OUTER4("\x4e", UDP_) GENEVE MACS IP4 DATA4), 1,
     false},
    {"GTP", BYTES(MACS IP4 OUTER4("\x40", UDP_) GTP("\x30") DATA4), 1, false},
    {"VXLAN-GPE",
     BYTES(MACS IP4 IPV4("\x24", UDP_) UDP("\x12\xb6", "\0\x10") DATA), 1,
     true},
    {"MPLS in UDP",
     BYTES(MACS IP4 IPV4("\x24", UDP_) UDP("\x19\xeb", "\0\x10") DATA), 1,
     true},
    {"Teredo",
     BYTES(MACS IP4 IPV4("\x24", UDP_) UDP("\x0d\xd8", "\0\x10") DATA), 1,
     true},
    {"L2TP", BYTES(MACS IP4 IPV4("\x24", UDP_) UDP("\x06\xa5", "\0\x10") DATA),
     1, true},
    {"L2TP's answer",
     BYTES(MACS IP4 IPV4("\x24", UDP_) "\x06\xa5\x30\x39\0\x10\0\0" DATA), 1,
     true},
    {"Teredo's answer",
     BYTES(MACS IP4 IPV4("\x24", UDP_) "\x0d\xd8\x30\x39\0\x10\0\0" DATA), 1,
     true},
    {"GTP of 5G",
     BYTES(MACS IP4 OUTER4("\x48", UDP_)
               GTP("\x34") "\0\0\0\x85\1\0\1\0" DATA4),
     1, false},
    {"raw IP", BYTES(DATA4), 12, false},
    {"cooked", BYTES("\0\0\0\1\0\6\2\0\0\0\0\2\0\0" IP4 DATA4), 113, false},
    {"cooked, second form",
     BYTES(IP6 "\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\2\0\0" DATA6), 276, false},
    {"ARP is the first worker's", BYTES(MACS "\x08\x06" DATA4), 1, false},
    {"a fragment",
     BYTES(MACS IP4 "\x45\0\0\x1c\0\7\x20\0\x40\6\0\0\12\0\0\1\12\0\0\2" DATA),
     1, true},
    {"a tunnel in a tunnel",
     BYTES(MACS IP4 OUTER4("\x44", "\4") OUTER4("\x30", "\4") DATA4), 1, true},
    {"a header of authentication",
     BYTES(MACS IP4 IPV4("\x28", "\x33") "\6\1\0\0\0\0\0\1\0\0\0\1" DATA), 1,
     true},
    {"a tag that is no VLAN's", BYTES(MACS "\x89\x26\0\0\0\0" IP4 DATA4), 1,
     true},
    {"ERSPAN of the third type",
     BYTES(MACS IP4 OUTER4(
         "\x52", "\x2f") "\x10\0\x88\xbe\0\0\0\1\x20\0\0\0\0\0\0\0\0\0\0\0" MACS
               IP4 DATA4),
     1, true},
    {"LLC", BYTES(MACS "\0\x24\xaa\xaa\3\0\0\0" IP4 DATA4), 1, true},
    {"a link nobody follows", BYTES("\0\0\0\2" DATA4), 0, true},
};

static void each_kind_of_frame(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(frames); i++) {
        struct dealt dealt = {0};
        const struct packet p = {.link = frames[i].link,
                                 .number = i,
                                 .wire_len = (uint32_t)frames[i].frame.len,
                                 .frame = frames[i].frame};

        check_packet(&p, WORKERS, &dealt);
        if ((dealt.all == 1) != frames[i].all)
            print_error("%s\n", frames[i].name);
        assert_int_equal(dealt.all, frames[i].all);
        assert_int_equal(dealt.passed, frames[i].all ? WORKERS : 1);
        check_mutants(&p, 2000, &dealt);
    }
}

static void every_packet_has_one_worker_that_gets_it(void **state)
{
    struct dealt dealt[WORKERS + 1] = {0};
    const char *more = getenv("CAPTURES");

    (void)state;
    check_captures(TEST_SOURCE_DIR "/pcaps/*/*.pcap", 3, dealt);
    assert_true(dealt[4].packets > 2000);
    /* hardly any packet goes to more than one worker */
    assert_true(dealt[4].all < dealt[4].packets / 100);
    if (more)
        check_captures(more, 30, dealt);
    print_message("%zu packets, to all of 4: %zu, given in all: %zu\n",
                  dealt[4].packets, dealt[4].all, dealt[4].passed);
}

/* Addresses in a row are what networks have. */
static void shares_are_even(void **state)
{
    size_t has[WORKERS] = {0};
    enum { HERE = 200, THERE = 40 };

    (void)state;
    for (unsigned i = 0; i < HERE * THERE; i++) {
        struct addr a =
            addr_v4((const uint8_t[]){10, 0, 0, (uint8_t)(i % HERE)});
        struct addr b =
            addr_v4((const uint8_t[]){203, 0, 113, (uint8_t)(i / HERE)});
        for (unsigned n = 0; n < WORKERS; n++) {
            const struct share share = {KEY, n, WORKERS};
            has[n] += share_has(&share, &a, &b);
            assert_int_equal(share_has(&share, &a, &b),
                             share_has(&share, &b, &a));
        }
    }
    for (unsigned n = 0; n < WORKERS; n++) {
        assert_true(has[n] > HERE * THERE / WORKERS * 9 / 10);
        assert_true(has[n] < HERE * THERE / WORKERS * 11 / 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_even),
        cmocka_unit_test(each_kind_of_frame),
        cmocka_unit_test(every_packet_has_one_worker_that_gets_it),
    };

    return cmocka_run_group_tests_name("capture/share", tests, NULL, NULL);
}
