/* The comments of the last lines, by id: whose text answers stand to, when only an id tells.
 *
 * A ring of lines, and a ring of bytes behind it that grows until it holds what they keep: what
 * leaves the window is written over, so a stream costs no more memory than its window, and passes
 * through it in order. Each line remembers the line before it in its chain, by number, so that
 * nothing need be taken out of a chain: whoever walks it stops where the numbers leave the window.
 */
#include "intake/lines.h"

#include <stdlib.h>

enum {
    N_CHAINS = 2 * RETORT_LINES_WINDOW,
    LONGEST_KEPT = 8192, /* bytes of a text */
    LONGEST_ID = 1024,   /* what is longer names nothing */
    FIRST_BYTES = 1 << 20,
};

struct earlier {
    uint64_t at;     /* of the id in the ring's bytes, which count on; the text stands behind it */
    uint64_t before; /* the line before it in its chain; they count from 1, 0: none */
    uint32_t hash;
    uint16_t id_len, text_len; /* id_len 0: nothing is kept */
};

struct window {
    uint64_t n_lines; /* that were put */
    uint64_t end;     /* of the ring's bytes; byte n lies at n % capacity */
    uint8_t *bytes;
    size_t capacity;
    struct earlier lines[RETORT_LINES_WINDOW];
    uint64_t newest[N_CHAINS]; /* line by chain; 0: none */
};

struct window *window_open(void)
{
    struct window *window = calloc(1, sizeof *window);
    if (!window)
        retort_out_of_memory();
    window->capacity = FIRST_BYTES;
    window->bytes = retort_grow(NULL, window->capacity, 1);
    return window;
}

void window_close(struct window *window)
{
    free(window->bytes);
    free(window);
}

static const uint8_t *bytes_of(const struct window *window, const struct earlier *line)
{
    return window->bytes + line->at % window->capacity;
}

/* ---- finding ---- */

/* Is this line among the last that were put? */
static bool is_inside(const struct window *window, uint64_t number)
{
    return number > 0 && number + RETORT_LINES_WINDOW > window->n_lines;
}

static bool has_id(const struct window *window, const struct earlier *line, struct retort_span id,
                   uint32_t hash)
{
    return line->hash == hash && line->id_len == id.len &&
           memcmp(bytes_of(window, line), id.data, id.len) == 0;
}

bool window_find(const struct window *window, struct retort_span id, struct retort_span *text)
{
    uint32_t hash = (uint32_t)retort_hash(id, 0);
    uint64_t number = window->newest[hash % N_CHAINS];
    while (is_inside(window, number)) {
        const struct earlier *line = &window->lines[number % RETORT_LINES_WINDOW];
        if (has_id(window, line, id, hash)) {
            *text = (struct retort_span){bytes_of(window, line) + line->id_len, line->text_len};
            return true;
        }
        number = line->before;
    }
    return false;
}

/* ---- putting ---- */

void window_expect(const struct window *window, struct retort_span id)
{
    if (id.len > 0 && id.len <= LONGEST_ID)
        __builtin_prefetch(&window->newest[(uint32_t)retort_hash(id, 0) % N_CHAINS]);
}

struct retort_span window_beginning(struct retort_span text)
{
    size_t end = text.len < LONGEST_KEPT ? text.len : LONGEST_KEPT;
    while (end > 0 && end < text.len && (text.data[end] & 0xC0) == 0x80)
        end--;
    return retort_span_slice(text, 0, end);
}

/* The oldest line that stays when one more is put. */
static uint64_t oldest_kept(const struct window *window)
{
    uint64_t next = window->n_lines + 1;
    return next < RETORT_LINES_WINDOW ? 1 : next - RETORT_LINES_WINDOW + 1;
}

static void grow(struct window *window)
{
    size_t capacity = 2 * window->capacity, end = 0;
    uint8_t *bytes = retort_grow(NULL, capacity, 1);
    for (uint64_t n = oldest_kept(window); n <= window->n_lines; n++) {
        struct earlier *line = &window->lines[n % RETORT_LINES_WINDOW];
        size_t size = (size_t)line->id_len + line->text_len;
        memcpy(bytes + end, bytes_of(window, line), size);
        line->at = end;
        end += size;
    }
    free(window->bytes);
    window->bytes = bytes;
    window->capacity = capacity;
    window->end = end;
}

/* Moves the end to where so many bytes lie together and none of them is kept any more. */
static void make_room(struct window *window, size_t size)
{
    for (;;) {
        uint64_t oldest = oldest_kept(window), end = window->end;
        uint64_t begin =
            oldest <= window->n_lines ? window->lines[oldest % RETORT_LINES_WINDOW].at : end;
        size_t place = (size_t)(end % window->capacity);
        end += place + size > window->capacity ? window->capacity - place : 0;
        if (end + size - begin <= window->capacity) {
            window->end = end;
            return;
        }
        grow(window);
    }
}

static void keep(struct window *window, struct earlier *line, struct retort_span id,
                 struct retort_span text)
{
    make_room(window, id.len + text.len);
    uint8_t *bytes = window->bytes + window->end % window->capacity;
    memcpy(bytes, id.data, id.len);
    if (text.len > 0)
        memcpy(bytes + id.len, text.data, text.len);
    line->at = window->end;
    line->id_len = (uint16_t)id.len;
    line->text_len = (uint16_t)text.len;
    window->end += id.len + text.len;
}

void window_put(struct window *window, struct retort_span id, struct retort_span text)
{
    struct earlier *line = &window->lines[(window->n_lines + 1) % RETORT_LINES_WINDOW];
    *line = (struct earlier){.at = window->end};
    if (id.len > 0 && id.len <= LONGEST_ID) {
        line->hash = (uint32_t)retort_hash(id, 0);
        uint64_t *newest = &window->newest[line->hash % N_CHAINS];
        line->before = *newest;
        *newest = window->n_lines + 1;
        keep(window, line, id, window_beginning(text));
    }
    window->n_lines++;
}
