// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * live.c - libpcap's handles: open, read, wait, count.
 *
 * A TPACKET_V3 ring for each interface is mapped when it is opened; reading
 * takes whole blocks out of it. libpcap is known here and nowhere else.
 * Counters and errors are asked of the socket itself: pcap_stats would open
 * files, and takes an interface that went for a broken handle.
 *
 * It must not open anything after live_open, nor sleep but in live_wait.
 */
#include "outflow/live.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/if_packet.h>
#include <pcap/pcap.h>

#include "capture/port.h"
#include "capture/share.h"
#include "outflow/limits.h"

#define SECOND_NS INT64_C(1000000000)
#define MERGE_NS  ((int64_t)MERGE_MS * 1000000)

enum {
    RETIRE_MS = 40,         /* a block that is not full is given after twice */
    MERGE_MS = 100,         /* so what was there then has come by now */
    READ_MOST = 64,         /* packets given at once, of up to 64 KiB */
    RING = 128 << 20,       /* of an interface: 0.1 s of 10 Gbit/s */
    RING_WORKER = 32 << 20, /* and of a worker: 128 blocks, 5 s of RETIRE_MS */
    RING_LEAST = 8 << 20,   /* if less is asked for: 32 blocks */
};

/* One interface. */
struct handle {
    pcap_t *pcap;             /* NULL: LIVE_LOST */
    struct port port;         /* its socket, name and state */
    enum live_state told;     /* the state the events know */
    uint32_t link;            /* LINKTYPE_* */
    uint32_t number;          /* in the list */
    struct live_stats stats;  /* sums */
    struct bpf_insn *counted; /* owned: whose is a packet without datagram */
    uint64_t taken;           /* packets out of the ring */
    struct packet next;       /* among several: taken, not given yet */
    bool has_next;
    uint8_t *room;    /* owned; the bytes of next, LIMIT_FRAME */
    int64_t empty_ns; /* when its ring was found empty */
};

struct live {
    struct handle *handles; /* owned */
    size_t count;
    struct pollfd *polls; /* owned; one more than handles */
    uint64_t ring;        /* bytes of each ring */
    struct share share;
};

/* What a callback of libpcap is to know. */
struct taking {
    struct handle *handle;
    const struct live_events *events;
};

/*
 * Bytes of one worker's ring. Few packets fill no block, yet each 40 ms take
 * one: a worker that must wait for the judge needs a number of them.
 */
static uint64_t ring_size(const struct live_settings *s)
{
    uint64_t least = s->ring > 0 ? RING_LEAST : RING_WORKER;
    uint64_t all = s->ring > 0 ? s->ring : RING;
    uint64_t one = s->share.count > 1 ? all / s->share.count : all;

    if (one < least)
        one = least;
    return one < INT_MAX ? one : INT_MAX;
}

/* A handle as it should be, not active yet. */
static pcap_t *handle_make(const char *name, const struct live_settings *s,
                           struct problems *problems)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap = pcap_create(name, error);

    if (!pcap) {
        problems_add(problems, "%s: cannot capture: %s", name, error);
        return NULL;
    }
    /* all of these fail on active handles only */
    (void)pcap_set_snaplen(pcap, LIMIT_FRAME);
    (void)pcap_set_promisc(pcap, s->promiscuous);
    (void)pcap_set_timeout(pcap, RETIRE_MS);
    (void)pcap_set_immediate_mode(pcap, 0);
    (void)pcap_set_buffer_size(pcap, (int)ring_size(s));
    (void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    return pcap;
}

/* Why a handle could not be made active, and how to mend it. */
static void tell_error(const char *name, pcap_t *pcap, int error,
                       struct problems *problems)
{
    const char *near = NULL;
    char room[PORT_NAME];

