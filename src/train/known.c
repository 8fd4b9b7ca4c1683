/* Margins out of fold, as `retort train --out-of-fold` writes them: JSON lines with "id" and
 * "margins", an object of numbers by label. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MOST_MARGIN = 1e6;

struct retort_known {
    size_t n_labels, n, mask;
    uint64_t *slots; /* hash of an id; 0 is free */
    double *margins; /* [mask + 1][n_labels], beside the slots */
};

static size_t slot_of(const struct retort_known *known, uint64_t hash)
{
    size_t slot = (size_t)hash & known->mask;
    while (known->slots[slot] && known->slots[slot] != hash)
        slot = (slot + 1) & known->mask;
    return slot;
}

static uint64_t hash_of(struct retort_span id)
{
    uint64_t hash = retort_hash(id, 0);
    return hash + (hash == 0);
}

const double *retort_known_find(const struct retort_known *known, struct retort_span id)
{
    if (!known || id.len == 0)
        return NULL;
    size_t slot = slot_of(known, hash_of(id));
    return known->slots[slot] ? known->margins + slot * known->n_labels : NULL;
}

static size_t count_lines(struct retort_span bytes)
{
    size_t n = 1;
    for (size_t i = 0; i < bytes.len; i++)
        n += bytes.data[i] == '\n';
    return n;
}

static struct retort_known *known_new(size_t n_lines, size_t n_labels)
{
    struct retort_known *known = retort_grow(NULL, 1, sizeof *known);
    size_t n_slots = 16;
    while (n_slots < 2 * n_lines)
        n_slots *= 2;
    *known = (struct retort_known){.n_labels = n_labels, .mask = n_slots - 1};
    known->slots = calloc(n_slots, sizeof *known->slots);
    known->margins = retort_grow(NULL, n_slots * n_labels, sizeof *known->margins);
    if (!known->slots)
        retort_out_of_memory();
    return known;
}

void retort_known_free(struct retort_known *known)
{
    if (!known)
        return;
    free(known->slots);
    free(known->margins);
    free(known);
}

/* One label's margin. A base's lie near ±1; far from that the machines would no longer end. */
static bool take_margin(const struct retort_json *margins, const char *label, double *margin,
                        struct retort_error *error)
{
    const struct retort_json *value = retort_json_get(margins, label);
    if (!value || !retort_json_number(value, margin))
        return retort_fail(error, RETORT_INPUT, "has no margin of the base's label \"%s\"", label);
    return fabs(*margin) <= MOST_MARGIN ||
           retort_fail(error, RETORT_INPUT, "the margin of \"%s\" is beyond ±%g", label,
                       MOST_MARGIN);
}

static bool take_margins(struct retort_known *known, const struct retort_json *line,
                         const struct retort_model *base, struct retort_error *error)
{
    struct retort_span id;
    const struct retort_json *margins = retort_json_get(line, "margins");
    const struct retort_json *ident = retort_json_get(line, "id");
    if (!ident || !retort_json_text(ident, &id) || !margins || !retort_json_is_object(margins))
        return retort_fail(error, RETORT_INPUT, "wants a string \"id\" and an object \"margins\"");
    size_t slot = slot_of(known, hash_of(id));
    for (size_t l = 0; l < known->n_labels; l++)
        if (!take_margin(margins, retort_model_label(base, l)->name,
                         &known->margins[slot * known->n_labels + l], error))
            return false;
    known->slots[slot] = hash_of(id);
    return true;
}

static bool take_line(struct retort_known *known, struct retort_span line,
                      const struct retort_model *base, struct retort_error *error)
{
    struct retort_json *json = retort_json_parse(line, error);
    bool sound = json && (retort_json_is_object(json)
                              ? take_margins(known, json, base, error)
                              : retort_fail(error, RETORT_INPUT, "is no JSON object"));
    retort_json_free(json);
    return sound;
}

bool retort_known_read(struct retort_known **out, const char *path, const struct retort_model *base,
                       struct retort_error *error)
{
    struct retort_file file;
    struct retort_span rest, line;
    bool sound = true;
    *out = NULL;
    if (!retort_file_read(&file, path, error))
        return false;
    struct retort_known *known = known_new(count_lines(file.bytes), retort_model_n_labels(base));
    rest = file.bytes;
    for (size_t number = 1; sound && retort_span_next_line(&rest, &line); number++)
        sound = retort_span_trim(line).len == 0 || take_line(known, line, base, error) ||
                retort_fail_within(error, "%s:%zu", path, number);
    retort_file_close(&file);
    if (sound)
        *out = known;
    else
        retort_known_free(known);
    return sound;
}
