/* index.json. ConvoKit drops, when it writes a corpus again, every member of a meta that the index
 * does not name, so all are gathered as they pass by. */
#include "exchange/convokit.h"
#include "exchange/values.h"

#include <stdlib.h>

enum { MOST_KEYS = 512 };

enum type { STR, INT, FLOAT, BOOL, LIST, DICT, N_TYPES };
static const char *const TYPES[N_TYPES] = {"str", "int", "float", "bool", "list", "dict"};

static const char *const OBJECTS[N_CONVOKIT_OBJECTS] = {
    [UTTERANCE] = "utterances-index",
    [SPEAKER] = "speakers-index",
    [CONVERSATION] = "conversations-index",
    [OVERALL] = "overall-index",
};

/* The bit of a raw value's type in Python; null has none. */
static unsigned type_of(struct retort_span value)
{
    switch (value.data[0]) {
    case '"':
        return 1u << STR;
    case '[':
        return 1u << LIST;
    case '{':
        return 1u << DICT;
    case 't':
    case 'f':
        return 1u << BOOL;
    case 'n':
        return 0;
    }
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] == '.' || value.data[i] == 'e' || value.data[i] == 'E')
            return 1u << FLOAT;
    return 1u << INT;
}

bool index_note(struct convokit_index *index, enum convokit_object object, struct retort_span key,
                struct retort_span value)
{
    size_t *n = &index->n[object], i = 0;
    while (i < *n && !retort_span_equal(index->keys[object][i].name, key))
        i++;
    if (i == MOST_KEYS)
        return false;
    if (i == *n) {
        if (*n == index->capacity[object]) {
            index->capacity[object] = *n ? 2 * *n : 16;
            index->keys[object] = retort_grow(index->keys[object], index->capacity[object],
                                              sizeof *index->keys[object]);
        }
        index->keys[object][(*n)++] =
            (struct index_key){.name = retort_arena_copy(&index->arena, key)};
    }
    index->keys[object][i].types |= type_of(value);
    return true;
}

void index_note_all(struct convokit_index *index, enum convokit_object object,
                    struct retort_span raw, struct retort_arena *arena)
{
    struct retort_json_object members;
    if (!values_object(raw, arena, &members))
        return;
    for (size_t i = 0; i < members.n_members; i++)
        index_note(index, object, members.members[i].key, members.members[i].value);
}

static void put_types(struct retort_buffer *out, unsigned types)
{
    bool first = true;
    for (size_t i = 0; i < N_TYPES; i++)
        if (types >> i & 1) {
            retort_buffer_format(out, "%s\"<class '%s'>\"", first ? "" : ",", TYPES[i]);
            first = false;
        }
}

void index_write(const struct convokit_index *index, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    for (size_t object = 0; object < N_CONVOKIT_OBJECTS; object++) {
        retort_buffer_format(out, "\"%s\":{", OBJECTS[object]);
        for (size_t i = 0; i < index->n[object]; i++) {
            retort_buffer_text(out, i ? ",\"" : "\"");
            retort_buffer_put(out, index->keys[object][i].name);
            retort_buffer_text(out, "\":[");
            put_types(out, index->keys[object][i].types);
            retort_buffer_byte(out, ']');
        }
        retort_buffer_text(out, "},");
    }
    retort_buffer_text(out, "\"version\":1,\"vectors\":[]}\n");
}

void index_release(struct convokit_index *index)
{
    for (size_t object = 0; object < N_CONVOKIT_OBJECTS; object++)
        free(index->keys[object]);
    retort_arena_release(&index->arena);
}
