/* Do the intervals of `retort report` cover, and do its corrections correct?
 *
 * Worlds are made up whose shares of labels are known: threads, comments whose classes hang
 * together within a thread, a classifier of a stated quality that errs together within a thread,
 * too, the errors of it that a card would tell, and people who decide some comments, drawn at
 * random. Each draw goes through the same function as a report (report/shares.c), and what comes
 * out is held against what was put in. One line a setting and label. `make simulate`, a few
 * minutes. */
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_CLASSES = 4, N_BATCHES = 40, N_RESAMPLES = 500, N_PER_THREAD = 8 };

enum design { NOBODY, UNIFORM, UNCERTAIN };
static const char *const DESIGNS[] = {"-", "uniform", "uncertainty"};

/* A classifier: it sees a number a class, normal around 0, and around `apart` where the comment is
 * of that class; posteriors are for `prior`. An any-of label is said from `threshold` on. n_tried
 * comments, of shares `tried`, tell its errors. */
struct quality {
    const char *name;
    size_t n_classes;
    double apart[MOST_CLASSES], prior[MOST_CLASSES], tried[MOST_CLASSES], threshold;
    size_t n_tried;
};
/* Fitted to the mean posteriors of the shipped models out of fold, by true label. */
static const struct quality STANCE = {
    "stance", 3, {.67, .58, 2.22}, {.28, .30, .42}, {.28, .30, .42}, 0, 20000};
static const struct quality REPLY = {
    "reply", 4, {.79, .66, 1.08, 1.80}, {.20, .25, .48, .07}, {.21, .16, .58, .05}, 0, 9500};
static const struct quality TOXIC = {"toxic",    2,   {2.14, 1.66}, {.904, .096},
                                     {.54, .46}, .25, 20000};
static const struct quality THREAT = {"threat",   2,   {1.62, 1.54}, {.997, .003},
                                      {.99, .01}, .02, 38000};

struct setting {
    const struct quality *quality;
    double share; /* of the last class; the others share the rest as in the prior */
    size_t n;
    double together; /* intraclass correlation of the truth in a thread; 0: no threads */
    enum design design;
    size_t n_decided;
};
static const struct setting SETTINGS[] = {
    {&TOXIC, .05, 200, 0, NOBODY, 0},         {&TOXIC, .05, 2000, 0, NOBODY, 0},
    {&TOXIC, .01, 2000, .1, NOBODY, 0},       {&TOXIC, .05, 2000, .1, NOBODY, 0},
    {&TOXIC, .20, 2000, .1, NOBODY, 0},       {&TOXIC, .50, 2000, .1, NOBODY, 0},
    {&TOXIC, .05, 20000, .1, NOBODY, 0},      {&TOXIC, .50, 20000, .1, NOBODY, 0},
    {&THREAT, .01, 2000, .05, NOBODY, 0},     {&THREAT, .05, 20000, .05, NOBODY, 0},
    {&STANCE, .42, 200, 0, NOBODY, 0},        {&STANCE, .42, 200, .1, NOBODY, 0},
    {&STANCE, .10, 2000, .1, NOBODY, 0},      {&STANCE, .70, 2000, .1, NOBODY, 0},
    {&STANCE, .70, 20000, .1, NOBODY, 0},     {&REPLY, .07, 2000, .1, NOBODY, 0},
    {&REPLY, .30, 20000, .1, NOBODY, 0},      {&TOXIC, .05, 2000, .1, UNIFORM, 200},
    {&TOXIC, .50, 20000, .1, UNIFORM, 200},   {&TOXIC, .01, 20000, .1, UNIFORM, 400},
    {&STANCE, .70, 2000, .1, UNIFORM, 60},    {&STANCE, .42, 20000, .1, UNIFORM, 400},
    {&TOXIC, .05, 2000, .1, UNCERTAIN, 200},  {&TOXIC, .20, 20000, .1, UNCERTAIN, 400},
    {&STANCE, .70, 2000, .1, UNCERTAIN, 200},
};
enum { N_SETTINGS = sizeof SETTINGS / sizeof *SETTINGS };

/* ---- chance ---- */

