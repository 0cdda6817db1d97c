// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * rules.c - the rules of interface.md 3, one row for each of their keys.
 *
 * It must not judge: rule/ does.
 */
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "conf/values.h"

#define DAY_S         86400
#define WITHIN_MOST_S (UINT64_C(3650) * DAY_S) /* ten years */

enum { ID_MOST = 128, ALSO_MOST = FIELD_TYPES - 1 };

static const char *const severities[] = {"low", "medium", "high", "critical",
                                         NULL};
static const char *const directions[] = {"outbound", "inbound", "internal",
                                         "any", NULL};
static const char *const bys[] = {"employee", "party", "pair", "transfer",
                                  NULL};
static const char *const channels[] = {
#define CHANNEL(name) #name,
#include "conf/channels.def"
#undef CHANNEL
    NULL,
};

/* The kinds of an entry; what begins with ":" wants more behind it. */
static const struct {
    const char *word;
    enum match_kind kind;
} kinds[] = {
    {"user:", MATCH_USER},       {"group:", MATCH_GROUP},
    {"network:", MATCH_NETWORK}, {"party:", MATCH_PARTY},
    {"domain:", MATCH_DOMAIN},   {"partners", MATCH_PARTNERS},
};
static const char *const from_words[] = {"user:", "group:", "network:", NULL};
static const char *const to_words[] = {
    "party:", "domain:", "network:", "partners", NULL};

/* The address or domain a party is called by; NULL when it is neither. */
static char *party_new(const char *text)
{
    struct addr addr;
    char name[ADDR_TEXT];

    if (addr_parse(span_of(text), &addr))
        return strdup(addr_text(&addr, name));
    return value_domain(text);
}

/* The part behind the kind into m; false when it is not good. */
static bool match_value(struct rule_match *m, const char *text)
{
    switch (m->kind) {
    case MATCH_NETWORK:
        return network_parse(span_of(text), &m->network);
    case MATCH_PARTNERS:
        return text[0] == '\0';
    case MATCH_PARTY:
        m->text = party_new(text);
        break;
    case MATCH_DOMAIN:
        m->text = value_domain(text);
        break;
    default:
        m->text = text[0] ? strdup(text) : NULL;
        break;
    }
    return m->text != NULL;
}

/* Parse "!group:x" of those words into m; false when it is none. */
static bool match_parse(struct rule_match *m, const char *text,
                        const char *const *words)
{
    m->negated = text[0] == '!';
    text += m->negated ? 1 : 0;
    for (size_t i = 0; words[i]; i++) {
        size_t len = strlen(words[i]);
        if (strncmp(text, words[i], len) != 0)
            continue;
        for (size_t k = 0; k < COUNT(kinds); k++) {
            if (strcmp(kinds[k].word, words[i]) == 0)
                m->kind = kinds[k].kind;
        }
        return match_value(m, text + len);
    }
    return false;
}

/* What would have been right, nearest kind last. */
static bool match_refuse(const struct reading *r, const struct row *row,
                         const struct node *node, const char *const *words)
{
    const char *text = node_kind(node) == NODE_TEXT ? node_text(node) : "";
    const char *colon = strchr(text, ':');
    char kind[32], near[HINT_ROOM];

    text += text[0] == '!' ? 1 : 0;
    snprintf(kind, sizeof(kind), "%.*s",
             colon ? (int)(colon - text) + 1 : (int)strlen(text), text);
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], kind) == 0 && strcmp(kind, "network:") == 0)
            return table_want(r, node, row,
                              "an address or network such as "
                              "\"network:10.0.0.0/8\"");
        if (strcmp(words[i], kind) == 0)
            return table_want(r, node, row, "a name behind \"%s\"", kind);
    }
    return table_want(r, node, row, "an entry of a known kind%s",
                      table_hint(kind, words, near));
}

/* One entry of from or to. */
static bool read_match(const struct reading *r, const struct row *row,
                       const struct node *node, void *item)
{
    struct rule_match m = {.line = node_line(node)};
    void *matches = (char *)item + row->at;
    size_t *count = (void *)((char *)item + row->count_at);

    if (node_kind(node) != NODE_TEXT ||
        !match_parse(&m, node_text(node), row->words))
        return match_refuse(r, row, node, row->words);

    struct rule_match *at = table_grow(matches, count, sizeof(*at));
    if (!at) {
        free(m.text);
        return table_complain(r, node, "%s: no memory", row_path(row));
    }
    *at = m;
    return true;
}

static bool read_matches(const struct reading *r, const struct row *row,
                         const struct node *node, void *item)
{
    bool good = true;

    if (node_kind(node) != NODE_LIST || node_count(node) == 0)
        return table_want(r, node, row, "a list such as [ \"%s\" ]",
                          row->words == from_words ? "group:contractors"
                                                   : "!partners");
    for (size_t i = 0; i < node_count(node); i++) {
        if (!read_match(r, row, node_at(node, i), item))
            good = false;
    }
    return good;
}

