/* Inference: models by hash, and the labels that they gave, read. */
#include "store/label.h"

#include <assert.h>
#include <string.h>

/* ---- models ---------------------------------------------------------------------------------
 */

static void put_label_names(const struct retort_model *model, struct retort_buffer *out)
{
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < retort_model_n_labels(model); i++) {
        if (i)
            retort_buffer_byte(out, ',');
        retort_json_put(out, retort_span_of(retort_model_label(model, i)->name));
    }
    retort_buffer_byte(out, ']');
}

static void put_thresholds(const struct retort_model *model, struct retort_buffer *out)
{
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < retort_model_n_labels(model); i++) {
        if (i)
            retort_buffer_byte(out, ',');
        retort_buffer_number(out, retort_model_label(model, i)->threshold);
    }
    retort_buffer_byte(out, ']');
}

static bool insert_model(struct retort_store *store, const struct retort_model *model,
                         struct retort_error *error)
{
    struct retort_buffer names = {0}, thresholds = {0};
    bool one = retort_model_choice(model) == RETORT_ONE_OF;
    put_label_names(model, &names);
    put_thresholds(model, &thresholds);
    sqlite3_stmt *put = store_statement(store, PUT_MODEL, error);
    if (put) {
        bind_text(put, 1, retort_span_of(retort_model_hash(model)));
        bind_text(put, 2, retort_span_of(retort_model_task(model)));
        bind_text(put, 3, retort_span_of(one ? "one-of" : "any-of"));
        bind_text(put, 4, retort_buffer_span(&names));
        bind_text(put, 5, retort_buffer_span(&thresholds));
        bind_text(put, 6, retort_model_card(model));
    }
    bool done = put && store_run(store, put, error);
    retort_buffer_release(&names);
    retort_buffer_release(&thresholds);
    return done;
}

static bool find_model(struct retort_store *store, struct retort_span hash,
                       struct known_model *known, struct retort_error *error)
{
    bool found = false;
    sqlite3_stmt *find = store_statement(store, FIND_MODEL, error);
    if (!find)
        return false;
    bind_text(find, 1, hash);
    if (!store_step(store, find, &found, error))
        return false;
    assert(found);
    known->id = sqlite3_column_int64(find, 0);
    known->alone = sqlite3_column_int(find, 1) != 0;
    sqlite3_reset(find);
    return true;
}

/* What its rows are made of, in memory that lives as long as the store. */
static void know_shape(struct retort_store *store, struct known_model *known)
{
    size_t n = retort_model_n_labels(known->open);
    struct retort_buffer name = {0};
    known->names = RETORT_NEW(&store->models_arena, struct retort_span, n);
    known->severities = RETORT_NEW(&store->models_arena, double, n);
    known->thresholds = RETORT_NEW(&store->models_arena, double, n);
    for (size_t i = 0; i < n; i++) {
        const struct retort_label *label = retort_model_label(known->open, i);
        retort_buffer_clear(&name);
        retort_json_put(&name, retort_span_of(label->name));
        known->names[i] = retort_arena_copy(&store->models_arena, retort_buffer_span(&name));
        known->severities[i] = retort_store_severity(label->name);
        known->thresholds[i] = label->threshold;
    }
    retort_buffer_release(&name);
}

/* A second model of a task ends the solitude of the first. */
bool store_know_model(struct retort_store *store, struct retort_span hash,
                      struct known_model *known, struct retort_error *error)
{
    if (!find_model(store, hash, known, error))
        return false;
    for (size_t i = 0; i < store->n_known; i++)
        if (strcmp(store->known[i].task, known->task) == 0)
            store->known[i].alone = false;
    store->known = retort_grow(store->known, store->n_known + 1, sizeof *store->known);
    store->known[store->n_known++] = *known;
    return true;
}

static bool know_model(struct retort_store *store, const struct retort_model *model,
                       struct retort_error *error)
{
    struct known_model known = {.open = model, .task = retort_model_task(model)};
    if (!insert_model(store, model, error))
        return false;
    know_shape(store, &known);
    store->models_read = false;
    return store_know_model(store, retort_span_of(retort_model_hash(model)), &known, error);
}

bool store_model_row(struct retort_store *store, const struct retort_model *model,
                     struct known_model *row, struct retort_error *error)
{
    for (size_t i = 0; i < store->n_known; i++)
        if (store->known[i].open == model) {
            *row = store->known[i];
            return true;
        }
    if (!know_model(store, model, error))
        return false;
    *row = store->known[store->n_known - 1];
    return true;
}

