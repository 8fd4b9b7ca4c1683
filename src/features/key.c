/* The key of a term from its name: what a model file and a bag agree on. */
#include "features/key.h"

static uint64_t key_of_words(enum retort_field field, struct retort_span name)
{
    uint64_t key = 0;
    for (size_t at = 0, end, n = 0; n == 0 || at < name.len; at = end + 1, n++) {
        for (end = at; end < name.len && name.data[end] != ' ';)
            end++;
        uint64_t word = retort_hash(retort_span_slice(name, at, end), 0);
        key = n == 0 ? key_of_word(field, word) : key_with_next(key, word);
    }
    return key;
}

static uint64_t key_of_crossed(enum retort_field field, struct retort_span name)
{
    const uint8_t *bar = name.len ? memchr(name.data, '|', name.len) : NULL;
    size_t at = bar ? (size_t)(bar - name.data) : name.len;
    uint64_t first = retort_hash(retort_span_slice(name, 0, at), 0);
    uint64_t second = retort_hash(retort_span_slice(name, at + 1, name.len), 0);
    return key_with_next(key_of_word(field, first), second);
}

static uint64_t key_of_packed(struct retort_span name)
{
    uint64_t letters = 0;
    for (size_t i = name.len; i > 0; i--)
        letters = letters << 8 | name.data[i - 1];
    return key_of_letters(letters);
}

uint64_t retort_term_key(enum retort_field field, struct retort_span name)
{
    if (key_is_of_words(field))
        return key_of_words(field, name);
    if (key_is_crossed(field))
        return key_of_crossed(field, name);
    if (field == RETORT_FIELD_CHAR && name.len <= PACKED_LETTERS)
        return key_of_packed(name);
    return retort_hash(name, (uint64_t)field + 1);
}
