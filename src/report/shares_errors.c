/* What the model errs: the member "errors" of its card, and matrices of it, each drawn by weighing
 * its batches anew. Which is how the error figures' own chance is carried into every share. */
#include "report/shares.h"

#include <math.h>

enum { LEAST_BATCHES = 8, MOST_BATCHES = 1000 };
/* An error in what is said may become so many times larger. */
static const double MOST_AMPLIFIED = 25;

static const char OLD_CARD[] =
    "the model's card does not say how it errs out of fold; train it again with this retort";
static const char ODD_CARD[] = "the model's card says nothing sound of how it errs";
static const char MANY_LABELS[] = "errors are corrected for tasks of up to 32 labels";

/* ---- the card ---- */

static bool read_numbers(const struct retort_json *list, double *numbers, size_t n)
{
    bool sound = list && retort_json_length(list) == n;
    for (size_t i = 0; sound && i < n; i++)
        sound = retort_json_number(retort_json_at(list, i), &numbers[i]) && numbers[i] >= 0 &&
                numbers[i] < 1e12;
    return sound;
}

/* A true class's row: cases, then what was said of them and their posteriors, without the first
 * class, which has the rest. */
static bool take_class(const double *row, size_t n_classes, double *said, double *p)
{
    said[0] = p[0] = row[0];
    for (size_t j = 1; j < n_classes; j++) {
        said[j] = row[j];
        p[j] = row[n_classes - 1 + j];
        said[0] -= said[j];
        p[0] -= p[j];
    }
    said[0] = fmax(said[0], 0); /* they were rounded */
    p[0] = fmax(p[0], 0);
    return row[0] > 0 || (said[0] + p[0] == 0);
}

static bool read_batch(const struct retort_json *list, struct shares_errors *errors, size_t at)
{
    double row[SHARES_MOST_CLASSES * (2 * SHARES_MOST_CLASSES - 1)];
    size_t k = errors->n_classes, width = 2 * k - 1;
    bool sound = read_numbers(list, row, k * width);
    for (size_t i = 0; sound && i < k; i++) {
        errors->n[at * k + i] = row[i * width];
        sound = take_class(row + i * width, k, errors->said + (at * k + i) * k,
                           errors->p + (at * k + i) * k);
    }
    return sound;
}

static bool read_problem(const struct retort_json *object, struct shares_errors *errors,
                         size_t problem)
{
    size_t k = errors->n_classes;
    const struct retort_json *batches = retort_json_get(object, "batches");
    bool sound = read_numbers(retort_json_get(object, "prior"), errors->prior + problem * k, k) &&
                 read_numbers(retort_json_get(object, "cases"), errors->cases + problem * k, k) &&
                 batches && retort_json_length(batches) == errors->n_batches;
    for (size_t b = 0; sound && b < errors->n_batches; b++)
        sound = read_batch(retort_json_at(batches, b), errors, b * errors->n_problems + problem);
    return sound;
}

static void make_room(struct shares_errors *errors, struct retort_arena *arena)
{
    size_t k = errors->n_classes, n = errors->n_problems * errors->n_batches;
    errors->n = RETORT_NEW(arena, double, n *k);
    errors->said = RETORT_NEW(arena, double, n *k *k);
    errors->p = RETORT_NEW(arena, double, n *k *k);
    errors->prior = RETORT_NEW(arena, double, errors->n_problems *k);
    errors->cases = RETORT_NEW(arena, double, errors->n_problems *k);
}

static bool read_errors(const struct retort_json *object, struct retort_arena *arena,
                        struct shares_errors *errors)
{
    const struct retort_json *problems = retort_json_get(object, "problems");
    const struct retort_json *first =
        problems && retort_json_length(problems) ? retort_json_at(problems, 0) : NULL;
    const struct retort_json *batches = first ? retort_json_get(first, "batches") : NULL;
    errors->n_batches = batches ? retort_json_length(batches) : 0;
    bool sound = errors->n_batches > 0 && errors->n_batches <= MOST_BATCHES &&
                 retort_json_length(problems) == errors->n_problems;
    if (sound)
        make_room(errors, arena);
    for (size_t i = 0; sound && i < errors->n_problems; i++)
        sound = read_problem(retort_json_at(problems, i), errors, i);
    return sound;
}

const char *shares_errors_read(const struct report_task *task, struct retort_arena *arena,
                               struct shares_errors *errors)
{
    struct retort_error error;
    *errors = (struct shares_errors){.n_problems = task->one_of ? 1 : task->n_labels,
                                     .n_classes = task->one_of ? task->n_labels : 2};
    if (errors->n_classes > SHARES_MOST_CLASSES)
        return MANY_LABELS;
    struct retort_json *card = task->card.len ? retort_json_parse(task->card, &error) : NULL;
    const struct retort_json *object = card ? retort_json_get(card, "errors") : NULL;
    bool sound = object && read_errors(object, arena, errors);
    retort_json_free(card);
    return sound ? NULL : object ? ODD_CARD : OLD_CARD;
}