bool retort_store_has_label(struct retort_store *store, int64_t comment,
                            const struct retort_model *model, bool *has, struct retort_error *error)
{
    struct known_model row;
    sqlite3_stmt *find;
    if (!store_model_row(store, model, &row, error) ||
        !(find = store_statement(store, HAS_LABEL, error)))
        return false;
    sqlite3_bind_int64(find, 1, comment);
    sqlite3_bind_int64(find, 2, row.id);
    if (!store_step(store, find, has, error))
        return false;
    sqlite3_reset(find);
    return true;
}

/* ---- models that are told of ---- */

static bool is_hash(struct retort_span hash)
{
    bool good = hash.len == RETORT_SHA256_HEX - 1;
    for (size_t i = 0; good && i < hash.len; i++)
        good = (hash.data[i] >= '0' && hash.data[i] <= '9') ||
               (hash.data[i] >= 'a' && hash.data[i] <= 'f');
    return good;
}

/* Names are different, and as many as there are thresholds. */
static bool has_shape(const struct retort_json *names, const struct retort_json *thresholds)
{
    size_t n = retort_json_length(names);
    bool good = n > 0 && n <= RETORT_MOST_LABELS && retort_json_length(thresholds) == n;
    for (size_t i = 0; good && i < n; i++) {
        struct retort_span name, other;
        double threshold;
        good = retort_json_text(retort_json_at(names, i), &name) && name.len > 0 &&
               retort_json_number(retort_json_at(thresholds, i), &threshold);
        for (size_t j = 0; good && j < i; j++)
            good = retort_json_text(retort_json_at(names, j), &other) &&
                   !retort_span_equal(name, other);
    }
    return good;
}

static bool is_shape(const struct retort_told_model *told)
{
    struct retort_error ignored;
    struct retort_json *names = retort_json_parse(told->labels, &ignored);
    struct retort_json *thresholds = names ? retort_json_parse(told->thresholds, &ignored) : NULL;
    bool good = thresholds && has_shape(names, thresholds);
    retort_json_free(names);
    retort_json_free(thresholds);
    return good;
}

static bool check_model(const struct retort_told_model *told, struct retort_error *error)
{
    bool one = retort_span_equal(told->choice, RETORT_SPAN("one-of")),
         any = retort_span_equal(told->choice, RETORT_SPAN("any-of"));
    return (is_hash(told->hash) && told->task.len > 0 && (one || any) && is_shape(told)) ||
           retort_fail(error, RETORT_INPUT,
                       "tells of a model that cannot be one: a hash of 64 digits, a task, "
                       "\"one-of\" or \"any-of\", labels and as many thresholds are wanted");
}

static const struct retort_stored_model *model_of_hash(const struct retort_store *store,
                                                       struct retort_span hash)
{
    for (size_t i = 0; i < store->n_models; i++)
        if (retort_span_equal(retort_span_of(store->models[i].hash), hash))
            return &store->models[i];
    return NULL;
}

