/* JSON lines, a comment each, as they come: blocks of whole lines, in bounded memory whatever the
 * file's size. What is read from a file is the same however it is cut into blocks, and so whoever
 * reads them: lines are counted when a block is filled, and parents that only an id tells are found
 * in order (window.c). A line that cannot be read says what is wrong; the next is read. */
#include "intake/lines.h"

#include <stdlib.h>

enum {
    BLOCK = 64 << 10,     /* bytes of lines; more when one is longer */
    AHEAD = 8,            /* lines whose place in the window is fetched before they come to it */
    MOST_LINES = 512,     /* in a block */
    IN_FLIGHT = 64 << 20, /* bytes of blocks that are not written yet: above, no more are read */
    KEPT = 1 << 20,       /* memory of a block for the next; more is given back */
};

struct line_place {
    size_t begin, end;
    bool is_too_long; /* and its bytes were skipped */
};

struct retort_intake_lines {
    struct retort_archive *file;
    struct retort_buffer rest; /* behind the last block's last line */
    bool ended, skipping;      /* skipping: to the end of a line that is too long */
    size_t n_lines, n_in_flight;
    struct window *window;
    struct retort_store *store; /* NULL: not to be asked */
    const char *source;
    struct retort_line_block own; /* for those who want one line after the other */
    size_t next;                  /* of its lines */
};

struct retort_intake_lines *retort_intake_lines_open(struct retort_archive *file)
{
    struct retort_intake_lines *lines = retort_grow(NULL, 1, sizeof *lines);
    *lines = (struct retort_intake_lines){.file = file, .window = window_open()};
    return lines;
}

void retort_intake_lines_ask(struct retort_intake_lines *lines, struct retort_store *store,
                             const char *source)
{
    lines->store = store;
    lines->source = source;
}

void retort_intake_lines_close(struct retort_intake_lines *lines)
{
    window_close(lines->window);
    retort_buffer_release(&lines->rest);
    retort_line_block_release(&lines->own);
    free(lines);
}

/* ---- filling a block ---- */

static void add_place(struct retort_intake_lines *lines, struct retort_line_block *block,
                      struct line_place place)
{
    block->places[block->n_lines++] = place;
    lines->n_lines++;
}

/* Of bytes [begin, …): the whole lines, as far as there is room for them. Where the rest begins. */
static size_t cut_lines(struct retort_intake_lines *lines, struct retort_line_block *block,
                        size_t begin, size_t searched)
{
    const struct retort_buffer *bytes = &block->bytes;
    while (block->n_lines < MOST_LINES && searched < bytes->len) {
        const uint8_t *found = memchr(bytes->data + searched, '\n', bytes->len - searched);
        if (!found)
            break;
        size_t end = (size_t)(found - bytes->data);
        if (!lines->skipping)
            add_place(lines, block, (struct line_place){begin, end, end - begin > LONGEST_LINE});
        lines->skipping = false;
        begin = searched = end + 1;
    }
    return begin;
}

/* What stands behind the last line end: too long to be held, or the file's last line. */
static size_t cut_rest(struct retort_intake_lines *lines, struct retort_line_block *block,
                       size_t begin)
{
    struct retort_buffer *bytes = &block->bytes;
    size_t rest = bytes->len - begin;
    if (block->n_lines == MOST_LINES)
        return begin;
    if (!lines->skipping && rest > LONGEST_LINE) {
        add_place(lines, block, (struct line_place){begin, begin, true});
        lines->skipping = true;
    } else if (!lines->skipping && lines->ended && rest > 0) {
        add_place(lines, block, (struct line_place){begin, bytes->len, false});
        return bytes->len;
    }
    if (lines->skipping)
        bytes->len = begin;
    return begin;
}

static void read_more(struct retort_intake_lines *lines, struct retort_buffer *bytes)
{
    size_t most = bytes->len < BLOCK / 2 ? BLOCK - bytes->len : BLOCK;
    size_t got = retort_archive_read(lines->file, retort_buffer_room(bytes, most), most);
    bytes->len += got;
    lines->ended = got == 0;
}

static void begin_block(struct retort_intake_lines *lines, struct retort_line_block *block)
{
    if (!block->places)
        block->places = retort_grow(NULL, MOST_LINES, sizeof *block->places);
    retort_arena_clear(&block->arena);
    block->n_lines = 0;
    block->n_before = lines->n_lines;
    retort_buffer_clear(&block->bytes);
    retort_buffer_put(&block->bytes, retort_buffer_span(&lines->rest));
    retort_buffer_clear(&lines->rest);
}

