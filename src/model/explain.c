/* Why a margin is what it is, in the reader's own words.
 *
 * A linear margin is a sum already, but over features: overlapping n-grams of words and pieces of
 * words, which nobody reads. So every contribution is shared out to the words it stands on: the
 * comment is cut into words (the shortest that any term of the bag stands on), a feature's
 * contribution is split evenly over its places and each place's part over the words there. A word
 * then has one number, and words that work together become a phrase. A cue that counts words
 * ("swear") stands on these; a margin of a base model is a sum over words itself, and goes to them
 * by the chain rule; what stands on none (length, a bias, the parent's words) keeps the feature's
 * name. The sum is the margin; what sharing out loses in the last bits is said and not hidden. */
#include "model/explain.h"

#include <math.h>
#include <stdlib.h>

/* ---- the words of a comment ---- */

/* A word begins where a term begins, known or not, and ends where the shortest such term ends, or
 * where the next one begins. */
static struct words find_words(const struct retort_bag *const bags[2], struct retort_arena *arena)
{
    struct words words = {0};
    uint32_t last = 0;
    for (size_t b = 0; b < 2; b++)
        for (size_t t = 0; bags[b] && t < bags[b]->n_terms; t++)
            last = bags[b]->terms[t].end > last ? bags[b]->terms[t].end : last;
    uint32_t *ends = RETORT_NEW(arena, uint32_t, (size_t)last + 1);
    for (size_t b = 0; b < 2; b++)
        for (size_t t = 0; bags[b] && t < bags[b]->n_terms; t++) {
            const struct retort_term *term = &bags[b]->terms[t];
            if (term->end > term->begin && (!ends[term->begin] || term->end < ends[term->begin]))
                ends[term->begin] = term->end;
        }
    words.words = RETORT_NEW(arena, struct word, (size_t)last + 1);
    words.at = RETORT_NEW(arena, uint32_t, (size_t)last + 1);
    for (uint32_t at = 0; at < last; at++) {
        if (!ends[at])
            continue;
        struct word *before = words.n ? &words.words[words.n - 1] : NULL;
        if (before && before->end > at)
            before->end = at;
        words.at[at] = (uint32_t)words.n;
        words.words[words.n++] = (struct word){at, ends[at]};
    }
    return words;
}

/* The words a term stands on: from the one returned, n_covered of them. */
static size_t words_of(const struct words *words, const struct retort_term *term, size_t *n_covered)
{
    size_t first = words->at[term->begin], end = first;
    while (end < words->n && words->words[end].begin < term->end)
        end++;
    *n_covered = end - first;
    return first;
}

/* ---- the features of a comment ---- */

struct place {
    uint32_t feature, entry;
};

