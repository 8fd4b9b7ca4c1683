/* Margins out of fold → probabilities, thresholds, and the band of *unsure*.
 *
 * Sure is what errs seldom enough: for each label the lowest probability from which on, out of
 * fold, at most the stated share of the decisions for it is wrong (selective risk: El-Yaniv and
 * Wiener 2010). Where the data reach that nowhere, or show it on fewer than LEAST_SURE items, the
 * model is never sure of that label. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_SURE = 25 };
static const double NEVER_ABOVE = 2, NEVER_BELOW = -1;

/* ---- Platt ---- */

struct platt {
    const double *margins;
    const int8_t *truth;
    size_t n;
    double target_yes, target_no;
};

/* −log likelihood of p = 1/(1+exp(a·m+b)), written so that nothing overflows. */
static double platt_loss(const struct platt *data, double a, double b)
{
    double loss = 0;
    for (size_t i = 0; i < data->n; i++) {
        double z = a * data->margins[i] + b;
        double t = data->truth[i] == RETORT_YES ? data->target_yes : data->target_no;
        loss += z >= 0 ? t * z + log1p(exp(-z)) : (t - 1) * z + log1p(exp(z));
    }
    return loss;
}

/* Gradient (g) and Hessian (h) of the loss. */
struct slope {
    double g_a, g_b, h_aa, h_ab, h_bb;
};

static struct slope platt_slope(const struct platt *data, double a, double b)
{
    struct slope s = {.h_aa = 1e-12, .h_bb = 1e-12};
    for (size_t i = 0; i < data->n; i++) {
        double m = data->margins[i], z = a * m + b;
        double p = z >= 0 ? exp(-z) / (1 + exp(-z)) : 1 / (1 + exp(z));
        double t = data->truth[i] == RETORT_YES ? data->target_yes : data->target_no;
        double d1 = t - p, d2 = p * (1 - p);
        s.g_a += m * d1;
        s.g_b += d1;
        s.h_aa += m * m * d2;
        s.h_ab += m * d2;
        s.h_bb += d2;
    }
    return s;
}

static double line_search(const struct platt *data, double *a, double *b, double loss,
                          const struct slope *s)
{
    double det = s->h_aa * s->h_bb - s->h_ab * s->h_ab;
    double step_a = -(s->h_bb * s->g_a - s->h_ab * s->g_b) / det;
    double step_b = -(s->h_aa * s->g_b - s->h_ab * s->g_a) / det;
    double descent = s->g_a * step_a + s->g_b * step_b;
    for (double size = 1; size >= 1e-10; size /= 2) {
        double next = platt_loss(data, *a + size * step_a, *b + size * step_b);
        if (next < loss + 1e-4 * size * descent) {
            *a += size * step_a;
            *b += size * step_b;
            return next;
        }
    }
    return loss;
}

void retort_platt_fit(const double *margins, const int8_t *truth, size_t n, double *a, double *b)
{
    double n_yes = 0;
    for (size_t i = 0; i < n; i++)
        n_yes += truth[i] == RETORT_YES;
    double n_no = (double)n - n_yes, base = log((n_no + 1) / (n_yes + 1));
    struct platt data = {margins, truth, n, (n_yes + 1) / (n_yes + 2), 1 / (n_no + 2)};
    *a = 0;
    *b = base;
    double loss = platt_loss(&data, *a, *b);
    for (int i = 0; i < 100; i++) {
        struct slope s = platt_slope(&data, *a, *b);
        if (fabs(s.g_a) < 1e-5 && fabs(s.g_b) < 1e-5)
            break;
        double next = line_search(&data, a, b, loss, &s);
        if (next == loss)
            break;
        loss = next;
    }
    if (!(*a < -1e-6)) { /* inverted or flat: the margin tells nothing */
        *a = -1e-6;
        *b = base;
    }
}

/* ---- thresholds of one label that is on or off ---- */

struct decision {
    double p;
    bool right; /* any-of: truly yes; one-of: the label is the true one */
};

