/* Where the models are: said by the user, said by the environment, or beside the executable's own
 * place, be that the source tree's build directory or an installation. */
#include "cli/cli.h"
#include "thread/thread.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Relative to the directory of the executable: build/../models, bin/../share/retort/models. */
static const char *const PLACES[] = {"../models", "../share/retort/models", "models"};

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void set_text(struct retort_buffer *path, const char *text)
{
    retort_buffer_clear(path);
    retort_buffer_text(path, text);
    retort_buffer_byte(path, 0);
}

static bool beside_executable(struct retort_buffer *path)
{
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        return false;
    self[len] = '\0';
    char *slash = strrchr(self, '/');
    if (!slash)
        return false;
    *slash = '\0';
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        retort_buffer_clear(path);
        retort_buffer_format(path, "%s/%s", self, PLACES[i]);
        retort_buffer_byte(path, 0);
        if (is_directory((const char *)path->data))
            return true;
    }
    return false;
}

bool cli_models_directory(const struct cli_arguments *arguments, struct retort_buffer *path,
                          struct retort_error *error)
{
    const char *named = cli_value(arguments, "models"), *environment = getenv("RETORT_MODELS");
    if (!named && environment && *environment)
        named = environment;
    if (named) {
        set_text(path, named);
        return is_directory(named) ||
               retort_fail(error, RETORT_REFUSED, "%s: is no directory of models", named);
    }
    return beside_executable(path) ||
           retort_fail(error, RETORT_REFUSED,
                       "no models beside the program; name them by --models DIR or RETORT_MODELS");
}

bool cli_open_models(const struct cli_arguments *arguments, struct retort_models *models,
                     struct retort_error *error)
{
    struct retort_buffer path = {0};
    bool opened = cli_models_directory(arguments, &path, error) &&
                  retort_models_open(models, (const char *)path.data, error);
    retort_buffer_release(&path);
    return opened;
}

bool cli_splitter_path(const struct cli_arguments *arguments, struct retort_buffer *path,
                       struct retort_error *error)
{
    if (!cli_models_directory(arguments, path, error))
        return false;
    path->len--;
    retort_buffer_text(path, "/splitter.model");
    retort_buffer_byte(path, 0);
    return true;
}

bool cli_open_cutter(const struct cli_arguments *arguments, struct retort_cutter **cutter,
                     struct retort_error *error)
{
    struct retort_buffer path = {0};
    bool opened = cli_splitter_path(arguments, &path, error) &&
                  retort_cutter_open(cutter, (const char *)path.data, error);
    retort_buffer_release(&path);
    return opened;
}

const char *cli_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* A regular one; it need not be there yet. */
static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;
    if (stat(a, &one) != 0 || stat(b, &other) != 0)
        return strcmp(a, b) == 0;
    return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool cli_spares(const char *output, const char *kept, const char *what, struct retort_error *error)
{
    return !output || !kept || !is_same_file(output, kept) ||
           retort_fail(error, RETORT_USAGE, "%s: is %s; name another file to write to", output,
                       what);
}
