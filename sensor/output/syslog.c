// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * syslog.c - alerts as RFC 5424 messages.
 *
 * Header, structured data, then the alert as CEF or JSON behind a byte order
 * mark. A message has at most LIMIT_FRAME_SYSLOG bytes: the alert is
 * shortened in the steps of words_caps until it fits, never cut. The time is
 * the packet time, so that the same capture gives the same messages.
 * Spec: RFC 5424.
 */
#include <stdlib.h>
#include <string.h>

#include "outflow/output.h"
#include "output/cef.h"
#include "output/json.h"
#include "output/wire.h"
#include "util/clock.h"

enum {
    FACILITY = 16,  /* local0 */
    PORT = 514,     /* RFC 5426 3.3; also what TCP receivers listen to */
    HOSTNAME = 255, /* RFC 5424 6: longest HOSTNAME */
    PARAM = 64,     /* bytes of a parameter's value */
};

typedef bool alert_writer(const struct alert *a, const struct run_info *run,
                          const struct caps *caps, struct buf *out);

struct syslog {
    struct wire wire;
    const struct run_info *run; /* borrowed */
    alert_writer *write;
    uint32_t sequence; /* of the last message; RFC 5424 7.3.1 */
    struct buf frame;
};

/* Syslog's severities: critical, error, warning, notice. */
static unsigned priority(const struct alert *a)
{
    static const unsigned severities[] = {5, 4, 3, 2};

    return FACILITY * 8 + severities[a->rule->severity];
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

static void put_data(struct put *p, const struct syslog *s,
                     const struct alert *a)
{
    char address[ADDR_TEXT];

    put_text(p, "[meta");
    put_figure(p, "sequenceId", s->sequence);
    put_text(p, "][outflow@32473");
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

static bool write_frame(struct syslog *s, const struct alert *a,
                        const struct caps *caps)
{
    struct put p = put_to(&s->frame);
    char time[CLOCK_TEXT];

    buf_reset(&s->frame);
    put_byte(&p, '<');
    put_number(&p, priority(a));
    put_text(&p, ">1 ");
    put_text(&p, clock_text(a->end_ns, time));
    put_byte(&p, ' ');
    put_host(&p, s->run->observer);
    put_text(&p, " outflow - ");
    put_text(&p, words_action(a->action));
    put_byte(&p, ' ');
    put_data(&p, s, a);
    put_text(&p, " \xEF\xBB\xBF");
    return p.ok && s->write(a, s->run, caps, &s->frame);
}

static bool fill_wire(struct syslog *s, const struct output_settings *from,
                      struct problems *problems)
{
    const char *transport = from->transport ? from->transport : "unix";
    bool local = strcmp(transport, "unix") == 0;

    if (!local && strcmp(transport, "udp") != 0 &&
        strcmp(transport, "tcp") != 0) {
        problems_add(problems,
                     "%s:%u: transport: want unix, udp or tcp, have %s",
                     from->file, from->line, transport);
        return false;
    }
    if (!local && !from->host) {
        problems_add(problems, "%s:%u: host: want the receiver's name",
                     from->file, from->line);
        return false;
    }
    s->wire.transport = transport;
    s->wire.host = from->host;
    s->wire.path = from->path ? from->path : "/dev/log";
    s->wire.port = from->port ? from->port : PORT;
    return true;
}

static bool choose_writer(struct syslog *s, const struct output_settings *from,
                          struct problems *problems)
{
    const char *format = from->format ? from->format : "json";

    s->write = strcmp(format, "cef") == 0    ? cef_alert
               : strcmp(format, "json") == 0 ? json_alert
                                             : NULL;
    if (!s->write)
        problems_add(problems,
                     "%s:%u: format: want cef or json for syslog, have %s",
                     from->file, from->line, format);
    return s->write != NULL;
}

struct syslog *syslog_open(const struct output_settings *settings,
                           const struct run_info *run,
                           struct problems *problems)
{
    struct syslog *s = calloc(1, sizeof(*s));
    const char *why = "out of memory";

    if (!s) {
        problems_add(problems, "syslog: %s", why);
        return NULL;
    }
    s->run = run;
    s->wire.fd = -1;
    buf_init(&s->frame, LIMIT_ALERT);
    buf_init(&s->wire.tail, LIMIT_RESEND);
    if (fill_wire(s, settings, problems) &&
        choose_writer(s, settings, problems)) {
        if (wire_open(&s->wire, &why))
            return s;
        problems_add(problems, "%s:%u: outputs: cannot reach syslog at %s: %s",
                     settings->file, settings->line,
                     s->wire.host ? s->wire.host : s->wire.path, why);
    }
    syslog_close(s);
    return NULL;
}

enum err syslog_send(struct syslog *s, const struct alert *a)
{
    bool fits = false;

    s->sequence = s->sequence == INT32_MAX ? 1 : s->sequence + 1;
    for (size_t level = 0; level < CAPS_LEVELS && !fits; level++) {
        if (!write_frame(s, a, words_caps(level)))
            return ERR_MEMORY;
        fits = s->frame.len <= LIMIT_FRAME_SYSLOG;
    }
    return fits ? wire_send(&s->wire, buf_span(&s->frame)) : ERR_LIMIT;
}

void syslog_close(struct syslog *s)
{
    if (!s)
        return;
    wire_close(&s->wire);
    buf_clear(&s->frame);
    free(s);
}
