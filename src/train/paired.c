/* Is the candidate better than the current model? Both are asked the same: each item that a person
 * has decided, the candidate out of fold.
 *
 * An item is right when all that was asked of it is. Items weigh what they count for; those of one
 * thread are right or wrong together, so the interval of the difference is that of a ratio over
 * threads that were drawn (Cochran 1977), with Student's t. Beside it stands the exact test of
 * McNemar (1947) on the items that one of the two alone has right. A verdict needs both: the
 * interval is too narrow where few items differ, the test knows nothing of threads. */
#include "train/paired.h"

#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

enum { FEW_ITEMS = 30 };
static const double RISK = 0.025; /* on each side */

/* ---- what was said ---- */

struct judged {
    const struct retort_dataset *dataset;
    const size_t *items; /* [n] the examples that judge */
    size_t n;
    bool *on[RETORT_N_PAIRED];    /* [n][n_labels] */
    bool *right[RETORT_N_PAIRED]; /* [n] */
};

static const struct retort_example *example_of(const struct judged *judged, size_t i)
{
    return &judged->dataset->examples[judged->items[i]];
}

static bool has_truth(const struct retort_example *example, size_t n_labels)
{
    size_t l = 0;
    while (l < n_labels && example->truth[l] == RETORT_UNKNOWN)
        l++;
    return l < n_labels;
}

static struct judged judged_of(const struct retort_dataset *dataset, struct retort_arena *arena)
{
    size_t n_labels = dataset->n_labels, n = 0;
    size_t *items = RETORT_NEW(arena, size_t, dataset->n_examples);
    for (size_t i = 0; i < dataset->n_examples; i++)
        if (dataset->examples[i].judges > 0 && has_truth(&dataset->examples[i], n_labels))
            items[n++] = i;
    struct judged judged = {.dataset = dataset, .items = items, .n = n};
    for (int m = 0; m < RETORT_N_PAIRED; m++) {
        judged.on[m] = RETORT_NEW(arena, bool, n *n_labels);
        judged.right[m] = RETORT_NEW(arena, bool, n);
    }
    return judged;
}

/* The data set's label by the model's: SIZE_MAX where it has none of that name. */
static size_t label_named(const struct retort_dataset *dataset, const char *name)
{
    for (size_t l = 0; l < dataset->n_labels; l++)
        if (strcmp(dataset->labels[l], name) == 0)
            return l;
    return SIZE_MAX;
}

static void ask_current(struct judged *judged, const struct retort_model *model)
{
    size_t n_labels = judged->dataset->n_labels;
    struct retort_labeller labeller;
    retort_labeller_init(&labeller);
    for (size_t i = 0; i < judged->n; i++) {
        struct retort_arena arena = {0};
        struct retort_verdict verdict;
        retort_label_item(&labeller, model, &example_of(judged, i)->item, &arena, &verdict);
        for (size_t m = 0; m < retort_model_n_labels(model); m++) {
            size_t l = label_named(judged->dataset, retort_model_label(model, m)->name);
            if (l != SIZE_MAX)
                judged->on[RETORT_CURRENT][i * n_labels + l] = verdict.scores[m].on;
        }
        retort_arena_release(&arena);
    }
    retort_labeller_release(&labeller);
}

static void ask_candidate(struct judged *judged, const struct retort_score *scores)
{
    size_t n_labels = judged->dataset->n_labels;
    for (size_t i = 0; i < judged->n; i++)
        for (size_t l = 0; l < n_labels; l++)
            judged->on[RETORT_CANDIDATE][i * n_labels + l] =
                scores[judged->items[i] * n_labels + l].on;
}

/* All that was asked of the item is as the person says. */
static bool is_right(const struct retort_example *example, const bool *on, size_t n_labels)
{
    for (size_t l = 0; l < n_labels; l++)
        if (example->truth[l] != RETORT_UNKNOWN && on[l] != (example->truth[l] == RETORT_YES))
            return false;
    return true;
}

static void judge(struct judged *judged)
{
    size_t n_labels = judged->dataset->n_labels;
    for (int m = 0; m < RETORT_N_PAIRED; m++)
        for (size_t i = 0; i < judged->n; i++)
            judged->right[m][i] =
                is_right(example_of(judged, i), judged->on[m] + i * n_labels, n_labels);
}

/* ---- shares ---- */

struct sums {
    double weight, squares;
};

static void add(struct sums *sums, double weight)
{
    sums->weight += weight;
    sums->squares += weight * weight;
}

/* As many equal ones as tell as much (Kish 1965). */
static double effective(const struct sums *sums)
{
    return sums->squares > 0 ? sums->weight * sums->weight / sums->squares : 0;
}

