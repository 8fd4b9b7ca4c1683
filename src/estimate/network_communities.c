/* Communities of a network by the method of Blondel, Guillaume, Lambiotte and Lefebvre (2008).
 *
 * Nodes move, one after the other, into the community of a neighbour where modularity gains most,
 * until none moves; then each community is one node of a smaller graph, and it begins again. A gain
 * must be above zero and the first of equals wins, so the same order of nodes gives the same
 * communities. Known limits: small communities of a large network may be merged (Fortunato and
 * Barthelemy 2007), and other orders may end in other partitions of nearly the same modularity. */
#include "estimate/estimate.h"

#include <math.h>

double retort_graph_modularity(const struct retort_graph *undirected, const uint32_t *community)
{
    double all = (double)undirected->total, within = 0, expected = 0;
    if (undirected->n_edges == 0)
        return NAN;
    struct retort_arena arena = {0};
    double *strength = RETORT_NEW(&arena, double, undirected->n_nodes);
    for (uint32_t node = 0; node < undirected->n_nodes; node++)
        for (size_t i = undirected->first[node]; i < undirected->first[node + 1]; i++) {
            strength[community[node]] += undirected->weight[i];
            if (community[undirected->to[i]] == community[node])
                within += undirected->weight[i];
        }
    for (uint32_t c = 0; c < undirected->n_nodes; c++)
        expected += strength[c] / all * (strength[c] / all);
    retort_arena_release(&arena);
    return within / all - expected;
}

/* ---- one level ---- */

/* A graph whose nodes are communities of the one below. */
struct level {
    const struct retort_graph *graph;
    uint32_t *community; /* [n_nodes] */
    double *inside;      /* [n_nodes] weight of edges within the node, counted from both ends */
    double *strength;    /* [n_nodes] of all its edges, those within included */
    double *total;       /* [n_nodes] strength of a community */
    double all;          /* the strength of all nodes */
    double *toward;      /* [n_nodes] scratch: a node's weight toward a community; 0 elsewhere */
    uint32_t *seen;      /* [n_nodes] scratch: communities with a weight in `toward` */
};

/* The weights of a node toward the communities around it; returns how many there are. */
static uint32_t look_around(struct level *level, uint32_t node)
{
    const struct retort_graph *graph = level->graph;
    uint32_t n_seen = 0;
    for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
        uint32_t c = level->community[graph->to[i]];
        if (level->toward[c] == 0)
            level->seen[n_seen++] = c;
        level->toward[c] += graph->weight[i];
    }
    return n_seen;
}

static double gain(const struct level *level, uint32_t node, uint32_t c)
{
    return level->toward[c] - level->total[c] * level->strength[node] / level->all;
}

/* Moves one node where it gains most; true when it has moved. */
static bool move(struct level *level, uint32_t node)
{
    uint32_t n_seen = look_around(level, node), own = level->community[node], best = own;
    level->total[own] -= level->strength[node];
    double most = gain(level, node, own) + 1e-9;
    for (uint32_t i = 0; i < n_seen; i++) {
        double here = gain(level, node, level->seen[i]);
        if (here > most) {
            most = here;
            best = level->seen[i];
        }
    }
    for (uint32_t i = 0; i < n_seen; i++)
        level->toward[level->seen[i]] = 0;
    level->total[best] += level->strength[node];
    level->community[node] = best;
    return best != own;
}

/* In a large network, sweeps that move few nodes gain nothing to speak of and are most of the time:
 * of 700,000 replies four fifths of it, for less than a thousandth of modularity. */
enum { MOST_SWEEPS = 100, LARGE = 1000, FEW = 50 };

/* true when a node has moved. */
static bool settle(struct level *level, const uint32_t *order)
{
    uint32_t n = level->graph->n_nodes, n_moved = n, n_still = n > LARGE ? n / FEW : 0;
    bool any = false;
    for (int sweep = 0; n_moved > n_still && sweep < MOST_SWEEPS; sweep++) {
        n_moved = 0;
        for (uint32_t i = 0; i < n; i++)
            n_moved += move(level, order[i]);
        any |= n_moved > 0;
    }
    return any;
}

/* ---- from level to level ---- */

static void shuffle(uint32_t *order, uint32_t n, uint64_t seed)
{
    uint64_t state = seed;
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = (uint32_t)(retort_random(&state) % i), kept = order[j];
        order[j] = order[i - 1];
        order[i - 1] = kept;
    }
}

