/* Words: read from the store, their texts numbered. */
#include "review/words.h"

#include <stdlib.h>

/* ---- texts ---- */

static size_t slot_of(const struct words *words, struct retort_span text)
{
    size_t size = 2 * words->texts_capacity, at = retort_hash(text, 0) & (size - 1);
    while (words->slots[at] && !retort_span_equal(words->texts[words->slots[at] - 1], text))
        at = (at + 1) & (size - 1);
    return at;
}

static void grow_texts(struct words *words)
{
    words->texts_capacity = words->texts_capacity ? 2 * words->texts_capacity : 64;
    words->texts = retort_grow(words->texts, words->texts_capacity, sizeof *words->texts);
    words->slots = retort_grow(words->slots, 2 * words->texts_capacity, sizeof *words->slots);
    memset(words->slots, 0, 2 * words->texts_capacity * sizeof *words->slots);
    for (size_t i = 0; i < words->n_texts; i++)
        words->slots[slot_of(words, words->texts[i])] = (uint32_t)i + 1;
}

static uint32_t number(struct words *words, struct retort_span text)
{
    if (!text.data)
        return NO_TEXT;
    if (words->n_texts == words->texts_capacity)
        grow_texts(words);
    size_t at = slot_of(words, text);
    if (!words->slots[at]) {
        words->texts[words->n_texts++] = retort_arena_copy(&words->arena, text);
        words->slots[at] = (uint32_t)words->n_texts;
    }
    return words->slots[at] - 1;
}

uint32_t words_text(const struct words *words, struct retort_span text)
{
    return words->n_texts ? words->slots[slot_of(words, text)] - 1 : NO_TEXT; /* free: 0 − 1 */
}

/* ---- words ---- */

static uint64_t item_of(const struct retort_judgement *judgement)
{
    uint64_t parts[3] = {(uint64_t)judgement->comment, retort_hash(judgement->task, 0),
                         retort_hash(judgement->target, 1)};
    return retort_hash((struct retort_span){(const uint8_t *)parts, sizeof parts}, 0);
}

static bool add(void *context, const struct retort_judgement *judgement, struct retort_error *error)
{
    struct words *words = context;
    (void)error;
    if (words->n_words == words->capacity) {
        words->capacity = words->capacity ? 2 * words->capacity : 256;
        words->all = retort_grow(words->all, words->capacity, sizeof *words->all);
    }
    words->all[words->n_words++] = (struct word){
        .decision = judgement->decision,
        .item = item_of(judgement),
        .task = number(words, judgement->task),
        .label = number(words, judgement->label),
        .shown = number(words, judgement->shown),
        .reviewer = number(words, judgement->reviewer),
    };
    return true;
}

bool words_read(struct words *words, struct retort_store *store, struct retort_error *error)
{
    *words = (struct words){0};
    return retort_store_each_judgement(store, add, words, error);
}

void words_release(struct words *words)
{
    free(words->all);
    free(words->texts);
    free(words->slots);
    retort_arena_release(&words->arena);
}
