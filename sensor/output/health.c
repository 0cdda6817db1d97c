// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * health.c - the sentence and the id of an event of the sensor's health.
 *
 * Subjects and texts are the operator's or the system's, and escaped all the
 * same.
 */
#include <stdio.h>
#include <string.h>

#include "output/words.h"
#include "util/digest.h"

static void put_piece(struct put *p, enum escape how, const struct event *e,
                      char what)
{
    if (what == 's')
        escape_put(p, how, e->subject[0] ? e->subject : "-", EVENT_SUBJECT);
    else
        put_count(p, what == 'n' ? e->count : e->total);
}

void words_event(struct put *p, enum escape how, const struct event *e)
{
    struct span rest = span_of(event_sentence(e->kind));

    while (rest.len > 0) {
        size_t plain = span_find(rest, '$');
        put_bytes(p, span_head(rest, plain));
        rest = span_skip(rest, plain);
        if (rest.len > 1)
            put_piece(p, how, e, (char)rest.ptr[1]);
        rest = span_skip(rest, 2);
    }
    if (e->text[0]) {
        put_text(p, ": ");
        escape_put(p, how, e->text, EVENT_TEXT);
    }
}

void words_event_name(struct put *p, const struct event *e)
{
    for (const char *at = event_name(e->kind); *at; at++)
        put_byte(p, *at == '-' ? ' ' : *at);
}

const char *words_event_id(const struct event *e, char out[WORDS_ID])
{
    char time[32];
    const struct span zero = {(const uint8_t *)"", 1};

    (void)snprintf(time, sizeof(time), "%lld", (long long)e->time_ns);
    const struct span whole[] = {span_of(event_name(e->kind)), zero,
                                 span_of(e->subject), zero, span_of(time)};
    digest_hex(whole, COUNT(whole), out, WORDS_ID - 1);
    return out;
}
