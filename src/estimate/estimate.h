/* estimate: counts that a classifier has erred in → what can be said of the world, with intervals.
 *
 * Plain functions over arrays: they know nothing of comments, models or files, hold no state and
 * read no clock. A figure that the data cannot carry is NaN, and whoever asked says why in words.
 * Shapes stand beside the parameters; shares are 0 to 1; a seed is an argument. */
#ifndef RETORT_ESTIMATE_H
#define RETORT_ESTIMATE_H

#include "base/base.h"

/* A figure and its 95 % interval; NaN where there is none. */
struct retort_estimate {
    double value, low, high;
};

/* ---- resampling ---- */

/* Intervals come of the Bayesian bootstrap (Rubin 1981): in each replicate every cluster (a thread,
 * a batch of folds' groups) weighs a draw of the exponential distribution of mean 1, so that no
 * group is ever empty. What depends on each other is one cluster. */
double retort_resample_weight(uint64_t *random);
/* By what deviations of replicates from the estimate are multiplied, so that percentiles of few
 * clusters cover as Student's t does. clusters need not be whole (Kish 1965); below 2 counts as 2.
 */
double retort_resample_widening(double n_clusters);
/* Between the percentiles 2.5 and 97.5 of those values that are numbers; fewer than 20: no
 * interval. Sorts them. */
struct retort_estimate retort_resample_interval(double value, double *values, size_t n);
/* A draw of the gamma distribution of shape a half: what Jeffreys' prior adds to a count. */
double retort_resample_half(uint64_t *random);

/* ---- prevalence ---- */

/* Classes share out 1: the labels of a one-of task, or {off, on} of a label. Matrices are [true
 * class][said class], n_classes × n_classes; rows are P(says j | is i), or the mean posterior of j
 * among what is i. Text of the methods, all of which hold as long as the classifier errs as it did
 * where the matrix comes from (only shares differ):
 *   ACC    adjusted count of what it says (Gart and Buck 1966; Forman 2008)
 *   PACC   the same of posteriors (Bella, Ferri, Hernández-Orallo and Ramírez-Quintana 2010)
 *   EMQ    posteriors that fit their own mean (Saerens, Latinne and Decaestecker 2002) */
enum { RETORT_MOST_CLASSES = 256 };

/* The matrix that makes shares of what is said, in place; false, and NaN throughout: it cannot be
 * inverted. *amplifies: how many times larger an error in what is said may become (the norm that
 * belongs to the largest deviation). */
bool retort_prevalence_invert(double *matrix, size_t n_classes, double *amplifies);
/* share[i] = Σ_j said[j] · inverse[j][i]; adds up to 1 as said does, and may leave [0, 1]. */
void retort_prevalence_adjust(const double *inverse, const double *said, size_t n_classes,
                              double *share);
/* Posteriors of n cases, [n][n_classes], each standing for weight[i] (NULL: 1), and the shares they
 * were calibrated for. */
struct retort_posteriors {
    const float *p;
    const double *weight;
    const double *prior; /* [n_classes] */
    size_t n, n_classes;
};
/* Expectation and maximisation until nothing moves by 1e-6, or a thousand rounds; share: from
 * prior, NaN where there is no case. */
void retort_prevalence_emq(const struct retort_posteriors *posteriors, double *share);

/* Decisions drawn with known chances, and the model's posteriors of all. A row is of a cluster, or
 * the sum of all: [0] cases, [1] to [n] their posteriors of each label, then of what was decided
 * the weights (inverse chances), these times 1 where the label is on [n], and times the posterior
 * [n]; RETORT_POWERED_WIDTH(n) numbers. Rows may be longer. */
#define RETORT_POWERED_WIDTH(n) (2 + 3 * (n))
struct retort_powered {
    const double *rows, *total;
    size_t n_rows, stride, n_labels;
};
/* How far posteriors are trusted, label by label or (together) as one, 0 to 1: what makes the
 * variance between clusters least (PPI++: Angelopoulos, Duchi and Zrnic 2023; it is the slope of
 * the regression estimator, Cochran 1977). */
