/* Features: what a text is folded into, what an item's bag holds, what a vector weighs. Most of it
 * is tables of cases over one bag; what is done fast is held to it in test_fast.c. */
#include "features/extractor.h"
#include "features/features.h"
#include "features/words.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *features_suite(void);

/* ---- tokens ---- */

/* The text with the NULs behind it that a scanner wants. */
static struct retort_span padded(struct retort_span text, struct retort_arena *arena)
{
    uint8_t *copy = RETORT_NEW(arena, uint8_t, text.len + SCAN_PADDING);
    if (text.len)
        memcpy(copy, text.data, text.len);
    return (struct retort_span){copy, text.len};
}

/* The folded tokens with a '|' between; a stop folds to nothing and shows as '.'. */
static void fold(struct retort_span text, struct retort_buffer *shown)
{
    struct retort_extractor *extractor = retort_extractor_new();
    struct token_list list = {0};
    struct retort_buffer folded = {0};
    struct retort_arena arena = {0};
    retort_lexicon_next_item(&extractor->lexicon);
    retort_tokenize(extractor, padded(text, &arena), &list);
    retort_token_names(extractor, &list, &folded);
    for (size_t i = 0; i < list.n; i++) {
        const struct token *token = &list.items[i];
        if (i > 0)
            retort_buffer_byte(shown, '|');
        ck_assert_uint_le(token->end, text.len);
        ck_assert_uint_lt(token->begin, token->end);
        if (token->kind == TOKEN_STOP)
            retort_buffer_byte(shown, '.');
        retort_buffer_put(shown, retort_span_slice(retort_buffer_span(&folded), token->fold_begin,
                                                   token_fold_end(token)));
    }
    retort_buffer_byte(shown, 0);
    retort_arena_release(&arena);
    free(list.items);
    retort_buffer_release(&folded);
    retort_extractor_free(extractor);
}

static const struct {
    const char *text, *folded;
} FOLDED[] = {
    {"", ""},
    {"   \t\r\n ", ""},
    {",,, ()[]{} --- ^^", ""},
    {"Taxes RISE again", "taxes|rise|again"},
    {"It doesn\xE2\x80\x99t. It doesn't", "it|doesn't|.|it|doesn't"},
    {"see https://example.org/a?b=1&c=2 now", "see|<link>|now"},
    {"see www.example.org, now", "see|<link>|now"},
    {"HTTP is no link", "http|is|no|link"},
    {"write to ann.lee+news@mail.example.org!", "write|to|<mail>|!"},
    {"@ann_lee: you and u/bob and /u/carl", "<user>|.|you|and|<user>|and|<user>"},
    {"in 1984 some 3,500.25 or 40% at 12:30", "in|<number>|some|<number>|or|<number>|at|<number>"},
    {"a b2b deal, the 90s, G20", "a|b0b|deal|the|00s|g00"},
    {"Call 555-123-4567", "call|<number>|<number>|<number>"},
    {"sooooo goooood", "soo|good"},
    {"soo good", "soo|good"},
    {"nice :) or sad :( <3", "nice|<smile>|or|sad|<frown>|<smile>"},
    {"ha \xF0\x9F\x98\x82\xF0\x9F\x98\x82", "ha|\xF0\x9F\x98\x82|\xF0\x9F\x98\x82"},
    {"what?! really!! hm... so\xE2\x80\xA6", "what|?|really|!|hm|...|so|..."},
    {"he said \"no\" and \xE2\x80\x9Cyes\xE2\x80\x9D",
     "he|said|<quote>|no|<quote>|and|<quote>|yes|<quote>"},
    {"> quoted\nanswer", "<quote>|quoted|answer"},
    {"f**k this", "f**k|this"},
    {"\xC3\x84rger \xC3\xA4rgert STRASSE", "\xC3\xA4rger|\xC3\xA4rgert|strasse"},
    {"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xD8\xB3\xD9\x84\xD8\xA7\xD9\x85",
     "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D|\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85"},
    {"\xE2\x80\xAErtl\xE2\x80\xAC mark", "rtl|mark"},
    {"half-hearted, so-called", "half|hearted|so|called"},
};

START_TEST(text_is_folded_as_the_table_says)
{
    struct retort_buffer shown = {0};
    fold(retort_span_of(FOLDED[_i].text), &shown);
    ck_assert_str_eq((const char *)shown.data, FOLDED[_i].folded);
    retort_buffer_release(&shown);
}
END_TEST

