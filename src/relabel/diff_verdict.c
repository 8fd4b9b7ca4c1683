/* Verdict: better, worse, or it cannot be told, and why, in words. Decisions that no model has
 * learned from come first; where they cannot tell, a candidate's own cross-validation may.
 *
 * The test is at 5 %, and the interval over threads must leave no doubt of who leads. Labels are
 * looked at each by itself, too, as a rare one is lost in the sum: at 5 % over all of them together
 * (Holm 1979). When nothing can be told it is said what is missing. */
#include "relabel/diff.h"

#include <math.h>
#include <stdlib.h>

static const double LEVEL = 0.05;

const char *retort_better_name(enum retort_better verdict)
{
    static const char *const NAMES[] = {"cannot tell", "better", "worse"};
    return NAMES[verdict];
}

/* The test and the interval over threads must both say so. */
static enum retort_better verdict_of(const struct retort_concord *concord, double level)
{
    if (!(concord->p < level))
        return RETORT_CANNOT_TELL;
    return concord->lead.low > 0    ? RETORT_BETTER
           : concord->lead.high < 0 ? RETORT_WORSE
                                    : RETORT_CANNOT_TELL;
}

/* ---- labels ---- */

static int by_p(const void *left, const void *right)
{
    const struct retort_diff_label *a = *(struct retort_diff_label *const *)left;
    const struct retort_diff_label *b = *(struct retort_diff_label *const *)right;
    return (a->concord.p > b->concord.p) - (a->concord.p < b->concord.p);
}

/* Step down: the smallest p against 5 % ∕ m, the next against 5 % ∕ (m − 1), until one fails. */
static void judge_labels(struct retort_diff_task *task)
{
    struct retort_diff_label **order = retort_grow(NULL, task->n_labels + 1, sizeof *order);
    for (size_t i = 0; i < task->n_labels; i++)
        order[i] = &task->labels[i];
    qsort(order, task->n_labels, sizeof *order, by_p);
    for (size_t i = 0; i < task->n_labels; i++) {
        order[i]->verdict = verdict_of(&order[i]->concord, LEVEL / (double)(task->n_labels - i));
        if (order[i]->verdict == RETORT_CANNOT_TELL)
            break;
    }
    free(order);
}

/* ---- in words ---- */

static void put_share(struct retort_buffer *out, uint64_t n, const struct retort_share *share)
{
    retort_buffer_format(out, "%llu (", (unsigned long long)n);
    retort_buffer_fixed(out, 100 * share->value, 1);
    retort_buffer_text(out, " %, ");
    retort_buffer_fixed(out, 100 * share->low, 1);
    retort_buffer_text(out, "–");
    retort_buffer_fixed(out, 100 * share->high, 1);
    retort_buffer_text(out, ")");
}

static void put_p(struct retort_buffer *out, double p)
{
    retort_buffer_text(out, p < 0.0001 ? "p < " : "p = ");
    retort_buffer_fixed(out, fmax(p, 0.0001), 4);
}

/* How many decided comments could tell, were things to go on as they do; two digits, NaN: too many.
 */
static double enough(const struct retort_diff_task *task)
{
    const struct retort_concord *concord = &task->concord;
    for (double times = 1; times < 200; times *= 1.02) {
        double p = retort_share_mcnemar(times * (double)concord->only_before,
                                        times * (double)concord->only_after);
        double n = times * (double)concord->n, digits = pow(10, floor(log10(n)) - 1);
        if (p < LEVEL)
            return ceil(n / digits) * digits;
    }
    return (double)NAN;
}

static void put_numbers(struct retort_buffer *out, const struct retort_diff_task *task)
{
    const struct retort_concord *concord = &task->concord;
    retort_buffer_format(
        out, "Of %llu comments that people have decided%s the new answers are theirs for ",
        (unsigned long long)concord->n,
        task->random ? ", each weighed by the chance with which it was chosen," : "");
    put_share(out, concord->after_right, &concord->after);
    retort_buffer_text(out, ", the old ones for ");
    put_share(out, concord->before_right, &concord->before);
    if (concord->only_after + concord->only_before == 0) {
        retort_buffer_text(out, ". Neither is closer to them on any.");
        return;
    }
    retort_buffer_format(out, ". The new ones are closer to them on %llu, the old ones on %llu: ",
                         (unsigned long long)concord->only_after,
                         (unsigned long long)concord->only_before);
    put_p(out, concord->p);
    retort_buffer_text(out, " (McNemar, exact).");
}

