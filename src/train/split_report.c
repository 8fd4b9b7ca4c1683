/* Figures as JSON, for files and floors, and as tables for a person. */
#include "train/split_measure.h"

#include <math.h>
#include <string.h>

/* ---- what was measured ---------------------------------------------------------------------- */

/* Said in the results file and under the tables, so that a figure is not read as another. */
static const char *const DEFINITIONS[][2] = {
    {"tokens", "maximal runs of letters and numbers, case kept; overlap of multisets; precision, "
               "recall and F1 a page, mean over the pages whose truth has a token (dragnet's)"},
    {"signed", "comments with their author and date lines; else their text only"},
    {"roles",
     "lines that are not blank, of four roles: article, comment, furniture, signature; "
     "right: share of lines, mean over pages; F1 pooled over lines; macro: mean of F1 over "
     "the roles that the truth has"},
    {"begins", "a beginning is right when a comment's first line of text is the same line in truth "
               "and output (of HTML: when its first five tokens are the same); pooled over pages"},
    {"every_line", "F1 of begins if every line of the true comments' text began one"},
    {"pk", "Beeferman et al. 1999, over the lines of text of the true comments, which are together "
           "when they stand in one block; window: half the mean comment; mean over pages"},
    {"windowdiff", "Pevzner and Hearst 2002, as pk"},
    {"lost", "share of pages with comments that were given none"},
    {"invented", "share of pages without comments that were given one"},
    {"parents", "share of comments with a known parent that were given it, the true bounds given; "
                "previous, the article: the trivial answers"},
    {"links", "F1 over links end to end: right when both beginnings and the parent are; a comment "
              "that answers the article has a link to it; answers: links between comments only"},
    {"spread", "standard deviation over 1000 bootstrap resamples of sites"},
};
enum { N_DEFINITIONS = sizeof DEFINITIONS / sizeof *DEFINITIONS };

struct speed {
    size_t n_bytes;
    double seconds;
};

static struct speed speed_of(const struct retort_split_figures *figures)
{
    struct speed speed = {0};
    for (size_t i = 0; i < figures->scores.n; i++) {
        speed.n_bytes +=
            figures->scores.pages[i].seconds > 0 ? figures->scores.pages[i].n_bytes : 0;
        speed.seconds += figures->scores.pages[i].seconds;
    }
    return speed;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    retort_json_put(out, text);
}

static void put_count(struct retort_buffer *out, const char *key, size_t count)
{
    retort_json_key(out, key);
    retort_buffer_format(out, "%zu", count);
}

static void put_value(struct retort_buffer *out, const char *key, double value, int decimals)
{
    retort_json_key(out, key);
    if (isnan(value))
        retort_buffer_text(out, "null");
    else
        retort_buffer_fixed(out, value, decimals);
}

static void put_row(struct retort_buffer *out, const struct split_row *row)
{
    retort_buffer_text(out, "\n{");
    put_text(out, "source", row->source.len ? row->source : RETORT_SPAN("all"));
    put_text(out, "variant", row->variant.len ? row->variant : RETORT_SPAN("all"));
    put_count(out, "pages", row->n_pages);
    put_count(out, "sites", row->n_sites);
    for (size_t i = 0; i < split_n_figures(); i++) {
        char key[64];
        if (isnan(row->values[i]))
            continue;
        put_value(out, split_figure_at(i)->name, row->values[i], 4);
        snprintf(key, sizeof key, "%s_se", split_figure_at(i)->name);
        put_value(out, key, row->errors[i], 4);
    }
    retort_buffer_byte(out, '}');
}

static void put_about(struct retort_buffer *out, const struct retort_split_figures *figures)
{
    struct speed speed = speed_of(figures);
    put_text(out, "task", RETORT_SPAN("split"));
    put_text(out, "command", retort_span_of(figures->command));
    put_text(out, "model", retort_span_of(figures->model));
    retort_json_key(out, "data");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < figures->n_data; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        const char *path = figures->data[i].path, *slash = strrchr(path, '/');
        put_text(out, "name", retort_span_of(slash ? slash + 1 : path));
        put_text(out, "sha256", retort_span_of(figures->data[i].sha256));
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    put_count(out, "seed", figures->seed);
    retort_json_key(out, "libraries");
    struct retort_buffer libraries = {0};
    retort_base_libraries(&libraries);
    retort_json_put(out, retort_buffer_span(&libraries));
    retort_buffer_release(&libraries);
    if (speed.seconds > 0)
        put_value(out, "megabytes_per_second", (double)speed.n_bytes / speed.seconds / 1e6, 2);
    retort_json_key(out, "definitions");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < N_DEFINITIONS; i++)
        put_text(out, DEFINITIONS[i][0], retort_span_of(DEFINITIONS[i][1]));
    retort_buffer_byte(out, '}');
}

static void put_rows(struct retort_buffer *out, const char *key, const struct split_rows_made *made)
{
    retort_buffer_text(out, ",\n\"");
    retort_buffer_text(out, key);
    retort_buffer_text(out, "\":[");
    for (size_t i = 0; i < made->n; i++) {
        if (i)
            retort_buffer_byte(out, ',');
        put_row(out, &made->rows[i]);
    }
    retort_buffer_text(out, "\n]");
}

