// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_live.c - capture/live.c and port.c on real interfaces.
 *
 * In a network namespace of its own: veth pairs, a tun device and the
 * loopback; what a test sends is all there is to see.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_tun.h>

#include "outflow/capture.h"
#include "outflow/live.h"
#include "sensor/net.h"
#include "support/spec.h"

enum { WORKERS = 4, ROOM = 64, QUIET_MS = 150, HOSTS = 64 };

#define KEY UINT64_C(0x5ea1ed0f0da7a5e7)
#define TEN 0x0a000000U

/* What one worker saw. */
struct seen {
    struct live *live;
    struct share share;
    uint64_t packets, mine, fragments, cut;
    uint64_t swapped;           /* earlier than the one before */
    int64_t last_ns;            /* of the packet before */
    uint32_t largest, link;     /* frame, link type */
    uint64_t tenant;            /* of the last datagram */
    uint8_t pair[HOSTS][HOSTS]; /* packets between hosts 10.0.0.x, if mine */
    enum live_state states[ROOM];
    size_t changes;
};

static void take(void *ctx, const struct packet *p)
{
    struct seen *s = ctx;
    struct datagram d;
    enum skip skip = links_peel(p, &d);
    bool mine = skip == SKIP_NONE ? share_has(&s->share, &d.src, &d.dst)
                                  : live_counts(s->live, p);

    s->packets++;
    s->mine += mine;
    s->cut += p->wire_len > p->frame.len;
    s->fragments += skip == SKIP_NONE && d.fragment;
    s->swapped += p->time_ns < s->last_ns;
    s->last_ns = p->time_ns;
    s->link = p->link;
    if (p->frame.len > s->largest)
        s->largest = (uint32_t)p->frame.len;
    if (skip != SKIP_NONE)
        return;
    s->tenant = d.tenant;
    if (mine && d.src.b[15] < HOSTS && d.dst.b[15] < HOSTS)
        s->pair[d.src.b[15]][d.dst.b[15]]++;
}

static void change(void *ctx, size_t interface, enum live_state state)
{
    struct seen *s = ctx;

    (void)interface;
    if (s->changes < ROOM)
        s->states[s->changes++] = state;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Read until nothing has come for a while. */
static void watch(struct seen *s, int quiet_ms)
{
    const struct live_events events = {take, change, s};
    int64_t last = now_ms();

    while (now_ms() - last < quiet_ms) {
        if (live_read(s->live, &events) > 0)
            last = now_ms();
        (void)live_wait(s->live, -1, 50);
    }
}

/* Take what there is: few packets take whole blocks, if they come slowly. */
static void read_now(struct seen *s)
{
    const struct live_events events = {take, change, s};

    (void)live_read(s->live, &events);
}

static struct live *open_with(const char *const *names, size_t count,
                              const struct live_settings *settings)
{
    struct problems problems = {0};
    struct live *l = live_open(names, count, settings, &problems);

    problems_print(&problems, stderr);
    assert_int_equal(problems.count, 0);
    assert_non_null(l);
    return l;
}

/* One worker of count on one interface. */
static struct seen *open_one(const char *name, unsigned index, unsigned count,
                             const char *filter)
{
    struct seen *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->share = (struct share){KEY, index, count};
    const struct live_settings settings = {
        .filter = filter, .ring = 1, .promiscuous = true, .share = s->share};
    s->live = open_with(&name, 1, &settings);
    return s;
}

static void close_one(struct seen *s)
{
    live_close(s->live);
    free(s);
}

static struct seen *all[WORKERS];

static void open_all(const char *name)
{
    for (unsigned i = 0; i < WORKERS; i++)
        all[i] = open_one(name, i, WORKERS, NULL);
}

static void watch_all(void)
{
    for (size_t i = 0; i < WORKERS; i++)
        watch(all[i], QUIET_MS);
}

static void close_all(void)
{
    for (size_t i = 0; i < WORKERS; i++)
        close_one(all[i]);
}

static void send_frame(int fd, size_t size, uint32_t from, uint32_t to)
{
    uint8_t frame[2048];

    net_send(fd, net_frame(frame, size, TEN + from, TEN + to));
}

static uint64_t dropped(struct seen *s)
{
    struct live_stats stats;

    live_stats(s->live, 0, &stats);
    assert_int_equal(stats.given, s->packets);
    return stats.dropped;
}

/* tests */

static void every_packet_goes_to_one_worker(void **state)
{
    const unsigned sent = 20000;
    uint64_t packets = 0, mine = 0;
    int fd = net_sender("tap0");

    (void)state;
    open_all("span0");
    for (unsigned i = 0; i < sent; i++) {
        send_frame(fd, 60 + i % 1400, i % HOSTS, i / HOSTS % HOSTS);
        for (size_t n = 0; n < WORKERS && i % 256 == 0; n++)
            read_now(all[n]);
    }
    watch_all();
    for (size_t i = 0; i < WORKERS; i++) {
        packets += all[i]->packets;
        mine += all[i]->mine;
        assert_true(all[i]->mine > sent / WORKERS / 2);
        assert_int_equal(dropped(all[i]), 0);
    }
    assert_int_equal(packets, sent);
    assert_int_equal(mine, sent);
    for (size_t a = 0; a < HOSTS; a++) {
        for (size_t b = 0; b < HOSTS; b++) {
            size_t workers = 0;
            for (size_t i = 0; i < WORKERS; i++)
                workers += all[i]->pair[a][b] + all[i]->pair[b][a] > 0;
            assert_int_equal(workers, 1);
        }
    }
    close_all();
    close(fd);
}

static void fragments_go_to_all_and_are_one_workers(void **state)
{
    uint64_t mine = 0;
    uint8_t frame[100];
    int fd = net_sender("tap0");

    (void)state;
    open_all("span0");
    net_frame(frame, sizeof(frame), TEN + 1, TEN + 2);
    frame[20] = 0x20; /* more follow */
    net_send(fd, (struct span){frame, sizeof(frame)});
    memset(frame + 12, 0, 2); /* and no IP at all, of one worker */
    frame[12] = 0x08;
    frame[13] = 0x06;
    net_send(fd, (struct span){frame, sizeof(frame)});
    watch_all();
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(all[i]->fragments, 1);
        mine += all[i]->mine;
    }
    assert_int_equal(mine, 2);
    close_all();
    close(fd);
}

