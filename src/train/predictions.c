/* What was decided of each example, one line each: `eval --items` prints it, `train --out-of-fold`
 * writes it of a training run's own examples. Margins and p stand there for every label, asked or
 * not: who stacks a model wants them all. */
#include "train/train.h"

static void put_numbers(struct retort_buffer *out, const struct retort_dataset *dataset,
                        const struct retort_score *scores, bool margins)
{
    retort_json_key(out, margins ? "margins" : "p");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < dataset->n_labels; l++) {
        retort_json_key(out, dataset->labels[l]);
        retort_buffer_number(out, margins ? scores[l].margin : scores[l].p);
    }
    retort_buffer_byte(out, '}');
}

static void put_decided(struct retort_buffer *out, const struct retort_dataset *dataset,
                        const struct retort_score *scores)
{
    bool list = dataset->choice == RETORT_ANY_OF, any = false;
    retort_json_key(out, "label");
    if (list)
        retort_buffer_byte(out, '[');
    for (size_t l = 0; l < dataset->n_labels; l++) {
        if (!scores[l].on)
            continue;
        if (any)
            retort_buffer_byte(out, ',');
        retort_json_put(out, retort_span_of(dataset->labels[l]));
        any = true;
    }
    if (list)
        retort_buffer_byte(out, ']');
}

static void open_line(struct retort_buffer *out, const struct retort_example *example)
{
    retort_buffer_byte(out, '{');
    retort_json_key(out, "id");
    if (example->id_json.len)
        retort_buffer_put(out, example->id_json);
    else
        retort_buffer_text(out, "null");
}

static void put_rest(struct retort_buffer *out, const struct retort_dataset *dataset,
                     const struct retort_score *scores)
{
    put_decided(out, dataset, scores);
    put_numbers(out, dataset, scores, true);
    put_numbers(out, dataset, scores, false);
    retort_buffer_text(out, "}\n");
}

void retort_prediction_put(struct retort_buffer *out, const struct retort_dataset *dataset,
                           const struct retort_score *scores, size_t index)
{
    open_line(out, &dataset->examples[index]);
    put_rest(out, dataset, scores + index * dataset->n_labels);
}

/* Where a prevalence is stated: what the example counts for in a label's figures. */
static void put_weights(struct retort_buffer *out, const struct retort_dataset *dataset,
                        const struct retort_example *example)
{
    retort_json_key(out, "weights");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < dataset->n_labels; l++) {
        retort_json_key(out, dataset->labels[l]);
        retort_buffer_number(out, retort_dataset_weight(dataset, example, l));
    }
    retort_buffer_byte(out, '}');
}

bool retort_out_of_fold_write(const char *path, const struct retort_dataset *dataset,
                              const struct retort_score *scores, const uint8_t *fold,
                              struct retort_error *error)
{
    struct retort_buffer out = {0};
    for (size_t i = 0; i < dataset->n_examples; i++) {
        open_line(&out, &dataset->examples[i]);
        retort_json_key(&out, "fold");
        retort_buffer_format(&out, "%u", fold[i]);
        if (dataset->prevalence)
            put_weights(&out, dataset, &dataset->examples[i]);
        put_rest(&out, dataset, scores + i * dataset->n_labels);
    }
    bool written = retort_file_replace(path, retort_buffer_span(&out), error);
    retort_buffer_release(&out);
    return written;
}
