/* Health: what `retort doctor` asks of a database. */
#include "store/sql.h"

#include <string.h>

struct question {
    const char *sql;
    size_t offset; /* of the answer in struct retort_store_health */
};

#define ANSWER(member) offsetof(struct retort_store_health, member)

static const struct question QUESTIONS[] = {
    {"SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()", ANSWER(n_bytes)},
    {"SELECT count(*) FROM page", ANSWER(n_pages)},
    {"SELECT count(*) FROM comment", ANSWER(n_comments)},
    {"SELECT count(*) FROM comment_place WHERE current", ANSWER(n_current)},
    {"SELECT count(*) FROM label", ANSWER(n_labels)},
    {"SELECT count(*) FROM model", ANSWER(n_models)},
    {"SELECT count(*) FROM decision WHERE kind <> 'undo'", ANSWER(n_decisions)},
    {"SELECT count(*) FROM decision WHERE kind = 'undo'", ANSWER(n_undone)},
    {"SELECT count(*) FROM pragma_foreign_key_check()", ANSWER(n_broken_links)},
};

/* The first column of the first row, as text. */
static bool ask_text(struct retort_store *store, const char *sql, char *answer, size_t size,
                     struct retort_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool found = false;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return store_fail(store, error);
    bool good = store_step(store, statement, &found, error);
    if (good && found) {
        struct retort_span text = column_text(statement, 0);
        size_t n = text.len < size ? text.len : size - 1;
        memcpy(answer, text.data, n);
        answer[n] = 0;
    }
    sqlite3_finalize(statement);
    return good;
}

static bool ask_count(struct retort_store *store, const struct question *question,
                      struct retort_store_health *health, struct retort_error *error)
{
    char text[32] = "0";
    uint64_t count = 0;
    if (!ask_text(store, question->sql, text, sizeof text, error))
        return false;
    retort_parse_count(text, &count);
    memcpy((char *)health + question->offset, &count, sizeof count);
    return true;
}

bool retort_store_check(struct retort_store *store, struct retort_store_health *health,
                        struct retort_error *error)
{
    char mode[16] = "";
    *health =
        (struct retort_store_health){.schema = RETORT_STORE_SCHEMA, .immutable = store->immutable};
    if (!ask_text(store, "PRAGMA integrity_check(1)", health->integrity, sizeof health->integrity,
                  error) ||
        !ask_text(store, "PRAGMA journal_mode", mode, sizeof mode, error))
        return false;
    health->wal = strcmp(mode, "wal") == 0;
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++)
        if (!ask_count(store, &QUESTIONS[i], health, error))
            return false;
    return true;
}
