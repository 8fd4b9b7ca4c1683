/* Opening a model file: every count and index is checked here, once, so that labelling needs no
 * check at all. A file that passes its checksum may still come from a stranger. */
#include "model/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(struct retort_error *error, const char *what)
{
    return retort_fail(error, RETORT_REFUSED, "its %s is broken; fetch or make the model again",
                       what);
}

/* The section's data when it has exactly this many bytes. */
static const void *exact(const struct retort_model *model, const char *name, size_t count,
                         size_t size)
{
    struct retort_span section = retort_bundle_section(&model->bundle, name);
    return section.data && section.len == count * size ? section.data : NULL;
}

static bool read_head(struct retort_model *model, struct retort_error *error)
{
    struct retort_span task = retort_bundle_section(&model->bundle, "task");
    const void *head = exact(model, "head", 1, sizeof model->head);
    if (!head || !task.data || task.len == 0 || task.len >= TASK_NAME ||
        memchr(task.data, 0, task.len) || !retort_utf8_valid(task))
        return retort_fail(error, RETORT_REFUSED,
                           "is no classifier; name one made by `retort train`");
    memcpy(&model->head, head, sizeof model->head);
    memcpy(model->task, task.data, task.len);
    const struct model_head *h = &model->head;
    bool sound = h->choice <= RETORT_ANY_OF && h->n_labels > 0 &&
                 h->n_labels <= RETORT_MOST_LABELS && h->n_slots > h->n_features &&
                 h->n_slots >= 8 && (h->n_slots & (h->n_slots - 1)) == 0;
    return sound || refuse(error, "head");
}

static bool all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

static bool read_labels(struct retort_model *model, struct retort_error *error)
{
    const struct model_label *stored = exact(model, "labels", model->head.n_labels, sizeof *stored);
    for (size_t i = 0; stored && i < model->head.n_labels; i++) {
        const struct model_label *l = &stored[i];
        if (!memchr(l->name, 0, sizeof l->name) || !all_finite(&l->bias, 7) || l->platt_a >= 0 ||
            !retort_utf8_valid(retort_span_of(l->name)))
            return refuse(error, "table of labels");
        model->labels[i] = (struct retort_label){.name = l->name,
                                                 .bias = l->bias,
                                                 .platt_a = l->platt_a,
                                                 .platt_b = l->platt_b,
                                                 .log_offset = l->log_offset,
                                                 .threshold = l->threshold,
                                                 .sure_above = l->sure_above,
                                                 .sure_below = l->sure_below};
    }
    return stored || refuse(error, "table of labels");
}

static bool curve_sound(const struct model_curve *stored)
{
    for (size_t i = 0; i < stored->n_knots; i++) {
        if (!isfinite(stored->margins[i]) || !isfinite(stored->log_odds[i]))
            return false;
        if (i > 0 && (stored->margins[i] <= stored->margins[i - 1] ||
                      stored->log_odds[i] < stored->log_odds[i - 1]))
            return false;
    }
    return stored->n_knots > 0;
}

/* Softmax is of all labels of a one-of task or of none. */
static bool link_sound(const struct retort_model *model, const struct model_curve *stored,
                       const struct model_curve *first)
{
    bool softmax = stored->link == RETORT_SOFTMAX;
    return stored->link < RETORT_N_LINKS && stored->n_knots <= RETORT_MOST_KNOTS &&
           softmax == (first->link == RETORT_SOFTMAX) &&
           (!softmax || model->head.choice == RETORT_ONE_OF) &&
           (stored->link != RETORT_ISOTONIC || curve_sound(stored));
}

static bool read_curves(struct retort_model *model, struct retort_error *error)
{
    struct retort_span section = retort_bundle_section(&model->bundle, "curves");
    const struct model_curve *stored = exact(model, "curves", model->head.n_labels, sizeof *stored);
    for (size_t i = 0; stored && i < model->head.n_labels; i++) {
        struct retort_curve *curve = &model->labels[i].curve;
        if (!link_sound(model, &stored[i], &stored[0]))
            return refuse(error, "table of curves");
        model->labels[i].link = (enum retort_link)stored[i].link;
        curve->n_knots = stored[i].n_knots;
        memcpy(curve->margins, stored[i].margins, sizeof curve->margins);
        memcpy(curve->log_odds, stored[i].log_odds, sizeof curve->log_odds);
    }
    return stored || !section.data || refuse(error, "table of curves");
}

