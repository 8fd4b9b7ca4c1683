/* Margins out of fold → probabilities, thresholds, and the band of *unsure*.
 *
 * Sure is what errs seldom enough: for each label the lowest probability from which on, out of
 * fold, at most the stated share of the decisions for it is wrong (selective risk: El-Yaniv and
 * Wiener 2010) — not in the sample alone, but by an upper confidence bound of the error (Geifman
 * and El-Yaniv 2017) that knows that comments of one group err together, and at few places, because
 * the place is looked for; and the folds that it was not looked for on must bear it out. Where the
 * data reach that nowhere, the model is never sure of that label. */
#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

/* Sources that are told apart, and decisions of one that say something. */
enum { MOST_SOURCES = 16, LEAST_OF_A_SOURCE = 30 };

static const double NEVER_ABOVE = 2, NEVER_BELOW = -1;

/* ---- thresholds of one label that is on or off ---- */

static bool cuts_here(const struct retort_decision *list, size_t n, size_t i)
{
    return i + 1 == n || list[i + 1].certainty < list[i].certainty;
}

/* The p from which on F1 is best, but no p below the base rate: where a label is common, F1 alone
 * would rather call everything so than miss one. And none above the highest p, which lies a little
 * below the base rate where all are so. list falls in p. */
static double best_f1_threshold(const struct retort_decision *list, size_t n)
{
    double yes = 0, all = 0, hits = 0, on = 0, best = 0, threshold = 0.5;
    for (size_t i = 0; i < n; i++) {
        yes += list[i].right ? list[i].weight : 0;
        all += list[i].weight;
    }
    for (size_t i = 0; i < n; i++) {
        hits += list[i].right ? list[i].weight : 0;
        on += list[i].weight;
        double f1 = 2 * hits / (on + yes);
        if (cuts_here(list, n, i) && f1 > best) {
            best = f1;
            threshold =
                i + 1 < n ? (list[i].certainty + list[i + 1].certainty) / 2 : list[i].certainty;
        }
    }
    return yes > 0 ? fmin(fmax(threshold, yes / all), list[0].certainty) : threshold;
}

/* Every case of a label, right where the label's presence (or absence) is the truth. */
static struct retort_tally tally_all(const struct retort_work *w, size_t l, bool presence)
{
    struct retort_tally tally = {0};
    for (size_t i = 0; i < w->n_cases[l]; i++) {
        const struct retort_case *one = &w->cases[l][i];
        const struct retort_decision decision = {.weight = one->weight,
                                                 .right = one->yes == presence};
        retort_tally_count(&tally, &decision);
    }
    return tally;
}

static struct retort_decision decision_of(const struct retort_work *w, size_t example, size_t l)
{
    return (struct retort_decision){
        .certainty = w->scores[example * w->n_labels + l].p,
        .weight = retort_work_weight(w, example, l),
        .group = w->groups[example],
        .right = retort_work_is_yes(w, example, l),
        .fold = w->c->fold[example],
    };
}

/* From where on the decisions are sure; INFINITY: from nowhere, or what is found keeps its promise
 * in the sample only and not on the folds that it was not found on. */
static double sure_place(const struct retort_decision *list, size_t n,
                         const struct retort_tally *all, const struct retort_reach *reach)
{
    double from = retort_decisions_reach(list, n, all, reach);
    bool holds = !isinf(from) && retort_decisions_held(list, n, all, reach) >= reach->goal;
    return holds ? from : INFINITY;
}

/* The p below which at most `share` of the label's own cases lie; list falls in p. */
static double missed_below(const struct retort_decision *list, size_t n, double share)
{
    double yes = 0, missed = 0;
    size_t i = n;
    for (size_t j = 0; j < n; j++)
        yes += list[j].right ? list[j].weight : 0;
    while (i > 0 && missed <= share * yes) {
        i--;
        missed += list[i].right ? list[i].weight : 0;
    }
    return i < n ? nextafter(list[i].certainty, 0) : 0;
}

