/* What the model errs, for those who count its labels: of each true class what was said of it out
 * of fold, and its posteriors added up, in batches.
 *
 * Counts of labels are corrected by how often each true label is called what (Forman 2008; Bella et
 * al. 2010), and those figures have a chance of their own. Drawing examples anew would make it too
 * small, for comments of a group err together; so the card keeps the sums of batches of groups,
 * which never part one, and whoever corrects draws batches. Weights of a stated prevalence do not
 * matter within a class and go out; what an example counts for stays.
 *
 * Beside them stands how posteriors are spread in each true class: comments whose posteriors are no
 * mixture of these are other than what the model was tried on, and then no such figure holds. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>

enum { N_BATCHES = 40 };

/* One problem: classes that share out 1. One-of: all labels; any-of: a label off and on. */
struct erring {
    const struct retort_dataset *dataset;
    const struct retort_score *scores;
    uint64_t seed;
    size_t label; /* any-of */
    size_t n_classes, width;
    double
        *rows; /* [N_BATCHES][n_classes][width]: cases, said of class 1 on, posteriors of these */
    double *spread;           /* [N_BATCHES][n_classes][n_scored][RETORT_ERRORS_BINS] */
    size_t n_scored;          /* one-of: each class's posterior; any-of: that of on */
    double *weight, *squares; /* [n_classes] */
};

static bool is_one_of(const struct erring *erring)
{
    return erring->dataset->choice == RETORT_ONE_OF;
}

/* False: nobody has said, or it is only learned from. */
static bool true_class(const struct erring *erring, const struct retort_example *example,
                       size_t *class, double *weight)
{
    size_t label = erring->label;
    for (size_t l = 0; is_one_of(erring) && l < erring->n_classes; l++)
        if (example->truth[l] == RETORT_YES)
            label = l;
    *class = is_one_of(erring) ? label : example->truth[label] == RETORT_YES;
    *weight = retort_dataset_weight(erring->dataset, example, label);
    return retort_dataset_counts(erring->dataset, example, label);
}

static void count_example(struct erring *erring, size_t index)
{
    const struct retort_example *example = &erring->dataset->examples[index];
    const struct retort_score *scores = erring->scores + index * erring->dataset->n_labels;
    size_t class, k = erring->n_classes;
    double weight;
    if (!true_class(erring, example, &class, &weight))
        return;
    size_t batch = retort_hash(example->group, erring->seed ^ UINT64_C(0x6261746368)) % N_BATCHES;
    double *row = erring->rows + (batch * k + class) * erring->width;
    row[0] += weight;
    for (size_t j = 1; j < k; j++) {
        const struct retort_score *score = &scores[is_one_of(erring) ? j : erring->label];
        row[j] += score->on ? weight : 0;
        row[k - 1 + j] += weight * score->p;
    }
    double *bins = erring->spread + (batch * k + class) * erring->n_scored * RETORT_ERRORS_BINS;
    for (size_t j = 0; j < erring->n_scored; j++)
        bins[j * RETORT_ERRORS_BINS +
             retort_errors_bin(scores[is_one_of(erring) ? j : erring->label].p)] += weight;
    erring->weight[class] += weight;
    erring->squares[class] += weight * weight;
}

/* ---- written ---- */

/* Rounded to parts of one: the shortest digits that say so. */
static void put_list(const double *values, size_t n, double parts, struct retort_buffer *out)
{
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            retort_buffer_byte(out, ',');
        retort_buffer_number(out, round(values[i] * parts) / parts);
    }
    retort_buffer_byte(out, ']');
}

static void put_batches(const char *key, const double *rows, size_t width,
                        struct retort_buffer *out)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '[');
    for (size_t b = 0; b < N_BATCHES; b++) {
        if (b)
            retort_buffer_byte(out, ',');
        put_list(rows + b * width, width, 1e3, out);
    }
    retort_buffer_byte(out, ']');
}

/* [N_BATCHES][n_classes][width] to add up to a class's cases. */
static void scale(const struct erring *erring, double *rows, size_t width, const double *cases)
{
    for (size_t i = 0; i < N_BATCHES * erring->n_classes * width; i++) {
        size_t class = i / width % erring->n_classes;
        rows[i] *= cases[class] > 0 ? cases[class] / erring->weight[class] : 0;
    }
}

/* As many cases of equal weight as tell as much (Kish 1965): rows are scaled to add up to them. */
static void put_problem(struct erring *erring, struct retort_buffer *out)
{
    size_t k = erring->n_classes;
    double prior[RETORT_MOST_LABELS], cases[RETORT_MOST_LABELS] = {0}, all = 0;
    for (size_t c = 0; c < k; c++) {
        cases[c] =
            erring->squares[c] > 0 ? erring->weight[c] * erring->weight[c] / erring->squares[c] : 0;
        all += erring->weight[c];
    }
    for (size_t c = 0; c < k; c++)
        prior[c] = all > 0 ? erring->weight[c] / all : 0;
    scale(erring, erring->rows, erring->width, cases);
    scale(erring, erring->spread, erring->n_scored * RETORT_ERRORS_BINS, cases);
    retort_buffer_text(out, "{\"prior\":");
    put_list(prior, k, 1e6, out);
    retort_buffer_text(out, ",\"cases\":");
    put_list(cases, k, 1e3, out);
    put_batches("batches", erring->rows, k * erring->width, out);
    put_batches("scores", erring->spread, k * erring->n_scored * RETORT_ERRORS_BINS, out);
    retort_buffer_byte(out, '}');
}

static void fill_problem(struct erring *erring)
{
    memset(erring->rows, 0, N_BATCHES * erring->n_classes * erring->width * sizeof *erring->rows);
    memset(erring->spread, 0,
           N_BATCHES * erring->n_classes * erring->n_scored * RETORT_ERRORS_BINS *
               sizeof *erring->spread);
    memset(erring->weight, 0, 2 * erring->n_classes * sizeof *erring->weight);
    for (size_t i = 0; i < erring->dataset->n_examples; i++)
        count_example(erring, i);
}

void retort_errors_put(const struct retort_trained *trained, struct retort_buffer *out)
{
    const struct retort_dataset *dataset = trained->dataset;
    bool one_of = dataset->choice == RETORT_ONE_OF;
    size_t k = one_of ? dataset->n_labels : 2, n_problems = one_of ? 1 : dataset->n_labels,
           n_scored = one_of ? k : 1;
    struct erring erring = {
        .dataset = dataset,
        .scores = trained->scores,
        .seed = trained->options->seed,
        .n_classes = k,
        .width = 2 * k - 1,
        .rows = retort_grow(NULL, N_BATCHES * k * (2 * k - 1), sizeof(double)),
        .n_scored = n_scored,
        .spread = retort_grow(NULL, N_BATCHES * k * n_scored * RETORT_ERRORS_BINS, sizeof(double)),
        .weight = retort_grow(NULL, 2 * k, sizeof(double))};
    erring.squares = erring.weight + k;
    retort_json_key(out, "errors");
    retort_buffer_text(out, "{\"problems\":[");
    for (size_t i = 0; i < n_problems; i++) {
        if (i)
            retort_buffer_byte(out, ',');
        erring.label = i;
        fill_problem(&erring);
        put_problem(&erring, out);
    }
    retort_buffer_text(out, "]}");
    free(erring.rows);
    free(erring.spread);
    free(erring.weight);
}
