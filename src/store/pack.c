/* Packing: a slab's labels, sorted by each rank and written as one row of bytes.
 *
 * Indexes by rank were tried first: nine entries a comment, each somewhere in its b-tree, made a
 * load take 1.7 times as long and dirtied pages all over the file. Sorting eight thousand comments
 * at once and appending them costs a tenth of that, and a reader asks a hundred slabs for their
 * first page rather than thousands of runs of an index. */
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_SHIFT = 30 };

/* ---- groups -----------------------------------------------------------------------------------
 */

static uint64_t group_hash(int64_t model, struct retort_span label)
{
    return retort_hash(label, (uint64_t)model);
}

static uint32_t *find_slot(const struct pack *pack, int64_t model, struct retort_span label)
{
    size_t at = group_hash(model, label) & (pack->n_slots - 1);
    for (;; at = (at + 1) & (pack->n_slots - 1)) {
        uint32_t slot = pack->slots[at];
        const struct pack_group *group = slot ? &pack->groups[slot - 1] : NULL;
        if (!group || (group->model == model && retort_span_equal(group->label, label)))
            return &pack->slots[at];
    }
}

static void grow_groups(struct pack *pack)
{
    pack->groups_room = pack->groups_room ? 2 * pack->groups_room : 64;
    struct pack_group *grown = RETORT_NEW(&pack->arena, struct pack_group, pack->groups_room);
    if (pack->n_groups)
        memcpy(grown, pack->groups, pack->n_groups * sizeof *grown);
    pack->groups = grown;
    pack->n_slots = 2 * pack->groups_room;
    pack->slots = RETORT_NEW(&pack->arena, uint32_t, pack->n_slots);
    for (size_t i = 0; i < pack->n_groups; i++)
        *find_slot(pack, grown[i].model, grown[i].label) = (uint32_t)i + 1;
}

static uint32_t group_of(struct pack *pack, int64_t model, struct retort_span label)
{
    if (pack->n_groups == pack->groups_room)
        grow_groups(pack);
    uint32_t *slot = find_slot(pack, model, label);
    if (!*slot) {
        pack->groups[pack->n_groups++] =
            (struct pack_group){model, retort_arena_copy(&pack->arena, label)};
        *slot = (uint32_t)pack->n_groups;
    }
    return *slot - 1;
}

/* ---- a slab's rows ----------------------------------------------------------------------------
 */

void pack_add(struct pack *pack, const struct pack_row *row, struct retort_span label)
{
    size_t at = pack->n_rows++;
    if (at == pack->rows_room) {
        pack->rows_room = pack->rows_room ? 2 * pack->rows_room : 1024;
        pack->rows = retort_grow(pack->rows, pack->rows_room, sizeof *pack->rows);
    }
    for (; at > 0 && pack->rows[at - 1].comment == row->comment &&
           pack->rows[at - 1].model > row->model;
         at--)
        pack->rows[at] = pack->rows[at - 1];
    pack->rows[at] = *row;
    pack->rows[at].group = group_of(pack, row->model, label);
}

void pack_release(struct pack *pack)
{
    retort_arena_release(&pack->arena);
    free(pack->rows);
    *pack = (struct pack){0};
}

static void add_read(sqlite3_stmt *read, struct pack *pack)
{
    struct pack_row row = {.comment = sqlite3_column_int64(read, 0),
                           .model = sqlite3_column_int64(read, 1),
                           .state = sqlite3_column_int(read, 2)};
    for (int i = 0; i < N_PACKS; i++)
        row.ranks[i] = sqlite3_column_double(read, 4 + i);
    pack_add(pack, &row, column_text(read, 3));
}

bool pack_read(struct retort_store *store, int64_t slab, struct pack *pack,
               struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(store, SLAB_ROWS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, slab << SLAB_BITS);
    sqlite3_bind_int64(read, 2, (slab + 1) << SLAB_BITS);
    while ((good = store_step(store, read, &found, error)) && found)
        add_read(read, pack);
    sqlite3_reset(read);
    return good;
}

/* ---- bytes ------------------------------------------------------------------------------------
 */

static void put_number(struct retort_buffer *out, uint64_t value, size_t n_bytes)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    retort_buffer_put(out, (struct retort_span){bytes, n_bytes});
}

