/* Scores that travel: what is written is read to the last bit, and what is forged is never a
 * verdict that no model could have said. */
#include "intake/intake.h"
#include "store/fixture.h"

#include <math.h>
#include <string.h>

Suite *scores_suite(void);

static const char *const TONES[] = {"toxic", "polite", "with \"quotes\"", NULL};
static const char *const STANCES[] = {"favor", "against", NULL};
enum { N_TONES = 3, N_STANCES = 2 };

static struct retort_model *both[2];
static struct retort_models models;
static struct retort_judge judge;
static struct retort_arena arena;
static struct retort_error error;

static void begin(void)
{
    fixture_begin();
    both[0] = fixture_model("stance", RETORT_ONE_OF, STANCES, "");
    both[1] = fixture_model("tone \"x\"", RETORT_ANY_OF, TONES, "");
    models = (struct retort_models){both, 2};
    judge = (struct retort_judge){.models = &models};
}

static void end(void)
{
    retort_model_close(both[0]);
    retort_model_close(both[1]);
    retort_arena_release(&arena);
    fixture_end();
}

/* A line that has the member as it would be written. */
static struct retort_intake_line line_of(struct retort_span value)
{
    struct retort_intake_line line = {.n_members = 2};
    line.members = RETORT_NEW(&arena, struct retort_json_member, 2);
    line.members[0] = (struct retort_json_member){RETORT_SPAN("text"), RETORT_SPAN("\"So?\"")};
    line.members[1] = (struct retort_json_member){RETORT_SPAN("retort"), value};
    return line;
}

static struct retort_intake_line written(const struct retort_verdict *verdicts,
                                         struct retort_span target)
{
    const struct retort_intake_line said = {.target = target};
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    retort_intake_put_scores(&out, &judge, &said, verdicts);
    retort_buffer_byte(&out, '}');
    struct retort_span object = retort_arena_copy(&arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    ck_assert_msg(retort_json_check(object, &error), "%s", error.message);
    struct retort_intake_line line = {0};
    line.n_members = retort_json_members(object, &arena, &line.members);
    line.target = target;
    ck_assert_uint_eq(line.n_members, 1);
    return line;
}

static bool reads(const struct retort_intake_line *line, struct retort_intake_said *said)
{
    error = (struct retort_error){0};
    return retort_intake_read_scores(line, &models, &arena, said, &error);
}

static bool same_score(const struct retort_score *a, const struct retort_score *b)
{
    return memcmp(&a->p, &b->p, sizeof a->p) == 0 && a->on == b->on && a->unsure == b->unsure;
}

/* Numbers that hurry would lose: the last bit, what is all but 0 or 1, what has no leading bit. */
static const double PS[] = {0,
                            1,
                            0x1.5555555555555p-2,
                            0x1.fffffffffffffp-1,
                            0x1p-1074,
                            0x1.0000000000001p-1022,
                            0x1.999999999999ap-4};
enum { N_PS = sizeof PS / sizeof *PS };

START_TEST(what_is_written_is_read)
{
    size_t i = (size_t)_i;
    struct retort_score stance[N_STANCES] = {
        {.p = PS[i], .on = true, .unsure = i & 1},
        {.p = PS[(i + 1) % N_PS], .unsure = i & 2},
    };
    struct retort_score tone[N_TONES] = {
        {.p = PS[(i + 2) % N_PS], .on = i & 1},
        {.p = PS[(i + 3) % N_PS], .on = i & 2, .unsure = true},
        {.p = PS[(i + 4) % N_PS]},
    };
    const struct retort_verdict verdicts[] = {
        {.model = both[0], .scores = stance, .label = 0, .doubt = RETORT_DOUBT_BAND},
        {.model = both[1], .scores = tone, .doubt = (enum retort_doubt)(i % 4)},
    };
    struct retort_intake_line line = written(verdicts, (struct retort_span){0});
    struct retort_intake_said said;
    ck_assert_msg(reads(&line, &said), "%s", error.message);
    ck_assert_uint_eq(said.n_verdicts, 2);
    ck_assert_ptr_null(said.target.data);
    for (size_t m = 0; m < 2; m++) {
        ck_assert_ptr_eq(said.verdicts[m].model, both[m]);
        ck_assert_int_eq(said.verdicts[m].doubt, verdicts[m].doubt);
        ck_assert_uint_eq(said.verdicts[m].label, verdicts[m].label);
        for (size_t l = 0; l < retort_model_n_labels(both[m]); l++)
            ck_assert(same_score(&said.verdicts[m].scores[l], &verdicts[m].scores[l]));
    }
}
END_TEST

static const struct retort_verdict *plain(size_t label)
{
    static struct retort_score stance[N_STANCES], tone[N_TONES];
    static struct retort_verdict verdicts[2];
    stance[0].p = .25;
    stance[1].p = .75;
    tone[0].p = .5;
    verdicts[0] = (struct retort_verdict){.model = both[0], .scores = stance, .label = label};
    verdicts[1] = (struct retort_verdict){.model = both[1], .scores = tone};
    return verdicts;
}

/* The label is what the verdict says, even where another has the larger p. */
START_TEST(the_label_goes_along)
{
    struct retort_intake_line line = written(plain((size_t)_i), (struct retort_span){0});
    struct retort_intake_said said;
    ck_assert(reads(&line, &said));
    ck_assert_uint_eq(said.verdicts[0].label, (size_t)_i);
    ck_assert(said.verdicts[0].scores[_i].on && !said.verdicts[0].scores[1 - _i].on);
}
END_TEST

START_TEST(the_target_goes_along)
{
    struct retort_intake_said said;
    judge.target = RETORT_SPAN("the \"bridge\"\n");
    struct retort_intake_line line = written(plain(0), (struct retort_span){0});
    ck_assert(reads(&line, &said));
    ck_assert(retort_span_equal(said.target, judge.target));
    line = written(plain(0), RETORT_SPAN("a line's own"));
    ck_assert(reads(&line, &said));
    ck_assert(retort_span_equal(said.target, line.target));
    judge.target = (struct retort_span){0};
}
END_TEST

START_TEST(other_models_are_refused)
{
    struct retort_intake_said said;
    struct retort_intake_line line = written(plain(0), (struct retort_span){0});
    struct retort_model *old = both[0];
    both[0] = fixture_model("stance", RETORT_ONE_OF, STANCES, "another");
    ck_assert(!reads(&line, &said));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, "stance"));
    models.n_models = 0;
    ck_assert(!reads(&line, &said));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    retort_model_close(old);
}
END_TEST

