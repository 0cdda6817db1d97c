// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * heard.h - a consumer of session events that writes down what it hears.
 *
 * It also checks what every engine promises: open before all else, close
 * last and once, moments that are packets of the flow, counters that add up.
 */
#ifndef OUTFLOW_TESTS_HEARD_H
#define OUTFLOW_TESTS_HEARD_H

#include "outflow/reading.h"

enum {
    HEARD_FLOWS = 256,
    HEARD_GAPS = 4096,
    HEARD_COPIES = 65536,
};

struct heard_gap {
    size_t at;    /* bytes heard before it */
    uint64_t len; /* bytes that are missing */
};

struct heard_copy {
    uint8_t *text;   /* before, bytes and after */
    size_t len;      /* of text */
    size_t from, to; /* bytes of it */
};

struct heard_stream {
    uint8_t *bytes;
    size_t len, room;
    struct heard_gap gap[HEARD_GAPS];
    size_t gaps;
    uint64_t gap_bytes;
    uint64_t last_number; /* packet of the newest bytes */
    bool ended;
};

struct heard_flow {
    struct flow flow; /* as it was at close, at open before */
    struct heard_stream stream[2];
    enum close_reason why;
    bool closed;
};

struct heard {
    struct heard_flow *flow[HEARD_FLOWS];
    size_t flows;
    struct heard_copy *copy;
    size_t copies;
    uint64_t copy_bytes; /* differing bytes told, with repeats */
    size_t messages;
    uint64_t message_bytes;
    uint64_t data_bytes;
    uint64_t data_calls;
    bool broken; /* a promise was not kept */
    struct counters counters;
    struct session_events events;
};

/* An engine of that name, heard by h; and one that tells of readings, too. */
struct session *heard_new(struct heard *h, const char *engine, uint64_t memory);
struct session *heard_again(struct heard *h, const char *engine,
                            uint64_t memory,
                            const struct reading_events *reading);
const struct session_engine *heard_engine(const char *name);

/* Flush and free the engine, and check that sums are right. */
void heard_end(struct heard *h, const char *engine, struct session *s);
void heard_clear(struct heard *h);

/*
 * Is what was heard of a stream the text from place from on, with holes
 * where gaps were told? Fails the test otherwise. Gives the place reached.
 */
uint64_t heard_is(const struct heard_stream *st, const uint8_t *text,
                  size_t len, uint64_t from);

/* Does the line stand in a stream, or in one of the differing copies? */
bool heard_has(const struct heard *h, const uint8_t *line, size_t len);

#endif
