/* The report as LaTeX: a document that pdflatex, XeLaTeX and LuaLaTeX set as it stands, with tables
 * by booktabs and longtable that can be taken out of it one by one. Numbers are set as they are:
 * all rows of a column have as many decimals, so that right is aligned. */
#include "report/latex.h"
#include "report/sources.h"

static const char HEAD[] = "\\documentclass{article}\n"
                           "\\usepackage[margin=2.5cm]{geometry}\n"
                           "\\usepackage{iftex}\n"
                           "\\ifPDFTeX\n"
                           "  \\usepackage[T1]{fontenc}\n"
                           "  \\usepackage[utf8]{inputenc}\n"
                           "  \\usepackage{textcomp}\n"
                           "  \\newcommand{\\retortchar}[1]{\\texttt{U+#1}}\n"
                           "\\else\n"
                           "  \\usepackage{fontspec}\n"
                           "  \\newcommand{\\retortchar}[1]{\\symbol{\"#1}}\n"
                           "\\fi\n"
                           "\\usepackage{array}\n"
                           "\\usepackage{booktabs}\n"
                           "\\usepackage{longtable}\n"
                           "\\setlength{\\tabcolsep}{4pt}\n";

/* ---- tables ---- */

enum { NARROW = 24, HEAD_COLUMNS = 12 };

struct latex_table {
    const struct report_table *table;
    struct report_form *forms;
    struct report_reasons reasons;
    struct retort_arena arena;
};

/* Of what stands in the column's cells. */
static size_t widest(const struct latex_table *set, size_t column)
{
    size_t most = 0;
    for (size_t row = 0; row < set->table->n_rows; row++) {
        const struct report_cell *cell = report_cell_at(set->table, row, column);
        bool below = report_reason_at(&set->reasons, cell) != SIZE_MAX;
        size_t width = below ? 1 : report_width(cell->text);
        most = width > most ? width : most;
    }
    return most;
}

/* Many words are wrapped; an interval is a column of its own. */
static void put_shape(struct retort_buffer *out, const struct latex_table *set)
{
    retort_buffer_text(out, "{@{}");
    for (size_t i = 0; i < set->table->n_columns; i++) {
        bool wrapped = set->forms[i].is_text && widest(set, i) > NARROW;
        retort_buffer_text(out, !set->forms[i].is_text ? "r"
                                : wrapped              ? ">{\\raggedright\\arraybackslash}p{3.6cm}"
                                                       : "l");
        retort_buffer_text(out, set->forms[i].has_interval ? "@{\\ }r" : "");
    }
    retort_buffer_text(out, "@{}}\n");
}

/* A head on as many lines as it needs, at the bottom. */
static void put_head(struct retort_buffer *out, const struct report_form *form, const char *head)
{
    struct retort_span rest = retort_span_of(head), line;
    const char *side = form->is_text ? "l" : "r";
    bool stacked = report_width(rest) > HEAD_COLUMNS;
    retort_buffer_format(out, "\\multicolumn{%d}{%s}{", form->has_interval ? 2 : 1, side);
    if (stacked)
        retort_buffer_format(out, "\\begin{tabular}[b]{@{}%s@{}}", side);
    for (size_t n = 0; report_next_line(&rest, HEAD_COLUMNS, &line); n++) {
        retort_buffer_text(out, n ? "\\\\" : "");
        latex_put(out, line);
    }
    retort_buffer_text(out, stacked ? "\\end{tabular}}" : "}");
}

static void put_heads(struct retort_buffer *out, const struct latex_table *set)
{
    retort_buffer_text(out, "\\toprule\n");
    for (size_t i = 0; i < set->table->n_columns; i++) {
        retort_buffer_text(out, i ? " &\n" : "");
        put_head(out, &set->forms[i], set->table->columns[i].head);
    }
    retort_buffer_text(out, " \\\\\n\\midrule\n");
}

static void put_bounds(struct retort_buffer *out, const struct report_cell *cell, int decimals)
{
    struct retort_buffer said = {0};
    if (report_has_interval(cell)) {
        retort_buffer_byte(&said, '[');
        report_put_bound(&said, cell, cell->low, decimals);
        retort_buffer_text(&said, ", ");
        report_put_bound(&said, cell, cell->high, decimals);
        retort_buffer_byte(&said, ']');
    }
    latex_put(out, retort_buffer_span(&said));
    retort_buffer_release(&said);
}

