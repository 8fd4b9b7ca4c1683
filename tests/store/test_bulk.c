/* What a load does many thousand times, in the quick way, against the plain way to say the same. */
#include "fixture.h"
#include "store/identity.h"
#include "store/pack.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- white space is folded ---- */

static bool is_white(uint8_t byte)
{
    return byte == ' ' || (byte >= 9 && byte <= 13);
}

static size_t fold_plainly(struct retort_span text, uint8_t *out)
{
    size_t n = 0;
    text = retort_span_trim(text);
    for (size_t i = 0; i < text.len; i++)
        if (!is_white(text.data[i]))
            out[n++] = text.data[i];
        else if (!is_white(text.data[i - 1]))
            out[n++] = ' ';
    return n;
}

START_TEST(test_folding)
{
    static const uint8_t BYTES[] = {' ', ' ', ' ', '\t', '\r', '\n', 14,   8,   31,
                                    '!', 'a', 'b', 'c',  0xA0, 0x89, 0x8D, 0xC3};
    struct retort_buffer out = {0};
    uint64_t seed = 7;
    for (size_t round = 0; round < 20000; round++) {
        uint8_t bytes[40], folded[40];
        struct identity_fields fields = {.text = {bytes, retort_random(&seed) % sizeof bytes}};
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = BYTES[retort_random(&seed) % (round % 2 ? sizeof BYTES : 12)];
        size_t n = fold_plainly(fields.text, folded);
        identity_write(&fields, &out);
        /* A byte, six empty fields, and the text with its length behind it. */
        ck_assert_uint_eq(out.len, 1 + 6 * 8 + n + 8);
        ck_assert_mem_eq(out.data + 1 + 6 * 8, folded, n);
        ck_assert_uint_eq(out.data[1 + 6 * 8 + n], n);
    }
    retort_buffer_release(&out);
}
END_TEST

/* ---- a slab is sorted ---- */

/* Many are equal; some are of files that others have made. */
static double some_rank(uint64_t *seed)
{
    static const double RANKS[] = {0.0, -0.0, 1e-300, 0.25, 0.2500000001, 1, 2.5, 1e9, -1, -0.5};
    uint64_t draw = retort_random(seed);
    return draw % 3 ? RANKS[draw / 3 % (sizeof RANKS / sizeof *RANKS)]
                    : (double)(draw % 100000) / 50000;
}

START_TEST(test_sorting)
{
    static const size_t SIZES[] = {0, 1, 2, 300, 24000};
    struct pack_group group = {1, RETORT_SPAN("[\"a\"]")};
    size_t n = SIZES[_i];
    struct pack pack = {
        .rows = calloc(n + 1, sizeof *pack.rows), .groups = &group, .n_rows = n, .n_groups = 1};
    struct retort_buffer out = {0};
    uint64_t seed = 3;
    for (size_t i = 0; i < n; i++)
        pack.rows[i] =
            (struct pack_row){.ranks = {some_rank(&seed)}, .comment = (int64_t)i / 3, .state = 1};
    pack_write(&pack, PACK_WORTH, &out);
    struct pack_front front = pack_front(out.data);
    ck_assert_uint_eq(front.n_entries, n);
    ck_assert_uint_eq(out.len, front.head + n * PACK_ENTRY);
    for (size_t i = 1; i < n; i++) {
        struct pack_entry last = pack_entry(out.data + front.head + (i - 1) * PACK_ENTRY, 0);
        struct pack_entry here = pack_entry(out.data + front.head + i * PACK_ENTRY, 0);
        ck_assert(last.score > here.score ||
                  (last.score == here.score && last.comment <= here.comment));
    }
    retort_buffer_release(&out);
    free(pack.rows);
}
END_TEST

/* ---- a load puts what is put otherwise ---- */

enum { N_TASKS = 9, N_MODELS = N_TASKS + 1, N_LABELS = 3 }; /* the last is a second of a task */

