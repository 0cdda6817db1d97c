// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * pack_moves.c - routes and transfers of a day, each as what differs from
 * the one before.
 *
 * It must not look at rows.
 */
#include "ledger/packer.h"

/* --- routes ------------------------------------------------------------- */

static void put_name(struct packer *p, uint32_t number)
{
    bits_put_number(&p->out,
                    p->name[number] > 0 ? p->name[number] - 1 : p->names);
    if (p->name[number] > 0)
        return;
    bits_put_bytes(&p->out, span_of(intern_at(&p->l->moves.names, number)));
    p->name[number] = (uint32_t)++p->names;
}

/* A text that is in the ledger's names. */
static void put_text(struct packer *p, const char *text)
{
    uint32_t number = intern_text(&p->l->moves.names, text);

    if (number == POOL_NONE)
        p->out.failed = true;
    else
        put_name(p, number);
}

static void put_addr(struct packer *p, const struct addr *a)
{
    bool v4 = addr_is_v4(a);

    packer_bool(p, v4);
    for (size_t i = v4 ? 12 : 0; i < sizeof(a->b); i++)
        bits_put(&p->out, a->b[i], 8);
}

/* One bit when it is that address. */
static void put_addr_or(struct packer *p, const struct addr *a,
                        const struct addr *expected)
{
    bool same = addr_eq(a, expected);

    packer_bool(p, same);
    if (!same)
        put_addr(p, a);
}

static void put_party(struct packer *p, const struct ledger_route *r,
                      const struct ledger_party *party)
{
    const struct ledger_codec *c = p->codec;
    bool has = party->partner >= 0 && (size_t)party->partner < c->partner_count;

    put_text(p, party->name);
    put_addr_or(p, &party->addr, &r->addr[!r->sender]);
    bits_put(&p->out, party->direction, 2);
    packer_bool(p, party->has_domain);
    packer_bool(p, party->by_name_only);
    packer_bool(p, party->inside);
    packer_bool(p, has);
    if (has)
        bits_put_bytes(&p->out, span_of(c->partners[party->partner].name));
}

static bool same_parties(const struct ledger_route *r,
                         const struct ledger_route *before)
{
    return r->party_count == before->party_count &&
           memcmp(r->parties, before->parties,
                  r->party_count * sizeof(r->parties[0])) == 0;
}

static void put_parties(struct packer *p, const struct ledger_route *r,
                        const struct ledger_route *before)
{
    bool same = before && same_parties(r, before) &&
                addr_eq(&r->addr[!r->sender], &before->addr[!before->sender]);

    packer_bool(p, same);
    if (same)
        return;
    bits_put_number(&p->out, r->party_count);
    for (size_t i = 0; i < r->party_count; i++)
        put_party(p, r, &r->parties[i]);
}

static bool same_sender(const struct ledger_route *r,
                        const struct ledger_route *before)
{
    return r->employee == before->employee && r->group == before->group &&
           r->other == before->other && r->from == before->from &&
           r->known == before->known && r->low == before->low &&
           r->sender_inside == before->sender_inside;
}

static void put_sender(struct packer *p, const struct ledger_route *r,
                       const struct ledger_route *before)
{
    bool same = before && same_sender(r, before);

    packer_bool(p, same);
    if (!same) {
        put_text(p, r->employee);
        put_text(p, r->group);
        put_text(p, r->other);
        bits_put(&p->out, r->from, 3);
        packer_bool(p, r->known);
        packer_bool(p, r->low);
        packer_bool(p, r->sender_inside);
    }
    put_addr_or(p, &r->sender_addr, &r->addr[r->sender]);
}

static void put_mail(struct packer *p, const struct ledger_route *r,
                     const struct ledger_route *before)
{
    bool same = before && r->mail_from == before->mail_from &&
                r->mails == before->mails;

    packer_bool(p, same);
    if (same)
        return;
    put_text(p, r->mail_from);
    bits_put_number(&p->out, r->mails->more);
    bits_put_number(&p->out, r->mails->count);
    for (size_t i = 0; i < r->mails->count; i++)
        put_text(p, r->mails->to[i]);
}

static void put_route(struct packer *p, const struct ledger_route *r,
                      const struct ledger_route *before)
{
    static const struct ledger_route none;

    packer_bool(p, r->sender);
    bits_put(&p->out, r->proto, 8);
    for (size_t i = 0; i < 2; i++) {
        const struct ledger_route *to = before ? before : &none;
        put_addr_or(p, &r->addr[i], &to->addr[i]);
        packer_bool(p, r->port[i] == to->port[i]);
        if (r->port[i] != to->port[i])
            bits_put(&p->out, r->port[i], 16);
    }
    put_text(p, r->channel);
    put_sender(p, r, before);
    put_mail(p, r, before);
    put_parties(p, r, before);
}

/* --- transfers ---------------------------------------------------------- */

