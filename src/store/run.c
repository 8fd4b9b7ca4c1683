/* Runs written: labels of comments that have some already.
 *
 * A label that is there as it would be written is left alone, so that a run that was done before
 * changes nothing; and a run is a row only from its first change on. A label's rank wants to know
 * how many read on below the comment: that is worked out from the rank of a label that it has. */
#include "store/run.h"
#include "store/label.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- the same? ---- */

static bool is_same(const struct run_row *row, const struct retort_run_record *record, size_t nth)
{
    const struct retort_verdict *verdict = &record->verdicts[nth];
    if (row->answer.doubt != verdict->doubt ||
        !retort_span_equal(row->target, store_label_target(verdict, record->target)))
        return false;
    for (size_t i = 0; i < row->answer.model->n_labels; i++) {
        struct retort_stored_score score = store_label_score(verdict, i),
                                   old = row->answer.scores[i];
        if (old.p != score.p || old.on != score.on || old.unsure != score.unsure)
            return false;
    }
    return true;
}

/* The latest label of a model's task, and whether the run has nothing to write. */
static struct run_row *find_latest(const struct run_rows *rows,
                                   const struct retort_run_record *record, size_t nth, bool *same)
{
    const struct retort_model *model = record->verdicts[nth].model;
    struct run_row *latest = run_latest(rows, retort_model_task(model));
    *same = latest && strcmp(latest->answer.model->hash, retort_model_hash(model)) == 0 &&
            is_same(latest, record, nth);
    return latest;
}

/* ---- beginning and end ---- */

static bool put_model(struct retort_store *store, int64_t run, size_t nth,
                      const struct retort_model *model, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, PUT_RUN_MODEL, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, run);
    sqlite3_bind_int64(put, 2, (int64_t)nth);
    bind_text(put, 3, retort_span_of(retort_model_hash(model)));
    bind_text(put, 4, retort_span_of(retort_model_task(model)));
    return store_run(store, put, error);
}

static bool begin_run(struct retort_store *store, struct retort_run_writer *writer,
                      const struct retort_run_record *record, struct retort_error *error)
{
    sqlite3_stmt *put = NULL;
    if (!store_plain(store, STOP_RUNS, error) || !(put = store_statement(store, PUT_RUN, error)))
        return false;
    bind_text(put, 1, retort_span_of(writer->filter));
    if (!store_run(store, put, error))
        return false;
    writer->run = sqlite3_last_insert_rowid(store->db);
    for (size_t m = 0; m < record->n_models; m++)
        if (!put_model(store, writer->run, m, record->verdicts[m].model, error))
            return false;
    return true;
}

bool store_run_reach(struct retort_store *store, int64_t run, int64_t up_to, uint64_t labelled,
                     enum retort_run_state state, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, REACH_RUN, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, run);
    sqlite3_bind_int64(put, 2, up_to);
    sqlite3_bind_int64(put, 3, (int64_t)labelled);
    bind_text(put, 4, retort_span_of(retort_run_state_name(state)));
    return store_run(store, put, error);
}

bool retort_store_run_reached(struct retort_store *store, const struct retort_run_writer *writer,
                              int64_t up_to, bool done, struct retort_error *error)
{
    if (!writer->run)
        return true;
    return store_run_reach(store, writer->run, up_to, writer->labelled,
                           done ? RETORT_RUN_DONE : RETORT_RUN_OPEN, error);
}

/* ---- one comment ---- */

/* Of any label: its rank without readers below goes into its rank as it is. */
static size_t below_of(const struct run_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct retort_stored_answer *answer = &rows->all[i].answer;
        const struct rank_shape shape = {answer->model->choice, answer->model->n_labels,
                                         answer->model->severities, answer->model->thresholds};
        double alone = store_ranks(&shape, answer->scores, answer->unsure, 0).worth;
        if (alone > 0 && rows->all[i].worth > alone)
            return (size_t)(exp2(rows->all[i].worth / alone - 1) - 0.5);
    }
    return 0;
}

static bool put_replaced(struct retort_store *store, int64_t run, int64_t comment, int64_t model,
                         struct retort_error *error)
{
    return store_run_with(store, PUT_REPLACED, (const int64_t[]){run, comment, model}, 3, error);
}

