/* Comparison: do two groups differ by more than chance deals out?
 *
 * Comments of a thread are alike, so what is dealt anew is threads: a thread that is all of one
 * group keeps its comments together and may go to either, as many to each as there were; one that
 * has comments of both groups may have them swapped. What is compared is not the difference d alone
 * but d by its standard error over threads, so that the test holds where groups differ in how much
 * they vary or in how large their threads are (Janssen 1997; Chung and Romano 2013). With r the
 * shares of the groups A and B, sizes n and scores s of a thread, and N the groups' sizes,
 *
 *     d = r_A - r_B,  v = sum over threads of ((s_A - r_A n_A) / N_A - (s_B - r_B n_B) / N_B)^2.
 *
 * Of a rare label that a small group happens not to get, v is next to nothing and d^2 / v is large
 * for no reason. So a part of v0 is added, which is what v would be if r were the same in both and
 * threads were dealt evenly: the same for all deals (as Tusher, Tibshirani and Chu do, 2001). All
 * of it is made of sums of s, n, s^2, sn, n^2 and of products across, so a deal costs no more than
 * the threads that it moves. */
#include "estimate/estimate.h"

#include <assert.h>
#include <math.h>

enum { ENOUGH = 20 }; /* deals at least as uneven: then the chance is known well enough */
static const double STEADY = 0.25; /* of v0 */

/* ---- sums ---- */

/* Of one label; [2]: of the first group and of the second. */
struct label_sums {
    double s[2], ss[2], sn[2];
    double ss_across, sn_across[2]; /* s_A s_B; s_A n_B and s_B n_A */
};
struct sums {
    double n[2], nn[2], nn_across;
    struct label_sums *labels;
};

struct test {
    const struct retort_contrast *contrast;
    size_t *whole, n_whole, n_first; /* threads of one group only; n_first: of the smaller group */
    bool second_first;               /* the smaller group is the second */
    size_t *mixed, n_mixed;
    struct sums all;   /* of all whole threads, as if of the first group */
    struct sums dealt; /* of the deal that is looked at */
    double *steady;    /* [n_labels] what is added to v */
    double *least;     /* [n_labels] the statistic of what was found, less what rounding does */
    uint64_t *hits;    /* [n_labels] deals that reach it */
};

static double size_of(const struct test *test, size_t thread, size_t part)
{
    return test->contrast->size[2 * thread + part];
}

/* Of a whole thread, the part that is not empty. */
static size_t part_of(const struct test *test, size_t thread)
{
    return size_of(test, thread, 0) > 0 ? 0 : 1;
}

static const double *scores_of(const struct test *test, size_t thread, size_t part)
{
    return test->contrast->score + (2 * thread + part) * test->contrast->n_labels;
}

/* A part of a thread, dealt to a group. */
static void add_part(const struct test *test, struct sums *sums, size_t thread, size_t part,
                     size_t group)
{
    double n = size_of(test, thread, part);
    const double *scores = scores_of(test, thread, part);
    sums->n[group] += n;
    sums->nn[group] += n * n;
    for (size_t l = 0; l < test->contrast->n_labels; l++) {
        struct label_sums *label = &sums->labels[l];
        label->s[group] += scores[l];
        label->ss[group] += scores[l] * scores[l];
        label->sn[group] += scores[l] * n;
    }
}

static void add_mixed(const struct test *test, struct sums *sums, size_t thread, bool swapped)
{
    const double n[2] = {size_of(test, thread, swapped), size_of(test, thread, !swapped)};
    const double *first = scores_of(test, thread, swapped);
    const double *second = scores_of(test, thread, !swapped);
    add_part(test, sums, thread, swapped, 0);
    add_part(test, sums, thread, !swapped, 1);
    sums->nn_across += n[0] * n[1];
    for (size_t l = 0; l < test->contrast->n_labels; l++) {
        struct label_sums *label = &sums->labels[l];
        label->ss_across += first[l] * second[l];
        label->sn_across[0] += first[l] * n[1];
        label->sn_across[1] += second[l] * n[0];
    }
}

