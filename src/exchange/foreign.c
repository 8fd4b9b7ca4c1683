/* JSON lines of others: objects that call the text otherwise than we do. A member is a column; all
 * objects are read as the first is, or as --map says. */
#include "exchange/columns.h"
#include "exchange/values.h"

/* An object's keys, in the arena. */
static struct retort_span *keys_of(const struct retort_json_object *object,
                                   struct retort_arena *arena)
{
    struct retort_span *names = RETORT_NEW(arena, struct retort_span, object->n_members);
    for (size_t i = 0; i < object->n_members; i++) {
        const struct retort_json_member *member = &object->members[i];
        names[i] = retort_json_unquote(
            (struct retort_span){member->key.data - 1, member->key.len + 2}, arena);
    }
    return names;
}

/* Of each member its text, or the value as it stands. */
static struct row row_of(const struct retort_json_object *object, struct retort_arena *arena)
{
    struct retort_span *cells = RETORT_NEW(arena, struct retort_span, object->n_members);
    struct retort_span *values = RETORT_NEW(arena, struct retort_span, object->n_members);
    for (size_t i = 0; i < object->n_members; i++) {
        struct retort_span value = object->members[i].value;
        if (value.data[0] == 'n') /* null: the cell stays empty */
            continue;
        cells[i] = values_text(value, arena);
        values[i] = value;
    }
    return (struct row){cells, values, object->n_members};
}

/* "user":{…} is no author: what holds more than a text has no name to be guessed by. */
static struct retort_span *simple_names(const struct retort_span *names,
                                        const struct retort_json_object *object,
                                        struct retort_arena *arena)
{
    struct retort_span *simple = RETORT_NEW(arena, struct retort_span, object->n_members);
    for (size_t i = 0; i < object->n_members; i++) {
        uint8_t first = object->members[i].value.data[0];
        if (first != '{' && first != '[')
            simple[i] = names[i];
    }
    return simple;
}

struct foreign {
    struct import_run *run;
    struct values *values;
    bool is_said; /* what was guessed */
};

/* Objects need not have their members in one order, nor all of them: each is looked through anew.
 */
static bool take_object(struct foreign *foreign, const struct retort_json_object *object,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct columns_of columns;
    const struct row row = row_of(object, arena);
    const struct retort_span *names = keys_of(object, arena);
    if (!columns_find(&columns, simple_names(names, object, arena), object->n_members,
                      foreign->run->request->map, error))
        return false;
    columns.names = names;
    if (!foreign->is_said && columns.guessed)
        columns_say(&columns, foreign->run);
    foreign->is_said = true;
    return columns_take(&columns, &row, foreign->run, arena, error);
}

static void show(const struct foreign *foreign, const struct retort_archive *file)
{
    size_t done, total;
    retort_archive_position(file, &done, &total);
    foreign->run->request->show(foreign->run->request->context, done);
}

/* One object after another; *ended: there was none. */
static bool take_next(struct foreign *foreign, struct retort_arena *arena, bool *ended,
                      struct retort_error *error)
{
    struct retort_json_object object;
    enum values_step step = values_next(foreign->values, arena, &object, error);
    size_t number = values_number(foreign->values);
    *ended = step == VALUES_END;
    return *ended || (step == VALUES_OBJECT && take_object(foreign, &object, arena, error)) ||
           import_note(foreign->run, number, error) ||
           retort_fail_within(error, "%s:%zu", foreign->run->path, number);
}

bool import_foreign_read(struct import_run *run, struct retort_archive *file,
                         struct retort_error *error)
{
    struct foreign foreign = {.run = run, .values = values_open(file)};
    struct retort_arena arena = {0};
    bool good = true, ended = false;
    while (good && !ended) {
        good = take_next(&foreign, &arena, &ended, error);
        retort_arena_clear(&arena);
        show(&foreign, file);
    }
    retort_arena_release(&arena);
    values_close(foreign.values);
    return good;
}

/* The first object has no text, but what others call so. */
bool import_is_foreign(struct retort_span head)
{
    struct retort_span line = {0};
    struct retort_error ignored;
    struct retort_arena arena = {0};
    struct retort_json_object object;
    retort_span_next_line(&head, &line);
    line = retort_span_trim(line);
    bool is = line.len > 0 && line.data[0] == '{' &&
              retort_json_scan(line, &arena, &object, &ignored) && object.is_object &&
              !values_member(&object, "text", &arena).data &&
              columns_are_known(keys_of(&object, &arena), object.n_members);
    retort_arena_release(&arena);
    return is;
}