static void open_models(struct retort_model **models)
{
    static const char *const LABELS[] = {"a", "b", "\"c\"", NULL};
    static const char *const TASKS[] = {"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t3"};
    for (size_t i = 0; i < N_MODELS; i++)
        models[i] = fixture_model(TASKS[i], i % 2 ? RETORT_ONE_OF : RETORT_ANY_OF, LABELS,
                                  i < N_TASKS ? "" : "second");
}

static void judge(struct retort_model *const *models, struct retort_verdict *verdicts,
                  struct retort_score scores[][N_LABELS], uint64_t *seed)
{
    for (size_t m = 0; m < N_MODELS; m++) {
        for (size_t l = 0; l < N_LABELS; l++)
            scores[m][l] = (struct retort_score){.p = (double)(retort_random(seed) % 1000) / 999,
                                                 .on = retort_random(seed) % 2,
                                                 .unsure = retort_random(seed) % 2};
        verdicts[m] = (struct retort_verdict){
            .model = models[m], .scores = scores[m], .label = retort_random(seed) % N_LABELS};
    }
}

static void put_all(struct retort_store *store, const struct retort_label_record *of,
                    const struct retort_verdict *verdicts, bool loads)
{
    struct retort_error error = {0};
    struct retort_label_record record = *of;
    if (loads)
        ck_assert(retort_store_put_labels(store, of, verdicts, N_MODELS, &error));
    for (size_t m = 0; !loads && m < N_MODELS; m++) {
        record.verdict = &verdicts[m];
        ck_assert(retort_store_put_label(store, &record, &error));
    }
}

/* Lines of which every fifth was there before, and is labelled anew. */
static void fill(const char *name, struct retort_model *const *models, bool loads)
{
    struct retort_error error = {0};
    struct retort_store *store = fixture_open(name, RETORT_STORE_WRITE);
    struct retort_arena arena = {0};
    uint64_t seed = 11;
    ck_assert(!loads || retort_store_load(store, &error));
    for (size_t i = 0; i < 400; i++) {
        char id[24];
        struct retort_score scores[N_MODELS][N_LABELS];
        struct retort_verdict verdicts[N_MODELS];
        snprintf(id, sizeof id, "%zu", i % 5 ? i : i / 2);
        struct retort_line_record line = {
            .source = "f", .native_id = retort_span_of(id), .text = RETORT_SPAN("So be it.")};
        struct retort_label_record of = {.below = i % 3};
        if (loads)
            retort_store_identify(&line, &arena);
        if (i % 50 == 0)
            ck_assert(retort_store_begin(store, &error));
        ck_assert(retort_store_put_line(store, &line, &of.comment, &error));
        retort_arena_clear(&arena);
        judge(models, verdicts, scores, &seed);
        put_all(store, &of, verdicts, loads);
        if (i % 50 == 49)
            ck_assert(retort_store_commit(store, &error));
    }
    retort_arena_release(&arena);
    retort_store_close(store);
}

static void check_same(const char *columns, const char *table)
{
    struct retort_buffer sql = {0};
    for (int way = 0; way < 2; way++) {
        const char *left = way ? "main" : "other", *right = way ? "other" : "main";
        retort_buffer_clear(&sql);
        retort_buffer_format(&sql,
                             "SELECT count(*) FROM (SELECT %s FROM %s.%s EXCEPT SELECT %s FROM "
                             "%s.%s)",
                             columns, left, table, columns, right, table);
        retort_buffer_byte(&sql, 0);
        ck_assert_int_eq(fixture_ask_both("a.db", "b.db", (const char *)sql.data), 0);
    }
    retort_buffer_release(&sql);
}

