/* The triage table: a line a comment, what needs an eye in colour, what is unsure marked so. */
#include "cli/label.h"

#include <string.h>

enum { STANCE_COLUMNS = 13, REPLY_COLUMNS = 14, TONE_COLUMNS = 22 };

static const struct {
    const char *label;
    enum cli_style style;
} LABEL_STYLES[] = {
    {"favor", CLI_GREEN},    {"agree", CLI_GREEN},         {"polite", CLI_GREEN},
    {"against", CLI_YELLOW}, {"disagree", CLI_YELLOW},     {"query", CLI_CYAN},
    {"toxic", CLI_RED},      {"insult", CLI_RED},          {"threat", CLI_RED},
    {"obscene", CLI_RED},    {"identity_attack", CLI_RED}, {"severe_toxic", CLI_RED},
    {"angry", CLI_YELLOW},   {"sarcastic", CLI_CYAN},
};

static enum cli_style style_of(const char *label)
{
    for (size_t i = 0; i < sizeof LABEL_STYLES / sizeof LABEL_STYLES[0]; i++)
        if (strcmp(LABEL_STYLES[i].label, label) == 0)
            return LABEL_STYLES[i].style;
    return CLI_PLAIN;
}

/* A cell in its colour, padded by what is seen and not by what is written. */
static void put_cell(struct retort_buffer *out, bool colour, enum cli_style style,
                     struct retort_span text, size_t columns)
{
    retort_buffer_text(out, style == CLI_PLAIN ? "" : cli_style(colour, style));
    cli_excerpt(out, text, columns, true);
    retort_buffer_text(out, style == CLI_PLAIN ? "" : cli_style(colour, CLI_PLAIN));
    retort_buffer_text(out, "  ");
}

/* "against 82%", or "against? 45%" when unsure. */
static void put_one_of(struct retort_buffer *out, bool colour, const struct retort_verdict *verdict,
                       size_t columns)
{
    const struct retort_score *score = &verdict->scores[verdict->label];
    const char *name = retort_model_label(verdict->model, verdict->label)->name;
    struct retort_buffer cell = {0};
    retort_buffer_format(&cell, "%s%s %.0f%%", name, score->unsure ? "?" : "", 100 * score->p);
    put_cell(out, colour, score->unsure ? CLI_DIM : style_of(name), retort_buffer_span(&cell),
             columns);
    retort_buffer_release(&cell);
}

/* More likely than not, or sure: what is on by its threshold alone is for the queue, not for here.
 */
static bool is_worth_showing(const struct retort_score *score)
{
    return score->on && (!score->unsure || score->p >= 0.5);
}

/* The most probable label below `below` that is worth showing, or SIZE_MAX. */
static size_t next_shown(const struct retort_verdict *verdict, double below)
{
    size_t best = SIZE_MAX;
    for (size_t l = 0; l < retort_model_n_labels(verdict->model); l++) {
        const struct retort_score *score = &verdict->scores[l];
        if (is_worth_showing(score) && score->p < below &&
            (best == SIZE_MAX || score->p > verdict->scores[best].p))
            best = l;
    }
    return best;
}

/* The labels that are on, the most probable first; the colour is the first one's. */
static void put_any_of(struct retort_buffer *out, bool colour, const struct retort_verdict *verdict,
                       size_t columns)
{
    struct retort_buffer cell = {0};
    enum cli_style style = CLI_DIM;
    double below = 2;
    for (size_t best; (best = next_shown(verdict, below)) != SIZE_MAX;) {
        const struct retort_score *score = &verdict->scores[best];
        const char *name = retort_model_label(verdict->model, best)->name;
        if (cell.len == 0)
            style = score->unsure ? CLI_DIM : style_of(name);
        retort_buffer_format(&cell, "%s%s%s %.0f%%", cell.len ? ", " : "", name,
                             score->unsure ? "?" : "", 100 * score->p);
        below = score->p;
    }
    if (cell.len == 0)
        retort_buffer_text(&cell, "·");
    put_cell(out, colour, style, retort_buffer_span(&cell), columns);
    retort_buffer_release(&cell);
}

static size_t columns_of(const struct retort_model *model)
{
    if (retort_model_choice(model) == RETORT_ANY_OF)
        return TONE_COLUMNS;
    return strcmp(retort_model_task(model), "reply") == 0 ? REPLY_COLUMNS : STANCE_COLUMNS;
}

