/* A model's reliability as a picture: for each label the observed share against the predicted
 * probability, out of fold, by tenths, with its interval and how many it stands for.
 *
 * One SVG, drawn from the card alone: no script, no font and no picture from elsewhere, the same
 * bytes every time. Its colours follow the reader's light or dark mode (plot.css). */
#include "cli/plot.h"

#include <math.h>

static const uint8_t STYLE[] = {
#include "embed/cli/plot.css.h"
};

/* A panel a label, in rows; the plot proper is a square within. */
enum {
    PANEL_WIDTH = 250,
    PANEL_HEIGHT = 280,
    SIDE = 190,
    LEFT = 46,
    TOP = 44,
    HEAD = 58,
    MARGIN = 12,
    MOST_COLUMNS = 4,
    N_TICKS = 5,
};

/* ---- text ---- */

static void put_escaped(struct retort_buffer *out, struct retort_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];
        if (byte == '<')
            retort_buffer_text(out, "&lt;");
        else if (byte == '&')
            retort_buffer_text(out, "&amp;");
        else
            retort_buffer_byte(out, byte < 0x20 ? ' ' : byte); /* XML 1.0 forbids the others */
    }
}

static double number(const struct retort_json *object, const char *key)
{
    const struct retort_json *value = object ? retort_json_get(object, key) : NULL;
    double found = 0;
    return value && retort_json_number(value, &found) ? found : 0;
}

static const struct retort_json *member(const struct retort_json *object, const char *key)
{
    return object ? retort_json_get(object, key) : NULL;
}

/* 950, 1.2k, 35k: short enough to stand beside a point. */
static void put_count(struct retort_buffer *out, double n)
{
    if (n < 1000)
        retort_buffer_fixed(out, n, 0);
    else
        retort_buffer_fixed(out, n / 1000, n < 9950 ? 1 : 0);
    if (n >= 1000)
        retort_buffer_byte(out, 'k');
}

/* ---- one panel ---- */

struct panel {
    double left, top; /* of the square */
};

static double x_of(const struct panel *panel, double p)
{
    return panel->left + SIDE * p;
}

static double y_of(const struct panel *panel, double share)
{
    return panel->top + SIDE * (1 - share);
}

static void put_axes(struct retort_buffer *out, const struct panel *panel)
{
    retort_buffer_text(out, "<path class=\"grid\" d=\"");
    for (int i = 1; i < N_TICKS; i++) {
        double at = (double)i / N_TICKS;
        retort_buffer_format(out, "M%.1f %.1fv%dM%.1f %.1fh%d", x_of(panel, at), panel->top, SIDE,
                             panel->left, y_of(panel, at), SIDE);
    }
    retort_buffer_format(
        out, "\"/>\n<rect class=\"frame\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\"/>\n",
        panel->left, panel->top, SIDE, SIDE);
    retort_buffer_format(out, "<path class=\"even\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", x_of(panel, 0),
                         y_of(panel, 0), x_of(panel, 1), y_of(panel, 1));
    for (int i = 0; i <= N_TICKS; i++) {
        double at = (double)i / N_TICKS;
        retort_buffer_format(out,
                             "<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">%.1f</text>"
                             "<text class=\"end\" x=\"%.1f\" y=\"%.1f\">%.1f</text>\n",
                             x_of(panel, at), panel->top + SIDE + 15, at, panel->left - 6,
                             y_of(panel, at) + 3.5, at);
    }
}

static void put_titles(struct retort_buffer *out, const struct panel *panel)
{
    retort_buffer_format(
        out, "<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">predicted probability</text>\n",
        x_of(panel, 0.5), panel->top + SIDE + 30);
    retort_buffer_format(out,
                         "<text class=\"middle\" transform=\"translate(%.1f "
                         "%.1f)rotate(-90)\">observed share</text>\n",
                         panel->left - 32, y_of(panel, 0.5));
}

/* The label's name, and what its error is in one number. */
static void put_caption(struct retort_buffer *out, const struct panel *panel,
                        const struct retort_label *label, const struct retort_json *figures,
                        const struct retort_json *spread)
{
    retort_buffer_format(out, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">", panel->left,
                         panel->top - 24);
    put_escaped(out, retort_span_of(label->name));
    retort_buffer_format(
        out, "</text>\n<text class=\"note\" x=\"%.1f\" y=\"%.1f\">ECE %.3f ± %.3f, %s</text>\n",
        panel->left, panel->top - 9, number(figures, "ece"), number(spread, "ece"),
        retort_link_name(label->link));
}

static void put_way(struct retort_buffer *out, const struct panel *panel,
                    const struct retort_json *bins)
{
    retort_buffer_text(out, "<path class=\"way\" d=\"");
    for (size_t i = 0; i < retort_json_length(bins); i++) {
        const struct retort_json *bin = retort_json_at(bins, i);
        retort_buffer_format(out, "%c%.1f %.1f", i ? 'L' : 'M', x_of(panel, number(bin, "p")),
                             y_of(panel, number(bin, "yes")));
    }
    retort_buffer_text(out, "\"/>\n");
}

