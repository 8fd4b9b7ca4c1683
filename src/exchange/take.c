/* A comment that a reader hands in, taken: restored where it is ours, else stored as a line is; and
 * what is wrong with some of them, said in one line a file. */
#include "exchange/import.h"
#include "platform/platform.h"

#include <string.h>

/* ---- transactions ---- */

bool import_begin(struct import_run *run, struct retort_error *error)
{
    if (!run->in_batch && !retort_store_begin(run->store, error))
        return false;
    run->in_batch = true;
    return true;
}

bool import_pause(struct import_run *run, struct retort_error *error)
{
    bool was_in_batch = run->in_batch;
    run->in_batch = false;
    return !was_in_batch || retort_store_commit(run->store, error);
}

bool import_due(struct import_run *run, struct retort_error *error)
{
    return !retort_store_is_due(run->store) || import_pause(run, error);
}

/* ---- a comment ---- */

/* Without what is private in it (see platform.h), unless that is wanted. */
static struct retort_span public_meta(const struct import_run *run, struct retort_span meta,
                                      struct retort_arena *arena)
{
    return meta.data && !run->request->keep_private ? retort_platform_public(meta, arena) : meta;
}

static bool put_plain(struct import_run *run, const struct import_comment *comment,
                      struct retort_arena *arena, struct restored *restored,
                      struct retort_error *error)
{
    struct retort_line_record line =
        import_line(comment, comment->source.len ? retort_arena_string(arena, comment->source)
                                                 : run->request->source);
    struct retort_answer *answers;
    line.meta = public_meta(run, comment->meta, arena);
    *restored = (struct restored){0};
    if (!import_find_parent(run, &line, arena, error) ||
        !retort_store_put_line(run->store, &line, &restored->id, error))
        return false;
    run->figures->n_forgotten += restored->id == 0;
    restored->is_new = restored->id > run->last_comment;
    run->last_comment = restored->is_new ? restored->id : run->last_comment;
    if (!restored->id)
        return true;
    if (!retort_store_answers(run->store, restored->id, arena, &answers, &restored->n_answers,
                              error))
        return false;
    return restored->n_answers > 0 || import_label(run, restored->id, &line, arena, error);
}

bool import_take(struct import_run *run, const struct import_comment *comment,
                 struct retort_arena *arena, struct retort_error *error)
{
    struct restored restored;
    if (!comment->text.data)
        return retort_fail(error, RETORT_INPUT, "has no text");
    if (!import_begin(run, error) ||
        !(comment->ours.data ? restore_comment(run, comment, arena, &restored, error)
                             : put_plain(run, comment, arena, &restored, error)))
        return false;
    run->figures->n_comments++;
    run->figures->n_new += restored.is_new;
    run->figures->n_nameless += comment->native_id.len == 0;
    return (!restored.id || hold_words(run, comment, restored.id, arena, error)) &&
           import_due(run, error);
}

/* ---- decisions, when all comments are there ---- */

bool import_decisions(struct import_run *run, struct retort_error *error)
{
    enum { AT_ONCE = 1000 };
    bool finished = false, good = true;
    while (good && !finished)
        good = import_begin(run, error) &&
               retort_store_restore_decisions(run->store, AT_ONCE, &run->figures->n_decisions,
                                              &finished, error) &&
               import_due(run, error);
    return good && import_pause(run, error);
}

/* ---- what is wrong ---- */

bool import_note(struct import_run *run, size_t number, const struct retort_error *error)
{
    if (error->failure != RETORT_INPUT)
        return false;
    if (run->n_bad++ == 0) {
        run->first_bad = number;
        run->bad = *error;
    }
    return true;
}

void import_say_bad(struct import_run *run)
{
    struct retort_error said = run->bad;
    size_t more = run->n_bad - 1;
    if (run->n_bad == 0)
        return;
    run->figures->n_bad += run->n_bad;
    retort_fail_within(&said, "%s:%zu", run->path, run->first_bad);
    if (more > 0) {
        size_t len = strlen(said.message);
        snprintf(said.message + len, sizeof said.message - len,
                 " (and %zu more line%s could not be taken)", more, more == 1 ? "" : "s");
    }
    run->request->say(run->request->context, RETORT_INPUT, said.message);
}