static void what_finds_no_room_is_counted(void **state)
{
    const unsigned sent = 30000;
    const char *name = "span0";
    const struct live_settings settings = {.ring = 1};
    struct seen s = {.live = open_with(&name, 1, &settings)};
    int fd = net_sender("tap0");

    (void)state;
    for (unsigned i = 0; i < sent; i++)
        send_frame(fd, 1400, 1, 2);
    watch(&s, QUIET_MS);
    assert_true(dropped(&s) > 0);
    assert_true(s.packets > 1000);
    assert_int_equal(s.packets + dropped(&s), sent);
    send_frame(fd, 1400, 1, 2);
    watch(&s, QUIET_MS);
    assert_int_equal(s.packets + dropped(&s), sent + 1);
    live_close(s.live);
    close(fd);
}

/* Datagrams to a port of the loopback, where each is seen only once. */
static void nothing_is_counted_twice_on_a_loopback(void **state)
{
    const unsigned sent = 20000;
    const char *name = "lo";
    const struct live_settings settings = {.ring = 1, .filter = "udp port 9"};
    struct seen s = {.live = open_with(&name, 1, &settings)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    static const char bytes[1400];

    (void)state;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (unsigned i = 0; i < sent; i++)
        (void)sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to,
                     sizeof(to));
    watch(&s, QUIET_MS);
    assert_true(dropped(&s) > 0);
    assert_int_equal(s.packets + dropped(&s), sent);
    live_close(s.live);
    close(fd);
}

/* The frame with tags in it, as a capture file has it. */
static void tagged(const char *tags, size_t size)
{
    uint8_t plain[100], frame[100];
    struct span whole = {frame, sizeof(frame)};
    struct datagram d;
    int fd = net_sender("tap0");
    struct seen *s = open_one("span0", 0, 1, NULL);
    struct packet p = {.link = 1, .wire_len = sizeof(frame), .frame = whole};

    net_frame(plain, sizeof(plain) - size, TEN + 1, TEN + 2);
    memcpy(frame, plain, 12);
    memcpy(frame + 12, tags, size);
    memcpy(frame + 12 + size, plain + 12, sizeof(plain) - size - 12);
    assert_int_equal(links_peel(&p, &d), SKIP_NONE);
    net_send(fd, whole);
    watch(s, QUIET_MS);
    assert_int_equal(s->packets, 1);
    assert_int_equal(s->largest, sizeof(frame));
    assert_true(d.tenant != 0);
    assert_true(s->tenant == d.tenant);
    close_one(s);
    close(fd);
}

