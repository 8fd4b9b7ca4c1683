/* The card: what a model was made from, how, and how well it did, as JSON in the model itself.
 * No date, no path, no host: the same data and seed give the same card. */
#include "train/paired.h"
#include "train/parts.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static void put_number(struct retort_buffer *out, const char *key, double value, int decimals)
{
    retort_json_key(out, key);
    retort_buffer_fixed(out, value, decimals);
}

static void put_count(struct retort_buffer *out, const char *key, size_t value)
{
    retort_json_key(out, key);
    retort_buffer_format(out, "%zu", value);
}

static void put_text(struct retort_buffer *out, const char *key, const char *value)
{
    retort_json_key(out, key);
    retort_json_put(out, retort_span_of(value));
}

/* ---- figures ---- */

/* Every figure that has a spread: its key and its place in the struct. */
struct figure {
    const char *key;
    size_t at;
};

#define OF_LABEL(key, member)                                                                      \
    {                                                                                              \
        key, offsetof(struct retort_label_figures, member)                                         \
    }
static const struct figure LABEL_FIGURES[] = {
    OF_LABEL("precision", precision),
    OF_LABEL("recall", recall),
    OF_LABEL("f1", f1),
    OF_LABEL("auc", auc),
    OF_LABEL("ece", ece),
    OF_LABEL("log_loss", log_loss),
};

#define OF_TASK(key, member)                                                                       \
    {                                                                                              \
        key, offsetof(struct retort_figures, member)                                               \
    }
static const struct figure TASK_FIGURES[] = {
    OF_TASK("accuracy", accuracy),     OF_TASK("macro_f1", macro_f1),
    OF_TASK("mean_auc", mean_auc),     OF_TASK("sure_share", sure_share),
    OF_TASK("sure_error", sure_error),
};
enum {
    N_LABEL_FIGURES = sizeof LABEL_FIGURES / sizeof LABEL_FIGURES[0],
    N_TASK_FIGURES = sizeof TASK_FIGURES / sizeof TASK_FIGURES[0],
};

static double value_at(const void *figures, size_t at)
{
    double value;
    memcpy(&value, (const char *)figures + at, sizeof value);
    return value;
}

static void put_bins(const struct retort_label_figures *figures, struct retort_buffer *out)
{
    bool any = false;
    retort_json_key(out, "bins");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < RETORT_N_BINS; i++) {
        const struct retort_bin *bin = &figures->bins[i];
        if (bin->n == 0)
            continue;
        retort_buffer_text(out, any ? ",{" : "{");
        put_count(out, "n", bin->n);
        put_number(out, "p", bin->p, 4);
        put_number(out, "yes", bin->yes, 4);
        put_number(out, "low", bin->low, 4);
        put_number(out, "high", bin->high, 4);
        retort_buffer_byte(out, '}');
        any = true;
    }
    retort_buffer_byte(out, ']');
}

static void put_risks(const struct retort_risk *risks, struct retort_buffer *out)
{
    retort_json_key(out, "risk_coverage");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < RETORT_N_RISKS && !isnan(risks[i].coverage); i++) {
        retort_buffer_text(out, i ? ",[" : "[");
        retort_buffer_fixed(out, risks[i].coverage, 4);
        retort_buffer_byte(out, ',');
        retort_buffer_fixed(out, risks[i].error, 4);
        retort_buffer_byte(out, ']');
    }
    retort_buffer_byte(out, ']');
}

static void put_label_figures(const struct retort_label_figures *figures, const char *name,
                              struct retort_buffer *out)
{
    retort_json_key(out, name);
    retort_buffer_byte(out, '{');
    put_count(out, "asked", figures->n_asked);
    put_count(out, "yes", figures->n_yes);
    for (size_t i = 0; i < N_LABEL_FIGURES; i++)
        put_number(out, LABEL_FIGURES[i].key, value_at(figures, LABEL_FIGURES[i].at), 4);
    put_bins(figures, out);
    put_risks(figures->risks, out);
    retort_buffer_byte(out, '}');
}

