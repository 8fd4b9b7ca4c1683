/* network (private to report): what the parts of the section on networks share. */
#ifndef RETORT_REPORT_NETWORK_H
#define RETORT_REPORT_NETWORK_H

#include "report/ties.h"

struct network {
    struct report_work *work;
    struct report_ties ties;
    struct retort_graph directed;
    uint32_t *community;         /* [n_authors] as found */
    struct report_camps *camps;  /* of each one-of task but reply */
    struct report_shares *rates; /* [n_camps] of its model's errors */
    size_t n_camps;
    struct retort_arena *arena;
};

/* Which camp answers which, a row a pair. */
void network_camps_table(const struct network *network, struct report_section *section);
/* The pairs of a camp's task, corrected with all replicates; in the network's arena. */
void network_camp_pairs(const struct network *network, size_t camp, struct report_pairs *pairs);

/* Where in the network replies disagree; false: the store failed. */
bool network_disagreement(const struct network *network, struct report_section *section,
                          struct retort_error *error);

#endif
