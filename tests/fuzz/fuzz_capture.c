// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_capture.c - bytes as a capture: read it, peel every packet.
 *
 * The first byte chooses the size of blocks, so that records are cut by them
 * in every place; the rest is the file, plain or packed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "capture/file.h"
#include "outflow/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Make a fragment whole as it is: what is behind it is peeled as well. */
static void resume(struct datagram *whole)
{
    struct datagram inner;

    for (unsigned i = 0; i < 4; i++) {
        if (links_resume(whole, &inner) != SKIP_NONE || !inner.fragment)
            return;
        *whole = inner;
    }
}

/* What every datagram promises; a broken promise is a crash. */
static void check(const struct packet *p, const struct datagram *d)
{
    const uint8_t *end = p->frame.ptr + p->frame.len;

    if (p->wire_len < p->frame.len)
        abort();
    if (d->payload.len > 0 && (d->payload.ptr < p->frame.ptr ||
                               d->payload.ptr + d->payload.len > end))
        abort();
    /* touch the bytes, for the sanitizer */
    uint8_t sum = 0;
    for (size_t i = 0; i < d->payload.len; i++)
        sum ^= d->payload.ptr[i];
    volatile uint8_t kept = sum;
    (void)kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problems problems = {.count = 0};
    struct problems notes = {.count = 0};
    struct file file = {.name = "input"};
    struct packet p;
    struct datagram d;

    if (size == 0)
        return 0;
    source_open_memory(&file.source, (struct span){data + 1, size - 1},
                       1 + (size_t)data[0] * 16);
    if (file_begin(&file, &problems, &notes) == ERR_OK) {
        while (file_next(&file, &p, &problems, &notes)) {
            if (links_peel(&p, &d) != SKIP_NONE)
                continue;
            check(&p, &d);
            if (d.fragment)
                resume(&d);
        }
    }
    file_close(&file);
    problems_clear(&problems);
    problems_clear(&notes);
    return 0;
}
