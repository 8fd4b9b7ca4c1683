/* Progress: one line on stderr that says how much is done and how long it will take, shown from
 * the second second on and only where a person can see it. The clock decides when to print,
 * never what a result is. */
#include "base/base.h"

#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void retort_progress_begin(struct retort_progress *progress, const char *what, size_t total,
                           bool quiet)
{
    *progress = (struct retort_progress){.what = what, .total = total, .started = now()};
    progress->shown = progress->started + 1.8;
    progress->enabled = !quiet && isatty(STDERR_FILENO);
}

static void show(const struct retort_progress *progress, double elapsed)
{
    double share = progress->share, rate = (double)progress->done / elapsed;
    fprintf(stderr, "\r%s: %zu", progress->what, progress->done);
    if (progress->total > 0) {
        share = (double)progress->done / (double)progress->total;
        fprintf(stderr, " of %zu", progress->total);
    }
    if (share > 0)
        fprintf(stderr, " (%.0f %%), %.0f a second, %.0f s left\033[K", 100 * share, rate,
                elapsed / share - elapsed);
    else
        fprintf(stderr, ", %.0f a second, %.0f s\033[K", rate, elapsed);
}

void retort_progress_step(struct retort_progress *progress, size_t done)
{
    progress->done = done;
    if (!progress->enabled)
        return;
    double time = now();
    if (time - progress->shown < 0.2)
        return;
    progress->shown = time;
    show(progress, time - progress->started);
}

void retort_progress_end(struct retort_progress *progress)
{
    if (progress->enabled && progress->shown > progress->started + 1.9)
        fputs("\r\033[K", stderr);
    progress->enabled = false;
}
