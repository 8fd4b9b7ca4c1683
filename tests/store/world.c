/* Random events of a store. Nothing here looks at what the store makes of them. */
#include "store/world.h"
#include "store/rank.h"

#include <stdlib.h>
#include <string.h>

static const char *const TONE[] = {"toxic", "threat", "polite", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};
static const char *const AUTHORS[] = {"ann", "bob", "Zoë"};
static const char *const WORDS[] = {"river", "bridge", "council", "ticket", "garden"};
static const char *const PEOPLE[] = {"kim", "lee"};

uint64_t world_draw(struct world *world, uint64_t n)
{
    return retort_random(&world->seed) % n;
}

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
    char sql[1200], *message = NULL;
    sqlite3 *db;
    va_list values;
    va_start(values, format);
    vsnprintf(sql, sizeof sql, format, values);
    va_end(values);
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s: %s", sql, message);
    sqlite3_close(db);
}

/* A comment far above all others, so that the next ones are of another slab. */
static void leap(struct world *world)
{
    int64_t id = (((world->last + 3) >> SLAB_BITS) + 1) << SLAB_BITS;
    run("INSERT INTO source (name) VALUES ('leap') ON CONFLICT DO NOTHING;"
        "INSERT INTO comment (id, identity, source, paged, ordinal, text)"
        " SELECT %lld, randomblob(32), id, 0, 0, 'leap' FROM source WHERE name = 'leap'",
        (long long)id - 3);
    world->last = id - 3;
}

void world_begin(struct world *world, uint64_t seed)
{
    *world = (struct world){.seed = seed};
    world->store = fixture_open("a.db", RETORT_STORE_WRITE);
    world->models[0] = fixture_model("tone", RETORT_ANY_OF, TONE, "old");
    world->models[1] = fixture_model("tone", RETORT_ANY_OF, TONE, "new");
    world->models[2] = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    world->store->fine_most = 4;
    world->store->asked_most = 3;
}

void world_end(struct world *world)
{
    for (size_t i = 0; i < 3; i++)
        retort_model_close(world->models[i]);
    retort_store_close(world->store);
}

static void note_last(struct world *world)
{
    world->last = fixture_ask("a.db", "SELECT coalesce(max(id), 0) FROM comment");
}

static void put_line(struct world *world)
{
    char text[120];
    int64_t id;
    struct retort_error error = {0};
    snprintf(text, sizeof text, "%s %s number %llu", WORDS[world_draw(world, 5)],
             WORDS[world_draw(world, 5)], (unsigned long long)world_draw(world, 1000));
    struct retort_line_record line = {.source = world_draw(world, 2) ? "a.jsonl" : "b.jsonl",
                                      .author = retort_span_of(AUTHORS[world_draw(world, 3)]),
                                      .text = retort_span_of(text)};
    ck_assert(retort_store_begin(world->store, &error) &&
              retort_store_put_line(world->store, &line, &id, &error) &&
              retort_store_commit(world->store, &error));
    note_last(world);
}

static void put_page(struct world *world)
{
    static const char *const ALL[] = {"The river is high.", "A new bridge!",
                                      "Ask the council.",   "My ticket is lost.",
                                      "garden, river, all", "No."};
    const char *texts[7];
    size_t n = 0;
    for (size_t i = 0; i < 6; i++)
        if (world_draw(world, 3))
            texts[n++] = ALL[i];
    texts[n] = NULL;
    fixture_page(world->store, world_draw(world, 2) ? "p.txt" : "q.txt",
                 world_draw(world, 2) ? "s1" : "s2", texts, NULL);
    note_last(world);
}

static int64_t any_comment(struct world *world)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT id FROM comment WHERE text <> 'leap' ORDER BY id LIMIT 1 OFFSET %llu %% max(1,"
             " (SELECT count(*) FROM comment WHERE text <> 'leap'))",
             (unsigned long long)world_draw(world, 1000));
    if (fixture_ask("a.db", "SELECT count(*) FROM comment WHERE text <> 'leap'") == 0)
        return 0;
    return fixture_ask("a.db", sql);
}

/* p in steps, so that many are equal. */
static void put_label(struct world *world)
{
    double p[3];
    int64_t comment = any_comment(world);
    for (size_t i = 0; i < 3; i++)
        p[i] = (double)(world_draw(world, 9) + 1) / 10;
    if (comment)
        fixture_label(world->store, world->models[world_draw(world, 3)], comment, p);
}

static void put_decision(struct world *world)
{
    static const char *const KINDS[] = {"accept", "correct", "skip", "escalate", "note"};
    static const char *const TONES[] = {"[]", "[\"toxic\"]", "[\"threat\"]", "[\"polite\"]"};
    static const char *const STANCES[] = {"[\"favor\"]", "[\"against\"]", "[\"none\"]",
                                          "[\"none\"]"};
    int64_t id;
    struct retort_error error = {0};
    bool tone = world_draw(world, 2);
    size_t kind = world_draw(world, 5), label = world_draw(world, 4);
    struct retort_decision_record record = {
        .comment = any_comment(world),
        .task = retort_span_of(tone ? "tone" : "stance"),
        .kind = KINDS[kind],
        .reviewer = PEOPLE[world_draw(world, 2)],
    };
    if (kind < 2)
        record.label = retort_span_of(tone ? TONES[label] : STANCES[label]);
    if (!record.comment)
        return;
    bool put = retort_store_begin(world->store, &error) &&
               retort_store_put_decision(world->store, &record, &id, &error);
    ck_assert_msg(put, "%s", error.message);
    if (world_draw(world, 8) == 0)
        retort_store_rollback(world->store);
    else
        ck_assert(retort_store_commit(world->store, &error));
}

