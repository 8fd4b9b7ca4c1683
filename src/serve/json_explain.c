/* An explanation: the margin of each label as the sum that it is. Numbers are written so that they
 * read back as the same doubles, and added up in the order they stand in they are the margin. */
#include "serve/json.h"

static void put_word(struct retort_buffer *out, const struct retort_cause *cause)
{
    json_put_text(out, "text", cause->name);
    json_put_count(out, "begin", cause->begin);
    json_put_count(out, "end", cause->end);
    json_put_number(out, "contribution", cause->contribution);
}

static void put_feature(struct retort_buffer *out, const struct retort_cause *cause)
{
    json_put_text(out, "name", cause->name);
    json_put_number(out, "contribution", cause->contribution);
}

static void put_causes(struct retort_buffer *out, const char *key,
                       const struct retort_cause *causes, size_t n_causes,
                       void (*put)(struct retort_buffer *, const struct retort_cause *))
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n_causes; i++) {
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        put(out, &causes[i]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

static void put_deciders(struct retort_buffer *out, const struct retort_explanation *explanation)
{
    retort_json_key(out, "deciders");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < explanation->n_deciders; i++) {
        const struct retort_decider *decider = &explanation->deciders[i];
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        json_put_text(out, "name", decider->name);
        json_put_number(out, "contribution", decider->contribution);
        json_put_count(out, "places", decider->n_places);
        json_put_number(out, "p_without", decider->p_without);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

void json_put_explanation(struct retort_buffer *out, const char *label,
                          const struct retort_explanation *explanation)
{
    size_t n_words = explanation->n_words;
    json_put_text(out, "name", retort_span_of(label));
    json_put_number(out, "p", explanation->p);
    json_put_number(out, "margin", explanation->margin);
    json_put_number(out, "bias", explanation->bias);
    put_causes(out, "words", explanation->causes, n_words, put_word);
    put_causes(out, "features", explanation->causes + n_words, explanation->n_causes - n_words,
               put_feature);
    json_put_number(out, "rounding", explanation->rounding);
    put_deciders(out, explanation);
}
