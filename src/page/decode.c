/* The grammar of a page and the best path through it (Viterbi 1967).
 *
 *     furniture* article (article | furniture)* ( head* begin goes-on* tail* furniture* )*
 *
 * The article is one run, furniture may stand inside it; after the first comment it does not come
 * back, so a comment that quotes the article stays a comment. A page may lack any part. Ties go to
 * the state with the lower number, so the path is the same everywhere. */
#include "page/page.h"

#include <math.h>

#define BIT(state) (1U << RETORT_STATE_##state)
#define COMES_IN (BIT(HEAD) | BIT(BEGIN))

/* By state before; the last row is the page's start. */
static const unsigned MAY_FOLLOW[RETORT_N_STATES + 1] = {
    [RETORT_STATE_BEFORE] = BIT(BEFORE) | BIT(ARTICLE) | COMES_IN,
    [RETORT_STATE_ARTICLE] = BIT(ARTICLE) | BIT(AMID) | COMES_IN,
    [RETORT_STATE_AMID] = BIT(ARTICLE) | BIT(AMID) | COMES_IN,
    [RETORT_STATE_HEAD] = COMES_IN,
    [RETORT_STATE_BEGIN] = COMES_IN | BIT(GOES_ON) | BIT(TAIL) | BIT(AFTER),
    [RETORT_STATE_GOES_ON] = COMES_IN | BIT(GOES_ON) | BIT(TAIL) | BIT(AFTER),
    [RETORT_STATE_TAIL] = COMES_IN | BIT(TAIL) | BIT(AFTER),
    [RETORT_STATE_AFTER] = COMES_IN | BIT(AFTER),
    [RETORT_N_STATES] = BIT(BEFORE) | BIT(ARTICLE) | COMES_IN,
};

bool retort_page_may_follow(size_t from, size_t to)
{
    return MAY_FOLLOW[from] >> to & 1;
}

bool retort_page_may_stop(size_t state)
{
    return state != RETORT_STATE_HEAD;
}

bool retort_page_enters(size_t from, size_t to)
{
    bool outside = from == RETORT_N_STATES || from <= RETORT_STATE_AMID;
    return outside && (to == RETORT_STATE_HEAD || to == RETORT_STATE_BEGIN);
}

/* A step that the grammar allows. */
struct arc {
    uint8_t from, to;
    bool enters;
    double weight;
};

enum { ARCS_MOST = RETORT_N_STATES * RETORT_N_STATES };

struct trellis {
    const struct retort_lattice *lattice;
    size_t n_arcs;
    struct arc arcs[ARCS_MOST];
    uint8_t (*back)[RETORT_N_STATES];
    double best[RETORT_N_STATES];
};

static void list_arcs(struct trellis *trellis)
{
    for (size_t to = 0; to < RETORT_N_STATES; to++)
        for (size_t from = 0; from < RETORT_N_STATES; from++)
            if (retort_page_may_follow(from, to))
                trellis->arcs[trellis->n_arcs++] =
                    (struct arc){(uint8_t)from, (uint8_t)to, retort_page_enters(from, to),
                                 (double)trellis->lattice->steps[from][to]};
}

static void start(struct trellis *trellis)
{
    const float *scores = trellis->lattice->scores[0];
    for (size_t to = 0; to < RETORT_N_STATES; to++) {
        bool allowed = retort_page_may_follow(RETORT_N_STATES, to);
        trellis->best[to] =
            allowed ? (double)scores[to] + (double)trellis->lattice->starts[to] : -INFINITY;
        if (allowed && retort_page_enters(RETORT_N_STATES, to))
            trellis->best[to] += (double)scores[RETORT_N_STATES];
    }
}

static void step(struct trellis *trellis, size_t line)
{
    const float *scores = trellis->lattice->scores[line];
    const double entry[2] = {0, (double)scores[RETORT_N_STATES]};
    double next[RETORT_N_STATES];
    for (size_t to = 0; to < RETORT_N_STATES; to++)
        next[to] = -INFINITY;
    for (const struct arc *arc = trellis->arcs; arc < trellis->arcs + trellis->n_arcs; arc++) {
        double score = trellis->best[arc->from] + arc->weight + entry[arc->enters];
        if (score > next[arc->to]) {
            next[arc->to] = score;
            trellis->back[line][arc->to] = arc->from;
        }
    }
    for (size_t to = 0; to < RETORT_N_STATES; to++)
        trellis->best[to] = next[to] + (double)scores[to];
}

double retort_page_decode(const struct retort_lattice *lattice, struct retort_arena *arena,
                          uint8_t *states)
{
    if (!lattice->n_lines)
        return 0;
    struct trellis trellis = {.lattice = lattice};
    trellis.back = retort_arena_alloc(arena, lattice->n_lines, sizeof *trellis.back);
    list_arcs(&trellis);
    start(&trellis);
    for (size_t line = 1; line < lattice->n_lines; line++)
        step(&trellis, line);
    double best = -INFINITY;
    size_t state = RETORT_STATE_BEFORE;
    for (size_t at = 0; at < RETORT_N_STATES; at++) {
        double score = trellis.best[at] + (double)lattice->stops[at];
        if (retort_page_may_stop(at) && score > best) {
            best = score;
            state = at;
        }
    }
    for (size_t line = lattice->n_lines; line > 0; line--) {
        states[line - 1] = (uint8_t)state;
        state = trellis.back[line - 1][state];
    }
    return best;
}
