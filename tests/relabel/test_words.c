/* Words behind a flip: two models of a few words each, and what of a comment turned its label. */
#include "relabel/relabel.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

TCase *diff_words(void);

enum { MOST_WORDS = 8, N_SLOTS = 32 };

/* A word and its weights for the labels. */
struct word {
    const char *name;
    float weights[3];
};

static const char *const TONE[] = {"toxic", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};

static struct retort_store *store;
static struct retort_model *models[2];
static struct retort_labeller labeller;
static struct retort_arena arena;
static struct retort_error error;
static struct retort_diff *diff;

static void begin(void)
{
    fixture_begin();
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    retort_labeller_init(&labeller);
    models[0] = models[1] = NULL;
}

static void end(void)
{
    retort_diff_close(diff);
    retort_model_close(models[0]);
    retort_model_close(models[1]);
    retort_labeller_release(&labeller);
    retort_arena_release(&arena);
    retort_store_close(store);
    fixture_end();
}

static struct retort_model *model_of(enum retort_choice choice, const char *const *names,
                                     const struct word *words, size_t n_words)
{
    static uint64_t keys[MOST_WORDS];
    static float weights[3 * MOST_WORDS], idf[MOST_WORDS];
    static uint32_t slots[N_SLOTS];
    struct retort_span features[MOST_WORDS];
    struct retort_label labels[3] = {{0}};
    struct retort_model *model;
    size_t n = 0;
    for (; names[n]; n++)
        labels[n] = (struct retort_label){.name = names[n],
                                          .bias = -0.5,
                                          .platt_a = -2,
                                          .threshold = 0.5,
                                          .sure_above = 0.9,
                                          .sure_below = 0.1};
    for (size_t i = 0; i < n_words; i++) {
        keys[i] = retort_term_key(RETORT_FIELD_WORD, retort_span_of(words[i].name));
        idf[i] = 1;
        memcpy(weights + i * n, words[i].weights, n * sizeof *weights);
        struct retort_buffer name = {0};
        retort_buffer_format(&name, "word:%s", words[i].name);
        features[i] = retort_arena_copy(&arena, retort_buffer_span(&name));
        retort_buffer_release(&name);
    }
    static const uint8_t FIELDS[N_SLOTS]; /* all are words */
    struct retort_dictionary dictionary = {.n_features = (uint32_t)n_words,
                                           .n_slots = N_SLOTS,
                                           .keys = keys,
                                           .idf = idf,
                                           .fields = FIELDS};
    uint8_t tags[N_SLOTS] = {0};
    memset(slots, 0, sizeof slots);
    ck_assert(retort_dictionary_index(&dictionary, tags, slots));
    struct retort_model_parts parts = {.task = choice == RETORT_ONE_OF ? "stance" : "tone",
                                       .choice = choice,
                                       .recipe = RETORT_SPAN("words=2"),
                                       .labels = labels,
                                       .n_labels = n,
                                       .dictionary = &dictionary,
                                       .weights = weights,
                                       .names = features,
                                       .card = RETORT_SPAN("{}")};
    bool made = retort_model_write(fixture_path("made.model"), &parts, &error) &&
                retort_model_open(&model, fixture_path("made.model"), &error);
    ck_assert_msg(made, "%s", error.message);
    return model;
}

static struct retort_stored_answer answer_of(const struct retort_model *model,
                                             const struct retort_item *item)
{
    struct retort_verdict verdict;
    size_t n = retort_model_n_labels(model);
    struct retort_stored_score *scores = RETORT_NEW(&arena, struct retort_stored_score, n);
    retort_label_item(&labeller, model, item, &arena, &verdict);
    for (size_t i = 0; i < n; i++) {
        bool one = retort_model_choice(model) == RETORT_ONE_OF;
        scores[i].p = verdict.scores[i].p;
        scores[i].on = one ? i == verdict.label : verdict.scores[i].on;
    }
    return (struct retort_stored_answer){.model = retort_diff_model(model, &arena),
                                         .scores = scores};
}

/* The first flip of a comment of this text, told with the models from `first` on. */
static struct retort_diff_flip flip_of(const char *text, size_t first)
{
    struct retort_item item = {.text = retort_span_of(text)};
    struct retort_models known = {models + first, 2 - first};
    struct retort_stored_answer answers[] = {answer_of(models[0], &item),
                                             answer_of(models[1], &item)};
    struct retort_change change = {fixture_line(store, NULL, text), RETORT_SPAN(""), &answers[0],
                                   &answers[1]};
    struct retort_diff_report report;
    ck_assert(retort_diff_open(&diff, store, 3, &error));
    retort_diff_add(diff, &change);
    bool told = retort_diff_finish(diff, &known, &arena, &report, &error);
    ck_assert_msg(told, "%s", error.message);
    ck_assert_uint_eq(report.tasks[0].n_flips, 1);
    return report.tasks[0].flips[0];
}

static void is_named(const struct retort_diff_cause *cause, const char *name)
{
    ck_assert_msg(retort_span_equal(cause->name, retort_span_of(name)), "%.*s",
                  (int)cause->name.len, (const char *)cause->name.data);
}

/* What a model's own explanation gives a word, as log odds. */
static double explained(const struct retort_model *model, const char *text, const char *word)
{
    struct retort_item item = {.text = retort_span_of(text)};
    struct retort_explanation explanations[3];
    double sum = 0;
    retort_explain(&labeller, model, &item, &arena, explanations);
    for (size_t c = 0; c < explanations[0].n_causes; c++)
        if (retort_span_equal(explanations[0].causes[c].name, retort_span_of(word)))
            sum += 2 * explanations[0].causes[c].contribution;
    return sum;
}

