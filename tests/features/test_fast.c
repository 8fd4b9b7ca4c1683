/* What is done fast is held to what is done plainly: the scanner to the PCRE2 pattern, counting
 * over a dictionary to terms, words that were met before to words that are new. */
#include "features/extractor.h"
#include "features/features.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *fast_suite(void);

/* Pieces that the branches of the pattern begin, go on, and fail with. */
static const char *const PIECES[] = {
    "a",
    "I",
    "no",
    "the",
    "Hello",
    "sooo",
    "word",
    "x",
    "u",
    "h",
    "w",
    "ww",
    "don",
    "http",
    "https",
    "http://",
    "https://a.b/c?d=e",
    "www.",
    "www",
    "ftp://",
    "u/",
    "/u/",
    "/",
    "//",
    "u/bob",
    "@",
    "@ann",
    "a@b",
    "a@b.c",
    "a.b+c-d_e@f-g.h.i",
    "@@",
    "_",
    "__",
    "+",
    "-",
    "--",
    ".",
    "..",
    "...",
    ",",
    ";",
    ":",
    ":)",
    ":-(",
    ";D",
    ":'(",
    "=)",
    "=/",
    "8)",
    "8D",
    ":p",
    ":/",
    ":|",
    "<",
    "<3",
    ">",
    "> ",
    "\n>",
    "\n  >",
    "\n\t> ",
    "!",
    "!!",
    "?",
    "?!",
    "!?",
    "\"",
    "'",
    "''",
    "*",
    "**",
    "f**k",
    "sh*t",
    "0",
    "7",
    "12",
    "1984",
    "1,000",
    "3.5",
    "50%",
    "%",
    "12:30",
    "1/2",
    "1.2.3.4",
    "3.5kg",
    "90s",
    "b2b",
    "$5",
    "#tag",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "\\",
    "~",
    "`",
    "^",
    "&",
    " ",
    " ",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\x01",
    "\x7F",
    "\xC3\xA9",
    "\xC3\x89t\xC3\xA9",
    "\xC3\x9F",
    "\xC2\xA0",
    "\xC2\xAA",
    "\xC2\xB2",
    "\xC2\xBD",
    "\xCC\x81",
    "e\xCC\x81",
    "\xCE\xB1\xCE\xB2",
    "\xD0\xBC\xD0\xB8\xD1\x80",
    "\xD7\xA9",
    "\xD9\xA3",
    "\xE0\xA4\x95\xE0\xA5\x8D",
    "\xE4\xB8\xAD\xE6\x96\x87",
    "\xE2\x85\xA7",
    "\xE2\x80\x99",
    "\xE2\x80\x98",
    "\xE2\x80\x9C",
    "\xE2\x80\x9D",
    "\xE2\x80\xA6",
    "\xE2\x80\x94",
    "\xE2\x80\x93",
    "\xE2\x80\x8B",
    "\xE2\x80\x8D",
    "\xE2\x80\xA8",
    "\xE2\x81\xB0",
    "\xE2\x82\xAC",
    "\xE2\x98\xBA",
    "\xEF\xBB\xBF",
    "\xEF\xBC\x91",
    "\xF0\x9F\x98\x80",
    "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
    "\xF0\x9D\x94\xB8",
    "\xF0\x9F\x83\x8F",
    "it\xE2\x80\x99s",
    "o'clock",
    "rock'n'roll",
    "'tis",
    "a*b*c",
    "l\xE2\x80\x99\xC3\xA9t\xC3\xA9",
};
enum { N_PIECES = sizeof PIECES / sizeof PIECES[0] };

/* Some pieces in a row, or any code points at all. */
static void make_text(uint64_t *state, struct retort_buffer *text)
{
    size_t n = 1 + retort_random(state) % 24;
    bool wild = retort_random(state) % 8 == 0;
    retort_buffer_clear(text);
    for (size_t i = 0; i < n; i++) {
        uint8_t bytes[4];
        uint64_t bits = 1 + retort_random(state) % 21;
        uint32_t code_point = (uint32_t)(retort_random(state) & ((UINT64_C(1) << bits) - 1));
        if (wild)
            retort_buffer_put(text,
                              (struct retort_span){bytes, retort_utf8_put(bytes, code_point)});
        else
            retort_buffer_text(text, PIECES[retort_random(state) % N_PIECES]);
        if (retort_random(state) % 3 == 0)
            retort_buffer_byte(text, ' ');
    }
}

