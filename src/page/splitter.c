/* The splitter: the model of lines, and reading a page with it.
 *
 * Section "lines" of the model file, for text, and "markup", for HTML: the hash of the cue list (a
 * model made for another list is refused), the number of cues and the size of the network, then its
 * weights. */
#include "page/splitter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct lines_header {
    uint64_t cues_hash;
    uint32_t n_cues, n_weights;
};

struct retort_splitter {
    struct retort_bundle bundle;
    struct retort_network *lines, *markup; /* markup: of HTML; NULL: lines will do */
    char hash[RETORT_SHA256_HEX];
};

/* The list of cues that a section must have been made for. */
struct recipe {
    uint64_t hash;
    size_t n_cues;
};

static bool check_lines(struct retort_span section, struct recipe recipe,
                        struct retort_error *error)
{
    struct lines_header header;
    size_t n_weights = retort_network_n_weights(recipe.n_cues);
    if (section.len < sizeof header)
        return retort_fail(error, RETORT_REFUSED, "not a splitter: it has no model of lines");
    memcpy(&header, section.data, sizeof header);
    if (header.cues_hash != recipe.hash || header.n_cues != recipe.n_cues ||
        header.n_weights != n_weights || section.len != sizeof header + n_weights * sizeof(float))
        return retort_fail(error, RETORT_REFUSED,
                           "made for another list of cues; train the splitter again (make models)");
    const float *weights = (const float *)(const void *)(section.data + sizeof header);
    for (size_t i = 0; i < n_weights; i++)
        if (!isfinite(weights[i]))
            return retort_fail(error, RETORT_REFUSED, "a weight of the model is not a number");
    return true;
}

enum { CACHE_LINE = 64 };

/* A copy: in the file the weights lie across the lines of the cache, where a load of many lanes
 * takes twice the time. */
