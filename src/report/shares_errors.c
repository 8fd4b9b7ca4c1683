/* What the model errs: the member "errors" of its card, and matrices of it, each drawn by weighing
 * its batches anew. Which is how the error figures' own chance is carried into every share. */
#include "report/shares.h"

#include <math.h>

enum { N_OWN_BATCHES = 40, MOST_BATCHES = 1000 };
static const double LEAST_BATCHES = 5;
/* An error in what is said may become so many times larger, and in a replicate so many times as
 * large as that: intervals of quotients need a divisor that is well off zero. */
static const double MOST_AMPLIFIED = 30, MOST_VARIED = 4;

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

/* How posteriors are spread, which older cards do not say. */
static bool read_spread(const struct retort_json *object, struct shares_errors *errors,
                        size_t problem)
{
    size_t width = errors->n_classes * errors->n_scored * RETORT_ERRORS_BINS;
    const struct retort_json *batches = retort_json_get(object, "scores");
    bool sound = batches && retort_json_length(batches) == errors->n_batches;
    for (size_t b = 0; sound && b < errors->n_batches; b++)
        sound = read_numbers(retort_json_at(batches, b),
                             errors->spread + (b * errors->n_problems + problem) * width, width);
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
    errors->is_own = RETORT_NEW(arena, bool, errors->n_problems);
    errors->spread = RETORT_NEW(arena, double, n *k * errors->n_scored * RETORT_ERRORS_BINS);
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
    for (size_t i = 0; sound && i < errors->n_problems; i++) {
        const struct retort_json *problem = retort_json_at(problems, i);
        sound = read_problem(problem, errors, i);
        if (errors->spread && !read_spread(problem, errors, i))
            errors->spread = NULL;
    }
    return sound;
}

const char *shares_errors_read(const struct report_task *task, struct retort_arena *arena,
                               struct shares_errors *errors)
{
    struct retort_error error;
    *errors = (struct shares_errors){.n_problems = task->one_of ? 1 : task->n_labels,
                                     .n_classes = task->one_of ? task->n_labels : 2,
                                     .n_scored = task->one_of ? task->n_labels : 1};
    if (errors->n_classes > SHARES_MOST_CLASSES)
        return MANY_LABELS;
    struct retort_json *card = task->card.len ? retort_json_parse(task->card, &error) : NULL;
    const struct retort_json *object = card ? retort_json_get(card, "errors") : NULL;
    bool sound = object && read_errors(object, arena, errors);
    retort_json_free(card);
    return sound ? NULL : object ? ODD_CARD : OLD_CARD;
}

/* ---- what people decided here ---- */

static size_t class_of(const struct report_task *task, const struct report_decided *decided,
                       size_t problem)
{
    size_t label = 0;
    if (!task->one_of)
        return decided->labels >> problem & 1;
    while (label + 1 < task->n_labels && !(decided->labels >> label & 1))
        label++;
    return label;
}

/* A decided comment's row of sums; said and posteriors of any-of are {off, on}. */
static void count_decided(const struct report_task *task, const struct report_decided *decided,
                          size_t at, size_t problem, struct shares_errors *own)
{
    size_t k = own->n_classes, row = at * k + class_of(task, decided, problem);
    const float *p = task->p + decided->row * task->n_labels;
    own->n[row] += decided->weight;
    for (size_t j = 0; j < k; j++) {
        size_t label = task->one_of ? j : problem;
        bool on = task->said[decided->row] >> label & 1, is_off = !task->one_of && j == 0;
        own->said[row * k + j] += on != is_off ? decided->weight : 0;
        own->p[row * k + j] += decided->weight * (is_off ? 1 - (double)p[label] : (double)p[label]);
    }
}

