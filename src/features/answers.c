/* What a reply does, in two groups of cues: acts of closed phrases (phrases.h), and how it asks.
 * Both are crossed with the comment's place in the thread: a source that asks is a rumour in doubt,
 * a reply that asks wants a proof. Quoted words do nothing here: they are the parent's. */
#include "features/bag.h"

#include <math.h>

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

/* A cue by itself and by place; its name begins with "_": "does_deny", "top_does_deny". */
static void add_placed(const struct reading *reading, const char *name, double value)
{
    retort_bag_cue(reading->bag, "", name + 1, value);
    retort_bag_cue(reading->bag, retort_place_name(reading->item), name, value);
}

void retort_cues_phrases(const struct reading *reading)
{
    struct phrase_counts counts =
        retort_phrases_count(reading->phrases, reading->text, 0, reading->text->n,
                             retort_buffer_span(&reading->bag->names));
    double n_words = (double)reading->bag->n_words + 5;
    for (size_t act = 0; act < N_PHRASE_ACTS; act++) {
        const char *name = retort_phrase_act_name((enum phrase_act)act);
        add_placed(reading, name, counts.n[act] > 0);
        retort_bag_cue(reading->bag, "much", name, fmin(1, 5 * (double)counts.n[act] / n_words));
    }
}

/* ---- questions ---- */

/* The sentences of a comment that hold a word of its own, and which of them ask. */
struct asking {
    size_t n_sentences, n_asks;
    bool first, last;         /* the first, the last sentence asks */
    bool brief, wide;         /* a question of up to 4 words, of over 12 */
    bool you, negates, twice; /* "you", a negation in it; "??" or "?!" */
    bool yes_no, what, why, proof;
};

static bool ends_sentence(const struct token *token)
{
    return token->kind == TOKEN_STOP || token->kind == TOKEN_QUESTION ||
           token->kind == TOKEN_EXCLAIM;
}

/* What a question of the tokens [begin, end) asks, ended by the mark at `end`. */
static void note_question(const struct reading *reading, size_t begin, size_t end,
                          struct asking *asking)
{
    const struct token *items = reading->text->items;
    size_t n_words = 0;
    for (size_t i = begin; i < end; i++) {
        uint32_t wants = retort_question_word(retort_token_folded(reading, &items[i]));
        asking->you |= (items[i].classes & WORD_SECOND) != 0;
        asking->negates |= (items[i].classes & WORD_NEGATION) != 0;
        asking->what |= wants == QUESTION_WHAT;
        asking->why |= wants == QUESTION_WHY;
        asking->proof |= wants == QUESTION_PROOF;
        asking->yes_no |= n_words == 0 && wants == QUESTION_YES_NO;
        n_words += items[i].kind == TOKEN_WORD;
    }
    asking->brief |= n_words <= 4;
    asking->wide |= n_words > 12;
    asking->twice |= items[end].end - items[end].begin > 1;
}

static struct asking hear_questions(const struct reading *reading)
{
    const struct token_list *text = reading->text;
    struct asking asking = {0};
    for (size_t begin = 0, end; begin < text->n; begin = end + 1) {
        size_t n_own = 0;
        for (end = begin; end < text->n && !ends_sentence(&text->items[end]); end++)
            n_own += text->items[end].kind == TOKEN_WORD && !text->items[end].quoted;
        if (n_own == 0)
            continue;
        asking.last = end < text->n && text->items[end].kind == TOKEN_QUESTION;
        asking.first |= asking.last && asking.n_sentences == 0;
        asking.n_asks += asking.last;
        asking.n_sentences++;
        if (asking.last)
            note_question(reading, begin, end, &asking);
    }
    return asking;
}

void retort_cues_questions(const struct reading *reading)
{
    struct asking asking = hear_questions(reading);
    if (asking.n_asks == 0)
        return;
    const struct {
        const char *name;
        double value;
    } CUES[] = {
        {"_asks_share", share(asking.n_asks, asking.n_sentences)},
        {"_asks_first", asking.first},
        {"_asks_last", asking.last},
        {"_asks_only", asking.n_asks == asking.n_sentences},
        {"_asks_for_proof", asking.proof},
        {"_asks_briefly", asking.brief},
        {"_asks_at_length", asking.wide},
        {"_asks_you", asking.you},
        {"_asks_with_not", asking.negates},
        {"_asks_twice", asking.twice},
        {"_asks_yes_or_no", asking.yes_no},
        {"_asks_what", asking.what},
        {"_asks_why", asking.why},
    };
    for (size_t i = 0; i < sizeof CUES / sizeof CUES[0]; i++)
        add_placed(reading, CUES[i].name, CUES[i].value);
}

/* ---- length ---- */

/* Steps of length, by themselves: who agrees is brief, who objects is not, and between a line and a
 * page nothing is linear. */
void retort_cues_length(const struct reading *reading)
{
    static const struct {
        const char *name;
        size_t most;
    } STEPS[] = {{"_3", 3},   {"_6", 6},   {"_10", 10}, {"_16", 16},
                 {"_25", 25}, {"_40", 40}, {"_60", 60}};
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        retort_bag_cue(reading->bag, "up_to", STEPS[i].name, reading->text->n <= STEPS[i].most);
        retort_bag_cue(reading->bag, "parent_up_to", STEPS[i].name,
                       reading->parent->n > 0 && reading->parent->n <= STEPS[i].most);
    }
}
