/* Views: a filtered, ordered list of comments, a page at a time.
 *
 * A plan is made (what there is of labels that fit, which sieves, how many each lets through).
 * Where a sieve lets few through, these are judged one by one and sorted; else the order's walk is
 * followed until the page is full. Either way a comment appears once, for the label that ranks it
 * first: what an item offers is taken only if judging its comment leads to this very label. A
 * cursor is the score and id of the last item handed out, so that nothing moves when others are
 * decided. */
#include "store/view.h"

#include <stdlib.h>
#include <string.h>

/* ---- filters ----------------------------------------------------------------------------------
 */

static bool has_label(const struct retort_stored_model *model, const char *label)
{
    for (size_t i = 0; i < model->n_labels; i++)
        if (strcmp(model->labels[i], label) == 0)
            return true;
    return false;
}

/* A filter that can match nothing is a slip of the pen. */
static bool check_names(struct retort_store *store, const struct retort_filter *filter,
                        struct retort_error *error)
{
    bool task = !filter->task, label = !filter->label;
    for (size_t i = 0; i < store->n_models; i++) {
        bool of_task = !filter->task || strcmp(store->models[i].task, filter->task) == 0;
        task |= of_task;
        label |= of_task && filter->label && has_label(&store->models[i], filter->label);
    }
    if (store->n_models == 0 || (task && label))
        return true;
    return retort_fail(error, RETORT_USAGE, "no model has labelled here for the %s \"%s\"",
                       task ? "label" : "task", task ? filter->label : filter->task);
}

static bool wants_state(enum retort_wanted wanted, int state)
{
    static const unsigned STATES[] = {
        [RETORT_WAITING] = 1u << STATE_WAITS,
        [RETORT_DECIDED] = 1u << STATE_ACCEPTED | 1u << STATE_CHANGED,
        [RETORT_CHANGED] = 1u << STATE_CHANGED,
        [RETORT_ESCALATED] = 1u << STATE_WAITS,
        [RETORT_SKIPPED] = 1u << STATE_WAITS,
        [RETORT_ALL] = 1u << STATE_WAITS | 1u << STATE_ACCEPTED | 1u << STATE_CHANGED,
    };
    return state > STATE_NONE && STATES[wanted] >> state & 1;
}

/* Whether a JSON array of strings holds this one. Within a string a quote has a backslash before
 * it, so what stands behind a bracket or a comma begins an element, or is a comma of a label's own,
 * behind which no bare quote can stand. */
static bool holds_label(struct retort_span set, struct retort_span quoted)
{
    for (size_t at = 1; at + quoted.len < set.len; at++)
        if ((set.data[at - 1] == '[' || set.data[at - 1] == ',') &&
            memcmp(set.data + at, quoted.data, quoted.len) == 0)
            return true;
    return false;
}

bool plan_wants_group(const struct plan *plan, const struct retort_stored_model *model,
                      struct retort_span label)
{
    const struct retort_filter *filter = &plan->view->filter;
    return model && (!filter->task || strcmp(filter->task, model->task) == 0) &&
           (!filter->label || holds_label(label, plan->quoted));
}

/* A label that waits again opens its slab, so what was packed as decided does not wait; what was
 * packed as waiting may be decided by now. */
bool plan_may_want_state(const struct plan *plan, int state)
{
    return state == STATE_WAITS || wants_state(plan->view->filter.state, state) ||
           plan->view->filter.state == RETORT_CHANGED;
}

static bool wants_row(const struct plan *plan, int state, const struct retort_stored_model *model,
                      struct retort_span label)
{
    return wants_state(plan->view->filter.state, state) && plan_wants_group(plan, model, label);
}

/* ---- the plan ---------------------------------------------------------------------------------
 */