void retort_powered_tune(const struct retort_powered *of, bool together, double *trust);
/* share = decided − trust · (posteriors of the decided − posteriors of all), each a mean by
 * weights (Hájek 1971): the prediction-powered estimate (Angelopoulos, Bates, Fannjiang, Jordan and
 * Zrnic 2023). NULL: no trust, people alone. It may leave [0, 1]; NaN where nothing was decided. */
void retort_powered_share(const double *sums, size_t n_labels, const double *trust, double *share);

/* ---- polarity ----
 *
 * How far apart people stand, from shares of categories: a distribution, no NaN among them. The
 * categories of a scale stand in its order, at equal distances from -1 to 1. */

enum { RETORT_MOST_CATEGORIES = 64 };
struct retort_distribution {
    const double *shares; /* [n] at least 0, their sum 1; 2 to RETORT_MOST_CATEGORIES */
    size_t n;
    double count; /* of how many they are the shares; only the bimodality coefficient asks */
};

/* The distribution that is nearest to numbers [n] that add up to about 1, in place (Euclidean;
 * Duchi et al. 2008): for shares that a correction has put outside 0 to 1. */
void retort_shares_project(double *shares, size_t n);

double retort_scale_mean(const struct retort_distribution *of);     /* -1 to 1 */
double retort_scale_variance(const struct retort_distribution *of); /* 0 to 1: half at either end */
/* Agreement A (van der Eijk 2001): 1 all in one category, 0 all alike, -1 half at either end. The
 * distribution as the sum of layers in which categories are full or empty, each weighed by what is
 * in it. Fewer than three categories: NaN. */
double retort_agreement_a(const struct retort_distribution *of);
/* Polarisation (Esteban and Ray 1994), the sum over pairs of share^(1 + alpha) * share * distance,
 * as a share of what it is for half at either end: 0 to 1. Alpha, how much more people of large
 * camps count as such, may be up to 1.6. */
#define RETORT_ESTEBAN_RAY_ALPHA 1.0
double retort_esteban_ray(const struct retort_distribution *of);
/* Bimodality coefficient (SAS Institute 1990; Pfister et al. 2013): (G1^2 + 1) / (G2 + 3 (n - 1)^2
 * /
 * ((n - 2) (n - 3))) with the skewness G1 and excess kurtosis G2 corrected for samples of n. 5/9:
 * uniform, 1: two points. NaN below n = 4, or where all is in one category. */
double retort_bimodality(const struct retort_distribution *of);
double retort_entropy(const struct retort_distribution *of);  /* in bits (Shannon 1948) */
double retort_evenness(const struct retort_distribution *of); /* entropy as a share of its most */
/* Esteban and Ray's with alpha 1 where all categories are as far from each other: 4 sum of
 * share^2 (1 - share), 1: two camps of one size (Montalvo and Reynal-Querol 2005). */
double retort_camps(const struct retort_distribution *of);

/* A figure with bends, such as agreement A, and replicates of the shares that it is taken of. */
struct retort_bending {
    double (*figure)(const struct retort_distribution *of);
    const double *replicates; /* [n_replicates][n_categories] adding up to 1; NaN: left out */
    size_t n_replicates, n_categories;
    double count;
};
/* The figure's interval, as its range over all shares that lie 1.96 standard errors around the
 * replicates' mean: of a smooth figure the usual one, to the second order. Fewer than 20
 * replicates: NaN. */
struct retort_estimate retort_bending_interval(const struct retort_bending *bending, double value);

/* ---- comparison ---- */

/* What two groups have in each thread: how many comments, and the sum of their scores for each
 * label (1 where it is on; or what a linear correction makes of that). A thread may have comments
 * of one group or of both. */
struct retort_contrast {
    size_t n_threads, n_labels;
    const double *size;  /* [n_threads][2] */
    const double *score; /* [n_threads][2][n_labels] */
};
struct retort_permuted {
    bool exact; /* all deals were looked at, and not some at random */
    uint64_t n; /* how many */
};
/* How likely a difference of the groups' mean scores as large as the one found, either way, would
 * be if the groups were dealt to threads by chance: p [n_labels]. Exact where there are at most so
 * many deals; else at random, at most so many, and the fewer the less there is to find (Besag and
 * Clifford 1991; Phipson and Smyth 2010). NaN: there are not two threads to tell apart. */
