/* A comment's place among others: what it answers, up to some way, what stands near it, what
 * answers it, so that a person sees what is being talked of.
 *
 * On a page the order is the page's: the nearest of what it answers, and a window around it. Lines
 * have no order but their links: what it answers, the answers near it to the same, and below it
 * what answers it, level by level; laid out as a thread. A hostile file may link in a circle or
 * give a million answers to one comment, so every search is bounded and nothing is taken twice. */
#include "store/evidence.h"

#include <assert.h>
#include <stdlib.h>

enum { ANCESTORS = 10, WINDOW = 50, SIBLINGS = 10 /* on either side */ };
static_assert(ANCESTORS + WINDOW <= RETORT_MOST_NEIGHBOURS, "all that is taken has room");

/* ---- on a page ---- */

struct place {
    int64_t number, parent, comment;
    size_t depth;
    bool taken;
};

struct places {
    struct place *all; /* ascending by number; free() it */
    size_t n, capacity;
};

static const struct place *place_of(const struct places *places, int64_t number)
{
    size_t low = 0, high = places->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places->all[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < places->n && places->all[low].number == number ? &places->all[low] : NULL;
}

static void add_place(struct places *places, sqlite3_stmt *read)
{
    struct place place = {.number = sqlite3_column_int64(read, 0),
                          .parent = sqlite3_column_int64(read, 1),
                          .comment = sqlite3_column_int64(read, 2)};
    const struct place *parent = place_of(places, place.parent);
    place.depth = parent ? parent->depth + 1 : 0;
    if (places->n == places->capacity) {
        places->capacity = places->capacity ? 2 * places->capacity : 64;
        places->all = retort_grow(places->all, places->capacity, sizeof *places->all);
    }
    places->all[places->n++] = place;
}

static bool read_places(struct retort_store *store, int64_t split, struct places *places,
                        struct retort_error *error)
{
    bool found = true;
    sqlite3_stmt *read = store_statement(store, SPLIT_PLACES, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, split);
    while (found) {
        if (!store_step(store, read, &found, error))
            return false;
        if (found)
            add_place(places, read);
    }
    sqlite3_reset(read);
    return true;
}

/* The window, shifted where the page ends before it does, and what the comment answers. */
static void take_places(struct places *places, int64_t number)
{
    const struct place *self = place_of(places, number);
    size_t at = self ? (size_t)(self - places->all) : 0;
    size_t first = at > WINDOW / 2 ? at - WINDOW / 2 : 0;
    if (first + WINDOW > places->n)
        first = places->n > WINDOW ? places->n - WINDOW : 0;
    for (size_t i = first; i < places->n && i < first + WINDOW; i++)
        places->all[i].taken = true;
    for (size_t i = 0; self && i < ANCESTORS; i++) {
        self = place_of(places, self->parent);
        if (self)
            places->all[self - places->all].taken = true;
    }
}

/* ---- a neighbour's own words ---- */

static bool read_words(struct retort_store *store, struct retort_arena *arena,
                       struct retort_neighbour *neighbour, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, NEIGHBOUR_WORDS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, neighbour->id);
    if (!store_step(store, read, &found, error))
        return false;
    struct retort_span author = found ? column_text(read, 0) : (struct retort_span){0};
    neighbour->author = author.data ? retort_arena_copy(arena, author) : author;
    neighbour->text = found ? retort_arena_copy(arena, column_text(read, 1)) : RETORT_SPAN("");
    sqlite3_reset(read);
    return true;
}

static bool page_neighbours(struct retort_store *store, const struct retort_stored_comment *comment,
                            struct retort_arena *arena, struct retort_neighbour *neighbours,
                            size_t *n, struct retort_error *error)
{
    struct places places = {0};
    bool good = read_places(store, comment->split, &places, error);
    if (good)
        take_places(&places, (int64_t)comment->number);
    for (size_t i = 0; good && i < places.n; i++) {
        const struct place *place = &places.all[i], *parent = place_of(&places, place->parent);
        if (!place->taken)
            continue;
        neighbours[*n] = (struct retort_neighbour){.id = place->comment,
                                                   .parent = parent ? parent->comment : 0,
                                                   .depth = place->depth,
                                                   .number = (size_t)place->number};
        good = read_words(store, arena, &neighbours[(*n)++], error);
    }
    free(places.all);
    return good;
}

/* ---- lines ---- */

/* Those that are found, in no order; the first is the comment itself. */
struct circle {
    struct retort_store *store;
    struct retort_arena *arena;
    int64_t source;
    struct line {
        int64_t id;
        struct retort_span native_id, parent_id;
        size_t parent; /* an index; itself: the top of what is shown */
        bool laid_out;
    } lines[RETORT_MOST_NEIGHBOURS];
    size_t n;
};

