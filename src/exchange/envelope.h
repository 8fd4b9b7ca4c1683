/* envelope (private to exchange): what annotators' programs and ConvoKit are told of a comment, and
 * what is believed of it when it comes back.
 *
 * Columns are for people's eyes and these programs' filters. All but the text is told again in
 * `retort`, a string of JSON, and only that is read: on the way through numbers are rounded to ten
 * digits, nothing becomes NaN, and objects lose the order of their members, but a string stays what
 * it is. doccano makes NaN of a column that a record doesn't have, so every record has all. */
#ifndef RETORT_EXCHANGE_ENVELOPE_H
#define RETORT_EXCHANGE_ENVELOPE_H

#include "archive/archive.h"
#include "exchange/export.h"

struct import_comment;
struct import_run;

/* What is chosen where no label of an any-of task is on: both programs take silence for not judged
 * yet. */
#define ENVELOPE_NONE "none of these"

/* "text":…,"comment_id":…, … "retort":…, members of an object being written. */
bool envelope_put(struct export_run *run, const struct retort_stored *stored,
                  struct retort_arena *arena, struct retort_error *error);
/* "retort":… alone. */
bool envelope_put_told(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error);

/* What such a string tells, and the record's text. An empty object is no comment: text.data is
 * NULL. RETORT_INPUT: it is damaged, or there is no text. */
bool envelope_read_told(struct retort_span told, struct retort_span text,
                        struct retort_arena *arena, struct import_comment *comment,
                        struct retort_error *error);
/* The record as ours, or what others tell: text, id, author, … Unknown members become meta, but
 * for those in `skip` (NULL ends them). RETORT_INPUT: as above. */
bool envelope_read(const struct retort_json_object *object, const char *const *skip,
                   struct retort_arena *arena, struct import_comment *comment,
                   struct retort_error *error);
/* Does a file that begins so hold JSON lines of ours, whatever else their members are called? */
bool envelope_is_line(struct retort_span head);
/* The tasks that we had asked about. */
size_t envelope_tasks(const struct retort_json_object *object, struct retort_arena *arena,
                      struct retort_span **tasks);
/* Hands all objects of a file to `take`; what is wrong with one is noted, and the next comes. */
bool envelope_each(struct import_run *run, struct retort_archive *file,
                   bool (*take)(void *context, const struct retort_json_object *object,
                                struct retort_arena *arena, struct retort_error *error),
                   void *context, struct retort_error *error);

/* The next label of the comment that the export wants, its first of that task; NULL: no more.
 * `*at` begins at 0. (Others of a task are decisions on another target; they stand in ours.) */
const struct retort_stored_label *
envelope_next_label(const struct export_run *run, const struct retort_stored *stored, size_t *at);

/* "task:name", or the name alone where the export is of one task. */
void envelope_put_name(struct retort_buffer *out, const struct export_run *run,
                       struct retort_span task, struct retort_span name);

/* Names that people chose for a task. */
struct envelope_choice {
    struct retort_span task;
    struct retort_span *names; /* each once */
    size_t n_names, capacity;
};
struct envelope_choices {
    struct envelope_choice *all;
    size_t n, capacity;
    struct retort_arena *arena;
    bool too_many; /* more than are believed; the rest is left out */
};
bool envelope_choices_sound(const struct envelope_choices *choices, struct retort_error *error);
/* The choice of this task; it is there from now on, without names at first. */
struct envelope_choice *envelope_choice_of(struct envelope_choices *choices,
                                           struct retort_span task);
/* ENVELOPE_NONE adds nothing. */
void envelope_choose(struct envelope_choices *choices, struct retort_span task,
                     struct retort_span name);
bool envelope_choice_same(const struct envelope_choice *a, const struct envelope_choice *b);
/* As a JSON array, in the arena. */
struct retort_span envelope_choice_label(const struct envelope_choice *choice,
                                         struct retort_arena *arena);

#endif
