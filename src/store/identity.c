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

/* The field without white space at its ends, runs of it as one space. */
static void put_folded(struct retort_buffer *out, struct retort_span text)
{
    bool gap = false;
    text = retort_span_trim(text);
    for (size_t begin = 0, at = 0; at <= text.len; at++) {
        bool space = at == text.len || is_space(text.data[at]);
        if (space && !gap)
            retort_buffer_put(out, retort_span_slice(text, begin, at));
        if (space && !gap && at < text.len)
            retort_buffer_byte(out, ' ');
        if (!space && gap)
            begin = at;
        gap = space;
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

static uint8_t hex_digit(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

void identity_hash(struct retort_buffer *fields, uint64_t ordinal, uint8_t identity[32])
{
    char hex[RETORT_SHA256_HEX];
    retort_buffer_format(fields, "%llu", (unsigned long long)ordinal);
    retort_sha256(retort_buffer_span(fields), hex);
    for (size_t i = 0; i < 32; i++)
        identity[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
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