static int by_falling_p(const void *a, const void *b)
{
    const struct decision *x = a, *y = b;
    return x->p != y->p ? (x->p < y->p) - (x->p > y->p) : (int)y->right - (int)x->right;
}

static bool cuts_here(const struct decision *list, size_t n, size_t i)
{
    return i + 1 == n || list[i + 1].p < list[i].p;
}

/* The p from which on F1 is best, but no p below the base rate: where a label is common, F1 alone
 * would rather call everything so than miss one. list falls in p. */
static double best_f1_threshold(const struct decision *list, size_t n)
{
    double n_yes = 0, hits = 0, best = 0, threshold = 0.5;
    for (size_t i = 0; i < n; i++)
        n_yes += list[i].right;
    for (size_t i = 0; i < n; i++) {
        hits += list[i].right;
        double f1 = 2 * hits / ((double)(i + 1) + n_yes);
        if (cuts_here(list, n, i) && f1 > best) {
            best = f1;
            threshold = i + 1 < n ? (list[i].p + list[i + 1].p) / 2 : list[i].p;
        }
    }
    return n > 0 ? fmax(threshold, n_yes / (double)n) : threshold;
}

/* The lowest p ≥ floor from which on at most `error` of the decisions are wrong. */
static double sure_from(const struct decision *list, size_t n, double error, double floor)
{
    double wrong = 0, from = NEVER_ABOVE;
    for (size_t i = 0; i < n && list[i].p >= floor; i++) {
        wrong += !list[i].right;
        if (cuts_here(list, n, i) && i + 1 >= LEAST_SURE && wrong <= error * (double)(i + 1))
            from = list[i].p;
    }
    return from;
}

/* The highest p ≤ ceiling up to which at most `error` of the decisions against it are wrong. */
static double sure_up_to(const struct decision *list, size_t n, double error, double ceiling)
{
    double wrong = 0, up_to = NEVER_BELOW;
    size_t seen = 0;
    for (size_t i = n; i > 0 && list[i - 1].p <= ceiling; i--) {
        wrong += list[i - 1].right;
        seen++;
        bool cut = i == 1 || list[i - 2].p > list[i - 1].p;
        if (cut && seen >= LEAST_SURE && wrong <= error * (double)seen)
            up_to = list[i - 1].p;
    }
    return up_to;
}

/* ---- all labels ---- */

static bool counts(const struct retort_calibration *c, size_t example, size_t label)
{
    return c->fold[example] != c->leave_out &&
           c->dataset->examples[example].truth[label] != RETORT_UNKNOWN;
}

static void fit_slope(const struct retort_calibration *c, size_t l, struct retort_label *label)
{
    size_t n = 0, n_labels = c->dataset->n_labels;
    double *margins = retort_grow(NULL, c->dataset->n_examples, sizeof *margins);
    int8_t *truth = retort_grow(NULL, c->dataset->n_examples, sizeof *truth);
    for (size_t i = 0; i < c->dataset->n_examples; i++) {
        if (!counts(c, i, l))
            continue;
        margins[n] = c->margins[i * n_labels + l];
        truth[n++] = c->dataset->examples[i].truth[l];
    }
    retort_platt_fit(margins, truth, n, &label->platt_a, &label->platt_b);
    free(margins);
    free(truth);
}

static size_t score_example(const struct retort_calibration *c, const struct retort_label *labels,
                            size_t example, struct retort_score *scores)
{
    size_t label, n_labels = c->dataset->n_labels;
    for (size_t l = 0; l < n_labels; l++)
        scores[l].margin = c->margins[example * n_labels + l];
    retort_decide(labels, n_labels, c->dataset->choice, scores, &label);
    return label;
}