static void a_tag_the_kernel_takes_off_is_back_in_the_frame(void **state)
{
    (void)state;
    tagged("\x81\0\0\5", 4);
}

static void of_two_tags_too(void **state)
{
    (void)state;
    tagged("\x88\xa8\0\7\x81\0\0\5", 8);
}

static void a_filter_holds_packets_back(void **state)
{
    int fd = net_sender("tap0");
    struct seen *one = open_one("span0", 0, 1, "src host 10.0.0.1");
    uint64_t mine = 0;

    (void)state;
    for (unsigned i = 0; i < WORKERS; i++)
        all[i] = open_one("span0", i, WORKERS, "src host 10.0.0.1");
    for (unsigned i = 0; i < 400; i++)
        send_frame(fd, 100, 1 + i % 2, 2 + i % 60);
    watch(one, QUIET_MS);
    watch_all();
    for (size_t i = 0; i < WORKERS; i++)
        mine += all[i]->mine;
    assert_int_equal(one->packets, 200);
    assert_int_equal(mine, 200);
    close_one(one);
    close_all();
    close(fd);
}

static void a_filter_knows_tags_that_were_taken_off(void **state)
{
    uint8_t frame[100];
    int fd = net_sender("tap0");
    uint64_t mine = 0;

    (void)state;
    for (unsigned i = 0; i < WORKERS; i++)
        all[i] = open_one("span0", i, WORKERS, "vlan 5 and udp");
    for (unsigned i = 0; i < 300; i++) {
        net_frame(frame + 4, sizeof(frame) - 4, TEN + i, TEN + 1);
        memmove(frame, frame + 4, 12);
        memcpy(frame + 12, i % 3 == 0 ? "\x81\0\0\5" : "\x81\0\0\6", 4);
        net_send(fd, (struct span){frame, sizeof(frame)});
    }
    watch_all();
    for (size_t i = 0; i < WORKERS; i++)
        mine += all[i]->mine;
    assert_int_equal(mine, 100);
    close_all();
    close(fd);
}

static void expect_states(const struct seen *s, const enum live_state *want,
                          size_t count)
{
    assert_int_equal(s->changes, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(s->states[i], want[i]);
}

static void an_interface_set_down_is_waited_for(void **state)
{
    static const enum live_state want[] = {LIVE_DOWN, LIVE_UP};
    struct seen *s = open_one("span0", 0, 1, NULL);
    int fd = net_sender("tap0");

    (void)state;
    send_frame(fd, 100, 1, 2);
    net_run("ip link set span0 down");
    watch(s, QUIET_MS);
    assert_int_equal(live_state(s->live, 0), LIVE_DOWN);
    assert_int_equal(s->packets, 1);
    assert_false(live_present("span0"));
    net_run("ip link set span0 up");
    watch(s, 700);
    assert_true(live_present("span0"));
    send_frame(fd, 100, 1, 2);
    watch(s, QUIET_MS);
    expect_states(s, want, COUNT(want));
    assert_int_equal(s->packets, 2);
    close_one(s);
    close(fd);
}

/* What a worker is: nobody. */
static void without_privileges(struct seen *s, int quiet_ms)
{
    assert_int_equal(seteuid(65534), 0);
    watch(s, quiet_ms);
    assert_int_equal(seteuid(0), 0);
}

static void an_interface_made_anew_is_taken_up_without_privileges(void **state)
{
    struct seen *s = open_one("span1", 0, 1, NULL);
    int fd = net_sender("tap1");

    (void)state;
    send_frame(fd, 100, 1, 2);
    without_privileges(s, QUIET_MS);
    net_run("ip link del tap1");
    without_privileges(s, QUIET_MS);
    assert_int_equal(live_state(s->live, 0), LIVE_GONE);
    close(fd);
    net_pair(1);
    without_privileges(s, 700);
    assert_int_equal(live_state(s->live, 0), LIVE_UP);
    fd = net_sender("tap1");
    send_frame(fd, 100, 1, 2);
    without_privileges(s, QUIET_MS);
    assert_int_equal(s->packets, 2);
    /* the kernel sets it down first: that may be seen, or not */
    assert_true(s->changes == 2 || s->changes == 3);
    assert_int_equal(s->states[s->changes - 2], LIVE_GONE);
    assert_int_equal(s->states[s->changes - 1], LIVE_UP);
    close_one(s);
    close(fd);
}

static void another_kind_of_interface_is_none_of_ours(void **state)
{
    struct seen *s = open_one("span1", 0, 1, NULL);

    (void)state;
    net_run("ip link del tap1");
    watch(s, QUIET_MS);
    net_run("ip tuntap add dev span1 mode tun && ip link set span1 up");
    watch(s, 700);
    assert_int_equal(live_state(s->live, 0), LIVE_LOST);
    assert_int_equal(s->states[s->changes - 1], LIVE_LOST);
    close_one(s);
    net_run("ip link del span1");
    net_pair(1);
}

static long used_ms(const struct rusage *r)
{
    return r->ru_utime.tv_sec * 1000 + r->ru_utime.tv_usec / 1000 +
           r->ru_stime.tv_sec * 1000 + r->ru_stime.tv_usec / 1000;
}

static void an_interface_that_is_away_costs_nothing(void **state)
{
    struct seen *s = open_one("span1", 0, 1, NULL);
    const struct live_events events = {take, change, s};
    struct rusage before, after;
    int64_t end = now_ms() + 1000;
    unsigned turns = 0;

    (void)state;
    net_run("ip link del tap1");
    getrusage(RUSAGE_SELF, &before);
    for (; now_ms() < end; turns++) {
        (void)live_read(s->live, &events);
        (void)live_wait(s->live, -1, 250);
    }
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(live_state(s->live, 0), LIVE_GONE);
    assert_true(turns < 30);
    assert_true(used_ms(&after) - used_ms(&before) < 100);
    close_one(s);
    net_pair(1);
}

static void packets_of_two_interfaces_come_by_time(void **state)
{
    const char *names[] = {"span0", "span1"};
    const struct live_settings settings = {.promiscuous = true};
    struct seen s = {.live = open_with(names, 2, &settings)};
    int fds[] = {net_sender("tap0"), net_sender("tap1")};

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        /* first both, then nearly all by one of them */
        send_frame(fds[i < 2000 ? i % 2 : i % 100 == 0], 100, 1, 2);
        if (i % 20 == 0)
            (void)poll(NULL, 0, 1);
        if (i % 200 == 0)
            watch(&s, 1);
    }
    watch(&s, QUIET_MS);
    assert_int_equal(s.packets, 3000);
    assert_int_equal(s.swapped, 0);
    live_close(s.live);
    close(fds[0]);
    close(fds[1]);
}

