/* What is told of a comment to another file: what no other reader asks for, row by row. All of it
 * is copied into the arena. */
#include "store/rank.h"

static struct retort_span keep(struct retort_arena *arena, struct retort_span span)
{
    return span.data ? retort_arena_copy(arena, span) : span;
}

/* Room for one more of *n things of that size, which double as they grow. */
static void *grown(struct retort_arena *arena, void *things, size_t n, size_t size)
{
    if ((n & (n - 1)) != 0)
        return things;
    uint8_t *room = retort_arena_alloc(arena, n ? 2 * n : 1, size);
    if (n)
        memcpy(room, things, n * size);
    return room;
}

static sqlite3_stmt *statement_of(struct retort_store *store, enum statement which, int64_t id,
                                  struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, which, error);
    if (read)
        sqlite3_bind_int64(read, 1, id);
    return read;
}

/* ---- labels ---- */

static void look_at_reach(struct retort_answer *answer)
{
    const struct rank_shape shape = {answer->model->choice, answer->model->n_labels,
                                     answer->model->severities, answer->model->thresholds};
    answer->has_reach =
        answer->worth != store_ranks(&shape, answer->scores, answer->unsure, 0).worth;
}

static bool read_answer(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                        struct retort_answer *answer, struct retort_error *error)
{
    *answer = (struct retort_answer){
        .model = store_model(store, sqlite3_column_int64(read, 0)),
        .latest = sqlite3_column_int(read, 1) != 0,
        .unsure = sqlite3_column_int(read, 2) != 0,
        .doubt = (enum retort_doubt)sqlite3_column_int(read, 3),
        .target = keep(arena, column_text(read, 4)),
        .label = keep(arena, column_text(read, 5)),
        .worth = sqlite3_column_double(read, 7),
    };
    if (!answer->model ||
        !store_read_scores(answer->model, column_blob(read, 6), arena, &answer->scores))
        return retort_fail(error, RETORT_REFUSED,
                           "%s: a label is damaged; run `retort label -d` again", store->path);
    look_at_reach(answer);
    return true;
}

bool retort_store_answers(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                          struct retort_answer **answers, size_t *n, struct retort_error *error)
{
    bool found, good = true;
    *answers = NULL;
    *n = 0;
    sqlite3_stmt *read = statement_of(store, ANSWERS_OF, comment, error);
    if (!read)
        return false;
    while (good && (good = store_step(store, read, &found, error)) && found) {
        *answers = grown(arena, *answers, *n, sizeof **answers);
        good = read_answer(store, read, arena, &(*answers)[(*n)++], error);
    }
    sqlite3_reset(read);
    return good;
}

