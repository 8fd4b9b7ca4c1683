/* Recognising comments: platforms by their rows, else what repeats; then which lines are whose, and
 * what is told of each comment. */
#include "page/html_search.h"
#include "page/html_tags.h"

#include <string.h>

struct retort_span search_attribute(const struct html_search *search, uint32_t element,
                                    enum html_key key)
{
    return html_element_attribute(search->tree, element, key);
}

bool search_says(const struct html_search *search, uint32_t element, const char *patterns)
{
    if (!search->tree->elements[element].attributes || !*patterns)
        return false;
    return platform_has_class(search_attribute(search, element, HTML_CLASS), patterns) ||
           platform_matches(search_attribute(search, element, HTML_ID), patterns) ||
           platform_has_class(search_attribute(search, element, HTML_ITEMPROP), patterns);
}

bool search_has_word(const struct html_search *search, uint32_t element, enum html_word word)
{
    return html_words_has(&search->words[element], word);
}

/* Where comments are talked about, but none stands. What holds a third of the page's text is no
 * sidebar, whatever its name. */
static bool bars(const struct html_search *search, uint32_t element)
{
    const struct html_element *here = &search->tree->elements[element];
    if (here->hidden || here->tag == GUMBO_TAG_FORM || here->tag == GUMBO_TAG_NAV)
        return true;
    bool aside = search_has_word(search, element, HTML_WORD_RECENT) ||
                 search_has_word(search, element, HTML_WORD_POPULAR) ||
                 search_has_word(search, element, HTML_WORD_RELATED) ||
                 search_has_word(search, element, HTML_WORD_SIDEBAR) ||
                 here->tag == GUMBO_TAG_ASIDE;
    return aside && search->chars[element] < search->chars[0] / 3;
}

static void count_chars(struct html_search *search)
{
    const struct html_tree *tree = search->tree;
    for (size_t i = 0; i < tree->n_pieces; i++) {
        const struct html_piece *piece = &tree->pieces[i];
        if (piece->line == HTML_NONE)
            continue;
        size_t len = piece->shown.len > piece->link ? piece->shown.len - piece->link : 0;
        search->chars[piece->element] += (uint32_t)len;
    }
    for (uint32_t at = (uint32_t)tree->n_elements; at-- > 1;)
        search->chars[tree->elements[at].parent] += search->chars[at];
}

static void find_barred(struct html_search *search)
{
    const struct html_tree *tree = search->tree;
    for (uint32_t at = 0; at < tree->n_elements; at++)
        search->barred[at] =
            bars(search, at) || (at > 0 && search->barred[tree->elements[at].parent]);
}

uint64_t search_number(struct retort_span id)
{
    size_t end = id.len;
    while (end && !platform_is_digit(id.data[end - 1]))
        end--;
    size_t begin = end;
    while (begin && platform_is_digit(id.data[begin - 1]))
        begin--;
    return begin < end ? retort_hash(retort_span_slice(id, begin, end), 0) | 1 : 0;
}

/* A <dt> speaks for the <dd>s behind it. */
uint32_t search_item_end(const struct html_tree *tree, uint32_t element)
{
    const struct html_element *here = &tree->elements[element];
    uint32_t end = here->end;
    if (here->tag != GUMBO_TAG_DT)
        return end;
    uint32_t limit = tree->elements[here->parent].end;
    while (end < limit && tree->elements[end].tag != GUMBO_TAG_DT)
        end = tree->elements[end].end;
    return end;
}

void search_add(struct html_search *search, uint32_t element, const struct html_platform *platform)
{
    struct html_known *known = search->known;
    if (known->n == known->room) {
        size_t room = known->room ? known->room * 2 : 64;
        struct html_comment *more = RETORT_NEW(search->arena, struct html_comment, room);
        if (known->n)
            memcpy(more, known->comments, known->n * sizeof *more);
        known->comments = more;
        known->room = room;
    }
    struct retort_span id = search_attribute(search, element, HTML_NUMBER);
    id = id.len ? id : search_attribute(search, element, HTML_ID);
    known->comments[known->n++] = (struct html_comment){
        .element = element,
        .end = search_item_end(search->tree, element),
        .key = search_number(search_attribute(search, element, HTML_ID)),
        .parent = -1,
        .id = id,
        .platform = platform,
    };
}

/* Elements are asked about in their order, so `next`, where the next body of this platform stands,
 * only moves on: each element is looked at once, however deep comments are in each other. */
static bool holds_body(const struct html_search *search, uint32_t element,
                       const struct html_platform *platform, uint32_t *next)
{
    size_t n = search->tree->n_elements;
    if (*next > element)
        return *next < search_item_end(search->tree, element);
    for (*next = element + 1; *next < n && !search_says(search, *next, platform->body);)
        ++*next;
    return *next < search_item_end(search->tree, element);
}

static const struct html_platform *platform_of(const struct html_search *search, uint32_t element,
                                               uint32_t *bodies)
{
    struct retort_span id = search_attribute(search, element, HTML_ID);
    struct retort_span classes = search_attribute(search, element, HTML_CLASS);
    const struct html_platform *row;
    for (size_t i = 0; (row = platform_at(i)); i++) {
        if (!(id.len && platform_matches(id, row->ids)) &&
            !platform_has_class(classes, row->classes))
            continue;
        if (!(row->flags & HTML_NEEDS_BODY) || holds_body(search, element, row, &bodies[i]))
            return row;
    }
    return NULL;
}

