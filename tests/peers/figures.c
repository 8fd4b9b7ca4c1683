/* Our figures of given numbers, for programs that compare them with others': each line of standard
 * input is a name and numbers, each line of standard output what comes of them. One row of the
 * table a figure. */
#include "estimate/estimate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NUMBERS = 1 << 16 };

/* Numbers [n] that were read become numbers that are written: at most MOST_NUMBERS. */
typedef size_t figure(const double *numbers, size_t n, double *out);

/* ---- polarity: counts of categories, lowest first ---- */

static struct retort_distribution of_counts(const double *counts, size_t n)
{
    static double shares[RETORT_MOST_CATEGORIES];
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += counts[i];
    for (size_t i = 0; i < n; i++)
        shares[i] = counts[i] / sum;
    return (struct retort_distribution){shares, n, sum};
}

static size_t polarity(const double *counts, size_t n, double *out)
{
    struct retort_distribution of = of_counts(counts, n);
    out[0] = retort_scale_mean(&of);
    out[1] = retort_scale_variance(&of);
    out[2] = retort_agreement_a(&of);
    out[3] = retort_esteban_ray(&of);
    out[4] = retort_bimodality(&of);
    out[5] = retort_entropy(&of);
    out[6] = retort_evenness(&of);
    out[7] = retort_camps(&of);
    return 8;
}

static size_t project(const double *numbers, size_t n, double *out)
{
    memcpy(out, numbers, n * sizeof *out);
    retort_shares_project(out, n);
    return n;
}

/* ---- comparison ---- */

/* Seed and most deals, then of each thread two sizes and two scores. */
static size_t permutation(const double *numbers, size_t n, double *out)
{
    size_t n_threads = n < 2 ? 0 : (n - 2) / 4;
    struct retort_arena arena = {0};
    double *size = RETORT_NEW(&arena, double, 2 * n_threads);
    double *score = RETORT_NEW(&arena, double, 2 * n_threads);
    for (size_t t = 0; t < n_threads; t++) {
        memcpy(size + 2 * t, numbers + 2 + 4 * t, 2 * sizeof *size);
        memcpy(score + 2 * t, numbers + 4 + 4 * t, 2 * sizeof *score);
    }
    const struct retort_contrast contrast = {n_threads, 1, size, score};
    struct retort_permuted permuted =
        retort_permutation_test(&contrast, (uint64_t)numbers[1], (uint64_t)numbers[0], &arena, out);
    out[1] = (double)permuted.n;
    out[2] = permuted.exact;
    retort_arena_release(&arena);
    return 3;
}

static size_t holm(const double *p, size_t n, double *out)
{
    struct retort_arena arena = {0};
    memcpy(out, p, n * sizeof *out);
    retort_holm(out, n, &arena);
    retort_arena_release(&arena);
    return n;
}

static size_t cohens_h(const double *shares, size_t n, double *out)
{
    out[0] = n < 2 ? 0 : retort_cohens_h(shares[0], shares[1]);
    return 1;
}

/* ---- words ---- */

/* Two counts, two totals, the prior of the word and of all. */
static size_t log_odds(const double *numbers, size_t n, double *out)
{
    if (n < 6)
        return 0;
    struct retort_distinction found = retort_log_odds(numbers, numbers + 2, numbers[4], numbers[5]);
    out[0] = found.log_odds.value;
    out[1] = found.z;
    out[2] = retort_normal_p(found.z);
    return 3;
}

/* ---- samples ---- */

/* Of each unit its value, chance and stratum. */
static size_t share_drawn(const double *numbers, size_t n, double *out)
{
    static struct retort_drawn values[MOST_NUMBERS / 3];
    struct retort_drawn_share share;
    for (size_t i = 0; i < n / 3; i++)
        values[i] =
            (struct retort_drawn){numbers[3 * i], numbers[3 * i + 1], (uint32_t)numbers[3 * i + 2]};
    retort_share_drawn(values, n / 3, &share);
    out[0] = share.share.value;
    out[1] = share.variance;
    out[2] = share.n_effective;
    out[3] = share.share.low;
    out[4] = share.share.high;
    return 5;
}

/* Found before, the urn, drawn of it, found there. */
static size_t search(const double *numbers, size_t n, double *out)
{
    struct retort_search_stop stop;
    if (n < 4)
        return 0;
    const struct retort_search asked = {(uint64_t)numbers[0],
                                        (uint64_t)numbers[1],
                                        (uint64_t)numbers[2],
                                        (uint64_t)numbers[3],
                                        0.95,
                                        0.05};
    retort_search_enough(&asked, &stop);
    out[0] = (double)stop.left_least;
    out[1] = stop.p;
    out[2] = stop.p_always;
    out[3] = stop.enough;
    out[4] = (double)stop.more;
    return 5;
}

/* ---- networks ---- */

/* Seed, number of nodes, then both ends of each reply. Reciprocity, returned, modularity of the
 * communities that were found, and of each node its community. */
static size_t network(const double *numbers, size_t n, double *out)
{
    struct retort_arena arena = {0};
    struct retort_graph directed, both;
    size_t n_replies = n < 2 ? 0 : (n - 2) / 2;
    uint32_t n_nodes = n < 2 ? 0 : (uint32_t)numbers[1];
    uint32_t *from = RETORT_NEW(&arena, uint32_t, n_replies);
    uint32_t *to = RETORT_NEW(&arena, uint32_t, n_replies);
    uint32_t *community = RETORT_NEW(&arena, uint32_t, n_nodes);
    for (size_t i = 0; i < n_replies; i++) {
        from[i] = (uint32_t)numbers[2 + 2 * i];
        to[i] = (uint32_t)numbers[3 + 2 * i];
    }
    const struct retort_replies replies = {from, to, NULL, n_replies, n_nodes};
    retort_graph_make(&replies, &arena, &directed);
    retort_graph_undirect(&directed, &arena, &both);
    retort_graph_communities(&both, n ? (uint64_t)numbers[0] : 0, community);
    out[0] = retort_graph_reciprocity(&directed);
    out[1] = retort_graph_returned(&directed);
    out[2] = retort_graph_modularity(&both, community);
    for (uint32_t node = 0; node < n_nodes; node++)
        out[3 + node] = community[node];
    retort_arena_release(&arena);
    return 3 + n_nodes;
}