/* What a token says beyond its folded word. */
START_TEST(capitals_repeats_and_scripts_are_noted)
{
    struct retort_extractor *extractor = retort_extractor_new();
    struct token_list list = {0};
    struct retort_buffer folded = {0};
    struct retort_arena arena = {0};
    retort_lexicon_next_item(&extractor->lexicon);
    retort_tokenize(extractor,
                    padded(RETORT_SPAN("NO Way soooo I \xD0\xBC\xD0\xB8\xD1\x80 nicht"), &arena),
                    &list);
    const struct token *t = list.items;
    ck_assert_uint_eq(list.n, 6);
    ck_assert(t[0].upper && t[0].capital && (t[0].classes & WORD_NEGATION));
    ck_assert(!t[1].upper && t[1].capital);
    ck_assert(t[2].elongated && !t[2].capital);
    ck_assert(!t[3].upper && (t[3].classes & WORD_FIRST)); /* one capital is no shout */
    ck_assert(t[4].foreign && t[5].foreign && !t[0].foreign);
    retort_arena_release(&arena);
    free(list.items);
    retort_buffer_release(&folded);
    retort_extractor_free(extractor);
}
END_TEST

START_TEST(huge_words_are_cut_and_cost_no_more)
{
    struct retort_buffer text = {0}, shown = {0};
    for (size_t i = 0; i < 60000; i++)
        retort_buffer_byte(&text, (uint8_t)('a' + i % 7));
    fold(retort_buffer_span(&text), &shown);
    ck_assert_uint_eq(strlen((const char *)shown.data), 40);
    retort_buffer_release(&text);
    retort_buffer_release(&shown);
}
END_TEST

/* ---- bags ---- */

static const struct retort_recipe PLAIN = {.word_max = 2, .binary = true, .cue_scale = 1};

/* The value of a term "field:name" in the bag: the sum over its places; 0 when it is not there. */
static double value_of(const struct retort_bag *bag, const char *wanted)
{
    double sum = 0;
    for (size_t i = 0; i < bag->n_terms; i++) {
        struct retort_buffer name = {0};
        retort_buffer_format(&name, "%s:", retort_field_name(bag->terms[i].field));
        retort_buffer_put(&name, retort_term_name(bag, &bag->terms[i]));
        if (retort_span_equal(retort_buffer_span(&name), retort_span_of(wanted)))
            sum += (double)bag->terms[i].value;
        retort_buffer_release(&name);
    }
    return sum;
}

static size_t count_field(const struct retort_bag *bag, enum retort_field field)
{
    size_t n = 0;
    for (size_t i = 0; i < bag->n_terms; i++)
        n += bag->terms[i].field == field;
    return n;
}

static struct retort_span given(const char *text)
{
    return text ? retort_span_of(text) : (struct retort_span){0};
}

static void fill(struct retort_bag *bag, const struct retort_recipe *recipe, const char *text,
                 const char *parent, const char *target)
{
    const struct retort_item item = {
        .text = given(text), .parent_text = given(parent), .target = given(target)};
    retort_bag_fill(bag, recipe, &item);
}

START_TEST(ngrams_are_slices_that_stops_break)
{
    struct retort_bag bag;
    struct retort_recipe three = PLAIN;
    three.word_max = 3;
    retort_bag_init(&bag);
    fill(&bag, &three, "Not at all. At all!", NULL, NULL);
    ck_assert(value_of(&bag, "word:at") == 2);
    ck_assert(value_of(&bag, "word:at all") == 2);
    ck_assert(value_of(&bag, "word:not at all") == 1);
    ck_assert(value_of(&bag, "word:at all !") == 1);
    ck_assert(value_of(&bag, "word:all at") == 0);
    for (size_t i = 0; i < bag.n_terms; i++)
        ck_assert_uint_le(bag.terms[i].end, strlen("Not at all. At all!"));
    retort_bag_release(&bag);
}
END_TEST

START_TEST(character_ngrams_keep_to_words_and_letters)
{
    struct retort_bag bag;
    struct retort_recipe recipe = {.char_min = 2, .char_max = 3, .cue_scale = 1};
    retort_bag_init(&bag);
    fill(&bag, &recipe, "\xC3\x84h no", NULL, NULL);
    ck_assert(value_of(&bag, "char: \xC3\xA4") == 1);
    ck_assert(value_of(&bag, "char:\xC3\xA4h ") == 1);
    ck_assert(value_of(&bag, "char: no") == 1);
    ck_assert(value_of(&bag, "char:h n") == 0);
    ck_assert_uint_eq(count_field(&bag, RETORT_FIELD_CHAR), 10);
    retort_bag_release(&bag);
}
END_TEST

