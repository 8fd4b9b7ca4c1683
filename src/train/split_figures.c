/* Sums → figures, and how far they would spread on other sites. */
#include "train/split_figures.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table of figures ------------------------------------------------------------------- */

enum form {
    FORM_MEAN,  /* of sums that begin at a, the b-th by the number of pages, which is the fourth */
    FORM_SHARE, /* a / b */
    FORM_F1,    /* of matched, truth, given, which begin at a; NaN without truth */
    FORM_PRECISION, /* of the same */
    FORM_RECALL,
    FORM_EVERY, /* F1 if all b given were said to be the truth a */
    FORM_MACRO, /* mean of FORM_F1 over the roles that the truth has */
};

struct definition {
    struct split_figure shown;
    enum form form;
    int a, b;
};

/* Where the sums of a reading and the counts of a role begin. */
enum {
    ARTICLE = SUM_TOKENS + 4 * READING_ARTICLE,
    COMMENTS = SUM_TOKENS + 4 * READING_COMMENTS,
    SIGNED = SUM_TOKENS + 4 * READING_SIGNED_COMMENTS,
    BOTH = SUM_TOKENS + 4 * READING_BOTH,
    SIGNED_BOTH = SUM_TOKENS + 4 * READING_SIGNED_BOTH,
    LINES_ARTICLE = SUM_ROLES + 3 * RETORT_ARTICLE,
    LINES_COMMENT = SUM_ROLES + 3 * RETORT_COMMENT,
    LINES_FURNITURE = SUM_ROLES + 3 * RETORT_FURNITURE,
    LINES_SIGNATURE = SUM_ROLES + 3 * RETORT_SIGNATURE,
};

static const struct definition DEFINITIONS[] = {
    {{"article_precision", NULL, IN_TOKENS}, FORM_MEAN, ARTICLE, 0},
    {{"article_recall", NULL, IN_TOKENS}, FORM_MEAN, ARTICLE, 1},
    {{"article_f1", "article", IN_TOKENS}, FORM_MEAN, ARTICLE, 2},
    {{"comments_precision", NULL, IN_TOKENS}, FORM_MEAN, COMMENTS, 0},
    {{"comments_recall", NULL, IN_TOKENS}, FORM_MEAN, COMMENTS, 1},
    {{"comments_f1", "comments", IN_TOKENS}, FORM_MEAN, COMMENTS, 2},
    {{"comments_signed_precision", NULL, IN_TOKENS}, FORM_MEAN, SIGNED, 0},
    {{"comments_signed_recall", NULL, IN_TOKENS}, FORM_MEAN, SIGNED, 1},
    {{"comments_signed_f1", "signed", IN_TOKENS}, FORM_MEAN, SIGNED, 2},
    {{"both_precision", NULL, IN_TOKENS}, FORM_MEAN, BOTH, 0},
    {{"both_recall", NULL, IN_TOKENS}, FORM_MEAN, BOTH, 1},
    {{"both_f1", "both", IN_TOKENS}, FORM_MEAN, BOTH, 2},
    {{"both_signed_precision", NULL, IN_TOKENS}, FORM_MEAN, SIGNED_BOTH, 0},
    {{"both_signed_recall", NULL, IN_TOKENS}, FORM_MEAN, SIGNED_BOTH, 1},
    {{"both_signed_f1", "both signed", IN_TOKENS}, FORM_MEAN, SIGNED_BOTH, 2},
    {{"role_accuracy_page_mean", "right", IN_ROLES}, FORM_SHARE, SUM_LINES_RIGHT, SUM_LINE_PAGES},
    {{"role_macro_f1_page_mean", "macro/page", IN_ROLES}, FORM_SHARE, SUM_MACRO_F1, SUM_LINE_PAGES},
    {{"role_macro_f1", "macro F1", IN_ROLES}, FORM_MACRO, SUM_ROLES, 0},
    {{"role_article_f1", "article", IN_ROLES}, FORM_F1, LINES_ARTICLE, 0},
    {{"role_comment_f1", "comment", IN_ROLES}, FORM_F1, LINES_COMMENT, 0},
    {{"role_furniture_f1", "furniture", IN_ROLES}, FORM_F1, LINES_FURNITURE, 0},
    {{"role_signature_f1", "signature", IN_ROLES}, FORM_F1, LINES_SIGNATURE, 0},
    {{"begin_precision", "precision", IN_BOUNDS}, FORM_PRECISION, SUM_BEGINS, 0},
    {{"begin_recall", "recall", IN_BOUNDS}, FORM_RECALL, SUM_BEGINS, 0},
    {{"begin_f1", "begin F1", IN_BOUNDS}, FORM_F1, SUM_BEGINS, 0},
    {{"begin_f1_page_mean", "F1/page", IN_BOUNDS}, FORM_SHARE, SUM_BEGIN_F1, SUM_BEGIN_PAGES},
    {{"begin_f1_every_line", "every line", IN_BOUNDS}, FORM_EVERY, SUM_BEGINS + 1, SUM_TEXT_LINES},
    {{"pk", "Pk", IN_BOUNDS}, FORM_SHARE, SUM_PK, SUM_SEGMENT_PAGES},
    {{"windowdiff", "WindowDiff", IN_BOUNDS}, FORM_SHARE, SUM_WINDOWDIFF, SUM_SEGMENT_PAGES},
    {{"comments_lost", "lost", IN_BOUNDS}, FORM_SHARE, SUM_LOST, SUM_WITH},
    {{"comments_invented", "invented", IN_BOUNDS}, FORM_SHARE, SUM_INVENTED, SUM_WITHOUT},
    {{"parents_right", "right", IN_PARENTS}, FORM_SHARE, SUM_LINKS_RIGHT, SUM_LINKS},
    {{"parents_previous", "previous", IN_PARENTS}, FORM_SHARE, SUM_PREVIOUS, SUM_LINKS},
    {{"parents_article", "the article", IN_PARENTS}, FORM_SHARE, SUM_LINKS_ARTICLE, SUM_LINKS},
    {{"parents_right_page_mean", "right/page", IN_PARENTS},
     FORM_SHARE,
     SUM_LINK_SHARE,
     SUM_THREADS},
    {{"links_precision", NULL, IN_PARENTS}, FORM_PRECISION, SUM_ENDS, 0},
    {{"links_recall", NULL, IN_PARENTS}, FORM_RECALL, SUM_ENDS, 0},
    {{"links_f1", "links F1", IN_PARENTS}, FORM_F1, SUM_ENDS, 0},
    {{"answers_f1", "answers F1", IN_PARENTS}, FORM_F1, SUM_ANSWERS, 0},
};
enum { N_FIGURES = sizeof DEFINITIONS / sizeof *DEFINITIONS };

