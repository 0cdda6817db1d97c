// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_pack.c - a damaged day, or ties, of a ledger: refused, not believed.
 *
 * The checksum is made good, or no input would get past it. What is taken
 * must pack again into something that unpacks to the same.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger/format.h"
#include "outflow/pack.h"

static const struct partner partners[] = {{.name = (char[]){"Print"}}};
static const struct ledger_codec codec = {partners, 1};

/* Every day of a ledger, one after another. */
static void pack_all(struct ledger *l, struct buf *out)
{
    int64_t *days;
    size_t count;

    if (ledger_days(l, &days, &count) != ERR_OK)
        abort();
    for (size_t i = 0; i < count; i++) {
        enum err err = ledger_pack_day(l, days[i], &codec, out, NULL);
        if (err != ERR_OK && err != ERR_LIMIT)
            abort();
    }
    free(days);
}

/* What was taken packs, unpacks, and packs to as many bytes. */
static void again(struct ledger *l)
{
    struct ledger *to = ledger_new(64 << 20);
    struct buf blob;
    int64_t *days;
    size_t count;

    buf_init(&blob, 16 << 20);
    if (!to || ledger_days(l, &days, &count) != ERR_OK)
        abort();
    for (size_t i = 0; i < count; i++) {
        buf_reset(&blob);
        if (ledger_pack_day(l, days[i], &codec, &blob, NULL) == ERR_OK &&
            ledger_unpack(to, buf_span(&blob), &codec) == ERR_FORMAT)
            abort();
    }
    free(days);
    if (ledger_settle(l) == ERR_OK && ledger_settle(to) == ERR_OK &&
        ledger_customers(l) != ledger_customers(to))
        abort();
    buf_reset(&blob);
    pack_all(to, &blob);
    buf_clear(&blob);
    ledger_free(to);
}

static bool tie(void *ctx, const struct ledger_tie *t)
{
    return ledger_tie(ctx, t) != ERR_MEMORY;
}

/* The same bytes as ties. */
static void take_ties(uint8_t *blob, size_t len)
{
    struct ledger *l = ledger_new(64 << 20);

    if (!l)
        abort();
    blob[0] = PACK_TIES;
    if (ledger_unpack_ties((struct span){blob, len}, tie, l) == ERR_LIMIT ||
        ledger_settle(l) == ERR_FORMAT)
        abort();
    ledger_free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct ledger *l = ledger_new(64 << 20);
    uint8_t *blob = malloc(len + PACK_HEAD);
    uint32_t sum = pack_sum((struct span){bytes, len});

    if (!l || !blob)
        abort();
    blob[0] = PACK_VERSION;
    for (unsigned i = 0; i < 4; i++)
        blob[1 + i] = (uint8_t)(sum >> 8 * i);
    if (len > 0)
        memcpy(blob + PACK_HEAD, bytes, len);
    if (ledger_unpack(l, (struct span){blob, len + PACK_HEAD}, &codec) ==
        ERR_OK)
        again(l);
    ledger_free(l);
    take_ties(blob, len + PACK_HEAD);
    free(blob);
    return 0;
}