static double uniform(uint64_t *random)
{
    return (double)((retort_random(random) >> 11) + 1) * 0x1p-53;
}

static double normal(uint64_t *random)
{
    double radius = sqrt(-2 * log(uniform(random)));
    return radius * cos(6.283185307179586 * uniform(random));
}

/* Marsaglia and Tsang (2000); a shape below 1 by a power of a uniform. */
static double gamma_draw(uint64_t *random, double shape)
{
    if (shape < 1)
        return gamma_draw(random, shape + 1) * pow(uniform(random), 1 / shape);
    for (double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);;) {
        double x = normal(random), v = pow(1 + c * x, 3);
        if (v > 0 && log(uniform(random)) < x * x / 2 + d - d * v + d * log(v))
            return d * v;
    }
}

/* ---- a world ---- */

struct world {
    const struct quality *quality;
    uint64_t random;
    double together;
    double shares[MOST_CLASSES];                       /* of the world */
    double thread[MOST_CLASSES], manner[MOST_CLASSES]; /* of the thread that is written */
};

struct said {
    size_t class, label; /* label: one-of, or 1: on */
    double p[MOST_CLASSES];
};

/* A thread has its own shares (Dirichlet) and its own manner, which moves what is said in it. */
static void begin_thread(struct world *world)
{
    double sum = 0, weight = world->together > 0 ? 1 / world->together - 1 : 0;
    for (size_t k = 0; k < world->quality->n_classes; k++) {
        world->thread[k] =
            weight > 0 ? gamma_draw(&world->random, world->shares[k] * weight) : world->shares[k];
        world->manner[k] = weight > 0 ? .3 * normal(&world->random) : 0;
        sum += world->thread[k];
    }
    for (size_t k = 0; k < world->quality->n_classes; k++)
        world->thread[k] = sum > 0 ? world->thread[k] / sum : world->shares[k];
}

static struct said write_comment(struct world *world)
{
    const struct quality *q = world->quality;
    struct said said = {0};
    double left = uniform(&world->random), sum = 0;
    while (said.class + 1 < q->n_classes && left > world->thread[said.class])
        left -= world->thread[said.class ++];
    for (size_t k = 0; k < q->n_classes; k++) {
        double at = q->apart[k],
               x = (k == said.class ? at : 0) + world->manner[k] + normal(&world->random);
        said.p[k] = q->prior[k] * exp(at * x - at * at / 2);
        sum += said.p[k];
    }
    for (size_t k = 0; k < q->n_classes; k++) {
        said.p[k] /= sum;
        said.label = said.p[k] > said.p[said.label] ? k : said.label;
    }
    if (q->n_classes == 2)
        said.label = said.p[1] >= q->threshold;
    return said;
}

/* ---- the card ---- */

/* What the classifier said of comments that it was tried on, by true class, in batches. */
struct trial {
    size_t k, width, n_scored; /* as train/parts.h has them in a card */
    double rows[N_BATCHES * MOST_CLASSES * (2 * MOST_CLASSES - 1)];
    double spread[N_BATCHES * MOST_CLASSES * MOST_CLASSES * RETORT_ERRORS_BINS];
};

static void put_batches(const double *rows, size_t n_row, struct retort_buffer *card)
{
    for (size_t i = 0; i < N_BATCHES * n_row; i++)
        retort_buffer_format(card, "%s%.3f%s",
                             i % n_row ? ","
                             : i       ? ",["
                                       : "[",
                             rows[i], i % n_row == n_row - 1 ? "]" : "");
}

static void put_card(const struct trial *trial, struct retort_buffer *card)
{
    size_t k = trial->k, n_row = k * trial->width;
    retort_buffer_text(card, "{\"errors\":{\"problems\":[{\"prior\":[1");
    for (size_t i = 1; i < k; i++)
        retort_buffer_text(card, ",1");
    retort_buffer_text(card, "],\"cases\":");
    for (size_t i = 0; i < k; i++) {
        double cases = 0;
        for (size_t b = 0; b < N_BATCHES; b++)
            cases += trial->rows[b * n_row + i * trial->width];
        retort_buffer_format(card, "%s%.0f", i ? "," : "[", cases);
    }
    retort_buffer_text(card, "],\"batches\":[");
    put_batches(trial->rows, n_row, card);
    retort_buffer_text(card, "],\"scores\":[");
    put_batches(trial->spread, k * trial->n_scored * RETORT_ERRORS_BINS, card);
    retort_buffer_text(card, "]}]}}");
}

