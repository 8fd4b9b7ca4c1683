/* Identity: the hash of what the source says, and the matching of identical comments.
 *
 * Two comments of a page may be equal in all that the page tells ("LOL", no names). They get
 * ordinals. By position alone, a third one inserted above would take the first one's ordinal and
 * with it the decisions; so a newer scrape is matched in passes: first those whose parent and both
 * neighbours are the same as before, then on less and less. A key hash that collides does no harm:
 * the identity is SHA-256 over the fields themselves. */
#include "store/identity.h"

#include <stdlib.h>
#include <string.h>

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The high bit of each byte that is one of these. */
static uint64_t blanks_of(uint64_t eight)
{
    uint64_t other = eight ^ RETORT_EACH(' ');
    return ~(((other & RETORT_EACH(0x7F)) + RETORT_EACH(0x7F)) | other) & RETORT_EACH(0x80);
}

static uint64_t controls_of(uint64_t eight)
{
    uint64_t low = eight & RETORT_EACH(0x7F);
    uint64_t from_tab = low + RETORT_EACH(0x80 - '\t'), beyond = low + RETORT_EACH(0x7F - '\r');
    return from_tab & ~beyond & ~eight & RETORT_EACH(0x80);
}

/* How far text folds to itself: to a white space that is not one blank alone. Eight bytes at a
 * time, of which the last is the first of the next eight, so that no two blanks are overlooked. */
static size_t folded_length(struct retort_span text)
{
    size_t at = 0;
    for (; text.len - at >= 8; at += 7) {
        uint64_t eight = retort_eight(text.data + at), blanks = blanks_of(eight);
        if (controls_of(eight) | (blanks & blanks >> 8))
            break;
    }
    for (; at < text.len; at++)
        if (is_space(text.data[at]) &&
            (text.data[at] != ' ' || (at + 1 < text.len && is_space(text.data[at + 1]))))
            break;
    return at;
}

/* The field without white space at its ends, runs of it as one space. */
static void put_folded(struct retort_buffer *out, struct retort_span text)
{
    text = retort_span_trim(text);
    for (;;) {
        size_t at = folded_length(text);
        retort_buffer_put(out, retort_span_slice(text, 0, at));
        if (at == text.len)
            return;
        retort_buffer_byte(out, ' ');
        while (is_space(text.data[at])) /* it ends in none */
            at++;
        text = retort_span_slice(text, at, text.len);
    }
}

/* The length comes after the bytes, eight of them: no field can pass for two. */
static void put_field(struct retort_buffer *out, struct retort_span field)
{
    uint8_t length[8];
    size_t before = out->len;
    put_folded(out, field);
    for (size_t i = 0, n = out->len - before; i < sizeof length; i++)
        length[i] = (uint8_t)((uint64_t)n >> (8 * i));
    retort_buffer_put(out, (struct retort_span){length, sizeof length});
}

void identity_write(const struct identity_fields *fields, struct retort_buffer *out)
{
    retort_buffer_clear(out);
    retort_buffer_byte(out, fields->paged ? 'p' : 'l');
    put_field(out, fields->source);
    put_field(out, fields->native_id);
    put_field(out, fields->parent);
    put_field(out, fields->author);
    put_field(out, fields->time);
    put_field(out, fields->target);
    put_field(out, fields->text);
}

static void put_decimal(struct retort_buffer *out, uint64_t number)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (uint8_t)('0' + number % 10);
    while (number /= 10);
    retort_buffer_put(out, (struct retort_span){digits + at, sizeof digits - at});
}

void identity_hash(struct retort_buffer *fields, uint64_t ordinal, uint8_t identity[32])
{
    put_decimal(fields, ordinal);
    retort_sha256_bytes(retort_buffer_span(fields), identity);
}

/* ---- matching -------------------------------------------------------------------------------- */

enum { PARENT = 1, BEFORE = 2, AFTER = 4 };

/* From the surest evidence to none. */
static const unsigned PASSES[] = {PARENT | BEFORE | AFTER,
                                  BEFORE | AFTER,
                                  PARENT | BEFORE,
                                  PARENT | AFTER,
                                  BEFORE,
                                  AFTER,
                                  PARENT,
                                  0};

struct place {
    uint64_t hash; /* of the key and of the surroundings this pass looks at */
    size_t index;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static size_t unmatched_places(const struct identity_twin *twins, size_t n_twins, unsigned looks_at,
                               struct place *places)
{
    size_t n_places = 0;
    for (size_t i = 0; i < n_twins; i++) {
        uint64_t seen[4] = {twins[i].key, looks_at & PARENT ? twins[i].parent : 0,
                            looks_at & BEFORE ? twins[i].before : 0,
                            looks_at & AFTER ? twins[i].after : 0};
        struct retort_span bytes = {(const uint8_t *)seen, sizeof seen};
        if (!twins[i].matched)
            places[n_places++] = (struct place){retort_hash(bytes, 0), i};
    }
    qsort(places, n_places, sizeof *places, compare_places);
    return n_places;
}

/* Two sorted lists, side by side: equal hashes pair up in their order. */
static void pair_up(struct identity_twin *known, const struct place *old, size_t n_old,
                    struct identity_twin *found, const struct place *new, size_t n_new)
{
    for (size_t i = 0, j = 0; i < n_old && j < n_new;) {
        if (old[i].hash == new[j].hash) {
            found[new[j].index].ordinal = known[old[i].index].ordinal;
            found[new[j].index].matched = known[old[i].index].matched = true;
            i++, j++;
        } else if (old[i].hash < new[j].hash) {
            i++;
        } else {
            j++;
        }
    }
}

/* The unmatched are new: they get the numbers after the known ones of their key. */
static void number_new(struct identity_twin *known, size_t n_known, struct identity_twin *found,
                       size_t n_found, struct place *old, struct place *new)
{
    for (size_t i = 0; i < n_known; i++)
        known[i].matched = false;
    size_t n_old = unmatched_places(known, n_known, 0, old);
    size_t n_new = unmatched_places(found, n_found, 0, new);
    uint64_t next = 0;
    for (size_t i = 0, j = 0; j < n_new; j++) {
        if (j == 0 || new[j].hash != new[j - 1].hash)
            next = 0;
        for (; i < n_old && old[i].hash <= new[j].hash; i++)
            if (old[i].hash == new[j].hash && known[old[i].index].ordinal >= next)
                next = known[old[i].index].ordinal + 1;
        found[new[j].index].ordinal = next++;
    }
}

void identity_match(struct identity_twin *known, size_t n_known, struct identity_twin *found,
                    size_t n_found, struct retort_arena *arena)
{
    struct place *old = RETORT_NEW(arena, struct place, n_known);
    struct place *new = RETORT_NEW(arena, struct place, n_found);
    for (size_t pass = 0; pass < sizeof PASSES / sizeof *PASSES; pass++) {
        size_t n_old = unmatched_places(known, n_known, PASSES[pass], old);
        size_t n_new = unmatched_places(found, n_found, PASSES[pass], new);
        pair_up(known, old, n_old, found, new, n_new);
    }
    number_new(known, n_known, found, n_found, old, new);
}