static bool is_there(const struct circle *circle, int64_t id)
{
    for (size_t i = 0; i < circle->n; i++)
        if (circle->lines[i].id == id)
            return true;
    return false;
}

static struct retort_span keep(const struct circle *circle, struct retort_span span)
{
    return span.data ? retort_arena_copy(circle->arena, span) : span;
}

/* Adds a line, unless it is there or there is no room; *added says which. */
static bool add_line(struct circle *circle, int64_t id, size_t parent, bool *added,
                     struct retort_error *error)
{
    bool found;
    *added = false;
    if (circle->n == RETORT_MOST_NEIGHBOURS || is_there(circle, id))
        return true;
    sqlite3_stmt *read = store_statement(circle->store, LINE_LINKS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    if (!store_step(circle->store, read, &found, error))
        return false;
    if (!found)
        return true;
    circle->lines[circle->n] = (struct line){.id = id,
                                             .native_id = keep(circle, column_text(read, 0)),
                                             .parent_id = keep(circle, column_text(read, 1)),
                                             .parent = parent};
    circle->n++;
    *added = true;
    sqlite3_reset(read);
    return true;
}

static bool add_ancestors(struct circle *circle, struct retort_error *error)
{
    for (size_t i = 0; i < ANCESTORS && circle->lines[i].parent_id.data; i++) {
        int64_t id;
        bool added;
        sqlite3_stmt *find = store_statement(circle->store, NATIVE_COMMENT, error);
        if (!find)
            return false;
        sqlite3_bind_int64(find, 1, circle->source);
        bind_text(find, 2, circle->lines[i].parent_id);
        if (!store_find_id(circle->store, find, &id, error))
            return false;
        size_t at = circle->n;
        if (!id)
            return true;
        if (!add_line(circle, id, at, &added, error))
            return false;
        if (!added)
            return true;
        circle->lines[i].parent = at;
    }
    return true;
}

/* Of those that answer a line's native id, the first `most` behind `after`, or the last before it.
 */
static bool add_answers(struct circle *circle, enum statement which, size_t parent, int64_t from,
                        size_t most, struct retort_error *error)
{
    int64_t ids[RETORT_MOST_NEIGHBOURS];
    size_t n = 0;
    bool found = true, added;
    sqlite3_stmt *read = store_statement(circle->store, which, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, circle->source);
    bind_text(read, 2, circle->lines[parent].native_id);
    sqlite3_bind_int64(read, 3, from);
    sqlite3_bind_int64(read, 4, (int64_t)most);
    while (found) {
        if (!store_step(circle->store, read, &found, error))
            return false;
        if (found && n < RETORT_MOST_NEIGHBOURS)
            ids[n++] = sqlite3_column_int64(read, 0);
    }
    sqlite3_reset(read);
    for (size_t i = 0; i < n; i++)
        if (!add_line(circle, ids[i], parent, &added, error))
            return false;
    return true;
}

/* Comments near it in the file that answer the same article: the top of one thread. */
static bool add_tops(struct circle *circle, enum statement which, int64_t article,
                     struct retort_error *error)
{
    int64_t ids[SIBLINGS];
    size_t n = 0;
    bool found = true, added;
    sqlite3_stmt *read = store_statement(circle->store, which, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, circle->source);
    sqlite3_bind_int64(read, 2, article);
    sqlite3_bind_int64(read, 3, circle->lines[0].id);
    sqlite3_bind_int64(read, 4, SIBLINGS);
    while (found) {
        if (!store_step(circle->store, read, &found, error))
            return false;
        if (found)
            ids[n++] = sqlite3_column_int64(read, 0);
    }
    sqlite3_reset(read);
    for (size_t i = 0; i < n; i++)
        if (!add_line(circle, ids[i], circle->n, &added, error))
            return false;
    return true;
}

static bool add_siblings(struct circle *circle, int64_t article, struct retort_error *error)
{
    size_t parent = circle->lines[0].parent;
    int64_t self = circle->lines[0].id;
    if (parent > 0)
        return add_answers(circle, ANSWERS_BEFORE, parent, self, SIBLINGS, error) &&
               add_answers(circle, ANSWERS_AFTER, parent, self, SIBLINGS, error);
    return !article || circle->lines[0].parent_id.data ||
           (add_tops(circle, TOPS_BEFORE, article, error) &&
            add_tops(circle, TOPS_AFTER, article, error));
}

/* What answers it, then what answers those, while there is room. Behind the comment itself stand
 * ancestors and siblings, whose answers are not asked for. */
static bool add_descendants(struct circle *circle, struct retort_error *error)
{
    size_t first = circle->n;
    for (size_t i = 0; i < circle->n && circle->n < RETORT_MOST_NEIGHBOURS;
         i = i == 0 ? first : i + 1)
        if (circle->lines[i].native_id.data &&
            !add_answers(circle, ANSWERS_AFTER, i, 0, RETORT_MOST_NEIGHBOURS - circle->n, error))
            return false;
    return true;
}

/* The earliest of a line's answers that is not laid out yet; n: there is none. */
static size_t next_answer(const struct circle *circle, size_t parent)
{
    size_t next = circle->n;
    for (size_t i = 0; i < circle->n; i++) {
        const struct line *line = &circle->lines[i];
        if (line->parent == parent && i != parent && !line->laid_out &&
            (next == circle->n || line->id < circle->lines[next].id))
            next = i;
    }
    return next;
}

/* From a top down to the first answer while there is one, else back up. */
static bool lay_out_below(struct circle *circle, size_t top, struct retort_neighbour *neighbours,
                          size_t *n, struct retort_error *error)
{
    size_t at = top, depth = 0;
    for (;;) {
        struct line *line = &circle->lines[at];
        if (!line->laid_out) {
            line->laid_out = true;
            neighbours[*n] =
                (struct retort_neighbour){.id = line->id,
                                          .parent = at == top ? 0 : circle->lines[line->parent].id,
                                          .depth = depth};
            if (!read_words(circle->store, circle->arena, &neighbours[(*n)++], error))
                return false;
        }
        size_t next = next_answer(circle, at);
        if (next == circle->n && at == top)
            return true;
        depth = next < circle->n ? depth + 1 : depth - 1;
        at = next < circle->n ? next : line->parent;
    }
}

/* The earliest top that is not laid out yet; n: there is none. */
static size_t next_top(const struct circle *circle)
{
    size_t next = circle->n;
    for (size_t i = 0; i < circle->n; i++)
        if (circle->lines[i].parent == i && !circle->lines[i].laid_out &&
            (next == circle->n || circle->lines[i].id < circle->lines[next].id))
            next = i;
    return next;
}

static bool lay_out(struct circle *circle, struct retort_neighbour *neighbours, size_t *n,
                    struct retort_error *error)
{
    for (size_t top = next_top(circle); top < circle->n; top = next_top(circle))
        if (!lay_out_below(circle, top, neighbours, n, error))
            return false;
    return true;
}

static bool line_neighbours(struct retort_store *store, const struct retort_stored_comment *comment,
                            struct retort_arena *arena, struct retort_neighbour *neighbours,
                            size_t *n, struct retort_error *error)
{
    struct circle circle = {.store = store, .arena = arena, .source = comment->source_id};
    bool added;
    return add_line(&circle, comment->id, 0, &added, error) && add_ancestors(&circle, error) &&
           add_siblings(&circle, comment->line_article, error) && add_descendants(&circle, error) &&
           lay_out(&circle, neighbours, n, error);
}

bool retort_store_neighbours(struct retort_store *store,
                             const struct retort_stored_comment *comment,
                             struct retort_arena *arena, struct retort_neighbour **neighbours,
                             size_t *n, struct retort_error *error)
{
    *n = 0;
    *neighbours = RETORT_NEW(arena, struct retort_neighbour, RETORT_MOST_NEIGHBOURS);
    return comment->paged ? page_neighbours(store, comment, arena, *neighbours, n, error)
                          : line_neighbours(store, comment, arena, *neighbours, n, error);
}

/* ---- numbers ---- */

bool retort_store_replies(struct retort_store *store, const struct retort_stored_comment *comment,
                          size_t *n, struct retort_error *error)
{
    int64_t count = 0;
    *n = 0;
    if (!comment->paged && !comment->native_id.data)
        return true;
    sqlite3_stmt *find =
        store_statement(store, comment->paged ? N_PLACED_ANSWERS : N_LINE_ANSWERS, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, comment->paged ? comment->split : comment->source_id);
    if (comment->paged)
        sqlite3_bind_int64(find, 2, (int64_t)comment->number);
    else
        bind_text(find, 2, comment->native_id);
    bool good = store_find_id(store, find, &count, error);
    *n = (size_t)count;
    return good;
}

bool retort_store_page_of(struct retort_store *store, int64_t split, int64_t *page,
                          struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, PAGE_OF_SPLIT, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, split);
    return store_find_id(store, find, page, error);
}
