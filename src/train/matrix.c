/* The data set → its dictionary of candidates → rows of counts.
 *
 * A first pass over the texts counts in how many documents each key stands; the last, when the
 * dictionary is locked, makes the rows and notes each feature's name. A document is a text: one
 * that stands in many examples (beside many targets, above many replies) counts once, or what a
 * single person wrote could enter a model. So the examples are counted in the order of their
 * texts, and once more in that of their parents' where parents have features. No label is looked
 * at, so the dictionary may be shared by all folds. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where chi-square chooses, it is from so many times as many candidates as will be kept. */
enum { CANDIDATES = 8 };

/* ---- counting ---- */

struct tally {
    uint64_t key;
    uint32_t n_documents, last_document;
    enum retort_field field;
};

struct tallies {
    struct tally *slots;
    size_t n, mask;
};

static struct tally *tally_slot(const struct tallies *tallies, uint64_t key)
{
    size_t slot = (size_t)key & tallies->mask;
    while (tallies->slots[slot].n_documents && tallies->slots[slot].key != key)
        slot = (slot + 1) & tallies->mask;
    return &tallies->slots[slot];
}

static void tallies_resize(struct tallies *tallies, size_t n_slots)
{
    struct tallies bigger = {calloc(n_slots, sizeof *bigger.slots), tallies->n, n_slots - 1};
    if (!bigger.slots)
        retort_out_of_memory();
    for (size_t i = 0; tallies->slots && i <= tallies->mask; i++)
        if (tallies->slots[i].n_documents)
            *tally_slot(&bigger, tallies->slots[i].key) = tallies->slots[i];
    free(tallies->slots);
    *tallies = bigger;
}

static void tally_term(struct tallies *tallies, const struct retort_term *term, uint32_t document)
{
    if (2 * tallies->n >= tallies->mask)
        tallies_resize(tallies, 2 * (tallies->mask + 1));
    struct tally *tally = tally_slot(tallies, term->key);
    if (tally->n_documents == 0) {
        *tally = (struct tally){.key = term->key, .field = term->field};
        tallies->n++;
    }
    tally->n_documents += tally->last_document != document;
    tally->last_document = document;
}

/* An example by the text that is counted. */
struct counted {
    uint64_t text;
    size_t example;
};

static int by_text(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    if (x->text != y->text)
        return x->text < y->text ? -1 : 1;
    return (x->example > y->example) - (x->example < y->example);
}

static struct counted *order_by_text(const struct retort_dataset *dataset, bool parents,
                                     struct retort_arena *arena)
{
    struct counted *order = RETORT_NEW(arena, struct counted, dataset->n_examples);
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_item *item = &dataset->examples[i].item;
        order[i] = (struct counted){retort_hash(parents ? item->parent_text : item->text, 0), i};
    }
    qsort(order, dataset->n_examples, sizeof *order, by_text);
    return order;
}

/* One run over the examples: who makes the bags, from what. */
struct pass {
    const struct retort_dataset *dataset;
    const struct retort_making *making;
    struct retort_labeller *labeller;
};

static const struct retort_bag *fill_bag(const struct pass *pass, size_t index)
{
    const struct retort_example *example = &pass->dataset->examples[index];
    retort_labeller_fill(pass->labeller, pass->making->recipe, pass->making->base, &example->item,
                         retort_known_find(pass->making->known, example->id));
    return &pass->labeller->bag;
}

/* Counts the parents' terms, or all others. */
static void tally_examples(struct tallies *tallies, const struct pass *pass, bool parents)
{
    struct retort_arena arena = {0};
    const struct counted *order = order_by_text(pass->dataset, parents, &arena);
    uint32_t document = 0;
    for (size_t i = 0; i < pass->dataset->n_examples; i++) {
        document += i == 0 || order[i].text != order[i - 1].text;
        const struct retort_bag *bag = fill_bag(pass, order[i].example);
        for (size_t t = 0; t < bag->n_terms; t++)
            if ((bag->terms[t].field == RETORT_FIELD_PARENT) == parents)
                tally_term(tallies, &bag->terms[t], document);
    }
    retort_arena_release(&arena);
}

/* ---- choosing ---- */

static int by_frequency(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->n_documents != y->n_documents)
        return x->n_documents > y->n_documents ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

/* Moves what enters the dictionary to the front, ordered; returns how many. */
static size_t choose(struct tallies *tallies, const struct retort_method *method)
{
    size_t n = 0, n_chosen = 0, n_of_field[RETORT_N_FIELDS] = {0};
    double widen = method->chi2 > 0 ? CANDIDATES : 1;
    for (size_t i = 0; i <= tallies->mask; i++)
        if (tallies->slots[i].n_documents > 0 &&
            (double)tallies->slots[i].n_documents >= method->min_df)
            tallies->slots[n++] = tallies->slots[i];
    if (n > 0)
        qsort(tallies->slots, n, sizeof *tallies->slots, by_frequency);
    for (size_t i = 0; i < n; i++) {
        enum retort_field field = tallies->slots[i].field;
        if ((double)n_of_field[field]++ < widen * method->most[field])
            tallies->slots[n_chosen++] = tallies->slots[i];
    }
    return n_chosen;
}

