/* Reading an HTML page: charset, tree, lines, what the markup tells of comments, and then the
 * grammar's best path through the lines that are still open. A comment that the markup tells has
 * its states fixed; what lies outside of all such comments is no comment. */
#include "page/charset.h"
#include "page/markup.h"
#include "page/splitter.h"

#include <string.h>

/* ---- is it HTML? -------------------------------------------------------------------------------
 */

enum { SNIFFED = 4096 };

static bool stands_at(struct retort_span bytes, size_t at, const char *word)
{
    for (size_t i = 0; word[i]; i++)
        if (at + i >= bytes.len || (bytes.data[at + i] | 32) != (uint8_t)word[i])
            return false;
    return true;
}

/* UTF-16 as if it were ASCII: enough for tags. */
static struct retort_span narrow(struct retort_span bytes, uint8_t out[SNIFFED])
{
    size_t n = 0;
    for (size_t i = 0; i < bytes.len && n < SNIFFED; i++)
        if (bytes.data[i] != 0 && bytes.data[i] < 0x80)
            out[n++] = bytes.data[i];
    return retort_span_trim((struct retort_span){out, n});
}

bool retort_page_is_html(struct retort_span bytes)
{
    static const char *const TAGS[] = {"html", "head",  "body",   "title", "meta",    "div",  "p>",
                                       "p ",   "table", "script", "style", "article", "span", "ul",
                                       "li",   "h1",    "h2",     "br",    "link",    "base"};
    uint8_t start[SNIFFED];
    struct retort_span text = narrow(
        retort_span_slice(bytes, 0, bytes.len < 2 * SNIFFED ? bytes.len : 2 * SNIFFED), start);
    if (text.len < 3 || text.data[0] != '<')
        return false;
    bool xml = stands_at(text, 0, "<?xml");
    for (size_t at = 0; at < text.len; at++) {
        if (text.data[at] != '<')
            continue;
        if (stands_at(text, at, "<!doctype html") || stands_at(text, at, "<html"))
            return true;
        for (size_t i = 0; !xml && i < sizeof TAGS / sizeof *TAGS; i++)
            if (stands_at(text, at + 1, TAGS[i]))
                return true;
    }
    return false;
}

/* ---- comments told as data only
 * ------------------------------------------------------------------ */

struct reading {
    struct html_tree tree;
    struct html_known known;
    struct html_head head;
    struct html_words *words; /* of each element */
    struct retort_arena scratch;
    size_t n_shown;     /* lines that the page shows; behind them stand those of data */
    size_t *data_lines; /* the first of each comment told as data */
};

static size_t count_data_lines(const struct html_head *head)
{
    size_t n = 0;
    for (size_t i = 0; i < head->n_comments; i++) {
        struct retort_span rest = head->comments[i].text, line;
        while (retort_span_next_line(&rest, &line))
            n += retort_span_trim(line).len > 0;
    }
    return n;
}

static void append_line(struct reading *reading, struct retort_page *page, struct retort_span text,
                        uint8_t state)
{
    struct retort_line *line = &page->lines[page->n_lines];
    uint8_t *out = (uint8_t *)(uintptr_t)(page->text.data + page->text.len);
    memcpy(out, text.data, text.len);
    out[text.len] = '\n';
    *line = (struct retort_line){.text = {out, text.len}};
    line->number = page->n_lines ? line[-1].number + 1 : 1;
    page->text.len += text.len + 1;
    reading->known.states[page->n_lines++] = state;
}

static void append_comment(struct reading *reading, struct retort_page *page,
                           const struct html_data_comment *comment)
{
    struct retort_span rest = comment->text, line;
    uint8_t state = RETORT_STATE_BEGIN;
    while (retort_span_next_line(&rest, &line)) {
        struct retort_span text = retort_span_trim(line);
        if (!text.len)
            continue;
        append_line(reading, page, text, state);
        page->lines[page->n_lines - 1].begin = comment->begin;
        page->lines[page->n_lines - 1].end = comment->end;
        state = RETORT_STATE_GOES_ON;
    }
}

