/* Lessons: what a decided item stands for, by simulation and by hand; the lines that are made. A
 * little over 600 lines, for all of it shares the simulated worlds and their reviewers. */
#include "estimate/estimate.h"
#include "review/lessons.h"
#include "store/fixture.h"
#include "train/train.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *lessons_suite(void);

/* ---- chances: estimates without bias, whatever was chosen besides ---- */

enum { POPULATION = 600, N_WORLDS = 600, MOST_SAMPLED = 300 };

/* A world of comments of which the model likes to show what is toxic; one after the other is
 * decided. */
struct world {
    uint64_t seed;
    bool toxic[POPULATION], decided[POPULATION];
    double liking[POPULATION];
    struct lesson lessons[POPULATION];
    size_t n, n_waiting;
    int64_t draw;
    struct lessons_sampled sampled[MOST_SAMPLED];
    size_t n_sampled, n_served; /* n_served: as far as the samples were gone through */
};

static double chance(struct world *world)
{
    return (double)(retort_random(&world->seed) >> 11) / 9007199254740992.0;
}

static void make_world(struct world *world, uint64_t seed)
{
    memset(world, 0, sizeof *world);
    world->seed = seed;
    world->n_waiting = POPULATION;
    for (size_t i = 0; i < POPULATION; i++) {
        world->liking[i] = chance(world);
        world->toxic[i] = chance(world) < world->liking[i] * world->liking[i];
    }
}

static void decide(struct world *world, size_t i, bool drawn, size_t population)
{
    int64_t id = (int64_t)world->n + 1;
    world->decided[i] = true;
    world->n_waiting--;
    world->lessons[world->n++] = (struct lesson){.is_drawn = drawn,
                                                 .decided = {.decision = id,
                                                             .first = id,
                                                             .comment = (int64_t)i,
                                                             .draw = drawn ? world->draw : 0,
                                                             .drawn = drawn ? id : 0,
                                                             .population = population}};
}

/* The queue's head: what the model likes most. */
static void choose(struct world *world, size_t n)
{
    for (; n > 0; n--) {
        size_t best = POPULATION;
        for (size_t i = 0; i < POPULATION; i++)
            if (!world->decided[i] &&
                (best == POPULATION || world->liking[i] > world->liking[best]))
                best = i;
        decide(world, best, false, 0);
    }
}

/* One draw of n of all that wait. */
static void draw(struct world *world, size_t n)
{
    size_t population = world->n_waiting;
    world->draw++;
    while (n > 0) {
        size_t i = retort_random(&world->seed) % POPULATION;
        if (world->decided[i])
            continue;
        decide(world, i, true, population);
        n--;
    }
}

static void draw_singly(struct world *world, size_t n)
{
    for (; n > 0; n--)
        draw(world, 1);
}

/* A sample of n: the more the model likes it, the likelier. */
static void sample(struct world *world, size_t n)
{
    double weights[POPULATION], chances[POPULATION];
    size_t units[POPULATION], n_units = 0;
    uint32_t picks[MOST_SAMPLED];
    for (size_t i = 0; i < POPULATION; i++)
        if (!world->decided[i]) {
            weights[n_units] = 0.2 + world->liking[i];
            units[n_units++] = i;
        }
    retort_share_out(&(struct retort_bounds){weights, NULL, NULL, n_units}, (double)n, chances);
    const struct retort_frame frame = {chances, NULL, n_units, 1};
    retort_sample(&frame, n, retort_random(&world->seed), picks);
    world->draw++;
    for (size_t k = 0; k < n; k++)
        world->sampled[world->n_sampled++] =
            (struct lessons_sampled){.draw = 1000 + world->draw,
                                     .comment = (int64_t)units[picks[k]],
                                     .after = (int64_t)world->n,
                                     .probability = chances[picks[k]]};
}

/* The next n of the samples are decided, those that wait. */
static void serve(struct world *world, size_t n)
{
    while (n > 0 && world->n_served < world->n_sampled) {
        struct lessons_sampled *next = &world->sampled[world->n_served++];
        if (world->decided[next->comment])
            continue;
        next->served = true;
        decide(world, (size_t)next->comment, false, 0);
        n--;
    }
}

