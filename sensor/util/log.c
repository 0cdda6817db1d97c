// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * log.c - lines on standard error.
 *
 * The level is the one piece of global state: it is set once, in main.
 */
#include "outflow/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "util/text.h"

static enum log_level shown = LOG_NOTES;

void log_set_level(enum log_level level)
{
    shown = level;
}

static void say(enum log_level level, const char *fmt, va_list args)
    PRINTF(2, 0);

static void say(enum log_level level, const char *fmt, va_list args)
{
    char raw[1024], safe[2048];

    if (level > shown)
        return;
    vsnprintf(raw, sizeof(raw), fmt, args);
    text_escape(span_of(raw), safe, sizeof(safe));
    fprintf(stderr, "outflow: %s\n", safe);
}

void log_error(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    say(LOG_ERRORS, fmt, args);
    va_end(args);
}

void log_note(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    say(LOG_NOTES, fmt, args);
    va_end(args);
}

void log_detail(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    say(LOG_DETAILS, fmt, args);
    va_end(args);
}
