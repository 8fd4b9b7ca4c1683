/* Labels, written: one row a comment and model with all its scores in one blob.
 *
 * Ten rows a comment were measured five times slower than one. `latest` is kept by the writer, so
 * that readers need no search for the newest model of a task: a label of another model of the same
 * task is aged, which costs nothing while a task has one model. The rows of a comment that is new
 * go in by one statement: of what a row costs, half is the statement's. */
#include "store/label.h"

#include <assert.h>
#include <string.h>

/* A row, as it is made: its label and scores are bytes of store->labels and store->scratch. */
struct writing {
    struct label_row row;
    struct known_model model;
    enum retort_doubt doubt;
    bool unsure;
    struct ranks ranks;
    size_t label_at, label_end, scores_at, scores_end;
};

static void put_score(struct retort_buffer *out, const struct retort_stored_score *score)
{
    uint8_t bytes[SCORE_BYTES];
    uint64_t bits;
    memcpy(&bits, &score->p, sizeof bits);
    retort_put_eight(bytes, bits);
    bytes[8] = (uint8_t)((score->on ? FLAG_ON : 0) | (score->unsure ? FLAG_UNSURE : 0));
    retort_buffer_put(out, (struct retort_span){bytes, sizeof bytes});
}

struct retort_span store_label_target(const struct retort_verdict *verdict,
                                      struct retort_span given)
{
    return retort_model_recipe(verdict->model)->target && given.data ? given : RETORT_SPAN("");
}

struct retort_stored_score store_label_score(const struct retort_verdict *verdict, size_t nth)
{
    bool one = retort_model_choice(verdict->model) == RETORT_ONE_OF;
    return (struct retort_stored_score){.p = verdict->scores[nth].p,
                                        .on = one ? nth == verdict->label : verdict->scores[nth].on,
                                        .unsure = verdict->scores[nth].unsure};
}

/* The scores as they are stored into scratch, the JSON of those that are on into labels; whether an
 * answer of these scores is unsure. */
static bool write_scores(struct retort_store *store, const struct known_model *model, bool one,
                         const struct retort_stored_score *scores, size_t n_labels)
{
    bool unsure = false, first = true;
    retort_buffer_byte(&store->labels, '[');
    for (size_t i = 0; i < n_labels; i++) {
        put_score(&store->scratch, &scores[i]);
        unsure |= scores[i].unsure && (!one || scores[i].on);
        if (!scores[i].on)
            continue;
        if (!first)
            retort_buffer_byte(&store->labels, ',');
        retort_buffer_put(&store->labels, model->names[i]);
        first = false;
    }
    retort_buffer_byte(&store->labels, ']');
    return unsure;
}

/* The verdict's scores in store->scores, too. */
static bool put_scores(struct retort_store *store, const struct known_model *model,
                       const struct retort_verdict *verdict)
{
    size_t n_labels = retort_model_n_labels(verdict->model);
    bool one = retort_model_choice(verdict->model) == RETORT_ONE_OF;
    if (n_labels > store->n_scores)
        store->scores =
            retort_grow(store->scores, store->n_scores = n_labels, sizeof *store->scores);
    for (size_t i = 0; i < n_labels; i++)
        store->scores[i] = store_label_score(verdict, i);
    return write_scores(store, model, one, store->scores, n_labels) ||
           verdict->doubt != RETORT_SURE;
}

static bool make(struct retort_store *store, const struct retort_label_record *of,
                 const struct retort_verdict *verdict, struct writing *made,
                 struct retort_error *error)
{
    *made = (struct writing){
        .row = {.comment = of->comment, .target = store_label_target(verdict, of->target)},
        .doubt = verdict->doubt};
    if (!store_model_row(store, verdict->model, &made->model, error))
        return false;
    made->label_at = store->labels.len;
    made->scores_at = store->scratch.len;
    made->unsure = put_scores(store, &made->model, verdict);
    made->label_end = store->labels.len;
    made->scores_end = store->scratch.len;
    const struct rank_shape shape = {retort_model_choice(verdict->model),
                                     retort_model_n_labels(verdict->model), made->model.severities,
                                     made->model.thresholds};
    made->ranks = store_ranks(&shape, store->scores, made->unsure, of->below);
    return true;
}

