/* A comment → margins → a verdict.
 *
 * The margin is the bias and then weight · value, added in the order of the features: the same
 * bits on every machine. explain.c says which words it is the sum of. */
#include "model/file.h"

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
    retort_bag_init(&labeller->base_bag);
}

void retort_labeller_release(struct retort_labeller *labeller)
{
    retort_bag_release(&labeller->bag);
    retort_bag_release(&labeller->base_bag);
}

/* ---- a comment ---- */

static double known_share(const struct retort_bag *bag, const struct retort_dictionary *dictionary)
{
    size_t n_seen = 0, n_known = 0;
    for (size_t i = 0; i < bag->n_terms; i++) {
        const struct retort_term *term = &bag->terms[i];
        struct retort_span name = retort_term_name(bag, term);
        bool single = term->field == RETORT_FIELD_WORD;
        for (size_t at = 0; single && at < name.len; at++)
            single = name.data[at] != ' ';
        n_seen += single;
        n_known += single && retort_dictionary_find(dictionary, term->key) != UINT32_MAX;
    }
    return n_seen ? (double)n_known / (double)n_seen : 0;
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
        (model->recipe.place && item->parent_text.len == 0) ||
        known_share(bag, &model->dictionary) < LEAST_KNOWN)
        return RETORT_DOUBT_EVIDENCE;
    return one_of && verdict->scores[verdict->label].unsure ? RETORT_DOUBT_BAND : RETORT_SURE;
}

size_t retort_model_read(struct retort_labeller *labeller, const struct retort_model *model,
                         const struct retort_item *item, struct retort_arena *arena,
                         struct retort_entry **entries)
{
    retort_labeller_fill(labeller, &model->recipe, retort_model_lender(model), item, NULL);
    return retort_bag_vector(&labeller->bag, &model->recipe, &model->dictionary, arena, entries);
}

void retort_model_margins(const struct retort_model *model, const struct retort_entry *entries,
                          size_t n_entries, double *margins)
{
    size_t n_labels = model->head.n_labels;
    for (size_t l = 0; l < n_labels; l++)
        margins[l] = model->labels[l].bias;
    for (size_t i = 0; i < n_entries; i++) {
        const float *weights = model->weights + (size_t)entries[i].feature * n_labels;
        for (size_t l = 0; l < n_labels; l++)
            margins[l] += (double)weights[l] * (double)entries[i].value;
    }
}

void retort_model_add_margins(const struct retort_model *model, const struct retort_entry *entries,
                              size_t n_entries, struct retort_score *scores)
{
    double margins[RETORT_MOST_LABELS];
    retort_model_margins(model, entries, n_entries, margins);
    for (size_t l = 0; l < model->head.n_labels; l++)
        scores[l].margin = margins[l];
}

void retort_label_item(struct retort_labeller *labeller, const struct retort_model *model,
                       const struct retort_item *item, struct retort_arena *arena,
                       struct retort_verdict *verdict)
{
    struct retort_entry *entries;
    size_t n_labels = model->head.n_labels;
    size_t n_entries = retort_model_read(labeller, model, item, arena, &entries);
    *verdict = (struct retort_verdict){.model = model,
                                       .scores = RETORT_NEW(arena, struct retort_score, n_labels)};
    retort_model_add_margins(model, entries, n_entries, verdict->scores);
    retort_decide(model->labels, n_labels, retort_model_choice(model), verdict->scores,
                  &verdict->label);
    verdict->doubt = doubt_of(&labeller->bag, verdict, item);
    for (size_t l = 0; verdict->doubt != RETORT_SURE && l < n_labels; l++)
        verdict->scores[l].unsure = true;
}