static void count_said(struct trial *trial, size_t batch, const struct said *said)
{
    size_t k = trial->k, at = batch * k + said->class;
    double *row = trial->rows + at * trial->width,
           *bins = trial->spread + at * trial->n_scored * RETORT_ERRORS_BINS;
    row[0]++;
    for (size_t j = 1; j < k; j++) {
        row[j] += said->label == j;
        row[k - 1 + j] += said->p[j];
    }
    for (size_t j = 0; j < trial->n_scored; j++)
        bins[j * RETORT_ERRORS_BINS + retort_errors_bin(said->p[k == 2 ? 1 : j])]++;
}

/* Other comments, of shares of their own: as training finds them. */
static void try_classifier(struct world *world, struct retort_buffer *card)
{
    const struct quality *q = world->quality;
    size_t k = q->n_classes;
    struct trial trial = {.k = k, .width = 2 * k - 1, .n_scored = k == 2 ? 1 : k};
    double kept[MOST_CLASSES];
    memcpy(kept, world->shares, sizeof kept);
    memcpy(world->shares, q->tried, sizeof kept);
    for (size_t i = 0, batch = 0; i < q->n_tried; i++) {
        if (i % N_PER_THREAD == 0) {
            begin_thread(world);
            batch = retort_random(&world->random) % N_BATCHES;
        }
        struct said said = write_comment(world);
        count_said(&trial, batch, &said);
    }
    memcpy(world->shares, kept, sizeof kept);
    put_card(&trial, card);
}

/* ---- the store ---- */

struct draw {
    struct retort_arena arena;
    struct retort_buffer card;
    struct report_data data;
    struct report_task task;
    uint8_t *classes;
};

static void write_row(struct draw *draw, size_t row, const struct said *said)
{
    size_t n_labels = draw->task.n_labels, first = draw->task.one_of ? 0 : 1;
    for (size_t l = 0; l < n_labels; l++)
        draw->task.p[row * n_labels + l] = (float)said->p[first + l];
    draw->task.said[row] = draw->task.one_of ? UINT32_C(1) << said->label : (uint32_t)said->label;
    draw->classes[row] = (uint8_t)said->class;
}

static void write_store(struct world *world, const struct setting *setting, struct draw *draw)
{
    size_t n = setting->n, each = setting->together > 0 ? N_PER_THREAD : 1, left = 0;
    for (size_t i = 0; i < n; i++) {
        if (left == 0) { /* 1 to 2 × each − 1 comments, each on average */
            begin_thread(world);
            left = 1 + retort_random(&world->random) % (2 * each - 1);
            draw->data.n_threads++;
        }
        left--;
        draw->data.thread[i] = draw->data.n_threads - 1;
        const struct said said = write_comment(world);
        write_row(draw, i, &said);
    }
}

/* ---- people ---- */

/* Chance of being drawn, before it is scaled to n_decided. */
static double size_of(const struct setting *setting, const struct draw *draw, size_t row)
{
    size_t n_labels = draw->task.n_labels;
    double most = 0;
    for (size_t l = 0; l < n_labels; l++)
        most = fmax(most, (double)draw->task.p[row * n_labels + l]);
    most = fmax(most, draw->task.one_of ? 0 : 1 - most);
    return setting->design == UNCERTAIN ? .1 + 2 * (1 - most) : 1;
}

