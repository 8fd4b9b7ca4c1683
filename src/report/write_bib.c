/* What a paper that prints the report has to cite, as BibTeX: the papers that its methods stand on,
 * the program and the models, these by their hashes. */
#include "report/figures.h"
#include "report/sources.h"

/* Text within braces: without what would close them or begin a command. */
static void put_braced(struct retort_buffer *out, struct retort_span text)
{
    struct retort_buffer clean = {0};
    report_put_clean(&clean, text);
    for (size_t i = 0; i < clean.len; i++) {
        uint8_t byte = clean.data[i];
        if (memchr("&%$#_", byte, 5))
            retort_buffer_byte(out, '\\');
        retort_buffer_byte(out, memchr("{}\\~^\"@", byte, 7) ? ' ' : byte);
    }
    retort_buffer_release(&clean);
}

static void put_model(struct retort_buffer *out, const struct report_model *model)
{
    enum { DIGITS = 12 };
    retort_buffer_text(out, "\n@misc{retort-");
    for (size_t i = 0; i < model->task.len; i++)
        if (memchr("abcdefghijklmnopqrstuvwxyz0123456789-", model->task.data[i] | 0x20, 37))
            retort_buffer_byte(out, model->task.data[i] | 0x20);
    retort_buffer_byte(out, '-');
    retort_buffer_put(out, retort_span_slice(model->hash, 0, DIGITS));
    retort_buffer_text(out, ",\n  author = {{retort}},\n  title = {Model for the task ");
    put_braced(out, model->task);
    retort_buffer_text(out, "},\n  note = {SHA-256 ");
    put_braced(out, model->hash);
    retort_buffer_text(out, model->merit.len ? "; " : "");
    put_braced(out, model->merit);
    retort_buffer_text(out, "},\n}\n");
}

void report_write_bib(const struct retort_report *report, struct retort_buffer *out)
{
    struct retort_arena arena = {0};
    struct report_source *sources;
    size_t n = report_sources_cited(report, &arena, &sources);
    for (size_t i = 0; i < n; i++) {
        retort_buffer_put(out, sources[i].entry);
        retort_buffer_text(out, "\n\n");
    }
    retort_buffer_text(out, "@misc{retort,\n  author = {{retort}},\n  title = {{retort}: "
                            "Discourse Measured from Stored Labels},\n  note = {Version " //
                       RETORT_VERSION "},\n}\n");
    for (size_t i = 0; i < report->n_models; i++)
        put_model(out, &report->models[i]);
    retort_arena_release(&arena);
}