static const struct {
    const char *text, *cue;
    double value;
} CUES[] = {
    {"Is that so?", "cue:ends_question", 1},
    {"Is that so? No.", "cue:ends_question", 0},
    {"Is that so? @ann http://a.org", "cue:ends_question", 1},
    {"Why not", "cue:opens_question_word", 1},
    {"@ann why not", "cue:opens_question_word", 1},
    {"@ann why not", "cue:opens_lower", 1},
    {"Never!", "cue:negation", 1},
    {"Never!", "cue:exclaim", 0.5},
    {"Never!", "cue:short", 1},
    {"one two three four five six", "cue:short", 0},
    {"THIS IS MADNESS", "cue:capitals_most", 1},
    {"NASA says no", "cue:capitals", 0.25},
    {"see https://a.org", "cue:link", 1},
    {"", "cue:length", 0},
    {"Everyone lies", "cue:manner_all", 0.5},
    {"They always say so", "cue:manner_they_all", 0.5},
    {"The tram they built", "cue:manner_they_all", 0},
    {"you total idiot", "cue:manner_you_swear", 0.5},
    {"he wrote it, and an idiot like that read what you sent", "cue:manner_you_swear", 0},
    {"our \"honest mayor\" again", "cue:manner_scare_quotes", 0.5},
    {"\"we shall build it in the spring\" he said", "cue:manner_scare_quotes", 0},
    {"\"\" nothing", "cue:manner_scare_quotes", 0},
    {"What?! No!!", "cue:manner_loud_marks", 1},
    {"What? No!", "cue:manner_loud_marks", 0},
    {"great plan \xF0\x9F\x99\x84", "cue:manner_emoji_wry", 0.5},
    {"great plan \xF0\x9F\x98\x82", "cue:manner_emoji_wry", 0},
    {"this sh1t again", "cue:manner_hidden_swear", 1},
    {"f**k this", "cue:manner_hidden_swear", 1},
    {"such an i d i o t", "cue:manner_hidden_swear", 1},
    {"an idiot", "cue:manner_hidden_swear", 0},
    {"a b2b deal, a b c d list", "cue:manner_hidden_swear", 0},
    {"one two three four five six seven eight nine ten", "cue:manner_words_10", 1},
};

START_TEST(cues_say_what_ngrams_cannot)
{
    struct retort_bag bag;
    struct retort_recipe recipe = {.cues = true, .manner = true, .cue_scale = 1};
    retort_bag_init(&bag);
    fill(&bag, &recipe, CUES[_i].text, NULL, NULL);
    ck_assert_msg(fabs(value_of(&bag, CUES[_i].cue) - CUES[_i].value) < 1e-6, "%s in \"%s\": %f",
                  CUES[_i].cue, CUES[_i].text, value_of(&bag, CUES[_i].cue));
    retort_bag_release(&bag);
}
END_TEST

START_TEST(a_reply_knows_its_place)
{
    struct retort_bag bag;
    struct retort_recipe recipe = {.reply = true, .cue_scale = 1};
    struct retort_span article = RETORT_SPAN("The dam is dry, the council said.");
    struct retort_item item = {.text = RETORT_SPAN("@bob No it is not. The council lied"),
                               .article_text = article};
    retort_bag_init(&bag);
    retort_bag_fill(&bag, &recipe, &item);
    ck_assert(value_of(&bag, "cue:top") == 1 && value_of(&bag, "cue:first") == 0);
    item.parent_text = article;
    retort_bag_fill(&bag, &recipe, &item);
    ck_assert(value_of(&bag, "cue:first") == 1 && value_of(&bag, "cue:first_negates") == 1);
    ck_assert(value_of(&bag, "cue:repeats_parent") > 0);
    ck_assert(value_of(&bag, "parent:dam") == 1);
    item.parent_text = RETORT_SPAN("Is it?");
    retort_bag_fill(&bag, &recipe, &item);
    ck_assert(value_of(&bag, "cue:deeper") == 1 && value_of(&bag, "cue:parent_asks") == 1);
    ck_assert(value_of(&bag, "opening:no") == 1 && value_of(&bag, "opening:no it is") == 1);
    ck_assert_uint_eq(count_field(&bag, RETORT_FIELD_OPENING), 3);
    retort_bag_release(&bag);
}
END_TEST

static const struct {
    const char *text, *target, *term;
    double value;
} TOWARD[] = {
    {"Whaling is cruel", "whaling", "cue:target_exact", 1},
    {"Whalers are cruel", "whaling", "cue:target_exact", 0},
    {"Immigrants work hard", "immigration", "cue:target_stem", 1},
    {"Nothing of the kind", "whaling", "cue:target_none", 1},
    {"Whaling is cruel", "whaling", "pair:whaling|cruel", 1},
    {"Whaling is cruel", "whaling", "side:for|cruel", 1},
    {"Whaling is cruel", "We should ban whaling", "side:against|cruel", 1},
    {"Whaling is cruel", "We should not ban whaling", "side:for|cruel", 1},
    {"Whaling is cruel", "We should ban whaling", "pair:ban|cruel", 1},
    {"Whaling is no crime", "whaling", "cue:target_plain_near_bad", 0},
    {"Whaling is no crime", "whaling", "cue:target_plain_near_good", 0.5},
    {"Whaling is a crime", "whaling", "cue:target_plain_near_bad", 0.5},
    {"Whaling is a crime", "We should ban whaling", "cue:target_against_near_bad", 0.5},
    {"Whaling is cruel", "", "side:for|cruel", 0},
    {"Whaling is cruel", NULL, "cue:target_none", 0},
};

