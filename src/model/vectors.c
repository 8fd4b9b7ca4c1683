/* The section of a model file that holds word vectors: what a base model brings to the tasks that
 * are stacked on it. */
#include "model/file.h"

#include <math.h>
#include <string.h>

static bool refuse(struct retort_error *error)
{
    return retort_fail(error, RETORT_REFUSED,
                       "its table of word vectors is broken; fetch or make the model again");
}

static bool sound(const struct retort_vectors *vectors)
{
    for (uint32_t i = 0; i < vectors->n_words; i++)
        if (!isfinite(vectors->weights[i]) || vectors->weights[i] <= 0 ||
            (i > 0 && vectors->keys[i] <= vectors->keys[i - 1]))
            return false;
    return true;
}

bool retort_vectors_read(struct retort_span section, struct retort_vectors *vectors,
                         struct retort_error *error)
{
    struct model_vectors head;
    *vectors = (struct retort_vectors){0};
    if (!section.data)
        return true;
    if (section.len < sizeof head)
        return refuse(error);
    memcpy(&head, section.data, sizeof head);
    size_t n = head.n_words, size = sizeof(uint64_t) + sizeof(float) + head.n_dimensions;
    if (head.n_dimensions == 0 || head.n_dimensions > RETORT_MOST_DIMENSIONS || n == 0 ||
        section.len != sizeof head + n * size)
        return refuse(error);
    const uint8_t *keys = section.data + sizeof head, *weights = keys + n * sizeof(uint64_t);
    *vectors = (struct retort_vectors){
        head.n_words, head.n_dimensions, (const uint64_t *)(const void *)keys,
        (const float *)(const void *)weights, (const int8_t *)weights + n * sizeof(float)};
    return sound(vectors) || refuse(error);
}

void retort_vectors_put(const struct retort_vectors *vectors, struct retort_buffer *out)
{
    const struct model_vectors head = {vectors->n_words, vectors->n_dimensions};
    size_t n = vectors->n_words;
    retort_buffer_put(out, (struct retort_span){(const uint8_t *)&head, sizeof head});
    retort_buffer_put(out,
                      (struct retort_span){(const uint8_t *)vectors->keys, n * sizeof(uint64_t)});
    retort_buffer_put(out,
                      (struct retort_span){(const uint8_t *)vectors->weights, n * sizeof(float)});
    retort_buffer_put(
        out, (struct retort_span){(const uint8_t *)vectors->values, n * vectors->n_dimensions});
}
