/* Comments of the review file as JSON. */
#include "exchange/exchange.h"

#include <string.h>

bool retort_stored_read(struct retort_store *store, const struct retort_stored_comment *comment,
                        struct retort_arena *arena, struct retort_stored *stored,
                        struct retort_error *error)
{
    stored->comment = *comment;
    return retort_store_labels(store, comment->id, arena, &stored->labels, &stored->n_labels,
                               error);
}

struct retort_span retort_stored_id(const struct retort_stored_comment *comment)
{
    return comment->native_id.len ? comment->native_id : retort_span_of(comment->identity);
}

/* A comment that is gone from its page may have answered one that is gone, too. */
static bool is_there(struct retort_store *store, const struct retort_stored_comment *comment,
                     struct retort_arena *arena, bool *is, struct retort_error *error)
{
    struct retort_stored stored;
    *is = comment->current;
    if (*is)
        return true;
    if (!retort_stored_read(store, comment, arena, &stored, error))
        return false;
    for (size_t i = 0; i < stored.n_labels; i++)
        *is |= stored.labels[i].decision != 0;
    return true;
}

bool retort_stored_parent_id(struct retort_store *store,
                             const struct retort_stored_comment *comment,
                             struct retort_arena *arena, struct retort_span *id,
                             struct retort_error *error)
{
    struct retort_stored_comment parent;
    bool there;
    *id = comment->parent_id; /* what the line said stands, known or not */
    if (id->data || !comment->parent)
        return true;
    if (!retort_store_comment(store, comment->parent, arena, &parent, error) ||
        !is_there(store, &parent, arena, &there, error))
        return false;
    if (there)
        *id = retort_arena_copy(arena, retort_stored_id(&parent));
    return true;
}

/* ---- labels -----------------------------------------------------------------------------------
 */

size_t retort_stored_label_names(const struct retort_stored_label *label,
                                 struct retort_arena *arena, const char ***names)
{
    struct retort_error ignored;
    struct retort_json *json = retort_json_parse(label->label, &ignored);
    size_t n_names = 0, n = retort_json_length(json);
    *names = RETORT_NEW(arena, const char *, n);
    for (size_t i = 0; i < n; i++) {
        struct retort_span name;
        if (retort_json_text(retort_json_at(json, i), &name))
            (*names)[n_names++] = retort_arena_string(arena, name);
    }
    retort_json_free(json);
    return n_names;
}

bool retort_stored_label_is_on(const struct retort_stored_label *label, const char *name)
{
    struct retort_arena arena = {0};
    const char **names;
    bool on = false;
    size_t n_names = retort_stored_label_names(label, &arena, &names);
    for (size_t i = 0; i < n_names; i++)
        on |= strcmp(names[i], name) == 0;
    retort_arena_release(&arena);
    return on;
}

static bool is_among(const char *const *names, size_t n_names, const char *name)
{
    for (size_t i = 0; i < n_names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void put_bool(struct retort_buffer *out, const char *key, bool value)
{
    retort_json_key(out, key);
    retort_buffer_text(out, value ? "true" : "false");
}

static void put_p(struct retort_buffer *out, const struct retort_stored_label *label,
                  const char *name)
{
    for (size_t i = 0; label->model && i < label->model->n_labels; i++)
        if (strcmp(label->model->labels[i], name) == 0) {
            retort_json_key(out, "p");
            retort_buffer_fixed(out, label->scores[i].p, 4);
        }
}

static void put_one_of(struct retort_buffer *out, const struct retort_stored_label *label,
                       const char *const *names, size_t n_names)
{
    const char *name = n_names ? names[0] : "";
    retort_json_key(out, "label");
    retort_json_put(out, retort_span_of(name));
    put_p(out, label, name);
    put_bool(out, "unsure", label->unsure && !label->decision);
    if (label->doubt != RETORT_SURE && !label->decision)
        retort_stored_put_text(out, "why", retort_span_of(retort_doubt_name(label->doubt)));
}

static void put_any_of(struct retort_buffer *out, const struct retort_stored_label *label,
                       const char *const *names, size_t n_names)
{
    const struct retort_stored_model *model = label->model;
    for (size_t i = 0; i < (model ? model->n_labels : n_names); i++) {
        const char *name = model ? model->labels[i] : names[i];
        bool unsure = model && label->scores[i].unsure && !label->decision;
        retort_json_key(out, name);
        retort_buffer_byte(out, '{');
        put_p(out, label, name);
        put_bool(out, "on", is_among(names, n_names, name));
        put_bool(out, "unsure", unsure);
        if (unsure && label->doubt != RETORT_SURE)
            retort_stored_put_text(out, "why", retort_span_of(retort_doubt_name(label->doubt)));
        retort_buffer_byte(out, '}');
    }
}

static bool is_one_of(const struct retort_stored_label *label, size_t n_names)
{
    return label->model ? label->model->choice == RETORT_ONE_OF : n_names == 1;
}

void retort_stored_put_labels(struct retort_buffer *out, const struct retort_stored *stored,
                              struct retort_arena *arena)
{
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < stored->n_labels; i++) {
        const struct retort_stored_label *label = &stored->labels[i];
        const char **names;
        size_t n_names = retort_stored_label_names(label, arena, &names);
        if (i && retort_span_equal(label->task, stored->labels[i - 1].task))
            continue; /* decisions on another target than the label's: among the decisions */
        retort_json_key(out, retort_arena_string(arena, label->task));
        retort_buffer_byte(out, '{');
        if (is_one_of(label, n_names))
            put_one_of(out, label, names, n_names);
        else
            put_any_of(out, label, names, n_names);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, '}');
}

/* ---- the rest ---------------------------------------------------------------------------------
 */

void retort_stored_put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    if (!text.data)
        return;
    retort_json_key(out, key);
    retort_json_put(out, text);
}

void retort_stored_put_place(struct retort_buffer *out, const struct retort_stored_comment *comment)
{
    retort_stored_put_text(out, "source", comment->source);
    if (!comment->paged)
        return;
    retort_json_key(out, "comment");
    retort_buffer_format(out, "%zu", comment->number);
    retort_json_key(out, "lines");
    retort_buffer_format(out, "[%zu,%zu]", comment->first_line, comment->last_line);
    retort_json_key(out, "bytes");
    retort_buffer_format(out, "[%zu,%zu]", comment->begin, comment->end);
}
