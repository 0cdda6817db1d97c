// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ocsf.c - alerts as OCSF Data Security Findings (class 2006), events of
 * health as Base Events.
 *
 * One JSON object a line. Enumerated attributes come with their captions;
 * what the schema has no place for stands in `unmapped`. An incident that is
 * final is no finding that somebody closed: its activity is an update.
 * Spec: Open Cybersecurity Schema Framework 1.4.0.
 */
#include "output/shorten.h"
#include "output/words.h"
#include "output/writing.h"

#define VERSION "1.4.0"

enum { CLASS = 2006, CATEGORY = 2, TYPES = 100 };
enum { CREATE = 1, UPDATE = 2 };
enum { DIRECT = 1, OTHER = 99 };

/* Of data_classification.category_id. */
enum { PERSONAL = 1, GOVERNMENTAL = 2, FINANCIAL = 3 };

static void put_ms(struct writing *w, const char *key, int64_t ns)
{
    jsonw_number(&w->j, key, ns > 0 ? (uint64_t)ns / 1000000 : 0);
}

static void put_enum(struct writing *w, const char *id, unsigned number,
                     const char *key, const char *caption)
{
    jsonw_number(&w->j, id, number);
    jsonw_word(&w->j, key, caption);
}

static void put_severity(struct writing *w, enum severity severity)
{
    static const char *const captions[] = {"Low", "Medium", "High", "Critical"};

    put_enum(w, "severity_id", (unsigned)severity + 2, "severity",
             captions[severity]);
}

static void put_reason(struct writing *w, const char *key)
{
    jsonw_text_begin(&w->j, key);
    words_reason(&w->j.put, ESCAPE_JSON, w->a, w->caps->name);
    jsonw_text_end(&w->j);
}

static void put_class(struct writing *w)
{
    bool first = w->a->status == ALERT_OPEN || w->a->sequence <= 1;
    unsigned activity = first ? CREATE : UPDATE;

    put_enum(w, "activity_id", activity, "activity_name",
             first ? "Create" : "Update");
    put_enum(w, "category_uid", CATEGORY, "category_name", "Findings");
    put_enum(w, "class_uid", CLASS, "class_name", "Data Security Finding");
    put_enum(w, "type_uid", CLASS * TYPES + activity, "type_name",
             first ? "Data Security Finding: Create"
                   : "Data Security Finding: Update");
    put_ms(w, "time", w->a->end_ns);
    put_ms(w, "start_time", w->a->start_ns);
    put_ms(w, "end_time", w->a->end_ns);
    put_severity(w, w->a->rule->severity);
    put_enum(w, "status_id", 1, "status", "New");
    put_enum(w, "confidence_id", w->a->low_confidence ? 1 : 3, "confidence",
             w->a->low_confidence ? "Low" : "High");
    jsonw_bool(&w->j, "is_alert", true);
    put_reason(w, "message");
}

static void put_metadata(struct writing *w, const char *id, unsigned sequence,
                         const char *log)
{
    struct jsonw *j = &w->j;

    jsonw_open(j, "metadata", '{');
    jsonw_word(j, "version", VERSION);
    jsonw_open(j, "product", '{');
    jsonw_word(j, "name", "outflow");
    jsonw_word(j, "vendor_name", "outflow");
    jsonw_word(j, "version", OUTFLOW_VERSION);
    jsonw_close(j, '}');
    jsonw_text_begin(j, "uid");
    put_text(&j->put, id);
    put_byte(&j->put, '-');
    put_number(&j->put, sequence);
    jsonw_text_end(j);
    jsonw_word(j, "correlation_uid", id);
    jsonw_number(j, "sequence", sequence);
    jsonw_word(j, "log_name", log);
    jsonw_word(j, "log_provider", "outflow");
    jsonw_close(j, '}');
}

