/* The lines of known comments: which is text, which is signature.
 *
 * The innermost element that says what it is decides on a line. From the first line of text to the
 * last is the comment; what stands before and after is its signature, and what stands behind an
 * answer is the site's. */
#include "page/html_search.h"
#include "page/html_tags.h"

/* Whole: in something called an entry or a message, which is text unless text is told apart. */
enum part { PART_UNSEEN, PART_UNKNOWN, PART_WHOLE, PART_TEXT, PART_SIGN };

static const enum html_word SIGN_WORDS[] = {
    HTML_WORD_AUTHOR, HTML_WORD_PERSON, HTML_WORD_AVATAR, HTML_WORD_DATE,   HTML_WORD_META,
    HTML_WORD_FOOTER, HTML_WORD_HEADER, HTML_WORD_REPLY,  HTML_WORD_VOTE,   HTML_WORD_TOOLS,
    HTML_WORD_REPORT, HTML_WORD_BUTTON, HTML_WORD_COUNT,  HTML_WORD_LINK,   HTML_WORD_TITLE,
    HTML_WORD_SHARE,  HTML_WORD_FORM,   HTML_WORD_BIO,    HTML_WORD_NETWORK};

static bool has_any(const struct html_search *search, uint32_t element, const enum html_word *words,
                    size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (search_has_word(search, element, words[i]))
            return true;
    return false;
}

/* By its class words: "message-content" is text, "message-actions" is not, "message" is. */
static enum part part_of_words(const struct html_search *search, uint32_t element)
{
    static const enum html_word TEXTS[] = {HTML_WORD_BODY, HTML_WORD_TEXT, HTML_WORD_CONTENT};
    static const enum html_word WHOLES[] = {HTML_WORD_MESSAGE, HTML_WORD_ENTRY};
    if (has_any(search, element, TEXTS, sizeof TEXTS / sizeof *TEXTS))
        return PART_TEXT;
    if (has_any(search, element, SIGN_WORDS, sizeof SIGN_WORDS / sizeof *SIGN_WORDS))
        return PART_SIGN;
    return has_any(search, element, WHOLES, sizeof WHOLES / sizeof *WHOLES) ? PART_WHOLE
                                                                            : PART_UNKNOWN;
}

static enum part part_of_element(const struct html_search *search,
                                 const struct html_comment *comment, uint32_t element)
{
    const struct html_element *here = &search->tree->elements[element];
    const struct html_platform *platform = comment->platform;
    if (search_says(search, element, platform->body))
        return PART_TEXT;
    if (search_says(search, element, platform->author) ||
        search_says(search, element, platform->time))
        return PART_SIGN;
    if (here->tag == GUMBO_TAG_CITE || here->tag == GUMBO_TAG_TIME ||
        here->tag == GUMBO_TAG_BUTTON || here->tag == GUMBO_TAG_FORM)
        return PART_SIGN;
    enum part part = part_of_words(search, element);
    return part != PART_SIGN && comment->has_body ? PART_UNKNOWN : part;
}

/* The innermost element that says what it is decides. `seen`, one an element, keeps what was found
 * at and above it: a wrapper around many lines is asked once. */
static enum part part_of_line(const struct html_search *search, const struct html_comment *comment,
                              uint32_t element, uint8_t *seen)
{
    const struct html_element *elements = search->tree->elements;
    enum part part = PART_UNKNOWN;
    uint32_t at = element;
    while (at > comment->element && part == PART_UNKNOWN && !seen[at]) {
        part = part_of_element(search, comment, at);
        at = elements[at].parent;
    }
    if (at > comment->element && part == PART_UNKNOWN)
        part = (enum part)seen[at];
    for (; element > at && element > comment->element; element = elements[element].parent)
        seen[element] = (uint8_t)part;
    return part;
}

/* The lines of one comment, not all beside each other when answers stand between. */
struct own_lines {
    size_t *at;
    enum part *parts;
    size_t n;
};

/* "Reply", "Report": links, and no word of them is a name or a time. */
static bool is_control(const struct html_search *search, size_t line)
{
    struct retort_span text = search->page->lines[line].text, author, time;
    size_t spaces = 0;
    for (size_t i = 0; i < text.len; i++)
        spaces += text.data[i] == ' ';
    if (search->tree->lines[line].link + spaces < text.len)
        return false;
    retort_page_read_sign(text, search->lexicon, &author, &time);
    return !author.len && !time.len;
}

static bool is_open(enum part part)
{
    return part == PART_UNKNOWN || part == PART_WHOLE;
}

