/* Does a model fit a review file? Asked before anything is written.
 *
 * It must be of a task that comments here are labelled for, choose as that task's models do and
 * know all their labels: else the words of people would be about something that it can't say. And
 * it must look at the target or not as they did: a decision counts for the claim it was made on. */
#include "relabel/run.h"

static bool fail(const struct retort_model *model, struct retort_error *error, const char *what,
                 const char *which)
{
    return retort_fail(error, RETORT_REFUSED,
                       "the model for %s does not fit this file: %s%s; nothing was written",
                       retort_model_task(model), what, which);
}

static bool has_label(const struct retort_model *model, const char *name)
{
    for (size_t i = 0; i < retort_model_n_labels(model); i++)
        if (strcmp(retort_model_label(model, i)->name, name) == 0)
            return true;
    return false;
}

/* The newest that the file knows of the task. */
static const struct retort_stored_model *find_task(const struct retort_stored_model *models,
                                                   size_t n_models, const char *task)
{
    for (size_t i = n_models; i-- > 0;)
        if (strcmp(models[i].task, task) == 0)
            return &models[i];
    return NULL;
}

static bool check_target(struct retort_store *store, const struct retort_model *model,
                         struct retort_error *error)
{
    uint64_t n;
    bool targeted = retort_model_recipe(model)->target;
    if (!retort_store_stranded(store, retort_span_of(retort_model_task(model)), targeted, &n,
                               error))
        return false;
    return n == 0 ||
           fail(model, error,
                targeted ? "its recipe looks at the target, and people have decided without one"
                         : "its recipe does not look at the target, and people have decided on one",
                "");
}

static bool check_model(struct retort_store *store, const struct retort_model *model,
                        const struct retort_stored_model *known, struct retort_error *error)
{
    if (!known)
        return fail(model, error, "no comment in it is labelled for that task", "");
    if (known->choice != retort_model_choice(model))
        return fail(model, error, "there each comment has ",
                    known->choice == RETORT_ONE_OF ? "one label of it, and not any number"
                                                   : "any number of its labels, and not one");
    for (size_t i = 0; i < known->n_labels; i++)
        if (!has_label(model, known->labels[i]))
            return fail(model, error, "it has not the label ", known->labels[i]);
    return check_target(store, model, error);
}

static bool is_twice(const struct retort_models *models, size_t nth)
{
    const char *task = retort_model_task(models->models[nth]);
    for (size_t i = 0; i < nth; i++)
        if (strcmp(retort_model_task(models->models[i]), task) == 0)
            return true;
    return false;
}

bool run_fits(struct retort_store *store, const struct retort_models *models,
              struct retort_error *error)
{
    const struct retort_stored_model *known;
    size_t n_known;
    if (!retort_store_models(store, &known, &n_known, error))
        return false;
    for (size_t i = 0; i < models->n_models; i++) {
        const struct retort_model *model = models->models[i];
        if (is_twice(models, i))
            return retort_fail(error, RETORT_USAGE, "two models for %s; give one a task",
                               retort_model_task(model));
        if (!check_model(store, model, find_task(known, n_known, retort_model_task(model)), error))
            return false;
    }
    return true;
}
