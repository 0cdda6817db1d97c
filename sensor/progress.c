// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * progress.c - the progress line.
 *
 * It must not be asked for anything that goes into a result.
 */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const double mebibyte = 1024.0 * 1024.0;

double progress_clock(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_begin(struct progress_line *p, bool quiet)
{
    double now = progress_clock();

    *p = (struct progress_line){
        .shown = !quiet && isatty(STDERR_FILENO) != 0,
        .begun_s = now,
        .next_s = now + 0.5,
        .recount_s = now + 1.0,
    };
}

void progress_show(struct progress_line *p, uint64_t done, uint64_t all)
{
    double now = progress_clock();

    if (!p->shown || now < p->next_s)
        return;
    p->next_s = now + 0.1;
    double speed = (double)done / (now - p->begun_s + 0.001);
    fprintf(stderr, "\r\033[K%.0f MiB", (double)done / mebibyte);
    if (all > 0)
        fprintf(stderr, " of %.0f MiB (%.0f %%)", (double)all / mebibyte,
                100.0 * (double)done / (double)all);
    fprintf(stderr, ", %.0f MiB/s, %llu alerts so far", speed / mebibyte,
            (unsigned long long)p->alerts);
    if (all > done && speed > 0)
        fprintf(stderr, ", %.0f s left", (double)(all - done) / speed);
    fflush(stderr);
}

bool progress_wants_count(const struct progress_line *p)
{
    return p->shown && progress_clock() >= p->recount_s;
}

void progress_counted(struct progress_line *p, uint64_t alerts, double cost_s)
{
    p->alerts = alerts;
    p->recount_s = progress_clock() + 1.0 + 20.0 * cost_s;
}

void progress_end(struct progress_line *p)
{
    if (p->shown)
        fprintf(stderr, "\r\033[K");
    p->shown = false;
}
