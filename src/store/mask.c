/* Masks: names taken out where rows are read, once for all statements.
 *
 * A temporary view has the name of each table that holds names, and shows its columns through the
 * mask; SQLite looks there first. The file's own views look into the file's own tables, so they are
 * made again beside. What a statement asks for by an index must stay as it is: a source's own ids
 * are masked after they were read, when what they point at is found. */
#include "store/sql.h"

#include <assert.h>
#include <string.h>

/* ---- functions of SQL ---- */

enum kind { AUTHOR, REVIEWER, TEXT, JSON, FILTER, HASH, NOTHING, N_KINDS };

static const char *const FUNCTIONS[N_KINDS] = {
    [AUTHOR] = "mask_author",  [REVIEWER] = "mask_reviewer", [TEXT] = "mask_text",
    [JSON] = "mask_json",      [FILTER] = "mask_filter",     [HASH] = "mask_hash",
    [NOTHING] = "mask_nothing"};

/* mask_hash: a BLOB stays one; a text becomes digits. */
static void answer_hash(sqlite3_context *context, const struct retort_mask *mask,
                        sqlite3_value *value, struct retort_span bytes)
{
    uint8_t hash[RETORT_SHA256_BYTES];
    char hex[RETORT_SECRET_HEX];
    static_assert(RETORT_SHA256_BYTES == RETORT_SECRET, "the digits of both are as many");
    mask->hash(mask->context, bytes, hash);
    if (sqlite3_value_type(value) == SQLITE_BLOB) {
        sqlite3_result_blob(context, hash, sizeof hash, SQLITE_TRANSIENT);
        return;
    }
    retort_secret_hex(hash, hex);
    sqlite3_result_text(context, hex, -1, SQLITE_TRANSIENT);
}

/* What stands between quotes, by JSON or, in a sample's filter, with quotes doubled. Returns where
 * it ends. */
static size_t read_quoted(struct retort_span text, size_t at, bool doubles,
                          struct retort_buffer *name)
{
    for (; at < text.len; at++) {
        bool follows = at + 1 < text.len && (text.data[at + 1] == '"' || !doubles);
        if (text.data[at] == (doubles ? '"' : '\\') && follows)
            at++;
        else if (text.data[at] == '"')
            break;
        retort_buffer_byte(name, text.data[at]);
    }
    return at;
}

static size_t find(struct retort_span text, size_t at, struct retort_span word)
{
    while (at < text.len && !retort_span_starts(retort_span_slice(text, at, text.len), word))
        at++;
    return at;
}

/* A draw's design: whom it chooses by name is masked there, be the name a plain word or not. */
static void mask_filter(const struct retort_mask *mask, struct retort_span design,
                        struct retort_buffer *out)
{
    const struct retort_span by = RETORT_SPAN("author=\"");
    size_t where = find(design, 0, RETORT_SPAN(" where="));
    struct retort_buffer name = {0};
    for (size_t begin = 0, at; begin < design.len; begin = at) {
        at = find(design, begin, by);
        mask->text(mask->context, retort_span_slice(design, begin, at), 0, out);
        if (at == design.len)
            break;
        retort_buffer_clear(&name);
        at = read_quoted(design, at + by.len, where < at, &name);
        retort_buffer_put(out, by);
        mask->author(mask->context, retort_buffer_span(&name), out);
    }
    retort_buffer_release(&name);
}

static void mask_value(const struct retort_mask *mask, enum kind kind, struct retort_span text,
                       int64_t source, struct retort_buffer *out)
{
    if (kind == AUTHOR)
        mask->author(mask->context, text, out);
    else if (kind == REVIEWER)
        mask->reviewer(mask->context, text, out);
    else if (kind == TEXT)
        mask->text(mask->context, text, source, out);
    else if (kind == JSON)
        mask->json(mask->context, text, source, out);
    else if (kind == FILTER)
        mask_filter(mask, text, out);
}

