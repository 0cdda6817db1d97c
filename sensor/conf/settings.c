// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * settings.c - the settings of interface.md 2, one row each.
 *
 * It must not open what a setting names, except rule files.
 */
#include "outflow/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "conf/values.h"

/* Bounds of limits */
#define MEMORY_LEAST    (UINT64_C(16) << 20) /* one worker's own tables */
#define MEMORY_MOST     (UINT64_C(1) << 50)  /* beyond any machine */
#define DOCUMENT_LEAST  (UINT64_C(1) << 20)  /* a small spreadsheet */
#define DEPTH_MOST      64                   /* parts in parts */
#define RING_LEAST      (UINT64_C(8) << 20)  /* some blocks */
#define RING_MOST       (UINT64_C(64) << 30) /* kernel memory, not swapped */
#define SPOOL_LEAST     (UINT64_C(1) << 20)  /* some hundred alerts */
#define SILENCE_MOST_S  86400
#define SILENCE_NS      (INT64_C(600) * 1000000000) /* few rest so long */
#define FILTER_MOST     4095 /* the kernel takes no longer */
#define DAY_S           86400
#define MESSAGE_LEAST   6000                     /* the shortest alert fits */
#define MESSAGE_MOST    65000                    /* of a datagram */
#define CONTRACT_MOST_S (UINT64_C(3650) * DAY_S) /* ten years */

static const char *const types[] = {"syslog", "file", NULL};
static const char *const transports[] = {"unix", "udp", "tcp", "tls", NULL};
static const char *const formats[] = {"json", "cef",  "table",
                                      "leef", "ocsf", NULL};
static const char *const sessions[] = {"native", "nids", NULL};
static const char *const checks[] = {"luhn",     "mod10", "mod11", "mod97",
                                     "verhoeff", "none",  NULL};

/* Row i was given. */
static bool has(uint64_t given, unsigned i)
{
    return given >> i & 1;
}

/* Put a default where no row put a text. */
static bool fill(char **at, const char *text)
{
    if (!*at)
        *at = strdup(text);
    return *at != NULL;
}

/* partners */

enum { PARTNER_CUSTOMERS = 3, PARTNER_WITHIN = 4 };

static const struct row partner_rows[] = {
    {.name = "name",
     .read = value_text,
     .required = true,
     .at = offsetof(struct partner, name)},
    {.name = "domains",
     .read = value_domains,
     .at = offsetof(struct partner, domains),
     .count_at = offsetof(struct partner, domain_count)},
    {.name = "networks",
     .read = value_networks,
     .at = offsetof(struct partner, networks),
     .count_at = offsetof(struct partner, network_count)},
    [PARTNER_CUSTOMERS] = {.name = "customers",
                           .read = value_count,
                           .min = 1,
                           .max = INT64_MAX,
                           .at = offsetof(struct partner, customers)},
    [PARTNER_WITHIN] = {.name = "within",
                        .read = value_time,
                        .min = 1,
                        .max = CONTRACT_MOST_S,
                        .at = offsetof(struct partner, within_ns)},
    {.name = "fields",
     .read = value_fields,
     .at = offsetof(struct partner, fields)},
};

static bool partner_check(const struct reading *r, const struct node *group,
                          void *item, uint64_t given)
{
    struct partner *p = item;
    bool good = true;

    if (!has(given, 1) && !has(given, 2))
        good =
            table_complain(r, group,
                           "partners: want domains or networks of a partner, "
                           "have neither");
    if (has(given, PARTNER_WITHIN) && !has(given, PARTNER_CUSTOMERS))
        good = table_complain(r, group,
                              "within: want customers beside it, have none");
    if (!has(given, PARTNER_WITHIN))
        p->within_ns = (int64_t)DAY_S * 1000000000;
    return good;
}

static const struct table partner_table =
    TABLE("a partner", "", partner_rows, struct partner, partner_check);

/* outputs */

enum { OUTPUT_TRANSPORT = 1, OUTPUT_HOST, OUTPUT_PORT, OUTPUT_PATH };

