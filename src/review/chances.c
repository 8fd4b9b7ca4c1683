/* Chances: what a decided item stands for.
 *
 * An item that was drawn at random from N that waited, with n − 1 others that were decided, stands
 * for N ∕ n comments (Horvitz and Thompson 1952). What somebody chose — the head of a queue, a
 * search — was no chance and stands for itself, as long as nobody else speaks for it: what had been
 * decided before a draw did not wait and could not be drawn, so beside that draw it counts once;
 * what was chosen after the draw had been among the N, so what was drawn speaks for it, and it
 * counts nothing. Each draw d gives so an estimate of all comments without bias,
 *
 *     E_d = Σ (decided before d) + N_d ∕ n_d · Σ (drawn by d),
 *
 * and the mean of all draws, weighed by their n_d, is one, too. The server draws one comment at a
 * time: that is a thousand draws, and the same formula. Order is that of decisions' ids, for clocks
 * go backwards.
 *
 * A sample (sample.c) has drawn each of its items with a chance π of its own, and these are known
 * whether they are decided yet or not. They are served in random order, so each stretch of served
 * ones is a draw from what of the sample was open then, and what was decided of it before, however
 * that came, is known: the same formula again, within the sample, over y ∕ π. When nothing of it
 * is open any more, each stands for 1 ∕ π. An item may be in several samples.
 *
 * Who skips what was drawn leaves a hole: those that were decided of a draw stand for it, too, and
 * the caller is told how many there are.
 *
 * Machines learn from all, what counts nothing as one comment of the many: it was chosen because it
 * tells something. Their weights are whole and capped, for a few heavy comments would be all that
 * is learned. Calibration and figures take the weights as they are. */
#include "review/lessons.h"

#include <math.h>
#include <stdlib.h>

/* ---- draws ---- */

struct draw {
    int64_t begun;     /* what was decided before this decision could not be drawn */
    size_t begin, end; /* of the drawn, or of the samples */
    const struct lessons_sampled *sampled; /* [end]; NULL: of the drawn */
    double n, share;                       /* n: decided items */
    double open, served; /* of a sample: still waiting, decided as it was served */
};

struct draws {
    struct draw *all;
    double *after; /* [n + 1] the shares of all from there on, ascending by begun */
    size_t n, capacity;
    struct lesson **drawn; /* [n_drawn] by draw */
    struct lesson **items; /* [n_items] all, by comment */
    size_t n_drawn, n_items;
};

static int by_draw(const void *left, const void *right)
{
    const struct lesson *a = *(const struct lesson *const *)left,
                        *b = *(const struct lesson *const *)right;
    if (a->decided.draw != b->decided.draw)
        return a->decided.draw < b->decided.draw ? -1 : 1;
    return a->decided.drawn < b->decided.drawn ? -1 : a->decided.drawn > b->decided.drawn;
}

static int by_comment(const void *left, const void *right)
{
    const struct lesson *a = *(const struct lesson *const *)left,
                        *b = *(const struct lesson *const *)right;
    if (a->decided.comment != b->decided.comment)
        return a->decided.comment < b->decided.comment ? -1 : 1;
    return a->decided.decision < b->decided.decision ? -1
                                                     : a->decided.decision > b->decided.decision;
}

static int by_begun(const void *left, const void *right)
{
    const struct draw *a = left, *b = right;
    return a->begun < b->begun ? -1 : a->begun > b->begun;
}

static void add_draw(struct draws *draws, const struct draw *draw)
{
    if (draws->n == draws->capacity) {
        draws->capacity = draws->capacity ? 2 * draws->capacity : 64;
        draws->all = retort_grow(draws->all, draws->capacity, sizeof *draws->all);
    }
    draws->all[draws->n++] = *draw;
}

/* Draws of which only what was decided is known. */
static void list_drawn(struct draws *draws)
{
    if (draws->n_drawn)
        qsort(draws->drawn, draws->n_drawn, sizeof *draws->drawn, by_draw);
    for (size_t begin = 0, end; begin < draws->n_drawn; begin = end) {
        const struct retort_decided *first = &draws->drawn[begin]->decided;
        for (end = begin; end < draws->n_drawn && draws->drawn[end]->decided.draw == first->draw;
             end++)
            draws->drawn[end]->drawn = true;
        add_draw(draws, &(struct draw){.begun = first->drawn,
                                       .begin = begin,
                                       .end = end,
                                       .n = (double)(end - begin)});
    }
}

