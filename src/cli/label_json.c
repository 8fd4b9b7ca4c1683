/* Verdicts as JSON: {"stance":{"label","p","unsure"},…,"tone":{"toxic":{"p","on","unsure"},…}}. */
#include "cli/label.h"

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

/* ---- explanation ---- */

/* "text" of words, "feature" of what stands on none. */
static void put_name(struct retort_buffer *out, struct retort_span name, bool is_words)
{
    retort_json_key(out, is_words ? "text" : "feature");
    retort_json_put(out, name);
}

static void put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    retort_buffer_number(out, value);
}

static void put_cause(struct retort_buffer *out, const struct retort_cause *cause)
{
    bool is_words = cause->end > cause->begin;
    put_name(out, cause->name, is_words);
    if (is_words) {
        retort_json_key(out, "at");
        retort_buffer_format(out, "[%u,%u]", cause->begin, cause->end);
    }
    put_number(out, "contribution", cause->contribution);
}

static void put_decider(struct retort_buffer *out, const struct retort_decider *decider)
{
    put_name(out, decider->name, decider->n_places > 0);
    put_number(out, "contribution", decider->contribution);
    if (decider->n_places == 0)
        return;
    retort_json_key(out, "places");
    retort_buffer_format(out, "%zu", decider->n_places);
    retort_json_key(out, "p_without");
    retort_buffer_fixed(out, decider->p_without, 4);
}

/* A label's margin as the sum it is: bias, words in the order of the text, other features, and what
 * adding them up in this order leaves of the last bits. */
static void put_explanation(struct retort_buffer *out, const struct retort_explanation *explanation)
{
    put_number(out, "margin", explanation->margin);
    put_number(out, "bias", explanation->bias);
    retort_json_key(out, "words");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < explanation->n_causes; i++) {
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        put_cause(out, &explanation->causes[i]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    put_number(out, "rounding", explanation->rounding);
    retort_json_key(out, "decided");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < explanation->n_deciders; i++) {
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        put_decider(out, &explanation->deciders[i]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

static void put_explanations(struct labelling *run, const struct retort_item *item,
                             struct retort_arena *arena)
{
    struct retort_buffer *out = &run->out;
    retort_json_key(out, "explain");
    retort_buffer_byte(out, '{');
    for (size_t m = 0; m < run->models.n_models; m++) {
        const struct retort_model *model = run->models.models[m];
        size_t n_labels = retort_model_n_labels(model);
        struct retort_explanation *explanations =
            RETORT_NEW(arena, struct retort_explanation, n_labels);
        retort_explain(&run->labeller, model, item, arena, explanations);
        retort_json_key(out, retort_model_task(model));
        retort_buffer_byte(out, '{');
        for (size_t l = 0; l < n_labels; l++) {
            retort_json_key(out, retort_model_label(model, l)->name);
            retort_buffer_byte(out, '{');
            put_explanation(out, &explanations[l]);
            retort_buffer_byte(out, '}');
        }
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, '}');
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
        put_explanations(run, item, arena);
}
