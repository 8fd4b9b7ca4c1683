/* A model's card, as it came with its first label: what the model was made from, long after its
 * file is gone. */
#include "store/sql.h"

bool retort_store_model_card(struct retort_store *store, const char *hash,
                             struct retort_arena *arena, struct retort_span *card,
                             struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, MODEL_CARD, error);
    *card = (struct retort_span){0};
    if (!read)
        return false;
    bind_text(read, 1, retort_span_of(hash));
    if (!store_step(store, read, &found, error))
        return false;
    if (found)
        *card = retort_arena_copy(arena, column_text(read, 0));
    sqlite3_reset(read);
    return true;
}
