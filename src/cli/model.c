/* retort model show|verify|list: what a model is, whether it is whole, which there are. */
#include "cli/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TOP_COLUMNS = 38 };

/* ---- the words that weigh most ---- */

struct weighed {
    double weight;
    uint32_t feature;
};

static int by_weight(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

/* All features by their weight for a label, the heaviest first; to be freed. */
static struct weighed *weigh_all(const struct retort_model *model, size_t label)
{
    uint32_t n = retort_model_dictionary(model)->n_features;
    struct weighed *list = retort_grow(NULL, n, sizeof *list);
    for (uint32_t i = 0; i < n; i++)
        list[i] = (struct weighed){retort_model_weight(model, i, label), i};
    if (n)
        qsort(list, n, sizeof *list, by_weight);
    return list;
}

static void print_words(const struct retort_model *model, size_t label, size_t n_words)
{
    uint32_t n = retort_model_dictionary(model)->n_features;
    struct weighed *list = weigh_all(model, label);
    printf("\n%s, from the heaviest:", retort_model_label(model, label)->name);
    for (size_t i = 0; i < n_words && i < n; i++) {
        struct retort_span name = retort_model_feature(model, list[i].feature);
        printf("%s %.*s", i ? "," : "", (int)name.len, (const char *)name.data);
    }
    putchar('\n');
    free(list);
}

/* "+1.20 “idiot”", nothing when it does not weigh on this side. */
static void put_weighed(struct retort_buffer *out, const struct retort_model *model,
                        const struct weighed *weighed, bool speaks_for)
{
    struct retort_buffer cell = {0};
    if (speaks_for ? weighed->weight > 0 : weighed->weight < 0) {
        retort_buffer_text(&cell, speaks_for ? "+" : "−");
        retort_buffer_fixed(&cell, fabs(weighed->weight), 2);
        retort_buffer_byte(&cell, ' ');
        cli_put_feature(&cell, retort_model_feature(model, weighed->feature));
    }
    cli_excerpt(out, retort_buffer_span(&cell), TOP_COLUMNS, true);
    retort_buffer_release(&cell);
}

/* What speaks for a label and what against it, side by side. */
static void print_top(const struct retort_model *model, size_t label, size_t n_top)
{
    uint32_t n = retort_model_dictionary(model)->n_features;
    struct weighed *list = weigh_all(model, label);
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '\n');
    cli_excerpt(&out, retort_span_of(retort_model_label(model, label)->name), TOP_COLUMNS, true);
    retort_buffer_text(&out, "  against\n");
    for (size_t i = 0; i < n_top && i < n; i++) {
        put_weighed(&out, model, &list[i], true);
        retort_buffer_text(&out, "  ");
        put_weighed(&out, model, &list[n - 1 - i], false);
        retort_buffer_byte(&out, '\n');
    }
    fwrite(out.data, 1, out.len, stdout);
    retort_buffer_release(&out);
    free(list);
}

/* [["word:idiot",1.2],…] */
static void put_top_side(struct retort_buffer *out, const struct retort_model *model,
                         const struct weighed *list, size_t n, bool speaks_for)
{
    retort_json_key(out, speaks_for ? "for" : "against");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        const struct weighed *weighed = speaks_for ? list + i : list - i;
        if (speaks_for ? weighed->weight <= 0 : weighed->weight >= 0)
            break;
        retort_buffer_text(out, i ? ",[" : "[");
        retort_json_put(out, retort_model_feature(model, weighed->feature));
        retort_buffer_byte(out, ',');
        retort_buffer_number(out, weighed->weight);
        retort_buffer_byte(out, ']');
    }
    retort_buffer_byte(out, ']');
}

static void print_top_json(const struct retort_model *model, size_t n_top)
{
    size_t n = retort_model_dictionary(model)->n_features;
    struct retort_buffer out = {0};
    n_top = n_top < n ? n_top : n;
    retort_buffer_byte(&out, '{');
    for (size_t l = 0; l < retort_model_n_labels(model); l++) {
        struct weighed *list = weigh_all(model, l);
        retort_json_key(&out, retort_model_label(model, l)->name);
        retort_buffer_byte(&out, '{');
        put_top_side(&out, model, list, n_top, true);
        put_top_side(&out, model, list + (n ? n - 1 : 0), n_top, false);
        retort_buffer_byte(&out, '}');
        free(list);
    }
    retort_buffer_text(&out, "}\n");
    fwrite(out.data, 1, out.len, stdout);
    retort_buffer_release(&out);
}

