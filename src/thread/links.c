/* Who may have been answered, and the cues of each possible link. */
#include "thread/heard.h"

#include <math.h>
#include <stdio.h>

enum { RECENT = 10, ALIKE = 3, SHORT_ANSWER = 80, LONG_ANSWER = 500 };

#define LINK_CUES(CUE)                                                                             \
    CUE(ARTICLE, "the article")                                                                    \
    CUE(ARTICLE_LENGTH, "the article: log of length of the answer")                                \
    CUE(ARTICLE_SHORT, "the article: short answer")                                                \
    CUE(ARTICLE_LONG, "the article: long answer")                                                  \
    CUE(ARTICLE_LATE, "the article: log of comments before")                                       \
    CUE(ARTICLE_EARLY, "the article: first comments")                                              \
    CUE(ARTICLE_SHARE, "the article: share of its words")                                          \
    CUE(ARTICLE_ONLY, "the article: share of its words that nobody repeated")                      \
    CUE(ARTICLE_NEW, "the article: share of new words")                                            \
    CUE(ARTICLE_MASS, "the article: log of mass")                                                  \
    CUE(ARTICLE_QUOTED, "the article: quoted")                                                     \
    CUE(ARTICLE_ECHOED, "the article: repeated")                                                   \
    CUE(ARTICLE_LATELY, "the article: share of the last eight")                                    \
    CUE(ARTICLE_AGAIN, "the article: the previous comment answers it")                             \
    CUE(ARTICLE_BEST, "the article: greatest likeness of a comment")                               \
    CUE(PREVIOUS, "the previous comment")                                                          \
    CUE(PREVIOUS_LENGTH, "the previous comment: log of length of the answer")                      \
    CUE(PREVIOUS_SHORT, "the previous comment: short answer")                                      \
    CUE(PREVIOUS_LONG, "the previous comment: long answer")                                        \
    CUE(PREVIOUS_LATE, "the previous comment: log of comments before")                             \
    CUE(PREVIOUS_EARLY, "the previous comment: first comments")                                    \
    CUE(PREVIOUS_LATELY, "the previous comment: share of the last eight")                          \
    CUE(PREVIOUS_ALIKE, "the previous comment: likeness")                                          \
    CUE(PREVIOUS_NO_TIE, "the previous comment: no shared word")                                   \
    CUE(PREVIOUS_HAND, "the previous comment: habits of typing apart")                             \
    CUE(PREVIOUS_TO_ARTICLE, "the previous comment: answers the article")                          \
    CUE(PREVIOUS_LEVEL, "the previous comment: log of level")                                      \
    CUE(PREVIOUS_ITS_SHORT, "the previous comment: short itself")                                  \
    CUE(PREVIOUS_ITS_ASKING, "the previous comment: ends asking")                                  \
    CUE(QUOTES, "quotes it between marks")                                                         \
    CUE(ECHOES, "repeats it without marks")                                                        \
    CUE(QUOTES_ELSE, "quotes another")                                                             \
    CUE(ECHOES_ELSE, "repeats another")                                                            \
    CUE(QUOTES_UNKNOWN_PREVIOUS, "the previous comment: quotes nobody known")                      \
    CUE(NAMES, "names its writer")                                                                 \
    CUE(NAMES_ELSE, "names another writer")                                                        \
    CUE(SAME_WRITER, "same writer")                                                                \
    CUE(SAME_WRITER_ABOVE, "same writer as what it answers")                                       \
    CUE(DISTANCE, "log of distance")                                                               \
    CUE(SECOND, "two comments back")                                                               \
    CUE(THIRD, "three or four back")                                                               \
    CUE(FIFTH, "five to eight back")                                                               \
    CUE(NINTH, "more than eight back")                                                             \
    CUE(SHARED, "share of the answer's words")                                                     \
    CUE(SHARED_BACK, "share of its words")                                                         \
    CUE(SHARED_BOTH, "likeness, all words")                                                        \
    CUE(FRESH, "share of the answer's words, none of the article's")                               \
    CUE(FRESH_BOTH, "likeness")                                                                    \
    CUE(FRESH_AMOUNT, "amount of shared words")                                                    \
    CUE(FIRST, "share of the answer's words that it said first")                                   \
    CUE(FIRST_BOTH, "likeness, words it said first")                                               \
    CUE(FIRST_AMOUNT, "amount of words it said first")                                             \
    CUE(LAST, "share of the answer's words that it said last")                                     \
    CUE(LAST_BOTH, "likeness, words it said last")                                                 \
    CUE(RAREST, "rarest shared word")                                                              \
    CUE(N_SHARED, "log of shared words")                                                           \
    CUE(BEST, "most alike")                                                                        \
    CUE(NO_TIE, "no shared word")                                                                  \
    CUE(ASKED, "ends with ?, the answer asks nothing")                                             \
    CUE(ASKED_ANSWERED, "asks, the answer opens with an answer")                                   \
    CUE(ASKED_DENIED, "asks, the answer opens with a negation")                                    \
    CUE(BOTH_ASK, "both ask")                                                                      \
    CUE(YOU_YOU, "both say you")                                                                   \
    CUE(I_YOU, "I, answered with you")                                                             \
    CUE(YOU_I, "you, answered with I at the head")                                                 \
    CUE(THANKS_BACK, "thanks for thanks")                                                          \
    CUE(LINK_THANKED, "a link, answered with thanks")                                              \
    CUE(RUDE_BACK, "rude for rude")                                                                \
    CUE(LONGER, "log of length over its length")                                                   \
    CUE(MUCH_LONGER, "four times as long")                                                         \
    CUE(MUCH_SHORTER, "a quarter as long")                                                         \
    CUE(ITS_LENGTH, "log of its length")                                                           \
    CUE(ITS_SHORT, "short itself")                                                                 \
    CUE(ITS_LONG, "long itself")                                                                   \
    CUE(HANDS_BOTH, "habits of typing shared")                                                     \
    CUE(HANDS_APART, "habits of typing apart")                                                     \
    CUE(ON_PATH, "on the way up from the last comment")                                            \
    CUE(STEPS_UP, "log of steps up from the last comment")                                         \
    CUE(STEP_1, "one step up")                                                                     \
    CUE(STEP_2, "two steps up")                                                                    \
    CUE(STEP_3, "three steps up")                                                                  \
    CUE(OFF_PATH, "not on the way up")                                                             \
    CUE(TOP, "answers the article itself")                                                         \
    CUE(LEVEL, "log of level")                                                                     \
    CUE(ANSWERED, "was answered already")                                                          \
    CUE(ANSWERS, "log of answers so far")                                                          \
    CUE(ABOVE, "answers a comment itself")                                                         \
    CUE(ABOVE_HANDS_BOTH, "habits of typing shared with what it answers")                          \
    CUE(ABOVE_HANDS_APART, "habits of typing apart from what it answers")                          \
    CUE(ABOVE_HANDS_NEARER, "habits of typing nearer to what it answers")                          \
    CUE(ABOVE_FRESH, "share of the answer's words in what it answers")                             \
    CUE(ABOVE_LENGTH, "length unlike that of what it answers")

