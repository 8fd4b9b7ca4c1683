/* How far people agree: everybody's last word on every comment that more than one of them judged.
 */
#include "report/transparency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct report_column COLUMNS[] = {
    {"task", "Task", 0},     {"label", "Label", 0}, {"items", "Judged twice", 0},
    {"people", "People", 0}, {"same", "Same", 1},   {"kappa", "Kappa", 2},
    {"alpha", "Alpha", 2},
};
enum { N_COLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

struct word {
    uint32_t row, labels;
    uint64_t person; /* hash of the name */
    int64_t decision;
};

struct words {
    struct report_work *work;
    const struct report_task *task;
    struct word *all; /* owned */
    size_t n, room;
};

static bool take_word(void *context, const struct retort_judgement *judgement,
                      struct retort_error *error)
{
    struct words *words = context;
    size_t row;
    (void)error;
    if (!retort_span_equal(judgement->task, retort_span_of(words->task->model->task)) ||
        !transparency_is_asked(words->work, judgement->comment, &row))
        return true;
    if (words->n == words->room)
        words->all = retort_grow(words->all, words->room = words->room ? 2 * words->room : 256,
                                 sizeof *words->all);
    words->all[words->n++] =
        (struct word){(uint32_t)row, report_label_bits(words->task, judgement->label),
                      retort_hash(judgement->reviewer, 0), judgement->decision};
    return true;
}

static int by_item(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return a->decision < b->decision ? -1 : a->decision > b->decision;
}

/* Keeps each person's last word, and of comments only those that two people judged. */
static void keep_pairs(struct words *words)
{
    size_t n = 0, kept = 0;
    if (words->n)
        qsort(words->all, words->n, sizeof *words->all, by_item);
    for (size_t i = 0; i < words->n; i++) {
        bool again = n > 0 && words->all[n - 1].row == words->all[i].row &&
                     words->all[n - 1].person == words->all[i].person;
        words->all[again ? n - 1 : n] = words->all[i];
        n += !again;
    }
    for (size_t begin = 0, end; begin < n; begin = end) {
        for (end = begin; end < n && words->all[end].row == words->all[begin].row; end++)
            ;
        for (size_t i = begin; end - begin > 1 && i < end; i++)
            words->all[kept++] = words->all[i];
    }
    words->n = kept;
}

static size_t count_people(const struct words *words)
{
    size_t n = 0;
    uint64_t *people = retort_grow(NULL, words->n + 1, sizeof *people);
    for (size_t i = 0; i < words->n; i++) {
        size_t at = 0;
        while (at < n && people[at] != words->all[i].person)
            at++;
        if (at == n)
            people[n++] = words->all[i].person;
    }
    free(people);
    return n;
}

/* What a word says: of a one-of task its label, of an any-of task whether the label is on. */
static size_t category_of(const struct words *words, const struct word *word, size_t label)
{
    if (label != SIZE_MAX)
        return word->labels >> label & 1;
    size_t category = 0;
    while (category + 1 < words->task->n_labels && !(word->labels >> category & 1))
        category++;
    return category;
}

/* Every two people's words on a comment are a pair. */
static struct retort_kappa pair_up(const struct words *words, size_t label, size_t n_categories,
                                   struct retort_arena *arena)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        for (size_t j = i + 1; j < words->n && words->all[j].row == words->all[i].row; j++)
            n++;
    uint32_t *first = RETORT_NEW(arena, uint32_t, n), *second = RETORT_NEW(arena, uint32_t, n);
    size_t at = 0;
    for (size_t i = 0; i < words->n; i++)
        for (size_t j = i + 1; j < words->n && words->all[j].row == words->all[i].row; j++) {
            first[at] = (uint32_t)category_of(words, &words->all[i], label);
            second[at++] = (uint32_t)category_of(words, &words->all[j], label);
        }
    return retort_cohens_kappa(first, second, n, n_categories);
}

static struct retort_estimate alpha_of(const struct words *words, size_t label, size_t n_categories,
                                       struct retort_arena *arena, size_t *n_items)
{
    double *values = RETORT_NEW(arena, double, (words->n + 1) * n_categories);
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++) {
        n += i == 0 || words->all[i].row != words->all[i - 1].row;
        values[(n - 1) * n_categories + category_of(words, &words->all[i], label)]++;
    }
    const struct retort_ratings ratings = {values, n, n_categories, RETORT_NOMINAL};
    const struct retort_resampling resampling = {words->work->report->n_resamples,
                                                 words->work->report->seed};
    *n_items = n;
    return retort_krippendorff_alpha(&ratings, &resampling);
}

static void put_row(const struct words *words, struct report_table *table, size_t label)
{
    struct retort_report *report = words->work->report;
    struct retort_arena arena = {0};
    size_t n_categories = label == SIZE_MAX ? words->task->n_labels : 2, n_items;
    const struct retort_kappa kappa = pair_up(words, label, n_categories, &arena);
    const struct retort_estimate alpha = alpha_of(words, label, n_categories, &arena, &n_items);
    struct report_cell *row = report_add_row(report, table);
    row[0] =
        report_text(retort_arena_copy(&report->arena, retort_span_of(words->task->model->task)));
    row[1] = label == SIZE_MAX
                 ? report_words("all")
                 : report_text(retort_arena_copy(
                       &report->arena, retort_span_of(words->task->model->labels[label])));
    row[2] = report_count(n_items);
    row[3] = report_count(count_people(words));
    row[4] = report_share(report_bare(kappa.observed));
    row[5] = report_number(report_bare(kappa.kappa));
    row[6] = isnan(alpha.value) ? report_nothing("all said the same; there is nothing to agree on")
                                : report_number(alpha);
    retort_arena_release(&arena);
}

static bool tell_task(struct report_work *work, struct report_table *table,
                      const struct report_task *task, struct retort_error *error)
{
    struct words words = {.work = work, .task = task};
    bool read = retort_store_each_judgement(work->store, take_word, &words, error);
    keep_pairs(&words);
    if (read && words.n > 0 && task->one_of)
        put_row(&words, table, SIZE_MAX);
    for (size_t l = 0; read && words.n > 0 && !task->one_of && l < task->n_labels; l++)
        put_row(&words, table, l);
    free(words.all);
    return read;
}

bool transparency_agreement(struct report_work *work, struct report_section *section,
                            struct retort_error *error)
{
    struct report_table *table =
        report_add_table(work->report, section, "agreement", "How far people agree with each other",
                         COLUMNS, N_COLUMNS);
    for (size_t t = 0; t < work->data->n_tasks; t++)
        if (transparency_is_task(work, &work->data->tasks[t]) &&
            !tell_task(work, table, &work->data->tasks[t], error))
            return false;
    if (table->n_rows == 0) {
        report_add_note(
            work->report, table,
            "No comment was judged by two people, so it can't be said how far people "
            "agree. Let a second person decide on the same sample: retort review --sample, "
            "under another --reviewer.");
        return true;
    }
    report_add_note(
        work->report, table,
        "Judged twice: comments that at least two people judged, by everybody's last word; "
        "bulks are no judgement of each. Same: pairs of people who said the same; kappa: "
        "Cohen's, over these pairs; alpha: Krippendorff's, nominal.");
    report_add_method(
        work->report, "krippendorff2004,cohen1960",
        "Agreement between people is given as alpha, its interval over comments drawn anew, "
        "and as kappa.");
    return true;
}