void retort_split_figures_json(const struct retort_split_figures *figures,
                               struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_about(out, figures);
    if (figures->n_folds)
        put_count(out, "folds", figures->n_folds);
    put_rows(out, "rows", &figures->made);
    if (figures->made_left.n)
        put_rows(out, "source_left_out", &figures->made_left);
    retort_buffer_text(out, "}\n");
}

void retort_split_figures_pages(const struct retort_split_figures *figures,
                                struct retort_buffer *out)
{
    for (size_t p = 0; p < figures->scores.n; p++) {
        const struct split_scored *page = &figures->scores.pages[p];
        retort_buffer_byte(out, '{');
        put_text(out, "id", page->id);
        put_text(out, "source", page->source);
        put_text(out, "variant", page->variant);
        put_text(out, "site", page->site);
        for (size_t i = 0; i < split_n_figures(); i++) {
            double value = split_figure_value(i, page->sums);
            if (!isnan(value))
                put_value(out, split_figure_at(i)->name, value, 4);
        }
        retort_buffer_text(out, "}\n");
    }
}

/* ---- tables --------------------------------------------------------------------------------- */

static const char *const FAMILIES[N_FAMILIES] = {
    [IN_TOKENS] = "token F1, mean over pages",
    [IN_ROLES] = "roles of lines",
    [IN_BOUNDS] = "comments' beginnings",
    [IN_PARENTS] = "parents: bounds given; links end to end",
};

enum { NAME_WIDTH = 24, CELL_WIDTH = 12 };

/* "0.836±.012"; "·" for what cannot be had. */
static void put_cell(struct retort_buffer *out, double value, double error)
{
    if (isnan(value)) {
        retort_buffer_format(out, "%*s·%*s", CELL_WIDTH - 8, "", 7, "");
        return;
    }
    retort_buffer_format(out, "%*s", CELL_WIDTH - 10, "");
    retort_buffer_fixed(out, value, 3);
    if (isnan(error))
        retort_buffer_format(out, "%5s", "");
    else
        retort_buffer_format(out, "±.%03d", (int)lround(error * 1000));
}

/* What a data set calls itself, without what could drive a terminal. */
static void put_name(struct retort_buffer *out, const struct split_row *row)
{
    size_t begin = out->len;
    retort_buffer_put(out, row->source.len ? row->source : RETORT_SPAN("all pages"));
    retort_buffer_byte(out, ' ');
    retort_buffer_put(out, row->variant);
    if (out->len > begin + NAME_WIDTH)
        out->len = begin + NAME_WIDTH;
    for (size_t at = begin; at < out->len; at++)
        out->data[at] = out->data[at] < ' ' || out->data[at] > '~' ? '?' : out->data[at];
    retort_buffer_format(out, "%*s", (int)(begin + NAME_WIDTH - out->len), "");
}

static bool shown(size_t figure, enum split_family family)
{
    return split_figure_at(figure)->family == family && split_figure_at(figure)->column;
}

static bool has_any(const struct split_row *row, enum split_family family)
{
    for (size_t i = 0; i < split_n_figures(); i++)
        if (shown(i, family) && !isnan(row->values[i]))
            return true;
    return false;
}

static void put_table_row(struct retort_buffer *out, const struct split_row *row,
                          enum split_family family)
{
    put_name(out, row);
    retort_buffer_format(out, " %6zu", row->n_pages);
    for (size_t i = 0; i < split_n_figures(); i++)
        if (shown(i, family))
            put_cell(out, row->values[i], row->errors[i]);
    retort_buffer_byte(out, '\n');
}

static void put_family(struct retort_buffer *out, const struct retort_split_figures *figures,
                       enum split_family family)
{
    retort_buffer_format(out, "%s\n%-*s %6s", FAMILIES[family], NAME_WIDTH, "", "pages");
    for (size_t i = 0; i < split_n_figures(); i++)
        if (shown(i, family))
            retort_buffer_format(out, "%*s", CELL_WIDTH, split_figure_at(i)->column);
    retort_buffer_byte(out, '\n');
    for (size_t i = 0; i < figures->made.n; i++)
        if (has_any(&figures->made.rows[i], family))
            put_table_row(out, &figures->made.rows[i], family);
    retort_buffer_byte(out, '\n');
}

void retort_split_figures_table(const struct retort_split_figures *figures,
                                struct retort_buffer *out)
{
    struct speed speed = speed_of(figures);
    for (enum split_family family = 0; family < N_FAMILIES; family++)
        put_family(out, figures, family);
    if (speed.seconds > 0)
        retort_buffer_format(out, "%.1f MB/s of processor time\n\n",
                             (double)speed.n_bytes / speed.seconds / 1e6);
    for (size_t i = 0; i < N_DEFINITIONS; i++)
        retort_buffer_format(out, "%s: %s\n", DEFINITIONS[i][0], DEFINITIONS[i][1]);
}
