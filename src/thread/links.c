/* Who may have been answered, and the cues of each possible link.
 *
 * Candidates are the article, the last comments, the comments above the last one in its thread,
 * and whoever is quoted or named: a bounded number, so a thread costs linear time. Quotation is
 * exact: four words in a row belong to whoever said them first, so that a quotation that was itself
 * quoted leads to its source. Words count by their rarity in the thread (log of comments over
 * comments with the word). Cues that ask about the comment alone are given once for "the article"
 * and once for "the previous comment", the two answers that are right most often. */
#include "thread/thread.h"

#include <math.h>

enum { RECENT = 10, ABOVE = 6, WINDOW = 4, OVERLAP_WORDS = 400, NOBODY = -2 };

/* Facts of the answering comment, crossed with the two usual answers. */
#define ANSWER_CUES(CUE)                                                                           \
    CUE(opens_answer, "opens with an answer")                                                      \
    CUE(opens_connective, "opens with a connective")                                               \
    CUE(opens_point, "opens with this or it")                                                      \
    CUE(opens_you, "opens with you")                                                               \
    CUE(opens_i, "opens with I")                                                                   \
    CUE(opens_question, "opens with a question word")                                              \
    CUE(opens_thanks, "opens with thanks")                                                         \
    CUE(opens_not, "opens with a negation")                                                        \
    CUE(opens_quote, "opens with a quotation mark")                                                \
    CUE(opens_angle, "opens with >")                                                               \
    CUE(opens_at, "opens with @")                                                                  \
    CUE(has_you, "you")                                                                            \
    CUE(has_i, "I")                                                                                \
    CUE(has_thanks, "thanks")                                                                      \
    CUE(has_opinion, "think")                                                                      \
    CUE(has_rude, "rude")                                                                          \
    CUE(has_slang, "lol")                                                                          \
    CUE(has_at, "@name")                                                                           \
    CUE(has_link, "link")                                                                          \
    CUE(asks, "question inside")                                                                   \
    CUE(ends_asking, "ends with ?")

#define LINK_CUES(CUE)                                                                             \
    CUE(ARTICLE, "the article")                                                                    \
    CUE(PREVIOUS, "the previous comment")                                                          \
    CUE(SECOND, "two comments back")                                                               \
    CUE(DISTANCE, "log of distance")                                                               \
    CUE(ARTICLE_SHORT, "the article: short answer")                                                \
    CUE(ARTICLE_LONG, "the article: long answer")                                                  \
    CUE(PREVIOUS_SHORT, "the previous comment: short answer")                                      \
    CUE(PREVIOUS_LONG, "the previous comment: long answer")                                        \
    CUE(ARTICLE_LATE, "the article: log of comments before")                                       \
    CUE(PREVIOUS_LATE, "the previous comment: log of comments before")                             \
    CUE(ARTICLE_YOU, "the article: share of comments with you")                                    \
    CUE(PREVIOUS_YOU, "the previous comment: share of comments with you")                          \
    CUE(ARTICLE_LENGTH, "the article: mean log length of comments")                                \
    CUE(PREVIOUS_LENGTH, "the previous comment: mean log length of comments")                      \
    CUE(QUOTES, "quotes it between marks")                                                         \
    CUE(ECHOES, "repeats it without marks")                                                        \
    CUE(QUOTES_ELSE, "quotes another")                                                             \
    CUE(QUOTES_ARTICLE, "quotes the article")                                                      \
    CUE(QUOTES_UNKNOWN_PREVIOUS, "the previous comment: quotes nobody known")                      \
    CUE(NAMES, "names its writer")                                                                 \
    CUE(NAMES_ELSE, "names another writer")                                                        \
    CUE(SAME_WRITER, "same writer")                                                                \
    CUE(SAME_WRITER_ABOVE, "same writer as what it answers")                                       \
    CUE(OVERLAP, "share of the answer's words")                                                    \
    CUE(OVERLAP_BACK, "share of its words")                                                        \
    CUE(OVERLAP_ARTICLE, "share of the answer's words in the article")                             \
    CUE(OVERLAP_PREVIOUS, "share of the answer's words in the previous comment")                   \
    CUE(RAREST, "rarest shared word")                                                              \
    CUE(NO_OVERLAP, "no shared word")                                                              \
    CUE(ASKED, "ends with ?, the answer asks nothing")                                             \
    CUE(ASKED_ANSWERED, "asks, the answer opens with an answer")                                   \
    CUE(BOTH_ASK, "both ask")                                                                      \
    CUE(THANKED_ASKER, "answer after thanks")                                                      \
    CUE(ON_PATH, "on the way up from the last comment")                                            \
    CUE(STEPS_UP, "log of steps up from the last comment")                                         \
    CUE(TOP, "answers the article itself")                                                         \
    CUE(LEVEL, "log of level")                                                                     \
    CUE(ANSWERED, "was answered already")                                                          \
    CUE(ANSWERS, "log of answers so far")                                                          \
    CUE(LONG, "long")                                                                              \
    CUE(SHORT, "short")                                                                            \
    CUE(ITS_YOU, "says you itself")                                                                \
    CUE(STYLE_SAME, "same quotation marks")                                                        \
    CUE(STYLE_DIFFERS, "other quotation marks")                                                    \
    CUE(STYLE_ABOVE_SAME, "same quotation marks as what it answers")                               \
    CUE(SLOPPY_DIFFERS, "one of the two in lower case")

