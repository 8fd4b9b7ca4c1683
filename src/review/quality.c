/* Quality: what the model said against what people said, label by label.
 *
 * Each item counts by the last word on it. What people work off a queue is no random sample: a
 * queue puts first what the model doubts, so the model looks worse there than it is. Where enough
 * items of a task were drawn at random from all that waited for it, only these count, each weighed
 * by what it stands for (Horvitz and Thompson 1952; chances.c); else all count alike, and the
 * figures say that they are of worked-off items.
 *
 * Intervals are exact ones of Clopper and Pearson (1934); weights enter as the effective number of
 * cases (Σw)² ∕ Σw² (Kish 1965), after Korn and Graubard (1998). */
#include "review/words.h"

#include <math.h>
#include <stdlib.h>

enum { ENOUGH_DRAWN = 30 };
static const double RISK = 0.025; /* on each side */

/* ---- who says what ---- */

/* What the model and the last person said, and how often. */
struct pair {
    uint32_t shown, label;
    uint64_t n;
    double weight, squares; /* Σw, Σw² */
};

struct pairs {
    struct pair *all;
    size_t n_pairs;
    bool random;
};

static int by_item(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return a->decision < b->decision ? -1 : a->decision > b->decision;
}

/* Is it the last word on its item? Words stand by item, then by time. */
static bool is_last(const struct words *words, size_t at)
{
    return at + 1 == words->n_words || words->all[at + 1].item != words->all[at].item;
}

static int by_sets(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->shown != b->shown)
        return a->shown < b->shown ? -1 : 1;
    return a->label < b->label ? -1 : a->label > b->label;
}

static void merge_pairs(struct pairs *pairs)
{
    size_t n = 0;
    qsort(pairs->all, pairs->n_pairs, sizeof *pairs->all, by_sets);
    for (size_t i = 0; i < pairs->n_pairs; i++) {
        struct pair *last = &pairs->all[n > 0 ? n - 1 : 0];
        if (n == 0 || by_sets(last, &pairs->all[i]) != 0) {
            pairs->all[n++] = pairs->all[i];
            continue;
        }
        last->n += pairs->all[i].n;
        last->weight += pairs->all[i].weight;
        last->squares += pairs->all[i].squares;
    }
    pairs->n_pairs = n;
}

/* The last word on an item of the task, on what a model had said. */
static bool counts(const struct words *words, size_t at, uint32_t task)
{
    const struct word *word = &words->all[at];
    return word->task == task && word->shown != NO_TEXT && is_last(words, at);
}

static int by_decision(const void *key, const void *weight)
{
    int64_t decision = *(const int64_t *)key;
    const struct retort_weight *at = weight;
    return decision < at->decision ? -1 : decision > at->decision;
}

/* What the word's item stands for; 0: it was not drawn. Weights ascend by decision. */
static double weight_of(const struct word *word, const struct retort_weights *weights)
{
    const struct retort_weight *weight =
        weights->n
            ? bsearch(&word->decision, weights->all, weights->n, sizeof *weights->all, by_decision)
            : NULL;
    return weight && weight->drawn ? weight->weight : 0;
}

static bool enough_drawn(const struct words *words, uint32_t task,
                         const struct retort_weights *weights)
{
    size_t n_drawn = 0;
    for (size_t i = 0; i < words->n_words && weights->weighed; i++)
        n_drawn += counts(words, i, task) && weight_of(&words->all[i], weights) > 0;
    return n_drawn >= ENOUGH_DRAWN;
}

static void count_pairs(const struct words *words, uint32_t task,
                        const struct retort_weights *weights, struct pairs *pairs)
{
    pairs->random = enough_drawn(words, task, weights);
    pairs->all = retort_grow(NULL, words->n_words + 1, sizeof *pairs->all);
    for (size_t i = 0; i < words->n_words; i++) {
        const struct word *word = &words->all[i];
        if (!counts(words, i, task))
            continue;
        double weight = pairs->random ? weight_of(word, weights) : 1;
        if (weight > 0)
            pairs->all[pairs->n_pairs++] =
                (struct pair){word->shown, word->label, 1, weight, weight * weight};
    }
    merge_pairs(pairs);
}

/* ---- labels ---- */

/* The labels that a set of the pairs has, each once. */
struct names {
    struct retort_span *all;
    size_t n_names, capacity;
    struct retort_arena *arena;
};

