/* network: who answers whom, and whether like answers like.
 *
 * What only counts replies is known, and has no interval; what rests on labels is corrected and has
 * one. Both stand beside what chance gives: the same people in the same threads, as often writing
 * and as often answered, but whom by whom drawn anew. So threads where only some of all people meet
 * make no community and no camp by themselves. */
#include "report/network.h"
#include "report/say.h"

#include <math.h>
#include <stdlib.h>

/* ---- what is measured ---- */

enum { RECIPROCITY, RETURNED, COMMUNITIES, N_STRUCTURE };
enum { ASSORTATIVITY, CAMPS, N_OF_CAMPS }; /* for each task */

static const char *const STRUCTURE[N_STRUCTURE] = {
    "pairs that answer each other",
    "replies that are returned",
    "modularity of communities",
};

static size_t count_measures(const struct network *network)
{
    return N_STRUCTURE + N_OF_CAMPS * network->n_camps;
}

/* community [n_authors] receives them. What is not needed any more goes first, as a million
 * comments leave little room. */
static void measure_structure(const struct network *network, const struct report_ties *ties,
                              uint32_t *community, double *values)
{
    struct retort_arena first = {0}, second = {0};
    struct retort_graph directed, both;
    report_ties_graph(network->work->data, ties, &first, &directed);
    values[RECIPROCITY] = retort_graph_reciprocity(&directed);
    values[RETURNED] = retort_graph_returned(&directed);
    retort_graph_undirect(&directed, &second, &both);
    retort_arena_release(&first);
    retort_graph_communities(&both, network->work->report->seed, community);
    values[COMMUNITIES] = retort_graph_modularity(&both, community);
    retort_arena_release(&second);
}

static void measure_camps(const struct network *network, const struct report_ties *ties,
                          double *values)
{
    struct retort_arena scratch = {0};
    for (size_t i = 0; i < network->n_camps; i++) {
        struct report_shares only = network->rates[i];
        struct report_pairs pairs = {0};
        only.n_replicates = 0;
        struct retort_pairs counted =
            report_camps_count(network->work->data, ties, &network->camps[i], &scratch);
        report_pairs_correct(&network->camps[i].ends, &counted, &only, &scratch, &pairs);
        values[N_OF_CAMPS * i + ASSORTATIVITY] =
            retort_pairs_assortativity(pairs.shares, pairs.n_labels);
        values[N_OF_CAMPS * i + CAMPS] = retort_pairs_modularity(pairs.shares, pairs.n_labels);
    }
    retort_arena_release(&scratch);
}

static void measure(const struct network *network, const struct report_ties *ties,
                    uint32_t *community, double *values)
{
    measure_structure(network, ties, community, values);
    measure_camps(network, ties, values + N_STRUCTURE);
}

/* ---- chance ---- */

/* values [n][n_measures] of networks drawn anew. */
struct chance {
    size_t n, n_measures;
    double *values;
    size_t n_movable; /* replies that could be another's */
};

/* Enough for p, and no more than what takes seconds. */
static size_t count_draws(size_t n_replies)
{
    enum { BUDGET = 10 * 1000 * 1000, LEAST = 19, MOST = 199 };
    size_t n = BUDGET / (n_replies + 1);
    return n < LEAST ? LEAST : n > MOST ? MOST : n;
}