/* ---- forged ---- */

static bool is_plausible(const struct retort_verdict *verdict)
{
    size_t n_on = 0, n_labels = retort_model_n_labels(verdict->model);
    for (size_t l = 0; l < n_labels; l++) {
        const struct retort_score *score = &verdict->scores[l];
        if (isnan(score->p) || score->p < 0 || score->p > 1)
            return false;
        n_on += score->on;
    }
    return verdict->doubt <= RETORT_DOUBT_EVIDENCE && verdict->label < n_labels &&
           (retort_model_choice(verdict->model) == RETORT_ANY_OF ||
            (n_on == 1 && verdict->scores[verdict->label].on));
}

static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Changes, takes out or doubles some bytes of what was written. */
static struct retort_span forge(struct retort_span good, uint64_t *state)
{
    static const char BYTES[] = "0123456789abcdefAFg\"\\{}[]:,u \0\xff";
    uint8_t *bytes = RETORT_NEW(&arena, uint8_t, 2 * good.len);
    size_t len = good.len;
    memcpy(bytes, good.data, len);
    for (uint64_t n = 1 + draw(state) % 3; n > 0; n--) {
        size_t at = draw(state) % len, end = at + draw(state) % (len - at);
        uint64_t how = draw(state) % 8;
        if (how == 0 && end > at) {
            memmove(bytes + at, bytes + end, len - end);
            len -= end - at;
        } else {
            bytes[at] = (uint8_t)BYTES[draw(state) % (sizeof BYTES - 1)];
        }
        if (len == 0)
            break;
    }
    return (struct retort_span){bytes, len};
}

START_TEST(what_is_forged_is_refused_or_plausible)
{
    uint64_t state = (uint64_t)_i + 1;
    struct retort_intake_said said;
    const struct retort_intake_line line = written(plain(0), (struct retort_span){0});
    size_t n_taken = 0, n_refused = 0;
    for (size_t i = 0; i < 5000; i++) {
        struct retort_span value = forge(line.members[0].value, &state);
        if (!retort_json_check(value, &error))
            continue;
        const struct retort_intake_line forged = line_of(value);
        bool taken = reads(&forged, &said);
        n_taken += taken;
        n_refused += !taken;
        ck_assert(taken || error.message[0]);
        for (size_t v = 0; taken && v < said.n_verdicts; v++)
            ck_assert(is_plausible(&said.verdicts[v]));
    }
    ck_assert_uint_gt(n_taken, 100);
    ck_assert_uint_gt(n_refused, 100);
}
END_TEST

Suite *scores_suite(void)
{
    Suite *suite = suite_create("scores");
    TCase *cases = tcase_create("scores");
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, what_is_written_is_read, 0, N_PS);
    tcase_add_loop_test(cases, the_label_goes_along, 0, N_STANCES);
    tcase_add_test(cases, the_target_goes_along);
    tcase_add_test(cases, other_models_are_refused);
    tcase_add_loop_test(cases, what_is_forged_is_refused_or_plausible, 0, 4);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(suite, cases);
    return suite;
}