static struct retort_network *network_of(struct retort_span section)
{
    size_t n = section.len - sizeof(struct lines_header);
    struct retort_network *network =
        aligned_alloc(CACHE_LINE, (n + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
    if (!network)
        retort_out_of_memory();
    memcpy(network, section.data + sizeof(struct lines_header), n);
    return network;
}

static bool take_networks(struct retort_splitter *splitter, struct retort_error *error)
{
    const struct recipe text = {retort_page_cues_hash(), retort_page_n_cues()};
    const struct recipe html = {retort_page_html_cues_hash(), retort_page_n_html_cues()};
    struct retort_span lines = retort_bundle_section(&splitter->bundle, "lines");
    struct retort_span markup = retort_bundle_section(&splitter->bundle, "markup");
    if (!check_lines(lines, text, error) || (markup.data && !check_lines(markup, html, error)))
        return false;
    splitter->lines = network_of(lines);
    splitter->markup = markup.data ? network_of(markup) : NULL;
    return true;
}

bool retort_splitter_open(struct retort_splitter **out, const char *path,
                          struct retort_error *error)
{
    struct retort_splitter *splitter = retort_grow(NULL, 1, sizeof *splitter);
    *splitter = (struct retort_splitter){.lines = NULL};
    *out = NULL;
    if (!retort_bundle_open(&splitter->bundle, path, error)) {
        free(splitter);
        return false;
    }
    if (!take_networks(splitter, error)) {
        retort_splitter_close(splitter);
        return retort_fail_within(error, "%s", path);
    }
    retort_sha256(splitter->bundle.file.bytes, splitter->hash);
    *out = splitter;
    return true;
}

void retort_splitter_close(struct retort_splitter *splitter)
{
    if (!splitter)
        return;
    retort_bundle_close(&splitter->bundle);
    free(splitter->lines);
    free(splitter->markup);
    free(splitter);
}

const char *retort_splitter_hash(const struct retort_splitter *splitter)
{
    return splitter->hash;
}

struct retort_span retort_splitter_section(const struct retort_splitter *splitter, const char *name)
{
    return retort_bundle_section(&splitter->bundle, name);
}

static const float FORBIDDEN = -1e6F;

/* ---- reading ------------------------------------------------------------------------------ */

static size_t count_lines(struct retort_span text)
{
    size_t n = 0;
    struct retort_span line;
    while (retort_span_next_line(&text, &line))
        n += retort_span_trim(line).len > 0;
    return n;
}

/* Offsets into the text become offsets into the input: beginnings and ends alternate, ascending. */
static void place_in_input(struct retort_page *page, struct retort_span bytes,
                           struct retort_arena *arena)
{
    size_t *offsets = RETORT_NEW(arena, size_t, 2 * page->n_lines + 1);
    for (size_t i = 0; i < page->n_lines; i++) {
        offsets[2 * i] = (size_t)(page->lines[i].text.data - page->text.data);
        offsets[2 * i + 1] = offsets[2 * i] + page->lines[i].text.len;
    }
    retort_text_source_offsets(bytes, page->encoding, offsets, 2 * page->n_lines);
    for (size_t i = 0; i < page->n_lines; i++) {
        page->lines[i].begin = offsets[2 * i];
        page->lines[i].end = offsets[2 * i + 1];
    }
}

static void cut(struct retort_page *page, struct retort_span bytes, struct retort_arena *arena)
{
    page->n_lines = count_lines(page->text);
    page->lines = RETORT_NEW(arena, struct retort_line, page->n_lines + 1);
    struct retort_span rest = page->text, line;
    size_t at = 0;
    for (size_t number = 1; retort_span_next_line(&rest, &line); number++) {
        struct retort_span trimmed = retort_span_trim(line);
        if (trimmed.len)
            page->lines[at++] = (struct retort_line){.text = trimmed, .number = number};
    }
    place_in_input(page, bytes, arena);
}

const struct retort_observed *
retort_page_observe(struct retort_span bytes, struct retort_arena *arena, struct retort_page *page)
{
    *page = (struct retort_page){.n_lines = 0};
    page->text = retort_text_decode(bytes, arena, &page->encoding);
    cut(page, bytes, arena);
    return observe_lines(page, arena);
}

enum retort_role retort_page_role(enum retort_state state)
{
    switch (state) {
    case RETORT_STATE_ARTICLE:
        return RETORT_ARTICLE;
    case RETORT_STATE_BEGIN:
    case RETORT_STATE_GOES_ON:
        return RETORT_COMMENT;
    case RETORT_STATE_HEAD:
    case RETORT_STATE_TAIL:
        return RETORT_SIGNATURE;
    default:
        return RETORT_FURNITURE;
    }
}

uint8_t retort_page_allowed(const struct retort_observed *observed, size_t at)
{
    return observed->allowed ? observed->allowed[at] : UINT8_MAX;
}

/* Lines of HTML read by a model of text: it does not know the cues of markup. */
static size_t known_cues(const struct retort_splitter *splitter,
                         const struct retort_observed *observed, size_t at,
                         struct retort_cue cues[RETORT_LINE_CUES_MOST])
{
    size_t n = retort_page_line_cues(observed, at, cues);
    while (!splitter->markup && n && cues[n - 1].id >= retort_page_n_cues())
        n--;
    return n;
}

/* Lines that the network reads at a time. A page has fewer; of what has more, such as a file of a
 * million short lines, the network's memories need not be held all at once. */
enum { STRETCH = 1 << 15 };

static void score_lines(const struct retort_splitter *splitter,
                        const struct retort_network *network,
                        const struct retort_observed *observed, float (*scores)[RETORT_N_SCORES],
                        struct retort_arena *scratch)
{
    size_t n = observed->n_lines, most = n < STRETCH ? n : STRETCH;
    struct retort_cue cues[RETORT_LINE_CUES_MOST];
    float(*hidden)[RETORT_N_HIDDEN] = retort_arena_alloc(scratch, most + 1, sizeof *hidden);
    for (size_t begin = 0; begin < n; begin += most) {
        size_t n_here = n - begin < most ? n - begin : most;
        for (size_t at = 0; at < n_here; at++) {
            size_t n_cues = known_cues(splitter, observed, begin + at, cues);
            retort_network_add_cues(network, cues, n_cues, hidden[at], scores[begin + at]);
        }
        retort_network_walk(network, n_here, hidden, scores + begin, NULL);
    }
}

/* What the markup tells is not for the network to doubt. */
static void forbid(const struct retort_observed *observed, float (*scores)[RETORT_N_SCORES])
{
    for (size_t at = 0; observed->allowed && at < observed->n_lines; at++)
        for (size_t state = 0; state < RETORT_N_STATES; state++)
            scores[at][state] += observed->allowed[at] >> state & 1 ? 0 : FORBIDDEN;
}

void splitter_decide(const struct retort_splitter *splitter, const struct retort_observed *observed,
                     struct retort_arena *scratch, struct retort_page *page)
{
    const struct retort_network *network =
        observed->markup && splitter->markup ? splitter->markup : splitter->lines;
    size_t n = page->n_lines;
    float(*scores)[RETORT_N_SCORES] = retort_arena_alloc(scratch, n + 1, sizeof *scores);
    uint8_t *states = RETORT_NEW(scratch, uint8_t, n + 1);
    score_lines(splitter, network, observed, scores, scratch);
    forbid(observed, scores);
    struct retort_lattice lattice = {n, (const float(*)[RETORT_N_SCORES])scores, network->steps,
                                     network->starts, network->stops};
    retort_page_decode(&lattice, scratch, states);
    for (size_t at = 0; at < n; at++) {
        page->lines[at].state = (enum retort_state)states[at];
        page->lines[at].role = retort_page_role(page->lines[at].state);
    }
}

void retort_page_read(const struct retort_splitter *splitter, struct retort_span bytes,
                      struct retort_arena *arena, struct retort_page *page)
{
    struct retort_arena scratch = {0};
    const struct retort_observed *observed = retort_page_observe(bytes, arena, page);
    splitter_decide(splitter, observed, &scratch, page);
    retort_arena_release(&scratch);
}
