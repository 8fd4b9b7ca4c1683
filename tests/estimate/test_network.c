/* Networks and pairs, held to what can be counted by hand. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>

Suite *network_suite(void);

static struct retort_arena arena;

static void release_arena(void)
{
    retort_arena_release(&arena);
}

#define N(array) (sizeof(array) / sizeof *(array))

/* ---- graphs ---- */

/* 0 → 1 three times, 1 → 0 once, 1 → 2, 2 → 0, 3 to itself. */
static const uint32_t FROM[] = {1, 0, 2, 0, 1, 3, 0}, TO[] = {2, 1, 0, 1, 0, 3, 1};

static void make_small(struct retort_graph *graph)
{
    const struct retort_replies replies = {FROM, TO, NULL, N(FROM), 5};
    retort_graph_make(&replies, &arena, graph);
}

START_TEST(alike_replies_are_one_edge_and_answers_to_oneself_none)
{
    struct retort_graph graph;
    make_small(&graph);
    ck_assert_uint_eq(graph.n_edges, 4);
    ck_assert_uint_eq(graph.total, 6);
    ck_assert_uint_eq(graph.first[5], 4);
    ck_assert_uint_eq(graph.first[3], graph.first[5]);
    ck_assert_uint_eq(graph.weight[retort_graph_edge(&graph, 0, 1)], 3);
    ck_assert_uint_eq(retort_graph_edge(&graph, 0, 2), SIZE_MAX);
    ck_assert_uint_eq(retort_graph_edge(&graph, 4, 0), SIZE_MAX);
}
END_TEST

START_TEST(reciprocity_counts_edges_and_weights)
{
    struct retort_graph graph;
    make_small(&graph);
    ck_assert_double_eq_tol(retort_graph_reciprocity(&graph), 2.0 / 4, 1e-12);
    ck_assert_double_eq_tol(retort_graph_returned(&graph), 2.0 / 6, 1e-12);
}
END_TEST

START_TEST(a_network_without_edges_has_no_figures)
{
    const struct retort_replies none = {FROM, TO, NULL, 0, 3}, nobody = {FROM, TO, NULL, 0, 0};
    uint32_t community[3];
    struct retort_graph graph, both;
    retort_graph_make(&none, &arena, &graph);
    retort_graph_undirect(&graph, &arena, &both);
    ck_assert(isnan(retort_graph_reciprocity(&graph)));
    ck_assert(isnan(retort_graph_returned(&graph)));
    ck_assert_uint_eq(retort_graph_communities(&both, 1, community), 3);
    ck_assert(isnan(retort_graph_modularity(&both, community)));
    retort_graph_make(&nobody, &arena, &graph);
    ck_assert_uint_eq(retort_graph_communities(&graph, 1, community), 0);
}
END_TEST

/* ---- communities ---- */

enum { RING = 6, CLIQUE = 5, N_RING = RING * CLIQUE };

/* Cliques, each tied to the next by one reply: node i is in clique i % RING. */
static void make_ring(struct retort_graph *both)
{
    uint32_t from[N_RING * CLIQUE], to[N_RING * CLIQUE];
    size_t n = 0;
    for (uint32_t i = 0; i < N_RING; i++)
        for (uint32_t j = i + RING; j < N_RING; j += RING) {
            from[n] = i;
            to[n++] = j;
        }
    for (uint32_t i = 0; i < RING; i++) {
        from[n] = i;
        to[n++] = (i + 1) % RING + RING;
    }
    const struct retort_replies replies = {from, to, NULL, n, N_RING};
    struct retort_graph graph;
    retort_graph_make(&replies, &arena, &graph);
    retort_graph_undirect(&graph, &arena, both);
}

/* 60 edges within and 6 between; each clique has strength 22 of 132: 60/66 − 6 · (22/132)². */
START_TEST(communities_of_a_ring_of_cliques_are_the_cliques)
{
    struct retort_graph both;
    uint32_t community[N_RING];
    make_ring(&both);
    ck_assert_uint_eq(retort_graph_communities(&both, (uint64_t)_i, community), RING);
    for (uint32_t i = 0; i < N_RING; i++)
        ck_assert_uint_eq(community[i], community[i % RING]);
    ck_assert_double_eq_tol(retort_graph_modularity(&both, community), 60.0 / 66 - 6.0 / 36, 1e-12);
}
END_TEST

