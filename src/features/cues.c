/* Cues: a few dozen hand-named, dense features of a comment, of its place in the thread and of how
 * it meets a target. What an n-gram cannot say: that a question stands at the end, that a reply
 * repeats its parent, that the target is never mentioned. Values lie between 0 and about 1. */
#include "features/bag.h"

#include <math.h>

static double saturate(size_t count, double full)
{
    return (double)count >= full ? 1 : (double)count / full;
}

static double log_length(size_t n)
{
    return log1p((double)n) / 6;
}

static size_t count_kind(const struct token_list *list, enum token_kind kind)
{
    return list->tally.kinds[kind];
}

static size_t count_class(const struct token_list *list, enum word_class word_class)
{
    return list->tally.classes[__builtin_ctz(word_class)];
}

/* No first or last token that a sentence opens or closes with: names, links, quotation marks, and
 * what is quoted. */
static bool is_framing(const struct token *token)
{
    return token->kind == TOKEN_USER || token->kind == TOKEN_LINK || token->kind == TOKEN_QUOTE ||
           token->kind == TOKEN_STOP || token->quoted;
}

const struct token *retort_first_token(const struct token_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (!is_framing(&list->items[i]))
            return &list->items[i];
    return NULL;
}

static const struct token *last_token(const struct token_list *list)
{
    for (size_t i = list->n; i > 0; i--)
        if (!is_framing(&list->items[i - 1]))
            return &list->items[i - 1];
    return NULL;
}

/* ---- cues that stand on words ---- */

/* The cue is about these tokens. Its value stays on the first; the others hold its place alone, and
 * only for who asks where cues stand. */
struct sign {
    uint32_t classes; /* of these classes, or */
    enum token_kind kind;
    bool upper, elongated;
    const bool *marks; /* or marked, by their place in the list; NULL: none */
};

static bool shows(const struct token_list *text, size_t at, const struct sign *sign)
{
    const struct token *token = &text->items[at];
    return (token->classes & sign->classes) || token->kind == sign->kind ||
           (sign->upper && token->upper) || (sign->elongated && token->elongated) ||
           (sign->marks && sign->marks[at]);
}

static void stand_on(struct retort_bag *bag, const struct token *token, size_t cue)
{
    struct retort_term term = bag->terms[cue];
    bool first = term.end == 0;
    term.begin = token->begin;
    term.end = token->end;
    if (first) {
        bag->terms[cue] = term;
        return;
    }
    term.value = 0;
    retort_bag_add(bag, term);
}

static void add_cue_on(const struct reading *reading, const char *const name[2], double value,
                       const struct sign *sign)
{
    struct retort_bag *bag = reading->bag;
    size_t cue = bag->n_terms;
    retort_bag_cue(bag, name[0], name[1], value);
    for (size_t i = 0; bag->wants_places && cue < bag->n_terms && i < reading->text->n; i++)
        if (shows(reading->text, i, sign))
            stand_on(bag, &reading->text->items[i], cue);
}

static bool ends_question(const struct token_list *list)
{
    const struct token *last = last_token(list);
    return last && last->kind == TOKEN_QUESTION;
}

/* ---- the comment itself ---- */

static const struct {
    const char *name;
    enum word_class classes;
} CLASS_CUES[] = {
    {"negation", WORD_NEGATION}, {"agree", WORD_AGREE},   {"disagree", WORD_DISAGREE},
    {"doubt", WORD_DOUBT},       {"polite", WORD_POLITE}, {"laugh", WORD_LAUGH},
    {"swear", WORD_SWEAR},       {"first", WORD_FIRST},   {"second", WORD_SECOND},
    {"good", WORD_GOOD},         {"bad", WORD_BAD},       {"must", WORD_MUST},
    {"report", WORD_REPORT},
};

static const struct {
    const char *name;
    enum token_kind kind;
    double full;
} KIND_CUES[] = {
    {"link", TOKEN_LINK, 1},         {"user", TOKEN_USER, 2},       {"number", TOKEN_NUMBER, 3},
    {"smile", TOKEN_SMILE, 1},       {"frown", TOKEN_FROWN, 1},     {"emoji", TOKEN_EMOJI, 2},
    {"question", TOKEN_QUESTION, 2}, {"exclaim", TOKEN_EXCLAIM, 2}, {"dots", TOKEN_DOTS, 2},
    {"quote", TOKEN_QUOTE, 4},
};