/* A connection over the loopback; both ends. */
static void connection(int ends[2])
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof(at);
    int door = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(door, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(door, 1), 0);
    assert_int_equal(getsockname(door, (struct sockaddr *)&at, &size), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(ends[0], (struct sockaddr *)&at, sizeof(at)), 0);
    ends[1] = accept(door, NULL, NULL);
    assert_true(ends[1] >= 0);
    close(door);
}

static void frames_that_offload_made_large_are_whole(void **state)
{
    static uint8_t bytes[1 << 20];
    struct seen *s = open_one("lo", 0, 1, "tcp");
    int ends[2];

    (void)state;
    connection(ends);
    for (size_t got = 0; got < 8 * sizeof(bytes);) {
        (void)send(ends[0], bytes, sizeof(bytes), MSG_DONTWAIT);
        ssize_t in = recv(ends[1], bytes, sizeof(bytes), MSG_DONTWAIT);
        got += in > 0 ? (size_t)in : 0;
        watch(s, 1);
    }
    close(ends[0]);
    close(ends[1]);
    watch(s, QUIET_MS);
    assert_true(s->largest > 30000);
    assert_int_equal(s->cut, 0);
    assert_int_equal(dropped(s), 0);
    close_one(s);
}

static void datagrams_without_a_link_layer_are_shared(void **state)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    uint8_t frame[100];
    uint64_t mine = 0, packets = 0;

    (void)state;
    snprintf(request.ifr_name, sizeof(request.ifr_name), "tun7");
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
        print_message("no tun device here\n");
        return;
    }
    net_run("ip link set tun7 up");
    open_all("tun7");
    for (unsigned i = 0; i < 200; i++) {
        net_frame(frame, sizeof(frame), TEN + i % 50, TEN + 77);
        assert_true(write(fd, frame + 14, sizeof(frame) - 14) > 0);
    }
    watch_all();
    for (size_t i = 0; i < WORKERS; i++) {
        mine += all[i]->mine;
        packets += all[i]->packets;
    }
    assert_int_equal(all[0]->link, 12);
    assert_int_equal(mine, 200);
    assert_int_equal(packets, 200);
    close_all();
    close(fd);
}

