// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * message.c - an alert or event as one RFC 5424 message.
 *
 * Header, structured data, then the payload behind a byte order mark. A
 * message never has more bytes than its limit: the alert is shortened in the
 * steps of words_caps until it fits, never cut. The time is the packet time
 * (an event's: the clock's), so that the same alert is the same message.
 * Spec: RFC 5424.
 */
#include "output/message.h"

#include <string.h>

#include "output/words.h"
#include "util/clock.h"

enum {
    FACILITY = 16,  /* local0 */
    HOSTNAME = 255, /* RFC 5424 6: longest HOSTNAME */
    PARAM = 64,     /* bytes of a parameter's value */
};

/* Syslog's severities: critical, error, warning, notice. */
static unsigned priority(enum severity severity)
{
    static const unsigned severities[] = {5, 4, 3, 2};

    return FACILITY * 8 + severities[severity];
}

/* HOSTNAME is printable ASCII without blanks, "-" when there is none. */
static void put_host(struct put *p, const char *name)
{
    size_t len = 0;

    for (; name && *name && len < HOSTNAME; name++) {
        if (*name <= ' ' || *name > '~')
            continue;
        put_byte(p, *name);
        len++;
    }
    if (len == 0)
        put_byte(p, '-');
}

static void put_param(struct put *p, const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    put_byte(p, ' ');
    put_text(p, name);
    put_text(p, "=\"");
    escape_put(p, ESCAPE_PARAM, value, PARAM);
    put_byte(p, '"');
}

static void put_figure(struct put *p, const char *name, uint64_t value)
{
    put_byte(p, ' ');
    put_text(p, name);
    put_text(p, "=\"");
    put_number(p, value);
    put_byte(p, '"');
}

/* What stands in front of the private structured data. */
static void put_front(struct put *p, const struct message_writer *m,
                      enum severity severity, int64_t time_ns,
                      const char *action)
{
    char time[CLOCK_TEXT];

    put_byte(p, '<');
    put_number(p, priority(severity));
    put_text(p, ">1 ");
    put_text(p, clock_text(time_ns, time));
    put_byte(p, ' ');
    put_host(p, m->run->observer);
    put_text(p, " outflow - ");
    put_text(p, action);
    put_text(p, " [meta");
    put_figure(p, "sequenceId", m->sequence);
    put_text(p, "][outflow@32473");
}

static void put_data(struct put *p, const struct alert *a)
{
    char address[ADDR_TEXT];

    put_param(p, "id", a->id);
    put_figure(p, "sequence", a->sequence);
    put_param(p, "status", words_status(a->status));
    put_param(p, "rule", a->rule->id);
    put_param(p, "severity", words_severity(a->rule->severity));
    put_figure(p, "customers", a->customers);
    if (a->action == ACTION_UNREADABLE)
        put_figure(p, "bytes", a->bytes);
    put_param(p, "employee", words_sender(a, address));
    put_param(p, "party", a->party_count > 0 ? a->parties[0].name : NULL);
    put_byte(p, ']');
}

static bool write_alert(struct message_writer *m, const struct alert *a,
                        const struct caps *caps)
{
    struct put p = put_to(&m->bytes);

    buf_reset(&m->bytes);
    put_front(&p, m, a->rule->severity, a->end_ns, words_action(a->action));
    put_data(&p, a);
    put_text(&p, " \xEF\xBB\xBF");
    return p.ok && m->format->shortened(a, m->run, caps, &m->bytes);
}

static void count(struct message_writer *m)
{
    m->sequence = m->sequence == INT32_MAX ? 1 : m->sequence + 1;
}

enum err message_alert(struct message_writer *m, const struct alert *a)
{
    count(m);
    for (size_t level = 0; level < CAPS_LEVELS; level++) {
        if (!write_alert(m, a, words_caps(level)))
            return ERR_MEMORY;
        if (m->bytes.len <= m->limit)
            return ERR_OK;
    }
    return ERR_LIMIT;
}

enum err message_event(struct message_writer *m, const struct event *e)
{
    struct put p = put_to(&m->bytes);
    char id[WORDS_ID];

    count(m);
    buf_reset(&m->bytes);
    put_front(&p, m, event_severity(e->kind), e->time_ns, event_name(e->kind));
    put_param(&p, "id", words_event_id(e, id));
    put_figure(&p, "sequence", 1);
    put_param(&p, "severity", words_severity(event_severity(e->kind)));
    put_param(&p, "subject", e->subject);
    put_figure(&p, "count", e->count);
    put_text(&p, "] \xEF\xBB\xBF");
    if (!p.ok || !m->format->event(e, m->run, &m->bytes))
        return ERR_MEMORY;
    return m->bytes.len <= m->limit ? ERR_OK : ERR_LIMIT;
}

bool message_init(struct message_writer *m,
                  const struct output_settings *output,
                  const struct run_info *run)
{
    const char *name = output->format ? output->format : "json";

    *m = (struct message_writer){.run = run};
    m->format = output_format_find(span_of(name));
    m->limit = output->max_bytes > 0 ? output->max_bytes : LIMIT_FRAME_SYSLOG;
    buf_init(&m->bytes, LIMIT_ALERT);
    return m->format && m->format->shortened;
}

void message_clear(struct message_writer *m)
{
    buf_clear(&m->bytes);
}