/* A class counts by presence (is there one?) and by its share of the words. */
static void add_class_cues(const struct reading *reading)
{
    double n_words = (double)reading->bag->n_words + 5;
    for (size_t i = 0; i < sizeof CLASS_CUES / sizeof CLASS_CUES[0]; i++) {
        const struct sign sign = {.classes = CLASS_CUES[i].classes};
        const char *name = CLASS_CUES[i].name;
        size_t n = count_class(reading->text, CLASS_CUES[i].classes);
        add_cue_on(reading, (const char *const[2]){"", name}, n > 0, &sign);
        add_cue_on(reading, (const char *const[2]){name, "_share"},
                   fmin(1, 5 * (double)n / n_words), &sign);
    }
}

static void add_opening_cues(const struct reading *reading)
{
    const struct token *first = retort_first_token(reading->text);
    if (!first)
        return;
    for (size_t i = 0; i < sizeof CLASS_CUES / sizeof CLASS_CUES[0]; i++) {
        size_t cue = reading->bag->n_terms;
        retort_bag_cue(reading->bag, "opens_", CLASS_CUES[i].name,
                       (first->classes & CLASS_CUES[i].classes) != 0);
        if (reading->bag->wants_places && cue < reading->bag->n_terms)
            stand_on(reading->bag, first, cue);
    }
    retort_bag_cue(reading->bag, "", "opens_question_word", (first->classes & WORD_QUESTION) != 0);
    retort_bag_cue(reading->bag, "", "opens_lower", first->kind == TOKEN_WORD && !first->capital);
}

static void add_form_cues(const struct reading *reading)
{
    const struct token_list *text = reading->text;
    size_t n_upper = text->tally.n_upper, n_elongated = text->tally.n_elongated;
    size_t n_stops = count_kind(text, TOKEN_STOP);
    double n_words = (double)reading->bag->n_words;
    add_cue_on(reading, (const char *const[2]){"", "capitals"}, saturate(n_upper, 4),
               &(const struct sign){.upper = true});
    retort_bag_cue(reading->bag, "", "capitals_most",
                   n_words >= 3 && (double)n_upper > n_words / 2);
    add_cue_on(reading, (const char *const[2]){"", "elongated"}, saturate(n_elongated, 1),
               &(const struct sign){.elongated = true});
    retort_bag_cue(reading->bag, "", "sentences", saturate(n_stops, 6));
    retort_bag_cue(reading->bag, "", "length", log_length(reading->bag->n_words));
    retort_bag_cue(reading->bag, "", "short", n_words <= 5);
    retort_bag_cue(reading->bag, "", "ends_question", ends_question(text));
}

void retort_cues_own(const struct reading *reading)
{
    for (size_t i = 0; i < sizeof KIND_CUES / sizeof KIND_CUES[0]; i++)
        add_cue_on(reading, (const char *const[2]){"", KIND_CUES[i].name},
                   saturate(count_kind(reading->text, KIND_CUES[i].kind), KIND_CUES[i].full),
                   &(const struct sign){.kind = KIND_CUES[i].kind});
    add_class_cues(reading);
    add_opening_cues(reading);
    add_form_cues(reading);
}

/* ---- its place in the thread ---- */

enum place { TOP_LEVEL, ANSWERS_ARTICLE, ANSWERS_COMMENT };
static const char *const PLACE_NAMES[] = {"top", "first", "deeper"};

static enum place place_of(const struct retort_item *item)
{
    if (!item->parent_text.data)
        return TOP_LEVEL;
    return item->article_text.data && retort_span_equal(item->parent_text, item->article_text)
               ? ANSWERS_ARTICLE
               : ANSWERS_COMMENT;
}

const char *retort_place_name(const struct retort_item *item)
{
    return PLACE_NAMES[place_of(item)];
}

