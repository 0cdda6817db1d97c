// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * json.c - alerts as JSON, one object a line, with ECS names.
 *
 * Keys stand in the order of the interface and of docs/alerts.md. A key
 * whose value is not known is left out; what the wire chose is escaped.
 */
#include "output/json.h"

#include "output/writing.h"
#include "util/clock.h"

static void put_time(struct writing *w, const char *key, int64_t ns)
{
    char text[CLOCK_TEXT];

    jsonw_word(&w->j, key, clock_text(ns, text));
}

static void put_event(struct writing *w)
{
    struct jsonw *j = &w->j;
    const struct alert *a = w->a;

    jsonw_open(j, "event", '{');
    jsonw_word(j, "kind", "alert");
    jsonw_open(j, "category", '[');
    jsonw_word(j, NULL, "network");
    jsonw_close(j, ']');
    jsonw_open(j, "type", '[');
    jsonw_word(j, NULL, "info");
    jsonw_close(j, ']');
    jsonw_word(j, "module", "outflow");
    jsonw_word(j, "dataset", "outflow.alert");
    jsonw_word(j, "action", words_action(a->action));
    jsonw_word(j, "id", a->id);
    jsonw_number(j, "sequence", a->sequence);
    put_time(w, "start", a->start_ns);
    put_time(w, "end", a->end_ns);
    jsonw_number(j, "severity", words_severity_number(a->rule->severity));
    jsonw_text_begin(j, "reason");
    words_reason(&j->put, ESCAPE_JSON, a, w->caps->name);
    jsonw_text_end(j);
    jsonw_close(j, '}');
}

static void put_rule(struct writing *w)
{
    jsonw_open(&w->j, "rule", '{');
    put_name(w, "id", w->a->rule->id);
    put_name(w, "name", w->a->rule->name);
    jsonw_close(&w->j, '}');
}

static void put_user(struct writing *w)
{
    if (!w->a->user)
        return;
    jsonw_open(&w->j, "user", '{');
    put_name(w, "name", w->a->user);
    if (w->a->group) {
        jsonw_open(&w->j, "group", '{');
        put_name(w, "name", w->a->group);
        jsonw_close(&w->j, '}');
    }
    jsonw_close(&w->j, '}');
}

static void put_end(struct writing *w, const char *key, bool source,
                    const char *domain)
{
    const struct addr *ip = source ? &w->a->source : &w->a->destination;
    uint16_t port = source ? w->a->source_port : w->a->destination_port;
    char text[ADDR_TEXT];

    if (!words_has(ip) && !domain)
        return;
    jsonw_open(&w->j, key, '{');
    if (words_has(ip))
        jsonw_word(&w->j, "ip", addr_text(ip, text));
    if (port != 0)
        jsonw_number(&w->j, "port", port);
    if (domain)
        put_name(w, "domain", domain);
    jsonw_close(&w->j, '}');
}

/* Sender and receiver of the data, then who opened the connection. */
static void put_ends(struct writing *w)
{
    put_end(w, "source", true, NULL);
    put_end(w, "destination", false, w->a->domain);
    put_end(w, "client", w->a->client_sends, NULL);
    put_end(w, "server", !w->a->client_sends, NULL);
}

static void put_network(struct writing *w)
{
    const struct alert *a = w->a;
    const char *transport = words_transport(a->proto);

    jsonw_open(&w->j, "network", '{');
    if (transport)
        jsonw_word(&w->j, "transport", transport);
    if (a->channel && a->channel[0])
        put_name(w, "protocol", a->channel);
    jsonw_word(&w->j, "direction", direction_name(a->direction));
    if (a->community_id[0])
        jsonw_word(&w->j, "community_id", a->community_id);
    jsonw_close(&w->j, '}');
}

static void put_mail(struct writing *w)
{
    const struct alert *a = w->a;
    size_t count = words_shown(a->mail_to_count, w->caps->addresses);

    if (!a->mail_from && a->mail_to_count == 0)
        return;
    jsonw_open(&w->j, "email", '{');
    if (a->mail_from) {
        jsonw_open(&w->j, "from", '{');
        jsonw_open(&w->j, "address", '[');
        put_name(w, NULL, a->mail_from);
        jsonw_close(&w->j, ']');
        jsonw_close(&w->j, '}');
    }
    if (a->mail_to_count > 0) {
        jsonw_open(&w->j, "to", '{');
        jsonw_open(&w->j, "address", '[');
        for (size_t i = 0; i < count; i++)
            put_name(w, NULL, a->mail_to[i]);
        jsonw_close(&w->j, ']');
        jsonw_close(&w->j, '}');
    }
    jsonw_close(&w->j, '}');
}