/* "T1048.003" is a sub-technique, "T1048" a technique. */
static void put_attacks(struct writing *w)
{
    const struct rule *rule = w->a->rule;
    size_t shown = words_shown(rule->attack_count, w->caps->name / 8);

    if (shown == 0)
        return;
    jsonw_open(&w->j, "attacks", '[');
    for (size_t i = 0; i < shown; i++) {
        struct span id = span_of(rule->attack[i]);
        bool sub = span_find(id, '.') < id.len;
        jsonw_open(&w->j, NULL, '{');
        jsonw_open(&w->j, sub ? "sub_technique" : "technique", '{');
        jsonw_name(&w->j, "uid", rule->attack[i], w->caps->name / 4);
        jsonw_close(&w->j, '}');
        jsonw_close(&w->j, '}');
    }
    jsonw_close(&w->j, ']');
}

static void put_finding(struct writing *w)
{
    struct jsonw *j = &w->j;
    const struct alert *a = w->a;

    jsonw_open(j, "finding_info", '{');
    jsonw_word(j, "uid", a->id);
    put_name(w, "title", a->rule->name);
    put_reason(w, "desc");
    jsonw_open(j, "types", '[');
    jsonw_word(j, NULL, words_action(a->action));
    jsonw_close(j, ']');
    put_ms(w, "created_time", a->start_ns);
    put_ms(w, "modified_time", a->end_ns);
    put_ms(w, "first_seen_time", a->start_ns);
    put_ms(w, "last_seen_time", a->end_ns);
    jsonw_open(j, "analytic", '{');
    put_enum(w, "type_id", 1, "type", "Rule");
    put_name(w, "uid", a->rule->id);
    put_name(w, "name", a->rule->name);
    jsonw_close(j, '}');
    put_attacks(w);
    jsonw_close(j, '}');
}

static unsigned category_of(enum field_type type)
{
    switch (type) {
    case FIELD_NATIONAL_ID:
        return GOVERNMENTAL;
    case FIELD_ACCOUNT_NUMBER:
    case FIELD_CARD_NUMBER:
    case FIELD_IBAN:
    case FIELD_ACCOUNT_OPENED:
    case FIELD_SECURITY_CODE:
    case FIELD_PIN:
        return FINANCIAL;
    default:
        return PERSONAL;
    }
}

/* The category of all types exposed; several are Other. */
static void put_category(struct writing *w)
{
    static const char *const captions[] = {"Unknown", "Personal",
                                           "Governmental", "Financial"};
    unsigned seen = 0, count = 0, last = 0;

    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (w->a->fields[i] > 0)
            seen |= 1u << category_of((enum field_type)i);
    }
    for (unsigned i = PERSONAL; i <= FINANCIAL; i++) {
        count += seen >> i & 1;
        last = seen >> i & 1 ? i : last;
    }
    jsonw_number(&w->j, "category_id", count > 1 ? OTHER : last);
    jsonw_text_begin(&w->j, "category");
    if (count == 0)
        put_text(&w->j.put, captions[0]);
    for (unsigned i = PERSONAL; i <= FINANCIAL; i++) {
        if (!(seen >> i & 1))
            continue;
        put_text(&w->j.put, captions[i]);
        if (i < last)
            put_text(&w->j.put, ", ");
    }
    jsonw_text_end(&w->j);
}

/* "card_number, person_name": what the detectors recognised. */
static void put_pattern(struct writing *w)
{
    bool any = false;

    jsonw_text_begin(&w->j, "detection_pattern");
    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (w->a->fields[i] == 0)
            continue;
        put_text(&w->j.put, any ? ", " : "");
        put_text(&w->j.put, field_name((enum field_type)i));
        any = true;
    }
    put_text(&w->j.put, any ? "" : words_action(w->a->action));
    jsonw_text_end(&w->j);
}

static void put_data_security(struct writing *w)
{
    jsonw_open(&w->j, "data_security", '{');
    put_category(w);
    put_enum(w, "data_lifecycle_state_id", 2, "data_lifecycle_state",
             "Data in-Transit");
    put_pattern(w);
    put_enum(w, "detection_system_id", OTHER, "detection_system",
             "Network sensor");
    jsonw_open(&w->j, "policy", '{');
    put_name(w, "uid", w->a->rule->id);
    put_name(w, "name", w->a->rule->name);
    jsonw_close(&w->j, '}');
    jsonw_close(&w->j, '}');
}

