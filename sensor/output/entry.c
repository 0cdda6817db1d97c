// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * entry.c - an alert or event as bytes, and back.
 *
 * One walk over the fields serves both ways: it writes each where there is
 * an output, and else puts in its place what it reads. Numbers have eight
 * bytes, the lowest first; a text has its length, its bytes and a NUL.
 */
#include "output/entry.h"

#include <string.h>

#include "outflow/reader.h"
#include "output/put.h"

#define NO_TEXT UINT32_MAX /* the length of a text that is NULL */

enum { KIND_ALERT = 'A', KIND_EVENT = 'E' }; /* others: other versions */

struct coder {
    struct put put;
    struct reader in;
    bool reading;
};

static void fail(struct coder *c)
{
    c->in.failed = true;
    c->put.ok = false;
}

static uint64_t number(struct coder *c, uint64_t value, uint64_t most)
{
    uint8_t bytes[8];

    if (c->reading) {
        value = reader_u64le(&c->in);
        if (value <= most)
            return value;
        fail(c);
        return 0;
    }
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    put_bytes(&c->put, (struct span){bytes, sizeof(bytes)});
    return value;
}

static bool flag(struct coder *c, bool value)
{
    return number(c, value, 1) != 0;
}

static int64_t moment(struct coder *c, int64_t value)
{
    return (int64_t)number(c, (uint64_t)value, UINT64_MAX);
}

static const char *text(struct coder *c, const char *value)
{
    struct span s = span_of(value);
    uint64_t len = number(c, value ? s.len : NO_TEXT, NO_TEXT);

    if (len == NO_TEXT)
        return NULL;
    if (!c->reading) {
        put_bytes(&c->put, s);
        put_byte(&c->put, '\0');
        return value;
    }
    s = reader_take(&c->in, (size_t)len + 1);
    if (s.len == len + 1 && span_find(s, '\0') == len)
        return (const char *)s.ptr;
    fail(c);
    return "";
}

/* A text inside a struct. */
static void chars(struct coder *c, char *at, size_t room)
{
    const char *got = text(c, at);
    size_t len = got ? strlen(got) : 0;

    if (!c->reading)
        return;
    if (len >= room)
        fail(c);
    else if (len > 0)
        memcpy(at, got, len);
    at[len < room ? len : 0] = '\0';
}

static void address(struct coder *c, struct addr *a)
{
    struct span s = {(const uint8_t *)a, sizeof(*a)};

    if (!c->reading) {
        put_bytes(&c->put, s);
        return;
    }
    s = reader_take(&c->in, sizeof(*a));
    if (s.len == sizeof(*a))
        memcpy(a, s.ptr, sizeof(*a));
}

/* How many of a list are in the entry. */
static size_t list(struct coder *c, size_t count, size_t most)
{
    return (size_t)number(c, count < most ? count : most, most);
}

/* A rule owns its texts, so they are no const; nobody writes into these. */
static char *rule_text(struct coder *c, char *value)
{
    const char *got = text(c, value);
    char *same;

    memcpy(&same, &got, sizeof(same));
    return same;
}

static void code_rule(struct coder *c, struct entry *e)
{
    struct rule *r = &e->rule;

    r->id = rule_text(c, r->id);
    r->name = rule_text(c, r->name);
    r->severity = (enum severity)number(c, r->severity, SEVERITY_CRITICAL);
    r->why = (enum why)number(c, r->why, WHY_REASONS - 1);
    r->attack_count = list(c, r->attack_count, ENTRY_ATTACK);
    for (size_t i = 0; i < r->attack_count; i++)
        e->attack[i] = rule_text(c, e->attack[i]);
}

static void code_incident(struct coder *c, struct alert *a)
{
    a->action = (enum alert_action)number(c, a->action, ACTION_WALKED);
    a->status = (enum alert_status)number(c, a->status, ALERT_FINAL);
    a->sequence = (unsigned)number(c, a->sequence, UINT32_MAX);
    chars(c, a->id, sizeof(a->id));
    a->start_ns = moment(c, a->start_ns);
    a->end_ns = moment(c, a->end_ns);
    chars(c, a->subject, sizeof(a->subject));
    a->user = text(c, a->user);
    a->group = text(c, a->group);
    a->identity = (enum identity_from)number(c, a->identity, IDENTITY_ADDRESS);
    a->low_confidence = flag(c, a->low_confidence);
    a->identity_other = text(c, a->identity_other);
    a->partner = text(c, a->partner);
    a->clause = text(c, a->clause);
}

