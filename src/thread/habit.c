/* The habits of a thread: what tells a blog whose readers all answer the article from a forum where
 * each answers the one before. */
#include "thread/heard.h"

#include <math.h>

enum { SHORT = 80, LONG = 500, OTHERS_FROM = 3, OTHERS_TO = 10 };

static float share(float part, size_t n, float pseudo, float prior)
{
    return (part + pseudo * prior) / ((float)n + pseudo);
}

static void count_facts(struct retort_heard *heard)
{
    static const struct {
        enum habit habit;
        enum retort_voice_fact fact;
    } ROWS[] = {{HABIT_YOU, RETORT_VOICE_OWN_YOU},       {HABIT_ASKS, RETORT_VOICE_QUESTION_INSIDE},
                {HABIT_THANKS, RETORT_VOICE_HAS_THANKS}, {HABIT_PRAISE, RETORT_VOICE_HAS_PRAISE},
                {HABIT_POST, RETORT_VOICE_HAS_POST},     {HABIT_ANSWERS, RETORT_VOICE_OPENS_ANSWER},
                {HABIT_DENIES, RETORT_VOICE_OPENS_NOT},  {HABIT_LINKS, RETORT_VOICE_HAS_LINK},
                {HABIT_THEY, RETORT_VOICE_HAS_THEY}};
    for (size_t row = 0; row < sizeof ROWS / sizeof *ROWS; row++) {
        size_t n = 0;
        for (size_t who = 1; who <= heard->n; who++)
            n += retort_voice_has(&heard->speakers[who].voice, ROWS[row].fact);
        heard->habits[ROWS[row].habit] = share((float)n, heard->n, 1, 0.3F);
    }
}

static void measure_lengths(struct retort_heard *heard)
{
    float length = 0, n_short = 0, n_long = 0, of_article = 0, of_nobody = 0;
    size_t n = heard->n;
    for (size_t who = 1; who <= n; who++) {
        const struct speaker *speaker = &heard->speakers[who];
        length += speaker->length / 8;
        n_short += speaker->voice.n_characters < SHORT;
        n_long += speaker->voice.n_characters > LONG;
        of_article += speaker->of_article;
        of_nobody += speaker->of_nobody;
    }
    heard->habits[HABIT_LENGTH] = n ? length / (float)n : 0;
    heard->habits[HABIT_SHORT] = share(n_short, n, 1, 0.3F);
    heard->habits[HABIT_LONG] = share(n_long, n, 1, 0.3F);
    heard->habits[HABIT_OF_ARTICLE] = share(of_article, n, 1, 0.2F);
    heard->habits[HABIT_OF_NOBODY] = share(of_nobody, n, 1, 0.5F);
    heard->habits[HABIT_NUMBER] = logf(1.0F + (float)n) / 5;
}

static void look_at_article(struct retort_heard *heard)
{
    const struct retort_voice *voice = &heard->speakers[ARTICLE].voice;
    float *habits = heard->habits;
    habits[HABIT_NO_ARTICLE] = voice->n_characters == 0;
    habits[HABIT_ARTICLE_LENGTH] = heard->speakers[ARTICLE].length / 8;
    habits[HABIT_ARTICLE_LONGER] = habits[HABIT_ARTICLE_LENGTH] - habits[HABIT_LENGTH];
    habits[HABIT_ARTICLE_I] = retort_voice_has(voice, RETORT_VOICE_HAS_I);
    habits[HABIT_ARTICLE_YOU] = retort_voice_has(voice, RETORT_VOICE_HAS_YOU);
    habits[HABIT_ARTICLE_ASKS] = retort_voice_has(voice, RETORT_VOICE_ENDS_QUESTION);
    habits[HABIT_ARTICLE_SAID] = retort_voice_has(voice, RETORT_VOICE_HAS_SAID);
}

static float likeness(const struct retort_heard *heard, size_t a, size_t b)
{
    float mass = heard->speakers[a].mass * heard->speakers[b].mass;
    return mass > 0 ? heard->ties[b].fresh / sqrtf(mass) : 0;
}

static float beats(float x, float y)
{
    return x > y ? 1 : x < y ? 0 : 0.5F;
}

/* How often is a neighbour more alike than those further up? One half when order means nothing. */
static void compare_neighbours(struct retort_heard *heard)
{
    float next = 0, second = 0, amount = 0, hand = 0;
    size_t n = 0;
    for (size_t who = OTHERS_FROM + 1; who <= heard->n; who++, n++) {
        float won[3] = {0};
        size_t others = 0;
        thread_tie(heard, who);
        float hand2 =
            thread_hands_both(heard, who, who - 2) - thread_hands_apart(heard, who, who - 2);
        for (size_t far = OTHERS_FROM; far <= OTHERS_TO && far < who; far++, others++) {
            float other = likeness(heard, who, who - far);
            won[0] += beats(likeness(heard, who, who - 1), other);
            won[1] += beats(likeness(heard, who, who - 2), other);
            won[2] += beats(hand2, thread_hands_both(heard, who, who - far) -
                                       thread_hands_apart(heard, who, who - far));
        }
        next += won[0] / (float)others;
        second += won[1] / (float)others;
        hand += won[2] / (float)others;
        amount += likeness(heard, who, who - 1);
    }
    heard->habits[HABIT_NEXT] = 5 * (share(next, n, 4, 0.55F) - 0.55F);
    heard->habits[HABIT_SECOND] = 5 * (share(second, n, 4, 0.5F) - 0.5F);
    heard->habits[HABIT_HAND_SECOND] = 5 * (share(hand, n, 4, 0.5F) - 0.5F);
    heard->habits[HABIT_NEXT_AMOUNT] = 5 * share(amount, n, 4, 0.05F);
}

static void count_quotations(struct retort_heard *heard)
{
    float all = 0, next = 0, article = 0;
    for (size_t who = 1; who <= heard->n; who++) {
        ptrdiff_t quoted = heard->speakers[who].quoted;
        all += quoted > 0;
        next += quoted > 0 && quoted + 1 == (ptrdiff_t)who;
        article += quoted == ARTICLE;
    }
    heard->habits[HABIT_QUOTES] = share(all, heard->n, 1, 0.05F);
    heard->habits[HABIT_QUOTES_NEXT] = share(next, heard->n, 1, 0.03F);
    heard->habits[HABIT_QUOTES_ARTICLE] = share(article, heard->n, 1, 0.03F);
}

void thread_observe_habits(struct retort_heard *heard)
{
    count_facts(heard);
    measure_lengths(heard);
    look_at_article(heard);
    compare_neighbours(heard);
    count_quotations(heard);
}