static void fit_any_of(const struct retort_calibration *c, size_t l, struct retort_label *labels,
                       struct decision *list, struct retort_score *scores)
{
    size_t n = 0;
    for (size_t i = 0; i < c->dataset->n_examples; i++) {
        if (!counts(c, i, l))
            continue;
        score_example(c, labels, i, scores);
        list[n++] = (struct decision){scores[l].p, c->dataset->examples[i].truth[l] == RETORT_YES};
    }
    qsort(list, n, sizeof *list, by_falling_p);
    labels[l].threshold = best_f1_threshold(list, n);
    labels[l].sure_above = sure_from(list, n, c->sure_error, fmax(labels[l].threshold, 0.5));
    labels[l].sure_below =
        sure_up_to(list, n, c->sure_error, fmin(nextafter(labels[l].threshold, 0), 0.5));
}

/* Macro-F1 of the decided labels as they stand. */
static double macro_f1(const struct retort_calibration *c, const struct retort_label *labels,
                       struct retort_score *scores)
{
    size_t n_labels = c->dataset->n_labels, present = 0;
    double *hit = calloc(3 * n_labels, sizeof *hit), *yes, *on, sum = 0;
    if (!hit)
        retort_out_of_memory();
    yes = hit + n_labels;
    on = yes + n_labels;
    for (size_t i = 0; i < c->dataset->n_examples; i++) {
        if (c->fold[i] == c->leave_out)
            continue;
        size_t label = score_example(c, labels, i, scores);
        on[label]++;
        for (size_t l = 0; l < n_labels; l++)
            yes[l] += c->dataset->examples[i].truth[l] == RETORT_YES;
        hit[label] += c->dataset->examples[i].truth[label] == RETORT_YES;
    }
    for (size_t l = 0; l < n_labels; l++) {
        sum += yes[l] > 0 ? 2 * hit[l] / (yes[l] + on[l]) : 0;
        present += yes[l] > 0;
    }
    free(hit);
    return present ? sum / (double)present : 0;
}

/* Offsets by coordinate ascent: three rounds over a grid, kept only where macro-F1 gains. */
static void fit_offsets(const struct retort_calibration *c, struct retort_label *labels,
                        struct retort_score *scores)
{
    double best = macro_f1(c, labels, scores);
    for (int round = 0; round < 3; round++)
        for (size_t l = 0; l < c->dataset->n_labels; l++) {
            double kept = labels[l].log_offset;
            for (int step = -10; step <= 10; step++) {
                labels[l].log_offset = step * 0.2;
                double now = macro_f1(c, labels, scores);
                if (now > best + 1e-9) {
                    best = now;
                    kept = labels[l].log_offset;
                }
            }
            labels[l].log_offset = kept;
        }
}

static void fit_one_of(const struct retort_calibration *c, size_t l, struct retort_label *labels,
                       struct decision *list, struct retort_score *scores)
{
    size_t n = 0;
    for (size_t i = 0; i < c->dataset->n_examples; i++) {
        if (c->fold[i] == c->leave_out || score_example(c, labels, i, scores) != l)
            continue;
        list[n++] = (struct decision){scores[l].p, c->dataset->examples[i].truth[l] == RETORT_YES};
    }
    qsort(list, n, sizeof *list, by_falling_p);
    labels[l].threshold = 0;
    labels[l].sure_below = NEVER_BELOW;
    labels[l].sure_above = sure_from(list, n, c->sure_error, 0.5);
}

void retort_calibrate(const struct retort_calibration *c, struct retort_label *labels)
{
    size_t n_labels = c->dataset->n_labels;
    struct decision *list = retort_grow(NULL, c->dataset->n_examples, sizeof *list);
    struct retort_score *scores = retort_grow(NULL, n_labels, sizeof *scores);
    for (size_t l = 0; l < n_labels; l++) {
        labels[l].log_offset = 0;
        fit_slope(c, l, &labels[l]);
    }
    if (c->dataset->choice == RETORT_ONE_OF)
        fit_offsets(c, labels, scores);
    for (size_t l = 0; l < n_labels; l++) {
        if (c->dataset->choice == RETORT_ONE_OF)
            fit_one_of(c, l, labels, list, scores);
        else
            fit_any_of(c, l, labels, list, scores);
    }
    free(list);
    free(scores);
}
