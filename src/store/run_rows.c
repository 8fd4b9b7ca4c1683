/* What a run looks at of one comment: its labels by all models, and whose were the latest. */
#include "store/run.h"

#include <string.h>

/* ---- rows ---- */

bool store_run_row(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                   struct run_row *row, struct retort_error *error)
{
    const struct retort_stored_model *model = store_model(store, sqlite3_column_int64(read, 0));
    *row = (struct run_row){
        .latest = sqlite3_column_int(read, 1) != 0,
        .answer = {.model = model,
                   .unsure = sqlite3_column_int(read, 2) != 0,
                   .doubt = (enum retort_doubt)sqlite3_column_int(read, 3)},
        .target = retort_arena_copy(arena, column_text(read, 4)),
        .worth = sqlite3_column_double(read, 6),
    };
    return (model && store_read_scores(model, column_blob(read, 5), arena, &row->answer.scores)) ||
           retort_fail(error, RETORT_REFUSED, "%s: a label is damaged; run `retort label -d` again",
                       store->path);
}

static struct run_row *add_row(struct run_rows *rows, struct retort_arena *arena)
{
    if ((rows->n & (rows->n - 1)) == 0) { /* 0, 1, 2, 4, 8: full */
        struct run_row *grown = RETORT_NEW(arena, struct run_row, rows->n ? 2 * rows->n : 1);
        if (rows->n)
            memcpy(grown, rows->all, rows->n * sizeof *grown);
        rows->all = grown;
    }
    return &rows->all[rows->n++];
}

bool store_run_rows(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                    struct run_rows *rows, struct retort_error *error)
{
    bool found = true, good = true;
    *rows = (struct run_rows){0};
    sqlite3_stmt *read = store_statement(store, RUN_ROWS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    while ((good = store_step(store, read, &found, error)) && found)
        if (!(good = store_run_row(store, read, arena, add_row(rows, arena), error)))
            break;
    sqlite3_reset(read);
    return good;
}

struct run_row *run_latest(const struct run_rows *rows, const char *task)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->all[i].latest && strcmp(rows->all[i].answer.model->task, task) == 0)
            return &rows->all[i];
    return NULL;
}

struct run_row *run_row_of(const struct run_rows *rows, int64_t model)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->all[i].answer.model->id == model)
            return &rows->all[i];
    return NULL;
}

/* ---- whose was the latest ---- */

void run_before_put(uint8_t *blob, size_t nth, uint32_t model)
{
    for (size_t i = 0; i < BEFORE_BYTES; i++)
        blob[nth * BEFORE_BYTES + i] = (uint8_t)(model >> (8 * i));
}

uint32_t run_before(struct retort_span blob, size_t nth)
{
    uint32_t model = 0;
    if (blob.len < (nth + 1) * BEFORE_BYTES)
        return BEFORE_SAME;
    for (size_t i = 0; i < BEFORE_BYTES; i++)
        model |= (uint32_t)blob.data[nth * BEFORE_BYTES + i] << (8 * i);
    return model;
}
