/* N-grams are slices of the folded text. As terms each has its name and its places; counted, it is
 * a key that is looked up, and those of a word that was met before are not even that. */
#include "features/ngrams.h"

#include "features/counter.h"
#include "features/key.h"

/* ---- words, as terms ---- */

/* The n-gram that ends at token `last`, unless a stop or the end of a quotation breaks it. */
static void add_ending(const struct reading *reading, const struct token_list *list, size_t last,
                       unsigned n, enum retort_field field)
{
    const struct token *end = &list->items[last], *begin = end;
    for (unsigned i = 1; i < n; i++, begin--)
        if (begin == list->items || begin[-1].kind == TOKEN_STOP || begin[-1].quoted != end->quoted)
            return;
    uint64_t key = key_of_word(field, begin->hash);
    for (const struct token *next = begin + 1; next <= end; next++)
        key = key_with_next(key, next->hash);
    bool own = list == reading->text;
    retort_bag_add_keyed(reading->bag,
                         (struct retort_term){.field = field,
                                              .key = key,
                                              .value = 1,
                                              .begin = own ? begin->begin : 0,
                                              .end = own ? end->end : 0,
                                              .name = begin->fold_begin,
                                              .length = token_fold_end(end) - begin->fold_begin});
}

void retort_ngrams_words(const struct reading *reading, const struct token_list *list,
                         unsigned longest, enum retort_field field)
{
    for (unsigned n = 1; n <= longest; n++)
        for (size_t i = 0; i < list->n; i++)
            if (list->items[i].kind != TOKEN_STOP)
                add_ending(reading, list, i, n,
                           list->items[i].quoted ? RETORT_FIELD_QUOTED : field);
}

/* The first words say most of whether a reply agrees. */
void retort_ngrams_early(const struct reading *reading, unsigned n_early)
{
    size_t n_seen = 0;
    for (size_t i = 0; i < reading->text->n && n_seen < n_early; i++) {
        const struct token *token = &reading->text->items[i];
        if (token->kind == TOKEN_STOP || token->quoted)
            continue;
        for (unsigned n = 1; n <= 2; n++)
            add_ending(reading, reading->text, i, n, RETORT_FIELD_EARLY);
        n_seen++;
    }
}

/* ---- letters ---- */

enum { LONGEST_SPACED_BYTES = 4 * LONGEST_SPACED };

/* A character n-gram: bytes of a folded word with a space on either side. */
struct gram {
    uint64_t key;
    uint32_t begin, end;
};

static uint64_t gram_key(struct retort_span word, size_t begin, size_t end)
{
    if (end - begin > PACKED_LETTERS)
        return retort_term_key(RETORT_FIELD_CHAR, retort_span_slice(word, begin, end));
    uint64_t letters = 0;
    for (size_t i = end; i > begin; i--)
        letters = letters << 8 | word.data[i - 1];
    return key_of_letters(letters);
}

static size_t next_letter(struct retort_span word, size_t at)
{
    retort_utf8_next(word, &at);
    return at;
}

/* In ASCII every byte is a letter, and six of them fit into a key: no look at where letters end. */
static size_t grams_of_ascii(struct retort_span word, const struct retort_recipe *recipe,
                             struct gram grams[MOST_GRAMS])
{
    uint8_t padded[LONGEST_SPACED + PACKED_LETTERS] = {0};
    size_t n_grams = 0;
    memcpy(padded, word.data, word.len);
    for (size_t begin = 0; begin < word.len; begin++) {
        uint64_t eight = retort_eight(padded + begin);
        for (unsigned n = recipe->char_min; n <= recipe->char_max && begin + n <= word.len; n++)
            grams[n_grams++] = (struct gram){key_of_letters(eight & ((UINT64_C(1) << 8 * n) - 1)),
                                             (uint32_t)begin, (uint32_t)(begin + n)};
    }
    return n_grams;
}

static bool is_ascii(struct retort_span word)
{
    uint8_t any = 0;
    for (size_t i = 0; i < word.len; i++)
        any |= word.data[i];
    return any < 0x80;
}

static size_t grams_of(struct retort_span word, const struct retort_recipe *recipe,
                       struct gram grams[MOST_GRAMS])
{
    size_t n_grams = 0;
    if (word.len <= LONGEST_SPACED && recipe->char_min > 0 && is_ascii(word))
        return grams_of_ascii(word, recipe, grams);
    for (size_t begin = 0; begin < word.len; begin = next_letter(word, begin)) {
        size_t end = begin;
        for (unsigned n = 1; n <= recipe->char_max && end < word.len; n++) {
            end = next_letter(word, end);
            if (n >= recipe->char_min)
                grams[n_grams++] =
                    (struct gram){gram_key(word, begin, end), (uint32_t)begin, (uint32_t)end};
        }
    }
    return n_grams;
}