enum link_cue {
#define CUE(id, name) LINK_##id,
    LINK_CUES(CUE)
#undef CUE
        N_LINK
};

/* Blocks of cues behind those: facts of the answer for the two usual answers, facts of the
 * candidate, habits of the thread for the four places a candidate may have. */
enum {
    BLOCK_ARTICLE_FACTS = N_LINK,
    BLOCK_PREVIOUS_FACTS = BLOCK_ARTICLE_FACTS + RETORT_N_VOICE_FACTS,
    BLOCK_ITS_FACTS = BLOCK_PREVIOUS_FACTS + RETORT_N_VOICE_FACTS,
    BLOCK_ARTICLE_HABITS = BLOCK_ITS_FACTS + RETORT_N_VOICE_FACTS,
    BLOCK_PREVIOUS_HABITS = BLOCK_ARTICLE_HABITS + N_HABITS,
    BLOCK_PATH_HABITS = BLOCK_PREVIOUS_HABITS + N_HABITS,
    BLOCK_OFF_HABITS = BLOCK_PATH_HABITS + N_HABITS,
    N_LINK_CUES = BLOCK_OFF_HABITS + N_HABITS,
};

static const char *const LINK_NAMES_[] = {
#define CUE(id, name) name,
    LINK_CUES(CUE)
#undef CUE
};
static const char *const FACT_NAMES[] = {
#define FACT(id, name) name,
    RETORT_VOICE_FACTS(FACT)
#undef FACT
};
static const char *const HABIT_NAMES[] = {
#define HABIT(id, name) name,
    HABITS(HABIT)
#undef HABIT
};

