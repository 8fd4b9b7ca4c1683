/* The end of a run: what is reported, cross-fitted — slopes, offsets, thresholds and bands that
 * judge a fold were fitted on the margins of the others — and the files, written beside the old
 * ones and renamed. */
#include "train/paired.h"
#include "train/run.h"

#include <string.h>

/* ---- what is reported ---- */

/* The figures of one fold alone: its examples and scores, copied together. */
static struct retort_figures fold_figures(struct retort_run *run, const struct retort_score *scores,
                                          size_t fold)
{
    size_t n_labels = run->dataset.n_labels, n = 0;
    struct retort_dataset part = run->dataset;
    struct retort_figures figures;
    struct retort_score *own =
        RETORT_NEW(&run->arena, struct retort_score, part.n_examples * n_labels);
    part.examples = RETORT_NEW(&run->arena, struct retort_example, part.n_examples);
    for (size_t i = 0; i < run->dataset.n_examples; i++) {
        if (run->fold[i] != fold)
            continue;
        memcpy(own + n * n_labels, scores + i * n_labels, n_labels * sizeof *own);
        part.examples[n++] = run->dataset.examples[i];
    }
    part.n_examples = n;
    retort_measure(&figures, &part, own, &run->arena);
    return figures;
}

static const char *solver_name(const struct retort_run *run)
{
    bool squared = run->method.squared > 0;
    if (run->options.solver == RETORT_SOLVER_LIBSVM)
        return "libsvm C-SVC, linear";
    if (run->options.solver == RETORT_SOLVER_LIBLINEAR)
        return squared ? "LIBLINEAR L2R_L2LOSS_SVC_DUAL" : "LIBLINEAR L2R_L1LOSS_SVC_DUAL";
    return squared ? "dual coordinate descent, squared hinge loss"
                   : "dual coordinate descent, hinge loss";
}

static void write_card(struct retort_run *run, const struct retort_label *labels,
                       const struct retort_calibration *calibration, struct retort_buffer *card)
{
    const struct retort_score *scores = run->scores;
    struct retort_figures whole,
        *folds = RETORT_NEW(&run->arena, struct retort_figures, run->n_folds);
    retort_measure(&whole, &run->dataset, scores, &run->arena);
    for (size_t f = 0; f < run->n_folds; f++)
        folds[f] = fold_figures(run, scores, f);
    const struct retort_trained trained = {
        .options = &run->options,
        .dataset = &run->dataset,
        .recipe = run->recipe_text,
        .base = run->base,
        .costs = run->costs,
        .balances = run->balances,
        .tried = run->tried,
        .n_tried = run->n_tried,
        .solver = solver_name(run),
        .n_folds = run->n_folds,
        .n_duplicates = retort_duplicates_count(&run->dataset, run->fold),
        .n_neutral = run->matrix.n_neutral,
        .scores = scores,
        .whole = &whole,
        .folds = folds,
        .labels = labels,
        .calibration = calibration,
    };
    retort_card_write(&trained, card);
}

/* ---- the model ---- */

/* The features that are kept, moved together, with names and weights of their own. */
struct kept {
    uint64_t *keys;
    uint8_t *fields;
    float *idf, *weights; /* weights: [n][n_labels] */
    struct retort_span *names;
    uint32_t n;
};

static void copy_feature(const struct retort_run *run, const double *weights, uint32_t from,
                         struct kept *kept)
{
    const struct retort_dictionary *all = &run->matrix.dictionary;
    size_t n_labels = run->dataset.n_labels, stride = (size_t)all->n_features + 1;
    uint32_t to = kept->n++;
    kept->keys[to] = all->keys[from];
    kept->fields[to] = all->fields[from];
    kept->idf[to] = all->idf[from];
    kept->names[to] = run->matrix.names[from];
    for (size_t l = 0; l < n_labels; l++)
        kept->weights[to * n_labels + l] = (float)weights[l * stride + from];
}

