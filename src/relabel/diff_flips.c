/* Flips: labels that turn over, of which those that moved farthest are kept.
 *
 * How far is told in log odds, as far as p tells them: for one-of tasks those between the label
 * that was and the one that is. It says how strongly the models disagree, whatever their thresholds
 * are; a label that turned because its threshold did comes last. */
#include "relabel/diff.h"

#include <math.h>
#include <stdlib.h>

enum { DRAWN = 20 }; /* of each kind */

/* ---- how far ---- */

static double log_odds(double p)
{
    static const double LEAST = 1e-6; /* p is no surer than that */
    p = isnan(p) ? LEAST : fmin(fmax(p, LEAST), 1 - LEAST);
    return log(p) - log1p(-p);
}

static double log_ratio(double p, double q)
{
    static const double LEAST = 1e-6;
    return log(isnan(p) ? LEAST : fmax(p, LEAST)) - log(isnan(q) ? LEAST : fmax(q, LEAST));
}

/* ---- the heap ---- */

/* Would a be shown behind b? */
static bool is_less(const struct flip *a, const struct flip *b)
{
    if (a->key < b->key || a->key > b->key)
        return a->key < b->key;
    if (a->comment != b->comment)
        return a->comment > b->comment;
    return a->label > b->label;
}

static void swap(struct flip *a, struct flip *b)
{
    struct flip kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(struct flip *flips, size_t at)
{
    for (; at > 0 && is_less(&flips[at], &flips[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&flips[at], &flips[(at - 1) / 2]);
}

static void sift_down(struct flip *flips, size_t n)
{
    for (size_t at = 0, child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_less(&flips[child + 1], &flips[child]))
            child++;
        if (!is_less(&flips[child], &flips[at]))
            return;
        swap(&flips[child], &flips[at]);
    }
}

/* A place keeps its buffer when another flip takes it. */
static void fill(struct flip *place, const struct flip *flip, struct retort_span target)
{
    struct retort_buffer buffer = place->target;
    retort_buffer_clear(&buffer);
    retort_buffer_put(&buffer, target);
    *place = *flip;
    place->target = buffer;
}

static void offer(struct flips *flips, size_t most, const struct flip *flip,
                  struct retort_span target)
{
    if (flips->n < most) {
        flips->all = retort_grow(flips->all, flips->n + 1, sizeof *flips->all);
        flips->all[flips->n] = (struct flip){0};
        fill(&flips->all[flips->n], flip, target);
        sift_up(flips->all, flips->n++);
    } else if (most > 0 && is_less(&flips->all[0], flip)) {
        fill(&flips->all[0], flip, target);
        sift_down(flips->all, flips->n);
    }
}

static struct drift *drift_of(struct task *task, const struct flip *flip)
{
    for (size_t i = 0; i < task->n_drifts; i++) {
        struct drift *drift = &task->drifts[i];
        if (drift->label == flip->label && drift->was == flip->was && drift->on == flip->on)
            return drift;
    }
    if (task->n_drifts == RETORT_MOST_DRIFTS)
        return NULL;
    task->drifts = retort_grow(task->drifts, task->n_drifts + 1, sizeof *task->drifts);
    task->drifts[task->n_drifts] =
        (struct drift){.was = flip->was, .label = flip->label, .on = flip->on};
    return &task->drifts[task->n_drifts++];
}

static double drawn_key(int64_t comment)
{
    uint64_t seed = (uint64_t)comment;
    return (double)(retort_random(&seed) >> 11);
}

static void keep(struct task *task, size_t top, struct flip *flip, struct retort_span target)
{
    struct drift *drift = drift_of(task, flip);
    task->n_turned++;
    flip->key = flip->margin;
    offer(&task->flips, top, flip, target);
    if (!drift)
        return;
    drift->n++;
    flip->key = drawn_key(flip->comment);
    offer(&drift->sample, top > 0 ? DRAWN : 0, flip, target);
}

/* ---- which ---- */

static struct flip flip_of(const struct task *task, const struct retort_change *change,
                           const struct judged *judged)
{
    return (struct flip){.comment = change->comment,
                         .before = task->models[0],
                         .after = task->models[1],
                         .judged = judged};
}

static void find_one(struct task *task, size_t top, const struct retort_change *change,
                     const struct judged *judged)
{
    size_t n = task->n_labels;
    struct flip flip = flip_of(task, change, judged);
    const double *before = task->p, *after = task->p + n;
    size_t was = diff_first_on(task->stands, n), is = diff_first_on(task->stands + n, n);
    if (was == is || was == n || is == n)
        return;
    flip.was = was;
    flip.label = is;
    flip.on = true;
    flip.p_before = before[was];
    flip.p_after = after[is];
    flip.margin = log_ratio(after[is], after[was]) - log_ratio(before[is], before[was]);
    keep(task, top, &flip, change->target);
}

static void find_any(struct task *task, size_t top, const struct retort_change *change,
                     const struct judged *judged)
{
    size_t n = task->n_labels;
    const uint8_t *before = task->stands, *after = task->stands + n;
    for (size_t i = 0; i < n; i++) {
        if (before[i] == after[i] || before[i] == RETORT_UNASKED || after[i] == RETORT_UNASKED)
            continue;
        struct flip flip = flip_of(task, change, judged);
        flip.was = flip.label = i;
        flip.on = after[i] == RETORT_ON;
        flip.p_before = task->p[i];
        flip.p_after = task->p[n + i];
        flip.margin = (flip.on ? 1 : -1) * (log_odds(flip.p_after) - log_odds(flip.p_before));
        keep(task, top, &flip, change->target);
    }
}

void diff_find_flips(struct task *task, size_t top, const struct retort_change *change,
                     const struct judged *judged)
{
    (task->choice == RETORT_ONE_OF ? find_one : find_any)(task, top, change, judged);
}

static int by_key(const void *left, const void *right)
{
    const struct flip *a = left, *b = right;
    return is_less(b, a) ? -1 : is_less(a, b);
}

void diff_sort_flips(struct flips *flips)
{
    if (flips->n)
        qsort(flips->all, flips->n, sizeof *flips->all, by_key);
}

void diff_release_flips(struct flips *flips)
{
    for (size_t i = 0; i < flips->n; i++)
        retort_buffer_release(&flips->all[i].target);
    free(flips->all);
}
