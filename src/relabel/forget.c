/* Forgetting, while no run goes on: it would write labels of what it had read before. */
#include "relabel/run.h"

bool retort_relabel_forget(struct retort_store *store, const char *db,
                           const struct retort_forget_request *request, struct retort_arena *arena,
                           struct retort_forgotten *forgotten, struct retort_error *error)
{
    struct run_lock lock;
    if (!run_lock_take(&lock, db, error))
        return false;
    bool good = retort_store_forget(store, request, arena, forgotten, error);
    run_lock_release(&lock);
    return good;
}
