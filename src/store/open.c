/* Opening: whose file is it, which schema, may we write, and what to say when not.
 *
 * The header of the file is looked at before anything is changed, so that another program's
 * database is refused as it was. A schema is made and brought up by a table of scripts, each inside
 * one transaction with the number it leads to. `user_version` is that number and `application_id`
 * says "rtrt".
 *
 * A file without any write permission is taken at its word, also by root. A reader opens for
 * writing where it can, and then forbids itself to: so the last one to close takes the log's files
 * away, which SQLite's read-only connections leave behind. A reader that cannot make SQLite's
 * shared-memory file (read-only directory) reads the file as a snapshot (immutable), but only when
 * no write-ahead log lies beside it: its content would be missing. */
#include "store/rank.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x72747274 }; /* "rtrt" */

/* Of a view: that many comments are judged one by one rather than met on a walk; so often a
 * condition is asked before all that meet it are gathered; and a comment tried costs so many rows
 * gathered. */
enum { FINE_MOST = 20000, ASKED_MOST = 1000, TRY_COST = 10 };
/* Pages of the log, of a load: from one request to take it over to the next; from where on the load
 * waits. */
enum { LOG_ASKED = 2048, LOG_MOST = 32768 };

static const char SCHEMA_1[] = {
#include "embed/store/schema_1.sql.h"
    0};
static const char SCHEMA_2[] = {
#include "embed/store/schema_2.sql.h"
    0};
static const char SCHEMA_3[] = {
#include "embed/store/schema_3.sql.h"
    0};
static const char SCHEMA_4[] = {
#include "embed/store/schema_4.sql.h"
    0};

/* MIGRATIONS[v] leads from schema v to v + 1. */
static const char *const MIGRATIONS[RETORT_STORE_SCHEMA] = {SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4};

const char *retort_store_library(void)
{
    return sqlite3_libversion();
}

/* ---- errors ---------------------------------------------------------------------------------- */

struct meaning {
    int code; /* SQLite's primary result code */
    enum retort_failure failure;
    const char *text;
};

static const struct meaning MEANINGS[] = {
    {SQLITE_BUSY, RETORT_REFUSED,
     "is locked by another process; wait until that has finished, then run again"},
    {SQLITE_LOCKED, RETORT_REFUSED,
     "is locked by another process; wait until that has finished, then run again"},
    {SQLITE_READONLY, RETORT_REFUSED,
     "is read-only; make the file and its directory writable, or work on a copy"},
    {SQLITE_CANTOPEN, RETORT_REFUSED,
     "cannot be opened; check that its directory is there and its permissions"},
    {SQLITE_PERM, RETORT_REFUSED, "cannot be opened; check its permissions"},
    {SQLITE_AUTH, RETORT_REFUSED, "cannot be opened; check its permissions"},
    {SQLITE_NOTADB, RETORT_REFUSED, "is no retort database (nor any SQLite file); name another"},
    {SQLITE_CORRUPT, RETORT_REFUSED,
     "is damaged; keep it, and restore a backup or save the rest with `sqlite3 FILE .recover`"},
    {SQLITE_FULL, RETORT_RUNTIME,
     "the disk is full; nothing of this was stored; make room and run again"},
    {SQLITE_IOERR, RETORT_RUNTIME, "reading or writing failed; nothing of this was stored"},
    {SQLITE_TOOBIG, RETORT_INPUT, "a text is too large for the database (1 GB at most)"},
};

bool store_fail_open(sqlite3 *db, const char *path, struct retort_error *error)
{
    int code = db ? sqlite3_errcode(db) & 0xFF : SQLITE_NOMEM;
    if (code == SQLITE_NOMEM)
        retort_out_of_memory();
    if (sqlite3_extended_errcode(db) == SQLITE_CONSTRAINT_FOREIGNKEY)
        return retort_fail(
            error, RETORT_INPUT,
            "%s: what this is about is gone: it was forgotten meanwhile; begin again", path);
    for (size_t i = 0; i < sizeof MEANINGS / sizeof *MEANINGS; i++)
        if (MEANINGS[i].code == code)
            return retort_fail(error, MEANINGS[i].failure, "%s: %s", path, MEANINGS[i].text);
    return retort_fail(error, RETORT_RUNTIME, "%s: %s", path, sqlite3_errmsg(db));
}

