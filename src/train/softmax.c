/* Vector scaling (Guo et al. 2017): for one-of tasks a slope and a bias a label, fitted together
 * so that the softmax over the labels has the least log loss. The loss is convex; one label after
 * the other takes a Newton step in its own two numbers until none gains. */
#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ROUNDS = 50 };
static const double GAIN = 1e-7; /* a round that gains less of the loss is the last */

struct softmax {
    const struct retort_joint *data;
    struct retort_label *labels;
    double *log_sums;         /* [n] log Σ exp(log odds) */
    double *targets_of_class; /* [n_labels] smoothed as Platt's are */
    double *others;           /* [n_labels] the target of every other label */
};

static double log_odds(const struct softmax *s, size_t i, size_t l)
{
    const struct retort_label *label = &s->labels[l];
    return -(label->platt_a * s->data->margins[i * s->data->n_labels + l] + label->platt_b);
}

static double sum_up(const struct softmax *s, size_t i)
{
    size_t top = 0;
    double sum = 1; /* the largest, taken off */
    for (size_t l = 1; l < s->data->n_labels; l++)
        top = log_odds(s, i, l) > log_odds(s, i, top) ? l : top;
    for (size_t l = 0; l < s->data->n_labels; l++)
        sum += l == top ? 0 : exp(log_odds(s, i, l) - log_odds(s, i, top));
    return log_odds(s, i, top) + log(sum);
}

static double target(const struct softmax *s, size_t i, size_t l)
{
    size_t truth = s->data->truth[i];
    return l == truth ? s->targets_of_class[l] : s->others[truth];
}

/* The log loss, and log_sums as the labels stand now. */
static double loss_of(struct softmax *s)
{
    double loss = 0;
    for (size_t i = 0; i < s->data->n; i++) {
        double hit = 0;
        s->log_sums[i] = sum_up(s, i);
        for (size_t l = 0; l < s->data->n_labels; l++)
            hit += target(s, i, l) * log_odds(s, i, l);
        loss += s->data->weights[i] * (s->log_sums[i] - hit);
    }
    return loss;
}

/* One Newton step of label l, halved until it gains; the slope stays negative. */
static double improve(struct softmax *s, size_t l, double loss)
{
    struct retort_label *label = &s->labels[l];
    double a = label->platt_a, b = label->platt_b;
    double g_a = 0, g_b = 0, h_aa = 1e-9, h_ab = 0, h_bb = 1e-9;
    for (size_t i = 0; i < s->data->n; i++) {
        double m = s->data->margins[i * s->data->n_labels + l], weight = s->data->weights[i];
        double p = exp(log_odds(s, i, l) - s->log_sums[i]);
        double slope = weight * (target(s, i, l) - p), bend = weight * p * (1 - p);
        g_a += m * slope;
        g_b += slope;
        h_aa += m * m * bend;
        h_ab += m * bend;
        h_bb += bend;
    }
    double det = h_aa * h_bb - h_ab * h_ab;
    double step_a = -(h_bb * g_a - h_ab * g_b) / det, step_b = -(h_aa * g_b - h_ab * g_a) / det;
    for (double size = 1; size > 1e-4; size /= 2) {
        label->platt_a = fmin(a + size * step_a, RETORT_FLATTEST);
        label->platt_b = b + size * step_b;
        double next = loss_of(s);
        if (next < loss)
            return next;
    }
    label->platt_a = a;
    label->platt_b = b;
    return loss_of(s);
}

/* Slopes of Platt's kind to begin with, biases at the base rates, and the smoothed targets. */
static void begin(struct softmax *s)
{
    size_t n_labels = s->data->n_labels;
    double *counts = retort_grow(NULL, n_labels, sizeof *counts);
    double *weights = retort_grow(NULL, n_labels, sizeof *weights);
    for (size_t l = 0; l < n_labels; l++)
        counts[l] = weights[l] = 0;
    for (size_t i = 0; i < s->data->n; i++) {
        counts[s->data->truth[i]]++;
        weights[s->data->truth[i]] += s->data->weights[i];
    }
    for (size_t l = 0; l < n_labels; l++) {
        s->labels[l].platt_a = RETORT_FLATTEST;
        s->labels[l].platt_b = -log(weights[l] + 1);
        s->targets_of_class[l] = (counts[l] + 1) / (counts[l] + (double)n_labels);
        s->others[l] = 1 / (counts[l] + (double)n_labels);
    }
    free(counts);
    free(weights);
}

void retort_softmax_fit(const struct retort_joint *data, struct retort_label *labels)
{
    struct softmax s = {.data = data, .labels = labels};
    s.log_sums = retort_grow(NULL, data->n, sizeof(double));
    s.targets_of_class = retort_grow(NULL, data->n_labels, sizeof(double));
    s.others = retort_grow(NULL, data->n_labels, sizeof(double));
    begin(&s);
    double loss = loss_of(&s);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double before = loss;
        for (size_t l = 0; l < data->n_labels; l++)
            loss = improve(&s, l, loss);
        if (before - loss <= GAIN * before)
            break;
    }
    free(s.log_sums);
    free(s.targets_of_class);
    free(s.others);
}