void retort_figures_json(const struct retort_figures *figures, const char *const *labels,
                         size_t n_labels, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_count(out, "items", figures->n_items);
    for (size_t i = 0; i < N_TASK_FIGURES; i++)
        put_number(out, TASK_FIGURES[i].key, value_at(figures, TASK_FIGURES[i].at), 4);
    put_risks(figures->risks, out);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < n_labels; l++)
        put_label_figures(&figures->labels[l], labels[l], out);
    retort_buffer_text(out, "}}");
}

/* ---- spread ---- */

/* Standard deviation over the folds of one figure, of a label or (SIZE_MAX) of the task. */
static double spread(const struct retort_trained *trained, size_t label, size_t at)
{
    double sum = 0, squares = 0, n = 0;
    for (size_t f = 0; f < trained->n_folds; f++) {
        const struct retort_figures *fold = &trained->folds[f];
        double value = label == SIZE_MAX ? value_at(fold, at) : value_at(&fold->labels[label], at);
        if (isnan(value))
            continue;
        n++;
        sum += value;
        squares += value * value;
    }
    return n > 1 ? sqrt(fmax(0, (squares - sum * sum / n) / (n - 1))) : (double)NAN;
}

static void put_spread(const struct retort_trained *trained, struct retort_buffer *out)
{
    retort_json_key(out, "spread_over_folds");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < N_TASK_FIGURES; i++)
        put_number(out, TASK_FIGURES[i].key, spread(trained, SIZE_MAX, TASK_FIGURES[i].at), 4);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < trained->dataset->n_labels; l++) {
        retort_json_key(out, trained->dataset->labels[l]);
        retort_buffer_byte(out, '{');
        for (size_t i = 0; i < N_LABEL_FIGURES; i++)
            put_number(out, LABEL_FIGURES[i].key, spread(trained, l, LABEL_FIGURES[i].at), 4);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_text(out, "}}");
}

/* ---- calibration ---- */

static void put_prevalence(const struct retort_dataset *dataset, struct retort_buffer *out)
{
    if (!dataset->prevalence)
        return;
    retort_json_key(out, "prevalence");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < dataset->n_labels; l++)
        if (!isnan(dataset->prevalence[l])) {
            retort_json_key(out, dataset->labels[l]);
            retort_buffer_number(out, dataset->prevalence[l]);
        }
    retort_buffer_byte(out, '}');
}

static void put_calibration(const struct retort_trained *trained, struct retort_buffer *out)
{
    retort_json_key(out, "calibration");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < trained->dataset->n_labels; l++) {
        retort_json_key(out, trained->dataset->labels[l]);
        retort_buffer_byte(out, '{');
        put_text(out, "link", retort_link_name(trained->labels[l].link));
        retort_json_key(out, "log_loss");
        retort_buffer_byte(out, '{');
        for (size_t link = 0; link < RETORT_N_LINKS; link++)
            put_number(out, retort_link_name((enum retort_link)link),
                       trained->calibration->losses[l * RETORT_N_LINKS + link], 5);
        retort_buffer_text(out, "}}");
    }
    retort_buffer_byte(out, '}');
}

static void put_point(const struct retort_point *point, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_number(out, "goal", point->goal, 2);
    put_number(out, "threshold", point->threshold, 4);
    if (!isnan(point->threshold)) {
        put_number(out, "precision", point->precision, 4);
        put_number(out, "low", point->bound, 4);
        put_number(out, "recall", point->recall, 4);
        put_number(out, "held_precision", point->held_precision, 4);
    }
    retort_buffer_byte(out, '}');
}

static void put_points(const struct retort_trained *trained, struct retort_buffer *out)
{
    size_t n_labels = trained->dataset->n_labels;
    struct retort_point *points = retort_grow(NULL, n_labels * RETORT_N_POINTS, sizeof *points);
    retort_points_find(trained->calibration, trained->labels, points);
    retort_json_key(out, "operating_points");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < n_labels; l++) {
        retort_json_key(out, trained->dataset->labels[l]);
        for (size_t i = 0; i < RETORT_N_POINTS; i++) {
            retort_buffer_byte(out, i ? ',' : '[');
            put_point(&points[l * RETORT_N_POINTS + i], out);
        }
        retort_buffer_byte(out, ']');
    }
    retort_buffer_byte(out, '}');
    free(points);
}