size_t retort_thread_n_cues(void)
{
    return N_LINK_CUES;
}

void retort_thread_cue_name(size_t id, char name[128])
{
    static const struct {
        size_t begin;
        const char *what, *const *names;
    } BLOCKS[] = {{BLOCK_OFF_HABITS, "off the way: ", HABIT_NAMES},
                  {BLOCK_PATH_HABITS, "up the way: ", HABIT_NAMES},
                  {BLOCK_PREVIOUS_HABITS, "the previous comment: ", HABIT_NAMES},
                  {BLOCK_ARTICLE_HABITS, "the article: ", HABIT_NAMES},
                  {BLOCK_ITS_FACTS, "itself: ", FACT_NAMES},
                  {BLOCK_PREVIOUS_FACTS, "the previous comment: ", FACT_NAMES},
                  {BLOCK_ARTICLE_FACTS, "the article: ", FACT_NAMES},
                  {0, "", LINK_NAMES_}};
    size_t block = 0;
    while (id < BLOCKS[block].begin)
        block++;
    snprintf(name, 128, "%s%s", BLOCKS[block].what, BLOCKS[block].names[id - BLOCKS[block].begin]);
}

uint64_t retort_thread_cues_hash(void)
{
    uint64_t hash = 0;
    char name[128];
    for (size_t id = 0; id < N_LINK_CUES; id++) {
        retort_thread_cue_name(id, name);
        hash = retort_hash(retort_span_of(name), hash);
    }
    return hash;
}

/* ---- candidates --------------------------------------------------------------------------- */

struct shortlist {
    ptrdiff_t *items;
    size_t n, who;
};

static void consider(struct shortlist *list, ptrdiff_t candidate)
{
    if (candidate < ARTICLE || candidate >= (ptrdiff_t)list->who ||
        list->n >= RETORT_CANDIDATES_MOST)
        return;
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i] == candidate - 1)
            return;
    list->items[list->n++] = candidate - 1;
}

static void walk_up(struct retort_heard *heard, size_t who)
{
    ptrdiff_t above = (ptrdiff_t)who - 1;
    heard->n_path = 0;
    while (above > ARTICLE && heard->n_path < PATH_MOST) {
        heard->path[heard->n_path++] = above;
        above = heard->speakers[above].parent;
    }
}

static void consider_alike(struct retort_heard *heard, struct shortlist *list)
{
    uint32_t best[ALIKE] = {0};
    for (size_t i = 0; i < heard->n_tied; i++) {
        uint32_t other = heard->tied[i];
        for (size_t place = 0; place < ALIKE; place++) {
            float held = heard->ties[best[place]].fresh;
            if (best[place] && (held > heard->ties[other].fresh ||
                                (held == heard->ties[other].fresh && best[place] > other)))
                continue;
            uint32_t moved = best[place];
            best[place] = other;
            other = moved;
            if (!other)
                break;
        }
    }
    for (size_t place = 0; place < ALIKE && best[place]; place++)
        consider(list, best[place]);
}