struct retort_permuted retort_permutation_test(const struct retort_contrast *contrast,
                                               uint64_t most, uint64_t seed,
                                               struct retort_arena *arena, double *p);
/* The chances p [n] of tests that were made together, adjusted in place so that one that is below
 * .05 is a false alarm among them all in 5 of 100 cases at most (Holm 1979). NaN: was no test. */
void retort_holm(double *p, size_t n, struct retort_arena *arena);
/* Effect size of the difference of two shares, -pi to pi (Cohen 1988): 2 asin sqrt p - 2 asin sqrt
 * q; and what he calls it: from .2 small, .5 medium, .8 large. */
double retort_cohens_h(double share, double other);
const char *retort_cohens_h_name(double h);

/* ---- networks ----
 *
 * Nodes are numbered from 0; an edge is at least one reply from one node to another, its weight how
 * many. Replies to oneself are no edges. All is made in the caller's arena. */

/* order [n]: the items from 0 to n - 1 by key [n], each below n_keys; those of one key as they
 * stand in `before`, or, where it is NULL, as they are numbered. n below 2^32. */
void retort_order(const uint32_t *key, uint32_t n_keys, const uint32_t *before, size_t n,
                  uint32_t *order);

struct retort_graph {
    uint32_t n_nodes;
    size_t n_edges;   /* pairs of nodes, in one direction each */
    size_t *first;    /* [n_nodes + 1] a node's edges are first[node] to first[node + 1] */
    uint32_t *to;     /* [n_edges] ascending within a node */
    uint32_t *weight; /* [n_edges] */
    uint64_t total;   /* of the weights; below 2^32 where it knows no direction */
};

/* from, to [n]: a reply each; weight [n], or NULL for 1 each. */
struct retort_replies {
    const uint32_t *from, *to, *weight;
    size_t n;
    uint32_t n_nodes;
};
void retort_graph_make(const struct retort_replies *replies, struct retort_arena *arena,
                       struct retort_graph *graph);
/* Of a directed graph the one that knows no direction: each pair stands at both of its nodes, with
 * the weights of both directions. */
void retort_graph_undirect(const struct retort_graph *directed, struct retort_arena *arena,
                           struct retort_graph *undirected);
/* SIZE_MAX: there is no such edge. */
size_t retort_graph_edge(const struct retort_graph *graph, uint32_t from, uint32_t to);

/* Of the edges, the share whose opposite is there, too; and of the weight, the share that is
 * returned: sum of min(w_uv, w_vu) over the total (Squartini, Picciolo, Ruzzenenti and Garlaschelli
 * 2013). NaN: there is no edge. */
double retort_graph_reciprocity(const struct retort_graph *directed);
double retort_graph_returned(const struct retort_graph *directed);

/* Newman and Girvan's modularity Q (2004), weighted, of a partition of an undirected graph:
 * community [n_nodes], each below n_nodes. NaN: there is no edge. */
double retort_graph_modularity(const struct retort_graph *undirected, const uint32_t *community);
/* A partition of high modularity by the method of Blondel, Guillaume, Lambiotte and Lefebvre
 * (2008), nodes in an order that the seed shuffles: a local optimum, the same for the same seed.
 * community [n_nodes] receives numbers from 0 in the order of the nodes; returns how many. */
uint32_t retort_graph_communities(const struct retort_graph *undirected, uint64_t seed,
                                  uint32_t *community);

/* The null model of figures about a network: who writes how often, and who is answered how often,
 * stay as they are in each stratum, whom is answered by whom is drawn anew, never oneself (swaps of
 * two replies, ten tries a reply: Milo, Kashtan, Itzkovitz, Newman and Alon 2003). Replies of a
 * stratum stand together: bounds [n_strata + 1]. Returns how many replies could be swapped. */