static const struct row output_rows[] = {
    {.name = "type",
     .read = value_known,
     .words = types,
     .required = true,
     .at = offsetof(struct output_settings, type)},
    [OUTPUT_TRANSPORT] = {.name = "transport",
                          .read = value_known,
                          .words = transports,
                          .at = offsetof(struct output_settings, transport)},
    [OUTPUT_HOST] = {.name = "host",
                     .read = value_text,
                     .at = offsetof(struct output_settings, host)},
    [OUTPUT_PORT] = {.name = "port",
                     .read = value_port,
                     .min = 1,
                     .max = UINT16_MAX,
                     .at = offsetof(struct output_settings, port)},
    [OUTPUT_PATH] = {.name = "path",
                     .read = value_path,
                     .max = 4095,
                     .at = offsetof(struct output_settings, path)},
    {.name = "format",
     .read = value_known,
     .words = formats,
     .at = offsetof(struct output_settings, format)},
    {.name = "ca",
     .read = value_path,
     .max = 4095,
     .at = offsetof(struct output_settings, ca)},
    {.name = "cert",
     .read = value_path,
     .max = 4095,
     .at = offsetof(struct output_settings, cert)},
    {.name = "key",
     .read = value_path,
     .max = 4095,
     .at = offsetof(struct output_settings, key)},
    {.name = "max_bytes",
     .read = value_place,
     .min = MESSAGE_LEAST,
     .max = MESSAGE_MOST,
     .at = offsetof(struct output_settings, max_bytes)},
};

/* A setting that this kind of output has no use for. */
static bool needless(const struct reading *r, const struct node *group,
                     const char *name, const char *what)
{
    return table_complain(r, group, "%s: want no %s for %s, have one", name,
                          name, what);
}

static bool check_file(const struct reading *r, const struct node *group,
                       const struct output_settings *o, uint64_t given)
{
    bool good = true;

    if (!has(given, OUTPUT_PATH))
        good =
            table_complain(r, group, "path: want the file to write, have none");
    if (has(given, OUTPUT_TRANSPORT))
        good = needless(r, group, "transport", "a file");
    if (has(given, OUTPUT_HOST))
        good = needless(r, group, "host", "a file");
    if (has(given, OUTPUT_PORT))
        good = needless(r, group, "port", "a file");
    if (o->ca)
        good = needless(r, group, "ca", "a file");
    if (o->cert || o->key)
        good = needless(r, group, o->cert ? "cert" : "key", "a file");
    if (o->max_bytes > 0)
        good = needless(r, group, "max_bytes", "a file");
    return good;
}

static bool check_tls(const struct reading *r, const struct node *group,
                      const struct output_settings *o)
{
    static const char other[] = "a transport other than \"tls\"";
    bool tls = strcmp(o->transport, "tls") == 0;
    bool good = true;

    if (!tls && o->ca)
        good = needless(r, group, "ca", other);
    if (!tls && o->cert)
        good = needless(r, group, "cert", other);
    if (!tls && o->key)
        good = needless(r, group, "key", other);
    if (tls && !o->cert != !o->key)
        good =
            table_complain(r, group, "%s: want %s beside it, have none",
                           o->cert ? "cert" : "key", o->cert ? "key" : "cert");
    return good;
}

static bool check_syslog(const struct reading *r, const struct node *group,
                         struct output_settings *o, uint64_t given)
{
    bool local = strcmp(o->transport, "unix") == 0;
    bool tls = strcmp(o->transport, "tls") == 0;
    bool good = true;

    if (local && has(given, OUTPUT_HOST))
        good = needless(r, group, "host", "transport \"unix\"");
    if (local && has(given, OUTPUT_PORT))
        good = needless(r, group, "port", "transport \"unix\"");
    if (!local && !has(given, OUTPUT_HOST))
        good = table_complain(r, group, "host: want the receiver, have none");
    if (!local && has(given, OUTPUT_PATH))
        good = needless(r, group, "path", "this transport");
    good = check_tls(r, group, o) && good;
    if (strcmp(o->format, "table") == 0)
        good = table_complain(r, group,
                              "format: want one of lines for syslog, have "
                              "\"table\"");
    if (!o->port && !local)
        o->port = tls ? 6514 : 514; /* RFC 5425, RFC 5426 */
    return good;
}

