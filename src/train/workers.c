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

/* A worker whose parent was killed has nobody to work for. */
static void leave_if_orphaned(pid_t parent)
{
    if (parent && getppid() != parent)
        _exit(1);
}

/* The jobs of one worker, and whom it works for (0: itself). */
struct share {
    size_t first, stride, n_jobs;
    pid_t parent;
};

static void run_share(void (*job)(void *, size_t), void *context, const struct share *share,
                      struct retort_progress *progress)
{
    size_t n_jobs = share->n_jobs;
    for (size_t i = share->first; i < n_jobs; i += share->stride) {
        leave_if_orphaned(share->parent);
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
        struct share share = {w, n_workers, n_jobs, getpid()};
        pid_t child = fork();
        if (child == 0) {
            progress.enabled = false;
            run_share(job, context, &share, &progress);
            _exit(0);
        }
        share.parent = 0;
        if (child > 0)
            children[n_children++] = child;
        else
            run_share(job, context, &share, &progress);
    }
    run_share(job, context, &(struct share){0, n_workers, n_jobs, 0}, &progress);
    for (size_t i = 0; i < n_children; i++)
        done &= wait_for(children[i]);
    retort_progress_end(&progress);
    return done;
}

bool retort_workers_fail(struct retort_error *error)
{
    return retort_fail(error, RETORT_RUNTIME, "a training process died; is there memory?");
}