/* A word with its spaces, in place of `spaced`. */
static struct retort_span spaced_word(const struct reading *reading, const struct token *token,
                                      uint8_t spaced[LONGEST_SPACED_BYTES])
{
    struct retort_span word = retort_token_folded(reading, token);
    spaced[0] = ' ';
    memcpy(spaced + 1, word.data, word.len);
    spaced[1 + word.len] = ' ';
    return (struct retort_span){spaced, word.len + 2};
}

bool retort_ngrams_has_letters(const struct token *token)
{
    return token->kind == TOKEN_WORD && !token->quoted;
}

void retort_ngrams_letters(const struct reading *reading, const struct retort_recipe *recipe)
{
    struct gram grams[MOST_GRAMS];
    uint8_t spaced[LONGEST_SPACED_BYTES];
    struct round *words = &reading->bag->extractor->met;
    retort_round_begin(words, reading->text->n);
    for (size_t i = 0; i < reading->text->n; i++) {
        const struct token *token = &reading->text->items[i];
        if (!retort_ngrams_has_letters(token) ||
            (recipe->pieces && retort_round_meets(words, token->hash, (uint32_t)i)))
            continue;
        size_t n = grams_of(spaced_word(reading, token, spaced), recipe, grams);
        for (size_t g = 0; g < n; g++)
            retort_bag_add_keyed(
                reading->bag, (struct retort_term){.field = RETORT_FIELD_CHAR,
                                                   .key = grams[g].key,
                                                   .value = 1,
                                                   .begin = token->begin,
                                                   .end = token->end,
                                                   .name = token->fold_begin - 1 + grams[g].begin,
                                                   .length = grams[g].end - grams[g].begin});
    }
}

/* ---- counted ---- */

enum { CHUNK = 128 }; /* keys that are fetched together */

static uint32_t find_single(const struct counter *counter, const struct token *token)
{
    struct known *known = counter_known(counter, token);
    if (known && known->word)
        return known->word == KNOWN_NOT ? UINT32_MAX : known->word - 1;
    uint32_t feature =
        dictionary_find(counter->dictionary, key_of_word(RETORT_FIELD_WORD, token->hash));
    if (known)
        known->word = feature == UINT32_MAX ? KNOWN_NOT : feature + 1;
    return feature;
}

static void count_singles(struct retort_bag *bag, const struct token_list *list)
{
    struct counter *counter = bag->counting;
    for (size_t i = 0; i < list->n; i++) {
        const struct token *token = &list->items[i];
        if (token->kind == TOKEN_STOP || token->quoted)
            continue;
        uint32_t feature = find_single(counter, token);
        bag->n_single++;
        if (feature == UINT32_MAX)
            continue;
        bag->n_known++;
        counter_add(counter, feature);
    }
}

static size_t find_pairs(const struct token_list *list, uint64_t *keys)
{
    size_t n = 0;
    uint64_t first = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct token *token = &list->items[i];
        bool breaks = token->kind == TOKEN_STOP || token->quoted;
        keys[n] = key_with_next(first, token->hash);
        n += first != 0 && !breaks;
        first = breaks ? 0 : key_of_word(RETORT_FIELD_WORD, token->hash);
    }
    return n;
}

/* Keys of all n-grams of one length, quoted or not, so that looking up need not wait for memory
 * one after the other. */
static void find_keys(const struct token_list *list, unsigned n, bool quoted, struct keys *keys)
{
    enum retort_field field = quoted ? RETORT_FIELD_QUOTED : RETORT_FIELD_WORD;
    unsigned length = 0; /* of what stands unbroken before */
    keys->n = 0;
    if (keys->capacity < list->n) {
        keys->capacity = 2 * list->n;
        keys->keys = retort_grow(keys->keys, keys->capacity, sizeof *keys->keys);
    }
    if (n == 2 && !quoted) {
        keys->n = find_pairs(list, keys->keys);
        return;
    }
    for (size_t i = 0; i < list->n; i++) {
        const struct token *token = &list->items[i];
        length = token->kind == TOKEN_STOP || token->quoted != quoted ? 0 : length + 1;
        if (length < n)
            continue;
        uint64_t key = key_of_word(field, token[1 - (ptrdiff_t)n].hash);
        for (unsigned k = n - 1; k > 0; k--)
            key = key_with_next(key, token[1 - (ptrdiff_t)k].hash);
        keys->keys[keys->n++] = key;
    }
}

