/* A model's card for a person: what it was made from, how well it did, where it can be trusted.
 * All figures stand in the card, as training wrote it. */
#include "cli/cli.h"

/* ---- what it was made from ---- */

static void print_text(const struct retort_json *object, const char *key, FILE *stream)
{
    struct retort_span text;
    const struct retort_json *value = retort_json_get(object, key);
    if (value && retort_json_text(value, &text))
        fprintf(stream, "%-10s %.*s\n", key, (int)text.len, (const char *)text.data);
}

static double number(const struct retort_json *object, const char *key)
{
    double value = 0;
    const struct retort_json *member = object ? retort_json_get(object, key) : NULL;
    return member && retort_json_number(member, &value) ? value : 0;
}

static void print_data(const struct retort_json *card, FILE *stream)
{
    const struct retort_json *data = retort_json_get(card, "data");
    for (size_t i = 0; i < retort_json_length(data); i++) {
        const struct retort_json *source = retort_json_at(data, i);
        struct retort_span file = {0}, sum = {0};
        retort_json_text(retort_json_get(source, "file"), &file);
        retort_json_text(retort_json_get(source, "sha256"), &sum);
        fprintf(stream, "data       %.*s, %.0f examples, sha256 %.*s\n", (int)file.len,
                (const char *)file.data, number(source, "examples"), (int)sum.len,
                (const char *)sum.data);
    }
}

/* Said where there are any: figures out of fold are too good by them. */
static void print_duplicates(const struct retort_json *card, FILE *stream)
{
    double n = number(card, "texts_in_several_folds");
    if (n > 0)
        fprintf(stream,
                "duplicates %.0f examples have a text that other folds have, too: the figures are "
                "better than they should be; give such examples one group\n",
                n);
}

static struct retort_span text_of(const struct retort_json *object, const char *key)
{
    struct retort_span text = {0};
    const struct retort_json *value = retort_json_get(object, key);
    if (value)
        retort_json_text(value, &text);
    return text;
}

/* What of the data people decided, and what the comparison with the model of that time said. */
static void print_reviews(const struct retort_json *card, FILE *stream)
{
    const struct retort_json *reviews = retort_json_get(card, "reviews");
    if (!reviews)
        return;
    fprintf(stream, "decisions  %.0f, %.0f drawn at random; figures are of %.0f that count\n",
            number(reviews, "n"), number(reviews, "drawn_at_random"), number(reviews, "counted"));
    print_text(reviews, "verdict", stream);
}

/* Two ways of training that differ in C alone stand in one line. */
static bool is_same_line(const struct retort_json *a, const struct retort_json *b)
{
    return retort_span_equal(text_of(a, "recipe"), text_of(b, "recipe")) &&
           retort_span_equal(text_of(a, "kernel"), text_of(b, "kernel")) &&
           number(a, "balance") == number(b, "balance");
}

/* "tried      stance.recipe, linear, balance 1: 0.651 with C 0.03, 0.663 with C 0.1". */
static void print_tried(const struct retort_json *card, FILE *stream)
{
    const struct retort_json *tried = retort_json_get(card, "tried");
    for (size_t i = 0; tried && i < retort_json_length(tried); i++) {
        const struct retort_json *way = retort_json_at(tried, i);
        struct retort_span recipe = text_of(way, "recipe"), kernel = text_of(way, "kernel");
        if (i == 0 || !is_same_line(way, retort_json_at(tried, i - 1)))
            fprintf(stream, "%stried      %.*s, %.*s, balance %g:", i ? "\n" : "", (int)recipe.len,
                    (const char *)recipe.data, (int)kernel.len, (const char *)kernel.data,
                    number(way, "balance"));
        else
            fputc(',', stream);
        fprintf(stream, " %.4f with C %g", number(way, "figure"), number(way, "C"));
    }
    if (tried && retort_json_length(tried) > 0)
        fputc('\n', stream);
}

/* ---- what was measured ---- */