static void put_labels(struct retort_buffer *out, const struct retort_diff_task *task,
                       enum retort_better verdict)
{
    bool first = true;
    for (size_t i = 0; i < task->n_labels; i++) {
        if (task->labels[i].verdict != verdict)
            continue;
        retort_buffer_text(out, !first                     ? ", "
                                : verdict == RETORT_BETTER ? " Better at "
                                                           : " Worse at ");
        retort_buffer_text(out, task->labels[i].name);
        first = false;
    }
    retort_buffer_text(out, first ? "" : ".");
}

/* Comments of one thread are no independent witnesses. */
static void put_threads(struct retort_buffer *out, const struct retort_concord *concord)
{
    if (concord->n_threads < 2) {
        retort_buffer_text(out, " But they are all of one thread, which speaks for no other.");
        return;
    }
    retort_buffer_format(out, " But over the %llu threads that they are of the lead may be from ",
                         (unsigned long long)concord->n_threads);
    retort_buffer_fixed(out, 100 * concord->lead.low, 1);
    retort_buffer_text(out, " to ");
    retort_buffer_fixed(out, 100 * concord->lead.high, 1);
    retort_buffer_text(out, " of 100.");
}

static void put_doubt(struct retort_buffer *out, const struct retort_diff_task *task)
{
    const struct retort_concord *concord = &task->concord;
    if (task->verdict != RETORT_CANNOT_TELL || concord->only_after + concord->only_before == 0)
        return;
    if (concord->p < LEVEL) {
        put_threads(out, concord);
        return;
    }
    double n = enough(task);
    retort_buffer_text(out, " Chance alone may do that.");
    if (!isnan(n) && n > (double)concord->n)
        retort_buffer_format(out, " Were it to go on so, about %.0f decided comments could tell.",
                             n);
}

/* What speaks for either side without merit. */
static void put_bias(struct retort_buffer *out, const struct retort_diff_task *task)
{
    if (!task->random)
        retort_buffer_text(out, " They are no random sample: where a queue brought first what the "
                                "old model doubts, they flatter the new one");
    if (task->n_kept > 0)
        retort_buffer_format(out,
                             "%s %llu times people had the old answer before them and left it, "
                             "which flatters the old one",
                             task->random ? "" : ";", (unsigned long long)task->n_kept);
    retort_buffer_text(out, task->random && task->n_kept == 0 ? "" : ".");
}

static void put_learned(struct retort_buffer *out, const struct retort_diff_task *task,
                        const struct diff_learned *learned)
{
    if (task->n_learned > 0)
        retort_buffer_format(out,
                             "%s%llu decided comment%s left out, as a model may have learned "
                             "from what was decided of %s.",
                             out->len ? " " : "", (unsigned long long)task->n_learned,
                             task->n_learned == 1 ? " is" : "s are",
                             task->n_learned == 1 ? "it" : "them");
    if (!learned->said.data)
        return;
    retort_buffer_text(out, out->len ? " " : "");
    retort_buffer_text(out, "Cross-validation, when the new model was made: ");
    retort_buffer_put(out, learned->said);
    retort_buffer_byte(out, '.');
}

static void put_reason(struct retort_buffer *out, const struct retort_diff_task *task)
{
    if (task->n_decided == 0)
        retort_buffer_text(out, "Nobody has decided any of these comments. Draw some at random and "
                                "decide them: `retort review --order random`.");
    else if (task->concord.n == 0 && task->n_learned < task->n_decided)
        retort_buffer_text(out, "None of the decided comments had an older answer.");
    if (task->concord.n == 0)
        return;
    put_numbers(out, task);
    put_doubt(out, task);
    put_labels(out, task, RETORT_BETTER);
    put_labels(out, task, RETORT_WORSE);
    put_bias(out, task);
}

void diff_give_verdict(struct retort_diff_task *task, const struct diff_learned *learned,
                       struct retort_arena *arena)
{
    struct retort_buffer reason = {0};
    task->verdict = verdict_of(&task->concord, LEVEL);
    judge_labels(task);
    put_reason(&reason, task);
    put_learned(&reason, task, learned);
    if (task->verdict == RETORT_CANNOT_TELL)
        task->verdict = learned->verdict;
    task->reason = retort_arena_copy(arena, retort_buffer_span(&reason));
    retort_buffer_release(&reason);
}