START_TEST(test_load)
{
    struct retort_model *models[N_MODELS];
    struct retort_store_health health;
    struct retort_error error = {0};
    open_models(models);
    fill("a.db", models, false);
    fill("b.db", models, true);
    check_same("*", "label");
    check_same("*", "tally");
    check_same("id, identity, source, native_id, text", "comment");
    ck_assert_int_eq(fixture_ask("b.db", "SELECT count(*) FROM label"), 360 * N_MODELS);
    ck_assert_int_eq(fixture_ask("b.db", "SELECT count(*) FROM comment WHERE stored NOT GLOB"
                                         " '20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5]"
                                         "[0-9]:[0-6][0-9]Z'"),
                     0);
    struct retort_store *store = fixture_open("b.db", RETORT_STORE_READ);
    ck_assert(retort_store_check(store, &health, &error));
    ck_assert_str_eq(health.integrity, "ok");
    ck_assert_uint_eq(health.n_broken_links, 0);
    retort_store_close(store);
    for (size_t i = 0; i < N_MODELS; i++)
        retort_model_close(models[i]);
}
END_TEST

/* ---- a slab is packed from what is in memory ---- */

static void put_both(struct retort_store *store, struct retort_model *const *models, int64_t id,
                     uint64_t seed)
{
    struct retort_error error = {0};
    struct retort_score scores[N_MODELS][N_LABELS];
    struct retort_verdict verdicts[N_MODELS];
    struct retort_label_record of = {.comment = id, .below = seed % 3};
    judge(models, verdicts, scores, &seed);
    of.verdict = &verdicts[1]; /* known first, of the first comment, so its id is the lower */
    ck_assert(id != 1 || retort_store_put_label(store, &of, &error));
    ck_assert(retort_store_put_labels(store, &of, verdicts, id == 1 ? 1 : 2, &error));
}

static void put_batch(struct retort_store *store, struct retort_model *const *models, size_t begin,
                      size_t n)
{
    struct retort_error error = {0};
    for (size_t i = begin; i < begin + n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i);
        struct retort_line_record line = {
            .source = "f", .native_id = retort_span_of(number), .text = RETORT_SPAN("So be it.")};
        int64_t id;
        ck_assert(retort_store_put_line(store, &line, &id, &error));
        if (i % 4000 != 3) /* some have none */
            put_both(store, models, id, i);
    }
}

/* What comes between two batches, of which the memory has to hear. */
enum meddling { NOTHING, ANOTHER_CHANGES, ANOTHER_DELETES, AGAIN, ROLLED_BACK, N_MEDDLINGS };

static void another(const char *sql)
{
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void meddle(struct retort_store *store, struct retort_model *const *models, int what)
{
    struct retort_error error = {0};
    if (what == ANOTHER_CHANGES)
        another("UPDATE label SET state = 2, worth = 3 WHERE comment % 1000 = 77");
    else if (what == ANOTHER_DELETES)
        another("DELETE FROM label WHERE comment = 6");
    ck_assert(what < AGAIN || retort_store_begin(store, &error));
    if (what == AGAIN)
        put_both(store, models, 900, 1);
    else if (what == ROLLED_BACK)
        put_batch(store, models, 100000, 10);
    ck_assert(what != AGAIN || retort_store_commit(store, &error));
    retort_store_rollback(store);
}

/* The groups may be numbered otherwise. */
static void check_pack(struct retort_span left, struct retort_span right)
{
    struct retort_arena arena = {0};
    struct pack_group *groups[2];
    const struct pack_front fronts[2] = {pack_front(left.data), pack_front(right.data)};
    ck_assert(pack_groups(retort_span_slice(left, 0, fronts[0].head), fronts, &arena, groups));
    ck_assert(
        pack_groups(retort_span_slice(right, 0, fronts[1].head), fronts + 1, &arena, groups + 1));
    ck_assert_uint_eq(fronts[0].n_entries, fronts[1].n_entries);
    for (size_t i = 0; i < fronts[0].n_entries; i++) {
        struct pack_entry a = pack_entry(left.data + fronts[0].head + i * PACK_ENTRY, 0);
        struct pack_entry b = pack_entry(right.data + fronts[1].head + i * PACK_ENTRY, 0);
        ck_assert(a.score == b.score && a.comment == b.comment && a.state == b.state);
        ck_assert(groups[0][a.group].model == groups[1][b.group].model);
        ck_assert(retort_span_equal(groups[0][a.group].label, groups[1][b.group].label));
    }
    retort_arena_release(&arena);
}

static struct retort_span blob_of(sqlite3_stmt *read, int column)
{
    return (struct retort_span){sqlite3_column_blob(read, column),
                                (size_t)sqlite3_column_bytes(read, column)};
}

static size_t check_packs(void)
{
    sqlite3 *db;
    sqlite3_stmt *read;
    size_t n = 0;
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db,
                                        "SELECT f.rows, p.rows FROM filled f JOIN packed p"
                                        " ON p.id = f.id",
                                        -1, &read, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(read) == SQLITE_ROW; n++)
        check_pack(blob_of(read, 0), blob_of(read, 1));
    sqlite3_finalize(read);
    sqlite3_close(db);
    return n;
}

