/* Counts: how many comments fit a filter, and how many there are of each kind.
 *
 * Tallies know all that can be said by state, task and label: a comment has one latest label for a
 * task, so that the rows of a task are its comments. Sieves have to be followed: the finest is
 * filled and each of its comments judged, up to a bound. */
#include "store/view.h"

#include <string.h>

/* ---- what fits a filter -----------------------------------------------------------------------
 */

/* Comments with any label in a list of this state. */
static bool tally_comments(struct plan *plan, int state, uint64_t *n, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(plan->store, COUNT_COMMENTS, error);
    if (!read)
        return false;
    sqlite3_bind_int(read, 1, state);
    if (!store_step(plan->store, read, &found, error))
        return false;
    *n = found ? (uint64_t)sqlite3_column_int64(read, 0) : 0;
    sqlite3_reset(read);
    return true;
}

/* All groups are of one task. */
static bool is_one_task(const struct plan *plan)
{
    for (size_t i = 1; i < plan->n_groups; i++)
        if (strcmp(plan->groups[i].model->task, plan->groups[0].model->task) != 0)
            return false;
    return true;
}

/* A label that several tasks have: its comments, each once. */
static bool count_gathered(struct plan *plan, uint64_t *n, struct retort_error *error)
{
    struct retort_buffer rows = {0};
    size_t n_bytes = (size_t)plan->last / 8 + 1;
    uint8_t *seen = RETORT_NEW(plan->arena, uint8_t, n_bytes);
    memset(seen, 0, n_bytes);
    *n = 0;
    bool good = walk_gather(plan, &rows, error);
    const struct retort_listed *items = (const struct retort_listed *)(const void *)rows.data;
    for (size_t i = 0; good && i < rows.len / sizeof *items; i++) {
        int64_t id = items[i].comment;
        struct retort_listed best;
        bool fits = false;
        if (seen[id / 8] >> (id % 8) & 1)
            continue;
        seen[id / 8] |= (uint8_t)(1u << (id % 8));
        good = plan_judge(plan, id, &best, &fits, error);
        *n += fits;
    }
    retort_buffer_release(&rows);
    return good;
}

static bool count_groups(struct plan *plan, uint64_t *n, struct retort_error *error)
{
    static const int STATES[] = {
        [RETORT_WAITING] = 1, [RETORT_DECIDED] = 2, [RETORT_CHANGED] = 3, [RETORT_ALL] = 0};
    const struct retort_filter *filter = &plan->view->filter;
    if (!filter->task && !filter->label)
        return tally_comments(plan, STATES[filter->state], n, error);
    *n = plan->n_rows;
    return is_one_task(plan) || count_gathered(plan, n, error);
}

/* Those that fit but for what the reviewer has put aside. */
static bool count_parked(struct plan *plan, uint64_t *n, struct retort_error *error)
{
    struct sieve own = {.kind = SIEVE_OWN,
                        .text = retort_span_of(plan->view->filter.reviewer),
                        .n_bits = (size_t)plan->last + 1};
    *n = 0;
    if (!sieve_fill(plan->store, &own, 0, plan->arena, error))
        return false;
    for (int64_t id = sieve_next(&own, 1); id; id = sieve_next(&own, id + 1)) {
        struct retort_listed best;
        bool with, without;
        plan->asks_parked = false;
        bool good = plan_judge(plan, id, &best, &without, error);
        plan->asks_parked = true;
        if (!good || !plan_judge(plan, id, &best, &with, error))
            return false;
        *n += without && !with;
    }
    return true;
}

static bool count_tallied(struct plan *plan, uint64_t *n, struct retort_error *error)
{
    uint64_t parked = 0;
    if (!count_groups(plan, n, error) || (plan->asks_parked && !count_parked(plan, &parked, error)))
        return false;
    *n -= parked < *n ? parked : *n;
    return true;
}

/* The finest sieve, or the first as far as it was filled. */
static bool count_sieved(struct plan *plan, size_t most, uint64_t *n, bool *exact,
                         struct retort_error *error)
{
    struct sieve *finest;
    *n = 0;
    if (!plan_finest(plan, most, &finest, error))
        return false;
    *exact = finest != NULL;
    struct sieve *counted = finest ? finest : &plan->sieves[0];
    counted->full = true; /* what it holds has passed it, all or not */
    for (int64_t id = sieve_next(counted, 1); id; id = sieve_next(counted, id + 1)) {
        struct retort_listed best;
        bool fits;
        if (!plan_judge(plan, id, &best, &fits, error))
            return false;
        *n += fits;
    }
    return true;
}

