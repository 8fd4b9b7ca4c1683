/* The closed list of the cues of markup, and how a line's are read off the view. */
#include "page/markup_view.h"

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

static void put(struct markup_vector *vector, size_t id, float value)
{
    if (value == 0)
        return;
    if (vector->n == vector->room) {
        vector->room = vector->room ? vector->room * 2 : 4096;
        vector->cues = retort_grow(vector->cues, vector->room, sizeof *vector->cues);
    }
    vector->cues[vector->n++] = (struct retort_cue){(uint16_t)id, value};
}

static void put_if(struct markup_vector *vector, enum cue cue, bool yes)
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
static void put_around(struct markup_vector *vector, const struct markup_view *view, size_t at)
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
    return length <= MARKUP_SHORT ? 0 : length <= 160 ? 1 : 2;
}

static void put_links(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    const struct markup_place *place = &view->places[at];
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

static void put_block(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    const struct html_element *elements = view->tree->elements;
    const struct markup_place *place = &view->places[at];
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

static void put_best(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    const struct markup_place *place = &view->places[at];
    bool inside = is_inside(view->tree, place->block, view->best);
    float all = view->sums[0].lengthy;
    put_if(vector, CUE_BEST, inside);
    put_if(vector, CUE_BEST_ITSELF, place->parent == view->best);
    put_if(vector, CUE_BEST_SHORT, inside && place->length <= MARKUP_SHORT);
    put_if(vector, CUE_BEST_LONG, inside && place->lengthy);
    put_if(vector, CUE_BEST_LINKS, inside && place->link > 0.45F);
    put_if(vector, CUE_BEST_OUTSIDE_LONG, !inside && place->lengthy);
    put_if(vector, CUE_BEST_BEFORE, place->block < view->best);
    put_if(vector, CUE_BEST_AFTER, place->block >= view->tree->elements[view->best].end);
    put(vector, CUE_BEST_SHARE, all > 0 ? view->sums[view->best].lengthy / all : 0);
}

static void put_main(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    const struct markup_place *place = &view->places[at];
    const struct markup_path *main_path = view->main_path;
    bool path = place->path == main_path->key, parent = place->parent == view->main_parent;
    bool has = main_path->lengthy > 0;
    bool between = has && at >= main_path->first && at <= main_path->last;
    put_if(vector, CUE_MAIN_PATH, path);
    put_if(vector, CUE_MAIN_PARENT, parent);
    put_if(vector, CUE_MAIN_PATH_SHORT, path && place->length <= MARKUP_SHORT);
    put_if(vector, CUE_MAIN_PARENT_SHORT, parent && place->length <= MARKUP_SHORT);
    put_if(vector, CUE_MAIN_PARENT_PATH, path && parent);
    put_if(vector, CUE_MAIN_SPAN, between);
    put_if(vector, CUE_MAIN_SPAN_PARENT, between && parent);
    put_if(vector, CUE_MAIN_BEFORE, has && at < main_path->first);
    put_if(vector, CUE_MAIN_AFTER, has && at > main_path->last);
    put_if(vector, CUE_MAIN_NEAR_BEFORE,
           has && at < main_path->first && at + 3 >= main_path->first);
    put_if(vector, CUE_MAIN_NEAR_AFTER, has && at > main_path->last && at <= main_path->last + 3);
}

static uint32_t outer_block(const struct markup_view *view, uint32_t element)
{
    return markup_block(view->tree, view->tree->elements[element].parent);
}

static void put_containers(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    const struct markup_place *place = &view->places[at];
    uint32_t grand = outer_block(view, place->parent), great = outer_block(view, grand);
    const struct markup_sums *parent_sums = &view->sums[place->parent],
                             *grand_sums = &view->sums[grand];
    const struct markup_sums *great_sums = &view->sums[great];
    float all = view->sums[0].lengthy + 1;
    put(vector, CUE_PARENT_SHARE, parent_sums->lengthy / all);
    put(vector, CUE_GRAND_SHARE, grand_sums->lengthy / all);
    put(vector, CUE_GREAT_SHARE, great_sums->lengthy / all);
    put(vector, CUE_PARENT_LINKS, markup_link_share(parent_sums));
    put(vector, CUE_GRAND_LINKS, markup_link_share(grand_sums));
    put(vector, CUE_GREAT_LINKS, markup_link_share(great_sums));
    put(vector, CUE_PARENT_MEAN, small_log(parent_sums->chars / (parent_sums->lines + 1)));
    put(vector, CUE_GRAND_MEAN, small_log(grand_sums->chars / (grand_sums->lines + 1)));
    put(vector, CUE_PARENT_LINES, small_log(parent_sums->lines));
}

static void put_path(struct markup_vector *vector, struct markup_view *view, size_t at)
{
    const struct markup_path *path = markup_path(view, view->places[at].path);
    float mean = path->chars / path->lines, link = path->link / (path->chars + 1);
    bool many = path->lines >= 5;
    put(vector, CUE_PATH_SHARE, path->lengthy / (view->sums[0].lengthy + 1));
    put_if(vector, CUE_PATH_ONCE, path->lines < 2);
    put_if(vector, CUE_PATH_FEW, path->lines >= 2 && !many);
    put_if(vector, CUE_PATH_MANY, many);
    put_if(vector, CUE_PATH_MANY_SHORT, many && mean <= MARKUP_SHORT);
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
static void put_way(struct markup_vector *vector, const struct markup_view *view, size_t at)
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

static void put_headline(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    size_t line = view->headline;
    bool has = view->headline != HTML_NONE;
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

static void put_told(struct markup_vector *vector, const struct markup_view *view, size_t at)
{
    bool told = view->first_told != HTML_NONE;
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

static void put_place(struct markup_vector *vector, const struct markup_view *view, size_t at)
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

void markup_put_line(struct markup_vector *vector, struct markup_view *view, size_t at)
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
