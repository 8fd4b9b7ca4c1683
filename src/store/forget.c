/* Forgetting: the one way to delete evidence.
 *
 * All of it is one transaction: it is killed, and nothing has happened; it is committed, and nobody
 * reads any of it again. The triggers that keep evidence are dropped and made again inside of it. A
 * dry look is the same transaction, taken back: so it tells the truth.
 *
 * Deleted rows leave their bytes in a file: in free pages, in gaps of others, in the log. They are
 * overwritten by making the file anew, which takes its time and a copy's room, and so is a step of
 * its own that is done again where it was cut off.
 *
 * Rows that other rows point at are searched for by what is to go, a table at a time; keys that
 * SQLite would check row by row have no index on that side, so their checks are off meanwhile. */
#include "store/forget.h"
#include "store/kept_out.h"
#include "store/rank.h"

#include <assert.h>
#include <string.h>

static const char BEGIN[] = {
#include "embed/store/forget_begin.sql.h"
    0};
static const char FIND[] = {
#include "embed/store/forget_find.sql.h"
    0};
static const char COUNT[] = {
#include "embed/store/forget_count.sql.h"
    0};
static const char REMOVE[] = {
#include "embed/store/forget_remove.sql.h"
    0};

/* ---- statements that are needed once ---- */

sqlite3_stmt *forget_statement(struct retort_store *store, const char *sql,
                               const struct retort_span *texts, size_t n_texts,
                               struct retort_error *error)
{
    sqlite3_stmt *made = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &made, NULL) != SQLITE_OK) {
        store_fail(store, error);
        return NULL;
    }
    for (size_t i = 0; i < n_texts; i++)
        bind_text(made, (int)i + 1, texts[i]);
    return made;
}

bool forget_run(struct retort_store *store, const char *sql, const struct retort_span *texts,
                size_t n_texts, struct retort_error *error)
{
    sqlite3_stmt *made = forget_statement(store, sql, texts, n_texts, error);
    bool good = made && store_run(store, made, error);
    sqlite3_finalize(made);
    return good;
}

static bool run_script(struct retort_store *store, const char *sql, struct retort_error *error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, error);
}

/* ---- triggers ---- */

/* What drops them, and what makes them again, as two scripts. */
static bool read_triggers(struct retort_store *store, struct retort_buffer *drop,
                          struct retort_buffer *make, struct retort_error *error)
{
    static const char TRIGGERS[] = "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'"
                                   " ORDER BY rowid";
    bool found, good;
    sqlite3_stmt *read = forget_statement(store, TRIGGERS, NULL, 0, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        retort_buffer_format(drop, "DROP TRIGGER main.%s;", sqlite3_column_text(read, 0));
        retort_buffer_put(make, column_text(read, 1));
        retort_buffer_byte(make, ';');
    }
    sqlite3_finalize(read);
    retort_buffer_byte(drop, 0);
    retort_buffer_byte(make, 0);
    return good;
}

/* ---- who is kept out from now on ---- */

static bool put_key(struct retort_store *store, struct retort_error *error)
{
    uint8_t key[RETORT_SECRET];
    retort_secret_make(key);
    sqlite3_stmt *put = forget_statement(
        store, "INSERT OR IGNORE INTO forgotten_key VALUES (1, ?1)", NULL, 0, error);
    if (!put)
        return false;
    bind_blob(put, 1, (struct retort_span){key, sizeof key});
    bool good = store_run(store, put, error);
    sqlite3_finalize(put);
    store->kept_out.read = false;
    return good && kept_out_read(store, error);
}

static bool put_mark(struct retort_store *store, sqlite3_stmt *put,
                     const uint8_t mark[RETORT_SECRET], struct retort_error *error)
{
    sqlite3_reset(put);
    bind_blob(put, 1, (struct retort_span){mark, RETORT_SECRET});
    return store_run(store, put, error);
}

static bool mark_texts(struct retort_store *store, sqlite3_stmt *put, struct retort_error *error)
{
    static const char TEXTS[] =
        "SELECT text FROM comment WHERE id IN (SELECT id FROM temp.gone WHERE theirs)";
    bool found, good;
    uint8_t mark[RETORT_SECRET];
    sqlite3_stmt *read = forget_statement(store, TEXTS, NULL, 0, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        struct retort_span text = column_text(read, 0);
        if (text.len < MARKED_TEXT_LEAST)
            continue;
        kept_out_mark_text(&store->kept_out, text, mark);
        if (!(good = put_mark(store, put, mark, error)))
            break;
    }
    sqlite3_finalize(read);
    return good;
}

