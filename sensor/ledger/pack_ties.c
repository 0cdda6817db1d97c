// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pack_ties.c - many ties as a blob, and back.
 *
 * Ties of one record share its name and mask: these stand once, by the
 * stronger name; a tie then is a weaker name, its kind and a place. It must
 * not know who keeps ties.
 */
#include <stdlib.h>

#include "ledger/format.h"

enum { KIND_BITS = 4 };

struct strong {
    uint64_t pseudonym;
    uint64_t head, digits; /* of the mask, when it packs */
    uint32_t tie;          /* that names it */
    bool packs;
};

struct tie_packer {
    const struct ledger_tie *ties;
    const struct ledger_tie **by_weak; /* owned; as what follows */
    struct strong *strongs;
    uint64_t *values, *heads;
    size_t count, strong_count, head_count;
    struct bits_out *out;
};

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int weak_compare(const void *a, const void *b)
{
    const struct ledger_tie *x = *(const struct ledger_tie *const *)a;
    const struct ledger_tie *y = *(const struct ledger_tie *const *)b;

    return order(x->weak.pseudonym, y->weak.pseudonym);
}

static int strong_compare(const void *a, const void *b)
{
    const struct strong *x = a, *y = b;

    return order(x->pseudonym, y->pseudonym);
}

static int value_compare(const void *a, const void *b)
{
    return order(*(const uint64_t *)a, *(const uint64_t *)b);
}

static bool take_room(struct tie_packer *p)
{
    p->by_weak = calloc(p->count + 1, sizeof(struct ledger_tie *));
    p->strongs = calloc(p->count + 1, sizeof(*p->strongs));
    p->values = calloc(p->count + 1, sizeof(*p->values));
    p->heads = calloc(p->count + 1, sizeof(*p->heads));
    return p->by_weak && p->strongs && p->values && p->heads;
}

/* Sort a list, each number once; gives how many. */
static size_t unique(uint64_t *list, size_t count)
{
    size_t kept = 0;

    qsort(list, count, sizeof(*list), value_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || list[kept - 1] != list[i])
            list[kept++] = list[i];
    }
    return kept;
}

static void gather(struct tie_packer *p)
{
    size_t kept = 0, heads = 0;

    for (size_t i = 0; i < p->count; i++) {
        p->by_weak[i] = &p->ties[i];
        p->strongs[i] = (struct strong){
            .pseudonym = p->ties[i].strong.pseudonym, .tie = (uint32_t)i};
    }
    qsort(p->by_weak, p->count, sizeof(struct ledger_tie *), weak_compare);
    qsort(p->strongs, p->count, sizeof(*p->strongs), strong_compare);
    for (size_t i = 0; i < p->count; i++) {
        if (kept == 0 ||
            p->strongs[kept - 1].pseudonym != p->strongs[i].pseudonym)
            p->strongs[kept++] = p->strongs[i];
    }
    p->strong_count = kept;
    for (size_t i = 0; i < kept; i++) {
        struct strong *s = &p->strongs[i];
        uint64_t mask;
        s->packs = mask_pack(p->ties[s->tie].mask, &mask);
        if (!s->packs)
            continue;
        s->head = pack_mask_head(mask, &s->digits);
        p->heads[heads++] = s->head;
    }
    p->head_count = unique(p->heads, heads);
}

static void put_strongs(struct tie_packer *p)
{
    unsigned width = bits_width(p->head_count);
    uint64_t *values = p->values;

    for (size_t i = 0; i < p->strong_count; i++)
        values[i] = p->strongs[i].pseudonym;
    bits_put_set(p->out, values, p->strong_count);
    bits_put_set(p->out, p->heads, p->head_count);
    for (size_t i = 0; i < p->strong_count; i++) {
        const struct strong *s = &p->strongs[i];
        const struct ledger_tie *t = &p->ties[s->tie];
        const uint64_t *at;
        bits_put(p->out, t->strong.kind, KIND_BITS);
        bits_put(p->out, s->packs, 1);
        if (!s->packs) {
            bits_put_bytes(p->out, span_of(t->mask));
            continue;
        }
        at = bsearch(&s->head, p->heads, p->head_count, sizeof(*at),
                     value_compare);
        bits_put(p->out, (uint64_t)(at - p->heads), width);
        bits_put(p->out, s->digits, pack_tail_width(s->head));
    }
}