static bool read_groups(struct plan *plan, struct retort_error *error)
{
    bool found = true, good = true;
    size_t capacity = 0;
    sqlite3_stmt *read = store_statement(plan->store, READ_TALLY, error);
    if (!read)
        return false;
    while ((good = store_step(plan->store, read, &found, error)) && found) {
        struct group group = {.state = sqlite3_column_int(read, 0),
                              .model = store_model(plan->store, sqlite3_column_int64(read, 1)),
                              .label = column_text(read, 2),
                              .n = (uint64_t)sqlite3_column_int64(read, 3)};
        if (!wants_row(plan, group.state, group.model, group.label))
            continue;
        if (plan->n_groups == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            struct group *grown = RETORT_NEW(plan->arena, struct group, capacity);
            if (plan->n_groups)
                memcpy(grown, plan->groups, plan->n_groups * sizeof *grown);
            plan->groups = grown;
        }
        group.label = retort_arena_copy(plan->arena, group.label);
        plan->groups[plan->n_groups++] = group;
        plan->n_rows += group.n;
    }
    sqlite3_reset(read);
    return good;
}

static struct sieve *add_sieve(struct plan *plan, enum sieve_kind kind)
{
    struct sieve *sieve = &plan->sieves[plan->n_sieves++];
    *sieve = (struct sieve){.kind = kind, .n_bits = (size_t)plan->last + 1};
    return sieve;
}

static bool make_sieves(struct plan *plan, struct retort_error *error)
{
    const struct retort_filter *filter = &plan->view->filter;
    if (filter->state == RETORT_ESCALATED || filter->state == RETORT_SKIPPED)
        add_sieve(plan, SIEVE_PARKED)->text =
            retort_span_of(filter->state == RETORT_SKIPPED ? "skip" : "escalate");
    /* Of what people decided there is little, and packed slabs need not know of it. */
    if (plan->lists && (filter->state == RETORT_DECIDED || filter->state == RETORT_CHANGED))
        add_sieve(plan, SIEVE_JUDGED);
    if (filter->author.data)
        add_sieve(plan, SIEVE_AUTHOR)->text = filter->author;
    if (filter->source)
        add_sieve(plan, SIEVE_SOURCE)->number = filter->source;
    if (filter->draw)
        add_sieve(plan, SIEVE_DRAW)->number = filter->draw;
    if (filter->words.data)
        add_sieve(plan, SIEVE_WORDS)->text = words_query(filter->words, plan->arena);
    if (filter->words.data && !plan->sieves[plan->n_sieves - 1].text.data)
        return retort_fail(error, RETORT_USAGE,
                           "the search holds no word; name one, or \"some words in quotes\"");
    return true;
}

static bool read_number(struct plan *plan, enum statement which, int64_t *number,
                        struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(plan->store, which, error);
    if (!read)
        return false;
    if (plan->view->filter.reviewer)
        bind_text(read, 1, retort_span_of(plan->view->filter.reviewer));
    if (!store_step(plan->store, read, &found, error))
        return false;
    *number = found ? sqlite3_column_int64(read, 0) : 0;
    sqlite3_reset(read);
    return true;
}

bool plan_begin(struct plan *plan, struct retort_error *error)
{
    const struct retort_filter *filter = &plan->view->filter;
    int64_t parked = 0;
    if (!store_models_load(plan->store, error) || !check_names(plan->store, filter, error) ||
        !cursor_read(plan, error) || !read_number(plan, LAST_COMMENT, &plan->last, error) ||
        !cursor_domain(plan, error))
        return false;
    if (filter->label) {
        struct retort_buffer quoted = {0};
        retort_json_put(&quoted, retort_span_of(filter->label));
        plan->quoted = retort_arena_copy(plan->arena, retort_buffer_span(&quoted));
        retort_buffer_release(&quoted);
    }
    bool asks = filter->state == RETORT_WAITING && filter->reviewer;
    if (asks && !read_number(plan, HAS_PARKED, &parked, error))
        return false;
    plan->asks_parked = parked != 0;
    return make_sieves(plan, error) && read_groups(plan, error);
}