bool store_fail(const struct retort_store *store, struct retort_error *error)
{
    return store_fail_open(store->db, store->path, error);
}

/* ---- statements ------------------------------------------------------------------------------ */

sqlite3_stmt *store_own_statement(struct retort_store *store, enum statement which,
                                  struct retort_error *error)
{
    sqlite3_stmt *made = NULL;
    if (sqlite3_prepare_v3(store->db, store_sql[which], -1, 0, &made, NULL) != SQLITE_OK)
        store_fail(store, error);
    return made;
}

sqlite3_stmt *store_statement(struct retort_store *store, enum statement which,
                              struct retort_error *error)
{
    sqlite3_stmt *statement = store->prepared[which];
    if (!statement)
        return store->prepared[which] = store_own_statement(store, which, error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

bool store_step(struct retort_store *store, sqlite3_stmt *statement, bool *found,
                struct retort_error *error)
{
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return true;
    store_fail(store, error);
    sqlite3_reset(statement);
    return false;
}

bool store_run(struct retort_store *store, sqlite3_stmt *statement, struct retort_error *error)
{
    bool found;
    bool done = store_step(store, statement, &found, error);
    sqlite3_reset(statement);
    return done;
}

bool store_run_with(struct retort_store *store, enum statement which, const int64_t *numbers,
                    size_t n, struct retort_error *error)
{
    sqlite3_stmt *statement = store_statement(store, which, error);
    if (!statement)
        return false;
    for (size_t i = 0; i < n; i++)
        sqlite3_bind_int64(statement, (int)i + 1, numbers[i]);
    return store_run(store, statement, error);
}

void bind_optional(sqlite3_stmt *statement, int column, struct retort_span text)
{
    if (text.data)
        sqlite3_bind_text64(statement, column, (const char *)text.data, text.len, SQLITE_STATIC,
                            SQLITE_UTF8);
}

void bind_text(sqlite3_stmt *statement, int column, struct retort_span text)
{
    bind_optional(statement, column, text.data ? text : RETORT_SPAN(""));
}

void bind_blob(sqlite3_stmt *statement, int column, struct retort_span bytes)
{
    const void *data = bytes.data ? (const void *)bytes.data : "";
    sqlite3_bind_blob64(statement, column, data, bytes.len, SQLITE_STATIC);
}

struct retort_span column_blob(sqlite3_stmt *statement, int column)
{
    const uint8_t *data = sqlite3_column_blob(statement, column);
    return (struct retort_span){data, (size_t)sqlite3_column_bytes(statement, column)};
}

struct retort_span column_text(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return (struct retort_span){NULL, 0};
    const uint8_t *data = sqlite3_column_text(statement, column);
    return (struct retort_span){data ? data : (const uint8_t *)"",
                                (size_t)sqlite3_column_bytes(statement, column)};
}

/* ---- transactions ---------------------------------------------------------------------------- */

bool store_plain(struct retort_store *store, enum statement which, struct retort_error *error)
{
    sqlite3_stmt *statement = store_statement(store, which, error);
    return statement && store_run(store, statement, error);
}

bool retort_store_in_place(const struct retort_store *store, struct retort_error *error)
{
    int moved = 0;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return !moved ||
           retort_fail(
               error, RETORT_REFUSED,
               "%s: was moved, deleted or replaced while it was in use; nothing of this was "
               "stored; put it back, or stop what uses it and start again",
               store->path);
}

/* What a failed transaction had learnt of ids is forgotten with it. */
static void forget_ids(struct retort_store *store)
{
    store->source_id = store->passage_id = 0;
    store->n_known = 0;
    store_settle_forget(store);
    store_tally_forget(store);
    store_slabs_forget(store);
    store_fill_forget(store);
}

void retort_store_rollback(struct retort_store *store)
{
    struct retort_error ignored;
    if (!sqlite3_get_autocommit(store->db))
        store_plain(store, ROLLBACK, &ignored);
    forget_ids(store);
}

/* Another writer may have been here since the last transaction. */
bool retort_store_begin(struct retort_store *store, struct retort_error *error)
{
    store_settle_forget(store);
    store->kept_out.read = false;
    store->passage_id = 0; /* it may have been forgotten */
    store_turn_begin(store);
    bool begun = store_plain(store, BEGIN_WRITE, error);
    store_turn_begun(store);
    if (begun && !(retort_store_in_place(store, error) && store_fill_begin(store, error))) {
        retort_store_rollback(store);
        begun = false;
    }
    return begun;
}

bool retort_store_commit(struct retort_store *store, struct retort_error *error)
{
    if (store_tally_write(store, error) && store_slabs_write(store, error) &&
        store_slabs_pack(store, error) && store_plain(store, COMMIT, error)) {
        store_turn_end(store);
        return true;
    }
    retort_store_rollback(store);
    return false;
}

/* ---- whose file ------------------------------------------------------------------------------ */

/* In one statement, so at one moment: another process may be making the schema. */
static bool ask_header(struct retort_store *store, int64_t *application, int64_t *schema,
                       int64_t *n_objects, struct retort_error *error)
{
    static const char HEADER[] = "SELECT a.application_id, v.user_version,"
                                 " (SELECT count(*) FROM sqlite_schema)"
                                 " FROM pragma_application_id a, pragma_user_version v";
    sqlite3_stmt *statement = NULL;
    bool found = false;
    if (sqlite3_prepare_v2(store->db, HEADER, -1, &statement, NULL) != SQLITE_OK)
        return store_fail(store, error);
    bool asked = store_step(store, statement, &found, error);
    *application = found ? sqlite3_column_int64(statement, 0) : 0;
    *schema = found ? sqlite3_column_int64(statement, 1) : 0;
    *n_objects = found ? sqlite3_column_int64(statement, 2) : 0;
    sqlite3_finalize(statement);
    return asked;
}

static bool execute(struct retort_store *store, const char *sql, struct retort_error *error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, error);
}

/* *schema: 0 for a database with nothing in it. */
static bool read_header(struct retort_store *store, int64_t *schema, struct retort_error *error)
{
    int64_t application = 0, n_objects = 0;
    if (!ask_header(store, &application, schema, &n_objects, error))
        return false;
    if (application == 0 && *schema == 0 && n_objects == 0)
        return true;
    if (application != APPLICATION_ID)
        return retort_fail(error, RETORT_REFUSED,
                           "%s: is another program's database; name a file of its own for retort",
                           store->path);
    if (*schema > RETORT_STORE_SCHEMA)
        return retort_fail(error, RETORT_REFUSED,
                           "%s: was written by a newer retort (schema %lld, this one knows %d); "
                           "update retort",
                           store->path, (long long)*schema, RETORT_STORE_SCHEMA);
    return *schema > 0 || retort_fail(error, RETORT_REFUSED,
                                      "%s: has no schema number; restore a backup", store->path);
}

/* ---- schema ---------------------------------------------------------------------------------- */

static bool migrate_once(struct retort_store *store, int64_t schema, struct retort_error *error)
{
    char number[64];
    snprintf(number, sizeof number, "PRAGMA user_version = %lld", (long long)schema + 1);
    return execute(store, MIGRATIONS[schema], error) && execute(store, number, error);
}

/* Inside one transaction; the schema is read again, as another process may have been first. */
static bool migrate_whole(struct retort_store *store, struct retort_error *error)
{
    char mark[64];
    int64_t schema;
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d", APPLICATION_ID);
    if (!retort_store_begin(store, error))
        return false;
    bool done = read_header(store, &schema, error) && store_offer_ranks(store, error) &&
                execute(store, mark, error);
    for (; done && schema < RETORT_STORE_SCHEMA; schema++)
        done = migrate_once(store, schema, error);
    store->slabs.written = true; /* labels that were there want packing */
    if (done)
        return retort_store_commit(store, error);
    retort_store_rollback(store);
    return false;
}

struct waiting {
    struct retort_progress progress;
    size_t n_steps;
};

static int step(void *context)
{
    struct waiting *waiting = context;
    retort_progress_step(&waiting->progress, ++waiting->n_steps);
    return 0;
}

/* A million comments take a while: who looks on is told. */
bool store_while(struct retort_store *store, const char *what,
                 bool (*work)(struct retort_store *store, struct retort_error *error),
                 struct retort_error *error)
{
    enum { OPERATIONS = 1000000 }; /* of SQLite's machine, a step */
    struct waiting waiting = {0};
    if (!what)
        return work(store, error);
    retort_progress_begin(&waiting.progress, what, 0, false);
    sqlite3_progress_handler(store->db, OPERATIONS, step, &waiting);
    bool done = work(store, error);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    retort_progress_end(&waiting.progress);
    return done;
}

static bool migrate(struct retort_store *store, struct retort_error *error)
{
    return store_while(store, "bringing the review file up to date", migrate_whole, error);
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool check_path(const char *path, enum retort_store_mode mode, struct retort_error *error)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (mode == RETORT_STORE_WRITE && errno == ENOENT)
            return true;
        return retort_fail(error, RETORT_REFUSED, "%s: %s; `retort label -d %s FILE` makes one",
                           path, strerror(errno), path);
    }
    if (!S_ISREG(status.st_mode))
        return retort_fail(error, RETORT_REFUSED, "%s: is no regular file; name a database file",
                           path);
    if (mode != RETORT_STORE_READ && ((status.st_mode & 0222) == 0 || access(path, W_OK) != 0))
        return retort_fail(error, RETORT_REFUSED,
                           "%s: is read-only; `chmod u+w` it, or work on a copy", path);
    return true;
}