size_t retort_thread_candidates(struct retort_heard *heard, size_t at,
                                ptrdiff_t candidates[RETORT_CANDIDATES_MOST])
{
    struct shortlist list = {candidates, 0, at + 1};
    const struct speaker *speaker = &heard->speakers[at + 1];
    heard->asked = at + 1;
    thread_tie(heard, at + 1);
    walk_up(heard, at + 1);
    consider(&list, ARTICLE);
    consider(&list, speaker->quoted);
    consider(&list, speaker->named);
    consider_alike(heard, &list);
    for (size_t i = 0; i < heard->n_path; i++)
        consider(&list, heard->path[i]);
    for (size_t i = 1; i <= RECENT && i <= at; i++)
        consider(&list, (ptrdiff_t)(at + 1 - i));
    return list.n;
}

/* ---- cues --------------------------------------------------------------------------------- */

struct vector {
    struct retort_cue *cues;
    size_t n;
};

static void put(struct vector *vector, size_t id, float value)
{
    if (value != 0 && vector->n < RETORT_LINK_CUES_MOST)
        vector->cues[vector->n++] = (struct retort_cue){(uint16_t)id, value};
}

static void put_if(struct vector *vector, size_t id, bool yes)
{
    put(vector, id, yes ? 1 : 0);
}

static float small_log(size_t n)
{
    return logf(1.0F + (float)n);
}

static void put_facts(struct vector *vector, size_t block, const struct retort_voice *voice)
{
    for (uint64_t rest = voice->facts; rest; rest &= rest - 1)
        put(vector, block + (size_t)__builtin_ctzll(rest), 1);
}

static void put_habits(struct vector *vector, size_t block, const struct retort_heard *heard)
{
    for (size_t i = 0; i < N_HABITS; i++)
        put(vector, block + i, heard->habits[i]);
}

static float share_lately(const struct retort_heard *heard, size_t who, bool article)
{
    float n = 0;
    for (size_t back = 1; back <= 8 && back < who; back++) {
        ptrdiff_t parent = heard->speakers[who - back].parent;
        n += article ? parent == ARTICLE : parent > 0 && parent + 1 == (ptrdiff_t)(who - back);
    }
    return n / 8;
}

static void put_article(struct vector *vector, const struct retort_heard *heard, size_t who)
{
    const struct speaker *answer = &heard->speakers[who];
    bool known = answer->quoted != NOBODY;
    put(vector, LINK_ARTICLE, 1);
    put(vector, LINK_ARTICLE_LENGTH, answer->length / 8);
    put_if(vector, LINK_ARTICLE_SHORT, answer->voice.n_characters < SHORT_ANSWER);
    put_if(vector, LINK_ARTICLE_LONG, answer->voice.n_characters > LONG_ANSWER);
    put(vector, LINK_ARTICLE_LATE, small_log(who) / 4);
    put_if(vector, LINK_ARTICLE_EARLY, who <= 2);
    put(vector, LINK_ARTICLE_SHARE, answer->of_article);
    put(vector, LINK_ARTICLE_ONLY, answer->of_article_only);
    put(vector, LINK_ARTICLE_NEW, answer->of_nobody);
    put(vector, LINK_ARTICLE_MASS, logf(1 + answer->mass) / 4);
    put_if(vector, LINK_ARTICLE_QUOTED, answer->quoted == ARTICLE && answer->quoted_marked);
    put_if(vector, LINK_ARTICLE_ECHOED, answer->quoted == ARTICLE && !answer->quoted_marked);
    put_if(vector, LINK_QUOTES_ELSE, known && answer->quoted != ARTICLE && answer->quoted_marked);
    put_if(vector, LINK_ECHOES_ELSE, known && answer->quoted != ARTICLE && !answer->quoted_marked);
    put_if(vector, LINK_NAMES_ELSE, answer->named != NOBODY);
    put(vector, LINK_ARTICLE_LATELY, share_lately(heard, who, true));
    put_if(vector, LINK_ARTICLE_AGAIN, who > 1 && heard->speakers[who - 1].parent == ARTICLE);
    put(vector, LINK_ARTICLE_BEST, answer->mass > 0 ? heard->best_fresh / answer->mass : 0);
    put_facts(vector, BLOCK_ARTICLE_FACTS, &answer->voice);
    put_habits(vector, BLOCK_ARTICLE_HABITS, heard);
}

