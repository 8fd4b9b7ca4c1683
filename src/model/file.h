/* file (private to model): the sections of a model file, as they lie.
 *
 *   task     the task's name            recipe   the recipe's text form
 *   head     struct model_head          labels   struct model_label [n_labels]
 *   keys     uint64_t [n_features]      tags     uint8_t [n_slots], and
 *                                       places   uint32_t [n_slots]: slots of retort_dictionary
 *   idf      float [n_features]         rows     float [n_features][n_lanes], struct retort_rows
 *   fields   uint8_t [n_features]
 *   ends     uint32_t [n_features]      names    bytes; name i ends at ends[i]
 *   card     JSON text                  base     a model file within, or absent
 *   vectors  struct model_vectors, then its arrays; absent: the model brings no word vectors
 *   curves   struct model_curve [n_labels]; absent: every label's link is Platt's */
#ifndef RETORT_MODEL_FILE_H
#define RETORT_MODEL_FILE_H

#include "model/model.h"

#include <pthread.h>

enum { TASK_NAME = 64, LANES = 4 };

struct model_head {
    uint32_t choice, n_labels, n_features, n_slots;
};

struct model_label {
    char name[RETORT_LABEL_NAME + 1];
    double bias, platt_a, platt_b, log_offset, threshold, sure_above, sure_below;
};

struct model_curve {
    uint32_t link, n_knots;
    double margins[RETORT_MOST_KNOTS], log_odds[RETORT_MOST_KNOTS];
};

/* Behind it: keys uint64_t [n_words], weights float [n_words], values int8_t [n_words][n_dims]. */
struct model_vectors {
    uint32_t n_words, n_dimensions;
};

struct retort_model {
    struct retort_bundle bundle;
    struct model_head head;
    struct retort_recipe recipe;
    struct retort_dictionary dictionary;
    struct retort_label labels[RETORT_MOST_LABELS];
    struct retort_vectors vectors; /* n_words == 0: none */
    struct retort_rows rows;
    const uint32_t *ends;
    struct retort_span names, card;
    struct retort_model *base; /* whose margins are among the features; NULL: none */
    bool wants_target; /* trained on pairs of target and comment: says nothing without a target */
    char task[TASK_NAME];
    pthread_mutex_t hashing; /* guards the making of: */
    char hash[RETORT_SHA256_HEX];
};

/* The section's vectors, checked; none when it is absent. */
bool retort_vectors_read(struct retort_span section, struct retort_vectors *vectors,
                         struct retort_error *error);
/* The section of vectors. */
void retort_vectors_put(const struct retort_vectors *vectors, struct retort_buffer *out);

/* Who lends margins or word vectors: the base within, or, where no margin is stacked, the model
 * itself, which then keeps its base's vectors. */
const struct retort_model *retort_model_lender(const struct retort_model *model);

/* Makes labeller->bag of the item that was read, over the model's dictionary. */
void retort_labeller_make(struct retort_labeller *labeller, const struct retort_model *model,
                          const struct retort_item *item);
/* The bag for texts as a base reads them, made when it is first needed. */
struct retort_bag *retort_labeller_base(struct retort_labeller *labeller);
/* margins: [n_labels], of the bag that was made, which is used up. */
void retort_model_margins(const struct retort_model *model, struct retort_bag *bag,
                          double *margins);

/* Lanes of a row of so many labels. */
static inline size_t retort_lanes(size_t n_labels)
{
    return (RETORT_ROW_WEIGHTS + n_labels + LANES - 1) / LANES * LANES;
}

#endif
