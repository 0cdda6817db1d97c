// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * blob.c - bytes like chance: encrypted, whatever it is (SQLCipher,
 * VeraCrypt, a program's own way).
 *
 * In:   a part of at least 8 KiB that nothing else claims, whose bytes are
 *       spread as by chance and begin as no known media (media.def).
 * Out:  nothing but a note: its bytes stay closed, with the entropy of the
 *       first as a step of the trail. What turns out to be only packed is
 *       put as it is from there on.
 * Not:  claims no channel: bytes of a protocol that nobody knows may be
 *       anything. Chance is a judgement, so it is the last of all.
 * Spec: Pearson's chi-square over the 256 byte values: 255 for chance with a
 *       deviation of 23, whatever the length; thousands for text and programs,
 *       and it grows with the length for what is packed.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "decode/sealed/sealed.h"
#include "outflow/compiler.h"

enum {
    TEXT = 128,              /* bytes that tell text of any kind */
    FIRST = 512,             /* bytes that tell whether to look at all */
    ENOUGH = 8 << 10,        /* bytes that tell chance from what is packed */
    ENOUGH_ASIDE = 48 << 10, /* a member of a page: they carry states */
    FIRST_MOST = 480,        /* chi-square of FIRST, ten deviations */
    CHANCE_MOST = 420,       /* seven */
};

struct blob {
    uint32_t count[256];
    uint64_t len;  /* bytes counted */
    uint64_t next; /* judged again when there are as many */
    size_t enough;
    bool is;    /* told as encrypted */
    bool plain; /* it is not */
};

static double chi_square(const uint32_t *count, uint64_t len)
{
    double each = (double)len / 256, sum = 0;

    for (size_t i = 0; i < 256; i++) {
        double off = (double)count[i] - each;
        sum += off * off / each;
    }
    return sum;
}

static void add(uint32_t *count, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        count[bytes.ptr[i]]++;
}

/*
 * Words, or no control byte in as many as would have fourteen by chance? Text
 * of any charset has none, and may not wait long.
 */
static bool is_text(struct span head)
{
    enum { WORDS = 12 };
    size_t plain = 0;
    bool controls = false;

    for (size_t i = 0; i < head.len && plain < WORDS; i++) {
        uint8_t byte = head.ptr[i];
        plain = byte >= ' ' && byte < 0x7f ? plain + 1 : 0;
        controls |= byte < ' ' && byte != '\t' && byte != '\r' &&
                    byte != '\n' && byte != 0x1b;
    }
    return plain == WORDS || (!controls && head.len == TEXT);
}

static enum match blob_probe(struct span head, const struct hint *hint)
{
    const struct part_info *part = hint->part;
    uint32_t count[256] = {0};
    bool channel = part->amid && part->name.len == 0;

    if (part->coding.len > 0 || part->passed || channel)
        return MATCH_NO;
    if (is_text(span_head(head, TEXT)))
        return MATCH_NO;
    if (head.len < FIRST)
        return hint->ended ? MATCH_NO : MATCH_MORE;
    head = span_head(head, FIRST);
    add(count, head);
    return chi_square(count, FIRST) <= FIRST_MOST && !sealed_is_media(head)
               ? MATCH_YES
               : MATCH_NO;
}

static bool blob_open(void *state, const struct hint *hint)
{
    struct blob *b = state;

    b->enough = hint->part->aside ? ENOUGH_ASIDE : ENOUGH;
    b->next = b->enough;
    return true;
}

/* Bits in a byte of those counted, as a step of the trail. */
static struct span entropy(const struct blob *b, char *room, size_t size)
{
    double sum = 0;

    for (size_t i = 0; i < 256; i++) {
        double share = (double)b->count[i] / (double)b->len;
        if (b->count[i] > 0)
            sum -= share * log2(share);
    }
    int len = snprintf(room, size, "%.2f bits a byte", sum);
    return (struct span){(const uint8_t *)room, (size_t)len};
}

/* Count bytes, at most up to the next judgement; gives how many. */
static size_t judge(struct blob *b, struct span bytes)
{
    uint64_t room = b->next - b->len;
    struct span seen = span_head(bytes, room < SIZE_MAX ? (size_t)room : 0);

    add(b->count, seen);
    b->len += seen.len;
    if (b->len == b->next) {
        b->plain = chi_square(b->count, b->len) > CHANCE_MOST;
        b->next *= 2;
    }
    return seen.len;
}

/* The first bytes, held until they are enough; gives bytes used. */
static size_t begin(struct blob *b, struct span bytes, struct sink *out,
                    bool *fine)
{
    const struct note note = {
        .text = SPAN("blob"), .number = b->enough, .why = WHY_ENCRYPTED};
    char room[32];

    if (bytes.len < b->enough)
        return 0;
    (void)judge(b, bytes);
    if (b->plain)
        return 0;
    b->is = true;
    *fine = sealed_tell_step(out, &note, entropy(b, room, sizeof(room)));
    return b->enough;
}

static struct progress run(struct blob *b, struct span bytes, struct sink *out)
{
    struct span rest = bytes;
    bool fine = true;

    if (!b->is && !b->plain) {
        rest = span_skip(rest, begin(b, bytes, out, &fine));
        if (!b->is && !b->plain)
            return (struct progress){DECODE_MORE, 0};
    }
    while (fine && rest.len > 0 && !b->plain) {
        size_t len = judge(b, rest);
        fine = sealed_tell(out, "blob", WHY_ENCRYPTED, len);
        rest = span_skip(rest, len);
    }
    if (fine && rest.len > 0) {
        fine = out->ops->put(out->ctx, rest);
        rest = span_skip(rest, rest.len);
    }
    return (struct progress){fine ? DECODE_MORE : DECODE_REFUSED,
                             bytes.len - rest.len};
}

static struct progress blob_feed(void *state, enum dir dir, struct span bytes,
                                 struct sink *out)
{
    (void)dir;
    return run(state, bytes, out);
}

/* Chance is chance behind a hole, too; what waited was put as text. */
static struct progress blob_gap(void *state, enum dir dir, uint64_t len,
                                struct sink *out)
{
    struct blob *b = state;

    (void)dir;
    if (b->is && !b->plain)
        return (struct progress){DECODE_MORE, 0};
    if (!out->ops->put(out->ctx, (struct span){NULL, 0}) ||
        !out->ops->gap(out->ctx, len))
        return (struct progress){DECODE_REFUSED, 0};
    return (struct progress){DECODE_MORE, 0};
}

static enum decode_status blob_end(void *state, enum dir dir, struct span rest,
                                   struct sink *out)
{
    struct blob *b = state;

    (void)dir;
    if (!b->is)
        b->plain = true;
    return run(b, rest, out).status == DECODE_MORE ? DECODE_DONE
                                                   : DECODE_REFUSED;
}

const struct decoder decoder_blob = {
    .name = "blob",
    .state_size = sizeof(struct blob),
    .through = true,
    .last = true,
    .probe = blob_probe,
    .open = blob_open,
    .feed = blob_feed,
    .gap = blob_gap,
    .end = blob_end,
};
