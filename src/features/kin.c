/* Kin: is the comment about the target where no word of the target stands in it?
 *
 * Words that keep the same company have vectors that point the same way (Landauer and Dumais 1997;
 * learned in the room train, from texts without labels). Each word of the target looks for its
 * nearest word in the comment; how near, on the whole and at best, are a few dense features.
 *
 * The mean vectors of target and comment may be features, too: what kind of thing the target is,
 * so that what was learned of one tax is held of another. They are the one group whose single
 * numbers tell a reader nothing; a recipe has to ask for them by themselves. */
#include "features/bag.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_TARGET_WORDS = 12, MOST_TEXT_WORDS = 300, FEW = 3, SEVERAL = 10 };

/* The words of a text that have a vector. */
struct kin_words {
    const int8_t *values[MOST_TEXT_WORDS];
    double weights[MOST_TEXT_WORDS];
    size_t n;
};

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void find_words(const struct reading *reading, const struct token_list *list, size_t most,
                       struct kin_words *words)
{
    const struct retort_vectors *vectors = reading->bag->vectors;
    words->n = 0;
    for (size_t i = 0; i < list->n && words->n < most; i++) {
        if (!retort_token_is_content(&list->items[i]))
            continue;
        uint64_t key = list->items[i].hash;
        const uint64_t *found = bsearch(&key, vectors->keys, vectors->n_words, sizeof key, by_key);
        if (!found)
            continue;
        size_t at = (size_t)(found - vectors->keys);
        words->values[words->n] = vectors->values + at * vectors->n_dimensions;
        words->weights[words->n++] = (double)vectors->weights[at];
    }
}

/* The cosine in units of 1/127². */
static int product_of(const int8_t *a, const int8_t *b, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static const int LENGTH_SQUARED = 127 * 127;

/* The weighed sum of the words' vectors, of length 1 (or 0, of no word). */
static void mean_vector(const struct kin_words *words, size_t n_dimensions, double *mean)
{
    double square = 0;
    for (size_t d = 0; d < n_dimensions; d++) {
        mean[d] = 0;
        for (size_t i = 0; i < words->n; i++)
            mean[d] += words->weights[i] * words->values[i][d];
        square += mean[d] * mean[d];
    }
    for (size_t d = 0; d < n_dimensions && square > 0; d++)
        mean[d] /= sqrt(square);
}

/* For each word of either text how near its nearest in the other is. */
static void nearest(const struct kin_words *target, const struct kin_words *text,
                    size_t n_dimensions, double *of_target, double *of_text)
{
    int best_of_text[MOST_TEXT_WORDS];
    for (size_t j = 0; j < text->n; j++)
        best_of_text[j] = -LENGTH_SQUARED;
    for (size_t i = 0; i < target->n; i++) {
        int best = -LENGTH_SQUARED;
        for (size_t j = 0; j < text->n; j++) {
            int product = product_of(target->values[i], text->values[j], n_dimensions);
            best = product > best ? product : best;
            best_of_text[j] = product > best_of_text[j] ? product : best_of_text[j];
        }
        of_target[i] = (double)best / LENGTH_SQUARED;
    }
    for (size_t j = 0; j < text->n; j++)
        of_text[j] = (double)best_of_text[j] / LENGTH_SQUARED;
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return n ? sum / (double)n : 0;
}

static double share_above(const double *falling_values, size_t n, double least)
{
    size_t n_above = 0;
    while (n_above < n && falling_values[n_above] > least)
        n_above++;
    return (double)n_above / (double)n;
}

static void add_kin(struct retort_bag *bag, const char *name, double value)
{
    retort_bag_add_dense(bag, RETORT_FIELD_KIN, (const char *const[2]){"", name}, value);
}

static void add_nearness(struct retort_bag *bag, const struct kin_words *target,
                         const struct kin_words *text, double scale)
{
    double of_target[MOST_TARGET_WORDS], best[MOST_TEXT_WORDS], weighed = 0, weights = 0;
    nearest(target, text, bag->vectors->n_dimensions, of_target, best);
    for (size_t i = 0; i < target->n; i++) {
        weighed += target->weights[i] * of_target[i];
        weights += target->weights[i];
    }
    add_kin(bag, "target's words", scale * weighed / weights);
    qsort(of_target, target->n, sizeof *of_target, falling);
    add_kin(bag, "target's nearest word", scale * of_target[0]);
    add_kin(bag, "target's farthest word", scale * of_target[target->n - 1]);
    qsort(best, text->n, sizeof *best, falling);
    add_kin(bag, "few words", scale * mean_of(best, text->n < FEW ? text->n : FEW));
    add_kin(bag, "several words", scale * mean_of(best, text->n < SEVERAL ? text->n : SEVERAL));
    add_kin(bag, "all words", scale * mean_of(best, text->n));
    add_kin(bag, "share near", scale * share_above(best, text->n, 0.5));
    add_kin(bag, "share not far", scale * share_above(best, text->n, 0.3));
}

static void add_vector(struct retort_bag *bag, const char *whose, const double *mean, double scale)
{
    char number[16];
    for (size_t d = 0; d < bag->vectors->n_dimensions; d++) {
        snprintf(number, sizeof number, "%zu", d);
        retort_bag_add_dense(bag, RETORT_FIELD_KIN, (const char *const[2]){whose, number},
                             scale * mean[d]);
    }
}

void retort_kin_add(const struct reading *reading, const struct retort_recipe *recipe)
{
    struct retort_bag *bag = reading->bag;
    struct kin_words target, text;
    double toward[RETORT_MOST_DIMENSIONS], said[RETORT_MOST_DIMENSIONS], both = 0;
    if (!bag->vectors || reading->target->n == 0)
        return;
    size_t n_dimensions = bag->vectors->n_dimensions;
    find_words(reading, reading->target, MOST_TARGET_WORDS, &target);
    find_words(reading, reading->text, MOST_TEXT_WORDS, &text);
    mean_vector(&target, n_dimensions, toward);
    mean_vector(&text, n_dimensions, said);
    for (size_t d = 0; d < n_dimensions; d++)
        both += toward[d] * said[d];
    if (recipe->kin_scale > 0) {
        add_kin(bag, "unknown", target.n == 0 || text.n == 0 ? recipe->kin_scale : 0);
        add_kin(bag, "on the whole", recipe->kin_scale * both);
        if (target.n > 0 && text.n > 0)
            add_nearness(bag, &target, &text, recipe->kin_scale);
    }
    if (recipe->topic_scale > 0) {
        add_vector(bag, "target ", toward, recipe->topic_scale);
        add_vector(bag, "comment ", said, recipe->topic_scale);
    }
}