/* What live_check has to say of one interface and a filter. */
static void expect_problem(const char *name, const char *filter,
                           const char *said)
{
    const struct live_settings settings = {.filter = filter};
    struct problems problems = {0};

    assert_int_equal(live_check(&name, 1, &settings, &problems), said == NULL);
    assert_int_equal(problems.count, said != NULL);
    if (said)
        assert_string_equal(problems.lines[0], said);
    problems_clear(&problems);
}

static void what_cannot_be_captured_is_said(void **state)
{
    (void)state;
    expect_problem("span0", "tcp or udp", NULL);
    expect_problem("spam0", NULL,
                   "-i spam0: no such interface; did you mean \"span0\"?");
    expect_problem("eno1np0", NULL,
                   "-i eno1np0: no such interface; see: "
                   "ip link");
    expect_problem("span0", "tpc port 80",
                   "filter: tpc port 80: can't parse filter expression: "
                   "syntax error");
    assert_int_equal(seteuid(65534), 0);
    expect_problem("span0", NULL,
                   "-i span0: no permission to capture: start as root, or "
                   "with CAP_NET_RAW");
    assert_int_equal(seteuid(0), 0);
}

static void a_filter_is_checked_without_an_interface(void **state)
{
    struct problems problems = {0};

    (void)state;
    assert_int_equal(seteuid(65534), 0);
    assert_true(live_filter_check(NULL, &problems));
    assert_true(
        live_filter_check("not (host 10.0.0.9 and port 873)", &problems));
    assert_false(live_filter_check("port", &problems));
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(problems.count, 1);
    problems_clear(&problems);
}

static void an_interface_is_named_once(void **state)
{
    const char *names[] = {"span0", "span1", "span0"};
    const struct live_settings settings = {.promiscuous = true};
    struct problems problems = {0};

    (void)state;
    assert_false(live_check(names, 3, &settings, &problems));
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.lines[0], "-i span0: is named twice");
    problems_clear(&problems);
}

static void an_interface_that_is_not_there_yet_is_no_problem(void **state)
{
    const char *names[] = {"span0", "later0"};
    const struct live_settings settings = {.promiscuous = true};
    struct seen s = {.live = open_with(names, 2, &settings)};
    int fd = net_sender("tap0");

    (void)state;
    send_frame(fd, 100, 1, 2);
    watch(&s, QUIET_MS);
    assert_int_equal(live_state(s.live, 1), LIVE_LOST);
    assert_int_equal(s.changes, 1);
    assert_int_equal(s.packets, 1);
    live_close(s.live);
    close(fd);
}

static void another_descriptor_ends_the_wait(void **state)
{
    struct seen *s = open_one("span0", 0, 1, NULL);
    int64_t begin = now_ms();
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(live_wait(s->live, ends[0], 5000), LIVE_EXTRA);
    assert_true(now_ms() - begin < 1000);
    close(ends[0]);
    close(ends[1]);
    close_one(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packet_goes_to_one_worker),
        cmocka_unit_test(fragments_go_to_all_and_are_one_workers),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(nothing_is_counted_twice_on_a_loopback),
        cmocka_unit_test(a_tag_the_kernel_takes_off_is_back_in_the_frame),
        cmocka_unit_test(of_two_tags_too),
        cmocka_unit_test(a_filter_holds_packets_back),
        cmocka_unit_test(a_filter_knows_tags_that_were_taken_off),
        cmocka_unit_test(an_interface_set_down_is_waited_for),
        cmocka_unit_test(an_interface_made_anew_is_taken_up_without_privileges),
        cmocka_unit_test(another_kind_of_interface_is_none_of_ours),
        cmocka_unit_test(an_interface_that_is_away_costs_nothing),
        cmocka_unit_test(packets_of_two_interfaces_come_by_time),
        cmocka_unit_test(frames_that_offload_made_large_are_whole),
        cmocka_unit_test(datagrams_without_a_link_layer_are_shared),
        cmocka_unit_test(what_cannot_be_captured_is_said),
        cmocka_unit_test(a_filter_is_checked_without_an_interface),
        cmocka_unit_test(an_interface_is_named_once),
        cmocka_unit_test(an_interface_that_is_not_there_yet_is_no_problem),
        cmocka_unit_test(another_descriptor_ends_the_wait),
    };

    if (!net_begin())
        return NET_SKIPPED;
    net_pair(0);
    net_pair(1);
    return cmocka_run_group_tests_name("capture/live", tests, NULL, NULL);
}