size_t split_n_figures(void)
{
    return N_FIGURES;
}

const struct split_figure *split_figure_at(size_t index)
{
    return &DEFINITIONS[index].shown;
}

size_t split_figure_named(const char *name)
{
    size_t i = 0;
    while (i < N_FIGURES && strcmp(DEFINITIONS[i].shown.name, name) != 0)
        i++;
    assert(i < N_FIGURES);
    return i;
}

static double quotient(double part, double whole)
{
    return whole > 0 ? part / whole : (double)NAN;
}

static double f1_of(const double counts[3])
{
    return counts[1] > 0 ? 2 * counts[0] / (counts[1] + counts[2]) : (double)NAN;
}

static double macro_of(const double counts[3 * N_ROLES])
{
    double sum = 0, n = 0;
    for (size_t role = 0; role < N_ROLES; role++) {
        double f1 = f1_of(counts + 3 * role);
        sum += isnan(f1) ? 0 : f1;
        n += isnan(f1) ? 0 : 1;
    }
    return quotient(sum, n);
}

double split_figure_value(size_t index, const double sums[N_SUMS])
{
    const struct definition *definition = &DEFINITIONS[index];
    const double *at = sums + definition->a;
    switch (definition->form) {
    case FORM_MEAN:
        return quotient(at[definition->b], at[3]);
    case FORM_F1:
        return f1_of(at);
    case FORM_PRECISION:
        return at[1] > 0 ? quotient(at[0], at[2]) : (double)NAN;
    case FORM_RECALL:
        return quotient(at[0], at[1]);
    case FORM_EVERY:
        return f1_of((const double[3]){at[0], at[0], sums[definition->b]});
    case FORM_MACRO:
        return macro_of(at);
    case FORM_SHARE:
        break;
    }
    return quotient(at[0], sums[definition->b]);
}

/* ---- spread --------------------------------------------------------------------------------- */

struct site {
    struct retort_span name;
    double sums[N_SUMS];
};

static void add_sums(double into[N_SUMS], const double sums[N_SUMS])
{
    for (size_t i = 0; i < N_SUMS; i++)
        into[i] += sums[i];
}

/* Mean and variance of each figure over the resamples in which it can be had (Welford 1962). */
struct spread {
    double mean[N_FIGURES], squares[N_FIGURES];
    size_t n[N_FIGURES];
};

static void note_resample(struct spread *spread, const double sums[N_SUMS])
{
    for (size_t i = 0; i < N_FIGURES; i++) {
        double value = split_figure_value(i, sums);
        if (isnan(value))
            continue;
        double change = value - spread->mean[i];
        spread->mean[i] += change / (double)++spread->n[i];
        spread->squares[i] += change * (value - spread->mean[i]);
    }
}

