// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * live.h - packets from network interfaces, shared among workers.
 *
 * live_open is called by a worker of outflow watch while it still may open
 * packet sockets; everything else also behind privs_drop and without files:
 * poll, getsockopt, setsockopt, getsockname, ioctl (SIOCGIFNAME,
 * SIOCGIFFLAGS, SIOCGIFINDEX), bind and pread are the system calls it makes.
 *
 * An interface may go down, vanish and come back under its name: the handle
 * stays, takes the interface up again by itself, and says so. Nothing that
 * was captured is given twice; what the kernel had no room for is counted.
 */
#ifndef OUTFLOW_LIVE_H
#define OUTFLOW_LIVE_H

#include "outflow/compiler.h"
#include "outflow/err.h"
#include "outflow/packet.h"

struct live; /* the interfaces of one worker */

/*
 * The part of the traffic that is one worker's: all packets between two
 * innermost addresses go to one of count workers, by a keyed hash. All
 * workers of a run, also those that replace another, have the same key.
 */
struct share {
    uint64_t key;   /* random, so that nobody can load one worker alone */
    unsigned index; /* this worker, from 0 */
    unsigned count; /* of so many; 0 and 1: everything is its own */
};

enum live_state {
    LIVE_UP = 0,
    LIVE_DOWN, /* set down; resumed by itself */
    LIVE_GONE, /* deleted; resumed by itself when one of its name is up */
    LIVE_LOST, /* cannot be resumed here: a new live_open can */
};

struct live_settings {
    const char *filter; /* of pcap-filter(7), or NULL: every packet */
    uint64_t ring;      /* bytes of an interface's ring; 0: the default */
    bool promiscuous;   /* also what is for other machines */
    bool fixed;         /* the process may not bind: one deleted is LOST */
    struct share share;
};

struct live_events {
    /* A packet, borrowed until the function returns. */
    void (*packet)(void *ctx, const struct packet *p);
    /* An interface changed its state; also once for one not up at first. */
    void (*state)(void *ctx, size_t interface, enum live_state state);
    void *ctx;
};

/* Sums since live_open. */
struct live_stats {
    uint64_t given;             /* packets that events->packet had */
    uint64_t dropped;           /* by the kernel: the ring was full */
    uint64_t dropped_interface; /* by the card; told to worker 0 alone */
};

enum live_wait {
    LIVE_NOTHING = 0, /* the time is over */
    LIVE_PACKETS,     /* live_read may have something */
    LIVE_EXTRA,       /* the extra descriptor can be read, or was closed */
};

/*
 * Could these interfaces be captured with that filter? For the start and for
 * outflow check: an interface that does not exist is a problem here, with
 * the nearest name. Needs CAP_NET_RAW. False when there is any problem.
 */
bool live_check(const char *const *interfaces, size_t count,
                const struct live_settings *settings,
                struct problems *problems);

/*
 * Is that a filter of pcap-filter(7)? NULL is. Needs no interface and no
 * privilege, but files (names of ports): not for a confined process.
 */
bool live_filter_check(const char *filter, struct problems *problems);

/*
 * Open a handle for each interface; struct packet's capture is its place in
 * the list. One that does not exist or is down is LIVE_LOST at once, which
 * is no problem; NULL and a problem without permission or memory, and for a
 * filter with an error. A filter too long for the kernel is a problem that
 * costs only time. The strings are copied.
 */
struct live *live_open(const char *const *interfaces, size_t count,
                       const struct live_settings *settings,
                       struct problems *problems);

/*
 * Give what has arrived, some thousand packets at most; by time, across
 * interfaces too. Never blocks. Gives the number of packets.
 */
size_t live_read(struct live *live, const struct live_events *events);

/*
 * Wait until there may be packets, extra (-1: none) can be read, or
 * timeout_ms are over. A signal ends it like the time does.
 */
enum live_wait live_wait(struct live *live, int extra, int timeout_ms);

/*
 * Is a packet in which links_peel found no datagram this worker's to count?
 * (One with a datagram is, when share_has says so of its addresses.)
 */
bool live_counts(const struct live *live, const struct packet *p);

/*
 * Are packets between these two addresses in that share? A worker also gets
 * some that are not: fragments, and tunnels the kernel's filter cannot see
 * through, go to all workers.
 */
bool share_has(const struct share *share, const struct addr *a,
               const struct addr *b);

size_t live_interfaces(const struct live *live);
const char *live_name(const struct live *live, size_t interface);
enum live_state live_state(const struct live *live, size_t interface);

/* Sums of one interface; they stay when it is gone. */
void live_stats(struct live *live, size_t interface, struct live_stats *out);

/* Bytes of address space that rings take: beside a worker's memory limit. */
uint64_t live_space(const struct live *live);

/* Does an interface of that name exist, and is it up? */
bool live_present(const char *interface);

/* Close the handles; NULL is fine. */
void live_close(struct live *live);

#endif