/* Pairs of the comment itself are the same for every dictionary. */
static const struct keys *keys_of(struct retort_bag *bag, const struct token_list *list, unsigned n,
                                  bool quoted)
{
    struct retort_extractor *extractor = bag->extractor;
    if (n == 2 && !quoted && list == &extractor->lists[LIST_TEXT]) {
        if (!extractor->has_pairs)
            find_keys(list, n, quoted, &extractor->pairs);
        extractor->has_pairs = true;
        return &extractor->pairs;
    }
    find_keys(list, n, quoted, &extractor->others);
    return &extractor->others;
}

void retort_count_keys(struct counter *counter, const uint64_t *keys, size_t n)
{
    const struct retort_dictionary *dictionary = counter->dictionary;
    uint64_t left[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t end = n - first < CHUNK ? n : first + CHUNK, n_left = 0;
        for (size_t i = first; i < end; i++)
            __builtin_prefetch(dictionary->tags + dictionary_home(dictionary, keys[i]));
        for (size_t i = first; i < end; i++) {
            left[n_left] = keys[i];
            n_left += !dictionary_misses(dictionary, keys[i]);
        }
        for (size_t i = 0; i < n_left; i++)
            counter_add_key(counter, left[i]);
    }
}

static void count_keys(struct counter *counter, const struct keys *keys)
{
    retort_count_keys(counter, keys->keys, keys->n);
}

void retort_ngrams_count_words(struct retort_bag *bag, const struct token_list *list,
                               unsigned longest)
{
    struct counter *counter = bag->counting;
    for (unsigned n = 1; n <= longest; n++) {
        retort_counter_begin(counter, RETORT_FIELD_WORD);
        if (n == 1) {
            count_singles(bag, list);
        } else {
            count_keys(counter, keys_of(bag, list, n, false));
        }
        if (bag->has_quotes && bag->quotes_told) {
            retort_counter_begin(counter, RETORT_FIELD_QUOTED);
            count_keys(counter, keys_of(bag, list, n, true));
        }
    }
}

size_t retort_ngrams_find_letters(const struct reading *reading, const struct token *token,
                                  const struct retort_recipe *recipe,
                                  const struct retort_dictionary *dictionary, uint32_t *known)
{
    struct gram grams[MOST_GRAMS];
    uint8_t spaced[LONGEST_SPACED_BYTES];
    size_t n = grams_of(spaced_word(reading, token, spaced), recipe, grams), n_known = 0;
    for (size_t g = 0; g < n; g++)
        __builtin_prefetch(dictionary->tags + dictionary_home(dictionary, grams[g].key));
    for (size_t g = 0; g < n; g++) {
        known[n_known] = dictionary_find(dictionary, grams[g].key);
        n_known += known[n_known] != UINT32_MAX;
    }
    return n_known;
}

/* The features of a word's letters, a number before them; in `strange` where they are not held. */
static const uint32_t *letters_of(const struct reading *reading, const struct token *token,
                                  const struct retort_recipe *recipe, uint32_t *strange)
{
    struct counter *counter = reading->bag->counting;
    struct known *known = counter_known(counter, token);
    if (known && known->letters)
        return counter->pool + known->letters;
    uint32_t *letters = known ? retort_counter_room(counter, 2 + MOST_GRAMS) : strange;
    letters[0] = (uint32_t)retort_ngrams_find_letters(reading, token, recipe, counter->dictionary,
                                                      letters + 1);
    if (known) {
        known->letters = (uint32_t)counter->pool_n;
        counter->pool_n += 1 + letters[0];
    }
    return letters;
}

static void count_features(struct counter *counter, const uint32_t *features, size_t n)
{
    uint16_t *counts = counter->counts;
    uint32_t *met = counter->met;
    size_t n_met = counter->n_met;
    for (size_t i = 0; i < n; i++) {
        uint16_t count = counts[features[i]];
        met[n_met] = features[i];
        n_met += count == 0;
        counts[features[i]] = (uint16_t)(count + 1);
    }
    counter->n_met = n_met;
}

void retort_ngrams_count_letters(const struct reading *reading, const struct retort_recipe *recipe)
{
    struct counter *counter = reading->bag->counting;
    uint32_t strange[MOST_GRAMS + 2];
    retort_counter_begin(counter, RETORT_FIELD_CHAR);
    for (size_t i = 0; i < reading->text->n; i++) {
        const struct token *token = &reading->text->items[i];
        if (!retort_ngrams_has_letters(token))
            continue;
        const uint32_t *known = letters_of(reading, token, recipe, strange);
        count_features(counter, known + 1, known[0]);
    }
}