static bool output_check(const struct reading *r, const struct node *group,
                         void *item, uint64_t given)
{
    struct output_settings *o = item;

    o->line = node_line(group);
    if (!fill(&o->file, r->script->name) || !fill(&o->format, "json"))
        return table_complain(r, group, "outputs: no memory");
    if (!o->type || (has(given, OUTPUT_TRANSPORT) && !o->transport))
        return false; /* missing or unknown, which was said */
    if (strcmp(o->type, "file") == 0)
        return check_file(r, group, o, given);
    if (!fill(&o->transport, "unix"))
        return table_complain(r, group, "outputs: no memory");
    if (strcmp(o->transport, "unix") == 0 && !fill(&o->path, "/dev/log"))
        return table_complain(r, group, "outputs: no memory");
    return check_syslog(r, group, o, given);
}

static const struct table output_table =
    TABLE("an output", "", output_rows, struct output_settings, output_check);

/* numbers */

static const struct row number_rows[] = {
    {.name = "name",
     .read = value_text,
     .required = true,
     .at = offsetof(struct number_rule, name)},
    {.name = "type",
     .read = value_field,
     .required = true,
     .at = offsetof(struct number_rule, type)},
    {.name = "pattern",
     .read = value_text,
     .required = true,
     .at = offsetof(struct number_rule, pattern)},
    {.name = "check",
     .read = value_known,
     .words = checks,
     .at = offsetof(struct number_rule, check)},
};

static bool number_check(const struct reading *r, const struct node *group,
                         void *item, uint64_t given)
{
    struct number_rule *n = item;

    (void)given;
    n->line = node_line(group);
    n->file = strdup(r->script->name);
    if (!n->check)
        n->check = strdup("none");
    if (!n->file || !n->check)
        return table_complain(r, group, "numbers: no memory");
    return true;
}

static const struct table number_table =
    TABLE("a number", "", number_rows, struct number_rule, number_check);

/* limits */

static const struct row limit_rows[] = {
    {.name = "memory",
     .path = "limits.memory",
     .read = value_size,
     .min = MEMORY_LEAST,
     .max = MEMORY_MOST,
     .at = offsetof(struct settings, memory)},
    {.name = "document",
     .path = "limits.document",
     .read = value_size,
     .min = DOCUMENT_LEAST,
     .max = MEMORY_MOST,
     .at = offsetof(struct settings, document)},
    {.name = "depth",
     .path = "limits.depth",
     .read = value_unsigned,
     .min = 1,
     .max = DEPTH_MOST,
     .at = offsetof(struct settings, depth)},
    {.name = "ring",
     .path = "limits.ring",
     .read = value_size,
     .min = RING_LEAST,
     .max = RING_MOST,
     .at = offsetof(struct settings, ring)},
    {.name = "spool",
     .path = "limits.spool",
     .read = value_size,
     .min = SPOOL_LEAST,
     .max = MEMORY_MOST,
     .at = offsetof(struct settings, spool)},
};

static const struct table limit_table =
    TABLE("limits", "limits.", limit_rows, struct settings, NULL);

/* all */

/* The first networks given replace the default. */
static bool read_inside(const struct reading *r, const struct row *row,
                        const struct node *node, void *item)
{
    struct settings *s = item;

    free(s->inside);
    s->inside = NULL;
    s->inside_count = 0;
    return value_networks(r, row, node, item);
}

/* Rule files must be there. */
static bool read_rule_paths(const struct reading *r, const struct row *row,
                            const struct node *node, void *item)
{
    const struct draft *d = item;
    struct stat st;

    if (!value_paths(r, row, node, item))
        return false;
    for (size_t i = 0; i < d->rule_path_count; i++) {
        if (stat(d->rule_paths[i], &st) != 0)
            return table_want(r, node_at(node, i), row,
                              "a rule file or a folder of them; %s",
                              strerror(errno));
    }
    return true;
}

/* Exact match is not in this version: better refused than passed over. */
static bool read_index(const struct reading *r, const struct row *row,
                       const struct node *node, void *item)
{
    return value_path(r, row, node, item) &&
           table_want(r, node, row,
                      "none in this version, which cannot match exactly yet");
}

