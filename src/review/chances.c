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
 * Who skips what was drawn leaves a hole: those that were decided of a draw stand for it, too, and
 * the caller is told how many there are.
 *
 * Machines learn from all, what counts nothing as one comment of the many: it was chosen because it
 * tells something. Their weights are whole and capped, for a few heavy comments would be all that
 * is learned. Calibration and figures take the weights as they are. */
#include "review/lessons.h"

#include <math.h>
#include <stdlib.h>

/* ---- designs ---- */

static bool next_word(struct retort_span *rest, struct retort_span *word)
{
    size_t end = 0;
    while (end < rest->len && rest->data[end] != ' ')
        end++;
    *word = retort_span_slice(*rest, 0, end);
    *rest = retort_span_slice(*rest, end < rest->len ? end + 1 : end, rest->len);
    return word->len > 0;
}

bool lessons_is_whole(struct retort_span design, const char *task, bool only)
{
    const struct retort_span prefix = RETORT_SPAN("task=");
    struct retort_span word;
    bool named = false;
    while (next_word(&design, &word)) {
        bool is_task =
            retort_span_starts(word, prefix) &&
            retort_span_equal(retort_span_slice(word, prefix.len, word.len), retort_span_of(task));
        if (!is_task && !retort_span_equal(word, RETORT_SPAN("order=random")) &&
            !retort_span_starts(word, RETORT_SPAN("limit=")))
            return false;
        named |= is_task;
    }
    return named || only;
}

/* ---- draws ---- */

struct draw {
    int64_t id, begun; /* begun: its first decision */
    double population, n, share;
};

struct draws {
    struct draw *all; /* ascending by begun */
    double *after;    /* [n + 1] the shares of all from there on */
    size_t n;
};

static int by_draw(const void *left, const void *right)
{
    const struct lesson *a = *(const struct lesson *const *)left,
                        *b = *(const struct lesson *const *)right;
    if (a->decided.draw != b->decided.draw)
        return a->decided.draw < b->decided.draw ? -1 : 1;
    return a->decided.drawn < b->decided.drawn ? -1 : a->decided.drawn > b->decided.drawn;
}

static int by_begun(const void *left, const void *right)
{
    const struct draw *a = left, *b = right;
    return a->begun < b->begun ? -1 : a->begun > b->begun;
}

/* Each drawn item's own draw adds what it stands for there. */
static void weigh_draw(struct lesson **drawn, const struct draw *draw)
{
    for (size_t i = 0; i < (size_t)draw->n; i++)
        drawn[i]->weight += draw->share * fmax(draw->population / draw->n, 1);
}

static struct draws list_draws(struct lesson **drawn, size_t n, struct retort_arena *arena)
{
    struct draws draws = {.all = RETORT_NEW(arena, struct draw, n),
                          .after = RETORT_NEW(arena, double, n + 1)};
    if (n)
        qsort(drawn, n, sizeof *drawn, by_draw);
    for (size_t begin = 0, end; begin < n; begin = end) {
        const struct retort_decided *first = &drawn[begin]->decided;
        for (end = begin; end < n && drawn[end]->decided.draw == first->draw; end++)
            ;
        double n_decided = (double)(end - begin);
        struct draw *draw = &draws.all[draws.n++];
        *draw = (struct draw){first->draw, first->drawn, (double)first->population, n_decided,
                              n_decided / (double)n};
        weigh_draw(drawn + begin, draw);
    }
    if (draws.n)
        qsort(draws.all, draws.n, sizeof *draws.all, by_begun);
    for (size_t d = draws.n; d > 0; d--)
        draws.after[d - 1] = draws.after[d] + draws.all[d - 1].share;
    return draws;
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

static void weigh(struct lesson *all, size_t n, struct retort_lessons *lessons)
{
    struct retort_arena arena = {0};
    size_t n_drawn = 0;
    struct lesson **drawn = RETORT_NEW(&arena, struct lesson *, n);
    for (size_t i = 0; i < n; i++)
        if (all[i].is_drawn)
            drawn[n_drawn++] = &all[i];
    const struct draws draws = list_draws(drawn, n_drawn, &arena);
    for (size_t i = 0; i < n; i++)
        all[i].weight += drawn_after(&draws, all[i].decided.first);
    lessons->n_draws = draws.n;
    retort_arena_release(&arena);
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

void lessons_weigh(struct lesson *all, size_t n, struct retort_lessons *lessons)
{
    for (size_t i = 0; i < n; i++)
        lessons->n_drawn += all[i].is_drawn;
    lessons->weighed = lessons->n_drawn >= RETORT_LESSONS_ENOUGH_DRAWN;
    for (size_t i = 0; i < n; i++)
        all[i].weight = lessons->weighed ? 0 : 1;
    if (lessons->weighed)
        weigh(all, n, lessons);
    if (n == 0)
        return;
    count(all, n, lessons);
    copy(all, n, lessons);
}
