/* Cues of markup: the block a line is, the elements around it and their class words, how much of it
 * is links, and where it stands toward what the page is mostly made of: the container that holds
 * most of the long paragraphs, the path of tags and classes that most of them share (Readability's
 * and jusText's observations), the headline, the comments that are known.
 *
 * Everything is computed for elements in one pass up the tree and then read line by line. */
#include "page/markup.h"

#include "page/html_tags.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUES(CUE)                                                                                  \
    CUE(BIAS, "always")                                                                            \
    CUE(IN_ARTICLE, "in <article>")                                                                \
    CUE(IN_MAIN, "in <main>")                                                                      \
    CUE(IN_NAV, "in <nav>")                                                                        \
    CUE(IN_ASIDE, "in <aside>")                                                                    \
    CUE(IN_FOOTER, "in <footer>")                                                                  \
    CUE(IN_HEADER, "in <header>")                                                                  \
    CUE(IN_FORM, "in <form>")                                                                      \
    CUE(IN_TABLE, "in <table>")                                                                    \
    CUE(IN_LIST, "in a list")                                                                      \
    CUE(IN_QUOTE, "in <blockquote>")                                                               \
    CUE(IN_FIGURE, "in <figure>")                                                                  \
    CUE(IN_NOSCRIPT, "in <noscript>")                                                              \
    CUE(IS_P, "<p>")                                                                               \
    CUE(IS_H1, "<h1>")                                                                             \
    CUE(IS_H2, "<h2>")                                                                             \
    CUE(IS_H3, "<h3>")                                                                             \
    CUE(IS_H4, "<h4> to <h6>")                                                                     \
    CUE(IS_LI, "<li>")                                                                             \
    CUE(IS_CELL, "<td>")                                                                           \
    CUE(IS_QUOTE, "<blockquote>")                                                                  \
    CUE(IS_PRE, "<pre>")                                                                           \
    CUE(IS_DD, "<dd> or <dt>")                                                                     \
    CUE(IS_DIV, "<div>")                                                                           \
    CUE(IS_BUTTON, "<button>")                                                                     \
    CUE(IS_OTHER, "other block")                                                                   \
    CUE(IN_P, "in a paragraph's parent")                                                           \
    CUE(PART, "one of several lines of its block")                                                 \
    CUE(FIRST_PART, "the first of several lines of its block")                                     \
    CUE(LINK_NONE, "no link")                                                                      \
    CUE(LINK_SOME, "a link")                                                                       \
    CUE(LINK_HALF, "half links")                                                                   \
    CUE(LINK_ALL, "nothing but links")                                                             \
    CUE(LINK_NONE_SHORT, "no link, short")                                                         \
    CUE(LINK_NONE_MIDDLE, "no link, of middle length")                                             \
    CUE(LINK_NONE_LONG, "no link, long")                                                           \
    CUE(LINK_SOME_SHORT, "a link, short")                                                          \
    CUE(LINK_SOME_MIDDLE, "a link, of middle length")                                              \
    CUE(LINK_SOME_LONG, "a link, long")                                                            \
    CUE(LINK_ALL_SHORT, "half links or more, short")                                               \
    CUE(LINK_ALL_MIDDLE, "half links or more, of middle length")                                   \
    CUE(LINK_ALL_LONG, "half links or more, long")                                                 \
    CUE(LINKS_ABOVE, "links in the line above")                                                    \
    CUE(LINKS_BELOW, "links in the line below")                                                    \
    CUE(LINKS_AROUND, "links in the lines around")                                                 \
    CUE(LENGTH_AROUND, "length of the lines around")                                               \
    CUE(TEXT_AROUND, "text without links around")                                                  \
    CUE(BEST, "in the best container")                                                             \
    CUE(BEST_ITSELF, "directly in the best container")                                             \
    CUE(BEST_SHORT, "in the best container, short")                                                \
    CUE(BEST_LONG, "in the best container, long")                                                  \
    CUE(BEST_LINKS, "in the best container, half links")                                           \
    CUE(BEST_OUTSIDE_LONG, "outside the best container, long")                                     \
    CUE(BEST_BEFORE, "before the best container")                                                  \
    CUE(BEST_AFTER, "after the best container")                                                    \
    CUE(BEST_SHARE, "share of the page's text in the best container")                              \
    CUE(MAIN_PATH, "path like most long paragraphs")                                               \
    CUE(MAIN_PARENT, "parent of most long paragraphs")                                             \
    CUE(MAIN_PATH_SHORT, "path like most long paragraphs, short")                                  \
    CUE(MAIN_PARENT_SHORT, "parent of most long paragraphs, short")                                \
    CUE(MAIN_PARENT_PATH, "parent and path of most long paragraphs")                               \
    CUE(MAIN_SPAN, "between the first and the last of the main path")                              \
    CUE(MAIN_SPAN_PARENT, "parent of most long paragraphs, between the first and the last")        \
    CUE(MAIN_NEAR_BEFORE, "up to three lines before the first of the main path")                   \
    CUE(MAIN_NEAR_AFTER, "up to three lines after the last of the main path")                      \
    CUE(MAIN_BEFORE, "before the main path")                                                       \
    CUE(MAIN_AFTER, "after the main path")                                                         \
    CUE(PATH_SHARE, "share of long text on its path")                                              \
    CUE(PARENT_SHARE, "share of long text in its parent")                                          \
    CUE(GRAND_SHARE, "share of long text in its grandparent")                                      \
    CUE(GREAT_SHARE, "share of long text in its great-grandparent")                                \
    CUE(PARENT_LINKS, "links in its parent")                                                       \
    CUE(GRAND_LINKS, "links in its grandparent")                                                   \
    CUE(GREAT_LINKS, "links in its great-grandparent")                                             \
    CUE(PARENT_MEAN, "mean length in its parent")                                                  \
    CUE(GRAND_MEAN, "mean length in its grandparent")                                              \
    CUE(PARENT_LINES, "log of lines in its parent")                                                \
    CUE(PATH_ONCE, "path stands once")                                                             \
    CUE(PATH_FEW, "path stands two to four times")                                                 \
    CUE(PATH_MANY, "path stands five times or more")                                               \
    CUE(PATH_MANY_SHORT, "path stands five times or more, its lines short")                        \
    CUE(PATH_MANY_LINKS, "path stands five times or more, its lines links")                        \
    CUE(PATH_MEAN, "mean length on its path")                                                      \
    CUE(PATH_LINKS, "links on its path")                                                           \
    CUE(SAME_ABOVE, "path like the line above")                                                    \
    CUE(SAME_BELOW, "path like the line below")                                                    \
    CUE(PARENT_ABOVE, "parent like the line above")                                                \
    CUE(PARENT_BELOW, "parent like the line below")                                                \
    CUE(TAG_ABOVE_P, "<p> above")                                                                  \
    CUE(TAG_BELOW_P, "<p> below")                                                                  \
    CUE(TAG_ABOVE_H, "heading above")                                                              \
    CUE(TAG_BELOW_H, "heading below")                                                              \
    CUE(TAG_ABOVE_LI, "<li> above")                                                                \
    CUE(TAG_BELOW_LI, "<li> below")                                                                \
    CUE(UP_0, "its parent holds the main paragraphs")                                              \
    CUE(UP_1, "one step below what holds the main paragraphs")                                     \
    CUE(UP_2, "two steps below what holds the main paragraphs")                                    \
    CUE(UP_3, "three or four steps below what holds the main paragraphs")                          \
    CUE(UP_5, "five steps or more below what holds the main paragraphs")                           \
    CUE(DOWN_0, "the main paragraphs are no deeper than their common ancestor")                    \
    CUE(DOWN_1, "the main paragraphs are one step below the common ancestor")                      \
    CUE(DOWN_2, "the main paragraphs are two steps below the common ancestor")                     \
    CUE(DOWN_3, "the main paragraphs are three or four steps below the common ancestor")           \
    CUE(DOWN_5, "the main paragraphs are five steps or more below the common ancestor")            \
    CUE(HEADLINE, "the headline")                                                                  \
    CUE(HEADLINE_AGAIN, "the headline again")                                                      \
    CUE(IN_HEADLINE, "part of the page's title")                                                   \
    CUE(HEADLINE_NONE, "no headline on the page")                                                  \
    CUE(BEFORE_HEADLINE, "before the headline")                                                    \
    CUE(JUST_BEFORE_HEADLINE, "up to three lines before the headline")                             \
    CUE(AFTER_HEADLINE, "after the headline")                                                      \
    CUE(JUST_AFTER_HEADLINE, "up to three lines after the headline")                               \
    CUE(SOON_AFTER_HEADLINE, "up to eight lines after the headline")                               \
    CUE(HEADLINE_TO_MAIN, "between the headline and the main path")                                \
    CUE(HEADING_LEVEL, "a heading like the headline's")                                            \
    CUE(TOLD, "page with known comments")                                                          \
    CUE(TOLD_BEFORE, "before the known comments")                                                  \
    CUE(TOLD_NEAR, "up to five lines before the known comments")                                   \
    CUE(TOLD_AFTER, "after the known comments")                                                    \
    CUE(TOLD_NOT, "page without known comments")                                                   \
    CUE(TOLD_TEXT, "text of a known comment")                                                      \
    CUE(TOLD_BEGIN, "beginning of a known comment")                                                \
    CUE(TOLD_SIGN, "signature of a known comment")                                                 \
    CUE(TIME, "holds <time>")                                                                      \
    CUE(DEPTH, "depth")                                                                            \
    CUE(DEPTH_SAME, "as deep as the main paragraphs")                                              \
    CUE(DEPTH_ABOVE, "not as deep as the main paragraphs")                                         \
    CUE(DEPTH_BELOW, "deeper than the main paragraphs")                                            \
    CUE(POSITION_SOURCE, "position in the source")                                                 \
    CUE(EARLIER_LONG, "share of long text above")                                                  \
    CUE(LATER_LONG, "share of long text below")                                                    \
    CUE(NO_EARLIER_LONG, "no long text above")                                                     \
    CUE(NO_LATER_LONG, "no long text below")