/* mask_…(value, source). NULL stays NULL. */
static void answer(sqlite3_context *context, int n_values, sqlite3_value **values, enum kind kind)
{
    const struct retort_mask *mask = sqlite3_user_data(context);
    const uint8_t *data = sqlite3_value_blob(values[0]);
    struct retort_span text = {data ? data : (const uint8_t *)"",
                               (size_t)sqlite3_value_bytes(values[0])};
    struct retort_buffer out = {0};
    (void)n_values;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    if (kind == HASH) {
        answer_hash(context, mask, values[0], text);
        return;
    }
    mask_value(mask, kind, text, sqlite3_value_int64(values[1]), &out);
    if (kind == NOTHING)
        sqlite3_result_zeroblob(context, 0);
    else
        sqlite3_result_text64(context, out.len ? (const char *)out.data : "", out.len,
                              SQLITE_TRANSIENT, SQLITE_UTF8);
    retort_buffer_release(&out);
}

static void answer_author(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, AUTHOR);
}

static void answer_reviewer(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, REVIEWER);
}

static void answer_text(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, TEXT);
}

static void answer_json(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, JSON);
}

static void answer_filter(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, FILTER);
}

static void answer_digest(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, HASH);
}

static void answer_nothing(sqlite3_context *context, int n, sqlite3_value **values)
{
    answer(context, n, values, NOTHING);
}

static bool offer_functions(struct retort_store *store, const struct retort_mask *mask,
                            struct retort_error *error)
{
    static void (*const ANSWERS[N_KINDS])(sqlite3_context *, int, sqlite3_value **) = {
        answer_author, answer_reviewer, answer_text,   answer_json,
        answer_filter, answer_digest,   answer_nothing};
    enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
    for (int i = 0; i < N_KINDS; i++)
        if (sqlite3_create_function_v2(store->db, FUNCTIONS[i], 2, FLAGS, (void *)mask, ANSWERS[i],
                                       NULL, NULL, NULL) != SQLITE_OK)
            return store_fail(store, error);
    return true;
}

/* ---- views ---- */

struct masked_column {
    const char *table, *column;
    enum kind kind;
    const char *source; /* the column that says where it stands; "0": anywhere */
};

static const struct masked_column COLUMNS[] = {
    {"source", "name", TEXT, "0"},       {"page", "sha256", HASH, "0"},
    {"page", "bytes", NOTHING, "0"},     {"passage", "sha256", HASH, "0"},
    {"passage", "text", TEXT, "0"},      {"outline", "title", TEXT, "0"},
    {"comment", "identity", HASH, "0"},  {"comment", "author", AUTHOR, "0"},
    {"comment", "text", TEXT, "source"}, {"comment", "meta", JSON, "source"},
    {"comment", "target", TEXT, "0"},    {"label", "target", TEXT, "0"},
    {"draw", "reviewer", REVIEWER, "0"}, {"draw", "design", FILTER, "0"},
    {"selection", "stratum", TEXT, "0"}, {"decision", "target", TEXT, "0"},
    {"decision", "note", TEXT, "0"},     {"decision", "reviewer", REVIEWER, "0"},
    {"decision", "token", HASH, "0"},    {"correction", "reviewer", REVIEWER, "0"},
    {"correction", "token", HASH, "0"},
};
enum { N_COLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

static const struct masked_column *mask_of(const char *table, struct retort_span column)
{
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (strcmp(COLUMNS[i].table, table) == 0 &&
            retort_span_equal(retort_span_of(COLUMNS[i].column), column))
            return &COLUMNS[i];
    return NULL;
}

static sqlite3_stmt *prepare(struct retort_store *store, const char *sql, const char *text,
                             struct retort_error *error)
{
    sqlite3_stmt *made = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &made, NULL) != SQLITE_OK) {
        store_fail(store, error);
        return NULL;
    }
    if (text)
        sqlite3_bind_text(made, 1, text, -1, SQLITE_TRANSIENT);
    return made;
}

