/* train: calibration, bounds, prevalence and what is measured of them, on data whose truth is known
 * because it was drawn here. Together, for all of it is drawn by the same few functions. */
#include "train/parts.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *calibrate_suite(void);

static double uniform(uint64_t *state)
{
    return (double)(retort_random(state) >> 11) / 9007199254740992.0;
}

static double sigmoid(double z)
{
    return 1 / (1 + exp(-z));
}

/* ---- a data set drawn from known probabilities ---- */

struct drawn {
    struct retort_dataset dataset;
    double *margins;
    uint8_t *fold;
    struct retort_label *labels;
    double *losses;
};

static void make(struct drawn *d, size_t n, size_t n_labels, enum retort_choice choice)
{
    static const char *NAMES[] = {"first", "second", "third", "fourth"};
    memset(d, 0, sizeof *d);
    struct retort_arena *arena = &d->dataset.arena;
    d->dataset.examples = RETORT_NEW(arena, struct retort_example, n);
    d->dataset.n_examples = n;
    d->dataset.labels = NAMES;
    d->dataset.n_labels = n_labels;
    d->dataset.choice = choice;
    d->margins = RETORT_NEW(arena, double, n *n_labels);
    d->fold = RETORT_NEW(arena, uint8_t, n);
    d->labels = RETORT_NEW(arena, struct retort_label, n_labels);
    d->losses = RETORT_NEW(arena, double, n_labels *RETORT_N_LINKS);
    for (size_t i = 0; i < n; i++) {
        d->dataset.examples[i].truth = RETORT_NEW(arena, int8_t, n_labels);
        d->dataset.examples[i].counts = 1;
        d->fold[i] = (uint8_t)(i % 5);
        d->dataset.examples[i].group = /* every example its own */
            retort_arena_copy(arena, (struct retort_span){(const uint8_t *)&i, sizeof i});
    }
}

static void unmake(struct drawn *d)
{
    retort_arena_release(&d->dataset.arena);
}

static void calibrate(struct drawn *d)
{
    const struct retort_calibration c = {&d->dataset, d->margins, d->fold, SIZE_MAX,
                                         0.10,        d->losses,  false,   false};
    retort_calibrate(&c, d->labels);
}

static double p_of(const struct drawn *d, double margin)
{
    struct retort_score score = {.margin = margin};
    size_t ignored;
    retort_decide(d->labels, 1, RETORT_ANY_OF, &score, &ignored);
    return score.p;
}

/* One label; margins even over [−3, 3], the chance of yes as the function says. */
static void draw(struct drawn *d, size_t n, double (*chance)(double))
{
    uint64_t state = 5;
    make(d, n, 1, RETORT_ANY_OF);
    for (size_t i = 0; i < n; i++) {
        d->margins[i] = 6 * uniform(&state) - 3;
        d->dataset.examples[i].truth[0] = uniform(&state) < chance(d->margins[i]);
    }
}

static double logistic(double margin)
{
    return sigmoid(2 * margin - 1);
}

static double bent(double margin) /* no sigmoid: level, then a step, then level */
{
    return margin < 0 ? 0.05 : margin < 1.5 ? 0.3 : 0.6;
}

static double contrary(double margin)
{
    return sigmoid(-margin);
}

/* ---- links ---- */

static size_t cases_of(const struct drawn *d, struct retort_case *cases)
{
    for (size_t i = 0; i < d->dataset.n_examples; i++)
        cases[i] = (struct retort_case){d->margins[i], 1, d->fold[i],
                                        d->dataset.examples[i].truth[0] == RETORT_YES};
    return d->dataset.n_examples;
}

START_TEST(platt_finds_the_slope_that_drew_the_data)
{
    struct drawn d;
    struct retort_case cases[20000];
    double a, b;
    draw(&d, 20000, logistic);
    retort_platt_fit(cases, cases_of(&d, cases), &a, &b);
    ck_assert_double_eq_tol(a, -2, 0.1);
    ck_assert_double_eq_tol(b, 1, 0.1);
    unmake(&d);
}
END_TEST

