/* Models: written and opened again, refused when they are not what was written, and what they say
 * of a comment. One file: the small model made at its head is what every case breaks or asks. */
#include "model/model.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *model_suite(void);

/* ---- a small model ---- */

static const struct {
    enum retort_field field;
    const char *name;
    float weights[2];
} FEATURES[] = {
    {RETORT_FIELD_WORD, "dam", {0.3F, -0.1F}},      {RETORT_FIELD_WORD, "the", {0.01F, 0.02F}},
    {RETORT_FIELD_WORD, "dry", {-0.7F, 0.9F}},      {RETORT_FIELD_WORD, "is", {0.1F, 0.1F}},
    {RETORT_FIELD_WORD, "the dam", {1.1F, -1.3F}},  {RETORT_FIELD_WORD, "never", {-2.0F, 1.7F}},
    {RETORT_FIELD_WORD, "was", {0.2F, -0.3F}},      {RETORT_FIELD_WORD, "full", {1.5F, -0.4F}},
    {RETORT_FIELD_CUE, "negation", {-0.6F, 0.8F}},  {RETORT_FIELD_CUE, "length", {0.25F, 0.1F}},
    {RETORT_FIELD_CUE, "short", {0.05F, -0.05F}},   {RETORT_FIELD_WORD, "!", {0.4F, 0.6F}},
    {RETORT_FIELD_PAIR, "dam|full", {0.9F, -0.9F}},
};
enum { N_FEATURES = sizeof FEATURES / sizeof FEATURES[0], N_LABELS = 2, N_SLOTS = 32 };

static const char RECIPE[] = "words=2 idf=1 cues=1 cue_scale=0.3 train.min_df=2";

static const struct retort_label LABELS[N_LABELS] = {
    {"no", 0.125, -2.5, 0.25, 0, 0.5, 0.8, 0.1, RETORT_PLATT, {0}},
    {"yes", -0.375, -1.5, 0.5, 0.2, 0.4, 0.7, 0.2, RETORT_PLATT, {0}},
};

/* The arrays of the model; a test may break one before it is written. */
struct arrays {
    uint64_t keys[N_FEATURES];
    uint32_t slots[N_SLOTS];
    uint8_t tags[N_SLOTS], fields[N_FEATURES];
    float idf[N_FEATURES], weights[N_FEATURES * N_LABELS];
    struct retort_span names[N_FEATURES];
    struct retort_buffer text;
    struct retort_dictionary dictionary;
    struct retort_label labels[N_LABELS];
    struct retort_model_parts parts;
};

static void init(struct arrays *a, enum retort_choice choice)
{
    size_t ends[N_FEATURES + 1] = {0};
    memset(a, 0, sizeof *a);
    memcpy(a->labels, LABELS, sizeof LABELS);
    for (size_t i = 0; i < N_FEATURES; i++) {
        a->keys[i] = retort_term_key(FEATURES[i].field, retort_span_of(FEATURES[i].name));
        a->fields[i] = (uint8_t)FEATURES[i].field;
        a->idf[i] = FEATURES[i].field == RETORT_FIELD_CUE ? 1.0F : 1.0F + 0.1F * (float)i;
        memcpy(a->weights + i * N_LABELS, FEATURES[i].weights, sizeof FEATURES[i].weights);
        retort_buffer_format(&a->text, "%s:%s", retort_field_name(FEATURES[i].field),
                             FEATURES[i].name);
        ends[i + 1] = a->text.len;
    }
    for (size_t i = 0; i < N_FEATURES; i++)
        a->names[i] = retort_span_slice(retort_buffer_span(&a->text), ends[i], ends[i + 1]);
    a->dictionary = (struct retort_dictionary){.n_features = N_FEATURES,
                                               .n_slots = N_SLOTS,
                                               .keys = a->keys,
                                               .idf = a->idf,
                                               .fields = a->fields};
    ck_assert(retort_dictionary_index(&a->dictionary, a->tags, a->slots));
    a->parts = (struct retort_model_parts){.task = "test",
                                           .choice = choice,
                                           .recipe = retort_span_of(RECIPE),
                                           .labels = a->labels,
                                           .n_labels = N_LABELS,
                                           .dictionary = &a->dictionary,
                                           .weights = a->weights,
                                           .names = a->names,
                                           .card = RETORT_SPAN("{\"task\":\"test\"}")};
}

/* ---- files ---- */

static char directory[256], path[300];

static void begin(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%s/retort-model.XXXXXX", parent ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/test.model", directory);
}

static void end(void)
{
    unlink(path);
    rmdir(directory);
}

static void write_arrays(struct arrays *a)
{
    struct retort_error error = {0};
    ck_assert_msg(retort_model_write(path, &a->parts, &error), "%s", error.message);
    retort_buffer_release(&a->text);
}

static struct retort_model *open_model(void)
{
    struct retort_error error = {0};
    struct retort_model *model;
    ck_assert_msg(retort_model_open(&model, path, &error), "%s", error.message);
    return model;
}

static struct retort_model *written(enum retort_choice choice)
{
    struct arrays a;
    init(&a, choice);
    write_arrays(&a);
    return open_model();
}

