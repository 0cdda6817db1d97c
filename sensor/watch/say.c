// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * say.c - the judge's spool, files and standard error.
 *
 * A file that cannot be written is said once and does not stop the others.
 */
#include "watch/say.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outflow/log.h"
#include "outflow/spool.h"
#include "watch/standing.h"

enum { LINE_CAP = 16 << 20 };

struct say {
    struct watch *w;
    struct spool *spool; /* NULL: no outputs */
    struct run_info run;
    char observer[256];
    const struct output_format *format; /* of out; NULL: nobody asked */
    FILE *out;                          /* standard output, or -o */
    struct buf line;
    uint64_t events; /* said so far */
    uint64_t alerts;
    bool failing; /* out, as it was said */
};

static void spool_told(void *ctx, const struct event *e)
{
    struct say *s = ctx;
    const struct output_format *plain = output_format_find(SPAN("table"));
    struct buf line;

    buf_init(&line, LINE_CAP);
    if (plain->event(e, &s->run, &line))
        log_note("%.*s", (int)line.len, line.ptr);
    buf_clear(&line);
}

/* Standard output or -o, when it was asked for or nothing else is there. */
static bool open_out(struct say *s, const struct settings *settings,
                     struct problems *problems)
{
    const struct options *o = s->w->o;
    const char *name = o->format;

    if (!o->output && !name && settings->output_count > 0)
        return true;
    if (!name)
        name = !o->output && isatty(STDOUT_FILENO) ? "table" : "json";
    s->format = output_format_find(span_of(name));
    s->out = o->output ? fdopen(dup(s->w->out), "a") : stdout;
    if (s->out && s->format)
        return true;
    problems_add(problems, "-o %s: cannot write: %s", o->output,
                 strerror(errno));
    return false;
}

static bool open_spool(struct say *s, const struct settings *settings,
                       struct problems *problems)
{
    const struct spool_settings set = {
        .folder = s->w->spool,
        .memory = s->w->spool_memory,
        .outputs = settings->outputs,
        .output_count = settings->output_count,
        .size = settings->spool,
        .run = &s->run,
        .told = spool_told,
        .ctx = s,
    };

    if (!s->w->spool)
        return true;
    s->spool = spool_open(&set, problems);
    return s->spool != NULL;
}

struct say *say_open(struct watch *w, const struct settings *settings,
                     struct problems *problems)
{
    struct say *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->w = w;
    buf_init(&s->line, LINE_CAP);
    if (gethostname(s->observer, sizeof(s->observer) - 1) != 0)
        s->observer[0] = '\0';
    s->run.observer = s->observer;
    if (open_out(s, settings, problems) && open_spool(s, settings, problems))
        return s;
    say_close(s);
    return NULL;
}

void say_close(struct say *s)
{
    if (!s)
        return;
    spool_close(s->spool);
    if (s->out && s->out != stdout)
        (void)fclose(s->out);
    buf_clear(&s->line);
    free(s);
}

void say_captures(struct say *s, const char *const *names, size_t count)
{
    s->run.captures = names;
    s->run.capture_count = count;
}

/* Write what stands in s->line to out, as far as out takes it. */
static void write_line(struct say *s, bool newline)
{
    struct span bytes = buf_span(&s->line);
    bool good = fwrite(bytes.ptr, 1, bytes.len, s->out) == bytes.len &&
                (!newline || fputc('\n', s->out) == '\n') &&
                fflush(s->out) == 0;

    if (!good && !s->failing)
        log_error("%s: cannot write: %s",
                  s->w->o->output ? s->w->o->output : "standard output",
                  strerror(errno));
    s->failing = !good;
    clearerr(s->out);
    buf_reset(&s->line);
}

bool say_alert(struct say *s, const struct alert *a)
{
    struct alert told = *a;
    bool kept = true;

    if (s->spool)
        kept = spool_alert(s->spool, a, &told.sequence) != ERR_MEMORY;
    s->alerts += kept;
    if (s->out && s->format->alert(&told, &s->run, &s->line))
        write_line(s, false);
    buf_reset(&s->line);
    return kept;
}

void say_event(struct say *s, const struct event *e)
{
    s->events++;
    spool_told(s, e);
    if (s->spool)
        (void)spool_event(s->spool, e);
    if (s->out && s->out != stdout && s->format->event &&
        s->format->event(e, &s->run, &s->line))
        write_line(s, true);
    buf_reset(&s->line);
}

void say_sync(struct say *s)
{
    if (s->spool)
        (void)spool_sync(s->spool);
}

void say_reopen(struct say *s, int out)
{
    FILE *fresh = out >= 0 && s->w->o->output ? fdopen(out, "a") : NULL;

    if (fresh) {
        (void)fclose(s->out);
        s->out = fresh;
    } else if (out >= 0) {
        (void)close(out);
    }
}

void say_outputs(struct say *s, const struct settings *settings)
{
    struct problems problems = {0};

    say_sync(s);
    spool_close(s->spool);
    s->spool = NULL;
    if (!open_spool(s, settings, &problems))
        log_error("the spool cannot be opened again");
    problems_print(&problems, stderr);
    problems_clear(&problems);
}

void say_counters(struct say *s, const struct standing_of *of)
{
    struct standing now = {.events = s->events, .alerts = s->alerts};

    if (s->spool)
        spool_figures(s->spool, &now.spool);
    standing_write(of, &now);
}
