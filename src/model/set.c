/* The models of a directory, in a fixed order: the shipped tasks first, then any other by name. */
#include "model/model.h"

#include <dirent.h>
#include <errno.h>
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

static bool open_all(struct retort_models *models, const char *directory, char **names, size_t n,
                     struct retort_error *error)
{
    struct retort_buffer path = {0};
    bool opened = true;
    models->models = retort_grow(NULL, n, sizeof *models->models);
    for (size_t i = 0; opened && i < n; i++) {
        retort_buffer_clear(&path);
        retort_buffer_format(&path, "%s/%s", directory, names[i]);
        retort_buffer_byte(&path, 0);
        opened = retort_model_open(&models->models[i], (const char *)path.data, error);
        models->n_models += opened;
    }
    retort_buffer_release(&path);
    return opened;
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
