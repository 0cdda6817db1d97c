// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * port.c - ask a packet socket and its interface.
 *
 * A socket whose interface was deleted is bound to none (packet(7):
 * getsockname gives an index below 1). Its ring, filter and counters stay.
 *
 * It must not sleep; looks are spaced by a pause that doubles.
 */
#include "capture/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "util/text.h"

enum {
    PAUSE_FIRST_MS = 50,  /* most resets of a link take longer */
    PAUSE_MOST_MS = 1000, /* and an operator does not see this */
    NEAR = 3,             /* letters for one that a finger slips on */
};

/* What cards call a packet for which they had no room. */
static const char *const card_counts[PORT_COUNTS] = {"rx_missed_errors",
                                                     "rx_fifo_errors"};

static int64_t now_ms(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Index and kind of the interface the socket is bound to; 0: none. */
static int port_bound(const struct port *port, uint16_t *kind)
{
    struct sockaddr_ll at = {0};
    socklen_t size = sizeof(at);

    if (getsockname(port->fd, (struct sockaddr *)&at, &size) != 0)
        return 0;
    *kind = at.sll_hatype;
    return at.sll_ifindex > 0 ? at.sll_ifindex : 0;
}

static void request_name(struct ifreq *request, const char *name)
{
    *request = (struct ifreq){0};
    snprintf(request->ifr_name, sizeof(request->ifr_name), "%s", name);
}

/* Is the interface of that name up? By any socket. */
static bool name_is_up(int fd, const char *name)
{
    struct ifreq request;

    request_name(&request, name);
    return ioctl(fd, SIOCGIFFLAGS, &request) == 0 &&
           (request.ifr_flags & IFF_UP) != 0;
}

/* The same of the interface that has the index, whatever its name is now. */
static bool index_is_up(int fd, int index)
{
    struct ifreq request = {.ifr_ifindex = index};

    return ioctl(fd, SIOCGIFNAME, &request) == 0 &&
           name_is_up(fd, request.ifr_name);
}

/* The value of a card's counter; 0 when it cannot be told. */
static uint64_t card_count(int fd)
{
    char text[32] = "";

    if (fd < 0 || pread(fd, text, sizeof(text) - 1, 0) <= 0)
        return 0;
    return strtoull(text, NULL, 10);
}

static void counts_open(struct port *port)
{
    char path[96];

    for (size_t i = 0; i < PORT_COUNTS; i++) {
        snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/%s",
                 port->name, card_counts[i]);
        port->count_fd[i] =
            port->counts ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        port->count[i] = card_count(port->count_fd[i]);
    }
}

void port_begin(struct port *port, int fd)
{
    const int on = 1;

    port->fd = fd;
    port->away = false;
    port->state = LIVE_UP;
    (void)port_bound(port, &port->kind);
    /* a loopback gives each packet twice; libpcap passes over one of them,
       which would still take room and be counted when there is none */
    if (port->kind == ARPHRD_LOOPBACK)
        (void)setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
                         sizeof(on));
    counts_open(port);
}

void port_end(struct port *port)
{
    for (size_t i = 0; i < PORT_COUNTS && port->fd >= 0; i++) {
        if (port->count_fd[i] >= 0)
            close(port->count_fd[i]);
    }
    port->fd = -1;
}

static void port_away(struct port *port, enum live_state state)
{
    if (port->state == LIVE_UP || !port->away) {
        port->pause_ms = PAUSE_FIRST_MS;
        port->look_ms = now_ms() + port->pause_ms;
    }
    port->state = state;
    port->away = true;
}

void port_fell(struct port *port)
{
    uint16_t kind = 0;

    if (port->state == LIVE_UP)
        port_away(port, port_bound(port, &kind) == 0 ? LIVE_GONE : LIVE_DOWN);
}

void port_trouble(struct port *port)
{
    int error = 0;
    socklen_t size = sizeof(error);
    uint16_t kind = 0;

    if (getsockopt(port->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (port_bound(port, &kind) == 0)
        port_away(port, LIVE_GONE);
    else if (error == ENETDOWN)
        port_away(port, LIVE_DOWN);
}

/* Bind the socket to the interface that has the name now. */
static bool port_bind(struct port *port)
{
    struct ifreq request;
    struct sockaddr_ll at = {.sll_family = AF_PACKET,
                             .sll_protocol = htons(ETH_P_ALL)};
    struct packet_mreq member = {.mr_type = PACKET_MR_PROMISC};
    uint16_t kind = 0;

    request_name(&request, port->name);
    if (ioctl(port->fd, SIOCGIFINDEX, &request) != 0)
        return false;
    at.sll_ifindex = request.ifr_ifindex;
    if (bind(port->fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
        port_bound(port, &kind) == 0)
        return false;
    member.mr_ifindex = request.ifr_ifindex;
    if (port->promiscuous)
        (void)setsockopt(port->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &member,
                         sizeof(member));
    if (kind != port->kind)
        port->state = LIVE_LOST; /* its frames look different */
    return kind == port->kind;
}

void port_look(struct port *port)
{
    uint16_t kind = 0;

    if (port->state != LIVE_DOWN && port->state != LIVE_GONE)
        return;
    int64_t now = now_ms();
    if (now < port->look_ms)
        return;
    port->pause_ms *= 2;
    if (port->pause_ms > PAUSE_MOST_MS)
        port->pause_ms = PAUSE_MOST_MS;
    port->look_ms = now + port->pause_ms;
    int index = port_bound(port, &kind);
    if (index == 0)
        port->state = LIVE_GONE;
    if (index == 0 && port->fixed) {
        if (name_is_up(port->fd, port->name))
            port->state = LIVE_LOST; /* whoever may opens another socket */
        return;
    }
    if (index > 0 ? index_is_up(port->fd, index)
                  : name_is_up(port->fd, port->name) && port_bind(port))
        port->state = LIVE_UP;
}

int port_pause(const struct port *port)
{
    if (port->state != LIVE_DOWN && port->state != LIVE_GONE)
        return -1;
    int64_t left = port->look_ms - now_ms();
    return left > 0 ? (int)left : 0;
}

uint64_t port_dropped(struct port *port)
{
    struct tpacket_stats_v3 stats = {0};
    socklen_t size = sizeof(stats);

    /* the kernel begins at 0 again with each question */
    if (port->fd < 0 ||
        getsockopt(port->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0)
        return 0;
    return stats.tp_drops;
}

uint64_t port_dropped_by_card(struct port *port)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < PORT_COUNTS && port->fd >= 0; i++) {
        uint64_t count = card_count(port->count_fd[i]);
        if (count > port->count[i]) {
            sum += count - port->count[i];
            port->count[i] = count;
        }
    }
    return sum;
}

const char *port_nearest(const char *name, char room[PORT_NAME])
{
    struct if_nameindex *all = if_nameindex();
    unsigned best = (unsigned)strlen(name) / NEAR + 1;
    const char *found = NULL;

    for (struct if_nameindex *i = all; i && i->if_name; i++) {
        unsigned far = text_distance(span_of(name), span_of(i->if_name));
        if (far < best) {
            best = far;
            snprintf(room, PORT_NAME, "%s", i->if_name);
            found = room;
        }
    }
    if_freenameindex(all);
    return found;
}

bool live_present(const char *interface)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = fd >= 0 && name_is_up(fd, interface);

    if (fd >= 0)
        close(fd);
    return up;
}