static void put_packets(struct packer *p, const struct ledger_packets *packets,
                        struct ledger_packets *before)
{
    bits_put_signed(&p->out,
                    (int64_t)packets->capture - (int64_t)before->capture);
    bits_put_signed(&p->out, (int64_t)(packets->first - before->last));
    bits_put_number(&p->out, packets->last - packets->first);
    *before = *packets;
}

static void put_more_packets(struct packer *p, const struct move *move,
                             struct ledger_packets before)
{
    for (uint32_t i = move->packets; i != POOL_NONE;) {
        const struct more_packets *more = pool_at(&p->l->moves.more, i);
        struct ledger_packets one = {more->capture, more->first, more->last};
        packer_bool(p, true);
        put_packets(p, &one, &before);
        i = more->next;
    }
    packer_bool(p, false);
}

static void put_batches(struct packer *p, const struct move *move)
{
    bits_put_number(&p->out, move->top - 1);
    packer_bool(p, move->seen == move->top && move->apart == POOL_NONE);
    if (move->seen != move->top || move->apart != POOL_NONE) {
        bits_put_number(&p->out, move->seen);
        for (uint32_t i = move->apart; i != POOL_NONE;) {
            const struct apart *run = pool_at(&p->l->moves.aparts, i);
            packer_bool(p, true);
            bits_put_number(&p->out, run->from);
            bits_put_number(&p->out, run->to - run->from);
            i = run->next;
        }
        packer_bool(p, false);
    }
    packer_bool(p, move->ended > 0);
    if (move->ended > 0)
        bits_put_number(&p->out, move->ended - 1);
}

static int64_t newest_time(const struct packer *p, const struct move *move)
{
    int64_t time;

    if (__builtin_sub_overflow(move->time_ns, p->from_ns, &time))
        return move->time_ns < 0 ? -PACK_FAR_NS : PACK_FAR_NS;
    return time < -PACK_FAR_NS  ? -PACK_FAR_NS
           : time > PACK_FAR_NS ? PACK_FAR_NS
                                : time;
}

static void put_header(struct packer *p, const struct move *move)
{
    const struct ledger_route *r = intern_at(&p->l->moves.routes, move->route);
    uint64_t lacking =
        moves_lacking(&p->l->moves, move->flow, (enum dir)r->sender);

    packer_bool(p, move->separate != 0);
    bits_put_number(&p->out, move->bytes);
    bits_put_number(&p->out, move->read);
    bits_put_signed(&p->out, newest_time(p, move));
    packer_bool(p, move->missing > 0 || lacking > 0 || move->anomalies > 0);
    if (move->missing > 0 || lacking > 0 || move->anomalies > 0) {
        bits_put_number(&p->out, move->missing);
        bits_put_number(&p->out, lacking);
        bits_put_number(&p->out, move->anomalies);
    }
}

/* A capture first: a new transfer's begin is set by it, then by its top. */
static void put_move(struct packer *p, const struct move *move,
                     struct ledger_packets *before)
{
    const struct ledger_packets first = {move->capture, move->first_packet,
                                         move->last_packet};

    bits_put_number(&p->out, move->number);
    put_batches(p, move);
    put_packets(p, &first, before);
    put_header(p, move);
    put_more_packets(p, move, *before);
}

static void put_pieces(struct packer *p, const struct move *move)
{
    for (uint32_t i = move->part; i != POOL_NONE;) {
        const struct piece *piece = pool_at(&p->l->moves.pieces, i);
        packer_bool(p, true);
        put_name(p, piece->trail);
        put_name(p, piece->file);
        p->piece[i] = (uint32_t)p->pieces++;
        i = piece->next;
    }
    packer_bool(p, false);
}

static void put_points(struct packer *p, const struct move *move)
{
    for (uint32_t i = move->point; i != POOL_NONE;) {
        const struct point *point = pool_at(&p->l->moves.points, i);
        i = point->next;
        if (!packer_of_day(p, point->time_ns))
            continue;
        packer_bool(p, true);
        put_name(p, point->kind);
        bits_put(&p->out, point->why, 4);
        packer_bool(p, point->object != 0);
        bits_put_number(&p->out, (uint64_t)(point->time_ns - p->from_ns));
        bits_put_number(&p->out, point->bytes);
        bits_put_number(&p->out, point->batch);
    }
    packer_bool(p, false);
}

void packer_moves(struct packer *p)
{
    const struct ledger_route *before = NULL;
    const struct move *last = NULL;
    struct ledger_packets packets = {0};

    bits_put_number(&p->out, p->move_count);
    for (size_t i = 0; i < p->move_count; i++) {
        const struct move *move = moves_at(&p->l->moves, p->moves[i]);
        const struct ledger_route *r =
            intern_at(&p->l->moves.routes, move->route);
        packer_bool(p, before == r);
        if (before != r)
            put_route(p, r, before);
        packer_bool(p, last && last->flow == move->flow);
        if (!last || last->flow != move->flow)
            bits_put(&p->out, move->flow, 64);
        put_move(p, move, &packets);
        put_pieces(p, move);
        put_points(p, move);
        before = r;
        last = move;
    }
}
