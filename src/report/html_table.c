/* A table for a browser, in a figure: the plot, the numbers below it, then reasons and notes. */
#include "report/html.h"

struct html_table {
    struct retort_buffer *out;
    const struct report_table *table;
    struct report_form *forms;
    struct report_reasons reasons;
    size_t n_headers; /* columns of words at the left that name a row */
    struct retort_arena arena;
};

enum { MOST_HEADERS = 2 };

/* ---- cells ---- */

/* What has no head is no header. */
static void put_head(const struct html_table *set)
{
    retort_buffer_text(set->out, "<thead><tr>");
    for (size_t i = 0; i < set->table->n_columns; i++) {
        const struct report_form *form = &set->forms[i];
        const char *head = set->table->columns[i].head, *element = *head ? "th" : "td";
        retort_buffer_format(set->out, "<%s", element);
        if (*head)
            retort_buffer_format(set->out, " scope=\"%s\"",
                                 form->has_interval ? "colgroup" : "col");
        retort_buffer_format(set->out, "%s%s>", form->has_interval ? " colspan=\"2\"" : "",
                             form->is_text ? "" : " class=\"n\"");
        html_put_words(set->out, head);
        retort_buffer_format(set->out, "</%s>", element);
    }
    retort_buffer_text(set->out, "</tr></thead>\n");
}

static void put_reason(const struct html_table *set, size_t reason)
{
    retort_buffer_format(set->out, "–<sup><a href=\"#%s-", set->table->id);
    report_put_mark(set->out, reason);
    retort_buffer_text(set->out, "\">");
    report_put_mark(set->out, reason);
    retort_buffer_text(set->out, "</a></sup>");
}

static void put_interval(const struct html_table *set, const struct report_cell *cell, int decimals)
{
    retort_buffer_text(set->out, "<td class=\"i\">");
    if (report_has_interval(cell)) {
        retort_buffer_byte(set->out, '[');
        report_put_bound(set->out, cell, cell->low, decimals);
        retort_buffer_text(set->out, ", ");
        report_put_bound(set->out, cell, cell->high, decimals);
        retort_buffer_byte(set->out, ']');
    }
    retort_buffer_text(set->out, "</td>");
}

/* Words from anywhere have their own direction. */
static void put_cell(const struct html_table *set, const struct report_cell *cell, size_t column)
{
    const struct report_form *form = &set->forms[column];
    size_t reason = report_reason_at(&set->reasons, cell);
    bool header = column < set->n_headers;
    retort_buffer_text(set->out, header          ? "<th scope=\"row\">"
                                 : form->is_text ? "<td class=\"words\">"
                                                 : "<td class=\"n\">");
    if (reason != SIZE_MAX) {
        put_reason(set, reason);
    } else if (report_has_figure(cell)) {
        report_put_value(set->out, cell, form->decimals);
    } else {
        retort_buffer_text(set->out, "<bdi>");
        html_put(set->out, cell->text);
        retort_buffer_text(set->out, "</bdi>");
    }
    retort_buffer_text(set->out, header ? "</th>" : "</td>");
    if (form->has_interval)
        put_interval(set, cell, form->decimals);
}

static void put_below(const struct html_table *set)
{
    for (size_t i = 0; i < set->reasons.n; i++) {
        retort_buffer_format(set->out, "<p class=\"note\" id=\"%s-", set->table->id);
        report_put_mark(set->out, i);
        retort_buffer_text(set->out, "\"><sup>");
        report_put_mark(set->out, i);
        retort_buffer_text(set->out, "</sup> ");
        html_put(set->out, set->reasons.why[i]);
        retort_buffer_text(set->out, "</p>\n");
    }
    for (size_t i = 0; i < set->table->n_notes; i++) {
        retort_buffer_text(set->out, "<p class=\"note\">");
        html_put(set->out, set->table->notes[i]);
        retort_buffer_text(set->out, "</p>\n");
    }
}

/* ---- the figure ---- */

static void put_rows(const struct html_table *set)
{
    retort_buffer_text(set->out, "<tbody>\n");
    for (size_t row = 0; row < set->table->n_rows; row++) {
        retort_buffer_text(set->out, "<tr>");
        for (size_t i = 0; i < set->table->n_columns; i++)
            put_cell(set, report_cell_at(set->table, row, i), i);
        retort_buffer_text(set->out, "</tr>\n");
    }
    retort_buffer_text(set->out, "</tbody>\n");
}

/* Wide tables scroll within the page, by keys, too. The caption is for those who hear the page:
 * the others see the figure's. */
static void put_scrolled(const struct html_table *set)
{
    retort_buffer_text(set->out,
                       "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_put(set->out, set->table->title);
    retort_buffer_text(set->out, "\"><table><caption class=\"heard\">");
    html_put(set->out, set->table->title);
    retort_buffer_text(set->out, "</caption>\n");
    put_head(set);
    put_rows(set);
    retort_buffer_text(set->out, "</table></div>\n");
}

static bool any_interval(const struct html_table *set)
{
    for (size_t i = 0; i < set->table->n_columns; i++)
        if (set->forms[i].has_interval)
            return true;
    return false;
}

void html_put_table(struct retort_buffer *out, const struct report_table *table)
{
    struct html_table set = {.out = out, .table = table};
    set.forms = RETORT_NEW(&set.arena, struct report_form, table->n_columns);
    for (size_t i = 0; i < table->n_columns; i++)
        set.forms[i] = report_form_of(table, i);
    set.reasons = report_reasons_of(table, &set.arena);
    while (set.n_headers < table->n_columns && set.n_headers < MOST_HEADERS &&
           set.forms[set.n_headers].is_text)
        set.n_headers++;
    retort_buffer_format(out, "<figure id=\"table-%s\"><figcaption>", table->id);
    html_put(out, table->title);
    retort_buffer_text(out, "</figcaption>\n");
    html_put_plot(out, table);
    if (table->n_rows > 0)
        put_scrolled(&set);
    if (any_interval(&set))
        retort_buffer_text(out, "<p class=\"note\">In brackets: 95 % intervals.</p>\n");
    put_below(&set);
    retort_buffer_text(out, "</figure>\n");
    retort_arena_release(&set.arena);
}
