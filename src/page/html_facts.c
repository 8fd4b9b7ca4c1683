/* Who wrote a known comment, when, and whom it answers: by attributes made for that, by elements
 * whose class says so, by how comments are nested or indented. */
#include "page/html_search.h"
#include "page/html_tags.h"

#include <stdlib.h>

enum { NAME_MOST = 60, DEPTH_REACH = 8 };

/* The first element whose class speaks of an author, or of a date, and whose text is short. */
static uint32_t find_by_words(const struct html_search *search, size_t index, enum html_word word,
                              enum html_word other)
{
    const struct html_comment *comment = &search->known->comments[index];
    for (uint32_t at = comment->element + 1; at < comment->end; at++) {
        if (search->known->owner[at] != index || search->chars[at] > NAME_MOST)
            continue;
        if ((search_has_word(search, at, word) || search_has_word(search, at, other)) &&
            search_text(search, at).len)
            return at;
    }
    return HTML_NONE;
}

static uint32_t find_cite(const struct html_search *search, size_t index)
{
    const struct html_comment *comment = &search->known->comments[index];
    for (uint32_t at = comment->element; at < comment->end; at++)
        if (search->known->owner[at] == index && search->tree->elements[at].tag == GUMBO_TAG_CITE)
            return at;
    return HTML_NONE;
}

/* An element made for the author holds the name and no more, unless it ends like "Jane says:". */
static struct retort_span author_in(const struct html_search *search, uint32_t element)
{
    struct retort_span line = search_text(search, element), author, time;
    retort_page_read_sign(line, search->lexicon, &author, &time);
    uint8_t last = line.len ? line.data[line.len - 1] : ':';
    bool bare = line.len <= NAME_MOST && !time.len && last != ':' && last != '.' && last != ',' &&
                last != 0xA6; /* the last byte of "…" */
    return bare ? line : author;
}

static void find_author(const struct html_search *search, size_t index)
{
    struct html_comment *comment = &search->known->comments[index];
    struct retort_span told = search_attribute(search, comment->element, HTML_AUTHOR);
    if (told.len) {
        comment->author = html_plain(told, search->arena);
        return;
    }
    uint32_t found = search_inside(search, index, comment->platform->author);
    if (found == HTML_NONE)
        found = search_inside(search, index, "fn author commenter username comment-author by");
    if (found == HTML_NONE)
        found = find_cite(search, index);
    if (found == HTML_NONE)
        found = find_by_words(search, index, HTML_WORD_AUTHOR, HTML_WORD_PERSON);
    if (found != HTML_NONE)
        comment->author = author_in(search, found);
}

static bool has_digit(struct retort_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (platform_is_digit(text.data[i]))
            return true;
    return false;
}

static void find_time(const struct html_search *search, size_t index)
{
    struct html_comment *comment = &search->known->comments[index];
    for (uint32_t at = comment->element; at < comment->end; at++) {
        if (search->known->owner[at] != index || !search->tree->elements[at].attributes)
            continue;
        struct retort_span time = search_attribute(search, at, HTML_DATETIME);
        bool date =
            search->tree->elements[at].tag == GUMBO_TAG_ABBR ||
            search_says(search, at, "DateTime time-ago age relative-date timestamp published");
        if (!time.len && date)
            time = search_attribute(search, at, HTML_TITLE);
        if (!time.len && search_says(search, at, "datePublished dateCreated commentTime"))
            time = search_attribute(search, at, HTML_CONTENT);
        if (time.len >= 8 && has_digit(time)) {
            comment->time = html_plain(time, search->arena);
            return;
        }
    }
    uint32_t found = search_inside(search, index, comment->platform->time);
    if (found == HTML_NONE)
        found = find_by_words(search, index, HTML_WORD_DATE, HTML_WORD_META);
    if (found == HTML_NONE)
        return;
    struct retort_span line = search_text(search, found), author, time;
    retort_page_read_sign(line, search->lexicon, &author, &time);
    comment->time = time.len ? time : (struct retort_span){line.data, 0};
}

