/* An audit of a label by sentences made for it: each term into each sentence, so that the terms
 * differ in nothing but themselves. */
#include "train/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 1000, N_FORMS = 2, MOST_WEIGHTS = 12 };
static const char *const FORMS[N_FORMS] = {"{one}", "{many}"};
static const double EXPONENT = -5;

struct term {
    struct retort_span name, forms[N_FORMS];
};

struct sentence {
    struct retort_span text;
    bool toxic;
};

struct rows {
    struct term terms[MOST_ROWS];
    struct sentence sentences[MOST_ROWS];
    size_t n_terms, n_sentences, n_toxic;
};

/* ---- reading ---- */

/* Cuts the next column off. */
static struct retort_span column(struct retort_span *rest)
{
    size_t at = 0;
    while (at < rest->len && rest->data[at] != '\t')
        at++;
    struct retort_span cut = retort_span_slice(*rest, 0, at);
    *rest = retort_span_slice(*rest, at + 1, rest->len);
    return cut;
}

/* Where a placeholder begins, or the text's end. */
static size_t find_form(struct retort_span text, size_t from, size_t *form)
{
    for (size_t at = from; at < text.len; at++)
        for (*form = 0; *form < N_FORMS; (*form)++)
            if (retort_span_starts(retort_span_slice(text, at, text.len),
                                   retort_span_of(FORMS[*form])))
                return at;
    return text.len;
}

static bool add_term(struct rows *rows, struct retort_span rest, struct retort_error *error)
{
    struct term *term = &rows->terms[rows->n_terms++];
    term->name = column(&rest);
    for (size_t i = 0; i < N_FORMS; i++)
        term->forms[i] = column(&rest);
    return (term->name.len && term->forms[0].len && term->forms[1].len && rest.len == 0) ||
           retort_fail(error, RETORT_INPUT, "a term has a name, one of them and many of them");
}

static bool add_sentence(struct rows *rows, struct retort_span text, bool toxic,
                         struct retort_error *error)
{
    size_t form;
    rows->sentences[rows->n_sentences++] = (struct sentence){text, toxic};
    rows->n_toxic += toxic;
    return find_form(text, 0, &form) < text.len ||
           retort_fail(error, RETORT_INPUT, "a sentence has {one} or {many} for the term");
}

static bool add_row(struct rows *rows, struct retort_span line, struct retort_error *error)
{
    struct retort_span rest = line, kind = column(&rest);
    if (retort_span_trim(line).len == 0 || line.data[0] == '#')
        return true;
    if (rows->n_terms == MOST_ROWS || rows->n_sentences == MOST_ROWS)
        return retort_fail(error, RETORT_INPUT, "an audit has at most %d rows of a kind",
                           MOST_ROWS);
    if (retort_span_equal(kind, RETORT_SPAN("term")))
        return add_term(rows, rest, error);
    bool toxic = retort_span_equal(kind, RETORT_SPAN("toxic"));
    if (toxic || retort_span_equal(kind, RETORT_SPAN("fine")))
        return add_sentence(rows, rest, toxic, error);
    return retort_fail(error, RETORT_INPUT, "a row begins with term, toxic or fine and a tab");
}

static bool read_rows(struct rows *rows, struct retort_span text, const char *path,
                      struct retort_error *error)
{
    struct retort_span line;
    if (!retort_utf8_valid(text))
        return retort_fail(error, RETORT_INPUT, "%s: is not UTF-8", path);
    for (size_t number = 1; retort_span_next_line(&text, &line); number++)
        if (!add_row(rows, line, error))
            return retort_fail_within(error, "%s:%zu", path, number);
    bool enough = rows->n_terms >= 2 && rows->n_toxic > 0 && rows->n_toxic < rows->n_sentences;
    return enough || retort_fail(error, RETORT_INPUT,
                                 "%s: an audit needs two terms, a toxic and a fine sentence", path);
}

/* ---- texts ---- */

/* A term's bytes in a text, the first and the last of them. */
struct place {
    size_t begin, end;
};

/* The sentence with the term in it, a capital where it begins. */
static struct retort_span fill_in(const struct sentence *sentence, const struct term *term,
                                  struct retort_arena *arena, struct place *place)
{
    struct retort_buffer out = {0};
    struct retort_span text = sentence->text;
    size_t at = 0, form;
    *place = (struct place){SIZE_MAX, 0};
    for (size_t next; (next = find_form(text, at, &form)) < text.len;) {
        retort_buffer_put(&out, retort_span_slice(text, at, next));
        place->begin = place->begin == SIZE_MAX ? out.len : place->begin;
        retort_buffer_put(&out, term->forms[form]);
        place->end = out.len;
        at = next + strlen(FORMS[form]);
    }
    retort_buffer_put(&out, retort_span_slice(text, at, text.len));
    if (out.data[0] >= 'a' && out.data[0] <= 'z')
        out.data[0] = (uint8_t)(out.data[0] - 'a' + 'A');
    text = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return text;
}

