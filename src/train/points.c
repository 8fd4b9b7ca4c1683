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

/* The label's cases, the surest first, and what they come to. */
static size_t list_cases(const struct search *s, struct retort_tally *all)
{
    const struct retort_dataset *dataset = s->c->dataset;
    size_t n = 0;
    *all = (struct retort_tally){0};
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_example *example = &dataset->examples[i];
        if (!retort_dataset_counts(dataset, example, s->label))
            continue;
        s->list[n] = (struct retort_decision){
            .certainty = s->scores[i * dataset->n_labels + s->label].p,
            .weight = retort_dataset_weight(dataset, example, s->label),
            .group = s->groups[i],
            .right = example->truth[s->label] == RETORT_YES,
            .fold = s->c->fold[i],
        };
        retort_tally_count(all, &s->list[n++]);
    }
    retort_decisions_sort(s->list, n);
    return n;
}

static struct retort_point find(const struct search *s, size_t n, const struct retort_tally *all,
                                double goal)
{
    const struct retort_reach reach = {goal, 0, false};
    struct retort_point point = {.goal = goal, .threshold = (double)NAN};
    struct retort_tally chosen = {0};
    double threshold = retort_decisions_reach(s->list, n, all, &reach);
    if (isinf(threshold))
        return point;
    for (size_t i = 0; i < n && s->list[i].certainty >= threshold; i++)
        retort_tally_count(&chosen, &s->list[i]);
    point.threshold = threshold;
    point.precision = retort_tally_precision(&chosen);
    point.bound = retort_tally_bound(&chosen, all, RETORT_RISK);
    point.recall = chosen.right / all->right;
    point.held_precision = retort_decisions_held(s->list, n, all, &reach);
    return point;
}

void retort_points_find(const struct retort_calibration *c, const struct retort_label *labels,
                        struct retort_point *points)
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
    for (s.label = 0; s.label < n_labels; s.label++) {
        struct retort_tally all;
        size_t n_cases = list_cases(&s, &all);
        for (size_t i = 0; i < RETORT_N_POINTS; i++)
            points[s.label * RETORT_N_POINTS + i] = find(&s, n_cases, &all, GOALS[i]);
    }
    retort_arena_release(&arena);
}
