/* Views: whatever is asked, page by page, against the same worked out by one plain pass. */
#include "store/rank.h"
#include "store/world.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { PASS_MOST = 2000 };

struct expected {
    int64_t comment, model;
    double score;
};

static const char *const STANDS =
    " EXISTS (SELECT 1 FROM decision p WHERE p.comment = l.comment AND p.task = m.task AND %s AND"
    " NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = p.id))";

static void put_state(struct retort_buffer *sql, const struct retort_filter *filter)
{
    static const char *const STATES[] = {
        "d.id IS NULL", "d.id IS NOT NULL", "d.id IS NOT NULL AND d.label <> l.label",
        "d.id IS NULL", "d.id IS NULL",     "1"};
    char parked[100];
    retort_buffer_format(sql, " AND %s", STATES[filter->state]);
    if (filter->state == RETORT_ESCALATED || filter->state == RETORT_SKIPPED) {
        retort_buffer_text(sql, " AND");
        retort_buffer_format(sql, STANDS,
                             filter->state == RETORT_SKIPPED ? "p.kind = 'skip'"
                                                             : "p.kind = 'escalate'");
    }
    if (filter->state != RETORT_WAITING || !filter->reviewer)
        return;
    snprintf(parked, sizeof parked, "p.kind IN ('skip', 'escalate') AND p.reviewer = '%s'",
             filter->reviewer);
    retort_buffer_text(sql, " AND NOT");
    retort_buffer_format(sql, STANDS, parked);
}

static void put_query(struct retort_buffer *sql, const struct retort_view *view)
{
    static const char *const SCORES[] = {"l.worth", "l.severe", "l.near", "l.comment", "0"};
    const struct retort_filter *filter = &view->filter;
    retort_buffer_format(sql,
                         "SELECT l.comment, l.model, %s AS score FROM label l JOIN model m ON m.id"
                         " = l.model JOIN comment_place c ON c.comment = l.comment LEFT JOIN"
                         " current_decision d ON d.comment = l.comment AND d.task = m.task AND"
                         " d.target = l.target WHERE l.latest = 1 AND c.current",
                         SCORES[view->order]);
    put_state(sql, filter);
    if (filter->task)
        retort_buffer_format(sql, " AND m.task = '%s'", filter->task);
    if (filter->label)
        retort_buffer_format(sql, " AND l.label LIKE '%%\"%s\"%%'", filter->label);
    if (filter->source)
        retort_buffer_format(sql, " AND c.source_id = %lld", (long long)filter->source);
    if (filter->author.data)
        retort_buffer_format(sql, " AND c.author = '%.*s'", (int)filter->author.len,
                             (const char *)filter->author.data);
    if (filter->words.data)
        retort_buffer_format(sql, " AND c.text LIKE '%%%.*s%%'", (int)filter->words.len,
                             (const char *)filter->words.data);
    retort_buffer_text(sql, " ORDER BY score DESC, l.comment, l.model");
    retort_buffer_byte(sql, 0);
}

/* Each comment at its first row. */
static size_t expect(const struct retort_view *view, struct expected *rows)
{
    struct retort_buffer sql = {0};
    sqlite3 *db;
    sqlite3_stmt *read;
    size_t n = 0;
    put_query(&sql, view);
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_msg(sqlite3_prepare_v2(db, (const char *)sql.data, -1, &read, NULL) == SQLITE_OK,
                  "%s", sqlite3_errmsg(db));
    while (sqlite3_step(read) == SQLITE_ROW) {
        struct expected row = {sqlite3_column_int64(read, 0), sqlite3_column_int64(read, 1),
                               sqlite3_column_double(read, 2)};
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= rows[i].comment == row.comment;
        if (!known && n < PASS_MOST)
            rows[n++] = row;
    }
    sqlite3_finalize(read);
    sqlite3_close(db);
    retort_buffer_release(&sql);
    return n;
}