static void put_head(const struct label_pen *pen, bool colour)
{
    const struct labelling *run = pen->run;
    struct retort_buffer *out = pen->out;
    retort_buffer_text(out, cli_style(colour, CLI_BOLD));
    retort_buffer_text(out, " No   to  ");
    for (size_t m = 0; m < run->models.n_models; m++) {
        cli_excerpt(out, retort_span_of(retort_model_task(run->models.models[m])),
                    columns_of(run->models.models[m]), true);
        retort_buffer_text(out, "  ");
    }
    retort_buffer_format(out, "comment%s\n", cli_style(colour, CLI_PLAIN));
}

static void put_row(const struct label_pen *pen, bool colour, const struct label_row *row,
                    size_t rest)
{
    struct retort_buffer *out = pen->out;
    retort_buffer_format(out, "%3zu ", row->number);
    if (row->parent > 0)
        retort_buffer_format(out, "%4zu  ", row->parent);
    else
        retort_buffer_text(out, "   ·  ");
    for (size_t m = 0; m < pen->run->models.n_models; m++) {
        const struct retort_verdict *verdict = &row->verdicts[m];
        if (retort_model_choice(verdict->model) == RETORT_ANY_OF)
            put_any_of(out, colour, verdict, TONE_COLUMNS);
        else
            put_one_of(out, colour, verdict, columns_of(verdict->model));
    }
    if (row->author.len > 0) {
        cli_excerpt(out, row->author, 16, false);
        retort_buffer_text(out, ": ");
    }
    cli_excerpt(out, row->item.text, rest, false);
    retort_buffer_byte(out, '\n');
}

/* ---- the words that decided ---- */

static void put_reason(const struct label_pen *pen, bool colour,
                       const struct retort_verdict *verdict, size_t label,
                       const struct retort_explanation *explanation)
{
    enum { INDENT = 6, LABEL_COLUMNS = 20 };
    const struct retort_score *score = &verdict->scores[label];
    const char *name = retort_model_label(verdict->model, label)->name;
    struct retort_buffer cell = {0};
    retort_buffer_format(&cell, "%s%s %.0f%%", name, score->unsure ? "?" : "", 100 * score->p);
    retort_buffer_format(pen->out, "%*s", INDENT, "");
    put_cell(pen->out, colour, score->unsure ? CLI_DIM : style_of(name), retort_buffer_span(&cell),
             LABEL_COLUMNS);
    cli_put_deciders(pen->out, explanation, colour, cli_width(stdout) - INDENT - LABEL_COLUMNS - 2);
    retort_buffer_release(&cell);
}

static void put_reasons(const struct label_pen *pen, bool colour, const struct label_row *row,
                        size_t m)
{
    struct retort_arena arena = {0};
    const struct retort_verdict *verdict = &row->verdicts[m];
    struct retort_explanation *explanations =
        RETORT_NEW(&arena, struct retort_explanation, retort_model_n_labels(verdict->model));
    retort_explain(pen->labeller, verdict->model, &row->item, &arena, explanations);
    if (retort_model_choice(verdict->model) == RETORT_ONE_OF)
        put_reason(pen, colour, verdict, verdict->label, &explanations[verdict->label]);
    double below = retort_model_choice(verdict->model) == RETORT_ONE_OF ? -1 : 2;
    for (size_t l; (l = next_shown(verdict, below)) != SIZE_MAX; below = verdict->scores[l].p)
        put_reason(pen, colour, verdict, l, &explanations[l]);
    retort_arena_release(&arena);
}

void label_put_row(const struct label_pen *pen, const struct label_row *row, bool first)
{
    const struct labelling *run = pen->run;
    bool colour = cli_has_colour(stdout);
    size_t width = cli_width(stdout), used = 10;
    for (size_t m = 0; m < run->models.n_models; m++)
        used += columns_of(run->models.models[m]) + 2;
    size_t rest = width > used + 30 ? width - used : 30;
    if (first)
        put_head(pen, colour);
    put_row(pen, colour, row, rest > 18 && row->author.len ? rest - 18 : rest);
    for (size_t m = 0; run->explain && m < run->models.n_models; m++)
        put_reasons(pen, colour, row, m);
}

void label_put_table(const struct label_pen *pen, const struct label_row *rows, size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++)
        label_put_row(pen, &rows[i], i == 0);
}