/* NaN and infinity have all bits of the exponent. */
static bool floats_finite(const float *values, size_t n)
{
    enum { EXPONENT = 0x7F800000 };
    uint32_t any = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        any |= (bits & EXPONENT) == EXPONENT;
    }
    return !any;
}

/* Every slot that is not free leads to a feature, each feature has one, and a bucket is free. */
static bool slots_sound(const struct retort_dictionary *dictionary)
{
    uint32_t n_used = 0, largest = 0;
    for (uint32_t i = 0; i < dictionary->n_slots; i++) {
        n_used += dictionary->tags[i] != 0;
        largest = dictionary->slots[i] > largest ? dictionary->slots[i] : largest;
    }
    return n_used == dictionary->n_features && (largest == 0 || largest < dictionary->n_features);
}

static bool fields_sound(const uint8_t *fields, uint32_t n, bool *has_pairs)
{
    uint8_t most = 0;
    for (uint32_t i = 0; i < n; i++) {
        most = fields[i] > most ? fields[i] : most;
        *has_pairs |= fields[i] == RETORT_FIELD_PAIR;
    }
    return most < RETORT_N_FIELDS;
}

static bool read_dictionary(struct retort_model *model, struct retort_error *error)
{
    uint32_t n = model->head.n_features;
    struct retort_dictionary *dictionary = &model->dictionary;
    *dictionary = (struct retort_dictionary){
        .id = model->bundle.checksum,
        .n_features = n,
        .n_slots = model->head.n_slots,
        .tags = exact(model, "tags", model->head.n_slots, sizeof(uint8_t)),
        .slots = exact(model, "places", model->head.n_slots, sizeof(uint32_t)),
        .keys = exact(model, "keys", n, sizeof(uint64_t)),
        .idf = exact(model, "idf", n, sizeof(float)),
        .fields = exact(model, "fields", n, sizeof(uint8_t)),
    };
    if (retort_bundle_section(&model->bundle, "slots").data)
        return retort_fail(error, RETORT_REFUSED,
                           "was made by an older retort; make it again with `retort train`");
    if (!dictionary->tags || !dictionary->slots || !dictionary->keys || !dictionary->idf ||
        !slots_sound(dictionary))
        return refuse(error, "dictionary");
    return (dictionary->fields && fields_sound(dictionary->fields, n, &model->wants_target)) ||
           refuse(error, "table of fields");
}

static bool read_weights(struct retort_model *model, struct retort_error *error)
{
    uint32_t n = model->head.n_features;
    size_t n_lanes = retort_lanes(model->head.n_labels);
    model->rows = (struct retort_rows){exact(model, "rows", n * n_lanes, sizeof(float)), n_lanes};
    return (model->rows.values && floats_finite(model->dictionary.idf, n) &&
            floats_finite(model->rows.values, n * n_lanes)) ||
           refuse(error, "table of weights");
}

/* Names are cut between letters: each is text of its own. */
static bool ends_sound(struct retort_span names, const uint32_t *ends, uint32_t n)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool within = ends[i] < names.len && (names.data[ends[i]] & 0xC0) == 0x80;
        if (ends[i] < last || ends[i] > names.len || within)
            return false;
        last = ends[i];
    }
    return true;
}

static bool read_names(struct retort_model *model, struct retort_error *error)
{
    uint32_t n = model->head.n_features;
    model->names = retort_bundle_section(&model->bundle, "names");
    model->card = retort_bundle_section(&model->bundle, "card");
    model->ends = exact(model, "ends", n, sizeof(uint32_t));
    return (model->ends && ends_sound(model->names, model->ends, n) &&
            retort_utf8_valid(model->names) && retort_utf8_valid(model->card)) ||
           refuse(error, "list of names");
}

