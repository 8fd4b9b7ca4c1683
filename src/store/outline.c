/* The lines of a split: kept, so that what a person saw is what they mend, whatever splitter is
 * installed by then and however the program reads HTML.
 *
 * The text of an HTML page is a passage, of which all splits of the page share one; a page of plain
 * UTF-8 is its own text. What is read is checked as if a stranger had written it. */
#include "store/outline.h"

#include <string.h>

/* By state. Furniture is furniture wherever it stands. */
static const char LETTERS[] = "FAFHBITF";

bool outline_is_plain(const struct retort_page_record *page)
{
    const uint8_t *text = page->page->text.data, *bytes = page->bytes.data;
    return text >= bytes && text + page->page->text.len <= bytes + page->bytes.len;
}

void outline_write(const struct retort_page_record *page, struct retort_buffer *out)
{
    const uint8_t *origin = outline_is_plain(page) ? page->bytes.data : page->page->text.data;
    for (size_t i = 0; i < page->page->n_lines; i++) {
        const struct retort_line *line = &page->page->lines[i];
        retort_buffer_format(out, "%zu %zu %zu %zu %zu %c\n", line->number, line->begin, line->end,
                             (size_t)(line->text.data - origin), line->text.len,
                             LETTERS[line->state]);
    }
}

bool outline_put(struct retort_store *store, int64_t split, const struct retort_page_record *page,
                 struct retort_error *error)
{
    struct retort_buffer lines = {0};
    int64_t text = 0;
    if (!page->page || (!outline_is_plain(page) && page->page->n_lines > 0 &&
                        !store_put_article(store, page->page->text, &text, error)))
        return !page->page;
    sqlite3_stmt *put = store_statement(store, PUT_OUTLINE, error);
    if (!put)
        return false;
    outline_write(page, &lines);
    sqlite3_bind_int64(put, 1, split);
    store_bind_id(put, 2, text);
    bind_optional(put, 3, page->title.len ? page->title : (struct retort_span){0});
    bind_text(put, 4, retort_buffer_span(&lines));
    bool done = store_run(store, put, error);
    retort_buffer_release(&lines);
    return done;
}

/* ---- reading ---- */

static bool read_number(struct retort_span *rest, size_t *number)
{
    size_t n = 0, at = 0;
    while (at < rest->len && rest->data[at] >= '0' && rest->data[at] <= '9' && n < SIZE_MAX / 100)
        n = 10 * n + (size_t)(rest->data[at++] - '0');
    if (at == 0 || at == rest->len || rest->data[at] != ' ')
        return false;
    *rest = retort_span_slice(*rest, at + 1, rest->len);
    *number = n;
    return true;
}

static bool read_state(struct retort_span rest, enum retort_state *state)
{
    const char *at = rest.len == 1 && rest.data[0] ? strrchr(LETTERS, rest.data[0]) : NULL;
    *state = at ? (enum retort_state)(at - LETTERS) : RETORT_STATE_BEFORE;
    return at != NULL;
}

/* "12 340 371 290 31 B" */
static bool read_line(struct retort_span rest, struct retort_span text, size_t last,
                      struct retort_line *line)
{
    size_t at, len;
    if (!read_number(&rest, &line->number) || !read_number(&rest, &line->begin) ||
        !read_number(&rest, &line->end) || !read_number(&rest, &at) || !read_number(&rest, &len) ||
        !read_state(rest, &line->state))
        return false;
    line->role = retort_page_role(line->state);
    line->text = (struct retort_span){text.data + at, len};
    return line->number > last && at <= text.len && len <= text.len - at;
}

static size_t count_lines(struct retort_span lines)
{
    size_t n = 0;
    for (size_t i = 0; i < lines.len; i++)
        n += lines.data[i] == '\n';
    return n;
}

bool outline_read(struct retort_span lines, struct retort_span text, struct retort_arena *arena,
                  struct retort_page *page)
{
    struct retort_span line;
    size_t last = 0, most = count_lines(lines);
    *page = (struct retort_page){.text = text, .encoding = RETORT_UTF8};
    page->lines = RETORT_NEW(arena, struct retort_line, most + 1);
    while (retort_span_next_line(&lines, &line)) {
        struct retort_line *read = &page->lines[page->n_lines];
        if (page->n_lines == most || !read_line(line, text, last, read))
            return false;
        last = read->number;
        page->n_lines++;
    }
    return true;
}