/* The first of the items with this comment; n_items: there is none. */
static size_t find_item(const struct draws *draws, int64_t comment)
{
    size_t low = 0, high = draws->n_items;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (draws->items[middle]->decided.comment < comment)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < draws->n_items && draws->items[low]->decided.comment == comment;
    return found ? low : draws->n_items;
}

static bool is_of(const struct draws *draws, size_t item, int64_t comment)
{
    return item < draws->n_items && draws->items[item]->decided.comment == comment;
}

/* Where none was served yet, nobody speaks for those that are open. What is decided, but no item
 * here, is left out as if it had never waited. */
static void list_sample(struct draws *draws, const struct lessons_sampled *sampled, size_t begin,
                        size_t end)
{
    struct draw draw = {
        .begun = sampled[begin].after + 1, .begin = begin, .end = end, .sampled = sampled};
    for (size_t s = begin; s < end; s++) {
        bool known = find_item(draws, sampled[s].comment) < draws->n_items;
        draw.open += !sampled[s].decided;
        draw.served += sampled[s].decided && sampled[s].served && known;
        draw.n += sampled[s].decided && known;
    }
    if (draw.n == 0 || (draw.served == 0 && draw.open > 0))
        return;
    for (size_t s = begin; s < end; s++) {
        size_t item = find_item(draws, sampled[s].comment);
        for (; sampled[s].decided && is_of(draws, item, sampled[s].comment); item++)
            draws->items[item]->drawn = true;
    }
    add_draw(draws, &draw);
}

static void list_samples(struct draws *draws, const struct lessons_samples *samples)
{
    for (size_t begin = 0, end; samples && begin < samples->n; begin = end) {
        for (end = begin; end < samples->n && samples->all[end].draw == samples->all[begin].draw;
             end++)
            ;
        list_sample(draws, samples->all, begin, end);
    }
}

static void list_items(struct draws *draws, struct lesson *all, size_t n)
{
    draws->drawn = retort_grow(NULL, n + 1, sizeof *draws->drawn);
    draws->items = retort_grow(NULL, n + 1, sizeof *draws->items);
    for (size_t i = 0; i < n; i++) {
        all[i].drawn = false;
        draws->items[draws->n_items++] = &all[i];
        if (all[i].is_drawn)
            draws->drawn[draws->n_drawn++] = &all[i];
    }
    if (n)
        qsort(draws->items, n, sizeof *draws->items, by_comment);
}

/* ---- weights ---- */

static void share_out(struct draws *draws)
{
    double sum = 0;
    if (draws->n)
        qsort(draws->all, draws->n, sizeof *draws->all, by_begun);
    for (size_t d = 0; d < draws->n; d++)
        sum += draws->all[d].n;
    draws->after = retort_grow(NULL, draws->n + 1, sizeof *draws->after);
    draws->after[draws->n] = 0;
    for (size_t d = draws->n; d > 0; d--) {
        draws->all[d - 1].share = draws->all[d - 1].n / sum;
        draws->after[d - 1] = draws->after[d] + draws->all[d - 1].share;
    }
}

static void weigh_drawn(const struct draws *draws, const struct draw *draw)
{
    double population = (double)draws->drawn[draw->begin]->decided.population;
    for (size_t i = draw->begin; i < draw->end; i++)
        draws->drawn[i]->weight += draw->share * fmax(population / draw->n, 1);
}

/* A decided item of a sample, and when it was. */
struct member {
    const struct lessons_sampled *sampled;
    int64_t first;
    size_t item;
    double stands; /* for so many of the sample */
};