/* All pages of the view, one behind the other. */
static size_t list(struct world *world, const struct retort_view *view, struct expected *rows)
{
    struct retort_arena arena = {0};
    struct retort_view page = *view;
    size_t n = 0;
    do {
        struct retort_listing listing;
        struct retort_error error = {0};
        bool listed = retort_store_list(world->store, &page, &arena, &listing, &error);
        ck_assert_msg(listed, "%s", error.message);
        ck_assert(!view->limit || listing.n_items <= view->limit);
        ck_assert(listing.n_items > 0 || !listing.next.data);
        for (size_t i = 0; i < listing.n_items && n < PASS_MOST; i++)
            rows[n++] = (struct expected){listing.items[i].comment, listing.items[i].model->id,
                                          listing.items[i].score};
        page.after = listing.next;
    } while (page.after.data);
    retort_arena_release(&arena);
    return n;
}

static int compare_comments(const void *left, const void *right)
{
    const struct expected *a = left, *b = right;
    return a->comment < b->comment ? -1 : a->comment > b->comment;
}

static void check_view(struct world *world, const struct retort_view *view)
{
    static struct expected wanted[PASS_MOST], found[PASS_MOST];
    struct retort_error error = {0};
    uint64_t n_counted;
    bool exact;
    size_t n_wanted = expect(view, wanted), n_found = list(world, view, found);
    ck_assert_uint_eq(n_found, n_wanted);
    if (view->order == RETORT_RANDOM) {
        qsort(wanted, n_wanted, sizeof *wanted, compare_comments);
        qsort(found, n_found, sizeof *found, compare_comments);
    }
    for (size_t i = 0; i < n_wanted; i++) {
        ck_assert_int_eq(found[i].comment, wanted[i].comment);
        ck_assert_int_eq(found[i].model, wanted[i].model);
        ck_assert(view->order == RETORT_RANDOM || found[i].score == wanted[i].score);
    }
    ck_assert(retort_store_count(world->store, &view->filter, 0, &n_counted, &exact, &error));
    ck_assert(exact);
    ck_assert_uint_eq(n_counted, n_wanted);
    ck_assert(retort_store_count(world->store, &view->filter, 2, &n_counted, &exact, &error));
    ck_assert(exact ? n_counted == n_wanted : n_counted <= n_wanted);
}

static struct retort_view any_view(struct world *world)
{
    static const char *const TASKS[] = {NULL, "tone", "stance"};
    static const char *const LABELS[] = {NULL, "toxic", "polite"};
    static const char *const PEOPLE[] = {NULL, "kim", "lee"};
    static const char *const WORDS[] = {"river", "bridge"};
    struct retort_error error = {0};
    struct retort_view view = {.order = (enum retort_order)world_draw(world, 5),
                               .seed = world_draw(world, 1000),
                               .limit = world_draw(world, 6)};
    view.filter.state = (enum retort_wanted)world_draw(world, 6);
    view.filter.task = TASKS[world_draw(world, 3)];
    if (!view.filter.task || strcmp(view.filter.task, "tone") == 0)
        view.filter.label = LABELS[world_draw(world, 3)];
    view.filter.reviewer = PEOPLE[world_draw(world, 3)];
    if (world_draw(world, 4) == 0)
        view.filter.author = RETORT_SPAN("ann");
    if (world_draw(world, 4) == 0)
        ck_assert(retort_store_find_source(world->store, "a.jsonl", &view.filter.source, &error));
    if (world_draw(world, 4) == 0)
        view.filter.words = retort_span_of(WORDS[world_draw(world, 2)]);
    return view;
}

START_TEST(test_any_view)
{
    struct world world;
    struct retort_error error = {0};
    double share;
    world_begin(&world, 100 + (uint64_t)_i);
    while (fixture_ask("a.db", "SELECT count(DISTINCT task) FROM model") < 2)
        world_step(&world);
    for (int round = 0; round < 6; round++) {
        for (int step = 0; step < 60; step++)
            world_step(&world);
        ck_assert(retort_store_index_words(world.store, 1 << 30, &share, &error));
        ck_assert(share == 1);
        for (int i = 0; i < 60; i++) {
            struct retort_view view = any_view(&world);
            world.store->try_cost = (size_t)i % 2; /* 0: ids are tried */
            check_view(&world, &view);
        }
    }
    world_end(&world);
}
END_TEST