static void put_actor(struct writing *w)
{
    if (!w->a->user)
        return;
    jsonw_open(&w->j, "actor", '{');
    jsonw_open(&w->j, "user", '{');
    put_name(w, "name", w->a->user);
    if (w->a->group) {
        jsonw_open(&w->j, "groups", '[');
        jsonw_open(&w->j, NULL, '{');
        put_name(w, "name", w->a->group);
        jsonw_close(&w->j, '}');
        jsonw_close(&w->j, ']');
    }
    jsonw_close(&w->j, '}');
    jsonw_close(&w->j, '}');
}

/* What the schema takes for a host name: labels of letters and digits. */
static bool is_hostname(const char *name)
{
    char before = '.';

    for (const char *at = name; *at; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') ||
                      (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (!letter && *at != '-' && *at != '.')
            return false;
        if (!letter && (before == '.' || (*at == '.' && before == '-')))
            return false;
        before = *at;
    }
    return before != '.' && before != '-';
}

static void put_end(struct writing *w, const char *key, bool source)
{
    const struct addr *ip = source ? &w->a->source : &w->a->destination;
    uint16_t port = source ? w->a->source_port : w->a->destination_port;
    const char *domain = source ? NULL : w->a->domain;
    char text[ADDR_TEXT];

    if (!words_has(ip) && !domain)
        return;
    jsonw_open(&w->j, key, '{');
    if (words_has(ip))
        jsonw_word(&w->j, "ip", addr_text(ip, text));
    if (port != 0)
        jsonw_number(&w->j, "port", port);
    if (domain)
        put_name(w, is_hostname(domain) ? "hostname" : "name", domain);
    jsonw_close(&w->j, '}');
}

static void put_file(struct writing *w)
{
    if (!w->a->file || !w->a->file[0])
        return;
    jsonw_open(&w->j, "file", '{');
    put_name(w, "name", w->a->file);
    put_enum(w, "type_id", DIRECT, "type", "Regular File");
    jsonw_close(&w->j, '}');
}

static void put_observable(struct writing *w, const char *path, unsigned type,
                           const char *caption, const char *value)
{
    jsonw_open(&w->j, NULL, '{');
    jsonw_word(&w->j, "name", path);
    put_enum(w, "type_id", type, "type", caption);
    put_name(w, "value", value);
    jsonw_close(&w->j, '}');
}

static void put_observables(struct writing *w)
{
    const struct alert *a = w->a;
    char text[ADDR_TEXT];

    if (!a->user && !words_has(&a->source) && !words_has(&a->destination))
        return;
    jsonw_open(&w->j, "observables", '[');
    if (a->user)
        put_observable(w, "actor.user.name", 4, "User Name", a->user);
    if (words_has(&a->source))
        put_observable(w, "src_endpoint.ip", 2, "IP Address",
                       addr_text(&a->source, text));
    if (words_has(&a->destination))
        put_observable(w, "dst_endpoint.ip", 2, "IP Address",
                       addr_text(&a->destination, text));
    jsonw_close(&w->j, ']');
}

static void put_lists(struct writing *w)
{
    const struct alert *a = w->a;
    struct jsonw *j = &w->j;
    size_t parties = words_shown_parties(a->party_count, w->caps);
    size_t documents = words_shown(a->document_count, w->caps->documents);
    size_t unread = words_shown(a->unread_count, w->caps->unread);

    jsonw_open(j, "parties", '[');
    for (size_t i = 0; i < parties; i++)
        put_name(w, NULL, a->parties[i].name);
    jsonw_close(j, ']');
    jsonw_number(j, "parties_more", a->party_count - parties + a->party_more);
    jsonw_open(j, "documents", '[');
    for (size_t i = 0; i < documents; i++)
        jsonw_name(j, NULL, a->documents[i], w->caps->trail);
    jsonw_close(j, ']');
    jsonw_number(j, "documents_more",
                 a->document_count - documents + a->document_more);
    jsonw_open(j, "unread", '[');
    for (size_t i = 0; i < unread; i++) {
        jsonw_open(j, NULL, '{');
        put_name(w, "kind", a->unread[i].kind);
        jsonw_number(j, "bytes", a->unread[i].bytes);
        jsonw_word(j, "why", why_name(a->unread[i].why));
        jsonw_close(j, '}');
    }
    jsonw_close(j, ']');
    jsonw_open(j, "anomalies", '[');
    for (unsigned i = 0; i < ANOMALIES; i++) {
        if (a->anomalies & (UINT32_C(1) << i))
            jsonw_word(j, NULL, anomaly_name((enum anomaly)i));
    }
    jsonw_close(j, ']');
}

static void put_unmapped(struct writing *w)
{
    const struct alert *a = w->a;
    struct jsonw *j = &w->j;

    jsonw_open(j, "unmapped", '{');
    jsonw_word(j, "status", words_status(a->status));
    jsonw_word(j, "direction", direction_name(a->direction));
    if (a->channel && a->channel[0])
        put_name(w, "channel", a->channel);
    jsonw_number(j, "customers", a->customers);
    jsonw_number(j, "records", a->records);
    jsonw_number(j, "customers_estimated", a->customers_estimated);
    jsonw_open(j, "fields", '{');
    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (a->fields[i] > 0)
            jsonw_number(j, field_name((enum field_type)i), a->fields[i]);
    }
    jsonw_close(j, '}');
    jsonw_number(j, "transfers", a->transfers);
    jsonw_number(j, "missing_bytes", a->missing_bytes);
    if (a->action == ACTION_UNREADABLE)
        jsonw_number(j, "bytes", a->bytes);
    put_lists(w);
    if (a->partner) {
        put_name(w, "partner", a->partner);
        put_name(w, "clause", a->clause);
    }
    put_name(w, "observer", w->run->observer);
    jsonw_close(j, '}');
}

