/* Pages: their bytes once, their splits as versions, and their comments found again.
 *
 * The source's scrapes are a chain; the newest is compared with the bytes at hand. A split is
 * stored under a digest of all it says, so that the same answer of the same splitter is nothing
 * new, and another answer (the program may have changed where the model has not) is never lost. */
#include "store/evidence.h"
#include "store/identity.h"
#include "store/kept_out.h"
#include "store/outline.h"
#include "store/rank.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct retort_span known_or_null(struct retort_span span)
{
    return span.len ? span : (struct retort_span){NULL, 0};
}

static bool newest_page(struct retort_store *store, int64_t source, int64_t *page,
                        char hash[RETORT_SHA256_HEX], struct retort_error *error)
{
    bool found;
    sqlite3_stmt *find = store_statement(store, NEWEST_PAGE, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, source);
    if (!store_step(store, find, &found, error))
        return false;
    *page = found ? sqlite3_column_int64(find, 0) : 0;
    struct retort_span text = found ? column_text(find, 1) : RETORT_SPAN("");
    size_t len = text.len < RETORT_SHA256_HEX ? text.len : 0;
    memcpy(hash, text.data, len);
    hash[len] = 0;
    sqlite3_reset(find);
    return true;
}

/* A page as it came in, and as it is kept: without what was forgotten. */
struct incoming {
    const struct retort_page_record *page, *kept;
    bool *gone; /* [n_comments] */
    int64_t source;
    struct retort_arena arena;
};

static bool take_in(struct retort_store *store, const struct retort_page_record *page,
                    struct incoming *in, struct retort_error *error)
{
    *in = (struct incoming){.page = page};
    in->gone = RETORT_NEW(&in->arena, bool, page->n_comments + 1);
    return store_put_source(store, page->source, &in->source, error) &&
           kept_out_page(store, page, &in->arena, &in->kept, in->gone, error);
}

/* The source's newest page if it has these bytes, else a new one. */
static bool put_bytes(struct retort_store *store, const struct incoming *in, int64_t *id,
                      enum retort_page_outcome *outcome, struct retort_error *error)
{
    char hash[RETORT_SHA256_HEX], newest[RETORT_SHA256_HEX];
    retort_sha256(in->page->bytes, hash);
    if (!newest_page(store, in->source, id, newest, error))
        return false;
    *outcome = !*id ? RETORT_PAGE_NEW : RETORT_PAGE_NEWER;
    if (*id && memcmp(hash, newest, sizeof hash) == 0) {
        *outcome = RETORT_PAGE_SPLIT;
        return true;
    }
    sqlite3_stmt *put = store_statement(store, PUT_PAGE, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, in->source);
    bind_text(put, 2, retort_span_of(hash));
    store_bind_id(put, 3, *id);
    bind_blob(put, 4, in->kept->bytes);
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return true;
}

static struct identity_fields page_fields(struct retort_span source,
                                          const struct retort_comment *comment)
{
    return (struct identity_fields){.source = source,
                                    .author = known_or_null(comment->author),
                                    .time = known_or_null(comment->time),
                                    .text = comment->text,
                                    .paged = true};
}

/* All that a split says, as a hash. */
static void split_digest(struct retort_store *store, const struct retort_page_record *page,
                         char digest[RETORT_SHA256_HEX])
{
    char part[RETORT_SHA256_HEX];
    struct retort_buffer all = {0};
    retort_sha256(page->article, part);
    retort_buffer_text(&all, part);
    for (size_t i = 0; i < page->n_comments; i++) {
        const struct retort_comment *comment = &page->comments[i];
        struct identity_fields fields = page_fields(RETORT_SPAN(""), comment);
        identity_write(&fields, &store->scratch);
        retort_sha256(retort_buffer_span(&store->scratch), part);
        retort_buffer_format(&all, "\n%s %zu %zu %zu %zu %td", part, comment->first_line,
                             comment->last_line, comment->begin, comment->end, comment->parent);
    }
    if (page->page) {
        retort_buffer_byte(&all, '\n');
        outline_write(page, &all);
    }
    retort_sha256(retort_buffer_span(&all), digest);
    retort_buffer_release(&all);
}

static bool find_split(struct retort_store *store, int64_t page, const char *splitter,
                       const char *digest, int64_t *id, struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, FIND_SPLIT, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, page);
    bind_text(find, 2, retort_span_of(splitter));
    bind_text(find, 3, retort_span_of(digest));
    return store_find_id(store, find, id, error);
}

