/* Sampling: units come with their chances, shares without bias and with intervals that cover, and
 * the search for a rare label ends too early in at most one of twenty. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *sampling_suite(void);

static double sum_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

static double uniform(uint64_t *seed)
{
    return (double)(retort_random(seed) >> 11) * 0x1p-53;
}

/* ---- chances ---- */

enum { UNITS = 12, PICKS = 5, DRAWS = 40000 };

/* Three strata of 2, 4 and 6. */
static const uint32_t STRATA[UNITS] = {0, 1, 2, 1, 2, 2, 0, 1, 2, 2, 1, 2};

struct design {
    double chances[UNITS];
    bool stratified;
};

static struct design make_design(int which)
{
    static const double SIZES[] = {2, 4, 6};
    static const double NEAR[UNITS] = {.1, .9, .3, .2, 8, .5, .1, .4, .7, .1, .3, .2};
    struct design design = {.stratified = which == 1 || which == 2};
    double drawn[3];
    if (which == 3)
        retort_share_out(&(struct retort_bounds){NEAR, NULL, NULL, UNITS}, PICKS, design.chances);
    if (which == 1) /* fewer than two of each would not be whole */
        ck_assert(!retort_allocate(SIZES, 3, PICKS, 0.5, drawn));
    for (size_t i = 0; i < UNITS && which < 3; i++)
        design.chances[i] = which == 0   ? PICKS / (double)UNITS
                            : which == 1 ? drawn[STRATA[i]] / SIZES[STRATA[i]]
                                         : (STRATA[i] == 0   ? 1
                                            : STRATA[i] == 1 ? .25
                                                             : 1 / 3.0);
    return design;
}

START_TEST(each_unit_comes_with_its_chance)
{
    const struct design design = make_design(_i);
    const struct retort_frame frame = {design.chances, design.stratified ? STRATA : NULL, UNITS,
                                       design.stratified ? 3 : 1};
    double hits[UNITS] = {0}, first[UNITS] = {0};
    ck_assert_double_eq_tol(sum_of(design.chances, UNITS), PICKS, 1e-9);
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        uint32_t picks[PICKS];
        unsigned of[3] = {0};
        bool seen[UNITS] = {false};
        retort_sample(&frame, PICKS, seed, picks);
        first[picks[0]]++;
        for (size_t i = 0; i < PICKS; i++) {
            ck_assert(picks[i] < UNITS && !seen[picks[i]]);
            seen[picks[i]] = true;
            hits[picks[i]]++;
            of[STRATA[picks[i]]]++;
        }
        ck_assert(_i != 2 || (of[0] == 2 && of[1] == 1 && of[2] == 2));
    }
    for (size_t i = 0; i < UNITS; i++) {
        double chance = design.chances[i], spread = sqrt(chance * (1 - chance) / DRAWS);
        ck_assert_msg(fabs(hits[i] / DRAWS - chance) <= 4.5 * spread + 1e-9, "%zu: %f of %f", i,
                      hits[i] / DRAWS, chance);
        ck_assert_double_eq_tol(first[i] / DRAWS, chance / PICKS, 0.01);
    }
}
END_TEST

START_TEST(equal_chances_are_simple_random_sampling)
{
    const struct design design = make_design(0);
    const struct retort_frame frame = {design.chances, NULL, UNITS, 1};
    double pairs[UNITS][UNITS] = {{0}};
    const double chance = PICKS * (PICKS - 1) / (double)(UNITS * (UNITS - 1));
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        uint32_t picks[PICKS];
        retort_sample(&frame, PICKS, seed, picks);
        for (size_t i = 0; i < PICKS; i++)
            for (size_t j = 0; j < PICKS; j++)
                pairs[picks[i]][picks[j]]++;
    }
    for (size_t i = 0; i < UNITS; i++)
        for (size_t j = 0; j < UNITS; j++)
            ck_assert(i == j || fabs(pairs[i][j] / DRAWS - chance) < 4.5 * sqrt(chance / DRAWS));
}
END_TEST

