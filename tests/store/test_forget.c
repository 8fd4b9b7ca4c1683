/* Forgetting: what somebody wrote is nowhere any more, what others wrote is as it was, and all that
 * is counted is true of what is left. */
#include "store/blank.h"
#include "store/sql.h"
#include "store/world.h"

#include <string.h>

static struct retort_forgotten forget(struct retort_store *store, const char *author, bool dry,
                                      struct retort_arena *arena)
{
    struct retort_error error = {0};
    struct retort_forgotten forgotten;
    const struct retort_forget_request request = {
        .author = retort_span_of(author), .asked_by = "kim", .dry = dry};
    bool done = retort_store_forget(store, &request, arena, &forgotten, &error);
    ck_assert_msg(done, "%s", error.message);
    return forgotten;
}

static void erase(struct retort_store *store)
{
    struct retort_error error = {0};
    bool done = retort_store_erase(store, true, &error);
    ck_assert_msg(done, "%s", error.message);
}

/* Does any file of the database hold these bytes? */
static bool is_in_files(const char *name, const char *text)
{
    static const char *const ENDS[] = {"", "-wal"};
    bool found = false;
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        char path[100];
        struct retort_file file;
        struct retort_error error;
        snprintf(path, sizeof path, "%s%s", name, ENDS[i]);
        if (!retort_file_read(&file, fixture_path(path), &error))
            continue;
        const struct retort_span bytes = file.bytes;
        size_t len = strlen(text);
        for (size_t at = 0; !found && at + len <= bytes.len; at++)
            found = memcmp(bytes.data + at, text, len) == 0;
        retort_file_close(&file);
    }
    return found;
}

static int64_t put_line(struct retort_store *store, const struct retort_line_record line)
{
    int64_t id;
    struct retort_error error = {0};
    bool put = retort_store_begin(store, &error) &&
               retort_store_put_line(store, &line, &id, &error) &&
               retort_store_commit(store, &error);
    ck_assert_msg(put, "%s", error.message);
    return id;
}

/* ---- whatever there is ---- */

static void check_sound(const char *name)
{
    ck_assert_int_eq(fixture_ask(name, "SELECT count(*) FROM pragma_foreign_key_check()"), 0);
    ck_assert_int_eq(
        fixture_ask(name, "SELECT count(*) FROM pragma_integrity_check() WHERE integrity_check <>"
                          " 'ok'"),
        0);
    ck_assert_int_eq(fixture_ask(name, "SELECT count(*) FROM decision d WHERE batch IS NOT NULL AND"
                                       " NOT EXISTS (SELECT 1 FROM decision b WHERE b.id ="
                                       " d.batch AND b.batch = b.id)"),
                     0);
    world_check_settled(name);
}

START_TEST(test_whatever_was_there)
{
    struct world world;
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    double share;
    world_begin(&world, (uint64_t)_i + 1000);
    for (int step = 0; step < 150; step++)
        world_step(&world);
    ck_assert(retort_store_index_words(world.store, SIZE_MAX, &share, &error));
    int64_t n = fixture_ask("a.db", "SELECT count(*) FROM comment");
    int64_t theirs = fixture_ask("a.db", "SELECT count(*) FROM comment WHERE author = 'ann'");
    int64_t triggers =
        fixture_ask("a.db", "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'");
    if (theirs > 0) {
        forget(world.store, "ann", false, &arena);
        ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), n - theirs);
        ck_assert_int_eq(
            fixture_ask("a.db", "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"),
            triggers);
        check_sound("a.db");
        erase(world.store);
        check_sound("a.db");
    }
    for (int step = 0; step < 60; step++)
        world_step(&world);
    check_sound("a.db");
    ck_assert(theirs == 0 || !is_in_files("a.db", "ann"));
    retort_arena_release(&arena);
    world_end(&world);
}
END_TEST

/* ---- lines ---- */

/* vera's line, and what answers it. */
static struct retort_line_record vera(void)
{
    return (struct retort_line_record){
        .source = "l.jsonl",
        .native_id = RETORT_SPAN("v1"),
        .author = RETORT_SPAN("Vera"),
        .text = RETORT_SPAN("The harbour wall will not hold."),
        .article_text = RETORT_SPAN("Of walls."),
        .meta = RETORT_SPAN("{\"mail\":\"vera@example.org\"}"),
    };
}

