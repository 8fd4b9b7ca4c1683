/* Splits read again, pages by their number, and the corrections that people made of them.
 *
 * A correction is a row that says which split was mended into which, how and by whom; an undo is a
 * row that takes one back. Which split of a page holds is told by the view held_split. */
#include "store/outline.h"
#include "store/rank.h"

#include <assert.h>
#include <string.h>

static struct retort_span keep(struct retort_arena *arena, struct retort_span span)
{
    return span.data ? retort_arena_copy(arena, span) : span;
}

/* ---- pages ---- */

static struct retort_stored_page page_row(sqlite3_stmt *read)
{
    return (struct retort_stored_page){
        .id = sqlite3_column_int64(read, 0),
        .source_id = sqlite3_column_int64(read, 1),
        .split = sqlite3_column_int64(read, 2),
        .source = column_text(read, 3),
        .fetched = column_text(read, 4),
        .splitter = column_text(read, 5),
        .newest = sqlite3_column_int(read, 6) != 0,
        .corrected_by = column_text(read, 7),
        .n_comments = (size_t)sqlite3_column_int64(read, 8),
        .n_waiting = (size_t)sqlite3_column_int64(read, 9),
    };
}

bool retort_store_page(struct retort_store *store, int64_t id, struct retort_arena *arena,
                       struct retort_stored_page *page, struct retort_error *error)
{
    bool found;
    *page = (struct retort_stored_page){.id = 0};
    sqlite3_stmt *read = store_statement(store, PAGE_BY_ID, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    if (!store_step(store, read, &found, error))
        return false;
    if (found) {
        *page = page_row(read);
        page->source = keep(arena, page->source);
        page->fetched = keep(arena, page->fetched);
        page->splitter = keep(arena, page->splitter);
        page->corrected_by = keep(arena, page->corrected_by);
    }
    sqlite3_reset(read);
    return true;
}

bool retort_store_bytes(struct retort_store *store, int64_t page, struct retort_arena *arena,
                        struct retort_span *bytes, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, PAGE_BYTES, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, page);
    if (!store_step(store, read, &found, error))
        return false;
    if (found)
        *bytes = retort_arena_copy(arena, column_blob(read, 0));
    sqlite3_reset(read);
    return found || retort_fail(error, RETORT_INPUT, "%s: there is no page %lld", store->path,
                                (long long)page);
}

static bool visit_pages(struct retort_store *store, sqlite3_stmt *read,
                        bool (*visit)(void *context, const struct retort_stored_page *page,
                                      struct retort_error *error),
                        void *context, struct retort_error *error)
{
    bool found, good = true;
    while (good && (good = store_step(store, read, &found, error)) && found) {
        const struct retort_stored_page page = page_row(read);
        good = visit(context, &page, error);
    }
    sqlite3_finalize(read);
    return good;
}

bool retort_store_each_page(struct retort_store *store, int64_t before, size_t most,
                            bool (*visit)(void *context, const struct retort_stored_page *page,
                                          struct retort_error *error),
                            void *context, struct retort_error *error)
{
    sqlite3_stmt *read = store_own_statement(store, EACH_PAGE, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, before ? before : INT64_MAX);
    sqlite3_bind_int64(read, 2, (int64_t)most);
    return visit_pages(store, read, visit, context, error);
}

bool retort_store_each_corrected(struct retort_store *store,
                                 bool (*visit)(void *context, const struct retort_stored_page *page,
                                               struct retort_error *error),
                                 void *context, struct retort_error *error)
{
    sqlite3_stmt *read = store_own_statement(store, CORRECTED_PAGES, error);
    return read && visit_pages(store, read, visit, context, error);
}

/* ---- splits ---- */

static bool read_outline(struct retort_store *store, sqlite3_stmt *read, int64_t id,
                         struct retort_arena *arena, struct retort_stored_split *split,
                         struct retort_error *error)
{
    struct retort_span lines = column_text(read, 4);
    struct retort_span text = column_text(read, 5), bytes = column_blob(read, 6);
    if (!lines.data)
        return retort_fail(
            error, RETORT_INPUT,
            "%s: split %lld was stored before lines were kept; run `retort label -d` "
            "over its page again",
            store->path, (long long)id);
    split->bytes = text.data ? RETORT_SPAN("") : keep(arena, bytes);
    text = text.data ? keep(arena, text) : split->bytes;
    return outline_read(lines, text, arena, &split->thread.page) ||
           retort_fail(error, RETORT_REFUSED, "%s: the lines of split %lld are damaged",
                       store->path, (long long)id);
}

/* The place of this number among those read, of which the numbers ascend; -1: it is 0, or the
 * comment was forgotten. */
static ptrdiff_t index_of(const struct retort_buffer *numbers, int64_t number)
{
    const int64_t *all = (const int64_t *)(const void *)numbers->data;
    size_t low = 0, high = numbers->len / sizeof number;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < numbers->len / sizeof number && all[low] == number ? (ptrdiff_t)low : -1;
}

static struct retort_comment place_row(sqlite3_stmt *read, const struct retort_buffer *numbers,
                                       struct retort_arena *arena)
{
    return (struct retort_comment){
        .parent = index_of(numbers, sqlite3_column_int64(read, 1)),
        .parent_p = 1,
        .first_line = (size_t)sqlite3_column_int64(read, 2),
        .last_line = (size_t)sqlite3_column_int64(read, 3),
        .begin = (size_t)sqlite3_column_int64(read, 4),
        .end = (size_t)sqlite3_column_int64(read, 5),
        .author = keep(arena, column_text(read, 6)),
        .time = keep(arena, column_text(read, 7)),
        .text = keep(arena, column_text(read, 8)),
    };
}

