/* Defines: what a comment of ours refers to and that was not told before, as members of an object:
 *
 *     "models":[{"hash":…,"task":…,"choice":…,"labels":[…],"thresholds":[…],"card":…}]
 *     "draws":[{"number":1,"design":…,"seed":"…","population":…,"reviewer":…,"drawn":…}]
 *     "pages":[{"number":1,"fetched":…,"text" or "base64":…,"splits":[{"number":1,"splitter":…,
 *       "digest":…,"made":…,"article":…,"title":…,"text":…,"lines":…}],"corrections":[{"split":…,
 *       "base":…,"undoes":…,"operations":"[…]","reviewer":…,"made":…,"token":…}]}]
 *
 * A source's pages are told together, the oldest first, as each supersedes the one before. `undoes`
 * is the place of a correction among its page's, from 1. A seed has more digits than many programs
 * keep of a number, so it is a string. */
#include "exchange/export.h"

/* Bytes of pages and of their splits' texts in one comment: above, they are left out, as readers
 * have limits. */
enum { MOST_PAGE_BYTES = 8 << 20 };

static void begin_object(struct retort_buffer *list)
{
    retort_buffer_text(list, list->len > 0 ? ",{" : "{");
}

/* ---- models and draws ---- */

static void put_labels(struct retort_buffer *out, const struct retort_stored_model *model)
{
    retort_json_key(out, "labels");
    for (size_t i = 0; i < model->n_labels; i++) {
        retort_buffer_byte(out, i ? ',' : '[');
        retort_json_put(out, retort_span_of(model->labels[i]));
    }
    retort_buffer_byte(out, ']');
    retort_json_key(out, "thresholds");
    for (size_t i = 0; i < model->n_labels; i++) {
        retort_buffer_byte(out, i ? ',' : '[');
        retort_buffer_number(out, model->thresholds[i]);
    }
    retort_buffer_byte(out, ']');
}

bool ours_define_model(struct export_run *run, const struct retort_stored_model *model,
                       struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_span card;
    struct retort_buffer *out = &run->ours->new_models;
    bool one = model->choice == RETORT_ONE_OF;
    if (!retort_store_model_card(run->store, model->hash, &arena, &card, error))
        return false;
    begin_object(out);
    retort_stored_put_text(out, "hash", retort_span_of(model->hash));
    retort_stored_put_text(out, "task", retort_span_of(model->task));
    retort_stored_put_text(out, "choice", retort_span_of(one ? "one-of" : "any-of"));
    put_labels(out, model);
    retort_stored_put_text(out, "card", card);
    retort_buffer_byte(out, '}');
    retort_arena_release(&arena);
    return true;
}

bool ours_define_draw(struct export_run *run, int64_t id, int64_t number,
                      struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_told_draw draw;
    struct retort_buffer *out = &run->ours->new_draws;
    bool good = retort_store_told_draw(run->store, id, &arena, &draw, error);
    if (good) {
        begin_object(out);
        export_put_number(out, "number", number);
        retort_stored_put_text(out, "design", draw.design);
        if (draw.seeded) {
            retort_json_key(out, "seed");
            retort_buffer_format(out, "\"%llu\"", (unsigned long long)draw.seed);
        }
        export_put_number(out, "population", (int64_t)draw.population);
        retort_stored_put_text(out, "reviewer", draw.reviewer);
        retort_stored_put_text(out, "drawn", draw.drawn);
        retort_buffer_byte(out, '}');
    }
    retort_arena_release(&arena);
    return good;
}

/* ---- pages ---- */

struct page_of {
    int64_t id;
    struct retort_told_page page;
    struct retort_told_split *splits;
    struct retort_told_correction *corrections;
    size_t n_splits, n_corrections;
};

static bool read_page(struct export_run *run, int64_t id, struct retort_arena *arena,
                      struct page_of *page, struct retort_error *error)
{
    page->id = id;
    return retort_store_told_page(run->store, id, arena, &page->page, error) &&
           retort_store_told_splits(run->store, id, arena, &page->splits, &page->n_splits, error) &&
           retort_store_told_corrections(run->store, id, arena, &page->corrections,
                                         &page->n_corrections, error);
}