static void fill_shares(struct retort_pairing *pairing, const struct judged *judged)
{
    struct sums all = {0}, right[RETORT_N_PAIRED] = {{0}};
    for (size_t i = 0; i < judged->n; i++) {
        double weight = example_of(judged, i)->judges;
        add(&all, weight);
        for (int m = 0; m < RETORT_N_PAIRED; m++)
            if (judged->right[m][i])
                add(&right[m], weight);
    }
    double n = effective(&all);
    pairing->effective = n;
    for (int m = 0; m < RETORT_N_PAIRED; m++) {
        double share = all.weight > 0 ? right[m].weight / all.weight : (double)NAN;
        pairing->right[m] = (struct retort_interval){
            share, n > 0 ? retort_share_above(share * n, n, RISK) : (double)NAN,
            n > 0 ? retort_share_below(share * n, n, RISK) : (double)NAN};
    }
}

/* ---- the difference ---- */

static int difference_of(const struct judged *judged, size_t i)
{
    return (int)judged->right[RETORT_CANDIDATE][i] - (int)judged->right[RETORT_CURRENT][i];
}

/* The sum, over the groups, of the square of what its items' weights and distances from the mean
 * difference come to. */
static double spread(struct retort_pairing *pairing, const struct judged *judged,
                     struct retort_arena *arena)
{
    double sum = 0;
    uint32_t *numbers = retort_groups_number(judged->dataset, arena);
    double *groups = RETORT_NEW(arena, double, judged->dataset->n_examples);
    bool *is_there = RETORT_NEW(arena, bool, judged->dataset->n_examples);
    for (size_t i = 0; i < judged->n; i++) {
        size_t group = numbers[judged->items[i]];
        groups[group] +=
            example_of(judged, i)->judges * (difference_of(judged, i) - pairing->difference.value);
        pairing->n_groups += !is_there[group];
        is_there[group] = true;
    }
    for (size_t g = 0; g < judged->dataset->n_examples; g++)
        sum += groups[g] * groups[g];
    return sum;
}

static void fill_difference(struct retort_pairing *pairing, const struct judged *judged,
                            struct retort_arena *arena)
{
    double weight = 0, sum = 0;
    for (size_t i = 0; i < judged->n; i++) {
        weight += example_of(judged, i)->judges;
        sum += example_of(judged, i)->judges * difference_of(judged, i);
    }
    struct retort_interval *difference = &pairing->difference;
    *difference = (struct retort_interval){(double)NAN, (double)NAN, (double)NAN};
    if (!(weight > 0))
        return;
    difference->value = sum / weight;
    double squares = spread(pairing, judged, arena), n = (double)pairing->n_groups;
    if (n < 2)
        return;
    double error = sqrt(squares * n / (n - 1)) / weight;
    difference->low = fmax(-1, difference->value - retort_student(n - 1, RISK) * error);
    difference->high = fmin(1, difference->value + retort_student(n - 1, RISK) * error);
}

static void fill_test(struct retort_pairing *pairing, const struct judged *judged)
{
    struct sums only[RETORT_N_PAIRED] = {{0}}, both = {0};
    for (size_t i = 0; i < judged->n; i++) {
        int difference = difference_of(judged, i);
        if (difference == 0)
            continue;
        int model = difference > 0 ? RETORT_CANDIDATE : RETORT_CURRENT;
        pairing->only[model]++;
        add(&only[model], example_of(judged, i)->judges);
        add(&both, example_of(judged, i)->judges);
    }
    double unit = both.weight > 0 ? effective(&both) / both.weight : 0;
    pairing->p = retort_share_mcnemar(only[RETORT_CURRENT].weight * unit,
                                      only[RETORT_CANDIDATE].weight * unit);
}

/* ---- labels ---- */

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : (double)NAN;
}

static void fill_label(struct retort_pairing_label *row, const struct judged *judged, size_t label)
{
    size_t n_labels = judged->dataset->n_labels;
    double yes = 0, on[RETORT_N_PAIRED] = {0}, hit[RETORT_N_PAIRED] = {0};
    for (size_t i = 0; i < judged->n; i++) {
        const struct retort_example *example = example_of(judged, i);
        double weight = example->truth[label] == RETORT_UNKNOWN ? 0 : example->judges;
        bool is_yes = example->truth[label] == RETORT_YES;
        row->n_yes += is_yes;
        yes += is_yes ? weight : 0;
        for (int m = 0; m < RETORT_N_PAIRED; m++) {
            bool is_on = judged->on[m][i * n_labels + label];
            on[m] += is_on ? weight : 0;
            hit[m] += is_on && is_yes ? weight : 0;
        }
    }
    for (int m = 0; m < RETORT_N_PAIRED; m++) {
        row->precision[m] = ratio(hit[m], on[m]);
        row->recall[m] = ratio(hit[m], yes);
    }
}

