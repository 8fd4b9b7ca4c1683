/* One run at a time: a lock on a file of its own beside the review file.
 *
 * The system gives it back when its holder ends, however that came about; a row in the database
 * would stay, and no clock or process number tells safely whether its writer lives. It is no lock
 * on the review file itself: closing another descriptor of that would take SQLite's own locks away.
 * The file is deleted by whoever held it; so one that was opened before and locked after that is
 * nobody's any more, and another is made. */
#include "relabel/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const struct run_lock *lock, struct retort_error *error)
{
    if (errno == EWOULDBLOCK)
        return retort_fail(error, RETORT_REFUSED,
                           "another relabel, prune or forget is at work in this file; wait until "
                           "it has finished, then run again");
    return retort_fail(error, RETORT_REFUSED,
                       "%s: %s; make the directory of the review file writable", lock->path,
                       strerror(errno));
}

/* Is what was locked still what the name means? */
static bool is_named(const struct run_lock *lock)
{
    struct stat held, named;
    return fstat(lock->file, &held) == 0 && stat(lock->path, &named) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static bool take_once(struct run_lock *lock, bool *taken, struct retort_error *error)
{
    *taken = false;
    lock->file = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock->file < 0)
        return fail(lock, error);
    if (flock(lock->file, LOCK_EX | LOCK_NB) != 0) {
        fail(lock, error);
        close(lock->file);
        lock->file = -1;
        return false;
    }
    *taken = is_named(lock);
    if (!*taken)
        close(lock->file);
    return true;
}

/* By its real path: two names of one file are one file. */
bool run_lock_take(struct run_lock *lock, const char *db, struct retort_error *error)
{
    bool taken = false, good = true;
    struct retort_buffer path = {0};
    char *real = realpath(db, NULL);
    *lock = (struct run_lock){.file = -1};
    retort_buffer_format(&path, "%s-relabel", real ? real : db);
    retort_buffer_byte(&path, 0);
    free(real);
    lock->path = (char *)path.data;
    while (good && !taken)
        good = take_once(lock, &taken, error);
    if (!good)
        run_lock_release(lock);
    return good;
}

void run_lock_release(struct run_lock *lock)
{
    if (lock->file >= 0) {
        unlink(lock->path);
        close(lock->file);
    }
    free(lock->path);
    *lock = (struct run_lock){.file = -1};
}