static void add_place(struct retort_arena *arena, struct retort_stored_split *split, int64_t id,
                      const struct retort_comment *comment)
{
    size_t n = split->thread.n_comments++;
    if ((n & (n - 1)) == 0) { /* 0, 1, 2, 4, 8: full */
        struct retort_comment *comments = RETORT_NEW(arena, struct retort_comment, n ? 2 * n : 1);
        int64_t *ids = RETORT_NEW(arena, int64_t, n ? 2 * n : 1);
        if (n) {
            memcpy(comments, split->thread.comments, n * sizeof *comments);
            memcpy(ids, split->ids, n * sizeof *ids);
        }
        split->thread.comments = comments;
        split->ids = ids;
    }
    split->thread.comments[n] = *comment;
    split->ids[n] = id;
}

static bool read_places(struct retort_store *store, int64_t id, struct retort_arena *arena,
                        struct retort_stored_split *split, struct retort_error *error)
{
    bool found, good;
    struct retort_buffer numbers = {0};
    sqlite3_stmt *read = store_statement(store, SPLIT_THREAD, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    while ((good = store_step(store, read, &found, error)) && found) {
        const struct retort_comment comment = place_row(read, &numbers, arena);
        const int64_t number = sqlite3_column_int64(read, 9);
        add_place(arena, split, sqlite3_column_int64(read, 0), &comment);
        retort_buffer_put(&numbers, (struct retort_span){(const uint8_t *)&number, sizeof number});
    }
    sqlite3_reset(read);
    retort_buffer_release(&numbers);
    return good;
}

bool retort_store_split(struct retort_store *store, int64_t id, struct retort_arena *arena,
                        struct retort_stored_split *split, struct retort_error *error)
{
    bool found;
    *split = (struct retort_stored_split){.id = id};
    sqlite3_stmt *read = store_statement(store, READ_SPLIT, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    if (!store_step(store, read, &found, error))
        return false;
    if (!found)
        return retort_fail(error, RETORT_INPUT, "%s: there is no split %lld", store->path,
                           (long long)id);
    bool good = read_outline(store, read, id, arena, split, error);
    split->page = sqlite3_column_int64(read, 0);
    split->splitter = keep(arena, column_text(read, 1));
    split->thread.article = keep(arena, column_text(read, 2));
    split->thread.title = keep(arena, column_text(read, 3));
    sqlite3_reset(read);
    return good && read_places(store, id, arena, split, error);
}

/* ---- corrections ---- */

static struct retort_stored_correction correction_row(sqlite3_stmt *read)
{
    return (struct retort_stored_correction){
        .id = sqlite3_column_int64(read, 0),
        .page = sqlite3_column_int64(read, 1),
        .split = sqlite3_column_int64(read, 2),
        .base = sqlite3_column_int64(read, 3),
        .undoes = sqlite3_column_int64(read, 4),
        .operations = column_text(read, 5),
        .reviewer = column_text(read, 6),
        .made = column_text(read, 7),
        .undone = sqlite3_column_int(read, 8) != 0,
    };
}

/* Of one row; id 0 when there is none. */
static bool one_correction(struct retort_store *store, sqlite3_stmt *read,
                           struct retort_arena *arena, struct retort_stored_correction *correction,
                           struct retort_error *error)
{
    bool found;
    if (!store_step(store, read, &found, error))
        return false;
    *correction = (struct retort_stored_correction){.id = 0};
    if (found) {
        *correction = correction_row(read);
        correction->operations = keep(arena, correction->operations);
        correction->reviewer = keep(arena, correction->reviewer);
        correction->made = keep(arena, correction->made);
    }
    sqlite3_reset(read);
    return true;
}

bool retort_store_correction(struct retort_store *store, int64_t id, struct retort_arena *arena,
                             struct retort_stored_correction *correction,
                             struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, CORRECTION_BY_ID, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    return one_correction(store, read, arena, correction, error);
}

bool retort_store_correction_sent(struct retort_store *store, struct retort_span token,
                                  struct retort_arena *arena,
                                  struct retort_stored_correction *correction,
                                  struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, CORRECTION_BY_TOKEN, error);
    if (!read)
        return false;
    bind_text(read, 1, token);
    return one_correction(store, read, arena, correction, error);
}

bool retort_store_each_correction(struct retort_store *store, int64_t page,
                                  bool (*visit)(void *context,
                                                const struct retort_stored_correction *correction,
                                                struct retort_error *error),
                                  void *context, struct retort_error *error)
{
    bool found, good = true;
    sqlite3_stmt *read = store_own_statement(store, CORRECTIONS_OF, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, page);
    while (good && (good = store_step(store, read, &found, error)) && found) {
        const struct retort_stored_correction correction = correction_row(read);
        good = visit(context, &correction, error);
    }
    sqlite3_finalize(read);
    return good;
}

bool retort_store_put_correction(struct retort_store *store,
                                 const struct retort_correction_record *record, int64_t *id,
                                 struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *put = store_statement(store, PUT_CORRECTION, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, record->page);
    store_bind_id(put, 2, record->split);
    store_bind_id(put, 3, record->base);
    store_bind_id(put, 4, record->undoes);
    bind_text(put, 5, record->operations.data ? record->operations : RETORT_SPAN("[]"));
    bind_text(put, 6, retort_span_of(record->reviewer));
    bind_optional(put, 7, record->token);
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return store_settle_source(store, record->source_id, error);
}
