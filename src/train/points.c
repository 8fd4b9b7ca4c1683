/* Operating points: for each label the lowest p that keeps a precision, for whoever acts on a label
 * and must know how often that is wrong. By a lower confidence bound, and checked: the same search
 * on all folds but one, its precision on that one. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>

static const double GOALS[RETORT_N_POINTS] = {0.80, 0.90, 0.95};

struct search {
    const struct retort_calibration *c;
    const struct retort_score *scores; /* [n_examples][n_labels] */
    const uint32_t *groups;            /* [n_examples] */
    size_t label;
    struct retort_decision *list; /* room for all examples */
};

/* The label's cases of all folds but one, or of one fold only, and what they come to. */
static size_t list_cases(const struct search *s, size_t fold, bool only, struct retort_tally *all)
{
    const struct retort_dataset *dataset = s->c->dataset;
    size_t n = 0;
    *all = (struct retort_tally){0};
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_example *example = &dataset->examples[i];
        if ((s->c->fold[i] == fold) != only || example->truth[s->label] == RETORT_UNKNOWN)
            continue;
        s->list[n] = (struct retort_decision){
            .certainty = s->scores[i * dataset->n_labels + s->label].p,
            .weight = retort_dataset_weight(dataset, example, s->label),
            .group = s->groups[i],
            .right = example->truth[s->label] == RETORT_YES,
        };
        retort_tally_count(all, &s->list[n++]);
    }
    return n;
}

static struct retort_tally chosen_from(const struct search *s, size_t n, double threshold)
{
    struct retort_tally tally = {0};
    for (size_t i = 0; i < n; i++)
        if (s->list[i].certainty >= threshold)
            retort_tally_count(&tally, &s->list[i]);
    return tally;
}

static double threshold_without(const struct search *s, size_t fold, double goal)
{
    struct retort_tally all;
    size_t n = list_cases(s, fold, false, &all);
    retort_decisions_sort(s->list, n);
    const struct retort_reach reach = {goal, 0, false};
    return retort_decisions_reach(s->list, n, &all, &reach);
}

/* The precision, over the folds, of thresholds that were looked for without them. */
static double held_precision(const struct search *s, double goal, size_t n_folds)
{
    struct retort_tally held = {0}, ignored;
    for (size_t fold = 0; fold < n_folds; fold++) {
        double threshold = threshold_without(s, fold, goal);
        size_t n = list_cases(s, fold, true, &ignored);
        struct retort_tally chosen = chosen_from(s, n, threshold);
        held.right += chosen.right;
        held.wrong += chosen.wrong;
    }
    return retort_tally_precision(&held);
}

static struct retort_point find(const struct search *s, double goal, size_t n_folds)
{
    struct retort_tally all;
    double threshold = threshold_without(s, SIZE_MAX, goal);
    struct retort_point point = {.goal = goal, .threshold = (double)NAN};
    if (isinf(threshold))
        return point;
    size_t n = list_cases(s, SIZE_MAX, false, &all);
    struct retort_tally chosen = chosen_from(s, n, threshold);
    point.threshold = threshold;
    point.precision = retort_tally_precision(&chosen);
    point.bound = retort_tally_bound(&chosen, &all, RETORT_RISK);
    point.recall = chosen.right / all.right;
    point.held_precision = held_precision(s, goal, n_folds);
    return point;
}

void retort_points_find(const struct retort_calibration *c, const struct retort_label *labels,
                        size_t n_folds, struct retort_point *points)
{
    size_t n = c->dataset->n_examples, n_labels = c->dataset->n_labels, ignored;
    struct retort_arena arena = {0};
    struct retort_score *scores = RETORT_NEW(&arena, struct retort_score, n * n_labels);
    struct search s = {.c = c, .scores = scores};
    s.groups = retort_groups_number(c->dataset, &arena);
    s.list = RETORT_NEW(&arena, struct retort_decision, n);
    for (size_t i = 0; i < n; i++) {
        for (size_t l = 0; l < n_labels; l++)
            scores[i * n_labels + l].margin = c->margins[i * n_labels + l];
        retort_decide(labels, n_labels, c->dataset->choice, scores + i * n_labels, &ignored);
    }
    for (s.label = 0; s.label < n_labels; s.label++)
        for (size_t i = 0; i < RETORT_N_POINTS; i++)
            points[s.label * RETORT_N_POINTS + i] = find(&s, GOALS[i], n_folds);
    retort_arena_release(&arena);
}
