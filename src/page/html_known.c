/* Recognising comments.
 *
 * A platform is a row: patterns for the id or class of the element that is one comment, and for
 * what in it is text, author and time. '#' stands for digits, '*' for letters, digits and hyphens
 * with a digit among them. Where no row matches, elements are taken whose class says "comment" and
 * that repeat: of all classes whose elements are numerous and hold sentences, the one that holds
 * most. A counter ("3 comments"), a list around all comments, the form and the recent comments of a
 * sidebar carry such classes too; they are in a form or sidebar, hold links only, or do not repeat.
 *
 * Inside a comment the innermost element that says what it is decides on a line; from the first
 * line of text to the last is the comment, what stands before and after is its signature. */
#include "page/html_known.h"

#include "page/html_tags.h"

#include <stdlib.h>
#include <string.h>

enum { FORUM = 1, NEEDS_BODY = 2 };
enum { NAME_MOST = 60 };

struct html_platform {
    const char *name;
    const char *ids, *classes;        /* of one comment; either is enough */
    const char *body, *author, *time; /* classes or ids inside; "" leaves it to the words */
    unsigned flags;
};

static const struct html_platform PLATFORMS[] = {
    {"Disqus", "dsq-comment-#", "dsq-comment",
     "dsq-comment-message dsq-comment-message-# "
     "dsq-comment-text",
     "dsq-commenter-name dsq-author-user-# dsq-cite-#", "dsq-comment-time dsq-comment-header-time",
     0},
    {"Disqus", "post-#", "", "post-message", "author publisher-anchor-color", "time-ago",
     NEEDS_BODY},
    {"IntenseDebate", "IDComment#", "idc-c", "idc-c-t IDCommentText# IDComment-CommentText#",
     "idc-a IDCommentHead#", "idc-time", 0},
    {"Livefyre", "fyre-comment-# fyre-message-#", "fyre-comment-article", "fyre-comment",
     "fyre-comment-username", "fyre-comment-date", 0},
    {"Coral", "comment-########-*", "coral-comment coral-stream-comment",
     "coral-comment-content coral-content", "coral-username coral-comment-username",
     "coral-timestamp coral-comment-timestamp", 0},
    {"Discourse", "", "crawler-post topic-post", "post cooked", "username creator",
     "post-date post-time", FORUM},
    {"XenForo", "js-post-#", "message--post", "message-body message-content bbWrapper",
     "username message-name", "u-dt", FORUM},
    {"XenForo", "post-#", "", "messageText messageContent", "username", "DateTime datePermalink",
     FORUM | NEEDS_BODY},
    {"vBulletin", "post_# edit#", "postcontainer postbitlegacy",
     "post_message_# postcontent content", "bigusername username", "postdate date",
     FORUM | NEEDS_BODY},
    {"phpBB", "p#", "", "content", "author username", "author", FORUM | NEEDS_BODY},
    {"Reddit", "thing_t1_*", "", "md usertext-body", "author", "live-timestamp", NEEDS_BODY},
    {"Hacker News", "", "comtr", "commtext comment", "hnuser", "age", 0},
    {"Slashdot", "tree_#", "", "comment_body_# commentBody", "by", "otherdetails", NEEDS_BODY},
    {"Blogger", "c#", "", "comment-body comment-content", "user comment-author",
     "datetime comment-timestamp comment-footer", 0},
    {"Movable Type", "comment-6a*", "", "comment-content comment-body",
     "comment-author author commenter", "comment-date comment-footer", 0},
    {"WordPress",
     "comment-# li-comment-# div-comment-# comment_# comment# cmt-# the-comment-# comments-# "
     "comment-id-# comment-body-# commentid-# com_# com-#",
     "", "", "fn comment-author author", "", 0},
};

/* ---- patterns -----------------------------------------------------------------------------------
 */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_name(uint8_t byte)
{
    return is_digit(byte) || (uint8_t)((byte | 32) - 'a') < 26 || byte == '-' || byte == '_';
}

