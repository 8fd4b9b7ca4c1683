/* A bag over a dictionary as a vector, and as a product with a model's rows. */
#include "features/bag.h"
#include "features/counter.h"
#include "features/ngrams.h"

#include <math.h>

/* ---- terms ---- */

static bool is_single(const struct retort_bag *bag, const struct retort_term *term)
{
    struct retort_span name = retort_term_name(bag, term);
    return term->field == RETORT_FIELD_WORD && !memchr(name.data, ' ', name.len);
}

/* What is not counted yet. */
static void count_terms(struct retort_bag *bag, struct counter *counter)
{
    for (size_t i = 0; i < bag->n_terms; i++) {
        const struct retort_term *term = &bag->terms[i];
        uint32_t feature = dictionary_find(counter->dictionary, term->key);
        bool single = is_single(bag, term), known = feature != UINT32_MAX;
        bag->n_single += single;
        bag->n_known += single && known;
        if (known && !retort_field_is_dense(term->field)) {
            retort_counter_begin(counter, term->field);
            counter_add(counter, feature);
        } else if (known && term->value != 0) { /* 0: a further place of the one before */
            retort_counter_add_dense(counter, feature, term->value);
        }
    }
}

/* The counter of the whole bag, to be used up; lent: for this time only. */
static struct counter *count_bag(struct retort_bag *bag, const struct retort_recipe *recipe,
                                 const struct retort_dictionary *dictionary, struct counter **lent)
{
    struct counter *counter = bag->counting;
    *lent = NULL;
    if (!counter) {
        bag->n_single = bag->n_known = 0;
        counter = dictionary->id ? retort_counter_of(bag->extractor, dictionary, recipe)
                                 : (*lent = retort_counter_new(dictionary, recipe));
    }
    count_terms(bag, counter);
    bag->counting = NULL;
    return counter;
}

static size_t end_of_run(const struct counter *counter, size_t run)
{
    return run + 1 < counter->n_runs ? counter->runs[run + 1].first : counter->n_met;
}

static float worth_of(const struct counter *counter, uint16_t count)
{
    return count < N_WORTHS ? counter->worths[count]
                            : (float)retort_count_weighed(count, counter->binary);
}

/* What an n-gram is worth before its field gets length 1, and what that adds to the square of the
 * length; of pieces each occurrence is one of its own. */
static float weigh(const struct counter *counter, uint32_t feature, bool is_piece, float *square)
{
    uint16_t count = counter->counts[feature];
    float idf = counter->dictionary->idf[feature];
    float value = idf * (is_piece ? (float)count : worth_of(counter, count));
    *square += is_piece ? value * idf : value * value;
    counter->counts[feature] = 0;
    return value;
}

static float length_scale(float square)
{
    return square > 0 ? 1 / sqrtf(square) : 0;
}

/* ---- as a vector ---- */

static void weigh_counts(struct counter *counter, const struct retort_recipe *recipe,
                         struct retort_entry *entries)
{
    float squares[RETORT_N_FIELDS] = {0};
    for (size_t r = 0; r < counter->n_runs; r++) {
        enum retort_field field = counter->runs[r].field;
        bool is_piece = recipe->pieces && field == RETORT_FIELD_CHAR;
        for (size_t i = counter->runs[r].first; i < end_of_run(counter, r); i++)
            entries[i] = (struct retort_entry){
                counter->met[i], weigh(counter, counter->met[i], is_piece, &squares[field])};
    }
    for (size_t r = 0; r < counter->n_runs; r++)
        for (size_t i = counter->runs[r].first; i < end_of_run(counter, r); i++)
            entries[i].value *= length_scale(squares[counter->runs[r].field]);
}

static float dense_scale_of(const struct counter *counter, const struct retort_recipe *recipe,
                            uint32_t feature)
{
    return (float)retort_dense_scale((enum retort_field)counter->dictionary->fields[feature],
                                     recipe);
}