static const struct row setting_rows[] = {
    {.name = "inside",
     .read = read_inside,
     .at = offsetof(struct settings, inside),
     .count_at = offsetof(struct settings, inside_count)},
    {.name = "domains",
     .read = value_domains,
     .at = offsetof(struct settings, domains),
     .count_at = offsetof(struct settings, domain_count)},
    {.name = "employees",
     .read = value_path,
     .max = 4095,
     .at = offsetof(struct settings, employees)},
    {.name = "partners",
     .read = table_groups,
     .table = &partner_table,
     .at = offsetof(struct settings, partners),
     .count_at = offsetof(struct settings, partner_count)},
    {.name = "index",
     .read = read_index,
     .max = 4095,
     .at = offsetof(struct draft, index)},
    {.name = "rules",
     .read = read_rule_paths,
     .max = 4095,
     .at = offsetof(struct draft, rule_paths),
     .count_at = offsetof(struct draft, rule_path_count)},
    {.name = "state",
     .read = value_path,
     .max = 4095,
     .at = offsetof(struct settings, state)},
    {.name = "metrics",
     .read = value_path,
     .max = 4095,
     .at = offsetof(struct settings, metrics)},
    {.name = "silence",
     .read = value_time,
     .min = 1,
     .max = SILENCE_MOST_S,
     .at = offsetof(struct settings, silence_ns)},
    {.name = "filter",
     .read = value_text,
     .max = FILTER_MOST,
     .at = offsetof(struct settings, filter)},
    {.name = "session",
     .read = value_known,
     .words = sessions,
     .at = offsetof(struct settings, session)},
    {.name = "user",
     .read = value_text,
     .max = 32,
     .at = offsetof(struct settings, user)},
    {.name = "outputs",
     .read = table_groups,
     .table = &output_table,
     .at = offsetof(struct settings, outputs),
     .count_at = offsetof(struct settings, output_count)},
    {.name = "numbers",
     .read = table_groups,
     .table = &number_table,
     .at = offsetof(struct settings, numbers),
     .count_at = offsetof(struct settings, numbers_count)},
    {.name = "limits", .read = table_group, .table = &limit_table, .at = 0},
};

static const struct table setting_table =
    TABLE("the settings", "", setting_rows, struct draft, NULL);

bool draft_read(struct script *script, struct draft *out,
                struct problems *problems)
{
    struct reading r = {script, problems};
    size_t before = problems->count + problems->lost;
    struct tree *tree = tree_new(script, problems);

    if (tree)
        table_fill(&r, &setting_table, tree_root(tree), out);
    tree_free(tree);
    return problems->count + problems->lost == before;
}

bool draft_default(struct draft *out)
{
    static const char *const inside[] = {"10.0.0.0/8", "172.16.0.0/12",
                                         "192.168.0.0/16", "fc00::/7",
                                         "fe80::/10"};
    struct settings *s = &out->settings;

    *out = (struct draft){0};
    for (size_t i = 0; i < COUNT(inside); i++) {
        struct network *n =
            table_grow(&s->inside, &s->inside_count, sizeof(*n));
        if (!n || !network_parse(span_of(inside[i]), n))
            return false;
    }
    s->memory = UINT64_C(2) << 30;
    s->document = UINT64_C(4) << 30;
    s->depth = 16;
    s->silence_ns = SILENCE_NS;
    return fill(&s->session, "native") && fill(&s->user, "outflow");
}

/* Rules from the command line, else of the settings, else shipped. */
static void load_rules(struct draft *d, const char *const *rules, size_t count,
                       struct problems *problems)
{
    for (size_t i = 0; i < count; i++)
        rules_load(rules[i], &d->settings, problems);
    for (size_t i = 0; count == 0 && i < d->rule_path_count; i++)
        rules_load(d->rule_paths[i], &d->settings, problems);
    if (count == 0 && d->rule_path_count == 0)
        rules_shipped(&d->settings, problems);
    rules_check_all(&d->settings, problems);
}

bool settings_read(const char *config, const char *const *rules, size_t count,
                   struct settings *out, struct problems *problems)
{
    size_t before = problems->count + problems->lost;
    struct draft draft;
    struct script script = {0};

    if (!draft_default(&draft))
        problems_add(problems, "settings: no memory");
    if (config && script_read(config, &script, problems))
        draft_read(&script, &draft, problems);
    script_clear(&script);
    load_rules(&draft, rules, count, problems);

    bool good = problems->count + problems->lost == before;
    *out = (struct settings){0};
    if (good) {
        *out = draft.settings;
        draft.settings = (struct settings){0};
    } else {
        out->employees = draft.settings.employees;
        draft.settings.employees = NULL;
    }
    draft_clear(&draft);
    return good;
}