START_TEST(a_comment_meets_its_target)
{
    struct retort_bag bag;
    struct retort_recipe recipe = {.target = true, .cue_scale = 1};
    retort_bag_init(&bag);
    fill(&bag, &recipe, TOWARD[_i].text, NULL, TOWARD[_i].target);
    ck_assert_msg(fabs(value_of(&bag, TOWARD[_i].term) - TOWARD[_i].value) < 1e-6,
                  "%s: \"%s\" toward \"%s\": %f", TOWARD[_i].term, TOWARD[_i].text,
                  TOWARD[_i].target ? TOWARD[_i].target : "-", value_of(&bag, TOWARD[_i].term));
    retort_bag_release(&bag);
}
END_TEST

static struct retort_recipe everything(void)
{
    struct retort_recipe recipe = RETORT_GENERAL_RECIPE;
    recipe.quotes = recipe.phrases = recipe.questions = recipe.lengths = true;
    recipe.early = 12;
    recipe.toward = true;
    return recipe;
}

static const struct {
    const char *text, *target, *term;
    double value;
} RENAMED[] = {
    {"The dam's wall", "the dam", "word:dam's", 1},
    {"Immigrants work", "immigration", "word:<target>", 1},
    {"Immigrants work", "immigration", "word:<target> work", 1},
    {"Immigrants work", "immigration", "word:immigrants", 0},
    {"So. Immigrants work", "immigration", "word:so <target>", 0},
    {"Immigrants work", "immigration", "toward:immigration|<target> work", 1},
    {"Immigrants work", "the dam", "toward:the dam|immigrants work", 1},
    {"Immigrants work", "immigration", "pair:immigration|immigrants", 1}, /* by its own name */
    {"Immigrants work", NULL, "word:immigrants", 1},
    {"Immigrants work", NULL, "toward:|work", 0},
};

START_TEST(ngrams_are_named_by_their_target)
{
    struct retort_bag bag;
    struct retort_recipe recipe = PLAIN;
    recipe.mask = recipe.toward = recipe.target = true;
    retort_bag_init(&bag);
    fill(&bag, &recipe, RENAMED[_i].text, NULL, RENAMED[_i].target);
    ck_assert_msg(fabs(value_of(&bag, RENAMED[_i].term) - RENAMED[_i].value) < 1e-6, "%s: %f",
                  RENAMED[_i].term, value_of(&bag, RENAMED[_i].term));
    retort_bag_release(&bag);
}
END_TEST

/* Three words on a circle: river and water are 37° apart, tax stands at right angles to water. */
static const struct {
    const char *word;
    int8_t values[2];
} CIRCLE[] = {{"water", {127, 0}}, {"river", {102, 76}}, {"tax", {0, 127}}};

struct circle {
    uint64_t keys[3];
    int8_t values[6];
    struct retort_vectors vectors;
};

static void make_circle(struct retort_bag *bag, struct circle *circle)
{
    static const float WEIGHTS[3] = {1, 1, 1};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq(
            retort_bag_content(bag, retort_span_of(CIRCLE[i].word), &circle->keys[i], 1), 1);
    for (uint64_t last = 0, next; at < 3; at++, last = next) { /* ascending */
        size_t least = 0;
        next = UINT64_MAX;
        for (size_t i = 0; i < 3; i++) {
            uint64_t key;
            retort_bag_content(bag, retort_span_of(CIRCLE[i].word), &key, 1);
            if (key > last && key <= next) {
                next = key;
                least = i;
            }
        }
        circle->keys[at] = next;
        memcpy(circle->values + 2 * at, CIRCLE[least].values, 2);
    }
    circle->vectors = (struct retort_vectors){3, 2, circle->keys, WEIGHTS, circle->values};
}

static const struct {
    const char *text, *target, *term;
    double value;
} KIN[] = {
    {"The river rises", "water", "kin:target's nearest word", 2 * 0.803},
    {"The river rises", "water tax", "kin:target's farthest word", 2 * 0.598},
    {"The river rises", "water tax", "kin:target's words", 0.803 + 0.598},
    {"A tax", "water", "kin:target's nearest word", 0},
    {"Water, tax", "water", "kin:all words", 1},
    {"Water, tax", "water", "kin:share near", 1},
    {"Water, tax", "water", "kin:on the whole", 2 * 0.7071},
    {"Water, tax", "water", "kin:comment 1", 3 * 0.7071},
    {"Water, tax", "water", "kin:target 0", 3},
    {"Water, tax", "water", "kin:unknown", 0},
    {"Nobody knows", "water", "kin:unknown", 2},
    {"Water", "nobody", "kin:unknown", 2},
    {"Water", NULL, "kin:unknown", 0},
};

