/* HTML → a thread: the page's lines are cut as any page's, then what the markup tells of a comment
 * (writer, time, id, whom it answers) goes to the comment that has its lines. Where the page shows
 * its comments as one flat list, who answers whom is left to the model of parents. */
#include "thread/cutter.h"

/* The told comment that has the cut comment's first line, by a walk along both. */
static ptrdiff_t told_of(const struct retort_page *page, size_t *next, size_t first_line)
{
    const struct retort_markup *markup = page->markup;
    while (*next < markup->n_told &&
           page->lines[markup->told[*next].first_line].number < first_line)
        (*next)++;
    bool found =
        *next < markup->n_told && page->lines[markup->told[*next].first_line].number == first_line;
    return found ? (ptrdiff_t)*next : -1;
}

static void prefer(struct retort_span *held, struct retort_span told)
{
    if (told.len)
        *held = told;
}

static void tell_comments(struct retort_thread *thread, struct retort_arena *arena)
{
    const struct retort_markup *markup = thread->page.markup;
    ptrdiff_t *comment_of = RETORT_NEW(arena, ptrdiff_t, markup->n_told + 1);
    size_t next = 0;
    for (size_t i = 0; i < markup->n_told; i++)
        comment_of[i] = -1;
    for (size_t i = 0; i < thread->n_comments; i++) {
        struct retort_comment *comment = &thread->comments[i];
        ptrdiff_t at = told_of(&thread->page, &next, comment->first_line);
        if (at < 0)
            continue;
        const struct retort_told *told = &markup->told[at];
        comment_of[at] = (ptrdiff_t)i;
        prefer(&comment->author, told->author);
        prefer(&comment->time, told->time);
        prefer(&comment->id, told->id);
        if (!markup->threaded)
            continue;
        ptrdiff_t parent = told->parent < 0 ? -1 : comment_of[told->parent];
        comment->parent = parent < (ptrdiff_t)i ? parent : -1;
        comment->parent_p = 1;
    }
}

void retort_thread_split_html(const struct retort_cutter *cutter, struct retort_span bytes,
                              struct retort_span charset, struct retort_arena *arena,
                              struct retort_thread *thread)
{
    struct retort_page page;
    retort_page_read_html(cutter_splitter(cutter), bytes, charset, arena, &page);
    retort_thread_cut(&page, arena, thread);
    thread->title = page.markup->headline;
    thread->date = page.markup->date;
    thread->url = page.markup->url;
    tell_comments(thread, arena);
    if (!page.markup->threaded)
        retort_thread_parents(cutter, thread->article, thread->comments, thread->n_comments, arena);
}