void retort_pairing_fill(struct retort_pairing *pairing, const struct retort_dataset *dataset,
                         const struct retort_score *scores, const struct retort_model *current)
{
    struct retort_arena arena = {0};
    struct judged judged = judged_of(dataset, &arena);
    *pairing = (struct retort_pairing){.n_items = judged.n, .n_labels = dataset->n_labels};
    ask_current(&judged, current);
    ask_candidate(&judged, scores);
    judge(&judged);
    fill_shares(pairing, &judged);
    fill_difference(pairing, &judged, &arena);
    fill_test(pairing, &judged);
    pairing->labels = RETORT_NEW(&pairing->arena, struct retort_pairing_label, dataset->n_labels);
    for (size_t l = 0; l < dataset->n_labels; l++) {
        pairing->labels[l].name =
            retort_arena_string(&pairing->arena, retort_span_of(dataset->labels[l]));
        fill_label(&pairing->labels[l], &judged, l);
    }
    retort_arena_release(&arena);
}

void retort_pairing_release(struct retort_pairing *pairing)
{
    retort_arena_release(&pairing->arena);
}

/* ---- the verdict ---- */

enum retort_better retort_pairing_better(const struct retort_pairing *pairing)
{
    const struct retort_interval *difference = &pairing->difference;
    if (pairing->n_items < FEW_ITEMS || pairing->p >= 2 * RISK)
        return RETORT_CANNOT_TELL;
    return difference->low > 0    ? RETORT_BETTER
           : difference->high < 0 ? RETORT_WORSE
                                  : RETORT_CANNOT_TELL;
}

static void put_reason(const struct retort_pairing *pairing, struct retort_buffer *out)
{
    const struct retort_interval *difference = &pairing->difference;
    size_t n = pairing->only[RETORT_CURRENT] + pairing->only[RETORT_CANDIDATE];
    if (pairing->n_items < FEW_ITEMS)
        retort_buffer_format(out, "only %zu decided comments say something, %d are wanted",
                             pairing->n_items, FEW_ITEMS);
    else if (n == 0)
        retort_buffer_format(out, "both are right on the same of %zu decided comments",
                             pairing->n_items);
    else
        retort_buffer_format(out,
                             "%+.1f of 100 decided comments right (95 %%: %+.1f to %+.1f; McNemar "
                             "p = %.2g on the %zu that one model alone has right)",
                             100 * difference->value, 100 * difference->low, 100 * difference->high,
                             pairing->p, n);
}

void retort_pairing_verdict(const struct retort_pairing *pairing, struct retort_buffer *out)
{
    static const char *const WORDS[] = {
        "cannot tell: ", "the candidate is better: ", "the candidate is worse: "};
    retort_buffer_text(out, WORDS[retort_pairing_better(pairing)]);
    put_reason(pairing, out);
}

/* ---- JSON ---- */

static void put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    if (isfinite(value))
        retort_buffer_number(out, value);
    else
        retort_buffer_text(out, "null");
}

static void put_interval(struct retort_buffer *out, const char *key,
                         const struct retort_interval *interval)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '{');
    put_number(out, "value", interval->value);
    put_number(out, "low", interval->low);
    put_number(out, "high", interval->high);
    retort_buffer_byte(out, '}');
}

static void put_label(struct retort_buffer *out, const struct retort_pairing_label *label)
{
    static const char *const PRECISION[] = {"current_precision", "candidate_precision"};
    static const char *const RECALL[] = {"current_recall", "candidate_recall"};
    retort_json_key(out, label->name);
    retort_buffer_format(out, "{\"n_yes\":%zu", label->n_yes);
    for (int m = 0; m < RETORT_N_PAIRED; m++) {
        put_number(out, PRECISION[m], label->precision[m]);
        put_number(out, RECALL[m], label->recall[m]);
    }
    retort_buffer_byte(out, '}');
}

void retort_pairing_json(const struct retort_pairing *pairing, struct retort_buffer *out)
{
    retort_buffer_format(out, "{\"items\":%zu,\"threads\":%zu", pairing->n_items,
                         pairing->n_groups);
    put_number(out, "effective_items", pairing->effective);
    put_interval(out, "current_right", &pairing->right[RETORT_CURRENT]);
    put_interval(out, "candidate_right", &pairing->right[RETORT_CANDIDATE]);
    put_interval(out, "difference", &pairing->difference);
    retort_buffer_format(out, ",\"only_current_right\":%zu,\"only_candidate_right\":%zu",
                         pairing->only[RETORT_CURRENT], pairing->only[RETORT_CANDIDATE]);
    put_number(out, "mcnemar_p", pairing->p);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '{');
    for (size_t l = 0; l < pairing->n_labels; l++)
        put_label(out, &pairing->labels[l]);
    retort_buffer_text(out, "}}");
}