static bool put_marks(struct retort_store *store, struct retort_span author,
                      struct retort_error *error)
{
    uint8_t mark[RETORT_SECRET];
    if (!put_key(store, error))
        return false;
    sqlite3_stmt *put =
        forget_statement(store,
                         "INSERT INTO forgotten_mark VALUES (?1, (SELECT max(id) FROM forgotten))"
                         " ON CONFLICT DO NOTHING",
                         NULL, 0, error);
    kept_out_mark_author(&store->kept_out, author, mark);
    bool good = put && put_mark(store, put, mark, error) && mark_texts(store, put, error);
    sqlite3_finalize(put);
    return good;
}

bool retort_store_readmit(struct retort_store *store, struct retort_span author, bool *was,
                          struct retort_error *error)
{
    static const char DELETE[] = "DELETE FROM forgotten_mark WHERE forgotten ="
                                 " (SELECT forgotten FROM forgotten_mark WHERE mark = ?1)";
    uint8_t mark[RETORT_SECRET];
    bool good = retort_store_begin(store, error) && kept_out_author(store, author, was, error);
    if (good && *was) {
        sqlite3_stmt *delete = forget_statement(store, DELETE, NULL, 0, error);
        kept_out_mark_author(&store->kept_out, author, mark);
        good = delete &&put_mark(store, delete, mark, error);
        sqlite3_finalize(delete);
    }
    if (good && retort_store_commit(store, error))
        return true;
    retort_store_rollback(store);
    return false;
}

/* ---- the log ---- */

#define FORGOTTEN "SELECT id, state = 'open', made, asked_by, counts FROM forgotten "

static struct retort_forgotten forgotten_row(sqlite3_stmt *read)
{
    return (struct retort_forgotten){.id = sqlite3_column_int64(read, 0),
                                     .open = sqlite3_column_int(read, 1) != 0,
                                     .made = column_text(read, 2),
                                     .asked_by = column_text(read, 3),
                                     .counts = column_text(read, 4)};
}

bool retort_store_each_forgotten(struct retort_store *store,
                                 bool (*visit)(void *context,
                                               const struct retort_forgotten *forgotten,
                                               struct retort_error *error),
                                 void *context, struct retort_error *error)
{
    bool found, good;
    sqlite3_stmt *read = forget_statement(store, FORGOTTEN "ORDER BY id", NULL, 0, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        const struct retort_forgotten forgotten = forgotten_row(read);
        if (!(good = visit(context, &forgotten, error)))
            break;
    }
    sqlite3_finalize(read);
    return good;
}

static bool read_newest(struct retort_store *store, struct retort_arena *arena,
                        struct retort_forgotten *forgotten, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read =
        forget_statement(store, FORGOTTEN "ORDER BY id DESC LIMIT 1", NULL, 0, error);
    bool good = read && store_step(store, read, &found, error);
    if (good) {
        *forgotten = forgotten_row(read);
        forgotten->made = retort_arena_copy(arena, forgotten->made);
        forgotten->asked_by = retort_arena_copy(arena, forgotten->asked_by);
        forgotten->counts = retort_arena_copy(arena, forgotten->counts);
    }
    sqlite3_finalize(read);
    return good;
}

/* ---- the transaction ---- */

static bool find_comments(struct retort_store *store, const struct retort_span author,
                          struct retort_error *error)
{
    static const char GONE[] = "INSERT INTO temp.gone SELECT id, 1 FROM comment WHERE author = ?1";
    if (!run_script(store, BEGIN, error) || !forget_run(store, GONE, &author, 1, error))
        return false;
    return sqlite3_changes(store->db) > 0 ||
           retort_fail(error, RETORT_INPUT,
                       "%s: there is no comment by \"%.*s\"; a name is compared as it stands in "
                       "`retort export --format csv`",
                       store->path, (int)(author.len < 200 ? author.len : 200),
                       (const char *)author.data);
}