enum link_cue {
#define CUE(id, name) LINK_##id,
    LINK_CUES(CUE)
#undef CUE
        N_LINK
};
enum answer_cue {
#define CUE(id, name) ANSWER_##id,
    ANSWER_CUES(CUE)
#undef CUE
        N_ANSWER
};
enum {
    LINK_TO_ARTICLE = N_LINK,
    LINK_TO_PREVIOUS = N_LINK + N_ANSWER,
    N_LINK_CUES = N_LINK + 2 * N_ANSWER
};

static const char *const NAMES[N_LINK_CUES] = {
#define CUE(id, name) name,
    LINK_CUES(CUE)
#undef CUE
#define CUE(id, name) "the article: " name,
        ANSWER_CUES(CUE)
#undef CUE
#define CUE(id, name) "the previous comment: " name,
            ANSWER_CUES(CUE)
#undef CUE
};

size_t retort_thread_n_cues(void)
{
    return N_LINK_CUES;
}

const char *retort_thread_cue_name(size_t id)
{
    return NAMES[id];
}

uint64_t retort_thread_cues_hash(void)
{
    uint64_t hash = 0;
    for (size_t id = 0; id < N_LINK_CUES; id++)
        hash = retort_hash(retort_span_of(NAMES[id]), hash);
    return hash;
}

/* ---- what was heard ----------------------------------------------------------------------- */

struct slot {
    uint32_t key, count; /* comments with the word */
    ptrdiff_t first;     /* who said it first, as a speaker */
    ptrdiff_t last;      /* speaker counted last; later the comment whose words are marked */
};

struct table {
    struct slot *slots;
    size_t mask;
};

/* A comment or, as speaker 0, the article. */
struct speaker {
    struct retort_voice voice;
    uint32_t name, first_name; /* hashes; 0 unknown */
    ptrdiff_t quoted;          /* comment whose words are repeated, −1 the article, or NOBODY */
    float quoted_share;        /* of the quoted words, or of all when none are quoted */
    bool quoted_marked;        /* between quotation marks, or a line after > */
    ptrdiff_t named;           /* last comment of the writer named, or NOBODY */
    ptrdiff_t parent;
    uint32_t level, answers;
    float mass;       /* rarity of all its content words */
    uint32_t *places; /* of its words in the table, 0: doesn't count */
};

struct retort_heard {
    size_t n;
    struct speaker *speakers; /* [n + 1] */
    struct table words;
    ptrdiff_t marked; /* comment whose words are marked in the table */
    float share_you, mean_length;
};

static struct table table_make(struct retort_arena *arena, size_t n)
{
    size_t size = 64;
    while (size < 2 * n + 2)
        size *= 2;
    return (struct table){RETORT_NEW(arena, struct slot, size), size - 1};
}

