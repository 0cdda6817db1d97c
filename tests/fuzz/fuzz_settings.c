// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * fuzz_settings.c - bytes as a settings file, as a rule file and a schema.
 *
 * Whatever the bytes are, reading ends, leaks nothing, and either is good or
 * says at least one problem. Good rules and settings are checked together.
 */
#include <stdlib.h>

#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool what)
{
    if (!what)
        abort();
}

/* Good and silent, or bad and said so. */
static void judge(bool good, struct problems *problems)
{
    must(good == (problems->count + problems->lost == 0));
    problems_clear(problems);
}

static void as_settings(struct span bytes)
{
    struct script script;
    struct draft draft;
    struct problems problems = {0};

    must(draft_default(&draft));
    must(script_from("fuzz.conf", bytes, &script));
    judge(draft_read(&script, &draft, &problems), &problems);
    draft_clear(&draft);
    script_clear(&script);
}

static void as_rules(struct span bytes)
{
    struct script script;
    struct settings settings = {0};
    struct problems problems = {0};

    must(script_from("fuzz.conf", bytes, &script));
    bool good = rules_read(&script, &settings, &problems);
    judge(good, &problems);
    judge(rules_check_all(&settings, &problems), &problems);
    for (size_t i = 0; good && i < settings.rule_count; i++) {
        const struct rule *r = &settings.rules[i];
        must(r->id && r->name && r->file && r->line > 0 && r->within_ns > 0);
        must(r->unread ? r->bytes > 0 && !r->customers : r->customers > 0);
        must(!r->walk || r->by == BY_PARTY);
    }
    settings_clear(&settings);
    script_clear(&script);
}

static void as_schema(struct span bytes)
{
    struct script script;
    struct schema schema;
    struct problems problems = {0};

    must(script_from("fuzz.conf", bytes, &script));
    judge(schema_from(&script, &schema, &problems), &problems);
    schema_clear(&schema);
    script_clear(&script);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {data, size};

    as_settings(bytes);
    as_rules(bytes);
    as_schema(bytes);
    return 0;
}