    switch (error) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        near = port_nearest(name, room);
        problems_add(problems, "-i %s: no such interface%s%s%s", name,
                     near ? "; did you mean \"" : "; see: ip link",
                     near ? near : "", near ? "\"?" : "");
        break;
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        problems_add(problems,
                     "-i %s: no permission to capture: start as root, or "
                     "with CAP_NET_RAW",
                     name);
        break;
    case PCAP_ERROR_IFACE_NOT_UP:
        problems_add(problems, "-i %s: is down; see: ip link set %s up", name,
                     name);
        break;
    default:
        problems_add(problems, "-i %s: cannot capture: %s: %s", name,
                     pcap_statustostr(error), pcap_geterr(pcap));
    }
}

/* A program of share_program as libpcap has it, room for tail behind it. */
static struct bpf_insn *program_copy(const struct share_step *steps,
                                     size_t count, size_t tail)
{
    struct bpf_insn *out = calloc(count + tail, sizeof(*out));

    for (size_t i = 0; out && i < count; i++)
        out[i] = (struct bpf_insn){steps[i].code, steps[i].jt, steps[i].jf,
                                   steps[i].k};
    return out;
}

/* The operator's filter compiled, or a program that takes everything. */
static bool filter_compile(pcap_t *pcap, const char *filter,
                           struct bpf_program *out, struct problems *problems)
{
    /* "" takes everything */
    if (pcap_compile(pcap, out, filter ? filter : "", 1,
                     PCAP_NETMASK_UNKNOWN) == 0)
        return true;
    problems_add(problems, "filter: %s: %s", filter, pcap_geterr(pcap));
    return false;
}

/* Did the kernel take the filter? Else libpcap sifts what it gives. */
static void tell_refused(const struct handle *h, size_t steps,
                         struct problems *problems)
{
    socklen_t size = 0; /* in steps */

    if (getsockopt(pcap_fileno(h->pcap), SOL_SOCKET, SO_GET_FILTER, NULL,
                   &size) == 0 &&
        size == 0)
        problems_add(problems,
                     "-i %s: the kernel refuses a filter of %zu steps, so "
                     "every worker gets every packet; want a shorter filter, "
                     "or more in: sysctl net.core.optmem_max",
                     h->port.name, steps);
}

/* Share first, then the operator's filter. */
static bool filter_set(struct handle *h, const struct live_settings *s,
                       struct problems *problems)
{
    struct share_step *steps = calloc(SHARE_STEPS, sizeof(*steps));
    struct bpf_program mine = {0}, whole = {0};
    bool good = false;

    if (!steps || !filter_compile(h->pcap, s->filter, &mine, problems))
        goto out;
    size_t count = share_program(&s->share, h->link, SHARE_TO_ALL, steps);
    whole.bf_insns = program_copy(steps, count, mine.bf_len);
    if (!whole.bf_insns)
        goto out;
    memcpy(whole.bf_insns + count, mine.bf_insns,
           mine.bf_len * sizeof(*mine.bf_insns));
    whole.bf_len = (unsigned)count + mine.bf_len;
    good = pcap_setfilter(h->pcap, &whole) == 0;
    if (good)
        tell_refused(h, whole.bf_len, problems);
    else
        problems_add(problems, "-i %s: cannot set the filter: %s", h->port.name,
                     pcap_geterr(h->pcap));
    count = share_program(&s->share, h->link, SHARE_TO_FIRST, steps);
    h->counted = program_copy(steps, count, 1);
    good = good && h->counted;
    if (h->counted)
        h->counted[count] =
            (struct bpf_insn)BPF_STMT(BPF_RET | BPF_K, LIMIT_FRAME);
out:
    free(steps);
    pcap_freecode(&mine);
    free(whole.bf_insns);
    return good;
}

/* Make h active. LIVE_LOST with true: it may be tried again later. */
static bool handle_open(struct handle *h, const struct live_settings *s,
                        struct problems *problems)
{
    char error[PCAP_ERRBUF_SIZE];

