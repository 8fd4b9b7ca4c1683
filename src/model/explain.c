/* Why a margin is what it is, in the reader's own words.
 *
 * A linear margin is a sum already, but over features: overlapping n-grams of words and pieces of
 * words, which nobody reads. So every contribution is shared out to the words it stands on: the
 * comment is cut into words (the shortest that any term of the bag stands on), a feature's
 * contribution is split evenly over its places and each place's part over the words there. A word
 * then has one number, words that work together become a phrase, and a cue
 * that counts words ("swear") stands on those; what stands on none (length, the parent's words)
 * keeps the feature's name. The sum is the margin; what sharing out loses in the last bits is said
 * and not hidden.
 *
 * A number of a sum is not yet an effect: without a word its neighbours make other n-grams and the
 * bag another length. So for the words that decided most the comment is labelled again without
 * them. */
#include "model/file.h"

#include <math.h>
#include <stdlib.h>

/* ---- the words of a comment ---- */

struct word {
    uint32_t begin, end;
};

/* One comment over one model, while it is explained. */
struct reading {
    const struct retort_model *model;
    const struct retort_item *item;
    struct retort_arena *arena;
    const struct retort_bag *bag;
    struct retort_entry *entries; /* ascending by feature */
    size_t n_entries;
    struct retort_score *scores; /* [n_labels] */
    uint32_t *entry_of;          /* [n_terms]; NO_ENTRY: the model does not know the term */
    uint32_t *n_places;          /* [n_entries] terms that are this feature */
    bool *stands;                /* [n_entries] on words of the comment */
    struct word *words;          /* n_words, in the order of the text, none over another */
    size_t n_words;
    uint32_t *word_at; /* by the byte where a word begins */
};

enum { NO_ENTRY = UINT32_MAX };

static uint32_t find_entry(const struct reading *reading, uint32_t feature)
{
    size_t low = 0, high = reading->n_entries;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->entries[middle].feature < feature)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < reading->n_entries && reading->entries[low].feature == feature;
    return found ? (uint32_t)low : NO_ENTRY;
}

static void find_terms(struct reading *reading)
{
    const struct retort_bag *bag = reading->bag;
    reading->entry_of = RETORT_NEW(reading->arena, uint32_t, bag->n_terms);
    reading->n_places = RETORT_NEW(reading->arena, uint32_t, reading->n_entries);
    reading->stands = RETORT_NEW(reading->arena, bool, reading->n_entries);
    for (size_t t = 0; t < bag->n_terms; t++) {
        const struct retort_term *term = &bag->terms[t];
        uint32_t entry =
            find_entry(reading, retort_dictionary_find(&reading->model->dictionary, term->key));
        reading->entry_of[t] = entry;
        if (entry == NO_ENTRY)
            continue;
        reading->n_places[entry]++;
        reading->stands[entry] |= term->end > term->begin;
    }
}

/* A word begins where a term begins, known or not, and ends where the shortest such term ends, or
 * where the next one begins. */
static void find_words(struct reading *reading)
{
    const struct retort_bag *bag = reading->bag;
    uint32_t last = 0;
    for (size_t t = 0; t < bag->n_terms; t++)
        last = bag->terms[t].end > last ? bag->terms[t].end : last;
    uint32_t *ends = RETORT_NEW(reading->arena, uint32_t, (size_t)last + 1);
    for (size_t t = 0; t < bag->n_terms; t++) {
        const struct retort_term *term = &bag->terms[t];
        if (term->end > term->begin && (!ends[term->begin] || term->end < ends[term->begin]))
            ends[term->begin] = term->end;
    }
    reading->words = RETORT_NEW(reading->arena, struct word, (size_t)last + 1);
    reading->word_at = RETORT_NEW(reading->arena, uint32_t, (size_t)last + 1);
    for (uint32_t at = 0; at < last; at++) {
        if (!ends[at])
            continue;
        struct word *before = reading->n_words ? &reading->words[reading->n_words - 1] : NULL;
        if (before && before->end > at)
            before->end = at;
        reading->word_at[at] = (uint32_t)reading->n_words;
        reading->words[reading->n_words++] = (struct word){at, ends[at]};
    }
}

/* The words a term stands on: from the one returned, n_covered of them. */
static size_t words_of(const struct reading *reading, const struct retort_term *term,
                       size_t *n_covered)
{
    size_t first = reading->word_at[term->begin], end = first;
    while (end < reading->n_words && reading->words[end].begin < term->end)
        end++;
    *n_covered = end - first;
    return first;
}

/* ---- a label's sum ---- */

