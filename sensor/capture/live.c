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

#include <linux/if_packet.h>
#include <pcap/pcap.h>

#include "capture/port.h"
#include "capture/share.h"
#include "outflow/limits.h"

enum {
    RETIRE_MS = 50,       /* a block that is not full is given after this */
    READ_MOST = 4096,     /* packets of one interface given at once */
    RING = 128 << 20,     /* of an interface: 0.1 s of 10 Gbit/s */
    RING_LEAST = 8 << 20, /* of one worker: 32 blocks */
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

/* Bytes of one worker's ring. */
static uint64_t ring_size(const struct live_settings *s)
{
    uint64_t all = s->ring > 0 ? s->ring : RING;
    uint64_t one = s->share.count > 1 ? all / s->share.count : all;

    if (one < RING_LEAST)
        one = RING_LEAST;
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
    if (!good)
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
    port_begin(&h->port, pcap_fileno(h->pcap), s->promiscuous);
    port_dropped(&h->port); /* what came before the filter */
    return true;
}

bool live_check(const char *const *interfaces, size_t count,
                const struct live_settings *settings, struct problems *problems)
{
    size_t before = problems->count + problems->lost;
    struct live_settings least = *settings;

    least.ring = 1; /* only to see whether it can be made */
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
        if (!handle_open(h, settings, problems)) {
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
    }
    free(live->handles);
    free(live->polls);
    free(live);
}

/* One packet out of the ring, as libpcap calls it. */
static void take(u_char *user, const struct pcap_pkthdr *head,
                 const u_char *bytes)
{
    struct taking *t = (struct taking *)(void *)user;
    struct handle *h = t->handle;
    const struct packet p = {
        .time_ns =
            (int64_t)head->ts.tv_sec * 1000000000 + (int64_t)head->ts.tv_usec,
        .number = ++h->stats.given,
        .capture = h->number,
        .link = h->link,
        .wire_len = head->len,
        .frame = {bytes, head->caplen},
    };

    t->events->packet(t->events->ctx, &p);
}

static void handle_lose(struct handle *h)
{
    h->stats.dropped += port_dropped(&h->port);
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

size_t live_read(struct live *live, const struct live_events *events)
{
    size_t given = 0;

    for (size_t i = 0; i < live->count; i++) {
        struct handle *h = &live->handles[i];
        struct taking taking = {h, events};
        int got = 0;

        tell_state(h, events);
        if (h->pcap) /* also when down: the ring may hold some */
            got = pcap_dispatch(h->pcap, READ_MOST, take,
                                (u_char *)(void *)&taking);
        if (got > 0)
            given += (size_t)got;
        if (got == PCAP_ERROR) {
            handle_lose(h);
            tell_state(h, events);
        }
    }
    return given;
}

/* The time to wait at most, shorter while an interface is away. */
static int wait_time(const struct live *l, int timeout_ms)
{
    for (size_t i = 0; i < l->count; i++) {
        int pause = port_pause(&l->handles[i].port);
        if (pause >= 0 && (timeout_ms < 0 || pause < timeout_ms))
            timeout_ms = pause;
    }
    return timeout_ms;
}

enum live_wait live_wait(struct live *live, int extra, int timeout_ms)
{
    enum live_wait result = LIVE_NOTHING;

    for (size_t i = 0; i < live->count; i++)
        live->polls[i] = (struct pollfd){live->handles[i].port.fd, POLLIN, 0};
    live->polls[live->count] = (struct pollfd){extra, POLLIN, 0};
    int ready = poll(live->polls, live->count + 1, wait_time(live, timeout_ms));
    for (size_t i = 0; i < live->count; i++) {
        struct port *port = &live->handles[i].port;
        short events = ready > 0 ? live->polls[i].revents : 0;
        if (events & (POLLERR | POLLHUP))
            port_trouble(port);
        port_look(port);
        if (events & POLLIN)
            result = LIVE_PACKETS;
    }
    if (ready > 0 && live->polls[live->count].revents != 0)
        return LIVE_EXTRA;
    return result;
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
    if (live->share.index == 0)
        h->stats.dropped_interface += port_dropped_by_card(&h->port);
    *out = h->stats;
}

uint64_t live_space(const struct live *live)
{
    return live->ring * live->count;
}