START_TEST(platt_never_inverts)
{
    struct retort_case cases[200];
    double a, b;
    for (int i = 0; i < 200; i++)
        cases[i] = (struct retort_case){(i - 100) / 50.0, 1, 0, i > 100};
    retort_platt_fit(cases, 200, &a, &b);
    ck_assert_double_lt(a, -1);
    for (int i = 0; i < 200; i++)
        cases[i].yes = !cases[i].yes; /* the margin says the contrary */
    retort_platt_fit(cases, 200, &a, &b);
    ck_assert_double_lt(a, 0);
    ck_assert_double_gt(a, -1e-3);
    ck_assert_double_lt(fabs(sigmoid(-b) - 0.5), 0.02);
    retort_platt_fit(cases, 0, &a, &b);
    ck_assert(a < 0 && isfinite(b));
}
END_TEST

/* Margins 1 to 6, answers no yes no no yes yes, a made-up yes beside the first and a made-up no
 * beside the last. Pooled: 1–4 with the made-up yes, 2 of 5; 5–6 with the made-up no, 2 of 3. */
START_TEST(violators_are_pooled_as_by_hand)
{
    static const bool ANSWERS[] = {false, true, false, false, true, true};
    struct retort_case cases[6];
    struct retort_curve curve;
    for (int i = 0; i < 6; i++)
        cases[i] = (struct retort_case){i + 1, 1, 0, ANSWERS[i]};
    retort_isotonic_fit(cases, 6, &curve);
    ck_assert_uint_eq(curve.n_knots, 2);
    ck_assert_double_eq_tol(curve.margins[0], (1 + 1 + 2 + 3 + 4) / 5.0, 1e-12);
    ck_assert_double_eq_tol(curve.log_odds[0], log(2.0 / 3), 1e-12);
    ck_assert_double_eq_tol(curve.margins[1], (5 + 6 + 6) / 3.0, 1e-12);
    ck_assert_double_eq_tol(curve.log_odds[1], log(2), 1e-12);
}
END_TEST

START_TEST(cases_that_weigh_two_are_two)
{
    struct retort_case once[8], twice[5];
    struct retort_curve a, b;
    for (int i = 0; i < 5; i++)
        twice[i] = (struct retort_case){i, i == 1 || i == 3 ? 2 : 1, 0, i > 2};
    for (int i = 0, n = 0; i < 5; i++)
        for (int times = twice[i].weight > 1 ? 2 : 1; times > 0; times--) {
            once[n] = twice[i];
            once[n++].weight = 1;
        }
    retort_isotonic_fit(once, 7, &a);
    retort_isotonic_fit(twice, 5, &b);
    ck_assert_uint_ge(a.n_knots, 2);
    ck_assert_uint_eq(a.n_knots, b.n_knots);
    for (uint32_t i = 1; i + 1 < a.n_knots; i++) /* the ends hold the made-up cases */
        ck_assert_double_eq_tol(a.log_odds[i], b.log_odds[i], 1e-12);
}
END_TEST

static void check_curve(const struct retort_curve *curve)
{
    ck_assert(curve->n_knots >= 1 && curve->n_knots <= RETORT_MOST_KNOTS);
    for (uint32_t i = 0; i < curve->n_knots; i++) {
        ck_assert(isfinite(curve->margins[i]) && isfinite(curve->log_odds[i]));
        ck_assert(i == 0 || curve->margins[i] > curve->margins[i - 1]);
        ck_assert(i == 0 || curve->log_odds[i] >= curve->log_odds[i - 1]);
    }
}

