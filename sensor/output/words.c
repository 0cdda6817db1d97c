// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * words.c - the fixed words of alerts and the sentence that tells one.
 */
#include "output/words.h"

#include <string.h>

#include "outflow/compiler.h"

static const struct caps levels[CAPS_LEVELS] = {
    {LIMIT_NAME, LIMIT_TRAIL, ESCAPE_LONGEST, 20, 100, 100, 100, 32},
    {LIMIT_NAME, LIMIT_TRAIL, LIMIT_NAME, 5, 20, 20, 10, 16},
    {LIMIT_NAME, LIMIT_NAME, LIMIT_NAME, 2, 5, 5, 2, 8},
    {128, 128, 128, 1, 1, 1, 1, 4},
    {64, 64, 64, 0, 0, 0, 0, 2},
    {32, 32, 32, 0, 0, 0, 0, 1},
};

static const char *const severities[] = {"low", "medium", "high", "critical"};
static const unsigned numbers[] = {21, 47, 73, 99};
static const char *const actions[] = {
    "customer-data-exposed", "unreadable-data-sent", "customers-walked"};
static const char *const statuses[] = {"open", "update", "final"};

const struct caps *words_caps(size_t level)
{
    return &levels[level < CAPS_LEVELS ? level : CAPS_LEVELS - 1];
}

const char *words_severity(enum severity severity)
{
    return severities[severity];
}

unsigned words_severity_number(enum severity severity)
{
    return numbers[severity];
}

const char *words_action(enum alert_action action)
{
    return actions[action];
}

const char *words_status(enum alert_status status)
{
    return statuses[status];
}

const char *words_transport(uint8_t proto)
{
    switch (proto) {
    case 1:
        return "icmp";
    case 6:
        return "tcp";
    case 17:
        return "udp";
    case 58:
        return "ipv6-icmp";
    case 132:
        return "sctp";
    default:
        return NULL;
    }
}

bool words_has(const struct addr *a)
{
    static const struct addr none;

    return !addr_eq(a, &none);
}

const char *words_sender(const struct alert *a, char address[ADDR_TEXT])
{
    if (a->user)
        return a->user;
    if (!words_has(&a->source))
        return "an unknown sender";
    return addr_text(&a->source, address);
}

/* "card_number, person_name and phone", or "records" without any. */
static void put_fields(struct put *p, const struct alert *a)
{
    size_t left = 0, done = 0;

    for (size_t i = 0; i < FIELD_TYPES; i++)
        left += a->fields[i] > 0 ? 1 : 0;
    if (left == 0)
        put_text(p, "records");
    for (size_t i = 0; i < FIELD_TYPES; i++) {
        if (a->fields[i] == 0)
            continue;
        left--;
        if (done++ > 0)
            put_text(p, left > 0 ? ", " : " and ");
        put_text(p, field_name((enum field_type)i));
    }
}

static void put_customers(struct put *p, const struct alert *a)
{
    if (a->customers_estimated > a->customers)
        put_text(p, "at least ");
    put_count(p, a->customers);
    put_text(p, a->customers == 1 ? " customer's " : " customers' ");
    put_fields(p, a);
}

/* What the unread rule counted, by what it was. */
static void put_unreadable(struct put *p, const struct alert *a)
{
    put_counted(p, a->bytes, "byte");
    put_text(p, a->bytes == 1 ? " that was not readable"
                              : " that were not readable");
    if (a->rule && a->rule->why != WHY_NONE) {
        put_text(p, " (");
        put_text(p, why_name(a->rule->why));
        put_byte(p, ')');
    }
}

static const char *verb(const struct alert *a)
{
    if (a->action == ACTION_WALKED)
        return a->customers == 1 ? " was served one by one"
                                 : " were served one by one";
    switch (a->direction) {
    case DIRECTION_OUTBOUND:
        return " left";
    case DIRECTION_INBOUND:
        return " came in";
    case DIRECTION_INTERNAL:
        return " moved inside";
    default:
        return " passed";
    }
}

static void put_receivers(struct put *p, enum escape how, const struct alert *a,
                          size_t cut)
{
    size_t more = a->party_more + (a->party_count > 1 ? a->party_count - 1 : 0);

    if (a->party_count == 0)
        return;
    put_text(p, " to ");
    escape_put(p, how, a->parties[0].name, cut);
    if (more == 0)
        return;
    put_text(p, " and ");
    put_count(p, more);
    put_text(p, more == 1 ? " other" : " others");
}

void words_reason(struct put *p, enum escape how, const struct alert *a,
                  size_t cut)
{
    char address[ADDR_TEXT];

    if (a->action == ACTION_UNREADABLE)
        put_unreadable(p, a);
    else
        put_customers(p, a);
    put_text(p, verb(a));
    put_text(p, " from ");
    escape_put(p, how, words_sender(a, address), cut);
    put_receivers(p, how, a, cut);
    if (a->channel && a->channel[0]) {
        put_text(p, " by ");
        escape_put(p, how, a->channel, cut);
    }
    if (a->anomalies & (UINT32_C(1) << ANOMALY_REFUSED))
        put_text(p, "; the receiver refused at least a part");
}

void words_parties(struct put *p, enum escape how, const struct alert *a,
                   const struct caps *caps)
{
    size_t shown = words_shown_parties(a->party_count, caps);

    for (size_t i = 0; i < shown; i++) {
        put_text(p, i > 0 ? " " : "");
        escape_put(p, how, a->parties[i].name, caps->name);
    }
}

void words_documents(struct put *p, enum escape how, const struct alert *a,
                     const struct caps *caps)
{
    size_t shown = words_shown(a->document_count, caps->documents);

    for (size_t i = 0; i < shown; i++) {
        put_text(p, i > 0 ? "; " : "");
        escape_put(p, how, a->documents[i], caps->trail);
    }
}

void words_unread(struct put *p, enum escape how, const struct alert *a,
                  const struct caps *caps)
{
    size_t shown = words_shown(a->unread_count, caps->unread);

    for (size_t i = 0; i < shown; i++) {
        put_text(p, i > 0 ? " " : "");
        escape_put(p, how, a->unread[i].kind, caps->name);
        put_byte(p, ':');
        put_text(p, why_name(a->unread[i].why));
        put_byte(p, ':');
        put_number(p, a->unread[i].bytes);
    }
}

void words_anomalies(struct put *p, const struct alert *a)
{
    const char *between = "";

    for (unsigned i = 0; i < ANOMALIES; i++) {
        if (!(a->anomalies & (UINT32_C(1) << i)))
            continue;
        put_text(p, between);
        between = " ";
        put_text(p, anomaly_name((enum anomaly)i));
    }
}
