/* words: which words set groups apart, or, where there are no groups, labels.
 *
 * Comments are read a second time, and how many use each word is counted in columns: a group each,
 * or a label each and all of its task. Then each side is held against the rest, or two against each
 * other. */
#include "report/say.h"
#include "report/scales.h"
#include "report/sides.h"
#include "report/word_counts.h"

#include <math.h>
#include <stdlib.h>

enum {
    COUNT_BYTES = 24 << 20,
    LEAST_USES = 5,      /* comments that use a word, for it to be looked at */
    LEAST_COMMENTS = 20, /* of a side */
    MOST_SHOWN = 12,     /* words of a side */
    MOST_NAMED = 5,      /* in a finding */
    MOST_FINDINGS = 6,
};
/* The prior is worth a tenth of the smaller side. */
static const double PRIOR = 0.1;

/* A column of counts against what all has more than it, or against another column. */
struct contrast {
    struct retort_span name;
    uint32_t column, against;
    bool of_all; /* against is of both sides together */
};
/* The columns and contrasts of one table. */
struct family {
    const struct report_task *task; /* NULL: of groups */
    uint32_t first, n_columns;      /* with that of all, the last */
    struct contrast *contrasts;
    size_t n_contrasts;
};
struct telling {
    struct report_work *work;
    struct report_section *section;
    struct retort_arena arena;
    struct report_sides sides;
    struct family *families;
    size_t n_families, n_columns;
    uint64_t *n_comments; /* [n_columns] */
    struct word_counts counts;
    struct retort_bag bag;
    struct retort_progress progress;
    size_t row;        /* the next of the columns of data */
    uint32_t *columns; /* [n_columns] of a comment */
};

/* ---- which columns ---- */

static struct family *add_family(struct telling *telling, const struct report_task *task,
                                 size_t n_sides)
{
    struct family *family = &telling->families[telling->n_families++];
    *family = (struct family){
        .task = task,
        .first = (uint32_t)telling->n_columns,
        .n_columns = (uint32_t)n_sides + 1,
        .contrasts = RETORT_NEW(&telling->arena, struct contrast, n_sides + 2),
    };
    telling->n_columns += n_sides + 1;
    return family;
}

static void add_contrast(struct family *family, struct retort_span name, size_t side,
                         size_t against)
{
    bool of_all = against == family->n_columns - 1;
    family->contrasts[family->n_contrasts++] = (struct contrast){
        name, family->first + (uint32_t)side, family->first + (uint32_t)against, of_all};
}

static void add_groups(struct telling *telling)
{
    const struct report_sides *sides = &telling->sides;
    struct family *family = add_family(telling, NULL, sides->n_groups);
    if (sides->n_groups == 2) {
        add_contrast(family, sides->names[0], 0, 1);
        add_contrast(family, sides->names[1], 1, 0);
        return;
    }
    for (size_t g = 0; g < sides->n_pairs; g++)
        add_contrast(family, sides->names[g], g, sides->n_groups);
}

static void add_labels(struct telling *telling, const struct report_task *task)
{
    struct family *family = add_family(telling, task, task->n_labels);
    for (size_t l = 0; l < task->n_labels; l++)
        add_contrast(family,
                     retort_arena_copy(&telling->work->report->arena,
                                       retort_span_of(task->model->labels[l])),
                     l, task->n_labels);
}

static void plan(struct telling *telling)
{
    const struct report_data *data = telling->work->data;
    telling->families = RETORT_NEW(&telling->arena, struct family, data->n_tasks + 1);
    if (telling->sides.n_pairs > 0) {
        add_groups(telling);
    } else {
        for (size_t i = 0; i < data->n_tasks; i++)
            if (report_task_is_wanted(telling->work, &data->tasks[i]) &&
                data->tasks[i].n_labelled > 0)
                add_labels(telling, &data->tasks[i]);
    }
    telling->n_comments = RETORT_NEW(&telling->arena, uint64_t, telling->n_columns + 1);
    telling->columns = RETORT_NEW(&telling->arena, uint32_t, telling->n_columns + 1);
}

/* ---- counting ---- */

/* The columns that a row is in. */
static size_t columns_of(struct telling *telling, size_t row)
{
    size_t n = 0;
    if (telling->sides.group[row] == REPORT_LEFT_OUT)
        return 0;
    for (size_t i = 0; i < telling->n_families; i++) {
        const struct family *family = &telling->families[i];
        const struct report_task *task = family->task;
        if (!task)
            telling->columns[n++] = family->first + telling->sides.group[row];
        else if (isnan(task->p[row * task->n_labels]))
            continue;
        for (size_t l = 0; task && l < task->n_labels; l++)
            if (task->said[row] >> l & 1)
                telling->columns[n++] = family->first + (uint32_t)l;
        telling->columns[n++] = family->first + family->n_columns - 1;
    }
    return n;
}