bool plan_finest(struct plan *plan, size_t most, struct sieve **finest, struct retort_error *error)
{
    *finest = NULL;
    for (size_t i = 0; i < plan->n_sieves; i++) {
        struct sieve *sieve = &plan->sieves[i];
        if (*finest && (*finest)->n_ids == 0)
            break;
        size_t bound = *finest ? (*finest)->n_ids : most; /* more than that is no finer */
        if (!sieve_fill(plan->store, sieve, bound, plan->arena, error))
            return false;
        if (sieve->full && (!*finest || sieve->n_ids < (*finest)->n_ids))
            *finest = sieve;
    }
    return true;
}

/* ---- one comment ------------------------------------------------------------------------------
 */

static bool is_parked(struct plan *plan, int64_t comment, const char *task, bool *parked,
                      struct retort_error *error)
{
    const struct retort_filter *filter = &plan->view->filter;
    bool any = filter->state != RETORT_WAITING;
    sqlite3_stmt *read = store_statement(plan->store, any ? PARKED_AS : PARKED_BY, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    bind_text(read, 2, retort_span_of(task));
    bind_text(read, 3,
              retort_span_of(!any                              ? filter->reviewer
                             : filter->state == RETORT_SKIPPED ? "skip"
                                                               : "escalate"));
    if (!store_step(plan->store, read, parked, error))
        return false;
    sqlite3_reset(read);
    return true;
}

static double score_of(const struct plan *plan, sqlite3_stmt *row, int64_t comment)
{
    switch (plan->view->order) {
    case RETORT_WORTH:
        return sqlite3_column_double(row, 3);
    case RETORT_SEVERE:
        return sqlite3_column_double(row, 4);
    case RETORT_UNSURE:
        return sqlite3_column_double(row, 5);
    case RETORT_NEWEST:
        return (double)comment;
    case RETORT_RANDOM:
        return -(double)plan_place(plan, comment);
    }
    return 0;
}

/* Whether the row at hand may stand for its comment. */
static bool row_fits(struct plan *plan, sqlite3_stmt *read, int64_t comment,
                     const struct retort_stored_model *model, bool *fits,
                     struct retort_error *error)
{
    enum retort_wanted state = plan->view->filter.state;
    bool parked;
    *fits = wants_row(plan, sqlite3_column_int(read, 1), model, column_text(read, 2));
    if (!*fits || (!plan->asks_parked && state != RETORT_ESCALATED && state != RETORT_SKIPPED))
        return true;
    if (!is_parked(plan, comment, model->task, &parked, error))
        return false;
    *fits = parked == (state != RETORT_WAITING);
    return true;
}

static bool best_row(struct plan *plan, int64_t comment, struct retort_listed *best, bool *fits,
                     struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(plan->store, BEST_ROWS, error);
    *fits = false;
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    while (good && (good = store_step(plan->store, read, &found, error)) && found) {
        bool row;
        const struct retort_stored_model *model =
            store_model(plan->store, sqlite3_column_int64(read, 0));
        good = row_fits(plan, read, comment, model, &row, error);
        if (!good || !row)
            continue;
        double score = score_of(plan, read, comment);
        if (!*fits || score > best->score)
            *best = (struct retort_listed){comment, model, score};
        *fits = true;
    }
    sqlite3_reset(read);
    return good;
}

bool plan_judge(struct plan *plan, int64_t comment, struct retort_listed *best, bool *fits,
                struct retort_error *error)
{
    *fits = true;
    for (size_t i = 0; *fits && i < plan->n_sieves; i++)
        if (!sieve_passes(plan->store, &plan->sieves[i], comment, plan->arena, fits, error))
            return false;
    return !*fits || best_row(plan, comment, best, fits, error);
}

/* ---- items ------------------------------------------------------------------------------------
 */

int compare_listed(const void *left, const void *right)
{
    const struct retort_listed *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->comment != b->comment)
        return a->comment < b->comment ? -1 : 1;
    return a->model->id < b->model->id ? -1 : a->model->id > b->model->id;
}

