/* The search for comments in the elements of a page; what its parts share. Internal to the HTML
 * reader. */
#ifndef RETORT_PAGE_HTML_SEARCH_H
#define RETORT_PAGE_HTML_SEARCH_H

#include "page/html_known.h"
#include "page/html_platforms.h"

struct html_search {
    const struct html_tree *tree;
    const struct html_words *words;
    const struct retort_page *page;
    struct retort_arena *arena;
    struct html_known *known;
    uint8_t *barred; /* of each element: it is in a form or a sidebar */
    uint32_t *chars; /* of each element: bytes of text that is no link */
    uint32_t *signs; /* of the pieces before each: how many are of signatures; NULL until asked */
    const struct lexicon *lexicon;
};

struct retort_span search_attribute(const struct html_search *search, uint32_t element,
                                    enum html_key key);
/* Does its class, id or itemprop match one of the patterns? */
bool search_says(const struct html_search *search, uint32_t element, const char *patterns);
bool search_has_word(const struct html_search *search, uint32_t element, enum html_word word);
/* A hash of the last number in an id, 0 for none. */
uint64_t search_number(struct retort_span id);
/* The element's end; a <dt> speaks for the <dd>s behind it. */
uint32_t search_item_end(const struct html_tree *tree, uint32_t element);
bool search_may_be_comment(const struct html_search *search, uint32_t element);
/* Is the line an author or date line? */
bool search_looks_like_sign(const struct html_search *search, struct retort_span line);
void search_add(struct html_search *search, uint32_t element, const struct html_platform *platform);
/* The first element of the comment itself that matches and has text; the patterns are tried in
 * their order. HTML_NONE for none. */
uint32_t search_inside(const struct html_search *search, size_t index, const char *patterns);
struct retort_span search_text(const struct html_search *search, uint32_t element);

/* The parts of the search, in their order. */
void search_platforms(struct html_search *search);
void search_repeated(struct html_search *search); /* where no platform was found */
void search_states(struct html_search *search);   /* of the lines */
void search_facts(struct html_search *search);    /* author, time, parent */

#endif
