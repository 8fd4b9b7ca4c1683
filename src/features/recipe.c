/* Recipes: which features a task uses, as `key=value` words; `#` opens a comment.
 *
 * One table says what keys there are, so that a group of features costs one row and one member.
 * Keys that begin with "train." say how the weights are learned: they stand in the same file, and
 * the room `train` reads them. A key that nobody knows, or a value out of range, is refused: a
 * model that holds it was made by another program. */
#include "features/features.h"

#include <stddef.h>
#include <string.h>

enum kind { FLAG, COUNT, RANGE, REAL };

static const struct key {
    const char *name;
    enum kind kind;
    size_t offset;
    double most;
} KEYS[] = {
    {"words", COUNT, offsetof(struct retort_recipe, word_max), 3},
    {"chars", RANGE, offsetof(struct retort_recipe, char_min), 6}, /* "2-5": two members */
    {"pieces", FLAG, offsetof(struct retort_recipe, pieces), 1},
    {"binary", FLAG, offsetof(struct retort_recipe, binary), 1},
    {"idf", FLAG, offsetof(struct retort_recipe, idf), 1},
    {"negation", FLAG, offsetof(struct retort_recipe, negation), 1},
    {"cues", FLAG, offsetof(struct retort_recipe, cues), 1},
    {"manner", FLAG, offsetof(struct retort_recipe, manner), 1},
    {"quotes", FLAG, offsetof(struct retort_recipe, quotes), 1},
    {"reply", FLAG, offsetof(struct retort_recipe, reply), 1},
    {"place", FLAG, offsetof(struct retort_recipe, place), 1},
    {"parent", FLAG, offsetof(struct retort_recipe, parent), 1},
    {"openings", FLAG, offsetof(struct retort_recipe, openings), 1},
    {"early", COUNT, offsetof(struct retort_recipe, early), 100},
    {"phrases", FLAG, offsetof(struct retort_recipe, phrases), 1},
    {"questions", FLAG, offsetof(struct retort_recipe, questions), 1},
    {"lengths", FLAG, offsetof(struct retort_recipe, lengths), 1},
    {"target", FLAG, offsetof(struct retort_recipe, target), 1},
    {"mask", FLAG, offsetof(struct retort_recipe, mask), 1},
    {"toward", FLAG, offsetof(struct retort_recipe, toward), 1},
    {"cue_scale", REAL, offsetof(struct retort_recipe, cue_scale), 100},
    {"kin_scale", REAL, offsetof(struct retort_recipe, kin_scale), 100},
    {"topic_scale", REAL, offsetof(struct retort_recipe, topic_scale), 100},
    {"stack", FLAG, offsetof(struct retort_recipe, stack), 1},
    {"stack_parent", FLAG, offsetof(struct retort_recipe, stack_parent), 1},
    {"stack_target", FLAG, offsetof(struct retort_recipe, stack_target), 1},
    {"stack_scale", REAL, offsetof(struct retort_recipe, stack_scale), 100},
};
enum { N_KEYS = sizeof KEYS / sizeof KEYS[0] };

const struct retort_recipe RETORT_GENERAL_RECIPE = {
    .word_max = 2,
    .char_min = 3,
    .char_max = 5,
    .idf = true,
    .cues = true,
    .reply = true,
    .target = true,
    .cue_scale = 0.2,
};

static bool is_unset(const struct retort_recipe *recipe, const struct key *key)
{
    static const char NOTHING[sizeof(double)] = {0};
    static const size_t SIZES[] = {[FLAG] = sizeof(bool),
                                   [COUNT] = sizeof(unsigned),
                                   [RANGE] = 2 * sizeof(unsigned),
                                   [REAL] = sizeof(double)};
    return memcmp((const char *)recipe + key->offset, NOTHING, SIZES[key->kind]) == 0;
}

static void write_value(const struct retort_recipe *recipe, const struct key *key,
                        struct retort_buffer *out)
{
    const void *at = (const char *)recipe + key->offset;
    const unsigned *counts = at;
    switch (key->kind) {
    case FLAG:
        retort_buffer_text(out, *(const bool *)at ? "1" : "0");
        break;
    case COUNT:
        retort_buffer_format(out, "%u", counts[0]);
        break;
    case RANGE:
        retort_buffer_format(out, "%u-%u", counts[0], counts[1]);
        break;
    case REAL:
        retort_buffer_number(out, *(const double *)at);
    }
}

