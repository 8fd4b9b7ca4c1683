/* Keeping out: a forgotten person's comments do not come back with the next import.
 *
 * The file knows names and texts only as marks, hashes under a key of its own. A page that comes in
 * is kept as `forget` would have left it: its bytes blank where they stood, its lines without
 * theirs, and its comments numbered as they were, with holes. A store that never forgot anybody
 * pays one look a transaction. */
#include "store/kept_out.h"
#include "store/blank.h"
#include "store/outline.h"

#include <string.h>

/* An id that was given away is not given to another comment. */
static void take_row(struct kept_out *kept_out, sqlite3_stmt *read)
{
    struct retort_span key = column_blob(read, 0);
    int64_t given = sqlite3_column_int64(read, 2), last = sqlite3_column_int64(read, 3);
    kept_out->any = key.len == sizeof kept_out->key && sqlite3_column_int(read, 1) != 0;
    kept_out->next_comment = given > last ? given + 1 : 0;
    if (key.len == sizeof kept_out->key)
        memcpy(kept_out->key, key.data, key.len);
}

bool kept_out_read(struct retort_store *store, struct retort_error *error)
{
    bool found;
    if (store->kept_out.read)
        return true;
    sqlite3_stmt *read = store_statement(store, FORGOTTEN_BEFORE, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    take_row(&store->kept_out, read);
    store->kept_out.read = true;
    sqlite3_reset(read);
    return true;
}

/* ---- marks ---- */

/* The kind is part of it: who is called like a text is not that text. */
static void make_mark(const struct kept_out *kept_out, char kind, struct retort_span text,
                      uint8_t mark[RETORT_SECRET])
{
    struct retort_buffer all = {0};
    retort_buffer_byte(&all, (uint8_t)kind);
    retort_buffer_put(&all, retort_span_trim(text));
    retort_secret_sign(kept_out->key, retort_buffer_span(&all), mark);
    retort_buffer_release(&all);
}

void kept_out_mark_author(const struct kept_out *kept_out, struct retort_span name,
                          uint8_t mark[RETORT_SECRET])
{
    make_mark(kept_out, 'a', name, mark);
}

void kept_out_mark_text(const struct kept_out *kept_out, struct retort_span text,
                        uint8_t mark[RETORT_SECRET])
{
    make_mark(kept_out, 't', text, mark);
}

static bool has_mark(struct retort_store *store, char kind, struct retort_span text, bool *is,
                     struct retort_error *error)
{
    uint8_t mark[RETORT_SECRET];
    *is = false;
    if (!kept_out_read(store, error))
        return false;
    if (!store->kept_out.any || text.len == 0)
        return true;
    sqlite3_stmt *find = store_statement(store, FORGOTTEN_MARK, error);
    if (!find)
        return false;
    make_mark(&store->kept_out, kind, text, mark);
    bind_blob(find, 1, (struct retort_span){mark, sizeof mark});
    bool good = store_step(store, find, is, error);
    sqlite3_reset(find);
    return good;
}

bool kept_out_author(struct retort_store *store, struct retort_span name, bool *is,
                     struct retort_error *error)
{
    return has_mark(store, 'a', name, is, error);
}

bool kept_out_text(struct retort_store *store, struct retort_span text, bool *is,
                   struct retort_error *error)
{
    if (text.len < MARKED_TEXT_LEAST)
        text.len = 0;
    return has_mark(store, 't', text, is, error);
}

/* ---- pages ---- */

static bool find_gone(struct retort_store *store, const struct retort_page_record *page, bool *gone,
                      bool *any, struct retort_error *error)
{
    *any = false;
    for (size_t i = 0; i < page->n_comments; i++) {
        if (!kept_out_author(store, page->comments[i].author, &gone[i], error))
            return false;
        *any |= gone[i];
    }
    return true;
}

static struct blanks mark_bytes(const struct retort_page_record *page, const bool *gone,
                                struct retort_arena *arena)
{
    struct blanks blanks = blanks_begin(page->bytes.len, arena);
    for (size_t i = 0; i < page->n_comments; i++)
        blanks_mark(&blanks, page->comments[i].begin, page->comments[i].end,
                    gone[i] ? BLANK_GONE : BLANK_OTHERS);
    for (size_t i = 0; i < page->n_comments; i++) {
        if (!gone[i])
            continue;
        blanks_find(&blanks, page->bytes, page->comments[i].author);
        if (page->comments[i].text.len >= MARKED_TEXT_LEAST)
            blanks_find(&blanks, page->bytes, page->comments[i].text);
    }
    return blanks;
}

/* Lines lie in the page's text: in the bytes themselves, or in a text that was made of them. */
static void blank_lines(const struct blanks *blanks, const struct retort_page_record *page,
                        struct retort_page_record *kept, struct retort_arena *arena)
{
    struct retort_page *copy = RETORT_NEW(arena, struct retort_page, 1);
    const uint8_t *text = page->page->text.data;
    bool is_plain = outline_is_plain(page);
    *copy = *page->page;
    copy->lines = RETORT_NEW(arena, struct retort_line, copy->n_lines + 1);
    memcpy(copy->lines, page->page->lines, copy->n_lines * sizeof *copy->lines);
    struct retort_span made = {NULL, 0};
    if (!is_plain)
        made = retort_arena_copy(arena, page->page->text);
    blanks_drop_lines(blanks, copy, is_plain ? NULL : (uint8_t *)made.data);
    const uint8_t *to = is_plain ? kept->bytes.data + (text - page->bytes.data) : made.data;
    for (size_t i = 0; i < copy->n_lines; i++)
        copy->lines[i].text.data = to + (copy->lines[i].text.data - text);
    copy->text.data = to;
    kept->page = copy;
}

bool kept_out_page(struct retort_store *store, const struct retort_page_record *page,
                   struct retort_arena *arena, const struct retort_page_record **kept, bool *gone,
                   struct retort_error *error)
{
    bool any;
    *kept = page;
    if (!find_gone(store, page, gone, &any, error))
        return false;
    if (!any)
        return true;
    struct retort_page_record *copy = RETORT_NEW(arena, struct retort_page_record, 1);
    uint8_t *bytes = RETORT_NEW(arena, uint8_t, page->bytes.len + 1);
    const struct blanks blanks = mark_bytes(page, gone, arena);
    *copy = *page;
    blanks_apply(&blanks, page->bytes, page->page && !outline_is_plain(page), bytes);
    copy->bytes = (struct retort_span){bytes, page->bytes.len};
    if (page->page)
        blank_lines(&blanks, page, copy, arena);
    *kept = copy;
    return true;
}