static void draw_anew(const struct network *network, struct chance *chance)
{
    const struct report_ties *ties = &network->ties;
    const struct retort_strata threads = {ties->bounds, ties->n_bounds};
    uint64_t state = network->work->report->seed;
    struct retort_progress progress;
    *chance = (struct chance){.n = count_draws(ties->n), .n_measures = count_measures(network)};
    chance->values = RETORT_NEW(network->arena, double, chance->n * chance->n_measures);
    retort_progress_begin(&progress, "networks drawn anew", chance->n,
                          network->work->request->quiet);
    for (size_t i = 0; i < chance->n; i++) {
        struct retort_arena scratch = {0};
        struct report_ties drawn = *ties;
        drawn.to = RETORT_NEW(&scratch, uint32_t, ties->n);
        memcpy(drawn.to, ties->to, ties->n * sizeof *ties->to);
        chance->n_movable =
            retort_replies_shuffle(ties->from, drawn.to, &threads, retort_random(&state));
        uint32_t *community = RETORT_NEW(&scratch, uint32_t, network->work->data->n_authors);
        measure(network, &drawn, community, chance->values + i * chance->n_measures);
        retort_arena_release(&scratch);
        retort_progress_step(&progress, i + 1);
    }
    retort_progress_end(&progress);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median and middle 95 % of what chance gives, and how seldom it gives as much as `value`: on
 * either side, of communities only more. */
static struct retort_estimate by_chance(const struct chance *chance, size_t which, double value,
                                        double *p)
{
    double *drawn = retort_grow(NULL, chance->n, sizeof *drawn);
    size_t n = 0, n_more = 1, n_less = 1;
    for (size_t i = 0; i < chance->n; i++) {
        double one = chance->values[i * chance->n_measures + which];
        if (isnan(one))
            continue;
        drawn[n++] = one;
        n_more += one >= value - 1e-12;
        n_less += one <= value + 1e-12;
    }
    qsort(drawn, n, sizeof *drawn, by_value);
    struct retort_estimate middle = {NAN, NAN, NAN};
    if (n > 0)
        middle = (struct retort_estimate){drawn[n / 2], drawn[n / 40], drawn[n - 1 - n / 40]};
    double fewer = (double)(which != COMMUNITIES && n_less < n_more ? n_less : n_more);
    *p = n ? fmin(1, (which == COMMUNITIES ? 1 : 2) * fewer / (double)(n + 1)) : NAN;
    free(drawn);
    return middle;
}

/* ---- the tables ---- */

static const struct report_column SIZES[] = {{"what", "What", 0}, {"n", "n", 0}};

static size_t count_tied(const struct network *network)
{
    const struct retort_graph *graph = &network->directed;
    struct retort_arena scratch = {0};
    bool *tied = RETORT_NEW(&scratch, bool, graph->n_nodes);
    size_t n = 0;
    for (uint32_t node = 0; node < graph->n_nodes; node++)
        for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++)
            tied[node] = tied[graph->to[i]] = true;
    for (uint32_t node = 0; node < graph->n_nodes; node++)
        n += tied[node];
    retort_arena_release(&scratch);
    return n;
}

/* Communities of more than one. */
static size_t count_communities(const struct network *network)
{
    struct retort_arena scratch = {0};
    uint32_t *members = RETORT_NEW(&scratch, uint32_t, network->directed.n_nodes);
    size_t n = 0;
    for (uint32_t node = 0; node < network->directed.n_nodes; node++)
        n += ++members[network->community[node]] == 2;
    retort_arena_release(&scratch);
    return n;
}

static void put_sizes(const struct network *network, struct report_section *section)
{
    const struct {
        const char *what;
        uint64_t n;
    } rows[] = {
        {"people named", network->work->data->n_authors},
        {"of them, who reply to another or are replied to", count_tied(network)},
        {"replies between two of them", network->ties.n},
        {"pairs of who replies and who is replied to", network->directed.n_edges},
        {"communities of two or more", count_communities(network)},
        {"replies to oneself", network->ties.n_self},
        {"replies of or to somebody not named", network->ties.n_unknown},
    };
    struct retort_report *report = network->work->report;
    struct report_table *table =
        report_add_table(report, section, "network-size", "The network of replies", SIZES, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report_cell *row = report_add_row(report, table);
        row[0] = report_words(rows[i].what);
        row[1] = report_count(rows[i].n);
    }
}

static const struct report_column MEASURES[] = {
    {"measure", "Measure", 0}, {"value", "Value", 3}, {"chance", "By chance", 3}, {"p", "p", 0},
    {"said", "As said", 3},
};
enum { MEASURE, VALUE, CHANCE, P, SAID, N_COLUMNS };

/* What stands behind the value: chance and p. */
static void put_chance(const struct chance *chance, size_t which, double value,
                       struct report_cell *row)
{
    double p;
    struct retort_estimate middle = by_chance(chance, which, value, &p);
    if (chance->n_movable == 0)
        row[CHANCE] = report_nothing("In no thread could anybody have answered somebody else.");
    else if (!isnan(value) && !isnan(p)) {
        row[CHANCE] = report_number(middle);
        row[P] = report_p(p);
    }
}