START_TEST(a_curve_is_bounded_and_never_falls)
{
    static struct retort_case cases[100000];
    struct retort_curve curve;
    for (size_t n = 0; n < 12; n++) { /* too few of anything */
        for (size_t i = 0; i < n; i++)
            cases[i] = (struct retort_case){(double)i, 1, 0, (n * 7 + i * i) % 3 == 0};
        retort_isotonic_fit(cases, n, &curve);
        check_curve(&curve);
    }
    uint64_t state = 3;
    for (size_t i = 0; i < 100000; i++) /* ever steeper: hundreds of blocks */
        cases[i] = (struct retort_case){(double)i, 1, 0, uniform(&state) < (double)(i * i) / 1e10};
    retort_isotonic_fit(cases, 100000, &curve);
    check_curve(&curve);
    ck_assert_uint_gt(curve.n_knots, 30);
    for (size_t i = 0; i < 1000; i++) /* all one margin, then all one answer */
        cases[i] = (struct retort_case){4, 1, 0, i < 250};
    retort_isotonic_fit(cases, 1000, &curve);
    check_curve(&curve);
    ck_assert_double_eq_tol(sigmoid(curve.log_odds[0]), 251.0 / 1002, 1e-9);
    retort_isotonic_fit(cases, 250, &curve);
    ck_assert_double_lt(sigmoid(curve.log_odds[0]), 1);
}
END_TEST

START_TEST(the_link_is_the_one_that_loses_least)
{
    static const double BETWEEN[] = {-2.5, -1.5, -0.7, 0.7, 1.1, 2, 2.5}; /* the bends */
    struct drawn d;
    draw(&d, 20000, _i ? bent : logistic);
    calibrate(&d);
    ck_assert_int_eq(d.labels[0].link, _i ? RETORT_ISOTONIC : RETORT_PLATT);
    ck_assert(isfinite(d.losses[0]) && isfinite(d.losses[1]) && isnan(d.losses[RETORT_SOFTMAX]));
    ck_assert((d.losses[RETORT_ISOTONIC] < d.losses[RETORT_PLATT]) == (_i == 1));
    for (size_t i = 0; i < sizeof BETWEEN / sizeof BETWEEN[0]; i++) {
        double truth = _i ? bent(BETWEEN[i]) : logistic(BETWEEN[i]);
        ck_assert_double_eq_tol(p_of(&d, BETWEEN[i]), truth, 0.05);
    }
    unmake(&d);
}
END_TEST

START_TEST(margins_that_say_the_contrary_say_nothing)
{
    struct drawn d;
    draw(&d, 2000, contrary);
    calibrate(&d);
    ck_assert_double_eq_tol(p_of(&d, -3), p_of(&d, 3), 0.02);
    ck_assert_double_eq_tol(p_of(&d, 0), 0.5, 0.05);
    ck_assert(d.labels[0].sure_above > 1 && d.labels[0].sure_below < 0);
    unmake(&d);
}
END_TEST

/* Three labels whose chances are the softmax of 2·margin and −margin-independent biases. */
static void draw_joint(struct drawn *d, size_t n)
{
    static const double BIAS[] = {0.5, -1, 0};
    uint64_t state = 9;
    make(d, n, 3, RETORT_ONE_OF);
    for (size_t i = 0; i < n; i++) {
        double raised[3], sum = 0;
        for (size_t l = 0; l < 3; l++) {
            d->margins[3 * i + l] = 4 * uniform(&state) - 2;
            sum += raised[l] = exp(2 * d->margins[3 * i + l] + BIAS[l]);
        }
        double at = uniform(&state) * sum;
        size_t label = at < raised[0] ? 0 : at < raised[0] + raised[1] ? 1 : 2;
        d->dataset.examples[i].truth[label] = RETORT_YES;
    }
}

START_TEST(softmax_finds_what_drew_the_data)
{
    struct drawn d;
    draw_joint(&d, 20000);
    calibrate(&d);
    for (size_t l = 0; l < 3; l++) {
        ck_assert_int_eq(d.labels[l].link, RETORT_SOFTMAX);
        ck_assert_double_eq_tol(d.labels[l].platt_a, -2, 0.1);
    }
    ck_assert_double_eq_tol(d.labels[1].platt_b - d.labels[0].platt_b, 1.5, 0.1);
    ck_assert_double_lt(d.losses[RETORT_SOFTMAX], d.losses[RETORT_PLATT] - 0.005);
    unmake(&d);
}
END_TEST

