/* Figures: people's work, summed by the database, and what sources hold.
 *
 * Sums by source go over all labels in one pass, in the order in which they lie; which comment is
 * of which source is looked up in an array that was filled beforehand, as ids of comments are
 * dense.
 */
#include "store/evidence.h"
#include "store/rank.h"

#include <string.h>

static struct retort_span keep(struct retort_arena *arena, struct retort_span text)
{
    return text.data ? retort_arena_copy(arena, text) : text;
}

/* Room for one more in an array that doubles: full at 0, 1, 2, 4, 8. */
static void *grown(struct retort_arena *arena, void *old, size_t n, size_t size)
{
    if (n & (n - 1))
        return old;
    void *more = retort_arena_alloc(arena, n ? 2 * n : 1, size);
    if (n)
        memcpy(more, old, n * size);
    return more;
}

/* ---- people ---- */

bool retort_store_hours(struct retort_store *store, const char *since, struct retort_arena *arena,
                        struct retort_hour_figure **hours, size_t *n_hours,
                        struct retort_error *error)
{
    bool found = true;
    sqlite3_stmt *read = store_statement(store, HOURS, error);
    *hours = NULL;
    *n_hours = 0;
    if (!read)
        return false;
    bind_text(read, 1, retort_span_of(since));
    while (found) {
        if (!store_step(store, read, &found, error))
            return false;
        if (!found)
            break;
        *hours = grown(arena, *hours, *n_hours, sizeof **hours);
        (*hours)[(*n_hours)++] =
            (struct retort_hour_figure){.hour = keep(arena, column_text(read, 0)),
                                        .reviewer = keep(arena, column_text(read, 1)),
                                        .n = (uint64_t)sqlite3_column_int64(read, 2)};
    }
    sqlite3_reset(read);
    return true;
}

bool retort_store_reviewers(struct retort_store *store, struct retort_arena *arena,
                            struct retort_reviewer_figure **reviewers, size_t *n_reviewers,
                            struct retort_error *error)
{
    bool found = true;
    sqlite3_stmt *read = store_statement(store, REVIEWERS, error);
    *reviewers = NULL;
    *n_reviewers = 0;
    if (!read)
        return false;
    while (found) {
        if (!store_step(store, read, &found, error))
            return false;
        if (!found)
            break;
        *reviewers = grown(arena, *reviewers, *n_reviewers, sizeof **reviewers);
        (*reviewers)[(*n_reviewers)++] =
            (struct retort_reviewer_figure){.reviewer = keep(arena, column_text(read, 0)),
                                            .n = (uint64_t)sqlite3_column_int64(read, 1),
                                            .accepted = (uint64_t)sqlite3_column_int64(read, 2),
                                            .corrected = (uint64_t)sqlite3_column_int64(read, 3)};
    }
    sqlite3_reset(read);
    return true;
}

bool retort_store_each_judgement(struct retort_store *store,
                                 bool (*visit)(void *context,
                                               const struct retort_judgement *judgement,
                                               struct retort_error *error),
                                 void *context, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(store, EACH_JUDGEMENT, error);
    if (!read)
        return false;
    while (good && (good = store_step(store, read, &found, error)) && found) {
        const struct retort_judgement judgement = {.decision = sqlite3_column_int64(read, 0),
                                                   .comment = sqlite3_column_int64(read, 1),
                                                   .task = column_text(read, 2),
                                                   .target = column_text(read, 3),
                                                   .label = column_text(read, 4),
                                                   .reviewer = column_text(read, 5),
                                                   .shown = column_text(read, 6)};
        good = visit(context, &judgement, error);
    }
    sqlite3_finalize(read);
    return good;
}

/* ---- sources ---- */

struct counting {
    struct retort_store *store;
    struct retort_arena *arena;
    struct retort_source_figure *sources;
    size_t n_sources;
    uint8_t *source_of; /* [n_ids] by comment: index + 1 into sources; 0: of another */
    uint8_t *seen;      /* [n_ids] by comment: SEEN_… */
    size_t n_ids;
    size_t last[RETORT_SOURCES_MOST]; /* the set counted last, of each source */
};
enum { SEEN_STANDS = 1, SEEN_WAITS = 2 };

static bool read_sources(struct counting *all, size_t limit, struct retort_error *error)
{
    bool found = true;
    sqlite3_stmt *read = store_statement(all->store, LARGEST_SOURCES, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, (int64_t)limit);
    all->sources = RETORT_NEW(all->arena, struct retort_source_figure, limit);
    while (found) {
        if (!store_step(all->store, read, &found, error))
            return false;
        if (found)
            all->sources[all->n_sources++] =
                (struct retort_source_figure){.id = sqlite3_column_int64(read, 0),
                                              .source = keep(all->arena, column_text(read, 1))};
    }
    sqlite3_reset(read);
    return true;
}

