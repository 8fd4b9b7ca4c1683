/* Ours: all that is stored of a comment and that the formats have no place for, as one JSON object,
 * the same in all of them. In a JSON line it stands under `retort`, so that no name of somebody
 * else's can be taken.
 *
 *     {"defines":{…},"identity":"…","source":"…","stored":"…","ordinal":1,
 *      "comment":2,"lines":[…],"bytes":[…],"split":1,"answers":1,"gone":true,"also":[{…}],
 *      "models":{"stance":{…}},"older":[{…}],"selections":[{…}],"decisions":[{…}]}
 *
 * ordinal: which of otherwise identical ones, where it is not the first. comment to answers: the
 * place of a page's comment, in which split, and the number of the comment there that it answers
 * (0: the article); also: in other splits. models: what the latest of each task says; older: what
 * older ones said. p are written so that they read back to the last bit. The history of decisions
 * is whole, undone ones too, under the store's own ids, as they tell each other by them. defines:
 * see defines.c. */
#include "exchange/export.h"

#include <stdlib.h>
#include <string.h>

int64_t told_number(struct told_ids *ids, int64_t id, bool *fresh)
{
    size_t at = (size_t)id;
    if (at >= ids->size) {
        size_t size = 2 * at + 64;
        ids->numbers = retort_grow(ids->numbers, size, sizeof *ids->numbers);
        memset(ids->numbers + ids->size, 0, (size - ids->size) * sizeof *ids->numbers);
        ids->size = size;
    }
    *fresh = ids->numbers[at] == 0;
    if (*fresh)
        ids->numbers[at] = ++ids->n_told;
    return ids->numbers[at];
}

bool told_is(const struct told_ids *ids, int64_t id)
{
    return (size_t)id < ids->size && ids->numbers[id] != 0;
}

void ours_open(struct export_run *run)
{
    run->ours = retort_grow(NULL, 1, sizeof *run->ours);
    *run->ours = (struct ours){0};
}

void ours_close(struct export_run *run)
{
    free(run->ours->models.numbers);
    free(run->ours->draws.numbers);
    free(run->ours->pages.numbers);
    free(run->ours->splits.numbers);
    retort_buffer_release(&run->ours->new_models);
    retort_buffer_release(&run->ours->new_draws);
    retort_buffer_release(&run->ours->new_pages);
    free(run->ours);
}

void export_put_number(struct retort_buffer *out, const char *key, int64_t number)
{
    if (!number)
        return;
    retort_json_key(out, key);
    retort_buffer_format(out, "%lld", (long long)number);
}

/* ---- what models say ---- */

static void put_unsure_labels(struct retort_buffer *out, const struct retort_answer *answer)
{
    bool any = false;
    for (size_t i = 0; i < answer->model->n_labels; i++) {
        if (!answer->scores[i].unsure)
            continue;
        if (!any)
            retort_buffer_text(out, ",\"unsure_labels\":[");
        else
            retort_buffer_byte(out, ',');
        retort_json_put(out, retort_span_of(answer->model->labels[i]));
        any = true;
    }
    if (any)
        retort_buffer_byte(out, ']');
}

/* What one model said, with p for every label. */
static void put_answer(struct retort_buffer *out, const struct retort_answer *answer)
{
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "model", retort_span_of(answer->model->hash));
    retort_stored_put_text(out, "target",
                           answer->target.len ? answer->target : (struct retort_span){0});
    retort_json_key(out, "label");
    retort_buffer_put(out, answer->label);
    retort_json_key(out, "unsure");
    retort_buffer_text(out, answer->unsure ? "true" : "false");
    retort_stored_put_text(out, "doubt", retort_span_of(retort_doubt_name(answer->doubt)));
    put_unsure_labels(out, answer);
    if (answer->has_reach) {
        retort_json_key(out, "worth");
        retort_buffer_number(out, answer->worth);
    }
    retort_json_key(out, "p");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < answer->model->n_labels; i++) {
        retort_json_key(out, answer->model->labels[i]);
        retort_buffer_number(out, answer->scores[i].p);
    }
    retort_buffer_text(out, "}}");
}

static bool wants(const struct export_run *run, const struct retort_answer *answer)
{
    return !run->task || strcmp(answer->model->task, run->task) == 0;
}

static bool define_models(struct export_run *run, const struct retort_answer *answers, size_t n,
                          struct retort_error *error)
{
    for (size_t i = 0; i < n; i++) {
        bool fresh = false;
        if (wants(run, &answers[i]))
            told_number(&run->ours->models, answers[i].model->id, &fresh);
        if (fresh && !ours_define_model(run, answers[i].model, error))
            return false;
    }
    return true;
}

