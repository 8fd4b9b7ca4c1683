/* Files: read whole, mapped whole, or replaced whole. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_errno(struct retort_error *error, const char *path, const char *remedy)
{
    return retort_fail(error, RETORT_INPUT, "%s: %s%s", path, strerror(errno), remedy);
}

static int open_input(const char *path, struct retort_error *error)
{
    if (strcmp(path, "-") == 0)
        return STDIN_FILENO;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail_errno(error, path, errno == ENOENT ? "; check the name" : "; check its permissions");
    return descriptor;
}

static void close_input(int descriptor)
{
    if (descriptor != STDIN_FILENO)
        close(descriptor);
}

static bool read_all(int descriptor, struct retort_buffer *bytes)
{
    size_t room = 1 << 16;
    for (;;) {
        if (bytes->capacity - bytes->len < room) {
            bytes->capacity = bytes->capacity * 2 + room;
            bytes->data = retort_grow(bytes->data, bytes->capacity, 1);
        }
        ssize_t got = read(descriptor, bytes->data + bytes->len, bytes->capacity - bytes->len);
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
        bytes->len += got > 0 ? (size_t)got : 0;
    }
}

bool retort_file_read(struct retort_file *file, const char *path, struct retort_error *error)
{
    struct retort_buffer bytes = {0};
    *file = (struct retort_file){0};
    int descriptor = open_input(path, error);
    if (descriptor < 0)
        return false;
    bool read_it = read_all(descriptor, &bytes);
    if (!read_it) {
        fail_errno(error, path, errno == EISDIR ? "; name the files in it" : "");
        retort_buffer_release(&bytes);
    }
    close_input(descriptor);
    file->bytes = retort_buffer_span(&bytes);
    return read_it;
}

bool retort_file_map(struct retort_file *file, const char *path, struct retort_error *error)
{
    struct stat status;
    *file = (struct retort_file){0};
    int descriptor = open_input(path, error);
    if (descriptor < 0)
        return false;
    bool mapped = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (!mapped) {
        retort_fail(error, RETORT_INPUT, "%s: is no regular file", path);
    } else if (status.st_size > 0) {
        void *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        mapped = map != MAP_FAILED || fail_errno(error, path, " (mapping it)");
        if (mapped)
            *file = (struct retort_file){{map, (size_t)status.st_size}, true};
    }
    close_input(descriptor);
    return mapped;
}

void retort_file_close(struct retort_file *file)
{
    if (file->mapped)
        munmap((void *)(uintptr_t)file->bytes.data, file->bytes.len);
    else
        free((void *)(uintptr_t)file->bytes.data);
    *file = (struct retort_file){0};
}

static bool write_all(int descriptor, struct retort_span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(descriptor, bytes.data, bytes.len);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0)
            bytes = retort_span_slice(bytes, (size_t)put, bytes.len);
    }
    return true;
}

/* Not over what is there meanwhile. */
static int put_new(const char *name, const char *path)
{
    return link(name, path) == 0 ? unlink(name) : -1;
}

/* Through a file of its own beside the old one, put in its place by `put`. */
static bool replace_regular(const char *path, struct retort_span bytes, mode_t mode,
                            int (*put)(const char *name, const char *path))
{
    struct retort_buffer beside = {0};
    retort_buffer_format(&beside, "%s.XXXXXX", path);
    retort_buffer_byte(&beside, 0);
    char *name = (char *)beside.data;
    int descriptor = mkstemp(name);
    bool done = descriptor >= 0 && write_all(descriptor, bytes) && fsync(descriptor) == 0 &&
                fchmod(descriptor, mode) == 0 && put(name, path) == 0;
    int why = errno;
    if (descriptor >= 0)
        close(descriptor);
    if (!done && descriptor >= 0)
        unlink(name);
    retort_buffer_release(&beside);
    errno = why;
    return done;
}

static bool write_special(const char *path, struct retort_span bytes)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool done = descriptor >= 0 && write_all(descriptor, bytes);
    int why = errno;
    if (descriptor >= 0)
        close(descriptor);
    errno = why;
    return done;
}

static bool replace(const char *path, struct retort_span bytes, mode_t mode,
                    struct retort_error *error)
{
    struct stat status;
    char *followed = realpath(path, NULL); /* NULL: not there yet */
    bool special = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    bool done = special ? write_special(path, bytes)
                        : replace_regular(followed ? followed : path, bytes, mode, rename);
    if (!done)
        retort_fail(error, RETORT_RUNTIME, "\"%s\": cannot be written: %s", path, strerror(errno));
    free(followed);
    return done;
}

bool retort_file_replace(const char *path, struct retort_span bytes, struct retort_error *error)
{
    return replace(path, bytes, 0644, error);
}

bool retort_file_replace_secret(const char *path, struct retort_span bytes,
                                struct retort_error *error)
{
    return replace(path, bytes, 0600, error);
}

bool retort_file_make_secret(const char *path, struct retort_span bytes, bool *made,
                             struct retort_error *error)
{
    *made = replace_regular(path, bytes, 0600, put_new);
    return *made || errno == EEXIST ||
           retort_fail(error, RETORT_RUNTIME, "\"%s\": cannot be written: %s", path,
                       strerror(errno));
}