static void clear(const struct test *test, struct sums *sums)
{
    struct label_sums *labels = sums->labels;
    memset(labels, 0, test->contrast->n_labels * sizeof *labels);
    *sums = (struct sums){.labels = labels};
}

/* The whole threads that were not dealt to the first group are the second's. */
static void add_others(struct test *test)
{
    struct sums *dealt = &test->dealt;
    dealt->n[1] += test->all.n[0] - dealt->n[0];
    dealt->nn[1] += test->all.nn[0] - dealt->nn[0];
    for (size_t l = 0; l < test->contrast->n_labels; l++) {
        const struct label_sums *all = &test->all.labels[l];
        struct label_sums *label = &dealt->labels[l];
        label->s[1] += all->s[0] - label->s[0];
        label->ss[1] += all->ss[0] - label->ss[0];
        label->sn[1] += all->sn[0] - label->sn[0];
    }
}

/* ---- the statistic ---- */

/* sum over parts of (s - r n)^2 */
static double squares(double ss, double sn, double nn, double r)
{
    return ss - 2 * r * sn + r * r * nn;
}

/* d^2 / (v + part of v0) of a label. */
static double statistic(const struct test *test, size_t l)
{
    const struct sums *sums = &test->dealt;
    const struct label_sums *label = &sums->labels[l];
    const double n[2] = {sums->n[0], sums->n[1]};
    double r[2], square[2];
    for (size_t g = 0; g < 2; g++) {
        r[g] = label->s[g] / n[g];
        square[g] = squares(label->ss[g], label->sn[g], sums->nn[g], r[g]) / (n[g] * n[g]);
    }
    double across = label->ss_across - r[1] * label->sn_across[0] - r[0] * label->sn_across[1] +
                    r[0] * r[1] * sums->nn_across;
    double v = square[0] + square[1] - 2 * across / (n[0] * n[1]);
    return (r[0] - r[1]) * (r[0] - r[1]) / fmax(v + test->steady[l], 1e-12);
}

/* v0 of a label: the mean of v over all deals, were all of one share r. mixed: sums of the mixed
 * threads. */
static double even_variance(const struct test *test, const struct sums *mixed, size_t l)
{
    const struct label_sums *whole = &test->all.labels[l], *both = &mixed->labels[l];
    double first = test->n_whole > 0 ? (double)test->n_first / (double)test->n_whole : 0;
    double half = (mixed->n[0] + mixed->n[1]) / 2;
    const double n[2] = {first * test->all.n[0] + half, (1 - first) * test->all.n[0] + half};
    double r = (whole->s[0] + both->s[0] + both->s[1]) / (n[0] + n[1]);
    double of_whole = squares(whole->ss[0], whole->sn[0], test->all.nn[0], r);
    double of_mixed = squares(both->ss[0] + both->ss[1], both->sn[0] + both->sn[1],
                              mixed->nn[0] + mixed->nn[1], r) /
                      2;
    double across =
        both->ss_across - r * (both->sn_across[0] + both->sn_across[1]) + r * r * mixed->nn_across;
    return (first * of_whole + of_mixed) / (n[0] * n[0]) +
           ((1 - first) * of_whole + of_mixed) / (n[1] * n[1]) - 2 * across / (n[0] * n[1]);
}

static void look(struct test *test)
{
    for (size_t l = 0; l < test->contrast->n_labels; l++)
        test->hits[l] += statistic(test, l) >= test->least[l];
}

/* The first so many whole threads of the list go to the first group; bit i of swaps: mixed thread i
 * is swapped. */
static void deal(struct test *test, const uint64_t *swaps)
{
    clear(test, &test->dealt);
    for (size_t i = 0; i < test->n_first; i++)
        add_part(test, &test->dealt, test->whole[i], part_of(test, test->whole[i]), 0);
    add_others(test);
    for (size_t i = 0; i < test->n_mixed; i++)
        add_mixed(test, &test->dealt, test->mixed[i], swaps[i / 64] >> (i % 64) & 1);
}

/* ---- all deals, where they are few ---- */