static void put_answers(const struct export_run *run, const struct retort_answer *answers, size_t n,
                        struct retort_buffer *out)
{
    bool older = false;
    retort_json_key(out, "models");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < n; i++) {
        older |= !answers[i].latest && wants(run, &answers[i]);
        if (!answers[i].latest || !wants(run, &answers[i]))
            continue;
        retort_json_key(out, answers[i].model->task);
        put_answer(out, &answers[i]);
    }
    retort_buffer_byte(out, '}');
    if (!older)
        return;
    retort_json_key(out, "older");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (answers[i].latest || !wants(run, &answers[i]))
            continue;
        if (out->data[out->len - 1] != '[')
            retort_buffer_byte(out, ',');
        put_answer(out, &answers[i]);
    }
    retort_buffer_byte(out, ']');
}

/* ---- draws ---- */

static bool define_draws(struct export_run *run, const struct retort_told_selection *selections,
                         size_t n, struct retort_error *error)
{
    for (size_t i = 0; i < n; i++) {
        bool fresh;
        int64_t number = told_number(&run->ours->draws, selections[i].draw, &fresh);
        if (fresh && !ours_define_draw(run, selections[i].draw, number, error))
            return false;
    }
    return true;
}

static void put_selections(struct export_run *run, const struct retort_told_selection *selections,
                           size_t n, struct retort_buffer *out)
{
    bool fresh;
    if (n == 0)
        return;
    retort_json_key(out, "selections");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        export_put_number(out, "draw", told_number(&run->ours->draws, selections[i].draw, &fresh));
        retort_stored_put_text(out, "task", selections[i].task);
        retort_stored_put_text(out, "stratum", selections[i].stratum);
        retort_json_key(out, "probability");
        retort_buffer_number(out, selections[i].probability);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

/* ---- what people say ---- */

struct history {
    struct retort_buffer *out;
    const struct retort_told_selection *selections;
    size_t n_selections;
};

/* The place of a decision's selection among the comment's, from 1. */
static int64_t selection_number(const struct history *history, int64_t id)
{
    for (size_t i = 0; i < history->n_selections; i++)
        if (history->selections[i].id == id)
            return (int64_t)i + 1;
    return 0;
}

/* Every row of the history, undone ones too: nothing that was said is lost. */
static bool put_decision(void *context, const struct retort_stored_decision *decision,
                         struct retort_error *error)
{
    const struct history *history = context;
    struct retort_buffer *out = history->out;
    (void)error;
    if (out->data[out->len - 1] != '[')
        retort_buffer_byte(out, ',');
    retort_buffer_byte(out, '{');
    export_put_number(out, "id", decision->id);
    retort_stored_put_text(out, "task", decision->task);
    retort_stored_put_text(out, "target",
                           decision->target.len ? decision->target : (struct retort_span){0});
    retort_stored_put_text(out, "kind", decision->kind);
    if (decision->label.data) {
        retort_json_key(out, "label");
        retort_buffer_put(out, decision->label);
    }
    retort_stored_put_text(out, "note", decision->note);
    retort_stored_put_text(out, "reviewer", decision->reviewer);
    retort_stored_put_text(out, "decided", decision->decided);
    if (decision->selection) {
        retort_json_key(out, "probability");
        retort_buffer_number(out, decision->probability);
        export_put_number(out, "selection", selection_number(history, decision->selection));
    }
    retort_stored_put_text(out, "model", decision->model);
    if (decision->shown.data) {
        retort_json_key(out, "shown");
        retort_buffer_put(out, decision->shown);
    }
    export_put_number(out, "undoes", decision->undoes);
    export_put_number(out, "batch", decision->batch);
    retort_stored_put_text(out, "via", decision->via);
    retort_stored_put_text(out, "token", decision->token);
    if (decision->undone)
        retort_buffer_text(out, ",\"undone\":true");
    retort_buffer_byte(out, '}');
    return true;
}

/* ---- all of it ---- */

struct beside {
    struct retort_answer *answers;
    struct retort_told_selection *selections;
    struct retort_told_place *places;
    size_t n_answers, n_selections, n_places;
    uint64_t ordinal;
};

static bool read_beside(struct export_run *run, int64_t comment, struct retort_arena *arena,
                        struct beside *beside, struct retort_error *error)
{
    return retort_store_places(run->store, comment, arena, &beside->places, &beside->n_places,
                               error) &&
           retort_store_answers(run->store, comment, arena, &beside->answers, &beside->n_answers,
                                error) &&
           retort_store_selections(run->store, comment, arena, &beside->selections,
                                   &beside->n_selections, error) &&
           retort_store_ordinal(run->store, comment, &beside->ordinal, error);
}

static bool define(struct export_run *run, const struct retort_stored *stored,
                   const struct beside *beside, struct retort_error *error)
{
    retort_buffer_clear(&run->ours->new_models);
    retort_buffer_clear(&run->ours->new_draws);
    retort_buffer_clear(&run->ours->new_pages);
    return (!stored->comment.paged || ours_define_pages(run, &stored->comment, error)) &&
           define_models(run, beside->answers, beside->n_answers, error) &&
           define_draws(run, beside->selections, beside->n_selections, error);
}

static void put_list(struct retort_buffer *out, const char *key, const struct retort_buffer *list)
{
    if (list->len == 0)
        return;
    retort_json_key(out, key);
    retort_buffer_byte(out, '[');
    retort_buffer_put(out, retort_buffer_span(list));
    retort_buffer_byte(out, ']');
}

static void put_defines(const struct ours *ours, struct retort_buffer *out)
{
    if (ours->new_models.len + ours->new_draws.len + ours->new_pages.len == 0)
        return;
    retort_json_key(out, "defines");
    retort_buffer_byte(out, '{');
    put_list(out, "models", &ours->new_models);
    put_list(out, "draws", &ours->new_draws);
    put_list(out, "pages", &ours->new_pages);
    retort_buffer_byte(out, '}');
}

static void put_comment(struct export_run *run, const struct retort_stored_comment *comment,
                        uint64_t ordinal, struct retort_buffer *out)
{
    bool fresh;
    retort_stored_put_text(out, "identity", retort_span_of(comment->identity));
    export_put_number(out, "ordinal", (int64_t)ordinal);
    retort_stored_put_place(out, comment);
    if (comment->paged && told_is(&run->ours->splits, comment->split)) {
        export_put_number(out, "split", told_number(&run->ours->splits, comment->split, &fresh));
        export_put_number(out, "answers", (int64_t)comment->parent_number);
    }
    retort_stored_put_text(out, "stored", comment->stored);
    if (!comment->current)
        retort_buffer_text(out, ",\"gone\":true");
}

/* In other splits that the file tells of. */
static void put_other_places(struct export_run *run, const struct retort_stored_comment *comment,
                             const struct beside *beside, struct retort_buffer *out)
{
    bool fresh, any = false;
    for (size_t i = 0; i < beside->n_places; i++) {
        const struct retort_told_place *place = &beside->places[i];
        if (place->split == comment->split || !told_is(&run->ours->splits, place->split))
            continue;
        retort_buffer_text(out, any ? ",{" : ",\"also\":[{");
        export_put_number(out, "split", told_number(&run->ours->splits, place->split, &fresh));
        export_put_number(out, "comment", place->number);
        export_put_number(out, "answers", place->parent);
        retort_buffer_format(out, ",\"lines\":[%lld,%lld],\"bytes\":[%lld,%lld]}",
                             (long long)place->first_line, (long long)place->last_line,
                             (long long)place->begin, (long long)place->end);
        any = true;
    }
    if (any)
        retort_buffer_byte(out, ']');
}

static bool put_decisions(struct export_run *run, const struct retort_stored *stored,
                          const struct beside *beside, struct retort_buffer *out,
                          struct retort_error *error)
{
    struct history history = {out, beside->selections, beside->n_selections};
    retort_json_key(out, "decisions");
    retort_buffer_byte(out, '[');
    bool read =
        retort_store_each_decision(run->store, stored->comment.id, put_decision, &history, error);
    retort_buffer_byte(out, ']');
    return read;
}

static bool put_all(struct export_run *run, const struct retort_stored *stored,
                    const struct beside *beside, struct retort_buffer *out,
                    struct retort_error *error)
{
    if (!define(run, stored, beside, error))
        return false;
    retort_buffer_byte(out, '{');
    put_defines(run->ours, out);
    put_comment(run, &stored->comment, beside->ordinal, out);
    put_other_places(run, &stored->comment, beside, out);
    put_answers(run, beside->answers, beside->n_answers, out);
    put_selections(run, beside->selections, beside->n_selections, out);
    if (!put_decisions(run, stored, beside, out, error))
        return false;
    retort_buffer_byte(out, '}');
    return true;
}

bool export_put_ours(struct export_run *run, const struct retort_stored *stored,
                     struct retort_buffer *out, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct beside beside = {0};
    bool put = read_beside(run, stored->comment.id, &arena, &beside, error) &&
               put_all(run, stored, &beside, out, error);
    retort_arena_release(&arena);
    return put;
}