/* ---- bounds ---- */

static const struct {
    double hits, n, risk, above, below;
} BOUNDS[] = {
    {0, 10, 0.05, 0, 0.2588655509},
    {10, 10, 0.05, 0.7411344491, 1},
    {8, 10, 0.05, 0.4930986989, 0.9632285621},
    {45, 50, 0.05, 0.8011669975, 0.9597634096},
    {95, 100, 0.05, 0.8977466224, 0.9800944363},
    {950, 1000, 0.05, 0.9371365965, 0.9608364641},
    {1, 20, 0.025, 0.0012650895, 0.2487327628},
    {19000, 20000, 0.05, 0.9473912688, 0.9525113728},
};

START_TEST(clopper_and_pearsons_bounds)
{
    double above = retort_share_above(BOUNDS[_i].hits, BOUNDS[_i].n, BOUNDS[_i].risk);
    double below = retort_share_below(BOUNDS[_i].hits, BOUNDS[_i].n, BOUNDS[_i].risk);
    ck_assert_double_eq_tol(above, BOUNDS[_i].above, 1e-8);
    ck_assert_double_eq_tol(below, BOUNDS[_i].below, 1e-8);
}
END_TEST

/* 400 draws of 300 right and 300 wrong cases of which .6 and .1 are chosen, said to be 1 to 9 in
 * the field: the true precision there is .4. The bound lies above it seldom, and not far below. */
START_TEST(a_weighted_bound_holds)
{
    uint64_t state = 21;
    int n_above = 0;
    double sum = 0;
    for (int draw_number = 0; draw_number < 400; draw_number++) {
        struct retort_tally all = {0}, chosen = {0};
        for (int i = 0; i < 600; i++) {
            const struct retort_decision one = {.weight = i % 2 ? 0.2 : 1.8, .right = i % 2};
            retort_tally_count(&all, &one);
            if (uniform(&state) < (one.right ? 0.6 : 0.1))
                retort_tally_count(&chosen, &one);
        }
        double bound = retort_tally_bound(&chosen, &all, 0.05);
        n_above += bound > 0.4;
        sum += bound;
    }
    ck_assert_int_le(n_above, 20);
    ck_assert_double_gt(sum / 400, 0.25);
}
END_TEST

static double reach(const struct retort_decision *list, size_t n, const struct retort_tally *all,
                    double goal, double floor)
{
    const struct retort_reach what = {goal, floor, false};
    return retort_decisions_reach(list, n, all, &what);
}

START_TEST(too_few_are_never_sure_enough)
{
    struct retort_decision list[40];
    for (int n = 20; n <= 40; n += 10) {
        struct retort_tally all = {n, 0, n, 0};
        for (int i = 0; i < n; i++)
            list[i] = (struct retort_decision){0.99 - i * 0.001, 1, (uint32_t)i, true, 0};
        double reached = reach(list, (size_t)n, &all, 0.9, 0);
        ck_assert(n < 29 ? isinf(reached) : reached == list[n - 1].certainty);
    }
    list[35].right = false; /* 39 of 40: bound .886; 35 of 35: .918 */
    struct retort_tally all = {39, 1, 39, 1};
    ck_assert_double_eq(reach(list, 40, &all, 0.9, 0), list[34].certainty);
    ck_assert_double_eq(reach(list, 40, &all, 0.9, 0.9605), list[29].certainty);
    list[35].certainty = list[34].certainty; /* of one certainty: both or none */
    ck_assert_double_eq(reach(list, 40, &all, 0.9, 0), list[33].certainty);
}
END_TEST

/* Ten groups of a hundred decisions each, of which nine are all right: had every decision been
 * drawn by itself, 900 of 1,000 were surely above .87, of ten groups they are not. */
