/* Decided: the old model and the new one, each held to people's last words.
 *
 * The comment is the unit, for its labels hang together: the model that errs in fewer of them is
 * closer to the person, and of the comments of which one is closer McNemar's test asks whether the
 * split is more than chance. Where a label is asked for alone it is the same test over the label.
 *
 * People do not decide on a random sample: a queue puts first what the old model doubts, which
 * makes it look worse, and accepting what is shown makes it look better. So where enough was drawn
 * at random only that counts, weighed; else all counts and the report says so. */
#include "relabel/diff.h"

#include <stdlib.h>

/* ---- reading ---- */

static bool add_judged(void *context, const struct retort_judgement *judgement,
                       struct retort_error *error)
{
    struct retort_diff *diff = context;
    (void)error;
    if (diff->n_judged == diff->judged_capacity) {
        diff->judged_capacity = diff->judged_capacity ? 2 * diff->judged_capacity : 256;
        diff->judged = retort_grow(diff->judged, diff->judged_capacity, sizeof *diff->judged);
    }
    struct judged *judged = &diff->judged[diff->n_judged++];
    *judged = (struct judged){
        .comment = judgement->comment,
        .target = retort_hash(judgement->target, 0),
        .task = diff_task(diff, judgement->task)->number,
        .decision = judgement->decision,
        .first = judgement->decision,
        .label = retort_arena_copy(&diff->arena, judgement->label),
    };
    if (judgement->shown.data)
        judged->shown = retort_arena_copy(&diff->arena, judgement->shown);
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct judged *a = left, *b = right;
    if (a->task != b->task)
        return a->task < b->task ? -1 : 1;
    if (a->comment != b->comment)
        return a->comment < b->comment ? -1 : 1;
    return (a->target > b->target) - (a->target < b->target);
}

static int by_time(const void *left, const void *right)
{
    const struct judged *a = left, *b = right;
    int order = by_item(a, b);
    return order ? order : (a->decision > b->decision) - (a->decision < b->decision);
}

bool diff_read_judged(struct retort_diff *diff, struct retort_error *error)
{
    size_t n = 0;
    if (!retort_store_each_judgement(diff->store, add_judged, diff, error))
        return false;
    if (diff->n_judged)
        qsort(diff->judged, diff->n_judged, sizeof *diff->judged, by_time);
    for (size_t i = 0; i < diff->n_judged; i++) {
        bool again = n > 0 && by_item(&diff->judged[n - 1], &diff->judged[i]) == 0;
        int64_t first = again ? diff->judged[n - 1].first : diff->judged[i].first;
        n -= again;
        diff->judged[n] = diff->judged[i];
        diff->judged[n++].first = first;
    }
    diff->n_judged = n;
    return true;
}

struct judged *diff_find_judged(const struct retort_diff *diff, const struct task *task,
                                const struct retort_change *change)
{
    const struct judged key = {
        .task = task->number, .comment = change->comment, .target = retort_hash(change->target, 0)};
    return diff->n_judged
               ? bsearch(&key, diff->judged, diff->n_judged, sizeof *diff->judged, by_item)
               : NULL;
}

/* ---- sets of labels ---- */

/* Which labels a JSON array names; the number of those that are none of the task's. */
static size_t read_set(const struct task *task, struct retort_span array, bool *said)
{
    struct retort_error ignored;
    struct retort_json *set = retort_json_parse(array, &ignored);
    size_t n_foreign = 0;
    memset(said, 0, task->n_labels * sizeof *said);
    for (size_t i = 0; i < retort_json_length(set); i++) {
        struct retort_span name = {0};
        size_t l = 0;
        retort_json_text(retort_json_at(set, i), &name);
        while (l < task->n_labels && !retort_span_equal(retort_span_of(task->names[l]), name))
            l++;
        if (l < task->n_labels)
            said[l] = true;
        n_foreign += l == task->n_labels;
    }
    retort_json_free(set);
    return n_foreign;
}

static size_t count_errors(const uint8_t *stands, const bool *said, size_t n)
{
    size_t n_errors = 0;
    for (size_t i = 0; i < n; i++)
        n_errors += (stands[i] == RETORT_ON) != said[i];
    return n_errors;
}

void diff_keep_stands(struct retort_diff *diff, const struct task *task, struct judged *judged)
{
    size_t n = task->n_labels;
    uint8_t *stands = retort_arena_room(&diff->arena, 2 * n, sizeof *stands);
    memcpy(stands, task->stands, 2 * n);
    judged->stands = stands;
    judged->n_stands = n;
    if (!judged->shown.data)
        return;
    bool *shown = retort_grow(NULL, n, sizeof *shown);
    judged->same_shown =
        read_set(task, judged->shown, shown) == 0 && count_errors(stands, shown, n) == 0;
    free(shown);
}