/* ---- slabs ------------------------------------------------------------------------------------
 */

static size_t n_waiting(struct retort_store *store)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_listing listing;
    struct retort_view view = {.order = RETORT_WORTH};
    ck_assert(retort_store_list(store, &view, &arena, &listing, &error));
    retort_arena_release(&arena);
    return listing.n_items;
}

static int64_t put_decision(struct retort_store *store, int64_t comment, int64_t undoes)
{
    int64_t id;
    struct retort_error error = {0};
    struct retort_decision_record record = {.comment = comment,
                                            .task = RETORT_SPAN("tone"),
                                            .kind = undoes ? "undo" : "accept",
                                            .reviewer = "kim",
                                            .undoes = undoes};
    if (!undoes)
        record.label = RETORT_SPAN("[]");
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_decision(store, &record, &id, &error) &&
              retort_store_commit(store, &error));
    return id;
}

/* Packed as decided, it waits again; packed as waiting, it is decided; and when many are, the slab
 * is packed anew. */
START_TEST(test_packed_slabs_follow)
{
    enum { N = 70 };
    static const char *const TONE[] = {"toxic", NULL};
    static const double P[] = {.4};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    int64_t ids[N], undone;
    for (size_t i = 0; i < N; i++) {
        char text[20];
        snprintf(text, sizeof text, "Number %zu.", i);
        ids[i] = fixture_line(store, NULL, text);
    }
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "INSERT INTO comment (id, identity, source, paged, ordinal,"
                                  " text) SELECT 10000, randomblob(32), source, 0, 0, 'far' FROM"
                                  " comment LIMIT 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    for (size_t i = 0; i < N; i++)
        fixture_label(store, tone, ids[i], P);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT packed FROM slab WHERE slab = 0"), 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM packed"), 3);
    ck_assert_uint_eq(n_waiting(store), N);
    undone = put_decision(store, ids[0], 0);
    ck_assert_uint_eq(n_waiting(store), N - 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT stale FROM slab WHERE slab = 0"), 1);
    fixture_label(store, tone, ids[1], P); /* packs what is decided */
    ck_assert_int_eq(fixture_ask("a.db", "SELECT stale FROM slab WHERE slab = 0"), 0);
    put_decision(store, ids[0], undone);
    ck_assert_uint_eq(n_waiting(store), N);
    for (size_t i = 0; i < N - 1; i++)
        put_decision(store, ids[i], 0);
    ck_assert_uint_eq(n_waiting(store), 1);
    ck_assert_int_lt(fixture_ask("a.db", "SELECT stale FROM slab WHERE slab = 0"), 10);
    retort_model_close(tone);
    retort_store_close(store);
}
END_TEST