static void code_route(struct coder *c, struct alert *a)
{
    address(c, &a->source);
    address(c, &a->destination);
    a->source_port = (uint16_t)number(c, a->source_port, UINT16_MAX);
    a->destination_port = (uint16_t)number(c, a->destination_port, UINT16_MAX);
    a->domain = text(c, a->domain);
    a->client_sends = flag(c, a->client_sends);
    a->proto = (uint8_t)number(c, a->proto, UINT8_MAX);
    a->direction = (enum direction)number(c, a->direction, DIRECTION_EXTERNAL);
    chars(c, a->community_id, sizeof(a->community_id));
    a->channel = text(c, a->channel);
    a->mail_from = text(c, a->mail_from);
    a->file = text(c, a->file);
}

static void code_figures(struct coder *c, struct alert *a)
{
    uint64_t *const figures[] = {&a->customers,           &a->records,
                                 &a->customers_estimated, &a->transfers,
                                 &a->missing_bytes,       &a->bytes};

    for (size_t i = 0; i < COUNT(figures); i++)
        *figures[i] = number(c, *figures[i], UINT64_MAX);
    for (size_t i = 0; i < FIELD_TYPES; i++)
        a->fields[i] = number(c, a->fields[i], UINT64_MAX);
    a->anomalies = (uint32_t)number(c, a->anomalies, UINT32_MAX);
    a->exact = flag(c, a->exact);
}

static size_t more(struct coder *c, size_t count)
{
    return (size_t)number(c, count, SIZE_MAX);
}

static void code_lists(struct coder *c, struct entry *e)
{
    struct alert *a = &e->alert;

    a->mail_to_count = list(c, a->mail_to_count, LIMIT_ADDRESSES);
    for (size_t i = 0; i < a->mail_to_count; i++)
        e->mail_to[i] = text(c, e->mail_to[i]);
    a->mail_to_more = more(c, a->mail_to_more);
    a->party_count = list(c, a->party_count, LIMIT_PARTIES);
    for (size_t i = 0; i < a->party_count; i++) {
        e->parties[i].name = text(c, e->parties[i].name);
        e->parties[i].customers =
            number(c, e->parties[i].customers, UINT64_MAX);
    }
    a->party_more = more(c, a->party_more);
    a->document_count = list(c, a->document_count, LIMIT_DOCUMENTS);
    for (size_t i = 0; i < a->document_count; i++)
        e->documents[i] = text(c, e->documents[i]);
    a->document_more = more(c, a->document_more);
    a->unread_count = list(c, a->unread_count, ENTRY_UNREAD);
    for (size_t i = 0; i < a->unread_count; i++) {
        struct alert_unread *u = &e->unread[i];
        chars(c, u->kind, sizeof(u->kind));
        u->why = (enum why)number(c, u->why, WHY_REASONS - 1);
        u->bytes = number(c, u->bytes, UINT64_MAX);
    }
}

static void code_evidence(struct coder *c, struct entry *e)
{
    struct alert *a = &e->alert;

    e->run.capture_count = list(c, e->run.capture_count, LIMIT_EVIDENCE);
    for (size_t i = 0; i < e->run.capture_count; i++)
        e->captures[i] = text(c, e->captures[i]);
    a->evidence_count = list(c, a->evidence_count, LIMIT_EVIDENCE);
    for (size_t i = 0; i < a->evidence_count; i++) {
        struct alert_evidence *one = &e->evidence[i];
        one->capture = (uint32_t)number(c, one->capture, UINT32_MAX);
        one->first_packet = number(c, one->first_packet, UINT64_MAX);
        one->last_packet = number(c, one->last_packet, UINT64_MAX);
        chars(c, one->community_id, sizeof(one->community_id));
    }
    a->evidence_more = more(c, a->evidence_more);
}

static void code_alert(struct coder *c, struct entry *e)
{
    code_rule(c, e);
    code_incident(c, &e->alert);
    code_route(c, &e->alert);
    code_figures(c, &e->alert);
    code_lists(c, e);
    code_evidence(c, e);
}

