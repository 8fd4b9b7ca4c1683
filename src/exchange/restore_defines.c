/* What ours defines, read: models, draws, and pages with their splits and corrections, each checked
 * before the store sees it. It is known under the file's own numbers from then on. */
#include "exchange/restore.h"

#include <stdlib.h>

/* ---- numbers of the file → ids of the store ---- */

struct restoring *restoring_open(void)
{
    struct restoring *restoring = retort_grow(NULL, 1, sizeof *restoring);
    *restoring = (struct restoring){0};
    return restoring;
}

void restoring_close(struct restoring *restoring)
{
    free(restoring->draws.all);
    free(restoring->splits.all);
    free(restoring->models);
    free(restoring);
}

/* Numbers come in their order, so that the last is the highest; where they begin again, another
 * export was put behind the first. */
static bool learn(struct known_ids *ids, int64_t number, int64_t id, struct retort_error *error)
{
    if (number == 1)
        ids->n = 0;
    if (number <= (ids->n ? ids->all[ids->n - 1].number : 0))
        return retort_fail(error, RETORT_INPUT,
                           "defines number %lld behind a higher one; a file keeps the order in "
                           "which it was exported",
                           (long long)number);
    if (ids->n == ids->capacity) {
        ids->capacity = ids->capacity ? 2 * ids->capacity : 64;
        ids->all = retort_grow(ids->all, ids->capacity, sizeof *ids->all);
    }
    ids->all[ids->n++] = (struct known_id){number, id};
    return true;
}

static int compare_numbers(const void *key, const void *row)
{
    int64_t a = *(const int64_t *)key, b = ((const struct known_id *)row)->number;
    return a < b ? -1 : a > b;
}

int64_t known_id(const struct known_ids *ids, int64_t number)
{
    const struct known_id *found =
        ids->n ? bsearch(&number, ids->all, ids->n, sizeof *ids->all, compare_numbers) : NULL;
    return found ? found->id : 0;
}

/* ---- reading ---- */

struct retort_span ours_text(const struct reading *reading, size_t object, const char *key)
{
    return parts_text(&reading->parts, object, key);
}

int64_t ours_number(const struct reading *reading, size_t object, const char *key)
{
    return parts_number(&reading->parts, object, key);
}

bool ours_each(const struct reading *reading, size_t object, const char *key,
               bool (*take)(const struct reading *reading, size_t element, void *context,
                            struct retort_error *error),
               void *context, struct retort_error *error)
{
    const struct parts *parts = &reading->parts;
    size_t list = parts_member(parts, object, key);
    if (!list)
        return true;
    if (!parts_is(parts, list, '['))
        return retort_fail(error, RETORT_INPUT, "\"%s\" in its \"retort\" is no array", key);
    for (size_t at = parts_first(parts, list); at; at = parts_next(parts, list, at)) {
        if (!parts_is(parts, at, '{'))
            return retort_fail(error, RETORT_INPUT, "\"%s\" in its \"retort\" holds no objects",
                               key);
        if (!take(reading, at, context, error))
            return false;
    }
    return true;
}

bool ours_is_time(struct retort_span text)
{
    return text.data && text.len >= 10 && text.len <= 40;
}

/* ---- models ---- */

const struct retort_stored_model *known_model(const struct restoring *restoring,
                                              struct retort_span hash)
{
    for (size_t i = 0; i < restoring->n_models; i++)
        if (retort_span_equal(retort_span_of(restoring->models[i]->hash), hash))
            return restoring->models[i];
    return NULL;
}

static bool define_model(const struct reading *reading, size_t at, void *context,
                         struct retort_error *error)
{
    struct restoring *restoring = context;
    const struct retort_told_model told = {
        .hash = ours_text(reading, at, "hash"),
        .task = ours_text(reading, at, "task"),
        .choice = ours_text(reading, at, "choice"),
        .labels = parts_bytes(&reading->parts, at, "labels"),
        .thresholds = parts_bytes(&reading->parts, at, "thresholds"),
        .card = ours_text(reading, at, "card"),
    };
    const struct retort_stored_model *model;
    if (!retort_store_restore_model(reading->run->store, &told, &model, error))
        return false;
    if (known_model(restoring, told.hash))
        return true;
    restoring->models =
        retort_grow(restoring->models, restoring->n_models + 1, sizeof *restoring->models);
    restoring->models[restoring->n_models++] = model;
    return true;
}

/* ---- draws ---- */

static bool define_draw(const struct reading *reading, size_t at, void *context,
                        struct retort_error *error)
{
    struct restoring *restoring = context;
    int64_t id, population = ours_number(reading, at, "population");
    struct retort_span seed = ours_text(reading, at, "seed");
    struct retort_told_draw draw = {.design = ours_text(reading, at, "design"),
                                    .reviewer = ours_text(reading, at, "reviewer"),
                                    .drawn = ours_text(reading, at, "drawn"),
                                    .seeded = seed.data != NULL,
                                    .population = (uint64_t)population};
    if (!draw.design.data || !draw.reviewer.data || !ours_is_time(draw.drawn) || population < 0 ||
        (seed.data && !retort_parse_count(retort_arena_string(reading->arena, seed), &draw.seed)))
        return retort_fail(error, RETORT_INPUT, "tells of a draw without its design or its time");
    return retort_store_restore_draw(reading->run->store, &draw, &id, error) &&
           learn(&restoring->draws, ours_number(reading, at, "number"), id, error);
}