static bool read_base(struct retort_model *model, struct retort_error *error);

static bool read_model(struct retort_model *model, struct retort_error *error)
{
    return read_head(model, error) &&
           retort_recipe_read(&model->recipe, retort_model_recipe_text(model), error) &&
           read_labels(model, error) && read_curves(model, error) &&
           read_dictionary(model, error) && read_weights(model, error) &&
           read_names(model, error) &&
           retort_vectors_read(retort_bundle_section(&model->bundle, "vectors"), &model->vectors,
                               error) &&
           read_base(model, error);
}

static struct retort_model *model_new(void)
{
    struct retort_model *model = retort_grow(NULL, 1, sizeof *model);
    memset(model, 0, sizeof *model);
    pthread_mutex_init(&model->hashing, NULL);
    return model;
}

/* The model within. It has none within itself: one level is what training makes. */
static bool read_base(struct retort_model *model, struct retort_error *error)
{
    struct retort_span bytes = retort_bundle_section(&model->bundle, "base");
    if (!bytes.data)
        return true;
    if (model->bundle.borrowed)
        return refuse(error, "base");
    model->base = model_new();
    if (!retort_bundle_read(&model->base->bundle, bytes, error) || !read_model(model->base, error))
        return retort_fail_within(error, "its base");
    return true;
}

bool retort_model_open(struct retort_model **out, const char *path, struct retort_error *error)
{
    struct retort_model *model = model_new();
    *out = NULL;
    if (!retort_bundle_open(&model->bundle, path, error)) {
        retort_model_close(model);
        return false;
    }
    if (!read_model(model, error)) {
        retort_model_close(model);
        return retort_fail_within(error, "%s", path);
    }
    *out = model;
    return true;
}

void retort_model_close(struct retort_model *model)
{
    if (!model)
        return;
    retort_model_close(model->base); /* one level */
    retort_bundle_close(&model->bundle);
    pthread_mutex_destroy(&model->hashing);
    free(model);
}

const char *retort_model_task(const struct retort_model *model)
{
    return model->task;
}

const char *retort_model_hash(const struct retort_model *model)
{
    struct retort_model *own = (struct retort_model *)(uintptr_t)model;
    pthread_mutex_lock(&own->hashing);
    if (!own->hash[0])
        retort_sha256(own->bundle.file.bytes, own->hash);
    pthread_mutex_unlock(&own->hashing);
    return own->hash;
}

enum retort_choice retort_model_choice(const struct retort_model *model)
{
    return (enum retort_choice)model->head.choice;
}

size_t retort_model_n_labels(const struct retort_model *model)
{
    return model->head.n_labels;
}

const struct retort_label *retort_model_label(const struct retort_model *model, size_t index)
{
    return &model->labels[index];
}

const struct retort_recipe *retort_model_recipe(const struct retort_model *model)
{
    return &model->recipe;
}

struct retort_span retort_model_recipe_text(const struct retort_model *model)
{
    return retort_bundle_section(&model->bundle, "recipe");
}

const struct retort_vectors *retort_model_vectors(const struct retort_model *model)
{
    return model->vectors.n_words ? &model->vectors : NULL;
}

const struct retort_model *retort_model_base(const struct retort_model *model)
{
    return model->base;
}

struct retort_span retort_model_bytes(const struct retort_model *model)
{
    return model->bundle.file.bytes;
}

const struct retort_dictionary *retort_model_dictionary(const struct retort_model *model)
{
    return &model->dictionary;
}

struct retort_span retort_model_card(const struct retort_model *model)
{
    return model->card;
}

struct retort_span retort_model_feature(const struct retort_model *model, uint32_t feature)
{
    return retort_span_slice(model->names, feature ? model->ends[feature - 1] : 0,
                             model->ends[feature]);
}

double retort_model_weight(const struct retort_model *model, uint32_t feature, size_t label)
{
    return (double)model->rows.values[feature * model->rows.n_lanes + RETORT_ROW_WEIGHTS + label];
}