bool plan_is_behind(const struct plan *plan, double score, int64_t comment)
{
    return plan->after.comment == 0 || score < plan->after.score ||
           (score == plan->after.score && comment > plan->after.comment);
}

bool plan_is_full(const struct plan *plan)
{
    return plan->over;
}

void plan_add(struct plan *plan, const struct retort_listed *item)
{
    size_t limit = plan->view->limit;
    if (limit && plan->n_items == limit) {
        plan->over = true;
        return;
    }
    if (plan->n_items == plan->capacity) {
        plan->capacity = plan->capacity ? 2 * plan->capacity : 64;
        struct retort_listed *grown = RETORT_NEW(plan->arena, struct retort_listed, plan->capacity);
        if (plan->n_items)
            memcpy(grown, plan->items, plan->n_items * sizeof *grown);
        plan->items = grown;
    }
    plan->items[plan->n_items++] = *item;
}

bool plan_offer(struct plan *plan, const struct retort_listed *item, struct retort_error *error)
{
    struct retort_listed best;
    bool fits;
    if (!plan_judge(plan, item->comment, &best, &fits, error))
        return false;
    if (fits && best.model == item->model)
        plan_add(plan, item);
    return true;
}

/* ---- the view ---------------------------------------------------------------------------------
 */

/* Judges all that the sieve lets through. */
static bool judge_few(struct plan *plan, const struct sieve *sieve, struct retort_error *error)
{
    struct retort_buffer rows = {0};
    bool good = true;
    for (int64_t id = sieve_next(sieve, 1); good && id; id = sieve_next(sieve, id + 1)) {
        struct retort_listed best;
        bool fits;
        good = plan_judge(plan, id, &best, &fits, error);
        if (good && fits && plan_is_behind(plan, best.score, id))
            retort_buffer_put(&rows, (struct retort_span){(const uint8_t *)&best, sizeof best});
    }
    struct retort_listed *found = (struct retort_listed *)(void *)rows.data;
    size_t n_found = rows.len / sizeof *found;
    if (n_found)
        qsort(found, n_found, sizeof *found, compare_listed);
    for (size_t i = 0; i < n_found && !plan_is_full(plan); i++)
        plan_add(plan, &found[i]);
    retort_buffer_release(&rows);
    return good;
}

static bool fill_plan(struct plan *plan, struct retort_error *error)
{
    struct sieve *finest;
    if (!plan_finest(plan, plan->store->fine_most, &finest, error))
        return false;
    if (finest)
        return judge_few(plan, finest, error);
    switch (plan->view->order) {
    case RETORT_NEWEST:
        return walk_newest(plan, error);
    case RETORT_RANDOM:
        return walk_random(plan, error);
    case RETORT_WORTH:
    case RETORT_SEVERE:
    case RETORT_UNSURE:
        break;
    }
    return walk_ranks(plan, error);
}

/* At one moment, also while others write. */
static bool read_at_once(struct plan *plan, struct retort_error *error)
{
    struct retort_store *store = plan->store;
    if (!sqlite3_get_autocommit(store->db))
        return store_slabs_write(store, error) && plan_begin(plan, error) && fill_plan(plan, error);
    struct retort_error ignored;
    bool good =
        store_plain(store, BEGIN_READ, error) && plan_begin(plan, error) && fill_plan(plan, error);
    if (!sqlite3_get_autocommit(store->db))
        store_plain(store, ROLLBACK, &ignored);
    return good;
}

bool retort_store_list(struct retort_store *store, const struct retort_view *view,
                       struct retort_arena *arena, struct retort_listing *listing,
                       struct retort_error *error)
{
    struct plan plan = {.store = store, .view = view, .arena = arena, .lists = true};
    *listing = (struct retort_listing){0};
    if (!read_at_once(&plan, error))
        return false;
    listing->items = plan.items;
    listing->n_items = plan.n_items;
    if (plan.over)
        listing->next = cursor_write(&plan, &plan.items[plan.n_items - 1]);
    return true;
}
