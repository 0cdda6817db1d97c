// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ssh.c - recognise SSH and count what it hides.
 *
 * In:   both directions of a TCP flow from its identification line on.
 * Out:  unread bytes (encrypted, kind ssh), the identification included.
 * Not:  decrypts nothing and follows no key exchange.
 * Spec: RFC 4253 4.2 ("SSH-2.0-software CR LF").
 */
#include "decode/proto/closed.h"

static enum match ssh_probe(struct span head, const struct hint *hint)
{
    static const struct span marks[] = {SPAN_INIT("SSH-2.0-"),
                                        SPAN_INIT("SSH-1.")};
    enum match best = MATCH_NO;

    for (size_t i = 0; i < COUNT(marks); i++) {
        if (span_starts(head, marks[i]))
            return MATCH_YES;
        if (!hint->ended && span_starts(marks[i], head))
            best = MATCH_MORE;
    }
    return best;
}

static struct progress ssh_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    const struct closed_channel channel = {"ssh", {NULL, 0}};

    if (!closed_count(state, dir, &channel, bytes.len, out))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

const struct decoder decoder_ssh = {
    .name = "ssh",
    .state_size = sizeof(struct closed),
    .protocol = true,
    .probe = ssh_probe,
    .feed = ssh_feed,
    .gap = closed_state_gap,
    .end = closed_state_end,
};