static void put_cell(struct retort_buffer *out, const struct latex_table *set,
                     const struct report_cell *cell, const struct report_form *form)
{
    struct retort_buffer said = {0};
    size_t reason = report_reason_at(&set->reasons, cell);
    report_put_value(&said, cell, form->decimals);
    if (reason != SIZE_MAX) {
        retort_buffer_text(out, "\\textendash\\textsuperscript{");
        report_put_mark(out, reason);
        retort_buffer_byte(out, '}');
    } else {
        latex_put(out, report_has_figure(cell) ? retort_buffer_span(&said) : cell->text);
    }
    retort_buffer_release(&said);
    if (form->has_interval) {
        retort_buffer_text(out, " & ");
        put_bounds(out, cell, form->decimals);
    }
}

/* {} first: a row that begins with [ or * would be an argument of the \\ before it. */
static void put_row(struct retort_buffer *out, const struct latex_table *set, size_t row)
{
    retort_buffer_text(out, "{}");
    for (size_t i = 0; i < set->table->n_columns; i++) {
        retort_buffer_text(out, i ? " & " : "");
        put_cell(out, set, report_cell_at(set->table, row, i), &set->forms[i]);
    }
    retort_buffer_text(out, " \\\\\n");
}

static void put_below(struct retort_buffer *out, const struct latex_table *set)
{
    for (size_t i = 0; i < set->reasons.n; i++) {
        retort_buffer_text(out, "\n\\noindent\\textsuperscript{");
        report_put_mark(out, i);
        retort_buffer_text(out, "} ");
        latex_put(out, set->reasons.why[i]);
        retort_buffer_byte(out, '\n');
    }
    for (size_t i = 0; i < set->table->n_notes; i++) {
        retort_buffer_text(out, "\n\\noindent ");
        latex_put(out, set->table->notes[i]);
        retort_buffer_byte(out, '\n');
    }
}

/* A table without rows is its title and what its notes say. */
static void put_untabled(struct retort_buffer *out, const struct latex_table *set)
{
    retort_buffer_text(out, "\n\\paragraph{");
    latex_put(out, set->table->title);
    retort_buffer_text(out, "}\n");
    put_below(out, set);
}

static size_t value_width(const struct latex_table *set, size_t column)
{
    size_t most = 0;
    for (size_t row = 0; row < set->table->n_rows; row++) {
        struct retort_buffer said = {0};
        report_put_value(&said, report_cell_at(set->table, row, column),
                         set->forms[column].decimals);
        size_t width = report_width(retort_buffer_span(&said));
        most = width > most ? width : most;
        retort_buffer_release(&said);
    }
    return most;
}

/* The largest letters in which the table is about as wide as a page. */
static const char *size_of(const struct latex_table *set)
{
    enum { INTERVAL = 14, SMALL = 88, SMALLER = 108 };
    size_t width = 0;
    for (size_t i = 0; i < set->table->n_columns; i++) {
        const struct report_form *form = &set->forms[i];
        size_t cells = form->is_text ? widest(set, i) : value_width(set, i);
        size_t head = report_width(retort_span_of(set->table->columns[i].head));
        cells = cells > NARROW ? NARROW : cells;
        head = head > HEAD_COLUMNS ? HEAD_COLUMNS : head;
        cells += form->has_interval ? INTERVAL : 0;
        width += 2 + (cells > head ? cells : head);
    }
    return width <= SMALL ? "\\footnotesize" : width <= SMALLER ? "\\scriptsize" : "\\tiny";
}

static void put_set(struct retort_buffer *out, const struct latex_table *set)
{
    retort_buffer_format(out, "\n%% ---- table %s ----\n{%s\n\\begin{longtable}", set->table->id,
                         size_of(set));
    put_shape(out, set);
    retort_buffer_text(out, "\\caption{");
    latex_put(out, set->table->title);
    retort_buffer_format(out, "}\\label{tab:%s}\\\\\n", set->table->id);
    put_heads(out, set);
    retort_buffer_text(out, "\\endfirsthead\n");
    put_heads(out, set);
    retort_buffer_text(out, "\\endhead\n\\bottomrule\n\\endfoot\n");
    for (size_t row = 0; row < set->table->n_rows; row++)
        put_row(out, set, row);
    retort_buffer_text(out, "\\end{longtable}\n");
    put_below(out, set);
    retort_buffer_format(out, "\\par}\n%% ---- end of %s ----\n", set->table->id);
}