    h->port.state = LIVE_LOST;
    h->pcap = handle_make(h->port.name, s, problems);
    if (!h->pcap)
        return false;
    int status = pcap_activate(h->pcap);
    if (status < 0) {
        bool later = status == PCAP_ERROR_NO_SUCH_DEVICE ||
                     status == PCAP_ERROR_IFACE_NOT_UP;
        if (!later)
            tell_error(h->port.name, h->pcap, status, problems);
        pcap_close(h->pcap);
        h->pcap = NULL;
        return later;
    }
    h->link = (uint32_t)pcap_datalink(h->pcap);
    if (!filter_set(h, s, problems))
        return false;
    (void)pcap_setnonblock(h->pcap, 1, error);
    h->port.promiscuous = s->promiscuous;
    h->port.fixed = s->fixed;
    h->port.counts = s->share.index == 0;
    port_begin(&h->port, pcap_fileno(h->pcap));
    port_dropped(&h->port); /* what came before the filter */
    return true;
}

bool live_filter_check(const char *filter, struct problems *problems)
{
    struct bpf_program program = {0};
    pcap_t *ethernet = pcap_open_dead(DLT_EN10MB, LIMIT_FRAME);

    bool good =
        ethernet && filter_compile(ethernet, filter, &program, problems);
    pcap_freecode(&program);
    if (ethernet)
        pcap_close(ethernet);
    return good;
}

/* An interface named twice would have every packet twice. */
static void check_twice(const char *const *interfaces, size_t count,
                        struct problems *problems)
{
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        while (strcmp(interfaces[first], interfaces[i]) != 0)
            first++;
        if (first < i)
            problems_add(problems, "-i %s: is named twice", interfaces[i]);
    }
}

bool live_check(const char *const *interfaces, size_t count,
                const struct live_settings *settings, struct problems *problems)
{
    size_t before = problems->count + problems->lost;
    struct live_settings least = *settings;

    least.ring = 1; /* only to see whether it can be made */
    check_twice(interfaces, count, problems);
    for (size_t i = 0; i < count; i++) {
        struct bpf_program program = {0};
        pcap_t *pcap = handle_make(interfaces[i], &least, problems);
        int status = pcap ? pcap_activate(pcap) : 0;
        if (status < 0 && status != PCAP_ERROR_IFACE_NOT_UP)
            tell_error(interfaces[i], pcap, status, problems);
        else if (pcap && status >= 0 &&
                 filter_compile(pcap, least.filter, &program, problems))
            pcap_freecode(&program);
        if (pcap)
            pcap_close(pcap);
    }
    return problems->count + problems->lost == before;
}

struct live *live_open(const char *const *interfaces, size_t count,
                       const struct live_settings *settings,
                       struct problems *problems)
{
    struct live *l = calloc(1, sizeof(*l));

    if (l) {
        l->handles = calloc(count + 1, sizeof(*l->handles));
        l->polls = calloc(count + 1, sizeof(*l->polls));
    }
    if (!l || !l->handles || !l->polls) {
        problems_add(problems, "cannot capture: out of memory");
        live_close(l);
        return NULL;
    }
    l->share = settings->share;
    l->ring = ring_size(settings);
    for (size_t i = 0; i < count; i++) {
        struct handle *h = &l->handles[i];
        h->port.fd = -1;
        h->number = (uint32_t)i;
        snprintf(h->port.name, sizeof(h->port.name), "%s", interfaces[i]);
        l->count = i + 1;
        h->room = count > 1 ? malloc(LIMIT_FRAME) : NULL;
        if (count > 1 && !h->room)
            problems_add(problems, "cannot capture: out of memory");
        if ((count > 1 && !h->room) || !handle_open(h, settings, problems)) {
            live_close(l);
            return NULL;
        }
    }
    return l;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    for (size_t i = 0; i < live->count; i++) {
        port_end(&live->handles[i].port);
        if (live->handles[i].pcap)
            pcap_close(live->handles[i].pcap);
        free(live->handles[i].counted);
        free(live->handles[i].room);
    }
    free(live->handles);
    free(live->polls);
    free(live);
}