/* ---- the scanner ---- */

static void check_scan(struct scanner *fast, struct scanner *exact, struct retort_span text)
{
    struct scan ours = retort_scan_begin(fast, text), theirs = retort_scan_begin(exact, text);
    struct found found, wanted;
    bool any;
    do {
        any = retort_scan_some(&theirs, &wanted, 1) == 1;
        bool got = retort_scan_some(&ours, &found, 1) == 1;
        ck_assert_msg(got == any &&
                          (!any || (found.kind == wanted.kind && found.begin == wanted.begin &&
                                    found.end == wanted.end)),
                      "\"%.*s\": %d kind %d at %u-%u, the pattern finds %d kind %d at %u-%u",
                      (int)text.len, (const char *)text.data, got, got ? (int)found.kind : 0,
                      got ? found.begin : 0, got ? found.end : 0, any, any ? (int)wanted.kind : 0,
                      any ? wanted.begin : 0, any ? wanted.end : 0);
    } while (any);
}

START_TEST(the_scanner_finds_what_the_pattern_finds)
{
    struct scanner fast = {0}, exact = {.exact = true};
    struct retort_buffer text = {0};
    uint64_t state = 2026 + (uint64_t)_i;
    for (size_t round = 0; round < 20000; round++) {
        static const uint8_t NULS[SCAN_PADDING];
        make_text(&state, &text);
        size_t len = text.len;
        retort_buffer_put(&text, (struct retort_span){NULS, sizeof NULS});
        check_scan(&fast, &exact, (struct retort_span){text.data, len});
    }
    ck_assert(exact.pattern != NULL);
    retort_scanner_release(&fast);
    retort_scanner_release(&exact);
    retort_buffer_release(&text);
}
END_TEST

/* A name before an "@" is as long as the pattern lets it be, in letters of whatever size. */
START_TEST(long_names_are_mail_as_far_as_the_pattern_goes)
{
    static const char *const LETTERS[] = {"a", "a.", "1", "x-", "\xC3\xA9", "a\xC3\xA9_"};
    struct scanner fast = {0}, exact = {.exact = true};
    struct retort_buffer text = {0};
    for (size_t n = 130; n <= 405; n++) {
        static const uint8_t NULS[SCAN_PADDING];
        retort_buffer_clear(&text);
        for (size_t i = 0; i < n; i++)
            retort_buffer_text(&text, LETTERS[_i]);
        retort_buffer_text(&text, "@b.c and d@e.f");
        size_t len = text.len;
        retort_buffer_put(&text, (struct retort_span){NULS, sizeof NULS});
        check_scan(&fast, &exact, (struct retort_span){text.data, len});
    }
    retort_scanner_release(&fast);
    retort_scanner_release(&exact);
    retort_buffer_release(&text);
}
END_TEST

/* ---- counting ---- */

enum { N_LANES = 8 };

/* A dictionary of every second term that some texts have, and rows of weights. */
struct learned {
    struct retort_dictionary dictionary;
    struct retort_rows rows;
    struct retort_arena arena;
};

