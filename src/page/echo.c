/* Echoes: which earlier line a line repeats word for word, and how much it shares with its
 * neighbours. Four words in a row are a key; the first line that said them owns it, so a writer who
 * quotes what was quoted before still leads to the source. Rarity is that of the page itself:
 * log(1 + n/df), no word list. Two hash tables, each filled once: linear in the number of words. */
#include "page/echo.h"

#include <math.h>

enum { PROBES_MOST = 1024, WINDOW = 4, HEAD_LINES = 8, REACH = 3, NOWHERE = -1000 };

/* Open addressing; a value of 0 is a free slot. */
struct slot {
    uint32_t key, value;
};

struct table {
    struct slot *slots;
    size_t mask;
};

/* A content word of the page. */
struct said {
    uint32_t n_lines;
    int32_t first, last; /* lines */
    float weight;        /* its rarity */
};

struct echo_state {
    const struct line_facts *facts;
    int32_t n_lines;
    const struct word_list *words;
    struct line_echo *echoes;
    struct said *said;
    size_t n_said;
    uint32_t *content; /* the page's content words in their order, as said[] */
    uint32_t *begins;  /* [n_lines + 1]: of each line in content */
    float *masses;     /* of each line */
};

static struct table table_make(struct retort_arena *arena, size_t n)
{
    size_t size = 64;
    while (size < (n + 1) * 2)
        size *= 2;
    return (struct table){RETORT_NEW(arena, struct slot, size), size - 1};
}

/* The value of a key; the caller fills a new one's, which is 0. Words made to stand in each other's
 * way share a slot in the end: a page's writer cannot make it slow. */
static uint32_t *table_value(struct table *table, uint32_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & table->mask;
    for (size_t n = 0; table->slots[at].value && table->slots[at].key != key && n < PROBES_MOST;
         n++)
        at = (at + 1) & table->mask;
    if (!table->slots[at].value)
        table->slots[at].key = key;
    return &table->slots[at].value;
}

/* Which of said[] the word is; a new one is appended. */
static uint32_t place_word(struct echo_state *state, struct table *table, uint32_t hash)
{
    uint32_t *value = table_value(table, hash);
    if (!*value) {
        state->said[state->n_said++] = (struct said){.first = -1, .last = NOWHERE};
        *value = (uint32_t)state->n_said;
    }
    return *value - 1;
}

static void place_words(struct echo_state *state, struct retort_arena *arena)
{
    struct table table = table_make(arena, state->words->n);
    uint32_t n = 0;
    for (int32_t line = 0; line < state->n_lines; line++) {
        const struct line_facts *facts = &state->facts[line];
        const struct retort_word *words = state->words->items + facts->first_word;
        for (size_t i = 0; i < facts->n_words; i++) {
            if (!words[i].content)
                continue;
            uint32_t place = place_word(state, &table, words[i].hash);
            struct said *said = &state->said[place];
            state->content[n++] = place;
            said->n_lines += said->last != line;
            said->first = said->first < 0 ? line : said->first;
            said->last = line;
        }
        state->begins[line + 1] = n;
    }
}

static void weigh_words(struct echo_state *state)
{
    for (size_t i = 0; i < state->n_said; i++) {
        struct said *said = &state->said[i];
        said->weight = logf(1.0F + (float)state->n_lines / (float)said->n_lines);
    }
}

static void forget_last(struct echo_state *state)
{
    for (size_t i = 0; i < state->n_said; i++)
        state->said[i].last = NOWHERE;
}

/* A word said in line `last` and again in `line` ties together all gaps between that are near. */
static void tie(struct echo_state *state, int32_t last, int32_t line, float weight)
{
    int32_t from = last + 1 > line - 2 ? last + 1 : line - 2;
    int32_t to = last + REACH < line ? last + REACH : line;
    for (int32_t gap = from < 0 ? 0 : from; gap <= to; gap++)
        state->echoes[gap].cohesion += weight;
}

