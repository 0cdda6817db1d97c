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

#include <pcap/pcap.h>

#include "capture/share.h"
#include "outflow/capture.h"
#include "support/spec.h"

enum { WORKERS = 8, LINKS = 300 };

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
            print_error("capture %u packet %llu: worker %u of %u misses it\n",
                        p->capture, (unsigned long long)p->number, i, count);
        assert_true(gets || !mine);
        assert_true(gets || skip != SKIP_NONE || !d.fragment);
    }
    assert_int_equal(owners, 1);
    dealt->packets++;
    dealt->passed += given;
    dealt->all += given == count && count > 1;
}

static void check_captures(const char *pattern, struct dealt dealt[WORKERS + 1])
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
    }
    timeline_close(t);
    problems_clear(&problems);
    globfree(&found);
}

static void every_packet_has_one_worker_that_gets_it(void **state)
{
    struct dealt dealt[WORKERS + 1] = {0};
    const char *more = getenv("CAPTURES");

    (void)state;
    check_captures(TEST_SOURCE_DIR "/pcaps/*/*.pcap", dealt);
    assert_true(dealt[4].packets > 2000);
    /* hardly any packet goes to more than one worker */
    assert_true(dealt[4].all < dealt[4].packets / 100);
    if (more)
        check_captures(more, dealt);
    print_message("%zu packets, to all of 4: %zu, given in all: %zu\n",
                  dealt[4].packets, dealt[4].all, dealt[4].passed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packet_has_one_worker_that_gets_it),
    };

    return cmocka_run_group_tests_name("capture/share", tests, NULL, NULL);
}