/* Number of labels, then shares of pairs, row by row. */
static size_t mixing(const double *numbers, size_t n, double *out)
{
    size_t n_labels = n ? (size_t)numbers[0] : 0;
    if (n != 1 + n_labels * n_labels)
        return 0;
    out[0] = retort_pairs_assortativity(numbers + 1, n_labels);
    out[1] = retort_pairs_modularity(numbers + 1, n_labels);
    return 2;
}

/* ---- prevalence ---- */

/* Number of classes, what is said as shares, then the matrix of errors by true class. */
static size_t adjusted(const double *numbers, size_t n, double *out)
{
    static double matrix[RETORT_MOST_CATEGORIES * RETORT_MOST_CATEGORIES];
    size_t k = n ? (size_t)numbers[0] : 0;
    double amplifies;
    if (k == 0 || k > RETORT_MOST_CATEGORIES || n != 1 + k + k * k)
        return 0;
    memcpy(matrix, numbers + 1 + k, k * k * sizeof *matrix);
    retort_prevalence_invert(matrix, k, &amplifies);
    retort_prevalence_adjust(matrix, numbers + 1, k, out);
    return k;
}

/* Number of classes, their prior shares, then posteriors, case by case. */
static size_t emq(const double *numbers, size_t n, double *out)
{
    static float p[MOST_NUMBERS];
    size_t k = n ? (size_t)numbers[0] : 0;
    if (k == 0 || n < 1 + k)
        return 0;
    for (size_t i = 1 + k; i < n; i++)
        p[i - 1 - k] = (float)numbers[i];
    const struct retort_posteriors posteriors = {p, NULL, numbers + 1, (n - 1 - k) / k, k};
    retort_prevalence_emq(&posteriors, out);
    return k;
}

/* Number of labels, whether they are tuned together, then rows of clusters: trust, then shares. */
static size_t powered(const double *numbers, size_t n, double *out)
{
    double total[RETORT_POWERED_WIDTH(8)] = {0};
    size_t n_labels = n < 2 ? 0 : (size_t)numbers[0];
    size_t width = RETORT_POWERED_WIDTH(n_labels);
    if (n_labels == 0 || n_labels > 8)
        return 0;
    for (size_t i = 0; i < (n - 2) / width * width; i++)
        total[i % width] += numbers[2 + i];
    const struct retort_powered of = {numbers + 2, total, (n - 2) / width, width, n_labels};
    retort_powered_tune(&of, numbers[1] > 0, out);
    retort_powered_share(total, n_labels, out, out + n_labels);
    return 2 * n_labels;
}

/* Metric (0 nominal, 1 ordinal), categories, then how many said each, unit by unit. */
static size_t alpha(const double *numbers, size_t n, double *out)
{
    const size_t n_categories = (size_t)numbers[1];
    const struct retort_ratings ratings = {numbers + 2, (n - 2) / n_categories, n_categories,
                                           numbers[0] > 0 ? RETORT_ORDINAL : RETORT_NOMINAL};
    const struct retort_resampling none = {0, 0};
    out[0] = retort_krippendorff_alpha(&ratings, &none).value;
    return 1;
}

/* Categories, then what one said of each item, then what the other said. */
static size_t kappa(const double *numbers, size_t n, double *out)
{
    static uint32_t said[2][MOST_NUMBERS];
    const size_t n_items = (n - 1) / 2;
    for (size_t i = 0; i < n_items; i++) {
        said[0][i] = (uint32_t)numbers[1 + i];
        said[1][i] = (uint32_t)numbers[1 + n_items + i];
    }
    const struct retort_kappa found =
        retort_cohens_kappa(said[0], said[1], n_items, (size_t)numbers[0]);
    out[0] = found.observed;
    out[1] = found.expected;
    out[2] = found.kappa;
    return 3;
}

static const struct {
    const char *name;
    figure *of;
} FIGURES[] = {
    {"share_drawn", share_drawn},
    {"search", search},
    {"polarity", polarity},
    {"project", project},
    {"permutation", permutation},
    {"holm", holm},
    {"cohens_h", cohens_h},
    {"log_odds", log_odds},
    {"adjusted", adjusted},
    {"emq", emq},
    {"powered", powered},
    {"network", network},
    {"mixing", mixing},
    {"alpha", alpha},
    {"kappa", kappa},
};

static figure *figure_named(const char *name)
{
    for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++)
        if (strcmp(FIGURES[i].name, name) == 0)
            return FIGURES[i].of;
    fprintf(stderr, "figures: no figure is called %s\n", name);
    exit(2);
}

int main(void)
{
    static char line[1 << 20];
    static double numbers[MOST_NUMBERS], out[MOST_NUMBERS];
    while (fgets(line, sizeof line, stdin)) {
        size_t n = 0;
        figure *of = figure_named(strtok(line, " \n"));
        for (char *word = strtok(NULL, " \n"); word && n < MOST_NUMBERS; word = strtok(NULL, " \n"))
            numbers[n++] = strtod(word, NULL);
        size_t n_out = of(numbers, n, out);
        for (size_t i = 0; i < n_out; i++)
            printf("%s%.17g", i ? " " : "", out[i]);
        printf("\n");
    }
    return 0;
}