void retort_recipe_write(const struct retort_recipe *recipe, struct retort_buffer *out)
{
    for (size_t i = 0, n = 0; i < N_KEYS; i++) {
        if (is_unset(recipe, &KEYS[i]))
            continue;
        retort_buffer_format(out, "%s%s=", n++ ? " " : "", KEYS[i].name);
        write_value(recipe, &KEYS[i], out);
    }
}

/* ---- reading ---- */

bool retort_recipe_next(struct retort_span *rest, struct retort_setting *setting)
{
    size_t at = 0, end, equals;
    const uint8_t *text = rest->data;
    while (at < rest->len && (text[at] <= ' ' || text[at] == '#'))
        if (text[at++] == '#')
            while (at < rest->len && text[at] != '\n')
                at++;
    for (end = at; end < rest->len && text[end] > ' ' && text[end] != '#';)
        end++;
    for (equals = at; equals < end && text[equals] != '=';)
        equals++;
    setting->key = retort_span_slice(*rest, at, equals);
    setting->value = retort_span_slice(*rest, equals < end ? equals + 1 : end, end);
    *rest = retort_span_slice(*rest, end, rest->len);
    return end > at; /* a "=" alone is a setting, too: one that nobody knows */
}

bool retort_setting_number(struct retort_span text, double most, double *value)
{
    char copy[32];
    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = 0;
    return retort_parse_number(copy, value) && *value >= 0 && *value <= most;
}

static bool read_count(struct retort_span text, double most, unsigned *count)
{
    double value;
    if (!retort_setting_number(text, most, &value) || value != (double)(unsigned)value)
        return false;
    *count = (unsigned)value;
    return true;
}

/* "2-5", in this order. */
static bool read_range(struct retort_span text, double most, unsigned counts[2])
{
    size_t dash = 0;
    while (dash < text.len && text.data[dash] != '-')
        dash++;
    return dash < text.len && read_count(retort_span_slice(text, 0, dash), most, &counts[0]) &&
           read_count(retort_span_slice(text, dash + 1, text.len), most, &counts[1]) &&
           counts[0] <= counts[1];
}

static bool read_value(struct retort_recipe *recipe, const struct key *key, struct retort_span text)
{
    void *at = (char *)recipe + key->offset;
    unsigned flag = 0;
    bool sound;
    switch (key->kind) {
    case FLAG:
        sound = read_count(text, key->most, &flag);
        *(bool *)at = flag;
        return sound;
    case COUNT:
        return read_count(text, key->most, at);
    case RANGE:
        return read_range(text, key->most, at);
    default:
        return retort_setting_number(text, key->most, at);
    }
}

static const struct key *find_key(struct retort_span name)
{
    for (size_t i = 0; i < N_KEYS; i++)
        if (retort_span_equal(name, retort_span_of(KEYS[i].name)))
            return &KEYS[i];
    return NULL;
}

/* As much of a name or value as a line of error can bear. */
static int shown(struct retort_span text)
{
    return (int)(text.len < 40 ? text.len : 40);
}

static bool read_setting(struct retort_recipe *recipe, const struct retort_setting *setting,
                         struct retort_error *error)
{
    const struct key *key = find_key(setting->key);
    if (!key && retort_span_starts(setting->key, RETORT_SPAN("train.")))
        return true;
    if (!key)
        return retort_fail(error, RETORT_REFUSED,
                           "recipe: \"%.*s\" is no feature setting that this retort knows; "
                           "training/README.md lists them (a newer retort may have more)",
                           shown(setting->key), (const char *)setting->key.data);
    return read_value(recipe, key, setting->value) ||
           retort_fail(error, RETORT_REFUSED, "recipe: %s takes %s from 0 to %g, not \"%.*s\"",
                       key->name, key->kind == RANGE ? "two numbers, 2-5," : "a number", key->most,
                       shown(setting->value), (const char *)setting->value.data);
}

bool retort_recipe_read(struct retort_recipe *recipe, struct retort_span text,
                        struct retort_error *error)
{
    struct retort_setting setting;
    *recipe = (struct retort_recipe){0};
    while (retort_recipe_next(&text, &setting))
        if (!read_setting(recipe, &setting, error))
            return false;
    return true;
}