static void put_table(struct retort_buffer *out, const struct report_table *table)
{
    struct latex_table set = {.table = table};
    set.forms = RETORT_NEW(&set.arena, struct report_form, table->n_columns);
    for (size_t i = 0; i < table->n_columns; i++)
        set.forms[i] = report_form_of(table, i);
    set.reasons = report_reasons_of(table, &set.arena);
    if (table->n_rows > 0)
        put_set(out, &set);
    else
        put_untabled(out, &set);
    retort_arena_release(&set.arena);
}

/* ---- the document ---- */

static void put_section(struct retort_buffer *out, const struct report_section *section)
{
    retort_buffer_text(out, "\n\\section{");
    latex_put_words(out, section->title);
    retort_buffer_format(out, "}\\label{sec:%s}\n", section->id);
    retort_buffer_text(out, section->n_findings ? "\\begin{itemize}\n" : "");
    for (size_t i = 0; i < section->n_findings; i++) {
        retort_buffer_text(out, "\\item{} ");
        latex_put(out, section->findings[i]);
        retort_buffer_byte(out, '\n');
    }
    retort_buffer_text(out, section->n_findings ? "\\end{itemize}\n" : "");
    for (size_t i = 0; i < section->n_tables; i++)
        put_table(out, &section->tables[i]);
}

/* A sentence, \cite before its full stop. */
static void put_method(struct retort_buffer *out, const struct report_method *method)
{
    struct retort_span sentence = method->sentence, key;
    struct report_source source;
    bool stop = sentence.len > 0 && sentence.data[sentence.len - 1] == '.', any = false;
    latex_put(out, retort_span_slice(sentence, 0, sentence.len - stop));
    for (const char *list = method->sources; report_next_key(&list, &key);) {
        if (!report_source_find(key, &source))
            continue;
        retort_buffer_text(out, any ? "," : "~\\cite{");
        retort_buffer_put(out, key);
        any = true;
    }
    retort_buffer_text(out, any ? "}" : "");
    retort_buffer_text(out, stop ? ".\n" : "\n");
}

static void put_references(struct retort_buffer *out, const struct retort_report *report)
{
    struct retort_arena arena = {0};
    struct report_source *sources;
    size_t n = report_sources_cited(report, &arena, &sources);
    retort_buffer_text(out, n ? "\n\\begin{thebibliography}{99}\n" : "");
    for (size_t i = 0; i < n; i++) {
        struct retort_buffer reference = {0};
        report_source_put_long(&reference, &sources[i]);
        retort_buffer_format(out, "\\bibitem{%.*s} ", (int)sources[i].key.len,
                             (const char *)sources[i].key.data);
        latex_put(out, retort_buffer_span(&reference));
        retort_buffer_byte(out, '\n');
        retort_buffer_release(&reference);
    }
    retort_buffer_text(out, n ? "\\end{thebibliography}\n" : "");
    retort_arena_release(&arena);
}

void report_write_latex(const struct retort_report *report, struct retort_buffer *out)
{
    retort_buffer_text(out, "% Written by retort " RETORT_VERSION ".\n");
    retort_buffer_text(out, HEAD);
    retort_buffer_text(out, "\\title{");
    latex_put(out, report->title);
    retort_buffer_text(out, "}\n\\author{}\n\\date{");
    latex_put(out, report->subtitle);
    retort_buffer_text(out, "}\n\\begin{document}\n\\maketitle\n");
    for (size_t i = 0; i < report->n_sections; i++)
        put_section(out, &report->sections[i]);
    retort_buffer_text(out, report->n_methods ? "\n\\section{Methods}\n" : "");
    for (size_t i = 0; i < report->n_methods; i++)
        put_method(out, &report->methods[i]);
    put_references(out, report);
    retort_buffer_text(out, "\\end{document}\n");
}