static bool lock_dictionary(struct retort_matrix *matrix, const struct tally *chosen, size_t n)
{
    uint64_t *keys = RETORT_NEW(&matrix->arena, uint64_t, n);
    float *idf = RETORT_NEW(&matrix->arena, float, n);
    uint8_t *fields = RETORT_NEW(&matrix->arena, uint8_t, n);
    uint32_t n_slots = retort_dictionary_n_slots((uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        bool weighed = matrix->recipe->idf && !retort_field_is_dense(chosen[i].field);
        keys[i] = chosen[i].key;
        fields[i] = (uint8_t)chosen[i].field;
        idf[i] = weighed ? (float)(1 + log((1 + (double)matrix->n_rows) /
                                           (1 + (double)chosen[i].n_documents)))
                         : 1;
    }
    matrix->dictionary = (struct retort_dictionary){
        .n_features = (uint32_t)n, .n_slots = n_slots, .keys = keys, .idf = idf, .fields = fields};
    return retort_dictionary_index(&matrix->dictionary,
                                   RETORT_NEW(&matrix->arena, uint8_t, n_slots),
                                   RETORT_NEW(&matrix->arena, uint32_t, n_slots));
}

/* ---- rows ---- */

static void name_features(struct retort_matrix *matrix, const struct retort_bag *bag)
{
    struct retort_buffer name = {0};
    for (size_t i = 0; i < bag->n_terms; i++) {
        uint32_t feature = retort_dictionary_find(&matrix->dictionary, bag->terms[i].key);
        if (feature == UINT32_MAX || matrix->names[feature].data)
            continue;
        retort_buffer_clear(&name);
        retort_buffer_format(&name, "%s:", retort_field_name(bag->terms[i].field));
        retort_buffer_put(&name, retort_term_name(bag, &bag->terms[i]));
        matrix->names[feature] = retort_arena_copy(&matrix->arena, retort_buffer_span(&name));
    }
    retort_buffer_release(&name);
}

static void add_row(struct retort_matrix *matrix, size_t row, const struct retort_entry *entries,
                    size_t n, size_t *capacity)
{
    size_t begin = row ? matrix->ends[row - 1] : 0;
    while (*capacity < begin + n) {
        *capacity = *capacity ? *capacity * 2 : 1 << 16;
        matrix->entries = retort_grow(matrix->entries, *capacity, sizeof *matrix->entries);
    }
    if (n)
        memcpy(matrix->entries + begin, entries, n * sizeof *entries);
    matrix->ends[row] = begin + n;
}

static void fill_rows(struct retort_matrix *matrix, const struct pass *pass,
                      struct retort_progress *progress)
{
    size_t capacity = 0;
    for (size_t i = 0; i < matrix->n_rows; i++) {
        struct retort_arena arena = {0};
        struct retort_entry *entries;
        const struct retort_bag *bag = fill_bag(pass, i);
        name_features(matrix, bag);
        size_t n = retort_bag_counts(bag, &matrix->dictionary, &arena, &entries);
        add_row(matrix, i, entries, n, &capacity);
        retort_arena_release(&arena);
        retort_progress_step(progress, i);
    }
}

bool retort_matrix_build(struct retort_matrix *matrix, const struct retort_dataset *dataset,
                         const struct retort_making *making, struct retort_error *error)
{
    struct tallies tallies = {0};
    struct retort_progress progress;
    struct retort_labeller labeller;
    const struct pass pass = {dataset, making, &labeller};
    *matrix = (struct retort_matrix){.recipe = making->recipe, .n_rows = dataset->n_examples};
    matrix->ends = RETORT_NEW(&matrix->arena, size_t, matrix->n_rows);
    retort_labeller_init(&labeller);
    tallies_resize(&tallies, 1 << 16);
    retort_progress_begin(&progress, "bags of words", matrix->n_rows, making->quiet);
    tally_examples(&tallies, &pass, false);
    if (making->recipe->reply || making->recipe->parent)
        tally_examples(&tallies, &pass, true);
    size_t n = choose(&tallies, making->method);
    bool locked = lock_dictionary(matrix, tallies.slots, n);
    free(tallies.slots);
    matrix->names = RETORT_NEW(&matrix->arena, struct retort_span, n);
    if (locked)
        fill_rows(matrix, &pass, &progress);
    retort_progress_end(&progress);
    retort_labeller_release(&labeller);
    return locked || retort_fail(error, RETORT_RUNTIME,
                                 "two features share a key; train with "
                                 "other data and report this");
}

void retort_matrix_release(struct retort_matrix *matrix)
{
    free(matrix->entries);
    retort_arena_release(&matrix->arena);
    *matrix = (struct retort_matrix){0};
}