/* What is shared out for one label. */
struct shares {
    double *words;  /* [n_words] */
    double *shared; /* [n_words] what word i and i + 1 have from n-grams that hold both */
};

static double contribution_of(const struct reading *reading, size_t entry, size_t label)
{
    return retort_model_weight(reading->model, reading->entries[entry].feature, label) *
           (double)reading->entries[entry].value;
}

static struct shares share_out(const struct reading *reading, size_t label)
{
    struct shares shares = {RETORT_NEW(reading->arena, double, reading->n_words),
                            RETORT_NEW(reading->arena, double, reading->n_words)};
    for (size_t t = 0; t < reading->bag->n_terms; t++) {
        const struct retort_term *term = &reading->bag->terms[t];
        uint32_t entry = reading->entry_of[t];
        if (entry == NO_ENTRY || !reading->stands[entry] || term->end <= term->begin)
            continue;
        size_t n, first = words_of(reading, term, &n);
        double here = contribution_of(reading, entry, label) / reading->n_places[entry] / (double)n;
        for (size_t i = 0; i < n; i++)
            shares.words[first + i] += here;
        for (size_t i = 0; i + 1 < n; i++)
            shares.shared[first + i] += 2 * here;
    }
    return shares;
}

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
    for (size_t i = 0; i < reading->n_words; i++) {
        struct retort_cause cause = {.begin = reading->words[i].begin,
                                     .contribution = shares->words[i]};
        while (i + 1 < reading->n_words && is_phrase(shares, i))
            cause.contribution += shares->words[++i];
        cause.end = reading->words[i].end;
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
            .contribution = contribution_of(reading, e, label)};
        add_cause(explanation, cause);
    }
}

static void explain_label(const struct reading *reading, size_t label,
                          struct retort_explanation *explanation)
{
    const struct shares shares = share_out(reading, label);
    *explanation = (struct retort_explanation){
        .margin = reading->scores[label].margin,
        .bias = reading->model->labels[label].bias,
        .p = reading->scores[label].p,
        .causes =
            RETORT_NEW(reading->arena, struct retort_cause, reading->n_words + reading->n_entries),
    };
    add_words(reading, &shares, explanation);
    add_others(reading, label, explanation);
    double sum = explanation->bias;
    for (size_t i = 0; i < explanation->n_causes; i++)
        sum += explanation->causes[i].contribution;
    explanation->rounding = explanation->margin - sum;
}

/* ---- what decided ---- */

/* A cause by its words in whatever case; what stands on no word is alone. */
struct grouped {
    uint64_t group;
    size_t cause;
};

static uint64_t group_of(const struct retort_cause *cause, struct retort_buffer *folded)
{
    retort_buffer_clear(folded);
    for (size_t at = 0; at < cause->name.len;) {
        uint8_t bytes[4];
        uint32_t letter = retort_fold(retort_utf8_next(cause->name, &at));
        retort_buffer_put(folded, (struct retort_span){bytes, retort_utf8_put(bytes, letter)});
    }
    return retort_hash(retort_buffer_span(folded), cause->end > cause->begin);
}

static int by_group(const void *a, const void *b)
{
    const struct grouped *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->cause > y->cause) - (x->cause < y->cause);
}

static struct grouped *group_causes(const struct retort_explanation *explanation,
                                    struct retort_arena *arena)
{
    struct grouped *grouped = RETORT_NEW(arena, struct grouped, explanation->n_causes);
    struct retort_buffer folded = {0};
    for (size_t i = 0; i < explanation->n_causes; i++)
        grouped[i] = (struct grouped){group_of(&explanation->causes[i], &folded), i};
    retort_buffer_release(&folded);
    if (explanation->n_causes)
        qsort(grouped, explanation->n_causes, sizeof *grouped, by_group);
    return grouped;
}

/* A decider and where its causes stand among the grouped. */
struct candidate {
    struct retort_decider decider;
    const struct grouped *grouped;
    size_t n;
};

/* Keeps the largest, sorted; of two alike the one that stands first. */
static void keep(struct candidate *best, size_t *n_best, struct candidate candidate)
{
    size_t at = *n_best;
    double size = fabs(candidate.decider.contribution);
    while (at > 0 && (size > fabs(best[at - 1].decider.contribution) ||
                      (size >= fabs(best[at - 1].decider.contribution) &&
                       candidate.grouped->cause < best[at - 1].grouped->cause)))
        at--;
    if (at == RETORT_MOST_DECIDERS)
        return;
    *n_best += *n_best < RETORT_MOST_DECIDERS;
    for (size_t i = *n_best - 1; i > at; i--)
        best[i] = best[i - 1];
    best[at] = candidate;
}