/* "encrypted", "damaged:object" ... */
static bool read_unread(const struct reading *r, const struct row *row,
                        const struct node *node, void *item)
{
    static const char *const words[] = {
#define WHY(id, name) name, name ":object", name ":channel",
#include "outflow/unread.def"
#undef WHY
        NULL,
    };
    static const enum why whys[] = {
#define WHY(id, name) WHY_##id,
#include "outflow/unread.def"
#undef WHY
    };
    static const enum rule_unread what[] = {UNREAD_ALL, UNREAD_OBJECT,
                                            UNREAD_CHANNEL};
    struct rule *rule = item;
    char near[HINT_ROOM];
    bool is = node_kind(node) == NODE_TEXT;

    for (size_t i = 0; is && words[i]; i++) {
        if (strcmp(words[i], node_text(node)) != 0)
            continue;
        rule->why = whys[i / COUNT(what)];
        rule->unread = what[i % COUNT(what)];
        return true;
    }
    return table_want(r, node, row, "what could not be read%s",
                      table_hint(is ? node_text(node) : "", words, near));
}

/* "T1048" or "T1048.003" */
static bool is_technique(const char *text)
{
    size_t digits = text[0] == 'T' ? strspn(text + 1, "0123456789") : 0;

    if (digits != 4)
        return false;
    text += 1 + digits;
    return text[0] == '\0' || (text[0] == '.' && strlen(text) == 4 &&
                               strspn(text + 1, "0123456789") == 3);
}

static bool read_attack(const struct reading *r, const struct row *row,
                        const struct node *node, void *item)
{
    bool good = true;

    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *one = node_at(node, i);
        if (node_kind(one) == NODE_TEXT && !is_technique(node_text(one)))
            good = table_want(r, one, row,
                              "an ATT&CK technique such as \"T1048.003\"");
    }
    return value_texts(r, row, node, item) && good;
}

/* fields */

static const struct row field_rows[] = {
    {.name = "any",
     .path = "fields.any",
     .read = value_fields,
     .required = true,
     .at = offsetof(struct rule, any)},
    {.name = "also",
     .path = "fields.also",
     .read = value_unsigned,
     .min = 0,
     .max = ALSO_MOST,
     .at = offsetof(struct rule, also)},
};

static const struct table field_table =
    TABLE("fields", "fields.", field_rows, struct rule, NULL);

/* all */

enum {
    ROW_ID = 0,
    ROW_NAME,
    ROW_SEVERITY,
    ROW_DIRECTION,
    ROW_FROM,
    ROW_TO,
    ROW_CHANNELS,
    ROW_FIELDS,
    ROW_CUSTOMERS,
    ROW_WITHIN,
    ROW_BY,
    ROW_ATTACK,
    ROW_UNREAD,
    ROW_BYTES,
    ROW_WALK,
};

static const struct row rule_rows[] = {
    [ROW_ID] = {.name = "id",
                .read = value_text,
                .max = ID_MOST,
                .required = true,
                .at = offsetof(struct rule, id)},
    [ROW_NAME] = {.name = "name",
                  .read = value_text,
                  .at = offsetof(struct rule, name)},
    [ROW_SEVERITY] = {.name = "severity",
                      .read = value_word,
                      .words = severities,
                      .at = offsetof(struct rule, severity)},
    [ROW_DIRECTION] = {.name = "direction",
                       .read = value_word,
                       .words = directions,
                       .at = offsetof(struct rule, direction)},
    [ROW_FROM] = {.name = "from",
                  .read = read_matches,
                  .words = from_words,
                  .at = offsetof(struct rule, from),
                  .count_at = offsetof(struct rule, from_count)},
    [ROW_TO] = {.name = "to",
                .read = read_matches,
                .words = to_words,
                .at = offsetof(struct rule, to),
                .count_at = offsetof(struct rule, to_count)},
    [ROW_CHANNELS] = {.name = "channels",
                      .read = value_texts,
                      .words = channels,
                      .at = offsetof(struct rule, channels),
                      .count_at = offsetof(struct rule, channel_count)},
    [ROW_FIELDS] = {.name = "fields",
                    .read = table_group,
                    .table = &field_table,
                    .at = 0},
    [ROW_CUSTOMERS] = {.name = "customers",
                       .read = value_count,
                       .min = 1,
                       .max = INT64_MAX,
                       .at = offsetof(struct rule, customers)},
    [ROW_WITHIN] = {.name = "within",
                    .read = value_time,
                    .min = 1,
                    .max = WITHIN_MOST_S,
                    .at = offsetof(struct rule, within_ns)},
    [ROW_BY] = {.name = "by",
                .read = value_word,
                .words = bys,
                .at = offsetof(struct rule, by)},
    [ROW_ATTACK] = {.name = "attack",
                    .read = read_attack,
                    .at = offsetof(struct rule, attack),
                    .count_at = offsetof(struct rule, attack_count)},
    [ROW_UNREAD] = {.name = "unread", .read = read_unread},
    [ROW_BYTES] = {.name = "bytes",
                   .read = value_size,
                   .min = 1,
                   .max = INT64_MAX,
                   .at = offsetof(struct rule, bytes)},
    [ROW_WALK] = {.name = "walk",
                  .read = value_flag,
                  .at = offsetof(struct rule, walk)},
};

