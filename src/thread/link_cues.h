/* The closed list of cues of a link: what an answer and the one it may answer have to do with each
 * other. Private to the room. */
#ifndef RETORT_THREAD_LINK_CUES_H
#define RETORT_THREAD_LINK_CUES_H

#include "thread/heard.h"

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

#endif
