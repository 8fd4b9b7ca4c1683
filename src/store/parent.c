/* What a line answers, when only an id tells and the line with that id is long gone: it was stored.
 *
 * A line that is stored again must be told the same as the first time, when what stood behind it
 * was not there yet. So only what was stored before the line itself counts. A hostile file may give
 * one id to a million lines: of each name only some are looked at. */
#include "store/evidence.h"

bool retort_store_earlier_text(struct retort_store *store, const struct retort_earlier *asked,
                               struct retort_arena *arena, struct retort_span *text,
                               struct retort_error *error)
{
    bool found;
    sqlite3_stmt *find = store_statement(store, EARLIER_TEXT, error);
    *text = (struct retort_span){0};
    if (!find)
        return false;
    bind_text(find, 1, retort_span_of(asked->source));
    bind_text(find, 2, asked->parent_id);
    bind_text(find, 3, asked->id);
    if (!store_step(store, find, &found, error))
        return false;
    if (found)
        *text = retort_arena_copy(arena, column_text(find, 0));
    sqlite3_reset(find);
    return true;
}
