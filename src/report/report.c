/* The report: one row a section, one row a format. */
#include "report/gather.h"

#include <stdlib.h>
#include <string.h>

static const struct section {
    const char *id, *title;
    report_section_fill *fill;
} SECTIONS[] = {
    {"overview", "What this is about", report_overview},
    {"prevalence", "How common each label is", report_prevalence},
    {"polarity", "How far apart people stand", report_polarity},
    {"threads", "What changes along threads", report_threads},
    {"network", "Who answers whom", report_network},
    {"comparison", "Two groups compared", report_comparison},
    {"words", "Words that set groups apart", report_words_told},
    {"transparency", "Models and people", report_transparency},
};
enum { N_SECTIONS = sizeof SECTIONS / sizeof *SECTIONS };

/* Is the name in a list with commas between? */
static bool is_listed(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, len) == 0 && (at[len] == ',' || at[len] == 0))
            return true;
    return false;
}

/* A name that is none is a slip of the pen. */
static bool check_sections(const char *wanted, struct retort_error *error)
{
    for (const char *at = wanted; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        size_t len = strcspn(at, ","), i = 0;
        while (i < N_SECTIONS &&
               !(strlen(SECTIONS[i].id) == len && memcmp(at, SECTIONS[i].id, len) == 0))
            i++;
        if (i == N_SECTIONS)
            return retort_fail(
                error, RETORT_USAGE,
                "--section: \"%.*s\" is none; there are overview, prevalence, polarity, threads, "
                "network, comparison, words and transparency",
                (int)len, at);
    }
    return true;
}

/* A task that nothing is labelled for, too. */
bool report_check_task(const struct report_work *work, struct retort_error *error)
{
    const char *task = work->request->task;
    if (!task || report_task_named(work->data, task))
        return true;
    if (work->data->too_wide && strcmp(work->data->too_wide, task) == 0)
        return retort_fail(error, RETORT_INPUT, "--task: %s has more labels than a report can tell",
                           task);
    struct retort_buffer known = {0};
    for (size_t t = 0; t < work->data->n_tasks; t++)
        retort_buffer_format(&known, "%s%s", t ? ", " : "", work->data->tasks[t].model->task);
    retort_fail(error, RETORT_USAGE, "--task: nothing is labelled for \"%s\" here, but for %.*s",
                task, (int)known.len, (const char *)known.data);
    retort_buffer_release(&known);
    return false;
}

static bool fill_sections(struct report_work *work, struct retort_error *error)
{
    const char *wanted = work->request->section;
    struct retort_report *report = work->report;
    report->sections = RETORT_NEW(&report->arena, struct report_section, N_SECTIONS);
    struct retort_progress progress;
    bool filled = true;
    report_title(work);
    report_methods(work);
    retort_progress_begin(&progress, "measuring", N_SECTIONS, work->request->quiet);
    for (size_t i = 0; filled && i < N_SECTIONS; i++) {
        retort_progress_step(&progress, i);
        if (wanted && !is_listed(wanted, SECTIONS[i].id))
            continue;
        struct report_section *section = &report->sections[report->n_sections];
        *section = (struct report_section){.id = SECTIONS[i].id, .title = SECTIONS[i].title};
        filled = SECTIONS[i].fill(work, section, error);
        report->n_sections += section->n_tables + section->n_findings > 0;
    }
    retort_progress_end(&progress);
    return filled;
}

bool retort_report_make(struct retort_store *store, const struct retort_report_request *request,
                        struct retort_report **report, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct report_data data = {0};
    *report = retort_grow(NULL, 1, sizeof **report);
    **report = (struct retort_report){
        .seed = request->seed,
        .n_resamples = request->n_resamples ? request->n_resamples : RETORT_REPORT_RESAMPLES,
    };
    struct report_work work = {store, request, *report, &data, &arena};
    bool made = check_sections(request->section, error) && report_gather(&work, &data, error) &&
                report_check_task(&work, error) && fill_sections(&work, error);
    retort_store_rollback(store);
    report_data_release(&data);
    retort_arena_release(&arena);
    if (!made) {
        retort_report_free(*report);
        *report = NULL;
    }
    return made;
}

void retort_report_free(struct retort_report *report)
{
    if (!report)
        return;
    retort_arena_release(&report->arena);
    free(report);
}

void retort_report_write(const struct retort_report *report, const struct retort_report_look *look,
                         struct retort_buffer *out)
{
    switch (look->format) {
    case RETORT_REPORT_TEXT:
        report_write_text(report, look, out);
        break;
    case RETORT_REPORT_JSON:
        report_write_json(report, out);
        break;
    case RETORT_REPORT_CSV:
        report_write_csv(report, out);
        break;
    case RETORT_REPORT_LATEX:
        report_write_latex(report, out);
        break;
    case RETORT_REPORT_HTML:
        report_write_html(report, out);
        break;
    case RETORT_REPORT_BIB:
        report_write_bib(report, out);
        break;
    }
}