/* SQLite counts no bytes, and no connection is locked against a second thread: a store belongs to
 * one. Both cost a load a tenth. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool open_file(struct retort_store *store, const char *name, int flags, unsigned busy_ms,
                      struct retort_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    if (sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return store_fail(store, error);
    store_turn_wait(store, busy_ms);
    sqlite3_extended_result_codes(store->db, 1);
    /* A server has several that edit; the system keeps the file's pages for all of them. */
    const char *cache = store->mode == RETORT_STORE_EDIT ? "PRAGMA cache_size = -8192"
                                                         : "PRAGMA cache_size = -65536";
    return execute(store,
                   "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
                   "PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 8192",
                   error) &&
           execute(store, cache, error);
}

static bool fail_empty(const struct retort_store *store, struct retort_error *error)
{
    return retort_fail(error, RETORT_REFUSED,
                       "%s: holds nothing yet; `retort label -d %s FILE` fills it", store->path,
                       store->path);
}

static bool prepare_once(struct retort_store *store, struct retort_error *error)
{
    int64_t schema;
    if (!read_header(store, &schema, error))
        return false;
    if (schema == 0 && store->mode != RETORT_STORE_WRITE)
        return fail_empty(store, error);
    return execute(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", error) &&
           (schema == RETORT_STORE_SCHEMA || migrate(store, error));
}

/* Where two processes turn a new file into a write-ahead log at once, SQLite tells one of them that
 * it is busy without having waited: so the waiting is done here. */
static bool prepare_writer(struct retort_store *store, unsigned busy_ms, struct retort_error *error)
{
    enum { STEP_MS = 20 };
    for (unsigned waited = 0; !prepare_once(store, error); waited += STEP_MS) {
        if ((sqlite3_errcode(store->db) & 0xFF) != SQLITE_BUSY || waited >= busy_ms)
            return false;
        sqlite3_sleep(STEP_MS);
    }
    return true;
}

static bool prepare_reader(struct retort_store *store, struct retort_error *error)
{
    int64_t schema;
    if (!read_header(store, &schema, error))
        return false;
    if (schema == 0)
        return fail_empty(store, error);
    return schema == RETORT_STORE_SCHEMA ||
           retort_fail(error, RETORT_REFUSED,
                       "%s: has the older schema %lld; `retort label -d`, `review -d` or `serve "
                       "-d` brings it up to date",
                       store->path, (long long)schema);
}

/* A file: URI with every byte that means something there escaped. */
static void put_uri(struct retort_buffer *uri, const char *path)
{
    retort_buffer_text(uri, "file:");
    for (const char *at = path; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte <= ' ' || byte >= 0x7F || strchr("%?#", byte))
            retort_buffer_format(uri, "%%%02X", byte);
        else
            retort_buffer_byte(uri, byte);
    }
    retort_buffer_text(uri, "?mode=ro&immutable=1");
    retort_buffer_byte(uri, 0);
}