/* A slab is packed as when it is read from the file. */
START_TEST(test_filled)
{
    enum { BATCH = 1500, N_BATCHES = 12, N_SLABS = 2 };
    struct retort_error error = {0};
    struct retort_model *models[N_MODELS];
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    open_models(models);
    ck_assert(retort_store_load(store, &error));
    for (size_t i = 0; i < N_BATCHES; i++) {
        ck_assert(retort_store_begin(store, &error));
        put_batch(store, models, i * BATCH, BATCH);
        ck_assert(retort_store_commit(store, &error));
        if (i == 1)
            meddle(store, models, _i);
    }
    another("CREATE TABLE filled AS SELECT * FROM packed; UPDATE slab SET packed = 0");
    ck_assert(retort_store_begin(store, &error));
    put_both(store, models, N_BATCHES * BATCH, 5);
    ck_assert(retort_store_commit(store, &error));
    retort_store_close(store);
    ck_assert_uint_eq(check_packs(), 3 * N_SLABS);
    for (size_t i = 0; i < N_MODELS; i++)
        retort_model_close(models[i]);
}
END_TEST

/* ---- the log is taken over beside it ---- */

/* Asked for at each commit; or never, and then all at once; or so that the load has to wait. */
static const struct {
    int asked, most;
} LOGS[] = {{1, 1000000}, {1000000, 1000000}, {1, 1}, {20, 60}};

START_TEST(test_log)
{
    enum { N_LINES = 600, BATCH = 20 };
    static uint8_t text[5000];
    struct retort_error error = {0};
    struct retort_store_health health;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_line_record line = {.source = "f", .text = {text, sizeof text}};
    int64_t id;
    store->log_asked = LOGS[_i].asked;
    store->log_most = LOGS[_i].most;
    memset(text, 'a', sizeof text);
    ck_assert(retort_store_load(store, &error) && retort_store_load(store, &error));
    for (size_t i = 0; i < N_LINES; i++) {
        ck_assert(i % BATCH || retort_store_begin(store, &error));
        ck_assert(retort_store_put_line(store, &line, &id, &error));
        ck_assert(i % BATCH < BATCH - 1 || retort_store_commit(store, &error));
    }
    retort_store_close(store);
    ck_assert_int_ne(access(fixture_path("a.db-wal"), F_OK), 0);
    store = fixture_open("a.db", RETORT_STORE_READ);
    ck_assert(retort_store_check(store, &health, &error));
    ck_assert_str_eq(health.integrity, "ok");
    ck_assert_uint_eq(health.n_comments, N_LINES);
    retort_store_close(store);
}
END_TEST

TCase *store_bulk(void)
{
    TCase *bulk = tcase_create("bulk");
    tcase_add_checked_fixture(bulk, fixture_begin, fixture_end);
    tcase_add_test(bulk, test_folding);
    tcase_add_loop_test(bulk, test_sorting, 0, 5);
    tcase_add_test(bulk, test_load);
    tcase_add_loop_test(bulk, test_filled, 0, N_MEDDLINGS);
    tcase_add_loop_test(bulk, test_log, 0, sizeof LOGS / sizeof *LOGS);
    return bulk;
}
