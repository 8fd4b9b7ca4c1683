/* Ranks: how much a label deserves a person's look, from its stored p alone.
 *
 * worth is what a look is expected to save: the harm of the label, times the chance that what the
 * model says of it is wrong, times how many read on below it (a thread that went on is read more,
 * but not in proportion: its logarithm). The largest over the labels counts, not the sum: ten
 * labels that nobody doubts make no case. */
#include "store/rank.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *label;
    double severity;
} SEVERITIES[] = {
    {"threat", 1.0}, {"identity_attack", 0.9}, {"severe_toxic", 0.9},
    {"toxic", 0.6},  {"insult", 0.6},          {"obscene", 0.4},
    {"angry", 0.2},  {"sarcastic", 0.1},       {"polite", 0.0},
};
static const double OTHER_SEVERITY = 0.3, WRONG_LABEL_SEVERITY = 0.1;

double retort_store_severity(const char *label)
{
    for (size_t i = 0; i < sizeof SEVERITIES / sizeof *SEVERITIES; i++)
        if (strcmp(SEVERITIES[i].label, label) == 0)
            return SEVERITIES[i].severity;
    return OTHER_SEVERITY;
}

/* The lead of the best over the second. */
static double nearness_one_of(const struct rank_shape *shape,
                              const struct retort_stored_score *scores)
{
    double best = 0, second = 0;
    for (size_t i = 0; i < shape->n_labels; i++) {
        double p = scores[i].p;
        if (p > best) {
            second = best;
            best = p;
        } else if (p > second) {
            second = p;
        }
    }
    return 1 - (best - second);
}

static double nearness_any_of(const struct rank_shape *shape,
                              const struct retort_stored_score *scores)
{
    double nearest = 0;
    for (size_t i = 0; i < shape->n_labels; i++) {
        double p = scores[i].p, threshold = shape->thresholds[i];
        double room = p >= threshold ? 1 - threshold : threshold;
        double away = p >= threshold ? p - threshold : threshold - p;
        double nearness = room > 0 ? 1 - away / room : 0;
        nearest = nearness > nearest ? nearness : nearest;
    }
    return nearest;
}

/* Of one of several labels, only the one that is said can be wrong. */
static struct ranks ranks_one_of(const struct rank_shape *shape,
                                 const struct retort_stored_score *scores)
{
    struct ranks ranks = {.near = nearness_one_of(shape, scores)};
    for (size_t i = 0; i < shape->n_labels; i++)
        if (scores[i].on)
            ranks.severe = ranks.worth = WRONG_LABEL_SEVERITY * (1 - scores[i].p);
    return ranks;
}

static struct ranks ranks_any_of(const struct rank_shape *shape,
                                 const struct retort_stored_score *scores)
{
    struct ranks ranks = {.near = nearness_any_of(shape, scores)};
    for (size_t i = 0; i < shape->n_labels; i++) {
        double p = scores[i].p, harm = shape->severities[i];
        double severe = harm * p, worth = harm * (scores[i].on ? 1 - p : p);
        ranks.severe = severe > ranks.severe ? severe : ranks.severe;
        ranks.worth = worth > ranks.worth ? worth : ranks.worth;
    }
    return ranks;
}

struct ranks store_ranks(const struct rank_shape *shape, const struct retort_stored_score *scores,
                         bool unsure, size_t below)
{
    struct ranks ranks =
        shape->choice == RETORT_ONE_OF ? ranks_one_of(shape, scores) : ranks_any_of(shape, scores);
    ranks.near += unsure ? 1 : 0;
    ranks.worth *= 1 + log2(1 + (double)below);
    return ranks;
}
