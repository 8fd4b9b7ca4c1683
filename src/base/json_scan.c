/* Is it JSON as jansson takes it, and where do the members of its object stand? Most of what comes
 * is JSON, and is plain; then one walk over the bytes says so and leaves the members as spans,
 * without a tree that would only be thrown away: at the speed of reading, and without memory. What
 * this walk is not sure of (a deep nest, many members, a key with escapes, a number of many
 * digits), and all that is wrong, jansson decides, and says what is wrong. So the walk must never
 * take what jansson would not; the fuzz target `json` holds it to that.
 *
 * Strings are most of the bytes. In them only a quote, a backslash and control characters are
 * looked for; whether a byte was above 127 is remembered, and such a string's UTF-8 is checked when
 * its end is known. Keys of one object are compared by a mark of eight bytes first. */
#include "base/base.h"

enum { MOST_DEPTH = 32, MOST_KEYS = 256, MOST_DIGITS = 64, MOST_EXPONENT = 2, SIXTEEN = 16 };

struct key {
    uint64_t mark; /* different for keys that differ in their length or ends; mostly */
    struct retort_span name;
};

struct walk {
    const uint8_t *at, *end;
    /* What is open, the innermost last: '}' or ']', and where the keys of an object begin. */
    size_t depth;
    uint8_t closes[MOST_DEPTH];
    size_t first_key[MOST_DEPTH];
    struct key keys[MOST_KEYS];
    size_t n_keys;
    struct retort_json_member members[MOST_KEYS]; /* of the outermost object */
    size_t n_members;
};

static uint8_t here(const struct walk *walk)
{
    return walk->at < walk->end ? *walk->at : 0;
}

static size_t left(const struct walk *walk)
{
    return (size_t)(walk->end - walk->at);
}

static uint8_t skip_space(struct walk *walk)
{
    uint8_t byte = here(walk);
    while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
        walk->at++;
        byte = here(walk);
    }
    return byte;
}

/* ---- strings ---- */

/* The highest bit of the first of eight bytes that ends a string, is an escape or a control
 * character; bits of bytes behind it mean nothing. */
static uint64_t first_special(uint64_t eight)
{
    uint64_t quote = eight ^ RETORT_EACH('"'), escape = eight ^ RETORT_EACH('\\');
    uint64_t found = ((quote - RETORT_EACH(1)) & ~quote) | ((escape - RETORT_EACH(1)) & ~escape) |
                     ((eight - RETORT_EACH(0x20)) & ~eight);
    return found & RETORT_EACH(0x80);
}

/* Sixteen at once, as most machines can: is any of them special? */
static bool has_special(const uint8_t bytes[SIXTEEN], uint64_t *seen)
{
    typedef uint8_t lanes __attribute__((vector_size(SIXTEEN)));
    lanes text, special;
    uint64_t halves[2], found[2];
    memcpy(&text, bytes, sizeof text);
    special = (lanes)(text == '"') | (lanes)(text == '\\') | (lanes)(text < 0x20);
    memcpy(halves, &text, sizeof halves);
    memcpy(found, &special, sizeof found);
    *seen |= halves[0] | halves[1];
    return (found[0] | found[1]) != 0;
}

/* To the next such byte, or the end; what was passed is in *seen. */
static void skip_plain(struct walk *walk, uint64_t *seen)
{
    while (left(walk) >= SIXTEEN && !has_special(walk->at, seen))
        walk->at += SIXTEEN;
    while (left(walk) >= 8) {
        uint64_t eight = retort_eight(walk->at), special = first_special(eight);
        *seen |= eight;
        walk->at += retort_before_first(special);
        if (special)
            return;
    }
    for (; walk->at < walk->end; walk->at++) {
        *seen |= *walk->at;
        if (*walk->at == '"' || *walk->at == '\\' || *walk->at < 0x20)
            return;
    }
}

static bool hex4(struct walk *walk, uint32_t *value)
{
    *value = 0;
    if (left(walk) < 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        uint8_t byte = *walk->at++, letter = (byte | 32) - 'a';
        if (letter < 6)
            *value = *value << 4 | (letter + 10u);
        else if (byte >= '0' && byte <= '9')
            *value = *value << 4 | (byte - (uint32_t)'0');
        else
            return false;
    }
    return true;
}