static bool settle(struct retort_store *store, struct writing *made, struct retort_error *error)
{
    made->row.model = &made->model;
    made->row.label =
        retort_span_slice(retort_buffer_span(&store->labels), made->label_at, made->label_end);
    return store_settle_label(store, &made->row, error);
}

/* ---- statements ---- */

enum { ROW_COLUMNS = 10 }; /* but for the comment, which is ?1 for all rows */

static void bind_writing(const struct retort_store *store, sqlite3_stmt *put, size_t nth,
                         const struct writing *made)
{
    int at = 2 + (int)nth * ROW_COLUMNS;
    sqlite3_bind_int64(put, at, made->model.id);
    sqlite3_bind_int(put, at + 1, made->unsure);
    sqlite3_bind_int(put, at + 2, (int)made->doubt);
    bind_text(put, at + 3, made->row.target);
    bind_text(put, at + 4, made->row.label);
    bind_blob(
        put, at + 5,
        retort_span_slice(retort_buffer_span(&store->scratch), made->scores_at, made->scores_end));
    sqlite3_bind_int(put, at + 6, made->row.state);
    sqlite3_bind_double(put, at + 7, made->ranks.worth);
    sqlite3_bind_double(put, at + 8, made->ranks.severe);
    sqlite3_bind_double(put, at + 9, made->ranks.near);
}

/* PUT_LABEL for n rows, prepared when first needed. */
static sqlite3_stmt *rows_statement(struct retort_store *store, size_t n,
                                    struct retort_error *error)
{
    struct retort_buffer sql = {0};
    sqlite3_stmt *made = NULL;
    if (store->put_labels[n])
        return store->put_labels[n];
    retort_buffer_text(&sql, store_sql[PUT_LABEL]);
    for (int row = 1, at = 2 + ROW_COLUMNS; row < (int)n; row++) {
        retort_buffer_text(&sql, ", (?1, 1");
        for (int column = 0; column < ROW_COLUMNS; column++)
            retort_buffer_format(&sql, ", ?%d", at++);
        retort_buffer_byte(&sql, ')');
    }
    if (sqlite3_prepare_v3(store->db, (const char *)sql.data, (int)sql.len,
                           SQLITE_PREPARE_PERSISTENT, &made, NULL) != SQLITE_OK)
        store_fail(store, error);
    retort_buffer_release(&sql);
    return store->put_labels[n] = made;
}

static bool write_rows(struct retort_store *store, const struct writing *made, size_t n,
                       struct retort_error *error)
{
    sqlite3_stmt *put = rows_statement(store, n, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, made[0].row.comment);
    for (size_t i = 0; i < n; i++)
        bind_writing(store, put, i, &made[i]);
    return store_run(store, put, error);
}

static bool write_row(struct retort_store *store, const struct writing *made,
                      struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, made->row.is_new ? PUT_LABEL : CHANGE_LABEL, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, made->row.comment);
    bind_writing(store, put, 0, made);
    return store_run(store, put, error);
}

/* ---- labels of a comment ---- */

/* Up to which model all are of different tasks: of two of a task, the later's label ages the row of
 * the first, which must be there. */
static size_t some_of(const struct retort_verdict *verdicts, size_t n)
{
    size_t most = n < LABELS_AT_ONCE ? n : LABELS_AT_ONCE;
    for (size_t i = 1; i < most; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(retort_model_task(verdicts[i].model),
                       retort_model_task(verdicts[j].model)) == 0)
                return i;
    return most;
}

static bool put_some(struct retort_store *store, const struct retort_label_record *of,
                     const struct retort_verdict *verdicts, size_t n, struct retort_error *error)
{
    struct writing made[LABELS_AT_ONCE];
    bool good = true, all_new = true;
    retort_buffer_clear(&store->labels);
    retort_buffer_clear(&store->scratch);
    for (size_t i = 0; good && i < n; i++)
        good = make(store, of, &verdicts[i], &made[i], error);
    for (size_t i = 0; good && i < n; i++) {
        good = settle(store, &made[i], error);
        all_new &= made[i].row.is_new;
        if (good)
            store_fill_label(store, &made[i].row, &made[i].ranks);
    }
    if (good && all_new)
        return write_rows(store, made, n, error);
    for (size_t i = 0; good && i < n; i++)
        good = write_row(store, &made[i], error);
    return good;
}

