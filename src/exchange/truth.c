/* Splits that people have corrected, as rows that `retort train --task split` learns from and
 * `retort eval split` measures on (training/README.md describes them): so a correction is evidence
 * for the next splitter, too. A row a page, of its lines with their roles; of an HTML page another
 * one, of its markup with the texts of article and comments. */
#include "exchange/export.h"

static const char LETTERS[] = "FAFHBITF"; /* by state */

static void begin_row(struct export_run *run, const struct retort_stored_page *page,
                      const char *variant)
{
    struct retort_buffer *out = &run->file.out;
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", page->source);
    retort_stored_put_text(out, "source", RETORT_SPAN("corrected"));
    retort_stored_put_text(out, "variant", retort_span_of(variant));
    retort_stored_put_text(out, "group", page->source);
    retort_stored_put_text(out, "reviewer", page->corrected_by);
}

/* ---- lines and roles ---- */

static void put_roles(struct retort_buffer *out, const struct retort_page *page)
{
    size_t next = 1;
    retort_json_key(out, "roles");
    retort_buffer_byte(out, '"');
    for (size_t i = 0; i < page->n_lines; i++) {
        for (; next < page->lines[i].number; next++)
            retort_buffer_byte(out, '-');
        retort_buffer_byte(out, (uint8_t)LETTERS[page->lines[i].state]);
        next++;
    }
    retort_buffer_byte(out, '"');
}

/* A row counts comments by their first lines of text: one that has none has no place in it. */
static bool all_have_text(const struct retort_thread *thread)
{
    for (size_t i = 0; i < thread->n_comments; i++)
        if (thread->comments[i].text.len == 0)
            return false;
    return true;
}

static void put_text_row(struct export_run *run, const struct retort_stored_page *page,
                         const struct retort_thread *thread)
{
    struct retort_buffer *out = &run->file.out;
    begin_row(run, page, "text");
    retort_stored_put_text(out, "text", thread->page.text);
    put_roles(out, &thread->page);
    retort_json_key(out, "parents");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; all_have_text(thread) && i < thread->n_comments; i++)
        retort_buffer_format(out, "%s%td", i > 0 ? "," : "", thread->comments[i].parent + 1);
    retort_buffer_text(out, "]}\n");
    run->n_written++;
}

/* ---- markup and texts ---- */

/* The byte of the input where a comment's text begins. */
static size_t text_begin(const struct retort_page *page, const struct retort_comment *comment)
{
    for (size_t i = 0; i < page->n_lines; i++)
        if (page->lines[i].number >= comment->first_line && page->lines[i].role == RETORT_COMMENT)
            return page->lines[i].begin;
    return comment->begin;
}

static void put_html_row(struct export_run *run, const struct retort_stored_page *page,
                         const struct retort_thread *thread, struct retort_span bytes)
{
    struct retort_buffer *out = &run->file.out;
    begin_row(run, page, "html");
    retort_stored_put_text(out, "html", bytes);
    retort_stored_put_text(out, "article",
                           thread->article.data ? thread->article : RETORT_SPAN(""));
    retort_json_key(out, "comments");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_comment *comment = &thread->comments[i];
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        retort_stored_put_text(out, "text", comment->text);
        retort_stored_put_text(out, "author", comment->author);
        retort_json_key(out, "parent");
        retort_buffer_format(out, "%td,\"begin\":%zu}", comment->parent + 1,
                             text_begin(&thread->page, comment));
    }
    retort_buffer_text(out, "]}\n");
    run->n_written++;
}

/* ---- all pages ---- */

static bool put_page(void *context, const struct retort_stored_page *page,
                     struct retort_error *error)
{
    struct export_run *run = context;
    struct retort_arena arena = {0};
    struct retort_stored_split split;
    struct retort_span bytes;
    bool read = retort_store_split(run->store, page->split, &arena, &split, error) &&
                retort_store_bytes(run->store, page->id, &arena, &bytes, error);
    if (read) {
        put_text_row(run, page, &split.thread);
        if (split.bytes.len == 0 && retort_page_is_html(bytes) && retort_utf8_valid(bytes))
            put_html_row(run, page, &split.thread, bytes);
    }
    retort_arena_release(&arena);
    return read && export_file_flush(&run->file, error);
}

bool export_truth_begin(struct export_run *run, struct retort_error *error)
{
    return retort_store_each_corrected(run->store, put_page, run, error);
}
