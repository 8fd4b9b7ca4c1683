/* Texts whose labels can be learned and that nobody wrote. */
#include "train/made.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char made_directory[64], made_data[96], made_model[96];

/* ---- made-up data ---- */

static const char *const SHARED[] = {"the",   "council", "road",  "today",  "people", "we",
                                     "think", "about",   "money", "street", "bus",    "again"};
static const char *const FOR[] = {"good", "support", "yes", "fair", "needed", "glad"};
static const char *const AGAINST[] = {"bad", "oppose", "no", "waste", "ruin", "angry"};
enum { N_SHARED = 12, N_MARKED = 6 };

static void put_text(struct retort_buffer *out, uint64_t *state, int label)
{
    size_t n = 6 + retort_random(state) % 20;
    for (size_t i = 0; i < n; i++) {
        uint64_t draw = retort_random(state);
        const char *word = SHARED[draw % N_SHARED];
        if (label < 2 && (draw >> 32) % 5 == 0) /* one word in five tells; one of these lies */
            word =
                (((draw >> 40) % 5 == 0) == (label == 0) ? AGAINST : FOR)[(draw >> 8) % N_MARKED];
        retort_buffer_format(out, "%s%s", i ? " " : "", word);
    }
}

void made_write(size_t n, bool lists)
{
    static const char *const LABELS[] = {"favor", "against", "none"};
    struct retort_buffer out = {0};
    struct retort_error error;
    uint64_t state = 11;
    for (size_t i = 0; i < n; i++) {
        int label = (int)(retort_random(&state) % 3);
        retort_buffer_format(&out, "{\"id\":%zu,\"group\":\"g%zu\",\"text\":\"", i, i / 4);
        put_text(&out, &state, label);
        if (lists)
            retort_buffer_format(&out, label < 2 ? "\",\"label\":[\"%s\"]" : "\",\"label\":[]",
                                 LABELS[label]);
        else
            retort_buffer_format(&out, "\",\"label\":\"%s\"", LABELS[label]);
        if (lists && i % 2)
            retort_buffer_text(&out, ",\"asked\":[\"favor\",\"against\",\"spare\"]");
        retort_buffer_text(&out, "}\n");
    }
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&out), &error));
    retort_buffer_release(&out);
}

void made_begin(void)
{
    strcpy(made_directory, "/tmp/retort-train-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(made_directory));
    snprintf(made_data, sizeof made_data, "%s/data.jsonl", made_directory);
    snprintf(made_model, sizeof made_model, "%s/made.model", made_directory);
}

void made_end(void)
{
    unlink(made_data);
    unlink(made_model);
    rmdir(made_directory);
}

const char MADE_RECIPE[] = "words=2 chars=3-5 idf=1 cues=1 reply=1 target=1 cue_scale=0.2";

void made_build(struct made *made, const char *recipe)
{
    struct retort_error error;
    const char *paths[] = {made_data};
    const struct retort_making making = {
        .recipe = &made->recipe, .method = &made->method, .quiet = true};
    ck_assert(retort_recipe_read(&made->recipe, retort_span_of(recipe), &error));
    ck_assert(retort_method_read(&made->method, retort_span_of(recipe), RETORT_ONE_OF, &error));
    ck_assert(retort_dataset_read(&made->dataset, paths, 1, NULL, &error));
    ck_assert(retort_matrix_build(&made->matrix, &made->dataset, &making, &error));
    made->problem = retort_problem_new(&made->matrix, NULL);
}

void made_release(struct made *made)
{
    retort_problem_free(made->problem);
    retort_matrix_release(&made->matrix);
    retort_dataset_release(&made->dataset);
}
