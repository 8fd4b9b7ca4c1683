/* Recipes: read, and, where several are named, compared by what the search among each one's ways of
 * training reaches on the same folds. */
#include "train/run.h"

#include <string.h>

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

bool retort_stacks_margins(const struct retort_run *run)
{
    return run->recipe.stack || run->recipe.stack_parent || run->recipe.stack_target;
}

bool retort_wants_vectors(const struct retort_run *run)
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
    bool kin = retort_wants_vectors(run), stacks = retort_stacks_margins(run) || kin;
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
    const struct retort_making making = {
        .recipe = &run->recipe,
        .method = &run->method,
        .base = run->base,
        .known = run->known,
        .n_workers = run->options.n_workers,
        .quiet = run->options.quiet,
    };
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

bool retort_choose_recipe(struct retort_run *run, struct retort_error *error)
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