/* Systematic sampling in the order of the store, each comment with a chance by its size. */
static void decide(struct world *world, const struct setting *setting, struct draw *draw)
{
    double all = 0, passed = 0, next = uniform(&world->random);
    for (size_t i = 0; i < setting->n; i++)
        all += size_of(setting, draw, i);
    draw->task.decided = RETORT_NEW(&draw->arena, struct report_decided, setting->n_decided + 2);
    for (size_t i = 0; i < setting->n && setting->n_decided > 0; i++) {
        double chance = size_of(setting, draw, i) * (double)setting->n_decided / all;
        passed += chance;
        if (passed < next)
            continue;
        next++;
        uint32_t labels = draw->task.one_of ? UINT32_C(1) << draw->classes[i] : draw->classes[i];
        draw->task.decided[draw->task.n_decided++] =
            (struct report_decided){(uint32_t)i, labels, fmax(1, 1 / chance), true};
    }
    draw->task.n_drawn = draw->task.n_decided;
    draw->task.weighed = setting->n_decided > 0;
}

/* ---- what comes out ---- */

/* Sums over the n draws whose shares were corrected or decided; counted: how many were left as the
 * model said, so that no claim was made. */
struct outcome {
    double covered, n, counted, bias, error, raw_bias, raw_error, width;
};

static void judge(const struct report_shares *shares, const double *raw, const double *truth,
                  struct outcome *outcomes)
{
    for (size_t l = 0; l < shares->n_labels; l++) {
        double values[N_RESAMPLES];
        struct outcome *outcome = &outcomes[l];
        for (size_t r = 0; r < N_RESAMPLES; r++)
            values[r] = shares->share[(1 + r) * shares->n_labels + l];
        const struct retort_estimate of = report_interval(shares->share[l], values, N_RESAMPLES);
        if (shares->correction[0] == REPORT_RAW || shares->counted[l]) {
            outcome->counted++;
            continue;
        }
        outcome->n++;
        outcome->covered += of.low <= truth[l] && truth[l] <= of.high;
        outcome->width += fmin(of.high, 1) - fmax(of.low, 0);
        outcome->bias += of.value - truth[l];
        outcome->error += fabs(of.value - truth[l]);
        outcome->raw_bias += raw[l] - truth[l];
        outcome->raw_error += fabs(raw[l] - truth[l]);
    }
}

static void count_raw(const struct draw *draw, double *raw)
{
    for (size_t l = 0; l < draw->task.n_labels; l++) {
        raw[l] = 0;
        for (size_t i = 0; i < draw->data.n; i++)
            raw[l] += (draw->task.said[i] >> l & 1) / (double)draw->data.n;
    }
}

static void begin_draw(const struct setting *setting, struct draw *draw)
{
    size_t n = setting->n, k = setting->quality->n_classes, n_labels = k == 2 ? 1 : k;
    struct retort_arena *arena = &draw->arena;
    draw->classes = RETORT_NEW(arena, uint8_t, n);
    draw->data = (struct report_data){.n = n,
                                      .thread = RETORT_NEW(arena, uint32_t, n),
                                      .group = RETORT_NEW(arena, uint32_t, n),
                                      .n_groups = 1};
    draw->task = (struct report_task){.one_of = k > 2,
                                      .n_labels = n_labels,
                                      .p = RETORT_NEW(arena, float, n *n_labels),
                                      .said = RETORT_NEW(arena, uint32_t, n)};
}

static void run_draw(struct world *world, const struct setting *setting, struct outcome *outcomes)
{
    struct draw draw = {0};
    struct retort_report report = {.seed = retort_random(&world->random),
                                   .n_resamples = N_RESAMPLES};
    struct report_work work = {.report = &report, .data = &draw.data};
    struct report_shares shares;
    struct retort_error error;
    double raw[MOST_CLASSES];
    begin_draw(setting, &draw);
    try_classifier(world, &draw.card);
    draw.task.card = retort_buffer_span(&draw.card);
    write_store(world, setting, &draw);
    decide(world, setting, &draw);
    const struct report_grouping whole = {draw.data.group, 1};
    if (report_shares(&work, &draw.task, &whole, &draw.arena, &shares, &error)) {
        count_raw(&draw, raw);
        judge(&shares, raw, world->shares + (draw.task.one_of ? 0 : 1), outcomes);
    }
    retort_buffer_release(&draw.card);
    retort_arena_release(&draw.arena);
    retort_arena_release(&report.arena);
}

static void set_shares(const struct setting *setting, double *shares)
{
    const double *prior = setting->quality->prior;
    size_t last = setting->quality->n_classes - 1;
    for (size_t k = 0; k < last; k++)
        shares[k] = (1 - setting->share) * prior[k] / (1 - prior[last]);
    shares[last] = setting->share;
}

