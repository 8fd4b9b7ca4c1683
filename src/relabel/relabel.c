/* A run from its beginning, or from where it was killed, to its end. */
#include "relabel/run.h"

/* ---- previewing ---- */

struct preview {
    const struct retort_stored_model *shapes;
    bool (*visit)(void *context, const struct retort_change *change, struct retort_error *error);
    void *context;
};

static bool show(struct run_walk *walk, const struct retort_run_record *record,
                 struct retort_error *error)
{
    const struct preview *preview = walk->context;
    return retort_store_preview(walk->store, record, preview->shapes, preview->visit,
                                preview->context, error);
}

static struct retort_stored_model *shapes_of(const struct retort_models *models,
                                             struct retort_arena *arena)
{
    struct retort_stored_model *shapes =
        RETORT_NEW(arena, struct retort_stored_model, models->n_models);
    for (size_t i = 0; i < models->n_models; i++)
        shapes[i] = *retort_diff_model(models->models[i], arena);
    return shapes;
}

static bool knows_the_times(const struct retort_run_filter *filter, struct retort_error *error)
{
    return (!filter->from.data && !filter->to.data) ||
           retort_fail(error, RETORT_USAGE,
                       "--where: from= and to= ask for the times that comments bring along, which "
                       "may be of any form; write since= and until=, when they were stored");
}

/* The filter read and the models checked: what is wrong is said before anything is done. */
static bool prepare(struct run_walk *walk, struct retort_arena *arena, struct retort_error *error)
{
    return retort_review_where(walk->request->where, arena, &walk->filter, error) &&
           knows_the_times(&walk->filter, error) &&
           run_fits(walk->store, walk->request->models, error) &&
           retort_review_where_check(walk->store, &walk->filter, error);
}

bool retort_relabel_preview(struct retort_store *store,
                            const struct retort_relabel_request *request,
                            bool (*visit)(void *context, const struct retort_change *change,
                                          struct retort_error *error),
                            void *context, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct preview preview = {shapes_of(request->models, &arena), visit, context};
    struct run_walk walk = {.store = store, .request = request, .take = show, .context = &preview};
    bool good = prepare(&walk, &arena, error) && run_walk(&walk, error);
    retort_arena_release(&arena);
    return good;
}

/* ---- what was begun ---- */

struct search {
    const struct retort_relabel_request *request;
    struct retort_run_writer *writer;
    int64_t up_to;
};

static bool is_same(const struct retort_run *run, const struct retort_relabel_request *request)
{
    if (run->n_models != request->models->n_models ||
        !retort_span_equal(run->filter, retort_span_of(request->where ? request->where : "")))
        return false;
    for (size_t i = 0; i < run->n_models; i++)
        if (strcmp(run->hashes[i], retort_model_hash(request->models->models[i])) != 0)
            return false;
    return true;
}

static bool look_at_run(void *context, const struct retort_run *run, struct retort_error *error)
{
    struct search *search = context;
    if (run->state == RETORT_RUN_REVERTING)
        return retort_fail(error, RETORT_REFUSED,
                           "run %lld is half taken back; finish that first: retort relabel "
                           "--revert %lld",
                           (long long)run->id, (long long)run->id);
    if (run->state == RETORT_RUN_OPEN && is_same(run, search->request)) {
        search->writer->run = run->id;
        search->writer->labelled = run->labelled;
        search->up_to = run->up_to;
    }
    return true;
}

/* ---- writing ---- */

struct writing {
    struct retort_run_writer writer;
    bool open; /* a transaction is */
};

/* Begun when there is something to be put: nobody waits for a run that reads. */
static bool put(struct run_walk *walk, const struct retort_run_record *record,
                struct retort_error *error)
{
    struct writing *writing = walk->context;
    if (!writing->open && !retort_store_begin(walk->store, error))
        return false;
    writing->open = true;
    return retort_store_run_put(walk->store, &writing->writer, record, error);
}

static bool commit(struct run_walk *walk, bool done, struct retort_error *error)
{
    struct writing *writing = walk->context;
    if (!writing->open && !retort_store_begin(walk->store, error))
        return false;
    writing->open = false;
    return retort_store_run_reached(walk->store, &writing->writer, walk->taken, done, error) &&
           retort_store_commit(walk->store, error);
}

/* Others have their turn when this one was long; and where only some comments are wanted, it may
 * take long to find the next. */
static bool reached(struct run_walk *walk, struct retort_error *error)
{
    return (!walk->request->where && !retort_store_is_due(walk->store)) ||
           commit(walk, false, error);
}

static bool write_run(struct run_walk *walk, struct retort_error *error)
{
    bool good = run_walk(walk, error) && commit(walk, true, error);
    if (!good)
        retort_store_rollback(walk->store);
    return good;
}

static bool relabel(struct retort_store *store, const struct retort_relabel_request *request,
                    struct retort_relabel_outcome *outcome, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct writing writing = {.writer = {.filter = request->where ? request->where : ""}};
    struct retort_run_writer *writer = &writing.writer;
    struct search search = {request, writer, 0};
    struct run_walk walk = {
        .store = store, .request = request, .take = put, .reached = reached, .context = &writing};
    bool good =
        prepare(&walk, &arena, error) && retort_store_each_run(store, look_at_run, &search, error);
    walk.behind = walk.taken = search.up_to;
    outcome->resumed = writer->run != 0;
    good = good && write_run(&walk, error);
    outcome->run = writer->run;
    outcome->n_labelled = writer->labelled;
    outcome->n_comments = walk.n_comments;
    retort_arena_release(&arena);
    return good;
}

bool retort_relabel(struct retort_store *store, const char *db,
                    const struct retort_relabel_request *request,
                    struct retort_relabel_outcome *outcome, struct retort_error *error)
{
    struct run_lock lock;
    *outcome = (struct retort_relabel_outcome){0};
    if (!run_lock_take(&lock, db, error))
        return false;
    bool good = relabel(store, request, outcome, error);
    run_lock_release(&lock);
    return good;
}