static void weigh_world(struct world *world, struct retort_lessons *told)
{
    struct lessons_samples samples = {.all = world->sampled, .n = world->n_sampled};
    for (size_t k = 0; k < world->n_sampled; k++)
        world->sampled[k].decided = world->decided[world->sampled[k].comment];
    lessons_weigh(world->lessons, world->n, &samples, told);
}

/* What people may do one after the other. */
static void chosen_first(struct world *world)
{
    choose(world, 100);
    draw(world, 40);
}
static void drawn_first(struct world *world)
{
    draw(world, 40);
    choose(world, 100);
}
static void in_turns(struct world *world)
{
    draw(world, 30);
    choose(world, 60);
    draw(world, 20);
    choose(world, 40);
}
static void one_at_a_time(struct world *world)
{
    choose(world, 50);
    draw_singly(world, 25);
    choose(world, 50);
    draw_singly(world, 15);
}
static void sampled_to_the_end(struct world *world)
{
    choose(world, 60);
    sample(world, 50);
    serve(world, 50);
    choose(world, 60);
}
/* Some of the sample are chosen meanwhile, for their being toxic, and most are still open. */
static void sampled_in_part(struct world *world)
{
    sample(world, 120);
    serve(world, 25);
    choose(world, 150);
    serve(world, 25);
}
static void sampled_twice(struct world *world)
{
    sample(world, 80);
    serve(world, 30);
    choose(world, 60);
    sample(world, 80); /* with some of what is open of the first */
    serve(world, 90);
}
static void sampled_and_drawn(struct world *world)
{
    draw(world, 30);
    sample(world, 60);
    choose(world, 100);
    serve(world, 60);
    draw_singly(world, 20);
}
static void (*const HISTORIES[])(struct world *) = {
    chosen_first,       drawn_first,     in_turns,      one_at_a_time,
    sampled_to_the_end, sampled_in_part, sampled_twice, sampled_and_drawn};
enum { N_HISTORIES = sizeof HISTORIES / sizeof *HISTORIES, WITHOUT_SAMPLES = 4 };

struct estimate {
    double sum, squares;
};

static void add(struct estimate *estimate, double value)
{
    estimate->sum += value;
    estimate->squares += value * value;
}

static double mean(const struct estimate *estimate)
{
    return estimate->sum / N_WORLDS;
}

static double error_of_mean(const struct estimate *estimate)
{
    double variance = estimate->squares / N_WORLDS - mean(estimate) * mean(estimate);
    return sqrt(variance / N_WORLDS);
}

/* The toxic among all, by the weights, against the truth; and by counting what was decided. */
START_TEST(test_no_bias_by_what_is_chosen)
{
    struct estimate apart = {0}, naive = {0}, size = {0};
    for (uint64_t w = 0; w < N_WORLDS; w++) {
        struct world world;
        struct retort_lessons told = {0};
        double toxic = 0, all = 0, truth = 0, counted = 0;
        make_world(&world, 77 + w);
        HISTORIES[_i](&world);
        weigh_world(&world, &told);
        ck_assert(told.weighed);
        for (size_t i = 0; i < world.n; i++) {
            bool is_toxic = world.toxic[world.lessons[i].decided.comment];
            all += world.lessons[i].weight;
            toxic += is_toxic ? world.lessons[i].weight : 0;
            counted += is_toxic;
        }
        for (size_t i = 0; i < POPULATION; i++)
            truth += world.toxic[i];
        add(&apart, toxic - truth);
        add(&naive, counted / (double)world.n - truth / POPULATION);
        add(&size, all - POPULATION);
    }
    /* The weights are of all comments, of samples on average. */
    ck_assert_double_le(fabs(mean(&size)),
                        _i < WITHOUT_SAMPLES ? 1e-6 : 3.5 * error_of_mean(&size));
    ck_assert_msg(fabs(mean(&apart)) < 3.5 * error_of_mean(&apart), "apart by %.2f ± %.2f",
                  mean(&apart), error_of_mean(&apart));
    ck_assert_double_gt(mean(&naive), 0.2); /* what was decided is far more toxic */
}
END_TEST

