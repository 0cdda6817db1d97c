// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * unpack.c - a blob's transfers into a ledger; rows follow in unpack_rows.c.
 *
 * A blob with a good checksum may still be hostile: every number is held
 * against what it may be before it is used.
 */
#include <stdlib.h>

#include "ledger/unpacker.h"

/* --- texts -------------------------------------------------------------- */

static uint32_t bad(struct unpacker *u)
{
    u->in.failed = true;
    return POOL_NONE;
}

/* Room for one more number at the end of a list; NULL without memory. */
static uint32_t *list_add(struct unpacker *u, struct numbers *n)
{
    size_t room = n->room > 0 ? n->room * 2 : 64;
    uint32_t *list;

    if (n->count < n->room)
        return &n->list[n->count++];
    list = reallocarray(n->list, room, sizeof(*list));
    if (!list) {
        u->full = true;
        return NULL;
    }
    n->list = list;
    n->room = room;
    return &n->list[n->count++];
}

/* A text's number in the ledger's names; POOL_NONE when it failed. */
static uint32_t get_name(struct unpacker *u)
{
    uint64_t at = bits_get_number(&u->in);
    uint32_t *number;

    if (u->in.failed || at > u->names.count)
        return bad(u);
    if (at < u->names.count)
        return u->names.list[at];
    if (bits_get_bytes(&u->in, u->text, sizeof(u->text) - 1) != strlen(u->text))
        return bad(u);
    number = list_add(u, &u->names);
    if (!number)
        return bad(u);
    *number = intern_text(&u->l->moves.names, u->text);
    u->full |= *number == POOL_NONE;
    return *number;
}

/* A text for a route; "" when it failed. */
static const char *get_text(struct unpacker *u)
{
    uint32_t number = get_name(u);

    return number == POOL_NONE ? "" : intern_at(&u->l->moves.names, number);
}

static void get_word(struct unpacker *u, char *to, size_t room)
{
    const char *text = get_text(u);
    size_t len = strlen(text);

    if (len >= room) {
        (void)bad(u);
        len = 0;
    }
    memcpy(to, text, len);
    to[len] = '\0';
}

/* --- routes ------------------------------------------------------------- */

static struct addr get_addr(struct unpacker *u)
{
    struct addr a = {{0}};
    uint8_t v4[4];

    if (bits_get(&u->in, 1) == 0) {
        for (size_t i = 0; i < sizeof(a.b); i++)
            a.b[i] = (uint8_t)bits_get(&u->in, 8);
        return a;
    }
    for (size_t i = 0; i < sizeof(v4); i++)
        v4[i] = (uint8_t)bits_get(&u->in, 8);
    return addr_v4(v4);
}

static struct addr get_addr_or(struct unpacker *u, const struct addr *expected)
{
    return bits_get(&u->in, 1) ? *expected : get_addr(u);
}

