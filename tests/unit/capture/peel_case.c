// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * peel_case.c - check one row of a table of peeled packets.
 */
#include "peel_case.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/capture.h"

/* Peel the first len bytes, in memory of just that size: the sanitizer sees
 * every byte read behind them. */
static enum skip peel_head(const struct peel_case *c, size_t len,
                           struct datagram *out, uint8_t **copy)
{
    *copy = malloc(len + 1);
    assert_non_null(*copy);
    memcpy(*copy + 1, c->frame.ptr, len);
    struct packet p = {
        .time_ns = 5,
        .number = 7,
        .capture = 3,
        .link = c->link,
        .wire_len = (uint32_t)c->frame.len + c->lost,
        .frame = {*copy + 1, len},
    };
    return links_peel(&p, out);
}

static void check_found(const struct peel_case *c, const struct datagram *d)
{
    static const uint8_t macs[] = MACS OTHER_MACS;
    struct span payload = c->payload.ptr ? c->payload : SPAN(DATA);
    struct addr src;

    assert_true(addr_parse(span_of(c->src ? c->src : "10.0.0.1"), &src));
    assert_true(addr_eq(&d->src, &src));
    assert_int_equal(d->v6, !addr_is_v4(&src));
    assert_int_equal(d->proto, c->proto ? c->proto : 6);
    assert_int_equal(d->payload.len, payload.len);
    assert_memory_equal(d->payload.ptr, payload.ptr, payload.len);
    assert_int_equal(d->cut, c->cut);
    assert_int_equal(d->depth, c->depth);
    assert_int_equal(d->tenant != 0, c->tenant);
    assert_int_equal(d->fragment, c->fragment);
    assert_int_equal(d->frag_more, c->more);
    assert_int_equal(d->frag_at, c->at);
    assert_int_equal(d->frag_id, c->id);
    assert_int_equal(d->seen.time_ns, 5);
    assert_int_equal(d->seen.number, 7);
    assert_int_equal(d->seen.capture, 3);
    if (c->other_mac)
        assert_memory_equal(d->src_mac, macs + 18, 6);
    else if (d->src_mac[0] != 0)
        assert_memory_equal(d->src_mac, macs + 6, 6);
}

/* Captured short: the same payload's front, and all of it accounted for. */
static void check_cut(const struct peel_case *c, size_t len)
{
    struct span payload = c->payload.ptr ? c->payload : SPAN(DATA);
    struct datagram d;
    uint8_t *copy;
    enum skip skip = peel_head(c, len, &d, &copy);

    if (!c->guess && c->skip == SKIP_NONE && skip != SKIP_TRUNCATED) {
        assert_int_equal(skip, SKIP_NONE);
        assert_int_equal(d.payload.len + d.cut, payload.len + c->cut);
        assert_true(d.payload.len <= payload.len);
        assert_memory_equal(d.payload.ptr, payload.ptr, d.payload.len);
    }
    free(copy);
}

void peel_check(void **state)
{
    const struct peel_case *c = *state;
    struct datagram d;
    uint8_t *copy;

    enum skip skip = peel_head(c, c->frame.len, &d, &copy);
    assert_int_equal(skip, c->skip);
    if (skip == SKIP_NONE)
        check_found(c, &d);
    free(copy);
    for (size_t len = 0; len < c->frame.len; len++)
        check_cut(c, len);
}