/* Slot 0 is never given out. */
static size_t table_place(struct table *table, uint32_t key)
{
    key += key == 0;
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & table->mask;
    while (at == 0 || (table->slots[at].key && table->slots[at].key != key))
        at = (at + 1) & table->mask;
    if (!table->slots[at].key)
        table->slots[at] = (struct slot){.key = key, .first = NOBODY, .last = NOBODY};
    return at;
}

static void count_words(struct retort_heard *heard, size_t at, struct retort_arena *arena)
{
    struct speaker *speaker = &heard->speakers[at];
    speaker->places = RETORT_NEW(arena, uint32_t, speaker->voice.n_words + 1);
    for (size_t i = 0; i < speaker->voice.n_words; i++) {
        if (!speaker->voice.words[i].content)
            continue;
        size_t place = table_place(&heard->words, speaker->voice.words[i].hash);
        struct slot *slot = &heard->words.slots[place];
        speaker->places[i] = (uint32_t)place;
        slot->count += slot->last != (ptrdiff_t)at;
        slot->last = (ptrdiff_t)at;
    }
}

static float rarity(const struct retort_heard *heard, uint32_t place)
{
    return logf(1.0F + (float)(heard->n + 1) / (float)heard->words.slots[place].count);
}

static void weigh_words(struct retort_heard *heard)
{
    for (size_t at = 0; at <= heard->n; at++) {
        struct speaker *speaker = &heard->speakers[at];
        for (size_t i = 0; i < speaker->voice.n_words; i++)
            if (speaker->places[i])
                speaker->mass += rarity(heard, speaker->places[i]);
    }
    for (size_t at = 0; at <= heard->words.mask; at++)
        heard->words.slots[at].last = NOBODY;
}

/* ---- quotation ---------------------------------------------------------------------------- */

static uint32_t window_key(const struct retort_word *words)
{
    uint64_t key = 0;
    for (size_t i = 0; i < WINDOW; i++)
        key = (key ^ words[i].hash) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(key >> 32);
}

struct match {
    size_t n, found, votes;
    ptrdiff_t source;
};

static void vote(struct match *match, ptrdiff_t source)
{
    match->found++;
    if (match->votes == 0)
        match->source = source;
    match->votes = match->source == source ? match->votes + 1 : match->votes - 1;
}

static void match_quotation(struct table *windows, struct speaker *speakers, size_t at)
{
    struct speaker *speaker = &speakers[at];
    size_t n_words = speaker->voice.n_words;
    struct match marked = {.source = 0}, any = {.source = 0};
    for (size_t i = 0; i + WINDOW <= n_words; i++) {
        const struct retort_word *words = speaker->voice.words + i;
        struct slot *slot = &windows->slots[table_place(windows, window_key(words))];
        bool quoted = words[0].quoted && words[WINDOW - 1].quoted;
        marked.n += quoted;
        any.n++;
        if (slot->first == NOBODY)
            slot->first = (ptrdiff_t)at;
        if (slot->first == (ptrdiff_t)at)
            continue;
        vote(&any, slot->first);
        if (quoted)
            vote(&marked, slot->first);
    }
    const struct match *best = marked.found ? &marked : &any;
    bool enough = marked.found >= 1 || any.found >= 3;
    speaker->quoted = enough ? best->source - 1 : NOBODY;
    speaker->quoted_share = best->n ? (float)best->found / (float)best->n : 0;
    speaker->quoted_marked = marked.found > 0 || speaker->voice.opens_angle;
}

/* ---- names -------------------------------------------------------------------------------- */

static void take_name(struct speaker *speaker, struct retort_span author,
                      const struct lexicon *lexicon)
{
    struct retort_arena scratch = {0};
    struct retort_voice voice;
    retort_page_voice(author, lexicon, &scratch, &voice);
    speaker->name = author.len ? (uint32_t)retort_hash(author, 3) : 0;
    speaker->first_name = voice.n_words ? voice.words[0].hash : 0;
    retort_arena_release(&scratch);
}