/* Behind \u: a code point, or both halves of a pair. */
static bool escape_of_unicode(struct walk *walk)
{
    uint32_t unit, low;
    if (!hex4(walk, &unit))
        return false;
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    if (unit > 0xDBFF || left(walk) < 6 || walk->at[0] != '\\' || walk->at[1] != 'u')
        return false;
    walk->at += 2;
    return hex4(walk, &low) && low >= 0xDC00 && low <= 0xDFFF;
}

/* Behind the backslash. */
static bool escape(struct walk *walk)
{
    uint8_t letter = here(walk);
    walk->at += walk->at < walk->end;
    switch (letter) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return true;
    case 'u':
        return escape_of_unicode(walk);
    default:
        return false;
    }
}

/* From the opening quote to behind the closing one; *plain: no escape in it. */
static bool string(struct walk *walk, bool *plain)
{
    const uint8_t *begin = walk->at++;
    uint64_t seen = 0;
    *plain = true;
    for (skip_plain(walk, &seen); here(walk) == '\\'; skip_plain(walk, &seen)) {
        *plain = false;
        walk->at++;
        if (!escape(walk))
            return false;
    }
    if (here(walk) != '"')
        return false;
    walk->at++;
    return !(seen & RETORT_EACH(0x80)) ||
           retort_utf8_valid((struct retort_span){begin, (size_t)(walk->at - begin)});
}

/* ---- other values ---- */

static bool digits(struct walk *walk, size_t most)
{
    const uint8_t *begin = walk->at;
    while (here(walk) >= '0' && here(walk) <= '9')
        walk->at++;
    return walk->at > begin && (size_t)(walk->at - begin) <= most;
}

static bool exponent(struct walk *walk)
{
    if ((here(walk) | 32) != 'e')
        return true;
    walk->at++;
    walk->at += here(walk) == '+' || here(walk) == '-';
    return digits(walk, MOST_EXPONENT);
}

static bool number(struct walk *walk)
{
    walk->at += here(walk) == '-';
    const uint8_t *begin = walk->at;
    if (!digits(walk, MOST_DIGITS) || (*begin == '0' && walk->at - begin > 1))
        return false;
    if (here(walk) == '.') {
        walk->at++;
        if (!digits(walk, MOST_DIGITS))
            return false;
    }
    return exponent(walk);
}

static bool word(struct walk *walk, struct retort_span expected)
{
    bool fits = retort_span_starts((struct retort_span){walk->at, left(walk)}, expected);
    walk->at += fits ? expected.len : 0;
    return fits;
}

static bool scalar(struct walk *walk)
{
    bool plain;
    switch (here(walk)) {
    case '"':
        return string(walk, &plain);
    case 't':
        return word(walk, RETORT_SPAN("true"));
    case 'f':
        return word(walk, RETORT_SPAN("false"));
    case 'n':
        return word(walk, RETORT_SPAN("null"));
    default:
        return number(walk);
    }
}

/* ---- members ---- */

static uint64_t mark_of(struct retort_span name)
{
    uint64_t mark = 0, last = 0;
    if (name.len >= 8) {
        mark = retort_eight(name.data);
        last = retort_eight(name.data + name.len - 8);
    } else {
        for (size_t i = 0; i < name.len; i++)
            mark = mark << 8 | name.data[i];
    }
    return mark + last * 3 + name.len * UINT64_C(0x9E3779B97F4A7C15);
}

/* Notes a key that this object has not had. */
static bool add_key(struct walk *walk, struct retort_span name)
{
    const struct key key = {mark_of(name), name};
    if (walk->n_keys == MOST_KEYS)
        return false;
    for (size_t i = walk->first_key[walk->depth - 1]; i < walk->n_keys; i++)
        if (walk->keys[i].mark == key.mark && retort_span_equal(walk->keys[i].name, name))
            return false;
    walk->keys[walk->n_keys++] = key;
    if (walk->depth == 1)
        walk->members[walk->n_members].key = name;
    return true;
}

/* `"key":` */
static bool key(struct walk *walk)
{
    const uint8_t *begin = walk->at + 1;
    bool plain;
    if (here(walk) != '"' || !string(walk, &plain) || !plain ||
        !add_key(walk, (struct retort_span){begin, (size_t)(walk->at - 1 - begin)}))
        return false;
    if (skip_space(walk) != ':')
        return false;
    walk->at++;
    return true;
}

