/* What people chose: of each task the names, gathered as their programs tell them. A comment has a
 * handful, so lists are searched from the beginning; who has more than that is not believed. */
#include "exchange/envelope.h"

#include <string.h>

enum { MOST_TASKS = 64, MOST_NAMES = 256 };

/* Room for one more in an array of the arena. */
static void *grown(struct retort_arena *arena, void *old, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return old;
    *capacity = *capacity ? *capacity * 2 : 4;
    void *room = retort_arena_alloc(arena, *capacity, size);
    if (n)
        memcpy(room, old, n * size);
    return room;
}

static bool has_name(const struct envelope_choice *choice, struct retort_span name)
{
    for (size_t i = 0; i < choice->n_names; i++)
        if (retort_span_equal(choice->names[i], name))
            return true;
    return false;
}

struct envelope_choice *envelope_choice_of(struct envelope_choices *choices,
                                           struct retort_span task)
{
    for (size_t i = 0; i < choices->n; i++)
        if (retort_span_equal(choices->all[i].task, task))
            return &choices->all[i];
    choices->too_many |= choices->n == MOST_TASKS;
    if (choices->too_many)
        return &choices->all[0];
    choices->all =
        grown(choices->arena, choices->all, choices->n, &choices->capacity, sizeof *choices->all);
    choices->all[choices->n] = (struct envelope_choice){.task = task};
    return &choices->all[choices->n++];
}

void envelope_choose(struct envelope_choices *choices, struct retort_span task,
                     struct retort_span name)
{
    struct envelope_choice *choice = envelope_choice_of(choices, task);
    if (retort_span_equal(name, RETORT_SPAN(ENVELOPE_NONE)) || has_name(choice, name))
        return;
    choices->too_many |= choice->n_names == MOST_NAMES;
    if (choices->too_many)
        return;
    choice->names = grown(choices->arena, choice->names, choice->n_names, &choice->capacity,
                          sizeof *choice->names);
    choice->names[choice->n_names++] = name;
}

bool envelope_choices_sound(const struct envelope_choices *choices, struct retort_error *error)
{
    return !choices->too_many ||
           retort_fail(error, RETORT_INPUT, "has more than %d tasks, or %d labels of one",
                       MOST_TASKS, MOST_NAMES);
}

bool envelope_choice_same(const struct envelope_choice *a, const struct envelope_choice *b)
{
    bool same = a->n_names == b->n_names;
    for (size_t i = 0; same && i < a->n_names; i++)
        same = has_name(b, a->names[i]);
    return same;
}

struct retort_span envelope_choice_label(const struct envelope_choice *choice,
                                         struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '[');
    for (size_t i = 0; i < choice->n_names; i++) {
        if (i)
            retort_buffer_byte(&out, ',');
        retort_json_put(&out, choice->names[i]);
    }
    retort_buffer_byte(&out, ']');
    struct retort_span label = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return label;
}
