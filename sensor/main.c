// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * main.c - the commands of outflow.
 *
 * It must not hold logic of a layer: it parses the command line and hands
 * over. Nothing below ends the program.
 */
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "options.h"
#include "outflow/live.h"
#include "outflow/log.h"
#include "outflow/output.h"
#include "privs.h"
#include "read.h"
#include "watch/watch.h"

enum { STATUS_GOOD = 0, STATUS_ERROR = 2 };

/* A state that others may read or put in place is none. */
static void check_state(const struct settings *s, struct problems *problems)
{
    struct stat about;

    if (!s->state || lstat(s->state, &about) != 0)
        return; /* it is made at the start */
    if (!S_ISDIR(about.st_mode))
        problems_add(problems, "state: %s: want a folder, have something else",
                     s->state);
    else if ((about.st_mode & 077) != 0)
        problems_add(problems,
                     "state: %s: want mode 0700, have %04o: close it with "
                     "chmod 0700 %s",
                     s->state, (unsigned)(about.st_mode & 07777), s->state);
}

/* The folder that a file would be made in; the file may come and go. */
static void check_file(const struct output_settings *s,
                       struct problems *problems)
{
    char folder[4096];
    struct stat about;

    if (strcmp(s->type, "file") != 0 || strcmp(s->path, "-") == 0)
        return;
    (void)snprintf(folder, sizeof(folder), "%s", s->path);
    if (stat(dirname(folder), &about) != 0)
        problems_add(problems,
                     "%s:%u: outputs: %s: want a folder that is "
                     "there",
                     s->file, s->line, s->path);
}

static int check(const struct options *o)
{
    struct settings settings;
    struct problems problems = {0};

    (void)settings_read(o->config, o->rules, o->rule_count, &settings,
                        &problems);
    struct identity *identity = identity_new(&settings, &problems);
    detect_check(settings.numbers, settings.numbers_count, &problems);
    (void)live_filter_check(settings.filter, &problems);
    check_state(&settings, &problems);
    for (size_t i = 0; i < settings.output_count; i++)
        check_file(&settings.outputs[i], &problems);
    size_t wrong = problems_print(&problems, stderr);
    if (wrong > 0)
        log_error("%zu errors", wrong);
    else
        log_note("settings and %zu rules are good", settings.rule_count);
    identity_free(identity);
    settings_clear(&settings);
    problems_clear(&problems);
    return wrong == 0 ? STATUS_GOOD : STATUS_ERROR;
}

static void say_join(const struct join_result *r)
{
    log_note("%llu of %llu rows of the table are affected",
             (unsigned long long)r->matched, (unsigned long long)r->rows);
    if (r->missed > 0)
        log_note("%llu of %llu lines of the list found no row",
                 (unsigned long long)r->missed, (unsigned long long)r->lines);
}

static int affected(const struct options *o)
{
    struct problems problems = {0};
    struct schema schema = {0};
    struct join_result result = {0};
    uint8_t bytes[KEY_BYTES];

    bool good = schema_read(o->schema, &schema, &problems);
    good = key_read(o->key, bytes, &problems) && good;
    struct keyed *key = good ? keyed_new(bytes) : NULL;
    explicit_bzero(bytes, sizeof(bytes));
    if (key) {
        const struct join_settings join = {key, &schema, o->args[0],
                                           o->args[1]};
        good = list_join(&join, stdout, &result, &problems) == ERR_OK &&
               fflush(stdout) == 0;
    }
    size_t wrong = problems_print(&problems, stderr);
    if (key && good)
        say_join(&result);
    keyed_free(key);
    schema_clear(&schema);
    problems_clear(&problems);
    return wrong == 0 && key && good ? STATUS_GOOD : STATUS_ERROR;
}

static int help(const struct options *o)
{
    enum command about = COMMAND_NONE;

    if (o->command == COMMAND_HELP && o->arg_count > 0)
        about = options_command(o->args[0]);
    else if (o->command != COMMAND_HELP)
        about = o->command;
    fputs(options_help(about), stdout);
    return STATUS_GOOD;
}

static int dispatch(const struct options *o)
{
    if (o->help)
        return help(o);
    switch (o->command) {
    case COMMAND_READ:
        return read_run(o);
    case COMMAND_WATCH:
        return watch_run(o);
    case COMMAND_AFFECTED:
        return affected(o);
    case COMMAND_CHECK:
        return check(o);
    case COMMAND_VERSION:
        printf("outflow %s\n", OUTFLOW_VERSION);
        return STATUS_GOOD;
    case COMMAND_HELP:
    case COMMAND_NONE:
        break;
    }
    return help(o);
}

int main(int argc, char **argv)
{
    struct options o;
    struct problems problems = {0};
    int status = STATUS_ERROR;

    privs_no_dumps();
    (void)signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error */
    if (options_parse(argc, argv, &o, &problems)) {
        log_set_level(o.talk < 0   ? LOG_ERRORS
                      : o.talk > 0 ? LOG_DETAILS
                                   : LOG_NOTES);
        status = dispatch(&o);
    }
    problems_print(&problems, stderr);
    problems_clear(&problems);
    options_clear(&o);
    return status;
}