struct retort_strata {
    const size_t *bounds;
    size_t n;
};
size_t retort_replies_shuffle(const uint32_t *from, uint32_t *to,
                              const struct retort_strata *strata, uint64_t seed);

/* ---- pairs: what labels stand at the two ends of a reply ----
 *
 * cells [n_labels][n_labels]: how many pairs, or which share of them, by the label of the one that
 * is answered (row) and of the one that answers (column). */

/* Pairs counted apart in clusters, as those of a thread depend on each other. */
struct retort_pairs {
    size_t n_labels, n_clusters;
    double *cells; /* [n_clusters][n_labels][n_labels] */
};
/* Shares over all clusters; of as many clusters as there are, drawn with replacement. Drawn cells
 * are moved away from those of all by the root of n / (n − 1) and by Student's t over the normal's,
 * which a bootstrap of few clusters lacks; so they may leave [0, 1]. NaN: there are no pairs, or
 * drawn from fewer than three clusters. */
void retort_pairs_all(const struct retort_pairs *pairs, double *cells);
void retort_pairs_draw(const struct retort_pairs *pairs, const double *all, uint64_t *state,
                       double *cells);

/* rates [n][n]: P(says j | is i) → its inverse; false: it has none that could be used. */
bool retort_rates_invert(const double *rates, size_t n, double *inverse);
/* What was said of pairs → what they are, where errors at the two ends do not depend on each other:
 * said = R' true R. In place. */
void retort_pairs_correct(double *cells, const double *inverse, size_t n_labels);

/* Newman's assortativity (2003) of shares of pairs, and the modularity of the camps, its numerator:
 * 1: like answers like only, 0: whoever answers does not look, below: unlike is preferred. NaN:
 * all have one label, so that the question is empty. */
double retort_pairs_assortativity(const double *cells, size_t n_labels);
double retort_pairs_modularity(const double *cells, size_t n_labels);

/* Factors [n_classes] that, each class's posterior multiplied by its own and the row divided by its
 * sum, make the means of the rows these shares: the step of Saerens, Latinne and Decaestecker
 * (2002) toward known shares, repeated. Weights and prior are not looked at; shares below a
 * millionth count as that. */
void retort_posteriors_fit(const struct retort_posteriors *posteriors, const double *shares,
                           double *factors);
void retort_posteriors_move(float *row, const double *factors, size_t n_classes);

/* The line of least squares through points weighed: y's change for 1 of x. NaN: x does not vary. */
double retort_slope(const double *x, const double *y, const double *weight, size_t n);

/* ---- distinctive words ---- */

#define RETORT_NORMAL_95 1.959963984540054

struct retort_distinction {
    struct retort_estimate log_odds; /* of the first group less the second; natural logarithms */
    double z;                        /* by its standard error */
};
/* How much more one of two groups uses a word: log odds with an informative Dirichlet prior
 * (Monroe, Colaresi and Quinn 2008). count, total: occurrences of the word and of all words in
 * each; prior: those of the word among prior_total imagined ones, which go to both. NaN: no prior
 * and no use. */
struct retort_distinction retort_log_odds(const double count[2], const double total[2],
                                          double prior, double prior_total);
/* The chance that a normal variable is as far from its mean as z standard errors, either way. */
double retort_normal_p(double z);

/* ---- agreement ---- */

/* What people said of units: values [n_units][n_categories] how many of them said so. */
enum retort_metric {
    RETORT_NOMINAL,
    RETORT_ORDINAL, /* categories stand in their order */
};
struct retort_ratings {
    const double *values;
    size_t n_units, n_categories;
    enum retort_metric metric;
};
struct retort_resampling {
    size_t n; /* replicates; 0: no interval */
    uint64_t seed;
};
/* Krippendorff's alpha (2011): 1 all agree, 0 as much as by guessing. Units of fewer than two
 * values tell nothing. NaN: no unit has two, or all values are the same. */
struct retort_estimate retort_krippendorff_alpha(const struct retort_ratings *ratings,
                                                 const struct retort_resampling *resampling);

