/* What a thread's links are described from. Private to the room. */
#ifndef RETORT_THREAD_HEARD_H
#define RETORT_THREAD_HEARD_H

#include "thread/thread.h"

/* Speaker 0 is the article, speaker i the i-th comment; nobody is NOBODY. */
enum { ARTICLE = 0, NOBODY = -1 };

/* A comment or the article. */
struct speaker {
    struct retort_voice voice;
    uint32_t name, first_name;  /* hashes; 0 unknown */
    float length;               /* log of characters */
    size_t first_word, n_words; /* its content words, each once, in heard->words */
    float mass;                 /* rarity of all of them */
    float of_article, of_article_only, of_nobody; /* shares of the mass: said by the article, by
                                                   * nobody else yet, by nobody at all yet */
    ptrdiff_t quoted;                             /* whose words are repeated */
    float quoted_share; /* of the quoted words, or of all when none are quoted */
    bool quoted_marked; /* between quotation marks, or a line after > */
    ptrdiff_t named;    /* last comment of the writer named */
    ptrdiff_t parent;   /* told; NOBODY until then */
    uint32_t level, answers;
};

/* A content word as one speaker says it. */
struct said {
    uint32_t speaker, term, before; /* before: 1 + the same word as said last before; 0: never */
};

/* A content word of the thread. */
struct term {
    uint32_t key, count; /* speakers with the word */
    uint32_t latest;     /* 1 + its last occurrence */
    uint32_t first;      /* the comment that said it first; 0: none yet */
    bool in_article;
};

/* What a comment has in common with one before: rarity of shared words. */
struct tie {
    float shared, fresh; /* all; without those of the article */
    float first, last;   /* that it was the first, the last to say */
    float rarest;
    uint32_t n;
};

/* What kind of thread it is. */
#define HABITS(HABIT)                                                                              \
    HABIT(YOU, "share with you")                                                                   \
    HABIT(ASKS, "share that asks")                                                                 \
    HABIT(THANKS, "share with thanks")                                                             \
    HABIT(PRAISE, "share with praise")                                                             \
    HABIT(POST, "share with post or article")                                                      \
    HABIT(ANSWERS, "share that opens with an answer")                                              \
    HABIT(DENIES, "share that opens with a negation")                                              \
    HABIT(LINKS, "share with links")                                                               \
    HABIT(THEY, "share with they")                                                                 \
    HABIT(SHORT, "share of short ones")                                                            \
    HABIT(LONG, "share of long ones")                                                              \
    HABIT(LENGTH, "mean log length")                                                               \
    HABIT(NUMBER, "log of comments")                                                               \
    HABIT(NO_ARTICLE, "no article")                                                                \
    HABIT(ARTICLE_LENGTH, "log length of the article")                                             \
    HABIT(ARTICLE_LONGER, "article longer than comments")                                          \
    HABIT(ARTICLE_I, "article with I")                                                             \
    HABIT(ARTICLE_YOU, "article with you")                                                         \
    HABIT(ARTICLE_ASKS, "article ends asking")                                                     \
    HABIT(ARTICLE_SAID, "article with said")                                                       \
    HABIT(OF_ARTICLE, "share of words of the article")                                             \
    HABIT(OF_NOBODY, "share of new words")                                                         \
    HABIT(NEXT, "neighbours are alike")                                                            \
    HABIT(SECOND, "second neighbours are alike")                                                   \
    HABIT(NEXT_AMOUNT, "words shared by neighbours")                                               \
    HABIT(HAND_SECOND, "second neighbours write alike")                                            \
    HABIT(QUOTES, "share that quotes a comment")                                                   \
    HABIT(QUOTES_NEXT, "share that quotes the previous comment")                                   \
    HABIT(QUOTES_ARTICLE, "share that quotes the article")

enum habit {
#define HABIT(id, name) HABIT_##id,
    HABITS(HABIT)
#undef HABIT
        N_HABITS
};

enum { PATH_MOST = 10 };

struct retort_heard {
    size_t n;                 /* comments */
    struct speaker *speakers; /* [n + 1] */
    struct said *words;
    struct term *terms;
    const float *rarities; /* by count */
    struct tie *ties;      /* [n + 1], of the comment asked */
    uint32_t *tied;        /* those of them that are not zero */
    size_t n_tied;
    float best_fresh;
    float habits[N_HABITS];
    ptrdiff_t path[PATH_MOST]; /* from the comment before the one asked upwards */
    size_t n_path;
};

/* Fills ties, tied and best_fresh for one comment. */
void thread_tie(struct retort_heard *heard, size_t who);
void thread_observe_habits(struct retort_heard *heard);
/* Handwriting: habits of typing that two comments share, and that one of two has. */
float thread_hands_both(const struct retort_heard *heard, size_t a, size_t b);
float thread_hands_apart(const struct retort_heard *heard, size_t a, size_t b);

#endif