/* Rows are in the order of ids, as comments come; some comments are no rows. */
static bool count_comment(void *context, const struct retort_stored_comment *comment,
                          struct retort_error *error)
{
    static const struct retort_recipe WORDS = {.word_max = 1, .quotes = true};
    struct telling *telling = context;
    const struct report_data *data = telling->work->data;
    (void)error;
    while (telling->row < data->n && data->comment[telling->row] < comment->id)
        telling->row++;
    if (telling->row == data->n || data->comment[telling->row] != comment->id)
        return true;
    size_t n = columns_of(telling, telling->row);
    retort_progress_step(&telling->progress, telling->row);
    if (n == 0)
        return true;
    const struct retort_item item = {.text = comment->text};
    retort_bag_fill(&telling->bag, &WORDS, &item);
    word_counts_add(&telling->counts, &telling->bag, (uint32_t)telling->row, telling->columns, n);
    for (size_t i = 0; i < n; i++)
        telling->n_comments[telling->columns[i]]++;
    return true;
}

static bool count_words(struct telling *telling, struct retort_error *error)
{
    word_counts_begin(&telling->counts, telling->n_columns, COUNT_BYTES);
    retort_bag_init(&telling->bag);
    retort_progress_begin(&telling->progress, "counting words", telling->work->data->n,
                          telling->work->request->quiet);
    bool counted = retort_store_each_comment(telling->work->store, count_comment, telling, error);
    retort_progress_end(&telling->progress);
    retort_bag_release(&telling->bag);
    return counted;
}

/* ---- the words of a side ---- */

struct found {
    size_t word;
    struct retort_distinction distinction;
    double uses[2]; /* comments of the side and of the others that use it */
};
struct finding {
    struct found best[MOST_SHOWN]; /* the largest z first */
    size_t n, n_looked_at;
};

static double others(const struct contrast *contrast, double own, double against)
{
    return contrast->of_all ? against - own : against;
}

static bool is_before(const struct word_counts *counts, const struct found *a,
                      const struct found *b)
{
    if (a->distinction.z != b->distinction.z)
        return a->distinction.z > b->distinction.z;
    return retort_span_compare(word_counts_name(counts, a->word),
                               word_counts_name(counts, b->word)) < 0;
}

static void keep(const struct word_counts *counts, struct finding *finding,
                 const struct found *found)
{
    size_t at = finding->n;
    while (at > 0 && is_before(counts, found, &finding->best[at - 1]))
        at--;
    if (at == MOST_SHOWN)
        return;
    finding->n += finding->n < MOST_SHOWN;
    for (size_t i = finding->n - 1; i > at; i--)
        finding->best[i] = finding->best[i - 1];
    finding->best[at] = *found;
}

/* What all sides say is the prior. */
static void find_words(const struct telling *telling, const struct contrast *contrast,
                       struct finding *finding)
{
    const struct word_counts *counts = &telling->counts;
    double total[2] = {(double)counts->totals[contrast->column], 0};
    total[1] = others(contrast, total[0], (double)counts->totals[contrast->against]);
    double worth = PRIOR * fmin(total[0], total[1]);
    for (size_t word = 0; word < counts->n; word++) {
        const uint32_t *row = counts->counts + word * counts->n_columns;
        struct found found = {.word = word, .uses = {row[contrast->column], 0}};
        found.uses[1] = others(contrast, found.uses[0], row[contrast->against]);
        double both = found.uses[0] + found.uses[1];
        if (both < LEAST_USES + counts->lost)
            continue;
        found.distinction =
            retort_log_odds(found.uses, total, worth * both / (total[0] + total[1]), worth);
        finding->n_looked_at++;
        if (found.distinction.z >= RETORT_NORMAL_95)
            keep(counts, finding, &found);
    }
}

/* ---- telling ---- */

static const struct report_column COLUMNS[] = {
    {"side", "", 0},
    {"word", "Word", 0},
    {"z", "z", 1},
    {"log_odds", "Log odds", 2},
    {"comments", "Comments", 0},
    {"others", "Others", 0},
    {"p_adjusted", "p, adjusted", 3},
};
enum { SIDE, WORD, Z, LOG_ODDS, COMMENTS, OTHERS, P, N_COLUMNS };

static void add_word(struct telling *telling, struct report_table *table,
                     const struct contrast *contrast, const struct finding *finding, size_t i)
{
    struct retort_report *report = telling->work->report;
    const struct found *found = &finding->best[i];
    double p = retort_normal_p(found->distinction.z) * (double)finding->n_looked_at;
    struct report_cell *row = report_add_row(report, table);
    row[SIDE] = report_text(contrast->name);
    row[WORD] = report_text(
        retort_arena_copy(&report->arena, word_counts_name(&telling->counts, found->word)));
    row[Z] = report_number(report_bare(found->distinction.z));
    row[LOG_ODDS] = report_number(found->distinction.log_odds);
    row[COMMENTS] = report_count((uint64_t)found->uses[0]);
    row[OTHERS] = report_count((uint64_t)found->uses[1]);
    row[P] = report_p(fmin(p, 1));
}

