// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pack_rows.c - the customers of a day, and what was seen of each.
 *
 * Everything a row says is a place in a set that is written once: a day has
 * few field maps, kinds and masks without their last digits, and many rows
 * come with one packet. It must not look at transfers.
 */
#include <stdlib.h>

#include "ledger/packer.h"

static int value_compare(const void *a, const void *b)
{
    return packer_order(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* Sort what was gathered, each once. */
static void set_finish(struct set *s)
{
    size_t kept = 0;

    qsort(s->list, s->count, sizeof(*s->list), value_compare);
    for (size_t i = 0; i < s->count; i++) {
        if (kept == 0 || s->list[kept - 1] != s->list[i])
            s->list[kept++] = s->list[i];
    }
    s->count = kept;
    s->width = bits_width(kept);
}

/* The place of a number that is in the set. */
static void put_place(struct packer *p, const struct set *s, uint64_t value)
{
    size_t low = 0, high = s->count;

    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (s->list[mid] <= value)
            low = mid;
        else
            high = mid;
    }
    bits_put(&p->out, low, s->width);
}

static void gather(struct packer *p, const struct row *row, bool fresh)
{
    const struct ledger_entry *e = pool_at(&p->l->entries, row->entry);
    const struct customer *c = customers_at(&p->l->customers, row->customer);
    uint64_t first = (uint64_t)(e->first_ns - p->from_ns), digits;

    p->times.list[p->times.count++] = first;
    if (e->span_ns > 0)
        p->times.list[p->times.count++] = first + e->span_ns;
    p->spans |= e->span_ns > 0;
    p->counts |= e->rows != 1;
    p->fields.list[p->fields.count++] = e->fields;
    if (!fresh)
        return;
    p->kinds.list[p->kinds.count++] = c->kind;
    if (c->interned)
        p->texts.list[p->texts.count++] = c->mask;
    else
        p->masks.list[p->masks.count++] = pack_mask_head(c->mask, &digits);
}

/* Times in whole microseconds are told so. */
static void choose_unit(struct packer *p)
{
    p->unit = PACK_MICRO;
    for (size_t i = 0; i < p->times.count && p->unit > 1; i++) {
        if (p->times.list[i] % PACK_MICRO != 0)
            p->unit = 1;
    }
    for (size_t i = 0; i < p->times.count; i++)
        p->times.list[i] /= (uint64_t)p->unit;
}

bool packer_sets(struct packer *p)
{
    struct set *sets[] = {&p->kinds, &p->masks, &p->fields, &p->times,
                          &p->texts};

    for (size_t i = 0; i < COUNT(sets); i++) {
        sets[i]->list = calloc(2 * p->row_count + 1, sizeof(uint64_t));
        if (!sets[i]->list)
            return false;
    }
    for (size_t i = 0; i < p->row_count; i++)
        gather(p, &p->rows[i],
               i == 0 || p->rows[i - 1].customer != p->rows[i].customer);
    choose_unit(p);
    for (size_t i = 0; i < COUNT(sets); i++)
        set_finish(sets[i]);
    return true;
}

static void put_customer(struct packer *p, const struct row *row)
{
    const struct customer *c = customers_at(&p->l->customers, row->customer);
    uint64_t head, digits;

    put_place(p, &p->kinds, c->kind);
    if (p->texts.count > 0)
        packer_bool(p, c->interned);
    if (c->interned) {
        put_place(p, &p->texts, c->mask);
        return;
    }
    head = pack_mask_head(c->mask, &digits);
    put_place(p, &p->masks, head);
    bits_put(&p->out, digits, pack_tail_width(head));
}

static void put_row(struct packer *p, const struct row *row)
{
    const struct ledger_entry *e = pool_at(&p->l->entries, row->entry);
    uint64_t first = (uint64_t)(e->first_ns - p->from_ns);
    uint64_t last = (first + e->span_ns) / (uint64_t)p->unit;

    bits_put(&p->out, p->piece[e->part], bits_width(p->pieces));
    put_place(p, &p->fields, e->fields);
    put_place(p, &p->times, first / (uint64_t)p->unit);
    if (p->spans) {
        packer_bool(p, e->span_ns > 0);
        if (e->span_ns > 0)
            put_place(p, &p->times, last);
    }
    if (p->counts)
        bits_put_count(&p->out, e->rows);
}

/* Rows of one customer from row i on; all of them are of the day. */
static size_t rows_of(const struct packer *p, size_t i)
{
    size_t count = 1;

    while (i + count < p->row_count &&
           p->rows[i + count].customer == p->rows[i].customer)
        count++;
    return count;
}

static bool put_pseudonyms(struct packer *p, bool *single)
{
    uint64_t *list = calloc(p->row_count + 1, sizeof(*list));
    size_t count = 0;

    *single = true;
    if (!list)
        return false;
    for (size_t i = 0, more; i < p->row_count; i += more) {
        more = rows_of(p, i);
        *single &= more == 1;
        list[count++] = p->rows[i].pseudonym;
    }
    bits_put_set(&p->out, list, count);
    free(list);
    return true;
}

static void put_set(struct packer *p, const struct set *s)
{
    bits_put_set(&p->out, s->list, s->count);
}

bool packer_rows(struct packer *p, size_t *pairs)
{
    bool single;

    put_set(p, &p->kinds);
    put_set(p, &p->masks);
    bits_put_number(&p->out, p->texts.count);
    for (size_t i = 0; i < p->texts.count; i++)
        bits_put_bytes(&p->out, span_of(intern_at(&p->l->customers.masks,
                                                  (uint32_t)p->texts.list[i])));
    put_set(p, &p->fields);
    put_set(p, &p->times);
    if (!put_pseudonyms(p, &single))
        return false;
    packer_bool(p, single);
    packer_bool(p, p->spans);
    packer_bool(p, p->counts);
    *pairs = 0;
    for (size_t i = 0, more; i < p->row_count; i += more) {
        more = rows_of(p, i);
        put_customer(p, &p->rows[i]);
        if (!single)
            bits_put_count(&p->out, (uint32_t)more);
        for (size_t k = i; k < i + more; k++)
            put_row(p, &p->rows[k]);
        ++*pairs;
    }
    return true;
}
