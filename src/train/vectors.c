/* Word vectors from texts alone, no label: which words keep the same company.
 *
 * How much oftener than by chance two content words stand within ten of each other (positive
 * pointwise mutual information), as a matrix, and of it the directions that hold most: a truncated
 * decomposition (Landauer and Dumais 1997; with these choices Levy, Goldberg and Dagan 2015) by
 * orthogonal iteration. A counted matrix and a few products, no net; the same texts give the same
 * vectors. Coordinates are kept to a byte: cosines change by some thousandths. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 10,
    MOST_WORDS = 20000, /* pairs of them fit 32 bits */
    LEAST_TEXTS = 10,   /* a word stands in */
    MOST_CONTENT = 2000,
    SPARE = 16, /* directions that are iterated on and thrown away: the last converge slowest */
    ROUNDS = 8
};

/* ---- the texts, as content words ---- */

struct corpus {
    uint64_t *keys;
    size_t n_keys, capacity;
    size_t *ends; /* [n_texts] */
    size_t n_texts;
};

static int by_text(const void *a, const void *b)
{
    const struct retort_span *x = a, *y = b;
    size_t n = x->len < y->len ? x->len : y->len;
    int order = n ? memcmp(x->data, y->data, n) : 0;
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Each text once, in the order of their bytes: that of the lines does not matter. */
static void read_corpus(const struct retort_dataset *dataset, struct corpus *corpus)
{
    struct retort_arena arena = {0};
    struct retort_bag bag;
    struct retort_span *texts = RETORT_NEW(&arena, struct retort_span, dataset->n_examples);
    for (size_t i = 0; i < dataset->n_examples; i++)
        texts[i] = dataset->examples[i].item.text;
    qsort(texts, dataset->n_examples, sizeof *texts, by_text);
    corpus->ends = retort_grow(NULL, dataset->n_examples, sizeof *corpus->ends);
    retort_bag_init(&bag);
    for (size_t i = 0; i < dataset->n_examples; i++) {
        if (i > 0 && by_text(&texts[i], &texts[i - 1]) == 0)
            continue;
        if (corpus->n_keys + MOST_CONTENT > corpus->capacity) {
            corpus->capacity = 2 * corpus->capacity + MOST_CONTENT;
            corpus->keys = retort_grow(corpus->keys, corpus->capacity, sizeof *corpus->keys);
        }
        corpus->n_keys +=
            retort_bag_content(&bag, texts[i], corpus->keys + corpus->n_keys, MOST_CONTENT);
        corpus->ends[corpus->n_texts++] = corpus->n_keys;
    }
    retort_bag_release(&bag);
    retort_arena_release(&arena);
}

/* ---- the words ---- */

struct word {
    uint64_t key;
    uint32_t n_texts;
};

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const struct word *)a)->key, y = ((const struct word *)b)->key;
    return (x > y) - (x < y);
}

static int by_frequency(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    if (x->n_texts != y->n_texts)
        return x->n_texts > y->n_texts ? -1 : 1;
    return by_key(a, b);
}

/* Every place of a word becomes (key, text), sorted; runs are counted in texts. */
static size_t count_words(const struct corpus *corpus, struct word *words)
{
    size_t n = 0;
    for (size_t t = 0, i = 0; t < corpus->n_texts; t++)
        for (; i < corpus->ends[t]; i++)
            words[i] = (struct word){corpus->keys[i], (uint32_t)t};
    if (corpus->n_keys == 0)
        return 0;
    qsort(words, corpus->n_keys, sizeof *words, by_frequency); /* by text, then key */
    for (size_t i = 1; i <= corpus->n_keys; i++)
        if (i == corpus->n_keys || by_frequency(&words[i], &words[i - 1]) != 0)
            words[n++] = words[i - 1]; /* a word once a text */
    qsort(words, n, sizeof *words, by_key);
    size_t n_words = 0;
    for (size_t i = 0, begin = 0; i < n; i++) {
        if (i + 1 < n && words[i + 1].key == words[i].key)
            continue;
        words[n_words++] = (struct word){words[i].key, (uint32_t)(i + 1 - begin)};
        begin = i + 1;
    }
    return n_words;
}

/* The words that get a vector, ascending by key. */
static size_t choose_words(const struct corpus *corpus, struct word *words)
{
    size_t n = count_words(corpus, words), n_chosen = 0;
    if (n > 0)
        qsort(words, n, sizeof *words, by_frequency);
    while (n_chosen < n && n_chosen < MOST_WORDS && words[n_chosen].n_texts >= LEAST_TEXTS)
        n_chosen++;
    if (n_chosen > 0)
        qsort(words, n_chosen, sizeof *words, by_key);
    return n_chosen;
}

/* ---- who stands beside whom ---- */

/* A symmetric sparse matrix, row by row. */
struct company {
    size_t *ends; /* [n] */
    uint32_t *columns;
    float *values;
    size_t n;
};