static bool is_in_object(const struct walk *walk)
{
    return walk->depth > 0 && walk->closes[walk->depth - 1] == '}';
}

/* A value begins here; if it is one of the outermost object's, its member is told. */
static void begin_value(struct walk *walk)
{
    if (walk->depth == 1 && is_in_object(walk))
        walk->members[walk->n_members].value.data = walk->at;
}

static void end_value(struct walk *walk)
{
    if (walk->depth == 1 && is_in_object(walk)) {
        struct retort_span *value = &walk->members[walk->n_members++].value;
        value->len = (size_t)(walk->at - value->data);
    }
}

/* ---- the walk ---- */

static bool open(struct walk *walk, uint8_t byte)
{
    if (walk->depth == MOST_DEPTH)
        return false;
    walk->closes[walk->depth] = byte == '{' ? '}' : ']';
    walk->first_key[walk->depth++] = walk->n_keys;
    walk->at++;
    return true;
}

static void close(struct walk *walk)
{
    walk->n_keys = walk->first_key[--walk->depth];
    walk->at++;
    end_value(walk);
}

/* Behind a value: closes what ends here; false when something else follows. *ended: all is closed.
 */
static bool after_value(struct walk *walk, bool *ended)
{
    while (walk->depth > 0 && skip_space(walk) == walk->closes[walk->depth - 1])
        close(walk);
    *ended = walk->depth == 0;
    if (*ended)
        return skip_space(walk) == 0 && walk->at == walk->end;
    if (here(walk) != ',')
        return false;
    walk->at++;
    return true;
}

/* The next value of what is open, or its beginning; an empty container is a value. */
static bool value(struct walk *walk, bool *opened)
{
    uint8_t byte = skip_space(walk);
    begin_value(walk);
    *opened = byte == '{' || byte == '[';
    if (!*opened) {
        bool sound = scalar(walk);
        end_value(walk);
        return sound;
    }
    if (!open(walk, byte))
        return false;
    if (skip_space(walk) == walk->closes[walk->depth - 1]) {
        close(walk);
        *opened = false;
    }
    return true;
}

static bool is_surely_json(struct walk *walk, struct retort_span bytes)
{
    walk->at = bytes.data;
    walk->end = bytes.data + bytes.len;
    walk->depth = walk->n_keys = walk->n_members = 0;
    uint8_t byte = skip_space(walk);
    if (byte != '{' && byte != '[')
        return false;
    for (bool opened, ended = false; !ended;) {
        if (is_in_object(walk) && (skip_space(walk) != '"' || !key(walk)))
            return false;
        if (!value(walk, &opened) || (!opened && !after_value(walk, &ended)))
            return false;
    }
    return true;
}

/* ---- for those who ask ---- */

bool retort_json_check(struct retort_span bytes, struct retort_error *error)
{
    struct walk walk;
    if (bytes.len > 0 && is_surely_json(&walk, bytes))
        return true;
    struct retort_json *root = retort_json_parse(bytes, error);
    retort_json_free(root);
    return root != NULL;
}

/* What the walk was not sure of. */
static bool ask_jansson(struct retort_span bytes, struct retort_arena *arena,
                        struct retort_json_object *object, struct retort_error *error)
{
    struct retort_json *root = retort_json_parse(bytes, error);
    if (!root)
        return false;
    object->is_object = retort_json_is_object(root);
    object->n_members = object->is_object ? retort_json_members(bytes, arena, &object->members) : 0;
    retort_json_free(root);
    return true;
}

bool retort_json_scan(struct retort_span bytes, struct retort_arena *arena,
                      struct retort_json_object *object, struct retort_error *error)
{
    struct walk walk;
    *object = (struct retort_json_object){0};
    if (bytes.len == 0 || !is_surely_json(&walk, bytes))
        return ask_jansson(bytes, arena, object, error);
    object->is_object = walk.closes[0] == '}';
    object->n_members = walk.n_members;
    object->members = retort_arena_room(arena, walk.n_members, sizeof *object->members);
    if (walk.n_members > 0)
        memcpy(object->members, walk.members, walk.n_members * sizeof *object->members);
    return true;
}