/* Only where the page shows no comments: else they would be there twice. */
static void append_data(struct reading *reading, struct retort_arena *arena,
                        struct retort_page *page)
{
    const struct html_head *head = &reading->head;
    size_t n = page->n_lines, more = count_data_lines(head);
    if (reading->known.n || !more)
        return;
    struct retort_line *lines = RETORT_NEW(arena, struct retort_line, n + more + 1);
    uint8_t *states = RETORT_NEW(&reading->scratch, uint8_t, n + more + 1);
    memcpy(lines, page->lines, n * sizeof *lines);
    memset(states, HTML_STATE_OUTSIDE, n);
    page->lines = lines;
    reading->known.states = states;
    reading->data_lines = RETORT_NEW(&reading->scratch, size_t, head->n_comments);
    for (size_t i = 0; i < head->n_comments; i++) {
        reading->data_lines[i] = page->n_lines;
        append_comment(reading, page, &head->comments[i]);
    }
}

/* ---- the record
 * ---------------------------------------------------------------------------------- */

static void tell_data(const struct reading *reading, struct retort_told *told, size_t *n)
{
    const struct html_head *head = &reading->head;
    for (size_t i = 0; i < head->n_comments; i++) {
        const struct html_data_comment *comment = &head->comments[i];
        told[(*n)++] = (struct retort_told){reading->data_lines[i], comment->author, comment->time,
                                            comment->id, comment->parent};
    }
}

static void tell_known(struct reading *reading, struct retort_arena *arena,
                       struct retort_told *told, size_t *n)
{
    const struct html_known *known = &reading->known;
    /* Of each comment: which of those told it is, or the nearest above it is. */
    ptrdiff_t *told_of = RETORT_NEW(&reading->scratch, ptrdiff_t, known->n + 1);
    size_t *first = RETORT_NEW(&reading->scratch, size_t, known->n + 1);
    memset(first, 0xFF, (known->n + 1) * sizeof *first);
    for (size_t at = reading->n_shown; at-- > 0;) {
        uint32_t owner = known->owner[reading->tree.lines[at].element];
        bool ours =
            known->states[at] == RETORT_STATE_HEAD || known->states[at] == RETORT_STATE_BEGIN;
        if (owner != HTML_NONE && ours)
            first[owner] = at;
    }
    for (size_t i = 0; i < known->n; i++) {
        const struct html_comment *comment = &known->comments[i];
        ptrdiff_t parent = comment->parent < 0 ? -1 : told_of[comment->parent];
        told_of[i] = first[i] == SIZE_MAX ? parent : (ptrdiff_t)*n;
        if (first[i] == SIZE_MAX)
            continue;
        told[(*n)++] = (struct retort_told){first[i], retort_arena_copy(arena, comment->author),
                                            retort_arena_copy(arena, comment->time),
                                            retort_arena_copy(arena, comment->id), parent};
    }
}

static void record(struct reading *reading, struct retort_arena *arena, struct retort_page *page)
{
    const struct html_head *head = &reading->head;
    struct retort_markup *markup = RETORT_NEW(arena, struct retort_markup, 1);
    size_t most = reading->known.n + head->n_comments + 1;
    struct retort_told *told = RETORT_NEW(arena, struct retort_told, most);
    *markup = (struct retort_markup){.title = head->title, .headline = head->headline};
    markup->date = head->date;
    markup->url = head->url;
    markup->told = told;
    if (reading->known.n) {
        tell_known(reading, arena, told, &markup->n_told);
        markup->threaded = reading->known.threaded;
    } else if (reading->data_lines) {
        tell_data(reading, told, &markup->n_told);
        for (size_t i = 0; i < markup->n_told; i++)
            markup->threaded |= told[i].parent >= 0;
    }
    page->markup = markup;
}