static void add_name(struct names *names, struct retort_span name)
{
    for (size_t i = 0; i < names->n_names; i++)
        if (retort_span_equal(names->all[i], name))
            return;
    if (names->n_names == names->capacity) {
        names->capacity = names->capacity ? 2 * names->capacity : 16;
        names->all = retort_grow(names->all, names->capacity, sizeof *names->all);
    }
    names->all[names->n_names++] = retort_arena_copy(names->arena, name);
}

static void add_names(struct names *names, struct retort_span set)
{
    struct retort_error ignored;
    struct retort_span name;
    struct retort_json *list = retort_json_parse(set, &ignored);
    for (size_t i = 0; i < retort_json_length(list); i++)
        if (retort_json_text(retort_json_at(list, i), &name))
            add_name(names, name);
    retort_json_free(list);
}

static int by_name(const void *left, const void *right)
{
    return retort_span_compare(*(const struct retort_span *)left,
                               *(const struct retort_span *)right);
}

/* Sets hold their names quoted and escaped in one way, so a name is found as it is written. */
static bool has(struct retort_span set, struct retort_span quoted)
{
    for (size_t at = 1; at + quoted.len < set.len; at++)
        if (set.data[at] == '"' && (set.data[at - 1] == '[' || set.data[at - 1] == ',') &&
            memcmp(set.data + at, quoted.data, quoted.len) == 0)
            return true;
    return false;
}

/* ---- shares ---- */

struct sums {
    uint64_t n;
    double weight, squares;
};

static void add_sum(struct sums *sums, const struct pair *pair)
{
    sums->n += pair->n;
    sums->weight += pair->weight;
    sums->squares += pair->squares;
}

static struct retort_share share_of(double hits, const struct sums *of)
{
    if (!(of->weight > 0))
        return (struct retort_share){(double)NAN, (double)NAN, (double)NAN};
    double value = fmin(hits / of->weight, 1);
    double n = of->weight * of->weight / of->squares;
    return (struct retort_share){value, retort_share_above(value * n, n, RISK),
                                 retort_share_below(value * n, n, RISK)};
}

static struct retort_quality judge_label(const struct words *words, const struct pairs *pairs,
                                         struct retort_span name)
{
    struct retort_quality quality = {.label = name, .random = pairs->random};
    struct sums model = {0}, human = {0}, both = {0};
    struct retort_buffer quoted = {0};
    retort_json_put(&quoted, name);
    for (size_t i = 0; i < pairs->n_pairs; i++) {
        const struct pair *pair = &pairs->all[i];
        bool shown = has(words->texts[pair->shown], retort_buffer_span(&quoted));
        bool said = has(words->texts[pair->label], retort_buffer_span(&quoted));
        quality.judged += pair->n;
        if (shown)
            add_sum(&model, pair);
        if (said)
            add_sum(&human, pair);
        if (shown && said)
            add_sum(&both, pair);
    }
    retort_buffer_release(&quoted);
    quality.model = model.n;
    quality.human = human.n;
    quality.both = both.n;
    quality.precision = share_of(both.weight, &model);
    quality.recall = share_of(both.weight, &human);
    return quality;
}

void words_judge(struct words *words, uint32_t task, const struct retort_weights *weights,
                 struct retort_arena *arena, struct retort_statistics *statistics)
{
    struct pairs pairs = {0};
    struct names names = {.arena = arena};
    if (words->n_words)
        qsort(words->all, words->n_words, sizeof *words->all, by_item);
    count_pairs(words, task, weights, &pairs);
    for (size_t i = 0; i < pairs.n_pairs; i++) {
        add_names(&names, words->texts[pairs.all[i].shown]);
        add_names(&names, words->texts[pairs.all[i].label]);
    }
    if (names.n_names)
        qsort(names.all, names.n_names, sizeof *names.all, by_name);
    struct retort_quality *rows =
        RETORT_NEW(arena, struct retort_quality, statistics->n_quality + names.n_names);
    if (statistics->n_quality)
        memcpy(rows, statistics->quality, statistics->n_quality * sizeof *rows);
    for (size_t i = 0; i < names.n_names; i++) {
        rows[statistics->n_quality] = judge_label(words, &pairs, names.all[i]);
        rows[statistics->n_quality++].task = retort_arena_copy(arena, words->texts[task]);
    }
    statistics->quality = rows;
    free(pairs.all);
    free(names.all);
}