static struct retort_span name_of(struct retort_report *report, const char *format,
                                  const char *task)
{
    struct retort_buffer name = {0};
    retort_buffer_text(&name, format);
    retort_buffer_text(&name, task);
    struct retort_span kept = retort_arena_copy(&report->arena, retort_buffer_span(&name));
    retort_buffer_release(&name);
    return kept;
}

static const char *why_no_camps(const struct report_pairs *pairs)
{
    if (!(pairs->n_pairs > 0))
        return "Of no reply are both people's comments labelled.";
    return "All have one label, or the model hardly tells its labels apart.";
}

static double assortativity(const void *context, const double *shares)
{
    return retort_pairs_assortativity(shares, *(const size_t *)context);
}

static double modularity(const void *context, const double *shares)
{
    return retort_pairs_modularity(shares, *(const size_t *)context);
}

static const struct {
    const char *name;
    double (*of)(const void *context, const double *shares);
} OF_CAMPS[N_OF_CAMPS] = {{"assortativity by ", assortativity},
                          {"modularity of camps by ", modularity}};

static void tell_camps(const struct network *network, struct report_section *section, size_t camp,
                       struct retort_estimate r)
{
    const char *task = network->camps[camp].ends.task->model->task;
    char said[REPORT_SAID];
    if (isnan(r.low))
        return;
    report_add_finding(
        network->work->report, section, "%s: assortativity by %s %s%s.",
        r.low > 0    ? "People answer those of their own camp more than they would blindly"
        : r.high < 0 ? "People answer those of other camps more than they would blindly"
                     : "Whether people answer their own camp or others more can't be told here",
        task, report_say_number(r, said), report_say_raw(&network->rates[camp], 0));
}

static void put_camps(const struct network *network, struct report_section *section,
                      struct report_table *table, const struct chance *chance, size_t camp)
{
    const char *task = network->camps[camp].ends.task->model->task;
    struct report_pairs pairs;
    network_camp_pairs(network, camp, &pairs);
    for (size_t i = 0; i < N_OF_CAMPS; i++) {
        const struct report_figure figure = {OF_CAMPS[i].of, &pairs.n_labels, -1, 1};
        struct retort_estimate value = report_figure_of_pairs(&pairs, &figure);
        double said = OF_CAMPS[i].of(&pairs.n_labels, pairs.said);
        struct report_cell *row = report_add_row(network->work->report, table);
        row[MEASURE] = report_text(name_of(network->work->report, OF_CAMPS[i].name, task));
        row[VALUE] =
            isnan(value.value) ? report_nothing(why_no_camps(&pairs)) : report_number(value);
        row[SAID] = report_number(report_bare(said));
        put_chance(chance, N_STRUCTURE + N_OF_CAMPS * camp + i, value.value, row);
        if (i == ASSORTATIVITY)
            tell_camps(network, section, camp, value);
    }
}

static void tell_structure(const struct network *network, struct report_section *section,
                           const struct chance *chance, const double *values)
{
    char own[REPORT_SAID], lot[REPORT_SAID];
    double p[N_STRUCTURE];
    struct retort_estimate middle[N_STRUCTURE];
    for (size_t i = 0; i < N_STRUCTURE; i++)
        middle[i] = by_chance(chance, i, values[i], &p[i]);
    if (chance->n_movable == 0)
        return;
    report_add_finding(network->work->report, section,
                       "Of the pairs in which one replies to the other, %.1f %% are returned; if "
                       "whom people answer in a thread were drawn by lot, %.1f %% would be.",
                       100 * values[RECIPROCITY], 100 * middle[RECIPROCITY].value);
    report_add_finding(network->work->report, section,
                       "People fall into communities of modularity %s; drawn by lot, of %s: "
                       "%s.",
                       report_say_number(report_bare(values[COMMUNITIES]), own),
                       report_say_number(report_bare(middle[COMMUNITIES].value), lot),
                       p[COMMUNITIES] <= 0.05 ? "more than who meets in which thread explains"
                                              : "no more than who meets in which thread explains");
}

