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

struct ssh {
    struct closed closed;
};

static enum match ssh_probe(struct span head, const struct hint *hint)
{
    struct span mark = SPAN("SSH-");

    if (span_starts(head, SPAN("SSH-2.0-")) ||
        span_starts(head, SPAN("SSH-1.")))
        return MATCH_YES;
    if (head.len >= 8 || hint->ended)
        return MATCH_NO;
    return span_starts(head, span_head(mark, head.len)) ? MATCH_MORE : MATCH_NO;
}

static struct progress ssh_feed(void *state, enum dir dir, struct span bytes,
                                struct sink *out)
{
    struct ssh *s = state;

    if (!closed_count(&s->closed, dir, SPAN(""), bytes.len, "ssh", out))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, bytes.len};
}

static struct progress ssh_gap(void *state, enum dir dir, uint64_t len,
                               struct sink *out)
{
    (void)state;
    (void)dir;
    (void)len;
    (void)out;
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status ssh_end(void *state, enum dir dir, struct span rest,
                                  struct sink *out)
{
    struct ssh *s = state;

    (void)rest;
    return closed_end(&s->closed, dir, out) ? DECODE_DONE : DECODE_REFUSED;
}

const struct decoder decoder_ssh = {
    .name = "ssh",
    .state_size = sizeof(struct ssh),
    .protocol = true,
    .probe = ssh_probe,
    .feed = ssh_feed,
    .gap = ssh_gap,
    .end = ssh_end,
};
