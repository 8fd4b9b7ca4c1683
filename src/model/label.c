/* A comment → margins → a verdict.
 *
 * The margin is the bias and the sum of weight · value, added in the order in which the features
 * were met: the same bits on every machine. explain.c says which words it is the sum of. */
#include "model/file.h"

#include <stdlib.h>
#include <string.h>

/* Below this share of known words a bag says nothing about the comment. */
static const double LEAST_KNOWN = 0.4;

const char *retort_doubt_name(enum retort_doubt doubt)
{
    static const char *const NAMES[] = {"sure", "band", "language", "evidence"};
    return NAMES[doubt];
}

void retort_labeller_init(struct retort_labeller *labeller)
{
    *labeller = (struct retort_labeller){0};
    retort_bag_init(&labeller->bag);
}

void retort_labeller_release(struct retort_labeller *labeller)
{
    retort_bag_release(&labeller->bag);
    retort_bag_release(&labeller->base_bag);
}

/* ---- a comment ---- */

static double known_share(const struct retort_bag *bag)
{
    return bag->n_single ? (double)bag->n_known / (double)bag->n_single : 0;
}

/* Who names no word of the target may still be for or against it, but the model cannot know. That
 * nothing is said of a target is the one thing that missing words tell. */
static bool lacks_target(const struct retort_bag *bag, const struct retort_verdict *verdict,
                         bool has_target)
{
    const struct retort_model *model = verdict->model;
    bool one_of = model->head.choice == RETORT_ONE_OF;
    bool speaks = one_of && strcmp(model->labels[verdict->label].name, "none") != 0;
    return model->wants_target && (!has_target || (speaks && !bag->names_target));
}

static enum retort_doubt doubt_of(const struct retort_bag *bag,
                                  const struct retort_verdict *verdict,
                                  const struct retort_item *item)
{
    const struct retort_model *model = verdict->model;
    bool one_of = model->head.choice == RETORT_ONE_OF;
    if (retort_bag_is_foreign(bag))
        return RETORT_DOUBT_LANGUAGE;
    if (lacks_target(bag, verdict, item->target.len > 0) ||
        (model->recipe.place && item->parent_text.len == 0) || known_share(bag) < LEAST_KNOWN)
        return RETORT_DOUBT_EVIDENCE;
    return one_of && verdict->scores[verdict->label].unsure ? RETORT_DOUBT_BAND : RETORT_SURE;
}

void retort_model_margins(const struct retort_model *model, struct retort_bag *bag, double *margins)
{
    float sums[RETORT_MOST_LANES];
    retort_bag_product(bag, &model->recipe, &model->dictionary, &model->rows, sums);
    for (size_t l = 0; l < model->head.n_labels; l++)
        margins[l] = model->labels[l].bias + (double)sums[RETORT_ROW_WEIGHTS + l];
}

/* The item was read: what the model makes of it. */
static void label_read(struct retort_labeller *labeller, const struct retort_model *model,
                       const struct retort_item *item, struct retort_arena *arena,
                       struct retort_verdict *verdict)
{
    double margins[RETORT_MOST_LABELS];
    size_t n_labels = model->head.n_labels;
    retort_labeller_make(labeller, model, item);
    retort_model_margins(model, &labeller->bag, margins);
    *verdict = (struct retort_verdict){.model = model,
                                       .scores = RETORT_NEW(arena, struct retort_score, n_labels)};
    for (size_t l = 0; l < n_labels; l++)
        verdict->scores[l].margin = margins[l];
    retort_decide(model->labels, n_labels, retort_model_choice(model), verdict->scores,
                  &verdict->label);
    verdict->doubt = doubt_of(&labeller->bag, verdict, item);
    for (size_t l = 0; verdict->doubt != RETORT_SURE && l < n_labels; l++)
        verdict->scores[l].unsure = true;
}

static int compare_entries(const void *left, const void *right)
{
    uint32_t a = ((const struct retort_entry *)left)->feature,
             b = ((const struct retort_entry *)right)->feature;
    return a < b ? -1 : a > b;
}

size_t retort_model_vector(const struct retort_model *model, struct retort_labeller *labeller,
                           const struct retort_item *item, struct retort_arena *arena,
                           struct retort_entry **entries)
{
    retort_labeller_fill(labeller, &model->recipe, retort_model_lender(model), item, NULL);
    size_t n =
        retort_bag_vector(&labeller->bag, &model->recipe, &model->dictionary, arena, entries);
    if (n > 0)
        qsort(*entries, n, sizeof **entries, compare_entries);
    return n;
}

void retort_label_item(struct retort_labeller *labeller, const struct retort_model *model,
                       const struct retort_item *item, struct retort_arena *arena,
                       struct retort_verdict *verdict)
{
    retort_bag_read(&labeller->bag, item);
    label_read(labeller, model, item, arena, verdict);
}

void retort_label_by_all(struct retort_labeller *labeller, const struct retort_models *models,
                         const struct retort_item *item, struct retort_arena *arena,
                         struct retort_verdict *verdicts)
{
    retort_bag_read(&labeller->bag, item);
    for (size_t m = 0; m < models->n_models; m++)
        label_read(labeller, models->models[m], item, arena, &verdicts[m]);
}
