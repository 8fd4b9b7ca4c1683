/* Files of an export: whole or not there. What is long is written in pieces beside its place and
 * renamed at the end, so that an old export is never half overwritten. */
#include "exchange/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_file(const struct export_file *file, const char *what, struct retort_error *error)
{
    return retort_fail(error, RETORT_RUNTIME, "%s: %s: %s", file->path ? file->path : "output",
                       what, strerror(errno));
}

static char *join(const char *path, const char *tail)
{
    size_t len = strlen(path), size = len + strlen(tail) + 1;
    char *joined = retort_grow(NULL, size, 1);
    memcpy(joined, path, len);
    memcpy(joined + len, tail, size - len);
    return joined;
}

bool export_file_open(struct export_file *file, const char *path, struct retort_error *error)
{
    struct stat status;
    *file = (struct export_file){.stream = stdout};
    if (!path)
        return true;
    file->stream = NULL;
    file->path = join(path, "");
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return fail_file(file, "cannot be written", error);
    }
    file->beside = join(path, ".XXXXXX");
    int descriptor = mkstemp(file->beside);
    if (descriptor >= 0)
        file->stream = fdopen(descriptor, "wb");
    return file->stream || fail_file(file, "cannot be written", error);
}

bool export_file_flush(struct export_file *file, struct retort_error *error)
{
    size_t len = file->out.len, put = len ? fwrite(file->out.data, 1, len, file->stream) : 0;
    retort_buffer_clear(&file->out);
    return (put == len && !ferror(file->stream)) || fail_file(file, "cannot be written", error);
}

/* Synced before it is renamed: the old file or the new one, also after a power cut. */
static bool settle(struct export_file *file, struct retort_error *error)
{
    if (!export_file_flush(file, error))
        return false;
    if (fflush(file->stream) != 0)
        return fail_file(file, "cannot be written", error);
    if (!file->path)
        return true;
    return (fsync(fileno(file->stream)) == 0 && fchmod(fileno(file->stream), 0644) == 0 &&
            rename(file->beside, file->path) == 0) ||
           fail_file(file, "cannot be written", error);
}

bool export_file_close(struct export_file *file, bool done, struct retort_error *error)
{
    done = done && settle(file, error);
    if (file->beside && file->stream) {
        fclose(file->stream);
        if (!done)
            unlink(file->beside);
    }
    retort_buffer_release(&file->out);
    free(file->path);
    free(file->beside);
    *file = (struct export_file){0};
    return done;
}
