/* How fast a queue of a million comments opens: makes a store of generated comments with made-up
 * verdicts (the same for the same seed) and measures first pages of views, second pages and counts.
 *
 *     build/bench_queue [COMMENTS [DB]]      default 1,000,000, bench-queue.db; kept when it is
 * there
 *
 * Words follow Zipf's law over 50,000, authors over 20,000; a source has 500 comments, but one file
 * has a tenth of all. Tone is mostly clean, as a newspaper's is. */
#include "review/review.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { N_WORDS = 50000, N_AUTHORS = 20000, PER_SOURCE = 500, BATCH = 4096, TRIES = 7, PAGE = 50 };

static uint64_t seed = 1;

static void fail(const struct retort_error *error)
{
    fprintf(stderr, "bench: %s\n", error->message);
    exit(1);
}

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static double uniform(void)
{
    return (double)(retort_random(&seed) >> 11) / 9007199254740992.0;
}

/* 0 … n − 1, the k-th about as often as 1 ∕ k. */
static size_t zipf(size_t n)
{
    size_t rank = (size_t)exp(uniform() * log((double)n + 1));
    return rank > n ? n - 1 : rank - 1;
}

/* ---- models and verdicts ----------------------------------------------------------------------
 */

static const char *const TONE[] = {
    "toxic",           "severe_toxic", "obscene",   "threat", "insult",
    "identity_attack", "angry",        "sarcastic", "polite", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};
static const char *const REPLY[] = {"agrees", "disagrees", "asks", "other", NULL};

static struct retort_model *make_model(const char *task, enum retort_choice choice,
                                       const char *const *names)
{
    struct retort_label labels[16] = {0};
    uint32_t slots[8] = {0};
    uint8_t tags[8] = {0};
    struct retort_dictionary dictionary = {.n_slots = 8, .tags = tags, .slots = slots};
    struct retort_error error = {0};
    struct retort_model *model;
    size_t n = 0;
    for (; names[n]; n++)
        labels[n] = (struct retort_label){
            .name = names[n], .platt_a = -1, .threshold = .5, .sure_above = .7, .sure_below = .3};
    struct retort_model_parts parts = {.task = task,
                                       .choice = choice,
                                       .recipe = RETORT_SPAN("words=2"),
                                       .labels = labels,
                                       .n_labels = n,
                                       .dictionary = &dictionary,
                                       .card = RETORT_SPAN("{}")};
    if (!retort_model_write("bench.model", &parts, &error) ||
        !retort_model_open(&model, "bench.model", &error))
        fail(&error);
    unlink("bench.model");
    return model;
}

/* Any-of: each label by itself, the rarer the later it stands; one-of: p that add up to 1. */
static void judge(const struct retort_model *model, struct retort_verdict *verdict)
{
    size_t n = retort_model_n_labels(model);
    bool one = retort_model_choice(model) == RETORT_ONE_OF;
    double total = 0;
    verdict->label = 0;
    for (size_t i = 0; i < n; i++) {
        double p = one ? pow(uniform(), 4) + 1e-6 : pow(uniform(), 6 + (double)i);
        verdict->scores[i] = (struct retort_score){.p = p};
        total += p;
        if (p > verdict->scores[verdict->label].p)
            verdict->label = i;
    }
    for (size_t i = 0; i < n; i++) {
        struct retort_score *score = &verdict->scores[i];
        score->p = one ? score->p / total : score->p;
        score->on = one ? i == verdict->label : score->p >= .5;
        score->unsure = score->p > .3 && score->p < .7;
    }
}

/* ---- the store --------------------------------------------------------------------------------
 */

static void put_text(struct retort_buffer *text)
{
    size_t n_words = 5 + zipf(80);
    retort_buffer_clear(text);
    for (size_t i = 0; i < n_words; i++)
        retort_buffer_format(text, "%sw%zu", i ? " " : "", zipf(N_WORDS));
}

