/* Title, headline, date and address, each from the source that lies least often: the publisher's
 * own metadata (Open Graph, schema.org) before the page's headings. JSON-LD is parsed as JSON and
 * walked with a stack; what is no JSON is passed over. */
#include "page/html_head.h"

#include "page/html_tags.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const HEADLINES[] = {"og:title", "twitter:title", "dc.title", "headline", NULL};
static const char *const DATES[] = {"article:published_time",
                                    "og:published_time",
                                    "datepublished",
                                    "date",
                                    "pubdate",
                                    "publishdate",
                                    "publish-date",
                                    "publication_date",
                                    "dc.date",
                                    "dc.date.issued",
                                    "dcterms.created",
                                    "dcterms.date",
                                    "sailthru.date",
                                    "parsely-pub-date",
                                    "article.published",
                                    "displaydate",
                                    NULL};
static const char *const ADDRESSES[] = {"og:url", "twitter:url", NULL};

static bool same_name(struct retort_span name, const char *word)
{
    size_t i = 0;
    for (; i < name.len; i++) {
        uint8_t byte = name.data[i];
        byte = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 32) : byte;
        if (!word[i] || byte != (uint8_t)word[i])
            return false;
    }
    return word[i] == 0;
}

/* The content of the first <meta> that has one of the names, the names tried in their order. */
static struct retort_span meta_of(const struct html_scanned *scanned, const char *const *names,
                                  struct retort_arena *arena)
{
    for (; *names; names++)
        for (size_t i = 0; i < scanned->n_metas; i++)
            if (same_name(scanned->metas[i].name, *names))
                return html_plain(scanned->metas[i].content, arena);
    return (struct retort_span){NULL, 0};
}

static void prefer(struct retort_span *held, struct retort_span other)
{
    if (!held->len)
        *held = other;
}

/* ---- JSON-LD ------------------------------------------------------------------------------------
 */

enum { MISSED_MOST = 64 };

struct node {
    const struct retort_json *value;
    ptrdiff_t parent; /* the comment it answers */
    bool comment;     /* it was found under "comment" */
};

struct data_walk {
    struct html_head *head;
    struct retort_arena *arena;
    struct retort_span source, script;
    size_t cursor; /* in the script: texts are looked for from here on */
    size_t n_missed;
    struct node *stack;
    size_t n, room;
};

static struct retort_span text_member(const struct retort_json *object, const char *key,
                                      struct retort_arena *arena)
{
    struct retort_span text = {NULL, 0};
    const struct retort_json *value = retort_json_get(object, key);
    return value && retort_json_text(value, &text) ? retort_arena_copy(arena, text) : text;
}

static struct retort_span name_of(const struct retort_json *value, struct retort_arena *arena)
{
    struct retort_span name = {NULL, 0};
    if (value && retort_json_is_array(value))
        value = retort_json_at(value, 0);
    if (value && retort_json_is_object(value))
        return text_member(value, "name", arena);
    return value && retort_json_text(value, &name) ? retort_arena_copy(arena, name) : name;
}

static void push_one(struct data_walk *walk, const struct node *node)
{
    if (walk->n == walk->room) {
        walk->room = walk->room ? walk->room * 2 : 64;
        walk->stack = retort_grow(walk->stack, walk->room, sizeof *walk->stack);
    }
    walk->stack[walk->n++] = *node;
}

/* A value, or the elements of an array; each is pushed once, for it stands in one place. */
static void push(struct data_walk *walk, const struct retort_json *value, ptrdiff_t parent,
                 bool comment)
{
    if (!value)
        return;
    if (!retort_json_is_array(value))
        push_one(walk, &(struct node){value, parent, comment});
    else
        for (size_t i = retort_json_length(value); i-- > 0;)
            push_one(walk, &(struct node){retort_json_at(value, i), parent, comment});
}

static size_t plain_run(struct retort_span text)
{
    size_t run = 0;
    while (run < text.len && run < 24 && text.data[run] >= ' ' && text.data[run] < 0x7F &&
           text.data[run] != '"' && text.data[run] != '\\' && text.data[run] != '/')
        run++;
    return run;
}

/* Where the words of a text stand in the script: its first plain run of characters is looked for.
 * What is found ascends; what is not costs a look through the rest, so that only some are looked
 * for. */
