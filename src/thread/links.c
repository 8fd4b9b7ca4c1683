/* The cues of each possible link. What kind of thread it is (its habits) is crossed with the four
 * places a candidate may have, the article, the comment before, on the way up, off it, so that one
 * linear model can follow the habit of a blog as well as that of a forum. Words count by their
 * rarity in the thread, those of the article apart from those that a comment brought in. */
#include "thread/link_cues.h"

#include <math.h>

enum { SHORT_ANSWER = 80, LONG_ANSWER = 500 };

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
