// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * names.c - the words for the enumerations of the contracts.
 *
 * Built from the .def tables; it must hold no other logic.
 */
#include "outflow/party.h"

static const char *const whys[WHY_REASONS] = {
    "none",
#define WHY(id, name) name,
#include "outflow/unread.def"
#undef WHY
};

static const char *const skips[SKIP_REASONS] = {
    "none",
#define SKIP(id, name) name,
#include "outflow/skip.def"
#undef SKIP
};

static const char *const anomalies[ANOMALIES] = {
#define ANOMALY(id, name) name,
#include "outflow/anomalies.def"
#undef ANOMALY
};

static const struct {
    const char *name;
    bool identifies;
} fields[FIELD_TYPES] = {
#define FIELD(id, name, identifies) {name, identifies},
#include "outflow/field_types.def"
#undef FIELD
};

const char *why_name(enum why why)
{
    return why < WHY_REASONS ? whys[why] : "unknown";
}

const char *skip_name(enum skip skip)
{
    return skip < SKIP_REASONS ? skips[skip] : "unknown";
}

const char *anomaly_name(enum anomaly a)
{
    return a < ANOMALIES ? anomalies[a] : "unknown";
}

enum anomaly anomaly_find(struct span name)
{
    unsigned a = 0;

    while (a < ANOMALIES && !span_eq(name, span_of(anomalies[a])))
        a++;
    return (enum anomaly)a;
}

const char *field_name(enum field_type type)
{
    return type < FIELD_TYPES ? fields[type].name : "none";
}

enum field_type field_find(struct span name)
{
    unsigned type = 0;

    while (type < FIELD_TYPES && !span_eq(name, span_of(fields[type].name)))
        type++;
    return (enum field_type)type;
}

bool field_identifies(enum field_type type)
{
    return type < FIELD_TYPES && fields[type].identifies;
}

const char *direction_name(enum direction d)
{
    static const char *const names[] = {"outbound", "inbound", "internal",
                                        "external"};

    return d < COUNT(names) ? names[d] : "unknown";
}

const char *identity_from_name(enum identity_from f)
{
    static const char *const names[] = {"login", "ip", "mac", "mail",
                                        "address"};

    return f < COUNT(names) ? names[f] : "unknown";
}
