// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * options.h - the command line as a plain struct.
 *
 * It must not open files or know what the options do.
 */
#ifndef OUTFLOW_OPTIONS_H
#define OUTFLOW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "outflow/err.h"

enum command {
    COMMAND_NONE = 0,
    COMMAND_READ,
    COMMAND_WATCH,
    COMMAND_AFFECTED,
    COMMAND_CHECK,
    COMMAND_HELP,
    COMMAND_VERSION,
};

struct options {
    enum command command;
    const char *config; /* -c */
    const char **rules; /* -R, owned array of borrowed paths */
    size_t rule_count;
    const char *key;         /* -k */
    const char *format;      /* -f */
    const char *output;      /* -o */
    const char *affected;    /* -a */
    const char *schema;      /* -s of affected */
    const char *stats;       /* --stats */
    const char *state;       /* -s of read, watch */
    const char *filter;      /* --filter of watch */
    const char **interfaces; /* -i, owned array of borrowed names */
    size_t interface_count;
    unsigned workers;  /* -j; 0: one per core */
    bool send;         /* --send: use the settings' outputs */
    bool help;         /* --help after a command */
    int talk;          /* -v minus -q */
    const char **args; /* what stands behind the options; borrowed */
    size_t arg_count;
};

/*
 * Parse argv. False and problems when it cannot be understood; the command
 * is set even then when its word was known.
 */
bool options_parse(int argc, char **argv, struct options *out,
                   struct problems *problems);
void options_clear(struct options *o);

/* The help text of a command (COMMAND_NONE: of the program). */
const char *options_help(enum command command);

/* The command of that word, or COMMAND_NONE. */
enum command options_command(const char *word);

#endif
