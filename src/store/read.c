/* Reading: comments where they stand, and their labels, one row at a time.
 *
 * Visitors get statements of their own, so that a visit may read other rows meanwhile. */
#include "store/evidence.h"

#include <string.h>

static void put_hex(struct retort_span bytes, char hex[RETORT_SHA256_HEX])
{
    static const char DIGITS[] = "0123456789abcdef";
    size_t n = bytes.len < 32 ? bytes.len : 32;
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = DIGITS[bytes.data[i] >> 4];
        hex[2 * i + 1] = DIGITS[bytes.data[i] & 15];
    }
    hex[2 * n] = 0;
}

/* ---- one number -------------------------------------------------------------------------------
 */

static bool comment_at(struct retort_store *store, int64_t split, int64_t number, int64_t *id,
                       struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, COMMENT_AT, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, split);
    sqlite3_bind_int64(find, 2, number);
    return store_find_id(store, find, id, error);
}

static bool comment_from(struct retort_store *store, int64_t split, int64_t number, int64_t *id,
                         struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, COMMENT_FROM, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, split);
    sqlite3_bind_int64(find, 2, number);
    return store_find_id(store, find, id, error);
}

static bool native_comment(struct retort_store *store, int64_t source, struct retort_span name,
                           int64_t *id, struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, NATIVE_COMMENT, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, source);
    bind_text(find, 2, name);
    return store_find_id(store, find, id, error);
}

/* ---- comments ---------------------------------------------------------------------------------
 */

static bool read_parent(struct retort_store *store, sqlite3_stmt *read,
                        struct retort_stored_comment *comment, struct retort_error *error)
{
    int64_t number = sqlite3_column_int64(read, 19);
    if (comment->paged) {
        bool good =
            number == 0 || comment_at(store, comment->split, number, &comment->parent, error);
        comment->orphan = number != 0 && comment->parent == 0;
        return good;
    }
    return !comment->parent_id.data || native_comment(store, sqlite3_column_int64(read, 22),
                                                      comment->parent_id, &comment->parent, error);
}

static bool read_comment(struct retort_store *store, sqlite3_stmt *read,
                         struct retort_stored_comment *comment, struct retort_error *error)
{
    *comment = (struct retort_stored_comment){
        .id = sqlite3_column_int64(read, 0),
        .source = column_text(read, 2),
        .stored = column_text(read, 3),
        .native_id = column_text(read, 4),
        .parent_id = column_text(read, 5),
        .author = column_text(read, 6),
        .time = column_text(read, 7),
        .text = column_text(read, 8),
        .target = column_text(read, 9),
        .meta = column_text(read, 10),
        .paged = sqlite3_column_int(read, 11) != 0,
        .current = sqlite3_column_int(read, 12) != 0,
        .split = sqlite3_column_int64(read, 13),
        .number = (size_t)sqlite3_column_int64(read, 14),
        .first_line = (size_t)sqlite3_column_int64(read, 15),
        .last_line = (size_t)sqlite3_column_int64(read, 16),
        .begin = (size_t)sqlite3_column_int64(read, 17),
        .end = (size_t)sqlite3_column_int64(read, 18),
        .parent_number = (size_t)sqlite3_column_int64(read, 19),
        .line_article = sqlite3_column_int64(read, 20),
        .line_parent = sqlite3_column_int64(read, 21),
        .source_id = sqlite3_column_int64(read, 22),
    };
    put_hex(column_blob(read, 1), comment->identity);
    if (!read_parent(store, read, comment, error))
        return false;
    comment->native_id = store_masked_id(store, comment->native_id, comment->source_id);
    comment->parent_id = store_masked_id(store, comment->parent_id, comment->source_id);
    return true;
}

bool store_visit_comments(struct retort_store *store, sqlite3_stmt *read,
                          bool (*visit)(void *context, const struct retort_stored_comment *comment,
                                        struct retort_error *error),
                          void *context, struct retort_error *error)
{
    bool found = true, good = true;
    store->n_walks++;
    while (good && found) {
        struct retort_stored_comment comment;
        if (store->n_walks == 1)
            retort_arena_clear(&store->masked);
        good = store_step(store, read, &found, error);
        if (good && found)
            good = read_comment(store, read, &comment, error) && visit(context, &comment, error);
    }
    store->n_walks--;
    return good;
}

bool retort_store_each_comment(struct retort_store *store,
                               bool (*visit)(void *context,
                                             const struct retort_stored_comment *comment,
                                             struct retort_error *error),
                               void *context, struct retort_error *error)
{
    sqlite3_stmt *read = store_own_statement(store, EACH_COMMENT, error);
    bool good = read && store_visit_comments(store, read, visit, context, error);
    sqlite3_finalize(read);
    return good;
}

static struct retort_span keep(struct retort_arena *arena, struct retort_span span)
{
    return span.data ? retort_arena_copy(arena, span) : span;
}

static void keep_comment(struct retort_arena *arena, struct retort_stored_comment *comment)
{
    comment->source = keep(arena, comment->source);
    comment->stored = keep(arena, comment->stored);
    comment->native_id = keep(arena, comment->native_id);
    comment->parent_id = keep(arena, comment->parent_id);
    comment->author = keep(arena, comment->author);
    comment->time = keep(arena, comment->time);
    comment->text = keep(arena, comment->text);
    comment->target = keep(arena, comment->target);
    comment->meta = keep(arena, comment->meta);
}

