// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * script.h - a settings, rule or schema file in memory.
 *
 * Reading is guarded: a file that others may write could be anybody's
 * rules, and a file without end must not fill the memory.
 *
 * It must not know what the text means.
 */
#ifndef OUTFLOW_CONF_SCRIPT_H
#define OUTFLOW_CONF_SCRIPT_H

#include <sys/stat.h>

#include "outflow/err.h"
#include "outflow/span.h"

struct script {
    char *name;   /* owned; the file as messages call it */
    char *folder; /* owned; where its relative paths start, "" or "x/" */
    char *text;   /* owned; NUL ended, without a byte order mark */
    size_t len;   /* bytes of text */
};

/*
 * Read the file at path. False and a problem when it cannot be read, is
 * longer than LIMIT_SETTINGS_FILE or is writable by group or others.
 */
bool script_read(const char *path, struct script *out,
                 struct problems *problems);

/* The same of bytes in memory; false without memory. */
bool script_from(const char *name, struct span bytes, struct script *out);

/* Release what s holds. */
void script_clear(struct script *s);

/*
 * path as seen from folder: itself when absolute, else behind folder. Owned
 * by the caller, NULL without memory.
 */
char *script_path(const char *folder, const char *path);

/*
 * May only the owner write what st describes? Adds a problem that names the
 * mode and the remedy when others may.
 */
bool script_closed(const char *path, const struct stat *st,
                   struct problems *problems);

#endif
