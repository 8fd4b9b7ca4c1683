/* Networks of replies as sorted rows: made by two stable counting sorts, so that time and memory
 * grow with replies and nodes and with nothing else, and no order of a hash comes in. */
#include "estimate/estimate.h"

#include <assert.h>
#include <math.h>

/* ---- making ---- */

void retort_order(const uint32_t *key, uint32_t n_keys, const uint32_t *before, size_t n,
                  uint32_t *order)
{
    struct retort_arena scratch = {0};
    size_t *starts = RETORT_NEW(&scratch, size_t, (size_t)n_keys + 1);
    for (size_t i = 0; i < n; i++)
        starts[key[i] + 1]++;
    for (uint32_t k = 0; k < n_keys; k++)
        starts[k + 1] += starts[k];
    for (size_t i = 0; i < n; i++) {
        uint32_t item = before ? before[i] : (uint32_t)i;
        order[starts[key[item]]++] = item;
    }
    retort_arena_release(&scratch);
}

/* Of replies that come sorted by both ends: how many edges they are. */
static size_t count_edges(const struct retort_replies *replies, const uint32_t *order)
{
    size_t n = 0;
    uint32_t last_from = 0, last_to = 0; /* no edge is from a node to itself */
    for (size_t i = 0; i < replies->n; i++) {
        uint32_t from = replies->from[order[i]], to = replies->to[order[i]];
        n += from != to && (from != last_from || to != last_to);
        last_from = from != to ? from : last_from;
        last_to = from != to ? to : last_to;
    }
    return n;
}

/* The same replies → edges: alike ones become one. */
static void merge(const struct retort_replies *replies, const uint32_t *order,
                  struct retort_graph *graph)
{
    uint32_t node = 0;
    for (size_t i = 0; i < replies->n; i++) {
        uint32_t reply = order[i], from = replies->from[reply], to = replies->to[reply];
        uint32_t weight = replies->weight ? replies->weight[reply] : 1;
        if (from == to)
            continue;
        while (node < from)
            graph->first[++node] = graph->n_edges;
        if (graph->n_edges == graph->first[node] || graph->to[graph->n_edges - 1] != to)
            graph->to[graph->n_edges++] = to;
        graph->weight[graph->n_edges - 1] += weight;
        graph->total += weight;
    }
    while (node < replies->n_nodes)
        graph->first[++node] = graph->n_edges;
}

void retort_graph_make(const struct retort_replies *replies, struct retort_arena *arena,
                       struct retort_graph *graph)
{
    struct retort_arena scratch = {0};
    size_t n = replies->n;
    assert(n < UINT32_MAX && replies->n_nodes < UINT32_MAX);
    uint32_t *by_to = RETORT_NEW(&scratch, uint32_t, n);
    uint32_t *by_both = RETORT_NEW(&scratch, uint32_t, n);
    retort_order(replies->to, replies->n_nodes, NULL, n, by_to);
    retort_order(replies->from, replies->n_nodes, by_to, n, by_both);
    size_t n_edges = count_edges(replies, by_both);
    *graph = (struct retort_graph){.n_nodes = replies->n_nodes};
    graph->first = RETORT_NEW(arena, size_t, (size_t)replies->n_nodes + 1);
    graph->to = RETORT_NEW(arena, uint32_t, n_edges);
    graph->weight = RETORT_NEW(arena, uint32_t, n_edges);
    merge(replies, by_both, graph);
    assert(graph->n_edges == n_edges && graph->total < UINT32_MAX / 2);
    retort_arena_release(&scratch);
}

/* The same edges the other way round. */
static void turn(const struct retort_graph *graph, struct retort_arena *arena,
                 struct retort_graph *turned)
{
    *turned = (struct retort_graph){graph->n_nodes,
                                    graph->n_edges,
                                    RETORT_NEW(arena, size_t, (size_t)graph->n_nodes + 2),
                                    RETORT_NEW(arena, uint32_t, graph->n_edges),
                                    RETORT_NEW(arena, uint32_t, graph->n_edges),
                                    graph->total};
    size_t *next = turned->first + 1; /* where a node's next edge goes: in the end, its end */
    for (size_t i = 0; i < graph->n_edges; i++)
        next[graph->to[i] + 1]++;
    for (uint32_t node = 0; node < graph->n_nodes; node++)
        next[node + 1] += next[node];
    for (uint32_t node = 0; node < graph->n_nodes; node++)
        for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            size_t at = next[graph->to[i]]++;
            turned->to[at] = node;
            turned->weight[at] = graph->weight[i];
        }
}

