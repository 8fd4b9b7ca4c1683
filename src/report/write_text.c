/* The report for a terminal: findings first, then tables as wide as there is room. */
#include "report/sources.h"
#include "report/text.h"

enum { LEAST_COLUMNS = 24, MOST_LINE = 100 };

/* ---- pieces ---- */

const char *text_style(const struct text_sheet *sheet, enum text_style style)
{
    static const char *const CODES[] = {"\033[0m", "\033[1m", "\033[2m", "\033[1;36m"};
    return sheet->colour ? CODES[style] : "";
}

void text_repeat(struct retort_buffer *out, const char *what, size_t n)
{
    while (n-- > 0)
        retort_buffer_text(out, what);
}

void text_put_paragraph(const struct text_sheet *sheet, const char *mark, enum text_style style,
                        struct retort_span text)
{
    size_t indent = report_width(retort_span_of(mark)), begin = sheet->out->len;
    size_t columns = sheet->columns < MOST_LINE ? sheet->columns : MOST_LINE;
    struct retort_buffer clean = {0};
    report_put_clean(&clean, text);
    struct retort_span rest = retort_buffer_span(&clean), line;
    while (report_next_line(&rest, columns > indent + 8 ? columns - indent : 8, &line)) {
        if (sheet->out->len == begin)
            retort_buffer_text(sheet->out, mark);
        else
            text_repeat(sheet->out, " ", indent);
        retort_buffer_text(sheet->out, style == TEXT_PLAIN ? "" : text_style(sheet, style));
        retort_buffer_put(sheet->out, line);
        retort_buffer_text(sheet->out, style == TEXT_PLAIN ? "" : text_style(sheet, TEXT_PLAIN));
        retort_buffer_byte(sheet->out, '\n');
    }
    retort_buffer_release(&clean);
}

/* ---- the report ---- */

static void put_section(const struct text_sheet *sheet, const struct report_section *section)
{
    retort_buffer_byte(sheet->out, '\n');
    text_put_paragraph(sheet, "", TEXT_HEADING, retort_span_of(section->title));
    for (size_t i = 0; i < section->n_findings; i++)
        text_put_paragraph(sheet, "• ", TEXT_PLAIN, section->findings[i]);
    for (size_t i = 0; i < section->n_tables; i++) {
        retort_buffer_byte(sheet->out, '\n');
        text_put_table(sheet, &section->tables[i]);
    }
}

static void put_summary(const struct text_sheet *sheet, const struct retort_report *report)
{
    if (!report_has_summary(report->sections, report->n_sections))
        return;
    retort_buffer_byte(sheet->out, '\n');
    text_put_paragraph(sheet, "", TEXT_HEADING, RETORT_SPAN("In short"));
    for (size_t i = 0; i < report->n_sections; i++)
        if (report->sections[i].n_findings > 0)
            text_put_paragraph(sheet, "• ", TEXT_PLAIN, report->sections[i].findings[0]);
}

static void put_methods(const struct text_sheet *sheet, const struct retort_report *report)
{
    struct retort_buffer paragraph = {0};
    for (size_t i = 0; i < report->n_methods; i++) {
        retort_buffer_text(&paragraph, i ? " " : "");
        report_put_method(&paragraph, &report->methods[i]);
    }
    if (report->n_methods > 0) {
        retort_buffer_byte(sheet->out, '\n');
        text_put_paragraph(sheet, "", TEXT_HEADING, RETORT_SPAN("Methods"));
        text_put_paragraph(sheet, "", TEXT_PLAIN, retort_buffer_span(&paragraph));
    }
    retort_buffer_release(&paragraph);
}

void report_write_text(const struct retort_report *report, const struct retort_report_look *look,
                       struct retort_buffer *out)
{
    size_t columns = look->columns > LEAST_COLUMNS ? look->columns : LEAST_COLUMNS;
    const struct text_sheet sheet = {out, columns, look->colour};
    text_put_paragraph(&sheet, "", TEXT_BOLD, report->title);
    text_put_paragraph(&sheet, "", TEXT_DIM, report->subtitle);
    put_summary(&sheet, report);
    for (size_t i = 0; i < report->n_sections; i++)
        put_section(&sheet, &report->sections[i]);
    put_methods(&sheet, report);
}