static int by_key(const void *a, const void *b)
{
    const struct retort_term *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static void learn(struct learned *known, const struct retort_recipe *recipe, uint64_t seed)
{
    struct retort_buffer text = {0}, terms = {0};
    struct retort_bag bag;
    retort_bag_init(&bag);
    for (size_t i = 0; i < 300; i++) {
        make_text(&seed, &text);
        const struct retort_item item = {.text = retort_buffer_span(&text),
                                         .parent_text = RETORT_SPAN("no, the word"),
                                         .target = RETORT_SPAN("word")};
        retort_bag_fill(&bag, recipe, &item);
        retort_buffer_put(&terms, (struct retort_span){(const uint8_t *)bag.terms,
                                                       bag.n_terms * sizeof *bag.terms});
    }
    size_t n = terms.len / sizeof(struct retort_term), n_kept = 0;
    struct retort_term *all = (struct retort_term *)(void *)terms.data;
    qsort(all, n, sizeof *all, by_key);
    uint64_t *keys = RETORT_NEW(&known->arena, uint64_t, n);
    float *idf = RETORT_NEW(&known->arena, float, n);
    uint8_t *fields = RETORT_NEW(&known->arena, uint8_t, n);
    float *rows = RETORT_NEW(&known->arena, float, n *N_LANES);
    for (size_t i = 0; i < n; i++) {
        if ((i > 0 && all[i].key == all[i - 1].key) || all[i].key % 2)
            continue;
        keys[n_kept] = all[i].key;
        fields[n_kept] = (uint8_t)all[i].field;
        idf[n_kept] = retort_field_is_dense(all[i].field) ? 1 : 1 + (float)(all[i].key % 7) / 3;
        rows[n_kept * N_LANES] = idf[n_kept];
        for (size_t l = 1; l < N_LANES; l++)
            rows[n_kept * N_LANES + l] = (float)(retort_random(&seed) % 2001) / 1000 - 1;
        n_kept++;
    }
    known->dictionary =
        (struct retort_dictionary){.id = 7,
                                   .n_features = (uint32_t)n_kept,
                                   .n_slots = retort_dictionary_n_slots((uint32_t)n_kept),
                                   .keys = keys,
                                   .idf = idf,
                                   .fields = fields};
    known->rows = (struct retort_rows){rows, N_LANES};
    ck_assert(retort_dictionary_index(
        &known->dictionary, RETORT_NEW(&known->arena, uint8_t, known->dictionary.n_slots),
        RETORT_NEW(&known->arena, uint32_t, known->dictionary.n_slots)));
    retort_bag_release(&bag);
    retort_buffer_release(&text);
    retort_buffer_release(&terms);
}

static const struct retort_recipe RECIPES[] = {
    {.word_max = 2},
    {.word_max = 3,
     .char_min = 2,
     .char_max = 4,
     .idf = true,
     .cues = true,
     .manner = true,
     .cue_scale = 0.1},
    {.word_max = 1, .binary = true, .cues = true, .place = true, .cue_scale = 1},
    {.word_max = 2,
     .char_min = 3,
     .char_max = 6,
     .negation = true,
     .quotes = true,
     .reply = true,
     .cue_scale = 1},
    {.word_max = 2,
     .target = true,
     .mask = true,
     .early = 5,
     .phrases = true,
     .questions = true,
     .lengths = true,
     .cue_scale = 0.5},
    {.word_max = 2, .char_min = 1, .char_max = 3, .toward = true},
    {.word_max = 2, .char_min = 2, .char_max = 4, .pieces = 1},
};
enum { N_RECIPES = sizeof RECIPES / sizeof RECIPES[0] };

/* The item counted by a bag that has read much, by a new one, and as terms. */
static void check_product(struct learned *known, const struct retort_recipe *recipe,
                          struct retort_bag *used, const struct retort_item *item)
{
    float counted[N_LANES], fresh[N_LANES], plain[N_LANES];
    struct retort_bag new;
    retort_bag_read(used, item);
    retort_bag_make(used, recipe, &known->dictionary);
    retort_bag_product(used, recipe, &known->dictionary, &known->rows, counted);
    size_t n_single = used->n_single, n_known = used->n_known;
    retort_bag_init(&new);
    retort_bag_read(&new, item);
    retort_bag_make(&new, recipe, &known->dictionary);
    retort_bag_product(&new, recipe, &known->dictionary, &known->rows, fresh);
    retort_bag_make(&new, recipe, NULL);
    retort_bag_product(&new, recipe, &known->dictionary, &known->rows, plain);
    ck_assert_uint_eq(n_single, new.n_single);
    ck_assert_uint_eq(n_known, new.n_known);
    for (size_t l = RETORT_ROW_WEIGHTS; l < N_LANES; l++) {
        ck_assert(counted[l] == fresh[l]);
        if (recipe->pieces) /* added up in another order */
            ck_assert_float_eq_tol(counted[l], plain[l], 1e-4F);
        else
            ck_assert_msg(counted[l] == plain[l], "lane %zu: %.9g counted, %.9g of terms", l,
                          (double)counted[l], (double)plain[l]);
    }
    retort_bag_release(&new);
}

START_TEST(counting_gives_the_bits_that_terms_give)
{
    struct learned known = {0};
    struct retort_buffer text = {0}, parent = {0};
    struct retort_bag used;
    uint64_t state = 99;
    const struct retort_recipe *recipe = &RECIPES[_i];
    learn(&known, recipe, 5);
    ck_assert_uint_gt(known.dictionary.n_features, 20);
    retort_bag_init(&used);
    for (size_t round = 0; round < 150; round++) {
        make_text(&state, &text);
        if (round % 4 == 0) /* siblings have their parent in common */
            make_text(&state, &parent);
        const struct retort_item item = {
            .text = retort_buffer_span(&text),
            .parent_text = retort_buffer_span(&parent),
            .article_text = round % 8 < 5 ? RETORT_SPAN("The word, no less") : RETORT_SPAN(""),
            .target = round % 3 ? RETORT_SPAN("the word") : RETORT_SPAN("")};
        check_product(&known, recipe, &used, &item);
    }
    retort_bag_release(&used);
    retort_buffer_release(&text);
    retort_buffer_release(&parent);
    retort_arena_release(&known.arena);
}
END_TEST

/* Any settings together, but for those that need a model. */
static struct retort_recipe any_recipe(uint64_t *state)
{
    uint64_t flags = retort_random(state);
    struct retort_recipe recipe = {.word_max = (unsigned)(flags % 4),
                                   .char_min = (unsigned)(flags / 4 % 4),
                                   .early = (unsigned)(flags / 16 % 4 * 3),
                                   .cue_scale = 0.3};
    bool *const settings[] = {
        &recipe.pieces,  &recipe.binary,    &recipe.idf,     &recipe.negation, &recipe.cues,
        &recipe.manner,  &recipe.quotes,    &recipe.reply,   &recipe.place,    &recipe.parent,
        &recipe.phrases, &recipe.questions, &recipe.lengths, &recipe.target,   &recipe.openings,
        &recipe.mask,    &recipe.toward,
    };
    recipe.char_max = recipe.char_min ? recipe.char_min + (unsigned)(flags / 64 % 3) : 0;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        *settings[i] = (flags >> (8 + 2 * i) & 3) == 0;
    return recipe;
}

/* One bag for all recipes, as a labeller has. */
START_TEST(any_recipe_is_counted_as_it_is_read)
{
    struct retort_buffer text = {0}, parent = {0};
    struct retort_bag used;
    uint64_t state = 7;
    retort_bag_init(&used);
    for (size_t r = 0; r < 60; r++) {
        struct learned known = {0};
        const struct retort_recipe recipe = any_recipe(&state);
        learn(&known, &recipe, r);
        known.dictionary.id = r + 1;
        for (size_t round = 0; round < 12; round++) {
            make_text(&state, &text);
            make_text(&state, &parent);
            const struct retort_item item = {.text = retort_buffer_span(&text),
                                             .parent_text = retort_buffer_span(&parent),
                                             .target = round % 3 ? RETORT_SPAN("the word")
                                                                 : RETORT_SPAN("")};
            check_product(&known, &recipe, &used, &item);
        }
        retort_arena_release(&known.arena);
    }
    retort_bag_release(&used);
    retort_buffer_release(&text);
    retort_buffer_release(&parent);
}
END_TEST

/* More words than the lexicon has slots, in one text and in many. */
START_TEST(more_words_than_are_kept_change_nothing)
{
    struct learned known = {0};
    struct retort_buffer text = {0};
    struct retort_bag used;
    const struct retort_recipe *recipe = &RECIPES[1];
    learn(&known, recipe, 5);
    retort_bag_init(&used);
    for (uint32_t round = 0; round < 12; round++) {
        retort_buffer_clear(&text);
        for (uint32_t i = 0; i < 30000; i++)
            retort_buffer_format(&text, "%c%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26,
                                 'a' + i / 676 % 26, 'a' + (int)round % 3);
        retort_buffer_text(&text, "the word no Hello");
        check_product(&known, recipe, &used,
                      &(const struct retort_item){.text = retort_buffer_span(&text)});
    }
    retort_bag_release(&used);
    retort_buffer_release(&text);
    retort_arena_release(&known.arena);
}
END_TEST

/* The space is a letter of " a " twice: as often as the text has bytes. */
START_TEST(a_letter_may_be_all_of_a_text)
{
    static const struct retort_recipe recipe = {.char_min = 1, .char_max = 2};
    static const float IDF[2] = {1, 1},
                       ROWS[2 * N_LANES] = {1, 1, [N_LANES] = 1, [N_LANES + 2] = 1};
    static const uint8_t FIELDS[2] = {RETORT_FIELD_CHAR, RETORT_FIELD_CHAR};
    const uint64_t keys[2] = {retort_term_key(RETORT_FIELD_CHAR, RETORT_SPAN(" ")),
                              retort_term_key(RETORT_FIELD_CHAR, RETORT_SPAN("a"))};
    struct learned known = {
        .dictionary = {.id = 7, 2, .n_slots = 8, .keys = keys, .idf = IDF, .fields = FIELDS},
        .rows = {ROWS, N_LANES}};
    uint8_t tags[8] = {0};
    uint32_t slots[8] = {0};
    float sums[N_LANES];
    struct retort_buffer text = {0};
    struct retort_bag bag;
    ck_assert(retort_dictionary_index(&known.dictionary, tags, slots));
    while (text.len < RETORT_TEXT_READ)
        retort_buffer_text(&text, "a ");
    retort_bag_init(&bag);
    const struct retort_item item = {.text = retort_buffer_span(&text)};
    check_product(&known, &recipe, &bag, &item);
    retort_bag_make(&bag, &recipe, &known.dictionary);
    retort_bag_product(&bag, &recipe, &known.dictionary, &known.rows, sums);
    double space = 1 + log(65536), a = 1 + log(32768);
    ck_assert_double_eq_tol((double)sums[1], space / sqrt(space * space + a * a), 1e-6);
    retort_bag_release(&bag);
    retort_buffer_release(&text);
}
END_TEST

/* A checksum can be forged, and two dictionaries then have the same. */
START_TEST(dictionaries_of_one_name_are_told_apart)
{
    struct learned known[2] = {0};
    struct retort_bag used;
    const struct retort_item item = {.text = RETORT_SPAN("the word no Hello: a.b sooo word")};
    learn(&known[0], &RECIPES[0], 5);
    learn(&known[1], &RECIPES[1], 6);
    ck_assert_uint_eq(known[0].dictionary.id, known[1].dictionary.id);
    retort_bag_init(&used);
    for (size_t round = 0; round < 6; round++)
        check_product(&known[round % 2], &RECIPES[round % 2], &used, &item);
    retort_bag_release(&used);
    retort_arena_release(&known[0].arena);
    retort_arena_release(&known[1].arena);
}
END_TEST

/* A letter that is repeated is read on and on. */
START_TEST(long_words_of_another_script_are_foreign)
{
    struct retort_buffer text = {0};
    struct retort_bag bag;
    retort_bag_init(&bag);
    for (size_t n = 1; n <= 300; n++) {
        retort_buffer_text(&text, "\xD0\xBC");
        retort_bag_fill(&bag, &RECIPES[0],
                        &(const struct retort_item){.text = retort_buffer_span(&text)});
        ck_assert_uint_eq(bag.n_foreign_halves, n >= 4 ? 4 : 2);
    }
    retort_bag_release(&bag);
    retort_buffer_release(&text);
}
END_TEST

Suite *fast_suite(void)
{
    Suite *suite = suite_create("fast");
    TCase *core = tcase_create("fast");
    tcase_set_timeout(core, 120);
    tcase_add_loop_test(core, the_scanner_finds_what_the_pattern_finds, 0, 4);
    tcase_add_loop_test(core, long_names_are_mail_as_far_as_the_pattern_goes, 0, 6);
    tcase_add_loop_test(core, counting_gives_the_bits_that_terms_give, 0, N_RECIPES);
    tcase_add_test(core, any_recipe_is_counted_as_it_is_read);
    tcase_add_test(core, more_words_than_are_kept_change_nothing);
    tcase_add_test(core, a_letter_may_be_all_of_a_text);
    tcase_add_test(core, dictionaries_of_one_name_are_told_apart);
    tcase_add_test(core, long_words_of_another_script_are_foreign);
    suite_add_tcase(suite, core);
    return suite;
}
