/* The card: what a model was made from, how, and how well it did, as JSON in the model itself.
 * No date, no path, no host: the same data and seed give the same card. */
#include "train/parts.h"

#include <math.h>

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

static void put_label_figures(const struct retort_label_figures *figures, const char *name,
                              struct retort_buffer *out)
{
    retort_json_key(out, name);
    retort_buffer_byte(out, '{');
    put_count(out, "asked", figures->n_asked);
    put_count(out, "yes", figures->n_yes);
    put_number(out, "precision", figures->precision, 4);
    put_number(out, "recall", figures->recall, 4);
    put_number(out, "f1", figures->f1, 4);
    put_number(out, "auc", figures->auc, 4);
    put_number(out, "ece", figures->ece, 4);
    retort_buffer_byte(out, '}');
}

void retort_figures_json(const struct retort_figures *figures, const char *const *labels,
                         size_t n_labels, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_count(out, "items", figures->n_items);
    put_number(out, "accuracy", figures->accuracy, 4);
    put_number(out, "macro_f1", figures->macro_f1, 4);
    put_number(out, "mean_auc", figures->mean_auc, 4);
    put_number(out, "sure_share", figures->sure_share, 4);
    put_number(out, "sure_error", figures->sure_error, 4);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < n_labels; l++)
        put_label_figures(&figures->labels[l], labels[l], out);
    retort_buffer_text(out, "}}");
}

/* Standard deviation over the folds of one figure. */
static double spread(const struct retort_trained *trained,
                     double (*figure)(const struct retort_figures *))
{
    double sum = 0, squares = 0, n = 0;
    for (size_t f = 0; f < trained->n_folds; f++) {
        double value = figure(&trained->folds[f]);
        if (isnan(value))
            continue;
        n++;
        sum += value;
        squares += value * value;
    }
    return n > 1 ? sqrt(fmax(0, (squares - sum * sum / n) / (n - 1))) : (double)NAN;
}

static double accuracy_of(const struct retort_figures *figures)
{
    return figures->accuracy;
}

static double f1_of(const struct retort_figures *figures)
{
    return figures->macro_f1;
}

static double auc_of(const struct retort_figures *figures)
{
    return figures->mean_auc;
}

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

static void put_how(const struct retort_trained *trained, struct retort_buffer *out)
{
    struct retort_buffer recipe = {0};
    retort_recipe_write(trained->recipe, &recipe);
    retort_json_key(out, "recipe");
    retort_json_put(out, retort_buffer_span(&recipe));
    retort_json_key(out, "recipe_hash");
    retort_buffer_format(out, "\"%016llx\"",
                         (unsigned long long)retort_hash(retort_buffer_span(&recipe), 0));
    retort_buffer_release(&recipe);
    put_text(out, "solver", trained->solver);
    put_text(out, "libraries", retort_solver_versions());
    put_count(out, "seed", trained->options->seed);
    put_count(out, "folds", trained->n_folds);
    put_count(out, "min_df", trained->options->min_df);
    put_number(out, "sure_error_goal", trained->options->sure_error, 3);
    retort_json_key(out, "C");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < trained->dataset->n_labels; l++) {
        retort_json_key(out, trained->dataset->labels[l]);
        retort_buffer_number(out, trained->costs[l]);
    }
    retort_buffer_byte(out, '}');
}

void retort_card_write(const struct retort_trained *trained, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_text(out, "task", trained->options->task);
    put_text(out, "choice", trained->dataset->choice == RETORT_ONE_OF ? "one of" : "any of");
    put_data(trained->dataset, out);
    put_how(trained, out);
    retort_json_key(out, "cross_validated");
    retort_figures_json(trained->whole, trained->dataset->labels, trained->dataset->n_labels, out);
    retort_json_key(out, "spread_over_folds");
    retort_buffer_byte(out, '{');
    put_number(out, "accuracy", spread(trained, accuracy_of), 4);
    put_number(out, "macro_f1", spread(trained, f1_of), 4);
    put_number(out, "mean_auc", spread(trained, auc_of), 4);
    retort_buffer_text(out, "}}");
}
