#include "report/made.h"

#include <math.h>
#include <string.h>

enum { MOST_SECTIONS = 8 };

static struct retort_estimate about(double value, double low, double high)
{
    return (struct retort_estimate){value, low, high};
}

struct retort_report *made_empty(void)
{
    struct retort_report *report = retort_grow(NULL, 1, sizeof *report);
    *report = (struct retort_report){.seed = 7, .n_resamples = 1000};
    report->title = RETORT_SPAN("Discourse in harbour.db");
    report->subtitle = RETORT_SPAN("12,345 comments of 67 threads, the newest stored 2026-11-02");
    report->sections = RETORT_NEW(&report->arena, struct report_section, MOST_SECTIONS);
    return report;
}

struct report_section *made_section(struct retort_report *report, const char *id, const char *title)
{
    struct report_section *section = &report->sections[report->n_sections++];
    *section = (struct report_section){.id = id, .title = title};
    return section;
}

/* ---- shares by group and label ---- */

static const struct report_column SHARES[] = {
    {"group", "page", 0},        {"label", "label", 0},         {"n", "comments", 0},
    {"raw", "as counted", 0},    {"corrected", "corrected", 0}, {"decided", "by people", 0},
    {"how", "how corrected", 0},
};
enum { GROUP, LABEL, N, RAW, CORRECTED, DECIDED, HOW, N_SHARES };

static void add_share(struct retort_report *report, struct report_table *table, const char *group,
                      const char *label, struct retort_estimate corrected)
{
    struct report_cell *row = report_add_row(report, table);
    row[GROUP] = report_words(group);
    row[LABEL] = report_words(label);
    row[N] = report_count(1234567);
    row[RAW] = report_share(about(corrected.value + 0.0312, NAN, NAN));
    row[CORRECTED] = report_share(corrected);
    row[DECIDED] = report_nothing("Nothing was drawn at random here; retort sample draws.");
    row[HOW] = report_words("PACC");
}

static void fill_shares(struct retort_report *report)
{
    struct report_section *section = made_section(report, "prevalence", "How common each label is");
    struct report_table *table = report_add_table(report, section, "prevalence-stance",
                                                  "Stance by page & label", SHARES, N_SHARES);
    table->plot = REPORT_DOTS;
    table->plot_label = GROUP;
    table->plot_series = LABEL;
    table->plot_value = CORRECTED;
    static const char *const GROUPS[] = {"harbour.html", "<b>\"Bold\" & Sons_100%</b>",
                                         "\xE2\x80\xAE"
                                         "evil\x1B[31m\x07\nname\xFF",
                                         "Ünïcödé 港口 ⚓"};
    for (size_t i = 0; i < 4; i++) {
        double shift = 0.02 * (double)i;
        add_share(report, table, GROUPS[i], "against",
                  about(.41 + shift, .382 + shift, .44 + shift));
        add_share(report, table, GROUPS[i], "favor",
                  about(.125 - shift, .093 - shift, .158 - shift));
        add_share(report, table, GROUPS[i], "none", about(.465, .432, .497));
    }
    table->cells[CORRECTED] = report_share(about(NAN, NAN, NAN));
    report_add_note(report, table, "Shares of the comments that are labelled; %s.", "x < y & z");
    report_add_finding(report, section, "Against is %s by 28 points: 41.0 %% [38.2, 44.0].",
                       "more common than favor");
}

/* ---- effects, lines, odd figures ---- */

static void fill_effects(struct retort_report *report)
{
    static const struct report_column COLUMNS[] = {
        {"label", "label", 0}, {"h", "Cohen's h", 2}, {"p", "p", 0}, {"holm", "p (Holm)", 0}};
    struct report_section *section = made_section(report, "comparison", "Two groups compared");
    struct report_table *table =
        report_add_table(report, section, "comparison-tone", "Tone, before and after", COLUMNS, 4);
    static const char *const LABELS[] = {"toxic", "polite", "angry"};
    table->plot = REPORT_FLOOR;
    table->plot_label = 0;
    table->plot_value = 1;
    for (size_t i = 0; i < 3; i++) {
        double h = 0.3 - 0.25 * (double)i;
        struct report_cell *row = report_add_row(report, table);
        row[0] = report_words(LABELS[i]);
        row[1] = report_number(about(h, h - 0.11, h + 0.12));
        row[2] = report_p(i ? 0.0472 : 0.0000004);
        row[3] = i == 2 ? report_nothing("–") : report_p(0.0944);
    }
}

static void fill_lines(struct retort_report *report)
{
    static const struct report_column COLUMNS[] = {
        {"day", "day", 0}, {"label", "label", 0}, {"share", "share", 0}};
    static const char *const DAYS[] = {"1 May", "2 May", "3 May", "4 May", "5 May", "6 May"};
    struct report_section *section = made_section(report, "threads", "What changes along threads");
    struct report_table *table = report_add_table(report, section, "tone-by-day",
                                                  "Toxic and angry comments by day", COLUMNS, 3);
    table->plot = REPORT_LINES;
    table->plot_label = 0;
    table->plot_series = 1;
    table->plot_value = 2;
    for (size_t i = 0; i < 12; i++) {
        double share = 0.0125 + 0.004 * (double)((i * 7) % 5) + 0.02 * (double)(i % 2);
        struct report_cell *row = report_add_row(report, table);
        row[0] = report_words(DAYS[i / 2]);
        row[1] = report_words(i % 2 ? "angry" : "toxic");
        row[2] = i == 4 ? report_nothing("Nobody wrote on this day.")
                        : report_share(about(share, share - 0.008, share + 0.009));
    }
    report_add_finding(report, section, "Toxic comments become no more common along a thread.");
}

struct retort_report *made_report(void)
{
    struct retort_report *report = made_empty();
    fill_shares(report);
    fill_effects(report);
    fill_lines(report);
    report_add_method(report, "bella2010,forman2008",
                      "Shares are corrected by the model's errors (PACC).");
    report_add_method(report, "efron1993", "Intervals are of %zu bootstrap samples of threads.",
                      report->n_resamples);
    return report;
}