size_t retort_bag_vector(struct retort_bag *bag, const struct retort_recipe *recipe,
                         const struct retort_dictionary *dictionary, struct retort_arena *arena,
                         struct retort_entry **entries)
{
    struct counter *lent, *counter = count_bag(bag, recipe, dictionary, &lent);
    size_t n = counter->n_met;
    *entries = retort_arena_room(arena, n + counter->n_dense, sizeof **entries);
    weigh_counts(counter, recipe, *entries);
    for (size_t i = 0; i < counter->n_dense; i++, n++) {
        (*entries)[n] = counter->dense[i];
        (*entries)[n].value *= dense_scale_of(counter, recipe, counter->dense[i].feature);
    }
    retort_counter_free(lent);
    return n;
}

/* ---- as a product ---- */

/* Four lanes at once. */
typedef float four __attribute__((vector_size(16), aligned(4)));

static void add_row(const struct retort_rows *rows, uint32_t feature, float value, float *sums)
{
    const four *row = (const four *)(const void *)rows->values + feature * (rows->n_lanes / 4);
    for (size_t k = 0; k < rows->n_lanes / 4; k++)
        ((four *)(void *)sums)[k] += row[k] * value;
}

static void add_scaled(const float *of_field, float square, size_t n_lanes, float *sums)
{
    float scale = length_scale(square);
    for (size_t l = 0; l < n_lanes; l++)
        sums[l] += of_field[l] * scale;
}

/* Adds the rows of a run, weighed; returns the sum of the weights' squares. The number of fours is
 * known where this is called, so that sums stay in registers and no loop over them is left. */
static inline __attribute__((always_inline)) float add_run(struct counter *counter, size_t first,
                                                           size_t end,
                                                           const struct retort_rows *rows,
                                                           size_t n_fours, float *sums)
{
    enum { MOST_FOURS = RETORT_MOST_LANES / 4 };
    const uint32_t *met = counter->met;
    uint16_t *counts = counter->counts;
    const four *values = (const four *)(const void *)rows->values;
    four lanes[MOST_FOURS];
    float square = 0;
#pragma GCC unroll 4
    for (size_t k = 0; k < n_fours; k++)
        lanes[k] = ((const four *)(const void *)sums)[k];
    for (size_t i = first; i < end; i++) {
        const four *row = values + met[i] * n_fours;
        __builtin_prefetch(values + met[i + AHEAD] * n_fours);
        float value = row[0][RETORT_ROW_IDF] * worth_of(counter, counts[met[i]]);
        counts[met[i]] = 0;
        square += value * value;
#pragma GCC unroll 4
        for (size_t k = 0; k < n_fours; k++)
            lanes[k] += row[k] * value;
    }
#pragma GCC unroll 4
    for (size_t k = 0; k < n_fours; k++)
        ((four *)(void *)sums)[k] = lanes[k];
    return square;
}

/* One run's share of its field. */
static float add_any_run(struct counter *counter, size_t first, size_t end,
                         const struct retort_rows *rows, float *sums)
{
    switch (rows->n_lanes) {
    case 4:
        return add_run(counter, first, end, rows, 1, sums);
    case 8:
        return add_run(counter, first, end, rows, 2, sums);
    case 12:
        return add_run(counter, first, end, rows, 3, sums);
    default:
        return add_run(counter, first, end, rows, rows->n_lanes / 4, sums);
    }
}

static float add_run_of_pieces(struct counter *counter, size_t first, size_t end,
                               const struct retort_rows *rows, float *sums)
{
    float square = 0;
    for (size_t i = first; i < end; i++)
        add_row(rows, counter->met[i], weigh(counter, counter->met[i], true, &square), sums);
    return square;
}

/* The field's rows, added up and then scaled as the field is. */
static void add_field(struct counter *counter, enum retort_field field, bool is_piece,
                      const struct retort_rows *rows, float *sums)
{
    float of_field[RETORT_MOST_LANES], square = 0;
    memset(of_field, 0, rows->n_lanes * sizeof *of_field);
    for (size_t r = 0; r < counter->n_runs; r++)
        if (counter->runs[r].field == field && is_piece)
            square += add_run_of_pieces(counter, counter->runs[r].first, end_of_run(counter, r),
                                        rows, of_field);
        else if (counter->runs[r].field == field)
            square += add_any_run(counter, counter->runs[r].first, end_of_run(counter, r), rows,
                                  of_field);
    add_scaled(of_field, square, rows->n_lanes, sums);
}

