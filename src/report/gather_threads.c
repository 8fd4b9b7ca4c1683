/* Threads: parents become rows, circles are cut, and each comment learns its depth, its thread and
 * its place. A comment's way up is kept in an array until something known is met; nothing recurs.
 */
#include "report/gatherer.h"

#include <stdlib.h>

enum { DEPTH_MOST = UINT16_MAX - 2, ON_THE_WAY, UNKNOWN };

static void find_parents(struct gatherer *gatherer)
{
    struct report_data *data = gatherer->data;
    for (size_t row = 0; row < data->n; row++) {
        int64_t id = gatherer->parent_id[row];
        size_t parent = id ? report_row(data, id) : SIZE_MAX;
        data->parent[row] = parent == SIZE_MAX ? 0 : (uint32_t)parent + 1;
    }
}

/* Rows from this one up to one whose depth is known, or to a root; whose parent is on the way
 * already closes a circle, and answers nobody from then on. */
static size_t climb(struct report_data *data, uint32_t row, uint32_t *way)
{
    size_t n = 0;
    for (uint32_t at = row; data->depth[at] == UNKNOWN; at = data->parent[at] - 1) {
        data->depth[at] = ON_THE_WAY;
        way[n++] = at;
        if (data->parent[at] && data->depth[data->parent[at] - 1] == ON_THE_WAY) {
            data->parent[at] = 0;
            data->n_cycles++;
        }
        if (!data->parent[at])
            break;
    }
    return n;
}

static void come_down(struct report_data *data, uint32_t *root, const uint32_t *way, size_t n)
{
    while (n > 0) {
        uint32_t at = way[--n], parent = data->parent[at];
        uint16_t above = parent ? data->depth[parent - 1] : 0;
        data->depth[at] = (uint16_t)(!parent ? 0 : above < DEPTH_MOST ? above + 1 : DEPTH_MOST);
        root[at] = parent ? root[parent - 1] : at;
    }
}

static void find_depths(struct report_data *data, uint32_t *root)
{
    uint32_t *way = retort_grow(NULL, data->n, sizeof *way);
    for (size_t row = 0; row < data->n; row++)
        data->depth[row] = UNKNOWN;
    for (size_t row = 0; row < data->n; row++)
        come_down(data, root, way, climb(data, (uint32_t)row, way));
    free(way);
}

/* A comment is in the thread of the root above it, also where only that tells of the article. Pages
 * come first, so that a thread's number does not hang on how many lines stand before it. */
static void number_threads(struct gatherer *gatherer, const uint32_t *root)
{
    struct report_data *data = gatherer->data;
    struct report_keys roots = {0};
    for (size_t row = 0; row < data->n; row++) {
        uint32_t page = gatherer->page[root[row]];
        data->thread[row] = page ? page - 1 : gatherer->pages.n + report_key(&roots, root[row]);
    }
    data->n_threads = gatherer->pages.n + roots.n;
    report_keys_release(&roots);
}

/* A page tells the place of its comments; lines stand in the order in which they were stored. */
static void number_places(struct gatherer *gatherer)
{
    struct report_data *data = gatherer->data;
    uint32_t *next = retort_grow(NULL, (size_t)data->n_threads + 1, sizeof *next);
    for (size_t t = 0; t < data->n_threads; t++)
        next[t] = 0;
    for (size_t row = 0; row < data->n; row++)
        if (data->place[row] == UINT32_MAX)
            data->place[row] = next[data->thread[row]]++;
    free(next);
}

void gather_threads(struct gatherer *gatherer)
{
    struct report_data *data = gatherer->data;
    uint32_t *root = retort_grow(NULL, data->n, sizeof *root);
    data->parent = RETORT_NEW(gatherer->arena, uint32_t, data->n);
    data->depth = RETORT_NEW(gatherer->arena, uint16_t, data->n);
    data->thread = RETORT_NEW(gatherer->arena, uint32_t, data->n);
    find_parents(gatherer);
    find_depths(data, root);
    number_threads(gatherer, root);
    number_places(gatherer);
    free(root);
}
