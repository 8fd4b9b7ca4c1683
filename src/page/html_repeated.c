/* Comments of sites that we do not know: elements that repeat.
 *
 * Of all classes that say "comment" and whose elements are numerous, signed and hold sentences, the
 * one that holds most; else the children of one tag in the element that is called after comments,
 * if most of them are dated. A counter ("3 comments"), a list around all comments, the form and the
 * recent comments of a sidebar carry such classes too; they are in a form or sidebar, hold links
 * only, or do not repeat. */
#include "page/html_search.h"
#include "page/html_tags.h"

#include <string.h>

/* Of the pieces before each: how many stand in a line that looks like an author or date line. */
static uint32_t *count_signs(const struct html_search *search)
{
    const struct html_tree *tree = search->tree;
    uint32_t *signs = RETORT_NEW(search->arena, uint32_t, tree->n_pieces + 1);
    uint32_t line = HTML_NONE;
    bool sign = false;
    for (size_t i = 0; i < tree->n_pieces; i++) {
        uint32_t here = tree->pieces[i].line;
        if (here != HTML_NONE && here != line)
            sign = search_looks_like_sign(search, search->page->lines[here].text);
        line = here == HTML_NONE ? line : here;
        signs[i + 1] = signs[i] + (here != HTML_NONE && sign);
    }
    return signs;
}

/* Does a line in it look like an author or date line? Lists may stand in lists, so each line is
 * looked at once. */
static bool is_dated(struct html_search *search, uint32_t element)
{
    uint32_t end = search_item_end(search->tree, element);
    if (!search->signs)
        search->signs = count_signs(search);
    return search->signs[search->tree->elements[end - 1].end_piece] >
           search->signs[search->tree->elements[element].first_piece];
}

struct kind {
    uint64_t key;
    uint32_t n, first, last;
    size_t chars;
    bool signed_;
};

enum { KINDS_MOST = 64, LEAST_CHARS = 12 };

static bool holds(const uint8_t *letters, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= n; i++)
        if (memcmp(letters + i, word, len) == 0)
            return true;
    return false;
}

/* "comment-author", "comments-link", "commentlist": parts of comments, or talk of them. */
static bool is_one_comment(const uint8_t *letters, size_t n)
{
    static const char *const OTHERS[] = {
        "author", "avatar", "meta",  "date",   "time",   "form",  "count", "link",   "button",
        "footer", "reply",  "title", "num",    "header", "login", "list",  "area",   "thread",
        "tool",   "user",   "name",  "policy", "page",   "nav",   "wrap",  "respond"};
    if (!holds(letters, n, "comment") || holds(letters, n, "comments"))
        return false;
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        if (holds(letters, n, OTHERS[i]))
            return false;
    return true;
}

/* The class that makes it a comment, hashed without digits; 0 when none does. */
static uint64_t kind_of(const struct html_search *search, uint32_t element)
{
    struct retort_span classes = search_attribute(search, element, HTML_CLASS), name;
    while (platform_next_name(&classes, &name)) {
        uint8_t letters[48];
        size_t n = 0;
        for (size_t i = 0; i < name.len && n < sizeof letters; i++)
            if (!platform_is_digit(name.data[i]))
                letters[n++] = (uint8_t)(name.data[i] | 32);
        struct retort_span plain = {letters, n};
        if (is_one_comment(letters, n))
            return retort_hash(plain, search->tree->elements[element].tag) | 1;
    }
    return 0;
}

static void count_kind(struct kind *kinds, size_t *n, const struct kind *one)
{
    for (size_t i = 0; i < *n; i++) {
        if (kinds[i].key != one->key)
            continue;
        kinds[i].n++;
        kinds[i].chars += one->first >= kinds[i].last ? one->chars : 0;
        kinds[i].last = one->last > kinds[i].last ? one->last : kinds[i].last;
        kinds[i].signed_ &= one->signed_;
        return;
    }
    if (*n < KINDS_MOST)
        kinds[(*n)++] = *one;
}

