// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * files.c - where rules come from: files, folders, the program itself; and
 * what only all of them together show.
 *
 * It must not know the keys of a rule.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

static bool load_file(const char *path, struct settings *s,
                      struct problems *problems)
{
    struct script script = {0};
    bool good = script_read(path, &script, problems) &&
                rules_read(&script, s, problems);

    script_clear(&script);
    return good;
}

/* Hidden files and editors' copies are no rule files. */
static int is_rule_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return entry->d_name[0] != '.' && len > 5 &&
           strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* By bytes, so that no locale changes the order. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool load_folder(const char *path, struct settings *s,
                        struct problems *problems)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_rule_file, by_name);
    bool good = count > 0;

    if (count < 0)
        problems_add(problems, "%s: cannot be read: %s", path, strerror(errno));
    else if (count == 0)
        problems_add(problems, "%s: want rule files in it (*.conf), have none",
                     path);
    for (int i = 0; i < count; i++) {
        char *file = NULL;
        if (asprintf(&file, "%s%s%s", path,
                     path[strlen(path) - 1] == '/' ? "" : "/",
                     entries[i]->d_name) < 0)
            file = NULL;
        if (!file)
            problems_add(problems, "%s: no memory to read it", path);
        if (!file || !load_file(file, s, problems))
            good = false;
        free(file);
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool rules_load(const char *path, struct settings *s, struct problems *problems)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        problems_add(problems, "%s: cannot be opened: %s", path,
                     strerror(errno));
        return false;
    }
    if (!S_ISDIR(st.st_mode))
        return load_file(path, s, problems);
    return script_closed(path, &st, problems) && load_folder(path, s, problems);
}

bool rules_shipped(struct settings *s, struct problems *problems)
{
    bool good = true;

    for (size_t i = 0; i < shipped_rule_count; i++) {
        const struct shipped *file = &shipped_rules[i];
        struct script script = {0};
        struct span bytes = {file->bytes, file->len};
        if (!script_from(file->name, bytes, &script)) {
            problems_add(problems, "%s: no memory to read it", file->name);
            good = false;
        } else if (!rules_read(&script, s, problems)) {
            good = false;
        }
        script_clear(&script);
    }
    return good;
}

/* By id, then as they were read. */
static int by_id(const void *a, const void *b)
{
    const struct rule *one = *(const struct rule *const *)a;
    const struct rule *two = *(const struct rule *const *)b;
    int order = strcmp(one->id, two->id);

    return order != 0 ? order : (one > two) - (one < two);
}

/* An id may stand once in all files. */
static bool check_ids(const struct settings *s, struct problems *problems)
{
    const struct rule **sorted = calloc(s->rule_count + 1, sizeof(*sorted));
    size_t count = 0;
    bool good = sorted != NULL;

    if (!good)
        problems_add(problems, "rules: no memory");
    for (size_t i = 0; good && i < s->rule_count; i++) {
        if (s->rules[i].id && s->rules[i].file)
            sorted[count++] = &s->rules[i];
    }
    if (good)
        qsort(sorted, count, sizeof(*sorted), by_id);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) != 0)
            continue;
        problems_add(problems,
                     "%s:%u: id: want an id of its own, have \"%s\"; "
                     "%s:%u has it already",
                     sorted[i]->file, sorted[i]->line, sorted[i]->id,
                     sorted[i - 1]->file, sorted[i - 1]->line);
        good = false;
    }
    free(sorted);
    return good;
}

/* A rule for partners needs partners; "!partners" does without. */
static bool check_partners(const struct settings *s, const struct rule *rule,
                           struct problems *problems)
{
    for (size_t i = 0; i < rule->to_count && s->partner_count == 0; i++) {
        const struct rule_match *m = &rule->to[i];
        if (m->kind != MATCH_PARTNERS || m->negated || !rule->file)
            continue;
        problems_add(problems,
                     "%s:%u: to: want partners in the settings for an entry "
                     "\"partners\", have none",
                     rule->file, m->line);
        return false;
    }
    return true;
}

bool rules_check_all(const struct settings *s, struct problems *problems)
{
    bool good = check_ids(s, problems);

    if (s->rule_count == 0 && problems->count == 0) {
        problems_add(problems, "rules: want at least one rule, have none");
        good = false;
    }
    for (size_t i = 0; i < s->rule_count; i++) {
        if (!check_partners(s, &s->rules[i], problems))
            good = false;
    }
    return good;
}
