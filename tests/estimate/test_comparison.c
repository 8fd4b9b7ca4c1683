/* The permutation test beside a plain one that deals by lists, and its rate of false alarms; Holm
 * and Cohen beside figures printed elsewhere. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>

TCase *comparison_case(void); /* of the suite of polarity */

enum { MOST_THREADS = 200 };

static double size[MOST_THREADS][2], score[MOST_THREADS][2];
static struct retort_arena arena;

static void near(double value, double wanted)
{
    ck_assert_msg(fabs(value - wanted) < 1e-6, "%.9f is not %.9f", value, wanted);
}

static void clear(void)
{
    memset(size, 0, sizeof size);
    memset(score, 0, sizeof score);
}

static void end(void)
{
    retort_arena_release(&arena);
}

static struct retort_permuted test_of(size_t n_threads, uint64_t most, uint64_t seed, double *p)
{
    struct retort_contrast contrast = {n_threads, 1, size[0], score[0]};
    return retort_permutation_test(&contrast, most, seed, &arena, p);
}

static void put(size_t thread, size_t group, double n, double sum)
{
    size[thread][group] = n;
    score[thread][group] = sum;
}

/* v0 the long way: over each thread in either place, each as likely as deals make it. */
static double plain_even_variance(size_t n_threads)
{
    double whole[2] = {0, 0}, whole_n = 0, mixed_n = 0, all_s = 0, sum = 0, n[2], to_first;
    for (size_t t = 0; t < n_threads; t++) {
        bool mixed = size[t][0] > 0 && size[t][1] > 0;
        for (size_t g = 0; g < 2; g++) {
            whole[g] += !mixed && size[t][g] > 0;
            *(mixed ? &mixed_n : &whole_n) += size[t][g];
            all_s += score[t][g];
        }
    }
    to_first = whole[0] + whole[1] > 0 ? whole[0] / (whole[0] + whole[1]) : 0;
    n[0] = to_first * whole_n + mixed_n / 2;
    n[1] = (1 - to_first) * whole_n + mixed_n / 2;
    for (size_t t = 0; t < n_threads; t++) {
        bool mixed = size[t][0] > 0 && size[t][1] > 0;
        double e[2];
        for (size_t g = 0; g < 2; g++)
            e[g] = score[t][g] - all_s / (whole_n + mixed_n) * size[t][g];
        if (mixed)
            sum += (pow(e[0] / n[0] - e[1] / n[1], 2) + pow(e[1] / n[0] - e[0] / n[1], 2)) / 2;
        else
            sum += to_first * pow((e[0] + e[1]) / n[0], 2) +
                   (1 - to_first) * pow((e[0] + e[1]) / n[1], 2);
    }
    return sum;
}

/* What is compared of what stands in size and score, the long way. */
static double plain_statistic(size_t n_threads, const bool *swap)
{
    double n[2] = {0, 0}, s[2] = {0, 0}, variance = 0;
    for (size_t t = 0; t < n_threads; t++)
        for (size_t g = 0; g < 2; g++) {
            n[g] += size[t][g ^ swap[t]];
            s[g] += score[t][g ^ swap[t]];
        }
    for (size_t t = 0; t < n_threads; t++) {
        double u = 0;
        for (size_t g = 0; g < 2; g++)
            u += (g ? -1 : 1) * (score[t][g ^ swap[t]] - s[g] / n[g] * size[t][g ^ swap[t]]) / n[g];
        variance += u * u;
    }
    return (s[0] / n[0] - s[1] / n[1]) * (s[0] / n[0] - s[1] / n[1]) /
           (variance + plain_even_variance(n_threads) / 4);
}

/* p over all deals that leave as many whole threads to each group. */
static double plain_test(size_t n_threads)
{
    bool swap[MOST_THREADS] = {false};
    double found = plain_statistic(n_threads, swap), hits = 0, n = 0;
    for (unsigned deal = 0; deal < 1u << n_threads; deal++) {
        int moved = 0;
        for (size_t t = 0; t < n_threads; t++) {
            swap[t] = deal >> t & 1;
            bool mixed = size[t][0] > 0 && size[t][1] > 0;
            moved += mixed || !swap[t] ? 0 : size[t][0] > 0 ? 1 : -1;
        }
        if (moved != 0)
            continue;
        n++;
        hits += plain_statistic(n_threads, swap) >= found * (1 - 1e-9);
    }
    return hits / n;
}

START_TEST(test_few_threads_are_dealt_in_all_ways)
{
    double p;
    clear();
    put(0, 0, 5, 4), put(1, 0, 3, 3), put(2, 0, 8, 5), put(3, 0, 2, 2);
    put(4, 1, 6, 1), put(5, 1, 4, 2), put(6, 1, 9, 2), put(7, 1, 3, 1), put(8, 1, 7, 0);
    struct retort_permuted permuted = test_of(9, 9999, 1, &p);
    ck_assert(permuted.exact && permuted.n == 126);
    near(p, plain_test(9));
    ck_assert(p < 0.05);
}
END_TEST

START_TEST(test_threads_of_both_groups_are_swapped)
{
    double p;
    clear();
    put(0, 0, 5, 4), put(0, 1, 3, 1), put(1, 0, 3, 3), put(1, 1, 9, 4);
    put(2, 0, 4, 3), put(2, 1, 2, 1), put(3, 0, 6, 5), put(3, 1, 6, 4);
    put(4, 0, 7, 3), put(5, 0, 4, 4), put(6, 0, 5, 2), put(7, 1, 3, 0);
    struct retort_permuted permuted = test_of(8, 9999, 1, &p);
    ck_assert(permuted.exact && permuted.n == 64);
    near(p, plain_test(8));
    put(7, 1, 0, 0); /* now no thread is all of the second group */
    test_of(7, 9999, 1, &p);
    near(p, plain_test(7));
}
END_TEST