START_TEST(decisions_of_one_group_are_one_witness)
{
    struct retort_decision list[1000];
    struct retort_tally all = {900, 100, 900, 100};
    for (int together = 0; together < 2; together++) {
        for (int i = 0; i < 1000; i++)
            list[i] = (struct retort_decision){0.9 - (i / 10) * 1e-4, 1,
                                               (uint32_t)(together ? i % 10 : i), i % 10 != 3, 0};
        retort_decisions_sort(list, 1000);
        double reached = reach(list, 1000, &all, 0.87, 0);
        ck_assert(together ? isinf(reached) : reached == list[999].certainty);
    }
}
END_TEST

/* 200 draws of 3,000 decisions of which .89 are right wherever one looks, and .9 are asked for. */
START_TEST(of_few_places_fewer_pass_by_luck)
{
    static struct retort_decision list[3000];
    uint64_t state = 13;
    int n_reached[2] = {0, 0};
    for (int draw_number = 0; draw_number < 200; draw_number++) {
        struct retort_tally all = {0};
        for (int i = 0; i < 3000; i++) {
            list[i] =
                (struct retort_decision){1 - i * 1e-4, 1, (uint32_t)i, uniform(&state) < 0.89, 0};
            retort_tally_count(&all, &list[i]);
        }
        for (int few = 0; few < 2; few++) {
            const struct retort_reach what = {0.9, 0, few};
            n_reached[few] += !isinf(retort_decisions_reach(list, 3000, &all, &what));
        }
    }
    printf("by luck sure at any place %d, at few places %d of 200 times\n", n_reached[0],
           n_reached[1]);
    ck_assert_int_lt(n_reached[1], 30);
    ck_assert_int_gt(n_reached[0], n_reached[1] * 3 / 2);
}
END_TEST

/* ---- bands and points ---- */

/* Fitted on 4,000 draws, the band's error on others of the same kind is what was asked for. */
START_TEST(the_sure_are_wrong_as_seldom_as_was_asked)
{
    struct drawn d;
    uint64_t state = 77;
    double sure = 0, wrong = 0;
    draw(&d, 4000, logistic);
    calibrate(&d);
    for (int i = 0; i < 100000; i++) {
        double margin = 6 * uniform(&state) - 3;
        struct retort_score score = {.margin = margin};
        size_t ignored;
        bool yes = uniform(&state) < logistic(margin);
        retort_decide(d.labels, 1, RETORT_ANY_OF, &score, &ignored);
        sure += !score.unsure;
        wrong += !score.unsure && score.on != yes;
    }
    ck_assert_double_gt(sure / 100000, 0.7);
    ck_assert_double_lt(wrong / sure, 0.10);
    unmake(&d);
}
END_TEST

static double rare(double margin) /* a sixth of the cases stand where three in a hundred are one */
{
    return margin < 1 ? 0.03 + 0.001 * margin : 0.3;
}

/* All absences together err seldom enough; but who has a case must not be told surely that he has
 * none more often than was asked. */
START_TEST(few_cases_of_a_rare_label_are_surely_denied)
{
    struct drawn d;
    uint64_t state = 78;
    double yes = 0, denied = 0, sure = 0;
    draw(&d, 20000, rare);
    calibrate(&d);
    for (int i = 0; i < 100000; i++) {
        double margin = 6 * uniform(&state) - 3;
        struct retort_score score = {.margin = margin};
        size_t ignored;
        retort_decide(d.labels, 1, RETORT_ANY_OF, &score, &ignored);
        sure += !score.unsure;
        if (uniform(&state) >= rare(margin))
            continue;
        yes++;
        denied += !score.unsure && !score.on;
    }
    ck_assert_double_gt(sure, 20000);
    ck_assert_double_lt(denied / yes, 0.12);
    unmake(&d);
}
END_TEST