static size_t match_digits(struct retort_span name, size_t at)
{
    while (at < name.len && is_digit(name.data[at]))
        at++;
    return at;
}

/* Does the whole name match the pattern of that length? */
static bool matches(struct retort_span name, const char *pattern, size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (pattern[i] == '#') {
            size_t end = match_digits(name, at);
            if (end == at)
                return false;
            at = end;
        } else if (pattern[i] == '*') {
            bool digit = false;
            for (; at < name.len && is_name(name.data[at]); at++)
                digit |= is_digit(name.data[at]);
            if (!digit)
                return false;
        } else if (at == name.len || name.data[at++] != (uint8_t)pattern[i]) {
            return false;
        }
    }
    return at == name.len;
}

static bool matches_any(struct retort_span name, const char *patterns)
{
    while (*patterns) {
        size_t len = strcspn(patterns, " ");
        if (matches(name, patterns, len))
            return true;
        patterns += len + (patterns[len] == ' ');
    }
    return false;
}

static bool next_name(struct retort_span *names, struct retort_span *name)
{
    size_t begin = 0;
    while (begin < names->len && names->data[begin] <= ' ')
        begin++;
    size_t end = begin;
    while (end < names->len && names->data[end] > ' ')
        end++;
    *name = retort_span_slice(*names, begin, end);
    *names = retort_span_slice(*names, end, names->len);
    return name->len > 0;
}

static bool has_class(struct retort_span classes, const char *patterns)
{
    struct retort_span name;
    while (*patterns && next_name(&classes, &name))
        if (matches_any(name, patterns))
            return true;
    return false;
}

/* ---- the search
 * ---------------------------------------------------------------------------------- */

struct search {
    const struct html_tree *tree;
    const struct html_words *words;
    const struct retort_page *page;
    struct retort_arena *arena;
    struct html_known *known;
    uint8_t *barred; /* of each element: it is in a form or a sidebar */
    uint32_t *chars; /* of each element: bytes of text that is no link */
    const struct lexicon *lexicon;
};

static struct retort_span attribute(const struct search *search, uint32_t element,
                                    enum html_key key)
{
    return html_element_attribute(search->tree, element, key);
}

static bool says(const struct search *search, uint32_t element, const char *patterns)
{
    if (!search->tree->elements[element].attributes || !*patterns)
        return false;
    return has_class(attribute(search, element, HTML_CLASS), patterns) ||
           matches_any(attribute(search, element, HTML_ID), patterns) ||
           has_class(attribute(search, element, HTML_ITEMPROP), patterns);
}

static bool has_word(const struct search *search, uint32_t element, enum html_word word)
{
    return html_words_has(&search->words[element], word);
}

/* Where comments are talked about, but none stands. What holds a third of the page's text is no
 * sidebar, whatever its name. */
static bool bars(const struct search *search, uint32_t element)
{
    const struct html_element *here = &search->tree->elements[element];
    if (here->hidden || here->tag == GUMBO_TAG_FORM || here->tag == GUMBO_TAG_NAV)
        return true;
    bool aside = has_word(search, element, HTML_WORD_RECENT) ||
                 has_word(search, element, HTML_WORD_POPULAR) ||
                 has_word(search, element, HTML_WORD_RELATED) ||
                 has_word(search, element, HTML_WORD_SIDEBAR) || here->tag == GUMBO_TAG_ASIDE;
    return aside && search->chars[element] < search->chars[0] / 3;
}

static void count_chars(struct search *search)
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

static void find_barred(struct search *search)
{
    const struct html_tree *tree = search->tree;
    for (uint32_t at = 0; at < tree->n_elements; at++)
        search->barred[at] =
            bars(search, at) || (at > 0 && search->barred[tree->elements[at].parent]);
}

static uint64_t number_of(struct retort_span id)
{
    size_t end = id.len;
    while (end && !is_digit(id.data[end - 1]))
        end--;
    size_t begin = end;
    while (begin && is_digit(id.data[begin - 1]))
        begin--;
    return begin < end ? retort_hash(retort_span_slice(id, begin, end), 0) | 1 : 0;
}

