// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * cef.c - alerts as ArcSight's Common Event Format, version 0.
 *
 * One line of at most LIMIT_FRAME_SYSLOG bytes, so that it also fits syslog:
 * lists are shortened step by step (words_caps), and flexNumber1 says how
 * far. docs/alerts.md maps the keys. The first key is one that can be done
 * without: liblognorm before 2.0.7 takes its first letter away.
 * Spec: Micro Focus Security ArcSight CEF, revision 25.
 */
#include "output/cef.h"

#include "output/shorten.h"

struct writing {
    struct put p;
    const struct alert *a;
    const struct caps *caps;
};

static void put_head(struct writing *w, const char *text)
{
    escape_put(&w->p, ESCAPE_CEF_HEAD, text, w->caps->name);
    put_byte(&w->p, '|');
}

static void put_key(struct writing *w, const char *key)
{
    put_byte(&w->p, ' ');
    put_text(&w->p, key);
    put_byte(&w->p, '=');
}

static void put_value(struct writing *w, const char *key, const char *value)
{
    if (!value || !value[0])
        return;
    put_key(w, key);
    escape_put(&w->p, ESCAPE_CEF_VALUE, value, w->caps->name);
}

static void put_figure(struct writing *w, const char *key, uint64_t value)
{
    put_key(w, key);
    put_number(&w->p, value);
}

/* A custom column: CEF wants a label with each. */
static void put_label(struct writing *w, const char *key, const char *label)
{
    put_byte(&w->p, ' ');
    put_text(&w->p, key);
    put_text(&w->p, "Label=");
    put_text(&w->p, label);
    put_key(w, key);
}

/* CEF's 0 to 10: low 3, medium 5, high 8, critical 10. */
static const unsigned levels[] = {3, 5, 8, 10};

static void put_address(struct writing *w, bool source)
{
    const struct addr *ip = source ? &w->a->source : &w->a->destination;
    uint16_t port = source ? w->a->source_port : w->a->destination_port;
    char text[ADDR_TEXT];

    if (!words_has(ip))
        return;
    (void)addr_text(ip, text);
    if (addr_is_v4(ip)) {
        put_value(w, source ? "src" : "dst", text);
    } else {
        put_label(w, source ? "c6a2" : "c6a3",
                  source ? "Source IPv6 Address" : "Destination IPv6 Address");
        put_text(&w->p, text);
    }
    if (port != 0)
        put_figure(w, source ? "spt" : "dpt", port);
}

static void put_time(struct writing *w, const char *key, int64_t ns)
{
    put_figure(w, key, ns > 0 ? (uint64_t)ns / 1000000 : 0);
}

static void put_event(struct writing *w)
{
    const struct alert *a = w->a;

    put_text(&w->p, "cat=outflow.alert");
    put_time(w, "rt", a->end_ns);
    put_time(w, "start", a->start_ns);
    put_time(w, "end", a->end_ns);
    put_value(w, "externalId", a->id);
    put_value(w, "act", words_action(a->action));
    put_address(w, true);
    put_address(w, false);
    put_value(w, "dhost", a->domain);
    put_value(w, "suser", a->user);
    put_value(w, "proto", words_transport(a->proto));
    put_value(w, "app", a->channel);
    if (a->direction <= DIRECTION_INBOUND)
        put_figure(w, "deviceDirection",
                   a->direction == DIRECTION_OUTBOUND ? 1 : 0);
    put_value(w, "fname", a->file);
    put_figure(w, "cnt", a->customers);
    put_key(w, "msg");
    words_reason(&w->p, ESCAPE_CEF_VALUE, a, w->caps->name);
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
            put_label(w, "cs1", "fields");
        any = true;
        put_text(&w->p, field_name((enum field_type)i));
        put_byte(&w->p, ':');
        put_number(&w->p, w->a->fields[i]);
    }
}