/* Each place has its own weight for what is asked, denied, agreed to and pointed at. */
static void add_place_cues(const struct reading *reading)
{
    const struct token_list *text = reading->text;
    const struct {
        const char *name;
        bool holds;
    } CROSSED[] = {
        {"", true},
        {"_asks", count_kind(text, TOKEN_QUESTION) > 0},
        {"_ends_question", ends_question(text)},
        {"_negates", count_class(text, WORD_NEGATION) > 0},
        {"_agrees", count_class(text, WORD_AGREE) > 0},
        {"_disagrees", count_class(text, WORD_DISAGREE) > 0},
        {"_reports", count_class(text, WORD_REPORT) > 0},
        {"_links", count_kind(text, TOKEN_LINK) > 0},
        {"_short", reading->bag->n_words <= 5},
        {"_long", reading->bag->n_words > 40},
        {"_names", count_kind(text, TOKEN_USER) > 0},
        {"_doubts", count_class(text, WORD_DOUBT) > 0},
        {"_swears", count_class(text, WORD_SWEAR) > 0},
        {"_after_question", count_kind(reading->parent, TOKEN_QUESTION) > 0},
        {"_you", count_class(text, WORD_SECOND) > 0},
    };
    const char *place = retort_place_name(reading->item);
    for (size_t i = 0; i < sizeof CROSSED / sizeof CROSSED[0]; i++)
        retort_bag_cue(reading->bag, place, CROSSED[i].name, CROSSED[i].holds);
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

/* Tokens. An article above a comment is longer than any post a reply model has learned from, and
 * must not count for more than the longest of these. */
enum { LONGEST_PARENT = 100 };

static void add_parent_cues(const struct reading *reading)
{
    const struct token_list *parent = reading->parent;
    struct retort_bag *bag = reading->bag;
    if (parent->n == 0)
        return;
    struct overlap said = retort_overlap(reading, reading->text, parent);
    struct overlap heard = retort_overlap(reading, parent, reading->text);
    retort_bag_cue(bag, "", "repeats_parent", share(said.n_stem, said.n_words));
    retort_bag_cue(bag, "", "repeats_parent_none", said.n_stem == 0);
    retort_bag_cue(bag, "", "parent_repeated", share(heard.n_stem, heard.n_words));
    retort_bag_cue(bag, "", "parent_asks", count_kind(parent, TOKEN_QUESTION) > 0);
    retort_bag_cue(bag, "", "parent_ends_question", ends_question(parent));
    retort_bag_cue(bag, "", "parent_negates", count_class(parent, WORD_NEGATION) > 0);
    retort_bag_cue(bag, "", "parent_disagrees", count_class(parent, WORD_DISAGREE) > 0);
    retort_bag_cue(bag, "", "parent_swears", count_class(parent, WORD_SWEAR) > 0);
    retort_bag_cue(bag, "", "parent_links", count_kind(parent, TOKEN_LINK) > 0);
    retort_bag_cue(bag, "", "parent_length",
                   log_length(parent->n < LONGEST_PARENT ? parent->n : LONGEST_PARENT));
    retort_bag_cue(bag, "", "longer_than_parent", reading->text->n > parent->n);
    retort_bag_cue(bag, "", "both_negate",
                   count_class(parent, WORD_NEGATION) && count_class(reading->text, WORD_NEGATION));
}

void retort_cues_reply(const struct reading *reading)
{
    add_place_cues(reading);
    add_parent_cues(reading);
    if (reading->article->n > 0) {
        struct overlap said = retort_overlap(reading, reading->text, reading->article);
        retort_bag_cue(reading->bag, "", "repeats_article", share(said.n_stem, said.n_words));
        retort_bag_cue(reading->bag, "", "repeats_article_none", said.n_stem == 0);
    }
}

/* ---- how it meets the target ---- */

enum { NEAR = 6 }; /* tokens on either side of a mention */

/* Polarity words near a mention of the target; a negation up to three tokens before turns one over.
 */
struct polarity {
    size_t good, bad, near_good, near_bad, negations_near;
};

static bool is_negated(const struct token_list *text, size_t at)
{
    for (size_t back = 1; back <= 3 && back <= at; back++)
        if (text->items[at - back].classes & WORD_NEGATION)
            return true;
    return false;
}

static void count_polarity(const struct token_list *text, size_t at, bool near,
                           struct polarity *polarity)
{
    uint32_t classes = text->items[at].classes;
    bool good = (classes & WORD_GOOD) != 0, bad = (classes & WORD_BAD) != 0;
    bool turned = is_negated(text, at);
    polarity->good += turned ? bad : good;
    polarity->bad += turned ? good : bad;
    polarity->near_good += near && (turned ? bad : good);
    polarity->near_bad += near && (turned ? good : bad);
    polarity->negations_near += near && (classes & WORD_NEGATION) != 0;
}

static struct polarity polarity_of(const struct reading *reading, const bool *mentioned,
                                   struct retort_arena *arena)
{
    const struct token_list *text = reading->text;
    bool *near = RETORT_NEW(arena, bool, text->n + 1);
    struct polarity polarity = {0};
    for (size_t i = 0; i < text->n; i++) {
        if (!mentioned[i])
            continue;
        size_t end = i + NEAR < text->n ? i + NEAR : text->n - 1;
        for (size_t j = i > NEAR ? i - NEAR : 0; j <= end; j++)
            near[j] = true;
    }
    for (size_t i = 0; i < text->n; i++)
        count_polarity(text, i, near[i], &polarity);
    return polarity;
}

/* A target that is against its thing ("X should be banned") turns the comment's polarity over. */
static void add_polarity_cues(const struct reading *reading, const struct polarity *polarity)
{
    const char *kind =
        retort_target_is_turned(reading->target) ? "target_against_" : "target_plain_";
    enum { POLAR = WORD_GOOD | WORD_BAD };
    const struct {
        const char *name;
        double value;
        uint32_t classes; /* of the words it stands on */
    } CUES[] = {
        {"good", saturate(polarity->good, 4), POLAR},
        {"bad", saturate(polarity->bad, 4), POLAR},
        {"near_good", saturate(polarity->near_good, 2), POLAR},
        {"near_bad", saturate(polarity->near_bad, 2), POLAR},
        {"near_negation", saturate(polarity->negations_near, 2), WORD_NEGATION},
        {"leans_good", polarity->good > polarity->bad, POLAR},
        {"leans_bad", polarity->bad > polarity->good, POLAR},
        {"near_leans_good", polarity->near_good > polarity->near_bad, POLAR},
        {"near_leans_bad", polarity->near_bad > polarity->near_good, POLAR},
    };
    for (size_t i = 0; i < sizeof CUES / sizeof CUES[0]; i++)
        add_cue_on(reading, (const char *const[2]){kind, CUES[i].name}, CUES[i].value,
                   &(const struct sign){.classes = CUES[i].classes});
}

/* What is said of a mention stands on it; what is said of its absence on nothing. */
static void add_mention_cues(const struct reading *reading, const bool *mentioned)
{
    struct retort_bag *bag = reading->bag;
    const struct sign mention = {.marks = mentioned};
    struct overlap found = retort_overlap(reading, reading->target, reading->text);
    struct overlap back = retort_overlap(reading, reading->text, reading->target);
    double position = share(found.first, reading->text->n);
    const struct {
        const char *name;
        double value;
    } MENTIONS[] = {
        {"exact", share(found.n_exact, found.n_words)},
        {"stem", share(found.n_stem, found.n_words)},
        {"one", found.n_stem == 1},
        {"two", found.n_stem == 2},
        {"many", found.n_stem >= 3},
        {"all", found.n_words && found.n_stem == found.n_words},
        {"early", found.n_stem ? 1 - position : 0},
        {"density", fmin(1, 5 * share(back.n_stem, back.n_words))},
    };
    for (size_t i = 0; i < sizeof MENTIONS / sizeof MENTIONS[0]; i++)
        add_cue_on(reading, (const char *const[2]){"target_", MENTIONS[i].name}, MENTIONS[i].value,
                   &mention);
    retort_bag_cue(bag, "", "target_none", found.n_words && found.n_stem == 0);
    retort_bag_cue(bag, "", "target_negated", count_class(reading->target, WORD_NEGATION) % 2 != 0);
}

void retort_cues_target(const struct reading *reading)
{
    struct retort_arena arena = {0};
    if (reading->target->n == 0)
        return;
    bool *mentioned = RETORT_NEW(&arena, bool, reading->text->n + 1);
    retort_overlap_mark(reading, reading->text, reading->target, mentioned);
    struct polarity polarity = polarity_of(reading, mentioned, &arena);
    add_mention_cues(reading, mentioned);
    add_polarity_cues(reading, &polarity);
    retort_arena_release(&arena);
}
