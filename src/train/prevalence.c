/* The prevalence in the field, where the data hold more of a label than the field does: cases are
 * weighed so that the data come to it (Elkan 2001; Saerens, Latinne and Decaestecker 2002), in
 * calibration and in everything measured. The machines themselves learn from the data as they are.
 */
#include "train/train.h"

#include <math.h>
#include <string.h>

/* Without what is stated. */
static double counts(const struct retort_dataset *dataset, const struct retort_example *example,
                     size_t label)
{
    bool is_passed = dataset->alone && dataset->alone[label] && !example->is_given;
    return is_passed || example->truth[label] == RETORT_UNKNOWN ? 0 : example->counts;
}

bool retort_dataset_counts(const struct retort_dataset *dataset,
                           const struct retort_example *example, size_t label)
{
    return counts(dataset, example, label) > 0;
}

/* One-of: a comment weighs what its true label weighs. Any-of: by the label's presence. */
static double label_weight(const struct retort_dataset *dataset,
                           const struct retort_example *example, size_t label)
{
    if (!dataset->weight_yes)
        return 1;
    if (example->truth[label] == RETORT_YES || dataset->choice == RETORT_ANY_OF)
        return example->truth[label] == RETORT_YES ? dataset->weight_yes[label]
                                                   : dataset->weight_no[label];
    for (size_t l = 0; l < dataset->n_labels; l++)
        if (example->truth[l] == RETORT_YES)
            return dataset->weight_yes[l];
    return 1;
}

double retort_dataset_weight(const struct retort_dataset *dataset,
                             const struct retort_example *example, size_t label)
{
    return counts(dataset, example, label) * label_weight(dataset, example, label);
}

/* ---- what is stated ---- */

static size_t find_label(const struct retort_dataset *dataset, struct retort_span name)
{
    size_t l = 0;
    while (l < dataset->n_labels && !retort_span_equal(retort_span_of(dataset->labels[l]), name))
        l++;
    return l;
}

/* One "LABEL=P"; the last = parts them. */
static bool read_one(const struct retort_dataset *dataset, struct retort_span part, double *stated,
                     struct retort_error *error)
{
    struct retort_arena arena = {0};
    size_t equals = part.len;
    while (equals > 0 && part.data[equals - 1] != '=')
        equals--;
    struct retort_span name = retort_span_slice(part, 0, equals ? equals - 1 : 0);
    const char *number = retort_arena_string(&arena, retort_span_slice(part, equals, part.len));
    size_t l = find_label(dataset, retort_span_trim(name));
    double value = 0;
    bool sound =
        l < dataset->n_labels && retort_parse_number(number, &value) && value > 0 && value < 1;
    if (sound)
        stated[l] = value;
    else
        retort_fail(error, RETORT_USAGE,
                    "prevalence \"%.*s\": wants LABEL=P with a label of the data and P between "
                    "0 and 1",
                    part.len < 60 ? (int)part.len : 60, (const char *)part.data);
    retort_arena_release(&arena);
    return sound;
}

static bool read_all(const struct retort_dataset *dataset, struct retort_span text, double *stated,
                     struct retort_error *error)
{
    while (text.len > 0) {
        size_t comma = 0;
        while (comma < text.len && text.data[comma] != ',')
            comma++;
        if (!read_one(dataset, retort_span_trim(retort_span_slice(text, 0, comma)), stated, error))
            return false;
        text = retort_span_slice(text, comma < text.len ? comma + 1 : comma, text.len);
    }
    return true;
}

/* ---- weights ---- */

static double share_of(const struct retort_dataset *dataset, size_t label)
{
    double yes = 0, asked = 0;
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_example *example = &dataset->examples[i];
        double weight = counts(dataset, example, label);
        yes += example->truth[label] == RETORT_YES ? weight : 0;
        asked += weight;
    }
    return asked > 0 ? yes / asked : 0;
}

/* A label that all or none of the data have cannot be weighed to anything: its weights stay 1. */
static void weigh_any_of(struct retort_dataset *dataset)
{
    for (size_t l = 0; l < dataset->n_labels; l++) {
        double share = share_of(dataset, l), stated = dataset->prevalence[l];
        if (isnan(stated) || !(share > 0 && share < 1))
            continue;
        dataset->weight_yes[l] = stated / share;
        dataset->weight_no[l] = (1 - stated) / (1 - share);
    }
}

/* Labels without a stated prevalence share out what the others leave, as they do in the data. */
static bool weigh_one_of(struct retort_dataset *dataset, struct retort_error *error)
{
    double left = 1, rest = 0;
    for (size_t l = 0; l < dataset->n_labels; l++) {
        bool is_stated = !isnan(dataset->prevalence[l]);
        left -= is_stated ? dataset->prevalence[l] : 0;
        rest += is_stated ? 0 : share_of(dataset, l);
    }
    if (rest > 0 ? !(left > 1e-9) : fabs(left) > 1e-6)
        return retort_fail(error, RETORT_USAGE,
                           "prevalence: the labels of a one-of task share out 1, those stated "
                           "come to %.4g",
                           1 - left);
    for (size_t l = 0; l < dataset->n_labels; l++) {
        double share = share_of(dataset, l), stated = dataset->prevalence[l];
        dataset->weight_yes[l] = isnan(stated) ? left / rest : (share > 0 ? stated / share : 1);
    }
    return true;
}

bool retort_dataset_weigh(struct retort_dataset *dataset, struct retort_span prevalence,
                          struct retort_error *error)
{
    size_t n = dataset->n_labels;
    dataset->prevalence = dataset->weight_yes = dataset->weight_no = NULL;
    if (prevalence.len == 0)
        return true;
    dataset->prevalence = RETORT_NEW(&dataset->arena, double, n);
    dataset->weight_yes = RETORT_NEW(&dataset->arena, double, n);
    dataset->weight_no = RETORT_NEW(&dataset->arena, double, n);
    for (size_t l = 0; l < n; l++) {
        dataset->prevalence[l] = (double)NAN;
        dataset->weight_yes[l] = dataset->weight_no[l] = 1;
    }
    if (!read_all(dataset, prevalence, dataset->prevalence, error))
        return false;
    for (size_t l = 0; dataset->alone && l < n; l++)
        if (dataset->alone[l])
            dataset->prevalence[l] = (double)NAN;
    if (dataset->choice == RETORT_ONE_OF)
        return (dataset->alone && dataset->alone[0]) || weigh_one_of(dataset, error);
    weigh_any_of(dataset);
    return true;
}