static void count_own(const struct report_data *data, const struct report_task *task,
                      struct shares_errors *own, double *squares)
{
    size_t k = own->n_classes;
    for (size_t i = 0; i < task->n_decided; i++) {
        const struct report_decided *decided = &task->decided[i];
        size_t batch = retort_mix(data->thread[decided->row] + UINT64_C(0x9e3779b97f4a7c15),
                                  UINT64_C(0xd1342543de82ef95)) %
                       own->n_batches;
        if (!(decided->weight > 0) || isnan(task->p[decided->row * task->n_labels]))
            continue;
        for (size_t problem = 0; problem < own->n_problems; problem++) {
            size_t class = problem * k + class_of(task, decided, problem);
            count_decided(task, decided, batch * own->n_problems + problem, problem, own);
            own->cases[class] += decided->weight;
            squares[class] += decided->weight * decided->weight;
        }
    }
    for (size_t i = 0; i < own->n_problems * k; i++)
        own->cases[i] = squares[i] > 0 ? own->cases[i] * own->cases[i] / squares[i] : 0;
}

static bool suffices(const struct shares_errors *own, size_t problem)
{
    for (size_t i = 0; i < own->n_classes; i++)
        if (own->cases[problem * own->n_classes + i] < SHARES_LEAST_OWN)
            return false;
    return true;
}

static void copy_problem(const struct shares_errors *own, size_t problem,
                         struct shares_errors *errors)
{
    size_t k = own->n_classes;
    for (size_t b = 0; b < own->n_batches; b++) {
        size_t at = (b * own->n_problems + problem) * k;
        memcpy(errors->n + at, own->n + at, k * sizeof *own->n);
        memcpy(errors->said + at * k, own->said + at * k, k * k * sizeof *own->said);
        memcpy(errors->p + at * k, own->p + at * k, k * k * sizeof *own->p);
    }
    memcpy(errors->cases + problem * k, own->cases + problem * k, k * sizeof *own->cases);
    errors->is_own[problem] = true;
}

