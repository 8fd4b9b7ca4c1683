/* A table is the file's bytes and, of each member, where it stands: a parsed tree of a million
 * speakers would take thirty times that. The outer object is cut into its members by hand, each of
 * them is checked by itself. */
#include "exchange/convokit_table.h"

#include <stdlib.h>
#include <sys/stat.h>

/* ---- cutting ---- */

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The byte there; 0: the end. */
static uint8_t skip_space(struct retort_span text, size_t *at)
{
    while (*at < text.len && is_space(text.data[*at]))
        ++*at;
    return *at < text.len ? text.data[*at] : 0;
}

static size_t string_end(struct retort_span text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++)
        at += text.data[at] == '\\';
    return at < text.len ? at + 1 : text.len;
}

/* Behind the value that begins there, if it is one. */
static size_t value_end(struct retort_span text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        uint8_t byte = text.data[at];
        if (byte == '"') {
            at = string_end(text, at);
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (byte == ',' || byte == '}'))
            return at;
        depth += byte == '{' || byte == '[';
        if ((byte == '}' || byte == ']') && depth-- <= 1)
            return at + 1;
        at++;
    }
    return at;
}

static bool is_sound(struct retort_span member, struct retort_error *error)
{
    struct retort_buffer object = {0};
    retort_buffer_byte(&object, '{');
    retort_buffer_put(&object, member);
    retort_buffer_byte(&object, '}');
    bool sound = retort_json_check(retort_buffer_span(&object), error);
    retort_buffer_release(&object);
    return sound;
}

static bool add_member(struct convokit_table *table, size_t *at, struct retort_arena *arena,
                       struct retort_error *error)
{
    struct retort_span text = table->file.bytes;
    size_t name = *at, name_end = string_end(text, name), value = name_end;
    bool colon = skip_space(text, &value) == ':';
    value += colon;
    skip_space(text, &value);
    *at = value_end(text, value);
    struct retort_span member = retort_span_slice(text, name, *at);
    if (!colon || value == *at || !is_sound(member, error))
        return false;
    if (table->n == table->capacity) {
        table->capacity = table->n ? 2 * table->n : 64;
        table->entries = retort_grow(table->entries, table->capacity, sizeof *table->entries);
    }
    struct retort_span said = retort_json_unquote(retort_span_slice(text, name, name_end), arena);
    table->entries[table->n++] = (struct table_entry){retort_hash(said, 0), name, value, *at};
    return true;
}

/* ---- a file ---- */

static int compare(const void *left, const void *right)
{
    const struct table_entry *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->name < b->name ? -1 : a->name > b->name;
}

static bool cut(struct convokit_table *table, struct retort_arena *arena,
                struct retort_error *error)
{
    struct retort_span text = table->file.bytes;
    size_t at = 0;
    retort_fail(error, RETORT_INPUT, "is no JSON object");
    if (skip_space(text, &at) != '{')
        return false;
    for (at++; skip_space(text, &at) == '"';) {
        if (!add_member(table, &at, arena, error))
            return false;
        retort_arena_clear(arena);
        if (skip_space(text, &at) == ',')
            at++;
    }
    return skip_space(text, &at) == '}';
}

static char *path_of(const char *directory, const char *name)
{
    struct retort_buffer path = {0};
    retort_buffer_format(&path, "%s/%s", directory, name);
    retort_buffer_byte(&path, 0);
    return (char *)path.data;
}

static bool read_table(struct convokit_table *table, const char *path, struct retort_error *error)
{
    struct retort_arena arena = {0};
    if (!retort_file_read(&table->file, path, error))
        return false;
    bool sound = cut(table, &arena, error) || retort_fail_within(error, "%s", path);
    retort_arena_release(&arena);
    if (table->n)
        qsort(table->entries, table->n, sizeof *table->entries, compare);
    return sound;
}

bool table_open(struct convokit_table *table, const char *directory, const char *const *names,
                struct retort_error *error)
{
    struct stat status;
    bool read = true;
    *table = (struct convokit_table){0};
    for (bool found = false; *names && !found; names++) {
        char *path = path_of(directory, *names);
        found = stat(path, &status) == 0;
        read = !found || read_table(table, path, error);
        free(path);
    }
    return read;
}

struct retort_span table_find(const struct convokit_table *table, struct retort_span name,
                              struct retort_arena *arena)
{
    uint64_t hash = retort_hash(name, 0);
    size_t low = 0, high = table->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->entries[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < table->n && table->entries[low].hash == hash; low++) {
        const struct table_entry *entry = &table->entries[low];
        struct retort_span text = table->file.bytes;
        struct retort_span quoted =
            retort_span_slice(text, entry->name, string_end(text, entry->name));
        if (retort_span_equal(retort_json_unquote(quoted, arena), name))
            return retort_span_trim(retort_span_slice(text, entry->value, entry->end));
    }
    return (struct retort_span){0};
}

void table_close(struct convokit_table *table)
{
    if (table->file.bytes.data)
        retort_file_close(&table->file);
    free(table->entries);
    *table = (struct convokit_table){0};
}