/* Of each element: how many hold answers, of itself and those around it. */
static const int *count_answering(const struct html_search *search)
{
    const struct html_tree *tree = search->tree;
    int *answering = RETORT_NEW(search->arena, int, tree->n_elements + 1);
    for (uint32_t at = 1; at < tree->n_elements; at++)
        answering[at] = answering[tree->elements[at].parent] +
                        (search_has_word(search, at, HTML_WORD_CHILDREN) ||
                         search_says(search, at, "idc-replies replies"));
    return answering;
}

/* Depth by attribute, by a class that ends in a number, by the wrappers around it. */
static int depth_of(const struct html_search *search, const struct html_comment *comment,
                    const int *answering)
{
    struct retort_span told = search_attribute(search, comment->element, HTML_DEPTH), name;
    for (uint32_t at = comment->element;
         !told.len && at < comment->end && at < comment->element + DEPTH_REACH; at++)
        told = search_attribute(search, at, HTML_DEPTH);
    struct retort_span classes = search_attribute(search, comment->element, HTML_CLASS);
    while (!told.len && platform_next_name(&classes, &name))
        if (platform_matches(name, "depth-# level-# indent-# coral-indent-# comment-depth-#"))
            told = retort_span_slice(name, name.len - 1, name.len);
    int depth = 0;
    for (size_t i = 0; i < told.len && i < 4 && platform_is_digit(told.data[i]); i++)
        depth = depth * 10 + (told.data[i] - '0');
    return depth + answering[search->tree->elements[comment->element].parent];
}

/* Comments by their number on the site and then by their place: sorted, for a page may have any
 * number of comments, and all may answer one. */
struct numbered {
    uint64_t key;
    size_t at;
};

static int compare_numbered(const void *left, const void *right)
{
    const struct numbered *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static const struct numbered *sort_by_number(const struct html_search *search)
{
    const struct html_known *known = search->known;
    struct numbered *sorted = RETORT_NEW(search->arena, struct numbered, known->n);
    for (size_t i = 0; i < known->n; i++)
        sorted[i] = (struct numbered){known->comments[i].key, i};
    qsort(sorted, known->n, sizeof *sorted, compare_numbered);
    return sorted;
}

/* The nearest comment before `at` that has the number, −1 for none. */
static ptrdiff_t find_number(const struct numbered *sorted, size_t n, uint64_t key, size_t at)
{
    const struct numbered wanted = {key, at};
    size_t low = 0;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (compare_numbered(&sorted[middle], &wanted) < 0)
            low = middle + 1;
        else
            n = middle;
    }
    return key && low > 0 && sorted[low - 1].key == key ? (ptrdiff_t)sorted[low - 1].at : -1;
}

/* The last comment above that is less deep; what stands between a comment and its parent is not. */
static ptrdiff_t find_shallower(const struct html_known *known, size_t at)
{
    ptrdiff_t above = (ptrdiff_t)at - 1;
    while (above >= 0 && known->comments[above].depth >= known->comments[at].depth)
        above = known->comments[above].parent;
    return above;
}

static void find_parents(struct html_search *search)
{
    struct html_known *known = search->known;
    const struct numbered *sorted = sort_by_number(search);
    const int *answering = count_answering(search);
    bool deep = false, told = false;
    for (size_t i = 0; i < known->n; i++) {
        struct html_comment *comment = &known->comments[i];
        comment->depth = depth_of(search, comment, answering);
        deep |= comment->depth != known->comments[0].depth;
        struct retort_span parent = search_attribute(search, comment->element, HTML_PARENT);
        if (!parent.len || known->threaded)
            continue;
        comment->parent = find_number(sorted, known->n, search_number(parent), i);
        told |= comment->parent >= 0;
    }
    for (size_t i = 0; deep && !told && !known->threaded && i < known->n; i++)
        known->comments[i].parent = find_shallower(known, i);
    known->threaded |= deep || told;
}

void search_facts(struct html_search *search)
{
    for (size_t i = 0; i < search->known->n; i++) {
        find_author(search, i);
        find_time(search, i);
    }
    find_parents(search);
}