/* The file's bytes; to be freed. */
static uint8_t *bytes_of(size_t *len)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    *len = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*len);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, *len, file), *len);
    fclose(file);
    return bytes;
}

static void put_file(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void expect_refusal(const char *what, size_t which)
{
    struct retort_error error = {0};
    struct retort_model *model = NULL;
    bool opened = retort_model_open(&model, path, &error);
    ck_assert_msg(!opened && model == NULL, "%s %zu was opened", what, which);
    ck_assert_msg(error.failure == RETORT_REFUSED, "%s %zu: failure %d", what, which,
                  (int)error.failure);
    ck_assert_msg(strstr(error.message, path) && !strchr(error.message, '\n'), "%s %zu: \"%s\"",
                  what, which, error.message);
}

/* ---- writing and opening ---- */

START_TEST(what_was_written_is_read)
{
    struct retort_model *model = written(RETORT_ANY_OF);
    ck_assert_str_eq(retort_model_task(model), "test");
    ck_assert_int_eq(retort_model_choice(model), RETORT_ANY_OF);
    ck_assert_uint_eq(retort_model_n_labels(model), N_LABELS);
    ck_assert_uint_eq(strlen(retort_model_hash(model)), 64);
    ck_assert(retort_span_equal(retort_model_card(model), RETORT_SPAN("{\"task\":\"test\"}")));
    for (size_t l = 0; l < N_LABELS; l++) {
        const struct retort_label *label = retort_model_label(model, l);
        ck_assert_str_eq(label->name, LABELS[l].name);
        ck_assert_mem_eq(&label->bias, &LABELS[l].bias, 7 * sizeof(double));
    }
    for (uint32_t i = 0; i < N_FEATURES; i++) {
        struct retort_span name = retort_span_of(FEATURES[i].name);
        uint64_t key = retort_term_key(FEATURES[i].field, name);
        ck_assert_uint_eq(retort_dictionary_find(retort_model_dictionary(model), key), i);
        ck_assert(retort_model_weight(model, i, 1) == (double)FEATURES[i].weights[1]);
        struct retort_span stored = retort_model_feature(model, i);
        ck_assert(
            retort_span_equal(retort_span_slice(stored, stored.len - name.len, stored.len), name));
    }
    retort_model_close(model);
    retort_model_close(NULL);
}
END_TEST

/* The second label on a broken line. */
static void bend(struct arrays *a)
{
    static const struct retort_curve CURVE = {3, {-1, 0, 2}, {-3, -1, 4}};
    a->labels[1].link = RETORT_ISOTONIC;
    a->labels[1].curve = CURVE;
}

/* The log odds between corners, at them and beyond them, as stored and read again. */
START_TEST(a_curve_is_followed)
{
    static const double MARGINS[] = {-9, -1, -0.5, 0, 1, 2, 9};
    static const double LOG_ODDS[] = {-3, -3, -2, -1, 1.5, 4, 4};
    struct arrays a;
    init(&a, RETORT_ANY_OF);
    bend(&a);
    write_arrays(&a);
    struct retort_model *model = open_model();
    ck_assert_int_eq(retort_model_label(model, 0)->link, RETORT_PLATT);
    for (size_t i = 0; i < sizeof MARGINS / sizeof MARGINS[0]; i++) {
        struct retort_score scores[N_LABELS] = {{.margin = MARGINS[i]}, {.margin = MARGINS[i]}};
        size_t ignored;
        retort_decide(retort_model_label(model, 0), N_LABELS, RETORT_ANY_OF, scores, &ignored);
        ck_assert_double_eq_tol(scores[1].p, 1 / (1 + exp(-LOG_ODDS[i])), 1e-12);
        ck_assert_double_eq_tol(scores[0].p, 1 / (1 + exp(-2.5 * MARGINS[i] + 0.25)), 1e-12);
    }
    retort_model_close(model);
}
END_TEST

START_TEST(softmax_of_any_margins_is_a_distribution)
{
    static const double MARGINS[] = {-INFINITY, -1e300, -5, 0, 5, 1e300, INFINITY, NAN};
    enum { N_MARGINS = sizeof MARGINS / sizeof MARGINS[0] };
    struct arrays a;
    init(&a, RETORT_ONE_OF);
    a.labels[0].link = a.labels[1].link = RETORT_SOFTMAX;
    write_arrays(&a);
    struct retort_model *model = open_model();
    const struct retort_label *labels = retort_model_label(model, 0);
    for (size_t i = 0; i < N_MARGINS * N_MARGINS; i++) {
        struct retort_score scores[N_LABELS] = {{.margin = MARGINS[i / N_MARGINS]},
                                                {.margin = MARGINS[i % N_MARGINS]}};
        size_t label;
        retort_decide(labels, N_LABELS, RETORT_ONE_OF, scores, &label);
        ck_assert_double_eq_tol(scores[0].p + scores[1].p, 1, 1e-12);
        ck_assert(label < N_LABELS && scores[label].on);
        if (MARGINS[i / N_MARGINS] == INFINITY && MARGINS[i % N_MARGINS] <= 5)
            ck_assert_double_gt(scores[0].p, 0.99);
    }
    struct retort_score scores[N_LABELS] = {{.margin = 0.5}, {.margin = 1}};
    size_t label;
    retort_decide(labels, N_LABELS, RETORT_ONE_OF, scores, &label);
    /* log odds 1 and 1 */
    ck_assert_double_eq_tol(scores[0].p, 0.5, 1e-12);
    retort_model_close(model);
}
END_TEST

START_TEST(the_same_parts_are_the_same_bytes)
{
    size_t len, again;
    retort_model_close(written(RETORT_ONE_OF));
    uint8_t *first = bytes_of(&len);
    retort_model_close(written(RETORT_ONE_OF));
    uint8_t *second = bytes_of(&again);
    ck_assert_uint_eq(len, again);
    ck_assert_mem_eq(first, second, len);
    free(first);
    free(second);
}
END_TEST

/* ---- refusals ---- */

START_TEST(cut_short_at_every_length)
{
    size_t len;
    retort_model_close(written(RETORT_ONE_OF));
    uint8_t *bytes = bytes_of(&len);
    for (size_t cut = 0; cut < len; cut++) {
        put_file(bytes, cut);
        expect_refusal("cut at", cut);
    }
    put_file(bytes, len);
    retort_model_close(open_model());
    free(bytes);
}
END_TEST

START_TEST(every_flipped_bit)
{
    size_t len;
    retort_model_close(written(RETORT_ONE_OF));
    uint8_t *bytes = bytes_of(&len);
    for (size_t bit = 0; bit < 8 * len; bit += bit < 8 * 64 ? 1 : 13) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        put_file(bytes, len);
        expect_refusal("bit", bit);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    free(bytes);
}
END_TEST

START_TEST(foreign_newer_longer_and_missing_files)
{
    static const char PNG[] =
        "\x89PNG\r\n\x1A\n and so on, but no model at all, though long enough";
    size_t len;
    put_file(PNG, sizeof PNG);
    expect_refusal("a picture", 0);
    retort_model_close(written(RETORT_ONE_OF));
    uint8_t *bytes = bytes_of(&len);
    bytes[8]++; /* the version */
    put_file(bytes, len);
    struct retort_error error = {0};
    struct retort_model *model;
    ck_assert(!retort_model_open(&model, path, &error));
    ck_assert_msg(strstr(error.message, "update retort"), "%s", error.message);
    bytes[8]--;
    FILE *file = fopen(path, "wb");
    fwrite(bytes, 1, len, file);
    fputc(0, file);
    fclose(file);
    expect_refusal("one byte more", 0);
    free(bytes);
    unlink(path);
    expect_refusal("no file", 0);
    ck_assert(!retort_model_open(&model, directory, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
}
END_TEST

/* Files whose checksum is right and whose content is not: one part broken at a time. */
static void break_slots_high(struct arrays *a)
{
    a->slots[0] = N_FEATURES + 1;
}
static void break_slots_full(struct arrays *a)
{
    for (size_t i = 0; i < N_SLOTS; i++)
        a->tags[i] = 1; /* no free slot: a search would never end */
}
static void break_slots_none(struct arrays *a)
{
    memset(a->tags, 0, sizeof a->tags);
}
static void break_weight(struct arrays *a)
{
    a->weights[5] = NAN;
}
static void break_idf(struct arrays *a)
{
    a->idf[3] = INFINITY;
}
static void break_bias(struct arrays *a)
{
    a->labels[1].bias = NAN;
}
static void break_slope(struct arrays *a)
{
    a->labels[0].platt_a = 0.5; /* a larger margin less probable */
}
static void break_label_name(struct arrays *a)
{
    a->labels[0].name = "\xFF\xFE";
}
static void break_choice(struct arrays *a)
{
    a->parts.choice = (enum retort_choice)7;
}
static void break_no_labels(struct arrays *a)
{
    a->parts.n_labels = 0;
}
static void break_mask(struct arrays *a)
{
    a->dictionary.n_slots = 24; /* no power of two */
}
static void break_few_slots(struct arrays *a)
{
    a->dictionary.n_slots = 8; /* fewer slots than features */
}
static void break_link(struct arrays *a)
{
    a->labels[1].link = (enum retort_link)RETORT_N_LINKS;
}
static void break_mixed_links(struct arrays *a)
{
    a->labels[1].link = RETORT_SOFTMAX; /* and the first label's is Platt's */
}
static void break_no_knots(struct arrays *a)
{
    bend(a);
    a->labels[1].curve.n_knots = 0;
}
static void break_falling_curve(struct arrays *a)
{
    bend(a);
    a->labels[1].curve.log_odds[2] = -2;
}
static void break_knots_at_one_place(struct arrays *a)
{
    bend(a);
    a->labels[1].curve.margins[1] = -1;
}
static void break_knot(struct arrays *a)
{
    bend(a);
    a->labels[1].curve.log_odds[0] = NAN;
}
static void break_card(struct arrays *a)
{
    a->parts.card = RETORT_SPAN("\xC3(");
}
static void break_name(struct arrays *a)
{
    a->text.data[6] = 0xFF;
}
static void break_name_in_two(struct arrays *a)
{
    a->text.data[a->names[2].len - 1 + (size_t)(a->names[2].data - a->text.data)] = 0xC3;
    a->text.data[a->names[3].data - a->text.data] = 0xA9;
}
static void break_task_text(struct arrays *a)
{
    a->parts.task = "t\xC3";
}
static void break_recipe(struct arrays *a)
{
    a->parts.recipe = RETORT_SPAN("words=9");
}
static void break_task(struct arrays *a)
{
    a->parts.task = "";
}

static void (*const BREAKS[])(struct arrays *) = {
    break_slots_high,  break_slots_full, break_slots_none,    break_weight,
    break_idf,         break_bias,       break_slope,         break_label_name,
    break_choice,      break_no_labels,  break_mask,          break_few_slots,
    break_card,        break_recipe,     break_task,          break_link,
    break_mixed_links, break_no_knots,   break_falling_curve, break_knots_at_one_place,
    break_knot,        break_name,       break_name_in_two,   break_task_text,
};

START_TEST(broken_parts_under_a_right_checksum)
{
    struct arrays a;
    init(&a, RETORT_ONE_OF);
    BREAKS[_i](&a);
    write_arrays(&a);
    expect_refusal("break", (size_t)_i);
}
END_TEST

/* A table of names that runs backwards or out of its section, in a bundle made by hand. */
START_TEST(broken_ends_of_names)
{
    static const char *const SECTIONS[] = {"task",  "recipe", "head",    "labels", "card", "keys",
                                           "slots", "idf",    "weights", "ends",   "names"};
    enum { N = sizeof SECTIONS / sizeof SECTIONS[0], ENDS = 9 };
    retort_model_close(written(RETORT_ONE_OF));
    for (size_t broken = 0; broken < 4; broken++) {
        struct retort_bundle bundle;
        struct retort_error error = {0};
        struct retort_bundle_part parts[N];
        uint32_t ends[N_FEATURES];
        retort_model_close(written(RETORT_ONE_OF));
        ck_assert(retort_bundle_open(&bundle, path, &error));
        for (size_t i = 0; i < N; i++)
            parts[i] = (struct retort_bundle_part){SECTIONS[i],
                                                   retort_bundle_section(&bundle, SECTIONS[i])};
        memcpy(ends, parts[ENDS].bytes.data, sizeof ends);
        parts[ENDS].bytes.data = (const uint8_t *)ends;
        if (broken == 0)
            ends[2] = 1;
        else if (broken == 1)
            ends[N_FEATURES - 1] = UINT32_MAX;
        else if (broken == 2)
            parts[ENDS].bytes.len -= 4;
        else
            parts[ENDS].name = "others";
        ck_assert(retort_bundle_write(path, parts, N, &error));
        retort_bundle_close(&bundle);
        expect_refusal("ends", broken);
    }
}
END_TEST

/* ---- what a model says ---- */

static const char *const TEXTS[] = {
    "The dam is dry.",
    "The dam was never full! Never, never!",
    "",
    "full full full the dam the dam",
    "Is the dam dry? It was full, I say, and the council is to blame for that.",
    "\xF0\x9F\x98\x82",
};
enum { N_TEXTS = sizeof TEXTS / sizeof TEXTS[0] };

/* One comment explained by the small model. */
struct explained {
    struct retort_model *model;
    struct retort_labeller labeller;
    struct retort_arena arena;
    struct retort_item item;
    struct retort_verdict verdict;
    struct retort_explanation labels[N_LABELS];
};

static void explain(struct explained *e, enum retort_choice choice, const char *text)
{
    *e = (struct explained){.model = written(choice), .item = {.text = retort_span_of(text)}};
    retort_labeller_init(&e->labeller);
    retort_label_item(&e->labeller, e->model, &e->item, &e->arena, &e->verdict);
    retort_explain(&e->labeller, e->model, &e->item, &e->arena, e->labels);
}

static void forget(struct explained *e)
{
    retort_labeller_release(&e->labeller);
    retort_arena_release(&e->arena);
    retort_model_close(e->model);
}

/* Bias, then the contributions in their order, then what is rounded: the margin, to the last bit.
 * Words stand in order, none over another, and their names are the text there. */
static void check_sum(const struct explained *e, size_t label)
{
    const struct retort_explanation *why = &e->labels[label];
    double sum = why->bias;
    for (size_t c = 0; c < why->n_causes; c++) {
        const struct retort_cause *cause = &why->causes[c];
        sum += cause->contribution;
        ck_assert((cause->end > cause->begin) == (c < why->n_words));
        ck_assert(c == 0 || c >= why->n_words || cause->begin >= cause[-1].end);
        ck_assert(c >= why->n_words ||
                  retort_span_equal(cause->name,
                                    retort_span_slice(e->item.text, cause->begin, cause->end)));
    }
    ck_assert(fabs(why->rounding) < 1e-6);
    sum += why->rounding;
    ck_assert_mem_eq(&sum, &e->verdict.scores[label].margin, sizeof sum);
    ck_assert_mem_eq(&why->margin, &e->verdict.scores[label].margin, sizeof sum);
    ck_assert(why->p == e->verdict.scores[label].p);
}

/* The vector that other learners are given is what the margin is made of. */
static void check_vector(struct explained *e)
{
    struct retort_entry *entries;
    size_t n = retort_model_vector(e->model, &e->labeller, &e->item, &e->arena, &entries);
    for (size_t l = 0; l < retort_model_n_labels(e->model); l++) {
        double sum = retort_model_label(e->model, l)->bias;
        for (size_t i = 0; i < n; i++) {
            ck_assert(i == 0 || entries[i].feature > entries[i - 1].feature);
            sum += (double)entries[i].value * retort_model_weight(e->model, entries[i].feature, l);
        }
        ck_assert_double_eq_tol(sum, e->verdict.scores[l].margin, 1e-5);
    }
}

START_TEST(vectors_give_the_margin)
{
    struct explained e;
    for (size_t i = 0; i < N_TEXTS; i++) {
        explain(&e, i % 2 ? RETORT_ONE_OF : RETORT_ANY_OF, TEXTS[i]);
        check_vector(&e);
        forget(&e);
    }
}
END_TEST

START_TEST(contributions_sum_to_the_margin)
{
    for (size_t i = 0; i < N_TEXTS; i++) {
        struct explained e;
        explain(&e, RETORT_ANY_OF, TEXTS[i]);
        for (size_t l = 0; l < N_LABELS; l++) {
            const struct retort_score *score = &e.verdict.scores[l];
            check_sum(&e, l);
            double p = 1 / (1 + exp(LABELS[l].platt_a * score->margin + LABELS[l].platt_b));
            ck_assert(fabs(score->p - p) < 1e-12);
            ck_assert(score->on == (score->p >= LABELS[l].threshold));
        }
        forget(&e);
    }
}
END_TEST

static double cause_of(const struct retort_explanation *why, const char *name)
{
    for (size_t c = 0; c < why->n_causes; c++)
        if (retort_span_equal(why->causes[c].name, retort_span_of(name)))
            return why->causes[c].contribution;
    return 0;
}

/* Weight · value of a word that stands alone, from the table above. */
static double alone(size_t feature, double length)
{
    return (double)FEATURES[feature].weights[0] * (1 + 0.1 * (double)feature) / length;
}

/* "the dam" outweighs its words and becomes a phrase with all they have; "full" stands alone, and
 * a cue on no word. What the model does not know decides nothing. */
START_TEST(words_are_shown_as_they_stand)
{
    struct explained e;
    explain(&e, RETORT_ANY_OF, "Say: THE Dam, full!");
    const struct retort_explanation *why = &e.labels[0];
    double length = sqrt(1 + 1.1 * 1.1 + 1.4 * 1.4 + 1.7 * 1.7 + 2.1 * 2.1);
    ck_assert(fabs(cause_of(why, "full") - alone(7, length)) < 1e-6);
    ck_assert(fabs(cause_of(why, "THE Dam") -
                   (alone(0, length) + alone(1, length) + alone(4, length))) < 1e-6);
    ck_assert(fabs(cause_of(why, "!") - alone(11, length)) < 1e-6);
    ck_assert(cause_of(why, "Say") == 0 && cause_of(why, "THE") == 0);
    ck_assert(cause_of(why, "cue:short") > 0);
    ck_assert_uint_eq(why->n_words, 3);
    forget(&e);
}
END_TEST

/* A cue that counts words is theirs, a share each. */
START_TEST(cues_stand_on_what_they_count)
{
    struct explained e;
    explain(&e, RETORT_ANY_OF, "Not is not never");
    const struct retort_explanation *why = &e.labels[0];
    double cue = (double)FEATURES[8].weights[0] * 0.3, length = sqrt(1.3 * 1.3 + 1.5 * 1.5);
    ck_assert(cause_of(why, "cue:negation") == 0);
    ck_assert(fabs(cause_of(why, "Not") - cue / 3) < 1e-6);
    ck_assert(fabs(cause_of(why, "not") - cue / 3) < 1e-6);
    ck_assert(fabs(cause_of(why, "never") - (cue / 3 + alone(5, length))) < 1e-6);
    forget(&e);
}
END_TEST

/* The small model over a base, which is closed, with three stacked features; and what it says of a
 * comment and its parent. */
static void explain_over(struct explained *e, struct retort_model *base,
                         const char *const stacked[3], const char *text, const char *parent)
{
    struct arrays a;
    init(&a, RETORT_ANY_OF);
    for (size_t i = 0; i < 3; i++) {
        struct retort_span name = retort_span_of(stacked[i]);
        a.names[10 + i] = name;
        a.keys[10 + i] = retort_term_key(RETORT_FIELD_STACK, retort_span_slice(name, 6, name.len));
    }
    memset(a.tags, 0, sizeof a.tags);
    memset(a.fields + 10, RETORT_FIELD_STACK, 3);
    ck_assert(retort_dictionary_index(&a.dictionary, a.tags, a.slots));
    a.parts.recipe = RETORT_SPAN("words=2 idf=1 stack=1 stack_parent=1 stack_scale=0.5");
    a.parts.base = base;
    write_arrays(&a);
    retort_model_close(base);
    *e = (struct explained){
        .model = open_model(),
        .item = {.text = retort_span_of(text), .parent_text = retort_span_of(parent)}};
    retort_labeller_init(&e->labeller);
    retort_label_item(&e->labeller, e->model, &e->item, &e->arena, &e->verdict);
    retort_explain(&e->labeller, e->model, &e->item, &e->arena, e->labels);
}

/* Over itself as its base. */
static void explain_stacked(struct explained *e, const char *text, const char *parent)
{
    static const char *const STACKED[] = {"stack:no", "stack:both yes", "stack:parent no"};
    explain_over(e, written(RETORT_ANY_OF), STACKED, text, parent);
}

/* What the base says goes to the words that it says it of, by the chain rule; its bias and cues,
 * and all of the parent's, stay with the stacked feature. */
START_TEST(a_base_is_explained_through)
{
    struct explained e, parent_e, base;
    explain_stacked(&e, "never mind", "The dam was full!");
    check_vector(&e);
    explain(&base, RETORT_ANY_OF, "never mind");
    explain(&parent_e, RETORT_ANY_OF, "The dam was full!");
    for (size_t l = 0; l < N_LABELS; l++)
        check_sum(&e, l);
    double no = (double)FEATURES[10].weights[0] * 0.5 * cause_of(&base.labels[0], "never");
    double both = (double)FEATURES[11].weights[0] * 0.5 * cause_of(&base.labels[1], "never") *
                  parent_e.verdict.scores[1].margin;
    ck_assert(fabs(cause_of(&e.labels[0], "never") - (alone(5, 1.5) + no + both)) < 1e-6);
    double left = (double)FEATURES[10].weights[0] * 0.5 * base.verdict.scores[0].margin - no;
    ck_assert(fabs(cause_of(&e.labels[0], "stack:no") - left) < 1e-6);
    double parent = (double)FEATURES[12].weights[0] * 0.5 * parent_e.verdict.scores[0].margin;
    ck_assert(fabs(cause_of(&e.labels[0], "stack:parent no") - parent) < 1e-6);
    for (size_t i = 0; i < N_TEXTS; i++) {
        forget(&e);
        explain_stacked(&e, TEXTS[i], TEXTS[(i + 1) % N_TEXTS]);
        check_sum(&e, 0);
        check_sum(&e, 1);
    }
    forget(&e);
    forget(&base);
    forget(&parent_e);
}
END_TEST

/* A label's name may end as another's does. */
START_TEST(a_stacked_label_is_told_by_its_whole_name)
{
    static const char *const STACKED[] = {"stack:very no", "stack:both very no", "stack:no no"};
    struct explained e, base;
    struct arrays a;
    init(&a, RETORT_ANY_OF);
    a.labels[1].name = "very no";
    write_arrays(&a);
    explain_over(&e, open_model(), STACKED, "never mind", "");
    explain(&base, RETORT_ANY_OF, "never mind");
    double very = (double)FEATURES[10].weights[0] * 0.5 * cause_of(&base.labels[1], "never");
    ck_assert(fabs(cause_of(&e.labels[0], "never") - (alone(5, 1.5) + very)) < 1e-6);
    check_sum(&e, 0);
    forget(&e);
    forget(&base);
}
END_TEST

/* Mended, a text of strange bytes is longer than what is read of one; both read the same. */
START_TEST(a_long_broken_text_is_explained_as_it_was_labelled)
{
    size_t n = RETORT_TEXT_READ;
    struct retort_buffer text = {0};
    struct explained e = {.model = written(RETORT_ANY_OF)};
    while (text.len < n)
        retort_buffer_text(&text, "\xE9\xE9\xE9 dam full ");
    e.item.text = retort_buffer_span(&text);
    retort_labeller_init(&e.labeller);
    retort_label_item(&e.labeller, e.model, &e.item, &e.arena, &e.verdict);
    retort_explain(&e.labeller, e.model, &e.item, &e.arena, e.labels);
    for (size_t l = 0; l < N_LABELS; l++)
        ck_assert(e.labels[l].margin == e.verdict.scores[l].margin);
    retort_buffer_release(&text);
    forget(&e);
}
END_TEST

/* A word that stands three times has a third at each place, decides as one, and goes as one. */
START_TEST(deciders_are_taken_out_and_the_rest_labelled_again)
{
    struct explained e;
    struct retort_verdict without;
    explain(&e, RETORT_ONE_OF, "Full is the dam, full, FULL and dry");
    const struct retort_decider *decider = e.labels[0].deciders;
    ck_assert(retort_span_equal(decider->name, RETORT_SPAN("Full")));
    ck_assert_uint_eq(decider->n_places, 3);
    ck_assert(fabs(decider->contribution - 3 * cause_of(&e.labels[0], "FULL")) < 1e-12);
    e.item.text = RETORT_SPAN(" is the dam, ,  and dry");
    retort_label_item(&e.labeller, e.model, &e.item, &e.arena, &without);
    ck_assert(decider->p_without == without.scores[0].p);
    ck_assert(decider->p_without < e.labels[0].p);
    for (size_t l = 0; l < N_LABELS; l++) {
        const struct retort_explanation *why = &e.labels[l];
        ck_assert_uint_le(why->n_deciders, RETORT_MOST_DECIDERS);
        for (size_t d = 0; d < why->n_deciders; d++) {
            ck_assert(isnan(why->deciders[d].p_without) == (why->deciders[d].n_places == 0));
            ck_assert(d == 0 || fabs(why->deciders[d].contribution) <=
                                    fabs(why->deciders[d - 1].contribution));
        }
    }
    forget(&e);
}
END_TEST

START_TEST(one_of_many_shares_out_its_p)
{
    struct retort_model *model = written(RETORT_ONE_OF);
    struct retort_labeller labeller;
    retort_labeller_init(&labeller);
    for (size_t i = 0; i < N_TEXTS; i++) {
        struct retort_item item = {.text = retort_span_of(TEXTS[i])};
        struct retort_arena arena = {0};
        struct retort_verdict verdict;
        retort_label_item(&labeller, model, &item, &arena, &verdict);
        ck_assert(fabs(verdict.scores[0].p + verdict.scores[1].p - 1) < 1e-12);
        ck_assert_uint_eq(verdict.scores[0].on + verdict.scores[1].on, 1);
        ck_assert(verdict.scores[verdict.label].on);
        size_t best = log(verdict.scores[1].p) + LABELS[1].log_offset > log(verdict.scores[0].p);
        ck_assert_uint_eq(verdict.label, best);
        retort_arena_release(&arena);
    }
    retort_labeller_release(&labeller);
    retort_model_close(model);
}
END_TEST

/* Margins beyond what exp() holds still give a p between 0 and 1, and one label. */
START_TEST(extreme_margins_are_decided)
{
    static const double MARGINS[] = {0, 1, -1, 1e3, -1e3, 1e300, -1e300};
    enum { N = sizeof MARGINS / sizeof MARGINS[0] };
    for (size_t i = 0; i < N * N; i++) {
        struct retort_score scores[N_LABELS] = {{.margin = MARGINS[i / N]},
                                                {.margin = MARGINS[i % N]}};
        size_t label = 9;
        retort_decide(LABELS, N_LABELS, RETORT_ONE_OF, scores, &label);
        ck_assert_uint_lt(label, N_LABELS);
        for (size_t l = 0; l < N_LABELS; l++)
            ck_assert(scores[l].p >= 0 && scores[l].p <= 1);
        ck_assert_uint_eq(scores[0].on + scores[1].on, 1);
    }
}
END_TEST

static enum retort_doubt doubt_about(const char *text, const char *target, bool *all_unsure)
{
    struct retort_model *model = written(RETORT_ANY_OF);
    struct retort_item item = {.text = retort_span_of(text)};
    struct retort_labeller labeller;
    struct retort_arena arena = {0};
    struct retort_verdict verdict;
    if (target)
        item.target = retort_span_of(target);
    retort_labeller_init(&labeller);
    retort_label_item(&labeller, model, &item, &arena, &verdict);
    *all_unsure = verdict.scores[0].unsure && verdict.scores[1].unsure;
    retort_labeller_release(&labeller);
    retort_arena_release(&arena);
    retort_model_close(model);
    return verdict.doubt;
}

static const struct {
    const char *text, *target;
    enum retort_doubt doubt;
} DOUBTS[] = {
    {"the dam was never full", "the dam", RETORT_SURE},
    {"the dam was never full", NULL, RETORT_DOUBT_EVIDENCE}, /* it knows pairs: wants a target */
    {"quorum lattice herring obelisk", "the dam", RETORT_DOUBT_EVIDENCE},
    {"", "the dam", RETORT_DOUBT_EVIDENCE},
    {"Der Damm ist nicht voll und wird es auch nie sein", "the dam", RETORT_DOUBT_LANGUAGE},
};

START_TEST(no_evidence_is_no_certainty)
{
    bool all_unsure = false;
    enum retort_doubt doubt = doubt_about(DOUBTS[_i].text, DOUBTS[_i].target, &all_unsure);
    ck_assert_str_eq(retort_doubt_name(doubt), retort_doubt_name(DOUBTS[_i].doubt));
    if (DOUBTS[_i].doubt != RETORT_SURE)
        ck_assert(all_unsure);
}
END_TEST

static const struct {
    const char *target, *label;
    bool evident;
} SPOKEN[] = {
    {"the dam", "yes", true},
    {"dams of the valley", "none", true},
    {"the weir", "yes", false},
    {"the weir", "none", true},
};

/* For or against what it has no word of: it may be, but nothing shows it. */
START_TEST(a_side_wants_a_word_of_the_target)
{
    struct arrays a;
    struct retort_labeller labeller;
    struct retort_arena arena = {0};
    struct retort_verdict verdict;
    const struct retort_item item = {.text = RETORT_SPAN("the dam was never full"),
                                     .target = retort_span_of(SPOKEN[_i].target)};
    init(&a, RETORT_ONE_OF);
    a.parts.recipe = RETORT_SPAN("words=2 idf=1 target=1 cue_scale=0.3");
    a.labels[1].name = SPOKEN[_i].label;
    a.labels[1].log_offset = 50;
    write_arrays(&a);
    struct retort_model *model = open_model();
    retort_labeller_init(&labeller);
    retort_label_item(&labeller, model, &item, &arena, &verdict);
    ck_assert_uint_eq(verdict.label, 1);
    ck_assert_msg((verdict.doubt != RETORT_DOUBT_EVIDENCE) == SPOKEN[_i].evident, "%s, %s: %s",
                  SPOKEN[_i].target, SPOKEN[_i].label, retort_doubt_name(verdict.doubt));
    retort_labeller_release(&labeller);
    retort_arena_release(&arena);
    retort_model_close(model);
}
END_TEST

START_TEST(the_same_comment_twice_is_the_same_verdict)
{
    struct retort_model *model = written(RETORT_ANY_OF);
    struct retort_labeller fresh, used;
    retort_labeller_init(&used);
    for (size_t i = 0; i < N_TEXTS; i++) {
        struct retort_item item = {.text = retort_span_of(TEXTS[i])};
        struct retort_arena arena = {0};
        struct retort_verdict one, other;
        retort_labeller_init(&fresh);
        retort_label_item(&fresh, model, &item, &arena, &one);
        retort_label_item(&used, model, &item, &arena, &other);
        for (size_t l = 0; l < N_LABELS; l++) {
            ck_assert_mem_eq(&one.scores[l].margin, &other.scores[l].margin, sizeof(double));
            ck_assert_mem_eq(&one.scores[l].p, &other.scores[l].p, sizeof(double));
        }
        ck_assert_int_eq(one.doubt, other.doubt);
        retort_labeller_release(&fresh);
        retort_arena_release(&arena);
    }
    retort_labeller_release(&used);
    retort_model_close(model);
}
END_TEST

/* ---- sets ---- */

START_TEST(a_directory_of_models_is_read_in_its_order)
{
    static const char *const NAMES[] = {"zeta.model", "tone.model", "alpha.model", "stance.model"};
    static const char *const ORDER[] = {"stance", "tone", "alpha", "zeta"};
    struct retort_models models;
    struct retort_error error = {0};
    char other[400];
    for (size_t i = 0; i < 4; i++) {
        struct arrays a;
        char task[16];
        init(&a, RETORT_ONE_OF);
        snprintf(task, sizeof task, "%.*s", (int)strcspn(NAMES[i], "."), NAMES[i]);
        a.parts.task = task;
        write_arrays(&a);
        snprintf(other, sizeof other, "%s/%s", directory, NAMES[i]);
        ck_assert_int_eq(rename(path, other), 0);
    }
    ck_assert_msg(retort_models_open(&models, directory, &error), "%s", error.message);
    ck_assert_uint_eq(models.n_models, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(retort_model_task(models.models[i]), ORDER[i]);
    retort_models_close(&models);
    for (size_t i = 0; i < 4; i++) {
        snprintf(other, sizeof other, "%s/%s", directory, NAMES[i]);
        unlink(other);
    }
    ck_assert(!retort_models_open(&models, directory, &error)); /* empty */
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert(!retort_models_open(&models, path, &error)); /* not there */
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
}
END_TEST

#define N_OF(table) ((int)(sizeof(table) / sizeof(table)[0]))

Suite *model_suite(void)
{
    Suite *suite = suite_create("model");
    TCase *files = tcase_create("files"), *verdicts = tcase_create("verdicts");
    tcase_add_checked_fixture(files, begin, end);
    tcase_add_checked_fixture(verdicts, begin, end);
    tcase_set_timeout(files, 60);
    tcase_add_test(files, what_was_written_is_read);
    tcase_add_test(files, the_same_parts_are_the_same_bytes);
    tcase_add_test(files, a_curve_is_followed);
    tcase_add_test(files, softmax_of_any_margins_is_a_distribution);
    tcase_add_test(files, cut_short_at_every_length);
    tcase_add_test(files, every_flipped_bit);
    tcase_add_test(files, foreign_newer_longer_and_missing_files);
    tcase_add_loop_test(files, broken_parts_under_a_right_checksum, 0, N_OF(BREAKS));
    tcase_add_test(files, broken_ends_of_names);
    tcase_add_test(files, a_directory_of_models_is_read_in_its_order);
    tcase_add_test(verdicts, vectors_give_the_margin);
    tcase_add_test(verdicts, contributions_sum_to_the_margin);
    tcase_add_test(verdicts, words_are_shown_as_they_stand);
    tcase_add_test(verdicts, cues_stand_on_what_they_count);
    tcase_add_test(verdicts, a_base_is_explained_through);
    tcase_add_test(verdicts, a_stacked_label_is_told_by_its_whole_name);
    tcase_add_test(verdicts, a_long_broken_text_is_explained_as_it_was_labelled);
    tcase_add_test(verdicts, deciders_are_taken_out_and_the_rest_labelled_again);
    tcase_add_test(verdicts, one_of_many_shares_out_its_p);
    tcase_add_test(verdicts, extreme_margins_are_decided);
    tcase_add_loop_test(verdicts, no_evidence_is_no_certainty, 0, N_OF(DOUBTS));
    tcase_add_loop_test(verdicts, a_side_wants_a_word_of_the_target, 0,
                        (int)(sizeof SPOKEN / sizeof SPOKEN[0]));
    tcase_add_test(verdicts, the_same_comment_twice_is_the_same_verdict);
    suite_add_tcase(suite, files);
    suite_add_tcase(suite, verdicts);
    return suite;
}