bool retort_store_comment(struct retort_store *store, int64_t id, struct retort_arena *arena,
                          struct retort_stored_comment *comment, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, ONE_COMMENT, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    if (!store_step(store, read, &found, error))
        return false;
    if (!found)
        return retort_fail(error, RETORT_INPUT, "%s: there is no comment %lld", store->path,
                           (long long)id);
    bool good = read_comment(store, read, comment, error);
    if (good)
        keep_comment(arena, comment);
    sqlite3_reset(read);
    return good;
}

bool retort_store_find_native(struct retort_store *store, const char *source,
                              struct retort_span native_id, struct retort_span text, int64_t *id,
                              struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, NATIVE_TEXT, error);
    if (!find)
        return false;
    bind_text(find, 1, retort_span_of(source));
    bind_text(find, 2, native_id);
    bind_text(find, 3, text);
    return store_find_id(store, find, id, error);
}

/* ---- context ----------------------------------------------------------------------------------
 */

/* A text by id, copied; id 0 gives "not known". */
bool store_read_text(struct retort_store *store, enum statement which, int64_t id,
                     struct retort_arena *arena, struct retort_span *text,
                     struct retort_error *error)
{
    bool found;
    *text = (struct retort_span){NULL, 0};
    if (!id)
        return true;
    sqlite3_stmt *read = store_statement(store, which, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    if (!store_step(store, read, &found, error))
        return false;
    if (found)
        *text = keep(arena, column_text(read, 0));
    sqlite3_reset(read);
    return true;
}

static bool article_of(struct retort_store *store, const struct retort_stored_comment *comment,
                       int64_t *passage, struct retort_error *error)
{
    *passage = comment->line_article;
    if (!comment->paged)
        return true;
    sqlite3_stmt *find = store_statement(store, SPLIT_ARTICLE, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, comment->split);
    return store_find_id(store, find, passage, error);
}

static bool parent_of(struct retort_store *store, const struct retort_stored_comment *comment,
                      struct retort_arena *arena, struct retort_item *item,
                      struct retort_error *error)
{
    if (comment->line_parent)
        return store_read_text(store, READ_PASSAGE, comment->line_parent, arena, &item->parent_text,
                               error);
    if (comment->paged && !comment->parent && !comment->orphan) {
        item->parent_text = item->article_text;
        return true;
    }
    return store_read_text(store, COMMENT_TEXT, comment->parent, arena, &item->parent_text, error);
}

/* What the line itself said of its parent stands before what was stored of it; what answers no
 * comment of a page answers its article. */
bool retort_store_item(struct retort_store *store, const struct retort_stored_comment *comment,
                       struct retort_arena *arena, struct retort_item *item,
                       struct retort_error *error)
{
    int64_t article;
    *item = (struct retort_item){.text = comment->text, .target = comment->target};
    return article_of(store, comment, &article, error) &&
           store_read_text(store, READ_PASSAGE, article, arena, &item->article_text, error) &&
           parent_of(store, comment, arena, item, error);
}

bool retort_store_following(struct retort_store *store, const struct retort_stored_comment *comment,
                            int64_t *id, struct retort_error *error)
{
    if (comment->paged)
        return comment_from(store, comment->split, (int64_t)comment->number + 1, id, error);
    sqlite3_stmt *find = store_statement(store, NEXT_LINE, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, comment->id);
    sqlite3_bind_int64(find, 2, comment->source_id);
    return store_find_id(store, find, id, error);
}

/* ---- labels -----------------------------------------------------------------------------------
 */

static void keep_label(struct retort_arena *arena, struct retort_stored_label *label)
{
    label->task = keep(arena, label->task);
    label->target = keep(arena, label->target);
    label->label = keep(arena, label->label);
    label->decision_kind = keep(arena, label->decision_kind);
    label->reviewer = keep(arena, label->reviewer);
    label->decided = keep(arena, label->decided);
    label->model_label = keep(arena, label->model_label);
}

static void add_label(struct retort_arena *arena, struct retort_stored_label **labels,
                      size_t *n_labels, const struct retort_stored_label *label)
{
    size_t n = *n_labels;
    if ((n & (n - 1)) == 0) { /* 0, 1, 2, 4, 8: full */
        struct retort_stored_label *grown =
            RETORT_NEW(arena, struct retort_stored_label, n ? 2 * n : 1);
        if (n)
            memcpy(grown, *labels, n * sizeof *grown);
        *labels = grown;
    }
    (*labels)[n] = *label;
    keep_label(arena, &(*labels)[n]);
    *n_labels = n + 1;
}

bool retort_store_labels(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                         struct retort_stored_label **labels, size_t *n_labels,
                         struct retort_error *error)
{
    bool found = true;
    *n_labels = 0;
    *labels = NULL;
    if (!store_models_load(store, error))
        return false;
    sqlite3_stmt *read = store_statement(store, LABELS_OF, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    while (found) {
        struct retort_stored_label label;
        if (!store_step(store, read, &found, error) ||
            (found && !store_read_label(store, read, arena, &label, error)))
            return false;
        if (found)
            add_label(arena, labels, n_labels, &label);
    }
    sqlite3_reset(read);
    return true;
}