/* Offsets of the decoded text → of the input. */
static void place_lines(struct retort_page *page, struct retort_span bytes,
                        const struct charset_text *text, size_t first, size_t last)
{
    struct retort_arena scratch = {0};
    size_t n = last - first;
    size_t *offsets = RETORT_NEW(&scratch, size_t, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        offsets[2 * i] = page->lines[first + i].begin;
        offsets[2 * i + 1] = page->lines[first + i].end;
    }
    charset_source_offsets(bytes, text, offsets, 2 * n);
    for (size_t i = 0; i < n; i++) {
        page->lines[first + i].begin = offsets[2 * i];
        page->lines[first + i].end = offsets[2 * i + 1];
    }
    retort_arena_release(&scratch);
}

static void read_words(struct reading *reading)
{
    const struct html_tree *tree = &reading->tree;
    const struct html_wordbook *book = html_wordbook_make(&reading->scratch);
    reading->words = RETORT_NEW(&reading->scratch, struct html_words, tree->n_elements + 1);
    for (uint32_t at = 0; at < tree->n_elements; at++) {
        if (!tree->elements[at].attributes)
            continue;
        html_words_read(book, html_element_attribute(tree, at, HTML_CLASS), &reading->words[at]);
        html_words_read(book, html_element_attribute(tree, at, HTML_ID), &reading->words[at]);
        html_words_read(book, html_element_attribute(tree, at, HTML_ITEMPROP), &reading->words[at]);
    }
}

static uint8_t allowed_states(uint8_t state)
{
    const unsigned outside = 1U << RETORT_STATE_BEFORE | 1U << RETORT_STATE_ARTICLE |
                             1U << RETORT_STATE_AMID | 1U << RETORT_STATE_AFTER;
    if (state == HTML_STATE_ANY)
        return 0xFF;
    return (uint8_t)(state == HTML_STATE_OUTSIDE ? outside : 1U << state);
}

static const uint8_t *allow(const struct reading *reading, const struct retort_page *page,
                            struct retort_arena *arena)
{
    uint8_t *allowed = RETORT_NEW(arena, uint8_t, page->n_lines + 1);
    for (size_t at = 0; at < page->n_lines; at++)
        allowed[at] = allowed_states(reading->known.states[at]);
    return allowed;
}

const struct retort_observed *retort_page_observe_html(struct retort_span bytes,
                                                       struct retort_span charset,
                                                       struct retort_arena *arena,
                                                       struct retort_page *page)
{
    struct reading reading = {.n_shown = 0};
    struct charset_text text;
    *page = (struct retort_page){.n_lines = 0};
    charset_decode(bytes, charset, &reading.scratch, &text);
    page->encoding = text.encoding;
    html_tree_read(text.text, arena, &reading.tree, page);
    reading.n_shown = page->n_lines;
    read_words(&reading);
    html_known_find(&reading.tree, reading.words, page, &reading.scratch, &reading.known);
    html_head_read(&reading.tree, page, &reading.known, arena, &reading.head);
    append_data(&reading, arena, page);
    record(&reading, arena, page);
    struct retort_observed *observed = observe_lines(page, arena);
    const struct markup_source source = {&reading.tree, reading.words, &reading.known,
                                         &reading.head, page,          reading.n_shown};
    observed->markup = markup_describe(&source, arena);
    observed->allowed = allow(&reading, page, arena);
    place_lines(page, bytes, &text, 0, reading.n_shown);
    place_lines(page, bytes, &text, reading.n_shown, page->n_lines);
    html_tree_release(&reading.tree);
    retort_arena_release(&reading.scratch);
    return observed;
}

void retort_page_read_html(const struct retort_splitter *splitter, struct retort_span bytes,
                           struct retort_span charset, struct retort_arena *arena,
                           struct retort_page *page)
{
    struct retort_arena scratch = {0};
    const struct retort_observed *observed = retort_page_observe_html(bytes, charset, arena, page);
    splitter_decide(splitter, observed, &scratch, page);
    retort_arena_release(&scratch);
}
