/* Which link a label gets: each is fitted on all folds but one and loses its log loss on that one;
 * the one that loses least is fitted again on all. */
#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

static const double LEAST_P = 1e-15; /* no case loses more than 35 */

bool retort_work_counts(const struct retort_work *w, size_t example, size_t label)
{
    return w->c->fold[example] != w->c->leave_out &&
           retort_dataset_counts(w->c->dataset, &w->c->dataset->examples[example], label) &&
           isfinite(w->c->margins[example * w->n_labels + label]);
}

double retort_work_weight(const struct retort_work *w, size_t example, size_t label)
{
    return retort_dataset_weight(w->c->dataset, &w->c->dataset->examples[example], label);
}

bool retort_work_is_yes(const struct retort_work *w, size_t example, size_t label)
{
    return w->c->dataset->examples[example].truth[label] == RETORT_YES;
}

/* ---- groups ---- */

struct grouped {
    struct retort_span group;
    size_t example;
};

static int by_group(const void *a, const void *b)
{
    const struct grouped *x = a, *y = b;
    int order = retort_span_compare(x->group, y->group);
    return order ? order : (x->example > y->example) - (x->example < y->example);
}

uint32_t *retort_groups_number(const struct retort_dataset *dataset, struct retort_arena *arena)
{
    size_t n = dataset->n_examples;
    uint32_t *numbers = RETORT_NEW(arena, uint32_t, n), number = 0;
    struct grouped *grouped = retort_grow(NULL, n, sizeof *grouped);
    for (size_t i = 0; i < n; i++)
        grouped[i] = (struct grouped){dataset->examples[i].group, i};
    qsort(grouped, n, sizeof *grouped, by_group);
    for (size_t i = 0; i < n; i++) {
        number += i > 0 && !retort_span_equal(grouped[i].group, grouped[i - 1].group);
        numbers[grouped[i].example] = number;
    }
    free(grouped);
    return numbers;
}

/* ---- one label's cases ---- */

static int by_margin(const void *a, const void *b)
{
    const struct retort_case *x = a, *y = b;
    if (x->margin != y->margin)
        return x->margin < y->margin ? -1 : 1;
    if (x->yes != y->yes)
        return (int)x->yes - (int)y->yes;
    return x->fold != y->fold ? (int)x->fold - (int)y->fold
                              : (x->weight > y->weight) - (x->weight < y->weight);
}

static void gather(struct retort_work *w, size_t l)
{
    size_t n = 0;
    for (size_t i = 0; i < w->c->dataset->n_examples; i++)
        n += retort_work_counts(w, i, l);
    struct retort_case *cases = RETORT_NEW(&w->arena, struct retort_case, n);
    n = 0;
    for (size_t i = 0; i < w->c->dataset->n_examples; i++)
        if (retort_work_counts(w, i, l))
            cases[n++] = (struct retort_case){w->c->margins[i * w->n_labels + l],
                                              retort_work_weight(w, i, l), w->c->fold[i],
                                              retort_work_is_yes(w, i, l)};
    qsort(cases, n, sizeof *cases, by_margin);
    w->cases[l] = cases;
    w->n_cases[l] = n;
}

/* ---- links ---- */

/* Platt's slope begins where the label's last fit left it, and ends where its cases want it. */
static void fit_label(struct retort_work *w, size_t l, enum retort_link link)
{
    struct retort_label *label = &w->labels[l];
    size_t n = 0;
    for (size_t i = 0; i < w->n_cases[l]; i++)
        if (w->cases[l][i].fold != w->also_out)
            w->part[n++] = w->cases[l][i];
    label->link = link;
    label->curve = (struct retort_curve){0};
    if (link == RETORT_PLATT) {
        retort_platt_refit(w->part, n, &label->platt_a, &label->platt_b);
        return;
    }
    label->platt_a = RETORT_FLATTEST;
    label->platt_b = 0;
    retort_isotonic_fit(w->part, n, &label->curve);
}

static void fit_softmax(struct retort_work *w)
{
    size_t n_examples = w->c->dataset->n_examples, n = 0;
    double *margins = retort_grow(NULL, n_examples * w->n_labels, sizeof *margins);
    double *weights = retort_grow(NULL, n_examples, sizeof *weights);
    size_t *truth = retort_grow(NULL, n_examples, sizeof *truth);
    for (size_t i = 0; i < n_examples; i++) {
        bool all = w->c->fold[i] != w->also_out;
        for (size_t l = 0; all && l < w->n_labels; l++) {
            all = retort_work_counts(w, i, l);
            margins[n * w->n_labels + l] = w->c->margins[i * w->n_labels + l];
            truth[n] = retort_work_is_yes(w, i, l) ? l : truth[n];
        }
        weights[n] = all ? retort_work_weight(w, i, truth[n]) : 0; /* else no truth was noted */
        n += all;
    }
    const struct retort_joint joint = {margins, truth, weights, n, w->n_labels};
    for (size_t l = 0; l < w->n_labels; l++)
        w->labels[l].link = RETORT_SOFTMAX;
    retort_softmax_fit(&joint, w->labels);
    free(margins);
    free(weights);
    free(truth);
}