/* What was forgotten of it has no comment any more: 0. */
static bool read_ids(struct retort_store *store, int64_t split, int64_t *ids, size_t n_ids,
                     struct retort_error *error)
{
    bool found, good;
    sqlite3_stmt *read = store_statement(store, SPLIT_COMMENTS, error);
    if (!read)
        return false;
    for (size_t i = 0; i < n_ids; i++)
        ids[i] = 0;
    sqlite3_bind_int64(read, 1, split);
    sqlite3_bind_int64(read, 2, (int64_t)n_ids);
    while ((good = store_step(store, read, &found, error)) && found)
        ids[sqlite3_column_int64(read, 0) - 1] = sqlite3_column_int64(read, 1);
    sqlite3_reset(read);
    return good;
}

/* ---- which comments the page has already ------------------------------------------------------
 */

/* A known comment with its newest place, to see its surroundings by. */
struct known {
    uint64_t key, ordinal;
    int64_t split, number, parent;
};

static bool read_known(struct retort_store *store, int64_t source, struct retort_span name,
                       struct retort_buffer *rows, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, KNOWN_COMMENTS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, source);
    while (store_step(store, read, &found, error)) {
        if (!found) {
            sqlite3_reset(read);
            return true;
        }
        struct identity_fields fields = {.source = name,
                                         .author = column_text(read, 1),
                                         .time = column_text(read, 2),
                                         .text = column_text(read, 3),
                                         .paged = true};
        identity_write(&fields, &store->scratch);
        struct known row = {retort_hash(retort_buffer_span(&store->scratch), 0),
                            (uint64_t)sqlite3_column_int64(read, 0), sqlite3_column_int64(read, 4),
                            sqlite3_column_int64(read, 5), sqlite3_column_int64(read, 6)};
        retort_buffer_put(rows, (struct retort_span){(const uint8_t *)&row, sizeof row});
    }
    return false;
}

static int compare_number(const void *key, const void *row)
{
    const struct known *a = key, *b = row;
    if (a->split != b->split)
        return a->split < b->split ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* The key of what stands at this number of the split: 1 for the article (0), 0 for nothing. */
static uint64_t key_at(const struct known *rows, size_t n_rows, int64_t split, int64_t number)
{
    struct known wanted = {.split = split, .number = number};
    if (number == 0)
        return 1;
    const struct known *row = bsearch(&wanted, rows, n_rows, sizeof *rows, compare_number);
    return row ? row->key : 0;
}

static void known_twins(const struct known *rows, size_t n_rows, struct identity_twin *twins)
{
    for (size_t i = 0; i < n_rows; i++)
        twins[i] = (struct identity_twin){
            .key = rows[i].key,
            .parent = key_at(rows, n_rows, rows[i].split, rows[i].parent),
            .before = key_at(rows, n_rows, rows[i].split, rows[i].number - 1),
            .after = key_at(rows, n_rows, rows[i].split, rows[i].number + 1),
            .ordinal = rows[i].ordinal,
        };
}

static void found_twins(struct retort_store *store, const struct retort_page_record *page,
                        struct identity_twin *twins)
{
    for (size_t i = 0; i < page->n_comments; i++) {
        struct identity_fields fields =
            page_fields(retort_span_of(page->source), &page->comments[i]);
        identity_write(&fields, &store->scratch);
        twins[i].key = retort_hash(retort_buffer_span(&store->scratch), 0);
    }
    for (size_t i = 0; i < page->n_comments; i++) {
        ptrdiff_t parent = page->comments[i].parent;
        assert(parent < (ptrdiff_t)i);
        twins[i].parent = parent >= 0 ? twins[parent].key : 1;
        twins[i].before = i > 0 ? twins[i - 1].key : 1;
        twins[i].after = i + 1 < page->n_comments ? twins[i + 1].key : 0;
    }
}

/* The ordinals of the page's comments, in the arena. */
static bool match_comments(struct retort_store *store, const struct retort_page_record *page,
                           int64_t source, struct retort_arena *arena, struct identity_twin **found,
                           struct retort_error *error)
{
    struct retort_buffer rows = {0};
    bool read = read_known(store, source, retort_span_of(page->source), &rows, error);
    size_t n_known = rows.len / sizeof(struct known);
    if (read) {
        struct identity_twin *known = RETORT_NEW(arena, struct identity_twin, n_known);
        *found = RETORT_NEW(arena, struct identity_twin, page->n_comments);
        known_twins((const struct known *)(const void *)rows.data, n_known, known);
        found_twins(store, page, *found);
        identity_match(known, n_known, *found, page->n_comments, arena);
    }
    retort_buffer_release(&rows);
    return read;
}

static bool put_placement(struct retort_store *store, int64_t split, size_t index, int64_t id,
                          const struct retort_comment *comment, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, PUT_PLACEMENT, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, split);
    sqlite3_bind_int64(put, 2, (int64_t)index + 1);
    sqlite3_bind_int64(put, 3, id);
    sqlite3_bind_int64(put, 4, comment->parent + 1);
    sqlite3_bind_int64(put, 5, (int64_t)comment->first_line);
    sqlite3_bind_int64(put, 6, (int64_t)comment->last_line);
    sqlite3_bind_int64(put, 7, (int64_t)comment->begin);
    sqlite3_bind_int64(put, 8, (int64_t)comment->end);
    return store_run(store, put, error);
}