START_TEST(kin_are_found_by_their_vectors)
{
    struct retort_bag bag;
    struct circle circle;
    const struct retort_recipe recipe = {.kin_scale = 2, .topic_scale = 3};
    retort_bag_init(&bag);
    make_circle(&bag, &circle);
    fill(&bag, &recipe, KIN[_i].text, NULL, KIN[_i].target);
    ck_assert_uint_eq(bag.n_terms, 0); /* without vectors nothing is kin */
    bag.vectors = &circle.vectors;
    fill(&bag, &recipe, KIN[_i].text, NULL, KIN[_i].target);
    ck_assert_msg(fabs(value_of(&bag, KIN[_i].term) - KIN[_i].value) < 0.01, "%s: %f", KIN[_i].term,
                  value_of(&bag, KIN[_i].term));
    retort_bag_release(&bag);
}
END_TEST

/* Any bytes are an item: no crash, and places stay inside the text as it was mended. */
START_TEST(hostile_bytes_make_a_bag)
{
    static const char *const PIECES[] = {
        "\xFF\xFE", "\xC3", "\xED\xA0\x80", "a\xE2\x80", "\xF4\x90\x80\x80",
        "\x01",     "@",    "http://",      "?",         "'",
        "*"};
    struct retort_recipe recipe = everything();
    struct retort_bag bag;
    uint64_t state = 7;
    retort_bag_init(&bag);
    for (int round = 0; round < 300; round++) {
        struct retort_buffer text = {0};
        for (uint64_t n = retort_random(&state) % 40; n > 0; n--) {
            uint64_t pick = retort_random(&state) % (sizeof PIECES / sizeof PIECES[0] + 2);
            if (pick < sizeof PIECES / sizeof PIECES[0])
                retort_buffer_text(&text, PIECES[pick]);
            else
                retort_buffer_byte(&text, (uint8_t)retort_random(&state)); /* NUL too */
        }
        struct retort_span bytes = retort_buffer_span(&text);
        struct retort_item item = {bytes, bytes, bytes, bytes};
        retort_bag_fill(&bag, &recipe, &item);
        for (size_t i = 0; i < bag.n_terms; i++) {
            ck_assert_uint_le(bag.terms[i].begin, bag.terms[i].end);
            ck_assert_uint_le(bag.terms[i].end, 3 * bytes.len);
        }
        retort_buffer_release(&text);
    }
    retort_bag_release(&bag);
}
END_TEST

/* The first 64 KiB are read, whatever comes behind, and no code point is cut. */
START_TEST(long_texts_are_bounded)
{
    struct retort_recipe recipe = everything();
    struct retort_buffer text = {0};
    struct retort_bag bag;
    while (text.len < 200000)
        retort_buffer_text(&text, "water \xC3\xA4rger dam ");
    struct retort_span whole = retort_buffer_span(&text);
    struct retort_item item = {whole, whole, whole, whole};
    retort_bag_init(&bag);
    retort_bag_fill(&bag, &recipe, &item);
    ck_assert_uint_gt(bag.n_terms, 0);
    ck_assert_uint_le(bag.n_words, 65536 / 5);
    for (size_t i = 0; i < bag.n_terms; i++)
        ck_assert_uint_le(bag.terms[i].end, 65536);
    ck_assert(value_of(&bag, "word:water") == (double)(65536 / strlen("water \xC3\xA4rger dam ")));
    retort_buffer_release(&text);
    retort_bag_release(&bag);
}
END_TEST

/* Who asks where cues stand gets the same values, and each word that a cue counts. */
START_TEST(cues_stand_on_words_when_asked)
{
    static const struct retort_recipe ONLY_CUES = {.cues = true, .cue_scale = 1};
    static const char *const NAMES[] = {"cue:negation",       "cue:negation_share", "cue:question",
                                        "cue:opens_negation", "cue:capitals",       "cue:length"};
    static const size_t PLACES[] = {3, 3, 1, 1, 2, 0};
    struct retort_bag plain, placed;
    retort_bag_init(&plain);
    retort_bag_init(&placed);
    placed.wants_places = true;
    fill(&plain, &ONLY_CUES, "Not now, NOT never, is it REALLY so?", NULL, NULL);
    fill(&placed, &ONLY_CUES, "Not now, NOT never, is it REALLY so?", NULL, NULL);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        size_t n_places = 0;
        uint64_t key = retort_term_key(RETORT_FIELD_CUE, retort_span_of(NAMES[i] + 4));
        for (size_t t = 0; t < placed.n_terms; t++)
            n_places += placed.terms[t].key == key && placed.terms[t].end > 0;
        ck_assert_msg(n_places == PLACES[i], "%s stands on %zu words", NAMES[i], n_places);
        ck_assert(value_of(&plain, NAMES[i]) == value_of(&placed, NAMES[i]));
        ck_assert(value_of(&plain, NAMES[i]) > 0);
    }
    retort_bag_release(&plain);
    retort_bag_release(&placed);
}
END_TEST

