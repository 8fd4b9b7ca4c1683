/* The cutter: the splitter's lines, then whom each comment answers.
 *
 * Section "parents" of the model file: the hash of the cue list, the number of cues, a float each.
 * Comments are taken in their order; a candidate's score is linear in its cues, and the softmax of
 * the scores is the probability. The parent chosen is told before the next comment is asked, so
 * cues of the tree see what was decided. */
#include "thread/cutter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct parents_header {
    uint64_t cues_hash;
    uint32_t n_cues, reserved;
};

struct retort_cutter {
    struct retort_splitter *splitter;
    const float *weights;
};

static bool take_parents(struct retort_cutter *cutter, struct retort_error *error)
{
    struct retort_span section = retort_splitter_section(cutter->splitter, "parents");
    struct parents_header header;
    if (section.len < sizeof header)
        return retort_fail(error, RETORT_REFUSED, "it has no model of parents");
    memcpy(&header, section.data, sizeof header);
    size_t n = retort_thread_n_cues();
    if (header.cues_hash != retort_thread_cues_hash() || header.n_cues != n ||
        section.len != sizeof header + n * sizeof(float))
        return retort_fail(error, RETORT_REFUSED,
                           "made for another list of cues; train the splitter again (make models)");
    cutter->weights = (const float *)(const void *)(section.data + sizeof header);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(cutter->weights[i]))
            return retort_fail(error, RETORT_REFUSED, "a weight of the model is not a number");
    return true;
}

bool retort_cutter_open(struct retort_cutter **out, const char *path, struct retort_error *error)
{
    struct retort_cutter *cutter = retort_grow(NULL, 1, sizeof *cutter);
    *cutter = (struct retort_cutter){.weights = NULL};
    *out = NULL;
    bool opened = retort_splitter_open(&cutter->splitter, path, error);
    if (!opened || !take_parents(cutter, error)) {
        retort_cutter_close(cutter);
        return opened ? retort_fail_within(error, "%s", path) : false;
    }
    *out = cutter;
    return true;
}

void retort_cutter_close(struct retort_cutter *cutter)
{
    if (!cutter)
        return;
    retort_splitter_close(cutter->splitter);
    free(cutter);
}

const char *retort_cutter_hash(const struct retort_cutter *cutter)
{
    return retort_splitter_hash(cutter->splitter);
}

const struct retort_splitter *cutter_splitter(const struct retort_cutter *cutter)
{
    return cutter->splitter;
}

static double score(const struct retort_cutter *cutter, struct retort_heard *heard, size_t at,
                    ptrdiff_t candidate)
{
    struct retort_cue cues[RETORT_LINK_CUES_MOST];
    size_t n = retort_thread_link_cues(heard, at, candidate, cues);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)cutter->weights[cues[i].id] * (double)cues[i].value;
    return sum;
}

static void find_parent(const struct retort_cutter *cutter, struct retort_heard *heard, size_t at,
                        struct retort_comment *comment)
{
    ptrdiff_t candidates[RETORT_CANDIDATES_MOST];
    double scores[RETORT_CANDIDATES_MOST], sum = 0;
    size_t n = retort_thread_candidates(heard, at, candidates), best = 0;
    for (size_t i = 0; i < n; i++) {
        scores[i] = score(cutter, heard, at, candidates[i]);
        best = scores[i] > scores[best] ? i : best;
    }
    for (size_t i = 0; i < n; i++)
        sum += exp(scores[i] - scores[best]);
    comment->parent = candidates[best];
    comment->parent_p = 1 / sum;
    retort_thread_tell(heard, at, comment->parent);
}

void retort_thread_parents(const struct retort_cutter *cutter, struct retort_span article,
                           struct retort_comment *comments, size_t n_comments,
                           struct retort_arena *arena)
{
    struct retort_heard *heard = retort_thread_hear(article, comments, n_comments, arena);
    for (size_t at = 0; at < n_comments; at++)
        find_parent(cutter, heard, at, &comments[at]);
}

void retort_thread_split(const struct retort_cutter *cutter, struct retort_span bytes,
                         struct retort_arena *arena, struct retort_thread *thread)
{
    struct retort_page page;
    retort_page_read(cutter->splitter, bytes, arena, &page);
    retort_thread_cut(&page, arena, thread);
    retort_thread_parents(cutter, thread->article, thread->comments, thread->n_comments, arena);
}
