// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * number.c - our own identifiers: pattern and check digit.
 *
 * A pattern becomes at most 63 places, each a set of bytes, some of which may
 * be left out; matching moves a bit mask over them, so no pattern explodes.
 * What cannot be written so is an expression (expression.h).
 *
 * It must not accept what it does not understand.
 */
#include "detect/number.h"

#include <stdlib.h>
#include <string.h>

#include "detect/cell.h"
#include "detect/check.h"
#include "detect/expression.h"
#include "outflow/limits.h"

enum { PLACES = 63 };

/* Bytes that may stand at one place. */
struct set {
    uint64_t bits[4];
};

struct pattern {
    enum field_type type;
    bool (*check)(struct span s);
    size_t places;
    uint64_t optional; /* bit i: place i may be left out */
    struct set set[PLACES];
    struct expression *expression; /* instead of sets, or NULL */
};

struct numbers {
    size_t count;
    bool expressions; /* any of them is one */
    bool letters;     /* some may have letters */
    struct pattern pattern[];
};

static void set_add(struct set *s, uint8_t byte)
{
    s->bits[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

static bool set_has(const struct set *s, uint8_t byte)
{
    return s->bits[byte >> 6] >> (byte & 63) & 1;
}

static void set_digits(struct set *s)
{
    for (unsigned c = '0'; c <= '9'; c++)
        set_add(s, (uint8_t)c);
}

/* One sign behind a backslash, in or outside of brackets. */
static bool take_escape(const char **at, struct set *s)
{
    uint8_t c = (uint8_t) * *at;

    if (c == 'd')
        set_digits(s);
    else if (c == 0 || cell_is_letter(c) || cell_is_digit(c))
        return false;
    else
        set_add(s, c);
    (*at)++;
    return true;
}

static bool take_class(const char **at, struct set *s)
{
    const char *from = *at;

    for (; **at && **at != ']';) {
        uint8_t first = (uint8_t) * (*at)++;
        if (first == '\\') {
            if (!take_escape(at, s))
                return false;
            continue;
        }
        if (first == '^' || first == '[')
            return false;
        uint8_t last = first;
        if (**at == '-' && (*at)[1] && (*at)[1] != ']') {
            last = (uint8_t)(*at)[1];
            *at += 2;
        }
        if (last < first)
            return false;
        for (unsigned c = first; c <= last; c++)
            set_add(s, (uint8_t)c);
    }
    return *at > from && *(*at)++ == ']';
}

static bool take_sign(const char **at, struct set *s)
{
    uint8_t c = (uint8_t) * (*at)++;

    memset(s, 0, sizeof(*s));
    if (c == '\\')
        return take_escape(at, s);
    if (c == '[')
        return take_class(at, s);
    if (strchr("(){}|*+?.^$]", c))
        return false;
    set_add(s, c);
    return true;
}

static bool take_count(const char **at, unsigned *value)
{
    unsigned digits = 0;

    for (*value = 0; cell_is_digit((uint8_t) * *at); digits++)
        *value = *value * 10 + (unsigned)(*(*at)++ - '0');
    return digits > 0 && digits < 3;
}

/* How often: nothing, ?, {n} or {n,m}. */
static bool take_repeat(const char **at, unsigned *least, unsigned *most)
{
    *least = *most = 1;
    if (**at == '?') {
        (*at)++;
        *least = 0;
        return true;
    }
    if (**at != '{')
        return true;
    (*at)++;
    if (!take_count(at, least))
        return false;
    *most = *least;
    if (**at == ',') {
        (*at)++;
        if (!take_count(at, most))
            return false;
    }
    return *(*at)++ == '}' && *most >= *least && *most > 0;
}

static bool compile(const char *text, struct pattern *p)
{
    struct set set;
    unsigned least, most;

    while (*text) {
        if (!take_sign(&text, &set) || !take_repeat(&text, &least, &most) ||
            p->places + most > PLACES)
            return false;
        for (unsigned i = 0; i < most; i++) {
            if (i >= least)
                p->optional |= UINT64_C(1) << p->places;
            p->set[p->places++] = set;
        }
    }
    return p->places > 0;
}

static void take_rule(struct pattern *p, const struct number_rule *rule,
                      struct problems *problems)
{
    char why[EXPRESSION_WHY];

    p->type = rule->type;
    p->check = check_find(rule->check ? rule->check : "none");
    if (!p->check)
        problems_add(problems,
                     "%s:%u: check: want luhn, mod10, mod11, mod97, verhoeff "
                     "or none, have \"%s\"",
                     rule->file ? rule->file : "numbers", rule->line,
                     rule->check);
    const char *pattern = rule->pattern ? rule->pattern : "";
    if (compile(pattern, p))
        return;
    p->expression = expression_new(pattern, why);
    if (!p->expression)
        problems_add(problems, "%s:%u: pattern: want %s, have \"%s\"",
                     rule->file ? rule->file : "numbers", rule->line, why,
                     pattern);
}

/* May a value of the pattern have letters? */
static bool has_letters(const struct pattern *p)
{
    if (p->expression)
        return true;
    for (size_t i = 0; i < p->places; i++) {
        for (unsigned c = 'A'; c <= 'z'; c++) {
            if (cell_is_letter((uint8_t)c) && set_has(&p->set[i], (uint8_t)c))
                return true;
        }
    }
    return false;
}

struct numbers *numbers_new(const struct number_rule *rules, size_t count,
                            struct problems *problems)
{
    size_t before = problems->count + problems->lost;
    struct numbers *n = calloc(1, sizeof(*n) + count * sizeof(struct pattern));

    if (!n) {
        problems_add(problems, "numbers: no memory");
        return NULL;
    }
    n->count = count;
    for (size_t i = 0; i < count; i++)
        take_rule(&n->pattern[i], &rules[i], problems);
    for (size_t i = 0; i < count; i++) {
        n->expressions = n->expressions || n->pattern[i].expression;
        n->letters = n->letters || has_letters(&n->pattern[i]);
    }
    if (problems->count + problems->lost > before) {
        numbers_free(n);
        return NULL;
    }
    return n;
}

void numbers_free(struct numbers *n)
{
    for (size_t i = 0; n && i < n->count; i++)
        expression_free(n->pattern[i].expression);
    free(n);
}

bool numbers_any(const struct numbers *n)
{
    return n->count > 0;
}

bool numbers_letters(const struct numbers *n)
{
    return n->letters;
}

bool detect_check(const struct number_rule *numbers, size_t count,
                  struct problems *problems)
{
    struct numbers *n = numbers_new(numbers, count, problems);
    char why[EXPRESSION_WHY];
    bool good = n != NULL;

    if (good && n->expressions && !expression_trusted(why)) {
        problems_add(problems, "numbers: pattern: want %s", why);
        good = false;
    }
    numbers_free(n);
    return good;
}

/* Over places that may be left out. */
static uint64_t pass(const struct pattern *p, uint64_t state)
{
    uint64_t moved = state;

    while ((moved = (moved & p->optional) << 1) != 0)
        state |= moved;
    return state;
}

static bool pattern_matches(const struct pattern *p, struct span value)
{
    uint64_t state = 1;

    if (p->expression)
        return expression_matches(p->expression, value);
    if (value.len > PLACES)
        return false;
    state = pass(p, state);
    for (size_t i = 0; i < value.len && state; i++) {
        uint64_t next = 0;
        for (uint64_t left = state; left; left &= left - 1) {
            unsigned at = (unsigned)__builtin_ctzll(left);
            if (at < p->places && set_has(&p->set[at], value.ptr[i]))
                next |= UINT64_C(2) << at;
        }
        state = pass(p, next);
    }
    return state >> p->places & 1;
}

enum field_type numbers_match(const struct numbers *n, struct span value,
                              bool *like)
{
    uint8_t plain[CELL_ROOM];
    struct span signs = {plain, 0};
    bool none = false;

    like = like ? like : &none;
    *like = false;
    if (n->count == 0 || value.len == 0 || value.len > CELL_ROOM)
        return FIELD_NONE;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] != ' ' && value.ptr[i] != '-')
            plain[signs.len++] = value.ptr[i];
    }
    for (size_t i = 0; i < n->count; i++) {
        const struct pattern *p = &n->pattern[i];
        if (!pattern_matches(p, value) && !pattern_matches(p, signs))
            continue;
        *like = true;
        if (p->check(signs))
            return p->type;
    }
    return FIELD_NONE;
}
