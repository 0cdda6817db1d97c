// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_exchange.c - what a worker that was taken over may tell the judge.
 *
 * The input is a pipe's bytes. Frames are taken apart as workers.c does it;
 * an exposure that decodes is read to its last byte and encoded again.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "outflow/output.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A key that gives every frame the seal 0, so that any input has frames. */
static const struct hash_key seal;
static struct exposure_room room;
static volatile size_t sum; /* keeps every read from being left out */

static void touch(const char *text)
{
    sum += strlen(text);
}

static void touch_record(const struct record *r)
{
    struct buf bytes;

    buf_init(&bytes, 4096);
    if (r->weaker_count > RECORD_WEAKER || r->name.kind >= NAME_KINDS ||
        !exchange_add_record(&bytes, r))
        abort();
    buf_clear(&bytes);
}

static void take_exposure(struct span payload)
{
    struct exposure e;

    if (!exchange_decode_exposure(payload, &e, &room))
        return;
    const char *const words[] = {e.channel,   e.user,  e.host,
                                 e.mail_from, e.trail, e.file};
    for (size_t i = 0; i < COUNT(words); i++)
        touch(words[i]);
    for (size_t i = 0; i < e.mail_to_count; i++)
        touch(e.mail_to[i]);
    for (size_t i = 0; i < e.unread_count; i++)
        touch(e.unread[i].kind);
    for (size_t i = 0; i < e.record_count; i++)
        touch_record(&e.records[i]);
}

static void take_counters(struct span payload)
{
    static struct counters c;
    static struct counters all;
    const struct run_totals totals = {0};
    struct buf text;

    if (!exchange_decode_counters(payload, &c))
        return;
    memset(&all, 0, sizeof(all));
    counters_add(&all, &c);
    buf_init(&text, 1 << 20);
    (void)stats_write(&all, &totals, &text);
    buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct exchange x;
    struct frame f;
    struct tap tap;
    uint64_t done, all;

    exchange_init(&x, &seal);
    x.lasting = size % 2 == 1;
    if (buf_add(&x.bytes, (struct span){data, size})) {
        while (exchange_next(&x, &f)) {
            take_exposure(f.payload);
            take_counters(f.payload);
            (void)exchange_decode_progress(f.payload, &done, &all);
            (void)exchange_decode_number(f.payload, &done);
            if (exchange_decode_tap(f.payload, &tap) && tap.state > LIVE_LOST)
                abort();
        }
    }
    exchange_clear(&x);
    return 0;
}
