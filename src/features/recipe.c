/* Recipes: which features a task uses, as a table, and as the text that stands in a model.
 *
 * The text is canonical: two recipes are the same if and only if their texts are. A model with a
 * key this program does not know, or a value out of range, is refused: it was made by another. */
#include "features/features.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *task;
    struct retort_recipe recipe;
} RECIPES[] = {
    {"stance",
     {.word_max = 2,
      .weighting = RETORT_SUBLINEAR,
      .idf = true,
      .cues = true,
      .target = true,
      .cue_scale = 0.3}},
    {"reply",
     {.word_max = 1, .weighting = RETORT_BINARY, .cues = true, .reply = true, .cue_scale = 1}},
    {"tone",
     {.word_max = 2,
      .char_min = 2,
      .char_max = 4,
      .weighting = RETORT_SUBLINEAR,
      .idf = true,
      .cues = true,
      .cue_scale = 0.2}},
};

static const struct retort_recipe GENERAL = {
    .word_max = 2,
    .char_min = 3,
    .char_max = 5,
    .weighting = RETORT_SUBLINEAR,
    .idf = true,
    .cues = true,
    .reply = true,
    .target = true,
    .cue_scale = 0.2,
};

struct retort_recipe retort_recipe_for(const char *task)
{
    for (size_t i = 0; i < sizeof RECIPES / sizeof RECIPES[0]; i++)
        if (strcmp(RECIPES[i].task, task) == 0)
            return RECIPES[i].recipe;
    return GENERAL;
}

void retort_recipe_write(const struct retort_recipe *recipe, struct retort_buffer *out)
{
    retort_buffer_format(out, "words=%u chars=%u-%u binary=%d idf=%d cues=%d reply=%d target=%d ",
                         recipe->word_max, recipe->char_min, recipe->char_max,
                         recipe->weighting == RETORT_BINARY, recipe->idf, recipe->cues,
                         recipe->reply, recipe->target);
    retort_buffer_text(out, "cue_scale=");
    retort_buffer_number(out, recipe->cue_scale);
}

bool retort_recipe_read(struct retort_recipe *recipe, struct retort_span text,
                        struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_buffer again = {0};
    int binary, idf, cues, reply, target;
    char scale[32] = "";
    *recipe = (struct retort_recipe){0};
    int n_read = sscanf(retort_arena_string(&arena, text),
                        "words=%u chars=%u-%u binary=%d idf=%d cues=%d reply=%d target=%d "
                        "cue_scale=%31s",
                        &recipe->word_max, &recipe->char_min, &recipe->char_max, &binary, &idf,
                        &cues, &reply, &target, scale);
    if (n_read == 9) {
        recipe->weighting = binary ? RETORT_BINARY : RETORT_SUBLINEAR;
        recipe->idf = idf;
        recipe->cues = cues;
        recipe->reply = reply;
        recipe->target = target;
    }
    bool sound = n_read == 9 && retort_parse_number(scale, &recipe->cue_scale) &&
                 recipe->word_max <= 3 && recipe->char_max <= 6;
    retort_recipe_write(recipe, &again); /* canonical, or made by another program */
    sound = sound && retort_span_equal(retort_buffer_span(&again), text);
    retort_buffer_release(&again);
    retort_arena_release(&arena);
    return sound || retort_fail(error, RETORT_REFUSED,
                                "was made with a feature recipe that this retort does not know; "
                                "train it again or update retort");
}