bool retort_store_put_labels(struct retort_store *store, const struct retort_label_record *of,
                             const struct retort_verdict *verdicts, size_t n,
                             struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    for (size_t at = 0, some; of->comment && at < n; at += some) {
        some = some_of(verdicts + at, n - at);
        if (!put_some(store, of, verdicts + at, some, error))
            return false;
    }
    return true;
}

bool retort_store_put_label(struct retort_store *store, const struct retort_label_record *record,
                            struct retort_error *error)
{
    return retort_store_put_labels(store, record, record->verdict, 1, error);
}

/* ---- labels that are told of -------------------------------------------------------------------
 */

static void know_told_shape(struct retort_store *store, const struct retort_stored_model *told,
                            struct known_model *known)
{
    struct retort_buffer name = {0};
    known->names = RETORT_NEW(&store->models_arena, struct retort_span, told->n_labels);
    for (size_t i = 0; i < told->n_labels; i++) {
        retort_buffer_clear(&name);
        retort_json_put(&name, retort_span_of(told->labels[i]));
        known->names[i] = retort_arena_copy(&store->models_arena, retort_buffer_span(&name));
    }
    retort_buffer_release(&name);
    known->severities = told->severities;
    known->thresholds = told->thresholds;
}

/* A model whose file need not be here. */
static bool told_model_row(struct retort_store *store, const struct retort_stored_model *told,
                           struct known_model *row, struct retort_error *error)
{
    for (size_t i = 0; i < store->n_known; i++)
        if (store->known[i].id == told->id) {
            *row = store->known[i];
            return true;
        }
    *row = (struct known_model){.task = told->task};
    know_told_shape(store, told, row);
    return store_know_model(store, retort_span_of(told->hash), row, error);
}

static bool has_answer(struct retort_store *store, int64_t comment, int64_t model, bool *has,
                       struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, HAS_LABEL, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, comment);
    sqlite3_bind_int64(find, 2, model);
    if (!store_step(store, find, has, error))
        return false;
    sqlite3_reset(find);
    return true;
}

static void make_told(struct retort_store *store, const struct retort_answer *answer,
                      struct writing *made)
{
    const struct retort_stored_model *model = answer->model;
    bool one = model->choice == RETORT_ONE_OF;
    retort_buffer_clear(&store->labels);
    retort_buffer_clear(&store->scratch);
    made->unsure = write_scores(store, &made->model, one, answer->scores, model->n_labels) ||
                   answer->doubt != RETORT_SURE;
    made->label_end = store->labels.len;
    made->scores_end = store->scratch.len;
    const struct rank_shape shape = {model->choice, model->n_labels, model->severities,
                                     model->thresholds};
    made->ranks = store_ranks(&shape, answer->scores, made->unsure, 0);
    if (answer->worth > 0)
        made->ranks.worth = answer->worth;
}

/* An older model's label is in no list, and nothing is aged by it. */
static bool write_older(struct retort_store *store, struct writing *made,
                        struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, RESTORE_OLDER, error);
    if (!put)
        return false;
    made->row.label = retort_buffer_span(&store->labels);
    sqlite3_bind_int64(put, 1, made->row.comment);
    bind_writing(store, put, 0, made);
    store_settle_forget(store);
    return store_run(store, put, error);
}

bool retort_store_restore_answer(struct retort_store *store, int64_t comment,
                                 const struct retort_answer *answer, bool *is_new,
                                 struct retort_error *error)
{
    bool has;
    struct writing made = {.row = {.comment = comment, .target = answer->target},
                           .doubt = answer->doubt};
    assert(!sqlite3_get_autocommit(store->db));
    if (!told_model_row(store, answer->model, &made.model, error) ||
        !has_answer(store, comment, made.model.id, &has, error))
        return false;
    *is_new = !has;
    if (has)
        return true;
    make_told(store, answer, &made);
    if (!answer->latest)
        return write_older(store, &made, error);
    if (!settle(store, &made, error))
        return false;
    store_fill_label(store, &made.row, &made.ranks);
    return write_row(store, &made, error);
}