/* ---- the command ---- */

static bool write_plot(const struct retort_model *model, const char *file, const char *path,
                       struct retort_error *error)
{
    struct retort_buffer out = {0};
    bool done = (cli_plot(model, &out, error) || retort_fail_within(error, "%s", path)) &&
                retort_file_replace(file, retort_buffer_span(&out), error);
    retort_buffer_release(&out);
    return done;
}

static bool show(const struct cli_arguments *arguments, const struct retort_model *model,
                 const char *path, struct retort_error *error)
{
    uint64_t n_words = 0, n_top = 20;
    if (!cli_count(arguments, "words", &n_words, error) ||
        !cli_count(arguments, "top", &n_top, error))
        return false;
    if (cli_value(arguments, "plot"))
        return write_plot(model, cli_value(arguments, "plot"), path, error);
    if (cli_flag(arguments, "json") && cli_value(arguments, "top")) {
        print_top_json(model, n_top);
        return true;
    }
    if (cli_flag(arguments, "json")) {
        struct retort_span card = retort_model_card(model);
        printf("%.*s\n", (int)card.len, (const char *)card.data);
        return true;
    }
    printf("%s\n\n", path);
    cli_print_card(model, stdout);
    for (size_t l = 0; l < retort_model_n_labels(model); l++) {
        if (n_words > 0)
            print_words(model, l, n_words);
        else if (n_top > 0)
            print_top(model, l, n_top);
    }
    return true;
}

/* A splitter holds no card: its figures are for `retort eval split` to make. */
static bool tell_splitter(const char *path)
{
    struct retort_cutter *cutter;
    struct retort_error ignored;
    if (!retort_cutter_open(&cutter, path, &ignored))
        return false;
    printf("%s: whole; a splitter, sha256 %s; `retort eval split` measures it\n", path,
           retort_cutter_hash(cutter));
    retort_cutter_close(cutter);
    return true;
}

static bool show_or_verify(const struct cli_arguments *arguments, const char *path, bool shows,
                           struct retort_error *error)
{
    struct retort_model *model;
    if (!retort_model_open(&model, path, error))
        return !cli_flag(arguments, "json") && tell_splitter(path);
    bool done = true;
    if (shows)
        done = show(arguments, model, path, error);
    else
        printf("%s: whole; task %s, %zu labels, %u features\n", path, retort_model_task(model),
               retort_model_n_labels(model), retort_model_dictionary(model)->n_features);
    retort_model_close(model);
    return done;
}

static bool list(const struct cli_arguments *arguments, struct retort_error *error)
{
    struct retort_models models;
    if (!cli_open_models(arguments, &models, error))
        return false;
    for (size_t i = 0; i < models.n_models; i++) {
        const struct retort_model *model = models.models[i];
        printf("%-10s %6u features  %.12s ", retort_model_task(model),
               retort_model_dictionary(model)->n_features, retort_model_hash(model));
        for (size_t l = 0; l < retort_model_n_labels(model); l++)
            printf(" %s", retort_model_label(model, l)->name);
        putchar('\n');
    }
    retort_models_close(&models);
    return true;
}

int cli_model(const struct cli_arguments *arguments)
{
    const char *what = arguments->n_files > 0 ? arguments->files[0] : "";
    bool shows = strcmp(what, "show") == 0, done = true;
    struct retort_error error;
    if (strcmp(what, "list") == 0)
        done = list(arguments, &error);
    else if ((!shows && strcmp(what, "verify") != 0) || arguments->n_files < 2)
        done = retort_fail(&error, RETORT_USAGE,
                           "wants `show FILE...`, `verify FILE...` or `list`, not `%.80s`", what);
    if (done && cli_value(arguments, "plot") && (!shows || arguments->n_files != 2))
        done = retort_fail(&error, RETORT_USAGE, "--plot goes with `show` and one model");
    for (size_t i = 1; done && i < arguments->n_files && *what != 'l'; i++)
        done = show_or_verify(arguments, arguments->files[i], shows, &error);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
