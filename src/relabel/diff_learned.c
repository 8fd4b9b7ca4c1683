/* Learned: decisions that a model was made from speak for it whatever it is worth, so they must not
 * judge it. A model that learned from decisions names in its card the last one that was there; of
 * another store's it says nothing here. What was decided up to it is left out, for both models. */
#include "relabel/diff.h"

#include <math.h>

static struct retort_span text_at(const struct retort_json *object, const char *key)
{
    struct retort_span text = {0};
    const struct retort_json *value = object ? retort_json_get(object, key) : NULL;
    if (value)
        retort_json_text(value, &text);
    return text;
}

/* Is the card's decision one of this store? */
static bool is_ours(struct retort_store *store, const struct retort_json *last, int64_t id,
                    bool *ours, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_stored_decision decision;
    struct retort_stored_comment comment;
    bool found = false;
    *ours = false;
    bool good = retort_store_decision(store, id, &arena, &decision, &found, error) &&
                (!found || retort_store_comment(store, decision.comment, &arena, &comment, error));
    if (good && found)
        *ours = retort_span_equal(decision.decided, text_at(last, "decided")) &&
                retort_span_equal(retort_span_of(comment.identity), text_at(last, "comment"));
    retort_arena_release(&arena);
    return good;
}

static double number_at(const struct retort_json *object, const char *key)
{
    double number = (double)NAN;
    const struct retort_json *value = object ? retort_json_get(object, key) : NULL;
    return value && retort_json_number(value, &number) ? number : (double)NAN;
}

/* Its training has compared it, out of fold, with the model that was in use then: if that is the
 * one old model here, what came of it holds. Both must say so, the interval and the test. */
static enum retort_better verdict_in(const struct retort_json *reviews, const struct task *task)
{
    const struct retort_json *against = retort_json_get(reviews, "against_current");
    const struct retort_json *difference = against ? retort_json_get(against, "difference") : NULL;
    struct retort_span current = text_at(reviews, "current_sha256");
    for (size_t i = 0; i < task->n_met; i++)
        if (task->met[i].before && !retort_span_equal(retort_span_of(task->met[i].hash), current))
            return RETORT_CANNOT_TELL;
    if (!(number_at(against, "mcnemar_p") < 0.05))
        return RETORT_CANNOT_TELL;
    return number_at(difference, "low") > 0    ? RETORT_BETTER
           : number_at(difference, "high") < 0 ? RETORT_WORSE
                                               : RETORT_CANNOT_TELL;
}

static bool read_card(struct retort_diff *diff, const struct task *task, struct retort_span card,
                      struct retort_arena *arena, struct diff_learned *learned,
                      struct retort_error *error)
{
    struct retort_error ignored;
    struct retort_json *root = card.data ? retort_json_parse(card, &ignored) : NULL;
    const struct retort_json *reviews = root ? retort_json_get(root, "reviews") : NULL;
    const struct retort_json *last = reviews ? retort_json_get(reviews, "last_decision") : NULL;
    double id = number_at(last, "id");
    bool ours = false;
    *learned = (struct diff_learned){0};
    bool good = !(id >= 1 && id < 9e15) || is_ours(diff->store, last, (int64_t)id, &ours, error);
    if (good && ours) {
        struct retort_span said = text_at(reviews, "verdict");
        learned->last = (int64_t)id;
        learned->said = said.data ? retort_arena_copy(arena, said) : said;
        learned->verdict = verdict_in(reviews, task);
    }
    retort_json_free(root);
    return good;
}

static bool find_card(struct retort_store *store, const struct retort_models *models,
                      const char *hash, struct retort_arena *arena, struct retort_span *card,
                      struct retort_error *error)
{
    const struct retort_model *open = diff_open_model(models, hash);
    if (!open)
        return retort_store_model_card(store, hash, arena, card, error);
    *card = retort_model_card(open);
    return true;
}

bool diff_learn(struct retort_diff *diff, const struct task *task,
                const struct retort_models *models, struct retort_arena *arena,
                struct diff_learned *learned, struct retort_error *error)
{
    *learned = (struct diff_learned){0};
    for (size_t i = 0; i < task->n_met; i++) {
        const struct met_model *met = &task->met[i];
        struct retort_span card = {0};
        struct diff_learned one;
        if (!find_card(diff->store, models, met->hash, arena, &card, error) ||
            !read_card(diff, task, card, arena, &one, error))
            return false;
        learned->last = one.last > learned->last ? one.last : learned->last;
        if (met->after && one.said.data) {
            learned->said = one.said;
            learned->verdict = one.verdict;
        }
    }
    return true;
}