static int by_first(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

static size_t list_members(const struct draws *draws, const struct draw *draw,
                           struct member *members)
{
    size_t n = 0;
    for (size_t s = draw->begin; s < draw->end; s++) {
        const struct lessons_sampled *sampled = &draw->sampled[s];
        size_t item = sampled->decided ? find_item(draws, sampled->comment) : draws->n_items;
        if (item < draws->n_items)
            members[n++] = (struct member){sampled, draws->items[item]->decided.first, item, 1};
    }
    if (n)
        qsort(members, n, sizeof *members, by_first);
    return n;
}

/* From the last stretch of served ones to the first: what was decided before counts once beside
 * it, its own stand for what was open. */
static void stand_for_open(struct member *members, size_t n, const struct draw *draw)
{
    double later = 0; /* the share of the stretches behind */
    for (size_t end = n, begin; end > 0; end = begin) {
        bool served = members[end - 1].sampled->served;
        for (begin = end; begin > 0 && members[begin - 1].sampled->served == served; begin--)
            ;
        double length = (double)(end - begin), share = served ? length / draw->served : 0;
        double open = draw->open + (double)(n - begin);
        for (size_t i = begin; i < end; i++)
            members[i].stands = later + share * open / length;
        later += share;
    }
}

/* Strata tell of the variance where one sample was decided to its end. */
static void weigh_sampled(const struct draws *draws, const struct draw *draw)
{
    struct member *members = retort_grow(NULL, draw->end - draw->begin, sizeof *members);
    size_t n = list_members(draws, draw, members);
    bool strata = draws->n == 1 && draw->open == 0;
    if (draw->open > 0)
        stand_for_open(members, n, draw);
    for (size_t i = 0; i < n; i++) {
        const struct lessons_sampled *sampled = members[i].sampled;
        double weight = draw->share * members[i].stands / sampled->probability;
        for (size_t item = members[i].item; is_of(draws, item, sampled->comment); item++) {
            draws->items[item]->weight += weight;
            draws->items[item]->stratum = strata ? sampled->stratum : 0;
        }
    }
    free(members);
}

/* The shares of the draws that began when the item was decided already. */
static double drawn_after(const struct draws *draws, int64_t first)
{
    size_t low = 0, high = draws->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (draws->all[middle].begun > first)
            high = middle;
        else
            low = middle + 1;
    }
    return draws->after[low];
}

static void weigh(struct lesson *all, size_t n, struct draws *draws)
{
    share_out(draws);
    for (size_t d = 0; d < draws->n; d++)
        if (draws->all[d].sampled)
            weigh_sampled(draws, &draws->all[d]);
        else
            weigh_drawn(draws, &draws->all[d]);
    for (size_t i = 0; i < n; i++)
        all[i].weight += drawn_after(draws, all[i].decided.first);
}

/* ---- what weights become ---- */

static void count(struct lesson *all, size_t n, struct retort_lessons *lessons)
{
    double sum = 0, squares = 0, counted = 0;
    for (size_t i = 0; i < n; i++) {
        sum += all[i].weight;
        squares += all[i].weight * all[i].weight;
        counted += all[i].weight > 0;
    }
    for (size_t i = 0; i < n; i++)
        all[i].counts = all[i].weight * counted / sum;
    lessons->n_counted = (size_t)counted;
    lessons->effective = squares > 0 ? sum * sum / squares : 0;
}

static void copy(struct lesson *all, size_t n, struct retort_lessons *lessons)
{
    double unit = INFINITY;
    for (size_t i = 0; i < n; i++)
        unit = fmin(unit, fmax(all[i].weight, 1));
    for (size_t i = 0; i < n; i++) {
        double copies = round(fmax(all[i].weight, 1) / unit);
        lessons->n_capped += copies > RETORT_LESSONS_MOST_COPIES;
        all[i].copies = (uint32_t)fmin(copies, RETORT_LESSONS_MOST_COPIES);
        if (all[i].copies > lessons->most_copies)
            lessons->most_copies = all[i].copies;
    }
}

void lessons_weigh(struct lesson *all, size_t n, const struct lessons_samples *samples,
                   struct retort_lessons *lessons)
{
    struct draws draws = {0};
    list_items(&draws, all, n);
    list_drawn(&draws);
    list_samples(&draws, samples);
    lessons->n_draws = draws.n;
    lessons->n_drawn = 0;
    for (size_t i = 0; i < n; i++)
        lessons->n_drawn += all[i].drawn;
    lessons->weighed = lessons->n_drawn >= RETORT_LESSONS_ENOUGH_DRAWN;
    for (size_t i = 0; i < n; i++)
        all[i].weight = lessons->weighed ? 0 : 1;
    if (lessons->weighed)
        weigh(all, n, &draws);
    if (n > 0) {
        count(all, n, lessons);
        copy(all, n, lessons);
    }
    free(draws.all);
    free(draws.after);
    free(draws.drawn);
    free(draws.items);
}