static bool ocsf_alert(const struct alert *a, const struct run_info *run,
                       const struct caps *caps, struct buf *out)
{
    struct writing w = {{put_to(out), false}, a, run, caps};

    jsonw_open(&w.j, NULL, '{');
    put_class(&w);
    put_metadata(&w, a->id, a->sequence, "outflow.alert");
    put_finding(&w);
    put_data_security(&w);
    put_actor(&w);
    put_end(&w, "src_endpoint", true);
    put_end(&w, "dst_endpoint", false);
    put_file(&w);
    put_observables(&w);
    put_unmapped(&w);
    jsonw_close(&w.j, '}');
    return w.j.put.ok;
}

static bool ocsf_line(const struct alert *a, const struct run_info *run,
                      struct buf *out)
{
    return ocsf_alert(a, run, words_caps(0), out) && buf_add_byte(out, '\n');
}

static bool ocsf_event(const struct event *e, const struct run_info *run,
                       struct buf *out)
{
    struct writing w = {{put_to(out), false}, NULL, run, words_caps(0)};
    struct jsonw *j = &w.j;
    char id[WORDS_ID];

    jsonw_open(j, NULL, '{');
    put_enum(&w, "activity_id", OTHER, "activity_name", event_name(e->kind));
    put_enum(&w, "category_uid", 0, "category_name", "Uncategorized");
    put_enum(&w, "class_uid", 0, "class_name", "Base Event");
    put_enum(&w, "type_uid", OTHER, "type_name", "Base Event: Other");
    put_ms(&w, "time", e->time_ns);
    put_severity(&w, event_severity(e->kind));
    jsonw_text_begin(j, "message");
    words_event(&j->put, ESCAPE_JSON, e);
    jsonw_text_end(j);
    put_metadata(&w, words_event_id(e, id), 1, "outflow.health");
    jsonw_open(j, "unmapped", '{');
    if (e->subject[0])
        jsonw_name(j, "subject", e->subject, EVENT_SUBJECT);
    jsonw_number(j, "count", e->count);
    jsonw_number(j, "total", e->total);
    if (e->text[0])
        jsonw_name(j, "text", e->text, EVENT_TEXT);
    put_name(&w, "observer", run->observer);
    jsonw_close(j, '}');
    jsonw_close(j, '}');
    return j->put.ok;
}

const struct output_format output_ocsf = {
    .name = "ocsf",
    .alert = ocsf_line,
    .shortened = ocsf_alert,
    .event = ocsf_event,
};