/* Camps that people leave in every fourth reply: what is found is as good as the camps. */
START_TEST(communities_of_many_levels_are_as_good_as_those_planted)
{
    enum { NODES = 2400, REPLIES = 12000, CAMPS = 40 };
    static uint32_t from[REPLIES], to[REPLIES], planted[NODES], found[NODES];
    struct retort_graph directed, both;
    uint64_t state = 3;
    for (uint32_t node = 0; node < NODES; node++)
        planted[node] = node % CAMPS;
    for (size_t n = 0; n < REPLIES;) {
        from[n] = (uint32_t)(retort_random(&state) % NODES);
        to[n] = (uint32_t)(retort_random(&state) % NODES);
        n += from[n] % CAMPS == to[n] % CAMPS || retort_random(&state) % 120 == 0;
    }
    const struct retort_replies replies = {from, to, NULL, REPLIES, NODES};
    retort_graph_make(&replies, &arena, &directed);
    retort_graph_undirect(&directed, &arena, &both);
    uint32_t n_found = retort_graph_communities(&both, 1, found);
    ck_assert_uint_ge(n_found, CAMPS / 2);
    ck_assert_uint_le(n_found, CAMPS);
    ck_assert_double_ge(retort_graph_modularity(&both, found),
                        retort_graph_modularity(&both, planted) - .02);
}
END_TEST

START_TEST(modularity_of_one_community_is_zero_and_of_single_nodes_negative)
{
    struct retort_graph both;
    uint32_t one[N_RING] = {0}, each[N_RING];
    for (uint32_t i = 0; i < N_RING; i++)
        each[i] = i;
    make_ring(&both);
    ck_assert_double_eq_tol(retort_graph_modularity(&both, one), 0, 1e-12);
    ck_assert_double_lt(retort_graph_modularity(&both, each), 0);
}
END_TEST

/* ---- the null model ---- */

START_TEST(a_shuffle_keeps_degrees_in_each_stratum_and_makes_no_answer_to_oneself)
{
    enum { SIZE = 400, NODES = 20 };
    uint32_t from[SIZE], to[SIZE], before[2][NODES] = {{0}}, after[2][NODES] = {{0}};
    const size_t bounds[] = {0, 150, 399, SIZE};
    const struct retort_strata strata = {bounds, 3};
    uint64_t state = 7;
    size_t n_moved = 0;
    for (size_t i = 0; i < SIZE; i++) {
        from[i] = (uint32_t)(retort_random(&state) % NODES);
        to[i] = (uint32_t)((from[i] + 1 + retort_random(&state) % (NODES - 1)) % NODES);
        before[i >= 150][to[i]]++;
    }
    uint32_t old[SIZE];
    memcpy(old, to, sizeof to);
    ck_assert_uint_eq(retort_replies_shuffle(from, to, &strata, 3), 399);
    for (size_t i = 0; i < SIZE; i++) {
        ck_assert_uint_ne(from[i], to[i]);
        after[i >= 150][to[i]]++;
        n_moved += old[i] != to[i];
    }
    ck_assert_uint_gt(n_moved, SIZE / 2);
    ck_assert_uint_eq(old[399], to[399]);
    ck_assert_mem_eq(before, after, sizeof before);
}
END_TEST

/* ---- pairs ---- */

/* The mixing of partners that Newman (2003, table I) takes from Catania et al.: he gives r = .621.
 */
START_TEST(assortativity_is_that_of_newmans_table)
{
    const double cells[] = {.258, .016, .035, .013, .012, .157, .058, .019,
                            .013, .023, .306, .035, .005, .007, .024, .016};
    ck_assert_double_eq_tol(retort_pairs_assortativity(cells, 4), .621, 5e-4);
}
END_TEST

