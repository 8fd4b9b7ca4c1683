/* Bags are made by all threads, block by block; one of them, in the order of the rows, gives each
 * term a number and counts the rows that it stands in.
 *
 * A document is a text: one that stands in many examples (beside many targets, above many replies)
 * counts once, or what a single person wrote could enter a model. So the rows of a text that stands
 * several times are gone through again, and a term is taken back that stood in one before; and the
 * same for the parents' terms by the parents' texts. */
#include "train/terms.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_A_BLOCK = 128, BLOCKS_A_THREAD = 4, MOST_THREADS = 64 };

/* What a thread has read of some rows. */
struct block {
    size_t first, n;           /* rows */
    struct retort_term *terms; /* names are slices of `names` */
    size_t ends[ROWS_A_BLOCK]; /* in terms */
    size_t capacity;
    struct retort_buffer names;
};

struct reading {
    const struct retort_dataset *dataset;
    const struct retort_making *making;
    struct retort_terms *terms;
    struct retort_labeller labellers[MOST_THREADS];
    size_t next; /* row */
    struct retort_progress progress;
};

/* ---- a block's bags ---- */

static enum retort_reading next_block(void *context, void *place, bool wait,
                                      struct retort_error *error)
{
    struct reading *reading = context;
    struct block *block = place;
    size_t left = reading->dataset->n_examples - reading->next;
    (void)wait, (void)error;
    block->first = reading->next;
    block->n = left < ROWS_A_BLOCK ? left : ROWS_A_BLOCK;
    reading->next += block->n;
    return left > 0 ? RETORT_READING_BLOCK : RETORT_READING_END;
}

static void take_bag(struct block *block, size_t row, const struct retort_bag *bag)
{
    size_t begin = row ? block->ends[row - 1] : 0, n_bytes = block->names.len;
    while (block->capacity < begin + bag->n_terms) {
        block->capacity = block->capacity ? 2 * block->capacity : 1 << 14;
        block->terms = retort_grow(block->terms, block->capacity, sizeof *block->terms);
    }
    for (size_t i = 0; i < bag->n_terms; i++) {
        block->terms[begin + i] = bag->terms[i];
        block->terms[begin + i].name += (uint32_t)n_bytes;
    }
    retort_buffer_put(&block->names, retort_buffer_span(&bag->names));
    block->ends[row] = begin + bag->n_terms;
}

static bool make_bags(void *context, void *place, size_t worker, struct retort_error *error)
{
    struct reading *reading = context;
    struct block *block = place;
    struct retort_labeller *labeller = &reading->labellers[worker];
    (void)error;
    retort_buffer_clear(&block->names);
    for (size_t i = 0; i < block->n; i++) {
        const struct retort_example *example = &reading->dataset->examples[block->first + i];
        retort_labeller_fill(labeller, reading->making->recipe, reading->making->base,
                             &example->item,
                             retort_known_find(reading->making->known, example->id));
        take_bag(block, i, &labeller->bag);
    }
    return true;
}

/* ---- numbers ---- */

static size_t slot_of(const struct retort_terms *terms, uint64_t key)
{
    size_t slot = (size_t)key & terms->mask;
    while (terms->slots[slot] && terms->frequencies[terms->slots[slot] - 1].key != key)
        slot = (slot + 1) & terms->mask;
    return slot;
}

static void resize(struct retort_terms *terms, size_t n_slots)
{
    free(terms->slots);
    terms->slots = calloc(n_slots, sizeof *terms->slots);
    if (!terms->slots)
        retort_out_of_memory();
    terms->mask = n_slots - 1;
    for (size_t i = 0; i < terms->n_frequencies; i++)
        terms->slots[slot_of(terms, terms->frequencies[i].key)] = (uint32_t)i + 1;
}

static struct retort_frequency *frequency_of(struct retort_terms *terms,
                                             const struct retort_term *term)
{
    size_t slot = slot_of(terms, term->key), n = terms->n_frequencies;
    if (terms->slots[slot])
        return &terms->frequencies[terms->slots[slot] - 1];
    if (n == terms->frequency_capacity) {
        terms->frequency_capacity = n ? 2 * n : 1 << 14;
        terms->frequencies =
            retort_grow(terms->frequencies, terms->frequency_capacity, sizeof *terms->frequencies);
    }
    assert(n < UINT32_MAX - 1);
    terms->frequencies[n] =
        (struct retort_frequency){.key = term->key, .field = term->field, .number = (uint32_t)n};
    terms->slots[slot] = (uint32_t)n + 1;
    terms->n_frequencies++;
    if (2 * terms->n_frequencies > terms->mask)
        resize(terms, 2 * (terms->mask + 1));
    return &terms->frequencies[n];
}

static void name(struct retort_terms *terms, struct retort_frequency *frequency,
                 struct retort_span words)
{
    struct retort_buffer name = {0};
    if (terms->n_names == terms->name_capacity) {
        terms->name_capacity = terms->n_names ? 2 * terms->n_names : 1 << 12;
        terms->names = retort_grow(terms->names, terms->name_capacity, sizeof *terms->names);
    }
    retort_buffer_text(&name, retort_field_name(frequency->field));
    retort_buffer_byte(&name, ':');
    retort_buffer_put(&name, words);
    terms->names[terms->n_names++] = retort_arena_copy(&terms->arena, retort_buffer_span(&name));
    frequency->name = (uint32_t)terms->n_names;
    retort_buffer_release(&name);
}

/* Terms wait for each other in memory, not one for the next. */
static void ask_for(const struct retort_terms *terms, const struct retort_term *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&terms->slots[(size_t)list[i].key & terms->mask]);
}

