// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * port.h - an interface as its packet socket sees it: up, down, gone, back.
 *
 * The kernel takes a packet socket up again when its interface is set up,
 * but not when the interface was deleted and made anew: then the socket is
 * bound to the new one, which needs no privilege.
 *
 * It must not open anything after port_begin, and not know libpcap.
 */
#ifndef CAPTURE_PORT_H
#define CAPTURE_PORT_H

#include "outflow/live.h"

enum {
    PORT_NAME = 16,  /* IFNAMSIZ */
    PORT_COUNTS = 2, /* of what the card had to drop */
};

struct port {
    char name[PORT_NAME];
    int fd;           /* the packet socket, borrowed; -1: LIVE_LOST */
    uint16_t kind;    /* of hardware: what frames look like */
    bool promiscuous; /* to be set again on a new interface */
    bool fixed;       /* its socket is never bound to another one */
    bool counts;      /* what the card drops: one worker tells it */
    bool away;        /* was not up since it was asked last */
    enum live_state state;
    int64_t look_ms;           /* when to look again, while it is not up */
    int64_t pause_ms;          /* grows from look to look */
    int count_fd[PORT_COUNTS]; /* files of the card's counters, or -1 */
    uint64_t count[PORT_COUNTS];
};

/* The socket fd captures on the port, which has name and choices. */
void port_begin(struct port *port, int fd);
void port_end(struct port *port);

/* poll said POLLERR: take the error off the socket and see what became. */
void port_trouble(struct port *port);

/* Somebody else took such an error off. */
void port_fell(struct port *port);

/* Not up: look whether it is again, if it is time to. */
void port_look(struct port *port);

/* Milliseconds until port_look has something to do, -1: never. */
int port_pause(const struct port *port);

/* Packets dropped since this was asked last: ring full, card full. */
uint64_t port_dropped(struct port *port);
uint64_t port_dropped_by_card(struct port *port);

/* The name of an interface that was meant, in room; NULL: none is near. */
const char *port_nearest(const char *name, char room[PORT_NAME]);

#endif
