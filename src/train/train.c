/* A training run, from lines to a model file.
 *
 * For each recipe that is compared: a matrix, and a search among the recipe's ways of training
 * (search.c). The best recipe's machines are then trained again, leaving out each fold in turn, for
 * margins out of fold, and on all. What is reported is cross-fitted: slopes, offsets, thresholds
 * and bands that judge a fold were fitted on the margins of the others. The file is written at the
 * end, beside the old one and renamed: an interrupted run leaves what was there. */
#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIBSVM_UP_TO = 4000 };
static const double TOLERANCE = 0.01;

/* ---- what is reported ---- */

/* Decides every example with what was fitted on the other folds. */
static struct retort_score *cross_fit(struct retort_run *run)
{
    size_t n_labels = run->dataset.n_labels, label;
    struct retort_score *scores =
        RETORT_NEW(&run->arena, struct retort_score, run->dataset.n_examples * n_labels);
    struct retort_label *labels = RETORT_NEW(&run->arena, struct retort_label, n_labels);
    const struct retort_folded all = {run->dataset, run->fold, run->margins};
    for (size_t f = 0; f < run->n_folds; f++) {
        retort_folded_calibrate(run, &all, f, labels);
        for (size_t i = 0; i < run->dataset.n_examples; i++) {
            if (run->fold[i] != f)
                continue;
            struct retort_score *score = scores + i * n_labels;
            for (size_t l = 0; l < n_labels; l++)
                score[l].margin = run->margins[i * n_labels + l];
            retort_decide(labels, n_labels, run->dataset.choice, score, &label);
        }
    }
    return scores;
}

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

static bool uses_libsvm(const struct retort_run *run)
{
    return run->options.solver == RETORT_SOLVER_LIBSVM;
}

static const char *solver_name(const struct retort_run *run)
{
    if (uses_libsvm(run))
        return "libsvm C-SVC, linear";
    return run->method.squared > 0 ? "LIBLINEAR L2R_L2LOSS_SVC_DUAL"
                                   : "LIBLINEAR L2R_L1LOSS_SVC_DUAL";
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
        .whole = &whole,
        .folds = folds,
        .labels = labels,
        .calibration = calibration,
    };
    retort_card_write(&trained, card);
}

/* ---- recipes ---- */