/* What has several entries, in the custom strings. */
static void put_lists(struct writing *w)
{
    const struct alert *a = w->a;

    if (a->party_count > 0) {
        put_label(w, "cs2", "parties");
        words_parties(&w->p, ESCAPE_CEF_VALUE, a, w->caps);
    }
    if (words_shown(a->document_count, w->caps->documents) > 0) {
        put_label(w, "cs3", "documents");
        words_documents(&w->p, ESCAPE_CEF_VALUE, a, w->caps);
    }
    if (words_shown(a->unread_count, w->caps->unread) > 0) {
        put_label(w, "cs4", "unread");
        words_unread(&w->p, ESCAPE_CEF_VALUE, a, w->caps);
    }
    if (a->anomalies != 0) {
        put_label(w, "cs5", "anomalies");
        words_anomalies(&w->p, a);
    }
}

static void put_figures(struct writing *w)
{
    const struct alert *a = w->a;

    put_label(w, "cs6", "status");
    put_text(&w->p, words_status(a->status));
    put_label(w, "cn1", "records");
    put_number(&w->p, a->records);
    put_label(w, "cn2", "missing_bytes");
    put_number(&w->p, a->missing_bytes);
    put_label(w, "cn3", "customers_estimated");
    put_number(&w->p, a->customers_estimated);
    if (a->action == ACTION_UNREADABLE)
        put_figure(w, "out", a->bytes);
    for (size_t level = 1; level < CAPS_LEVELS; level++) {
        if (w->caps != words_caps(level))
            continue;
        put_label(w, "flexNumber1", "shortened");
        put_number(&w->p, level);
    }
}

static void put_observer(struct writing *w, const struct run_info *run)
{
    put_value(w, "dvchost", run->observer);
}

bool cef_alert(const struct alert *a, const struct run_info *run,
               const struct caps *caps, struct buf *out)
{
    struct writing w = {put_to(out), a, caps};

    put_text(&w.p, "CEF:0|outflow|outflow|" OUTFLOW_VERSION "|");
    put_head(&w, a->rule->id);
    put_head(&w, a->rule->name);
    put_number(&w.p, levels[a->rule->severity]);
    put_byte(&w.p, '|');
    put_event(&w);
    put_fields(&w);
    put_lists(&w);
    put_figures(&w);
    put_observer(&w, run);
    return w.p.ok;
}

/* An event of the sensor's health: cat tells it from alerts. */
static bool cef_event(const struct event *e, const struct run_info *run,
                      struct buf *out)
{
    struct writing w = {put_to(out), NULL, words_caps(0)};
    char id[WORDS_ID];

    put_text(&w.p, "CEF:0|outflow|outflow|" OUTFLOW_VERSION "|");
    put_head(&w, event_name(e->kind));
    words_event_name(&w.p, e);
    put_byte(&w.p, '|');
    put_number(&w.p, levels[event_severity(e->kind)]);
    put_text(&w.p, "|cat=outflow.health");
    put_time(&w, "rt", e->time_ns);
    put_value(&w, "externalId", words_event_id(e, id));
    put_value(&w, "act", event_name(e->kind));
    put_figure(&w, "cnt", e->count);
    put_key(&w, "msg");
    words_event(&w.p, ESCAPE_CEF_VALUE, e);
    if (e->subject[0]) {
        put_label(&w, "cs1", "subject");
        escape_put(&w.p, ESCAPE_CEF_VALUE, e->subject, EVENT_SUBJECT);
    }
    put_label(&w, "cn1", "total");
    put_number(&w.p, e->total);
    put_observer(&w, run);
    return w.p.ok;
}

static bool cef_line(const struct alert *a, const struct run_info *run,
                     struct buf *out)
{
    return shorten_alert(&output_cef, a, run, LIMIT_FRAME_SYSLOG, out) &&
           buf_add_byte(out, '\n');
}

const struct output_format output_cef = {
    .name = "cef",
    .alert = cef_line,
    .shortened = cef_alert,
    .event = cef_event,
};