static void add_row(struct reading *reading, size_t row, const struct block *block,
                    const struct retort_term *list, size_t n)
{
    struct retort_terms *terms = reading->terms;
    size_t begin = row ? terms->ends[row - 1] : 0, at = begin;
    while (terms->entry_capacity < begin + n) {
        terms->entry_capacity = terms->entry_capacity ? 2 * terms->entry_capacity : 1 << 16;
        terms->entries = retort_grow(terms->entries, terms->entry_capacity, sizeof *terms->entries);
    }
    ask_for(terms, list, n);
    for (size_t i = 0; i < n; i++) {
        struct retort_frequency *frequency = frequency_of(terms, &list[i]);
        if (frequency->last ==
            row + 1) { /* counts are whole and small; of dense features there is one */
            terms->entries[begin + frequency->at].value += list[i].value;
            continue;
        }
        frequency->last = (uint32_t)row + 1;
        frequency->at = (uint32_t)(at - begin);
        terms->entries[at++] = (struct retort_entry){frequency->number, list[i].value};
        if (++frequency->n_documents >= reading->making->method->min_df && !frequency->name)
            name(terms, frequency,
                 retort_span_slice(retort_buffer_span(&block->names), list[i].name,
                                   (size_t)list[i].name + list[i].length));
    }
    terms->ends[row] = at;
}

static bool add_block(void *context, void *place, size_t worker, struct retort_error *error)
{
    struct reading *reading = context;
    const struct block *block = place;
    (void)worker, (void)error;
    for (size_t i = 0; i < block->n; i++) {
        size_t begin = i ? block->ends[i - 1] : 0;
        add_row(reading, block->first + i, block, block->terms + begin, block->ends[i] - begin);
    }
    retort_progress_step(&reading->progress, block->first + block->n);
    return true;
}

/* ---- texts that stand several times ---- */

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

/* Takes back what a row counts of terms that stood in the same text's rows before it. */
static void take_back(struct retort_terms *terms, size_t row, uint32_t text, bool parents)
{
    for (size_t i = row ? terms->ends[row - 1] : 0; i < terms->ends[row]; i++) {
        struct retort_frequency *frequency = &terms->frequencies[terms->entries[i].feature];
        if ((frequency->field == RETORT_FIELD_PARENT) != parents)
            continue;
        frequency->n_documents -= frequency->last == text;
        frequency->last = text;
    }
}

static void count_once(struct retort_terms *terms, const struct retort_dataset *dataset,
                       bool parents)
{
    struct retort_arena arena = {0};
    size_t n = dataset->n_examples;
    const struct counted *order = order_by_text(dataset, parents, &arena);
    for (size_t i = 0; i < terms->n_frequencies; i++)
        terms->frequencies[i].last = 0;
    for (size_t begin = 0, end; begin < n; begin = end) {
        for (end = begin + 1; end < n && order[end].text == order[begin].text; end++)
            ;
        for (size_t i = begin; end - begin > 1 && i < end; i++)
            take_back(terms, order[i].example, (uint32_t)begin + 1, parents);
    }
    retort_arena_release(&arena);
}

/* ---- all of it ---- */

static void run(struct reading *reading, size_t n_threads)
{
    static const struct retort_stage STAGES[] = {{make_bags, RETORT_STAGE_ANY},
                                                 {add_block, RETORT_STAGE_CALLER}};
    struct retort_error error;
    struct block *blocks = retort_grow(NULL, n_threads * BLOCKS_A_THREAD, sizeof *blocks);
    void *places[MOST_THREADS * BLOCKS_A_THREAD];
    for (size_t i = 0; i < n_threads * BLOCKS_A_THREAD; i++) {
        blocks[i] = (struct block){0};
        places[i] = &blocks[i];
    }
    const struct retort_pipeline pipeline = {.read = next_block,
                                             .stages = STAGES,
                                             .n_stages = sizeof STAGES / sizeof *STAGES,
                                             .blocks = places,
                                             .n_blocks = n_threads * BLOCKS_A_THREAD,
                                             .n_threads = n_threads,
                                             .context = reading};
    bool done = retort_pipeline_run(&pipeline, &error);
    assert(done); /* no stage fails */
    for (size_t i = 0; i < n_threads * BLOCKS_A_THREAD; i++) {
        free(blocks[i].terms);
        retort_buffer_release(&blocks[i].names);
    }
    free(blocks);
}

void retort_terms_read(struct retort_terms *terms, const struct retort_dataset *dataset,
                       const struct retort_making *making)
{
    struct reading *reading = retort_grow(NULL, 1, sizeof *reading);
    size_t n_threads = retort_workers_count(making->n_workers);
    assert(n_threads <= MOST_THREADS && dataset->n_examples < UINT32_MAX - 1);
    *reading = (struct reading){.dataset = dataset, .making = making, .terms = terms};
    *terms = (struct retort_terms){0};
    terms->ends = RETORT_NEW(&terms->arena, size_t, dataset->n_examples);
    resize(terms, 1 << 16);
    for (size_t i = 0; i < n_threads; i++)
        retort_labeller_init(&reading->labellers[i]);
    retort_progress_begin(&reading->progress, "bags of words", dataset->n_examples, making->quiet);
    run(reading, n_threads);
    retort_progress_end(&reading->progress);
    for (size_t i = 0; i < n_threads; i++)
        retort_labeller_release(&reading->labellers[i]);
    count_once(terms, dataset, false);
    if (making->recipe->reply || making->recipe->parent)
        count_once(terms, dataset, true);
    free(reading);
}

void retort_terms_release(struct retort_terms *terms)
{
    free(terms->frequencies);
    free(terms->names);
    free(terms->entries);
    free(terms->slots);
    retort_arena_release(&terms->arena);
    *terms = (struct retort_terms){0};
}