/* A recipe's settings, one space between, without its comments: what a model keeps and hashes. */
static struct retort_span compact(struct retort_run *run, struct retort_span text)
{
    struct retort_buffer out = {0};
    struct retort_setting setting;
    while (retort_recipe_next(&text, &setting)) {
        retort_buffer_text(&out, out.len ? " " : "");
        retort_buffer_put(&out, setting.key);
        retort_buffer_byte(&out, '=');
        retort_buffer_put(&out, setting.value);
    }
    struct retort_span compacted = retort_arena_copy(&run->arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return compacted;
}

/* The recipe named by the option from `rest` on: a file, or a text. */
static bool next_recipe(struct retort_run *run, const char **rest, struct retort_error *error)
{
    struct retort_file file;
    bool is_text = strchr(*rest, '=') != NULL;
    size_t len = is_text ? strlen(*rest) : strcspn(*rest, ",");
    const char *name =
        retort_arena_string(&run->arena, (struct retort_span){(const uint8_t *)*rest, len});
    *rest += len + ((*rest)[len] == ',');
    if (is_text) {
        run->recipe_name = "given";
        run->recipe_text = compact(run, retort_span_of(name));
        return true;
    }
    if (!retort_file_read(&file, name, error))
        return false;
    const char *slash = strrchr(name, '/');
    run->recipe_name = slash ? slash + 1 : name;
    run->recipe_text = compact(run, file.bytes);
    retort_file_close(&file);
    return true;
}

static void take_general_recipe(struct retort_run *run)
{
    struct retort_buffer text = {0};
    retort_recipe_write(&RETORT_GENERAL_RECIPE, &text);
    run->recipe_name = "general";
    run->recipe_text = retort_arena_copy(&run->arena, retort_buffer_span(&text));
    retort_buffer_release(&text);
}

static bool stacks_margins(const struct retort_run *run)
{
    return run->recipe.stack || run->recipe.stack_parent || run->recipe.stack_target;
}

static bool wants_vectors(const struct retort_run *run)
{
    return run->recipe.kin_scale > 0 || run->recipe.topic_scale > 0;
}

static bool read_recipe(struct retort_run *run, struct retort_error *error)
{
    if (!retort_recipe_read(&run->recipe, run->recipe_text, error) ||
        !retort_method_read(&run->method, run->recipe_text, run->dataset.choice, error)) {
        error->failure = RETORT_USAGE;
        return retort_fail_within(error, "%s", run->recipe_name);
    }
    if (!retort_dataset_weigh(&run->dataset,
                              run->options.prevalence ? retort_span_of(run->options.prevalence)
                                                      : run->method.prevalence,
                              error))
        return false;
    bool kin = wants_vectors(run), stacks = stacks_margins(run) || kin;
    if (kin && run->base && !retort_model_vectors(run->base))
        return retort_fail(error, RETORT_USAGE,
                           "%s asks for word vectors, which the base model does not have; train "
                           "the base with train.vectors=64",
                           run->recipe_name);
    if (stacks != (run->base != NULL))
        return retort_fail(error, RETORT_USAGE,
                           stacks ? "%s stacks a base model's margins; name it with --base MODEL"
                                  : "%s has no stack=1; leave out --base",
                           run->recipe_name);
    size_t n_labels = run->dataset.n_labels;
    run->pairs = run->method.one_vs_one > 0 && run->dataset.choice == RETORT_ONE_OF;
    run->n_machines = run->pairs ? n_labels * (n_labels - 1) / 2 : n_labels;
    return true;
}

static bool build_matrix(struct retort_run *run, struct retort_error *error)
{
    const struct retort_making making = {&run->recipe, &run->method, run->base, run->known,
                                         run->options.quiet};
    if (!retort_matrix_build(&run->matrix, &run->dataset, &making, error))
        return false;
    if (run->method.standard > 0)
        retort_standard_measure(&run->matrix);
    return !run->options.neutralise ||
           retort_matrix_neutralise(&run->matrix, run->options.neutralise, error);
}

/* What one recipe chose, while another is tried. */
struct choice {
    const char *name;
    struct retort_span text;
    double figure, *costs, *balances;
};

static void keep_choice(const struct retort_run *run, double figure, struct choice *best)
{
    size_t size = run->dataset.n_labels * sizeof(double);
    best->name = run->recipe_name;
    best->text = run->recipe_text;
    best->figure = figure;
    memcpy(best->costs, run->costs, size);
    memcpy(best->balances, run->balances, size);
}

/* Back to the best recipe, its matrix built again unless it was the last. */
static bool take_choice(struct retort_run *run, const struct choice *best,
                        struct retort_error *error)
{
    size_t size = run->dataset.n_labels * sizeof(double);
    memcpy(run->costs, best->costs, size);
    memcpy(run->balances, best->balances, size);
    if (run->recipe_text.data == best->text.data)
        return true;
    retort_matrix_release(&run->matrix);
    run->recipe_name = best->name;
    run->recipe_text = best->text;
    return read_recipe(run, error) && build_matrix(run, error);
}

static bool try_recipe(struct retort_run *run, bool compared, struct choice *best,
                       struct retort_error *error)
{
    double figure = 0;
    retort_matrix_release(&run->matrix);
    if (!read_recipe(run, error) || !build_matrix(run, error) ||
        !retort_search(run, compared, &figure, error))
        return false;
    if (!best->name || figure > best->figure)
        keep_choice(run, figure, best);
    return true;
}

static bool choose_recipe(struct retort_run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels;
    const char *rest = run->options.recipe;
    struct choice best = {.costs = RETORT_NEW(&run->arena, double, n_labels),
                          .balances = RETORT_NEW(&run->arena, double, n_labels)};
    if (!rest) {
        take_general_recipe(run);
        return try_recipe(run, false, &best, error);
    }
    bool compared = !strchr(rest, '=') && strchr(rest, ',');
    while (*rest)
        if (!next_recipe(run, &rest, error) || !try_recipe(run, compared, &best, error))
            return false;
    return best.name ? take_choice(run, &best, error)
                     : retort_fail(error, RETORT_USAGE, "--recipe wants a file or a recipe's text");
}

/* ---- the run ---- */

static void set_defaults(struct retort_run *run)
{
    struct retort_train_options *options = &run->options;
    options->n_folds = options->n_folds ? options->n_folds : 5;
    options->sure_error = options->sure_error > 0 ? options->sure_error : 0.10;
}

/* libsvm knows the plain hinge loss only, and its time grows with the square of the examples. */
static bool choose_solver(struct retort_run *run, struct retort_error *error)
{
    enum retort_solver *solver = &run->options.solver;
    bool squared = run->method.squared > 0;
    if (*solver == RETORT_SOLVER_LIBSVM && squared)
        return retort_fail(error, RETORT_USAGE,
                           "libsvm has no squared hinge loss; --solver liblinear, or "
                           "train.squared=0 in the recipe");
    if (*solver == RETORT_SOLVER_AUTO)
        *solver = run->dataset.n_examples <= LIBSVM_UP_TO && !squared ? RETORT_SOLVER_LIBSVM
                                                                      : RETORT_SOLVER_LIBLINEAR;
    return true;
}

static bool assign_folds(struct retort_run *run, struct retort_error *error)
{
    size_t n = run->dataset.n_examples;
    struct retort_span *groups = RETORT_NEW(&run->arena, struct retort_span, n);
    run->fold = RETORT_NEW(&run->arena, uint8_t, n);
    for (size_t i = 0; i < n; i++)
        groups[i] = run->dataset.examples[i].group;
    run->n_folds =
        retort_folds_assign(groups, n, run->options.n_folds, run->options.seed, run->fold);
    return run->n_folds >= 2 ||
           retort_fail(error, RETORT_INPUT,
                       "the data hold one group only; folds never split a group, give two or more");
}

static bool prepare(struct retort_run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples;
    set_defaults(run);
    if (n_labels < 2 && run->dataset.choice == RETORT_ONE_OF)
        return retort_fail(error, RETORT_INPUT,
                           "the data hold one label only; a classifier needs two");
    if (run->options.base && !retort_model_open(&run->base, run->options.base, error))
        return false;
    if (run->base && retort_model_base(run->base))
        return retort_fail(error, RETORT_USAGE, "%s has a base itself; one level is all there is",
                           run->options.base);
    if (run->base && run->options.base_margins &&
        !retort_known_read(&run->known, run->options.base_margins, run->base, error))
        return false;
    run->costs = RETORT_NEW(&run->arena, double, n_labels);
    run->balances = RETORT_NEW(&run->arena, double, n_labels);
    run->margins = RETORT_NEW(&run->arena, double, n *n_labels);
    return assign_folds(run, error) && choose_recipe(run, error) && choose_solver(run, error);
}

/* Margins out of fold, then the machines of all examples. */
static bool solve(struct retort_run *run, double *weights, struct retort_error *error)
{
    struct retort_arena arena = {0};
    size_t n_labels = run->dataset.n_labels;
    struct retort_way *ways = RETORT_NEW(&arena, struct retort_way, n_labels);
    bool done = true;
    for (size_t l = 0; l < n_labels; l++)
        ways[l] = (struct retort_way){run->costs[l], run->balances[l], RETORT_LINEAR};
    struct retort_training training = {.run = run,
                                       .ways = ways,
                                       .n_ways = 1,
                                       .tolerance = TOLERANCE,
                                       .libsvm = uses_libsvm(run),
                                       .margins = run->margins};
    for (size_t f = 0; done && f < run->n_folds; f++) {
        char what[80];
        snprintf(what, sizeof what, "margins out of fold, %zu of %zu", f + 1, run->n_folds);
        training.fold = f;
        training.what = what;
        done = retort_machines_train(&training, error);
    }
    training.fold = RETORT_NO_FOLD;
    training.weights = weights;
    training.what = "final machines";
    done = done && retort_machines_train(&training, error);
    retort_arena_release(&arena);
    return done;
}

/* The features that are kept, moved together, with names and weights of their own. */
struct kept {
    uint64_t *keys;
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
        .n_features = kept->n, .keys = kept->keys, .idf = kept->idf};
    uint32_t n_slots = 2;
    while (n_slots < 2 * kept->n)
        n_slots *= 2;
    retort_dictionary_index(&dictionary, RETORT_NEW(&run->arena, uint32_t, n_slots), n_slots);
    return dictionary;
}

