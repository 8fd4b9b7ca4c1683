/* Storing: a page with all that was made of it, an export's thread comment by comment. */
#include "intake/intake.h"

#include <stdlib.h>

static struct retort_span known(struct retort_span span)
{
    return span.len > 0 ? span : (struct retort_span){0};
}

bool retort_intake_put_labels(struct retort_store *store, const struct retort_label_record *of,
                              const struct retort_judge *judge,
                              const struct retort_verdict *verdicts, struct retort_error *error)
{
    return retort_store_put_labels(store, of, verdicts, judge->models->n_models, error);
}

/* How many comments lie below each: a parent stands before its children. */
static size_t *count_below(const struct retort_thread *thread)
{
    size_t *below = retort_grow(NULL, thread->n_comments, sizeof *below);
    for (size_t i = 0; i < thread->n_comments; i++)
        below[i] = 0;
    for (size_t i = thread->n_comments; i-- > 0;) {
        ptrdiff_t parent = thread->comments[i].parent;
        if (parent >= 0)
            below[parent] += 1 + below[i];
    }
    return below;
}

bool retort_intake_put_verdicts(struct retort_store *store, const struct retort_thread *thread,
                                const int64_t *ids, const struct retort_judge *judge,
                                struct retort_verdict *const *verdicts, struct retort_error *error)
{
    size_t *below = count_below(thread);
    bool put = true;
    for (size_t i = 0; put && i < thread->n_comments; i++) {
        const struct retort_label_record of = {
            .comment = ids[i], .target = judge->target, .below = below[i]};
        put = retort_intake_put_labels(store, &of, judge, verdicts[i], error);
    }
    free(below);
    return put;
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
        .page = &thread->page,
        .title = thread->title,
    };
    int64_t *ids;
    enum retort_page_outcome outcome;
    if (found->ids)
        return retort_intake_put_verdicts(store, thread, found->ids, judge, verdicts, error);
    ids = retort_grow(NULL, thread->n_comments, sizeof *ids);
    bool put = retort_store_put_page(store, &record, ids, &outcome, error) &&
               retort_intake_put_verdicts(store, thread, ids, judge, verdicts, error);
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

/* Each comment stands by itself: others may write between some and the next. */
static bool put_told(struct retort_store *store, const struct retort_intake_thread *found,
                     const struct retort_judge *judge, struct retort_verdict *const *verdicts,
                     struct retort_error *error)
{
    enum { BATCH = 1000 };
    size_t *below = count_below(&found->thread);
    bool put = true;
    for (size_t i = 0; put && i < found->thread.n_comments; i++) {
        if (i > 0 && (i % BATCH == 0 || retort_store_is_due(store)) &&
            !(put = retort_store_commit(store, error) && retort_store_begin(store, error)))
            break;
        struct retort_label_record of = {.target = judge->target, .below = below[i]};
        put = put_told_comment(store, found, judge, i, &of.comment, error) &&
              retort_intake_put_labels(store, &of, judge, verdicts[i], error);
    }
    free(below);
    return put;
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

/* ---- what was said elsewhere ---- */

/* Takes out of it what the store has. */
static bool keep_new(struct retort_store *store, int64_t comment, struct retort_intake_said *said,
                     struct retort_error *error)
{
    size_t n = 0;
    for (size_t i = 0; i < said->n_verdicts; i++) {
        bool has;
        if (!retort_store_has_label(store, comment, said->verdicts[i].model, &has, error))
            return false;
        if (!has)
            said->verdicts[n++] = said->verdicts[i];
    }
    said->n_verdicts = n;
    return true;
}

bool retort_intake_put_said(const struct retort_line_keeping *keeping,
                            const struct retort_intake_line *line, struct retort_intake_said *said,
                            struct retort_error *error)
{
    struct retort_label_record of = {.target = said->target};
    return retort_intake_put_comment(keeping, line, &of.comment, error) &&
           keep_new(keeping->store, of.comment, said, error) &&
           retort_store_put_labels(keeping->store, &of, said->verdicts, said->n_verdicts, error);
}
