/* pack: the labels of a slab in the order of a rank, as bytes.
 *
 * A slab's bytes are a head (its own length, the number of entries, the groups: model and label
 * set) and the entries, the best first. Numbers are little-endian. */
#ifndef RETORT_STORE_PACK_H
#define RETORT_STORE_PACK_H

#include "store/rank.h"

enum pack_order { PACK_WORTH, PACK_SEVERE, PACK_NEAR, N_PACKS };

/* A row of label that is in some list. */
struct pack_row {
    double ranks[N_PACKS];
    int64_t comment, model;
    int state;
    uint32_t group;
};
struct pack_group {
    int64_t model;
    struct retort_span label; /* as it stands in label.label */
};
/* All of a slab; groups and what finds them in the arena. Begins with zeros. */
struct pack {
    struct pack_row *rows;
    struct pack_group *groups;
    size_t n_rows, n_groups;
    /* private */
    size_t rows_room, groups_room, n_slots;
    uint32_t *slots; /* [n_slots] of group + 1; 0: free */
    struct retort_arena arena;
};
void pack_release(struct pack *pack);

/* Rows are added in the order of comments; those of a comment come to stand in that of models. */
void pack_add(struct pack *pack, const struct pack_row *row, struct retort_span label);
bool pack_read(struct retort_store *store, int64_t slab, struct pack *pack,
               struct retort_error *error);
void pack_write(const struct pack *pack, enum pack_order order, struct retort_buffer *out);

/* The rows of a slab that a load has filled, all of them; NULL: they have to be read. */
struct pack *store_filled(struct retort_store *store, int64_t slab);

/* What stands at the front: bytes of the head, entries, groups. */
enum { PACK_FRONT = 12, PACK_ENTRY = 14 };
struct pack_front {
    size_t head, n_entries, n_groups;
};
/* At least PACK_FRONT bytes. */
struct pack_front pack_front(const uint8_t *bytes);
/* The groups of a whole head, in the arena; false when it is damaged. */
bool pack_groups(struct retort_span head, const struct pack_front *front,
                 struct retort_arena *arena, struct pack_group **groups);

struct pack_entry {
    double score;
    int64_t comment;
    int state;
    uint32_t group;
};
/* PACK_ENTRY bytes of this slab. */
struct pack_entry pack_entry(const uint8_t *bytes, int64_t slab);

#endif