/* A <dt> speaks for the <dd>s behind it. */
static uint32_t end_of_item(const struct html_tree *tree, uint32_t element)
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

static void add_comment(struct search *search, uint32_t element,
                        const struct html_platform *platform)
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
    struct retort_span id = attribute(search, element, HTML_NUMBER);
    id = id.len ? id : attribute(search, element, HTML_ID);
    known->comments[known->n++] = (struct html_comment){
        .element = element,
        .end = end_of_item(search->tree, element),
        .key = number_of(attribute(search, element, HTML_ID)),
        .parent = -1,
        .id = id,
        .platform = platform,
    };
}

static bool holds_body(const struct search *search, uint32_t element,
                       const struct html_platform *platform)
{
    uint32_t end = end_of_item(search->tree, element);
    for (uint32_t at = element + 1; at < end; at++)
        if (says(search, at, platform->body))
            return true;
    return false;
}

static const struct html_platform *platform_of(const struct search *search, uint32_t element)
{
    struct retort_span id = attribute(search, element, HTML_ID);
    struct retort_span classes = attribute(search, element, HTML_CLASS);
    for (size_t i = 0; i < sizeof PLATFORMS / sizeof *PLATFORMS; i++) {
        const struct html_platform *row = &PLATFORMS[i];
        if (!(id.len && matches_any(id, row->ids)) && !has_class(classes, row->classes))
            continue;
        if (!(row->flags & NEEDS_BODY) || holds_body(search, element, row))
            return row;
    }
    return NULL;
}

static const struct html_platform MICRODATA = {"microdata",
                                               "",
                                               "",
                                               "text commentText articleBody description",
                                               "author creator name",
                                               "datePublished "
                                               "dateCreated commentTime",
                                               0};

static bool is_microdata(const struct search *search, uint32_t element)
{
    struct retort_span type = attribute(search, element, HTML_ITEMTYPE);
    static const char *const TYPES[] = {"schema.org/Comment", "schema.org/UserComments"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(TYPES[i]);
        if (type.len >= len && memcmp(type.data + type.len - len, TYPES[i], len) == 0)
            return true;
    }
    return has_class(attribute(search, element, HTML_ITEMPROP), "comment") && type.len > 0;
}

static bool may_be_comment(const struct search *search, uint32_t element)
{
    const struct html_element *here = &search->tree->elements[element];
    return here->attributes && (HTML_TAGS[here->tag] & HTML_BLOCK) && !search->barred[element] &&
           here->tag != GUMBO_TAG_BUTTON &&
           !(here->tag >= GUMBO_TAG_H1 && here->tag <= GUMBO_TAG_H6);
}

enum { NESTED_MOST = 64 };

/* Is the element inside a comment of the same number, or the next element inside a nameless one?
 * Templates put two or three elements around a comment that all match. */
static bool is_again(const struct search *search, uint32_t element)
{
    const struct html_known *known = search->known;
    uint64_t key = number_of(attribute(search, element, HTML_ID));
    const struct html_comment *last = known->n ? &known->comments[known->n - 1] : NULL;
    if (!key)
        return last && last->end > element && last->element + 1 == element;
    for (size_t i = known->n; i-- > 0 && i + NESTED_MOST >= known->n;)
        if (known->comments[i].end > element && known->comments[i].key == key)
            return true;
    return false;
}

static void find_platforms(struct search *search)
{
    for (uint32_t at = 1; at < search->tree->n_elements; at++) {
        if (!may_be_comment(search, at))
            continue;
        const struct html_platform *platform = platform_of(search, at);
        if (!platform && is_microdata(search, at))
            platform = &MICRODATA;
        if (platform && !is_again(search, at))
            add_comment(search, at, platform);
    }
}

/* ---- what repeats
 * -------------------------------------------------------------------------------- */

static const struct html_platform REPEATED = {"repeated", "", "", "", "fn comment-author author",
                                              "",         0};