static void find_named(struct table *names, struct speaker *speakers, size_t at)
{
    struct speaker *speaker = &speakers[at];
    speaker->named = NOBODY;
    for (size_t i = 0; i < 2 && i < speaker->voice.n_words; i++) {
        struct slot *slot = &names->slots[table_place(names, speaker->voice.words[i].hash)];
        bool other = slot->first != NOBODY && speakers[slot->first].name != speaker->name;
        if (other && speaker->named == NOBODY)
            speaker->named = slot->first - 1;
    }
    if (speaker->first_name)
        names->slots[table_place(names, speaker->first_name)].first = (ptrdiff_t)at;
}

/* ---- hearing ------------------------------------------------------------------------------ */

static void sum_thread(struct retort_heard *heard)
{
    float you = 0, length = 0;
    for (size_t at = 1; at <= heard->n; at++) {
        you += heard->speakers[at].voice.has_you ? 1 : 0;
        length += logf(1.0F + (float)heard->speakers[at].voice.n_characters) / 8;
    }
    heard->share_you = heard->n ? you / (float)heard->n : 0;
    heard->mean_length = heard->n ? length / (float)heard->n : 0;
}

struct retort_heard *retort_thread_hear(struct retort_span article,
                                        const struct retort_comment *comments, size_t n_comments,
                                        struct retort_arena *arena)
{
    struct retort_heard *heard = RETORT_NEW(arena, struct retort_heard, 1);
    heard->n = n_comments;
    heard->marked = NOBODY;
    heard->speakers = RETORT_NEW(arena, struct speaker, n_comments + 1);
    const struct lexicon *lexicon = retort_page_lexicon(arena);
    size_t n_words = 0;
    for (size_t at = 0; at <= n_comments; at++) {
        struct speaker *speaker = &heard->speakers[at];
        speaker->parent = NOBODY;
        retort_page_voice(at ? comments[at - 1].text : article, lexicon, arena, &speaker->voice);
        if (at)
            take_name(speaker, comments[at - 1].author, lexicon);
        n_words += speaker->voice.n_words;
    }
    heard->words = table_make(arena, n_words);
    struct table windows = table_make(arena, n_words);
    struct table names = table_make(arena, 3 * (n_comments + 1));
    for (size_t at = 0; at <= n_comments; at++) {
        count_words(heard, at, arena);
        match_quotation(&windows, heard->speakers, at);
        if (at)
            find_named(&names, heard->speakers, at);
    }
    weigh_words(heard);
    sum_thread(heard);
    return heard;
}

void retort_thread_tell(struct retort_heard *heard, size_t at, ptrdiff_t parent)
{
    struct speaker *speaker = &heard->speakers[at + 1];
    speaker->parent = parent;
    speaker->level = parent < 0 ? 0 : heard->speakers[parent + 1].level + 1;
    if (parent >= 0)
        heard->speakers[parent + 1].answers++;
}

/* ---- candidates --------------------------------------------------------------------------- */

struct shortlist {
    ptrdiff_t *items;
    size_t n;
};

static void consider(struct shortlist *list, ptrdiff_t candidate, size_t at)
{
    if (candidate < -1 || candidate >= (ptrdiff_t)at || list->n >= RETORT_CANDIDATES_MOST)
        return;
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i] == candidate)
            return;
    list->items[list->n++] = candidate;
}