/* Where the count stands: below and behind the point, where the line does not run as long as it
 * rises; near the right edge before it, on the side of the even line that the point is on. */
static void put_bin_count(struct retort_buffer *out, const struct panel *panel,
                          const struct retort_json *bin)
{
    double p = number(bin, "p");
    bool under = number(bin, "yes")<p, before = p>(under ? 0.88 : 0.75);
    double x = x_of(panel, p) + (before ? -6 : 7);
    double y = y_of(panel, number(bin, "yes")) + (before && !under ? -4 : before ? 11 : 9);
    y = fmin(fmax(y, panel->top + 10), panel->top + SIDE - 3);
    retort_buffer_format(out, "<text class=\"count%s\" x=\"%.1f\" y=\"%.1f\">",
                         before ? " end" : "", x, y);
    put_count(out, number(bin, "n"));
    retort_buffer_text(out, "</text>\n");
}

static void put_bin(struct retort_buffer *out, const struct panel *panel,
                    const struct retort_json *bin)
{
    double p = number(bin, "p"), yes = number(bin, "yes"), x = x_of(panel, p);
    retort_buffer_format(out, "<path class=\"bar\" d=\"M%.1f %.1fV%.1f\"/>\n", x,
                         y_of(panel, number(bin, "low")), y_of(panel, number(bin, "high")));
    retort_buffer_format(out, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.6\"><title>",
                         x, y_of(panel, yes));
    retort_buffer_format(out,
                         "predicted %.3f, observed %.3f (%.3f to %.3f), of %.0f</title></circle>\n",
                         p, yes, number(bin, "low"), number(bin, "high"), number(bin, "n"));
}

static void put_panel(struct retort_buffer *out, const struct retort_model *model, size_t label,
                      const struct retort_json *card, size_t n_columns)
{
    const struct retort_label *named = retort_model_label(model, label);
    const struct retort_json *figures =
        member(member(member(card, "cross_validated"), "labels"), named->name);
    const struct retort_json *spread =
        member(member(member(card, "spread_over_folds"), "labels"), named->name);
    const struct retort_json *bins = member(figures, "bins");
    const struct panel panel = {
        .left = MARGIN + LEFT + (double)(label % n_columns) * PANEL_WIDTH,
        .top = HEAD + TOP + (double)(label / n_columns) * PANEL_HEIGHT,
    };
    put_caption(out, &panel, named, figures, spread);
    put_axes(out, &panel);
    put_titles(out, &panel);
    put_way(out, &panel, bins);
    for (size_t i = 0; i < retort_json_length(bins); i++)
        put_bin(out, &panel, retort_json_at(bins, i));
    for (size_t i = 0; i < retort_json_length(bins); i++) /* above all the points */
        put_bin_count(out, &panel, retort_json_at(bins, i));
}

/* ---- the picture ---- */

static void put_head(struct retort_buffer *out, const struct retort_model *model,
                     const struct retort_json *card)
{
    const struct retort_json *figures = member(card, "cross_validated");
    retort_buffer_format(
        out,
        "<title>Reliability of the model %s</title>\n"
        "<rect class=\"paper\" width=\"100%%\" height=\"100%%\"/>\n"
        "<text class=\"head\" x=\"%d\" y=\"28\">%s: predicted and observed</text>\n",
        retort_model_task(model), MARGIN + 8, retort_model_task(model));
    retort_buffer_format(out,
                         "<text class=\"note\" x=\"%d\" y=\"46\">%.0f examples, out of fold; bars: "
                         "95 %% intervals; beside the points: how many%s</text>\n",
                         MARGIN + 8, number(figures, "items"),
                         member(card, "prevalence") ? "; weighed to the stated prevalence" : "");
}

bool cli_plot(const struct retort_model *model, struct retort_buffer *out,
              struct retort_error *error)
{
    struct retort_json *card = retort_json_parse(retort_model_card(model), error);
    size_t n_labels = retort_model_n_labels(model);
    size_t n_columns = n_labels < MOST_COLUMNS ? n_labels : MOST_COLUMNS;
    size_t n_rows = (n_labels + n_columns - 1) / n_columns;
    size_t width = 2 * MARGIN + n_columns * PANEL_WIDTH;
    size_t height = HEAD + n_rows * PANEL_HEIGHT + MARGIN;
    const struct retort_json *labels = member(member(card, "cross_validated"), "labels");
    if (!member(member(labels, retort_model_label(model, 0)->name), "bins")) {
        retort_json_free(card);
        return retort_fail(error, RETORT_REFUSED,
                           "its card does not tell what to plot; train the model again");
    }
    retort_buffer_format(out,
                         "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
                         "viewBox=\"0 0 %zu %zu\">\n<style>\n",
                         width, height, width, height);
    retort_buffer_put(out, (struct retort_span){STYLE, sizeof STYLE});
    retort_buffer_text(out, "</style>\n");
    put_head(out, model, card);
    for (size_t l = 0; l < n_labels; l++)
        put_panel(out, model, l, card, n_columns);
    retort_buffer_text(out, "</svg>\n");
    retort_json_free(card);
    return true;
}
