/* Evidence: sources, passages and comments, and the comments that came as JSON lines. Each is put
 * once and found by its content afterwards. */
#include "store/evidence.h"
#include "store/kept_out.h"
#include "store/rank.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void store_bind_id(sqlite3_stmt *statement, int column, int64_t id)
{
    if (id)
        sqlite3_bind_int64(statement, column, id);
}

/* ---- small tables: a name becomes a number ----------------------------------------------------
 */

/* Runs a query for one id; 0 when there is no row. */
bool store_find_id(struct retort_store *store, sqlite3_stmt *statement, int64_t *id,
                   struct retort_error *error)
{
    bool found;
    if (!store_step(store, statement, &found, error))
        return false;
    *id = found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return true;
}

static bool find_text(struct retort_store *store, enum statement which, struct retort_span text,
                      int64_t *id, struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, which, error);
    if (!find)
        return false;
    bind_text(find, 1, text);
    return store_find_id(store, find, id, error);
}

bool retort_store_find_source(struct retort_store *store, const char *name, int64_t *id,
                              struct retort_error *error)
{
    return find_text(store, FIND_SOURCE, retort_span_of(name), id, error);
}

static bool add_source(struct retort_store *store, struct retort_span name, int64_t *id,
                       struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, PUT_SOURCE, error);
    if (!put)
        return false;
    bind_text(put, 1, name);
    return store_run(store, put, error) && find_text(store, FIND_SOURCE, name, id, error);
}

bool store_put_source(struct retort_store *store, const char *name, int64_t *id,
                      struct retort_error *error)
{
    struct retort_span text = retort_span_of(name);
    *id = store->source_id;
    if (*id && retort_span_equal(text, retort_buffer_span(&store->source)))
        return true;
    store->source_id = 0;
    if (!find_text(store, FIND_SOURCE, text, id, error) ||
        (!*id && !add_source(store, text, id, error)))
        return false;
    retort_buffer_clear(&store->source);
    retort_buffer_put(&store->source, text);
    store->source_id = *id;
    return true;
}

static bool add_passage(struct retort_store *store, struct retort_span text, int64_t *id,
                        struct retort_error *error)
{
    char hash[RETORT_SHA256_HEX];
    retort_sha256(text, hash);
    sqlite3_stmt *put = store_statement(store, PUT_PASSAGE, error);
    if (!put)
        return false;
    bind_text(put, 1, retort_span_of(hash));
    bind_text(put, 2, text);
    return store_run(store, put, error) &&
           find_text(store, FIND_PASSAGE, retort_span_of(hash), id, error);
}

/* A file whose lines repeat their article pays for one comparison a line. */
bool store_put_article(struct retort_store *store, struct retort_span text, int64_t *id,
                       struct retort_error *error)
{
    *id = 0;
    if (!text.data)
        return true;
    if (store->passage_id && retort_span_equal(text, retort_buffer_span(&store->passage))) {
        *id = store->passage_id;
        return true;
    }
    store->passage_id = 0;
    if (!add_passage(store, text, id, error))
        return false;
    retort_buffer_clear(&store->passage);
    retort_buffer_put(&store->passage, text);
    store->passage_id = *id;
    return true;
}

/* ---- one comment ------------------------------------------------------------------------------
 */