static void put_file_and_threat(struct writing *w)
{
    const struct rule *rule = w->a->rule;

    if (w->a->file && w->a->file[0]) {
        jsonw_open(&w->j, "file", '{');
        put_name(w, "name", w->a->file);
        jsonw_close(&w->j, '}');
    }
    if (rule->attack_count == 0)
        return;
    jsonw_open(&w->j, "threat", '{');
    jsonw_open(&w->j, "technique", '{');
    jsonw_open(&w->j, "id", '[');
    for (size_t i = 0; i < words_shown(rule->attack_count, w->caps->name / 8);
         i++)
        jsonw_name(&w->j, NULL, rule->attack[i], w->caps->name / 4);
    jsonw_close(&w->j, ']');
    jsonw_close(&w->j, '}');
    jsonw_close(&w->j, '}');
}

static void put_observer(struct writing *w)
{
    jsonw_open(&w->j, "observer", '{');
    put_name(w, "name", w->run->observer);
    jsonw_word(&w->j, "product", "outflow");
    jsonw_word(&w->j, "version", OUTFLOW_VERSION);
    jsonw_close(&w->j, '}');
}

static void put_parties(struct writing *w)
{
    const struct alert *a = w->a;

    if (a->party_count == 0)
        return;
    put_name(w, "party", a->parties[0].name);
    if (a->party_count + a->party_more < 2)
        return;
    jsonw_open(&w->j, "parties", '[');
    for (size_t i = 0; i < words_shown(a->party_count, w->caps->parties); i++)
        put_name(w, NULL, a->parties[i].name);
    jsonw_close(&w->j, ']');
}

static void put_customers(struct writing *w)
{
    const struct alert *a = w->a;

    jsonw_number(&w->j, "customers", a->customers);
    jsonw_number(&w->j, "records", a->records);
    jsonw_number(&w->j, "customers_estimated", a->customers_estimated);
    jsonw_open(&w->j, "fields", '{');
    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (a->fields[i] > 0)
            jsonw_number(&w->j, field_name((enum field_type)i), a->fields[i]);
    }
    jsonw_close(&w->j, '}');
}

static void put_documents(struct writing *w)
{
    const struct alert *a = w->a;

    jsonw_number(&w->j, "transfers", a->transfers);
    jsonw_open(&w->j, "documents", '[');
    for (size_t i = 0; i < words_shown(a->document_count, w->caps->documents);
         i++)
        jsonw_name(&w->j, NULL, a->documents[i], w->caps->trail);
    jsonw_close(&w->j, ']');
}

static void put_unseen(struct writing *w)
{
    const struct alert *a = w->a;

    jsonw_number(&w->j, "missing_bytes", a->missing_bytes);
    jsonw_open(&w->j, "unread", '[');
    for (size_t i = 0; i < words_shown(a->unread_count, w->caps->unread); i++) {
        jsonw_open(&w->j, NULL, '{');
        put_name(w, "kind", a->unread[i].kind);
        jsonw_number(&w->j, "bytes", a->unread[i].bytes);
        jsonw_word(&w->j, "why", why_name(a->unread[i].why));
        jsonw_close(&w->j, '}');
    }
    jsonw_close(&w->j, ']');
    if (a->action == ACTION_UNREADABLE)
        jsonw_number(&w->j, "bytes", a->bytes);
    jsonw_open(&w->j, "anomalies", '[');
    for (unsigned i = 0; i < ANOMALIES; i++) {
        if (a->anomalies & (UINT32_C(1) << i))
            jsonw_word(&w->j, NULL, anomaly_name((enum anomaly)i));
    }
    jsonw_close(&w->j, ']');
}

static void put_identity(struct writing *w)
{
    const struct alert *a = w->a;

    jsonw_bool(&w->j, "exact", a->exact);
    jsonw_null(&w->j, "index");
    jsonw_open(&w->j, "identity", '{');
    jsonw_word(&w->j, "from", identity_from_name(a->identity));
    jsonw_word(&w->j, "confidence", a->low_confidence ? "low" : "high");
    if (a->identity_other && a->identity_other[0])
        put_name(w, "other", a->identity_other);
    jsonw_close(&w->j, '}');
}

static void put_evidence(struct writing *w)
{
    const struct alert *a = w->a;

    jsonw_open(&w->j, "evidence", '[');
    for (size_t i = 0; i < words_shown(a->evidence_count, w->caps->evidence);
         i++) {
        const struct alert_evidence *e = &a->evidence[i];
        const char *capture = e->capture < w->run->capture_count
                                  ? w->run->captures[e->capture]
                                  : "";
        jsonw_open(&w->j, NULL, '{');
        jsonw_name(&w->j, "capture", capture, w->caps->capture);
        jsonw_number(&w->j, "first_packet", e->first_packet);
        jsonw_number(&w->j, "last_packet", e->last_packet);
        jsonw_word(&w->j, "community_id", e->community_id);
        jsonw_close(&w->j, '}');
    }
    jsonw_close(&w->j, ']');
}

static void put_partner(struct writing *w)
{
    if (!w->a->partner)
        return;
    jsonw_open(&w->j, "partner", '{');
    put_name(w, "name", w->a->partner);
    put_name(w, "clause", w->a->clause);
    jsonw_close(&w->j, '}');
}

