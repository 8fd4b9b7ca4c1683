/* retort eval: a model on labelled lines it was not trained on; figures, or one line an item. */
#include "cli/cli.h"
#include "train/train.h"

#include <math.h>
#include <string.h>

struct evaluation {
    const struct retort_model *model;
    struct retort_dataset dataset;
    struct retort_score *scores; /* [n_examples][n_labels] */
    struct retort_arena arena;
};

static void put_per_label(struct retort_buffer *out, const struct evaluation *evaluation,
                          const struct retort_score *scores, const char *key, bool margins)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < evaluation->dataset.n_labels; l++) {
        retort_json_key(out, evaluation->dataset.labels[l]);
        retort_buffer_number(out, margins ? scores[l].margin : scores[l].p);
    }
    retort_buffer_byte(out, '}');
}

static void put_prediction(struct retort_buffer *out, const struct evaluation *evaluation,
                           const struct retort_score *scores)
{
    bool list = evaluation->dataset.choice == RETORT_ANY_OF, any = false;
    retort_json_key(out, "label");
    if (list)
        retort_buffer_byte(out, '[');
    for (size_t l = 0; l < evaluation->dataset.n_labels; l++) {
        if (!scores[l].on)
            continue;
        if (any)
            retort_buffer_byte(out, ',');
        retort_json_put(out, retort_span_of(evaluation->dataset.labels[l]));
        any = true;
    }
    if (list)
        retort_buffer_byte(out, ']');
}

static void put_item(struct retort_buffer *out, const struct evaluation *evaluation, size_t index)
{
    const struct retort_example *example = &evaluation->dataset.examples[index];
    const struct retort_score *scores = evaluation->scores + index * evaluation->dataset.n_labels;
    retort_buffer_byte(out, '{');
    retort_json_key(out, "id");
    if (example->id_json.len)
        retort_buffer_put(out, example->id_json);
    else
        retort_buffer_text(out, "null");
    put_prediction(out, evaluation, scores);
    put_per_label(out, evaluation, scores, "margins", true);
    put_per_label(out, evaluation, scores, "p", false);
    retort_buffer_text(out, "}\n");
}

static bool print_items(const struct evaluation *evaluation, struct retort_error *error)
{
    struct retort_buffer out = {0};
    bool written = true;
    for (size_t i = 0; written && i < evaluation->dataset.n_examples; i++) {
        put_item(&out, evaluation, i);
        if (out.len > 1 << 16)
            written = cli_flush(&out, stdout, error);
    }
    written = written && cli_flush(&out, stdout, error);
    retort_buffer_release(&out);
    return written;
}

static void label_all(struct evaluation *evaluation, bool quiet)
{
    struct retort_labeller labeller;
    struct retort_progress progress;
    size_t n = evaluation->dataset.n_examples, n_labels = evaluation->dataset.n_labels;
    evaluation->scores = RETORT_NEW(&evaluation->arena, struct retort_score, n * n_labels);
    retort_labeller_init(&labeller);
    retort_progress_begin(&progress, "labelling", n, quiet);
    for (size_t i = 0; i < n; i++) {
        struct retort_arena arena = {0};
        struct retort_verdict verdict;
        retort_label_item(&labeller, evaluation->model, &evaluation->dataset.examples[i].item,
                          &arena, &verdict);
        for (size_t l = 0; l < n_labels; l++)
            evaluation->scores[i * n_labels + l] = verdict.scores[l];
        retort_arena_release(&arena);
        retort_progress_step(&progress, i);
    }
    retort_progress_end(&progress);
    retort_labeller_release(&labeller);
}

static void print_json(const struct evaluation *evaluation, const struct retort_figures *figures)
{
    struct retort_buffer out = {0};
    retort_figures_json(figures, evaluation->dataset.labels, evaluation->dataset.n_labels, &out);
    printf("%.*s\n", (int)out.len, (const char *)out.data);
    retort_buffer_release(&out);
}

static void print_table(const struct evaluation *evaluation, const struct retort_figures *figures)
{
    bool one_of = evaluation->dataset.choice == RETORT_ONE_OF;
    printf("%zu items, macro-F1 %.4f, mean AUC %.4f", figures->n_items, figures->macro_f1,
           figures->mean_auc);
    if (one_of)
        printf(", accuracy %.4f", figures->accuracy);
    printf("\nsure of %.1f %% of decisions, %.1f %% of these wrong\n\n", 100 * figures->sure_share,
           isnan(figures->sure_error) ? 0 : 100 * figures->sure_error);
    printf("%-18s %8s %8s %9s %8s %8s %8s %8s\n", "label", "asked", "yes", "precision", "recall",
           "F1", "AUC", "ECE");
    for (size_t l = 0; l < evaluation->dataset.n_labels; l++) {
        const struct retort_label_figures *f = &figures->labels[l];
        printf("%-18s %8zu %8zu %9.4f %8.4f %8.4f %8.4f %8.4f\n", evaluation->dataset.labels[l],
               f->n_asked, f->n_yes, f->precision, f->recall, f->f1, f->auc, f->ece);
    }
}

static bool evaluate(const struct cli_arguments *arguments, struct evaluation *evaluation,
                     struct retort_error *error)
{
    struct retort_figures figures;
    label_all(evaluation, cli_flag(arguments, "quiet"));
    if (cli_flag(arguments, "items"))
        return print_items(evaluation, error);
    retort_measure(&figures, &evaluation->dataset, evaluation->scores, &evaluation->arena);
    if (cli_flag(arguments, "json"))
        print_json(evaluation, &figures);
    else
        print_table(evaluation, &figures);
    return true;
}

int cli_eval(const struct cli_arguments *arguments)
{
    const char *path = cli_value(arguments, "model");
    struct evaluation evaluation = {0};
    struct retort_model *model = NULL;
    struct retort_error error;
    if (arguments->n_files > 0 && strcmp(arguments->files[0], "split") == 0)
        return cli_eval_split(arguments);
    bool done = (path && arguments->n_files > 0) ||
                retort_fail(&error, RETORT_USAGE, "wants --model MODEL and DATA.jsonl");
    done = done && retort_model_open(&model, path, &error);
    evaluation.model = model;
    done = done && retort_dataset_read(&evaluation.dataset, arguments->files, arguments->n_files,
                                       model, &error);
    done = done && evaluate(arguments, &evaluation, &error);
    retort_arena_release(&evaluation.arena);
    retort_dataset_release(&evaluation.dataset);
    retort_model_close(model);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