/* Of most labels nearly all comments are clear of: together they would carry the doubtful ones past
 * the goal. So an absence is sure only where each by itself is as probable as the goal asks, and
 * where of the label's own cases no more are denied. */
static void fit_any_of(struct retort_work *w, size_t l, struct retort_decision *list)
{
    struct retort_label *label = &w->labels[l];
    struct retort_tally all = tally_all(w, l, true), none = tally_all(w, l, false);
    struct retort_reach reach = {.goal = 1 - w->c->sure_error, .few_places = true};
    size_t n = 0;
    for (size_t i = 0; i < w->c->dataset->n_examples; i++)
        if (retort_work_counts(w, i, l))
            list[n++] = decision_of(w, i, l);
    retort_decisions_sort(list, n);
    label->threshold = best_f1_threshold(list, n);
    reach.floor = fmax(label->threshold, 0.5);
    double above = sure_place(list, n, &all, &reach);
    double most = fmin(w->c->sure_error, missed_below(list, n, w->c->sure_error));
    for (size_t i = 0; i < n; i++) { /* the same, seen from below */
        list[i].certainty = -list[i].certainty;
        list[i].right = !list[i].right;
    }
    retort_decisions_sort(list, n);
    reach.floor = -fmin(nextafter(label->threshold, 0), most);
    double below = sure_place(list, n, &none, &reach);
    label->sure_above = isinf(above) ? NEVER_ABOVE : above;
    label->sure_below = isinf(below) ? NEVER_BELOW : -below;
}

/* ---- one of many ---- */

/* Sums a label: weights of the decided, the true and the hit. */
struct f1_sums {
    double on, yes, hit;
};

static size_t decided(const struct retort_work *w, const double *log_p)
{
    size_t best = 0;
    for (size_t l = 1; l < w->n_labels; l++)
        if (log_p[l] + w->labels[l].log_offset > log_p[best] + w->labels[best].log_offset)
            best = l;
    return best;
}

/* Macro-F1 of the decided labels with the offsets as they stand. */
static double macro_f1(const struct retort_work *w, const double *log_p, struct f1_sums *sums)
{
    double sum = 0, present = 0;
    for (size_t l = 0; l < w->n_labels; l++)
        sums[l] = (struct f1_sums){0};
    for (size_t i = 0; i < w->c->dataset->n_examples; i++) {
        if (w->c->fold[i] == w->c->leave_out)
            continue;
        size_t label = decided(w, log_p + i * w->n_labels);
        for (size_t l = 0; l < w->n_labels; l++) {
            double weight = retort_work_is_yes(w, i, l) ? retort_work_weight(w, i, l) : 0;
            sums[l].yes += weight;
            sums[label].on += weight;
            sums[label].hit += l == label ? weight : 0;
        }
    }
    for (size_t l = 0; l < w->n_labels; l++) {
        sum += sums[l].yes > 0 ? 2 * sums[l].hit / (sums[l].yes + sums[l].on) : 0;
        present += sums[l].yes > 0;
    }
    return present > 0 ? sum / present : 0;
}

/* Offsets by coordinate ascent: three rounds over a grid, kept only where macro-F1 gains. */
static void fit_offsets(struct retort_work *w)
{
    size_t n = w->c->dataset->n_examples * w->n_labels;
    double *log_p = retort_grow(NULL, n, sizeof *log_p);
    struct f1_sums *sums = retort_grow(NULL, w->n_labels, sizeof *sums);
    for (size_t i = 0; i < n; i++)
        log_p[i] = log(w->scores[i].p);
    double best = macro_f1(w, log_p, sums);
    for (int round = 0; round < 3; round++)
        for (size_t l = 0; l < w->n_labels; l++) {
            double kept = w->labels[l].log_offset;
            for (int step = -10; step <= 10; step++) {
                w->labels[l].log_offset = step * 0.2;
                double now = macro_f1(w, log_p, sums);
                if (now > best + 1e-9) {
                    best = now;
                    kept = w->labels[l].log_offset;
                }
            }
            w->labels[l].log_offset = kept;
        }
    free(log_p);
    free(sums);
}