/* margins: [n_terms][n_sentences]. */
static void label_texts(const struct rows *rows, const struct retort_model *model, size_t label,
                        double *margins)
{
    struct retort_labeller labeller;
    struct place ignored;
    retort_labeller_init(&labeller);
    for (size_t i = 0; i < rows->n_terms * rows->n_sentences; i++) {
        struct retort_arena arena = {0};
        struct retort_verdict verdict;
        const struct retort_item item = {.text = fill_in(&rows->sentences[i % rows->n_sentences],
                                                         &rows->terms[i / rows->n_sentences],
                                                         &arena, &ignored)};
        retort_label_item(&labeller, model, &item, &arena, &verdict);
        margins[i] = verdict.scores[label].margin;
        retort_arena_release(&arena);
    }
    retort_labeller_release(&labeller);
}

/* ---- figures ---- */

/* Toxic texts of some terms against fine texts of some: SIZE_MAX is all terms. */
struct contest {
    size_t toxic_of, fine_of;
    bool toxic_others, fine_others; /* of all but that one */
};

static bool takes_part(const struct contest *contest, size_t term, bool toxic)
{
    size_t of = toxic ? contest->toxic_of : contest->fine_of;
    bool others = toxic ? contest->toxic_others : contest->fine_others;
    return of == SIZE_MAX || (term == of) != others;
}

static double auc_of(const struct rows *rows, const double *margins, const struct contest *contest)
{
    size_t n = 0;
    struct retort_ranked *cases =
        retort_grow(NULL, rows->n_terms * rows->n_sentences, sizeof *cases);
    for (size_t t = 0; t < rows->n_terms; t++)
        for (size_t s = 0; s < rows->n_sentences; s++)
            if (takes_part(contest, t, rows->sentences[s].toxic))
                cases[n++] = (struct retort_ranked){margins[t * rows->n_sentences + s],
                                                    rows->sentences[s].toxic};
    double auc = retort_auc(cases, n);
    free(cases);
    return auc;
}

static double lowest(const struct retort_audit_term *term)
{
    return fmin(term->subgroup, fmin(term->bpsn, term->bnsp));
}

/* With its index, to come back to its row. */
struct measured_term {
    struct retort_audit_term term;
    size_t row;
};

