/* Reading pages with truth: JSON lines {"id","group","source","variant","text","roles","parents"}.
 *
 * The roles are characters of the flattener; which furniture stands before, amid or after follows
 * from what is around it. A page whose truth the grammar cannot produce (the article coming back
 * behind a comment) is left out and counted. Cues are computed by the function that predicts. */
#include "train/split_pages.h"

#include <stdlib.h>
#include <string.h>

static bool map_roles(struct retort_span roles, struct split_page *page)
{
    bool article = false, comments = false;
    size_t at = 0, from = RETORT_N_STATES;
    for (size_t i = 0; i < roles.len; i++) {
        size_t to;
        switch (roles.data[i]) {
        case 'F':
            to = comments ? RETORT_STATE_AFTER : article ? RETORT_STATE_AMID : RETORT_STATE_BEFORE;
            break;
        case 'A':
            to = RETORT_STATE_ARTICLE;
            article = true;
            break;
        case 'H':
            to = RETORT_STATE_HEAD;
            comments = true;
            break;
        case 'B':
            to = RETORT_STATE_BEGIN;
            comments = true;
            page->n_comments++;
            break;
        case 'I':
            to = RETORT_STATE_GOES_ON;
            break;
        case 'T':
            to = RETORT_STATE_TAIL;
            break;
        default:
            continue;
        }
        if (at >= page->page.n_lines || !retort_page_may_follow(from, to))
            return false;
        page->states[at++] = (uint8_t)to;
        from = to;
    }
    return at == page->page.n_lines && (at == 0 || retort_page_may_stop(from));
}

static void map_parents(const struct retort_json *parents, struct split_page *page,
                        struct retort_arena *arena)
{
    size_t n = retort_json_length(parents);
    if (!n || n != page->n_comments)
        return;
    page->parents = RETORT_NEW(arena, int32_t, n);
    for (size_t i = 0; i < n; i++) {
        double number;
        bool known = retort_json_number(retort_json_at(parents, i), &number);
        page->parents[i] = known && number <= (double)i ? (int32_t)number - 1 : -2;
    }
}

static struct retort_span text_of(const struct retort_json *row, const char *key,
                                  struct retort_arena *arena)
{
    struct retort_span text = {NULL, 0};
    retort_json_text(retort_json_get(row, key), &text);
    return retort_arena_copy(arena, text);
}

static uint32_t group_of(struct retort_span text)
{
    uint32_t group = 0;
    for (size_t i = 0; i < text.len && i < 6; i++)
        group = group * 10 + (uint32_t)(text.data[i] - '0') % 10;
    return group;
}

static bool take_row(struct split_set *set, const struct retort_json *row, size_t *capacity)
{
    struct retort_span roles = text_of(row, "roles", &set->arena);
    struct split_page page = {.n_comments = 0};
    page.id = text_of(row, "id", &set->arena);
    page.source = text_of(row, "source", &set->arena);
    page.variant = text_of(row, "variant", &set->arena);
    page.group = group_of(text_of(row, "group", &set->arena));
    page.observed = retort_page_observe(text_of(row, "text", &set->arena), &set->arena, &page.page);
    page.states = RETORT_NEW(&set->arena, uint8_t, page.page.n_lines + 1);
    if (!map_roles(roles, &page))
        return false;
    map_parents(retort_json_get(row, "parents"), &page, &set->arena);
    if (set->n_pages == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 1024;
        set->pages = retort_grow(set->pages, *capacity, sizeof *set->pages);
    }
    set->pages[set->n_pages++] = page;
    return true;
}

static bool read_file(struct split_set *set, const char *path, size_t *capacity,
                      struct retort_error *error)
{
    struct retort_file file;
    if (!retort_file_map(&file, path, error))
        return false;
    struct retort_span rest = file.bytes, line;
    bool fine = true;
    for (size_t number = 1; fine && retort_span_next_line(&rest, &line); number++) {
        struct retort_json *row = retort_json_parse(line, error);
        if (!row) {
            fine = retort_fail_within(error, "%s: line %zu", path, number);
            break;
        }
        set->n_skipped += !take_row(set, row, capacity);
        retort_json_free(row);
    }
    retort_file_close(&file);
    return fine;
}

bool split_set_read(struct split_set *set, const char *const *paths, size_t n_paths,
                    struct retort_error *error)
{
    size_t capacity = 0;
    *set = (struct split_set){.n_pages = 0};
    for (size_t i = 0; i < n_paths; i++) {
        if (!read_file(set, paths[i], &capacity, error)) {
            split_set_release(set);
            return false;
        }
    }
    return true;
}

void split_set_release(struct split_set *set)
{
    free(set->pages);
    retort_arena_release(&set->arena);
    *set = (struct split_set){.n_pages = 0};
}
