// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * conf.h - what the files of conf/ share: reading one text of each kind.
 *
 * The doors for everybody else are in outflow/settings.h. It must not be
 * included outside conf/, its tests and its fuzzer.
 */
#ifndef OUTFLOW_CONF_CONF_H
#define OUTFLOW_CONF_CONF_H

#include "conf/script.h"
#include "outflow/settings.h"

/* Settings, and what of them is for conf/ alone. */
struct draft {
    struct settings settings;
    char **rule_paths; /* owned; as the setting rules names them */
    size_t rule_path_count;
    char *index; /* owned */
};

/* A rule file compiled into the program. */
struct shipped {
    const char *name;
    const unsigned char *bytes;
    size_t len;
};

extern const struct shipped shipped_rules[];
extern const size_t shipped_rule_count;

/* Put every built-in default into out; false without memory. */
bool draft_default(struct draft *out);

/* Read the text of a settings file over what out holds. */
bool draft_read(struct script *script, struct draft *out,
                struct problems *problems);

/* Release what d holds. */
void draft_clear(struct draft *d);

/* Add the rules of the text of a rule file to s. */
bool rules_read(struct script *script, struct settings *s,
                struct problems *problems);

/* Add the rules of a file or of every *.conf in a folder, sorted. */
bool rules_load(const char *path, struct settings *s,
                struct problems *problems);

/* Add the rules compiled in. */
bool rules_shipped(struct settings *s, struct problems *problems);

/* What only all rules and settings together show. */
bool rules_check_all(const struct settings *s, struct problems *problems);

/* Release what one rule holds. */
void rule_clear(struct rule *rule);

/* Read the text of a schema. */
bool schema_from(struct script *script, struct schema *out,
                 struct problems *problems);

#endif
