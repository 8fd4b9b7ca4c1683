/* What a model is told of a comment that is stored: what it was told when the comment came. */
#include "intake/intake.h"

bool retort_intake_stored_item(struct retort_store *store,
                               const struct retort_stored_comment *comment,
                               struct retort_span given, struct retort_arena *arena,
                               struct retort_item *item, struct retort_error *error)
{
    struct retort_span title = {0};
    if (!retort_store_item(store, comment, arena, item, error) ||
        (comment->paged && !retort_store_title(store, comment->split, arena, &title, error)))
        return false;
    if (given.len > 0)
        item->target = given;
    else if (!item->target.data && title.len > 0)
        item->target = title;
    else if (!item->target.data && item->article_text.data)
        item->target = retort_intake_headline(item->article_text);
    return true;
}