static float tie_likeness(const struct speaker *answer, const struct speaker *said, float amount)
{
    float mass = answer->mass * said->mass;
    return mass > 0 ? amount / sqrtf(mass) : 0;
}

static void put_previous(struct vector *vector, const struct retort_heard *heard, size_t who)
{
    const struct speaker *answer = &heard->speakers[who], *said = answer - 1;
    const struct tie *tie = &heard->ties[who - 1];
    put(vector, LINK_PREVIOUS, 1);
    put(vector, LINK_PREVIOUS_LENGTH, answer->length / 8);
    put_if(vector, LINK_PREVIOUS_SHORT, answer->voice.n_characters < SHORT_ANSWER);
    put_if(vector, LINK_PREVIOUS_LONG, answer->voice.n_characters > LONG_ANSWER);
    put(vector, LINK_PREVIOUS_LATE, small_log(who) / 4);
    put_if(vector, LINK_PREVIOUS_EARLY, who <= 2);
    put(vector, LINK_PREVIOUS_LATELY, share_lately(heard, who, false));
    put(vector, LINK_PREVIOUS_ALIKE, tie_likeness(answer, said, tie->fresh));
    put_if(vector, LINK_PREVIOUS_NO_TIE, tie->n == 0);
    put(vector, LINK_PREVIOUS_HAND, thread_hands_apart(heard, who, who - 1) / 8);
    put_if(vector, LINK_PREVIOUS_TO_ARTICLE, said->parent == ARTICLE);
    put(vector, LINK_PREVIOUS_LEVEL, small_log(said->level) / 2);
    put_if(vector, LINK_PREVIOUS_ITS_SHORT, said->voice.n_characters < SHORT_ANSWER);
    put_if(vector, LINK_PREVIOUS_ITS_ASKING,
           retort_voice_has(&said->voice, RETORT_VOICE_ENDS_QUESTION));
    put_if(vector, LINK_QUOTES_UNKNOWN_PREVIOUS,
           answer->quoted == NOBODY &&
               (retort_voice_has(&answer->voice, RETORT_VOICE_STARTS_QUOTE) ||
                retort_voice_has(&answer->voice, RETORT_VOICE_STARTS_ANGLE)));
    put_facts(vector, BLOCK_PREVIOUS_FACTS, &answer->voice);
    put_habits(vector, BLOCK_PREVIOUS_HABITS, heard);
}

static void put_quotation(struct vector *vector, const struct retort_heard *heard, size_t who,
                          ptrdiff_t candidate)
{
    const struct speaker *speaker = &heard->speakers[who];
    bool it = speaker->quoted == candidate, known = speaker->quoted != NOBODY;
    bool marked = speaker->quoted_marked;
    put(vector, LINK_QUOTES, it && marked ? 0.5F + speaker->quoted_share : 0);
    put(vector, LINK_ECHOES, it && !marked ? speaker->quoted_share : 0);
    put_if(vector, LINK_QUOTES_ELSE, known && !it && marked);
    put_if(vector, LINK_ECHOES_ELSE, known && !it && !marked);
    put_if(vector, LINK_NAMES, speaker->named == candidate);
    put_if(vector, LINK_NAMES_ELSE, speaker->named != NOBODY && speaker->named != candidate);
}