START_TEST(the_same_seed_draws_the_same)
{
    const struct design design = make_design(3);
    const struct retort_frame frame = {design.chances, NULL, UNITS, 1};
    uint32_t once[PICKS], again[PICKS];
    retort_sample(&frame, PICKS, 7, once);
    retort_sample(&frame, PICKS, 7, again);
    ck_assert_mem_eq(once, again, sizeof once);
    ck_assert_double_eq_tol(design.chances[4], 1, 1e-9); /* far larger than the others */
}
END_TEST

START_TEST(strata_are_shared_out_as_is_said)
{
    static const double SIZES[] = {1000, 100, 10, 1};
    double drawn[4];
    ck_assert(retort_allocate(SIZES, 4, 100, 1, drawn));
    ck_assert_double_eq(sum_of(drawn, 4), 100);
    ck_assert(drawn[0] == 88 && drawn[1] == 9 && drawn[2] == 2 && drawn[3] == 1);
    ck_assert(retort_allocate(SIZES, 4, 100, 0, drawn)); /* the same of each, or all it has */
    ck_assert(drawn[0] + drawn[1] == 89 && drawn[2] == 10 && drawn[3] == 1);
    ck_assert(retort_allocate(SIZES, 4, 1111, 0.5, drawn));
    ck_assert(drawn[0] == 1000 && drawn[1] == 100 && drawn[2] == 10 && drawn[3] == 1);
    ck_assert(!retort_allocate(SIZES, 4, 4, 1, drawn));
    ck_assert_double_eq_tol(sum_of(drawn, 4), 4, 1e-9);
    ck_assert_double_eq_tol(drawn[1] / drawn[0], 0.1, 1e-9);
}
END_TEST

/* ---- shares ---- */

enum { WORLD = 2000, WORLDS = 1000, SAMPLE = 250 };

struct world {
    double value[WORLD], chance[WORLD];
    uint32_t stratum[WORLD];
    size_t n_strata;
    double share;
};

/* One in eight; the model's doubt, and so the chance in the third design, goes with the value. */
static void make_world(struct world *world, int which)
{
    uint64_t seed = 11;
    double near[WORLD], sizes[4] = {0}, drawn[4];
    world->n_strata = which == 1 ? 4 : 1;
    for (size_t i = 0; i < WORLD; i++) {
        world->stratum[i] = which == 1 ? (uint32_t)(i % 16 ? i % 3 : 3) : 0;
        world->value[i] = uniform(&seed) < (world->stratum[i] == 3 ? 0.6 : 0.09);
        near[i] = 0.4 + uniform(&seed) + 0.8 * world->value[i];
        sizes[world->stratum[i]]++;
    }
    world->share = sum_of(world->value, WORLD) / WORLD;
    retort_allocate(sizes, world->n_strata, SAMPLE, 0.5, drawn);
    if (which == 2)
        retort_share_out(&(struct retort_bounds){near, NULL, NULL, WORLD}, SAMPLE, world->chance);
    for (size_t i = 0; i < WORLD && which < 2; i++)
        world->chance[i] = drawn[world->stratum[i]] / sizes[world->stratum[i]];
}

START_TEST(shares_have_no_bias_and_intervals_cover)
{
    static struct world world;
    make_world(&world, _i);
    const struct retort_frame frame = {world.chance, world.stratum, WORLD, world.n_strata};
    double total = 0, covered = 0, variance = 0, squares = 0, mean = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        uint32_t picks[SAMPLE];
        struct retort_drawn values[SAMPLE];
        struct retort_drawn_share share;
        double hits = 0;
        retort_sample(&frame, SAMPLE, seed, picks);
        for (size_t i = 0; i < SAMPLE; i++) {
            values[i] = (struct retort_drawn){world.value[picks[i]], world.chance[picks[i]],
                                              world.stratum[picks[i]]};
            hits += values[i].value / values[i].chance;
        }
        retort_share_drawn(values, SAMPLE, &share);
        total += hits / WORLD / WORLDS;
        covered += share.share.low <= world.share && world.share <= share.share.high;
        variance += share.variance / WORLDS;
        mean += share.share.value / WORLDS;
        squares += (share.share.value - world.share) * (share.share.value - world.share) / WORLDS;
    }
    printf("design %d: share %.4f, drawn %.4f (HT) %.4f (Hajek), covered %.1f %%, variance %.2f\n",
           _i, world.share, total, mean, 100 * covered / WORLDS, variance / squares);
    ck_assert_double_eq_tol(total, world.share, 4 * sqrt(squares / WORLDS) + 0.001);
    ck_assert_double_eq_tol(mean, world.share, 4 * sqrt(squares / WORLDS));
    ck_assert_double_ge(covered / WORLDS, 0.935);
    ck_assert_double_le(covered / WORLDS, 0.985); /* exact bounds keep more than they must */
    ck_assert_double_eq_tol(variance / squares, 1, 0.15);
}
END_TEST