static bool has(uint64_t given, unsigned row)
{
    return given >> row & 1;
}

/* The member of group that stands for a row; the group when there is none. */
static const struct node *place_of(const struct node *group, unsigned row)
{
    for (size_t i = 0; i < node_count(group); i++) {
        if (strcmp(node_name(node_at(group, i)), rule_rows[row].name) == 0)
            return node_at(group, i);
    }
    return group;
}

/* A rule on bytes says nothing of customers. */
static bool check_bytes(const struct reading *r, const struct node *group,
                        uint64_t given)
{
    static const unsigned strange[] = {ROW_CUSTOMERS, ROW_FIELDS, ROW_WALK};
    bool good = true;

    for (size_t i = 0; i < COUNT(strange); i++) {
        const char *name = rule_rows[strange[i]].name;
        if (has(given, strange[i]))
            good = table_complain(r, place_of(group, strange[i]),
                                  "%s: want no %s beside unread, which counts "
                                  "bytes, have both",
                                  name, name);
    }
    if (!has(given, ROW_BYTES))
        good = table_complain(
            r, place_of(group, ROW_UNREAD),
            "bytes: want a size such as \"20MiB\" beside unread, "
            "have none");
    return good;
}

/* A rule on customers. */
static bool check_customers(const struct reading *r, const struct node *group,
                            const struct rule *rule, uint64_t given)
{
    bool good = true;

    if (has(given, ROW_BYTES))
        good = table_complain(
            r, place_of(group, ROW_BYTES),
            "bytes: want unread beside it, such as \"encrypted\","
            " have none");
    else if (!has(given, ROW_CUSTOMERS))
        good =
            table_complain(r, group,
                           "customers: want a number of customers, or unread "
                           "and bytes, have neither");
    if (rule->walk && rule->by != BY_PARTY)
        good = table_complain(r, place_of(group, ROW_BY),
                              "by: want \"party\" for a walk, have \"%s\"",
                              bys[rule->by]);
    return good;
}

static bool same_entry(const struct rule_match *a, const struct rule_match *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == MATCH_NETWORK)
        return a->network.bits == b->network.bits &&
               addr_eq(&a->network.addr, &b->network.addr);
    return a->kind == MATCH_PARTNERS || strcmp(a->text, b->text) == 0;
}

/* An entry and its opposite let nothing through. */
static bool check_entries(const struct reading *r, const char *name,
                          const struct rule_match *m, size_t count)
{
    for (size_t i = 0; i < count && count <= LIMIT_SETTINGS_NAMES; i++) {
        for (size_t k = 0; k < i; k++) {
            if (m[i].negated == m[k].negated || !same_entry(&m[i], &m[k]))
                continue;
            problems_add(r->problems,
                         "%s:%u: %s: want an entry or its opposite, have "
                         "both; the other is on line %u",
                         r->script->name, m[i].line, name, m[k].line);
            return false;
        }
    }
    return true;
}

static bool rule_check(const struct reading *r, const struct node *group,
                       void *item, uint64_t given)
{
    struct rule *rule = item;
    bool good = has(given, ROW_UNREAD) ? check_bytes(r, group, given)
                                       : check_customers(r, group, rule, given);

    if (!check_entries(r, "from", rule->from, rule->from_count))
        good = false;
    if (!check_entries(r, "to", rule->to, rule->to_count))
        good = false;
    if (!has(given, ROW_WITHIN))
        rule->within_ns = (int64_t)DAY_S * 1000000000;
    if (!has(given, ROW_SEVERITY))
        rule->severity = SEVERITY_MEDIUM;
    if (!rule->name && rule->id)
        rule->name = strdup(rule->id);
    rule->line = node_line(group);
    rule->file = strdup(r->script->name);
    if (!rule->file || (rule->id && !rule->name))
        good = table_complain(r, group, "rules: no memory");
    return good;
}

static const struct table rule_table =
    TABLE("a rule", "", rule_rows, struct rule, rule_check);

static const struct row file_rows[] = {
    {.name = "rules",
     .read = table_groups,
     .table = &rule_table,
     .required = true,
     .at = offsetof(struct settings, rules),
     .count_at = offsetof(struct settings, rule_count)},
};

static const struct table file_table =
    TABLE("a rule file", "", file_rows, struct settings, NULL);

bool rules_read(struct script *script, struct settings *s,
                struct problems *problems)
{
    struct reading r = {script, problems};
    size_t before = problems->count + problems->lost;
    struct tree *tree = tree_new(script, problems);

    if (tree)
        table_fill(&r, &file_table, tree_root(tree), s);
    tree_free(tree);
    return problems->count + problems->lost == before;
}