START_TEST(mentions_of_the_target_stand_where_they_are)
{
    static const struct retort_recipe TARGET = {.target = true, .cue_scale = 1};
    uint64_t key = retort_term_key(RETORT_FIELD_CUE, RETORT_SPAN("target_one"));
    struct retort_bag bag;
    size_t n = 0;
    retort_bag_init(&bag);
    bag.wants_places = true;
    fill(&bag, &TARGET, "No more mining, I hate mining!", NULL, "The mine: mining is good");
    for (size_t t = 0; t < bag.n_terms; t++)
        if (bag.terms[t].key == key) {
            ck_assert_uint_eq(bag.terms[t].end - bag.terms[t].begin, strlen("mining"));
            ck_assert_uint_eq(bag.terms[t].begin, n++ ? 23 : 8);
        }
    ck_assert_uint_eq(n, 2);
    retort_bag_release(&bag);
}
END_TEST

/* ---- languages ---- */

static const struct {
    const char *text;
    bool foreign;
} LANGUAGES[] = {
    {"This is the worst plan that the council has ever had.", false},
    {"The schadenfreude of the nouveau riche, a je ne sais quoi and an ad hoc fait accompli.",
     false},
    {"He said que sera sera, and that was all.", false},
    {"LOL", false},
    {"", false},
    {"12 34 56 !!!", false},
    {"Caf\xC3\xA9!", false},
    {"DIE IN A FIRE, WAR IS HELL", false},
    {"gonna be lit fam, no cap", false},
    {"Fran\xC3\xA7ois met Jos\xC3\xA9 and the two of them left.", false},
    {"\xF0\x9F\x99\x82 \xF0\x9F\x99\x83", false},
    {"Ez egy\xC3\xA1ltal\xC3\xA1n nem igaz.", true},
    {"Hindi totoo ang sinabi mo.", true},
    {"\xE8\xBF\x99\xE6\xA0\xB9\xE6\x9C\xAC\xE4\xB8\x8D\xE6\x98\xAF", true},
    {"Der Rat hat das Wasser nicht und wird es auch nicht haben.", true},
    {"Le conseil n'a pas dit que la ville est dans une crise.", true},
    {"El consejo no sabe lo que hace con los dineros del pueblo.", true},
    {"Het is niet waar dat de raad dit voor ons heeft gedaan.", true},
    {"O conselho n\xC3\xA3o sabe o que faz com os dinheiros do povo, mas isso \xC3\xA9 assim.",
     true},
    {"\xD0\xAD\xD1\x82\xD0\xBE \xD0\xBD\xD0\xB5 \xD0\xBF\xD1\x80\xD0\xB0\xD0\xB2\xD0\xB4\xD0\xB0 "
     "\xD1\x81\xD0\xBE\xD0\xB2\xD1\x81\xD0\xB5\xD0\xBC",
     true},
    {"\xD9\x87\xD8\xB0\xD8\xA7 \xD9\x84\xD9\x8A\xD8\xB3 \xD8\xB5\xD8\xAD\xD9\x8A\xD8\xAD", true},
};

START_TEST(other_languages_are_known)
{
    struct retort_bag bag;
    retort_bag_init(&bag);
    fill(&bag, &PLAIN, LANGUAGES[_i].text, NULL, NULL);
    ck_assert_msg(retort_bag_is_foreign(&bag) == LANGUAGES[_i].foreign,
                  "\"%s\": %zu words, %zu English, %zu halves foreign", LANGUAGES[_i].text,
                  bag.n_words, bag.n_english, bag.n_foreign_halves);
    retort_bag_release(&bag);
}
END_TEST

/* ---- recipes ---- */

static const struct {
    const char *text, *written; /* NULL: refused */
} RECIPES[] = {
    {"", ""},
    {"words=2", "words=2"},
    {" chars=2-5\n# words=3\n  words=2 # no more\n", "words=2 chars=2-5"},
    {"cue_scale=0.25 idf=1 train.nb=1", "idf=1 cue_scale=0.25"},
    {"kin_scale=2 toward=1 mask=1", "mask=1 toward=1 kin_scale=2"},
    {"kin_scale=101", NULL},
    {"words=4", NULL},
    {"words=1.5", NULL},
    {"words=-1", NULL},
    {"words", NULL},
    {"=2", NULL},
    {"chars=0-7", NULL},
    {"chars=5-2", NULL},
    {"chars=3", NULL},
    {"binary=2", NULL},
    {"cue_scale=x", NULL},
    {"cue_scale=nan", NULL},
    {"words=2 more=1", NULL},
};