/* What is decided between two pages moves nothing that comes behind it. */
START_TEST(test_cursor_is_stable)
{
    static const char *const TONE[] = {"toxic", NULL};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_listing listing;
    int64_t ids[6], id;
    for (size_t i = 0; i < 6; i++) {
        char text[20];
        snprintf(text, sizeof text, "Number %zu.", i);
        ids[i] = fixture_line(store, NULL, text);
        fixture_label(store, tone, ids[i], (const double[]){.45 - .01 * (double)i});
    }
    struct retort_view view = {.order = RETORT_WORTH, .limit = 2};
    ck_assert(retort_store_list(store, &view, &arena, &listing, &error));
    ck_assert_int_eq(listing.items[1].comment, ids[1]);
    struct retort_decision_record record = {.comment = ids[1],
                                            .task = RETORT_SPAN("tone"),
                                            .kind = "accept",
                                            .label = RETORT_SPAN("[]"),
                                            .reviewer = "kim"};
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_decision(store, &record, &id, &error) &&
              retort_store_commit(store, &error));
    view.after = listing.next;
    ck_assert(retort_store_list(store, &view, &arena, &listing, &error));
    ck_assert_uint_eq(listing.n_items, 2);
    ck_assert_int_eq(listing.items[0].comment, ids[2]);
    /* It is of this view alone. */
    view.filter.task = "tone";
    ck_assert(!retort_store_list(store, &view, &arena, &listing, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    retort_arena_release(&arena);
    retort_model_close(tone);
    retort_store_close(store);
}
END_TEST

START_TEST(test_bad_cursors)
{
    static const char *const BAD[] = {
        "x", "1.2.3", "1.2.3.4", "....", "0.0.0.0.0", "11111111111111111.1.1.1", "-1.1.1.1"};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_listing listing;
    struct retort_view view = {.limit = 2, .after = retort_span_of(BAD[_i])};
    ck_assert(!retort_store_list(store, &view, &arena, &listing, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* Whoever makes one up gets no walk without end. */
START_TEST(test_forged_cursors)
{
    static const char *const TONE[] = {"toxic", NULL};
    static const struct {
        const char *score;
        unsigned domain;
        bool good;
    } CURSORS[] = {{"c000000000000000", 16, true},  {"c000000000000000", 62, false},
                   {"c000000000000000", 17, false}, {"c000000000000000", 14, false},
                   {"c000000000000000", 0, false},  {"fff0000000000000", 16, false},
                   {"7fefffffffffffff", 16, false}, {"c0f0000000000000", 16, false}};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_listing listing;
    struct retort_view view = {.order = RETORT_RANDOM, .limit = 1};
    for (int i = 0; i < 3; i++)
        fixture_label(store, tone, fixture_line(store, NULL, i ? i > 1 ? "c" : "b" : "a"),
                      (const double[]){.5});
    ck_assert(retort_store_list(store, &view, &arena, &listing, &error));
    char forged[100];
    const char *mark = strrchr((const char *)retort_arena_string(&arena, listing.next), '.');
    snprintf(forged, sizeof forged, "%s.1.%x%s", CURSORS[_i].score, CURSORS[_i].domain, mark);
    view.after = retort_span_of(forged);
    ck_assert(retort_store_list(store, &view, &arena, &listing, &error) == CURSORS[_i].good);
    retort_arena_release(&arena);
    retort_model_close(tone);
    retort_store_close(store);
}
END_TEST

START_TEST(test_tallies)
{
    struct world world;
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_tallies tallies;
    world_begin(&world, 5);
    for (int step = 0; step < 300; step++)
        world_step(&world);
    ck_assert(retort_store_tallies(world.store, &arena, &tallies, &error));
    ck_assert_uint_eq(tallies.n_tasks, 2);
    for (size_t t = 0; t < 2; t++) {
        struct retort_filter filter = {.task = tallies.tasks[t].task};
        uint64_t n;
        bool exact;
        ck_assert(retort_store_count(world.store, &filter, 0, &n, &exact, &error));
        ck_assert_uint_eq(n, tallies.tasks[t].waiting);
        ck_assert_uint_eq(tallies.tasks[t].n_labels, 3);
        for (size_t l = 0; l < 3; l++) {
            filter.label = tallies.tasks[t].labels[l].name;
            ck_assert(retort_store_count(world.store, &filter, 0, &n, &exact, &error));
            ck_assert_uint_eq(n, tallies.tasks[t].labels[l].waiting);
        }
    }
    ck_assert_int_eq(
        (int64_t)tallies.decided,
        fixture_ask("a.db", "SELECT count(DISTINCT comment) FROM label WHERE state > 1"));
    ck_assert_int_eq(
        (int64_t)tallies.waiting,
        fixture_ask("a.db", "SELECT count(DISTINCT comment) FROM label WHERE state = 1"));
    retort_arena_release(&arena);
    world_end(&world);
}
END_TEST

TCase *store_views(void)
{
    TCase *views = tcase_create("views");
    tcase_add_checked_fixture(views, fixture_begin, fixture_end);
    tcase_set_timeout(views, 60);
    tcase_add_loop_test(views, test_any_view, 0, 4);
    tcase_add_test(views, test_packed_slabs_follow);
    tcase_add_test(views, test_cursor_is_stable);
    tcase_add_loop_test(views, test_bad_cursors, 0, 7);
    tcase_add_loop_test(views, test_forged_cursors, 0, 8);
    tcase_add_test(views, test_tallies);
    return views;
}
