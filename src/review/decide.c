/* Decisions: what a person says of a comment, with what they saw.
 *
 * A client that has had no answer sends its act again, maybe to a server started anew. Its token is
 * looked up inside the transaction that would store it, so of two that come at once one is stored
 * and the other finds it. */
#include "review/decide.h"

#include <string.h>

const char *review_via(enum retort_via via)
{
    static const char *const NAMES[] = {"terminal", "page", "api"};
    return NAMES[via];
}

static const char *kind_of(enum retort_act act, bool same)
{
    switch (act) {
    case RETORT_DECIDE:
        return same ? "accept" : "correct";
    case RETORT_SKIP:
        return "skip";
    case RETORT_ESCALATE:
        return "escalate";
    case RETORT_NOTE:
        return "note";
    }
    return "note";
}

/* ---- labels ---- */

bool review_model_of(struct retort_store *store, const char *task,
                     const struct retort_stored_model **model, struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    *model = NULL;
    if (!retort_store_models(store, &models, &n_models, error))
        return false;
    for (size_t i = 0; i < n_models; i++)
        if (strcmp(models[i].task, task) == 0)
            *model = &models[i]; /* they ascend: the newest stays */
    return true;
}

static void put_name(struct retort_buffer *out, const char *name)
{
    if (out->len > 1)
        retort_buffer_byte(out, ',');
    retort_json_put(out, retort_span_of(name));
}

static bool is_chosen(const struct retort_choice_made *choice, const char *name)
{
    for (size_t i = 0; i < choice->n_labels; i++)
        if (strcmp(choice->labels[i], name) == 0)
            return true;
    return false;
}

bool review_write_labels(const struct retort_choice_made *choice,
                         const struct retort_stored_model *model, struct retort_buffer *out,
                         struct retort_error *error)
{
    size_t n_known = 0;
    retort_buffer_byte(out, '[');
    for (size_t i = 0; model && i < model->n_labels; i++)
        if (is_chosen(choice, model->labels[i])) {
            put_name(out, model->labels[i]);
            n_known++;
        }
    for (size_t i = 0; !model && i < choice->n_labels; i++)
        put_name(out, choice->labels[i]);
    retort_buffer_byte(out, ']');
    if (model && n_known != choice->n_labels)
        return retort_fail(error, RETORT_INPUT, "the task %s has no such label, or it came twice",
                           choice->task);
    return !model || model->choice == RETORT_ANY_OF || choice->n_labels == 1 ||
           retort_fail(error, RETORT_INPUT, "the task %s takes exactly one label", choice->task);
}

/* ---- rows ---- */

struct retort_decision_record review_record(const struct retort_choice_made *choice,
                                            const struct retort_standing *standing,
                                            struct retort_span label)
{
    struct retort_decision_record record = {
        .comment = choice->comment,
        .task = retort_span_of(choice->task),
        .target = standing->target,
        .note = choice->note,
        .reviewer = choice->reviewer,
        .selection = choice->selection,
        .model = standing->model,
        .shown = standing->label,
        .via = review_via(choice->via),
    };
    if (choice->act == RETORT_DECIDE)
        record.label = label;
    if (choice->token)
        record.token = retort_span_of(choice->token);
    record.kind = kind_of(choice->act, record.shown.data && record.label.data &&
                                           retort_span_equal(record.shown, record.label));
    return record;
}

/* Whoever sends it: a client that sends again may have been signed out meanwhile. */
bool review_same_act(const struct retort_choice_made *choice, struct retort_span label,
                     const struct retort_stored_decision *stored, struct retort_error *error)
{
    bool decides = choice->act == RETORT_DECIDE;
    bool kind = decides
                    ? stored->label.data != NULL
                    : retort_span_equal(stored->kind, retort_span_of(kind_of(choice->act, false)));
    return (kind && (!decides || retort_span_equal(stored->label, label)) &&
            stored->comment == choice->comment &&
            retort_span_equal(stored->task, retort_span_of(choice->task))) ||
           retort_fail(error, RETORT_INPUT,
                       "the token was used for another act; make a new one for each");
}

bool review_no_comment(int64_t comment, struct retort_error *error)
{
    return retort_fail(error, RETORT_INPUT, "there is no comment %lld", (long long)comment);
}

/* ---- one decision ---- */

/* Inside the transaction. */
static bool put_choice(struct retort_store *store, const struct retort_choice_made *choice,
                       struct retort_span label, int64_t *decision, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_stored_decision stored;
    struct retort_standing standing;
    bool again = false;
    bool done =
        !choice->token || retort_store_decision_of_token(store, retort_span_of(choice->token),
                                                         &arena, &stored, &again, error);
    if (done && again) {
        *decision = stored.id;
        done = review_same_act(choice, label, &stored, error);
    } else if (done) {
        done = retort_store_standing(store, choice->comment, retort_span_of(choice->task), &arena,
                                     &standing, error) &&
               (standing.found || review_no_comment(choice->comment, error));
        if (done) {
            const struct retort_decision_record record = review_record(choice, &standing, label);
            done = retort_store_put_decision(store, &record, decision, error);
        }
    }
    retort_arena_release(&arena);
    return done;
}

bool retort_review_decide(struct retort_store *store, const struct retort_choice_made *choice,
                          int64_t *decision, struct retort_error *error)
{
    struct retort_buffer label = {0};
    const struct retort_stored_model *model;
    bool done =
        retort_store_begin(store, error) && review_model_of(store, choice->task, &model, error) &&
        (choice->act != RETORT_DECIDE || review_write_labels(choice, model, &label, error)) &&
        put_choice(store, choice, retort_buffer_span(&label), decision, error) &&
        retort_store_commit(store, error);
    if (!done)
        retort_store_rollback(store);
    retort_buffer_release(&label);
    return done;
}