enum cue {
#define CUE(id, name) CUE_##id,
    CUES(CUE)
#undef CUE
        N_OWN,
    CUE_NEAR = N_OWN,                  /* words of the nearest three elements */
    CUE_FAR = CUE_NEAR + HTML_N_WORDS, /* words of elements further out */
    N_CUES = CUE_FAR + HTML_N_WORDS
};

static const char *const NAMES[N_OWN] = {
#define CUE(id, name) name,
    CUES(CUE)
#undef CUE
};

size_t markup_n_cues(void)
{
    return N_CUES;
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

size_t retort_page_n_html_cues(void)
{
    return retort_page_n_cues() + N_CUES;
}

void retort_page_html_cue_name(size_t id, char name[64])
{
    if (id < retort_page_n_cues())
        retort_page_cue_name(id, name);
    else
        markup_cue_name(id - retort_page_n_cues(), name);
}

uint64_t retort_page_html_cues_hash(void)
{
    uint64_t hash = 0;
    char name[64];
    for (size_t id = 0; id < retort_page_n_html_cues(); id++) {
        retort_page_html_cue_name(id, name);
        hash = retort_hash(retort_span_of(name), hash);
    }
    return hash;
}

void markup_cue_name(size_t id, char name[64])
{
    if (id < N_OWN) {
        snprintf(name, 64, "markup: %s", NAMES[id]);
        return;
    }
    size_t word = (id - CUE_NEAR) % HTML_N_WORDS;
    const char *spelling = html_word_name((enum html_word)word);
    snprintf(name, 64, "%s: %.*s", id < CUE_FAR ? "class" : "outer class",
             (int)strcspn(spelling, " "), spelling);
}

/* ---- the page's elements ------------------------------------------------------------------------
 */

enum { LONG = 80, SHORT = 40 };
static const uint32_t NONE = HTML_NONE;

struct sums {
    float chars, link, lengthy; /* bytes of text, of links, of long text; subtree */
    float own_long;             /* of the lines whose parent it is */
    float lines, score;
};

struct place {
    uint32_t block, parent; /* the block a line is, and what holds such blocks */
    uint64_t path;
    float length, link; /* bytes; share */
    bool lengthy;
};

struct path {
    uint64_t key;
    float lines, chars, link, lengthy;
    uint32_t first, last; /* long lines */
};

struct view {
    const struct html_tree *tree;
    const struct html_words *words;
    const struct html_known *known;
    const struct retort_page *page;
    size_t n;
    uint64_t *paths; /* of each element */
    struct sums *sums;
    struct place *places;
    struct path *table; /* open addressing */
    size_t mask;
    float *long_above; /* [n + 1] prefix sums of long text */
    uint32_t best, main_parent;
    const struct path *main_path;
    uint32_t headline, first_told, last_told;
    uint8_t *titled; /* of each line: 1 the headline's words, 2 part of the title */
};

static bool is_block(uint8_t tag)
{
    return (HTML_TAGS[tag] & HTML_BLOCK) && !(HTML_TAGS[tag] & HTML_VOID);
}

static uint32_t block_of(const struct html_tree *tree, uint32_t element)
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

static void find_paths(struct view *view)
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

static void place_line(struct view *view, size_t at)
{
    struct place *place = &view->places[at];
    const struct retort_line *line = &view->page->lines[at];
    const struct html_line *beside = &view->tree->lines[at];
    place->block = block_of(view->tree, beside->element);
    place->parent = is_leaf(view->tree->elements[place->block].tag)
                        ? block_of(view->tree, view->tree->elements[place->block].parent)
                        : place->block;
    place->path = view->paths[place->block];
    place->length = (float)line->text.len;
    place->link = (float)beside->link / (place->length + 1);
    place->link = place->link > 1 ? 1 : place->link;
    place->lengthy = line->text.len >= LONG && place->link < 0.4F;
}

static struct path *path_at(struct view *view, uint64_t key)
{
    size_t at = (key ^ key >> 29) & view->mask;
    while (view->table[at].lines > 0 && view->table[at].key != key)
        at = (at + 1) & view->mask;
    view->table[at].key = key;
    return &view->table[at];
}

static float paragraph_score(const struct view *view, size_t at)
{
    const struct retort_span text = view->page->lines[at].text;
    const struct place *place = &view->places[at];
    if (place->length < 25 || place->link > 0.5F)
        return 0;
    float commas = 0, length = place->length / 100;
    for (size_t i = 0; i < text.len && commas < 10; i++)
        commas += text.data[i] == ',';
    return 1 + commas + (length < 3 ? length : 3);
}

static void add_line(struct view *view, size_t at)
{
    const struct place *place = &view->places[at];
    struct sums *block = &view->sums[place->block], *parent = &view->sums[place->parent];
    struct path *path = path_at(view, place->path);
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

static void add_up(struct view *view)
{
    const struct html_tree *tree = view->tree;
    for (size_t at = 0; at < view->n; at++)
        add_line(view, at);
    for (uint32_t at = (uint32_t)tree->n_elements; at-- > 1;) {
        struct sums *above = &view->sums[tree->elements[at].parent];
        above->chars += view->sums[at].chars;
        above->link += view->sums[at].link;
        above->lengthy += view->sums[at].lengthy;
        above->lines += view->sums[at].lines;
    }
}

static float link_share(const struct sums *sums)
{
    return sums->chars > 0 ? sums->link / sums->chars : 0;
}

static void find_best(struct view *view)
{
    float most = 0, main_long = 0;
    for (uint32_t at = 0; at < view->tree->n_elements; at++) {
        float score = view->sums[at].score * (1 - link_share(&view->sums[at]));
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
    const struct path *main_path = NULL;
    for (size_t at = 0; at < view->n; at++) {
        const struct path *path = path_at(view, view->places[at].path);
        bool told = view->known->owner[view->places[at].block] != HTML_NONE;
        if (!told && (!main_path || path->lengthy > main_path->lengthy))
            main_path = path;
    }
    view->main_path = main_path ? main_path : path_at(view, view->places[0].path);
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

static void find_headline(struct view *view, const struct html_head *head)
{
    uint8_t headline[TITLE_MOST], title[TITLE_MOST], line[TITLE_MOST + 1];
    size_t n_headline = squeeze(head->headline, headline, TITLE_MOST);
    size_t n_title = squeeze(head->title, title, TITLE_MOST);
    int best = 0;
    view->headline = NONE;
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

static void find_told(struct view *view)
{
    view->first_told = view->last_told = NONE;
    for (size_t at = 0; at < view->n; at++) {
        if (view->known->states[at] >= HTML_STATE_ANY ||
            view->known->states[at] == RETORT_STATE_ARTICLE)
            continue;
        view->first_told = view->first_told == NONE ? (uint32_t)at : view->first_told;
        view->last_told = (uint32_t)at;
    }
}

/* ---- the cues of a line
 * ---------------------------------------------------------------------------- */

struct vector {
    struct retort_cue *cues;
    size_t n, room;
};

static void put(struct vector *vector, size_t id, float value)
{
    if (value == 0)
        return;
    if (vector->n == vector->room) {
        vector->room = vector->room ? vector->room * 2 : 4096;
        vector->cues = retort_grow(vector->cues, vector->room, sizeof *vector->cues);
    }
    vector->cues[vector->n++] = (struct retort_cue){(uint16_t)id, value};
}

static void put_if(struct vector *vector, enum cue cue, bool yes)
{
    put(vector, cue, yes ? 1 : 0);
}

static float small_log(float n)
{
    return logf(1 + n) / 7;
}

static enum cue cue_around(uint8_t tag)
{
    switch (tag) {
    case GUMBO_TAG_ARTICLE:
        return CUE_IN_ARTICLE;
    case GUMBO_TAG_MAIN:
        return CUE_IN_MAIN;
    case GUMBO_TAG_NAV:
        return CUE_IN_NAV;
    case GUMBO_TAG_ASIDE:
        return CUE_IN_ASIDE;
    case GUMBO_TAG_FOOTER:
        return CUE_IN_FOOTER;
    case GUMBO_TAG_HEADER:
        return CUE_IN_HEADER;
    case GUMBO_TAG_FORM:
        return CUE_IN_FORM;
    case GUMBO_TAG_TABLE:
        return CUE_IN_TABLE;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
        return CUE_IN_LIST;
    case GUMBO_TAG_BLOCKQUOTE:
        return CUE_IN_QUOTE;
    case GUMBO_TAG_FIGURE:
        return CUE_IN_FIGURE;
    case GUMBO_TAG_NOSCRIPT:
        return CUE_IN_NOSCRIPT;
    default:
        return CUE_BIAS;
    }
}

static enum cue cue_of_block(uint8_t tag)
{
    switch (tag) {
    case GUMBO_TAG_P:
        return CUE_IS_P;
    case GUMBO_TAG_H1:
        return CUE_IS_H1;
    case GUMBO_TAG_H2:
        return CUE_IS_H2;
    case GUMBO_TAG_H3:
        return CUE_IS_H3;
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
        return CUE_IS_H4;
    case GUMBO_TAG_LI:
        return CUE_IS_LI;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        return CUE_IS_CELL;
    case GUMBO_TAG_BLOCKQUOTE:
        return CUE_IS_QUOTE;
    case GUMBO_TAG_PRE:
        return CUE_IS_PRE;
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DT:
        return CUE_IS_DD;
    case GUMBO_TAG_DIV:
        return CUE_IS_DIV;
    case GUMBO_TAG_BUTTON:
        return CUE_IS_BUTTON;
    default:
        return CUE_IS_OTHER;
    }
}

enum { NEAR_ELEMENTS = 3 };

/* The elements around, and the words of their classes. */
static void put_around(struct vector *vector, const struct view *view, size_t at)
{
    struct html_words words[2] = {{{0, 0}}, {{0, 0}}};
    uint32_t element = view->tree->lines[at].element;
    uint32_t seen = 0;
    bool timed = false;
    for (size_t steps = 0; element; steps++) {
        const struct html_element *here = &view->tree->elements[element];
        html_words_add(&words[steps >= NEAR_ELEMENTS], &view->words[element]);
        seen |= 1U << cue_around(here->tag);
        timed |= here->tag == GUMBO_TAG_TIME;
        element = here->parent;
    }
    for (enum cue cue = CUE_IN_ARTICLE; cue <= CUE_IN_NOSCRIPT; cue++)
        put_if(vector, cue, seen >> cue & 1);
    put_if(vector, CUE_TIME, timed);
    for (size_t far = 0; far < 2; far++)
        for (size_t half = 0; half < 2; half++)
            for (uint64_t rest = words[far].bits[half]; rest; rest &= rest - 1)
                put(vector, (far ? CUE_FAR : CUE_NEAR) + half * 64 + (size_t)__builtin_ctzll(rest),
                    1);
}

static int length_class(float length)
{
    return length <= SHORT ? 0 : length <= 160 ? 1 : 2;
}

static void put_links(struct vector *vector, const struct view *view, size_t at)
{
    const struct place *place = &view->places[at];
    enum cue all = place->link > 0.9F    ? CUE_LINK_ALL
                   : place->link > 0.45F ? CUE_LINK_HALF
                   : place->link > 0     ? CUE_LINK_SOME
                                         : CUE_LINK_NONE;
    size_t kind = place->link > 0.45F ? 2 : place->link > 0;
    put(vector, all, 1);
    put(vector, CUE_LINK_NONE_SHORT + kind * 3 + (size_t)length_class(place->length), 1);
    put(vector, CUE_LINKS_ABOVE, at ? place[-1].link : 0);
    put(vector, CUE_LINKS_BELOW, at + 1 < view->n ? place[1].link : 0);
    size_t begin = at > 3 ? at - 3 : 0, end = at + 4 < view->n ? at + 4 : view->n;
    float chars = 0, link = 0;
    for (size_t i = begin; i < end; i++) {
        chars += view->places[i].length;
        link += view->places[i].link * view->places[i].length;
    }
    put(vector, CUE_LINKS_AROUND, link / chars);
    put(vector, CUE_LENGTH_AROUND, small_log(chars / (float)(end - begin)));
    put(vector, CUE_TEXT_AROUND, small_log((chars - link) / (float)(end - begin)));
}

static void put_block(struct vector *vector, const struct view *view, size_t at)
{
    const struct html_element *elements = view->tree->elements;
    const struct place *place = &view->places[at];
    put(vector, cue_of_block(elements[place->block].tag), 1);
    bool part = view->sums[place->block].lines > 1;
    bool first = at == 0 || view->places[at - 1].block != place->block;
    put_if(vector, CUE_PART, part && !first);
    put_if(vector, CUE_FIRST_PART, part && first);
    uint8_t above = at ? elements[place[-1].block].tag : 0;
    uint8_t below = at + 1 < view->n ? elements[place[1].block].tag : 0;
    put_if(vector, CUE_TAG_ABOVE_P, above == GUMBO_TAG_P);
    put_if(vector, CUE_TAG_BELOW_P, below == GUMBO_TAG_P);
    put_if(vector, CUE_TAG_ABOVE_H, above >= GUMBO_TAG_H1 && above <= GUMBO_TAG_H6);
    put_if(vector, CUE_TAG_BELOW_H, below >= GUMBO_TAG_H1 && below <= GUMBO_TAG_H6);
    put_if(vector, CUE_TAG_ABOVE_LI, above == GUMBO_TAG_LI);
    put_if(vector, CUE_TAG_BELOW_LI, below == GUMBO_TAG_LI);
    put_if(vector, CUE_SAME_ABOVE, at && place[-1].path == place->path);
    put_if(vector, CUE_SAME_BELOW, at + 1 < view->n && place[1].path == place->path);
    put_if(vector, CUE_PARENT_ABOVE, at && place[-1].parent == place->parent);
    put_if(vector, CUE_PARENT_BELOW, at + 1 < view->n && place[1].parent == place->parent);
}

static bool is_inside(const struct html_tree *tree, uint32_t element, uint32_t outer)
{
    return element >= outer && element < tree->elements[outer].end;
}

static void put_best(struct vector *vector, const struct view *view, size_t at)
{
    const struct place *place = &view->places[at];
    bool inside = is_inside(view->tree, place->block, view->best);
    float all = view->sums[0].lengthy;
    put_if(vector, CUE_BEST, inside);
    put_if(vector, CUE_BEST_ITSELF, place->parent == view->best);
    put_if(vector, CUE_BEST_SHORT, inside && place->length <= SHORT);
    put_if(vector, CUE_BEST_LONG, inside && place->lengthy);
    put_if(vector, CUE_BEST_LINKS, inside && place->link > 0.45F);
    put_if(vector, CUE_BEST_OUTSIDE_LONG, !inside && place->lengthy);
    put_if(vector, CUE_BEST_BEFORE, place->block < view->best);
    put_if(vector, CUE_BEST_AFTER, place->block >= view->tree->elements[view->best].end);
    put(vector, CUE_BEST_SHARE, all > 0 ? view->sums[view->best].lengthy / all : 0);
}

static void put_main(struct vector *vector, const struct view *view, size_t at)
{
    const struct place *place = &view->places[at];
    const struct path *main_path = view->main_path;
    bool path = place->path == main_path->key, parent = place->parent == view->main_parent;
    bool has = main_path->lengthy > 0;
    bool between = has && at >= main_path->first && at <= main_path->last;
    put_if(vector, CUE_MAIN_PATH, path);
    put_if(vector, CUE_MAIN_PARENT, parent);
    put_if(vector, CUE_MAIN_PATH_SHORT, path && place->length <= SHORT);
    put_if(vector, CUE_MAIN_PARENT_SHORT, parent && place->length <= SHORT);
    put_if(vector, CUE_MAIN_PARENT_PATH, path && parent);
    put_if(vector, CUE_MAIN_SPAN, between);
    put_if(vector, CUE_MAIN_SPAN_PARENT, between && parent);
    put_if(vector, CUE_MAIN_BEFORE, has && at < main_path->first);
    put_if(vector, CUE_MAIN_AFTER, has && at > main_path->last);
    put_if(vector, CUE_MAIN_NEAR_BEFORE,
           has && at < main_path->first && at + 3 >= main_path->first);
    put_if(vector, CUE_MAIN_NEAR_AFTER, has && at > main_path->last && at <= main_path->last + 3);
}

static uint32_t outer_block(const struct view *view, uint32_t element)
{
    return block_of(view->tree, view->tree->elements[element].parent);
}

static void put_containers(struct vector *vector, const struct view *view, size_t at)
{
    const struct place *place = &view->places[at];
    uint32_t grand = outer_block(view, place->parent), great = outer_block(view, grand);
    const struct sums *parent_sums = &view->sums[place->parent], *grand_sums = &view->sums[grand];
    const struct sums *great_sums = &view->sums[great];
    float all = view->sums[0].lengthy + 1;
    put(vector, CUE_PARENT_SHARE, parent_sums->lengthy / all);
    put(vector, CUE_GRAND_SHARE, grand_sums->lengthy / all);
    put(vector, CUE_GREAT_SHARE, great_sums->lengthy / all);
    put(vector, CUE_PARENT_LINKS, link_share(parent_sums));
    put(vector, CUE_GRAND_LINKS, link_share(grand_sums));
    put(vector, CUE_GREAT_LINKS, link_share(great_sums));
    put(vector, CUE_PARENT_MEAN, small_log(parent_sums->chars / (parent_sums->lines + 1)));
    put(vector, CUE_GRAND_MEAN, small_log(grand_sums->chars / (grand_sums->lines + 1)));
    put(vector, CUE_PARENT_LINES, small_log(parent_sums->lines));
}

static void put_path(struct vector *vector, struct view *view, size_t at)
{
    const struct path *path = path_at(view, view->places[at].path);
    float mean = path->chars / path->lines, link = path->link / (path->chars + 1);
    bool many = path->lines >= 5;
    put(vector, CUE_PATH_SHARE, path->lengthy / (view->sums[0].lengthy + 1));
    put_if(vector, CUE_PATH_ONCE, path->lines < 2);
    put_if(vector, CUE_PATH_FEW, path->lines >= 2 && !many);
    put_if(vector, CUE_PATH_MANY, many);
    put_if(vector, CUE_PATH_MANY_SHORT, many && mean <= SHORT);
    put_if(vector, CUE_PATH_MANY_LINKS, many && link > 0.45F);
    put(vector, CUE_PATH_MEAN, small_log(mean));
    put(vector, CUE_PATH_LINKS, link);
}

static enum cue step_cue(enum cue first, size_t steps)
{
    size_t at = steps < 3 ? steps : steps < 5 ? 3 : 4;
    return (enum cue)(first + at);
}

/* The way through the tree to the main paragraphs' parent: steps up, then down. */
static void put_way(struct vector *vector, const struct view *view, size_t at)
{
    const struct html_element *elements = view->tree->elements;
    uint32_t here = view->places[at].parent, there = view->main_parent;
    size_t up = 0, down = 0;
    while (!is_inside(view->tree, there, here)) {
        here = elements[here].parent;
        up++;
    }
    while (there != here) {
        there = elements[there].parent;
        down++;
    }
    put(vector, step_cue(CUE_UP_0, up), 1);
    put(vector, step_cue(CUE_DOWN_0, down), 1);
    int depth = elements[view->places[at].parent].depth;
    int main_depth = elements[view->main_parent].depth;
    put(vector, CUE_DEPTH, (float)depth / 30);
    put_if(vector, CUE_DEPTH_SAME, depth == main_depth);
    put_if(vector, CUE_DEPTH_ABOVE, depth < main_depth);
    put_if(vector, CUE_DEPTH_BELOW, depth > main_depth);
}

static void put_headline(struct vector *vector, const struct view *view, size_t at)
{
    size_t line = view->headline;
    bool has = view->headline != NONE;
    const struct html_element *elements = view->tree->elements;
    put_if(vector, CUE_HEADLINE, has && at == line);
    put_if(vector, CUE_HEADLINE_AGAIN, view->titled[at] == 1 && at != line);
    put_if(vector, CUE_IN_HEADLINE, view->titled[at] == 2 && at != line);
    put_if(vector, CUE_HEADLINE_NONE, !has);
    put_if(vector, CUE_BEFORE_HEADLINE, has && at < line);
    put_if(vector, CUE_JUST_BEFORE_HEADLINE, has && at < line && at + 3 >= line);
    put_if(vector, CUE_AFTER_HEADLINE, has && at > line);
    put_if(vector, CUE_JUST_AFTER_HEADLINE, has && at > line && at <= line + 3);
    put_if(vector, CUE_SOON_AFTER_HEADLINE, has && at > line && at <= line + 8);
    put_if(vector, CUE_HEADLINE_TO_MAIN, has && at > line && at < view->main_path->first);
    put_if(vector, CUE_HEADING_LEVEL,
           has && at != line &&
               elements[view->places[at].block].tag == elements[view->places[line].block].tag &&
               elements[view->places[at].block].tag <= GUMBO_TAG_H6 &&
               elements[view->places[at].block].tag >= GUMBO_TAG_H1);
}

static void put_told(struct vector *vector, const struct view *view, size_t at)
{
    bool told = view->first_told != NONE;
    uint8_t state = view->known->states[at];
    put_if(vector, CUE_TOLD_TEXT, state == RETORT_STATE_GOES_ON);
    put_if(vector, CUE_TOLD_BEGIN, state == RETORT_STATE_BEGIN);
    put_if(vector, CUE_TOLD_SIGN, state == RETORT_STATE_HEAD || state == RETORT_STATE_TAIL);
    put_if(vector, CUE_TOLD, told);
    put_if(vector, CUE_TOLD_NOT, !told);
    put_if(vector, CUE_TOLD_BEFORE, told && at < view->first_told);
    put_if(vector, CUE_TOLD_NEAR, told && at < view->first_told && at + 5 >= view->first_told);
    put_if(vector, CUE_TOLD_AFTER, told && at > view->last_told);
}

static void put_place(struct vector *vector, const struct view *view, size_t at)
{
    float all = view->long_above[view->n], above = view->long_above[at];
    float below = all - view->long_above[at + 1];
    put(vector, CUE_POSITION_SOURCE,
        (float)view->page->lines[at].begin / ((float)view->page->lines[view->n - 1].end + 1));
    put(vector, CUE_EARLIER_LONG, above / (all + 1));
    put(vector, CUE_LATER_LONG, below / (all + 1));
    put_if(vector, CUE_NO_EARLIER_LONG, above <= 0);
    put_if(vector, CUE_NO_LATER_LONG, below <= 0);
}

static void put_line(struct vector *vector, struct view *view, size_t at)
{
    put(vector, CUE_BIAS, 1);
    put_around(vector, view, at);
    put_block(vector, view, at);
    put_links(vector, view, at);
    put_best(vector, view, at);
    put_main(vector, view, at);
    put_containers(vector, view, at);
    put_path(vector, view, at);
    put_way(vector, view, at);
    put_headline(vector, view, at);
    put_told(vector, view, at);
    put_place(vector, view, at);
}

static void look(struct view *view, const struct html_head *head, struct retort_arena *scratch)
{
    size_t elements = view->tree->n_elements, slots = 64;
    while (slots < 2 * view->n)
        slots *= 2;
    view->paths = RETORT_NEW(scratch, uint64_t, elements + 1);
    view->sums = RETORT_NEW(scratch, struct sums, elements + 1);
    view->places = RETORT_NEW(scratch, struct place, view->n + 1);
    view->long_above = RETORT_NEW(scratch, float, view->n + 1);
    view->titled = RETORT_NEW(scratch, uint8_t, view->n + 1);
    view->table = RETORT_NEW(scratch, struct path, slots);
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
    struct view view = {.tree = source->tree, .words = source->words, .known = source->known};
    struct markup_page *described = RETORT_NEW(arena, struct markup_page, 1);
    struct vector vector = {NULL, 0, 0};
    view.page = source->page;
    view.n = source->n_shown;
    uint32_t *first = RETORT_NEW(arena, uint32_t, view.n + 1);
    if (view.n)
        look(&view, source->head, &scratch);
    for (size_t at = 0; at < view.n; at++) {
        first[at] = (uint32_t)vector.n;
        put_line(&vector, &view, at);
    }
    first[view.n] = (uint32_t)vector.n;
    struct retort_span cues = {(const uint8_t *)vector.cues, vector.n * sizeof *vector.cues};
    *described = (struct markup_page){view.n, first, NULL};
    described->cues = (const struct retort_cue *)(const void *)retort_arena_copy(arena, cues).data;
    free(vector.cues);
    retort_arena_release(&scratch);
    return described;
}
