// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * values.c - read single values: texts, numbers, sizes, times, words.
 *
 * It must not know any setting by name.
 */
#include "conf/values.h"

#include <stdlib.h>
#include <string.h>

#include "outflow/addr.h"
#include "outflow/field.h"

enum { TEXT_MOST = 255 }; /* bytes of a text when the row names no bound */

/* The field of item at an offset. */
static void *field_at(void *item, size_t at)
{
    return (char *)item + at;
}

static bool no_memory(const struct reading *r, const struct row *row,
                      const struct node *node)
{
    return table_complain(r, node, "%s: no memory", row_path(row));
}

/* Is node a text within the row's length? Reports when it is not. */
static bool is_text(const struct reading *r, const struct row *row,
                    const struct node *node)
{
    size_t max = row->max > 0 ? row->max : TEXT_MOST;

    if (node_kind(node) != NODE_TEXT || node_text(node)[0] == '\0')
        return table_want(r, node, row, "a text");
    if (strlen(node_text(node)) > max)
        return table_want(r, node, row, "a text of at most %zu bytes", max);
    return true;
}

/* Put an owned text into its field; an older one goes. */
static bool put_text(const struct reading *r, const struct row *row,
                     const struct node *node, void *item, char *text)
{
    char **at = field_at(item, row->at);

    if (!text)
        return no_memory(r, row, node);
    free(*at);
    *at = text;
    return true;
}

bool value_text(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    return is_text(r, row, node) &&
           put_text(r, row, node, item, strdup(node_text(node)));
}

bool value_path(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    return is_text(r, row, node) &&
           put_text(r, row, node, item,
                    script_path(r->script->folder, node_text(node)));
}

/* A number written bare, or as digits in a text. */
static bool whole(const struct node *node, uint64_t *value)
{
    if (node_kind(node) == NODE_TEXT)
        return span_number(span_of(node_text(node)), value);
    if (node_kind(node) != NODE_NUMBER || node_number(node) < 0)
        return false;
    *value = (uint64_t)node_number(node);
    return true;
}

static bool bounded(const struct reading *r, const struct row *row,
                    const struct node *node, uint64_t *value)
{
    if (whole(node, value) && *value >= row->min && *value <= row->max)
        return true;
    if (row->max >= INT64_MAX)
        return table_want(r, node, row, "a number of at least %llu",
                          (unsigned long long)row->min);
    return table_want(r, node, row, "a number from %llu to %llu",
                      (unsigned long long)row->min,
                      (unsigned long long)row->max);
}

bool value_count(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    return bounded(r, row, node, field_at(item, row->at));
}

bool value_unsigned(const struct reading *r, const struct row *row,
                    const struct node *node, void *item)
{
    uint64_t value = 0;

    if (!bounded(r, row, node, &value))
        return false;
    *(unsigned *)field_at(item, row->at) = (unsigned)value;
    return true;
}

bool value_port(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    uint64_t value = 0;

    if (!bounded(r, row, node, &value))
        return false;
    *(uint16_t *)field_at(item, row->at) = (uint16_t)value;
    return true;
}

bool value_place(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    uint64_t value = 0;

    if (!bounded(r, row, node, &value))
        return false;
    *(size_t *)field_at(item, row->at) = (size_t)value;
    return true;
}

/* A number and the unit behind it. */
static bool measure(const char *text, uint64_t *number, struct span *unit)
{
    struct span s = span_of(text);
    size_t digits = strspn(text, "0123456789");

    *unit = span_skip(s, digits);
    return digits > 0 && span_number(span_head(s, digits), number);
}

/* number times factor of the unit, unless it is too large. */
static bool scale(uint64_t number, uint64_t factor, uint64_t *out)
{
    if (factor == 0 || number > (uint64_t)INT64_MAX / factor)
        return false;
    *out = number * factor;
    return true;
}

