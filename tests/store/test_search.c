/* Search: whatever a person types is a valid search, and finds what they mean. */
#include "store/view.h"
#include "store/world.h"

#include <string.h>

static const char *const TEXTS[] = {
    "The river was high, and the bridge closed.", /* 0 */
    "Who closed the bridge? The Council!",        /* 1 */
    "Don't panic: it's only water.",              /* 2 */
    "Über die Brücke zum Café.",                  /* 3 */
    "Мост закрыт.",                               /* 4 */
    "high river, low bridge",                     /* 5 */
};
enum { N_TEXTS = sizeof TEXTS / sizeof *TEXTS };

static const struct {
    const char *words, *found; /* the texts found; "!": there is nothing to search for */
} SEARCHES[] = {
    {"river", "05"},
    {"RIVER bridge", "05"},
    {"\"river was\"", "0"},
    {"\"was river\"", ""},
    {"bridge \"closed the\"", "1"},
    {"\"closed the", "1"}, /* the second quote is forgotten */
    {"don't", "2"},
    {"cafe", "3"},
    {"BRÜCKE", "3"},
    {"мост", "4"},
    {"МОСТ", "4"},
    {"закр*", "4"},
    {"riv*", "05"},
    {"riv", ""},
    {"river*", "05"},
    {"high-river", "5"}, /* one behind the other */
    {"river OR council", ""},
    {"river NOT bridge", ""},
    {"river AND bridge", "0"}, /* a word as any other */
    {"text:river", ""},
    {"^river", "05"},
    {"river)", "05"},
    {"NEAR(river bridge, 2)", ""},
    {"river \"\"", "05"},
    {"river ->", "05"},
    {"\"river\"\"bridge\"", "05"},
    {"*", "!"},
    {"\"", "!"},
    {"   \t", "!"},
    {"!?", "!"},
    {"\"**\"", "!"},
    {"—", ""},
};

static void begin_texts(struct retort_store *store, struct retort_model *model, int64_t *ids)
{
    for (size_t i = 0; i < N_TEXTS; i++) {
        ids[i] = fixture_line(store, NULL, TEXTS[i]);
        fixture_label(store, model, ids[i], (const double[]){.3});
    }
}

START_TEST(test_searches)
{
    static const char *const TONE[] = {"toxic", NULL};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *model = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_listing listing;
    int64_t ids[N_TEXTS];
    double share;
    char found[N_TEXTS + 1] = "";
    begin_texts(store, model, ids);
    ck_assert(retort_store_words_share(store, &share, &error) && share == 0);
    for (int reads = 0; reads < N_TEXTS; reads += 2) /* in chunks */
        ck_assert(retort_store_index_words(store, 2, &share, &error));
    ck_assert(share == 1);
    struct retort_view view = {.order = RETORT_NEWEST,
                               .filter.words = retort_span_of(SEARCHES[_i].words)};
    bool listed = retort_store_list(store, &view, &arena, &listing, &error);
    ck_assert_msg(listed == (SEARCHES[_i].found[0] != '!'), "%s: %s", SEARCHES[_i].words,
                  error.message);
    for (size_t i = 0; listed && i < N_TEXTS; i++)
        for (size_t j = 0; j < listing.n_items; j++)
            if (listing.items[j].comment == ids[i])
                strncat(found, &"012345"[i], 1);
    if (listed)
        ck_assert_msg(strcmp(found, SEARCHES[_i].found) == 0, "%s found %s", SEARCHES[_i].words,
                      found);
    retort_arena_release(&arena);
    retort_model_close(model);
    retort_store_close(store);
}
END_TEST

/* Random bytes, quotes and stars among them: no search can be an error of syntax. */
START_TEST(test_any_text_is_a_search)
{
    static const uint8_t SIGNS[] = "\"*^:()-+{}NEAR OR\\'\0\x80\xC3\xFF"
                                   "ab ";
    struct world world = {.seed = 3};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_error error = {0};
    double share;
    fixture_line(store, NULL, "a b ab");
    ck_assert(retort_store_index_words(store, 100, &share, &error));
    for (int i = 0; i < 5000; i++) {
        uint8_t text[24];
        struct retort_arena arena = {0};
        struct retort_listing listing;
        size_t len = 1 + world_draw(&world, sizeof text);
        for (size_t at = 0; at < len; at++)
            text[at] = SIGNS[world_draw(&world, sizeof SIGNS - 1)];
        struct retort_view view = {.filter.words = {text, len}};
        error = (struct retort_error){0};
        if (!retort_store_list(store, &view, &arena, &listing, &error))
            ck_assert_msg(error.failure == RETORT_USAGE, "%s", error.message);
        retort_arena_release(&arena);
    }
    retort_store_close(store);
}
END_TEST

/* What was stored behind a search's back is found when it has been read. */
START_TEST(test_words_are_caught_up)
{
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_error error = {0};
    double share;
    for (int i = 0; i < 3; i++)
        fixture_line(store, NULL, "river");
    ck_assert(retort_store_index_words(store, 2, &share, &error));
    ck_assert(share > .6 && share < .7);
    retort_store_close(store);
    ck_assert_int_eq(
        fixture_ask("a.db", "SELECT count(*) FROM comment_words WHERE comment_words MATCH 'river'"),
        2);
    store = fixture_open("a.db", RETORT_STORE_EDIT);
    ck_assert(retort_store_index_words(store, 100, &share, &error) && share == 1);
    ck_assert(retort_store_index_words(store, 100, &share, &error) && share == 1);
    retort_store_close(store);
    ck_assert_int_eq(
        fixture_ask("a.db", "SELECT count(*) FROM comment_words WHERE comment_words MATCH 'river'"),
        3);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM pragma_integrity_check WHERE"
                                         " integrity_check = 'ok'"),
                     1);
}
END_TEST

TCase *store_search(void)
{
    TCase *search = tcase_create("search");
    tcase_add_checked_fixture(search, fixture_begin, fixture_end);
    tcase_add_loop_test(search, test_searches, 0, (int)(sizeof SEARCHES / sizeof *SEARCHES));
    tcase_add_test(search, test_any_text_is_a_search);
    tcase_add_test(search, test_words_are_caught_up);
    return search;
}
