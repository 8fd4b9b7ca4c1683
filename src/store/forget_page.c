/* Forgetting on pages: their bytes go blank where somebody's comments stood, so that all others
 * stay where they are.
 *
 * A page may have been split in several ways, and by an earlier one the comment may have been a
 * part of somebody else's. The split that holds says whose a line is. An earlier reading under
 * another name that covers what goes is forgotten with it, for it has the same words; what an
 * earlier reading took for theirs stays, where by the split that holds it is somebody else's. */
#include "store/blank.h"
#include "store/forget.h"
#include "store/kept_out.h"
#include "store/outline.h"

#include <string.h>

struct place {
    int64_t comment;
    size_t begin, end;
    bool holds, goes, stands; /* its split holds; it is forgotten; it has a place that holds */
    struct retort_span text;
};

struct page {
    struct retort_store *store;
    int64_t id;
    struct retort_span author, bytes;
    struct place *places;
    size_t n_places;
    struct blanks blanks;
    struct retort_arena arena;
};

static const char PAGES[] =
    "SELECT DISTINCT t.page FROM placement q JOIN split t ON t.id = q.split"
    " WHERE q.comment IN (SELECT id FROM temp.gone WHERE theirs) ORDER BY 1";
static const char PLACES[] =
    "SELECT q.comment, q.byte_begin, q.byte_end,"
    " q.split = (SELECT h.split FROM held_split h WHERE h.page = t.page),"
    " q.comment IN (SELECT id FROM temp.gone WHERE theirs),"
    " EXISTS (SELECT 1 FROM placement o JOIN held_split h ON h.split = o.split"
    "  WHERE o.comment = q.comment), c.text, count(*) OVER ()"
    " FROM split t JOIN placement q ON q.split = t.id JOIN comment c ON c.id = q.comment"
    " WHERE t.page = ?1";
static const char OUTLINES[] = "SELECT o.split, o.lines, o.text, p.text FROM split t"
                               " JOIN outline o ON o.split = t.id LEFT JOIN passage p"
                               " ON p.id = o.text WHERE t.page = ?1 ORDER BY 1";

/* ---- whose is what ---- */

static sqlite3_stmt *of_page(const struct page *page, const char *sql, struct retort_error *error)
{
    sqlite3_stmt *read = forget_statement(page->store, sql, NULL, 0, error);
    if (read)
        sqlite3_bind_int64(read, 1, page->id);
    return read;
}

static void add_place(struct page *page, sqlite3_stmt *read)
{
    if (!page->places)
        page->places =
            RETORT_NEW(&page->arena, struct place, (size_t)sqlite3_column_int64(read, 7));
    page->places[page->n_places++] =
        (struct place){.comment = sqlite3_column_int64(read, 0),
                       .begin = (size_t)sqlite3_column_int64(read, 1),
                       .end = (size_t)sqlite3_column_int64(read, 2),
                       .holds = sqlite3_column_int(read, 3) != 0,
                       .goes = sqlite3_column_int(read, 4) != 0,
                       .stands = sqlite3_column_int(read, 5) != 0,
                       .text = retort_arena_copy(&page->arena, column_text(read, 6))};
}

static bool read_places(struct page *page, struct retort_error *error)
{
    bool found, good;
    sqlite3_stmt *read = of_page(page, PLACES, error);
    if (!read)
        return false;
    while ((good = store_step(page->store, read, &found, error)) && found)
        add_place(page, read);
    sqlite3_finalize(read);
    return good && retort_store_bytes(page->store, page->id, &page->arena, &page->bytes, error);
}

/* The last word is that of the split that holds. */
static void mark_places(struct page *page)
{
    for (int holds = 0; holds < 2; holds++)
        for (int goes = 1; goes >= 0; goes--)
            for (size_t i = 0; i < page->n_places; i++) {
                const struct place *place = &page->places[i];
                if (place->holds == holds && place->goes == goes && (goes || holds))
                    blanks_mark(&page->blanks, place->begin, place->end,
                                goes ? BLANK_GONE : BLANK_OTHERS);
            }
    blanks_find(&page->blanks, page->bytes, page->author);
    for (size_t i = 0; i < page->n_places; i++)
        if (page->places[i].goes && page->places[i].text.len >= MARKED_TEXT_LEAST)
            blanks_find(&page->blanks, page->bytes, page->places[i].text);
}

/* Others' earlier readings of what goes. */
static bool take_readings(struct page *page, struct retort_error *error)
{
    sqlite3_stmt *put = forget_statement(
        page->store, "INSERT OR IGNORE INTO temp.gone VALUES (?1, 0)", NULL, 0, error);
    bool good = put != NULL;
    for (size_t i = 0; good && i < page->n_places; i++) {
        const struct place *place = &page->places[i];
        if (place->goes || place->stands || !blanks_touch(&page->blanks, place->begin, place->end))
            continue;
        sqlite3_reset(put);
        sqlite3_bind_int64(put, 1, place->comment);
        good = store_run(page->store, put, error);
    }
    sqlite3_finalize(put);
    return good;
}

/* ---- what is written ---- */

static bool put_bytes(struct page *page, bool is_markup, struct retort_error *error)
{
    uint8_t *out = RETORT_NEW(&page->arena, uint8_t, page->bytes.len + 1);
    blanks_apply(&page->blanks, page->bytes, is_markup, out);
    sqlite3_stmt *put =
        of_page(page, "UPDATE page SET bytes = ?2 WHERE id = ?1 AND bytes <> ?2", error);
    if (!put)
        return false;
    bind_blob(put, 2, (struct retort_span){out, page->bytes.len});
    bool good = store_run(page->store, put, error);
    sqlite3_finalize(put);
    put = good ? of_page(page, "INSERT INTO temp.gone_page VALUES (?1)", error) : NULL;
    good = put && store_run(page->store, put, error);
    sqlite3_finalize(put);
    return good;
}