enum { MORE_THAN_TIME = 8 };

/* "I was there in 1998." reads like a sign. The last such line below another is the text when
 * nothing else is. */
static void decide_textless(const struct html_search *search, struct own_lines *own)
{
    struct retort_span author, time;
    for (size_t i = own->n; i-- > 1;) {
        struct retort_span line = search->page->lines[own->at[i]].text;
        if (!is_open(own->parts[i]) || is_control(search, own->at[i]))
            continue;
        retort_page_read_sign(line, search->lexicon, &author, &time);
        if (line.len > time.len + MORE_THAN_TIME) {
            own->parts[i] = PART_TEXT;
            return;
        }
    }
}

static bool holds_text(const struct own_lines *own)
{
    for (size_t i = 0; i < own->n; i++)
        if (own->parts[i] == PART_TEXT)
            return true;
    return false;
}

static void find_text(const struct html_search *search, struct own_lines *own)
{
    for (size_t i = 0; i < own->n; i++)
        if (is_open(own->parts[i]) && !is_control(search, own->at[i]) &&
            !search_looks_like_sign(search, search->page->lines[own->at[i]].text))
            own->parts[i] = PART_TEXT;
    if (!holds_text(own))
        decide_textless(search, own);
}

static void decide_unknown(const struct html_search *search, struct own_lines *own)
{
    if (!holds_text(own))
        find_text(search, own);
    for (size_t i = 0; i < own->n; i++) /* what is left is signature */
        own->parts[i] = is_open(own->parts[i]) ? PART_SIGN : own->parts[i];
}

/* Notes that another site made by linking here are listed among the comments. */
static bool is_pingback(const struct html_search *search, const struct html_comment *comment)
{
    return search_says(search, comment->element, "pingback trackback ping pingback-item");
}

static void set_states(const struct html_search *search, const struct html_comment *comment,
                       const struct own_lines *own)
{
    uint8_t *states = search->known->states;
    size_t first = own->n, last = 0;
    for (size_t i = 0; i < own->n; i++) {
        if (own->parts[i] != PART_TEXT)
            continue;
        first = first < own->n ? first : i;
        last = i;
    }
    if (first == own->n || is_pingback(search, comment))
        return;
    size_t run = first; /* the text ends where another comment's lines cut in */
    while (run < last && own->at[run + 1] == own->at[run] + 1)
        run++;
    last = run < last ? run : last;
    for (size_t i = 0; i < own->n; i++) {
        uint8_t state = i < first    ? RETORT_STATE_HEAD
                        : i == first ? RETORT_STATE_BEGIN
                        : i <= last  ? RETORT_STATE_GOES_ON
                                     : RETORT_STATE_TAIL;
        bool cut = i > 0 && own->at[i] != own->at[i - 1] + 1;
        if (cut && i > first)
            return; /* what stands behind an answer is furniture */
        states[own->at[i]] =
            comment->opening ? (i >= first && i <= last ? RETORT_STATE_ARTICLE : HTML_STATE_OUTSIDE)
                             : state;
    }
}

void search_states(struct html_search *search)
{
    struct html_known *known = search->known;
    size_t n = search->page->n_lines;
    size_t *next = RETORT_NEW(search->arena, size_t, n + 1);
    size_t *first = RETORT_NEW(search->arena, size_t, known->n + 1);
    struct own_lines own = {RETORT_NEW(search->arena, size_t, n + 1),
                            RETORT_NEW(search->arena, enum part, n + 1), 0};
    uint8_t *seen = RETORT_NEW(search->arena, uint8_t, search->tree->n_elements + 1);
    for (size_t i = 0; i < n; i++)
        known->states[i] = HTML_STATE_OUTSIDE;
    for (size_t i = 0; i < known->n; i++)
        first[i] = SIZE_MAX;
    for (size_t at = n; at-- > 0;) {
        uint32_t owner = known->owner[search->tree->lines[at].element];
        if (owner == HTML_NONE)
            continue;
        next[at] = first[owner];
        first[owner] = at;
    }
    for (size_t i = 0; i < known->n; i++) {
        known->comments[i].has_body =
            search_inside(search, i, known->comments[i].platform->body) != HTML_NONE;
        own.n = 0;
        for (size_t at = first[i]; at != SIZE_MAX; at = next[at]) {
            own.at[own.n] = at;
            own.parts[own.n++] =
                part_of_line(search, &known->comments[i], search->tree->lines[at].element, seen);
        }
        decide_unknown(search, &own);
        set_states(search, &known->comments[i], &own);
    }
}
