/* Writing a model file: the sections of file.h, in a fixed order, from plain arrays. The same
 * parts give the same bytes. */
#include "model/file.h"

#include <assert.h>
#include <string.h>

static struct retort_span bytes_of(const void *data, size_t count, size_t size)
{
    return (struct retort_span){data, count * size};
}

static struct model_label *stored_labels(const struct retort_model_parts *parts,
                                         struct retort_arena *arena)
{
    struct model_label *stored = RETORT_NEW(arena, struct model_label, parts->n_labels);
    for (size_t i = 0; i < parts->n_labels; i++) {
        const struct retort_label *l = &parts->labels[i];
        assert(strlen(l->name) <= RETORT_LABEL_NAME);
        memcpy(stored[i].name, l->name, strlen(l->name));
        stored[i].bias = l->bias;
        stored[i].platt_a = l->platt_a;
        stored[i].platt_b = l->platt_b;
        stored[i].log_offset = l->log_offset;
        stored[i].threshold = l->threshold;
        stored[i].sure_above = l->sure_above;
        stored[i].sure_below = l->sure_below;
    }
    return stored;
}

/* Empty when every link is Platt's. */
static struct retort_span stored_curves(const struct retort_model_parts *parts,
                                        struct retort_arena *arena)
{
    struct model_curve *stored = RETORT_NEW(arena, struct model_curve, parts->n_labels);
    bool any = false;
    for (size_t i = 0; i < parts->n_labels; i++) {
        const struct retort_curve *curve = &parts->labels[i].curve;
        any |= parts->labels[i].link != RETORT_PLATT;
        stored[i].link = parts->labels[i].link;
        if (parts->labels[i].link != RETORT_ISOTONIC)
            continue;
        stored[i].n_knots = curve->n_knots;
        memcpy(stored[i].margins, curve->margins, curve->n_knots * sizeof(double));
        memcpy(stored[i].log_odds, curve->log_odds, curve->n_knots * sizeof(double));
    }
    return any ? bytes_of(stored, parts->n_labels, sizeof *stored) : (struct retort_span){0};
}

static struct retort_span stored_rows(const struct retort_model_parts *parts,
                                      struct retort_arena *arena)
{
    size_t n = parts->dictionary->n_features, n_lanes = retort_lanes(parts->n_labels);
    float *rows = RETORT_NEW(arena, float, n *n_lanes);
    for (size_t i = 0; i < n; i++) {
        rows[i * n_lanes + RETORT_ROW_IDF] = parts->dictionary->idf[i];
        memcpy(rows + i * n_lanes + RETORT_ROW_WEIGHTS, parts->weights + i * parts->n_labels,
               parts->n_labels * sizeof *rows);
    }
    return bytes_of(rows, n * n_lanes, sizeof *rows);
}

/* All names in one run of bytes; ends[i] is where name i ends. */
static void join_names(const struct retort_model_parts *parts, uint32_t *ends,
                       struct retort_buffer *names)
{
    for (uint32_t i = 0; i < parts->dictionary->n_features; i++) {
        retort_buffer_put(names, parts->names[i]);
        ends[i] = (uint32_t)names->len;
    }
}

bool retort_model_write(const char *path, const struct retort_model_parts *parts,
                        struct retort_error *error)
{
    const struct retort_dictionary *dictionary = parts->dictionary;
    uint32_t n = dictionary->n_features, n_slots = dictionary->n_slots;
    struct retort_arena arena = {0};
    struct retort_buffer names = {0}, vectors = {0};
    uint32_t *ends = RETORT_NEW(&arena, uint32_t, n);
    const struct model_head head = {parts->choice, (uint32_t)parts->n_labels, n, n_slots};
    assert(strlen(parts->task) < TASK_NAME && parts->n_labels <= RETORT_MOST_LABELS);
    const struct retort_span curves = stored_curves(parts, &arena);
    join_names(parts, ends, &names);
    const struct retort_bundle_part sections[] = {
        {"task", retort_span_of(parts->task)},
        {"recipe", parts->recipe},
        {"head", bytes_of(&head, 1, sizeof head)},
        {"labels",
         bytes_of(stored_labels(parts, &arena), parts->n_labels, sizeof(struct model_label))},
        {"card", parts->card},
        {"keys", bytes_of(dictionary->keys, n, sizeof(uint64_t))},
        {"tags", bytes_of(dictionary->tags, n_slots, sizeof(uint8_t))},
        {"places", bytes_of(dictionary->slots, n_slots, sizeof(uint32_t))},
        {"idf", bytes_of(dictionary->idf, n, sizeof(float))},
        {"fields", bytes_of(dictionary->fields, n, sizeof(uint8_t))},
        {"rows", stored_rows(parts, &arena)},
        {"ends", bytes_of(ends, n, sizeof(uint32_t))},
        {"names", retort_buffer_span(&names)},
    };
    struct retort_bundle_part all[sizeof sections / sizeof sections[0] + 3];
    size_t n_sections = sizeof sections / sizeof sections[0];
    memcpy(all, sections, sizeof sections);
    if (curves.data)
        all[n_sections++] = (struct retort_bundle_part){"curves", curves};
    if (parts->vectors) {
        retort_vectors_put(parts->vectors, &vectors);
        all[n_sections++] = (struct retort_bundle_part){"vectors", retort_buffer_span(&vectors)};
    }
    if (parts->base)
        all[n_sections++] = (struct retort_bundle_part){"base", retort_model_bytes(parts->base)};
    bool written = retort_bundle_write(path, all, n_sections, error);
    retort_buffer_release(&names);
    retort_buffer_release(&vectors);
    retort_arena_release(&arena);
    return written;
}
