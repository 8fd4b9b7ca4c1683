/* retort eval: a model on labelled lines it was not trained on; figures, or one line an item. */
#include "cli/eval.h"

#include <math.h>
#include <string.h>

struct evaluation {
    struct retort_measured measured;
    struct retort_dataset dataset;
    struct retort_score *scores; /* [n_examples][n_labels] */
    struct retort_arena arena;
};

static bool print_items(const struct evaluation *evaluation, struct retort_error *error)
{
    struct retort_buffer out = {0};
    bool written = true;
    for (size_t i = 0; written && i < evaluation->dataset.n_examples; i++) {
        retort_prediction_put(&out, &evaluation->dataset, evaluation->scores, i);
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
        retort_label_item(&labeller, evaluation->measured.model,
                          &evaluation->dataset.examples[i].item, &arena, &verdict);
        for (size_t l = 0; l < n_labels; l++)
            evaluation->scores[i * n_labels + l] = verdict.scores[l];
        retort_arena_release(&arena);
        retort_progress_step(&progress, i);
    }
    retort_progress_end(&progress);
    retort_labeller_release(&labeller);
}

static void put_json(struct retort_buffer *out, struct evaluation *evaluation,
                     const struct retort_figures *figures)
{
    const char *by = evaluation->measured.by;
    size_t n_labels = evaluation->dataset.n_labels;
    struct retort_subset *parts;
    retort_figures_json(figures, evaluation->dataset.labels, n_labels, out);
    if (by) {
        size_t n_parts = retort_measure_subsets(&evaluation->dataset, evaluation->scores,
                                                &evaluation->arena, &parts);
        out->len--; /* the object goes on */
        eval_put_parts_json(out, by, parts, n_parts, n_labels);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, '\n');
}

static void put_figure(struct retort_buffer *out, double figure, int columns)
{
    if (isnan(figure)) /* the dash is three bytes */
        retort_buffer_format(out, " %*s", columns + (columns > 0 ? 2 : 0), "–");
    else
        retort_buffer_format(out, " %*.4f", columns, figure);
}

static void put_label(struct retort_buffer *out, const char *name,
                      const struct retort_label_figures *figures)
{
    retort_buffer_format(out, "%-18s %8zu %8zu ", name, figures->n_asked, figures->n_yes);
    put_figure(out, figures->precision, 8);
    put_figure(out, figures->recall, 8);
    put_figure(out, figures->f1, 8);
    put_figure(out, figures->auc, 8);
    put_figure(out, figures->ece, 8);
    retort_buffer_byte(out, '\n');
}

static void put_table(struct retort_buffer *out, struct evaluation *evaluation,
                      const struct retort_figures *figures)
{
    const char *by = evaluation->measured.by;
    struct retort_subset *parts;
    retort_buffer_format(out, "%zu items, macro-F1", figures->n_items);
    put_figure(out, figures->macro_f1, 0);
    retort_buffer_text(out, ", mean AUC");
    put_figure(out, figures->mean_auc, 0);
    if (evaluation->dataset.choice == RETORT_ONE_OF) {
        retort_buffer_text(out, ", accuracy");
        put_figure(out, figures->accuracy, 0);
    }
    retort_buffer_format(out, "\nsure of %.1f %% of decisions", 100 * figures->sure_share);
    if (!isnan(figures->sure_error))
        retort_buffer_format(out, ", %.1f %% of these wrong", 100 * figures->sure_error);
    retort_buffer_text(out, "\n\n");
    retort_buffer_format(out, "%-18s %8s %8s %9s %8s %8s %8s %8s\n", "label", "asked", "yes",
                         "precision", "recall", "F1", "AUC", "ECE");
    for (size_t l = 0; l < evaluation->dataset.n_labels; l++)
        if (figures->labels[l].n_asked > 0)
            put_label(out, evaluation->dataset.labels[l], &figures->labels[l]);
    if (!by)
        return;
    size_t n_parts = retort_measure_subsets(&evaluation->dataset, evaluation->scores,
                                            &evaluation->arena, &parts);
    eval_put_parts(out, by, parts, n_parts, evaluation->dataset.n_labels);
}

static bool evaluate(const struct cli_arguments *arguments, struct evaluation *evaluation,
                     struct retort_error *error)
{
    struct retort_figures figures;
    struct retort_buffer out = {0};
    label_all(evaluation, cli_flag(arguments, "quiet"));
    if (cli_flag(arguments, "items"))
        return print_items(evaluation, error);
    retort_measure(&figures, &evaluation->dataset, evaluation->scores, &evaluation->arena);
    if (cli_flag(arguments, "json"))
        put_json(&out, evaluation, &figures);
    else
        put_table(&out, evaluation, &figures);
    bool written = cli_flush(&out, stdout, error);
    retort_buffer_release(&out);
    return written;
}

/* ---- what is asked ---- */