bool retort_store_restore_model(struct retort_store *store, const struct retort_told_model *told,
                                const struct retort_stored_model **model,
                                struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *put = check_model(told, error) ? store_statement(store, PUT_MODEL, error) : NULL;
    if (!put)
        return false;
    bind_text(put, 1, told->hash);
    bind_text(put, 2, told->task);
    bind_text(put, 3, told->choice);
    bind_text(put, 4, told->labels);
    bind_text(put, 5, told->thresholds);
    bind_text(put, 6, told->card);
    store->models_read = false;
    if (!store_run(store, put, error) || !store_models_load(store, error))
        return false;
    *model = model_of_hash(store, told->hash);
    return *model || retort_fail(error, RETORT_INPUT, "tells of a model that cannot be read");
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static bool read_names(struct retort_store *store, sqlite3_stmt *read,
                       struct retort_stored_model *model, struct retort_error *error)
{
    struct retort_arena *arena = &store->models_arena;
    struct retort_json *names = retort_json_parse(column_text(read, 4), error);
    struct retort_json *thresholds = names ? retort_json_parse(column_text(read, 5), error) : NULL;
    model->n_labels = retort_json_length(names);
    model->labels = RETORT_NEW(arena, const char *, model->n_labels);
    model->thresholds = RETORT_NEW(arena, double, model->n_labels);
    model->severities = RETORT_NEW(arena, double, model->n_labels);
    bool good = thresholds && retort_json_length(thresholds) == model->n_labels;
    for (size_t i = 0; good && i < model->n_labels; i++) {
        struct retort_span name;
        good = retort_json_text(retort_json_at(names, i), &name) &&
               retort_json_number(retort_json_at(thresholds, i), &model->thresholds[i]);
        if (!good)
            break;
        model->labels[i] = retort_arena_string(arena, name);
        model->severities[i] = retort_store_severity(model->labels[i]);
    }
    retort_json_free(names);
    retort_json_free(thresholds);
    return good ||
           retort_fail(error, RETORT_REFUSED,
                       "%s: a model's row is damaged; run `retort label -d` again", store->path);
}

static bool read_model(struct retort_store *store, sqlite3_stmt *read, struct retort_error *error)
{
    struct retort_arena *arena = &store->models_arena;
    struct retort_stored_model model = {
        .id = sqlite3_column_int64(read, 0),
        .hash = retort_arena_string(arena, column_text(read, 1)),
        .task = retort_arena_string(arena, column_text(read, 2)),
        .choice = retort_span_equal(column_text(read, 3), RETORT_SPAN("one-of")) ? RETORT_ONE_OF
                                                                                 : RETORT_ANY_OF,
    };
    if (!read_names(store, read, &model, error))
        return false;
    struct retort_stored_model *grown =
        RETORT_NEW(arena, struct retort_stored_model, store->n_models + 1);
    if (store->n_models)
        memcpy(grown, store->models, store->n_models * sizeof *grown);
    grown[store->n_models++] = model;
    store->models = grown;
    return true;
}

/* Is the row the nth model as it was read before? */
static bool is_known(const struct retort_store *store, sqlite3_stmt *read, size_t n)
{
    return n < store->n_models && store->models[n].id == sqlite3_column_int64(read, 0) &&
           retort_span_equal(retort_span_of(store->models[n].hash), column_text(read, 1));
}

/* What was handed out stays where it is, and what has not changed is not read into memory again. */
bool store_models_load(struct retort_store *store, struct retort_error *error)
{
    size_t n = 0;
    bool found = true, good = true;
    if (store->models_read)
        return true;
    sqlite3_stmt *read = store_statement(store, READ_MODELS, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        if (!is_known(store, read, n)) {
            store->n_models = n;
            if (!(good = read_model(store, read, error)))
                break;
        }
        n++;
    }
    sqlite3_reset(read);
    store->n_models = n < store->n_models ? n : store->n_models;
    store->models_read = good;
    return good;
}

bool retort_store_models(struct retort_store *store, const struct retort_stored_model **models,
                         size_t *n_models, struct retort_error *error)
{
    store->models_read = false; /* another process may have added some */
    if (!store_models_load(store, error))
        return false;
    *models = store->models;
    *n_models = store->n_models;
    return true;
}

static const struct retort_stored_model *find_stored(struct retort_store *store, int64_t id)
{
    for (size_t i = 0; i < store->n_models; i++)
        if (store->models[i].id == id)
            return &store->models[i];
    return NULL;
}

/* Another process may have added it since the models were read. */
const struct retort_stored_model *store_model(struct retort_store *store, int64_t id)
{
    struct retort_error ignored;
    const struct retort_stored_model *model = find_stored(store, id);
    if (model)
        return model;
    store->models_read = false;
    return store_models_load(store, &ignored) ? find_stored(store, id) : NULL;
}

bool store_read_scores(const struct retort_stored_model *model, struct retort_span bytes,
                       struct retort_arena *arena, const struct retort_stored_score **read)
{
    if (bytes.len != model->n_labels * SCORE_BYTES)
        return false;
    struct retort_stored_score *scores =
        RETORT_NEW(arena, struct retort_stored_score, model->n_labels);
    for (size_t i = 0; i < model->n_labels; i++) {
        const uint8_t *at = bytes.data + i * SCORE_BYTES;
        uint64_t bits = 0;
        for (size_t j = 0; j < 8; j++)
            bits |= (uint64_t)at[j] << (8 * j);
        memcpy(&scores[i].p, &bits, sizeof bits);
        scores[i].on = at[8] & FLAG_ON;
        scores[i].unsure = at[8] & FLAG_UNSURE;
    }
    *read = scores;
    return true;
}

bool store_read_label(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                      struct retort_stored_label *label, struct retort_error *error)
{
    *label = (struct retort_stored_label){
        .comment = sqlite3_column_int64(read, 0),
        .task = column_text(read, 1),
        .target = column_text(read, 2),
        .label = column_text(read, 3),
        .decision = sqlite3_column_int64(read, 4),
        .decision_kind = column_text(read, 5),
        .reviewer = column_text(read, 6),
        .decided = column_text(read, 7),
        .model_label = column_text(read, 9),
        .unsure = sqlite3_column_int(read, 10) != 0,
        .doubt = (enum retort_doubt)sqlite3_column_int(read, 11),
    };
    if (sqlite3_column_type(read, 8) == SQLITE_NULL)
        return true;
    label->model = store_model(store, sqlite3_column_int64(read, 8));
    return (label->model &&
            store_read_scores(label->model, column_blob(read, 12), arena, &label->scores)) ||
           retort_fail(error, RETORT_REFUSED,
                       "%s: the label of comment %lld is damaged; run `retort label -d` again",
                       store->path, (long long)label->comment);
}
