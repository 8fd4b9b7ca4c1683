/* Decisions: what a person says of a comment, with what they saw; and its taking back. */
#include "review/review.h"

#include <string.h>

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

/* The task's row among a comment's labels; NULL: nobody has labelled it yet. */
static const struct retort_stored_label *label_of(const struct retort_stored_label *labels,
                                                  size_t n_labels, const char *task)
{
    const struct retort_stored_label *found = NULL;
    for (size_t i = 0; i < n_labels; i++)
        if (retort_span_equal(labels[i].task, retort_span_of(task)) &&
            (!found || (labels[i].model && !found->model)))
            found = &labels[i];
    return found;
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

/* The choice as a JSON array, in the model's order, so that equal sets are equal bytes. */
static bool write_labels(const struct retort_choice_made *choice,
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

static bool store_decision(struct retort_store *store, const struct retort_decision_record *record,
                           int64_t *decision, struct retort_error *error)
{
    if (retort_store_begin(store, error) &&
        retort_store_put_decision(store, record, decision, error) &&
        retort_store_commit(store, error))
        return true;
    retort_store_rollback(store);
    return false;
}

bool retort_review_decide(struct retort_store *store, const struct retort_choice_made *choice,
                          int64_t *decision, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_buffer json = {0};
    struct retort_stored_label *labels;
    size_t n_labels;
    struct retort_decision_record record = {.comment = choice->comment,
                                            .task = retort_span_of(choice->task),
                                            .target = RETORT_SPAN(""),
                                            .note = choice->note,
                                            .reviewer = choice->reviewer,
                                            .selection = choice->selection};
    bool done = retort_store_labels(store, choice->comment, &arena, &labels, &n_labels, error);
    const struct retort_stored_label *seen = done ? label_of(labels, n_labels, choice->task) : NULL;
    if (seen) {
        record.target = seen->target;
        record.shown = seen->model_label;
        if (seen->model)
            record.model = retort_span_of(seen->model->hash);
    }
    if (done && choice->act == RETORT_DECIDE) {
        done = write_labels(choice, seen ? seen->model : NULL, &json, error);
        record.label = retort_buffer_span(&json);
    }
    record.kind = kind_of(choice->act, record.shown.data && record.label.data &&
                                           retort_span_equal(record.shown, record.label));
    done = done && store_decision(store, &record, decision, error);
    retort_buffer_release(&json);
    retort_arena_release(&arena);
    return done;
}

/* The row is read again by its id, for its task and target stand in the undoing row too. */
struct undoing {
    struct retort_decision_record record;
    struct retort_arena arena;
};

static bool copy_task(void *context, const struct retort_stored_decision *decision,
                      struct retort_error *error)
{
    struct undoing *undoing = context;
    (void)error;
    if (decision->id == undoing->record.undoes) {
        undoing->record.task = retort_arena_copy(&undoing->arena, decision->task);
        undoing->record.target = retort_arena_copy(&undoing->arena, decision->target);
    }
    return true;
}

bool retort_review_undo(struct retort_store *store, const char *reviewer, int64_t *comment,
                        struct retort_error *error)
{
    int64_t ignored;
    struct undoing undoing = {.record = {.kind = "undo", .reviewer = reviewer}};
    if (!retort_store_last_decision(store, reviewer, &undoing.record.undoes, comment, error))
        return false;
    if (!*comment)
        return true;
    undoing.record.comment = *comment;
    bool done = retort_store_each_decision(store, *comment, copy_task, &undoing, error) &&
                store_decision(store, &undoing.record, &ignored, error);
    retort_arena_release(&undoing.arena);
    return done;
}