START_TEST(test_weights_by_hand)
{
    struct world world;
    struct retort_lessons told = {0};
    make_world(&world, 1);
    choose(&world, 100); /* weight 1: 500 wait */
    draw(&world, 50);    /* 500 ∕ 50 = 10 each */
    choose(&world, 50);  /* the draw speaks for them */
    lessons_weigh(world.lessons, world.n, NULL, &told);
    ck_assert_double_eq_tol(world.lessons[0].weight, 1, 1e-12);
    ck_assert_double_eq_tol(world.lessons[100].weight, 10, 1e-12);
    ck_assert_double_eq(world.lessons[150].weight, 0);
    ck_assert_uint_eq(world.lessons[0].copies, 1);
    ck_assert_uint_eq(world.lessons[100].copies, 10);
    ck_assert_uint_eq(world.lessons[150].copies, 1);
    ck_assert_double_eq_tol(world.lessons[100].counts, 10 * 150.0 / 600, 1e-12);
    ck_assert_double_eq(world.lessons[150].counts, 0);
    ck_assert_uint_eq(told.n_counted, 150);
    ck_assert_uint_eq(told.n_draws, 1);
    ck_assert_uint_eq(told.n_capped, 0);
}
END_TEST

START_TEST(test_weights_are_capped_for_machines_only)
{
    struct world world;
    struct retort_lessons told = {0};
    make_world(&world, 1);
    draw(&world, 30);
    choose(&world, 5);
    world.lessons[0].decided.population = 0; /* all of the draw have one */
    for (size_t i = 0; i < 30; i++)
        world.lessons[i].decided.population = 30000;
    lessons_weigh(world.lessons, world.n, NULL, &told);
    ck_assert_double_eq_tol(world.lessons[3].weight, 1000, 1e-9);
    ck_assert_uint_eq(world.lessons[3].copies, RETORT_LESSONS_MOST_COPIES);
    ck_assert_uint_eq(told.n_capped, 30);
    ck_assert_double_eq_tol(told.effective, 30, 1e-9);
}
END_TEST

START_TEST(test_few_draws_count_for_nothing)
{
    struct world world;
    struct retort_lessons told = {0};
    make_world(&world, 1);
    draw(&world, RETORT_LESSONS_ENOUGH_DRAWN - 1);
    choose(&world, 60);
    lessons_weigh(world.lessons, world.n, NULL, &told);
    ck_assert(!told.weighed);
    for (size_t i = 0; i < world.n; i++)
        ck_assert(world.lessons[i].copies == 1 && world.lessons[i].counts == 1);
}
END_TEST

/* ---- what is learned ---- */

/* Words tell of a third of the comments; what the queue likes stands in none of them. */
static void put_text(struct retort_buffer *out, const struct world *world, size_t i)
{
    const char *word = world->toxic[i] ? "bad" : "fine";
    retort_buffer_format(out, "%s today number%zu and so on", i % 3 ? "some" : word, i % 5);
}