/* The time as the schema's own default would say it, which costs as much as half a row. */
static const char *now_of(struct retort_store *store)
{
    time_t now = time(NULL);
    struct tm utc;
    if (now != store->now.time) {
        store->now.time = now;
        gmtime_r(&now, &utc);
        strftime(store->now.text, sizeof store->now.text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    return store->now.text;
}

static void bind_row(sqlite3_stmt *put, const struct evidence_row *row, struct retort_span identity,
                     uint64_t ordinal, struct retort_span now)
{
    bind_blob(put, 1, identity);
    sqlite3_bind_int64(put, 2, row->source);
    sqlite3_bind_int(put, 3, row->fields.paged);
    sqlite3_bind_int64(put, 4, (int64_t)ordinal);
    bind_optional(put, 5, row->fields.native_id);
    bind_optional(put, 6, row->parent_id);
    bind_optional(put, 7, row->fields.author);
    bind_optional(put, 8, row->fields.time);
    bind_optional(put, 9, row->fields.target);
    store_bind_id(put, 10, row->article);
    store_bind_id(put, 11, row->parent_text);
    bind_text(put, 12, row->text);
    bind_optional(put, 13, row->meta);
    bind_text(put, 14, now);
}

/* Where the row has no identity, store->scratch holds its fields as identity_write left them. */
bool store_put_comment(struct retort_store *store, const struct evidence_row *row, uint64_t ordinal,
                       int64_t *id, struct retort_error *error)
{
    uint8_t made[RETORT_SHA256_BYTES];
    struct retort_span bytes = {row->identity ? row->identity : made, sizeof made};
    if (!row->identity)
        identity_hash(&store->scratch, ordinal, made);
    sqlite3_stmt *put = store_statement(store, PUT_COMMENT, error);
    if (!put)
        return false;
    bind_row(put, row, bytes, ordinal,
             row->stored.data ? row->stored : retort_span_of(now_of(store)));
    store_bind_id(put, 15, store->kept_out.next_comment);
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    if (sqlite3_changes(store->db) > 0) {
        store->kept_out.next_comment = 0;
        if (!row->fields.paged)
            store_settle_new(store, *id);
        return true;
    }
    bool native = row->fields.native_id.data != NULL;
    sqlite3_stmt *find = store_statement(store, native ? FIND_NATIVE : FIND_COMMENT, error);
    if (!find)
        return false;
    bind_blob(find, 1, bytes);
    if (native) {
        sqlite3_bind_int64(find, 2, row->source);
        bind_text(find, 3, row->fields.native_id);
    }
    return store_find_id(store, find, id, error);
}

/* ---- JSON lines -------------------------------------------------------------------------------
 */

static void grow_counts(struct retort_store *store)
{
    size_t size = store->counts_size ? store->counts_size * 2 : 1024;
    struct ordinal_count *old = store->counts;
    struct ordinal_count *counts = retort_grow(NULL, size, sizeof *counts);
    memset(counts, 0, size * sizeof *counts);
    for (size_t i = 0; i < store->counts_size; i++) {
        size_t at = old[i].key & (size - 1);
        while (old[i].key && counts[at].key)
            at = (at + 1) & (size - 1);
        if (old[i].key)
            counts[at] = old[i];
    }
    free(old);
    store->counts = counts;
    store->counts_size = size;
}

/* How many lines with these fields came before, since the store was opened. */
static uint64_t next_ordinal(struct retort_store *store, struct retort_span fields)
{
    uint64_t key = retort_hash(fields, 0) | 1;
    if (store->n_counts >= store->counts_size / 4 * 3)
        grow_counts(store);
    size_t at = key & (store->counts_size - 1);
    while (store->counts[at].key && store->counts[at].key != key)
        at = (at + 1) & (store->counts_size - 1);
    store->n_counts += store->counts[at].key == 0;
    store->counts[at].key = key;
    return store->counts[at].n++;
}

void retort_store_recount_lines(struct retort_store *store)
{
    if (store->n_counts > 0)
        memset(store->counts, 0, store->counts_size * sizeof *store->counts);
    store->n_counts = 0;
}

static struct identity_fields line_fields(const struct retort_line_record *line)
{
    struct retort_span parent = line->parent_id.data ? line->parent_id : line->parent_text;
    if (line->answers_article)
        parent = (struct retort_span){0};
    return (struct identity_fields){.source = retort_span_of(line->source),
                                    .native_id = line->native_id.len ? line->native_id
                                                                     : (struct retort_span){0},
                                    .parent = parent,
                                    .author = line->author,
                                    .time = line->time,
                                    .target = line->target,
                                    .text = line->text};
}

void retort_store_identify(struct retort_line_record *line, struct retort_arena *arena)
{
    struct retort_buffer scratch = {0};
    const struct identity_fields fields = line_fields(line);
    if (line->native_id.len == 0)
        return;
    uint8_t *identity = RETORT_NEW(arena, uint8_t, RETORT_SHA256_BYTES);
    identity_write(&fields, &scratch);
    identity_hash(&scratch, 0, identity);
    line->identity = identity;
    retort_buffer_release(&scratch);
}

/* What it answers may have been forgotten, too. */
static bool put_parent_text(struct retort_store *store, struct retort_span text, int64_t *id,
                            struct retort_error *error)
{
    bool is_out;
    if (!kept_out_text(store, text, &is_out, error))
        return false;
    return is_out || add_passage(store, text, id, error);
}

bool store_put_passages(struct retort_store *store, const struct retort_line_record *line,
                        struct evidence_row *row, struct retort_error *error)
{
    if (!store_put_article(store, line->article_text, &row->article, error))
        return false;
    if (!line->parent_text.data)
        return true;
    if (line->article_text.data && retort_span_equal(line->parent_text, line->article_text)) {
        row->parent_text = row->article;
        return true;
    }
    return put_parent_text(store, line->parent_text, &row->parent_text, error);
}

static bool line_row(struct retort_store *store, const struct retort_line_record *line,
                     struct evidence_row *row, struct retort_error *error)
{
    *row = (struct evidence_row){
        .fields = line_fields(line),
        .parent_id = line->parent_id,
        .text = line->text,
        .meta = line->meta,
        .identity = line->identity,
    };
    return store_put_source(store, line->source, &row->source, error) &&
           store_put_passages(store, line, row, error);
}

bool retort_store_put_line(struct retort_store *store, const struct retort_line_record *line,
                           int64_t *id, struct retort_error *error)
{
    struct evidence_row row;
    uint64_t ordinal = 0;
    bool is_out;
    assert(!sqlite3_get_autocommit(store->db));
    *id = 0;
    if (!kept_out_author(store, line->author, &is_out, error) || is_out)
        return is_out;
    if (!line_row(store, line, &row, error))
        return false;
    if (!line->identity)
        identity_write(&row.fields, &store->scratch);
    if (line->native_id.len == 0)
        ordinal = next_ordinal(store, retort_buffer_span(&store->scratch));
    return store_put_comment(store, &row, ordinal, id, error);
}