static void fit_labels(struct retort_work *w, enum retort_link link)
{
    if (link == RETORT_SOFTMAX)
        fit_softmax(w);
    for (size_t l = 0; link != RETORT_SOFTMAX && l < w->n_labels; l++)
        fit_label(w, l, link);
}

size_t retort_work_decide(const struct retort_work *w, size_t example, struct retort_score *scores)
{
    size_t label;
    for (size_t l = 0; l < w->n_labels; l++)
        scores[l].margin = w->c->margins[example * w->n_labels + l];
    retort_decide(w->labels, w->n_labels, w->c->dataset->choice, scores, &label);
    return label;
}

/* ---- which link is best ---- */

struct loss {
    double sum, weight;
};

static void add_loss(struct loss *loss, double p_of_truth, double weight)
{
    loss->sum -= weight * log(fmax(p_of_truth, LEAST_P));
    loss->weight += weight;
}

/* Of a label of an any-of task, on the fold that its fit left out. */
static void lose_any_of(struct retort_work *w, size_t l, struct loss *loss)
{
    for (size_t i = 0; i < w->n_cases[l]; i++) {
        const struct retort_case *one = &w->cases[l][i];
        struct retort_score score = {.margin = one->margin};
        size_t ignored;
        if (one->fold != w->also_out)
            continue;
        retort_decide(&w->labels[l], 1, RETORT_ANY_OF, &score, &ignored);
        add_loss(loss, one->yes ? score.p : 1 - score.p, one->weight);
    }
}

static void lose_one_of(struct retort_work *w, struct loss *loss)
{
    for (size_t i = 0; i < w->c->dataset->n_examples; i++) {
        if (w->c->fold[i] != w->also_out)
            continue;
        retort_work_decide(w, i, w->scores);
        for (size_t l = 0; l < w->n_labels; l++)
            if (retort_work_is_yes(w, i, l) && retort_work_counts(w, i, l))
                add_loss(loss, w->scores[l].p, retort_work_weight(w, i, l));
    }
}

/* The mean log loss of a link over the folds; l SIZE_MAX: of all labels together. */
static double loss_of_link(struct retort_work *w, size_t l, enum retort_link link)
{
    struct loss loss = {0};
    for (size_t fold = 0; fold < w->n_folds; fold++) {
        if (fold == w->c->leave_out)
            continue;
        w->also_out = fold;
        if (l == SIZE_MAX) {
            fit_labels(w, link);
            lose_one_of(w, &loss);
        } else {
            fit_label(w, l, link);
            lose_any_of(w, l, &loss);
        }
    }
    w->also_out = SIZE_MAX;
    return loss.weight > 0 ? loss.sum / loss.weight : (double)NAN;
}

/* Folds that hold something to look at; with one alone nothing can be measured. */
static size_t folds_left(const struct retort_work *w)
{
    bool seen[UINT8_MAX + 1] = {false};
    size_t n = 0;
    for (size_t i = 0; i < w->c->dataset->n_examples; i++) {
        n += w->c->fold[i] != w->c->leave_out && !seen[w->c->fold[i]];
        seen[w->c->fold[i]] = true;
    }
    return n;
}

static enum retort_link best_link(struct retort_work *w, size_t l, size_t n_links)
{
    enum retort_link best = RETORT_PLATT;
    double least = INFINITY;
    for (size_t link = 0; link < RETORT_N_LINKS; link++) {
        bool tried = link < n_links && folds_left(w) > 1;
        double loss = tried ? loss_of_link(w, l, (enum retort_link)link) : (double)NAN;
        for (size_t i = 0; w->c->losses && i < w->n_labels; i++)
            if (l == i || l == SIZE_MAX)
                w->c->losses[i * RETORT_N_LINKS + link] = loss;
        if (loss < least) {
            least = loss;
            best = (enum retort_link)link;
        }
    }
    return best;
}

void retort_work_link(struct retort_work *w)
{
    bool one_of = w->c->dataset->choice == RETORT_ONE_OF;
    w->cases = RETORT_NEW(&w->arena, struct retort_case *, w->n_labels);
    w->n_cases = RETORT_NEW(&w->arena, size_t, w->n_labels);
    w->part = RETORT_NEW(&w->arena, struct retort_case, w->c->dataset->n_examples);
    for (size_t l = 0; l < w->n_labels; l++) {
        gather(w, l);
        w->labels[l].platt_a = RETORT_FLATTEST;
    }
    if (one_of)
        fit_labels(w, best_link(w, SIZE_MAX, RETORT_N_LINKS));
    for (size_t l = 0; !one_of && l < w->n_labels; l++)
        fit_label(w, l, best_link(w, l, RETORT_SOFTMAX));
}