START_TEST(operating_points_keep_their_precision)
{
    struct drawn d;
    struct retort_point points[RETORT_N_POINTS];
    draw(&d, 8000, _i ? bent : logistic);
    calibrate(&d);
    const struct retort_calibration c = {&d.dataset, d.margins, d.fold, SIZE_MAX,
                                         0.10,       NULL,      false,  false};
    retort_points_find(&c, d.labels, points);
    for (size_t i = 0; i < RETORT_N_POINTS; i++) {
        if (_i) { /* never above .6 */
            ck_assert(isnan(points[i].threshold));
            continue;
        }
        ck_assert_double_ge(points[i].bound, points[i].goal);
        ck_assert_double_gt(points[i].precision, points[i].bound);
        ck_assert_double_lt(points[i].precision, points[i].goal + 0.03);
        ck_assert_double_eq_tol(points[i].held_precision, points[i].goal + 0.01, 0.03);
        ck_assert(i == 0 || points[i].recall < points[i - 1].recall);
    }
    unmake(&d);
}
END_TEST

/* ---- prevalence ---- */

static double in_the_field(double margin) /* .076 of all are yes */
{
    return sigmoid(3 * margin - 7);
}

/* The field's data, of whose noes most are thrown away: half are yes. */
static void draw_oversampled(struct drawn *d, size_t n)
{
    uint64_t state = 31;
    make(d, n, 1, RETORT_ANY_OF);
    for (size_t i = 0; i < n;) {
        double margin = 6 * uniform(&state) - 3;
        bool yes = uniform(&state) < in_the_field(margin);
        if (!yes && uniform(&state) < 0.92)
            continue;
        d->margins[i] = margin;
        d->dataset.examples[i++].truth[0] = yes;
    }
}

START_TEST(a_stated_prevalence_is_that_of_the_field)
{
    struct drawn d;
    struct retort_error error;
    double field = 0, off[2] = {0, 0};
    for (int i = -300; i <= 300; i++)
        field += in_the_field(i / 100.0) / 601;
    for (int stated = 0; stated < 2; stated++) {
        char text[32];
        snprintf(text, sizeof text, "first=%.4f", field);
        draw_oversampled(&d, 10000);
        ck_assert(retort_dataset_weigh(&d.dataset, retort_span_of(stated ? text : ""), &error));
        calibrate(&d);
        for (int i = -300; i <= 300; i++)
            off[stated] += fabs(p_of(&d, i / 100.0) - in_the_field(i / 100.0)) / 601;
        unmake(&d);
    }
    ck_assert_double_gt(off[0], 0.08);
    ck_assert_double_lt(off[1], 0.01);
}
END_TEST

START_TEST(figures_are_those_at_the_prevalence)
{
    struct drawn d;
    struct retort_error error;
    struct retort_figures figures;
    struct retort_score scores[10];
    make(&d, 10, 1, RETORT_ANY_OF); /* 5 yes, 4 of them on; 5 no, 1 of them on */
    for (int i = 0; i < 10; i++) {
        d.dataset.examples[i].truth[0] = i < 5;
        bool on = i < 4 || i == 5;
        scores[i] = (struct retort_score){0, on ? 0.8 : 0.1, on, false};
    }
    ck_assert(retort_dataset_weigh(&d.dataset, RETORT_SPAN("first=0.1"), &error));
    retort_measure(&figures, &d.dataset, scores, &d.dataset.arena);
    const struct retort_label_figures *f = &figures.labels[0];
    ck_assert_uint_eq(f->n_yes, 5);
    ck_assert_double_eq_tol(f->recall, 0.8, 1e-9);
    ck_assert_double_eq_tol(f->precision, 0.08 / (0.08 + 0.18), 1e-9);
    /* bins: p .8 of .26 with .08 yes; p .1 of .74 with .02 yes */
    ck_assert_double_eq_tol(f->ece, (0.8 * 0.26 - 0.08) + (0.1 * 0.74 - 0.02), 1e-9);
    ck_assert_double_eq_tol(f->bins[8].yes, 0.08 / 0.26, 1e-9);
    ck_assert(f->bins[8].low < f->bins[8].yes && f->bins[8].high > f->bins[8].yes);
    ck_assert_double_eq_tol(f->risks[0].coverage, 0.74, 1e-9); /* surest: not, at .9 */
    ck_assert_double_eq_tol(f->risks[0].error, 0.02 / 0.74, 1e-9);
    ck_assert_double_eq_tol(f->risks[9].error, 0.20, 1e-9);
    ck_assert_double_eq_tol(figures.risks[9].coverage, 1, 1e-9);
    unmake(&d);
}
END_TEST

