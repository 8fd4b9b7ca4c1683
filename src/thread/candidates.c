/* Who may have been answered: the article, whoever is quoted or named, those most alike, the way up
 * from the last comment, the last few. A bounded number, so a thread costs linear time. */
#include "thread/heard.h"

enum { RECENT = 10, ALIKE = 3 };

struct shortlist {
    ptrdiff_t *items;
    size_t n, who;
};

static void consider(struct shortlist *list, ptrdiff_t candidate)
{
    if (candidate < ARTICLE || candidate >= (ptrdiff_t)list->who ||
        list->n >= RETORT_CANDIDATES_MOST)
        return;
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i] == candidate - 1)
            return;
    list->items[list->n++] = candidate - 1;
}

static void walk_up(struct retort_heard *heard, size_t who)
{
    ptrdiff_t above = (ptrdiff_t)who - 1;
    heard->n_path = 0;
    while (above > ARTICLE && heard->n_path < PATH_MOST) {
        heard->path[heard->n_path++] = above;
        above = heard->speakers[above].parent;
    }
}

static void consider_alike(struct retort_heard *heard, struct shortlist *list)
{
    uint32_t best[ALIKE] = {0};
    for (size_t i = 0; i < heard->n_tied; i++) {
        uint32_t other = heard->tied[i];
        for (size_t place = 0; place < ALIKE; place++) {
            float held = heard->ties[best[place]].fresh;
            if (best[place] && (held > heard->ties[other].fresh ||
                                (held == heard->ties[other].fresh && best[place] > other)))
                continue;
            uint32_t moved = best[place];
            best[place] = other;
            other = moved;
            if (!other)
                break;
        }
    }
    for (size_t place = 0; place < ALIKE && best[place]; place++)
        consider(list, best[place]);
}

size_t retort_thread_candidates(struct retort_heard *heard, size_t at,
                                ptrdiff_t candidates[RETORT_CANDIDATES_MOST])
{
    struct shortlist list = {candidates, 0, at + 1};
    const struct speaker *speaker = &heard->speakers[at + 1];
    thread_tie(heard, at + 1);
    walk_up(heard, at + 1);
    consider(&list, ARTICLE);
    consider(&list, speaker->quoted);
    consider(&list, speaker->named);
    consider_alike(heard, &list);
    for (size_t i = 0; i < heard->n_path; i++)
        consider(&list, heard->path[i]);
    for (size_t i = 1; i <= RECENT && i <= at; i++)
        consider(&list, (ptrdiff_t)(at + 1 - i));
    return list.n;
}
