/* Evidence put as another file tells it: comments, pages with their splits and corrections, draws.
 *
 * Ids are given anew; what is there is found by what it says. A comment's identity is computed from
 * what is told of it, as it would have been when it first came, and has to be the one that is told:
 * so a text that somebody edited on its way does not pass for the comment that was decided on. */
#include "store/evidence.h"
#include "store/kept_out.h"
#include "store/rank.h"

#include <assert.h>

static bool put_new(struct retort_store *store, sqlite3_stmt *put, int64_t *id,
                    struct retort_error *error)
{
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return true;
}

/* ---- comments ---- */

static struct retort_span known(struct retort_span span)
{
    return span.len ? span : (struct retort_span){0};
}

/* Of a line two readings are possible: that it answers what its parent_text says, and that it
 * answers the article, which is no part of what it is. */
static struct identity_fields fields_of(const struct retort_told_comment *told,
                                        bool answers_article)
{
    const struct retort_line_record *line = &told->line;
    struct identity_fields fields = {.source = retort_span_of(line->source),
                                     .author = known(line->author),
                                     .time = known(line->time),
                                     .text = line->text,
                                     .paged = told->paged};
    if (told->paged)
        return fields;
    fields.native_id = known(line->native_id);
    fields.target = line->target;
    fields.author = line->author;
    fields.time = line->time;
    if (!answers_article)
        fields.parent = line->parent_id.data ? line->parent_id : line->parent_text;
    return fields;
}

static bool fits(struct retort_store *store, const struct retort_told_comment *told,
                 bool answers_article, struct identity_fields *fields)
{
    uint8_t made[RETORT_SHA256_BYTES];
    *fields = fields_of(told, answers_article);
    identity_write(fields, &store->scratch);
    identity_hash(&store->scratch, told->ordinal, made);
    return memcmp(made, told->identity, sizeof made) == 0;
}

static bool put_told(struct retort_store *store, const struct retort_told_comment *told,
                     struct evidence_row *row, int64_t *id, struct retort_error *error)
{
    const struct retort_line_record *line = &told->line;
    row->text = line->text;
    row->identity = told->identity;
    row->stored = told->stored;
    if (!store_put_source(store, line->source, &row->source, error))
        return false;
    if (!told->paged) {
        row->parent_id = line->parent_id;
        row->meta = line->meta;
        if (!store_put_passages(store, line, row, error))
            return false;
    }
    return store_put_comment(store, row, told->ordinal, id, error);
}

bool retort_store_restore_comment(struct retort_store *store,
                                  const struct retort_told_comment *told, int64_t *id,
                                  enum retort_told_as *outcome, struct retort_error *error)
{
    struct evidence_row row = {0};
    bool is_out;
    assert(!sqlite3_get_autocommit(store->db));
    *id = 0;
    *outcome = RETORT_TOLD_CHANGED;
    if (!fits(store, told, false, &row.fields) &&
        (told->paged || !fits(store, told, true, &row.fields)))
        return true;
    *outcome = RETORT_TOLD_FORGOTTEN;
    if (!kept_out_author(store, told->line.author, &is_out, error) || is_out)
        return is_out;
    if (!put_told(store, told, &row, id, error))
        return false;
    *outcome = sqlite3_changes(store->db) > 0 ? RETORT_TOLD_NEW : RETORT_TOLD_KNOWN;
    return true;
}

/* ---- pages ---- */

/* Where somebody was forgotten, the bytes and lines of a page may hold what they wrote. */
static bool keep_out(struct retort_store *store, struct retort_span *text,
                     struct retort_error *error)
{
    if (!kept_out_read(store, error))
        return false;
    if (store->kept_out.any)
        *text = (struct retort_span){0};
    return true;
}

static bool same_page(struct retort_store *store, int64_t source, int64_t behind,
                      const struct retort_told_page *page, const char *hash, int64_t *id,
                      struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, SAME_PAGE, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, source);
    sqlite3_bind_int64(find, 2, behind);
    bind_text(find, 3, retort_span_of(hash));
    bind_text(find, 4, page->fetched);
    return store_find_id(store, find, id, error);
}

static bool newest_of(struct retort_store *store, int64_t source, int64_t *id,
                      struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, NEWEST_PAGE, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, source);
    return store_find_id(store, find, id, error);
}

bool retort_store_restore_page(struct retort_store *store, const char *source, int64_t behind,
                               const struct retort_told_page *page, int64_t *id,
                               struct retort_error *error)
{
    char hash[RETORT_SHA256_HEX];
    int64_t source_id, before;
    struct retort_told_page kept = *page;
    assert(!sqlite3_get_autocommit(store->db));
    if (!keep_out(store, &kept.bytes, error))
        return false;
    retort_sha256(kept.bytes, hash);
    if (!store_put_source(store, source, &source_id, error) ||
        !same_page(store, source_id, behind, &kept, hash, id, error))
        return false;
    if (*id)
        return true;
    sqlite3_stmt *put = newest_of(store, source_id, &before, error)
                            ? store_statement(store, RESTORE_PAGE, error)
                            : NULL;
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, source_id);
    bind_text(put, 2, retort_span_of(hash));
    bind_text(put, 3, page->fetched);
    store_bind_id(put, 4, before);
    bind_blob(put, 5, kept.bytes);
    return put_new(store, put, id, error);
}

