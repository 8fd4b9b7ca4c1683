/* Features that must not weigh: all that contain one of some terms. Their values are left out of
 * the problem once the rows are weighed, so that no solver can give them a weight, while every
 * other value stays what it was. */
#include "train/parts.h"

#include <string.h>

enum { LEAST_TERM = 3, TELLING_PIECE = 3 }; /* bytes: shorter ones stand in too many other words */

/* A term's folded words: between spaces, and with a plural's s. */
struct term {
    struct retort_span one, many; /* " gay ", " gays " */
};

static struct retort_span fold(struct retort_span text, const char *end, struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, ' ');
    for (size_t at = 0; at < text.len;) {
        uint8_t bytes[4];
        uint32_t letter = retort_fold(retort_utf8_next(text, &at));
        retort_buffer_put(&out, (struct retort_span){bytes, retort_utf8_put(bytes, letter)});
    }
    retort_buffer_text(&out, end);
    struct retort_span folded = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return folded;
}

static bool contains(struct retort_span text, struct retort_span part)
{
    for (size_t at = 0; at + part.len <= text.len; at++)
        if (retort_span_starts(retort_span_slice(text, at, text.len), part))
            return true;
    return false;
}

/* An n-gram of characters holds the term, or is a telling piece of it. */
static bool piece_holds(struct retort_span piece, const struct term *term)
{
    struct retort_span letters = retort_span_slice(term->one, 1, term->one.len - 1);
    return contains(piece, letters) ||
           (piece.len >= TELLING_PIECE &&
            (contains(term->one, piece) || contains(term->many, piece)));
}

/* A name of words ("word:gay people", "pair:marriage|gay", "word:not_gay"), its marks as spaces. */
static bool words_hold(struct retort_span name, const struct term *term, struct retort_arena *arena)
{
    struct retort_buffer plain = {0};
    retort_buffer_byte(&plain, ' ');
    for (size_t i = 0; i < name.len; i++) {
        bool mark = name.data[i] == '|' || name.data[i] == '_';
        retort_buffer_byte(&plain, mark ? ' ' : name.data[i]);
    }
    retort_buffer_byte(&plain, ' ');
    struct retort_span text = retort_arena_copy(arena, retort_buffer_span(&plain));
    retort_buffer_release(&plain);
    return contains(text, term->one) || contains(text, term->many);
}

static bool holds(const struct retort_matrix *matrix, uint32_t feature, const struct term *term)
{
    struct retort_arena arena = {0};
    enum retort_field field = matrix->dictionary.fields[feature];
    struct retort_span name = matrix->names[feature];
    name = retort_span_slice(name, strlen(retort_field_name(field)) + 1, name.len);
    bool dense = retort_field_is_dense(field);
    bool found = !dense && (field == RETORT_FIELD_CHAR ? piece_holds(name, term)
                                                       : words_hold(name, term, &arena));
    retort_arena_release(&arena);
    return found;
}

static bool mark_term(const struct retort_matrix *matrix, struct retort_span text, bool *neutral,
                      struct retort_error *error)
{
    struct retort_arena arena = {0};
    if (text.len < LEAST_TERM || !retort_utf8_valid(text))
        return retort_fail(error, RETORT_USAGE,
                           "--neutralise wants TERM,... of at least %d letters", LEAST_TERM);
    const struct term term = {fold(text, " ", &arena), fold(text, "s ", &arena)};
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++)
        neutral[i] = neutral[i] || holds(matrix, i, &term);
    retort_arena_release(&arena);
    return true;
}

bool retort_matrix_neutralise(struct retort_matrix *matrix, const char *terms,
                              struct retort_error *error)
{
    bool *neutral = RETORT_NEW(&matrix->arena, bool, matrix->dictionary.n_features);
    size_t len;
    do {
        len = strcspn(terms, ",");
        struct retort_span term = {(const uint8_t *)terms, len};
        if (!mark_term(matrix, retort_span_trim(term), neutral, error))
            return false;
        terms += len + 1;
    } while (terms[-1]);
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++)
        matrix->n_neutral += neutral[i];
    matrix->neutral = neutral;
    return true;
}