static size_t find_best(const struct retort_explanation *explanation, const struct grouped *grouped,
                        struct candidate *best)
{
    size_t n_best = 0;
    for (size_t i = 0, end; i < explanation->n_causes; i = end) {
        const struct retort_cause *first = &explanation->causes[grouped[i].cause];
        struct candidate candidate = {{.name = first->name, .p_without = NAN}, &grouped[i], 0};
        for (end = i; end < explanation->n_causes && grouped[end].group == grouped[i].group; end++)
            candidate.decider.contribution += explanation->causes[grouped[end].cause].contribution;
        candidate.n = end - i;
        candidate.decider.n_places = first->end > first->begin ? candidate.n : 0;
        keep(best, &n_best, candidate);
    }
    return n_best;
}

/* ---- without a word ---- */

/* The comment without some words: many labels ask for the same. */
struct without {
    const struct without *next;
    struct retort_span text;
    const struct retort_score *scores; /* [n_labels] */
};

static struct retort_span text_without(const struct reading *reading,
                                       const struct retort_explanation *explanation,
                                       const struct candidate *candidate)
{
    struct retort_span text = reading->item->text;
    struct retort_buffer left = {0};
    size_t at = 0;
    for (size_t i = 0; i < candidate->n; i++) { /* in the order of the text */
        const struct retort_cause *cause = &explanation->causes[candidate->grouped[i].cause];
        retort_buffer_put(&left, retort_span_slice(text, at, cause->begin));
        at = cause->end;
    }
    retort_buffer_put(&left, retort_span_slice(text, at, text.len));
    text = retort_arena_copy(reading->arena, retort_buffer_span(&left));
    retort_buffer_release(&left);
    return text;
}

static const struct retort_score *scores_without(struct retort_labeller *labeller,
                                                 const struct reading *reading,
                                                 struct retort_span text,
                                                 const struct without **known)
{
    for (const struct without *w = *known; w; w = w->next)
        if (retort_span_equal(w->text, text))
            return w->scores;
    struct retort_verdict verdict;
    struct retort_item item = *reading->item;
    struct without *new = RETORT_NEW(reading->arena, struct without, 1);
    item.text = text;
    retort_label_item(labeller, reading->model, &item, reading->arena, &verdict);
    *new = (struct without){*known, text, verdict.scores};
    *known = new;
    return verdict.scores;
}

static void find_deciders(struct retort_labeller *labeller, const struct reading *reading,
                          size_t label, struct retort_explanation *explanation,
                          const struct without **known)
{
    struct candidate best[RETORT_MOST_DECIDERS];
    const struct grouped *grouped = group_causes(explanation, reading->arena);
    explanation->n_deciders = find_best(explanation, grouped, best);
    explanation->deciders =
        RETORT_NEW(reading->arena, struct retort_decider, explanation->n_deciders);
    for (size_t i = 0; i < explanation->n_deciders; i++) {
        struct retort_decider *decider = &explanation->deciders[i];
        *decider = best[i].decider;
        if (decider->n_places == 0)
            continue;
        struct retort_span text = text_without(reading, explanation, &best[i]);
        decider->p_without = scores_without(labeller, reading, text, known)[label].p;
    }
}

/* ---- the explanation ---- */

void retort_explain(struct retort_labeller *labeller, const struct retort_model *model,
                    const struct retort_item *item, struct retort_arena *arena,
                    struct retort_explanation *explanations)
{
    enum retort_encoding encoding;
    size_t n_labels = model->head.n_labels, label;
    struct retort_item mended = *item; /* as the bag mends it: its places are of this text */
    struct reading reading = {
        .model = model, .item = &mended, .arena = arena, .bag = &labeller->bag};
    const struct without *known = NULL;
    if (!retort_utf8_valid(item->text))
        mended.text = retort_text_decode(item->text, arena, &encoding);
    labeller->bag.wants_places = true;
    reading.n_entries = retort_model_read(labeller, model, &mended, arena, &reading.entries);
    labeller->bag.wants_places = false;
    reading.scores = RETORT_NEW(arena, struct retort_score, n_labels);
    retort_model_add_margins(model, reading.entries, reading.n_entries, reading.scores);
    retort_decide(model->labels, n_labels, retort_model_choice(model), reading.scores, &label);
    find_terms(&reading);
    find_words(&reading);
    for (size_t l = 0; l < n_labels; l++)
        explain_label(&reading, l, &explanations[l]);
    for (size_t l = 0; l < n_labels; l++) /* labels the comment again: the bag is another's then */
        find_deciders(labeller, &reading, l, &explanations[l], &known);
}