/* The mean p, over all comments, of a candidate that has learned from what was decided. */
static double expected_share(const struct world *world)
{
    struct retort_buffer lines = {0};
    char path[256];
    struct retort_error problem = {0};
    struct retort_model *model;
    struct retort_labeller labeller;
    double sum = 0;
    snprintf(path, sizeof path, "%s", fixture_path("c.model"));
    for (size_t k = 0; k < world->n; k++) {
        const struct lesson *lesson = &world->lessons[k];
        size_t i = (size_t)lesson->decided.comment;
        retort_buffer_text(&lines, "{\"text\":\"");
        put_text(&lines, world, i);
        retort_buffer_format(&lines, "\",\"label\":[%s],\"asked\":[\"toxic\"],\"copies\":%u",
                             world->toxic[i] ? "\"toxic\"" : "", lesson->copies);
        retort_json_key(&lines, "counts");
        retort_buffer_number(&lines, lesson->counts);
        retort_buffer_format(&lines, ",\"group\":%zu}\n", k);
    }
    const struct retort_given given = {"decisions", retort_buffer_span(&lines), 0};
    const struct retort_train_options options = {.task = "tone",
                                                 .recipe = "words=1 train.costs=1",
                                                 .output = path,
                                                 .given = &given,
                                                 .n_workers = 1,
                                                 .seed = 1,
                                                 .quiet = true};
    ck_assert_msg(retort_train(&options, &problem), "%s", problem.message);
    ck_assert(retort_model_open(&model, path, &problem));
    retort_labeller_init(&labeller);
    for (size_t i = 0; i < POPULATION; i++) {
        struct retort_arena own = {0};
        struct retort_verdict verdict;
        struct retort_buffer text = {0};
        put_text(&text, world, i);
        const struct retort_item item = {.text = retort_buffer_span(&text)};
        retort_label_item(&labeller, model, &item, &own, &verdict);
        sum += verdict.scores[0].p;
        retort_buffer_release(&text);
        retort_arena_release(&own);
    }
    retort_labeller_release(&labeller);
    retort_model_close(model);
    retort_buffer_release(&lines);
    return sum / POPULATION;
}

static double toxic_share(const struct world *world)
{
    double n = 0;
    for (size_t i = 0; i < POPULATION; i++)
        n += world->toxic[i];
    return n / POPULATION;
}

START_TEST(test_a_candidate_expects_what_there_is)
{
    enum { N_CANDIDATES = 24 };
    static struct world world;
    double weighed = 0, alike = 0;
    fixture_begin();
    for (uint64_t w = 0; w < N_CANDIDATES; w++) {
        struct retort_lessons told = {0};
        make_world(&world, 5 + w);
        draw(&world, 100);
        choose(&world, 150);
        draw(&world, 60);
        lessons_weigh(world.lessons, world.n, NULL, &told);
        weighed += (expected_share(&world) - toxic_share(&world)) / N_CANDIDATES;
        for (size_t k = 0; k < world.n; k++) {
            world.lessons[k].copies = 1;
            world.lessons[k].counts = 1;
        }
        alike += (expected_share(&world) - toxic_share(&world)) / N_CANDIDATES;
    }
    printf("toxic comments expected beyond what there are: %+.3f; all decisions alike: %+.3f\n",
           weighed, alike);
    ck_assert_double_lt(fabs(weighed), 0.03);
    ck_assert_double_gt(alike, 0.1);
    fixture_end();
}
END_TEST

/* ---- designs ---- */

static const struct {
    const char *design;
    bool whole, whole_when_only;
} DESIGNS[] = {
    {"order=random limit=50 task=tone", true, true},
    {"order=random limit=50", false, true},
    {"order=random limit=50 task=stance", false, false},
    {"order=random limit=50 task=tone label=toxic", false, false},
    {"order=random limit=50 task=tone source=3", false, false},
    {"order=random limit=50 task=tone author=\"a task=tone\"", false, false},
    {"order=random limit=50 task=tone state=decided", false, false},
};

START_TEST(test_draws_from_a_part)
{
    struct retort_span design = retort_span_of(DESIGNS[_i].design);
    ck_assert_int_eq(lessons_is_whole(design, "tone", false), DESIGNS[_i].whole);
    ck_assert_int_eq(lessons_is_whole(design, "tone", true), DESIGNS[_i].whole_when_only);
}
END_TEST

/* ---- lines ---- */

static const char *const TONE[] = {"toxic", "polite", NULL};
static const char *const STANCE[] = {"favor", "against", NULL};
enum { N_LINES = 70 };

static struct retort_store *store;
static struct retort_model *tone, *stance;
static int64_t ids[N_LINES];
static struct retort_arena arena;
static struct retort_error error;