static bool put_split(struct retort_store *store, const struct retort_page_record *page,
                      int64_t page_id, const char *digest, int64_t *id, struct retort_error *error)
{
    int64_t article;
    if (!store_put_article(store, page->article, &article, error))
        return false;
    sqlite3_stmt *put = store_statement(store, PUT_SPLIT, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, page_id);
    bind_text(put, 2, retort_span_of(page->splitter));
    bind_text(put, 3, retort_span_of(digest));
    store_bind_id(put, 4, article);
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return outline_put(store, *id, page, error);
}

static bool put_comment(struct retort_store *store, const struct incoming *in, size_t index,
                        uint64_t ordinal, int64_t *id, struct retort_error *error)
{
    const struct retort_comment *comment = &in->page->comments[index];
    struct evidence_row row = {.fields = page_fields(retort_span_of(in->page->source), comment),
                               .source = in->source,
                               .text = comment->text};
    identity_write(&row.fields, &store->scratch);
    return store_put_comment(store, &row, ordinal, id, error);
}

static bool put_comments(struct retort_store *store, struct incoming *in, int64_t split,
                         int64_t *ids, struct retort_error *error)
{
    struct identity_twin *twins;
    bool done = match_comments(store, in->page, in->source, &in->arena, &twins, error);
    for (size_t i = 0; done && i < in->page->n_comments; i++) {
        ids[i] = 0;
        done =
            in->gone[i] || (put_comment(store, in, i, twins[i].ordinal, &ids[i], error) &&
                            put_placement(store, split, i, ids[i], &in->page->comments[i], error));
    }
    return done;
}

/* The page's split with what it says, new or found again: by what it said before anybody was
 * forgotten. */
static bool place_split(struct retort_store *store, struct incoming *in, int64_t page_id,
                        int64_t *ids, int64_t *split, bool *is_new, struct retort_error *error)
{
    char digest[RETORT_SHA256_HEX];
    split_digest(store, in->page, digest);
    if (!find_split(store, page_id, in->page->splitter, digest, split, error))
        return false;
    *is_new = *split == 0;
    if (!*is_new)
        return read_ids(store, *split, ids, in->page->n_comments, error);
    return put_split(store, in->kept, page_id, digest, split, error) &&
           put_comments(store, in, *split, ids, error);
}

bool retort_store_put_page(struct retort_store *store, const struct retort_page_record *page,
                           int64_t *ids, enum retort_page_outcome *outcome,
                           struct retort_error *error)
{
    int64_t page_id, split;
    bool is_new;
    struct incoming in;
    assert(!sqlite3_get_autocommit(store->db));
    store_settle_forget(store);
    bool put = take_in(store, page, &in, error) &&
               put_bytes(store, &in, &page_id, outcome, error) &&
               place_split(store, &in, page_id, ids, &split, &is_new, error);
    retort_arena_release(&in.arena);
    if (!put)
        return false;
    if (!is_new)
        *outcome = RETORT_PAGE_UNCHANGED;
    return !is_new || *outcome == RETORT_PAGE_NEW || store_settle_source(store, in.source, error);
}

bool retort_store_put_split(struct retort_store *store, int64_t page,
                            const struct retort_page_record *record, int64_t *ids, int64_t *split,
                            struct retort_error *error)
{
    bool is_new;
    struct incoming in;
    assert(!sqlite3_get_autocommit(store->db));
    store_settle_forget(store);
    bool put = take_in(store, record, &in, error) &&
               place_split(store, &in, page, ids, split, &is_new, error);
    retort_arena_release(&in.arena);
    return put;
}

bool retort_store_find_page(struct retort_store *store, const char *source,
                            struct retort_span bytes, int64_t *page, struct retort_error *error)
{
    char hash[RETORT_SHA256_HEX], newest[RETORT_SHA256_HEX];
    int64_t id;
    *page = 0;
    if (!retort_store_find_source(store, source, &id, error) ||
        !newest_page(store, id, page, newest, error))
        return false;
    retort_sha256(bytes, hash);
    if (memcmp(hash, newest, sizeof hash) != 0)
        *page = 0;
    return true;
}
