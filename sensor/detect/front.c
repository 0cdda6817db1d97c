// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * front.c - the label in front of a value, and what it claims, remembered.
 *
 * A named hot loop: asked for every number on the wire. Short labels are
 * compared as two words, which is most of what makes it cheap.
 *
 * It must not remember anything that hangs on more than the label.
 */
#include "detect/front.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "detect/token.h"

enum {
    SHORT = 16,   /* bytes of a label that is remembered */
    PLACES = 256, /* labels remembered, power of two */
};

/* The bytes of a short label, zero in front of them. */
struct key {
    uint64_t low, high;
    size_t len;
};

struct fronts {
    struct {
        struct key key; /* of no bytes: empty */
        struct claim claim;
    } place[PLACES];
};

struct fronts *fronts_new(void)
{
    return calloc(1, sizeof(struct fronts));
}

void fronts_free(struct fronts *f)
{
    free(f);
}

/* The last len bytes of the eight before end, the others zero. */
static uint64_t word_before(const uint8_t *end, size_t len)
{
    uint64_t word;

    memcpy(&word, end - sizeof(word), sizeof(word));
    word = le64toh(word);
    return len < 8 ? word >> (8 - len) * 8 << (8 - len) * 8 : word;
}

/* There are SHORT bytes in front of the end of the label. */
static struct key key_of(struct span label)
{
    const uint8_t *end = label.ptr + label.len;
    struct key key = {.len = label.len};

    if (label.len < 8) {
        key.high = word_before(end, label.len);
        return key;
    }
    key.high = word_before(end, 8);
    key.low = label.len > 8 ? word_before(end - 8, label.len - 8) : 0;
    return key;
}

static bool same(const struct key *a, const struct key *b)
{
    return a->high == b->high && a->low == b->low && a->len == b->len;
}

static size_t place_of(const struct key *key)
{
    uint64_t mixed = (key->high ^ key->low << 7) * UINT64_C(0x9E3779B97F4A7C15);

    return (mixed ^ mixed >> 29) >> 24 & (PLACES - 1);
}

static struct claim look(struct header *h, struct buf *plain, struct span label)
{
    buf_reset(plain);
    return pair_claim(h, plain, &label);
}

struct front front_of(struct fronts *f, struct header *h, struct buf *plain,
                      struct span text, size_t from)
{
    struct front front = {.claim = {.type = FIELD_NONE}};
    struct span label = token_label(text, from);
    size_t end = (size_t)(label.ptr - text.ptr) + label.len;

    if (label.len == 0)
        return front;
    front.sign = end < text.len ? text.ptr[end] : 0;
    if (label.len > SHORT || end < SHORT) {
        front.claim = look(h, plain, label);
        return front;
    }
    struct key key = key_of(label);
    size_t place = place_of(&key);
    if (!same(&f->place[place].key, &key)) {
        f->place[place].key = key;
        f->place[place].claim = look(h, plain, label);
    }
    front.claim = f->place[place].claim;
    return front;
}

const struct claim *front_known(const struct fronts *f, struct span label)
{
    struct key key = key_of(label);
    size_t place = place_of(&key);

    return same(&f->place[place].key, &key) ? &f->place[place].claim : NULL;
}
