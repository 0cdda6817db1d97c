// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * results.c - writing alerts, the list and the counters.
 *
 * A write that fails is remembered and said once; the others go on.
 */
#include "results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_CAP = 16 << 20 };

static FILE *open_for(const char *path, const char *option,
                      struct problems *problems)
{
    FILE *f = fopen(path, "we");

    if (!f)
        problems_add(problems, "%s %s: cannot write: %s", option, path,
                     strerror(errno));
    return f;
}

static const struct output_format *choose_format(const struct options *o)
{
    const char *name = o->format;

    if (!name)
        name = !o->output && isatty(STDOUT_FILENO) ? "table" : "json";
    return output_format_find(span_of(name));
}

static void open_file_output(struct results *r, const struct output_settings *s,
                             struct problems *problems)
{
    struct sent_file *to = &r->files[r->file_count];

    to->format = output_format_find(span_of(s->format ? s->format : "json"));
    to->file = fopen(s->path, "ae");
    if (!to->file || !to->format)
        problems_add(problems, "%s:%u: outputs: cannot write %s: %s", s->file,
                     s->line, s->path, strerror(errno));
    if (to->file)
        r->file_count++;
}

static void open_outputs(struct results *r, const struct settings *s,
                         struct problems *problems)
{
    r->syslogs = calloc(s->output_count + 1, sizeof(*r->syslogs));
    r->files = calloc(s->output_count + 1, sizeof(*r->files));
    for (size_t i = 0; r->syslogs && r->files && i < s->output_count; i++) {
        const struct output_settings *one = &s->outputs[i];
        if (strcmp(one->type, "file") == 0) {
            open_file_output(r, one, problems);
            continue;
        }
        struct syslog *log = syslog_open(one, &r->info, problems);
        if (log)
            r->syslogs[r->syslog_count++] = log;
    }
}

bool results_open(struct results *r, const struct options *o,
                  const struct settings *s, struct problems *problems)
{
    size_t before = problems->count;

    buf_init(&r->line, LINE_CAP);
    if (gethostname(r->observer, sizeof(r->observer) - 1) != 0)
        r->observer[0] = '\0';
    r->info.observer = r->observer;
    r->format = choose_format(o);
    r->alerts_to = o->output ? open_for(o->output, "-o", problems) : stdout;
    if (o->affected)
        r->list_to = open_for(o->affected, "-a", problems);
    if (o->stats)
        r->stats_to = strcmp(o->stats, "-") == 0
                          ? stderr
                          : open_for(o->stats, "--stats", problems);
    if (o->send)
        open_outputs(r, s, problems);
    return problems->count == before && r->format;
}

void results_captures(struct results *r, const char *const *names, size_t count)
{
    r->info.captures = names;
    r->info.capture_count = count;
}

static void failed_at(struct results *r, const char *where)
{
    if (!r->failed)
        r->wrong = where;
    r->failed = true;
}

/* Write what stands in r->line, then forget it. */
static void write_line(struct results *r, FILE *to, const char *where)
{
    struct span bytes = buf_span(&r->line);

    if (bytes.len > 0 && fwrite(bytes.ptr, 1, bytes.len, to) != bytes.len)
        failed_at(r, where);
    buf_reset(&r->line);
}

static void begin(struct results *r)
{
    if (r->begun)
        return;
    r->begun = true;
    if (r->format->begin && !r->format->begin(&r->info, &r->line))
        failed_at(r, "alerts: out of memory");
    write_line(r, r->alerts_to, "alerts");
    if (r->list_to && !list_header(&r->line))
        failed_at(r, "list: out of memory");
    if (r->list_to)
        write_line(r, r->list_to, "-a");
}

static void send_alert(struct results *r, const struct alert *a)
{
    for (size_t i = 0; i < r->syslog_count; i++) {
        if (syslog_send(r->syslogs[i], a) != ERR_OK)
            failed_at(r, "a syslog receiver did not take an alert");
    }
    for (size_t i = 0; i < r->file_count; i++) {
        if (!r->files[i].format->alert(a, &r->info, &r->line))
            failed_at(r, "alerts: out of memory");
        write_line(r, r->files[i].file, "an output file");
    }
}

bool results_alert(void *ctx, const struct alert *a)
{
    struct results *r = ctx;

    begin(r);
    r->alerts++;
    if (!r->format->alert(a, &r->info, &r->line))
        failed_at(r, "alerts: out of memory");
    write_line(r, r->alerts_to, "alerts");
    send_alert(r, a);
    return true;
}

bool results_affected(void *ctx, const struct affected *c)
{
    struct results *r = ctx;

    begin(r);
    if (!list_line(c, &r->line))
        failed_at(r, "list: out of memory");
    write_line(r, r->list_to, "-a");
    return true;
}

static void flush_file(struct results *r, FILE *f, const char *where)
{
    if (f && (fflush(f) != 0 || ferror(f)))
        failed_at(r, where);
}

bool results_finish(struct results *r, const struct counters *c,
                    const struct run_totals *t, struct problems *problems)
{
    begin(r);
    if (r->format->end && !r->format->end(r->alerts, c, &r->line))
        failed_at(r, "alerts: out of memory");
    write_line(r, r->alerts_to, "alerts");
    if (r->stats_to) {
        if (!stats_write(c, t, &r->line))
            failed_at(r, "--stats: out of memory");
        write_line(r, r->stats_to, "--stats");
    }
    flush_file(r, r->alerts_to, "alerts");
    flush_file(r, r->list_to, "-a");
    flush_file(r, r->stats_to, "--stats");
    if (r->failed)
        problems_add(problems, "could not write everything: %s: %s", r->wrong,
                     strerror(errno));
    return !r->failed;
}

void results_close(struct results *r)
{
    if (r->alerts_to && r->alerts_to != stdout)
        (void)fclose(r->alerts_to);
    if (r->list_to)
        (void)fclose(r->list_to);
    if (r->stats_to && r->stats_to != stderr)
        (void)fclose(r->stats_to);
    for (size_t i = 0; i < r->syslog_count; i++)
        syslog_close(r->syslogs[i]);
    for (size_t i = 0; i < r->file_count; i++)
        (void)fclose(r->files[i].file);
    free(r->syslogs);
    free(r->files);
    buf_clear(&r->line);
    *r = (struct results){0};
}