START_TEST(all_known_is_no_interval_and_none_no_figure)
{
    struct retort_drawn all[] = {{1, 1, 0}, {0, 1, 0}, {0, 1, 1}, {0, 1, 2}};
    struct retort_drawn_share share;
    retort_share_drawn(all, 4, &share);
    ck_assert_double_eq(share.share.low, 0.25);
    ck_assert_double_eq(share.share.high, 0.25);
    retort_share_drawn(all, 0, &share);
    ck_assert(isnan(share.share.value) && isnan(share.share.high));
    struct retort_drawn nothing[] = {{0, .1, 0}, {0, .1, 0}, {0, .1, 0}};
    retort_share_drawn(nothing, 3, &share); /* 3 ∕ 0.9 simple draws, none of which was one */
    ck_assert_double_eq(share.share.value, 0);
    ck_assert_double_eq_tol(share.n_effective, 3 / 0.9, 1e-9);
    ck_assert_double_eq_tol(share.share.high, 1 - pow(0.025, 0.9 / 3), 1e-6);
}
END_TEST

/* What a model says of them makes strata within which nearly all are alike. */
START_TEST(strata_that_look_pure_are_not_taken_to_be)
{
    enum { N = 60, HALF = WORLD / 2 };
    static double chances[WORLD];
    static uint32_t strata[WORLD];
    const struct retort_frame frame = {chances, strata, WORLD, 2};
    size_t covered = 0;
    for (size_t i = 0; i < WORLD; i++) {
        chances[i] = N / (double)WORLD;
        strata[i] = i >= HALF;
    }
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        uint32_t picks[N];
        struct retort_drawn values[N];
        struct retort_drawn_share share;
        retort_sample(&frame, N, seed, picks);
        for (size_t i = 0; i < N; i++) { /* 4 % of the first half, 97 % of the second */
            bool hit = picks[i] < HALF ? picks[i] < 0.04 * HALF : picks[i] < HALF + 0.97 * HALF;
            values[i] = (struct retort_drawn){hit, chances[0], strata[picks[i]]};
        }
        retort_share_drawn(values, N, &share);
        covered += share.share.low <= 0.505 && 0.505 <= share.share.high;
        ck_assert_double_lt(share.share.high - share.share.low, 0.22); /* one stratum: 0.26 */
        ck_assert_double_gt(share.share.high - share.share.low, 0.03);
    }
    ck_assert_uint_ge(covered, 940 * WORLDS / 1000);
}
END_TEST

START_TEST(as_many_as_were_said_are_enough)
{
    const double width = 0.04, share = 0.2, units = 100000;
    uint64_t n = retort_drawn_for_width(share, 100, 100 / (1 - 100 / units), units, width);
    double above = retort_share_below(share * (double)n, (double)n, 0.025) -
                   retort_share_above(share * (double)n, (double)n, 0.025);
    ck_assert_double_eq_tol(above, width, 0.001);
    ck_assert(n > 1400 && n < 1700); /* 1.96² · 0.2 · 0.8 ∕ 0.02² = 1,537, and what is finite */
    /* Each tells half as much: twice as many. */
    uint64_t twice = retort_drawn_for_width(share, 100, 50 / (1 - 100 / units), units, width);
    ck_assert_double_eq_tol((double)twice / (double)n, 2, 0.05);
    ck_assert_uint_le(retort_drawn_for_width(0.5, 100, 100, 150, 1e-7), 150);
    ck_assert_uint_gt(retort_drawn_for_width(0.5, 100, 100, 1e9, 1e-5), 900000000);
}
END_TEST