static void begin_level(struct level *level, const struct retort_graph *graph, double *inside,
                        struct retort_arena *arena)
{
    uint32_t n = graph->n_nodes;
    *level = (struct level){.graph = graph, .inside = inside};
    level->community = RETORT_NEW(arena, uint32_t, n);
    level->strength = RETORT_NEW(arena, double, n);
    level->total = RETORT_NEW(arena, double, n);
    level->toward = RETORT_NEW(arena, double, n);
    level->seen = RETORT_NEW(arena, uint32_t, n);
    for (uint32_t node = 0; node < n; node++) {
        level->community[node] = node;
        level->strength[node] = inside[node];
        for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++)
            level->strength[node] += graph->weight[i];
        level->total[node] = level->strength[node];
        level->all += level->strength[node];
    }
}

/* Communities numbered from 0 in the order of their first nodes; how many. */
static uint32_t renumber(uint32_t *community, uint32_t n, struct retort_arena *arena)
{
    uint32_t *number = RETORT_NEW(arena, uint32_t, n), n_found = 0;
    for (uint32_t node = 0; node < n; node++) {
        uint32_t c = community[node];
        number[c] = number[c] ? number[c] : ++n_found;
        community[node] = number[c] - 1;
    }
    return n_found;
}

/* The weights of a community toward the others, left in `toward` and `seen`; returns how many. */
static uint32_t look_outside(struct level *level, const uint32_t *members, size_t n, double *inside)
{
    const struct retort_graph *graph = level->graph;
    uint32_t own = level->community[members[0]], n_seen = 0;
    *inside = 0;
    for (size_t m = 0; m < n; m++) {
        *inside += level->inside[members[m]];
        for (size_t i = graph->first[members[m]]; i < graph->first[members[m] + 1]; i++) {
            uint32_t c = level->community[graph->to[i]];
            *inside += c == own ? graph->weight[i] : 0;
            if (c != own && level->toward[c] == 0)
                level->seen[n_seen++] = c;
            level->toward[c] += c != own ? graph->weight[i] : 0;
        }
    }
    return n_seen;
}

/* Each community becomes a node; what was between its members is inside it. Called twice: first to
 * count the edges, then, with room for them, to fill it. */
static void fill_smaller(struct level *level, const uint32_t *order, struct retort_graph *smaller,
                         double *inside)
{
    size_t n = level->graph->n_nodes;
    smaller->n_edges = 0;
    for (size_t begin = 0, end; begin < n; begin = end) {
        uint32_t c = level->community[order[begin]];
        for (end = begin; end < n && level->community[order[end]] == c;)
            end++;
        uint32_t n_seen = look_outside(level, order + begin, end - begin, &inside[c]);
        smaller->first[c] = smaller->n_edges;
        for (uint32_t i = 0; i < n_seen; i++) {
            if (smaller->to) {
                smaller->to[smaller->n_edges] = level->seen[i];
                smaller->weight[smaller->n_edges] = (uint32_t)level->toward[level->seen[i]];
            }
            smaller->n_edges++;
            level->toward[level->seen[i]] = 0;
        }
    }
    smaller->first[smaller->n_nodes] = smaller->n_edges;
}

static void shrink(struct level *level, uint32_t n_found, struct retort_arena *arena,
                   struct retort_graph *smaller, double **inside)
{
    size_t n = level->graph->n_nodes;
    uint32_t *order = RETORT_NEW(arena, uint32_t, n);
    *smaller = (struct retort_graph){.n_nodes = n_found};
    smaller->first = RETORT_NEW(arena, size_t, (size_t)n_found + 1);
    *inside = RETORT_NEW(arena, double, n_found);
    retort_order(level->community, n_found, NULL, n, order);
    fill_smaller(level, order, smaller, *inside);
    smaller->to = RETORT_NEW(arena, uint32_t, smaller->n_edges + 1);
    smaller->weight = RETORT_NEW(arena, uint32_t, smaller->n_edges + 1);
    fill_smaller(level, order, smaller, *inside);
}

uint32_t retort_graph_communities(const struct retort_graph *undirected, uint64_t seed,
                                  uint32_t *community)
{
    struct retort_arena arena = {0};
    uint32_t n = undirected->n_nodes, n_found = n;
    uint32_t *order = RETORT_NEW(&arena, uint32_t, n);
    double *inside = RETORT_NEW(&arena, double, n);
    struct retort_graph graph = *undirected, smaller;
    struct level level;
    for (uint32_t node = 0; node < n; node++)
        community[node] = node;
    for (bool moved = n > 0; moved;) {
        begin_level(&level, &graph, inside, &arena);
        shuffle(order, graph.n_nodes, seed);
        moved = settle(&level, order);
        n_found = renumber(level.community, graph.n_nodes, &arena);
        for (uint32_t node = 0; node < n; node++)
            community[node] = level.community[community[node]];
        shrink(&level, n_found, &arena, &smaller, &inside);
        graph = smaller;
    }
    retort_arena_release(&arena);
    return n_found;
}