/* "hateful=toxic,hateful=insult" */
static bool read_map(struct evaluation *evaluation, const char *map, struct retort_error *error)
{
    struct retort_renaming *renamings =
        RETORT_NEW(&evaluation->arena, struct retort_renaming, strlen(map) + 1);
    size_t n = 0;
    for (const char *at = map, *end; *at; at = *end ? end + 1 : end) {
        end = at + strcspn(at, ",");
        const char *equals = memchr(at, '=', (size_t)(end - at));
        if (!equals || equals == at || equals + 1 == end)
            return retort_fail(error, RETORT_USAGE, "--map wants FROM=TO[,FROM=TO...], not `%.80s`",
                               map);
        renamings[n++] =
            (struct retort_renaming){{(const uint8_t *)at, (size_t)(equals - at)},
                                     {(const uint8_t *)equals + 1, (size_t)(end - equals - 1)}};
    }
    evaluation->measured.renamings = renamings;
    evaluation->measured.n_renamings = n;
    return true;
}

static bool ask(const struct cli_arguments *arguments, struct evaluation *evaluation,
                struct retort_model **model, struct retort_error *error)
{
    const char *path = cli_value(arguments, "model"), *map = cli_value(arguments, "map");
    evaluation->measured.by = cli_value(arguments, "by");
    if (!path || arguments->n_files == 0)
        return retort_fail(error, RETORT_USAGE, "wants --model MODEL and DATA.jsonl");
    if ((map && !read_map(evaluation, map, error)) || !retort_model_open(model, path, error))
        return false;
    evaluation->measured.model = *model;
    return retort_dataset_read(&evaluation->dataset, arguments->files, arguments->n_files,
                               &evaluation->measured, error) &&
           retort_dataset_weigh(&evaluation->dataset,
                                retort_span_of(cli_value_or(arguments, "prevalence", "")), error);
}

/* A set may ask for more than a model knows, but not in silence. */
static void say_passed_over(const struct cli_arguments *arguments,
                            const struct retort_dataset *dataset)
{
    struct retort_buffer name = {0};
    if (dataset->n_passed_over == 0 || cli_flag(arguments, "quiet"))
        return;
    cli_excerpt(&name, dataset->passed_over, 40, false);
    fprintf(stderr,
            "retort eval: labels that are none of the model's were passed over in %zu lines (the "
            "first: \"%.*s\"); --map says what they are called there\n",
            dataset->n_passed_over, (int)name.len, (const char *)name.data);
    retort_buffer_release(&name);
}

/* The card names what the model was trained on, by hash. */
static void say_learned(const struct cli_arguments *arguments, const struct retort_model *model,
                        const struct retort_dataset *dataset)
{
    struct retort_error error;
    struct retort_json *card = retort_json_parse(retort_model_card(model), &error);
    const struct retort_json *data = card ? retort_json_get(card, "data") : NULL;
    for (size_t i = 0; data && i < retort_json_length(data); i++) {
        const struct retort_json *sum = retort_json_get(retort_json_at(data, i), "sha256");
        struct retort_span hash;
        for (size_t s = 0; sum && s < dataset->n_sources && retort_json_text(sum, &hash); s++)
            if (retort_span_equal(hash, retort_span_of(dataset->sources[s].sha256)))
                fprintf(stderr,
                        "retort eval: %s: the model has learned from this file, so the figures "
                        "flatter it; `retort model show` has those out of fold\n",
                        arguments->files[s]);
    }
    retort_json_free(card);
}

static bool is_anything_asked(const struct retort_dataset *dataset)
{
    for (size_t i = 0; i < dataset->n_examples; i++)
        for (size_t l = 0; l < dataset->n_labels; l++)
            if (dataset->examples[i].truth[l] != RETORT_UNKNOWN)
                return true;
    return false;
}

int cli_eval(const struct cli_arguments *arguments)
{
    struct evaluation evaluation = {0};
    struct retort_model *model = NULL;
    struct retort_error error;
    if (arguments->n_files > 0 && strcmp(arguments->files[0], "split") == 0)
        return cli_eval_split(arguments);
    if (cli_value(arguments, "audit"))
        return cli_eval_audit(arguments);
    bool done = ask(arguments, &evaluation, &model, &error);
    if (done && !cli_flag(arguments, "items") && !is_anything_asked(&evaluation.dataset))
        done = retort_fail(&error, RETORT_INPUT,
                           "%s: no line asks for a label of the model; --map says what the lines' "
                           "labels are called there",
                           arguments->files[0]);
    if (done)
        say_passed_over(arguments, &evaluation.dataset);
    if (done && !cli_flag(arguments, "quiet"))
        say_learned(arguments, model, &evaluation.dataset);
    done = done && evaluate(arguments, &evaluation, &error);
    retort_arena_release(&evaluation.arena);
    retort_dataset_release(&evaluation.dataset);
    retort_model_close(model);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