static void begin(void)
{
    char text[40];
    fixture_begin();
    error = (struct retort_error){0};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    for (int i = 0; i < N_LINES; i++) {
        snprintf(text, sizeof text, "Line \"%d\" of some.", i);
        ids[i] = fixture_line(store, NULL, text);
        fixture_label(store, tone, ids[i], (const double[]){.5, .1});
        fixture_label(store, stance, ids[i], (const double[]){.6, .4});
    }
}

static void end(void)
{
    retort_arena_release(&arena);
    retort_store_close(store);
    retort_model_close(tone);
    retort_model_close(stance);
    fixture_end();
}

static int64_t say(size_t line, const char *task, enum retort_act act, const char *label,
                   int64_t selection)
{
    int64_t id;
    struct retort_choice_made choice = {.comment = ids[line],
                                        .task = task,
                                        .act = act,
                                        .labels = &label,
                                        .n_labels = label ? 1 : 0,
                                        .reviewer = "ann",
                                        .selection = selection};
    bool said = retort_review_decide(store, &choice, &id, &error);
    ck_assert_msg(said, "%s", error.message);
    return id;
}

static struct retort_lessons lessons_of(const char *task, int64_t learned_up_to)
{
    const struct retort_lessons_wanted wanted = {task, learned_up_to};
    struct retort_lessons lessons;
    bool read = retort_review_lessons(store, &wanted, &arena, &lessons, &error);
    ck_assert_msg(read, "%s", error.message);
    return lessons;
}

static struct retort_json *line_of(const struct retort_lessons *lessons, size_t number)
{
    struct retort_span rest = lessons->lines, line;
    do
        ck_assert(retort_span_next_line(&rest, &line));
    while (number-- > 0);
    return retort_json_parse(line, &error);
}

static bool is_text(const struct retort_json *line, const char *key, const char *text)
{
    struct retort_span value;
    return retort_json_text(retort_json_get(line, key), &value) &&
           retort_span_equal(value, retort_span_of(text));
}

/* The last word on an item is learned from; what was skipped, taken back or said in bulk is not. */
START_TEST(test_decisions_in_force)
{
    struct retort_undone undone;
    struct retort_bulk_set set;
    struct retort_bulk_done done;
    const char *toxic = "toxic";
    say(0, "tone", RETORT_DECIDE, "toxic", 0);
    say(0, "tone", RETORT_DECIDE, "polite", 0);
    say(1, "tone", RETORT_SKIP, NULL, 0);
    say(2, "tone", RETORT_ESCALATE, NULL, 0);
    say(3, "stance", RETORT_DECIDE, "against", 0);
    const struct retort_undoing undoing = {.decision = say(4, "tone", RETORT_DECIDE, "toxic", 0),
                                           .reviewer = "ann"};
    ck_assert(retort_review_undo(store, &undoing, &arena, &undone, &error));
    struct retort_bulk bulk = {
        .choice = {.task = "tone", .labels = &toxic, .n_labels = 1, .reviewer = "ann"},
        .comments = ids + 5,
        .n_comments = 3};
    ck_assert(retort_review_bulk_set(store, &bulk, &arena, &set, &error));
    ck_assert(retort_review_bulk(store, &bulk, set.digest, &done, &error));
    int64_t last = say(9, "tone", RETORT_DECIDE, NULL, 0);
    struct retort_lessons lessons = lessons_of("tone", 0);
    ck_assert_uint_eq(lessons.n, 2);
    ck_assert_uint_eq(lessons.n_in_bulk, 3);
    ck_assert_int_eq(lessons.last.decision, last);
    ck_assert_int_eq(lessons.choice, RETORT_ANY_OF);
    struct retort_json *first = line_of(&lessons, 0), *second = line_of(&lessons, 1);
    ck_assert(is_text(first, "text", "Line \"0\" of some."));
    ck_assert_uint_eq(retort_json_length(retort_json_get(first, "label")), 1);
    ck_assert_uint_eq(retort_json_length(retort_json_get(first, "asked")), 2);
    ck_assert_uint_eq(retort_json_length(retort_json_get(second, "label")), 0);
    retort_json_free(first);
    retort_json_free(second);
    struct retort_lessons stances = lessons_of("stance", 0);
    struct retort_json *line = line_of(&stances, 0);
    ck_assert(is_text(line, "label", "against"));
    retort_json_free(line);
}
END_TEST

