/* Through all comments: read in blocks by id, labelled by many hands, taken in order.
 *
 * Reading and taking are both in the caller's thread and on one connection: what a run has written
 * and not committed yet is seen, and no reader keeps the log from being folded into the file. */
#include "relabel/run.h"

#include <stdlib.h>

enum { BLOCK = 256, BLOCKS_A_THREAD = 4 };

struct told {
    int64_t comment;
    struct retort_item item;
    struct retort_span given;
    struct retort_verdict *verdicts;
};

struct block {
    struct retort_arena arena; /* of all that stands in it */
    struct told told[BLOCK];
    size_t n;
};

struct walking {
    struct run_walk *walk;
    struct retort_labeller *labellers; /* [n_threads] */
    struct retort_progress progress;
    bool ended;
    int64_t begun; /* the first id is larger */
};

/* ---- what a model is told ---- */

bool retort_relabel_item(struct retort_store *store, int64_t comment, struct retort_span target,
                         struct retort_arena *arena, struct retort_item *item,
                         struct retort_error *error)
{
    struct retort_stored_comment stored;
    return retort_store_comment(store, comment, arena, &stored, error) &&
           retort_intake_stored_item(store, &stored, target, arena, item, error);
}

static bool tell(struct retort_store *store, const struct retort_stored_comment *comment,
                 struct retort_arena *arena, struct told *told, struct retort_error *error)
{
    told->comment = comment->id;
    if (!retort_store_given(store, comment, arena, &told->given, error) ||
        !retort_intake_stored_item(store, comment, told->given, arena, &told->item, error))
        return false;
    told->item.text = retort_arena_copy(arena, told->item.text);
    return true;
}

/* ---- reading ---- */

struct reading {
    struct walking *walking;
    struct block *block;
};

static bool read_comment(void *context, const struct retort_stored_comment *comment,
                         struct retort_error *error)
{
    struct reading *reading = context;
    struct block *block = reading->block;
    return tell(reading->walking->walk->store, comment, &block->arena, &block->told[block->n++],
                error);
}

static enum retort_reading read_block(void *context, void *into, bool wait,
                                      struct retort_error *error)
{
    struct walking *walking = context;
    struct run_walk *walk = walking->walk;
    struct block *block = into;
    struct reading reading = {walking, block};
    (void)wait;
    retort_arena_clear(&block->arena);
    block->n = 0;
    if (walking->ended)
        return RETORT_READING_END;
    if (!retort_store_each_behind(walk->store, &walk->filter, walk->behind, BLOCK, read_comment,
                                  &reading, error))
        return RETORT_READING_FAILED;
    walking->ended = block->n < BLOCK;
    if (block->n == 0)
        return RETORT_READING_END;
    walk->behind = block->told[block->n - 1].comment;
    return RETORT_READING_BLOCK;
}

/* ---- labelling and taking ---- */

static bool label_block(void *context, void *of, size_t worker, struct retort_error *error)
{
    struct walking *walking = context;
    struct block *block = of;
    const struct retort_judge judge = {.models = walking->walk->request->models,
                                       .labeller = &walking->labellers[worker]};
    (void)error;
    for (size_t i = 0; i < block->n; i++)
        block->told[i].verdicts = retort_judge_item(&judge, &block->told[i].item, &block->arena);
    return true;
}

static bool take_block(void *context, void *of, size_t worker, struct retort_error *error)
{
    struct walking *walking = context;
    struct run_walk *walk = walking->walk;
    const struct block *block = of;
    (void)worker;
    for (size_t i = 0; i < block->n; i++) {
        const struct told *told = &block->told[i];
        const struct retort_run_record record = {told->comment, told->verdicts,
                                                 walk->request->models->n_models, told->given};
        if (!walk->take(walk, &record, error))
            return false;
        walk->n_comments++;
    }
    walk->taken = block->told[block->n - 1].comment;
    retort_progress_step(&walking->progress, (size_t)(walk->taken - walking->begun));
    return !walk->reached || walk->reached(walk, error);
}

/* ---- all ---- */

static const struct retort_stage STAGES[] = {
    {label_block, RETORT_STAGE_ANY},
    {take_block, RETORT_STAGE_CALLER},
};

static bool run_blocks(struct walking *walking, size_t n_threads, struct retort_error *error)
{
    size_t n_blocks = n_threads * BLOCKS_A_THREAD;
    struct block *blocks = retort_grow(NULL, n_blocks, sizeof *blocks);
    void **each = retort_grow(NULL, n_blocks, sizeof *each);
    for (size_t i = 0; i < n_blocks; i++) {
        blocks[i].arena = (struct retort_arena){0};
        each[i] = &blocks[i];
    }
    const struct retort_pipeline pipeline = {.read = read_block,
                                             .stages = STAGES,
                                             .n_stages = sizeof STAGES / sizeof *STAGES,
                                             .blocks = each,
                                             .n_blocks = n_blocks,
                                             .n_threads = n_threads,
                                             .context = walking};
    bool good = retort_pipeline_run(&pipeline, error);
    for (size_t i = 0; i < n_blocks; i++)
        retort_arena_release(&blocks[i].arena);
    free(blocks);
    free(each);
    return good;
}

bool run_walk(struct run_walk *walk, struct retort_error *error)
{
    struct walking walking = {.walk = walk, .begun = walk->behind};
    size_t n_threads = walk->request->n_threads;
    int64_t last;
    if (!retort_store_last_comment(walk->store, &last, error))
        return false;
    walking.labellers = retort_grow(NULL, n_threads, sizeof *walking.labellers);
    for (size_t i = 0; i < n_threads; i++)
        retort_labeller_init(&walking.labellers[i]);
    retort_progress_begin(&walking.progress, "comments",
                          last > walking.begun ? (size_t)(last - walking.begun) : 0,
                          walk->request->quiet);
    bool good = run_blocks(&walking, n_threads, error);
    retort_progress_end(&walking.progress);
    for (size_t i = 0; i < n_threads; i++)
        retort_labeller_release(&walking.labellers[i]);
    free(walking.labellers);
    return good;
}
