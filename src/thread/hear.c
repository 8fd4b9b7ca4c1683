/* Hearing a thread: who said which word, who repeats whom, who names whom. */
#include "thread/heard.h"

#include <math.h>

enum { WINDOW = 4, MEMORY = 8 };

/* ---- tables ------------------------------------------------------------------------------- */

struct table {
    struct term *slots;
    size_t mask;
};

static struct table table_make(struct retort_arena *arena, size_t n)
{
    size_t size = 64;
    while (size < 2 * n + 2)
        size *= 2;
    return (struct table){RETORT_NEW(arena, struct term, size), size - 1};
}

/* Slot 0 is never given out. */
static size_t table_place(struct table *table, uint32_t key)
{
    key += key == 0;
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & table->mask;
    while (at == 0 || (table->slots[at].key && table->slots[at].key != key))
        at = (at + 1) & table->mask;
    table->slots[at].key = key;
    return at;
}

/* ---- words -------------------------------------------------------------------------------- */

static void list_words(struct retort_heard *heard, struct table *table, size_t who, size_t *n)
{
    struct speaker *speaker = &heard->speakers[who];
    speaker->first_word = *n;
    for (size_t i = 0; i < speaker->voice.n_words; i++) {
        if (!speaker->voice.words[i].content)
            continue;
        size_t place = table_place(table, speaker->voice.words[i].hash);
        struct term *term = &table->slots[place];
        if (term->latest && heard->words[term->latest - 1].speaker == who)
            continue;
        heard->words[*n] = (struct said){(uint32_t)who, (uint32_t)place, term->latest};
        term->latest = (uint32_t)++ * n;
        term->count++;
        term->in_article |= who == ARTICLE;
        if (!term->first)
            term->first = (uint32_t)who;
    }
    speaker->n_words = *n - speaker->first_word;
}

static void weigh_words(struct retort_heard *heard)
{
    for (size_t who = 0; who <= heard->n; who++) {
        struct speaker *speaker = &heard->speakers[who];
        for (size_t i = 0; i < speaker->n_words; i++) {
            const struct said *said = &heard->words[speaker->first_word + i];
            const struct term *term = &heard->terms[said->term];
            float weight = heard->rarities[term->count];
            bool first = term->first == who;
            speaker->mass += weight;
            speaker->of_article += term->in_article ? weight : 0;
            speaker->of_article_only += term->in_article && first ? weight : 0;
            speaker->of_nobody += !term->in_article && first ? weight : 0;
        }
        float whole = speaker->mass > 0 ? speaker->mass : 1;
        speaker->of_article /= whole;
        speaker->of_article_only /= whole;
        speaker->of_nobody /= whole;
    }
}

static void tie_to(struct retort_heard *heard, size_t to, float weight, bool fresh, bool last)
{
    struct tie *tie = &heard->ties[to];
    if (!tie->n)
        heard->tied[heard->n_tied++] = (uint32_t)to;
    tie->n++;
    tie->shared += weight;
    tie->fresh += fresh ? weight : 0;
    tie->last += last ? weight : 0;
    tie->rarest = weight > tie->rarest ? weight : tie->rarest;
}

static void tie_word(struct retort_heard *heard, size_t who, const struct said *said)
{
    const struct term *term = &heard->terms[said->term];
    float weight = heard->rarities[term->count];
    bool fresh = !term->in_article;
    uint32_t before = said->before;
    bool first_seen = false;
    for (size_t step = 0; before && step < MEMORY; step++) {
        const struct said *other = &heard->words[before - 1];
        if (other->speaker == ARTICLE)
            break;
        tie_to(heard, other->speaker, weight, fresh, step == 0);
        first_seen |= other->speaker == term->first;
        before = other->before;
    }
    if (first_seen && fresh && term->first && term->first < who)
        heard->ties[term->first].first += weight;
}