/* What the lists above leave out: entries not held, and entries not shown. */
static void put_more(struct writing *w)
{
    const struct alert *a = w->a;
    const struct caps *c = w->caps;
    const struct {
        const char *key;
        size_t more, held, shown;
    } lists[] = {
        {"documents", a->document_more, a->document_count, c->documents},
        {"parties", a->party_more, a->party_count,
         c->parties > 0 ? c->parties : 1},
        {"addresses", a->mail_to_more, a->mail_to_count, c->addresses},
        {"evidence", a->evidence_more, a->evidence_count, c->evidence},
        {"unread", 0, a->unread_count, c->unread},
    };
    bool open = false;

    for (size_t i = 0; i < COUNT(lists); i++) {
        size_t left = lists[i].more + lists[i].held -
                      words_shown(lists[i].held, lists[i].shown);
        if (left == 0)
            continue;
        if (!open)
            jsonw_open(&w->j, "more", '{');
        open = true;
        jsonw_number(&w->j, lists[i].key, left);
    }
    if (open)
        jsonw_close(&w->j, '}');
}

static void put_own(struct writing *w)
{
    jsonw_open(&w->j, "outflow", '{');
    jsonw_word(&w->j, "status", words_status(w->a->status));
    jsonw_word(&w->j, "severity", words_severity(w->a->rule->severity));
    put_parties(w);
    if (w->a->channel && w->a->channel[0])
        put_name(w, "channel", w->a->channel);
    put_customers(w);
    put_documents(w);
    put_unseen(w);
    put_identity(w);
    put_evidence(w);
    put_partner(w);
    put_more(w);
    jsonw_close(&w->j, '}');
}

bool json_alert(const struct alert *a, const struct run_info *run,
                const struct caps *caps, struct buf *out)
{
    struct writing w = {{put_to(out), false}, a, run, caps};

    jsonw_open(&w.j, NULL, '{');
    put_time(&w, "@timestamp", a->end_ns);
    jsonw_open(&w.j, "ecs", '{');
    jsonw_word(&w.j, "version", "8.11");
    jsonw_close(&w.j, '}');
    put_event(&w);
    put_rule(&w);
    put_user(&w);
    put_ends(&w);
    put_network(&w);
    put_mail(&w);
    put_file_and_threat(&w);
    put_observer(&w);
    put_own(&w);
    jsonw_close(&w.j, '}');
    return w.j.put.ok;
}

static bool json_line(const struct alert *a, const struct run_info *run,
                      struct buf *out)
{
    return json_alert(a, run, words_caps(0), out) && buf_add_byte(out, '\n');
}

static void put_health(struct writing *w, const struct event *e)
{
    struct jsonw *j = &w->j;
    char id[WORDS_ID];

    jsonw_open(j, "event", '{');
    jsonw_word(j, "kind", "event");
    jsonw_open(j, "category", '[');
    jsonw_word(j, NULL, "host");
    jsonw_close(j, ']');
    jsonw_open(j, "type", '[');
    jsonw_word(j, NULL, "info");
    jsonw_close(j, ']');
    jsonw_word(j, "module", "outflow");
    jsonw_word(j, "dataset", "outflow.health");
    jsonw_word(j, "action", event_name(e->kind));
    jsonw_word(j, "id", words_event_id(e, id));
    jsonw_number(j, "sequence", 1);
    jsonw_number(j, "severity", words_severity_number(event_severity(e->kind)));
    jsonw_text_begin(j, "reason");
    words_event(&j->put, ESCAPE_JSON, e);
    jsonw_text_end(j);
    jsonw_close(j, '}');
}

static bool json_event(const struct event *e, const struct run_info *run,
                       struct buf *out)
{
    struct writing w = {{put_to(out), false}, NULL, run, words_caps(0)};

    jsonw_open(&w.j, NULL, '{');
    put_time(&w, "@timestamp", e->time_ns);
    jsonw_open(&w.j, "ecs", '{');
    jsonw_word(&w.j, "version", "8.11");
    jsonw_close(&w.j, '}');
    put_health(&w, e);
    put_observer(&w);
    jsonw_open(&w.j, "outflow", '{');
    jsonw_word(&w.j, "severity", words_severity(event_severity(e->kind)));
    if (e->subject[0])
        jsonw_name(&w.j, "subject", e->subject, EVENT_SUBJECT);
    jsonw_number(&w.j, "count", e->count);
    jsonw_number(&w.j, "total", e->total);
    if (e->text[0])
        jsonw_name(&w.j, "text", e->text, EVENT_TEXT);
    jsonw_close(&w.j, '}');
    jsonw_close(&w.j, '}');
    return w.j.put.ok;
}

const struct output_format output_json = {
    .name = "json",
    .alert = json_line,
    .shortened = json_alert,
    .event = json_event,
};