static void put_measures(const struct network *network, struct report_section *section,
                         const struct chance *chance, const double *values)
{
    struct retort_report *report = network->work->report;
    struct report_table *table = report_add_table(report, section, "network",
                                                  "Whether like answers like", MEASURES, N_COLUMNS);
    for (size_t i = 0; i < N_STRUCTURE; i++) {
        struct report_cell *row = report_add_row(report, table);
        row[MEASURE] = report_words(STRUCTURE[i]);
        row[VALUE] = report_number(report_bare(values[i]));
        put_chance(chance, i, values[i], row);
    }
    for (size_t i = 0; i < network->n_camps; i++)
        put_camps(network, section, table, chance, i);
    report_add_note(report, table,
                    "By chance: median and middle 95 %% of %zu networks in which the same people "
                    "write and are answered as often in each thread, and whom by whom is drawn by "
                    "lot. p: how seldom that gives as much (p of communities: as much or more).",
                    chance->n);
    report_add_note(
        report, table,
        "A person's camp is their shares of labels in the thread of the reply. As said: "
        "what the model's labels give without correction, which errors pull to 0.");
    tell_structure(network, section, chance, values);
}

/* ---- the section ---- */

/* Tasks that put people into camps: one label of a few, and not what a reply does. */
static bool makes_camps(const struct report_work *work, const struct report_task *task)
{
    enum { MOST_CAMPS = 16 };
    return task->one_of && report_wants(work, task) && task->n_labels <= MOST_CAMPS &&
           strcmp(task->model->task, "reply") != 0;
}

static bool find_camps(struct network *network, struct retort_error *error)
{
    const struct report_data *data = network->work->data;
    network->camps = RETORT_NEW(network->arena, struct report_camps, data->n_tasks);
    network->rates = RETORT_NEW(network->arena, struct report_shares, data->n_tasks);
    for (size_t i = 0; i < data->n_tasks; i++) {
        const struct report_task *task = &data->tasks[i];
        if (!makes_camps(network->work, task))
            continue;
        size_t camp = network->n_camps++;
        report_camps_find(data, &network->ties, task, network->arena, &network->camps[camp]);
        if (!report_rates(network->work, task, network->arena, &network->rates[camp], error))
            return false;
    }
    return true;
}

static void tell_methods(const struct network *network, const struct chance *chance)
{
    struct retort_report *report = network->work->report;
    report_add_method(report, "newman2004,blondel2008,squartini2013",
                      "The network's nodes are people, its edges replies. Communities are those "
                      "that the method of Blondel et al. finds at seed %llu, judged by Newman and "
                      "Girvan's modularity; replies that are returned are the weighted "
                      "reciprocity of Squartini et al.",
                      (unsigned long long)report->seed);
    report_add_method(
        report, "maslov2002,milo2003",
        "Chance is what %zu networks give in which replies of each thread have "
        "swapped whom they answer, ten tries a reply, so that everybody writes and is "
        "answered as often as in fact.",
        chance->n);
    if (network->n_camps)
        report_add_method(report, "newman2003",
                          "Assortativity is Newman's, of the products of two people's shares of "
                          "labels in a thread, summed over replies, and multiplied at both ends by "
                          "the inverse of the model's rates P(says | is).");
}

/* Why there is no network; NULL: there is. */
static const char *why_none(const struct report_data *data, const struct report_ties *ties)
{
    if (ties->n)
        return NULL;
    if (data->n_authors == 0)
        return "No stored comment names its author, so there is no network of who answers whom.";
    if (data->n_authors == 1)
        return "All comments that name an author are by one, so there is no network.";
    return "No reply here is between two people who are both named, so there is no network.";
}

static bool fill(struct network *network, struct report_section *section,
                 struct retort_error *error)
{
    const struct report_data *data = network->work->data;
    struct chance chance;
    if (!find_camps(network, error))
        return false;
    network->community = RETORT_NEW(network->arena, uint32_t, data->n_authors);
    double *values = RETORT_NEW(network->arena, double, count_measures(network));
    measure(network, &network->ties, network->community, values);
    draw_anew(network, &chance);
    report_ties_graph(data, &network->ties, network->arena, &network->directed);
    put_sizes(network, section);
    put_measures(network, section, &chance, values);
    network_camps_table(network, section);
    tell_methods(network, &chance);
    return network_disagreement(network, section, error);
}

bool report_network(struct report_work *work, struct report_section *section,
                    struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct network network = {.work = work, .arena = &arena};
    report_ties_find(work->data, &arena, &network.ties);
    const char *why = why_none(work->data, &network.ties);
    bool filled = true;
    if (why)
        report_add_finding(work->report, section, "%s", why);
    else
        filled = fill(&network, section, error);
    retort_arena_release(&arena);
    return filled;
}