static void place_text(struct data_walk *walk, struct html_data_comment *comment)
{
    size_t offset = (size_t)(walk->script.data - walk->source.data), at = walk->cursor;
    size_t run = plain_run(comment->text), end = walk->script.len;
    comment->begin = comment->end = offset + walk->cursor;
    if (run < 4 || walk->n_missed == MISSED_MOST)
        return;
    while (at + run < end && memcmp(walk->script.data + at, comment->text.data, run) != 0)
        at++;
    walk->n_missed += at + run >= end;
    if (at + run >= end)
        return;
    comment->begin = offset + at;
    while (at < end && walk->script.data[at] != '"')
        at += walk->script.data[at] == '\\' ? 2 : 1;
    walk->cursor = at < end ? at : end;
    comment->end = offset + walk->cursor;
}

static ptrdiff_t add_comment(struct data_walk *walk, const struct node *node)
{
    struct html_head *head = walk->head;
    struct html_data_comment comment = {.parent = node->parent, .answers = NAN};
    static const char *const TEXTS[] = {"text", "commentText", "raw_message", "description"};
    for (size_t i = 0; i < 4; i++)
        prefer(&comment.text, text_member(node->value, TEXTS[i], walk->arena));
    if (!retort_span_trim(comment.text).len)
        return node->parent;
    comment.author = name_of(retort_json_get(node->value, "author"), walk->arena);
    prefer(&comment.author, name_of(retort_json_get(node->value, "creator"), walk->arena));
    static const char *const TIMES[] = {"dateCreated", "datePublished", "commentTime", "createdAt"};
    for (size_t i = 0; i < 4; i++)
        prefer(&comment.time, text_member(node->value, TIMES[i], walk->arena));
    comment.id = text_member(node->value, "@id", walk->arena);
    prefer(&comment.id, text_member(node->value, "id", walk->arena));
    const struct retort_json *answers = retort_json_get(node->value, "parent");
    if (answers && !retort_json_number(answers, &comment.answers))
        comment.answers = NAN;
    place_text(walk, &comment);
    if (head->n_comments == head->room) {
        size_t room = head->room ? head->room * 2 : 32;
        struct html_data_comment *more = RETORT_NEW(walk->arena, struct html_data_comment, room);
        if (head->n_comments)
            memcpy(more, head->comments, head->n_comments * sizeof *more);
        head->comments = more;
        head->room = room;
    }
    head->comments[head->n_comments++] = comment;
    return (ptrdiff_t)head->n_comments - 1;
}

static void visit(struct data_walk *walk, const struct node *node)
{
    struct html_head *head = walk->head;
    ptrdiff_t self = node->parent;
    if (!node->value || !retort_json_is_object(node->value))
        return;
    if (node->comment) {
        self = add_comment(walk, node);
    } else {
        prefer(&head->headline, text_member(node->value, "headline", walk->arena));
        prefer(&head->date, text_member(node->value, "datePublished", walk->arena));
    }
    static const char *const INSIDE[] = {"@graph", "mainEntity", "mainEntityOfPage", "hasPart"};
    static const char *const COMMENTS[] = {"comment", "comments", "suggestedAnswer", "reply"};
    for (size_t i = 0; i < 4; i++)
        push(walk, retort_json_get(node->value, COMMENTS[i]), self, true);
    for (size_t i = 0; i < 4 && !node->comment; i++)
        push(walk, retort_json_get(node->value, INSIDE[i]), -1, false);
}

/* What Disqus puts into its frame: {"response":{"posts":[…]}}. */
static void push_disqus(struct data_walk *walk, const struct retort_json *root)
{
    const struct retort_json *response = retort_json_get(root, "response");
    if (response && retort_json_is_object(response))
        push(walk, retort_json_get(response, "posts"), -1, true);
}

static void read_data(struct html_head *head, struct retort_span source, struct retort_span script,
                      struct retort_arena *arena)
{
    struct retort_error error;
    struct retort_json *root = retort_json_parse(retort_span_trim(script), &error);
    struct data_walk walk = {.head = head, .arena = arena, .source = source, .script = script};
    if (!root)
        return;
    if (retort_json_is_object(root))
        push_disqus(&walk, root);
    push(&walk, root, -1, false);
    while (walk.n) {
        struct node node = walk.stack[--walk.n];
        visit(&walk, &node);
    }
    retort_json_free(root);
    free(walk.stack);
}