/* Of two people, or of pairs of people, on n items: categories below n_categories. kappa (Cohen
 * 1960): 1 when both are 1, NaN of none. */
struct retort_kappa {
    double observed, expected, kappa;
};
struct retort_kappa retort_cohens_kappa(const uint32_t *first, const uint32_t *second, size_t n,
                                        size_t n_categories);

/* ---- sampling ---- */

/* Each unit's number is its place in arrays; a chance is the probability that it is drawn. */

/* x[i] = λ · weights[i], but no less than low[i] and no more than high[i], with λ so that they sum
 * up to n: Σ low ≤ n ≤ Σ high, weights above 0. low NULL: 0; high NULL: 1. */
struct retort_bounds {
    const double *weights, *low, *high; /* [n_units] */
    size_t n_units;
};
void retort_share_out(const struct retort_bounds *bounds, double n, double *x);
/* How many of n to draw of each stratum, in proportion to its size to the power (Bankier 1988: 1 is
 * proportional, 0 the same of each). At least 2 of each, or all it has, and then whole numbers;
 * where n is too few for that, fractions: a small stratum is drawn from by chance. n is at most the
 * sum of sizes. Returns whether all are whole. */
bool retort_allocate(const double *sizes, size_t n_strata, double n, double power, double *drawn);

/* Which units; picks [n] in random order. Units stand in random order within their strata, and n
 * places at equal distances are marked along their chances, from a random start (randomised
 * systematic sampling: Madow 1949, Hartley and Rao 1962). So each has exactly its chance, n are
 * drawn, each stratum gives the sum of its chances, rounded up or down; where chances are equal
 * it is simple random sampling. Chances sum up to n. */
struct retort_frame {
    const double *chances;   /* [n_units] in (0, 1] */
    const uint32_t *stratum; /* [n_units] below n_strata; NULL: there is one */
    size_t n_units, n_strata;
};
void retort_sample(const struct retort_frame *frame, size_t n, uint64_t seed, uint32_t *picks);

/* A share by values drawn with known chances. */
struct retort_drawn {
    double value;     /* 0 or 1 */
    double chance;    /* with which it came to be known */
    uint32_t stratum; /* 0 where there are none */
};
struct retort_drawn_share {
    struct retort_estimate share; /* NaN of none */
    double variance;              /* of the value, by the design */
    double n_effective;           /* simple random draws, with replacement, that tell as much */
};
/* Σ y ∕ π over Σ 1 ∕ π (Hájek 1971), its variance by the design (Hájek 1964; by strata where that
 * is less, each taken to be mixed a little though all drawn of it are alike), and the interval of
 * Clopper and Pearson with effective numbers (Korn and Graubard 1998). Sorts the values by stratum.
 */
void retort_share_drawn(struct retort_drawn *values, size_t n, struct retort_drawn_share *share);
/* How many have to be drawn of so many units until the interval of this share is narrower than
 * width, if as much is told by each as by those that were: n drawn tell as much as n_effective. */
uint64_t retort_drawn_for_width(double share, double n, double n_effective, double n_units,
                                double width);

/* Is a share `recall` of all that say something found? (Callaghan and Müller-Hansen 2020.) Some
 * was found by whatever way; then the rest, an urn of so many, is drawn from at random. */
struct retort_search {
    uint64_t found_before; /* not by the draw */
    uint64_t urn, drawn, found_drawn;
    double recall, risk; /* 0.95, 0.05 */
};
struct retort_search_stop {
    uint64_t left_least; /* in the urn at its beginning, if less than recall is found */
    double p;            /* hypergeometric: to find so few, then, at one look */
    double p_always; /* the same for who looks after every draw: p · (k + 1)² π² ∕ 6 with k
                        found. Each k has one last moment to stop at, so the chances of stopping
                        wrongly sum up to less than risk */
    bool enough;     /* p_always < risk */
    uint64_t more;   /* to be drawn until it is enough, if nothing more is found */
};
void retort_search_enough(const struct retort_search *search, struct retort_search_stop *stop);

#endif
