/* Verdicts as JSON: {"stance":{"label","p","unsure"},…,"tone":{"toxic":{"p","on","unsure"},…}}. */
#include "cli/label.h"

#include <stdlib.h>

/* ---- what is the same for every comment ---- */

/* A comment's labels are numbers between words that never change. The words are made once, in
 * pieces, and copied by chunks: a piece's memory is a whole number of them. */
enum { CHUNK = 32, N_DOUBTS = RETORT_DOUBT_EVIDENCE + 1 };

struct piece {
    const uint8_t *bytes;
    size_t len;
};

struct form {
    struct piece begin;   /* "tone":{ */
    struct piece *labels; /* of one-of "label":"agree","p": and of any-of "toxic":{"p": */
};

struct label_forms {
    struct retort_arena arena;
    struct form *models; /* in the order of the models */
    /* What follows p, by unsure and doubt; any-of also by on, and of what is sure none is told. */
    struct piece one_of[2][N_DOUBTS], any_of[2][2][N_DOUBTS];
    size_t most; /* bytes that all labels of a comment take, with a chunk to spare */
};

static struct piece make_piece(struct label_forms *forms, struct retort_buffer *text)
{
    struct piece piece = {.len = text->len};
    uint8_t *bytes = retort_arena_alloc(&forms->arena, text->len / CHUNK + 1, CHUNK);
    memcpy(bytes, text->data, text->len);
    piece.bytes = bytes;
    retort_buffer_clear(text);
    return piece;
}

static void put_bool(struct retort_buffer *out, const char *key, bool value)
{
    retort_buffer_format(out, ",\"%s\":%s", key, value ? "true" : "false");
}

static void put_doubt(struct retort_buffer *out, enum retort_doubt doubt)
{
    if (doubt != RETORT_SURE)
        retort_buffer_format(out, ",\"why\":\"%s\"", retort_doubt_name(doubt));
}

static void make_tails(struct label_forms *forms, struct retort_buffer *text)
{
    for (int i = 0; i < 2 * N_DOUBTS; i++) {
        bool unsure = i % 2;
        enum retort_doubt doubt = (enum retort_doubt)(i / 2);
        put_bool(text, "unsure", unsure);
        put_doubt(text, doubt);
        retort_buffer_byte(text, '}');
        forms->one_of[unsure][doubt] = make_piece(forms, text);
        for (int on = 0; on < 2; on++) {
            put_bool(text, "on", on);
            put_bool(text, "unsure", unsure);
            put_doubt(text, unsure ? doubt : RETORT_SURE);
            retort_buffer_byte(text, '}');
            forms->any_of[on][unsure][doubt] = make_piece(forms, text);
        }
    }
}

static void put_label_head(struct retort_buffer *text, const struct retort_model *model, size_t l)
{
    struct retort_span name = retort_span_of(retort_model_label(model, l)->name);
    if (retort_model_choice(model) == RETORT_ONE_OF) {
        retort_buffer_text(text, "\"label\":");
        retort_json_put(text, name);
        retort_buffer_byte(text, ',');
    } else {
        retort_buffer_text(text, l > 0 ? "," : "");
        retort_json_put(text, name);
        retort_buffer_text(text, ":{");
    }
    retort_buffer_text(text, "\"p\":");
}

static void make_form(struct label_forms *forms, size_t m, const struct retort_model *model,
                      struct retort_buffer *text)
{
    struct form *form = &forms->models[m];
    size_t n_labels = retort_model_n_labels(model), longest_tail = 0;
    retort_buffer_text(text, m > 0 ? "," : "");
    retort_json_put(text, retort_span_of(retort_model_task(model)));
    retort_buffer_text(text, ":{");
    form->begin = make_piece(forms, text);
    form->labels = RETORT_NEW(&forms->arena, struct piece, n_labels);
    for (size_t d = 0; d < N_DOUBTS; d++)
        if (forms->any_of[0][1][d].len > longest_tail)
            longest_tail = forms->any_of[0][1][d].len;
    forms->most += form->begin.len + 1;
    for (size_t l = 0; l < n_labels; l++) {
        put_label_head(text, model, l);
        form->labels[l] = make_piece(forms, text);
        forms->most += form->labels[l].len + RETORT_P_SIZE + longest_tail;
    }
}