static uint64_t get_number(const uint8_t *bytes, size_t n_bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n_bytes; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

/* ---- sorting ----------------------------------------------------------------------------------
 *
 * By the bits of the ranks: a stable radix sort, eleven bits at a time. It keeps the rows of equal
 * rank as they were read: by comment and model. Sorting by comparison took a seventh of the time
 * that a load spends in here. */

enum { DIGIT_BITS = 11, N_DIGITS = 6, N_VALUES = 1 << DIGIT_BITS };

struct sorted {
    uint64_t key; /* lower is better */
    const struct pack_row *row;
};

static uint64_t key_of(double rank)
{
    uint64_t bits;
    rank += 0.0; /* there are two zeros */
    memcpy(&bits, &rank, sizeof bits);
    return bits >> 63 ? bits : ~bits & INT64_MAX;
}

static size_t digit_of(uint64_t key, int digit)
{
    return key >> (digit * DIGIT_BITS) & (N_VALUES - 1);
}

static void count_digits(const struct sorted *rows, size_t n, uint32_t counts[N_DIGITS][N_VALUES])
{
    for (size_t i = 0; i < n; i++)
        for (int digit = 0; digit < N_DIGITS; digit++)
            counts[digit][digit_of(rows[i].key, digit)]++;
}

/* Counts become places; false when all rows have the same digit. */
static bool find_places(uint32_t counts[N_VALUES], size_t n)
{
    uint32_t place = 0;
    for (size_t value = 0; value < N_VALUES; value++) {
        uint32_t count = counts[value];
        if (count == n)
            return false;
        counts[value] = place;
        place += count;
    }
    return true;
}

/* Returns the one of both [n] that holds them sorted. */
static struct sorted *sort_rows(struct sorted *rows, struct sorted *other, size_t n)
{
    uint32_t counts[N_DIGITS][N_VALUES] = {0};
    count_digits(rows, n, counts);
    for (int digit = 0; digit < N_DIGITS; digit++) {
        if (!find_places(counts[digit], n))
            continue;
        for (size_t i = 0; i < n; i++)
            other[counts[digit][digit_of(rows[i].key, digit)]++] = rows[i];
        struct sorted *swap = rows;
        rows = other;
        other = swap;
    }
    return rows;
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static void put_head(const struct pack *pack, struct retort_buffer *out)
{
    size_t head = PACK_FRONT;
    for (size_t i = 0; i < pack->n_groups; i++)
        head += 12 + pack->groups[i].label.len;
    put_number(out, head, 4);
    put_number(out, pack->n_rows, 4);
    put_number(out, pack->n_groups, 4);
    for (size_t i = 0; i < pack->n_groups; i++) {
        put_number(out, (uint64_t)pack->groups[i].model, 8);
        put_number(out, pack->groups[i].label.len, 4);
        retort_buffer_put(out, pack->groups[i].label);
    }
}

static void put_entry(const struct pack_row *row, double rank, struct retort_buffer *out)
{
    uint64_t bits;
    memcpy(&bits, &rank, sizeof bits);
    put_number(out, bits, 8);
    put_number(out, (uint64_t)row->comment & ((1 << SLAB_BITS) - 1), 2);
    put_number(out, (uint64_t)row->state << STATE_SHIFT | row->group, 4);
}

void pack_write(const struct pack *pack, enum pack_order order, struct retort_buffer *out)
{
    size_t n = pack->n_rows;
    struct sorted *room = retort_grow(NULL, 2 * n, sizeof *room);
    for (size_t i = 0; i < n; i++)
        room[i] = (struct sorted){key_of(pack->rows[i].ranks[order]), &pack->rows[i]};
    const struct sorted *sorted = sort_rows(room, room + n, n);
    retort_buffer_clear(out);
    put_head(pack, out);
    for (size_t i = 0; i < n; i++)
        put_entry(sorted[i].row, sorted[i].row->ranks[order], out);
    free(room);
}

struct pack_front pack_front(const uint8_t *bytes)
{
    return (struct pack_front){(size_t)get_number(bytes, 4), (size_t)get_number(bytes + 4, 4),
                               (size_t)get_number(bytes + 8, 4)};
}

bool pack_groups(struct retort_span head, const struct pack_front *front,
                 struct retort_arena *arena, struct pack_group **groups)
{
    size_t at = PACK_FRONT;
    if (front->n_groups > head.len / 12)
        return false;
    *groups = RETORT_NEW(arena, struct pack_group, front->n_groups);
    for (size_t i = 0; i < front->n_groups; i++) {
        if (head.len - at < 12)
            return false;
        size_t len = (size_t)get_number(head.data + at + 8, 4);
        (*groups)[i].model = (int64_t)get_number(head.data + at, 8);
        at += 12;
        if (head.len - at < len)
            return false;
        (*groups)[i].label = retort_arena_copy(arena, retort_span_slice(head, at, at + len));
        at += len;
    }
    return at == head.len;
}

struct pack_entry pack_entry(const uint8_t *bytes, int64_t slab)
{
    struct pack_entry entry;
    uint64_t bits = get_number(bytes, 8), group = get_number(bytes + 10, 4);
    memcpy(&entry.score, &bits, sizeof bits);
    entry.comment = slab << SLAB_BITS | (int64_t)get_number(bytes + 8, 2);
    entry.state = (int)(group >> STATE_SHIFT);
    entry.group = (uint32_t)group & ((1u << STATE_SHIFT) - 1);
    return entry;
}