static void undo(struct world *world)
{
    int64_t id;
    struct retort_error error = {0};
    int64_t undone = fixture_ask(
        "a.db", "SELECT coalesce(max(id), 0) FROM decision d WHERE kind <> 'undo' AND NOT EXISTS"
                " (SELECT 1 FROM decision u WHERE u.undoes = d.id)");
    char sql[120];
    if (!undone)
        return;
    snprintf(sql, sizeof sql, "SELECT comment FROM decision WHERE id = %lld", (long long)undone);
    struct retort_decision_record record = {.comment = fixture_ask("a.db", sql),
                                            .task = RETORT_SPAN("tone"),
                                            .kind = "undo",
                                            .reviewer = "kim",
                                            .undoes = undone};
    bool put = retort_store_begin(world->store, &error) &&
               retort_store_put_decision(world->store, &record, &id, &error) &&
               retort_store_commit(world->store, &error);
    ck_assert_msg(put, "%s", error.message);
}

static void settle_pages(struct world *world)
{
    struct retort_error error = {0};
    int64_t sources[2];
    ck_assert(retort_store_find_source(world->store, "p.txt", &sources[0], &error) &&
              retort_store_find_source(world->store, "q.txt", &sources[1], &error));
    ck_assert(retort_store_begin(world->store, &error));
    for (size_t i = 0; i < 2; i++)
        if (sources[i])
            ck_assert(store_settle_source(world->store, sources[i], &error));
    ck_assert(retort_store_commit(world->store, &error));
}

/* A person leaves every second comment of the newest page's split, or takes that back. */
static void correct(struct world *world)
{
    if (fixture_ask("a.db", "SELECT count(*) FROM page") == 0)
        return;
    if (world_draw(world, 3) == 0)
        run("INSERT INTO correction (page, operations, reviewer, undoes)"
            " SELECT page, '[]', 'kim', id FROM correction c WHERE undoes IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM correction u WHERE u.undoes = c.id) ORDER BY id DESC LIMIT 1");
    else
        run("INSERT INTO split (page, splitter, digest, article)"
            " SELECT page, 'person', hex(randomblob(8)), article FROM split ORDER BY page DESC, id"
            " DESC LIMIT 1;"
            "INSERT INTO placement SELECT last_insert_rowid(), p.number, p.comment, 0,"
            " p.first_line, p.last_line, p.byte_begin, p.byte_end FROM placement p WHERE p.split ="
            " (SELECT max(o.id) FROM split o WHERE o.page = (SELECT page FROM split WHERE id ="
            " last_insert_rowid()) AND o.id < last_insert_rowid()) AND p.number %% 2 = %d;"
            "INSERT INTO correction (page, split, base, operations, reviewer) SELECT page, id, id,"
            " '[{\"op\":\"role\"}]', 'lee' FROM split ORDER BY id DESC LIMIT 1",
            (int)world_draw(world, 2));
    settle_pages(world);
}

void world_step(struct world *world)
{
    static void (*const EVENTS[])(struct world *) = {
        put_line,     put_line,     put_line,  put_page,  put_label,    put_label,
        put_label,    put_label,    put_label, put_label, put_decision, put_decision,
        put_decision, put_decision, undo,      correct,   leap};
    size_t event = world_draw(world, sizeof EVENTS / sizeof *EVENTS);
    if (EVENTS[event] != leap || world_draw(world, 4) == 0)
        EVENTS[event](world);
}

/* ---- what is kept beside a label, worked out again ----
 */

#define STATE                                                                                      \
    "CASE WHEN l.latest = 0 OR NOT c.current THEN 0 WHEN d.id IS NULL THEN 1"                      \
    " WHEN d.label = l.label THEN 2 ELSE 3 END"
#define ROWS                                                                                       \
    " FROM label l JOIN model m ON m.id = l.model JOIN comment_place c ON c.comment = l.comment"   \
    " LEFT JOIN current_decision d ON d.comment = l.comment AND d.task = m.task AND"               \
    " d.target = l.target "
#define TALLIES                                                                                    \
    "SELECT state, model, label, count(*) FROM label WHERE state > 0 GROUP BY 1, 2, 3"             \
    " UNION ALL SELECT 0, 0, '', count(DISTINCT comment) AS n FROM label WHERE state > 0"          \
    " GROUP BY 1 HAVING n > 0"                                                                     \
    " UNION ALL SELECT 1, 0, '', count(DISTINCT comment) AS n FROM label WHERE state = 1"          \
    " GROUP BY 1 HAVING n > 0"                                                                     \
    " UNION ALL SELECT 2, 0, '', count(DISTINCT comment) AS n FROM label WHERE state > 1"          \
    " GROUP BY 1 HAVING n > 0"                                                                     \
    " UNION ALL SELECT 3, 0, '', count(DISTINCT comment) AS n FROM label WHERE state = 3"          \
    " GROUP BY 1 HAVING n > 0"
#define KEPT "SELECT * FROM tally WHERE n <> 0"

void world_check_settled(const char *name)
{
    ck_assert_int_eq(fixture_ask(name, "SELECT count(*)" ROWS "WHERE l.state <> " STATE), 0);
    ck_assert_int_eq(fixture_ask(name, "SELECT count(*) FROM (" TALLIES " EXCEPT " KEPT ")"), 0);
    ck_assert_int_eq(
        fixture_ask(name, "SELECT count(*) FROM (" KEPT " EXCEPT SELECT * FROM (" TALLIES "))"), 0);
    ck_assert_int_eq(fixture_ask(name, "SELECT count(*) FROM (SELECT 1 FROM label l JOIN model m ON"
                                       " m.id = l.model GROUP BY l.comment, m.task HAVING"
                                       " sum(l.latest) <> 1)"),
                     0);
}