/* What is stated of labels' prevalence, or nothing. */
static void print_prevalence(const struct retort_json *card, const struct retort_model *model,
                             FILE *stream)
{
    const struct retort_json *stated = retort_json_get(card, "prevalence");
    bool any = false;
    for (size_t l = 0; stated && l < retort_model_n_labels(model); l++) {
        const char *name = retort_model_label(model, l)->name;
        if (!retort_json_get(stated, name))
            continue;
        fprintf(stream, any ? ", %s %g %%" : "weighed to a prevalence in the field of %s %g %%",
                name, 100 * number(stated, name));
        any = true;
    }
    fputs(any ? ":\n" : "", stream);
}

/* "0.527 ±0.024", as wide with a spread as without. */
static void print_spread(const struct retort_json *figures, const struct retort_json *spread,
                         const char *key, FILE *stream)
{
    const struct retort_json *value = figures ? retort_json_get(figures, key) : NULL;
    const struct retort_json *around = spread ? retort_json_get(spread, key) : NULL;
    char text[32] = "-", width[32] = "";
    if (value && !retort_json_is_null(value))
        snprintf(text, sizeof text, "%.3f", number(figures, key));
    if (around && !retort_json_is_null(around))
        snprintf(width, sizeof width, "±%.3f", number(spread, key));
    fprintf(stream, "  %-5s %s%*s", text, width, *width ? 0 : 6, "");
}

static void print_summary(const struct retort_json *figures, const struct retort_json *spread,
                          FILE *stream)
{
    fprintf(stream,
            "macro-F1 %.3f ± %.3f, mean AUC %.3f ± %.3f, sure of %.0f ± %.0f %% of decisions, "
            "%.1f ± %.1f %% of these wrong\n\n",
            number(figures, "macro_f1"), number(spread, "macro_f1"), number(figures, "mean_auc"),
            number(spread, "mean_auc"), 100 * number(figures, "sure_share"),
            100 * number(spread, "sure_share"), 100 * number(figures, "sure_error"),
            100 * number(spread, "sure_error"));
}

static void print_label(const struct retort_label *label, const struct retort_json *f,
                        const struct retort_json *spread, FILE *stream)
{
    static const char *const KEYS[] = {"precision", "recall", "f1", "auc", "ece"};
    fprintf(stream, "%-18s %7.0f %7.0f", label->name, number(f, "asked"), number(f, "yes"));
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        print_spread(f, spread, KEYS[i], stream);
    fprintf(stream, "  %-8s  ", retort_link_name(label->link));
    fprintf(stream, label->sure_above <= 1 ? ">= %.2f" : "never", label->sure_above);
    fprintf(stream, label->sure_below >= 0 ? ", <= %.2f\n" : "\n", label->sure_below);
}

static const struct retort_json *member(const struct retort_json *object, const char *key)
{
    return object ? retort_json_get(object, key) : NULL;
}

static void print_figures(const struct retort_model *model, const struct retort_json *card,
                          FILE *stream)
{
    const struct retort_json *figures = retort_json_get(card, "cross_validated");
    const struct retort_json *spread = retort_json_get(card, "spread_over_folds");
    const struct retort_json *labels = member(figures, "labels");
    fprintf(stream,
            "\ncross-validated on %.0f examples, %.0f folds that never split a group; ± is the "
            "standard deviation over folds\n",
            number(figures, "items"), number(card, "folds"));
    print_prevalence(card, model, stream);
    print_summary(figures, spread, stream);
    fprintf(stream, "%-18s %7s %7s  %-12s  %-12s  %-12s  %-12s  %-12s  %-8s  %s\n", "label",
            "asked", "yes", "precision", "recall", "F1", "AUC", "ECE", "link", "sure when p");
    for (size_t l = 0; labels && l < retort_model_n_labels(model); l++) {
        const struct retort_label *label = retort_model_label(model, l);
        print_label(label, retort_json_get(labels, label->name),
                    member(member(spread, "labels"), label->name), stream);
    }
}