static size_t bytes_of(const struct page_of *page)
{
    size_t n = page->page.bytes.len;
    for (size_t i = 0; i < page->n_splits; i++)
        n += page->splits[i].text.len + page->splits[i].lines.len + page->splits[i].article.len;
    return n;
}

static void put_bytes(struct retort_buffer *out, struct retort_span bytes)
{
    if (retort_utf8_valid(bytes)) {
        retort_json_key(out, "text");
        retort_json_put(out, bytes);
        return;
    }
    retort_json_key(out, "base64");
    retort_buffer_byte(out, '"');
    retort_base64_put(out, bytes);
    retort_buffer_byte(out, '"');
}

/* Without its page's bytes there are no lines and no article. */
static void put_split(struct export_run *run, const struct retort_told_split *split, bool leave)
{
    bool fresh;
    struct retort_buffer *out = &run->ours->new_pages;
    retort_buffer_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    export_put_number(out, "number", told_number(&run->ours->splits, split->id, &fresh));
    retort_stored_put_text(out, "splitter", split->splitter);
    retort_stored_put_text(out, "digest", split->digest);
    retort_stored_put_text(out, "made", split->made);
    if (!leave) {
        retort_stored_put_text(out, "article", split->article);
        retort_stored_put_text(out, "title", split->title);
        retort_stored_put_text(out, "text", split->text);
        retort_stored_put_text(out, "lines", split->lines);
    }
    retort_buffer_byte(out, '}');
}

static int64_t correction_number(const struct page_of *page, int64_t id)
{
    for (size_t i = 0; i < page->n_corrections; i++)
        if (page->corrections[i].id == id)
            return (int64_t)i + 1;
    return 0;
}

static void put_split_number(struct export_run *run, const char *key, int64_t id)
{
    bool fresh;
    if (id)
        export_put_number(&run->ours->new_pages, key, told_number(&run->ours->splits, id, &fresh));
}

static void put_correction(struct export_run *run, const struct page_of *page, size_t nth)
{
    const struct retort_told_correction *correction = &page->corrections[nth];
    struct retort_buffer *out = &run->ours->new_pages;
    retort_buffer_text(out, nth ? ",{" : "{");
    put_split_number(run, "split", correction->split);
    put_split_number(run, "base", correction->base);
    export_put_number(out, "undoes", correction_number(page, correction->undoes));
    retort_stored_put_text(out, "operations", correction->operations);
    retort_stored_put_text(out, "reviewer", correction->reviewer);
    retort_stored_put_text(out, "made", correction->made);
    retort_stored_put_text(out, "token", correction->token);
    retort_buffer_byte(out, '}');
}

static void put_page(struct export_run *run, const struct page_of *page, bool leave)
{
    bool fresh;
    struct retort_buffer *out = &run->ours->new_pages;
    begin_object(out);
    export_put_number(out, "number", told_number(&run->ours->pages, page->id, &fresh));
    retort_stored_put_text(out, "fetched", page->page.fetched);
    if (!leave)
        put_bytes(out, page->page.bytes);
    retort_json_key(out, "splits");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < page->n_splits; i++)
        put_split(run, &page->splits[i], leave);
    retort_buffer_byte(out, ']');
    if (page->n_corrections > 0) {
        retort_json_key(out, "corrections");
        retort_buffer_byte(out, '[');
        for (size_t i = 0; i < page->n_corrections; i++)
            put_correction(run, page, i);
        retort_buffer_byte(out, ']');
    }
    retort_buffer_byte(out, '}');
}

/* The splits that corrections tell of stand before them, as all splits of a page do. */
bool ours_define_pages(struct export_run *run, const struct retort_stored_comment *comment,
                       struct retort_error *error)
{
    struct retort_arena arena = {0};
    int64_t *ids;
    size_t n, n_bytes = 0;
    if (!comment->split || told_is(&run->ours->splits, comment->split))
        return true;
    bool good = retort_store_told_pages(run->store, comment->source_id, &arena, &ids, &n, error);
    for (size_t i = 0; good && i < n; i++) {
        struct page_of page;
        good = read_page(run, ids[i], &arena, &page, error);
        n_bytes += good ? bytes_of(&page) : 0;
        if (good)
            put_page(run, &page, run->leave_pages || n_bytes > MOST_PAGE_BYTES);
    }
    retort_arena_release(&arena);
    return good;
}