static void look_back(struct echo_state *state, int32_t line)
{
    struct line_echo *echo = &state->echoes[line];
    for (uint32_t i = state->begins[line]; i < state->begins[line + 1]; i++) {
        struct said *said = &state->said[state->content[i]];
        float weight = said->weight;
        state->masses[line] += weight;
        if (said->last == line)
            continue;
        echo->previous += said->last == line - 1 ? weight : 0;
        echo->recent += said->last >= line - REACH ? weight : 0;
        echo->seen += said->last >= 0 ? weight : 0;
        echo->head += said->first < HEAD_LINES && said->first < line ? weight : 0;
        if (said->last >= line - REACH - 2)
            tie(state, said->last, line, weight);
        said->last = line;
    }
}

static void look_ahead(struct echo_state *state, int32_t line)
{
    const uint32_t *begin = state->content + state->begins[line];
    const uint32_t *end = state->content + state->begins[line + 1];
    for (const uint32_t *word = begin; word < end; word++)
        if (state->said[*word].last == line + 1)
            state->echoes[line].next += state->said[*word].weight;
    for (const uint32_t *word = begin; word < end; word++)
        state->said[*word].last = line;
}

static void make_shares(struct echo_state *state)
{
    for (int32_t line = 0; line < state->n_lines; line++) {
        struct line_echo *echo = &state->echoes[line];
        float mass = state->masses[line] > 0 ? state->masses[line] : 1, around = 0;
        for (int32_t i = line; i < line + 3 && i < state->n_lines; i++)
            around += state->masses[i];
        echo->previous /= mass;
        echo->recent /= mass;
        echo->next /= mass;
        echo->head /= mass;
        echo->seen /= mass;
        echo->cohesion = around > 0 ? echo->cohesion / around : 0;
        echo->cohesion = echo->cohesion < 1 ? echo->cohesion : 1;
    }
}

/* ---- word for word ------------------------------------------------------------------------ */

static uint32_t window_key(const struct retort_word *words)
{
    uint64_t key = 0;
    for (size_t i = 0; i < WINDOW; i++)
        key = (key ^ words[i].hash) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(key >> 32);
}

static void match_line(struct echo_state *state, struct table *table, int32_t line)
{
    const struct line_facts *facts = &state->facts[line];
    const struct retort_word *words = state->words->items + facts->first_word;
    size_t n = facts->n_words < WINDOW ? 0 : facts->n_words - WINDOW + 1;
    size_t found = 0, in_quotes = 0, found_in_quotes = 0, votes = 0;
    uint32_t source = 0, here = (uint32_t)line + 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t *first = table_value(table, window_key(words + i));
        bool quoted = words[i].quoted && words[i + WINDOW - 1].quoted;
        *first = *first ? *first : here;
        bool known = *first != here;
        in_quotes += quoted;
        found += known;
        found_in_quotes += known && quoted;
        if (!known)
            continue;
        if (votes == 0)
            source = *first;
        votes = source == *first ? votes + 1 : votes - 1;
    }
    struct line_echo *echo = &state->echoes[line];
    echo->echoed = n ? (float)found / (float)n : 0;
    echo->quoted = in_quotes ? (float)found_in_quotes / (float)in_quotes : 0;
    echo->source = source;
}

void echo_observe(const struct line_facts *facts, size_t n_lines, const struct word_list *words,
                  struct retort_arena *arena, struct line_echo *echoes)
{
    struct echo_state state = {.facts = facts, .words = words, .echoes = echoes};
    state.n_lines = (int32_t)n_lines;
    state.said = retort_arena_room(arena, words->n, sizeof *state.said);
    state.content = retort_arena_room(arena, words->n, sizeof *state.content);
    state.begins = RETORT_NEW(arena, uint32_t, n_lines + 1);
    state.masses = RETORT_NEW(arena, float, n_lines + 1);
    place_words(&state, arena);
    weigh_words(&state);
    forget_last(&state);
    for (int32_t line = 0; line < state.n_lines; line++)
        look_back(&state, line);
    forget_last(&state);
    for (int32_t line = state.n_lines; line > 0; line--)
        look_ahead(&state, line - 1);
    make_shares(&state);
    struct table windows = table_make(arena, words->n);
    for (int32_t line = 0; line < state.n_lines; line++)
        match_line(&state, &windows, line);
}