START_TEST(assortativity_of_one_label_is_no_figure)
{
    const double one[] = {1, 0, 0, 0}, alike[] = {.5, 0, 0, .5}, crossed[] = {0, .5, .5, 0},
                 blind[] = {.06, .14, .24, .56};
    ck_assert(isnan(retort_pairs_assortativity(one, 2)));
    ck_assert_double_eq_tol(retort_pairs_assortativity(alike, 2), 1, 1e-12);
    ck_assert_double_eq_tol(retort_pairs_modularity(alike, 2), .5, 1e-12);
    ck_assert_double_eq_tol(retort_pairs_assortativity(crossed, 2), -1, 1e-12);
    ck_assert_double_eq_tol(retort_pairs_assortativity(blind, 2), 0, 1e-12);
}
END_TEST

/* What a classifier with these rates would say of pairs, corrected, are the pairs again. */
START_TEST(errors_at_both_ends_are_undone)
{
    const double rates[] = {.7, .2, .1, .15, .8, .05, .3, .1, .6},
                 truth[] = {.2, .1, .05, .05, .3, .1, .02, .08, .1};
    double inverse[9], said[9] = {0};
    for (size_t i = 0; i < 9; i++)
        for (size_t j = 0; j < 9; j++)
            said[j] += truth[i] * rates[i / 3 * 3 + j / 3] * rates[i % 3 * 3 + j % 3];
    ck_assert_double_lt(retort_pairs_assortativity(said, 3),
                        retort_pairs_assortativity(truth, 3) / 2);
    ck_assert(retort_rates_invert(rates, 3, inverse));
    retort_pairs_correct(said, inverse, 3);
    for (size_t i = 0; i < 9; i++)
        ck_assert_double_eq_tol(said[i], truth[i], 1e-12);
}
END_TEST

START_TEST(rates_that_tell_nothing_apart_are_refused)
{
    const double blind[] = {.9, .1, .89, .11}, broken[] = {NAN, 0, 0, 1}, turned[] = {0, 1, 1, 0};
    double inverse[4];
    ck_assert(!retort_rates_invert(blind, 2, inverse));
    ck_assert(!retort_rates_invert(broken, 2, inverse));
    ck_assert(retort_rates_invert(turned, 2, inverse));
    ck_assert_double_eq(inverse[1], 1);
}
END_TEST

/* Of ten clusters, half of one cell and half of another: a draw's standard deviation is that of a
 * mean of ten, .5/√9, times t(9)/z. */
START_TEST(draws_spread_as_clusters_do)
{
    enum { CLUSTERS = 10, DRAWS = 4000 };
    double cells[CLUSTERS * 4] = {0}, all[4], drawn[4], squares = 0;
    uint64_t state = 5;
    for (size_t i = 0; i < CLUSTERS; i++)
        cells[i * 4 + i % 2 * 3] = 7;
    const struct retort_pairs pairs = {2, CLUSTERS, cells};
    retort_pairs_all(&pairs, all);
    ck_assert_double_eq_tol(all[0], .5, 1e-12);
    for (size_t i = 0; i < DRAWS; i++) {
        retort_pairs_draw(&pairs, all, &state, drawn);
        squares += (drawn[0] - .5) * (drawn[0] - .5);
    }
    ck_assert_double_eq_tol(sqrt(squares / DRAWS), .5 / 3 * 2.2622 / 1.96, .006);
}
END_TEST

START_TEST(two_clusters_have_no_draws_and_none_no_shares)
{
    const double rows[] = {1, 2, 3, 4, 4, 3, 2, 1};
    double cells[8], all[4], drawn[4];
    uint64_t state = 1;
    memcpy(cells, rows, sizeof rows);
    const struct retort_pairs two = {2, 2, cells}, none = {2, 0, cells};
    retort_pairs_all(&two, all);
    ck_assert_double_eq(all[0], .25);
    retort_pairs_draw(&two, all, &state, drawn);
    ck_assert(isnan(drawn[0]));
    retort_pairs_all(&none, all);
    ck_assert(isnan(all[0]));
}
END_TEST