/* ---- matrices ---- */

/* Rows of sums over the batches, each of a weight, divided by their cases. A class that no case is
 * of leaves NaN. */
static void add_up(const struct shares_errors *errors, const double *sums, const double *weights,
                   double *matrices)
{
    size_t k = errors->n_classes, n_rows = errors->n_problems * k;
    for (size_t row = 0; row < n_rows; row++) {
        double n = 0, *into = matrices + row * k;
        for (size_t j = 0; j < k; j++)
            into[j] = 0;
        for (size_t b = 0; b < errors->n_batches; b++) {
            n += weights[b] * errors->n[b * n_rows + row];
            for (size_t j = 0; j < k; j++)
                into[j] += weights[b] * sums[(b * n_rows + row) * k + j];
        }
        for (size_t j = 0; j < k; j++)
            into[j] = n > 0 ? into[j] / n : (double)NAN;
    }
}

/* Replicates' deviations, as many times as large as so few batches want. */
static void widen(const double *counted, double *drawn, size_t n, double by)
{
    for (size_t i = 0; i < n; i++)
        drawn[i] = counted[i] + by * (drawn[i] - counted[i]);
}

static void draw_weights(double *weights, size_t n, uint64_t seed, size_t replicate)
{
    uint64_t random = retort_mix(seed ^ UINT64_C(0x5851f42d4c957f2d), replicate + 1);
    for (size_t b = 0; b < n; b++)
        weights[b] = replicate ? retort_resample_weight(&random) : 1;
}

static void invert_all(const struct shares_rates *rates, double *matrices, size_t replicate,
                       double *amplified)
{
    size_t size = rates->n_classes * rates->n_classes;
    for (size_t i = 0; i < rates->n_problems; i++)
        retort_prevalence_invert(matrices + i * size, rates->n_classes,
                                 &amplified[i * (1 + rates->n_replicates) + replicate]);
}

/* Where a few replicates in a hundred divide by next to nothing, intervals would have no end. */
static const char *why_untold(const struct shares_errors *errors, size_t problem, double *amplified,
                              size_t n)
{
    size_t n_large = 0;
    for (size_t i = 0; i < errors->n_classes; i++)
        if (errors->cases[problem * errors->n_classes + i] < SHARES_LEAST_CASES)
            return "the model was tried out of fold on fewer than 10 comments with it, or on fewer "
                   "than 10 without";
    for (size_t i = 0; i < n; i++)
        n_large += !(amplified[i] < MOST_AMPLIFIED);
    return n_large > n / 100 ? "out of fold the model tells its labels apart hardly better than by "
                               "chance: correcting would divide by almost nothing"
                             : NULL;
}

void shares_rates_draw(const struct shares_errors *errors, uint64_t seed, size_t n_replicates,
                       struct retort_arena *arena, struct shares_rates *rates)
{
    size_t k = errors->n_classes, size = errors->n_problems * k * k, n = 1 + n_replicates;
    double by = retort_resample_widening((double)errors->n_batches);
    double *weights = RETORT_NEW(arena, double, errors->n_batches);
    double *amplified = RETORT_NEW(arena, double, errors->n_problems *n);
    *rates = (struct shares_rates){errors->n_problems,
                                   k,
                                   n_replicates,
                                   RETORT_NEW(arena, double, n *size),
                                   RETORT_NEW(arena, double, n *size),
                                   RETORT_NEW(arena, double, n *size),
                                   RETORT_NEW(arena, const char *, errors->n_problems)};
    double *counted_p = RETORT_NEW(arena, double, size);
    for (size_t r = 0; r < n; r++) {
        double *said = rates->said + r * size, *inverse = rates->inverse + r * size,
               *of_p = rates->inverse_of_p + r * size;
        draw_weights(weights, errors->n_batches, seed, r);
        add_up(errors, errors->said, weights, said);
        add_up(errors, errors->p, weights, of_p);
        if (r == 0)
            memcpy(counted_p, of_p, size * sizeof *of_p);
        widen(rates->said, said, size, by);
        widen(counted_p, of_p, size, by);
        memcpy(inverse, said, size * sizeof *said);
        invert_all(rates, inverse, r, amplified);
        invert_all(rates, of_p, r, amplified);
    }
    for (size_t i = 0; i < errors->n_problems; i++)
        rates->untold[i] = errors->n_batches < LEAST_BATCHES
                               ? "the model was tried out of fold on too few threads"
                               : why_untold(errors, i, amplified + i * n, n);
}