/* A block is full, or has what there is: what comes next may take long. */
static bool is_enough(const struct retort_intake_lines *lines,
                      const struct retort_line_block *block, bool wait)
{
    if (lines->ended || block->n_lines == MOST_LINES)
        return true;
    if (block->n_lines > 0 && block->bytes.len >= BLOCK / 2)
        return true;
    return (block->n_lines > 0 || !wait) && !retort_archive_is_ready(lines->file, 1);
}

enum retort_reading retort_intake_lines_fill(struct retort_intake_lines *lines,
                                             struct retort_line_block *block, bool wait)
{
    if (!wait && lines->n_in_flight > IN_FLIGHT)
        return RETORT_READING_LATER;
    begin_block(lines, block);
    size_t at = cut_rest(lines, block, cut_lines(lines, block, 0, 0));
    while (!is_enough(lines, block, wait)) {
        size_t searched = block->bytes.len;
        read_more(lines, &block->bytes);
        at = cut_rest(lines, block, cut_lines(lines, block, at, searched));
    }
    retort_buffer_put(&lines->rest,
                      retort_span_slice(retort_buffer_span(&block->bytes), at, block->bytes.len));
    if (block->n_lines == 0)
        return lines->ended ? RETORT_READING_END : RETORT_READING_LATER;
    lines->n_in_flight += block->bytes.len;
    return RETORT_READING_BLOCK;
}

void retort_intake_lines_done(struct retort_intake_lines *lines, struct retort_line_block *block)
{
    lines->n_in_flight -= block->bytes.len;
    if (block->bytes.capacity > KEPT)
        retort_buffer_release(&block->bytes);
}

void retort_line_block_release(struct retort_line_block *block)
{
    retort_arena_release(&block->arena);
    retort_buffer_release(&block->bytes);
    free(block->places);
}

/* ---- its lines ---- */

static void read_place(const struct retort_line_block *block, size_t i, struct retort_arena *arena)
{
    const struct line_place *place = &block->places[i];
    struct retort_intake_line *line = &block->lines[i];
    if (place->is_too_long)
        line_refuse(line, arena);
    else
        line_read(line,
                  retort_span_slice(retort_buffer_span(&block->bytes), place->begin, place->end),
                  arena);
    line->number = block->n_before + i + 1;
}

void retort_line_block_read(struct retort_line_block *block)
{
    block->lines = retort_arena_room(&block->arena, block->n_lines, sizeof *block->lines);
    for (size_t i = 0; i < block->n_lines; i++)
        read_place(block, i, &block->arena);
}

/* The window's text is another's in a moment, so it is copied. */
static bool find_parent(const struct retort_intake_lines *lines, struct retort_intake_line *line,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_span parent;
    if (line->parent_id.len == 0 || line->item.parent_text.data)
        return true;
    if (window_find(lines->window, line->parent_id, &parent)) {
        line->item.parent_text = retort_arena_copy(arena, parent);
        return true;
    }
    if (!lines->store || line->id.len == 0)
        return true;
    const struct retort_earlier asked = {lines->source, line->id, line->parent_id};
    if (!retort_store_earlier_text(lines->store, &asked, arena, &parent, error))
        return false;
    line->item.parent_text = window_beginning(parent);
    return true;
}

bool retort_intake_lines_link(struct retort_intake_lines *lines, struct retort_line_block *block,
                              struct retort_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < block->n_lines; i++) {
        struct retort_intake_line *line = &block->lines[i];
        if (i + AHEAD < block->n_lines)
            window_expect(lines->window, line[AHEAD].id);
        good = find_parent(lines, line, &block->arena, error);
        window_put(lines->window, line->id, line->item.text);
    }
    return good;
}

/* ---- one after the other ---- */

enum retort_lines_step retort_intake_lines_next(struct retort_intake_lines *lines,
                                                struct retort_intake_line *line,
                                                struct retort_error *error)
{
    struct retort_line_block *own = &lines->own;
    if (lines->next == own->n_lines) {
        if (own->n_lines > 0)
            retort_intake_lines_done(lines, own);
        lines->next = 0;
        if (retort_intake_lines_fill(lines, own, true) == RETORT_READING_END)
            return RETORT_LINES_END;
        retort_line_block_read(own);
        if (!retort_intake_lines_link(lines, own, error))
            return RETORT_LINES_FAILED;
    }
    *line = own->lines[lines->next++];
    if (!line->wrong)
        return RETORT_LINES_LINE;
    retort_fail(error, RETORT_INPUT, "%s", line->wrong);
    return RETORT_LINES_BAD;
}