static uint32_t *find_ids(const struct corpus *corpus, const struct word *words, size_t n)
{
    uint32_t *ids = retort_grow(NULL, corpus->n_keys + 1, sizeof *ids);
    for (size_t i = 0; i < corpus->n_keys; i++) {
        const struct word wanted = {corpus->keys[i], 0};
        const struct word *found = bsearch(&wanted, words, n, sizeof wanted, by_key);
        ids[i] = found ? (uint32_t)(found - words) : UINT32_MAX;
    }
    return ids;
}

/* Words without a vector are as if they did not stand there. */
static void close_up(struct corpus *corpus, uint32_t *ids)
{
    size_t n = 0;
    for (size_t t = 0, i = 0; t < corpus->n_texts; t++) {
        for (; i < corpus->ends[t]; i++)
            if (ids[i] != UINT32_MAX)
                ids[n++] = ids[i];
        corpus->ends[t] = n;
    }
    corpus->n_keys = n;
}

/* Each pair as one number, the smaller word first. */
static uint32_t *list_pairs(const struct corpus *corpus, const uint32_t *ids, uint32_t n,
                            size_t *n_pairs)
{
    uint32_t *pairs = retort_grow(NULL, corpus->n_keys * WINDOW + 1, sizeof *pairs);
    *n_pairs = 0;
    for (size_t t = 0, i = 0; t < corpus->n_texts; t++)
        for (; i < corpus->ends[t]; i++)
            for (size_t j = i + 1; j < corpus->ends[t] && j <= i + WINDOW; j++)
                if (ids[i] != ids[j])
                    pairs[(*n_pairs)++] =
                        ids[i] < ids[j] ? ids[i] * n + ids[j] : ids[j] * n + ids[i];
    return pairs;
}

/* Ascending, two digits of 16 bits. */
static void sort_pairs(uint32_t *pairs, size_t n)
{
    uint32_t *other = retort_grow(NULL, n + 1, sizeof *other);
    for (int shift = 0; shift < 32; shift += 16) {
        size_t *begins = retort_grow(NULL, 65537, sizeof *begins);
        memset(begins, 0, 65537 * sizeof *begins);
        for (size_t i = 0; i < n; i++)
            begins[((pairs[i] >> shift) & 0xFFFF) + 1]++;
        for (size_t digit = 1; digit <= 65536; digit++)
            begins[digit] += begins[digit - 1];
        for (size_t i = 0; i < n; i++)
            other[begins[(pairs[i] >> shift) & 0xFFFF]++] = pairs[i];
        memcpy(pairs, other, n * sizeof *pairs);
        free(begins);
    }
    free(other);
}

/* Calls for each different pair of a sorted list, with how often it stands in it. */
struct pair {
    uint32_t a, b;
    double count;
};
static bool next_pair(const uint32_t *pairs, size_t n_pairs, uint32_t n, size_t *at,
                      struct pair *pair)
{
    size_t begin = *at;
    if (begin == n_pairs)
        return false;
    while (*at < n_pairs && pairs[*at] == pairs[begin])
        ++*at;
    *pair = (struct pair){pairs[begin] / n, pairs[begin] % n, (double)(*at - begin)};
    return true;
}

static double information(const struct pair *pair, const double *sums, double total)
{
    return log(pair->count * total / (sums[pair->a] * sums[pair->b]));
}

/* Room for every pair twice; a row's entries come in ascending order of the pairs. */
static void fill_company(struct company *company, const uint32_t *pairs, size_t n_pairs)
{
    uint32_t n = (uint32_t)company->n;
    struct pair pair;
    double *sums = retort_grow(NULL, company->n, sizeof *sums), total = 0;
    size_t *next = retort_grow(NULL, company->n, sizeof *next);
    memset(sums, 0, company->n * sizeof *sums);
    memset(company->ends, 0, company->n * sizeof *company->ends);
    for (size_t at = 0; next_pair(pairs, n_pairs, n, &at, &pair); total += 2 * pair.count) {
        sums[pair.a] += pair.count;
        sums[pair.b] += pair.count;
    }
    for (size_t at = 0; next_pair(pairs, n_pairs, n, &at, &pair);)
        if (information(&pair, sums, total) > 0) {
            company->ends[pair.a]++;
            company->ends[pair.b]++;
        }
    for (size_t i = 0, n_before = 0; i < company->n; i++) {
        next[i] = n_before;
        company->ends[i] = n_before += company->ends[i];
    }
    size_t n_entries = company->n ? company->ends[company->n - 1] : 0;
    company->columns = retort_grow(NULL, n_entries + 1, sizeof *company->columns);
    company->values = retort_grow(NULL, n_entries + 1, sizeof *company->values);
    for (size_t at = 0; next_pair(pairs, n_pairs, n, &at, &pair);) {
        double value = information(&pair, sums, total);
        if (value <= 0)
            continue;
        company->columns[next[pair.a]] = pair.b;
        company->values[next[pair.a]++] = (float)value;
        company->columns[next[pair.b]] = pair.a;
        company->values[next[pair.b]++] = (float)value;
    }
    free(sums);
    free(next);
}

