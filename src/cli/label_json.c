/* Verdicts as JSON: {"stance":{"label","p","unsure"},…,"tone":{"toxic":{"p","on","unsure"},…}}. */
#include "cli/label.h"

#include <math.h>
#include <stdlib.h>

static void put_bool(struct retort_buffer *out, const char *key, bool value)
{
    retort_json_key(out, key);
    retort_buffer_text(out, value ? "true" : "false");
}

static void put_p(struct retort_buffer *out, double p)
{
    retort_json_key(out, "p");
    retort_buffer_fixed(out, p, 4);
}

static void put_doubt(struct retort_buffer *out, enum retort_doubt doubt)
{
    if (doubt == RETORT_SURE)
        return;
    retort_json_key(out, "why");
    retort_json_put(out, retort_span_of(retort_doubt_name(doubt)));
}

static void put_one_of(struct retort_buffer *out, const struct retort_verdict *verdict)
{
    const struct retort_score *score = &verdict->scores[verdict->label];
    retort_json_key(out, "label");
    retort_json_put(out, retort_span_of(retort_model_label(verdict->model, verdict->label)->name));
    put_p(out, score->p);
    put_bool(out, "unsure", score->unsure);
    put_doubt(out, verdict->doubt);
}

static void put_any_of(struct retort_buffer *out, const struct retort_verdict *verdict)
{
    for (size_t l = 0; l < retort_model_n_labels(verdict->model); l++) {
        const struct retort_score *score = &verdict->scores[l];
        retort_json_key(out, retort_model_label(verdict->model, l)->name);
        retort_buffer_byte(out, '{');
        put_p(out, score->p);
        put_bool(out, "on", score->on);
        put_bool(out, "unsure", score->unsure);
        if (score->unsure)
            put_doubt(out, verdict->doubt);
        retort_buffer_byte(out, '}');
    }
}

/* ---- reasons ---- */

static int by_size(const void *a, const void *b)
{
    const struct retort_reason *x = a, *y = b;
    double size_x = fabs(x->contribution), size_y = fabs(y->contribution);
    if (size_x != size_y)
        return size_x < size_y ? 1 : -1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

static void put_reason(struct retort_buffer *out, const struct retort_reason *reason)
{
    retort_buffer_byte(out, '{');
    retort_json_key(out, "feature");
    retort_json_put(out, reason->name);
    retort_json_key(out, "contribution");
    retort_buffer_number(out, reason->contribution);
    if (reason->end > reason->begin) {
        retort_json_key(out, "at");
        retort_buffer_format(out, "[%u,%u]", reason->begin, reason->end);
    }
    retort_buffer_byte(out, '}');
}

/* A label's margin as the sum it is: bias and every contribution, the largest first. */
static void put_reasons(struct labelling *run, const struct retort_item *item,
                        const struct retort_verdict *verdict, size_t label,
                        struct retort_arena *arena)
{
    struct retort_buffer *out = &run->out;
    struct retort_reason *reasons;
    size_t n = retort_explain_item(&run->labeller, verdict->model, item, arena, label, &reasons);
    qsort(reasons, n, sizeof *reasons, by_size);
    retort_json_key(out, retort_model_label(verdict->model, label)->name);
    retort_buffer_byte(out, '{');
    retort_json_key(out, "margin");
    retort_buffer_number(out, verdict->scores[label].margin);
    retort_json_key(out, "bias");
    retort_buffer_number(out, retort_model_label(verdict->model, label)->bias);
    retort_json_key(out, "words");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            retort_buffer_byte(out, ',');
        put_reason(out, &reasons[i]);
    }
    retort_buffer_text(out, "]}");
}

static void put_explanation(struct labelling *run, const struct retort_item *item,
                            const struct retort_verdict *verdicts, struct retort_arena *arena)
{
    retort_json_key(&run->out, "explain");
    retort_buffer_byte(&run->out, '{');
    for (size_t m = 0; m < run->models.n_models; m++) {
        retort_json_key(&run->out, retort_model_task(verdicts[m].model));
        retort_buffer_byte(&run->out, '{');
        for (size_t l = 0; l < retort_model_n_labels(verdicts[m].model); l++)
            put_reasons(run, item, &verdicts[m], l, arena);
        retort_buffer_byte(&run->out, '}');
    }
    retort_buffer_byte(&run->out, '}');
}

void label_put_json(struct labelling *run, const struct retort_item *item,
                    const struct retort_verdict *verdicts, struct retort_arena *arena)
{
    retort_json_key(&run->out, "labels");
    retort_buffer_byte(&run->out, '{');
    for (size_t m = 0; m < run->models.n_models; m++) {
        retort_json_key(&run->out, retort_model_task(verdicts[m].model));
        retort_buffer_byte(&run->out, '{');
        if (retort_model_choice(verdicts[m].model) == RETORT_ONE_OF)
            put_one_of(&run->out, &verdicts[m]);
        else
            put_any_of(&run->out, &verdicts[m]);
        retort_buffer_byte(&run->out, '}');
    }
    retort_buffer_byte(&run->out, '}');
    if (run->explain)
        put_explanation(run, item, verdicts, arena);
}
