/* What a reply does: phrases, questions, lengths, early words; quoted against own words. */
#include "features/features.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *features_reply_suite(void);

static const struct retort_recipe ALL = {.word_max = 2,
                                         .binary = true,
                                         .quotes = true,
                                         .place = true,
                                         .cues = true,
                                         .openings = true,
                                         .early = 3,
                                         .phrases = true,
                                         .questions = true,
                                         .lengths = true,
                                         .cue_scale = 1};

/* The sum of the values of "field:name". */
static double value_of(const struct retort_bag *bag, const char *wanted)
{
    double sum = 0;
    for (size_t i = 0; i < bag->n_terms; i++) {
        struct retort_span name = retort_term_name(bag, &bag->terms[i]);
        const char *field = retort_field_name(bag->terms[i].field);
        size_t len = strlen(field);
        if (strlen(wanted) == len + 1 + name.len && memcmp(wanted, field, len) == 0 &&
            wanted[len] == ':' && memcmp(wanted + len + 1, name.data, name.len) == 0)
            sum += (double)bag->terms[i].value;
    }
    return sum;
}

static const struct {
    const char *text, *term;
    double value;
} SAID[] = {
    /* phrases */
    {"That is not true", "cue:does_deny", 1},
    {"That is not true", "cue:deeper_does_deny", 1},
    {"That is not true", "cue:first_does_deny", 0},
    {"It is so. True enough", "cue:does_deny", 0},
    {"Not. True", "cue:does_deny", 0}, /* a phrase does not bridge a stop */
    {"I can confirm", "cue:does_confirm", 1},
    {"Well said", "cue:does_accept", 1},
    {"You are wrong", "cue:does_object", 1},
    {"", "cue:does_object", 0},
    /* questions */
    {"Is that so?", "cue:asks_only", 1},
    {"Is that so?", "cue:asks_yes_or_no", 1},
    {"Is that so?", "cue:deeper_asks_last", 1},
    {"Is that so? I think not.", "cue:asks_last", 0},
    {"Is that so? I think not.", "cue:asks_first", 1},
    {"Is that so? I think not.", "cue:asks_share", 0.5},
    {"I see. Any proof?", "cue:asks_for_proof", 1},
    {"I see the proof.", "cue:asks_for_proof", 0},
    {"Why don't you go?", "cue:asks_you", 1},
    {"Why don't you go?", "cue:asks_with_not", 1},
    {"Why don't you go?", "cue:asks_why", 1},
    {"You what?!", "cue:asks_twice", 1},
    {"???", "cue:asks_only", 0}, /* no word of its own */
    /* lengths */
    {"No way", "cue:up_to_3", 1},
    {"One two three four", "cue:up_to_3", 0},
    {"One two three four", "cue:parent_up_to_6", 1},
    /* early words: the first three tokens and their pairs */
    {"One two three four", "early:two three", 1},
    {"One two three four", "early:four", 0},
    {"One two three four", "early:three four", 0},
    /* quoted words are not the writer's own */
    {"> you are wrong\nIt is late", "word:wrong", 0},
    {"> you are wrong\nIt is late", "quoted:wrong", 1},
    {"> you are wrong\nIt is late", "quoted:are wrong", 1},
    {"> you are wrong\nIt is late", "word:it", 1},
    {"> you are wrong\nIt is late", "word:wrong it", 0},
    {"> you are wrong\nIt is late", "cue:does_object", 0},
    {"> you are wrong\nIt is late", "cue:disagree", 0},
    {"> you are wrong\nIt is late", "opening:it is", 1},
    {"> you are wrong\nIt is late", "early:it", 1},
    {"> is that so?\nIt is", "cue:asks_share", 0},
    {"\"they have no right to it\" is a lie", "quoted:right", 1},
    {"\"they have no right to it\" is a lie", "word:lie", 1},
    {"\"they have no right to it\" is a lie", "word:<quote>", 2},
    {"\xE2\x80\x9CThey have no right to it\xE2\x80\x9D Really", "quoted:right", 1},
    {"an \"experts agree\" piece", "word:experts", 1}, /* said with tongs */
    {"an \"unclosed mark with many words", "word:unclosed", 1},
    {"a \"mark on one line\nand on\" the next", "word:one", 1},
    {"\"", "word:<quote>", 1},
    {">", "word:<quote>", 1},
    {">\n>\n> a b c d e", "quoted:e", 1},
};

START_TEST(a_reply_does_what_the_table_says)
{
    struct retort_bag bag;
    const struct retort_item item = {.text = retort_span_of(SAID[_i].text),
                                     .parent_text = RETORT_SPAN("The dam is dry."),
                                     .article_text = RETORT_SPAN("Dams of the valley")};
    retort_bag_init(&bag);
    retort_bag_fill(&bag, &ALL, &item);
    ck_assert_msg(fabs(value_of(&bag, SAID[_i].term) - SAID[_i].value) < 1e-6, "%s in \"%s\": %f",
                  SAID[_i].term, SAID[_i].text, value_of(&bag, SAID[_i].term));
    retort_bag_release(&bag);
}
END_TEST

/* Without the key, quoted words count as they did. */
START_TEST(quotes_are_told_apart_only_when_asked)
{
    struct retort_bag bag;
    struct retort_recipe recipe = {.word_max = 1, .cue_scale = 1};
    const struct retort_item item = {.text = RETORT_SPAN("> you are wrong\nIt is late")};
    retort_bag_init(&bag);
    retort_bag_fill(&bag, &recipe, &item);
    ck_assert(value_of(&bag, "word:wrong") == 1 && value_of(&bag, "quoted:wrong") == 0);
    retort_bag_release(&bag);
}
END_TEST

Suite *features_reply_suite(void)
{
    Suite *suite = suite_create("features, replies");
    TCase *replies = tcase_create("replies");
    tcase_add_loop_test(replies, a_reply_does_what_the_table_says, 0,
                        (int)(sizeof SAID / sizeof SAID[0]));
    tcase_add_test(replies, quotes_are_told_apart_only_when_asked);
    suite_add_tcase(suite, replies);
    return suite;
}