/* How many there are; more than `most`: infinity. */
static double count_deals(const struct test *test, double most)
{
    double n = 1;
    for (size_t i = 0; i < test->n_first && n <= most; i++)
        n = n * (double)(test->n_whole - i) / (double)(i + 1);
    for (size_t i = 0; i < test->n_mixed && n <= most; i++)
        n *= 2;
    return n <= most ? n : INFINITY;
}

/* The next choice of k of n places, in order; false: there is none. */
static bool next_choice(size_t *chosen, size_t k, size_t n)
{
    size_t i = k;
    while (i > 0 && chosen[i - 1] == n - k + i - 1)
        i--;
    if (i == 0)
        return false;
    chosen[i - 1]++;
    for (; i < k; i++)
        chosen[i] = chosen[i - 1] + 1;
    return true;
}

static void deal_all(struct test *test, struct retort_arena *arena)
{
    size_t *whole = RETORT_NEW(arena, size_t, test->n_whole + 1);
    size_t *chosen = RETORT_NEW(arena, size_t, test->n_first + 1);
    memcpy(whole, test->whole, test->n_whole * sizeof *whole);
    for (size_t i = 0; i < test->n_first; i++)
        chosen[i] = i;
    do {
        for (size_t i = 0; i < test->n_first; i++)
            test->whole[i] = whole[chosen[i]];
        for (uint64_t swaps = 0; swaps < UINT64_C(1) << test->n_mixed; swaps++) {
            deal(test, &swaps);
            look(test);
        }
    } while (next_choice(chosen, test->n_first, test->n_whole));
}

/* ---- some deals, at random ---- */

/* Each place below n with the same chance, but for one part in 2^64 / n. */
static size_t random_below(uint64_t *state, size_t n)
{
    __extension__ unsigned __int128 product = retort_random(state);
    return (size_t)(product * n >> 64);
}

static void deal_at_random(struct test *test, uint64_t *state, uint64_t *swaps)
{
    for (size_t i = 0; i < test->n_first; i++) {
        size_t other = i + random_below(state, test->n_whole - i), kept = test->whole[i];
        test->whole[i] = test->whole[other];
        test->whole[other] = kept;
    }
    for (size_t i = 0; i < (test->n_mixed + 63) / 64; i++)
        swaps[i] = retort_random(state);
    deal(test, swaps);
}

/* A label is settled when enough deals have reached it: then p is theirs among those so far (Besag
 * and Clifford 1991). */
static uint64_t deal_some(struct test *test, uint64_t most, uint64_t seed,
                          struct retort_arena *arena, double *p)
{
    size_t n_labels = test->contrast->n_labels, n_open = n_labels;
    uint64_t *swaps = RETORT_NEW(arena, uint64_t, test->n_mixed / 64 + 1), n = 0;
    for (size_t l = 0; l < n_labels; l++)
        p[l] = (double)NAN;
    while (n < most && n_open > 0) {
        deal_at_random(test, &seed, swaps);
        look(test);
        n++;
        for (size_t l = 0; l < n_labels; l++)
            if (isnan(p[l]) && test->hits[l] >= ENOUGH) {
                p[l] = (double)ENOUGH / (double)n;
                n_open--;
            }
    }
    for (size_t l = 0; l < n_labels; l++)
        if (isnan(p[l]))
            p[l] = (double)(test->hits[l] + 1) / (double)(n + 1);
    return n;
}

/* ---- the test ---- */

/* The smaller group's whole threads come first: they are what is dealt. */
static void sort_threads(struct test *test, struct retort_arena *arena)
{
    const struct retort_contrast *contrast = test->contrast;
    size_t n[2] = {0, 0};
    test->whole = RETORT_NEW(arena, size_t, contrast->n_threads + 1);
    test->mixed = RETORT_NEW(arena, size_t, contrast->n_threads + 1);
    for (size_t t = 0; t < contrast->n_threads; t++)
        if (size_of(test, t, 0) > 0 && size_of(test, t, 1) > 0)
            test->mixed[test->n_mixed++] = t;
        else if (size_of(test, t, 0) > 0 || size_of(test, t, 1) > 0)
            n[size_of(test, t, 1) > 0]++;
    bool smaller = test->second_first = n[1] < n[0];
    test->n_first = n[smaller];
    test->n_whole = n[0] + n[1];
    size_t at[2] = {0, test->n_first};
    for (size_t t = 0; t < contrast->n_threads; t++) {
        bool first = size_of(test, t, 0) > 0, second = size_of(test, t, 1) > 0;
        if (first != second)
            test->whole[at[second != smaller]++] = t;
    }
}