START_TEST(recipes_are_read_or_refused)
{
    struct retort_recipe recipe;
    struct retort_error error;
    struct retort_buffer text = {0};
    bool read = retort_recipe_read(&recipe, retort_span_of(RECIPES[_i].text), &error);
    ck_assert_msg(read == (RECIPES[_i].written != NULL), "%s", RECIPES[_i].text);
    if (read) {
        retort_recipe_write(&recipe, &text);
        ck_assert(
            retort_span_equal(retort_buffer_span(&text), retort_span_of(RECIPES[_i].written)));
    } else {
        ck_assert_int_eq(error.failure, RETORT_REFUSED);
    }
    retort_buffer_release(&text);
}
END_TEST

START_TEST(negation_reaches_to_the_clauses_end)
{
    struct retort_bag bag;
    struct retort_recipe recipe = PLAIN;
    recipe.negation = true;
    retort_bag_init(&bag);
    fill(&bag, &recipe, "I don't think so. It is good, never bad", NULL, NULL);
    ck_assert(value_of(&bag, "word:not_think") == 1 && value_of(&bag, "word:not_so") == 1);
    ck_assert(value_of(&bag, "word:not_it") == 0 && value_of(&bag, "word:not_good") == 0);
    ck_assert(value_of(&bag, "word:not_bad") == 1 && value_of(&bag, "word:bad") == 1);
    fill(&bag, &recipe, "not a b c d e f g", NULL, NULL);
    ck_assert(value_of(&bag, "word:not_f") == 1 && value_of(&bag, "word:not_g") == 0);
    retort_bag_release(&bag);
}
END_TEST

/* ---- dictionary and vector ---- */

/* A dictionary of all terms of a bag. */
struct whole {
    struct retort_dictionary dictionary;
    struct retort_arena arena;
};

static void index_bag(struct whole *whole, const struct retort_bag *bag)
{
    struct retort_arena *arena = &whole->arena;
    uint64_t *keys = RETORT_NEW(arena, uint64_t, bag->n_terms);
    float *idf = RETORT_NEW(arena, float, bag->n_terms);
    uint8_t *fields = RETORT_NEW(arena, uint8_t, bag->n_terms);
    uint32_t n = 0;
    for (size_t i = 0; i < bag->n_terms; i++) {
        bool known = false;
        for (uint32_t j = 0; j < n; j++)
            known |= keys[j] == bag->terms[i].key;
        keys[n] = bag->terms[i].key;
        fields[n] = (uint8_t)bag->terms[i].field;
        idf[n] = bag->terms[i].field == RETORT_FIELD_CUE ? 1.0F : 1.0F + (float)(n % 3);
        n += !known;
    }
    whole->dictionary = (struct retort_dictionary){.id = 1,
                                                   .n_features = n,
                                                   .n_slots = retort_dictionary_n_slots(n),
                                                   .keys = keys,
                                                   .idf = idf,
                                                   .fields = fields};
    ck_assert(retort_dictionary_index(&whole->dictionary,
                                      RETORT_NEW(arena, uint8_t, whole->dictionary.n_slots),
                                      RETORT_NEW(arena, uint32_t, whole->dictionary.n_slots)));
}

START_TEST(a_dictionary_finds_its_keys_and_no_others)
{
    enum { N = 3000 };
    struct retort_arena arena = {0};
    uint64_t *keys = RETORT_NEW(&arena, uint64_t, N), state = 3;
    for (size_t i = 0; i < N; i++)
        keys[i] = retort_random(&state) & ~(uint64_t)0xFF0; /* they meet in few slots */
    struct retort_dictionary dictionary = {
        .n_features = N, .n_slots = retort_dictionary_n_slots(N), .keys = keys};
    uint8_t *tags = RETORT_NEW(&arena, uint8_t, dictionary.n_slots);
    uint32_t *slots = RETORT_NEW(&arena, uint32_t, dictionary.n_slots);
    ck_assert(retort_dictionary_index(&dictionary, tags, slots));
    for (uint32_t i = 0; i < N; i++)
        ck_assert_uint_eq(retort_dictionary_find(&dictionary, keys[i]), i);
    for (size_t i = 0; i < N; i++)
        ck_assert_uint_eq(retort_dictionary_find(&dictionary, keys[i] ^ 0x10), UINT32_MAX);
    keys[N - 1] = keys[0];
    memset(tags, 0, dictionary.n_slots);
    ck_assert(!retort_dictionary_index(&dictionary, tags, slots));
    retort_arena_release(&arena);
}
END_TEST