START_TEST(test_deals_at_random_come_near_all_deals)
{
    double p, exact;
    clear();
    for (size_t t = 0; t < 12; t++)
        put(t, t % 2, 4 + (double)(t % 3), (double)(t * 7 % 5) + (t % 2 ? 0 : 0.4));
    ck_assert(test_of(12, 99999, 1, &exact).exact);
    for (uint64_t seed = 0; seed < 5; seed++) {
        struct retort_permuted permuted = test_of(12, 900, seed, &p);
        ck_assert(!permuted.exact && permuted.n < 900); /* there is little to find: it stops */
        ck_assert_msg(fabs(p - exact) < 0.25, "%f is not %f", p, exact);
    }
    double again;
    test_of(12, 900, 4, &again);
    ck_assert(again == p);
}
END_TEST

START_TEST(test_one_thread_a_group_tells_nothing)
{
    double p;
    clear();
    put(0, 0, 50, 40), put(1, 1, 50, 2);
    ck_assert(test_of(2, 999, 1, &p).n == 0 && isnan(p));
    put(1, 1, 0, 0);
    ck_assert(test_of(2, 999, 1, &p).n == 0 && isnan(p));
    ck_assert(test_of(0, 999, 1, &p).n == 0 && isnan(p));
}
END_TEST

static double uniform(uint64_t *state)
{
    return (double)(retort_random(state) >> 11) * 0x1p-53;
}

/* Groups that do not differ, in threads of 1 to 20 comments that are alike: at 5 %, an alarm in 5
 * of 100. Both kinds of threads; 15 against 60 of them. */
START_TEST(test_alarms_are_as_rare_as_they_say)
{
    uint64_t state = 7;
    int alarms = 0, n = 400;
    for (int draw = 0; draw < n; draw++) {
        double p;
        clear();
        for (size_t t = 0; t < 90; t++) {
            double share = uniform(&state) * uniform(&state);
            for (size_t g = 0; g < 2; g++) {
                if (t < 75 && g != (t < 15 ? 0 : 1))
                    continue;
                double comments = 1 + floor(uniform(&state) * (g ? 20 : 8)), on = 0;
                for (int i = 0; i < (int)comments; i++)
                    on += uniform(&state) < share;
                put(t, g, comments, on);
            }
        }
        test_of(90, 199, (uint64_t)draw, &p);
        alarms += p < 0.05;
    }
    ck_assert_msg(alarms > n * 2 / 100 && alarms < n * 9 / 100, "%d of %d", alarms, n);
}
END_TEST

/* Five of 100 here, one of 800 there, a thread each: Fisher's exact test says .0002. */
START_TEST(test_rare_labels_are_found)
{
    double p;
    static double sizes[900][2], scores[900][2];
    for (size_t t = 0; t < 900; t++) {
        sizes[t][t >= 100] = 1;
        scores[t][t >= 100] = t < 5 || t == 500;
    }
    struct retort_contrast contrast = {900, 1, sizes[0], scores[0]};
    retort_permutation_test(&contrast, 9999, 3, &arena, &p);
    ck_assert_msg(p < 0.002, "%f", p);
}
END_TEST

START_TEST(test_holm_is_as_r_does_it)
{
    /* R 4.2: p.adjust(c(.01, .04, .03, NA, .005, .9), "holm") */
    double p[] = {0.01, 0.04, 0.03, (double)NAN, 0.005, 0.9};
    const double wanted[] = {0.04, 0.09, 0.09, (double)NAN, 0.025, 0.9};
    retort_holm(p, 6, &arena);
    for (size_t i = 0; i < 6; i++)
        ck_assert(isnan(wanted[i]) ? isnan(p[i]) : fabs(p[i] - wanted[i]) < 1e-12);
}
END_TEST

START_TEST(test_effects_have_cohens_names)
{
    /* Cohen (1988), table 6.2.1: a share of .50 less one of .40 is an h of .20; .35 less .15: .47.
     */
    ck_assert(fabs(retort_cohens_h(0.5, 0.4) - 0.20) < 0.005);
    ck_assert(fabs(retort_cohens_h(0.35, 0.15) - 0.47) < 0.005);
    near(retort_cohens_h(1.2, -0.1), 3.14159265);
    ck_assert(isnan(retort_cohens_h((double)NAN, 0.5)));
    ck_assert_str_eq(retort_cohens_h_name(-0.51), "medium");
    ck_assert_str_eq(retort_cohens_h_name(0.01), "very small");
}
END_TEST

TCase *comparison_case(void)
{
    TCase *all = tcase_create("comparison");
    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, clear, end);
    tcase_add_test(all, test_few_threads_are_dealt_in_all_ways);
    tcase_add_test(all, test_threads_of_both_groups_are_swapped);
    tcase_add_test(all, test_deals_at_random_come_near_all_deals);
    tcase_add_test(all, test_one_thread_a_group_tells_nothing);
    tcase_add_test(all, test_alarms_are_as_rare_as_they_say);
    tcase_add_test(all, test_rare_labels_are_found);
    tcase_add_test(all, test_holm_is_as_r_does_it);
    tcase_add_test(all, test_effects_have_cohens_names);
    return all;
}