bool retort_store_ordinal(struct retort_store *store, int64_t comment, uint64_t *ordinal,
                          struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = statement_of(store, ORDINAL_OF, comment, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    *ordinal = found ? (uint64_t)sqlite3_column_int64(read, 0) : 0;
    sqlite3_reset(read);
    return true;
}

/* ---- draws ---- */

bool retort_store_told_draw(struct retort_store *store, int64_t id, struct retort_arena *arena,
                            struct retort_told_draw *draw, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = statement_of(store, TOLD_DRAW, id, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    *draw = (struct retort_told_draw){0};
    if (found)
        *draw = (struct retort_told_draw){
            .design = keep(arena, column_text(read, 0)),
            .seeded = sqlite3_column_type(read, 1) != SQLITE_NULL,
            .seed = (uint64_t)sqlite3_column_int64(read, 1),
            .population = (uint64_t)sqlite3_column_int64(read, 2),
            .reviewer = keep(arena, column_text(read, 3)),
            .drawn = keep(arena, column_text(read, 4)),
        };
    sqlite3_reset(read);
    return found || retort_fail(error, RETORT_INPUT, "%s: there is no draw %lld", store->path,
                                (long long)id);
}

bool retort_store_selections(struct retort_store *store, int64_t comment,
                             struct retort_arena *arena, struct retort_told_selection **selections,
                             size_t *n, struct retort_error *error)
{
    bool found, good = true;
    *selections = NULL;
    *n = 0;
    sqlite3_stmt *read = statement_of(store, SELECTIONS_OF, comment, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        *selections = grown(arena, *selections, *n, sizeof **selections);
        (*selections)[(*n)++] = (struct retort_told_selection){
            .id = sqlite3_column_int64(read, 0),
            .draw = sqlite3_column_int64(read, 1),
            .task = keep(arena, column_text(read, 2)),
            .probability = sqlite3_column_double(read, 3),
            .stratum = keep(arena, column_text(read, 4)),
        };
    }
    sqlite3_reset(read);
    return good;
}

/* ---- pages ---- */

bool retort_store_told_pages(struct retort_store *store, int64_t source, struct retort_arena *arena,
                             int64_t **pages, size_t *n, struct retort_error *error)
{
    bool found, good = true;
    *pages = NULL;
    *n = 0;
    sqlite3_stmt *read = statement_of(store, TOLD_PAGES, source, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        *pages = grown(arena, *pages, *n, sizeof **pages);
        (*pages)[(*n)++] = sqlite3_column_int64(read, 0);
    }
    sqlite3_reset(read);
    return good;
}

bool retort_store_told_page(struct retort_store *store, int64_t id, struct retort_arena *arena,
                            struct retort_told_page *page, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = statement_of(store, TOLD_PAGE, id, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    *page = (struct retort_told_page){0};
    if (found)
        *page = (struct retort_told_page){keep(arena, column_text(read, 0)),
                                          keep(arena, column_blob(read, 1))};
    sqlite3_reset(read);
    return true;
}

bool retort_store_told_splits(struct retort_store *store, int64_t page, struct retort_arena *arena,
                              struct retort_told_split **splits, size_t *n,
                              struct retort_error *error)
{
    bool found, good = true;
    *splits = NULL;
    *n = 0;
    sqlite3_stmt *read = statement_of(store, TOLD_SPLITS, page, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        *splits = grown(arena, *splits, *n, sizeof **splits);
        (*splits)[(*n)++] = (struct retort_told_split){
            .id = sqlite3_column_int64(read, 0),
            .splitter = keep(arena, column_text(read, 1)),
            .digest = keep(arena, column_text(read, 2)),
            .made = keep(arena, column_text(read, 3)),
            .article = keep(arena, column_text(read, 4)),
            .title = keep(arena, column_text(read, 5)),
            .text = keep(arena, column_text(read, 6)),
            .lines = keep(arena, column_text(read, 7)),
        };
    }
    sqlite3_reset(read);
    return good;
}

bool retort_store_told_corrections(struct retort_store *store, int64_t page,
                                   struct retort_arena *arena,
                                   struct retort_told_correction **corrections, size_t *n,
                                   struct retort_error *error)
{
    bool found, good = true;
    *corrections = NULL;
    *n = 0;
    sqlite3_stmt *read = statement_of(store, TOLD_CORRECTIONS, page, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        *corrections = grown(arena, *corrections, *n, sizeof **corrections);
        (*corrections)[(*n)++] = (struct retort_told_correction){
            .id = sqlite3_column_int64(read, 0),
            .split = sqlite3_column_int64(read, 1),
            .base = sqlite3_column_int64(read, 2),
            .undoes = sqlite3_column_int64(read, 3),
            .operations = keep(arena, column_text(read, 4)),
            .reviewer = keep(arena, column_text(read, 5)),
            .made = keep(arena, column_text(read, 6)),
            .token = keep(arena, column_text(read, 7)),
        };
    }
    sqlite3_reset(read);
    return good;
}

bool retort_store_places(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                         struct retort_told_place **places, size_t *n, struct retort_error *error)
{
    bool found, good = true;
    *places = NULL;
    *n = 0;
    sqlite3_stmt *read = statement_of(store, PLACES_OF, comment, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        *places = grown(arena, *places, *n, sizeof **places);
        (*places)[(*n)++] = (struct retort_told_place){
            .split = sqlite3_column_int64(read, 0),
            .number = sqlite3_column_int64(read, 1),
            .parent = sqlite3_column_int64(read, 2),
            .first_line = sqlite3_column_int64(read, 3),
            .last_line = sqlite3_column_int64(read, 4),
            .begin = sqlite3_column_int64(read, 5),
            .end = sqlite3_column_int64(read, 6),
        };
    }
    sqlite3_reset(read);
    return good;
}
