/* What a model is told of a comment, and what all models say of a thread's. One place for it: what
 * is labelled on the command line, by the server and again behind a correction is told the same. */
#include "intake/intake.h"

struct retort_span retort_intake_headline(struct retort_span article)
{
    enum { LONGEST = 300 };
    struct retort_span rest = retort_span_trim(article), line = {0};
    retort_span_next_line(&rest, &line);
    for (size_t at = 0; at + 1 < line.len && at < LONGEST; at++) {
        bool stop = line.data[at] == '.' || line.data[at] == '!' || line.data[at] == '?';
        if (stop && line.data[at + 1] == ' ' && at > 20)
            return retort_span_slice(line, 0, at + 1);
    }
    size_t end = line.len < LONGEST ? line.len : LONGEST;
    while (end > 0 && end < line.len && (line.data[end] & 0xC0) == 0x80)
        end--;
    return retort_span_slice(line, 0, end);
}

struct retort_span retort_intake_article(const struct retort_intake_thread *found,
                                         struct retort_arena *arena)
{
    const struct retort_thread *thread = &found->thread;
    struct retort_buffer out = {0};
    if (!found->is_told || thread->title.len == 0)
        return thread->article;
    retort_buffer_put(&out, thread->title);
    retort_buffer_text(&out, thread->article.len > 0 ? "\n\n" : "");
    retort_buffer_put(&out, thread->article);
    struct retort_span article = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return article;
}

struct retort_item retort_judge_told(const struct retort_judge *judge,
                                     const struct retort_thread *thread, size_t i)
{
    const struct retort_comment *comment = &thread->comments[i];
    struct retort_item item = {.text = comment->text, .target = judge->target};
    if (thread->article.len > 0)
        item.article_text = thread->article;
    item.parent_text =
        comment->parent >= 0 ? thread->comments[comment->parent].text : item.article_text;
    if (!item.target.data && thread->title.len > 0)
        item.target = thread->title;
    if (!item.target.data && item.article_text.data)
        item.target = retort_intake_headline(item.article_text);
    return item;
}

struct retort_verdict *retort_judge_item(const struct retort_judge *judge,
                                         const struct retort_item *item, struct retort_arena *arena)
{
    struct retort_verdict *verdicts =
        RETORT_NEW(arena, struct retort_verdict, judge->models->n_models);
    retort_label_by_all(judge->labeller, judge->models, item, arena, verdicts);
    return verdicts;
}

struct retort_verdict **retort_judge_thread(const struct retort_judge *judge,
                                            const struct retort_thread *thread, bool progress,
                                            struct retort_arena *arena)
{
    struct retort_verdict **verdicts =
        RETORT_NEW(arena, struct retort_verdict *, thread->n_comments);
    struct retort_progress shown;
    retort_progress_begin(&shown, "comments", thread->n_comments, !progress);
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_item item = retort_judge_told(judge, thread, i);
        verdicts[i] = retort_judge_item(judge, &item, arena);
        retort_progress_step(&shown, i);
    }
    retort_progress_end(&shown);
    return verdicts;
}