/* A node's edges of both graphs, in order, those to one node added up; returns how many. to NULL:
 * they are only counted. */
static size_t merge_node(const struct retort_graph *a, const struct retort_graph *b, uint32_t node,
                         uint32_t *to, uint32_t *weight)
{
    size_t n = 0, i = a->first[node], j = b->first[node];
    while (i < a->first[node + 1] || j < b->first[node + 1]) {
        uint32_t x = i < a->first[node + 1] ? a->to[i] : UINT32_MAX;
        uint32_t y = j < b->first[node + 1] ? b->to[j] : UINT32_MAX;
        uint32_t sum = (x <= y ? a->weight[i++] : 0);
        sum += y <= x ? b->weight[j++] : 0;
        if (to) {
            to[n] = x < y ? x : y;
            weight[n] = sum;
        }
        n++;
    }
    return n;
}

void retort_graph_undirect(const struct retort_graph *directed, struct retort_arena *arena,
                           struct retort_graph *undirected)
{
    struct retort_arena scratch = {0};
    struct retort_graph turned;
    uint32_t n = directed->n_nodes;
    turn(directed, &scratch, &turned);
    *undirected = (struct retort_graph){.n_nodes = n, .total = 2 * directed->total};
    undirected->first = RETORT_NEW(arena, size_t, (size_t)n + 1);
    for (uint32_t node = 0; node < n; node++)
        undirected->first[node + 1] =
            undirected->first[node] + merge_node(directed, &turned, node, NULL, NULL);
    undirected->n_edges = undirected->first[n];
    undirected->to = RETORT_NEW(arena, uint32_t, undirected->n_edges);
    undirected->weight = RETORT_NEW(arena, uint32_t, undirected->n_edges);
    for (uint32_t node = 0; node < n; node++)
        merge_node(directed, &turned, node, undirected->to + undirected->first[node],
                   undirected->weight + undirected->first[node]);
    retort_arena_release(&scratch);
}

size_t retort_graph_edge(const struct retort_graph *graph, uint32_t from, uint32_t to)
{
    size_t low = graph->first[from], high = graph->first[from + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->to[middle] < to)
            low = middle + 1;
        else
            high = middle;
    }
    return low < graph->first[from + 1] && graph->to[low] == to ? low : SIZE_MAX;
}

/* ---- reciprocity ---- */

double retort_graph_reciprocity(const struct retort_graph *directed)
{
    size_t n_returned = 0;
    for (uint32_t node = 0; node < directed->n_nodes; node++)
        for (size_t i = directed->first[node]; i < directed->first[node + 1]; i++)
            n_returned += retort_graph_edge(directed, directed->to[i], node) != SIZE_MAX;
    return directed->n_edges ? (double)n_returned / (double)directed->n_edges : NAN;
}

double retort_graph_returned(const struct retort_graph *directed)
{
    uint64_t returned = 0;
    for (uint32_t node = 0; node < directed->n_nodes; node++)
        for (size_t i = directed->first[node]; i < directed->first[node + 1]; i++) {
            size_t back = retort_graph_edge(directed, directed->to[i], node);
            uint32_t there = directed->weight[i];
            uint32_t here = back == SIZE_MAX ? 0 : directed->weight[back];
            returned += here < there ? here : there;
        }
    return directed->n_edges ? (double)returned / (double)directed->total : NAN;
}

/* ---- the null model ---- */

/* May the two replies swap whom they answer? Neither then answers himself. */
static bool swap(const uint32_t *from, uint32_t *to, size_t i, size_t j)
{
    if (from[i] == from[j] || to[i] == to[j] || from[i] == to[j] || from[j] == to[i])
        return false;
    uint32_t kept = to[i];
    to[i] = to[j];
    to[j] = kept;
    return true;
}

size_t retort_replies_shuffle(const uint32_t *from, uint32_t *to,
                              const struct retort_strata *strata, uint64_t seed)
{
    uint64_t state = seed;
    size_t n_movable = 0;
    for (size_t s = 0; s < strata->n; s++) {
        size_t begin = strata->bounds[s], n = strata->bounds[s + 1] - begin, n_swaps = 0;
        for (size_t i = 0; n > 1 && i < 10 * n; i++)
            n_swaps += swap(from, to, begin + i % n, begin + retort_random(&state) % n);
        n_movable += n_swaps ? n : 0;
    }
    return n_movable;
}