const char *shares_errors_own(const struct report_data *data, const struct report_task *task,
                              const char *why, struct retort_arena *arena,
                              struct shares_errors *errors)
{
    if (!task->weighed || errors->n_classes > SHARES_MOST_CLASSES)
        return why;
    struct shares_errors own = *errors;
    own.n_batches = why ? N_OWN_BATCHES : errors->n_batches;
    make_room(&own, arena);
    count_own(data, task, &own, RETORT_NEW(arena, double, own.n_problems *own.n_classes));
    if (why) {
        errors->n_batches = own.n_batches;
        make_room(errors, arena);
        errors->spread = NULL;
    }
    bool any = false;
    for (size_t i = 0; i < own.n_problems; i++)
        if (suffices(&own, i)) {
            copy_problem(&own, i, errors);
            any = true;
        }
    return any ? NULL : why;
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

/* As many batches of equal size as tell as much of a true class (Kish 1965). */
static double batches_of(const struct shares_errors *errors, size_t row)
{
    double sum = 0, squares = 0;
    for (size_t b = 0; b < errors->n_batches; b++) {
        double n = errors->n[b * errors->n_problems * errors->n_classes + row];
        sum += n;
        squares += n * n;
    }
    return squares > 0 ? sum * sum / squares : 0;
}

/* Replicates' deviations, as many times as large as so few batches want. by: [n_rows] */
static void widen(const double *counted, double *drawn, const struct shares_errors *errors,
                  const double *by)
{
    size_t k = errors->n_classes;
    for (size_t i = 0; i < errors->n_problems * k * k; i++)
        drawn[i] = counted[i] + by[i / k] * (drawn[i] - counted[i]);
}

void shares_batches_weigh(size_t n_batches, uint64_t seed, size_t replicate, double *weights)
{
    uint64_t random = retort_mix(seed ^ UINT64_C(0x5851f42d4c957f2d), replicate + 1);
    for (size_t b = 0; b < n_batches; b++)
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

static const char *why_few(const struct shares_errors *errors, size_t problem)
{
    for (size_t i = 0; i < errors->n_classes; i++) {
        if (errors->cases[problem * errors->n_classes + i] < SHARES_LEAST_CASES)
            return "the model was tried out of fold on fewer than 10 comments with the label, or "
                   "on fewer than 10 without";
        if (batches_of(errors, problem * errors->n_classes + i) < LEAST_BATCHES)
            return "the model was tried out of fold on comments of too few threads";
    }
    return NULL;
}

/* amplified: [n], the first of what was counted. */
static bool divides_by_nothing(const double *amplified, size_t n)
{
    size_t n_large = 0;
    for (size_t i = 0; i < n; i++)
        n_large += !(amplified[i] < MOST_VARIED * amplified[0]);
    return !(amplified[0] < MOST_AMPLIFIED) || n_large > n / 100;
}

/* One replicate's matrices and their inverses. */
static void draw(const struct shares_errors *errors, const struct shares_rates *rates,
                 size_t replicate, const double *weights, const double *by)
{
    size_t k = rates->n_classes, size = rates->n_problems * k * k, at = replicate * size;
    add_up(errors, errors->said, weights, rates->said + at);
    add_up(errors, errors->p, weights, rates->p + at);
    widen(rates->said, rates->said + at, errors, by);
    widen(rates->p, rates->p + at, errors, by);
    memcpy(rates->inverse + at, rates->said + at, size * sizeof *rates->said);
    memcpy(rates->inverse_of_p + at, rates->p + at, size * sizeof *rates->p);
}

/* Posteriors are corrected where they can be; else what is said. */
static void tell(const struct shares_errors *errors, const struct shares_rates *rates,
                 size_t problem, const double *amplified, const double *amplified_p)
{
    static const char BY_CHANCE[] = "out of fold the model tells its labels apart hardly better "
                                    "than by chance: correcting would divide by almost nothing";
    size_t n = 1 + rates->n_replicates;
    rates->by_count[problem] = divides_by_nothing(amplified_p, n);
    rates->untold[problem] = why_few(errors, problem);
    if (!rates->untold[problem] && rates->by_count[problem] && divides_by_nothing(amplified, n))
        rates->untold[problem] = BY_CHANCE;
}

static double *room_for(struct retort_arena *arena, size_t n)
{
    return retort_arena_room(arena, n, sizeof(double));
}

void shares_rates_draw(const struct shares_errors *errors, uint64_t seed, size_t n_replicates,
                       struct retort_arena *arena, struct shares_rates *rates)
{
    size_t k = errors->n_classes, n_rows = errors->n_problems * k, n = 1 + n_replicates;
    double *weights = RETORT_NEW(arena, double, errors->n_batches);
    double *amplified = RETORT_NEW(arena, double, errors->n_problems *n);
    double *amplified_p = RETORT_NEW(arena, double, errors->n_problems *n);
    double *by = RETORT_NEW(arena, double, n_rows);
    *rates = (struct shares_rates){.n_problems = errors->n_problems,
                                   .n_classes = k,
                                   .n_replicates = n_replicates,
                                   .said = room_for(arena, n * n_rows * k),
                                   .p = room_for(arena, n * n_rows * k),
                                   .inverse = room_for(arena, n * n_rows * k),
                                   .inverse_of_p = room_for(arena, n * n_rows * k),
                                   .by_count = RETORT_NEW(arena, bool, errors->n_problems),
                                   .untold = RETORT_NEW(arena, const char *, errors->n_problems)};
    for (size_t i = 0; i < n_rows; i++)
        by[i] = retort_resample_widening(batches_of(errors, i));
    for (size_t r = 0; r < n; r++) {
        shares_batches_weigh(errors->n_batches, seed, r, weights);
        draw(errors, rates, r, weights, by);
        invert_all(rates, rates->inverse + r * n_rows * k, r, amplified);
        invert_all(rates, rates->inverse_of_p + r * n_rows * k, r, amplified_p);
    }
    for (size_t i = 0; i < errors->n_problems; i++)
        tell(errors, rates, i, amplified + i * n, amplified_p + i * n);
}
