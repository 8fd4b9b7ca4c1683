/* A pipeline: blocks are read in order by the caller, go through stages in the hands of many
 * threads and leave them in order.
 *
 * Blocks lie in a ring. Each knows the stage that it waits for; a thread takes one that may go on,
 * does the stage outside the lock and comes back. So nobody waits for a turn while there is work:
 * what is finished too early lies in the ring until its turn comes, and its thread takes another.
 * What is late in the pipeline goes first, and of the same stage the oldest block: the ring empties
 * before it fills, and in it are never more than its blocks, however much is read.
 *
 * The caller's thread is the first worker. It alone reads and does the stages that are the
 * caller's, and these before others, so that no worker starves while the caller works. Helpers are
 * started when there is a block that nobody has taken: a short input pays for no thread.
 *
 * A failure names a block. Blocks before it are finished, blocks behind it are dropped, and of two
 * failures the earlier block's counts: what was done and what is told do not depend on the number
 * of threads. Rejected: a queue between every two stages (more waking than work), and workers that
 * wait their turn to write (half of their time, measured). */
#define _GNU_SOURCE /* sched_getaffinity: how many processors this process may use */
#include "base/base.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

enum { MOST_THREADS = 256 };

struct slot {
    size_t stage; /* that comes next */
    bool busy;
};

struct run {
    const struct retort_pipeline *plan;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    struct slot *slots; /* [plan->n_blocks]: block b lies in slot b % plan->n_blocks */
    size_t n_blocks;    /* that are used: one is enough for one thread */
    size_t first, end;  /* the blocks in flight */
    size_t limit;       /* no block from this one on is wanted: the input's end, or a failure */
    size_t n_busy, n_asleep;
    size_t *next; /* [plan->n_stages] the block whose turn it is, in stages in order */
    size_t n_helpers;
    bool failed;
    struct retort_error *error; /* of the block `limit`, when failed */
};

struct task {
    size_t block, stage;
};

static void *block_of(const struct run *run, size_t block)
{
    return run->plan->blocks[block % run->plan->n_blocks];
}

static struct slot *slot_of(const struct run *run, size_t block)
{
    return &run->slots[block % run->plan->n_blocks];
}

static size_t end_of_wanted(const struct run *run)
{
    return run->end < run->limit ? run->end : run->limit;
}

/* ---- what comes next ---- */

static bool may_run(const struct run *run, size_t block, size_t stage)
{
    const struct slot *slot = slot_of(run, block);
    return !slot->busy && slot->stage == stage;
}

/* A block that waits for this stage, and may go on: the oldest. */
static bool find_block(const struct run *run, size_t stage, size_t *block)
{
    bool in_order = run->plan->stages[stage].order != RETORT_STAGE_ANY;
    size_t from = in_order ? run->next[stage] : run->first, end = end_of_wanted(run);
    for (*block = from; *block < end; ++*block) {
        if (may_run(run, *block, stage))
            return true;
        if (in_order)
            return false;
    }
    return false;
}

/* A stage of this kind with a block that may go on: the latest. */
static bool find_task(const struct run *run, bool of_caller, struct task *task)
{
    for (size_t stage = run->plan->n_stages; stage-- > 0;) {
        bool is_callers = run->plan->stages[stage].order == RETORT_STAGE_CALLER;
        task->stage = stage;
        if (is_callers == of_caller && find_block(run, stage, &task->block))
            return true;
    }
    return false;
}

/* ---- what is done; all but the block's work under the lock ---- */

static void wake(struct run *run)
{
    if (run->n_asleep > 0)
        pthread_cond_broadcast(&run->changed);
}

static void sleep_until_changed(struct run *run)
{
    run->n_asleep++;
    pthread_cond_wait(&run->changed, &run->lock);
    run->n_asleep--;
}

/* Blocks from this one on are dropped. */
static void stop_before(struct run *run, size_t block, const struct retort_error *why)
{
    if (block >= run->limit)
        return;
    run->limit = block;
    run->failed = why != NULL;
    if (why)
        *run->error = *why;
}

static void end_task(struct run *run, const struct task *task)
{
    struct slot *slot = slot_of(run, task->block);
    slot->busy = false;
    slot->stage++;
    if (run->plan->stages[task->stage].order != RETORT_STAGE_ANY)
        run->next[task->stage] = task->block + 1;
    while (run->first < run->end && slot_of(run, run->first)->stage == run->plan->n_stages)
        run->first++;
}