bool retort_store_restored_pages(struct retort_store *store, const char *source,
                                 struct retort_error *error)
{
    int64_t id;
    return retort_store_find_source(store, source, &id, error) &&
           store_settle_source(store, id, error);
}

/* ---- splits ---- */

static bool same_split(struct retort_store *store, int64_t page,
                       const struct retort_told_split *split, int64_t *id,
                       struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, FIND_SPLIT, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, page);
    bind_text(find, 2, split->splitter);
    bind_text(find, 3, split->digest);
    return store_find_id(store, find, id, error);
}

static bool put_outline(struct retort_store *store, int64_t id,
                        const struct retort_told_split *split, struct retort_error *error)
{
    int64_t text;
    struct retort_span lines = split->lines;
    if (!keep_out(store, &lines, error) || !lines.data)
        return !lines.data;
    sqlite3_stmt *put = store_put_article(store, split->text, &text, error)
                            ? store_statement(store, RESTORE_OUTLINE, error)
                            : NULL;
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, id);
    store_bind_id(put, 2, text);
    bind_optional(put, 3, split->title);
    bind_text(put, 4, lines);
    return store_run(store, put, error);
}

bool retort_store_restore_split(struct retort_store *store, int64_t page,
                                const struct retort_told_split *split, int64_t *id,
                                struct retort_error *error)
{
    int64_t article;
    if (!same_split(store, page, split, id, error))
        return false;
    if (*id)
        return true;
    sqlite3_stmt *put = store_put_article(store, split->article, &article, error)
                            ? store_statement(store, RESTORE_SPLIT, error)
                            : NULL;
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, page);
    bind_text(put, 2, split->splitter);
    bind_text(put, 3, split->digest);
    bind_text(put, 4, split->made);
    store_bind_id(put, 5, article);
    return put_new(store, put, id, error) && put_outline(store, *id, split, error);
}

static void bind_correction(sqlite3_stmt *statement, int64_t page,
                            const struct retort_told_correction *correction)
{
    sqlite3_bind_int64(statement, 1, page);
    store_bind_id(statement, 2, correction->split);
    store_bind_id(statement, 3, correction->base);
    store_bind_id(statement, 4, correction->undoes);
    bind_text(statement, 5, correction->operations);
    bind_text(statement, 6, correction->reviewer);
    bind_text(statement, 7, correction->made);
}

bool retort_store_restore_correction(struct retort_store *store, int64_t page,
                                     const struct retort_told_correction *correction, int64_t *id,
                                     struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, SAME_CORRECTION, error);
    if (!find)
        return false;
    bind_correction(find, page, correction);
    if (!store_find_id(store, find, id, error))
        return false;
    if (*id)
        return true;
    sqlite3_stmt *put = store_statement(store, RESTORE_CORRECTION, error);
    if (!put)
        return false;
    bind_correction(put, page, correction);
    bind_optional(put, 8, correction->token);
    return put_new(store, put, id, error);
}

bool retort_store_restore_place(struct retort_store *store, int64_t comment,
                                const struct retort_told_place *place, struct retort_error *error)
{
    const int64_t numbers[] = {place->split,      place->number,    comment,      place->parent,
                               place->first_line, place->last_line, place->begin, place->end};
    return store_run_with(store, RESTORE_PLACE, numbers, sizeof numbers / sizeof *numbers, error) &&
           store_settle_comment(store, comment, error);
}

/* ---- draws ---- */

static void bind_draw(sqlite3_stmt *statement, const struct retort_told_draw *draw)
{
    bind_text(statement, 1, draw->design);
    if (draw->seeded)
        sqlite3_bind_int64(statement, 2, (int64_t)draw->seed);
    sqlite3_bind_int64(statement, 3, (int64_t)draw->population);
    bind_text(statement, 4, draw->reviewer);
    bind_text(statement, 5, draw->drawn);
}

bool retort_store_restore_draw(struct retort_store *store, const struct retort_told_draw *draw,
                               int64_t *id, struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, SAME_DRAW, error);
    if (!find)
        return false;
    bind_draw(find, draw);
    if (!store_find_id(store, find, id, error))
        return false;
    if (*id)
        return true;
    sqlite3_stmt *put = store_statement(store, RESTORE_DRAW, error);
    if (!put)
        return false;
    bind_draw(put, draw);
    return put_new(store, put, id, error);
}

bool retort_store_restore_selection(struct retort_store *store, int64_t comment,
                                    const struct retort_told_selection *selection, int64_t *id,
                                    struct retort_error *error)
{
    const struct retort_selection_record record = {.draw = selection->draw,
                                                   .comment = comment,
                                                   .task = selection->task,
                                                   .probability = selection->probability,
                                                   .stratum = selection->stratum};
    sqlite3_stmt *find = store_statement(store, SAME_SELECTION, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, selection->draw);
    sqlite3_bind_int64(find, 2, comment);
    bind_text(find, 3, selection->task);
    return store_find_id(store, find, id, error) &&
           (*id || retort_store_put_selection(store, &record, id, error));
}