/* ---- what it was made from ---- */

static void put_data(const struct retort_dataset *dataset, struct retort_buffer *out)
{
    retort_json_key(out, "data");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < dataset->n_sources; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        put_text(out, "file", dataset->sources[i].name);
        put_text(out, "sha256", dataset->sources[i].sha256);
        put_count(out, "examples", dataset->sources[i].n_examples);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

static void put_per_label(const struct retort_trained *trained, const char *key,
                          const double *values, struct retort_buffer *out)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < trained->dataset->n_labels; l++) {
        retort_json_key(out, trained->dataset->labels[l]);
        retort_buffer_number(out, values[l]);
    }
    retort_buffer_byte(out, '}');
}

static const char *const KERNELS[RETORT_N_KERNELS] = {"linear", "RBF", "intersection"};

/* Every way of training that was compared, and what it reached in the search. */
static void put_tried(const struct retort_trained *trained, struct retort_buffer *out)
{
    retort_json_key(out, "tried");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < trained->n_tried; i++) {
        const struct retort_tried *tried = &trained->tried[i];
        retort_buffer_text(out, i ? ",{" : "{");
        put_text(out, "recipe", tried->recipe);
        put_text(out, "kernel", KERNELS[tried->kernel]);
        put_number(out, "C", tried->cost, 4);
        put_number(out, "balance", tried->balance, 2);
        put_number(out, "figure", tried->figure, 4);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

static void put_how(const struct retort_trained *trained, struct retort_buffer *out)
{
    retort_json_key(out, "recipe");
    retort_json_put(out, trained->recipe);
    retort_json_key(out, "recipe_hash");
    retort_buffer_format(out, "\"%016llx\"", (unsigned long long)retort_hash(trained->recipe, 0));
    if (trained->base)
        put_text(out, "base_sha256", retort_model_hash(trained->base));
    put_text(out, "solver", trained->solver);
    put_text(out, "libraries", retort_solver_versions());
    put_count(out, "seed", trained->options->seed);
    put_count(out, "folds", trained->n_folds);
    put_count(out, "texts_in_several_folds", trained->n_duplicates);
    if (trained->options->neutralise) {
        put_text(out, "neutralised", trained->options->neutralise);
        put_count(out, "features_held_at_zero", trained->n_neutral);
    }
    put_number(out, "sure_error_goal", trained->options->sure_error, 3);
    put_per_label(trained, "C", trained->costs, out);
    put_per_label(trained, "balance", trained->balances, out);
    put_tried(trained, out);
}

/* What people's decisions were learned from, and how the candidate does beside the current model.
 */
static void put_reviews(const struct retort_train_options *options, struct retort_buffer *out)
{
    struct retort_buffer verdict = {0};
    if (!options->reviews.data)
        return;
    retort_json_key(out, "reviews");
    retort_buffer_byte(out, '{');
    retort_buffer_put(out, options->reviews);
    if (options->pairing) {
        retort_pairing_verdict(options->pairing, &verdict);
        put_text(out, "current_sha256", retort_model_hash(options->current));
        retort_json_key(out, "verdict");
        retort_json_put(out, retort_buffer_span(&verdict));
        retort_json_key(out, "against_current");
        retort_pairing_json(options->pairing, out);
    }
    retort_buffer_byte(out, '}');
    retort_buffer_release(&verdict);
}

void retort_card_write(const struct retort_trained *trained, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_text(out, "task", trained->options->task);
    put_text(out, "choice", trained->dataset->choice == RETORT_ONE_OF ? "one of" : "any of");
    put_data(trained->dataset, out);
    put_how(trained, out);
    put_prevalence(trained->dataset, out);
    put_calibration(trained, out);
    retort_json_key(out, "cross_validated");
    retort_figures_json(trained->whole, trained->dataset->labels, trained->dataset->n_labels, out);
    put_spread(trained, out);
    put_points(trained, out);
    retort_errors_put(trained, out);
    put_reviews(trained->options, out);
    retort_buffer_byte(out, '}');
}
