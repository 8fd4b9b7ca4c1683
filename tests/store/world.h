/* A store to which anything happens: random scrapes, splits, corrections, lines, labels, decisions,
 * undos and rollbacks, the same for the same seed. */
#ifndef RETORT_TESTS_STORE_WORLD_H
#define RETORT_TESTS_STORE_WORLD_H

#include "store/fixture.h"

struct world {
    struct retort_store *store;
    struct retort_model *models[3]; /* two of tone, one of stance */
    uint64_t seed;
    int64_t last; /* the largest id of a comment */
};

/* In a.db; ids cross the borders of slabs. */
void world_begin(struct world *world, uint64_t seed);
void world_end(struct world *world);
/* One thing happens. */
void world_step(struct world *world);
/* What is kept beside labels is what the views say. */
void world_check_settled(const char *name);
uint64_t world_draw(struct world *world, uint64_t n); /* 0 … n − 1 */

TCase *store_settled(void);
TCase *store_views(void);
TCase *store_runs(void);
TCase *store_search(void);

#endif
