/* The report as one page: no script, no font, no picture from elsewhere, and a policy that forbids
 * them, whatever a name on it says. Colours follow the reader's light or dark mode; on paper it is
 * light. */
#include "report/html.h"
#include "report/sources.h"

static const uint8_t STYLE[] = {
#include "embed/report/report.css.h"
};

/* ---- head and contents ---- */

static void put_head(struct retort_buffer *out, const struct retort_report *report)
{
    retort_buffer_text(
        out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"generator\" content=\"retort " RETORT_VERSION "\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<title>");
    html_put(out, report->title);
    retort_buffer_text(out, "</title>\n<style>\n");
    retort_buffer_put(out, (struct retort_span){STYLE, sizeof STYLE});
    retort_buffer_text(out, "</style>\n</head>\n<body>\n<header>\n<h1>");
    html_put(out, report->title);
    retort_buffer_text(out, "</h1>\n<p class=\"subtitle\">");
    html_put(out, report->subtitle);
    retort_buffer_text(out, "</p>\n</header>\n");
}

static void put_link(struct retort_buffer *out, const char *id, const char *title)
{
    retort_buffer_format(out, "<li><a href=\"#%s\">", id);
    html_put_words(out, title);
    retort_buffer_text(out, "</a></li>\n");
}

static void put_contents(struct retort_buffer *out, const struct retort_report *report,
                         size_t n_sources)
{
    retort_buffer_text(out, "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>"
                            "\n<ol>\n");
    for (size_t i = 0; i < report->n_sections; i++)
        put_link(out, report->sections[i].id, report->sections[i].title);
    if (report->n_methods > 0)
        put_link(out, "methods", "Methods");
    if (n_sources > 0)
        put_link(out, "references", "References");
    retort_buffer_text(out, "</ol>\n</nav>\n");
}

static void put_title(struct retort_buffer *out, const char *id, const char *title)
{
    retort_buffer_format(out,
                         "<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
                         "<h2 id=\"%s-title\">",
                         id, id, id);
    html_put_words(out, title);
    retort_buffer_text(out, "</h2>\n");
}

/* ---- sections ---- */

static void put_summary(struct retort_buffer *out, const struct retort_report *report)
{
    if (!report_has_summary(report->sections, report->n_sections))
        return;
    put_title(out, "summary", "In short");
    retort_buffer_text(out, "<ul class=\"findings\">\n");
    for (size_t i = 0; i < report->n_sections; i++) {
        if (report->sections[i].n_findings == 0)
            continue;
        retort_buffer_format(out, "<li><a href=\"#%s\">", report->sections[i].id);
        html_put_words(out, report->sections[i].title);
        retort_buffer_text(out, "</a>: ");
        html_put(out, report->sections[i].findings[0]);
        retort_buffer_text(out, "</li>\n");
    }
    retort_buffer_text(out, "</ul>\n</section>\n");
}

static void put_section(struct retort_buffer *out, const struct report_section *section)
{
    put_title(out, section->id, section->title);
    retort_buffer_text(out, section->n_findings ? "<ul class=\"findings\">\n" : "");
    for (size_t i = 0; i < section->n_findings; i++) {
        retort_buffer_text(out, "<li>");
        html_put(out, section->findings[i]);
        retort_buffer_text(out, "</li>\n");
    }
    retort_buffer_text(out, section->n_findings ? "</ul>\n" : "");
    for (size_t i = 0; i < section->n_tables; i++)
        html_put_table(out, &section->tables[i]);
    retort_buffer_text(out, "</section>\n");
}

/* A sentence; its sources before its full stop, each a link to the reference. */
static void put_method(struct retort_buffer *out, const struct report_method *method)
{
    struct retort_span sentence = method->sentence, key;
    struct report_source source;
    bool stop = sentence.len > 0 && sentence.data[sentence.len - 1] == '.', any = false;
    html_put(out, retort_span_slice(sentence, 0, sentence.len - stop));
    for (const char *list = method->sources; report_next_key(&list, &key);) {
        struct retort_buffer name = {0};
        if (!report_source_find(key, &source))
            continue;
        report_source_put_short(&name, &source);
        retort_buffer_format(out, "%s<a href=\"#ref-%.*s\">", any ? "; " : " (", (int)key.len,
                             (const char *)key.data);
        html_put(out, retort_buffer_span(&name));
        retort_buffer_text(out, "</a>");
        retort_buffer_release(&name);
        any = true;
    }
    retort_buffer_text(out, any ? ")" : "");
    retort_buffer_text(out, stop ? ".\n" : "\n");
}

static void put_models(struct retort_buffer *out, const struct retort_report *report)
{
    retort_buffer_text(out,
                       report->n_models ? "<p>The models’ files, by SHA-256:</p>\n<ul>\n" : "");
    for (size_t i = 0; i < report->n_models; i++) {
        retort_buffer_text(out, "<li>");
        html_put(out, report->models[i].task);
        retort_buffer_text(out, ": <span class=\"hash\">");
        html_put(out, report->models[i].hash);
        retort_buffer_text(out, "</span></li>\n");
    }
    retort_buffer_text(out, report->n_models ? "</ul>\n" : "");
}

static void put_methods(struct retort_buffer *out, const struct retort_report *report)
{
    if (report->n_methods == 0)
        return;
    put_title(out, "methods", "Methods");
    retort_buffer_text(out, "<p>");
    for (size_t i = 0; i < report->n_methods; i++)
        put_method(out, &report->methods[i]);
    retort_buffer_text(out, "</p>\n");
    put_models(out, report);
    retort_buffer_text(out, "</section>\n");
}

static void put_references(struct retort_buffer *out, const struct report_source *sources, size_t n)
{
    if (n == 0)
        return;
    put_title(out, "references", "References");
    retort_buffer_text(out, "<ol class=\"references\">\n");
    for (size_t i = 0; i < n; i++) {
        struct retort_buffer reference = {0};
        report_source_put_long(&reference, &sources[i]);
        retort_buffer_format(out, "<li id=\"ref-%.*s\">", (int)sources[i].key.len,
                             (const char *)sources[i].key.data);
        html_put(out, retort_buffer_span(&reference));
        retort_buffer_text(out, "</li>\n");
        retort_buffer_release(&reference);
    }
    retort_buffer_text(out, "</ol>\n</section>\n");
}

void report_write_html(const struct retort_report *report, struct retort_buffer *out)
{
    struct retort_arena arena = {0};
    struct report_source *sources;
    size_t n_sources = report_sources_cited(report, &arena, &sources);
    put_head(out, report);
    put_contents(out, report, n_sources);
    retort_buffer_text(out, "<main>\n");
    put_summary(out, report);
    for (size_t i = 0; i < report->n_sections; i++)
        put_section(out, &report->sections[i]);
    put_methods(out, report);
    put_references(out, sources, n_sources);
    retort_buffer_text(out, "</main>\n<footer>Written by retort " RETORT_VERSION ".</footer>\n"
                            "</body>\n</html>\n");
    retort_arena_release(&arena);
}