START_TEST(test_the_word_that_turned_it)
{
    static const struct word OLD[] = {{"idiot", {.1F}}, {"kind", {.5F}}, {"so", {.1F}}},
                             NEW[] = {{"idiot", {4}}, {"kind", {-.5F}}, {"so", {.1F}}};
    static const char TEXT[] = "idiot so kind";
    models[0] = model_of(RETORT_ANY_OF, TONE, OLD, 3);
    models[1] = model_of(RETORT_ANY_OF, TONE, NEW, 3);
    struct retort_diff_flip flip = flip_of(TEXT, 0);
    ck_assert(flip.on && flip.has_before && flip.has_after && flip.n_causes == 1);
    is_named(&flip.causes[0], "idiot");
    ck_assert(flip.causes[0].decisive && flip.causes[0].n_places == 1);
    ck_assert_double_eq_tol(flip.causes[0].before, explained(models[0], TEXT, "idiot"), 1e-9);
    ck_assert_double_eq_tol(flip.causes[0].after, explained(models[1], TEXT, "idiot"), 1e-9);
    ck_assert_double_eq_tol(flip.rest, flip.margin - flip.causes[0].after + flip.causes[0].before,
                            1e-9);
}
END_TEST

/* Either of two words is enough, so neither alone is decisive; one that stands twice is one. */
START_TEST(test_words_that_do_it_together)
{
    static const struct word OLD[] = {{"idiot", {0}}, {"liar", {0}}, {"you", {-.1F}}},
                             NEW[] = {{"idiot", {4}}, {"liar", {3}}, {"you", {-.1F}}};
    models[0] = model_of(RETORT_ANY_OF, TONE, OLD, 3);
    models[1] = model_of(RETORT_ANY_OF, TONE, NEW, 3);
    struct retort_diff_flip flip = flip_of("You Idiot you liar you IDIOT", 0);
    ck_assert_uint_eq(flip.n_causes, 2);
    is_named(&flip.causes[0], "Idiot");
    is_named(&flip.causes[1], "liar");
    ck_assert(flip.causes[0].n_places == 2 && flip.causes[1].n_places == 1);
    ck_assert(!flip.causes[0].decisive && !flip.causes[1].decisive);
}
END_TEST

/* What is a phrase to one model is two words to the other. */
START_TEST(test_a_phrase_against_words)
{
    static const struct word OLD[] = {{"shut", {-1}}, {"up", {-1}}, {"please", {0}}},
                             NEW[] = {{"shut up", {6}}, {"please", {0}}, {"now", {0}}};
    models[0] = model_of(RETORT_ANY_OF, TONE, OLD, 3);
    models[1] = model_of(RETORT_ANY_OF, TONE, NEW, 3);
    struct retort_diff_flip flip = flip_of("please shut up now", 0);
    ck_assert_uint_eq(flip.n_causes, 1);
    is_named(&flip.causes[0], "shut up");
    ck_assert(flip.causes[0].before < 0 && flip.causes[0].after > 0 && flip.causes[0].decisive);
}
END_TEST

/* One-of: what moved it is told toward the new label and away from the old one. */
START_TEST(test_from_one_label_to_another)
{
    static const struct word OLD[] = {{"bridge", {3, 0, 0}}, {"noise", {0, .5F, 0}}},
                             NEW[] = {{"bridge", {1, 0, 0}}, {"noise", {-1, 3, 0}}};
    models[0] = model_of(RETORT_ONE_OF, STANCE, OLD, 2);
    models[1] = model_of(RETORT_ONE_OF, STANCE, NEW, 2);
    struct retort_diff_flip flip = flip_of("bridge noise", 0);
    ck_assert(flip.was == 0 && flip.label == 1 && flip.n_causes == 2);
    is_named(&flip.causes[0], "noise"); /* +3 − −1 against +0.5: 3.5; bridge −1 against −3: 2 */
    is_named(&flip.causes[1], "bridge");
    ck_assert_double_eq_tol((flip.causes[0].after - flip.causes[0].before) /
                                (flip.causes[1].after - flip.causes[1].before),
                            3.5 / 2, 1e-6);
    ck_assert(flip.causes[0].decisive &&
              flip.causes[1].decisive); /* without one, both: the other */
}
END_TEST

START_TEST(test_a_model_that_is_not_there)
{
    static const struct word OLD[] = {{"idiot", {.1F}}}, NEW[] = {{"idiot", {4}}};
    models[0] = model_of(RETORT_ANY_OF, TONE, OLD, 1);
    models[1] = model_of(RETORT_ANY_OF, TONE, NEW, 1);
    struct retort_diff_flip flip = flip_of("idiot", 1);
    ck_assert(!flip.has_before && flip.has_after && flip.n_causes == 1);
    ck_assert(flip.causes[0].before == 0 && flip.causes[0].decisive);
    retort_diff_close(diff);
    flip = flip_of("idiot", 2);
    ck_assert(!flip.has_before && !flip.has_after && flip.n_causes == 0);
    ck_assert(retort_span_equal(flip.text, RETORT_SPAN("idiot")));
}
END_TEST

TCase *diff_words(void)
{
    TCase *words = tcase_create("words");
    tcase_set_timeout(words, 60);
    tcase_add_checked_fixture(words, begin, end);
    tcase_add_test(words, test_the_word_that_turned_it);
    tcase_add_test(words, test_words_that_do_it_together);
    tcase_add_test(words, test_a_phrase_against_words);
    tcase_add_test(words, test_from_one_label_to_another);
    tcase_add_test(words, test_a_model_that_is_not_there);
    return words;
}