static int by_lowest(const void *a, const void *b)
{
    const struct measured_term *x = a, *y = b;
    double low_x = lowest(&x->term), low_y = lowest(&y->term);
    if (low_x != low_y)
        return low_x < low_y ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static double power_mean(const struct retort_audit *audit,
                         double (*figure)(const struct retort_audit_term *))
{
    double sum = 0;
    for (size_t i = 0; i < audit->n_terms; i++)
        sum += pow(figure(&audit->terms[i]), EXPONENT);
    return pow(sum / (double)audit->n_terms, 1 / EXPONENT);
}

static double subgroup_of(const struct retort_audit_term *term)
{
    return term->subgroup;
}

static double bpsn_of(const struct retort_audit_term *term)
{
    return term->bpsn;
}

static double bnsp_of(const struct retort_audit_term *term)
{
    return term->bnsp;
}

/* Fills the figures; returns the row of the worst term. */
static size_t measure(struct retort_audit *audit, const struct rows *rows, const double *margins)
{
    struct measured_term *measured = RETORT_NEW(&audit->arena, struct measured_term, rows->n_terms);
    for (size_t t = 0; t < rows->n_terms; t++) {
        const struct contest own = {t, t, false, false}, fine = {t, t, true, false},
                             toxic = {t, t, false, true};
        measured[t].row = t;
        measured[t].term = (struct retort_audit_term){
            .name = retort_arena_string(&audit->arena, rows->terms[t].name),
            .subgroup = auc_of(rows, margins, &own),
            .bpsn = auc_of(rows, margins, &fine),
            .bnsp = auc_of(rows, margins, &toxic),
        };
    }
    qsort(measured, rows->n_terms, sizeof *measured, by_lowest);
    audit->n_terms = rows->n_terms;
    audit->n_texts = rows->n_terms * rows->n_sentences;
    audit->terms = RETORT_NEW(&audit->arena, struct retort_audit_term, rows->n_terms);
    for (size_t t = 0; t < rows->n_terms; t++)
        audit->terms[t] = measured[t].term;
    const struct contest all = {SIZE_MAX, SIZE_MAX, false, false};
    audit->auc = auc_of(rows, margins, &all);
    audit->subgroup = power_mean(audit, subgroup_of);
    audit->bpsn = power_mean(audit, bpsn_of);
    audit->bnsp = power_mean(audit, bnsp_of);
    return measured[0].row;
}

/* ---- the worst term ---- */

static double contribution_at(const struct retort_explanation *explanation, struct place place)
{
    double sum = 0;
    for (size_t i = 0; i < explanation->n_words; i++)
        if (explanation->causes[i].begin < place.end && explanation->causes[i].end > place.begin)
            sum += explanation->causes[i].contribution;
    return sum;
}

static double mean_added(const struct rows *rows, const struct term *term,
                         const struct retort_model *model, size_t label)
{
    struct retort_labeller labeller;
    double sum = 0;
    retort_labeller_init(&labeller);
    for (size_t s = 0; s < rows->n_sentences; s++) {
        struct retort_arena arena = {0};
        struct place place;
        if (rows->sentences[s].toxic)
            continue;
        const struct retort_item item = {.text =
                                             fill_in(&rows->sentences[s], term, &arena, &place)};
        struct retort_explanation *explanations =
            RETORT_NEW(&arena, struct retort_explanation, retort_model_n_labels(model));
        retort_explain(&labeller, model, &item, &arena, explanations);
        sum += contribution_at(&explanations[label], place);
        retort_arena_release(&arena);
    }
    retort_labeller_release(&labeller);
    return sum / (double)(rows->n_sentences - rows->n_toxic);
}

static int by_weight(const void *a, const void *b)
{
    const struct retort_audit_weight *x = a, *y = b;
    if (fabs(x->weight) != fabs(y->weight))
        return fabs(x->weight) < fabs(y->weight) ? 1 : -1;
    return retort_span_compare(x->feature, y->feature);
}

/* The features that a term's forms make by themselves; their number is returned. */
static size_t features_of(struct retort_bag *bag, const struct term *term,
                          const struct retort_model *model, struct retort_arena *arena,
                          struct retort_entry **entries)
{
    struct retort_buffer text = {0};
    for (size_t i = 0; i < N_FORMS; i++) {
        retort_buffer_put(&text, term->forms[i]);
        retort_buffer_text(&text, ". ");
    }
    const struct retort_item item = {.text = retort_buffer_span(&text)};
    retort_bag_fill(bag, retort_model_recipe(model), &item);
    size_t n = retort_bag_vector(bag, retort_model_recipe(model), retort_model_dictionary(model),
                                 arena, entries);
    retort_buffer_release(&text);
    return n;
}

/* What many terms have ("a", "people", the length) is no term's own. */
static void weigh_term(struct retort_audit *audit, const struct rows *rows, size_t worst,
                       const struct retort_model *model, size_t label)
{
    struct retort_arena arena = {0};
    struct retort_bag bag;
    struct retort_entry *entries;
    uint32_t *n_terms = RETORT_NEW(&arena, uint32_t, retort_model_dictionary(model)->n_features);
    retort_bag_init(&bag);
    for (size_t t = 0; t < rows->n_terms; t++) {
        size_t n = features_of(&bag, &rows->terms[t], model, &arena, &entries);
        for (size_t i = 0; i < n; i++)
            n_terms[entries[i].feature]++;
    }
    size_t n = features_of(&bag, &rows->terms[worst], model, &arena, &entries);
    audit->weights = RETORT_NEW(&audit->arena, struct retort_audit_weight, n);
    for (size_t i = 0; i < n; i++)
        if (n_terms[entries[i].feature] <= 1 + rows->n_terms / 8)
            audit->weights[audit->n_weights++] =
                (struct retort_audit_weight){retort_model_feature(model, entries[i].feature),
                                             retort_model_weight(model, entries[i].feature, label)};
    if (audit->n_weights)
        qsort(audit->weights, audit->n_weights, sizeof *audit->weights, by_weight);
    audit->n_weights = audit->n_weights < MOST_WEIGHTS ? audit->n_weights : MOST_WEIGHTS;
    retort_bag_release(&bag);
    retort_arena_release(&arena);
}

/* ---- the audit ---- */

static bool find_label(const struct retort_model *model, const char *name, size_t *label,
                       struct retort_error *error)
{
    for (*label = 0; *label < retort_model_n_labels(model); (*label)++)
        if (strcmp(retort_model_label(model, *label)->name, name) == 0)
            return true;
    return retort_fail(error, RETORT_USAGE, "the model has no label \"%.60s\"; --label names one",
                       name);
}

bool retort_audit_run(struct retort_audit *audit, const struct retort_model *model,
                      const char *label, const char *path, struct retort_error *error)
{
    struct retort_file file = {0};
    size_t index;
    *audit = (struct retort_audit){0};
    if (!find_label(model, label, &index, error) || !retort_file_read(&file, path, error))
        return false;
    struct rows *rows = RETORT_NEW(&audit->arena, struct rows, 1);
    bool done = read_rows(rows, file.bytes, path, error);
    if (done) {
        double *margins = RETORT_NEW(&audit->arena, double, rows->n_terms * rows->n_sentences);
        label_texts(rows, model, index, margins);
        size_t worst = measure(audit, rows, margins);
        audit->label = retort_model_label(model, index)->name;
        audit->added = mean_added(rows, &rows->terms[worst], model, index);
        weigh_term(audit, rows, worst, model, index);
    }
    retort_file_close(&file);
    return done;
}

void retort_audit_release(struct retort_audit *audit)
{
    retort_arena_release(&audit->arena);
    *audit = (struct retort_audit){0};
}
