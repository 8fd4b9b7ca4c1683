/* Acts: the words for them, and which need what. */
#include "serve/acts.h"

static const struct {
    const char *name;
    enum retort_act act;
} ACTS[] = {
    {"decide", RETORT_DECIDE},
    {"skip", RETORT_SKIP},
    {"escalate", RETORT_ESCALATE},
    {"note", RETORT_NOTE},
};

static bool find_act(struct exchange *exchange, const char *name, enum retort_act *act)
{
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        if (strcmp(ACTS[i].name, name) == 0) {
            *act = ACTS[i].act;
            return true;
        }
    exchange_fail(exchange, 400, "\"act\" is decide, skip, escalate or note");
    return false;
}

/* A slip in the name of a task would be a label that nobody ever looks at. */
static bool know_task(struct exchange *exchange, const char *task)
{
    const struct retort_stored_model *models;
    struct retort_error error;
    size_t n_models;
    if (!retort_store_models(exchange->worker->store, &models, &n_models, &error)) {
        exchange_fail_error(exchange, &error);
        return false;
    }
    for (size_t i = 0; i < n_models; i++)
        if (strcmp(models[i].task, task) == 0)
            return true;
    exchange_fail(exchange, 400, "nothing is labelled for the task \"%.60s\"; see /api/tasks",
                  task);
    return false;
}

static bool check(struct exchange *exchange, const struct retort_choice_made *choice)
{
    enum { MOST_NOTE = 10000 };
    if (choice->act == RETORT_DECIDE && !choice->labels)
        exchange_fail(exchange, 400, "to decide wants \"labels\", a list of labels' names");
    else if (choice->act != RETORT_DECIDE && choice->n_labels)
        exchange_fail(exchange, 400, "only to decide takes \"labels\"");
    else if (choice->act == RETORT_NOTE && !choice->note.len)
        exchange_fail(exchange, 400, "a note wants \"note\", a text");
    else if (choice->note.len > MOST_NOTE)
        exchange_fail(exchange, 400, "\"note\" wants at most %d bytes", MOST_NOTE);
    else
        return know_task(exchange, choice->task);
    return false;
}

bool act_read(struct exchange *exchange, const struct retort_json *object,
              struct retort_choice_made *choice)
{
    const char *act, *note, **labels;
    *choice = (struct retort_choice_made){.reviewer = exchange->user, .via = RETORT_BY_PAGE};
    if (!member_text(exchange, object, "task", true, &choice->task) ||
        !member_text(exchange, object, "act", true, &act) ||
        !find_act(exchange, act, &choice->act) ||
        !member_texts(exchange, object, "labels", &labels, &choice->n_labels) ||
        !member_text(exchange, object, "note", false, &note))
        return false;
    choice->labels = labels;
    if (note && *note)
        choice->note = retort_span_of(note);
    return check(exchange, choice);
}

bool act_finds_comment(struct exchange *exchange, int64_t comment)
{
    struct retort_standing standing;
    struct retort_error error;
    if (!retort_store_standing(exchange->worker->store, comment, RETORT_SPAN(""), &exchange->arena,
                               &standing, &error))
        exchange_fail_error(exchange, &error);
    else if (!standing.found)
        exchange_fail(exchange, 404, "there is no comment %lld", (long long)comment);
    else
        return true;
    return false;
}
