/* Comments that come without any label are labelled here, where there are models: a queue shows
 * what is labelled, and what people said of a comment is held against what a model says. */
#include "exchange/import.h"
#include "intake/intake.h"

#include <stdlib.h>

/* Models are asked for by the first comment that wants them. */
struct labelling {
    const struct retort_models *models; /* NULL: there are none */
    struct retort_labeller labeller;
};

static bool begin(struct import_run *run)
{
    struct retort_error ignored;
    if (run->labelling)
        return run->labelling->models != NULL;
    run->labelling = retort_grow(NULL, 1, sizeof *run->labelling);
    *run->labelling = (struct labelling){0};
    retort_labeller_init(&run->labelling->labeller);
    if (!run->request->models(run->request->context, &run->labelling->models, &ignored))
        run->labelling->models = NULL;
    return run->labelling->models != NULL;
}

void import_label_end(struct import_run *run)
{
    if (!run->labelling)
        return;
    retort_labeller_release(&run->labelling->labeller);
    free(run->labelling);
}

bool import_find_parent(struct import_run *run, struct retort_line_record *line,
                        struct retort_arena *arena, struct retort_error *error)
{
    const struct retort_earlier asked = {line->source, line->native_id, line->parent_id};
    if (line->parent_text.data || line->parent_id.len == 0 || line->native_id.len == 0)
        return true;
    return retort_store_earlier_text(run->store, &asked, arena, &line->parent_text, error);
}

bool import_label(struct import_run *run, int64_t comment, const struct retort_line_record *line,
                  struct retort_arena *arena, struct retort_error *error)
{
    if (!begin(run)) {
        run->figures->n_bare++;
        return true;
    }
    struct retort_judge judge = {.models = run->labelling->models,
                                 .labeller = &run->labelling->labeller};
    struct retort_intake_line told = {.item = {.text = line->text,
                                               .parent_text = line->parent_text,
                                               .article_text = line->article_text},
                                      .target = line->target};
    const struct retort_label_record of = {.comment = comment, .target = line->target};
    struct retort_verdict *verdicts = retort_judge_line(&judge, &told, arena);
    return retort_intake_put_labels(run->store, &of, &judge, verdicts, error);
}
