/* Jobs in processes, not threads: LIBLINEAR draws from the C library's one rand(), and a process
 * has its own. Worker w takes the jobs w, w + n, w + 2n …; each writes its result to its own place
 * in shared memory, so the outcome does not depend on how many workers there are. */
#include "train/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void *retort_shared_new(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        retort_out_of_memory();
    void *memory =
        mmap(NULL, total ? total : 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        retort_out_of_memory();
    return memory;
}

void retort_shared_free(void *memory, size_t count, size_t size)
{
    munmap(memory, count > 0 && size > 0 ? count * size : 1);
}

static void run_share(void (*job)(void *, size_t), void *context, size_t first, size_t n_jobs,
                      size_t stride, struct retort_progress *progress)
{
    for (size_t i = first; i < n_jobs; i += stride) {
        job(context, i);
        retort_progress_step(progress, i + 1 < n_jobs ? i + 1 : n_jobs);
    }
}

static bool wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

size_t retort_workers_count(size_t wanted)
{
    long n = wanted ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n < 64 ? (size_t)n : 64;
}

bool retort_workers_run(void (*job)(void *context, size_t index), void *context, size_t n_jobs,
                        size_t n_workers, const char *what, bool quiet)
{
    struct retort_progress progress;
    pid_t children[64];
    size_t n_children = 0;
    bool done = true;
    n_workers = retort_workers_count(n_workers);
    retort_progress_begin(&progress, what, n_jobs, quiet);
    for (size_t w = 1; w < n_workers && w < n_jobs; w++) {
        pid_t child = fork();
        if (child == 0) {
            progress.enabled = false;
            run_share(job, context, w, n_jobs, n_workers, &progress);
            _exit(0);
        }
        if (child > 0)
            children[n_children++] = child;
        else
            run_share(job, context, w, n_jobs, n_workers, &progress);
    }
    run_share(job, context, 0, n_jobs, n_workers, &progress);
    for (size_t i = 0; i < n_children; i++)
        done &= wait_for(children[i]);
    retort_progress_end(&progress);
    return done;
}
