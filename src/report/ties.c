/* Ties: rows sorted by author, then stably by thread, so that members are runs and replies stand
 * thread by thread. */
#include "report/ties.h"

#include <math.h>

enum { NOBODY = UINT32_MAX };

/* ---- members ---- */

/* order [n]: rows by thread, within it by author. */
static void number_members(const struct report_data *data, const uint32_t *order,
                           struct report_ties *ties)
{
    for (size_t i = 0; i < data->n; i++) {
        uint32_t row = order[i], before = i ? order[i - 1] : row;
        if (data->author[row] == 0) {
            ties->member[row] = NOBODY;
            continue;
        }
        if (i == 0 || data->author[row] != data->author[before] ||
            data->thread[row] != data->thread[before])
            ties->author[ties->n_members++] = data->author[row] - 1;
        ties->member[row] = (uint32_t)(ties->n_members - 1);
    }
}

/* Is it a reply that ties two people? Counts those that are not. */
static bool is_tie(const struct report_data *data, struct report_ties *ties, uint32_t row)
{
    if (!report_is_reply(data, row))
        return false;
    uint32_t answered = data->parent[row] - 1, from = ties->member[row],
             to = ties->member[answered];
    bool unknown = from == NOBODY || to == NOBODY || data->thread[row] != data->thread[answered];
    ties->n_unknown += unknown;
    ties->n_self += !unknown && from == to;
    return !unknown && from != to;
}

static void collect(const struct report_data *data, const uint32_t *order, struct report_ties *ties)
{
    uint32_t thread = NOBODY;
    for (size_t i = 0; i < data->n; i++) {
        uint32_t row = order[i];
        if (!is_tie(data, ties, row))
            continue;
        if (data->thread[row] != thread)
            ties->bounds[ties->n_bounds++] = ties->n;
        thread = data->thread[row];
        ties->row[ties->n] = row;
        ties->from[ties->n] = ties->member[row];
        ties->to[ties->n++] = ties->member[data->parent[row] - 1];
    }
    ties->bounds[ties->n_bounds] = ties->n;
}

static size_t count_replies(const struct report_data *data)
{
    size_t n = 0;
    for (size_t row = 0; row < data->n; row++)
        n += report_is_reply(data, row);
    return n;
}

void report_ties_find(const struct report_data *data, struct retort_arena *arena,
                      struct report_ties *ties)
{
    struct retort_arena scratch = {0};
    size_t n = count_replies(data);
    uint32_t *by_author = RETORT_NEW(&scratch, uint32_t, data->n);
    uint32_t *order = RETORT_NEW(&scratch, uint32_t, data->n);
    *ties = (struct report_ties){
        .row = RETORT_NEW(arena, uint32_t, n),
        .from = RETORT_NEW(arena, uint32_t, n),
        .to = RETORT_NEW(arena, uint32_t, n),
        .bounds = RETORT_NEW(arena, size_t, (n < data->n_threads ? n : data->n_threads) + 1),
        .member = RETORT_NEW(arena, uint32_t, data->n),
        .author = RETORT_NEW(&scratch, uint32_t, data->n),
    };
    retort_order(data->author, data->n_authors + 1, NULL, data->n, by_author);
    retort_order(data->thread, data->n_threads, by_author, data->n, order);
    number_members(data, order, ties);
    uint32_t *author = RETORT_NEW(arena, uint32_t, ties->n_members);
    memcpy(author, ties->author, ties->n_members * sizeof *author);
    ties->author = author;
    collect(data, order, ties);
    retort_arena_release(&scratch);
}

void report_ties_graph(const struct report_data *data, const struct report_ties *ties,
                       struct retort_arena *arena, struct retort_graph *directed)
{
    struct retort_arena scratch = {0};
    uint32_t *from = RETORT_NEW(&scratch, uint32_t, ties->n);
    uint32_t *to = RETORT_NEW(&scratch, uint32_t, ties->n);
    for (size_t i = 0; i < ties->n; i++) {
        from[i] = ties->author[ties->from[i]];
        to[i] = ties->author[ties->to[i]];
    }
    const struct retort_replies replies = {from, to, NULL, ties->n, data->n_authors};
    retort_graph_make(&replies, arena, directed);
    retort_arena_release(&scratch);
}

/* ---- camps ---- */

void report_camps_find(const struct report_data *data, const struct report_ties *ties,
                       const struct report_task *task, struct retort_arena *arena,
                       struct report_camps *camps)
{
    size_t n_labels = task->n_labels;
    *camps = (struct report_camps){report_ends_of(task, 0),
                                   RETORT_NEW(arena, float, ties->n_members *n_labels)};
    for (size_t row = 0; row < data->n; row++)
        if (ties->member[row] != NOBODY && report_is_labelled(task, row))
            camps->profile[ties->member[row] * n_labels + report_end(&camps->ends, row)]++;
    for (size_t member = 0; member < ties->n_members; member++) {
        float *profile = camps->profile + member * n_labels, n = 0;
        for (size_t label = 0; label < n_labels; label++)
            n += profile[label];
        for (size_t label = 0; label < n_labels; label++)
            profile[label] = n > 0 ? profile[label] / n : NAN;
    }
}

struct retort_pairs report_camps_count(const struct report_data *data,
                                       const struct report_ties *ties,
                                       const struct report_camps *camps, struct retort_arena *arena)
{
    size_t n = camps->ends.n_labels;
    struct retort_pairs pairs = report_pairs_room(data, n, arena);
    for (size_t i = 0; i < ties->n; i++) {
        const float *answered = camps->profile + ties->to[i] * n;
        const float *answers = camps->profile + ties->from[i] * n;
        double *cells = report_pairs_cells(data, &pairs, ties->row[i]);
        if (isnan(answered[0]) || isnan(answers[0]))
            continue;
        for (size_t j = 0; j < n * n; j++)
            cells[j] += (double)answered[j / n] * (double)answers[j % n];
    }
    return pairs;
}