static int by_feature(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

static struct place *places_of(const struct reading *reading)
{
    struct place *places = RETORT_NEW(reading->arena, struct place, reading->n_entries);
    for (uint32_t e = 0; e < reading->n_entries; e++)
        places[e] = (struct place){reading->entries[e].feature, e};
    if (reading->n_entries)
        qsort(places, reading->n_entries, sizeof *places, by_feature);
    return places;
}

static uint32_t find_entry(const struct place *places, size_t n, uint32_t feature)
{
    const struct place wanted = {.feature = feature};
    const struct place *found = n ? bsearch(&wanted, places, n, sizeof *places, by_feature) : NULL;
    return found ? found->entry : NO_ENTRY;
}

static void find_terms(struct reading *reading)
{
    const struct retort_bag *bag = reading->bag;
    const struct place *places = places_of(reading);
    reading->entry_of = RETORT_NEW(reading->arena, uint32_t, bag->n_terms);
    reading->n_places = RETORT_NEW(reading->arena, uint32_t, reading->n_entries);
    reading->stands = RETORT_NEW(reading->arena, bool, reading->n_entries);
    for (size_t t = 0; t < bag->n_terms; t++) {
        const struct retort_term *term = &bag->terms[t];
        uint32_t entry = find_entry(places, reading->n_entries,
                                    retort_dictionary_find(&reading->model->dictionary, term->key));
        reading->entry_of[t] = entry;
        if (entry == NO_ENTRY)
            continue;
        reading->n_places[entry]++;
        reading->stands[entry] |= term->end > term->begin;
    }
}

static double contribution_of(const struct reading *reading, size_t entry, size_t label)
{
    return retort_model_weight(reading->model, reading->entries[entry].feature, label) *
           (double)reading->entries[entry].value;
}

/* ---- sharing out ---- */

static struct shares share_out(const struct reading *reading, size_t label)
{
    struct shares shares = {RETORT_NEW(reading->arena, double, reading->words->n),
                            RETORT_NEW(reading->arena, double, reading->words->n)};
    for (size_t t = 0; t < reading->bag->n_terms; t++) {
        const struct retort_term *term = &reading->bag->terms[t];
        uint32_t entry = reading->entry_of[t];
        if (entry == NO_ENTRY || !reading->stands[entry] || term->end <= term->begin)
            continue;
        size_t n, first = words_of(reading->words, term, &n);
        double here = contribution_of(reading, entry, label) / reading->n_places[entry] / (double)n;
        for (size_t i = 0; i < n; i++)
            shares.words[first + i] += here;
        for (size_t i = 0; i + 1 < n; i++)
            shares.shared[first + i] += 2 * here;
    }
    return shares;
}

/* What an entry adds to the margin for each unit of the base's margin that it is made of. */
static double slope_of(const struct reading *reading, size_t entry, size_t label)
{
    return contribution_of(reading, entry, label) / reading->base->margins[reading->stacked[entry]];
}

/* The chain rule: slope times what the words add to the base's margin. */
static void share_out_stacked(const struct reading *reading, size_t label, struct shares *shares)
{
    for (size_t e = 0; reading->base && e < reading->n_entries; e++) {
        if (reading->stacked[e] == NO_ENTRY)
            continue;
        const struct shares *of = &reading->base_shares[reading->stacked[e]];
        double slope = slope_of(reading, e, label);
        for (size_t i = 0; i < reading->words->n; i++) {
            shares->words[i] += slope * of->words[i];
            shares->shared[i] += slope * of->shared[i];
        }
    }
}

/* What an entry adds that stands on no word. */
static double left_over(const struct reading *reading, size_t entry, size_t label)
{
    double left = contribution_of(reading, entry, label);
    if (!reading->base || reading->stacked[entry] == NO_ENTRY)
        return left;
    const struct shares *of = &reading->base_shares[reading->stacked[entry]];
    double slope = slope_of(reading, entry, label);
    for (size_t i = 0; i < reading->words->n; i++)
        left -= slope * of->words[i];
    return left;
}

/* ---- a label's sum ---- */

static bool is_phrase(const struct shares *shares, size_t i)
{
    double both = shares->words[i] + shares->words[i + 1];
    return shares->words[i] * shares->words[i + 1] > 0 && shares->shared[i] * both > 0 &&
           fabs(shares->shared[i]) > fabs(both) / 2;
}

static void add_cause(struct retort_explanation *explanation, struct retort_cause cause)
{
    if (cause.contribution != 0)
        explanation->causes[explanation->n_causes++] = cause;
}

static void add_words(const struct reading *reading, const struct shares *shares,
                      struct retort_explanation *explanation)
{
    const struct words *words = reading->words;
    for (size_t i = 0; i < words->n; i++) {
        struct retort_cause cause = {.begin = words->words[i].begin,
                                     .contribution = shares->words[i]};
        while (i + 1 < words->n && is_phrase(shares, i))
            cause.contribution += shares->words[++i];
        cause.end = words->words[i].end;
        cause.name = retort_span_slice(reading->item->text, cause.begin, cause.end);
        add_cause(explanation, cause);
    }
    explanation->n_words = explanation->n_causes;
}

static void add_others(const struct reading *reading, size_t label,
                       struct retort_explanation *explanation)
{
    for (size_t e = 0; e < reading->n_entries; e++) {
        if (reading->stands[e])
            continue;
        const struct retort_cause cause = {
            .name = retort_model_feature(reading->model, reading->entries[e].feature),
            .contribution = left_over(reading, e, label)};
        add_cause(explanation, cause);
    }
}

static void explain_label(const struct reading *reading, size_t label,
                          struct retort_explanation *explanation)
{
    struct shares shares = share_out(reading, label);
    share_out_stacked(reading, label, &shares);
    explanation->margin = reading->margins[label];
    explanation->bias = reading->model->labels[label].bias;
    explanation->causes =
        RETORT_NEW(reading->arena, struct retort_cause, reading->words->n + reading->n_entries);
    add_words(reading, &shares, explanation);
    add_others(reading, label, explanation);
    double sum = explanation->bias;
    for (size_t i = 0; i < explanation->n_causes; i++)
        sum += explanation->causes[i].contribution;
    explanation->rounding = explanation->margin - sum;
}

/* Its margins as labelling makes them, then its bag with names and places. */
static void read_comment(struct retort_labeller *labeller, struct reading *reading)
{
    const struct retort_model *model = reading->model;
    retort_bag_read(&labeller->bag, reading->item);
    retort_labeller_make(labeller, model, reading->item);
    retort_model_margins(model, &labeller->bag, reading->margins);
    labeller->bag.wants_places = true;
    retort_labeller_fill(labeller, &model->recipe, retort_model_lender(model), reading->item, NULL);
    labeller->bag.wants_places = false;
    reading->n_entries = retort_bag_vector(&labeller->bag, &model->recipe, &model->dictionary,
                                           reading->arena, &reading->entries);
}

/* ---- the base ---- */

/* The comment over the base, as the labeller reads it: without parent and target. */
static void read_base(struct retort_labeller *labeller, struct reading *base)
{
    struct retort_bag *bag = retort_labeller_base(labeller);
    const struct retort_item item = {.text = base->item->text};
    base->margins = RETORT_NEW(base->arena, double, base->model->head.n_labels);
    retort_bag_read(bag, &item);
    retort_bag_make(bag, &base->model->recipe, &base->model->dictionary);
    retort_model_margins(base->model, bag, base->margins);
    bag->wants_places = true;
    retort_bag_make(bag, &base->model->recipe, NULL);
    bag->wants_places = false;
    base->n_entries = retort_bag_vector(bag, &base->model->recipe, &base->model->dictionary,
                                        base->arena, &base->entries);
}

/* The base's label that a feature "stack:NAME" or "stack:KIND NAME" is made of; the parent's margin
 * is of no word here. */
static uint32_t stacked_label(const struct retort_model *base, struct retort_span feature)
{
    static const char *const KINDS[] = {"", "both ", "named ", "toward "};
    struct retort_span field = RETORT_SPAN("stack:"), parent = RETORT_SPAN("stack:parent ");
    if (!retort_span_starts(feature, field) || retort_span_starts(feature, parent))
        return NO_ENTRY;
    feature = retort_span_slice(feature, field.len, feature.len);
    for (size_t k = 0; k < sizeof KINDS / sizeof KINDS[0]; k++) {
        struct retort_span kind = retort_span_of(KINDS[k]);
        struct retort_span rest = retort_span_slice(feature, kind.len, feature.len);
        for (uint32_t l = 0; retort_span_starts(feature, kind) && l < base->head.n_labels; l++)
            if (retort_span_equal(rest, retort_span_of(base->labels[l].name)))
                return l;
    }
    return NO_ENTRY;
}

static void stack(struct reading *reading, const struct reading *base)
{
    size_t n_labels = base->model->head.n_labels;
    struct shares *shares = RETORT_NEW(reading->arena, struct shares, n_labels);
    for (size_t l = 0; l < n_labels; l++)
        shares[l] = share_out(base, l);
    reading->base = base;
    reading->base_shares = shares;
    reading->stacked = RETORT_NEW(reading->arena, uint32_t, reading->n_entries);
    for (size_t e = 0; e < reading->n_entries; e++) {
        uint32_t label = stacked_label(
            base->model, retort_model_feature(reading->model, reading->entries[e].feature));
        bool divides = label != NO_ENTRY && base->margins[label] != 0;
        reading->stacked[e] = divides ? label : NO_ENTRY;
    }
}

/* ---- the explanation ---- */

static void explain_all(struct retort_labeller *labeller, const struct reading *reading,
                        struct retort_explanation *explanations)
{
    const struct retort_model *model = reading->model;
    size_t n_labels = model->head.n_labels, label;
    const struct without *known = NULL;
    struct retort_score *scores = RETORT_NEW(reading->arena, struct retort_score, n_labels);
    for (size_t l = 0; l < n_labels; l++)
        scores[l].margin = reading->margins[l];
    retort_decide(model->labels, n_labels, retort_model_choice(model), scores, &label);
    for (size_t l = 0; l < n_labels; l++) {
        explanations[l] = (struct retort_explanation){.p = scores[l].p};
        explain_label(reading, l, &explanations[l]);
    }
    for (size_t l = 0; l < n_labels; l++)
        retort_find_deciders(labeller, reading, l, &explanations[l], &known);
}

void retort_explain(struct retort_labeller *labeller, const struct retort_model *model,
                    const struct retort_item *item, struct retort_arena *arena,
                    struct retort_explanation *explanations)
{
    struct retort_item mended = *item;
    struct words words;
    struct reading reading = {.model = model,
                              .item = &mended,
                              .arena = arena,
                              .bag = &labeller->bag,
                              .words = &words,
                              .margins = RETORT_NEW(arena, double, model->head.n_labels)};
    struct reading base = {.model = model->base,
                           .item = &mended,
                           .arena = arena,
                           .bag = &labeller->base_bag,
                           .words = &words};
    mended.text = retort_text_read(item->text, RETORT_TEXT_READ, arena); /* places are of this */
    read_comment(labeller, &reading);
    if (model->base)
        read_base(labeller, &base);
    words = find_words(
        (const struct retort_bag *const[2]){reading.bag, model->base ? base.bag : NULL}, arena);
    find_terms(&reading);
    if (model->base) {
        find_terms(&base);
        stack(&reading, &base);
    }
    explain_all(labeller, &reading, explanations);
}