/* The number that the settings give the partner of that name, or -1. */
static int find_partner(const struct ledger_codec *c, const char *name)
{
    for (size_t i = 0; i < c->partner_count; i++) {
        if (strcmp(c->partners[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

static void get_party(struct unpacker *u, struct party *party)
{
    get_word(u, party->name, sizeof(party->name));
    party->addr = get_addr_or(u, &u->e.addr[!u->e.sender]);
    party->direction = (enum direction)bits_get(&u->in, 2);
    party->has_domain = bits_get(&u->in, 1);
    party->by_name_only = bits_get(&u->in, 1);
    party->inside = bits_get(&u->in, 1);
    party->partner = -1;
    if (bits_get(&u->in, 1) == 0)
        return;
    (void)bits_get_bytes(&u->in, u->text, sizeof(u->text) - 1);
    party->partner = find_partner(u->codec, u->text);
}

static void get_parties(struct unpacker *u)
{
    uint64_t count;
    struct party *parties;

    if (bits_get(&u->in, 1)) /* as before */
        return;
    count = bits_get_number(&u->in);
    if (u->in.failed || count > PACK_LIST) {
        (void)bad(u);
        return;
    }
    parties = calloc((size_t)count + 1, sizeof(*parties));
    if (!parties) {
        u->full = true;
        (void)bad(u);
        return;
    }
    free(u->parties);
    u->parties = parties;
    u->who.parties = parties;
    u->who.party_count = (size_t)count;
    for (size_t i = 0; i < count && !u->in.failed; i++)
        get_party(u, &parties[i]);
}

static void get_sender(struct unpacker *u)
{
    struct resolved *who = &u->who;

    if (bits_get(&u->in, 1) == 0) {
        get_word(u, who->employee, sizeof(who->employee));
        get_word(u, who->group, sizeof(who->group));
        get_word(u, who->other, sizeof(who->other));
        who->from = (enum identity_from)bits_get(&u->in, 3);
        who->known = bits_get(&u->in, 1);
        who->low = bits_get(&u->in, 1);
        who->sender_inside = bits_get(&u->in, 1);
        if (who->from > IDENTITY_ADDRESS)
            (void)bad(u);
    }
    who->sender = get_addr_or(u, &u->e.addr[u->e.sender]);
}

static void get_mail(struct unpacker *u)
{
    uint64_t count;
    const char **to;

    if (bits_get(&u->in, 1))
        return;
    u->e.mail_from = get_text(u);
    u->e.mail_to_more = (size_t)bits_get_number(&u->in);
    count = bits_get_number(&u->in);
    if (u->in.failed || count > PACK_LIST) {
        (void)bad(u);
        return;
    }
    to = calloc((size_t)count + 1, sizeof(*to));
    if (!to) {
        u->full = true;
        (void)bad(u);
        return;
    }
    free(u->mail_to);
    u->mail_to = to;
    u->e.mail_to = to;
    u->e.mail_to_count = (size_t)count;
    for (size_t i = 0; i < count && !u->in.failed; i++)
        to[i] = get_text(u);
}

/* Only what differs is told: the rest stands in u from before. */
static uint32_t get_route(struct unpacker *u)
{
    u->e.sender = (enum dir)bits_get(&u->in, 1);
    u->e.proto = (uint8_t)bits_get(&u->in, 8);
    for (size_t i = 0; i < 2; i++) {
        u->e.addr[i] = get_addr_or(u, &u->e.addr[i]);
        if (bits_get(&u->in, 1) == 0)
            u->e.port[i] = (uint16_t)bits_get(&u->in, 16);
    }
    u->e.channel = get_text(u);
    get_sender(u);
    get_mail(u);
    get_parties(u);
    if (u->in.failed)
        return POOL_NONE;
    return moves_route(&u->l->moves, &u->e, &u->who);
}

/* --- transfers ---------------------------------------------------------- */

static uint32_t get_small(struct unpacker *u)
{
    uint64_t value = bits_get_number(&u->in);

    if (value >= UINT32_MAX)
        (void)bad(u);
    return u->in.failed ? 0 : (uint32_t)value;
}

/* A batch number and those behind it, as a run. */
static bool get_run(struct unpacker *u, struct move *move)
{
    uint32_t from = get_small(u), count = get_small(u);

    if (u->in.failed || count == 0 || count > UINT32_MAX - from) {
        (void)bad(u);
        return false;
    }
    return moves_note_batches(&u->l->moves, move, from, from + count);
}

/* Which batches were seen; the number behind the highest. */
static uint32_t get_batches(struct unpacker *u, struct move *move)
{
    uint32_t top = get_small(u) + 1, seen = top;
    bool whole = bits_get(&u->in, 1), ok = true;

    if (!whole)
        seen = get_small(u);
    if (!u->in.failed)
        ok = moves_note_batches(&u->l->moves, move, 0, seen);
    while (ok && !whole && bits_get(&u->in, 1))
        ok = get_run(u, move);
    if (bits_get(&u->in, 1)) {
        uint32_t ended = get_small(u) + 1;
        if (ended > move->ended)
            move->ended = ended;
    }
    u->full |= !ok;
    return top;
}

static void get_header(struct unpacker *u, struct move *move, uint32_t top)
{
    bool separate = bits_get(&u->in, 1);
    uint64_t bytes = bits_get_number(&u->in), read = bits_get_number(&u->in);
    uint64_t missing = 0, lacking = 0;
    int64_t time = bits_get_signed(&u->in);

    if (time < -PACK_FAR_NS || time > PACK_FAR_NS ||
        __builtin_add_overflow(u->from_ns, time, &time))
        (void)bad(u);
    if (bits_get(&u->in, 1)) {
        missing = bits_get_number(&u->in);
        lacking = bits_get_number(&u->in);
        move->anomalies |= get_small(u);
    }
    if (u->in.failed)
        return;
    u->full |= !moves_lack(&u->l->moves, move->flow, u->e.sender, lacking);
    if (top < move->top || (top == move->top && bytes <= move->bytes))
        return;
    move->top = top;
    move->route = u->route;
    move->read = read;
    move->missing = missing;
    move->bytes = bytes;
    move->time_ns = time;
    move->separate = separate;
}

static struct ledger_packets get_packets(struct unpacker *u,
                                         const struct ledger_packets *before)
{
    struct ledger_packets p;

    p.capture = before->capture + (uint32_t)bits_get_signed(&u->in);
    p.first = before->last + (uint64_t)bits_get_signed(&u->in);
    p.last = p.first + bits_get_number(&u->in);
    return p;
}

static void get_more_packets(struct unpacker *u, struct move *move)
{
    struct ledger_packets p = u->packets;

    while (bits_get(&u->in, 1)) {
        p = get_packets(u, &p);
        if (u->in.failed)
            return;
        u->full |= !moves_note_packets(&u->l->moves, move, &p);
    }
}

static void get_pieces(struct unpacker *u, uint32_t move)
{
    while (bits_get(&u->in, 1) && !u->full) {
        uint32_t trail = get_name(u), file = get_name(u), *number;
        if (u->in.failed)
            return;
        number = list_add(u, &u->pieces);
        if (!number)
            return;
        *number = moves_piece(&u->l->moves, move,
                              intern_at(&u->l->moves.names, trail),
                              intern_at(&u->l->moves.names, file));
        u->full |= *number == POOL_NONE;
    }
}

static void get_points(struct unpacker *u, struct move *move)
{
    while (bits_get(&u->in, 1) && !u->full) {
        struct point point = {.kind = get_name(u)};
        uint64_t time;
        point.why = (uint8_t)bits_get(&u->in, 4);
        point.object = (uint8_t)bits_get(&u->in, 1);
        time = bits_get_number(&u->in);
        point.bytes = bits_get_number(&u->in);
        point.batch = get_small(u);
        if (u->in.failed || time >= (uint64_t)PACK_DAY_NS ||
            point.why >= WHY_REASONS) {
            (void)bad(u);
            return;
        }
        point.time_ns = u->from_ns + (int64_t)time;
        u->full |= !ledger_add_point(u->l, move, &point);
    }
}

/* A new move gets its first capture before its header. */
static void get_move(struct unpacker *u)
{
    uint32_t number, at, top;
    struct move *move;

    if (bits_get(&u->in, 1) == 0)
        u->route = get_route(u);
    if (bits_get(&u->in, 1) == 0)
        u->e.flow = bits_get_wide(&u->in);
    number = get_small(u);
    if (u->in.failed || u->route == POOL_NONE)
        return;
    at = moves_make(&u->l->moves, u->e.flow, number);
    if (at == POOL_NONE) {
        u->full = true;
        return;
    }
    move = moves_at(&u->l->moves, at);
    top = get_batches(u, move);
    u->packets = get_packets(u, &u->packets);
    if (!u->in.failed)
        u->full |= !moves_note_packets(&u->l->moves, move, &u->packets);
    get_header(u, move, top);
    get_more_packets(u, move);
    get_pieces(u, at);
    get_points(u, move);
}

static void get_moves(struct unpacker *u)
{
    uint64_t count = bits_get_number(&u->in);

    u->route = POOL_NONE;
    for (uint64_t i = 0; i < count && !u->in.failed && !u->full; i++) {
        get_move(u);
        if (u->route == POOL_NONE && !u->in.failed)
            u->full = true;
    }
}

/* --- the whole ---------------------------------------------------------- */

/* Version, checksum and day; the rest is read by the bit. */
static bool open_blob(struct unpacker *u, struct span blob)
{
    int64_t day;

    if (!pack_open(blob, PACK_VERSION, &u->in))
        return false;
    day = bits_get_signed(&u->in);
    u->unit = bits_get(&u->in, 1) ? PACK_MICRO : 1;
    if (!pack_can(day))
        return false;
    u->from_ns = day * PACK_DAY_NS;
    return true;
}

enum err ledger_unpack(struct ledger *l, struct span blob,
                       const struct ledger_codec *codec)
{
    struct unpacker *u = calloc(1, sizeof(*u));
    enum err err = ERR_FORMAT;

    if (!u)
        return ERR_MEMORY;
    u->l = l;
    u->codec = codec;
    u->e.mail_from = "";
    l->settled = false;
    if (open_blob(u, blob)) {
        get_moves(u);
        if (!u->in.failed && !u->full)
            unpacker_rows(u);
        err = u->full ? ERR_LIMIT : u->in.failed ? ERR_FORMAT : ERR_OK;
    }
    free(u->names.list);
    free(u->pieces.list);
    free(u->parties);
    free(u->mail_to);
    free(u);
    return err;
}
