/* The columns of doccano and Label Studio read, ours and others'. */
#include "exchange/envelope.h"
#include "exchange/import.h"
#include "exchange/values.h"

/* What a column is called, by us first. */
static const char *const TEXT[] = {"text", "body", "content", "message", NULL};
static const char *const ID[] = {"comment_id", "id", NULL};
static const char *const PARENT[] = {"parent_id", "reply_to", NULL};
static const char *const AUTHOR[] = {"author", "speaker", "user", "username", NULL};
static const char *const TIME[] = {"time", "timestamp", "date", NULL};

static bool is_among(struct retort_span key, const char *const *names)
{
    for (; names && *names; names++)
        if (retort_span_equal(key, retort_span_of(*names)))
            return true;
    return false;
}

static struct retort_span first_text(const struct retort_json_object *object,
                                     const char *const *names, struct retort_arena *arena)
{
    struct retort_span text = {0};
    for (; !text.data && *names; names++)
        text = values_text_of(object, *names, arena);
    return text;
}

static bool is_known(struct retort_span key, const char *const *skip)
{
    return is_among(key, TEXT) || is_among(key, ID) || is_among(key, PARENT) ||
           is_among(key, AUTHOR) || is_among(key, TIME) || is_among(key, skip);
}

/* What others' records tell beside goes on as it stands. */
static struct retort_span unknown_of(const struct retort_json_object *object,
                                     const char *const *skip, struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    struct retort_span meta = {0};
    retort_buffer_byte(&out, '{');
    for (size_t i = 0; i < object->n_members; i++) {
        const struct retort_json_member *member = &object->members[i];
        if (is_known(member->key, skip) || member->value.data[0] == 'n')
            continue;
        if (out.len > 1)
            retort_buffer_byte(&out, ',');
        retort_buffer_put(&out, (struct retort_span){member->key.data - 1, member->key.len + 2});
        retort_buffer_byte(&out, ':');
        retort_buffer_put(&out, member->value);
    }
    retort_buffer_byte(&out, '}');
    if (out.len > 2)
        meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return meta;
}

bool envelope_read_told(struct retort_span told, struct retort_span text,
                        struct retort_arena *arena, struct import_comment *comment,
                        struct retort_error *error)
{
    struct retort_json_object object, ours;
    *comment = (struct import_comment){0};
    if (!values_object(told, arena, &object))
        return retort_fail(error, RETORT_INPUT, "its \"retort\" is damaged");
    if (object.n_members == 0)
        return true;
    *comment = (struct import_comment){
        .text = text,
        .native_id = values_text_of(&object, "comment_id", arena),
        .parent_id = values_text_of(&object, "parent_id", arena),
        .author = values_text_of(&object, "author", arena),
        .time = values_text_of(&object, "time", arena),
        .target = values_text_of(&object, "target", arena),
        .parent_text = values_text_of(&object, "parent_text", arena),
        .article_text = values_text_of(&object, "article_text", arena),
        .meta = values_member(&object, "meta", arena),
        .ours = values_member(&object, "ours", arena),
    };
    return (text.data && values_object(comment->ours, arena, &ours)) ||
           retort_fail(error, RETORT_INPUT, "has no text, or its \"retort\" is damaged");
}

bool envelope_read(const struct retort_json_object *object, const char *const *skip,
                   struct retort_arena *arena, struct import_comment *comment,
                   struct retort_error *error)
{
    struct retort_span text = first_text(object, TEXT, arena);
    struct retort_span told = values_text_of(object, "retort", arena);
    if (told.len && told.data[0] == '{')
        return envelope_read_told(told, text, arena, comment, error);
    *comment = (struct import_comment){
        .text = text,
        .native_id = first_text(object, ID, arena),
        .parent_id = first_text(object, PARENT, arena),
        .author = first_text(object, AUTHOR, arena),
        .time = first_text(object, TIME, arena),
        .target = values_text_of(object, "target", arena),
        .parent_text = values_text_of(object, "parent_text", arena),
        .article_text = values_text_of(object, "article_text", arena),
        .meta = unknown_of(object, skip, arena),
    };
    return text.data || retort_fail(error, RETORT_INPUT, "has no \"text\"");
}

bool envelope_is_line(struct retort_span head)
{
    return values_begins_with(head, "labels") == '{' || values_begins_with(head, "retort") == '{';
}

size_t envelope_tasks(const struct retort_json_object *object, struct retort_arena *arena,
                      struct retort_span **tasks)
{
    struct retort_span *elements;
    size_t n_tasks = 0;
    size_t n = values_elements(values_member(object, "tasks", arena), arena, &elements);
    *tasks = RETORT_NEW(arena, struct retort_span, n);
    for (size_t i = 0; i < n; i++) {
        struct retort_span task = values_text(elements[i], arena);
        if (task.len)
            (*tasks)[n_tasks++] = task;
    }
    return n_tasks;
}

bool envelope_each(struct import_run *run, struct retort_archive *file,
                   bool (*take)(void *context, const struct retort_json_object *object,
                                struct retort_arena *arena, struct retort_error *error),
                   void *context, struct retort_error *error)
{
    struct values *values = values_open(file);
    struct retort_arena arena = {0};
    struct retort_json_object object;
    enum values_step step = VALUES_OBJECT;
    bool good = true;
    while (good && step != VALUES_END) {
        good = retort_archive_is_ready(file, 1) || import_pause(run, error);
        step = good ? values_next(values, &arena, &object, error) : VALUES_END;
        bool bad =
            step == VALUES_BAD || (step == VALUES_OBJECT && !take(context, &object, &arena, error));
        good = good && (!bad || import_note(run, values_number(values), error));
        retort_arena_clear(&arena);
    }
    retort_arena_release(&arena);
    values_close(values);
    return good;
}