static void add_nothing(struct telling *telling, struct report_table *table,
                        const struct contrast *contrast, const char *why)
{
    struct report_cell *row = report_add_row(telling->work->report, table);
    row[SIDE] = report_text(contrast->name);
    row[WORD] = report_nothing(why);
}

/* What the side is, in a sentence: "stance against", "depth 4", a filter as it was asked. */
static struct retort_span said_of(struct telling *telling, const struct family *family,
                                  const struct contrast *contrast)
{
    struct retort_buffer out = {0};
    if (telling->sides.asked)
        return contrast->name;
    if (!family->task)
        return report_say_group(telling->work, contrast->name);
    retort_buffer_format(&out, "%s ", family->task->model->task);
    retort_buffer_put(&out, contrast->name);
    return report_keep(telling->work->report, &out);
}

/* One more; the first with how many comments of each side use it, of how many. */
static void name_word(const struct telling *telling, const struct found *found, const double *of,
                      struct retort_buffer *named)
{
    char said[4][REPORT_SAID];
    retort_buffer_text(named, named->len ? ", " : "");
    retort_buffer_put(named, word_counts_name(&telling->counts, found->word));
    if (of)
        retort_buffer_format(named, " (in %s of %s comments, %s of %s others)",
                             report_say_count((uint64_t)found->uses[0], said[0]),
                             report_say_count((uint64_t)of[0], said[1]),
                             report_say_count((uint64_t)found->uses[1], said[2]),
                             report_say_count((uint64_t)of[1], said[3]));
}

static void tell_contrast(struct telling *telling, struct report_table *table,
                          const struct family *family, const struct contrast *contrast)
{
    struct finding finding = {0};
    double own = (double)telling->n_comments[contrast->column];
    double other = others(contrast, own, (double)telling->n_comments[contrast->against]);
    struct retort_buffer named = {0};
    if (own < LEAST_COMMENTS || other < LEAST_COMMENTS) {
        add_nothing(telling, table, contrast, "fewer than 20 comments on a side");
        return;
    }
    find_words(telling, contrast, &finding);
    if (finding.n == 0)
        add_nothing(telling, table, contrast, "no word stands out");
    for (size_t i = 0; i < finding.n; i++) {
        add_word(telling, table, contrast, &finding, i);
        if (i < MOST_NAMED)
            name_word(telling, &finding.best[i], i == 0 ? (double[]){own, other} : NULL, &named);
    }
    if (finding.n > 0 && telling->section->n_findings < MOST_FINDINGS) {
        struct retort_span side = said_of(telling, family, contrast);
        report_add_finding(telling->work->report, telling->section, "What sets %.*s apart: %.*s.",
                           (int)side.len, (const char *)side.data, (int)named.len,
                           (const char *)named.data);
    }
    retort_buffer_release(&named);
}

static void add_notes(struct telling *telling, struct report_table *table,
                      const struct family *family)
{
    struct retort_report *report = telling->work->report;
    report_add_note(report, table,
                    "Comments, others: how many here, and on the other side, use the word. A word "
                    "counts once a comment; what is quoted is not counted. p: times the number of "
                    "words that %d comments or more use.",
                    LEAST_USES + (int)telling->counts.lost);
    report_add_note(report, table,
                    "Comments are taken as independent: a word of one thread or one author may "
                    "stand out as if many had found it.");
    if (family->task)
        report_add_note(report, table,
                        "Labels are the model's, so the words that it goes by stand out.");
    if (telling->counts.lost > 0)
        report_add_note(report, table,
                        "There are so many different words that rare ones were dropped.");
}

static void tell_family(struct telling *telling, const struct family *family)
{
    struct retort_report *report = telling->work->report;
    char title[200];
    if (family->task)
        snprintf(title, sizeof title, "Words by label of %.100s", family->task->model->task);
    else
        snprintf(title, sizeof title, "Words that groups use more than %s",
                 telling->sides.n_groups == 2 ? "each other" : "the others");
    struct report_table *table = report_add_table(
        report, telling->section,
        family->task ? report_task_id(telling->work, "words", family->task) : "words", title,
        COLUMNS, N_COLUMNS);
    table->plot = REPORT_FLOOR;
    table->plot_label = WORD;
    table->plot_series = SIDE;
    table->plot_value = LOG_ODDS;
    for (size_t i = 0; i < family->n_contrasts; i++)
        tell_contrast(telling, table, family, &family->contrasts[i]);
    add_notes(telling, table, family);
}

bool report_words_told(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    struct telling telling = {.work = work, .section = section};
    bool told = report_sides_of(work, &telling.arena, &telling.sides, error);
    if (told)
        plan(&telling);
    if (told && telling.n_families > 0) {
        told = count_words(&telling, error);
        for (size_t i = 0; told && i < telling.n_families; i++)
            tell_family(&telling, &telling.families[i]);
        report_add_method(
            work->report, "monroe2008",
            "Distinctive words are those of the largest log odds by their standard "
            "error, with an informative Dirichlet prior: how common words are on both "
            "sides together, worth a tenth of the smaller side.");
    }
    word_counts_end(&telling.counts);
    retort_arena_release(&telling.arena);
    return told;
}
