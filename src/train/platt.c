/* Platt's sigmoid (Platt 1999) by Newton's method (Lin, Lin and Weng 2007), of weighted cases. */
#include "train/calibrate.h"

#include <math.h>

struct platt {
    const struct retort_case *cases;
    size_t n;
    double target_yes, target_no;
};

static double target_of(const struct platt *data, size_t i)
{
    return data->cases[i].yes ? data->target_yes : data->target_no;
}

/* −log likelihood of p = 1/(1+exp(a·m+b)), with its gradient (g) and Hessian (h). */
struct slope {
    double loss, g_a, g_b, h_aa, h_ab, h_bb;
};

/* Written so that nothing overflows. */
static struct slope slope_at(const struct platt *data, double a, double b)
{
    struct slope s = {.h_aa = 1e-12, .h_bb = 1e-12};
    for (size_t i = 0; i < data->n; i++) {
        double m = data->cases[i].margin, z = a * m + b, weight = data->cases[i].weight;
        double t = target_of(data, i), e = exp(-fabs(z));
        double p = (z >= 0 ? e : 1) / (1 + e);
        double d1 = weight * (t - p), d2 = weight * p * (1 - p);
        s.loss += weight * ((z >= 0 ? t : t - 1) * z + log1p(e));
        s.g_a += m * d1;
        s.g_b += d1;
        s.h_aa += m * m * d2;
        s.h_ab += m * d2;
        s.h_bb += d2;
    }
    return s;
}

/* Moves a and b to where the loss is less, and *s with them; false where it is nowhere. */
static bool line_search(const struct platt *data, double *a, double *b, struct slope *s)
{
    double det = s->h_aa * s->h_bb - s->h_ab * s->h_ab;
    double step_a = -(s->h_bb * s->g_a - s->h_ab * s->g_b) / det;
    double step_b = -(s->h_aa * s->g_b - s->h_ab * s->g_a) / det;
    double descent = s->g_a * step_a + s->g_b * step_b;
    for (double size = 1; size >= 1e-10; size /= 2) {
        struct slope next = slope_at(data, *a + size * step_a, *b + size * step_b);
        if (next.loss < s->loss + 1e-4 * size * descent) {
            *a += size * step_a;
            *b += size * step_b;
            *s = next;
            return true;
        }
    }
    return false;
}

/* The smoothed targets count cases, the base rate weighs them. */
static struct platt prepare(const struct retort_case *cases, size_t n, double *base)
{
    double n_yes = 0, n_no = 0, weight_yes = 0, weight_no = 0;
    for (size_t i = 0; i < n; i++) {
        n_yes += cases[i].yes;
        n_no += !cases[i].yes;
        weight_yes += cases[i].yes ? cases[i].weight : 0;
        weight_no += cases[i].yes ? 0 : cases[i].weight;
    }
    *base = log((weight_no + 1) / (weight_yes + 1));
    return (struct platt){cases, n, (n_yes + 1) / (n_yes + 2), 1 / (n_no + 2)};
}

void retort_platt_refit(const struct retort_case *cases, size_t n, double *a, double *b)
{
    double base;
    const struct platt data = prepare(cases, n, &base);
    if (!(*a < RETORT_FLATTEST)) {
        *a = 0;
        *b = base;
    }
    struct slope s = slope_at(&data, *a, *b);
    for (int i = 0; i < 100; i++)
        if ((fabs(s.g_a) < 1e-5 && fabs(s.g_b) < 1e-5) || !line_search(&data, a, b, &s))
            break;
    if (!(*a < RETORT_FLATTEST)) { /* inverted or flat: the margin tells nothing */
        *a = RETORT_FLATTEST;
        *b = base;
    }
}

void retort_platt_fit(const struct retort_case *cases, size_t n, double *a, double *b)
{
    *a = *b = 0;
    retort_platt_refit(cases, n, a, b);
}