bool retort_store_count(struct retort_store *store, const struct retort_filter *filter, size_t most,
                        uint64_t *n, bool *exact, struct retort_error *error)
{
    struct retort_arena arena = {0};
    const struct retort_view view = {.filter = *filter, .order = RETORT_NEWEST};
    struct plan plan = {.store = store, .view = &view, .arena = &arena};
    *exact = true;
    bool counted =
        plan_begin(&plan, error) && (plan.n_sieves ? count_sieved(&plan, most, n, exact, error)
                                                   : count_tallied(&plan, n, error));
    retort_arena_release(&arena);
    return counted;
}

/* ---- all there is -----------------------------------------------------------------------------
 */

static struct retort_task_tally *task_of(struct retort_tallies *tallies, const char *task)
{
    for (size_t i = 0; i < tallies->n_tasks; i++)
        if (strcmp(tallies->tasks[i].task, task) == 0)
            return &tallies->tasks[i];
    struct retort_task_tally *added = &tallies->tasks[tallies->n_tasks++];
    *added = (struct retort_task_tally){.task = task};
    return added;
}

static void add_label(struct retort_task_tally *task, const char *name)
{
    for (size_t i = 0; i < task->n_labels; i++)
        if (strcmp(task->labels[i].name, name) == 0)
            return;
    task->labels[task->n_labels++] = (struct retort_label_tally){.name = name};
}

/* Tasks and labels of all models, each once, in the order of their coming. */
static void name_tallies(const struct retort_store *store, struct retort_arena *arena,
                         struct retort_tallies *tallies)
{
    size_t n_labels = 0;
    for (size_t i = 0; i < store->n_models; i++)
        n_labels += store->models[i].n_labels;
    tallies->tasks = RETORT_NEW(arena, struct retort_task_tally, store->n_models);
    for (size_t i = 0; i < store->n_models; i++) {
        struct retort_task_tally *task = task_of(tallies, store->models[i].task);
        if (!task->labels)
            task->labels = RETORT_NEW(arena, struct retort_label_tally, n_labels);
        for (size_t j = 0; j < store->models[i].n_labels; j++)
            add_label(task, store->models[i].labels[j]);
    }
}

static void count_labels(struct retort_task_tally *task, struct retort_span set, uint64_t n)
{
    struct retort_error ignored;
    struct retort_json *names = retort_json_parse(set, &ignored);
    for (size_t i = 0; i < retort_json_length(names); i++) {
        struct retort_span name;
        if (!retort_json_text(retort_json_at(names, i), &name))
            continue;
        for (size_t j = 0; j < task->n_labels; j++)
            if (retort_span_equal(name, retort_span_of(task->labels[j].name)))
                task->labels[j].waiting += n;
    }
    retort_json_free(names);
}

/* Groups come by label set, slabs summed. */
static bool read_waiting(struct plan *plan, struct retort_tallies *tallies,
                         struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(plan->store, SUM_WAITING, error);
    if (!read)
        return false;
    while ((good = store_step(plan->store, read, &found, error)) && found) {
        const struct retort_stored_model *model =
            store_model(plan->store, sqlite3_column_int64(read, 0));
        uint64_t n = (uint64_t)sqlite3_column_int64(read, 2);
        if (!model)
            continue;
        struct retort_task_tally *task = task_of(tallies, model->task);
        task->waiting += n;
        count_labels(task, column_text(read, 1), n);
    }
    sqlite3_reset(read);
    return good;
}

bool retort_store_tallies(struct retort_store *store, struct retort_arena *arena,
                          struct retort_tallies *tallies, struct retort_error *error)
{
    struct plan plan = {.store = store, .arena = arena};
    *tallies = (struct retort_tallies){0};
    store->models_read = false; /* another process may have added some */
    if (!store_models_load(store, error))
        return false;
    name_tallies(store, arena, tallies);
    return tally_comments(&plan, 0, &tallies->comments, error) &&
           tally_comments(&plan, 1, &tallies->waiting, error) &&
           tally_comments(&plan, 2, &tallies->decided, error) &&
           read_waiting(&plan, tallies, error);
}