static struct retort_line_record answer(void)
{
    return (struct retort_line_record){
        .source = "l.jsonl",
        .native_id = RETORT_SPAN("b1"),
        .parent_id = RETORT_SPAN("v1"),
        .author = RETORT_SPAN("Bo"),
        .text = RETORT_SPAN("It will."),
        .parent_text = RETORT_SPAN("The harbour wall will not hold."),
        .article_text = RETORT_SPAN("Of walls."),
    };
}

START_TEST(test_lines)
{
    struct retort_arena arena = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    put_line(store, vera());
    int64_t id = put_line(store, answer());
    forget(store, "Vera", false, &arena);
    erase(store);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment WHERE parent_text IS NULL"),
                     1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM passage"), 1);
    ck_assert(!is_in_files("a.db", "Vera") && !is_in_files("a.db", "vera@") &&
              !is_in_files("a.db", "harbour wall"));
    ck_assert(is_in_files("a.db", "It will."));
    /* The same lines again: she stays out, and her words do, too; the answer is found again. */
    ck_assert_int_eq(put_line(store, vera()), 0);
    ck_assert_int_eq(put_line(store, answer()), id);
    ck_assert(!is_in_files("a.db", "harbour wall"));
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* What was deleted before anybody asked still stands in free pages, where SQLite was not built to
 * overwrite them: as the words of a text do, when the index of words has been merged. */
START_TEST(test_free_pages)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    double share;
    sqlite3_exec(store->db, "PRAGMA secure_delete = OFF", NULL, NULL, NULL);
    for (int i = 0; i < 120; i++) {
        char id[16];
        struct retort_line_record line = i == 1 ? vera() : answer();
        snprintf(id, sizeof id, "n%d", i);
        line.native_id = retort_span_of(id);
        if (i == 1)
            line.text = RETORT_SPAN("Of zymurgy I know all there is.");
        put_line(store, line);
        ck_assert(retort_store_index_words(store, SIZE_MAX, &share, &error));
    }
    ck_assert(is_in_files("a.db", "zymurgy"));
    forget(store, "Vera", false, &arena);
    erase(store);
    ck_assert(!is_in_files("a.db", "zymurgy"));
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

START_TEST(test_readmitted)
{
    bool was;
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t first = put_line(store, vera());
    forget(store, "Vera", false, &arena);
    ck_assert(retort_store_readmit(store, RETORT_SPAN("Bo"), &was, &error) && !was);
    ck_assert(retort_store_readmit(store, RETORT_SPAN("Vera"), &was, &error) && was);
    /* Under another number: one that was given away names nothing else. */
    ck_assert_int_eq(put_line(store, vera()), first + 1);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

START_TEST(test_dry_look_changes_nothing)
{
    struct retort_arena arena = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    put_line(store, vera());
    const struct retort_forgotten told = forget(store, "Vera", true, &arena);
    ck_assert_ptr_nonnull(strstr(retort_arena_string(&arena, told.counts), "\"comments\":1"));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM forgotten"), 0);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM forgotten_key"), 0);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

START_TEST(test_nobody_of_this_name)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_forgotten forgotten;
    const struct retort_forget_request request = {.author = RETORT_SPAN("Nobody"),
                                                  .asked_by = "kim"};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    put_line(store, vera());
    ck_assert(!retort_store_forget(store, &request, &arena, &forgotten, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 1);
    /* The next one is not hindered by what was left of it. */
    forget(store, "Vera", false, &arena);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* ---- decisions and draws ---- */

static int64_t decide(struct retort_store *store, int64_t comment, int64_t batch, int64_t selection)
{
    int64_t id;
    struct retort_error error = {0};
    const struct retort_decision_record record = {.comment = comment,
                                                  .task = RETORT_SPAN("tone"),
                                                  .kind = "correct",
                                                  .label = RETORT_SPAN("[\"toxic\"]"),
                                                  .reviewer = "kim",
                                                  .selection = selection,
                                                  .batch = batch};
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_decision(store, &record, &id, &error) &&
              retort_store_commit(store, &error));
    return id;
}

static bool note_population(void *context, const struct retort_decided *decided,
                            struct retort_error *error)
{
    (void)error;
    *(uint64_t *)context = decided->population;
    return true;
}

/* What the draw of the last decision was from, as it is weighed. */
static uint64_t population(struct retort_store *store)
{
    uint64_t n = 0;
    struct retort_error error = {0};
    ck_assert(retort_store_each_decided(store, "tone", note_population, &n, &error));
    return n;
}

START_TEST(test_bulks_and_draws)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t hers = put_line(store, vera()), bo = put_line(store, answer()), draw, selection[2];
    const struct retort_draw_record drawn = {RETORT_SPAN("order=random author=\"Vera\""), true, 7,
                                             10, "kim"};
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_draw(store, &drawn, &draw, &error));
    for (int i = 0; i < 2; i++) {
        const struct retort_selection_record record = {
            draw, i ? bo : hers, RETORT_SPAN("tone"), .2, {NULL, 0}};
        ck_assert(retort_store_put_selection(store, &record, &selection[i], &error));
    }
    ck_assert(retort_store_commit(store, &error));
    decide(store, hers, 1, selection[0]);
    decide(store, bo, 1, selection[1]);
    int64_t last = decide(store, bo, 1, 0);
    ck_assert_uint_eq(population(store), 10);
    const struct retort_forgotten told = forget(store, "Vera", false, &arena);
    ck_assert_ptr_nonnull(strstr(retort_arena_string(&arena, told.counts), "\"n\":1"));
    erase(store);
    /* One of two is gone, and with it half of what they stood for: the other stands for 5 still. */
    ck_assert_uint_eq(population(store), 5);
    /* The bulk goes on under the first that is left; the draw's chances stay. */
    ck_assert_int_eq(fixture_ask("a.db", "SELECT sum(batch = 2) FROM decision"), 2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM selection WHERE probability = .2"),
                     1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT items FROM forgotten_draw"), 1);
    ck_assert(!is_in_files("a.db", "Vera"));
    check_sound("a.db");
    ck_assert_int_eq(decide(store, bo, 0, 0), last + 1);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

START_TEST(test_decisions_are_numbered_on)
{
    struct retort_arena arena = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t bo = put_line(store, answer()), hers = put_line(store, vera());
    decide(store, bo, 0, 0);
    int64_t last = decide(store, hers, 0, 0);
    forget(store, "Vera", false, &arena);
    ck_assert_int_eq(decide(store, bo, 0, 0), last + 1);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* Whoever had it before them is told so. */
START_TEST(test_decided_too_late)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t id, hers = put_line(store, vera());
    forget(store, "Vera", false, &arena);
    const struct retort_decision_record record = {
        .comment = hers, .task = RETORT_SPAN("tone"), .kind = "skip", .reviewer = "kim"};
    ck_assert(retort_store_begin(store, &error));
    ck_assert(!retort_store_put_decision(store, &record, &id, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "forgotten meanwhile"));
    retort_store_rollback(store);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* ---- pages ---- */

static const char PAGE[] = "Of walls\nVera said on Monday:\nThe wall is old.\nBo\nNo, Vera, "
                           "it is not.\nVera\nThen look at it once!\nMore by Vera\n";

/* Lines of the page, by their numbers from 1. */
static struct retort_span lines_of(size_t first, size_t last, size_t *begin, size_t *end)
{
    struct retort_span rest = retort_span_of(PAGE), line;
    *begin = *end = 0;
    for (size_t number = 1; retort_span_next_line(&rest, &line); number++) {
        size_t at = (size_t)(line.data - (const uint8_t *)PAGE);
        if (number == first)
            *begin = at;
        if (number == last)
            *end = at + line.len;
    }
    return retort_span_slice(retort_span_of(PAGE), *begin, *end);
}

/* One comment of lines first to last; its text is the last line. */
static struct retort_comment comment_of(size_t first, size_t last, const char *author,
                                        ptrdiff_t parent)
{
    size_t begin, end;
    struct retort_comment comment = {
        .parent = parent, .first_line = first, .last_line = last, .author = retort_span_of(author)};
    comment.text = lines_of(last, last, &begin, &end);
    lines_of(first, last, &comment.begin, &comment.end);
    return comment;
}

/* Three comments, as one splitter sees them; as another does, the first is Bo's, too. */
static enum retort_page_outcome put_page(struct retort_store *store, bool other, int64_t ids[3])
{
    struct retort_comment comments[3] = {comment_of(2, 3, "Vera", -1), comment_of(4, 5, "Bo", 0),
                                         comment_of(6, 7, "Vera", 1)};
    struct retort_line lines[8];
    struct retort_page page = {.text = retort_span_of(PAGE), .lines = lines};
    struct retort_error error = {0};
    enum retort_page_outcome outcome;
    size_t first = other ? 1 : 0;
    if (other) {
        comments[1] = comment_of(2, 5, "Bo", -1);
        comments[2].parent = 0;
    }
    for (size_t i = 0; i < 8; i++) {
        struct retort_line line = {.number = i + 1, .state = RETORT_STATE_BEGIN};
        line.text = lines_of(i + 1, i + 1, &line.begin, &line.end);
        lines[page.n_lines++] = line;
    }
    const struct retort_page_record record = {.source = "wall.txt",
                                              .bytes = retort_span_of(PAGE),
                                              .splitter = other ? "other" : "one",
                                              .comments = comments + first,
                                              .n_comments = 3 - first,
                                              .page = &page};
    bool put = retort_store_begin(store, &error) &&
               retort_store_put_page(store, &record, ids, &outcome, &error) &&
               retort_store_commit(store, &error);
    ck_assert_msg(put, "%s", error.message);
    return outcome;
}

static void check_bytes(struct retort_store *store)
{
    static const char LEFT[] = "Of walls\n                    \n                \nBo\nNo, Vera, "
                               "it is not.\n    \n                     \nMore by     \n";
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_span bytes;
    ck_assert(retort_store_bytes(store, 1, &arena, &bytes, &error));
    ck_assert(retort_span_equal(bytes, retort_span_of(LEFT)));
    retort_arena_release(&arena);
}

static void check_split(struct retort_store *store, int64_t answer)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_split split;
    struct retort_stored_comment comment;
    struct retort_item item;
    bool read = retort_store_split(store, 1, &arena, &split, &error) &&
                retort_store_comment(store, answer, &arena, &comment, &error) &&
                retort_store_item(store, &comment, &arena, &item, &error);
    ck_assert_msg(read, "%s", error.message);
    ck_assert_uint_eq(split.thread.n_comments, 1);
    ck_assert_int_eq(split.thread.comments[0].parent, -1);
    /* The line that names her is nobody's comment, and goes; the two of Bo's are as they were. */
    ck_assert_uint_eq(split.thread.page.n_lines, 3);
    ck_assert(retort_span_equal(split.thread.page.lines[1].text, RETORT_SPAN("Bo")));
    /* It answers somebody, not the article; whom, nobody knows any more. */
    ck_assert(comment.orphan && comment.parent == 0 && !item.parent_text.data);
    ck_assert_uint_eq(comment.number, 2);
    retort_arena_release(&arena);
}

START_TEST(test_pages)
{
    struct retort_arena arena = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t ids[3], again[3];
    put_page(store, false, ids);
    forget(store, "Vera", false, &arena);
    erase(store);
    check_bytes(store);
    check_split(store, ids[1]);
    ck_assert(!is_in_files("a.db", "The wall is old") && !is_in_files("a.db", "look at it"));
    ck_assert(is_in_files("a.db", "No, Vera, it is not."));
    /* The same page again is nothing new, and brings nothing back. */
    ck_assert_int_eq(put_page(store, false, again), RETORT_PAGE_UNCHANGED);
    ck_assert(again[0] == 0 && again[1] == ids[1] && again[2] == 0);
    check_bytes(store);
    check_sound("a.db");
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* A page that comes in for the first time is kept as if it had been there. */
START_TEST(test_pages_come_in_blank)
{
    struct retort_arena arena = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t ids[3];
    put_line(store, vera());
    forget(store, "Vera", false, &arena);
    ck_assert_int_eq(put_page(store, false, ids), RETORT_PAGE_NEW);
    ck_assert(ids[0] == 0 && ids[1] != 0 && ids[2] == 0);
    check_bytes(store);
    check_split(store, ids[1]);
    ck_assert(!is_in_files("a.db", "The wall is old"));
    check_sound("a.db");
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* By an earlier reading her lines were a part of Bo's comment: that one goes with them, and what
 * holds of his stays. */
START_TEST(test_earlier_readings)
{
    struct retort_arena arena = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t ids[3], other[3];
    ck_assert_int_eq(put_page(store, true, other), RETORT_PAGE_NEW);
    ck_assert_int_eq(put_page(store, false, ids), RETORT_PAGE_SPLIT);
    const struct retort_forgotten told = forget(store, "Vera", false, &arena);
    ck_assert_ptr_nonnull(strstr(retort_arena_string(&arena, told.counts), "\"comments\":2"));
    erase(store);
    check_bytes(store);
    ck_assert(!is_in_files("a.db", "The wall is old"));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 1);
    check_sound("a.db");
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* ---- blanking ---- */

struct blanking {
    const char *bytes, *whose, *left; /* whose: x gone, o others', - nobody's */
    bool is_markup;
};
static const struct blanking BLANKINGS[] = {
    {"ab\ncd", "xxxxx", "  \n  ", false},
    {"<p>ab</p>", "xxxxxxxxx", "         ", false},
    {"<p>ab</p>", "xxxxxxxxx", "<p>  </p>", true},
    {"<a href='u/ann'>x</a>", "xxxxxxxxxxxxxxxxxxxxx", "<a             > </a>", true},
    {"a < b <b>c", "xxxxxxxxxx", "      <b> ", true},
    {"<p id=1>a<p id=2>b", "---------xxxxxxxx-", "<p id=1>a<p     >b", true},
    {"<", "x", " ", true},
    {"", "", "", true},
};

START_TEST(test_blanks)
{
    const struct blanking *row = &BLANKINGS[_i];
    struct retort_arena arena = {0};
    const struct retort_span bytes = retort_span_of(row->bytes);
    const struct blanks blanks = blanks_begin(bytes.len, &arena);
    uint8_t out[64];
    for (size_t i = 0; i < bytes.len; i++)
        if (row->whose[i] == 'x')
            blanks_mark(&blanks, i, i + 1, BLANK_GONE);
    blanks_apply(&blanks, bytes, row->is_markup, out);
    ck_assert_msg(memcmp(out, row->left, bytes.len) == 0, "%.*s", (int)bytes.len, (char *)out);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(test_names_stand_alone)
{
    static const char TEXT[] = "Ann, Anna, Joann; Ann";
    struct retort_arena arena = {0};
    const struct retort_span bytes = retort_span_of(TEXT);
    const struct blanks blanks = blanks_begin(bytes.len, &arena);
    blanks_mark(&blanks, 18, 21, BLANK_OTHERS);
    blanks_find(&blanks, bytes, RETORT_SPAN("Ann"));
    ck_assert(blanks_touch(&blanks, 0, 3) && !blanks_touch(&blanks, 3, 21));
    ck_assert(!blanks_touch(&blanks, 0, 0) && blanks_touch(&blanks, 0, SIZE_MAX));
    retort_arena_release(&arena);
}
END_TEST

TCase *store_forgetting(void)
{
    TCase *forgetting = tcase_create("forgetting");
    tcase_add_checked_fixture(forgetting, fixture_begin, fixture_end);
    tcase_set_timeout(forgetting, 60);
    tcase_add_loop_test(forgetting, test_whatever_was_there, 0, 12);
    tcase_add_test(forgetting, test_lines);
    tcase_add_test(forgetting, test_free_pages);
    tcase_add_test(forgetting, test_readmitted);
    tcase_add_test(forgetting, test_dry_look_changes_nothing);
    tcase_add_test(forgetting, test_nobody_of_this_name);
    tcase_add_test(forgetting, test_bulks_and_draws);
    tcase_add_test(forgetting, test_decisions_are_numbered_on);
    tcase_add_test(forgetting, test_decided_too_late);
    tcase_add_test(forgetting, test_pages);
    tcase_add_test(forgetting, test_pages_come_in_blank);
    tcase_add_test(forgetting, test_earlier_readings);
    tcase_add_loop_test(forgetting, test_blanks, 0, (int)(sizeof BLANKINGS / sizeof *BLANKINGS));
    tcase_add_test(forgetting, test_names_stand_alone);
    return forgetting;
}
