/* Is it JSON as jansson takes it? Most of what comes is, and is plain; then one walk over the bytes
 * says so, without a tree that would only be thrown away: a quarter of the time and no memory. What
 * this walk is not sure of (a deep nest, many members, a key with escapes, a number of many
 * digits), and all that is wrong, jansson decides, and says what is wrong. So the walk must never
 * take what jansson would not; the fuzz target `json` holds it to that. */
#include "base/base.h"

enum { MOST_DEPTH = 32, MOST_KEYS = 256, MOST_DIGITS = 64 };

struct walk {
    struct retort_span text;
    size_t at;
    /* What is open, the innermost last: '}' or ']', and where the keys of an object begin. */
    size_t depth;
    uint8_t closes[MOST_DEPTH];
    size_t first_key[MOST_DEPTH];
    struct retort_span keys[MOST_KEYS];
    size_t n_keys;
};

static uint8_t here(const struct walk *walk)
{
    return walk->at < walk->text.len ? walk->text.data[walk->at] : 0;
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

/* Eight bytes none of which ends a string, is an escape or a control character? Each test sets the
 * highest bit of a byte that it finds, and at times of one before it: then the bytes are looked at.
 */
static bool all_plain(uint64_t eight)
{
    const uint64_t high = RETORT_EACH(0x80);
    uint64_t quote = eight ^ RETORT_EACH('"'), escape = eight ^ RETORT_EACH('\\');
    uint64_t found = ((quote - RETORT_EACH(1)) & ~quote) | ((escape - RETORT_EACH(1)) & ~escape) |
                     ((eight - RETORT_EACH(0x20)) & ~eight);
    return (found & high) == 0;
}

static bool is_hex(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'f');
}

/* \uXXXX of the basic plane without surrogates: first digit no d, or second below 8. */
static bool escape_of_unicode(struct walk *walk)
{
    const uint8_t *digits = walk->text.data + walk->at + 1;
    if (walk->text.len - walk->at < 5)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!is_hex(digits[i]))
            return false;
    walk->at += 4;
    return (digits[0] | 32) != 'd' || digits[1] < '8';
}

/* Behind the backslash. */
static bool escape(struct walk *walk)
{
    switch (here(walk)) {
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
    *plain = true;
    for (walk->at++; walk->at < walk->text.len; walk->at++) {
        while (walk->text.len - walk->at >= 8 &&
               all_plain(retort_eight(walk->text.data + walk->at)))
            walk->at += 8;
        uint8_t byte = here(walk);
        if (byte == '"') {
            walk->at++;
            return true;
        }
        if (byte < 0x20)
            return false;
        if (byte != '\\')
            continue;
        *plain = false;
        walk->at++;
        if (!escape(walk))
            return false;
    }
    return false;
}

static bool digits(struct walk *walk)
{
    size_t begin = walk->at;
    while (here(walk) >= '0' && here(walk) <= '9')
        walk->at++;
    return walk->at > begin && walk->at - begin <= MOST_DIGITS;
}

/* Without an exponent: those may be too large. */
static bool number(struct walk *walk)
{
    walk->at += here(walk) == '-';
    uint8_t first = here(walk);
    size_t begin = walk->at;
    if (!digits(walk) || (first == '0' && walk->at - begin > 1))
        return false;
    if (here(walk) == '.') {
        walk->at++;
        if (!digits(walk))
            return false;
    }
    return (here(walk) | 32) != 'e';
}

static bool word(struct walk *walk, struct retort_span expected)
{
    bool fits =
        retort_span_starts(retort_span_slice(walk->text, walk->at, walk->text.len), expected);
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

/* `"key":`, which this object has not had. */
static bool key(struct walk *walk)
{
    size_t begin = walk->at;
    bool plain;
    if (here(walk) != '"' || !string(walk, &plain) || !plain || walk->n_keys == MOST_KEYS)
        return false;
    struct retort_span name = retort_span_slice(walk->text, begin, walk->at);
    for (size_t i = walk->first_key[walk->depth - 1]; i < walk->n_keys; i++)
        if (retort_span_equal(walk->keys[i], name))
            return false;
    walk->keys[walk->n_keys++] = name;
    if (skip_space(walk) != ':')
        return false;
    walk->at++;
    return true;
}

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
}

/* Behind a value: closes what ends here; false when something else follows. *ended: all is closed.
 */
static bool after_value(struct walk *walk, bool *ended)
{
    while (walk->depth > 0 && skip_space(walk) == walk->closes[walk->depth - 1])
        close(walk);
    *ended = walk->depth == 0;
    if (*ended)
        return skip_space(walk) == 0 && walk->at == walk->text.len;
    if (here(walk) != ',')
        return false;
    walk->at++;
    return true;
}

/* The next value of what is open, or its beginning; an empty container is a value. */
static bool value(struct walk *walk, bool *opened)
{
    uint8_t byte = skip_space(walk);
    *opened = byte == '{' || byte == '[';
    if (!*opened)
        return scalar(walk);
    if (!open(walk, byte))
        return false;
    if (skip_space(walk) == walk->closes[walk->depth - 1]) {
        close(walk);
        *opened = false;
    }
    return true;
}

static bool is_surely_json(struct retort_span bytes)
{
    struct walk walk = {.text = bytes};
    uint8_t byte = skip_space(&walk);
    if ((byte != '{' && byte != '[') || !retort_utf8_valid(bytes))
        return false;
    for (bool opened, ended = false; !ended;) {
        bool member = walk.depth > 0 && walk.closes[walk.depth - 1] == '}';
        skip_space(&walk);
        if ((member && !key(&walk)) || !value(&walk, &opened) ||
            (!opened && !after_value(&walk, &ended)))
            return false;
    }
    return true;
}

bool retort_json_check(struct retort_span bytes, struct retort_error *error)
{
    if (is_surely_json(bytes))
        return true;
    struct retort_json *root = retort_json_parse(bytes, error);
    retort_json_free(root);
    return root != NULL;
}