/* Disqus tells the parent by its number. */
struct numbered {
    double number;
    size_t at;
};

static int compare_numbered(const void *left, const void *right)
{
    const struct numbered *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static size_t sort_by_number(const struct html_head *head, struct numbered *sorted)
{
    size_t n = 0;
    for (size_t i = 0; i < head->n_comments; i++) {
        char digits[32] = {0};
        struct retort_span id = head->comments[i].id;
        if (id.len == 0 || id.len >= sizeof digits)
            continue;
        memcpy(digits, id.data, id.len);
        sorted[n].at = i;
        n += retort_parse_number(digits, &sorted[n].number);
    }
    qsort(sorted, n, sizeof *sorted, compare_numbered);
    return n;
}

/* The nearest comment before `at` that has the number, −1 for none. */
static ptrdiff_t find_number(const struct numbered *sorted, size_t n, double number, size_t at)
{
    const struct numbered wanted = {number, at};
    size_t low = 0;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (compare_numbered(&sorted[middle], &wanted) < 0)
            low = middle + 1;
        else
            n = middle;
    }
    return low > 0 && sorted[low - 1].number == number ? (ptrdiff_t)sorted[low - 1].at : -1;
}

static void find_parents(struct html_head *head)
{
    struct retort_arena scratch = {0};
    struct numbered *sorted = RETORT_NEW(&scratch, struct numbered, head->n_comments + 1);
    size_t n = sort_by_number(head, sorted);
    for (size_t i = 0; i < head->n_comments; i++)
        if (!isnan(head->comments[i].answers))
            head->comments[i].parent = find_number(sorted, n, head->comments[i].answers, i);
    retort_arena_release(&scratch);
}

/* ---- what stands on the page
 * --------------------------------------------------------------------- */

static struct retort_span only_heading(const struct html_tree *tree, const struct retort_page *page)
{
    struct retort_span found = {NULL, 0};
    size_t n = 0;
    for (uint32_t at = 0; at < tree->n_elements; at++) {
        if (tree->elements[at].tag != GUMBO_TAG_H1)
            continue;
        struct retort_span text = html_element_text(tree, page, at);
        if (text.len && n++ == 0)
            found = text;
    }
    return n == 1 ? found : (struct retort_span){NULL, 0};
}

/* The first <time> or date of microdata that is no comment's. */
static struct retort_span first_time(const struct html_tree *tree, const struct html_known *known,
                                     struct retort_arena *arena)
{
    for (uint32_t at = 0; at < tree->n_elements; at++) {
        if (!tree->elements[at].attributes || known->owner[at] != HTML_NONE)
            continue;
        struct retort_span time = html_element_attribute(tree, at, HTML_DATETIME);
        bool published =
            same_name(html_element_attribute(tree, at, HTML_ITEMPROP), "datepublished");
        if (!time.len && published)
            time = html_element_attribute(tree, at, HTML_CONTENT);
        if (time.len)
            return html_plain(time, arena);
    }
    return (struct retort_span){NULL, 0};
}

void html_head_read(const struct html_tree *tree, const struct retort_page *page,
                    const struct html_known *known, struct retort_arena *arena,
                    struct html_head *head)
{
    const struct html_scanned *scanned = &tree->scanned;
    *head = (struct html_head){.n_comments = 0};
    head->headline = meta_of(scanned, HEADLINES, arena);
    head->date = meta_of(scanned, DATES, arena);
    if (scanned->canonical.len)
        head->url = html_plain(scanned->canonical, arena);
    prefer(&head->url, meta_of(scanned, ADDRESSES, arena));
    for (size_t i = 0; i < scanned->n_data; i++)
        read_data(head, scanned->source, scanned->data[i], arena);
    find_parents(head);
    prefer(&head->date, first_time(tree, known, arena));
    prefer(&head->headline, only_heading(tree, page));
    if (scanned->title.len)
        head->title = html_plain(scanned->title, arena);
    prefer(&head->headline, head->title);
}