static bool mark_comments(struct counting *all, size_t source, struct retort_error *error)
{
    bool found = true;
    sqlite3_stmt *read = store_statement(all->store, SOURCE_COMMENTS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, all->sources[source].id);
    while (found) {
        if (!store_step(all->store, read, &found, error))
            return false;
        size_t id = found ? (size_t)sqlite3_column_int64(read, 0) : all->n_ids;
        if (id < all->n_ids)
            all->source_of[id] = (uint8_t)(source + 1);
    }
    sqlite3_reset(read);
    return true;
}

static bool read_human(struct counting *all, int64_t comment, int64_t model,
                       struct retort_span *label, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(all->store, HUMAN_LABEL, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    sqlite3_bind_int64(read, 2, model);
    if (!store_step(all->store, read, &found, error))
        return false;
    if (found)
        *label = keep(all->arena, column_text(read, 0));
    sqlite3_reset(read);
    return true;
}

static struct retort_set_figure *find_set(struct counting *all, size_t s, int64_t model,
                                          struct retort_span label)
{
    struct retort_source_figure *source = &all->sources[s];
    for (size_t i = 0; i < source->n_sets; i++) {
        size_t at = (all->last[s] + i) % source->n_sets;
        if (source->sets[at].model->id == model &&
            retort_span_equal(source->sets[at].label, label)) {
            all->last[s] = at;
            return &source->sets[at];
        }
    }
    return NULL;
}

static void count_set(struct counting *all, size_t s, int64_t model, struct retort_span label)
{
    struct retort_source_figure *source = &all->sources[s];
    struct retort_set_figure *set = find_set(all, s, model, label);
    const struct retort_stored_model *known = set ? set->model : store_model(all->store, model);
    if (set)
        set->n++;
    else if (known) {
        source->sets = grown(all->arena, source->sets, source->n_sets, sizeof *source->sets);
        source->sets[source->n_sets++] =
            (struct retort_set_figure){known, retort_arena_copy(all->arena, label), 1};
    }
}

static bool count_label(struct counting *all, sqlite3_stmt *read, struct retort_error *error)
{
    int64_t comment = sqlite3_column_int64(read, 0), model = sqlite3_column_int64(read, 1);
    int state = sqlite3_column_int(read, 2);
    size_t id = (size_t)comment;
    if (id >= all->n_ids || !all->source_of[id])
        return true;
    size_t s = all->source_of[id] - 1u;
    struct retort_source_figure *source = &all->sources[s];
    struct retort_span label = column_text(read, 3);
    uint8_t seen = (uint8_t)(SEEN_STANDS | (state == STATE_WAITS ? SEEN_WAITS : 0));
    source->comments += (seen & ~all->seen[id] & SEEN_STANDS) != 0;
    source->waiting += (seen & ~all->seen[id] & SEEN_WAITS) != 0;
    all->seen[id] |= seen;
    if (state == STATE_CHANGED && !read_human(all, comment, model, &label, error))
        return false;
    count_set(all, s, model, label);
    return true;
}

static bool count_labels(struct counting *all, struct retort_error *error)
{
    bool found = true;
    sqlite3_stmt *read = store_statement(all->store, STANDING_LABELS, error);
    if (!read)
        return false;
    while (found) {
        if (!store_step(all->store, read, &found, error) ||
            (found && !count_label(all, read, error))) {
            sqlite3_reset(read);
            return false;
        }
    }
    sqlite3_reset(read);
    return true;
}

static bool count_ids(struct counting *all, struct retort_error *error)
{
    int64_t last;
    sqlite3_stmt *find = store_statement(all->store, LAST_COMMENT, error);
    if (!find || !store_find_id(all->store, find, &last, error))
        return false;
    all->n_ids = (size_t)last + 1;
    all->source_of = RETORT_NEW(all->arena, uint8_t, all->n_ids);
    all->seen = RETORT_NEW(all->arena, uint8_t, all->n_ids);
    return true;
}

bool retort_store_sources(struct retort_store *store, size_t limit, struct retort_arena *arena,
                          struct retort_source_figure **sources, size_t *n_sources,
                          struct retort_error *error)
{
    struct counting all = {.store = store, .arena = arena};
    limit = limit < RETORT_SOURCES_MOST ? limit : RETORT_SOURCES_MOST;
    bool good = store_models_load(store, error) && count_ids(&all, error) &&
                read_sources(&all, limit, error);
    for (size_t i = 0; good && i < all.n_sources; i++)
        good = mark_comments(&all, i, error);
    good = good && count_labels(&all, error);
    *sources = all.sources;
    *n_sources = good ? all.n_sources : 0;
    return good;
}