static bool has_log(const char *path)
{
    struct stat status;
    struct retort_buffer log = {0};
    retort_buffer_format(&log, "%s-wal", path);
    retort_buffer_byte(&log, 0);
    bool there = stat((const char *)log.data, &status) == 0 && status.st_size > 0;
    retort_buffer_release(&log);
    return there;
}

static bool reopen_snapshot(struct retort_store *store, unsigned busy_ms,
                            struct retort_error *error)
{
    struct retort_buffer uri = {0};
    sqlite3_close_v2(store->db);
    store->db = NULL;
    store->immutable = true;
    put_uri(&uri, store->path);
    bool opened = open_file(store, (const char *)uri.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                            busy_ms, error) &&
                  prepare_reader(store, error);
    retort_buffer_release(&uri);
    return opened;
}

static bool open_reader(struct retort_store *store, unsigned busy_ms, struct retort_error *error)
{
    if (open_file(store, store->path, SQLITE_OPEN_READWRITE, busy_ms, error) &&
        execute(store, "PRAGMA query_only = ON", error) && prepare_reader(store, error))
        return true;
    int code = store->db ? sqlite3_errcode(store->db) & 0xFF : SQLITE_OK;
    bool no_shared_memory = code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
    return no_shared_memory && !has_log(store->path) && reopen_snapshot(store, busy_ms, error);
}

