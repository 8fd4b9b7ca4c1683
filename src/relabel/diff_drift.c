/* Drift: what moved all flips of one kind, as far as a sample of them tells. */
#include "relabel/diff.h"

#include <stdlib.h>

struct tally {
    uint64_t group;
    struct retort_diff_word word;
};

struct tallies {
    struct tally *all;
    size_t n;
};

static void count_cause(struct tallies *tallies, const struct retort_diff_cause *cause)
{
    uint64_t group = diff_fold(cause->name, cause->n_places > 0);
    size_t i = 0;
    while (i < tallies->n && tallies->all[i].group != group)
        i++;
    if (i == tallies->n)
        tallies->all[tallies->n++] =
            (struct tally){group, {.name = cause->name, .is_word = cause->n_places > 0}};
    tallies->all[i].word.n_flips++;
    tallies->all[i].word.moved += cause->after - cause->before;
}

static int by_moved(const void *left, const void *right)
{
    const struct tally *a = left, *b = right;
    if (a->word.moved < b->word.moved || a->word.moved > b->word.moved)
        return a->word.moved > b->word.moved ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

static bool tell_drift(const struct diff_explainer *explainer, struct task *task,
                       struct drift *drift, struct retort_diff_drift *told,
                       struct retort_error *error)
{
    struct tallies tallies = {
        RETORT_NEW(explainer->arena, struct tally, drift->sample.n * RETORT_MOST_DECIDERS), 0};
    *told = (struct retort_diff_drift){
        .was = drift->was, .label = drift->label, .on = drift->on, .n = drift->n};
    diff_sort_flips(&drift->sample);
    for (; told->n_drawn < drift->sample.n; told->n_drawn++) {
        struct retort_diff_flip flip;
        if (!diff_explain(explainer, task, &drift->sample.all[told->n_drawn], false, &flip, error))
            return false;
        for (size_t c = 0; c < flip.n_causes; c++)
            count_cause(&tallies, &flip.causes[c]);
    }
    if (tallies.n)
        qsort(tallies.all, tallies.n, sizeof *tallies.all, by_moved);
    told->words = RETORT_NEW(explainer->arena, struct retort_diff_word, RETORT_MOST_DECIDERS);
    for (; told->n_words < tallies.n && told->n_words < RETORT_MOST_DECIDERS; told->n_words++)
        told->words[told->n_words] = tallies.all[told->n_words].word;
    return true;
}

static int by_number(const void *left, const void *right)
{
    const struct retort_diff_drift *a = left, *b = right;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    if (a->label != b->label)
        return a->label < b->label ? -1 : 1;
    return a->was != b->was ? (a->was < b->was ? -1 : 1) : (int)b->on - (int)a->on;
}

bool diff_tell_drifts(const struct diff_explainer *explainer, struct task *task,
                      struct retort_diff_task *told, struct retort_error *error)
{
    told->drifts = RETORT_NEW(explainer->arena, struct retort_diff_drift, task->n_drifts);
    for (; told->n_drifts < task->n_drifts; told->n_drifts++)
        if (!tell_drift(explainer, task, &task->drifts[told->n_drifts],
                        &told->drifts[told->n_drifts], error))
            return false;
    if (told->n_drifts)
        qsort(told->drifts, told->n_drifts, sizeof *told->drifts, by_number);
    return true;
}