static bool put_before(struct retort_store *store, int64_t run, int64_t comment,
                       struct retort_span before, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, PUT_RUN_COMMENT, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, run);
    sqlite3_bind_int64(put, 2, comment);
    bind_blob(put, 3, before);
    return store_run(store, put, error);
}

static bool put_label(struct retort_store *store, int64_t run,
                      const struct retort_run_record *record, size_t nth,
                      const struct run_rows *rows, struct retort_error *error)
{
    bool same;
    const struct retort_verdict *verdict = &record->verdicts[nth];
    const struct run_row *latest = find_latest(rows, record, nth, &same);
    bool own = latest && strcmp(latest->answer.model->hash, retort_model_hash(verdict->model)) == 0;
    const struct retort_label_record label = {.comment = record->comment,
                                              .verdict = verdict,
                                              .target = record->target,
                                              .below = below_of(rows)};
    return (!own || put_replaced(store, run, record->comment, latest->answer.model->id, error)) &&
           retort_store_put_label(store, &label, error);
}

/* Fills `before`; false: there is nothing to write. */
static bool compare(const struct retort_run_record *record, const struct run_rows *rows,
                    uint8_t *before)
{
    bool differs = false;
    for (size_t m = 0; m < record->n_models; m++) {
        bool same;
        const struct run_row *latest = find_latest(rows, record, m, &same);
        assert(!latest || latest->answer.model->id < BEFORE_SAME);
        differs |= !same;
        run_before_put(before, m,
                       same     ? BEFORE_SAME
                       : latest ? (uint32_t)latest->answer.model->id
                                : 0);
    }
    return differs;
}

static bool write_comment(struct retort_store *store, struct retort_run_writer *writer,
                          const struct retort_run_record *record, const struct run_rows *rows,
                          struct retort_span before, struct retort_error *error)
{
    if (!writer->run && !begin_run(store, writer, record, error))
        return false;
    for (size_t m = 0; m < record->n_models; m++)
        if (run_before(before, m) != BEFORE_SAME &&
            !put_label(store, writer->run, record, m, rows, error))
            return false;
    writer->labelled++;
    return put_before(store, writer->run, record->comment, before, error);
}

bool retort_store_run_put(struct retort_store *store, struct retort_run_writer *writer,
                          const struct retort_run_record *record, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct run_rows rows;
    size_t len = record->n_models * BEFORE_BYTES;
    uint8_t *before = RETORT_NEW(&arena, uint8_t, len);
    bool good = store_run_rows(store, record->comment, &arena, &rows, error);
    if (good && compare(record, &rows, before))
        good =
            write_comment(store, writer, record, &rows, (struct retort_span){before, len}, error);
    retort_arena_release(&arena);
    return good;
}

/* ---- what would be ---- */

bool retort_store_preview(struct retort_store *store, const struct retort_run_record *record,
                          const struct retort_stored_model *shapes,
                          bool (*visit)(void *context, const struct retort_change *change,
                                        struct retort_error *error),
                          void *context, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct run_rows rows;
    bool good = store_run_rows(store, record->comment, &arena, &rows, error);
    for (size_t m = 0; good && m < record->n_models; m++) {
        const struct retort_verdict *verdict = &record->verdicts[m];
        const struct run_row *latest = run_latest(&rows, retort_model_task(verdict->model));
        struct retort_stored_score *scores =
            RETORT_NEW(&arena, struct retort_stored_score, shapes[m].n_labels);
        bool unsure = verdict->doubt != RETORT_SURE;
        for (size_t i = 0; i < shapes[m].n_labels; i++) {
            scores[i] = store_label_score(verdict, i);
            unsure |= scores[i].unsure && (shapes[m].choice == RETORT_ANY_OF || scores[i].on);
        }
        const struct retort_stored_answer after = {&shapes[m], scores, unsure, verdict->doubt};
        const struct retort_change change = {record->comment,
                                             store_label_target(verdict, record->target),
                                             latest ? &latest->answer : NULL, &after};
        good = visit(context, &change, error);
    }
    retort_arena_release(&arena);
    return good;
}