/* A load that is killed is run again: so the log is synchronized when it is taken over, not at each
 * commit; what others commit, and the end, are. Its references are ids that it was given. */
bool retort_store_load(struct retort_store *store, struct retort_error *error)
{
    if (!store->checkpointer)
        store_checkpoint_beside(store);
    store_fill(store);
    return execute(store,
                   "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;"
                   "PRAGMA ignore_check_constraints = ON",
                   error);
}

static char *copy_path(const char *path)
{
    size_t size = strlen(path) + 1;
    return memcpy(retort_grow(NULL, size, 1), path, size);
}

bool retort_store_open(struct retort_store **store, const char *path, enum retort_store_mode mode,
                       unsigned busy_ms, struct retort_error *error)
{
    *store = NULL;
    if (!check_path(path, mode, error))
        return false;
    struct retort_store *made = retort_grow(NULL, 1, sizeof *made);
    *made = (struct retort_store){.mode = mode,
                                  .path = copy_path(path),
                                  .fine_most = FINE_MOST,
                                  .asked_most = ASKED_MOST,
                                  .try_cost = TRY_COST,
                                  .log_asked = LOG_ASKED,
                                  .log_most = LOG_MOST};
    int flags = SQLITE_OPEN_READWRITE | (mode == RETORT_STORE_WRITE ? SQLITE_OPEN_CREATE : 0);
    bool opened = mode == RETORT_STORE_READ ? open_reader(made, busy_ms, error)
                                            : open_file(made, path, flags, busy_ms, error) &&
                                                  prepare_writer(made, busy_ms, error);
    if (opened)
        *store = made;
    else
        retort_store_close(made);
    return opened;
}

void retort_store_close(struct retort_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < N_STATEMENTS; i++)
        sqlite3_finalize(store->prepared[i]);
    for (size_t i = 0; i <= LABELS_AT_ONCE; i++)
        sqlite3_finalize(store->put_labels[i]);
    store_checkpoint_end(store);
    store_fill_end(store);
    sqlite3_close_v2(store->db); /* rolls back what is open */
    retort_arena_release(&store->models_arena);
    retort_arena_release(&store->masked);
    retort_buffer_release(&store->scratch);
    retort_buffer_release(&store->labels);
    retort_buffer_release(&store->source);
    retort_buffer_release(&store->passage);
    retort_buffer_release(&store->settled.texts);
    retort_buffer_release(&store->packed);
    free(store->slabs.all);
    retort_buffer_release(&store->tallies.labels);
    free(store->settled.rows);
    free(store->tallies.changes);
    free(store->scores);
    free(store->counts);
    free(store->known);
    free(store->path);
    free(store);
}
