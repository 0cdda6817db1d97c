// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * starve.c - the whole program with allocators that fail where told.
 *
 * OUTFLOW_STARVE="N once" lets the N-th allocation of every process fail,
 * "N always" that one and all later ones. A worker counts on from where the
 * judge forked it. With OUTFLOW_STARVE_COUNT each process adds the number of
 * its allocations to that file as a line; with OUTFLOW_STARVE_TRACE standard
 * error shows where the N-th was wanted. Leaks of a worker are looked for,
 * too, although it leaves by _exit.
 *
 * Linked in front of the layers with -Wl,--wrap; what libraries allocate for
 * themselves is not counted.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

#include "outflow/compiler.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
_Noreturn void __real__exit(int status);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void *__wrap_reallocarray(void *ptr, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);
int __wrap_asprintf(char **out, const char *fmt, ...) PRINTF(2, 3);
_Noreturn void __wrap__exit(int status);

static unsigned long count; /* allocations so far */
static unsigned long first; /* the one that fails; 0: none */
static bool always;         /* and all behind it */
static bool trace;
static int report = -1; /* where to say the count */

__attribute__((constructor)) static void begin(void)
{
    const char *told = getenv("OUTFLOW_STARVE");
    const char *file = getenv("OUTFLOW_STARVE_COUNT");

    if (told != NULL) {
        char *end;
        first = strtoul(told, &end, 10);
        always = strcmp(end, " always") == 0;
    }
    trace = getenv("OUTFLOW_STARVE_TRACE") != NULL;
    if (file != NULL)
        report = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void end(void)
{
    if (report >= 0)
        dprintf(report, "%lu\n", count);
}

static bool fails(void)
{
    count++;
    if (count == first && trace)
        __sanitizer_print_stack_trace();
    return first != 0 && (always ? count >= first : count == first);
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return fails() ? NULL : __real_realloc(ptr, size);
}

void *__wrap_reallocarray(void *ptr, size_t n, size_t size)
{
    return fails() ? NULL : __real_reallocarray(ptr, n, size);
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

_Noreturn void __wrap__exit(int status)
{
    end();
    __lsan_do_leak_check();
    __real__exit(status);
}