static void put_ties(struct tie_packer *p)
{
    unsigned width = bits_width(p->strong_count);
    size_t names = 0;

    for (size_t i = 0; i < p->count; i++) {
        uint64_t weak = p->by_weak[i]->weak.pseudonym;
        if (names == 0 || p->values[names - 1] != weak)
            p->values[names++] = weak;
    }
    bits_put_set(p->out, p->values, names);
    for (size_t i = 0, many; i < p->count; i += many) {
        uint64_t weak = p->by_weak[i]->weak.pseudonym;
        for (many = 1; i + many < p->count &&
                       p->by_weak[i + many]->weak.pseudonym == weak;)
            many++;
        bits_put_count(p->out, (uint32_t)many);
        for (size_t k = i; k < i + many; k++) {
            struct strong want = {.pseudonym = p->by_weak[k]->strong.pseudonym};
            const struct strong *at =
                bsearch(&want, p->strongs, p->strong_count, sizeof(want),
                        strong_compare);
            bits_put(p->out, p->by_weak[k]->weak.kind, KIND_BITS);
            bits_put(p->out, (uint64_t)(at - p->strongs), width);
        }
    }
}

enum err ledger_pack_ties(const struct ledger_tie *ties, size_t count,
                          struct buf *out)
{
    struct bits_out bits = {.to = out};
    struct tie_packer p = {.ties = ties, .count = count, .out = &bits};
    static const uint8_t head[PACK_HEAD] = {PACK_TIES};
    size_t begin = out->len;
    enum err err = ERR_MEMORY;

    if (take_room(&p)) {
        gather(&p);
        bits.failed = !buf_add(out, (struct span){head, sizeof(head)});
        put_strongs(&p);
        put_ties(&p);
        bits_finish(&bits);
        err = bits.failed ? ERR_LIMIT : ERR_OK;
    }
    if (err == ERR_OK)
        pack_seal(out, begin);
    else
        out->len = begin;
    free(p.by_weak);
    free(p.strongs);
    free(p.values);
    free(p.heads);
    return err;
}

/* --- and back ---------------------------------------------------------------
 */

struct tie_reader {
    struct bits_in in;
    bool memory;
    struct ledger_tie *strongs; /* owned: strong and mask of each */
    uint64_t *heads, *names;    /* owned */
    size_t strong_count, head_count, name_count;
};

static void get_mask(struct tie_reader *r, char mask[RECORD_MASK])
{
    uint64_t at;

    if (bits_get(&r->in, 1) == 0) {
        (void)bits_get_bytes(&r->in, mask, RECORD_MASK - 1);
        return;
    }
    at = bits_get(&r->in, bits_width(r->head_count));
    if (at >= r->head_count || !pack_mask_read(&r->in, r->heads[at], &at))
        r->in.failed = true;
    else
        mask_unpack(at, mask);
}

static void get_strongs(struct tie_reader *r)
{
    uint64_t *values = bits_get_set(&r->in, &r->strong_count, &r->memory);

    r->heads = bits_get_set(&r->in, &r->head_count, &r->memory);
    r->strongs = calloc(r->strong_count + 1, sizeof(*r->strongs));
    r->memory &= r->strongs != NULL;
    for (size_t i = 0; r->memory && i < r->strong_count && !r->in.failed; i++) {
        struct name *name = &r->strongs[i].strong;
        *name = (struct name){values[i], (uint8_t)bits_get(&r->in, KIND_BITS)};
        get_mask(r, r->strongs[i].mask);
        r->in.failed |= name->kind >= NAME_KINDS;
    }
    free(values);
}

/* One tie of a weaker name, which is told. */
static bool get_tie(struct tie_reader *r, uint64_t weak,
                    bool (*visit)(void *ctx, const struct ledger_tie *tie),
                    void *ctx)
{
    uint8_t kind = (uint8_t)bits_get(&r->in, KIND_BITS);
    uint64_t at = bits_get(&r->in, bits_width(r->strong_count));
    struct ledger_tie tie;

    if (kind >= NAME_KINDS || at >= r->strong_count)
        r->in.failed = true;
    if (r->in.failed)
        return true;
    tie = r->strongs[at];
    tie.weak = (struct name){weak, kind};
    return visit(ctx, &tie);
}

enum err ledger_unpack_ties(struct span blob,
                            bool (*visit)(void *ctx,
                                          const struct ledger_tie *tie),
                            void *ctx)
{
    struct tie_reader r = {.memory = true};
    bool taken = true;

    if (!pack_open(blob, PACK_TIES, &r.in))
        return ERR_FORMAT;
    get_strongs(&r);
    if (r.memory && !r.in.failed)
        r.names = bits_get_set(&r.in, &r.name_count, &r.memory);
    for (size_t i = 0; taken && r.memory && i < r.name_count; i++) {
        uint32_t many = bits_get_count(&r.in);
        for (; many > 0 && taken && !r.in.failed; many--)
            taken = get_tie(&r, r.names[i], visit, ctx);
        if (r.in.failed)
            break;
    }
    free(r.strongs);
    free(r.heads);
    free(r.names);
    if (!r.memory || !taken)
        return ERR_MEMORY;
    return r.in.failed ? ERR_FORMAT : ERR_OK;
}