static void put_comment(struct retort_store *store, size_t i, struct retort_buffer *text,
                        struct retort_model *const *models)
{
    char id[24], author[24], source[32];
    struct retort_error error = {0};
    struct retort_score scores[16];
    struct retort_label_record label = {.below = zipf(40)};
    put_text(text);
    snprintf(id, sizeof id, "c%zu", i);
    snprintf(author, sizeof author, "author %zu", zipf(N_AUTHORS));
    snprintf(source, sizeof source, "source-%zu.jsonl", i % 10 == 0 ? 0 : 1 + i / PER_SOURCE);
    struct retort_line_record line = {.source = source,
                                      .native_id = retort_span_of(id),
                                      .author = retort_span_of(author),
                                      .text = retort_buffer_span(text)};
    if (!retort_store_put_line(store, &line, &label.comment, &error))
        fail(&error);
    for (size_t m = 0; m < 3; m++) {
        struct retort_verdict verdict = {.model = models[m], .scores = scores};
        judge(models[m], &verdict);
        label.verdict = &verdict;
        if (!retort_store_put_label(store, &label, &error))
            fail(&error);
    }
}

static void fill(struct retort_store *store, size_t n_comments)
{
    struct retort_model *models[3] = {make_model("tone", RETORT_ANY_OF, TONE),
                                      make_model("stance", RETORT_ONE_OF, STANCE),
                                      make_model("reply", RETORT_ONE_OF, REPLY)};
    struct retort_error error = {0};
    struct retort_buffer text = {0};
    double begun = now_ms(), share = 0;
    for (size_t i = 0; i < n_comments; i++) {
        if (i % BATCH == 0 && !retort_store_begin(store, &error))
            fail(&error);
        put_comment(store, i, &text, models);
        if ((i % BATCH == BATCH - 1 || i + 1 == n_comments) && !retort_store_commit(store, &error))
            fail(&error);
    }
    printf("stored %zu comments: %.1f µs each\n", n_comments,
           1e3 * (now_ms() - begun) / (double)n_comments);
    begun = now_ms();
    while (share < 1)
        if (!retort_store_index_words(store, 20000, &share, &error))
            fail(&error);
    printf("words read: %.1f µs each\n", 1e3 * (now_ms() - begun) / (double)n_comments);
    retort_buffer_release(&text);
    for (size_t i = 0; i < 3; i++)
        retort_model_close(models[i]);
}

/* ---- measuring --------------------------------------------------------------------------------
 */

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
    return values[n / 2];
}

/* One page; *cursor goes on to the next. */
static double time_page(struct retort_store *store, const struct retort_view *view, size_t *n_items,
                        struct retort_buffer *cursor)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_queue queue;
    double begun = now_ms();
    if (!retort_review_queue(store, view, &arena, &queue, &error))
        fail(&error);
    double taken = now_ms() - begun;
    *n_items = queue.n_items;
    retort_buffer_clear(cursor);
    retort_buffer_put(cursor, queue.next);
    retort_arena_release(&arena);
    return taken;
}

static void measure(const char *db, const char *name, struct retort_view view)
{
    struct retort_store *store;
    struct retort_error error = {0};
    struct retort_buffer cursor = {0};
    double first = 0, pages[TRIES], seconds[TRIES], begun = now_ms();
    size_t n_items = 0, n_behind = 0;
    uint64_t n = 0;
    bool exact = true;
    if (!retort_store_open(&store, db, RETORT_STORE_READ, 1000, &error))
        fail(&error);
    view.limit = PAGE;
    for (size_t i = 0; i < TRIES; i++) {
        pages[i] = time_page(store, &view, &n_items, &cursor);
        if (i == 0)
            first = now_ms() - begun; /* with the opening of the file */
        struct retort_view next = view;
        next.after = retort_buffer_span(&cursor);
        seconds[i] = cursor.len ? time_page(store, &next, &n_behind, &cursor) : 0;
    }
    begun = now_ms();
    if (!retort_store_count(store, &view.filter, 20000, &n, &exact, &error))
        fail(&error);
    printf("%-34s %3zu %9.1f %9.1f %9.1f %9.1f  %s%llu\n", name, n_items, first,
           median(pages, TRIES), median(seconds, TRIES), now_ms() - begun, exact ? "" : "≥ ",
           (unsigned long long)n);
    retort_buffer_release(&cursor);
    retort_store_close(store);
}

