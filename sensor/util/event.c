// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * event.c - events of the sensor's health, and the words of events.def.
 *
 * It must not format: output/ does.
 */
#include "outflow/event.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *name, *sentence;
    enum severity severity;
} kinds[EVENT_KINDS] = {
    {"none", "", SEVERITY_LOW},
#define EVENT(id, name, severity, sentence)                                    \
    {name, sentence, SEVERITY_##severity},
#include "outflow/events.def"
#undef EVENT
};

static bool known(enum event_kind kind)
{
    return kind > EVENT_NONE && kind < EVENT_KINDS;
}

const char *event_name(enum event_kind kind)
{
    return kinds[known(kind) ? kind : EVENT_NONE].name;
}

const char *event_sentence(enum event_kind kind)
{
    return kinds[known(kind) ? kind : EVENT_NONE].sentence;
}

enum severity event_severity(enum event_kind kind)
{
    return kinds[known(kind) ? kind : EVENT_NONE].severity;
}

struct event event_now(enum event_kind kind, const char *subject,
                       const char *text)
{
    struct event e = {.kind = kind};
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    e.time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    (void)snprintf(e.subject, sizeof(e.subject), "%s", subject ? subject : "");
    (void)snprintf(e.text, sizeof(e.text), "%s", text ? text : "");
    return e;
}

bool event_sound(const struct event *e)
{
    return known(e->kind) && memchr(e->subject, '\0', sizeof(e->subject)) &&
           memchr(e->text, '\0', sizeof(e->text));
}