START_TEST(every_field_has_length_one_and_cues_their_scale)
{
    struct retort_recipe recipe = everything();
    struct whole whole = {0};
    struct retort_entry *entries;
    struct retort_bag bag;
    double squares[RETORT_N_FIELDS] = {0};
    recipe.cue_scale = 0.25;
    recipe.binary = _i;
    retort_bag_init(&bag);
    fill(&bag, &recipe, "> we hunt whales\nNo no no, whaling is cruel. Why would we stop it?",
         "We hunt whales", "We should ban whaling");
    index_bag(&whole, &bag);
    size_t n = retort_bag_vector(&bag, &recipe, &whole.dictionary, &whole.arena, &entries);
    ck_assert_uint_eq(n, whole.dictionary.n_features);
    for (size_t i = 0; i < n; i++) {
        enum retort_field field = RETORT_FIELD_WORD;
        double value = (double)entries[i].value, cue = 0;
        uint64_t key = whole.dictionary.keys[entries[i].feature];
        for (size_t t = 0; t < bag.n_terms; t++)
            if (bag.terms[t].key == key) {
                field = bag.terms[t].field;
                cue += (double)bag.terms[t].value;
            }
        squares[field] += value * value;
        if (field == RETORT_FIELD_CUE)
            ck_assert(fabs(value - cue * 0.25) < 1e-6);
    }
    for (int field = 0; field < RETORT_N_FIELDS; field++)
        ck_assert_msg(retort_field_is_dense((enum retort_field)field) ||
                          fabs(squares[field] - 1) < 1e-5,
                      "field %d: %f", field, squares[field]);
    retort_bag_release(&bag);
    retort_arena_release(&whole.arena);
}
END_TEST

START_TEST(the_same_item_gives_the_same_bag)
{
    struct retort_recipe recipe = everything();
    struct retort_bag one, other;
    retort_bag_init(&one);
    retort_bag_init(&other);
    fill(&other, &recipe, "Something else, and longer than what follows.", "So?", "dams");
    fill(&one, &recipe, "Is it? Never.", "The dam is dry", "the dam");
    fill(&other, &recipe, "Is it? Never.", "The dam is dry", "the dam");
    ck_assert_uint_eq(one.n_terms, other.n_terms);
    for (size_t i = 0; i < one.n_terms; i++)
        ck_assert(one.terms[i].key == other.terms[i].key &&
                  one.terms[i].value == other.terms[i].value &&
                  one.terms[i].begin == other.terms[i].begin);
    retort_bag_release(&one);
    retort_bag_release(&other);
}
END_TEST

#define N_OF(table) ((int)(sizeof(table) / sizeof(table)[0]))

Suite *features_suite(void)
{
    Suite *suite = suite_create("features");
    TCase *tokens = tcase_create("tokens"), *bags = tcase_create("bags");
    TCase *vectors = tcase_create("vectors");
    tcase_add_loop_test(tokens, text_is_folded_as_the_table_says, 0, N_OF(FOLDED));
    tcase_add_test(tokens, capitals_repeats_and_scripts_are_noted);
    tcase_add_test(tokens, huge_words_are_cut_and_cost_no_more);
    tcase_add_test(bags, ngrams_are_slices_that_stops_break);
    tcase_add_test(bags, character_ngrams_keep_to_words_and_letters);
    tcase_add_loop_test(bags, cues_say_what_ngrams_cannot, 0, N_OF(CUES));
    tcase_add_test(bags, a_reply_knows_its_place);
    tcase_add_loop_test(bags, a_comment_meets_its_target, 0, N_OF(TOWARD));
    tcase_add_loop_test(bags, ngrams_are_named_by_their_target, 0, N_OF(RENAMED));
    tcase_add_loop_test(bags, kin_are_found_by_their_vectors, 0, N_OF(KIN));
    tcase_add_test(bags, hostile_bytes_make_a_bag);
    tcase_add_test(bags, negation_reaches_to_the_clauses_end);
    tcase_add_test(bags, long_texts_are_bounded);
    tcase_add_test(bags, cues_stand_on_words_when_asked);
    tcase_add_test(bags, mentions_of_the_target_stand_where_they_are);
    tcase_add_loop_test(bags, other_languages_are_known, 0, N_OF(LANGUAGES));
    tcase_add_test(bags, the_same_item_gives_the_same_bag);
    tcase_add_loop_test(vectors, recipes_are_read_or_refused, 0, N_OF(RECIPES));
    tcase_add_test(vectors, a_dictionary_finds_its_keys_and_no_others);
    tcase_add_loop_test(vectors, every_field_has_length_one_and_cues_their_scale, 0, 2);
    suite_add_tcase(suite, tokens);
    suite_add_tcase(suite, bags);
    suite_add_tcase(suite, vectors);
    return suite;
}