bool value_parse_size(const char *text, uint64_t *bytes)
{
    static const struct {
        const char *unit;
        uint64_t factor;
    } units[] = {
        {"", 1},
        {"B", 1},
        {"KiB", UINT64_C(1) << 10},
        {"MiB", UINT64_C(1) << 20},
        {"GiB", UINT64_C(1) << 30},
        {"TiB", UINT64_C(1) << 40},
        {"kB", 1000},
        {"MB", 1000000},
        {"GB", 1000000000},
        {"TB", 1000000000000},
    };
    struct span unit = {0};
    uint64_t number = 0;

    if (!measure(text, &number, &unit))
        return false;
    for (size_t i = 0; i < COUNT(units); i++) {
        if (span_eq_nocase(unit, span_of(units[i].unit)))
            return scale(number, units[i].factor, bytes);
    }
    return false;
}

bool value_parse_time(const char *text, uint64_t *seconds)
{
    static const struct {
        char unit;
        uint64_t factor;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    struct span unit = {0};
    uint64_t number = 0;

    if (!measure(text, &number, &unit) || unit.len != 1)
        return false;
    for (size_t i = 0; i < COUNT(units); i++) {
        if (unit.ptr[0] == (uint8_t)units[i].unit)
            return scale(number, units[i].factor, seconds);
    }
    return false;
}

bool value_size(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    uint64_t bytes = 0;
    bool good = node_kind(node) == NODE_TEXT
                    ? value_parse_size(node_text(node), &bytes)
                    : whole(node, &bytes);

    if (!good)
        return table_want(r, node, row, "a size such as \"20MiB\"");
    if (bytes < row->min || bytes > row->max)
        return table_want(r, node, row, "a size from %llu to %llu bytes",
                          (unsigned long long)row->min,
                          (unsigned long long)row->max);
    *(uint64_t *)field_at(item, row->at) = bytes;
    return true;
}

bool value_time(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    uint64_t seconds = 0;

    if (node_kind(node) != NODE_TEXT ||
        !value_parse_time(node_text(node), &seconds) || seconds == 0)
        return table_want(r, node, row, "a time such as \"24h\"");
    if (seconds < row->min || seconds > row->max)
        return table_want(r, node, row, "a time from %llus to %llud",
                          (unsigned long long)row->min,
                          (unsigned long long)row->max / 86400);
    *(int64_t *)field_at(item, row->at) = (int64_t)seconds * 1000000000;
    return true;
}

bool value_flag(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    if (node_kind(node) != NODE_FLAG)
        return table_want(r, node, row, "true or false");
    *(bool *)field_at(item, row->at) = node_flag(node);
    return true;
}

/* The place of node's text among the row's words; reports when none. */
static bool among(const struct reading *r, const struct row *row,
                  const struct node *node, unsigned *place)
{
    char text[HINT_ROOM];
    const char *word = node_kind(node) == NODE_TEXT ? node_text(node) : "";

    for (unsigned i = 0; row->words[i]; i++) {
        if (strcmp(row->words[i], word) == 0) {
            *place = i;
            return true;
        }
    }
    const char *near = table_nearest(word, row->words);
    return table_want(
        r, node, row, "one of %s%s%s%s", table_join(row->words, text),
        near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

bool value_word(const struct reading *r, const struct row *row,
                const struct node *node, void *item)
{
    unsigned place = 0;

    if (!among(r, row, node, &place))
        return false;
    *(unsigned *)field_at(item, row->at) = place;
    return true;
}

bool value_known(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    unsigned place = 0;

    return among(r, row, node, &place) &&
           put_text(r, row, node, item, strdup(row->words[place]));
}

/* Makes an owned text of a member of a list; NULL when it is not good. */
typedef char *text_maker(const struct reading *r, const char *text);

static char *make_text(const struct reading *r, const char *text)
{
    (void)r;
    return strdup(text);
}

static char *make_path(const struct reading *r, const char *text)
{
    return script_path(r->script->folder, text);
}

static char *make_domain(const struct reading *r, const char *text)
{
    (void)r;
    return value_domain(text);
}

/* A list that is not empty; reports when it is anything else. */
static bool is_list(const struct reading *r, const struct row *row,
                    const struct node *node, const char *such)
{
    if (node_kind(node) == NODE_LIST && node_count(node) > 0)
        return true;
    return table_want(r, node, row, "a list such as [ \"%s\" ]", such);
}

/* One member of a list of texts, made ready by make. */
static bool read_member(const struct reading *r, const struct row *row,
                        const struct node *node, void *item, text_maker *make)
{
    void *texts = field_at(item, row->at);
    size_t *count = field_at(item, row->count_at);
    unsigned place = 0;

    if (!is_text(r, row, node) || (row->words && !among(r, row, node, &place)))
        return false;

    char *made = make(r, node_text(node));
    if (!made && make == make_domain)
        return table_want(
            r, node, row,
            "a domain such as \"bank.example\" (its subdomains are "
            "meant too)");
    char **at = made ? table_grow(texts, count, sizeof(*at)) : NULL;
    if (!at) {
        free(made);
        return no_memory(r, row, node);
    }
    *at = made;
    return true;
}

static bool read_members(const struct reading *r, const struct row *row,
                         const struct node *node, void *item, text_maker *make)
{
    const char *such = row->words ? row->words[0] : "...";
    bool good = true;

    if (!is_list(r, row, node, make == make_domain ? "bank.example" : such))
        return false;
    for (size_t i = 0; i < node_count(node); i++) {
        if (!read_member(r, row, node_at(node, i), item, make))
            good = false;
    }
    return good;
}

bool value_texts(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    return read_members(r, row, node, item, make_text);
}

bool value_paths(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    return read_members(r, row, node, item, make_path);
}

bool value_domains(const struct reading *r, const struct row *row,
                   const struct node *node, void *item)
{
    return read_members(r, row, node, item, make_domain);
}

bool value_networks(const struct reading *r, const struct row *row,
                    const struct node *node, void *item)
{
    void *networks = field_at(item, row->at);
    size_t *count = field_at(item, row->count_at);
    bool good = true;

    if (!is_list(r, row, node, "10.0.0.0/8"))
        return false;
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *member = node_at(node, i);
        struct network one = {0};
        if (node_kind(member) != NODE_TEXT ||
            !network_parse(span_of(node_text(member)), &one)) {
            good = table_want(r, member, row,
                              "an address or network such as \"10.0.0.0/8\"");
            continue;
        }
        struct network *at = table_grow(networks, count, sizeof(*at));
        if (!at)
            return no_memory(r, row, node);
        *at = one;
    }
    return good;
}

const char *const *value_field_words(void)
{
    static const char *words[FIELD_TYPES + 1];

    for (unsigned i = 0; i < FIELD_TYPES; i++)
        words[i] = field_name((enum field_type)i);
    return words;
}

/* The type a node names; reports when it names none. */
static enum field_type field_of(const struct reading *r, const struct row *row,
                                const struct node *node)
{
    char text[HINT_ROOM];
    bool is = node_kind(node) == NODE_TEXT;
    enum field_type type =
        is ? field_find(span_of(node_text(node))) : FIELD_NONE;

    if (type == FIELD_NONE)
        table_want(
            r, node, row, "a field type%s",
            table_hint(is ? node_text(node) : "", value_field_words(), text));
    return type;
}

bool value_field(const struct reading *r, const struct row *row,
                 const struct node *node, void *item)
{
    enum field_type type = field_of(r, row, node);

    *(enum field_type *)field_at(item, row->at) = type;
    return type != FIELD_NONE;
}

bool value_fields(const struct reading *r, const struct row *row,
                  const struct node *node, void *item)
{
    uint32_t *bits = field_at(item, row->at);
    bool good = true;

    if (!is_list(r, row, node, "account_number"))
        return false;
    for (size_t i = 0; i < node_count(node); i++) {
        enum field_type type = field_of(r, row, node_at(node, i));
        if (type == FIELD_NONE)
            good = false;
        else
            *bits |= FIELD_BIT(type);
    }
    return good;
}

char *value_domain(const char *text)
{
    size_t len = strlen(text);

    len -= len > 0 && text[len - 1] == '.' ? 1 : 0;
    if (len == 0 || len > TEXT_MOST || text[0] == '.')
        return NULL;

    char *domain = strndup(text, len);
    for (size_t i = 0; domain && i < len; i++) {
        char c = domain[i];
        bool upper = c >= 'A' && c <= 'Z';
        bool other = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || (c & 0x80);
        if (upper)
            domain[i] = (char)(c - 'A' + 'a');
        if ((!upper && !other) || (c == '.' && domain[i + 1] == '.')) {
            free(domain);
            return NULL;
        }
    }
    return domain;
}

void value_texts_clear(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}