/* What the model keeps of words as directions: its own, learned for others; or its base's, when it
 * does not keep the base. NULL: none. */
static const struct retort_vectors *vectors_of(struct retort_run *run)
{
    struct retort_vectors *vectors = RETORT_NEW(&run->arena, struct retort_vectors, 1);
    if (wants_vectors(run) && !stacks_margins(run))
        return retort_model_vectors(run->base);
    bool learned =
        run->method.vectors > 0 &&
        retort_vectors_learn(&run->dataset, (size_t)run->method.vectors, vectors, &run->arena);
    return learned ? vectors : NULL;
}

static bool write_model(struct retort_run *run, const double *weights, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n_features = run->matrix.dictionary.n_features;
    struct retort_label *labels = RETORT_NEW(&run->arena, struct retort_label, n_labels);
    const struct kept kept = keep_features(run, weights);
    const struct retort_dictionary dictionary = dictionary_of(run, &kept);
    struct retort_buffer card = {0};
    const struct retort_calibration calibration = {
        &run->dataset,
        run->margins,
        run->fold,
        RETORT_NO_FOLD,
        run->options.sure_error,
        RETORT_NEW(&run->arena, double, n_labels *RETORT_N_LINKS),
        run->method.by_accuracy > 0,
        run->method.sure_by_source > 0};
    retort_calibrate(&calibration, labels);
    for (size_t l = 0; l < n_labels; l++) {
        labels[l].name = run->dataset.labels[l];
        labels[l].bias = weights[l * (n_features + 1) + n_features];
    }
    write_card(run, labels, &calibration, &card);
    const struct retort_model_parts parts = {.task = run->options.task,
                                             .choice = run->dataset.choice,
                                             .recipe = run->recipe_text,
                                             .base = stacks_margins(run) ? run->base : NULL,
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

static bool solve_and_write(struct retort_run *run, struct retort_error *error)
{
    size_t n_weights = run->dataset.n_labels * ((size_t)run->matrix.dictionary.n_features + 1);
    double *weights = retort_grow(NULL, n_weights, sizeof *weights);
    bool done = solve(run, weights, error);
    if (done) {
        run->scores = cross_fit(run);
        done = write_out_of_fold(run, error) && write_model(run, weights, error);
    }
    free(weights);
    return done;
}

static void release(struct retort_run *run)
{
    retort_matrix_release(&run->matrix);
    retort_dataset_release(&run->dataset);
    retort_known_free(run->known);
    retort_model_close(run->base);
    free(run->tried);
    retort_arena_release(&run->arena);
}

bool retort_train(const struct retort_train_options *options, struct retort_error *error)
{
    struct retort_run run = {.options = *options};
    bool done =
        retort_dataset_read(&run.dataset, options->inputs, options->n_inputs, NULL, error) &&
        prepare(&run, error) && solve_and_write(&run, error);
    release(&run);
    return done;
}