static void do_task(struct run *run, const struct task *task, size_t worker)
{
    struct retort_error error = {0};
    slot_of(run, task->block)->busy = true;
    run->n_busy++;
    pthread_mutex_unlock(&run->lock);
    bool done = run->plan->stages[task->stage].run(run->plan->context, block_of(run, task->block),
                                                   worker, &error);
    pthread_mutex_lock(&run->lock);
    run->n_busy--;
    if (!done)
        stop_before(run, task->block, &error);
    end_task(run, task);
    wake(run);
}

/* ---- helpers ---- */

struct helper {
    struct run *run;
    size_t worker;
    pthread_t thread;
};

static bool is_over(const struct run *run)
{
    return run->first >= run->limit;
}

static void *help(void *context)
{
    const struct helper *helper = context;
    struct run *run = helper->run;
    struct task task;
    pthread_mutex_lock(&run->lock);
    while (!is_over(run))
        if (find_task(run, false, &task))
            do_task(run, &task, helper->worker);
        else
            sleep_until_changed(run);
    wake(run);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

/* Where no thread can be had, those that are there do it. */
static void call_helper(struct run *run, struct helper *helpers)
{
    struct helper *helper = &helpers[run->n_helpers];
    *helper = (struct helper){.run = run, .worker = run->n_helpers + 1};
    if (pthread_create(&helper->thread, NULL, help, helper) == 0)
        run->n_helpers++;
}

static bool wants_helper(const struct run *run)
{
    return run->n_helpers + 1 < run->plan->n_threads && run->end - run->first > run->n_helpers + 1;
}

/* ---- the caller ---- */

static bool can_read(const struct run *run)
{
    return run->end < run->limit && run->end - run->first < run->n_blocks;
}

/* False when there is nothing to be read yet and others are at work. */
static bool read_block(struct run *run)
{
    struct retort_error error = {0};
    bool wait = run->first == run->end;
    size_t block = run->end;
    pthread_mutex_unlock(&run->lock);
    enum retort_reading reading =
        run->plan->read(run->plan->context, block_of(run, block), wait, &error);
    pthread_mutex_lock(&run->lock);
    assert(!wait || reading != RETORT_READING_LATER);
    if (reading == RETORT_READING_BLOCK) {
        *slot_of(run, block) = (struct slot){0};
        run->end++;
    } else if (reading != RETORT_READING_LATER) {
        stop_before(run, block, reading == RETORT_READING_FAILED ? &error : NULL);
    }
    wake(run);
    return reading != RETORT_READING_LATER;
}

static void lead(struct run *run, struct helper *helpers)
{
    struct task task;
    while (!is_over(run)) {
        if (wants_helper(run))
            call_helper(run, helpers);
        if (find_task(run, true, &task))
            do_task(run, &task, 0);
        else if (can_read(run) && read_block(run))
            continue;
        else if (find_task(run, false, &task))
            do_task(run, &task, 0);
        else if (run->n_busy > 0)
            sleep_until_changed(run);
    }
    while (run->n_busy > 0) /* with blocks that nobody wants any more */
        sleep_until_changed(run);
    wake(run);
}

bool retort_pipeline_run(const struct retort_pipeline *plan, struct retort_error *error)
{
    struct helper helpers[MOST_THREADS];
    struct run run = {.plan = plan, .limit = SIZE_MAX, .error = error};
    run.n_blocks = plan->n_threads > 1 ? plan->n_blocks : 1;
    assert(plan->n_blocks > 0 && plan->n_stages > 0 && plan->n_threads <= MOST_THREADS);
    run.slots = retort_grow(NULL, plan->n_blocks, sizeof *run.slots);
    run.next = retort_grow(NULL, plan->n_stages, sizeof *run.next);
    memset(run.next, 0, plan->n_stages * sizeof *run.next);
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.changed, NULL);
    pthread_mutex_lock(&run.lock);
    lead(&run, helpers);
    pthread_mutex_unlock(&run.lock);
    for (size_t i = 0; i < run.n_helpers; i++)
        pthread_join(helpers[i].thread, NULL);
    pthread_cond_destroy(&run.changed);
    pthread_mutex_destroy(&run.lock);
    free(run.slots);
    free(run.next);
    return !run.failed;
}

size_t retort_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : (size_t)n;
}
