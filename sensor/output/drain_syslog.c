// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * drain_syslog.c - frames of a spool to a syslog receiver.
 *
 * On a stream nobody says what has arrived: an outlet goes back after each
 * break (past.h). It looks for the receiver's end of file before each send.
 */
#include "output/outlet.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { CONNECT_MS = 5000, STEP_MS = 200 };

static bool open_receiver(struct outlet *o)
{
    return link_open(&o->link, o->to, CONNECT_MS, o->why);
}

static void say(struct outlet *o)
{
    (void)snprintf(o->why, sizeof(o->why), "%s",
                   errno != 0 ? strerror(errno)
                              : "the receiver ended the connection");
}

/* Wait until all is taken, a break, or the end of the outlet. */
static bool push(struct outlet *o, struct span rest)
{
    int64_t waited = 0;

    while (!outlet_over(o)) {
        enum link_sent sent = link_send(&o->link, &rest, STEP_MS);
        if (sent == LINK_SENT)
            return true;
        if (sent == LINK_BROKEN) {
            say(o);
            return false;
        }
        waited += STEP_MS;
        past_stalled(&o->past, STEP_MS);
        outlet_stuck(o, waited);
        outlet_signals(o);
    }
    return false;
}

/* The message with what its transport puts around it. */
static bool push_message(struct outlet *o)
{
    struct buf *bytes = &o->message.bytes;
    char head[24];

    if (o->link.kind == LINK_LINES && !buf_add_byte(bytes, '\n'))
        return false;
    if (o->link.kind != LINK_COUNTED)
        return push(o, buf_span(bytes));
    int len = snprintf(head, sizeof(head), "%zu ", bytes->len);
    struct buf whole;
    buf_init(&whole, LIMIT_ALERT);
    bool good = buf_add(&whole, (struct span){(uint8_t *)head, (size_t)len}) &&
                buf_add(&whole, buf_span(bytes)) && push(o, buf_span(&whole));
    buf_clear(&whole);
    return good;
}

static bool send_entry(struct outlet *o)
{
    errno = 0;
    if (link_gone(&o->link)) {
        say(o);
        return false;
    }
    o->message.run = &o->entry.run;
    enum err err = o->entry.is_event
                       ? message_event(&o->message, &o->entry.event)
                       : message_alert(&o->message, &o->entry.alert);
    /* The shortest is sent even where it is too long: better than none. */
    return (err == ERR_OK || err == ERR_LIMIT) && push_message(o);
}

static bool rest_receiver(struct outlet *o, int wait_ms)
{
    struct pollfd p[] = {{.fd = o->signals, .events = POLLIN},
                         {.fd = o->link.fd, .events = POLLIN},
                         {.fd = o->pull.news, .events = POLLIN}};

    errno = 0;
    if (poll(p, COUNT(p), wait_ms) > 0 && p[1].revents != 0 &&
        link_gone(&o->link)) {
        say(o);
        return false;
    }
    return true;
}

static bool settle_receiver(struct outlet *o)
{
    (void)o;
    return true; /* there is no way to ask: past.h */
}

static void close_receiver(struct outlet *o, bool polite)
{
    link_close(&o->link, polite);
}

const struct drain drain_syslog = {
    .open = open_receiver,
    .send = send_entry,
    .rest = rest_receiver,
    .settle = settle_receiver,
    .close = close_receiver,
};