START_TEST(posteriors_move_to_shares_and_keep_their_order)
{
    enum { ROWS = 4, CLASSES = 3 };
    float rows[ROWS * CLASSES] = {.6f, .3f, .1f, .2f, .7f, .1f, .1f, .1f, .8f, .4f, .4f, .2f};
    const double wanted[CLASSES] = {.5, .1, .4};
    const struct retort_posteriors posteriors = {.p = rows, .n = ROWS, .n_classes = CLASSES};
    double factors[CLASSES], means[CLASSES] = {0};
    retort_posteriors_fit(&posteriors, wanted, factors);
    for (size_t row = 0; row < ROWS; row++)
        retort_posteriors_move(rows + row * CLASSES, factors, CLASSES);
    for (size_t i = 0; i < ROWS * CLASSES; i++)
        means[i % CLASSES] += (double)rows[i] / ROWS;
    for (size_t i = 0; i < CLASSES; i++)
        ck_assert_double_eq_tol(means[i], wanted[i], 1e-4);
    ck_assert(rows[0] > rows[9] && rows[9] > rows[3] && rows[3] > rows[6]);
}
END_TEST

START_TEST(posteriors_of_nothing_stay_as_they_are)
{
    float row[] = {NAN, NAN};
    const double wanted[] = {.5, .5};
    double factors[2];
    const struct retort_posteriors none = {.p = row, .n = 0, .n_classes = 2};
    retort_posteriors_fit(&none, wanted, factors);
    ck_assert_double_eq(factors[0], 1);
    retort_posteriors_move(row, factors, 2);
    ck_assert(isnan(row[0]));
}
END_TEST

START_TEST(slopes_weigh_their_points)
{
    const double x[] = {0, 1, 2, 5}, line[] = {1, 3, 5, 11}, off[] = {0, 1, 0, 0},
                 weight[] = {1, 5, 2, 1}, ends[] = {1, 0, 1, 0}, same[] = {2, 2, 2, 2};
    ck_assert_double_eq_tol(retort_slope(x, line, weight, 4), 2, 1e-12);
    ck_assert_double_eq_tol(retort_slope(x, off, ends, 4), 0, 1e-12);
    ck_assert(isnan(retort_slope(same, line, weight, 4)));
}
END_TEST

Suite *network_suite(void)
{
    Suite *suite = suite_create("network");
    TCase *graphs = tcase_create("graphs");
    tcase_add_checked_fixture(graphs, NULL, release_arena);
    tcase_add_test(graphs, alike_replies_are_one_edge_and_answers_to_oneself_none);
    tcase_add_test(graphs, reciprocity_counts_edges_and_weights);
    tcase_add_test(graphs, a_network_without_edges_has_no_figures);
    tcase_add_loop_test(graphs, communities_of_a_ring_of_cliques_are_the_cliques, 0, 8);
    tcase_add_test(graphs, communities_of_many_levels_are_as_good_as_those_planted);
    tcase_add_test(graphs, modularity_of_one_community_is_zero_and_of_single_nodes_negative);
    tcase_add_test(graphs, a_shuffle_keeps_degrees_in_each_stratum_and_makes_no_answer_to_oneself);
    suite_add_tcase(suite, graphs);
    TCase *pairs = tcase_create("pairs");
    tcase_add_test(pairs, assortativity_is_that_of_newmans_table);
    tcase_add_test(pairs, assortativity_of_one_label_is_no_figure);
    tcase_add_test(pairs, errors_at_both_ends_are_undone);
    tcase_add_test(pairs, rates_that_tell_nothing_apart_are_refused);
    tcase_add_test(pairs, draws_spread_as_clusters_do);
    tcase_add_test(pairs, two_clusters_have_no_draws_and_none_no_shares);
    tcase_add_test(pairs, posteriors_move_to_shares_and_keep_their_order);
    tcase_add_test(pairs, posteriors_of_nothing_stay_as_they_are);
    tcase_add_test(pairs, slopes_weigh_their_points);
    suite_add_tcase(suite, pairs);
    return suite;
}