static void code_event(struct coder *c, struct event *e)
{
    e->kind = (enum event_kind)number(c, e->kind, EVENT_KINDS - 1);
    e->time_ns = moment(c, e->time_ns);
    e->count = number(c, e->count, UINT64_MAX);
    e->total = number(c, e->total, UINT64_MAX);
    chars(c, e->subject, sizeof(e->subject));
    chars(c, e->text, sizeof(e->text));
}

/* The lists of e->alert are those of e. */
static void tie(struct entry *e)
{
    e->rule.attack = e->attack;
    e->alert.rule = &e->rule;
    e->alert.mail_to = e->mail_to;
    e->alert.parties = e->parties;
    e->alert.documents = e->documents;
    e->alert.unread = e->unread;
    e->alert.evidence = e->evidence;
    e->run.captures = e->captures;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Evidence with the names of its captures, each held once. */
static void take_evidence(struct entry *e, const struct run_info *run)
{
    size_t count = 0;

    for (size_t i = 0; i < e->alert.evidence_count; i++) {
        struct alert_evidence *one = &e->evidence[i];
        const char *name = one->capture < run->capture_count
                               ? run->captures[one->capture]
                               : "";
        size_t at = 0;
        while (at < count && strcmp(e->captures[at], name) != 0)
            at++;
        if (at == count)
            e->captures[count++] = name;
        one->capture = (uint32_t)at;
    }
    e->run.capture_count = count;
}

static void take_lists(struct entry *e, const struct alert *a)
{
    struct alert *to = &e->alert;

    to->mail_to_count = least(a->mail_to_count, LIMIT_ADDRESSES);
    to->mail_to_more += a->mail_to_count - to->mail_to_count;
    for (size_t i = 0; i < to->mail_to_count; i++)
        e->mail_to[i] = a->mail_to[i];
    to->party_count = least(a->party_count, LIMIT_PARTIES);
    to->party_more += a->party_count - to->party_count;
    for (size_t i = 0; i < to->party_count; i++)
        e->parties[i] = a->parties[i];
    to->document_count = least(a->document_count, LIMIT_DOCUMENTS);
    to->document_more += a->document_count - to->document_count;
    for (size_t i = 0; i < to->document_count; i++)
        e->documents[i] = a->documents[i];
    to->unread_count = least(a->unread_count, ENTRY_UNREAD);
    for (size_t i = 0; i < to->unread_count; i++)
        e->unread[i] = a->unread[i];
    to->evidence_count = least(a->evidence_count, LIMIT_EVIDENCE);
    to->evidence_more += a->evidence_count - to->evidence_count;
    for (size_t i = 0; i < to->evidence_count; i++)
        e->evidence[i] = a->evidence[i];
    e->rule.attack_count = least(a->rule->attack_count, ENTRY_ATTACK);
    for (size_t i = 0; i < e->rule.attack_count; i++)
        e->attack[i] = a->rule->attack[i];
}

bool entry_put_alert(struct buf *out, const struct alert *a,
                     const struct run_info *run)
{
    struct coder c = {.put = put_to(out)};
    struct entry e = {.alert = *a, .rule = *a->rule};

    take_lists(&e, a);
    take_evidence(&e, run);
    put_byte(&c.put, KIND_ALERT);
    code_alert(&c, &e);
    return c.put.ok;
}

bool entry_put_event(struct buf *out, const struct event *e)
{
    struct coder c = {.put = put_to(out)};
    struct event copy = *e;

    put_byte(&c.put, KIND_EVENT);
    code_event(&c, &copy);
    return c.put.ok;
}

bool entry_read(struct entry *e, struct span bytes)
{
    struct coder c = {.in = reader_over(bytes), .reading = true};

    memset(e, 0, sizeof(*e));
    switch (reader_u8(&c.in)) {
    case KIND_ALERT:
        code_alert(&c, e);
        tie(e);
        break;
    case KIND_EVENT:
        e->is_event = true;
        code_event(&c, &e->event);
        break;
    default:
        return false;
    }
    return reader_ok(&c.in) && reader_left(&c.in) == 0;
}