static bool looks_like_sign(const struct search *search, struct retort_span line)
{
    struct retort_span author, time;
    if (line.len > 120)
        return false;
    retort_page_read_sign(line, search->lexicon, &author, &time);
    return time.len > 0 || (author.len > 0 && line.data[line.len - 1] == ':');
}

/* Does a line in it look like an author or date line? */
static bool is_dated(const struct search *search, uint32_t element)
{
    uint32_t end = end_of_item(search->tree, element);
    uint32_t first = search->tree->elements[element].first_piece;
    uint32_t last = search->tree->elements[end - 1].end_piece;
    uint32_t line = HTML_NONE;
    for (uint32_t i = first; i < last; i++) {
        if (search->tree->pieces[i].line == line || search->tree->pieces[i].line == HTML_NONE)
            continue;
        line = search->tree->pieces[i].line;
        if (looks_like_sign(search, search->page->lines[line].text))
            return true;
    }
    return false;
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
static uint64_t kind_of(const struct search *search, uint32_t element)
{
    struct retort_span classes = attribute(search, element, HTML_CLASS), name;
    while (next_name(&classes, &name)) {
        uint8_t letters[48];
        size_t n = 0;
        for (size_t i = 0; i < name.len && n < sizeof letters; i++)
            if (!is_digit(name.data[i]))
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
static bool is_signed(const struct search *search, uint32_t element)
{
    bool author = false, date = false;
    uint32_t end = end_of_item(search->tree, element);
    for (uint32_t at = element; at < end; at++) {
        author |= has_word(search, at, HTML_WORD_AUTHOR) ||
                  has_word(search, at, HTML_WORD_PERSON) ||
                  search->tree->elements[at].tag == GUMBO_TAG_CITE;
        date |= has_word(search, at, HTML_WORD_DATE) || has_word(search, at, HTML_WORD_META) ||
                search->tree->elements[at].tag == GUMBO_TAG_TIME;
    }
    return author && date;
}

static uint64_t best_kind(const struct search *search)
{
    struct kind kinds[KINDS_MOST];
    size_t n = 0, most = 0;
    for (uint32_t at = 1; at < search->tree->n_elements; at++) {
        uint64_t key = may_be_comment(search, at) ? kind_of(search, at) : 0;
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

static bool is_item(const struct search *search, uint32_t at, uint8_t tag)
{
    const struct html_element *here = &search->tree->elements[at];
    bool item = tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_ARTICLE ||
                tag == GUMBO_TAG_DT || tag == GUMBO_TAG_TR;
    return item && here->tag == tag && !search->barred[at] &&
           (tag == GUMBO_TAG_DT || search->chars[at] >= LEAST_CHARS);
}

static void count_items(const struct search *search, struct list *list)
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

static void find_list(struct search *search)
{
    const struct html_element *elements = search->tree->elements;
    uint32_t most = 0;
    struct list best = {.n = 0};
    for (uint32_t at = 1; at < search->tree->n_elements; at++) {
        bool named = has_word(search, at, HTML_WORD_COMMENT) ||
                     (has_word(search, elements[at].parent, HTML_WORD_COMMENT) &&
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
            add_comment(search, at, &REPEATED);
}

static void find_repeated(struct search *search)
{
    uint64_t key = best_kind(search);
    for (uint32_t at = 1; key && at < search->tree->n_elements; at++)
        if (may_be_comment(search, at) && kind_of(search, at) == key)
            add_comment(search, at, &REPEATED);
}

/* ---- whose is what
 * -------------------------------------------------------------------------------- */

static void find_owners(struct search *search)
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
static uint32_t find_inside(const struct search *search, size_t index, const char *patterns)
{
    const struct html_comment *comment = &search->known->comments[index];
    while (*patterns) {
        char one[48];
        size_t len = strcspn(patterns, " ");
        size_t take = len < sizeof one - 1 ? len : sizeof one - 1;
        memcpy(one, patterns, take);
        one[take] = 0;
        for (uint32_t at = comment->element; at < comment->end; at++)
            if (search->known->owner[at] == index && says(search, at, one) &&
                search->tree->elements[at].first_piece < search->tree->elements[at].end_piece)
                return at;
        patterns += len + (patterns[len] == ' ');
    }
    return HTML_NONE;
}

enum part { PART_UNKNOWN, PART_TEXT, PART_SIGN };

static const enum html_word SIGN_WORDS[] = {
    HTML_WORD_AUTHOR, HTML_WORD_PERSON, HTML_WORD_AVATAR, HTML_WORD_DATE,   HTML_WORD_META,
    HTML_WORD_FOOTER, HTML_WORD_HEADER, HTML_WORD_REPLY,  HTML_WORD_VOTE,   HTML_WORD_TOOLS,
    HTML_WORD_REPORT, HTML_WORD_BUTTON, HTML_WORD_COUNT,  HTML_WORD_LINK,   HTML_WORD_TITLE,
    HTML_WORD_SHARE,  HTML_WORD_FORM,   HTML_WORD_BIO,    HTML_WORD_NETWORK};

static bool has_any(const struct search *search, uint32_t element, const enum html_word *words,
                    size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has_word(search, element, words[i]))
            return true;
    return false;
}

/* By its class words: "message-content" is text, "message-actions" is not, "message" is. */
static enum part part_of_words(const struct search *search, uint32_t element)
{
    static const enum html_word TEXTS[] = {HTML_WORD_BODY, HTML_WORD_TEXT, HTML_WORD_CONTENT};
    static const enum html_word WHOLES[] = {HTML_WORD_MESSAGE, HTML_WORD_ENTRY};
    if (has_any(search, element, TEXTS, sizeof TEXTS / sizeof *TEXTS))
        return PART_TEXT;
    if (has_any(search, element, SIGN_WORDS, sizeof SIGN_WORDS / sizeof *SIGN_WORDS))
        return PART_SIGN;
    return has_any(search, element, WHOLES, sizeof WHOLES / sizeof *WHOLES) ? PART_TEXT
                                                                            : PART_UNKNOWN;
}

static enum part part_of_element(const struct search *search, const struct html_comment *comment,
                                 uint32_t element)
{
    const struct html_element *here = &search->tree->elements[element];
    const struct html_platform *platform = comment->platform;
    if (says(search, element, platform->body))
        return PART_TEXT;
    if (says(search, element, platform->author) || says(search, element, platform->time))
        return PART_SIGN;
    if (here->tag == GUMBO_TAG_CITE || here->tag == GUMBO_TAG_TIME ||
        here->tag == GUMBO_TAG_BUTTON || here->tag == GUMBO_TAG_FORM)
        return PART_SIGN;
    enum part part = part_of_words(search, element);
    return part == PART_TEXT && comment->has_body ? PART_UNKNOWN : part;
}

static enum part part_of_line(const struct search *search, const struct html_comment *comment,
                              uint32_t element)
{
    enum part part = PART_UNKNOWN;
    while (element > comment->element && part == PART_UNKNOWN) {
        part = part_of_element(search, comment, element);
        element = search->tree->elements[element].parent;
    }
    return part;
}

/* The lines of one comment, not all beside each other when answers stand between. */
struct own_lines {
    size_t *at;
    enum part *parts;
    size_t n;
};

static void decide_unknown(const struct search *search, struct own_lines *own)
{
    bool told = false;
    for (size_t i = 0; i < own->n; i++)
        told |= own->parts[i] == PART_TEXT;
    for (size_t i = 0; i < own->n; i++) {
        if (own->parts[i] != PART_UNKNOWN)
            continue;
        bool sign = told || looks_like_sign(search, search->page->lines[own->at[i]].text);
        own->parts[i] = sign ? PART_SIGN : PART_TEXT;
    }
}

/* Notes that another site made by linking here are listed among the comments. */
static bool is_pingback(const struct search *search, const struct html_comment *comment)
{
    return says(search, comment->element, "pingback trackback ping pingback-item");
}

static void set_states(const struct search *search, const struct html_comment *comment,
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

static void read_states(struct search *search)
{
    struct html_known *known = search->known;
    size_t n = search->page->n_lines;
    size_t *next = RETORT_NEW(search->arena, size_t, n + 1);
    size_t *first = RETORT_NEW(search->arena, size_t, known->n + 1);
    struct own_lines own = {RETORT_NEW(search->arena, size_t, n + 1),
                            RETORT_NEW(search->arena, enum part, n + 1), 0};
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
            find_inside(search, i, known->comments[i].platform->body) != HTML_NONE;
        own.n = 0;
        for (size_t at = first[i]; at != SIZE_MAX; at = next[at]) {
            own.at[own.n] = at;
            own.parts[own.n++] =
                part_of_line(search, &known->comments[i], search->tree->lines[at].element);
        }
        decide_unknown(search, &own);
        set_states(search, &known->comments[i], &own);
    }
}

/* ---- author, time, parent
 * --------------------------------------------------------------------------- */

static struct retort_span text_of(const struct search *search, uint32_t element)
{
    return html_element_text(search->tree, search->page, element);
}

/* The first element whose class speaks of an author, or of a date, and whose text is short. */
static uint32_t find_by_words(const struct search *search, size_t index, enum html_word word,
                              enum html_word other)
{
    const struct html_comment *comment = &search->known->comments[index];
    for (uint32_t at = comment->element + 1; at < comment->end; at++) {
        if (search->known->owner[at] != index || search->chars[at] > NAME_MOST)
            continue;
        if ((has_word(search, at, word) || has_word(search, at, other)) && text_of(search, at).len)
            return at;
    }
    return HTML_NONE;
}

static uint32_t find_cite(const struct search *search, size_t index)
{
    const struct html_comment *comment = &search->known->comments[index];
    for (uint32_t at = comment->element; at < comment->end; at++)
        if (search->known->owner[at] == index && search->tree->elements[at].tag == GUMBO_TAG_CITE)
            return at;
    return HTML_NONE;
}

/* An element made for the author holds the name and no more, unless it ends like "Jane says:". */
static struct retort_span author_in(const struct search *search, uint32_t element)
{
    struct retort_span line = text_of(search, element), author, time;
    retort_page_read_sign(line, search->lexicon, &author, &time);
    uint8_t last = line.len ? line.data[line.len - 1] : ':';
    bool bare = line.len <= NAME_MOST && !time.len && last != ':' && last != '.' && last != ',' &&
                last != 0xA6; /* the last byte of "…" */
    return bare ? line : author;
}

static void find_author(const struct search *search, size_t index)
{
    struct html_comment *comment = &search->known->comments[index];
    struct retort_span told = attribute(search, comment->element, HTML_AUTHOR);
    if (told.len) {
        comment->author = html_plain(told, search->arena);
        return;
    }
    uint32_t found = find_inside(search, index, comment->platform->author);
    if (found == HTML_NONE)
        found = find_inside(search, index, "fn author commenter username comment-author by");
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
        if (is_digit(text.data[i]))
            return true;
    return false;
}

static void find_time(const struct search *search, size_t index)
{
    struct html_comment *comment = &search->known->comments[index];
    for (uint32_t at = comment->element; at < comment->end; at++) {
        if (search->known->owner[at] != index || !search->tree->elements[at].attributes)
            continue;
        struct retort_span time = attribute(search, at, HTML_DATETIME);
        bool date = search->tree->elements[at].tag == GUMBO_TAG_ABBR ||
                    says(search, at, "DateTime time-ago age relative-date timestamp published");
        if (!time.len && date)
            time = attribute(search, at, HTML_TITLE);
        if (!time.len && says(search, at, "datePublished dateCreated commentTime"))
            time = attribute(search, at, HTML_CONTENT);
        if (time.len >= 8 && has_digit(time)) {
            comment->time = html_plain(time, search->arena);
            return;
        }
    }
    uint32_t found = find_inside(search, index, comment->platform->time);
    if (found == HTML_NONE)
        found = find_by_words(search, index, HTML_WORD_DATE, HTML_WORD_META);
    if (found == HTML_NONE)
        return;
    struct retort_span line = text_of(search, found), author, time;
    retort_page_read_sign(line, search->lexicon, &author, &time);
    comment->time = time.len ? time : (struct retort_span){line.data, 0};
}

/* Depth by attribute, by a class that ends in a number, by the wrappers around it. */
static int depth_of(const struct search *search, const struct html_comment *comment)
{
    struct retort_span told = attribute(search, comment->element, HTML_DEPTH), name;
    for (uint32_t at = comment->element;
         !told.len && at < comment->end && at < comment->element + 4; at++)
        told = attribute(search, at, HTML_DEPTH);
    struct retort_span classes = attribute(search, comment->element, HTML_CLASS);
    while (!told.len && next_name(&classes, &name))
        if (matches_any(name, "depth-# level-# indent-# coral-indent-# comment-depth-#"))
            told = retort_span_slice(name, name.len - 1, name.len);
    int depth = 0;
    for (size_t i = 0; i < told.len && i < 4 && is_digit(told.data[i]); i++)
        depth = depth * 10 + (told.data[i] - '0');
    for (uint32_t at = search->tree->elements[comment->element].parent; at;
         at = search->tree->elements[at].parent)
        depth +=
            has_word(search, at, HTML_WORD_CHILDREN) || says(search, at, "idc-replies replies");
    return depth;
}

static ptrdiff_t parent_by_id(const struct html_known *known, size_t index, uint64_t key)
{
    for (size_t i = index; key && i-- > 0;)
        if (known->comments[i].key == key)
            return (ptrdiff_t)i;
    return -1;
}

static void find_parents(struct search *search)
{
    struct html_known *known = search->known;
    bool deep = false, told = false;
    for (size_t i = 0; i < known->n; i++) {
        struct html_comment *comment = &known->comments[i];
        comment->depth = depth_of(search, comment);
        deep |= comment->depth != known->comments[0].depth;
        struct retort_span parent = attribute(search, comment->element, HTML_PARENT);
        if (!parent.len || known->threaded)
            continue;
        comment->parent = parent_by_id(known, i, number_of(parent));
        told |= comment->parent >= 0;
    }
    for (size_t i = 0; deep && !told && !known->threaded && i < known->n; i++)
        for (size_t above = i; above-- > 0 && known->comments[i].parent < 0;)
            if (known->comments[above].depth < known->comments[i].depth)
                known->comments[i].parent = (ptrdiff_t)above;
            else if (known->comments[above].depth == known->comments[i].depth) {
                known->comments[i].parent = known->comments[above].parent;
                break;
            }
    known->threaded |= deep || told;
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
    struct search search = {.tree = tree, .words = words, .page = page, .arena = arena};
    *known = (struct html_known){.n = 0};
    search.known = known;
    search.barred = RETORT_NEW(arena, uint8_t, tree->n_elements + 1);
    search.chars = RETORT_NEW(arena, uint32_t, tree->n_elements + 1);
    search.lexicon = retort_page_lexicon(arena);
    known->states = RETORT_NEW(arena, uint8_t, page->n_lines + 1);
    count_chars(&search);
    find_barred(&search);
    find_platforms(&search);
    if (!known->n)
        find_repeated(&search);
    if (!known->n)
        find_list(&search);
    find_owners(&search);
    if (!known->n) {
        memset(known->states, HTML_STATE_ANY, page->n_lines);
        return;
    }
    known->comments[0].opening = (known->comments[0].platform->flags & FORUM) > 0;
    read_states(&search);
    if (!has_told(known, page->n_lines)) {
        memset(known->states, HTML_STATE_ANY, page->n_lines);
        known->n = 0;
        return;
    }
    for (size_t i = 0; i < known->n; i++) {
        find_author(&search, i);
        find_time(&search, i);
    }
    find_parents(&search);
}
