/* Learned: decisions that a model was made from speak for it whatever it is worth, so they must not
 * judge it. A model that learned from decisions names in its card the last one that was there; of
 * another store's it says nothing here. What was decided up to it is left out, for both models. */
#include "relabel/diff.h"

#include <string.h>

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

struct learned {
    int64_t last;
    struct retort_span said;
};

static bool read_card(struct retort_store *store, struct retort_span card,
                      struct retort_arena *arena, struct learned *learned,
                      struct retort_error *error)
{
    struct retort_error ignored;
    struct retort_json *root = card.data ? retort_json_parse(card, &ignored) : NULL;
    const struct retort_json *reviews = root ? retort_json_get(root, "reviews") : NULL;
    const struct retort_json *last = reviews ? retort_json_get(reviews, "last_decision") : NULL;
    const struct retort_json *number = last ? retort_json_get(last, "id") : NULL;
    double id = 0;
    bool ours = false;
    *learned = (struct learned){0};
    bool known = number && retort_json_number(number, &id) && id >= 1 && id < 9e15;
    bool good = !known || is_ours(store, last, (int64_t)id, &ours, error);
    if (good && ours) {
        struct retort_span said = text_at(reviews, "verdict");
        learned->last = (int64_t)id;
        learned->said = said.data ? retort_arena_copy(arena, said) : said;
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

bool diff_learned(struct retort_diff *diff, const struct task *task,
                  const struct retort_models *models, struct retort_arena *arena, int64_t *last,
                  struct retort_span *said, struct retort_error *error)
{
    *last = 0;
    *said = (struct retort_span){0};
    for (size_t i = 0; i < task->n_met; i++) {
        struct retort_span card = {0};
        struct learned learned;
        if (!find_card(diff->store, models, task->met[i].hash, arena, &card, error) ||
            !read_card(diff->store, card, arena, &learned, error))
            return false;
        *last = learned.last > *last ? learned.last : *last;
        if (task->met[i].after && learned.said.data)
            *said = learned.said;
    }
    return true;
}