/* All its columns, as the file has them; those with names masked. */
static bool put_view(struct retort_store *store, const char *table, struct retort_buffer *script,
                     struct retort_error *error)
{
    bool found, good;
    const char *before = " SELECT ";
    sqlite3_stmt *read =
        prepare(store, "SELECT name FROM pragma_table_info(?1, 'main')", table, error);
    if (!read)
        return false;
    retort_buffer_format(script, "CREATE TEMP VIEW %s AS", table);
    for (; (good = store_step(store, read, &found, error)) && found; before = ", ") {
        struct retort_span column = column_text(read, 0);
        const struct masked_column *masked = mask_of(table, column);
        int len = (int)column.len;
        const char *name = (const char *)column.data;
        if (masked)
            retort_buffer_format(script, "%s%s(%.*s, %s) AS %.*s", before, FUNCTIONS[masked->kind],
                                 len, name, masked->source, len, name);
        else
            retort_buffer_format(script, "%s%.*s", before, len, name);
    }
    retort_buffer_format(script, " FROM main.%s;", table);
    sqlite3_finalize(read);
    return good;
}

static bool put_views(struct retort_store *store, struct retort_buffer *script,
                      struct retort_error *error)
{
    static const char VIEWS[] = "SELECT sql FROM main.sqlite_schema WHERE type = 'view'";
    const struct retort_span create = RETORT_SPAN("CREATE ");
    bool found, good = true;
    for (size_t i = 0; good && i < N_COLUMNS; i++)
        if (i == 0 || strcmp(COLUMNS[i].table, COLUMNS[i - 1].table) != 0)
            good = put_view(store, COLUMNS[i].table, script, error);
    sqlite3_stmt *read = good ? prepare(store, VIEWS, NULL, error) : NULL;
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        struct retort_span sql = column_text(read, 0);
        assert(retort_span_starts(sql, create));
        retort_buffer_text(script, "CREATE TEMP ");
        retort_buffer_put(script, retort_span_slice(sql, create.len, sql.len));
        retort_buffer_byte(script, ';');
    }
    sqlite3_finalize(read);
    return good;
}

bool retort_store_mask(struct retort_store *store, const struct retort_mask *mask,
                       struct retort_error *error)
{
    struct retort_buffer script = {0};
    assert(store->mode == RETORT_STORE_READ && !store->mask);
    retort_buffer_text(&script, "PRAGMA temp_store = MEMORY; PRAGMA query_only = OFF;");
    bool good = offer_functions(store, mask, error) && put_views(store, &script, error);
    retort_buffer_text(&script, "PRAGMA query_only = ON");
    retort_buffer_byte(&script, 0);
    good = good &&
           (sqlite3_exec(store->db, (const char *)script.data, NULL, NULL, NULL) == SQLITE_OK ||
            store_fail(store, error));
    retort_buffer_release(&script);
    if (good)
        store->mask = mask;
    return good;
}

/* ---- what is not masked by a view ---- */

struct retort_span store_masked_id(struct retort_store *store, struct retort_span id,
                                   int64_t source)
{
    struct retort_buffer out = {0};
    if (!store->mask || !id.data)
        return id;
    store->mask->text(store->mask->context, id, source, &out);
    struct retort_span masked = retort_arena_copy(&store->masked, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return masked;
}

bool retort_store_each_author(struct retort_store *store,
                              bool (*visit)(void *context, struct retort_span name, int64_t source,
                                            struct retort_error *error),
                              void *context, struct retort_error *error)
{
    static const char AUTHORS[] =
        "SELECT author, CASE WHEN min(source) = max(source) THEN min(source) ELSE 0 END"
        " FROM comment WHERE author IS NOT NULL GROUP BY author";
    bool found, good;
    sqlite3_stmt *read = prepare(store, AUTHORS, NULL, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found)
        if (!(good = visit(context, column_text(read, 0), sqlite3_column_int64(read, 1), error)))
            break;
    sqlite3_finalize(read);
    return good;
}