/* ---- pages ---- */

/* A source's pages while they are read, the oldest first. */
struct defining {
    struct restoring *restoring;
    int64_t before, page;       /* the page before, and the one at hand */
    int64_t *corrections;       /* its corrections, in the arena */
    size_t n_corrections, most; /* most: how many it tells of */
};

static bool define_split(const struct reading *reading, size_t at, void *context,
                         struct retort_error *error)
{
    struct defining *defining = context;
    int64_t id;
    const struct retort_told_split split = {
        .splitter = ours_text(reading, at, "splitter"),
        .digest = ours_text(reading, at, "digest"),
        .made = ours_text(reading, at, "made"),
        .article = ours_text(reading, at, "article"),
        .title = ours_text(reading, at, "title"),
        .text = ours_text(reading, at, "text"),
        .lines = ours_text(reading, at, "lines"),
    };
    if (!split.splitter.data || !split.digest.data || !ours_is_time(split.made))
        return retort_fail(error, RETORT_INPUT, "tells of a split without its splitter or time");
    return retort_store_restore_split(reading->run->store, defining->page, &split, &id, error) &&
           learn(&defining->restoring->splits, ours_number(reading, at, "number"), id, error);
}

static int64_t split_of(const struct reading *reading, size_t at, const char *key,
                        const struct defining *defining)
{
    return known_id(&defining->restoring->splits, ours_number(reading, at, key));
}

static bool define_correction(const struct reading *reading, size_t at, void *context,
                              struct retort_error *error)
{
    struct defining *defining = context;
    int64_t undoes = ours_number(reading, at, "undoes");
    struct retort_told_correction correction = {
        .split = split_of(reading, at, "split", defining),
        .base = split_of(reading, at, "base", defining),
        .operations = ours_text(reading, at, "operations"),
        .reviewer = ours_text(reading, at, "reviewer"),
        .made = ours_text(reading, at, "made"),
        .token = ours_text(reading, at, "token"),
    };
    if (undoes > 0 && (size_t)undoes <= defining->n_corrections)
        correction.undoes = defining->corrections[undoes - 1];
    bool undo = correction.undoes != 0;
    if (undo != !correction.split || undo != !correction.base || correction.reviewer.len == 0 ||
        !retort_span_starts(correction.operations, RETORT_SPAN("[")) ||
        !ours_is_time(correction.made))
        return retort_fail(error, RETORT_INPUT,
                           "tells of a correction without its splits, its operations or who made "
                           "it");
    defining->corrections = defining->corrections
                                ? defining->corrections
                                : RETORT_NEW(reading->arena, int64_t, reading->parts.all[0].next);
    return retort_store_restore_correction(reading->run->store, defining->page, &correction,
                                           &defining->corrections[defining->n_corrections++],
                                           error);
}

static bool page_bytes(const struct reading *reading, size_t at, struct retort_span *bytes,
                       struct retort_error *error)
{
    struct retort_span coded = ours_text(reading, at, "base64");
    *bytes = ours_text(reading, at, "text");
    if (coded.data && !retort_base64_read(coded, reading->arena, bytes))
        return retort_fail(error, RETORT_INPUT, "tells of a page whose base64 is damaged");
    return true;
}

static bool define_page(const struct reading *reading, size_t at, void *context,
                        struct retort_error *error)
{
    struct defining *defining = context;
    struct retort_told_page page = {.fetched = ours_text(reading, at, "fetched")};
    defining->corrections = NULL;
    defining->n_corrections = 0;
    if (!ours_is_time(page.fetched))
        return retort_fail(error, RETORT_INPUT, "tells of a page without the time it was fetched");
    if (!page_bytes(reading, at, &page.bytes, error) ||
        !retort_store_restore_page(reading->run->store, reading->source, defining->before, &page,
                                   &defining->page, error))
        return false;
    defining->before = defining->page;
    return ours_each(reading, at, "splits", define_split, defining, error) &&
           ours_each(reading, at, "corrections", define_correction, defining, error);
}

static bool define_pages(const struct reading *reading, size_t defines, struct restoring *restoring,
                         struct retort_error *error)
{
    struct defining defining = {.restoring = restoring};
    if (!ours_each(reading, defines, "pages", define_page, &defining, error))
        return false;
    return !defining.page ||
           retort_store_restored_pages(reading->run->store, reading->source, error);
}

bool restore_defines(const struct reading *reading, struct retort_error *error)
{
    struct restoring *restoring = reading->run->restoring;
    size_t defines = parts_member(&reading->parts, 0, "defines");
    return !defines || (ours_each(reading, defines, "models", define_model, restoring, error) &&
                        ours_each(reading, defines, "draws", define_draw, restoring, error) &&
                        define_pages(reading, defines, restoring, error));
}