static void measure_all(const char *db)
{
    struct retort_store *store;
    struct retort_error error = {0};
    struct retort_arena arena = {0};
    struct retort_tallies tallies;
    int64_t small, large;
    if (!retort_store_open(&store, db, RETORT_STORE_READ, 1000, &error) ||
        !retort_store_find_source(store, "source-77.jsonl", &small, &error) ||
        !retort_store_find_source(store, "source-0.jsonl", &large, &error))
        fail(&error);
    double begun = now_ms();
    if (!retort_store_tallies(store, &arena, &tallies, &error))
        fail(&error);
    printf("tallies: %.1f ms\n", now_ms() - begun);
    retort_arena_release(&arena);
    retort_store_close(store);
    const struct {
        const char *name;
        struct retort_view view;
    } VIEWS[] = {
        {"worth", {.order = RETORT_WORTH}},
        {"severe", {.order = RETORT_SEVERE}},
        {"unsure", {.order = RETORT_UNSURE}},
        {"newest", {.order = RETORT_NEWEST}},
        {"random", {.order = RETORT_RANDOM, .seed = 5}},
        {"worth, task=tone", {.filter.task = "tone"}},
        {"worth, label=toxic", {.filter.label = "toxic"}},
        {"worth, label=threat (rare)", {.filter.label = "threat"}},
        {"worth, label=polite", {.filter.label = "polite"}},
        {"newest, label=threat", {.order = RETORT_NEWEST, .filter.label = "threat"}},
        {"random, label=threat", {.order = RETORT_RANDOM, .filter.label = "threat"}},
        {"worth, a small source", {.filter.source = small}},
        {"worth, a source of a tenth", {.filter.source = large}},
        {"worth, a rare author", {.filter.author = RETORT_SPAN("author 9000")}},
        {"worth, the busiest author", {.filter.author = RETORT_SPAN("author 0")}},
        {"worth, a rare word", {.filter.words = RETORT_SPAN("w40000")}},
        {"worth, a middling word", {.filter.words = RETORT_SPAN("w200")}},
        {"worth, the commonest word", {.filter.words = RETORT_SPAN("w0")}},
        {"worth, three common words", {.filter.words = RETORT_SPAN("w0 w1 w2")}},
        {"worth, common word, label=threat",
         {.filter.words = RETORT_SPAN("w5"), .filter.label = "threat"}},
        {"newest, the commonest word", {.order = RETORT_NEWEST, .filter.words = RETORT_SPAN("w0")}},
        {"all, worth", {.filter.state = RETORT_ALL}},
        {"decided", {.filter.state = RETORT_DECIDED}},
        {"escalated", {.filter.state = RETORT_ESCALATED}},
    };
    printf("%-34s %3s %9s %9s %9s %9s  %s\n", "view (ms)", "n", "opening", "page", "next page",
           "count", "matching");
    for (size_t i = 0; i < sizeof VIEWS / sizeof *VIEWS; i++)
        measure(db, VIEWS[i].name, VIEWS[i].view);
}

int main(int argc, char **argv)
{
    size_t n_comments = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 1000000;
    const char *db = argc > 2 ? argv[2] : "bench-queue.db";
    struct retort_store *store;
    struct retort_error error = {0};
    if (access(db, R_OK) != 0) {
        if (!retort_store_open(&store, db, RETORT_STORE_WRITE, 1000, &error))
            fail(&error);
        fill(store, n_comments);
        retort_store_close(store);
    }
    measure_all(db);
    return 0;
}
