/* Which words decided, and what would be without them.
 *
 * A number of a sum is not yet an effect: without a word its neighbours make other n-grams and the
 * bag another length. So for the words that decided most the comment is labelled again without
 * them, everywhere they stand. */
#include "model/explain.h"

#include <math.h>
#include <stdlib.h>

/* ---- which decided ---- */

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

void retort_find_deciders(struct retort_labeller *labeller, const struct reading *reading,
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