/* A text that was made of the page's bytes; all its splits share it. A passage is found by its
 * hash, which stays that of what was read: so the page is found again when it comes again. */
static bool put_text(struct page *page, int64_t passage, struct retort_span text,
                     struct retort_error *error)
{
    sqlite3_stmt *put =
        forget_statement(page->store, "UPDATE passage SET text = ?2 WHERE id = ?1", NULL, 0, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, passage);
    bind_text(put, 2, text);
    bool good = store_run(page->store, put, error);
    sqlite3_finalize(put);
    return good;
}

static bool put_lines(struct page *page, int64_t split, const struct retort_page *lines,
                      bool is_markup, struct retort_error *error)
{
    struct retort_buffer out = {0};
    struct retort_page_record record = {.page = lines};
    if (!is_markup)
        record.bytes = page->bytes;
    outline_write(&record, &out);
    sqlite3_stmt *put = forget_statement(
        page->store, "UPDATE outline SET lines = ?2 WHERE split = ?1", NULL, 0, error);
    if (put) {
        sqlite3_bind_int64(put, 1, split);
        bind_text(put, 2, retort_buffer_span(&out));
    }
    bool good = put && store_run(page->store, put, error);
    sqlite3_finalize(put);
    retort_buffer_release(&out);
    return good;
}

/* One outline: its lines without those that go, its text blank where they were. */
static bool mend_outline(struct page *page, sqlite3_stmt *read, bool *is_markup,
                         struct retort_error *error)
{
    int64_t split = sqlite3_column_int64(read, 0), passage = sqlite3_column_int64(read, 2);
    struct retort_span made = column_text(read, 3), copy = {0};
    struct retort_page lines;
    if (made.data)
        copy = retort_arena_copy(&page->arena, made);
    if (!outline_read(retort_arena_copy(&page->arena, column_text(read, 1)),
                      made.data ? copy : page->bytes, &page->arena, &lines))
        return retort_fail(error, RETORT_REFUSED, "%s: the lines of split %lld are damaged",
                           page->store->path, (long long)split);
    *is_markup |= made.data != NULL;
    blanks_drop_lines(&page->blanks, &lines, made.data ? (uint8_t *)copy.data : NULL);
    return put_lines(page, split, &lines, made.data != NULL, error) &&
           (!made.data || put_text(page, passage, copy, error));
}

static bool mend_outlines(struct page *page, bool *is_markup, struct retort_error *error)
{
    bool found, good;
    sqlite3_stmt *read = of_page(page, OUTLINES, error);
    *is_markup = false;
    if (!read)
        return false;
    while ((good = store_step(page->store, read, &found, error)) && found)
        if (!(good = mend_outline(page, read, is_markup, error)))
            break;
    sqlite3_finalize(read);
    return good;
}

/* What earlier splits took for the article or the title may have been theirs. */
static bool mend_articles(struct page *page, struct retort_error *error)
{
    static const char ARTICLES[] =
        "UPDATE split SET article = NULL WHERE page = ?1 AND id <> (SELECT h.split FROM held_split "
        "h"
        " WHERE h.page = ?1) AND EXISTS (SELECT 1 FROM passage p, comment c WHERE p.id = article"
        " AND c.id IN (SELECT id FROM temp.gone) AND length(c.text) >= 16"
        " AND instr(p.text, c.text) > 0)";
    static const char CANDIDATES[] =
        "INSERT OR IGNORE INTO temp.gone_passage SELECT article, 0 FROM split WHERE page = ?1"
        " AND article IS NOT NULL";
    static const char TITLES[] = "UPDATE outline SET title = NULL WHERE instr(title, ?2) > 0"
                                 " AND split IN (SELECT id FROM split WHERE page = ?1)";
    static const char *const STEPS[] = {CANDIDATES, ARTICLES, TITLES};
    bool good = true;
    for (size_t i = 0; good && i < sizeof STEPS / sizeof *STEPS; i++) {
        sqlite3_stmt *put = of_page(page, STEPS[i], error);
        if (put && STEPS[i] == TITLES)
            bind_text(put, 2, page->author);
        good = put && store_run(page->store, put, error);
        sqlite3_finalize(put);
    }
    return good;
}

static bool mend_page(struct page *page, struct retort_error *error)
{
    bool is_markup;
    if (!read_places(page, error))
        return false;
    page->blanks = blanks_begin(page->bytes.len, &page->arena);
    mark_places(page);
    return take_readings(page, error) && mend_outlines(page, &is_markup, error) &&
           put_bytes(page, is_markup, error) && mend_articles(page, error);
}

/* ---- all of them ---- */

static bool read_ids(struct retort_store *store, struct retort_buffer *ids,
                     struct retort_error *error)
{
    bool found, good;
    sqlite3_stmt *read = forget_statement(store, PAGES, NULL, 0, error);
    if (!read)
        return false;
    while ((good = store_step(store, read, &found, error)) && found) {
        int64_t id = sqlite3_column_int64(read, 0);
        retort_buffer_put(ids, (struct retort_span){(const uint8_t *)&id, sizeof id});
    }
    sqlite3_finalize(read);
    return good;
}

bool forget_pages(struct retort_store *store, struct retort_span author, struct retort_error *error)
{
    struct retort_buffer ids = {0};
    bool good = read_ids(store, &ids, error);
    for (size_t at = 0; good && at < ids.len; at += sizeof(int64_t)) {
        struct page page = {.store = store, .author = author};
        memcpy(&page.id, ids.data + at, sizeof page.id);
        good = mend_page(&page, error);
        retort_arena_release(&page.arena);
    }
    retort_buffer_release(&ids);
    return good;
}