/* ---- settings, many at once ---- */

struct job {
    size_t index, n_draws;
    uint64_t seed;
    double shares[MOST_CLASSES];
    struct outcome outcomes[MOST_CLASSES];
};
struct jobs {
    size_t next, n_draws;
    uint64_t seed;
};

static enum retort_reading read_job(void *context, void *block, bool wait,
                                    struct retort_error *error)
{
    struct jobs *jobs = context;
    (void)wait, (void)error;
    if (jobs->next == N_SETTINGS)
        return RETORT_READING_END;
    *(struct job *)block =
        (struct job){.index = jobs->next++, .n_draws = jobs->n_draws, .seed = jobs->seed};
    return RETORT_READING_BLOCK;
}

static bool run_job(void *context, void *block, size_t worker, struct retort_error *error)
{
    struct job *job = block;
    const struct setting *setting = &SETTINGS[job->index];
    struct world world = {.quality = setting->quality,
                          .random = retort_mix(job->index + 1, job->seed),
                          .together = setting->together};
    (void)context, (void)worker, (void)error;
    set_shares(setting, world.shares);
    for (size_t i = 0; i < job->n_draws; i++)
        run_draw(&world, setting, job->outcomes);
    memcpy(job->shares, world.shares, sizeof job->shares);
    return true;
}

static bool print_job(void *context, void *block, size_t worker, struct retort_error *error)
{
    const struct job *job = block;
    const struct setting *setting = &SETTINGS[job->index];
    size_t k = setting->quality->n_classes;
    (void)context, (void)worker, (void)error;
    for (size_t l = 0; l < (k == 2 ? 1 : k); l++) {
        const struct outcome *o = &job->outcomes[l];
        printf("%s\t%zu\t%.3f\t%zu\t%g\t%s\t%zu\t%zu\t%.1f\t%.3f\t%+.4f\t%+.4f\t%.4f\t%.4f\t%.1f\n",
               setting->quality->name, l, job->shares[k == 2 ? 1 : l], setting->n,
               setting->together, DESIGNS[setting->design], setting->n_decided, job->n_draws,
               100 * o->covered / o->n, o->width / o->n, o->raw_bias / o->n, o->bias / o->n,
               o->raw_error / o->n, o->error / o->n, 100 * o->counted / (double)job->n_draws);
    }
    fflush(stdout);
    return true;
}

static bool run_all(size_t n_draws, uint64_t seed, struct retort_error *error)
{
    static const struct retort_stage STAGES[] = {{run_job, RETORT_STAGE_ANY},
                                                 {print_job, RETORT_STAGE_CALLER}};
    struct jobs jobs = {.n_draws = n_draws, .seed = seed};
    struct job room[N_SETTINGS];
    void *blocks[N_SETTINGS];
    for (size_t i = 0; i < N_SETTINGS; i++)
        blocks[i] = &room[i];
    const struct retort_pipeline pipeline = {
        read_job, STAGES, 2, blocks, N_SETTINGS, retort_processors(), &jobs};
    puts(
        "task\tlabel\tshare\tcomments\ttogether\tdesign\tdecided\tdraws\tcovered\twidth\traw_bias\t"
        "bias\traw_error\terror\tcounted");
    return retort_pipeline_run(&pipeline, error);
}

/* simulate [DRAWS [SEED]] */
int main(int argc, char **argv)
{
    struct retort_error error;
    uint64_t n_draws = 1000, seed = 1;
    bool good = argc <= 3 && (argc < 2 || (retort_parse_count(argv[1], &n_draws) && n_draws > 0)) &&
                (argc < 3 || retort_parse_count(argv[2], &seed));
    if (!good) {
        fputs("usage: simulate [DRAWS [SEED]]\n", stderr);
        return RETORT_USAGE;
    }
    /* The first seed's worlds are those that the method was chosen on. */
    return run_all(n_draws, seed * UINT64_C(0x9e3779b97f4a7c15), &error) ? RETORT_DONE
                                                                         : RETORT_RUNTIME;
}