/* ---- searches ---- */

START_TEST(searches_by_hand)
{
    /* 19 found before: at least 2 of 1,000 are left where less than 95 % are found. None of 500:
     * 500 · 499 ∕ (1000 · 999). */
    struct retort_search search = {19, 1000, 500, 0, 0.95, 0.05};
    struct retort_search_stop stop;
    retort_search_enough(&search, &stop);
    ck_assert_uint_eq(stop.left_least, 2);
    ck_assert_double_eq_tol(stop.p, 500 * 499 / (1000.0 * 999), 1e-9);
    ck_assert_double_eq_tol(stop.p_always, stop.p * 9.8696044 / 6, 1e-8);
    ck_assert(!stop.enough);
    search.drawn += stop.more - 1;
    retort_search_enough(&search, &stop);
    ck_assert(!stop.enough && stop.more == 1);
    search.drawn++;
    retort_search_enough(&search, &stop);
    ck_assert(stop.enough && stop.more == 0);
    search = (struct retort_search){0, 50, 0, 0, 0.95, 0.05};
    retort_search_enough(&search, &stop); /* not even one is left: nearly all have to be seen */
    ck_assert(stop.left_least == 1 && !stop.enough && stop.more > 45);
    search = (struct retort_search){200, 5, 0, 0, 0.95, 0.05};
    retort_search_enough(&search, &stop); /* the urn is too small to hold so many */
    ck_assert(stop.enough && stop.p == 0);
}
END_TEST

/* Looks after every draw. */
static bool stops_too_early(uint64_t before, uint64_t left, uint64_t urn, uint64_t *seed)
{
    struct retort_search search = {before, urn, 0, 0, 0.95, 0.05};
    struct retort_search_stop stop;
    uint64_t holds = left;
    for (uint64_t rest = urn; rest > 0; rest--) {
        bool hit = retort_random(seed) % rest < holds;
        holds -= hit;
        search.drawn++;
        search.found_drawn += hit;
        retort_search_enough(&search, &stop);
        if (stop.enough)
            return (double)(before + search.found_drawn) < 0.95 * (double)(before + left);
        if (stop.more > 1 && stop.more < rest && holds == 0) { /* nothing will be found */
            search.drawn += stop.more - 1;
            rest -= stop.more - 1;
        }
    }
    return false;
}

START_TEST(searches_end_too_early_seldom)
{
    static const struct {
        uint64_t before, left, urn;
    } WORLDS_OF[] = {{0, 3, 100},  {10, 2, 150},  {19, 2, 200},
                     {40, 5, 200}, {30, 12, 200}, {5, 30, 250}};
    enum { SEARCHES = 1000 };
    uint64_t seed = 5 + (uint64_t)_i, wrong = 0;
    for (size_t s = 0; s < SEARCHES; s++)
        wrong +=
            stops_too_early(WORLDS_OF[_i].before, WORLDS_OF[_i].left, WORLDS_OF[_i].urn, &seed);
    printf("search %d: ended too early in %.1f %%\n", _i, 100 * (double)wrong / SEARCHES);
    ck_assert_double_le((double)wrong / SEARCHES, 0.05);
}
END_TEST

Suite *sampling_suite(void)
{
    Suite *suite = suite_create("sampling");
    TCase *cases = tcase_create("sampling");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, each_unit_comes_with_its_chance, 0, 4);
    tcase_add_test(cases, equal_chances_are_simple_random_sampling);
    tcase_add_test(cases, the_same_seed_draws_the_same);
    tcase_add_test(cases, strata_are_shared_out_as_is_said);
    tcase_add_loop_test(cases, shares_have_no_bias_and_intervals_cover, 0, 3);
    tcase_add_test(cases, all_known_is_no_interval_and_none_no_figure);
    tcase_add_test(cases, strata_that_look_pure_are_not_taken_to_be);
    tcase_add_test(cases, as_many_as_were_said_are_enough);
    tcase_add_test(cases, searches_by_hand);
    tcase_add_loop_test(cases, searches_end_too_early_seldom, 0, 6);
    suite_add_tcase(suite, cases);
    return suite;
}
