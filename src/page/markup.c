/* Cues of markup: the block a line is, the elements around it and their class words, how much of it
 * is links, and where it stands toward what the page is mostly made of: the container that holds
 * most of the long paragraphs, the path of tags and classes that most of them share (Readability's
 * and jusText's observations), the headline, the comments that are known.
 *
 * Everything is computed for elements in one pass up the tree and then read line by line. */
#include "page/markup_view.h"

#include <stdlib.h>
#include <string.h>

static bool is_block(uint8_t tag)
{
    return (HTML_TAGS[tag] & HTML_BLOCK) && !(HTML_TAGS[tag] & HTML_VOID);
}

uint32_t markup_block(const struct html_tree *tree, uint32_t element)
{
    while (element && !is_block(tree->elements[element].tag))
        element = tree->elements[element].parent;
    return element;
}

static bool is_leaf(uint8_t tag)
{
    return tag == GUMBO_TAG_P || tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DD ||
           tag == GUMBO_TAG_DT || tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_BLOCKQUOTE ||
           tag == GUMBO_TAG_FIGCAPTION || (tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6);
}

/* Classes without digits, so that "post-17" and "post-18" are one. */
static uint64_t hash_classes(struct retort_span classes)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t i = 0; i < classes.len; i++)
        if (classes.data[i] < '0' || classes.data[i] > '9')
            hash = (hash ^ classes.data[i]) * 0x100000001B3U;
    return hash;
}

static void find_paths(struct markup_view *view)
{
    const struct html_tree *tree = view->tree;
    for (uint32_t at = 0; at < tree->n_elements; at++) {
        const struct html_element *element = &tree->elements[at];
        uint64_t above = at ? view->paths[element->parent] : 0;
        uint64_t here = element->tag;
        if (!is_block(element->tag) && at) {
            view->paths[at] = above;
            continue;
        }
        if (element->attributes)
            here ^= hash_classes(html_element_attribute(tree, at, HTML_CLASS));
        view->paths[at] = (above ^ here) * 0x9E3779B97F4A7C15U + 1;
    }
}

static void place_line(struct markup_view *view, size_t at)
{
    struct markup_place *place = &view->places[at];
    const struct retort_line *line = &view->page->lines[at];
    const struct html_line *beside = &view->tree->lines[at];
    place->block = markup_block(view->tree, beside->element);
    place->parent = is_leaf(view->tree->elements[place->block].tag)
                        ? markup_block(view->tree, view->tree->elements[place->block].parent)
                        : place->block;
    place->path = view->paths[place->block];
    place->length = (float)line->text.len;
    place->link = place->length > 0 ? (float)beside->link / place->length : 0;
    place->link = place->link > 1 ? 1 : place->link;
    place->lengthy = line->text.len >= MARKUP_LONG && place->link < 0.4F;
}

struct markup_path *markup_path(struct markup_view *view, uint64_t key)
{
    size_t at = (key ^ key >> 29) & view->mask;
    while (view->table[at].lines > 0 && view->table[at].key != key)
        at = (at + 1) & view->mask;
    view->table[at].key = key;
    return &view->table[at];
}

static float paragraph_score(const struct markup_view *view, size_t at)
{
    const struct retort_span text = view->page->lines[at].text;
    const struct markup_place *place = &view->places[at];
    if (place->length < 25 || place->link > 0.5F)
        return 0;
    float commas = 0, length = place->length / 100;
    for (size_t i = 0; i < text.len && commas < 10; i++)
        commas += text.data[i] == ',';
    return 1 + commas + (length < 3 ? length : 3);
}

static void add_line(struct markup_view *view, size_t at)
{
    const struct markup_place *place = &view->places[at];
    struct markup_sums *block = &view->sums[place->block], *parent = &view->sums[place->parent];
    struct markup_path *path = markup_path(view, place->path);
    float lengthy = place->lengthy ? place->length : 0;
    block->chars += place->length;
    block->link += place->link * place->length;
    block->lengthy += lengthy;
    block->lines++;
    parent->own_long += lengthy;
    path->first = path->lengthy > 0 ? path->first : (uint32_t)at;
    path->last = lengthy > 0 ? (uint32_t)at : path->last;
    path->lines++;
    path->chars += place->length;
    path->link += place->link * place->length;
    path->lengthy += lengthy;
    view->long_above[at + 1] = view->long_above[at] + lengthy;
    bool comment =
        view->known->states[at] < HTML_STATE_ANY && view->known->states[at] != RETORT_STATE_ARTICLE;
    float score = comment ? 0 : paragraph_score(view, at);
    uint32_t above = view->tree->elements[place->parent].parent;
    parent->score += score;
    view->sums[above].score += score / 2;
}

static void add_up(struct markup_view *view)
{
    const struct html_tree *tree = view->tree;
    for (size_t at = 0; at < view->n; at++)
        add_line(view, at);
    for (uint32_t at = (uint32_t)tree->n_elements; at-- > 1;) {
        struct markup_sums *above = &view->sums[tree->elements[at].parent];
        above->chars += view->sums[at].chars;
        above->link += view->sums[at].link;
        above->lengthy += view->sums[at].lengthy;
        above->lines += view->sums[at].lines;
    }
}

float markup_link_share(const struct markup_sums *sums)
{
    return sums->chars > 0 ? sums->link / sums->chars : 0;
}

