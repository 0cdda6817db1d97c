// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * leef.c - alerts as IBM's Log Event Extended Format, version 2.0.
 *
 * The delimiter is ^: relays turn the usual tab into something else. LEEF
 * has no escapes, so a delimiter inside a value, or a | in the header, is
 * written as \xHH, as is all that could break a line. A line has at most
 * LIMIT_FRAME_SYSLOG bytes; `shortened` says how far it was shortened.
 * Spec: IBM QRadar Log Event Extended Format (LEEF), version 2.
 */
#include "output/shorten.h"
#include "output/words.h"
#include "util/clock.h"

/* devTimeFormat, in the words of Java's SimpleDateFormat. */
static const char time_format[] = "yyyy-MM-dd'T'HH:mm:ss.SSSZ";

struct writing {
    struct put p;
    const struct alert *a;
    const struct caps *caps;
    bool any; /* an attribute stands in front */
};

extern const struct output_format output_leef;

static void put_key(struct writing *w, const char *key)
{
    if (w->any)
        put_byte(&w->p, '^');
    w->any = true;
    put_text(&w->p, key);
    put_byte(&w->p, '=');
}

static void put_name(struct writing *w, const char *name)
{
    escape_put(&w->p, ESCAPE_LEEF, name, w->caps->name);
}

static void put_value(struct writing *w, const char *key, const char *value)
{
    if (!value || !value[0])
        return;
    put_key(w, key);
    put_name(w, value);
}

static void put_figure(struct writing *w, const char *key, uint64_t value)
{
    put_key(w, key);
    put_number(&w->p, value);
}

/* "2011-08-05T01:03:05.123+0000" */
static void put_time(struct writing *w, const char *key, int64_t ns)
{
    char text[CLOCK_TEXT];

    put_key(w, key);
    (void)clock_text(ns, text);
    put_bytes(&w->p,
              span_head(span_of(text), sizeof("yyyy-MM-ddTHH:mm:ss.SSS") - 1));
    put_text(&w->p, "+0000");
}

/* LEEF's 1 to 10: low 3, medium 5, high 8, critical 10. */
static const unsigned levels[] = {3, 5, 8, 10};

static void put_head(struct writing *w, const char *event, size_t cut)
{
    put_text(&w->p, "LEEF:2.0|outflow|outflow|" OUTFLOW_VERSION "|");
    escape_put(&w->p, ESCAPE_LEEF_HEAD, event, cut);
    put_text(&w->p, "|^|");
}

static void put_common(struct writing *w, const char *category, int64_t time_ns,
                       enum severity severity)
{
    put_value(w, "cat", category);
    put_time(w, "devTime", time_ns);
    put_value(w, "devTimeFormat", time_format);
    put_figure(w, "sev", levels[severity]);
}

static void put_end(struct writing *w, bool source)
{
    const struct addr *ip = source ? &w->a->source : &w->a->destination;
    uint16_t port = source ? w->a->source_port : w->a->destination_port;
    char text[ADDR_TEXT];

    if (!words_has(ip))
        return;
    put_value(w, source ? "src" : "dst", addr_text(ip, text));
    if (port != 0)
        put_figure(w, source ? "srcPort" : "dstPort", port);
}

static void put_route(struct writing *w)
{
    const struct alert *a = w->a;

    put_end(w, true);
    put_end(w, false);
    put_value(w, "proto", words_transport(a->proto));
    put_value(w, "usrName", a->user);
    put_value(w, "groupName", a->group);
    put_value(w, "domain", a->domain);
    put_value(w, "channel", a->channel);
    put_value(w, "direction", direction_name(a->direction));
    put_value(w, "fileName", a->file);
    put_value(w, "policy", a->rule->name);
}

static void put_fields(struct writing *w)
{
    bool any = false;

    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (w->a->fields[i] == 0)
            continue;
        if (any)
            put_byte(&w->p, ' ');
        else
            put_key(w, "fields");
        any = true;
        put_text(&w->p, field_name((enum field_type)i));
        put_byte(&w->p, ':');
        put_number(&w->p, w->a->fields[i]);
    }
}

static void put_figures(struct writing *w)
{
    const struct alert *a = w->a;

    put_value(w, "eventId", a->id);
    put_figure(w, "sequence", a->sequence);
    put_value(w, "status", words_status(a->status));
    put_time(w, "startTime", a->start_ns);
    put_time(w, "endTime", a->end_ns);
    put_figure(w, "customers", a->customers);
    put_figure(w, "records", a->records);
    put_figure(w, "customersEstimated", a->customers_estimated);
    put_fields(w);
    put_figure(w, "transfers", a->transfers);
    put_figure(w, "missingBytes", a->missing_bytes);
    if (a->action == ACTION_UNREADABLE)
        put_figure(w, "unreadBytes", a->bytes);
    put_key(w, "reason");
    words_reason(&w->p, ESCAPE_LEEF, a, w->caps->name);
}

static void put_lists(struct writing *w)
{
    const struct alert *a = w->a;

    if (a->party_count > 0) {
        put_key(w, "parties");
        words_parties(&w->p, ESCAPE_LEEF, a, w->caps);
    }
    if (words_shown(a->document_count, w->caps->documents) > 0) {
        put_key(w, "documents");
        words_documents(&w->p, ESCAPE_LEEF, a, w->caps);
    }
    if (words_shown(a->unread_count, w->caps->unread) > 0) {
        put_key(w, "unread");
        words_unread(&w->p, ESCAPE_LEEF, a, w->caps);
    }
    if (a->anomalies != 0) {
        put_key(w, "anomalies");
        words_anomalies(&w->p, a);
    }
}

static bool leef_alert(const struct alert *a, const struct run_info *run,
                       const struct caps *caps, struct buf *out)
{
    struct writing w = {put_to(out), a, caps, false};

    put_head(&w, a->rule->id, caps->name);
    put_common(&w, words_action(a->action), a->end_ns, a->rule->severity);
    put_route(&w);
    put_figures(&w);
    put_lists(&w);
    for (size_t level = 1; level < CAPS_LEVELS; level++) {
        if (caps == words_caps(level))
            put_figure(&w, "shortened", level);
    }
    put_value(&w, "sensor", run->observer);
    return w.p.ok;
}

static bool leef_line(const struct alert *a, const struct run_info *run,
                      struct buf *out)
{
    return shorten_alert(&output_leef, a, run, LIMIT_FRAME_SYSLOG, out) &&
           buf_add_byte(out, '\n');
}

static bool leef_event(const struct event *e, const struct run_info *run,
                       struct buf *out)
{
    struct writing w = {put_to(out), NULL, words_caps(0), false};
    char id[WORDS_ID];

    put_head(&w, event_name(e->kind), EVENT_SUBJECT);
    put_common(&w, "outflow.health", e->time_ns, event_severity(e->kind));
    put_value(&w, "eventId", words_event_id(e, id));
    put_figure(&w, "sequence", 1);
    put_value(&w, "subject", e->subject);
    put_figure(&w, "count", e->count);
    put_figure(&w, "total", e->total);
    put_key(&w, "reason");
    words_event(&w.p, ESCAPE_LEEF, e);
    put_value(&w, "sensor", run->observer);
    return w.p.ok;
}

const struct output_format output_leef = {
    .name = "leef",
    .alert = leef_line,
    .shortened = leef_alert,
    .event = leef_event,
};
