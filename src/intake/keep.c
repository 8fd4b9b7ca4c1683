/* Storing: a page with all that was made of it, an export's thread comment by comment. */
#include "intake/intake.h"

#include <stdlib.h>

static struct retort_span known(struct retort_span span)
{
    return span.len > 0 ? span : (struct retort_span){0};
}

bool retort_intake_put_labels(struct retort_store *store, int64_t comment,
                              const struct retort_judge *judge,
                              const struct retort_verdict *verdicts, struct retort_span given,
                              struct retort_error *error)
{
    for (size_t m = 0; m < judge->models->n_models; m++)
        if (!retort_store_put_label(store, comment, &verdicts[m], given, error))
            return false;
    return true;
}

/* ---- pages ---- */

static bool put_page(struct retort_store *store, const struct retort_intake_thread *found,
                     const struct retort_judge *judge, struct retort_verdict *const *verdicts,
                     struct retort_error *error)
{
    const struct retort_thread *thread = &found->thread;
    const struct retort_page_record record = {
        .source = found->source,
        .bytes = found->bytes,
        .splitter = found->splitter,
        .article = known(thread->article),
        .comments = thread->comments,
        .n_comments = thread->n_comments,
    };
    int64_t *ids = retort_grow(NULL, thread->n_comments, sizeof *ids);
    enum retort_page_outcome outcome;
    bool put = retort_store_put_page(store, &record, ids, &outcome, error);
    for (size_t i = 0; put && i < thread->n_comments; i++)
        put = retort_intake_put_labels(store, ids[i], judge, verdicts[i], judge->target, error);
    free(ids);
    return put;
}

/* ---- what an export tells ---- */

static bool put_told_comment(struct retort_store *store, const struct retort_intake_thread *found,
                             const struct retort_judge *judge, size_t i, int64_t *id,
                             struct retort_error *error)
{
    const struct retort_thread *thread = &found->thread;
    const struct retort_comment *comment = &thread->comments[i];
    const struct retort_comment *parent =
        comment->parent >= 0 ? &thread->comments[comment->parent] : NULL;
    const struct retort_item item = retort_judge_told(judge, thread, i);
    struct retort_arena arena = {0};
    const struct retort_line_record record = {
        .source = found->source,
        .native_id = known(comment->id),
        .parent_id = parent ? known(parent->id) : (struct retort_span){0},
        .author = known(comment->author),
        .time = known(comment->time),
        .text = comment->text,
        .parent_text = item.parent_text,
        .article_text = item.article_text,
        .answers_article = !parent,
        .meta = known(retort_platform_beside(thread, comment, &arena)),
    };
    bool put = retort_store_put_line(store, &record, id, error);
    retort_arena_release(&arena);
    return put;
}

static bool put_told(struct retort_store *store, const struct retort_intake_thread *found,
                     const struct retort_judge *judge, struct retort_verdict *const *verdicts,
                     struct retort_error *error)
{
    for (size_t i = 0; i < found->thread.n_comments; i++) {
        int64_t id;
        if (!put_told_comment(store, found, judge, i, &id, error) ||
            !retort_intake_put_labels(store, id, judge, verdicts[i], judge->target, error))
            return false;
    }
    return true;
}

bool retort_intake_store(struct retort_store *store, const struct retort_intake_thread *found,
                         const struct retort_judge *judge, struct retort_verdict *const *verdicts,
                         struct retort_error *error)
{
    bool stored = retort_store_begin(store, error) &&
                  (found->is_told ? put_told(store, found, judge, verdicts, error)
                                  : put_page(store, found, judge, verdicts, error)) &&
                  retort_store_commit(store, error);
    if (!stored)
        retort_store_rollback(store);
    return stored;
}
