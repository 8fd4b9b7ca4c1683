/* The models of a directory, in a fixed order: the shipped tasks first, then any other by name. */
#include "model/model.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *const SHIPPED[] = {"stance.model", "reply.model", "tone.model"};
enum { N_SHIPPED = sizeof SHIPPED / sizeof SHIPPED[0] };

static size_t rank(const char *name)
{
    size_t i = 0;
    while (i < N_SHIPPED && strcmp(SHIPPED[i], name) != 0)
        i++;
    return i;
}

static int by_rank(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    size_t rank_x = rank(x), rank_y = rank(y);
    return rank_x != rank_y ? (rank_x > rank_y) - (rank_x < rank_y) : strcmp(x, y);
}

static bool is_classifier(const char *name)
{
    size_t len = strlen(name);
    return len > 6 && strcmp(name + len - 6, ".model") == 0 && strcmp(name, "splitter.model") != 0;
}

static size_t list_names(DIR *directory, struct retort_arena *arena, char ***names)
{
    size_t n = 0, capacity = 0;
    *names = NULL;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!is_classifier(entry->d_name))
            continue;
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 8;
            *names = retort_grow(*names, capacity, sizeof **names);
        }
        (*names)[n++] = retort_arena_string(arena, retort_span_of(entry->d_name));
    }
    if (n)
        qsort(*names, n, sizeof **names, by_rank);
    return n;
}

/* One file on its way to be a model. */
struct opening {
    char path[4096];
    struct retort_model *model;
    struct retort_error error;
    bool opened, in_thread;
    pthread_t thread;
};

static void *open_one(void *context)
{
    struct opening *opening = context;
    opening->opened = retort_model_open(&opening->model, opening->path, &opening->error);
    return NULL;
}

enum { MOST_THREADS = 8 };

/* A file is read through to be checked, so each is opened by a thread of its own: who has one
 * comment to label waits for the largest, not for all. */
static void open_each(struct opening *openings, size_t n)
{
    for (size_t i = 1; i < n && i < MOST_THREADS; i++)
        openings[i].in_thread =
            pthread_create(&openings[i].thread, NULL, open_one, &openings[i]) == 0;
    for (size_t i = 0; i < n; i++)
        if (!openings[i].in_thread)
            open_one(&openings[i]);
    for (size_t i = 0; i < n; i++)
        if (openings[i].in_thread)
            pthread_join(openings[i].thread, NULL);
}

static bool open_all(struct retort_models *models, const char *directory, char **names, size_t n,
                     struct retort_error *error)
{
    struct opening *openings = calloc(n, sizeof *openings);
    size_t n_opened = 0;
    if (!openings)
        retort_out_of_memory();
    for (size_t i = 0; i < n; i++)
        snprintf(openings[i].path, sizeof openings[i].path, "%s/%s", directory, names[i]);
    open_each(openings, n);
    models->models = retort_grow(NULL, n, sizeof *models->models);
    models->n_models = n;
    for (size_t i = 0; i < n; i++)
        models->models[i] = openings[i].model; /* NULL where it could not be opened */
    while (n_opened < n && openings[n_opened].opened)
        n_opened++;
    if (n_opened < n)
        *error = openings[n_opened].error;
    free(openings);
    return n_opened == n;
}

bool retort_models_open(struct retort_models *models, const char *directory,
                        struct retort_error *error)
{
    struct retort_arena arena = {0};
    char **names = NULL;
    *models = (struct retort_models){0};
    DIR *stream = opendir(directory);
    if (!stream)
        return retort_fail(error, RETORT_REFUSED, "%s: %s; name the directory of models", directory,
                           strerror(errno));
    size_t n = list_names(stream, &arena, &names);
    closedir(stream);
    bool opened =
        n > 0 ? open_all(models, directory, names, n, error)
              : retort_fail(error, RETORT_REFUSED,
                            "%s: holds no *.model; name the directory of models", directory);
    free(names);
    retort_arena_release(&arena);
    if (!opened)
        retort_models_close(models);
    return opened;
}

void retort_models_close(struct retort_models *models)
{
    for (size_t i = 0; i < models->n_models; i++)
        retort_model_close(models->models[i]);
    free(models->models);
    *models = (struct retort_models){0};
}
