/* train: word vectors, on texts of two subjects that share no word: words of one subject are kin,
 * those of the other are strangers, and the order of the lines does not matter. */
#include "train/parts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *vectors_suite(void);

enum { N_TEXTS = 400, N_WORDS = 15, N_SAID = 6, N_DIMENSIONS = 2 };

static const char *const SUBJECTS[2][N_WORDS] = {
    {"river", "water", "flood", "bridge", "rain", "boat", "fish", "lake", "shore", "wave", "stream",
     "harbour", "canal", "ferry", "storm"},
    {"salary", "profit", "bank", "loan", "budget", "price", "market", "income", "pension", "wage",
     "debt", "credit", "money", "trade", "invoice"},
};

/* Texts of a few words each, drawn from one subject; `from` turns the order of the lines. */
static void make(struct retort_dataset *dataset, size_t from)
{
    uint64_t state = 1;
    *dataset = (struct retort_dataset){.n_examples = N_TEXTS};
    dataset->examples = RETORT_NEW(&dataset->arena, struct retort_example, N_TEXTS);
    for (size_t i = 0; i < N_TEXTS; i++) {
        struct retort_buffer text = {0};
        for (size_t k = 0; k < N_SAID; k++)
            retort_buffer_format(&text, "the %s ",
                                 SUBJECTS[i % 2][retort_random(&state) % N_WORDS]);
        dataset->examples[(i + from) % N_TEXTS].item.text =
            retort_arena_copy(&dataset->arena, retort_buffer_span(&text));
        retort_buffer_release(&text);
    }
}

/* The cosine of two words. */
static double kinship(const struct retort_vectors *vectors, const char *a, const char *b)
{
    struct retort_bag bag;
    uint64_t keys[2];
    size_t at[2] = {0};
    int sum = 0;
    retort_bag_init(&bag);
    retort_bag_content(&bag, retort_span_of(a), &keys[0], 1);
    retort_bag_content(&bag, retort_span_of(b), &keys[1], 1);
    for (size_t i = 0; i < 2; i++)
        while (vectors->keys[at[i]] != keys[i])
            ck_assert_uint_lt(++at[i], vectors->n_words);
    for (size_t d = 0; d < N_DIMENSIONS; d++)
        sum +=
            vectors->values[at[0] * N_DIMENSIONS + d] * vectors->values[at[1] * N_DIMENSIONS + d];
    retort_bag_release(&bag);
    return sum / (127.0 * 127.0);
}

START_TEST(words_of_one_subject_are_kin)
{
    struct retort_dataset dataset;
    struct retort_vectors vectors;
    make(&dataset, 0);
    ck_assert(retort_vectors_learn(&dataset, N_DIMENSIONS, &vectors, &dataset.arena));
    ck_assert_uint_eq(vectors.n_words, 2 * N_WORDS);
    for (size_t i = 1; i < N_WORDS; i++) {
        double own = kinship(&vectors, "river", SUBJECTS[0][i]);
        double other = kinship(&vectors, "river", SUBJECTS[1][i]);
        ck_assert_msg(own > other + 0.3, "%s: %f, %s: %f", SUBJECTS[0][i], own, SUBJECTS[1][i],
                      other);
    }
    for (uint32_t i = 0; i < vectors.n_words; i++)
        ck_assert(vectors.weights[i] > 0 && (i == 0 || vectors.keys[i] > vectors.keys[i - 1]));
    retort_arena_release(&dataset.arena);
}
END_TEST

START_TEST(the_order_of_lines_does_not_matter)
{
    struct retort_dataset one, other;
    struct retort_vectors a, b;
    make(&one, 0);
    make(&other, 137);
    ck_assert(retort_vectors_learn(&one, N_DIMENSIONS, &a, &one.arena));
    ck_assert(retort_vectors_learn(&other, N_DIMENSIONS, &b, &other.arena));
    ck_assert_uint_eq(a.n_words, b.n_words);
    ck_assert_mem_eq(a.keys, b.keys, a.n_words * sizeof *a.keys);
    ck_assert_mem_eq(a.values, b.values, (size_t)a.n_words * N_DIMENSIONS);
    retort_arena_release(&one.arena);
    retort_arena_release(&other.arena);
}
END_TEST

START_TEST(too_few_words_have_none)
{
    struct retort_dataset dataset;
    struct retort_vectors vectors;
    make(&dataset, 0);
    dataset.n_examples = 12;
    ck_assert(!retort_vectors_learn(&dataset, N_DIMENSIONS, &vectors, &dataset.arena));
    dataset.n_examples = 0;
    ck_assert(!retort_vectors_learn(&dataset, N_DIMENSIONS, &vectors, &dataset.arena));
    retort_arena_release(&dataset.arena);
}
END_TEST

Suite *vectors_suite(void)
{
    Suite *suite = suite_create("vectors");
    TCase *learned = tcase_create("learned");
    tcase_add_test(learned, words_of_one_subject_are_kin);
    tcase_add_test(learned, the_order_of_lines_does_not_matter);
    tcase_add_test(learned, too_few_words_have_none);
    suite_add_tcase(suite, learned);
    return suite;
}
