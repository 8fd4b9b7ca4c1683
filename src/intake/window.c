/* The comments of the last lines, by id: whose text answers stand to, when only an id tells.
 *
 * A ring of lines; each remembers the line before it in its chain, by number, so that nothing need
 * be taken out of a chain: whoever walks it stops where the numbers leave the window. */
#include "intake/lines.h"

#include <stdlib.h>

enum {
    N_CHAINS = 2 * RETORT_LINES_WINDOW,
    LONGEST_KEPT = 8192, /* bytes of a text */
    LONGEST_ID = 1024,   /* what is longer names nothing */
    STEP = 512,          /* memory of a line grows by so much */
};

_Static_assert((N_CHAINS & (N_CHAINS - 1)) == 0, "a power of two");

struct earlier {
    uint64_t hash;
    uint64_t before; /* the line before it in its chain; they count from 1, 0: none */
    uint8_t *bytes;  /* the id, then the text */
    uint32_t id_len, text_len, capacity;
};

struct window {
    uint64_t n_lines; /* that were put */
    struct earlier lines[RETORT_LINES_WINDOW];
    uint64_t newest[N_CHAINS]; /* line by chain; 0: none */
};

struct window *window_open(void)
{
    struct window *window = calloc(1, sizeof *window);
    if (!window)
        retort_out_of_memory();
    return window;
}

void window_close(struct window *window)
{
    for (size_t i = 0; i < RETORT_LINES_WINDOW; i++)
        free(window->lines[i].bytes);
    free(window);
}

/* Is this line among the last that were put? */
static bool is_inside(const struct window *window, uint64_t number)
{
    return number > 0 && number + RETORT_LINES_WINDOW > window->n_lines;
}

static bool has_id(const struct earlier *line, struct retort_span id, uint64_t hash)
{
    return line->hash == hash &&
           retort_span_equal((struct retort_span){line->bytes, line->id_len}, id);
}

bool window_find(const struct window *window, struct retort_span id, struct retort_span *text)
{
    uint64_t hash = retort_hash(id, 0), number = window->newest[hash % N_CHAINS];
    while (is_inside(window, number)) {
        const struct earlier *line = &window->lines[number % RETORT_LINES_WINDOW];
        if (has_id(line, id, hash)) {
            *text = (struct retort_span){line->bytes + line->id_len, line->text_len};
            return true;
        }
        number = line->before;
    }
    return false;
}

struct retort_span window_beginning(struct retort_span text)
{
    size_t end = text.len < LONGEST_KEPT ? text.len : LONGEST_KEPT;
    while (end > 0 && end < text.len && (text.data[end] & 0xC0) == 0x80)
        end--;
    return retort_span_slice(text, 0, end);
}

static void keep(struct earlier *line, struct retort_span id, struct retort_span text)
{
    size_t wanted = id.len + text.len;
    if (line->capacity < wanted) {
        line->capacity = (uint32_t)((wanted + STEP - 1) / STEP * STEP);
        line->bytes = retort_grow(line->bytes, line->capacity, 1);
    }
    memcpy(line->bytes, id.data, id.len);
    if (text.len > 0)
        memcpy(line->bytes + id.len, text.data, text.len);
    line->id_len = (uint32_t)id.len;
    line->text_len = (uint32_t)text.len;
}

void window_put(struct window *window, struct retort_span id, struct retort_span text)
{
    uint64_t number = ++window->n_lines;
    struct earlier *line = &window->lines[number % RETORT_LINES_WINDOW];
    if (id.len == 0 || id.len > LONGEST_ID)
        return;
    line->hash = retort_hash(id, 0);
    uint64_t *newest = &window->newest[line->hash % N_CHAINS];
    line->before = *newest;
    *newest = number;
    keep(line, id, window_beginning(text));
}
