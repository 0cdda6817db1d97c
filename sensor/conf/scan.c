// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * scan.c - the grammar of libconfig, read for its errors only.
 *
 *     settings = { NAME ( "=" | ":" ) value [ ";" | "," ] }
 *     value    = NUMBER | true | false | TEXT { TEXT }
 *              | "[" scalars "]" | "(" values ")" | "{" settings "}"
 *
 * It must not build a tree; lines of values are all it keeps.
 */
#include "conf/scan.h"

#include <stdlib.h>
#include <string.h>

#include "conf/token.h"
#include "outflow/limits.h"

/* A name that was seen in a group that is still open. */
struct seen {
    struct span name;
    unsigned line;
};

struct scan {
    struct tokens tokens;
    struct token now; /* the next token, not taken yet */
    size_t taken;     /* place behind the last token taken */
    const char *file;
    struct problems *problems;
    struct seen *names; /* owned; of all open groups, innermost last */
    size_t name_count;
    struct lines lines;
    size_t line_room;
    unsigned depth;   /* brackets open */
    unsigned dropped; /* inside this many values that are blanked out */
    bool failed;      /* a syntax error was reported */
    char path[128];   /* of the setting: "limits.memory" */
    size_t path_from; /* where the part shown begins */
};

static bool value(struct scan *s, unsigned line);

/* Report the first syntax error; gives false. */
static bool refuse(struct scan *s, const char *want)
{
    char have[TOKEN_SHOWN];

    if (!s->failed)
        problems_add(s->problems, "%s:%u: syntax: want %s, have %s", s->file,
                     s->now.line, want, token_text(&s->tokens, &s->now, have));
    s->failed = true;
    return false;
}

static void take(struct scan *s)
{
    s->taken = s->now.to;
    s->now = tokens_next(&s->tokens);
    while (s->now.kind == TOKEN_INCLUDE) {
        problems_add(s->problems,
                     "%s:%u: @include: want every setting in this file, "
                     "have an include",
                     s->file, s->now.line);
        tokens_blank(&s->tokens, s->now.from, s->now.to);
        s->now = tokens_next(&s->tokens);
    }
}

static bool at_mark(const struct scan *s, char mark)
{
    return s->now.kind == TOKEN_MARK && s->tokens.text[s->now.from] == mark;
}

/* Keep the line of a value; no more of them than the limit. */
static bool add_line(struct scan *s, unsigned line)
{
    if (s->dropped > 0)
        return true;
    if (s->lines.count == LIMIT_SETTINGS_VALUES)
        return refuse(s, "fewer values in a file");
    if (s->lines.count == s->line_room) {
        size_t room = s->line_room ? 2 * s->line_room : 256;
        unsigned *at = realloc(s->lines.at, room * sizeof(*at));
        if (!at)
            return refuse(s, "memory");
        s->lines.at = at;
        s->line_room = room;
    }
    s->lines.at[s->lines.count++] = line;
    return true;
}

/* A number libconfig would wrap is told of, and taken out of its sight. */
static bool number(struct scan *s)
{
    struct token t = s->now;
    char have[TOKEN_SHOWN];

    switch (tokens_number(&s->tokens, &t)) {
    case NUMBER_FITS:
        return true;
    case NUMBER_LARGE:
        break;
    default:
        return refuse(s, "a number, a text in quotes, true or false");
    }
    if (s->dropped == 0)
        problems_add(s->problems,
                     "%s:%u: %s: want numbers over 2147483647 as a text such "
                     "as \"5GiB\" or \"5000000000\", have %s",
                     s->file, t.line, s->path + s->path_from,
                     token_text(&s->tokens, &t, have));
    tokens_blank(&s->tokens, t.from, t.to);
    memcpy(s->tokens.text + t.from, SCAN_SPENT, sizeof(SCAN_SPENT) - 1);
    return true;
}

/* One that stands for itself; texts in a row are one. */
static bool scalar(struct scan *s)
{
    if (s->now.kind == TOKEN_TEXT) {
        while (s->now.kind == TOKEN_TEXT)
            take(s);
        return true;
    }
    if (s->now.kind == TOKEN_NUMBER && !number(s))
        return false;
    if (s->now.kind != TOKEN_NUMBER && s->now.kind != TOKEN_FLAG)
        return refuse(s, "a value");
    take(s);
    return true;
}

/*
 * Behind "[": values without brackets. libconfig gives up when their types
 * differ; as a list they pass, and whoever reads them names the wrong one.
 */
static bool array(struct scan *s, size_t open)
{
    while (!at_mark(s, ']')) {
        if (!add_line(s, s->now.line) || !scalar(s))
            return false;
        if (!at_mark(s, ','))
            break;
        take(s);
        if (at_mark(s, ']'))
            return refuse(s, "a value behind \",\"");
    }
    if (!at_mark(s, ']'))
        return refuse(s, "\",\" or \"]\"");
    s->tokens.text[open] = '(';
    s->tokens.text[s->now.from] = ')';
    return true;
}