size_t retort_thread_candidates(const struct retort_heard *heard, size_t at,
                                ptrdiff_t candidates[RETORT_CANDIDATES_MOST])
{
    struct shortlist list = {candidates, 0};
    const struct speaker *speaker = &heard->speakers[at + 1];
    consider(&list, -1, at);
    consider(&list, (ptrdiff_t)at - 1, at);
    consider(&list, speaker->quoted, at);
    consider(&list, speaker->named, at);
    ptrdiff_t above = (ptrdiff_t)at - 1;
    for (size_t i = 0; i < ABOVE && above >= 0; i++) {
        consider(&list, above, at);
        above = heard->speakers[above + 1].parent;
    }
    for (size_t i = 2; i <= RECENT && i <= at; i++)
        consider(&list, (ptrdiff_t)(at - i), at);
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

static void put_if(struct vector *vector, enum link_cue id, bool yes)
{
    put(vector, (size_t)id, yes ? 1 : 0);
}

static float small_log(size_t n)
{
    return logf(1.0F + (float)n) / 4.0F;
}

static void put_answer(struct vector *vector, size_t base, const struct retort_voice *voice)
{
#define CUE(id, name) put(vector, base + ANSWER_##id, voice->id ? 1 : 0);
    ANSWER_CUES(CUE)
#undef CUE
}

enum { SHORT_ANSWER = 80, LONG_ANSWER = 500 };

static void put_usual(struct vector *vector, const struct retort_heard *heard, size_t at,
                      bool article)
{
    const struct retort_voice *voice = &heard->speakers[at + 1].voice;
    bool is_short = voice->n_characters<SHORT_ANSWER, is_long = voice->n_characters> LONG_ANSWER;
    put_if(vector, article ? LINK_ARTICLE : LINK_PREVIOUS, true);
    put_if(vector, article ? LINK_ARTICLE_SHORT : LINK_PREVIOUS_SHORT, is_short);
    put_if(vector, article ? LINK_ARTICLE_LONG : LINK_PREVIOUS_LONG, is_long);
    put(vector, article ? LINK_ARTICLE_LATE : LINK_PREVIOUS_LATE, small_log(at));
    put(vector, article ? LINK_ARTICLE_YOU : LINK_PREVIOUS_YOU, heard->share_you);
    put(vector, article ? LINK_ARTICLE_LENGTH : LINK_PREVIOUS_LENGTH, heard->mean_length);
    put_answer(vector, article ? LINK_TO_ARTICLE : LINK_TO_PREVIOUS, voice);
}

static void put_quotation(struct vector *vector, const struct retort_heard *heard, size_t at,
                          ptrdiff_t candidate)
{
    const struct speaker *speaker = &heard->speakers[at + 1];
    bool it = speaker->quoted == candidate, known = speaker->quoted != NOBODY;
    bool marked = speaker->quoted_marked;
    put(vector, LINK_QUOTES, it && marked && candidate >= 0 ? 0.5F + speaker->quoted_share : 0);
    put(vector, LINK_ECHOES, it && !marked && candidate >= 0 ? speaker->quoted_share : 0);
    put_if(vector, LINK_QUOTES_ELSE, known && !it && marked);
    put_if(vector, LINK_QUOTES_ARTICLE, it && candidate < 0 && marked);
    put_if(vector, LINK_QUOTES_UNKNOWN_PREVIOUS,
           candidate + 1 == (ptrdiff_t)at && !known &&
               (speaker->voice.opens_quote || speaker->voice.opens_angle));
    put_if(vector, LINK_NAMES, speaker->named == candidate);
    put_if(vector, LINK_NAMES_ELSE, speaker->named != NOBODY && speaker->named != candidate);
}

static void mark_words(struct retort_heard *heard, size_t at)
{
    const struct speaker *speaker = &heard->speakers[at + 1];
    for (size_t i = 0; i < speaker->voice.n_words; i++)
        if (speaker->places[i])
            heard->words.slots[speaker->places[i]].last = (ptrdiff_t)at;
    heard->marked = (ptrdiff_t)at;
}

static void put_overlap(struct vector *vector, struct retort_heard *heard, size_t at,
                        ptrdiff_t candidate)
{
    if (heard->marked != (ptrdiff_t)at)
        mark_words(heard, at);
    const struct speaker *answer = &heard->speakers[at + 1],
                         *said = &heard->speakers[candidate + 1];
    float shared = 0, rarest = 0;
    for (size_t i = 0; i < said->voice.n_words && i < OVERLAP_WORDS; i++) {
        if (!said->places[i] || heard->words.slots[said->places[i]].last != (ptrdiff_t)at)
            continue;
        float weight = rarity(heard, said->places[i]);
        shared += weight;
        rarest = weight > rarest ? weight : rarest;
    }
    float share = answer->mass > 0 ? fminf(shared / answer->mass, 1) : 0;
    put(vector, LINK_OVERLAP, candidate >= 0 ? share : 0);
    put(vector, LINK_OVERLAP_BACK, candidate >= 0 && said->mass > 0 ? shared / said->mass : 0);
    put(vector, LINK_OVERLAP_ARTICLE, candidate < 0 ? share : 0);
    put(vector, LINK_OVERLAP_PREVIOUS, candidate + 1 == (ptrdiff_t)at ? share : 0);
    put(vector, LINK_RAREST, candidate >= 0 ? rarest / 4 : 0);
    put_if(vector, LINK_NO_OVERLAP, candidate >= 0 && shared == 0);
}

static int marks_of(const struct retort_voice *voice)
{
    return (int)voice->straight - (int)voice->curly;
}

static void put_exchange(struct vector *vector, const struct retort_heard *heard, size_t at,
                         ptrdiff_t candidate)
{
    const struct speaker *answer = &heard->speakers[at + 1],
                         *said = &heard->speakers[candidate + 1];
    const struct speaker *above = said->parent >= 0 ? &heard->speakers[said->parent + 1] : NULL;
    int style = marks_of(&answer->voice) * marks_of(&said->voice);
    put_if(vector, LINK_SAME_WRITER, answer->name && answer->name == said->name);
    put_if(vector, LINK_SAME_WRITER_ABOVE, above && answer->name && answer->name == above->name);
    put_if(vector, LINK_ASKED, said->voice.ends_asking && !answer->voice.asks);
    put_if(vector, LINK_ASKED_ANSWERED, said->voice.asks && answer->voice.opens_answer);
    put_if(vector, LINK_BOTH_ASK, said->voice.asks && answer->voice.asks);
    put_if(vector, LINK_THANKED_ASKER, said->voice.has_thanks && answer->voice.has_thanks);
    put_if(vector, LINK_LONG, said->voice.n_characters > LONG_ANSWER);
    put_if(vector, LINK_SHORT, said->voice.n_characters < SHORT_ANSWER);
    put_if(vector, LINK_ITS_YOU, said->voice.has_you);
    put_if(vector, LINK_STYLE_SAME, style > 0);
    put_if(vector, LINK_STYLE_DIFFERS, style < 0);
    put_if(vector, LINK_STYLE_ABOVE_SAME,
           above && marks_of(&answer->voice) * marks_of(&above->voice) > 0);
    put_if(vector, LINK_SLOPPY_DIFFERS, answer->voice.sloppy != said->voice.sloppy);
}

/* Where the candidate stands in the tree that was told so far. */
static void put_tree(struct vector *vector, const struct retort_heard *heard, size_t at,
                     ptrdiff_t candidate)
{
    const struct speaker *said = &heard->speakers[candidate + 1];
    ptrdiff_t above = (ptrdiff_t)at - 1;
    size_t steps = 0;
    while (above > candidate && steps < 64) {
        above = heard->speakers[above + 1].parent;
        steps++;
    }
    put_if(vector, LINK_ON_PATH, above == candidate);
    put(vector, LINK_STEPS_UP, above == candidate ? small_log(steps) : 0);
    put_if(vector, LINK_TOP, said->parent == -1);
    put(vector, LINK_LEVEL, small_log(said->level));
    put_if(vector, LINK_ANSWERED, said->answers > 0);
    put(vector, LINK_ANSWERS, small_log(said->answers));
}

size_t retort_thread_link_cues(struct retort_heard *heard, size_t at, ptrdiff_t candidate,
                               struct retort_cue cues[RETORT_LINK_CUES_MOST])
{
    struct vector vector = {cues, 0};
    bool article = candidate < 0, previous = !article && candidate + 1 == (ptrdiff_t)at;
    if (article || previous)
        put_usual(&vector, heard, at, article);
    put_quotation(&vector, heard, at, candidate);
    put_overlap(&vector, heard, at, candidate);
    if (article)
        return vector.n;
    put_if(&vector, LINK_SECOND, candidate + 2 == (ptrdiff_t)at);
    put(&vector, LINK_DISTANCE, small_log(at - (size_t)candidate - 1));
    put_exchange(&vector, heard, at, candidate);
    put_tree(&vector, heard, at, candidate);
    return vector.n;
}