static void find_best(struct markup_view *view)
{
    float most = 0, main_long = 0;
    for (uint32_t at = 0; at < view->tree->n_elements; at++) {
        float score = view->sums[at].score * (1 - markup_link_share(&view->sums[at]));
        if (score > most) {
            most = score;
            view->best = at;
        }
        bool told = view->known->owner[at] != HTML_NONE;
        if (!told && view->sums[at].own_long > main_long) {
            main_long = view->sums[at].own_long;
            view->main_parent = at;
        }
    }
    const struct markup_path *main_path = NULL;
    for (size_t at = 0; at < view->n; at++) {
        const struct markup_path *path = markup_path(view, view->places[at].path);
        bool told = view->known->owner[view->places[at].block] != HTML_NONE;
        if (!told && (!main_path || path->lengthy > main_path->lengthy))
            main_path = path;
    }
    view->main_path = main_path ? main_path : markup_path(view, view->places[0].path);
}

/* ---- the headline
 * --------------------------------------------------------------------------------- */

/* Letters and digits only, ASCII in lower case. */
static size_t squeeze(struct retort_span text, uint8_t *out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len && n < most; i++) {
        uint8_t byte = text.data[i];
        bool upper = byte >= 'A' && byte <= 'Z';
        bool kept = upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (kept)
            out[n++] = (uint8_t)(byte | (upper ? 32 : 0));
    }
    return n;
}

enum { TITLE_MOST = 256, TITLE_LEAST = 8 };

static bool contains(const uint8_t *title, size_t n, const uint8_t *part, size_t m)
{
    for (size_t at = 0; at + m <= n; at++)
        if (memcmp(title + at, part, m) == 0)
            return true;
    return false;
}

static void find_headline(struct markup_view *view, const struct html_head *head)
{
    uint8_t headline[TITLE_MOST], title[TITLE_MOST], line[TITLE_MOST + 1];
    size_t n_headline = squeeze(head->headline, headline, TITLE_MOST);
    size_t n_title = squeeze(head->title, title, TITLE_MOST);
    int best = 0;
    view->headline = HTML_NONE;
    for (size_t at = 0; at < view->n; at++) {
        if (view->page->lines[at].text.len > TITLE_MOST * 2)
            continue;
        size_t n = squeeze(view->page->lines[at].text, line, TITLE_MOST + 1);
        bool same = n >= TITLE_LEAST && n == n_headline && memcmp(line, headline, n) == 0;
        bool part = n >= TITLE_LEAST &&
                    (contains(title, n_title, line, n) || contains(headline, n_headline, line, n));
        view->titled[at] = same ? 1 : part ? 2 : 0;
        uint8_t tag = view->tree->elements[view->places[at].block].tag;
        bool heading = tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H3;
        bool opens = n_title >= n && n >= 12 && memcmp(title, line, n) == 0;
        int rank = (same ? 4 : opens ? 3 : part && n >= 20 ? 1 : 0);
        rank = rank ? rank * 2 + heading * 3 : 0;
        if (rank > best) {
            best = rank;
            view->headline = (uint32_t)at;
        }
    }
}

static void find_told(struct markup_view *view)
{
    view->first_told = view->last_told = HTML_NONE;
    for (size_t at = 0; at < view->n; at++) {
        if (view->known->states[at] >= HTML_STATE_ANY ||
            view->known->states[at] == RETORT_STATE_ARTICLE)
            continue;
        view->first_told = view->first_told == HTML_NONE ? (uint32_t)at : view->first_told;
        view->last_told = (uint32_t)at;
    }
}

static void look(struct markup_view *view, const struct html_head *head,
                 struct retort_arena *scratch)
{
    size_t elements = view->tree->n_elements, slots = 64;
    while (slots < 2 * view->n)
        slots *= 2;
    view->paths = RETORT_NEW(scratch, uint64_t, elements + 1);
    view->sums = RETORT_NEW(scratch, struct markup_sums, elements + 1);
    view->places = RETORT_NEW(scratch, struct markup_place, view->n + 1);
    view->long_above = RETORT_NEW(scratch, float, view->n + 1);
    view->titled = RETORT_NEW(scratch, uint8_t, view->n + 1);
    view->table = RETORT_NEW(scratch, struct markup_path, slots);
    view->mask = slots - 1;
    find_paths(view);
    for (size_t at = 0; at < view->n; at++)
        place_line(view, at);
    add_up(view);
    find_best(view);
    find_headline(view, head);
    find_told(view);
}

const struct markup_page *markup_describe(const struct markup_source *source,
                                          struct retort_arena *arena)
{
    struct retort_arena scratch = {0};
    struct markup_view view = {
        .tree = source->tree, .words = source->words, .known = source->known};
    struct markup_page *described = RETORT_NEW(arena, struct markup_page, 1);
    struct markup_vector vector = {NULL, 0, 0};
    view.page = source->page;
    view.n = source->n_shown;
    uint32_t *first = RETORT_NEW(arena, uint32_t, view.n + 1);
    if (view.n)
        look(&view, source->head, &scratch);
    for (size_t at = 0; at < view.n; at++) {
        first[at] = (uint32_t)vector.n;
        markup_put_line(&vector, &view, at);
    }
    first[view.n] = (uint32_t)vector.n;
    struct retort_span cues = {(const uint8_t *)vector.cues, vector.n * sizeof *vector.cues};
    *described = (struct markup_page){view.n, first, NULL};
    described->cues = (const struct retort_cue *)(const void *)retort_arena_copy(arena, cues).data;
    free(vector.cues);
    retort_arena_release(&scratch);
    return described;
}

size_t markup_line_cues(const struct markup_page *page, size_t at, struct retort_cue *cues)
{
    if (at >= page->n_lines)
        return 0;
    size_t n = page->first[at + 1] - page->first[at];
    n = n < MARKUP_CUES_MOST ? n : MARKUP_CUES_MOST;
    for (size_t i = 0; i < n; i++) {
        cues[i] = page->cues[page->first[at] + i];
        cues[i].id = (uint16_t)(cues[i].id + retort_page_n_cues());
    }
    return n;
}