/* Behind "(": any values; groups among them begin paths of their own. */
static bool list(struct scan *s)
{
    size_t from = s->path_from;

    while (!at_mark(s, ')')) {
        if (at_mark(s, '{'))
            s->path_from = strlen(s->path);
        if (!value(s, s->now.line))
            return false;
        s->path_from = from;
        if (!at_mark(s, ','))
            break;
        take(s);
        if (at_mark(s, ')'))
            return refuse(s, "a value behind \",\"");
    }
    return at_mark(s, ')') || refuse(s, "\",\" or \")\"");
}

/* Where in the open group that name was seen first, or NULL. */
static const struct seen *seen_before(const struct scan *s, size_t base,
                                      struct span name)
{
    for (size_t i = base; i < s->name_count; i++) {
        if (span_eq(s->names[i].name, name))
            return &s->names[i];
    }
    return NULL;
}

static bool add_name(struct scan *s, size_t base, struct seen name)
{
    if (s->name_count - base == LIMIT_SETTINGS_NAMES)
        return refuse(s, "fewer settings in a group");

    struct seen *names =
        realloc(s->names, (s->name_count + 1) * sizeof(*names));
    if (!names)
        return refuse(s, "memory");
    s->names = names;
    s->names[s->name_count++] = name;
    return true;
}

/* The path of name inside the open group; gives where to cut it again. */
static size_t enter(struct scan *s, struct span name)
{
    size_t len = strlen(s->path);
    const char *dot = len > s->path_from ? "." : "";

    snprintf(s->path + len, sizeof(s->path) - len, "%s%.*s", dot, (int)name.len,
             (const char *)name.ptr);
    return len;
}

/* NAME = value ; of the group whose names begin at base. */
static bool setting(struct scan *s, size_t base)
{
    struct token t = s->now;
    struct span name = token_span(&s->tokens, &t);
    const struct seen *first = seen_before(s, base, name);
    size_t cut = enter(s, name);
    bool good = false;

    if (first && s->dropped == 0)
        problems_add(s->problems,
                     "%s:%u: %s: want it once, have it again; it stands on "
                     "line %u already",
                     s->file, t.line, s->path + s->path_from, first->line);
    s->dropped += first ? 1 : 0;
    take(s);
    if (!at_mark(s, '=') && !at_mark(s, ':')) {
        refuse(s, "\"=\" behind a name");
        goto out;
    }
    take(s);
    if (!first && !add_name(s, base, (struct seen){name, t.line}))
        goto out;
    good = value(s, t.line);
    if (good && (at_mark(s, ';') || at_mark(s, ',')))
        take(s);
    if (first)
        tokens_blank(&s->tokens, t.from, s->taken);
out:
    s->dropped -= first ? 1 : 0;
    s->path[cut] = '\0';
    return good;
}

/* Settings as far as there are names. */
static bool settings(struct scan *s)
{
    size_t base = s->name_count;
    bool good = true;

    while (good && s->now.kind == TOKEN_NAME)
        good = setting(s, base);
    s->name_count = base;
    return good;
}

/* What stands between brackets, and the bracket that closes it. */
static bool nested(struct scan *s)
{
    size_t at = s->now.from;
    char open = s->tokens.text[at];
    bool good = false;

    if (s->depth == LIMIT_SETTINGS_DEPTH)
        return refuse(s, "fewer brackets in one another");
    s->depth++;
    take(s);
    if (open == '[')
        good = array(s, at);
    else if (open == '(')
        good = list(s);
    else
        good =
            settings(s) && (at_mark(s, '}') || refuse(s, "a setting or \"}\""));
    s->depth--;
    if (good)
        take(s);
    return good;
}

static bool value(struct scan *s, unsigned line)
{
    if (!add_line(s, line))
        return false;
    if (at_mark(s, '[') || at_mark(s, '(') || at_mark(s, '{'))
        return nested(s);
    return scalar(s);
}

bool scan_text(struct script *script, struct lines *out,
               struct problems *problems)
{
    struct scan s = {
        .tokens = {.text = script->text, .len = script->len, .line = 1},
        .file = script->name,
        .problems = problems,
    };
    unsigned line = tokens_not_utf8(&s.tokens);

    if (line > 0)
        problems_add(problems,
                     "%s:%u: text: want UTF-8, have bytes of another charset",
                     script->name, line);
    take(&s);
    if (settings(&s) && s.now.kind != TOKEN_END)
        refuse(&s, "a setting");
    free(s.names);
    *out = s.lines;
    if (s.failed) {
        free(out->at);
        *out = (struct lines){0};
    }
    return !s.failed;
}