/* ---- who counts ---- */

struct jury {
    const struct task *task;
    struct judged *first, *end;      /* of the task */
    struct diff_sums whole, *labels; /* labels: [n_labels] */
    bool *said;                      /* [n_labels] */
};

static struct jury jury_of(const struct retort_diff *diff, const struct task *task,
                           struct retort_arena *arena)
{
    struct jury jury = {.task = task};
    size_t begin = 0, end;
    while (begin < diff->n_judged && diff->judged[begin].task < task->number)
        begin++;
    for (end = begin; end < diff->n_judged && diff->judged[end].task == task->number; end++)
        ;
    jury.first = diff->judged ? diff->judged + begin : NULL;
    jury.end = diff->judged ? diff->judged + end : NULL;
    jury.labels = RETORT_NEW(arena, struct diff_sums, task->n_labels);
    jury.said = RETORT_NEW(arena, bool, task->n_labels);
    return jury;
}

static bool weigh_jury(struct retort_diff *diff, const struct jury *jury, int64_t learned,
                       struct retort_diff_task *report, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_weights weights;
    bool read =
        retort_review_weights(diff->store, jury->task->name, learned, &arena, &weights, error);
    for (struct judged *judged = jury->first; judged < jury->end; judged++) {
        report->n_decided += judged->stands != NULL;
        report->n_learned += judged->stands && judged->first <= learned;
        judged->weight = 0;
    }
    for (size_t i = 0; read && i < weights.n; i++) {
        const struct retort_change item = {.comment = weights.all[i].comment,
                                           .target = weights.all[i].target};
        struct judged *judged = diff_find_judged(diff, jury->task, &item);
        if (judged) {
            judged->weight = weights.all[i].weight;
            judged->thread = weights.all[i].thread;
        }
    }
    report->random = read && weights.weighed;
    retort_arena_release(&arena);
    return read;
}

/* Of a label that a model was not asked for nothing is compared; a comment without an old answer
 * has no such label. */
static void count(struct jury *jury, const struct judged *judged, struct retort_diff_task *report)
{
    size_t n = judged->n_stands, n_asked = 0;
    const uint8_t *before = judged->stands, *after = judged->stands + n;
    size_t n_foreign = read_set(jury->task, judged->label, jury->said);
    for (size_t i = 0; i < n; i++) {
        if (before[i] == RETORT_UNASKED || after[i] == RETORT_UNASKED)
            continue;
        n_asked++;
        diff_add_errors(&jury->labels[i], (before[i] == RETORT_ON) != jury->said[i],
                        (after[i] == RETORT_ON) != jury->said[i], judged->weight);
    }
    if (n_asked == 0)
        return;
    size_t n_errors = n_foreign + count_errors(before, jury->said, n);
    report->n_kept += judged->same_shown && n_errors == 0;
    diff_add_errors(&jury->whole, n_errors, n_foreign + count_errors(after, jury->said, n),
                    judged->weight);
}

static int by_thread(const void *left, const void *right)
{
    const struct judged *a = *(const struct judged *const *)left,
                        *b = *(const struct judged *const *)right;
    if (a->thread != b->thread)
        return a->thread < b->thread ? -1 : 1;
    return (a->decision > b->decision) - (a->decision < b->decision);
}

static void end_thread(struct jury *jury)
{
    diff_end_thread(&jury->whole);
    for (size_t i = 0; i < jury->task->n_labels; i++)
        diff_end_thread(&jury->labels[i]);
}

static void count_all(struct jury *jury, struct retort_diff_task *report)
{
    struct retort_arena arena = {0};
    size_t n = 0, n_judged = (size_t)(jury->end - jury->first);
    const struct judged **counting = RETORT_NEW(&arena, const struct judged *, n_judged);
    for (size_t i = 0; i < n_judged; i++)
        if (jury->first[i].stands && jury->first[i].weight > 0)
            counting[n++] = &jury->first[i];
    if (n)
        qsort(counting, n, sizeof *counting, by_thread);
    for (size_t i = 0; i < n; i++) {
        count(jury, counting[i], report);
        if (i + 1 == n || counting[i + 1]->thread != counting[i]->thread)
            end_thread(jury);
    }
    retort_arena_release(&arena);
}

bool diff_judge(struct retort_diff *diff, const struct task *task, int64_t learned,
                struct retort_diff_task *report, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct jury jury = jury_of(diff, task, &arena);
    bool read = weigh_jury(diff, &jury, learned, report, error);
    if (read)
        count_all(&jury, report);
    report->concord = diff_concord(&jury.whole);
    for (size_t i = 0; i < task->n_labels; i++)
        report->labels[i].concord = diff_concord(&jury.labels[i]);
    retort_arena_release(&arena);
    return read;
}
