/* Echoes: which earlier line a line repeats word for word, and how much it shares with its
 * neighbours. Four words in a row are a key; the first line that said them owns it, so a writer who
 * quotes what was quoted before still leads to the source. Rarity is that of the page itself:
 * log(1 + n/df), no word list. Two hash tables, each filled once: linear in the number of words. */
#include "page/echo.h"

#include <math.h>

enum { WINDOW = 4, HEAD_LINES = 8, REACH = 3, NOWHERE = -1000 };

struct slot {
    uint32_t key, n_lines;
    int64_t first, last; /* lines */
};

struct table {
    struct slot *slots;
    size_t mask;
};

struct echo_state {
    const struct line_facts *facts;
    size_t n_lines;
    const struct word_list *words;
    struct line_echo *echoes;
    struct table table;
    uint32_t *places; /* of each word: its slot; 0 for words that don't count */
    float *masses;    /* of each line */
};

static size_t table_size(size_t n)
{
    size_t size = 64;
    while (size < n * 2)
        size *= 2;
    return size;
}

static struct table table_make(struct retort_arena *arena, size_t n)
{
    size_t size = table_size(n + 1);
    return (struct table){RETORT_NEW(arena, struct slot, size), size - 1};
}

/* Slot 0 is never given out, so that a place of 0 says "no". A key of 0 is taken for 1. */
static size_t table_place(struct table *table, uint32_t key)
{
    key += key == 0;
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & table->mask;
    while (at == 0 || (table->slots[at].key && table->slots[at].key != key))
        at = (at + 1) & table->mask;
    if (!table->slots[at].key)
        table->slots[at] = (struct slot){.key = key, .first = -1, .last = NOWHERE};
    return at;
}

static void place_words(struct echo_state *state)
{
    for (size_t line = 0; line < state->n_lines; line++) {
        const struct line_facts *facts = &state->facts[line];
        for (size_t i = 0; i < facts->n_words; i++) {
            size_t at = facts->first_word + i;
            if (!state->words->items[at].content)
                continue;
            size_t place = table_place(&state->table, state->words->items[at].hash);
            struct slot *slot = &state->table.slots[place];
            state->places[at] = (uint32_t)place;
            slot->n_lines += slot->last != (int64_t)line;
            slot->last = (int64_t)line;
            if (slot->first < 0)
                slot->first = (int64_t)line;
        }
    }
}

static void forget_last(struct echo_state *state)
{
    for (size_t i = 0; i <= state->table.mask; i++)
        state->table.slots[i].last = NOWHERE;
}

static float rarity(const struct echo_state *state, const struct slot *slot)
{
    return logf(1.0F + (float)state->n_lines / (float)slot->n_lines);
}

/* A word said in line `last` and again in `line` ties together all gaps between that are near. */
static void tie(struct echo_state *state, int64_t last, int64_t line, float weight)
{
    int64_t from = last + 1 > line - 2 ? last + 1 : line - 2;
    int64_t to = last + REACH < line ? last + REACH : line;
    for (int64_t gap = from < 0 ? 0 : from; gap <= to; gap++)
        state->echoes[gap].cohesion += weight;
}

static void look_back(struct echo_state *state, int64_t line)
{
    const struct line_facts *facts = &state->facts[line];
    struct line_echo *echo = &state->echoes[line];
    for (size_t i = 0; i < facts->n_words; i++) {
        uint32_t place = state->places[facts->first_word + i];
        if (!place)
            continue;
        struct slot *slot = &state->table.slots[place];
        float weight = rarity(state, slot);
        state->masses[line] += weight;
        if (slot->last == line)
            continue;
        echo->previous += slot->last == line - 1 ? weight : 0;
        echo->recent += slot->last >= line - REACH ? weight : 0;
        echo->seen += slot->last >= 0 ? weight : 0;
        echo->head += slot->first < HEAD_LINES && slot->first < line ? weight : 0;
        if (slot->last >= line - REACH - 2)
            tie(state, slot->last, line, weight);
        slot->last = line;
    }
}

static void look_ahead(struct echo_state *state, int64_t line)
{
    const struct line_facts *facts = &state->facts[line];
    for (size_t i = 0; i < facts->n_words; i++) {
        uint32_t place = state->places[facts->first_word + i];
        if (!place)
            continue;
        struct slot *slot = &state->table.slots[place];
        if (slot->last == line + 1)
            state->echoes[line].next += rarity(state, slot);
    }
    for (size_t i = 0; i < facts->n_words; i++)
        if (state->places[facts->first_word + i])
            state->table.slots[state->places[facts->first_word + i]].last = line;
}

static void make_shares(struct echo_state *state)
{
    for (size_t line = 0; line < state->n_lines; line++) {
        struct line_echo *echo = &state->echoes[line];
        float mass = state->masses[line] > 0 ? state->masses[line] : 1, around = 0;
        for (size_t i = line; i < line + 3 && i < state->n_lines; i++)
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

static void match_line(struct echo_state *state, struct table *table, size_t line)
{
    const struct line_facts *facts = &state->facts[line];
    const struct retort_word *words = state->words->items + facts->first_word;
    size_t n = facts->n_words < WINDOW ? 0 : facts->n_words - WINDOW + 1;
    size_t found = 0, in_quotes = 0, found_in_quotes = 0, votes = 0;
    int64_t source = -1;
    for (size_t i = 0; i < n; i++) {
        struct slot *slot = &table->slots[table_place(table, window_key(words + i))];
        bool quoted = words[i].quoted && words[i + WINDOW - 1].quoted;
        bool known = slot->first >= 0 && slot->first < (int64_t)line;
        in_quotes += quoted;
        found += known;
        found_in_quotes += known && quoted;
        if (slot->first < 0)
            slot->first = (int64_t)line;
        if (!known)
            continue;
        if (votes == 0)
            source = slot->first;
        votes = source == slot->first ? votes + 1 : votes - 1;
    }
    struct line_echo *echo = &state->echoes[line];
    echo->echoed = n ? (float)found / (float)n : 0;
    echo->quoted = in_quotes ? (float)found_in_quotes / (float)in_quotes : 0;
    echo->source = found ? (uint32_t)(source + 1) : 0;
}

void echo_observe(const struct line_facts *facts, size_t n_lines, const struct word_list *words,
                  struct retort_arena *arena, struct line_echo *echoes)
{
    struct echo_state state = {facts, n_lines, words, echoes, table_make(arena, words->n),
                               NULL,  NULL};
    state.places = RETORT_NEW(arena, uint32_t, words->n + 1);
    state.masses = RETORT_NEW(arena, float, n_lines + 1);
    place_words(&state);
    forget_last(&state);
    for (size_t line = 0; line < n_lines; line++)
        look_back(&state, (int64_t)line);
    forget_last(&state);
    for (size_t line = n_lines; line > 0; line--)
        look_ahead(&state, (int64_t)line - 1);
    make_shares(&state);
    struct table windows = table_make(arena, words->n);
    for (size_t line = 0; line < n_lines; line++)
        match_line(&state, &windows, line);
}