static const struct {
    const char *text;
    enum retort_choice choice;
    bool sound;
} STATED[] = {
    {"first=0.1", RETORT_ANY_OF, true},
    {"first=0.1, second=0.2", RETORT_ANY_OF, true},
    {"first=0.1,second=0.95", RETORT_ANY_OF, true},
    {"first=0", RETORT_ANY_OF, false},
    {"first=1", RETORT_ANY_OF, false},
    {"first=nan", RETORT_ANY_OF, false},
    {"first", RETORT_ANY_OF, false},
    {"=0.1", RETORT_ANY_OF, false},
    {"fifth=0.1", RETORT_ANY_OF, false},
    {"first=0.1,,second=0.1", RETORT_ANY_OF, false},
    {"first=0.1", RETORT_ONE_OF, true},
    {"first=0.5,second=0.25,third=0.25", RETORT_ONE_OF, true},
    {"first=0.5,second=0.5", RETORT_ONE_OF, false},
    {"first=0.9,second=0.2", RETORT_ONE_OF, false},
    {"first=0.5,second=0.25,third=0.1", RETORT_ONE_OF, false},
};

START_TEST(a_prevalence_that_cannot_be_is_refused)
{
    struct drawn d;
    struct retort_error error = {0};
    make(&d, 9, 3, STATED[_i].choice);
    for (size_t i = 0; i < 9; i++)
        d.dataset.examples[i].truth[i % 3] = RETORT_YES;
    bool sound = retort_dataset_weigh(&d.dataset, retort_span_of(STATED[_i].text), &error);
    ck_assert_int_eq(sound, STATED[_i].sound);
    double sum = 0;
    for (size_t i = 0; sound && i < 9; i++)
        sum += retort_dataset_weight(&d.dataset, &d.dataset.examples[i], 0);
    if (sound)
        ck_assert_double_eq_tol(sum, 9, 1e-9);
    else
        ck_assert_int_eq(error.failure, RETORT_USAGE);
    unmake(&d);
}
END_TEST

/* ---- data that say little ---- */

enum poor { ALL_YES, ALL_NO, ONE_YES, NONE_ASKED, ONE_FOLD, NO_NUMBERS, N_POOR };

static void impoverish(struct drawn *d, enum poor how)
{
    for (size_t i = 0; i < d->dataset.n_examples; i++) {
        int8_t *truth = &d->dataset.examples[i].truth[0];
        bool elsewhere = how == ONE_FOLD && d->fold[i] != 2;
        *truth = how == ALL_YES      ? RETORT_YES
                 : how == ALL_NO     ? RETORT_NO
                 : how == ONE_YES    ? (int8_t)(i == 7)
                 : how == NONE_ASKED ? RETORT_UNKNOWN
                 : elsewhere         ? RETORT_UNKNOWN
                                     : *truth;
        if (how == NO_NUMBERS)
            d->margins[i] = i % 3 == 0 ? (double)NAN : i % 3 == 1 ? (double)INFINITY : -1;
    }
}

START_TEST(poor_data_give_sound_labels)
{
    struct drawn d;
    struct retort_point points[RETORT_N_POINTS];
    struct retort_error error;
    draw(&d, 200, logistic);
    impoverish(&d, (enum poor)_i);
    ck_assert(retort_dataset_weigh(&d.dataset, RETORT_SPAN("first=0.2"), &error));
    const struct retort_calibration all = {&d.dataset, d.margins, d.fold, SIZE_MAX,
                                           0.1,        d.losses,  false,  false};
    for (size_t leave_out = 0; leave_out <= 5; leave_out++) {
        struct retort_calibration c = all;
        c.leave_out = leave_out < 5 ? leave_out : SIZE_MAX;
        retort_calibrate(&c, d.labels);
        for (double margin = -3; margin <= 3; margin += 0.5)
            ck_assert(p_of(&d, margin) > 0 && p_of(&d, margin) < 1);
        ck_assert(p_of(&d, 2) >= p_of(&d, -2));
        ck_assert(isfinite(p_of(&d, (double)NAN)) && isfinite(p_of(&d, (double)INFINITY)));
        ck_assert(d.labels[0].threshold > 0 && d.labels[0].threshold <= 1);
        ck_assert(_i != ALL_YES || p_of(&d, 3) >= d.labels[0].threshold);
    }
    retort_points_find(&all, d.labels, points);
    if (_i == ALL_NO || _i == ONE_YES || _i == NONE_ASKED)
        ck_assert(isnan(points[0].threshold) && d.labels[0].sure_above > 1);
    unmake(&d);
}
END_TEST

