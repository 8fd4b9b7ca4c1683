/* Margins → log odds → probabilities → what is on, and what is sure. Training decides by the same
 * functions, so that what it measures is what a user is given. */
#include "model/model.h"

#include <math.h>

static const double FARTHEST = 1e9; /* log odds; p is 0 or 1 long before */

const char *retort_link_name(enum retort_link link)
{
    static const char *const NAMES[] = {"platt", "isotonic", "softmax"};
    return NAMES[link];
}

static double sigmoid(double z) /* 1/(1+exp(−z)), without overflow */
{
    return z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z));
}

/* Between the two corners around the margin; at the level of the last one beyond it. */
static double on_curve(const struct retort_curve *curve, double margin)
{
    size_t low = 0, high = curve->n_knots - 1;
    if (!(margin > curve->margins[low]))
        return curve->log_odds[low];
    if (margin >= curve->margins[high])
        return curve->log_odds[high];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (curve->margins[middle] <= margin)
            low = middle;
        else
            high = middle;
    }
    double share = (margin - curve->margins[low]) / (curve->margins[high] - curve->margins[low]);
    return curve->log_odds[low] + share * (curve->log_odds[high] - curve->log_odds[low]);
}

/* Finite whatever the margin is, so that the softmax of them is a distribution. */
static double log_odds(const struct retort_label *label, double margin)
{
    double z = label->link == RETORT_ISOTONIC ? on_curve(&label->curve, margin)
                                              : -(label->platt_a * margin + label->platt_b);
    return fmin(fmax(z, -FARTHEST), FARTHEST);
}

static void decide_any(const struct retort_label *labels, size_t n_labels,
                       struct retort_score *scores)
{
    for (size_t i = 0; i < n_labels; i++) {
        scores[i].on = scores[i].p >= labels[i].threshold;
        scores[i].unsure = scores[i].p > labels[i].sure_below && scores[i].p < labels[i].sure_above;
    }
}

/* Raises every label's log odds to e, after the largest was taken off: the sum is never 0. */
static void raise_all(const struct retort_label *labels, size_t n_labels,
                      struct retort_score *scores)
{
    double largest = -INFINITY;
    for (size_t i = 0; i < n_labels; i++)
        largest = fmax(largest, log_odds(&labels[i], scores[i].margin));
    for (size_t i = 0; i < n_labels; i++)
        scores[i].p = exp(log_odds(&labels[i], scores[i].margin) - largest);
}

static size_t decide_one(const struct retort_label *labels, size_t n_labels,
                         struct retort_score *scores)
{
    double sum = 0, best = -INFINITY;
    size_t label = 0;
    for (size_t i = 0; i < n_labels; i++)
        sum += scores[i].p;
    for (size_t i = 0; i < n_labels; i++) {
        scores[i].p = sum > 0 ? scores[i].p / sum : 1 / (double)n_labels;
        double merit = log(scores[i].p) + labels[i].log_offset;
        if (merit > best) {
            best = merit;
            label = i;
        }
    }
    for (size_t i = 0; i < n_labels; i++) {
        scores[i].on = i == label;
        scores[i].unsure = scores[label].p < labels[label].sure_above;
    }
    return label;
}

void retort_decide(const struct retort_label *labels, size_t n_labels, enum retort_choice choice,
                   struct retort_score *scores, size_t *label)
{
    *label = 0;
    if (labels[0].link == RETORT_SOFTMAX)
        raise_all(labels, n_labels, scores);
    else
        for (size_t i = 0; i < n_labels; i++)
            scores[i].p = sigmoid(log_odds(&labels[i], scores[i].margin));
    if (choice == RETORT_ANY_OF)
        decide_any(labels, n_labels, scores);
    else
        *label = decide_one(labels, n_labels, scores);
}

/* ---- how posteriors are spread ---- */

size_t retort_errors_bin(double p)
{
    static const double EDGES[RETORT_ERRORS_BINS - 1] = {
        0.0066928509242848554, 0.017986209962091559, 0.047425873177566781,
        0.11920292202211755,   0.2689414213699951,   0.5,
        0.7310585786300049,    0.88079707797788243,  0.95257412682243336}; /* 1/(1+e^5), … */
    size_t bin = 0;
    while (bin < RETORT_ERRORS_BINS - 1 && p >= EDGES[bin])
        bin++;
    return bin;
}
