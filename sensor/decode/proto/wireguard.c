// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * wireguard.c - recognise WireGuard by its handshake, count what it hides.
 *
 * In:   the datagrams of a UDP flow that begins with a handshake message.
 * Out:  unread bytes (encrypted, kind wireguard).
 * Not:  decrypts nothing; data without a handshake is not recognised.
 * Spec: WireGuard: Next Generation Kernel Network Tunnel, 5.4 (messages):
 *       one byte of type, three of zeros; an initiation has 148 bytes, a
 *       response 92.
 */
#include "decode/proto/closed.h"
#include "outflow/reader.h"

enum { INITIATION = 1, INITIATION_LEN = 148, RESPONSE = 2, RESPONSE_LEN = 92 };

static enum match wireguard_probe(struct span head, const struct hint *hint)
{
    struct reader r = reader_over(head);
    uint32_t type = reader_u32le(&r);

    size_t len = head.len + hint->cut;

    return (type == INITIATION && len == INITIATION_LEN) ||
                   (type == RESPONSE && len == RESPONSE_LEN)
               ? MATCH_YES
               : MATCH_NO;
}

static struct progress wireguard_feed(void *state, enum dir dir,
                                      struct span bytes, struct sink *out)
{
    return closed_message(state, dir, bytes, "wireguard", out);
}

const struct decoder decoder_wireguard = {
    .name = "wireguard",
    .state_size = sizeof(struct closed),
    .protocol = true,
    .datagrams = true,
    .probe = wireguard_probe,
    .feed = wireguard_feed,
    .gap = closed_state_gap,
    .end = closed_state_end,
};
