/* Rows of pages with truth → pages to learn from.
 *
 * Which furniture stands before, amid or after follows from what is around it. A page whose truth
 * the grammar cannot produce (the article coming back behind a comment) is measured, but nothing is
 * learned from it. Cues are computed by the function that predicts. */
#include "train/split_pages.h"

#include "train/split_align.h"

#include <stdlib.h>

struct above {
    bool article, comments; /* stood above the line */
};

static size_t state_of(uint8_t letter, struct above *above)
{
    above->article |= letter == 'A';
    above->comments |= letter == 'H' || letter == 'B';
    switch (letter) {
    case 'A':
        return RETORT_STATE_ARTICLE;
    case 'H':
        return RETORT_STATE_HEAD;
    case 'B':
        return RETORT_STATE_BEGIN;
    case 'I':
        return RETORT_STATE_GOES_ON;
    case 'T':
        return RETORT_STATE_TAIL;
    default:
        return above->comments  ? RETORT_STATE_AFTER
               : above->article ? RETORT_STATE_AMID
                                : RETORT_STATE_BEFORE;
    }
}

/* Letters become states, in place; false when the grammar has no such path. */
static bool map_states(uint8_t *states, size_t n)
{
    struct above above = {false, false};
    size_t from = RETORT_N_STATES;
    for (size_t at = 0; at < n; at++) {
        size_t to = state_of(states[at], &above);
        if (!retort_page_may_follow(from, to))
            return false;
        states[at] = (uint8_t)to;
        from = to;
    }
    return n == 0 || retort_page_may_stop(from);
}

/* A page of HTML: what its markup tells is the truth, of the other lines the gold texts are. */
static bool take_html(struct split_set *set, size_t row, struct split_page *page)
{
    static const uint8_t LETTERS[RETORT_N_STATES] = {'F', 'A', 'F', 'H', 'B', 'I', 'T', 'F'};
    const struct split_truth *truth = &set->rows[row];
    *page = (struct split_page){.row = row, .source = truth->source, .html = true};
    page->observed =
        retort_page_observe_html(truth->input, RETORT_SPAN("utf-8"), &set->arena, &page->page);
    size_t n = page->page.n_lines;
    page->states = RETORT_NEW(&set->arena, uint8_t, n + 1);
    split_align(truth, &page->page, page->states);
    for (size_t at = 0; at < n; at++) {
        unsigned allowed = retort_page_allowed(page->observed, at);
        bool told = (allowed & (allowed - 1)) == 0;
        if (told)
            page->states[at] = LETTERS[__builtin_ctz(allowed)];
        page->n_comments += page->states[at] == 'B';
    }
    return n > 0 && map_states(page->states, n);
}

static bool take_page(struct split_set *set, size_t row, struct split_page *page)
{
    struct retort_error error;
    const struct split_truth *truth = &set->rows[row];
    if (truth->html && truth->input.data && truth->has_article && truth->has_comments)
        return take_html(set, row, page);
    if (!truth->roles.data)
        return false;
    *page = (struct split_page){.row = row, .source = truth->source};
    page->n_comments = truth->n_comments;
    page->parents = truth->parents;
    page->observed = retort_page_observe(truth->input, &set->arena, &page->page);
    page->states = RETORT_NEW(&set->arena, uint8_t, page->page.n_lines + 1);
    return split_truth_letters(truth, &page->page, page->states, &error) &&
           map_states(page->states, page->page.n_lines);
}

static bool read_rows(struct split_set *set, struct split_rows *rows, struct retort_error *error)
{
    struct split_truth truth;
    size_t capacity = 0;
    for (;;) {
        bool more;
        if (!split_rows_next(rows, &set->arena, &truth, &more, error))
            return false;
        if (!more)
            return true;
        if (set->n_rows == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            set->rows = retort_grow(set->rows, capacity, sizeof *set->rows);
        }
        set->rows[set->n_rows++] = truth;
    }
}

bool split_set_read(struct split_set *set, const char *const *paths, size_t n_paths,
                    struct retort_error *error)
{
    *set = (struct split_set){.n_data = n_paths};
    set->data = RETORT_NEW(&set->arena, struct split_data, n_paths);
    struct split_rows rows = split_rows_of(paths, n_paths, set->data);
    bool fine = read_rows(set, &rows, error);
    split_rows_close(&rows);
    set->pages = retort_grow(NULL, set->n_rows + 1, sizeof *set->pages);
    for (size_t row = 0; fine && row < set->n_rows; row++)
        set->n_pages += take_page(set, row, &set->pages[set->n_pages]);
    if (fine && !set->n_pages)
        fine = retort_fail(error, RETORT_INPUT, "no page to learn from");
    if (!fine)
        split_set_release(set);
    return fine;
}

void split_set_release(struct split_set *set)
{
    free(set->rows);
    free(set->pages);
    retort_arena_release(&set->arena);
    *set = (struct split_set){.n_rows = 0};
}