/* ---- decomposition ---- */

/* out = company · in; both [n][width]. */
static void multiply(const struct company *company, const float *in, float *out, size_t width)
{
    for (size_t i = 0, e = 0; i < company->n; i++) {
        float *row = out + i * width;
        memset(row, 0, width * sizeof *row);
        for (; e < company->ends[i]; e++) {
            const float *other = in + (size_t)company->columns[e] * width;
            for (size_t d = 0; d < width; d++)
                row[d] += company->values[e] * other[d];
        }
    }
}

/* Gram and Schmidt, column by column, each taken out of all behind it. */
static void orthogonalize(float *columns, size_t n, size_t width)
{
    double products[RETORT_MOST_DIMENSIONS + SPARE];
    for (size_t d = 0; d < width; d++) {
        memset(products, 0, sizeof products);
        for (size_t i = 0; i < n; i++)
            for (size_t e = d; e < width; e++)
                products[e] += (double)columns[i * width + d] * (double)columns[i * width + e];
        double length = sqrt(products[d]);
        for (size_t i = 0; i < n; i++) {
            float *row = columns + i * width;
            row[d] = products[d] > 0 ? (float)((double)row[d] / length) : 0;
            for (size_t e = d + 1; e < width && products[d] > 0; e++)
                row[e] -= (float)(products[e] / length * (double)row[d]);
        }
    }
}

/* The directions that hold most, all weighed alike: [n][width]. Weighed by how much each holds,
 * they find kin less well (Levy, Goldberg and Dagan 2015 saw the same). */
static float *decompose(const struct company *company, size_t width)
{
    size_t n = company->n;
    float *now = retort_grow(NULL, n * width, sizeof *now);
    float *next = retort_grow(NULL, n * width, sizeof *next);
    for (uint64_t i = 0; i < n * width; i++) /* any start will do that is always the same */
        now[i] = retort_hash((struct retort_span){(const uint8_t *)&i, sizeof i}, 7) & 1 ? 1 : -1;
    for (int round = 0; round < ROUNDS; round++) {
        float *kept = now;
        multiply(company, now, next, width);
        orthogonalize(next, n, width);
        now = next;
        next = kept;
    }
    free(next);
    return now;
}

/* ---- what is kept ---- */

static void keep_values(const float *found, size_t n, size_t width, size_t n_dimensions,
                        int8_t *values)
{
    for (size_t i = 0; i < n; i++) {
        const float *row = found + i * width;
        double square = 0;
        for (size_t d = 0; d < n_dimensions; d++)
            square += (double)row[d] * (double)row[d];
        for (size_t d = 0; d < n_dimensions; d++)
            values[i * n_dimensions + d] =
                (int8_t)(square > 0 ? lround(127 * (double)row[d] / sqrt(square)) : 0);
    }
}

static void keep_words(const struct word *words, size_t n, size_t n_texts,
                       struct retort_vectors *vectors, struct retort_arena *arena)
{
    uint64_t *keys = RETORT_NEW(arena, uint64_t, n);
    float *weights = RETORT_NEW(arena, float, n);
    for (size_t i = 0; i < n; i++) {
        keys[i] = words[i].key;
        weights[i] = (float)log((1 + (double)n_texts) / (double)words[i].n_texts);
    }
    vectors->keys = keys;
    vectors->weights = weights;
}

static struct company company_of(struct corpus *corpus, const struct word *words, size_t n)
{
    struct company company = {.ends = retort_grow(NULL, n + 1, sizeof *company.ends), .n = n};
    size_t n_pairs;
    uint32_t *ids = find_ids(corpus, words, n);
    close_up(corpus, ids);
    uint32_t *pairs = list_pairs(corpus, ids, (uint32_t)n, &n_pairs);
    sort_pairs(pairs, n_pairs);
    fill_company(&company, pairs, n_pairs);
    free(pairs);
    free(ids);
    return company;
}

bool retort_vectors_learn(const struct retort_dataset *dataset, size_t n_dimensions,
                          struct retort_vectors *vectors, struct retort_arena *arena)
{
    struct corpus corpus = {0};
    read_corpus(dataset, &corpus);
    struct word *words = retort_grow(NULL, corpus.n_keys + 1, sizeof *words);
    size_t n = choose_words(&corpus, words), width = n_dimensions + SPARE;
    if (n >= width) {
        struct company company = company_of(&corpus, words, n);
        float *found = decompose(&company, width);
        int8_t *values = RETORT_NEW(arena, int8_t, n * n_dimensions);
        keep_words(words, n, corpus.n_texts, vectors, arena);
        keep_values(found, n, width, n_dimensions, values);
        vectors->values = values;
        vectors->n_words = (uint32_t)n;
        vectors->n_dimensions = (uint32_t)n_dimensions;
        free(found);
        free(company.ends);
        free(company.columns);
        free(company.values);
    }
    free(words);
    free(corpus.keys);
    free(corpus.ends);
    return n >= width;
}