/* ---- whom the sure and the sorted-out help ---- */

/* One row: "toxic  0.01 0.02 …", errors in percent of what was given. */
static void print_risks(const char *name, const struct retort_json *figures, FILE *stream)
{
    const struct retort_json *risks = member(figures, "risk_coverage");
    fprintf(stream, "%-18s", name);
    for (size_t i = 0; i < retort_json_length(risks); i++) {
        double coverage = 0, error = 0;
        const struct retort_json *risk = retort_json_at(risks, i);
        retort_json_number(retort_json_at(risk, 0), &coverage);
        retort_json_number(retort_json_at(risk, 1), &error);
        fprintf(stream, " %5.1f", 100 * error);
    }
    fputc('\n', stream);
}

/* How many err of the surest tenth, fifth …; of a one-of task its labels share one ranking. */
static void print_coverage(const struct retort_model *model, const struct retort_json *card,
                           FILE *stream)
{
    const struct retort_json *figures = retort_json_get(card, "cross_validated");
    if (!member(figures, "risk_coverage"))
        return;
    fprintf(stream, "\nwrong, in percent, of the surest part of the decisions\n%-18s", "");
    for (int percent = 10; percent <= 100; percent += 10)
        fprintf(stream, " %3d %%", percent);
    fputc('\n', stream);
    print_risks("all decisions", figures, stream);
    for (size_t l = 0; l < retort_model_n_labels(model); l++) {
        const char *name = retort_model_label(model, l)->name;
        if (retort_model_choice(model) == RETORT_ANY_OF)
            print_risks(name, member(member(figures, "labels"), name), stream);
    }
}

static void print_point(const struct retort_json *point, bool last, FILE *stream)
{
    const struct retort_json *threshold = retort_json_get(point, "threshold");
    char text[64] = "not reachable";
    if (threshold && !retort_json_is_null(threshold))
        snprintf(text, sizeof text, "p >= %.3f, recall %.3f (%.3f)", number(point, "threshold"),
                 number(point, "recall"), number(point, "held_precision"));
    fprintf(stream, "  %-*s", last ? 0 : 34, text);
}

static void print_points(const struct retort_model *model, const struct retort_json *card,
                         FILE *stream)
{
    const struct retort_json *points = retort_json_get(card, "operating_points");
    if (!points)
        return;
    fprintf(
        stream,
        "\noperating points: the lowest p with that precision, by the lower of two bounds at 95 %% "
        "confidence (Clopper-Pearson,\nand a ratio over groups drawn anew); in brackets the "
        "precision on folds that it was not looked for on\n%-18s  %-34s  %-34s  %s\n",
        "", "80 %", "90 %", "95 %");
    for (size_t l = 0; l < retort_model_n_labels(model); l++) {
        const char *name = retort_model_label(model, l)->name;
        const struct retort_json *row = retort_json_get(points, name);
        fprintf(stream, "%-18s", name);
        for (size_t i = 0; i < retort_json_length(row); i++)
            print_point(retort_json_at(row, i), i + 1 == retort_json_length(row), stream);
        fputc('\n', stream);
    }
}

/* ---- all of it ---- */

void cli_print_card(const struct retort_model *model, FILE *stream)
{
    struct retort_error error;
    struct retort_json *card = retort_json_parse(retort_model_card(model), &error);
    fprintf(stream, "sha256     %s\nfeatures   %u\n", retort_model_hash(model),
            retort_model_dictionary(model)->n_features);
    if (card) {
        static const char *const KEYS[] = {"task",        "choice", "recipe",
                                           "recipe_hash", "solver", "libraries"};
        for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
            print_text(card, KEYS[i], stream);
        fprintf(stream, "seed       %.0f\n", number(card, "seed"));
        print_data(card, stream);
        print_tried(card, stream);
        print_reviews(card, stream);
        print_duplicates(card, stream);
        print_figures(model, card, stream);
        print_points(model, card, stream);
        print_coverage(model, card, stream);
        retort_json_free(card);
    }
}