struct label_forms *label_forms_open(const struct retort_models *models)
{
    struct label_forms *forms = retort_grow(NULL, 1, sizeof *forms);
    struct retort_buffer text = {0};
    *forms = (struct label_forms){.most = CHUNK};
    forms->models = RETORT_NEW(&forms->arena, struct form, models->n_models);
    make_tails(forms, &text);
    for (size_t m = 0; m < models->n_models; m++)
        make_form(forms, m, models->models[m], &text);
    retort_buffer_release(&text);
    return forms;
}

void label_forms_close(struct label_forms *forms)
{
    if (forms)
        retort_arena_release(&forms->arena);
    free(forms);
}

/* ---- labels ---- */

static uint8_t *put_piece(uint8_t *at, const struct piece *piece)
{
    for (size_t i = 0; i < piece->len; i += CHUNK)
        memcpy(at + i, piece->bytes + i, CHUNK);
    return at + piece->len;
}

static uint8_t *put_p(uint8_t *at, double p)
{
    retort_put_p(at, p);
    return at + RETORT_P_SIZE;
}

static uint8_t *put_one_of(uint8_t *at, const struct label_forms *forms, const struct form *form,
                           const struct retort_verdict *verdict)
{
    const struct retort_score *score = &verdict->scores[verdict->label];
    at = put_p(put_piece(at, &form->labels[verdict->label]), score->p);
    return put_piece(at, &forms->one_of[score->unsure][verdict->doubt]);
}

static uint8_t *put_any_of(uint8_t *at, const struct label_forms *forms, const struct form *form,
                           const struct retort_verdict *verdict)
{
    size_t n_labels = retort_model_n_labels(verdict->model);
    for (size_t l = 0; l < n_labels; l++) {
        const struct retort_score *score = &verdict->scores[l];
        at = put_p(put_piece(at, &form->labels[l]), score->p);
        at = put_piece(at, &forms->any_of[score->on][score->unsure][verdict->doubt]);
    }
    *at++ = '}';
    return at;
}

static void put_labels(struct retort_buffer *out, const struct labelling *run,
                       const struct retort_verdict *verdicts)
{
    const struct label_forms *forms = run->forms;
    retort_buffer_text(out, out->data[out->len - 1] == '{' ? "\"labels\":{" : ",\"labels\":{");
    uint8_t *begin = retort_buffer_room(out, forms->most), *at = begin;
    for (size_t m = 0; m < run->models.n_models; m++) {
        const struct form *form = &forms->models[m];
        at = put_piece(at, &form->begin);
        if (retort_model_choice(verdicts[m].model) == RETORT_ONE_OF)
            at = put_one_of(at, forms, form, &verdicts[m]);
        else
            at = put_any_of(at, forms, form, &verdicts[m]);
    }
    out->len += (size_t)(at - begin);
    retort_buffer_byte(out, '}');
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

static void put_explanations(const struct label_pen *pen, const struct retort_item *item,
                             struct retort_arena *arena)
{
    const struct labelling *run = pen->run;
    struct retort_buffer *out = pen->out;
    retort_json_key(out, "explain");
    retort_buffer_byte(out, '{');
    for (size_t m = 0; m < run->models.n_models; m++) {
        const struct retort_model *model = run->models.models[m];
        size_t n_labels = retort_model_n_labels(model);
        struct retort_explanation *explanations =
            RETORT_NEW(arena, struct retort_explanation, n_labels);
        retort_explain(pen->labeller, model, item, arena, explanations);
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

void label_put_json(const struct label_pen *pen, const struct retort_item *item,
                    const struct retort_verdict *verdicts, struct retort_arena *arena)
{
    put_labels(pen->out, pen->run, verdicts);
    if (pen->run->explain)
        put_explanations(pen, item, arena);
}
