/* Fixtures of the store's and the review's suites. */
#include "store/fixture.h"

#include <check.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[256];

void fixture_begin(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%s/retort-store.XXXXXX", parent ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

void fixture_end(void)
{
    chmod(directory, 0700);
    DIR *open = opendir(directory);
    struct dirent *entry;
    while (open && (entry = readdir(open)))
        if (entry->d_name[0] != '.')
            unlink(fixture_path(entry->d_name));
    if (open)
        closedir(open);
    rmdir(directory);
}

const char *fixture_path(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

const char *fixture_directory(void)
{
    return directory;
}

struct retort_store *fixture_open(const char *name, enum retort_store_mode mode)
{
    struct retort_store *store;
    struct retort_error error = {0};
    bool opened = retort_store_open(&store, fixture_path(name), mode, 2000, &error);
    ck_assert_msg(opened, "%s", error.message);
    return store;
}

static void build_page(const char *const *texts, struct retort_buffer *bytes,
                       struct retort_comment *comments, size_t *n_comments)
{
    retort_buffer_text(bytes, "The town will close its library.\n");
    *n_comments = 0;
    for (; texts[*n_comments]; ++*n_comments) {
        struct retort_comment *comment = &comments[*n_comments];
        const char *text = texts[*n_comments];
        bool answers = text[0] >= '0' && text[0] <= '9' && text[1] == ':';
        comment->parent = answers ? text[0] - '1' : -1;
        comment->begin = bytes->len;
        comment->first_line = comment->last_line = *n_comments + 2;
        comment->text = retort_span_of(answers ? text + 2 : text);
        retort_buffer_put(bytes, comment->text);
        comment->end = bytes->len;
        retort_buffer_byte(bytes, '\n');
    }
}

bool fixture_put(struct retort_store *store, const char *source, const char *splitter,
                 const char *const *texts, int64_t *ids, enum retort_page_outcome *outcome,
                 struct retort_error *error)
{
    static struct retort_comment comments[20000];
    static int64_t ignored[20000];
    struct retort_buffer bytes = {0};
    struct retort_page_record page = {.source = source, .splitter = splitter};
    memset(comments, 0, sizeof comments);
    build_page(texts, &bytes, comments, &page.n_comments);
    page.bytes = retort_buffer_span(&bytes);
    page.article = RETORT_SPAN("The town will close its library.");
    page.comments = comments;
    bool put = retort_store_put_page(store, &page, ids ? ids : ignored, outcome, error);
    retort_buffer_release(&bytes);
    return put;
}

enum retort_page_outcome fixture_page(struct retort_store *store, const char *source,
                                      const char *splitter, const char *const *texts, int64_t *ids)
{
    struct retort_error error = {0};
    enum retort_page_outcome outcome;
    bool stored = retort_store_begin(store, &error) &&
                  fixture_put(store, source, splitter, texts, ids, &outcome, &error) &&
                  retort_store_commit(store, &error);
    ck_assert_msg(stored, "%s", error.message);
    return outcome;
}

int64_t fixture_line(struct retort_store *store, const char *native_id, const char *text)
{
    struct retort_error error = {0};
    int64_t id = 0;
    struct retort_line_record line = {.source = "lines.jsonl", .text = retort_span_of(text)};
    if (native_id)
        line.native_id = retort_span_of(native_id);
    bool stored = retort_store_begin(store, &error) &&
                  retort_store_put_line(store, &line, &id, &error) &&
                  retort_store_commit(store, &error);
    ck_assert_msg(stored, "%s", error.message);
    return id;
}

struct retort_model *fixture_model(const char *task, enum retort_choice choice,
                                   const char *const *names, const char *salt)
{
    struct retort_label labels[32] = {0};
    uint32_t slots[8] = {0};
    uint8_t tags[8] = {0};
    struct retort_dictionary dictionary = {.n_slots = 8, .tags = tags, .slots = slots};
    struct retort_buffer card = {0};
    struct retort_error error = {0};
    struct retort_model *model;
    size_t n_labels = 0;
    for (; names[n_labels]; n_labels++)
        labels[n_labels] = (struct retort_label){.name = names[n_labels],
                                                 .platt_a = -1,
                                                 .threshold = 0.5,
                                                 .sure_above = 0.6,
                                                 .sure_below = 0.4};
    retort_buffer_format(&card, "{\"salt\":\"%s\"}", salt);
    struct retort_model_parts parts = {
        .task = task,
        .choice = choice,
        .recipe =
            strcmp(task, "stance") == 0 ? RETORT_SPAN("words=2 target=1") : RETORT_SPAN("words=2"),
        .labels = labels,
        .n_labels = n_labels,
        .dictionary = &dictionary,
        .card = retort_buffer_span(&card),
    };
    bool made = retort_model_write(fixture_path("made.model"), &parts, &error) &&
                retort_model_open(&model, fixture_path("made.model"), &error);
    ck_assert_msg(made, "%s", error.message);
    retort_buffer_release(&card);
    return model;
}

void fixture_label(struct retort_store *store, const struct retort_model *model, int64_t comment,
                   const double *p)
{
    struct retort_score scores[32] = {0};
    struct retort_verdict verdict = {.model = model, .scores = scores};
    struct retort_label_record record = {.comment = comment, .verdict = &verdict};
    struct retort_error error = {0};
    bool one = retort_model_choice(model) == RETORT_ONE_OF;
    for (size_t i = 0; i < retort_model_n_labels(model); i++) {
        scores[i] = (struct retort_score){.p = p[i], .on = !one && p[i] >= 0.5};
        scores[i].unsure = p[i] > 0.4 && p[i] < 0.6;
        if (p[i] > scores[verdict.label].p)
            verdict.label = i;
    }
    scores[verdict.label].on |= one;
    bool stored = retort_store_begin(store, &error) &&
                  retort_store_put_label(store, &record, &error) &&
                  retort_store_commit(store, &error);
    ck_assert_msg(stored, "%s", error.message);
}

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

int64_t fixture_ask(const char *name, const char *sql)
{
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(fixture_path(name), &db), SQLITE_OK);
    int64_t answer = ask(db, sql);
    sqlite3_close(db);
    return answer;
}

int64_t fixture_ask_both(const char *name, const char *other, const char *sql)
{
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(fixture_path(name), &db), SQLITE_OK);
    char *attach = sqlite3_mprintf("ATTACH %Q AS other", fixture_path(other));
    ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    int64_t answer = ask(db, sql);
    sqlite3_free(attach);
    sqlite3_close(db);
    return answer;
}