static void put_ties(struct vector *vector, const struct retort_heard *heard, size_t who,
                     size_t candidate)
{
    const struct speaker *answer = &heard->speakers[who], *said = &heard->speakers[candidate];
    const struct tie *tie = &heard->ties[candidate];
    if (!tie->n) {
        put(vector, LINK_NO_TIE, 1);
        return;
    }
    float mass = answer->mass > 0 ? answer->mass : 1;
    put(vector, LINK_SHARED, tie->shared / mass);
    put(vector, LINK_SHARED_BACK, said->mass > 0 ? tie->shared / said->mass : 0);
    put(vector, LINK_SHARED_BOTH, tie_likeness(answer, said, tie->shared));
    put(vector, LINK_FRESH, tie->fresh / mass);
    put(vector, LINK_FRESH_BOTH, tie_likeness(answer, said, tie->fresh));
    put(vector, LINK_FRESH_AMOUNT, fminf(tie->fresh, 15) / 5);
    put(vector, LINK_FIRST, tie->first / mass);
    put(vector, LINK_FIRST_BOTH, tie_likeness(answer, said, tie->first));
    put(vector, LINK_FIRST_AMOUNT, fminf(tie->first, 10) / 5);
    put(vector, LINK_LAST, tie->last / mass);
    put(vector, LINK_LAST_BOTH, tie_likeness(answer, said, tie->last));
    put(vector, LINK_RAREST, tie->rarest / 4);
    put(vector, LINK_N_SHARED, small_log(tie->n));
    put_if(vector, LINK_BEST, tie->fresh > 0 && tie->fresh >= heard->best_fresh);
}

static void put_exchange(struct vector *vector, const struct speaker *answer,
                         const struct speaker *said)
{
#define ANSWER_(fact) retort_voice_has(&answer->voice, RETORT_VOICE_##fact)
#define SAID_(fact) retort_voice_has(&said->voice, RETORT_VOICE_##fact)
    put_if(vector, LINK_ASKED, SAID_(ENDS_QUESTION) && !ANSWER_(QUESTION_INSIDE));
    put_if(vector, LINK_ASKED_ANSWERED, SAID_(QUESTION_INSIDE) && ANSWER_(OPENS_ANSWER));
    put_if(vector, LINK_ASKED_DENIED, SAID_(QUESTION_INSIDE) && ANSWER_(OPENS_NOT));
    put_if(vector, LINK_BOTH_ASK, SAID_(QUESTION_INSIDE) && ANSWER_(QUESTION_INSIDE));
    put_if(vector, LINK_YOU_YOU, SAID_(HAS_YOU) && ANSWER_(OWN_YOU));
    put_if(vector, LINK_I_YOU, SAID_(HAS_I) && ANSWER_(OWN_YOU));
    put_if(vector, LINK_YOU_I, SAID_(HAS_YOU) && ANSWER_(OPENS_I));
    put_if(vector, LINK_THANKS_BACK, SAID_(HAS_THANKS) && ANSWER_(HAS_THANKS));
    put_if(vector, LINK_LINK_THANKED, SAID_(HAS_LINK) && ANSWER_(HAS_THANKS));
    put_if(vector, LINK_RUDE_BACK, SAID_(HAS_RUDE) && ANSWER_(HAS_RUDE));
#undef ANSWER_
#undef SAID_
    float longer = answer->length - said->length;
    put(vector, LINK_LONGER, fmaxf(-2, fminf(longer, 2)) / 2);
    put_if(vector, LINK_MUCH_LONGER, longer > 1.4F);
    put_if(vector, LINK_MUCH_SHORTER, longer < -1.4F);
    put(vector, LINK_ITS_LENGTH, said->length / 8);
    put_if(vector, LINK_ITS_SHORT, said->voice.n_characters < SHORT_ANSWER);
    put_if(vector, LINK_ITS_LONG, said->voice.n_characters > LONG_ANSWER);
}