void thread_tie(struct retort_heard *heard, size_t who)
{
    for (size_t i = 0; i < heard->n_tied; i++)
        heard->ties[heard->tied[i]] = (struct tie){.n = 0};
    heard->n_tied = 0;
    heard->best_fresh = 0;
    const struct speaker *speaker = &heard->speakers[who];
    for (size_t i = 0; i < speaker->n_words; i++)
        tie_word(heard, who, &heard->words[speaker->first_word + i]);
    for (size_t i = 0; i < heard->n_tied; i++)
        heard->best_fresh = fmaxf(heard->best_fresh, heard->ties[heard->tied[i]].fresh);
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

/* A window's slot holds in `first` 1 + who said it first. */
static void match_quotation(struct table *windows, struct speaker *speakers, size_t who)
{
    struct speaker *speaker = &speakers[who];
    size_t n_words = speaker->voice.n_words;
    struct match marked = {.source = 0}, any = {.source = 0};
    for (size_t i = 0; i + WINDOW <= n_words; i++) {
        const struct retort_word *words = speaker->voice.words + i;
        struct term *slot = &windows->slots[table_place(windows, window_key(words))];
        bool quoted = words[0].quoted && words[WINDOW - 1].quoted;
        marked.n += quoted;
        any.n++;
        if (!slot->first)
            slot->first = (uint32_t)who + 1;
        if (slot->first == who + 1)
            continue;
        vote(&any, (ptrdiff_t)slot->first - 1);
        if (quoted)
            vote(&marked, (ptrdiff_t)slot->first - 1);
    }
    const struct match *best = marked.found ? &marked : &any;
    bool enough = marked.found >= 1 || any.found >= 3;
    speaker->quoted = enough ? best->source : NOBODY;
    speaker->quoted_share = best->n ? (float)best->found / (float)best->n : 0;
    speaker->quoted_marked =
        marked.found > 0 || retort_voice_has(&speaker->voice, RETORT_VOICE_STARTS_ANGLE);
}

/* ---- names -------------------------------------------------------------------------------- */

static void take_name(struct speaker *speaker, struct retort_span author,
                      const struct lexicon *lexicon)
{
    struct retort_arena scratch = {0};
    struct retort_voice voice;
    if (!author.len)
        return;
    retort_page_voice(author, lexicon, &scratch, &voice);
    speaker->name = (uint32_t)retort_hash(author, 3);
    speaker->first_name = voice.n_words ? voice.words[0].hash : 0;
    retort_arena_release(&scratch);
}

/* A name's slot holds in `first` the last comment of its bearer. */
static void find_named(struct table *names, struct speaker *speakers, size_t who)
{
    struct speaker *speaker = &speakers[who];
    speaker->named = NOBODY;
    for (size_t i = 0; i < 2 && i < speaker->voice.n_words; i++) {
        const struct term *slot = &names->slots[table_place(names, speaker->voice.words[i].hash)];
        bool other = slot->first && speakers[slot->first].name != speaker->name;
        if (other && speaker->named == NOBODY)
            speaker->named = slot->first;
    }
    if (speaker->first_name)
        names->slots[table_place(names, speaker->first_name)].first = (uint32_t)who;
}

/* ---- hearing ------------------------------------------------------------------------------ */

static const float *rarities_make(struct retort_arena *arena, size_t n)
{
    float *rarities = RETORT_NEW(arena, float, n + 3);
    for (size_t count = 1; count < n + 3; count++)
        rarities[count] = logf(1.0F + (float)(n + 1) / (float)count);
    return rarities;
}

static size_t hear_voices(struct retort_heard *heard, struct retort_span article,
                          const struct retort_comment *comments, struct retort_arena *arena)
{
    const struct lexicon *lexicon = retort_page_lexicon(arena);
    size_t n_words = 0;
    for (size_t who = 0; who <= heard->n; who++) {
        struct speaker *speaker = &heard->speakers[who];
        speaker->parent = speaker->named = speaker->quoted = NOBODY;
        retort_page_voice(who ? comments[who - 1].text : article, lexicon, arena, &speaker->voice);
        speaker->length = logf(1.0F + (float)speaker->voice.n_characters);
        if (who)
            take_name(speaker, comments[who - 1].author, lexicon);
        n_words += speaker->voice.n_words;
    }
    return n_words;
}

struct retort_heard *retort_thread_hear(struct retort_span article,
                                        const struct retort_comment *comments, size_t n_comments,
                                        struct retort_arena *arena)
{
    struct retort_heard *heard = RETORT_NEW(arena, struct retort_heard, 1);
    heard->n = n_comments;
    heard->speakers = RETORT_NEW(arena, struct speaker, n_comments + 1);
    heard->ties = RETORT_NEW(arena, struct tie, n_comments + 1);
    heard->tied = RETORT_NEW(arena, uint32_t, n_comments + 1);
    heard->rarities = rarities_make(arena, n_comments);
    size_t n_words = hear_voices(heard, article, comments, arena), n = 0;
    heard->words = RETORT_NEW(arena, struct said, n_words + 1);
    struct table terms = table_make(arena, n_words), windows = table_make(arena, n_words);
    struct table names = table_make(arena, 3 * (n_comments + 1));
    for (size_t who = 0; who <= n_comments; who++) {
        list_words(heard, &terms, who, &n);
        match_quotation(&windows, heard->speakers, who);
        if (who)
            find_named(&names, heard->speakers, who);
    }
    heard->terms = terms.slots;
    weigh_words(heard);
    thread_observe_habits(heard);
    return heard;
}

void retort_thread_tell(struct retort_heard *heard, size_t at, ptrdiff_t parent)
{
    struct speaker *speaker = &heard->speakers[at + 1];
    speaker->parent = parent + 1;
    speaker->level = parent < 0 ? 0 : heard->speakers[parent + 1].level + 1;
    if (parent >= 0)
        heard->speakers[parent + 1].answers++;
}

void retort_thread_forget(struct retort_heard *heard)
{
    for (size_t who = 0; who <= heard->n; who++) {
        heard->speakers[who].parent = NOBODY;
        heard->speakers[who].level = heard->speakers[who].answers = 0;
    }
}