/* Do elements inside name an author and a date? */
static bool is_signed(const struct html_search *search, uint32_t element)
{
    bool author = false, date = false;
    uint32_t end = search_item_end(search->tree, element);
    for (uint32_t at = element; at < end && !(author && date); at++) {
        author |= search_has_word(search, at, HTML_WORD_AUTHOR) ||
                  search_has_word(search, at, HTML_WORD_PERSON) ||
                  search->tree->elements[at].tag == GUMBO_TAG_CITE;
        date |= search_has_word(search, at, HTML_WORD_DATE) ||
                search_has_word(search, at, HTML_WORD_META) ||
                search->tree->elements[at].tag == GUMBO_TAG_TIME;
    }
    return author && date;
}

static uint64_t best_kind(struct html_search *search)
{
    struct kind kinds[KINDS_MOST];
    size_t n = 0, most = 0;
    for (uint32_t at = 1; at < search->tree->n_elements; at++) {
        uint64_t key = search_may_be_comment(search, at) ? kind_of(search, at) : 0;
        if (!key || search->chars[at] < LEAST_CHARS)
            continue;
        struct kind one = {
            key, 1, at, search->tree->elements[at].end, search->chars[at], is_signed(search, at)};
        count_kind(kinds, &n, &one);
    }
    for (size_t i = 0; i < n; i++)
        most = kinds[i].n > most ? kinds[i].n : most;
    const struct kind *best = NULL;
    for (size_t i = 0; i < n; i++) {
        bool many = kinds[i].n * 10 >= most * 7 && kinds[i].signed_ &&
                    (kinds[i].n > 1 || is_dated(search, kinds[i].first));
        if (many && (!best || kinds[i].chars > best->chars))
            best = &kinds[i];
    }
    return best ? best->key : 0;
}

/* A list of comments whose items have no name: the children of one tag in the element that is
 * called after comments and holds most text; a date stands in most of them. */
struct list {
    uint32_t element;
    uint8_t tag;
    uint32_t n, n_dated;
};

static bool is_item(const struct html_search *search, uint32_t at, uint8_t tag)
{
    const struct html_element *here = &search->tree->elements[at];
    bool item = tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_ARTICLE ||
                tag == GUMBO_TAG_DT || tag == GUMBO_TAG_TR;
    return item && here->tag == tag && !search->barred[at] &&
           (tag == GUMBO_TAG_DT || search->chars[at] >= LEAST_CHARS);
}

static void count_items(struct html_search *search, struct list *list)
{
    const struct html_element *elements = search->tree->elements;
    for (uint32_t at = list->element + 1; at < elements[list->element].end; at = elements[at].end) {
        if (list->n == 0)
            list->tag = elements[at].tag;
        if (!is_item(search, at, list->tag))
            continue;
        list->n++;
        list->n_dated += is_dated(search, at);
    }
}

static void find_list(struct html_search *search)
{
    const struct html_element *elements = search->tree->elements;
    uint32_t most = 0;
    struct list best = {.n = 0};
    for (uint32_t at = 1; at < search->tree->n_elements; at++) {
        bool named = search_has_word(search, at, HTML_WORD_COMMENT) ||
                     (search_has_word(search, elements[at].parent, HTML_WORD_COMMENT) &&
                      (HTML_TAGS[elements[at].tag] & HTML_GAP));
        if (!named || search->barred[at] || search->chars[at] <= most)
            continue;
        struct list list = {.element = at};
        count_items(search, &list);
        if (list.n < 2 || list.n_dated * 10 < list.n * 7)
            continue;
        most = search->chars[at];
        best = list;
    }
    for (uint32_t at = best.element + 1; best.n && at < elements[best.element].end;
         at = elements[at].end)
        if (is_item(search, at, best.tag))
            search_add(search, at, &HTML_REPEATED);
}

static void find_kind(struct html_search *search)
{
    uint64_t key = best_kind(search);
    for (uint32_t at = 1; key && at < search->tree->n_elements; at++)
        if (search_may_be_comment(search, at) && kind_of(search, at) == key)
            search_add(search, at, &HTML_REPEATED);
}

void search_repeated(struct html_search *search)
{
    find_kind(search);
    if (!search->known->n)
        find_list(search);
}