/* One packet of the ring. */
static struct packet packet_of(struct handle *h, const struct pcap_pkthdr *head,
                               const u_char *bytes)
{
    /* tv_usec holds nanoseconds: it was asked for */
    return (struct packet){
        .time_ns = (int64_t)head->ts.tv_sec * SECOND_NS + head->ts.tv_usec,
        .number = ++h->taken,
        .capture = h->number,
        .link = h->link,
        .wire_len = head->len,
        .frame = {bytes, head->caplen},
    };
}

/* libpcap's callback: give the packet, in its place in the ring. */
static void give(u_char *user, const struct pcap_pkthdr *head,
                 const u_char *bytes)
{
    struct taking *t = (struct taking *)(void *)user;
    const struct packet p = packet_of(t->handle, head, bytes);

    t->handle->stats.given++;
    t->events->packet(t->events->ctx, &p);
}

/* libpcap's callback: its block may be the kernel's again when it is over. */
static void hold(u_char *user, const struct pcap_pkthdr *head,
                 const u_char *bytes)
{
    struct taking *t = (struct taking *)(void *)user;
    struct handle *h = t->handle;

    h->next = packet_of(h, head, bytes);
    memcpy(h->room, bytes, head->caplen);
    h->next.frame.ptr = h->room;
    h->has_next = true;
}

static void handle_lose(struct handle *h)
{
    h->stats.dropped += port_dropped(&h->port);
    h->stats.dropped_interface += port_dropped_by_card(&h->port);
    port_end(&h->port);
    pcap_close(h->pcap);
    h->pcap = NULL;
    h->port.state = LIVE_LOST;
}

/* Tell what became of the interface since it was told last. */
static void tell_state(struct handle *h, const struct live_events *events)
{
    struct port *port = &h->port;

    if (port->state == LIVE_UP && port->away) {
        if (h->told == LIVE_UP) /* down and up again in one look */
            events->state(events->ctx, h->number, LIVE_DOWN);
        h->told = LIVE_DOWN;
        port->away = false;
    }
    if (h->told != port->state)
        events->state(events->ctx, h->number, port->state);
    h->told = port->state;
}

/* Let libpcap take up to most packets out of the ring of h. */
static size_t handle_take(struct handle *h, pcap_handler function, int most,
                          const struct live_events *events)
{
    struct taking taking = {h, events};

    if (!h->pcap)
        return 0;
    int got = pcap_dispatch(h->pcap, most, function, (u_char *)(void *)&taking);
    if (got == PCAP_ERROR)
        handle_lose(h);
    else if (pcap_get_required_select_timeout(h->pcap))
        port_fell(&h->port); /* libpcap saw the error before we did */
    return got > 0 ? (size_t)got : 0;
}

static int64_t now_ns(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_REALTIME, &t); /* as packets have it */
    return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* Have the next packet of h, or the time when there was none. */
static void handle_peek(struct handle *h, const struct live_events *events)
{
    if (h->has_next)
        return;
    int64_t now = now_ns();
    if (handle_take(h, hold, 1, events) == 0)
        h->empty_ns = now;
}

/*
 * The interface with the earliest packet, when it is certain that none has
 * an earlier one: a block that is not full stays with the kernel for a while.
 * *wait_ns: what is left of it, where that is why there is none.
 */
static struct handle *earliest(struct live *l, int64_t *wait_ns)
{
    struct handle *first = NULL;
    int64_t empty = INT64_MAX;

    for (size_t i = 0; i < l->count; i++) {
        struct handle *h = &l->handles[i];
        if (!h->has_next && h->pcap && h->empty_ns < empty)
            empty = h->empty_ns;
        if (h->has_next && (!first || h->next.time_ns < first->next.time_ns))
            first = h;
    }
    *wait_ns = -1;
    if (!first || empty == INT64_MAX)
        return first;
    int64_t ahead = first->next.time_ns + MERGE_NS - empty;
    /* a clock set back is not waited for */
    if (ahead <= 0 || ahead > SECOND_NS)
        return first;
    *wait_ns = ahead;
    return NULL;
}