/* From which p on what is decided is right often enough, among the examples of one part (NULL: of
 * all); infinite where it never is, 0 where too little is decided to say. */
static double sure_from(const struct retort_work *w, size_t l, const struct retort_span *part,
                        struct retort_decision *list)
{
    struct retort_tally all = tally_all(w, l, true);
    const struct retort_reach reach = {1 - w->c->sure_error, 0.5, true};
    size_t n = 0;
    for (size_t i = 0; i < w->c->dataset->n_examples; i++) {
        const struct retort_score *score = &w->scores[i * w->n_labels + l];
        if (score->on && retort_work_counts(w, i, l) &&
            (!part || retort_span_equal(w->c->dataset->examples[i].part, *part)))
            list[n++] = decision_of(w, i, l);
    }
    if (part && n < LEAST_OF_A_SOURCE)
        return 0;
    retort_decisions_sort(list, n);
    return sure_place(list, n, &all, &reach);
}

/* The values of `part` in the order in which they first stand, at most MOST_SOURCES. */
static size_t list_sources(const struct retort_dataset *dataset, struct retort_span *sources)
{
    size_t n = 0;
    for (size_t i = 0; i < dataset->n_examples && n < MOST_SOURCES; i++) {
        size_t at = 0;
        while (at < n && !retort_span_equal(sources[at], dataset->examples[i].part))
            at++;
        if (at == n)
            sources[n++] = dataset->examples[i].part;
    }
    return n;
}

/* Together a source that is easy hides one that is not, and comments to come are like neither: with
 * by_source the band is as wide as the hardest source needs. */
static void fit_one_of(struct retort_work *w, size_t l, struct retort_decision *list)
{
    struct retort_span sources[MOST_SOURCES];
    double above = sure_from(w, l, NULL, list);
    size_t n_sources = w->c->by_source ? list_sources(w->c->dataset, sources) : 0;
    for (size_t i = 0; i < n_sources; i++)
        above = fmax(above, sure_from(w, l, &sources[i], list));
    w->labels[l].threshold = 0;
    w->labels[l].sure_below = NEVER_BELOW;
    w->labels[l].sure_above = isinf(above) ? NEVER_ABOVE : above;
}

/* ---- all of it ---- */

static void score_all(struct retort_work *w)
{
    for (size_t i = 0; i < w->c->dataset->n_examples; i++)
        retort_work_decide(w, i, w->scores + i * w->n_labels);
}

static void fit_thresholds(struct retort_work *w)
{
    bool one_of = w->c->dataset->choice == RETORT_ONE_OF;
    struct retort_decision *list = retort_grow(NULL, w->c->dataset->n_examples, sizeof *list);
    score_all(w);
    if (one_of && !w->c->by_accuracy) {
        fit_offsets(w);
        score_all(w);
    }
    for (size_t l = 0; l < w->n_labels; l++)
        (one_of ? fit_one_of : fit_any_of)(w, l, list);
    free(list);
}

void retort_calibrate(const struct retort_calibration *c, struct retort_label *labels)
{
    size_t n = c->dataset->n_examples, n_labels = c->dataset->n_labels;
    struct retort_work w = {.c = c, .labels = labels, .n_labels = n_labels, .also_out = SIZE_MAX};
    w.groups = retort_groups_number(c->dataset, &w.arena);
    w.scores = RETORT_NEW(&w.arena, struct retort_score, n * n_labels);
    for (size_t i = 0; i < n; i++)
        w.n_folds = c->fold[i] >= w.n_folds ? (size_t)c->fold[i] + 1 : w.n_folds;
    for (size_t l = 0; l < n_labels; l++)
        labels[l].log_offset = 0;
    retort_work_link(&w);
    fit_thresholds(&w);
    retort_arena_release(&w.arena);
}