/* Two sources of equal margins: of one what is probable is right, of the other half of it is. All
 * together are right often enough high up, the second never is. */
START_TEST(the_hardest_source_decides_who_is_sure)
{
    struct drawn d;
    uint64_t state = 5;
    make(&d, 6000, 2, RETORT_ONE_OF);
    for (size_t i = 0; i < 6000; i++) {
        bool hard = i % 20 < 2, yes = i % 2 == 0;
        double margin = (yes ? 1 : -1) * (hard && uniform(&state) < 0.5 ? -1 : 1) * uniform(&state);
        d.dataset.examples[i].part = hard ? RETORT_SPAN("hard") : RETORT_SPAN("easy");
        d.dataset.examples[i].truth[0] = yes ? RETORT_YES : RETORT_NO;
        d.dataset.examples[i].truth[1] = yes ? RETORT_NO : RETORT_YES;
        d.margins[2 * i] = margin;
        d.margins[2 * i + 1] = -margin;
    }
    struct retort_calibration c = {&d.dataset, d.margins, d.fold, SIZE_MAX,
                                   0.10,       NULL,      false,  false};
    retort_calibrate(&c, d.labels);
    ck_assert(d.labels[0].sure_above < 1 && d.labels[1].sure_above < 1);
    c.by_source = true;
    retort_calibrate(&c, d.labels);
    ck_assert(d.labels[0].sure_above > 1 && d.labels[1].sure_above > 1);
    unmake(&d);
}
END_TEST

Suite *calibrate_suite(void)
{
    Suite *suite = suite_create("calibrate");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, the_hardest_source_decides_who_is_sure);
    tcase_add_test(all, platt_finds_the_slope_that_drew_the_data);
    tcase_add_test(all, platt_never_inverts);
    tcase_add_test(all, violators_are_pooled_as_by_hand);
    tcase_add_test(all, cases_that_weigh_two_are_two);
    tcase_add_test(all, a_curve_is_bounded_and_never_falls);
    tcase_add_loop_test(all, the_link_is_the_one_that_loses_least, 0, 2);
    tcase_add_test(all, margins_that_say_the_contrary_say_nothing);
    tcase_add_test(all, softmax_finds_what_drew_the_data);
    tcase_add_loop_test(all, clopper_and_pearsons_bounds, 0, sizeof BOUNDS / sizeof BOUNDS[0]);
    tcase_add_test(all, a_weighted_bound_holds);
    tcase_add_test(all, too_few_are_never_sure_enough);
    tcase_add_test(all, decisions_of_one_group_are_one_witness);
    tcase_add_test(all, of_few_places_fewer_pass_by_luck);
    tcase_add_test(all, the_sure_are_wrong_as_seldom_as_was_asked);
    tcase_add_test(all, few_cases_of_a_rare_label_are_surely_denied);
    tcase_add_loop_test(all, operating_points_keep_their_precision, 0, 2);
    tcase_add_test(all, a_stated_prevalence_is_that_of_the_field);
    tcase_add_test(all, figures_are_those_at_the_prevalence);
    tcase_add_loop_test(all, a_prevalence_that_cannot_be_is_refused, 0,
                        sizeof STATED / sizeof STATED[0]);
    tcase_add_loop_test(all, poor_data_give_sound_labels, 0, N_POOR);
    suite_add_tcase(suite, all);
    return suite;
}