/* Where the candidate stands in the tree that was told so far. */
static void put_tree(struct vector *vector, const struct retort_heard *heard, size_t candidate)
{
    const struct speaker *said = &heard->speakers[candidate];
    size_t steps = 0;
    while (steps < heard->n_path && heard->path[steps] != (ptrdiff_t)candidate)
        steps++;
    bool on = steps < heard->n_path;
    put_if(vector, LINK_ON_PATH, on);
    put(vector, LINK_STEPS_UP, on ? small_log(steps) / 2 : 0);
    put_if(vector, LINK_STEP_1, on && steps == 1);
    put_if(vector, LINK_STEP_2, on && steps == 2);
    put_if(vector, LINK_STEP_3, on && steps == 3);
    put_if(vector, LINK_OFF_PATH, !on);
    if (steps > 0)
        put_habits(vector, on ? BLOCK_PATH_HABITS : BLOCK_OFF_HABITS, heard);
    put_if(vector, LINK_TOP, said->parent == ARTICLE);
    put(vector, LINK_LEVEL, small_log(said->level) / 2);
    put_if(vector, LINK_ANSWERED, said->answers > 0);
    put(vector, LINK_ANSWERS, small_log(said->answers) / 2);
}

/* Is the answer by the writer whom the candidate answers? Then the two are talking. */
static void put_above(struct vector *vector, const struct retort_heard *heard, size_t who,
                      size_t candidate)
{
    const struct speaker *answer = &heard->speakers[who], *said = &heard->speakers[candidate];
    put(vector, LINK_HANDS_BOTH, thread_hands_both(heard, who, candidate) / 8);
    put(vector, LINK_HANDS_APART, thread_hands_apart(heard, who, candidate) / 8);
    put_if(vector, LINK_SAME_WRITER, answer->name && answer->name == said->name);
    if (said->parent <= ARTICLE)
        return;
    size_t up = (size_t)said->parent;
    const struct speaker *above = &heard->speakers[up];
    put(vector, LINK_ABOVE, 1);
    put_if(vector, LINK_SAME_WRITER_ABOVE, answer->name && answer->name == above->name);
    put(vector, LINK_ABOVE_HANDS_BOTH, thread_hands_both(heard, who, up) / 8);
    put(vector, LINK_ABOVE_HANDS_APART, thread_hands_apart(heard, who, up) / 8);
    put(vector, LINK_ABOVE_HANDS_NEARER,
        (thread_hands_apart(heard, who, candidate) - thread_hands_apart(heard, who, up)) / 8);
    put(vector, LINK_ABOVE_FRESH, answer->mass > 0 ? heard->ties[up].fresh / answer->mass : 0);
    put(vector, LINK_ABOVE_LENGTH, fminf(fabsf(answer->length - above->length), 4) / 4);
}

size_t retort_thread_link_cues(struct retort_heard *heard, size_t at, ptrdiff_t candidate,
                               struct retort_cue cues[RETORT_LINK_CUES_MOST])
{
    struct vector vector = {cues, 0};
    size_t who = at + 1, other = (size_t)(candidate + 1), back = who - other;
    if (other == ARTICLE) {
        put_article(&vector, heard, who);
        return vector.n;
    }
    if (back == 1)
        put_previous(&vector, heard, who);
    put(&vector, LINK_DISTANCE, small_log(back - 1) / 3);
    put_if(&vector, LINK_SECOND, back == 2);
    put_if(&vector, LINK_THIRD, back == 3 || back == 4);
    put_if(&vector, LINK_FIFTH, back > 4 && back <= 8);
    put_if(&vector, LINK_NINTH, back > 8);
    put_quotation(&vector, heard, who, (ptrdiff_t)other);
    put_ties(&vector, heard, who, other);
    put_exchange(&vector, &heard->speakers[who], &heard->speakers[other]);
    put_facts(&vector, BLOCK_ITS_FACTS, &heard->speakers[other].voice);
    put_tree(&vector, heard, other);
    put_above(&vector, heard, who, other);
    return vector.n;
}