static bool is_microdata(const struct html_search *search, uint32_t element)
{
    struct retort_span type = search_attribute(search, element, HTML_ITEMTYPE);
    static const char *const TYPES[] = {"schema.org/Comment", "schema.org/UserComments"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(TYPES[i]);
        if (type.len >= len && memcmp(type.data + type.len - len, TYPES[i], len) == 0)
            return true;
    }
    return platform_has_class(search_attribute(search, element, HTML_ITEMPROP), "comment") &&
           type.len > 0;
}

bool search_may_be_comment(const struct html_search *search, uint32_t element)
{
    const struct html_element *here = &search->tree->elements[element];
    return here->attributes && (HTML_TAGS[here->tag] & HTML_BLOCK) && !search->barred[element] &&
           here->tag != GUMBO_TAG_BUTTON &&
           !(here->tag >= GUMBO_TAG_H1 && here->tag <= GUMBO_TAG_H6);
}

enum { NESTED_MOST = 64 };

/* Is the element inside a comment of the same number, or the next element inside a nameless one?
 * Templates put two or three elements around a comment that all match. */
static bool is_again(const struct html_search *search, uint32_t element)
{
    const struct html_known *known = search->known;
    uint64_t key = search_number(search_attribute(search, element, HTML_ID));
    const struct html_comment *last = known->n ? &known->comments[known->n - 1] : NULL;
    if (!key)
        return last && last->end > element && last->element + 1 == element;
    for (size_t i = known->n; i-- > 0 && i + NESTED_MOST >= known->n;)
        if (known->comments[i].end > element && known->comments[i].key == key)
            return true;
    return false;
}

void search_platforms(struct html_search *search)
{
    size_t n_platforms = 0;
    while (platform_at(n_platforms))
        n_platforms++;
    uint32_t *bodies = RETORT_NEW(search->arena, uint32_t, n_platforms);
    for (uint32_t at = 1; at < search->tree->n_elements; at++) {
        if (!search_may_be_comment(search, at))
            continue;
        const struct html_platform *platform = platform_of(search, at, bodies);
        if (!platform && is_microdata(search, at))
            platform = &HTML_MICRODATA;
        if (platform && !is_again(search, at))
            search_add(search, at, platform);
    }
}

enum { SIGN_MOST = 120, BESIDE_MOST = 32 };

/* A sign says little beside who and when; "The report of 1998 said the same, and it went in a
 * drawer" is no sign. */
bool search_looks_like_sign(const struct html_search *search, struct retort_span line)
{
    struct retort_span author, time;
    if (line.len > SIGN_MOST)
        return false;
    retort_page_read_sign(line, search->lexicon, &author, &time);
    if (time.len > 0)
        return line.len <= time.len + author.len + BESIDE_MOST;
    return author.len > 0 && line.data[line.len - 1] == ':';
}

static void find_owners(struct html_search *search)
{
    struct html_known *known = search->known;
    size_t n = search->tree->n_elements;
    known->owner = RETORT_NEW(search->arena, uint32_t, n + 1);
    memset(known->owner, 0xFF, (n + 1) * sizeof *known->owner);
    for (size_t i = 0; i < known->n; i++) {
        struct html_comment *comment = &known->comments[i];
        uint32_t outer = known->owner[comment->element];
        comment->parent = outer == HTML_NONE ? -1 : (ptrdiff_t)outer;
        known->threaded |= outer != HTML_NONE;
        for (uint32_t at = comment->element; at < comment->end; at++)
            known->owner[at] = (uint32_t)i;
    }
}

/* The first element of the comment itself that matches; HTML_NONE for none. */
uint32_t search_inside(const struct html_search *search, size_t index, const char *patterns)
{
    const struct html_comment *comment = &search->known->comments[index];
    while (*patterns) {
        char one[48];
        size_t len = strcspn(patterns, " ");
        size_t take = len < sizeof one - 1 ? len : sizeof one - 1;
        memcpy(one, patterns, take);
        one[take] = 0;
        for (uint32_t at = comment->element; at < comment->end; at++)
            if (search->known->owner[at] == index && search_says(search, at, one) &&
                search->tree->elements[at].first_piece < search->tree->elements[at].end_piece)
                return at;
        patterns += len + (patterns[len] == ' ');
    }
    return HTML_NONE;
}

struct retort_span search_text(const struct html_search *search, uint32_t element)
{
    return html_element_text(search->tree, search->page, element);
}

static bool has_told(const struct html_known *known, size_t n_lines)
{
    for (size_t at = 0; at < n_lines; at++)
        if (known->states[at] < HTML_STATE_ANY)
            return true;
    return false;
}

void html_known_find(const struct html_tree *tree, const struct html_words *words,
                     const struct retort_page *page, struct retort_arena *arena,
                     struct html_known *known)
{
    struct html_search search = {.tree = tree, .words = words, .page = page, .arena = arena};
    *known = (struct html_known){.n = 0};
    search.known = known;
    search.barred = RETORT_NEW(arena, uint8_t, tree->n_elements + 1);
    search.chars = RETORT_NEW(arena, uint32_t, tree->n_elements + 1);
    search.lexicon = retort_page_lexicon(arena);
    known->states = RETORT_NEW(arena, uint8_t, page->n_lines + 1);
    count_chars(&search);
    find_barred(&search);
    search_platforms(&search);
    if (!known->n)
        search_repeated(&search);
    find_owners(&search);
    if (!known->n) {
        memset(known->states, HTML_STATE_ANY, page->n_lines);
        return;
    }
    known->comments[0].opening = (known->comments[0].platform->flags & HTML_FORUM) > 0;
    search_states(&search);
    if (!has_told(known, page->n_lines)) {
        memset(known->states, HTML_STATE_ANY, page->n_lines);
        known->n = 0;
        return;
    }
    search_facts(&search);
}