/* The statistic does not ask which group is called the first: of mixed threads the parts go where
 * the whole threads of their group go. */
static void find(struct test *test, struct retort_arena *arena)
{
    size_t n_words = test->n_mixed / 64 + 1;
    uint64_t *swaps = RETORT_NEW(arena, uint64_t, n_words);
    memset(swaps, test->second_first ? 0xFF : 0, n_words * sizeof *swaps);
    for (size_t i = 0; i < test->n_whole; i++)
        add_part(test, &test->all, test->whole[i], part_of(test, test->whole[i]), 0);
    clear(test, &test->dealt);
    for (size_t i = 0; i < test->n_mixed; i++)
        add_mixed(test, &test->dealt, test->mixed[i], false);
    for (size_t l = 0; l < test->contrast->n_labels; l++)
        test->steady[l] = STEADY * even_variance(test, &test->dealt, l);
    deal(test, swaps);
    for (size_t l = 0; l < test->contrast->n_labels; l++)
        test->least[l] = statistic(test, l) * (1 - 1e-9) - 1e-12;
}

struct retort_permuted retort_permutation_test(const struct retort_contrast *contrast,
                                               uint64_t most, uint64_t seed,
                                               struct retort_arena *arena, double *p)
{
    size_t n_labels = contrast->n_labels;
    struct test test = {.contrast = contrast,
                        .steady = RETORT_NEW(arena, double, n_labels),
                        .least = RETORT_NEW(arena, double, n_labels),
                        .hits = RETORT_NEW(arena, uint64_t, n_labels)};
    test.all.labels = RETORT_NEW(arena, struct label_sums, n_labels);
    test.dealt.labels = RETORT_NEW(arena, struct label_sums, n_labels);
    sort_threads(&test, arena);
    bool both = test.n_mixed > 1 || (test.n_first > 0 && test.n_whole > 2);
    for (size_t l = 0; l < n_labels; l++)
        p[l] = (double)NAN;
    if (!both)
        return (struct retort_permuted){.exact = true, .n = 0};
    find(&test, arena);
    double n = count_deals(&test, (double)most);
    if (!(n <= (double)most))
        return (struct retort_permuted){false, deal_some(&test, most, seed, arena, p)};
    deal_all(&test, arena);
    for (size_t l = 0; l < n_labels; l++)
        p[l] = (double)test.hits[l] / n;
    return (struct retort_permuted){true, (uint64_t)n};
}

/* ---- many tests, and effects ---- */

/* The least that is left, again and again: tests are tens or hundreds. */
void retort_holm(double *p, size_t n, struct retort_arena *arena)
{
    bool *done = RETORT_NEW(arena, bool, n + 1);
    size_t n_left = 0;
    double reached = 0;
    for (size_t i = 0; i < n; i++)
        n_left += isnan(p[i]) ? 0 : 1;
    for (; n_left > 0; n_left--) {
        size_t least = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (!done[i] && !isnan(p[i]) && (least == SIZE_MAX || p[i] < p[least]))
                least = i;
        done[least] = true;
        reached = fmax(reached, fmin(1, p[least] * (double)n_left));
        p[least] = reached;
    }
}

static double angle(double share)
{
    return 2 * asin(sqrt(fmin(fmax(share, 0), 1)));
}

double retort_cohens_h(double share, double other)
{
    return isnan(share) || isnan(other) ? (double)NAN : angle(share) - angle(other);
}

const char *retort_cohens_h_name(double h)
{
    static const struct {
        double from;
        const char *name;
    } SIZES[] = {{0.8, "large"}, {0.5, "medium"}, {0.2, "small"}, {0, "very small"}};
    size_t i = 0;
    while (fabs(h) < SIZES[i].from)
        i++;
    return SIZES[i].name;
}