/* Several interfaces: one after the other by time, as a timeline has it. */
static size_t read_merged(struct live *l, const struct live_events *events)
{
    size_t given = 0;
    int64_t wait = 0;

    for (size_t i = 0; i < l->count; i++)
        handle_peek(&l->handles[i], events);
    for (; given < READ_MOST; given++) {
        struct handle *h = earliest(l, &wait);
        if (!h)
            break;
        h->stats.given++;
        events->packet(events->ctx, &h->next);
        h->has_next = false;
        if (handle_take(h, hold, 1, events) == 0)
            h->empty_ns = now_ns();
    }
    return given;
}

/*
 * Poll all sockets, and extra. An error is taken off a socket here, for were
 * libpcap to meet it first, it would hold a deleted interface against the
 * handle for ever.
 */
static enum live_wait poll_all(struct live *l, int extra, int timeout_ms)
{
    bool packets = false;

    for (size_t i = 0; i < l->count; i++) {
        const struct handle *h = &l->handles[i];
        /* its next packet waits for others: more of it are no news */
        short events = h->has_next ? 0 : POLLIN;
        l->polls[i] = (struct pollfd){h->port.fd, events, 0};
        packets = packets || h->has_next;
    }
    l->polls[l->count] = (struct pollfd){extra, POLLIN, 0};
    int ready = poll(l->polls, l->count + 1, timeout_ms);
    for (size_t i = 0; i < l->count; i++) {
        struct port *port = &l->handles[i].port;
        short events = ready > 0 ? l->polls[i].revents : 0;
        if (events & (POLLERR | POLLHUP))
            port_trouble(port);
        port_look(port);
        if (port->state == LIVE_LOST && l->handles[i].pcap)
            handle_lose(&l->handles[i]);
        packets = packets || (events & POLLIN);
    }
    if (ready > 0 && l->polls[l->count].revents != 0)
        return LIVE_EXTRA;
    return packets ? LIVE_PACKETS : LIVE_NOTHING;
}

size_t live_read(struct live *live, const struct live_events *events)
{
    size_t given;

    (void)poll_all(live, -1, 0);
    for (size_t i = 0; i < live->count; i++)
        tell_state(&live->handles[i], events);
    if (live->count == 1)
        given = handle_take(live->handles, give, READ_MOST, events);
    else
        given = read_merged(live, events);
    for (size_t i = 0; i < live->count; i++)
        tell_state(&live->handles[i], events);
    return given;
}

/* The time to wait at most: an interface is away, or a packet held back. */
static int wait_time(struct live *l, int timeout_ms)
{
    int64_t held = -1;

    for (size_t i = 0; i < l->count; i++) {
        int pause = port_pause(&l->handles[i].port);
        if (pause >= 0 && (timeout_ms < 0 || pause < timeout_ms))
            timeout_ms = pause;
    }
    if (l->count > 1 && earliest(l, &held))
        return 0;
    int held_ms = held < 0 ? timeout_ms : (int)(held / 1000000 + 1);
    return timeout_ms < 0 || held_ms < timeout_ms ? held_ms : timeout_ms;
}

enum live_wait live_wait(struct live *live, int extra, int timeout_ms)
{
    return poll_all(live, extra, wait_time(live, timeout_ms));
}

bool live_counts(const struct live *live, const struct packet *p)
{
    const struct bpf_insn *program = live->handles[p->capture].counted;
    unsigned len = (unsigned)p->frame.len;

    return bpf_filter(program, p->frame.ptr, len, len) != 0;
}

size_t live_interfaces(const struct live *live)
{
    return live->count;
}

const char *live_name(const struct live *live, size_t interface)
{
    return live->handles[interface].port.name;
}

enum live_state live_state(const struct live *live, size_t interface)
{
    return live->handles[interface].port.state;
}

void live_stats(struct live *live, size_t interface, struct live_stats *out)
{
    struct handle *h = &live->handles[interface];

    h->stats.dropped += port_dropped(&h->port);
    h->stats.dropped_interface += port_dropped_by_card(&h->port);
    *out = h->stats;
}

uint64_t live_space(const struct live *live)
{
    return live->ring * live->count;
}