static void add_dense(const struct counter *counter, const struct retort_recipe *recipe,
                      const struct retort_rows *rows, float *sums)
{
    float scales[RETORT_N_FIELDS];
    for (size_t f = 0; f < RETORT_N_FIELDS; f++)
        scales[f] = (float)retort_dense_scale((enum retort_field)f, recipe);
    for (size_t i = 0; i < counter->n_dense; i++) {
        const struct retort_entry *dense = &counter->dense[i];
        add_row(rows, dense->feature,
                dense->value * scales[counter->dictionary->fields[dense->feature]], sums);
    }
}

/* ---- pieces ---- */

/* The rows of a word's pieces, weighed and added up. In the lane of frequencies that is the sum of
 * their squares, as each row has its own there. */
static void add_pieces_of(const struct reading *reading, const struct token *token,
                          const struct retort_recipe *recipe, const struct retort_rows *rows,
                          float *sums)
{
    uint32_t known[MOST_GRAMS + 1];
    const struct counter *counter = reading->bag->counting;
    size_t n = retort_ngrams_find_letters(reading, token, recipe, counter->dictionary, known);
    memset(sums, 0, rows->n_lanes * sizeof *sums);
    for (size_t i = 0; i < n; i++)
        add_row(rows, known[i], rows->values[known[i] * rows->n_lanes + RETORT_ROW_IDF], sums);
}

/* The same, kept beside the word; in `strange` where nothing is. */
static const float *pieces_of(const struct reading *reading, const struct token *token,
                              const struct retort_recipe *recipe, const struct retort_rows *rows,
                              float *strange)
{
    struct counter *counter = reading->bag->counting;
    struct known *known = counter_known(counter, token);
    if (known && known->letters)
        return counter->pieces + known->letters * rows->n_lanes;
    float *pieces = strange;
    if (known) {
        known->letters = (uint32_t)counter->n_pieces;
        retort_counter_more_pieces(counter, rows->n_lanes);
        pieces = counter->pieces + known->letters * rows->n_lanes;
    }
    add_pieces_of(reading, token, recipe, rows, pieces);
    return pieces;
}

static void add_pieces(const struct reading *reading, const struct retort_recipe *recipe,
                       const struct retort_rows *rows, float *sums)
{
    float of_field[RETORT_MOST_LANES], strange[RETORT_MOST_LANES];
    struct round *words = &reading->bag->extractor->met;
    memset(of_field, 0, rows->n_lanes * sizeof *of_field);
    retort_round_begin(words, reading->text->n);
    for (size_t i = 0; i < reading->text->n; i++) {
        const struct token *token = &reading->text->items[i];
        if (!retort_ngrams_has_letters(token) ||
            retort_round_meets(words, token->hash, (uint32_t)i))
            continue;
        const float *pieces = pieces_of(reading, token, recipe, rows, strange);
        for (size_t k = 0; k < rows->n_lanes / 4; k++)
            ((four *)(void *)of_field)[k] += ((const four *)(const void *)pieces)[k];
    }
    add_scaled(of_field, of_field[RETORT_ROW_IDF], rows->n_lanes, sums);
}

void retort_bag_product(struct retort_bag *bag, const struct retort_recipe *recipe,
                        const struct retort_dictionary *dictionary, const struct retort_rows *rows,
                        float *sums)
{
    uint32_t fields = 0;
    struct counter *counted = bag->counting, *lent;
    memset(sums, 0, rows->n_lanes * sizeof *sums);
    if (counted && recipe->pieces) {
        const struct reading reading = retort_bag_reading(bag);
        add_pieces(&reading, recipe, rows, sums);
    }
    struct counter *counter = count_bag(bag, recipe, dictionary, &lent);
    for (size_t r = 0; r < counter->n_runs; r++)
        fields |= UINT32_C(1) << counter->runs[r].field;
    for (size_t f = 0; f < RETORT_N_FIELDS; f++)
        if (fields >> f & 1)
            add_field(counter, (enum retort_field)f, recipe->pieces && f == RETORT_FIELD_CHAR, rows,
                      sums);
    add_dense(counter, recipe, rows, sums);
    retort_counter_free(lent);
}