static struct kept keep_features(struct retort_run *run, const double *weights)
{
    uint32_t n = run->matrix.dictionary.n_features;
    const bool *keep = retort_run_keep(run, RETORT_NO_FOLD, &run->arena);
    struct kept kept = {.keys = RETORT_NEW(&run->arena, uint64_t, n),
                        .fields = RETORT_NEW(&run->arena, uint8_t, n),
                        .idf = RETORT_NEW(&run->arena, float, n),
                        .weights = RETORT_NEW(&run->arena, float, n * run->dataset.n_labels),
                        .names = RETORT_NEW(&run->arena, struct retort_span, n)};
    for (uint32_t i = 0; i < n; i++)
        if (!keep || keep[i])
            copy_feature(run, weights, i, &kept);
    return kept;
}

static struct retort_dictionary dictionary_of(struct retort_run *run, const struct kept *kept)
{
    struct retort_dictionary dictionary = {
        .n_features = kept->n,
        .n_slots = retort_dictionary_n_slots(kept->n),
        .keys = kept->keys,
        .idf = kept->idf,
        .fields = kept->fields,
    };
    retort_dictionary_index(&dictionary, RETORT_NEW(&run->arena, uint8_t, dictionary.n_slots),
                            RETORT_NEW(&run->arena, uint32_t, dictionary.n_slots));
    return dictionary;
}

/* What the model keeps of words as directions: its own, learned for others; or its base's, when it
 * does not keep the base. NULL: none. */
static const struct retort_vectors *vectors_of(struct retort_run *run)
{
    struct retort_vectors *vectors = RETORT_NEW(&run->arena, struct retort_vectors, 1);
    if (retort_wants_vectors(run) && !retort_stacks_margins(run))
        return retort_model_vectors(run->base);
    bool learned =
        run->method.vectors > 0 &&
        retort_vectors_learn(&run->dataset, (size_t)run->method.vectors, vectors, &run->arena);
    return learned ? vectors : NULL;
}

static bool write_model(struct retort_run *run, const struct retort_fitted *fitted,
                        const double *weights, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n_features = run->matrix.dictionary.n_features;
    struct retort_label *labels = fitted->labels;
    const struct kept kept = keep_features(run, weights);
    const struct retort_dictionary dictionary = dictionary_of(run, &kept);
    struct retort_buffer card = {0};
    const struct retort_calibration calibration = {&run->dataset,
                                                   run->margins,
                                                   run->fold,
                                                   RETORT_NO_FOLD,
                                                   run->options.sure_error,
                                                   fitted->losses,
                                                   run->method.by_accuracy > 0,
                                                   run->method.sure_by_source > 0};
    for (size_t l = 0; l < n_labels; l++) {
        labels[l].name = run->dataset.labels[l];
        labels[l].bias = weights[l * (n_features + 1) + n_features];
    }
    write_card(run, labels, &calibration, &card);
    const struct retort_model_parts parts = {.task = run->options.task,
                                             .choice = run->dataset.choice,
                                             .recipe = run->recipe_text,
                                             .base = retort_stacks_margins(run) ? run->base : NULL,
                                             .vectors = vectors_of(run),
                                             .labels = labels,
                                             .n_labels = n_labels,
                                             .dictionary = &dictionary,
                                             .weights = kept.weights,
                                             .names = kept.names,
                                             .card = retort_buffer_span(&card)};
    bool written = retort_model_write(run->options.output, &parts, error);
    retort_buffer_release(&card);
    return written;
}

static bool write_out_of_fold(const struct retort_run *run, struct retort_error *error)
{
    return !run->options.out_of_fold ||
           retort_out_of_fold_write(run->options.out_of_fold, &run->dataset, run->scores, run->fold,
                                    error);
}

bool retort_finish(struct retort_run *run, const double *weights, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels;
    const struct retort_folded all = {run->dataset, run->fold, run->margins, run->n_folds};
    const struct retort_fitted fitted = {RETORT_NEW(&run->arena, struct retort_label, n_labels),
                                         RETORT_NEW(&run->arena, double, n_labels *RETORT_N_LINKS)};
    struct retort_score *scores;
    if (!retort_cross_fit(run, &all, &fitted, &scores, &run->arena))
        return retort_workers_fail(error);
    run->scores = scores;
    if (run->options.pairing)
        retort_pairing_fill(run->options.pairing, &run->dataset, run->scores, run->options.current);
    return write_out_of_fold(run, error) && write_model(run, &fitted, weights, error);
}
