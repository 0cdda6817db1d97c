// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * starve.c - allocators that fail once, at a place that is told.
 */
#include "unit/conf/starve.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outflow/compiler.h"
#include "support/spec.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);
int __wrap_asprintf(char **out, const char *fmt, ...) PRINTF(2, 3);

static long left;   /* allocations until one fails; 0: none does */
static bool struck; /* it did */

static bool fails(void)
{
    bool now = left == 1;

    left -= left > 0 ? 1 : 0;
    struck = struck || now;
    return now;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return fails() ? NULL : __real_realloc(ptr, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t len)
{
    return fails() ? NULL : __real_strndup(text, len);
}

int __wrap_asprintf(char **out, const char *fmt, ...)
{
    va_list args;

    if (fails())
        return -1;
    va_start(args, fmt);
    int len = vasprintf(out, fmt, args);
    va_end(args);
    return len;
}

long starve_all(bool (*run)(void))
{
    long n = 0;

    do {
        left = ++n;
        struck = false;
        bool good = run();
        left = 0;
        assert_int_equal(good, !struck);
    } while (struck);
    return n - 1;
}