/* A draw is recorded with what was decided of it; the rest of it was not decided. */
START_TEST(test_drawn_items_stand_for_many)
{
    const struct retort_view view = {
        .filter = {.task = "tone"}, .order = RETORT_RANDOM, .seed = 5, .limit = 60};
    struct retort_queue queue;
    say(0, "tone", RETORT_DECIDE, "toxic", 0);
    ck_assert(retort_review_queue(store, &view, &arena, &queue, &error));
    ck_assert(retort_review_draw(store, &view, &queue, &error));
    for (size_t i = 0; i < 46; i++)
        say((size_t)(queue.items[i].comment - ids[0]), "tone", RETORT_DECIDE, "toxic",
            queue.items[i].selection);
    for (size_t i = 45; i < 48; i++) /* the first of these was decided before */
        say((size_t)(queue.items[i].comment - ids[0]), "tone", RETORT_SKIP, NULL,
            queue.items[i].selection);
    struct retort_lessons lessons = lessons_of("tone", 10);
    ck_assert(lessons.weighed);
    ck_assert_uint_eq(lessons.n_drawn, 46);
    ck_assert_uint_eq(lessons.n_draws, 1);
    ck_assert_uint_eq(lessons.n_passed, 2);
    ck_assert_uint_eq(lessons.n_judging, 37); /* decisions 11 to 47 */
    struct retort_json *first = line_of(&lessons, 0), *second = line_of(&lessons, 1);
    double one, many, judges;
    ck_assert(retort_json_number(retort_json_get(first, "judges"), &judges) && judges == 0);
    ck_assert(retort_json_number(retort_json_get(first, "counts"), &one));
    ck_assert(retort_json_number(retort_json_get(second, "counts"), &many));
    ck_assert_double_eq_tol(many / one, 69.0 / 46, 1e-9);
    retort_json_free(first);
    retort_json_free(second);
}
END_TEST

START_TEST(test_too_few)
{
    const struct retort_lessons_wanted wanted = {.task = "tone"};
    for (size_t i = 0; i < RETORT_LESSONS_LEAST - 1; i++)
        say(i, "tone", RETORT_DECIDE, i < 5 ? "polite" : "toxic", 0);
    struct retort_lessons lessons = lessons_of("tone", 0);
    ck_assert(!retort_review_lessons_suffice(&lessons, &wanted, true, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "49 decisions on tone are in force"));
    say(60, "tone", RETORT_DECIDE, "toxic", 0);
    lessons = lessons_of("tone", 0);
    ck_assert(!retort_review_lessons_suffice(&lessons, &wanted, true, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "5 decisions say \"polite\""));
    ck_assert(retort_review_lessons_suffice(&lessons, &wanted, false, &error));
}
END_TEST

Suite *lessons_suite(void)
{
    Suite *suite = suite_create("lessons");
    TCase *chances = tcase_create("chances"), *lines = tcase_create("lines");
    tcase_set_timeout(chances, 60);
    tcase_add_loop_test(chances, test_no_bias_by_what_is_chosen, 0, N_HISTORIES);
    tcase_add_test(chances, test_a_candidate_expects_what_there_is);
    tcase_add_test(chances, test_weights_by_hand);
    tcase_add_test(chances, test_weights_are_capped_for_machines_only);
    tcase_add_test(chances, test_few_draws_count_for_nothing);
    tcase_add_loop_test(chances, test_draws_from_a_part, 0, sizeof DESIGNS / sizeof DESIGNS[0]);
    suite_add_tcase(suite, chances);
    tcase_add_checked_fixture(lines, begin, end);
    tcase_set_timeout(lines, 60);
    tcase_add_test(lines, test_decisions_in_force);
    tcase_add_test(lines, test_drawn_items_stand_for_many);
    tcase_add_test(lines, test_too_few);
    suite_add_tcase(suite, lines);
    return suite;
}