static void fill_errors(double *errors, const struct site *sites, size_t n_sites,
                        struct split_resampling resampling)
{
    struct spread spread = {.n = {0}};
    for (size_t r = 0; n_sites > 1 && r < resampling.n; r++) {
        double sums[N_SUMS] = {0};
        for (size_t i = 0; i < n_sites; i++)
            add_sums(sums, sites[retort_random(&resampling.seed) % n_sites].sums);
        note_resample(&spread, sums);
    }
    for (size_t i = 0; i < N_FIGURES; i++)
        errors[i] =
            spread.n[i] > 1 ? sqrt(spread.squares[i] / (double)(spread.n[i] - 1)) : (double)NAN;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static int by_source_variant_site(const void *a, const void *b)
{
    const struct split_scored *x = *(const struct split_scored *const *)a;
    const struct split_scored *y = *(const struct split_scored *const *)b;
    int order = retort_span_compare(x->source, y->source);
    order = order ? order : retort_span_compare(x->variant, y->variant);
    order = order ? order : retort_span_compare(x->site, y->site);
    return order ? order : (x > y) - (x < y);
}

static int by_site(const void *a, const void *b)
{
    const struct split_scored *x = *(const struct split_scored *const *)a;
    const struct split_scored *y = *(const struct split_scored *const *)b;
    int order = retort_span_compare(x->site, y->site);
    return order ? order : (x > y) - (x < y);
}

/* Figures of n pages; their order is lost. */
static struct split_row make_row(const struct split_scored **pages, size_t n,
                                 struct split_resampling resampling, struct retort_arena *arena)
{
    struct retort_arena scratch = {0};
    struct split_row row = {.n_pages = n};
    struct site *sites = RETORT_NEW(&scratch, struct site, n + 1);
    double sums[N_SUMS] = {0};
    row.values = RETORT_NEW(arena, double, N_FIGURES);
    row.errors = RETORT_NEW(arena, double, N_FIGURES);
    qsort(pages, n, sizeof *pages, by_site);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !retort_span_equal(pages[i]->site, sites[row.n_sites - 1].name))
            sites[row.n_sites++].name = pages[i]->site;
        add_sums(sites[row.n_sites - 1].sums, pages[i]->sums);
        add_sums(sums, pages[i]->sums);
    }
    for (size_t i = 0; i < N_FIGURES; i++)
        row.values[i] = split_figure_value(i, sums);
    fill_errors(row.errors, sites, row.n_sites, resampling);
    retort_arena_release(&scratch);
    return row;
}

/* The mean over the rows [0, n) that are of a whole source; the sources are independent. */
static struct split_row mean_row(const struct split_row *rows, size_t n, struct retort_arena *arena)
{
    struct split_row mean = {.source = RETORT_SPAN("mean of sources")};
    mean.values = RETORT_NEW(arena, double, N_FIGURES);
    mean.errors = RETORT_NEW(arena, double, N_FIGURES);
    for (size_t f = 0; f < N_FIGURES; f++) {
        double sum = 0, squares = 0, known = 0;
        for (size_t i = 0; i < n; i++) {
            if (rows[i].variant.len || isnan(rows[i].values[f]))
                continue;
            sum += rows[i].values[f];
            squares += rows[i].errors[f] * rows[i].errors[f];
            known++;
        }
        mean.values[f] = quotient(sum, known);
        mean.errors[f] = quotient(sqrt(squares), known);
    }
    for (size_t i = 0; i < n; i++) {
        mean.n_pages += rows[i].variant.len ? 0 : rows[i].n_pages;
        mean.n_sites += rows[i].variant.len ? 0 : rows[i].n_sites;
    }
    return mean;
}

static size_t end_of_run(const struct split_scored **pages, size_t begin, size_t n, bool variant)
{
    size_t end = begin;
    while (end < n && retort_span_equal(pages[end]->source, pages[begin]->source) &&
           (!variant || retort_span_equal(pages[end]->variant, pages[begin]->variant)))
        end++;
    return end;
}

void split_rows_make(struct split_rows_made *made, const struct split_scored *pages, size_t n_pages,
                     struct split_resampling resampling, struct retort_arena *arena)
{
    const struct split_scored **order = RETORT_NEW(arena, const struct split_scored *, n_pages + 1);
    made->rows = RETORT_NEW(arena, struct split_row, 2 * n_pages + 2);
    made->n = 0;
    for (size_t i = 0; i < n_pages; i++)
        order[i] = &pages[i];
    qsort(order, n_pages, sizeof *order, by_source_variant_site);
    for (size_t begin = 0, end; begin < n_pages; begin = end) {
        struct retort_span source = order[begin]->source;
        end = end_of_run(order, begin, n_pages, false);
        for (size_t first = begin, last; first < end; first = last) {
            struct retort_span variant = order[first]->variant;
            last = end_of_run(order, first, end, true);
            if (!variant.len)
                continue;
            made->rows[made->n] = make_row(order + first, last - first, resampling, arena);
            made->rows[made->n].source = source;
            made->rows[made->n++].variant = variant;
        }
        made->rows[made->n] = make_row(order + begin, end - begin, resampling, arena);
        made->rows[made->n++].source = source;
    }
    size_t n = made->n;
    made->rows[made->n++] = make_row(order, n_pages, resampling, arena);
    made->rows[made->n++] = mean_row(made->rows, n, arena);
}