/* Somebody may have chosen comments by this name. */
static bool remove_name(struct retort_store *store, struct retort_span author,
                        struct retort_error *error)
{
    static const char *const STEPS[] = {
        "UPDATE draw SET design = replace(design, 'author=' || json_quote(?1),"
        " 'author=\"(forgotten)\"') WHERE instr(design, 'author=' || json_quote(?1)) > 0",
        /* A sample's filter, as retort_review_where_put writes it. */
        "UPDATE draw SET design = replace(design, 'author=\"' || replace(?1, '\"', '\"\"') || '\"',"
        " 'author=\"(forgotten)\"')"
        " WHERE instr(design, 'author=\"' || replace(?1, '\"', '\"\"') || '\"') > 0",
        /* A run's, as it was written: bare or between quotes, up to a comma. */
        "UPDATE run SET filter = (SELECT substr(f, 2, length(f) - 2) FROM (SELECT"
        " replace(replace(',' || filter || ',', ',author=' || ?1 || ',',"
        " ',author=\"(forgotten)\",'), ',author=\"' || replace(?1, '\"', '\"\"') || '\",',"
        " ',author=\"(forgotten)\",') AS f)) WHERE instr(filter, 'author=') > 0",
    };
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (!forget_run(store, STEPS[i], &author, 1, error))
            return false;
    return true;
}

static bool remove_all(struct retort_store *store, const struct retort_forget_request *request,
                       struct retort_error *error)
{
    const struct retort_span texts[] = {retort_span_of(request->asked_by), request->author};
    store->slabs.written = true; /* theirs are packed anew */
    return find_comments(store, request->author, error) &&
           forget_pages(store, request->author, error) && run_script(store, FIND, error) &&
           forget_run(store, COUNT, texts, 2, error) &&
           (request->no_marks || put_marks(store, request->author, error)) &&
           run_script(store, REMOVE, error) && remove_name(store, request->author, error);
}

static bool forget_whole(struct retort_store *store, const struct retort_forget_request *request,
                         struct retort_arena *arena, struct retort_forgotten *forgotten,
                         struct retort_error *error)
{
    struct retort_buffer drop = {0}, make = {0};
    bool good = retort_store_begin(store, error) && read_triggers(store, &drop, &make, error) &&
                run_script(store, (const char *)drop.data, error) &&
                remove_all(store, request, error) &&
                run_script(store, (const char *)make.data, error) &&
                read_newest(store, arena, forgotten, error) &&
                (request->dry || retort_store_commit(store, error));
    if (!good || request->dry)
        retort_store_rollback(store);
    retort_buffer_release(&drop);
    retort_buffer_release(&make);
    return good;
}

bool retort_store_forget(struct retort_store *store, const struct retort_forget_request *request,
                         struct retort_arena *arena, struct retort_forgotten *forgotten,
                         struct retort_error *error)
{
    static const char BEFORE[] = "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
                                 "PRAGMA foreign_keys = OFF";
    /* What was temporary goes with it. */
    static const char AFTER[] = "PRAGMA temp_store = DEFAULT; PRAGMA foreign_keys = ON";
    struct retort_error ignored;
    assert(sqlite3_get_autocommit(store->db));
    bool good =
        run_script(store, BEFORE, error) && forget_whole(store, request, arena, forgotten, error);
    run_script(store, AFTER, &ignored);
    return good;
}

/* ---- the bytes ---- */

static bool has_open(struct retort_store *store, bool *has, struct retort_error *error)
{
    sqlite3_stmt *read =
        forget_statement(store, "SELECT 1 FROM forgotten WHERE state = 'open'", NULL, 0, error);
    bool good = read && store_step(store, read, has, error);
    sqlite3_finalize(read);
    return good;
}

/* All of the log into the file, and the log to nothing. */
static bool empty_log(struct retort_store *store, struct retort_error *error)
{
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if ((code & 0xFF) == SQLITE_BUSY)
        return retort_fail(
            error, RETORT_REFUSED,
            "%s: is being read, so that its log cannot be emptied; stop who reads it", store->path);
    return code == SQLITE_OK || store_fail(store, error);
}

static bool make_anew(struct retort_store *store, struct retort_error *error)
{
    return run_script(store, "PRAGMA secure_delete = ON; VACUUM", error) &&
           empty_log(store, error) &&
           run_script(store, "UPDATE forgotten SET state = 'done' WHERE state = 'open'", error) &&
           empty_log(store, error);
}

bool retort_store_erase(struct retort_store *store, bool quiet, struct retort_error *error)
{
    bool has = false;
    assert(sqlite3_get_autocommit(store->db));
    if (!has_open(store, &has, error))
        return false;
    if (!has)
        return true;
    return store_while(store, quiet ? NULL : "overwriting what was forgotten", make_anew, error) ||
           retort_fail_within(error,
                              "what was forgotten is in no table any more, but not overwritten in "
                              "free space and log (`retort forget -d %s` does that)",
                              store->path);
}
